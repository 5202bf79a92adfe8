// SPDX-License-Identifier: Apache-2.0

use super::*;

fn withdraw(who: Sr25519Keyring, market: Option<Market>) -> DispatchResult {
	SupplyChain::withdraw_product(signed(who), di(DRUG), market, digest(7))
}

#[test]
fn its_maker_takes_a_product_from_every_market_with_every_pack() {
	build_and_execute(|| {
		let batch = commissioned();
		set_time(START + DAY);
		assert_ok!(withdraw(MAKER, None));
		let row = Products::<Test>::get(di(DRUG)).unwrap();
		assert_eq!(row.status, ProductStatus::Withdrawn { at: START + DAY });
		let event = Event::ProductWithdrawn {
			product: di(DRUG),
			market: None,
			by: id(MAKER),
			reason: digest(7),
		};
		assert_eq!(last_event(), event);
		for market in [None, Some(HERE), Some(THERE)] {
			assert_eq!(obstacle(batch, UNITS - 1, market), Some(Obstacle::Withdrawn));
		}
	});
}

#[test]
fn nothing_new_is_commissioned_of_it() {
	build_and_execute(|| {
		registered();
		let lot = lot("L1");
		assert_ok!(withdraw(MAKER, None));
		assert_noop!(commission_some(lot, 9, 1), Error::<Test>::ProductWithdrawn);
	});
}

#[test]
fn an_authority_takes_it_from_its_market() {
	build_and_execute(|| {
		let batch = commissioned();
		assert_ok!(withdraw(AUTHORITY, Some(HERE)));
		let approval = Approvals::<Test>::get(di(DRUG), HERE).unwrap();
		assert_eq!(approval.state, ApprovalState::Withdrawn);
		assert_eq!((approval.authority, approval.reference), (id(AUTHORITY), digest(7)));
		let event = Event::ProductWithdrawn {
			product: di(DRUG),
			market: Some(HERE),
			by: id(AUTHORITY),
			reason: digest(7),
		};
		assert_eq!(last_event(), event);
		assert_eq!(obstacle(batch, 0, Some(HERE)), Some(Obstacle::Withdrawn));
		assert_eq!(obstacle(batch, 0, None), None);
		// What is made for other markets goes on.
		let lot = Batches::<Test>::get(batch).unwrap().lot;
		assert_ok!(commission_some(lot, 9, 1));
	});
}

#[test]
fn its_maker_takes_it_from_one_market_and_the_last_decision_stays_readable() {
	build_and_execute(|| {
		registered();
		assert_ok!(withdraw(MAKER, Some(HERE)));
		let approval = Approvals::<Test>::get(di(DRUG), HERE).unwrap();
		assert_eq!(approval.state, ApprovalState::Withdrawn);
		assert_eq!((approval.authority, approval.reference), (id(AUTHORITY), digest(3)));
		assert!(Products::<Test>::get(di(DRUG)).unwrap().is_active());
	});
}

#[test]
fn refuses_others() {
	build_and_execute(|| {
		registered();
		for who in [RIVAL, AUTHORITY, STRANGER] {
			assert_noop!(withdraw(who, None), Error::<Test>::NotProductHolder);
		}
		for who in [RIVAL, PHARMACY, STRANGER] {
			assert_noop!(withdraw(who, Some(HERE)), Error::<Test>::NotAuthorised);
		}
		assert_noop!(withdraw(AUTHORITY, Some(THERE)), Error::<Test>::NotAuthorised);
	});
}

#[test]
fn refuses_a_market_where_it_never_was() {
	build_and_execute(|| {
		registered();
		assert_noop!(withdraw(MAKER, Some(THERE)), Error::<Test>::NotApprovedInMarket);
		assert_noop!(withdraw(MAKER, Some(Jurisdiction(0))), Error::<Test>::BadMarket);
		assert_noop!(withdraw(AUTHORITY, Some(Jurisdiction(1000))), Error::<Test>::BadMarket);
	});
}

#[test]
fn refuses_an_unknown_product() {
	build_and_execute(|| {
		for market in [None, Some(HERE)] {
			assert_noop!(withdraw(MAKER, market), Error::<Test>::UnknownProduct);
		}
	});
}

#[test]
fn is_final() {
	build_and_execute(|| {
		registered();
		assert_ok!(withdraw(AUTHORITY, Some(HERE)));
		assert_noop!(withdraw(MAKER, Some(HERE)), Error::<Test>::ApprovalWithdrawn);
		assert_ok!(withdraw(MAKER, None));
		assert_noop!(withdraw(MAKER, None), Error::<Test>::ProductWithdrawn);
		assert_noop!(withdraw(MAKER, Some(HERE)), Error::<Test>::ProductWithdrawn);
	});
}
