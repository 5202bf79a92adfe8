// SPDX-License-Identifier: Apache-2.0

use super::*;

/// Charlie's grant, which it may pass on.
fn root() -> GrantId {
	Offer::default().delegable().make()
}

fn to_dave() -> Offer {
	Offer::to(person(Dave))
}

#[test]
fn speaks_to_its_grantee_and_is_the_subjects_to_see() {
	execute(|| {
		let root = root();
		go_to(START + 5);
		let window = Window { from: START + 5, until: START + DAY };
		let id = passed_on(Charlie, root, Offer { window, ..to_dave() });
		assert_eq!(ask(Dave, RESULT), permit(id));
		let row = Grants::<Test>::get(id).unwrap();
		let (parent, made_by) = (Some(root), identity(Charlie));
		assert_eq!((row.parent, row.root, row.depth, row.by), (parent, parent, 1, made_by));
		assert_eq!(row.subject, identity(Alice));
		assert_eq!(Consent::grant_keys(id), Some(compartment_keys(&[compartment_key(1)])));
		let listed = Consent::grants_of(identity(Alice), 0, 10).unwrap().items;
		assert!(listed.iter().any(|listed| listed.id == id));
		let below: Vec<_> = Consent::sub_grants(root).iter().map(|listed| listed.id).collect();
		assert_eq!(below, [id]);
		// No place of the subject's quota.
		assert_eq!(LiveGrants::<Test>::get(identity(Alice)).len(), 1);
		let told = Event::SubGranted {
			grant: id,
			parent: root,
			subject: identity(Alice),
			grantee: person(Dave),
			terms: row.terms,
			delegable: false,
			by: identity(Charlie),
		};
		assert_eq!(last_event(), told);
	});
}

#[test]
fn only_the_grantee_itself_passes_on() {
	execute(|| {
		let id = root();
		for who in [Alice, Bob, Dave, Eve] {
			assert_noop!(pass_on(who, id, to_dave()), Error::<Test>::NotTheGrantee);
		}
		assert_noop!(pass_on(Two, id, to_dave()), BadOrigin);
		// Who works there is not the organisation, and a role is nobody.
		Accreditations::affiliate(identity(Bob), &[(identity(Eve), Role::Nurse)]);
		let eves = Offer::to(organisation(Eve)).delegable().make();
		assert_noop!(pass_on(Bob, eves, to_dave()), Error::<Test>::NotTheGrantee);
		assert_ok!(pass_on(Eve, eves, to_dave()));
		let nurses = Offer::to(role(None, Role::Nurse)).delegable().make();
		assert_noop!(pass_on(Bob, nurses, to_dave()), Error::<Test>::NotTheGrantee);
	});
}

#[test]
fn needs_a_live_grant_that_may_be_passed_on() {
	execute(|| {
		let to_pass = |id| pass_on(Charlie, id, to_dave());
		assert_noop!(to_pass(GrantId(9)), Error::<Test>::GrantNotFound);
		let not_delegable = Offer::default().make();
		assert_noop!(to_pass(not_delegable), Error::<Test>::DelegationNotAllowed);
		let revoked = root();
		assert_ok!(revoke(revoked));
		assert_noop!(to_pass(revoked), Error::<Test>::AlreadyRevoked);
		let denial = Offer::default().deny().delegable();
		assert_noop!(denial.offer(), Error::<Test>::DenialNotDelegable);
		let counted = Offer { uses: Some(2), ..Offer::default().delegable() };
		assert_noop!(counted.offer(), Error::<Test>::CountedNotDelegable);
		// One that has not begun is passed on for its time.
		let window = Window { from: START + DAY, until: START + 2 * DAY };
		let later = Offer { window, ..Offer::default().delegable() }.make();
		assert_ok!(pass_on(Charlie, later, Offer { window, ..to_dave() }));
		go_to(START + 2 * DAY);
		assert_noop!(to_pass(later), Error::<Test>::GrantEnded);
	});
}

