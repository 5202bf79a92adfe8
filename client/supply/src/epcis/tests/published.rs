// SPDX-License-Identifier: Apache-2.0

//! Published documents, read where they lie beside the project. Nothing of them is in it.

use super::*;
use std::{fs, path::Path};

/// A file of the folder `shared/data/epcis` beside the project, or nothing with a word about it.
fn published(name: &str) -> Option<Vec<u8>> {
	let project = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?;
	let path = project.parent()?.join("shared/data/epcis").join(name);
	match fs::read(&path) {
		Ok(bytes) => Some(bytes),
		Err(_) => {
			eprintln!("SKIPPED: there is no {}", path.display());
			None
		},
	}
}

#[test]
fn the_us_pharma_case_is_twelve_packs_three_cases_a_pallet_and_a_shipment() {
	let Some(bytes) = published("GS1_US_Pharma_Example.xml") else { return };
	let plan = import(&bytes, &options()).unwrap();
	assert_eq!(plan.refused, []);
	assert_eq!(
		plan.counts(),
		Counts {
			products: 1,
			lots: 1,
			batches: 1,
			packs: 12,
			cases: 3,
			logistic_units: 1,
			shipments: 1,
		}
	);
	assert_eq!(
		words(&plan),
		[
			"product 00300010123455",
			"lot A123 of 12",
			"batch 0: 11 12 13 14 15 16 17 18 19 20 21 22",
			"case 503000100000007002 is 110",
			"case 503000100000007019 is 111",
			"case 503000100000007026 is 121",
			"split 0/0 at 4",
			"pack 503000100000007002: 0/0",
			"split 0/4 at 8",
			"pack 503000100000007019: 0/4",
			"pack 503000100000007026: 0/8",
			"container 403000112345678901",
			"pack 403000112345678901: 503000100000007002 503000100000007019 503000100000007026",
			"ship to 0399999999991: 403000112345678901",
		]
	);
	replay(&plan);
}

#[test]
fn what_the_us_pharma_case_says_besides_is_kept() {
	let Some(bytes) = published("GS1_US_Pharma_Example.xml") else { return };
	let plan = import(&bytes, &options()).unwrap();
	let calls = calls(&plan);
	let PlannedCall::RegisterProduct { company, master, master_hash, levels, .. } = calls[0] else {
		panic!("{:?}", calls[0])
	};
	assert_eq!(company.to_string(), "030001");
	assert!(master.contains("\"regulatedProductName\":\"Epcistra\""), "{master}");
	assert_eq!(master_hash.0, blake2_256(master.as_bytes()));
	assert_eq!(levels, &[("10300010123452".parse().unwrap(), 4)]);
	let PlannedCall::OpenLot { made, expiry, .. } = calls[1] else { panic!("{:?}", calls[1]) };
	assert_eq!((made.to_string(), expiry.to_string()), ("2023-03-27".into(), "2025-03-27".into()));
	let PlannedCall::Ship { to, ship_to, from, affirmed, documents, .. } = calls[13] else {
		panic!("{:?}", calls[13])
	};
	assert!(affirmed);
	assert_eq!(plan.parties[to], "GS1 Drug Distributor");
	assert_eq!(ship_to.unwrap().to_string(), "0399993456780");
	assert_eq!(from.unwrap().to_string(), "0300011111116");
	let kinds: Vec<_> = documents.iter().map(|(kind, _)| kind.as_str()).collect();
	assert_eq!(kinds, ["po", "desadv"]);
	// 2023-04-01T07:48:16Z, at its place.
	assert_eq!(plan.calls[13].at, Some(1_680_335_296_000));
	assert_eq!(plan.calls[13].place, "line 267");
	assert_eq!(plan.document.0, blake2_256(&bytes));
}

#[test]
fn cases_without_numbers_are_refused_and_with_them_what_is_in_them() {
	let Some(bytes) = published("GS1_US_Pharma_Example.xml") else { return };
	let plan = import(&bytes, &Options::default()).unwrap();
	// The cases, what goes into each, and the pallet of the three; an empty pallet is sent.
	assert_eq!(plan.refused.len(), 5, "{:?}", plan.refused);
	assert!(plan.refused[0].reason.contains("has no SSCC"), "{}", plan.refused[0].reason);
	replay(&plan);
}

#[test]
fn published_documents_of_epcis_2_are_read_and_refused_event_by_event() {
	for (name, events) in [
		("ObjectEvent.json", 2),
		("AggregationEvent.json", 1),
		("TransformationEvent.json", 1),
		("ObjectEvent_with_sensorData.json", 1),
		("epcisDocWithAllGS1Keys.json", 1),
	] {
		let Some(bytes) = published(name) else { continue };
		let plan = import(&bytes, &options()).unwrap();
		// They ship and receive what was commissioned elsewhere, or do what no call stands for.
		assert_eq!(plan.calls, [], "{name}");
		assert_eq!(plan.refused.len(), events, "{name}: {:?}", plan.refused);
		for refusal in &plan.refused {
			assert!(refusal.place.starts_with("/epcisBody/eventList/"), "{}", refusal.place);
			assert!(refusal.reason.len() > 20, "{}", refusal.reason);
		}
	}
}
