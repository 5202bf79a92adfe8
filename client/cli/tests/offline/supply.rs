// SPDX-License-Identifier: Apache-2.0

//! Goods, as far as no chain is asked: labels, documents, and what is refused before one is.

use super::{files, furnished, home, refused, salus};
use predicates::{
	prelude::PredicateBooleanExt,
	str::{contains, is_empty},
};
use serde_json::Value;
use std::fs;

const LABEL: &str = "(01)06291041500213(17)311231(10)L1(21)S17";
const PAPER: &str = "0x5a1a500000000000000000000000000000000000000000000000000000000000";

#[test]
fn a_label_is_drawn_once_and_overwritten_when_that_is_said() {
	let home = home();
	let draw = |name: &str, more: &[&str]| {
		let mut command = salus(home.path());
		command.current_dir(home.path());
		command.args(["supply", "label", LABEL, "--output", name]).args(more).assert()
	};
	draw("pack.svg", &[]).success().stdout(contains("06291041500213"));
	let svg = fs::read_to_string(home.path().join("pack.svg")).unwrap();
	assert!(svg.contains("<svg") && svg.contains("S17"), "{svg}");
	draw("pack.png", &["--dots", "4"]).success();
	assert!(fs::read(home.path().join("pack.png")).unwrap().starts_with(b"\x89PNG"));
	refused(draw("pack.svg", &[])).stderr(contains("pack.svg cannot be written"));
	draw("pack.svg", &["--force"]).success();
	refused(draw("pack.gif", &[])).stderr(contains(".svg or .png"));
	assert_eq!(files(home.path()), ["pack.png", "pack.svg"]);
}

#[test]
fn what_cannot_be_on_a_label_is_refused() {
	let home = home();
	for wrong in ["(01)06291041500214(21)S1", "06291041500213", "(10)L1"] {
		let mut command = salus(home.path());
		command.current_dir(home.path());
		let drawn = command.args(["supply", "label", wrong, "--output", "x.svg"]).assert();
		refused(drawn);
	}
	assert!(files(home.path()).is_empty());
}

#[test]
fn a_scan_that_names_no_pack_is_the_readers_fault_and_asks_nobody() {
	let home = home();
	for scan in ["(00)106141412345678908", "(01)06291041500214(21)S1", "hello"] {
		let shown = salus(home.path()).args(["--json", "supply", "scan", scan]).assert();
		let shown = shown.code(3).stderr(is_empty());
		let answer: Value = serde_json::from_slice(&shown.get_output().stdout).unwrap();
		assert_eq!(
			(&answer["exit"], &answer["verdict"]["code"]),
			(&3.into(), &"bad-format".into())
		);
		let words = salus(home.path()).args(["supply", "verify", scan]).assert().code(3);
		words.stdout(contains("\u{1b}").not());
	}
	// What names one is asked about, without a keystore too.
	let asked = salus(home.path()).args(["supply", "scan", LABEL]).assert();
	refused(asked).stderr(contains("no node answers"));
}

#[test]
fn commands_are_refused_by_words_before_a_node_is_asked() {
	let home = furnished();
	let refuse = |words: &[&str]| {
		let mut command = salus(home.path());
		refused(command.arg("supply").args(words).assert())
	};
	let party = format!("0x{}", "ab".repeat(32));
	let ship = ["ship", "7:0", "--to", &party, "--transaction", PAPER];
	refuse(&ship).stderr(contains("--affirm"));
	refuse(&[&ship[..], &["--affirm"]].concat()).stderr(contains("no node answers"));
	let place = ["--market", "756", "--location", "0300011111116"];
	refuse(&[&["undo", "7/12"][..], &place].concat()).stderr(contains("--not-handed-over"));
	let none = home.path().join("none.leaves").display().to_string();
	let dispense = [&["dispense", "7/12", "--leaf-file", &none][..], &place].concat();
	refuse(&dispense).stderr(contains("none.leaves"));
	refuse(&["reap"]).stderr(contains("--containers or --units"));
	refuse(&["destroy", "--witness", &none, "--yes"]).stderr(contains("cannot be read"));
	let units: Vec<_> = (0..33).map(|index| format!("7/{index}")).collect();
	let many: Vec<_> = ["return"].into_iter().chain(units.iter().map(String::as_str)).collect();
	refuse(&many).stderr(contains("one call takes 32"));
	let withdraw = ["product", "withdraw", "06291041500213", "--reason", PAPER];
	refuse(&withdraw).stderr(contains("--yes"));
	let recall = ["recall", "start", "--class", "class-i", "--depth", "retail"];
	let recall = [&recall[..], &["--reason", PAPER, "--reference", "R1"]].concat();
	refuse(&recall).stderr(contains("--product, --lot or --batch"));
}

#[test]
fn what_is_written_wrongly_is_not_understood() {
	let home = home();
	for (words, said) in [
		(&["split", "7", "--at", "3"][..], "7:0"),
		(&["undo", "7:12"], "7/12"),
		(&["pack", "162910410000000011", "7:0"], "check digit"),
		(&["product", "show", "06291041500214"], "GTIN"),
		(&["lot", "open", "06291041500213", "--number", "L 1"], "--number"),
		(&["ship", "x", "--to", "0x"], "SSCC"),
		(&["recall", "show", "first"], "first"),
		(&["product", "register", "06291041500213", "--class", "food"], "drug, device"),
	] {
		let mut command = salus(home.path());
		let typed = command.arg("supply").args(words).assert();
		typed.code(2).stdout(is_empty()).stderr(contains(said));
	}
}

/// One pack, commissioned and shipped, in EPCIS 2.0.
const DOCUMENT: &str = r#"{
	"@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
	"type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-01-16T00:00:00Z",
	"epcisBody": { "eventList": [ {
		"type": "ObjectEvent", "action": "ADD", "bizStep": "commissioning", "disposition": "active",
		"eventTime": "2026-01-15T10:00:00Z", "eventTimeZoneOffset": "+00:00",
		"epcList": ["urn:epc:id:sgtin:6291041.050021.S17"],
		"ilmd": { "cbvmda:lotNumber": "L1", "cbvmda:itemExpirationDate": "2031-12-31" }
	} ] }
}"#;

#[test]
fn a_document_is_shown_as_calls_before_any_is_made() {
	let home = home();
	let path = home.path().join("events.json");
	fs::write(&path, DOCUMENT).unwrap();
	let mut command = salus(home.path());
	let shown = command.args(["--json", "supply", "import-epcis"]).arg(&path).assert().success();
	let answer: Value = serde_json::from_slice(&shown.get_output().stdout).unwrap();
	assert_eq!((&answer["packs"], &answer["lots"]), (&1.into(), &1.into()), "{answer}");
	assert!(answer["calls"].to_string().contains("commission batch"), "{answer}");
	fs::write(&path, "packs").unwrap();
	let mut command = salus(home.path());
	let typed = command.args(["supply", "import-epcis"]).arg(&path).assert();
	refused(typed).stderr(contains("neither XML nor JSON"));
	let mut command = salus(home.path());
	command.args(["supply", "import-epcis", "--submit"]).arg(&path).assert().code(2);
	assert_eq!(files(home.path()), ["events.json"]);
}
