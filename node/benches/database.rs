// SPDX-License-Identifier: Apache-2.0

//! How long the database of a node takes to read and to write a storage item:
//! `cargo xtask bench database`.
//!
//! It fills a ParityDB as the node opens it, block after block, with keys and values as our pallets
//! have them, and then asks for items in random order through the state at the last block, and
//! imports blocks that change some. What it says of the database is what a node of this machine has,
//! with as many items: the runtime itself takes no part.

use sc_client_api::{Backend as _, BlockImportOperation as _, NewBlockState, TrieCacheContext};
use sc_client_db::{Backend, BlocksPruning, DatabaseSettings, DatabaseSource, PruningMode};
use sp_core::H256;
use sp_io::hashing::{blake2_128, twox_128};
use sp_runtime::{
	OpaqueExtrinsic, StateVersion,
	generic::{Block as GenericBlock, Header as GenericHeader},
	traits::{BlakeTwo256, Header as _},
};
use sp_state_machine::Backend as _;
use std::{
	error::Error,
	fmt::Write as _,
	path::{Path, PathBuf},
	process::{Command, ExitCode},
	thread,
	time::{Duration, Instant},
};

type Header = GenericHeader<u32, BlakeTwo256>;
type Block = GenericBlock<Header, OpaqueExtrinsic>;
type Database = Backend<Block>;
type Result<T> = std::result::Result<T, Box<dyn Error>>;

const USAGE: &str = "\
usage: cargo bench -p salus-node --bench database -- [--keys N] [--reads N] [--write FILE]

  --keys N       how many storage items the database holds (1,000,000)
  --reads N      how many of them are read in each round (100,000, at most all)
  --folder DIR   where it lies (a folder of the system for temporary files)
  --write FILE   write the constants of the runtime there";

/// How long the values are, in bytes, as most rows of ours are.
const SHORTEST: u64 = 100;
const LONGEST: u64 = 1_500;
/// How many items a block of the filling adds.
const FILL: u64 = 20_000;
/// What the node keeps of the trie in memory unless told otherwise: 1 GiB holds all of this, so a
/// smaller one is measured, in bytes.
const TRIE_CACHE: usize = 64 << 20;
/// How many items a block changes, and how many blocks are imported. The time per item of the last
/// is what the runtime counts: weights bound blocks that are full, and a full one changes thousands.
const BLOCKS: [(usize, u32); 3] = [(1, 300), (100, 300), (1_000, 50)];
const COUNTED: usize = 1_000;
/// What passes between two blocks, as some seconds do at a node: meanwhile the database puts to disk
/// what it took in.
const BETWEEN_BLOCKS: Duration = Duration::from_millis(100);

/// What the command line asks for.
struct Wanted {
	keys: u64,
	reads: usize,
	folder: PathBuf,
	write: Option<PathBuf>,
}

fn main() -> ExitCode {
	match run() {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			eprintln!("error: {error}");
			ExitCode::FAILURE
		},
	}
}

fn run() -> Result<()> {
	let Some(wanted) = wanted(std::env::args().skip(1))? else {
		println!("{USAGE}");
		return Ok(());
	};
	let folder = wanted.folder.join(format!("salus-database-{}", std::process::id()));
	std::fs::create_dir(&folder)?;
	let measured = measure(&wanted, &folder);
	std::fs::remove_dir_all(&folder)?;
	let measured = measured?;
	measured.print();
	if let Some(file) = &wanted.write {
		std::fs::write(file, measured.constants(&wanted)?)?;
		println!("written: {}", file.display());
	}
	Ok(())
}

fn wanted(mut words: impl Iterator<Item = String>) -> Result<Option<Wanted>> {
	let mut wanted =
		Wanted { keys: 1_000_000, reads: 100_000, folder: std::env::temp_dir(), write: None };
	while let Some(word) = words.next() {
		let mut value = || words.next().ok_or(format!("`{word}` needs a value.\n{USAGE}"));
		match word.as_str() {
			// Cargo's own.
			"--bench" => {},
			"--keys" => wanted.keys = number(&value()?)?.max(1),
			"--reads" => wanted.reads = usize::try_from(number(&value()?)?.max(1))?,
			"--folder" => wanted.folder = value()?.into(),
			"--write" => wanted.write = Some(value()?.into()),
			"--help" => return Ok(None),
			_ => return Err(format!("`{word}` is unknown.\n{USAGE}").into()),
		}
	}
	Ok(Some(wanted))
}

fn number(word: &str) -> Result<u64> {
	let digits: String = word.chars().filter(|letter| !matches!(letter, ',' | '_')).collect();
	digits.parse().map_err(|_| format!("`{word}` is no number").into())
}

/// The times of every round, and how the first was made cold.
struct Measured {
	rounds: Vec<(String, Times)>,
	read: Duration,
	write: Duration,
	size: u64,
	is_cold: bool,
}

