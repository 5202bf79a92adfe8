// SPDX-License-Identifier: Apache-2.0

//! What a client and a custodian say to each other: signed requests and the bodies they carry.
//!
//! A request carries five headers. The signature is sr25519 over
//! `"salus/http/1" ‖ genesis ‖ SCALE(method, path, blake2_256(body), audience, nonce, expires)`,
//! where `path` is the path with its query as it stands in the request line. So a request acts
//! once (nonce), soon (expiry), at one custodian (audience), of one chain (genesis), with one body.
//!
//! Key shares never cross the wire in plain, with TLS or without: a deposit is sealed to the
//! custodian's agreement key, a release to the reader's, and each is bound to its request. The same
//! holds for what a validation gateway is shown and finds.

use codec::Encode;
use salus_envelope::{
	AgreementPublic, AgreementSecret, CiphertextHasher, CustodianShare, Secret, Wrap, WrapError,
};
use salus_primitives::{
	AccessDecision, AccessQuestion, Action, CompartmentNo, ContentHash, Digest, IdentityId,
	KeyVersion, Moment, Purpose, RecordClass, RecordId, RecordNonce, RecordVersion, blake2_256,
	signed_forms,
};
use serde::{Deserialize, Serialize};
use std::fmt;
use subxt_signer::sr25519;

mod validations;

pub use validations::*;

/// The header that names the signer: the hexadecimal sr25519 public key of its account.
pub const ACCOUNT: &str = "salus-account";
/// The header that names the custodian the request is meant for.
pub const AUDIENCE: &str = "salus-audience";
/// The header with the 16 bytes that make a request unique, in hexadecimal.
pub const NONCE: &str = "salus-nonce";
/// The header with the moment from which the request is void, in milliseconds.
pub const EXPIRES: &str = "salus-expires";
/// The header with the signature, in hexadecimal.
pub const SIGNATURE: &str = "salus-signature";

/// How far ahead the expiry of a request may lie, in milliseconds.
pub const MAX_LIFETIME: Moment = 5 * 60 * 1000;
/// How long the requests made here live, in milliseconds.
pub const LIFETIME: Moment = 60 * 1000;
/// The most entries one page of the audit holds.
pub const MAX_AUDIT_PAGE: u32 = 200;

const TAG: &[u8; 12] = b"salus/http/1";
const DEPOSIT_TAG: &[u8; 15] = b"salus/deposit/1";

/// What a signature stands under.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement<'a> {
	/// Genesis hash of the chain.
	pub genesis: [u8; 32],
	/// The HTTP method, in capitals.
	pub method: &'a str,
	/// Path and query, as in the request line.
	pub path: &'a str,
	/// BLAKE2b-256 of the body; of no bytes at all where there is none.
	pub body: [u8; 32],
	/// The custodian.
	pub audience: IdentityId,
	/// Never used twice by one account.
	pub nonce: [u8; 16],
	/// The first moment at which the request is void.
	pub expires: Moment,
}

impl Statement<'_> {
	/// The bytes to sign.
	pub fn to_bytes(&self) -> Vec<u8> {
		let Self { genesis, method, path, body, audience, nonce, expires } = self;
		(TAG, genesis, method, path, body, audience, nonce, expires).encode()
	}

	/// The hash that a release is bound to.
	pub fn hash(&self) -> [u8; 32] {
		blake2_256(&self.to_bytes())
	}
}

/// A fresh nonce from the operating system.
pub fn fresh_nonce() -> [u8; 16] {
	let secret = CustodianShare::generate();
	let (nonce, _) = secret.expose().split_at(16);
	nonce.try_into().expect("the first half of 32 bytes has 16; qed")
}

