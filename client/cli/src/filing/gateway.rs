// SPDX-License-Identifier: Apache-2.0

//! Verdicts of an organisation's validation gateway, which sees the document and signs.

use super::{
	Filing, Pending, Place,
	evidence::keep_outcome,
	many::OwnFault,
	patience::patiently,
	verdicts::{Signed, wanted},
};
use crate::{document::Valid, output};
use anyhow::bail;
use salus_client::{
	At,
	custodian::{Custodian, CustodianError, Showing},
	types::{Requirement, ValidationPolicy},
};
use salus_envelope::CommitmentSalt;
use salus_primitives::{AccreditationKinds, AttestationKind, CallScope, IdentityId};

/// An organisation, and what it is accredited for now.
pub(super) struct Holder {
	pub(super) id: IdentityId,
	pub(super) kinds: AccreditationKinds,
}

impl Holder {
	/// Whether a verdict of a kind is asked for, and this one may give it.
	pub(super) fn is_asked(&self, policy: &ValidationPolicy, kind: AttestationKind) -> bool {
		wanted(policy).iter().any(|(wanted, requirement)| {
			*wanted == kind && requirement.count > 0 && self.may_meet(requirement)
		})
	}

	fn may_meet(&self, requirement: &Requirement) -> bool {
		self.kinds.0 & requirement.from.0 != 0
	}
}

impl Filing<'_> {
	/// Shows a document to a gateway, and takes its verdicts.
	pub(super) async fn ask(
		&self,
		gateway: &Custodian,
		pending: &Pending,
		place: &Place,
		valid: &Valid,
	) -> anyhow::Result<Vec<Signed>> {
		let spinner = output::spinner("the gateway validates");
		let showing = Showing {
			record: pending.record,
			version: pending.version,
			subject: place.subject,
			class: place.class,
			compartment: place.compartment,
			nonce: pending.nonce,
			content: pending.content,
			salt: CommitmentSalt(pending.body_salt),
			document: &valid.bytes,
			sign_failing: false,
		};
		let signer = self.secrets.signer();
		let secret = |version| self.secrets.agreement(version);
		// Many documents at once run into the gateway's limit per minute.
		let answer = patiently(|| gateway.validate(&signer, &showing, self.me.id, secret)).await;
		spinner.finish_and_clear();
		let judged = answer.map_err(blamed)?;
		let (home, outcome) = (self.context.home(), judged.outcome.clone());
		keep_outcome(home, self.secrets, &judged.evidence, None, outcome)?;
		if judged.passes() {
			return Ok(judged.attestations);
		}
		let failed: Vec<_> = judged.failed().map(|kind| kind.to_string()).collect();
		let wanting = OwnFault(format!(
			"the gateway of {} finds the document wanting in {}: nothing was filed. See what it found \
			 with `salus record evidence {}`",
			judged.organisation,
			failed.join(" and "),
			judged.evidence
		));
		Err(wanting.into())
	}
}

/// Tells what is wrong with the document from what is wrong with the gateway, the way to it, or who
/// asks: only the first stays when one waits, or asks another.
fn blamed(error: CustodianError) -> anyhow::Error {
	let is_of_document = match &error {
		CustodianError::Seal(_) => true,
		CustodianError::Refused { code, .. } => {
			matches!(code.as_str(), "too-large" | "malformed")
		},
		_ => false,
	};
	if is_of_document { OwnFault(error.to_string()).into() } else { error.into() }
}

/// Whose gateway it is. Refuses one that is none, or whose key the chain does not know as its
/// organisation's.
pub(super) async fn organisation_of(at: &At, gateway: &Custodian) -> anyhow::Result<IdentityId> {
	let url = gateway.url();
	let Some(facts) = gateway.gateway() else {
		bail!("{url} validates nothing: name the gateway of your organisation, with --gateway");
	};
	let acting = at.acting_identity(facts.account.0, CallScope::RecordAnchor).await?;
	if acting != Some(facts.organisation) {
		bail!(
			"the gateway at {url} signs with a key that the chain does not know as one of {}'s for \
			 records: do not use it, and tell its operator",
			facts.organisation
		);
	}
	Ok(facts.organisation)
}

