// SPDX-License-Identifier: Apache-2.0
//! Readings as people write them, and the FHIR they become.

mod common;

use common::{NOW, at, json};
use fhirkit::Json;
use proptest::prelude::*;
use salus_fhir::{
	Kind as DocumentKind,
	reading::{Kind, Patient, Reading, Reason, bundle},
	validate,
};

fn patient() -> Patient {
	Patient::urn("urn:uuid:5b0ac3f1-8c3e-4e0d-9f5c-2f2b8a1d4c77").unwrap()
}

fn parse(kind: Kind, written: &str) -> Reading {
	Reading::parse(kind, written).unwrap_or_else(|error| panic!("{written}: {error}"))
}

fn reason(kind: Kind, written: &str) -> Reason {
	let error = Reading::parse(kind, written).unwrap_err();
	assert!(!error.to_string().contains('\n'), "{error}");
	error.reason
}

/// The value, UCUM code and LOINC code a reading becomes.
fn becomes(kind: Kind, written: &str) -> (String, String, String) {
	let mut resource = json(&parse(kind, written).resource(&patient(), NOW));
	let mut part = |path| match at(&mut resource, path) {
		Json::String(text) | Json::Number(text) => text.clone(),
		other => panic!("{other:?}"),
	};
	(part("valueQuantity.value"), part("valueQuantity.code"), part("code.coding[0].code"))
}

#[test]
fn quantities() {
	for (kind, written, value, ucum, loinc) in [
		(Kind::Height, "180cm", "180", "cm", "8302-2"),
		(Kind::Height, "1.8m", "180", "cm", "8302-2"),
		(Kind::Height, "1.805 m", "180.5", "cm", "8302-2"),
		(Kind::Height, "2m", "200", "cm", "8302-2"),
		(Kind::Height, "0.495M", "49.5", "cm", "8302-2"),
		(Kind::Height, "70.5in", "70.5", "[in_i]", "8302-2"),
		(Kind::Weight, "71kg", "71", "kg", "29463-7"),
		(Kind::Weight, " 71.50 KG ", "71.50", "kg", "29463-7"),
		(Kind::Weight, "071kg", "71", "kg", "29463-7"),
		(Kind::Weight, "3420g", "3420", "g", "29463-7"),
		(Kind::Weight, "156lbs", "156", "[lb_av]", "29463-7"),
		(Kind::BodyFat, "21.5%", "21.5", "%", "41982-0"),
		(Kind::Glucose, "5.4mmol/L", "5.4", "mmol/L", "15074-8"),
		(Kind::Glucose, "5.4 mmol/l", "5.4", "mmol/L", "15074-8"),
		(Kind::Glucose, "98mg/dL", "98", "mg/dL", "2339-0"),
		(Kind::Lactate, "1.2mmol/L", "1.2", "mmol/L", "32693-4"),
		(Kind::HeartRate, "64bpm", "64", "/min", "8867-4"),
		(Kind::HeartRate, "64/min", "64", "/min", "8867-4"),
		(Kind::Temperature, "37.2C", "37.2", "Cel", "8310-5"),
		(Kind::Temperature, "37.2 °C", "37.2", "Cel", "8310-5"),
		(Kind::Temperature, "98.6F", "98.6", "[degF]", "8310-5"),
		(Kind::OxygenSaturation, "97%", "97", "%", "2708-6"),
		(Kind::RespiratoryRate, "14/min", "14", "/min", "9279-1"),
	] {
		let expected = (value.to_owned(), ucum.to_owned(), loinc.to_owned());
		assert_eq!(becomes(kind, written), expected, "{written}");
	}
}

#[test]
fn blood_pressure_becomes_a_panel() {
	for (written, systolic, diastolic, ucum) in [
		("120/80mmHg", "120", "80", "mm[Hg]"),
		("120 / 80 mmhg", "120", "80", "mm[Hg]"),
		("16/10.5kPa", "16", "10.5", "kPa"),
	] {
		let mut resource = json(&parse(Kind::BloodPressure, written).resource(&patient(), NOW));
		for (n, value) in [(0, systolic), (1, diastolic)] {
			let path = format!("component[{n}].valueQuantity");
			assert_eq!(
				at(&mut resource, &format!("{path}.value")),
				&Json::Number(value.to_owned())
			);
			assert_eq!(at(&mut resource, &format!("{path}.code")), &common::text(ucum));
		}
	}
}

