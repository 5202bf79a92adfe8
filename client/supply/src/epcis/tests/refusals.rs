// SPDX-License-Identifier: Apache-2.0

//! What is refused, where, and why.

use super::{own::*, *};
use proptest::prelude::*;

/// The one refusal of a plan.
#[track_caller]
fn refused(events: &[String]) -> String {
	let plan = plan(events);
	replay(&plan);
	assert_eq!(plan.refused.len(), 1, "{:?}", plan.refused);
	plan.refused[0].reason.clone()
}

#[track_caller]
fn says(events: &[String], what: &str) {
	let reason = refused(events);
	assert!(reason.contains(what), "{reason}");
}

fn lot() -> String {
	commission(0, "L1", &["A", "B", "C"])
}

#[test]
fn a_refusal_names_its_line() {
	let plan = plan(&[lot(), pack(1, 1, &["A"])]);
	assert_eq!(plan.refused[0].place, "line 18");
	assert_eq!(plan.calls[1].place, "line 17");
}

#[test]
fn what_was_not_commissioned_is_refused() {
	says(&[lot(), pack(1, 1, &["A"])], "was not commissioned as a container before");
	says(&[lot(), containers(1, &[1]), pack(2, 1, &["Z"])], "was not commissioned as a container");
	says(&[lot(), ship(2, &format!("<epc>{}</epc>", sscc(9)))], "was not commissioned");
}

#[test]
fn what_is_elsewhere_by_then_is_refused() {
	let base = [lot(), containers(1, &[1, 2]), pack(2, 1, &["A"])].concat();
	says(&[base.clone(), pack(3, 2, &["A"])], "is in container 095060000000000015 by then");
	let sent = [base, ship(3, &format!("<epc>{}</epc>", sscc(1)))].concat();
	says(&[sent.clone(), stack(4, 2, &[1])], "is on its way by then");
	says(&[sent.clone(), pack(4, 1, &["B"])], "is on its way by then");
	says(&[sent, aggregate(4, "DELETE", 1, "")], "is on its way by then");
}

#[test]
fn containers_never_stand_in_themselves() {
	says(&[containers(1, &[1]), stack(2, 1, &[1])], "would stand in itself");
	let circle = [containers(1, &[1, 2, 3]), stack(2, 2, &[1]), stack(3, 3, &[2])].concat();
	says(&[circle, stack(4, 1, &[3])], "would stand in itself");
}

#[test]
fn serials_and_containers_are_commissioned_once() {
	says(&[lot(), commission(1, "L1", &["A"])], "is commissioned twice");
	says(&[commission(1, "L1", &["A", "A"])], "is commissioned twice");
	says(&[containers(1, &[1]), containers(2, &[1])], "is commissioned twice");
	says(&[lot(), containers(1, &[1]), pack(2, 1, &["A", "A"])], "is named twice");
}

#[test]
fn a_lot_has_one_expiry() {
	let other = commission(1, "L1", &["D"]).replace("2028-06", "2028-07");
	says(&[lot(), other], "a lot has one expiry");
}

#[test]
fn a_lot_needs_number_and_expiry() {
	let lot = lot();
	says(&[lot.replace("mda:lotNumber", "mda:other")], "without lotNumber");
	says(&[lot.replace("mda:itemExpirationDate", "mda:other")], "without itemExpirationDate");
	says(&[lot.replace(">L1<", ">L 1<")], "lot `L 1`");
	says(&[lot.replace("2028-06", "06/2028")], "`06/2028`");
	says(&[lot.replace("<eventTime>2026-01-01T10:00:00+01:00</eventTime>", "")], "no eventTime");
	says(&[lot.replace("T10:00:00+01:00", " 10:00")], "is no time");
}

