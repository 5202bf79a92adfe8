// SPDX-License-Identifier: Apache-2.0

//! What the view functions answer about emergencies.

use crate::{
	Config, Emergencies, EmergencyStanding, EmergencyView, OrganisationEmergencies,
	OrganisationEmergencyCount, Page, PageTooLarge, Pallet, PendingReviews, ReviewPage,
	SubjectEmergencies, SubjectEmergencyCount,
};
use alloc::vec::Vec;
use frame_support::traits::{Get, Time};
use salus_primitives::{EmergencyId, IdentityId, Moment};

impl<T: Config> Pallet<T> {
	pub(crate) fn emergency_view(id: EmergencyId) -> Option<EmergencyView> {
		let emergency = Emergencies::<T>::get(id)?;
		Some(EmergencyView { id, emergency, standing: emergency.standing(T::Time::now()) })
	}

	pub(crate) fn emergencies_of_page(
		subject: IdentityId,
		start: u64,
		limit: u32,
	) -> Result<Page<EmergencyView>, PageTooLarge> {
		Self::page(start, limit, SubjectEmergencyCount::<T>::get(subject), |number| {
			SubjectEmergencies::<T>::get(subject, number).and_then(Self::emergency_view)
		})
	}

	pub(crate) fn emergencies_at_page(
		organisation: IdentityId,
		start: u64,
		limit: u32,
	) -> Result<Page<EmergencyView>, PageTooLarge> {
		Self::page(start, limit, OrganisationEmergencyCount::<T>::get(organisation), |number| {
			OrganisationEmergencies::<T>::get(organisation, number).and_then(Self::emergency_view)
		})
	}

	/// Looks at `limit` emergencies that nobody settled, and answers those that are due.
	pub(crate) fn reviews_due_page(
		before: Moment,
		after: Option<EmergencyId>,
		limit: u32,
	) -> Result<ReviewPage, PageTooLarge> {
		let max = T::MaxPage::get();
		if limit > max {
			return Err(PageTooLarge { max });
		}
		let mut rest = match after {
			Some(id) => {
				PendingReviews::<T>::iter_keys_from(PendingReviews::<T>::hashed_key_for(id))
			},
			None => PendingReviews::<T>::iter_keys(),
		};
		let looked_at: Vec<_> = rest.by_ref().take(limit as usize).collect();
		let next = if rest.next().is_some() { looked_at.last().copied().or(after) } else { None };
		let is_due = |view: &EmergencyView| {
			use EmergencyStanding::*;
			view.emergency.review_by < before || matches!(view.standing, Escalated | Contested)
		};
		let items = looked_at.into_iter().filter_map(Self::emergency_view).filter(is_due).collect();
		Ok(ReviewPage { items, next })
	}
}
