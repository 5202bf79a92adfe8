// SPDX-License-Identifier: Apache-2.0

//! Who is calling: signature, identity, rate, nonce.

use crate::{
	Error,
	chain::{At, Block, Chain},
	error::Result,
	limits::{Rate, RateLimit},
	store::Store,
};
use axum::http::{Method, request::Parts};
use bytes::Bytes;
use salus_client::wire::{self, Credentials, Peer, Statement};
use salus_envelope::AgreementPublic;
use salus_primitives::{CallScope, IdentityId, KeyVersion, Moment};
use std::{
	sync::Arc,
	time::{Duration, Instant},
};

/// Nonces are kept in one folder per minute of their expiry, so that old ones go in one sweep.
const MINUTE: Moment = 60 * 1000;
/// How long they are kept behind that: the clocks of two instances may differ.
const MARGIN: Moment = 5;

/// Somebody who signed a request.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
	/// Whose account it is.
	pub(crate) identity: IdentityId,
	/// Where it works; itself, when it is an organisation.
	pub(crate) organisations: Vec<IdentityId>,
	/// The account.
	pub(crate) account: [u8; 32],
	/// The hash of the signed request.
	pub(crate) request: [u8; 32],
	/// The final block at which that holds.
	pub(crate) finalised: Block,
	/// The newest block at which that holds.
	pub(crate) best: Block,
}

impl Caller {
	/// In whose accounting an access stands: that of the organisation by which it was decided, where
	/// the caller works there, and no other employer's. What no organisation decided belongs to the
	/// only employer there is; of several nobody can say for which it was asked, so that it stands in
	/// the patient's accounting alone.
	pub(crate) fn accounting(&self, by: Option<IdentityId>) -> Vec<IdentityId> {
		match (by, &self.organisations[..]) {
			(Some(by), employers) if employers.contains(&by) => vec![by],
			(None, [only]) => vec![*only],
			_ => Vec::new(),
		}
	}
}

/// How often somebody may ask.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Rates {
	/// One account.
	pub account: Rate,
	/// All accounts of one organisation and of those who work there; also all of one person.
	pub organisation: Rate,
}

/// The entrance of a service: who comes in, how often, and never twice with one request.
pub(crate) struct Door {
	chain: Arc<dyn Chain>,
	/// Where nonces lie, for all instances.
	store: Store,
	/// For whom requests are meant.
	identity: IdentityId,
	accounts: RateLimit<[u8; 32]>,
	organisations: RateLimit<IdentityId>,
}

impl Door {
	pub(crate) fn new(
		chain: Arc<dyn Chain>,
		store: Store,
		identity: IdentityId,
		rates: Rates,
	) -> Self {
		let (accounts, organisations) =
			(RateLimit::new(rates.account), RateLimit::new(rates.organisation));
		Self { chain, store, identity, accounts, organisations }
	}

	/// For whom this service seals and opens.
	pub(crate) fn peer(&self) -> Peer {
		Peer { genesis: self.chain.genesis(), custodian: self.identity }
	}

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
		let request = credentials.verify(&statement, &self.identity, wire::now())?;
		// Before the chain is asked: whoever floods with one key, or with one request that somebody
		// else signed, reaches no further than here.
		self.accounts.room(&credentials.account, Instant::now()).map_err(Error::TooManyRequests)?;
		if self.store.has(&nonce_path(&credentials)).await? {
			return Err(Error::NonceUsed);
		}

