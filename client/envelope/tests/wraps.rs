// SPDX-License-Identifier: Apache-2.0
//! Wraps open for whom and for what they were made, and for nothing else.

use salus_envelope::{
	Addressee, AgreementPublic, AgreementSecret, AtRestError, CiphertextHash, CompartmentPublic,
	CompartmentSecret, CustodianShare, EpochContext, IndexKey, KeyEncryptionKey, PrivateKey,
	PublicKey, PublicKeyError, ReaderShare, RecipientHash, RecordContext, Secret, Term, TermError,
	Wrap, WrapError,
};

mod support;
use support::unhex;

const RECORD: RecordContext = RecordContext {
	genesis: [1; 32],
	record: [2; 32],
	version: 3,
	ciphertext_hash: CiphertextHash([4; 32]),
};
const TO: Addressee = Addressee { recipient: RecipientHash([5; 32]), key_version: 6 };
const EPOCH: EpochContext =
	EpochContext { genesis: [1; 32], subject: [7; 32], compartment: 8, epoch: 9 };

#[test]
fn points_of_small_order_are_no_public_keys() {
	for point in [
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
		"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	] {
		let mut point: [u8; 32] = unhex(point);
		// The top bit is ignored by the curve, so it must not help either.
		for top in [0, 0x80] {
			point[31] ^= top;
			assert_eq!(AgreementPublic::from_bytes(point), Err(PublicKeyError::LowOrder));
			assert_eq!(CompartmentPublic::from_bytes(point), Err(PublicKeyError::LowOrder));
		}
	}
	let generated = AgreementSecret::generate().public();
	assert_eq!(AgreementPublic::from_bytes(*generated.as_bytes()), Ok(generated));
}

