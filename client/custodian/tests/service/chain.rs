// SPDX-License-Identifier: Apache-2.0

//! A chain of two blocks whose answers a test sets.

use async_trait::async_trait;
use salus_client::types::{AuditBatch, AuditHead};
use salus_client::wire;
use salus_custodian::chain::{
	At, BatchCall, BatchFacts, Block, Chain, ChainError, EmergencyFacts, GrantFacts, Included,
	LogCall, Outcome, RecordFacts, Tombstones, VersionFacts,
};
use salus_primitives::{
	AccessDecision, AccessEntry, AccessQuestion, BatchIx, CallScope, CallScopes, CompartmentNo,
	ContentHash, DenyReason, EmergencyId, EmergencyKey, Epoch, GrantId, IdentityId, KeyVersion,
	Moment, RecordId, RecordVersion, RecorderId, Wrap, X25519Key,
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
	/// Who works where; an organisation works at itself.
	pub(crate) affiliations: HashSet<(IdentityId, IdentityId)>,
	/// Who offers to hold emergency keys.
	pub(crate) holders: HashSet<IdentityId>,
	/// Who is accredited to keep shares.
	pub(crate) custodians: HashSet<IdentityId>,
	/// Who may handle goods.
	pub(crate) partners: HashSet<IdentityId>,
	pub(crate) unit_batches: HashMap<BatchIx, BatchFacts>,
	pub(crate) emergencies: HashMap<EmergencyId, EmergencyFacts>,
	pub(crate) emergency_keys: HashMap<CompartmentNo, EmergencyKey>,
	/// The links back, by the epoch that they lead to.
	pub(crate) links: HashMap<Epoch, Wrap>,
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
	/// A block holds it, and finality does not come.
	NeverFinal,
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
	/// What becomes of audit batches.
	pub(crate) batch_fate: Fate,
	/// The audit batches that were sent.
	pub(crate) sent: Vec<BatchCall>,
	/// The audit batches that stand on chain.
	pub(crate) audits: HashMap<RecorderId, Vec<AuditBatch>>,
	/// How far the clock of the chain is behind this machine's, in milliseconds.
	pub(crate) behind: u64,
}

impl State {
	/// How many entries of a recorder its batches hold. That they have no gap was checked when they
	/// came.
	pub(crate) fn anchored(&self, recorder: &str) -> u64 {
		let batches = self.audits.get(&wire::recorder_id(recorder));
		batches.and_then(|batches| batches.last()).map_or(0, |batch| batch.last + 1)
	}

	/// As the pallet does.
	fn anchor(&mut self, call: &BatchCall) -> Outcome {
		let now = wire::now() - self.behind;
		let next = self.audits.get(&call.recorder).map_or((0, 0), |batches| {
			(batches.len() as u64, batches.last().map_or(0, |batch| batch.last + 1))
		});
		let reason = if (call.seq, call.first) != next {
			"SequenceGap"
		} else if call.last < call.first {
			"BadRange"
		} else if call.from > call.until || call.until > now {
			"BadTimes"
		} else {
			let BatchCall { root, first, last, from, until, .. } = *call;
			let batch = AuditBatch { root, first, last, from, until, at: now };
			self.audits.entry(call.recorder).or_default().push(batch);
			return Outcome::Logged;
		};
		Outcome::Refused(reason.into())
	}
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
		let state = self.state();
		Ok(wire::now() - state.age - state.behind)
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

	async fn organisations_of(
		&self,
		id: &IdentityId,
		at: Block,
	) -> Result<Vec<IdentityId>, ChainError> {
		self.end(at, |end| {
			let mut found: Vec<_> = end
				.affiliations
				.iter()
				.filter(|(who, _)| who == id)
				.map(|(_, organisation)| *organisation)
				.collect();
			found.sort();
			found
		})
	}

