// SPDX-License-Identifier: Apache-2.0

use super::*;
use std::fs;

fn report() -> Report {
	Report {
		record: RecordId([0xab; 32]),
		version: 1,
		genesis: Digest([0x11; 32]),
		made: 1_790_000_000_000,
		block: Some(BlockLine { number: 4711, hash: Digest([0xcd; 32]), is_final: true }),
		facts: vec![("status", "validated".into())],
		checks: vec![
			Check { what: "object", outcome: Outcome::Passed, detail: "600 bytes".into() },
			Check { what: "body", outcome: Outcome::Open, detail: "no document <b>".into() },
		],
		verdicts: vec![VerdictLine {
			kind: AttestationKind::Source,
			verdict: Verdict::Pass,
			validator: IdentityId([0xef; 32]),
			at: 1_790_000_000_000,
			evidence: Digest([5; 32]),
			on_batch: false,
			accreditations: vec![AccreditationLine {
				id: AccreditationId(12),
				kind: AccreditationKind::FacilityLicence,
				issuer: IdentityId([0x77; 32]),
				in_force_now: false,
			}],
		}],
		again: "salus record verify 0xabab".into(),
	}
}

/// What both forms have to say.
fn says_everything(text: &str) {
	for said in [
		"ab".repeat(32),
		"11".repeat(32),
		"cd".repeat(32),
		"ef".repeat(32),
		"4711, final".into(),
		"2026-09-21 14:13:20".into(),
		"validated".into(),
		"600 bytes".into(),
		"salus record verify 0xabab".into(),
		"1 passed, 0 failed, 1 not checked".into(),
		"facility-licence (no. 12, no longer in force)".into(),
		"does not know whether the content is true".into(),
	] {
		assert!(text.contains(&said), "`{said}` is missing in {text}");
	}
}

#[test]
fn text_says_what_was_checked_and_by_whom() {
	let text = report().to_text();
	says_everything(&text);
	assert!(text.contains("no document <b>") && text.contains('▀'), "{text}");
}

#[test]
fn a_page_says_the_same_and_needs_nothing_else() {
	let page = html::page(&report());
	says_everything(&page);
	assert!(page.contains("no document &lt;b&gt;") && !page.contains("<b>"), "{page}");
	for outside in ["<script", "http://", "https://", "src=", "@import", "url(", "<link"] {
		assert!(!page.contains(outside), "{outside}");
	}
	assert!(page.contains("default-src 'none'") && page.contains("@media print"));
	// Every element that is opened is closed.
	for element in ["table", "tr", "td", "th", "p", "div", "header", "footer", "code", "svg"] {
		let count = |tag: String| page.matches(&tag).count();
		let opened = count(format!("<{element}>")) + count(format!("<{element} "));
		assert_eq!(opened, count(format!("</{element}>")), "{element}");
	}
}

/// The picture is the code itself: its modules are read back from the path.
#[test]
fn the_picture_holds_the_code() {
	let report = report();
	let code = report.code().unwrap();
	let page = html::page(&report);
	let start = page.find("<path d=\"").unwrap() + 9;
	let path = &page[start..start + page[start..].find('"').unwrap()];
	let mut drawn = vec![qrcode::Color::Light; code.width() * code.width()];
	for run in path.split('z').filter(|run| !run.is_empty()) {
		let numbers: Vec<usize> = run
			.split(|letter: char| !letter.is_ascii_digit())
			.filter_map(|number| number.parse().ok())
			.collect();
		let [x, y, length, ..] = numbers[..] else { panic!("{run}") };
		for module in &mut drawn[(y - 4) * code.width() + x - 4..][..length] {
			*module = qrcode::Color::Dark;
		}
	}
	assert_eq!(drawn, code.to_colors());
	assert_eq!(
		report.link(),
		format!(
			"salus:record/0x{}?version=1&genesis=0x{}&block=4711&hash=0x{}",
			"ab".repeat(32),
			"11".repeat(32),
			"cd".repeat(32),
		),
	);
}

#[test]
fn one_failure_makes_all_of_it_fail() {
	let mut report = report();
	assert!(report.verdict().is_ok());
	report.note("inclusion", Outcome::Failed, "another root");
	report.note("object", Outcome::Failed, "another hash");
	let error = report.verdict().unwrap_err().to_string();
	assert!(error.ends_with("does not hold: inclusion: another root (and 1 more)"), "{error}");
	assert!(
		html::page(&report).contains("class=\"sum bad\">This does not hold: 1 passed, 2 failed")
	);
	assert!(report.to_text().contains("FAILED  inclusion"), "{}", report.to_text());
}

#[test]
fn the_name_says_the_kind() {
	let folder = tempfile::tempdir().unwrap();
	let path = |name: &str| folder.path().join(name);
	for (name, begins) in
		[("a.html", "<!doctype html>"), ("a.txt", "VERIFICATION"), ("a.json", "{")]
	{
		check_name(&path(name), false).unwrap();
		report().write(&path(name), false).unwrap();
		assert!(fs::read_to_string(path(name)).unwrap().starts_with(begins));
		assert!(check_name(&path(name), false).unwrap_err().to_string().contains("--force"));
		assert!(report().write(&path(name), false).is_err());
		report().write(&path(name), true).unwrap();
	}
	let error = check_name(&path("a.pdf"), false).unwrap_err().to_string();
	assert!(error.contains(".html"), "{error}");
	assert!(check_name(&path("a"), false).is_err());
}
