// SPDX-License-Identifier: Apache-2.0

//! Sealing and unsealing.

use super::*;

/// A case of the maker on its pallet.
fn loaded() -> (Sscc, Sscc) {
	let batch = commissioned();
	let [case, pallet] = containers();
	packed(case, &[item(batch, 0)]);
	packed(pallet, &[boxed(case)]);
	(case, pallet)
}

fn seal(who: Sr25519Keyring, sscc: Sscc) -> sp_runtime::DispatchResult {
	SupplyChain::seal(signed(who), sscc, digest(8))
}

fn unseal(who: Sr25519Keyring, sscc: Sscc) -> sp_runtime::DispatchResult {
	SupplyChain::unseal(signed(who), sscc)
}

#[test]
fn a_seal_is_put_on_and_taken_off() {
	build_and_execute(|| {
		let (case, _) = loaded();

		assert_ok!(seal(MAKER, case));
		assert_eq!(row(case).seal, Some(digest(8)));
		let event = Event::Sealed { sscc: case, seal: digest(8), by: id(MAKER) };
		assert_eq!(last_event(), event);

		assert_ok!(unseal(MAKER, case));
		assert_eq!(row(case).seal, None);
		assert_eq!(last_event(), Event::Unsealed { sscc: case, by: id(MAKER) });
	});
}

#[test]
fn a_seal_travels_and_the_receiver_breaks_it() {
	build_and_execute(|| {
		let (_, pallet) = loaded();
		assert_ok!(seal(MAKER, pallet));
		handed_over(MAKER, WHOLESALER, &[boxed(pallet)]);

		assert_noop!(unseal(MAKER, pallet), Error::<Test>::NotCustodian);
		assert_ok!(unseal(WHOLESALER, pallet));
	});
}

#[test]
fn refuses_who_does_not_hold_it() {
	build_and_execute(|| {
		let (case, pallet) = loaded();

		for sscc in [case, pallet] {
			assert_noop!(seal(WHOLESALER, sscc), Error::<Test>::NotCustodian);
			assert_noop!(unseal(WHOLESALER, sscc), Error::<Test>::NotCustodian);
		}
		shipped(MAKER, WHOLESALER, &[boxed(pallet)]);
		for who in [MAKER, WHOLESALER] {
			assert_noop!(seal(who, case), Error::<Test>::InTransit);
			assert_noop!(unseal(who, pallet), Error::<Test>::InTransit);
		}
	});
}

#[test]
fn refuses_what_is_sealed_or_stands_in_a_sealed_one() {
	build_and_execute(|| {
		let (case, pallet) = loaded();
		assert_ok!(seal(MAKER, case));
		assert_noop!(seal(MAKER, case), Error::<Test>::ContainerSealed);

		assert_ok!(seal(MAKER, pallet));
		assert_noop!(unseal(MAKER, case), Error::<Test>::ContainerSealed);
		assert_ok!(unseal(MAKER, pallet));
		assert_ok!(unseal(MAKER, case));
		assert_ok!(seal(MAKER, pallet));
		assert_noop!(seal(MAKER, case), Error::<Test>::ContainerSealed);
	});
}

#[test]
fn refuses_to_unseal_what_is_not_sealed() {
	build_and_execute(|| {
		let (case, _) = loaded();

		assert_noop!(unseal(MAKER, case), Error::<Test>::NotSealed);
	});
}

#[test]
fn refuses_what_is_unknown_empty_or_over() {
	build_and_execute(|| {
		let (case, _) = loaded();
		let fresh = container(2);
		assert_ok!(try_empty(MAKER, case));

		assert_noop!(seal(MAKER, sscc(9)), Error::<Test>::UnknownContainer);
		assert_noop!(unseal(MAKER, sscc(9)), Error::<Test>::UnknownContainer);
		assert_noop!(seal(MAKER, fresh), Error::<Test>::ContainerEmpty);
		assert_noop!(seal(MAKER, case), Error::<Test>::ContainerEmptied);
		assert_noop!(unseal(MAKER, case), Error::<Test>::NotSealed);
	});
}
