// SPDX-License-Identifier: Apache-2.0

//! States for the benchmarks of what hangs on a record: wraps, tags, batches, erasures.
//!
//! Every row is paid by another account, so that each rent that returns is another balance.

use super::*;
use salus_merkle::{leaf_hash, root_from_path};
use salus_primitives::{BatchId, LeafIndex, RecipientKey, RecordLeaf, Tag, TreeAlgorithm};
use salus_traits::{hashing::HostSha256, identity::AgreementKeys};

pub(super) const RFC9162: TreeAlgorithm = TreeAlgorithm::Rfc9162Sha256;
/// Neither the first nor the last leaf, and every hash on its way is of another side than the next.
pub(super) const LEAF: LeafIndex = 0b0101_0101_0101_0101_0101;

/// Rent for `size` bytes, paid by the account with this number.
pub(super) fn rent<T: Config>(number: u32, size: usize) -> Option<DepositOf<T>> {
	let depositor: T::AccountId = account("payer", number, 0);
	let footprint = Footprint::from_parts(1, size);
	T::RecordConsideration::ensure_successful(&depositor, footprint);
	let ticket = T::RecordConsideration::new(&depositor, footprint).unwrap();
	Some(Deposit { depositor, ticket })
}

/// Makes sure that an account can pay the rent of `rows` rows of `size` bytes.
pub(super) fn fund<T: Config>(account: &T::AccountId, rows: u32, size: usize) {
	for _ in 0..rows {
		T::RecordConsideration::ensure_successful(account, Footprint::from_parts(1, size));
	}
}

/// An anchored record of a practitioner's, for the organisation.
pub(super) fn anchored<T: Config>(stage: &Stage0<T>) -> RecordId {
	let id = insert_anchored::<T>(&stage.subject, &stage.author_id, COMPARTMENT);
	Records::<T>::mutate(id, |record| {
		let record = record.as_mut().unwrap();
		record.organisation = Some(stage.organisation);
		record.current.deposit = rent::<T>(10_000, RecordOf::<T>::max_encoded_len());
	});
	id
}

/// Wraps to fresh practitioners.
pub(super) fn wraps<T: Config>(count: u32) -> Vec<RecipientKey> {
	(0..count)
		.map(|number| {
			let account: T::AccountId = account("reader", number, 0);
			let recipient = T::Identities::bench_register(&account, IdentityKind::Practitioner);
			let (key_version, _) = T::AgreementKeys::current(&recipient).unwrap();
			RecipientKey { recipient, key_version, wrap: [7; 80] }
		})
		.collect()
}

/// Stores wraps of a version.
pub(super) fn insert_wraps<T: Config>(id: RecordId, version: u32, wraps: &[RecipientKey]) {
	for (number, RecipientKey { recipient, key_version, wrap }) in (0u32..).zip(wraps) {
		let deposit = rent::<T>(number, StoredWrapOf::<T>::max_encoded_len());
		let stored = StoredWrap { key_version: *key_version, wrap: *wrap, deposit };
		Wraps::<T>::insert((id, version, recipient), stored);
	}
	WrapCount::<T>::mutate(id, version, |count| *count += wraps.len() as u32);
}

pub(super) fn tags(first: u8, count: u32) -> Tags {
	let tags = (0..count as u8).map(|number| Tag([first + number; 16]));
	tags.collect::<Vec<_>>().try_into().unwrap()
}

/// Gives a record as many tags as it can have.
pub(super) fn insert_tags<T: Config>(id: RecordId) {
	let tags = tags(100, MAX_TAGS);
	let subject = Records::<T>::get(id).unwrap().subject;
	tags.iter().for_each(|tag| Tagged::<T>::insert((subject, tag, id), ()));
	RecordTags::<T>::insert(id, TagSet { tags, deposit: rent::<T>(20_000, 512) });
}

