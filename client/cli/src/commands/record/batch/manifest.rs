// SPDX-License-Identifier: Apache-2.0

//! Which documents go into a batch: a folder, or a list in CSV or NDJSON; and which patients their
//! own references mean.

use crate::values::Party;
use anyhow::{Context as _, anyhow, bail};
use salus_client::batch::MAX_LEAVES;
use salus_primitives::{CompartmentNo, RecordClass};
use serde::Deserialize;
use std::{
	collections::HashMap,
	fs::{self, File},
	io::{BufRead, BufReader, Read},
	path::{Path, PathBuf},
	str::FromStr,
};

/// The longest line of a list, in bytes.
const LONGEST_LINE: u64 = 1 << 16;

/// One document of a list. What is not said comes from the options of the command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Row {
	/// Where it lies.
	pub(super) file: PathBuf,
	/// Whom it is about.
	pub(super) patient: Option<Party>,
	/// Its class.
	pub(super) class: Option<RecordClass>,
	/// The compartment it goes into.
	pub(super) compartment: Option<CompartmentNo>,
}

/// A row of a list in NDJSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonRow {
	file: PathBuf,
	#[serde(default)]
	patient: Option<String>,
	#[serde(default)]
	class: Option<RecordClass>,
	#[serde(default)]
	compartment: Option<CompartmentNo>,
}

/// The documents of a folder or of a list.
pub(super) fn rows(input: &Path) -> anyhow::Result<Vec<Row>> {
	let rows = if input.is_dir() { of_folder(input)? } else { of_list(input)? };
	if rows.is_empty() {
		bail!("{} names no document: add some, as files that end in .json", input.display());
	}
	Ok(rows)
}

/// The files of a folder whose names end in `.json`, by name. Folders in it are not looked into.
fn of_folder(folder: &Path) -> anyhow::Result<Vec<Row>> {
	let failed = || format!("{} cannot be read", folder.display());
	let mut files = Vec::new();
	for entry in fs::read_dir(folder).with_context(failed)? {
		let path = entry.with_context(failed)?.path();
		if path.extension().is_some_and(|extension| extension == "json") && path.is_file() {
			files.push(path);
			within_a_batch(files.len())?;
		}
	}
	files.sort();
	let row = |file| Row { file, patient: None, class: None, compartment: None };
	Ok(files.into_iter().map(row).collect())
}

/// A list: NDJSON where its first line begins with a brace, else CSV with the columns file, patient,
/// class, compartment, of which the last three may be empty or missing.
fn of_list(path: &Path) -> anyhow::Result<Vec<Row>> {
	let folder = path.parent().unwrap_or(Path::new(""));
	let mut rows = Vec::new();
	for (number, line) in Lines::of(path)? {
		let line = line?;
		let at = || format!("{}, line {number}", path.display());
		let row = if line.starts_with('{') {
			of_json(&line).with_context(at)?
		} else {
			let fields = csv_fields(&line).map_err(|error| anyhow!(error)).with_context(at)?;
			if rows.is_empty() && fields.first().is_some_and(|first| first == "file") {
				// The names of the columns.
				continue;
			}
			of_csv(&fields).with_context(at)?
		};
		rows.push(Row { file: folder.join(&row.file), ..row });
		within_a_batch(rows.len())?;
	}
	Ok(rows)
}

fn within_a_batch(count: usize) -> anyhow::Result<()> {
	if count > MAX_LEAVES as usize {
		bail!("a batch holds {MAX_LEAVES} documents at most: split them into several batches");
	}
	Ok(())
}

fn of_json(line: &str) -> anyhow::Result<Row> {
	let JsonRow { file, patient, class, compartment } = serde_json::from_str(line)?;
	let patient = patient.map(|patient| patient.parse().map_err(anyhow::Error::msg)).transpose()?;
	Ok(Row { file, patient, class, compartment })
}

fn of_csv(fields: &[String]) -> anyhow::Result<Row> {
	let mut fields = fields.iter().map(|field| field.trim());
	let file = fields.next().filter(|file| !file.is_empty());
	let file = file.ok_or_else(|| anyhow!("the first column names no file"))?.into();
	let patient = parsed(fields.next())?;
	let class = parsed(fields.next())?;
	let compartment = parsed(fields.next())?;
	if fields.next().is_some() {
		bail!("a row has at most four columns: file, patient, class, compartment");
	}
	Ok(Row { file, patient, class, compartment })
}

