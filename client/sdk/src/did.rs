// SPDX-License-Identifier: Apache-2.0

//! DIDs of the method `did:salus`, their documents and resolution results (W3C DID 1.1, W3C DID
//! Resolution 1).
//!
//! `did:salus:<chain>:<identity>`: the first eight bytes of the genesis hash in hexadecimal, and the
//! identity in base58 (Bitcoin's alphabet). A document is made of what the chain answers to
//! `Identity.resolve`: keys and services, and nothing about the person behind them.

use crate::{
	time::utc,
	types::{DidFacts, ResolveError},
};
use salus_primitives::{IdentityId, KeyPurpose, KeyPurposes, Moment, PublicKey, X25519Key};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The context of DID 1.1. It has every term used here, `Multikey` among them: a second context that
/// defines it again would be an error to JSON-LD, since the terms of both are protected.
pub const CONTEXT: &str = "https://www.w3.org/ns/did/v1.1";
/// The media type of a document (DID 1.1, section 6).
pub const MEDIA_TYPE: &str = "application/did";
/// The JSON schema that every document made here meets.
pub const SCHEMA: &str = include_str!("../schemas/did-document.schema.json");

const METHOD: &str = "salus";
/// What kinds of service are, to JSON-LD.
const SERVICES: &str = "urn:salus:service:";

/// The first bytes of the genesis hash: they name the chain.
pub type ChainTag = [u8; 8];

/// The tag of the chain with this genesis hash.
pub fn chain_tag(genesis: &[u8; 32]) -> ChainTag {
	let [a, b, c, d, e, f, g, h, ..] = *genesis;
	[a, b, c, d, e, f, g, h]
}

/// The DID of an identity on a chain.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Did {
	/// Which chain.
	pub chain: ChainTag,
	/// Which identity.
	pub identity: IdentityId,
}

impl Did {
	/// The DID of an identity on the chain with this genesis hash.
	pub fn new(genesis: &[u8; 32], identity: IdentityId) -> Self {
		Self { chain: chain_tag(genesis), identity }
	}
}

impl fmt::Display for Did {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let identity = bs58::encode(&self.identity.0).into_string();
		write!(f, "did:{METHOD}:{}:{identity}", hex::encode(self.chain))
	}
}

/// Why a text is no DID of this method.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ParseDidError {
	/// It does not begin with `did:`, or what follows is not well-formed.
	#[error("that is no DID of this method: write did:salus:<16 hexadecimal digits>:<base58>")]
	Syntax,
	/// It is a DID of another method.
	#[error("that is a DID of another method: only did:salus is resolved here")]
	Method,
}

impl FromStr for Did {
	type Err = ParseDidError;

	fn from_str(text: &str) -> Result<Self, ParseDidError> {
		use ParseDidError::{Method, Syntax};
		let rest = text.strip_prefix("did:").ok_or(Syntax)?;
		let (method, rest) = rest.split_once(':').ok_or(Syntax)?;
		let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
		if method.is_empty() || !method.bytes().all(is_name) || rest.is_empty() {
			return Err(Syntax);
		}
		if method != METHOD {
			return Err(Method);
		}
		let (digits, identity) = rest.split_once(':').ok_or(Syntax)?;
		// One text for each DID: no capitals.
		if digits.bytes().any(|byte| byte.is_ascii_uppercase()) {
			return Err(Syntax);
		}
		let mut chain = ChainTag::default();
		hex::decode_to_slice(digits, &mut chain).map_err(|_| Syntax)?;
		let mut bytes = [0; 32];
		match bs58::decode(identity).onto(&mut bytes) {
			Ok(32) => Ok(Self { chain, identity: IdentityId(bytes) }),
			_ => Err(Syntax),
		}
	}
}

/// A DID document.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Document {
	/// What its terms mean.
	#[serde(rename = "@context")]
	pub context: Vec<Context>,
	/// Whose it is.
	pub id: String,
	/// Its keys.
	#[serde(default, skip_serializing_if = "Vec::is_empty")]
	pub verification_method: Vec<Multikey>,
	/// The keys that show who it is.
	#[serde(default, skip_serializing_if = "Vec::is_empty")]
	pub authentication: Vec<String>,
	/// The keys that state something.
	#[serde(default, skip_serializing_if = "Vec::is_empty")]
	pub assertion_method: Vec<String>,
	/// The key that others seal to.
	#[serde(default, skip_serializing_if = "Vec::is_empty")]
	pub key_agreement: Vec<String>,
	/// The keys that act on the chain.
	#[serde(default, skip_serializing_if = "Vec::is_empty")]
	pub capability_invocation: Vec<String>,
	/// The keys that let others act.
	#[serde(default, skip_serializing_if = "Vec::is_empty")]
	pub capability_delegation: Vec<String>,
	/// Where it can be reached.
	#[serde(default, skip_serializing_if = "Vec::is_empty")]
	pub service: Vec<Service>,
}

