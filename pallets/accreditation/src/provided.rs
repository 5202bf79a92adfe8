// SPDX-License-Identifier: Apache-2.0

//! What other pallets may ask, and the origins they can demand.

use crate::*;
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_support::traits::{EnsureOrigin, EnsureOriginWithArg, Get};
use salus_primitives::{
	AccreditationId, AccreditationKind, AccreditationKinds, AffiliationPermissions, IdentityId,
};
use salus_traits::{
	accreditation::{AccreditationInspect, AffiliationInspect, Affiliations as InForce},
	identity::{Actor, IdentityInspect, SuspendedBy},
};

const LICENCE: AccreditationKinds =
	AccreditationKinds::of(&[AccreditationKind::PractitionerLicence]);

impl<T: Config> Pallet<T> {
	/// How an accreditation stands at `at`. Reads its issuer and the regulator of that.
	pub(crate) fn standing_at(held: &HeldAccreditation, at: Moment) -> Standing {
		held.standing_at(at, Known::default().cutoffs_of::<T>(&held.issuer))
	}

	/// Whether `by` is over `subject` at `now`.
	///
	/// A grant asks nobody's consent, so it gives no power to who granted it, unless governance
	/// appointed it, and none over another authority: that one answers to its regulator alone.
	fn is_over(by: &IdentityId, subject: &IdentityId, now: Moment) -> bool {
		let is_regulator = Authorities::<T>::get(by)
			.is_some_and(|signer| signer.parent.is_none() && signer.is_in_office_at(now));
		is_regulator
			&& match Authorities::<T>::get(subject) {
				Some(authority) => authority.parent == Some(*by),
				None => Self::holds_under(Some(*by), subject, now, |_| true),
			}
	}

	/// Whether `subject` held an accreditation in force at `at` that `fits`.
	pub(crate) fn holds(
		subject: &IdentityId,
		at: Moment,
		fits: impl Fn(&HeldAccreditation) -> bool,
	) -> bool {
		Self::holds_under(None, subject, at, fits)
	}

	/// The same, of an issuer that is `authority` or a registrar of it, when one is named.
	///
	/// A cut-off never makes anything count, so what does not stand without one is not looked into:
	/// of a kind, those are at most [`Config::MaxStandingPerKind`] at any moment.
	fn holds_under(
		authority: Option<IdentityId>,
		subject: &IdentityId,
		at: Moment,
		fits: impl Fn(&HeldAccreditation) -> bool,
	) -> bool {
		let mut known = Known::default();
		HeldAccreditations::<T>::get(subject)
			.iter()
			.filter(|held| fits(held))
			.filter(|held| held.standing_at(at, Cutoffs::NONE) == Standing::InForce)
			.any(|held| {
				let issuer = &held.issuer;
				let is_under = authority.is_none_or(|authority| {
					*issuer == authority || known.parent_of::<T>(issuer) == Some(authority)
				});
				is_under && held.standing_at(at, known.cutoffs_of::<T>(issuer)) == Standing::InForce
			})
	}

	/// The entry of an accreditation in its subject's row.
	pub(crate) fn held(subject: &IdentityId, id: AccreditationId) -> Option<HeldAccreditation> {
		HeldAccreditations::<T>::get(subject).into_iter().find(|held| held.id == id)
	}

	pub(crate) fn is_licensed_at(practitioner: &IdentityId, at: Moment) -> bool {
		Self::is_accredited_any(practitioner, LICENCE, at)
	}

	pub(crate) fn is_facility_at(organisation: &IdentityId, at: Moment) -> bool {
		Self::is_accredited_any(organisation, FACILITY, at)
	}

	/// Whether one can work at `organisation` at `at`: it is a facility then and, unless that is
	/// past, its identity is active now. A past moment is answered as it was then.
	pub(crate) fn is_workplace_at(organisation: &IdentityId, at: Moment) -> bool {
		let counts = at < Self::now() || T::Identities::active_kind(organisation).is_some();
		counts && Self::is_facility_at(organisation, at)
	}
}

impl<T: Config> AccreditationInspect for Pallet<T> {
	fn is_accredited(subject: &IdentityId, kind: AccreditationKind, at: Moment) -> bool {
		Self::is_accredited_any(subject, AccreditationKinds::of(&[kind]), at)
	}

