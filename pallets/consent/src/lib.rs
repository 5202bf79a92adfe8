// SPDX-License-Identifier: Apache-2.0
#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod calls;
mod decision;
#[cfg(any(feature = "try-runtime", test))]
mod invariants;
#[cfg(test)]
mod mock;
mod provided;
pub mod runtime_api;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use frame_support::{
		pallet_prelude::*,
		traits::{EnsureOriginWithArg, Time},
	};
	use frame_system::pallet_prelude::*;
	use salus_primitives::{
		AccessDecision, AccessEntry, AccessHead, AccessQuestion, Action, Actions, CompartmentNo,
		Digest, Epoch, GrantId, IdentityId, Moment, Purpose, Purposes, RecordId, Window, X25519Key,
	};
	use salus_traits::{
		accreditation::AffiliationInspect,
		identity::{Actor, AgreementKeys, IdentityInspect},
		records::RecordInspect,
	};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// Decides who may act for a subject.
		type SubjectOrigin: EnsureOriginWithArg<Self::RuntimeOrigin, IdentityId, Success = Actor<Self::AccountId>>;

		/// Decides who may record accesses: organisations accredited as data custodians.
		type RecorderOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Actor<Self::AccountId>>;

		/// Tells which identities are active, and what they are.
		type Identities: IdentityInspect<Self::AccountId>;

		/// Tells which agreement key of a grantee is the current one.
		type AgreementKeys: AgreementKeys;

		/// Tells who works where.
		type Affiliations: AffiliationInspect;

		/// Tells whose record it is, who filed it, and where it lies.
		type Records: RecordInspect;

		/// The clock: milliseconds since the Unix epoch.
		type Time: Time<Moment = Moment>;

		/// Whether an author's side may read its own entries for treatment and legal reasons.
		#[pallet::constant]
		type AuthorAccess: Get<bool>;

		/// How many compartments a patient can have.
		#[pallet::constant]
		type MaxCompartments: Get<u32>;

		/// How many grants that have not ended a patient can have.
		#[pallet::constant]
		type MaxLiveGrants: Get<u32>;

		/// How long before now a grant's window may begin, in milliseconds.
		#[pallet::constant]
		type MaxBackdating: Get<Moment>;

		/// How long a grant's window may be, in milliseconds.
		#[pallet::constant]
		type MaxGrantLength: Get<Moment>;

		/// How long after an access its entry may come, in milliseconds.
		#[pallet::constant]
		type MaxLogDelay: Get<Moment>;

		/// How many of a patient's last log entries stay in state. Changing it needs a migration of
		/// the ring.
		#[pallet::constant]
		type AccessLogSize: Get<u32>;

		/// How many items a page of a list holds at most.
		#[pallet::constant]
		type MaxPage: Get<u32>;

		/// The weights of the calls.
		type WeightInfo: WeightInfo;
	}

	#[pallet::extra_constants]
	impl<T: Config> Pallet<T> {
		/// How many grants that have not ended one patient can have made to one grantee.
		#[pallet::constant_name(MaxGrantsPerPair)]
		fn max_grants_per_pair() -> u32 {
			MAX_GRANTS_PER_PAIR
		}

		/// How many compartment secrets one grant can carry.
		#[pallet::constant_name(MaxCompartmentKeys)]
		fn max_compartment_keys() -> u32 {
			MAX_COMPARTMENT_KEYS
		}
	}

	// Ids of identities are hashes over a signing account, checked to be registered before they
	// become keys: nobody picks them to unbalance the trie, hence `Identity`.

	/// Open compartments, by patient and number. Within the patient's quota. Never removed.
	#[pallet::storage]
	pub type Compartments<T> =
		StorageDoubleMap<_, Identity, IdentityId, Twox64Concat, CompartmentNo, Compartment>;

	/// How many compartments a patient has. Never removed.
	#[pallet::storage]
	pub type CompartmentCount<T> = StorageMap<_, Identity, IdentityId, u32, ValueQuery>;

	/// The number of the next grant.
	#[pallet::storage]
	pub type NextGrantId<T> = StorageValue<_, GrantId, ValueQuery>;

	/// Every grant ever made, by number. The fee of the call pays. Kept for good, so that old accesses
	/// stay explainable.
	#[pallet::storage]
	pub type Grants<T> = StorageMap<_, Twox64Concat, GrantId, Grant>;

	/// The sealed secrets of a grant, by its number. Apart from [`Grants`], so that decisions do not
	/// read them. Within the patient's quota of grants. Removed when the grant is revoked, used up, or dropped after its window.
	#[pallet::storage]
	pub type GrantKeysOf<T> = StorageMap<_, Twox64Concat, GrantId, GrantKeys>;

	/// The rules that decisions look at, by patient and grantee. Within the patient's quota. A rule goes when its grant is
	/// revoked, or when it has ended and the patient makes the next grant to that grantee.
	#[pallet::storage]
	pub type GrantIndex<T> = StorageDoubleMap<
		_,
		Identity,
		IdentityId,
		Blake2_128Concat,
		Grantee,
		BoundedVec<Rule, ConstU32<MAX_GRANTS_PER_PAIR>>,
		ValueQuery,
	>;

	/// The places of a patient's quota that are taken. A place goes with the revocation, the last
	/// use, or the first grant made after its end.
	#[pallet::storage]
	pub type LiveGrants<T: Config> = StorageMap<
		_,
		Identity,
		IdentityId,
		BoundedVec<Place, <T as Config>::MaxLiveGrants>,
		ValueQuery,
	>;

	/// All grants of a patient in the order they were made, by patient and running number. Kept for
	/// good, like the grants.
	#[pallet::storage]
	pub type SubjectGrants<T> =
		StorageDoubleMap<_, Identity, IdentityId, Twox64Concat, u64, GrantId>;

	/// How many grants a patient has made.
	#[pallet::storage]
	pub type SubjectGrantCount<T> = StorageMap<_, Identity, IdentityId, u64, ValueQuery>;

	/// All grants to a grantee in the order they were made, by grantee and running number. Kept for
	/// good, like the grants.
	#[pallet::storage]
	pub type GranteeGrants<T> =
		StorageDoubleMap<_, Blake2_128Concat, Grantee, Twox64Concat, u64, GrantId>;

	/// How many grants a grantee was made.
	#[pallet::storage]
	pub type GranteeGrantCount<T> = StorageMap<_, Blake2_128Concat, Grantee, u64, ValueQuery>;

	/// The end of each patient's access log, by patient. Grows with the entries, never removed.
	#[pallet::storage]
	pub type AccessHeads<T> = StorageMap<_, Identity, IdentityId, AccessHead, ValueQuery>;

	/// The last entries of each patient's access log, by patient and slot of the ring: entry `n`
	/// stands in slot `n mod AccessLogSize` until the next one needs it. The recorder's fee pays.
	#[pallet::storage]
	pub type AccessLog<T> =
		StorageDoubleMap<_, Identity, IdentityId, Twox64Concat, u32, AccessEntry>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A compartment was opened: authors can seal to it.
		CompartmentOpened {
			/// Whose it is.
			subject: IdentityId,
			/// Its number.
			compartment: CompartmentNo,
			/// The number of its key pair.
			epoch: Epoch,
			/// The public key.
			key: X25519Key,
			/// Whether permits have to name it.
			restricted: bool,
			/// Who opened it for the subject.
			by: IdentityId,
		},
		/// A grant was made.
		Granted {
			/// Its number.
			grant: GrantId,
			/// Whose records it speaks of.
			subject: IdentityId,
			/// To whom it speaks.
			grantee: Grantee,
			/// What it says.
			terms: Terms,
			/// How often it can be used, if that is counted.
			uses: Option<u32>,
			/// What it rests on.
			basis: Basis,
			/// Hash of the sealed form.
			document: Option<Digest>,
			/// Who made it for the subject.
			by: IdentityId,
		},
		/// A grant that had ended made room for a new one, and its keys were removed.
		GrantLapsed {
			/// Its number.
			grant: GrantId,
			/// Whose records it spoke of.
			subject: IdentityId,
		},
		/// A grant was taken back, and its keys were removed.
		Revoked {
			/// Its number.
			grant: GrantId,
			/// Whose records it spoke of.
			subject: IdentityId,
			/// To whom it spoke.
			grantee: Grantee,
			/// How far it reaches.
			strength: RevocationStrength,
			/// Who took it back for the subject.
			by: IdentityId,
		},
		/// A use of a grant that counts them was spent. With the last one its keys were removed.
		GrantUsed {
			/// Its number.
			grant: GrantId,
			/// Whose records it speaks of.
			subject: IdentityId,
			/// How many uses are left.
			uses_left: u32,
		},
		/// An access that was permitted was recorded.
		AccessLogged {
			/// Whose record it is.
			subject: IdentityId,
			/// The number of the entry in the subject's log, from 0.
			number: u64,
			/// The entry.
			entry: AccessEntry,
			/// The hash over all entries up to this one.
			head: Digest,
		},
		/// An access that was denied was recorded.
		AccessDenied {
			/// Whose record it is.
			subject: IdentityId,
			/// The number of the entry in the subject's log, from 0.
			number: u64,
			/// The entry.
			entry: AccessEntry,
			/// The hash over all entries up to this one.
			head: Digest,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The key is no canonical X25519 key: send it reduced modulo 2^255 - 19.
		KeyNotCanonical,
		/// The key is a point of small order, which protects nothing: make a new key pair.
		KeyOfSmallOrder,
		/// The compartment is open already: pick another number, or rotate its key.
		CompartmentAlreadyOpen,
		/// The subject has as many compartments as it can have: use one of them.
		TooManyCompartments,
		/// The grantee is the subject, or who acts for it: name somebody else.
		SelfGrant,
		/// The window holds no moment: let it begin before it ends.
		WindowEmpty,
		/// The window is over already: let it end in the future.
		WindowPast,
		/// The window begins too long ago: begin it at most `MaxBackdating` before now.
		WindowBackdated,
		/// The window is too long: keep it within `MaxGrantLength` and grant again later.
		WindowTooLong,
		/// The data period holds no moment: let it begin before it ends, or leave it out.
		DataPeriodEmpty,
		/// No purpose is named: name at least one.
		NoPurposes,
		/// A purpose does not exist: name only known ones.
		UnknownPurpose,
		/// Emergency purposes (ETREAT, BTG) cannot be granted: leave them out.
		PurposeNotGrantable,
		/// No action is named: name at least one.
		NoActions,
		/// An action does not exist: name only known ones.
		UnknownAction,
		/// No class of records is named: name at least one.
		NoClasses,
		/// A grant with no uses permits nothing: allow at least one, or do not count them.
		NoUses,
		/// A denial is not used up: leave the uses out.
		DenialCountsNoUses,
		/// The grantee is no active identity: check its id.
		GranteeNotActive,
		/// A person was named as organisation, or an organisation as person: name it as what it is.
		GranteeKindUnfit,
		/// There is no such record: check its id.
		RecordNotFound,
		/// The record is another subject's: name one of the subject's own.
		RecordNotOfSubject,
		/// The subject has no such compartment: open it first.
		CompartmentNotOpen,
		/// A permit to a person or organisation needs keys: seal them to the grantee.
		KeysMissing,
		/// A denial or a grant to a role carries no keys: leave them out.
		KeysNotWanted,
		/// The keys are of the wrong sort: the record's for one record, else the compartment's.
		KeyKindUnfit,
		/// A key opens a compartment that the grant does not reach: leave it out.
		CompartmentNotReached,
		/// Two keys are for the same compartment: send one for each.
		DuplicateKey,
		/// A key is not of the compartment's current epoch: seal the current secret.
		StaleEpoch,
		/// A key is not sealed to the grantee's current agreement key: fetch it and seal again.
		StaleKeyVersion,
		/// The grantee has as many live grants of the subject as it can have: revoke one first.
		TooManyGrantsToGrantee,
		/// The subject has as many live grants as it can have: revoke one first.
		TooManyGrants,
		/// There is no such grant: check its number.
		GrantNotFound,
		/// The grant was revoked before: nothing is left to do.
		AlreadyRevoked,
		/// The reader is not the subject of the record: name what the permit really rests on.
		NotTheSubject,
		/// The reader's side did not write the record, or may not read it for that: name what the
		/// permit really rests on.
		NotTheAuthor,
		/// The grant does not permit this access, and did not within `MaxLogDelay`: name another.
		GrantMismatch,
		/// The grant's uses are spent: record a denial.
		NoUsesLeft,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			let compartments = T::MaxCompartments::get();
			assert!(0 < compartments && compartments <= 256, "compartment numbers are bytes");
			assert!(
				MAX_GRANTS_PER_PAIR <= T::MaxLiveGrants::get(),
				"the quota must leave room for all grants of a pair"
			);
			assert!(0 < T::AccessLogSize::get(), "the last entry must have a slot");
			assert!(0 < T::MaxPage::get(), "a page must hold something");
			assert!(
				T::MaxBackdating::get() < T::MaxGrantLength::get(),
				"a grant that begins as early as it may must not be over"
			);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	// Indices 0, 2, 3, 5 and 7 to 12 belong to the calls for policies, rotation, narrowing,
	// delegation and requests; 14 and up to audit batches, emergencies and guardians.
	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Opens a compartment, so that authors can seal records to it.
		///
		/// Called by the subject. Takes a place of the subject's quota of compartments.
		///
		/// `subject` is whose compartment it is, `compartment` its number, `key` the X25519 public
		/// key of its first epoch, and `restricted` says whether only permits that name the
		/// compartment, or a record in it, reach it.
		#[pallet::call_index(1)]
		pub fn open_compartment(
			origin: OriginFor<T>,
			subject: IdentityId,
			compartment: CompartmentNo,
			key: X25519Key,
			restricted: bool,
		) -> DispatchResult {
			let by = T::SubjectOrigin::ensure_origin(origin, &subject)?;
			Self::do_open_compartment(by.id, subject, compartment, key, restricted)
		}

		/// Permits or denies a grantee access to records of the subject.
		///
		/// Called by the subject. Takes a place of the subject's quota of grants until the grant
		/// ends.
		///
		/// `grantee` is a person, an organisation or a role; `decision` permits, or denies whatever
		/// else permits. `scope`, `purposes`, `actions` and `data_period` say what the grant speaks
		/// of, `window` when it acts and `uses` how often, if that is counted. `basis` is what it
		/// rests on and `document` the hash of its sealed form. `keys` are the secrets that a permit
		/// hands over, sealed to the current agreement key of the grantee: compartment secrets of
		/// the current epoch, or the reader share of the one record; none for roles and denials.
		#[pallet::call_index(4)]
		#[pallet::weight(<T as Config>::WeightInfo::grant(keys.count()))]
		pub fn grant(
			origin: OriginFor<T>,
			subject: IdentityId,
			grantee: Grantee,
			decision: Decision,
			scope: Scope,
			purposes: Purposes,
			actions: Actions,
			data_period: Option<Window>,
			window: Window,
			uses: Option<u32>,
			basis: Basis,
			document: Option<Digest>,
			keys: GrantKeys,
		) -> DispatchResult {
			let by = T::SubjectOrigin::ensure_origin(origin, &subject)?;
			let terms = Terms { decision, scope, purposes, actions, data_period, window };
			Self::do_grant(by.id, subject, grantee, terms, uses, basis, document, keys)
		}

		/// Takes a grant back, for good.
		///
		/// Called by the subject of the grant, at any time. Frees the grant's place and removes its
		/// keys from state.
		///
		/// `grant` is its number and `strength` how far the revocation reaches.
		#[pallet::call_index(6)]
		pub fn revoke(
			origin: OriginFor<T>,
			grant: GrantId,
			strength: RevocationStrength,
		) -> DispatchResult {
			let row = Grants::<T>::get(grant).ok_or(Error::<T>::GrantNotFound)?;
			let by = T::SubjectOrigin::ensure_origin(origin, &row.subject)?;
			Self::do_revoke(by.id, grant, row, strength)
		}

		/// Records an access that was permitted or denied in the log of the record's subject.
		///
		/// Called by an organisation accredited as data custodian. A denial is recorded as it is; a
		/// permit has to be one that can have been given. Spends a use of a grant that counts them.
		///
		/// `reader`, `record`, `purpose` and `action` are what was asked, `decision` what was
		/// answered, and `event` is the hash of the custodian's sealed audit event.
		#[pallet::call_index(13)]
		pub fn log_access(
			origin: OriginFor<T>,
			reader: IdentityId,
			record: RecordId,
			purpose: Purpose,
			action: Action,
			decision: AccessDecision,
			event: Digest,
		) -> DispatchResult {
			let recorder = T::RecorderOrigin::ensure_origin(origin)?;
			let question = AccessQuestion { reader, record, purpose, action };
			Self::do_log_access(recorder.id, question, decision, event)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// A compartment of a patient, when it is open.
		pub fn compartment(subject: IdentityId, compartment: CompartmentNo) -> Option<Compartment> {
			Compartments::<T>::get(subject, compartment)
		}

		/// The compartments of a patient by rising number, all of them: the quota bounds them.
		pub fn compartments(subject: IdentityId) -> Vec<(CompartmentNo, Compartment)> {
			let mut all: Vec<_> = Compartments::<T>::iter_prefix(subject).collect();
			all.sort_by_key(|(number, _)| *number);
			all
		}

		/// A grant, and where it stands now.
		pub fn grant_by_id(id: GrantId) -> Option<ListedGrant> {
			let grant = Grants::<T>::get(id)?;
			Some(ListedGrant { id, standing: grant.standing(T::Time::now()), grant })
		}

		/// The sealed secrets of a grant, while it has any.
		pub fn grant_keys(id: GrantId) -> Option<GrantKeys> {
			GrantKeysOf::<T>::get(id)
		}

		/// The grants of a patient in the order they were made, from number `start` on.
		pub fn grants_of(
			subject: IdentityId,
			start: u64,
			limit: u32,
		) -> Result<Page<ListedGrant>, PageTooLarge> {
			Self::page(start, limit, SubjectGrantCount::<T>::get(subject), |number| {
				SubjectGrants::<T>::get(subject, number).and_then(Self::grant_by_id)
			})
		}

		/// The grants to a grantee in the order they were made, from number `start` on.
		pub fn grants_to(
			grantee: Grantee,
			start: u64,
			limit: u32,
		) -> Result<Page<ListedGrant>, PageTooLarge> {
			Self::page(start, limit, GranteeGrantCount::<T>::get(grantee), |number| {
				GranteeGrants::<T>::get(grantee, number).and_then(Self::grant_by_id)
			})
		}

		/// How many entries the access log of a patient has, and the hash over all of them.
		pub fn access_head(subject: IdentityId) -> AccessHead {
			AccessHeads::<T>::get(subject)
		}

		/// The entries of a patient's access log with their numbers, from number `start` on. What is
		/// older than the last `AccessLogSize` entries is in events only; the page then starts at
		/// the oldest entry kept.
		pub fn access_log(
			subject: IdentityId,
			start: u64,
			limit: u32,
		) -> Result<Page<(u64, AccessEntry)>, PageTooLarge> {
			let count = AccessHeads::<T>::get(subject).count;
			let oldest = count.saturating_sub(T::AccessLogSize::get().into());
			Self::page(start.max(oldest), limit, count, |number| {
				AccessLog::<T>::get(subject, Self::slot(number)).map(|entry| (number, entry))
			})
		}
	}

	impl<T: Config> Pallet<T> {
		fn page<I>(
			start: u64,
			limit: u32,
			end: u64,
			item: impl Fn(u64) -> Option<I>,
		) -> Result<Page<I>, PageTooLarge> {
			let max = T::MaxPage::get();
			if limit > max {
				return Err(PageTooLarge { max });
			}
			let stop = start.saturating_add(limit.into()).min(end);
			let items = (start..stop).filter_map(item).collect();
			Ok(Page { items, next: (stop < end).then_some(stop) })
		}
	}
}
