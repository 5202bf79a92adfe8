// SPDX-License-Identifier: Apache-2.0

//! Coming back from patients, leaving without one, and the end by destruction.

use crate::{
	calls::dispensing::Desk,
	partners::{DISPENSERS, HANDLERS},
	units::{Book, Kept},
	*,
};
use alloc::vec::Vec;
use frame_support::{ensure, pallet_prelude::DispatchResult, traits::Get};
use salus_primitives::{
	CallScope, DecommissionReason, Digest, IdentityId, IdentityKind, Moment, ProductClass, UnitRef,
	UnitState, dispense_commitment, signed_forms,
};
use salus_traits::{
	accreditation::AccreditationInspect,
	identity::{Actor, IdentityInspect},
};
use sp_runtime::{DispatchError, traits::Verify};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_return_units(
		actor: Actor<T::AccountId>,
		units: BoundedVec<ReturnedUnit, ConstU32<MAX_UNITS>>,
		saleable: bool,
		told: Told,
	) -> DispatchResult {
		Self::ensure_rising(units.iter().map(|back| back.unit.unit))?;
		let now = Self::now();
		Self::ensure_licensed(&actor.id, HANDLERS, now)?;
		Self::told_at(&told, now)?;
		let mut book = Book::<T>::default();
		let mut states = Vec::new();
		for back in &units {
			states.push(Self::take_back(&mut book, &actor.id, back, saleable, now)?);
		}

		book.store();
		// From the last to the first: what is before a unit stays a parcel with the same first index.
		for back in units.iter().rev() {
			Self::set_apart(back.unit, actor.id, now)?;
		}
		for (back, state) in units.iter().zip(states) {
			let (unit, saleable) = (back.unit.unit, state == UnitState::Active);
			Self::deposit_event(Event::UnitReturned { unit, saleable, by: actor.id, told });
		}
		Ok(())
	}

	/// Takes a unit back, and gives the state it is in then. What is recalled, expired or withdrawn
	/// is not for sale again, whoever says so.
	fn take_back(
		book: &mut Book<T>,
		who: &IdentityId,
		back: &ReturnedUnit,
		saleable: bool,
		now: Moment,
	) -> Result<UnitState, DispatchError> {
		let HeldUnit { unit, parcel_start } = back.unit;
		let around = &book.parcel(unit, parcel_start)?.1;
		ensure!(around.shipment().is_none(), Error::<T>::InTransit);
		let other = around.holder() != Some(*who);
		ensure!(!other || back.opening.is_some(), Error::<T>::NotCustodian);
		let out = matches!(book.state(unit), UnitState::Dispensed | UnitState::PartiallyDispensed);
		ensure!(out, Error::<T>::BadTransition);
		let leaving = Leavings::<T>::get(unit);
		if let Some(secret) = back.opening.filter(|_| other) {
			Self::ensure_licensed(who, DISPENSERS, now)?;
			Self::ensure_opens(unit, &secret, leaving.as_ref(), now)?;
		}
		let own = leaving
			.as_ref()
			.is_some_and(|leaving| leaving.by == *who && !leaving.part && leaving.is_open_at(now));
		ensure!(own || !saleable, Error::<T>::BadTransition);
		let sound = saleable && Self::ensure_sound(book, unit, None, now).is_ok();
		let to = if sound { UnitState::Active } else { UnitState::Returned };
		book.set_state(unit, to)?;
		if leaving.is_some() {
			book.keep(Kept::Leaving(unit, None));
		}
		Ok(to)
	}

	/// Refuses a secret that does not open the commitment a unit was handed over with.
	fn ensure_opens(
		unit: UnitRef,
		secret: &Digest,
		leaving: Option<&Leaving>,
		now: Moment,
	) -> DispatchResult {
		let commitment = leaving
			.filter(|leaving| leaving.is_open_at(now))
			.and_then(|leaving| leaving.commitment)
			.ok_or(Error::<T>::CommitmentGone)?;
		let opened = sp_io::hashing::blake2_256(&dispense_commitment(unit, secret));
		ensure!(commitment.0 == opened, Error::<T>::OpeningMismatch);
		Ok(())
	}

	/// Makes a unit a parcel of its own that `to` holds, out of the container it was in.
	fn set_apart(held: HeldUnit, to: IdentityId, now: Moment) -> DispatchResult {
		let HeldUnit { unit, parcel_start } = held;
		let parcel = ParcelRef { batch: unit.batch, start: parcel_start };
		let row = Parcels::<T>::get(parcel.batch, parcel.start).ok_or(Error::<T>::UnknownParcel)?;
		let own = Self::carve(parcel, &row, unit.index)?;
		if row.place == Place::Held(to) {
			return Ok(());
		}
		if matches!(row.place, Place::Inside(_)) {
			Self::count_out(&Self::around(row.place)?, 1, now)?;
		}
		let place = Place::Held(to);
		Self::index_place(ItemRef::Parcel(own), Some(row.place), Some(place));
		Parcels::<T>::insert(own.batch, own.start, Parcel { len: 1, place, ..row });
		Ok(())
	}

	pub(crate) fn do_decommission(
		actor: Actor<T::AccountId>,
		units: BoundedVec<UnitProof, ConstU32<MAX_UNITS>>,
		reason: DecommissionReason,
		site: Site,
		told: Told,
	) -> DispatchResult {
		Self::ensure_rising(units.iter().map(|proof| proof.unit))?;
		let now = Self::now();
		ensure!(site.market.is_sound(), Error::<T>::BadMarket);
		match reason {
			DecommissionReason::InUse => Self::ensure_dispenser(&actor.id, site.market, now)?,
			_ => Self::ensure_licensed(&actor.id, HANDLERS, now)?,
		}
		Self::told_at(&told, now)?;
		let desk = Desk { actor: &actor, site, now };
		let mut book = Book::<T>::default();
		for proof in &units {
			let product = Self::check_proof(&mut book, proof)?;
			let around = &book.parcel(proof.unit, proof.parcel_start)?.1;
			around.ensure_holder::<T>(&actor.id)?;
			match reason {
				DecommissionReason::Export => {
					Self::give_away(&mut book, proof, UnitState::Exported, &desk)?
				},
				DecommissionReason::Sample => {
					Self::give_away(&mut book, proof, UnitState::Sample, &desk)?
				},
				DecommissionReason::FreeSample => {
					Self::give_away(&mut book, proof, UnitState::FreeSample, &desk)?
				},
				DecommissionReason::Missing => {
					Self::lose(&mut book, proof.unit, UnitState::Missing, &desk)?
				},
				DecommissionReason::Stolen => {
					Self::lose(&mut book, proof.unit, UnitState::Stolen, &desk)?
				},
				DecommissionReason::InUse | DecommissionReason::Retired => {
					let device = book.product(&product)?.class == ProductClass::Device;
					ensure!(device, Error::<T>::NotADevice);
					match reason {
						DecommissionReason::InUse => Self::put_in_use(&mut book, proof, &desk)?,
						_ => Self::retire(&mut book, proof.unit, &desk)?,
					}
				},
			}
		}

		book.store();
		for UnitProof { unit, .. } in units {
			Self::deposit_event(Event::UnitDecommissioned { unit, reason, by: actor.id, told });
		}
		Ok(())
	}

	/// Gives a unit to another market, or as a sample. What an authority takes to look at may be
	/// anything; the others only what could be sold somewhere.
	fn give_away(
		book: &mut Book<T>,
		proof: &UnitProof,
		to: UnitState,
		desk: &Desk<'_, T::AccountId>,
	) -> DispatchResult {
		book.ensure_may_become(proof.unit, to)?;
		let start = Some(proof.parcel_start);
		let standing = Self::standing(book, proof.unit, start, None, desk.now)?;
		ensure!(!standing.sealed, Error::<T>::ContainerSealed);
		if to != UnitState::Sample {
			Self::ensure_free(standing.effective)?;
		}
		book.set_state(proof.unit, to)?;
		book.keep(Kept::Leaving(proof.unit, Some(desk.leaving(None, false))));
		Ok(())
	}

	/// Writes a unit off. A missing one that was active can be found again while its leaving is
	/// kept.
	fn lose(
		book: &mut Book<T>,
		unit: UnitRef,
		to: UnitState,
		desk: &Desk<'_, T::AccountId>,
	) -> DispatchResult {
		let from = book.state(unit);
		// Its holder makes no less of what an authority locked.
		ensure!(from != UnitState::Locked, Error::<T>::BadTransition);
		book.clear(unit, from);
		book.set_state(unit, to)?;
		if from == UnitState::Active && to == UnitState::Missing {
			book.keep(Kept::Leaving(unit, Some(desk.leaving(None, false))));
		}
		Ok(())
	}

	/// Puts a device into use, when nothing stands against it in the market of the desk.
	fn put_in_use(
		book: &mut Book<T>,
		proof: &UnitProof,
		desk: &Desk<'_, T::AccountId>,
	) -> DispatchResult {
		book.ensure_may_become(proof.unit, UnitState::Device)?;
		let (start, market) = (Some(proof.parcel_start), Some(desk.site.market));
		let standing = Self::standing(book, proof.unit, start, market, desk.now)?;
		ensure!(!standing.sealed, Error::<T>::ContainerSealed);
		Self::ensure_free(standing.effective)?;
		book.set_state(proof.unit, UnitState::Device)?;
		let life = DeviceLife::InUse { at: desk.actor.id, since: desk.now };
		book.keep(Kept::Device(proof.unit, Some(life)));
		Ok(())
	}

	/// Takes a device out of use for good.
	fn retire(book: &mut Book<T>, unit: UnitRef, desk: &Desk<'_, T::AccountId>) -> DispatchResult {
		ensure!(book.state(unit) == UnitState::Device, Error::<T>::BadTransition);
		let retired = matches!(Devices::<T>::get(unit), Some(DeviceLife::Retired { .. }));
		ensure!(!retired, Error::<T>::AlreadyInState);
		let life = DeviceLife::Retired { by: desk.actor.id, at: desk.now };
		book.keep(Kept::Device(unit, Some(life)));
		Ok(())
	}

	pub(crate) fn do_destroy(
		actor: Actor<T::AccountId>,
		units: BoundedVec<HeldUnit, ConstU32<MAX_UNITS>>,
		certificate: Digest,
		witness: WitnessOf<T>,
		told: Told,
	) -> DispatchResult {
		Self::ensure_rising(units.iter().map(|held| held.unit))?;
		let now = Self::now();
		Self::ensure_licensed(&actor.id, HANDLERS, now)?;
		Self::told_at(&told, now)?;
		ensure!(now < witness.until, Error::<T>::WitnessExpired);
		let watched = Self::witness_of(&actor.id, &witness)?;
		let mut trade = false;
		let mut book = Book::<T>::default();
		for HeldUnit { unit, parcel_start } in &units {
			book.parcel(*unit, *parcel_start)?.1.ensure_holder::<T>(&actor.id)?;
			let from = book.state(*unit);
			if from == UnitState::Locked {
				// What an authority locked ends before its eyes.
				let lock = UnitHolds::<T>::get(unit);
				let locked = lock.is_some_and(|row| row.hold.by == watched);
				ensure!(locked, Error::<T>::BadWitness);
			} else {
				trade = true;
			}
			book.clear(*unit, from);
			book.set_state(*unit, UnitState::Destroyed)?;
		}
		let licensed = !trade || T::Accreditations::is_accredited_any(&watched, HANDLERS, now);
		ensure!(licensed, Error::<T>::BadWitness);
		Self::ensure_watched(&actor.id, &units, &certificate, &witness)?;

		book.store();
		for HeldUnit { unit, .. } in units {
			Self::deposit_event(Event::UnitDestroyed {
				unit,
				certificate,
				by: actor.id,
				witness: watched,
				told,
			});
		}
		Ok(())
	}

	/// The organisation that a witness acts for: another than the one that destroys.
	fn witness_of(who: &IdentityId, witness: &WitnessOf<T>) -> Result<IdentityId, DispatchError> {
		let watched = T::Identities::acting_identity(&witness.account, CallScope::SupplyChain)
			.filter(|watched| watched != who)
			.ok_or(Error::<T>::BadWitness)?;
		let kind = T::Identities::active_kind(&watched);
		ensure!(kind == Some(IdentityKind::Organisation), Error::<T>::BadWitness);
		Ok(watched)
	}

	/// Refuses a witness that signed something else, raw or as a wallet wraps it.
	fn ensure_watched(
		who: &IdentityId,
		units: &[HeldUnit],
		certificate: &Digest,
		witness: &WitnessOf<T>,
	) -> DispatchResult {
		let genesis = T::GenesisHash::get();
		let statement = destroy_statement(genesis, who, units, certificate, witness.until);
		let signed = signed_forms(statement)
			.iter()
			.any(|form| witness.signature.verify(form.as_slice(), &witness.account));
		ensure!(signed, Error::<T>::BadWitnessSignature);
		Ok(())
	}
}
