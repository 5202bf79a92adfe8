// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn voids_what_was_granted_from_then_on_and_spares_the_rest() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		at(day(5) - 1);
		granted(Dave, PractitionerLicence, days(0, 50));
		at(day(5));
		granted(Bob, FacilityLicence, days(0, 50));
		at(day(7));
		assert_ok!(cut_off(Alice, day(5)));

		assert!(is_accredited(Dave, PractitionerLicence, day(7)));
		for moment in [5, 7, 40] {
			assert!(!is_accredited(Bob, FacilityLicence, day(moment)));
		}
		let authority = identity(Alice);
		let event = Event::AuthorityRemoved { authority, cutoff: day(5), by: None };
		assert_eq!(last_event(), event.into());
	});
}

#[test]
fn reaches_further_back_but_never_forward() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		granted(Dave, PractitionerLicence, days(0, 50));
		at(day(5));
		assert_ok!(cut_off(Alice, day(3)));
		assert!(is_accredited(Dave, PractitionerLicence, day(5)));
		for later in [day(3), day(4)] {
			assert_noop!(cut_off(Alice, later), Error::<Test>::CutOffNotEarlier);
		}
		assert_ok!(cut_off(Alice, START));
		assert!(!is_accredited(Dave, PractitionerLicence, day(5)));
	});
}

#[test]
fn refuses_a_moment_ahead() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		assert_noop!(cut_off(Alice, START + 1), Error::<Test>::CutOffAhead);
		assert_ok!(cut_off(Alice, START));
	});
}

#[test]
fn refuses_who_is_no_authority() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(cut_off(Bob, START), Error::<Test>::AuthorityNotFound);
	});
}

#[test]
fn refuses_all_but_governance() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		let refused = Accreditation::remove_regulator(signed(Alice), identity(Alice), START);
		assert_noop!(refused, DispatchError::BadOrigin);
	});
}

#[test]
fn fells_what_its_registrars_granted_from_then_on() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		at(day(5) - 1);
		let before = licensed(days(0, 50));
		at(day(5));
		let after = granted_by(Registry, Bob, FacilityLicence, days(0, 50));
		at(day(7));
		assert_ok!(cut_off(Alice, day(5)));

		assert!(is_accredited(Dave, PractitionerLicence, day(7)));
		assert!(!is_accredited(Bob, FacilityLicence, day(7)));
		assert_eq!(Accreditation::explain_accreditation(before, day(7)), Standing::InForce);
		assert_eq!(Accreditation::explain_accreditation(after, day(7)), Standing::ParentCutOff);
		let refused = grant(Registry, Charlie, FacilityLicence, days(0, 50));
		assert_noop!(refused, Error::<Test>::ParentCutOff);
	});
}

#[test]
fn governance_cuts_a_registrar_off_when_its_regulator_no_longer_can() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		licensed(days(0, 50));
		at(day(5));
		assert_ok!(cut_off(Alice, day(4)));
		assert_noop!(remove_registrar(Alice, Registry, START), Error::<Test>::AuthorityCutOff);
		assert!(is_accredited(Dave, PractitionerLicence, day(5)));
		assert_ok!(cut_off(Registry, START));
		assert!(!is_accredited(Dave, PractitionerLicence, day(5)));
	});
}

fn whole_state() -> std::collections::BTreeMap<Vec<u8>, Vec<u8>> {
	let mut state = std::collections::BTreeMap::new();
	let mut key = vec![];
	while let Some(next) = sp_io::storage::next_key(&key) {
		state.insert(next.clone(), sp_io::storage::get(&next).unwrap().to_vec());
		key = next;
	}
	state
}

#[test]
fn felling_ten_thousand_dependants_is_one_write_of_constant_weight() {
	use frame_support::dispatch::GetDispatchInfo;
	ExtBuilder::default().build().execute_with(|| {
		with_registrar();
		let model = licensed(days(0, 50));
		let row = HeldAccreditations::<Test>::get(identity(Dave));
		let id = identity(Alice);
		let call = Call::<Test>::remove_regulator { id, cutoff: START };
		let weight_of_one = call.get_dispatch_info().call_weight;
		let subject = |n: u32| IdentityId(sp_io::hashing::blake2_256(&n.to_le_bytes()));
		for n in 0..10_000 {
			HeldAccreditations::<Test>::insert(subject(n), row.clone());
		}
		let holds = |n| Accreditation::is_accredited(subject(n), PractitionerLicence, START);
		assert!((0..10_000).all(holds));

		System::reset_events();
		let before = whole_state();
		assert_ok!(cut_off(Alice, START));
		System::reset_events();
		let after = whole_state();

		assert!(!(0..10_000).any(holds));
		assert_eq!(Accreditation::explain_accreditation(model, START), Standing::ParentCutOff);
		let changed: Vec<_> =
			after.iter().filter(|(key, value)| before.get(*key) != Some(*value)).collect();
		assert_eq!(changed.len(), 1);
		assert_eq!(*changed[0].0, Authorities::<Test>::hashed_key_for(id));
		assert_eq!(before.len(), after.len());
		assert_eq!(call.get_dispatch_info().call_weight, weight_of_one);
	});
}
