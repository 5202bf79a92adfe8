// SPDX-License-Identifier: Apache-2.0

//! What a DID document is made from.

use super::Service;
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use salus_primitives::{
	DocVersion, IdentityId, KeyId, KeyPurposes, KeyVersion, Moment, PublicKey, X25519Key,
};
use scale_info::TypeInfo;

/// When and where a version of a DID document began.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct DocStamp<BlockNumber> {
	/// The moment.
	pub at: Moment,
	/// The block. An archive node answers there what a later state no longer holds.
	pub block: BlockNumber,
}

/// The facts of a W3C DID document, and of its metadata, at a version.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct DidFacts<AccountId, BlockNumber> {
	/// Whose it is.
	pub id: IdentityId,
	/// The signing keys of this version, oldest first. None once the identity is deactivated.
	pub keys: Vec<DidKey<AccountId>>,
	/// The agreement key of this version. None once the identity is deactivated.
	pub agreement: Option<DidAgreementKey>,
	/// The services, of the current version only: of an older one an archive node tells them, asked
	/// for the current version at any block from `block` on and before the next version.
	pub services: Vec<Service>,
	/// When the identity registered.
	pub created: Moment,
	/// When this version began.
	pub updated: Moment,
	/// Which version it is.
	pub version: DocVersion,
	/// The block that it began in.
	pub block: BlockNumber,
	/// The version after it, when it is not the current one.
	pub next_version: Option<DocVersion>,
	/// When the version after it began.
	pub next_update: Option<Moment>,
	/// Whether the identity is deactivated now, whatever version was asked for.
	pub deactivated: bool,
}

/// A signing key in a DID document.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct DidKey<AccountId> {
	/// Its number.
	pub key: KeyId,
	/// The account that it is.
	pub account: AccountId,
	/// The public key.
	pub public: PublicKey,
	/// What it is for.
	pub purposes: KeyPurposes,
	/// From when on it no longer counts, when that was settled from the start: no change of the
	/// document follows.
	pub valid_until: Option<Moment>,
}

/// The agreement key in a DID document.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct DidAgreementKey {
	/// Its version.
	pub version: KeyVersion,
	/// The key.
	pub key: X25519Key,
}

/// Why there is no document.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub enum ResolveError {
	/// No identity has this id.
	#[codec(index = 0)]
	UnknownIdentity,
	/// The version is so old that the chain forgot when it was: ask an archive node.
	#[codec(index = 1)]
	VersionPruned {
		/// The oldest version that is known.
		oldest: DocVersion,
	},
	/// There is no such version yet, or it is 0, which there never is.
	#[codec(index = 2)]
	UnknownVersion {
		/// The version of today.
		current: DocVersion,
	},
}
