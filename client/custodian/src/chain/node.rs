// SPDX-License-Identifier: Apache-2.0

//! The chain as a node tells it, over `salus-client`.

use super::{
	At, BatchCall, BatchFacts, Block, Chain, ChainError, EmergencyFacts, GrantFacts, Included,
	LogCall, Outcome, RecordFacts, Result, Tombstones, VersionFacts, transactions,
};
use async_trait::async_trait;
use salus_client::types::{AuditBatch, AuditHead, AuthorityStatus, Grantee, StageView, Standing};
use salus_primitives::{
	AccessDecision, AccessEntry, AccessQuestion, AccreditationKind, BatchIx, CallScope,
	CompartmentNo, ContentHash, EmergencyId, EmergencyKey, Epoch, GrantId, IdentityId,
	IdentityKind, KeyVersion, Moment, RecordId, RecordVersion, RecorderId, Wrap, X25519Key,
};
use std::{
	collections::VecDeque,
	sync::{Arc, Mutex as StdMutex, PoisonError},
	time::Duration,
};
use subxt_signer::sr25519::Keypair;
use tokio::sync::{Mutex, Semaphore};

/// How long one question may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many questions are with the node at once, and how long one waits for its turn. A node that is
/// asked a thousand things at once is not silent, and must not be taken for it.
const AT_ONCE: usize = 64;
const QUEUE: Duration = Duration::from_secs(60);
/// How long a batch may take until it is final.
const BATCH_PATIENCE: Duration = Duration::from_secs(180);
/// How many blocks are kept open: both ends, and a few that requests still read.
const OPEN_BLOCKS: usize = 16;
/// Whose licence makes a trading partner. Authorities of markets license makers.
const PARTNERS: [AccreditationKind; 4] = [
	AccreditationKind::PharmacyLicence,
	AccreditationKind::DistributorLicence,
	AccreditationKind::FacilityLicence,
	AccreditationKind::ManufacturerLicence,
];
/// How many entries of a log are asked for at once.
const LOG_PAGE: u32 = 50;

/// A node, reconnected to when the connection breaks.
pub struct Node {
	url: String,
	genesis: [u8; 32],
	signer: transactions::Signer,
	connection: Mutex<Option<salus_client::Chain>>,
	turns: Semaphore,
	blocks: StdMutex<VecDeque<([u8; 32], Arc<salus_client::At>)>>,
}

impl Node {
	/// Connects to the node at `url`. `signer` pays for and signs log entries.
	pub async fn connect(url: &str, signer: Keypair) -> Result<Self, salus_client::Error> {
		let chain = salus_client::Chain::connect(url, None).await?;
		Ok(Self {
			url: url.into(),
			genesis: chain.genesis(),
			signer: transactions::Signer::new(signer),
			connection: Mutex::new(Some(chain)),
			turns: Semaphore::new(AT_ONCE),
			blocks: StdMutex::default(),
		})
	}

	/// As what an identity registered.
	pub async fn kind(&self, identity: &IdentityId, at: Block) -> Result<Option<IdentityKind>> {
		let open = self.open(at).await?;
		Ok(self.answer(open.identity(*identity)).await?.map(|identity| identity.kind))
	}

	async fn chain(&self) -> Result<salus_client::Chain> {
		let mut connection = self.connection.lock().await;
		if let Some(chain) = &*connection {
			return Ok(chain.clone());
		}
		let connecting = salus_client::Chain::connect(&self.url, Some(self.genesis));
		let chain = tokio::time::timeout(PATIENCE, connecting)
			.await
			.map_err(|_| ChainError::Unreachable(SILENCE.into()))?
			.map_err(|error| ChainError::Unreachable(error.to_string()))?;
		Ok(connection.insert(chain).clone())
	}

	/// Gives up on a connection that does not answer; the next question makes a new one.
	async fn disconnect(&self) {
		*self.connection.lock().await = None;
		self.blocks().clear();
	}

