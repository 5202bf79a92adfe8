// SPDX-License-Identifier: Apache-2.0

//! What other pallets may ask, and what the view functions answer.

use crate::*;
use alloc::vec::Vec;
use frame_support::traits::{Get, Time};
use salus_primitives::{AttestationKind, IdentityId, RecordVersion};
use salus_traits::records::{RecordFacts, RecordInspect};

impl<T: Config> RecordInspect for Pallet<T> {
	fn facts(record: &RecordId) -> Option<RecordFacts> {
		let Record { subject, author, organisation, class, compartment, created, .. } =
			Records::<T>::get(record)?;
		Some(RecordFacts { subject, author, organisation, class, compartment, created })
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_record(
		subject: &IdentityId,
		author: &IdentityId,
		compartment: salus_primitives::CompartmentNo,
	) -> RecordId {
		crate::benchmarking::insert_anchored::<T>(subject, author, compartment)
	}
}

impl<T: Config> Pallet<T> {
	pub(crate) fn record_view(id: RecordId, record: &RecordOf<T>) -> RecordView {
		let now = T::Clock::now();
		let awaiting = Self::awaiting(&id, record).filter(|version| !version.has_lapsed(now));
		RecordView {
			id,
			subject: record.subject,
			author: record.author,
			organisation: record.organisation,
			class: record.class,
			compartment: record.compartment,
			created: record.created,
			seq: record.seq,
			status: record.status(),
			retraction: record.retraction.clone(),
			current: record.current.number,
			newest: record.newest,
			awaiting: awaiting.map(|version| version.number),
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

	pub(crate) fn version_view(record: &RecordOf<T>, version: VersionOf<T>) -> VersionView {
		let object = version.inline.then(|| Objects::<T>::get(version.content)).flatten();
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
			key: version.key.filter(|_| record.retraction.is_none()),
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
			.map(|version| Self::version_view(&record, version))
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
		let view = |seq| {
			let id = SubjectRecords::<T>::get(subject, seq)?;
			Records::<T>::get(id).map(|record| Self::record_view(id, &record))
		};
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

	pub(crate) fn validation_of(version: &VersionOf<T>) -> Option<ValidationState> {
		let Stage::Open { deadline, policy } = &version.stage else { return None };
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
			deadline: *deadline,
			lapsed: version.has_lapsed(T::Clock::now()),
			missing,
		})
	}

	fn check_page(limit: u32) -> Result<(), PageTooLarge> {
		let max = T::MaxPage::get();
		if limit > max { Err(PageTooLarge { max }) } else { Ok(()) }
	}
}