#[test]
fn a_part_of_a_container_is_not_taken_out() {
	let base = [lot(), containers(1, &[1]), pack(2, 1, &["A", "B"])].concat();
	let one = "<epc>urn:epc:id:sgtin:9506000.013435.A</epc>";
	says(&[base.clone(), aggregate(3, "DELETE", 1, one)], "only a part of container");
	let both = format!("{one}<epc>urn:epc:id:sgtin:9506000.013435.C</epc>");
	says(&[base.clone(), aggregate(3, "DELETE", 1, &both)], "is not in container");
	says(&[lot(), containers(1, &[1]), aggregate(3, "DELETE", 1, "")], "is empty by then");
	let all = format!("{one}<epc>urn:epc:id:sgtin:9506000.013435.B</epc>");
	assert_eq!(plan(&[base, aggregate(3, "DELETE", 1, &all)]).refused, []);
}

#[test]
fn a_shipment_goes_to_one_party() {
	let base = [lot(), containers(1, &[1]), pack(2, 1, &["A"])].concat();
	let sent = ship(3, &format!("<epc>{}</epc>", sscc(1)));
	says(&[base.clone(), sent.replace("owning_party", "location")], "names no receiver");
	let (head, tail) = sent.split_once("</destinationList>").unwrap();
	let (_, again) = head.split_once("<destinationList>").unwrap();
	let twice = format!("{head}{again}</destinationList>{tail}");
	says(&[base.clone(), twice], "two parties of type owning_party");
	says(
		&[base, sent.replace("sgln:9506000.00002.0", "sgtin:9506000.013435.A")],
		"neither a place",
	);
}

#[test]
fn what_no_call_stands_for_says_what_to_do() {
	for (step, instead) in [
		("receiving", "salus supply receive"),
		("void_shipping", "salus supply void"),
		("dispensing", "salus supply dispense"),
		("destroying", "salus supply destroy"),
		("inspecting", "leave it out"),
	] {
		let sent = ship(1, "<epc>urn:epc:id:sgtin:9506000.013435.A</epc>");
		says(&[lot(), sent.replace("bizstep:shipping", &format!("bizstep:{step}"))], instead);
	}
	let kind = lot().replace("ObjectEvent", "TransactionEvent");
	says(&[kind], "no call stands for a TransactionEvent");
	says(&[lot().replace("ADD", "DELETE")], "no call stands for DELETE with commissioning");
}

#[test]
fn quantities_and_declared_errors_are_refused() {
	let base = [lot(), containers(1, &[1])].concat();
	let quantity = "<extension><childQuantityList><quantityElement>\
		<epcClass>urn:epc:class:lgtin:9506000.013435.L1</epcClass><quantity>3</quantity>\
		</quantityElement></childQuantityList></extension></AggregationEvent>";
	let packed = pack(2, 1, &["A"]).replace("</AggregationEvent>", quantity);
	says(&[base.clone(), packed], "speaks of quantities");
	let error = "<baseExtension><errorDeclaration><declarationTime>2026-01-02T00:00:00Z\
		</declarationTime></errorDeclaration></baseExtension></AggregationEvent>";
	says(&[base, pack(2, 1, &["A"]).replace("</AggregationEvent>", error)], "declared an error");
}

#[test]
fn names_that_are_none_are_refused_with_their_cause() {
	let bad = |epc: &str| lot().replace("urn:epc:id:sgtin:9506000.013435.B", epc);
	says(&[bad("urn:epc:id:sgtin:9506000.13435.B")], "digits");
	says(&[bad("urn:epc:id:giai:9506000.1")], "is not read here");
	says(&[bad("urn:epc:class:lgtin:9506000.013435.L1")], "neither a single item");
	says(&[bad("https://id.gs1.org/01/09506000134351/21/B")], "check digit");
}

#[test]
fn a_wrong_ndc_in_the_master_data_is_refused() {
	let attributes = "<attribute id=\"urn:epcglobal:cbv:mda#additionalTradeItemIdentification\">\
		0001-0123-46</attribute><attribute id=\
		\"urn:epcglobal:cbv:mda#additionalTradeItemIdentificationTypeCode\">US_FDA_NDC</attribute>";
	let text = document(&lot())
		.replace("sgtin:9506000.013435.*", "sgtin:030001.0012345.*")
		.replacen("<attribute", &format!("{attributes}<attribute"), 1);
	let refused = import(text.as_bytes(), &Options::default()).unwrap().refused;
	assert!(refused[0].reason.contains("NDC 0001-0123-46 is not the one"), "{refused:?}");
	let sound = text.replace("0123-46", "0123-45");
	assert_eq!(import(sound.as_bytes(), &Options::default()).unwrap().refused, []);
}