#[test]
fn diet_and_family_history() {
	let mut diet = json(&parse(Kind::Diet, " vegetarian, little salt ").resource(&patient(), NOW));
	assert_eq!(at(&mut diet, "code.coding[0].code"), &common::text("81663-7"));
	assert_eq!(at(&mut diet, "category[0].coding[0].code"), &common::text("social-history"));
	assert_eq!(
		at(&mut diet, "valueCodeableConcept.text"),
		&common::text("vegetarian, little salt")
	);

	let written = "Father: type 2 diabetes; high blood pressure";
	let mut father = json(&parse(Kind::FamilyHistory, written).resource(&patient(), NOW));
	assert_eq!(at(&mut father, "resourceType"), &common::text("FamilyMemberHistory"));
	assert_eq!(at(&mut father, "relationship.coding[0].code"), &common::text("FTH"));
	assert_eq!(at(&mut father, "condition[0].code.text"), &common::text("type 2 diabetes"));
	assert_eq!(at(&mut father, "condition[1].code.text"), &common::text("high blood pressure"));
}

#[test]
fn every_kind_passes_alone_and_together() {
	let identified = Patient::identifier("urn:salus:identity", "6f1c09").unwrap();
	for patient in [patient(), identified] {
		let readings: Vec<_> =
			Kind::ALL.into_iter().map(|kind| parse(kind, kind.example())).collect();
		for reading in &readings {
			let resource = reading.resource(&patient, NOW);
			let document =
				validate(resource.as_bytes(), NOW).unwrap_or_else(|refusal| panic!("{refusal}"));
			assert!(document.report.issues().is_empty(), "{}", document.report);
			assert!(document.subject.is_some());
		}
		let together = bundle(&readings, &patient, NOW);
		let document =
			validate(together.as_bytes(), NOW).unwrap_or_else(|refusal| panic!("{refusal}"));
		assert!(document.report.issues().is_empty(), "{}", document.report);
		assert_eq!(document.bundle_type.as_deref(), Some("collection"));
		let patients = document.contents.get("Patient").copied().unwrap_or(0);
		assert_eq!(document.kind, DocumentKind::Bundle { entries: readings.len() + patients });
		assert_eq!(document.contents["Observation"], 11);
		assert_eq!(document.contents["FamilyMemberHistory"], 1);
		let subject = document.subject.unwrap();
		assert!(subject == "6f1c09" || subject.ends_with("4c77"), "{subject}");
	}
}

#[test]
fn no_reading_is_taken_tomorrow() {
	let weight = parse(Kind::Weight, "71kg");
	let tomorrow = NOW + 24 * 60 * 60 * 1000;
	assert!(validate(weight.resource(&patient(), tomorrow).as_bytes(), NOW).is_err());
}

#[test]
fn patients_are_pseudonyms() {
	for urn in
		["", "Ilse", "urn:uuid:", "urn:uuid:5B0AC3F1-8C3E-4E0D-9F5C-2F2B8A1D4C77", "Patient/1"]
	{
		assert_eq!(Patient::urn(urn), None, "{urn}");
	}
	for (system, value) in
		[("", "1"), ("salus", "1"), ("urn:a b", "1"), ("urn:salus", " "), ("urn:salus", "a\nb")]
	{
		assert_eq!(Patient::identifier(system, value), None, "{system} {value}");
	}
}

