// SPDX-License-Identifier: Apache-2.0

//! Worst honest cases: the last verdict of a full policy by practitioners who work at as many
//! places as they can, wallet-wrapped signatures (two checks each), the largest inline object, an
//! amendment that displaces a lapsed one.

mod filed;
mod linked;

use super::*;
use alloc::{vec, vec::Vec};
use codec::{Encode, MaxEncodedLen};
use frame_benchmarking::{account, v2::*, whitelist_account, whitelisted_caller};
use frame_support::traits::{Consideration, EnsureOrigin, Footprint, Get, Time};
use frame_system::RawOrigin;
use linked::rent;
use salus_primitives::{
	AccreditationKind, AccreditationKinds, AmendReason, AttestationKind, CallScope, Commitment,
	CompartmentNo, ContentHash, Digest, ErasureBasis, IdentityId, IdentityKind, RecordClass,
	RecordKey, RecordStatus, RefusalBasis, RetractReason, Verdict, signed_forms,
};
use salus_traits::{
	accreditation::{AccreditationInspect, AffiliationInspect, MAX_ORGANISATIONS},
	consent::Compartments,
	identity::IdentityInspect,
	signers::Signers,
};

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
		writer: None,
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
		keys_from: 1,
		legal_hold: false,
		batch: None,
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
		from_batch: false,
	};
	(0..MAX_ATTESTATIONS).map(one).collect::<Vec<_>>().try_into().unwrap()
}

/// A practitioner who files for an organisation, an open compartment, and a policy that asks for
/// `verdicts` of practitioners.
///
/// Paying the fee has read and written the account that signs, so that is not counted again.
struct Stage0<T: Config> {
	author: T::AccountId,
	author_id: IdentityId,
	organisation: IdentityId,
	subject: IdentityId,
}

