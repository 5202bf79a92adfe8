// SPDX-License-Identifier: Apache-2.0

use super::*;

fn suspend(who: Sr25519Keyring) -> DispatchResult {
	SupplyChain::suspend_approval(signed(who), di(DRUG), HERE, digest(4))
}

#[test]
fn stops_the_sale_in_the_market_until_it_is_approved_anew() {
	build_and_execute(|| {
		let batch = commissioned();
		assert_ok!(suspend(AUTHORITY));
		let approval = Approvals::<Test>::get(di(DRUG), HERE).unwrap();
		assert_eq!(approval.state, ApprovalState::Suspended);
		assert_eq!((approval.authority, approval.reference), (id(AUTHORITY), digest(4)));
		let event = Event::ApprovalSuspended {
			product: di(DRUG),
			market: HERE,
			authority: id(AUTHORITY),
			reason: digest(4),
		};
		assert_eq!(last_event(), event);
		assert_eq!(obstacle(batch, 0, Some(HERE)), Some(Obstacle::NotApproved));

		let of = window(0, DAY);
		let approve = SupplyChain::approve_product;
		assert_ok!(approve(signed(AUTHORITY), di(DRUG), HERE, digest(3), of));
		assert_eq!(obstacle(batch, 0, Some(HERE)), None);
	});
}

#[test]
fn does_not_touch_other_markets() {
	build_and_execute(|| {
		let batch = commissioned();
		Accreditations::appoint(id(AUTHORITY), THERE);
		let approve = SupplyChain::approve_product;
		assert_ok!(approve(signed(AUTHORITY), di(DRUG), THERE, digest(3), window(0, DAY)));
		assert_ok!(suspend(AUTHORITY));
		assert_eq!(obstacle(batch, 0, Some(THERE)), None);
	});
}

#[test]
fn an_approval_of_the_future_can_be_suspended() {
	build_and_execute(|| {
		registered();
		let approve = SupplyChain::approve_product;
		let later = window(DAY, 2 * DAY);
		assert_ok!(approve(signed(AUTHORITY), di(DRUG), HERE, digest(3), later));
		assert_ok!(suspend(AUTHORITY));
	});
}

#[test]
fn refuses_all_but_the_authority() {
	build_and_execute(|| {
		registered();
		for who in [MAKER, RIVAL, STRANGER] {
			assert_noop!(suspend(who), Error::<Test>::NotAuthorised);
		}
		assert_noop!(
			SupplyChain::suspend_approval(signed(AUTHORITY), di(DRUG), Jurisdiction(0), digest(4),),
			Error::<Test>::BadMarket
		);
	});
}

#[test]
fn refuses_what_is_not_approved() {
	build_and_execute(|| {
		assert_noop!(suspend(AUTHORITY), Error::<Test>::UnknownProduct);
		claimed();
		assert_ok!(register_drug(di(DRUG), &[]));
		assert_noop!(suspend(AUTHORITY), Error::<Test>::NotApprovedInMarket);
	});
}

#[test]
fn refuses_what_is_suspended_or_withdrawn() {
	build_and_execute(|| {
		registered();
		assert_ok!(suspend(AUTHORITY));
		assert_noop!(suspend(AUTHORITY), Error::<Test>::NotApprovedInMarket);
		let withdraw = SupplyChain::withdraw_product;
		assert_ok!(withdraw(signed(AUTHORITY), di(DRUG), Some(HERE), digest(1)));
		assert_noop!(suspend(AUTHORITY), Error::<Test>::ApprovalWithdrawn);
		assert_ok!(withdraw(signed(MAKER), di(DRUG), None, digest(1)));
		assert_noop!(suspend(AUTHORITY), Error::<Test>::ProductWithdrawn);
	});
}
