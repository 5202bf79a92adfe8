// SPDX-License-Identifier: Apache-2.0

//! Filing many documents at once: `anchor_many`, up to a hundred in a transaction.
//!
//! Everything is sealed and judged before the first transaction. A run that a fault cut goes on where
//! it stopped: what is on chain already is left out of the next one.

use super::{Filing, Judges, Named, Place, seal::Prepared, tagging::tags_of};
use crate::{document::Valid, output};
use anyhow::{anyhow, bail};
use indicatif::ProgressBar;
use salus_client::{
	At, Call, calls,
	types::{Content, NewRecord, Signature},
};
use salus_fhir::terms::terms;
use salus_primitives::{ContentHash, IdentityId, IdentityKind, RecordId};
use serde::Serialize;
use std::collections::{BTreeMap, btree_map::Entry};

/// The most records of one transaction.
const MOST: usize = 100;

/// One of many documents.
pub(crate) struct Part {
	/// Its entry in the bundle it is of, from 0.
	pub(crate) entry: usize,
	/// What it is, in a word.
	pub(crate) resource_type: String,
	/// The document.
	pub(crate) valid: Valid,
	/// Where it goes.
	pub(crate) place: Place,
	/// The record it becomes.
	pub(crate) named: Named,
}

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

/// A record as `anchor_many` takes it.
type Row = NewRecord<[u8; 32], Signature>;

/// One that is sealed, and judged unless the chain has it already.
struct Ready<'a> {
	part: &'a Part,
	prepared: Prepared,
	row: Option<Row>,
}

