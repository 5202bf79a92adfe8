// SPDX-License-Identifier: Apache-2.0

//! Who may do what: licences, authorities, and the times that partners tell.

use crate::*;
use frame_support::{
	ensure,
	traits::{Consideration, Footprint, Time},
};
use salus_primitives::{AccreditationKind, AccreditationKinds, IdentityId, Moment};
use salus_traits::accreditation::{AccreditationInspect, AuthorityInspect};
use sp_runtime::{DispatchError, DispatchResult};

/// Who makes.
pub(crate) const MAKERS: AccreditationKinds =
	AccreditationKinds::of(&[AccreditationKind::ManufacturerLicence]);
/// Who hands over to patients.
pub(crate) const DISPENSERS: AccreditationKinds = AccreditationKinds::of(&[
	AccreditationKind::PharmacyLicence,
	AccreditationKind::FacilityLicence,
]);
/// Who handles goods at all: authorised trading partners (DSCSA, section 581(2)).
pub(crate) const HANDLERS: AccreditationKinds = AccreditationKinds::of(&[
	AccreditationKind::ManufacturerLicence,
	AccreditationKind::DistributorLicence,
	AccreditationKind::PharmacyLicence,
	AccreditationKind::FacilityLicence,
]);

/// What the key of a row takes beside the parts that it names: the hashes of pallet and storage
/// item, and those of up to two parts.
pub(crate) const KEY: u64 = 16 + 16 + 2 * 16;

impl<T: Config> Pallet<T> {
	/// Refuses who holds none of `kinds` now.
	pub(crate) fn ensure_licensed(
		who: &IdentityId,
		kinds: AccreditationKinds,
		now: Moment,
	) -> DispatchResult {
		let licensed = T::Accreditations::is_accredited_any(who, kinds, now);
		ensure!(licensed, Error::<T>::NotLicensed);
		Ok(())
	}

	/// Refuses who may not hand over to patients in `market` now.
	pub(crate) fn ensure_dispenser(
		who: &IdentityId,
		market: Market,
		now: Moment,
	) -> DispatchResult {
		let licensed = T::Accreditations::is_accredited_in(who, DISPENSERS, market, now);
		ensure!(licensed, Error::<T>::NotLicensed);
		Ok(())
	}

	/// Whether `who` is the authority of a market now: it may license makers there.
	pub(crate) fn is_authority(who: &IdentityId, market: Market, now: Moment) -> bool {
		T::Authorities::is_authority(who, market, AccreditationKind::ManufacturerLicence, now)
	}

	/// Refuses who is not the authority of `market` now.
	pub(crate) fn ensure_authority(
		who: &IdentityId,
		market: Market,
		now: Moment,
	) -> DispatchResult {
		ensure!(market.is_sound(), Error::<T>::BadMarket);
		ensure!(Self::is_authority(who, market, now), Error::<T>::NotAuthorised);
		Ok(())
	}

	/// The time of an event, or the block's when none is told.
	pub(crate) fn told_at(told: &Told, now: Moment) -> Result<Moment, DispatchError> {
		let at = told.at.unwrap_or(now);
		let earliest = now.saturating_sub(MAX_LATENESS);
		let latest = now.saturating_add(MAX_EARLINESS);
		ensure!((earliest..=latest).contains(&at), Error::<T>::ClockSkew);
		Ok(at)
	}

	/// Holds the rent for `items` rows of together `size` bytes, without their keys' prefixes.
	///
	/// Asked as for one thing: the price of several is that of so many of one size. The price of a
	/// thing as such stands for the first row's key, [`KEY`] for each other's.
	pub(crate) fn take_deposit(
		payer: AccountOf<T>,
		items: u64,
		size: u64,
	) -> Result<DepositOf<T>, DispatchError> {
		let keys = items.saturating_sub(1).saturating_mul(KEY);
		let footprint = Footprint { count: 1, size: size.saturating_add(keys) };
		let ticket = T::SupplyConsideration::new(&payer, footprint)?;
		Ok(Deposit { depositor: payer, ticket })
	}

	/// Gives rent back.
	pub(crate) fn return_deposit(deposit: DepositOf<T>) -> DispatchResult {
		deposit.ticket.drop(&deposit.depositor)
	}

	pub(crate) fn now() -> Moment {
		T::Clock::now()
	}
}
