// SPDX-License-Identifier: Apache-2.0

use super::{emergency::*, *};
use salus_primitives::{AccreditationKind, Epoch, GrantWrap, KeyVersion, Wrap, X25519Key};

const LINK: Wrap = [4; 80];

fn rotate_with(
	epoch: Epoch,
	key: X25519Key,
	wraps: &[GrantWrap],
	emergency: Option<(KeyVersion, Wrap)>,
) -> DispatchResult {
	let wraps = GrantWraps::try_from(wraps.to_vec()).unwrap();
	let alice = identity(Alice);
	Consent::rotate_compartment(signed(Alice), alice, 1, epoch, key, LINK, wraps, emergency)
}

fn rotate(epoch: Epoch, wraps: &[GrantWrap]) -> DispatchResult {
	rotate_with(epoch, agreement_key(100 + epoch as u8), wraps, None)
}

pub(super) fn wrap(grant: GrantId) -> GrantWrap {
	GrantWrap { grant, key_version: 1, wrap: [0x77; 80] }
}

fn epoch() -> Epoch {
	Consent::compartment(identity(Alice), 1).unwrap().epoch
}

pub(super) fn keys_of(id: GrantId) -> Vec<CompartmentKey> {
	match Consent::grant_keys(id) {
		Some(GrantKeys::Compartments(keys)) => keys.into_inner(),
		_ => vec![],
	}
}

#[test]
fn opens_an_epoch_that_links_back() {
	execute(|| {
		let stays = Offer::default().make();
		let goes = Offer::to(person(Dave)).make();
		let key = agreement_key(77);
		assert_ok!(rotate_with(0, key, &[wrap(stays)], None));

		let row = Consent::compartment(identity(Alice), 1).unwrap();
		assert_eq!((row.epoch, row.key, row.restricted), (1, key, false));
		assert_eq!(Consent::epoch_link(identity(Alice), 1, 0), Some(LINK));
		assert_eq!(Consent::epoch_link(identity(Alice), 1, 1), None);
		let renewed = CompartmentKey { epoch: 1, wrap: [0x77; 80], ..compartment_key(1) };
		assert_eq!(keys_of(stays), [renewed]);
		// Who was left out keeps the old secret, and is never given the new one.
		assert_eq!(keys_of(goes), [compartment_key(1)]);
		let told = Event::CompartmentRotated {
			subject: identity(Alice),
			compartment: 1,
			epoch: 1,
			key,
			grants: vec![stays].try_into().unwrap(),
			holder: None,
			by: identity(Alice),
		};
		assert_eq!(last_event(), told);
	});
}

#[test]
fn a_new_reader_walks_back_over_every_epoch() {
	execute(|| {
		for epoch in 0..3 {
			assert_ok!(rotate(epoch, &[]));
		}
		let links = (0..4).map(|epoch| Consent::epoch_link(identity(Alice), 1, epoch).is_some());
		assert!(links.eq([true, true, true, false]));
		let next = CompartmentKey { epoch: 3, ..compartment_key(1) };
		assert_ok!(Offer { keys: compartment_keys(&[next]), ..Offer::default() }.offer());
		assert_noop!(Offer::default().offer(), Error::<Test>::StaleEpoch);
	});
}

#[test]
fn of_two_for_the_same_epoch_one_is_refused() {
	execute(|| {
		assert_ok!(rotate(0, &[]));
		assert_noop!(rotate_with(0, agreement_key(50), &[], None), Error::<Test>::StaleEpoch);
		assert_noop!(rotate(2, &[]), Error::<Test>::StaleEpoch);
		assert_ok!(rotate(1, &[]));
		assert_eq!(epoch(), 2);
	});
}

#[test]
fn refuses_a_stranger_and_a_closed_compartment() {
	execute(|| {
		let (alice, key) = (identity(Alice), agreement_key(100));
		let by = |who, no| {
			let wraps = GrantWraps::default();
			Consent::rotate_compartment(signed(who), alice, no, 0, key, LINK, wraps, None)
		};
		for who in [Bob, Charlie, Dave, Two] {
			assert_noop!(by(who, 1), BadOrigin);
		}
		assert_noop!(by(Alice, 9), Error::<Test>::CompartmentNotOpen);
	});
}

