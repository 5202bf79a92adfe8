// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn an_unknown_record_and_an_unknown_reader_are_denied() {
	execute(|| {
		let unknown_record = AccessDecision::Deny(DenyReason::UnknownRecord);
		let unknown_reader = AccessDecision::Deny(DenyReason::UnknownReader);
		assert_eq!(ask(Alice, RecordId([9; 32])), unknown_record);
		assert_eq!(ask(Two, RecordId([9; 32])), unknown_record);
		assert_eq!(ask(Two, RESULT), unknown_reader);
		Offer::default().make();
		Identities::deactivate(identity(Charlie));
		assert_eq!(ask(Charlie, RESULT), unknown_reader);
		Identities::deactivate(identity(Alice));
		assert_eq!(ask(Alice, RESULT), unknown_reader);
	});
}

#[test]
fn the_subject_reads_everything_of_its_own() {
	execute(|| {
		for purpose in Purpose::ALL.iter().copied() {
			for action in Action::ALL.iter().copied() {
				for record in [RESULT, NOTE, ENTRY] {
					let own = AccessQuestion { purpose, action, ..question(Alice, record) };
					assert_eq!(decide(own), BY_SUBJECT);
				}
			}
		}
		assert_eq!(ask(Alice, DAVES), NO_GRANT);
	});
}

#[test]
fn the_authors_side_reads_its_own_entry() {
	execute(|| {
		Accreditations::affiliate(identity(Bob), &[(identity(Eve), Role::Physician)]);
		Accreditations::affiliate(identity(Charlie), &[(identity(Eve), Role::Nurse)]);
		for who in [Bob, Charlie, Eve] {
			assert_eq!(ask(who, ENTRY), BY_AUTHOR);
			assert_eq!(ask(who, RESULT), NO_GRANT);
			let with = |purpose, action| {
				decide(AccessQuestion { purpose, action, ..question(who, ENTRY) })
			};
			assert_eq!(with(Purpose::Hlegal, Action::Access), BY_AUTHOR);
			assert_eq!(with(Purpose::Coc, Action::Access), NO_GRANT);
			assert_eq!(with(Purpose::Hresch, Action::Access), NO_GRANT);
			assert_eq!(with(Purpose::Treat, Action::Disclose), NO_GRANT);
		}
		assert_eq!(ask(Ferdie, ENTRY), NO_GRANT);

		AuthorAccess::set(false);
		for who in [Bob, Charlie, Eve] {
			assert_eq!(ask(who, ENTRY), NO_GRANT);
		}
	});
}

#[test]
fn an_author_who_left_reads_its_entry_no_more() {
	execute(|| {
		assert_eq!(ask(Bob, ENTRY), NO_GRANT);
		Accreditations::affiliate(identity(Bob), &[(identity(Ferdie), Role::Physician)]);
		assert_eq!(ask(Bob, ENTRY), NO_GRANT);
		assert_eq!(ask(Ferdie, ENTRY), NO_GRANT);
	});
}

#[test]
fn an_author_on_its_own_reads_what_it_wrote() {
	execute(|| {
		let by = |author| {
			let facts = RecordFacts { author, ..facts(RecordClass::Clinical, 1) };
			Records::set(RESULT, facts);
		};
		by(identity(Bob));
		assert_eq!(ask(Bob, RESULT), BY_AUTHOR);
		by(identity(Eve));
		assert_eq!(ask(Eve, RESULT), BY_AUTHOR);
		assert_eq!(ask(Bob, RESULT), NO_GRANT);
		Accreditations::affiliate(identity(Bob), &[(identity(Eve), Role::Nurse)]);
		assert_eq!(ask(Bob, RESULT), BY_AUTHOR);
	});
}

#[test]
fn a_window_is_open_from_its_first_moment_up_to_its_last() {
	execute(|| {
		let window = Window { from: START + 100, until: START + 200 };
		let id = Offer { window, ..Offer::default() }.make();
		let at = |moment| Consent::check_access(&question(Charlie, RESULT), moment);
		assert_eq!(at(START + 99), NO_GRANT);
		assert_eq!(at(START + 100), permit(id));
		assert_eq!(at(START + 199), permit(id));
		assert_eq!(at(START + 200), NO_GRANT);
	});
}

#[test]
fn a_denial_ends_with_its_window() {
	execute(|| {
		let allowed = Offer::default().make();
		let window = Window { from: START, until: START + 100 };
		let denial = Offer { window, ..Offer::default().deny() }.make();
		let at = |moment| Consent::check_access(&question(Charlie, RESULT), moment);
		assert_eq!(at(START + 99), denied_by(denial));
		assert_eq!(at(START + 100), permit(allowed));
	});
}

