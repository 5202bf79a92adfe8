// SPDX-License-Identifier: Apache-2.0

//! Identities, their keys, and the facts of their DID documents.

use super::*;

data! {
	/// By whose decision an identity is suspended.
	#[derive(Copy)]
	pub enum SuspendedBy {
		/// The chain's governance.
		Governance,
		/// An authority over it.
		Authority(IdentityId),
	}

	/// Where an identity stands.
	#[derive(Copy)]
	pub enum IdentityStatus {
		/// It acts.
		Active,
		/// It must not act for the time being.
		Suspended {
			/// Since when.
			since: Moment,
			/// From when on it acts again; `None` when somebody has to reinstate it.
			until: Option<Moment>,
			/// On what ground.
			reason: SuspensionGround,
			/// By whose decision.
			by: SuspendedBy,
		},
		/// The person died.
		Deceased,
		/// It ended itself.
		Deactivated {
			/// When.
			at: Moment,
		},
	}

	/// The agreement key that others seal to now.
	pub struct CurrentAgreementKey {
		/// Its version.
		pub version: KeyVersion,
		/// The key.
		#[serde(with = "crate::wire::hex_bytes")]
		pub key: X25519Key,
		/// Since when.
		pub valid_from: Moment,
		/// The version of the DID document that it came with.
		pub added_in: DocVersion,
	}

	/// A commitment to a sealed profile, or that there is none any more.
	pub struct Profile {
		/// The commitment.
		pub commitment: Option<Commitment>,
		/// How often it was set or cleared.
		pub revision: u32,
	}

	/// What the chain knows of an identity.
	pub struct IdentityView {
		/// As what it registered.
		pub kind: IdentityKind,
		/// Where it stands.
		pub status: IdentityStatus,
		/// The account of its primary key.
		#[serde(with = "crate::wire::hex_bytes")]
		pub account: [u8; 32],
		/// Its primary key.
		pub primary: KeyId,
		/// Whether all keys but the primary are frozen.
		pub frozen: bool,
		/// How many of its keys have not ended.
		pub active_keys: u32,
		/// How often the primary key was rotated.
		pub epoch: u32,
		/// The version of its DID document.
		pub doc_version: DocVersion,
		/// When it registered.
		pub registered_at: Moment,
		/// When its DID document changed last.
		pub updated_at: Moment,
		/// Its agreement key.
		pub agreement: CurrentAgreementKey,
		/// The commitment to its profile.
		pub profile: Option<Profile>,
	}

	/// That an agreement key was revoked.
	#[derive(Copy)]
	pub struct AgreementRevocation {
		/// When.
		pub at: Moment,
		/// From when on its secret was in wrong hands.
		pub compromised_since: Option<Moment>,
	}

	/// A version of an agreement key.
	pub struct AgreementKeyView {
		/// Which version.
		pub version: KeyVersion,
		/// The key.
		#[serde(with = "crate::wire::hex_bytes")]
		pub key: X25519Key,
		/// From when on it was the current one.
		pub valid_from: Moment,
		/// From when on it no longer was.
		pub valid_to: Option<Moment>,
		/// That it was revoked, when it was.
		pub revoked: Option<AgreementRevocation>,
	}

	/// Whether a key still signs, and when it stopped.
	#[derive(Copy)]
	pub enum KeyStatus {
		/// It signs, while its own end has not come.
		Active,
		/// It was put away.
		Retired {
			/// When.
			at: Moment,
		},
		/// It was revoked.
		Revoked {
			/// From when on it no longer signs.
			at: Moment,
			/// From when on what it signed is in doubt.
			compromised_since: Option<Moment>,
		},
	}

	/// A signing key of an identity.
	pub struct KeyView {
		/// Its number.
		pub key: KeyId,
		/// The account that it is.
		#[serde(with = "crate::wire::hex_bytes")]
		pub account: [u8; 32],
		/// The public key.
		#[serde(with = "public_key")]
		pub public: PublicKey,
		/// What it is for.
		pub purposes: KeyPurposes,
		/// What it may sign.
		pub scopes: CallScopes,
		/// Since when.
		pub valid_from: Moment,
		/// From when on it no longer counts, when that was settled from the start.
		pub valid_until: Option<Moment>,
		/// Whether it still signs.
		pub status: KeyStatus,
		/// The version of the DID document that it came with.
		pub added_in: DocVersion,
		/// The version of the DID document that it is missing from, when it ended.
		pub ended_in: Option<DocVersion>,
	}

	/// Some of the signing keys of an identity, oldest first.
	pub struct KeyPage {
		/// The keys.
		pub keys: Vec<KeyView>,
		/// Where the next page begins, when there is one.
		pub next: Option<KeyId>,
	}

	/// Some of the agreement keys of an identity, oldest first.
	pub struct AgreementKeyPage {
		/// The keys.
		pub keys: Vec<AgreementKeyView>,
		/// Where the next page begins, when there is one.
		pub next: Option<KeyVersion>,
	}

	/// Why a list of an identity has no page.
	#[derive(Copy)]
	pub enum ListError {
		/// Ask for fewer.
		LimitTooLarge {
			/// The longest page there is.
			max: u32,
		},
		/// There is no such identity.
		UnknownIdentity,
	}

	/// A service, as the chain keeps it: bytes of ASCII.
	pub struct Service {
		/// Its name within the identity.
		pub id: Vec<u8>,
		/// What it is.
		pub kind: Vec<u8>,
		/// Where it is.
		pub url: Vec<u8>,
	}
}

