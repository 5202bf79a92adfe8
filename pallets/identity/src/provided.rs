// SPDX-License-Identifier: Apache-2.0

//! What other pallets and the runtime may ask, and the origins they can demand.

use crate::*;
use core::marker::PhantomData;
use frame_support::traits::{EnsureOrigin, EnsureOriginWithArg, Get, OriginTrait};
use salus_primitives::{CallScope, IdentityId, IdentityKind, KeyVersion, X25519Key};
use salus_traits::identity::{Actor, AgreementKeys, FeeAllowance, IdentityInspect};
use sp_runtime::traits::Convert;

/// The scopes as types, to name one in an origin: `EnsureIdentity<Runtime, scopes::RecordAnchor>`.
pub mod scopes {
	use super::{CallScope, Get};

	macro_rules! scopes {
		($($scope:ident),+ $(,)?) => { $(
			#[doc = concat!("[`CallScope::", stringify!($scope), "`] as a type.")]
			pub struct $scope;

			impl Get<CallScope> for $scope {
				fn get() -> CallScope {
					CallScope::$scope
				}
			}
		)+ };
	}

	scopes! {
		AccessLog, Accredit, Affiliate, ConsentManage, DeviceAdmin, KeyAdmin, Mandate, Names,
		ProfileWrite, RecordAnchor, RecordRead, Recovery, Sponsor, SupplyChain, Vault,
	}
}

impl<T: Config> Pallet<T> {
	/// The key that an account is, and its identity, when it may sign what belongs to `scope`; with
	/// `None`, what every key may sign, however frozen.
	///
	/// Two reads, and the clock when the key or a suspension has an end.
	pub(crate) fn acting(
		account: &T::AccountId,
		scope: Option<CallScope>,
	) -> Option<(KeyRecord, IdentityOf<T>)> {
		let key = KeyOwner::<T>::get(account).filter(|key| key.is_live(Self::now))?;
		let identity =
			Identities::<T>::get(key.identity).filter(|identity| identity.is_active(Self::now))?;
		let may = scope.is_none_or(|scope| {
			let thawed = !identity.frozen || key.key == identity.primary;
			thawed && key.scopes.contains(scope)
		});
		may.then_some((key, identity))
	}

	/// Who acts, when it may.
	fn actor_of(
		origin: &impl OriginTrait<AccountId = T::AccountId>,
		scope: Option<CallScope>,
	) -> Option<Actor<T::AccountId>> {
		let payer = origin.as_signer()?;
		let (key, identity) = Self::acting(payer, scope)?;
		let KeyRecord { identity: id, key, .. } = key;
		Some(Actor { id, kind: identity.kind, key, payer: payer.clone() })
	}

	/// The row of the account's allowance after `fee` is spent as well, when it is there: for the
	/// primary key all that is left, for others down to what is kept for it, and nothing when frozen.
	fn spending(
		account: &T::AccountId,
		scope: Option<CallScope>,
		fee: u128,
	) -> Option<(IdentityId, DaySpending)> {
		let (key, identity) = Self::acting(account, scope)?;
		let kept = if key.key == identity.primary {
			0
		} else if identity.frozen {
			return None;
		} else {
			kept_for_primary(T::DailyAllowance::convert(identity.kind))
		};
		let spending = Self::allowance_of(&key.identity, identity.kind).spend(fee, kept)?;
		Some((key.identity, spending))
	}

	/// An identity, when it is active.
	fn active(id: &IdentityId) -> Option<IdentityOf<T>> {
		Identities::<T>::get(id).filter(|identity| identity.is_active(Self::now))
	}
}

impl<T: Config> IdentityInspect<T::AccountId> for Pallet<T> {
	fn acting_identity(account: &T::AccountId, scope: CallScope) -> Option<IdentityId> {
		Self::acting(account, Some(scope)).map(|(key, _)| key.identity)
	}

	fn active_kind(id: &IdentityId) -> Option<IdentityKind> {
		Self::active(id).map(|identity| identity.kind)
	}

