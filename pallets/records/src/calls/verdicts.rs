// SPDX-License-Identifier: Apache-2.0

//! Verdicts: given on chain one by one, or signed off chain and bundled.

use super::FIRST;
use crate::*;
use alloc::collections::BTreeMap;
use frame_support::{
	ensure,
	pallet_prelude::DispatchResult,
	traits::{Get, Time},
	weights::Weight,
};
use salus_primitives::{
	AccreditationKinds, AttestationKind, AttestationStatement, CallScope, Commitment, ContentHash,
	Digest, IdentityId, IdentityKind, RecordVersion, Verdict, signed_forms,
};
use salus_traits::{
	accreditation::{AccreditationInspect, AffiliationInspect, MAX_ORGANISATIONS},
	identity::{Actor, IdentityInspect},
};
use sp_runtime::traits::Verify;

/// The organisations where a validator works.
pub(crate) type Workplaces = BoundedVec<IdentityId, ConstU32<MAX_ORGANISATIONS>>;

/// A verdict as `attest` gives it.
pub(crate) struct Given {
	pub(crate) content: ContentHash,
	pub(crate) body: Commitment,
	pub(crate) kind: AttestationKind,
	pub(crate) verdict: Verdict,
	pub(crate) evidence: Digest,
}

/// Those who judge in one call, each looked up once per set of licences asked for.
pub(super) struct Validators<T: Config> {
	now: Moment,
	qualified: BTreeMap<(T::AccountId, u16), IdentityId>,
	workplaces: BTreeMap<IdentityId, Workplaces>,
}

impl<T: Config> Validators<T> {
	pub(super) fn new(now: Moment) -> Self {
		Self { now, qualified: BTreeMap::new(), workplaces: BTreeMap::new() }
	}

	/// Who signs with this account, when it holds one of these accreditations now.
	fn qualified(
		&mut self,
		account: &T::AccountId,
		from: AccreditationKinds,
	) -> Result<IdentityId, Error<T>> {
		let key = (account.clone(), from.0);
		if let Some(id) = self.qualified.get(&key) {
			return Ok(*id);
		}
		let id = T::Identities::acting_identity(account, CallScope::RecordAnchor)
			.ok_or(Error::<T>::UnknownAttestor)?;
		Pallet::<T>::check_qualified(&id, from, self.now)?;
		self.qualified.insert(key, id);
		Ok(id)
	}

	/// Where the validator works, when the policy asks for it.
	fn workplaces(
		&mut self,
		policy: &ValidationPolicy,
		id: &IdentityId,
	) -> Result<Workplaces, Error<T>> {
		if !policy.distinct_organisations {
			return Ok(Workplaces::default());
		}
		if let Some(workplaces) = self.workplaces.get(id) {
			return Ok(workplaces.clone());
		}
		let kind = T::Identities::active_kind(id).ok_or(Error::<T>::UnknownAttestor)?;
		let workplaces = Pallet::<T>::workplaces(id, kind, self.now);
		self.workplaces.insert(*id, workplaces.clone());
		Ok(workplaces)
	}
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_attest(
		actor: Actor<T::AccountId>,
		id: RecordId,
		number: RecordVersion,
		Given { content, body, kind, verdict, evidence }: Given,
	) -> DispatchResult {
		let now = T::Clock::now();
		let record = Records::<T>::get(id).ok_or(Error::<T>::RecordNotFound)?;
		ensure!((FIRST..=record.newest).contains(&number), Error::<T>::VersionNotFound);
		let version = Self::judged_version(&id, &record, number).ok_or(Error::<T>::NotInProcess)?;
		let (deadline, policy) = version.stage.inquiry().ok_or(Error::<T>::NotInProcess)?;
		let seen = version.content == content && version.body == body;
		ensure!(seen, Error::<T>::OtherContent);
		ensure!(now < deadline, Error::<T>::DeadlinePassed);
		Self::check_qualified(&actor.id, policy.requirement(kind).from, now)?;
		let organisations = if policy.distinct_organisations {
			Self::workplaces(&actor.id, actor.kind, now)
		} else {
			Workplaces::default()
		};
		let attestation = Attestation {
			validator: actor.id,
			organisations,
			kind,
			verdict,
			evidence,
			at: now,
			from_batch: false,
		};
		Self::check_admissible(&policy, &version, &attestation)?;

		Self::settle(id, record, version, &policy, attestation)
	}

