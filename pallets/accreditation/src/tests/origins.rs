// SPDX-License-Identifier: Apache-2.0

use super::*;
use frame_support::traits::{EnsureOrigin, Get};

struct Doctor;
impl Get<AccreditationKind> for Doctor {
	fn get() -> AccreditationKind {
		PractitionerLicence
	}
}

type EnsureDoctor = EnsureAccredited<Test, Doctor>;

#[test]
fn who_is_accredited_now_passes() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		assert!(EnsureDoctor::try_origin(signed(Dave)).is_err());
		granted(Dave, PractitionerLicence, days(0, 2));
		let actor = EnsureDoctor::ensure_origin(signed(Dave)).unwrap();
		assert_eq!((actor.id, actor.payer), (identity(Dave), account(Dave)));
		// An agent whose accreditation expired one millisecond ago is none.
		at(day(2) - 1);
		assert_ok!(EnsureDoctor::ensure_origin(signed(Dave)));
		at(day(2));
		assert!(EnsureDoctor::ensure_origin(signed(Dave)).is_err());
	});
}

#[test]
fn others_do_not() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		for origin in [signed(Bob), signed(Eve), RuntimeOrigin::root(), RuntimeOrigin::none()] {
			assert!(EnsureDoctor::try_origin(origin).is_err());
		}
		Identities::deactivate(identity(Dave));
		assert!(EnsureDoctor::try_origin(signed(Dave)).is_err());
	});
}

#[cfg(feature = "runtime-benchmarks")]
#[test]
fn benchmarks_find_an_origin_that_passes() {
	ExtBuilder::default().build().execute_with(|| {
		let origin = EnsureDoctor::try_successful_origin().unwrap();
		assert_ok!(EnsureDoctor::ensure_origin(origin));
	});
}
