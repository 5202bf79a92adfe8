// SPDX-License-Identifier: Apache-2.0

use super::*;
use codec::{Decode, Encode};

#[test]
fn makes_an_organisation_an_authority() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(appoint(Alice, wide(), days(0, 10)));

		let expected = Authority {
			parent: None,
			scope: wide(),
			window: days(0, 10),
			status: AuthorityStatus::Active,
			cutoff: None,
		};
		assert_eq!(Accreditation::authority(identity(Alice)), Some(expected));
		let (authority, scope, window) = (identity(Alice), wide(), days(0, 10));
		let event = Event::AuthorityAppointed { authority, parent: None, scope, window };
		assert_eq!(last_event(), event.into());
	});
}

#[test]
fn replaces_scope_and_window_and_spares_what_was_granted() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		granted(Dave, PractitionerLicence, days(0, 20));
		let narrow = scope(&[FacilityLicence], &[GERMANY]);
		assert_ok!(appoint(Alice, narrow.clone(), days(0, 5)));

		assert_eq!(Authorities::<Test>::get(identity(Alice)).unwrap().scope, narrow);
		assert!(is_accredited(Dave, PractitionerLicence, day(10)));
	});
}

#[test]
fn keeps_a_suspension() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		assert_ok!(suspend_authority(root(), Alice));
		with_regulator();
		let status = Authorities::<Test>::get(identity(Alice)).unwrap().status;
		assert_eq!(status, AuthorityStatus::Suspended { by: None });
	});
}

#[test]
fn refuses_all_but_governance() {
	ExtBuilder::default().build_and_execute(|| {
		for origin in [signed(Alice), RuntimeOrigin::none()] {
			let refused =
				Accreditation::appoint_regulator(origin, identity(Alice), wide(), days(0, 1));
			assert_noop!(refused, DispatchError::BadOrigin);
		}
	});
}

#[test]
fn refuses_who_is_no_active_organisation() {
	ExtBuilder::default().build_and_execute(|| {
		for person in [Dave, Eve] {
			assert_noop!(appoint(person, wide(), days(0, 1)), Error::<Test>::WrongKind);
		}
		Identities::deactivate(identity(Alice));
		assert_noop!(appoint(Alice, wide(), days(0, 1)), Error::<Test>::IdentityNotActive);
	});
}

#[test]
fn refuses_unsound_scopes() {
	ExtBuilder::default().build_and_execute(|| {
		let appoint = |scope| appoint(Alice, scope, days(0, 1));
		let no_kinds = scope(&[], &[DENMARK]);
		assert_noop!(appoint(no_kinds), Error::<Test>::KindsNotSound);
		for countries in [&[][..], &[GERMANY, DENMARK], &[DENMARK, DENMARK], &[Jurisdiction(0)]] {
			let unsound = scope(&[FacilityLicence], countries);
			assert_noop!(appoint(unsound), Error::<Test>::JurisdictionsNotSound);
		}
		for unsorted in [&[1, 1][..], &[2, 1]] {
			let unsound = AuthorityScope { codes: Some(codes(unsorted)), ..wide() };
			assert_noop!(appoint(unsound), Error::<Test>::CodesNotSound);
		}
	});
}

#[test]
fn a_scope_names_as_many_countries_as_there_can_be_and_no_more() {
	let countries = |count: u16| (1..=count).map(Jurisdiction).collect::<Vec<_>>();
	let most = MAX_JURISDICTIONS as u16;
	// One more is not even read.
	let read = |count| {
		let none = None::<ScopeCodes>;
		let bytes = (AccreditationKinds::ALL, countries(count), none).encode();
		AuthorityScope::decode(&mut &bytes[..])
	};
	assert_eq!(read(most).unwrap().jurisdictions.to_vec(), countries(most));
	assert!(read(most + 1).is_err());
	ExtBuilder::default().build_and_execute(|| {
		let all = scope(&[FacilityLicence], &countries(most));
		assert_ok!(appoint(Alice, all.clone(), days(0, 9)));
		assert_eq!(Authorities::<Test>::get(identity(Alice)).unwrap().scope, all);
	});
}

#[test]
fn refuses_a_window_that_is_over() {
	ExtBuilder::default().build_and_execute(|| {
		at(day(10));
		for window in [days(0, 10), days(0, 1), days(12, 11), days(12, 12)] {
			assert_noop!(appoint(Alice, wide(), window), Error::<Test>::WindowOver);
		}
		assert_ok!(appoint(Alice, wide(), Window { from: 0, until: day(10) + 1 }));
	});
}

#[test]
fn refuses_who_was_cut_off() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		assert_ok!(cut_off(Alice, START));
		assert_noop!(appoint(Alice, wide(), days(0, 1)), Error::<Test>::AuthorityCutOff);
	});
}

#[test]
fn refuses_a_registrar_of_a_regulator() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_noop!(appoint(Registry, wide(), days(0, 1)), Error::<Test>::OfAnotherParent);
	});
}