#[test]
fn stays_within_its_parent() {
	execute(|| {
		let id = root();
		let beyond = |offer| {
			assert_noop!(pass_on(Charlie, id, offer), Error::<Test>::NotWithinParent);
		};
		let until = START + 30 * DAY;
		beyond(Offer { window: Window { from: START, until: until + 1 }, ..to_dave() });
		beyond(Offer { window: Window { from: START - 1, until }, ..to_dave() });
		beyond(Offer { purposes: Purposes::of(&[Purpose::Hoperat]), ..to_dave() });
		beyond(Offer { actions: Actions::ALL, ..to_dave() });
		beyond(to_dave().everything());
		let keys = compartment_keys(&[compartment_key(2)]);
		beyond(Offer { scope: Scope::Compartment(2), keys, ..to_dave() });
		beyond(to_dave().one_record(NOTE));
		assert_ok!(pass_on(Charlie, id, to_dave().one_record(RESULT)));

		let period = Some(Window { from: 10, until: 20 });
		let dated = Offer { data_period: period, ..Offer::default().delegable() }.make();
		let passed = |data_period| pass_on(Charlie, dated, Offer { data_period, ..to_dave() });
		assert_noop!(passed(None), Error::<Test>::NotWithinParent);
		assert_ok!(passed(period));
	});
}

#[test]
fn is_sound_like_any_grant() {
	execute(|| {
		let id = root();
		let passed = |offer| pass_on(Charlie, id, offer);
		assert_noop!(passed(Offer::to(person(Alice))), Error::<Test>::SelfGrant);
		assert_noop!(passed(Offer::to(person(Charlie))), Error::<Test>::SelfGrant);
		assert_noop!(passed(Offer::to(person(Two))), Error::<Test>::GranteeNotActive);
		assert_noop!(passed(Offer::to(person(Eve))), Error::<Test>::GranteeKindUnfit);
		let none = Offer { purposes: Purposes(0), ..to_dave() };
		assert_noop!(passed(none), Error::<Test>::NoPurposes);
		assert_noop!(
			passed(Offer { keys: GrantKeys::None, ..to_dave() }),
			Error::<Test>::KeysMissing
		);
		// One of one record never hands over a compartment.
		let one = Offer { scope: Scope::Record(RESULT), ..to_dave() };
		assert_noop!(passed(one), Error::<Test>::KeyKindUnfit);
		Identities::rotate(identity(Dave), 2);
		assert_noop!(passed(to_dave()), Error::<Test>::StaleKeyVersion);
	});
}

#[test]
fn whom_a_denial_keeps_out_passes_nothing_on() {
	execute(|| {
		let id = root();
		for decision in [DENY, OVERRIDABLE] {
			let denial = Offer { decision, ..Offer::default().deny() }.make();
			assert_eq!(ask(Charlie, RESULT), denied_by(denial));
			assert_noop!(pass_on(Charlie, id, to_dave()), Error::<Test>::DelegatorDenied);
			assert_ok!(revoke(denial));
		}
		assert_ok!(pass_on(Charlie, id, to_dave()));
	});
}

#[test]
fn a_denial_of_where_or_as_what_it_works_keeps_it_from_passing_on() {
	execute(|| {
		let id = root();
		Accreditations::affiliate(identity(Charlie), &[(identity(Eve), Role::Nurse)]);
		for denied in [organisation(Eve), role(None, Role::Nurse), role(Some(Eve), Role::Nurse)] {
			let denial = Offer::to(denied).deny().make();
			assert_noop!(pass_on(Charlie, id, to_dave()), Error::<Test>::DelegatorDenied);
			assert_ok!(revoke(denial));
		}
		// Nor does the organisation itself.
		let eves = Offer::to(organisation(Eve)).delegable().make();
		Offer::to(organisation(Eve)).deny().make();
		assert_noop!(pass_on(Eve, eves, to_dave()), Error::<Test>::DelegatorDenied);
		// Who works elsewhere is not concerned.
		Accreditations::affiliate(identity(Charlie), &[(identity(Ferdie), Role::Nurse)]);
		assert_ok!(pass_on(Charlie, id, to_dave()));
	});
}

