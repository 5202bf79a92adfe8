// SPDX-License-Identifier: Apache-2.0

//! What stands behind verdicts: the outcomes of validations, sealed in the home under the hash that
//! stands on chain. An outcome repeats what it complains of, so that none lies about in plain.

use crate::{context::Context, document::Valid, drawer::Drawer};
use anyhow::{Context as _, anyhow, bail};
use salus_client::{keystore::Secrets, wire::hex_bytes};
use salus_envelope::{BodyHasher, CommitmentSalt};
use salus_primitives::{Digest, RecordId};
use serde::{Deserialize, Serialize};
use std::{
	fs::{self, File},
	io::{BufReader, ErrorKind, Read, Write},
	path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// The folder in the home.
const FOLDER: &str = "evidence";

/// The longest sealed line that is read: one document's outcome.
const LONGEST_LINE: u32 = 1 << 24;

/// Evidence that was kept.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Evidence {
	/// The salt of the hash, in hexadecimal. A gateway's evidence has none: its hash is that of the
	/// sealed object that the gateway keeps.
	pub(crate) salt: Option<String>,
	what: What,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum What {
	/// One FHIR OperationOutcome, in JSON.
	Outcome(String),
	/// So many lines in a file beside this one, each sealed by itself.
	Lines {
		#[serde(with = "hex_bytes")]
		id: [u8; 16],
		count: u64,
	},
}

fn drawer<'a>(home: &Path, secrets: &'a Secrets) -> Drawer<'a> {
	Drawer::new(home, FOLDER, secrets)
}

/// Keeps the report of a validation, and gives the salted hash that stands on chain.
pub(crate) fn keep_evidence(
	context: &Context,
	secrets: &Secrets,
	valid: &Valid,
) -> anyhow::Result<Digest> {
	let outcome = valid.document.report.to_operation_outcome();
	let salt = CommitmentSalt::generate();
	let digest = Digest(salt.commit(outcome.as_bytes()).0);
	keep_outcome(context.home(), secrets, &digest, Some(&salt), outcome)?;
	Ok(digest)
}

/// Keeps an outcome under the hash that stands on chain, with the salt of that hash when it has one.
pub(super) fn keep_outcome(
	home: &Path,
	secrets: &Secrets,
	digest: &Digest,
	salt: Option<&CommitmentSalt>,
	outcome: String,
) -> anyhow::Result<()> {
	let evidence = Evidence { salt: salt.map(digits), what: What::Outcome(outcome) };
	drawer(home, secrets).put(&hex::encode(digest.0), &evidence)
}

fn digits(salt: &CommitmentSalt) -> String {
	format!("0x{}", hex::encode(salt.0))
}

/// Evidence in the making: the outcomes of many documents, one line each.
pub(super) struct Lines<'a> {
	drawer: Drawer<'a>,
	secrets: &'a Secrets,
	file: tempfile::NamedTempFile,
	salt: CommitmentSalt,
	hasher: BodyHasher,
	id: [u8; 16],
	count: u64,
}

/// The name that a line is sealed under: its place among those of one run.
fn line_name(id: &[u8; 16], number: u64) -> String {
	format!("{FOLDER}/{}/{number}", hex::encode(id))
}

impl<'a> Lines<'a> {
	pub(super) fn begin(home: &Path, secrets: &'a Secrets) -> anyhow::Result<Self> {
		let folder = home.join(FOLDER);
		let failed = || format!("{} cannot be written to", folder.display());
		fs::create_dir_all(&folder).with_context(failed)?;
		let file = tempfile::NamedTempFile::new_in(&folder).with_context(failed)?;
		let salt = CommitmentSalt::generate();
		let hasher = BodyHasher::new(&salt);
		let (drawer, id) = (drawer(home, secrets), salus_client::wire::fresh_nonce());
		Ok(Self { drawer, secrets, file, salt, hasher, id, count: 0 })
	}

	/// Seals the outcome of a document, and writes that.
	pub(super) fn add(&mut self, record: &RecordId, outcome: &str) -> anyhow::Result<()> {
		let outcome: serde_json::Value = serde_json::from_str(outcome)?;
		let line = format!("{}\n", serde_json::json!({ "record": record, "outcome": outcome }));
		let line = Zeroizing::new(line);
		self.hasher.update(line.as_bytes());
		let sealed = self.secrets.seal_local(&line_name(&self.id, self.count), line.as_bytes());
		let length = u32::try_from(sealed.len()).ok().filter(|length| *length <= LONGEST_LINE);
		let length =
			length.ok_or_else(|| anyhow!("the outcome of {record} is too long to keep"))?;
		let failed = "the evidence cannot be written";
		self.file.write_all(&length.to_le_bytes()).context(failed)?;
		self.file.write_all(&sealed).context(failed)?;
		self.count = self.count.saturating_add(1);
		Ok(())
	}

