// SPDX-License-Identifier: Apache-2.0

//! Who asked for a patient's records, and whether the list is complete.

use super::accounting;
use crate::{
	commands::record::subject,
	context::Context,
	output::{facts, short, table},
	values::{Party, when},
};
use anyhow::bail;
use salus_client::custodian::Account;
use salus_primitives::{AccessEntry, AccessHead, blake2_256};
use serde_json::json;

#[derive(clap::Args, Debug)]
pub(crate) struct Show {
	/// Whose; your own without a name.
	patient: Option<Party>,
	/// Also what the custodian recorded, with what is not on chain yet. For the patient itself.
	#[arg(long)]
	custodian_log: bool,
}

/// Whether the entries are all there and in order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Proof {
	/// The hash over all of them is the chain's.
	Complete,
	/// The chain keeps the newest ones only; older ones are in its events.
	Tail { missing: u64 },
	/// They do not give the chain's hash.
	Broken,
}

pub(super) async fn show(context: &Context, args: Show) -> anyhow::Result<()> {
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let patient = subject(context, &at, args.patient).await?;
	// One block for both, so that they fit each other.
	let (head, entries) = (at.access_head(patient).await?, at.whole_access_log(patient).await?);
	let proof = prove(&head, &entries, at.access_log_size());
	if proof == Proof::Broken {
		bail!(
			"the log of {patient} does not give the hash that the chain shows for it ({}): do not \
			 trust this node, ask another one",
			head.hash
		);
	}
	let recorded = if args.custodian_log {
		let secrets = context.secrets()?;
		let me = context.me(&at, &secrets).await?;
		if me.id != patient {
			bail!("the custodian shows its own log to the patient only: leave --custodian-log out");
		}
		let custodian = context.custodian(&at, &chain).await?;
		Some(accounting(&custodian, &secrets, &Account::Patient(patient)).await?)
	} else {
		None
	};

	let shown: Vec<_> =
		entries.iter().map(|(number, entry)| json!({ "number": number, "entry": entry })).collect();
	let missing = if let Proof::Tail { missing } = proof { missing } else { 0 };
	let answer = json!({
		"patient": patient,
		"head": head,
		"verified": proof == Proof::Complete,
		"olderEntries": missing,
		"entries": shown,
		"custodianEntries": recorded,
	});
	context.out.say(&answer, || {
		let rows = entries.iter().map(|(number, entry)| row(&number.to_string(), entry));
		let head_row = ["no.", "when (UTC)", "who", "record", "purpose", "answer", "recorded by"];
		let log = table(head_row, rows.collect(), "nobody asked for anything");
		let proof = match proof {
			Proof::Complete => "complete: the hash over all entries is the chain's".into(),
			Proof::Tail { missing } => format!("{missing} older entries are in the chain's events"),
			Proof::Broken => unreachable!("told as an error above"),
		};
		let facts = facts(&[
			("entries", head.count.to_string()),
			("hash", head.hash.to_string()),
			("log", proof),
		]);
		let mut text = format!("{log}\n\n{facts}");
		if let Some(recorded) = &recorded {
			let rows = recorded.iter().map(|entry| {
				[
					format!("{}/{}", entry.recorder, entry.seq),
					when(entry.at),
					entry.question.reader.to_string(),
					short(&entry.question.record),
					entry.question.purpose.to_string(),
					entry.decision.to_string(),
					entry.batch.as_ref().map_or_else(|| "-".into(), |batch| batch.seq.to_string()),
				]
			});
			let head =
				["custodian's no.", "when (UTC)", "who", "record", "purpose", "answer", "batch"];
			text +=
				&format!("\n\n{}", table(head, rows.collect(), "the custodian recorded nothing"));
		}
		text
	})
}

fn row(number: &str, entry: &AccessEntry) -> [String; 7] {
	[
		number.into(),
		when(entry.at),
		entry.question.reader.to_string(),
		short(&entry.question.record),
		entry.question.purpose.to_string(),
		entry.decision.to_string(),
		short(&entry.recorder),
	]
}

pub(super) fn prove(head: &AccessHead, entries: &[(u64, AccessEntry)], kept: u64) -> Proof {
	let first = entries.first().map_or(0, |(number, _)| *number);
	let is_contiguous =
		entries.iter().zip(first..).all(|((number, _), expected)| *number == expected);
	if !is_contiguous || first.checked_add(entries.len() as u64) != Some(head.count) {
		return Proof::Broken;
	}
	if first > 0 {
		// Only what no longer fits may be missing.
		let is_due = head.count.saturating_sub(kept) == first;
		return if is_due { Proof::Tail { missing: first } } else { Proof::Broken };
	}
	let found = entries
		.iter()
		.fold(AccessHead::default(), |head, (_, entry)| head.advance(blake2_256, entry));
	if found == *head { Proof::Complete } else { Proof::Broken }
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_primitives::{
		AccessDecision, AccessQuestion, Action, DenyReason, Digest, IdentityId, Purpose, RecordId,
	};

	fn log(count: u64) -> (AccessHead, Vec<(u64, AccessEntry)>) {
		let entry = |number: u64| AccessEntry {
			question: AccessQuestion {
				reader: IdentityId([number as u8; 32]),
				record: RecordId([1; 32]),
				purpose: Purpose::Treat,
				action: Action::Access,
			},
			decision: AccessDecision::Deny(DenyReason::NoGrant),
			recorder: IdentityId([2; 32]),
			at: number,
			event: Digest([3; 32]),
		};
		let entries: Vec<_> = (0..count).map(|number| (number, entry(number))).collect();
		let head = entries
			.iter()
			.fold(AccessHead::default(), |head, (_, entry)| head.advance(blake2_256, entry));
		(head, entries)
	}

	#[test]
	fn a_whole_log_is_proven() {
		assert_eq!(prove(&AccessHead::default(), &[], 64), Proof::Complete);
		let (head, entries) = log(5);
		assert_eq!(prove(&head, &entries, 64), Proof::Complete);
	}

	#[test]
	fn the_newest_entries_are_a_tail_when_older_ones_no_longer_fit() {
		let (head, entries) = log(5);
		assert_eq!(prove(&head, &entries[2..], 3), Proof::Tail { missing: 2 });
		assert_eq!(prove(&head, &entries[2..], 4), Proof::Broken);
	}

	#[test]
	fn a_log_that_lost_or_changed_an_entry_is_broken() {
		let (head, entries) = log(5);
		for gone in 0..5 {
			let mut cut = entries.clone();
			cut.remove(gone);
			assert_eq!(prove(&head, &cut, 64), Proof::Broken, "{gone}");
		}
		let mut changed = entries.clone();
		changed[2].1.at += 1;
		assert_eq!(prove(&head, &changed, 64), Proof::Broken);
		let mut swapped = entries;
		swapped.swap(1, 2);
		assert_eq!(prove(&head, &swapped, 64), Proof::Broken);
	}
}
