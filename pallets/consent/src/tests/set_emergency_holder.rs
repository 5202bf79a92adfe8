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
		// Somebody named it: it may have shares still.
		Accreditations::remove(identity(One), AccreditationKind::DataCustodian);
		assert_noop!(offer(One, true), Error::<Test>::HolderKeepsShares);
	});
}

#[test]
fn is_not_for_who_was_named_as_custodian_or_anchored_a_log() {
	execute(|| {
		let as_custodian = |who: Sr25519Keyring, does: &dyn Fn()| {
			Accreditations::always(identity(who), AccreditationKind::FacilityLicence);
			Accreditations::always(identity(who), AccreditationKind::DataCustodian);
			does();
			Accreditations::remove(identity(who), AccreditationKind::DataCustodian);
		};
		as_custodian(Eve, &|| {
			let named = BoundedVec::truncate_from(vec![identity(Eve)]);
			assert_ok!(Consent::set_share_custodian(signed(Dave), named, 1));
			let nobody = BoundedVec::default();
			assert_ok!(Consent::set_share_custodian(signed(Dave), nobody, 0));
		});
		assert_noop!(offer(Eve, true), Error::<Test>::HolderKeepsShares);
		as_custodian(Ferdie, &|| {
			let (log, root) = (salus_primitives::RecorderId([7; 32]), Digest([1; 32]));
			let ferdie = signed(Ferdie);
			let batch = Consent::anchor_audit_batch(ferdie, log, 0, root, 0, 0, START, START);
			assert_ok!(batch);
		});
		assert_noop!(offer(Ferdie, true), Error::<Test>::HolderKeepsShares);
		// Who was accredited and never kept anything may.
		accredit_for_a_while(Bob);
		assert_ok!(offer(Bob, true));
	});
}

/// A facility that was accredited as custodian, and nothing more.
fn accredit_for_a_while(who: Sr25519Keyring) {
	Identities::set(account(who), identity(who), IdentityKind::Organisation);
	Accreditations::always(identity(who), AccreditationKind::FacilityLicence);
	Accreditations::always(identity(who), AccreditationKind::DataCustodian);
	assert_noop!(offer(who, true), Error::<Test>::HolderKeepsShares);
	Accreditations::remove(identity(who), AccreditationKind::DataCustodian);
}

#[test]
fn ceases_at_once_when_no_key_is_held_with_or_without_a_licence() {
	in_emergency(|| {
		for compartment in [1, 2] {
			assert_ok!(set_key(compartment, None));
		}
		Accreditations::remove(identity(Ferdie), AccreditationKind::FacilityLicence);
		assert_ok!(offer(Ferdie, false));
		assert_eq!(Consent::emergency_holder(identity(Ferdie)), None);
		assert_noop!(offer(Ferdie, true), BadOrigin);
		assert_noop!(offer(Ferdie, false), Error::<Test>::HolderUnchanged);
	});
}

#[test]
fn with_keys_it_gives_notice_and_gets_no_more() {
	in_emergency(|| {
		assert_ok!(set_key(2, None));
		let (organisation, leaves) = (identity(Ferdie), START + HOLDER_NOTICE);
		assert_eq!(Consent::emergency_holder_leaves(organisation), None);
		assert_ok!(offer(Ferdie, false));
		assert_eq!(last_event(), Event::EmergencyHolderLeaving { organisation, leaves });
		assert_eq!(Consent::emergency_holder_leaves(organisation), Some(leaves));
		// It holds what it holds, and that still opens in emergencies.
		assert_eq!(Consent::emergency_holder(organisation), Some(1));
		assert_noop!(give_key(2), Error::<Test>::HolderLeaving);
		assert_ok!(give_key(1));
		broken(Bob, Some(1));
		assert_noop!(offer(Ferdie, false), Error::<Test>::KeysHeld);
		// With the last key taken back, it need not wait.
		assert_ok!(set_key(1, None));
		assert_ok!(offer(Ferdie, false));
		assert_eq!(Consent::emergency_holder(organisation), None);
	});
}

