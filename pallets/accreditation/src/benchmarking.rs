// SPDX-License-Identifier: Apache-2.0

//! Benchmarks: the worst honest case of each call.

use crate::*;
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::{
	BoundedVec,
	traits::{Consideration, EnsureOrigin, Get},
};
use frame_system::RawOrigin;
use salus_primitives::{
	AccreditationId, AccreditationKind, AccreditationKinds, AffiliationId, Commitment, DAY,
	IdentityId, IdentityKind, Jurisdiction, Role, Window,
};
use salus_traits::{
	accreditation::{AccreditationInspect, AffiliationInspect, MAX_AFFILIATIONS},
	identity::{Actor, IdentityInspect},
};

/// The clock, for benchmarks.
pub trait BenchmarkHelper {
	/// Makes it `now`.
	fn set_time(now: Moment);
}

/// Late enough for everything to be forgotten: the year 2554 in milliseconds.
const LATE: Moment = 1 << 44;
const ALWAYS: Window = Window { from: 0, until: Moment::MAX };
const COUNTRY: Jurisdiction = Jurisdiction(208);
const LICENCE: Commitment = Commitment([7; 32]);

/// An identity of which only the id matters.
fn some(word: u8, number: u32) -> IdentityId {
	let mut id = [word; 32];
	id.iter_mut().zip(number.to_le_bytes()).for_each(|(to, from)| *to = from);
	IdentityId(id)
}

/// The widest scope there can be.
fn widest() -> AuthorityScope {
	let countries = (0..MAX_JURISDICTIONS).map(|n| Jurisdiction(COUNTRY.0 + n as u16));
	let jurisdictions = BoundedVec::truncate_from(countries.collect::<Vec<_>>());
	AuthorityScope { kinds: AccreditationKinds::ALL, jurisdictions }
}

fn appoint<T: Config>(id: IdentityId, cutoff: Option<Moment>) {
	let authority = Authority {
		parent: None,
		scope: widest(),
		window: ALWAYS,
		status: AuthorityStatus::Active,
		cutoff,
	};
	Authorities::<T>::insert(id, authority);
}

fn held(id: u64, kind: AccreditationKind, issuer: IdentityId) -> HeldAccreditation {
	HeldAccreditation {
		id: AccreditationId(id),
		kind,
		jurisdiction: COUNTRY,
		issuer,
		granted_at: 0,
		window: ALWAYS,
		revoked_from: None,
	}
}

/// Fills the row of `subject` up to `leave` places with accreditations of `kind`, each from another
/// authority that was cut off: a question has to look at all of them.
fn fill<T: Config>(subject: &IdentityId, kind: AccreditationKind, leave: usize) {
	let places = (T::MaxAccreditationsPerSubject::get() as usize).saturating_sub(leave);
	HeldAccreditations::<T>::mutate(subject, |row| {
		for n in row.len()..places {
			let issuer = some(0xcc, n as u32);
			appoint::<T>(issuer, Some(0));
			let _ = row.try_push(held(u64::MAX - n as u64, kind, issuer));
		}
	});
}

/// Gives `subject` an accreditation of `kind`, last in a full row, without the records that no
/// question reads.
pub(crate) fn accredit<T: Config>(subject: &IdentityId, kind: AccreditationKind) {
	let issuer = some(0xaa, 0);
	appoint::<T>(issuer, None);
	if <Pallet<T> as AccreditationInspect>::is_accredited(subject, kind, Pallet::<T>::now()) {
		return;
	}
	fill::<T>(subject, kind, 0);
	HeldAccreditations::<T>::mutate(subject, |row| {
		// The last one that does not count makes room.
		let place = row.iter_mut().rev().find(|held| held.issuer != issuer);
		if let Some(place) = place {
			*place = held(place.id.0, kind, issuer);
		}
	});
}

