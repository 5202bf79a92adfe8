// SPDX-License-Identifier: Apache-2.0

//! What people and programs get to see: text or JSON on stdout, progress on a terminal's stderr.

use comfy_table::{ContentArrangement, Table, presets::NOTHING};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::{
	fmt,
	io::{self, Write},
	time::Duration,
};

/// Prints answers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
	json: bool,
}

impl Output {
	pub(crate) fn new(json: bool) -> Self {
		Self { json }
	}

	/// Whether answers are JSON.
	pub(crate) fn is_json(&self) -> bool {
		self.json
	}

	/// Prints what people must have before anything happens. Programs read it in the answer.
	pub(crate) fn tell(&self, text: &str) -> anyhow::Result<()> {
		if !self.json && !text.trim().is_empty() {
			let mut out = io::stdout().lock();
			writeln!(out, "{}\n", text.trim_end())?;
			out.flush()?;
		}
		Ok(())
	}

	/// Prints an answer: as one JSON document, or as the text made of it.
	pub(crate) fn say<T: Serialize>(
		&self,
		answer: &T,
		text: impl FnOnce() -> String,
	) -> anyhow::Result<()> {
		let text = if self.json { serde_json::to_string_pretty(answer)? } else { text() };
		match writeln!(io::stdout().lock(), "{}", text.trim_end()) {
			// The reader has seen enough.
			Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
			result => Ok(result?),
		}
	}
}

impl Output {
	/// Prints one JSON document on one line.
	pub(crate) fn line<T: Serialize>(&self, answer: &T) -> anyhow::Result<()> {
		let text = serde_json::to_string(answer)?;
		match writeln!(io::stdout().lock(), "{text}") {
			Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
			result => Ok(result?),
		}
	}
}

/// Answers that come one by one: rows of a table, or JSON lines. Each is out before the next is
/// looked for.
pub(crate) struct Rows<const N: usize> {
	json: bool,
	head: Option<[&'static str; N]>,
	widths: [usize; N],
}

impl Output {
	/// A table of columns that are at least so wide.
	pub(crate) fn rows<const N: usize>(
		&self,
		head: [&'static str; N],
		widths: [usize; N],
	) -> Rows<N> {
		Rows { json: self.json, head: (!self.json).then_some(head), widths }
	}
}

impl<const N: usize> Rows<N> {
	/// Prints one. `false` when the reader has seen enough.
	pub(crate) fn print<T: Serialize>(
		&mut self,
		answer: &T,
		cells: [String; N],
	) -> anyhow::Result<bool> {
		let mut text = String::new();
		if self.json {
			text = serde_json::to_string(answer)?;
		} else {
			if let Some(head) = self.head.take() {
				text = format!("{}\n", self.line(head.map(str::to_uppercase)));
			}
			text += &self.line(cells.map(|cell| plain(&cell)));
		}
		let mut out = io::stdout().lock();
		match writeln!(out, "{text}").and_then(|()| out.flush()) {
			Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
			result => Ok(result.map(|()| true)?),
		}
	}