		let scope = scope_of(&parts.method, parts.uri.path());
		let (finalised, best) =
			tokio::try_join!(self.chain.head(At::Finalised), self.chain.head(At::Best))?;
		let (identity, in_force) = tokio::try_join!(
			self.chain.acting_identity(&credentials.account, scope, finalised),
			self.chain.acting_identity(&credentials.account, scope, best),
		)?;
		let identity = identity.filter(|_| identity == in_force).ok_or(Error::UnknownAccount)?;
		let organisations = self.chain.organisations_of(&identity, finalised).await?;
		self.ensure_room(&identity, &organisations)?;
		self.spend_nonce(&credentials).await?;
		self.charge(credentials.account, &identity, &organisations)?;
		let Credentials { account, .. } = credentials;
		Ok(Caller { identity, organisations, account, request, finalised, best })
	}

	/// Refuses when those who share a rate with the caller have used it up.
	fn ensure_room(&self, identity: &IdentityId, organisations: &[IdentityId]) -> Result<()> {
		let now = Instant::now();
		for id in sharing(identity, organisations) {
			self.organisations.room(&id, now).map_err(Error::TooManyRequests)?;
		}
		Ok(())
	}

	/// Charges a request to everybody whose rate it takes from. Its nonce is spent: one that was
	/// copied and sent again costs its signer nothing.
	fn charge(
		&self,
		account: [u8; 32],
		identity: &IdentityId,
		organisations: &[IdentityId],
	) -> Result<()> {
		let now = Instant::now();
		self.accounts.take(account, now).map_err(Error::TooManyRequests)?;
		for id in sharing(identity, organisations) {
			self.organisations.take(id, now).map_err(Error::TooManyRequests)?;
		}
		Ok(())
	}

	/// Only one instance gets to create the row.
	async fn spend_nonce(&self, credentials: &Credentials) -> Result<()> {
		let is_new = self.store.create(&nonce_path(credentials), Bytes::new()).await?;
		is_new.then_some(()).ok_or(Error::NonceUsed)
	}

	/// How old a block is by this machine's clock.
	pub(crate) async fn age(&self, block: Block) -> Result<Duration> {
		let made = self.chain.timestamp(block).await?;
		Ok(Duration::from_millis(wire::now().saturating_sub(made)))
	}

	/// How old the final block is.
	pub(crate) async fn finality_age(&self) -> Result<Duration> {
		self.age(self.chain.head(At::Finalised).await?).await
	}

	/// Refuses to release anything on a chain that no longer finalises.
	pub(crate) async fn ensure_fresh(&self, finalised: Block, limit: Duration) -> Result<()> {
		let age = self.age(finalised).await?;
		if age > limit { Err(Error::StaleFinality { age, limit }) } else { Ok(()) }
	}

	/// The caller's own key, which both ends of the chain have to show as the one in force: nothing is
	/// sealed to a key that was just given up, nor to one that may yet vanish.
	pub(crate) async fn key_of(
		&self,
		caller: &Caller,
		version: KeyVersion,
	) -> Result<AgreementPublic> {
		let (finalised, best) = tokio::try_join!(
			self.chain.agreement_key(&caller.identity, caller.finalised),
			self.chain.agreement_key(&caller.identity, caller.best),
		)?;
		let (in_force, key) = best.ok_or(Error::NoAgreementKey)?;
		if in_force != version || finalised != best {
			return Err(Error::OtherKeyVersion(in_force));
		}
		AgreementPublic::from_bytes(key).map_err(|_| Error::NoAgreementKey)
	}

	/// Removes the nonces of requests that have expired anyway.
	pub(crate) async fn sweep(&self, now: Moment) -> Result<()> {
		let current = (now / MINUTE).saturating_sub(MARGIN);
		let is_old = move |minute: &str| minute.parse::<u64>().is_ok_and(|old| old < current);
		self.store.sweep("nonces", is_old).await
	}
}

/// Where it is noted that a request was made.
fn nonce_path(credentials: &Credentials) -> String {
	let Credentials { account, nonce, expires, .. } = credentials;
	let (minute, account, nonce) = (expires / MINUTE, hex::encode(account), hex::encode(nonce));
	format!("nonces/{minute:010}/{account}-{nonce}")
}

/// Whose common rate a caller takes from: the organisations where it works, and its own.
pub(crate) fn sharing(
	identity: &IdentityId,
	organisations: &[IdentityId],
) -> impl Iterator<Item = IdentityId> {
	let own = (!organisations.contains(identity)).then_some(*identity);
	organisations.iter().copied().chain(own)
}

/// What a key must be allowed to sign for a request: whoever stores, erases or has a document
/// validated is an author, whoever only wants something shown or released is a reader; goods have a
/// scope of their own.
fn scope_of(method: &Method, path: &str) -> CallScope {
	if path.starts_with("/supply/") {
		return CallScope::SupplyChain;
	}
	let shows = *method == Method::POST && path == wire::path::VALIDATIONS;
	if shows || [Method::PUT, Method::DELETE].contains(method) {
		CallScope::RecordAnchor
	} else {
		CallScope::RecordRead
	}
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
			(Method::POST, "/emergencies/1/release", CallScope::RecordRead),
			(Method::POST, "/validations", CallScope::RecordAnchor),
			(Method::GET, "/validations", CallScope::RecordRead),
			(Method::PUT, "/supply/batches/7", CallScope::SupplyChain),
			(Method::POST, "/supply/proof", CallScope::SupplyChain),
		] {
			assert_eq!(scope_of(&method, path), scope, "{method} {path}");
		}
	}
}