	fn is_accredited_any(subject: &IdentityId, kinds: AccreditationKinds, at: Moment) -> bool {
		Self::holds(subject, at, |held| held.is_of(kinds))
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
		let open: Vec<_> = row.iter().filter(|held| held.stands_at(at)).collect();
		if open.is_empty() || !Self::is_licensed_at(practitioner, at) {
			return in_force;
		}
		// Each organisation is asked about once: there are two at most.
		let mut workplaces: Vec<(IdentityId, bool)> = Vec::new();
		for held in open {
			let known = workplaces.iter().find(|(id, _)| *id == held.organisation);
			let is_workplace = known.map(|(_, is)| *is).unwrap_or_else(|| {
				let is = Self::is_workplace_at(&held.organisation, at);
				workplaces.push((held.organisation, is));
				is
			});
			if is_workplace {
				// I7: no more than fit are open at a time.
				let _ = in_force.try_push((held.organisation, held.role));
			}
		}
		in_force
	}

	fn permissions_at(
		practitioner: &IdentityId,
		organisation: &IdentityId,
		at: Moment,
	) -> AffiliationPermissions {
		let nothing = AffiliationPermissions::default();
		let permitted = HeldAffiliations::<T>::get(practitioner)
			.iter()
			.filter(|held| held.organisation == *organisation && held.stands_at(at))
			.fold(nothing, |all, held| AffiliationPermissions(all.0 | held.permissions.0));
		let counts = !permitted.is_empty()
			&& Self::is_licensed_at(practitioner, at)
			&& Self::is_workplace_at(organisation, at);
		if counts { permitted } else { nothing }
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_affiliate(practitioner: &IdentityId, organisation: &IdentityId) {
		benchmarking::affiliate::<T>(practitioner, organisation);
	}
}

/// An identity that passes `Origin` and holds an accreditation of a kind in force now.
pub struct EnsureAccredited<T, Kind, Origin>(PhantomData<(T, Kind, Origin)>);

impl<T, Kind, Origin> EnsureOrigin<T::RuntimeOrigin> for EnsureAccredited<T, Kind, Origin>
where
	T: Config,
	Kind: Get<AccreditationKind>,
	Origin: EnsureOrigin<T::RuntimeOrigin, Success = Actor<T::AccountId>>,
{
	type Success = Actor<T::AccountId>;

	fn try_origin(origin: T::RuntimeOrigin) -> Result<Self::Success, T::RuntimeOrigin> {
		let actor = Origin::try_origin(origin.clone())?;
		let accredited = <Pallet<T> as AccreditationInspect>::is_accredited(
			&actor.id,
			Kind::get(),
			Pallet::<T>::now(),
		);
		if accredited { Ok(actor) } else { Err(origin) }
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<T::RuntimeOrigin, ()> {
		let origin = Origin::try_successful_origin()?;
		let actor = Origin::try_origin(origin.clone()).map_err(|_| ())?;
		Pallet::<T>::bench_accredit(&actor.id, Kind::get());
		Ok(origin)
	}
}

/// A regulator in office over the identity named, by an account that passes `Origin`: it, or a
/// registrar of it, granted an accreditation of that one that is in force now. An authority has
/// nobody over it but the regulator that appointed it.
pub struct EnsureAuthorityOver<T, Origin>(PhantomData<(T, Origin)>);

impl<T, Origin> EnsureOriginWithArg<T::RuntimeOrigin, IdentityId> for EnsureAuthorityOver<T, Origin>
where
	T: Config,
	Origin: EnsureOrigin<T::RuntimeOrigin, Success = Actor<T::AccountId>>,
{
	type Success = SuspendedBy;

	fn try_origin(
		origin: T::RuntimeOrigin,
		subject: &IdentityId,
	) -> Result<Self::Success, T::RuntimeOrigin> {
		let by = Origin::try_origin(origin.clone())?.id;
		let now = Pallet::<T>::now();
		if Pallet::<T>::is_over(&by, subject, now) {
			Ok(SuspendedBy::Authority(by))
		} else {
			Err(origin)
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin(subject: &IdentityId) -> Result<T::RuntimeOrigin, ()> {
		let origin = Origin::try_successful_origin()?;
		let actor = Origin::try_origin(origin.clone()).map_err(|_| ())?;
		benchmarking::put_under::<T>(subject, actor.id);
		Ok(origin)
	}
}
