// SPDX-License-Identifier: Apache-2.0

//! States for the benchmarks of what is filed in numbers: many at a time, or lapsed.

use super::{linked::*, *};

pub(super) type Many<T> = BoundedVec<NewRecordOf<T>, ConstU32<MAX_RECORDS>>;

/// So many records of the author's, of which the first `inlined` have their objects on chain, each
/// with `verdicts` by the next of so many validators.
pub(super) fn many<T: Config>(
	stage: &Stage0<T>,
	count: u32,
	verdicts: u32,
	validators: u32,
	inlined: u32,
) -> (Option<IdentityId>, Many<T>) {
	fund::<T>(&stage.author, count, RecordOf::<T>::max_encoded_len() + MAX_INLINE as usize);
	let accounts: Vec<_> = (0..validators).map(|number| validator::<T>(number)).collect();
	let one = |number: u32| {
		// Another patient each time: nothing that a record asks for was asked before.
		let patient = account("patient", number, 0);
		let subject = T::Identities::bench_register(&patient, IdentityKind::Patient);
		T::Compartments::bench_open(&subject, COMPARTMENT);
		let (content, padded_len) =
			if number < inlined { inline(number as u8) } else { external(number as u8) };
		let mut record = NewRecord {
			nonce: [number as u8; 16],
			subject,
			class: CLASS,
			compartment: COMPARTMENT,
			content,
			body: Commitment([9; 32]),
			padded_len,
			key: key::<T>(&subject),
			attestations: Default::default(),
		};
		let (id, hash) = (id_of::<T>(stage, &record), hash_of(&record.content));
		let bundle: Vec<_> = (0..verdicts)
			.map(|verdict| number.wrapping_mul(verdicts).wrapping_add(verdict) % validators)
			.map(|judge| (judge, accounts.get(judge as usize).unwrap().clone()))
			.map(|(judge, account)| verdict::<T>(judge, account, id, 1, hash))
			.collect();
		record.attestations = bundle.try_into().unwrap();
		record
	};
	let records = (0..count).map(one).collect::<Vec<_>>().try_into();
	(Some(stage.organisation), records.unwrap_or_default())
}

/// The id that one of them will have.
pub(super) fn id_of<T: Config>(stage: &Stage0<T>, record: &NewRecordOf<T>) -> RecordId {
	let NewRecord { nonce, subject, class, compartment, .. } = *record;
	Pallet::<T>::record_id(stage.author_id, subject, class, compartment, nonce)
}

/// A proposal that lapsed just now: a promoted leaf with tags and an object on chain, everything
/// paid by others.
pub(super) fn insert_lapsed<T: Config>(stage: &Stage0<T>, number: u32) -> RecordId {
	let id = insert_anchored::<T>(&stage.subject, &stage.author_id, COMPARTMENT);
	let mut record = Records::<T>::get(id).unwrap();
	let (content, _) = inline(number as u8);
	let hash = hash_of(&content);
	let Content::Inline(object) = content else { return id };
	ContentIndex::<T>::remove(record.current.content);
	Objects::<T>::insert(id, 1, object);
	let policy = ValidationPolicies::<T>::get(CLASS).unwrap();
	let deadline = T::Clock::now();
	Deadlines::<T>::insert(crate::calls::hour_of(deadline), id, ());
	record.organisation = Some(stage.organisation);
	record.current.content = hash;
	record.current.inline = true;
	record.current.attestations.pop();
	record.current.stage = Stage::Open { deadline, policy };
	record.current.deposit =
		rent::<T>(70_000 + number, RecordOf::<T>::max_encoded_len() + MAX_INLINE as usize);
	let (batch, _) = insert_batch::<T>(stage, id, hash, MAX_ATTESTATIONS);
	Promoted::<T>::insert(batch, LEAF, id);
	Batches::<T>::mutate(batch, |batch| {
		if let Some(batch) = batch {
			batch.promoted = 1;
		}
	});
	record.batch = Some((batch, LEAF));
	Records::<T>::insert(id, record);
	insert_tags::<T>(id);
	ErasureRequests::<T>::insert(id, ErasureRequest::Open { at: deadline });
	id
}
