// SPDX-License-Identifier: Apache-2.0

//! What an author shows to a validation gateway, and what the gateway answers.
//!
//! The body of a request is `u32 length of the head ‖ head as JSON ‖ sealed document`, the length in
//! little-endian. The document is an object (HRE1) under a key of its own, drawn for this one showing
//! and sealed to the service; its metadata holds the `ptSalt` of the record's body commitment. So the
//! plaintext never crosses the wire in plain, with TLS or without, and neither do the findings: the
//! outcome comes back sealed to the author.

use super::{Peer, SealedShare, hex_bytes};
use codec::Encode;
use salus_envelope::{
	AgreementPublic, AgreementSecret, CustodianShare, PublicKey, ReaderShare, Secret, Wrap,
	WrapError,
};
use salus_primitives::{
	AttestationKind, CompartmentNo, ContentHash, Digest, IdentityId, KeyVersion, Moment,
	RecordClass, RecordId, RecordNonce, RecordVersion, Verdict, blake2_256,
};
use serde::{Deserialize, Serialize};

/// The header of a showing that says the BLAKE2b-256 of its body, in hexadecimal: who asks is looked
/// at before a long body is read.
pub const BODY: &str = "salus-body";
/// The longest head, in bytes.
pub const MAX_HEAD: usize = 4096;
/// The most decisions one page of the gateway's log holds.
pub const MAX_DECISION_PAGE: u32 = 200;

const SHOWING_TAG: &[u8; 15] = b"salus/showing/1";
const GATEWAY_TAG: &[u8; 15] = b"salus/gateway/1";

/// Head of `POST /validations`: the place of the version under validation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowingHead {
	/// The record. Its id is made again from its author and the fields here.
	pub record: RecordId,
	/// Its version: 1, or the one after the newest.
	pub version: RecordVersion,
	/// Whom the record is about.
	pub subject: IdentityId,
	/// Its class.
	pub class: RecordClass,
	/// The compartment it lies in.
	pub compartment: CompartmentNo,
	/// What its author picked for its id.
	#[serde(with = "hex_bytes")]
	pub nonce: RecordNonce,
	/// The hash of the record's own sealed object.
	pub content: ContentHash,
	/// The key of the sealed document behind the head, sealed by [`Peer::seal_showing`].
	pub key: SealedShare,
	/// Whether verdicts are wanted with signatures also when one of them is `Fail`. The chain takes
	/// no bundle with such a verdict.
	#[serde(default)]
	pub sign_failing: bool,
}

impl ShowingHead {
	/// Head and sealed document as they are sent.
	pub fn frame(&self, document: &[u8]) -> Vec<u8> {
		let head = serde_json::to_vec(self).unwrap_or_default();
		// A head is far below the limit, and so below four gigabytes.
		let length = u32::try_from(head.len()).unwrap_or(u32::MAX);
		[&length.to_le_bytes(), &head[..], document].concat()
	}

	/// Takes apart what [`Self::frame`] made; none when it is anything else.
	pub fn split(body: &[u8]) -> Option<(Self, &[u8])> {
		let (length, rest) = body.split_first_chunk::<4>()?;
		let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
		let (head, document) = rest.split_at_checked(length).filter(|_| length <= MAX_HEAD)?;
		Some((serde_json::from_slice(head).ok()?, document))
	}
}

impl Peer {
	/// Seals the key of a shown document to the service's agreement key.
	pub fn seal_showing(
		&self,
		record: &RecordId,
		version: RecordVersion,
		content: &ContentHash,
		share: &ReaderShare,
		key: &AgreementPublic,
	) -> Result<SealedShare, WrapError> {
		let context = self.showing_context(record, version, content);
		let share = CustodianShare::from_bytes(*share.expose());
		Ok(SealedShare(share.release(&self.genesis, &context, key)?.0))
	}

	/// Opens what [`Self::seal_showing`] made, with the service's secret.
	pub fn open_showing(
		&self,
		record: &RecordId,
		version: RecordVersion,
		content: &ContentHash,
		sealed: &SealedShare,
		secret: &AgreementSecret,
	) -> Result<ReaderShare, WrapError> {
		let context = self.showing_context(record, version, content);
		let share = Wrap(sealed.0).open_release(&self.genesis, &context, secret)?;
		Ok(ReaderShare::from_bytes(*share.expose()))
	}

	fn showing_context(
		&self,
		record: &RecordId,
		version: RecordVersion,
		content: &ContentHash,
	) -> [u8; 32] {
		blake2_256(&(SHOWING_TAG, self.custodian, record, version, content).encode())
	}
}

