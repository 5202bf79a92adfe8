// SPDX-License-Identifier: Apache-2.0

//! What other pallets and the runtime may ask, and the origins they can demand.

use crate::*;
use core::marker::PhantomData;
use frame_support::traits::{EnsureOrigin, EnsureOriginWithArg, Get, OriginTrait};
use salus_primitives::{IdentityId, IdentityKind, KeyVersion, X25519Key};
use salus_traits::identity::{Actor, AgreementKeys, FeeAllowance, IdentityInspect};

impl<T: Config> Pallet<T> {
	/// The active identity behind an account: id and row.
	fn active_identity_of(account: &T::AccountId) -> Option<(IdentityId, IdentityOf<T>)> {
		let id = KeyOwner::<T>::get(account)?;
		let identity = Identities::<T>::get(id).filter(IdentityRecord::is_active)?;
		Some((id, identity))
	}

	/// Who acts, when it is an active identity.
	fn actor_of(
		origin: &impl OriginTrait<AccountId = T::AccountId>,
	) -> Option<Actor<T::AccountId>> {
		let payer = origin.as_signer()?;
		let (id, identity) = Self::active_identity_of(payer)?;
		Some(Actor { id, kind: identity.kind, payer: payer.clone() })
	}

	/// The row of the account's allowance after `fee` is spent as well, when it is there.
	fn spending(account: &T::AccountId, fee: u128) -> Option<(IdentityId, DaySpending)> {
		let (id, identity) = Self::active_identity_of(account)?;
		Some((id, Self::allowance_of(&id, identity.kind).spend(fee)?))
	}
}

impl<T: Config> IdentityInspect<T::AccountId> for Pallet<T> {
	fn identity_of(account: &T::AccountId) -> Option<IdentityId> {
		Self::active_identity_of(account).map(|(id, _)| id)
	}

	fn active_kind(id: &IdentityId) -> Option<IdentityKind> {
		Identities::<T>::get(id).filter(IdentityRecord::is_active).map(|identity| identity.kind)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_register(account: &T::AccountId, kind: IdentityKind) -> IdentityId {
		let salt = [0; 16];
		if let Some(id) = KeyOwner::<T>::get(account) {
			Identities::<T>::mutate(id, |identity| {
				if let Some(identity) = identity {
					identity.kind = kind;
				}
			});
			return id;
		}
		let key = benchmarking::agreement_key(account);
		Self::admit(account.clone(), kind, salt, key, None, None, None)
			.expect("an account of a benchmark can be bound");
		Self::id_of(account, &salt)
	}
}

impl<T: Config> AgreementKeys for Pallet<T> {
	fn current(id: &IdentityId) -> Option<(KeyVersion, X25519Key)> {
		let identity = Identities::<T>::get(id).filter(IdentityRecord::is_active)?;
		Some((identity.agreement.version, identity.agreement.key))
	}
}

impl<T: Config> FeeAllowance<T::AccountId> for Pallet<T> {
	fn can_spend(account: &T::AccountId, fee: u128) -> bool {
		Self::spending(account, fee).is_some()
	}

	fn try_spend(account: &T::AccountId, fee: u128) -> bool {
		let Some((id, spending)) = Self::spending(account, fee) else { return false };
		Allowances::<T>::insert(id, spending);
		true
	}
}

/// Any active identity, by its account.
pub struct EnsureIdentity<T>(PhantomData<T>);

impl<T: Config, O: OriginTrait<AccountId = T::AccountId>> EnsureOrigin<O> for EnsureIdentity<T> {
	type Success = Actor<T::AccountId>;

	fn try_origin(origin: O) -> Result<Self::Success, O> {
		Pallet::<T>::actor_of(&origin).ok_or(origin)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<O, ()> {
		EnsureIdentityOfKind::<T, benchmarking::AsOrganisation>::try_successful_origin()
	}
}

/// An active identity of one kind, by its account.
pub struct EnsureIdentityOfKind<T, Kind>(PhantomData<(T, Kind)>);

impl<T, Kind, O> EnsureOrigin<O> for EnsureIdentityOfKind<T, Kind>
where
	T: Config,
	Kind: Get<IdentityKind>,
	O: OriginTrait<AccountId = T::AccountId>,
{
	type Success = Actor<T::AccountId>;

	fn try_origin(origin: O) -> Result<Self::Success, O> {
		let actor = Pallet::<T>::actor_of(&origin).filter(|actor| actor.kind == Kind::get());
		actor.ok_or(origin)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<O, ()> {
		let account: T::AccountId = frame_benchmarking::account("identity", Kind::get() as u32, 0);
		Pallet::<T>::bench_register(&account, Kind::get());
		Ok(O::signed(account))
	}
}

/// The identity named, by its own account.
///
/// Calls about a patient ask for it, so that a guardian can stand in later without a change to them.
pub struct EnsureSubject<T>(PhantomData<T>);

impl<T, O> EnsureOriginWithArg<O, IdentityId> for EnsureSubject<T>
where
	T: Config,
	O: OriginTrait<AccountId = T::AccountId>,
{
	type Success = Actor<T::AccountId>;

	fn try_origin(origin: O, subject: &IdentityId) -> Result<Self::Success, O> {
		let actor = Pallet::<T>::actor_of(&origin).filter(|actor| actor.id == *subject);
		actor.ok_or(origin)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin(subject: &IdentityId) -> Result<O, ()> {
		Identities::<T>::get(subject).map(|identity| O::signed(identity.account)).ok_or(())
	}
}