	pub(crate) fn do_request_revalidation(
		by: Option<Actor<T::AccountId>>,
		id: RecordId,
	) -> DispatchResult {
		let now = T::Clock::now();
		let mut record = Records::<T>::get(id).ok_or(Error::<T>::RecordNotFound)?;
		let may = by.as_ref().is_none_or(|actor| Self::keeps(actor, &record, now));
		ensure!(may, Error::<T>::NotKeeper);
		let by = by.map(|actor| actor.id);
		ensure!(record.counts(), Error::<T>::NotAnchored);
		// The verdicts that it begins by taking away prove something.
		ensure!(!record.legal_hold, Error::<T>::LegalHold);
		let anchored = match record.current.stage {
			Stage::Anchored { at } => at,
			Stage::Revalidating { anchored, deadline, .. } => {
				ensure!(deadline <= now, Error::<T>::AlreadyRequested);
				anchored
			},
			// Else its keeper would ask until somebody passes it.
			Stage::RevalidationFailed { anchored, .. } => {
				ensure!(by.is_none(), Error::<T>::RevalidationFailed);
				anchored
			},
			_ => return Err(Error::<T>::NotAnchored.into()),
		};
		let waits = Self::pending_of(&id, &record).is_some_and(|one| !one.has_lapsed(now));
		ensure!(!waits, Error::<T>::AmendmentPending);
		let policy = Self::policy_for(record.class)?;

		let deadline = now.saturating_add(policy.time_to_live);
		record.current.stage = Stage::Revalidating { anchored, deadline, policy };
		record.current.attestations = Default::default();
		let version = record.current.number;
		Records::<T>::insert(id, record);
		Self::deposit_event(Event::RevalidationRequested { record: id, version, by, deadline });
		Ok(())
	}

	/// Whether `validator` holds one of these accreditations now.
	fn check_qualified(
		validator: &IdentityId,
		from: AccreditationKinds,
		now: Moment,
	) -> Result<(), Error<T>> {
		let qualified = T::Accreditations::is_accredited_any(validator, from, now);
		ensure!(qualified, Error::<T>::AttestorNotQualified);
		Ok(())
	}

	/// Whether the policy admits a verdict beside those on `version`.
	fn check_admissible(
		policy: &ValidationPolicy,
		version: &VersionOf<T>,
		new: &Attestation,
	) -> Result<(), Error<T>> {
		policy.admit(version.writer(), &version.attestations, new).map_err(|reason| match reason {
			Inadmissible::Author => Error::<T>::AttestorIsAuthor,
			Inadmissible::Duplicate => Error::<T>::DuplicateAttestation,
			Inadmissible::RequirementMet => Error::<T>::RequirementMet,
			Inadmissible::NotIndependent => Error::<T>::AttestorsNotIndependent,
		})
	}

	/// The organisations where a validator of this kind works now.
	pub(crate) fn workplaces(
		validator: &IdentityId,
		kind: IdentityKind,
		now: Moment,
	) -> Workplaces {
		let mut workplaces = Workplaces::default();
		if kind != IdentityKind::Practitioner {
			return workplaces;
		}
		for (organisation, _) in T::Affiliations::affiliations_at(validator, now) {
			if !workplaces.contains(&organisation) {
				// A practitioner works at so many organisations at most: nothing is cut off.
				let _ = workplaces.try_push(organisation);
			}
		}
		workplaces
	}

	/// What it weighs to ask where so many validators work.
	pub(crate) fn weight_of_workplaces(validators: u32) -> Weight {
		T::WeightInfo::validator_workplaces().saturating_mul(validators.into())
	}

	/// Puts bundled verdicts beside `version`: each signed over it, and given by who qualifies now.
	pub(super) fn take_bundle(
		policy: &ValidationPolicy,
		record: RecordId,
		version: &mut VersionOf<T>,
		bundle: BundleOf<T>,
		now: Moment,
	) -> Result<(), Error<T>> {
		Self::take_verdicts(policy, record, version, bundle, &mut Validators::new(now))
	}

	/// The same, with those looked up before.
	pub(super) fn take_verdicts(
		policy: &ValidationPolicy,
		record: RecordId,
		version: &mut VersionOf<T>,
		bundle: BundleOf<T>,
		validators: &mut Validators<T>,
	) -> Result<(), Error<T>> {
		if bundle.is_empty() {
			return Ok(());
		}
		let now = validators.now;
		let genesis = T::GenesisHash::get();
		for signed in bundle {
			let SignedAttestation { validator, kind, verdict, evidence, expires, signature } =
				signed;
			ensure!(verdict.passes(), Error::<T>::FailingVerdict);
			ensure!(now < expires, Error::<T>::AttestationExpired);
			let id = validators.qualified(&validator, policy.requirement(kind).from)?;
			let organisations = validators.workplaces(policy, &id)?;
			let attestation = Attestation {
				validator: id,
				organisations,
				kind,
				verdict,
				evidence,
				at: now,
				from_batch: false,
			};
			Self::check_admissible(policy, version, &attestation)?;
			let statement = AttestationStatement {
				genesis,
				record,
				version: version.number,
				content: version.content,
				body: version.body,
				kind,
				verdict,
				evidence,
				expires,
			};
			// The dearest check comes last.
			let fits = signed_forms(statement.to_bytes())
				.iter()
				.any(|bytes| signature.verify(&bytes[..], &validator));
			ensure!(fits, Error::<T>::BadAttestationSignature);
			// A full list means that nothing is missing.
			version.attestations.try_push(attestation).map_err(|_| Error::<T>::RequirementMet)?;
		}
		Ok(())
	}

