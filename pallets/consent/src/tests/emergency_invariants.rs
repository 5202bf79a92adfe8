// SPDX-License-Identifier: Apache-2.0

//! Each invariant of emergencies and their keys, broken by hand.

use super::{emergency::*, *};
use salus_primitives::{EmergencyId, ReviewOutcome::*};

/// Breaks a sound world, in which one emergency of Bob's has ended and a later one is open, and
/// expects this complaint.
fn complains(damage: impl FnOnce(EmergencyId, EmergencyId), complaint: &'static str) {
	ExtBuilder::default().build().execute_with(|| {
		file_records();
		prepare();
		let past = ended(Some(1));
		go_to(START + 5);
		let open = broken(Bob, Some(1));
		assert_ok!(Consent::do_try_state());
		damage(past, open);
		assert_eq!(Consent::do_try_state(), Err(complaint.into()));
	});
}

fn change(id: EmergencyId, change: impl FnOnce(&mut Emergency)) {
	Emergencies::<Test>::mutate(id, |row| change(row.as_mut().unwrap()));
}

fn reviewed(at: Moment) -> Option<Review> {
	let by = Reviewer::Governance;
	Some(Review { outcome: Justified, note: FINDINGS, by, at })
}

#[test]
fn i12_lists() {
	let (alice, eve, dave) = (identity(Alice), identity(Eve), identity(Dave));
	let of_subject = SubjectEmergencies::<Test>::insert::<IdentityId, u64, EmergencyId>;
	let at_organisation = OrganisationEmergencies::<Test>::insert::<IdentityId, u64, EmergencyId>;
	complains(
		|_, _| NextEmergencyId::<Test>::put(EmergencyId(1)),
		"I12: emergency numbered past the next one",
	);
	complains(|_, _| of_subject(alice, 2, EmergencyId(9)), "I12: listed emergency is missing");
	complains(|past, _| of_subject(dave, 0, past), "I12: emergency listed under another");
	complains(|past, _| of_subject(alice, 2, past), "I12: emergency listed twice");
	complains(
		|_, open| {
			SubjectEmergencies::<Test>::remove(alice, 1);
			of_subject(alice, 2, open);
		},
		"I12: gap in a list",
	);
	complains(
		|_, _| SubjectEmergencies::<Test>::remove(alice, 1),
		"I12: emergency is not listed for its subject",
	);
	complains(
		|_, _| SubjectEmergencyCount::<Test>::insert(alice, 3),
		"I12: gap in a subject's list",
	);
	complains(|past, _| at_organisation(dave, 0, past), "I12: emergency listed under another");
	complains(
		|_, _| OrganisationEmergencies::<Test>::remove(eve, 1),
		"I12: emergency is not listed at its organisation",
	);
	complains(
		|_, _| OrganisationEmergencyCount::<Test>::insert(eve, 1),
		"I12: gap in an organisation's list",
	);
}

#[test]
fn i13_rows() {
	complains(
		|_, _| BtgPolicy::<Test>::mutate(|policy| policy.strikes = 0),
		"I13: unsound emergency policy",
	);
	complains(
		|_, open| change(open, |row| row.claimant = row.subject),
		"I13: emergency of oneself",
	);
	let orders: [fn(&mut Emergency); 3] = [
		|row| row.until = row.opened_at,
		|row| row.review_by = row.until,
		|row| row.contest_by = row.until,
	];
	for order in orders {
		complains(
			|_, open| {
				Consent::unlist(row(open).review_by, Due::Review(open));
				change(open, order);
				Consent::enlist(row(open).review_by, Due::Review(open));
			},
			"I13: moments out of order",
		);
	}
	for at in [START + 4, START + 5 + 4 * HOUR] {
		let closed = Some(Closing { at, by: identity(Bob) });
		complains(
			|_, open| change(open, |row| row.closed = closed),
			"I13: closed before it began or after it ended",
		);
	}
	complains(
		|_, open| change(open, |row| row.review = reviewed(START + 6)),
		"I13: reviewed while it was open",
	);
	for at in [START + 6, START + 31 * DAY] {
		let contest = Some(Contest { at, settled: false });
		complains(
			|_, open| change(open, |row| row.contest = contest),
			"I13: contested out of time",
		);
	}
	let contest = Some(Contest { at: START + 1, settled: true });
	complains(
		|past, _| change(past, |row| row.contest = contest),
		"I13: contest settled without a review",
	);
}

#[test]
fn i13_employers() {
	let (eve, one) = (identity(Eve), identity(One));
	let employers = |id, employers: &[IdentityId]| {
		OtherEmployers::<Test>::insert(id, BoundedVec::truncate_from(employers.to_vec()));
	};
	complains(|_, _| employers(EmergencyId(9), &[one]), "I13: employers of no claimant");
	for wrong in [vec![], vec![eve], vec![one, one]] {
		complains(|_, open| employers(open, &wrong), "I13: employer stands twice");
	}
}

