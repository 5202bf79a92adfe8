// SPDX-License-Identifier: Apache-2.0

//! What is looked for, and the tags that find it.

use super::Search;
use crate::{document, values::Days};
use anyhow::bail;
use salus_client::index::{self, Field};
use salus_envelope::IndexKey;
use salus_fhir::terms::Terms;
use salus_primitives::Tag;

/// The most months that a range is asked for by their tags.
const MOST_MONTHS: usize = 120;

/// What is looked for in a resource.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Query {
	code: Option<String>,
	identifier: Option<String>,
	about: Option<String>,
	/// The first and the last day, as text.
	days: Option<(String, String)>,
}

impl Query {
	pub(super) fn of(search: &Search) -> anyhow::Result<Self> {
		let days = match (&search.from, &search.to) {
			(Some(from), to) => {
				let today = salus_client::utc(document::now());
				let today = today.split('T').next().unwrap_or_default().to_owned();
				Some((from.first(), to.as_ref().map_or(today, Days::last)))
			},
			(None, Some(to)) => Some((String::new(), to.last())),
			(None, None) => None,
		};
		if let Some((first, last)) = &days
			&& first > last
		{
			bail!(
				"the range ends on {last}, before it begins on {first}: turn --from and --to around"
			);
		}
		let query = Self {
			code: search.code.clone(),
			identifier: search.identifier.as_ref().map(|value| value.trim().to_owned()),
			about: search.about.map(|record| record.to_string()),
			days,
		};
		let is_by_date_alone =
			query.code.is_none() && query.identifier.is_none() && query.about.is_none();
		if is_by_date_alone && query.months().is_none() {
			bail!(
				"more than {MOST_MONTHS} months cannot be searched by date alone: add --code, or take \
				 a shorter range"
			);
		}
		Ok(query)
	}

	/// Whether one resource is all that is looked for.
	pub(super) fn matches(&self, terms: &Terms) -> bool {
		let in_days = |(first, last): &(String, String)| {
			terms.days.as_ref().is_some_and(|(from, to)| from <= last && to >= first)
		};
		self.code.as_ref().is_none_or(|code| terms.codes.iter().any(|known| known.is(code)))
			&& self.identifier.as_ref().is_none_or(|value| terms.identifiers.contains(value))
			&& self.about.as_ref().is_none_or(|record| terms.records.contains(record))
			&& self.days.as_ref().is_none_or(in_days)
	}

	/// The tags to look for, field by field: the most telling first. A record has one of each.
	pub(super) fn tags(&self, key: &IndexKey) -> anyhow::Result<Vec<Vec<Tag>>> {
		let code = self.code.as_deref().map(|code| code.rsplit('|').next().unwrap_or(code));
		let mut fields = Vec::new();
		for (field, value) in [
			(Field::Identifier, self.identifier.as_deref()),
			(Field::Pointer, self.about.as_deref()),
			(Field::Code, code),
		] {
			if let Some(value) = value {
				fields.push(index::queries(key, field, value)?);
			}
		}
		if let Some(months) = self.months() {
			let mut tags = Vec::new();
			for month in &months {
				tags.extend(index::queries(key, Field::Month, month)?);
			}
			fields.push(tags);
		}
		Ok(fields)
	}

