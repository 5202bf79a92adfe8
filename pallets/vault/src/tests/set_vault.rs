// SPDX-License-Identifier: Apache-2.0

use super::*;
use codec::{Decode, Encode};
use frame_support::dispatch::GetDispatchInfo;

#[test]
fn a_first_vault_has_version_one_and_what_was_sent() {
	ExtBuilder.build_and_execute(|| {
		let recovery = slot(Alice, 200, Recovery, 2, 1);
		let password = slot(Alice, 0, Password, 1, 1);
		assert_ok!(set(Alice, vec![recovery.clone(), password.clone()], 0));

		let slots = listed(&[(0, Password), (200, Recovery)]);
		let expected = Vault {
			version: 1,
			body_version: 1,
			format: FORMAT,
			key_commitment: KEY,
			body: body(1),
			slots: slots.clone(),
			updated_at: START,
			deposit: None,
		};
		assert_eq!(vault(Alice), expected);
		for (sent, number) in [(password, 1), (recovery, 2)] {
			let id = sent.id;
			let stored = sent.into_slot(Some(locator(number)), START);
			assert_eq!(Slots::<Test>::get(identity(Alice), id), Some(stored));
			assert_eq!(Locators::<Test>::get(locator(number)), Some((identity(Alice), id)));
		}
		System::assert_last_event(
			Event::VaultSet { identity: identity(Alice), version: 1, slots }.into(),
		);
	});
}

#[test]
fn the_same_key_and_no_slots_keep_the_slots() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		let before: Vec<_> = Slots::<Test>::iter().collect();
		Timestamp::set_timestamp(START + 5);
		let none = NewSlotsOf::<Test>::default();
		assert_ok!(Vaulting::set_vault(signed(Alice), 2, KEY, body(9), none, 1));

		let vault = vault(Alice);
		assert_eq!((vault.version, vault.body_version, vault.updated_at), (2, 2, START + 5));
		assert_eq!((vault.body, vault.format), (body(9), 2));
		assert_eq!(Slots::<Test>::iter().collect::<Vec<_>>(), before);
		let slots = listed(&[(0, Password), (1, Recovery)]);
		System::assert_last_event(
			Event::VaultSet { identity: identity(Alice), version: 2, slots }.into(),
		);
	});
}

#[test]
fn the_same_key_and_new_slots_replace_all_slots() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		// The password's login moves to another slot, the code goes, a passkey comes.
		let slots = vec![slot(Alice, 5, Password, 1, 2), slot(Alice, 6, Passkey, 0, 2)];
		assert_ok!(set(Alice, slots, 1));

		assert_eq!(vault(Alice).slots, listed(&[(5, Password), (6, Passkey)]));
		assert_eq!(Slots::<Test>::iter().count(), 2);
		assert_eq!(Locators::<Test>::get(locator(1)), Some((identity(Alice), 5)));
		assert_eq!(Locators::<Test>::get(locator(2)), None);
	});
}

#[test]
fn another_key_takes_every_old_slot_away() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		assert_ok!(put(Alice, slot(Alice, 2, Passkey, 0, 2), 1));
		assert_ok!(set_with(Alice, OTHER_KEY, vec![slot(Alice, 0, Passphrase, 3, 3)], 2));

		assert_eq!(vault(Alice).key_commitment, OTHER_KEY);
		assert_eq!(Slots::<Test>::iter().count(), 1);
		assert_eq!(Locators::<Test>::iter().count(), 1);
		assert_eq!(Locators::<Test>::get(locator(3)), Some((identity(Alice), 0)));
	});
}

#[test]
fn a_vault_needs_a_slot_by_which_to_log_in() {
	ExtBuilder.build_and_execute(|| {
		assert_noop!(set(Alice, vec![], 0), Error::<Test>::NoLogin);
		let without = vec![slot(Alice, 0, Passkey, 0, 1), slot(Alice, 1, Guardian, 0, 1)];
		assert_noop!(set(Alice, without, 0), Error::<Test>::NoLogin);

		// Under another key the old slots open nothing, so they cannot be kept.
		with_vault(Alice, 1);
		assert_noop!(set_with(Alice, OTHER_KEY, vec![], 1), Error::<Test>::NoLogin);
		let without = vec![slot(Alice, 0, Passkey, 0, 2)];
		assert_noop!(set(Alice, without, 1), Error::<Test>::NoLogin);
	});
}

