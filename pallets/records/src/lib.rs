// SPDX-License-Identifier: Apache-2.0

#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
mod calls;
#[cfg(any(feature = "try-runtime", test))]
mod invariants;
#[cfg(test)]
mod mock;
mod provided;
#[cfg(test)]
mod tests;
pub mod types;
pub mod weights;

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

type BundleOf<T> = BoundedVec<
	SignedAttestation<<T as frame_system::Config>::AccountId, <T as Config>::Signature>,
	ConstU32<MAX_ATTESTATIONS>,
>;
type DepositOf<T> =
	Deposit<<T as frame_system::Config>::AccountId, <T as Config>::RecordConsideration>;
type OpenOwnOf<T> = BoundedVec<(RecordId, Moment), <T as Config>::MaxOpenOwnProposals>;
type RecordOf<T> =
	Record<<T as frame_system::Config>::AccountId, <T as Config>::RecordConsideration>;
type VersionOf<T> =
	Version<<T as frame_system::Config>::AccountId, <T as Config>::RecordConsideration>;

use frame_support::{BoundedVec, traits::ConstU32};
use salus_primitives::{Moment, RecordId, SignedAttestation};

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use frame_support::{
		pallet_prelude::*,
		traits::{Consideration, Footprint, Time},
	};
	use frame_system::pallet_prelude::*;
	use salus_primitives::{
		AmendReason, AttestationKind, AttestationStatement, Commitment, CompartmentNo, ContentHash,
		Digest, Epoch, IdentityId, RecordClass, RecordKey, RecordNonce, RecordVersion,
		RetractReason, Verdict,
	};
	use salus_traits::{
		accreditation::{AccreditationInspect, AffiliationInspect, MAX_ORGANISATIONS},
		consent::Compartments,
		identity::{Actor, IdentityInspect},
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

		/// How many items a page of an answer can hold.
		#[pallet::constant]
		type MaxPage: Get<u32>;

		/// Weights.
		type WeightInfo: WeightInfo;

		/// Accounts that can sign, for benchmarks.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: crate::benchmarking::Signers<Self::AccountId, Self::Signature>;
	}

	/// Why funds are held.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// Rent for a version of a record.
		#[codec(index = 0)]
		Record,
	}

	/// Records with the version that counts, by id. Rent is held from the payer who filed that
	/// version; patients pay with their quota instead. Rows stay: errors are marked, not deleted.
	///
	/// The id is a hash made here, so it needs no other hasher.
	#[pallet::storage]
	pub type Records<T: Config> = StorageMap<_, Identity, RecordId, RecordOf<T>>;

	/// Amendments that wait for verdicts, by record: one at most. Rent as for records. Gone once
	/// the version is anchored, fails or is abandoned.
	#[pallet::storage]
	pub type Pending<T: Config> = StorageMap<_, Identity, RecordId, VersionOf<T>>;

	/// Versions that do not count: superseded, failed, abandoned. By record and number. Their rent
	/// moves here with them. They stay.
	#[pallet::storage]
	pub type Versions<T: Config> = StorageDoubleMap<
		_,
		Identity,
		RecordId,
		Twox64Concat,
		RecordVersion,
		VersionOf<T>,
		OptionQuery,
	>;

	/// Sealed objects small enough to lie on chain, by their hash. Paid with the version, and stay
	/// as long.
	///
	/// The hash is made here, so it needs no other hasher.
	#[pallet::storage]
	pub type Objects<T: Config> = StorageMap<_, Identity, ContentHash, InlineObject>;

	/// The record that a sealed object belongs to, by its hash. Paid with the version, and stays
	/// as long.
	///
	/// The hash of an external object is what its author says, so it is hashed again.
	#[pallet::storage]
	pub type ContentIndex<T: Config> = StorageMap<_, Blake2_128Concat, ContentHash, RecordId>;

	/// The records of a subject in the order of filing, by subject and number. Paid with the
	/// record, and stay as long.
	///
	/// Ids of subjects are hashes made on chain, so they need no other hasher.
	#[pallet::storage]
	pub type SubjectRecords<T: Config> =
		StorageDoubleMap<_, Identity, IdentityId, Twox64Concat, u32, RecordId>;

	/// How many records a subject has.
	#[pallet::storage]
	pub type SubjectRecordCount<T: Config> = StorageMap<_, Identity, IdentityId, u32, ValueQuery>;

	/// What a patient has waiting for verdicts, with the deadlines, by patient. Entries go when
	/// they are decided or, past their deadline, with the next one.
	#[pallet::storage]
	pub type OpenOwnProposals<T: Config> =
		StorageMap<_, Identity, IdentityId, OpenOwnOf<T>, ValueQuery>;

	/// What it takes to anchor a record, by class. Set by governance; never removed.
	#[pallet::storage]
	pub type ValidationPolicies<T: Config> =
		StorageMap<_, Twox64Concat, RecordClass, ValidationPolicy>;

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

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A record waits for verdicts.
		RecordProposed {
			/// Which record.
			record: RecordId,
			/// Whose it is.
			subject: IdentityId,
			/// Who wrote it.
			author: IdentityId,
			/// For which organisation.
			organisation: Option<IdentityId>,
			/// Its class.
			class: RecordClass,
			/// The compartment it lies in.
			compartment: CompartmentNo,
			/// The hash of the sealed object.
			content: ContentHash,
			/// The commitment to the body.
			body: Commitment,
			/// The length of the padded plaintext.
			padded_len: u64,
			/// The epoch its key is sealed to.
			epoch: Epoch,
			/// Until when verdicts are taken (exclusive).
			deadline: Moment,
		},
		/// A validator gave a verdict.
		AttestationAdded {
			/// Which record.
			record: RecordId,
			/// Which version.
			version: RecordVersion,
			/// Who judged.
			validator: IdentityId,
			/// Where a practitioner worked then.
			organisations: BoundedVec<IdentityId, ConstU32<MAX_ORGANISATIONS>>,
			/// What the verdict is about.
			kind: AttestationKind,
			/// How it came out.
			verdict: Verdict,
			/// Hash of the sealed reasons.
			evidence: Digest,
		},
		/// The policy is met: this version counts now.
		RecordAnchored {
			/// Which record.
			record: RecordId,
			/// Which version.
			version: RecordVersion,
			/// Whose it is.
			subject: IdentityId,
			/// Who wrote it.
			author: IdentityId,
			/// For which organisation.
			organisation: Option<IdentityId>,
			/// Its class.
			class: RecordClass,
			/// The compartment it lies in.
			compartment: CompartmentNo,
			/// The hash of the sealed object.
			content: ContentHash,
			/// The commitment to the body.
			body: Commitment,
			/// The length of the padded plaintext.
			padded_len: u64,
		},
		/// A verdict was `Fail`: this version will never count.
		ValidationFailed {
			/// Which record.
			record: RecordId,
			/// Which version.
			version: RecordVersion,
			/// Who judged.
			validator: IdentityId,
			/// What the verdict is about.
			kind: AttestationKind,
		},
		/// A record got a new version. With a deadline it waits for verdicts; without, it counts.
		RecordAmended {
			/// Which record.
			record: RecordId,
			/// Which version.
			version: RecordVersion,
			/// Who did it.
			by: IdentityId,
			/// Why.
			reason: AmendReason,
			/// The hash of the sealed object.
			content: ContentHash,
			/// The commitment to the body.
			body: Commitment,
			/// The length of the padded plaintext.
			padded_len: u64,
			/// The epoch its key is sealed to.
			epoch: Epoch,
			/// Until when verdicts are taken (exclusive).
			deadline: Option<Moment>,
		},
		/// A record was entered in error.
		RecordRetracted {
			/// Which record.
			record: RecordId,
			/// Which version.
			version: RecordVersion,
			/// Who did it.
			by: IdentityId,
			/// Why.
			reason: RetractReason,
		},
		/// What it takes to anchor records of a class was set, for versions filed from now on.
		ValidationPolicySet {
			/// Its class.
			class: RecordClass,
			/// What it takes.
			policy: ValidationPolicy,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The subject is no active patient: check the id.
		UnknownSubject,
		/// A patient files own records only: name yourself as the subject.
		NotOwnRecord,
		/// A practitioner files for an organisation: name the one you work at.
		OrganisationMissing,
		/// A patient names no organisation, and an organisation none but itself.
		OrganisationNotYours,
		/// You do not work at that organisation now: name another, or have the affiliation renewed.
		NotAffiliated,
		/// The organisation holds no licence to treat, test or dispense now: renew it first.
		NotAccredited,
		/// An identity of this kind files no records: use a person's or an organisation's.
		KindCannotFile,
		/// Records of this class cannot be filed yet: governance sets a policy first.
		NoPolicy,
		/// The patient has not opened this compartment: ask for it or take another.
		CompartmentNotOpen,
		/// The key is not sealed to the current epoch of the compartment: seal it again.
		StaleEpoch,
		/// No plaintext is that long after padding: at least 512 bytes, rounded up by Padmé.
		BadPaddedLength,
		/// The object is not as long as its padded plaintext makes it.
		ContentLengthMismatch,
		/// The bytes are no sealed object: seal them first.
		NotSealed,
		/// You filed a record with this nonce in this place before: take a fresh nonce.
		RecordExists,
		/// This object belongs to a record already: seal the plaintext afresh.
		ContentAlreadyAnchored,
		/// Too many of your own records wait for verdicts: wait until one is decided or lapses.
		TooManyOpenProposals,
		/// There is no such record.
		RecordNotFound,
		/// The record has no such version.
		VersionNotFound,
		/// Another version came in between: read the record again.
		VersionMismatch,
		/// This version takes no verdicts: it was decided or given up.
		NotInProcess,
		/// Only a record that counts can be amended; file a new one.
		NotAnchored,
		/// An amendment waits for verdicts: wait until it is decided or lapses.
		AmendmentPending,
		/// The record failed or was retracted before; that is final.
		AlreadyClosed,
		/// Only the author or the author's organisation may do this.
		NotAuthor,
		/// The time for verdicts has passed: the author files again.
		DeadlinePassed,
		/// The account that signed the verdict belongs to no active identity.
		UnknownAttestor,
		/// The validator holds none of the accreditations that the policy asks for now.
		AttestorNotQualified,
		/// The policy asks for somebody else than the author.
		AttestorIsAuthor,
		/// The policy asks for different organisations, and a colleague's verdict counts already.
		AttestorsNotIndependent,
		/// The validator gave a verdict of this kind on this version before.
		DuplicateAttestation,
		/// The policy asks for no more passing verdicts of this kind.
		RequirementMet,
		/// A bundled verdict is too old: have it signed again.
		AttestationExpired,
		/// A bundled signature does not fit this chain, record, version, content and verdict.
		BadAttestationSignature,
		/// A bundled verdict does not pass: correct the record first.
		FailingVerdict,
		/// The bundled verdicts do not meet the policy: add what is missing, or propose.
		PolicyNotMet,
		/// No version could meet this policy: see that counts, kinds and time to live are possible.
		UnsoundPolicy,
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
			assert!(T::MaxPage::get() > 0, "a page holds something");
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
		/// Holds rent from the signer; a patient's own takes a place of the quota until it is
		/// decided or lapses.
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
		/// per kind. `evidence` is the hash of the sealed reasons. One `Fail` is final. Holds
		/// nothing.
		#[pallet::call_index(1)]
		pub fn attest(
			origin: OriginFor<T>,
			record: RecordId,
			version: RecordVersion,
			kind: AttestationKind,
			verdict: Verdict,
			evidence: Digest,
		) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			Self::do_attest(actor, record, version, kind, verdict, evidence)
		}

		/// Files a record together with the signed verdicts that meet its policy, and anchors it.
		///
		/// By whom `propose` allows, with the same arguments. `attestations` are verdicts signed off
		/// chain over version 1, by validators who qualify now; all of them pass, and together they
		/// meet the policy. Holds rent from the signer; a patient's own takes nothing.
		#[pallet::call_index(2)]
		#[pallet::weight({
			let count = attestations.len() as u32;
			if content.is_inline() { T::WeightInfo::anchor_validated_inline(count) }
			else { T::WeightInfo::anchor_validated_external(count) }
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

		/// Gives an anchored record a new version.
		///
		/// By its author or the author's organisation, as long as they could still file it.
		/// `expected_version` is the highest number given out; the new version gets the next.
		/// `attestations` are verdicts signed off chain over it: when they meet the policy it counts
		/// at once, otherwise it waits for `attest` and the version before still counts. One
		/// amendment waits at a time. Holds rent from the signer, or a place of a patient's quota
		/// while it waits.
		#[pallet::call_index(5)]
		#[pallet::weight({
			let count = attestations.len() as u32;
			if content.is_inline() { T::WeightInfo::amend_inline(count) }
			else { T::WeightInfo::amend_external(count) }
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
		/// By its author or the author's organisation, with or without a licence. The history stays,
		/// with its rent; the key wraps go; an amendment that waits is given up. Holds nothing.
		#[pallet::call_index(6)]
		pub fn retract(
			origin: OriginFor<T>,
			record: RecordId,
			reason: RetractReason,
		) -> DispatchResult {
			let actor = T::IdentityOrigin::ensure_origin(origin)?;
			Self::do_retract(actor, record, reason)
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
				.map(|version| Self::version_view(&record, version))
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
		/// Newest first, a start beyond the end stands for the newest.
		pub fn records_of(
			subject: IdentityId,
			start_seq: u32,
			limit: u32,
			newest_first: bool,
		) -> Result<Page<RecordView>, PageTooLarge> {
			Self::records_page(subject, start_seq, limit, newest_first)
		}

		/// Which record does a sealed object belong to?
		pub fn by_content(content: ContentHash) -> Option<RecordId> {
			ContentIndex::<T>::get(content)
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
	}
}
