// SPDX-License-Identifier: Apache-2.0

use super::{emergency::*, *};
use salus_primitives::AccreditationKind;

fn offer(who: Sr25519Keyring, accept: bool) -> DispatchResult {
	Consent::set_emergency_holder(signed(who), accept)
}

#[test]
fn is_offered_and_ceases() {
	execute(|| {
		Accreditations::always(identity(Eve), AccreditationKind::FacilityLicence);
		let organisation = identity(Eve);
		assert_eq!(Consent::emergency_holder(organisation), None);
		for accept in [true, false] {
			assert_noop!(offer(Eve, !accept), Error::<Test>::HolderUnchanged);
			assert_ok!(offer(Eve, accept));
			assert_eq!(last_event(), Event::EmergencyHolderSet { organisation, accept });
			assert_eq!(Consent::emergency_holder(organisation), accept.then_some(0));
		}
	});
}

#[test]
fn is_for_licensed_facilities() {
	execute(|| {
		for who in [Alice, Bob, Eve, Two] {
			assert_noop!(offer(who, true), BadOrigin);
		}
	});
}

#[test]
fn is_not_for_who_keeps_key_shares() {
	execute(|| {
		Accreditations::always(identity(One), AccreditationKind::FacilityLicence);
		assert_noop!(offer(One, true), Error::<Test>::HolderKeepsShares);
		Accreditations::remove(identity(One), AccreditationKind::DataCustodian);
		assert_ok!(offer(One, true));
	});
}

#[test]
fn ceases_when_no_key_is_held() {
	in_emergency(|| {
		assert_eq!(Consent::emergency_holder(identity(Ferdie)), Some(2));
		assert_noop!(offer(Ferdie, false), Error::<Test>::KeysHeld);
		assert_ok!(set_key(1, None));
		assert_noop!(offer(Ferdie, false), Error::<Test>::KeysHeld);
		assert_ok!(set_key(2, None));
		assert_ok!(offer(Ferdie, false));
	});
}
