// SPDX-License-Identifier: Apache-2.0
//! Every known answer of HRE1, and every value of the second implementation in `vectors/`.

use salus_envelope::{
	Addressee, AgreementPublic, AgreementSecret, CiphertextHash, CommitmentSalt, CompartmentSecret,
	ContentKey, CustodianShare, EpochContext, Header, IndexKey, KeyEncryptionKey, Metadata, Opener,
	PrivateKey, PublicKey, ReaderShare, RecipientHash, RecordContext, Secret, Sha256Hasher, Suite,
	Term, Wrap, leaf_data,
};
use serde_json::Value;

mod support;
use support::{BODY, Scripted, key, seal, span, unhex};

const METADATA: &str =
	r#"{"contentType":"application/fhir+json","fhirVersion":"4.0.1","schema":"hre-meta/1"}"#;
const HASH: &str = "14e49a01c6d5957df0208bd9b8ab50dda0452bfa905370482a1904cf028a6ea9";

fn metadata() -> Metadata {
	Metadata::from_canonical(METADATA.as_bytes()).unwrap()
}

fn vectors() -> Value {
	serde_json::from_str(include_str!("vectors/hre1.json")).unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
	value[name].as_str().unwrap_or_else(|| panic!("{name} is text"))
}

fn bytes<const N: usize>(value: &Value, name: &str) -> [u8; N] {
	unhex(text(value, name))
}

fn secret<S: Secret>(value: &Value, name: &str) -> S {
	S::from_bytes(bytes(value, name))
}

#[test]
fn the_object_of_the_specification_is_reproduced() {
	let (object, sealed) = seal(&key(), Suite::ChaCha20Poly1305, &metadata(), BODY);

	assert_eq!((metadata().as_bytes().len(), BODY.len(), object.len()), (83, 157, 600));
	assert_eq!(sealed.object_len, 600);
	assert_eq!(hex::encode(&object[..8]), "4852453101010110");
	assert_eq!(
		hex::encode(sealed.header.commitment),
		"620d20f92179675f3027963d297a0c9c155c496c97881ebee93c995cbf8a012c"
	);
	assert_eq!(
		hex::encode(&object[72..104]),
		"58d10fbc6d47830b001f8526154640f33bd512335fadfd1d7b1bd5591659b703"
	);
	assert_eq!(hex::encode(&object[584..]), "1d6e900fdbd2e3f0ff3215c156f5bc3e");
	assert_eq!(sealed.ciphertext_hash.to_string(), HASH);
	assert_eq!(CiphertextHash::of(&object), sealed.ciphertext_hash);
	assert_eq!(
		sealed.ciphertext_hash.cid(),
		"bafk2bzaceakojgqby3kzk7pqecf5toflkdo2arjl7kifg4cifimqjtycrjxks"
	);
	assert_eq!(sealed.body_commitment, None);

	let header: [u8; 72] = object[..72].try_into().unwrap();
	assert_eq!(Header::parse(&header), Ok(sealed.header.clone()));
	assert_eq!(sealed.header.to_bytes(), header);

	let (body, opened) = Opener::new(&key()).open_to_vec(&object).unwrap();
	assert_eq!(body.as_slice(), BODY);
	assert_eq!(opened.metadata, metadata());
}

#[test]
fn the_object_without_a_custodian_share_is_reproduced() {
	let key = ContentKey::from_reader_share(ReaderShare::from_bytes(span(0x00)));
	let (object, sealed) = seal(&key, Suite::ChaCha20Poly1305, &metadata(), BODY);
	assert_eq!(
		sealed.ciphertext_hash.to_string(),
		"d72bdd536146547f1351527a5f762c966b0f08ca2975db4de0d64cb642c8d7b7"
	);
	assert!(!sealed.header.share_required);
	assert_eq!(Opener::new(&key).open_to_vec(&object).unwrap().0.as_slice(), BODY);
}

#[test]
fn the_object_of_three_chunks_is_reproduced() {
	let body: Vec<u8> = (0..131_077u32).map(|n| n as u8).collect();
	let (object, sealed) = seal(&key(), Suite::ChaCha20Poly1305, &Metadata::none(), &body);
	assert_eq!(object.len(), 135_288);
	assert_eq!(
		sealed.ciphertext_hash.to_string(),
		"e5e0f4af47080940043abe12fc58a6dc4c4ac5752ea5504c35b82c5cc3dc5328"
	);
}