#[test]
fn a_denial_of_something_else_keeps_nobody_from_passing_on() {
	execute(|| {
		let id = root();
		let denial = || Offer::default().deny();
		let period = Some(Window { from: 10, until: 20 });
		for else_ in [
			Offer { scope: Scope::Compartment(2), ..denial() },
			Offer { purposes: Purposes::of(&[Purpose::Hresch]), ..denial() },
			Offer { actions: Actions::of(&[Action::Disclose]), ..denial() },
			Offer { window: Window { from: START + 1, until: START + 9 }, ..denial() },
			denial().one_record(NOTE).deny(),
			Offer::to(person(Bob)).deny(),
		] {
			else_.make();
		}
		assert_ok!(pass_on(Charlie, id, to_dave()));
		// What was filed in another period is another thing, too.
		let dated = Offer { data_period: period, ..Offer::default().delegable() }.make();
		let after = Some(Window { from: 20, until: 30 });
		Offer { data_period: after, ..denial() }.make();
		assert_ok!(pass_on(Charlie, dated, Offer { data_period: period, ..to_dave() }));
		assert_noop!(pass_on(Charlie, id, to_dave()), Error::<Test>::DelegatorDenied);
		// One that begins later acts from then on.
		go_to(START + 1);
		let later = Window { from: START + 1, until: START + DAY };
		let later = Offer { data_period: period, window: later, ..to_dave() };
		assert_noop!(pass_on(Charlie, dated, later.clone()), Error::<Test>::DelegatorDenied);
		go_to(START + 9);
		assert_ok!(pass_on(Charlie, dated, later));
	});
}

#[test]
fn a_part_that_is_denied_is_left_out() {
	execute(|| {
		let id = Offer::default().everything().delegable().make();
		Offer::default().one_record(RESULT).deny().make();
		let denied = |offer| {
			assert_noop!(pass_on(Charlie, id, offer), Error::<Test>::DelegatorDenied);
		};
		let classes = |classes: &[RecordClass]| {
			let mask = classes.iter().fold(0, |mask, class| mask | 1 << *class as u8);
			Offer { scope: Scope::Subject(Classes(mask)), ..to_dave() }
		};
		denied(to_dave().everything());
		denied(classes(&[RecordClass::Laboratory, RecordClass::Imaging]));
		denied(to_dave());
		denied(to_dave().one_record(RESULT));
		assert_ok!(pass_on(Charlie, id, classes(&[RecordClass::Imaging])));
		assert_ok!(pass_on(Charlie, id, to_dave().one_record(ENTRY)));
		// A wide permit never reached the restricted compartment.
		Offer { scope: Scope::Compartment(2), ..Offer::default().deny() }.make();
		assert_ok!(pass_on(Charlie, id, classes(&[RecordClass::Genomic])));
	});
}

#[test]
fn a_denial_of_a_class_concerns_every_compartment() {
	execute(|| {
		let (one, all) = (root(), Offer::default().everything().delegable().make());
		let scope = Scope::Subject(Classes(1 << RecordClass::DeviceData as u8));
		Offer { scope, ..Offer::default().deny() }.make();
		// Nothing of that class lies there yet.
		assert_noop!(pass_on(Charlie, one, to_dave()), Error::<Test>::DelegatorDenied);
		let devices = Offer { scope, ..to_dave() };
		assert_noop!(pass_on(Charlie, all, devices), Error::<Test>::DelegatorDenied);
		let scope = Scope::Subject(Classes(1 << RecordClass::Clinical as u8));
		assert_ok!(pass_on(Charlie, all, Offer { scope, ..to_dave() }));
		// A record of another class is no device's.
		assert_ok!(pass_on(Charlie, one, to_dave().one_record(RESULT)));
	});
}