/// Milliseconds since the Unix epoch by the clock of this machine.
pub fn now() -> Moment {
	std::time::SystemTime::now()
		.duration_since(std::time::UNIX_EPOCH)
		.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// BLAKE2b-256 of a body, as [`Statement::body`] wants it. For an upload it is the object's hash.
pub fn body_hash(body: &[u8]) -> [u8; 32] {
	let mut hasher = CiphertextHasher::new();
	hasher.update(body);
	hasher.finish().0
}

/// A request's five headers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Credentials {
	/// The sr25519 public key of the signer's account.
	pub account: [u8; 32],
	/// The custodian.
	pub audience: IdentityId,
	/// The nonce.
	pub nonce: [u8; 16],
	/// The first moment at which the request is void.
	pub expires: Moment,
	/// The signature over the [`Statement`].
	pub signature: [u8; 64],
}

/// Why the headers of a request do not hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CredentialsError {
	/// A header is not there.
	Missing(&'static str),
	/// A header cannot be read.
	Malformed(&'static str),
	/// It is meant for another custodian.
	OtherAudience,
	/// Its expiry has passed.
	Expired,
	/// Its expiry lies further ahead than [`MAX_LIFETIME`].
	ExpiresTooLate,
	/// The signature is not the account's over this request on this chain.
	BadSignature,
}

impl fmt::Display for CredentialsError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Missing(header) => write!(f, "the header {header} is missing: sign the request"),
			Self::Malformed(header) => write!(f, "the header {header} cannot be read"),
			Self::OtherAudience => {
				f.write_str("the request is signed for another custodian: see /info for this one")
			},
			Self::Expired => {
				f.write_str("the request has expired: sign a new one, and check the clock")
			},
			Self::ExpiresTooLate => f.write_str(
				"the request expires more than five minutes ahead: sign a shorter one, and check the clock",
			),
			Self::BadSignature => f.write_str(
				"the signature does not fit account, request and chain: check key and genesis hash",
			),
		}
	}
}

impl std::error::Error for CredentialsError {}

impl Credentials {
	/// Signs `statement`.
	pub fn sign(statement: &Statement<'_>, signer: &sr25519::Keypair) -> Self {
		Self {
			account: signer.public_key().0,
			audience: statement.audience,
			nonce: statement.nonce,
			expires: statement.expires,
			signature: signer.sign(&statement.to_bytes()).0,
		}
	}

	/// The headers to send, by name.
	pub fn headers(&self) -> [(&'static str, String); 5] {
		[
			(ACCOUNT, format!("0x{}", hex::encode(self.account))),
			(AUDIENCE, self.audience.to_string()),
			(NONCE, format!("0x{}", hex::encode(self.nonce))),
			(EXPIRES, self.expires.to_string()),
			(SIGNATURE, format!("0x{}", hex::encode(self.signature))),
		]
	}

	/// Reads the headers of a request; `header` looks one up by its name in lower case.
	pub fn from_headers<'a>(
		header: impl Fn(&str) -> Option<&'a str>,
	) -> Result<Self, CredentialsError> {
		let text = |name| header(name).ok_or(CredentialsError::Missing(name));
		Ok(Self {
			account: bytes(ACCOUNT, text(ACCOUNT)?)?,
			audience: IdentityId(bytes(AUDIENCE, text(AUDIENCE)?)?),
			nonce: bytes(NONCE, text(NONCE)?)?,
			expires: text(EXPIRES)?.parse().map_err(|_| CredentialsError::Malformed(EXPIRES))?,
			signature: bytes(SIGNATURE, text(SIGNATURE)?)?,
		})
	}

	/// Checks audience, expiry in both directions and signature, in this order. That the nonce is
	/// new and the account somebody's is for the caller to check.
	///
	/// Gives the hash of the statement. Wallets sign raw bytes between `<Bytes>` and `</Bytes>`; that
	/// form counts too.
	pub fn verify(
		&self,
		statement: &Statement<'_>,
		custodian: &IdentityId,
		now: Moment,
	) -> Result<[u8; 32], CredentialsError> {
		if self.audience != *custodian || statement.audience != *custodian {
			return Err(CredentialsError::OtherAudience);
		}
		if self.expires <= now {
			return Err(CredentialsError::Expired);
		}
		if self.expires - now > MAX_LIFETIME {
			return Err(CredentialsError::ExpiresTooLate);
		}
		let (signature, account) =
			(sr25519::Signature(self.signature), sr25519::PublicKey(self.account));
		signed_forms(statement.to_bytes())
			.iter()
			.any(|form| sr25519::verify(&signature, form, &account))
			.then(|| statement.hash())
			.ok_or(CredentialsError::BadSignature)
	}
}