#[test]
fn a_wrap_with_an_encapsulated_key_of_small_order_does_not_open() {
	let reader = AgreementSecret::generate();
	let wrap = ReaderShare::generate().wrap(&RECORD, &TO, &reader.public()).unwrap();
	for point in
		[[0; 32], unhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
	{
		let mut wrap = wrap;
		wrap.0[..32].copy_from_slice(&point);
		assert_eq!(wrap.open_share(&RECORD, &TO, &reader), Err(WrapError::DoesNotOpen));
	}
}

#[test]
fn a_record_wrap_opens_in_its_own_context_only() {
	let reader = AgreementSecret::generate();
	let share = ReaderShare::generate();
	let wrap = share.wrap(&RECORD, &TO, &reader.public()).unwrap();
	assert_eq!(wrap.open_share(&RECORD, &TO, &reader), Ok(share));

	for record in [
		RecordContext { genesis: [0; 32], ..RECORD },
		RecordContext { record: [0; 32], ..RECORD },
		RecordContext { version: 4, ..RECORD },
		RecordContext { ciphertext_hash: CiphertextHash([0; 32]), ..RECORD },
	] {
		assert_eq!(wrap.open_share(&record, &TO, &reader), Err(WrapError::DoesNotOpen));
	}
	for to in
		[Addressee { recipient: RecipientHash([0; 32]), ..TO }, Addressee { key_version: 7, ..TO }]
	{
		assert_eq!(wrap.open_share(&RECORD, &to, &reader), Err(WrapError::DoesNotOpen));
	}
	let other = AgreementSecret::generate();
	assert_eq!(wrap.open_share(&RECORD, &TO, &other), Err(WrapError::DoesNotOpen));
	for at in [0, 31, 32, 63, 64, 79] {
		let mut altered = wrap;
		altered.0[at] ^= 1;
		assert_eq!(altered.open_share(&RECORD, &TO, &reader), Err(WrapError::DoesNotOpen));
	}
}

#[test]
fn a_compartment_wrap_opens_in_its_own_context_only() {
	let reader = AgreementSecret::generate();
	let secret = CompartmentSecret::generate();
	let public = secret.public();
	let wrap = secret.wrap(&EPOCH, &TO, &reader.public()).unwrap();
	assert_eq!(wrap.open_compartment(&EPOCH, &TO, &reader, &public), Ok(secret));

	for epoch in [
		EpochContext { genesis: [0; 32], ..EPOCH },
		EpochContext { subject: [0; 32], ..EPOCH },
		EpochContext { compartment: 0, ..EPOCH },
		EpochContext { epoch: 8, ..EPOCH },
	] {
		assert_eq!(
			wrap.open_compartment(&epoch, &TO, &reader, &public),
			Err(WrapError::DoesNotOpen)
		);
	}
	let to = Addressee { key_version: 5, ..TO };
	assert_eq!(wrap.open_compartment(&EPOCH, &to, &reader, &public), Err(WrapError::DoesNotOpen));
}

#[test]
fn a_compartment_wrap_must_hold_the_secret_of_its_epoch() {
	let reader = AgreementSecret::generate();
	let announced = CompartmentSecret::generate().public();
	let wrap = CompartmentSecret::generate().wrap(&EPOCH, &TO, &reader.public()).unwrap();
	assert_eq!(
		wrap.open_compartment(&EPOCH, &TO, &reader, &announced),
		Err(WrapError::DifferentSecret)
	);
}

#[test]
fn a_new_member_walks_back_three_epochs() {
	let at = |epoch| EpochContext { epoch, ..EPOCH };
	let secrets: Vec<_> = (0..4).map(|_| CompartmentSecret::generate()).collect();
	// Link n leads from epoch n + 1 back to epoch n.
	let links: Vec<Wrap> = (0..3)
		.map(|old| secrets[old].link(&at(old as u32 + 1), &secrets[old + 1].public()).unwrap())
		.collect();

	let mut secret = secrets[3].clone();
	for old in (0..3).rev() {
		let public = secrets[old].public();
		secret = links[old].open_link(&at(old as u32 + 1), &secret, &public).unwrap();
		assert_eq!(secret, secrets[old]);
	}
}

#[test]
fn a_removed_member_does_not_walk_forward() {
	let at = |epoch| EpochContext { epoch, ..EPOCH };
	let (old, new) = (CompartmentSecret::generate(), CompartmentSecret::generate());
	let reader = AgreementSecret::generate();
	let link = old.link(&at(5), &new.public()).unwrap();
	let wrap_of_new = new.wrap(&at(5), &TO, &reader.public()).unwrap();
	let share = ReaderShare::generate();
	let to_new = Addressee::compartment(&EPOCH.subject, EPOCH.compartment, 5);
	let record_wrap = share.wrap(&RECORD, &to_new, &new.public()).unwrap();

	// All that stands on chain for the new epoch, tried with the old secret and another reader's.
	assert_eq!(link.open_link(&at(5), &old, &old.public()), Err(WrapError::DoesNotOpen));
	assert_eq!(record_wrap.open_share(&RECORD, &to_new, &old), Err(WrapError::DoesNotOpen));
	let removed = AgreementSecret::generate();
	assert_eq!(
		wrap_of_new.open_compartment(&at(5), &TO, &removed, &new.public()),
		Err(WrapError::DoesNotOpen)
	);
	assert_eq!(record_wrap.open_share(&RECORD, &to_new, &new), Ok(share));
}

#[test]
fn a_link_must_hold_the_secret_of_the_epoch_before() {
	let (announced, other, new) = (
		CompartmentSecret::generate(),
		CompartmentSecret::generate(),
		CompartmentSecret::generate(),
	);
	let link = other.link(&EPOCH, &new.public()).unwrap();
	assert_eq!(link.open_link(&EPOCH, &new, &announced.public()), Err(WrapError::DifferentSecret));
	// A wrap that was never a link: the rotation left it out, or filed something else.
	let none = Wrap([0; 80]);
	assert_eq!(none.open_link(&EPOCH, &new, &announced.public()), Err(WrapError::DoesNotOpen));
	let elsewhere = EpochContext { epoch: EPOCH.epoch + 1, ..EPOCH };
	assert_eq!(link.open_link(&elsewhere, &new, &other.public()), Err(WrapError::DoesNotOpen));
}

#[test]
fn the_first_epoch_links_to_nothing() {
	let first = EpochContext { epoch: 0, ..EPOCH };
	let secret = CompartmentSecret::generate();
	assert_eq!(secret.link(&first, &secret.public()), Err(WrapError::FirstEpoch));
	assert_eq!(
		Wrap([0; 80]).open_link(&first, &secret, &secret.public()),
		Err(WrapError::FirstEpoch)
	);
}

#[test]
fn a_release_answers_its_own_request_only() {
	let reader = AgreementSecret::generate();
	let share = CustodianShare::generate();
	let release = share.release(&[1; 32], &[2; 32], &reader.public()).unwrap();
	assert_eq!(release.open_release(&[1; 32], &[2; 32], &reader), Ok(share));
	assert_eq!(release.open_release(&[1; 32], &[3; 32], &reader), Err(WrapError::DoesNotOpen));
	assert_eq!(release.open_release(&[0; 32], &[2; 32], &reader), Err(WrapError::DoesNotOpen));
	let other = AgreementSecret::generate();
	assert_eq!(release.open_release(&[1; 32], &[2; 32], &other), Err(WrapError::DoesNotOpen));
}

#[test]
fn one_kind_of_wrap_does_not_pass_for_another() {
	let secret = AgreementSecret::from_bytes([9; 32]);
	let compartment = CompartmentSecret::from_bytes([9; 32]);
	let link = compartment.link(&EPOCH, &compartment.public()).unwrap();
	assert_eq!(
		link.open_compartment(&EPOCH, &TO, &secret, &compartment.public()),
		Err(WrapError::DoesNotOpen)
	);
	let wrap = compartment.wrap(&EPOCH, &TO, &secret.public()).unwrap();
	assert_eq!(
		wrap.open_link(&EPOCH, &compartment, &compartment.public()),
		Err(WrapError::DoesNotOpen)
	);
	assert_eq!(wrap.open_share(&RECORD, &TO, &secret), Err(WrapError::DoesNotOpen));
	assert_eq!(wrap.open_release(&EPOCH.genesis, &[2; 32], &secret), Err(WrapError::DoesNotOpen));
}

#[test]
fn recipients_are_told_apart() {
	let hashes = [
		RecipientHash::of_identity(&[7; 32]),
		RecipientHash::of_identity(&[8; 32]),
		RecipientHash::of_compartment(&[7; 32], 0),
		RecipientHash::of_compartment(&[7; 32], 1),
		RecipientHash::of_compartment(&[8; 32], 0),
	];
	for (n, hash) in hashes.iter().enumerate() {
		assert!(!hashes[..n].contains(hash));
	}
}

#[test]
fn two_wraps_of_one_share_look_unrelated() {
	let key = AgreementSecret::generate().public();
	let share = ReaderShare::generate();
	let first = share.wrap(&RECORD, &TO, &key).unwrap();
	let second = share.wrap(&RECORD, &TO, &key).unwrap();
	assert_ne!(first.0[..32], second.0[..32]);
	assert_ne!(first.0[32..], second.0[32..]);
}

#[test]
fn a_secret_at_rest_opens_with_its_own_key_only() {
	let key = KeyEncryptionKey::generate();
	let share = CustodianShare::generate();
	let mut wrapped = key.wrap(&share);
	assert_eq!(key.unwrap(&wrapped), Ok(share));
	assert_eq!(KeyEncryptionKey::generate().unwrap::<CustodianShare>(&wrapped), Err(AtRestError));
	wrapped[39] ^= 1;
	assert_eq!(key.unwrap::<CustodianShare>(&wrapped), Err(AtRestError));
}

#[test]
fn terms_have_one_form() {
	assert_eq!(Term::code(" e11.9 "), Term::code("E11.9"));
	assert_eq!(Term::code("73211009 |Diabetes mellitus|"), Term::code("73211009"));
	assert_eq!(Term::code("A\u{30a}"), Term::code("\u{e5}"));
	assert_ne!(Term::text("e11.9"), Term::text("E11.9"));
	assert_eq!(Term::code(" "), Err(TermError::Empty));
	assert_eq!(Term::text("\u{2003}\n"), Err(TermError::Empty));
	assert_eq!(Term::code("|Diabetes|"), Err(TermError::Empty));
	assert_eq!(Term::code("http://loinc.org|718-7"), Err(TermError::CodeSystem));
	assert_eq!(Term::code("http://loinc.org|718-7|x|"), Err(TermError::CodeSystem));
}

#[test]
fn tags_depend_on_key_field_partition_and_term() {
	let index = IndexKey::of(&CompartmentSecret::generate());
	let term = Term::code("718-7").unwrap();
	let tag = index.tag(1, 0, &term);
	assert_eq!(index.tag(1, 0, &Term::code("718-7").unwrap()), tag);
	assert_eq!(index.short_tag(1, 0, &term), tag[..4]);
	assert_ne!(index.tag(2, 0, &term), tag);
	assert_ne!(index.tag(1, 1, &term), tag);
	assert_ne!(index.tag(1, 0, &Term::code("718-8").unwrap()), tag);
	assert_ne!(IndexKey::of(&CompartmentSecret::generate()).tag(1, 0, &term), tag);
}
