// SPDX-License-Identifier: Apache-2.0

//! Calls, and sending them: sign, submit, wait, name the error.

use crate::{Chain, Config, Error, chain::hash_text};
use codec::{Compact, Decode, Encode};
use std::{sync::LazyLock, time::Duration};
use subxt::{
	Metadata,
	client::OnlineClientAtBlockImpl,
	config::DefaultExtrinsicParamsBuilder,
	error::DispatchError,
	ext::scale_encode::{self, EncodeAsFields, FieldIter, TypeResolver},
	extrinsics::ExtrinsicEvents,
	metadata::ArcMetadata,
	transactions::{Payload, Signer, TransactionInBlock, TransactionStatus},
};
use subxt_signer::sr25519::Keypair;
use tokio::time::{Instant, timeout_at};

/// For how many blocks a transaction may wait in the pool.
const MORTALITY: u64 = 64;

/// A call of the runtime, encoded and ready to be signed alone or inside another one. Made by the
/// functions of [`crate::calls`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
	pallet: &'static str,
	name: &'static str,
	body: Body,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Body {
	/// The fields one behind the other, in SCALE.
	Fields(Vec<u8>),
	/// Calls one behind the other.
	Batch(Vec<Call>),
	/// What a collective is to carry out, once so many of its members are for it.
	Proposal { threshold: u32, proposal: Box<Call> },
}

impl Call {
	/// A call from its fields, in order, as the committed metadata has them.
	pub(crate) fn new<Fields: Encode>(
		pallet: &'static str,
		name: &'static str,
		fields: Fields,
	) -> Self {
		Self { pallet, name, body: Body::Fields(fields.encode()) }
	}

	/// All of them or none: `utility.batch_all`. A single call stays as it is.
	pub fn batch_all(mut calls: Vec<Self>) -> Self {
		if calls.len() == 1
			&& let Some(call) = calls.pop()
		{
			return call;
		}
		Self { pallet: "Utility", name: "batch_all", body: Body::Batch(calls) }
	}

	/// A proposal to the council that is carried out once `threshold` members are for it: at once
	/// with a threshold of one.
	pub fn council_proposal(threshold: u32, proposal: Self) -> Self {
		let body = Body::Proposal { threshold, proposal: Box::new(proposal) };
		Self { pallet: "Council", name: "propose", body }
	}

	/// `Pallet.call`, as people read it.
	pub fn title(&self) -> String {
		format!("{}.{}", self.pallet, self.name)
	}

	/// Encodes for a runtime; refuses when it has another shape of the call than the committed one.
	pub(crate) fn encode(&self, metadata: &Metadata) -> Result<Vec<u8>, Error> {
		let other = || Error::OtherRuntime { what: self.title() };
		let pallet = metadata.pallet_by_name(self.pallet).ok_or_else(other)?;
		let variant = pallet.call_variant_by_name(self.name).ok_or_else(other)?;
		let mut bytes = vec![pallet.call_index(), variant.index];
		match &self.body {
			Body::Fields(fields) => {
				let known = committed_metadata().pallet_by_name(self.pallet);
				let known = known.and_then(|pallet| pallet.call_hash(self.name));
				if known.is_none() || pallet.call_hash(self.name) != known {
					return Err(other());
				}
				bytes.extend(fields);
			},
			Body::Batch(calls) => {
				Compact(calls.len() as u32).encode_to(&mut bytes);
				for call in calls {
					bytes.extend(call.encode(metadata)?);
				}
			},
			Body::Proposal { threshold, proposal } => {
				let proposal = proposal.encode(metadata)?;
				Compact(*threshold).encode_to(&mut bytes);
				bytes.extend(&proposal);
				Compact(proposal.len() as u32).encode_to(&mut bytes);
			},
		}
		Ok(bytes)
	}
}

/// The metadata that this client was built for.
pub fn committed_metadata() -> &'static Metadata {
	static METADATA: LazyLock<Metadata> = LazyLock::new(|| {
		Metadata::decode_from(METADATA_BYTES).expect("a test decodes the committed bytes; qed")
	});
	&METADATA
}

/// The committed metadata as it came from the runtime, for tools that generate code.
pub const METADATA_BYTES: &[u8] = include_bytes!("../artifacts/metadata.scale");

/// A call whose fields are encoded already.
struct Encoded<'a> {
	call: &'a Call,
	fields: RawFields,
}

struct RawFields(Vec<u8>);

impl EncodeAsFields for RawFields {
	fn encode_as_fields_to<R: TypeResolver>(
		&self,
		_fields: &mut dyn FieldIter<'_, R::TypeId>,
		_types: &R,
		out: &mut Vec<u8>,
	) -> Result<(), scale_encode::Error> {
		out.extend(&self.0);
		Ok(())
	}
}

impl Payload for Encoded<'_> {
	type CallData = RawFields;

	fn pallet_name(&self) -> &str {
		self.call.pallet
	}

	fn call_name(&self) -> &str {
		self.call.name
	}

	fn call_data(&self) -> &RawFields {
		&self.fields
	}
}

/// How long to wait for what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wait {
	/// Until a block of the best chain holds it.
	Best(Duration),
	/// Until that block is final.
	Finalized(Duration),
}

impl Wait {
	/// Until a block holds it, one minute at most.
	pub const BEST: Self = Self::Best(Duration::from_secs(60));
	/// Until it is final, two minutes at most.
	pub const FINALIZED: Self = Self::Finalized(Duration::from_secs(120));

	fn limit(self) -> Duration {
		match self {
			Self::Best(limit) | Self::Finalized(limit) => limit,
		}
	}
}

/// How far a transaction has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
	/// The pool has it.
	Submitted,
	/// A block has it.
	InBlock,
}

