// SPDX-License-Identifier: Apache-2.0
//! Metadata has one form.

use proptest::prelude::*;
use salus_envelope::{Metadata, MetadataError, RecordMetadata};
use serde_json::{Value, json};

fn refusal(text: &str) -> MetadataError {
	Metadata::from_canonical(text.as_bytes()).unwrap_err()
}

fn departs_at(text: &str) -> usize {
	match refusal(text) {
		MetadataError::NotCanonical { at } => at,
		other => panic!("{text}: {other:?}"),
	}
}

#[test]
fn keys_stand_once() {
	assert_eq!(refusal(r#"{"a":1,"a":1}"#), MetadataError::DuplicateKey("a".into()));
	assert_eq!(refusal(r#"{"a":1,"b":2,"a":3}"#), MetadataError::DuplicateKey("a".into()));
	assert_eq!(refusal(r#"{"o":{"x":1,"x":2}}"#), MetadataError::DuplicateKey("x".into()));
	assert!(Metadata::from_canonical(br#"{"a":{"a":1}}"#).is_ok());
}

#[test]
fn keys_are_in_order() {
	assert_eq!(departs_at(r#"{"b":1,"a":2}"#), 7);
	assert!(Metadata::from_canonical(br#"{"a":1,"aa":2,"b":3}"#).is_ok());
	// In UTF-16 the emoji, a surrogate pair, stands before the private-use character.
	assert!(Metadata::from_canonical("{\"\u{1f600}\":1,\"\u{fb33}\":2}".as_bytes()).is_ok());
	departs_at("{\"\u{fb33}\":1,\"\u{1f600}\":2}");
}

#[test]
fn there_is_no_white_space() {
	for text in [" {}", "{} ", "{}\n", r#"{ "a":1}"#, r#"{"a" :1}"#, r#"{"a":1 ,"b":2}"#] {
		departs_at(text);
	}
}

#[test]
fn numbers_have_their_shortest_form() {
	for number in ["0", "-1", "0.5", "1e+21", "1e-7", "4.5", "9007199254740992", "123.456"] {
		let text = format!(r#"{{"n":{number}}}"#);
		assert!(Metadata::from_canonical(text.as_bytes()).is_ok(), "{number}");
	}
	for number in [
		"-0",
		"1.0",
		"01",
		"+1",
		"1.",
		".5",
		"1e2",
		"1E21",
		"0.50",
		"1e400",
		"NaN",
		"inf",
		"-",
		"9007199254740993",
		"1e21",
		"0x1",
	] {
		departs_at(&format!(r#"{{"n":{number}}}"#));
	}
}

#[test]
fn strings_have_their_shortest_escapes() {
	for string in [r#"\n"#, r#"\u001f"#, r#"\""#, r#"\\"#, "/", "\u{7f}", "é", "\u{1f600}"] {
		let text = format!(r#"{{"s":"{string}"}}"#);
		assert!(Metadata::from_canonical(text.as_bytes()).is_ok(), "{string}");
	}
	for string in [
		r#"\/"#,
		r#"\u0041"#,
		r#"\u000a"#,
		r#"\u001F"#,
		r#"\ud83d\ude00"#,
		r#"\ud800"#,
		"\n",
		r#"\x"#,
	] {
		departs_at(&format!(r#"{{"s":"{string}"}}"#));
	}
}

#[test]
fn only_one_object_is_metadata() {
	for text in ["1", "[]", "null", r#""{}""#, "{}{}", "{", "{}}", r#"{"a"}"#, r#"{"a":}"#, "{,}"] {
		departs_at(text);
	}
	for text in [r#"{"a":tru}"#, r#"{"a":[1,]}"#, r#"{"a":[}"#, r#"{"a":"b}"#, r#"{"a":1,}"#] {
		departs_at(text);
	}
	assert_eq!(Metadata::from_canonical(b""), Ok(Metadata::none()));
	assert_eq!(Metadata::from_canonical(b"{\"\xff\":1}"), Err(MetadataError::NotUtf8));
}

#[test]
fn nesting_ends_somewhere() {
	let nested = |depth: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
	assert!(Metadata::from_canonical(nested(32).as_bytes()).is_ok());
	assert_eq!(refusal(&nested(33)), MetadataError::TooDeep);
	assert_eq!(refusal(&nested(30_000)), MetadataError::TooDeep);
	let deep = (0..40).fold(json!(1), |inner, _| json!([inner]));
	assert_eq!(Metadata::from_value(&json!({ "a": deep })), Err(MetadataError::TooDeep));
}

#[test]
fn metadata_is_not_long() {
	let of_len = |len: usize| format!(r#"{{"a":"{}"}}"#, "x".repeat(len - 8));
	assert!(Metadata::from_canonical(of_len(65_536).as_bytes()).is_ok());
	assert_eq!(refusal(&of_len(65_537)), MetadataError::TooLong(65_537));
	assert_eq!(refusal(&of_len(10 << 20)), MetadataError::TooLong(10 << 20));
}

#[test]
fn numbers_that_are_no_doubles_are_not_written() {
	let value = json!({ "n": 9_007_199_254_740_993u64 });
	assert_eq!(
		Metadata::from_value(&value),
		Err(MetadataError::InexactNumber("9007199254740993".into()))
	);
	assert!(Metadata::from_value(&json!({ "n": 9_007_199_254_740_992u64 })).is_ok());
	assert!(Metadata::from_value(&json!({ "n": u64::MAX })).is_err());
	// No double has this value, but it is how the double next to it is written.
	let written = json!({ "n": 764_000_205_236_199_600u64 });
	assert_eq!(Metadata::from_value(&written).unwrap().as_str(), r#"{"n":764000205236199600}"#);
}

#[test]
fn the_commitment_salt_is_64_small_hexadecimal_digits() {
	let with = |salt: Value| Metadata::from_value(&json!({ "ptSalt": salt }));
	let digits = "0123456789abcdef".repeat(4);
	assert!(with(json!(digits)).unwrap().commitment_salt().is_some());
	for salt in [
		json!(digits.to_uppercase()),
		json!(format!("0x{digits}")),
		json!("ab"),
		json!(1),
		json!(null),
	] {
		assert_eq!(with(salt), Err(MetadataError::CommitmentSalt));
	}
}

#[test]
fn the_members_of_a_record_come_back() {
	let mut record = RecordMetadata::fhir_json("5.0.0");
	record.author = Some([1; 32]);
	record.provenance = Some(json!({ "resourceType": "Provenance", "score": 0.1 }));
	let metadata = record.to_metadata().unwrap();
	assert!(metadata.record().unwrap() == record);
	assert_ne!(RecordMetadata::fhir_json("5.0.0").pt_salt, record.pt_salt);

	let later = Metadata::from_canonical(br#"{"contentType":"a/b","new":1,"schema":"hre-meta/1"}"#);
	assert_eq!(later.unwrap().record().unwrap().content_type, "a/b");
	let foreign = Metadata::from_canonical(b"{}").unwrap().record();
	assert!(matches!(foreign, Err(MetadataError::Schema(_))));
}

fn any_json() -> impl Strategy<Value = Value> {
	let leaf = prop_oneof![
		Just(Value::Null),
		any::<bool>().prop_map(Value::from),
		any::<f64>().prop_map(Value::from),
		any::<i32>().prop_map(Value::from),
		any::<String>().prop_map(Value::from),
	];
	leaf.prop_recursive(4, 32, 6, |inner| {
		prop_oneof![
			prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
			prop::collection::btree_map(any::<String>(), inner, 0..6)
				.prop_map(|members| Value::Object(members.into_iter().collect())),
		]
	})
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(128))]

	#[test]
	fn what_is_written_is_canonical_and_reads_back(value in any_json()) {
		let metadata = Metadata::from_value(&json!({ "v": value })).unwrap();
		let read: Value = serde_json::from_slice(metadata.as_bytes()).unwrap();
		prop_assert_eq!(Metadata::from_value(&read), Ok(metadata));
	}

	#[test]
	fn any_text_is_refused_or_its_own_canonical_form(text in "[{}\\[\\]\":,a0-9.eE+\\\\ntrue-]{0,24}") {
		let text = format!("{{\"v\":{text}}}");
		if let Ok(metadata) = Metadata::from_canonical(text.as_bytes()) {
			let read: Value = serde_json::from_str(&text).unwrap();
			prop_assert_eq!(Metadata::from_value(&read), Ok(metadata));
		}
	}
}
