// SPDX-License-Identifier: Apache-2.0

//! What other pallets may ask, and the origin they can demand.

use crate::*;
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_support::traits::{EnsureOrigin, Get};
use salus_primitives::{AccreditationKind, AccreditationKinds, IdentityId};
use salus_traits::{
	accreditation::{AccreditationInspect, AffiliationInspect, Affiliations as InForce},
	identity::Actor,
};

impl<T: Config> Pallet<T> {
	/// The one rule: the window is open, no revocation is effective, and the authority vouches.
	pub(crate) fn is_in_force_at(held: &HeldAccreditation, at: Moment) -> bool {
		held.stands_at(at)
			&& Authorities::<T>::get(held.issuer)
				.is_some_and(|authority| authority.vouches_for(held.granted_at))
	}
}

impl<T: Config> AccreditationInspect for Pallet<T> {
	fn is_accredited(subject: &IdentityId, kind: AccreditationKind, at: Moment) -> bool {
		Self::is_accredited_any(subject, AccreditationKinds::of(&[kind]), at)
	}

	fn is_accredited_any(subject: &IdentityId, kinds: AccreditationKinds, at: Moment) -> bool {
		HeldAccreditations::<T>::get(subject)
			.iter()
			.filter(|held| kinds.contains(held.kind))
			.any(|held| Self::is_in_force_at(held, at))
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_accredit(subject: &IdentityId, kind: AccreditationKind) {
		benchmarking::accredit::<T>(subject, kind);
	}
}

impl<T: Config> AffiliationInspect for Pallet<T> {
	fn affiliations_at(practitioner: &IdentityId, at: Moment) -> InForce {
		let mut in_force = InForce::default();
		let row = HeldAffiliations::<T>::get(practitioner);
		let open: Vec<_> = row.iter().filter(|held| held.window.is_open_at(at)).collect();
		let licence = AccreditationKinds::of(&[AccreditationKind::PractitionerLicence]);
		if open.is_empty() || !Self::is_accredited_any(practitioner, licence, at) {
			return in_force;
		}
		// Each organisation is asked about once: there are two at most.
		let mut facilities: Vec<(IdentityId, bool)> = Vec::new();
		for held in open {
			let known = facilities.iter().find(|(id, _)| *id == held.organisation);
			let is_facility = known.map(|(_, is)| *is).unwrap_or_else(|| {
				let is = Self::is_accredited_any(&held.organisation, FACILITY, at);
				facilities.push((held.organisation, is));
				is
			});
			if is_facility {
				// I7: no more than fit are open at a time.
				let _ = in_force.try_push((held.organisation, held.role));
			}
		}
		in_force
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_affiliate(practitioner: &IdentityId, organisation: &IdentityId) {
		benchmarking::affiliate::<T>(practitioner, organisation);
	}
}

/// An identity that holds an accreditation of a kind in force now, by its account.
pub struct EnsureAccredited<T, Kind>(PhantomData<(T, Kind)>);

impl<T, Kind> EnsureOrigin<T::RuntimeOrigin> for EnsureAccredited<T, Kind>
where
	T: Config,
	Kind: Get<AccreditationKind>,
{
	type Success = Actor<T::AccountId>;

	fn try_origin(origin: T::RuntimeOrigin) -> Result<Self::Success, T::RuntimeOrigin> {
		let actor = T::IdentityOrigin::try_origin(origin.clone())?;
		let accredited = <Pallet<T> as AccreditationInspect>::is_accredited(
			&actor.id,
			Kind::get(),
			Pallet::<T>::now(),
		);
		if accredited { Ok(actor) } else { Err(origin) }
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<T::RuntimeOrigin, ()> {
		let origin = T::IdentityOrigin::try_successful_origin()?;
		let actor = T::IdentityOrigin::try_origin(origin.clone()).map_err(|_| ())?;
		Pallet::<T>::bench_accredit(&actor.id, Kind::get());
		Ok(origin)
	}
}
