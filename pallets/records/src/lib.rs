// SPDX-License-Identifier: Apache-2.0

#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod calls;
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
pub mod types;
mod views;
pub mod weights;

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

use frame_support::{BoundedVec, pallet_macros::import_section, traits::ConstU32};
use salus_primitives::{Moment, RecordId, SignedAttestation};

type AccountOf<T> = <T as frame_system::Config>::AccountId;
type BatchOf<T> = Batch<AccountOf<T>, <T as Config>::RecordConsideration>;
type BundleOf<T> = BoundedVec<
	SignedAttestation<AccountOf<T>, <T as Config>::Signature>,
	ConstU32<MAX_ATTESTATIONS>,
>;
type DepositOf<T> = Deposit<AccountOf<T>, <T as Config>::RecordConsideration>;
type NewRecordOf<T> = NewRecord<AccountOf<T>, <T as Config>::Signature>;
type OpenOwnOf<T> = BoundedVec<(RecordId, Moment), <T as Config>::MaxOpenOwnProposals>;
type QuotaOf<T> = Quota<OpenOwnOf<T>>;
type RecordOf<T> = Record<AccountOf<T>, <T as Config>::RecordConsideration>;
type StoredWrapOf<T> = StoredWrap<AccountOf<T>, <T as Config>::RecordConsideration>;
type TagSetOf<T> = TagSet<AccountOf<T>, <T as Config>::RecordConsideration>;
type VersionOf<T> = Version<AccountOf<T>, <T as Config>::RecordConsideration>;

