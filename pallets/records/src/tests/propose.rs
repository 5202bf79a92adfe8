// SPDX-License-Identifier: Apache-2.0

use super::*;
use codec::MaxEncodedLen;
use salus_primitives::{AccreditationKind, Window};
use salus_test_support::{Identities, OpenCompartments};

#[test]
fn files_a_record_that_waits() {
	build_and_execute(|| {
		let note = note(1);
		assert_ok!(note.propose());

		let record = Records::<Test>::get(note.id()).unwrap();
		assert_eq!(record.status(START), RecordStatus::InProcess);
		assert_eq!(record.subject, identity(PATIENT));
		assert_eq!(record.author, identity(DOCTOR));
		assert_eq!(record.organisation, Some(identity(HOSPITAL)));
		assert_eq!((record.created, record.seq, record.newest), (START, 0, 1));
		assert_eq!(record.current.key, Some(note.key));
		let stage = Stage::Open { deadline: START + DAY, policy: CLINICAL };
		assert_eq!(record.current.stage, stage);
		assert_eq!(SubjectRecords::<Test>::get(identity(PATIENT), 0), Some(note.id()));
		assert_eq!(
			events(),
			[Event::RecordProposed {
				record: note.id(),
				subject: identity(PATIENT),
				author: identity(DOCTOR),
				organisation: Some(identity(HOSPITAL)),
				class: RecordClass::Clinical,
				compartment: 0,
				content: note.hash(),
				body: note.body,
				padded_len: 512,
				epoch: EPOCH,
				deadline: START + DAY,
			}]
		);
	});
}

#[test]
fn holds_rent_from_the_payer_for_the_row_and_the_object() {
	build_and_execute(|| {
		assert_ok!(note(1).propose());
		let row = 100 + RecordOf::<Test>::max_encoded_len() as u64;
		assert_eq!(held(DOCTOR), row);
		assert_eq!(current(note(1).id()).deposit.unwrap().depositor, account(DOCTOR));

		let object = object(512, 1);
		let len = object.len() as u64;
		assert_ok!(Draft { content: inline(object), ..note(2) }.propose());
		assert_eq!(held(DOCTOR), 2 * row + len);
	});
}

#[test]
fn refuses_a_payer_who_cannot_pay_the_rent() {
	build_and_execute(|| {
		let poor = account(DOCTOR);
		use frame_support::traits::fungible::Mutate;
		Balances::set_balance(&poor, 10);
		assert_noop!(note(1).propose(), sp_runtime::TokenError::FundsUnavailable);
	});
}

#[test]
fn a_patient_pays_nothing_and_takes_a_place() {
	build_and_execute(|| {
		assert_ok!(reading(1).propose());
		assert_eq!(held(PATIENT), 0);
		assert_eq!(places(PATIENT), [(reading(1).id(), START + 7 * DAY)]);
	});
}

#[test]
fn a_patient_has_so_many_places_until_they_lapse() {
	build_and_execute(|| {
		for number in 0..MAX_OPEN as u8 {
			assert_ok!(reading(number).propose());
		}
		assert_noop!(reading(100).propose(), E::TooManyOpenProposals);
		set_time(START + 7 * DAY - 1);
		assert_noop!(reading(100).propose(), E::TooManyOpenProposals);
		set_time(START + 7 * DAY);
		assert_ok!(reading(100).propose());
		assert_eq!(places(PATIENT).len(), 1);
	});
}

#[test]
fn an_organisation_files_for_itself_named_or_not() {
	build_and_execute(|| {
		assert_ok!(result(1).propose());
		let itself = Some(identity(LABORATORY));
		assert_ok!(Draft { organisation: itself, ..result(2) }.propose());
		for number in [1, 2] {
			let record = Records::<Test>::get(result(number).id()).unwrap();
			assert_eq!(record.organisation, itself);
		}
		let other = Draft { organisation: Some(identity(HOSPITAL)), ..result(3) };
		assert_noop!(other.propose(), E::OrganisationNotYours);
	});
}

#[test]
fn an_organisation_needs_a_licence_in_force() {
	build_and_execute(|| {
		let kind = AccreditationKind::LaboratoryAccreditation;
		let window = Window::new(START, START + 10).unwrap();
		Accreditations::set(identity(LABORATORY), kind, window);
		set_time(START + 9);
		assert_ok!(result(1).propose());
		set_time(START + 10);
		assert_noop!(result(2).propose(), E::NotAccredited);
		Accreditations::always(identity(LABORATORY), AccreditationKind::DataCustodian);
		assert_noop!(result(2).propose(), E::NotAccredited);
		Accreditations::always(identity(LABORATORY), AccreditationKind::PharmacyLicence);
		assert_ok!(result(2).propose());
	});
}

#[test]
fn a_patient_files_for_itself_only() {
	build_and_execute(|| {
		let about_another = Draft { subject: identity(OTHER_PATIENT), ..reading(1) };
		assert_noop!(about_another.propose(), E::NotOwnRecord);
		let for_hospital = Draft { organisation: Some(identity(HOSPITAL)), ..reading(1) };
		assert_noop!(for_hospital.propose(), E::OrganisationNotYours);
	});
}

#[test]
fn a_practitioner_names_where_they_work() {
	build_and_execute(|| {
		let nowhere = Draft { organisation: None, ..note(1) };
		assert_noop!(nowhere.propose(), E::OrganisationMissing);
		let elsewhere = Draft { organisation: Some(identity(OTHER_HOSPITAL)), ..note(1) };
		assert_noop!(elsewhere.propose(), E::NotAffiliated);
		Accreditations::affiliate(identity(DOCTOR), &[]);
		assert_noop!(note(1).propose(), E::NotAffiliated);
	});
}

