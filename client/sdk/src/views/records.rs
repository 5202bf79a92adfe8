// SPDX-License-Identifier: Apache-2.0

//! Questions about records.

use super::{PAGE, too_large};
use crate::{At, Error, types::*};
use salus_primitives::*;

views! {
	/// What stands about a record.
	"Records" "record" record(id: RecordId) -> Option<RecordView>;
	/// What stands about one version of a record.
	"Records" "version" version(id: RecordId, number: RecordVersion) -> Option<VersionView>;
	/// The versions of a record, oldest first.
	"Records" "versions" versions(id: RecordId, start: RecordVersion, limit: u32) -> Result<Page<VersionView, u32>, PageTooLarge>;
	/// The records of a subject, up or down from a place.
	"Records" "records_of" records_of(subject: IdentityId, start_seq: u32, limit: u32, newest_first: bool) -> Result<Page<RecordView, u32>, PageTooLarge>;
	/// The record that a sealed object belongs to.
	"Records" "by_content" record_by_content(content: ContentHash) -> Option<RecordId>;
	/// What the version under validation lacks. None when none waits.
	"Records" "validation_state" validation_state(id: RecordId) -> Option<ValidationState>;
	/// What it takes to anchor a record of a class.
	"Records" "policy" validation_policy(class: RecordClass) -> Option<ValidationPolicy>;
	/// The records of a subject that pass a filter, up or down from a place. A page can hold fewer
	/// than the limit while there is more.
	"Records" "find_records" find_records(subject: IdentityId, filter: RecordFilter, start_seq: u32, limit: u32, newest_first: bool) -> Result<Page<RecordView, u32>, PageTooLarge>;
	/// The records of a subject that have a tag.
	"Records" "by_tag" records_by_tag(subject: IdentityId, tag: Tag, after: Option<RecordId>, limit: u32) -> Result<Page<RecordId, RecordId>, PageTooLarge>;
	/// The tags of a record.
	"Records" "tags_of" tags_of(id: RecordId) -> Vec<Tag>;
	/// What was sealed to somebody of a version.
	"Records" "wrap_for" wrap_for(id: RecordId, number: RecordVersion, recipient: IdentityId) -> Option<RecipientKey>;
	/// What was sealed to people of a version, beside the compartment.
	"Records" "wraps" wraps(id: RecordId, number: RecordVersion, after: Option<IdentityId>, limit: u32) -> Result<Page<RecipientKey, IdentityId>, PageTooLarge>;
	/// How often it was said that a wrap of a version does not open.
	"Records" "bad_wrap_reports" bad_wrap_reports(id: RecordId, number: RecordVersion) -> u32;
	/// What stands about a batch.
	"Records" "batch" batch(id: BatchId) -> Option<BatchView>;
	/// The batches, oldest first.
	"Records" "batches" batches(start: BatchId, limit: u32) -> Result<Page<BatchView, BatchId>, PageTooLarge>;
	/// The batch of an organisation with a root.
	"Records" "batch_by_root" batch_by_root(organisation: IdentityId, root: Digest) -> Option<BatchId>;
	/// The record that a leaf was promoted to.
	"Records" "promoted" promoted(batch: BatchId, leaf_index: LeafIndex) -> Option<RecordId>;
	/// Whether a leaf is in a batch.
	"Records" "verify_inclusion" verify_inclusion(batch: BatchId, leaf_data: Vec<u8>, leaf_index: LeafIndex, path: Vec<Digest>) -> bool;
	/// The bytes that a verdict on a version signs.
	"Records" "statement_to_sign" statement_to_sign(record: RecordId, version: RecordVersion, content: ContentHash, body: Commitment, kind: AttestationKind, verdict: Verdict, evidence: Digest, expires: Moment) -> Vec<u8>;
	/// The bytes that a verdict on a batch signs.
	"Records" "batch_statement_to_sign" batch_statement_to_sign(organisation: IdentityId, root: Digest, algorithm: TreeAlgorithm, tree_size: u32, kind: AttestationKind, verdict: Verdict, evidence: Digest, expires: Moment) -> Vec<u8>;
	/// How far the erasure of a record has come.
	"Records" "erasure_state" erasure_state(id: RecordId) -> Option<ErasureState>;
	/// What is left of erased records, oldest first.
	"Records" "tombstones" tombstones(start: u64, limit: u32) -> Result<Page<ListedTombstone, u64>, PageTooLarge>;
}

impl At {
	/// What an author needs to seal for a compartment, when it is open.
	pub async fn wrap_targets(
		&self,
		subject: IdentityId,
		compartment: CompartmentNo,
		author: IdentityId,
	) -> Result<Option<WrapTargets>, Error> {
		self.api("RecordsApi", "wrap_targets", &(subject, compartment, author)).await
	}

	/// All records of a subject, newest first, at most `most`.
	pub async fn all_records_of(
		&self,
		subject: IdentityId,
		most: usize,
	) -> Result<Vec<RecordView>, Error> {
		let (mut all, mut start) = (Vec::new(), u32::MAX);
		while all.len() < most {
			let page = self.records_of(subject, start, PAGE, true).await?.map_err(too_large)?;
			all.extend(page.items);
			let Some(next) = page.next else { break };
			start = next;
		}
		all.truncate(most);
		Ok(all)
	}

	/// One page of the records of a subject that have a tag, as many as a page holds.
	pub async fn tagged(
		&self,
		subject: IdentityId,
		tag: Tag,
		after: Option<RecordId>,
	) -> Result<Page<RecordId, RecordId>, Error> {
		self.records_by_tag(subject, tag, after, PAGE).await?.map_err(too_large)
	}

	/// One page of the records of a subject that pass a filter, newest first from a place.
	pub async fn found_records(
		&self,
		subject: IdentityId,
		filter: RecordFilter,
		start: u32,
	) -> Result<Page<RecordView, u32>, Error> {
		self.find_records(subject, filter, start, PAGE, true).await?.map_err(too_large)
	}

	/// All that was sealed to people of a version, beside the compartment.
	pub async fn all_wraps(
		&self,
		id: RecordId,
		number: RecordVersion,
	) -> Result<Vec<RecipientKey>, Error> {
		let (mut all, mut after) = (Vec::new(), None);
		loop {
			let page = self.wraps(id, number, after, PAGE).await?.map_err(too_large)?;
			all.extend(page.items);
			after = page.next;
			if after.is_none() {
				return Ok(all);
			}
		}
	}

	/// All versions of a record that the chain keeps, oldest first.
	pub async fn all_versions(&self, id: RecordId) -> Result<Vec<VersionView>, Error> {
		let (mut all, mut start) = (Vec::new(), 1);
		loop {
			let page = self.versions(id, start, PAGE).await?.map_err(too_large)?;
			all.extend(page.items);
			let Some(next) = page.next else { return Ok(all) };
			start = next;
		}
	}
}

#[cfg(test)]
mod tests {
	use crate::{shape, types::WrapTargets};
	use salus_primitives::{CompartmentNo, IdentityId};
	use scale_info::meta_type;

	#[test]
	fn the_records_api_has_the_shape_of_the_metadata() {
		let id = meta_type::<IdentityId>();
		let arguments = [id, meta_type::<CompartmentNo>(), id];
		let answer = meta_type::<Option<WrapTargets>>();
		shape::check_api("RecordsApi", "wrap_targets", &arguments, answer);
	}
}
