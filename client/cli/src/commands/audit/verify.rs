// SPDX-License-Identifier: Apache-2.0

//! Checking what custodians recorded against the chain: every entry lies under a root there, and every
//! entry that one of them put into the chain's own log is in its record.

use super::{
	ask::Recorded,
	show::{Proof, prove},
};
use crate::{context::Context, output::facts, values::when};
use anyhow::bail;
use salus_client::{
	At,
	custodian::Account,
	types::AuditBatch,
	wire::{AuditEntry, recorder_id},
};
use salus_primitives::{AccessEntry, Digest, IdentityId, Moment, RecorderId};
use serde::Serialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// How long an entry may wait for a batch before that is worth a word.
const PATIENCE: Moment = 60 * 60 * 1000;

#[derive(clap::Args, Debug)]
pub(crate) struct Verify {
	/// What your people asked for instead, as an organisation.
	#[arg(long)]
	readers: bool,
}

/// What came of the checks.
#[derive(Serialize, Default, PartialEq, Eq, Debug)]
#[serde(rename_all = "camelCase")]
struct Findings {
	/// How many entries lie under a root on chain.
	proven: u64,
	/// How many wait for a batch.
	waiting: u64,
	/// How many of those have waited too long.
	late: u64,
	/// Entries that are not what a root on chain stands for.
	broken: Vec<String>,
	/// Entries of the chain's log that the custodian recorded there, and does not show.
	hidden: Vec<u64>,
}

/// What one custodian recorded, and what came of it.
#[derive(Serialize, Debug)]
#[serde(rename_all = "camelCase")]
struct Checked {
	custodian: IdentityId,
	entries: usize,
	findings: Findings,
}

pub(super) async fn verify(context: &Context, args: Verify) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let account = if args.readers { Account::Readers(me.id) } else { Account::Patient(me.id) };
	let since = at.now().await?;
	let (recorded, asked) = Recorded::ask(context, &chain, &at, &me, &secrets, &account).await?;
	// Read after the entries: what they name was on chain before.
	let at = chain.best().await?;
	let log = match account {
		Account::Patient(patient) => whole_log(&at, patient).await?,
		Account::Readers(_) => Vec::new(),
	};
	let mut all = Vec::new();
	for (custodian, entries) in recorded.by_service() {
		let batches = batches(&at, custodian, &entries).await?;
		let findings = check(custodian, &entries, &batches, &log, since);
		all.push(Checked { custodian, entries: entries.len(), findings });
	}
	let others = not_asked(&all, &log);
	let sum = Findings::sum(all.iter().map(|one| &one.findings));
	let entries: usize = all.iter().map(|one| one.entries).sum();
	let answer = json!({
		"custodians": all,
		"entries": entries,
		"findings": sum,
		"contradictions": recorded.contradictions,
		"notAsked": others,
		"silent": asked.silent,
	});
	context.out.say(&answer, || {
		let custodians: Vec<_> = all.iter().map(|one| one.custodian.to_string()).collect();
		let others: Vec<_> = others.iter().map(ToString::to_string).collect();
		facts(&[
			("custodians", custodians.join(", ")),
			("entries", entries.to_string()),
			("under a root on chain", sum.proven.to_string()),
			("not in a batch yet", sum.waiting.to_string()),
			("in the chain's own log", log.len().to_string()),
			(
				"in that log by others",
				if others.is_empty() { "-".into() } else { others.join(", ") },
			),
			("checked (UTC)", when(since)),
		])
	})?;
	if !recorded.contradictions.is_empty() {
		bail!(
			"entries {} were told in two ways: keep what was shown, and tell the regulator",
			recorded.contradictions.join(", ")
		);
	}
	all.iter().try_for_each(|one| complain(one.custodian, &one.findings))?;
	asked.ensure_complete()
}

impl Findings {
	fn sum<'a>(all: impl Iterator<Item = &'a Self>) -> Self {
		all.fold(Self::default(), |mut sum, one| {
			sum.proven = sum.proven.saturating_add(one.proven);
			sum.waiting = sum.waiting.saturating_add(one.waiting);
			sum.late = sum.late.saturating_add(one.late);
			sum.broken.extend(one.broken.iter().cloned());
			sum.hidden.extend(&one.hidden);
			sum
		})
	}
}

/// Who else recorded something in the chain's log: whoever wants to see that names them.
fn not_asked(all: &[Checked], log: &[(u64, AccessEntry)]) -> BTreeSet<IdentityId> {
	let was_asked = |id: &IdentityId| all.iter().any(|one| one.custodian == *id);
	log.iter().map(|(_, entry)| entry.recorder).filter(|id| !was_asked(id)).collect()
}