#[test]
fn no_patient_keeps_it_for_ever() {
	in_emergency(|| {
		let drops = |who, compartment| {
			Consent::set_emergency_key(signed(who), identity(Alice), compartment, None)
		};
		assert_noop!(drops(Ferdie, 1), Error::<Test>::NoticeNotOver);
		assert_ok!(offer(Ferdie, false));
		Accreditations::remove(identity(Ferdie), AccreditationKind::FacilityLicence);
		go_to(START + HOLDER_NOTICE - 1);
		assert_noop!(drops(Ferdie, 1), Error::<Test>::NoticeNotOver);
		go_to(START + HOLDER_NOTICE);
		for who in [Bob, Eve, Two] {
			assert_noop!(drops(who, 1), BadOrigin);
		}
		for compartment in [1, 2] {
			assert_ok!(drops(Ferdie, compartment));
			let (subject, holder) = (identity(Alice), identity(Ferdie));
			let told = Event::EmergencyKeyRemoved { subject, compartment, holder, by: holder };
			assert_eq!(last_event(), told);
		}
		assert_noop!(drops(Ferdie, 1), BadOrigin);
		assert_ok!(offer(Ferdie, false));
		assert_eq!(Consent::emergency_holder(identity(Ferdie)), None);
	});
}

#[test]
fn who_held_a_key_never_keeps_shares_nor_records() {
	in_emergency(|| {
		for compartment in [1, 2] {
			assert_ok!(set_key(compartment, None));
		}
		assert_ok!(offer(Ferdie, false));
		// Who offered and was handed none may.
		Accreditations::always(identity(Eve), AccreditationKind::FacilityLicence);
		for accept in [true, false] {
			assert_ok!(offer(Eve, accept));
		}
		let name = |who| {
			Accreditations::always(identity(who), AccreditationKind::DataCustodian);
			let custodians = BoundedVec::truncate_from(vec![identity(who)]);
			Consent::set_share_custodian(signed(Dave), custodians, 1)
		};
		assert_noop!(name(Ferdie), Error::<Test>::CustodianHoldsEmergencyKeys);
		assert_ok!(name(Eve));
		let (log, root) = (salus_primitives::RecorderId([7; 32]), Digest([1; 32]));
		let anchors =
			|who| Consent::anchor_audit_batch(signed(who), log, 0, root, 0, 0, START, START);
		assert_noop!(anchors(Ferdie), Error::<Test>::RecorderHoldsEmergencyKeys);
		assert_ok!(anchors(Eve));
		// It may hold keys again.
		Accreditations::remove(identity(Ferdie), AccreditationKind::DataCustodian);
		assert_noop!(give_key(1), Error::<Test>::NotAnEmergencyHolder);
		assert_ok!(offer(Ferdie, true));
		assert_ok!(give_key(1));
		assert_eq!(Consent::emergency_holder(identity(Ferdie)), Some(1));
	});
}

#[test]
fn a_notice_is_taken_back_by_who_may_offer() {
	in_emergency(|| {
		assert_ok!(offer(Ferdie, false));
		Accreditations::remove(identity(Ferdie), AccreditationKind::FacilityLicence);
		assert_noop!(offer(Ferdie, true), BadOrigin);
		Accreditations::always(identity(Ferdie), AccreditationKind::FacilityLicence);
		assert_ok!(offer(Ferdie, true));
		assert_eq!(Consent::emergency_holder(identity(Ferdie)), Some(2));
		assert_eq!(Consent::emergency_holder_leaves(identity(Ferdie)), None);
		assert_noop!(offer(Ferdie, true), Error::<Test>::HolderUnchanged);
		go_to(START + HOLDER_NOTICE);
		let drop = Consent::set_emergency_key(signed(Ferdie), identity(Alice), 1, None);
		assert_noop!(drop, Error::<Test>::NoticeNotOver);
		// The next notice begins anew.
		assert_ok!(offer(Ferdie, false));
		let leaves = Consent::emergency_holder_leaves(identity(Ferdie));
		assert_eq!(leaves, Some(START + 2 * HOLDER_NOTICE));
	});
}
