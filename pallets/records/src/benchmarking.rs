// SPDX-License-Identifier: Apache-2.0

//! Worst honest cases: the last verdict of a full policy by practitioners who work at as many
//! places as they can, wallet-wrapped signatures (two checks each), the largest inline object, an
//! amendment that displaces a lapsed one.

use super::*;
use alloc::{vec, vec::Vec};
use codec::{Encode, MaxEncodedLen};
use frame_benchmarking::{account, v2::*};
use frame_support::traits::{Consideration, EnsureOrigin, Footprint, Get, Time};
use frame_system::RawOrigin;
use salus_primitives::{
	AccreditationKind, AccreditationKinds, AmendReason, AttestationKind, Commitment, CompartmentNo,
	ContentHash, Digest, IdentityId, IdentityKind, RecordClass, RecordKey, RecordStatus,
	RetractReason, Verdict, signed_forms,
};
use salus_traits::{
	accreditation::{AccreditationInspect, AffiliationInspect},
	consent::Compartments,
	identity::IdentityInspect,
};
use sp_runtime::{MultiSignature, MultiSigner, traits::IdentifyAccount};

/// Accounts with keys that benchmarks can sign with.
pub trait Signers<AccountId, Signature> {
	/// The account with this number.
	fn account(number: u32) -> AccountId;
	/// Its signature over `message`.
	fn sign(number: u32, message: &[u8]) -> Signature;
}

/// Signers in the keystore of the benchmarking host.
pub struct KeystoreSigners;

impl KeystoreSigners {
	const KEYS: sp_runtime::KeyTypeId = sp_runtime::KeyTypeId(*b"bnch");

	fn seed(number: u32) -> Option<Vec<u8>> {
		Some(alloc::format!("//{number}").into_bytes())
	}
}

impl<AccountId> Signers<AccountId, MultiSignature> for KeystoreSigners
where
	MultiSigner: IdentifyAccount<AccountId = AccountId>,
{
	fn account(number: u32) -> AccountId {
		let public = sp_io::crypto::sr25519_generate(Self::KEYS, Self::seed(number));
		MultiSigner::from(public).into_account()
	}

	fn sign(number: u32, message: &[u8]) -> MultiSignature {
		let public = sp_io::crypto::sr25519_generate(Self::KEYS, Self::seed(number));
		let signature = sp_io::crypto::sr25519_sign(Self::KEYS, &public, message);
		signature.expect("the key was generated above; qed").into()
	}
}

const COMPARTMENT: CompartmentNo = 1;
const CLASS: RecordClass = RecordClass::Clinical;
/// The longest padded plaintext whose object fits inline.
const INLINE_PADDED_LEN: u64 = 1920;

/// Files an anchored record without asking anybody, as other pallets' benchmarks need it.
pub(crate) fn insert_anchored<T: Config>(
	subject: &IdentityId,
	author: &IdentityId,
	compartment: CompartmentNo,
) -> RecordId {
	let now = T::Clock::now();
	let seq = SubjectRecordCount::<T>::get(subject);
	let mut nonce = [0; 16];
	nonce[..4].copy_from_slice(&seq.to_le_bytes());
	let id = Pallet::<T>::record_id(*author, *subject, CLASS, compartment, nonce);
	let content = ContentHash(id.0);
	let current = Version {
		number: 1,
		author: *author,
		reason: None,
		filed: now,
		content,
		inline: false,
		body: Commitment([1; 32]),
		padded_len: MIN_PADDED_LEN,
		key: Some(RecordKey { epoch: 0, wrap: [1; 80] }),
		stage: Stage::Anchored { at: now },
		attestations: full_attestations(now),
		deposit: None,
	};
	let record = Record {
		subject: *subject,
		author: *author,
		organisation: Some(*author),
		class: CLASS,
		compartment,
		created: now,
		seq,
		newest: 1,
		retraction: None,
		current,
	};
	Records::<T>::insert(id, record);
	ContentIndex::<T>::insert(content, id);
	SubjectRecords::<T>::insert(subject, seq, id);
	SubjectRecordCount::<T>::insert(subject, seq.saturating_add(1));
	id
}

fn full_attestations(at: Moment) -> Attestations {
	let one = |number: u32| Attestation {
		validator: IdentityId([number as u8; 32]),
		organisations: vec![IdentityId([100; 32]), IdentityId([101; 32])].try_into().unwrap(),
		kind: AttestationKind::Accuracy,
		verdict: Verdict::Pass,
		evidence: Digest([number as u8; 32]),
		at,
	};
	(0..MAX_ATTESTATIONS).map(one).collect::<Vec<_>>().try_into().unwrap()
}

