// SPDX-License-Identifier: Apache-2.0

//! Signing keys: what they may do, when they end, and what may be said of them afterwards.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use salus_primitives::{
	CallScope, CallScopes, DocVersion, IdentityId, KeyId, KeyPurpose, KeyPurposes, Moment,
	PublicKey,
};
use scale_info::TypeInfo;

/// Whether a key still signs, and when it stopped.
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
pub enum KeyStatus {
	/// It signs, while its own end has not come.
	#[codec(index = 0)]
	Active,
	/// It was put away. What it signed before stays good.
	#[codec(index = 1)]
	Retired {
		/// From when on it no longer signs.
		at: Moment,
	},
	/// It was revoked.
	#[codec(index = 2)]
	Revoked {
		/// From when on it no longer signs: the moment it was revoked or, earlier, retired.
		at: Moment,
		/// From when on what it signed is in doubt, when its secret got into wrong hands.
		compromised_since: Option<Moment>,
	},
}

/// A signing key of an identity, which is an account: all that is asked about a signer, in one row.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct KeyRecord {
	/// The identity that it serves, for ever.
	pub identity: IdentityId,
	/// Its number.
	pub key: KeyId,
	/// The public key, for a DID document.
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

impl KeyRecord {
	/// Whether it counts now. Asks for the time only when it has an end.
	pub fn is_live(&self, now: impl FnOnce() -> Moment) -> bool {
		self.status == KeyStatus::Active && self.valid_until.is_none_or(|until| now() < until)
	}

	/// Whether it stands in the DID document of `version`.
	pub fn stands_in(&self, version: DocVersion) -> bool {
		self.added_in <= version && self.ended_in.is_none_or(|ended| version < ended)
	}

	/// Whether what it signed at `at` for `purpose` counts, by what is known today.
	pub fn was_valid(&self, purpose: KeyPurpose, at: Moment) -> bool {
		let stands = match self.status {
			KeyStatus::Active => true,
			KeyStatus::Retired { at: end } => at < end,
			KeyStatus::Revoked { at: end, compromised_since } => {
				at < end && compromised_since.is_none_or(|since| at < since)
			},
		};
		stands
			&& self.purposes.contains(purpose)
			&& self.valid_from <= at
			&& self.valid_until.is_none_or(|until| at < until)
	}

	/// What a user sees of it.
	pub fn into_view<AccountId>(self, account: AccountId) -> KeyView<AccountId> {
		KeyView {
			key: self.key,
			account,
			public: self.public,
			purposes: self.purposes,
			scopes: self.scopes,
			valid_from: self.valid_from,
			valid_until: self.valid_until,
			status: self.status,
			added_in: self.added_in,
			ended_in: self.ended_in,
		}
	}
}

/// A key that is no primary one, as it is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KeyRights {
	/// What it is for.
	pub purposes: KeyPurposes,
	/// What it may sign.
	pub scopes: CallScopes,
	/// When it ends, if ever.
	pub valid_until: Option<Moment>,
}

/// Why a key may not get what is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadRights {
	/// A purpose that does not exist.
	UnknownPurpose,
	/// A scope that does not exist.
	UnknownScope,
	/// It would be for nothing.
	NoPurpose,
	/// It would sign calls without being for that.
	CannotInvoke,
	/// Scopes that the giver does not hold.
	ScopeEscalation,
	/// The administration of keys, from a key that is not the primary.
	KeyAdminNotGiven,
	/// Purposes that the giver does not have.
	PurposeEscalation,
	/// It would end after its giver.
	OutlivesGiver,
}

impl KeyRights {
	/// All there is, without an end: the primary key's.
	pub const PRIMARY: Self =
		Self { purposes: KeyPurposes::ALL, scopes: CallScopes::ALL, valid_until: None };

	/// Checks that it makes sense by itself.
	pub fn check(&self) -> Result<(), BadRights> {
		match self {
			_ if !self.purposes.is_known() => Err(BadRights::UnknownPurpose),
			_ if !self.scopes.is_known() => Err(BadRights::UnknownScope),
			_ if self.purposes.is_empty() => Err(BadRights::NoPurpose),
			_ => check_invocation(self.purposes, self.scopes),
		}
	}