/// How a service validates, as `GET /info` says it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GatewayInfo {
	/// The organisation that the verdicts are of.
	pub organisation: IdentityId,
	/// The account that signs them. The chain says whether it may for the organisation.
	pub account: Digest,
	/// The largest document it takes, in bytes.
	pub max_document: u64,
	/// The account's sr25519 signature over the [`gateway_statement`]: whoever only repeats what the
	/// chain says of the organisation cannot put a key of their own beside it.
	#[serde(with = "hex_bytes")]
	pub proof: [u8; 64],
}

/// What the account of a gateway signs: that documents for `organisation` are to be sealed to this
/// key of this service.
pub fn gateway_statement(peer: &Peer, key: &AgreementPublic, organisation: &IdentityId) -> Vec<u8> {
	(GATEWAY_TAG, peer.genesis, peer.custodian, key.as_bytes(), organisation).encode()
}

/// One verdict.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Judged {
	/// What it is about.
	pub kind: AttestationKind,
	/// How it came out.
	pub verdict: Verdict,
}

/// One verdict that the chain takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SignedVerdict {
	/// What it is about.
	pub kind: AttestationKind,
	/// How it came out.
	pub verdict: Verdict,
	/// The account that signed.
	pub account: Digest,
	/// Hash of the sealed evidence.
	pub evidence: Digest,
	/// Until when it may be used (exclusive).
	pub expires: Moment,
	/// The sr25519 signature over the `AttestationStatement`.
	#[serde(with = "hex_bytes")]
	pub signature: [u8; 64],
}

/// The key of a sealed outcome, sealed to somebody who may read it. The context is that of a record's
/// wrap: chain, record, version, hash of the sealed outcome, recipient, key version.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EvidenceKey {
	/// Who can open it.
	pub recipient: IdentityId,
	/// The version of the recipient's agreement key.
	pub key_version: KeyVersion,
	/// The sealed key.
	pub wrap: SealedShare,
}

/// The outcome as it stands behind the verdicts: a FHIR `OperationOutcome`, sealed as an object that
/// opens without a custodian's share.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SealedEvidence {
	/// The hash of the object: what the statements name.
	pub digest: Digest,
	/// Its key, sealed to the author.
	pub key: EvidenceKey,
	/// The object. The service keeps it under its hash, too.
	#[serde(with = "hex_text")]
	pub object: Vec<u8>,
}

/// Answer to `POST /validations`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Validation {
	/// Whose verdicts these are.
	pub organisation: IdentityId,
	/// The record.
	pub record: RecordId,
	/// Its version.
	pub version: RecordVersion,
	/// One verdict of each kind.
	pub verdicts: Vec<Judged>,
	/// The same, signed. None when one of them is `Fail`, unless that was asked for.
	pub attestations: Vec<SignedVerdict>,
	/// What they rest on.
	pub evidence: SealedEvidence,
	/// Which of the service's recorders wrote the decision down.
	pub recorder: String,
	/// The number of the decision there.
	pub seq: u64,
}

/// One entry of a gateway's log. It holds nothing of a document.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Decision {
	/// Which of the service's recorders wrote it.
	pub recorder: String,
	/// Its number there: contiguous, from 0.
	pub seq: u64,
	/// When, by the service's clock.
	pub at: Moment,
	/// In whose name.
	pub organisation: IdentityId,
	/// Who showed the document.
	pub author: IdentityId,
	/// The account that signed the request.
	pub account: Digest,
	/// The hash of the signed request.
	pub request: Digest,
	/// The record.
	pub record: RecordId,
	/// Its version.
	pub version: RecordVersion,
	/// One verdict of each kind.
	pub verdicts: Vec<Judged>,
	/// Hash of the sealed evidence.
	pub evidence: Digest,
	/// Until when the signatures may be used; none when nothing was signed.
	pub expires: Option<Moment>,
}

/// A decision as the organisation sees it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ListedDecision {
	/// The decision.
	#[serde(flatten)]
	pub decision: Decision,
	/// The key of the evidence, sealed to the organisation; none once the record was erased.
	pub evidence_key: Option<EvidenceKey>,
}

/// Answer to `GET /validations`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DecisionPage {
	/// The decisions, oldest first.
	pub decisions: Vec<ListedDecision>,
	/// Give it as `after` to get the next page; none after the last.
	pub next: Option<u64>,
}

