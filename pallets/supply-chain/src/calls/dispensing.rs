// SPDX-License-Identifier: Apache-2.0

//! Handing units over to patients, in whole or in part, and taking that back.

use crate::{
	status::Standing,
	units::{Book, Kept},
	*,
};
use alloc::collections::{BTreeMap, BTreeSet};
use codec::Encode;
use frame_support::{
	dispatch::DispatchResultWithPostInfo, ensure, pallet_prelude::DispatchResult, weights::Weight,
};
use salus_gs1::UdiDi;
use salus_primitives::{Digest, Moment, ProductFlag, Uniqueness, UnitRef, UnitState, UnitStates};
use salus_traits::{identity::Actor, prescriptions::PrescriptionCheck};
use sp_runtime::DispatchError;

/// A unit handed over in full, in ten-thousandths.
const WHOLE: u16 = 10_000;

/// What can be undone.
const UNDOABLE: UnitStates = UnitStates::of(&[
	UnitState::Dispensed,
	UnitState::Exported,
	UnitState::Sample,
	UnitState::FreeSample,
	UnitState::Missing,
]);

/// What handing units over weighs, when so many of their serials are kept from then on.
pub(crate) fn weight_of_sale<T: Config>(units: &[Dispensing], kept: u32) -> Weight {
	let places = places(units);
	let more = (units.len() as u32).saturating_sub(places);
	T::WeightInfo::dispense(places, more, kept)
}

/// In how many places units are, as their list names them: a parcel and a page of states for each.
/// Thirty-two packs from one shelf are in one or two.
fn places(units: &[Dispensing]) -> u32 {
	let places: BTreeSet<_> = units
		.iter()
		.map(|unit| &unit.proof)
		.map(|proof| (proof.unit.batch, proof.parcel_start, UnitPage::of(proof.unit.index)))
		.collect();
	places.len() as u32
}

/// Who lets units leave, where, and when.
pub(crate) struct Desk<'a, AccountId> {
	pub(crate) actor: &'a Actor<AccountId>,
	pub(crate) site: Site,
	pub(crate) now: Moment,
}

impl<AccountId: Encode> Desk<'_, AccountId> {
	/// What is kept of a unit that leaves.
	pub(crate) fn leaving(&self, commitment: Option<Digest>, part: bool) -> Leaving {
		Leaving {
			at: self.now,
			by: self.actor.id,
			account: mark(&self.actor.payer),
			site: self.site,
			commitment,
			part,
		}
	}
}

