// SPDX-License-Identifier: Apache-2.0

//! What the view functions and the runtime API answer.

mod agreements;
mod audit;
mod emergencies;

use crate::{Config, Page, PageTooLarge, Pallet};
use frame_support::traits::Get;

impl<T: Config> Pallet<T> {
	pub(crate) fn check_page(limit: u32) -> Result<(), PageTooLarge> {
		let max = T::MaxPage::get();
		if limit > max { Err(PageTooLarge { max }) } else { Ok(()) }
	}

	pub(crate) fn page<I>(
		start: u64,
		limit: u32,
		end: u64,
		item: impl Fn(u64) -> Option<I>,
	) -> Result<Page<I>, PageTooLarge> {
		Self::check_page(limit)?;
		let stop = start.saturating_add(limit.into()).min(end);
		let items = (start..stop).filter_map(item).collect();
		Ok(Page { items, next: (stop < end).then_some(stop) })
	}
}