#[test]
fn refuses_what_is_no_reading() {
	for (kind, written, expected) in [
		(Kind::Weight, "", Reason::Empty),
		(Kind::Weight, "kg", Reason::NotANumber),
		(Kind::Weight, "-71kg", Reason::NotANumber),
		(Kind::Weight, "0kg", Reason::NotANumber),
		(Kind::Weight, ".5kg", Reason::NotANumber),
		(Kind::Weight, "5.kg", Reason::NotANumber),
		(Kind::Weight, "7.1.0kg", Reason::NotANumber),
		(Kind::Weight, "71,5kg", Reason::Comma),
		(Kind::Weight, "71.00000000000kg", Reason::TooLong),
		(Kind::Weight, "71", Reason::NoUnit),
		(Kind::Weight, "71cm", Reason::UnknownUnit { unit: Some("cm".into()) }),
		(Kind::Weight, "71 of my kilograms", Reason::UnknownUnit { unit: None }),
		(Kind::Lactate, "10mg/dL", Reason::UnknownUnit { unit: Some("mg/dL".into()) }),
		(Kind::BloodPressure, "120mmHg", Reason::NotAPair),
		(Kind::BloodPressure, "120/mmHg", Reason::NotAPair),
		(Kind::BloodPressure, "120/80", Reason::NoUnit),
		(Kind::BloodPressure, "80/120mmHg", Reason::PairReversed),
		(Kind::BloodPressure, "80/80mmHg", Reason::PairReversed),
		(Kind::Diet, "  ", Reason::Empty),
		(Kind::Diet, "a\u{1b}b", Reason::BadText),
		(Kind::FamilyHistory, "type 2 diabetes", Reason::NoRelative),
		(Kind::FamilyHistory, "father:", Reason::NoRelative),
		(Kind::FamilyHistory, "neighbour:asthma", Reason::UnknownRelative),
	] {
		assert_eq!(reason(kind, written), expected, "{written}");
	}
	assert_eq!(reason(Kind::Diet, &"x".repeat(501)), Reason::BadText);
	for (kind, written) in [
		(Kind::Weight, "7100kg"),
		(Kind::Height, "18m"),
		(Kind::Glucose, "540mmol/L"),
		(Kind::Temperature, "98.6C"),
		(Kind::OxygenSaturation, "101%"),
		(Kind::BloodPressure, "1200/80mmHg"),
		(Kind::BodyFat, "0.5%"),
	] {
		assert!(matches!(reason(kind, written), Reason::Impossible { .. }), "{written}");
	}
}

#[test]
fn an_error_says_what_would_do() {
	let error = Reading::parse(Kind::Weight, "71stone").unwrap_err().to_string();
	assert_eq!(error, "weight: \"stone\" is not a unit of it; accepted: kg, g, lb (as in 71kg)");
	let error = Reading::parse(Kind::Height, "18m").unwrap_err().to_string();
	assert_eq!(error, "height: 1800 cm is impossible; possible is 20 to 280 cm (as in 180cm)");
	let error = Reading::parse(Kind::FamilyHistory, "dad:asthma").unwrap_err().to_string();
	assert!(error.contains("known: mother, father"));
}

#[test]
fn kinds_have_names() {
	for kind in Kind::ALL {
		assert_eq!(Kind::of_name(kind.name()), Some(kind));
		assert!(Reading::parse(kind, kind.example()).is_ok(), "{}", kind.name());
	}
	assert_eq!(Kind::of_name("shoe-size"), None);
	assert_eq!(Kind::Glucose.units(), ["mmol/L", "mg/dL"]);
}

proptest! {
	/// Metres become centimetres without losing or rounding a digit.
	#[test]
	fn metres_become_centimetres_exactly(millimetres in 200_u32..=2800, zeros in 0..3_usize) {
		let more = "0".repeat(zeros);
		let written = format!("{}.{:03}{more}m", millimetres / 1000, millimetres % 1000);
		let (value, ucum, _) = becomes(Kind::Height, &written);
		prop_assert_eq!(ucum, "cm");
		let expected = format!("{}.{}{}", millimetres / 10, millimetres % 10, "0".repeat(zeros));
		prop_assert_eq!(value, expected);
	}

	/// What is accepted validates; what is not is refused with a reason, never by a panic.
	#[test]
	fn whatever_is_accepted_is_valid(
		which in 0..Kind::ALL.len(),
		written in "[0-9.,/ %a-zA-Z:;°-]{0,24}",
	) {
		if let Ok(reading) = Reading::parse(Kind::ALL[which], &written) {
			let resource = reading.resource(&patient(), NOW);
			prop_assert!(validate(resource.as_bytes(), NOW).is_ok(), "{}", resource);
		}
	}

	/// Any weight within reach, in any unit, keeps its digits and validates.
	#[test]
	fn weights_keep_their_digits(grams in 200_u32..=700_000) {
		let written = format!("{}.{:03}", grams / 1000, grams % 1000);
		let reading = parse(Kind::Weight, &format!("{written}kg"));
		let resource = reading.resource(&patient(), NOW);
		prop_assert!(resource.contains(&written));
		prop_assert!(validate(resource.as_bytes(), NOW).is_ok());
	}
}
