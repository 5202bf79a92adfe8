// SPDX-License-Identifier: Apache-2.0

use super::*;

fn approve(who: Sr25519Keyring, market: Market, of: Window) -> DispatchResult {
	SupplyChain::approve_product(signed(who), di(DRUG), market, digest(3), of)
}

fn known() {
	claimed();
	assert_ok!(register_drug(di(DRUG), &[]));
}

#[test]
fn an_authority_lets_a_product_be_sold_in_its_market() {
	build_and_execute(|| {
		known();
		let window = window(DAY, 2 * DAY);
		assert_ok!(approve(AUTHORITY, HERE, window));
		let approval = Approvals::<Test>::get(di(DRUG), HERE).unwrap();
		assert_eq!((approval.authority, approval.reference), (id(AUTHORITY), digest(3)));
		assert_eq!((approval.window, approval.state), (window, ApprovalState::Approved));
		let event = Event::ProductApproved {
			product: di(DRUG),
			market: HERE,
			authority: id(AUTHORITY),
			reference: digest(3),
			window,
		};
		assert_eq!(last_event(), event);
		assert_eq!(held(AUTHORITY), 0);
	});
}

#[test]
fn an_approval_counts_in_its_market_and_window_only() {
	build_and_execute(|| {
		let batch = commissioned();
		let day = 365 * DAY;
		let at = |now, market| {
			set_time(now);
			obstacle(batch, 0, market)
		};
		assert_eq!(at(START, Some(HERE)), None);
		assert_eq!(at(START, Some(THERE)), Some(Obstacle::NotApproved));
		assert_eq!(at(START + day - 1, Some(HERE)), None);
		assert_eq!(at(START + day, Some(HERE)), Some(Obstacle::NotApproved));
		assert_eq!(at(START + day, None), None);
	});
}

#[test]
fn replaces_what_was_decided_before() {
	build_and_execute(|| {
		known();
		assert_ok!(approve(AUTHORITY, HERE, window(0, DAY)));
		Accreditations::appoint(id(RIVAL), HERE);
		assert_ok!(approve(RIVAL, HERE, window(0, 2 * DAY)));
		let approval = Approvals::<Test>::get(di(DRUG), HERE).unwrap();
		assert_eq!((approval.authority, approval.window), (id(RIVAL), window(0, 2 * DAY)));

		assert_ok!(SupplyChain::suspend_approval(signed(RIVAL), di(DRUG), HERE, digest(4)));
		assert_ok!(approve(RIVAL, HERE, window(0, DAY)));
		let approval = Approvals::<Test>::get(di(DRUG), HERE).unwrap();
		assert_eq!(approval.state, ApprovalState::Approved);
	});
}

#[test]
fn refuses_all_but_the_authority_of_that_market() {
	build_and_execute(|| {
		known();
		for who in [MAKER, PHARMACY, STRANGER] {
			assert_noop!(approve(who, HERE, window(0, DAY)), Error::<Test>::NotAuthorised);
		}
		assert_noop!(approve(AUTHORITY, THERE, window(0, DAY)), Error::<Test>::NotAuthorised);
		Accreditations::dismiss(id(AUTHORITY), HERE);
		assert_noop!(approve(AUTHORITY, HERE, window(0, DAY)), Error::<Test>::NotAuthorised);
	});
}

#[test]
fn refuses_a_market_that_is_no_country() {
	build_and_execute(|| {
		known();
		for number in [0, 1000, u16::MAX] {
			// Not even when somebody is appointed there.
			Accreditations::appoint(id(AUTHORITY), Jurisdiction(number));
			assert_noop!(
				approve(AUTHORITY, Jurisdiction(number), window(0, DAY)),
				Error::<Test>::BadMarket
			);
		}
		for number in [1, 999] {
			Accreditations::appoint(id(AUTHORITY), Jurisdiction(number));
			assert_ok!(approve(AUTHORITY, Jurisdiction(number), window(0, DAY)));
		}
	});
}

#[test]
fn refuses_a_window_that_is_empty_or_over() {
	build_and_execute(|| {
		known();
		set_time(START + DAY);
		let bad = DispatchError::from(Error::<Test>::BadWindow);
		for (from, until) in [(2 * DAY, 2 * DAY), (3 * DAY, 2 * DAY), (0, DAY)] {
			assert_noop!(approve(AUTHORITY, HERE, window(from, until)), bad);
		}
		assert_ok!(approve(AUTHORITY, HERE, window(0, DAY + 1)));
	});
}

#[test]
fn refuses_a_product_that_is_unknown_or_withdrawn_everywhere() {
	build_and_execute(|| {
		assert_noop!(approve(AUTHORITY, HERE, window(0, DAY)), Error::<Test>::UnknownProduct);
		known();
		assert_ok!(SupplyChain::withdraw_product(signed(MAKER), di(DRUG), None, digest(1)));
		assert_noop!(approve(AUTHORITY, HERE, window(0, DAY)), Error::<Test>::ProductWithdrawn);
	});
}

#[test]
fn a_withdrawal_from_the_market_is_final() {
	build_and_execute(|| {
		known();
		assert_ok!(approve(AUTHORITY, HERE, window(0, DAY)));
		let withdraw = SupplyChain::withdraw_product;
		assert_ok!(withdraw(signed(AUTHORITY), di(DRUG), Some(HERE), digest(1)));
		assert_noop!(approve(AUTHORITY, HERE, window(0, DAY)), Error::<Test>::ApprovalWithdrawn);
	});
}
