// SPDX-License-Identifier: Apache-2.0

use super::{emergency::in_emergency, *};
use salus_primitives::AccreditationKind;

fn set(who: Sr25519Keyring, custodians: &[IdentityId], threshold: u8) -> DispatchResult {
	let custodians = BoundedVec::try_from(custodians.to_vec()).unwrap();
	Consent::set_share_custodian(signed(who), custodians, threshold)
}

fn accredit(who: Sr25519Keyring) -> IdentityId {
	Accreditations::always(identity(who), AccreditationKind::DataCustodian);
	identity(who)
}

#[test]
fn names_who_keeps_the_parts_and_how_many_open() {
	execute(|| {
		let custodians = [accredit(One), accredit(Eve), accredit(Ferdie)];
		assert_eq!(Consent::share_custody(identity(Eve)), None);
		go_to(START + 6);
		for (keeper, threshold) in [(Eve, 2), (Alice, 3)] {
			assert_ok!(set(keeper, &custodians, threshold));
			let custodians = BoundedVec::try_from(custodians.to_vec()).unwrap();
			let keeper = identity(keeper);
			let custody =
				ShareCustody { custodians: custodians.clone(), threshold, since: START + 6 };
			assert_eq!(Consent::share_custody(keeper), Some(custody));
			let told = Event::ShareCustodiansSet { keeper, custodians, threshold };
			assert_eq!(last_event(), told);
		}
	});
}

#[test]
fn names_custodians_of_now() {
	execute(|| {
		assert_noop!(set(Alice, &[identity(Eve)], 1), Error::<Test>::NotACustodian);
		let window = Window { from: START, until: START + 5 };
		Accreditations::set(identity(Eve), AccreditationKind::DataCustodian, window);
		assert_ok!(set(Alice, &[identity(Eve)], 1));
		go_to(START + 5);
		assert_noop!(set(Alice, &[identity(Eve)], 1), Error::<Test>::NotACustodian);
	});
}

#[test]
fn names_each_once_and_as_many_as_are_needed() {
	execute(|| {
		let (one, eve) = (identity(One), accredit(Eve));
		let twice = set(Alice, &[one, eve, one], 2);
		assert_noop!(twice, Error::<Test>::DuplicateCustodian);
		for threshold in [0, 3] {
			let unfit = set(Alice, &[one, eve], threshold);
			assert_noop!(unfit, Error::<Test>::ThresholdUnfit);
		}
		assert_ok!(set(Alice, &[one, eve], 1));
	});
}

#[test]
fn with_nobody_takes_it_back() {
	execute(|| {
		assert_noop!(set(Alice, &[], 0), Error::<Test>::NoShareCustodians);
		assert_ok!(set(Alice, &[identity(One)], 1));
		assert_noop!(set(Alice, &[], 1), Error::<Test>::ThresholdUnfit);
		assert_ok!(set(Alice, &[], 0));
		assert_eq!(Consent::share_custody(identity(Alice)), None);
		let told = Event::ShareCustodiansSet {
			keeper: identity(Alice),
			custodians: BoundedVec::default(),
			threshold: 0,
		};
		assert_eq!(last_event(), told);
	});
}

#[test]
fn whom_somebody_named_is_remembered() {
	execute(|| {
		let eve = accredit(Eve);
		assert!(!ShareKeepers::<Test>::contains_key(eve));
		assert_ok!(set(Alice, &[eve], 1));
		assert_ok!(set(Alice, &[], 0));
		assert!(ShareKeepers::<Test>::contains_key(eve));
	});
}

#[test]
fn names_nobody_who_holds_emergency_keys() {
	in_emergency(|| {
		let ferdie = accredit(Ferdie);
		let both = set(Alice, &[identity(One), ferdie], 1);
		assert_noop!(both, Error::<Test>::CustodianHoldsEmergencyKeys);
	});
}

#[test]
fn is_for_identities() {
	execute(|| {
		assert_noop!(set(Two, &[identity(One)], 1), BadOrigin);
		let custodians = BoundedVec::default();
		let by_root = Consent::set_share_custodian(RuntimeOrigin::root(), custodians, 0);
		assert_noop!(by_root, BadOrigin);
	});
}
