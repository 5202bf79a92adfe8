// SPDX-License-Identifier: Apache-2.0

//! A connection to one node of one chain, and views of single blocks.

use crate::{Error, connection};
use std::sync::Arc;
use subxt::{
	OnlineClient,
	backend::LegacyBackend,
	client::OnlineClientAtBlock,
	config::{PolkadotConfig, RpcConfigFor},
	rpcs::{self, methods::LegacyRpcMethods},
	utils::{AccountId32, H256},
};

/// Addresses, hashes and extensions as Salus has them: the same as Polkadot's.
pub type Config = PolkadotConfig;

/// A connection to a node, checked to follow the right chain.
#[derive(Clone)]
pub struct Chain {
	url: Arc<str>,
	client: OnlineClient<Config>,
	rpc: LegacyRpcMethods<RpcConfigFor<Config>>,
}

/// The state of the chain at one block.
pub struct At {
	pub(crate) url: Arc<str>,
	pub(crate) block: OnlineClientAtBlock<Config>,
}

/// What a node says of itself.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct NodeInfo {
	/// Name of the chain.
	pub chain: String,
	/// The node's software and version.
	pub node: String,
	/// How many other nodes it talks to.
	pub peers: usize,
	/// Whether it is catching up.
	pub syncing: bool,
	/// Version of the runtime.
	pub spec_version: u32,
}

impl Chain {
	/// Connects to the node at `url` (`ws://` or `wss://`).
	///
	/// With `genesis` given, a node of another chain is refused.
	pub async fn connect(url: &str, genesis: Option<[u8; 32]>) -> Result<Self, Error> {
		let unreachable = |error: rpcs::Error| Error::unreachable(url, &error);
		let connection = connection::open(url).await.map_err(unreachable)?;
		let rpc = LegacyRpcMethods::new(connection.clone());
		// The one set of methods that polkadot.js and every tool use; it has no session to keep up.
		let backend = LegacyBackend::<Config>::builder().build(connection);
		let config = Config::builder().use_historic_types(false).build();
		let client = OnlineClient::from_backend_with_config(config, Arc::new(backend))
			.await
			.map_err(|error| Error::of_node(url, error))?;

		let found = client.genesis_hash();
		if let Some(expected) = genesis.filter(|expected| *expected != found.0) {
			return Err(Error::OtherGenesis {
				url: url.into(),
				expected: hash_text(&H256(expected)),
				found: hash_text(&found),
			});
		}
		Ok(Self { url: url.into(), client, rpc })
	}

	/// Where the node is.
	pub fn url(&self) -> &str {
		&self.url
	}

	/// The hash of block 0: it names the chain.
	pub fn genesis(&self) -> [u8; 32] {
		self.client.genesis_hash().0
	}

	/// The state at the newest block. It may yet be replaced by a sibling.
	pub async fn best(&self) -> Result<At, Error> {
		let hash = self.rpc.chain_get_block_hash(None).await.map_err(|e| self.error(e))?;
		let hash = hash.ok_or_else(|| Error::Answer("it names no best block".into()))?;
		self.at(hash.0).await
	}

	/// The state at the newest final block.
	pub async fn finalized(&self) -> Result<At, Error> {
		let hash = self.rpc.chain_get_finalized_head().await.map_err(|e| self.error(e))?;
		self.at(hash.0).await
	}

	/// The state at the block with this hash.
	pub async fn at(&self, hash: [u8; 32]) -> Result<At, Error> {
		let block = self.client.at_block(H256(hash)).await.map_err(|e| self.error(e))?;
		Ok(At { url: self.url.clone(), block })
	}

	/// What the node says of itself.
	pub async fn node_info(&self) -> Result<NodeInfo, Error> {
		let error = |error| self.error(error);
		let health = self.rpc.system_health().await.map_err(error)?;
		let (name, version) = (
			self.rpc.system_name().await.map_err(error)?,
			self.rpc.system_version().await.map_err(error)?,
		);
		Ok(NodeInfo {
			chain: self.rpc.system_chain().await.map_err(error)?,
			node: format!("{name} {version}"),
			peers: health.peers,
			syncing: health.is_syncing,
			spec_version: self.best().await?.block.spec_version(),
		})
	}

	/// The untyped client below, for what is not wrapped here.
	pub fn subxt(&self) -> &OnlineClient<Config> {
		&self.client
	}

	/// The number of an account's next transaction, with those that wait in the node's pool.
	pub async fn next_nonce(&self, account: &[u8; 32]) -> Result<u64, Error> {
		let nonce = self.rpc().system_account_next_index(&AccountId32(*account)).await;
		nonce.map_err(|error| self.error(error))
	}

	pub(crate) fn rpc(&self) -> &LegacyRpcMethods<RpcConfigFor<Config>> {
		&self.rpc
	}

	pub(crate) fn error(&self, error: impl Into<subxt::Error>) -> Error {
		Error::of_node(&self.url, error)
	}
}

impl At {
	/// The number of the block.
	pub fn number(&self) -> u64 {
		self.block.block_number()
	}

	/// The hash of the block.
	pub fn hash(&self) -> [u8; 32] {
		self.block.block_hash().0
	}

	/// The untyped view below, for what is not wrapped here.
	pub fn subxt(&self) -> &OnlineClientAtBlock<Config> {
		&self.block
	}

	pub(crate) fn error(&self, error: impl Into<subxt::Error>) -> Error {
		Error::of_node(&self.url, error)
	}
}

/// `0x` and 64 digits.
pub(crate) fn hash_text(hash: &H256) -> String {
	format!("0x{}", hex::encode(hash.0))
}
