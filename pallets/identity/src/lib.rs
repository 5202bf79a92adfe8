// SPDX-License-Identifier: Apache-2.0

#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod calls;
mod errors;
mod events;
mod provided;
mod storage;
mod types;
mod views;

pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
#[cfg(any(feature = "try-runtime", test))]
mod invariants;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use provided::{EnsureAnyKey, EnsureIdentity, EnsureIdentityOfKind, EnsureSubject, scopes};
pub use types::*;
pub use weights::WeightInfo;

use frame_support::{pallet_macros::import_section, traits::Time};
use frame_system::pallet_prelude::BlockNumberFor;
use salus_primitives::{DAY, Moment};

/// What a DID document is made from.
pub type DidFactsOf<T> = DidFacts<<T as frame_system::Config>::AccountId, BlockNumberFor<T>>;

/// When and where a version of a DID document began.
pub type DocStampOf<T> = DocStamp<BlockNumberFor<T>>;

/// The row of an identity.
pub type IdentityOf<T> =
	IdentityRecord<<T as frame_system::Config>::AccountId, <T as Config>::RegistrationDeposit>;

/// What a user sees of an identity.
pub type IdentityViewOf<T> = IdentityView<<T as frame_system::Config>::AccountId>;

/// Some of the signing keys of an identity.
pub type KeyPageOf<T> = KeyPage<<T as frame_system::Config>::AccountId>;

/// What a user sees of a signing key.
pub type KeyViewOf<T> = KeyView<<T as frame_system::Config>::AccountId>;

/// The row of a service.
pub type ServiceOf<T> =
	ServiceRecord<<T as frame_system::Config>::AccountId, <T as Config>::ServiceDeposit>;

