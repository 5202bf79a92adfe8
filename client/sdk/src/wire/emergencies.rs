// SPDX-License-Identifier: Apache-2.0

//! What who broke the glass asks of the holder of emergency keys.

use super::{Peer, SealedShare};
use codec::Encode;
use salus_envelope::{
	AgreementPublic, AgreementSecret, CustodianShare, ReaderShare, Secret, Wrap, WrapError,
};
use salus_primitives::{Digest, EmergencyId, KeyVersion, RecordId, RecordVersion, blake2_256};
use serde::{Deserialize, Serialize};

const EMERGENCY_TAG: &[u8; 17] = b"salus/emergency/1";

/// Body of `POST /emergencies/{id}/release`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmergencyRequest {
	/// The record.
	pub record: RecordId,
	/// Its version.
	pub version: RecordVersion,
	/// The version of the claimant's agreement key to seal to: its current one.
	pub key_version: KeyVersion,
}

/// Answer to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EmergencyRelease {
	/// The emergency that it rests on.
	pub emergency: EmergencyId,
	/// The record.
	pub record: RecordId,
	/// Its version.
	pub version: RecordVersion,
	/// `K_r`; open it with [`Peer::open_emergency`].
	pub share: SealedShare,
	/// The version of the claimant's agreement key it is sealed to.
	pub key_version: KeyVersion,
	/// The number of the entry in the holder's journal.
	pub seq: u64,
	/// The hash of that entry.
	pub event: Digest,
}

impl Peer {
	/// Seals `K_r` to who broke the glass, as the answer to the request with this hash.
	pub fn seal_emergency(
		&self,
		request: &[u8; 32],
		share: &ReaderShare,
		key: &AgreementPublic,
	) -> Result<SealedShare, WrapError> {
		let share = CustodianShare::from_bytes(*share.expose());
		Ok(SealedShare(share.release(&self.genesis, &emergency_context(request), key)?.0))
	}

	/// Opens the answer to the request with this hash, with the secret of the key it named.
	pub fn open_emergency(
		&self,
		request: &[u8; 32],
		sealed: &SealedShare,
		secret: &AgreementSecret,
	) -> Result<ReaderShare, WrapError> {
		let context = emergency_context(request);
		let share = Wrap(sealed.0).open_release(&self.genesis, &context, secret)?;
		Ok(ReaderShare::from_bytes(*share.expose()))
	}
}

/// A context of its own, so that the holder's answer never passes for a custodian's.
fn emergency_context(request: &[u8; 32]) -> [u8; 32] {
	blake2_256(&(EMERGENCY_TAG, request).encode())
}