	fn line(&self, cells: [String; N]) -> String {
		let cells = cells.iter().zip(self.widths).map(|(cell, width)| format!("{cell:width$}"));
		cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
	}
}

/// Text of a document as a terminal may show it: one line, nothing that moves the cursor.
pub(crate) fn plain(text: &str) -> String {
	let shown = |c: char| if c.is_control() || is_invisible(c) { ' ' } else { c };
	text.chars().map(shown).collect()
}

/// Characters that reorder what stands around them.
fn is_invisible(c: char) -> bool {
	matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Names and values, one pair a line.
pub(crate) fn facts(facts: &[(&str, String)]) -> String {
	let width = facts.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
	let lines = facts.iter().map(|(name, value)| format!("{name:width$}  {value}"));
	lines.collect::<Vec<_>>().join("\n")
}

/// A table with a head, or a sentence when it has no rows.
pub(crate) fn table<const N: usize>(
	head: [&str; N],
	rows: Vec<[String; N]>,
	empty: &str,
) -> String {
	if rows.is_empty() {
		return empty.into();
	}
	let mut table = Table::new();
	// Ids must stay whole, so that they can be copied: no line is broken.
	table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Disabled);
	table.set_header(head.map(str::to_uppercase));
	table.add_rows(rows);
	table.column_iter_mut().for_each(|column| {
		column.set_padding((0, 2));
	});
	table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// The first and last digits of an id, for places where nobody copies it.
pub(crate) fn short(id: &impl fmt::Display) -> String {
	let text = id.to_string();
	match (text.get(..10), text.get(text.len().saturating_sub(4)..)) {
		(Some(front), Some(back)) if text.len() > 16 => format!("{front}…{back}"),
		_ => text,
	}
}

/// A value or a dash.
pub(crate) fn or_dash<T: fmt::Display>(value: &Option<T>) -> String {
	value.as_ref().map_or_else(|| "-".into(), T::to_string)
}

/// A bar over `total` bytes. Not shown where stderr is no terminal.
pub(crate) fn bytes_bar(what: &'static str, total: u64) -> ProgressBar {
	let template = "{msg:12} [{bar:30}] {bytes}/{total_bytes} {bytes_per_sec}";
	bar(what, total, template)
}

/// A bar over `total` things. Not shown where stderr is no terminal.
pub(crate) fn count_bar(what: &'static str, total: u64) -> ProgressBar {
	bar(what, total, "{msg:12} [{bar:30}] {pos}/{len}")
}

fn bar(what: &'static str, total: u64, template: &str) -> ProgressBar {
	let bar = ProgressBar::new(total).with_message(what);
	if let Ok(style) = ProgressStyle::with_template(template) {
		bar.set_style(style.progress_chars("=> "));
	}
	bar
}

/// A sign of life while waiting. Not shown where stderr is no terminal.
pub(crate) fn spinner(what: impl Into<String>) -> ProgressBar {
	let spinner = ProgressBar::new_spinner().with_message(what.into());
	spinner.enable_steady_tick(Duration::from_millis(120));
	spinner
}

/// A sign of life with the time that passed. Not shown where stderr is no terminal.
pub(crate) fn timer(what: impl Into<String>) -> ProgressBar {
	let timer = spinner(what);
	if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed_precise}") {
		timer.set_style(style);
	}
	timer
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn facts_stand_in_columns() {
		let text = facts(&[("a", "1".into()), ("long", "2".into())]);
		assert_eq!(text, "a     1\nlong  2");
	}

	#[test]
	fn tables_have_a_head_and_whole_ids() {
		let id = "0x".to_owned() + &"ab".repeat(32);
		let text = table(["id", "class"], vec![[id.clone(), "clinical".into()]], "none");
		let lines: Vec<_> = text.lines().collect();
		assert_eq!(lines.len(), 2, "{text}");
		assert!(lines[0].starts_with("ID") && lines[1].starts_with(&id), "{text}");
		assert_eq!(table(["id"], Vec::new(), "no records"), "no records");
	}

	#[test]
	fn rows_stand_in_columns_below_their_head() {
		let mut rows = Output::new(false).rows(["a", "b"], [4, 2]);
		assert_eq!(rows.line(["1".into(), "2".into()]), "1     2");
		assert_eq!(rows.head.take(), Some(["a", "b"]));
		assert_eq!(Output::new(true).rows(["a"], [1]).head, None);
	}

	#[test]
	fn documents_do_not_move_the_cursor() {
		assert_eq!(plain("a\u{1b}[2Jb\nc\u{202e}d"), "a [2Jb c d");
		assert_eq!(plain("Hämoglobin: 13.9 g/dL"), "Hämoglobin: 13.9 g/dL");
	}

	#[test]
	fn ids_are_shortened_in_the_middle() {
		assert_eq!(short(&("0x".to_owned() + &"ab".repeat(32))), "0xabababab…abab");
		assert_eq!(short(&"short"), "short");
	}
}