	fn blocks(&self) -> std::sync::MutexGuard<'_, VecDeque<([u8; 32], Arc<salus_client::At>)>> {
		self.blocks.lock().unwrap_or_else(PoisonError::into_inner)
	}

	/// Waits for an answer, but not for ever. Clients of one connection take turns.
	async fn answer<T>(
		&self,
		question: impl Future<Output = Result<T, salus_client::Error>>,
	) -> Result<T> {
		use salus_client::Error;
		let turn = tokio::time::timeout(QUEUE, self.turns.acquire()).await;
		let Ok(Ok(_turn)) = turn else { return Err(ChainError::Unreachable(CROWDED.into())) };
		let (error, is_broken) = match tokio::time::timeout(PATIENCE, question).await {
			Ok(Ok(answer)) => return Ok(answer),
			Ok(Err(error)) => (
				error.to_string(),
				matches!(error, Error::NodeUnreachable { .. } | Error::Answer(_)),
			),
			Err(_) => (SILENCE.into(), true),
		};
		if is_broken {
			self.disconnect().await;
		}
		Err(ChainError::Unreachable(error))
	}

	async fn open(&self, block: Block) -> Result<Arc<salus_client::At>> {
		let known = self.blocks().iter().find(|(hash, _)| *hash == block.hash).map(|b| b.1.clone());
		if let Some(open) = known {
			return Ok(open);
		}
		let chain = self.chain().await?;
		let open = Arc::new(self.answer(chain.at(block.hash)).await?);
		self.keep(open.clone());
		Ok(open)
	}

	fn keep(&self, open: Arc<salus_client::At>) {
		let mut blocks = self.blocks();
		if blocks.iter().all(|(hash, _)| *hash != open.hash()) {
			blocks.push_back((open.hash(), open));
		}
		if blocks.len() > OPEN_BLOCKS {
			blocks.pop_front();
		}
	}
}

const SILENCE: &str = "it is silent";
const CROWDED: &str = "too many questions wait for it";

#[async_trait]
impl Chain for Node {
	fn genesis(&self) -> [u8; 32] {
		self.genesis
	}

	async fn head(&self, at: At) -> Result<Block> {
		let chain = self.chain().await?;
		let open = match at {
			At::Finalised => self.answer(chain.finalized()).await?,
			At::Best => self.answer(chain.best()).await?,
		};
		let block = Block { hash: open.hash(), number: open.number() };
		self.keep(Arc::new(open));
		Ok(block)
	}

	async fn timestamp(&self, at: Block) -> Result<Moment> {
		let open = self.open(at).await?;
		self.answer(open.now()).await
	}

	async fn acting_identity(
		&self,
		account: &[u8; 32],
		scope: CallScope,
		at: Block,
	) -> Result<Option<IdentityId>> {
		let open = self.open(at).await?;
		self.answer(open.acting_identity(*account, scope)).await
	}

	async fn agreement_key(
		&self,
		identity: &IdentityId,
		at: Block,
	) -> Result<Option<(KeyVersion, X25519Key)>> {
		let open = self.open(at).await?;
		let identity = self.answer(open.identity(*identity)).await?;
		Ok(identity.map(|identity| (identity.agreement.version, identity.agreement.key)))
	}

	async fn check_access(&self, question: &AccessQuestion, at: Block) -> Result<AccessDecision> {
		let open = self.open(at).await?;
		self.answer(open.check_access(*question)).await
	}

	async fn grant(&self, grant: GrantId, at: Block) -> Result<Option<GrantFacts>> {
		let open = self.open(at).await?;
		let listed = self.answer(open.grant(grant)).await?;
		Ok(listed.map(|listed| GrantFacts {
			is_counted: listed.grant.uses_left.is_some(),
			organisation: match listed.grant.grantee {
				Grantee::Organisation(id) | Grantee::Role { organisation: Some(id), .. } => {
					Some(id)
				},
				Grantee::Identity(_) | Grantee::Role { organisation: None, .. } => None,
			},
			is_over: !matches!(listed.standing, Standing::InForce | Standing::UsedUp),
		}))
	}

