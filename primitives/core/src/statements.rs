// SPDX-License-Identifier: Apache-2.0

//! What is signed off chain and checked on chain, byte for byte.
//!
//! Each statement is a domain tag, the genesis hash and the SCALE encoding of its fields. Wallets
//! sign raw bytes between `<Bytes>` and `</Bytes>`; [`signed_forms`] yields both forms.

use crate::{
	AttestationKind, CallScopes, Commitment, ContentHash, Digest, IdentityId, IdentityKind,
	KeyPurposes, LoginLocator, Moment, PublicKey, RecordId, RecordVersion, Salt, TreeAlgorithm,
	Verdict, X25519Key,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// What an account agrees to when a sponsor registers it.
#[derive(Encode, Clone, PartialEq, Eq, Debug)]
pub struct SponsoredRegistration {
	/// The genesis hash of the chain it is meant for.
	pub genesis: [u8; 32],
	/// Who registers.
	pub sponsor: IdentityId,
	/// The account that becomes the first key.
	pub account: [u8; 32],
	/// The public key behind it.
	pub public: PublicKey,
	/// As what.
	pub kind: IdentityKind,
	/// The salt of the id.
	pub salt: Salt,
	/// The first agreement key.
	pub agreement_key: X25519Key,
	/// Commitment to the sealed profile, if there is one.
	pub profile: Option<Commitment>,
	/// Until when the sponsor may use it (exclusive).
	pub deadline: Moment,
}

impl SponsoredRegistration {
	/// The bytes to sign.
	pub fn to_bytes(&self) -> Vec<u8> {
		(*b"salus/register-for/1", self).encode()
	}
}

/// What an account agrees to when it becomes a further key of an identity.
#[derive(Encode, Clone, PartialEq, Eq, Debug)]
pub struct KeyAddition {
	/// The genesis hash of the chain it is meant for.
	pub genesis: [u8; 32],
	/// The identity it will serve, for ever.
	pub identity: IdentityId,
	/// The account.
	pub account: [u8; 32],
	/// What the key will be for.
	pub purposes: KeyPurposes,
	/// What it may sign.
	pub scopes: CallScopes,
	/// From when on it no longer counts, if ever.
	pub valid_until: Option<Moment>,
	/// Until when the statement may be used (exclusive).
	pub deadline: Moment,
}

impl KeyAddition {
	/// The bytes to sign.
	pub fn to_bytes(&self) -> Vec<u8> {
		(*b"salus/add-key/1", self).encode()
	}
}

/// What an account agrees to when it becomes the primary key of an identity.
#[derive(Encode, Clone, PartialEq, Eq, Debug)]
pub struct PrimaryRotation {
	/// The genesis hash of the chain it is meant for.
	pub genesis: [u8; 32],
	/// The identity it will serve, for ever.
	pub identity: IdentityId,
	/// The account.
	pub account: [u8; 32],
	/// The epoch that the rotation ends.
	pub epoch: u32,
	/// Until when the statement may be used (exclusive).
	pub deadline: Moment,
}

impl PrimaryRotation {
	/// The bytes to sign.
	pub fn to_bytes(&self) -> Vec<u8> {
		(*b"salus/rotate-primary/1", self).encode()
	}
}

/// What the key behind a login locator signs, so that only its holder claims it.
#[derive(Encode, Clone, PartialEq, Eq, Debug)]
pub struct LoginClaim {
	/// The genesis hash of the chain it is meant for.
	pub genesis: [u8; 32],
	/// The identity whose vault it will open.
	pub identity: IdentityId,
	/// The locator: the hash of the key that signs.
	pub locator: LoginLocator,
	/// The version of the vault that the claim makes.
	pub version: u32,
}

impl LoginClaim {
	/// The bytes to sign.
	pub fn to_bytes(&self) -> Vec<u8> {
		(*b"salus/login-claim/1", self).encode()
	}
}

/// One verdict of a validator on one version of a record.
#[derive(Encode, Clone, PartialEq, Eq, Debug)]
pub struct AttestationStatement {
	/// The genesis hash of the chain it is meant for.
	pub genesis: [u8; 32],
	/// The record.
	pub record: RecordId,
	/// Its version.
	pub version: RecordVersion,
	/// The hash of the sealed object.
	pub content: ContentHash,
	/// The commitment to the body that the validator saw.
	pub body: Commitment,
	/// What the verdict is about.
	pub kind: AttestationKind,
	/// How it came out.
	pub verdict: Verdict,
	/// Hash of the sealed evidence (a FHIR OperationOutcome).
	pub evidence: Digest,
	/// Until when it may be used (exclusive).
	pub expires: Moment,
}

impl AttestationStatement {
	/// The bytes to sign.
	pub fn to_bytes(&self) -> Vec<u8> {
		(*b"salus/attestation/1", self).encode()
	}
}

/// One verdict of a validator on all leaves of a batch.
#[derive(Encode, Clone, PartialEq, Eq, Debug)]
pub struct BatchStatement {
	/// The genesis hash of the chain it is meant for.
	pub genesis: [u8; 32],
	/// The organisation that anchors the batch.
	pub organisation: IdentityId,
	/// The root of the tree.
	pub root: Digest,
	/// How the root is made.
	pub algorithm: TreeAlgorithm,
	/// How many leaves it has.
	pub tree_size: u32,
	/// What the verdict is about.
	pub kind: AttestationKind,
	/// How it came out.
	pub verdict: Verdict,
	/// Hash of the sealed evidence.
	pub evidence: Digest,
	/// Until when it may be used (exclusive).
	pub expires: Moment,
}

impl BatchStatement {
	/// The bytes to sign.
	pub fn to_bytes(&self) -> Vec<u8> {
		(*b"salus/batch-attestation/1", self).encode()
	}
}

/// What a leaf of a batch stands for: one version of one record. Nothing of it can be guessed, for
/// the hash of a sealed object is random-looking.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RecordLeaf {
	/// The record.
	pub record: RecordId,
	/// Its version.
	pub version: RecordVersion,
	/// The hash of the sealed object.
	pub content: ContentHash,
}

