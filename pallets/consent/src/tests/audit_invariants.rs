// SPDX-License-Identifier: Apache-2.0

//! Each invariant of audit batches, denials and custodies, broken by hand.

use super::*;
use salus_primitives::RecorderId;

const GATEWAY: RecorderId = RecorderId([7; 32]);

/// Breaks a sound world, with two batches of a log, and expects this complaint.
fn complains(damage: impl FnOnce(IdentityId), complaint: &'static str) {
	ExtBuilder::default().build().execute_with(|| {
		file_records();
		for (seq, first, last) in [(0, 0, 4), (1, 5, 5)] {
			let root = Digest([1; 32]);
			assert_ok!(Consent::anchor_audit_batch(
				signed(One),
				GATEWAY,
				seq,
				root,
				first,
				last,
				START,
				START
			));
		}
		let custodians = BoundedVec::try_from(vec![identity(One)]).unwrap();
		assert_ok!(Consent::set_share_custodian(signed(Alice), custodians, 1));
		assert_ok!(log(question(Two, RESULT), NO_GRANT));
		assert_ok!(Consent::do_try_state());
		damage(identity(One));
		assert_eq!(Consent::do_try_state(), Err(complaint.into()));
	});
}

#[test]
fn i18_batches() {
	fn change(one: IdentityId, seq: u64, how: impl FnOnce(&mut AuditBatch)) {
		AuditBatches::<Test>::mutate((one, GATEWAY, seq), |row| how(row.as_mut().unwrap()));
	}
	complains(|one| AuditBatches::<Test>::remove((one, GATEWAY, 0)), "I18: gap between batches");
	for first in [4, 6] {
		complains(
			|one| change(one, 1, |batch| batch.first = first),
			"I18: gap or overlap of entries",
		);
	}
	complains(|one| change(one, 1, |batch| batch.last = 4), "I18: batch of no size");
	complains(
		|one| change(one, 1, |batch| batch.last = 5 + MAX_BATCH_EVENTS),
		"I18: batch of no size",
	);
	complains(|one| change(one, 1, |batch| batch.from = START + 1), "I18: times out of order");
	complains(|one| change(one, 1, |batch| batch.at = START - 1), "I18: times out of order");
	complains(
		|one| AuditBatches::<Test>::remove((one, GATEWAY, 1)),
		"I18: head differs from its batches",
	);
	complains(|one| AuditHeads::<Test>::remove(one, GATEWAY), "I18: batches without a head");
}

#[test]
fn i19_recorders() {
	let (eve, other) = (identity(Eve), RecorderId([9; 32]));
	let listed = Recorders::<Test>::insert::<IdentityId, u64, RecorderId>;
	complains(
		|one| {
			listed(one, 1, GATEWAY);
			RecorderCount::<Test>::insert(one, 2);
		},
		"I19: log is listed twice",
	);
	complains(|one| listed(one, 1, other), "I19: number past an organisation's count");
	complains(|one| RecorderCount::<Test>::insert(one, 2), "I19: logs are miscounted");
	complains(
		|_| {
			listed(eve, 0, other);
			RecorderCount::<Test>::insert(eve, 1);
		},
		"I19: list differs from the logs",
	);
	complains(
		|one| {
			Recorders::<Test>::remove(one, 0);
			RecorderCount::<Test>::remove(one);
		},
		"I19: list differs from the logs",
	);
}

#[test]
fn i20_denials() {
	for count in [0, MAX_DENIALS_PER_HOUR + 1] {
		let denials = DenialCount { hour: 0, count };
		complains(
			|one| DenialCounts::<Test>::insert(one, identity(Alice), denials),
			"I20: denials past their bound",
		);
	}
}

#[test]
fn i21_custodies() {
	fn change(how: impl FnOnce(&mut ShareCustody)) {
		ShareCustodians::<Test>::mutate(identity(Alice), |row| how(row.as_mut().unwrap()));
	}
	for threshold in [0, 2] {
		complains(
			|_| change(|custody| custody.threshold = threshold),
			"I21: threshold out of reach",
		);
	}
	complains(
		|one| change(|custody| custody.custodians.try_push(one).unwrap()),
		"I21: custodian named twice",
	);
	complains(ShareKeepers::<Test>::remove, "I21: custodian is not remembered");
}
