// SPDX-License-Identifier: Apache-2.0

//! The chain as a node tells it, over `salus-client`.

use super::{
	At, Block, Chain, ChainError, GrantFacts, LOG_MORTALITY, LogCall, Outcome, RecordFacts, Result,
	Tombstones, VersionFacts,
};
use async_trait::async_trait;
use codec::{Compact, Encode};
use salus_client::types::Standing;
use salus_primitives::{
	AccessDecision, AccessEntry, AccessQuestion, CallScope, ContentHash, GrantId, IdentityId,
	IdentityKind, KeyVersion, Moment, RecordId, RecordVersion, X25519Key,
};
use std::{
	collections::VecDeque,
	sync::{Arc, Mutex as StdMutex, PoisonError},
	time::Duration,
};
use subxt::{
	Metadata, config::DefaultExtrinsicParamsBuilder, error::DispatchError,
	transactions::TransactionStatus,
};
use subxt_signer::sr25519::Keypair;
use tokio::sync::Mutex;

/// How long one question may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a batch may take until it is final.
const BATCH_PATIENCE: Duration = Duration::from_secs(180);
/// How many blocks are kept open: both ends, and a few that requests still read.
const OPEN_BLOCKS: usize = 16;
/// How many entries of a log are asked for at once.
const LOG_PAGE: u32 = 50;

/// A node, reconnected to when the connection breaks.
pub struct Node {
	url: String,
	genesis: [u8; 32],
	signer: Keypair,
	connection: Mutex<Option<salus_client::Chain>>,
	blocks: StdMutex<VecDeque<([u8; 32], Arc<salus_client::At>)>>,
}

impl Node {
	/// Connects to the node at `url`. `signer` pays for and signs log entries.
	pub async fn connect(url: &str, signer: Keypair) -> Result<Self, salus_client::Error> {
		let chain = salus_client::Chain::connect(url, None).await?;
		Ok(Self {
			url: url.into(),
			genesis: chain.genesis(),
			signer,
			connection: Mutex::new(Some(chain)),
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

	/// Waits for an answer, but not for ever.
	async fn answer<T>(
		&self,
		question: impl Future<Output = Result<T, salus_client::Error>>,
	) -> Result<T> {
		use salus_client::Error;
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
			has_key: version.key.is_some(),
			reason: version.reason,
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

	async fn works_at(
		&self,
		practitioner: &IdentityId,
		organisation: &IdentityId,
		at: Block,
	) -> Result<bool> {
		let open = self.open(at).await?;
		let organisations = self.answer(open.organisations_of(*practitioner)).await?;
		Ok(organisations.contains(organisation))
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

	async fn submit_log(&self, calls: &[LogCall]) -> Result<Vec<Outcome>> {
		let sent = tokio::time::timeout(BATCH_PATIENCE, self.send(calls)).await;
		let result = sent.unwrap_or_else(|_| Err(ChainError::Uncertain("it is not final".into())));
		if matches!(result, Err(ChainError::Unreachable(_) | ChainError::Uncertain(_))) {
			self.disconnect().await;
		}
		result
	}
}

impl Node {
	async fn send(&self, calls: &[LogCall]) -> Result<Vec<Outcome>> {
		let refused = |error: &dyn std::fmt::Display| {
			ChainError::Refused(salus_client::one_line(&error.to_string()))
		};
		let uncertain = |error: &dyn std::fmt::Display| {
			ChainError::Uncertain(salus_client::one_line(&error.to_string()))
		};
		let chain = self.chain().await?;
		let best = self.answer(chain.best()).await?;
		let call = batch(best.subxt().metadata_ref(), calls)
			.ok_or_else(|| refused(&"the runtime has no such calls: update the custodian"))?;
		// Decoding by the metadata of the chain refuses calls of another shape.
		let payload =
			best.subxt().tx().from_call_data_bytes(&call).map_err(|error| refused(&error))?;
		let params = DefaultExtrinsicParamsBuilder::<salus_client::Config>::new()
			.mortal(LOG_MORTALITY)
			.build();
		let mut client = best.subxt().tx();
		let signed = client
			.create_signed(&payload, &self.signer, params)
			.await
			.map_err(|error| refused(&error))?;
		let mut progress = signed.submit_and_watch().await.map_err(|error| {
			// The pool said no, or nobody knows what it said.
			let text = error.to_string();
			if text.contains("Invalid Transaction") || text.contains("1010") {
				refused(&text)
			} else {
				uncertain(&text)
			}
		})?;
		let block = loop {
			let status = progress.next().await.ok_or_else(|| uncertain(&"the node fell silent"))?;
			match status.map_err(|error| uncertain(&error))? {
				TransactionStatus::InFinalizedBlock(block) => break block,
				TransactionStatus::Error { message }
				| TransactionStatus::Dropped { message }
				| TransactionStatus::Invalid { message } => return Err(uncertain(&message)),
				TransactionStatus::Validated
				| TransactionStatus::Broadcasted
				| TransactionStatus::NoLongerInBestBlock
				| TransactionStatus::InBestBlock(_) => (),
			}
		};
		let events = block.fetch_events().await.map_err(|error| uncertain(&error))?;
		let metadata = best.subxt().metadata();
		let mut outcomes = Vec::with_capacity(calls.len());
		for event in events.iter() {
			let event = event.map_err(|error| uncertain(&error))?;
			match (event.pallet_name(), event.event_name()) {
				("Utility", "ItemCompleted") => outcomes.push(Outcome::Logged),
				("Utility", "ItemFailed") | ("System", "ExtrinsicFailed") => {
					let error = DispatchError::decode_from(event.field_bytes(), metadata.clone())
						.map_err(|error| uncertain(&error))?;
					outcomes.push(refusal(&error).map_err(|text| refused(&text))?);
				},
				_ => (),
			}
		}
		if outcomes.len() == calls.len() {
			Ok(outcomes)
		} else {
			Err(refused(&"the batch did not run to its end"))
		}
	}
}

/// An error of the consent pallet is about one entry. Any other is about the custodian itself, such
/// as an accreditation that lapsed, and hits all entries alike: they wait until it is mended.
fn refusal(error: &DispatchError) -> core::result::Result<Outcome, String> {
	let text = salus_client::one_line(&error.to_string());
	let DispatchError::Module(module) = error else { return Err(text) };
	let Ok(details) = module.details() else { return Err(text) };
	if details.pallet.name() == "Consent" {
		Ok(Outcome::Refused(details.variant.name.clone()))
	} else {
		Err(text)
	}
}

/// `utility.force_batch` of `consent.log_access`, as bytes.
fn batch(metadata: &Metadata, calls: &[LogCall]) -> Option<Vec<u8>> {
	let index = |pallet: &str, call: &str| {
		let pallet = metadata.pallet_by_name(pallet)?;
		Some([pallet.call_index(), pallet.call_variant_by_name(call)?.index])
	};
	let log = index("Consent", "log_access")?;
	let mut bytes = index("Utility", "force_batch")?.to_vec();
	Compact(u32::try_from(calls.len()).ok()?).encode_to(&mut bytes);
	for LogCall { reader, record, purpose, action, decision, event } in calls {
		bytes.extend(log);
		(reader, record, purpose, action, decision, event).encode_to(&mut bytes);
	}
	Some(bytes)
}
