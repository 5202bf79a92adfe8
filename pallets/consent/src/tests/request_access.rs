// SPDX-License-Identifier: Apache-2.0

use super::*;

/// What somebody asks Alice for. By default to read compartment 1 to treat, for ten days, to be
/// answered within a day.
#[derive(Clone)]
pub(super) struct Wish {
	pub(super) on_behalf: Option<Sr25519Keyring>,
	pub(super) scope: Scope,
	pub(super) purposes: Purposes,
	pub(super) actions: Actions,
	pub(super) data_period: Option<Window>,
	pub(super) length: Moment,
	pub(super) answer_by: Moment,
}

impl Default for Wish {
	fn default() -> Self {
		Self {
			on_behalf: None,
			scope: Scope::Compartment(1),
			purposes: Purposes::of(&[Purpose::Treat]),
			actions: Actions::of(&[Action::Access]),
			data_period: None,
			length: 10 * DAY,
			answer_by: Timestamp::get() + DAY,
		}
	}
}

impl Wish {
	pub(super) fn by(self, who: Sr25519Keyring) -> DispatchResult {
		self.of(who, identity(Alice))
	}

	fn of(self, who: Sr25519Keyring, subject: IdentityId) -> DispatchResult {
		Consent::request_access(
			signed(who),
			subject,
			self.on_behalf.map(identity),
			self.scope,
			self.purposes,
			self.actions,
			self.data_period,
			self.length,
			Digest([0xcc; 32]),
			self.answer_by,
		)
	}
}

pub(super) fn asked_by(who: Sr25519Keyring, wish: Wish) -> RequestId {
	let id = NextRequestId::<Test>::get();
	assert_ok!(wish.by(who));
	id
}

pub(super) fn held(who: Sr25519Keyring) -> u64 {
	use frame_support::traits::fungible::InspectHold;
	Balances::balance_on_hold(&RequestHold::get(), &account(who))
}

fn waiting_for_alice() -> Vec<RequestId> {
	let page = Consent::requests_for(identity(Alice), 0, 100).unwrap();
	page.items.into_iter().map(|(id, _)| id).collect()
}

#[test]
fn waits_for_the_subject_against_a_deposit() {
	execute(|| {
		let id = asked_by(Charlie, Wish::default());
		let view = RequestView {
			subject: identity(Alice),
			grantee: person(Charlie),
			requester: identity(Charlie),
			asked: Asked {
				scope: Scope::Compartment(1),
				purposes: Purposes::of(&[Purpose::Treat]),
				actions: Actions::of(&[Action::Access]),
				data_period: None,
				length: 10 * DAY,
			},
			reason: Digest([0xcc; 32]),
			asked_at: START,
			answer_by: START + DAY,
			open: true,
		};
		assert_eq!(Consent::request(id), Some(view));
		assert_eq!(waiting_for_alice(), [id]);
		assert_eq!(Consent::inbox(identity(Alice)).requests, [id]);
		assert!(held(Charlie) > 0);
		let told = Event::AccessRequested {
			request: id,
			subject: identity(Alice),
			grantee: person(Charlie),
			requester: identity(Charlie),
			asked: view.asked,
			reason: view.reason,
			answer_by: view.answer_by,
		};
		assert_eq!(last_event(), told);
		// It lets nobody in.
		assert_eq!(ask(Charlie, RESULT), NO_GRANT);
	});
}

#[test]
fn is_for_who_asks_or_for_where_it_works() {
	execute(|| {
		let grantee = |id| Consent::request(id).unwrap().grantee;
		assert_eq!(grantee(asked_by(Eve, Wish::default())), organisation(Eve));
		let for_eve = Wish { on_behalf: Some(Ferdie), ..Wish::default() };
		assert_noop!(for_eve.clone().by(Bob), Error::<Test>::NotAffiliated);
		Accreditations::affiliate(identity(Bob), &[(identity(Ferdie), Role::Nurse)]);
		let id = asked_by(Bob, for_eve);
		assert_eq!(grantee(id), organisation(Ferdie));
		assert_eq!(Consent::request(id).unwrap().requester, identity(Bob));
	});
}

#[test]
fn nobody_asks_for_itself_or_asks_nobody() {
	execute(|| {
		assert_noop!(Wish::default().by(Alice), Error::<Test>::SelfRequest);
		let for_alice = Wish { on_behalf: Some(Alice), ..Wish::default() };
		assert_noop!(for_alice.by(Bob), Error::<Test>::SelfRequest);
		assert_noop!(Wish::default().by(Two), BadOrigin);
		let nobody = IdentityId([0x55; 32]);
		let to_nobody = Wish::default().of(Bob, nobody);
		assert_noop!(to_nobody, Error::<Test>::SubjectNotActive);
	});
}

