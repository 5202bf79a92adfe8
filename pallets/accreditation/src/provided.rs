// SPDX-License-Identifier: Apache-2.0

//! What other pallets may ask, and the origins they can demand.

use crate::*;
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_support::traits::{EnsureOrigin, EnsureOriginWithArg, Get};
use salus_primitives::{
	AccreditationId, AccreditationKind, AccreditationKinds, AffiliationPermissions, IdentityId,
	Jurisdiction,
};
use salus_traits::{
	accreditation::{
		AccreditationInspect, AffiliationInspect, Affiliations as InForce, AuthorityInspect,
	},
	identity::{Actor, IdentityInspect, SuspendedBy},
};

const LICENCE: AccreditationKinds =
	AccreditationKinds::of(&[AccreditationKind::PractitionerLicence]);

impl<T: Config> Pallet<T> {
	/// How an accreditation stands at `at`. Reads its issuer and the regulator of that.
	pub(crate) fn standing_at(logged: &Logged, at: Moment) -> Standing {
		logged.standing_at(at, Known::default().cutoffs_of::<T>(&logged.held.issuer))
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
				None => {
					let (known, any) = (&mut Known::default(), AccreditationKinds::ALL);
					Self::holds_under(known, Some(*by), subject, any, now, |_| true)
				},
			}
	}

	/// Whether `subject` held an accreditation of one of `kinds` in force at `at` that `fits`.
	pub(crate) fn holds(
		known: &mut Known,
		subject: &IdentityId,
		kinds: AccreditationKinds,
		at: Moment,
		fits: impl Fn(&HeldAccreditation) -> bool,
	) -> bool {
		Self::holds_under(known, None, subject, kinds, at, fits)
	}

	/// The same, of an issuer that is `authority` or a registrar of it, when one is named.
	///
	/// A cut-off never makes anything count, so what does not stand without one is not looked into:
	/// of a kind, those are at most [`Config::MaxStandingPerKind`] at any moment, and of those of a
	/// facility together [`Config::MaxFacilityLicences`].
	fn holds_under(
		known: &mut Known,
		authority: Option<IdentityId>,
		subject: &IdentityId,
		kinds: AccreditationKinds,
		at: Moment,
		fits: impl Fn(&HeldAccreditation) -> bool,
	) -> bool {
		let mut logs = Logs::<T>::of(subject);
		HeldAccreditations::<T>::get(subject).iter().any(|held| {
			if !held.is_of(kinds) || !logs.stands(held, at, Cutoffs::NONE) || !fits(held) {
				return false;
			}
			let issuer = &held.issuer;
			let is_under = authority.is_none_or(|authority| {
				*issuer == authority || known.parent_of::<T>(issuer) == Some(authority)
			});
			is_under && logs.stands(held, at, known.cutoffs_of::<T>(issuer))
		})
	}

	/// An accreditation of a subject, with its log.
	pub(crate) fn logged(subject: &IdentityId, id: AccreditationId) -> Option<Logged> {
		let mut row = HeldAccreditations::<T>::get(subject).into_iter();
		row.find(|held| held.id == id).map(|held| Logs::<T>::of(subject).with(held))
	}

	fn is_licensed_at(known: &mut Known, practitioner: &IdentityId, at: Moment) -> bool {
		Self::holds(known, practitioner, LICENCE, at, |_| true)
	}

	pub(crate) fn is_facility_at(known: &mut Known, organisation: &IdentityId, at: Moment) -> bool {
		Self::holds(known, organisation, FACILITY, at, |_| true)
	}

	/// Whether one can work at `organisation` at `at`: it is a facility then and, unless that is
	/// past, its identity is active now. A past moment is answered as it was then.
	fn is_workplace_at(known: &mut Known, organisation: &IdentityId, at: Moment) -> bool {
		let counts = at < Self::now() || T::Identities::active_kind(organisation).is_some();
		counts && Self::is_facility_at(known, organisation, at)
	}

	/// Whether an affiliation of the two that stands at `at` counts then.
	pub(crate) fn may_work_at(
		practitioner: &IdentityId,
		organisation: &IdentityId,
		at: Moment,
	) -> bool {
		let known = &mut Known::default();
		Self::is_workplace_at(known, organisation, at)
			&& Self::is_licensed_at(known, practitioner, at)
	}

	/// The affiliations of a practitioner that stand at `at`, as far as the two of them decide. Those
	/// put away are read only for a moment at which one of them can.
	fn standing_affiliations(
		practitioner: &IdentityId,
		at: Moment,
	) -> impl Iterator<Item = HeldAffiliation> {
		let Jobs { current, past_until } = HeldAffiliations::<T>::get(practitioner);
		let past = (at < past_until).then(|| PastAffiliations::<T>::get(practitioner));
		let kept = past.into_iter().flatten().chain(current);
		kept.filter(move |held| held.stands_at(at))
	}

	/// All affiliations of a practitioner that are kept, those put away first.
	pub(crate) fn kept_affiliations(
		practitioner: &IdentityId,
	) -> impl Iterator<Item = HeldAffiliation> {
		let current = HeldAffiliations::<T>::get(practitioner).current;
		PastAffiliations::<T>::get(practitioner).into_iter().chain(current)
	}
}