fn measure(wanted: &Wanted, folder: &Path) -> Result<Measured> {
	let start = Instant::now();
	let mut head = fill(folder, wanted.keys)?;
	println!("filled with {} items in {:.0?}", grouped(wanted.keys), start.elapsed());
	let size = size_of(folder)?;
	let mut random = Random(2);
	let asked: Vec<u64> = (0..wanted.reads).map(|_| random.below(wanted.keys)).collect();

	let mut rounds = Vec::new();
	let is_cold = forget_files();
	let database = open(folder, None)?;
	rounds.push(("read, first time".to_owned(), reads(&database, head.hash(), &asked)?));
	let warm = reads(&database, head.hash(), &asked)?;
	let read = warm.mean();
	rounds.push(("read, again".to_owned(), warm));
	drop(database);

	let database = open(folder, Some(TRIE_CACHE))?;
	reads(&database, head.hash(), &asked)?;
	let cached = reads(&database, head.hash(), &asked)?;
	rounds.push(("read, again, with a cache of the trie".to_owned(), cached));
	drop(database);

	let database = open(folder, None)?;
	let mut write = Duration::ZERO;
	for (items, blocks) in BLOCKS {
		let mut times = Times::default();
		for _ in 0..blocks {
			let changed: Vec<u64> = (0..items).map(|_| random.below(wanted.keys)).collect();
			let values = changed.iter().map(|number| (*number, random.value()));
			let values = values.collect::<Vec<_>>();
			thread::sleep(BETWEEN_BLOCKS);
			let (next, took) = import(&database, Some(&head), &values)?;
			head = next;
			times.0.push(took / u32::try_from(items)?);
		}
		if items == COUNTED {
			write = times.mean();
		}
		rounds.push((format!("write, {} changed in a block, each", grouped(items as u64)), times));
	}
	Ok(Measured { rounds, read, write, size, is_cold })
}

/// A database with `keys` items; the last block.
fn fill(folder: &Path, keys: u64) -> Result<Header> {
	let database = open(folder, None)?;
	let mut random = Random(1);
	let (mut head, mut filled) = (None, 0);
	while filled < keys {
		let until = keys.min(filled + FILL);
		let items = (filled..until).map(|number| (number, random.value())).collect::<Vec<_>>();
		head = Some(import(&database, head.as_ref(), &items)?.0);
		filled = until;
	}
	head.ok_or("there is nothing to fill it with".into())
}

/// The database of a node that keeps every state, as one that serves history does. Another one
/// writes the same items, and removes them later.
fn open(folder: &Path, trie_cache: Option<usize>) -> Result<Database> {
	let settings = DatabaseSettings {
		trie_cache_maximum_size: trie_cache,
		state_pruning: Some(PruningMode::ArchiveAll),
		source: DatabaseSource::ParityDb { path: folder.to_owned() },
		blocks_pruning: BlocksPruning::KeepAll,
		pruning_filters: Vec::new(),
		metrics_registry: None,
	};
	Ok(Backend::new(settings, 0)?)
}

/// Imports a block that sets these items. The time is that of the new root and of the commit.
fn import(
	database: &Database,
	parent: Option<&Header>,
	items: &[(u64, Vec<u8>)],
) -> Result<(Header, Duration)> {
	let changes: Vec<_> = items.iter().map(|(number, value)| (key(*number), value)).collect();
	let above = parent.map(|parent| parent.hash()).unwrap_or_default();
	let number = parent.map_or(0, |parent| parent.number() + 1);
	let mut block = database.begin_operation()?;
	database.begin_state_operation(&mut block, above)?;

	let start = Instant::now();
	let delta = changes.iter().map(|(key, value)| (key.as_slice(), Some(value.as_slice())));
	let state = block.state()?.ok_or("a block has no state")?;
	let (root, nodes) = state.storage_root(delta, StateVersion::V1);
	block.update_db_storage(nodes)?;
	let header = Header::new(number, H256::default(), root, above, Default::default());
	let body = Some(Vec::new());
	block.set_block_data(header.clone(), body, None, None, NewBlockState::Best, true)?;
	database.commit_operation(block)?;
	Ok((header, start.elapsed()))
}

/// Reads these items, one after the other.
fn reads(database: &Database, at: H256, asked: &[u64]) -> Result<Times> {
	let state = database.state_at(at, TrieCacheContext::Trusted)?;
	let mut times = Times::default();
	for number in asked {
		let key = key(*number);
		let start = Instant::now();
		let value = state.storage(&key)?;
		times.0.push(start.elapsed());
		if value.is_none() {
			return Err("an item is missing".into());
		}
	}
	Ok(times)
}

/// The key of an item: a map of a pallet, the hash of an id, and the id.
fn key(number: u64) -> Vec<u8> {
	let id = [blake2_128(&number.to_le_bytes()), blake2_128(&number.to_be_bytes())].concat();
	let map = twox_128(&[(number % 24) as u8]);
	[&twox_128(&map)[..], &map, &blake2_128(&id), &id].concat()
}