fn setup<T: Config>(verdicts: u32) -> Stage0<T> {
	let author: T::AccountId = whitelisted_caller();
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

/// Makes the signer with this number a practitioner who works at as many places as one can, where
/// no other validator works: what is asked about one's workplaces was not asked before.
fn validator<T: Config>(number: u32) -> T::AccountId {
	let signer = T::BenchmarkHelper::account(number);
	let workplace: T::AccountId = account("workplace", number, 0);
	let workplace = T::Identities::bench_register(&workplace, IdentityKind::Organisation);
	let id = T::Identities::bench_register(&signer, IdentityKind::Practitioner);
	T::Accreditations::bench_accredit(&id, AccreditationKind::PractitionerLicence);
	T::Affiliations::bench_affiliate(&id, &workplace);
	signer
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
fn bundle<T: Config>(record: RecordId, version: u32, content: &Content, count: u32) -> BundleOf<T> {
	let one = |number| {
		let account = validator::<T>(number);
		verdict::<T>(number, account, record, version, hash_of(content))
	};
	(0..count).map(one).collect::<Vec<_>>().try_into().unwrap()
}

/// A verdict of the validator with this number.
fn verdict<T: Config>(
	number: u32,
	validator: T::AccountId,
	record: RecordId,
	version: u32,
	content: ContentHash,
) -> SignedAttestation<T::AccountId, T::Signature> {
	let evidence = Digest([number as u8; 32]);
	let bytes = Pallet::<T>::statement_to_sign(
		record,
		version,
		content,
		Commitment([9; 32]),
		AttestationKind::Accuracy,
		Verdict::Pass,
		evidence,
		Moment::MAX,
	);
	let [_, wrapped] = signed_forms(bytes);
	SignedAttestation {
		validator,
		kind: AttestationKind::Accuracy,
		verdict: Verdict::Pass,
		evidence,
		expires: Moment::MAX,
		signature: T::BenchmarkHelper::sign(number, &wrapped),
	}
}

/// An anchored record by the author, with an amendment beside it that lapsed: an inline object, paid
/// by somebody else.
fn with_lapsed_amendment<T: Config>(stage: &Stage0<T>) -> RecordId {
	let id = insert_anchored::<T>(&stage.subject, &stage.author_id, COMPARTMENT);
	add_lapsed::<T>(stage, id);
	id
}

/// The next version of a record, which waited in vain.
fn add_lapsed<T: Config>(stage: &Stage0<T>, id: RecordId) {
	let mut pending = add_pending::<T>(stage, id);
	let (content, _) = inline(200);
	let Content::Inline(object) = content.clone() else { return };
	pending.content = hash_of(&content);
	pending.inline = true;
	pending.deposit = rent::<T>(60_000, VersionOf::<T>::max_encoded_len());
	Objects::<T>::insert(id, pending.number, object);
	Pending::<T>::insert(id, pending);
}

/// The next version of a record, whose last verdict is to come, and whose deadline was just now.
fn add_pending<T: Config>(stage: &Stage0<T>, id: RecordId) -> VersionOf<T> {
	let mut record = Records::<T>::get(id).unwrap();
	record.organisation = Some(stage.organisation);
	record.newest += 1;
	let mut pending = record.current.clone();
	pending.number = record.newest;
	Records::<T>::insert(id, record);
	pending.author = stage.author_id;
	pending.content = ContentHash([200; 32]);
	pending.attestations.pop();
	let policy = ValidationPolicies::<T>::get(CLASS).unwrap();
	let deadline = T::Clock::now();
	pending.stage = Stage::Open { deadline, policy };
	Deadlines::<T>::insert(crate::calls::hour_of(deadline), id, ());
	pending
}

/// Lets somebody take all that a patient has, with this record in the last place.
fn fill_quota<T: Config>(patient: IdentityId, id: RecordId) {
	let open: Vec<_> = (1..T::MaxOpenOwnProposals::get())
		.map(|number| (RecordId(sp_io::hashing::blake2_256(&number.encode())), Moment::MAX))
		.chain([(id, Moment::MAX)])
		.collect();
	let quota = QuotaOf::<T> { bytes: T::MaxOwnBytes::get(), open: open.try_into().unwrap() };
	Quotas::<T>::insert(patient, quota);
}

#[benchmarks]
mod benchmarks {
	use super::{filed::*, linked::*, *};

	type Filing<T> = (<T as frame_system::Config>::AccountId, RecordId, Call<T>);

	fn propose<T: Config>((content, padded_len): (Content, u64)) -> Filing<T> {
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

	fn anchor<T: Config>((content, padded_len): (Content, u64), a: u32) -> Filing<T> {
		let Stage0 { author, author_id, organisation, subject } = setup::<T>(a);
		let id = Pallet::<T>::record_id(author_id, subject, CLASS, COMPARTMENT, [3; 16]);
		let attestations = bundle::<T>(id, 1, &content, a);
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

	fn amend<T: Config>((content, padded_len): (Content, u64), a: u32) -> Filing<T> {
		let stage = setup::<T>(a);
		let id = with_lapsed_amendment::<T>(&stage);
		let attestations = bundle::<T>(id, 3, &content, a);
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

	/// A keeper's, of a leaf that rested on the verdicts of its batch, with more shelved versions than
	/// lose their keys, and an amendment that lapsed.
	fn reseal<T: Config>((content, padded_len): (Content, u64)) -> Filing<T> {
		let stage = setup::<T>(MAX_ATTESTATIONS);
		let id = anchored::<T>(&stage);
		insert_history::<T>(id);
		add_lapsed::<T>(&stage, id);
		Records::<T>::mutate(id, |record| {
			let given = record.iter_mut().flat_map(|record| record.current.attestations.iter_mut());
			given.for_each(|one| one.from_batch = true);
		});
		fund::<T>(&stage.author, 1, VersionOf::<T>::max_encoded_len() + MAX_INLINE as usize);
		let expected_version = SWEPT_VERSIONS + 3;
		let key = key::<T>(&stage.subject);
		let call = Call::<T>::reseal { record: id, expected_version, content, padded_len, key };
		(stage.author, id, call)
	}

	fn assert_resealed<T: Config>(id: RecordId) {
		let number = SWEPT_VERSIONS + 4;
		assert_eq!(status::<T>(id), Some((RecordStatus::ReqRevalid, number)));
		assert!(!Pending::<T>::contains_key(id));
		let keys = Versions::<T>::iter_prefix(id).filter(|(_, version)| version.key.is_some());
		assert_eq!(keys.count(), 3);
	}

	fn promote<T: Config>((content, padded_len): (Content, u64), a: u32, b: u32) -> Filing<T> {
		let stage = setup::<T>(MAX_ATTESTATIONS);
		let Stage0 { ref author, author_id, organisation, subject } = stage;
		let id = Pallet::<T>::record_id(author_id, subject, CLASS, COMPARTMENT, [3; 16]);
		let (batch, path) = insert_batch::<T>(&stage, id, hash_of(&content), b);
		let attestations = bundle::<T>(id, 1, &content, a);
		let call = Call::<T>::promote {
			batch,
			leaf_index: LEAF,
			path,
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
		(author.clone(), id, call)
	}

	fn assert_amended<T: Config>(id: RecordId) {
		assert_eq!(status::<T>(id), Some((RecordStatus::Validated, 3)));
		assert!(Versions::<T>::contains_key(id, 1) && !Pending::<T>::contains_key(id));
	}

	fn assert_promoted<T: Config>(id: RecordId, verdicts: u32) {
		let record = Records::<T>::get(id).unwrap();
		assert_eq!(record.current.attestations.len() as u32, verdicts);
		assert!(record.batch.is_some());
	}

	fn dispatch<T: Config>(call: Call<T>, author: T::AccountId) -> Result<(), BenchmarkError> {
		use frame_support::traits::UnfilteredDispatchable;
		call.dispatch_bypass_filter(RawOrigin::Signed(author).into())
			.map(|_| ())
			.map_err(|failed| BenchmarkError::Stop(failed.error.into()))
	}

	fn status<T: Config>(id: RecordId) -> Option<(RecordStatus, u32)> {
		let now = T::Clock::now();
		Records::<T>::get(id).map(|record| (record.status(now), record.current.number))
	}

	#[benchmark]
	fn propose_external() -> Result<(), BenchmarkError> {
		let (author, id, call) = propose::<T>(external(1));

		#[block]
		{
			dispatch::<T>(call, author)?;
		}

		assert_eq!(status::<T>(id), Some((RecordStatus::InProcess, 1)));
		Ok(())
	}

	#[benchmark]
	fn propose_inline() -> Result<(), BenchmarkError> {
		let (author, id, call) = propose::<T>(inline(1));

		#[block]
		{
			dispatch::<T>(call, author)?;
		}

		assert_eq!(status::<T>(id), Some((RecordStatus::InProcess, 1)));
		Ok(())
	}

	/// The policy asks where its validators work, and a patient that has no more room filed it.
	#[benchmark]
	fn attest() -> Result<(), BenchmarkError> {
		let stage = setup::<T>(MAX_ATTESTATIONS);
		let id = insert_anchored::<T>(&stage.subject, &stage.author_id, COMPARTMENT);
		let mut pending = add_pending::<T>(&stage, id);
		let policy = ValidationPolicies::<T>::get(CLASS).ok_or("set above")?;
		let policy = ValidationPolicy { distinct_organisations: true, ..policy };
		pending.stage = Stage::Open { deadline: Moment::MAX, policy };
		Pending::<T>::insert(id, pending);
		fill_quota::<T>(stage.author_id, id);
		let account = validator::<T>(0);

		#[extrinsic_call]
		_(
			RawOrigin::Signed(account),
			id,
			2,
			ContentHash([200; 32]),
			Commitment([1; 32]),
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
		let (author, id, call) = anchor::<T>(external(1), a);

		#[block]
		{
			dispatch::<T>(call, author)?;
		}

		assert_eq!(status::<T>(id), Some((RecordStatus::Validated, 1)));
		Ok(())
	}

	#[benchmark]
	fn anchor_validated_inline(a: Linear<1, { MAX_ATTESTATIONS }>) -> Result<(), BenchmarkError> {
		let (author, id, call) = anchor::<T>(inline(1), a);

		#[block]
		{
			dispatch::<T>(call, author)?;
		}

		assert_eq!(status::<T>(id), Some((RecordStatus::Validated, 1)));
		Ok(())
	}

	#[benchmark]
	fn amend_external(a: Linear<1, { MAX_ATTESTATIONS }>) -> Result<(), BenchmarkError> {
		let (author, id, call) = amend::<T>(external(1), a);

		#[block]
		{
			dispatch::<T>(call, author)?;
		}

		assert_amended::<T>(id);
		Ok(())
	}

	#[benchmark]
	fn amend_inline(a: Linear<1, { MAX_ATTESTATIONS }>) -> Result<(), BenchmarkError> {
		let (author, id, call) = amend::<T>(inline(1), a);

		#[block]
		{
			dispatch::<T>(call, author)?;
		}

		assert_amended::<T>(id);
		Ok(())
	}

	/// By who works for the keeper: as many older versions as are swept, all sealed anew by the
	/// patient with the largest object on chain, an amendment that waits, and all the tags.
	#[benchmark]
	fn retract() -> Result<(), BenchmarkError> {
		let stage = setup::<T>(MAX_ATTESTATIONS);
		let id = anchored::<T>(&stage);
		let mut pending = add_pending::<T>(&stage, id);
		let policy = ValidationPolicies::<T>::get(CLASS).ok_or("set above")?;
		pending.number = SWEPT_VERSIONS + 2;
		pending.stage = Stage::Open { deadline: Moment::MAX, policy };
		let mut record = Records::<T>::get(id).ok_or("filed above")?;
		record.newest = pending.number;
		let resealed = Version {
			number: SWEPT_VERSIONS + 1,
			author: stage.subject,
			writer: Some(stage.author_id),
			inline: true,
			padded_len: INLINE_PADDED_LEN,
			deposit: None,
			..record.current.clone()
		};
		for number in 1..=resealed.number {
			let (Content::Inline(object), _) = inline(number as u8) else {
				return Err("inline".into());
			};
			Objects::<T>::insert(id, number, object);
		}
		for number in 1..=SWEPT_VERSIONS {
			Versions::<T>::insert(id, number, Version { number, ..resealed.clone() });
		}
		record.current = resealed;
		Records::<T>::insert(id, record);
		Pending::<T>::insert(id, pending);
		fill_quota::<T>(stage.subject, id);
		insert_tags::<T>(id);

		#[extrinsic_call]
		_(RawOrigin::Signed(stage.author), id, RetractReason::WrongContent);

		assert_eq!(status::<T>(id).map(|(status, _)| status), Some(RecordStatus::EnteredInError));
		let swept = Versions::<T>::get(id, SWEPT_VERSIONS).ok_or("shelved above")?;
		assert_eq!((swept.key, swept.inline), (None, false));
		assert_eq!(Objects::<T>::iter_prefix(id).count(), 1);
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

	/// Where a practitioner works, as a policy asks that wants different organisations: beside what
	/// is measured with the verdicts.
	#[benchmark]
	fn validator_workplaces() -> Result<(), BenchmarkError> {
		setup::<T>(1);
		let account = validator::<T>(0);
		let id = T::Identities::acting_identity(&account, CallScope::RecordAnchor)
			.ok_or("registered above")?;
		let workplaces;

		#[block]
		{
			workplaces = Pallet::<T>::workplaces(&id, IdentityKind::Practitioner, T::Clock::now());
		}

		assert_eq!(workplaces.len() as u32, MAX_ORGANISATIONS);
		Ok(())
	}

	/// One verdict on each, all of one validator; objects elsewhere.
	#[benchmark]
	fn anchor_many(n: Linear<1, { MAX_RECORDS }>) -> Result<(), BenchmarkError> {
		let stage = setup::<T>(1);
		let (organisation, records) = many::<T>(&stage, n, 1, 1, 0);
		let first = records.first().map(|record| id_of::<T>(&stage, record));

		#[extrinsic_call]
		_(RawOrigin::Signed(stage.author), organisation, records);

		assert_eq!(first.and_then(status::<T>), Some((RecordStatus::Validated, 1)));
		assert_eq!(Records::<T>::iter_keys().count(), n as usize);
		Ok(())
	}

	/// Ten records with `a` verdicts each, by the same `a` validators.
	#[benchmark]
	fn anchor_many_verdicts(a: Linear<1, { MAX_ATTESTATIONS }>) -> Result<(), BenchmarkError> {
		let stage = setup::<T>(a);
		let (organisation, records) = many::<T>(&stage, 10, a, a, 0);

		#[extrinsic_call]
		anchor_many(RawOrigin::Signed(stage.author), organisation, records);

		assert_eq!(Records::<T>::iter_keys().count(), 10);
		Ok(())
	}

	/// Twenty records, judged by `v` validators, who work at as many places as they can, each at
	/// others, under a policy that asks where.
	#[benchmark]
	fn anchor_many_validators(v: Linear<1, 20>) -> Result<(), BenchmarkError> {
		let stage = setup::<T>(1);
		ValidationPolicies::<T>::mutate(CLASS, |policy| {
			if let Some(policy) = policy {
				policy.distinct_organisations = true;
			}
		});
		let (organisation, records) = many::<T>(&stage, 20, 1, v, 0);

		#[extrinsic_call]
		anchor_many(RawOrigin::Signed(stage.author), organisation, records);

		assert_eq!(Records::<T>::iter_keys().count(), 20);
		Ok(())
	}

	/// Twenty records, of which `i` have the largest object on chain.
	#[benchmark]
	fn anchor_many_inline(i: Linear<0, 20>) -> Result<(), BenchmarkError> {
		let stage = setup::<T>(1);
		let (organisation, records) = many::<T>(&stage, 20, 1, 1, i);

		#[extrinsic_call]
		anchor_many(RawOrigin::Signed(stage.author), organisation, records);

		assert_eq!(Records::<T>::iter_keys().count(), 20);
		assert_eq!(Objects::<T>::iter_keys().count(), i as usize);
		Ok(())
	}

	/// A promoted leaf with tags and an object on chain, paid by others.
	#[benchmark]
	fn withdraw() -> Result<(), BenchmarkError> {
		let stage = setup::<T>(MAX_ATTESTATIONS);
		let id = insert_lapsed::<T>(&stage, 0);

		#[extrinsic_call]
		_(RawOrigin::Signed(stage.author), id);

		assert!(!Records::<T>::contains_key(id) && !RecordTags::<T>::contains_key(id));
		assert_eq!(Objects::<T>::iter_keys().count(), 0);
		Ok(())
	}

	/// Beside an amendment that lapsed.
	#[benchmark]
	fn request_revalidation() -> Result<(), BenchmarkError> {
		let stage = setup::<T>(MAX_ATTESTATIONS);
		let id = with_lapsed_amendment::<T>(&stage);

		#[extrinsic_call]
		_(RawOrigin::Signed(stage.author), id);

		assert_eq!(status::<T>(id), Some((RecordStatus::ReqRevalid, 1)));
		Ok(())
	}

	#[benchmark]
	fn reseal_external() -> Result<(), BenchmarkError> {
		let (author, id, call) = reseal::<T>(external(99));

		#[block]
		{
			dispatch::<T>(call, author)?;
		}

		assert_resealed::<T>(id);
		Ok(())
	}

	#[benchmark]
	fn reseal_inline() -> Result<(), BenchmarkError> {
		let (author, id, call) = reseal::<T>(inline(99));

		#[block]
		{
			dispatch::<T>(call, author)?;
		}

		assert_resealed::<T>(id);
		Ok(())
	}

	#[benchmark]
	fn reap(n: Linear<1, { MAX_REAPED }>) -> Result<(), BenchmarkError> {
		let stage = setup::<T>(MAX_ATTESTATIONS);
		let ids: Vec<_> = (0..n).map(|number| insert_lapsed::<T>(&stage, number)).collect();
		let ids = ids.try_into().map_err(|_| "too many")?;

		#[extrinsic_call]
		_(RawOrigin::Signed(stage.author), ids);

		assert_eq!(Records::<T>::iter_keys().count(), 0);
		assert_eq!(Deadlines::<T>::iter_keys().count(), 0);
		Ok(())
	}

	/// What a block does that has nothing else to do: `n` rows of one hour.
	#[benchmark]
	fn sweep(n: Linear<0, { MAX_REAPED }>) -> Result<(), BenchmarkError> {
		let stage = setup::<T>(MAX_ATTESTATIONS);
		SweepCursor::<T>::put(crate::calls::hour_of(T::Clock::now()));
		for number in 0..n {
			insert_lapsed::<T>(&stage, number);
		}
		// One step for the hour.
		let steps = n.saturating_add(1);

		#[block]
		{
			let now = T::Clock::now();
			assert!(Residues::<T>::iter_keys().next().is_none());
			let later = now.saturating_add(2 * 60 * 60 * 1000);
			assert_eq!(Pallet::<T>::sweep_hours(steps, later), steps);
		}

		assert_eq!(Records::<T>::iter_keys().count(), 0);
		assert_eq!(Deadlines::<T>::iter_keys().count(), 0);
		Ok(())
	}

	/// Each takes the place of another's, whose rent returns.
	#[benchmark]
	fn add_wraps(n: Linear<1, { MAX_RECIPIENTS }>) -> Result<(), BenchmarkError> {
		let stage = setup::<T>(1);
		let id = anchored::<T>(&stage);
		let wraps = wraps::<T>(n);
		insert_wraps::<T>(id, 1, &wraps);
		fund::<T>(&stage.author, n, StoredWrapOf::<T>::max_encoded_len());

		#[extrinsic_call]
		_(RawOrigin::Signed(stage.author.clone()), id, 1, wraps.clone().try_into().unwrap());

		assert_eq!(WrapCount::<T>::get(id, 1), n);
		for wrap in wraps {
			let stored = Wraps::<T>::get((id, 1, wrap.recipient)).ok_or("added above")?;
			let payer = stored.deposit.map(|deposit| deposit.depositor);
			assert_eq!(payer.as_ref(), Some(&stage.author));
		}
		Ok(())
	}

	#[benchmark]
	fn drop_wraps(n: Linear<1, { MAX_RECIPIENTS }>) -> Result<(), BenchmarkError> {
		let stage = setup::<T>(1);
		let id = anchored::<T>(&stage);
		let wraps = wraps::<T>(n);
		insert_wraps::<T>(id, 1, &wraps);
		let recipients: Vec<_> = wraps.iter().map(|wrap| wrap.recipient).collect();

		#[extrinsic_call]
		_(RawOrigin::Signed(stage.author), id, 1, recipients.try_into().unwrap());

		assert!(!WrapCount::<T>::contains_key(id, 1));
		assert_eq!(Wraps::<T>::iter_prefix((id, 1)).count(), 0);
		Ok(())
	}

	/// By a recipient, about a shelved version.
	#[benchmark]
	fn report_bad_wrap() -> Result<(), BenchmarkError> {
		let stage = setup::<T>(1);
		let id = anchored::<T>(&stage);
		insert_history::<T>(id);
		let wraps = wraps::<T>(1);
		insert_wraps::<T>(id, 1, &wraps);

		#[extrinsic_call]
		_(RawOrigin::Signed(account("reader", 0, 0)), id, 1);

		assert_eq!(BadWrapReports::<T>::get(id, 1), 2);
		Ok(())
	}

	/// The full set before was another's.
	#[benchmark]
	fn set_tags(n: Linear<0, { MAX_TAGS }>) -> Result<(), BenchmarkError> {
		let stage = setup::<T>(1);
		let id = anchored::<T>(&stage);
		insert_tags::<T>(id);
		fund::<T>(&stage.author, 1, 4_096);
		let tags = tags(0, n);

		#[extrinsic_call]
		_(RawOrigin::Signed(stage.author), id, tags.clone());

		assert_eq!(Pallet::<T>::tags_of(id), tags.to_vec());
		assert_eq!(Tagged::<T>::iter().count(), n as usize);
		Ok(())
	}

	/// Its size makes no difference: nothing but the root is looked at.
	#[benchmark]
	fn anchor_batch(a: Linear<0, { MAX_ATTESTATIONS }>) -> Result<(), BenchmarkError> {
		let stage = setup::<T>(1);
		let payer: T::AccountId = account("organisation", 0, 0);
		whitelist_account!(payer);
		fund::<T>(&payer, 1, BatchOf::<T>::max_encoded_len());
		let root = Digest([9; 32]);
		let bundle = batch_bundle::<T>(&stage.organisation, root, a);

		#[extrinsic_call]
		_(RawOrigin::Signed(payer), root, RFC9162, MAX_TREE_SIZE, bundle);

		let batch = Pallet::<T>::batch_by_root(stage.organisation, root).ok_or("anchored above")?;
		assert_eq!(Batches::<T>::get(batch).map(|it| it.attestations.len()), Some(a as usize));
		Ok(())
	}

	/// Waits with fewer than eight bundled verdicts, which is one row more than being anchored.
	#[benchmark]
	fn promote_external(
		a: Linear<0, { MAX_ATTESTATIONS }>,
		b: Linear<0, { MAX_ATTESTATIONS }>,
	) -> Result<(), BenchmarkError> {
		let (author, id, call) = promote::<T>(external(1), a, b);

		#[block]
		{
			dispatch::<T>(call, author)?;
		}

		assert_promoted::<T>(id, a);
		Ok(())
	}

	#[benchmark]
	fn promote_inline(
		a: Linear<0, { MAX_ATTESTATIONS }>,
		b: Linear<0, { MAX_ATTESTATIONS }>,
	) -> Result<(), BenchmarkError> {
		let (author, id, call) = promote::<T>(inline(1), a, b);

		#[block]
		{
			dispatch::<T>(call, author)?;
		}

		assert_promoted::<T>(id, a);
		Ok(())
	}

	#[benchmark]
	fn request_erasure() -> Result<(), BenchmarkError> {
		let stage = setup::<T>(1);
		let id = anchored::<T>(&stage);
		let (basis, by) = (RefusalBasis::LegalDuty, stage.author_id);
		ErasureRequests::<T>::insert(id, ErasureRequest::Refused { basis, by, at: 0 });

		#[extrinsic_call]
		_(RawOrigin::Signed(account("subject", 0, 0)), id);

		assert!(matches!(ErasureRequests::<T>::get(id), Some(ErasureRequest::Open { .. })));
		Ok(())
	}

	/// A promoted leaf with tags, an amendment that waits, and more versions and wraps than go in
	/// one step. Every rent returns to another account.
	#[benchmark]
	fn execute_erasure() -> Result<(), BenchmarkError> {
		let stage = setup::<T>(MAX_ATTESTATIONS);
		let id = anchored::<T>(&stage);
		insert_tags::<T>(id);
		insert_history::<T>(id);
		insert_wraps::<T>(id, 1, &wraps::<T>(ERASED_WRAPS + 1));
		let mut record = Records::<T>::get(id).ok_or("filed above")?;
		let (batch, _) = insert_batch::<T>(&stage, id, record.current.content, MAX_ATTESTATIONS);
		Promoted::<T>::insert(batch, LEAF, id);
		Batches::<T>::mutate(batch, |batch| {
			if let Some(batch) = batch {
				batch.promoted = 1;
			}
		});
		record.batch = Some((batch, LEAF));
		record.newest += 1;
		let (content, _) = inline(250);
		let Content::Inline(object) = content.clone() else { return Err("inline".into()) };
		let policy = ValidationPolicies::<T>::get(CLASS).ok_or("set above")?;
		let pending = Version {
			number: record.newest,
			content: hash_of(&content),
			inline: true,
			stage: Stage::Open { deadline: Moment::MAX, policy },
			deposit: rent::<T>(50_000, VersionOf::<T>::max_encoded_len()),
			..record.current.clone()
		};
		Objects::<T>::insert(id, pending.number, object);
		Deadlines::<T>::insert(crate::calls::hour_of(Moment::MAX), id, ());
		Pending::<T>::insert(id, pending);
		Records::<T>::insert(id, record);
		BadWrapReports::<T>::insert(id, ERASED_VERSIONS + 2, 1);
		ErasureRequests::<T>::insert(id, ErasureRequest::Open { at: 0 });

		#[extrinsic_call]
		_(RawOrigin::Signed(stage.author), id, ErasureBasis::ConsentWithdrawn);

		assert!(!Records::<T>::contains_key(id) && Tombstones::<T>::contains_key(id));
		assert!(Residues::<T>::contains_key(id) && !Pending::<T>::contains_key(id));
		assert_eq!(Versions::<T>::iter_prefix(id).count(), 1);
		assert_eq!(Wraps::<T>::iter_prefix((id, 1)).count(), 1);
		Ok(())
	}

	#[benchmark]
	fn refuse_erasure() -> Result<(), BenchmarkError> {
		let stage = setup::<T>(1);
		let id = anchored::<T>(&stage);
		ErasureRequests::<T>::insert(id, ErasureRequest::Open { at: 0 });

		#[extrinsic_call]
		_(RawOrigin::Signed(stage.author), id, RefusalBasis::LegalDuty);

		assert!(matches!(ErasureRequests::<T>::get(id), Some(ErasureRequest::Refused { .. })));
		Ok(())
	}

	/// An officer's affiliations are read, here of a doctor who is none, before the organisation
	/// does it: together no less than when an officer does.
	#[benchmark]
	fn set_legal_hold() -> Result<(), BenchmarkError> {
		let stage = setup::<T>(1);
		let id = anchored::<T>(&stage);
		let call = || Call::<T>::set_legal_hold { record: id, on: true };

		#[block]
		{
			assert!(dispatch::<T>(call(), stage.author).is_err());
			dispatch::<T>(call(), account("organisation", 0, 0))?;
		}

		assert_eq!(Records::<T>::get(id).map(|record| record.legal_hold), Some(true));
		Ok(())
	}

	#[benchmark]
	fn sweep_residue() -> Result<(), BenchmarkError> {
		let id = insert_residue::<T>(&setup::<T>(1));

		#[block]
		{
			Pallet::<T>::do_sweep_residue(id);
		}

		assert_eq!(Versions::<T>::iter_prefix(id).count(), 1);
		assert_eq!(Wraps::<T>::iter_prefix((id, 1)).count(), 1);
		assert!(Residues::<T>::contains_key(id));
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
