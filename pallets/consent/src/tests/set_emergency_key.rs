// SPDX-License-Identifier: Apache-2.0

use super::{emergency::*, *};
use salus_primitives::{AccreditationKind, EmergencyKey};

fn holder_with(keys: u32) -> bool {
	Consent::emergency_holder(identity(Ferdie)) == Some(keys)
}

#[test]
fn gives_replaces_and_takes_back() {
	in_emergency(|| {
		assert_eq!(Consent::emergency_key(identity(Alice), 1), Some(emergency_key()));
		assert!(holder_with(2));
		let (subject, by) = (identity(Alice), identity(Alice));
		let (holder, epoch) = (identity(Ferdie), 0);
		let again = EmergencyKey { wrap: [5; 80], ..emergency_key() };
		assert_ok!(set_key(1, Some(again)));
		let told = Event::EmergencyKeySet { subject, compartment: 1, epoch, holder, by };
		assert_eq!(last_event(), told);
		assert_eq!(Consent::emergency_key(identity(Alice), 1), Some(again));
		assert!(holder_with(2));

		assert_ok!(set_key(1, None));
		assert_eq!(
			last_event(),
			Event::EmergencyKeyRemoved { subject, compartment: 1, holder, by }
		);
		assert_eq!(Consent::emergency_key(identity(Alice), 1), None);
		assert!(holder_with(1));
		assert_noop!(set_key(1, None), Error::<Test>::NoEmergencyKey);
	});
}

#[test]
fn moves_from_holder_to_holder() {
	in_emergency(|| {
		Accreditations::always(identity(Eve), AccreditationKind::FacilityLicence);
		let with_eve = EmergencyKey { holder: identity(Eve), ..emergency_key() };
		assert_noop!(set_key(1, Some(with_eve)), Error::<Test>::NotAnEmergencyHolder);
		assert_ok!(Consent::set_emergency_holder(signed(Eve), true));
		assert_ok!(set_key(1, Some(with_eve)));
		assert!(holder_with(1));
		assert_eq!(Consent::emergency_holder(identity(Eve)), Some(1));
	});
}

#[test]
fn is_for_the_subject() {
	in_emergency(|| {
		for who in [Bob, Ferdie, Two] {
			let key = Some(emergency_key());
			let by = Consent::set_emergency_key(signed(who), identity(Alice), 1, key);
			assert_noop!(by, BadOrigin);
		}
	});
}

#[test]
fn while_an_emergency_of_all_is_open_a_new_key_is_due_to_be_rotated() {
	in_emergency(|| {
		for compartment in [1, 2] {
			assert_ok!(set_key(compartment, None));
		}
		let (alice, key) = (identity(Alice), agreement_key(3));
		assert_ok!(Consent::open_compartment(signed(Alice), alice, 3, key, false));
		assert_ok!(give_key(3));
		broken(Bob, None);
		let rotations = || Consent::inbox(identity(Alice)).rotations;
		assert_eq!(rotations(), [3]);
		// The emergency opens what is given now as well, and nothing that is restricted.
		assert_ok!(give_key(1));
		assert_ok!(give_key(2));
		assert_eq!(rotations(), [1, 3]);
		assert!(decide(for_emergency(Bob, RESULT)).is_permit());
		assert_eq!(decide(for_emergency(Bob, NOTE)), COULD_BREAK);
	});
}

#[test]
fn is_of_an_open_compartment_sealed_as_of_now() {
	in_emergency(|| {
		assert_noop!(give_key(3), Error::<Test>::CompartmentNotOpen);
		assert_noop!(set_key(3, None), Error::<Test>::CompartmentNotOpen);
		let future = EmergencyKey { epoch: 1, ..emergency_key() };
		assert_noop!(set_key(1, Some(future)), Error::<Test>::StaleEpoch);
		Identities::rotate(identity(Ferdie), 2);
		assert_noop!(give_key(1), Error::<Test>::StaleKeyVersion);
		assert_ok!(set_key(1, Some(EmergencyKey { key_version: 2, ..emergency_key() })));
		Identities::deactivate(identity(Ferdie));
	});
}

#[test]
fn goes_to_nobody_who_keeps_key_shares() {
	in_emergency(|| {
		Accreditations::always(identity(Ferdie), AccreditationKind::DataCustodian);
		assert_noop!(give_key(1), Error::<Test>::HolderKeepsShares);
		// What it holds can be taken back.
		assert_ok!(set_key(1, None));
	});
}
