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
pub use provided::EnsureAccredited;
pub use types::*;
pub use weights::WeightInfo;

use frame_support::traits::Time;
use salus_primitives::Moment;

/// The record of an accreditation.
pub type AccreditationRecordOf<T> = AccreditationRecord<
	<T as frame_system::Config>::AccountId,
	<T as Config>::AccreditationDeposit,
>;

/// The record of an affiliation.
pub type AffiliationRecordOf<T> =
	AffiliationRecord<<T as frame_system::Config>::AccountId, <T as Config>::AffiliationDeposit>;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use frame_support::{
		pallet_prelude::*,
		traits::{Consideration, EitherOfDiverse, Footprint},
	};
	use frame_system::pallet_prelude::*;
	use salus_primitives::{
		AccreditationId, AccreditationKind, AffiliationId, Commitment, IdentityId, Jurisdiction,
		Role, Window,
	};
	use salus_traits::{
		accreditation::{AccreditationInspect, AffiliationInspect, MAX_AFFILIATIONS},
		identity::{Actor, IdentityInspect},
	};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// Who appoints and removes regulators, and may revoke any accreditation.
		type GovernanceOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Which identities act for themselves.
		type IdentityOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Actor<Self::AccountId>>;

		/// Who there is.
		type Identities: IdentityInspect<Self::AccountId>;

		/// What the rows of an accreditation cost its authority.
		type AccreditationDeposit: Consideration<Self::AccountId, Footprint>;

		/// What the rows of an affiliation cost its organisation.
		type AffiliationDeposit: Consideration<Self::AccountId, Footprint>;

		/// The clock.
		type Time: Time<Moment = Moment>;

		/// How many accreditations a subject may hold, ended ones included. Never lower it.
		#[pallet::constant]
		type MaxAccreditationsPerSubject: Get<u32>;

		/// How far ahead, in milliseconds, an accreditation may end.
		#[pallet::constant]
		type MaxAccreditationTerm: Get<Moment>;

		/// How many affiliations a practitioner's row keeps, those that are over included. Never
		/// lower it.
		#[pallet::constant]
		type MaxAffiliationsKept: Get<u32>;

		/// How far ahead, in milliseconds, an affiliation may end.
		#[pallet::constant]
		type MaxAffiliationTerm: Get<Moment>;

		/// How long, in milliseconds, an invitation may stand.
		#[pallet::constant]
		type MaxInvitationAge: Get<Moment>;

		/// How many unanswered invitations an organisation may have.
		#[pallet::constant]
		type MaxOpenInvitations: Get<u32>;

		/// For how long, in milliseconds, what has ended still answers questions about the past.
		#[pallet::constant]
		type Retention: Get<Moment>;

		/// The measured weights.
		type WeightInfo: WeightInfo;

		/// A clock that can be set, for benchmarks.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: benchmarking::BenchmarkHelper;
	}

	/// Why money of an account is held.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// The rows of an accreditation.
		#[codec(index = 0)]
		Accreditation,
		/// The rows of an affiliation, from its invitation on.
		#[codec(index = 1)]
		Affiliation,
	}

	// A client can grind an identity's id through its salt, so no map takes the id as it is.

	/// The authorities, by identity. Nobody pays: governance appoints them. Never removed: what they
	/// granted asks for them.
	#[pallet::storage]
	pub type Authorities<T: Config> = StorageMap<_, Blake2_128Concat, IdentityId, Authority>;

	/// The number of the next accreditation.
	#[pallet::storage]
	pub type NextAccreditation<T: Config> = StorageValue<_, AccreditationId, ValueQuery>;

	/// What a subject holds, by identity, in the order of granting. Held:
	/// [`HoldReason::Accreditation`] of the authority's account, per entry. An entry goes on reaping.
	#[pallet::storage]
	pub type HeldAccreditations<T: Config> = StorageMap<
		_,
		Blake2_128Concat,
		IdentityId,
		BoundedVec<HeldAccreditation, T::MaxAccreditationsPerSubject>,
		ValueQuery,
	>;

	/// What is seldom asked of an accreditation, by its number. Paid for and removed with its entry.
	#[pallet::storage]
	pub type Accreditations<T: Config> =
		StorageMap<_, Twox64Concat, AccreditationId, AccreditationRecordOf<T>>;

	/// The number of the next affiliation.
	#[pallet::storage]
	pub type NextAffiliation<T: Config> = StorageValue<_, AffiliationId, ValueQuery>;

	/// The affiliations that a practitioner accepted, by identity. Paid for with the record. An entry
	/// goes on reaping, or when the row is full and it ended first.
	#[pallet::storage]
	pub type HeldAffiliations<T: Config> = StorageMap<
		_,
		Blake2_128Concat,
		IdentityId,
		BoundedVec<HeldAffiliation, T::MaxAffiliationsKept>,
		ValueQuery,
	>;

	/// Invitations and affiliations, by number. Held: [`HoldReason::Affiliation`] of the
	/// organisation's account. Removed when an invitation is withdrawn, declined or reaped, and with
	/// its entry.
	#[pallet::storage]
	pub type Affiliations<T: Config> =
		StorageMap<_, Twox64Concat, AffiliationId, AffiliationRecordOf<T>>;

	/// How many invitations of an organisation nobody answered, by identity. Removed at zero.
	#[pallet::storage]
	pub type OpenInvitations<T: Config> =
		StorageMap<_, Blake2_128Concat, IdentityId, u32, ValueQuery>;

	/// Regulators that are there from the first block. Their identities have to be there as well.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// The regulators.
		pub authorities: Vec<GenesisAuthority>,
		/// Nothing: it ties the list to the runtime.
		#[serde(skip)]
		pub _config: PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			for authority in &self.authorities {
				let scope =
					authority.scope().expect("a regulator of the genesis has few countries");
				Pallet::<T>::do_appoint_regulator(authority.id, scope, authority.window)
					.expect("every regulator of the genesis can be appointed");
			}
		}
	}

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A regulator was appointed, or its scope and window replaced.
		AuthorityAppointed {
			/// Which organisation.
			authority: IdentityId,
			/// What it may accredit, and where.
			scope: AuthorityScope,
			/// When.
			window: Window,
		},
		/// A regulator was cut off, or cut off from an earlier moment.
		AuthorityRemoved {
			/// Which organisation.
			authority: IdentityId,
			/// What it granted from then on is void.
			cutoff: Moment,
		},
		/// An accreditation was granted.
		AccreditationGranted {
			/// Its number.
			accreditation: AccreditationId,
			/// To whom.
			subject: IdentityId,
			/// What it allows.
			kind: AccreditationKind,
			/// Where.
			jurisdiction: Jurisdiction,
			/// By which authority.
			issuer: IdentityId,
			/// Commitment to the licence data.
			commitment: Commitment,
			/// When it counts.
			window: Window,
		},
		/// An accreditation was revoked.
		AccreditationRevoked {
			/// Its number.
			accreditation: AccreditationId,
			/// Whose it was.
			subject: IdentityId,
			/// What it allowed.
			kind: AccreditationKind,
			/// From when on it no longer counts.
			effective_from: Moment,
			/// Why.
			reason: RevocationReason,
			/// By which authority; `None` for governance.
			by: Option<IdentityId>,
		},
		/// The rows of an accreditation that ended long ago were removed.
		AccreditationReaped {
			/// Its number.
			accreditation: AccreditationId,
			/// Whose it was.
			subject: IdentityId,
		},
		/// A practitioner was invited.
		AffiliationInvited {
			/// The number of the affiliation.
			affiliation: AffiliationId,
			/// By whom.
			organisation: IdentityId,
			/// Who.
			practitioner: IdentityId,
			/// As what.
			role: Role,
			/// When.
			window: Window,
			/// From when on it can no longer be accepted.
			deadline: Moment,
		},
		/// An invitation was accepted.
		AffiliationAccepted {
			/// The number of the affiliation.
			affiliation: AffiliationId,
			/// Where.
			organisation: IdentityId,
			/// Who.
			practitioner: IdentityId,
			/// As what.
			role: Role,
			/// When.
			window: Window,
		},
		/// An invitation was withdrawn or declined.
		InvitationClosed {
			/// The number of the affiliation that did not come about.
			affiliation: AffiliationId,
			/// Who had invited.
			organisation: IdentityId,
			/// Whom.
			practitioner: IdentityId,
			/// Which of the two closed it.
			by: IdentityId,
		},
		/// An affiliation was ended.
		AffiliationEnded {
			/// Its number.
			affiliation: AffiliationId,
			/// Where.
			organisation: IdentityId,
			/// Who.
			practitioner: IdentityId,
			/// Which of the two ended it.
			by: IdentityId,
			/// From when on it is over.
			at: Moment,
		},
		/// The rows of an invitation or affiliation that is over were removed.
		AffiliationReaped {
			/// Its number.
			affiliation: AffiliationId,
			/// Where.
			organisation: IdentityId,
			/// Who.
			practitioner: IdentityId,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// No active identity has this id: check it.
		IdentityNotActive,
		/// An identity of this kind cannot be that: check kind and id.
		WrongKind,
		/// The scope names no kind of accreditation, or one that does not exist: name known ones.
		KindsNotSound,
		/// The countries are none, unknown or not in rising order: sort ISO numeric codes.
		JurisdictionsNotSound,
		/// The window leaves no moment from now on: choose a later end.
		WindowOver,
		/// The end lies further ahead than allowed: choose an earlier one and renew.
		TermTooLong,
		/// There is no such authority: check the id.
		AuthorityNotFound,
		/// The authority is cut off for good: another organisation has to take its place.
		AuthorityCutOff,
		/// The cut-off lies ahead: cut off from now or from the past.
		CutOffAhead,
		/// The authority is cut off from this moment or an earlier one: nothing to do.
		CutOffNotEarlier,
		/// The signer is no authority: only authorities grant.
		NotAuthority,
		/// The authority may not grant now: ask for an appointment that covers now.
		NotInOffice,
		/// The kind is outside the scope of the authority: ask one that may grant it.
		KindOutOfScope,
		/// The country is outside the scope of the authority: ask one of that country.
		JurisdictionOutOfScope,
		/// Nobody accredits or invites itself: ask somebody else.
		SelfNotAllowed,
		/// The commitment is all zeros, which commits to nothing: send the real one.
		CommitmentEmpty,
		/// The subject holds as many accreditations as it can: reap one that ended long ago.
		TooManyAccreditations,
		/// There is no such accreditation, or it was reaped: check the number.
		AccreditationNotFound,
		/// Only the authority that granted it, or governance, revokes: ask one of them.
		NotIssuer,
		/// It is revoked already, which is final: nothing to do.
		AlreadyRevoked,
		/// A revocation cannot be effective before the window begins: choose a later moment.
		EffectiveTooEarly,
		/// A revocation cannot be effective later than now: choose an earlier moment.
		EffectiveTooLate,
		/// It is not over, or still answers questions about the past: wait.
		NotReapable,
		/// The organisation is no facility at this moment: renew its licence first.
		NotFacility,
		/// The deadline has passed already: choose a later one.
		DeadlinePassed,
		/// The deadline lies further ahead than an invitation may stand: choose an earlier one.
		DeadlineTooFar,
		/// The organisation has too many unanswered invitations: withdraw or reap some.
		TooManyInvitations,
		/// There is no such invitation or affiliation, or it is gone: check the number.
		AffiliationNotFound,
		/// The invitation is for somebody else: check the number.
		NotInvitee,
		/// The invitation was accepted before: nothing to do.
		AlreadyAccepted,
		/// The invitation no longer stands: ask for another.
		InvitationExpired,
		/// The practitioner has this role at this organisation already: nothing to do.
		AlreadyAffiliated,
		/// The practitioner has as many affiliations as allowed: end one first.
		TooManyAffiliations,
		/// The practitioner works at as many organisations as allowed: leave one first.
		TooManyOrganisations,
		/// The signer is neither the organisation nor the practitioner: ask one of them.
		NotParty,
		/// The affiliation is over: nothing to do.
		AlreadyOver,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(T::MaxAccreditationsPerSubject::get() > 0, "a subject must hold something");
			assert!(
				T::MaxAffiliationsKept::get() > MAX_AFFILIATIONS,
				"a full row must hold an affiliation that is over, to make room"
			);
			assert!(T::MaxAccreditationTerm::get() > 0, "an accreditation must count");
			assert!(T::MaxAffiliationTerm::get() > 0, "an affiliation must count");
			assert!(T::MaxInvitationAge::get() > 0, "an invitation must stand");
			assert!(T::MaxOpenInvitations::get() > 0, "an organisation must be able to invite");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Appoint a regulator, or replace the scope and window of one.
		///
		/// Governance may call it. It holds nothing. `id` is an active organisation; `scope` names
		/// the kinds it may grant and the countries, as ISO 3166-1 numeric codes in rising order;
		/// `window` is when it may grant, in milliseconds. What it granted before is untouched.
		#[pallet::call_index(0)]
		pub fn appoint_regulator(
			origin: OriginFor<T>,
			id: IdentityId,
			scope: AuthorityScope,
			window: Window,
		) -> DispatchResult {
			T::GovernanceOrigin::ensure_origin(origin)?;
			Self::do_appoint_regulator(id, scope, window)
		}

		/// Cut a regulator off for good.
		///
		/// Governance may call it, and again to cut off from an earlier moment. It holds nothing.
		/// `id` is the regulator; `cutoff` is now or a past moment: what it granted from then on is
		/// void, and what it granted before stays.
		#[pallet::call_index(1)]
		pub fn remove_regulator(
			origin: OriginFor<T>,
			id: IdentityId,
			cutoff: Moment,
		) -> DispatchResult {
			T::GovernanceOrigin::ensure_origin(origin)?;
			Self::do_remove_regulator(id, cutoff)
		}

		/// Grant an accreditation.
		///
		/// An authority in office may call it, within its scope. It holds a deposit of the signer
		/// ([`HoldReason::Accreditation`]) until the accreditation is reaped. `subject` is an active
		/// identity of a kind that fits; `commitment` is a salted commitment to the licence data;
		/// `window` is when it counts, in milliseconds: a beginning in the past means now.
		#[pallet::call_index(10)]
		pub fn grant_accreditation(
			origin: OriginFor<T>,
			subject: IdentityId,
			kind: AccreditationKind,
			jurisdiction: Jurisdiction,
			commitment: Commitment,
			window: Window,
		) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			Self::do_grant_accreditation(actor, subject, kind, jurisdiction, commitment, window)
		}

		/// Revoke an accreditation, finally.
		///
		/// The authority that granted it may call it while it is not cut off, and governance. It
		/// holds nothing, and the deposit stays until the accreditation is reaped. `id` is the
		/// number; `effective_from` is from when on it no longer counts: not before its window
		/// begins, and not after now (or the beginning, when that lies ahead).
		#[pallet::call_index(11)]
		pub fn revoke_accreditation(
			origin: OriginFor<T>,
			id: AccreditationId,
			effective_from: Moment,
			reason: RevocationReason,
		) -> DispatchResult {
			let by =
				EitherOfDiverse::<T::GovernanceOrigin, T::IdentityOrigin>::ensure_origin(origin)?;
			Self::do_revoke_accreditation(
				by.right().map(|actor| actor.id),
				id,
				effective_from,
				reason,
			)
		}

		/// Remove the rows of an accreditation that ended long ago.
		///
		/// Any account may call it. It gives the deposit back to whoever paid it. `id` is the number
		/// of one that ended [`Config::Retention`] ago or earlier.
		#[pallet::call_index(12)]
		pub fn reap_accreditation(origin: OriginFor<T>, id: AccreditationId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_reap_accreditation(id)
		}

		/// Invite a practitioner to work at the signer's organisation.
		///
		/// A facility may call it. It holds a deposit of the signer ([`HoldReason::Affiliation`])
		/// until the rows go. `role` is what the practitioner will be there; `window` is when, in
		/// milliseconds; `deadline` is the first moment at which it can no longer be accepted.
		#[pallet::call_index(30)]
		pub fn invite_affiliation(
			origin: OriginFor<T>,
			practitioner: IdentityId,
			role: Role,
			window: Window,
			deadline: Moment,
		) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			Self::do_invite_affiliation(actor, practitioner, role, window, deadline)
		}

		/// Accept an invitation.
		///
		/// The practitioner invited may call it. It holds nothing. `id` is the number of the
		/// invitation. The affiliation begins with its window, and not before now. When the row is
		/// full, the affiliation that ended first is forgotten and its deposit given back.
		#[pallet::call_index(31)]
		pub fn accept_affiliation(origin: OriginFor<T>, id: AffiliationId) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			Self::do_accept_affiliation(actor.id, id)
		}

		/// Withdraw or decline an invitation, or end an affiliation, from this block on.
		///
		/// The organisation and the practitioner may call it, each alone. The deposit of an
		/// invitation comes back at once, that of an affiliation on reaping. `id` is the number.
		#[pallet::call_index(32)]
		#[pallet::weight(
			<T as Config>::WeightInfo::end_affiliation_invited()
				.max(<T as Config>::WeightInfo::end_affiliation_accepted())
		)]
		pub fn end_affiliation(origin: OriginFor<T>, id: AffiliationId) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			Self::do_end_affiliation(actor.id, id)
		}

		/// Remove an invitation that no longer stands, or an affiliation that ended long ago.
		///
		/// Any account may call it. It gives the deposit back to whoever paid it. `id` is the number
		/// of an invitation past its deadline, or of an affiliation that ended
		/// [`Config::Retention`] ago or earlier.
		#[pallet::call_index(33)]
		pub fn reap_affiliation(origin: OriginFor<T>, id: AffiliationId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_reap_affiliation(id)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// What the chain knows of an authority.
		pub fn authority(id: IdentityId) -> Option<Authority> {
			Authorities::<T>::get(id)
		}

		/// What the chain knows of an accreditation.
		pub fn accreditation(id: AccreditationId) -> Option<AccreditationView> {
			let record = Accreditations::<T>::get(id)?;
			let row = HeldAccreditations::<T>::get(record.subject);
			let held = row.into_iter().find(|held| held.id == id)?;
			Some(Self::view_accreditation(record, held))
		}

		/// The accreditations of a subject, ended ones included, in the order of granting. There are
		/// at most [`Config::MaxAccreditationsPerSubject`].
		pub fn accreditations_of(subject: IdentityId) -> Vec<AccreditationView> {
			let row = HeldAccreditations::<T>::get(subject);
			row.into_iter()
				.filter_map(|held| {
					Accreditations::<T>::get(held.id)
						.map(|record| Self::view_accreditation(record, held))
				})
				.collect()
		}

		/// Whether a subject held an accreditation of a kind in force at a moment.
		pub fn is_accredited(subject: IdentityId, kind: AccreditationKind, at: Moment) -> bool {
			<Self as AccreditationInspect>::is_accredited(&subject, kind, at)
		}

		/// What the chain knows of an invitation or affiliation.
		pub fn affiliation(id: AffiliationId) -> Option<AffiliationView> {
			let record = Affiliations::<T>::get(id)?;
			let now = Self::now();
			let accepted = matches!(record.status, AffiliationStatus::Accepted { .. });
			let at = (record.organisation, record.role);
			let in_force = accepted
				&& record.window.is_open_at(now)
				&& <Self as AffiliationInspect>::affiliations_at(&record.practitioner, now)
					.contains(&at);
			Some(Self::view_affiliation(id, record, in_force))
		}

		/// The affiliations that a practitioner accepted, those that are over included. There are at
		/// most [`Config::MaxAffiliationsKept`].
		pub fn affiliations_of(practitioner: IdentityId) -> Vec<AffiliationView> {
			let row = HeldAffiliations::<T>::get(practitioner);
			row.into_iter().filter_map(|held| Self::affiliation(held.id)).collect()
		}
	}
}

impl<T: Config> Pallet<T> {
	fn now() -> Moment {
		T::Time::now()
	}
}
