// SPDX-License-Identifier: Apache-2.0

use super::*;

fn update(who: Sr25519Keyring, master: u8) -> DispatchResult {
	SupplyChain::update_product(signed(who), di(DRUG), digest(master))
}

#[test]
fn changes_the_master_data_and_counts_its_versions() {
	build_and_execute(|| {
		registered();
		let before = held(MAKER);
		for version in 1..=3 {
			assert_ok!(update(MAKER, 10 + version));
			let row = Products::<Test>::get(di(DRUG)).unwrap();
			assert_eq!((row.master, row.version), (digest(10 + version), version.into()));
			let event = Event::ProductUpdated {
				product: di(DRUG),
				master: digest(10 + version),
				version: version.into(),
			};
			assert_eq!(last_event(), event);
		}
		assert_eq!(held(MAKER), before);
	});
}

#[test]
fn lots_keep_the_version_they_were_opened_under() {
	build_and_execute(|| {
		registered();
		let old = lot("L1");
		assert_ok!(update(MAKER, 11));
		let new = lot("L2");
		let version = |lot| Lots::<Test>::get(lot).unwrap().master_version;
		assert_eq!((version(old), version(new)), (0, 1));
	});
}

#[test]
fn its_maker_keeps_it_right_without_a_licence() {
	build_and_execute(|| {
		registered();
		lapse(MAKER);
		assert_ok!(update(MAKER, 11));
	});
}

#[test]
fn refuses_all_but_who_answers_for_it() {
	build_and_execute(|| {
		registered();
		for who in [RIVAL, AUTHORITY, STRANGER] {
			assert_noop!(update(who, 11), Error::<Test>::NotProductHolder);
		}
	});
}

#[test]
fn refuses_a_product_that_is_unknown_or_withdrawn() {
	build_and_execute(|| {
		assert_noop!(update(MAKER, 11), Error::<Test>::UnknownProduct);
		registered();
		assert_ok!(SupplyChain::withdraw_product(signed(MAKER), di(DRUG), None, digest(1)));
		assert_noop!(update(MAKER, 11), Error::<Test>::ProductWithdrawn);
	});
}

#[test]
fn the_count_of_versions_does_not_wrap() {
	build_and_execute(|| {
		registered();
		Products::<Test>::mutate(di(DRUG), |row| row.as_mut().unwrap().version = u32::MAX);
		assert_noop!(update(MAKER, 11), sp_runtime::ArithmeticError::Overflow);
	});
}
