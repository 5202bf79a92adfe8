// SPDX-License-Identifier: Apache-2.0

//! `salus record index`: tags for records whose author could not set them.

use super::subject;
use crate::{
	context::Context,
	filing::{Filing, tags_of},
	output::{self, facts},
	reading_room::ReadingRoom,
	values::Party,
};
use salus_client::{
	At, calls,
	types::{RecordFilter, RecordView},
};
use salus_envelope::IndexKey;
use salus_fhir::terms::terms;
use salus_primitives::{Action, Classes, IdentityId, Purpose, RecordId, RecordStatus};
use serde::Serialize;

#[derive(clap::Args, Debug)]
pub(crate) struct Index {
	/// Whose records; your own without it. Of others you index those that you filed.
	patient: Option<Party>,
	/// Set the tags of those anew that have some.
	#[arg(long)]
	again: bool,
	/// How many records to open at most.
	#[arg(long, default_value_t = 1_000)]
	limit: usize,
	/// What you open them for.
	#[arg(long)]
	purpose: Option<Purpose>,
}

/// What came of it.
#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Indexed {
	/// Whose tags were set, and how many each has.
	indexed: Vec<(RecordId, usize)>,
	/// How many have tags already.
	had_tags: usize,
	/// How many say nothing that a search looks for.
	without_terms: usize,
	/// How many are somebody else's to index.
	of_others: usize,
	/// How many lie in compartments that cannot be opened.
	closed: usize,
	/// What could not be opened, and why.
	failed: Vec<(RecordId, String)>,
	/// Whether more are left.
	more: bool,
}

pub(super) async fn index(context: &Context, index: Index) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let subject = subject(context, &at, index.patient).await?;
	let room = ReadingRoom { context, chain: &chain, secrets: &secrets, me: &me };
	let (indexed, calls) = look_through(&room, &at, subject, &index).await?;
	let filing = Filing { context, chain: &chain, secrets: &secrets, me: &me };
	filing.submit_calls("indexing", &calls).await?;
	context.out.say(&indexed, || tell(&indexed))
}

/// Opens what wants tags, and makes the calls that set them.
async fn look_through(
	room: &ReadingRoom<'_>,
	at: &At,
	subject: IdentityId,
	index: &Index,
) -> anyhow::Result<(Indexed, Vec<salus_client::Call>)> {
	let unlocked = room.unlocked(at, subject).await?;
	let filter = RecordFilter { classes: Classes::ALL, from: None, until: None };
	let (mut indexed, mut calls) = (Indexed::default(), Vec::new());
	let spinner = output::spinner("opening");
	let (mut start, mut opened) = (u32::MAX, 0_usize);
	loop {
		let page = at.found_records(subject, filter, start).await?;
		for view in page.items {
			if view.status == RecordStatus::EnteredInError {
				continue;
			}
			let Some(secret) = unlocked.secret_of(view.compartment) else {
				indexed.closed = indexed.closed.saturating_add(1);
				continue;
			};
			if !is_mine(room, &view) {
				indexed.of_others = indexed.of_others.saturating_add(1);
				continue;
			}
			if !index.again && !at.tags_of(view.id).await?.is_empty() {
				indexed.had_tags = indexed.had_tags.saturating_add(1);
				continue;
			}
			if opened >= index.limit {
				indexed.more = true;
				continue;
			}
			opened = opened.saturating_add(1);
			spinner.set_message(format!("opening: {opened}"));
			match room.open(view.id, None, index.purpose, Action::Access).await {
				Ok(document) => {
					let tags = tags_of(&IndexKey::of(secret), &view.id, &terms(&document.bytes));
					if tags.is_empty() {
						indexed.without_terms = indexed.without_terms.saturating_add(1);
						continue;
					}
					indexed.indexed.push((view.id, tags.len()));
					calls.push(calls::records::set_tags(view.id, tags));
				},
				Err(error) => {
					let reason = salus_client::one_line(&format!("{error:#}"));
					indexed.failed.push((view.id, reason));
				},
			}
		}
		let Some(next) = page.next else { break };
		start = next;
	}
	spinner.finish_and_clear();
	Ok((indexed, calls))
}

/// The chain takes tags from a record's subject and its author.
fn is_mine(room: &ReadingRoom<'_>, view: &RecordView) -> bool {
	view.subject == room.me.id || view.author == room.me.id
}

fn tell(indexed: &Indexed) -> String {
	let mut rows = vec![
		("indexed now", indexed.indexed.len().to_string()),
		("had tags", indexed.had_tags.to_string()),
		("nothing to find them by", indexed.without_terms.to_string()),
		("others' to index", indexed.of_others.to_string()),
		("in closed compartments", indexed.closed.to_string()),
		("could not be opened", indexed.failed.len().to_string()),
	];
	if let Some((record, reason)) = indexed.failed.first() {
		rows.push(("the first of them", format!("{record}: {reason}")));
	}
	if indexed.more {
		rows.push(("left for another run", "yes: type the command again".into()));
	}
	facts(&rows)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn what_was_left_out_is_told() {
		let mut indexed = Indexed { had_tags: 3, closed: 1, ..Indexed::default() };
		let text = tell(&indexed);
		assert!(text.contains("had tags                 3"), "{text}");
		assert!(!text.contains("another run"), "{text}");
		indexed.failed.push((RecordId([1; 32]), "no grant".into()));
		indexed.more = true;
		let text = tell(&indexed);
		assert!(text.contains("no grant") && text.contains("type the command again"), "{text}");
	}
}
