// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn is_stored_listed_and_announced() {
	execute(|| {
		let offer = Offer { uses: Some(3), ..Offer::default() };
		let terms = Terms {
			decision: Decision::Permit,
			scope: Scope::Compartment(1),
			purposes: offer.purposes,
			actions: offer.actions,
			data_period: None,
			window: offer.window,
		};
		let id = offer.make();

		let grant = Grant {
			subject: identity(Alice),
			grantee: person(Charlie),
			by: identity(Alice),
			made_at: START,
			terms,
			narrowed: None,
			uses_left: Some(3),
			basis: Basis::Consent,
			document: Some(Digest([0xdd; 32])),
			delegable: false,
			parent: None,
			root: None,
			depth: 0,
			status: GrantStatus::Live,
		};
		assert_eq!(Grants::<Test>::get(id), Some(grant));
		assert_eq!(Consent::grant_keys(id), Some(compartment_keys(&[compartment_key(1)])));
		assert_eq!(rows_of(person(Charlie)), [id]);
		assert_eq!(SubjectGrants::<Test>::get(identity(Alice), 0), Some(id));
		assert_eq!(GranteeGrants::<Test>::get(person(Charlie), 0), Some(id));
		let place = Place { grant: id, until: START + 30 * DAY };
		assert_eq!(LiveGrants::<Test>::get(identity(Alice)).to_vec(), [place]);
		let event = Event::Granted {
			grant: id,
			subject: identity(Alice),
			grantee: person(Charlie),
			terms,
			uses: Some(3),
			basis: Basis::Consent,
			document: Some(Digest([0xdd; 32])),
			delegable: false,
			by: identity(Alice),
		};
		assert_eq!(last_event(), event);
	});
}

#[test]
fn refuses_a_stranger() {
	execute(|| {
		assert_noop!(Offer::default().signed_by(Dave), BadOrigin);
		assert_noop!(Offer::default().signed_by(Charlie), BadOrigin);
	});
}

#[test]
fn refuses_a_grant_to_oneself() {
	execute(|| {
		assert_noop!(Offer::to(person(Alice)).offer(), Error::<Test>::SelfGrant);
		assert_noop!(Offer::to(organisation(Alice)).offer(), Error::<Test>::SelfGrant);
	});
}

#[test]
fn the_window_holds_a_moment_in_the_future() {
	execute(|| {
		let over =
			|from, until| Offer { window: Window { from, until }, ..Offer::default() }.offer();
		assert_noop!(over(START, START), Error::<Test>::WindowEmpty);
		assert_noop!(over(START + 1, START), Error::<Test>::WindowEmpty);
		assert_noop!(over(START - 10, START), Error::<Test>::WindowPast);
		assert_ok!(over(START - 10, START + 1));
	});
}

#[test]
fn the_window_is_hardly_backdated_and_not_too_long() {
	execute(|| {
		let over =
			|from, until| Offer { window: Window { from, until }, ..Offer::default() }.offer();
		assert_noop!(over(START - DAY - 1, START + 1), Error::<Test>::WindowBackdated);
		assert_ok!(over(START - DAY, START + 1));
		let far = START + 1000 * DAY;
		assert_noop!(over(far, far + 365 * DAY + 1), Error::<Test>::WindowTooLong);
		assert_ok!(over(far, far + 365 * DAY));
		assert_noop!(over(START, u64::MAX), Error::<Test>::WindowTooLong);
	});
}

#[test]
fn the_data_period_holds_a_moment() {
	execute(|| {
		let of = |from, until| {
			let data_period = Some(Window { from, until });
			Offer { data_period, ..Offer::default() }.offer()
		};
		assert_noop!(of(5, 5), Error::<Test>::DataPeriodEmpty);
		assert_noop!(of(6, 5), Error::<Test>::DataPeriodEmpty);
		assert_ok!(of(5, 6));
	});
}