	/// Keeps the lines under their salted hash, which stands on chain.
	pub(super) fn finish(self) -> anyhow::Result<Digest> {
		let Self { drawer, file, salt, hasher, id, count, .. } = self;
		let digest = Digest(hasher.finish().0);
		let name = hex::encode(digest.0);
		let failed = "the evidence cannot be written";
		file.as_file().sync_all().context(failed)?;
		file.persist(drawer.path(&name, "lines")).context(failed)?;
		let evidence = Evidence { salt: Some(digits(&salt)), what: What::Lines { id, count } };
		drawer.put(&name, &evidence)?;
		Ok(digest)
	}
}

impl Evidence {
	/// Looks for what was kept under a hash.
	pub(crate) fn find(
		home: &Path,
		secrets: &Secrets,
		digest: &Digest,
	) -> anyhow::Result<Option<Self>> {
		drawer(home, secrets).get(&hex::encode(digest.0))
	}

	/// Writes it out in plain, once all of it has been compared with the hash.
	pub(crate) fn write_to(
		&self,
		home: &Path,
		secrets: &Secrets,
		digest: &Digest,
		out: &mut dyn Write,
	) -> anyhow::Result<()> {
		let mut put = |bytes: &[u8]| match out.write_all(bytes) {
			// The reader has seen enough.
			Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
			result => result.context("the evidence cannot be written out"),
		};
		let salt = self.salt.as_deref().map(salt_of).transpose()?;
		match &self.what {
			What::Outcome(outcome) => {
				let is_whole =
					salt.is_none_or(|salt| salt.commit(outcome.as_bytes()).0 == digest.0);
				if !is_whole {
					bail!("the evidence does not have the hash {digest}: its file was exchanged");
				}
				put(outcome.as_bytes())?;
				put(b"\n")
			},
			What::Lines { id, count } => {
				let path = drawer(home, secrets).path(&hex::encode(digest.0), "lines");
				let lines = SealedLines { path, secrets, id, count: *count };
				let mut hasher = salt.as_ref().map(BodyHasher::new);
				lines.each(&mut |line| {
					if let Some(hasher) = &mut hasher {
						hasher.update(line);
					}
					Ok(())
				})?;
				if hasher.is_none_or(|hasher| hasher.finish().0 != digest.0) {
					bail!("the evidence does not have the hash {digest}: its file was exchanged");
				}
				lines.each(&mut put)
			},
		}
	}
}

fn salt_of(digits: &str) -> anyhow::Result<CommitmentSalt> {
	let mut salt = [0; 32];
	hex::decode_to_slice(digits.trim_start_matches("0x"), &mut salt)
		.map_err(|_| anyhow!("the salt of the evidence cannot be read"))?;
	Ok(CommitmentSalt(salt))
}

/// The file of sealed lines.
struct SealedLines<'a> {
	path: PathBuf,
	secrets: &'a Secrets,
	id: &'a [u8; 16],
	count: u64,
}

