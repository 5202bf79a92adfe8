// SPDX-License-Identifier: Apache-2.0

//! The HTTP client of a custodian and validation gateway: sealed objects, key shares and verdicts,
//! over [`crate::wire`].

use crate::{
	one_line,
	wire::{
		AuditPage, Deposit, Info, Peer, Release, ReleaseRequest, SharePart, Stored, body_hash, path,
	},
};
use futures::StreamExt;
use reqwest::{Client, Method, RequestBuilder};
use salus_envelope::{
	AgreementPublic, AgreementSecret, CiphertextHasher, CustodianShare, PublicKeyError,
};
use salus_primitives::{
	Action, CompartmentNo, ContentHash, IdentityId, KeyVersion, Purpose, RecordClass, RecordId,
	RecordNonce, RecordVersion,
};
use serde::{Serialize, de::DeserializeOwned};
use std::{path::Path, time::Duration};
use subxt_signer::sr25519::Keypair;
use tokio::io::AsyncWriteExt;
use tokio_util::io::ReaderStream;

mod answer;
mod audit;
mod circle;
mod emergency;
mod error;
mod gateway;
mod gathering;
mod supply;

pub use audit::Account;
pub use circle::{Circle, DivisionError, Named, SERVICE, Seat};
pub use error::CustodianError;
pub use gateway::{Showing, Validated};
pub use gathering::{GatherError, Gathering, Refusal};

use answer::{checked, json, unreachable_at};

/// How much of a file is sent at a time.
const PIECE: usize = 1 << 16;

type Result<T, E = CustodianError> = std::result::Result<T, E>;

/// A custodian that has said who it is.
#[derive(Clone, Debug)]
pub struct Custodian {
	http: Client,
	url: String,
	info: Info,
	peer: Peer,
	key: AgreementPublic,
}

/// A share to hand over, and the place of its record, which proves who wrote it.
#[derive(Clone, Debug)]
pub struct ShareDeposit<'a> {
	/// The record.
	pub record: RecordId,
	/// Its version.
	pub version: RecordVersion,
	/// Whom it is about.
	pub subject: IdentityId,
	/// Its class.
	pub class: RecordClass,
	/// The compartment it lies in.
	pub compartment: CompartmentNo,
	/// What its author picked for its id.
	pub nonce: RecordNonce,
	/// The hash of the sealed object that the share opens: it goes when the record is erased.
	pub content: ContentHash,
	/// `K_s`, or the part of it that this custodian keeps.
	pub share: &'a CustodianShare,
	/// Which part; none when it is all of it.
	pub part: Option<SharePart>,
}

/// Whether a custodian has something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Held {
	/// It keeps it.
	Kept,
	/// It never had it, or whoever brought it took it back.
	Missing,
	/// It was erased, for good.
	Erased,
}

/// A share to ask for.
#[derive(Clone, Copy, Debug)]
pub struct ShareRequest {
	/// The record.
	pub record: RecordId,
	/// Its version.
	pub version: RecordVersion,
	/// What for.
	pub purpose: Purpose,
	/// What to do.
	pub action: Action,
	/// The version of the reader's agreement key, its current one.
	pub key_version: KeyVersion,
}

impl Custodian {
	/// Asks the custodian at `url` who it is, and refuses one of another chain.
	///
	/// Compare [`Self::key`] with what the chain shows for [`Self::identity`] before a deposit:
	/// without TLS anybody may answer.
	pub async fn connect(url: &str, genesis: [u8; 32]) -> Result<Self> {
		let url = url.trim_end_matches('/').to_owned();
		let answer = |reason: String| CustodianError::Answer { url: url.clone(), reason };
		let http = Client::builder()
			.connect_timeout(Duration::from_secs(10))
			// Between two pieces of an answer: long objects take long, silence does not.
			.read_timeout(Duration::from_secs(90))
			.user_agent(concat!("salus/", env!("CARGO_PKG_VERSION")))
			.build()
			.map_err(|error| answer(one_line(&error.to_string())))?;
		let asked = http.get(format!("{url}{}", path::INFO)).timeout(Duration::from_secs(15));
		let sent = asked.send().await;
		let response = checked(&url, sent).await?;
		let info: Info = json(&url, response).await?;
		if info.genesis.0 != genesis {
			return Err(CustodianError::OtherGenesis { url, found: info.genesis.to_string() });
		}
		let key = AgreementPublic::from_bytes(info.agreement_key.0)
			.map_err(|error: PublicKeyError| answer(error.to_string()))?;
		let peer = Peer { genesis, custodian: info.identity };
		Ok(Self { http, url, info, peer, key })
	}

