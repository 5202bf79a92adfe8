// SPDX-License-Identifier: Apache-2.0
//! The RPC methods that depend on the runtime or on GRANDPA. `sc-service` adds the others.

use jsonrpsee::RpcModule;
use pallet_transaction_payment_rpc::{
	TransactionPayment, TransactionPaymentApiServer, TransactionPaymentRuntimeApi,
};
use salus_runtime::{AccountId, Balance, Nonce, opaque::Block};
use sc_client_api::Backend;
use sc_consensus_grandpa::{
	FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState,
};
use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
use sc_transaction_pool_api::TransactionPool;
use sp_api::ProvideRuntimeApi;
use sp_block_builder::BlockBuilder;
use sp_blockchain::HeaderBackend;
use sp_core::traits::SpawnNamed;
use sp_runtime::traits::{Block as BlockT, NumberFor};
use std::{error::Error, sync::Arc};
use substrate_frame_rpc_system::{AccountNonceApi, System, SystemApiServer};

/// What the RPC methods work with.
pub(crate) struct FullDeps<C, P, B> {
	/// The client, for the runtime and the chain.
	pub(crate) client: Arc<C>,
	/// The pool, for the nonces of transactions that wait.
	pub(crate) pool: Arc<P>,
	/// The state of finality.
	pub(crate) grandpa: GrandpaDeps<B>,
}

/// What the GRANDPA methods work with.
pub(crate) struct GrandpaDeps<B> {
	/// Written by the voter, empty while it does not run.
	pub(crate) shared_voter_state: SharedVoterState,
	/// The authorities that vote, and the changes to come.
	pub(crate) shared_authority_set: SharedAuthoritySet<<Block as BlockT>::Hash, NumberFor<Block>>,
	/// The justifications of blocks as they become final.
	pub(crate) justification_stream: GrandpaJustificationStream<Block>,
	/// Proves that a block of the past is final.
	pub(crate) finality_proof_provider: Arc<FinalityProofProvider<B, Block>>,
	/// Runs the subscriptions.
	pub(crate) subscription_executor: Arc<dyn SpawnNamed>,
}

/// Builds the RPC methods: nonces, fees and finality.
pub(crate) fn create_full<C, P, B>(
	FullDeps { client, pool, grandpa }: FullDeps<C, P, B>,
) -> Result<RpcModule<()>, Box<dyn Error + Send + Sync>>
where
	C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + Send + Sync + 'static,
	C::Api: AccountNonceApi<Block, AccountId, Nonce>
		+ BlockBuilder<Block>
		+ TransactionPaymentRuntimeApi<Block, Balance>,
	P: TransactionPool + 'static,
	B: Backend<Block> + 'static,
{
	let GrandpaDeps {
		shared_voter_state,
		shared_authority_set,
		justification_stream,
		finality_proof_provider,
		subscription_executor,
	} = grandpa;

	let mut module = RpcModule::new(());
	module.merge(System::new(client.clone(), pool).into_rpc())?;
	module.merge(TransactionPayment::new(client).into_rpc())?;
	module.merge(
		Grandpa::new(
			subscription_executor,
			shared_authority_set,
			shared_voter_state,
			justification_stream,
			finality_proof_provider,
		)
		.into_rpc(),
	)?;

	Ok(module)
}
