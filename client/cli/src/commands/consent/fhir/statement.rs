// SPDX-License-Identifier: Apache-2.0

//! What a Consent says, between FHIR and the chain, and the systems of its codes.

use clap::ValueEnum;
use salus_client::types::{Basis, Grantee, Terms};
use salus_primitives::{AccessPolicy, Digest, GrantId, IdentityId, Moment};
use std::fmt;

/// A version of FHIR.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Version {
	/// 4.0.1.
	R4,
	/// 5.0.0.
	R5,
}

/// One Consent, or a part of one that stands for a grant of its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Statement {
	/// A grant.
	Grant(Box<GrantStatement>),
	/// The overarching policy.
	Policy(PolicyStatement),
}

/// A grant, as a Consent says it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct GrantStatement {
	/// Its number, when it comes from the chain.
	pub(super) id: Option<GrantId>,
	pub(super) subject: IdentityId,
	pub(super) grantee: Grantee,
	pub(super) terms: Terms,
	pub(super) uses: Option<u32>,
	pub(super) delegable: bool,
	pub(super) basis: Basis,
	/// The hash of the signed form.
	pub(super) document: Option<Digest>,
	/// Whether it acts, or will.
	pub(super) active: bool,
	pub(super) made_at: Moment,
}

/// A patient's policy, as a Consent says it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct PolicyStatement {
	pub(super) subject: IdentityId,
	pub(super) policy: AccessPolicy,
	pub(super) since: Moment,
}

/// Something that has no counterpart on the other side.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Refused {
	/// The path of the element.
	pub(super) path: String,
	/// Why, and what to do.
	pub(super) why: String,
}

impl Refused {
	pub(super) fn new(path: impl Into<String>, why: impl Into<String>) -> Self {
		Self { path: path.into(), why: why.into() }
	}
}

impl fmt::Display for Refused {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "{}: {}", self.path, self.why)
	}
}

impl std::error::Error for Refused {}

/// Systems of identifiers.
pub(super) const IDENTITY: &str = "urn:salus:identity";
pub(super) const RECORD: &str = "urn:salus:record";
pub(super) const GRANT: &str = "urn:salus:grant";
pub(super) const DOCUMENT: &str = "urn:salus:consent-document";

/// Systems of codes of our own.
pub(super) const ROLE: &str = "urn:salus:role";
pub(super) const CLASS: &str = "urn:salus:record-class";
pub(super) const COMPARTMENT: &str = "urn:salus:compartment";
pub(super) const BASIS: &str = "urn:salus:consent-basis";
pub(super) const POLICY: &str = "urn:salus:consent-policy";
pub(super) const OWN_ACTION: &str = "urn:salus:action";

/// Systems of HL7 and LOINC.
pub(super) const SCOPE: &str = "http://terminology.hl7.org/CodeSystem/consentscope";
pub(super) const ACTION: &str = "http://terminology.hl7.org/CodeSystem/consentaction";
pub(super) const PURPOSE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
pub(super) const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
pub(super) const ACT: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
pub(super) const LOINC: &str = "http://loinc.org";

/// The part of somebody to whom information goes.
pub(super) const RECIPIENT: &str = "IRCP";
/// The document type of a consent.
pub(super) const CONSENT_DOCUMENT: &str = "59284-0";
/// A directive on disclosure.
pub(super) const DISCLOSURE: &str = "IDSCL";

/// Extensions of our own.
pub(super) const USES: &str = "urn:salus:fhir:uses";
pub(super) const DELEGABLE: &str = "urn:salus:fhir:delegable";
pub(super) const OVERRIDE: &str = "urn:salus:fhir:override-in-emergency";

/// The code of a basis.
pub(super) fn basis_code(basis: Basis) -> &'static str {
	match basis {
		Basis::Consent => "consent",
		Basis::TreatmentRelation => "treatment-relation",
		Basis::LegalDuty => "legal-duty",
		Basis::Research => "research",
	}
}

/// The basis of a code.
pub(super) fn basis_of(code: &str) -> Option<Basis> {
	[Basis::Consent, Basis::TreatmentRelation, Basis::LegalDuty, Basis::Research]
		.into_iter()
		.find(|basis| basis_code(*basis) == code)
}

/// The R4 scope of a basis.
pub(super) fn scope_code(basis: Basis) -> &'static str {
	match basis {
		Basis::Consent | Basis::LegalDuty => "patient-privacy",
		Basis::TreatmentRelation => "treatment",
		Basis::Research => "research",
	}
}
