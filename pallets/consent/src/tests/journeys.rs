// SPDX-License-Identifier: Apache-2.0

use super::*;

/// A patient lets a hospital in, keeps one person out, changes her mind, and sees it all.
#[test]
fn from_the_first_compartment_to_the_last_entry() {
	ExtBuilder::default().compartments(&[]).build_and_execute(|| {
		// given: Alice has a compartment, a record lies in it, Bob and Charlie work at Eve's.
		let alice = identity(Alice);
		assert_ok!(Consent::open_compartment(signed(Alice), alice, 1, agreement_key(1), false));
		file_records();
		for who in [Bob, Charlie] {
			Accreditations::affiliate(identity(who), &[(identity(Eve), Role::Physician)]);
		}
		assert_eq!(ask(Bob, RESULT), NO_GRANT);

		// when: she lets the hospital in for a month, but not Charlie.
		let hospital = Offer::to(organisation(Eve)).everything().make();
		let not_charlie = Offer::default().everything().deny().make();

		// then: Bob reads, Charlie does not, and both leave a trace.
		assert_eq!(ask(Bob, RESULT), permit(hospital));
		assert_eq!(ask(Charlie, RESULT), denied_by(not_charlie));
		assert_ok!(log(question(Bob, RESULT), permit(hospital)));
		assert_ok!(log(question(Charlie, RESULT), denied_by(not_charlie)));

		// when: she forgives Charlie, for one look.
		assert_ok!(revoke(not_charlie));
		assert_ok!(revoke(hospital));
		let one_look = Offer { uses: Some(1), ..Offer::default().one_record(RESULT) }.make();

		// then: Charlie looks once, and Bob's last access, made a moment ago, is still recorded.
		assert_eq!(ask(Charlie, RESULT), permit(one_look));
		assert_ok!(log(question(Charlie, RESULT), permit(one_look)));
		assert_eq!(ask(Charlie, RESULT), NO_GRANT);
		assert_ok!(log(question(Bob, RESULT), permit(hospital)));
		assert_eq!(ask(Bob, RESULT), NO_GRANT);

		// then: she sees four entries and where each grant stands.
		let entries = Consent::access_log(alice, 0, 100).unwrap().items;
		let seen: Vec<_> = entries
			.iter()
			.map(|(number, entry)| (*number, entry.question.reader, entry.decision))
			.collect();
		let expected = [
			(0, identity(Bob), permit(hospital)),
			(1, identity(Charlie), denied_by(not_charlie)),
			(2, identity(Charlie), permit(one_look)),
			(3, identity(Bob), permit(hospital)),
		];
		assert_eq!(seen, expected);
		let standings: Vec<_> = Consent::grants_of(alice, 0, 100)
			.unwrap()
			.items
			.into_iter()
			.map(|item| item.standing)
			.collect();
		assert_eq!(standings, [Standing::Revoked, Standing::Revoked, Standing::UsedUp]);
	});
}

#[test]
fn revoking_and_using_in_one_block_works_in_both_orders() {
	for revokes_first in [true, false] {
		execute(|| {
			let id = Offer { uses: Some(1), ..Offer::default() }.make();
			let read = || log(question(Charlie, RESULT), permit(id));
			if revokes_first {
				assert_ok!(revoke(id));
				assert_ok!(read());
			} else {
				assert_ok!(read());
				assert_ok!(revoke(id));
			}
			assert_noop!(read(), Error::<Test>::NoUsesLeft);
			assert_eq!(ask(Charlie, RESULT), NO_GRANT);
			assert_eq!(Consent::grant_by_id(id).unwrap().standing, Standing::Revoked);
		});
	}
}

#[test]
fn a_thousand_short_grants_need_no_sweep() {
	execute(|| {
		let grantees = [person(Charlie), person(Dave), organisation(Eve)];
		for (now, number) in (START..).step_by(10).zip(0..1000usize) {
			go_to(now);
			let window = Window { from: now, until: now + 60 };
			let grantee = grantees[number % 3];
			Offer { window, ..Offer::to(grantee) }.make();
		}
		assert_eq!(SubjectGrantCount::<Test>::get(identity(Alice)), 1000);
		assert_eq!(LiveGrants::<Test>::get(identity(Alice)).len(), 6);
		assert!(GrantKeysOf::<Test>::iter().count() <= 3 * MAX_GRANTS_PER_PAIR as usize);
	});
}