#[test]
fn devices_and_accounts_without_identity_file_nothing() {
	build_and_execute(|| {
		let by_device = Draft { author: DEVICE, ..note(1) };
		assert_noop!(by_device.propose(), E::KindCannotFile);
		let by_nobody = Draft { author: NOBODY, ..note(1) };
		assert_noop!(by_nobody.propose(), sp_runtime::DispatchError::BadOrigin);
	});
}

#[test]
fn the_subject_is_an_active_patient() {
	build_and_execute(|| {
		for subject in [IdentityId([9; 32]), identity(HOSPITAL)] {
			assert_noop!(Draft { subject, ..note(1) }.propose(), E::UnknownSubject);
		}
		Identities::deactivate(identity(PATIENT));
		assert_noop!(note(1).propose(), E::UnknownSubject);
	});
}

#[test]
fn a_class_without_policy_is_closed() {
	build_and_execute(|| {
		let genome = Draft { class: RecordClass::Genomic, ..note(1) };
		assert_noop!(genome.propose(), E::NoPolicy);
	});
}

#[test]
fn the_key_is_sealed_to_the_current_epoch_of_an_open_compartment() {
	build_and_execute(|| {
		let closed = Draft { compartment: 1, ..note(1) };
		assert_noop!(closed.propose(), E::CompartmentNotOpen);
		for epoch in [EPOCH - 1, EPOCH + 1] {
			let stale = Draft { key: RecordKey { epoch, wrap: [0; 80] }, ..note(1) };
			assert_noop!(stale.propose(), E::StaleEpoch);
		}
		OpenCompartments::set(identity(PATIENT), 0, EPOCH + 1);
		assert_noop!(note(1).propose(), E::StaleEpoch);
	});
}

#[test]
fn a_nonce_serves_once_per_author_and_place() {
	build_and_execute(|| {
		assert_ok!(note(1).propose());
		let same_nonce = Draft { content: note(2).content, ..note(1) };
		assert_noop!(same_nonce.propose(), E::RecordExists);

		let colleague = Draft { author: COLLEAGUE, ..same_nonce };
		assert_ne!(colleague.id(), note(1).id());
		assert_ok!(colleague.propose());
		let other_patient =
			Draft { subject: identity(OTHER_PATIENT), content: note(3).content, ..note(1) };
		assert_ok!(other_patient.propose());
	});
}

#[test]
fn an_object_belongs_to_one_record() {
	build_and_execute(|| {
		anchored_note(1);
		let same_object = Draft { content: note(1).content, ..note(2) };
		assert_noop!(same_object.propose(), E::ContentAlreadyAnchored);

		let inline = Draft { content: inline(object(512, 1)), ..note(3) };
		assert_ok!(inline.anchor(vec![inline.vouched(HOSPITAL, Source)]));
		let claimed = Content::External { hash: inline.hash() };
		assert_noop!(Draft { content: claimed, ..note(4) }.propose(), E::ContentAlreadyAnchored);
	});
}

#[test]
fn a_padded_length_is_one_of_padmes() {
	build_and_execute(|| {
		for padded_len in [0, 511, 513, 1025, u64::MAX] {
			assert_noop!(Draft { padded_len, ..note(1) }.propose(), E::BadPaddedLength);
		}
		for (number, padded_len) in [(1, 512), (2, 544), (3, 1 << 40)] {
			assert_ok!(Draft { padded_len, ..note(number) }.propose());
		}
		// Padmé's own, yet with header and tags longer than can be counted.
		let enormous = padme(u64::MAX - (1 << 58)).unwrap();
		assert!(is_padded_len(enormous));
		let content = inline(object(512, 0));
		let draft = Draft { padded_len: enormous, content, ..note(4) };
		assert_noop!(draft.propose(), E::ContentLengthMismatch);
	});
}

#[test]
fn an_inline_object_is_kept_with_the_hash_of_its_bytes() {
	build_and_execute(|| {
		let bytes = object(1920, 5);
		assert_eq!(bytes.len(), 2008);
		let note = Draft { content: inline(bytes.clone()), padded_len: 1920, ..note(1) };
		assert_ok!(note.propose());
		let hash = ContentHash(sp_io::hashing::blake2_256(&bytes));
		assert_eq!(current(note.id()).content, hash);
		assert!(current(note.id()).inline);
		assert_eq!(Objects::<Test>::get(note.id(), 1).unwrap().into_inner(), bytes);
	});
}

#[test]
fn an_inline_object_is_as_long_as_it_says() {
	build_and_execute(|| {
		for (len, padded_len) in [(0, 512), (599, 512), (601, 512), (2048, 1920)] {
			let mut bytes = object(1920, 1);
			bytes.resize(len, 1);
			let draft = Draft { content: inline(bytes), padded_len, ..note(1) };
			assert_noop!(draft.propose(), E::ContentLengthMismatch);
		}
		assert!(InlineObject::try_from(vec![0; MAX_INLINE as usize + 1]).is_err());
	});
}

#[test]
fn an_inline_object_is_sealed() {
	build_and_execute(|| {
		let mut plain = object(512, b' ');
		plain[..8].copy_from_slice(b"{\"name\":");
		assert_noop!(Draft { content: inline(plain), ..note(1) }.propose(), E::NotSealed);
	});
}

#[test]
fn a_subject_cannot_have_more_records_than_can_be_counted() {
	// The count is set by hand, so the invariants do not hold.
	new_test_ext().execute_with(|| {
		SubjectRecordCount::<Test>::insert(identity(PATIENT), u32::MAX);
		assert_noop!(note(1).propose(), sp_runtime::ArithmeticError::Overflow);
	});
}
