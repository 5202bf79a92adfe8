// SPDX-License-Identifier: Apache-2.0

//! Two units that carry one serial: at most one of them is genuine, and nobody can tell which.

use crate::{
	units::{Book, Kept},
	*,
};
use frame_support::{ensure, pallet_prelude::DispatchResult};
use salus_primitives::{IdentityId, QuarantineReason, UnitRef, UnitState};
use salus_traits::identity::Actor;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_report_duplicate_serial(
		actor: Actor<T::AccountId>,
		first: UnitProof,
		second: UnitProof,
	) -> DispatchResult {
		let (first, second) =
			if first.unit < second.unit { (first, second) } else { (second, first) };
		let pair = (first.unit, second.unit);
		ensure!(first.unit != second.unit, Error::<T>::NoDuplicate);
		let mut book = Book::<T>::default();
		let product = Self::check_proof(&mut book, &first)?;
		let same = Self::check_proof(&mut book, &second)? == product;
		ensure!(same && first.serial == second.serial, Error::<T>::NoDuplicate);
		ensure!(!Duplicates::<T>::contains_key(pair), Error::<T>::AlreadyProved);
		let issuer = book.batch(second.unit.batch)?.issuer;
		for unit in [first.unit, second.unit] {
			Self::hold_duplicate(&mut book, unit, actor.id)?;
		}

		book.store();
		Duplicates::<T>::insert(pair, ());
		Strikes::<T>::mutate(issuer, |strikes| *strikes = strikes.saturating_add(1));
		Self::deposit_event(Event::DuplicateSerialProven {
			product,
			first: first.unit,
			second: second.unit,
			issuer,
			by: actor.id,
		});
		Ok(())
	}

	/// Puts a unit aside so that only an authority lets it go, over what its holder did and under
	/// what an authority locked. One that is gone stays as it is.
	fn hold_duplicate(book: &mut Book<T>, unit: UnitRef, by: IdentityId) -> DispatchResult {
		let hold = Hold { by, authority: false, reason: QuarantineReason::DuplicateSerial };
		let from = book.state(unit);
		let row = match UnitHolds::<T>::get(unit) {
			Some(row) if from == UnitState::Locked => UnitHold { beneath: Some(hold), ..row },
			Some(row) if row.hold.reason == hold.reason => row,
			Some(row) => UnitHold { hold, beneath: Some(row.hold), ..row },
			None if !from.may_become(UnitState::Quarantined) => return Ok(()),
			None => {
				book.set_state(unit, UnitState::Quarantined)?;
				UnitHold { hold, before: from, beneath: None }
			},
		};
		book.keep(Kept::Hold(unit, Some(row)));
		Ok(())
	}
}
