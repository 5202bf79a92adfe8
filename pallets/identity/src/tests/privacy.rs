// SPDX-License-Identifier: Apache-2.0

//! What is sent in passing leaves no trace in state or events.

use super::*;
use codec::Encode;
use salus_primitives::SponsoredRegistration;

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
	haystack.windows(needle.len()).any(|window| window == needle)
}

/// All keys and values of the state, one after the other.
fn state() -> Vec<u8> {
	let (mut bytes, mut last) = (vec![], vec![]);
	while let Some(next) = sp_io::storage::next_key(&last) {
		bytes.extend_from_slice(&next);
		bytes.extend_from_slice(&sp_io::storage::get(&next).unwrap_or_default());
		last = next;
	}
	bytes
}

#[test]
fn neither_salt_nor_signature_is_kept() {
	ExtBuilder::default().identity(Bob, IdentityKind::Organisation).build_and_execute(|| {
		let marker = *b"jane doe born 70";
		let consent = SponsoredRegistration {
			genesis: Identity::genesis(),
			sponsor: identity(Bob),
			account: account(Dave).into(),
			public: public(Dave),
			kind: IdentityKind::Patient,
			salt: marker,
			agreement_key: agreement_key(1),
			profile: Some(PROFILE),
			deadline: START + 1,
		};
		let signature = sign(Dave, &consent.to_bytes());
		assert_ok!(Identity::register_for(
			signed(Bob),
			account(Dave),
			IdentityKind::Patient,
			marker,
			agreement_key(1),
			Some(PROFILE),
			public(Dave),
			START + 1,
			signature.clone(),
		));

		let kept = [state(), System::events().encode()].concat();
		assert!(contains(&kept, &PROFILE.0));
		assert!(!contains(&kept, &marker));
		assert!(!contains(&kept, &signature.encode()[1..]));
	});
}

#[test]
fn a_cleared_or_ended_profile_is_gone_from_the_state() {
	ExtBuilder::default().build_and_execute(|| {
		for who in [Alice, Bob] {
			patient(who);
			assert_ok!(Identity::set_profile(signed(who), PROFILE, 0));
		}
		System::reset_events();
		assert!(contains(&state(), &PROFILE.0));
		assert_ok!(Identity::clear_profile(signed(Alice), 1));
		assert_ok!(Identity::deactivate(signed(Bob), 1));
		System::reset_events();
		assert!(!contains(&state(), &PROFILE.0));
	});
}

#[test]
fn no_call_of_a_patient_takes_text() {
	// Of all calls only `add_service` takes bytes of any length, and it refuses patients.
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let refused = Identity::add_service(signed(Alice), service("jane.doe"));
		assert_noop!(refused, Error::<Test>::ServicesRefused);
		assert!(!contains(&state(), b"jane.doe"));
	});
}