/// A column that may be empty.
fn parsed<T: FromStr<Err: ToString>>(field: Option<&str>) -> anyhow::Result<Option<T>> {
	let Some(text) = field.filter(|text| !text.is_empty()) else { return Ok(None) };
	text.parse().map(Some).map_err(|error: T::Err| anyhow!("`{text}`: {}", error.to_string()))
}

/// Which identities the references in documents mean: CSV with the columns reference and patient.
pub(super) fn patients(path: &Path) -> anyhow::Result<HashMap<String, Party>> {
	let mut map = HashMap::new();
	for (number, line) in Lines::of(path)? {
		let line = line?;
		let at = || format!("{}, line {number}", path.display());
		let fields = csv_fields(&line).map_err(|error| anyhow!(error)).with_context(at)?;
		let [reference, patient] = fields.as_slice() else {
			return Err(anyhow!("a row has two columns: reference, patient")).with_context(at);
		};
		if map.is_empty() && reference == "reference" {
			continue;
		}
		let party = parsed::<Party>(Some(patient.trim())).with_context(at)?;
		let party = party.ok_or_else(|| anyhow!("no patient is named")).with_context(at)?;
		if map.insert(reference.trim().to_owned(), party).is_some_and(|known| known != party) {
			return Err(anyhow!("the reference stands for another patient above")).with_context(at);
		}
		within_a_batch(map.len())?;
	}
	Ok(map)
}

/// The lines of a text that say something, with their numbers from 1.
struct Lines {
	path: PathBuf,
	source: BufReader<File>,
	number: usize,
}

impl Lines {
	fn of(path: &Path) -> anyhow::Result<Self> {
		let source =
			File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
		Ok(Self { path: path.into(), source: BufReader::new(source), number: 0 })
	}

	fn read(&mut self) -> anyhow::Result<Option<String>> {
		let failed = || format!("{}, line {}", self.path.display(), self.number + 1);
		let mut line = Vec::new();
		let mut source = Read::by_ref(&mut self.source).take(LONGEST_LINE);
		let length = source.read_until(b'\n', &mut line).with_context(failed)?;
		if length == 0 {
			return Ok(None);
		}
		if length as u64 == LONGEST_LINE && !line.ends_with(b"\n") {
			return Err(anyhow!("it is too long to be a list of documents")).with_context(failed);
		}
		let line = String::from_utf8(line).context("it is not UTF-8 text").with_context(failed)?;
		self.number += 1;
		let line = line.strip_prefix('\u{feff}').unwrap_or(&line).trim();
		Ok(Some(line.to_owned()))
	}
}

impl Iterator for Lines {
	type Item = (usize, anyhow::Result<String>);

	fn next(&mut self) -> Option<Self::Item> {
		loop {
			match self.read().transpose()? {
				Ok(line) if line.is_empty() => (),
				line => return Some((self.number, line)),
			}
		}
	}
}

/// The fields of a line of CSV (RFC 4180), which does not go on in the next line.
fn csv_fields(line: &str) -> Result<Vec<String>, &'static str> {
	let (mut fields, mut field) = (Vec::new(), String::new());
	let mut letters = line.chars().peekable();
	let mut quoted = false;
	while let Some(letter) = letters.next() {
		match letter {
			'"' if quoted && letters.next_if_eq(&'"').is_some() => field.push('"'),
			'"' if quoted => {
				quoted = false;
				if letters.peek().is_some_and(|next| *next != ',') {
					return Err("a closing quotation mark is followed by a comma or the end");
				}
			},
			'"' if field.is_empty() => quoted = true,
			',' if !quoted => fields.push(std::mem::take(&mut field)),
			letter => field.push(letter),
		}
	}
	if quoted {
		return Err("a quotation mark is not closed");
	}
	fields.push(field);
	Ok(fields)
}

