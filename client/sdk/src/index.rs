// SPDX-License-Identifier: Apache-2.0

//! The data dictionary of the blind index: which fields have tags, how long, how partitioned.
//!
//! `docs/search.md` says what each field leaks and why it has the form it has. Whoever files and
//! whoever searches must use the same table, so it stands here once.

use salus_envelope::{IndexKey, Term, TermError};
use salus_primitives::{RecordId, Tag};
use std::collections::BTreeSet;

/// The most tags of one record.
pub const MAX_TAGS: usize = 8;

/// A field of the index.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Field {
	/// The record has more terms than tags: a search opens it whatever it looks for.
	Overflow,
	/// A clinical code, without its code system.
	Code,
	/// The month of the clinical date, `2026-09`; `2026` where no more is known.
	Month,
	/// A business identifier, such as an accession number.
	Identifier,
	/// A record pointed at, by its id in hexadecimal.
	Pointer,
}

impl Field {
	/// Its number under the keyed hash. Never reused.
	pub const fn number(self) -> u8 {
		match self {
			Self::Overflow => 0,
			Self::Code => 1,
			Self::Month => 2,
			Self::Identifier => 3,
			Self::Pointer => 4,
		}
	}

	/// Over how many partitions its terms are spread, by the record: an observer sees a fraction of
	/// how often a term occurs, and a search asks for each.
	pub const fn partitions(self) -> u8 {
		match self {
			Self::Overflow | Self::Code => 4,
			Self::Month | Self::Identifier | Self::Pointer => 1,
		}
	}

	/// Whether its tags have four bytes, so that different terms collide and hide.
	pub const fn is_short(self) -> bool {
		matches!(self, Self::Overflow | Self::Month)
	}

	fn term(self, value: &str) -> Result<Term, TermError> {
		match self {
			Self::Code => Term::code(value),
			_ => Term::text(value),
		}
	}

	fn tag(self, key: &IndexKey, partition: u8, term: &Term) -> Tag {
		if self.is_short() {
			Tag::from(key.short_tag(self.number(), partition, term))
		} else {
			Tag(key.tag(self.number(), partition, term))
		}
	}

	fn partition_of(self, record: &RecordId) -> u8 {
		let [first, ..] = record.0;
		first % self.partitions()
	}
}

/// What the one term of [`Field::Overflow`] is.
const OVERFLOW: &str = "overflow";

/// The tags of a record with these terms. Terms that cannot be hashed, being empty, are left out;
/// where there are more than [`MAX_TAGS`], the record has the one tag of [`Field::Overflow`].
pub fn tags<'a>(
	key: &IndexKey,
	record: &RecordId,
	terms: impl IntoIterator<Item = (Field, &'a str)>,
) -> Vec<Tag> {
	let tag = |field: Field, value: &str| {
		field.term(value).ok().map(|term| field.tag(key, field.partition_of(record), &term))
	};
	let found: BTreeSet<Tag> =
		terms.into_iter().filter_map(|(field, value)| tag(field, value)).collect();
	if found.len() <= MAX_TAGS {
		return found.into_iter().collect();
	}
	tag(Field::Overflow, OVERFLOW).into_iter().collect()
}

/// The tags that a search for a term asks for, one for each partition.
pub fn queries(key: &IndexKey, field: Field, value: &str) -> Result<Vec<Tag>, TermError> {
	let term = field.term(value)?;
	Ok((0..field.partitions()).map(|partition| field.tag(key, partition, &term)).collect())
}

/// The tags of records with more terms than tags, which every search asks for too.
pub fn overflow_queries(key: &IndexKey) -> Vec<Tag> {
	queries(key, Field::Overflow, OVERFLOW).unwrap_or_default()
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_envelope::{CompartmentSecret, Secret};

	const FIELDS: [Field; 5] =
		[Field::Overflow, Field::Code, Field::Month, Field::Identifier, Field::Pointer];

	fn key() -> IndexKey {
		IndexKey::of(&CompartmentSecret::from_bytes([7; 32]))
	}

	#[test]
	fn every_tag_of_a_record_is_asked_for_by_a_search_for_its_term() {
		for first in 0..=255 {
			let record = RecordId([first; 32]);
			for field in FIELDS {
				let [tag] = tags(&key(), &record, [(field, "718-7")])[..] else { panic!("one") };
				let asked = queries(&key(), field, "718-7").unwrap();
				assert!(asked.contains(&tag), "{field:?} of {record}");
				assert_eq!(asked.len(), usize::from(field.partitions()));
			}
		}
	}

	#[test]
	fn partitions_split_one_term_over_all_of_them() {
		let of = |first| tags(&key(), &RecordId([first; 32]), [(Field::Code, "718-7")]);
		let seen: BTreeSet<_> = (0..=255).map(of).collect();
		assert_eq!(seen.len(), 4);
	}

	#[test]
	fn fields_keys_and_terms_are_told_apart() {
		let record = RecordId([0; 32]);
		let base = tags(&key(), &record, [(Field::Identifier, "718-7")]);
		assert_ne!(tags(&key(), &record, [(Field::Pointer, "718-7")]), base);
		assert_ne!(tags(&key(), &record, [(Field::Identifier, "718-8")]), base);
		let other = IndexKey::of(&CompartmentSecret::from_bytes([8; 32]));
		assert_ne!(tags(&other, &record, [(Field::Identifier, "718-7")]), base);
	}

	#[test]
	fn codes_are_found_however_they_are_written() {
		let record = RecordId([1; 32]);
		let tag = tags(&key(), &record, [(Field::Code, " e11.9 ")]);
		assert!(queries(&key(), Field::Code, "E11.9").unwrap().contains(&tag[0]));
		assert_eq!(queries(&key(), Field::Code, "  "), Err(TermError::Empty));
	}

	#[test]
	fn short_tags_are_four_bytes_and_zeros() {
		for field in FIELDS {
			let asked = queries(&key(), field, "2026-09").unwrap();
			let is_short = asked[0].0[4..] == [0; 12];
			assert_eq!(is_short, field.is_short(), "{field:?}");
		}
	}

	#[test]
	fn more_terms_than_tags_are_one_tag() {
		let record = RecordId([2; 32]);
		let codes: Vec<_> = (0..9).map(|number| format!("{number}-1")).collect();
		let terms = |most: usize| codes.iter().take(most).map(|code| (Field::Code, code.as_str()));
		assert_eq!(tags(&key(), &record, terms(8)).len(), 8);
		let one = tags(&key(), &record, terms(9));
		assert_eq!(one.len(), 1);
		assert!(overflow_queries(&key()).contains(&one[0]));
		// The same term twice is one.
		let twice = terms(8).chain(terms(8));
		assert_eq!(tags(&key(), &record, twice).len(), 8);
	}

	#[test]
	fn what_cannot_be_hashed_has_no_tag() {
		let record = RecordId([3; 32]);
		assert!(tags(&key(), &record, [(Field::Code, " "), (Field::Code, "a|b|c|")]).is_empty());
		assert!(tags(&key(), &record, []).is_empty());
	}
}
