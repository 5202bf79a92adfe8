// SPDX-License-Identifier: Apache-2.0

//! Benchmarks: the worst honest case of each call.

use crate::*;
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::{
	BoundedVec, Hashable,
	traits::{Consideration, EnsureOrigin, Get},
};
use frame_system::RawOrigin;
use salus_primitives::{
	AccreditationId, AccreditationKind, AccreditationKinds, AffiliationId, AffiliationPermissions,
	Commitment, DAY, Digest, IdentityId, IdentityKind, Jurisdiction, Role, ScopeCode, Window,
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
pub(crate) const COUNTRY: Jurisdiction = Jurisdiction(208);
const LICENCE: Commitment = Commitment([7; 32]);
const PAPERS: Digest = Digest([8; 32]);
/// Early enough for a whole log to lie behind it.
const BEGIN: Moment = 1_000;

/// An identity of which only the id matters.
fn some(word: u8, number: u32) -> IdentityId {
	let mut id = [word; 32];
	id.iter_mut().zip(number.to_le_bytes()).for_each(|(to, from)| *to = from);
	IdentityId(id)
}

/// As many codes as there can be.
fn all_codes() -> ScopeCodes {
	BoundedVec::truncate_from((0..MAX_CODES).map(|n| ScopeCode(n as u16)).collect::<Vec<_>>())
}

/// The widest scope there can be.
fn widest() -> AuthorityScope {
	let countries = (0..MAX_JURISDICTIONS).map(|n| Jurisdiction(COUNTRY.0 + n as u16));
	let jurisdictions = BoundedVec::truncate_from(countries.collect::<Vec<_>>());
	AuthorityScope { kinds: AccreditationKinds::ALL, jurisdictions, codes: Some(all_codes()) }
}

fn appoint<T: Config>(id: IdentityId, parent: Option<IdentityId>, cutoff: Option<Moment>) {
	let authority = Authority {
		parent,
		scope: widest(),
		window: ALWAYS,
		status: AuthorityStatus::Active,
		cutoff,
	};
	Authorities::<T>::insert(id, authority);
}

/// The regulator that is above the registrars of the benchmarks.
fn regulator<T: Config>() -> IdentityId {
	let regulator = some(0xab, 0);
	if !Authorities::<T>::contains_key(regulator) {
		appoint::<T>(regulator, None, None);
	}
	regulator
}

fn suspended(at: Moment, until: Moment) -> StatusChange {
	let change =
		Change::Suspended { until: Some(until), reason: SuspensionReason::UnderInvestigation };
	StatusChange { at, change, by: None }
}

/// An accreditation of which so much was said that `leave` places are left before renewals and
/// suspensions are refused: as many renewals as can run, if it always counts, and suspensions of every
/// body. They change nothing at any moment, also not at that of a clock never set.
fn logged(
	id: u64,
	kind: AccreditationKind,
	issuer: IdentityId,
	window: Window,
	leave: u32,
) -> Logged {
	let held = HeldAccreditation::new(AccreditationId(id), kind, issuer, 0, window);
	let mut logged = Logged { held, log: StatusLog::new() };
	let lines = MAX_STATUS_CHANGES.saturating_sub(PLACES_KEPT).saturating_sub(leave);
	let bodies = [Some(issuer), Some(some(0xab, 0)), None];
	for (n, by) in (0..lines).zip(bodies.into_iter().cycle()) {
		let line = if n < MAX_RENEWALS_AHEAD && window == ALWAYS {
			let change = Change::Renewed { until: Moment::MAX };
			StatusChange { at: 0, change, by: by.or(Some(issuer)) }
		} else {
			StatusChange { by, ..suspended(0, 0) }
		};
		// There is a place for each.
		let _ = logged.note(line);
	}
	logged
}

/// Puts it last into the row and the logs of `subject`, while there is a place. It was changed just
/// now, so that a question about any moment before has to read the logs.
fn put<T: Config>(subject: &IdentityId, logged: Logged) -> Result<(), BenchmarkError> {
	let Logged { mut held, log } = logged;
	let id = held.id;
	held.changed_at = Pallet::<T>::now();
	let full = |_| BenchmarkError::Stop("a place was left");
	HeldAccreditations::<T>::mutate(subject, |row| row.try_push(held).map_err(full))?;
	StatusLogs::<T>::mutate(subject, |logs| logs.try_insert(id, log))
		.map_err(|_| BenchmarkError::Stop("a place was left"))?;
	Ok(())
}

/// An authority that nobody but `subject` has to do with, so that no two subjects share a read.
fn above(subject: &IdentityId, word: u8, number: u32) -> IdentityId {
	IdentityId((*subject, word, number).blake2_256())
}

/// The kinds that a subject of `kind` can hold, beginning with that one.
fn kinds_beside(kind: AccreditationKind) -> impl Iterator<Item = AccreditationKind> {
	let beside = move |other: &AccreditationKind| {
		let both = |who: &IdentityKind| kind.fits(*who) && other.fits(*who);
		*other != kind && [IdentityKind::Organisation, IdentityKind::Practitioner].iter().any(both)
	};
	core::iter::once(kind).chain(AccreditationKind::ALL.iter().copied().filter(beside))
}

/// What can stand beside one more of `kind`: as many of each kind as can be.
fn standing_beside<T: Config>(kind: AccreditationKind) -> Vec<AccreditationKind> {
	let mut standing = alloc::vec![kind];
	for other in kinds_beside(kind) {
		for _ in 0..T::MaxStandingPerKind::get() {
			let same = standing.iter().filter(|one| **one == other).count();
			let licences = standing.iter().filter(|one| FACILITY.contains(**one)).count();
			let fits =
				!FACILITY.contains(other) || licences < T::MaxFacilityLicences::get() as usize;
			if fits && same < T::MaxStandingPerKind::get() as usize {
				standing.push(other);
			}
		}
	}
	standing.remove(0);
	standing
}

/// Fills the row of `subject` up to one place, with room for one more of `kind`: as many of each
/// kind that stand as can be, each from another registrar whose regulator was cut off, so that a
/// question has to look at all of them, and the rest of `kind` and over.
fn fill<T: Config>(subject: &IdentityId, kind: AccreditationKind) {
	let taken = HeldAccreditations::<T>::get(subject).len();
	let places = T::MaxAccreditationsPerSubject::get() as usize;
	let places = places.saturating_sub(taken).saturating_sub(1);
	let standing: Vec<_> = standing_beside::<T>(kind).into_iter().take(places).collect();
	let over =
		core::iter::repeat_n((kind, Window { from: 0, until: 0 }), places).skip(standing.len());
	let rest = standing.into_iter().map(|other| (other, ALWAYS));
	for (n, (kind, window)) in over.chain(rest).enumerate() {
		let (issuer, parent) = (above(subject, 0xcc, n as u32), above(subject, 0xcd, n as u32));
		appoint::<T>(parent, None, Some(0));
		appoint::<T>(issuer, Some(parent), None);
		let entry = logged(u64::MAX.saturating_sub(n as u64), kind, issuer, window, 0);
		let _ = put::<T>(subject, entry);
	}
}

/// Gives `subject` an accreditation of `kind`, last in a full row, without the records that no
/// question reads: of any kinds that are asked about with this one, it holds as many that stand as
/// can be, and only the last counts.
pub(crate) fn accredit<T: Config>(subject: &IdentityId, kind: AccreditationKind) {
	let (issuer, parent) = (above(subject, 0xaa, 0), above(subject, 0xab, 0));
	if <Pallet<T> as AccreditationInspect>::is_accredited(subject, kind, Pallet::<T>::now()) {
		return;
	}
	appoint::<T>(parent, None, None);
	appoint::<T>(issuer, Some(parent), None);
	fill::<T>(subject, kind);
	let row = HeldAccreditations::<T>::get(subject);
	if row.is_full() {
		// One that does not count makes room: of this kind, when there is one.
		let useless = row.iter().filter(|held| held.issuer != issuer);
		if let Some(last) = useless.max_by_key(|held| held.kind == kind).map(|held| held.id) {
			HeldAccreditations::<T>::mutate(subject, |row| row.retain(|held| held.id != last));
			StatusLogs::<T>::mutate(subject, |logs| logs.remove(&last));
		}
	}
	let _ = put::<T>(subject, logged(kind as u64, kind, issuer, ALWAYS, 0));
	if let Ok(deposit) = accreditation_deposit::<T>() {
		let record = AccreditationRecord {
			subject: *subject,
			jurisdiction: COUNTRY,
			codes: all_codes(),
			commitment: LICENCE,
			digest: Some(PAPERS),
			deposit,
		};
		Accreditations::<T>::insert(AccreditationId(kind as u64), record);
	}
}

/// Makes `who` an authority with the widest scope, below a regulator.
pub(crate) fn appoint_under<T: Config>(who: IdentityId) {
	appoint::<T>(who, Some(regulator::<T>()), None);
}

const EVERYTHING: AffiliationPermissions = AffiliationPermissions::ALL;

/// `count` rests that are over at every moment.
fn rests(count: u32) -> Suspensions {
	let windows = (0..count).map(|_| Window { from: 0, until: 0 });
	BoundedVec::truncate_from(windows.collect::<Vec<_>>())
}

/// Puts `subject` under `authority`: the regulator of the last issuer in a full row.
pub(crate) fn put_under<T: Config>(subject: &IdentityId, authority: IdentityId) {
	appoint::<T>(authority, None, None);
	let issuer = some(0xae, 0);
	appoint::<T>(issuer, Some(authority), None);
	let kind = AccreditationKind::FacilityLicence;
	fill::<T>(subject, kind);
	let _ = put::<T>(subject, logged(0, kind, issuer, ALWAYS, 0));
}

/// An active organisation.
fn registered<T: Config>(name: &'static str) -> IdentityId {
	T::Identities::bench_register(&account(name, 0, 0), IdentityKind::Organisation)
}

/// Gives `practitioner` as many affiliations as it can have, in a full row of those that are over.
pub(crate) fn affiliate<T: Config>(practitioner: &IdentityId, organisation: &IdentityId) {
	// Another one for each organisation: where colleagues work beside it, others do not.
	let [a, b, c, d, ..] = organisation.0;
	let elsewhere = account("elsewhere", u32::from_le_bytes([a, b, c, d]), 0);
	let other = T::Identities::bench_register(&elsewhere, IdentityKind::Organisation);
	accredit::<T>(practitioner, AccreditationKind::PractitionerLicence);
	accredit::<T>(organisation, AccreditationKind::FacilityLicence);
	accredit::<T>(&other, AccreditationKind::FacilityLicence);
	let places = [
		(*organisation, Role::Physician),
		(*organisation, Role::Nurse),
		(other, Role::Pharmacist),
		(other, Role::PrivacyOfficer),
	];
	let entry = |n: u32, organisation, role, window| HeldAffiliation {
		id: AffiliationId(u64::from(u32::MAX.saturating_sub(n))),
		organisation,
		role,
		permissions: EVERYTHING,
		window,
		suspensions: rests(MAX_SUSPENSIONS),
	};
	let current = (0..).zip(places).map(|(n, (place, role))| entry(n, place, role, ALWAYS));
	let current = BoundedVec::truncate_from(current.collect::<Vec<_>>());
	// Empty, so that they are over at every moment, also at that of a clock never set; and put away
	// just now, so that a question about any moment before has to read them.
	let empty = Window { from: 0, until: 0 };
	let past = (MAX_AFFILIATIONS..T::MaxAffiliationsKept::get())
		.map(|n| entry(n, other, Role::Nurse, empty))
		.collect::<Vec<_>>();
	PastAffiliations::<T>::insert(practitioner, BoundedVec::truncate_from(past));
	let past_until = Pallet::<T>::now();
	HeldAffiliations::<T>::insert(practitioner, Jobs { current, past_until });
}

/// An origin that passes, and who acts by it.
fn acting<T: Config>() -> Result<(T::RuntimeOrigin, Actor<T::AccountId>), BenchmarkError> {
	passing::<T, T::AccreditOrigin>()
}

/// The same, about affiliations.
fn affiliating<T: Config>() -> Result<(T::RuntimeOrigin, Actor<T::AccountId>), BenchmarkError> {
	passing::<T, T::AffiliateOrigin>()
}

fn passing<T: Config, O: EnsureOrigin<T::RuntimeOrigin, Success = Actor<T::AccountId>>>()
-> Result<(T::RuntimeOrigin, Actor<T::AccountId>), BenchmarkError> {
	let origin = O::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
	let actor = O::ensure_origin(origin.clone()).map_err(|_| BenchmarkError::Weightless)?;
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

/// An open request of `subject` to `issuer`.
fn requested<T: Config>(
	issuer: IdentityId,
	subject: IdentityId,
	kind: AccreditationKind,
) -> Result<(), BenchmarkError> {
	let depositor: T::AccountId = account("subject", 0, 0);
	let footprint = Pallet::<T>::request_footprint();
	T::RequestDeposit::ensure_successful(&depositor, footprint);
	let ticket = T::RequestDeposit::new(&depositor, footprint)?;
	let deposit = Deposit { depositor, ticket };
	let asked_at = Pallet::<T>::now();
	let request = Request { commitment: LICENCE, digest: PAPERS, asked_at, deposit };
	Requests::<T>::insert((issuer, subject, kind), request);
	Ok(())
}

/// An accreditation, last in a full row, with its record and one place left in its log.
fn recorded<T: Config>(
	issuer: IdentityId,
	window: Window,
) -> Result<AccreditationId, BenchmarkError> {
	recorded_for::<T>(some(0xbb, 0), issuer, window)
}

fn recorded_for<T: Config>(
	subject: IdentityId,
	issuer: IdentityId,
	window: Window,
) -> Result<AccreditationId, BenchmarkError> {
	let kind = AccreditationKind::PractitionerLicence;
	fill::<T>(&subject, kind);
	if !Authorities::<T>::contains_key(issuer) {
		appoint::<T>(issuer, Some(regulator::<T>()), None);
	}
	put::<T>(&subject, logged(0, kind, issuer, window, 1))?;
	let deposit = accreditation_deposit::<T>()?;
	let digest = Some(PAPERS);
	let record = AccreditationRecord {
		subject,
		jurisdiction: COUNTRY,
		codes: all_codes(),
		commitment: LICENCE,
		digest,
		deposit,
	};
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
	let permissions = EVERYTHING;
	let deposit = affiliation_deposit::<T>()?;
	let record = AffiliationRecord {
		organisation,
		practitioner,
		role,
		permissions,
		window,
		status,
		deposit,
	};
	Affiliations::<T>::insert(AffiliationId(id), record);
	if matches!(status, AffiliationStatus::Invited { .. }) {
		OpenInvitations::<T>::mutate(organisation, |open| *open = open.saturating_add(1));
	} else {
		let id = AffiliationId(id);
		let suspensions = rests(MAX_SUSPENSIONS.saturating_sub(1));
		let entry = HeldAffiliation { id, organisation, role, permissions, window, suspensions };
		let put_away = T::MaxAffiliationsKept::get().saturating_sub(MAX_AFFILIATIONS) as usize;
		let mut past = PastAffiliations::<T>::get(practitioner);
		let mut jobs = HeldAffiliations::<T>::get(practitioner);
		// The row of what may count is full as well, of what is over when nothing counts.
		let pushed = if window != ALWAYS && past.len() < put_away {
			past.try_push(entry)
		} else {
			jobs.current.try_push(entry)
		};
		pushed.map_err(|_| BenchmarkError::Stop("a place was left"))?;
		jobs.past_until = Pallet::<T>::end_of(&past);
		PastAffiliations::<T>::insert(practitioner, past);
		HeldAffiliations::<T>::insert(practitioner, jobs);
	}
	Ok(AffiliationId(id))
}

/// An affiliation with `organisation`, last in a full row.
fn last_of_full_row<T: Config>(organisation: IdentityId) -> Result<AffiliationId, BenchmarkError> {
	let practitioner = some(0xbb, 0);
	let accepted = AffiliationStatus::Accepted { at: 0 };
	let last = u64::from(T::MaxAffiliationsKept::get()).saturating_sub(1);
	for n in 0..last {
		let over = Window { from: 0, until: n };
		affiliation::<T>(n, some(0xdd, 0), practitioner, over, accepted)?;
	}
	affiliation::<T>(last, organisation, practitioner, ALWAYS, accepted)
}

impl<T: Config> Pallet<T> {
	/// Whether an affiliation is suspended at `at`.
	fn rests_at(id: AffiliationId, at: Moment) -> bool {
		let view = Self::affiliation(id);
		view.is_some_and(|view| view.suspensions.iter().any(|window| window.is_open_at(at)))
	}
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
		appoint::<T>(id, None, None);
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
		appoint::<T>(id, None, Some(1));

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id, 0);

		assert_eq!(Authorities::<T>::get(id).and_then(|authority| authority.cutoff), Some(0));
		Ok(())
	}

	#[benchmark]
	fn appoint_registrar() -> Result<(), BenchmarkError> {
		let (origin, actor) = acting::<T>()?;
		appoint::<T>(actor.id, None, None);
		let who: T::AccountId = account("registrar", 0, 0);
		let id = T::Identities::bench_register(&who, IdentityKind::Organisation);
		appoint::<T>(id, Some(actor.id), None);
		let window = Window { from: LATE, until: Moment::MAX };

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id, widest(), window);

		assert_eq!(Authorities::<T>::get(id).map(|authority| authority.window), Some(window));
		Ok(())
	}

	#[benchmark]
	fn remove_registrar() -> Result<(), BenchmarkError> {
		let (origin, actor) = acting::<T>()?;
		appoint::<T>(actor.id, None, None);
		let id = some(0xaa, 1);
		appoint::<T>(id, Some(actor.id), Some(1));

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id, 0);

		assert_eq!(Authorities::<T>::get(id).and_then(|authority| authority.cutoff), Some(0));
		Ok(())
	}

	#[benchmark]
	fn suspend_authority() -> Result<(), BenchmarkError> {
		let (origin, actor) = acting::<T>()?;
		appoint::<T>(actor.id, None, None);
		let id = some(0xaa, 1);
		appoint::<T>(id, Some(actor.id), None);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id);

		assert!(Authorities::<T>::get(id).is_some_and(|authority| authority.is_suspended()));
		Ok(())
	}

	#[benchmark]
	fn reinstate_authority() -> Result<(), BenchmarkError> {
		let (origin, actor) = acting::<T>()?;
		appoint::<T>(actor.id, None, None);
		let id = some(0xaa, 1);
		appoint::<T>(id, Some(actor.id), None);
		Pallet::<T>::do_suspend_authority(Some(actor.id), id)?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id);

		assert!(Authorities::<T>::get(id).is_some_and(|authority| !authority.is_suspended()));
		Ok(())
	}

	/// The first state of a list, which holds a deposit.
	#[benchmark]
	fn set_status_list() -> Result<(), BenchmarkError> {
		let (origin, actor) = acting::<T>()?;
		appoint::<T>(actor.id, Some(regulator::<T>()), None);
		let footprint = Pallet::<T>::status_list_footprint();
		T::StatusListDeposit::ensure_successful(&actor.payer, footprint);
		let list = T::MaxStatusLists::get().saturating_sub(1);
		let mut address = b"https://".to_vec();
		address.resize(MAX_LOCATOR as usize, b'a');
		let locator = Locator::truncate_from(address);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, list, PAPERS, locator, 1);

		let anchored = StatusLists::<T>::get(actor.id, list);
		assert_eq!(anchored.map(|anchored| anchored.digest), Some(PAPERS));
		Ok(())
	}

	/// Of a registrar, in answer to a request.
	#[benchmark]
	fn grant_accreditation() -> Result<(), BenchmarkError> {
		let (origin, actor) = acting::<T>()?;
		appoint::<T>(actor.id, Some(regulator::<T>()), None);
		let who: T::AccountId = account("subject", 0, 0);
		let subject = T::Identities::bench_register(&who, IdentityKind::Practitioner);
		let kind = AccreditationKind::PractitionerLicence;
		fill::<T>(&subject, kind);
		requested::<T>(actor.id, subject, kind)?;
		let footprint = Pallet::<T>::accreditation_footprint();
		T::AccreditationDeposit::ensure_successful(&actor.payer, footprint);
		let until = Pallet::<T>::now().saturating_add(T::MaxAccreditationTerm::get());
		let window = Window { from: 0, until };
		let (codes, papers) = (all_codes(), Some(PAPERS));

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, subject, kind, COUNTRY, LICENCE, window, codes, papers);

		let full = T::MaxAccreditationsPerSubject::get() as usize;
		assert_eq!(HeldAccreditations::<T>::get(subject).len(), full);
		assert!(!Requests::<T>::contains_key((actor.id, subject, kind)));
		Ok(())
	}

	#[benchmark]
	fn revoke_accreditation() -> Result<(), BenchmarkError> {
		let (origin, actor) = acting::<T>()?;
		let id = recorded::<T>(actor.id, ALWAYS)?;
		let now = Pallet::<T>::now();

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id, now, RevocationReason::Fraud);

		assert_eq!(Pallet::<T>::explain_accreditation(id, now), Standing::Revoked);
		Ok(())
	}

	#[benchmark]
	fn renew_accreditation() -> Result<(), BenchmarkError> {
		let (origin, actor) = acting::<T>()?;
		T::BenchmarkHelper::set_time(BEGIN);
		let id = recorded::<T>(actor.id, Window { from: 0, until: 1 })?;
		let until = BEGIN.saturating_add(T::MaxAccreditationTerm::get());

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id, until);

		assert_eq!(Pallet::<T>::explain_accreditation(id, BEGIN), Standing::InForce);
		Ok(())
	}

	#[benchmark]
	fn suspend_accreditation() -> Result<(), BenchmarkError> {
		let (origin, actor) = acting::<T>()?;
		T::BenchmarkHelper::set_time(BEGIN);
		let id = recorded::<T>(actor.id, ALWAYS)?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id, None, SuspensionReason::PublicSafety);

		assert_eq!(Pallet::<T>::explain_accreditation(id, BEGIN), Standing::Suspended);
		Ok(())
	}

	#[benchmark]
	fn lift_suspension() -> Result<(), BenchmarkError> {
		let (origin, actor) = acting::<T>()?;
		T::BenchmarkHelper::set_time(BEGIN);
		let id = recorded::<T>(actor.id, ALWAYS)?;
		let reason = SuspensionReason::PublicSafety;
		Pallet::<T>::do_suspend_accreditation(Some(actor.id), id, None, reason)?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id);

		assert_eq!(Pallet::<T>::explain_accreditation(id, BEGIN), Standing::InForce);
		Ok(())
	}

	#[benchmark]
	fn surrender_accreditation() -> Result<(), BenchmarkError> {
		let (origin, actor) = acting::<T>()?;
		T::BenchmarkHelper::set_time(BEGIN);
		let id = recorded_for::<T>(actor.id, some(0xaa, 1), ALWAYS)?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id);

		assert_eq!(Pallet::<T>::explain_accreditation(id, BEGIN), Standing::Surrendered);
		Ok(())
	}

	#[benchmark]
	fn request_accreditation() -> Result<(), BenchmarkError> {
		let (origin, actor) = acting::<T>()?;
		let issuer = some(0xaa, 1);
		appoint::<T>(issuer, None, None);
		let fits = |kind: &&AccreditationKind| kind.fits(actor.kind);
		let kind = *AccreditationKind::ALL.iter().find(fits).ok_or(BenchmarkError::Weightless)?;
		T::RequestDeposit::ensure_successful(&actor.payer, Pallet::<T>::request_footprint());

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, issuer, kind, LICENCE, PAPERS);

		assert!(Requests::<T>::contains_key((issuer, actor.id, kind)));
		Ok(())
	}

	#[benchmark]
	fn close_request() -> Result<(), BenchmarkError> {
		let (origin, actor) = acting::<T>()?;
		let subject = some(0xbb, 0);
		let kind = AccreditationKind::PractitionerLicence;
		appoint::<T>(actor.id, None, None);
		requested::<T>(actor.id, subject, kind)?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, actor.id, subject, kind);

		assert!(!Requests::<T>::contains_key((actor.id, subject, kind)));
		Ok(())
	}

	/// One that would count, were the regulator of its issuer not cut off.
	#[benchmark]
	fn reap_accreditation() -> Result<(), BenchmarkError> {
		let caller: T::AccountId = whitelisted_caller();
		T::BenchmarkHelper::set_time(LATE);
		appoint::<T>(regulator::<T>(), None, Some(0));
		let id = recorded::<T>(some(0xaa, 1), ALWAYS)?;

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), id);

		assert!(!Accreditations::<T>::contains_key(id));
		Ok(())
	}

	#[benchmark]
	fn invite_affiliation() -> Result<(), BenchmarkError> {
		let (origin, actor) = affiliating::<T>()?;
		accredit::<T>(&actor.id, AccreditationKind::FacilityLicence);
		let who: T::AccountId = account("practitioner", 0, 0);
		let practitioner = T::Identities::bench_register(&who, IdentityKind::Practitioner);
		let footprint = Pallet::<T>::affiliation_footprint();
		T::AffiliationDeposit::ensure_successful(&actor.payer, footprint);
		let now = Pallet::<T>::now();
		let window = Window { from: 0, until: now.saturating_add(T::MaxAffiliationTerm::get()) };
		let deadline = now.saturating_add(T::MaxInvitationAge::get());

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, practitioner, Role::Nurse, window, deadline, EVERYTHING);

		assert_eq!(OpenInvitations::<T>::get(actor.id), 1);
		Ok(())
	}

	/// The row is full of what ended long ago, so that an affiliation is forgotten.
	#[benchmark]
	fn accept_affiliation() -> Result<(), BenchmarkError> {
		let (origin, actor) = affiliating::<T>()?;
		T::BenchmarkHelper::set_time(LATE);
		let organisation = registered::<T>("hospital");
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

		let current = HeldAffiliations::<T>::get(actor.id).current;
		assert!(current.iter().any(|held| held.id == id));
		assert!(!Affiliations::<T>::contains_key(AffiliationId(0)));
		Ok(())
	}

	#[benchmark]
	fn end_affiliation_invited() -> Result<(), BenchmarkError> {
		let (origin, actor) = affiliating::<T>()?;
		let invited = AffiliationStatus::Invited { deadline: Moment::MAX };
		let id = affiliation::<T>(0, actor.id, some(0xbb, 0), ALWAYS, invited)?;

		#[extrinsic_call]
		end_affiliation(origin as T::RuntimeOrigin, id);

		assert!(!Affiliations::<T>::contains_key(id));
		Ok(())
	}

	#[benchmark]
	fn end_affiliation_accepted() -> Result<(), BenchmarkError> {
		let (origin, actor) = affiliating::<T>()?;
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

		// The last of those put away.
		let put_away = kept.saturating_sub(u64::from(MAX_AFFILIATIONS));
		let last = AffiliationId(put_away.saturating_sub(1));

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), last);

		let left = Pallet::<T>::kept_affiliations(&practitioner).count() as u64;
		assert_eq!(left, kept.saturating_sub(1));
		Ok(())
	}

	#[benchmark]
	fn suspend_affiliation() -> Result<(), BenchmarkError> {
		let (origin, actor) = affiliating::<T>()?;
		T::BenchmarkHelper::set_time(BEGIN);
		let id = last_of_full_row::<T>(actor.id)?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id, None);

		assert!(Pallet::<T>::rests_at(id, BEGIN));
		Ok(())
	}

	#[benchmark]
	fn resume_affiliation() -> Result<(), BenchmarkError> {
		let (origin, actor) = affiliating::<T>()?;
		T::BenchmarkHelper::set_time(BEGIN);
		let id = last_of_full_row::<T>(actor.id)?;
		Pallet::<T>::do_suspend_affiliation(actor.id, id, None)?;
		T::BenchmarkHelper::set_time(LATE);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id);

		assert!(!Pallet::<T>::rests_at(id, LATE));
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

	/// The same about a moment before the last change, which the logs answer.
	#[benchmark]
	fn was_accredited() {
		let subject = some(0xbb, 0);
		T::BenchmarkHelper::set_time(BEGIN);
		accredit::<T>(&subject, AccreditationKind::PractitionerLicence);
		let before = BEGIN.saturating_sub(1);
		let licensed;

		#[block]
		{
			let kind = AccreditationKind::PractitionerLicence;
			licensed = <Pallet<T> as AccreditationInspect>::is_accredited(&subject, kind, before);
		}

		assert!(licensed);
	}

	/// What the question whether somebody works somewhere costs whoever asks it.
	#[benchmark]
	fn works_at() {
		let practitioner = some(0xbb, 0);
		let organisation = registered::<T>("hospital");
		affiliate::<T>(&practitioner, &organisation);
		let at = Pallet::<T>::now().max(DAY);
		let works;

		#[block]
		{
			works = <Pallet<T> as AffiliationInspect>::works_at(&practitioner, &organisation, at);
		}

		assert!(works);
	}

	/// What a question about affiliations at a moment that is past costs whoever asks it: what was
	/// put away, and the logs of three licences.
	#[benchmark]
	fn affiliations_before() {
		let practitioner = some(0xbb, 0);
		T::BenchmarkHelper::set_time(BEGIN);
		affiliate::<T>(&practitioner, &registered::<T>("hospital"));
		let before = BEGIN.saturating_sub(1);
		let in_force;

		#[block]
		{
			in_force = <Pallet<T> as AffiliationInspect>::affiliations_at(&practitioner, before);
		}

		assert_eq!(in_force.len(), MAX_AFFILIATIONS as usize);
	}

	/// What a question about affiliations costs whoever asks it.
	#[benchmark]
	fn affiliations_at() {
		let practitioner = some(0xbb, 0);
		affiliate::<T>(&practitioner, &registered::<T>("hospital"));
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
