// SPDX-License-Identifier: Apache-2.0

//! Verdicts that go along with a filing, so that one transaction anchors it.

use super::{
	Filing, Pending, Place,
	evidence::keep_evidence,
	gateway::{Holder, ensure_gateway_suffices, organisation_of},
};
use crate::document::Valid;
use anyhow::{Context as _, anyhow, bail};
use salus_client::{
	At,
	custodian::Custodian,
	keystore::Secrets,
	types::{Requirement, Signature, ValidationPolicy},
};
use salus_primitives::{
	AccreditationKinds, AttestationKind, AttestationStatement, IdentityId, Moment, RecordClass,
	SignedAttestation, Verdict,
};

/// How long a bundled verdict may be used, in milliseconds.
pub(crate) const VERDICT_LIFETIME: Moment = 60 * 60 * 1000;

/// A verdict as a call carries it.
pub(super) type Signed = SignedAttestation<[u8; 32], Signature>;

/// Who gives the verdicts that go along.
pub(crate) enum Judges {
	/// Those whose keystores are at hand; nobody when there are none.
	Keystores(Vec<Secrets>),
	/// An organisation's validation gateway.
	Gateway(Box<Custodian>),
}

impl Judges {
	/// Nobody: what is filed waits for verdicts.
	pub(crate) fn nobody() -> Self {
		Self::Keystores(Vec::new())
	}

	/// Whether nobody was named.
	pub(crate) fn is_nobody(&self) -> bool {
		matches!(self, Self::Keystores(all) if all.is_empty())
	}
}

/// Those who judge documents of one class, ready to do so.
pub(super) enum Bench<'a> {
	Nobody,
	Keystores { policy: ValidationPolicy, validators: Vec<Validator<'a>>, expires: Moment },
	Gateway { gateway: &'a Custodian, policy: ValidationPolicy, validator: Holder },
}

/// Somebody whose keystore is at hand to give verdicts.
pub(crate) struct Validator<'a> {
	pub(crate) secrets: &'a Secrets,
	pub(crate) id: IdentityId,
	/// What it is accredited for now.
	pub(crate) kinds: AccreditationKinds,
}

impl Filing<'_> {
	/// Asks the chain what it must know before documents of a class can be judged.
	pub(super) async fn bench<'a>(
		&self,
		at: &At,
		class: RecordClass,
		judges: &'a Judges,
	) -> anyhow::Result<Bench<'a>> {
		match judges {
			Judges::Keystores(attestors) if attestors.is_empty() => Ok(Bench::Nobody),
			Judges::Keystores(attestors) => {
				let policy = at.validation_policy(class).await?;
				let policy = policy.ok_or_else(|| anyhow!("the class has no policy any more"))?;
				let validators = self.validators(at, attestors).await?;
				let expires = at.now().await?.saturating_add(VERDICT_LIFETIME);
				Ok(Bench::Keystores { policy, validators, expires })
			},
			Judges::Gateway(gateway) => {
				let policy = at.validation_policy(class).await?;
				let policy = policy.ok_or_else(|| anyhow!("the class has no policy any more"))?;
				let id = organisation_of(at, gateway).await?;
				let validator = Holder { id, kinds: kinds_of(at, id).await? };
				ensure_gateway_suffices(&policy, &validator, &self.me.id)?;
				Ok(Bench::Gateway { gateway, policy, validator })
			},
		}
	}

	/// The signed verdicts on a sealed document; none where nobody judges.
	pub(super) async fn judged(
		&self,
		bench: &Bench<'_>,
		pending: &Pending,
		place: &Place,
		valid: &Valid,
	) -> anyhow::Result<Vec<Signed>> {
		match bench {
			Bench::Nobody => Ok(Vec::new()),
			Bench::Keystores { policy, validators, expires } => {
				self.verdicts(pending, valid, policy, validators, *expires)
			},
			Bench::Gateway { gateway, policy, validator } => {
				let signed = self.ask(gateway, pending, place, valid).await?;
				// The chain refuses what the class does not ask for.
				Ok(signed.into_iter().filter(|one| validator.is_asked(policy, one.kind)).collect())
			},
		}
	}

	/// What the chain knows of the attestors that were named.
	pub(crate) async fn validators<'a>(
		&self,
		at: &At,
		attestors: &'a [Secrets],
	) -> anyhow::Result<Vec<Validator<'a>>> {
		let mut validators = Vec::new();
		for secrets in attestors {
			let me = self.context.me(at, secrets).await.context("a validator")?;
			validators.push(Validator { secrets, id: me.id, kinds: kinds_of(at, me.id).await? });
		}
		Ok(validators)
	}

	/// As many signed verdicts of each kind as the policy asks for, each kind by those who may give
	/// it, in the order they were named.
	fn verdicts(
		&self,
		pending: &Pending,
		valid: &Valid,
		policy: &ValidationPolicy,
		validators: &[Validator<'_>],
		expires: Moment,
	) -> anyhow::Result<Vec<Signed>> {
		let evidence = keep_evidence(self.context, self.secrets, valid)?;
		let mut verdicts = Vec::new();
		for (kind, requirement) in wanted(policy) {
			let chosen = chosen(requirement, policy.author_may_attest, &self.me.id, validators);
			if chosen.len() < usize::from(requirement.count) {
				let from: Vec<_> = requirement.from.iter().map(|kind| kind.to_string()).collect();
				bail!(
					"the class asks for {} verdicts on {kind} by holders of {}, and {} of those named \
					 may give one: name more with --attest-with, or leave it out and let them attest \
					 later",
					requirement.count,
					from.join(" or "),
					chosen.len()
				);
			}
			for validator in chosen {
				let statement = AttestationStatement {
					genesis: self.chain.genesis(),
					record: pending.record,
					version: pending.version,
					content: pending.content,
					body: pending.body,
					kind,
					verdict: valid.verdict(),
					evidence,
					expires,
				};
				verdicts.push(signed(&statement, validator.secrets));
			}
		}
		Ok(verdicts)
	}
}

