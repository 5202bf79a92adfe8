// SPDX-License-Identifier: Apache-2.0

//! Each invariant is broken by hand and seen to fail.

use super::*;

/// Breaks a state with an anchored note, one that waits for an amendment, and an open reading.
fn broken(by: impl FnOnce((RecordId, RecordId, RecordId))) -> String {
	new_test_ext().execute_with(|| {
		let (anchored, amended) = (anchored_note(1), anchored_note(2));
		assert_ok!(note(3).amend(amended, 1, vec![]));
		assert_ok!(reading(4).propose());
		assert_ok!(HealthRecords::do_try_state());
		by((anchored, amended, reading(4).id()));
		match HealthRecords::do_try_state() {
			Err(sp_runtime::TryRuntimeError::Other(message)) => message.into(),
			other => panic!("not seen: {other:?}"),
		}
	})
}

fn change(id: RecordId, how: impl FnOnce(&mut RecordOf<Test>)) {
	Records::<Test>::mutate(id, |record| how(record.as_mut().unwrap()));
}

#[test]
fn i1_every_number_is_one_version() {
	let messages = [
		broken(|(anchored, ..)| change(anchored, |record| record.newest = 0)),
		broken(|(anchored, ..)| change(anchored, |record| record.current.number = 0)),
		broken(|(_, amended, _)| change(amended, |record| record.newest = 3)),
		broken(|(_, amended, _)| Records::<Test>::remove(amended)),
		broken(|(_, amended, _)| change(amended, |record| record.current.number = 2)),
		broken(|(anchored, amended, _)| {
			let pending = Pending::<Test>::take(amended).unwrap();
			Pending::<Test>::insert(anchored, pending);
		}),
		broken(|(_, amended, open)| {
			let pending = Pending::<Test>::take(amended).unwrap();
			change(open, |record| record.newest = 2);
			Pending::<Test>::insert(open, pending);
		}),
		broken(|(_, amended, _)| {
			let pending = Pending::<Test>::take(amended).unwrap();
			Versions::<Test>::insert(amended, 2, pending);
		}),
		broken(|(_, amended, _)| {
			Pending::<Test>::mutate(amended, |pending| pending.as_mut().unwrap().abandon(START))
		}),
		broken(|(anchored, ..)| Versions::<Test>::insert(anchored, 2, current(anchored))),
		broken(|(anchored, amended, _)| {
			change(amended, |record| record.newest = 9);
			let mut version = current(anchored);
			version.number = 9;
			Versions::<Test>::insert(amended, 8, version);
		}),
	];
	assert!(messages.iter().all(|message| message.starts_with("I1: ")), "{messages:?}");
	let told: std::collections::BTreeSet<_> = messages.iter().collect();
	assert!(told.len() > 5, "{told:?}");
}

#[test]
fn i2_objects_and_versions_agree() {
	let messages = [
		broken(|_| ContentIndex::<Test>::remove(note(2).hash())),
		// What waits claims nothing.
		broken(|(_, amended, _)| ContentIndex::<Test>::insert(note(3).hash(), amended)),
		broken(|(_, amended, _)| ContentIndex::<Test>::insert(note(1).hash(), amended)),
		broken(|(_, amended, _)| ContentIndex::<Test>::insert(note(9).hash(), amended)),
		broken(|(anchored, ..)| Objects::<Test>::insert(anchored, 1, InlineObject::default())),
		broken(|(anchored, ..)| change(anchored, |record| record.current.inline = true)),
	];
	assert!(messages.iter().all(|message| message.starts_with("I2")), "{messages:?}");
}

#[test]
fn i3_subjects_list_their_records() {
	let messages = [
		broken(|(anchored, ..)| change(anchored, |record| record.seq = 2)),
		broken(|(anchored, ..)| SubjectRecords::<Test>::insert(identity(PATIENT), 7, anchored)),
		broken(|_| SubjectRecords::<Test>::insert(identity(PATIENT), 7, note(9).id())),
		broken(|_| SubjectRecords::<Test>::remove(identity(PATIENT), 1)),
		broken(|_| SubjectRecordCount::<Test>::insert(identity(PATIENT), 2)),
	];
	assert!(messages.iter().all(|message| message.starts_with("I3")), "{messages:?}");
}

