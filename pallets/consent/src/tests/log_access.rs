// SPDX-License-Identifier: Apache-2.0

use super::{emergency::HOUR, *};
use salus_primitives::blake2_256;

fn head_of(entries: &[AccessEntry]) -> AccessHead {
	entries.iter().fold(AccessHead::default(), |head, entry| head.advance(blake2_256, entry))
}

/// The entries that events carry, in order.
fn announced() -> Vec<AccessEntry> {
	events()
		.into_iter()
		.filter_map(|event| match event {
			Event::AccessLogged { entry, .. } | Event::AccessDenied { entry, .. } => Some(entry),
			_ => None,
		})
		.collect()
}

#[test]
fn a_permit_moves_the_head_and_is_announced() {
	execute(|| {
		let id = Offer::default().make();
		go_to(START + 7);
		assert_ok!(log(question(Charlie, RESULT), permit(id)));
		let entry = AccessEntry {
			question: question(Charlie, RESULT),
			decision: permit(id),
			recorder: identity(One),
			at: START + 7,
			event: Digest([0xee; 32]),
		};
		let head = head_of(&[entry]);
		assert_eq!(Consent::access_head(identity(Alice)), head);
		assert_eq!(AccessLog::<Test>::get(identity(Alice), 0), Some(entry));
		let subject = identity(Alice);
		let event = Event::AccessLogged { subject, number: 0, entry, head: head.hash };
		assert_eq!(last_event(), event);
	});
}

#[test]
fn a_denial_is_a_fact_and_no_error() {
	execute(|| {
		for reason in [
			DenyReason::NoGrant,
			DenyReason::UnknownReader,
			DenyReason::UnknownRecord,
			DenyReason::Grant(GrantId(404)),
		] {
			assert_ok!(log(question(Two, RESULT), AccessDecision::Deny(reason)));
		}
		assert_eq!(Consent::access_head(identity(Alice)), head_of(&announced()));
		assert_eq!(Consent::access_head(identity(Alice)).count, 4);
		let Event::AccessDenied { number: 3, entry, .. } = last_event() else {
			panic!("a denial is announced as such");
		};
		assert_eq!(entry.decision, denied_by(GrantId(404)));
	});
}

#[test]
fn only_custodians_record() {
	execute(|| {
		let by = |origin| {
			let AccessQuestion { reader, record, purpose, action } = question(Two, RESULT);
			let event = Digest([0xee; 32]);
			Consent::log_access(origin, reader, record, purpose, action, NO_GRANT, event)
		};
		for origin in [signed(Alice), signed(Eve), signed(Two), RuntimeOrigin::root()] {
			assert_noop!(by(origin), BadOrigin);
		}
		assert_ok!(by(signed(One)));
		let window = Window { from: 0, until: START + 1 };
		let kind = salus_primitives::AccreditationKind::DataCustodian;
		Accreditations::set(identity(One), kind, window);
		assert_ok!(by(signed(One)));
		go_to(START + 1);
		assert_noop!(by(signed(One)), BadOrigin);
	});
}

#[test]
fn an_unknown_record_has_no_log() {
	execute(|| {
		let unknown = question(Charlie, RecordId([9; 32]));
		let decision = AccessDecision::Deny(DenyReason::UnknownRecord);
		assert_noop!(log(unknown, decision), Error::<Test>::RecordNotFound);
	});
}

#[test]
fn the_subject_and_the_author_are_who_they_are_said_to_be() {
	execute(|| {
		Accreditations::affiliate(identity(Bob), &[(identity(Eve), Role::Physician)]);
		assert_ok!(log(question(Alice, RESULT), BY_SUBJECT));
		assert_noop!(log(question(Charlie, RESULT), BY_SUBJECT), Error::<Test>::NotTheSubject);
		assert_noop!(log(question(Alice, DAVES), BY_SUBJECT), Error::<Test>::NotTheSubject);
		assert_ok!(log(question(Bob, ENTRY), BY_AUTHOR));
		assert_ok!(log(question(Eve, ENTRY), BY_AUTHOR));
		assert_noop!(log(question(Charlie, ENTRY), BY_AUTHOR), Error::<Test>::NotTheAuthor);
		assert_noop!(log(question(Bob, RESULT), BY_AUTHOR), Error::<Test>::NotTheAuthor);
		let research = AccessQuestion { purpose: Purpose::Hresch, ..question(Bob, ENTRY) };
		assert_noop!(log(research, BY_AUTHOR), Error::<Test>::NotTheAuthor);
		AuthorAccess::set(false);
		assert_noop!(log(question(Bob, ENTRY), BY_AUTHOR), Error::<Test>::NotTheAuthor);
	});
}

