// SPDX-License-Identifier: Apache-2.0

//! Agreement keys: which one is current, and what is known of the ones before.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use salus_primitives::{DocVersion, KeyVersion, Moment, X25519Key};
use scale_info::TypeInfo;

/// The agreement key that others seal to now.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct CurrentAgreementKey {
	/// Its version.
	pub version: KeyVersion,
	/// The key.
	pub key: X25519Key,
	/// Since when it is the current one.
	pub valid_from: Moment,
	/// The version of the DID document that it came with.
	pub added_in: DocVersion,
}

impl CurrentAgreementKey {
	/// What is left of it when another takes its place at `at`.
	pub fn retire(self, at: Moment) -> RetiredAgreementKey {
		RetiredAgreementKey {
			key: self.key,
			valid_from: self.valid_from,
			valid_to: at,
			added_in: self.added_in,
			revoked: None,
		}
	}
}

/// An agreement key that others sealed to in the interval `[valid_from, valid_to)`.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct RetiredAgreementKey {
	/// The key.
	pub key: X25519Key,
	/// From when on it was the current one.
	pub valid_from: Moment,
	/// From when on it no longer was. Equal to `valid_from` when it was replaced in the same block.
	pub valid_to: Moment,
	/// The version of the DID document that it came with.
	pub added_in: DocVersion,
	/// That it was revoked, when it was.
	pub revoked: Option<Revocation>,
}

/// That an agreement key was revoked.
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
pub struct Revocation {
	/// When it was revoked first.
	pub at: Moment,
	/// From when on its secret was in wrong hands, when it was. It opens what was sealed earlier, too.
	pub compromised_since: Option<Moment>,
}

/// A version of an agreement key.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct AgreementKeyView {
	/// Which version.
	pub version: KeyVersion,
	/// The key.
	pub key: X25519Key,
	/// From when on it was the current one.
	pub valid_from: Moment,
	/// From when on it no longer was; `None` while it is.
	pub valid_to: Option<Moment>,
	/// That it was revoked, when it was.
	pub revoked: Option<Revocation>,
}

/// Some of the agreement keys of an identity.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct AgreementKeyPage {
	/// The keys, oldest first.
	pub keys: Vec<AgreementKeyView>,
	/// Where the next page begins, when there is one.
	pub next: Option<KeyVersion>,
}
