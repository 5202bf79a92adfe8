// SPDX-License-Identifier: Apache-2.0

use super::{
	rotate_compartment::{keys_of, wrap},
	*,
};
use salus_primitives::{Epoch, GrantWrap};

fn add(compartment: CompartmentNo, epoch: Epoch, wraps: &[GrantWrap]) -> DispatchResult {
	let wraps = GrantWraps::try_from(wraps.to_vec()).unwrap();
	Consent::add_compartment_wraps(signed(Alice), identity(Alice), compartment, epoch, wraps)
}

fn rotate() {
	let (alice, key, wraps) = (identity(Alice), agreement_key(100), GrantWraps::default());
	assert_ok!(Consent::rotate_compartment(signed(Alice), alice, 1, 0, key, [4; 80], wraps, None));
}

#[test]
fn hands_the_current_secret_over_after_a_rotation() {
	execute(|| {
		let id = Offer::default().make();
		rotate();
		assert_ok!(add(1, 1, &[wrap(id)]));
		let renewed = CompartmentKey { epoch: 1, wrap: [0x77; 80], ..compartment_key(1) };
		assert_eq!(keys_of(id), [renewed]);
		let told = Event::CompartmentWrapsAdded {
			subject: identity(Alice),
			compartment: 1,
			epoch: 1,
			grants: vec![id].try_into().unwrap(),
			by: identity(Alice),
		};
		assert_eq!(last_event(), told);
	});
}

#[test]
fn a_wide_grant_gets_the_secret_of_a_compartment_opened_later() {
	execute(|| {
		let id = Offer::default().everything().make();
		let alice = identity(Alice);
		assert_ok!(Consent::open_compartment(signed(Alice), alice, 3, agreement_key(3), false));
		assert_ok!(add(3, 0, &[wrap(id)]));
		let held: Vec<_> = keys_of(id).iter().map(|key| key.compartment).collect();
		assert_eq!(held, [1, 3]);
	});
}

#[test]
fn a_grant_carries_eight_secrets_at_most() {
	let open: Vec<_> = (1..=9).map(|no| (no, false)).collect();
	ExtBuilder::default().compartments(&open).build_and_execute(|| {
		let id = Offer::default().everything().make();
		for no in 2..=8 {
			assert_ok!(add(no, 0, &[wrap(id)]));
		}
		assert_noop!(add(9, 0, &[wrap(id)]), Error::<Test>::TooManyKeys);
		// One that it has is renewed all the same.
		assert_ok!(add(8, 0, &[wrap(id)]));
		assert_eq!(keys_of(id).len(), 8);
	});
}

#[test]
fn a_grant_of_one_record_never_gets_one() {
	execute(|| {
		let id = Offer::default().one_record(RESULT).make();
		let refused = add(1, 0, &[wrap(id)]);
		assert_noop!(refused, Error::<Test>::GrantHoldsNoCompartmentKeys);
		assert_eq!(Consent::grant_keys(id), Some(record_key()));
	});
}

#[test]
fn refuses_strangers_other_epochs_and_nothing() {
	execute(|| {
		let id = Offer::default().make();
		let wraps = || GrantWraps::try_from(vec![wrap(id)]).unwrap();
		for who in [Bob, Charlie, Two] {
			let added = Consent::add_compartment_wraps(signed(who), identity(Alice), 1, 0, wraps());
			assert_noop!(added, BadOrigin);
		}
		assert_noop!(add(1, 0, &[]), Error::<Test>::NoWraps);
		assert_noop!(add(9, 0, &[wrap(id)]), Error::<Test>::CompartmentNotOpen);
		assert_noop!(add(1, 1, &[wrap(id)]), Error::<Test>::StaleEpoch);
		rotate();
		assert_noop!(add(1, 0, &[wrap(id)]), Error::<Test>::StaleEpoch);
	});
}