	async fn record(&self, record: &RecordId, at: Block) -> Result<Option<RecordFacts>> {
		let open = self.open(at).await?;
		let record = self.answer(open.record(*record)).await?;
		Ok(record.map(|record| RecordFacts {
			subject: record.subject,
			author: record.author,
			organisation: record.organisation,
			status: record.status,
			current: record.current,
			newest: record.newest,
			compartment: record.compartment,
			legal_hold: record.legal_hold,
		}))
	}

	async fn version(
		&self,
		record: &RecordId,
		number: RecordVersion,
		at: Block,
	) -> Result<Option<VersionFacts>> {
		let open = self.open(at).await?;
		let version = self.answer(open.version(*record, number)).await?;
		Ok(version.map(|version| VersionFacts {
			content: version.content,
			key: version.key,
			reason: version.reason,
			was_anchored: matches!(
				version.stage,
				StageView::Anchored { .. }
					| StageView::Revalidating { .. }
					| StageView::RevalidationFailed { .. }
			),
			is_given_up: matches!(version.stage, StageView::Abandoned { .. }),
		}))
	}

	async fn tombstones(&self, start: u64, limit: u32, at: Block) -> Result<Tombstones> {
		let open = self.open(at).await?;
		let page = self.answer(open.tombstones(start, limit)).await?;
		let page = page.map_err(|limit| {
			let text = format!("pages of tombstones hold {} at most", limit.max);
			ChainError::Unreachable(text)
		})?;
		let items = page.items.into_iter().map(|listed| (listed.number, listed.record));
		Ok(Tombstones { items: items.collect(), next: page.next })
	}

	async fn organisations_of(&self, id: &IdentityId, at: Block) -> Result<Vec<IdentityId>> {
		let open = self.open(at).await?;
		let found = self.answer(open.identity(*id)).await?;
		match found.map(|found| found.kind) {
			Some(IdentityKind::Organisation) => Ok(vec![*id]),
			Some(IdentityKind::Practitioner) => self.answer(open.organisations_of(*id)).await,
			_ => Ok(Vec::new()),
		}
	}

	async fn record_of(&self, content: &ContentHash, at: Block) -> Result<Option<RecordId>> {
		let open = self.open(at).await?;
		self.answer(open.record_by_content(*content)).await
	}

	async fn log_length(&self, subject: &IdentityId, at: Block) -> Result<u64> {
		let open = self.open(at).await?;
		Ok(self.answer(open.access_head(*subject)).await?.count)
	}

	async fn log_entries(
		&self,
		subject: &IdentityId,
		from: u64,
		at: Block,
	) -> Result<Vec<AccessEntry>> {
		let open = self.open(at).await?;
		let (mut entries, mut next) = (Vec::new(), Some(from));
		while let Some(start) = next {
			let page = self.answer(open.access_log(*subject, start, LOG_PAGE)).await?;
			let page = page.map_err(|limit| {
				let text = format!("pages of a log hold {} entries at most", limit.max);
				ChainError::Unreachable(text)
			})?;
			entries.extend(page.items.into_iter().map(|(_, entry)| entry));
			next = page.next;
		}
		Ok(entries)
	}

	async fn submit_log(&self, calls: &[LogCall], included: &Included<'_>) -> Result<Vec<Outcome>> {
		self.submit(transactions::Content::Log(calls), included).await
	}

	async fn audit_head(
		&self,
		organisation: &IdentityId,
		recorder: &RecorderId,
		at: Block,
	) -> Result<AuditHead> {
		let open = self.open(at).await?;
		self.answer(open.audit_head(*organisation, *recorder)).await
	}