/// The chain's log, when its hash holds.
async fn whole_log(at: &At, patient: IdentityId) -> anyhow::Result<Vec<(u64, AccessEntry)>> {
	let (head, entries) = (at.access_head(patient).await?, at.whole_access_log(patient).await?);
	if prove(&head, &entries, at.access_log_size()) == Proof::Broken {
		bail!(
			"the log of {patient} does not give the hash that the chain shows for it: do not trust this \
			 node, ask another one"
		);
	}
	Ok(entries)
}

type Batches = BTreeMap<(RecorderId, u64), AuditBatch>;

/// The batches on chain of every recorder that the entries name.
async fn batches(at: &At, service: IdentityId, entries: &[AuditEntry]) -> anyhow::Result<Batches> {
	let recorders: BTreeSet<_> = entries.iter().map(|entry| recorder_id(&entry.recorder)).collect();
	let mut found = BTreeMap::new();
	for recorder in recorders {
		let all = at.all_audit_batches(service, recorder).await?;
		found.extend(all.into_iter().map(|(seq, batch)| ((recorder, seq), batch)));
	}
	Ok(found)
}

fn check(
	service: IdentityId,
	entries: &[AuditEntry],
	batches: &Batches,
	log: &[(u64, AccessEntry)],
	now: Moment,
) -> Findings {
	let mut findings = Findings::default();
	for entry in entries {
		match &entry.batch {
			None => {
				findings.waiting = findings.waiting.saturating_add(1);
				if entry.at.saturating_add(PATIENCE) < now {
					findings.late = findings.late.saturating_add(1);
				}
			},
			Some(_) if is_under_root(service, entry, batches) => {
				findings.proven = findings.proven.saturating_add(1);
			},
			Some(_) => findings.broken.push(format!("{}/{}", entry.recorder, entry.seq)),
		}
	}
	let shown: BTreeSet<Digest> = entries.iter().map(AuditEntry::event).collect();
	let hidden =
		log.iter().filter(|(_, one)| one.recorder == service && !shown.contains(&one.event));
	findings.hidden = hidden.map(|(number, _)| *number).collect();
	findings
}

/// Whether the path that came with an entry leads to the root that the chain has for its batch.
fn is_under_root(service: IdentityId, entry: &AuditEntry, batches: &Batches) -> bool {
	let Some(inclusion) = &entry.batch else { return false };
	let Some(batch) = batches.get(&(recorder_id(&entry.recorder), inclusion.seq)) else {
		return false;
	};
	let size = batch.last.checked_sub(batch.first).and_then(|span| span.checked_add(1));
	inclusion.first == batch.first
		&& Some(inclusion.size) == size
		&& inclusion.leads_to(&batch.root, &entry.leaf(service))
}

fn complain(service: IdentityId, findings: &Findings) -> anyhow::Result<()> {
	if !findings.broken.is_empty() {
		bail!(
			"entries {} are not what {service} put on chain: keep what it shows, and tell the regulator",
			findings.broken.join(", ")
		);
	}
	if !findings.hidden.is_empty() {
		let numbers: Vec<_> = findings.hidden.iter().map(u64::to_string).collect();
		bail!(
			"{service} put entries {} into the chain's log and does not show them: tell the regulator",
			numbers.join(", ")
		);
	}
	if findings.late > 0 {
		bail!(
			"{} entries have waited more than an hour for a batch: ask the operator of {service} whether \
			 it reaches the chain",
			findings.late
		);
	}
	Ok(())
}

#[cfg(test)]
pub(super) mod tests {
	use super::*;
	use salus_client::wire::{AuditInclusion, Released};
	use salus_envelope::Sha256Hasher;
	use salus_merkle::MerkleTree;
	use salus_primitives::{
		AccessDecision, AccessQuestion, Action, PermitBasis, Purpose, RecordId,
	};

	pub(crate) const SERVICE: IdentityId = IdentityId([5; 32]);

	pub(crate) fn entry(seq: u64) -> AuditEntry {
		AuditEntry {
			recorder: "desk".into(),
			seq,
			at: 1000,
			subject: Some(IdentityId([1; 32])),
			organisations: Vec::new(),
			question: AccessQuestion {
				reader: IdentityId([2; 32]),
				record: RecordId([3; 32]),
				purpose: Purpose::Treat,
				action: Action::Access,
			},
			version: 1,
			decision: AccessDecision::Permit(PermitBasis::Subject),
			released: Released::default(),
			counted: false,
			account: Digest([4; 32]),
			request: Digest([6; 32]),
			suppressed: 0,
			salt: [7; 16],
			batch: None,
		}
	}