#[test]
fn asks_for_what_can_be_granted() {
	execute(|| {
		let of = |wish: Wish| wish.by(Charlie);
		let purposes = |purposes| of(Wish { purposes, ..Wish::default() });
		assert_noop!(purposes(Purposes(0)), Error::<Test>::NoPurposes);
		assert_noop!(purposes(Purposes::of(&[Purpose::Btg])), Error::<Test>::PurposeNotGrantable);
		assert_noop!(of(Wish { actions: Actions(0), ..Wish::default() }), Error::<Test>::NoActions);
		assert_noop!(
			of(Wish { scope: Scope::Record(DAVES), ..Wish::default() }),
			Error::<Test>::RecordNotOfSubject
		);
		assert_noop!(
			of(Wish { scope: Scope::Compartment(9), ..Wish::default() }),
			Error::<Test>::CompartmentNotOpen
		);
		let period = Some(Window { from: 5, until: 5 });
		assert_noop!(
			of(Wish { data_period: period, ..Wish::default() }),
			Error::<Test>::DataPeriodEmpty
		);
		let length = |length| of(Wish { length, ..Wish::default() });
		assert_noop!(length(0), Error::<Test>::LengthUnfit);
		assert_noop!(length(365 * DAY + 1), Error::<Test>::LengthUnfit);
		assert_ok!(length(365 * DAY));
	});
}

#[test]
fn the_time_to_answer_is_ahead_and_not_too_far() {
	execute(|| {
		let by = |answer_by| Wish { answer_by, ..Wish::default() }.by(Charlie);
		assert_noop!(by(START), Error::<Test>::AnswerTimeUnfit);
		assert_noop!(by(START + 90 * DAY + 1), Error::<Test>::AnswerTimeUnfit);
		assert_ok!(by(START + 90 * DAY));
	});
}

#[test]
fn one_waits_for_a_pair() {
	execute(|| {
		let first = asked_by(Charlie, Wish::default());
		assert_noop!(Wish::default().by(Charlie), Error::<Test>::DuplicateRequest);
		go_to(START + DAY - 1);
		assert_noop!(Wish::default().by(Charlie), Error::<Test>::DuplicateRequest);
		// The one that ran out makes room, and its deposit comes back.
		let deposit = held(Charlie);
		go_to(START + DAY);
		let second = asked_by(Charlie, Wish::default());
		assert_eq!(held(Charlie), deposit);
		assert_eq!(Consent::request(first), None);
		assert_eq!(waiting_for_alice(), [second]);
		let lapsed = Event::RequestLapsed { request: first, subject: identity(Alice) };
		assert!(events().contains(&lapsed));
	});
}

#[test]
fn so_many_wait_for_a_subject() {
	execute(|| {
		strangers_fill_the_list();
		newcomer(BobStash, IdentityKind::Patient);
		assert_noop!(Wish::default().by(BobStash), Error::<Test>::TooManyRequests);
		// What ran out keeps nobody out, swept or not.
		go_to(START + DAY);
		assert_ok!(Wish::default().by(BobStash));
		assert_eq!(Consent::inbox(identity(Alice)).requests.len(), 1);
	});
}

/// Somebody who was not there before, with as much as the others have.
fn newcomer(who: Sr25519Keyring, kind: IdentityKind) {
	use frame_support::traits::Currency;
	Identities::set(account(who), identity(who), kind);
	let _ = <Balances as Currency<_>>::deposit_creating(&account(who), FUNDS);
}

/// Six whom nobody stands behind, the first of them Charlie.
fn strangers_fill_the_list() {
	for who in [Charlie, Bob, Dave, Eve, Ferdie, One] {
		assert_ok!(Wish::default().by(who));
	}
}

/// A nurse at Eve's.
fn nurse(who: Sr25519Keyring) {
	newcomer(who, IdentityKind::Practitioner);
	Accreditations::affiliate(identity(who), &[(identity(Eve), Role::Nurse)]);
}