#[test]
fn the_wrap_of_the_specification_is_reproduced() {
	let reader = AgreementSecret::derive(&span(0x80));
	assert_eq!(
		hex::encode(reader.expose()),
		"509f43c939a166973cd258c78cd493e7f40a13a4d6ab0c97df07a7356263cda1"
	);
	assert_eq!(
		hex::encode(reader.public().as_bytes()),
		"7af03df159e2d75751c1a88eb5a9e87988f138dce7596ebda3ad7f0bb04a8734"
	);

	let record = RecordContext {
		genesis: [0x11; 32],
		record: [0x22; 32],
		version: 1,
		ciphertext_hash: HASH.parse().unwrap(),
	};
	let to = Addressee { recipient: RecipientHash([0x33; 32]), key_version: 1 };
	let share = ReaderShare::from_bytes(span(0x00));
	let wrap =
		share.wrap_with_rng(&record, &to, &reader.public(), &mut Scripted(span(0x60))).unwrap();
	assert_eq!(
		hex::encode(wrap.0),
		"bad762e098446cbcc58b30c7e804f82847b8b911185996582af9f27bfd4e875f\
		 35f40daa25054f46516c1978151a54a0023fc69b7d254f2c6e1dc135374fa5c5\
		 acca9d9e6c379756b276535a8b32769e"
	);
	assert_eq!(wrap.open_share(&record, &to, &reader), Ok(share));
}

#[test]
fn the_other_answers_of_the_specification_are_reproduced() {
	let share = ReaderShare::from_bytes(span(0x00));
	let wrapped = KeyEncryptionKey::from_bytes(span(0xa0)).wrap(&share);
	assert_eq!(
		hex::encode(wrapped),
		"788414ac62894a5c975ade73ff06450d2bc223b2155e96c9ff6c69ccc1450fd774ac74da5f622cc6"
	);

	let index = IndexKey::of(&CompartmentSecret::from_bytes(span(0xa0)));
	assert_eq!(
		hex::encode(index.expose()),
		"7d5a9fcdc2f0ad7153c2b7fb55b0cd823ec15eb8f4cf055f46eca0974b125a65"
	);
	let term = Term::code("718-7").unwrap();
	assert_eq!(hex::encode(index.tag(1, 0, &term)), "a10815608e0aa61be7b378f9bbb6a0ca");
	assert_eq!(hex::encode(index.short_tag(1, 0, &term)), "a1081560");

	assert_eq!(
		CommitmentSalt(span(0xc0)).commit(BODY).to_string(),
		"1d0bcffa34532c6dca49fe908dbf8cb07639252b0ede1c956baa2615a1e941bc"
	);

	let data = leaf_data(&[0x22; 32], 1, &HASH.parse().unwrap());
	assert_eq!(
		hex::encode(salus_merkle::leaf_hash::<Sha256Hasher>(&data)),
		"3ac20ae4fa8f3e07cd08b0f5382dbc292509164bf7567ddad78d0e0c17b38ba7"
	);
}

#[test]
fn the_objects_of_the_second_implementation_are_reproduced() {
	let vectors = vectors();
	let cases = vectors["objects"].as_array().unwrap();
	assert_eq!(cases.len(), 8);
	for case in cases {
		let name = text(case, "name");
		let reader = secret(&vectors, "readerShare");
		let key = match case["custodianShare"] {
			Value::Null => ContentKey::from_reader_share(reader),
			_ => ContentKey::from_shares(reader, secret(case, "custodianShare")),
		};
		let suite = match case["suite"].as_u64() {
			Some(1) => Suite::ChaCha20Poly1305,
			_ => Suite::Aes256Gcm,
		};
		let body = match case["body"].as_str() {
			Some(body) => hex::decode(body).unwrap(),
			None => (0..case["bodyLength"].as_u64().unwrap()).map(|n| n as u8).collect(),
		};
		let metadata = Metadata::from_canonical(text(case, "metadata").as_bytes()).unwrap();

		let (object, sealed) = seal(&key, suite, &metadata, &body);
		assert_eq!(sealed.ciphertext_hash.to_string(), text(case, "ciphertextHash"), "{name}");
		assert_eq!(sealed.ciphertext_hash.cid(), text(case, "cid"));
		assert_eq!(sealed.object_len, case["objectLength"].as_u64().unwrap());
		assert_eq!(hex::encode(sealed.header.commitment), text(case, "commitment"));
		assert_eq!(Opener::new(&key).open_to_vec(&object).unwrap().0.as_slice(), body);
	}
}

#[test]
fn the_metadata_of_the_second_implementation_is_reproduced() {
	let vectors = vectors();
	let case = &vectors["metadata"];
	let metadata = Metadata::from_value(&case["value"]).unwrap();
	assert_eq!(metadata.as_str(), text(case, "canonical"));
	assert_eq!(metadata.commitment_salt(), Some(&text(case, "commitmentSalt").parse().unwrap()));

	let record = metadata.record().unwrap();
	assert_eq!(record.author, Some([0x55; 32]));
	assert_eq!(record.authored, Some(1_790_000_000_000));
	assert_eq!(record.to_metadata(), Ok(metadata.clone()));

	let (object, sealed) = seal(&key(), Suite::ChaCha20Poly1305, &metadata, BODY);
	let commitment = sealed.body_commitment.unwrap();
	assert_eq!(commitment.to_string(), text(&vectors, "bodyCommitment"));
	let (_, opened) = Opener::new(&key()).expect_body(commitment).open_to_vec(&object).unwrap();
	assert_eq!(opened.body_commitment, Some(commitment));
}

