// SPDX-License-Identifier: Apache-2.0

//! A small document of our own in both forms.

use super::*;

/// The head of a document in XML, with two products and a place.
const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:1" schemaVersion="1.2"
 xmlns:mda="urn:epcglobal:cbv:mda" xmlns:other="http://example.org/" creationDate="2026-01-01T00:00:00Z">
<EPCISHeader><extension><EPCISMasterData><VocabularyList>
<Vocabulary type="urn:epcglobal:epcis:vtype:EPCClass"><VocabularyElementList>
<VocabularyElement id="urn:epc:idpat:sgtin:9506000.013435.*">
<attribute id="urn:epcglobal:cbv:mda#regulatedProductName">Salus &amp; Sons</attribute>
</VocabularyElement>
</VocabularyElementList></Vocabulary>
<Vocabulary type="urn:epcglobal:epcis:vtype:Location"><VocabularyElementList>
<VocabularyElement id="urn:epc:id:sgln:9506000.00001.0">
<attribute id="urn:epcglobal:cbv:mda#name">Works</attribute>
</VocabularyElement>
</VocabularyElementList></Vocabulary>
</VocabularyList></EPCISMasterData></extension></EPCISHeader>
<EPCISBody><EventList>
"#;
const TAIL: &str = "</EventList></EPCISBody></epcis:EPCISDocument>";

pub(super) fn document(events: &str) -> String {
	format!("{HEAD}{events}{TAIL}")
}

fn epcs(serials: &[&str]) -> String {
	let epc = |serial: &&str| format!("<epc>urn:epc:id:sgtin:9506000.013435.{serial}</epc>");
	serials.iter().map(epc).collect()
}

/// Commissions packs at a minute of the day.
pub(super) fn commission(minute: u8, lot: &str, serials: &[&str]) -> String {
	format!(
		"<ObjectEvent><eventTime>2026-01-01T10:{minute:02}:00+01:00</eventTime><epcList>{}</epcList>\
		 <action>ADD</action><bizStep>urn:epcglobal:cbv:bizstep:commissioning</bizStep><extension><ilmd>\
		 <mda:lotNumber>{lot}</mda:lotNumber>\
		 <mda:itemExpirationDate>2028-06</mda:itemExpirationDate>\
		 <other:lotNumber>WRONG</other:lotNumber></ilmd></extension></ObjectEvent>\n",
		epcs(serials)
	)
}

pub(super) fn sscc(number: u8) -> String {
	format!("urn:epc:id:sscc:9506000.0{number:09}")
}

/// Commissions logistic units.
pub(super) fn containers(minute: u8, numbers: &[u8]) -> String {
	let epcs: String = numbers.iter().map(|n| format!("<epc>{}</epc>", sscc(*n))).collect();
	format!(
		"<ObjectEvent><eventTime>2026-01-01T09:{minute:02}:00Z</eventTime><epcList>{epcs}</epcList>\
		 <action>ADD</action><bizStep>urn:epcglobal:cbv:bizstep:commissioning</bizStep></ObjectEvent>\n"
	)
}

/// Packs units, or what is given as EPCs, or takes them out.
pub(super) fn aggregate(minute: u8, action: &str, parent: u8, children: &str) -> String {
	format!(
		"<AggregationEvent><eventTime>2026-01-01T09:{minute:02}:00Z</eventTime>\
		 <parentID>{}</parentID><childEPCs>{children}</childEPCs><action>{action}</action>\
		 </AggregationEvent>\n",
		sscc(parent)
	)
}

pub(super) fn pack(minute: u8, parent: u8, serials: &[&str]) -> String {
	aggregate(minute, "ADD", parent, &epcs(serials))
}

pub(super) fn stack(minute: u8, parent: u8, numbers: &[u8]) -> String {
	let children: String = numbers.iter().map(|n| format!("<epc>{}</epc>", sscc(*n))).collect();
	aggregate(minute, "ADD", parent, &children)
}

pub(super) fn ship(minute: u8, epcs: &str) -> String {
	format!(
		"<ObjectEvent><eventTime>2026-01-01T09:{minute:02}:00Z</eventTime><epcList>{epcs}</epcList>\
		 <action>OBSERVE</action><bizStep>urn:epcglobal:cbv:bizstep:shipping</bizStep><extension>\
		 <destinationList><destination type=\"urn:epcglobal:cbv:sdt:owning_party\">\
		 urn:epc:id:sgln:9506000.00002.0</destination></destinationList></extension></ObjectEvent>\n"
	)
}