impl Filing<'_> {
	/// Seals, judges and anchors. What fails a verdict is left out, or stops all of it before anything
	/// is anchored.
	pub(crate) async fn file_many(
		&self,
		organisation: Option<IdentityId>,
		parts: &[Part],
		judges: &Judges,
		skip_bad: bool,
	) -> anyhow::Result<(Vec<FiledPart>, Vec<LeftOut>)> {
		let at = self.chain.best().await?;
		let mut places = Vec::new();
		for part in parts {
			if !places.contains(&part.place) {
				self.ready(&at, &part.place).await?;
				places.push(part.place);
			}
		}
		let custodian = self.context.custodian(&at, self.chain).await?;
		let prepared = self.seal_all(parts)?;
		let (ready, left_out) = self.judge_all(&at, prepared, judges, skip_bad).await?;

		let bar = output::count_bar("uploading", ready.len() as u64);
		for one in ready.iter().filter(|one| one.row.is_some()) {
			let Prepared { pending, object, .. } = &one.prepared;
			let place = &one.part.place;
			self.upload(&custodian, pending, place, object, ProgressBar::hidden()).await?;
			bar.inc(1);
		}
		bar.finish_and_clear();

		let rows: Vec<_> = ready.iter().filter_map(|one| one.row.clone()).collect();
		self.anchor_all(organisation, &rows).await?;
		// They are anchored: tags that are refused are told, and fail nothing.
		let tags = self.tag_all(&ready).await.unwrap_or_else(|error| {
			let error = salus_client::one_line(&format!("{error:#}"));
			eprintln!(
				"the records are filed, but lack tags ({error}): `salus record index` sets them"
			);
			vec![None; ready.len()]
		});
		let mut filed = Vec::new();
		for (one, tags) in ready.iter().zip(tags) {
			self.finish(&one.prepared)?;
			filed.push(FiledPart {
				entry: one.part.entry,
				resource_type: one.part.resource_type.clone(),
				record: one.prepared.pending.record,
				content: one.prepared.pending.content,
				tags,
				resumed: one.prepared.resumed,
			});
		}
		Ok((filed, left_out))
	}

	fn seal_all<'a>(&self, parts: &'a [Part]) -> anyhow::Result<Vec<(&'a Part, Prepared)>> {
		let bar = output::count_bar("sealing", parts.len() as u64);
		let hidden = ProgressBar::hidden();
		let sealed = parts
			.iter()
			.map(|part| {
				let sealed = self.prepare(&part.valid, &part.place, Some(part.named), &hidden);
				bar.inc(1);
				sealed.map(|prepared| (part, prepared))
			})
			.collect();
		bar.finish_and_clear();
		sealed
	}

	/// Gets the verdicts on all that the chain does not have yet.
	async fn judge_all<'a>(
		&self,
		at: &At,
		prepared: Vec<(&'a Part, Prepared)>,
		judges: &Judges,
		skip_bad: bool,
	) -> anyhow::Result<(Vec<Ready<'a>>, Vec<LeftOut>)> {
		let mut benches = BTreeMap::new();
		let (mut ready, mut left_out) = (Vec::new(), Vec::new());
		let bar = output::count_bar("verdicts", prepared.len() as u64);
		for (part, prepared) in prepared {
			let class = part.place.class;
			let bench = match benches.entry(class) {
				Entry::Occupied(known) => known.into_mut(),
				Entry::Vacant(new) => new.insert(self.bench(at, class, judges).await?),
			};
			let row = if self.is_on_chain(at, &prepared.pending).await? {
				Ok(None)
			} else {
				self.row(at, bench, part, &prepared).await.map(Some)
			};
			bar.inc(1);
			match row {
				Ok(row) => ready.push(Ready { part, prepared, row }),
				Err(error) if skip_bad => left_out.push(LeftOut {
					entry: part.entry,
					resource_type: part.resource_type.clone(),
					reason: salus_client::one_line(&format!("{error:#}")),
				}),
				Err(error) => bail!(
					"entry {} ({}): {error:#}; nothing was anchored. Go on without what is bad with \
					 --skip-bad",
					part.entry,
					part.resource_type
				),
			}
		}
		bar.finish_and_clear();
		Ok((ready, left_out))
	}

	async fn row(
		&self,
		at: &At,
		bench: &super::verdicts::Bench<'_>,
		part: &Part,
		prepared: &Prepared,
	) -> anyhow::Result<Row> {
		let (place, pending) = (&part.place, &prepared.pending);
		let current = at.compartment(place.subject, place.compartment).await?;
		let current = current.ok_or_else(|| anyhow!("the compartment is no longer open"))?;
		Ok(NewRecord {
			nonce: pending.nonce,
			subject: place.subject,
			class: place.class,
			compartment: place.compartment,
			content: Content::External { hash: pending.content },
			body: pending.body,
			padded_len: pending.padded_len,
			key: self.wrap(pending, place, &current)?,
			attestations: self.judged(bench, pending, place, &part.valid).await?,
		})
	}

	/// Anchors in as few transactions as blocks have room for.
	async fn anchor_all(
		&self,
		organisation: Option<IdentityId>,
		mut rows: &[Row],
	) -> anyhow::Result<()> {
		let bar = output::count_bar("anchoring", rows.len() as u64);
		let call = |rows: &[Row]| calls::records::anchor_many(organisation, rows.to_vec());
		while !rows.is_empty() {
			let at = self.chain.best().await?;
			let count = self.fitting(&at, rows, MOST, &call).await?;
			let (now, later) = rows.split_at(count);
			self.context.submit(self.chain, &call(now), &self.secrets.signer()).await?;
			bar.inc(count as u64);
			rows = later;
		}
		bar.finish_and_clear();
		Ok(())
	}

	/// How many of these things, from the first on, one call takes that a block has room for.
	async fn fitting<T>(
		&self,
		at: &At,
		things: &[T],
		most: usize,
		call: &impl Fn(&[T]) -> Call,
	) -> anyhow::Result<usize> {
		let mut count = things.len().min(most);
		while let Some(first) = things.get(..count).filter(|_| count > 1) {
			if at.has_room_for(&call(first)).await? {
				break;
			}
			count = count.div_ceil(2);
		}
		Ok(count)
	}

	/// Sets the tags of all, where the author can open the compartment.
	async fn tag_all(&self, ready: &[Ready<'_>]) -> anyhow::Result<Vec<Option<usize>>> {
		let at = self.chain.best().await?;
		let mut keys = BTreeMap::new();
		let (mut counts, mut wanted) = (Vec::new(), Vec::new());
		for Ready { part, prepared, .. } in ready {
			let record = prepared.pending.record;
			let compartment = part.place.compartment;
			let key = match keys.entry(compartment) {
				Entry::Occupied(known) => known.into_mut(),
				Entry::Vacant(new) => new.insert(self.index_key(&at, &part.place).await?),
			};
			let tags = key.as_ref();
			let tags = tags.map(|key| tags_of(key, &record, &terms(&part.valid.bytes)));
			counts.push(tags.as_ref().map(Vec::len));
			if let Some(tags) = tags
				&& !super::tagging::is_set(&at, &record, &tags).await?
			{
				wanted.push(calls::records::set_tags(record, tags));
			}
		}
		self.submit_calls("indexing", &wanted).await?;
		Ok(counts)
	}

	/// Submits calls that need not stand or fall together, in as few transactions as may be. A
	/// patient's fee allowance pays for single calls only; others send many at once.
	pub(crate) async fn submit_calls(
		&self,
		what: &'static str,
		mut wanted: &[Call],
	) -> anyhow::Result<()> {
		let most = match self.me.view.kind {
			IdentityKind::Patient => 1,
			_ => MOST,
		};
		let bar = output::count_bar(what, wanted.len() as u64);
		let call = |calls: &[Call]| Call::batch_all(calls.to_vec());
		while !wanted.is_empty() {
			let count = self.fitting(&self.chain.best().await?, wanted, most, &call).await?;
			let (now, later) = wanted.split_at(count);
			self.context.submit(self.chain, &call(now), &self.secrets.signer()).await?;
			bar.inc(count as u64);
			wanted = later;
		}
		bar.finish_and_clear();
		Ok(())
	}
}
