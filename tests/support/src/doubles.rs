// SPDX-License-Identifier: Apache-2.0

//! Doubles of the traits, with answers that a test sets.

use salus_gs1::UdiDi;
use salus_primitives::{
	AccreditationKind, AccreditationKinds, AffiliationPermissions, CallScope, CompartmentNo, Epoch,
	IdentityId, IdentityKind, Jurisdiction, KeyVersion, Moment, RecordClass, RecordId, Role,
	Window, X25519Key,
};
use salus_traits::{
	accreditation::{AccreditationInspect, AffiliationInspect, Affiliations, AuthorityInspect},
	consent::Compartments,
	identity::{AgreementKeys, IdentityInspect},
	prescriptions::{PrescriptionCheck, RxClaim},
	records::{RecordFacts, RecordInspect},
};
use sp_runtime::AccountId32;
use std::{
	cell::RefCell,
	collections::{BTreeMap, BTreeSet},
};

#[derive(Default)]
struct Answers {
	identities: BTreeMap<AccountId32, IdentityId>,
	kinds: BTreeMap<IdentityId, IdentityKind>,
	ended: BTreeSet<IdentityId>,
	agreement_keys: BTreeMap<IdentityId, (KeyVersion, X25519Key)>,
	accreditations: BTreeMap<(IdentityId, AccreditationKind), Window>,
	countries: BTreeMap<IdentityId, Jurisdiction>,
	authorities: BTreeSet<(IdentityId, Jurisdiction)>,
	prescriptions: bool,
	affiliations: BTreeMap<IdentityId, Vec<(IdentityId, Role)>>,
	permissions: BTreeMap<(IdentityId, IdentityId), AffiliationPermissions>,
	records: BTreeMap<RecordId, RecordFacts>,
	compartments: BTreeMap<(IdentityId, CompartmentNo), Epoch>,
}

thread_local! {
	static ANSWERS: RefCell<Answers> = RefCell::default();
}

fn with<R>(f: impl FnOnce(&mut Answers) -> R) -> R {
	ANSWERS.with_borrow_mut(f)
}

/// Forgets every answer.
pub fn reset() {
	with(|answers| *answers = Answers::default());
}

/// A double of the identity domain.
pub struct Identities;

impl Identities {
	/// Registers `account` as the key of `id`, of `kind`, with an agreement key of version 1.
	pub fn set(account: AccountId32, id: IdentityId, kind: IdentityKind) {
		with(|answers| {
			answers.identities.insert(account, id);
			answers.kinds.insert(id, kind);
			answers.agreement_keys.insert(id, (1, crate::agreement_key(id.0[0])));
		});
	}

	/// Gives `id` the agreement key version `version`.
	pub fn rotate(id: IdentityId, version: KeyVersion) {
		with(|answers| {
			answers.agreement_keys.insert(id, (version, crate::agreement_key(version as u8)))
		});
	}

	/// Makes `id` inactive.
	pub fn deactivate(id: IdentityId) {
		with(|answers| answers.kinds.remove(&id));
	}

	/// Ends `id`, for good.
	pub fn end(id: IdentityId) {
		Self::deactivate(id);
		with(|answers| answers.ended.insert(id));
	}
}

impl IdentityInspect<AccountId32> for Identities {
	fn acting_identity(account: &AccountId32, _: CallScope) -> Option<IdentityId> {
		with(|answers| {
			let id = answers.identities.get(account)?;
			answers.kinds.contains_key(id).then_some(*id)
		})
	}

	fn active_kind(id: &IdentityId) -> Option<IdentityKind> {
		with(|answers| answers.kinds.get(id).copied())
	}