/// Shelves as many versions as one step of an erasure removes, and one more, each with an object of
/// its own and a complaint.
pub(super) fn insert_history<T: Config>(id: RecordId) {
	let mut record = Records::<T>::get(id).unwrap();
	let shelved = ERASED_VERSIONS + 1;
	for number in 1..=shelved {
		let (content, _) = inline(number as u8);
		let Content::Inline(object) = content.clone() else { return };
		let content = hash_of(&content);
		ContentIndex::<T>::insert(content, id);
		Objects::<T>::insert(id, number, object);
		let deposit = rent::<T>(30_000 + number, VersionOf::<T>::max_encoded_len());
		let version = Version { number, content, inline: true, deposit, ..record.current.clone() };
		Versions::<T>::insert(id, number, version);
		BadWrapReports::<T>::insert(id, number, 1);
	}
	record.current.number = shelved + 1;
	record.newest = shelved + 1;
	Records::<T>::insert(id, record);
}

/// An erased record with more rows left than one step removes.
pub(super) fn insert_residue<T: Config>(stage: &Stage0<T>) -> RecordId {
	let id = anchored::<T>(stage);
	insert_history::<T>(id);
	insert_wraps::<T>(id, 1, &wraps::<T>(ERASED_WRAPS + 1));
	let record = Records::<T>::take(id).unwrap();
	SubjectRecords::<T>::remove(record.subject, record.seq);
	ContentIndex::<T>::remove(record.current.content);
	Residues::<T>::insert(id, ());
	id
}

/// Verdicts of `count` validators on a batch, signed as wallets do.
pub(super) fn batch_bundle<T: Config>(
	organisation: &IdentityId,
	root: Digest,
	count: u32,
) -> BundleOf<T> {
	let one = |number| {
		let evidence = Digest([number as u8; 32]);
		let bytes = Pallet::<T>::batch_statement_to_sign(
			*organisation,
			root,
			RFC9162,
			MAX_TREE_SIZE,
			AttestationKind::Accuracy,
			Verdict::Pass,
			evidence,
			Moment::MAX,
		);
		let [_, wrapped] = signed_forms(bytes);
		SignedAttestation {
			validator: validator::<T>(number),
			kind: AttestationKind::Accuracy,
			verdict: Verdict::Pass,
			evidence,
			expires: Moment::MAX,
			signature: T::BenchmarkHelper::sign(number, &wrapped),
		}
	};
	(0..count).map(one).collect::<Vec<_>>().try_into().unwrap()
}

/// A batch of 2^20 leaves in which `id` with this object is one, and the leaf's path.
///
/// Its `judged` verdicts are by practitioners who hold other licences than the policy asks for, so
/// that each is looked up and none counts: all bundled ones are checked beside them.
pub(super) fn insert_batch<T: Config>(
	stage: &Stage0<T>,
	id: RecordId,
	content: ContentHash,
	judged: u32,
) -> (BatchId, LeafPath) {
	let data = RecordLeaf { record: id, version: 1, content };
	let leaf = leaf_hash::<HostSha256>(&data.to_bytes());
	let path: Vec<_> = (0..MAX_PATH).map(|number| [number as u8; 32]).collect();
	let size = MAX_TREE_SIZE.into();
	let root = root_from_path::<HostSha256>(size, LEAF.into(), &leaf, &path).unwrap();
	let attestations: Vec<_> = (0..judged)
		.map(|number| {
			let account: T::AccountId = account("judge", number, 0);
			let validator = T::Identities::bench_register(&account, IdentityKind::Practitioner);
			let other = AccreditationKind::SpecialistRegistration;
			T::Accreditations::bench_accredit(&validator, other);
			Attestation {
				validator,
				organisations: vec![IdentityId([100; 32]), IdentityId([101; 32])]
					.try_into()
					.unwrap(),
				kind: AttestationKind::Accuracy,
				verdict: Verdict::Pass,
				evidence: Digest([number as u8; 32]),
				at: T::Clock::now(),
				from_batch: true,
			}
		})
		.collect();
	let batch = NextBatch::<T>::get();
	NextBatch::<T>::put(BatchId(batch.0 + 1));
	BatchByRoot::<T>::insert(stage.organisation, Digest(root), batch);
	Batches::<T>::insert(
		batch,
		Batch {
			organisation: stage.organisation,
			root: Digest(root),
			algorithm: RFC9162,
			tree_size: MAX_TREE_SIZE,
			at: T::Clock::now(),
			promoted: 0,
			attestations: attestations.try_into().unwrap(),
			deposit: rent::<T>(40_000, BatchOf::<T>::max_encoded_len()),
		},
	);
	let path: Vec<_> = path.into_iter().map(Digest).collect();
	(batch, path.try_into().unwrap())
}
