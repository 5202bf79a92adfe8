// SPDX-License-Identifier: Apache-2.0

use super::{
	request_access::{Wish, asked_by, held},
	*,
};

fn decline(who: Sr25519Keyring, id: RequestId) -> DispatchResult {
	Consent::decline_request(signed(who), id)
}

#[test]
fn closes_it_and_gives_the_deposit_back() {
	execute(|| {
		let request = asked_by(Charlie, Wish::default());
		assert_ok!(decline(Alice, request));
		assert_eq!((Consent::request(request), held(Charlie)), (None, 0));
		let told =
			Event::RequestDeclined { request, subject: identity(Alice), by: identity(Alice) };
		assert_eq!(last_event(), told);
		assert_noop!(decline(Alice, request), Error::<Test>::RequestClosed);
		// Charlie may ask again.
		assert_ok!(Wish::default().by(Charlie));
	});
}

#[test]
fn is_the_subjects_at_any_time() {
	execute(|| {
		let request = asked_by(Charlie, Wish::default());
		for who in [Charlie, Dave, Two] {
			assert_noop!(decline(who, request), BadOrigin);
		}
		assert_noop!(decline(Alice, RequestId(9)), Error::<Test>::RequestNotFound);
		go_to(START + 2 * DAY);
		assert_ok!(decline(Alice, request));
	});
}
