// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn takes_rule_keys_and_place_away_and_keeps_the_row() {
	execute(|| {
		let [first, second] = [(); 2].map(|()| Offer::default().make());
		go_to(START + 5);
		assert_ok!(revoke(first));

		let at = START + 5;
		let strength = RevocationStrength::Lazy;
		let status = GrantStatus::Revoked { at, by: identity(Alice), strength };
		assert_eq!(Grants::<Test>::get(first).unwrap().status, status);
		assert_eq!(Consent::grant_keys(first), None);
		assert!(Consent::grant_keys(second).is_some());
		assert_eq!(rows_of(person(Charlie)), [second]);
		assert_eq!(LiveGrants::<Test>::get(identity(Alice)).len(), 1);
		let event = Event::Revoked {
			grant: first,
			subject: identity(Alice),
			grantee: person(Charlie),
			strength,
			by: identity(Alice),
		};
		assert_eq!(last_event(), event);
	});
}

#[test]
fn acts_at_once() {
	execute(|| {
		let id = Offer::default().make();
		assert_eq!(ask(Charlie, RESULT), permit(id));
		assert_ok!(revoke(id));
		assert_eq!(ask(Charlie, RESULT), NO_GRANT);
		assert!(!GrantIndex::<Test>::contains_key(identity(Alice), person(Charlie)));
		assert!(!LiveGrants::<Test>::contains_key(identity(Alice)));
	});
}

#[test]
fn is_final() {
	execute(|| {
		let id = Offer::default().make();
		assert_ok!(revoke(id));
		assert_noop!(revoke(id), Error::<Test>::AlreadyRevoked);
	});
}

#[test]
fn refuses_a_stranger_and_the_grantee() {
	execute(|| {
		let id = Offer::default().make();
		for who in [Dave, Charlie, One, Two] {
			assert_noop!(revoke_by(who, id), BadOrigin);
		}
	});
}

#[test]
fn refuses_what_was_never_granted() {
	execute(|| {
		assert_noop!(revoke(GrantId(0)), Error::<Test>::GrantNotFound);
	});
}

#[test]
fn is_allowed_before_the_window_and_after_it() {
	execute(|| {
		let later = Window { from: START + 100, until: START + 200 };
		let [early, late] = [(); 2].map(|()| Offer { window: later, ..Offer::default() }.make());
		assert_ok!(revoke(early));
		go_to(START + 200);
		assert_ok!(revoke(late));
		assert_eq!(Consent::grant_by_id(late).unwrap().standing, Standing::Revoked);
	});
}

#[test]
fn takes_a_denial_back() {
	execute(|| {
		let allowed = Offer::default().make();
		let denial = Offer::default().deny().make();
		assert_eq!(ask(Charlie, RESULT), denied_by(denial));
		assert_ok!(revoke(denial));
		assert_eq!(ask(Charlie, RESULT), permit(allowed));
	});
}

#[test]
fn works_when_the_grantee_is_gone() {
	execute(|| {
		let id = Offer::default().make();
		Identities::deactivate(identity(Charlie));
		assert_ok!(revoke(id));
	});
}