#[test]
fn the_keys_and_wraps_of_the_second_implementation_are_reproduced() {
	let vectors = vectors();
	let (keys, wraps) = (&vectors["keys"], &vectors["wraps"]);

	let reader = AgreementSecret::derive(&bytes(keys, "agreementSeed"));
	let epoch_6 = CompartmentSecret::derive(&bytes(keys, "epoch6Seed"));
	let epoch_7 = CompartmentSecret::derive(&bytes(keys, "epoch7Seed"));
	assert_eq!(reader, secret(keys, "agreementSecret"));
	assert_eq!(epoch_6, secret(keys, "epoch6Secret"));
	assert_eq!(epoch_7, secret(keys, "epoch7Secret"));
	let public = AgreementPublic::from_bytes(bytes(keys, "agreementPublic")).unwrap();
	assert_eq!(reader.public(), public);
	assert_eq!(*epoch_6.public().as_bytes(), bytes(keys, "epoch6Public"));
	assert_eq!(*epoch_7.public().as_bytes(), bytes(keys, "epoch7Public"));

	let genesis = bytes(wraps, "genesis");
	let subject = bytes(wraps, "subject");
	let to_reader = Addressee::identity(&bytes(wraps, "reader"), 3);
	let to_compartment = Addressee::compartment(&subject, 9, 7);
	assert_eq!(to_reader.recipient.0, bytes(&vectors["recipients"], "identity"));
	assert_eq!(to_compartment.recipient.0, bytes(&vectors["recipients"], "compartment"));

	let rng = &mut Scripted(bytes(keys, "ephemeralSeed"));
	let wrap_named = |name| Wrap(bytes(wraps, name));
	let share: ReaderShare = secret(&vectors, "readerShare");
	let record = RecordContext {
		genesis,
		record: bytes(wraps, "record"),
		version: 2,
		ciphertext_hash: text(wraps, "ciphertextHash").parse().unwrap(),
	};
	let wrap = share.wrap_with_rng(&record, &to_reader, &public, rng).unwrap();
	assert_eq!(wrap, wrap_named("recordToReader"));
	assert_eq!(wrap.open_share(&record, &to_reader, &reader).as_ref(), Ok(&share));

	let wrap = share.wrap_with_rng(&record, &to_compartment, &epoch_7.public(), rng).unwrap();
	assert_eq!(wrap, wrap_named("recordToCompartment"));
	assert_eq!(wrap.open_share(&record, &to_compartment, &epoch_7), Ok(share));

	let epoch = EpochContext { genesis, subject, compartment: 9, epoch: 7 };
	let wrap = epoch_7.wrap_with_rng(&epoch, &to_reader, &public, rng).unwrap();
	assert_eq!(wrap, wrap_named("compartmentToReader"));
	assert_eq!(
		wrap.open_compartment(&epoch, &to_reader, &reader, &epoch_7.public()).as_ref(),
		Ok(&epoch_7)
	);

	let link = epoch_6.link_with_rng(&epoch, &epoch_7.public(), rng).unwrap();
	assert_eq!(link, wrap_named("link6From7"));
	assert_eq!(link.open_link(&epoch, &epoch_7, &epoch_6.public()).as_ref(), Ok(&epoch_6));

	let request = bytes(wraps, "request");
	let custodian = CustodianShare::from_bytes(span(0x20));
	let release = custodian.release_with_rng(&genesis, &request, &public, rng).unwrap();
	assert_eq!(release, wrap_named("release"));
	assert_eq!(release.open_release(&genesis, &request, &reader), Ok(custodian));
}

#[test]
fn the_tags_of_the_second_implementation_are_reproduced() {
	let vectors = vectors();
	let index = &vectors["index"];
	let key = IndexKey::of(&secret(index, "compartmentSecret"));
	assert_eq!(*key.expose(), bytes(index, "key"));

	for (kind, parse) in [("codes", Term::code as fn(&str) -> _), ("texts", Term::text)] {
		for case in index[kind].as_array().unwrap() {
			let term = parse(text(case, "text")).unwrap();
			let field = case["field"].as_u64().unwrap() as u8;
			let partition = case["partition"].as_u64().unwrap() as u8;
			assert_eq!(term.as_str(), text(case, "normal"));
			assert_eq!(key.tag(field, partition, &term), bytes::<16>(case, "tag"));
			assert_eq!(key.short_tag(field, partition, &term), bytes::<4>(case, "shortTag"));
		}
	}
}

#[test]
fn the_leaf_of_the_second_implementation_is_reproduced() {
	let vectors = vectors();
	let data = leaf_data(&[0x22; 32], 1, &HASH.parse().unwrap());
	assert_eq!(data, bytes::<78>(&vectors["leaf"], "data"));
	assert_eq!(
		salus_merkle::leaf_hash::<Sha256Hasher>(&data),
		bytes::<32>(&vectors["leaf"], "hash")
	);
	let wrapped =
		KeyEncryptionKey::from_bytes(bytes(&vectors["atRest"], "key"))
			.wrap(&secret::<ReaderShare>(&vectors, "readerShare"));
	assert_eq!(wrapped, bytes::<40>(&vectors["atRest"], "readerShare"));
}
