// SPDX-License-Identifier: Apache-2.0

//! A chain of two blocks whose answers a test sets.

use async_trait::async_trait;
use salus_client::wire;
use salus_custodian::chain::{
	At, Block, Chain, ChainError, GrantFacts, LogCall, Outcome, RecordFacts, Tombstones,
	VersionFacts,
};
use salus_primitives::{
	AccessDecision, AccessEntry, AccessQuestion, CallScope, CallScopes, ContentHash, DenyReason,
	GrantId, IdentityId, KeyVersion, Moment, RecordId, RecordVersion, X25519Key,
};
use std::{
	collections::{HashMap, HashSet},
	sync::{Mutex, MutexGuard},
};
use tokio::sync::Notify;

pub(crate) const GENESIS: [u8; 32] = [7; 32];
const FINALISED: Block = Block { hash: [1; 32], number: 100 };
const BEST: Block = Block { hash: [2; 32], number: 102 };

/// What one end of the chain knows.
#[derive(Clone, Default)]
pub(crate) struct End {
	pub(crate) accounts: HashMap<[u8; 32], IdentityId>,
	/// What accounts may sign that may not sign everything.
	pub(crate) scopes: HashMap<[u8; 32], CallScopes>,
	pub(crate) keys: HashMap<IdentityId, (KeyVersion, X25519Key)>,
	pub(crate) decision: Option<AccessDecision>,
	pub(crate) records: HashMap<RecordId, RecordFacts>,
	pub(crate) contents: HashMap<ContentHash, RecordId>,
	pub(crate) grants: HashMap<GrantId, GrantFacts>,
	pub(crate) versions: HashMap<(RecordId, RecordVersion), VersionFacts>,
	/// The records that were erased, by the numbers of their tombstones.
	pub(crate) tombstones: Vec<RecordId>,
	/// Who works where.
	pub(crate) affiliations: HashSet<(IdentityId, IdentityId)>,
}

/// What becomes of a batch.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) enum Fate {
	/// Every entry is taken.
	#[default]
	Final,
	/// Every entry is refused for this reason.
	Refused(&'static str),
	/// The pool refuses the transaction.
	NotTaken,
	/// It gets into a block, and nobody hears of it.
	FinalUnheard,
	/// It is lost, and nobody hears of that.
	LostUnheard,
}

#[derive(Default)]
pub(crate) struct State {
	pub(crate) finalised: End,
	pub(crate) best: End,
	/// How old the final block is, in milliseconds.
	pub(crate) age: u64,
	/// Blocks passed since the start.
	pub(crate) passed: u64,
	pub(crate) is_down: bool,
	/// Whether the node answers everything but the question for tombstones.
	pub(crate) hides_tombstones: bool,
	pub(crate) fate: Fate,
	pub(crate) batches: Vec<Vec<LogCall>>,
	pub(crate) logs: HashMap<IdentityId, Vec<AccessEntry>>,
}

#[derive(Default)]
pub(crate) struct FakeChain {
	state: Mutex<State>,
	submitted: Notify,
}

impl FakeChain {
	pub(crate) fn state(&self) -> MutexGuard<'_, State> {
		self.state.lock().unwrap()
	}

	/// Changes both ends alike.
	pub(crate) fn both(&self, change: impl Fn(&mut End)) {
		let mut state = self.state();
		change(&mut state.finalised);
		change(&mut state.best);
	}

	pub(crate) fn decide(&self, decision: AccessDecision) {
		self.both(|end| end.decision = Some(decision));
	}

	/// Waits until this many batches were submitted.
	pub(crate) async fn batches(&self, count: usize) -> Vec<Vec<LogCall>> {
		let reached = async {
			loop {
				let heard = self.submitted.notified();
				if self.state().batches.len() >= count {
					return self.state().batches.clone();
				}
				heard.await;
			}
		};
		tokio::time::timeout(std::time::Duration::from_secs(20), reached).await.unwrap()
	}

	fn end<T>(&self, at: Block, read: impl FnOnce(&End) -> T) -> Result<T, ChainError> {
		let state = self.state();
		if state.is_down {
			return Err(ChainError::Unreachable("down".into()));
		}
		Ok(read(if at.hash == BEST.hash { &state.best } else { &state.finalised }))
	}
}

#[async_trait]
impl Chain for FakeChain {
	fn genesis(&self) -> [u8; 32] {
		GENESIS
	}

	async fn head(&self, at: At) -> Result<Block, ChainError> {
		let block = match at {
			At::Finalised => FINALISED,
			At::Best => BEST,
		};
		self.end(block, |_| ())?;
		Ok(Block { number: block.number + self.state().passed, ..block })
	}