/// How long the data of a leaf is.
pub const RECORD_LEAF_LEN: usize = 78;

impl RecordLeaf {
	/// The data of the leaf (`docs/hre1.md`, section 5), before it is hashed by RFC 9162.
	pub fn to_bytes(&self) -> [u8; RECORD_LEAF_LEN] {
		let mut bytes = [0; RECORD_LEAF_LEN];
		let fields = b"hre1/leaf\x01"
			.iter()
			.chain(&self.record.0)
			.copied()
			.chain(self.version.to_le_bytes())
			.chain(self.content.0);
		bytes.iter_mut().zip(fields).for_each(|(byte, field)| *byte = field);
		bytes
	}
}

/// A verdict with what the chain needs beside the record to check its signature.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct SignedAttestation<AccountId, Signature> {
	/// The validator's account.
	pub validator: AccountId,
	/// What the verdict is about.
	pub kind: AttestationKind,
	/// How it came out.
	pub verdict: Verdict,
	/// Hash of the sealed evidence.
	pub evidence: Digest,
	/// Until when it may be used (exclusive).
	pub expires: Moment,
	/// The signature over the [`AttestationStatement`].
	pub signature: Signature,
}

/// The bytes as they are, and as a wallet wraps them before it signs.
pub fn signed_forms(bytes: Vec<u8>) -> [Vec<u8>; 2] {
	let wrapped = [b"<Bytes>", &bytes[..], b"</Bytes>"].concat();
	[bytes, wrapped]
}

#[cfg(test)]
mod tests {
	use super::*;

	fn statement() -> AttestationStatement {
		AttestationStatement {
			genesis: [1; 32],
			record: RecordId([2; 32]),
			version: 3,
			content: ContentHash([4; 32]),
			body: Commitment([5; 32]),
			kind: AttestationKind::Source,
			verdict: Verdict::Pass,
			evidence: Digest([6; 32]),
			expires: 7,
		}
	}

	#[test]
	fn a_statement_is_its_tag_and_its_fields() {
		let bytes = statement().to_bytes();
		assert!(bytes.starts_with(b"salus/attestation/1"));
		assert_eq!(bytes.len(), 19 + 32 + 32 + 4 + 32 + 32 + 1 + 1 + 32 + 8);
	}

	#[test]
	fn every_field_changes_the_bytes() {
		let base = statement().to_bytes();
		let changes: [fn(&mut AttestationStatement); 9] = [
			|s| s.genesis[0] ^= 1,
			|s| s.record.0[0] ^= 1,
			|s| s.version += 1,
			|s| s.content.0[0] ^= 1,
			|s| s.body.0[0] ^= 1,
			|s| s.kind = AttestationKind::Accuracy,
			|s| s.verdict = Verdict::Fail,
			|s| s.evidence.0[0] ^= 1,
			|s| s.expires += 1,
		];
		for change in changes {
			let mut other = statement();
			change(&mut other);
			assert_ne!(other.to_bytes(), base);
		}
	}

	#[test]
	fn every_field_of_a_batch_statement_changes_the_bytes() {
		let statement = || BatchStatement {
			genesis: [1; 32],
			organisation: IdentityId([2; 32]),
			root: Digest([3; 32]),
			algorithm: TreeAlgorithm::Rfc9162Sha256,
			tree_size: 4,
			kind: AttestationKind::Source,
			verdict: Verdict::Pass,
			evidence: Digest([6; 32]),
			expires: 7,
		};
		let base = statement().to_bytes();
		assert!(base.starts_with(b"salus/batch-attestation/1"));
		let changes: [fn(&mut BatchStatement); 8] = [
			|s| s.genesis[0] ^= 1,
			|s| s.organisation.0[0] ^= 1,
			|s| s.root.0[0] ^= 1,
			|s| s.tree_size += 1,
			|s| s.kind = AttestationKind::Accuracy,
			|s| s.verdict = Verdict::Fail,
			|s| s.evidence.0[0] ^= 1,
			|s| s.expires += 1,
		];
		for change in changes {
			let mut other = statement();
			change(&mut other);
			assert_ne!(other.to_bytes(), base);
		}
	}

	#[test]
	fn a_leaf_is_its_label_and_its_fields() {
		let leaf = RecordLeaf {
			record: RecordId([0x22; 32]),
			version: 1,
			content: ContentHash([0x33; 32]),
		};
		let bytes = leaf.to_bytes();
		assert_eq!(&bytes[..10], b"hre1/leaf\x01");
		assert_eq!(&bytes[10..42], &[0x22; 32]);
		assert_eq!(&bytes[42..46], &[1, 0, 0, 0]);
		assert_eq!(&bytes[46..], &[0x33; 32]);
	}

	#[test]
	fn wallets_wrap_what_they_sign() {
		let [plain, wrapped] = signed_forms(b"x".to_vec());
		assert_eq!(plain, b"x");
		assert_eq!(wrapped, b"<Bytes>x</Bytes>");
	}
}