#[import_section(errors::errors)]
#[import_section(events::events)]
#[import_section(storage::storage)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use crate::calls::{Given, LeafProof, Tree};
	use alloc::vec::Vec;
	use frame_support::{
		pallet_prelude::*,
		traits::{Consideration, Footprint, Time},
	};
	use frame_system::pallet_prelude::*;
	use salus_primitives::{
		AmendReason, AttestationKind, AttestationStatement, BatchId, BatchStatement, Commitment,
		CompartmentNo, ContentHash, Digest, Epoch, ErasureBasis, IdentityId, LeafIndex,
		RecipientKey, RecordClass, RecordKey, RecordNonce, RecordVersion, RefusalBasis,
		RetractReason, Tag, TreeAlgorithm, Verdict,
	};
	use salus_traits::{
		accreditation::{AccreditationInspect, AffiliationInspect, MAX_ORGANISATIONS},
		consent::Compartments,
		identity::{Actor, AgreementKeys, IdentityInspect},
	};
	use sp_runtime::traits::{IdentifyAccount, Verify};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// Who files and judges: any active identity, by one of its accounts.
		type IdentityOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Actor<Self::AccountId>>;

		/// Who sets what it takes to anchor a record.
		type GovernanceOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Who is behind an account, and which subjects there are.
		type Identities: IdentityInspect<Self::AccountId>;

		/// Who may file and judge now.
		type Accreditations: AccreditationInspect;

		/// Who works where.
		type Affiliations: AffiliationInspect;

		/// To which keys something can be sealed for somebody.
		type AgreementKeys: AgreementKeys;

		/// Which compartments are open, and at which epoch.
		type Compartments: Compartments;

		/// Signatures of validators that come bundled with a record.
		type Signature: Verify<Signer: IdentifyAccount<AccountId = Self::AccountId>> + Parameter;

		/// The hash of block 0, which every signed statement names.
		type GenesisHash: Get<[u8; 32]>;

		/// What time it is, in milliseconds.
		type Clock: Time<Moment = Moment>;

		/// The rent for what practitioners and organisations file.
		type RecordConsideration: Consideration<Self::AccountId, Footprint>;

		/// How many versions of own records a patient can have waiting for verdicts at a time.
		#[pallet::constant]
		type MaxOpenOwnProposals: Get<u32>;

		/// How many bytes the versions that a patient files can take, each counted at its longest,
		/// with their objects and the tombstones of its own records.
		#[pallet::constant]
		type MaxOwnBytes: Get<u32>;

		/// How many rows whose time has passed a block removes, when it has weight left.
		#[pallet::constant]
		type SweepPerBlock: Get<u32>;

		/// How many items a page of an answer can hold.
		#[pallet::constant]
		type MaxPage: Get<u32>;

		/// Weights.
		type WeightInfo: WeightInfo;

		/// Accounts that can sign, for benchmarks.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: salus_traits::signers::Signers<Self::AccountId, Self::Signature>;
	}

	/// Why funds are held.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// Rent for what is kept of records: versions, wraps, tags, batches.
		#[codec(index = 0)]
		Record,
	}

	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// What it takes to anchor a record of each class.
		pub policies: Vec<(RecordClass, ValidationPolicy)>,
		/// Nothing.
		#[serde(skip)]
		pub _config: core::marker::PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			for (class, policy) in &self.policies {
				assert!(policy.is_sound(), "the policy for {class} cannot be met");
				ValidationPolicies::<T>::insert(class, policy);
			}
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			let smallest = object_len(MIN_PADDED_LEN);
			assert!(smallest.is_some_and(|len| len <= MAX_INLINE.into()), "nothing fits inline");
			assert!(
				AttestationKind::ALL.len() <= MAX_ATTESTATIONS as usize,
				"one verdict per kind"
			);
			assert!(T::MaxOpenOwnProposals::get() > 0, "patients file own records");
			assert!(
				Self::room_of(MAX_INLINE as usize) <= T::MaxOwnBytes::get(),
				"a patient has room for a record"
			);
			assert!(T::MaxPage::get() > 0, "a page holds something");
			assert!(T::SweepPerBlock::get() > 0, "what lapsed goes at some time");
			assert!(T::SweepPerBlock::get() <= MAX_REAPED, "its weight is known");
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

	#[pallet::extra_constants]
	impl<T: Config> Pallet<T> {
		/// The longest sealed object that the chain keeps, in bytes.
		fn max_inline() -> u32 {
			MAX_INLINE
		}

		/// How many verdicts a version holds.
		fn max_attestations() -> u32 {
			MAX_ATTESTATIONS
		}

		/// How many records one call files.
		fn max_records() -> u32 {
			MAX_RECORDS
		}

		/// How many recipients one call names.
		fn max_recipients() -> u32 {
			MAX_RECIPIENTS
		}

		/// How many wraps a version has at most.
		fn max_wraps() -> u32 {
			MAX_WRAPS
		}

		/// How many tags a record has at most.
		fn max_tags() -> u32 {
			MAX_TAGS
		}

		/// How many leaves a batch has at most.
		fn max_tree_size() -> u32 {
			MAX_TREE_SIZE
		}

		/// How many records one call reaps.
		fn max_reaped() -> u32 {
			MAX_REAPED
		}

		/// How long the keeper of a record has to answer a wish to erase it, in milliseconds.
		fn erasure_term() -> Moment {
			ERASURE_TERM
		}
	}

	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Files a record that waits for verdicts.
		///
		/// By a patient for itself, a practitioner for an organisation it works at (`organisation`),
		/// or a licensed organisation. The record's id is made of author, `subject`, `class`,
		/// `compartment` and `nonce`, so that it is known before. `content` is the sealed object or
		/// its hash, `body` the commitment to what was sealed, `padded_len` the length of the padded
		/// plaintext, `key` the reader share sealed to the current epoch of the compartment.
		///
		/// Holds rent from the signer; a patient's own takes room of its quota, and a place until it
		/// is decided or lapses.
		#[pallet::call_index(0)]
		#[pallet::weight({
			if content.is_inline() { T::WeightInfo::propose_inline() }
			else { T::WeightInfo::propose_external() }
		})]
		pub fn propose(
			origin: OriginFor<T>,
			nonce: RecordNonce,
			subject: IdentityId,
			organisation: Option<IdentityId>,
			class: RecordClass,
			compartment: CompartmentNo,
			content: Content,
			body: Commitment,
			padded_len: u64,
			key: RecordKey,
		) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			let place = Place { nonce, subject, organisation, class, compartment };
			Self::do_propose(actor, place, Sealed { content, body, padded_len, key })
		}

		/// Gives a verdict on a version that waits for it, and anchors or fails it when that decides.
		///
		/// By an identity that holds one of the accreditations the policy names for `kind` now, once
		/// per kind. `content` is the hash of the sealed object that it saw, `body` the commitment that
		/// it compared: a verdict is on nothing else, whatever became of the number meanwhile. `evidence` is the hash of the sealed reasons. One
		/// `Fail` is final. Holds nothing.
		#[pallet::call_index(1)]
		pub fn attest(
			origin: OriginFor<T>,
			record: RecordId,
			version: RecordVersion,
			content: ContentHash,
			body: Commitment,
			kind: AttestationKind,
			verdict: Verdict,
			evidence: Digest,
		) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			let given = Given { content, body, kind, verdict, evidence };
			Self::do_attest(actor, record, version, given)
		}

		/// Files a record together with the signed verdicts that meet its policy, and anchors it.
		///
		/// By whom `propose` allows, with the same arguments. `attestations` are verdicts signed off
		/// chain over version 1, by validators who qualify now; all of them pass, and together they
		/// meet the policy. Holds rent from the signer; a patient's own takes room of its quota.
		#[pallet::call_index(2)]
		#[pallet::weight({
			let count = attestations.len() as u32;
			let filed = if content.is_inline() { T::WeightInfo::anchor_validated_inline(count) }
			else { T::WeightInfo::anchor_validated_external(count) };
			filed.saturating_add(Pallet::<T>::weight_of_workplaces(count))
		})]
		pub fn anchor_validated(
			origin: OriginFor<T>,
			nonce: RecordNonce,
			subject: IdentityId,
			organisation: Option<IdentityId>,
			class: RecordClass,
			compartment: CompartmentNo,
			content: Content,
			body: Commitment,
			padded_len: u64,
			key: RecordKey,
			attestations: BundleOf<T>,
		) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			let place = Place { nonce, subject, organisation, class, compartment };
			let sealed = Sealed { content, body, padded_len, key };
			Self::do_anchor_validated(actor, place, sealed, attestations)
		}

		/// Files up to 100 records together with the signed verdicts that meet their policies, and
		/// anchors them: all or none.
		///
		/// By whom `anchor_validated` allows, each as there, all for the same organisation. Holds
		/// rent per record from the signer; a patient's own take room of its quota.
		#[pallet::call_index(3)]
		#[pallet::weight(Pallet::<T>::weight_of_many(records))]
		pub fn anchor_many(
			origin: OriginFor<T>,
			organisation: Option<IdentityId>,
			records: BoundedVec<NewRecordOf<T>, ConstU32<MAX_RECORDS>>,
		) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			Self::do_anchor_many(actor, organisation, records)
		}

		/// Takes back what was filed and never counted: an amendment that waits, or else a proposal
		/// that waits, lapsed or failed.
		///
		/// By its author. The rows go, and the rent returns; the number of a version is not given
		/// again. Not while the record is under legal hold.
		#[pallet::call_index(4)]
		pub fn withdraw(origin: OriginFor<T>, record: RecordId) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			Self::do_withdraw(actor, record)
		}

		/// Gives a record that counts a new version.
		///
		/// By who keeps it, as long as they could still file it. `expected_version` is the highest number given out; the new version gets the next.
		/// `attestations` are verdicts signed off chain over it: when they meet the policy it counts
		/// at once, otherwise it waits for `attest` and the version before still counts. One
		/// amendment waits at a time. Holds rent from the signer; a patient's own takes room of its
		/// quota, and a place while it waits.
		#[pallet::call_index(5)]
		#[pallet::weight({
			let count = attestations.len() as u32;
			let filed = if content.is_inline() { T::WeightInfo::amend_inline(count) }
			else { T::WeightInfo::amend_external(count) };
			filed.saturating_add(Pallet::<T>::weight_of_workplaces(count))
		})]
		pub fn amend(
			origin: OriginFor<T>,
			record: RecordId,
			expected_version: RecordVersion,
			content: Content,
			body: Commitment,
			padded_len: u64,
			reason: AmendReason,
			key: RecordKey,
			attestations: BundleOf<T>,
		) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			let sealed = Sealed { content, body, padded_len, key };
			Self::do_amend(actor, record, expected_version, sealed, reason, attestations)
		}

		/// Marks a record as entered in error, for good.
		///
		/// By who keeps it; an organisation needs no licence for that. The history stays, with its rent;
		/// the key wraps go, and so do objects on chain that a patient filed; an amendment that waits is
		/// given up. Not under legal hold.
		#[pallet::call_index(6)]
		pub fn retract(
			origin: OriginFor<T>,
			record: RecordId,
			reason: RetractReason,
		) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			Self::do_retract(actor, record, reason)
		}

		/// Asks for new verdicts on a record that counts, under the policy of now.
		///
		/// By who keeps it, or governance. It stays readable meanwhile, and counts. The verdicts before
		/// are in the events; `attest` gives the new ones. Neither while an amendment waits nor under
		/// legal hold. Holds nothing.
		#[pallet::call_index(7)]
		pub fn request_revalidation(origin: OriginFor<T>, record: RecordId) -> DispatchResult {
			let by = match T::GovernanceOrigin::try_origin(origin) {
				Ok(_) => None,
				Err(origin) => Some(T::IdentityOrigin::ensure_origin(origin)?),
			};
			Self::do_request_revalidation(by, record)
		}

		/// Lets more recipients open a version: its reader share, sealed to each.
		///
		/// By the subject or who keeps the record. Each wrap is to the current agreement key of its
		/// recipient, and takes the place of the one before, except under legal hold. Holds rent per
		/// wrap from the signer; the subject pays nothing.
		#[pallet::call_index(8)]
		#[pallet::weight(T::WeightInfo::add_wraps(wraps.len() as u32))]
		pub fn add_wraps(
			origin: OriginFor<T>,
			record: RecordId,
			version: RecordVersion,
			wraps: BoundedVec<RecipientKey, ConstU32<MAX_RECIPIENTS>>,
		) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			Self::do_add_wraps(actor, record, version, wraps)
		}

		/// Takes the shares of recipients of a version away.
		///
		/// By the subject or who keeps the record, except under legal hold; a recipient drops its own.
		/// The rent returns to who paid it.
		#[pallet::call_index(9)]
		#[pallet::weight(T::WeightInfo::drop_wraps(recipients.len() as u32))]
		pub fn drop_wraps(
			origin: OriginFor<T>,
			record: RecordId,
			version: RecordVersion,
			recipients: Recipients,
		) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			Self::do_drop_wraps(actor, record, version, recipients)
		}

		/// Says that the share one holds of a version does not open.
		///
		/// By the subject, about the one sealed to the compartment, or by a recipient. It is counted
		/// and announced, no more. Holds nothing.
		#[pallet::call_index(10)]
		pub fn report_bad_wrap(
			origin: OriginFor<T>,
			record: RecordId,
			version: RecordVersion,
		) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			Self::do_report_bad_wrap(actor, record, version)
		}

		/// Puts the same body, sealed under new keys, in the place of the version that counts.
		///
		/// By who keeps the record, and by the subject unless it asked for the erasure. It counts at
		/// once, with the verdicts on its body; what rested on the verdicts of a batch, which speak of
		/// the object before, is validated anew. The 16 versions before lose their keys.
		/// `expected_version` is the highest number given out. Neither while an amendment waits nor
		/// under legal hold. Holds rent from the signer; the subject's takes room of its quota.
		#[pallet::call_index(11)]
		#[pallet::weight({
			if content.is_inline() { T::WeightInfo::reseal_inline() }
			else { T::WeightInfo::reseal_external() }
		})]
		pub fn reseal(
			origin: OriginFor<T>,
			record: RecordId,
			expected_version: RecordVersion,
			content: Content,
			padded_len: u64,
			key: RecordKey,
		) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			Self::do_reseal(actor, record, expected_version, content, padded_len, key)
		}

		/// Sets the blind-index tags of a record; none clears them.
		///
		/// By the subject, or by the author as long as it keeps the record. Under legal hold tags are
		/// added and none dropped. Holds rent from the signer, and returns what was held for the tags
		/// before; the subject pays nothing.
		#[pallet::call_index(12)]
		#[pallet::weight(T::WeightInfo::set_tags(tags.len() as u32))]
		pub fn set_tags(origin: OriginFor<T>, record: RecordId, tags: Tags) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			Self::do_set_tags(actor, record, tags)
		}

		/// Anchors the root of a tree of records.
		///
		/// By an organisation with a licence to file, for itself. `attestations` are verdicts on all
		/// leaves, signed off chain; what they are worth is judged when a leaf is promoted. Holds
		/// rent from the signer.
		#[pallet::call_index(13)]
		#[pallet::weight(T::WeightInfo::anchor_batch(attestations.len() as u32))]
		pub fn anchor_batch(
			origin: OriginFor<T>,
			root: Digest,
			algorithm: TreeAlgorithm,
			tree_size: u32,
			attestations: BundleOf<T>,
		) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			let tree = Tree { root, algorithm, size: tree_size };
			Self::do_anchor_batch(actor, tree, attestations)
		}

		/// Files a leaf of a batch as a record, and anchors it when its policy is met.
		///
		/// By who files for the batch's organisation. `path` leads from the leaf to the root. The
		/// batch's verdicts count where the policy of the class admits them and their validators
		/// qualify now, then those bundled. Holds rent from the signer. What the batch lacks of
		/// verdicts is not paid for.
		#[pallet::call_index(14)]
		#[pallet::weight(Pallet::<T>::weight_of_promotion(
			content.is_inline(),
			attestations.len() as u32,
			MAX_ATTESTATIONS,
		))]
		pub fn promote(
			origin: OriginFor<T>,
			batch: BatchId,
			leaf_index: LeafIndex,
			path: LeafPath,
			nonce: RecordNonce,
			subject: IdentityId,
			organisation: Option<IdentityId>,
			class: RecordClass,
			compartment: CompartmentNo,
			content: Content,
			body: Commitment,
			padded_len: u64,
			key: RecordKey,
			attestations: BundleOf<T>,
		) -> DispatchResultWithPostInfo {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			let place = Place { nonce, subject, organisation, class, compartment };
			let sealed = Sealed { content, body, padded_len, key };
			let leaf = LeafProof { batch, index: leaf_index, path };
			Self::do_promote(actor, leaf, place, sealed, attestations)
		}

		/// Asks for a record to be erased.
		///
		/// By its subject. The keeper answers within 30 days. Holds nothing.
		#[pallet::call_index(17)]
		pub fn request_erasure(origin: OriginFor<T>, record: RecordId) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			Self::do_request_erasure(actor, record)
		}

		/// Erases a record: nothing is left but when, on what ground and by whom.
		///
		/// By who keeps it, when the subject asked for it; by a subject who wrote it, at any time. Not
		/// while it is under legal hold. All rent returns.
		#[pallet::call_index(18)]
		pub fn execute_erasure(
			origin: OriginFor<T>,
			record: RecordId,
			basis: ErasureBasis,
		) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			Self::do_execute_erasure(actor, record, basis)
		}

		/// Refuses to erase a record.
		///
		/// By who keeps it, and never for what its subject wrote. The subject can ask again. Holds
		/// nothing.
		#[pallet::call_index(19)]
		pub fn refuse_erasure(
			origin: OriginFor<T>,
			record: RecordId,
			basis: RefusalBasis,
		) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			Self::do_refuse_erasure(actor, record, basis)
		}

		/// Sets what it takes to anchor records of a class, for versions filed from now on.
		///
		/// By governance. Versions that wait keep the policy and the deadline they were filed under.
		/// Holds nothing.
		#[pallet::call_index(20)]
		pub fn set_validation_policy(
			origin: OriginFor<T>,
			class: RecordClass,
			policy: ValidationPolicy,
		) -> DispatchResult {
			T::GovernanceOrigin::ensure_origin(origin)?;
			Self::do_set_validation_policy(class, policy)
		}

		/// Puts a record under legal hold, or lifts it. Of what is held nothing goes that is needed to
		/// prove, find or read it.
		///
		/// By the organisation it was filed for, or who is its privacy officer or administrator now.
		/// Holds nothing.
		#[pallet::call_index(21)]
		pub fn set_legal_hold(origin: OriginFor<T>, record: RecordId, on: bool) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			Self::do_set_legal_hold(actor, record, on)
		}

		/// Removes what has no use any more of these records: proposals and amendments that lapsed,
		/// and rows left over from an erasure.
		///
		/// By anyone. Every record named has something to go, and is not under legal hold. The rent
		/// returns to who paid it.
		#[pallet::call_index(22)]
		#[pallet::weight({
			let count = records.len() as u32;
			let residues = T::WeightInfo::sweep_residue().saturating_mul(count.into());
			T::WeightInfo::reap(count).max(residues)
		})]
		pub fn reap(
			origin: OriginFor<T>,
			records: BoundedVec<RecordId, ConstU32<MAX_REAPED>>,
		) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_reap(records)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// What stands about a record?
		pub fn record(id: RecordId) -> Option<RecordView> {
			Records::<T>::get(id).map(|record| Self::record_view(id, &record))
		}

		/// What stands about one version of a record?
		pub fn version(id: RecordId, number: RecordVersion) -> Option<VersionView> {
			let record = Records::<T>::get(id)?;
			Self::version_of(&id, &record, number)
				.map(|version| Self::version_view(&id, &record, version))
		}

		/// The versions of a record from number `start` on, oldest first.
		pub fn versions(
			id: RecordId,
			start: RecordVersion,
			limit: u32,
		) -> Result<Page<VersionView>, PageTooLarge> {
			Self::versions_page(id, start, limit)
		}

		/// The records of a subject from place `start_seq` on, up or down.
		///
		/// Newest first, a start beyond the end stands for the newest. Records that went leave their
		/// places empty, so a page can hold fewer than `limit` while there are more.
		pub fn records_of(
			subject: IdentityId,
			start_seq: u32,
			limit: u32,
			newest_first: bool,
		) -> Result<Page<RecordView>, PageTooLarge> {
			Self::records_page(subject, start_seq, limit, newest_first)
		}

		/// The records of a subject that pass `filter`, from place `start_seq` on, up or down.
		///
		/// A page looks at 256 records at most: it can hold fewer than `limit` while there are more.
		pub fn find_records(
			subject: IdentityId,
			filter: RecordFilter,
			start_seq: u32,
			limit: u32,
			newest_first: bool,
		) -> Result<Page<RecordView>, PageTooLarge> {
			Self::find_page(subject, filter, start_seq, limit, newest_first)
		}

		/// Which record does a sealed object belong to? The one with a version of it that counts or
		/// did; what waits for its first verdicts answers to nothing.
		pub fn by_content(content: ContentHash) -> Option<RecordId> {
			// What an erasure has still to remove belongs to nothing any more.
			ContentIndex::<T>::get(content).filter(|id| Records::<T>::contains_key(id))
		}

		/// What does the version under validation lack? None when none waits.
		pub fn validation_state(id: RecordId) -> Option<ValidationState> {
			let record = Records::<T>::get(id)?;
			Self::awaiting(&id, &record).and_then(|version| Self::validation_of(&version))
		}

		/// The id that a record will have.
		pub fn record_id(
			author: IdentityId,
			subject: IdentityId,
			class: RecordClass,
			compartment: CompartmentNo,
			nonce: RecordNonce,
		) -> RecordId {
			let hash = sp_io::hashing::blake2_256;
			RecordId::derive(hash, &author, &subject, class, compartment, &nonce)
		}

		/// The bytes that a validator signs off chain, plain or between `<Bytes>` and `</Bytes>`.
		pub fn statement_to_sign(
			record: RecordId,
			version: RecordVersion,
			content: ContentHash,
			body: Commitment,
			kind: AttestationKind,
			verdict: Verdict,
			evidence: Digest,
			expires: Moment,
		) -> Vec<u8> {
			let genesis = T::GenesisHash::get();
			AttestationStatement {
				genesis,
				record,
				version,
				content,
				body,
				kind,
				verdict,
				evidence,
				expires,
			}
			.to_bytes()
		}

		/// What does it take to anchor a record of this class?
		pub fn policy(class: RecordClass) -> Option<ValidationPolicy> {
			ValidationPolicies::<T>::get(class)
		}

		/// The records of a subject that carry a tag, after record `after`, in no order that means
		/// anything.
		pub fn by_tag(
			subject: IdentityId,
			tag: Tag,
			after: Option<RecordId>,
			limit: u32,
		) -> Result<Page<RecordId, RecordId>, PageTooLarge> {
			Self::tagged_page(subject, tag, after, limit)
		}

		/// The tags of a record.
		pub fn tags_of(id: RecordId) -> Vec<Tag> {
			RecordTags::<T>::get(id).map(|set| set.tags.into()).unwrap_or_default()
		}

		/// The share of a version that is sealed to `recipient`.
		pub fn wrap_for(
			id: RecordId,
			number: RecordVersion,
			recipient: IdentityId,
		) -> Option<RecipientKey> {
			Self::served_wrap(id, number, recipient)
		}

		/// The shares of a version sealed to somebody beside the compartment, after `after`'s.
		pub fn wraps(
			id: RecordId,
			number: RecordVersion,
			after: Option<IdentityId>,
			limit: u32,
		) -> Result<Page<RecipientKey, IdentityId>, PageTooLarge> {
			Self::wraps_page(id, number, after, limit)
		}

		/// How often did somebody say that a share of a version does not open?
		pub fn bad_wrap_reports(id: RecordId, number: RecordVersion) -> u32 {
			Self::reports_on(id, number)
		}

		/// What stands about a batch?
		pub fn batch(id: BatchId) -> Option<BatchView> {
			Batches::<T>::get(id).map(|batch| Self::batch_view(id, batch))
		}

		/// The batches from number `start` on, oldest first.
		pub fn batches(
			start: BatchId,
			limit: u32,
		) -> Result<Page<BatchView, BatchId>, PageTooLarge> {
			Self::batches_page(start, limit)
		}

		/// Which batch of an organisation has this root?
		pub fn batch_by_root(organisation: IdentityId, root: Digest) -> Option<BatchId> {
			BatchByRoot::<T>::get(organisation, root)
		}

		/// Which record did a leaf of a batch become?
		pub fn promoted(batch: BatchId, leaf_index: LeafIndex) -> Option<RecordId> {
			Promoted::<T>::get(batch, leaf_index)
		}

		/// Does `path` lead from a leaf of this data, in this place, to the root of the batch?
		pub fn verify_inclusion(
			batch: BatchId,
			leaf_data: Vec<u8>,
			leaf_index: LeafIndex,
			path: Vec<Digest>,
		) -> bool {
			Self::includes(batch, &leaf_data, leaf_index, &path)
		}

		/// The bytes that a validator signs off chain for all leaves of a batch.
		pub fn batch_statement_to_sign(
			organisation: IdentityId,
			root: Digest,
			algorithm: TreeAlgorithm,
			tree_size: u32,
			kind: AttestationKind,
			verdict: Verdict,
			evidence: Digest,
			expires: Moment,
		) -> Vec<u8> {
			let genesis = T::GenesisHash::get();
			BatchStatement {
				genesis,
				organisation,
				root,
				algorithm,
				tree_size,
				kind,
				verdict,
				evidence,
				expires,
			}
			.to_bytes()
		}

		/// How far is the erasure of a record? None when nobody asked for it.
		pub fn erasure_state(id: RecordId) -> Option<ErasureState> {
			Self::state_of_erasure(id)
		}

		/// The tombstones of erased records from number `start` on, oldest first.
		pub fn tombstones(
			start: u64,
			limit: u32,
		) -> Result<Page<ListedTombstone, u64>, PageTooLarge> {
			Self::tombstones_page(start, limit)
		}
	}
}
