// SPDX-License-Identifier: Apache-2.0

//! What a verification looked at and found: for a terminal, a program, or a file to print.
//!
//! A report names ids, hashes, verdicts and blocks. Nothing of a document is in it, and no file name,
//! which may hold a person's.

mod html;

use crate::{
	output::{facts, table},
	values::when,
};
use anyhow::{anyhow, bail};
use qrcode::{EcLevel, QrCode, render::unicode::Dense1x2};
use salus_client::keystore::write_private;
use salus_primitives::{
	AccreditationId, AccreditationKind, AttestationKind, Digest, IdentityId, Moment, RecordId,
	RecordVersion, Verdict,
};
use serde::Serialize;
use std::{io, path::Path};

/// How a check came out.
#[derive(Serialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Outcome {
	/// It holds.
	Passed,
	/// It does not hold.
	Failed,
	/// It was not looked at, or is not decided yet.
	Open,
}

impl Outcome {
	/// Passed or failed.
	pub(super) fn of(passed: bool) -> Self {
		if passed { Self::Passed } else { Self::Failed }
	}

	fn word(self) -> &'static str {
		match self {
			Self::Passed => "passed",
			Self::Failed => "FAILED",
			Self::Open => "open",
		}
	}
}

/// One thing that was looked at.
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
pub(super) struct Check {
	/// What.
	pub(super) what: &'static str,
	/// How it came out.
	pub(super) outcome: Outcome,
	/// What was compared with what.
	pub(super) detail: String,
}

/// A verdict, and what entitled its validator.
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
#[serde(rename_all = "camelCase")]
pub(super) struct VerdictLine {
	/// What it is about.
	pub(super) kind: AttestationKind,
	/// How it came out.
	pub(super) verdict: Verdict,
	/// Who gave it.
	pub(super) validator: IdentityId,
	/// When the chain took it.
	pub(super) at: Moment,
	/// Hash of the sealed evidence.
	pub(super) evidence: Digest,
	/// Whether it was given on a whole batch.
	pub(super) on_batch: bool,
	/// What the validator was accredited for when it was given.
	pub(super) accreditations: Vec<AccreditationLine>,
}

/// An accreditation that was in force when a verdict was given.
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccreditationLine {
	/// Its number.
	pub(super) id: AccreditationId,
	/// What it allows.
	pub(super) kind: AccreditationKind,
	/// The authority that granted it.
	pub(super) issuer: IdentityId,
	/// Whether it is in force today.
	pub(super) in_force_now: bool,
}

/// The block whose state was read.
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
#[serde(rename_all = "camelCase")]
pub(super) struct BlockLine {
	/// Its number.
	pub(super) number: u64,
	/// Its hash.
	pub(super) hash: Digest,
	/// Whether it was final.
	pub(super) is_final: bool,
}

/// All of it.
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
	/// The record.
	pub(super) record: RecordId,
	/// Its version.
	pub(super) version: RecordVersion,
	/// The genesis hash of its chain.
	pub(super) genesis: Digest,
	/// When the report was made, by the clock of the machine.
	pub(super) made: Moment,
	/// The block, when a chain was asked.
	pub(super) block: Option<BlockLine>,
	/// What stands about the record, name by name.
	#[serde(skip)]
	pub(super) facts: Vec<(&'static str, String)>,
	/// What was looked at.
	pub(super) checks: Vec<Check>,
	/// The verdicts on it.
	pub(super) verdicts: Vec<VerdictLine>,
	/// What to type to check it again.
	#[serde(skip)]
	pub(super) again: String,
}

/// Said on every report, so that nobody reads more into it than there is.
const MEANING: &str = "A verdict is what a named party stated about a document that it saw. The \
	chain checks who stated it, when, and by which policy; it does not know whether the content is \
	true.";

impl Report {
	/// Notes a check.
	pub(super) fn note(&mut self, what: &'static str, outcome: Outcome, detail: impl Into<String>) {
		self.checks.push(Check { what, outcome, detail: detail.into() });
	}

	/// Notes a check that can fail for a reason.
	pub(super) fn note_result<E: ToString>(
		&mut self,
		what: &'static str,
		result: Result<String, E>,
	) {
		match result {
			Ok(detail) => self.note(what, Outcome::Passed, detail),
			Err(error) => self.note(what, Outcome::Failed, error.to_string()),
		}
	}

	/// What did not hold.
	pub(super) fn failed(&self) -> impl Iterator<Item = &Check> {
		self.checks.iter().filter(|check| check.outcome == Outcome::Failed)
	}

	/// An error when something did not hold.
	pub(super) fn verdict(&self) -> anyhow::Result<()> {
		let mut failed = self.failed();
		let Some(first) = failed.next() else { return Ok(()) };
		let more = match failed.count() {
			0 => String::new(),
			more => format!(" (and {more} more)"),
		};
		bail!("record {} does not hold: {}: {}{more}", self.record, first.what, first.detail)
	}

