// SPDX-License-Identifier: Apache-2.0

use super::*;

const UNTIL: Moment = START + 30 * DAY;

/// A permit of everything that is not kept apart, for much, for as long as it may be changed.
fn wide() -> Offer {
	Offer {
		purposes: Purposes::of(&[Purpose::Treat, Purpose::Hoperat]),
		actions: Actions::of(&[Action::Access, Action::Use]),
		..Offer::default().everything()
	}
}

#[test]
fn says_less_from_then_on() {
	execute(|| {
		let id = wide().make();
		assert_eq!(ask(Charlie, RESULT), permit(id));
		go_to(START + 5);
		let to = Offer {
			scope: Scope::Subject(Classes::of(&[RecordClass::Clinical])),
			window: Window { from: START, until: START + DAY },
			..wide()
		};
		let before = Grants::<Test>::get(id).unwrap().terms;
		assert_ok!(narrow(id, to.clone()));

		let row = Grants::<Test>::get(id).unwrap();
		assert_eq!((row.terms.scope, row.terms.window), (to.scope, to.window));
		assert_eq!(row.narrowed, Some(Narrowing { at: START + 5, before }));
		assert_eq!(ask(Charlie, RESULT), NO_GRANT);
		assert_eq!(ask(Charlie, ENTRY), permit(id));
		let place = Place { grant: id, until: START + DAY };
		assert_eq!(LiveGrants::<Test>::get(identity(Alice)).to_vec(), [place]);
		let told = Event::Narrowed {
			grant: id,
			subject: identity(Alice),
			grantee: person(Charlie),
			terms: row.terms,
			uses: None,
			by: identity(Alice),
		};
		assert_eq!(last_event(), told);
		go_to(START + DAY);
		assert_eq!(ask(Charlie, ENTRY), NO_GRANT);
		assert_ok!(reap(&[Due::Grant(id)]));
	});
}

#[test]
fn each_dimension_only_falls() {
	execute(|| {
		let period = Some(Window { from: FILED, until: FILED + 10 });
		let id = Offer { data_period: period, ..wide() }.make();
		let base = || Offer { data_period: period, ..wide() };
		let widens = |offer| {
			assert_noop!(narrow(id, offer), Error::<Test>::WideningNotAllowed);
		};
		let window = |from, until| Window { from, until };
		widens(Offer { window: window(START - 1, UNTIL), ..base() });
		widens(Offer { window: window(START, UNTIL + 1), ..base() });
		widens(Offer { purposes: Purposes::of(&[Purpose::Treat, Purpose::Hresch]), ..base() });
		widens(Offer { actions: Actions::of(&[Action::Correct]), ..base() });
		widens(Offer { data_period: None, ..base() });
		widens(Offer { data_period: Some(window(FILED - 1, FILED + 5)), ..base() });
		widens(Offer { data_period: Some(window(FILED, FILED + 11)), ..base() });
		// What is kept apart was never in it.
		widens(Offer { scope: Scope::Compartment(2), ..base() });
		widens(Offer { data_period: period, ..wide().one_record(NOTE) });

		assert_ok!(narrow(id, Offer { window: window(START + 1, UNTIL - 1), ..base() }));
		let base = || Offer { window: window(START + 1, UNTIL - 1), ..base() };
		// What a purpose implies is less than the purpose.
		assert_ok!(narrow(id, Offer { purposes: Purposes::of(&[Purpose::Coc]), ..base() }));
		let back = Offer { purposes: Purposes::of(&[Purpose::Treat]), ..base() };
		assert_noop!(narrow(id, back), Error::<Test>::WideningNotAllowed);
	});
}

#[test]
fn a_scope_within_a_scope() {
	execute(|| {
		let classes = |classes: &[RecordClass]| Scope::Subject(Classes::of(classes));
		let can = |from: Scope, to: Scope| {
			let keys = |scope| match scope {
				Scope::Record(_) => record_key(),
				Scope::Compartment(no) => compartment_keys(&[compartment_key(no)]),
				Scope::Subject(_) => compartment_keys(&[compartment_key(1)]),
			};
			let offer = |scope| Offer { scope, keys: keys(scope), ..Offer::default() };
			let id = offer(from).make();
			// So that something falls when the scope stays.
			let window = Window { from: START, until: UNTIL - 1 };
			let narrowed = narrow(id, Offer { window, ..offer(to) });
			assert_ok!(revoke(id));
			assert!(
				narrowed == Ok(()) || narrowed == Err(Error::<Test>::WideningNotAllowed.into())
			);
			narrowed.is_ok()
		};
		let laboratory = classes(&[RecordClass::Laboratory]);
		let clinical = classes(&[RecordClass::Clinical]);
		let all = Scope::Subject(Classes::ALL);
		let (first, restricted) = (Scope::Compartment(1), Scope::Compartment(2));
		let [result, note, entry] = [RESULT, NOTE, ENTRY].map(Scope::Record);
		for (from, to, fits) in [
			(result, result, true),
			(result, entry, false),
			(result, first, false),
			(result, all, false),
			(first, result, true),
			(first, note, false),
			(first, first, true),
			(first, restricted, false),
			(first, laboratory, false),
			(restricted, note, true),
			(all, result, true),
			(all, note, false),
			(all, first, true),
			(all, restricted, false),
			(all, laboratory, true),
			(laboratory, all, false),
			(laboratory, result, true),
			(laboratory, entry, false),
			(laboratory, clinical, false),
			(laboratory, first, false),
		] {
			assert_eq!(can(from, to), fits, "{from:?} to {to:?}");
		}
	});
}

