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
use salus_envelope::{CiphertextHasher, CustodianShare, Secret};
use salus_primitives::{
	AccessDecision, ContentHash, Digest, EmergencyId, IdentityId, KeyVersion, Moment, RecordId,
	RecordVersion, blake2_256, signed_forms,
};
use serde::{Deserialize, Serialize};
use std::fmt;
use subxt_signer::sr25519;

mod audit;
mod emergencies;
mod shares;
mod supply;
mod validations;

pub use audit::*;
pub use emergencies::*;
pub use shares::*;
pub use supply::*;
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

const TAG: &[u8; 12] = b"salus/http/1";

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
}

/// The paths of a custodian, as they are signed and sent.
pub mod path {
	use super::{ContentHash, EmergencyId, IdentityId, RecordId, RecordVersion};
	use salus_primitives::BatchIx;

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

	/// `GET` of what was recorded about those who work at an organisation, and about itself.
	pub fn audit_of_readers(organisation: &IdentityId, after: Option<&str>, limit: u32) -> String {
		let after = after.map(|after| format!("&after={after}")).unwrap_or_default();
		format!("/audit?organisation={organisation}&limit={limit}{after}")
	}

	/// Either of the two as a FHIR `Bundle` of `AuditEvent`.
	pub fn as_fhir(audit: &str) -> String {
		format!("{audit}&format=fhir")
	}

	/// `POST` to have a reader share released that an emergency opens.
	pub fn emergency_release(emergency: EmergencyId) -> String {
		format!("/emergencies/{emergency}/release")
	}

	/// `POST` of a document to have it validated, and `GET` of the decisions on such.
	pub const VALIDATIONS: &str = "/validations";

	/// `GET` of the decisions of a validation gateway behind number `after`.
	pub fn decisions(after: Option<u64>, limit: u32) -> String {
		let after = after.map(|after| format!("&after={after}")).unwrap_or_default();
		format!("{VALIDATIONS}?limit={limit}{after}")
	}

	/// `PUT` of the leaf file of a batch, by its maker.
	pub fn leaf_file(batch: BatchIx) -> String {
		format!("/supply/batches/{batch}")
	}

	/// `POST` to have the proof of a unit, by its product and serial.
	pub const UNIT_PROOF: &str = "/supply/proof";

	/// `GET` of [`super::Info`], unsigned.
	pub const INFO: &str = "/info";
	/// `GET` of [`super::Health`], unsigned.
	pub const HEALTH: &str = "/health";
	/// `GET` of the metrics in the text format of Prometheus, unsigned.
	pub const METRICS: &str = "/metrics";
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
	/// Whether it holds emergency keys. Then it keeps neither objects nor shares.
	#[serde(default)]
	pub emergency_holder: bool,
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
mod tests;