#[test]
fn each_kind_with_a_login_is_enough_alone() {
	for kind in [Password, Passphrase, Recovery] {
		ExtBuilder.build_and_execute(|| {
			assert_ok!(set(Alice, vec![slot(Alice, 0, kind, 1, 1)], 0));
		});
	}
}

#[test]
fn slots_may_be_as_many_as_allowed_and_not_one_more() {
	ExtBuilder.build_and_execute(|| {
		let slots = |count: u32| -> Vec<NewSlot> {
			(0..count as u8).map(|id| slot(Alice, id, Recovery, id + 1, 1)).collect()
		};
		assert!(NewSlotsOf::<Test>::try_from(slots(MAX_SLOTS + 1)).is_err());
		let encoded = slots(MAX_SLOTS + 1).encode();
		assert!(NewSlotsOf::<Test>::decode(&mut &encoded[..]).is_err());
		assert_ok!(set(Alice, slots(MAX_SLOTS), 0));
		assert_eq!(vault(Alice).slots.count(), MAX_SLOTS);
	});
}

#[test]
fn a_body_may_be_as_long_as_allowed_and_not_empty() {
	ExtBuilder.build_and_execute(|| {
		let set = |body| {
			let slots = BoundedVec::truncate_from(vec![slot(Alice, 0, Recovery, 1, 1)]);
			Vaulting::set_vault(signed(Alice), FORMAT, KEY, body, slots, 0)
		};
		assert!(BodyOf::<Test>::try_from(vec![1; MAX_BODY as usize + 1]).is_err());
		assert!(
			BodyOf::<Test>::decode(&mut &vec![1u8; MAX_BODY as usize + 1].encode()[..]).is_err()
		);
		assert_noop!(set(BoundedVec::default()), Error::<Test>::BodyEmpty);
		assert_ok!(set(BoundedVec::truncate_from(vec![1; MAX_BODY as usize])));
	});
}

#[test]
fn a_commitment_to_zeros_is_refused() {
	ExtBuilder.build_and_execute(|| {
		let slots = vec![slot(Alice, 0, Recovery, 1, 1)];
		let refused = set_with(Alice, Commitment::default(), slots, 0);
		assert_noop!(refused, Error::<Test>::CommitmentEmpty);
	});
}

#[test]
fn a_version_that_is_not_the_current_one_is_stale() {
	ExtBuilder.build_and_execute(|| {
		let first =
			|expected| set(Alice, vec![slot(Alice, 0, Recovery, 1, expected + 1)], expected);
		assert_noop!(first(1), Error::<Test>::StaleVersion);
		assert_ok!(first(0));
		for stale in [0, 2, VaultVersion::MAX] {
			assert_noop!(set(Alice, vec![], stale), Error::<Test>::StaleVersion);
		}
		assert_ok!(set(Alice, vec![], 1));
		assert_noop!(set(Alice, vec![], 1), Error::<Test>::StaleVersion);
	});
}

#[test]
fn two_slots_of_one_number_are_refused() {
	ExtBuilder.build_and_execute(|| {
		let slots = vec![slot(Alice, 3, Recovery, 1, 1), slot(Alice, 3, Passkey, 0, 1)];
		assert_noop!(set(Alice, slots, 0), Error::<Test>::DuplicateSlot);
	});
}

#[test]
fn two_slots_of_one_login_are_refused() {
	ExtBuilder.build_and_execute(|| {
		let slots = vec![slot(Alice, 0, Recovery, 1, 1), slot(Alice, 1, Recovery, 1, 1)];
		assert_noop!(set(Alice, slots, 0), Error::<Test>::LocatorTaken);
	});
}

#[test]
fn somebody_elses_locator_is_refused() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Dave, 1);
		// Even with the login's own consent: two people chose one name and password.
		let slots = vec![slot(Alice, 0, Passphrase, 1, 1)];
		assert_noop!(set(Alice, slots, 0), Error::<Test>::LocatorTaken);
		assert_eq!(Locators::<Test>::get(locator(1)), Some((identity(Dave), 0)));
	});
}

