// SPDX-License-Identifier: Apache-2.0

use super::*;
use crate::types::{DidAgreementKey, DidKey, Service as ServiceFacts};
use salus_primitives::Moment;
use serde_json::{Value, json};

const GENESIS: [u8; 32] = [0xab; 32];
const CREATED: Moment = 1_790_000_000_000;
const NOW: Moment = CREATED + 3_600_000;

fn did() -> Did {
	Did::new(&GENESIS, IdentityId([7; 32]))
}

fn key(id: u32, public: PublicKey, purposes: &[KeyPurpose]) -> DidKey {
	DidKey {
		key: id,
		public,
		account: [id as u8; 32],
		purposes: KeyPurposes::of(purposes),
		valid_until: None,
	}
}

/// An organisation with a key of every scheme.
pub(crate) fn facts() -> DidFacts {
	use KeyPurpose::*;
	DidFacts {
		id: did().identity,
		keys: vec![
			key(0, PublicKey::Sr25519([1; 32]), KeyPurpose::ALL),
			key(2, PublicKey::Ed25519([2; 32]), &[Authentication]),
			key(3, PublicKey::Ecdsa([3; 33]), &[Assertion, CapabilityInvocation]),
			key(4, PublicKey::Derived, KeyPurpose::ALL),
			key(5, PublicKey::Ed25519([5; 32]), &[]),
		],
		agreement: Some(DidAgreementKey { version: 3, key: [9; 32] }),
		services: vec![ServiceFacts {
			id: b"records".to_vec(),
			kind: b"HealthRecordEndpoint".to_vec(),
			url: b"https://clinic.example/fhir".to_vec(),
		}],
		created: CREATED,
		updated: CREATED + 61_000,
		version: 5,
		block: 12,
		next_version: None,
		next_update: None,
		deactivated: false,
	}
}

/// The same before another version came.
fn older() -> DidFacts {
	DidFacts { next_version: Some(6), next_update: Some(CREATED + 120_000), ..facts() }
}

fn schema() -> jsonschema::Validator {
	let schema: Value = serde_json::from_str(SCHEMA).unwrap();
	jsonschema::validator_for(&schema).unwrap()
}

fn shown(facts: &DidFacts) -> Value {
	serde_json::to_value(Resolution::of(&did(), facts, NOW).did_document.unwrap()).unwrap()
}

#[test]
fn a_did_is_read_as_it_is_written() {
	let text = did().to_string();
	assert_eq!(text, "did:salus:abababababababab:US517G5965aydkZ46HS38QLi7UQiSojurfbQfKCELFx");
	assert_eq!(text.parse(), Ok(did()));
	// Leading zeros stay.
	let small = Did::new(&GENESIS, IdentityId([0; 32]));
	assert_eq!(small.to_string().parse(), Ok(small));
}

#[test]
fn other_texts_are_no_dids() {
	let text = did().to_string();
	for wrong in [
		"",
		"did",
		"did:",
		"did:salus",
		"did:salus:",
		"did::x",
		"did:Salus:abababababababab:x",
		"salus:abababababababab:US517",
		&text.replace("abababababababab", "abab"),
		&text.replace("abababababababab", "ABABABABABABABAB"),
		&text.replace("abababababababab", "xyxyxyxyxyxyxyxy"),
		&text.replace("US517", "US5l7"),
		&text[..text.len() - 3],
		&format!("{text}1111"),
		&format!("{text}#key-0"),
		&format!("{text}?versionId=1"),
	] {
		assert_eq!(wrong.parse::<Did>(), Err(ParseDidError::Syntax), "{wrong}");
	}
	for other in ["did:key:z6Mk", "did:web:example.org", "did:salus2:x:y"] {
		assert_eq!(other.parse::<Did>(), Err(ParseDidError::Method), "{other}");
	}
}