	/// The months of the range, and its years for what is known no closer. None where there is no
	/// range, or too long a one.
	fn months(&self) -> Option<Vec<String>> {
		let (first, last) = self.days.as_ref()?;
		let number = |day: &str| -> Option<usize> {
			let (year, month) =
				(day.get(..4)?.parse::<usize>().ok()?, day.get(5..7)?.parse::<usize>().ok()?);
			year.checked_mul(12)?.checked_add(month.checked_sub(1)?)
		};
		let (first, last) = (number(first)?, number(last)?);
		if last.saturating_sub(first) >= MOST_MONTHS {
			return None;
		}
		let months = (first..=last).map(|at| format!("{:04}-{:02}", at / 12, at % 12 + 1));
		let years = (first / 12..=last / 12).map(|year| format!("{year:04}"));
		Some(months.chain(years).collect())
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::{
		args::{Args, Command as Top},
		commands::record,
	};
	use clap::Parser;
	use salus_fhir::terms::terms;
	use salus_primitives::RecordId;

	fn typed(line: &[&str]) -> Result<Query, String> {
		let line = ["salus", "record", "search"].iter().chain(line);
		match Args::try_parse_from(line).map_err(|error| error.to_string())?.command {
			Top::Record(record::Command::Search(search)) => {
				Query::of(&search).map_err(|error| error.to_string())
			},
			_ => unreachable!("that is what was typed"),
		}
	}

	const HAEMOGLOBIN: &[u8] = br#"{ "resourceType": "Observation",
		"identifier": [{ "value": "L-1" }],
		"code": { "coding": [{ "system": "http://loinc.org", "code": "718-7" }] },
		"effectiveDateTime": "2026-09-21T08:15:00+02:00",
		"valueQuantity": { "value": 13.9, "unit": "g/dL" } }"#;

	#[test]
	fn a_resource_is_found_by_all_that_is_asked() {
		let terms = &terms(HAEMOGLOBIN)[0];
		for line in [
			&["--code", "718-7"][..],
			&["--code", "http://loinc.org|718-7"],
			&["--identifier", "L-1"],
			&["--from", "2026-09-21", "--to", "2026-09-21"],
			&["--from", "2026", "--to", "2026"],
			&["--code", "718-7", "--from", "2026-09", "--to", "2026-09"],
		] {
			assert!(typed(line).unwrap().matches(terms), "{line:?}");
		}
		for line in [
			&["--code", "718-8"][..],
			&["--code", "http://snomed.info/sct|718-7"],
			&["--identifier", "L-2"],
			&["--from", "2026-09-22", "--to", "2026-12"],
			&["--code", "718-7", "--to", "2026-09-20"],
			&["--code", "718-7", "--from", "2026-10", "--to", "2026-11"],
			&["--about", &"ab".repeat(32)],
		] {
			assert!(!typed(line).unwrap().matches(terms), "{line:?}");
		}
	}

	#[test]
	fn a_range_is_asked_for_by_its_months_and_years() {
		let months = |from, to| typed(&["--from", from, "--to", to]).unwrap().months().unwrap();
		assert_eq!(
			months("2025-11-30", "2026-02"),
			["2025-11", "2025-12", "2026-01", "2026-02", "2025", "2026"]
		);
		assert_eq!(months("2026", "2026").len(), 13);
	}

	#[test]
	fn ranges_that_cannot_be_asked_for_are_refused() {
		let error = typed(&["--from", "2026-09", "--to", "2026-08"]).unwrap_err();
		assert!(error.contains("turn --from and --to around"), "{error}");
		let error = typed(&["--from", "1990", "--to", "2026"]).unwrap_err();
		assert!(error.contains("add --code"), "{error}");
		assert!(typed(&["--code", "718-7", "--from", "1990", "--to", "2026"]).is_ok());
		assert!(typed(&[]).is_err());
		assert!(typed(&["--to", "2026"]).is_err());
	}

	#[test]
	fn every_field_asked_for_narrows_the_search() {
		use salus_envelope::{CompartmentSecret, Secret};
		let key = IndexKey::of(&CompartmentSecret::from_bytes([1; 32]));
		let query =
			typed(&["--code", "http://loinc.org|718-7", "--from", "2026-09", "--to", "2026-09"]);
		let fields = query.unwrap().tags(&key).unwrap();
		assert_eq!(fields.len(), 2);
		let tags = crate::filing::tags_of(&key, &RecordId([5; 32]), &terms(HAEMOGLOBIN));
		assert!(fields.iter().all(|field| field.iter().any(|tag| tags.contains(tag))));
	}
}
