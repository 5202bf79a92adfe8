// SPDX-License-Identifier: Apache-2.0

//! What always holds, numbered as in the README.

use crate::*;
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{ensure, traits::Time};
use salus_primitives::{RecordStatus, RecordVersion};
use sp_runtime::TryRuntimeError;

type Check = Result<(), TryRuntimeError>;

impl<T: Config> Pallet<T> {
	/// Every invariant.
	pub fn do_try_state() -> Check {
		Self::every_number_is_one_version()?;
		Self::objects_and_versions_agree()?;
		Self::subjects_list_their_records()?;
		Self::stages_follow_from_verdicts()?;
		Self::policies_can_be_met()?;
		Self::retracted_records_give_no_keys()?;
		Self::open_places_are_counted()?;
		Self::only_subjects_pay_nothing()
	}

	fn all_versions() -> impl Iterator<Item = (RecordId, VersionOf<T>)> {
		let current = Records::<T>::iter().map(|(id, record)| (id, record.current));
		let shelved = Versions::<T>::iter().map(|(id, _, version)| (id, version));
		current.chain(Pending::<T>::iter()).chain(shelved)
	}

	// I1: the numbers 1 to `newest` of a record stand for one version each: the one that counts,
	// the one that waits (the newest, of an anchored record), and the shelved ones.
	fn every_number_is_one_version() -> Check {
		let mut seen = BTreeSet::<(RecordId, RecordVersion)>::new();
		for (id, version) in Self::all_versions() {
			ensure!(Records::<T>::contains_key(id), "I1: a version without a record");
			ensure!(seen.insert((id, version.number)), "I1: two versions with one number");
		}
		for (id, number, version) in Versions::<T>::iter() {
			ensure!(version.number == number, "I1: a version under another number");
			ensure!(!version.is_open(), "I1: a shelved version that is open");
			let _ = id;
		}
		let mut total = 0usize;
		for (id, record) in Records::<T>::iter() {
			total = total.saturating_add(record.newest as usize);
			let complete = (1..=record.newest).all(|number| seen.contains(&(id, number)));
			ensure!(complete, "I1: a number without a version");
			if let Some(pending) = Pending::<T>::get(id) {
				ensure!(record.status() == RecordStatus::Validated, "I1: waits beside a proposal");
				ensure!(pending.number == record.newest, "I1: what waits is not the newest");
				ensure!(pending.is_open(), "I1: what waits is not open");
			}
		}
		ensure!(total == seen.len(), "I1: a version above the newest");
		Ok(())
	}

	// I2: every version's object is indexed for its record and no other; inline objects are kept,
	// with the hash and the length they claim; nothing else is kept or indexed.
	fn objects_and_versions_agree() -> Check {
		let (mut versions, mut inline) = (0usize, 0usize);
		for (id, version) in Self::all_versions() {
			versions = versions.saturating_add(1);
			let indexed = ContentIndex::<T>::get(version.content) == Some(id);
			ensure!(indexed, "I2: an object is not indexed for its record");
			if version.inline {
				inline = inline.saturating_add(1);
				let object = Objects::<T>::get(version.content).unwrap_or_default();
				let hash = sp_io::hashing::blake2_256(&object);
				ensure!(version.content.0 == hash, "I2: an object has another hash");
				let len = object_len(version.padded_len);
				ensure!(len == Some(object.len() as u64), "I2: an object has another length");
			}
		}
		ensure!(ContentIndex::<T>::iter_keys().count() == versions, "I2: indexed without version");
		ensure!(Objects::<T>::iter_keys().count() == inline, "I2: kept without version");
		Ok(())
	}