/// Gives `practitioner` as many affiliations as it can have, in a full row of those that are over.
pub(crate) fn affiliate<T: Config>(practitioner: &IdentityId, organisation: &IdentityId) {
	let other = some(0xdd, 0);
	accredit::<T>(practitioner, AccreditationKind::PractitionerLicence);
	accredit::<T>(organisation, AccreditationKind::FacilityLicence);
	accredit::<T>(&other, AccreditationKind::FacilityLicence);
	let over = T::MaxAffiliationsKept::get().saturating_sub(MAX_AFFILIATIONS);
	// Empty, so that they are over at every moment, also at that of a clock never set.
	let empty = Window { from: 0, until: 0 };
	let past = (0..over).map(|_| (other, Role::Nurse, empty));
	let open = [
		(*organisation, Role::Physician, ALWAYS),
		(*organisation, Role::Nurse, ALWAYS),
		(other, Role::Pharmacist, ALWAYS),
		(other, Role::Radiographer, ALWAYS),
	];
	let row = past.chain(open).enumerate().map(|(n, (organisation, role, window))| {
		HeldAffiliation { id: AffiliationId(u64::MAX - n as u64), organisation, role, window }
	});
	HeldAffiliations::<T>::insert(practitioner, BoundedVec::truncate_from(row.collect::<Vec<_>>()));
}

/// An origin that passes, and who acts by it.
fn acting<T: Config>() -> Result<(T::RuntimeOrigin, Actor<T::AccountId>), BenchmarkError> {
	let origin =
		T::IdentityOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
	let actor =
		T::IdentityOrigin::ensure_origin(origin.clone()).map_err(|_| BenchmarkError::Weightless)?;
	Ok((origin, actor))
}

fn governance<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
	T::GovernanceOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)
}

fn accreditation_deposit<T: Config>()
-> Result<Deposit<T::AccountId, T::AccreditationDeposit>, BenchmarkError> {
	let depositor: T::AccountId = account("authority", 0, 0);
	let footprint = Pallet::<T>::accreditation_footprint();
	T::AccreditationDeposit::ensure_successful(&depositor, footprint);
	let ticket = T::AccreditationDeposit::new(&depositor, footprint)?;
	Ok(Deposit { depositor, ticket })
}

fn affiliation_deposit<T: Config>()
-> Result<Deposit<T::AccountId, T::AffiliationDeposit>, BenchmarkError> {
	let depositor: T::AccountId = account("organisation", 0, 0);
	let footprint = Pallet::<T>::affiliation_footprint();
	T::AffiliationDeposit::ensure_successful(&depositor, footprint);
	let ticket = T::AffiliationDeposit::new(&depositor, footprint)?;
	Ok(Deposit { depositor, ticket })
}

/// An accreditation, last in a full row, with its record.
fn recorded<T: Config>(
	issuer: IdentityId,
	window: Window,
) -> Result<AccreditationId, BenchmarkError> {
	let subject = some(0xbb, 0);
	let kind = AccreditationKind::PractitionerLicence;
	fill::<T>(&subject, kind, 1);
	appoint::<T>(issuer, None);
	let entry = HeldAccreditation { window, ..held(0, kind, issuer) };
	HeldAccreditations::<T>::mutate(subject, |row| row.try_push(entry))
		.map_err(|_| BenchmarkError::Stop("a place was left"))?;
	let deposit = accreditation_deposit::<T>()?;
	let record = AccreditationRecord { subject, commitment: LICENCE, revocation: None, deposit };
	Accreditations::<T>::insert(AccreditationId(0), record);
	Ok(AccreditationId(0))
}

/// An affiliation record.
fn affiliation<T: Config>(
	id: u64,
	organisation: IdentityId,
	practitioner: IdentityId,
	window: Window,
	status: AffiliationStatus,
) -> Result<AffiliationId, BenchmarkError> {
	let role = Role::Administrator;
	let deposit = affiliation_deposit::<T>()?;
	let record = AffiliationRecord { organisation, practitioner, role, window, status, deposit };
	Affiliations::<T>::insert(AffiliationId(id), record);
	if matches!(status, AffiliationStatus::Invited { .. }) {
		OpenInvitations::<T>::mutate(organisation, |open| *open = open.saturating_add(1));
	} else {
		let entry = HeldAffiliation { id: AffiliationId(id), organisation, role, window };
		HeldAffiliations::<T>::mutate(practitioner, |row| row.try_push(entry))
			.map_err(|_| BenchmarkError::Stop("a place was left"))?;
	}
	Ok(AffiliationId(id))
}