fn bytes<const N: usize>(name: &'static str, text: &str) -> Result<[u8; N], CredentialsError> {
	let mut bytes = [0; N];
	hex::decode_to_slice(text.strip_prefix("0x").unwrap_or(text), &mut bytes)
		.map_err(|_| CredentialsError::Malformed(name))?;
	Ok(bytes)
}

/// What a client needs to sign for one custodian of one chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Peer {
	/// Genesis hash of the chain.
	pub genesis: [u8; 32],
	/// The custodian.
	pub custodian: IdentityId,
}

impl Peer {
	/// Signs a request that expires [`LIFETIME`] from now. Gives the headers to send and the hash
	/// that a release comes back bound to.
	pub fn sign(
		&self,
		method: &str,
		path: &str,
		body: [u8; 32],
		signer: &sr25519::Keypair,
	) -> (Credentials, [u8; 32]) {
		let statement = Statement {
			genesis: self.genesis,
			method,
			path,
			body,
			audience: self.custodian,
			nonce: fresh_nonce(),
			expires: now().saturating_add(LIFETIME),
		};
		(Credentials::sign(&statement, signer), statement.hash())
	}

	/// Seals `K_s` of one version of a record to the custodian's agreement key, for a deposit.
	pub fn seal_deposit(
		&self,
		record: &RecordId,
		version: RecordVersion,
		share: &CustodianShare,
		key: &AgreementPublic,
	) -> Result<SealedShare, WrapError> {
		let wrap = share.release(&self.genesis, &self.deposit_context(record, version), key)?;
		Ok(SealedShare(wrap.0))
	}

	/// Opens what [`Self::seal_deposit`] made, with the custodian's secret.
	pub fn open_deposit(
		&self,
		record: &RecordId,
		version: RecordVersion,
		sealed: &SealedShare,
		secret: &AgreementSecret,
	) -> Result<CustodianShare, WrapError> {
		let context = self.deposit_context(record, version);
		Wrap(sealed.0).open_release(&self.genesis, &context, secret)
	}

	/// Seals `K_s` to the reader, as the answer to the request with this hash.
	pub fn seal_release(
		&self,
		request: &[u8; 32],
		share: &CustodianShare,
		key: &AgreementPublic,
	) -> Result<SealedShare, WrapError> {
		Ok(SealedShare(share.release(&self.genesis, request, key)?.0))
	}

	/// Opens the answer to the request with this hash, with the secret of the key it named.
	pub fn open_release(
		&self,
		request: &[u8; 32],
		sealed: &SealedShare,
		secret: &AgreementSecret,
	) -> Result<CustodianShare, WrapError> {
		Wrap(sealed.0).open_release(&self.genesis, request, secret)
	}

	fn deposit_context(&self, record: &RecordId, version: RecordVersion) -> [u8; 32] {
		blake2_256(&(DEPOSIT_TAG, self.custodian, record, version).encode())
	}
}

/// The paths of a custodian, as they are signed and sent.
pub mod path {
	use super::{ContentHash, IdentityId, RecordId, RecordVersion};

	/// `PUT`, `GET` and `DELETE` of a sealed object.
	pub fn object(hash: &ContentHash) -> String {
		format!("/objects/{hash}")
	}

	/// `PUT`, `GET` and `DELETE` of a key share; `GET` says whether it is kept.
	pub fn share(record: &RecordId, version: RecordVersion) -> String {
		format!("/shares/{record}/{version}")
	}

	/// `POST` to have a key share released.
	pub fn release(record: &RecordId, version: RecordVersion) -> String {
		format!("/shares/{record}/{version}/release")
	}

	/// `GET` of what was recorded about a subject, from the entry after `after` on.
	pub fn audit(subject: &IdentityId, after: Option<&str>, limit: u32) -> String {
		let after = after.map(|after| format!("&after={after}")).unwrap_or_default();
		format!("/audit?subject={subject}&limit={limit}{after}")
	}