/// Numbers that are the same in every run (SplitMix64).
struct Random(u64);

impl Random {
	fn next(&mut self) -> u64 {
		self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
		let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
		let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
		mixed ^ (mixed >> 31)
	}

	fn below(&mut self, bound: u64) -> u64 {
		self.next() % bound
	}

	/// Bytes that do not get smaller by compression, as hashes and sealed bytes do not.
	fn value(&mut self) -> Vec<u8> {
		let length = SHORTEST + self.below(LONGEST - SHORTEST + 1);
		let words = (0..length.div_ceil(8)).flat_map(|_| self.next().to_le_bytes());
		words.take(length as usize).collect()
	}
}

/// How long each of something took.
#[derive(Default)]
struct Times(Vec<Duration>);

impl Times {
	fn mean(&self) -> Duration {
		let count = u32::try_from(self.0.len()).unwrap_or(u32::MAX).max(1);
		self.0.iter().sum::<Duration>() / count
	}

	/// Mean, median, 99th percentile and the longest, in microseconds.
	fn row(&self) -> [f64; 4] {
		let mut sorted = self.0.clone();
		sorted.sort_unstable();
		let at = |per_mille: usize| {
			let last = sorted.len().saturating_sub(1);
			sorted.get(last * per_mille / 1_000).copied().unwrap_or_default()
		};
		[self.mean(), at(500), at(990), at(1_000)].map(|time| time.as_secs_f64() * 1e6)
	}
}

impl Measured {
	fn print(&self) {
		let size = self.size as f64 / f64::from(1 << 20);
		println!("size on disk: {size:.0} MiB; machine: {}", machine());
		if !self.is_cold {
			println!(
				"the files could not be dropped from memory: the first reads are no cold ones"
			);
		}
		println!("\n| in µs | mean | median | p99 | longest |\n|---|---|---|---|---|");
		for (name, times) in &self.rounds {
			let [mean, median, p99, longest] = times.row();
			println!("| {name} | {mean:.1} | {median:.1} | {p99:.1} | {longest:.1} |");
		}
	}

	/// The file of the runtime.
	fn constants(&self, wanted: &Wanted) -> Result<String> {
		let mut table = String::new();
		for (name, times) in &self.rounds {
			let [mean, median, p99, longest] = times.row();
			let row = format!("{mean:.1} | {median:.1} | {p99:.1} | {longest:.1}");
			writeln!(table, "/// | {name} | {row} |")?;
		}
		let [read, write] = [self.read, self.write].map(|time| grouped(time.as_nanos() as u64));
		Ok(format!(
			"// SPDX-License-Identifier: Apache-2.0

//! What the database takes for a storage item, generated by `cargo xtask bench database`.

use frame_support::{{
	parameter_types,
	weights::{{RuntimeDbWeight, constants::WEIGHT_REF_TIME_PER_NANOS}},
}};

parameter_types! {{
	/// ParityDB with {keys} items of {SHORTEST} to {LONGEST} bytes, {size} MiB on disk.
	///
	/// Machine: {machine}.
	/// Command: `cargo xtask bench database --keys {plain}`. A read is the mean of those made again,
	/// without a cache of the trie; a write is the mean of {COUNTED} in a block, with the root and
	/// the commit. In microseconds:
	///
	/// | what | mean | median | p99 | longest |
	/// |---|---|---|---|---|
{table}	pub const OwnDbWeight: RuntimeDbWeight = RuntimeDbWeight {{
		read: {read} * WEIGHT_REF_TIME_PER_NANOS,
		write: {write} * WEIGHT_REF_TIME_PER_NANOS,
	}};
}}
",
			keys = grouped(wanted.keys),
			plain = wanted.keys,
			size = self.size >> 20,
			machine = machine(),
			table = table.replace("///", "\t///"),
			read = read.replace(',', "_"),
			write = write.replace(',', "_"),
		))
	}
}

/// The processor and how many of it there are.
fn machine() -> String {
	let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
	let name = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
	let name = name.map_or("unknown processor", |(_, name)| name.trim());
	let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
	format!("{name}, {cores} cores")
}

/// Has the system forget what it holds of files. Only the administrator may; whether it worked.
fn forget_files() -> bool {
	Command::new("sync").status().is_ok_and(|status| status.success())
		&& std::fs::write("/proc/sys/vm/drop_caches", "3").is_ok()
}

fn size_of(folder: &Path) -> Result<u64> {
	let mut size = 0;
	for entry in std::fs::read_dir(folder)? {
		let entry = entry?;
		let details = entry.metadata()?;
		size += if details.is_dir() { size_of(&entry.path())? } else { details.len() };
	}
	Ok(size)
}

/// A number with its thousands apart.
fn grouped(number: u64) -> String {
	let digits = number.to_string();
	let mut text = String::new();
	for (place, digit) in digits.chars().enumerate() {
		if place > 0 && (digits.len() - place).is_multiple_of(3) {
			text.push(',');
		}
		text.push(digit);
	}
	text
}
