// SPDX-License-Identifier: Apache-2.0

//! The way of a million packs, step by step: commissioned in one call, packed, shipped, dispensed
//! once only, told from forgeries, and recalled in one write; and of one infusion pump.

mod market;
mod pump;
mod recall;
mod service;

use crate::{
	Binaries, Outcome, Person, World,
	journey::register,
	world::{number, text},
};
use serde_json::Value;
use std::{
	fs::File,
	io::{BufWriter, Write},
	path::PathBuf,
	time::Instant,
};

/// The market that the goods go to, and the other one that they may be sold in.
const HERE: &str = "756";
const THERE: &str = "276";
/// What the maker's numbers begin with.
const PREFIX: &str = "6291041";
/// The drug, and a case of a hundred.
const DRUG: &str = "06291041500213";
const CASE: &str = "16291041500210=100";
/// A hash that stands for a paper.
const PAPER: &str = "0x5a1a500000000000000000000000000000000000000000000000000000000000";
/// The counters of the two pharmacies.
const COUNTER_A: &str = "0300011111116";
const COUNTER_B: &str = "0300011111123";

/// How many packs the lot has.
pub const PACKS: u32 = 1_000_000;

/// Plays the journey and returns the world it played in, still running.
///
/// Every step checks what it says; `tell` gets a line per step.
pub fn play(binaries: &Binaries, tell: &mut dyn FnMut(&str)) -> Outcome<World> {
	let mut trade = Trade::set(binaries, tell)?;
	trade.register_and_approve(tell)?;
	trade.commission(tell)?;
	trade.pack(tell)?;
	trade.distribute(tell)?;
	trade.ask_the_maker(tell)?;
	trade.dispense_once(tell)?;
	trade.tell_a_forgery(tell)?;
	trade.prove_a_duplicate(tell)?;
	trade.recall(tell)?;
	trade.count_what_came_back(tell)?;
	trade.follow_a_pump(tell)?;
	Ok(trade.world)
}

/// The partners of the journey, registered and licensed.
pub struct Trade {
	/// The chain and everybody's homes.
	pub world: World,
	/// The authority of the market, and a member of the council.
	pub authority: Person,
	/// The authority of the other market.
	pub other_authority: Person,
	/// Makes the goods.
	pub maker: Person,
	/// Distributes them.
	pub wholesaler: Person,
	/// Dispenses them.
	pub pharmacy_a: Person,
	/// Dispenses them too.
	pub pharmacy_b: Person,
	/// Uses the pump.
	pub hospital: Person,
	lot: String,
	batch: String,
	leaves: Vec<PathBuf>,
	recall: String,
}

impl Trade {
	/// Starts a chain and brings everybody on stage.
	pub fn set(binaries: &Binaries, tell: &mut dyn FnMut(&str)) -> Outcome<Self> {
		let mut world = World::start(binaries)?;
		tell("a chain with blocks every three seconds runs");
		let mut authority = world.person("authority", Some("//Alice"))?;
		register(&world, &mut authority, "organisation")?;
		let mut people = Vec::new();
		for name in
			["other-authority", "maker", "wholesaler", "pharmacy-a", "pharmacy-b", "hospital"]
		{
			let mut person = world.person(name, None)?;
			let account = person.account.clone();
			world.cli(&authority, &["account", "send", "--to", &account, "--amount", "500"])?;
			register(&world, &mut person, "organisation")?;
			people.push(person);
		}
		let [other_authority, maker, wholesaler, pharmacy_a, pharmacy_b, hospital] =
			people.try_into().map_err(|_| "six partners were made")?;
		for (who, market) in [(&authority, HERE), (&other_authority, THERE)] {
			let office = ["accredit", "regulator", &who.identity, "--countries", market];
			world.cli(&authority, &[&office[..], &["--council"]].concat())?;
		}
		tell("the council appointed an authority for each of two markets");
		for (who, licence) in [
			(&maker, "manufacturer-licence"),
			(&maker, "data-custodian"),
			(&wholesaler, "distributor-licence"),
			(&pharmacy_a, "pharmacy-licence"),
			(&pharmacy_b, "pharmacy-licence"),
			(&hospital, "facility-licence"),
		] {
			let grant = ["accredit", "grant", &who.identity, "--kind", licence, "--country", HERE];
			world.cli(&authority, &grant)?;
		}
		tell("maker, wholesaler, two pharmacies and a hospital are registered and licensed");
		for person in
			[&authority, &other_authority, &maker, &wholesaler, &pharmacy_a, &pharmacy_b, &hospital]
		{
			world.introduce(person);
		}
		Ok(Self {
			world,
			authority,
			other_authority,
			maker,
			wholesaler,
			pharmacy_a,
			pharmacy_b,
			hospital,
			lot: String::new(),
			batch: String::new(),
			leaves: Vec::new(),
			recall: String::new(),
		})
	}

	/// `salus supply …` as somebody.
	fn supply(&self, who: &Person, words: &[&str]) -> Outcome<Value> {
		self.world.cli(who, &[&["supply"], words].concat())
	}

	/// The same, which has to be refused; the line that says why.
	fn refused(&self, who: &Person, words: &[&str]) -> Outcome<String> {
		self.world.refused(who, &[&["supply"], words].concat())
	}

