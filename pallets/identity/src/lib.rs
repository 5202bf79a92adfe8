// SPDX-License-Identifier: Apache-2.0

#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod calls;
mod provided;
mod types;

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
pub use provided::{EnsureIdentity, EnsureIdentityOfKind, EnsureSubject};
pub use types::*;
pub use weights::WeightInfo;

use frame_support::traits::Time;
use salus_primitives::{DAY, Moment};

/// The row of an identity.
pub type IdentityOf<T> =
	IdentityRecord<<T as frame_system::Config>::AccountId, <T as Config>::RegistrationDeposit>;

/// What a user sees of an identity.
pub type IdentityViewOf<T> = IdentityView<<T as frame_system::Config>::AccountId>;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use frame_support::{
		pallet_prelude::*,
		traits::{Consideration, Footprint},
	};
	use frame_system::pallet_prelude::*;
	use salus_primitives::{Commitment, IdentityId, IdentityKind, KeyVersion, Salt, X25519Key};
	use salus_traits::identity::Actor;
	use sp_runtime::traits::{Convert, IdentifyAccount, Verify};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config<AccountId: Into<[u8; 32]> + From<[u8; 32]>> {
		/// Which identities act for themselves. In the runtime: [`EnsureIdentity`].
		type IdentityOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Actor<Self::AccountId>>;

		/// Who may register somebody else.
		type SponsorOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Actor<Self::AccountId>>;

		/// The signature by which an account agrees to a sponsored registration.
		type Signature: Parameter + Verify<Signer: IdentifyAccount<AccountId = Self::AccountId>>;

		/// What the rows of a self-registered identity cost while they are there.
		type RegistrationDeposit: Consideration<Self::AccountId, Footprint>;

		/// The fees that an identity of a kind may spend per UTC day, in units of the fee currency.
		/// [`PatientsOnly`] gives patients an amount and everybody else none.
		type DailyAllowance: Convert<IdentityKind, u128>;

		/// The clock.
		type Time: Time<Moment = Moment>;

		/// How many agreement keys an identity may have in its life. Never lower it.
		#[pallet::constant]
		type MaxAgreementVersions: Get<u32>;

		/// How many identities a sponsor may register per UTC day.
		#[pallet::constant]
		type MaxSponsoredPerDay: Get<u32>;

		/// How far ahead, in milliseconds, the deadline of a consent may lie.
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
	}

	/// Every identity, by id. A self-registered one holds [`HoldReason::Registration`] of the
	/// depositor named in the row. Never removed.
	// A client can grind an id through its salt, so the hasher is one that it cannot grind.
	#[pallet::storage]
	pub type Identities<T: Config> = StorageMap<_, Blake2_128Concat, IdentityId, IdentityOf<T>>;

	/// The identity that an account serves, by account. Paid for with the identity. Never removed:
	/// a once-used account can never serve another.
	#[pallet::storage]
	pub type KeyOwner<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, IdentityId>;

	/// The retired agreement keys, by identity and version; the current one lies in
	/// [`Identities`]. Bounded by [`Config::MaxAgreementVersions`] per identity. Never removed:
	/// what was sealed to an old version has to stay attributable.
	#[pallet::storage]
	pub type RetiredAgreementKeys<T: Config> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		IdentityId,
		Twox64Concat,
		KeyVersion,
		RetiredAgreementKey,
	>;

	/// Whose an agreement key is or was, and which version, by key. One entry per version. Never
	/// removed: a key is used once.
	#[pallet::storage]
	pub type AgreementIndex<T: Config> =
		StorageMap<_, Blake2_128Concat, X25519Key, (IdentityId, KeyVersion)>;

	/// The commitment to the sealed profile, by identity. Paid for with the identity. Replaced by
	/// every revision.
	#[pallet::storage]
	pub type Profiles<T: Config> = StorageMap<_, Blake2_128Concat, IdentityId, Profile>;

	/// How many identities a sponsor registered on the last day it did, by sponsor. One entry per
	/// sponsor. Never removed.
	#[pallet::storage]
	pub type SponsorUse<T: Config> =
		StorageMap<_, Blake2_128Concat, IdentityId, DayCount, ValueQuery>;

	/// What an identity spent on fees on the last day it spent, by identity. One entry per
	/// identity, in place of a deposit of a party that has no money. Never removed.
	#[pallet::storage]
	pub type Allowances<T: Config> =
		StorageMap<_, Blake2_128Concat, IdentityId, DaySpending, ValueQuery>;

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
				Pallet::<T>::check_admission(&account, kind, &agreement_key, None)
					.and_then(|()| {
						Pallet::<T>::admit(account, kind, salt, agreement_key, None, None, None)
					})
					.expect("every identity of the genesis can be registered");
			}
		}
	}

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An identity was registered.
		IdentityRegistered {
			/// Its id.
			identity: IdentityId,
			/// As what.
			kind: IdentityKind,
			/// The account that signs for it.
			account: T::AccountId,
			/// Its agreement key, version 1.
			agreement_key: X25519Key,
			/// Commitment to its sealed profile, revision 1, when there is one.
			profile: Option<Commitment>,
			/// Who registered it, when it was not itself.
			sponsor: Option<IdentityId>,
		},
		/// A profile was set or replaced.
		ProfileSet {
			/// Whose.
			identity: IdentityId,
			/// Commitment to the sealed profile.
			profile: Commitment,
			/// The revision it is.
			revision: u32,
		},
		/// An agreement key took the place of the one before.
		AgreementKeyRotated {
			/// Whose.
			identity: IdentityId,
			/// The version it is; the one before it is retired.
			version: KeyVersion,
			/// The new key.
			agreement_key: X25519Key,
			/// Since when it is the current one, and the one before no longer.
			at: Moment,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// Devices are not registered here: choose patient, practitioner or organisation.
		DeviceRefused,
		/// The account serves an identity already, for ever: use another account.
		AccountAlreadyBound,
		/// The agreement key is no canonical X25519 public key: make a new key pair.
		AgreementKeyNotCanonical,
		/// Every secret shared with this agreement key would be zero: make a new key pair.
		AgreementKeySmallOrder,
		/// The agreement key is or was in use by this or another identity: make a new key pair.
		AgreementKeyInUse,
		/// The agreement key is the public key of the account: make a key pair of its own.
		AgreementKeyIsAccount,
		/// The commitment is all zeros, which commits to nothing: send the real one.
		ProfileEmpty,
		/// The profile was changed meanwhile, or never set: read its revision and try again.
		StaleRevision,
		/// The profile has this commitment already: nothing to do.
		ProfileUnchanged,
		/// The agreement key was rotated meanwhile: read the current version and try again.
		StaleVersion,
		/// The identity has had all the agreement keys it may have: register another identity.
		VersionHistoryFull,
		/// The account did not sign exactly this registration: ask for its signature again.
		BadSignature,
		/// The deadline of the consent has passed: ask for the signature again.
		ConsentExpired,
		/// The deadline lies further ahead than a consent may: ask for a shorter one.
		DeadlineTooFar,
		/// The sponsor has registered as many identities as it may today: go on tomorrow.
		SponsorQuotaExceeded,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(T::MaxAgreementVersions::get() >= 2, "a key must be able to rotate");
			assert!(T::MaxConsentAge::get() > 0, "a consent must be usable");
			assert!(T::MaxConsentAge::get() <= DAY, "a consent older than a day is no consent");
			assert!(T::MaxPage::get() > 0, "a page must hold something");
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
		/// public key; `profile` is a salted commitment to the sealed profile.
		#[pallet::call_index(0)]
		pub fn register(
			origin: OriginFor<T>,
			kind: IdentityKind,
			salt: Salt,
			agreement_key: X25519Key,
			profile: Option<Commitment>,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_register(who, kind, salt, agreement_key, profile)
		}

		/// Register an account that asked for it by signature, in place of that account.
		///
		/// A sponsor may call it, so many times a day. It holds nothing, and the account needs no
		/// token. `account` signed the registration (see the crate docs) with exactly these
		/// arguments, for this sponsor and this chain; `deadline` is the first moment, in
		/// milliseconds, at which its `signature` no longer serves.
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
			deadline: Moment,
			signature: T::Signature,
		) -> DispatchResult {
			let sponsor = T::SponsorOrigin::ensure_origin(origin)?;
			Self::do_register_for(
				sponsor.id,
				account,
				kind,
				salt,
				agreement_key,
				profile,
				deadline,
				signature,
			)
		}

		/// Set or replace the commitment to the signer's sealed profile.
		///
		/// Any active identity may call it. It holds nothing: there is one row per identity.
		/// `profile` is a salted commitment; `expected_revision` is the revision it replaces, 0 when
		/// there is none yet.
		#[pallet::call_index(2)]
		pub fn set_profile(
			origin: OriginFor<T>,
			profile: Commitment,
			expected_revision: u32,
		) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			Self::do_set_profile(actor.id, profile, expected_revision)
		}

		/// Put a new agreement key in the place of the signer's current one.
		///
		/// Any active identity may call it. It holds nothing: the number of versions is bounded.
		/// `new_key` is a fresh X25519 public key; `expected_version` is the version it replaces,
		/// which stays resolvable.
		#[pallet::call_index(10)]
		pub fn rotate_agreement_key(
			origin: OriginFor<T>,
			new_key: X25519Key,
			expected_version: KeyVersion,
		) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			Self::do_rotate_agreement_key(actor.id, new_key, expected_version)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// What the chain knows of an identity.
		pub fn identity(id: IdentityId) -> Option<IdentityViewOf<T>> {
			let profile = Profiles::<T>::get(id);
			Identities::<T>::get(id).map(|identity| identity.into_view(profile))
		}

		/// The identity that an account serves, also when it is not active.
		pub fn identity_of(account: T::AccountId) -> Option<IdentityId> {
			KeyOwner::<T>::get(account)
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
			ensure!(
				limit <= T::MaxPage::get(),
				ListError::LimitTooLarge { max: T::MaxPage::get() }
			);
			let identity = Identities::<T>::get(id).ok_or(ListError::UnknownIdentity)?;
			let first = from.max(1);
			let end = first.saturating_add(limit);
			let keys = (first..end)
				.map_while(|version| Self::version_of(&id, &identity, version))
				.collect();
			let next = (end <= identity.agreement.version).then_some(end);
			Ok(AgreementKeyPage { keys, next })
		}

		/// What an identity can still spend on fees today, in units of the fee currency.
		pub fn allowance_left(id: IdentityId) -> u128 {
			Identities::<T>::get(id)
				.filter(IdentityRecord::is_active)
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
