// SPDX-License-Identifier: Apache-2.0

#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod calls;
mod decision;
mod errors;
mod events;
#[cfg(any(feature = "try-runtime", test))]
mod invariants;
#[cfg(test)]
mod mock;
mod provided;
pub mod runtime_api;
mod storage;
#[cfg(test)]
mod tests;
mod types;
mod views;
pub mod weights;

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

use frame_support::pallet_macros::import_section;

type AccountOf<T> = <T as frame_system::Config>::AccountId;
type RequestOf<T> = Request<AccountOf<T>, <T as Config>::RequestConsideration>;

#[import_section(errors::errors)]
#[import_section(events::events)]
#[import_section(storage::storage)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use frame_support::{
		pallet_prelude::*,
		traits::{Consideration, EnsureOriginWithArg, Footprint, Time},
	};
	use frame_system::pallet_prelude::*;
	use salus_primitives::{
		AccessDecision, AccessEntry, AccessHead, AccessPolicy, AccessQuestion, Action, Actions,
		AuditLeaf, CompartmentNo, Digest, EmergencyId, EmergencyKey, EmergencyReason, Epoch,
		GrantId, IdentityId, KeyVersion, Moment, Purpose, Purposes, RecordId, RecorderId,
		RequestId, ReviewOutcome, Window, Wrap, X25519Key,
	};
	use salus_traits::{
		accreditation::{AccreditationInspect, AffiliationInspect, MAX_ORGANISATIONS},
		identity::{Actor, AgreementKeys, IdentityInspect},
		records::RecordInspect,
	};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// Sets the clock, for benchmarks.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: benchmarking::BenchmarkHelper;

		/// Decides who may act for a subject.
		type SubjectOrigin: EnsureOriginWithArg<Self::RuntimeOrigin, IdentityId, Success = Actor<Self::AccountId>>;

		/// Decides who may act in its own name: pass a grant on, ask for access, break the glass.
		/// Any active identity.
		type PartyOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Actor<Self::AccountId>>;

		/// Decides who sets the bounds of emergencies, and suspends and reinstates claimants.
		type GovernanceOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Decides who may review emergencies: governance, or anybody active. Who of those is a
		/// privacy officer, and independent, the call asks.
		type ReviewOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Reviewer>;

		/// Decides who may offer to hold emergency keys: organisations licensed to treat.
		type EmergencyHolderOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Actor<Self::AccountId>>;

		/// Decides who may record accesses: organisations accredited as data custodians.
		type RecorderOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Actor<Self::AccountId>>;

		/// Tells which identities are active, and what they are.
		type Identities: IdentityInspect<Self::AccountId>;

		/// Tells which agreement key of a grantee is the current one.
		type AgreementKeys: AgreementKeys;

		/// Tells who holds which licence.
		type Accreditations: AccreditationInspect;

		/// Tells who works where.
		type Affiliations: AffiliationInspect;

		/// Tells whose record it is, who filed it, and where it lies.
		type Records: RecordInspect;

		/// The clock: milliseconds since the Unix epoch.
		type Time: Time<Moment = Moment>;

		/// The rent for a request while it waits.
		type RequestConsideration: Consideration<Self::AccountId, Footprint>;

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

		/// How many requests can wait for a patient.
		#[pallet::constant]
		type MaxOpenRequests: Get<u32>;

		/// How long a request can wait, in milliseconds.
		#[pallet::constant]
		type MaxRequestAge: Get<Moment>;

		/// How many rows whose time has passed a block clears away, when it has weight left.
		#[pallet::constant]
		type SweepPerBlock: Get<u32>;

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

		/// How many of these can be sub-grants.
		#[pallet::constant_name(MaxSubGrantsPerPair)]
		fn max_sub_grants_per_pair() -> u32 {
			MAX_SUB_GRANTS_PER_PAIR
		}

		/// How many sub-grants can hang below one grant of a patient, at all depths together.
		#[pallet::constant_name(MaxSubGrants)]
		fn max_sub_grants() -> u32 {
			MAX_SUB_GRANTS
		}

		/// How many grants can stand between a patient and a grantee.
		#[pallet::constant_name(MaxDepth)]
		fn max_depth() -> u8 {
			MAX_DEPTH
		}

		/// How many compartment secrets one grant can carry.
		#[pallet::constant_name(MaxCompartmentKeys)]
		fn max_compartment_keys() -> u32 {
			MAX_COMPARTMENT_KEYS
		}

		/// How many grants one call hands a new compartment secret.
		#[pallet::constant_name(MaxWraps)]
		fn max_wraps() -> u32 {
			MAX_WRAPS
		}

		/// How many rows one call clears away.
		#[pallet::constant_name(MaxReaped)]
		fn max_reaped() -> u32 {
			MAX_REAPED
		}

		/// How many entries one audit batch covers.
		#[pallet::constant_name(MaxBatchEvents)]
		fn max_batch_events() -> u64 {
			MAX_BATCH_EVENTS
		}

		/// How many denials a recorder can put into one patient's log in an hour.
		#[pallet::constant_name(MaxDenialsPerHour)]
		fn max_denials_per_hour() -> u32 {
			MAX_DENIALS_PER_HOUR
		}

		/// How many custodians can keep parts of one identity's key shares.
		#[pallet::constant_name(MaxShareCustodians)]
		fn max_share_custodians() -> u32 {
			MAX_SHARE_CUSTODIANS
		}

		/// How many requests of one organisation can wait for a patient.
		#[pallet::constant_name(MaxRequestsPerOrganisation)]
		fn max_requests_per_organisation() -> u32 {
			MAX_REQUESTS_PER_ORGANISATION
		}

		/// How long before a holder of emergency keys that ceases may drop them, in milliseconds.
		#[pallet::constant_name(HolderNotice)]
		fn holder_notice() -> Moment {
			HOLDER_NOTICE
		}
	}

	/// Why funds are held.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// Rent for a request for access while it waits.
		#[codec(index = 0)]
		Request,
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
				MAX_REQUESTS_PER_ORGANISATION < T::MaxOpenRequests::get(),
				"no organisation must keep all others from asking"
			);
			assert!(T::MaxOpenRequests::get() <= T::MaxPage::get(), "the inbox is a page at most");
			assert!(0 < T::MaxRequestAge::get(), "there must be time to answer");
			assert!(0 < T::SweepPerBlock::get(), "what lapsed goes at some time");
			assert!(
				T::MaxBackdating::get() < T::MaxGrantLength::get(),
				"a grant that begins as early as it may must not be over"
			);
			let blocks = T::BlockWeights::get();
			let normal = blocks.get(DispatchClass::Normal).max_extrinsic;
			let most = normal.unwrap_or(blocks.max_block);
			for call in Self::dearest_calls() {
				assert!(call.all_lte(most), "every call fits into a block");
			}
		}

		fn on_idle(_: BlockNumberFor<T>, left: Weight) -> Weight {
			Self::sweep(left)
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	// Indices from 26 on belong to guardians and recovery.
	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Sets what holds when no grant speaks. Without a policy, nobody reads.
		///
		/// Called by the subject. `policy` is one of the four implicit policies of IHE PCF.
		#[pallet::call_index(0)]
		pub fn set_policy(
			origin: OriginFor<T>,
			subject: IdentityId,
			policy: AccessPolicy,
		) -> DispatchResult {
			let by = T::SubjectOrigin::ensure_origin(origin, &subject)?;
			Self::do_set_policy(by.id, subject, policy)
		}

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

		/// Gives a compartment a new key pair, so that what is filed from now on opens only to
		/// those who are handed the new secret.
		///
		/// Called by the subject. `expected_epoch` is the epoch that ends, so that of two rotations
		/// at a time one is refused. `key` is the new public key, and `link` the secret of the old
		/// epoch sealed to it. `wraps` hands the new secret to grantees: it takes the place of the
		/// compartment's key in their grants. `emergency` seals it to the agreement key of the
		/// holder that stands there; without it, the emergency key of the compartment goes.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::rotate_compartment(wraps.len() as u32))]
		pub fn rotate_compartment(
			origin: OriginFor<T>,
			subject: IdentityId,
			compartment: CompartmentNo,
			expected_epoch: Epoch,
			key: X25519Key,
			link: Wrap,
			wraps: GrantWraps,
			emergency: Option<(KeyVersion, Wrap)>,
		) -> DispatchResult {
			let by = T::SubjectOrigin::ensure_origin(origin, &subject)?;
			let next = NextEpoch { expected_epoch, key, link, wraps, emergency };
			Self::do_rotate_compartment(by.id, subject, compartment, next)
		}

		/// Hands the current secret of a compartment to more grantees: after a rotation with many,
		/// to a grant made before the compartment, or to a grantee with a new agreement key.
		///
		/// Called by the subject. `epoch` is the current one of `compartment`, and `wraps` are as
		/// in a rotation.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::add_compartment_wraps(wraps.len() as u32))]
		pub fn add_compartment_wraps(
			origin: OriginFor<T>,
			subject: IdentityId,
			compartment: CompartmentNo,
			epoch: Epoch,
			wraps: GrantWraps,
		) -> DispatchResult {
			let by = T::SubjectOrigin::ensure_origin(origin, &subject)?;
			Self::do_add_compartment_wraps(by.id, subject, compartment, epoch, wraps)
		}

		/// Permits or denies a grantee access to records of the subject.
		///
		/// Called by the subject. Takes a place of the subject's quota of grants until the grant
		/// ends.
		///
		/// `grantee` is a person, an organisation or a role; `decision` permits, or denies whatever
		/// else permits. `scope`, `purposes`, `actions` and `data_period` say what the grant speaks
		/// of, `window` when it acts and `uses` how often, if that is counted. `basis` is what it
		/// rests on and `document` the hash of its sealed form. `delegable` lets the grantee pass
		/// it on by `sub_grant`. `keys` are the secrets that a permit hands over, sealed to the
		/// current agreement key of the grantee: compartment secrets of the current epoch, or the
		/// reader share of the one record; none for roles and denials.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::grant(keys.count(), MAX_GRANTS_PER_PAIR))]
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
			delegable: bool,
			keys: GrantKeys,
		) -> DispatchResultWithPostInfo {
			let by = T::SubjectOrigin::ensure_origin(origin, &subject)?;
			let terms = Terms { decision, scope, purposes, actions, data_period, window };
			let given = Given { terms, uses, basis, document, delegable, keys };
			Self::do_grant(by.id, subject, grantee, given)
		}

		/// Makes a grant say less. For more, make a new one.
		///
		/// Called by the subject of the grant. `scope`, `purposes`, `actions`, `data_period`,
		/// `window` and `uses` are as in `grant`, each within what the grant says; uses may become
		/// counted, and the grant is not delegable from then on. `keys` are those of a new grant of
		/// the narrowed scope. Sub-grants that no longer fit are revoked.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::narrow(keys.count(), MAX_SUB_GRANTS))]
		pub fn narrow(
			origin: OriginFor<T>,
			grant: GrantId,
			scope: Scope,
			purposes: Purposes,
			actions: Actions,
			data_period: Option<Window>,
			window: Window,
			uses: Option<u32>,
			keys: GrantKeys,
		) -> DispatchResultWithPostInfo {
			let row = Grants::<T>::get(grant).ok_or(Error::<T>::GrantNotFound)?;
			let by = T::SubjectOrigin::ensure_origin(origin, &row.subject)?;
			let Terms { decision, .. } = row.terms;
			let terms = Terms { decision, scope, purposes, actions, data_period, window };
			Self::do_narrow(by.id, grant, row, terms, uses, keys)
		}

		/// Takes a grant back, for good, and the sub-grants below it.
		///
		/// Called by the subject of the grant, or by who made the sub-grant, at any time. Frees the
		/// grant's place and removes its keys from state.
		///
		/// `grant` is its number and `strength` what the subject does beside it.
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::revoke(MAX_SUB_GRANTS))]
		pub fn revoke(
			origin: OriginFor<T>,
			grant: GrantId,
			strength: RevocationStrength,
		) -> DispatchResultWithPostInfo {
			let row = Grants::<T>::get(grant).ok_or(Error::<T>::GrantNotFound)?;
			let by = Self::ensure_may_revoke(origin, &row)?;
			Self::do_revoke(by, grant, row, strength)
		}

		/// Takes back every grant of the subject that permits the grantee something, sub-grants
		/// too.
		///
		/// Called by the subject, at any time. Denials stand: this call never lets anybody in.
		#[pallet::call_index(7)]
		#[pallet::weight(Pallet::<T>::weight_of_revoking_all())]
		pub fn revoke_all(
			origin: OriginFor<T>,
			subject: IdentityId,
			grantee: Grantee,
			strength: RevocationStrength,
		) -> DispatchResultWithPostInfo {
			let by = T::SubjectOrigin::ensure_origin(origin, &subject)?;
			Self::do_revoke_all(by.id, subject, grantee, strength)
		}

		/// Passes a delegable grant on, in whole or in part.
		///
		/// Called by the grantee of `parent` itself, a person or an organisation, unless a denial
		/// keeps it out of a part of what it would pass on. `grantee` is a person, an organisation,
		/// or a role where the caller works. The terms stay within the parent's; the sub-grant ends
		/// with it, and is passed on once more at most, if `delegable`. Takes no place of the
		/// subject's quota, but one of the four below the subject's grant. `keys` are as in
		/// `grant`.
		#[pallet::call_index(8)]
		#[pallet::weight(T::WeightInfo::sub_grant(keys.count(), MAX_LAPSED))]
		pub fn sub_grant(
			origin: OriginFor<T>,
			parent: GrantId,
			grantee: Grantee,
			scope: Scope,
			purposes: Purposes,
			actions: Actions,
			data_period: Option<Window>,
			window: Window,
			delegable: bool,
			keys: GrantKeys,
		) -> DispatchResultWithPostInfo {
			let by = T::PartyOrigin::ensure_origin(origin)?;
			let decision = Decision::Permit;
			let terms = Terms { decision, scope, purposes, actions, data_period, window };
			Self::do_sub_grant(by.id, parent, grantee, terms, delegable, keys)
		}

		/// Asks a patient for access.
		///
		/// Called by any active identity, for itself, or for the organisation it works at
		/// (`on_behalf`): that would be the grantee. `scope`, `purposes`, `actions` and
		/// `data_period` are as in `grant`, `length` is for how long at most, `reason` the hash of
		/// the sealed reasons, and from `answer_by` on the request can no longer be approved. Holds
		/// rent from the signer until the request closes. When no place is free, the oldest request
		/// that no organisation licensed for care stands behind goes for one that has one.
		#[pallet::call_index(9)]
		pub fn request_access(
			origin: OriginFor<T>,
			subject: IdentityId,
			on_behalf: Option<IdentityId>,
			scope: Scope,
			purposes: Purposes,
			actions: Actions,
			data_period: Option<Window>,
			length: Moment,
			reason: Digest,
			answer_by: Moment,
		) -> DispatchResult {
			let by = T::PartyOrigin::ensure_origin(origin)?;
			let asked = Asked { scope, purposes, actions, data_period, length };
			Self::do_request_access(by, subject, on_behalf, asked, reason, answer_by)
		}

		/// Grants what was asked for, or a part of it, and closes the request.
		///
		/// Called by the subject of the request. The arguments are those of `grant`, which always
		/// permits here; none goes beyond what was asked. Frees the rent of the request.
		#[pallet::call_index(10)]
		#[pallet::weight(T::WeightInfo::approve_request(keys.count(), MAX_GRANTS_PER_PAIR))]
		pub fn approve_request(
			origin: OriginFor<T>,
			request: RequestId,
			scope: Scope,
			purposes: Purposes,
			actions: Actions,
			data_period: Option<Window>,
			window: Window,
			uses: Option<u32>,
			basis: Basis,
			document: Option<Digest>,
			delegable: bool,
			keys: GrantKeys,
		) -> DispatchResultWithPostInfo {
			let row = Self::waiting(request)?;
			let by = T::SubjectOrigin::ensure_origin(origin, &row.subject)?;
			let decision = Decision::Permit;
			let terms = Terms { decision, scope, purposes, actions, data_period, window };
			let given = Given { terms, uses, basis, document, delegable, keys };
			Self::do_approve_request(by.id, request, row, given)
		}

		/// Declines a request.
		///
		/// Called by the subject of the request. Frees its rent.
		#[pallet::call_index(11)]
		pub fn decline_request(origin: OriginFor<T>, request: RequestId) -> DispatchResult {
			let row = Self::waiting(request)?;
			let by = T::SubjectOrigin::ensure_origin(origin, &row.subject)?;
			Self::do_decline_request(by.id, request, row)
		}

		/// Takes a request back.
		///
		/// Called by who asked, or by the organisation it asked for. Frees its rent.
		#[pallet::call_index(12)]
		pub fn cancel_request(origin: OriginFor<T>, request: RequestId) -> DispatchResult {
			let by = T::PartyOrigin::ensure_origin(origin)?;
			Self::do_cancel_request(by.id, request)
		}

		/// Records an access that was permitted or denied in the log of the record's subject.
		///
		/// Called by an organisation accredited as data custodian that never held emergency keys. A
		/// denial is recorded as it is; a permit has to be one that can have been given. Spends a
		/// use of a grant that counts them, when the recorder is one that keeps the record's key as
		/// far as the chain knows.
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

		/// Anchors the next stretch of one of the recorder's logs.
		///
		/// Called by an organisation accredited as data custodian that never held emergency keys.
		/// `recorder` says which of its logs, `seq` is the number of the batch, and `root` the root
		/// of the RFC 9162 tree over entries `first` to `last`, which follow on the batch before.
		/// `from` and `until` are when the first and the last of them were written.
		#[pallet::call_index(14)]
		pub fn anchor_audit_batch(
			origin: OriginFor<T>,
			recorder: RecorderId,
			seq: u64,
			root: Digest,
			first: u64,
			last: u64,
			from: Moment,
			until: Moment,
		) -> DispatchResult {
			let by = T::RecorderOrigin::ensure_origin(origin)?;
			let (entries, times) = ((first, last), (from, until));
			Self::do_anchor_audit_batch(by.id, recorder, seq, root, entries, times)
		}

		/// Opens an emergency: the caller reads without a grant for a short time, and answers for
		/// it.
		///
		/// Called by a practitioner whom `organisation` lets break the glass. `compartment` is the
		/// one it needs, or none for all that are not restricted; `reason` is why, and
		/// `justification` the hash of its sealed account. Takes a place of the quotas of claimant
		/// and organisation. The compartments reached are due to be rotated.
		#[pallet::call_index(15)]
		#[pallet::weight(T::WeightInfo::break_glass(T::MaxCompartments::get()))]
		pub fn break_glass(
			origin: OriginFor<T>,
			subject: IdentityId,
			organisation: IdentityId,
			compartment: Option<CompartmentNo>,
			reason: EmergencyReason,
			justification: Digest,
		) -> DispatchResultWithPostInfo {
			let by = T::PartyOrigin::ensure_origin(origin)?.id;
			let looked_at = Self::do_break_glass(
				by,
				subject,
				organisation,
				compartment,
				reason,
				justification,
			)?;
			Ok(Some(T::WeightInfo::break_glass(looked_at)).into())
		}

		/// Ends an emergency before its time.
		///
		/// Called by the claimant, its organisation, or the subject.
		#[pallet::call_index(16)]
		pub fn close_break_glass(origin: OriginFor<T>, emergency: EmergencyId) -> DispatchResult {
			let row = Emergencies::<T>::get(emergency).ok_or(Error::<T>::EmergencyNotFound)?;
			let by = Self::subject_or_party(origin, &row.subject)?;
			Self::do_close_break_glass(by, emergency, row)
		}

		/// Says whether there was need for an emergency that has ended.
		///
		/// Called by an independent privacy officer within the time to review, or by governance,
		/// whose word alone counts for what is escalated, overdue or contested. `note` is the hash
		/// of the sealed reasons. An unjustified emergency is a strike against its claimant.
		#[pallet::call_index(17)]
		pub fn review_break_glass(
			origin: OriginFor<T>,
			emergency: EmergencyId,
			outcome: ReviewOutcome,
			note: Digest,
		) -> DispatchResult {
			let by = T::ReviewOrigin::ensure_origin(origin)?;
			Self::do_review_break_glass(by, emergency, outcome, note)
		}

		/// Sends an emergency that has ended to governance, whatever a review found.
		///
		/// Called by the subject, once, within the time to contest.
		#[pallet::call_index(18)]
		pub fn contest(origin: OriginFor<T>, emergency: EmergencyId) -> DispatchResult {
			let row = Emergencies::<T>::get(emergency).ok_or(Error::<T>::EmergencyNotFound)?;
			let by = T::SubjectOrigin::ensure_origin(origin, &row.subject)?;
			Self::do_contest(by.id, emergency, row)
		}

		/// Says where the key shares of the records lie that the caller keeps, and how many parts
		/// open one.
		///
		/// Called by any active identity. `custodians` are accredited as such, and none ever held
		/// emergency keys; `threshold` of them open a share. Nobody and 0 take the statement back.
		#[pallet::call_index(19)]
		#[pallet::weight(T::WeightInfo::set_share_custodian(custodians.len() as u32))]
		pub fn set_share_custodian(
			origin: OriginFor<T>,
			custodians: BoundedVec<IdentityId, ConstU32<MAX_SHARE_CUSTODIANS>>,
			threshold: u8,
		) -> DispatchResult {
			let by = T::PartyOrigin::ensure_origin(origin)?;
			Self::do_set_share_custodian(by.id, custodians, threshold)
		}

		/// Sets how emergencies are kept in bounds. What is open keeps its times.
		///
		/// Called by governance.
		#[pallet::call_index(20)]
		pub fn set_btg_policy(origin: OriginFor<T>, policy: EmergencyPolicy) -> DispatchResult {
			T::GovernanceOrigin::ensure_origin(origin)?;
			Self::do_set_btg_policy(policy)
		}

		/// Keeps somebody from breaking the glass. What it has open does not act any more.
		///
		/// Called by governance.
		#[pallet::call_index(21)]
		pub fn suspend(origin: OriginFor<T>, claimant: IdentityId) -> DispatchResult {
			T::GovernanceOrigin::ensure_origin(origin)?;
			Self::do_suspend(claimant)
		}

		/// Lets somebody break the glass again, and forgets its strikes.
		///
		/// Called by governance.
		#[pallet::call_index(22)]
		pub fn reinstate(origin: OriginFor<T>, claimant: IdentityId) -> DispatchResult {
			T::GovernanceOrigin::ensure_origin(origin)?;
			Self::do_reinstate(claimant)
		}

		/// Clears away what is named and due: grants that ended and requests nobody answered in
		/// time; and calls reviews overdue. What is not due is passed over.
		///
		/// Called by any account. Frees the places, keys and rents of what it clears away.
		#[pallet::call_index(23)]
		#[pallet::weight(Pallet::<T>::weight_of_rows(due))]
		pub fn reap(
			origin: OriginFor<T>,
			due: BoundedVec<Due, ConstU32<MAX_REAPED>>,
		) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_reap(due)
		}

		/// Offers to hold emergency keys, or ceases to.
		///
		/// Called by an organisation: to offer, it is licensed to treat and never kept key shares.
		/// One that ceases and has keys gives notice: it is handed no further one, and drops what
		/// is left when the notice is over (`set_emergency_key`). To offer again takes it back.
		#[pallet::call_index(24)]
		pub fn set_emergency_holder(origin: OriginFor<T>, accept: bool) -> DispatchResult {
			let by = if accept {
				T::EmergencyHolderOrigin::ensure_origin(origin)?
			} else {
				T::PartyOrigin::ensure_origin(origin)?
			};
			Self::do_set_emergency_holder(by.id, accept)
		}

		/// Gives the secret of a compartment to an organisation that hands out reader shares in
		/// emergencies, or takes it back: without it, the compartment cannot be read in any.
		///
		/// Called by the subject; without a `key` also by its holder, once that has given notice
		/// and the notice is over. `key` is sealed to the holder's current agreement key, and of the
		/// current epoch.
		#[pallet::call_index(25)]
		pub fn set_emergency_key(
			origin: OriginFor<T>,
			subject: IdentityId,
			compartment: CompartmentNo,
			key: Option<EmergencyKey>,
		) -> DispatchResult {
			let by = Self::ensure_may_set_key(origin, &subject, compartment, key.as_ref())?;
			Self::do_set_emergency_key(by, subject, compartment, key)
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

		/// What holds for a patient when no grant speaks.
		pub fn policy_of(subject: IdentityId) -> PolicyRow {
			Policies::<T>::get(subject)
		}

		/// The secret of an old epoch of a compartment, sealed to the key of the next one.
		pub fn epoch_link(
			subject: IdentityId,
			compartment: CompartmentNo,
			epoch: Epoch,
		) -> Option<Wrap> {
			EpochLinks::<T>::get((subject, compartment, epoch))
		}

		/// The secret of a compartment that is handed out in emergencies, sealed to its holder.
		pub fn emergency_key(
			subject: IdentityId,
			compartment: CompartmentNo,
		) -> Option<EmergencyKey> {
			EmergencyKeys::<T>::get(subject, compartment)
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

		/// The entries of a patient's access log with their numbers, from number `start` on. What
		/// is older than the last `AccessLogSize` entries is in events only; the page then starts
		/// at the oldest entry kept.
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

		/// The sub-grants below a grant of a patient that were neither revoked nor cleared away.
		pub fn sub_grants(root: GrantId) -> Vec<ListedGrant> {
			SubGrants::<T>::get(root).into_iter().filter_map(Self::grant_by_id).collect()
		}

		/// The grants of a patient that are in force and end before a moment, by their ends. Grants
		/// that were passed on end with these.
		pub fn expiring(
			subject: IdentityId,
			before: Moment,
			limit: u32,
		) -> Result<Vec<ListedGrant>, PageTooLarge> {
			Self::expiring_page(subject, before, limit)
		}

		/// A request, while it waits.
		pub fn request(id: RequestId) -> Option<RequestView> {
			Requests::<T>::get(id).map(|request| request.view(T::Time::now()))
		}

		/// The requests that wait for a patient in the order they came, from place `start` on.
		pub fn requests_for(
			subject: IdentityId,
			start: u64,
			limit: u32,
		) -> Result<Page<(RequestId, RequestView)>, PageTooLarge> {
			Self::requests_page(subject, start, limit)
		}

		/// An emergency, and where it stands now.
		pub fn emergency(id: EmergencyId) -> Option<EmergencyView> {
			Self::emergency_view(id)
		}

		/// The emergencies of a patient in the order they were opened, from number `start` on.
		pub fn emergencies_of(
			subject: IdentityId,
			start: u64,
			limit: u32,
		) -> Result<Page<EmergencyView>, PageTooLarge> {
			Self::emergencies_of_page(subject, start, limit)
		}

		/// The emergencies at an organisation in the order they were opened, from number `start`
		/// on.
		pub fn emergencies_at(
			organisation: IdentityId,
			start: u64,
			limit: u32,
		) -> Result<Page<EmergencyView>, PageTooLarge> {
			Self::emergencies_at_page(organisation, start, limit)
		}

		/// The emergencies that somebody has to review before a moment, after emergency `after`.
		pub fn reviews_due(
			before: Moment,
			after: Option<EmergencyId>,
			limit: u32,
		) -> Result<ReviewPage, PageTooLarge> {
			Self::reviews_due_page(before, after, limit)
		}

		/// How often somebody broke the glass of late, and how that was found.
		pub fn claimant(id: IdentityId) -> Claimant {
			Claimants::<T>::get(id)
		}

		/// How emergencies are kept in bounds.
		pub fn btg_policy() -> EmergencyPolicy {
			BtgPolicy::<T>::get()
		}

		/// How many emergency keys an organisation holds, when it offers to hold any.
		pub fn emergency_holder(organisation: IdentityId) -> Option<u32> {
			let row = EmergencyHolders::<T>::get(organisation).filter(Holder::is_one);
			row.map(|holder| holder.keys)
		}

		/// When a holder of emergency keys that has given notice may drop them.
		pub fn emergency_holder_leaves(organisation: IdentityId) -> Option<Moment> {
			EmergencyHolders::<T>::get(organisation)?.leaves()
		}

		/// Where the key shares of an identity's records lie, as it says.
		pub fn share_custody(id: IdentityId) -> Option<ShareCustody> {
			ShareCustodians::<T>::get(id)
		}

		/// How far a log of an organisation is anchored.
		pub fn audit_head(organisation: IdentityId, recorder: RecorderId) -> AuditHead {
			AuditHeads::<T>::get(organisation, recorder)
		}

		/// The batches of a log with their numbers, from number `start` on.
		pub fn audit_batches(
			organisation: IdentityId,
			recorder: RecorderId,
			start: u64,
			limit: u32,
		) -> Result<Page<(u64, AuditBatch)>, PageTooLarge> {
			Self::audit_batches_page(organisation, recorder, start, limit)
		}

		/// The logs of an organisation in the order of their first batches, from number `start` on.
		pub fn recorders_of(
			organisation: IdentityId,
			start: u64,
			limit: u32,
		) -> Result<Page<RecorderId>, PageTooLarge> {
			Self::recorders_page(organisation, start, limit)
		}

		/// Whether entry `number` of a log, with the hash `event`, is in batch `seq` of it.
		pub fn verify_audit_inclusion(
			organisation: IdentityId,
			recorder: RecorderId,
			number: u64,
			event: Digest,
			seq: u64,
			path: Vec<Digest>,
		) -> bool {
			let leaf = AuditLeaf { organisation, recorder, number, event };
			Self::audit_includes(&leaf, seq, &path)
		}
	}
}
