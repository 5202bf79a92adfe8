// SPDX-License-Identifier: Apache-2.0

use super::*;
use salus_traits::identity::FeeAllowance;

fn can_spend(who: Sr25519Keyring, fee: u128) -> bool {
	Identity::can_spend(&account(who), Some(CallScope::RecordAnchor), fee)
}

fn spend(who: Sr25519Keyring, fee: u128) -> bool {
	Identity::try_spend(&account(who), Some(CallScope::RecordAnchor), fee)
}

#[test]
fn a_patient_spends_to_the_last_unit() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let id = identity(Alice);
		assert_eq!(Identity::allowance_left(id), ALLOWANCE);
		assert!(spend(Alice, ALLOWANCE - 1));
		assert_eq!(Identity::allowance_left(id), 1);
		assert!(!can_spend(Alice, 2));
		assert_storage_noop!(assert!(!spend(Alice, 2)));
		assert!(can_spend(Alice, 1));
		assert!(spend(Alice, 1));
		assert_eq!(Identity::allowance_left(id), 0);
	});
}

#[test]
fn a_question_changes_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_storage_noop!(assert!(can_spend(Alice, ALLOWANCE)));
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
		set_status(identity(Alice), suspended(None));
		assert!(!spend(Alice, 1));
		assert_eq!(Identity::allowance_left(identity(Alice)), 0);
	});
}

#[test]
fn a_key_spends_on_what_it_may_sign_only() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		assert_ok!(add_key(Alice, Eve, NOTHING));
		let spends = |who, scope| Identity::try_spend(&account(who), scope, 1);
		assert!(spends(Dave, Some(CallScope::RecordAnchor)));
		assert_storage_noop!(assert!(!spends(Dave, Some(CallScope::ConsentManage))));
		assert_storage_noop!(assert!(!spends(Eve, Some(CallScope::RecordAnchor))));
		// What every key may sign, such as a freeze.
		for who in [Alice, Dave, Eve] {
			assert!(spends(who, None));
		}
		// All of it out of one allowance.
		assert_eq!(Identity::allowance_left(identity(Alice)), ALLOWANCE - 4);
	});
}

#[test]
fn a_frozen_key_spends_nothing_at_all() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		assert!(Identity::try_spend(&account(Dave), None, 1));
		assert_ok!(Identity::freeze_keys(signed(Dave)));
		for scope in [None, Some(CallScope::RecordAnchor)] {
			for fee in [0, 1] {
				assert!(!Identity::can_spend(&account(Dave), scope, fee));
				assert_storage_noop!(assert!(!Identity::try_spend(&account(Dave), scope, fee)));
			}
			assert!(Identity::try_spend(&account(Alice), scope, 1));
		}
		assert_ok!(Identity::unfreeze_keys(signed(Alice)));
		assert!(Identity::try_spend(&account(Dave), None, 1));
	});
}

#[test]
fn a_flood_by_a_further_key_leaves_a_quarter_to_the_primary() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		let quarter = ALLOWANCE / 4;
		let paid = (0..2 * ALLOWANCE).filter(|_| spend(Dave, 1)).count();
		assert_eq!(paid as u128, ALLOWANCE - quarter);
		for scope in [None, Some(CallScope::RecordAnchor)] {
			assert!(!Identity::can_spend(&account(Dave), scope, 1));
		}
		assert_eq!(Identity::allowance_left(identity(Alice)), quarter);

		// With it the owner stops the key, to the last unit.
		assert!(Identity::try_spend(&account(Alice), None, 1));
		assert_ok!(Identity::freeze_keys(signed(Alice)));
		let administer = Some(CallScope::KeyAdmin);
		assert!(Identity::try_spend(&account(Alice), administer, quarter - 1));
		assert_ok!(Identity::revoke_key(signed(Alice), 1, None));
		assert!(!spend(Alice, 1));
	});
}

#[test]
fn a_quarter_is_kept_of_what_is_left_not_of_what_others_spent() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		// The primary spends first: the others still go down to the quarter, and no further.
		assert!(spend(Alice, 600));
		assert!(!can_spend(Dave, 151) && spend(Dave, 150) && !spend(Dave, 1));
		// Below the quarter they spend nothing, and a new day is whole again.
		assert!(spend(Alice, 50) && !spend(Dave, 1));
		at(START + DAY);
		assert!(!can_spend(Dave, 751) && spend(Dave, 750));
		// A rotation moves the right to the quarter with the primary key.
		assert_ok!(rotate_primary(Alice, Alice, Bob, 0));
		assert!(!spend(Alice, 1) && !spend(Dave, 1) && spend(Bob, 250));
	});
}

#[test]
fn a_key_that_ended_spends_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let rights = KeyRights { valid_until: Some(START + 10), ..ANCHORS };
		assert_ok!(add_key(Alice, Dave, rights));
		assert_ok!(add_key(Alice, Eve, ANCHORS));
		assert_ok!(Identity::retire_key(signed(Alice), 2));
		at(START + 10);
		for who in [Dave, Eve] {
			assert!(!spend(who, 1) && !Identity::try_spend(&account(who), None, 1));
		}
	});
}

#[test]
fn a_flood_by_all_keys_of_an_identity_stays_within_its_day() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		patient(Bob);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		assert_ok!(add_key(Alice, Eve, ANCHORS));
		let paid = (0..1_000).filter(|turn| spend([Alice, Dave, Eve][turn % 3], 7)).count();
		assert_eq!(paid as u128, ALLOWANCE / 7);
		// New keys bring no new allowance, and others are not touched.
		assert_ok!(Identity::retire_key(signed(Alice), 1));
		assert_ok!(add_key(Alice, Ferdie, ANCHORS));
		assert!(!spend(Ferdie, 7));
		assert!(spend(Bob, ALLOWANCE));
	});
}
