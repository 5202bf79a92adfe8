// SPDX-License-Identifier: Apache-2.0

//! What always holds, numbered as in the README.

mod custody;
mod master;
mod recalls;
mod units;

use crate::*;
use sp_runtime::TryRuntimeError;

type Check = Result<(), TryRuntimeError>;

impl<T: Config> Pallet<T> {
	/// Every invariant.
	pub fn do_try_state() -> Check {
		Self::units_are_counted()?;
		Self::parcels_tile_their_batch()?;
		Self::everything_is_where_it_says()?;
		Self::containers_stand_in_each_other()?;
		Self::shipments_are_under_way()?;
		Self::devices_have_a_life()?;
		Self::what_is_put_aside_has_a_hold()?;
		Self::parts_and_leavings_have_a_unit()?;
		Self::serials_stand_for_one_unit()?;
		Self::live_recalls_are_open()?;
		Self::progress_adds_up()?;
		Self::prefixes_begin_nothing_else()?;
		Self::products_have_their_numbers()?;
		Self::lots_and_batches_are_found()?;
		Self::numbers_are_not_reused()
	}
}