/// What became of a transaction.
pub struct Receipt {
	/// The block it is in.
	pub block: [u8; 32],
	/// Its hash.
	pub extrinsic: [u8; 32],
	/// Whether the block was final when it was returned.
	pub is_final: bool,
	events: ExtrinsicEvents<Config>,
}

impl Receipt {
	/// The first field of the first event of a kind: the number that was given to the new thing.
	pub fn first_field<T: Decode>(&self, pallet: &str, event: &str) -> Option<T> {
		let bytes = self.fields(pallet, event)?;
		T::decode(&mut &*bytes).ok()
	}

	/// All of its events.
	pub fn events(&self) -> &ExtrinsicEvents<Config> {
		&self.events
	}

	fn fields(&self, pallet: &str, event: &str) -> Option<Vec<u8>> {
		self.events
			.iter()
			.filter_map(Result::ok)
			.find(|found| found.pallet_name() == pallet && found.event_name() == event)
			.map(|found| found.field_bytes().to_vec())
	}
}

impl Chain {
	/// Signs and submits a call, and waits. A call that fails is an error with the pallet's words.
	pub async fn submit(
		&self,
		call: &Call,
		signer: &Keypair,
		wait: Wait,
	) -> Result<Receipt, Error> {
		self.submit_with(call, signer, wait, |_| ()).await
	}

	/// As [`Self::submit`], telling how far it has come.
	pub async fn submit_with(
		&self,
		call: &Call,
		signer: &Keypair,
		wait: Wait,
		on_stage: impl Fn(Stage),
	) -> Result<Receipt, Error> {
		let account = Signer::<Config>::account_id(signer);
		let address = account.to_string();
		let best = self.best().await?;
		let mut fields = call.encode(best.block.metadata_ref())?;
		fields.drain(..2);
		let payload = Encoded { call, fields: RawFields(fields) };
		// The pool's nonce, so that commands need not wait for each other's finality.
		let nonce = self.rpc().system_account_next_index(&account).await;
		let params = DefaultExtrinsicParamsBuilder::<Config>::new()
			.mortal_from_unchecked(MORTALITY, best.number(), best.block.block_hash())
			.nonce(nonce.map_err(|error| self.error(error))?)
			.build();
		let transaction = best
			.block
			.tx()
			.create_signable_offline(&payload, params)
			.and_then(|mut signable| signable.sign(signer))
			.map_err(|error| self.error(error))?;

		let deadline = Instant::now() + wait.limit();
		let submission = timeout_at(deadline, transaction.submit_and_watch()).await;
		let late = |included: &Option<_>| {
			let seconds = wait.limit().as_secs();
			match included {
				Some(block) => Error::NotFinalised { block: hash_text(block), seconds },
				None => Error::NotIncluded { seconds },
			}
		};
		let mut progress = submission
			.map_err(|_| late(&None))?
			.map_err(|error| Error::of_submission(self.url(), &address, error))?;
		on_stage(Stage::Submitted);

		let mut included = None;
		loop {
			let status =
				timeout_at(deadline, progress.next()).await.map_err(|_| late(&included))?;
			let Some(status) = status else {
				return Err(late(&included));
			};
			let (block, is_final) = match status.map_err(|error| self.error(error))? {
				TransactionStatus::InBestBlock(block) => (block, false),
				TransactionStatus::InFinalizedBlock(block) => (block, true),
				TransactionStatus::NoLongerInBestBlock => {
					included = None;
					continue;
				},
				TransactionStatus::Error { message }
				| TransactionStatus::Invalid { message }
				| TransactionStatus::Dropped { message } => {
					return Err(Error::of_refusal(&address, &message));
				},
				TransactionStatus::Validated | TransactionStatus::Broadcasted => continue,
			};
			if included.is_none() {
				on_stage(Stage::InBlock);
			}
			included = Some(block.block_hash());
			let outcome = self.outcome(&block, is_final, best.block.metadata()).await;
			match outcome {
				// A success is worth the wait; a failure that a block shows is told at once.
				Ok(_) if !is_final && matches!(wait, Wait::Finalized(_)) => (),
				// The block may have lost against a sibling while it was looked at.
				Err(Error::Answer(_)) if !is_final => (),
				outcome => return outcome,
			}
		}
	}

	async fn outcome(
		&self,
		block: &TransactionInBlock<Config, OnlineClientAtBlockImpl<Config>>,
		is_final: bool,
		metadata: ArcMetadata,
	) -> Result<Receipt, Error> {
		let events = block.wait_for_success().await;
		let events = events.map_err(|error| Error::of_events(self.url(), error))?;
		let (block, extrinsic) = (block.block_hash().0, block.extrinsic_hash().0);
		let receipt = Receipt { block, extrinsic, is_final, events };
		check_executed(&receipt, metadata)?;
		Ok(receipt)
	}

	/// Whether the node's runtime is exactly the one that this client was built for.
	pub async fn is_runtime_known(&self) -> Result<bool, Error> {
		let hash = |metadata: &Metadata| metadata.hasher().hash();
		Ok(hash(self.best().await?.block.metadata_ref()) == hash(committed_metadata()))
	}
}

/// A proposal that was carried out and failed fails the call here too: the collective itself calls
/// that a success.
fn check_executed(receipt: &Receipt, metadata: ArcMetadata) -> Result<(), Error> {
	// The hash of the proposal, then a `Result`.
	let Some(fields) = receipt.fields("Council", "Executed") else { return Ok(()) };
	match fields.get(32..) {
		Some([1, error @ ..]) => match DispatchError::decode_from(error, metadata) {
			Ok(error) => Err(Error::of_dispatch(&error)),
			Err(error) => Err(Error::Answer(crate::one_line(&error.to_string()))),
		},
		_ => Ok(()),
	}
}