/// Refuses a gateway whose one verdict of each kind does not meet the policy, before anything is
/// shown to it.
pub(super) fn ensure_gateway_suffices(
	policy: &ValidationPolicy,
	validator: &Holder,
	author: &IdentityId,
) -> anyhow::Result<()> {
	for (kind, requirement) in wanted(policy) {
		let may = validator.may_meet(requirement)
			&& (policy.author_may_attest || validator.id != *author);
		if requirement.count > u8::from(may) {
			let from: Vec<_> = requirement.from.iter().map(|kind| kind.to_string()).collect();
			bail!(
				"the class asks for {} verdicts on {kind} by holders of {}, and the gateway of {} may \
				 give {}: leave --gateway out and let them attest later, or file under another class",
				requirement.count,
				from.join(" or "),
				validator.id,
				u8::from(may)
			);
		}
	}
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_primitives::AccreditationKind;

	#[test]
	fn a_document_is_not_blamed_for_what_its_gateway_does() {
		let refused = |status, code: &str| {
			let (code, message) = (code.to_owned(), "no".to_owned());
			CustodianError::Refused { status, code, message }
		};
		for of_document in [
			refused(413, "too-large"),
			refused(400, "malformed"),
			CustodianError::Seal("it is too long".into()),
		] {
			assert!(blamed(of_document).is::<OwnFault>());
		}
		let (url, reason) = ("http://127.0.0.1:9".to_owned(), "refused".to_owned());
		for of_others in [
			CustodianError::Unreachable { url: url.clone(), reason: reason.clone() },
			CustodianError::Answer { url, reason },
			CustodianError::Gateway("the evidence does not have its hash".into()),
			refused(429, "too-many-validations"),
			refused(500, "store-failed"),
			refused(502, "http"),
			refused(503, "chain-unreachable"),
			refused(503, "gateway-key"),
			refused(401, "unknown-account"),
			refused(403, "not-affiliated"),
			refused(409, "other-version"),
		] {
			let text = of_others.to_string();
			assert!(!blamed(of_others).is::<OwnFault>(), "{text}");
		}
	}

	#[test]
	fn a_gateway_that_may_not_give_what_is_asked_is_told_before_it_sees_anything() {
		let facility = AccreditationKinds::of(&[AccreditationKind::FacilityLicence]);
		let laboratory = AccreditationKinds::of(&[AccreditationKind::LaboratoryAccreditation]);
		let one = |from| Requirement { count: 1, from };
		let policy = ValidationPolicy {
			accuracy: one(facility),
			completeness: Requirement::default(),
			source: one(laboratory),
			distinct_organisations: false,
			author_may_attest: false,
			time_to_live: 1,
		};
		let holder = |id, kinds: AccreditationKinds| Holder { id: IdentityId([id; 32]), kinds };
		let author = IdentityId([9; 32]);
		let both = AccreditationKinds(facility.0 | laboratory.0);
		assert!(ensure_gateway_suffices(&policy, &holder(1, both), &author).is_ok());
		let error = ensure_gateway_suffices(&policy, &holder(1, facility), &author).unwrap_err();
		assert!(error.to_string().contains("source"), "{error}");
		assert!(ensure_gateway_suffices(&policy, &holder(9, both), &author).is_err());
		let two = ValidationPolicy { source: Requirement { count: 2, from: both }, ..policy };
		assert!(holder(1, both).is_asked(&policy, AttestationKind::Source));
		assert!(!holder(1, facility).is_asked(&policy, AttestationKind::Source));
		assert!(!holder(1, both).is_asked(&policy, AttestationKind::Completeness), "nobody asks");
		assert!(ensure_gateway_suffices(&two, &holder(1, both), &author).is_err());
	}
}
