// SPDX-License-Identifier: Apache-2.0

//! What the identity domain answers.

use codec::{Decode, DecodeWithMemTracking, Encode};
use salus_primitives::{IdentityId, IdentityKind, KeyVersion, X25519Key};
use scale_info::TypeInfo;

/// An identity that acts, and the account that pays for the act.
///
/// The success value of the origins `EnsureIdentity`, `EnsureSubject` and `EnsureAccredited`.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct Actor<AccountId> {
	/// Who acts.
	pub id: IdentityId,
	/// As what it is registered.
	pub kind: IdentityKind,
	/// The account that signed, and pays deposits.
	pub payer: AccountId,
}

/// Who is behind an account, and what it is.
pub trait IdentityInspect<AccountId> {
	/// The active identity that `account` is a key of.
	fn identity_of(account: &AccountId) -> Option<IdentityId>;

	/// The kind of `id`, when it is registered and active.
	fn active_kind(id: &IdentityId) -> Option<IdentityKind>;

	/// Makes sure that `account` is a key of an active identity of `kind`, for benchmarks.
	#[cfg(feature = "runtime-benchmarks")]
	fn bench_register(account: &AccountId, kind: IdentityKind) -> IdentityId;
}

impl<AccountId> IdentityInspect<AccountId> for () {
	fn identity_of(_: &AccountId) -> Option<IdentityId> {
		None
	}

	fn active_kind(_: &IdentityId) -> Option<IdentityKind> {
		None
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_register(_: &AccountId, _: IdentityKind) -> IdentityId {
		IdentityId::default()
	}
}

/// The agreement keys of identities, by version.
pub trait AgreementKeys {
	/// The current version and key of an active identity.
	fn current(id: &IdentityId) -> Option<(KeyVersion, X25519Key)>;

	/// Whether something may be sealed to this version now.
	fn is_current(id: &IdentityId, version: KeyVersion) -> bool {
		Self::current(id).is_some_and(|(current, _)| current == version)
	}
}

impl AgreementKeys for () {
	fn current(_: &IdentityId) -> Option<(KeyVersion, X25519Key)> {
		None
	}
}

/// The daily fee allowance of identities, in units of the fee currency.
///
/// What is spent stays spent, also when the call fails afterwards.
pub trait FeeAllowance<AccountId> {
	/// Whether the identity behind `account` can still spend `fee` today.
	fn can_spend(account: &AccountId, fee: u128) -> bool;

	/// Takes `fee` from today's allowance; `false`, and nothing changed, when it is not there.
	fn try_spend(account: &AccountId, fee: u128) -> bool;
}

impl<AccountId> FeeAllowance<AccountId> for () {
	fn can_spend(_: &AccountId, _: u128) -> bool {
		false
	}

	fn try_spend(_: &AccountId, _: u128) -> bool {
		false
	}
}
