// SPDX-License-Identifier: Apache-2.0

use super::*;
use frame_support::traits::{EnsureOrigin, EnsureOriginWithArg, Get};
use salus_traits::identity::{Actor, IdentityInspect};

type Anchoring = EnsureIdentity<Test, scopes::RecordAnchor>;
type Organisations = EnsureIdentityOfKind<Test, Organisation, scopes::RecordAnchor>;
type Subject = EnsureSubject<Test, scopes::RecordAnchor>;

fn actor(owner: Sr25519Keyring, kind: IdentityKind) -> Actor<AccountId32> {
	Actor { id: identity(owner), kind, key: 0, payer: account(owner) }
}

#[test]
fn an_identity_acts_by_its_primary_account() {
	ExtBuilder::default().identity(Bob, IdentityKind::Organisation).build_and_execute(|| {
		let ensure = |origin| Anchoring::ensure_origin(origin).ok();
		assert_eq!(ensure(signed(Bob)), Some(actor(Bob, IdentityKind::Organisation)));
		for origin in [signed(Alice), RuntimeOrigin::root(), RuntimeOrigin::none()] {
			assert_eq!(ensure(origin), None);
		}
	});
}

#[test]
fn a_further_key_acts_within_its_scopes_and_is_named() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		let by_dave = Actor { key: 1, payer: account(Dave), ..actor(Alice, IdentityKind::Patient) };
		assert_eq!(Anchoring::ensure_origin(signed(Dave)).ok(), Some(by_dave.clone()));
		assert_eq!(Subject::ensure_origin(signed(Dave), &identity(Alice)).ok(), Some(by_dave));
		assert!(EnsureIdentity::<Test, scopes::Vault>::try_origin(signed(Dave)).is_err());
		assert!(
			EnsureSubject::<Test, scopes::Vault>::try_origin(signed(Dave), &identity(Alice))
				.is_err()
		);
	});
}

#[test]
fn an_origin_of_a_kind_refuses_the_others() {
	ExtBuilder::default()
		.identity(Bob, IdentityKind::Organisation)
		.identity(Alice, IdentityKind::Patient)
		.build_and_execute(|| {
			let ensure = |who| Organisations::ensure_origin(signed(who)).ok();
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
			let ensure = |who, subject| Subject::ensure_origin(signed(who), &subject).ok();
			let alice = actor(Alice, IdentityKind::Patient);
			assert_eq!(ensure(Alice, identity(Alice)), Some(alice));
			assert_eq!(ensure(Alice, identity(Bob)), None);
		});
}

#[test]
fn any_live_key_passes_where_any_will_do() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let rights = KeyRights { valid_until: Some(START + 10), ..NOTHING };
		assert_ok!(add_key(Alice, Dave, rights));
		let passes = || EnsureAnyKey::<Test>::try_origin(signed(Dave)).is_ok();
		assert!(passes());
		assert_ok!(Identity::freeze_keys(signed(Dave)));
		assert!(passes());
		at(START + 10);
		assert!(!passes());
	});
}

#[test]
fn who_is_not_active_answers_to_nothing() {
	ExtBuilder::default().identity(Bob, IdentityKind::Patient).build_and_execute(|| {
		let id = identity(Bob);
		let acting = || {
			<Identity as IdentityInspect<_>>::acting_identity(
				&account(Bob),
				CallScope::RecordAnchor,
			)
		};
		for status in [
			suspended(None),
			suspended(Some(START + 1)),
			IdentityStatus::Deceased,
			IdentityStatus::Deactivated { at: START },
		] {
			set_status(id, status);
			assert!(Anchoring::try_origin(signed(Bob)).is_err());
			assert!(Subject::try_origin(signed(Bob), &id).is_err());
			assert!(EnsureAnyKey::<Test>::try_origin(signed(Bob)).is_err());
			assert_eq!((acting(), Identity::active_kind(&id)), (None, None));
		}
		set_status(id, IdentityStatus::Active);
		assert_eq!(acting(), Some(id));
		assert_eq!(Identity::active_kind(&id), Some(IdentityKind::Patient));
	});
}

#[test]
fn two_rows_tell_who_signs_with_what_scope_and_whether_frozen() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		let origins = || {
			[Alice, Dave].map(|who| Anchoring::try_origin(signed(who)).ok().map(|actor| actor.key))
		};
		assert_eq!(origins(), [Some(0), Some(1)]);
		// Everything else may be gone, the clock too: it is not asked.
		let kept = [
			Identities::<Test>::hashed_key_for(identity(Alice)),
			KeyOwner::<Test>::hashed_key_for(account(Alice)),
			KeyOwner::<Test>::hashed_key_for(account(Dave)),
		];
		frame_support::hypothetically!({
			let mut last = vec![];
			while let Some(next) = sp_io::storage::next_key(&last) {
				if !kept.contains(&next.to_vec()) {
					sp_io::storage::clear(&next);
				}
				last = next;
			}
			assert_eq!(origins(), [Some(0), Some(1)]);
		});
		// And each of the two rows is needed.
		frame_support::hypothetically!({
			KeyOwner::<Test>::remove(account(Dave));
			assert_eq!(origins(), [Some(0), None]);
			Identities::<Test>::remove(identity(Alice));
			assert_eq!(origins(), [None, None]);
		});
	});
}

#[test]
fn every_scope_has_a_type() {
	let of_types = [
		scopes::ProfileWrite::get(),
		scopes::KeyAdmin::get(),
		scopes::ConsentManage::get(),
		scopes::RecordAnchor::get(),
		scopes::RecordRead::get(),
		scopes::SupplyChain::get(),
		scopes::Accredit::get(),
		scopes::Affiliate::get(),
		scopes::Mandate::get(),
		scopes::Recovery::get(),
		scopes::DeviceAdmin::get(),
		scopes::Names::get(),
		scopes::Vault::get(),
		scopes::Sponsor::get(),
		scopes::AccessLog::get(),
	];
	assert_eq!(of_types, CallScope::ALL);
}

#[cfg(feature = "runtime-benchmarks")]
#[test]
fn benchmarks_find_origins_that_pass() {
	ExtBuilder::default().identity(Bob, IdentityKind::Patient).build_and_execute(|| {
		let origin: RuntimeOrigin = Anchoring::try_successful_origin().unwrap();
		assert_ok!(Anchoring::ensure_origin(origin));
		let origin: RuntimeOrigin = Organisations::try_successful_origin().unwrap();
		assert_ok!(Organisations::ensure_origin(origin));
		let origin: RuntimeOrigin = EnsureAnyKey::<Test>::try_successful_origin().unwrap();
		assert_ok!(EnsureAnyKey::<Test>::ensure_origin(origin));
		let origin: RuntimeOrigin = Subject::try_successful_origin(&identity(Bob)).unwrap();
		assert_ok!(Subject::ensure_origin(origin, &identity(Bob)));
	});
}
