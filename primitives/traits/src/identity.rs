// SPDX-License-Identifier: Apache-2.0

//! What the identity domain answers.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use salus_primitives::{CallScope, IdentityId, IdentityKind, KeyId, KeyVersion, X25519Key};
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
	/// By which of its keys.
	pub key: KeyId,
	/// The account that signed, and pays deposits.
	pub payer: AccountId,
}

/// By whose decision an identity is suspended or reinstated.
///
/// The success value of the origin that decides it. A patient is suspended by governance alone.
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
pub enum SuspendedBy {
	/// The chain's governance.
	#[codec(index = 0)]
	Governance,
	/// An authority over the subject.
	#[codec(index = 1)]
	Authority(IdentityId),
}

/// Who is behind an account, and what it is.
pub trait IdentityInspect<AccountId> {
	/// The active identity in whose name `account` may sign what belongs to `scope`, now.
	fn acting_identity(account: &AccountId, scope: CallScope) -> Option<IdentityId>;

	/// The kind of `id`, when it is registered and active.
	fn active_kind(id: &IdentityId) -> Option<IdentityKind>;

	/// Whether `id` ended for good: it was deactivated, and never acts again.
	fn has_ended(id: &IdentityId) -> bool;

	/// Makes sure that `account` is a key of an active identity of `kind`, for benchmarks.
	#[cfg(feature = "runtime-benchmarks")]
	fn bench_register(account: &AccountId, kind: IdentityKind) -> IdentityId;

	/// Ends an identity for good, for benchmarks.
	#[cfg(feature = "runtime-benchmarks")]
	fn bench_end(id: &IdentityId);
}

impl<AccountId> IdentityInspect<AccountId> for () {
	fn acting_identity(_: &AccountId, _: CallScope) -> Option<IdentityId> {
		None
	}

	fn active_kind(_: &IdentityId) -> Option<IdentityKind> {
		None
	}

	fn has_ended(_: &IdentityId) -> bool {
		false
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_register(_: &AccountId, _: IdentityKind) -> IdentityId {
		IdentityId::default()
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_end(_: &IdentityId) {}
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
/// What is spent stays spent, also when the call fails afterwards. `scope` is what the call belongs
/// to, `None` when every key may sign it: a key spends nothing on calls that it may not sign, and
/// nothing at all while it is frozen. A quarter of each day's allowance is the primary key's alone:
/// the others spend only down to it, so that a stolen key leaves the owner the fees to stop it.
pub trait FeeAllowance<AccountId> {
	/// Whether the identity behind `account` can still spend `fee` today.
	fn can_spend(account: &AccountId, scope: Option<CallScope>, fee: u128) -> bool;

	/// Takes `fee` from today's allowance; `false`, and nothing changed, when it is not there.
	fn try_spend(account: &AccountId, scope: Option<CallScope>, fee: u128) -> bool;
}

impl<AccountId> FeeAllowance<AccountId> for () {
	fn can_spend(_: &AccountId, _: Option<CallScope>, _: u128) -> bool {
		false
	}

	fn try_spend(_: &AccountId, _: Option<CallScope>, _: u128) -> bool {
		false
	}
}