#[test]
fn of_records_denied_one_by_one_eight_are_looked_into() {
	execute(|| {
		let id = root();
		Accreditations::affiliate(identity(Charlie), &[(identity(Eve), Role::Nurse)]);
		let elsewhere = |grantee| Offer::to(grantee).one_record(NOTE).deny();
		for _ in 0..7 {
			elsewhere(person(Charlie)).make();
		}
		elsewhere(organisation(Eve)).make();
		assert_ok!(pass_on(Charlie, id, to_dave()));
		elsewhere(organisation(Eve)).make();
		assert_noop!(pass_on(Charlie, id, to_dave()), Error::<Test>::DelegatorDenied);
		// One record is compared, and not looked for.
		assert_ok!(pass_on(Charlie, id, to_dave().one_record(RESULT)));
	});
}

#[test]
fn goes_to_a_role_only_where_its_maker_works() {
	execute(|| {
		let id = root();
		let nurses = |place| pass_on(Charlie, id, Offer::to(role(place, Role::Nurse)));
		assert_noop!(nurses(None), Error::<Test>::RoleElsewhere);
		assert_noop!(nurses(Some(Eve)), Error::<Test>::RoleElsewhere);
		Accreditations::affiliate(identity(Charlie), &[(identity(Eve), Role::Physician)]);
		assert_ok!(nurses(Some(Eve)));
		assert_noop!(nurses(None), Error::<Test>::RoleElsewhere);
		assert_noop!(nurses(Some(Ferdie)), Error::<Test>::RoleElsewhere);
		// An organisation passes on to its own people.
		let eves = Offer::to(organisation(Eve)).delegable().make();
		let to = |place| pass_on(Eve, eves, Offer::to(role(place, Role::Nurse)));
		assert_noop!(to(None), Error::<Test>::RoleElsewhere);
		assert_noop!(to(Some(Ferdie)), Error::<Test>::RoleElsewhere);
		assert_ok!(to(Some(Eve)));
		Accreditations::affiliate(identity(Dave), &[(identity(Eve), Role::Nurse)]);
		Identities::set(account(Dave), identity(Dave), IdentityKind::Practitioner);
		assert!(ask(Dave, RESULT).is_permit());
	});
}

#[test]
fn is_passed_on_once_more_and_no_further() {
	execute(|| {
		let id = root();
		let first = passed_on(Charlie, id, Offer::to(organisation(Eve)).delegable());
		let deeper = to_dave().delegable();
		assert_noop!(pass_on(Eve, first, deeper), Error::<Test>::DelegationTooDeep);
		let second = passed_on(Eve, first, to_dave());
		let row = Grants::<Test>::get(second).unwrap();
		assert_eq!((row.parent, row.root, row.depth), (Some(first), Some(id), 2));
		let third = pass_on(Dave, second, Offer::to(person(Bob)));
		assert_noop!(third, Error::<Test>::DelegationTooDeep);
	});
}

#[test]
fn four_hang_below_a_grant_at_all_depths() {
	execute(|| {
		let id = root();
		let eves = passed_on(Charlie, id, Offer::to(organisation(Eve)).delegable());
		for who in [Bob, Dave] {
			passed_on(Eve, eves, Offer::to(person(who)));
		}
		let window = Window { from: START, until: START + 10 };
		let short = passed_on(Charlie, id, Offer { window, ..Offer::to(organisation(Ferdie)) });
		let fifth = || Offer::to(organisation(One));
		assert_noop!(pass_on(Charlie, id, fifth()), Error::<Test>::TooManySubGrants);
		assert_noop!(pass_on(Eve, eves, fifth()), Error::<Test>::TooManySubGrants);
		// What has ended makes room, and goes.
		go_to(START + 10);
		System::reset_events();
		let fresh = passed_on(Charlie, id, fifth());
		let lapsed = Event::GrantLapsed { grant: short, subject: identity(Alice) };
		assert_eq!(events()[0], lapsed);
		assert!(SubGrants::<Test>::get(id).contains(&fresh));
		assert_eq!(Consent::grant_keys(short), None);
	});
}