/// What terms mean (JSON-LD 1.1, section 3.1).
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(untagged)]
pub enum Context {
	/// What is published there.
	Published(String),
	/// Every other term is one of these.
	#[serde(rename_all = "camelCase")]
	Vocabulary {
		/// What stands before it.
		#[serde(rename = "@vocab")]
		vocabulary: String,
	},
}

/// A public key, in the form of W3C Controlled Identifiers 1.0, section 2.2.2.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Multikey {
	/// The DID and the name of the key.
	pub id: String,
	/// `Multikey`.
	#[serde(rename = "type")]
	pub kind: String,
	/// Whose key it is.
	pub controller: String,
	/// From when on it no longer counts, when that was settled from the start.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub expires: Option<String>,
	/// The key with its multicodec, in base58 after a `z`.
	pub public_key_multibase: String,
}

/// A way to reach somebody.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Service {
	/// The DID and the name of the service.
	pub id: String,
	/// What it is.
	#[serde(rename = "type")]
	pub kind: String,
	/// Where it is.
	pub service_endpoint: String,
}

/// What a resolution answers.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(rename_all = "camelCase")]
pub struct Resolution {
	/// About the resolution itself.
	pub did_resolution_metadata: ResolutionMetadata,
	/// The document. None on an error, and none for a DID that is deactivated.
	pub did_document: Option<Document>,
	/// About the document.
	pub did_document_metadata: DocumentMetadata,
}

/// About a resolution.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Default, Debug)]
#[serde(rename_all = "camelCase")]
pub struct ResolutionMetadata {
	/// The media type of the document.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub content_type: Option<String>,
	/// Why there is none.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub error: Option<Problem>,
}

/// An error in the form of RFC 9457.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
pub struct Problem {
	/// Which error, by the URL that DID Resolution gives it.
	#[serde(rename = "type")]
	pub kind: String,
	/// Which error, in words.
	pub title: String,
	/// What was wrong, and what to do.
	pub detail: String,
}

/// About a document.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Default, Debug)]
#[serde(rename_all = "camelCase")]
pub struct DocumentMetadata {
	/// When the DID was registered.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub created: Option<String>,
	/// When the document was given this version.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub updated: Option<String>,
	/// The version.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub version_id: Option<String>,
	/// When the next version came, of an older one.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub next_update: Option<String>,
	/// The next version, of an older one.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub next_version_id: Option<String>,
	/// Whether the DID has ended.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub deactivated: Option<bool>,
}

/// Why a DID does not resolve, by the names of DID Resolution.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unresolved {
	/// The text is no DID.
	#[error("{0}")]
	InvalidDid(String),
	/// Nobody has it.
	#[error("{0}")]
	NotFound(String),
	/// It is a DID of another method.
	#[error("{0}")]
	MethodNotSupported(String),
	/// The version asked for cannot be had.
	#[error("{0}")]
	InvalidOptions(String),
}

impl Unresolved {
	fn problem(&self) -> Problem {
		let (code, title) = match self {
			Self::InvalidDid(_) => ("INVALID_DID", "Invalid DID"),
			Self::NotFound(_) => ("NOT_FOUND", "DID not found"),
			Self::MethodNotSupported(_) => ("METHOD_NOT_SUPPORTED", "Method not supported"),
			Self::InvalidOptions(_) => ("INVALID_OPTIONS", "Invalid options"),
		};
		Problem {
			kind: format!("https://www.w3.org/ns/did#{code}"),
			title: title.into(),
			detail: self.to_string(),
		}
	}
}

impl From<ParseDidError> for Unresolved {
	fn from(error: ParseDidError) -> Self {
		match error {
			ParseDidError::Syntax => Self::InvalidDid(error.to_string()),
			ParseDidError::Method => Self::MethodNotSupported(error.to_string()),
		}
	}
}

impl From<ResolveError> for Unresolved {
	fn from(error: ResolveError) -> Self {
		match error {
			ResolveError::UnknownIdentity => {
				Self::NotFound("no identity with this id is registered: check the DID".into())
			},
			ResolveError::VersionPruned { oldest } => Self::InvalidOptions(format!(
				"the chain no longer keeps this version: ask for version {oldest} or later"
			)),
			ResolveError::UnknownVersion { current } => Self::InvalidOptions(format!(
				"there is no such version: ask for one from 1 to {current}"
			)),
		}
	}
}