#[test]
fn i22_holders() {
	let ferdie = identity(Ferdie);
	complains(
		|_, _| ShareKeepers::<Test>::insert(ferdie, ()),
		"I22: holder was named as custodian",
	);
	complains(
		|_, _| {
			let (log, root) = (salus_primitives::RecorderId([7; 32]), Digest([1; 32]));
			Recorders::<Test>::insert(ferdie, 0, log);
			RecorderCount::<Test>::insert(ferdie, 1);
			AuditHeads::<Test>::insert(ferdie, log, AuditHead { next_seq: 1, next_event: 1 });
			let (first, last, from, until, at) = (0, 0, START, START, START);
			let batch = AuditBatch { root, first, last, from, until, at };
			AuditBatches::<Test>::insert((ferdie, log, 0), batch);
		},
		"I22: holder released key shares",
	);
}

#[test]
fn i23_reaches() {
	let alice = identity(Alice);
	complains(|_, _| Reaches::<Test>::remove(alice, Some(1)), "I23: open emergency is not counted");
	complains(
		|_, open| {
			let until = row(open).until - 1;
			Reaches::<Test>::insert(alice, Some(1), Reach { open: 1, until });
		},
		"I23: open emergency is not counted",
	);
	complains(
		|_, _| {
			Compartments::<Test>::mutate(alice, 1, |row| {
				row.as_mut().unwrap().rotation_due = false;
			});
		},
		"I23: compartment is read and not due",
	);
}

#[test]
fn i14_last_emergencies() {
	let last = OpenEmergencies::<Test>::insert::<IdentityId, IdentityId, EmergencyId>;
	let (alice, bob) = (identity(Alice), identity(Bob));
	complains(
		|past, _| change(past, |row| row.closed = None),
		"I14: two open emergencies of a pair",
	);
	complains(|past, _| last(alice, bob, past), "I14: last emergency of a pair is another");
	complains(
		|_, _| OpenEmergencies::<Test>::remove(alice, bob),
		"I14: last emergency of a pair is another",
	);
	complains(
		|past, _| last(identity(Dave), bob, past),
		"I14: last emergency of a pair is another",
	);
}

#[test]
fn i15_reviews() {
	let listed = "I15: list of reviews differs from the emergency";
	complains(|past, _| PendingReviews::<Test>::remove(past), listed);
	complains(|past, _| PendingReviews::<Test>::insert(past, 1), listed);
	complains(|past, _| change(past, |row| row.review = reviewed(START)), listed);
	complains(
		|past, _| Consent::unlist(row(past).review_by, Due::Review(past)),
		"I15: review without deadline",
	);
	complains(
		|past, _| {
			change(past, |row| row.review = reviewed(START));
			PendingReviews::<Test>::remove(past);
		},
		"I15: deadline of no review",
	);
	complains(
		|_, _| PendingReviews::<Test>::insert(EmergencyId(9), 1),
		"I15: review of no emergency",
	);
}

#[test]
fn i16_claims() {
	let (bob, eve) = (identity(Bob), identity(Eve));
	fn claimant(change: impl FnOnce(&mut Claimant)) {
		Claimants::<Test>::mutate(identity(Bob), change);
	}
	fn reversed<const N: u32>() -> BoundedVec<Moment, ConstU32<N>> {
		BoundedVec::truncate_from(vec![START + 5, START])
	}
	complains(|_, _| claimant(|row| row.recent = reversed()), "I16: claims out of order");
	complains(|_, _| claimant(|row| row.recent[0] = START + 1), "I16: claim that never was");
	complains(|_, _| claimant(|row| row.recent.truncate(1)), "I16: last claim is not remembered");
	complains(
		|_, _| claimant(|row| row.suspended = Some(START + 6)),
		"I16: suspended in the future",
	);
	complains(|_, _| Claimants::<Test>::remove(bob), "I16: claimant is not remembered");
	complains(
		|_, _| OrganisationUse::<Test>::insert(eve, reversed()),
		"I16: claims of an organisation differ",
	);
	complains(
		|_, _| OrganisationUse::<Test>::mutate(eve, |row| row.truncate(1)),
		"I16: last claim at an organisation is not remembered",
	);
	complains(|_, _| OrganisationUse::<Test>::remove(eve), "I16: organisation is not remembered");
}

#[test]
fn i17_emergency_keys() {
	let (alice, ferdie) = (identity(Alice), identity(Ferdie));
	complains(
		|_, _| EmergencyKeys::<Test>::insert(alice, 9, emergency_key()),
		"I17: emergency key of no compartment",
	);
	complains(
		|_, _| {
			EmergencyKeys::<Test>::mutate(alice, 1, |key| key.as_mut().unwrap().epoch = 1);
		},
		"I17: emergency key of another epoch",
	);
	let holds = |keys, standing| {
		let row = Holder { keys, has_held: true, standing };
		EmergencyHolders::<Test>::insert(ferdie, row);
	};
	complains(|_, _| holds(3, HolderStanding::Offers), "I17: held keys are miscounted");
	complains(|_, _| holds(2, HolderStanding::Ceased), "I17: key with who ceased to hold any");
	complains(
		|_, _| {
			let row = Holder { standing: HolderStanding::Ceased, ..Holder::default() };
			EmergencyHolders::<Test>::insert(identity(Eve), row);
		},
		"I17: who never held a key is remembered",
	);
	complains(
		|_, _| EmergencyHolders::<Test>::remove(ferdie),
		"I17: key with somebody who holds none",
	);
}
