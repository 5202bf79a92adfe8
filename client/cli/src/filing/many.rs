// SPDX-License-Identifier: Apache-2.0

//! Filing many documents at once: `anchor_many`, up to a hundred in a transaction.
//!
//! Everything is sealed and judged before the first transaction. A document that is bad may be left
//! out; anything else that goes wrong stops the run, says how far it came, and is gone on from there
//! by the next one. What is anchored is noted in the ledger before its traces are cleared away.

use super::{
	Filing, Judges, Kept, Named, Pending, Place,
	deposit::BESIDE,
	keep,
	ledger::{FiledPart, Ledger, LeftOut, Settled},
	seal::Prepared,
	tagging::tags_of,
	verdicts::Bench,
};
use crate::{context::Context, document::Valid, drawer::Drawer, output};
use anyhow::anyhow;
use indicatif::ProgressBar;
use salus_client::{
	At, Call, calls,
	keystore::Secrets,
	types::{Content, NewRecord, Signature},
};
use salus_fhir::terms::terms;
use salus_primitives::{IdentityId, IdentityKind};
use std::{
	collections::{BTreeMap, btree_map::Entry},
	fmt,
};

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

/// What is wrong with a document itself: it can be left out, and is as bad tomorrow. All other errors
/// are somebody else's.
#[derive(Debug)]
pub(super) struct OwnFault(pub(super) String);

impl fmt::Display for OwnFault {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(&self.0)
	}
}

impl std::error::Error for OwnFault {}

/// A record as `anchor_many` takes it.
type Row = NewRecord<[u8; 32], Signature>;

/// One that is sealed, and judged unless the chain has it already.
struct Ready<'a> {
	part: &'a Part,
	prepared: Prepared,
	row: Option<Row>,
}

/// How a run of many goes.
struct Run<'a, 'b> {
	parts: Vec<&'a Part>,
	judges: &'a Judges,
	skip_bad: bool,
	ledger: &'a mut Ledger<'b>,
	left_out: Vec<LeftOut>,
	/// How many of them the chain has, as far as is known.
	anchored: usize,
}

impl Run<'_, '_> {
	/// Leaves a document out that is bad, where that is wanted. Anything else stops the run.
	fn leave_out(&mut self, part: &Part, error: anyhow::Error) -> anyhow::Result<()> {
		if !error.is::<OwnFault>() {
			return Err(error.context(format!("at entry {} ({})", part.entry, part.resource_type)));
		}
		let reason = salus_client::one_line(&format!("{error:#}"));
		let (entry, resource_type) = (part.entry, part.resource_type.clone());
		if !self.skip_bad {
			return Err(anyhow!(OwnFault(format!(
				"entry {entry} ({resource_type}): {reason}; nothing was anchored by this run. Go on \
				 without what is bad with --skip-bad"
			))));
		}
		self.left_out.push(LeftOut { entry, resource_type, reason });
		Ok(())
	}
}

/// Says what was done when a run stopped through no document's fault, and how to go on.
fn stopped(error: anyhow::Error, anchored: usize, all: usize) -> anyhow::Error {
	if error.is::<OwnFault>() {
		return error;
	}
	error.context(format!(
		"stopped with {anchored} of {all} records anchored, and nothing lost: when the cause is gone, \
		 go on with the same command and --resume"
	))
}

