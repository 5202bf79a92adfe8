// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn its_subject_gives_it_up_for_good() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 50));
		at(day(5));
		assert_ok!(surrender(Dave, id));

		assert_eq!(practises([day(5) - 1, day(5), day(40)]), [true, false, false]);
		let view = Accreditation::accreditation(id).unwrap();
		assert_eq!((view.standing, view.until), (Standing::Surrendered, day(5)));
		System::assert_last_event(
			Event::AccreditationSurrendered {
				accreditation: id,
				subject: identity(Dave),
				kind: PractitionerLicence,
			}
			.into(),
		);
		assert_noop!(surrender(Dave, id), Error::<Test>::AlreadySurrendered);
		assert_eq!(held(Registry, HoldReason::Accreditation), LICENCE_DEPOSIT);
		at(day(5) + RETENTION);
		assert_ok!(Accreditation::reap_accreditation(signed(Eve), id));
		assert_eq!(held(Registry, HoldReason::Accreditation), 0);
	});
}

#[test]
fn what_has_not_begun_never_begins() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(5, 50));
		assert_ok!(surrender(Dave, id));
		assert_eq!(practises([day(5), day(6)]), [false, false]);
	});
}

#[test]
fn refuses_all_but_the_subject() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 50));
		for stranger in [Registry, Alice, Bob] {
			assert_noop!(surrender(stranger, id), Error::<Test>::NotHolder);
		}
		let governance = Accreditation::surrender_accreditation(root(), id);
		assert_noop!(governance, DispatchError::BadOrigin);
		assert_noop!(surrender(Dave, AccreditationId(9)), Error::<Test>::AccreditationNotFound);
	});
}

#[test]
fn refuses_what_is_revoked() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 50));
		assert_ok!(revoke(signed(Registry), id, START));
		assert_noop!(surrender(Dave, id), Error::<Test>::AlreadyRevoked);
	});
}
