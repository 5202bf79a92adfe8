// SPDX-License-Identifier: Apache-2.0

//! Setting the tags that a search finds a record by.

use super::{Filing, Place};
use crate::{document::Valid, reading_room::ReadingRoom};
use salus_client::{
	At, calls,
	index::{self, Field},
};
use salus_envelope::IndexKey;
use salus_fhir::terms::{Terms, terms};
use salus_primitives::{RecordId, Tag};

impl Filing<'_> {
	/// Sets the tags of a record that was filed, where the author can open the compartment. Gives how
	/// many; `None` where the tags are the patient's to set, with `salus record index`.
	///
	/// On its own: a patient's daily fee allowance does not pay for batches. The record is filed
	/// already, so that tags that are refused are told, and fail nothing.
	pub(super) async fn tag(
		&self,
		record: RecordId,
		place: &Place,
		valid: &Valid,
	) -> Option<usize> {
		match self.try_to_tag(record, place, valid).await {
			Ok(tags) => tags,
			Err(error) => {
				let error = salus_client::one_line(&format!("{error:#}"));
				eprintln!(
					"the record is filed, but has no tags ({error}): `salus record index` sets them"
				);
				None
			},
		}
	}

	async fn try_to_tag(
		&self,
		record: RecordId,
		place: &Place,
		valid: &Valid,
	) -> anyhow::Result<Option<usize>> {
		let at = self.chain.best().await?;
		let Some(key) = self.index_key(&at, place).await? else { return Ok(None) };
		let tags = tags_of(&key, &record, &terms(&valid.bytes));
		if !is_set(&at, &record, &tags).await? {
			let call = calls::records::set_tags(record, tags.clone());
			self.context.submit(self.chain, &call, &self.secrets.signer()).await?;
		}
		Ok(Some(tags.len()))
	}

	/// The key of the index of a compartment, when this keystore can open it.
	pub(super) async fn index_key(
		&self,
		at: &At,
		place: &Place,
	) -> anyhow::Result<Option<IndexKey>> {
		let Self { context, chain, secrets, me } = *self;
		let room = ReadingRoom { context, chain, secrets, me };
		let unlocked = room.unlocked(at, place.subject).await?;
		let secret = unlocked.secret_of(place.compartment);
		Ok(secret.map(IndexKey::of))
	}
}

/// The tags of a record that says this.
pub(crate) fn tags_of(key: &IndexKey, record: &RecordId, terms: &[Terms]) -> Vec<Tag> {
	index::tags(key, record, terms.iter().flat_map(fields))
}

/// Whether the chain has these very tags already.
pub(super) async fn is_set(at: &At, record: &RecordId, tags: &[Tag]) -> anyhow::Result<bool> {
	let mut there = at.tags_of(*record).await?;
	there.sort();
	Ok(there == tags)
}

fn fields(terms: &Terms) -> impl Iterator<Item = (Field, &str)> {
	let codes = terms.codes.iter().map(|code| (Field::Code, code.code.as_str()));
	let month = terms.month.iter().map(|month| (Field::Month, month.as_str()));
	let identifiers = terms.identifiers.iter().map(|value| (Field::Identifier, value.as_str()));
	let pointers = terms.records.iter().map(|record| (Field::Pointer, record.as_str()));
	codes.chain(month).chain(identifiers).chain(pointers)
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_envelope::{CompartmentSecret, Secret};

	#[test]
	fn a_laboratory_value_has_a_tag_for_each_thing_it_is_found_by() {
		let document = br#"{ "resourceType": "Observation",
			"identifier": [{ "value": "L-2026-0001" }],
			"code": { "coding": [{ "system": "http://loinc.org", "code": "718-7" }] },
			"effectiveDateTime": "2026-09-21T08:15:00Z" }"#;
		let key = IndexKey::of(&CompartmentSecret::from_bytes([1; 32]));
		let record = RecordId([2; 32]);
		let tags = tags_of(&key, &record, &terms(document));
		assert_eq!(tags.len(), 3);
		for (field, value) in
			[(Field::Code, "718-7"), (Field::Month, "2026-09"), (Field::Identifier, "L-2026-0001")]
		{
			let asked = index::queries(&key, field, value).unwrap();
			assert!(asked.iter().any(|tag| tags.contains(tag)), "{field:?}");
		}
	}

	#[test]
	fn a_long_bundle_has_the_one_tag_that_every_search_asks_for() {
		let key = IndexKey::of(&CompartmentSecret::from_bytes([1; 32]));
		let found = terms(salus_fhir::SAMPLE_ENCOUNTER.as_bytes());
		let tags = tags_of(&key, &RecordId([2; 32]), &found);
		assert_eq!(tags.len(), 1);
		assert!(index::overflow_queries(&key).contains(&tags[0]));
	}
}
