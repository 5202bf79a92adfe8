// SPDX-License-Identifier: Apache-2.0

//! A bundle taken apart: each clinical resource becomes a record, and they point at each other.

mod classes;

use super::{batch::say_batched, submit::Judging};
use crate::{
	document::{self, Valid},
	filing::{
		FiledPart, Filing, Judges, Ledger, LeftOut, Named, Part, Place,
		batches::{BatchDocument, BatchOrder, Source, seal_and_anchor},
	},
	output::{or_dash, table},
};
use anyhow::bail;
use classes::class_of;
use salus_fhir::split::{Entry, RECORD_SYSTEM, Split, SplitError};
use salus_primitives::RecordClass;
use serde_json::json;
use std::{collections::BTreeMap, path::PathBuf};
use zeroize::Zeroizing;

/// What to do with the resources of a bundle.
#[derive(clap::Args, Debug, Default)]
pub(crate) struct Splitting {
	/// Make each clinical resource of a bundle a record of its own, up to 100 in a transaction. Those
	/// of people, places and devices go along with what refers to them.
	#[arg(long)]
	split: bool,
	/// Leave out what is not valid, and say so. Without it nothing is anchored when one is bad. What
	/// goes wrong elsewhere, such as a service that is down, stops it all the same.
	#[arg(long, requires = "split")]
	skip_bad: bool,
	/// Go on with a run that stopped, or learn what it filed: what was anchored is not filed again,
	/// and what was left out is tried again. Refused where there is nothing to go on with.
	#[arg(long, requires = "split", conflicts_with = "batch")]
	resume: bool,
	/// Give each resource the class that fits its type, instead of one for all.
	#[arg(long, requires = "split", conflicts_with = "class")]
	class_by_type: bool,
	/// Put them under one root instead, and write the proofs to this file: see `salus record batch`.
	#[arg(long, requires = "split", value_name = "PROOFS", conflicts_with = "gateway")]
	batch: Option<PathBuf>,
	/// The organisation's keystore or home, to anchor the batch as a practitioner.
	#[arg(long, requires = "batch", value_name = "FILE")]
	anchor_with: Option<PathBuf>,
}

/// A document as it is to be filed.
pub(super) enum Whole {
	/// As one record.
	One(Valid),
	/// As many.
	Parts(Bundle),
}

/// A bundle that was read and found fit to be taken apart.
pub(super) struct Bundle {
	bytes: Zeroizing<Vec<u8>>,
	split: Split,
	good: Vec<Entry>,
	bad: Vec<LeftOut>,
	splitting: Splitting,
}

impl Splitting {
	pub(super) fn is_on(&self) -> bool {
		self.split
	}

	/// Reads a bundle, and judges each document that it becomes as it judges any.
	pub(super) fn read(
		self,
		bytes: Zeroizing<Vec<u8>>,
		judging: &Judging,
	) -> anyhow::Result<Bundle> {
		if self.batch.is_none() && judging.names_nobody() {
			bail!(
				"the records of a bundle are anchored together, with their verdicts: name who gives \
				 them, with --gateway or --attest-with"
			);
		}
		let split = Split::of(&bytes);
		let is_whole = matches!(split, Err(SplitError::Whole { .. } | SplitError::NotABundle));
		if !self.skip_bad && !is_whole {
			document::check(&bytes, document::now())?;
		}
		let split = split?;
		let (mut good, mut bad) = (Vec::new(), Vec::new());
		for entry in split.entries() {
			match document_of(&split, entry, &|number| by_url(&split, number)) {
				Ok(_) => good.push(entry.clone()),
				Err(error) => bad.push(LeftOut {
					entry: entry.number,
					resource_type: entry.resource_type.clone(),
					reason: salus_client::one_line(&format!("{error:#}")),
				}),
			}
		}
		if let Some(first) = bad.first().filter(|_| !self.skip_bad) {
			bail!(
				"entry {} ({}): {}; nothing was filed. Go on without what is bad with --skip-bad",
				first.entry,
				first.resource_type,
				first.reason
			);
		}
		if good.is_empty() {
			bail!(
				"no entry of the bundle is valid: see what `salus record submit` says without --split"
			);
		}
		Ok(Bundle { bytes, split, good, bad, splitting: self })
	}
}

