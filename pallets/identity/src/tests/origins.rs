// SPDX-License-Identifier: Apache-2.0

use super::*;
use frame_support::traits::{EnsureOrigin, EnsureOriginWithArg};
use salus_traits::identity::{Actor, IdentityInspect};

fn actor(who: Sr25519Keyring, kind: IdentityKind) -> Actor<sp_runtime::AccountId32> {
	Actor { id: identity(who), kind, payer: account(who) }
}

#[test]
fn an_identity_acts_by_its_account() {
	ExtBuilder::default().identity(Bob, IdentityKind::Organisation).build_and_execute(|| {
		let ensure = |origin| EnsureIdentity::<Test>::ensure_origin(origin).ok();
		assert_eq!(ensure(signed(Bob)), Some(actor(Bob, IdentityKind::Organisation)));
		for origin in [signed(Alice), RuntimeOrigin::root(), RuntimeOrigin::none()] {
			assert_eq!(ensure(origin), None);
		}
	});
}

#[test]
fn an_origin_of_a_kind_refuses_the_others() {
	ExtBuilder::default()
		.identity(Bob, IdentityKind::Organisation)
		.identity(Alice, IdentityKind::Patient)
		.build_and_execute(|| {
			let ensure =
				|who| EnsureIdentityOfKind::<Test, Organisation>::ensure_origin(signed(who)).ok();
			assert_eq!(ensure(Bob), Some(actor(Bob, IdentityKind::Organisation)));
			assert_eq!(ensure(Alice), None);
		});
}

#[test]
fn a_subject_acts_for_itself_only() {
	ExtBuilder::default()
		.identity(Bob, IdentityKind::Patient)
		.identity(Alice, IdentityKind::Patient)
		.build_and_execute(|| {
			let ensure =
				|who, subject| EnsureSubject::<Test>::ensure_origin(signed(who), &subject).ok();
			let alice = actor(Alice, IdentityKind::Patient);
			assert_eq!(ensure(Alice, identity(Alice)), Some(alice));
			assert_eq!(ensure(Alice, identity(Bob)), None);
		});
}

#[test]
fn who_is_not_active_answers_to_nothing() {
	use IdentityStatus::*;
	ExtBuilder::default().identity(Bob, IdentityKind::Patient).build_and_execute(|| {
		let id = identity(Bob);
		for status in [Suspended, Deceased, Deactivated] {
			set_status(id, status);
			assert!(EnsureIdentity::<Test>::try_origin(signed(Bob)).is_err());
			assert!(EnsureSubject::<Test>::try_origin(signed(Bob), &id).is_err());
			assert_eq!(<Identity as IdentityInspect<_>>::identity_of(&account(Bob)), None);
			assert_eq!(Identity::active_kind(&id), None);
		}
		set_status(id, Active);
		assert_eq!(<Identity as IdentityInspect<_>>::identity_of(&account(Bob)), Some(id));
		assert_eq!(Identity::active_kind(&id), Some(IdentityKind::Patient));
	});
}

#[cfg(feature = "runtime-benchmarks")]
#[test]
fn benchmarks_find_origins_that_pass() {
	ExtBuilder::default().identity(Bob, IdentityKind::Patient).build_and_execute(|| {
		let origin: RuntimeOrigin = EnsureIdentity::<Test>::try_successful_origin().unwrap();
		assert_ok!(EnsureIdentity::<Test>::ensure_origin(origin));
		let origin: RuntimeOrigin =
			EnsureSubject::<Test>::try_successful_origin(&identity(Bob)).unwrap();
		assert_ok!(EnsureSubject::<Test>::ensure_origin(origin, &identity(Bob)));
	});
}