impl Filing<'_> {
	/// Seals, judges and anchors all that an earlier run did not settle. What fails a verdict is left
	/// out, or stops all of it before anything is anchored.
	pub(crate) async fn file_many(
		&self,
		organisation: Option<IdentityId>,
		parts: &[Part],
		judges: &Judges,
		skip_bad: bool,
		ledger: &mut Ledger<'_>,
	) -> anyhow::Result<(Vec<FiledPart>, Vec<LeftOut>)> {
		let (mut filed, mut open) = (Vec::new(), Vec::new());
		for part in parts {
			match ledger.settled(part.entry, &part.named.record) {
				Some(settled) => {
					let name = self.name_of(&part.valid.bytes, &part.place);
					clear(self.context, self.secrets, &name);
					filed.push(told(part, settled, true));
				},
				None => open.push(part),
			}
		}
		let mut run = Run {
			parts: open,
			judges,
			skip_bad,
			ledger,
			left_out: Vec::new(),
			anchored: filed.len(),
		};
		if !run.parts.is_empty() {
			let at = self.chain.best().await?;
			let mut places = Vec::new();
			for part in &run.parts {
				if !places.contains(&part.place) {
					self.ready(&at, &part.place).await?;
					places.push(part.place);
				}
			}
			let done = self.file_open(organisation, &mut run).await;
			filed.extend(done.map_err(|error| stopped(error, run.anchored, parts.len()))?);
		}
		if let Some(first) = run.left_out.first().filter(|_| filed.is_empty()) {
			let LeftOut { entry, reason, .. } = first;
			return Err(anyhow!(
				"none of the documents was taken; the first, entry {entry}: {reason}"
			));
		}
		run.ledger.close()?;
		filed.sort_by_key(|part| part.entry);
		Ok((filed, run.left_out))
	}

	/// All that is not settled, from the sealing to the ledger.
	async fn file_open(
		&self,
		organisation: Option<IdentityId>,
		run: &mut Run<'_, '_>,
	) -> anyhow::Result<Vec<FiledPart>> {
		let at = self.chain.best().await?;
		let to = self.depositaries(&at, organisation).await?;
		let prepared = self.seal_all(&run.parts)?;
		let judged = self.judge_all(prepared, run).await?;

		let bar = output::count_bar("uploading", judged.len() as u64);
		let mut ready = Vec::new();
		for one in judged {
			if one.row.is_some() {
				let Prepared { pending, object, .. } = &one.prepared;
				let (place, hidden) = (&one.part.place, ProgressBar::hidden());
				let sent = self.upload(&to, pending, place, object, hidden).await;
				if let Err(error) = sent {
					run.leave_out(one.part, error)?;
					continue;
				}
			}
			bar.inc(1);
			ready.push(one);
		}
		bar.finish_and_clear();

		let rows: Vec<_> = ready.iter().filter_map(|one| one.row.clone()).collect();
		self.anchor_all(organisation, &rows, &mut run.anchored).await?;
		// They are anchored: tags that are refused are told, and fail nothing.
		let tags = self.tag_all(&ready).await.unwrap_or_else(|error| {
			let error = salus_client::one_line(&format!("{error:#}"));
			eprintln!(
				"the records are filed, but lack tags ({error}): `salus record index` sets them"
			);
			vec![None; ready.len()]
		});
		let done: Vec<_> = ready.into_iter().zip(tags).collect();
		settle(self.context, self.secrets, run.ledger, done)
	}

	fn seal_all<'a>(&self, parts: &[&'a Part]) -> anyhow::Result<Vec<(&'a Part, Prepared)>> {
		let bar = output::count_bar("sealing", parts.len() as u64);
		let hidden = ProgressBar::hidden();
		let sealed = parts
			.iter()
			.map(|part| {
				let sealed = self.prepare(&part.valid, &part.place, Some(part.named), &hidden);
				bar.inc(1);
				sealed.map(|prepared| (*part, prepared))
			})
			.collect();
		bar.finish_and_clear();
		sealed
	}

	/// Gets the verdicts on all that the chain does not have yet.
	async fn judge_all<'a>(
		&self,
		prepared: Vec<(&'a Part, Prepared)>,
		run: &mut Run<'a, '_>,
	) -> anyhow::Result<Vec<Ready<'a>>> {
		let mut benches = BTreeMap::new();
		let (mut ready, judges) = (Vec::new(), run.judges);
		let bar = output::count_bar("verdicts", prepared.len() as u64);
		for (part, prepared) in prepared {
			// Anew for each: verdicts on many take longer than a node keeps a block's state.
			let at = self.chain.best().await?;
			let class = part.place.class;
			let bench = match benches.entry(class) {
				Entry::Occupied(known) => known.into_mut(),
				Entry::Vacant(new) => new.insert(self.bench(&at, class, judges).await?),
			};
			let row = if self.is_on_chain(&at, &prepared.pending).await? {
				run.anchored = run.anchored.saturating_add(1);
				Ok(None)
			} else {
				self.row(&at, bench, part, &prepared).await.map(Some)
			};
			bar.inc(1);
			match row {
				Ok(row) => ready.push(Ready { part, prepared, row }),
				Err(error) => run.leave_out(part, error)?,
			}
		}
		bar.finish_and_clear();
		Ok(ready)
	}

	async fn row(
		&self,
		at: &At,
		bench: &Bench<'_>,
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
		anchored: &mut usize,
	) -> anyhow::Result<()> {
		let bar = output::count_bar("anchoring", rows.len() as u64);
		let call = |rows: &[Row]| calls::records::anchor_many(organisation, rows.to_vec());
		while !rows.is_empty() {
			let at = self.chain.best().await?;
			let count = self.fitting(&at, rows, MOST, &call).await?;
			let (now, later) = rows.split_at(count);
			self.context.submit(self.chain, &call(now), &self.secrets.signer()).await?;
			*anchored = anchored.saturating_add(count);
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

/// Notes that these are done with. First what a later version needs is kept, then the ledger says
/// that they are settled, and only then their traces go: a crash in between leaves either all that
/// the next run needs to find them on chain, or the note that nothing is left to do.
fn settle(
	context: &Context,
	secrets: &Secrets,
	ledger: &mut Ledger<'_>,
	done: Vec<(Ready<'_>, Option<usize>)>,
) -> anyhow::Result<Vec<FiledPart>> {
	for (one, _) in &done {
		let Pending { record, version, nonce, reader_share, .. } = one.prepared.pending;
		keep(context, secrets, &record, version, &Kept { nonce, reader_share })?;
	}
	let settled = |one: &Ready<'_>, tags| {
		let Pending { record, content, .. } = one.prepared.pending;
		Settled { record, content, tags }
	};
	ledger.settle(done.iter().map(|(one, tags)| (one.part.entry, settled(one, *tags))))?;
	let filed = done.into_iter().map(|(one, tags)| {
		clear(context, secrets, &one.prepared.name);
		told(one.part, settled(&one, tags), one.prepared.resumed)
	});
	Ok(filed.collect())
}

/// Clears away what was pending of a filing.
fn clear(context: &Context, secrets: &Secrets, name: &str) {
	Drawer::new(context.home(), "pending", secrets).remove(name, &BESIDE);
}

fn told(part: &Part, settled: Settled, resumed: bool) -> FiledPart {
	let (entry, resource_type) = (part.entry, part.resource_type.clone());
	let Settled { record, content, tags } = settled;
	FiledPart { entry, resource_type, record, content, tags, resumed }
}

#[cfg(test)]
mod tests;