	async fn audit_head(
		&self,
		_: &IdentityId,
		recorder: &RecorderId,
		_: Block,
	) -> Result<AuditHead, ChainError> {
		let state = self.state();
		let batches = state.audits.get(recorder);
		let next_event =
			batches.and_then(|batches| batches.last()).map_or(0, |batch| batch.last + 1);
		let next_seq = batches.map_or(0, |batches| batches.len() as u64);
		Ok(AuditHead { next_seq, next_event })
	}

	async fn audit_batches(
		&self,
		_: &IdentityId,
		recorder: &RecorderId,
		start: u64,
		limit: u32,
		_: Block,
	) -> Result<Vec<AuditBatch>, ChainError> {
		let state = self.state();
		let batches = state.audits.get(recorder).into_iter().flatten();
		Ok(batches.skip(start as usize).take(limit as usize).copied().collect())
	}

	async fn submit_batch(&self, call: &BatchCall) -> Result<Outcome, ChainError> {
		let mut state = self.state();
		if state.is_down {
			return Err(ChainError::Unreachable("down".into()));
		}
		state.sent.push(*call);
		self.submitted.notify_waiters();
		match state.batch_fate.clone() {
			Fate::Final => return Ok(state.anchor(call)),
			Fate::Refused(reason) => return Ok(Outcome::Refused(reason.into())),
			Fate::NotTaken => return Err(ChainError::Refused("cannot pay".into())),
			Fate::FinalUnheard => drop(state.anchor(call)),
			Fate::LostUnheard | Fate::NeverFinal => (),
		}
		Err(ChainError::Uncertain("the node fell silent".into()))
	}

	async fn holds_emergency_keys(&self, id: &IdentityId, at: Block) -> Result<bool, ChainError> {
		self.end(at, |end| end.holders.contains(id))
	}

	async fn is_data_custodian(&self, id: &IdentityId, at: Block) -> Result<bool, ChainError> {
		self.end(at, |end| end.custodians.contains(id))
	}

	async fn is_trading_partner(&self, id: &IdentityId, at: Block) -> Result<bool, ChainError> {
		self.end(at, |end| end.partners.contains(id))
	}

	async fn unit_batch(
		&self,
		batch: BatchIx,
		at: Block,
	) -> Result<Option<BatchFacts>, ChainError> {
		self.end(at, |end| end.unit_batches.get(&batch).copied())
	}

	async fn emergency(
		&self,
		id: EmergencyId,
		at: Block,
	) -> Result<Option<EmergencyFacts>, ChainError> {
		self.end(at, |end| end.emergencies.get(&id).copied())
	}

	async fn emergency_key(
		&self,
		_: &IdentityId,
		compartment: CompartmentNo,
		at: Block,
	) -> Result<Option<EmergencyKey>, ChainError> {
		self.end(at, |end| end.emergency_keys.get(&compartment).copied())
	}

	async fn epoch_link(
		&self,
		_: &IdentityId,
		_: CompartmentNo,
		epoch: Epoch,
		at: Block,
	) -> Result<Option<Wrap>, ChainError> {
		self.end(at, |end| end.links.get(&epoch).copied())
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

	async fn submit_log(
		&self,
		calls: &[LogCall],
		included: &Included<'_>,
	) -> Result<Vec<Outcome>, ChainError> {
		let fate = self.take(calls)?;
		let logged = vec![Outcome::Logged; calls.len()];
		match fate {
			Fate::Final => {
				included(&logged);
				Ok(logged)
			},
			Fate::Refused(reason) => Ok(vec![Outcome::Refused(reason.into()); calls.len()]),
			Fate::NotTaken => Err(ChainError::Refused("cannot pay".into())),
			Fate::FinalUnheard | Fate::LostUnheard => {
				Err(ChainError::Uncertain("the node fell silent".into()))
			},
			Fate::NeverFinal => {
				included(&logged);
				std::future::pending().await
			},
		}
	}
}

impl FakeChain {
	fn take(&self, calls: &[LogCall]) -> Result<Fate, ChainError> {
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
		Ok(fate)
	}
}
