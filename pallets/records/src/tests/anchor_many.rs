// SPDX-License-Identifier: Apache-2.0

use super::*;
use salus_primitives::AccreditationKind;
use salus_test_support::OpenCompartments;

fn many(
	who: Sr25519Keyring,
	organisation: Option<Sr25519Keyring>,
	records: Vec<NewRecordOf<Test>>,
) -> DispatchResult {
	let organisation = organisation.map(identity);
	HealthRecords::anchor_many(origin(who), organisation, records.try_into().unwrap())
}

/// The note, with the signature of the hospital's gateway.
fn vouched(note: &Draft) -> NewRecordOf<Test> {
	note.one_of_many(vec![note.vouched(HOSPITAL, Source)])
}

fn notes(numbers: impl IntoIterator<Item = u8>) -> Vec<NewRecordOf<Test>> {
	numbers.into_iter().map(|number| vouched(&note(number))).collect()
}

/// Asserts that the doctor cannot file two good notes and this one, in whatever order.
fn refused(bad: NewRecordOf<Test>, error: E) {
	let error = sp_runtime::DispatchError::from(error);
	for place in 0..3 {
		let mut records = notes([101, 102]);
		records.insert(place, bad.clone());
		assert_noop!(many(DOCTOR, Some(HOSPITAL), records), error);
	}
}

#[test]
fn anchors_all_with_an_event_each() {
	build_and_execute(|| {
		let drafts = [note(1), note(2)];
		assert_ok!(many(DOCTOR, Some(HOSPITAL), notes([1, 2])));

		let mut expected = Vec::new();
		for draft in &drafts {
			assert_eq!(status(draft.id()), RecordStatus::Validated);
			expected.push(Event::AttestationAdded {
				record: draft.id(),
				version: 1,
				validator: identity(HOSPITAL),
				organisations: Default::default(),
				kind: Source,
				verdict: Verdict::Pass,
				evidence: Digest([7; 32]),
			});
			expected.push(Event::RecordAnchored {
				record: draft.id(),
				version: 1,
				subject: identity(PATIENT),
				author: identity(DOCTOR),
				organisation: Some(identity(HOSPITAL)),
				class: RecordClass::Clinical,
				compartment: 0,
				content: draft.hash(),
				body: draft.body,
				padded_len: 512,
			});
		}
		assert_eq!(events(), expected);
		assert_eq!(held(DOCTOR), 2 * rents().0);
	});
}

#[test]
fn leaves_what_filing_one_by_one_leaves() {
	let drafts: Vec<_> = (1..=6u8)
		.map(|number| match number % 3 {
			0 => Draft { content: inline(object(512, number)), ..note(number) },
			1 => Draft { subject: identity(OTHER_PATIENT), ..note(number) },
			_ => Draft { class: RecordClass::DeviceData, ..note(number) },
		})
		.collect();
	let verdict = |draft: &Draft| match draft.class {
		RecordClass::DeviceData => vec![draft.vouched(COLLEAGUE, Accuracy)],
		_ => vec![draft.vouched(HOSPITAL, Source)],
	};
	let root_after = |file: &dyn Fn()| {
		let mut root = Vec::new();
		build_and_execute(|| {
			file();
			System::reset_events();
			root = sp_io::storage::root(sp_runtime::StateVersion::V1);
		});
		root
	};
	let one_by_one = root_after(&|| {
		for draft in &drafts {
			assert_ok!(draft.anchor(verdict(draft)));
		}
	});
	let at_once = root_after(&|| {
		let records = drafts.iter().map(|draft| draft.one_of_many(verdict(draft))).collect();
		assert_ok!(many(DOCTOR, Some(HOSPITAL), records));
	});
	assert_eq!(at_once, one_by_one);
}

#[test]
fn takes_a_hundred_and_no_more() {
	build_and_execute(|| {
		let mut records = notes(0..100);
		assert_ok!(many(DOCTOR, Some(HOSPITAL), records.clone()));
		assert_eq!(SubjectRecordCount::<Test>::get(identity(PATIENT)), MAX_RECORDS);
		records.extend(notes([100]));
		assert!(BoundedVec::<_, ConstU32<MAX_RECORDS>>::try_from(records).is_err());
		assert_noop!(many(DOCTOR, Some(HOSPITAL), vec![]), E::NothingNamed);
	});
}