/// A window whose end is long ago at [`LATE`].
fn window_long_over<T: Config>() -> Window {
	let until = Pallet::<T>::now().saturating_sub(T::Retention::get()).max(1);
	Window { from: 0, until }
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn appoint_regulator() -> Result<(), BenchmarkError> {
		let origin = governance::<T>()?;
		let who: T::AccountId = account("regulator", 0, 0);
		let id = T::Identities::bench_register(&who, IdentityKind::Organisation);
		appoint::<T>(id, None);
		let window = Window { from: 1, until: Moment::MAX };

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id, widest(), window);

		assert_eq!(Authorities::<T>::get(id).map(|authority| authority.window), Some(window));
		Ok(())
	}

	#[benchmark]
	fn remove_regulator() -> Result<(), BenchmarkError> {
		let origin = governance::<T>()?;
		let id = some(0xaa, 1);
		appoint::<T>(id, Some(1));

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id, 0);

		assert_eq!(Authorities::<T>::get(id).and_then(|authority| authority.cutoff), Some(0));
		Ok(())
	}

	#[benchmark]
	fn grant_accreditation() -> Result<(), BenchmarkError> {
		let (origin, actor) = acting::<T>()?;
		appoint::<T>(actor.id, None);
		let who: T::AccountId = account("subject", 0, 0);
		let subject = T::Identities::bench_register(&who, IdentityKind::Practitioner);
		let kind = AccreditationKind::PractitionerLicence;
		fill::<T>(&subject, kind, 1);
		let footprint = Pallet::<T>::accreditation_footprint();
		T::AccreditationDeposit::ensure_successful(&actor.payer, footprint);
		let until = Pallet::<T>::now().saturating_add(T::MaxAccreditationTerm::get());

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, subject, kind, COUNTRY, LICENCE, Window { from: 0, until });

		let full = T::MaxAccreditationsPerSubject::get() as usize;
		assert_eq!(HeldAccreditations::<T>::get(subject).len(), full);
		Ok(())
	}

	#[benchmark]
	fn revoke_accreditation() -> Result<(), BenchmarkError> {
		let (origin, actor) = acting::<T>()?;
		let id = recorded::<T>(actor.id, ALWAYS)?;
		let now = Pallet::<T>::now();

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id, now, RevocationReason::Fraud);

		assert!(Accreditations::<T>::get(id).is_some_and(|record| record.revocation.is_some()));
		Ok(())
	}

	#[benchmark]
	fn reap_accreditation() -> Result<(), BenchmarkError> {
		let caller: T::AccountId = whitelisted_caller();
		T::BenchmarkHelper::set_time(LATE);
		let id = recorded::<T>(some(0xaa, 1), window_long_over::<T>())?;

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), id);

		assert!(!Accreditations::<T>::contains_key(id));
		Ok(())
	}

	#[benchmark]
	fn invite_affiliation() -> Result<(), BenchmarkError> {
		let (origin, actor) = acting::<T>()?;
		accredit::<T>(&actor.id, AccreditationKind::FacilityLicence);
		let who: T::AccountId = account("practitioner", 0, 0);
		let practitioner = T::Identities::bench_register(&who, IdentityKind::Practitioner);
		let footprint = Pallet::<T>::affiliation_footprint();
		T::AffiliationDeposit::ensure_successful(&actor.payer, footprint);
		let now = Pallet::<T>::now();
		let window = Window { from: 0, until: now.saturating_add(T::MaxAffiliationTerm::get()) };
		let deadline = now.saturating_add(T::MaxInvitationAge::get());

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, practitioner, Role::Nurse, window, deadline);

		assert_eq!(OpenInvitations::<T>::get(actor.id), 1);
		Ok(())
	}

	/// The row is full, so that the affiliation that ended first is forgotten.
	#[benchmark]
	fn accept_affiliation() -> Result<(), BenchmarkError> {
		let (origin, actor) = acting::<T>()?;
		T::BenchmarkHelper::set_time(LATE);
		let organisation = some(0xdd, 1);
		accredit::<T>(&organisation, AccreditationKind::FacilityLicence);
		let accepted = AffiliationStatus::Accepted { at: 0 };
		let kept = u64::from(T::MaxAffiliationsKept::get());
		for n in 0..kept {
			let over = Window { from: 0, until: n };
			affiliation::<T>(n, organisation, actor.id, over, accepted)?;
		}
		let invited = AffiliationStatus::Invited { deadline: Moment::MAX };
		let id = affiliation::<T>(kept, organisation, actor.id, ALWAYS, invited)?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id);

		assert!(HeldAffiliations::<T>::get(actor.id).iter().any(|held| held.id == id));
		assert!(!Affiliations::<T>::contains_key(AffiliationId(0)));
		Ok(())
	}

	#[benchmark]
	fn end_affiliation_invited() -> Result<(), BenchmarkError> {
		let (origin, actor) = acting::<T>()?;
		let invited = AffiliationStatus::Invited { deadline: Moment::MAX };
		let id = affiliation::<T>(0, actor.id, some(0xbb, 0), ALWAYS, invited)?;

		#[extrinsic_call]
		end_affiliation(origin as T::RuntimeOrigin, id);

		assert!(!Affiliations::<T>::contains_key(id));
		Ok(())
	}

	#[benchmark]
	fn end_affiliation_accepted() -> Result<(), BenchmarkError> {
		let (origin, actor) = acting::<T>()?;
		let accepted = AffiliationStatus::Accepted { at: 0 };
		let last = u64::from(T::MaxAffiliationsKept::get()).saturating_sub(1);
		for n in 0..last {
			affiliation::<T>(n, some(0xdd, 0), actor.id, Window { from: 0, until: n }, accepted)?;
		}
		let id = affiliation::<T>(last, some(0xdd, 0), actor.id, ALWAYS, accepted)?;

		#[extrinsic_call]
		end_affiliation(origin as T::RuntimeOrigin, id);

		let until = Affiliations::<T>::get(id).map(|record| record.window.until);
		assert_eq!(until, Some(Pallet::<T>::now()));
		Ok(())
	}

	#[benchmark]
	fn reap_affiliation() -> Result<(), BenchmarkError> {
		let caller: T::AccountId = whitelisted_caller();
		T::BenchmarkHelper::set_time(LATE);
		let practitioner = some(0xbb, 0);
		let accepted = AffiliationStatus::Accepted { at: 0 };
		let over = window_long_over::<T>();
		let kept = u64::from(T::MaxAffiliationsKept::get());
		for n in 0..kept {
			affiliation::<T>(n, some(0xdd, 0), practitioner, over, accepted)?;
		}

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), AffiliationId(kept.saturating_sub(1)));

		assert_eq!(HeldAffiliations::<T>::get(practitioner).len() as u64, kept.saturating_sub(1));
		Ok(())
	}

	/// What a question about a licence costs whoever asks it.
	#[benchmark]
	fn is_accredited() {
		let subject = some(0xbb, 0);
		accredit::<T>(&subject, AccreditationKind::PractitionerLicence);
		let now = Pallet::<T>::now();
		let licensed;

		#[block]
		{
			let kind = AccreditationKind::PractitionerLicence;
			licensed = <Pallet<T> as AccreditationInspect>::is_accredited(&subject, kind, now);
		}

		assert!(licensed);
	}

	/// What a question about affiliations costs whoever asks it.
	#[benchmark]
	fn affiliations_at() {
		let practitioner = some(0xbb, 0);
		affiliate::<T>(&practitioner, &some(0xdd, 1));
		let at = Pallet::<T>::now().max(DAY);
		let in_force;

		#[block]
		{
			in_force = <Pallet<T> as AffiliationInspect>::affiliations_at(&practitioner, at);
		}

		assert_eq!(in_force.len(), MAX_AFFILIATIONS as usize);
	}

	impl_benchmark_test_suite!(
		Pallet,
		crate::mock::ExtBuilder::default().build(),
		crate::mock::Test
	);
}