	async fn timestamp(&self, _: Block) -> Result<Moment, ChainError> {
		Ok(wire::now() - self.state().age)
	}

	async fn acting_identity(
		&self,
		account: &[u8; 32],
		scope: CallScope,
		at: Block,
	) -> Result<Option<IdentityId>, ChainError> {
		self.end(at, |end| {
			let may = end.scopes.get(account).is_none_or(|scopes| scopes.contains(scope));
			end.accounts.get(account).copied().filter(|_| may)
		})
	}

	async fn agreement_key(
		&self,
		identity: &IdentityId,
		at: Block,
	) -> Result<Option<(KeyVersion, X25519Key)>, ChainError> {
		self.end(at, |end| end.keys.get(identity).copied())
	}

	async fn check_access(
		&self,
		_: &AccessQuestion,
		at: Block,
	) -> Result<AccessDecision, ChainError> {
		self.end(at, |end| end.decision.unwrap_or(AccessDecision::Deny(DenyReason::NoGrant)))
	}

	async fn grant(&self, grant: GrantId, at: Block) -> Result<Option<GrantFacts>, ChainError> {
		self.end(at, |end| end.grants.get(&grant).copied())
	}

	async fn record(
		&self,
		record: &RecordId,
		at: Block,
	) -> Result<Option<RecordFacts>, ChainError> {
		self.end(at, |end| end.records.get(record).copied())
	}

	async fn record_of(
		&self,
		content: &ContentHash,
		at: Block,
	) -> Result<Option<RecordId>, ChainError> {
		self.end(at, |end| end.contents.get(content).copied())
	}

	async fn version(
		&self,
		record: &RecordId,
		number: RecordVersion,
		at: Block,
	) -> Result<Option<VersionFacts>, ChainError> {
		self.end(at, |end| end.versions.get(&(*record, number)).copied())
	}

	async fn tombstones(
		&self,
		start: u64,
		limit: u32,
		at: Block,
	) -> Result<Tombstones, ChainError> {
		if self.state().hides_tombstones {
			return Err(ChainError::Unreachable("silent".into()));
		}
		self.end(at, |end| {
			let numbered = (0..).zip(end.tombstones.iter().copied());
			let items: Vec<_> = numbered.skip(start as usize).take(limit as usize).collect();
			let behind = start + items.len() as u64;
			let next = (behind < end.tombstones.len() as u64).then_some(behind);
			Tombstones { items, next }
		})
	}

	async fn works_at(
		&self,
		practitioner: &IdentityId,
		organisation: &IdentityId,
		at: Block,
	) -> Result<bool, ChainError> {
		self.end(at, |end| end.affiliations.contains(&(*practitioner, *organisation)))
	}

	async fn log_length(&self, subject: &IdentityId, _: Block) -> Result<u64, ChainError> {
		Ok(self.state().logs.get(subject).map_or(0, |log| log.len() as u64))
	}

	async fn log_entries(
		&self,
		subject: &IdentityId,
		from: u64,
		_: Block,
	) -> Result<Vec<AccessEntry>, ChainError> {
		let state = self.state();
		let log = state.logs.get(subject).cloned().unwrap_or_default();
		Ok(log.into_iter().skip(from as usize).collect())
	}

	async fn submit_log(&self, calls: &[LogCall]) -> Result<Vec<Outcome>, ChainError> {
		let mut state = self.state();
		if state.is_down {
			return Err(ChainError::Unreachable("down".into()));
		}
		state.batches.push(calls.to_vec());
		self.submitted.notify_waiters();
		let fate = state.fate.clone();
		if matches!(fate, Fate::Final | Fate::FinalUnheard) {
			for LogCall { reader, record, purpose, action, decision, event } in
				calls.iter().copied()
			{
				// The log of a record that is erased meanwhile is nobody's any more.
				let Some(facts) = state.finalised.records.get(&record) else { continue };
				let subject = facts.subject;
				let question = AccessQuestion { reader, record, purpose, action };
				let recorder = crate::harness::CUSTODIAN;
				let entry = AccessEntry { question, decision, recorder, at: wire::now(), event };
				state.logs.entry(subject).or_default().push(entry);
			}
		}
		match fate {
			Fate::Final => Ok(vec![Outcome::Logged; calls.len()]),
			Fate::Refused(reason) => Ok(vec![Outcome::Refused(reason.into()); calls.len()]),
			Fate::NotTaken => Err(ChainError::Refused("cannot pay".into())),
			Fate::FinalUnheard | Fate::LostUnheard => {
				Err(ChainError::Uncertain("the node fell silent".into()))
			},
		}
	}
}