impl SealedLines<'_> {
	/// Opens line by line. A line that is missing, moved or altered is an error.
	fn each(&self, take: &mut dyn FnMut(&[u8]) -> anyhow::Result<()>) -> anyhow::Result<()> {
		let name = self.path.display();
		let file = File::open(&self.path).with_context(|| format!("{name} cannot be opened"))?;
		let mut file = BufReader::new(file);
		let damaged = |number: u64| anyhow!("{name} is damaged at line {number}");
		for number in 0..self.count {
			let mut length = [0; 4];
			file.read_exact(&mut length).map_err(|_| damaged(number))?;
			let length = u32::from_le_bytes(length);
			if length > LONGEST_LINE {
				return Err(damaged(number));
			}
			let mut sealed = Vec::new();
			Read::by_ref(&mut file)
				.take(length.into())
				.read_to_end(&mut sealed)
				.map_err(|_| damaged(number))?;
			let line = self.secrets.open_local(&line_name(self.id, number), &sealed);
			take(&line.ok_or_else(|| damaged(number))?)?;
		}
		Ok(())
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const OUTCOME: &str = r#"{"resourceType":"OperationOutcome","issue":[{"code":"invalid"}]}"#;

	fn shown(home: &Path, secrets: &Secrets, digest: &Digest) -> anyhow::Result<String> {
		let evidence = Evidence::find(home, secrets, digest)?.context("none")?;
		let mut out = Vec::new();
		evidence.write_to(home, secrets, digest, &mut out)?;
		Ok(String::from_utf8(out)?)
	}

	/// Every byte of every file in the folder.
	fn all_bytes(home: &Path) -> Vec<u8> {
		let files = fs::read_dir(home.join(FOLDER)).unwrap();
		files.flat_map(|file| fs::read(file.unwrap().path()).unwrap()).collect()
	}

	fn holds(bytes: &[u8], text: &str) -> bool {
		bytes.windows(text.len()).any(|window| window == text.as_bytes())
	}

	#[test]
	fn an_outcome_is_kept_sealed_and_opens_for_its_owner() {
		let home = tempfile::tempdir().unwrap();
		let (mine, theirs) = (Secrets::generate(), Secrets::generate());
		let salt = CommitmentSalt::generate();
		let digest = Digest(salt.commit(OUTCOME.as_bytes()).0);
		keep_outcome(home.path(), &mine, &digest, Some(&salt), OUTCOME.into()).unwrap();
		let bytes = all_bytes(home.path());
		assert!(!holds(&bytes, "OperationOutcome") && !holds(&bytes, &hex::encode(salt.0)));
		assert_eq!(shown(home.path(), &mine, &digest).unwrap().trim_end(), OUTCOME);
		assert!(Evidence::find(home.path(), &theirs, &digest).unwrap().is_none());
		// A gateway's has the hash of what the gateway sealed, and no salt.
		let digest = Digest([7; 32]);
		keep_outcome(home.path(), &mine, &digest, None, OUTCOME.into()).unwrap();
		assert_eq!(shown(home.path(), &mine, &digest).unwrap().trim_end(), OUTCOME);
	}

	#[test]
	fn the_outcomes_of_a_batch_are_sealed_line_by_line() {
		let home = tempfile::tempdir().unwrap();
		let secrets = Secrets::generate();
		let mut lines = Lines::begin(home.path(), &secrets).unwrap();
		for number in 0..3 {
			lines.add(&RecordId([number; 32]), OUTCOME).unwrap();
		}
		let digest = lines.finish().unwrap();
		assert!(!holds(&all_bytes(home.path()), "OperationOutcome"));
		let text = shown(home.path(), &secrets, &digest).unwrap();
		assert_eq!(text.lines().count(), 3);
		let last: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
		assert_eq!(last["record"], format!("0x{}", "02".repeat(32)));
		assert_eq!(last["outcome"]["resourceType"], "OperationOutcome");
		// The hash is that of the lines under the salt: whoever is shown both can check it.
		let evidence = Evidence::find(home.path(), &secrets, &digest).unwrap().unwrap();
		let salt = salt_of(evidence.salt.as_deref().unwrap()).unwrap();
		assert_eq!(salt.commit(text.as_bytes()).0, digest.0);
	}

	#[test]
	fn lines_that_were_cut_altered_or_exchanged_are_not_shown() {
		let home = tempfile::tempdir().unwrap();
		let secrets = Secrets::generate();
		let batch = |first| {
			let mut lines = Lines::begin(home.path(), &secrets).unwrap();
			lines.add(&RecordId([first; 32]), OUTCOME).unwrap();
			lines.add(&RecordId([first + 1; 32]), OUTCOME).unwrap();
			lines.finish().unwrap()
		};
		let (one, two) = (batch(1), batch(5));
		let path = |digest: &Digest| {
			home.path().join(FOLDER).join(format!("{}.lines", hex::encode(digest.0)))
		};
		let whole = fs::read(path(&one)).unwrap();
		let mut swapped = whole.clone();
		swapped.rotate_left(whole.len() / 2);
		let mut altered = whole.clone();
		altered[40] ^= 1;
		let mut endless = whole.clone();
		endless[..4].fill(255);
		for bad in [&whole[..whole.len() - 1], &swapped, &altered, &endless, b"".as_slice()] {
			fs::write(path(&one), bad).unwrap();
			let error = shown(home.path(), &secrets, &one).unwrap_err().to_string();
			assert!(error.contains("is damaged at line"), "{error}");
		}
		fs::copy(path(&two), path(&one)).unwrap();
		assert!(shown(home.path(), &secrets, &one).is_err());
		fs::write(path(&one), &whole).unwrap();
		assert!(shown(home.path(), &secrets, &one).is_ok());
	}

	#[cfg(unix)]
	#[test]
	fn only_its_owner_reads_it() {
		use std::os::unix::fs::PermissionsExt;
		let home = tempfile::tempdir().unwrap();
		let secrets = Secrets::generate();
		let mut lines = Lines::begin(home.path(), &secrets).unwrap();
		lines.add(&RecordId([1; 32]), OUTCOME).unwrap();
		lines.finish().unwrap();
		let files: Vec<_> = fs::read_dir(home.path().join(FOLDER)).unwrap().collect();
		assert_eq!(files.len(), 2);
		for file in files {
			assert_eq!(file.unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o600);
		}
	}
}