	fn has_ended(id: &IdentityId) -> bool {
		with(|answers| answers.ended.contains(id))
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_register(account: &AccountId32, kind: IdentityKind) -> IdentityId {
		let id = IdentityId::derive(salus_primitives::blake2_256, account.as_ref(), &[0; 16]);
		Self::set(account.clone(), id, kind);
		id
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_end(id: &IdentityId) {
		Self::end(*id);
	}
}

impl AgreementKeys for Identities {
	fn current(id: &IdentityId) -> Option<(KeyVersion, X25519Key)> {
		with(|answers| answers.agreement_keys.get(id).copied())
	}
}

/// A double of the accreditation domain.
pub struct Accreditations;

impl Accreditations {
	/// Gives `subject` an accreditation in force within `window`.
	pub fn set(subject: IdentityId, kind: AccreditationKind, window: Window) {
		with(|answers| answers.accreditations.insert((subject, kind), window));
	}

	/// Gives `subject` an accreditation that is always in force.
	pub fn always(subject: IdentityId, kind: AccreditationKind) {
		Self::set(subject, kind, Window { from: 0, until: Moment::MAX });
	}

	/// Says in which country the accreditations of `subject` count; in all unless said.
	pub fn settle(subject: IdentityId, country: Jurisdiction) {
		with(|answers| answers.countries.insert(subject, country));
	}

	/// Makes `who` the authority of a country.
	pub fn appoint(who: IdentityId, country: Jurisdiction) {
		with(|answers| answers.authorities.insert((who, country)));
	}

	/// Takes the office away.
	pub fn dismiss(who: IdentityId, country: Jurisdiction) {
		with(|answers| answers.authorities.remove(&(who, country)));
	}

	/// Takes it away.
	pub fn remove(subject: IdentityId, kind: AccreditationKind) {
		with(|answers| answers.accreditations.remove(&(subject, kind)));
	}

	/// Sets the affiliations in force of `practitioner`.
	pub fn affiliate(practitioner: IdentityId, at: &[(IdentityId, Role)]) {
		with(|answers| answers.affiliations.insert(practitioner, at.to_vec()));
	}

	/// Sets what `organisation` lets `practitioner` do, while affiliated there.
	pub fn permit(
		practitioner: IdentityId,
		organisation: IdentityId,
		permissions: AffiliationPermissions,
	) {
		with(|answers| answers.permissions.insert((practitioner, organisation), permissions));
	}
}

impl AccreditationInspect for Accreditations {
	fn is_accredited(subject: &IdentityId, kind: AccreditationKind, at: Moment) -> bool {
		with(|answers| {
			answers
				.accreditations
				.get(&(*subject, kind))
				.is_some_and(|window| window.is_open_at(at))
		})
	}

	fn is_accredited_in(
		subject: &IdentityId,
		kinds: AccreditationKinds,
		jurisdiction: Jurisdiction,
		at: Moment,
	) -> bool {
		let settled = with(|answers| answers.countries.get(subject).copied());
		settled.is_none_or(|country| country == jurisdiction)
			&& Self::is_accredited_any(subject, kinds, at)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_accredit(subject: &IdentityId, kind: AccreditationKind) {
		Self::always(*subject, kind);
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_jurisdiction() -> Jurisdiction {
		Jurisdiction(208)
	}
}

impl AuthorityInspect for Accreditations {
	fn is_authority(
		who: &IdentityId,
		jurisdiction: Jurisdiction,
		_: AccreditationKind,
		_: Moment,
	) -> bool {
		with(|answers| answers.authorities.contains(&(*who, jurisdiction)))
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_appoint(who: &IdentityId, jurisdiction: Jurisdiction) {
		Self::appoint(*who, jurisdiction);
	}
}

/// A double of the prescriptions domain: it covers everything or nothing.
pub struct Prescriptions;

impl Prescriptions {
	/// Whether prescriptions cover what they are named for. They do not unless said.
	pub fn cover(all: bool) {
		with(|answers| answers.prescriptions = all);
	}
}

impl PrescriptionCheck for Prescriptions {
	fn covers(_: &RxClaim, _: &IdentityId, _: &UdiDi, _: u32, _: Moment) -> bool {
		with(|answers| answers.prescriptions)
	}
}

impl AffiliationInspect for Accreditations {
	fn affiliations_at(practitioner: &IdentityId, _: Moment) -> Affiliations {
		let all =
			with(|answers| answers.affiliations.get(practitioner).cloned().unwrap_or_default());
		Affiliations::truncate_from(all)
	}

	fn permissions_at(
		practitioner: &IdentityId,
		organisation: &IdentityId,
		at: Moment,
	) -> AffiliationPermissions {
		if !Self::works_at(practitioner, organisation, at) {
			return AffiliationPermissions::default();
		}
		let key = (*practitioner, *organisation);
		with(|answers| answers.permissions.get(&key).copied().unwrap_or_default())
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_affiliate(practitioner: &IdentityId, organisation: &IdentityId) {
		// Where nobody else works either.
		let other = IdentityId(organisation.0.map(|byte| !byte));
		Self::affiliate(
			*practitioner,
			&[
				(*organisation, Role::Physician),
				(*organisation, Role::Nurse),
				(other, Role::Pharmacist),
				(other, Role::PrivacyOfficer),
			],
		);
		for employer in [*organisation, other] {
			Self::permit(*practitioner, employer, AffiliationPermissions::ALL);
		}
	}
}

/// A double of the records domain.
pub struct Records;

impl Records {
	/// Files a record with these facts.
	pub fn set(record: RecordId, facts: RecordFacts) {
		with(|answers| answers.records.insert(record, facts));
	}

	/// Erases it.
	pub fn erase(record: RecordId) {
		with(|answers| answers.records.remove(&record));
	}
}

impl RecordInspect for Records {
	fn facts(record: &RecordId) -> Option<RecordFacts> {
		with(|answers| answers.records.get(record).cloned())
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_record(
		subject: &IdentityId,
		author: &IdentityId,
		compartment: CompartmentNo,
	) -> RecordId {
		let record = RecordId([compartment; 32]);
		Self::set(
			record,
			RecordFacts {
				subject: *subject,
				author: *author,
				organisation: None,
				class: RecordClass::Clinical,
				compartment,
				created: crate::START,
			},
		);
		record
	}
}

/// A double of the consent domain's compartments.
pub struct OpenCompartments;

impl OpenCompartments {
	/// Opens a compartment at `epoch`.
	pub fn set(subject: IdentityId, compartment: CompartmentNo, epoch: Epoch) {
		with(|answers| answers.compartments.insert((subject, compartment), epoch));
	}
}

impl Compartments for OpenCompartments {
	fn current_epoch(subject: &IdentityId, compartment: CompartmentNo) -> Option<Epoch> {
		with(|answers| answers.compartments.get(&(*subject, compartment)).copied())
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_open(subject: &IdentityId, compartment: CompartmentNo) {
		Self::set(*subject, compartment, 0);
	}
}