#[test]
fn a_grant_has_to_match_what_was_read() {
	execute(|| {
		let id = Offer::default().make();
		let asked = question(Charlie, RESULT);
		let mismatch: sp_runtime::DispatchError = Error::<Test>::GrantMismatch.into();
		assert_noop!(log(asked, permit(GrantId(404))), Error::<Test>::GrantNotFound);
		assert_noop!(log(question(Dave, RESULT), permit(id)), mismatch);
		assert_noop!(log(question(Charlie, DAVES), permit(id)), mismatch);
		assert_noop!(log(question(Charlie, NOTE), permit(id)), mismatch);
		let purpose = Purpose::Hresch;
		assert_noop!(log(AccessQuestion { purpose, ..asked }, permit(id)), mismatch);
		let action = Action::Disclose;
		assert_noop!(log(AccessQuestion { action, ..asked }, permit(id)), mismatch);
		let denial = Offer::default().deny().make();
		assert_noop!(log(asked, permit(denial)), mismatch);
		let tomorrow = Window { from: START + 1, until: START + 9 };
		let later = Offer { window: tomorrow, ..Offer::default() }.make();
		assert_noop!(log(asked, permit(later)), mismatch);
		assert_ok!(log(asked, permit(id)));
	});
}

#[test]
fn a_record_of_another_subject_goes_to_that_subjects_log() {
	execute(|| {
		assert_ok!(log(question(Charlie, DAVES), NO_GRANT));
		assert_eq!(Consent::access_head(identity(Alice)).count, 0);
		assert_eq!(Consent::access_head(identity(Dave)).count, 1);
	});
}

#[test]
fn an_access_just_before_the_end_can_still_be_recorded() {
	execute(|| {
		let short = Window { from: START, until: START + 100 };
		let expiring = Offer { window: short, ..Offer::default() }.make();
		let revoked = Offer::default().make();
		go_to(START + 99);
		assert_ok!(revoke(revoked));

		// Windows are half-open, and the delay is 60 000 ms.
		go_to(START + 99 + 60_000);
		assert_ok!(log(question(Charlie, RESULT), permit(expiring)));
		assert_ok!(log(question(Charlie, RESULT), permit(revoked)));
		go_to(START + 100 + 60_000);
		for gone in [expiring, revoked] {
			let late = log(question(Charlie, RESULT), permit(gone));
			assert_noop!(late, Error::<Test>::GrantMismatch);
		}
	});
}

#[test]
fn a_reader_that_was_closed_since_can_still_be_recorded() {
	execute(|| {
		let own = Offer::default().make();
		let ours = Offer::to(organisation(Eve)).make();
		Accreditations::affiliate(identity(Charlie), &[(identity(Eve), Role::Nurse)]);
		Identities::deactivate(identity(Charlie));
		assert_ok!(log(question(Charlie, RESULT), permit(own)));
		assert_ok!(log(question(Charlie, RESULT), permit(ours)));
		Accreditations::affiliate(identity(Charlie), &[]);
		let left = log(question(Charlie, RESULT), permit(ours));
		assert_noop!(left, Error::<Test>::GrantMismatch);
	});
}

#[test]
fn each_entry_spends_one_use() {
	execute(|| {
		let id = Offer { uses: Some(2), ..Offer::default() }.make();
		let asked = question(Charlie, RESULT);
		assert_ok!(log(asked, permit(id)));
		assert_eq!(Grants::<Test>::get(id).unwrap().uses_left, Some(1));
		let used = |uses_left| Event::GrantUsed { grant: id, subject: identity(Alice), uses_left };
		assert!(events().contains(&used(1)));
		assert_eq!(ask(Charlie, RESULT), permit(id));
		assert!(Consent::grant_keys(id).is_some());

		assert_ok!(log(asked, permit(id)));
		assert!(events().contains(&used(0)));
		assert_eq!(ask(Charlie, RESULT), NO_GRANT);
		assert_eq!(Consent::grant_keys(id), None);
		assert!(LiveGrants::<Test>::get(identity(Alice)).is_empty());
		let explained = Consent::explain_access_now(&asked);
		assert_eq!(explained.examined[0].mismatch, Some(Mismatch::UsedUp));

		assert_noop!(log(asked, permit(id)), Error::<Test>::NoUsesLeft);
		assert_ok!(log(asked, NO_GRANT));
	});
}

/// What `who` logs of Charlie's access to a record by a grant.
fn log_by(who: Sr25519Keyring, record: RecordId, id: GrantId) -> DispatchResult {
	let AccessQuestion { reader, record, purpose, action } = question(Charlie, record);
	let event = Digest([0xee; 32]);
	Consent::log_access(signed(who), reader, record, purpose, action, permit(id), event)
}

