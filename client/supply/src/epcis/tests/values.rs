// SPDX-License-Identifier: Apache-2.0

//! Moments, hashes, terms, numbers of cases.

use super::{
	super::{
		document::word,
		values::{event_hash, moment},
	},
	*,
};

#[test]
fn moments_are_read_with_fractions_and_offsets() {
	for (text, expected) in [
		("1970-01-01T00:00:00Z", 0),
		("2023-03-27T06:45:16Z", 1_679_899_516_000),
		("2005-04-03T20:33:31.116000-06:00", 1_112_582_011_116),
		("2005-04-03T20:33:31.1-06:00", 1_112_582_011_100),
		("2020-02-29T23:59:60+14:00", 1_582_970_400_000),
	] {
		assert_eq!(moment(text), Ok(expected), "{text}");
	}
	for none in [
		"",
		"2023-03-27",
		"2023-03-27T06:45Z",
		"2023-03-27T06:45:16",
		"2023-03-27 06:45:16Z",
		"2023-03-27T24:00:00Z",
		"2023-02-29T00:00:00Z",
		"2023-03-27T06:45:16.Z",
		"2023-03-27T06:45:16+1:00",
		"2023-03-27T06:45:16+15:00",
		"2023-03-27T+6:45:16Z",
		"1969-12-31T23:59:59Z",
		"1970-01-01T00:00:00+01:00",
		"２023-03-27T06:45:16Z",
	] {
		assert!(moment(none).is_err(), "{none}");
	}
}

#[test]
fn terms_are_shortened_in_all_their_forms() {
	for term in [
		"shipping",
		"urn:epcglobal:cbv:bizstep:shipping",
		"https://ref.gs1.org/cbv/BizStep-shipping",
		"https://ns.gs1.org/cbv/BizStep-shipping",
	] {
		assert_eq!(word(term), "shipping");
	}
	assert_eq!(word("http://example.org/steps/shipping"), "http://example.org/steps/shipping");
}

#[test]
fn only_ids_with_a_sha_256_give_a_hash() {
	let hex = "ab".repeat(32);
	let hash = Some(Digest([0xab; 32]));
	assert_eq!(event_hash(&format!("ni:///sha-256;{hex}?ver=CBV2.0")), hash);
	assert_eq!(event_hash(&format!("ni:///sha-256;{hex}")), hash);
	assert_eq!(event_hash("urn:uuid:404d95fc-9457-4a51-bd6a-0bba133845a8"), None);
	assert_eq!(event_hash("ni:///sha-256;ab?ver=CBV2.0"), None);
}

#[test]
fn numbers_of_cases_keep_within_their_prefix() {
	let numbers = |prefix: &str, extension, first| CaseNumbers {
		prefix: prefix.parse().unwrap(),
		extension,
		first,
	};
	let sscc = numbers("030001", 4, 1_234_567_890).sscc(0).unwrap();
	assert_eq!(sscc.to_string(), "403000112345678901");
	assert!(sscc.starts_with("030001".parse().unwrap()));
	assert_eq!(numbers("123456789012", 0, 9_999).sscc(0).unwrap().extension(), 0);
	assert_eq!(numbers("123456789012", 0, 9_999).sscc(1), None);
	assert_eq!(numbers("030001", 10, 0).sscc(0), None);
	assert_eq!(numbers("030001", 9, u64::MAX).sscc(1), None);
}