	/// `POST` of a document to have it validated, and `GET` of the decisions on such.
	pub const VALIDATIONS: &str = "/validations";

	/// `GET` of the decisions of a validation gateway behind number `after`.
	pub fn decisions(after: Option<u64>, limit: u32) -> String {
		let after = after.map(|after| format!("&after={after}")).unwrap_or_default();
		format!("{VALIDATIONS}?limit={limit}{after}")
	}

	/// `GET` of [`super::Info`], unsigned.
	pub const INFO: &str = "/info";
	/// `GET` of [`super::Health`], unsigned.
	pub const HEALTH: &str = "/health";
	/// `GET` of the metrics in the text format of Prometheus, unsigned.
	pub const METRICS: &str = "/metrics";
}

/// A key share sealed by HPKE: 80 bytes, in JSON as hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SealedShare(#[serde(with = "hex_bytes")] pub [u8; 80]);

/// Body of `PUT /shares/{record}/{version}`. The id of the record is derived from the signer's
/// identity and the fields here, which proves that the signer is its author.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deposit {
	/// Whom the record is about.
	pub subject: IdentityId,
	/// Its class.
	pub class: RecordClass,
	/// The compartment it lies in.
	pub compartment: CompartmentNo,
	/// What its author picked for its id.
	#[serde(with = "hex_bytes")]
	pub nonce: RecordNonce,
	/// The hash of the sealed object that the share opens: it goes when the record is erased.
	pub content: ContentHash,
	/// `K_s`, sealed by [`Peer::seal_deposit`].
	pub share: SealedShare,
}

/// Answer to a deposit, and to an upload.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Stored {
	/// Whether it was there before.
	pub existed: bool,
}

/// Body of `POST /shares/{record}/{version}/release`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseRequest {
	/// What for.
	pub purpose: Purpose,
	/// What to do.
	pub action: Action,
	/// The version of the reader's agreement key to seal to: its current one.
	pub key_version: KeyVersion,
}

/// Answer to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Release {
	/// The record.
	pub record: RecordId,
	/// Its version.
	pub version: RecordVersion,
	/// `K_s`; open it with [`Peer::open_release`].
	pub share: SealedShare,
	/// The version of the reader's agreement key it is sealed to.
	pub key_version: KeyVersion,
	/// What the release rests on.
	pub decision: AccessDecision,
	/// The number of the log entry at this custodian.
	pub seq: u64,
	/// The hash of the log entry, as the chain gets to see it.
	pub event: Digest,
}

/// One entry of a custodian's own log.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AuditEntry {
	/// Which of the custodian's recorders wrote it.
	pub recorder: String,
	/// Its number there: contiguous, from 0.
	pub seq: u64,
	/// When, by the custodian's clock.
	pub at: Moment,
	/// Whom the record is about; nobody when there is no such record.
	pub subject: Option<IdentityId>,
	/// What was asked.
	pub question: AccessQuestion,
	/// The version of the record.
	pub version: RecordVersion,
	/// What was answered.
	pub decision: AccessDecision,
	/// The account that signed the request.
	pub account: Digest,
	/// The hash of the signed request.
	pub request: Digest,
	/// How many denials of this reader were not recorded one by one before this entry.
	pub suppressed: u64,
	/// Random, so that the hash of the entry tells nothing about it.
	#[serde(with = "hex_bytes")]
	pub salt: [u8; 16],
}

/// Answer to `GET /audit`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AuditPage {
	/// The entries, oldest first.
	pub entries: Vec<AuditEntry>,
	/// Give it as `after` to get the next page; none after the last.
	pub next: Option<String>,
}

/// Answer to `GET /info`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Info {
	/// The custodian's identity: the audience of every request.
	pub identity: IdentityId,
	/// Its X25519 key. Seal to it only when the chain shows the same one.
	pub agreement_key: Digest,
	/// The version under which the chain shows that key; none while it shows another.
	pub key_version: Option<KeyVersion>,
	/// Genesis hash of the chain.
	pub genesis: Digest,
	/// The largest object it takes, in bytes.
	pub max_object: u64,
	/// How it validates, when it does.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub gateway: Option<GatewayInfo>,
	/// Its software.
	pub version: String,
}