#[test]
fn the_key_is_sound_and_new() {
	execute(|| {
		let with = |key| rotate_with(0, key, &[], None);
		assert_noop!(with([0xff; 32]), Error::<Test>::KeyNotCanonical);
		assert_noop!(with([0; 32]), Error::<Test>::KeyOfSmallOrder);
		assert_noop!(with(agreement_key(1)), Error::<Test>::KeyUnchanged);
		assert_ok!(with(agreement_key(3)));
	});
}

#[test]
fn the_secret_goes_only_to_grants_that_reach_the_compartment() {
	execute(|| {
		let fails = |grant, error: Error<Test>| {
			assert_noop!(rotate(0, &[wrap(grant)]), error);
		};
		fails(GrantId(99), Error::<Test>::GrantNotFound);
		fails(
			Offer::default().one_record(RESULT).make(),
			Error::<Test>::GrantHoldsNoCompartmentKeys,
		);
		fails(Offer::default().deny().make(), Error::<Test>::GrantHoldsNoCompartmentKeys);
		let nurses = Offer::to(role(None, Role::Nurse)).make();
		fails(nurses, Error::<Test>::GrantHoldsNoCompartmentKeys);
		let keys = compartment_keys(&[compartment_key(2)]);
		let elsewhere = Offer { scope: Scope::Compartment(2), keys, ..Offer::default() }.make();
		fails(elsewhere, Error::<Test>::CompartmentNotReached);
		let revoked = Offer::default().make();
		assert_ok!(revoke(revoked));
		fails(revoked, Error::<Test>::AlreadyRevoked);
		let window = Window { from: START, until: START + 10 };
		let ended = Offer { window, ..Offer::default() }.make();
		go_to(START + 10);
		fails(ended, Error::<Test>::GrantEnded);
	});
}

#[test]
fn the_restricted_compartment_is_handed_to_who_is_named() {
	execute(|| {
		let wide = Offer::default().everything().make();
		let keys = compartment_keys(&[compartment_key(2)]);
		let named = Offer { scope: Scope::Compartment(2), keys, ..Offer::default() }.make();
		let rotate = |grant| {
			let wraps = GrantWraps::try_from(vec![wrap(grant)]).unwrap();
			let (alice, key) = (identity(Alice), agreement_key(101));
			Consent::rotate_compartment(signed(Alice), alice, 2, 0, key, LINK, wraps, None)
		};
		assert_noop!(rotate(wide), Error::<Test>::CompartmentNotReached);
		assert_ok!(rotate(named));
	});
}

#[test]
fn another_subjects_grant_is_refused() {
	execute(|| {
		let dave = identity(Dave);
		assert_ok!(Consent::open_compartment(signed(Dave), dave, 1, agreement_key(9), false));
		let id = NextGrantId::<Test>::get();
		let Offer { grantee, decision, scope, purposes, actions, window, keys, .. } =
			Offer::default();
		assert_ok!(Consent::grant(
			signed(Dave),
			dave,
			grantee,
			decision,
			scope,
			purposes,
			actions,
			None,
			window,
			None,
			Basis::Consent,
			None,
			false,
			keys
		));
		assert_noop!(rotate(0, &[wrap(id)]), Error::<Test>::GrantNotOfSubject);
	});
}

#[test]
fn wraps_are_current_and_one_for_each_grant() {
	execute(|| {
		let id = Offer::default().make();
		assert_noop!(rotate(0, &[wrap(id), wrap(id)]), Error::<Test>::DuplicateKey);
		Identities::rotate(identity(Charlie), 2);
		assert_noop!(rotate(0, &[wrap(id)]), Error::<Test>::StaleKeyVersion);
		let current = GrantWrap { key_version: 2, ..wrap(id) };
		assert_ok!(rotate(0, &[current]));
		assert_eq!(keys_of(id)[0].key_version, 2);
		assert!(GrantWraps::try_from(vec![wrap(id); 33]).is_err());
	});
}

