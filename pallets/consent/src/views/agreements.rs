// SPDX-License-Identifier: Apache-2.0

//! What is answered about grants and requests, and the inbox.

use crate::{
	Compartments, Config, Emergencies, Inbox, ListedGrant, LiveGrants, Page, PageTooLarge, Pallet,
	Place, RequestView, Requests, Standing, SubjectEmergencies, SubjectEmergencyCount,
	SubjectRequests,
};
use alloc::vec::Vec;
use frame_support::traits::{Get, Time};
use salus_primitives::{DAY, EmergencyId, IdentityId, Moment, RequestId};

/// How long before its end a grant is in the inbox.
const SOON: Moment = 7 * DAY;

impl<T: Config> Pallet<T> {
	pub(crate) fn expiring_page(
		subject: IdentityId,
		before: Moment,
		limit: u32,
	) -> Result<Vec<ListedGrant>, PageTooLarge> {
		Self::check_page(limit)?;
		let now = T::Time::now();
		let mut places: Vec<_> = LiveGrants::<T>::get(subject).into_inner();
		places.retain(|place| now < place.until && place.until < before);
		places.sort_by_key(|place| (place.until, place.grant));
		let listed = places.into_iter().filter_map(|Place { grant, .. }| Self::grant_by_id(grant));
		let in_force = listed.filter(|listed| listed.standing == Standing::InForce);
		Ok(in_force.take(limit as usize).collect())
	}

	pub(crate) fn requests_page(
		subject: IdentityId,
		start: u64,
		limit: u32,
	) -> Result<Page<(RequestId, RequestView)>, PageTooLarge> {
		let now = T::Time::now();
		let waiting = SubjectRequests::<T>::get(subject);
		Self::page(start, limit, waiting.len() as u64, |place| {
			let request = waiting.get(usize::try_from(place).ok()?)?.request;
			Requests::<T>::get(request).map(|row| (request, row.view(now)))
		})
	}

	/// What waits for a patient's attention, for the runtime API.
	pub fn inbox(subject: IdentityId) -> Inbox {
		let now = T::Time::now();
		let requests = SubjectRequests::<T>::get(subject)
			.into_iter()
			.filter(|waiting| now < waiting.answer_by)
			.map(|waiting| waiting.request)
			.collect();
		let expiring = Self::expiring_page(subject, now.saturating_add(SOON), T::MaxPage::get())
			.unwrap_or_default()
			.into_iter()
			.map(|listed| listed.id)
			.collect();
		// The quota of compartments bounds them.
		let mut rotations: Vec<_> = Compartments::<T>::iter_prefix(subject)
			.filter(|(_, compartment)| compartment.rotation_due)
			.map(|(no, _)| no)
			.collect();
		rotations.sort();
		Inbox { requests, emergencies: Self::open_emergencies(subject, now), expiring, rotations }
	}

	/// The emergencies of a patient that act, among its last: as many as a page holds are looked
	/// at.
	fn open_emergencies(subject: IdentityId, now: Moment) -> Vec<EmergencyId> {
		let count = SubjectEmergencyCount::<T>::get(subject);
		let first = count.saturating_sub(T::MaxPage::get().into());
		(first..count)
			.filter_map(|number| SubjectEmergencies::<T>::get(subject, number))
			.filter(|id| {
				Emergencies::<T>::get(id)
					.is_some_and(|emergency| Self::emergency_acts(&emergency, now))
			})
			.collect()
	}
}
