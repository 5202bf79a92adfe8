// SPDX-License-Identifier: Apache-2.0

use super::*;
use std::collections::BTreeSet;

fn read(text: &[u8]) -> Result<ScannedLabel, NoPack> {
	ScannedLabel::read(text, 2026)
}

fn pack() -> ScannedLabel {
	read(b"]d2010950600013435217270331" as &[u8]).unwrap()
}

#[test]
fn every_way_to_write_a_pack_names_the_same_one() {
	let (serial, lot) = ("S1".parse().unwrap(), "L1".parse().unwrap());
	for text in [
		&b"]d201095060001343521727033110L1\x1d21S1"[..],
		b"(01)09506000134352(17)270331(10)L1(21)S1",
		b"https://id.gs1.org/01/09506000134352/10/L1/21/S1?17=270331",
	] {
		let label = read(text).unwrap();
		assert_eq!(label.product, UdiDi::Gs1("09506000134352".parse().unwrap()));
		assert_eq!((label.serial, label.lot), (Some(serial), Some(lot)));
		assert_eq!(label.expiry.unwrap().to_string(), "2027-03-31");
	}
	let label = read(b"urn:epc:id:sgtin:9506000.013435.S1").unwrap();
	assert_eq!(label.serial, Some(serial));
	assert_eq!(label.product, UdiDi::Gs1("09506000134352".parse().unwrap()));
}

#[test]
fn a_pallet_is_no_pack_and_no_suspicion() {
	let sscc = "403000112345678901".parse().unwrap();
	for text in [
		&b"]C100403000112345678901"[..],
		b"https://id.gs1.org/00/403000112345678901",
		b"urn:epc:id:sscc:030001.41234567890",
	] {
		let refused = read(text).unwrap_err();
		assert_eq!(refused, NoPack::Logistic(sscc));
		let answer = present_no_pack(&refused);
		assert_eq!((answer.exit, answer.colour), (3, Colour::Yellow));
		assert!(answer.advice.contains("salus supply trace 403000112345678901"));
	}
}

#[test]
fn what_cannot_be_read_is_technical() {
	for text in [&b""[..], b"]d2010950600013435", b"(01)09506000134351", b"(21)S1", b"]C1\xff"] {
		let answer = present_no_pack(&read(text).unwrap_err());
		assert_eq!(answer.exit, 3);
		assert!(answer.headline.starts_with("SCAN AGAIN: "), "{}", answer.headline);
		assert!(answer.advice.ends_with('.') && answer.advice.len() > 20);
	}
}

#[test]
fn every_code_has_words_of_its_own_and_the_exit_code_of_its_class() {
	let (mut found, mut advice) = (BTreeSet::new(), BTreeSet::new());
	for code in VerdictCode::ALL {
		let answer = present(&pack(), &Finding::of(*code));
		assert!(found.insert(answer.headline.clone()), "{code}");
		assert!(advice.insert(answer.advice.clone()), "{code}");
		assert!(answer.advice.ends_with('.'), "{code}");
		let exit = match code.class() {
			VerdictClass::Ok => 0,
			VerdictClass::Technical => 3,
			VerdictClass::NotSaleable => 4,
			VerdictClass::Suspect => 5,
		};
		assert_eq!(answer.exit, exit, "{code}");
		assert!(answer.facts.contains(&("code", code.to_string())));
	}
}

#[test]
fn only_a_pack_that_may_go_is_said_to_be_ok() {
	for code in VerdictCode::ALL {
		let answer = present(&pack(), &Finding::of(*code));
		let is_ok = *code == VerdictCode::Ok;
		assert_eq!(answer.headline.starts_with("OK"), is_ok, "{code}");
		assert_eq!(answer.exit == 0, is_ok, "{code}");
		assert_eq!(answer.colour == Colour::Green, is_ok, "{code}");
		assert_eq!(answer.advice.starts_with("Hand it over"), is_ok, "{code}");
	}
}

#[test]
fn the_worse_of_class_and_code_rules() {
	let finding = Finding { class: VerdictClass::Suspect, ..Finding::of(VerdictCode::Recalled) };
	let answer = present(&pack(), &finding);
	assert_eq!((answer.exit, answer.colour), (5, Colour::Magenta));
	let finding = Finding { class: VerdictClass::Ok, ..Finding::of(VerdictCode::Recalled) };
	assert_eq!(present(&pack(), &finding).exit, 4);
}

#[test]
fn a_lost_separator_is_named_as_the_likelier_cause() {
	let swallowed = read(b"]d201095060001343521727033110L121S1").unwrap();
	assert_eq!(swallowed.serial, None);
	for code in [VerdictCode::UnknownLot, VerdictCode::BadFormat] {
		let advice = present(&swallowed, &Finding::of(code)).advice;
		assert!(advice.contains("(10)L1(21)S1"), "{advice}");
		assert!(advice.contains("ASCII 29"), "{advice}");
	}
	let advice = present(&swallowed, &Finding::of(VerdictCode::Recalled)).advice;
	assert!(!advice.contains("separator"));
	let sound = read(b"]d201095060001343521727033110L1\x1d21S1").unwrap();
	let advice = present(&sound, &Finding::of(VerdictCode::UnknownLot)).advice;
	assert!(!advice.contains("separator"), "{advice}");
}

#[test]
fn both_expiries_are_shown_where_they_differ() {
	let finding = Finding {
		expiry: Some("2026-03-31".parse().unwrap()),
		..Finding::of(VerdictCode::ExpiryMismatch)
	};
	let facts = present(&pack(), &finding).facts;
	assert!(facts.contains(&("expiry", "2027-03-31 on the label, 2026-03-31 by its maker".into())));
}

#[test]
fn the_page_for_users_has_the_same_table() {
	let page = include_str!("../../../../docs/supply-chain.md");
	for code in VerdictCode::ALL {
		let class = words::banner(code.class());
		let row =
			format!("| `{code}` | {class} | {} | {} |", words::found(*code), words::advice(*code));
		assert!(page.contains(&row), "docs/supply-chain.md lacks the row\n{row}");
	}
}
