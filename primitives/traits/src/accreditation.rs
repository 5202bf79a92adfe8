// SPDX-License-Identifier: Apache-2.0

//! What the accreditation domain answers.

use frame_support::{BoundedVec, traits::ConstU32};
use salus_primitives::{
	AccreditationKind, AccreditationKinds, AffiliationPermissions, IdentityId, Jurisdiction,
	Moment, Role,
};

/// How many affiliations a practitioner can have in force at a time.
pub const MAX_AFFILIATIONS: u32 = 4;

/// At how many different organisations.
///
/// With [`MAX_AFFILIATIONS`] it bounds what a decision about access reads: one identity, two
/// organisations, four roles with and without their organisation make eleven prefixes.
pub const MAX_ORGANISATIONS: u32 = 2;

/// The affiliations in force of one practitioner: organisation and role.
pub type Affiliations = BoundedVec<(IdentityId, Role), ConstU32<MAX_AFFILIATIONS>>;

/// Licences, now and at any past moment.
pub trait AccreditationInspect {
	/// Whether `subject` held an accreditation of `kind` in force at `at`, from a sound authority.
	fn is_accredited(subject: &IdentityId, kind: AccreditationKind, at: Moment) -> bool;

	/// Whether it held one of `kinds`. One look-up, however many kinds.
	fn is_accredited_any(subject: &IdentityId, kinds: AccreditationKinds, at: Moment) -> bool {
		kinds.iter().any(|kind| Self::is_accredited(subject, kind, at))
	}

	/// Whether it held one of `kinds` that counts in `jurisdiction`.
	fn is_accredited_in(
		subject: &IdentityId,
		kinds: AccreditationKinds,
		jurisdiction: Jurisdiction,
		at: Moment,
	) -> bool;

	/// Makes sure that `subject` holds `kind`, for benchmarks.
	#[cfg(feature = "runtime-benchmarks")]
	fn bench_accredit(subject: &IdentityId, kind: AccreditationKind);

	/// The jurisdiction where that counts.
	#[cfg(feature = "runtime-benchmarks")]
	fn bench_jurisdiction() -> Jurisdiction;
}

impl AccreditationInspect for () {
	fn is_accredited(_: &IdentityId, _: AccreditationKind, _: Moment) -> bool {
		false
	}

	fn is_accredited_in(_: &IdentityId, _: AccreditationKinds, _: Jurisdiction, _: Moment) -> bool {
		false
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_accredit(_: &IdentityId, _: AccreditationKind) {}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_jurisdiction() -> Jurisdiction {
		Jurisdiction(1)
	}
}

/// Authorities.
pub trait AuthorityInspect {
	/// Whether `who` is in office at `at` as an authority that accredits `kind` in `jurisdiction`.
	fn is_authority(
		who: &IdentityId,
		jurisdiction: Jurisdiction,
		kind: AccreditationKind,
		at: Moment,
	) -> bool;

	/// Makes sure that it is, for benchmarks.
	#[cfg(feature = "runtime-benchmarks")]
	fn bench_appoint(who: &IdentityId, jurisdiction: Jurisdiction);
}

impl AuthorityInspect for () {
	fn is_authority(_: &IdentityId, _: Jurisdiction, _: AccreditationKind, _: Moment) -> bool {
		false
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_appoint(_: &IdentityId, _: Jurisdiction) {}
}

/// Who works where, with licence and organisation folded in.
pub trait AffiliationInspect {
	/// The affiliations of `practitioner` in force at `at`: accepted, inside their window, not
	/// suspended, of a licensed practitioner at a licensed organisation. For a moment not before
	/// now, the identity of the organisation has to be active now as well.
	fn affiliations_at(practitioner: &IdentityId, at: Moment) -> Affiliations;

	/// Whether one of them is at `organisation`.
	fn works_at(practitioner: &IdentityId, organisation: &IdentityId, at: Moment) -> bool {
		Self::affiliations_at(practitioner, at).iter().any(|(at_org, _)| at_org == organisation)
	}

	/// What `organisation` let `practitioner` do beyond the roles at `at`, by the affiliations in
	/// force then. Nothing unless said otherwise.
	fn permissions_at(
		_practitioner: &IdentityId,
		_organisation: &IdentityId,
		_at: Moment,
	) -> AffiliationPermissions {
		AffiliationPermissions::default()
	}

	/// Makes sure that `practitioner` has as many affiliations as it can, the first at
	/// `organisation`, for benchmarks.
	#[cfg(feature = "runtime-benchmarks")]
	fn bench_affiliate(practitioner: &IdentityId, organisation: &IdentityId);
}

impl AffiliationInspect for () {
	fn affiliations_at(_: &IdentityId, _: Moment) -> Affiliations {
		Affiliations::default()
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_affiliate(_: &IdentityId, _: &IdentityId) {}
}