impl Bundle {
	/// Files all of them, and tells what became of each.
	pub(super) async fn file(
		self,
		filing: &Filing<'_>,
		place: Place,
		judges: &Judges,
	) -> anyhow::Result<()> {
		if let Some(output) = self.splitting.batch.clone() {
			return self.file_as_batch(filing, place, judges, output).await;
		}
		let mut ledger = self.ledger(filing, &place)?;
		let parts = self.parts(filing, place, &ledger)?;
		let skip = self.splitting.skip_bad;
		let filed = filing.file_many(place.organisation, &parts, judges, skip, &mut ledger).await;
		let (filed, judged_bad) = filed?;

		let bad: Vec<_> = self.bad.into_iter().chain(judged_bad).collect();
		let along = self.split.left_out();
		let answer = json!({ "records": filed, "leftOut": bad, "wentAlong": along });
		filing.context.out.say(&answer, || tell(&filed, &bad, &along))
	}

	/// The notes on this bundle at this place. Other classes make other records, so that they have
	/// notes of their own.
	fn ledger<'a>(&self, filing: &Filing<'a>, place: &Place) -> anyhow::Result<Ledger<'a>> {
		let mut name = filing.name_of(&self.bytes, place);
		if self.splitting.class_by_type {
			name.push_str("-by-type");
		}
		let entries = self.good.iter().map(|entry| entry.number);
		let home = filing.context.home();
		Ledger::open(home, filing.secrets, name, entries, self.splitting.resume)
	}

	/// The documents, each pointing at the records that the others become.
	fn parts(
		&self,
		filing: &Filing<'_>,
		place: Place,
		ledger: &Ledger<'_>,
	) -> anyhow::Result<Vec<Part>> {
		let mut named = BTreeMap::new();
		for entry in &self.good {
			let Some(nonce) = ledger.nonce(entry.number) else { continue };
			let place = Place { class: self.class_at(entry, &place), ..place };
			named.insert(entry.number, (place, Named::new(&filing.me.id, &place, nonce)));
		}
		// What is left out becomes no record, and is named as the bundle named it.
		let name = |number: usize| match named.get(&number) {
			Some((_, named)) => Some((RECORD_SYSTEM.to_owned(), named.record.to_string())),
			None => by_url(&self.split, number),
		};
		let mut parts = Vec::new();
		for entry in &self.good {
			let Some((place, named)) = named.get(&entry.number) else { continue };
			parts.push(Part {
				entry: entry.number,
				resource_type: entry.resource_type.clone(),
				valid: document_of(&self.split, entry, &name)?,
				place: *place,
				named: *named,
			});
		}
		Ok(parts)
	}

	/// Files them as leaves of a batch. They point at each other by the names of the bundle, which
	/// each keeps as its `meta.source`: a leaf is no record that could be pointed at.
	async fn file_as_batch(
		self,
		filing: &Filing<'_>,
		place: Place,
		judges: &Judges,
		output: PathBuf,
	) -> anyhow::Result<()> {
		let Filing { context, chain, secrets, me } = *filing;
		let anchor = match &self.splitting.anchor_with {
			Some(path) => Some(context.secrets_of(path)?),
			None => None,
		};
		let Judges::Keystores(attestors) = judges else {
			bail!("a gateway judges documents one by one: name validators with --attest-with");
		};
		let name = |number: usize| by_url(&self.split, number);
		let mut documents = Vec::new();
		for entry in &self.good {
			let place = Place { class: self.class_at(entry, &place), ..place };
			let valid = document_of(&self.split, entry, &name)?;
			documents.push(BatchDocument { source: Source::Bytes(valid.bytes), place });
		}
		let order = BatchOrder {
			context,
			chain,
			secrets,
			me,
			organisation: place.organisation.unwrap_or(me.id),
			anchor_with: anchor.as_ref(),
			attestors,
			output,
		};
		let batched = seal_and_anchor(&order, &documents).await?;
		if let Some(left) = left_out_of_batch(&self.bad) {
			eprintln!("{left}");
		}
		say_batched(context, &batched)
	}

	fn class_at(&self, entry: &Entry, place: &Place) -> RecordClass {
		match self.splitting.class_by_type {
			true => class_of(entry),
			false => place.class,
		}
	}
}

/// A sentence on what is in no batch, when there is any.
fn left_out_of_batch(bad: &[LeftOut]) -> Option<String> {
	let named: Vec<_> = bad
		.iter()
		.map(|left| format!("entry {} ({}): {}", left.entry, left.resource_type, left.reason))
		.collect();
	(!named.is_empty()).then(|| format!("left out: {}", named.join("; ")))
}