#[test]
fn who_treats_takes_the_place_of_the_oldest_that_nobody_stands_behind() {
	execute(|| {
		strangers_fill_the_list();
		let (first, deposit) = (RequestId(0), held(Charlie));
		assert!(0 < deposit);
		nurse(BobStash);
		let id = asked_by(BobStash, Wish::default());
		assert_eq!(waiting_for_alice(), [1, 2, 3, 4, 5, id.0].map(RequestId));
		assert_eq!(Consent::request(first), None);
		assert_eq!((held(Charlie), held(BobStash)), (0, deposit));
		let told = Event::RequestDisplaced { request: first, subject: identity(Alice), by: id };
		assert!(events().contains(&told));
		assert!(!Deadlines::<Test>::contains_key(hour_of(START + DAY), Due::Request(first)));
		// It can ask again when there is room, and displaces nobody itself.
		assert_noop!(Wish::default().by(Charlie), Error::<Test>::TooManyRequests);
		assert_ok!(Consent::decline_request(signed(Alice), RequestId(1)));
		assert_ok!(Wish::default().by(Charlie));
	});
}

#[test]
fn an_organisation_licensed_for_care_has_itself_behind_it() {
	execute(|| {
		for who in [Charlie, Bob, Dave, Ferdie, One] {
			assert_ok!(Wish::default().by(who));
		}
		newcomer(BobStash, IdentityKind::Organisation);
		newcomer(CharlieStash, IdentityKind::Organisation);
		assert_ok!(Wish::default().by(BobStash));
		assert_noop!(Wish::default().by(Eve), Error::<Test>::TooManyRequests);
		assert_noop!(Wish::default().by(CharlieStash), Error::<Test>::TooManyRequests);
		let pharmacy = salus_primitives::AccreditationKind::PharmacyLicence;
		Accreditations::always(identity(CharlieStash), pharmacy);
		assert_ok!(Wish::default().by(CharlieStash));
		assert_eq!(Consent::request(RequestId(0)), None);
	});
}

#[test]
fn an_organisation_and_its_people_have_a_share_of_the_list() {
	execute(|| {
		for who in [AliceStash, BobStash, CharlieStash] {
			nurse(who);
			assert_ok!(Wish::default().by(who));
		}
		let for_eve = || Wish { on_behalf: Some(Eve), ..Wish::default() };
		assert_ok!(for_eve().by(BobStash));
		nurse(DaveStash);
		let fifth = Wish::default().by(DaveStash);
		assert_noop!(fifth, Error::<Test>::TooManyRequestsOfOrganisation);
		// Another house has its own share, and so has who works at none.
		Accreditations::affiliate(identity(DaveStash), &[(identity(Ferdie), Role::Nurse)]);
		assert_ok!(Wish::default().by(DaveStash));
		assert_ok!(Wish::default().by(Dave));
		// One that is answered frees its part of the share.
		assert_ok!(Consent::decline_request(signed(Alice), RequestId(0)));
		nurse(EveStash);
		assert_ok!(Wish::default().by(EveStash));
	});
}

#[test]
fn of_two_employers_it_is_the_share_of_the_same_one() {
	execute(|| {
		let both = [(identity(Eve), Role::Nurse), (identity(Ferdie), Role::Nurse)];
		let lower = identity(Eve).min(identity(Ferdie));
		for (who, order) in [(AliceStash, [0, 1]), (BobStash, [1, 0])] {
			newcomer(who, IdentityKind::Practitioner);
			Accreditations::affiliate(identity(who), &order.map(|number| both[number]));
			assert_ok!(Wish::default().by(who));
		}
		let behind: Vec<_> = SubjectRequests::<Test>::get(identity(Alice))
			.into_iter()
			.map(|place| place.behind)
			.collect();
		assert_eq!(behind, [Some(lower); 2]);
	});
}

#[test]
fn nobody_who_treats_is_displaced() {
	execute(|| {
		let houses = [(AliceStash, Eve), (BobStash, Ferdie), (CharlieStash, One)];
		for (who, house) in houses {
			newcomer(who, IdentityKind::Practitioner);
			Accreditations::affiliate(identity(who), &[(identity(house), Role::Nurse)]);
			assert_ok!(Wish::default().by(who));
			assert_ok!(Wish { on_behalf: Some(house), ..Wish::default() }.by(who));
		}
		nurse(DaveStash);
		assert_noop!(Wish::default().by(DaveStash), Error::<Test>::TooManyRequests);
	});
}

#[test]
fn needs_the_deposit() {
	execute(|| {
		use frame_support::traits::{Currency, ExistenceRequirement::AllowDeath};
		<Balances as Currency<_>>::transfer(
			&account(Charlie),
			&account(Bob),
			FUNDS - 5,
			AllowDeath,
		)
		.unwrap();
		let poor = sp_runtime::TokenError::FundsUnavailable;
		assert_noop!(Wish::default().by(Charlie), poor);
	});
}