/// A practitioner who files for an organisation, an open compartment, and a policy that asks for
/// `verdicts` of practitioners.
struct Stage0<T: Config> {
	author: T::AccountId,
	author_id: IdentityId,
	organisation: IdentityId,
	subject: IdentityId,
}

fn setup<T: Config>(verdicts: u32) -> Stage0<T> {
	let author: T::AccountId = account("author", 0, 0);
	let author_id = T::Identities::bench_register(&author, IdentityKind::Practitioner);
	let organisation =
		T::Identities::bench_register(&account("organisation", 0, 0), IdentityKind::Organisation);
	T::Accreditations::bench_accredit(&organisation, AccreditationKind::FacilityLicence);
	T::Accreditations::bench_accredit(&author_id, AccreditationKind::PractitionerLicence);
	T::Affiliations::bench_affiliate(&author_id, &organisation);
	let subject = T::Identities::bench_register(&account("subject", 0, 0), IdentityKind::Patient);
	T::Compartments::bench_open(&subject, COMPARTMENT);
	let requirement = Requirement {
		count: verdicts as u8,
		from: AccreditationKinds::of(&[AccreditationKind::PractitionerLicence]),
	};
	let policy = ValidationPolicy {
		accuracy: requirement,
		completeness: Requirement::default(),
		source: Requirement::default(),
		distinct_organisations: false,
		author_may_attest: false,
		time_to_live: 1_000,
	};
	ValidationPolicies::<T>::insert(CLASS, policy);
	let footprint = Footprint::from_parts(
		1,
		RecordOf::<T>::max_encoded_len().saturating_add(MAX_INLINE as usize),
	);
	T::RecordConsideration::ensure_successful(&author, footprint);
	Stage0 { author, author_id, organisation, subject }
}

/// Makes the signer with this number a practitioner who works at as many places as one can.
fn validator<T: Config>(number: u32, organisation: &IdentityId) -> T::AccountId {
	let account = T::BenchmarkHelper::account(number);
	let id = T::Identities::bench_register(&account, IdentityKind::Practitioner);
	T::Accreditations::bench_accredit(&id, AccreditationKind::PractitionerLicence);
	T::Affiliations::bench_affiliate(&id, organisation);
	account
}

fn key<T: Config>(subject: &IdentityId) -> RecordKey {
	let epoch = T::Compartments::current_epoch(subject, COMPARTMENT).unwrap_or_default();
	RecordKey { epoch, wrap: [7; 80] }
}

fn external(number: u8) -> (Content, u64) {
	(Content::External { hash: ContentHash([number; 32]) }, MIN_PADDED_LEN)
}

fn inline(number: u8) -> (Content, u64) {
	let len = object_len(INLINE_PADDED_LEN).unwrap() as usize;
	let mut bytes = vec![number; len];
	bytes[..8].copy_from_slice(b"HRE1\x01\x01\x01\x10");
	(Content::Inline(bytes.try_into().unwrap()), INLINE_PADDED_LEN)
}

fn hash_of(content: &Content) -> ContentHash {
	match content {
		Content::External { hash } => *hash,
		Content::Inline(bytes) => sp_io::hashing::blake2_256(bytes).into(),
	}
}

/// Verdicts of `count` validators over one version, signed as wallets do.
fn bundle<T: Config>(
	organisation: &IdentityId,
	record: RecordId,
	version: u32,
	content: &Content,
	count: u32,
) -> BundleOf<T> {
	let one = |number| {
		let evidence = Digest([number as u8; 32]);
		let bytes = Pallet::<T>::statement_to_sign(
			record,
			version,
			hash_of(content),
			Commitment([9; 32]),
			AttestationKind::Accuracy,
			Verdict::Pass,
			evidence,
			Moment::MAX,
		);
		let [_, wrapped] = signed_forms(bytes);
		SignedAttestation {
			validator: validator::<T>(number, organisation),
			kind: AttestationKind::Accuracy,
			verdict: Verdict::Pass,
			evidence,
			expires: Moment::MAX,
			signature: T::BenchmarkHelper::sign(number, &wrapped),
		}
	};
	(0..count).map(one).collect::<Vec<_>>().try_into().unwrap()
}

/// An anchored record by the author, with a lapsed amendment beside it.
fn with_lapsed_amendment<T: Config>(stage: &Stage0<T>) -> RecordId {
	let id = insert_anchored::<T>(&stage.subject, &stage.author_id, COMPARTMENT);
	let pending = add_pending::<T>(stage, id);
	Pending::<T>::insert(id, pending);
	id
}

