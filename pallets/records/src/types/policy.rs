// SPDX-License-Identifier: Apache-2.0

//! What it takes to anchor a record.

use super::{Attestation, MAX_ATTESTATIONS};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use salus_primitives::{AccreditationKinds, AttestationKind, IdentityId, Moment};
use scale_info::TypeInfo;

/// How many passing verdicts of one kind, and who may give them.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Default,
	Debug,
	serde::Serialize,
	serde::Deserialize,
)]
pub struct Requirement {
	/// How many verdicts that pass. With 0, validators may still give a failing one.
	pub count: u8,
	/// A validator holds one of these.
	pub from: AccreditationKinds,
}

/// What it takes to anchor a record of a class.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
	serde::Serialize,
	serde::Deserialize,
)]
pub struct ValidationPolicy {
	/// Verdicts on accuracy.
	pub accuracy: Requirement,
	/// Verdicts on completeness.
	pub completeness: Requirement,
	/// Verdicts on the source.
	pub source: Requirement,
	/// Whether the verdicts counted for one kind come from different organisations. Only then is
	/// it looked up, and kept beside a verdict, where its validator works.
	pub distinct_organisations: bool,
	/// Whether the author's own verdict counts.
	pub author_may_attest: bool,
	/// How long a version may wait for its verdicts, in milliseconds.
	pub time_to_live: Moment,
}

/// Why a verdict is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Inadmissible {
	/// The author judges their own work, and the policy forbids it.
	Author,
	/// The validator gave a verdict of that kind before.
	Duplicate,
	/// The policy asks for no more passing verdicts of that kind.
	RequirementMet,
	/// A colleague's passing verdict of that kind counts already.
	NotIndependent,
}

impl ValidationPolicy {
	/// What it asks for of one kind.
	pub const fn requirement(&self, kind: AttestationKind) -> &Requirement {
		match kind {
			AttestationKind::Accuracy => &self.accuracy,
			AttestationKind::Completeness => &self.completeness,
			AttestationKind::Source => &self.source,
		}
	}

	/// Whether it can be met: it asks for at least one verdict and no more than a version holds,
	/// names who may give each, and leaves time for it.
	pub fn is_sound(&self) -> bool {
		let mut total = 0u32;
		for kind in AttestationKind::ALL {
			let Requirement { count, from } = *self.requirement(*kind);
			let named = from.is_sound() || (count == 0 && from.0 == 0);
			if !named {
				return false;
			}
			total = total.saturating_add(count.into());
		}
		(1..=MAX_ATTESTATIONS).contains(&total) && self.time_to_live > 0
	}

	/// How many passing verdicts of `kind` are still missing.
	pub fn missing(&self, kind: AttestationKind, given: &[Attestation]) -> u8 {
		let passing = given.iter().filter(|one| one.kind == kind && one.verdict.passes()).count();
		self.requirement(kind).count.saturating_sub(passing.try_into().unwrap_or(u8::MAX))
	}

	/// Whether nothing is missing and nothing failed.
	pub fn is_met_by(&self, given: &[Attestation]) -> bool {
		given.iter().all(|one| one.verdict.passes())
			&& AttestationKind::ALL.iter().all(|kind| self.missing(*kind, given) == 0)
	}