#[test]
fn i4_stages_follow_from_verdicts() {
	fn first(record: &mut RecordOf<Test>) -> &mut Attestation {
		record.current.attestations.iter_mut().next().unwrap()
	}
	let messages = [
		broken(|(anchored, ..)| change(anchored, |record| first(record).verdict = Verdict::Fail)),
		broken(|(anchored, ..)| {
			ContentIndex::<Test>::remove(note(1).hash());
			change(anchored, |record| record.current.stage = Stage::Failed { at: START })
		}),
		broken(|(anchored, ..)| {
			change(anchored, |record| {
				let again = first(record).clone();
				record.current.attestations.try_push(again).unwrap();
			})
		}),
		broken(|(anchored, _, open)| {
			let mut verdicts = current(anchored).attestations;
			verdicts.iter_mut().for_each(|one| one.kind = Accuracy);
			change(open, |record| record.current.attestations = verdicts);
		}),
		broken(|(anchored, ..)| {
			let (anchored_at, deadline, policy) = (START, START + DAY, CLINICAL);
			let stage = Stage::Revalidating { anchored: anchored_at, deadline, policy };
			change(anchored, |record| record.current.stage = stage);
		}),
		broken(|(anchored, ..)| {
			let stage = Stage::RevalidationFailed { anchored: START, at: START };
			change(anchored, |record| record.current.stage = stage);
		}),
		broken(|(anchored, ..)| {
			let mut old = current(anchored);
			old.number = 1;
			old.attestations = Default::default();
			old.content = note(9).hash();
			ContentIndex::<Test>::insert(old.content, anchored);
			let (deadline, policy) = (START + DAY, CLINICAL);
			old.stage = Stage::Revalidating { anchored: START, deadline, policy };
			change(anchored, |record| {
				record.newest = 2;
				record.current.number = 2;
			});
			Versions::<Test>::insert(anchored, 1, old);
		}),
	];
	assert!(messages.iter().all(|message| message.starts_with("I4")), "{messages:?}");
}

#[test]
fn i5_policies_can_be_met() {
	let unsound = ValidationPolicy { time_to_live: 0, ..CLINICAL };
	let messages = [
		broken(|_| ValidationPolicies::<Test>::insert(RecordClass::Genomic, unsound)),
		broken(|(_, _, open)| {
			let stage = Stage::Open { deadline: START + 7 * DAY, policy: unsound };
			change(open, |record| record.current.stage = stage)
		}),
	];
	assert!(messages.iter().all(|message| message.starts_with("I5")), "{messages:?}");
}

#[test]
fn i6_retracted_records_give_no_keys() {
	let retraction =
		|| Some(Retraction { reason: RetractReason::Duplicate, by: identity(DOCTOR), at: START });
	let messages = [
		broken(|(anchored, ..)| change(anchored, |record| record.current.key = None)),
		broken(|(anchored, ..)| change(anchored, |record| record.retraction = retraction())),
		broken(|(_, _, open)| {
			change(open, |record| {
				record.retraction = retraction();
				record.current.key = None;
			})
		}),
		broken(|(anchored, ..)| change(anchored, |record| record.keys_from = 0)),
		broken(|(anchored, ..)| change(anchored, |record| record.keys_from = 2)),
	];
	assert!(messages.iter().all(|message| message.starts_with("I6")), "{messages:?}");
}

#[test]
fn i7_open_places_are_counted() {
	let messages = [
		broken(|_| Quotas::<Test>::mutate(identity(PATIENT), |quota| quota.open.clear())),
		broken(|(anchored, ..)| {
			Quotas::<Test>::mutate(identity(PATIENT), |quota| {
				quota.open.try_push((anchored, START)).unwrap()
			})
		}),
	];
	assert!(messages.iter().all(|message| message.starts_with("I7")), "{messages:?}");
}

#[test]
fn i8_only_subjects_pay_nothing() {
	let messages = [
		broken(|(anchored, ..)| change(anchored, |record| record.current.deposit = None)),
		broken(|(anchored, ..)| {
			change(anchored, |record| record.current.author = identity(PATIENT))
		}),
	];
	assert!(messages.iter().all(|message| message.starts_with("I8")), "{messages:?}");
}

#[test]
fn i9_deadlines_are_indexed() {
	let hour = |days: u64| crate::calls::hour_of(START + days * DAY);
	let messages = [
		broken(|(_, amended, _)| Deadlines::<Test>::remove(hour(1), amended)),
		broken(|(_, _, open)| Deadlines::<Test>::remove(hour(7), open)),
		broken(|(anchored, ..)| Deadlines::<Test>::insert(hour(1), anchored, ())),
		broken(|(_, _, open)| Deadlines::<Test>::insert(hour(8), open, ())),
		broken(|_| SweepCursor::<Test>::put(hour(1) + 1)),
		broken(|_| SweepCursor::<Test>::kill()),
	];
	assert!(messages.iter().all(|message| message.starts_with("I9")), "{messages:?}");
}

#[test]
fn i16_patients_take_the_room_of_their_own() {
	fn change_quota(how: impl FnOnce(&mut QuotaOf<Test>)) {
		Quotas::<Test>::mutate(identity(PATIENT), how);
	}
	let messages = [
		broken(|_| change_quota(|quota| quota.bytes -= 1)),
		broken(|_| change_quota(|quota| quota.bytes += TOMBSTONE_ROOM)),
		broken(|_| Quotas::<Test>::insert(identity(DOCTOR), Quota::default())),
		broken(|(anchored, ..)| {
			let tombstone = Tombstone {
				basis: salus_primitives::ErasureBasis::ConsentWithdrawn,
				by: identity(PATIENT),
				at: START,
			};
			Records::<Test>::remove(anchored);
			SubjectRecords::<Test>::remove(identity(PATIENT), 0);
			ContentIndex::<Test>::remove(note(1).hash());
			Tombstones::<Test>::insert(anchored, tombstone);
			TombstoneList::<Test>::insert(0, anchored);
			TombstoneCount::<Test>::put(1);
		}),
	];
	assert!(messages.iter().all(|message| message.starts_with("I16")), "{messages:?}");
}
