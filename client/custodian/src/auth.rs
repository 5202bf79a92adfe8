// SPDX-License-Identifier: Apache-2.0

//! Who is calling: signature, identity, rate, nonce.

use crate::{
	Custodian, Error,
	chain::{At, Block},
	error::Result,
	store::Store,
};
use axum::http::{Method, request::Parts};
use bytes::Bytes;
use salus_client::wire::{self, Credentials, Statement};
use salus_primitives::{CallScope, IdentityId, Moment};
use std::time::Instant;

/// Nonces are kept in one folder per minute of their expiry, so that old ones go in one sweep.
const MINUTE: Moment = 60 * 1000;

/// Somebody who signed a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller {
	/// Whose account it is.
	pub(crate) identity: IdentityId,
	/// The account.
	pub(crate) account: [u8; 32],
	/// The hash of the signed request.
	pub(crate) request: [u8; 32],
	/// The final block at which that holds.
	pub(crate) finalised: Block,
	/// The newest block at which that holds.
	pub(crate) best: Block,
}

impl Custodian {
	/// Checks everything about a request that its headers and the hash of its body say.
	///
	/// A key counts from finality on, and no longer once the newest block takes it, or its scope, away.
	pub(crate) async fn authenticate(&self, parts: &Parts, body: [u8; 32]) -> Result<Caller> {
		let credentials = Credentials::from_headers(|name| {
			parts.headers.get(name).and_then(|value| value.to_str().ok())
		})?;
		let statement = Statement {
			genesis: self.chain.genesis(),
			method: parts.method.as_str(),
			path: parts.uri.path_and_query().map_or("/", |path| path.as_str()),
			body,
			audience: credentials.audience,
			nonce: credentials.nonce,
			expires: credentials.expires,
		};
		let request = credentials.verify(&statement, &self.settings.identity, wire::now())?;

		let scope = scope_of(&parts.method, parts.uri.path());
		let (finalised, best) = tokio::try_join!(self.head(At::Finalised), self.head(At::Best))?;
		let (identity, in_force) = tokio::try_join!(
			self.chain.acting_identity(&credentials.account, scope, finalised),
			self.chain.acting_identity(&credentials.account, scope, best),
		)?;
		let identity = identity.filter(|_| identity == in_force).ok_or(Error::UnknownAccount)?;
		self.requests.take(identity, Instant::now()).map_err(Error::TooManyRequests)?;
		self.spend_nonce(&credentials).await?;
		Ok(Caller { identity, account: credentials.account, request, finalised, best })
	}

	async fn head(&self, at: At) -> Result<Block> {
		Ok(self.chain.head(at).await?)
	}

	/// Only one instance gets to create the row.
	async fn spend_nonce(&self, credentials: &Credentials) -> Result<()> {
		let Credentials { account, nonce, expires, .. } = credentials;
		let (minute, account, nonce) = (expires / MINUTE, hex::encode(account), hex::encode(nonce));
		let path = format!("nonces/{minute:010}/{account}-{nonce}");
		self.store.create(&path, Bytes::new()).await?.then_some(()).ok_or(Error::NonceUsed)
	}
}

/// What a key must be allowed to sign for a request: whoever stores, erases or has a document
/// validated is an author, whoever only wants something shown or released is a reader.
fn scope_of(method: &Method, path: &str) -> CallScope {
	let shows = *method == Method::POST && path == wire::path::VALIDATIONS;
	if shows || [Method::PUT, Method::DELETE].contains(method) {
		CallScope::RecordAnchor
	} else {
		CallScope::RecordRead
	}
}

/// Removes the nonces of requests that have expired anyway.
pub(crate) async fn sweep_nonces(store: &Store, now: Moment) -> Result<()> {
	let current = now / MINUTE;
	store.sweep("nonces", move |minute| minute.parse::<u64>().is_ok_and(|old| old < current)).await
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn authors_store_and_readers_ask() {
		for (method, path, scope) in [
			(Method::PUT, "/objects/0x00", CallScope::RecordAnchor),
			(Method::DELETE, "/objects/0x00", CallScope::RecordAnchor),
			(Method::GET, "/objects/0x00", CallScope::RecordRead),
			(Method::HEAD, "/objects/0x00", CallScope::RecordRead),
			(Method::POST, "/shares/0x00/1/release", CallScope::RecordRead),
			(Method::POST, "/validations", CallScope::RecordAnchor),
			(Method::GET, "/validations", CallScope::RecordRead),
		] {
			assert_eq!(scope_of(&method, path), scope, "{method} {path}");
		}
	}
}
