// SPDX-License-Identifier: Apache-2.0

use super::*;

fn open(no: CompartmentNo, restricted: bool) -> DispatchResult {
	Consent::open_compartment(signed(Alice), identity(Alice), no, agreement_key(no), restricted)
}

#[test]
fn opens_at_epoch_zero() {
	execute(|| {
		assert_ok!(open(7, true));
		let compartment = Compartment {
			epoch: 0,
			key: agreement_key(7),
			restricted: true,
			opened_at: START,
			rotation_due: false,
		};
		assert_eq!(Consent::compartment(identity(Alice), 7), Some(compartment));
		assert_eq!(CompartmentCount::<Test>::get(identity(Alice)), 3);
		let event = Event::CompartmentOpened {
			subject: identity(Alice),
			compartment: 7,
			epoch: 0,
			key: agreement_key(7),
			restricted: true,
			by: identity(Alice),
		};
		assert_eq!(last_event(), event);
	});
}

#[test]
fn tells_other_pallets_the_epoch() {
	use salus_traits::consent::Compartments;
	execute(|| {
		assert_eq!(<Consent as Compartments>::current_epoch(&identity(Alice), 1), Some(0));
		assert_eq!(<Consent as Compartments>::current_epoch(&identity(Alice), 9), None);
		assert_eq!(<Consent as Compartments>::current_epoch(&identity(Dave), 1), None);
	});
}

#[test]
fn refuses_a_stranger() {
	execute(|| {
		for origin in [signed(Dave), signed(Two), RuntimeOrigin::root(), RuntimeOrigin::none()] {
			let key = agreement_key(7);
			let call = Consent::open_compartment(origin, identity(Alice), 7, key, false);
			assert_eq!(call, Err(BadOrigin));
		}
	});
}

#[test]
fn refuses_unsound_keys() {
	execute(|| {
		let open = |key| Consent::open_compartment(signed(Alice), identity(Alice), 7, key, false);
		assert_noop!(open([0xff; 32]), Error::<Test>::KeyNotCanonical);
		let mut with_top_bit = agreement_key(7);
		with_top_bit[31] |= 0x80;
		assert_noop!(open(with_top_bit), Error::<Test>::KeyNotCanonical);
		let mut one = [0; 32];
		assert_noop!(open(one), Error::<Test>::KeyOfSmallOrder);
		one[0] = 1;
		assert_noop!(open(one), Error::<Test>::KeyOfSmallOrder);
	});
}

#[test]
fn refuses_to_open_twice() {
	execute(|| {
		assert_noop!(open(1, true), Error::<Test>::CompartmentAlreadyOpen);
	});
}

#[test]
fn is_bounded_by_the_quota_of_the_patient() {
	ExtBuilder::default().compartments(&[]).build_and_execute(|| {
		for no in 0..10 {
			assert_ok!(open(no, false));
		}
		assert_noop!(open(255, false), Error::<Test>::TooManyCompartments);
		let (origin, key) = (signed(Dave), agreement_key(1));
		assert_ok!(Consent::open_compartment(origin, identity(Dave), 255, key, false));
	});
}
