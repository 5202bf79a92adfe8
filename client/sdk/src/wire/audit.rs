// SPDX-License-Identifier: Apache-2.0

//! What a service recorded of who asked, and how to see on chain that it stands by it.

use super::hex_bytes;
use salus_envelope::Sha256Hasher;
use salus_merkle::{leaf_hash, verify_inclusion};
use salus_primitives::{
	AccessDecision, AccessQuestion, AuditLeaf, Digest, IdentityId, Moment, RecordVersion,
	RecorderId, blake2_256,
};
use serde::{Deserialize, Serialize};

/// The most entries one page of the audit holds.
pub const MAX_AUDIT_PAGE: u32 = 200;

/// The media type of an audit in the form of FHIR R4: a `Bundle` of `AuditEvent`.
pub const FHIR_JSON: &str = "application/fhir+json";

/// One entry of the log of a custodian, or of a holder of emergency keys.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AuditEntry {
	/// Which of the service's recorders wrote it.
	pub recorder: String,
	/// Its number there: contiguous, from 0.
	pub seq: u64,
	/// When, by the custodian's clock.
	pub at: Moment,
	/// Whom the record is about; nobody when there is no such record.
	pub subject: Option<IdentityId>,
	/// In whose accounting it stands: of the employer of the reader that the access was decided by, one
	/// at most; of the reader itself, when it is an organisation.
	#[serde(default, skip_serializing_if = "Vec::is_empty")]
	pub organisations: Vec<IdentityId>,
	/// What was asked.
	pub question: AccessQuestion,
	/// The version of the record.
	pub version: RecordVersion,
	/// What was answered.
	pub decision: AccessDecision,
	/// What a permit let go.
	#[serde(default)]
	pub released: Released,
	/// Whether the grant that permits counts its uses, and this was one.
	#[serde(default)]
	pub counted: bool,
	/// The account that signed the request.
	pub account: Digest,
	/// The hash of the signed request.
	pub request: Digest,
	/// How many denials of this reader were not recorded one by one before this entry.
	pub suppressed: u64,
	/// Random, so that the hash of the entry tells nothing about it.
	#[serde(with = "hex_bytes")]
	pub salt: [u8; 16],
	/// The batch on chain that holds it, once that is final. It is no part of the entry's hash.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub batch: Option<AuditInclusion>,
}

impl AuditEntry {
	/// The hash of the entry, as the chain gets to see it: BLAKE2b-256 of its JSON without `batch`,
	/// the members in the order of this type.
	pub fn event(&self) -> Digest {
		let entry = Self { batch: None, ..self.clone() };
		// Plain data: it always has a JSON form.
		Digest(blake2_256(&serde_json::to_vec(&entry).unwrap_or_default()))
	}

	/// The leaf of the entry in the batches of a service's recorder.
	pub fn leaf(&self, service: IdentityId) -> AuditLeaf {
		let recorder = recorder_id(&self.recorder);
		AuditLeaf { organisation: service, recorder, number: self.seq, event: self.event() }
	}
}

/// The id under which the chain knows a recorder.
pub fn recorder_id(name: &str) -> RecorderId {
	RecorderId(blake2_256(name.as_bytes()))
}

/// Which key share a permit let go.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Released {
	/// `K_s`, or a part of it, by a custodian.
	#[default]
	CustodianShare,
	/// `K_r`, by the holder of emergency keys.
	ReaderShare,
}

/// That an entry is in a batch whose root stands on chain.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AuditInclusion {
	/// The number of the batch of this recorder.
	pub seq: u64,
	/// The number of the first entry in it.
	pub first: u64,
	/// How many entries it holds.
	pub size: u64,
	/// The hashes beside the way from the leaf to the root, the lowest first (RFC 9162).
	pub path: Vec<Digest>,
}

impl AuditInclusion {
	/// Whether this leads from the leaf to the root of a batch. First and size have to be those that
	/// the chain shows beside the root.
	pub fn leads_to(&self, root: &Digest, leaf: &AuditLeaf) -> bool {
		let Some(index) = leaf.number.checked_sub(self.first) else { return false };
		let hash = leaf_hash::<Sha256Hasher>(&leaf.to_bytes());
		let path: Vec<_> = self.path.iter().map(|hash| hash.0).collect();
		verify_inclusion::<Sha256Hasher>(&root.0, self.size, index, &hash, &path).is_ok()
	}
}

/// Answer to `GET /audit`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AuditPage {
	/// The entries, oldest first.
	pub entries: Vec<AuditEntry>,
	/// Give it as `after` to get the next page; none after the last.
	pub next: Option<String>,
}
