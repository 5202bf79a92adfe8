// SPDX-License-Identifier: Apache-2.0

//! What the custodian asks of the chain and tells it.

mod node;
mod transactions;

use async_trait::async_trait;
use salus_client::types::{AuditBatch, AuditHead};
use salus_gs1::UdiDi;
use salus_primitives::{
	AccessDecision, AccessEntry, AccessQuestion, Action, AmendReason, BatchIx, CallScope,
	CompartmentNo, ContentHash, Digest, EmergencyId, EmergencyKey, Epoch, GrantId, IdentityId,
	KeyVersion, Moment, Purpose, RecordId, RecordKey, RecordStatus, RecordVersion, RecorderId,
	Wrap, X25519Key,
};

pub use node::Node;

/// Which end of the chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum At {
	/// The newest final block: a grant acts from here on.
	Finalised,
	/// The newest block: a revocation acts from here on.
	Best,
}

/// A block to read at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Block {
	/// Its hash.
	pub hash: [u8; 32],
	/// Its number.
	pub number: u64,
}

/// What the custodian needs to know of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RecordFacts {
	/// Whom it is about.
	pub subject: IdentityId,
	/// Who filed it.
	pub author: IdentityId,
	/// For which organisation.
	pub organisation: Option<IdentityId>,
	/// Where it stands.
	pub status: RecordStatus,
	/// The version that counts.
	pub current: RecordVersion,
	/// The highest version number given out.
	pub newest: RecordVersion,
	/// The compartment it lies in.
	pub compartment: CompartmentNo,
	/// Whether it is held back from erasure.
	pub legal_hold: bool,
}

/// What the custodian needs to know of a version of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VersionFacts {
	/// The hash of its sealed object.
	pub content: ContentHash,
	/// Its reader share, sealed to the compartment, while the chain still has it.
	pub key: Option<RecordKey>,
	/// Why it was filed, for all but the first.
	pub reason: Option<AmendReason>,
	/// Whether its policy was met once: it counts, or did.
	pub was_anchored: bool,
	/// Whether it was withdrawn before anything was decided.
	pub is_given_up: bool,
}

/// What is needed to know of an emergency.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EmergencyFacts {
	/// Whose records it opens.
	pub subject: IdentityId,
	/// Who broke the glass.
	pub claimant: IdentityId,
	/// The organisation where it worked then, and acts.
	pub organisation: IdentityId,
}

/// One page of the chain's tombstones.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Tombstones {
	/// The records that were erased, with the numbers of their tombstones.
	pub items: Vec<(u64, RecordId)>,
	/// Where the next page starts, when there is more.
	pub next: Option<u64>,
}

/// What the custodian needs to know of a grant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GrantFacts {
	/// Whether each use is counted.
	pub is_counted: bool,
	/// The organisation that it speaks to, itself or by a role there.
	pub organisation: Option<IdentityId>,
	/// Whether it was taken back or is outside its window. That its uses are spent is no matter.
	pub is_over: bool,
}

/// What the custodian needs to know of a batch of units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BatchFacts {
	/// Of which product.
	pub product: UdiDi,
	/// Who commissioned them.
	pub maker: IdentityId,
	/// The root of their leaves.
	pub root: Digest,
	/// How many.
	pub count: u32,
	/// The hash of their leaf file.
	pub leaf_file: Digest,
}

/// One `log_access` call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LogCall {
	/// Who asked.
	pub reader: IdentityId,
	/// For which record.
	pub record: RecordId,
	/// What for.
	pub purpose: Purpose,
	/// To do what.
	pub action: Action,
	/// What was answered.
	pub decision: AccessDecision,
	/// The hash of the custodian's own entry.
	pub event: Digest,
}

/// One `anchor_audit_batch` call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BatchCall {
	/// Which of the custodian's logs.
	pub recorder: RecorderId,
	/// The number of the batch.
	pub seq: u64,
	/// The root of the tree over its entries.
	pub root: Digest,
	/// The number of the first entry.
	pub first: u64,
	/// The number of the last entry.
	pub last: u64,
	/// When the first was written.
	pub from: Moment,
	/// When the last was written.
	pub until: Moment,
}

/// What became of one call of a batch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
	/// The entry stands in the log of the chain.
	Logged,
	/// The chain refuses it: the pallet's error.
	Refused(String),
}

/// Why the chain gives no answer.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ChainError {
	/// The node does not answer, or not with what was asked.
	#[error("{0}")]
	Unreachable(String),
	/// The pool refused a transaction: it will never be in a block.
	#[error("the transaction was refused: {0}")]
	Refused(String),
	/// A transaction was sent, and what became of it is not known.
	#[error("the transaction may or may not be in a block: {0}")]
	Uncertain(String),
}

impl From<ChainError> for crate::Error {
	fn from(error: ChainError) -> Self {
		Self::Chain(error.to_string())
	}
}

type Result<T, E = ChainError> = core::result::Result<T, E>;

/// For how many blocks a batch of log calls may wait in the pool. After that many it is in a block
/// or never will be.
pub const LOG_MORTALITY: u64 = 32;