pub(super) fn plan(events: &[String]) -> Plan {
	import(document(&events.concat()).as_bytes(), &Options::default()).unwrap()
}

#[track_caller]
fn sound(events: &[String]) -> Plan {
	let plan = plan(events);
	assert_eq!(plan.refused, []);
	replay(&plan);
	plan
}

const ONE: &str = "095060000000000015";
const TWO: &str = "095060000000000022";
const THREE: &str = "095060000000000039";

#[test]
fn a_case_is_a_stretch_of_its_batch_whatever_the_order_of_the_serials() {
	let plan = sound(&[
		commission(0, "L1", &["E", "A", "D", "B", "X", "C"]),
		containers(1, &[1, 2, 3]),
		pack(2, 1, &["A", "B"]),
		pack(3, 2, &["C", "D", "E"]),
		// The second case stands below the first on the pallet.
		stack(4, 3, &[2, 1]),
	]);
	assert_eq!(
		words(&plan),
		[
			"product 09506000134352".to_owned(),
			"lot L1 of 6".into(),
			"batch 0: C D E A B X".into(),
			format!("container {ONE}"),
			format!("container {TWO}"),
			format!("container {THREE}"),
			"split 0/0 at 3".into(),
			"split 0/3 at 5".into(),
			format!("pack {ONE}: 0/3"),
			format!("pack {TWO}: 0/0"),
			format!("pack {THREE}: {ONE} {TWO}"),
		]
	);
}

#[test]
fn events_are_taken_in_the_order_of_their_times() {
	let plan =
		sound(&[pack(5, 1, &["A", "B"]), containers(4, &[1]), commission(3, "L1", &["A", "B"])]);
	let words = words(&plan);
	assert_eq!(
		words[2..],
		["batch 0: A B".to_owned(), format!("container {ONE}"), format!("pack {ONE}: 0/0")]
	);
	// 10:03 with an offset of an hour is 09:03.
	assert_eq!(plan.calls[1].at, Some(1_767_258_180_000));
}

#[test]
fn two_batches_of_one_lot_may_share_a_case() {
	let plan = sound(&[
		commission(0, "L1", &["A", "B"]),
		commission(1, "L1", &["C", "D"]),
		containers(2, &[1]),
		pack(3, 1, &["B", "C"]),
	]);
	assert_eq!(
		words(&plan)[1..],
		[
			"lot L1 of 4".to_owned(),
			"batch 0: B A".into(),
			"batch 1: C D".into(),
			format!("container {ONE}"),
			"split 0/0 at 1".into(),
			"split 1/0 at 1".into(),
			format!("pack {ONE}: 0/0 1/0"),
		]
	);
}

#[test]
fn what_is_unpacked_can_be_packed_again() {
	let plan = sound(&[
		commission(0, "L1", &["A", "B", "C"]),
		containers(1, &[1, 2]),
		pack(2, 1, &["A", "B", "C"]),
		aggregate(3, "DELETE", 1, ""),
		pack(4, 2, &["A", "C"]),
		ship(5, &format!("<epc>{}</epc>", sscc(2))),
	]);
	assert_eq!(
		words(&plan)[5..],
		[
			format!("pack {ONE}: 0/0"),
			format!("unpack {ONE}"),
			"split 0/0 at 1".to_owned(),
			"split 0/1 at 2".into(),
			format!("pack {TWO}: 0/0 0/2"),
			format!("ship to 9506000000022: {TWO}"),
		]
	);
}

#[test]
fn single_packs_are_shipped_as_parcels() {
	let plan = sound(&[
		commission(0, "L1", &["A", "B", "C", "D"]),
		ship(1, &epcs(&["B", "C"])),
		ship(2, &epcs(&["A"])),
	]);
	assert_eq!(
		words(&plan)[3..],
		[
			"split 0/0 at 1",
			"split 0/1 at 3",
			"ship to 9506000000022: 0/1",
			"ship to 9506000000022: 0/0",
		]
	);
}

#[test]
fn names_of_products_and_places_come_from_the_master_data() {
	let plan = sound(&[commission(0, "L1", &["A"])]);
	let PlannedCall::RegisterProduct { master, levels, .. } = &plan.calls[0].call else { panic!() };
	assert!(master.contains("Salus & Sons"), "{master}");
	assert!(levels.is_empty());
	assert_eq!(plan.calls[0].place, "line 6");
	let place = "9506000000015".parse().unwrap();
	assert_eq!(plan.parties.get(&place).map(String::as_str), Some("Works"));
	let PlannedCall::OpenLot { number, made, expiry, .. } = &plan.calls[1].call else { panic!() };
	assert_eq!(number.as_str(), "L1");
	assert_eq!((made.to_string(), expiry.to_string()), ("2026-01-01".into(), "2028-06".into()));
}

