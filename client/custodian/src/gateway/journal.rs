// SPDX-License-Identifier: Apache-2.0

//! The gateway's log: every decision, durable before it is answered, numbered without gaps.

use crate::{
	Error,
	erasure::{Evidence, evidence_path},
	error::Result,
	store::{Store, json},
};
use salus_client::wire::{Decision, DecisionPage, EvidenceKey, ListedDecision};
use salus_primitives::IdentityId;
use tokio::sync::Mutex;

/// The log of one recorder of the gateway.
pub(crate) struct Journal {
	store: Store,
	organisation: IdentityId,
	recorder: String,
	/// The number of the next decision. Held while one is written, which keeps the numbers dense.
	next: Mutex<u64>,
}

impl Journal {
	/// Opens the log where it ends.
	pub(super) async fn open(
		store: Store,
		organisation: IdentityId,
		recorder: String,
	) -> Result<Self> {
		let journal = Self { store, organisation, recorder, next: Mutex::new(0) };
		let end = journal.store.first_missing(0, |seq| journal.path(seq)).await?;
		*journal.next.lock().await = end;
		Ok(journal)
	}

	/// Writes a decision under the next number, and gives it as written. It is durable then.
	pub(super) async fn append(&self, decision: Decision) -> Result<Decision> {
		let mut next = self.next.lock().await;
		loop {
			let seq = *next;
			let decision = Decision { recorder: self.recorder.clone(), seq, ..decision.clone() };
			// A number that is taken is one that an earlier try wrote without learning of it.
			let is_ours = self.store.create(&self.path(seq), json(&decision)).await?;
			*next += 1;
			if is_ours {
				return Ok(decision);
			}
		}
	}

	/// The decisions behind number `after`, oldest first. A page costs what it holds, however long
	/// the log is.
	pub(super) async fn page(&self, after: Option<u64>, limit: u32) -> Result<DecisionPage> {
		let end = *self.next.lock().await;
		let start = after.map_or(0, |after| after.saturating_add(1));
		let stop = start.saturating_add(limit.into()).min(end);
		let mut decisions = Vec::new();
		for seq in start..stop {
			let path = self.path(seq);
			let decision: Option<Decision> = self.store.read_json(&path).await?;
			let decision = decision.ok_or(Error::Row(path))?;
			let evidence_key = self.evidence_key(&decision).await?;
			decisions.push(ListedDecision { decision, evidence_key });
		}
		let last = stop.checked_sub(1).filter(|_| start < stop && stop < end);
		Ok(DecisionPage { decisions, next: last })
	}

	async fn evidence_key(&self, decision: &Decision) -> Result<Option<EvidenceKey>> {
		let path = evidence_path(&decision.record, &decision.evidence);
		let evidence: Option<Evidence> = self.store.read_json(&path).await?;
		let keys = evidence.map(|evidence| evidence.keys).unwrap_or_default();
		Ok(keys.into_iter().find(|key| key.recipient == self.organisation))
	}

	fn path(&self, seq: u64) -> String {
		let organisation = hex::encode(self.organisation.0);
		format!("validations/{organisation}/{}/{seq:020}", self.recorder)
	}
}