	/// Five entries under one root, from number 3 on, and the batch on chain.
	pub(crate) fn anchored() -> (Vec<AuditEntry>, Batches) {
		let mut entries: Vec<_> = (3..8).map(entry).collect();
		let leaves = entries.iter().map(|entry| entry.leaf(SERVICE).to_bytes());
		let tree = MerkleTree::<Sha256Hasher>::from_data(leaves.collect::<Vec<_>>());
		for (index, entry) in entries.iter_mut().enumerate() {
			let path = tree.path(index as u64).unwrap().into_iter().map(Digest).collect();
			entry.batch = Some(AuditInclusion { seq: 2, first: 3, size: 5, path });
		}
		let root = Digest(tree.root());
		let batch = AuditBatch { root, first: 3, last: 7, from: 0, until: 0, at: 0 };
		(entries, BTreeMap::from([((recorder_id("desk"), 2), batch)]))
	}

	fn logged(entry: &AuditEntry) -> AccessEntry {
		AccessEntry {
			question: entry.question,
			decision: entry.decision,
			recorder: SERVICE,
			at: 0,
			event: entry.event(),
		}
	}

	#[test]
	fn entries_under_a_root_on_chain_are_proven() {
		let (mut entries, batches) = anchored();
		entries.push(entry(8));
		let findings = check(SERVICE, &entries, &batches, &[], 2000);
		assert_eq!((findings.proven, findings.waiting, findings.late), (5, 1, 0));
		assert!(complain(SERVICE, &findings).is_ok());
	}

	#[test]
	fn an_entry_that_was_changed_or_moved_is_told() {
		let changes: [fn(&mut AuditEntry); 5] = [
			|entry| entry.question.reader = IdentityId([9; 32]),
			|entry| entry.seq = 5,
			|entry| entry.recorder = "other".into(),
			|entry| entry.batch.as_mut().unwrap().seq = 1,
			|entry| entry.batch.as_mut().unwrap().size = 6,
		];
		for (number, change) in changes.into_iter().enumerate() {
			let (mut entries, batches) = anchored();
			change(&mut entries[1]);
			let findings = check(SERVICE, &entries, &batches, &[], 2000);
			assert_eq!(findings.broken.len(), 1, "change {number}");
			let said = complain(SERVICE, &findings).unwrap_err().to_string();
			assert!(said.contains("are not what"), "{said}");
		}
	}

	#[test]
	fn what_the_chain_logged_has_to_be_shown() {
		let (entries, batches) = anchored();
		let mut other = logged(&entry(9));
		let log = [(0, logged(&entries[0])), (1, other)];
		let findings = check(SERVICE, &entries, &batches, &log, 2000);
		assert_eq!(findings.hidden, [1]);
		assert!(complain(SERVICE, &findings).is_err());
		// What somebody else recorded is somebody else's to show.
		other.recorder = IdentityId([8; 32]);
		let findings = check(SERVICE, &entries, &batches, &[(1, other)], 2000);
		assert!(findings.hidden.is_empty());
	}

	#[test]
	fn what_waits_too_long_is_told() {
		let findings = check(SERVICE, &[entry(0)], &Batches::new(), &[], 1001 + PATIENCE);
		assert_eq!((findings.waiting, findings.late), (1, 1));
		assert!(complain(SERVICE, &findings).is_err());
	}

	#[test]
	fn findings_of_all_are_summed_and_others_are_named() {
		let (entries, batches) = anchored();
		let findings = || check(SERVICE, &entries, &batches, &[(7, logged(&entry(9)))], 2000);
		let sum = Findings::sum([findings(), findings()].iter());
		assert_eq!((sum.proven, sum.hidden), (10, vec![7, 7]));
		assert_eq!(Findings::sum([].iter()), Findings::default());

		let checked = Checked { custodian: SERVICE, entries: 5, findings: findings() };
		let mut foreign = logged(&entry(3));
		foreign.recorder = IdentityId([8; 32]);
		let log = [(0, logged(&entry(3))), (1, foreign), (2, foreign)];
		assert_eq!(not_asked(&[checked], &log), BTreeSet::from([IdentityId([8; 32])]));
	}
}