	/// Checks that `giver` may give it: nobody gives more than it has.
	pub fn check_given_by(&self, giver: &KeyRecord, is_primary: bool) -> Result<(), BadRights> {
		let outlives =
			giver.valid_until.is_some_and(|end| self.valid_until.is_none_or(|until| end < until));
		match self {
			_ if !self.scopes.is_within(giver.scopes) => Err(BadRights::ScopeEscalation),
			_ if self.scopes.contains(CallScope::KeyAdmin) && !is_primary => {
				Err(BadRights::KeyAdminNotGiven)
			},
			_ if !self.purposes.is_within(giver.purposes) => Err(BadRights::PurposeEscalation),
			_ if outlives => Err(BadRights::OutlivesGiver),
			_ => Ok(()),
		}
	}
}

/// Checks that a key of these `purposes` may sign what belongs to `scopes`.
pub fn check_invocation(purposes: KeyPurposes, scopes: CallScopes) -> Result<(), BadRights> {
	if scopes.is_empty() || purposes.contains(KeyPurpose::CapabilityInvocation) {
		Ok(())
	} else {
		Err(BadRights::CannotInvoke)
	}
}

/// Why a moment cannot be the one since when a key is compromised.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadCompromise {
	/// It has not come yet.
	Ahead,
	/// The key was not there yet.
	BeforeUse,
}

/// Checks the moment since when a key is said to be compromised.
pub fn check_compromise(
	since: Option<Moment>,
	valid_from: Moment,
	now: Moment,
) -> Result<(), BadCompromise> {
	match since {
		Some(since) if now < since => Err(BadCompromise::Ahead),
		Some(since) if since < valid_from => Err(BadCompromise::BeforeUse),
		_ => Ok(()),
	}
}

/// Whether a revocation casts doubt on more than the one before it did.
pub fn doubts_more(since: Option<Moment>, before: Option<Moment>) -> bool {
	since.is_some_and(|since| before.is_none_or(|before| since < before))
}

/// Why a public key cannot be the one behind an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadPublicKey {
	/// It belongs to another account.
	Mismatch,
	/// Everybody can sign for it.
	Weak,
	/// The account signs with a key, and it is not given.
	Missing,
}

/// Checks the public key behind `account`; `signs` when the account proved to have one.
pub fn check_public_key(
	account: &[u8; 32],
	public: &PublicKey,
	signs: bool,
) -> Result<(), BadPublicKey> {
	if !public.fits(sp_io::hashing::blake2_256, account) {
		return Err(BadPublicKey::Mismatch);
	}
	match public {
		PublicKey::Sr25519(key) | PublicKey::Ed25519(key) if is_weak(key) => {
			Err(BadPublicKey::Weak)
		},
		PublicKey::Derived if signs => Err(BadPublicKey::Missing),
		_ => Ok(()),
	}
}

/// Whether `key` encodes a point of edwards25519 whose order divides eight.
///
/// For such a key a signature can be written down by anybody: verifiers that multiply by the
/// cofactor accept it. The seven y-coordinates, canonical or not; the sign of x does not matter.
fn is_weak(key: &[u8; 32]) -> bool {
	const fn near_p(first: u8) -> [u8; 32] {
		let mut y = [0xff; 32];
		(y[0], y[31]) = (first, 0x7f);
		y
	}
	const fn small(first: u8) -> [u8; 32] {
		let mut y = [0; 32];
		y[0] = first;
		y
	}
	const WEAK: [[u8; 32]; 7] = [
		small(0),
		small(1),
		near_p(0xec),
		near_p(0xed),
		near_p(0xee),
		[
			0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef,
			0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88,
			0x6d, 0x53, 0xfc, 0x05,
		],
		[
			0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10,
			0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77,
			0x92, 0xac, 0x03, 0x7a,
		],
	];
	let mut y = *key;
	if let Some(last) = y.last_mut() {
		*last &= 0x7f;
	}
	WEAK.contains(&y)
}