#[test]
fn a_document_shows_every_key_by_its_purposes() {
	let id = did().to_string();
	let document = shown(&facts());
	let ids = |property: &str| {
		let listed = document[property].as_array().cloned().unwrap_or_default();
		listed.iter().map(|id| id.as_str().unwrap().to_owned()).collect::<Vec<_>>()
	};
	let of = |fragments: &[&str]| {
		fragments.iter().map(|name| format!("{id}#{name}")).collect::<Vec<_>>()
	};
	assert_eq!(ids("authentication"), of(&["key-0", "key-2"]));
	assert_eq!(ids("assertionMethod"), of(&["key-0", "key-3"]));
	assert_eq!(ids("capabilityInvocation"), of(&["key-0", "key-3"]));
	assert_eq!(ids("capabilityDelegation"), of(&["key-0"]));
	assert_eq!(ids("keyAgreement"), of(&["ka-3"]));
	let methods: Vec<_> = document["verificationMethod"]
		.as_array()
		.unwrap()
		.iter()
		.map(|method| method["id"].as_str().unwrap().to_owned())
		.collect();
	// The account that several sign for has none.
	assert_eq!(methods, of(&["key-0", "key-2", "key-3", "key-5", "ka-3"]));
}

/// The prefixes that the multicodec table gives; the first is in the test vectors of did:key.
#[test]
fn keys_carry_the_codec_of_their_scheme() {
	let keys = [
		(signing_key(&PublicKey::Ed25519([2; 32])), "z6Mk"),
		(signing_key(&PublicKey::Ecdsa([3; 33])), "zQ3s"),
		(signing_key(&PublicKey::Sr25519([1; 32])), "z6QN"),
		(Some(agreement_key(&[9; 32])), "z6LS"),
	];
	for (key, prefix) in keys {
		assert!(key.as_deref().unwrap().starts_with(prefix), "{key:?}");
	}
	assert_eq!(signing_key(&PublicKey::Derived), None);
	// Vector of the did:key specification: the key of RFC 8032, section 7.1, test 1.
	let mut key = [0; 32];
	let digits = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
	hex::decode_to_slice(digits, &mut key).unwrap();
	assert_eq!(
		signing_key(&PublicKey::Ed25519(key)).as_deref(),
		Some("z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw")
	);
}

#[test]
fn documents_meet_the_schema() {
	let schema = schema();
	let mut bare = facts();
	bare.keys.truncate(1);
	bare.services.clear();
	let mut derived = bare.clone();
	derived.keys = vec![key(4, PublicKey::Derived, KeyPurpose::ALL)];
	for facts in [facts(), bare, derived] {
		let document = shown(&facts);
		let errors: Vec<_> = schema.iter_errors(&document).map(|e| e.to_string()).collect();
		assert!(errors.is_empty(), "{errors:?}\n{document:#}");
	}
}

/// The JavaScript tests expand this file with the published JSON-LD contexts.
#[test]
fn the_example_is_what_is_made_here() {
	let example: Value =
		serde_json::from_str(include_str!("../../schemas/did-document.example.json")).unwrap();
	let mut facts = facts();
	facts.keys[1].valid_until = Some(NOW + 1);
	let made = shown(&facts);
	assert_eq!(example, made, "put this into the file:\n{made:#}");
}

#[test]
fn the_schema_refuses_what_no_document_may_hold() {
	let schema = schema();
	let good = shown(&facts());
	let broken = |change: &dyn Fn(&mut Value)| {
		let mut document = good.clone();
		change(&mut document);
		assert!(!schema.is_valid(&document), "{document:#}");
	};
	broken(&|document| document["name"] = json!("Ana Example"));
	broken(&|document| document["alsoKnownAs"] = json!(["mailto:ana@example.org"]));
	broken(&|document| document["id"] = json!("did:key:z6Mk"));
	broken(&|document| document["@context"] = json!("https://www.w3.org/ns/did/v1"));
	broken(&|document| document["@context"][1] = json!({ "name": "https://schema.org/name" }));
	broken(&|document| document["verificationMethod"][0]["type"] = json!("JsonWebKey"));
	broken(&|document| document["authentication"] = json!([]));
	broken(&|document| document["keyAgreement"][0] = document["authentication"][0].clone());
	broken(&|document| document["service"][0]["serviceEndpoint"] = json!("http://clinic.example"));
	broken(&|document| {
		document.as_object_mut().unwrap().remove("id");
	});
}