impl<T: Config> AccreditationInspect for Pallet<T> {
	fn is_accredited(subject: &IdentityId, kind: AccreditationKind, at: Moment) -> bool {
		Self::is_accredited_any(subject, AccreditationKinds::of(&[kind]), at)
	}

	fn is_accredited_any(subject: &IdentityId, kinds: AccreditationKinds, at: Moment) -> bool {
		Self::holds(&mut Known::default(), subject, kinds, at, |_| true)
	}

	fn is_accredited_in(
		subject: &IdentityId,
		kinds: AccreditationKinds,
		jurisdiction: Jurisdiction,
		at: Moment,
	) -> bool {
		Self::holds(&mut Known::default(), subject, kinds, at, |held| {
			let record = Accreditations::<T>::get(held.id);
			record.is_some_and(|record| record.reaches(Some(jurisdiction)))
		})
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_accredit(subject: &IdentityId, kind: AccreditationKind) {
		benchmarking::accredit::<T>(subject, kind);
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_jurisdiction() -> Jurisdiction {
		benchmarking::COUNTRY
	}
}

impl<T: Config> AuthorityInspect for Pallet<T> {
	/// Whether it and, of a registrar, the regulator above it are in office, and its scope reaches
	/// so far.
	fn is_authority(
		who: &IdentityId,
		jurisdiction: Jurisdiction,
		kind: AccreditationKind,
		at: Moment,
	) -> bool {
		let in_office = |id: &IdentityId| {
			Authorities::<T>::get(id).filter(|authority| authority.is_in_office_at(at))
		};
		in_office(who).is_some_and(|authority| {
			authority.scope.kinds.contains(kind)
				&& authority.scope.reaches(jurisdiction)
				&& authority.parent.is_none_or(|above| in_office(&above).is_some())
		})
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_appoint(who: &IdentityId, _: Jurisdiction) {
		benchmarking::appoint_under::<T>(*who);
	}
}

impl<T: Config> AffiliationInspect for Pallet<T> {
	fn affiliations_at(practitioner: &IdentityId, at: Moment) -> InForce {
		let mut in_force = InForce::default();
		let known = &mut Known::default();
		let open: Vec<_> = Self::standing_affiliations(practitioner, at).collect();
		if open.is_empty() || !Self::is_licensed_at(known, practitioner, at) {
			return in_force;
		}
		// Each organisation is asked about once: there are two at most.
		let mut workplaces: Vec<(IdentityId, bool)> = Vec::new();
		for held in open {
			let asked = workplaces.iter().find(|(id, _)| *id == held.organisation);
			let is_workplace = asked.map(|(_, is)| *is).unwrap_or_else(|| {
				let is = Self::is_workplace_at(known, &held.organisation, at);
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

	/// Asks about nothing that another organisation has to do with.
	fn works_at(practitioner: &IdentityId, organisation: &IdentityId, at: Moment) -> bool {
		let mut open = Self::standing_affiliations(practitioner, at);
		open.any(|held| held.organisation == *organisation)
			&& Self::may_work_at(practitioner, organisation, at)
	}

	fn permissions_at(
		practitioner: &IdentityId,
		organisation: &IdentityId,
		at: Moment,
	) -> AffiliationPermissions {
		let nothing = AffiliationPermissions::default();
		let permitted = Self::standing_affiliations(practitioner, at)
			.filter(|held| held.organisation == *organisation)
			.fold(nothing, |all, held| AffiliationPermissions(all.0 | held.permissions.0));
		let counts = !permitted.is_empty() && Self::may_work_at(practitioner, organisation, at);
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