#[test]
fn what_is_no_document_is_refused_whole() {
	let fails = |text: &str| import(text.as_bytes(), &Options::default()).unwrap_err().to_string();
	assert!(fails("").contains("neither XML nor JSON"));
	assert!(fails("serial\nA1\n").contains("neither XML nor JSON"));
	assert!(fails("{").contains("no JSON"));
	assert!(fails("{}").starts_with("/type: "));
	assert!(
		fails(r#"{"type":"EPCISDocument","schemaVersion":"1.2"}"#).starts_with("/schemaVersion")
	);
	assert!(fails(r#"{"type":"EPCISDocument","schemaVersion":"2.0"}"#).contains("no events"));
	assert!(fails("<a/>").contains("no EPCISDocument"));
	assert!(fails("<EPCISDocument schemaVersion=\"1.0\"/>").contains("EPCIS 1.2"));
	assert!(fails("<EPCISDocument schemaVersion=\"1.2\"/>").contains("EventList"));
	assert!(fails("<a>\n<b>\n</a>").starts_with("line 3: "));
	assert!(
		fails("<a>\n").contains("ends within an element") || fails("<a>\n").contains("not well")
	);
	let typed = "<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>";
	assert!(fails(typed).contains("document type"), "{}", fails(typed));
	assert!(fails("<a>&b;</a>").contains("entity &b;"));
	assert!(fails(&"<a>".repeat(40)).contains("deep"));
	let long = vec![b' '; MAX_DOCUMENT + 1];
	assert!(matches!(import(&long, &Options::default()), Err(ImportError::TooLarge(_))));
}

#[test]
fn a_case_may_not_hold_more_parcels_than_one_call_packs() {
	// Every second pack of a batch goes into one case, the others into the other: the second packing
	// finds them apart.
	let serials: Vec<String> = (0..600).map(|n| format!("S{n}")).collect();
	let all: Vec<&str> = serials.iter().map(String::as_str).collect();
	let even: Vec<&str> = all.iter().copied().step_by(2).collect();
	let base = [commission(0, "L1", &all), containers(1, &[1, 2]), pack(2, 1, &all)].concat();
	let again = [base, aggregate(3, "DELETE", 1, ""), pack(4, 2, &even)].concat();
	says(&[again], "it has 300 parcels and containers");
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(128))]

	/// Whatever a document tells, the calls that come out follow the rules of the chain.
	#[test]
	fn any_story_comes_out_as_calls_that_the_chain_takes(
		steps in prop::collection::vec((0u8..5, 0u8..6, prop::collection::vec(0usize..12, 0..6)), 0..24),
	) {
		let names = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L"];
		let (one, two) = names.split_at(6);
		let mut events = vec![
			commission(0, "L1", one),
			commission(0, "L2", two),
			containers(0, &[0, 1, 2, 3, 4, 5]),
		];
		for (minute, (kind, parent, picked)) in (1..).zip(steps) {
			let chosen: Vec<&str> = picked.iter().map(|n| names[*n]).collect();
			let numbers: Vec<u8> = picked.iter().map(|n| *n as u8 % 6).collect();
			events.push(match kind {
				0 | 1 => pack(minute, parent, &chosen),
				2 => stack(minute, parent, &numbers),
				3 => aggregate(minute, "DELETE", parent, ""),
				_ => ship(minute, &format!("<epc>{}</epc>", sscc(parent))),
			});
		}
		let count = events.len();
		let plan = plan(&events);
		replay(&plan);
		prop_assert!(plan.refused.len() <= count);
		prop_assert_eq!(plan.counts().packs, 12);
	}

	#[test]
	fn any_text_is_read_without_harm(
		text in "[<>/a-zA-Z\"= {}:\\[\\],&;!?-]{0,200}",
		inside in any::<bool>(),
	) {
		let text = if inside { document(&text) } else { text };
		let _ = import(text.as_bytes(), &options());
	}
}
