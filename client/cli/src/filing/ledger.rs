// SPDX-License-Identifier: Apache-2.0

//! What a home notes of a bundle that becomes many records: the ids they get, and which of them are
//! anchored and done with. A run that was cut is finished by the next, and none files twice.
//!
//! The notes are sealed with the keystore. They hold ids, hashes and counts, nothing of a document.

use crate::drawer::Drawer;
use anyhow::bail;
use salus_client::keystore::Secrets;
use salus_primitives::{ContentHash, RecordId, RecordNonce};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, path::Path};

/// What became of one of many.
#[derive(Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FiledPart {
	/// Its entry.
	pub(crate) entry: usize,
	/// What it is.
	pub(crate) resource_type: String,
	/// The record.
	pub(crate) record: RecordId,
	/// The hash of the sealed object.
	pub(crate) content: ContentHash,
	/// How many tags a search finds it by.
	pub(crate) tags: Option<usize>,
	/// Whether an earlier run had begun it.
	pub(crate) resumed: bool,
}

/// One that was left out, and why.
#[derive(Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LeftOut {
	/// Its entry.
	pub(crate) entry: usize,
	/// What it is.
	pub(crate) resource_type: String,
	/// Why.
	pub(crate) reason: String,
}

/// A record that is anchored, and of which nothing is left to do.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Settled {
	pub(super) record: RecordId,
	pub(super) content: ContentHash,
	pub(super) tags: Option<usize>,
}

/// The notes as they are kept.
#[derive(Serialize, Deserialize, Default)]
struct Page {
	/// What the records' ids are made of, by entry.
	nonces: BTreeMap<usize, RecordNonce>,
	/// What is done with, by entry.
	settled: BTreeMap<usize, Settled>,
	/// Whether a run came to its end.
	is_over: bool,
}

/// The notes on one bundle.
pub(crate) struct Ledger<'a> {
	drawer: Drawer<'a>,
	name: String,
	page: Page,
}

impl<'a> Ledger<'a> {
	/// Opens the notes on the bundle of that name, which becomes these entries. Those of a run that
	/// came to its end are begun anew, unless it is to be resumed: then what it left out is tried
	/// again, and what it filed is told.
	pub(crate) fn open(
		home: &Path,
		secrets: &'a Secrets,
		name: String,
		entries: impl Iterator<Item = usize>,
		resume: bool,
	) -> anyhow::Result<Self> {
		let drawer = Drawer::new(home, "plans", secrets);
		let earlier = drawer.get::<Page>(&name)?;
		if resume && earlier.is_none() {
			bail!(
				"there is nothing to resume: this bundle was not begun from this home with these \
				 options. Without --resume it is filed from the start"
			);
		}
		let earlier = earlier.filter(|page| resume || !page.is_over).unwrap_or_default();
		let Page { nonces: mut known, settled, .. } = earlier;
		let nonces = entries
			.map(|entry| {
				let known = known.remove(&entry);
				(entry, known.unwrap_or_else(salus_client::wire::fresh_nonce))
			})
			.collect();
		let ledger = Self { drawer, name, page: Page { nonces, settled, is_over: false } };
		ledger.save()?;
		Ok(ledger)
	}

	/// What the id of the record is made of that an entry becomes.
	pub(crate) fn nonce(&self, entry: usize) -> Option<RecordNonce> {
		self.page.nonces.get(&entry).copied()
	}

	/// What is noted of an entry that is done with, when it became this very record.
	pub(super) fn settled(&self, entry: usize, record: &RecordId) -> Option<Settled> {
		self.page.settled.get(&entry).copied().filter(|settled| settled.record == *record)
	}

	/// Notes that these are done with. They are no more looked at after that.
	pub(super) fn settle(
		&mut self,
		settled: impl Iterator<Item = (usize, Settled)>,
	) -> anyhow::Result<()> {
		self.page.settled.extend(settled);
		self.save()
	}

	/// Notes that the run came to its end.
	pub(super) fn close(&mut self) -> anyhow::Result<()> {
		self.page.is_over = true;
		self.save()
	}

	fn save(&self) -> anyhow::Result<()> {
		self.drawer.put(&self.name, &self.page)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::fs;

	fn open<'a>(home: &Path, secrets: &'a Secrets, resume: bool) -> anyhow::Result<Ledger<'a>> {
		Ledger::open(home, secrets, "bundle".into(), [1, 4, 7].into_iter(), resume)
	}

	fn settled(number: u8) -> Settled {
		let (record, content) = (RecordId([number; 32]), ContentHash([number; 32]));
		Settled { record, content, tags: Some(2) }
	}

	#[test]
	fn a_run_that_was_cut_is_gone_on_with_and_one_that_ended_is_not() {
		let home = tempfile::tempdir().unwrap();
		let secrets = Secrets::generate();
		let error = open(home.path(), &secrets, true).err().unwrap().to_string();
		assert!(error.contains("nothing to resume"), "{error}");
		assert!(fs::read_dir(home.path()).unwrap().next().is_none(), "a question leaves nothing");

		let mut first = open(home.path(), &secrets, false).unwrap();
		first.settle([(4, settled(4))].into_iter()).unwrap();
		let nonces = first.page.nonces.clone();
		assert_eq!(nonces.len(), 3);
		for resume in [false, true] {
			let again = open(home.path(), &secrets, resume).unwrap();
			assert_eq!(again.page.nonces, nonces);
			assert_eq!(again.settled(4, &settled(4).record), Some(settled(4)));
			assert_eq!(again.settled(1, &settled(1).record), None);
			// Filed under another class, the entry is another record.
			assert_eq!(again.settled(4, &settled(5).record), None);
		}

		let mut last = open(home.path(), &secrets, true).unwrap();
		last.close().unwrap();
		let told = open(home.path(), &secrets, true).unwrap();
		assert_eq!((&told.page.nonces, told.page.settled.len()), (&nonces, 1));
		told.drawer.put("bundle", &Page { is_over: true, ..told.page }).unwrap();
		let anew = open(home.path(), &secrets, false).unwrap();
		assert!(anew.page.settled.is_empty());
		assert!(anew.page.nonces.values().all(|nonce| !nonces.values().any(|old| old == nonce)));
	}

	#[test]
	fn an_entry_that_was_bad_before_gets_an_id_when_it_is_mended() {
		let home = tempfile::tempdir().unwrap();
		let secrets = Secrets::generate();
		let only = |entries: &[usize]| {
			let (name, entries) = ("bundle".into(), entries.iter().copied());
			Ledger::open(home.path(), &secrets, name, entries, false).unwrap()
		};
		let first = only(&[1, 7]).page.nonces;
		let second = only(&[1, 4, 7]);
		assert!(second.nonce(4).is_some() && !first.contains_key(&4));
		assert!(first.iter().all(|(entry, nonce)| second.nonce(*entry) == Some(*nonce)));
	}

	#[cfg(unix)]
	#[test]
	fn the_notes_are_private_and_show_nothing() {
		use std::os::unix::fs::PermissionsExt;
		let home = tempfile::tempdir().unwrap();
		let (secrets, thief) = (Secrets::generate(), Secrets::generate());
		let mut ledger = open(home.path(), &secrets, false).unwrap();
		ledger.settle([(1, settled(0xAB))].into_iter()).unwrap();
		let path = home.path().join("plans/bundle.sealed");
		assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
		let bytes = fs::read(&path).unwrap();
		let text = String::from_utf8_lossy(&bytes);
		assert!(!text.contains(&"ab".repeat(32)) && !text.contains("nonces"));
		assert!(open(home.path(), &thief, true).is_err());
	}
}