/// Answer to `GET /health`: 200 when `ok`, 503 otherwise.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Health {
	/// Whether it can release shares now.
	pub ok: bool,
	/// Whether its node answers.
	pub chain: bool,
	/// The age of the finalised block, in milliseconds.
	pub finality_age: Option<u64>,
	/// Log entries that are not on chain yet.
	pub backlog: u64,
}

/// Body of every answer that is no success.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Failure {
	/// A word for programs.
	pub error: String,
	/// What is wrong and what to do, for people.
	pub message: String,
	/// Why access was denied, where that is the failure.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub decision: Option<AccessDecision>,
}

/// Byte arrays as hexadecimal text with `0x` in front; read with or without it.
pub mod hex_bytes {
	use serde::{Deserialize, Deserializer, Serializer, de::Error};
	use zeroize::Zeroizing;

	/// Writes.
	pub fn serialize<const N: usize, S: Serializer>(
		bytes: &[u8; N],
		serializer: S,
	) -> Result<S::Ok, S::Error> {
		// A keystore writes its seeds by this.
		serializer
			.serialize_str(&Zeroizing::new(format!("0x{}", *Zeroizing::new(hex::encode(bytes)))))
	}

	/// Reads.
	pub fn deserialize<'de, const N: usize, D: Deserializer<'de>>(
		deserializer: D,
	) -> Result<[u8; N], D::Error> {
		let text = Zeroizing::new(String::deserialize(deserializer)?);
		let mut bytes = [0; N];
		hex::decode_to_slice(text.strip_prefix("0x").unwrap_or(&text), &mut bytes)
			.map_err(|_| D::Error::custom(format_args!("expected {} hexadecimal digits", 2 * N)))?;
		Ok(bytes)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_envelope::PrivateKey;
	use subxt_signer::sr25519::dev;

	const PEER: Peer = Peer { genesis: [1; 32], custodian: IdentityId([2; 32]) };
	const NOW: Moment = 1_000_000_000;

	fn statement() -> Statement<'static> {
		Statement {
			genesis: PEER.genesis,
			method: "PUT",
			path: "/objects/0x00",
			body: body_hash(b"body"),
			audience: PEER.custodian,
			nonce: [3; 16],
			expires: NOW + LIFETIME,
		}
	}

	fn verified(
		credentials: &Credentials,
		statement: &Statement<'_>,
	) -> Result<[u8; 32], CredentialsError> {
		credentials.verify(statement, &PEER.custodian, NOW)
	}

	#[test]
	fn a_signed_request_verifies_to_its_hash() {
		let credentials = Credentials::sign(&statement(), &dev::alice());
		assert_eq!(verified(&credentials, &statement()), Ok(statement().hash()));
	}

	#[test]
	fn the_form_that_wallets_sign_verifies() {
		let mut credentials = Credentials::sign(&statement(), &dev::alice());
		let [_, wrapped] = signed_forms(statement().to_bytes());
		credentials.signature = dev::alice().sign(&wrapped).0;
		assert_eq!(verified(&credentials, &statement()), Ok(statement().hash()));
	}

	#[test]
	fn the_hash_of_a_body_is_the_hash_of_an_object() {
		assert_eq!(body_hash(b"body"), blake2_256(b"body"));
		assert_eq!(body_hash(b""), blake2_256(b""));
	}