#[test]
fn a_purpose_covers_what_it_implies() {
	execute(|| {
		let id = Offer::default().make();
		let with = |purpose| decide(AccessQuestion { purpose, ..question(Charlie, RESULT) });
		assert_eq!(with(Purpose::Treat), permit(id));
		assert_eq!(with(Purpose::Coc), permit(id));
		for other in [Purpose::Etreat, Purpose::Btg, Purpose::Hresch, Purpose::Patrqt] {
			assert_eq!(with(other), NO_GRANT);
		}
	});
}

#[test]
fn an_action_has_to_be_named() {
	execute(|| {
		Offer::default().make();
		for action in Action::ALL.iter().copied().filter(|action| *action != Action::Access) {
			let asked = AccessQuestion { action, ..question(Charlie, RESULT) };
			assert_eq!(decide(asked), NO_GRANT);
		}
	});
}

#[test]
fn a_denial_wins_in_every_order() {
	let offers = [
		Offer::default(),
		Offer::default().everything(),
		Offer {
			decision: Decision::Deny { override_in_emergency: true },
			..Offer::default().deny()
		},
	];
	let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
	for order in orders {
		execute(|| {
			let ids = order.map(|which| (which, offers[which].clone().make()));
			let denial = ids.iter().find(|(which, _)| *which == 2).unwrap().1;
			assert_eq!(ask(Charlie, RESULT), denied_by(denial));
		});
	}
}

#[test]
fn a_denial_of_one_record_leaves_the_rest_of_the_compartment() {
	execute(|| {
		let allowed = Offer::default().make();
		let denial = Offer::default().one_record(ENTRY).deny().make();
		assert_eq!(ask(Charlie, RESULT), permit(allowed));
		assert_eq!(ask(Charlie, ENTRY), denied_by(denial));
	});
}

#[test]
fn a_denial_to_any_of_the_readers_hats_wins() {
	let hats = [
		person(Charlie),
		organisation(Eve),
		role(Some(Eve), Role::Physician),
		role(None, Role::Physician),
	];
	for allowed in hats {
		for denied in hats {
			execute(|| {
				let at_eve = [(identity(Eve), Role::Physician)];
				Accreditations::affiliate(identity(Charlie), &at_eve);
				let permitted = Offer::to(allowed).make();
				assert_eq!(ask(Charlie, RESULT), permit(permitted));
				let denial = Offer::to(denied).deny().make();
				assert_eq!(ask(Charlie, RESULT), denied_by(denial));
			});
		}
	}
}

#[test]
fn grants_to_organisations_and_roles_follow_the_affiliation() {
	execute(|| {
		let hospital = Offer::to(organisation(Eve)).make();
		let nurses = Offer::to(role(Some(Ferdie), Role::Nurse)).make();
		let anywhere = Offer::to(role(None, Role::Pharmacist)).make();
		assert_eq!(ask(Charlie, RESULT), NO_GRANT);
		for (affiliations, expected) in [
			(vec![(Eve, Role::Physician)], permit(hospital)),
			(vec![(Ferdie, Role::Nurse)], permit(nurses)),
			(vec![(Ferdie, Role::Physician)], NO_GRANT),
			(vec![(Ferdie, Role::Pharmacist)], permit(anywhere)),
			(vec![(Ferdie, Role::Nurse), (Eve, Role::Nurse)], permit(hospital)),
			(vec![], NO_GRANT),
		] {
			let affiliations: Vec<_> =
				affiliations.into_iter().map(|(who, role)| (identity(who), role)).collect();
			Accreditations::affiliate(identity(Charlie), &affiliations);
			assert_eq!(ask(Charlie, RESULT), expected);
		}
		assert_eq!(ask(Eve, RESULT), permit(hospital));
		assert_eq!(ask(Ferdie, RESULT), NO_GRANT);
	});
}

#[test]
fn only_practitioners_wear_the_hats_of_an_organisation() {
	execute(|| {
		Offer::to(organisation(Eve)).make();
		Accreditations::affiliate(identity(Dave), &[(identity(Eve), Role::Nurse)]);
		assert_eq!(ask(Dave, RESULT), NO_GRANT);
	});
}

#[test]
fn a_restricted_compartment_is_reached_by_name_only() {
	execute(|| {
		let wide = Offer::default().everything().make();
		assert_eq!(ask(Charlie, RESULT), permit(wide));
		assert_eq!(ask(Charlie, NOTE), NO_GRANT);

		let one = Offer::default().one_record(NOTE).make();
		assert_eq!(ask(Charlie, NOTE), permit(one));
		assert_ok!(revoke(one));
		let keys = compartment_keys(&[compartment_key(2)]);
		let named = Offer { scope: Scope::Compartment(2), keys, ..Offer::default() }.make();
		assert_eq!(ask(Charlie, NOTE), permit(named));

		let denial = Offer::default().everything().deny().make();
		assert_eq!(ask(Charlie, NOTE), denied_by(denial));
	});
}