fn add_pending<T: Config>(stage: &Stage0<T>, id: RecordId) -> VersionOf<T> {
	let mut record = Records::<T>::get(id).unwrap();
	record.organisation = Some(stage.organisation);
	record.newest = 2;
	let mut pending = record.current.clone();
	Records::<T>::insert(id, record);
	pending.number = 2;
	pending.author = stage.author_id;
	pending.content = ContentHash([200; 32]);
	ContentIndex::<T>::insert(pending.content, id);
	pending.attestations.pop();
	let policy = ValidationPolicies::<T>::get(CLASS).unwrap();
	pending.stage = Stage::Open { deadline: T::Clock::now(), policy };
	pending
}

#[benchmarks]
mod benchmarks {
	use super::*;

	fn propose<T: Config>(content: Content, padded_len: u64) -> (T::AccountId, RecordId, Call<T>) {
		let Stage0 { author, author_id, organisation, subject } = setup::<T>(MAX_ATTESTATIONS);
		let id = Pallet::<T>::record_id(author_id, subject, CLASS, COMPARTMENT, [3; 16]);
		let call = Call::<T>::propose {
			nonce: [3; 16],
			subject,
			organisation: Some(organisation),
			class: CLASS,
			compartment: COMPARTMENT,
			content,
			body: Commitment([9; 32]),
			padded_len,
			key: key::<T>(&subject),
		};
		(author, id, call)
	}

	fn anchor<T: Config>(
		content: Content,
		padded_len: u64,
		a: u32,
	) -> (T::AccountId, RecordId, Call<T>) {
		let Stage0 { author, author_id, organisation, subject } = setup::<T>(a);
		let id = Pallet::<T>::record_id(author_id, subject, CLASS, COMPARTMENT, [3; 16]);
		let attestations = bundle::<T>(&organisation, id, 1, &content, a);
		let call = Call::<T>::anchor_validated {
			nonce: [3; 16],
			subject,
			organisation: Some(organisation),
			class: CLASS,
			compartment: COMPARTMENT,
			content,
			body: Commitment([9; 32]),
			padded_len,
			key: key::<T>(&subject),
			attestations,
		};
		(author, id, call)
	}

	fn amend<T: Config>(
		content: Content,
		padded_len: u64,
		a: u32,
	) -> (T::AccountId, RecordId, Call<T>) {
		let stage = setup::<T>(a);
		let id = with_lapsed_amendment::<T>(&stage);
		let attestations = bundle::<T>(&stage.organisation, id, 3, &content, a);
		let call = Call::<T>::amend {
			record: id,
			expected_version: 2,
			content,
			body: Commitment([9; 32]),
			padded_len,
			reason: AmendReason::Replaces,
			key: key::<T>(&stage.subject),
			attestations,
		};
		(stage.author, id, call)
	}

	fn dispatch<T: Config>(call: Call<T>, author: T::AccountId) -> Result<(), BenchmarkError> {
		use frame_support::traits::UnfilteredDispatchable;
		call.dispatch_bypass_filter(RawOrigin::Signed(author).into())
			.map(|_| ())
			.map_err(|failed| BenchmarkError::Stop(failed.error.into()))
	}

	fn status<T: Config>(id: RecordId) -> Option<(RecordStatus, u32)> {
		Records::<T>::get(id).map(|record| (record.status(), record.current.number))
	}

	#[benchmark]
	fn propose_external() -> Result<(), BenchmarkError> {
		let (content, padded_len) = external(1);
		let (author, id, call) = propose::<T>(content, padded_len);

		#[block]
		{
			dispatch::<T>(call, author)?;
		}

		assert_eq!(status::<T>(id), Some((RecordStatus::InProcess, 1)));
		Ok(())
	}

	#[benchmark]
	fn propose_inline() -> Result<(), BenchmarkError> {
		let (content, padded_len) = inline(1);
		let (author, id, call) = propose::<T>(content, padded_len);

		#[block]
		{
			dispatch::<T>(call, author)?;
		}

		assert_eq!(status::<T>(id), Some((RecordStatus::InProcess, 1)));
		Ok(())
	}

	#[benchmark]
	fn attest() -> Result<(), BenchmarkError> {
		let stage = setup::<T>(MAX_ATTESTATIONS);
		let id = insert_anchored::<T>(&stage.subject, &stage.author_id, COMPARTMENT);
		let mut pending = add_pending::<T>(&stage, id);
		let policy = ValidationPolicies::<T>::get(CLASS).ok_or("set above")?;
		pending.stage = Stage::Open { deadline: Moment::MAX, policy };
		Pending::<T>::insert(id, pending);
		let account = validator::<T>(0, &stage.organisation);

		#[extrinsic_call]
		_(
			RawOrigin::Signed(account),
			id,
			2,
			AttestationKind::Accuracy,
			Verdict::Pass,
			Digest([5; 32]),
		);

		assert_eq!(status::<T>(id), Some((RecordStatus::Validated, 2)));
		assert!(Versions::<T>::contains_key(id, 1));
		Ok(())
	}