#[test]
fn without_a_wrap_for_its_holder_the_emergency_key_goes() {
	in_emergency(|| {
		assert_ok!(rotate(0, &[]));
		assert_eq!(Consent::emergency_key(identity(Alice), 1), None);
		assert_eq!(Consent::emergency_holder(identity(Ferdie)), Some(1));
		assert!(matches!(last_event(), Event::CompartmentRotated { holder: None, .. }));
		// The other compartment's stays.
		assert!(Consent::emergency_key(identity(Alice), 2).is_some());
	});
}

#[test]
fn the_emergency_key_is_sealed_anew_to_who_holds_it() {
	in_emergency(|| {
		let with = |version, epoch| {
			rotate_with(epoch, agreement_key(100 + epoch as u8), &[], Some((version, [5; 80])))
		};
		assert_noop!(with(2, 0), Error::<Test>::StaleKeyVersion);
		assert_ok!(with(1, 0));
		let key = Consent::emergency_key(identity(Alice), 1).unwrap();
		assert_eq!((key.holder, key.epoch, key.wrap), (identity(Ferdie), 1, [5; 80]));
		assert_eq!(Consent::emergency_holder(identity(Ferdie)), Some(2));
		let holder = Some(identity(Ferdie));
		assert!(
			matches!(last_event(), Event::CompartmentRotated { holder: told, .. } if told == holder)
		);

		// Once it keeps shares, it may not be given another secret.
		Accreditations::always(identity(Ferdie), AccreditationKind::DataCustodian);
		assert_noop!(with(1, 1), Error::<Test>::HolderKeepsShares);
		assert_ok!(rotate(1, &[]));
		assert_noop!(with(1, 2), Error::<Test>::NoEmergencyKey);
	});
}

fn rotations_due() -> Vec<CompartmentNo> {
	Consent::inbox(identity(Alice)).rotations
}

/// Rotates compartment 1, and hands the new secret to its holder for emergencies.
fn rotate_and_reseal(epoch: Epoch) -> DispatchResult {
	rotate_with(epoch, agreement_key(100 + epoch as u8), &[], Some((1, [5; 80])))
}

#[test]
fn what_an_emergency_reached_is_no_longer_due_after_its_end() {
	in_emergency(|| {
		let id = broken(Bob, Some(1));
		assert_eq!(rotations_due(), [1]);
		// It reads what is sealed to the new key as well.
		assert_ok!(rotate_and_reseal(0));
		assert_eq!(rotations_due(), [1]);
		assert_ok!(close(Bob, id));
		assert_eq!(rotations_due(), [1]);
		assert_ok!(rotate_and_reseal(1));
		assert!(rotations_due().is_empty());
	});
}

#[test]
fn an_emergency_that_ran_out_is_rotated_after() {
	in_emergency(|| {
		broken(Bob, None);
		go_to(UNTIL - 1);
		assert_ok!(rotate(0, &[]));
		assert_eq!(rotations_due(), [1]);
		go_to(UNTIL);
		assert_ok!(rotate(1, &[]));
		assert!(rotations_due().is_empty());
	});
}

#[test]
fn of_several_emergencies_the_last_one_has_to_end() {
	in_emergency(|| {
		let (of_one, of_all) = (broken(Bob, Some(1)), broken(Charlie, None));
		assert_ok!(close(Bob, of_one));
		assert_ok!(rotate_and_reseal(0));
		assert_eq!(rotations_due(), [1]);
		assert_ok!(close(Alice, of_all));
		assert_ok!(rotate_and_reseal(1));
		assert!(rotations_due().is_empty());
		// Two of the same scope.
		let two = [Bob, Charlie].map(|who| broken(who, Some(1)));
		assert_ok!(close(Charlie, two[1]));
		assert_ok!(rotate_and_reseal(2));
		assert_eq!(rotations_due(), [1]);
		assert_ok!(close(Bob, two[0]));
		assert_ok!(rotate_and_reseal(3));
		assert!(rotations_due().is_empty());
	});
}

#[test]
fn an_emergency_elsewhere_makes_nothing_due() {
	in_emergency(|| {
		broken(Bob, Some(2));
		assert_eq!(rotations_due(), [2]);
		assert_ok!(rotate_and_reseal(0));
		assert_eq!(rotations_due(), [2]);
	});
}