/// The facts of a DID document, and of its metadata, at a version.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct DidFacts {
	/// Whose it is.
	pub id: IdentityId,
	/// The signing keys of this version.
	pub keys: Vec<DidKey>,
	/// The agreement key of this version.
	pub agreement: Option<DidAgreementKey>,
	/// The services, of the current version only.
	pub services: Vec<Service>,
	/// When the identity registered.
	pub created: Moment,
	/// When this version began.
	pub updated: Moment,
	/// Which version it is.
	pub version: DocVersion,
	/// The block that it began in.
	pub block: u32,
	/// The version after it, when it is not the current one.
	pub next_version: Option<DocVersion>,
	/// When the version after it began.
	pub next_update: Option<Moment>,
	/// Whether the identity is deactivated now, whatever version was asked for.
	pub deactivated: bool,
}

/// A signing key in a DID document.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct DidKey {
	/// Its number.
	pub key: KeyId,
	/// The account that it is.
	pub account: [u8; 32],
	/// The public key.
	pub public: PublicKey,
	/// What it is for.
	pub purposes: KeyPurposes,
	/// From when on it no longer counts, when that was settled from the start.
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
#[derive(Encode, Decode, TypeInfo, Clone, Copy, PartialEq, Eq, Debug)]
pub enum ResolveError {
	/// No identity has this id.
	UnknownIdentity,
	/// The version is so old that the chain forgot when it was.
	VersionPruned {
		/// The oldest version that is known.
		oldest: DocVersion,
	},
	/// There is no such version.
	UnknownVersion {
		/// The version of today.
		current: DocVersion,
	},
}

/// A public key as its scheme and digits, `sr25519:0x…`.
mod public_key {
	use salus_primitives::PublicKey;
	use serde::{Deserialize, Deserializer, Serializer, de::Error};

	pub(super) fn serialize<S: Serializer>(
		key: &PublicKey,
		serializer: S,
	) -> Result<S::Ok, S::Error> {
		let (scheme, bytes): (_, &[u8]) = match key {
			PublicKey::Sr25519(key) => ("sr25519", key),
			PublicKey::Ed25519(key) => ("ed25519", key),
			PublicKey::Ecdsa(key) => ("ecdsa", key),
			PublicKey::Derived => return serializer.serialize_str("derived"),
		};
		serializer.collect_str(&format_args!("{scheme}:0x{}", hex::encode(bytes)))
	}

	pub(super) fn deserialize<'de, D: Deserializer<'de>>(
		deserializer: D,
	) -> Result<PublicKey, D::Error> {
		fn bytes<const N: usize, E: Error>(digits: &str) -> Result<[u8; N], E> {
			let mut bytes = [0; N];
			hex::decode_to_slice(digits, &mut bytes).map_err(E::custom)?;
			Ok(bytes)
		}
		let text = String::deserialize(deserializer)?;
		match text.split_once(":0x") {
			None if text == "derived" => Ok(PublicKey::Derived),
			Some(("sr25519", digits)) => bytes(digits).map(PublicKey::Sr25519),
			Some(("ed25519", digits)) => bytes(digits).map(PublicKey::Ed25519),
			Some(("ecdsa", digits)) => bytes(digits).map(PublicKey::Ecdsa),
			_ => Err(D::Error::custom("expected a scheme and a public key")),
		}
	}
}