	// I3: the records of a subject are numbered from 0 without a gap, and each knows its number.
	fn subjects_list_their_records() -> Check {
		let mut counts = BTreeMap::new();
		for (id, record) in Records::<T>::iter() {
			let listed = SubjectRecords::<T>::get(record.subject, record.seq) == Some(id);
			ensure!(listed, "I3: a record is not where it says");
			let count = counts.entry(record.subject).or_insert(0u32);
			*count = count.saturating_add(1);
		}
		for (subject, seq, _) in SubjectRecords::<T>::iter() {
			let within = seq < SubjectRecordCount::<T>::get(subject);
			ensure!(within, "I3: a place beyond the count");
		}
		let stored: BTreeMap<_, _> = SubjectRecordCount::<T>::iter().collect();
		ensure!(stored == counts, "I3: a subject's count is wrong");
		Ok(())
	}

	// I4: no validator speaks twice on one kind; an open version lacks something and nothing
	// failed; an anchored one has no failing verdict; a failed one ends with its only failing one.
	fn stages_follow_from_verdicts() -> Check {
		for (_, version) in Self::all_versions() {
			let given = &version.attestations;
			let voices: BTreeSet<_> = given.iter().map(|one| (one.validator, one.kind)).collect();
			ensure!(voices.len() == given.len(), "I4: a validator spoke twice");
			let failing = given.iter().filter(|one| !one.verdict.passes()).count();
			let last_fails = given.last().is_some_and(|last| !last.verdict.passes());
			let sound = match &version.stage {
				Stage::Open { policy, .. } => failing == 0 && !policy.is_met_by(given),
				Stage::Anchored { .. } | Stage::Abandoned { .. } => failing == 0,
				Stage::Failed { .. } => failing == 1 && last_fails,
			};
			ensure!(sound, "I4: a stage does not follow from the verdicts");
		}
		Ok(())
	}

	// I5: every policy, of a class or of an open version, can be met.
	fn policies_can_be_met() -> Check {
		let open = Self::all_versions().filter_map(|(_, version)| match version.stage {
			Stage::Open { policy, .. } => Some(policy),
			_ => None,
		});
		let sound = ValidationPolicies::<T>::iter_values().chain(open).all(|one| one.is_sound());
		ensure!(sound, "I5: a policy cannot be met");
		Ok(())
	}

	// I6: the version that counts has its key if and only if the record is not retracted, and a
	// retracted record has nothing open.
	fn retracted_records_give_no_keys() -> Check {
		for (id, record) in Records::<T>::iter() {
			let retracted = record.retraction.is_some();
			ensure!(record.current.key.is_some() != retracted, "I6: a key too many or too few");
			let open = record.current.is_open() || Pending::<T>::contains_key(id);
			ensure!(!(retracted && open), "I6: a retracted record has something open");
		}
		Ok(())
	}

	// I7: a patient's open versions whose deadline is to come have a place each, and every place
	// stands for an open version of that patient's with that deadline.
	fn open_places_are_counted() -> Check {
		let now = T::Clock::now();
		let mut open = BTreeMap::new();
		for (id, version) in Self::all_versions() {
			if let (Stage::Open { deadline, .. }, None) = (&version.stage, &version.deposit) {
				open.insert((version.author, id), *deadline);
			}
		}
		for (patient, places) in OpenOwnProposals::<T>::iter() {
			for (id, deadline) in places {
				let stands = open.get(&(patient, id)) == Some(&deadline);
				ensure!(stands, "I7: a place for nothing open");
			}
		}
		for ((patient, id), deadline) in open {
			let places = OpenOwnProposals::<T>::get(patient);
			let has_place = places.contains(&(id, deadline));
			ensure!(deadline <= now || has_place, "I7: something open without a place");
		}
		Ok(())
	}

	// I8: who writes a version pays rent for it, except the subject.
	fn only_subjects_pay_nothing() -> Check {
		for (id, version) in Self::all_versions() {
			let subject = Records::<T>::get(id).map(|record| record.subject);
			let own = subject == Some(version.author);
			ensure!(version.deposit.is_some() != own, "I8: rent is held from the wrong one");
		}
		Ok(())
	}
}