	fn has_ended(id: &IdentityId) -> bool {
		Identities::<T>::get(id).is_some_and(|identity| identity.status.deactivated_at().is_some())
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_register(account: &T::AccountId, kind: IdentityKind) -> IdentityId {
		if let Some(key) = KeyOwner::<T>::get(account) {
			Identities::<T>::mutate(key.identity, |identity| {
				if let Some(identity) = identity {
					identity.kind = kind;
				}
			});
			return key.identity;
		}
		let registration = calls::Registration {
			account: account.clone(),
			public: salus_primitives::PublicKey::Sr25519(account.clone().into()),
			kind,
			salt: [0; 16],
			agreement_key: benchmarking::agreement_key(account),
			profile: None,
		};
		Self::admit(registration, None, None);
		Self::id_of(account, &[0; 16])
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_end(id: &IdentityId) {
		Identities::<T>::mutate(id, |identity| {
			if let Some(identity) = identity {
				identity.status = IdentityStatus::Deactivated { at: Self::now() };
			}
		});
	}
}

impl<T: Config> AgreementKeys for Pallet<T> {
	fn current(id: &IdentityId) -> Option<(KeyVersion, X25519Key)> {
		Self::active(id).map(|identity| (identity.agreement.version, identity.agreement.key))
	}
}

impl<T: Config> FeeAllowance<T::AccountId> for Pallet<T> {
	fn can_spend(account: &T::AccountId, scope: Option<CallScope>, fee: u128) -> bool {
		Self::spending(account, scope, fee).is_some()
	}

	fn try_spend(account: &T::AccountId, scope: Option<CallScope>, fee: u128) -> bool {
		let Some((id, spending)) = Self::spending(account, scope, fee) else { return false };
		Allowances::<T>::insert(id, spending);
		true
	}
}

/// Any active identity, by a key that may sign what belongs to `Scope`.
pub struct EnsureIdentity<T, Scope>(PhantomData<(T, Scope)>);

impl<T, Scope, O> EnsureOrigin<O> for EnsureIdentity<T, Scope>
where
	T: Config,
	Scope: Get<CallScope>,
	O: OriginTrait<AccountId = T::AccountId>,
{
	type Success = Actor<T::AccountId>;

	fn try_origin(origin: O) -> Result<Self::Success, O> {
		Pallet::<T>::actor_of(&origin, Some(Scope::get())).ok_or(origin)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<O, ()> {
		EnsureIdentityOfKind::<T, benchmarking::AsOrganisation, Scope>::try_successful_origin()
	}
}

/// Any active identity, by any of its live keys, whatever it may sign and however frozen.
///
/// For what makes an identity safer and nothing else.
pub struct EnsureAnyKey<T>(PhantomData<T>);

impl<T, O> EnsureOrigin<O> for EnsureAnyKey<T>
where
	T: Config,
	O: OriginTrait<AccountId = T::AccountId>,
{
	type Success = Actor<T::AccountId>;

	fn try_origin(origin: O) -> Result<Self::Success, O> {
		Pallet::<T>::actor_of(&origin, None).ok_or(origin)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<O, ()> {
		EnsureIdentity::<T, scopes::KeyAdmin>::try_successful_origin()
	}
}

/// An active identity of one kind, by a key that may sign what belongs to `Scope`.
pub struct EnsureIdentityOfKind<T, Kind, Scope>(PhantomData<(T, Kind, Scope)>);

impl<T, Kind, Scope, O> EnsureOrigin<O> for EnsureIdentityOfKind<T, Kind, Scope>
where
	T: Config,
	Kind: Get<IdentityKind>,
	Scope: Get<CallScope>,
	O: OriginTrait<AccountId = T::AccountId>,
{
	type Success = Actor<T::AccountId>;

	fn try_origin(origin: O) -> Result<Self::Success, O> {
		Pallet::<T>::actor_of(&origin, Some(Scope::get()))
			.filter(|actor| actor.kind == Kind::get())
			.ok_or(origin)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<O, ()> {
		let account: T::AccountId = frame_benchmarking::account("identity", Kind::get() as u32, 0);
		Pallet::<T>::bench_register(&account, Kind::get());
		Ok(O::signed(account))
	}
}

/// The identity named, by one of its own keys that may sign what belongs to `Scope`.
///
/// Calls about a patient ask for it, so that a guardian can stand in later without a change to them.
pub struct EnsureSubject<T, Scope>(PhantomData<(T, Scope)>);

impl<T, Scope, O> EnsureOriginWithArg<O, IdentityId> for EnsureSubject<T, Scope>
where
	T: Config,
	Scope: Get<CallScope>,
	O: OriginTrait<AccountId = T::AccountId>,
{
	type Success = Actor<T::AccountId>;

	fn try_origin(origin: O, subject: &IdentityId) -> Result<Self::Success, O> {
		Pallet::<T>::actor_of(&origin, Some(Scope::get()))
			.filter(|actor| actor.id == *subject)
			.ok_or(origin)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin(subject: &IdentityId) -> Result<O, ()> {
		Identities::<T>::get(subject).map(|identity| O::signed(identity.account)).ok_or(())
	}
}