/// By what an account is known again.
fn mark(account: &impl Encode) -> [u8; 16] {
	account.using_encoded(sp_io::hashing::blake2_128)
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_touch_units(
		actor: Actor<T::AccountId>,
		units: BoundedVec<UnitProof, ConstU32<MAX_TOUCHED>>,
	) -> DispatchResult {
		Self::ensure_rising(units.iter().map(|proof| proof.unit))?;
		let mut book = Book::<T>::default();
		for proof in &units {
			let product = Self::check_proof(&mut book, proof)?;
			let keeps = book.product(&product)?.uniqueness == Uniqueness::FirstTouch;
			ensure!(keeps, Error::<T>::SerialsNotKept);
			book.keep_serial(&product, proof)?;
		}
		let mut touched = BTreeMap::<_, u32>::new();
		for unit in book.newly_kept() {
			let count = touched.entry(unit.batch).or_default();
			*count = count.saturating_add(1);
		}
		ensure!(!touched.is_empty(), Error::<T>::AlreadyTouched);

		book.store();
		for (batch, units) in touched {
			Self::deposit_event(Event::UnitsTouched { batch, units, by: actor.id });
		}
		Ok(())
	}

	pub(crate) fn do_dispense(
		actor: Actor<T::AccountId>,
		units: BoundedVec<Dispensing, ConstU32<MAX_UNITS>>,
		site: Site,
		prescription: RxLink,
		told: Told,
	) -> DispatchResultWithPostInfo {
		Self::ensure_rising(units.iter().map(|unit| unit.proof.unit))?;
		let now = Self::now();
		Self::ensure_dispenser(&actor.id, site.market, now)?;
		Self::told_at(&told, now)?;
		let desk = Desk { actor: &actor, site, now };
		let mut book = Book::<T>::default();
		let mut amounts = BTreeMap::new();
		for Dispensing { proof, commitment } in &units {
			let product = Self::check_proof(&mut book, proof)?;
			let standing = Self::standing_at(&mut book, proof, &desk)?;
			Self::ensure_free(standing.effective)?;
			book.keep_serial(&product, proof)?;
			book.set_state(proof.unit, UnitState::Dispensed)?;
			let leaving = desk.leaving(Some(*commitment), false);
			book.keep(Kept::Leaving(proof.unit, Some(leaving)));
			let amount = amounts.entry(product).or_insert(0u32);
			*amount = amount.saturating_add(1);
		}
		Self::ensure_prescribed(&mut book, &desk, &prescription, &amounts)?;

		let weight = weight_of_sale::<T>(&units, book.newly_kept().count() as u32);
		book.store();
		for Dispensing { proof, commitment } in units {
			Self::deposit_event(Event::Dispensed {
				unit: proof.unit,
				commitment,
				prescription,
				market: site.market,
				by: actor.id,
				told,
			});
		}
		Ok(Some(weight).into())
	}

	pub(crate) fn do_dispense_partial(
		actor: Actor<T::AccountId>,
		unit: Dispensing,
		fraction: u16,
		site: Site,
		prescription: RxLink,
		told: Told,
	) -> DispatchResult {
		let now = Self::now();
		Self::ensure_dispenser(&actor.id, site.market, now)?;
		Self::told_at(&told, now)?;
		let Dispensing { proof, commitment } = unit;
		let desk = Desk { actor: &actor, site, now };
		let mut book = Book::<T>::default();
		let product = Self::check_proof(&mut book, &proof)?;
		let standing = Self::standing_at(&mut book, &proof, &desk)?;
		// Of all that can stand against it this is the least: nothing else does.
		let opened = standing.effective == Some(Obstacle::PartiallyDispensed);
		Self::ensure_free(standing.effective.filter(|_| !opened))?;
		let total = Self::add_fraction(proof.unit, fraction)?;
		Self::ensure_prescribed(&mut book, &desk, &prescription, &[(product, 1)].into())?;
		book.keep_serial(&product, &proof)?;
		let to = match total {
			WHOLE => UnitState::Dispensed,
			_ => UnitState::PartiallyDispensed,
		};
		if to != standing.state {
			book.set_state(proof.unit, to)?;
		}
		// Also of the last part: what was opened is never whole again.
		book.keep(Kept::Partial(proof.unit, Some(total)));
		book.keep(Kept::Leaving(proof.unit, Some(desk.leaving(Some(commitment), true))));

		book.store();
		Self::deposit_event(Event::PartiallyDispensed {
			unit: proof.unit,
			fraction,
			total,
			commitment,
			prescription,
			market: site.market,
			by: actor.id,
			told,
		});
		Ok(())
	}

	/// How much of a unit is handed over with another part of it.
	fn add_fraction(unit: UnitRef, fraction: u16) -> Result<u16, DispatchError> {
		ensure!((1..WHOLE).contains(&fraction), Error::<T>::BadFraction);
		let total = Partials::<T>::get(unit).unwrap_or_default().checked_add(fraction);
		Ok(total.filter(|total| *total <= WHOLE).ok_or(Error::<T>::BadFraction)?)
	}

	/// Where a unit stands in the market of the desk. Refuses one that was handed over before, that
	/// another holds, or that lies in a sealed container.
	fn standing_at(
		book: &mut Book<T>,
		proof: &UnitProof,
		desk: &Desk<'_, T::AccountId>,
	) -> Result<Standing, DispatchError> {
		let (unit, start) = (proof.unit, proof.parcel_start);
		let standing = Self::standing(book, unit, Some(start), Some(desk.site.market), desk.now)?;
		// Before the holder: a copy shows up where the pack is not.
		if standing.effective == Some(Obstacle::Dispensed) {
			let here = Leavings::<T>::get(unit).is_some_and(|leaving| {
				leaving.is_open_at(desk.now) && leaving.is_of(&desk.actor.id, &desk.site.location)
			});
			return Err(match here {
				true => Error::<T>::DoubleScan,
				false => Error::<T>::DispensedElsewhere,
			}
			.into());
		}
		book.parcel(unit, start)?.1.ensure_holder::<T>(&desk.actor.id)?;
		ensure!(!standing.sealed, Error::<T>::ContainerSealed);
		Ok(standing)
	}

	/// Refuses what something stands against.
	pub(crate) fn ensure_free(effective: Effective) -> DispatchResult {
		effective.map_or(Ok(()), |obstacle| Err(Self::refusal(obstacle).into()))
	}

	/// Refuses what the prescription does not cover: once per product. One that is named is asked
	/// for products without need of it too.
	fn ensure_prescribed(
		book: &mut Book<T>,
		desk: &Desk<'_, T::AccountId>,
		prescription: &RxLink,
		amounts: &BTreeMap<UdiDi, u32>,
	) -> DispatchResult {
		let claim = prescription.claim();
		for (product, units) in amounts {
			let covered = match &claim {
				Some(claim) => {
					T::Prescriptions::covers(claim, &desk.actor.id, product, *units, desk.now)
				},
				None => !book.product(product)?.is(ProductFlag::Prescription),
			};
			ensure!(covered, Error::<T>::PrescriptionRejected);
		}
		Ok(())
	}

	pub(crate) fn do_undo_decommission(
		actor: Actor<T::AccountId>,
		held: HeldUnit,
		site: Site,
		not_handed_over: bool,
	) -> DispatchResult {
		ensure!(not_handed_over, Error::<T>::HandedOver);
		let HeldUnit { unit, parcel_start } = held;
		let now = Self::now();
		let mut book = Book::<T>::default();
		book.parcel(unit, parcel_start)?.1.ensure_holder::<T>(&actor.id)?;
		let from = book.state(unit);
		ensure!(UNDOABLE.contains(from), Error::<T>::BadTransition);
		let leaving = Leavings::<T>::get(unit).filter(|leaving| leaving.is_open_at(now));
		let leaving = leaving.ok_or(Error::<T>::UndoWindowClosed)?;
		let same =
			leaving.by == actor.id && leaving.account == mark(&actor.payer) && leaving.site == site;
		ensure!(same, Error::<T>::UndoOtherSite);
		ensure!(!leaving.part, Error::<T>::BadTransition);
		Self::ensure_sound(&mut book, unit, Some(site.market), now)?;
		book.set_state(unit, UnitState::Active)?;
		book.keep(Kept::Leaving(unit, None));

		book.store();
		Self::deposit_event(Event::DecommissionUndone { unit, from, by: actor.id });
		Ok(())
	}

	/// Refuses a unit that does not become active again, whatever its own state: it is recalled,
	/// expired or withdrawn in `market`, or anywhere when none is named.
	pub(crate) fn ensure_sound(
		book: &mut Book<T>,
		unit: UnitRef,
		market: Option<Market>,
		now: Moment,
	) -> DispatchResult {
		let standing = Self::standing(book, unit, None, market, now)?;
		ensure!(standing.recall.is_none(), Error::<T>::Recalled);
		let lot = book.lot(standing.lot)?;
		ensure!(!lot.is_expired_at(now), Error::<T>::LotExpired);
		let product = lot.product;
		let withdrawn = market
			.and_then(|market| book.approval(&product, market))
			.is_some_and(|approval| approval.state == ApprovalState::Withdrawn);
		let active = book.product(&product)?.is_active();
		ensure!(active && !withdrawn, Error::<T>::ProductWithdrawn);
		Ok(())
	}
}
