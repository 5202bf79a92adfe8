// SPDX-License-Identifier: Apache-2.0

//! The ids of parties and things, and how they are derived.
//!
//! Derivations take the hash function as an argument: the runtime passes its host function, a
//! client passes [`blake2_256`].

use crate::RecordClass;
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;

/// BLAKE2b with 256 bits of output, for callers outside the runtime.
pub fn blake2_256(data: &[u8]) -> [u8; 32] {
	sp_crypto_hashing::blake2_256(data)
}

macro_rules! bytes32 {
	($(#[$doc:meta])* $name:ident) => {
		$(#[$doc])*
		#[derive(
			Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
			Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default,
		)]
		pub struct $name(pub [u8; 32]);

		impl $name {
			/// The bytes.
			pub fn as_bytes(&self) -> &[u8; 32] {
				&self.0
			}
		}

		impl From<[u8; 32]> for $name {
			fn from(bytes: [u8; 32]) -> Self {
				Self(bytes)
			}
		}

		impl AsRef<[u8]> for $name {
			fn as_ref(&self) -> &[u8] {
				&self.0
			}
		}

		impl fmt::Display for $name {
			fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
				f.write_str("0x")?;
				self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
			}
		}

		impl fmt::Debug for $name {
			fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
				write!(f, "{}({self})", stringify!($name))
			}
		}

		impl core::str::FromStr for $name {
			type Err = ParseIdError;

			fn from_str(text: &str) -> Result<Self, ParseIdError> {
				parse_hex32(text).map(Self)
			}
		}

		#[cfg(feature = "serde")]
		impl serde::Serialize for $name {
			fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
				serializer.collect_str(self)
			}
		}

		#[cfg(feature = "serde")]
		impl<'de> serde::Deserialize<'de> for $name {
			fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
				let text = <alloc::string::String as serde::Deserialize>::deserialize(deserializer)?;
				text.parse().map_err(serde::de::Error::custom)
			}
		}
	};
}

bytes32! {
	/// The one id of every party: patient, practitioner, organisation, custodian. Never an account.
	IdentityId
}
bytes32! {
	/// The id of a record, known to its author before it is submitted.
	RecordId
}
bytes32! {
	/// BLAKE2b-256 of a whole sealed object: its address in an object store.
	ContentHash
}
bytes32! {
	/// A salted or keyed commitment. It reveals nothing without the salt.
	Commitment
}
bytes32! {
	/// A hash of something that is random-looking or sealed, kept off chain.
	Digest
}

bytes32! {
	/// One running log of an organisation: the BLAKE2b-256 of the name that its service bears there.
	RecorderId
}

bytes32! {
	/// Where a vault is found: the hash of a login public key. It confirms no guess of a password
	/// without the secret that the key is derived from.
	LoginLocator
}

/// A text that is no 32-byte id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ParseIdError;

impl fmt::Display for ParseIdError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str("an id is 64 hexadecimal digits, with or without a leading 0x")
	}
}

impl core::error::Error for ParseIdError {}

fn parse_hex32(text: &str) -> Result<[u8; 32], ParseIdError> {
	let digits = text.strip_prefix("0x").unwrap_or(text).as_bytes();
	if digits.len() != 64 {
		return Err(ParseIdError);
	}
	let nibble = |digit: u8| (digit as char).to_digit(16).ok_or(ParseIdError);
	let mut bytes = [0; 32];
	for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
		let [high, low] = pair else { return Err(ParseIdError) };
		*byte = (nibble(*high)? * 16 + nibble(*low)?) as u8;
	}
	Ok(bytes)
}

macro_rules! counter {
	($(#[$doc:meta])* $name:ident) => {
		$(#[$doc])*
		#[derive(
			Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
			Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug,
		)]
		#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
		#[cfg_attr(feature = "serde", serde(transparent))]
		pub struct $name(pub u64);

		impl fmt::Display for $name {
			fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
				self.0.fmt(f)
			}
		}
	};
}
pub(crate) use counter;

counter! {
	/// The number of an accreditation. Never reused.
	AccreditationId
}
counter! {
	/// The number of an affiliation, from its invitation on. Never reused.
	AffiliationId
}
counter! {
	/// The number of a batch of records. Never reused.
	BatchId
}
counter! {
	/// The number of a grant. Never reused.
	GrantId
}
counter! {
	/// The number of a request for access. Never reused.
	RequestId
}
counter! {
	/// The number of an emergency: of a glass that was broken. Never reused.
	EmergencyId
}

/// A blind-index tag: the start of a keyed hash of a term (`docs/hre1.md`, section 5). A tag of four
/// bytes stands in front, and zeros follow.
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
	PartialOrd,
	Ord,
	Hash,
	Default,
	Debug,
)]
pub struct Tag(pub [u8; 16]);

impl From<[u8; 4]> for Tag {
	fn from([a, b, c, d]: [u8; 4]) -> Self {
		Self([a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
	}
}

impl fmt::Display for Tag {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str("0x")?;
		self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
	}
}

#[cfg(feature = "serde")]
impl serde::Serialize for Tag {
	fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
		serializer.collect_str(self)
	}
}

