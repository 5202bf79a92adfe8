// SPDX-License-Identifier: Apache-2.0

use super::{
	request_access::{Wish, asked_by, held},
	*,
};

/// Approves a request with the terms of the offer.
pub(super) fn approve_by(who: Sr25519Keyring, id: RequestId, offer: Offer) -> DispatchResult {
	let Offer { scope, purposes, actions, data_period, window, uses, delegable, keys, .. } = offer;
	let approved = Consent::approve_request(
		signed(who),
		id,
		scope,
		purposes,
		actions,
		data_period,
		window,
		uses,
		Basis::TreatmentRelation,
		None,
		delegable,
		keys,
	);
	plain(approved)
}

fn approve(id: RequestId, offer: Offer) -> DispatchResult {
	approve_by(Alice, id, offer)
}

/// Just what is asked by default.
fn just() -> Offer {
	let from = Timestamp::get();
	Offer { window: Window { from, until: from + 10 * DAY }, ..Offer::default() }
}

#[test]
fn makes_the_grant_and_closes_the_request() {
	execute(|| {
		let request = asked_by(Charlie, Wish::default());
		assert_ok!(approve(request, just()));
		let grant = GrantId(0);
		assert_eq!(ask(Charlie, RESULT), permit(grant));
		let row = Grants::<Test>::get(grant).unwrap();
		assert_eq!((row.grantee, row.basis), (person(Charlie), Basis::TreatmentRelation));
		assert_eq!(held(Charlie), 0);
		assert_eq!(Consent::request(request), None);
		assert!(Consent::inbox(identity(Alice)).requests.is_empty());
		let told = Event::RequestApproved {
			request,
			subject: identity(Alice),
			grant,
			by: identity(Alice),
		};
		assert_eq!(last_event(), told);
		assert_noop!(approve(request, just()), Error::<Test>::RequestClosed);
	});
}

#[test]
fn gives_less_than_was_asked_and_never_more() {
	execute(|| {
		let period = Some(Window { from: FILED, until: FILED + 10 });
		let wish = Wish { data_period: period, ..Wish::default() };
		let request = asked_by(Charlie, wish);
		let base = || Offer { data_period: period, ..just() };
		let wider = |offer| {
			assert_noop!(approve(request, offer), Error::<Test>::WiderThanAsked);
		};
		wider(base().everything());
		wider(Offer { purposes: Purposes::of(&[Purpose::Treat, Purpose::Hresch]), ..base() });
		wider(Offer { actions: Actions::ALL, ..base() });
		wider(Offer { data_period: None, ..base() });
		let too_long = Window { from: START, until: START + 10 * DAY + 1 };
		wider(Offer { window: too_long, ..base() });
		wider(base().one_record(NOTE));
		let less = Offer { uses: Some(1), ..base().one_record(RESULT) };
		assert_ok!(approve(request, less));
	});
}

#[test]
fn what_makes_no_grant_approves_nothing() {
	execute(|| {
		let request = asked_by(Charlie, Wish::default());
		let no_keys = Offer { keys: GrantKeys::None, ..just() };
		assert_noop!(approve(request, no_keys), Error::<Test>::KeysMissing);
		for _ in 0..8 {
			Offer::default().make();
		}
		assert_noop!(approve(request, just()), Error::<Test>::TooManyGrantsToGrantee);
		assert!(Consent::request(request).is_some());
	});
}

#[test]
fn is_the_subjects_and_in_time() {
	execute(|| {
		let request = asked_by(Charlie, Wish::default());
		for who in [Charlie, Dave, Two] {
			assert_noop!(approve_by(who, request, just()), BadOrigin);
		}
		assert_noop!(approve(RequestId(9), just()), Error::<Test>::RequestNotFound);
		go_to(START + DAY - 1);
		frame_support::hypothetically!({
			assert_ok!(approve(request, just()));
		});
		go_to(START + DAY);
		assert_noop!(approve(request, just()), Error::<Test>::RequestExpired);
		assert!(!Consent::request(request).unwrap().open);
	});
}

#[test]
fn of_a_cancelled_one_there_is_nothing_to_approve() {
	execute(|| {
		let request = asked_by(Charlie, Wish::default());
		assert_ok!(Consent::cancel_request(signed(Charlie), request));
		assert_noop!(approve(request, just()), Error::<Test>::RequestClosed);
	});
}