#[test]
fn purposes_are_known_and_no_emergencies() {
	execute(|| {
		let to = |purposes| Offer { purposes, ..Offer::default() };
		assert_noop!(to(Purposes(0)).offer(), Error::<Test>::NoPurposes);
		assert_noop!(to(Purposes(1 << 26)).offer(), Error::<Test>::UnknownPurpose);
		for emergency in [Purpose::Etreat, Purpose::Btg] {
			let mixed = Purposes::of(&[Purpose::Treat, emergency]);
			assert_noop!(to(mixed).offer(), Error::<Test>::PurposeNotGrantable);
			assert_noop!(to(mixed).deny().offer(), Error::<Test>::PurposeNotGrantable);
		}
		assert_ok!(to(Purposes(Purposes::ALL.0 & !Purposes::NOT_GRANTABLE.0)).offer());
	});
}

#[test]
fn actions_and_classes_are_named() {
	execute(|| {
		let to = |actions| Offer { actions, ..Offer::default() }.offer();
		assert_noop!(to(Actions(0)), Error::<Test>::NoActions);
		assert_noop!(to(Actions(1 << 6)), Error::<Test>::UnknownAction);
		assert_ok!(to(Actions::ALL));
		let nothing = Offer { scope: Scope::Subject(Classes(0)), ..Offer::default() };
		assert_noop!(nothing.offer(), Error::<Test>::NoClasses);
	});
}

#[test]
fn uses_are_counted_for_permits_only() {
	execute(|| {
		let with = |uses| Offer { uses, ..Offer::default() };
		assert_noop!(with(Some(0)).offer(), Error::<Test>::NoUses);
		assert_noop!(with(Some(1)).deny().offer(), Error::<Test>::DenialCountsNoUses);
		assert_ok!(with(Some(1)).offer());
	});
}

#[test]
fn the_grantee_is_active_and_of_a_fitting_kind() {
	execute(|| {
		assert_noop!(Offer::to(person(Two)).offer(), Error::<Test>::GranteeNotActive);
		assert_noop!(Offer::to(organisation(Two)).offer(), Error::<Test>::GranteeNotActive);
		let nurses_of = |who| Offer::to(role(Some(who), Role::Nurse)).offer();
		assert_noop!(nurses_of(Two), Error::<Test>::GranteeNotActive);
		assert_noop!(Offer::to(person(Eve)).offer(), Error::<Test>::GranteeKindUnfit);
		assert_noop!(Offer::to(organisation(Charlie)).offer(), Error::<Test>::GranteeKindUnfit);
		assert_noop!(nurses_of(Charlie), Error::<Test>::GranteeKindUnfit);
		assert_ok!(Offer::to(person(Dave)).offer());
		assert_ok!(Offer::to(organisation(Eve)).offer());
		assert_ok!(nurses_of(Eve));
		assert_ok!(Offer::to(role(None, Role::Nurse)).offer());
	});
}

#[test]
fn a_record_is_one_of_the_subject() {
	execute(|| {
		let of = |record| Offer::default().one_record(record).offer();
		assert_noop!(of(RecordId([9; 32])), Error::<Test>::RecordNotFound);
		assert_noop!(of(DAVES), Error::<Test>::RecordNotOfSubject);
		assert_ok!(of(RESULT));
	});
}

#[test]
fn a_compartment_is_open() {
	execute(|| {
		let closed = Offer { scope: Scope::Compartment(9), ..Offer::default() };
		assert_noop!(closed.clone().offer(), Error::<Test>::CompartmentNotOpen);
		assert_noop!(closed.deny().offer(), Error::<Test>::CompartmentNotOpen);
		let keys = compartment_keys(&[compartment_key(9)]);
		let wide = Offer { keys, ..Offer::default().everything() };
		assert_noop!(wide.offer(), Error::<Test>::CompartmentNotOpen);
	});
}

