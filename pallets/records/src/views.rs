// SPDX-License-Identifier: Apache-2.0

//! What the view functions answer about records and versions.

mod batches;
mod erasure;
mod keys;
mod tags;

use crate::*;
use alloc::vec::Vec;
use frame_support::traits::{Get, Time};
use salus_primitives::{AttestationKind, IdentityId, RecordVersion};

impl<T: Config> Pallet<T> {
	pub(crate) fn record_view(id: RecordId, record: &RecordOf<T>) -> RecordView {
		let now = T::Clock::now();
		let awaiting = Self::awaiting(&id, record).filter(|version| version.takes_verdicts(now));
		RecordView {
			id,
			subject: record.subject,
			author: record.author,
			organisation: record.organisation,
			class: record.class,
			compartment: record.compartment,
			created: record.created,
			seq: record.seq,
			status: record.status(now),
			retraction: record.retraction.clone(),
			current: record.current.number,
			newest: record.newest,
			awaiting: awaiting.map(|version| version.number),
			legal_hold: record.legal_hold,
			batch: record.batch,
		}
	}

	/// A version, wherever it lies.
	pub(crate) fn version_of(
		id: &RecordId,
		record: &RecordOf<T>,
		number: RecordVersion,
	) -> Option<VersionOf<T>> {
		if record.current.number == number {
			return Some(record.current.clone());
		}
		Versions::<T>::get(id, number)
			.or_else(|| Pending::<T>::get(id).filter(|version| version.number == number))
	}

	pub(crate) fn version_view(
		id: &RecordId,
		record: &RecordOf<T>,
		version: VersionOf<T>,
	) -> VersionView {
		let object = version.inline.then(|| Objects::<T>::get(id, version.number)).flatten();
		VersionView {
			number: version.number,
			author: version.author,
			reason: version.reason,
			filed: version.filed,
			content: version.content,
			object: object.map(Vec::from),
			body: version.body,
			padded_len: version.padded_len,
			// Old versions of a long history keep theirs in state, but nobody needs them any more.
			key: version.key.filter(|_| record.gives_key_of(version.number)),
			stage: version.stage.at(T::Clock::now()),
			attestations: version.attestations.into(),
		}
	}

	pub(crate) fn versions_page(
		id: RecordId,
		start: RecordVersion,
		limit: u32,
	) -> Result<Page<VersionView>, PageTooLarge> {
		Self::check_page(limit)?;
		let Some(record) = Records::<T>::get(id) else {
			return Ok(Page { items: Vec::new(), next: None });
		};
		let start = start.max(1);
		let end = start.saturating_add(limit).min(record.newest.saturating_add(1));
		let items = (start..end)
			.filter_map(|number| Self::version_of(&id, &record, number))
			.map(|version| Self::version_view(&id, &record, version))
			.collect();
		let next = start.saturating_add(limit);
		Ok(Page { items, next: (next <= record.newest).then_some(next) })
	}

	pub(crate) fn records_page(
		subject: IdentityId,
		start: u32,
		limit: u32,
		newest_first: bool,
	) -> Result<Page<RecordView>, PageTooLarge> {
		Self::check_page(limit)?;
		let count = SubjectRecordCount::<T>::get(subject);
		let view = |seq| Self::found(subject, seq, &RecordFilter::ALL);
		if newest_first {
			// `end` is one above the first place of the page.
			let end = start.saturating_add(1).min(count);
			let first = end.saturating_sub(limit);
			let items = (first..end).rev().filter_map(view).collect();
			return Ok(Page { items, next: first.checked_sub(1) });
		}
		let end = start.saturating_add(limit).min(count);
		let items = (start..end).filter_map(view).collect();
		let next = start.saturating_add(limit);
		Ok(Page { items, next: (next < count).then_some(next) })
	}

	pub(crate) fn find_page(
		subject: IdentityId,
		filter: RecordFilter,
		start: u32,
		limit: u32,
		newest_first: bool,
	) -> Result<Page<RecordView>, PageTooLarge> {
		Self::check_page(limit)?;
		let count = SubjectRecordCount::<T>::get(subject);
		let mut page = Page { items: Vec::new(), next: None };
		// A page of nothing goes on where it began.
		let mut seq = if newest_first { start.min(count.saturating_sub(1)) } else { start };
		for _ in 0..MAX_SCANNED {
			if seq >= count {
				return Ok(page);
			}
			page.next = Some(seq);
			if page.items.len() >= limit as usize {
				return Ok(page);
			}
			page.items.extend(Self::found(subject, seq, &filter));
			let next = if newest_first { seq.checked_sub(1) } else { seq.checked_add(1) };
			page.next = next.filter(|next| *next < count);
			let Some(next) = page.next else { return Ok(page) };
			seq = next;
		}
		Ok(page)
	}

	/// The record in this place of a subject's list, when the filter takes it.
	fn found(subject: IdentityId, seq: u32, filter: &RecordFilter) -> Option<RecordView> {
		let id = SubjectRecords::<T>::get(subject, seq)?;
		let record = Records::<T>::get(id)?;
		filter.takes(record.class, record.created).then(|| Self::record_view(id, &record))
	}

	pub(crate) fn validation_of(version: &VersionOf<T>) -> Option<ValidationState> {
		let (deadline, policy) = version.stage.inquiry()?;
		let missing = AttestationKind::ALL
			.iter()
			.map(|kind| Missing {
				kind: *kind,
				count: policy.missing(*kind, &version.attestations),
				from: policy.requirement(*kind).from,
			})
			.filter(|missing| missing.count > 0)
			.collect();
		Some(ValidationState {
			version: version.number,
			deadline,
			lapsed: deadline <= T::Clock::now(),
			missing,
		})
	}

	pub(crate) fn check_page(limit: u32) -> Result<(), PageTooLarge> {
		let max = T::MaxPage::get();
		if limit > max { Err(PageTooLarge { max }) } else { Ok(()) }
	}
}
