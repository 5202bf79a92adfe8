// SPDX-License-Identifier: Apache-2.0

use super::*;
use frame_support::assert_storage_noop;
use salus_traits::identity::FeeAllowance;

fn spend(who: Sr25519Keyring, fee: u128) -> bool {
	Identity::try_spend(&account(who), fee)
}

#[test]
fn a_patient_spends_to_the_last_unit() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let id = identity(Alice);
		assert_eq!(Identity::allowance_left(id), ALLOWANCE);
		assert!(spend(Alice, ALLOWANCE - 1));
		assert_eq!(Identity::allowance_left(id), 1);
		assert!(!Identity::can_spend(&account(Alice), 2));
		assert_storage_noop!(assert!(!spend(Alice, 2)));
		assert!(Identity::can_spend(&account(Alice), 1));
		assert!(spend(Alice, 1));
		assert_eq!(Identity::allowance_left(id), 0);
	});
}

#[test]
fn a_question_changes_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_storage_noop!(assert!(Identity::can_spend(&account(Alice), ALLOWANCE)));
	});
}

#[test]
fn a_new_day_begins_at_midnight_and_brings_no_rest() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert!(spend(Alice, 1));
		at(START + DAY - 1);
		assert!(!spend(Alice, ALLOWANCE));
		at(START + DAY);
		assert_eq!(Identity::allowance_left(identity(Alice)), ALLOWANCE);
		assert!(!spend(Alice, ALLOWANCE + 1));
		assert!(spend(Alice, ALLOWANCE));
	});
}

#[test]
fn there_is_one_row_per_identity_whatever_the_days() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		for day in 0..5 {
			at(START + day * DAY);
			assert!(spend(Alice, 3));
			assert!(spend(Alice, 4));
		}
		let day = START / DAY + 4;
		let rows: Vec<_> = Allowances::<Test>::iter().collect();
		assert_eq!(rows, [(identity(Alice), DaySpending { day, spent: 7 })]);
	});
}

#[test]
fn nobody_else_is_allowed_anything() {
	ExtBuilder::default()
		.identity(Bob, IdentityKind::Organisation)
		.identity(Charlie, IdentityKind::Practitioner)
		.build_and_execute(|| {
			for who in [Bob, Charlie, Eve] {
				assert_storage_noop!(assert!(!spend(who, 1)));
				assert_eq!(Identity::allowance_left(identity(who)), 0);
			}
		});
}

#[test]
fn a_patient_that_is_not_active_spends_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		set_status(identity(Alice), IdentityStatus::Suspended);
		assert!(!spend(Alice, 1));
		assert_eq!(Identity::allowance_left(identity(Alice)), 0);
	});
}