#[test]
fn a_wide_denial_can_be_narrowed_to_what_is_kept_apart() {
	execute(|| {
		let id = wide().deny().make();
		assert_ok!(narrow(id, Offer { scope: Scope::Compartment(2), ..wide().deny() }));
		assert_eq!(ask(Charlie, RESULT), NO_GRANT);
		assert_eq!(ask(Charlie, NOTE), denied_by(id));
	});
}

#[test]
fn uses_fall_and_may_become_counted() {
	execute(|| {
		let counted = |uses| Offer { uses, ..Offer::default() };
		let id = Offer::default().make();
		assert_noop!(narrow(id, counted(Some(0))), Error::<Test>::NoUses);
		assert_ok!(narrow(id, counted(Some(3))));
		assert_noop!(narrow(id, counted(None)), Error::<Test>::WideningNotAllowed);
		assert_noop!(narrow(id, counted(Some(4))), Error::<Test>::WideningNotAllowed);
		assert_noop!(narrow(id, counted(Some(3))), Error::<Test>::NothingNarrowed);
		assert_ok!(log(question(Charlie, RESULT), permit(id)));
		assert_noop!(narrow(id, counted(Some(3))), Error::<Test>::WideningNotAllowed);
		assert_ok!(narrow(id, counted(Some(1))));
		assert_ok!(log(question(Charlie, RESULT), permit(id)));
		assert_noop!(narrow(id, counted(Some(1))), Error::<Test>::GrantEnded);

		let denial = Offer::default().deny().make();
		let counted = Offer { uses: Some(1), ..Offer::default().deny() };
		assert_noop!(narrow(denial, counted), Error::<Test>::DenialCountsNoUses);
	});
}

#[test]
fn narrowing_to_one_record_drops_the_compartments_secrets() {
	execute(|| {
		let id = Offer::default().make();
		let one = || Offer::default().one_record(RESULT);
		let with_secret = Offer { scope: Scope::Record(RESULT), ..Offer::default() };
		assert_noop!(narrow(id, with_secret), Error::<Test>::KeyKindUnfit);
		assert_noop!(
			narrow(id, Offer { keys: GrantKeys::None, ..one() }),
			Error::<Test>::KeysMissing
		);
		assert_ok!(narrow(id, one()));
		assert_eq!(Consent::grant_keys(id), Some(record_key()));
	});
}

#[test]
fn an_access_just_before_can_still_be_logged() {
	execute(|| {
		let id = Offer::default().make();
		go_to(START + 10);
		assert_ok!(narrow(id, Offer::default().one_record(ENTRY)));
		assert_eq!(ask(Charlie, RESULT), NO_GRANT);
		assert_ok!(log(question(Charlie, RESULT), permit(id)));
		// As long as one that was permitted before two narrowings in a row.
		go_to(START + 20);
		let window = Window { from: START, until: START + DAY };
		assert_ok!(narrow(id, Offer { window, ..Offer::default().one_record(ENTRY) }));
		assert_ok!(log(question(Charlie, RESULT), permit(id)));
		go_to(START + 20 + 60_001);
		let late = log(question(Charlie, RESULT), permit(id));
		assert_noop!(late, Error::<Test>::GrantMismatch);
	});
}

#[test]
fn refuses_strangers_the_grantee_and_what_is_over() {
	execute(|| {
		let id = wide().make();
		for who in [Charlie, Dave, Two] {
			assert_noop!(narrow_by(who, id, Offer::default()), BadOrigin);
		}
		assert_noop!(narrow(GrantId(9), Offer::default()), Error::<Test>::GrantNotFound);
		let none = Window { from: START + 5, until: START + 5 };
		assert_noop!(narrow(id, Offer { window: none, ..wide() }), Error::<Test>::WindowEmpty);
		go_to(START + 5);
		let past = Window { from: START, until: START + 5 };
		assert_noop!(narrow(id, Offer { window: past, ..wide() }), Error::<Test>::WindowPast);
		assert_noop!(narrow(id, wide()), Error::<Test>::NothingNarrowed);
		go_to(UNTIL);
		assert_noop!(narrow(id, wide()), Error::<Test>::GrantEnded);
		assert_ok!(revoke(id));
		assert_noop!(narrow(id, wide()), Error::<Test>::AlreadyRevoked);
	});
}

#[test]
fn what_was_passed_on_and_fits_no_more_is_taken_back() {
	execute(|| {
		let root = wide().delegable().make();
		let one = Offer::to(person(Dave)).one_record(RESULT);
		let kept = passed_on(Charlie, root, one);
		let gone = passed_on(Charlie, root, Offer::to(organisation(Eve)).delegable());
		let below = passed_on(Eve, gone, Offer::to(person(Bob)).one_record(RESULT));
		let laboratory = Scope::Subject(Classes::of(&[RecordClass::Laboratory]));
		assert_ok!(narrow(root, Offer { scope: laboratory, ..wide() }));
		let standings = [root, kept, gone, below].map(standing_of);
		use Standing::*;
		assert_eq!(standings, [InForce, InForce, Revoked, Revoked]);
		assert_eq!(ask(Bob, RESULT), NO_GRANT);
		assert_eq!(ask(Dave, RESULT), permit(kept));

		// With counted uses, nothing can be passed on.
		assert_ok!(narrow(root, Offer { scope: laboratory, uses: Some(5), ..wide() }));
		assert!(!Grants::<Test>::get(root).unwrap().delegable);
		assert_eq!(standing_of(kept), Revoked);
	});
}