/// What a user sees of a key.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct KeyView<AccountId> {
	/// Its number.
	pub key: KeyId,
	/// The account that it is.
	pub account: AccountId,
	/// The public key.
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

/// Some of the signing keys of an identity.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct KeyPage<AccountId> {
	/// The keys, oldest first, ended ones too.
	pub keys: Vec<KeyView<AccountId>>,
	/// Where the next page begins, when there is one.
	pub next: Option<KeyId>,
}

#[cfg(test)]
mod tests {
	use super::*;
	use KeyPurpose::*;
	use proptest::prelude::*;
	use sp_runtime::{AccountId32, MultiSignature, traits::Verify};

	fn key() -> KeyRecord {
		KeyRecord {
			identity: IdentityId([1; 32]),
			key: 1,
			public: PublicKey::Derived,
			purposes: KeyPurposes::of(&[Assertion, CapabilityInvocation]),
			scopes: CallScopes::of(&[CallScope::RecordAnchor, CallScope::KeyAdmin]),
			valid_from: 10,
			valid_until: Some(20),
			status: KeyStatus::Active,
			added_in: 3,
			ended_in: None,
		}
	}

	fn asked() -> KeyRights {
		KeyRights {
			purposes: KeyPurposes::of(&[CapabilityInvocation]),
			scopes: CallScopes::of(&[CallScope::RecordAnchor]),
			valid_until: Some(20),
		}
	}

	#[test]
	fn a_key_is_live_until_its_end() {
		assert!(key().is_live(|| 19));
		assert!(!key().is_live(|| 20));
		assert!(!key().is_live(|| 21));
		let endless = KeyRecord { valid_until: None, ..key() };
		assert!(endless.is_live(|| panic!("the time does not matter")));
		let retired = KeyRecord { status: KeyStatus::Retired { at: 12 }, ..key() };
		assert!(!retired.is_live(|| 11));
	}

	#[test]
	fn a_key_stands_in_the_documents_between_its_first_and_its_last() {
		let ended = KeyRecord { ended_in: Some(5), ..key() };
		let versions: Vec<_> = (1..=6).filter(|version| ended.stands_in(*version)).collect();
		assert_eq!(versions, [3, 4]);
		assert!(key().stands_in(u32::MAX));
	}

	#[test]
	fn what_a_key_signed_counts_within_all_its_limits() {
		let moments = |status| {
			let key = KeyRecord { status, ..key() };
			(0..30).filter(|at| key.was_valid(Assertion, *at)).collect::<Vec<_>>()
		};
		assert_eq!(moments(KeyStatus::Active), Vec::from_iter(10..20));
		assert_eq!(moments(KeyStatus::Retired { at: 15 }), Vec::from_iter(10..15));
		let revoked = |compromised_since| KeyStatus::Revoked { at: 15, compromised_since };
		assert_eq!(moments(revoked(None)), Vec::from_iter(10..15));
		assert_eq!(moments(revoked(Some(12))), Vec::from_iter(10..12));
		assert_eq!(moments(revoked(Some(18))), Vec::from_iter(10..15));
		assert!(!key().was_valid(Authentication, 12));
	}

	#[test]
	fn nothing_is_asked_for_that_does_not_exist() {
		assert_eq!(asked().check(), Ok(()));
		assert_eq!(KeyRights::PRIMARY.check(), Ok(()));
		let with = |purposes, scopes| KeyRights { purposes, scopes, ..asked() }.check();
		let one = KeyPurposes::of(&[Assertion]);
		assert_eq!(with(one, CallScopes::default()), Ok(()));
		assert_eq!(with(KeyPurposes(1 << 7), asked().scopes), Err(BadRights::UnknownPurpose));
		assert_eq!(with(asked().purposes, CallScopes(1 << 15)), Err(BadRights::UnknownScope));
		assert_eq!(with(KeyPurposes(0), CallScopes(0)), Err(BadRights::NoPurpose));
		assert_eq!(with(one, asked().scopes), Err(BadRights::CannotInvoke));
	}