/// One document of a bundle, valid by itself.
fn document_of(
	split: &Split,
	entry: &Entry,
	name: &dyn Fn(usize) -> Option<(String, String)>,
) -> anyhow::Result<Valid> {
	let document = Zeroizing::new(split.document(entry, name)?.into_bytes());
	document::validate(document, document::now())
}

/// What the bundle calls an entry, as an identifier.
fn by_url(split: &Split, number: usize) -> Option<(String, String)> {
	let entry = split.entries().iter().find(|entry| entry.number == number)?;
	Some(("urn:ietf:rfc:3986".to_owned(), entry.full_url.clone()?))
}

fn tell(filed: &[FiledPart], bad: &[LeftOut], along: &BTreeMap<String, usize>) -> String {
	let rows = filed.iter().map(|part| {
		let record = part.record.to_string();
		[part.entry.to_string(), part.resource_type.clone(), record, or_dash(&part.tags)]
	});
	let mut text = table(["entry", "resource", "record", "tags"], rows.collect(), "no records");
	if !bad.is_empty() {
		let rows = bad
			.iter()
			.map(|left| [left.entry.to_string(), left.resource_type.clone(), left.reason.clone()]);
		text += &format!(
			"\n\n{}",
			table(["entry", "resource", "left out because"], rows.collect(), "")
		);
	}
	let along: Vec<_> = along.iter().map(|(name, count)| format!("{count} {name}")).collect();
	if !along.is_empty() {
		text += &format!("\n\nno records of their own: {}", along.join(", "));
	}
	format!("{text}\n\n{} anchored, {} left out", filed.len(), bad.len())
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_primitives::RecordId;
	use serde_json::Value;

	fn read(splitting: Splitting, bundle: &Value) -> anyhow::Result<Bundle> {
		let judging = Judging::gateway("https://gateway.example");
		splitting.read(Zeroizing::new(bundle.to_string().into_bytes()), &judging)
	}

	fn sample() -> Value {
		serde_json::from_str(salus_fhir::SAMPLE_ENCOUNTER).unwrap()
	}

	fn strict() -> Splitting {
		Splitting { split: true, ..Splitting::default() }
	}

	/// The sample with a weight that no body has.
	fn impossible() -> Value {
		let mut bundle = sample();
		let weight = bundle["entry"]
			.as_array_mut()
			.unwrap()
			.iter_mut()
			.map(|entry| &mut entry["resource"])
			.find(|resource| resource["code"]["coding"][0]["code"] == "29463-7")
			.unwrap();
		weight["valueQuantity"]["value"] = 7100.into();
		bundle
	}

	#[test]
	fn every_clinical_resource_of_the_sample_is_a_document() {
		let bundle = read(strict(), &sample()).unwrap();
		let all = sample()["entry"].as_array().unwrap().len();
		let along: usize = bundle.split.left_out().values().sum();
		assert_eq!(bundle.good.len() + along, all);
		assert!(bundle.bad.is_empty() && bundle.good.len() > 10);
	}

	#[test]
	fn one_that_is_bad_stops_all_or_is_left_out_by_name() {
		let refused = read(strict(), &impossible()).err().unwrap().to_string();
		assert!(refused.contains("valueQuantity"), "{refused}");
		let skipping = Splitting { skip_bad: true, ..strict() };
		let bundle = read(skipping, &impossible()).unwrap();
		let whole = read(strict(), &sample()).unwrap();
		assert_eq!(bundle.good.len(), whole.good.len() - 1);
		let [left] = &bundle.bad[..] else { panic!("one is left out") };
		assert_eq!(left.resource_type, "Observation");
		assert!(left.reason.contains("valueQuantity"), "{}", left.reason);
	}

	#[test]
	fn what_became_of_each_is_told() {
		let filed = FiledPart {
			entry: 4,
			resource_type: "Condition".into(),
			record: RecordId([1; 32]),
			content: salus_primitives::ContentHash([2; 32]),
			tags: None,
			resumed: false,
		};
		let bad =
			LeftOut { entry: 5, resource_type: "Observation".into(), reason: "no code".into() };
		let along = BTreeMap::from([("Practitioner".to_owned(), 2)]);
		let text = tell(&[filed], &[bad], &along);
		for said in ["Condition", "no code", "2 Practitioner", "1 anchored, 1 left out"] {
			assert!(text.contains(said), "{text}");
		}
	}
}