fn accredit(who: Sr25519Keyring) {
	let kind = salus_primitives::AccreditationKind::DataCustodian;
	Accreditations::always(identity(who), kind);
}

#[test]
fn uses_are_spent_by_who_keeps_the_records_key() {
	execute(|| {
		let counted = || Offer { uses: Some(1), ..Offer::default() };
		let (id, free) = (counted().make(), Offer::default().make());
		accredit(Ferdie);
		// Whom nobody named logs, and spends nothing.
		assert_noop!(log_by(Ferdie, RESULT, id), Error::<Test>::NotItsCustodian);
		assert_ok!(log_by(Ferdie, RESULT, free));
		assert_eq!(Grants::<Test>::get(id).unwrap().uses_left, Some(1));
		// The subject names the custodians of what it files itself.
		keep_shares(identity(Alice), Ferdie);
		assert_noop!(log_by(Ferdie, RESULT, id), Error::<Test>::NotItsCustodian);
		keep_shares(OUTSIDER, Ferdie);
		assert_noop!(log_by(One, RESULT, id), Error::<Test>::NotItsCustodian);
		assert_ok!(log_by(Ferdie, RESULT, id));
		assert_eq!(Grants::<Test>::get(id).unwrap().uses_left, Some(0));
	});
}

#[test]
fn where_the_keeper_names_nobody_it_keeps_the_key_itself_or_whom_the_subject_names() {
	execute(|| {
		let counted = || Offer { uses: Some(1), ..Offer::default() }.make();
		let (first, second) = (counted(), counted());
		assert_noop!(log_by(One, ENTRY, first), Error::<Test>::NotItsCustodian);
		// Bob wrote it at Eve's.
		accredit(Eve);
		assert_ok!(log_by(Eve, ENTRY, first));
		keep_shares(identity(Alice), One);
		assert_ok!(log_by(One, ENTRY, second));
		// Eve's word goes before.
		let third = counted();
		keep_shares(identity(Eve), Eve);
		assert_noop!(log_by(One, ENTRY, third), Error::<Test>::NotItsCustodian);
		assert_ok!(log_by(Eve, ENTRY, third));
	});
}

#[test]
fn a_denial_spends_no_use() {
	execute(|| {
		let id = Offer { uses: Some(1), ..Offer::default() }.make();
		assert_ok!(log(question(Dave, RESULT), NO_GRANT));
		assert_ok!(log(question(Charlie, RESULT), denied_by(id)));
		assert_eq!(Grants::<Test>::get(id).unwrap().uses_left, Some(1));
	});
}

#[test]
fn uses_are_spent_after_a_revocation_too() {
	execute(|| {
		let id = Offer { uses: Some(1), ..Offer::default() }.make();
		assert_ok!(revoke(id));
		assert_ok!(log(question(Charlie, RESULT), permit(id)));
		let again = log(question(Charlie, RESULT), permit(id));
		assert_noop!(again, Error::<Test>::NoUsesLeft);
	});
}

#[test]
fn ten_thousand_entries_hash_to_the_head() {
	execute(|| {
		let id = Offer::default().make();
		for number in 0..10_000u32 {
			// As many denials as an hour takes.
			go_to(START + Moment::from(number / (3 * MAX_DENIALS_PER_HOUR)) * HOUR);
			let decision = if number % 3 == 0 { NO_GRANT } else { permit(id) };
			let AccessQuestion { reader, record, purpose, action } = question(Charlie, RESULT);
			let event = Digest(blake2_256(&number.to_le_bytes()));
			let origin = signed(One);
			assert_ok!(Consent::log_access(
				origin, reader, record, purpose, action, decision, event
			));
		}
		let mut entries = announced();
		let head = Consent::access_head(identity(Alice));
		assert_eq!(head_of(&entries), head);
		assert_eq!(head.count, 10_000);

		entries.swap(4_000, 4_002);
		assert_ne!(head_of(&entries), head);
		entries.swap(4_000, 4_002);
		entries.remove(5_000);
		assert_ne!(head_of(&entries), head);
	});
}

#[test]
fn the_ring_keeps_the_last_entries() {
	execute(|| {
		for number in 0..65u8 {
			go_to(START + Moment::from(number) * HOUR);
			assert_ok!(log(question(Charlie, RESULT), NO_GRANT));
		}
		assert_eq!(AccessLog::<Test>::iter_prefix(identity(Alice)).count(), 64);
		// Entry 64 took the slot of entry 0.
		assert_eq!(AccessLog::<Test>::get(identity(Alice), 0).unwrap().at, START + 64 * HOUR);
		assert_eq!(AccessLog::<Test>::get(identity(Alice), 1).unwrap().at, START + HOUR);
	});
}