#[import_section(errors::errors)]
#[import_section(events::events)]
#[import_section(storage::storage)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use calls::Registration;
	use frame_support::{
		pallet_prelude::*,
		traits::{Consideration, EnsureOriginWithArg, Footprint},
	};
	use frame_system::pallet_prelude::*;
	use salus_primitives::{
		CallScope, CallScopes, Commitment, DocVersion, IdentityId, IdentityKind, KeyId, KeyPurpose,
		KeyPurposes, KeyVersion, PublicKey, Salt, SuspensionGround, X25519Key,
	};
	use salus_traits::identity::{Actor, SuspendedBy};
	use sp_runtime::traits::{Convert, IdentifyAccount, Verify};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<AccountId: Into<[u8; 32]> + From<[u8; 32]>> {
		/// Whose profile and services it is. In the runtime: [`EnsureIdentity`] with the scope
		/// `ProfileWrite`.
		type ProfileOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Actor<Self::AccountId>>;

		/// Whose keys they are. In the runtime: [`EnsureIdentity`] with the scope `KeyAdmin`.
		type KeyAdminOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Actor<Self::AccountId>>;

		/// Any live key of an identity, whatever it may sign. In the runtime: [`EnsureAnyKey`].
		type AnyKeyOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Actor<Self::AccountId>>;

		/// Who may suspend and reinstate the identity named.
		type SuspensionOrigin: EnsureOriginWithArg<Self::RuntimeOrigin, IdentityId, Success = SuspendedBy>;

		/// Who may register somebody else.
		type SponsorOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Actor<Self::AccountId>>;

		/// The signature by which an account agrees to be registered or to become a key.
		type Signature: Parameter + Verify<Signer: IdentifyAccount<AccountId = Self::AccountId>>;

		/// What the rows of a self-registered identity cost while they are there.
		type RegistrationDeposit: Consideration<Self::AccountId, Footprint>;

		/// What the row of a service costs while it is there.
		type ServiceDeposit: Consideration<Self::AccountId, Footprint>;

		/// The fees that an identity of a kind may spend per UTC day, in units of the fee currency.
		/// [`PatientsOnly`] gives patients an amount and everybody else none.
		type DailyAllowance: Convert<IdentityKind, u128>;

		/// The clock.
		type Time: Time<Moment = Moment>;

		/// How many agreement keys an identity may have in its life. Never lower it. The last
		/// quarter of them, and at least one, is kept for rotations by the primary key.
		#[pallet::constant]
		type MaxAgreementVersions: Get<u32>;

		/// How many keys of an identity sign at a time, the primary one included.
		#[pallet::constant]
		type MaxKeys: Get<u32>;

		/// How many keys an identity may have in its life. Never lower it. The last
		/// [`Config::MaxKeys`] of them are kept for rotations of the primary key.
		#[pallet::constant]
		type MaxKeyHistory: Get<u32>;

		/// How many services an identity may list.
		#[pallet::constant]
		type MaxServices: Get<u32>;

		/// How many versions of a DID document are remembered.
		#[pallet::constant]
		type MaxDocVersions: Get<u32>;

		/// How many identities a sponsor may register per UTC day.
		#[pallet::constant]
		type MaxSponsoredPerDay: Get<u32>;

		/// How far ahead, in milliseconds, the deadline of a signed consent may lie.
		#[pallet::constant]
		type MaxConsentAge: Get<Moment>;

		/// The longest page that a view function gives.
		#[pallet::constant]
		type MaxPage: Get<u32>;

		/// The measured weights.
		type WeightInfo: WeightInfo;

		/// Keys that sign, for benchmarks.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: benchmarking::BenchmarkHelper<Self::AccountId, Self::Signature>;
	}

	/// Why money of an account is held.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// The rows of an identity that registered itself.
		#[codec(index = 0)]
		Registration,
		/// A service of an identity.
		#[codec(index = 1)]
		Service,
	}

	/// Identities that are there from the first block, such as a regulator's organisation.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// The identities. They hold no deposit.
		pub identities: Vec<GenesisIdentity<T::AccountId>>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			for identity in &self.identities {
				let GenesisIdentity { account, kind, salt, agreement_key } = identity.clone();
				let public = PublicKey::Sr25519(account.clone().into());
				let registration =
					Registration { account, public, kind, salt, agreement_key, profile: None };
				Pallet::<T>::check_admission(&registration)
					.expect("every identity of the genesis can be registered");
				Pallet::<T>::admit(registration, None, None);
			}
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(T::MaxAgreementVersions::get() >= 2, "a key must be able to rotate");
			assert!(T::MaxConsentAge::get() > 0, "a consent must be usable");
			assert!(T::MaxConsentAge::get() <= DAY, "a consent older than a day is no consent");
			assert!(T::MaxPage::get() > 0, "a page must hold something");
			assert!(T::MaxKeys::get() >= 2, "a primary key needs another one beside it");
			assert!(
				T::MaxKeyHistory::get() >= T::MaxKeys::get().saturating_mul(2),
				"all keys must fit beside the numbers kept for the primary"
			);
			assert!(T::MaxServices::get() > 0, "a service must be possible");
			assert!(T::MaxDocVersions::get() >= 2, "a version must have one before it");
			assert!(
				T::DailyAllowance::convert(IdentityKind::Device) == 0,
				"devices do not register here, and spend nothing"
			);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Register the signer as an identity of its own.
		///
		/// Any account that serves no identity yet may call it. It pays the fee and holds a deposit
		/// of the signer ([`HoldReason::Registration`]), and gives the account a reference by which
		/// it can sign without a balance. `kind` is patient, practitioner or organisation and never
		/// changes; `salt` is 16 random bytes of the client; `agreement_key` is a fresh X25519
		/// public key; `profile` is a salted commitment to the sealed profile; `public` is the key
		/// behind the account, or that it is derived from others.
		#[pallet::call_index(0)]
		pub fn register(
			origin: OriginFor<T>,
			kind: IdentityKind,
			salt: Salt,
			agreement_key: X25519Key,
			profile: Option<Commitment>,
			public: PublicKey,
		) -> DispatchResult {
			let account = ensure_signed(origin)?;
			Self::do_register(Registration { account, public, kind, salt, agreement_key, profile })
		}

		/// Register an account that asked for it by signature, in place of that account.
		///
		/// A sponsor may call it, so many times a day. It holds nothing, and the account needs no
		/// token. `account` signed the registration (see the crate docs) with exactly these
		/// arguments, for this sponsor and this chain; `public` is the key that it signed with;
		/// `deadline` is the first moment, in milliseconds, at which its `signature` no longer
		/// serves.
		#[pallet::call_index(1)]
		#[pallet::weight(
			<T as Config>::WeightInfo::register_for_sr25519()
				.max(<T as Config>::WeightInfo::register_for_ed25519())
				.max(<T as Config>::WeightInfo::register_for_ecdsa())
		)]
		pub fn register_for(
			origin: OriginFor<T>,
			account: T::AccountId,
			kind: IdentityKind,
			salt: Salt,
			agreement_key: X25519Key,
			profile: Option<Commitment>,
			public: PublicKey,
			deadline: Moment,
			signature: T::Signature,
		) -> DispatchResult {
			let sponsor = T::SponsorOrigin::ensure_origin(origin)?;
			let registration = Registration { account, public, kind, salt, agreement_key, profile };
			Self::do_register_for(sponsor.id, registration, deadline, &signature)
		}

		/// Set or replace the commitment to the signer's sealed profile.
		///
		/// A key that may write the profile may call it. It holds nothing: there is one row per
		/// identity. `profile` is a salted commitment; `expected_revision` is the revision it
		/// replaces, 0 when there is none yet.
		#[pallet::call_index(2)]
		pub fn set_profile(
			origin: OriginFor<T>,
			profile: Commitment,
			expected_revision: u32,
		) -> DispatchResult {
			let actor = T::ProfileOrigin::ensure_origin(origin)?;
			Self::do_set_profile(actor.id, profile, expected_revision)
		}

		/// Clear the commitment to the signer's sealed profile.
		///
		/// A key that may write the profile may call it. Archives keep the commitment; what makes
		/// it worthless is that the salt and the sealed profile are destroyed off chain. Revisions
		/// go on counting.
		#[pallet::call_index(3)]
		pub fn clear_profile(origin: OriginFor<T>, expected_revision: u32) -> DispatchResult {
			let actor = T::ProfileOrigin::ensure_origin(origin)?;
			Self::do_clear_profile(actor.id, expected_revision)
		}

		/// End the signer's identity, finally.
		///
		/// The primary key may call it. The profile and the services go, and what they cost is
		/// freed; the identity's row stays as its tombstone, and all keys stay resolvable.
		/// `expected_doc_version` is the version of the DID document that the signer has seen.
		#[pallet::call_index(4)]
		#[pallet::weight(<T as Config>::WeightInfo::deactivate(T::MaxServices::get()))]
		pub fn deactivate(
			origin: OriginFor<T>,
			expected_doc_version: DocVersion,
		) -> DispatchResultWithPostInfo {
			let actor = T::KeyAdminOrigin::ensure_origin(origin)?;
			Self::do_deactivate(&actor, expected_doc_version)
		}

		/// Suspend an identity: it does nothing until `until`, or until it is reinstated.
		///
		/// Governance may call it, and a regulator over the identity unless that is a patient. What
		/// an authority suspended governance may take over: ground, end and decider are then its own.
		#[pallet::call_index(5)]
		pub fn suspend_identity(
			origin: OriginFor<T>,
			id: IdentityId,
			reason: SuspensionGround,
			until: Option<Moment>,
		) -> DispatchResult {
			let by = T::SuspensionOrigin::ensure_origin(origin, &id)?;
			Self::do_suspend_identity(by, id, reason, until)
		}

		/// Lift the suspension of an identity.
		///
		/// Governance may call it, and the authority that suspended the identity.
		#[pallet::call_index(6)]
		pub fn reinstate_identity(origin: OriginFor<T>, id: IdentityId) -> DispatchResult {
			let by = T::SuspensionOrigin::ensure_origin(origin, &id)?;
			Self::do_reinstate_identity(by, id)
		}

		/// Put a new agreement key in the place of the signer's current one.
		///
		/// A key that administers keys may call it. It holds nothing: the number of versions is
		/// bounded, and the last quarter of it is the primary key's. `new_key` is a fresh X25519
		/// public key; `expected_version` is the version it replaces, which stays resolvable.
		#[pallet::call_index(10)]
		pub fn rotate_agreement_key(
			origin: OriginFor<T>,
			new_key: X25519Key,
			expected_version: KeyVersion,
		) -> DispatchResult {
			let actor = T::KeyAdminOrigin::ensure_origin(origin)?;
			Self::do_rotate_agreement_key(&actor, new_key, expected_version)
		}

		/// Revoke a retired agreement key of the signer.
		///
		/// A key that administers keys may call it, again only to name an earlier moment.
		/// `compromised_since` is the moment from when on its secret was in wrong hands, if it was.
		#[pallet::call_index(11)]
		pub fn revoke_agreement_key(
			origin: OriginFor<T>,
			version: KeyVersion,
			compromised_since: Option<Moment>,
		) -> DispatchResult {
			let actor = T::KeyAdminOrigin::ensure_origin(origin)?;
			Self::do_revoke_agreement_key(actor.id, version, compromised_since)
		}

		/// Make an account that asked for it by signature a further key of the signer's identity.
		///
		/// A key that administers keys may call it, and gives no more than it has; only the primary
		/// key lets others administer keys. `account` signed the addition (see the crate docs) as
		/// `proof`, which serves until `deadline`. From `valid_until` on the key no longer counts.
		#[pallet::call_index(12)]
		#[pallet::weight(
			<T as Config>::WeightInfo::add_key_sr25519()
				.max(<T as Config>::WeightInfo::add_key_ed25519())
				.max(<T as Config>::WeightInfo::add_key_ecdsa())
		)]
		pub fn add_key(
			origin: OriginFor<T>,
			account: T::AccountId,
			public: PublicKey,
			purposes: KeyPurposes,
			scopes: CallScopes,
			valid_until: Option<Moment>,
			deadline: Moment,
			proof: T::Signature,
		) -> DispatchResult {
			let actor = T::KeyAdminOrigin::ensure_origin(origin)?;
			let rights = KeyRights { purposes, scopes, valid_until };
			Self::do_add_key(&actor, account, public, rights, deadline, &proof)
		}

		/// Change what a key may sign.
		///
		/// The primary key may call it, for any other.
		#[pallet::call_index(13)]
		pub fn set_key_scopes(
			origin: OriginFor<T>,
			key: KeyId,
			scopes: CallScopes,
		) -> DispatchResult {
			let actor = T::KeyAdminOrigin::ensure_origin(origin)?;
			Self::do_set_key_scopes(&actor, key, scopes)
		}

		/// Put a new account in the place of the primary key, which is retired.
		///
		/// The primary key may call it. `new_account` signed the rotation (see the crate docs) as
		/// `proof`, which serves until `deadline` and for the epoch named. The other keys stay.
		#[pallet::call_index(14)]
		#[pallet::weight(
			<T as Config>::WeightInfo::rotate_primary_sr25519()
				.max(<T as Config>::WeightInfo::rotate_primary_ed25519())
				.max(<T as Config>::WeightInfo::rotate_primary_ecdsa())
		)]
		pub fn rotate_primary(
			origin: OriginFor<T>,
			new_account: T::AccountId,
			public: PublicKey,
			deadline: Moment,
			expected_epoch: u32,
			proof: T::Signature,
		) -> DispatchResult {
			let actor = T::KeyAdminOrigin::ensure_origin(origin)?;
			Self::do_rotate_primary(&actor, new_account, public, deadline, expected_epoch, &proof)
		}

		/// Put a key away. What it signed stays good, and its account stays bound.
		///
		/// A key that administers keys may call it, for any but the primary one.
		#[pallet::call_index(15)]
		pub fn retire_key(origin: OriginFor<T>, key: KeyId) -> DispatchResult {
			let actor = T::KeyAdminOrigin::ensure_origin(origin)?;
			Self::do_retire_key(&actor, key)
		}

		/// Revoke a key, also a retired one.
		///
		/// A key that administers keys may call it, for any but the primary one, again only to name
		/// an earlier moment. From `compromised_since` on what the key signed is in doubt.
		#[pallet::call_index(16)]
		pub fn revoke_key(
			origin: OriginFor<T>,
			key: KeyId,
			compromised_since: Option<Moment>,
		) -> DispatchResult {
			let actor = T::KeyAdminOrigin::ensure_origin(origin)?;
			Self::do_revoke_key(&actor, key, compromised_since)
		}

		/// Freeze all keys of the signer's identity but the primary one.
		///
		/// Any of its keys may call it, whatever else it may sign.
		#[pallet::call_index(17)]
		pub fn freeze_keys(origin: OriginFor<T>) -> DispatchResult {
			let actor = T::AnyKeyOrigin::ensure_origin(origin)?;
			Self::do_freeze_keys(&actor)
		}

		/// Let the keys of the signer's identity sign again.
		///
		/// The primary key may call it.
		#[pallet::call_index(18)]
		pub fn unfreeze_keys(origin: OriginFor<T>) -> DispatchResult {
			let actor = T::KeyAdminOrigin::ensure_origin(origin)?;
			Self::do_unfreeze_keys(&actor)
		}

		/// List a service in the DID document of the signer's identity. Everybody can read it.
		///
		/// A key of an organisation or a practitioner that may write the profile may call it. It
		/// holds a deposit of the signer ([`HoldReason::Service`]).
		#[pallet::call_index(20)]
		pub fn add_service(origin: OriginFor<T>, service: Service) -> DispatchResult {
			let actor = T::ProfileOrigin::ensure_origin(origin)?;
			Self::do_add_service(actor, service)
		}

		/// Take a service out of the DID document of the signer's identity.
		///
		/// A key that may write the profile may call it. It frees the deposit of whoever paid it.
		#[pallet::call_index(21)]
		pub fn remove_service(origin: OriginFor<T>, id: ServiceId) -> DispatchResult {
			let actor = T::ProfileOrigin::ensure_origin(origin)?;
			Self::do_remove_service(actor.id, id)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// What the chain knows of an identity.
		pub fn identity(id: IdentityId) -> Option<IdentityViewOf<T>> {
			let profile = Profiles::<T>::get(id);
			Identities::<T>::get(id).map(|identity| identity.into_view(profile, Self::now()))
		}

		/// The identity that an account serves or served, also when neither is active.
		pub fn identity_of(account: T::AccountId) -> Option<IdentityId> {
			KeyOwner::<T>::get(account).map(|key| key.identity)
		}

		/// The identity in whose name an account may sign what belongs to a scope, now.
		pub fn acting_identity(account: T::AccountId, scope: CallScope) -> Option<IdentityId> {
			Self::acting(&account, Some(scope)).map(|(key, _)| key.identity)
		}

		/// A signing key of an identity, also one that ended.
		pub fn key(id: IdentityId, key: KeyId) -> Option<KeyViewOf<T>> {
			Self::view_key(&id, key)
		}

		/// The signing keys of an identity from the number `from` on, at most `limit`, ended ones
		/// too.
		pub fn keys(id: IdentityId, from: KeyId, limit: u32) -> Result<KeyPageOf<T>, ListError> {
			Self::view_keys(&id, from, limit)
		}

		/// Whether what an account signed for a purpose at a moment that has been counts, by what is
		/// known today. From the moment of a compromise on it does not.
		pub fn was_valid(account: T::AccountId, purpose: KeyPurpose, at: Moment) -> bool {
			Self::view_was_valid(&account, purpose, at)
		}

		/// A version of an agreement key, current or retired.
		pub fn agreement_key(id: IdentityId, version: KeyVersion) -> Option<AgreementKeyView> {
			Self::version_of(&id, &Identities::<T>::get(id)?, version)
		}

		/// The agreement keys of an identity from the version `from` on, at most `limit`.
		pub fn agreement_keys(
			id: IdentityId,
			from: KeyVersion,
			limit: u32,
		) -> Result<AgreementKeyPage, ListError> {
			Self::view_agreement_keys(&id, from, limit)
		}

		/// The services of an identity.
		pub fn services(id: IdentityId) -> alloc::vec::Vec<Service> {
			Self::view_services(&id)
		}

		/// The facts of an identity's DID document at a version, of today's when none is named.
		pub fn resolve(
			id: IdentityId,
			version: Option<DocVersion>,
		) -> Result<DidFactsOf<T>, ResolveError> {
			Self::view_document(id, version)
		}

		/// What an identity can still spend on fees today, in units of the fee currency. The last
		/// quarter of the day's allowance is its primary key's alone.
		pub fn allowance_left(id: IdentityId) -> u128 {
			Identities::<T>::get(id)
				.filter(|identity| identity.is_active(Self::now))
				.map_or(0, |identity| Self::allowance_of(&id, identity.kind).left)
		}

		/// How many identities a sponsor can still register today.
		pub fn sponsor_quota_left(id: IdentityId) -> u32 {
			let used = SponsorUse::<T>::get(id).on(Self::today());
			T::MaxSponsoredPerDay::get().saturating_sub(used)
		}
	}
}

impl<T: Config> Pallet<T> {
	fn now() -> Moment {
		T::Time::now()
	}

	/// The number of the UTC day.
	fn today() -> u64 {
		Self::now() / DAY
	}
}