#[test]
fn takes_records_of_several_patients_and_classes() {
	build_and_execute(|| {
		add_other_lab();
		let other = Draft { subject: identity(OTHER_PATIENT), organisation: None, ..result(2) };
		let records = [result(1), other.clone()]
			.map(|result| result.one_of_many(result.fully_vouched()))
			.to_vec();
		assert_ok!(many(LABORATORY, None, records));
		assert_eq!(current(other.id()).attestations.len(), 4);
		let record = Records::<Test>::get(other.id()).unwrap();
		assert_eq!(record.organisation, Some(identity(LABORATORY)));
		assert_eq!((record.subject, record.seq), (identity(OTHER_PATIENT), 0));
	});
}

#[test]
fn each_is_checked_against_those_before_it() {
	build_and_execute(|| {
		let same_place = Draft { content: note(9).content, ..note(101) };
		refused(vouched(&same_place), E::RecordExists);
		let same_object = Draft { content: note(101).content, ..note(9) };
		refused(vouched(&same_object), E::ContentAlreadyAnchored);
	});
}

#[test]
fn one_that_is_refused_undoes_all() {
	build_and_execute(|| {
		add_other_lab();
		refused(note(1).one_of_many(vec![]), E::PolicyNotMet);
		refused(vouched(&Draft { padded_len: 513, ..note(1) }), E::BadPaddedLength);
		refused(vouched(&Draft { compartment: 1, ..note(1) }), E::CompartmentNotOpen);
		refused(vouched(&Draft { subject: identity(HOSPITAL), ..note(1) }), E::UnknownSubject);
		refused(vouched(&Draft { class: RecordClass::Genomic, ..note(1) }), E::NoPolicy);
		let stale = RecordKey { epoch: EPOCH - 1, wrap: [0; 80] };
		refused(vouched(&Draft { key: stale, ..note(1) }), E::StaleEpoch);
		let plain = Draft { content: inline(vec![b' '; 600]), ..note(1) };
		refused(vouched(&plain), E::NotSealed);
		let long = Draft { padded_len: 544, content: inline(object(512, 1)), ..note(1) };
		refused(vouched(&long), E::ContentLengthMismatch);
		// A verdict for the one beside it.
		let swapped = note(1).one_of_many(vec![note(101).vouched(HOSPITAL, Source)]);
		refused(swapped, E::BadAttestationSignature);
		let wrong = note(1).one_of_many(vec![note(1).vouched(DOCTOR, Source)]);
		refused(wrong, E::AttestorNotQualified);
		let unknown = note(1).one_of_many(vec![note(1).vouched(NOBODY, Source)]);
		refused(unknown, E::UnknownAttestor);
		let mut fails = note(1).statement(note(1).id(), 1, Source);
		fails.verdict = Verdict::Fail;
		refused(note(1).one_of_many(vec![signed(HOSPITAL, &fails)]), E::FailingVerdict);
		let mut late = note(1).statement(note(1).id(), 1, Source);
		late.expires = START;
		refused(note(1).one_of_many(vec![signed(HOSPITAL, &late)]), E::AttestationExpired);
	});
}

#[test]
fn a_validator_who_qualifies_for_one_class_does_not_for_another() {
	build_and_execute(|| {
		// The doctor's verdict on a reading counts, and is looked up first.
		let reading = Draft { class: RecordClass::DeviceData, ..note(1) };
		let good = reading.one_of_many(vec![reading.vouched(COLLEAGUE, Accuracy)]);
		let bad = note(2).one_of_many(vec![note(2).vouched(COLLEAGUE, Source)]);
		assert_noop!(many(DOCTOR, Some(HOSPITAL), vec![good, bad]), E::AttestorNotQualified);
	});
}