impl Resolution {
	/// The answer that there is none, and why.
	pub fn error(error: &Unresolved) -> Self {
		Self {
			did_resolution_metadata: ResolutionMetadata {
				content_type: None,
				error: Some(error.problem()),
			},
			did_document: None,
			did_document_metadata: DocumentMetadata::default(),
		}
	}

	/// The answer made of what the chain says about one version, at a moment.
	pub fn of(did: &Did, facts: &DidFacts, now: Moment) -> Self {
		let time = |moment: Moment| Some(utc(moment));
		// What was valid before the end is history; the end itself has no document.
		let is_over = facts.deactivated && facts.next_version.is_none();
		// A key whose end was settled from the start ends without a version of its own.
		let at = if facts.next_version.is_some() { facts.updated } else { now };
		Self {
			did_resolution_metadata: ResolutionMetadata {
				content_type: (!is_over).then(|| MEDIA_TYPE.into()),
				error: None,
			},
			did_document: (!is_over).then(|| document(did, facts, at)),
			did_document_metadata: DocumentMetadata {
				created: time(facts.created),
				updated: time(facts.updated),
				version_id: Some(facts.version.to_string()),
				next_update: facts.next_update.and_then(time),
				next_version_id: facts.next_version.map(|version| version.to_string()),
				deactivated: facts.deactivated.then_some(true),
			},
		}
	}
}

/// The document of one version, with the keys that count at a moment.
fn document(did: &Did, facts: &DidFacts, at: Moment) -> Document {
	let id = did.to_string();
	let method = |fragment: String, key: String, until: Option<Moment>| Multikey {
		id: format!("{id}#{fragment}"),
		kind: "Multikey".into(),
		controller: id.clone(),
		expires: until.map(utc),
		public_key_multibase: key,
	};
	let mut verification_method = Vec::new();
	let mut signing = Vec::<(KeyPurposes, String)>::new();
	for key in facts.keys.iter().filter(|key| key.valid_until.is_none_or(|until| at < until)) {
		// An account that several sign for has no key to show.
		let Some(multibase) = signing_key(&key.public) else { continue };
		let shown = method(format!("key-{}", key.key), multibase, key.valid_until);
		signing.push((key.purposes, shown.id.clone()));
		verification_method.push(shown);
	}
	let for_purpose = |purpose: KeyPurpose| {
		let fits = signing.iter().filter(|(purposes, _)| purposes.contains(purpose));
		fits.map(|(_, id)| id.clone()).collect::<Vec<_>>()
	};
	let (authentication, assertion_method, capability_invocation, capability_delegation) = (
		for_purpose(KeyPurpose::Authentication),
		for_purpose(KeyPurpose::Assertion),
		for_purpose(KeyPurpose::CapabilityInvocation),
		for_purpose(KeyPurpose::CapabilityDelegation),
	);
	let mut key_agreement = Vec::new();
	if let Some(agreement) = &facts.agreement {
		let fragment = format!("ka-{}", agreement.version);
		let shown = method(fragment, agreement_key(&agreement.key), None);
		key_agreement.push(shown.id.clone());
		verification_method.push(shown);
	}
	let service = facts.services.iter().map(|service| Service {
		// The chain refuses the names of keys.
		id: format!("{id}#{}", String::from_utf8_lossy(&service.id)),
		kind: String::from_utf8_lossy(&service.kind).into_owned(),
		service_endpoint: String::from_utf8_lossy(&service.url).into_owned(),
	});
	let service: Vec<_> = service.collect();
	let mut context = vec![Context::Published(CONTEXT.into())];
	if !service.is_empty() {
		// Whoever lists a service names its kind freely.
		context.push(Context::Vocabulary { vocabulary: SERVICES.into() });
	}
	Document {
		context,
		id,
		verification_method,
		authentication,
		assertion_method,
		key_agreement,
		capability_invocation,
		capability_delegation,
		service,
	}
}

/// A signing key with the multicodec of its scheme, as a varint.
fn signing_key(key: &PublicKey) -> Option<String> {
	match key {
		PublicKey::Ed25519(key) => Some(multibase([0xed, 0x01], key)),
		PublicKey::Ecdsa(key) => Some(multibase([0xe7, 0x01], key)),
		PublicKey::Sr25519(key) => Some(multibase([0xef, 0x01], key)),
		PublicKey::Derived => None,
	}
}

fn agreement_key(key: &X25519Key) -> String {
	multibase([0xec, 0x01], key)
}

/// Base58 (Bitcoin's alphabet), which multibase marks with a `z`.
fn multibase(codec: [u8; 2], key: &[u8]) -> String {
	format!("z{}", bs58::encode([codec.as_slice(), key].concat()).into_string())
}

#[cfg(test)]
mod tests;
