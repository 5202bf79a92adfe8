// SPDX-License-Identifier: Apache-2.0

use super::*;

const NEXT: Digest = Digest([7; 32]);

fn locator(text: &str) -> Locator {
	text.as_bytes().to_vec().try_into().unwrap()
}

fn set(by: Sr25519Keyring, list: u32, digest: Digest, sequence: u32) -> DispatchResult {
	let at = locator("https://status.example/1");
	Accreditation::set_status_list(signed(by), list, digest, at, sequence)
}

fn view(authority: Sr25519Keyring, list: u32) -> Option<StatusListView> {
	Accreditation::status_list(identity(authority), list)
}

#[test]
fn anchors_a_list() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_ok!(set(Registry, 1, PAPERS, 5));

		let expected = StatusListView {
			digest: PAPERS,
			locator: locator("https://status.example/1"),
			sequence: 5,
			anchored_at: START,
			is_believed: true,
		};
		assert_eq!(view(Registry, 1), Some(expected));
		assert_eq!(view(Registry, 0), None);
		let authority = identity(Registry);
		let event = Event::StatusListSet { authority, list: 1, digest: PAPERS, sequence: 5 };
		System::assert_last_event(event.into());
		assert_eq!(held(Registry, HoldReason::StatusList), LIST_DEPOSIT);
	});
}

#[test]
fn the_next_state_costs_nothing_more() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		assert_ok!(set(Alice, 0, PAPERS, 1));
		at(day(1));
		assert_ok!(set(Alice, 0, NEXT, 2));
		let anchored = view(Alice, 0).unwrap();
		assert_eq!((anchored.digest, anchored.sequence, anchored.anchored_at), (NEXT, 2, day(1)));
		assert_eq!(held(Alice, HoldReason::StatusList), LIST_DEPOSIT);
		assert_ok!(set(Alice, 1, PAPERS, 0));
		assert_eq!(held(Alice, HoldReason::StatusList), 2 * LIST_DEPOSIT);
	});
}

#[test]
fn the_sequence_rises() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		assert_ok!(set(Alice, 0, PAPERS, 5));
		for stale in [0, 4, 5] {
			assert_noop!(set(Alice, 0, NEXT, stale), Error::<Test>::SequenceNotRising);
		}
		assert_ok!(set(Alice, 0, NEXT, u32::MAX));
		assert_noop!(set(Alice, 0, PAPERS, u32::MAX), Error::<Test>::SequenceNotRising);
	});
}

#[test]
fn refuses_the_same_list_and_none_at_all() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		assert_ok!(set(Alice, 0, PAPERS, 1));
		assert_noop!(set(Alice, 0, PAPERS, 2), Error::<Test>::DigestUnchanged);
		assert_noop!(set(Alice, 0, Digest::default(), 2), Error::<Test>::DigestEmpty);
	});
}

#[test]
fn numbers_lie_below_the_bound() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		assert_ok!(set(Alice, MAX_LISTS - 1, PAPERS, 1));
		for beyond in [MAX_LISTS, u32::MAX] {
			assert_noop!(set(Alice, beyond, PAPERS, 1), Error::<Test>::ListOutOfRange);
		}
	});
}

#[test]
fn the_locator_is_an_https_address() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		let set = |text: &str, sequence| {
			let at = locator(text);
			let digest = Digest([sequence as u8; 32]);
			Accreditation::set_status_list(signed(Alice), 0, digest, at, sequence)
		};
		for bad in ["", "https://", "http://a", "https://a b", "https://\u{e4}.example"] {
			assert_noop!(set(bad, 1), Error::<Test>::LocatorNotSound);
		}
		let longest = format!("https://{}", "a".repeat(MAX_LOCATOR as usize - 8));
		assert_ok!(set(&longest, 1));
		assert_ok!(set("https://a", 2));
		assert!(Locator::try_from(vec![b'a'; MAX_LOCATOR as usize + 1]).is_err());
	});
}

#[test]
fn refuses_who_is_no_authority_in_office() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(set(Bob, 0, PAPERS, 1), Error::<Test>::NotAuthority);
		with_registrar();
		assert_ok!(suspend_authority(root(), Alice));
		assert_noop!(set(Alice, 0, PAPERS, 1), Error::<Test>::AuthoritySuspended);
		assert_noop!(set(Registry, 0, PAPERS, 1), Error::<Test>::ParentSuspended);
		let nobody = Accreditation::set_status_list(root(), 0, PAPERS, locator("https://a"), 1);
		assert_noop!(nobody, DispatchError::BadOrigin);
	});
}

#[test]
fn what_was_anchored_from_a_cut_off_on_is_not_believed() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_ok!(set(Registry, 0, PAPERS, 1));
		at(day(5));
		assert_ok!(set(Registry, 1, PAPERS, 1));
		assert_ok!(cut_off(Alice, day(5)));
		assert!(view(Registry, 0).unwrap().is_believed);
		assert!(!view(Registry, 1).unwrap().is_believed);
		assert_noop!(set(Registry, 1, NEXT, 2), Error::<Test>::ParentCutOff);
	});
}

#[test]
fn refuses_who_cannot_pay_and_leaves_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		assert_ok!(Balances::force_set_balance(root(), account(Alice), 1));
		let refused = set(Alice, 0, PAPERS, 1);
		assert_noop!(refused, sp_runtime::TokenError::FundsUnavailable);
	});
}