/// The chain, as the custodian sees it through its own node.
#[async_trait]
pub trait Chain: Send + Sync + 'static {
	/// Hash of block 0.
	fn genesis(&self) -> [u8; 32];

	/// The newest block of a kind.
	async fn head(&self, at: At) -> Result<Block>;

	/// When a block was made, by its own timestamp.
	async fn timestamp(&self, at: Block) -> Result<Moment>;

	/// The active identity in whose name an account may sign what belongs to a scope.
	async fn acting_identity(
		&self,
		account: &[u8; 32],
		scope: CallScope,
		at: Block,
	) -> Result<Option<IdentityId>>;

	/// The agreement key of an identity that is in force.
	async fn agreement_key(
		&self,
		identity: &IdentityId,
		at: Block,
	) -> Result<Option<(KeyVersion, X25519Key)>>;

	/// May the reader do that with the record?
	async fn check_access(&self, question: &AccessQuestion, at: Block) -> Result<AccessDecision>;

	/// A grant.
	async fn grant(&self, grant: GrantId, at: Block) -> Result<Option<GrantFacts>>;

	/// A record.
	async fn record(&self, record: &RecordId, at: Block) -> Result<Option<RecordFacts>>;

	/// A version of a record.
	async fn version(
		&self,
		record: &RecordId,
		number: RecordVersion,
		at: Block,
	) -> Result<Option<VersionFacts>>;

	/// The records that were erased, from tombstone number `start` on. The numbers have no gaps.
	async fn tombstones(&self, start: u64, limit: u32, at: Block) -> Result<Tombstones>;

	/// Where somebody works at the time of the block; an organisation works at itself.
	async fn organisations_of(&self, id: &IdentityId, at: Block) -> Result<Vec<IdentityId>>;

	/// Whether somebody works at an organisation at the time of the block.
	async fn works_at(
		&self,
		practitioner: &IdentityId,
		organisation: &IdentityId,
		at: Block,
	) -> Result<bool> {
		Ok(self.organisations_of(practitioner, at).await?.contains(organisation))
	}

	/// Whether somebody keeps a record, and so may amend it: the organisation that it was filed for
	/// and who works there now, or else its author.
	async fn keeps(&self, id: &IdentityId, record: &RecordFacts, at: Block) -> Result<bool> {
		match record.organisation {
			Some(home) if home != *id => self.works_at(id, &home, at).await,
			Some(_) => Ok(true),
			None => Ok(record.author == *id),
		}
	}

	/// The record that a sealed object belongs to.
	async fn record_of(&self, content: &ContentHash, at: Block) -> Result<Option<RecordId>>;

	/// How many entries the access log of a subject has.
	async fn log_length(&self, subject: &IdentityId, at: Block) -> Result<u64>;

	/// The entries of that log, from number `from` on.
	async fn log_entries(
		&self,
		subject: &IdentityId,
		from: u64,
		at: Block,
	) -> Result<Vec<AccessEntry>>;

	/// Submits log calls as one batch in which none undoes another, and waits until it is final.
	/// Gives one outcome for each call, in order. `included` hears them as soon as a block holds the
	/// batch, and again when another one does.
	async fn submit_log(&self, calls: &[LogCall], included: &Included<'_>) -> Result<Vec<Outcome>>;

	/// How far the log of a recorder is anchored.
	async fn audit_head(
		&self,
		organisation: &IdentityId,
		recorder: &RecorderId,
		at: Block,
	) -> Result<AuditHead>;

	/// The batches of a recorder from number `start` on, at most `limit`.
	async fn audit_batches(
		&self,
		organisation: &IdentityId,
		recorder: &RecorderId,
		start: u64,
		limit: u32,
		at: Block,
	) -> Result<Vec<AuditBatch>>;

	/// Submits one audit batch and waits until it is final.
	async fn submit_batch(&self, call: &BatchCall) -> Result<Outcome>;

	/// Whether an organisation offers to hold emergency keys.
	async fn holds_emergency_keys(&self, id: &IdentityId, at: Block) -> Result<bool>;

	/// Whether somebody is accredited to keep key shares at the time of the block.
	async fn is_data_custodian(&self, id: &IdentityId, at: Block) -> Result<bool>;

	/// Whether somebody may handle goods at the time of the block: a maker, a distributor, a pharmacy
	/// or a facility with a licence in force, or the authority of a market.
	async fn is_trading_partner(&self, id: &IdentityId, at: Block) -> Result<bool>;

	/// A batch of units.
	async fn unit_batch(&self, batch: BatchIx, at: Block) -> Result<Option<BatchFacts>>;

	/// An emergency, acting or over. Whether it acts for a record is for `check_access` to say.
	async fn emergency(&self, id: EmergencyId, at: Block) -> Result<Option<EmergencyFacts>>;

	/// The emergency key of a compartment.
	async fn emergency_key(
		&self,
		subject: &IdentityId,
		compartment: CompartmentNo,
		at: Block,
	) -> Result<Option<EmergencyKey>>;

	/// The link from the epoch after `epoch` of a compartment back to it.
	async fn epoch_link(
		&self,
		subject: &IdentityId,
		compartment: CompartmentNo,
		epoch: Epoch,
		at: Block,
	) -> Result<Option<Wrap>>;
}

/// Hears what became of the calls of a batch in a block that is not final yet.
pub type Included<'a> = dyn Fn(&[Outcome]) + Send + Sync + 'a;