#[test]
fn nobody_fills_a_pair_so_that_the_subject_cannot_deny() {
	execute(|| {
		for n in 0..4 {
			passed_on(Charlie, root(), to_dave());
			assert_eq!(rows_of(person(Dave)).len(), n + 1);
		}
		let fifth = pass_on(Charlie, root(), to_dave());
		assert_noop!(fifth, Error::<Test>::TooManySubGrantsToGrantee);
		let denial = to_dave().deny().make();
		assert_eq!(ask(Dave, RESULT), denied_by(denial));
	});
}

#[test]
fn dies_with_its_parent() {
	execute(|| {
		let id = root();
		let eves = passed_on(Charlie, id, Offer::to(organisation(Eve)).delegable());
		let daves = passed_on(Eve, eves, to_dave());
		let bobs = passed_on(Charlie, id, Offer::to(person(Bob)));
		use Standing::*;
		// A sub-grantor takes back its own, and what hangs below that.
		assert_noop!(revoke_by(Dave, eves), BadOrigin);
		assert_noop!(revoke_by(Charlie, daves), BadOrigin);
		assert_ok!(revoke_by(Charlie, eves));
		assert_eq!([id, eves, daves, bobs].map(standing_of), [InForce, Revoked, Revoked, InForce]);
		assert_eq!(ask(Dave, RESULT), NO_GRANT);
		assert_eq!(ask(Bob, RESULT), permit(bobs));
		assert_noop!(pass_on(Eve, eves, to_dave()), Error::<Test>::AlreadyRevoked);
		// The subject any, and the root with all.
		assert_ok!(revoke(id));
		assert_eq!(standing_of(bobs), Revoked);
		assert_eq!(GrantKeysOf::<Test>::iter().count(), 0);
		assert_eq!(GrantIndex::<Test>::iter().count(), 0);
	});
}

#[test]
fn the_subject_takes_back_a_sub_grant_alone() {
	execute(|| {
		let id = root();
		let daves = passed_on(Charlie, id, to_dave());
		assert_ok!(revoke(daves));
		assert_eq!([id, daves].map(standing_of), [Standing::InForce, Standing::Revoked]);
		assert!(!SubGrants::<Test>::contains_key(id));
	});
}

#[test]
fn ends_with_the_window_of_its_parent_without_any_sweep() {
	execute(|| {
		let id = root();
		passed_on(Charlie, id, to_dave());
		go_to(START + 30 * DAY);
		assert_eq!(ask(Charlie, RESULT), NO_GRANT);
		assert_eq!(ask(Dave, RESULT), NO_GRANT);
	});
}

#[test]
fn calls_pay_for_what_hangs_below() {
	execute(|| {
		let strength = RevocationStrength::Lazy;
		let (first, second) = (root(), root());
		for who in [person(Dave), person(Bob), organisation(Eve)] {
			passed_on(Charlie, first, Offer::to(who));
		}
		let used = |call: DispatchResultWithPostInfo| call.unwrap().actual_weight;
		let weight = <() as WeightInfo>::revoke;
		assert_eq!(used(Consent::revoke(signed(Alice), first, strength)), Some(weight(3)));
		assert_eq!(used(Consent::revoke(signed(Alice), second, strength)), Some(weight(0)));
	});
}

#[test]
fn who_takes_one_back_pays_for_its_siblings_too() {
	execute(|| {
		let (id, strength) = (root(), RevocationStrength::Lazy);
		let first = passed_on(Charlie, id, to_dave());
		for who in [person(Bob), organisation(Eve)] {
			passed_on(Charlie, id, Offer::to(who));
		}
		// Nothing hangs below it, but three rows are read to know that.
		let used = Consent::revoke(signed(Charlie), first, strength).unwrap().actual_weight;
		assert_eq!(used, Some(<() as WeightInfo>::revoke(3)));
	});
}