	/// Where it is.
	pub fn url(&self) -> &str {
		&self.url
	}

	/// What it said of itself.
	pub fn info(&self) -> &Info {
		&self.info
	}

	/// Its identity.
	pub fn identity(&self) -> IdentityId {
		self.info.identity
	}

	/// The key that shares are sealed to.
	pub fn key(&self) -> &AgreementPublic {
		&self.key
	}

	/// The complaint when the chain shows another key for it.
	pub fn key_complaint(&self) -> CustodianError {
		CustodianError::OtherKey { url: self.url.clone() }
	}

	/// Stores a sealed object from a file. Storing it again changes nothing.
	///
	/// `progress` hears how many bytes have gone.
	pub async fn put_object(
		&self,
		signer: &Keypair,
		hash: &ContentHash,
		file: &Path,
		progress: impl Fn(u64) + Send + Sync + 'static,
	) -> Result<Stored> {
		let failed = |source| CustodianError::File { path: file.into(), source };
		let source = tokio::fs::File::open(file).await.map_err(failed)?;
		let length = source.metadata().await.map_err(failed)?.len();
		let mut sent = 0;
		let pieces = ReaderStream::with_capacity(source, PIECE).inspect(move |piece| {
			if let Ok(piece) = piece {
				sent += piece.len() as u64;
				progress(sent);
			}
		});
		let request = self
			.signed(signer, Method::PUT, &path::object(hash), hash.0)
			.0
			.header(reqwest::header::CONTENT_LENGTH, length)
			.body(reqwest::Body::wrap_stream(pieces));
		self.ask(request).await
	}

	/// Fetches a sealed object into a new file and compares its hash. On failure the file is gone.
	///
	/// `progress` hears how many bytes have come, and how many there are if that is known.
	pub async fn get_object(
		&self,
		signer: &Keypair,
		hash: &ContentHash,
		file: &Path,
		progress: impl Fn(u64, Option<u64>),
	) -> Result<u64> {
		let result = self.fetch_object(signer, hash, file, progress).await;
		if result.is_err() {
			// It may never have been made.
			let _ = tokio::fs::remove_file(file).await;
		}
		result
	}

	async fn fetch_object(
		&self,
		signer: &Keypair,
		hash: &ContentHash,
		file: &Path,
		progress: impl Fn(u64, Option<u64>),
	) -> Result<u64> {
		let failed = |source| CustodianError::File { path: file.into(), source };
		let (request, _) = self.signed(signer, Method::GET, &path::object(hash), body_hash(b""));
		let response = checked(&self.url, request.send().await).await?;
		let total = response.content_length();
		let mut target = tokio::fs::File::create(file).await.map_err(failed)?;
		let (mut hasher, mut received) = (CiphertextHasher::new(), 0);
		let mut pieces = response.bytes_stream();
		while let Some(piece) = pieces.next().await {
			let piece = piece.map_err(|error| unreachable_at(&self.url, &error))?;
			hasher.update(&piece);
			target.write_all(&piece).await.map_err(failed)?;
			received += piece.len() as u64;
			progress(received, total);
		}
		target.flush().await.map_err(failed)?;
		if hasher.finish().0 == hash.0 {
			Ok(received)
		} else {
			Err(CustodianError::Damaged { hash: *hash })
		}
	}

	/// Hands a key share over, sealed. Doing it again with the same share changes nothing; another
	/// share for the same version is refused.
	pub async fn deposit_share(
		&self,
		signer: &Keypair,
		deposit: &ShareDeposit<'_>,
	) -> Result<Stored> {
		let ShareDeposit { record, version, subject, class, compartment, nonce, content, .. } =
			*deposit;
		let share = self.peer.seal_deposit(&record, version, deposit.share, &self.key)?;
		let part = deposit.part;
		let body = Deposit { subject, class, compartment, nonce, content, share, part };
		let path = path::share(&record, version);
		self.ask(self.with_json(signer, Method::PUT, &path, &body).0).await
	}

