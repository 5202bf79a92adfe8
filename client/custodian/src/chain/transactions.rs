// SPDX-License-Identifier: Apache-2.0

//! What the custodian tells the chain: signed, sent, and watched until it is final.

use super::{BatchCall, ChainError, Included, LOG_MORTALITY, LogCall, Outcome, Result};
use codec::{Compact, Encode};
use subxt::{
	Metadata,
	client::OnlineClientAtBlockImpl,
	config::DefaultExtrinsicParamsBuilder,
	error::DispatchError,
	metadata::ArcMetadata,
	transactions::{TransactionInBlock, TransactionStatus},
};
use subxt_signer::sr25519::Keypair;
use tokio::sync::Mutex;

/// What a transaction says.
#[derive(Clone, Copy)]
pub(super) enum Content<'a> {
	/// Entries one by one: `utility.force_batch` of `consent.log_access`.
	Log(&'a [LogCall]),
	/// Many entries under one root: `consent.anchor_audit_batch`.
	Batch(&'a BatchCall),
}

impl Content<'_> {
	/// How many outcomes its events tell.
	fn count(&self) -> usize {
		match self {
			Self::Log(calls) => calls.len(),
			Self::Batch(_) => 1,
		}
	}

	/// The event that tells that one of its calls was carried out.
	fn done(&self) -> (&'static str, &'static str) {
		match self {
			Self::Log(_) => ("Utility", "ItemCompleted"),
			Self::Batch(_) => ("System", "ExtrinsicSuccess"),
		}
	}

	/// The call as bytes; none when the runtime has no such call.
	fn encode(&self, metadata: &Metadata) -> Option<Vec<u8>> {
		let index = |pallet: &str, call: &str| {
			let pallet = metadata.pallet_by_name(pallet)?;
			Some([pallet.call_index(), pallet.call_variant_by_name(call)?.index])
		};
		match self {
			Self::Log(calls) => {
				let log = index("Consent", "log_access")?;
				let mut bytes = index("Utility", "force_batch")?.to_vec();
				Compact(u32::try_from(calls.len()).ok()?).encode_to(&mut bytes);
				for LogCall { reader, record, purpose, action, decision, event } in *calls {
					bytes.extend(log);
					(reader, record, purpose, action, decision, event).encode_to(&mut bytes);
				}
				Some(bytes)
			},
			Self::Batch(BatchCall { recorder, seq, root, first, last, from, until }) => {
				let mut bytes = index("Consent", "anchor_audit_batch")?.to_vec();
				(recorder, seq, root, first, last, from, until).encode_to(&mut bytes);
				Some(bytes)
			},
		}
	}
}

/// Who signs. One at a time, or two transactions would take the same nonce.
pub(super) struct Signer {
	keypair: Keypair,
	turn: Mutex<()>,
}

impl Signer {
	pub(super) fn new(keypair: Keypair) -> Self {
		Self { keypair, turn: Mutex::new(()) }
	}
}

/// Signs and sends at a block, and waits until it is final.
pub(super) async fn send(
	chain: &salus_client::Chain,
	best: &salus_client::At,
	signer: &Signer,
	content: Content<'_>,
	included: &Included<'_>,
) -> Result<Vec<Outcome>> {
	let call = content
		.encode(best.subxt().metadata_ref())
		.ok_or_else(|| refused(&"the runtime has no such calls: update the custodian"))?;
	// Decoding by the metadata of the chain refuses calls of another shape.
	let payload = best.subxt().tx().from_call_data_bytes(&call).map_err(|error| refused(&error))?;
	let mut client = best.subxt().tx();
	let turn = signer.turn.lock().await;
	// The pool's number: a batch that waits there must not stand in the way of a single entry.
	let account = signer.keypair.public_key().0;
	let nonce = chain.next_nonce(&account).await.map_err(|error| refused(&error))?;
	let params = DefaultExtrinsicParamsBuilder::<salus_client::Config>::new()
		.mortal(LOG_MORTALITY)
		.nonce(nonce)
		.build();
	let signed = client
		.create_signed(&payload, &signer.keypair, params)
		.await
		.map_err(|error| refused(&error))?;
	let mut progress = signed.submit_and_watch().await.map_err(|error| {
		// The pool said no, or nobody knows what it said.
		let text = error.to_string();
		if is_rejection(&text) { refused(&text) } else { uncertain(&text) }
	})?;
	drop(turn);
	let metadata = best.subxt().metadata();
	loop {
		let status = progress.next().await.ok_or_else(|| uncertain(&"the node fell silent"))?;
		match status.map_err(|error| uncertain(&error))? {
			TransactionStatus::InFinalizedBlock(block) => {
				return outcomes(&block, &metadata, content).await;
			},
			TransactionStatus::InBestBlock(block) => {
				// Only who waits for no more than this hears of it; finality has the last word.
				if let Ok(outcomes) = outcomes(&block, &metadata, content).await {
					included(&outcomes);
				}
			},
			TransactionStatus::Error { message }
			| TransactionStatus::Dropped { message }
			| TransactionStatus::Invalid { message } => return Err(uncertain(&message)),
			TransactionStatus::Validated
			| TransactionStatus::Broadcasted
			| TransactionStatus::NoLongerInBestBlock => (),
		}
	}
}

/// What the events of a block say of each call, in order.
async fn outcomes(
	block: &TransactionInBlock<salus_client::Config, OnlineClientAtBlockImpl<salus_client::Config>>,
	metadata: &ArcMetadata,
	content: Content<'_>,
) -> Result<Vec<Outcome>> {
	let events = block.fetch_events().await.map_err(|error| uncertain(&error))?;
	let mut outcomes = Vec::with_capacity(content.count());
	for event in events.iter() {
		let event = event.map_err(|error| uncertain(&error))?;
		match (event.pallet_name(), event.event_name()) {
			name if name == content.done() => outcomes.push(Outcome::Logged),
			("Utility", "ItemFailed") | ("System", "ExtrinsicFailed") => {
				let error = DispatchError::decode_from(event.field_bytes(), metadata.clone())
					.map_err(|error| uncertain(&error))?;
				outcomes.push(refusal(&error).map_err(|text| refused(&text))?);
			},
			_ => (),
		}
	}
	if outcomes.len() == content.count() {
		Ok(outcomes)
	} else {
		Err(refused(&"the batch did not run to its end"))
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

/// Whether the pool says that it did not take a transaction: an invalid one, one whose nonce another
/// one of the same account in the pool has (another instance's, mostly), one more than it has room for.
fn is_rejection(text: &str) -> bool {
	["Invalid Transaction", "1010", "Priority is too low", "1014", "Immediately Dropped", "1016"]
		.iter()
		.any(|said| text.contains(said))
}

fn refused(error: &dyn std::fmt::Display) -> ChainError {
	ChainError::Refused(salus_client::one_line(&error.to_string()))
}

fn uncertain(error: &dyn std::fmt::Display) -> ChainError {
	ChainError::Uncertain(salus_client::one_line(&error.to_string()))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn what_the_pool_did_not_take_is_told_from_what_may_be_in_it() {
		for said in [
			"User error: Invalid Transaction (1010)",
			"User error: Priority is too low: (40 vs 40) (1014)",
			"User error: Immediately Dropped (1016)",
		] {
			assert!(is_rejection(said), "{said}");
		}
		for said in ["User error: Already Imported (1013)", "the connection was closed", ""] {
			assert!(!is_rejection(said), "{said}");
		}
	}
}