	#[test]
	fn every_field_is_under_the_signature() {
		let credentials = Credentials::sign(&statement(), &dev::alice());
		let changes: [fn(&mut Statement<'_>); 6] = [
			|s| s.genesis[0] ^= 1,
			|s| s.method = "GET",
			|s| s.path = "/objects/0x01",
			|s| s.body[0] ^= 1,
			|s| s.nonce[0] ^= 1,
			|s| s.expires += 1,
		];
		for change in changes {
			let mut other = statement();
			change(&mut other);
			assert_eq!(verified(&credentials, &other), Err(CredentialsError::BadSignature));
		}
		let other = Credentials { account: dev::bob().public_key().0, ..credentials };
		assert_eq!(verified(&other, &statement()), Err(CredentialsError::BadSignature));
	}

	#[test]
	fn a_request_for_another_custodian_is_refused() {
		let mut other = statement();
		other.audience = IdentityId([9; 32]);
		let credentials = Credentials::sign(&other, &dev::alice());
		assert_eq!(verified(&credentials, &other), Err(CredentialsError::OtherAudience));
	}

	#[test]
	fn expiry_is_bounded_in_both_directions() {
		let at = |expires| {
			let mut timed = statement();
			timed.expires = expires;
			verified(&Credentials::sign(&timed, &dev::alice()), &timed).map(drop)
		};
		assert_eq!(at(NOW), Err(CredentialsError::Expired));
		assert_eq!(at(NOW + 1), Ok(()));
		assert_eq!(at(NOW + MAX_LIFETIME), Ok(()));
		assert_eq!(at(NOW + MAX_LIFETIME + 1), Err(CredentialsError::ExpiresTooLate));
		assert_eq!(at(u64::MAX), Err(CredentialsError::ExpiresTooLate));
	}

	#[test]
	fn headers_are_read_as_they_are_written() {
		let credentials = Credentials::sign(&statement(), &dev::alice());
		let headers = credentials.headers();
		let read = |skip: &str| {
			Credentials::from_headers(|name| {
				let found = headers.iter().find(|(known, _)| *known == name && name != skip);
				found.map(|(_, value)| value.as_str())
			})
		};
		assert_eq!(read(""), Ok(credentials));
		for name in [ACCOUNT, AUDIENCE, NONCE, EXPIRES, SIGNATURE] {
			assert_eq!(read(name), Err(CredentialsError::Missing(name)));
		}
		let garbage = Credentials::from_headers(|_| Some("0xzz"));
		assert_eq!(garbage, Err(CredentialsError::Malformed(ACCOUNT)));
	}

	#[test]
	fn a_deposit_opens_for_its_record_at_its_custodian_only() {
		let (secret, share) = (AgreementSecret::generate(), CustodianShare::generate());
		let record = RecordId([4; 32]);
		let sealed = PEER.seal_deposit(&record, 1, &share, &secret.public()).unwrap();
		assert_eq!(PEER.open_deposit(&record, 1, &sealed, &secret), Ok(share));

		let other = Peer { custodian: IdentityId([5; 32]), ..PEER };
		assert!(other.open_deposit(&record, 1, &sealed, &secret).is_err());
		assert!(PEER.open_deposit(&record, 2, &sealed, &secret).is_err());
		assert!(PEER.open_deposit(&RecordId([5; 32]), 1, &sealed, &secret).is_err());
	}

	#[test]
	fn a_release_opens_for_its_request_only() {
		let (secret, share) = (AgreementSecret::generate(), CustodianShare::generate());
		let sealed = PEER.seal_release(&[6; 32], &share, &secret.public()).unwrap();
		assert_eq!(PEER.open_release(&[6; 32], &sealed, &secret), Ok(share));
		assert!(PEER.open_release(&[7; 32], &sealed, &secret).is_err());
	}

	#[test]
	fn bodies_keep_their_json_form() {
		let deposit = Deposit {
			subject: IdentityId([1; 32]),
			class: RecordClass::Laboratory,
			compartment: 3,
			nonce: [2; 16],
			content: ContentHash([5; 32]),
			share: SealedShare([4; 80]),
		};
		let json = serde_json::to_value(&deposit).unwrap();
		let expected = serde_json::json!({
			"subject": format!("0x{}", "01".repeat(32)),
			"class": "laboratory",
			"compartment": 3,
			"nonce": format!("0x{}", "02".repeat(16)),
			"content": format!("0x{}", "05".repeat(32)),
			"share": format!("0x{}", "04".repeat(80)),
		});
		assert_eq!(json, expected);
		assert_eq!(serde_json::from_value::<Deposit>(json).unwrap(), deposit);
	}
}