#[test]
fn permits_to_key_holders_carry_the_keys_of_their_scope() {
	execute(|| {
		let no_keys = |offer: Offer| Offer { keys: GrantKeys::None, ..offer }.offer();
		assert_noop!(no_keys(Offer::default()), Error::<Test>::KeysMissing);
		assert_noop!(no_keys(Offer::default().one_record(RESULT)), Error::<Test>::KeysMissing);
		let empty = Offer { keys: compartment_keys(&[]), ..Offer::default() };
		assert_noop!(empty.offer(), Error::<Test>::KeysMissing);

		// Never a record key for more than one record, never a compartment key for one.
		let narrow_key = Offer { keys: record_key(), ..Offer::default() };
		assert_noop!(narrow_key.clone().offer(), Error::<Test>::KeyKindUnfit);
		assert_noop!(narrow_key.everything().offer(), Error::<Test>::KeyKindUnfit);
		let wide_key = Offer { scope: Scope::Record(RESULT), ..Offer::default() };
		assert_noop!(wide_key.offer(), Error::<Test>::KeyKindUnfit);

		assert_ok!(Offer::default().offer());
		assert_ok!(Offer::default().everything().offer());
		assert_ok!(Offer::default().one_record(RESULT).offer());
		assert_ok!(Offer::to(organisation(Eve)).offer());
	});
}

#[test]
fn roles_and_denials_carry_no_keys() {
	execute(|| {
		let keys = compartment_keys(&[compartment_key(1)]);
		let to_role = Offer { keys: keys.clone(), ..Offer::to(role(None, Role::Physician)) };
		assert_noop!(to_role.offer(), Error::<Test>::KeysNotWanted);
		let denial = Offer { keys, ..Offer::default().deny() };
		assert_noop!(denial.offer(), Error::<Test>::KeysNotWanted);
		let one = Offer { decision: DENY, ..Offer::default().one_record(RESULT) };
		assert_noop!(one.offer(), Error::<Test>::KeysNotWanted);

		let id = Offer::to(role(None, Role::Physician)).make();
		assert_eq!(Consent::grant_keys(id), None);
	});
}

#[test]
fn keys_open_only_what_the_grant_reaches() {
	execute(|| {
		let with = |offer: Offer, keys: &[CompartmentKey]| {
			Offer { keys: compartment_keys(keys), ..offer }.offer()
		};
		let [first, restricted] = [1, 2].map(compartment_key);
		let one = Offer::default();
		let all = Offer::default().everything();
		assert_noop!(with(one, &[first, restricted]), Error::<Test>::CompartmentNotReached);
		assert_noop!(with(all.clone(), &[restricted]), Error::<Test>::CompartmentNotReached);
		assert_noop!(with(all, &[first, first]), Error::<Test>::DuplicateKey);
		let named = Offer { scope: Scope::Compartment(2), ..Offer::default() };
		assert_ok!(with(named, &[restricted]));
	});
}

#[test]
fn keys_are_current() {
	execute(|| {
		let next_epoch = CompartmentKey { epoch: 1, ..compartment_key(1) };
		let early = Offer { keys: compartment_keys(&[next_epoch]), ..Offer::default() };
		assert_noop!(early.offer(), Error::<Test>::StaleEpoch);
		let (alice, none) = (identity(Alice), GrantWraps::default());
		let (key, link) = (agreement_key(9), [4; 80]);
		assert_ok!(Consent::rotate_compartment(signed(Alice), alice, 1, 0, key, link, none, None));
		assert_noop!(Offer::default().offer(), Error::<Test>::StaleEpoch);
		assert_ok!(Offer { keys: compartment_keys(&[next_epoch]), ..Offer::default() }.offer());

		Identities::rotate(identity(Charlie), 2);
		let one = Offer::default().one_record(RESULT);
		assert_noop!(one.clone().offer(), Error::<Test>::StaleKeyVersion);
		let old = Offer { keys: compartment_keys(&[next_epoch]), ..Offer::default() };
		assert_noop!(old.offer(), Error::<Test>::StaleKeyVersion);
		let key = ReaderKey { version: 1, key_version: 2, wrap: [8; 80] };
		assert_ok!(Offer { keys: GrantKeys::Record(key), ..one }.offer());
	});
}

#[test]
fn eight_keys_fit() {
	let numbers: Vec<_> = (1..=9).collect();
	let open: Vec<_> = numbers.iter().map(|no| (*no, false)).collect();
	ExtBuilder::default().compartments(&open).build_and_execute(|| {
		let keys: Vec<_> = numbers.iter().copied().map(compartment_key).collect();
		let offer = Offer::default().everything();
		assert_ok!(Offer { keys: compartment_keys(&keys[..8]), ..offer }.offer());
		let nine = BoundedVec::<_, ConstU32<MAX_COMPARTMENT_KEYS>>::try_from(keys);
		assert!(nine.is_err());
	});
}