#[test]
fn who_may_file_is_asked_once_for_all() {
	build_and_execute(|| {
		assert_noop!(many(DOCTOR, None, notes([1])), E::OrganisationMissing);
		assert_noop!(many(DOCTOR, Some(OTHER_HOSPITAL), notes([1])), E::NotAffiliated);
		assert_noop!(many(DEVICE, None, notes([1])), E::KindCannotFile);
		assert_noop!(many(HOSPITAL, Some(LABORATORY), notes([1])), E::OrganisationNotYours);
		assert_noop!(many(NOBODY, None, notes([1])), sp_runtime::DispatchError::BadOrigin);
		Accreditations::remove(identity(HOSPITAL), AccreditationKind::FacilityLicence);
		assert_noop!(many(HOSPITAL, None, notes([1])), E::NotAccredited);
	});
}

#[test]
fn a_patient_files_many_of_its_own_free_of_rent_and_places() {
	build_and_execute(|| {
		let own = |number| {
			let reading = reading(number);
			reading.one_of_many(vec![reading.vouched(DOCTOR, Accuracy)])
		};
		let records: Vec<_> = (0..10).map(own).collect();
		assert_ok!(many(PATIENT, None, records));
		assert_eq!(held(PATIENT), 0);
		assert_eq!(places(PATIENT), []);

		let foreign = Draft { subject: identity(OTHER_PATIENT), ..reading(20) };
		let foreign = foreign.one_of_many(vec![foreign.vouched(DOCTOR, Accuracy)]);
		assert_noop!(many(PATIENT, None, vec![own(21), foreign]), E::NotOwnRecord);
		assert_noop!(many(PATIENT, Some(HOSPITAL), vec![own(21)]), E::OrganisationNotYours);
	});
}

#[test]
fn independent_verdicts_are_asked_for_in_each() {
	build_and_execute(|| {
		add_other_lab();
		let both = |number: u8| {
			let result = result(number);
			let mut bundle = result.fully_vouched();
			bundle[1] = result.vouched(COLLEAGUE, Accuracy);
			(result.one_of_many(result.fully_vouched()), result.one_of_many(bundle))
		};
		let ((good, _), (_, bad)) = (both(1), both(2));
		assert_noop!(many(LABORATORY, None, vec![good, bad]), E::AttestorsNotIndependent);
		let (good, other) = (both(1).0, both(2).0);
		assert_ok!(many(LABORATORY, None, vec![good, other]));
		let given = current(result(2).id()).attestations;
		assert!(given.iter().any(|one| one.organisations[..] == [identity(OTHER_HOSPITAL)]));
	});
}

#[test]
fn who_cannot_pay_for_all_files_none() {
	build_and_execute(|| {
		use frame_support::traits::fungible::Mutate;
		Balances::set_balance(&account(DOCTOR), rents().0 * 2);
		let short = sp_runtime::TokenError::FundsUnavailable;
		assert_noop!(many(DOCTOR, Some(HOSPITAL), notes([1, 2])), short);
		assert_ok!(many(DOCTOR, Some(HOSPITAL), notes([1])));
	});
}

#[test]
fn what_is_asked_for_weighs() {
	new_test_ext().execute_with(|| {
		add_other_lab();
		OpenCompartments::set(identity(PATIENT), 1, EPOCH);
		let weigh = |records: &[NewRecordOf<Test>]| HealthRecords::weight_of_many(records);
		let result = result(1);
		let three = result.fully_vouched()[..3].to_vec();
		let (three, four) = (result.one_of_many(three), result.one_of_many(result.fully_vouched()));
		let sealed = Draft { content: inline(object(512, 1)), ..note(1) };

		let one = weigh(&notes([1]));
		assert!(weigh(&notes([1, 2])).ref_time() > one.ref_time());
		assert!(weigh(&[four]).ref_time() > weigh(&[three]).ref_time());
		assert!(weigh(&[vouched(&sealed)]).ref_time() > one.ref_time());
		// Two validators weigh more than one who judges twice the same.
		let alone = Draft { ..note(2) };
		let other = alone.one_of_many(vec![alone.vouched(OTHER_HOSPITAL, Source)]);
		let two = [vouched(&note(1)), other];
		assert!(weigh(&two).ref_time() > weigh(&notes([1, 2])).ref_time());
		assert!(weigh(&[]).ref_time() > 0);
	});
}