/// The same in EPCIS 2.0, with terms and names in each of the forms that it allows.
const JSON: &str = r#"{
	"@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"],
	"type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-01-01T00:00:00Z",
	"epcisHeader": {
		"gs1ushc:dscsaTransactionStatement": { "gs1ushc:affirmTransactionStatement": true },
		"epcisMasterData": { "vocabularyList": [
			{ "type": "urn:epcglobal:epcis:vtype:EPCClass", "vocabularyElementList": [
				{ "id": "urn:epc:idpat:sgtin:9506000.013435.*", "attributes": [
					{ "id": "urn:epcglobal:cbv:mda#regulatedProductName", "attribute": "Salus" } ] } ] } ] } },
	"epcisBody": { "eventList": [
		{ "type": "ObjectEvent", "action": "ADD", "bizStep": "commissioning",
			"eventID": "ni:///sha-256;1111111111111111111111111111111111111111111111111111111111111111?ver=CBV2.0",
			"eventTime": "2026-01-01T10:00:00.5+01:00", "eventTimeZoneOffset": "+01:00",
			"epcList": [ "urn:epc:id:sgtin:9506000.013435.B",
				"https://id.gs1.org/01/09506000134352/21/A" ],
			"ilmd": { "cbvmda:lotNumber": "L1", "cbvmda:itemExpirationDate": "2028-06-30" } },
		{ "type": "ObjectEvent", "action": "ADD",
			"bizStep": "https://ref.gs1.org/cbv/BizStep-commissioning",
			"eventTime": "2026-01-01T09:01:00Z",
			"epcList": [ "https://id.gs1.org/00/095060000000000015" ] },
		{ "type": "AggregationEvent", "action": "ADD", "bizStep": "packing",
			"eventTime": "2026-01-01T09:02:00Z",
			"parentID": "urn:epc:id:sscc:9506000.0000000001",
			"childEPCs": [ "urn:epc:id:sgtin:9506000.013435.A" ] },
		{ "type": "ObjectEvent", "action": "OBSERVE",
			"bizStep": "urn:epcglobal:cbv:bizstep:shipping", "eventTime": "2026-01-01T09:03:00Z",
			"epcList": [ "urn:epc:id:sscc:9506000.0000000001" ],
			"bizTransactionList": [ { "type": "po", "bizTransaction": "urn:example:1" } ],
			"sourceList": [ { "type": "owning_party", "source": "urn:epc:id:pgln:9506000.00001" } ],
			"destinationList": [
				{ "type": "owning_party", "destination": "urn:epc:id:pgln:9506000.00002" },
				{ "type": "https://ref.gs1.org/cbv/SDT-possessing_party",
					"destination": "https://id.gs1.org/417/9506000000039" },
				{ "type": "location", "destination": "https://id.gs1.org/414/9506000000046" } ] }
	] }
}"#;

#[test]
fn a_document_of_epcis_2_comes_to_the_same_calls() {
	let plan = import(JSON.as_bytes(), &Options::default()).unwrap();
	assert_eq!(plan.refused, []);
	replay(&plan);
	assert_eq!(
		words(&plan),
		[
			"product 09506000134352".to_owned(),
			"lot L1 of 2".into(),
			"batch 0: A B".into(),
			format!("container {ONE}"),
			"split 0/0 at 1".into(),
			format!("pack {ONE}: 0/0"),
			format!("ship to 9506000000039: {ONE}"),
		]
	);
	let PlannedCall::Ship { ship_to, from, affirmed, documents, .. } = calls(&plan)[6] else {
		panic!()
	};
	assert!(affirmed);
	assert_eq!(ship_to.unwrap().to_string(), "9506000000046");
	assert_eq!(from.unwrap().to_string(), "9506000000015");
	assert_eq!(documents, &[("po".into(), "urn:example:1".into())]);
	assert_eq!(plan.calls[1].epcis, Some(Digest([0x11; 32])));
	assert_eq!(plan.calls[1].at, Some(1_767_258_000_500));
	assert_eq!(plan.calls[1].place, "/epcisBody/eventList/0");
	assert_eq!(
		plan.calls[0].place,
		"/epcisHeader/epcisMasterData/vocabularyList/0/vocabularyElementList/0"
	);
}