#[test]
fn the_ninth_live_grant_of_a_pair_is_refused() {
	execute(|| {
		let ids: Vec<_> = (0..8).map(|_| Offer::default().make()).collect();
		assert_noop!(Offer::default().offer(), Error::<Test>::TooManyGrantsToGrantee);
		assert_noop!(Offer::default().deny().offer(), Error::<Test>::TooManyGrantsToGrantee);
		assert_ok!(Offer::to(person(Dave)).offer());

		assert_ok!(revoke(ids[3]));
		let ninth = Offer::default().make();
		let kept: Vec<_> = [&ids[..3], &ids[4..], &[ninth]].concat();
		assert_eq!(rows_of(person(Charlie)), kept);
	});
}

#[test]
fn ended_grants_make_room() {
	execute(|| {
		let short = Window { from: START, until: START + 100 };
		let ended = Offer { window: short, ..Offer::default() }.make();
		let used = Offer { uses: Some(1), ..Offer::default() }.make();
		let live: Vec<_> = (0..6).map(|_| Offer::default().make()).collect();
		assert_ok!(log(question(Charlie, RESULT), permit(used)));

		go_to(START + 99);
		let next = Offer::default().make();
		assert_eq!(rows_of(person(Charlie)), [&[ended], &live[..], &[next]].concat());
		assert_noop!(Offer::default().offer(), Error::<Test>::TooManyGrantsToGrantee);

		go_to(START + 100);
		System::reset_events();
		let last = Offer::default().make();
		assert_eq!(rows_of(person(Charlie)), [&live[..], &[next, last]].concat());
		let lapsed = Event::GrantLapsed { subject: identity(Alice), grant: ended };
		assert_eq!(events()[0], lapsed);
		assert_eq!(Consent::grant_keys(ended), None);
		assert_eq!(Consent::grant_by_id(ended).unwrap().standing, Standing::Expired);
		assert_eq!(Consent::grant_by_id(used).unwrap().standing, Standing::UsedUp);
	});
}

#[test]
fn the_quota_of_a_patient_counts_what_has_not_ended() {
	execute(|| {
		let grantees = [person(Charlie), person(Bob), person(Dave)];
		let short = Window { from: START, until: START + 100 };
		let ids: Vec<_> =
			(0..20).map(|n| Offer { window: short, ..Offer::to(grantees[n / 8]) }.make()).collect();
		let another = || Offer::to(organisation(Eve));
		assert_noop!(another().offer(), Error::<Test>::TooManyGrants);
		assert_ok!(revoke(ids[0]));
		assert_ok!(another().offer());
		assert_noop!(another().offer(), Error::<Test>::TooManyGrants);

		// No sweep is needed: all but the last have ended.
		go_to(START + 100);
		assert_ok!(another().offer());
		assert_eq!(LiveGrants::<Test>::get(identity(Alice)).len(), 2);
	});
}

#[test]
fn pays_for_what_it_cleared_away() {
	execute(|| {
		let window = Window { from: START, until: START + 10 };
		let made = |offer: Offer| {
			let Offer { scope, purposes, actions, window, keys, .. } = offer;
			let made = Consent::grant(
				signed(Alice),
				identity(Alice),
				person(Charlie),
				Decision::Permit,
				scope,
				purposes,
				actions,
				None,
				window,
				None,
				Basis::Consent,
				None,
				false,
				keys,
			);
			made.unwrap().actual_weight
		};
		let weight = <() as WeightInfo>::grant;
		for _ in 0..3 {
			assert_eq!(made(Offer { window, ..Offer::default() }), Some(weight(1, 0)));
		}
		go_to(START + 10);
		assert_eq!(made(Offer::default()), Some(weight(1, 3)));
		assert_eq!(made(Offer::default().one_record(RESULT)), Some(weight(1, 0)));
	});
}
