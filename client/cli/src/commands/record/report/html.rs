// SPDX-License-Identifier: Apache-2.0

//! A report as one page that needs nothing else: no script, no network, two sheets of paper at most.

use super::{AccreditationLine, Check, MEANING, Outcome, Report, VerdictLine};
use crate::values::when;
use qrcode::{Color, QrCode};
use std::fmt::Write;

/// How the page looks, on a screen and on paper.
const STYLE: &str = "\
:root{color-scheme:light}\
body{font:15px/1.45 system-ui,sans-serif;color:#111;background:#fff;max-width:52rem;margin:2rem auto;padding:0 1rem}\
h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.1rem;margin:1.5rem 0 .5rem}\
header{display:flex;gap:1.5rem;justify-content:space-between;align-items:flex-start}\
.code{width:12rem;height:12rem;flex:none}\
table{border-collapse:collapse;width:100%}\
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #ccc}\
code{font:12.5px/1.35 ui-monospace,monospace;overflow-wrap:anywhere}\
.passed,.failed,.open{font-weight:700;white-space:nowrap}\
.passed{color:#14532d}.failed{color:#991b1b}.open{color:#57534e}\
.sum{border-left:.4rem solid #14532d;padding:.4rem .8rem;background:#f4f4f0}.sum.bad{border-color:#991b1b}\
footer{margin-top:1.5rem;font-size:.85rem;color:#444}\
@page{margin:15mm}@media print{body{margin:0;max-width:none;font-size:10.5pt}.sum{background:none}tr,header{break-inside:avoid}}";

/// The page.
pub(super) fn page(report: &Report) -> String {
	let bad = if report.failed().next().is_some() { " bad" } else { "" };
	let mut page = String::new();
	let parts = [
		"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
		 <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
		 <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src \
		 'unsafe-inline'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
		 <title>Verification of a health record</title>\n<style>"
			.into(),
		STYLE.into(),
		"</style>\n</head>\n<body>\n<header>\n<div>\n<h1>Verification of a health record</h1>\n"
			.into(),
		format!(
			"<p>Made on {} UTC with salus {}.</p>\n</div>\n",
			escaped(&when(report.made)),
			env!("CARGO_PKG_VERSION"),
		),
		report.code().map(|code| picture(&code)).unwrap_or_default(),
		"</header>\n".into(),
		format!("<p class=\"sum{bad}\">{}</p>\n", escaped(&report.summary())),
		head(report),
		checks(&report.checks),
		verdicts(&report.verdicts),
		format!(
			"<footer>\n<p>{}</p>\n<p>Check it again: <code>{}</code></p>\n\
			 <p>The code in the corner says: <code>{}</code></p>\n</footer>\n</body>\n</html>\n",
			escaped(MEANING),
			escaped(&report.again),
			escaped(&report.link()),
		),
	];
	parts.iter().for_each(|part| page.push_str(part));
	page
}

fn head(report: &Report) -> String {
	let row = |(name, value): (&str, String)| {
		format!(
			"<tr><th scope=\"row\">{}</th><td><code>{}</code></td></tr>\n",
			escaped(name),
			escaped(&value)
		)
	};
	let rows: String = report.head().into_iter().map(row).collect();
	format!("<h2>The record</h2>\n<table>\n{rows}</table>\n")
}

fn checks(checks: &[Check]) -> String {
	let row = |check: &Check| {
		let (class, sign) = match check.outcome {
			Outcome::Passed => ("passed", "✓ passed"),
			Outcome::Failed => ("failed", "✗ failed"),
			Outcome::Open => ("open", "– open"),
		};
		format!(
			"<tr><td class=\"{class}\">{sign}</td><td>{}</td><td><code>{}</code></td></tr>\n",
			escaped(check.what),
			escaped(&check.detail),
		)
	};
	let rows: String = checks.iter().map(row).collect();
	format!(
		"<h2>What was checked</h2>\n<table>\n<thead><tr><th>Result</th><th>Check</th>\
		 <th>What was compared</th></tr></thead>\n{rows}</table>\n"
	)
}

fn verdicts(verdicts: &[VerdictLine]) -> String {
	if verdicts.is_empty() {
		return String::new();
	}
	let row = |line: &VerdictLine| {
		let kinds: Vec<_> = line.accreditations.iter().map(AccreditationLine::in_words).collect();
		let by = line.accreditations.first();
		let by = by.map_or_else(String::new, |held| format!(", by authority {}", held.issuer));
		format!(
			"<tr><td>{}</td><td>{}{}</td><td><code>{}</code></td><td>{}<code>{}</code></td>\
			 <td>{}</td></tr>\n",
			escaped(&line.verdict.to_string()),
			escaped(&line.kind.to_string()),
			if line.on_batch { " (whole batch)" } else { "" },
			line.validator,
			escaped(&kinds.join(", ")),
			escaped(&by),
			escaped(&when(line.at)),
		)
	};
	let rows: String = verdicts.iter().map(row).collect();
	format!(
		"<h2>Verdicts</h2>\n<table>\n<thead><tr><th>Verdict</th><th>On</th><th>By</th>\
		 <th>Accredited then as</th><th>Given (UTC)</th></tr></thead>\n{rows}</table>\n"
	)
}

/// A QR code as a picture in the page: one rectangle per run of dark modules.
fn picture(code: &QrCode) -> String {
	/// How many light modules have to stand around it.
	const QUIET: usize = 4;
	let (width, colors) = (code.width(), code.to_colors());
	let side = width + 2 * QUIET;
	let mut path = String::new();
	for (row, modules) in colors.chunks(width).enumerate() {
		let mut column = 0;
		for run in modules.chunk_by(|one, next| one == next) {
			if run.first() == Some(&Color::Dark) {
				let (x, y, length) = (column + QUIET, row + QUIET, run.len());
				// Writing to a string does not fail.
				let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
			}
			column += run.len();
		}
	}
	format!(
		"<svg class=\"code\" role=\"img\" aria-label=\"QR code of record and block\" viewBox=\"0 0 \
		 {side} {side}\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/>\
		 <path d=\"{path}\"/></svg>\n"
	)
}

/// Text that cannot become markup.
fn escaped(text: &str) -> String {
	let mut safe = String::with_capacity(text.len());
	for letter in text.chars() {
		match letter {
			'&' => safe.push_str("&amp;"),
			'<' => safe.push_str("&lt;"),
			'>' => safe.push_str("&gt;"),
			'"' => safe.push_str("&quot;"),
			'\'' => safe.push_str("&#39;"),
			letter => safe.push(letter),
		}
	}
	safe
}