#[test]
fn a_compartment_that_is_not_open_counts_as_restricted() {
	execute(|| {
		Records::set(RESULT, facts(RecordClass::Laboratory, 77));
		Offer::default().everything().make();
		assert_eq!(ask(Charlie, RESULT), NO_GRANT);
	});
}

#[test]
fn classes_bound_a_wide_grant() {
	execute(|| {
		let scope = Scope::Subject(Classes(1 << RecordClass::Laboratory as u8));
		let id = Offer { scope, ..Offer::default() }.make();
		assert_eq!(ask(Charlie, RESULT), permit(id));
		assert_eq!(ask(Charlie, ENTRY), NO_GRANT);
	});
}

#[test]
fn the_data_period_is_half_open() {
	for (from, until, is_open) in
		[(FILED, FILED + 1, true), (FILED - 1, FILED, false), (FILED + 1, FILED + 2, false)]
	{
		execute(|| {
			let data_period = Some(Window { from, until });
			let id = Offer { data_period, ..Offer::default() }.make();
			let expected = if is_open { permit(id) } else { NO_GRANT };
			assert_eq!(ask(Charlie, RESULT), expected);
		});
	}
}

#[test]
fn counted_uses_are_kept_for_when_nothing_else_permits() {
	execute(|| {
		let counted = Offer { uses: Some(1), ..Offer::default() }.make();
		assert_eq!(ask(Charlie, RESULT), permit(counted));
		let free = Offer::default().make();
		let later = Offer::default().make();
		assert_eq!(ask(Charlie, RESULT), permit(free));
		assert_ok!(revoke(free));
		assert_eq!(ask(Charlie, RESULT), permit(later));
		assert_ok!(revoke(later));
		assert_eq!(ask(Charlie, RESULT), permit(counted));
	});
}

#[test]
fn an_explanation_names_every_rule_and_why() {
	execute(|| {
		Accreditations::affiliate(identity(Charlie), &[(identity(Eve), Role::Nurse)]);
		let soon = Window { from: START + 1, until: START + 2 };
		let other_scope = Offer::default().one_record(ENTRY).make();
		let not_yet = Offer { window: soon, ..Offer::default() }.make();
		let matching = Offer::to(organisation(Eve)).make();
		let research = Purposes::of(&[Purpose::Hresch]);
		let other_purpose =
			Offer { purposes: research, ..Offer::to(role(None, Role::Nurse)) }.make();
		Offer::to(person(Dave)).make();

		let explained = Consent::explain_access_now(&question(Charlie, RESULT));
		assert_eq!(explained.decision, permit(matching));
		assert_eq!(explained.step, Step::Permit);
		let rows: Vec<_> = explained
			.examined
			.iter()
			.map(|examined| (examined.grantee, examined.rule.grant, examined.mismatch))
			.collect();
		let expected = [
			(person(Charlie), other_scope, Some(Mismatch::Scope)),
			(person(Charlie), not_yet, Some(Mismatch::NotYet)),
			(organisation(Eve), matching, None),
			(role(None, Role::Nurse), other_purpose, Some(Mismatch::Purpose)),
		];
		assert_eq!(rows, expected);
	});
}

#[test]
fn at_most_88_rules_are_examined() {
	use Role::*;
	execute(|| {
		let own = [(Eve, Physician), (Eve, Nurse), (Ferdie, Pharmacist), (Ferdie, Radiographer)]
			.map(|(who, role)| (identity(who), role));
		Accreditations::affiliate(identity(Charlie), &own);
		let mut grantees = vec![person(Charlie), organisation(Eve), organisation(Ferdie)];
		for (employer, role) in own {
			grantees.push(Grantee::Role { organisation: Some(employer), role });
			grantees.push(Grantee::Role { organisation: None, role });
		}
		assert_eq!(grantees.len(), 11);
		for grantee in &grantees {
			for _ in 0..MAX_GRANTS_PER_PAIR {
				// The quota of the tests is smaller than a reader's rules: make room.
				LiveGrants::<Test>::remove(identity(Alice));
				Offer::to(*grantee).make();
			}
		}
		let explained = Consent::explain_access_now(&question(Charlie, RESULT));
		assert_eq!(explained.examined.len(), 88);
		for id in 0..88 {
			LiveGrants::<Test>::remove(identity(Alice));
			assert_ok!(revoke(GrantId(id)));
		}
		assert_eq!(Consent::explain_access_now(&question(Charlie, RESULT)).examined, []);
	});
}

#[test]
fn earlier_steps_examine_no_rule() {
	execute(|| {
		Offer::default().make();
		for (reader, record, step) in [
			(Charlie, RecordId([9; 32]), Step::Record),
			(Two, RESULT, Step::Reader),
			(Alice, RESULT, Step::Subject),
			(Eve, ENTRY, Step::Author),
			(Dave, RESULT, Step::Default),
		] {
			let explained = Consent::explain_access_now(&question(reader, record));
			assert_eq!((explained.step, explained.examined), (step, vec![]));
		}
	});
}
