// SPDX-License-Identifier: Apache-2.0

//! What always holds, numbered as in the README.

mod batches;
mod erasure;
mod keys;

use crate::*;
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{
	ensure,
	traits::{Get, Time},
};
use salus_primitives::RecordVersion;
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
		Self::only_subjects_pay_nothing()?;
		Self::deadlines_are_indexed()?;
		Self::wraps_are_counted()?;
		Self::tags_lead_to_records()?;
		Self::batches_are_found_by_root()?;
		Self::leaves_are_records()?;
		Self::tombstones_are_listed()?;
		Self::residues_are_of_the_erased()?;
		Self::patients_take_the_room_of_their_own()
	}

	fn all_versions() -> impl Iterator<Item = (RecordId, VersionOf<T>)> {
		let current = Records::<T>::iter().map(|(id, record)| (id, record.current));
		let shelved = Versions::<T>::iter().map(|(id, _, version)| (id, version));
		current.chain(Pending::<T>::iter()).chain(shelved)
	}

	// I1: a number of a record stands for one version at most, none is above `newest`, and none is
	// 0: the one that counts, the one that waits (the newest, of a record that counts), the shelved.
	fn every_number_is_one_version() -> Check {
		let mut seen = BTreeSet::<(RecordId, RecordVersion)>::new();
		for (id, version) in Self::all_versions() {
			ensure!(seen.insert((id, version.number)), "I1: two versions with one number");
			let Some(record) = Records::<T>::get(id) else {
				ensure!(Residues::<T>::contains_key(id), "I1: a version without a record");
				continue;
			};
			let given = (1..=record.newest).contains(&version.number);
			ensure!(given, "I1: a number that was never given out");
		}
		for (_, number, version) in Versions::<T>::iter() {
			ensure!(version.number == number, "I1: a version under another number");
			ensure!(!version.is_open(), "I1: a shelved version that is open");
		}
		for (id, pending) in Pending::<T>::iter() {
			let record = Records::<T>::get(id).ok_or("I1: an amendment of nothing")?;
			ensure!(record.counts(), "I1: waits beside what does not count");
			ensure!(pending.number == record.newest, "I1: what waits is not the newest");
			ensure!(pending.is_open(), "I1: what waits is not open");
		}
		Ok(())
	}

	// I2: the object of a version that counts or did is indexed for its record and no other; inline
	// objects are kept, with the hash and the length they claim; nothing else is kept or indexed.
	fn objects_and_versions_agree() -> Check {
		let (mut anchored, mut inline) = (0usize, 0usize);
		for (id, version) in Self::all_versions() {
			if version.was_anchored() {
				anchored = anchored.saturating_add(1);
				let indexed = ContentIndex::<T>::get(version.content) == Some(id);
				ensure!(indexed, "I2: an object is not indexed for its record");
			}
			if version.inline {
				inline = inline.saturating_add(1);
				let object = Objects::<T>::get(id, version.number).unwrap_or_default();
				let hash = sp_io::hashing::blake2_256(&object);
				ensure!(version.content.0 == hash, "I2: an object has another hash");
				let len = object_len(version.padded_len);
				ensure!(len == Some(object.len() as u64), "I2: an object has another length");
			}
		}
		ensure!(ContentIndex::<T>::iter_keys().count() == anchored, "I2: indexed without version");
		ensure!(Objects::<T>::iter_keys().count() == inline, "I2: kept without version");
		Ok(())
	}

	// I3: each record knows its place in its subject's list, and each place its record; no place is
	// beyond the count.
	fn subjects_list_their_records() -> Check {
		for (id, record) in Records::<T>::iter() {
			let listed = SubjectRecords::<T>::get(record.subject, record.seq) == Some(id);
			ensure!(listed, "I3: a record is not where it says");
		}
		for (subject, seq, id) in SubjectRecords::<T>::iter() {
			let knows = Records::<T>::get(id)
				.is_some_and(|record| (record.subject, record.seq) == (subject, seq));
			ensure!(knows, "I3: a place whose record does not know it");
			let within = seq < SubjectRecordCount::<T>::get(subject);
			ensure!(within, "I3: a place beyond the count");
		}
		Ok(())
	}

	// I4: no validator speaks twice on one kind; what waits for verdicts lacks something and nothing
	// failed; an anchored version has no failing verdict; a failed one ends with its only one. Only
	// what counts is validated anew.
	fn stages_follow_from_verdicts() -> Check {
		for (_, version) in Self::all_versions() {
			let given = &version.attestations;
			let voices: BTreeSet<_> = given.iter().map(|one| (one.validator, one.kind)).collect();
			ensure!(voices.len() == given.len(), "I4: a validator spoke twice");
			let failing = given.iter().filter(|one| !one.verdict.passes()).count();
			let last_fails = given.last().is_some_and(|last| !last.verdict.passes());
			let sound = match &version.stage {
				Stage::Open { policy, .. } | Stage::Revalidating { policy, .. } => {
					failing == 0 && !policy.is_met_by(given)
				},
				Stage::Anchored { .. } | Stage::Abandoned { .. } => failing == 0,
				Stage::Failed { .. } | Stage::RevalidationFailed { .. } => {
					failing == 1 && last_fails
				},
			};
			ensure!(sound, "I4: a stage does not follow from the verdicts");
		}
		for version in Versions::<T>::iter_values() {
			let under_way = matches!(version.stage, Stage::Revalidating { .. });
			ensure!(!under_way, "I4: a shelved version is validated anew");
		}
		Ok(())
	}

	// I5: every policy, of a class or of what waits for verdicts, can be met.
	fn policies_can_be_met() -> Check {
		let open = Self::all_versions()
			.filter_map(|(_, version)| version.stage.inquiry().map(|(_, policy)| policy));
		let sound = ValidationPolicies::<T>::iter_values().chain(open).all(|one| one.is_sound());
		ensure!(sound, "I5: a policy cannot be met");
		Ok(())
	}

	// I6: the version that counts has its key if and only if the record is not retracted, and a
	// retracted record has nothing open. Keys are given out from a number on that was sealed.
	fn retracted_records_give_no_keys() -> Check {
		for (id, record) in Records::<T>::iter() {
			let retracted = record.retraction.is_some();
			ensure!(record.current.key.is_some() != retracted, "I6: a key too many or too few");
			let open = record.current.is_open() || Pending::<T>::contains_key(id);
			ensure!(!(retracted && open), "I6: a retracted record has something open");
			let from = (1..=record.current.number).contains(&record.keys_from);
			ensure!(from, "I6: keys from a number that does not count");
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
		for (patient, quota) in Quotas::<T>::iter() {
			for (id, deadline) in quota.open {
				let stands = open.get(&(patient, id)) == Some(&deadline);
				ensure!(stands, "I7: a place for nothing open");
			}
		}
		for ((patient, id), deadline) in open {
			let has_place = Quotas::<T>::get(patient).open.contains(&(id, deadline));
			ensure!(deadline <= now || has_place, "I7: something open without a place");
		}
		Ok(())
	}

	// I8: who writes a version pays rent for it, except the subject.
	fn only_subjects_pay_nothing() -> Check {
		for (id, version) in Self::all_versions() {
			// Whose an erased record was, nobody knows any more.
			let Some(record) = Records::<T>::get(id) else { continue };
			let own = record.subject == version.author;
			ensure!(version.deposit.is_some() != own, "I8: rent is held from the wrong one");
		}
		Ok(())
	}

	// I16: the room that a patient takes is that of its own versions and of the tombstones it made,
	// and no more than it has; who takes nothing has no row.
	fn patients_take_the_room_of_their_own() -> Check {
		let mut taken = BTreeMap::new();
		for (_, version) in Self::all_versions().filter(|(_, version)| version.deposit.is_none()) {
			let room = taken.entry(version.author).or_insert(0u32);
			*room = room.saturating_add(Self::room_taken(&version));
		}
		for (patient, quota) in Quotas::<T>::iter() {
			let made = Tombstones::<T>::iter_values().filter(|stone| stone.by == patient).count();
			let stones = TOMBSTONE_ROOM.saturating_mul(made as u32);
			let rows = taken.remove(&patient).unwrap_or_default();
			let room = rows.saturating_add(stones);
			ensure!(quota.bytes == room, "I16: a patient takes more or less than its rows");
			ensure!(room <= T::MaxOwnBytes::get(), "I16: a patient takes more than it has");
			ensure!(room > 0, "I16: a row for nothing");
		}
		ensure!(taken.is_empty(), "I16: a patient's version that takes no room");
		Ok(())
	}

	// I9: what is open stands under the hour of its deadline, where the sweep has still to come, and
	// nothing else stands there.
	fn deadlines_are_indexed() -> Check {
		let cursor = SweepCursor::<T>::get();
		let mut open = BTreeSet::new();
		for (id, version) in Self::all_versions() {
			if let Stage::Open { deadline, .. } = version.stage {
				open.insert((crate::calls::hour_of(deadline), id));
			}
		}
		for (hour, id, ()) in Deadlines::<T>::iter() {
			ensure!(open.contains(&(hour, id)), "I9: a deadline of nothing open");
			ensure!(cursor.is_some_and(|next| next <= hour), "I9: a deadline behind the sweep");
		}
		for (hour, id) in open {
			let indexed = Deadlines::<T>::contains_key(hour, id);
			// The sweep passes by what is under legal hold, and forgets it.
			let passed = cursor.is_some_and(|next| hour <= next);
			ensure!(indexed || passed, "I9: something open without its deadline");
		}
		Ok(())
	}
}
