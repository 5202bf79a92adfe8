// SPDX-License-Identifier: Apache-2.0

//! Key shares on their way: deposited with a custodian, released to a reader.

use super::{Peer, hex_bytes};
use codec::Encode;
use salus_envelope::{AgreementPublic, AgreementSecret, CustodianShare, Division, Wrap, WrapError};
use salus_primitives::{
	AccessDecision, Action, CompartmentNo, ContentHash, Digest, IdentityId, KeyVersion, Purpose,
	RecordClass, RecordId, RecordNonce, RecordVersion, blake2_256,
};
use serde::{Deserialize, Serialize};

const DEPOSIT_TAG: &[u8; 15] = b"salus/deposit/1";

/// A key share sealed by HPKE: 80 bytes, in JSON as hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SealedShare(#[serde(with = "hex_bytes")] pub [u8; 80]);

/// Which part of `K_s` a custodian keeps, where several keep one each: any `threshold` of the `of`
/// parts give `K_s`, and fewer say nothing about it. A part has 32 bytes, as `K_s` has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharePart {
	/// Its number, from 1: where the polynomials were evaluated.
	pub index: u8,
	/// How many parts open the object.
	pub threshold: u8,
	/// How many parts there are.
	pub of: u8,
}

impl SharePart {
	/// Whether there can be such a part.
	pub fn is_sound(&self) -> bool {
		let Self { index, threshold, of } = *self;
		Division::new(threshold, of).is_ok() && (1..=of).contains(&index)
	}
}

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
	/// `K_s` or one part of it, sealed by [`Peer::seal_deposit`].
	pub share: SealedShare,
	/// Which part of `K_s` it is; none when it is all of it.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub part: Option<SharePart>,
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
	/// `K_s` or one part of it; open it with [`Peer::open_release`].
	pub share: SealedShare,
	/// Which part of `K_s` it is, as it was deposited; none when it is all of it.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub part: Option<SharePart>,
	/// The version of the reader's agreement key it is sealed to.
	pub key_version: KeyVersion,
	/// What the release rests on.
	pub decision: AccessDecision,
	/// The number of the log entry at this custodian.
	pub seq: u64,
	/// The hash of the log entry, as the chain gets to see it.
	pub event: Digest,
}

impl Peer {
	/// Seals `K_s`, or a part of it, of one version of a record to the custodian's agreement key, for
	/// a deposit.
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