/// Bytes of any length as hexadecimal text with `0x` in front; read with or without it.
pub mod hex_text {
	use serde::{Deserialize, Deserializer, Serializer, de::Error};

	/// Writes.
	pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
		serializer.serialize_str(&format!("0x{}", hex::encode(bytes)))
	}

	/// Reads.
	pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
		let text = String::deserialize(deserializer)?;
		hex::decode(text.strip_prefix("0x").unwrap_or(&text))
			.map_err(|_| D::Error::custom("expected hexadecimal digits"))
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_envelope::PrivateKey;

	const PEER: Peer = Peer { genesis: [1; 32], custodian: IdentityId([2; 32]) };

	fn head() -> ShowingHead {
		ShowingHead {
			record: RecordId([3; 32]),
			version: 1,
			subject: IdentityId([4; 32]),
			class: RecordClass::Clinical,
			compartment: 0,
			nonce: [5; 16],
			content: ContentHash([6; 32]),
			key: SealedShare([7; 80]),
			sign_failing: false,
		}
	}

	#[test]
	fn a_framed_showing_comes_apart_as_it_went() {
		let framed = head().frame(b"document");
		assert_eq!(ShowingHead::split(&framed), Some((head(), &b"document"[..])));
		assert_eq!(ShowingHead::split(&head().frame(b"")), Some((head(), &b""[..])));
	}

	#[test]
	fn a_length_that_lies_is_refused() {
		let framed = head().frame(b"document");
		for length in [0, 1, MAX_HEAD as u32 + 1, u32::MAX] {
			let forged = [&length.to_le_bytes(), &framed[4..]].concat();
			assert_eq!(ShowingHead::split(&forged), None, "{length}");
		}
		for short in [&framed[..0], &framed[..3], &framed[..20]] {
			assert_eq!(ShowingHead::split(short), None);
		}
	}

	#[test]
	fn an_unknown_member_of_the_head_is_refused() {
		let mut json = serde_json::to_value(head()).unwrap();
		json["sign"] = true.into();
		let head = serde_json::to_vec(&json).unwrap();
		let framed = [&(head.len() as u32).to_le_bytes(), &head[..]].concat();
		assert_eq!(ShowingHead::split(&framed), None);
	}

	#[test]
	fn a_shown_key_opens_for_its_place_at_its_service_only() {
		let (secret, share) = (AgreementSecret::generate(), ReaderShare::generate());
		let (record, content) = (RecordId([3; 32]), ContentHash([6; 32]));
		let sealed = PEER.seal_showing(&record, 1, &content, &share, &secret.public()).unwrap();
		assert_eq!(PEER.open_showing(&record, 1, &content, &sealed, &secret), Ok(share));

		let other = Peer { custodian: IdentityId([9; 32]), ..PEER };
		assert!(other.open_showing(&record, 1, &content, &sealed, &secret).is_err());
		assert!(PEER.open_showing(&record, 2, &content, &sealed, &secret).is_err());
		let elsewhere = RecordId([4; 32]);
		assert!(PEER.open_showing(&elsewhere, 1, &content, &sealed, &secret).is_err());
		let otherwise = ContentHash([7; 32]);
		assert!(PEER.open_showing(&record, 1, &otherwise, &sealed, &secret).is_err());
		// Nor does a deposit stand in for it.
		let share = CustodianShare::generate();
		let deposit = PEER.seal_deposit(&record, 1, &share, &secret.public()).unwrap();
		assert!(PEER.open_showing(&record, 1, &content, &deposit, &secret).is_err());
	}

	#[test]
	fn a_decision_keeps_its_json_form() {
		let decision = Decision {
			recorder: "main".into(),
			seq: 3,
			at: 1_000,
			organisation: IdentityId([1; 32]),
			author: IdentityId([2; 32]),
			account: Digest([3; 32]),
			request: Digest([4; 32]),
			record: RecordId([5; 32]),
			version: 1,
			verdicts: vec![Judged { kind: AttestationKind::Accuracy, verdict: Verdict::Pass }],
			evidence: Digest([6; 32]),
			expires: None,
		};
		let listed = ListedDecision { decision, evidence_key: None };
		let json = serde_json::to_value(&listed).unwrap();
		assert_eq!(json["verdicts"][0]["kind"], "accuracy");
		assert_eq!(json["seq"], 3);
		assert_eq!(json["expires"], serde_json::Value::Null);
		assert_eq!(serde_json::from_value::<ListedDecision>(json).unwrap(), listed);
	}
}
