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
pub use provided::{EnsureAccredited, EnsureAuthorityOver};
pub use types::*;
pub use weights::WeightInfo;

use calls::{Known, Logs, Terms};
use frame_support::{
	BoundedBTreeMap,
	pallet_macros::import_section,
	traits::{EitherOfDiverse, EnsureOrigin, Time},
};
use frame_system::pallet_prelude::OriginFor;
use salus_primitives::{AccreditationId, IdentityId, Moment};
use sp_runtime::DispatchError;

/// The record of an accreditation.
pub type AccreditationRecordOf<T> = AccreditationRecord<
	<T as frame_system::Config>::AccountId,
	<T as Config>::AccreditationDeposit,
>;

/// The logs of what a subject holds.
pub type StatusLogsOf<T> =
	BoundedBTreeMap<AccreditationId, StatusLog, <T as Config>::MaxAccreditationsPerSubject>;

/// The record of an affiliation.
pub type AffiliationRecordOf<T> =
	AffiliationRecord<<T as frame_system::Config>::AccountId, <T as Config>::AffiliationDeposit>;

/// A request.
pub type RequestOf<T> =
	Request<<T as frame_system::Config>::AccountId, <T as Config>::RequestDeposit>;

/// A status list.
pub type StatusListOf<T> =
	StatusList<<T as frame_system::Config>::AccountId, <T as Config>::StatusListDeposit>;