	#[benchmark]
	fn anchor_validated_external(a: Linear<1, { MAX_ATTESTATIONS }>) -> Result<(), BenchmarkError> {
		let (content, padded_len) = external(1);
		let (author, id, call) = anchor::<T>(content, padded_len, a);

		#[block]
		{
			dispatch::<T>(call, author)?;
		}

		assert_eq!(status::<T>(id), Some((RecordStatus::Validated, 1)));
		Ok(())
	}

	#[benchmark]
	fn anchor_validated_inline(a: Linear<1, { MAX_ATTESTATIONS }>) -> Result<(), BenchmarkError> {
		let (content, padded_len) = inline(1);
		let (author, id, call) = anchor::<T>(content, padded_len, a);

		#[block]
		{
			dispatch::<T>(call, author)?;
		}

		assert_eq!(status::<T>(id), Some((RecordStatus::Validated, 1)));
		Ok(())
	}

	#[benchmark]
	fn amend_external(a: Linear<1, { MAX_ATTESTATIONS }>) -> Result<(), BenchmarkError> {
		let (content, padded_len) = external(1);
		let (author, id, call) = amend::<T>(content, padded_len, a);

		#[block]
		{
			dispatch::<T>(call, author)?;
		}

		assert_eq!(status::<T>(id), Some((RecordStatus::Validated, 3)));
		assert!(Versions::<T>::contains_key(id, 2));
		Ok(())
	}

	#[benchmark]
	fn amend_inline(a: Linear<1, { MAX_ATTESTATIONS }>) -> Result<(), BenchmarkError> {
		let (content, padded_len) = inline(1);
		let (author, id, call) = amend::<T>(content, padded_len, a);

		#[block]
		{
			dispatch::<T>(call, author)?;
		}

		assert_eq!(status::<T>(id), Some((RecordStatus::Validated, 3)));
		assert!(Versions::<T>::contains_key(id, 2));
		Ok(())
	}

	/// As many older versions as are swept, and an amendment of a patient's that waits.
	#[benchmark]
	fn retract() -> Result<(), BenchmarkError> {
		let author: T::AccountId = account("subject", 0, 0);
		let subject = T::Identities::bench_register(&author, IdentityKind::Patient);
		let stage = setup::<T>(MAX_ATTESTATIONS);
		let id = insert_anchored::<T>(&subject, &subject, COMPARTMENT);
		let mut pending = add_pending::<T>(&stage, id);
		let policy = ValidationPolicies::<T>::get(CLASS).ok_or("set above")?;
		pending.author = subject;
		pending.number = SWEPT_VERSIONS + 2;
		pending.stage = Stage::Open { deadline: Moment::MAX, policy };
		let mut record = Records::<T>::get(id).ok_or("filed above")?;
		record.newest = pending.number;
		let old = record.current.clone();
		record.current.number = SWEPT_VERSIONS + 1;
		for number in 1..=SWEPT_VERSIONS {
			Versions::<T>::insert(id, number, Version { number, ..old.clone() });
		}
		Records::<T>::insert(id, record);
		Pending::<T>::insert(id, pending);
		let places: Vec<_> = (0..T::MaxOpenOwnProposals::get().saturating_sub(1))
			.map(|number| (RecordId(sp_io::hashing::blake2_256(&number.encode())), Moment::MAX))
			.chain([(id, Moment::MAX)])
			.collect();
		let places = places.try_into().map_err(|_| "one too many")?;
		OpenOwnProposals::<T>::insert(subject, OpenOwnOf::<T>::from(places));

		#[extrinsic_call]
		_(RawOrigin::Signed(author), id, RetractReason::WrongContent);

		assert_eq!(status::<T>(id).map(|(status, _)| status), Some(RecordStatus::EnteredInError));
		let swept = Versions::<T>::get(id, SWEPT_VERSIONS).ok_or("shelved above")?;
		assert_eq!(swept.key, None);
		Ok(())
	}

	#[benchmark]
	fn set_validation_policy() -> Result<(), BenchmarkError> {
		setup::<T>(1);
		let policy = ValidationPolicies::<T>::take(CLASS).ok_or("set above")?;
		let origin = T::GovernanceOrigin::try_successful_origin()
			.map_err(|()| BenchmarkError::Weightless)?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, CLASS, policy);

		assert_eq!(ValidationPolicies::<T>::get(CLASS), Some(policy));
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