	/// The result in one sentence.
	fn summary(&self) -> String {
		let count = |outcome| self.checks.iter().filter(|check| check.outcome == outcome).count();
		let (passed, failed, open) =
			(count(Outcome::Passed), count(Outcome::Failed), count(Outcome::Open));
		let head = if failed > 0 { "This does not hold" } else { "Everything checked holds" };
		format!("{head}: {passed} passed, {failed} failed, {open} not checked or not decided.")
	}

	/// What the QR code says: which record, as which block of which chain shows it.
	fn link(&self) -> String {
		let Self { record, version, genesis, .. } = self;
		let link = format!("salus:record/{record}?version={version}&genesis={genesis}");
		match &self.block {
			Some(BlockLine { number, hash, .. }) => {
				format!("{link}&block={number}&hash={hash}")
			},
			None => link,
		}
	}

	fn code(&self) -> Option<QrCode> {
		QrCode::with_error_correction_level(self.link(), EcLevel::M).ok()
	}

	/// Everything that stands in the head of a report.
	fn head(&self) -> Vec<(&'static str, String)> {
		let mut head = vec![
			("record", self.record.to_string()),
			("version", self.version.to_string()),
			("chain", self.genesis.to_string()),
		];
		if let Some(BlockLine { number, hash, is_final }) = &self.block {
			let finality = if *is_final { "final" } else { "not final yet" };
			head.push(("block", format!("{number}, {finality}")));
			head.push(("block hash", hash.to_string()));
		}
		head.extend(self.facts.iter().cloned());
		head
	}

	/// The checks for a terminal.
	pub(super) fn to_lines(&self) -> String {
		let rows = self.checks.iter().map(|check| {
			[check.outcome.word().to_owned(), check.what.to_owned(), check.detail.clone()]
		});
		let checks = table(["result", "check", "what was compared"], rows.collect(), "");
		let head = facts(&self.head());
		match self.verdict_rows() {
			rows if rows.is_empty() => format!("{head}\n\n{checks}"),
			rows => {
				let head_of_verdicts = ["verdict", "on", "by", "accredited then as", "given (UTC)"];
				format!("{head}\n\n{checks}\n\n{}", table(head_of_verdicts, rows, ""))
			},
		}
	}

	fn verdict_rows(&self) -> Vec<[String; 5]> {
		let row = |line: &VerdictLine| {
			let kinds = line.accreditations.iter().map(AccreditationLine::in_words);
			let kinds: Vec<_> = kinds.collect();
			[
				line.verdict.to_string(),
				if line.on_batch {
					format!("{} (batch)", line.kind)
				} else {
					line.kind.to_string()
				},
				line.validator.to_string(),
				if kinds.is_empty() { "-".into() } else { kinds.join(", ") },
				when(line.at),
			]
		};
		self.verdicts.iter().map(row).collect()
	}

	/// The report as plain text.
	pub(super) fn to_text(&self) -> String {
		let code = self.code().map(|code| code.render::<Dense1x2>().quiet_zone(true).build());
		format!(
			"VERIFICATION OF A HEALTH RECORD\n\n{}\n\nMade on {} UTC with salus {}.\n\n{}\n\n{MEANING}\n\n\
			 Check it again: {}\n\n{}\n{}\n",
			self.summary(),
			when(self.made),
			env!("CARGO_PKG_VERSION"),
			self.to_lines(),
			self.again,
			code.unwrap_or_default(),
			self.link(),
		)
	}

	/// Writes it to a file of the kind that its name ends with.
	pub(super) fn write(&self, path: &Path, overwrite: bool) -> anyhow::Result<()> {
		let text = match Kind::of(path)? {
			Kind::Html => html::page(self),
			Kind::Text => self.to_text(),
			Kind::Json => serde_json::to_string_pretty(self)? + "\n",
		};
		write_private(path, text.as_bytes(), overwrite).map_err(|error| match error.kind() {
			io::ErrorKind::AlreadyExists => {
				anyhow!("{} exists already: name another file, or add --force", path.display())
			},
			_ => anyhow!(error).context(format!("{} cannot be written", path.display())),
		})
	}
}

impl AccreditationLine {
	fn in_words(&self) -> String {
		let today = if self.in_force_now { "" } else { ", no longer in force" };
		format!("{} (no. {}{today})", self.kind, self.id)
	}
}

/// What a report can be written as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
	Html,
	Text,
	Json,
}

impl Kind {
	fn of(path: &Path) -> anyhow::Result<Self> {
		let extension = path.extension().and_then(|extension| extension.to_str());
		match extension.map(str::to_lowercase).as_deref() {
			Some("html" | "htm") => Ok(Self::Html),
			Some("txt") => Ok(Self::Text),
			Some("json") => Ok(Self::Json),
			Some("pdf") => bail!(
				"a PDF is made by printing: write the report to a name that ends in .html, open it \
				 and print it to a file"
			),
			_ => bail!("the name of a report ends in .html, .txt or .json"),
		}
	}
}

/// Refuses a name that no report can be written under, before any work is done.
pub(super) fn check_name(path: &Path, overwrite: bool) -> anyhow::Result<()> {
	Kind::of(path)?;
	if path.exists() && !overwrite {
		bail!("{} exists already: name another file, or add --force", path.display());
	}
	Ok(())
}

#[cfg(test)]
mod tests;
