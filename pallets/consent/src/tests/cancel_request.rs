// SPDX-License-Identifier: Apache-2.0

use super::{
	request_access::{Wish, asked_by, held},
	*,
};

fn cancel(who: Sr25519Keyring, id: RequestId) -> DispatchResult {
	Consent::cancel_request(signed(who), id)
}

#[test]
fn is_for_who_asked_and_the_organisation_it_asked_for() {
	execute(|| {
		Accreditations::affiliate(identity(Bob), &[(identity(Eve), Role::Nurse)]);
		for who in [Bob, Eve] {
			let wish = Wish { on_behalf: Some(Eve), ..Wish::default() };
			let request = asked_by(Bob, wish);
			for other in [Alice, Charlie, Ferdie] {
				assert_noop!(cancel(other, request), Error::<Test>::NotTheRequester);
			}
			assert_noop!(cancel(Two, request), BadOrigin);
			assert_ok!(cancel(who, request));
			assert_eq!((Consent::request(request), held(Bob)), (None, 0));
			let told =
				Event::RequestCancelled { request, subject: identity(Alice), by: identity(who) };
			assert_eq!(last_event(), told);
			assert_noop!(cancel(who, request), Error::<Test>::RequestClosed);
		}
		assert_noop!(cancel(Bob, RequestId(9)), Error::<Test>::RequestNotFound);
	});
}