	async fn audit_batches(
		&self,
		organisation: &IdentityId,
		recorder: &RecorderId,
		start: u64,
		limit: u32,
		at: Block,
	) -> Result<Vec<AuditBatch>> {
		let open = self.open(at).await?;
		let page = self.answer(open.audit_batches(*organisation, *recorder, start, limit)).await?;
		let page = page.map_err(|limit| {
			ChainError::Unreachable(format!("pages of audit batches hold {} at most", limit.max))
		})?;
		Ok(page.items.into_iter().map(|(_, batch)| batch).collect())
	}

	async fn submit_batch(&self, call: &BatchCall) -> Result<Outcome> {
		let outcomes = self.submit(transactions::Content::Batch(call), &|_| ()).await?;
		let outcome = outcomes.into_iter().next();
		outcome.ok_or_else(|| ChainError::Uncertain("its block tells nothing about it".into()))
	}

	async fn holds_emergency_keys(&self, id: &IdentityId, at: Block) -> Result<bool> {
		let open = self.open(at).await?;
		Ok(self.answer(open.emergency_holder(*id)).await?.is_some())
	}

	async fn is_data_custodian(&self, id: &IdentityId, at: Block) -> Result<bool> {
		let open = self.open(at).await?;
		let now = self.answer(open.now()).await?;
		self.answer(open.is_accredited(*id, AccreditationKind::DataCustodian, now)).await
	}

	async fn is_trading_partner(&self, id: &IdentityId, at: Block) -> Result<bool> {
		let open = self.open(at).await?;
		let now = self.answer(open.now()).await?;
		for kind in PARTNERS {
			if self.answer(open.is_accredited(*id, kind, now)).await? {
				return Ok(true);
			}
		}
		let authority = self.answer(open.authority(*id)).await?;
		Ok(authority.is_some_and(|authority| {
			authority.scope.kinds.contains(AccreditationKind::ManufacturerLicence)
				&& matches!(authority.status, AuthorityStatus::Active)
				&& authority.window.is_open_at(now)
		}))
	}

	async fn unit_batch(&self, batch: BatchIx, at: Block) -> Result<Option<BatchFacts>> {
		let open = self.open(at).await?;
		let found = self.answer(open.unit_batch(batch)).await?;
		Ok(found.map(|(product, batch)| BatchFacts {
			product,
			maker: batch.issuer,
			root: batch.root,
			count: batch.count,
			leaf_file: batch.leaf_file,
		}))
	}

	async fn emergency(&self, id: EmergencyId, at: Block) -> Result<Option<EmergencyFacts>> {
		let open = self.open(at).await?;
		let found = self.answer(open.emergency(id)).await?;
		Ok(found.map(|found| EmergencyFacts {
			subject: found.emergency.subject,
			claimant: found.emergency.claimant,
			organisation: found.emergency.organisation,
		}))
	}

	async fn emergency_key(
		&self,
		subject: &IdentityId,
		compartment: CompartmentNo,
		at: Block,
	) -> Result<Option<EmergencyKey>> {
		let open = self.open(at).await?;
		self.answer(open.emergency_key(*subject, compartment)).await
	}

	async fn epoch_link(
		&self,
		subject: &IdentityId,
		compartment: CompartmentNo,
		epoch: Epoch,
		at: Block,
	) -> Result<Option<Wrap>> {
		let open = self.open(at).await?;
		self.answer(open.epoch_link(*subject, compartment, epoch)).await
	}
}

impl Node {
	/// Sends, waits and names the outcomes. A connection that was lost over it is made anew.
	async fn submit(
		&self,
		content: transactions::Content<'_>,
		included: &Included<'_>,
	) -> Result<Vec<Outcome>> {
		let sending = async {
			let chain = self.chain().await?;
			let best = self.answer(chain.best()).await?;
			transactions::send(&chain, &best, &self.signer, content, included).await
		};
		let sent = tokio::time::timeout(BATCH_PATIENCE, sending).await;
		let result = sent.unwrap_or_else(|_| Err(ChainError::Uncertain("it is not final".into())));
		if matches!(result, Err(ChainError::Unreachable(_) | ChainError::Uncertain(_))) {
			self.disconnect().await;
		}
		result
	}
}
