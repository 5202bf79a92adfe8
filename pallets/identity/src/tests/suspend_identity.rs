// SPDX-License-Identifier: Apache-2.0

use super::*;
use salus_traits::identity::{AgreementKeys, IdentityInspect};

fn suspend(by: RuntimeOrigin, who: Sr25519Keyring, until: Option<Moment>) -> DispatchResult {
	Identity::suspend_identity(by, identity(who), GROUND, until)
}

fn root() -> RuntimeOrigin {
	RuntimeOrigin::root()
}

/// Bob is an authority, Alice a practitioner, Charlie a patient.
fn build() -> ExtBuilder {
	ExtBuilder::default()
		.identity(Bob, IdentityKind::Organisation)
		.identity(Alice, IdentityKind::Practitioner)
		.identity(Charlie, IdentityKind::Patient)
}

#[test]
fn a_suspended_identity_does_nothing() {
	build().build_and_execute(|| {
		assert_ok!(suspend(signed(Bob), Alice, None));

		let id = identity(Alice);
		let by = SuspendedBy::Authority(identity(Bob));
		let status = IdentityStatus::Suspended { since: START, until: None, reason: GROUND, by };
		assert_eq!(row(Alice).status, status);
		assert!(CallScope::ALL.iter().all(|scope| !may(Alice, *scope)));
		assert_eq!((Identity::active_kind(&id), Identity::current(&id)), (None, None));
		assert_noop!(rotate(Alice, agreement_key(50), 1), DispatchError::BadOrigin);
		assert_noop!(Identity::freeze_keys(signed(Alice)), DispatchError::BadOrigin);
		System::assert_last_event(
			Event::IdentitySuspended {
				identity: id,
				by,
				reason: GROUND,
				since: START,
				until: None,
			}
			.into(),
		);
	});
}

#[test]
fn a_suspension_ends_by_itself_at_its_moment() {
	build().build_and_execute(|| {
		assert_ok!(suspend(signed(Bob), Alice, Some(START + 10)));
		at(START + 9);
		assert!(!may(Alice, CallScope::RecordAnchor));
		assert_ne!(Identity::identity(identity(Alice)).unwrap().status, IdentityStatus::Active);
		at(START + 10);
		assert!(may(Alice, CallScope::RecordAnchor));
		assert_eq!(Identity::identity(identity(Alice)).unwrap().status, IdentityStatus::Active);
		assert_ok!(rotate(Alice, agreement_key(50), 1));
		// And it can be suspended anew.
		assert_ok!(suspend(signed(Bob), Alice, None));
	});
}

#[test]
fn a_patient_is_suspended_by_governance_alone() {
	build().build_and_execute(|| {
		let refused = suspend(signed(Bob), Charlie, None);
		assert_noop!(refused, Error::<Test>::PatientNeedsGovernance);
		assert_ok!(suspend(root(), Charlie, None));
		assert!(!may(Charlie, CallScope::ConsentManage));
	});
}

#[test]
fn governance_takes_over_what_an_authority_suspended() {
	build().build_and_execute(|| {
		assert_ok!(suspend(signed(Bob), Alice, Some(START + 10)));
		at(START + 5);
		let (id, reason, until) = (identity(Alice), SuspensionGround::LegalOrder, None);
		assert_ok!(Identity::suspend_identity(root(), id, reason, until));

		// It is suspended since the authority did so; the rest is governance's.
		let (since, by) = (START, SuspendedBy::Governance);
		assert_eq!(row(Alice).status, IdentityStatus::Suspended { since, until, reason, by });
		System::assert_last_event(
			Event::IdentitySuspended { identity: id, by, reason, since, until }.into(),
		);
		// The authority's end no longer counts, nor its word.
		at(START + 10);
		assert!(!may(Alice, CallScope::RecordAnchor));
		let refused = Identity::reinstate_identity(signed(Bob), id);
		assert_noop!(refused, Error::<Test>::SuspendedByGovernance);
		assert_noop!(suspend(root(), Alice, None), Error::<Test>::AlreadySuspended);
	});
}