#[test]
fn the_newest_version_names_no_next_one() {
	let resolution = serde_json::to_value(Resolution::of(&did(), &facts(), NOW)).unwrap();
	assert_eq!(resolution["didResolutionMetadata"], json!({ "contentType": MEDIA_TYPE }));
	assert_eq!(
		resolution["didDocumentMetadata"],
		json!({
			"created": "2026-09-21T14:13:20Z",
			"updated": "2026-09-21T14:14:21Z",
			"versionId": "5",
		})
	);
}

#[test]
fn an_older_version_names_the_next_one() {
	let facts = older();
	let metadata = Resolution::of(&did(), &facts, NOW).did_document_metadata;
	assert_eq!(metadata.next_version_id.as_deref(), Some("6"));
	assert_eq!(metadata.next_update.as_deref(), Some("2026-09-21T14:15:20Z"));
}

#[test]
fn a_did_that_ended_has_history_and_no_document() {
	let over = DidFacts { deactivated: true, keys: Vec::new(), agreement: None, ..facts() };
	let resolution = Resolution::of(&did(), &over, NOW);
	assert_eq!(resolution.did_document, None);
	assert_eq!(resolution.did_document_metadata.deactivated, Some(true));
	let shown = serde_json::to_value(&resolution).unwrap();
	assert!(shown["didDocument"].is_null() && shown["didResolutionMetadata"] == json!({}));

	let before = Resolution::of(&did(), &DidFacts { deactivated: true, ..older() }, NOW);
	assert!(before.did_document.is_some());
	assert_eq!(before.did_document_metadata.deactivated, Some(true));
}

#[test]
fn errors_have_the_names_of_did_resolution() {
	for (error, code) in [
		(Unresolved::from(ParseDidError::Syntax), "INVALID_DID"),
		(Unresolved::from(ParseDidError::Method), "METHOD_NOT_SUPPORTED"),
		(Unresolved::from(ResolveError::UnknownIdentity), "NOT_FOUND"),
		(Unresolved::from(ResolveError::VersionPruned { oldest: 3 }), "INVALID_OPTIONS"),
		(Unresolved::from(ResolveError::UnknownVersion { current: 5 }), "INVALID_OPTIONS"),
	] {
		let resolution = serde_json::to_value(Resolution::error(&error)).unwrap();
		let problem = &resolution["didResolutionMetadata"]["error"];
		assert_eq!(problem["type"], format!("https://www.w3.org/ns/did#{code}"));
		assert_eq!(problem["detail"], error.to_string());
		assert!(resolution["didDocument"].is_null());
		assert_eq!(resolution["didDocumentMetadata"], json!({}));
	}
}

#[test]
fn a_key_with_an_end_says_so_and_goes_when_it_comes() {
	let methods = |facts: &DidFacts, now| {
		let document = Resolution::of(&did(), facts, now).did_document.unwrap();
		document.verification_method.into_iter().map(|key| key.expires).collect::<Vec<_>>()
	};
	let mut current = facts();
	current.keys.truncate(2);
	current.keys[1].valid_until = Some(NOW);
	assert_eq!(methods(&current, NOW - 1), [None, Some("2026-09-21T15:13:20Z".into()), None]);
	assert_eq!(methods(&current, NOW), [None, None]);
	assert_eq!(Resolution::of(&did(), &current, NOW).did_document.unwrap().authentication.len(), 1);
	// An older version shows what counted when it began.
	let older = DidFacts { keys: current.keys, ..older() };
	assert_eq!(methods(&older, NOW + 1).len(), 3);
}

#[test]
fn nothing_but_keys_and_services_is_shown() {
	let text = shown(&facts()).to_string();
	// Neither the accounts nor the block.
	assert!(!text.contains(&hex::encode([4; 32])) && !text.contains("block"));
}
