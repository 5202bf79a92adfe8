// SPDX-License-Identifier: Apache-2.0

//! Public agreement keys, and wraps of secrets to them.
//!
//! The layout of a wrap is HPKE (RFC 9180) in base mode; `docs/hre1.md` has every byte. The chain
//! stores wraps without being able to look inside.

use crate::{CompartmentNo, Epoch, GrantId, IdentityId, KeyVersion, RecordVersion};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// An X25519 public key: the u-coordinate, little-endian (RFC 7748, section 5).
pub type X25519Key = [u8; 32];

/// A secret of 32 bytes sealed to an X25519 key: encapsulated key (32), ciphertext and tag (48).
pub type Wrap = [u8; 80];

/// A public key that signs, by its scheme.
///
/// An account's id is the key itself for the two Schnorr schemes, and a hash of it for ECDSA; a
/// multisig or a proxied account has no key at all.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
)]
pub enum PublicKey {
	/// Schnorr over Ristretto25519.
	#[codec(index = 0)]
	Sr25519([u8; 32]),
	/// EdDSA over Curve25519 (RFC 8032).
	#[codec(index = 1)]
	Ed25519([u8; 32]),
	/// ECDSA over secp256k1, compressed (SEC 1, section 2.3.3).
	#[codec(index = 2)]
	Ecdsa([u8; 33]),
	/// None: the account is derived from others.
	#[codec(index = 3)]
	Derived,
}

impl PublicKey {
	/// Whether `account` can be the account of this key.
	///
	/// The two Schnorr schemes look alike, so a wrong choice between them is not seen.
	pub fn fits(&self, hash: impl Fn(&[u8]) -> [u8; 32], account: &[u8; 32]) -> bool {
		match self {
			Self::Sr25519(key) | Self::Ed25519(key) => key == account,
			Self::Ecdsa(key) => hash(key) == *account,
			Self::Derived => true,
		}
	}
}

/// Why a key cannot be an agreement key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadAgreementKey {
	/// The number is not below 2^255 - 19, or bit 255 is set.
	NotCanonical,
	/// The point has a small order: every shared secret with it is zero.
	SmallOrder,
}

/// p = 2^255 - 19, little-endian.
const P: [u8; 32] = {
	let mut p = [0xff; 32];
	p[0] = 0xed;
	p[31] = 0x7f;
	p
};

/// The two u-coordinates of order eight on the curve and its twist, little-endian.
const ORDER_EIGHT: [[u8; 32]; 2] = [
	[
		0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4,
		0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49,
		0xb8, 0x00,
	],
	[
		0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef,
		0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f,
		0x11, 0x57,
	],
];

/// Checks that `key` is a canonical u-coordinate of large order.
///
/// Five canonical values have small order: 0, 1, p - 1 and two of order eight.
pub fn check_agreement_key(key: &X25519Key) -> Result<(), BadAgreementKey> {
	// Little-endian numbers compare from their last byte on.
	if key.iter().rev().ge(P.iter().rev()) {
		return Err(BadAgreementKey::NotCanonical);
	}
	let small = |number: u8| {
		let mut bytes = [0; 32];
		bytes[0] = number;
		bytes
	};
	let minus_one = {
		let mut bytes = P;
		bytes[0] = 0xec;
		bytes
	};
	if [small(0), small(1), minus_one].contains(key) || ORDER_EIGHT.contains(key) {
		return Err(BadAgreementKey::SmallOrder);
	}
	Ok(())
}

/// A record's reader share (K_r), sealed to a key of the compartment it lies in.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
)]
pub struct RecordKey {
	/// The epoch of the compartment whose key it is sealed to.
	pub epoch: Epoch,
	/// The sealed share.
	pub wrap: Wrap,
}

/// A compartment's secret, sealed to an agreement key of a grantee.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
)]
pub struct CompartmentKey {
	/// Which compartment.
	pub compartment: CompartmentNo,
	/// Which epoch of it.
	pub epoch: Epoch,
	/// The version of the grantee's agreement key it is sealed to.
	pub key_version: KeyVersion,
	/// The sealed secret.
	pub wrap: Wrap,
}

/// The reader share (K_r) of a version of a record, sealed to an agreement key of somebody beside the
/// compartment: the author's side, or whom the subject names.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
)]
pub struct RecipientKey {
	/// Who can open it.
	pub recipient: IdentityId,
	/// The version of the recipient's agreement key it is sealed to.
	pub key_version: KeyVersion,
	/// The sealed share.
	pub wrap: Wrap,
}

/// The reader share (K_r) of one version of one record, sealed to an agreement key of a grantee.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
)]
pub struct ReaderKey {
	/// Which version of the record.
	pub version: RecordVersion,
	/// The version of the grantee's agreement key it is sealed to.
	pub key_version: KeyVersion,
	/// The sealed share.
	pub wrap: Wrap,
}

/// A compartment's secret for the grantee of one grant, sealed anew: for a new epoch, a compartment
/// that was opened later, or a new agreement key of the grantee.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
)]
pub struct GrantWrap {
	/// The grant whose grantee it is for.
	pub grant: GrantId,
	/// The version of the grantee's agreement key it is sealed to.
	pub key_version: KeyVersion,
	/// The sealed secret.
	pub wrap: Wrap,
}

/// A compartment's secret, sealed to an agreement key of the organisation that hands out reader
/// shares in emergencies.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
)]
pub struct EmergencyKey {
	/// Who holds it: never an organisation that keeps key shares.
	pub holder: IdentityId,
	/// Which epoch of the compartment.
	pub epoch: Epoch,
	/// The version of the holder's agreement key it is sealed to.
	pub key_version: KeyVersion,
	/// The sealed secret.
	pub wrap: Wrap,
}

#[cfg(test)]
mod tests {
	use super::*;

	fn number(first: u8, last: u8) -> X25519Key {
		let mut key = [0; 32];
		key[0] = first;
		key[31] = last;
		key
	}

	#[test]
	fn a_key_fits_its_account_only() {
		let hash = crate::blake2_256;
		assert!(PublicKey::Sr25519([7; 32]).fits(hash, &[7; 32]));
		assert!(!PublicKey::Ed25519([7; 32]).fits(hash, &[8; 32]));
		assert!(PublicKey::Ecdsa([2; 33]).fits(hash, &hash(&[2; 33])));
		assert!(!PublicKey::Ecdsa([2; 33]).fits(hash, &[2; 32]));
		assert!(PublicKey::Derived.fits(hash, &[9; 32]));
	}

	#[test]
	fn the_base_point_is_a_key() {
		assert_eq!(check_agreement_key(&number(9, 0)), Ok(()));
	}

	#[test]
	fn points_of_small_order_are_refused() {
		let mut minus_one = P;
		minus_one[0] -= 1;
		for key in [number(0, 0), number(1, 0), minus_one, ORDER_EIGHT[0], ORDER_EIGHT[1]] {
			assert_eq!(check_agreement_key(&key), Err(BadAgreementKey::SmallOrder));
		}
	}

	#[test]
	fn other_writings_of_a_number_are_refused() {
		let mut p_plus_one = P;
		p_plus_one[0] += 1;
		let mut masked = number(9, 0);
		masked[31] |= 0x80;
		for key in [P, p_plus_one, masked, [0xff; 32]] {
			assert_eq!(check_agreement_key(&key), Err(BadAgreementKey::NotCanonical));
		}
		let mut order_eight = ORDER_EIGHT[0];
		order_eight[31] |= 0x80;
		assert_eq!(check_agreement_key(&order_eight), Err(BadAgreementKey::NotCanonical));
	}
}