/// What a client picks so that its id cannot be guessed and one person may hold unlinkable ones.
pub type Salt = [u8; 16];

/// What an author picks per record.
pub type RecordNonce = [u8; 16];

/// The number of a compartment of a patient. Opaque: its meaning lies in the sealed manifest.
pub type CompartmentNo = u8;

/// The number of a key pair of a compartment. Rises by one with each rotation, from 0.
pub type Epoch = u32;

/// The number of an agreement key of an identity. Rises by one with each rotation, from 1.
pub type KeyVersion = u32;

/// The number of a signing key of an identity. The first key is 0; a number is never reused.
pub type KeyId = u32;

/// The number of a state of an identity's DID document. Rises by one with each change, from 1.
pub type DocVersion = u32;

/// The number of a slot of a vault. Its owner chooses it.
pub type SlotId = u8;

/// The number of a state of an identity's vault. Rises by one with each change, from 1, also when
/// the vault is cleared and set anew.
pub type VaultVersion = u32;

/// The number of a version of a record, from 1.
pub type RecordVersion = u32;

/// The place of a leaf in a batch, from 0.
pub type LeafIndex = u32;

const IDENTITY_TAG: &[u8] = b"salus/identity/1";
const RECORD_TAG: &[u8] = b"salus/record/1";
const LOGIN_TAG: &[u8] = b"salus/login/1";

impl IdentityId {
	/// The id that `account` registers with `salt`.
	///
	/// Nobody else can register it, because the account is inside the hash and has to sign.
	pub fn derive(hash: impl Fn(&[u8]) -> [u8; 32], account: &[u8; 32], salt: &Salt) -> Self {
		Self(hash(&(IDENTITY_TAG, account, salt).concat_bytes()))
	}
}

impl LoginLocator {
	/// The locator of the login public key `key` (Ed25519).
	pub fn derive(hash: impl Fn(&[u8]) -> [u8; 32], key: &[u8; 32]) -> Self {
		Self(hash(&[LOGIN_TAG, key].concat()))
	}
}

impl RecordId {
	/// The id of a record that `author` files for `subject`.
	///
	/// Every anchoring call recomputes it, so that no statement, wrap or leaf can be filed under
	/// another patient, class or compartment.
	pub fn derive(
		hash: impl Fn(&[u8]) -> [u8; 32],
		author: &IdentityId,
		subject: &IdentityId,
		class: RecordClass,
		compartment: CompartmentNo,
		nonce: &RecordNonce,
	) -> Self {
		let place = [class as u8, compartment];
		Self(hash(&(RECORD_TAG, &author.0, &subject.0, &place, nonce).concat_bytes()))
	}
}

/// The parts of a preimage, one behind the other. All but the constant tag have a fixed length.
trait ConcatBytes {
	fn concat_bytes(&self) -> Vec<u8>;
}

impl ConcatBytes for (&[u8], &[u8; 32], &[u8; 16]) {
	fn concat_bytes(&self) -> Vec<u8> {
		[self.0, self.1, self.2].concat()
	}
}

impl ConcatBytes for (&[u8], &[u8; 32], &[u8; 32], &[u8; 2], &[u8; 16]) {
	fn concat_bytes(&self) -> Vec<u8> {
		[self.0, self.1, self.2, self.3, self.4].concat()
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use alloc::{format, string::ToString};

	#[test]
	fn ids_are_written_and_read_as_hexadecimal() {
		let id = IdentityId([0xab; 32]);
		assert_eq!(id.to_string(), format!("0x{}", "ab".repeat(32)));
		assert_eq!(id.to_string().parse(), Ok(id));
		assert_eq!("ab".repeat(32).parse(), Ok(id));
		assert_eq!("0xab".parse::<IdentityId>(), Err(ParseIdError));
		assert_eq!("zz".repeat(32).parse::<IdentityId>(), Err(ParseIdError));
		assert_eq!("é".repeat(32).parse::<IdentityId>(), Err(ParseIdError));
	}

	#[test]
	fn an_identity_is_bound_to_account_and_salt() {
		let id = |account, salt| IdentityId::derive(blake2_256, &[account; 32], &[salt; 16]);
		assert_eq!(id(1, 1), id(1, 1));
		assert_ne!(id(1, 1), id(2, 1));
		assert_ne!(id(1, 1), id(1, 2));
	}

	#[test]
	fn a_record_is_bound_to_every_part_of_its_place() {
		let id = |author, subject, class, compartment, nonce| {
			let (author, subject) = (IdentityId([author; 32]), IdentityId([subject; 32]));
			RecordId::derive(blake2_256, &author, &subject, class, compartment, &[nonce; 16])
		};
		let base = id(1, 2, RecordClass::Clinical, 0, 0);
		assert_ne!(base, id(2, 2, RecordClass::Clinical, 0, 0));
		assert_ne!(base, id(1, 1, RecordClass::Clinical, 0, 0));
		assert_ne!(base, id(1, 2, RecordClass::Laboratory, 0, 0));
		assert_ne!(base, id(1, 2, RecordClass::Clinical, 1, 0));
		assert_ne!(base, id(1, 2, RecordClass::Clinical, 0, 1));
	}
}