/// A field as CSV has it.
pub(super) fn csv_field(text: &str) -> String {
	let plain = !text.contains(['"', ',', '\n', '\r']) && text.trim() == text;
	if plain { text.into() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_primitives::IdentityId;

	fn id(byte: u8) -> String {
		format!("0x{}", hex::encode([byte; 32]))
	}

	fn party(byte: u8) -> Party {
		Party::Identity(IdentityId([byte; 32]))
	}

	fn list(text: &str) -> anyhow::Result<Vec<Row>> {
		let file = tempfile::NamedTempFile::new().unwrap();
		fs::write(file.path(), text).unwrap();
		let folder = file.path().parent().unwrap().to_owned();
		let strip = |row: Row| Row { file: row.file.strip_prefix(&folder).unwrap().into(), ..row };
		Ok(rows(file.path())?.into_iter().map(strip).collect())
	}

	#[test]
	fn csv_and_ndjson_say_the_same() {
		let csv = format!(
			"\u{feff}file,patient,class,compartment\r\n\"a,b.json\",{},laboratory,3\r\n\r\nc.json\n",
			id(1)
		);
		let ndjson = format!(
			"{{\"file\":\"a,b.json\",\"patient\":\"{}\",\"class\":\"laboratory\",\"compartment\":3}}\n\
			 {{\"file\":\"c.json\"}}",
			id(1)
		);
		let expected = [
			Row {
				file: "a,b.json".into(),
				patient: Some(party(1)),
				class: Some(RecordClass::Laboratory),
				compartment: Some(3),
			},
			Row { file: "c.json".into(), patient: None, class: None, compartment: None },
		];
		assert_eq!(list(&csv).unwrap(), expected);
		assert_eq!(list(&ndjson).unwrap(), expected);
	}

	#[test]
	fn a_bad_row_is_named_by_its_line() {
		for (text, says) in [
			("a.json\nb.json,nobody", "line 2"),
			("a.json,,poetry", "poetry"),
			("a.json,,,256", "256"),
			("a.json,,,1,more", "four columns"),
			(",,", "names no file"),
			("\"a.json", "not closed"),
			("\"a\"b.json", "followed by a comma"),
			("{\"file\":\"a.json\",\"color\":1}", "color"),
			("{\"file\":1}", "line 1"),
			("", "names no document"),
			("file,patient", "names no document"),
		] {
			let error = format!("{:#}", list(text).unwrap_err());
			assert!(error.contains(says), "{text}: {error}");
		}
		let long = "a".repeat(LONGEST_LINE as usize + 1);
		assert!(format!("{:#}", list(&long).unwrap_err()).contains("too long"));
	}

	#[test]
	fn a_folder_gives_its_json_files_by_name() {
		let folder = tempfile::tempdir().unwrap();
		for name in ["b.json", "a.json", "notes.txt"] {
			fs::write(folder.path().join(name), "{}").unwrap();
		}
		fs::create_dir(folder.path().join("more.json")).unwrap();
		let files: Vec<_> = rows(folder.path()).unwrap().into_iter().map(|row| row.file).collect();
		assert_eq!(files, [folder.path().join("a.json"), folder.path().join("b.json")]);
	}

	#[test]
	fn references_stand_for_one_patient_each() {
		let file = tempfile::NamedTempFile::new().unwrap();
		let map = |text: String| {
			fs::write(file.path(), text).unwrap();
			patients(file.path())
		};
		let (one, two) = (id(1), id(2));
		let known =
			map(format!("reference,patient\nPatient/1,{one}\n\"Patient/2\", {two}")).unwrap();
		assert_eq!(known.get("Patient/1"), Some(&party(1)));
		assert_eq!(known.get("Patient/2"), Some(&party(2)));
		for text in [format!("Patient/1,{one}\nPatient/1,{two}"), "Patient/1".into(), "a,".into()] {
			assert!(map(text.clone()).is_err(), "{text}");
		}
	}

	#[test]
	fn fields_are_quoted_where_they_must() {
		for text in ["plain", "with, comma", "with \"quotes\"", " blanks "] {
			assert_eq!(csv_fields(&csv_field(text)).unwrap(), [text]);
		}
		assert_eq!(csv_field("plain"), "plain");
	}
}