	#[test]
	fn nobody_gives_more_than_it_has() {
		let given = |asked: KeyRights, primary| asked.check_given_by(&key(), primary);
		assert_eq!(given(asked(), false), Ok(()));
		let scopes = CallScopes::of(&[CallScope::Vault]);
		let more = KeyRights { scopes, ..asked() };
		assert_eq!(given(more, true), Err(BadRights::ScopeEscalation));
		let admin = KeyRights { scopes: CallScopes::of(&[CallScope::KeyAdmin]), ..asked() };
		assert_eq!(given(admin, false), Err(BadRights::KeyAdminNotGiven));
		assert_eq!(given(admin, true), Ok(()));
		let shows = KeyRights { purposes: KeyPurposes::of(&[Authentication]), ..asked() };
		assert_eq!(given(shows, false), Err(BadRights::PurposeEscalation));
		for valid_until in [None, Some(21)] {
			let longer = KeyRights { valid_until, ..asked() };
			assert_eq!(given(longer, false), Err(BadRights::OutlivesGiver));
		}
	}

	#[test]
	fn a_compromise_lies_between_the_first_use_and_now() {
		let check = |since| check_compromise(since, 10, 20);
		assert_eq!(check(None), Ok(()));
		assert_eq!(check(Some(9)), Err(BadCompromise::BeforeUse));
		assert_eq!(check(Some(10)), Ok(()));
		assert_eq!(check(Some(20)), Ok(()));
		assert_eq!(check(Some(21)), Err(BadCompromise::Ahead));
	}

	#[test]
	fn a_second_revocation_only_reaches_further_back() {
		assert!(doubts_more(Some(9), Some(10)));
		assert!(doubts_more(Some(9), None));
		assert!(!doubts_more(Some(10), Some(10)));
		assert!(!doubts_more(None, Some(10)));
		assert!(!doubts_more(None, None));
	}

	#[test]
	fn a_public_key_is_of_its_account() {
		let check = |public, signs| check_public_key(&[7; 32], &public, signs);
		assert_eq!(check(PublicKey::Sr25519([7; 32]), true), Ok(()));
		assert_eq!(check(PublicKey::Ed25519([8; 32]), true), Err(BadPublicKey::Mismatch));
		assert_eq!(check(PublicKey::Ecdsa([7; 33]), true), Err(BadPublicKey::Mismatch));
		assert_eq!(check(PublicKey::Derived, false), Ok(()));
		assert_eq!(check(PublicKey::Derived, true), Err(BadPublicKey::Missing));
	}

	#[test]
	fn a_key_that_everybody_signs_for_is_refused() {
		// R is the neutral point and s is zero: a signature that needs no secret.
		let mut forged = [0; 64];
		forged[0] = 1;
		let forged = MultiSignature::Ed25519(forged.into());
		let mut neutral = [0; 32];
		neutral[0] = 1;
		assert!(forged.verify(&b"anything"[..], &AccountId32::new(neutral)));

		let mut signed_neutral = neutral;
		signed_neutral[31] |= 0x80;
		let mut p_plus_one = [0xff; 32];
		p_plus_one[0] = 0xee;
		for key in [[0; 32], neutral, signed_neutral, p_plus_one] {
			for public in [PublicKey::Ed25519(key), PublicKey::Sr25519(key)] {
				assert_eq!(check_public_key(&key, &public, true), Err(BadPublicKey::Weak));
			}
		}
	}

	proptest! {
		/// Whoever gives, and whatever it gives: the new key can do nothing that its giver cannot.
		#[test]
		fn giving_never_widens(
			purposes in 0u8..16,
			scopes in 0u16..1 << 15,
			until in prop::option::of(0u64..40),
			primary: bool,
			scope in 0u16..15,
		) {
			let asked = KeyRights {
				purposes: KeyPurposes(purposes),
				scopes: CallScopes(scopes),
				valid_until: until,
			};
			let scope = CallScope::ALL[scope as usize];
			if asked.check_given_by(&key(), primary).is_ok() && asked.scopes.contains(scope) {
				prop_assert!(key().scopes.contains(scope));
				prop_assert!(primary || scope != CallScope::KeyAdmin);
				prop_assert!(until.unwrap() <= 20);
			}
		}
	}
}