	/// The maker's product is known, and approved in two markets.
	pub fn register_and_approve(&mut self, tell: &mut dyn FnMut(&str)) -> Outcome {
		let claim = ["company", PREFIX, &self.maker.identity, "--evidence", PAPER, "--council"];
		self.supply(&self.authority, &claim)?;
		tell("the council said whose the company prefix is");
		self.register_product(DRUG, "drug", &["--levels", CASE])?;
		tell("the maker registered a drug, and two authorities approved it for their markets");
		let shown = self.supply(&self.maker, &["product", "show", DRUG, "--market", THERE])?;
		expect(&shown["product"]["sellable"], &true, "the other market lets it be sold")
	}

	/// Registers a product of the maker and has both authorities approve it.
	fn register_product(&self, product: &str, class: &str, more: &[&str]) -> Outcome {
		let register = [
			"product",
			"register",
			product,
			"--company",
			PREFIX,
			"--class",
			class,
			"--master",
			PAPER,
		];
		self.supply(&self.maker, &[&register[..], more].concat())?;
		for (who, market) in [(&self.authority, HERE), (&self.other_authority, THERE)] {
			let approve = ["product", "approve", product, "--market", market, "--decision", PAPER];
			self.supply(who, &approve)?;
		}
		Ok(())
	}

	/// A million packs, in one call.
	pub fn commission(&mut self, tell: &mut dyn FnMut(&str)) -> Outcome {
		self.lot = self.open_lot(DRUG, "L1", "2000000")?;
		let list = self.list("serials.csv", (0..PACKS).map(serial))?;
		let begun = Instant::now();
		let (batch, leaves) = self.commission_list(&self.lot, &list)?;
		let took = begun.elapsed();
		self.batch = batch;
		self.leaves.push(leaves);
		tell(&format!(
			"the maker commissioned a lot of {PACKS} packs in one call ({:.1} s, tree, files and \
			 block included)",
			took.as_secs_f64()
		));
		let early = self.scan(&self.pharmacy_a, COUNTER_A, 5)?;
		expect(&early.code, "not-released", "nothing is handed over before its lot is released")?;
		self.supply(&self.maker, &["lot", "release", &self.lot, "--certificate", PAPER])?;
		tell("the qualified person released the lot");
		Ok(())
	}

	/// Opens a lot, and gives its number on the chain.
	fn open_lot(&self, product: &str, number: &str, planned: &str) -> Outcome<String> {
		let open = [
			"lot",
			"open",
			product,
			"--number",
			number,
			"--made",
			"2026-01-15",
			"--expiry",
			"2031-12-31",
			"--planned",
			planned,
		];
		Ok(self::number(&self.supply(&self.maker, &open)?, "lot")?.to_string())
	}

	/// Writes a list of serials.
	fn list(&self, name: &str, serials: impl Iterator<Item = String>) -> Outcome<PathBuf> {
		let path = self.world.dir().join(name);
		let write = || {
			let mut file = BufWriter::new(File::create(&path)?);
			writeln!(file, "serial")?;
			for serial in serials {
				writeln!(file, "{serial}")?;
			}
			file.flush()
		};
		write().map_err(|error: std::io::Error| error.to_string())?;
		Ok(path)
	}

	/// Commissions a list, and gives the batch and the leaf file.
	fn commission_list(&self, lot: &str, list: &std::path::Path) -> Outcome<(String, PathBuf)> {
		let path = list.display().to_string();
		let made = self.supply(&self.maker, &["commission", &path, "--lot", lot])?;
		let batch = number(&made, "batch")?.to_string();
		Ok((batch, text(&made, "leafFile")?.into()))
	}

	/// `--leaf-file` for every batch.
	fn proofs(&self) -> Vec<String> {
		let pairs = self.leaves.iter();
		pairs.flat_map(|path| ["--leaf-file".to_owned(), path.display().to_string()]).collect()
	}

	/// Scans the pack with an index at a counter.
	fn scan(&self, who: &Person, counter: &str, index: u32) -> Outcome<Verdict> {
		self.scan_label(who, counter, &label(DRUG, "L1", &serial(index)))
	}

	fn scan_label(&self, who: &Person, counter: &str, label: &str) -> Outcome<Verdict> {
		let scan = ["--json", "supply", "scan", label, "--market", HERE, "--location", counter];
		let proofs = self.proofs();
		let words = scan.into_iter().chain(proofs.iter().map(String::as_str));
		let output = self.world.run(who, &words.collect::<Vec<_>>())?;
		let said: Value = serde_json::from_slice(&output.stdout).map_err(|error| {
			let complaint = String::from_utf8_lossy(&output.stderr);
			format!("{}: scan of {label}: {error}: {complaint}", who.name)
		})?;
		let code = text(&said["verdict"], "code")?;
		let headline = text(&said, "headline")?;
		let exit = output.status.code().unwrap_or(-1);
		expect(&said["exit"], &exit, "the exit code is the one announced")?;
		Ok(Verdict { code, headline, exit })
	}
}

/// What a scan came to.
#[derive(Debug)]
struct Verdict {
	code: String,
	headline: String,
	exit: i32,
}

/// The serial of a pack.
fn serial(index: u32) -> String {
	format!("SA{index:08}")
}

/// What is on the label of a pack.
fn label(product: &str, lot: &str, serial: &str) -> String {
	format!("(01){product}(17)311231(10){lot}(21){serial}")
}

/// An error that says what was expected, unless it is so.
fn expect<A, B>(found: &A, wanted: &B, what: &str) -> Outcome
where
	A: PartialEq<B> + std::fmt::Debug + ?Sized,
	B: std::fmt::Debug + ?Sized,
{
	if found == wanted { Ok(()) } else { Err(format!("{what}: {found:?} is not {wanted:?}")) }
}