	/// The amendment that waits for verdicts, also past its deadline.
	pub(crate) fn pending_of(id: &RecordId, record: &RecordOf<T>) -> Option<VersionOf<T>> {
		// With nothing newer than what counts, nothing waits: the read is spared.
		let newer = record.newest > record.current.number;
		if newer { Pending::<T>::get(id) } else { None }
	}

	/// The version that waits for verdicts, also past its deadline: an amendment before all.
	pub(crate) fn awaiting(id: &RecordId, record: &RecordOf<T>) -> Option<VersionOf<T>> {
		Self::pending_of(id, record)
			.or_else(|| record.current.stage.inquiry().is_some().then(|| record.current.clone()))
	}

	/// The version of this number, when it takes verdicts or did until its deadline.
	fn judged_version(
		id: &RecordId,
		record: &RecordOf<T>,
		number: RecordVersion,
	) -> Option<VersionOf<T>> {
		if record.retraction.is_some() {
			return None;
		}
		if record.current.number == number {
			return Some(record.current.clone());
		}
		Self::pending_of(id, record).filter(|version| version.number == number)
	}

	/// Takes a verdict on a version, and ends its wait when the verdict decides.
	fn settle(
		id: RecordId,
		record: RecordOf<T>,
		mut version: VersionOf<T>,
		policy: &ValidationPolicy,
		given: Attestation,
	) -> DispatchResult {
		let (validator, kind, at) = (given.validator, given.kind, given.at);
		let failed = !given.verdict.passes();
		// A full list means that nothing is missing.
		version.attestations.try_push(given.clone()).map_err(|_| Error::<T>::RequirementMet)?;
		let met = policy.is_met_by(&version.attestations);
		if met && version.is_open() {
			Self::check_unclaimed(&version.content)?;
		}
		Self::announce_attestation(id, version.number, &given);
		if failed {
			Self::end_wait(id, &version);
			Self::fail(id, &mut version, validator, kind, at);
		} else if met {
			Self::end_wait(id, &version);
			Self::pass(id, &record, &mut version, at);
		}
		Self::put_judged(id, record, version, at);
		Ok(())
	}

	fn fail(
		id: RecordId,
		version: &mut VersionOf<T>,
		validator: IdentityId,
		kind: AttestationKind,
		at: Moment,
	) {
		let number = version.number;
		if let Stage::Revalidating { anchored, .. } = version.stage {
			version.stage = Stage::RevalidationFailed { anchored, at };
			let event = Event::RevalidationFailed { record: id, version: number, validator, kind };
			Self::deposit_event(event);
		} else {
			version.stage = Stage::Failed { at };
			let event = Event::ValidationFailed { record: id, version: number, validator, kind };
			Self::deposit_event(event);
		}
	}

	fn pass(id: RecordId, record: &RecordOf<T>, version: &mut VersionOf<T>, at: Moment) {
		if let Stage::Revalidating { anchored, .. } = version.stage {
			version.stage = Stage::Anchored { at: anchored };
			Self::deposit_event(Event::RecordRevalidated { record: id, version: version.number });
		} else {
			version.stage = Stage::Anchored { at };
			ContentIndex::<T>::insert(version.content, id);
			Self::announce_anchored(id, record, version);
		}
	}

	/// Writes a version after a verdict to where it belongs now.
	fn put_judged(id: RecordId, mut record: RecordOf<T>, version: VersionOf<T>, now: Moment) {
		if version.number == record.current.number {
			record.current = version;
			Records::<T>::insert(id, record);
			return;
		}
		match version.stage {
			Stage::Open { .. } => Pending::<T>::insert(id, version),
			Stage::Anchored { .. } => {
				Pending::<T>::remove(id);
				Self::supersede(id, &mut record, version, now);
				Records::<T>::insert(id, record);
			},
			_ => {
				Pending::<T>::remove(id);
				Versions::<T>::insert(id, version.number, version);
			},
		}
	}
}