/// What somebody is accredited for now.
pub(super) async fn kinds_of(at: &At, id: IdentityId) -> anyhow::Result<AccreditationKinds> {
	let held = at.accreditations_of(id).await?;
	let in_force = held.iter().filter(|held| held.in_force).map(|held| held.kind);
	Ok(AccreditationKinds::of(&in_force.collect::<Vec<_>>()))
}

/// The first validators who meet a requirement, no more than it asks for.
pub(crate) fn chosen<'a, 'b>(
	requirement: &Requirement,
	author_may_attest: bool,
	author: &IdentityId,
	validators: &'a [Validator<'b>],
) -> Vec<&'a Validator<'b>> {
	let may = |validator: &&Validator<'_>| {
		validator.kinds.0 & requirement.from.0 != 0
			&& (author_may_attest || validator.id != *author)
	};
	validators.iter().filter(may).take(requirement.count.into()).collect()
}

/// What a policy asks for, kind by kind.
pub(crate) fn wanted(policy: &ValidationPolicy) -> [(AttestationKind, &Requirement); 3] {
	[
		(AttestationKind::Accuracy, &policy.accuracy),
		(AttestationKind::Completeness, &policy.completeness),
		(AttestationKind::Source, &policy.source),
	]
}

fn signed(statement: &AttestationStatement, attestor: &Secrets) -> Signed {
	let signer = attestor.signer();
	let AttestationStatement { kind, verdict, evidence, expires, .. } = *statement;
	SignedAttestation {
		validator: signer.public_key().0,
		kind,
		verdict,
		evidence,
		expires,
		signature: Signature::Sr25519(signer.sign(&statement.to_bytes()).0),
	}
}

/// What a verdict is called in answers.
pub(crate) fn verdict_of(valid: &Valid, given: Option<Verdict>) -> Verdict {
	given.unwrap_or_else(|| valid.verdict())
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_primitives::{AccreditationKind, Commitment, ContentHash, Digest, RecordId};

	#[test]
	fn a_verdict_is_signed_over_its_statement() {
		let attestor = Secrets::generate();
		let statement = AttestationStatement {
			genesis: [1; 32],
			record: RecordId([2; 32]),
			version: 1,
			content: ContentHash([3; 32]),
			body: Commitment([4; 32]),
			kind: AttestationKind::Source,
			verdict: Verdict::Pass,
			evidence: Digest([5; 32]),
			expires: 6,
		};
		let verdict = signed(&statement, &attestor);
		let Signature::Sr25519(signature) = verdict.signature else { panic!("sr25519") };
		use salus_client::subxt_signer::sr25519;
		assert!(sr25519::verify(
			&sr25519::Signature(signature),
			statement.to_bytes(),
			&sr25519::PublicKey(verdict.validator),
		));
	}

	#[test]
	fn verdicts_are_given_by_those_who_may() {
		let secrets = Secrets::generate();
		let validator = |id, kind| Validator {
			secrets: &secrets,
			id: IdentityId([id; 32]),
			kinds: AccreditationKinds::of(&[kind]),
		};
		let validators = [
			validator(1, AccreditationKind::PractitionerLicence),
			validator(2, AccreditationKind::LaboratoryAccreditation),
			validator(3, AccreditationKind::LaboratoryAccreditation),
		];
		let from = AccreditationKinds::of(&[AccreditationKind::LaboratoryAccreditation]);
		let requirement = Requirement { count: 1, from };
		let ids = |author_may_attest, author| {
			let author = IdentityId([author; 32]);
			chosen(&requirement, author_may_attest, &author, &validators)
				.iter()
				.map(|validator| validator.id.0[0])
				.collect::<Vec<_>>()
		};
		assert_eq!(ids(true, 2), [2]);
		assert_eq!(ids(false, 2), [3]);
		assert_eq!(ids(false, 1), [2]);
	}
}