#[test]
fn governance_takes_over_with_an_end_of_its_own() {
	build().build_and_execute(|| {
		assert_ok!(suspend(signed(Bob), Alice, None));
		assert_noop!(suspend(root(), Alice, Some(START)), Error::<Test>::EndPassed);
		assert_ok!(suspend(root(), Alice, Some(START + 10)));
		at(START + 9);
		assert!(!may(Alice, CallScope::RecordAnchor));
		at(START + 10);
		assert!(may(Alice, CallScope::RecordAnchor));
	});
}

#[test]
fn an_authority_replaces_neither_governances_suspension_nor_anothers() {
	build().identity(Dave, IdentityKind::Organisation).build_and_execute(|| {
		assert_ok!(suspend(signed(Bob), Alice, Some(START + 10)));
		assert_noop!(suspend(signed(Dave), Alice, None), Error::<Test>::SuspendedByAnother);
		assert_noop!(suspend(signed(Bob), Alice, None), Error::<Test>::AlreadySuspended);
		assert_ok!(suspend(root(), Alice, Some(START + 10)));
		for authority in [Bob, Dave] {
			let refused = suspend(signed(authority), Alice, None);
			assert_noop!(refused, Error::<Test>::SuspendedByGovernance);
		}
		// Once it has ended by itself, anybody with a say begins a new one.
		at(START + 10);
		assert_ok!(suspend(signed(Dave), Alice, None));
		assert_eq!(
			row(Alice).status,
			IdentityStatus::Suspended {
				since: START + 10,
				until: None,
				reason: GROUND,
				by: SuspendedBy::Authority(identity(Dave)),
			}
		);
	});
}

#[test]
fn refuses_an_end_that_has_come() {
	build().build_and_execute(|| {
		for past in [0, START - 1, START] {
			let refused = suspend(root(), Alice, Some(past));
			assert_noop!(refused, Error::<Test>::EndPassed);
		}
		assert_ok!(suspend(root(), Alice, Some(START + 1)));
	});
}

#[test]
fn refuses_who_is_suspended_ended_or_unknown() {
	build().build_and_execute(|| {
		assert_noop!(suspend(root(), Eve, None), Error::<Test>::IdentityNotFound);
		assert_ok!(suspend(root(), Alice, Some(START + 10)));
		assert_noop!(suspend(root(), Alice, None), Error::<Test>::AlreadySuspended);
		assert_ok!(Identity::deactivate(signed(Charlie), 1));
		assert_noop!(suspend(root(), Charlie, None), Error::<Test>::IdentityEnded);
		set_status(identity(Alice), IdentityStatus::Deceased);
		assert_noop!(suspend(root(), Alice, None), Error::<Test>::IdentityEnded);
	});
}

#[test]
fn refuses_who_has_no_say() {
	build().build_and_execute(|| {
		for nobody in [signed(Alice), signed(Charlie), signed(Eve), RuntimeOrigin::none()] {
			assert_noop!(suspend(nobody, Alice, None), DispatchError::BadOrigin);
		}
		// An authority that is suspended itself has no say either.
		assert_ok!(suspend(root(), Bob, None));
		assert_noop!(suspend(signed(Bob), Alice, None), DispatchError::BadOrigin);
	});
}

#[test]
fn what_was_signed_and_sealed_stays_resolvable() {
	build().build_and_execute(|| {
		let before = Identity::resolve(identity(Alice), None);
		assert_ok!(suspend(root(), Alice, None));
		assert_eq!(Identity::resolve(identity(Alice), None), before);
		assert!(Identity::agreement_key(identity(Alice), 1).is_some());
		assert!(Identity::was_valid(account(Alice), KeyPurpose::Assertion, START));
	});
}