	/// Asks for a key share, or the part that lies here. A denial is logged and comes back as [`CustodianError::Denied`].
	pub async fn request_share(
		&self,
		signer: &Keypair,
		request: &ShareRequest,
		secret: &AgreementSecret,
	) -> Result<(CustodianShare, Release)> {
		let ShareRequest { record, version, purpose, action, key_version } = *request;
		let body = ReleaseRequest { purpose, action, key_version };
		let path = path::release(&record, version);
		let (request, hash) = self.with_json(signer, Method::POST, &path, &body);
		let release: Release = self.ask(request).await?;
		let share = self.peer.open_release(&hash, &release.share, secret)?;
		Ok((share, release))
	}

	/// One page of what the custodian recorded about a subject, for the subject itself.
	pub async fn audit(
		&self,
		signer: &Keypair,
		subject: &IdentityId,
		after: Option<&str>,
		limit: u32,
	) -> Result<AuditPage> {
		let path = path::audit(subject, after, limit);
		self.ask(self.signed(signer, Method::GET, &path, body_hash(b"")).0).await
	}

	/// Erases a key share for good: what was never anchored, by whom it came from; what a reseal took
	/// the place of, by the keeper, once that is final. Then the object goes, too.
	pub async fn delete_share(
		&self,
		signer: &Keypair,
		record: &RecordId,
		version: RecordVersion,
	) -> Result<()> {
		self.delete(signer, &path::share(record, version)).await
	}

	/// Deletes an object that belongs to no anchored record, by whom it came from.
	pub async fn delete_object(&self, signer: &Keypair, hash: &ContentHash) -> Result<()> {
		self.delete(signer, &path::object(hash)).await
	}

	/// Whether the custodian keeps the share of a version.
	pub async fn share_state(
		&self,
		signer: &Keypair,
		record: &RecordId,
		version: RecordVersion,
	) -> Result<Held> {
		self.state(signer, Method::GET, &path::share(record, version)).await
	}

	/// Whether the custodian keeps an object. A damaged one is an error, as it is when it is fetched.
	pub async fn object_state(&self, signer: &Keypair, hash: &ContentHash) -> Result<Held> {
		self.state(signer, Method::HEAD, &path::object(hash)).await
	}

	async fn state(&self, signer: &Keypair, method: Method, path: &str) -> Result<Held> {
		let (request, _) = self.signed(signer, method, path, body_hash(b""));
		match checked(&self.url, request.send().await).await {
			Ok(_) => Ok(Held::Kept),
			Err(error) if error.is_missing() => Ok(Held::Missing),
			Err(error) if error.is_erased() => Ok(Held::Erased),
			Err(error) => Err(error),
		}
	}

	async fn delete(&self, signer: &Keypair, path: &str) -> Result<()> {
		let (request, _) = self.signed(signer, Method::DELETE, path, body_hash(b""));
		checked(&self.url, request.send().await).await.map(drop)
	}

	fn with_json(
		&self,
		signer: &Keypair,
		method: Method,
		path: &str,
		body: &impl Serialize,
	) -> (RequestBuilder, [u8; 32]) {
		let body = serde_json::to_vec(body).expect("plain data; qed");
		let (request, hash) = self.signed(signer, method, path, body_hash(&body));
		let request = request.header(reqwest::header::CONTENT_TYPE, "application/json").body(body);
		(request, hash)
	}

	fn signed(
		&self,
		signer: &Keypair,
		method: Method,
		path: &str,
		body: [u8; 32],
	) -> (RequestBuilder, [u8; 32]) {
		let (credentials, hash) = self.peer.sign(method.as_str(), path, body, signer);
		let request = self.http.request(method, format!("{}{path}", self.url));
		let request = credentials
			.headers()
			.into_iter()
			.fold(request, |request, (name, value)| request.header(name, value));
		(request, hash)
	}

	async fn ask<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T> {
		json(&self.url, checked(&self.url, request.send().await).await?).await
	}
}