#[test]
fn slots_out_of_order_are_refused_wherever_they_stand() {
	ExtBuilder.build_and_execute(|| {
		for (kind, disorder, error) in disorders() {
			let mut bad = slot(Alice, 1, kind, 9, 1);
			disorder(&mut bad);
			let good = slot(Alice, 0, Recovery, 1, 1);
			assert_noop!(set(Alice, vec![good.clone(), bad.clone()], 0), error);
			let mut first = bad;
			first.id = 0;
			let second = slot(Alice, 1, Recovery, 1, 1);
			assert_noop!(set(Alice, vec![first, second], 0), error);
		}
	});
}

#[test]
fn parameters_at_floor_and_ceiling_are_accepted() {
	ExtBuilder.build_and_execute(|| {
		let mut low = slot(Alice, 0, Password, 1, 1);
		low.kdf = Kdf::Argon2id { memory_kib: 65_536, passes: 3, lanes: 1 };
		let mut high = slot(Alice, 1, Passphrase, 2, 1);
		high.kdf = Kdf::Argon2id { memory_kib: 4_194_304, passes: 64, lanes: 4 };
		high.salt = BoundedVec::truncate_from(vec![5; MAX_SALT as usize]);
		high.wrapped = BoundedVec::truncate_from(vec![5; MAX_WRAP as usize]);
		assert_ok!(set(Alice, vec![low, high], 0));
	});
}

#[test]
fn what_is_longer_than_its_bound_or_of_an_unknown_kind_is_not_even_read() {
	let good = slot(Alice, 0, Password, 1, 1);
	let (id, kind, kdf) = (good.id, good.kind, good.kdf);
	let encode = |salt: usize, wrap: usize| {
		(id, kind, kdf, vec![1u8; salt], good.nonce, vec![2u8; wrap], good.login).encode()
	};
	assert!(NewSlot::decode(&mut &encode(32, 128)[..]).is_ok());
	assert!(NewSlot::decode(&mut &encode(33, 128)[..]).is_err());
	assert!(NewSlot::decode(&mut &encode(32, 129)[..]).is_err());

	let mut unknown = encode(16, 48);
	unknown[1] = 5;
	assert!(NewSlot::decode(&mut &unknown[..]).is_err(), "a kind of slot");
	let mut unknown = encode(16, 48);
	unknown[2] = 2;
	assert!(NewSlot::decode(&mut &unknown[..]).is_err(), "a KDF");
}

#[test]
fn devices_and_strangers_have_no_vault() {
	ExtBuilder.build_and_execute(|| {
		let slots = |who| vec![slot(who, 0, Recovery, 1, 1)];
		assert_noop!(set(Ferdie, slots(Ferdie), 0), Error::<Test>::DeviceRefused);
		assert_noop!(set(Eve, slots(Eve), 0), DispatchError::BadOrigin);
		Identities::deactivate(identity(Alice));
		assert_noop!(set(Alice, slots(Alice), 0), DispatchError::BadOrigin);
	});
}

#[test]
fn the_last_version_there_is_cannot_be_left() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		Vaults::<Test>::mutate(identity(Alice), |vault| {
			vault.as_mut().unwrap().version = VaultVersion::MAX;
		});
		let overflow = sp_runtime::ArithmeticError::Overflow;
		assert_noop!(set(Alice, vec![], VaultVersion::MAX), overflow);
		assert_noop!(clear(Alice, VaultVersion::MAX), overflow);
	});
}

#[test]
fn an_empty_list_has_a_weight_and_a_longer_list_a_greater_one() {
	let weight = |count: u8| {
		let slots = (0..count).map(|id| slot(Alice, id, Recovery, id + 1, 1)).collect();
		let call = Call::<Test>::set_vault {
			format: FORMAT,
			key_commitment: KEY,
			body: body(1),
			slots: BoundedVec::truncate_from(slots),
			expected_version: 0,
		};
		call.get_dispatch_info().call_weight
	};
	let weights: Vec<_> = (0..=MAX_SLOTS as u8).map(weight).collect();
	assert!(weights.windows(2).all(|pair| pair[0].ref_time() < pair[1].ref_time()));
	assert_eq!(weights[0], <() as WeightInfo>::set_vault_keeping_slots());
}