	/// Whether `new` may join the verdicts `given` on a version by `author`.
	///
	/// A passing verdict is taken only while one of its kind is missing. So fewer than
	/// [`MAX_ATTESTATIONS`] stand on an open version, and there is always room for the next.
	pub(crate) fn admit(
		&self,
		author: &IdentityId,
		given: &[Attestation],
		new: &Attestation,
	) -> Result<(), Inadmissible> {
		let mut same_kind = given.iter().filter(|one| one.kind == new.kind);
		if !self.author_may_attest && new.validator == *author {
			return Err(Inadmissible::Author);
		}
		if same_kind.clone().any(|one| one.validator == new.validator) {
			return Err(Inadmissible::Duplicate);
		}
		if !new.verdict.passes() {
			return Ok(());
		}
		if self.missing(new.kind, given) == 0 {
			return Err(Inadmissible::RequirementMet);
		}
		if self.distinct_organisations && same_kind.any(|one| one.shares_organisation(new)) {
			return Err(Inadmissible::NotIndependent);
		}
		Ok(())
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use AttestationKind::{Accuracy, Completeness, Source};
	use salus_primitives::{AccreditationKind, Digest, Verdict};

	const DOCTORS: AccreditationKinds =
		AccreditationKinds::of(&[AccreditationKind::PractitionerLicence]);

	fn policy() -> ValidationPolicy {
		ValidationPolicy {
			accuracy: Requirement { count: 2, from: DOCTORS },
			completeness: Requirement::default(),
			source: Requirement { count: 1, from: DOCTORS },
			distinct_organisations: false,
			author_may_attest: false,
			time_to_live: 1,
		}
	}

	fn id(number: u8) -> IdentityId {
		IdentityId([number; 32])
	}

	fn attestation(validator: u8, kind: AttestationKind, verdict: Verdict) -> Attestation {
		Attestation {
			validator: id(validator),
			organisations: Default::default(),
			kind,
			verdict,
			evidence: Digest([0; 32]),
			at: 0,
			from_batch: false,
		}
	}

	fn pass(validator: u8, kind: AttestationKind) -> Attestation {
		attestation(validator, kind, Verdict::Pass)
	}

	fn working_at(organisations: &[u8], attestation: Attestation) -> Attestation {
		let organisations: Vec<_> = organisations.iter().copied().map(id).collect();
		Attestation { organisations: organisations.try_into().unwrap(), ..attestation }
	}

	#[test]
	fn a_policy_is_sound_when_it_can_be_met() {
		assert!(policy().is_sound());
		let unsound: [fn(&mut ValidationPolicy); 6] = [
			|p| p.time_to_live = 0,
			|p| p.accuracy.from = AccreditationKinds(0),
			|p| p.accuracy.from = AccreditationKinds(1 << 15),
			|p| p.completeness.from = AccreditationKinds(1 << 15),
			|p| p.accuracy.count = 8,
			|p| {
				p.accuracy.count = 0;
				p.source.count = 0;
			},
		];
		for (index, spoil) in unsound.into_iter().enumerate() {
			let mut policy = policy();
			spoil(&mut policy);
			assert!(!policy.is_sound(), "change {index}");
		}
	}

	#[test]
	fn a_policy_is_met_when_nothing_is_missing_and_nothing_failed() {
		let mut given = vec![pass(1, Accuracy), pass(2, Accuracy)];
		assert_eq!(policy().missing(Accuracy, &given), 0);
		assert_eq!(policy().missing(Completeness, &given), 0);
		assert_eq!(policy().missing(Source, &given), 1);
		assert!(!policy().is_met_by(&given));

		given.push(attestation(1, Source, Verdict::PassWithWarnings));
		assert!(policy().is_met_by(&given));

		given.push(attestation(3, Source, Verdict::Fail));
		assert!(!policy().is_met_by(&given));
	}

	#[test]
	fn verdicts_are_admitted_once_per_kind_while_one_is_missing() {
		let policy = policy();
		let given = [pass(1, Accuracy), pass(2, Accuracy)];
		let admit = |new: Attestation| policy.admit(&id(9), &given, &new);
		assert_eq!(admit(pass(1, Source)), Ok(()));
		assert_eq!(admit(pass(1, Accuracy)), Err(Inadmissible::Duplicate));
		assert_eq!(admit(pass(3, Accuracy)), Err(Inadmissible::RequirementMet));
		assert_eq!(admit(pass(3, Completeness)), Err(Inadmissible::RequirementMet));
		assert_eq!(admit(attestation(3, Accuracy, Verdict::Fail)), Ok(()));
		assert_eq!(admit(attestation(3, Completeness, Verdict::Fail)), Ok(()));
		assert_eq!(admit(pass(9, Source)), Err(Inadmissible::Author));
		let lenient = ValidationPolicy { author_may_attest: true, ..policy };
		assert_eq!(lenient.admit(&id(9), &given, &pass(9, Source)), Ok(()));
	}

	#[test]
	fn independent_verdicts_share_no_organisation() {
		let policy = ValidationPolicy { distinct_organisations: true, ..policy() };
		let given = [working_at(&[20, 21], pass(1, Accuracy))];
		let admit = |new: Attestation| policy.admit(&id(9), &given, &new);
		assert_eq!(admit(working_at(&[22], pass(2, Accuracy))), Ok(()));
		assert_eq!(admit(pass(2, Accuracy)), Ok(()));
		assert_eq!(
			admit(working_at(&[21, 22], pass(2, Accuracy))),
			Err(Inadmissible::NotIndependent)
		);
		// The organisation itself is no stranger to its staff.
		assert_eq!(admit(pass(20, Accuracy)), Err(Inadmissible::NotIndependent));
		// Another kind is another question.
		assert_eq!(admit(working_at(&[20], pass(2, Source))), Ok(()));
		// Whoever sees a fault may say so.
		let fault = working_at(&[20], attestation(2, Accuracy, Verdict::Fail));
		assert_eq!(admit(fault), Ok(()));
	}
}