#[import_section(errors::errors)]
#[import_section(events::events)]
#[import_section(storage::storage)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use frame_support::{
		pallet_prelude::*,
		traits::{Consideration, Footprint},
	};
	use frame_system::{EnsureSigned, pallet_prelude::*};
	use salus_primitives::{
		AccreditationKind, AccreditationKinds, AffiliationId, AffiliationPermissions, Commitment,
		Digest, IdentityId, Jurisdiction, Role, ScopeCode, Window,
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
		/// Who appoints regulators, and stands above every authority and accreditation.
		type GovernanceOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Which identities act for themselves about authorities and accreditations.
		type AccreditOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Actor<Self::AccountId>>;

		/// Which identities act for themselves about affiliations.
		type AffiliateOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Actor<Self::AccountId>>;

		/// Who there is.
		type Identities: IdentityInspect<Self::AccountId>;

		/// What the rows of an accreditation cost its authority.
		type AccreditationDeposit: Consideration<Self::AccountId, Footprint>;

		/// What the rows of an affiliation cost its organisation.
		type AffiliationDeposit: Consideration<Self::AccountId, Footprint>;

		/// What the row of a request costs its subject.
		type RequestDeposit: Consideration<Self::AccountId, Footprint>;

		/// What the row of a status list costs its authority.
		type StatusListDeposit: Consideration<Self::AccountId, Footprint>;

		/// The clock.
		type Time: Time<Moment = Moment>;

		/// How many accreditations a subject may hold, ended ones included: at most three quarters of
		/// them of one authority. Never lower it.
		#[pallet::constant]
		type MaxAccreditationsPerSubject: Get<u32>;

		/// How many accreditations of a kind that are not over a subject may hold, whoever granted
		/// them: it bounds what a question about a licence reads. Never lower it.
		#[pallet::constant]
		type MaxStandingPerKind: Get<u32>;

		/// How many accreditations that are not over, of all the kinds that make it a facility
		/// together, an organisation may hold: it bounds what a question about a workplace reads.
		/// Never lower it.
		#[pallet::constant]
		type MaxFacilityLicences: Get<u32>;

		/// How far ahead, in milliseconds, an accreditation may end when it is granted or renewed.
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

		/// How long, in milliseconds, a request stands.
		#[pallet::constant]
		type MaxRequestAge: Get<Moment>;

		/// How many status lists an authority may anchor. Their numbers lie below it.
		#[pallet::constant]
		type MaxStatusLists: Get<u32>;

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
		/// The row of a request.
		#[codec(index = 2)]
		Request,
		/// The row of a status list.
		#[codec(index = 3)]
		StatusList,
	}

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
				let scope = authority
					.scope()
					.expect("a regulator of the genesis has few countries and codes");
				Pallet::<T>::do_appoint_regulator(authority.id, scope, authority.window)
					.expect("every regulator of the genesis can be appointed");
			}
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(Self::most_of_issuer() > 0, "a subject must hold something of an authority");
			assert!(T::MaxStandingPerKind::get() > 0, "a subject must hold one of each kind");
			assert!(T::MaxFacilityLicences::get() > 0, "an organisation must become a facility");
			assert!(
				T::MaxAffiliationsKept::get() > MAX_AFFILIATIONS,
				"a full row must hold an affiliation that is over, to make room"
			);
			assert!(T::MaxAccreditationTerm::get() > 0, "an accreditation must count");
			assert!(T::MaxAffiliationTerm::get() > 0, "an affiliation must count");
			assert!(T::MaxInvitationAge::get() > 0, "an invitation must stand");
			assert!(T::MaxOpenInvitations::get() > 0, "an organisation must be able to invite");
			assert!(T::MaxRequestAge::get() > 0, "a request must stand");
			assert!(T::MaxStatusLists::get() > 0, "an authority must be able to anchor a list");
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
		/// the kinds it may grant, the countries, as ISO 3166-1 numeric codes in rising order, and
		/// the codes, when not any; `window` is when it may act, in milliseconds. What it granted
		/// before is untouched.
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

		/// Cut an authority off for good.
		///
		/// Governance may call it, and again to cut off from an earlier moment. It holds nothing.
		/// `id` is a regulator, or a registrar of one; `cutoff` is now or a past moment: what it
		/// granted from then on is void, with what its registrars granted, and what was granted
		/// before stays.
		#[pallet::call_index(1)]
		pub fn remove_regulator(
			origin: OriginFor<T>,
			id: IdentityId,
			cutoff: Moment,
		) -> DispatchResult {
			T::GovernanceOrigin::ensure_origin(origin)?;
			Self::do_remove_authority(None, id, cutoff)
		}

		/// Appoint a registrar, or replace the scope and window of one.
		///
		/// A regulator in office may call it. It holds nothing. `id` is an active organisation that is
		/// no authority of somebody else; `scope` and `window` lie within the regulator's own.
		#[pallet::call_index(2)]
		pub fn appoint_registrar(
			origin: OriginFor<T>,
			id: IdentityId,
			scope: AuthorityScope,
			window: Window,
		) -> DispatchResult {
			let actor = T::AccreditOrigin::ensure_origin(origin)?;
			Self::do_appoint_registrar(actor.id, id, scope, window)
		}

		/// Cut a registrar off for good.
		///
		/// The regulator that appointed it may call it, and again to cut off from an earlier moment.
		/// It holds nothing. `id` is the registrar; `cutoff` is now or a past moment: what it granted
		/// from then on is void, and what it granted before stays.
		#[pallet::call_index(3)]
		pub fn remove_registrar(
			origin: OriginFor<T>,
			id: IdentityId,
			cutoff: Moment,
		) -> DispatchResult {
			let actor = T::AccreditOrigin::ensure_origin(origin)?;
			Self::do_remove_authority(Some(actor.id), id, cutoff)
		}

		/// Forbid an authority to act for the time being. It voids nothing.
		///
		/// The regulator that appointed it may call it, and governance, which may also take a
		/// regulator's suspension over. It holds nothing. `id` is the authority: while it is
		/// suspended, its registrars cannot act either.
		#[pallet::call_index(4)]
		pub fn suspend_authority(origin: OriginFor<T>, id: IdentityId) -> DispatchResult {
			Self::do_suspend_authority(Self::governance_or_identity(origin)?, id)
		}

		/// Allow a suspended authority to act again.
		///
		/// The regulator that suspended it may call it, and governance. It holds nothing. `id` is the
		/// authority.
		#[pallet::call_index(5)]
		pub fn reinstate_authority(origin: OriginFor<T>, id: IdentityId) -> DispatchResult {
			Self::do_reinstate_authority(Self::governance_or_identity(origin)?, id)
		}

		/// Anchor a status list, or its next state.
		///
		/// An authority in office may call it. It holds a deposit of the signer
		/// ([`HoldReason::StatusList`]), once per list. `list` is its number, below
		/// [`Config::MaxStatusLists`]; `digest` is the hash of the list and `locator` the `https`
		/// address where it lies; `sequence` rises with each call.
		#[pallet::call_index(6)]
		pub fn set_status_list(
			origin: OriginFor<T>,
			list: u32,
			digest: Digest,
			locator: Locator,
			sequence: u32,
		) -> DispatchResult {
			let actor = T::AccreditOrigin::ensure_origin(origin)?;
			Self::do_set_status_list(actor, list, digest, locator, sequence)
		}

		/// Grant an accreditation.
		///
		/// An authority in office may call it, within its scope. It holds a deposit of the signer
		/// ([`HoldReason::Accreditation`]) until the accreditation is reaped. `subject` is an active
		/// identity of a kind that fits, with fewer than [`Config::MaxStandingPerKind`] of this kind
		/// that are not over; `commitment` is a salted commitment to the licence data; `window` is
		/// when it counts, in milliseconds: a beginning in the past means now; `codes` say what
		/// exactly is allowed, in rising order. One authority fills at most three quarters of
		/// [`Config::MaxAccreditationsPerSubject`] with what it granted, ended ones included, and an
		/// organisation holds at most [`Config::MaxFacilityLicences`] of those that make it a
		/// facility. When the subject has an open request for this, `digest` and `commitment` are the
		/// request's, which is then answered and its deposit given back; when not, there is no
		/// `digest`.
		#[pallet::call_index(10)]
		pub fn grant_accreditation(
			origin: OriginFor<T>,
			subject: IdentityId,
			kind: AccreditationKind,
			jurisdiction: Jurisdiction,
			commitment: Commitment,
			window: Window,
			codes: ScopeCodes,
			digest: Option<Digest>,
		) -> DispatchResult {
			let actor = T::AccreditOrigin::ensure_origin(origin)?;
			let terms = Terms { subject, kind, jurisdiction, commitment, window, codes, digest };
			Self::do_grant_accreditation(actor, terms)
		}

		/// Revoke an accreditation, finally.
		///
		/// The authority that granted it may call it, its regulator and governance. It holds
		/// nothing, and the deposit stays until the accreditation is reaped. `id` is the number;
		/// `effective_from` is from when on it no longer counts: not before its window begins, and
		/// not after now (or the beginning, when that lies ahead).
		#[pallet::call_index(11)]
		pub fn revoke_accreditation(
			origin: OriginFor<T>,
			id: AccreditationId,
			effective_from: Moment,
			reason: RevocationReason,
		) -> DispatchResult {
			let by = Self::governance_or_identity(origin)?;
			Self::do_revoke_accreditation(by, id, effective_from, reason)
		}

		/// Remove the rows of an accreditation that ended long ago, or never counted.
		///
		/// Any account may call it. It gives the deposit back to whoever paid it. `id` is the number
		/// of one that ended, and about which the last word was said, [`Config::Retention`] ago or
		/// earlier; or of one that never counted, as it was granted from a cut-off on.
		#[pallet::call_index(12)]
		pub fn reap_accreditation(origin: OriginFor<T>, id: AccreditationId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_reap_accreditation(id)
		}

		/// Let an accreditation count for longer, also after it expired.
		///
		/// The authority that granted it may call it, and its regulator, while in office and within
		/// the scope of today. It holds nothing. `id` is the number; `until` is the new end, later
		/// than the present one: an accreditation that had expired counts again from now on, when the
		/// subject may hold one more of its kind. At most [`MAX_RENEWALS_AHEAD`] renewals can be
		/// running.
		#[pallet::call_index(13)]
		pub fn renew_accreditation(
			origin: OriginFor<T>,
			id: AccreditationId,
			until: Moment,
		) -> DispatchResult {
			let actor = T::AccreditOrigin::ensure_origin(origin)?;
			Self::do_renew_accreditation(actor.id, id, until)
		}

		/// Suspend an accreditation.
		///
		/// The authority that granted it may call it, its regulator and governance, each for itself.
		/// It holds nothing. `id` is the number; `until` is when the suspension ends by itself, or
		/// none when somebody has to lift it.
		#[pallet::call_index(14)]
		pub fn suspend_accreditation(
			origin: OriginFor<T>,
			id: AccreditationId,
			until: Option<Moment>,
			reason: SuspensionReason,
		) -> DispatchResult {
			let by = Self::governance_or_identity(origin)?;
			Self::do_suspend_accreditation(by, id, until, reason)
		}

		/// Lift the suspensions that the signer, or a body below it, imposed.
		///
		/// The authority that granted the accreditation may call it, its regulator and governance.
		/// It holds nothing. `id` is the number. What it did not count for stays that way.
		#[pallet::call_index(15)]
		pub fn lift_suspension(origin: OriginFor<T>, id: AccreditationId) -> DispatchResult {
			Self::do_lift_suspension(Self::governance_or_identity(origin)?, id)
		}

		/// Give an accreditation up, finally, from this block on.
		///
		/// Its subject may call it. It holds nothing, and the deposit of the authority stays until
		/// the accreditation is reaped. `id` is the number.
		#[pallet::call_index(16)]
		pub fn surrender_accreditation(
			origin: OriginFor<T>,
			id: AccreditationId,
		) -> DispatchResult {
			let actor = T::AccreditOrigin::ensure_origin(origin)?;
			Self::do_surrender_accreditation(actor.id, id)
		}

		/// Ask an authority for an accreditation, or ask again with other papers.
		///
		/// A subject of a kind that fits may call it. It holds a deposit of the signer
		/// ([`HoldReason::Request`]) until the request is granted or closed. `issuer` is the
		/// authority; `commitment` is a salted commitment to the licence data; `digest` is the hash
		/// of what the authority is to look at: the grant has to name both.
		#[pallet::call_index(20)]
		pub fn request_accreditation(
			origin: OriginFor<T>,
			issuer: IdentityId,
			kind: AccreditationKind,
			commitment: Commitment,
			digest: Digest,
		) -> DispatchResult {
			let actor = T::AccreditOrigin::ensure_origin(origin)?;
			Self::do_request_accreditation(actor, issuer, kind, commitment, digest)
		}

		/// Withdraw or decline a request.
		///
		/// The subject and the authority may call it, each alone, and any account when the request is
		/// older than [`Config::MaxRequestAge`]. The deposit goes back to whoever paid it.
		#[pallet::call_index(21)]
		pub fn close_request(
			origin: OriginFor<T>,
			issuer: IdentityId,
			subject: IdentityId,
			kind: AccreditationKind,
		) -> DispatchResult {
			let by =
				EitherOfDiverse::<T::AccreditOrigin, EnsureSigned<T::AccountId>>::ensure_origin(
					origin,
				)?;
			Self::do_close_request(by.left().map(|actor| actor.id), issuer, subject, kind)
		}

		/// Invite a practitioner to work at the signer's organisation.
		///
		/// A facility may call it. It holds a deposit of the signer ([`HoldReason::Affiliation`])
		/// until the rows go. `role` is what the practitioner will be there; `window` is when, in
		/// milliseconds; `deadline` is the first moment at which it can no longer be accepted;
		/// `permissions` are what the practitioner may do beyond the role.
		#[pallet::call_index(30)]
		pub fn invite_affiliation(
			origin: OriginFor<T>,
			practitioner: IdentityId,
			role: Role,
			window: Window,
			deadline: Moment,
			permissions: AffiliationPermissions,
		) -> DispatchResult {
			let actor = T::AffiliateOrigin::ensure_origin(origin)?;
			Self::do_invite_affiliation(actor, practitioner, role, window, deadline, permissions)
		}

		/// Accept an invitation.
		///
		/// The practitioner invited may call it. It holds nothing. `id` is the number of the
		/// invitation, of an organisation whose identity is active. The affiliation begins with its
		/// window, and not before now. When the row is full, one that ended before it began is
		/// forgotten, or else the one that ended first, [`Config::Retention`] ago or earlier; its
		/// deposit is given back.
		#[pallet::call_index(31)]
		pub fn accept_affiliation(origin: OriginFor<T>, id: AffiliationId) -> DispatchResult {
			let actor = T::AffiliateOrigin::ensure_origin(origin)?;
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
			let actor = T::AffiliateOrigin::ensure_origin(origin)?;
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

		/// Let an affiliation rest.
		///
		/// The organisation may call it. It holds nothing. `id` is the number; `until` is when it
		/// counts again by itself, or none when it has to be resumed.
		#[pallet::call_index(34)]
		pub fn suspend_affiliation(
			origin: OriginFor<T>,
			id: AffiliationId,
			until: Option<Moment>,
		) -> DispatchResult {
			let actor = T::AffiliateOrigin::ensure_origin(origin)?;
			Self::do_suspend_affiliation(actor.id, id, until)
		}

		/// Let an affiliation that rests count again, from this block on.
		///
		/// The organisation may call it. It holds nothing. `id` is the number.
		#[pallet::call_index(35)]
		pub fn resume_affiliation(origin: OriginFor<T>, id: AffiliationId) -> DispatchResult {
			let actor = T::AffiliateOrigin::ensure_origin(origin)?;
			Self::do_resume_affiliation(actor.id, id)
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
			let logged = Self::logged(&record.subject, id)?;
			Some(Self::view_accreditation(record, logged))
		}

		/// The accreditations of a subject, ended ones included, in the order of granting. There are
		/// at most [`Config::MaxAccreditationsPerSubject`].
		pub fn accreditations_of(subject: IdentityId) -> Vec<AccreditationView> {
			let mut logs = Logs::<T>::of(&subject);
			let row = HeldAccreditations::<T>::get(subject);
			row.into_iter()
				.filter_map(|held| {
					Accreditations::<T>::get(held.id)
						.map(|record| Self::view_accreditation(record, logs.with(held)))
				})
				.collect()
		}

		/// Whether a subject held an accreditation of a kind in force at a moment.
		pub fn is_accredited(subject: IdentityId, kind: AccreditationKind, at: Moment) -> bool {
			<Self as AccreditationInspect>::is_accredited(&subject, kind, at)
		}

		/// Whether a subject held an accreditation of a kind in force at a moment, for a country and
		/// a code when those are asked about.
		pub fn is_accredited_for(
			subject: IdentityId,
			kind: AccreditationKind,
			jurisdiction: Option<Jurisdiction>,
			code: Option<ScopeCode>,
			at: Moment,
		) -> bool {
			let kinds = AccreditationKinds::of(&[kind]);
			Self::holds(&mut Known::default(), &subject, kinds, at, |held| {
				let record = Accreditations::<T>::get(held.id);
				record.is_some_and(|record| record.reaches(jurisdiction) && record.allows(code))
			})
		}

		/// How an accreditation stood at a moment, with the first reason when it did not count.
		pub fn explain_accreditation(id: AccreditationId, at: Moment) -> Standing {
			let record = Accreditations::<T>::get(id);
			let logged = record.and_then(|record| Self::logged(&record.subject, id));
			logged.map_or(Standing::NotFound, |logged| Self::standing_at(&logged, at))
		}

		/// What happened to an accreditation since it was granted, in the order of time.
		pub fn status_log(id: AccreditationId) -> Option<StatusLog> {
			let record = Accreditations::<T>::get(id)?;
			Self::logged(&record.subject, id).map(|logged| logged.log)
		}

		/// What a subject asks an authority for.
		pub fn request(
			issuer: IdentityId,
			subject: IdentityId,
			kind: AccreditationKind,
		) -> Option<RequestView> {
			let request = Requests::<T>::get((issuer, subject, kind))?;
			let is_open = Self::is_open(&request);
			let Request { commitment, digest, asked_at, .. } = request;
			Some(RequestView { commitment, digest, asked_at, is_open })
		}

		/// What an authority anchored as one of its status lists.
		pub fn status_list(authority: IdentityId, list: u32) -> Option<StatusListView> {
			let anchored = StatusLists::<T>::get(authority, list)?;
			let cutoffs = Known::default().cutoffs_of::<T>(&authority);
			let is_believed = cutoffs.believe(Body::Issuer, anchored.anchored_at);
			let StatusList { digest, locator, sequence, anchored_at, .. } = anchored;
			Some(StatusListView { digest, locator, sequence, anchored_at, is_believed })
		}

		/// What the chain knows of an invitation or affiliation.
		pub fn affiliation(id: AffiliationId) -> Option<AffiliationView> {
			Affiliations::<T>::get(id).map(|record| Self::view_affiliation(id, record))
		}

		/// The affiliations that a practitioner accepted, those that are over included. There are at
		/// most [`Config::MaxAffiliationsKept`].
		pub fn affiliations_of(practitioner: IdentityId) -> Vec<AffiliationView> {
			let kept = Self::kept_affiliations(&practitioner);
			kept.filter_map(|held| Self::affiliation(held.id)).collect()
		}

		/// As what a practitioner worked at an organisation at a moment, by the affiliations in force
		/// then. Empty when as nothing.
		pub fn role_at(
			practitioner: IdentityId,
			organisation: IdentityId,
			at: Moment,
		) -> Vec<Role> {
			<Self as AffiliationInspect>::affiliations_at(&practitioner, at)
				.into_iter()
				.filter_map(|(place, role)| (place == organisation).then_some(role))
				.collect()
		}
	}
}

impl<T: Config> Pallet<T> {
	fn now() -> Moment {
		T::Time::now()
	}

	/// The identity that acts, or `None` when it is governance.
	fn governance_or_identity(origin: OriginFor<T>) -> Result<Option<IdentityId>, DispatchError> {
		let by = EitherOfDiverse::<T::GovernanceOrigin, T::AccreditOrigin>::ensure_origin(origin)?;
		Ok(by.right().map(|actor| actor.id))
	}
}
