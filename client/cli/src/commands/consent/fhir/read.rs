// SPDX-License-Identifier: Apache-2.0

//! Consents as they are read: all of one or nothing, and never half of it.

use super::super::calendar::Date;
use super::around::Around;
use super::node::{Coding, Node, Pointer, concept};
use super::provision;
use super::statement::*;
use super::write::{every_action, every_purpose};
use salus_client::types::{Basis, Decision, Grantee, Scope, Terms};
use salus_primitives::{AccessPolicy, Classes, IdentityId, Moment, Window};
use serde_json::Value;

/// What a Consent says, and the elements that stand for the paper and not for the rule.
#[derive(Debug)]
pub(super) struct Read {
	pub(super) statements: Vec<Statement>,
	/// They are kept by the hash of the whole file alone.
	pub(super) by_hash: Vec<String>,
}

/// What names the resource, and what was signed: no part of the rule.
const PAPER: [&str; 6] = ["id", "meta", "language", "text", "sourceAttachment", "sourceReference"];

const R4: [&str; 17] = [
	"resourceType",
	"id",
	"meta",
	"language",
	"text",
	"sourceAttachment",
	"sourceReference",
	"identifier",
	"extension",
	"status",
	"scope",
	"category",
	"patient",
	"dateTime",
	"performer",
	"policyRule",
	"provision",
];
const R5: [&str; 20] = [
	"resourceType",
	"id",
	"meta",
	"language",
	"text",
	"sourceAttachment",
	"sourceReference",
	"identifier",
	"extension",
	"status",
	"category",
	"subject",
	"date",
	"period",
	"grantor",
	"grantee",
	"regulatoryBasis",
	"policyBasis",
	"decision",
	"provision",
];

/// Which version a resource is written in: R5 renamed the patient to subject.
pub(super) fn version_of(resource: &Value) -> Result<Version, Refused> {
	match (resource.get("patient").is_some(), resource.get("subject").is_some()) {
		(true, false) => Ok(Version::R4),
		(false, true) => Ok(Version::R5),
		_ => Err(Refused::new("Consent", "it has either a patient (R4) or a subject (R5)")),
	}
}

/// Reads a Consent resource.
pub(super) fn consent(resource: &Value, now: Moment) -> Result<Read, Refused> {
	if resource.get("resourceType").and_then(Value::as_str) != Some("Consent") {
		return Err(Refused::new("resourceType", "a Consent is expected"));
	}
	let version = version_of(resource)?;
	let known: &[&str] = match version {
		Version::R4 => &R4,
		Version::R5 => &R5,
	};
	let root = Node::of("Consent", resource, known)?;
	let active = status(&root)?;
	category(&root)?;
	let (subject, made_at) = who(&root, version)?;
	let by_hash = PAPER.iter().filter(|field| root.has(field)).map(|field| root.at(field));
	let by_hash = by_hash.collect();
	if let Some(policy) = policy(&root, version)? {
		let policy = PolicyStatement { subject, policy, since: made_at };
		return Ok(Read { statements: vec![Statement::Policy(policy)], by_hash });
	}
	let around = Around::read(&root)?;
	let base = GrantStatement {
		id: around.id,
		subject,
		// Each rule puts its own in place of these.
		grantee: Grantee::Identity(subject),
		terms: Terms {
			decision: Decision::Permit,
			scope: Scope::Subject(Classes::ALL),
			purposes: every_purpose(),
			actions: every_action(),
			data_period: None,
			window: Window { from: 0, until: 0 },
		},
		uses: around.uses,
		delegable: around.delegable,
		basis: basis(&root, version)?,
		document: around.document,
		active,
		made_at,
	};
	let grants = match version {
		Version::R4 => r4(&root, &base, around.overrides, now)?,
		Version::R5 => r5(&root, &base, around.overrides, now)?,
	};
	let is_denial = |grant: &GrantStatement| grant.terms.decision != Decision::Permit;
	if grants.iter().any(is_denial) && (around.uses.is_some() || around.delegable) {
		return Err(root.refuse("extension", "a denial has no uses and is not passed on"));
	}
	if around.overrides && !grants.iter().all(is_denial) {
		return Err(root.refuse("extension", "only a denial can be overridden in an emergency"));
	}
	let statements = grants.into_iter().map(|grant| Statement::Grant(Box::new(grant)));
	Ok(Read { statements: statements.collect(), by_hash })
}

fn r4(
	root: &Node<'_>,
	base: &GrantStatement,
	overrides: bool,
	now: Moment,
) -> Result<Vec<GrantStatement>, Refused> {
	let value = root.value("provision");
	let value = value.ok_or_else(|| root.refuse("provision", "a grant is a provision: add it"))?;
	let node = provision::node(&root.at("provision"), value, Version::R4)?;
	let decision = match node.required_text("type")? {
		"permit" => Decision::Permit,
		"deny" => Decision::Deny { override_in_emergency: overrides },
		other => return Err(node.refuse("type", format!("`{other}` is neither permit nor deny"))),
	};
	Ok(grants(base, decision, &provision::rule(&node, Version::R4, now)?))
}

/// Each provision negates the base decision.
fn r5(
	root: &Node<'_>,
	base: &GrantStatement,
	overrides: bool,
	now: Moment,
) -> Result<Vec<GrantStatement>, Refused> {
	if root.required_text("decision")? != "deny" {
		return Err(root.refuse(
			"decision",
			"to permit all but exceptions is a policy: set it with `salus consent policy set`, and \
			 import the exceptions as R4 denials",
		));
	}
	let parties = root.list("grantee")?;
	let parties =
		parties.iter().map(|(path, value)| provision::grantee(&Pointer::of(path, value)?));
	let parties: Vec<Grantee> = parties.collect::<Result<_, _>>()?;
	let provisions = root.list("provision")?;
	if provisions.is_empty() {
		return denials(root, base, overrides, parties);
	}
	if root.has("period") {
		return Err(root.refuse("period", "name the days in each provision"));
	}
	let mut found = Vec::new();
	for (path, value) in provisions {
		let node = provision::node(&path, value, Version::R5)?;
		let rule = provision::rule(&node, Version::R5, now)?;
		let is_named = |grantee: &Grantee| parties.contains(grantee);
		if !parties.is_empty() && !rule.grantees.iter().all(is_named) {
			return Err(node.refuse("actor", "it is not one of Consent.grantee: name the same"));
		}
		found.extend(grants(base, Decision::Permit, &rule));
	}
	let is_used = |party: &Grantee| found.iter().any(|grant| grant.grantee == *party);
	if !parties.iter().all(is_used) {
		return Err(root.refuse("grantee", "no provision names one of them: leave it out"));
	}
	Ok(found)
}

/// A base of deny without exceptions keeps the grantees out of everything.
fn denials(
	root: &Node<'_>,
	base: &GrantStatement,
	overrides: bool,
	parties: Vec<Grantee>,
) -> Result<Vec<GrantStatement>, Refused> {
	if parties.is_empty() {
		return Err(root.refuse(
			"grantee",
			"to deny everybody is a policy: set it with `salus consent policy set deny`",
		));
	}
	let window = root.period("period", None, None)?;
	let window = window.ok_or_else(|| root.refuse("period", "a denial ends: name the days"))?;
	let denial = |grantee| {
		let decision = Decision::Deny { override_in_emergency: overrides };
		let terms = Terms { decision, window, ..base.terms };
		GrantStatement { grantee, terms, ..base.clone() }
	};
	Ok(parties.into_iter().map(denial).collect())
}

fn grants(
	base: &GrantStatement,
	decision: Decision,
	rule: &provision::Rule,
) -> Vec<GrantStatement> {
	let mut found = Vec::new();
	for grantee in &rule.grantees {
		for scope in &rule.scopes {
			let terms = Terms {
				decision,
				scope: *scope,
				purposes: rule.purposes,
				actions: rule.actions,
				data_period: rule.data_period,
				window: rule.window,
			};
			found.push(GrantStatement { grantee: *grantee, terms, ..base.clone() });
		}
	}
	found
}

fn status(root: &Node<'_>) -> Result<bool, Refused> {
	match root.required_text("status")? {
		"active" => Ok(true),
		"inactive" => Ok(false),
		other => {
			Err(root.refuse("status", format!("`{other}`: only an active Consent holds, or held")))
		},
	}
}

fn category(root: &Node<'_>) -> Result<(), Refused> {
	for (path, value) in root.list("category")? {
		match concept(&path, value)? {
			Coding { system: LOINC, code: CONSENT_DOCUMENT }
			| Coding { system: ACT, code: DISCLOSURE } => (),
			Coding { code, .. } => {
				let why = format!(
					"`{code}` is another sort of document: consents are {CONSENT_DOCUMENT} of LOINC or \
					 {DISCLOSURE} of v3-ActCode"
				);
				return Err(Refused::new(path, why));
			},
		}
	}
	if root.has("category") {
		return Ok(());
	}
	Err(root.refuse("category", "this element is missing: add LOINC 59284-0"))
}

/// Whose it is, and when it was agreed. Nobody but the patient agrees.
fn who(root: &Node<'_>, version: Version) -> Result<(IdentityId, Moment), Refused> {
	let (subject, agreed, by) = match version {
		Version::R4 => ("patient", "dateTime", "performer"),
		Version::R5 => ("subject", "date", "grantor"),
	};
	let value = root.value(subject);
	let value = value.ok_or_else(|| root.refuse(subject, "this element is missing: add it"))?;
	let id = Pointer::of(&root.at(subject), value)?.identity()?;
	for (path, value) in root.list(by)? {
		if Pointer::of(&path, value)?.identity()? != id {
			return Err(Refused::new(path, "only the patient makes grants on chain, for now"));
		}
	}
	let text = root.text(agreed)?;
	let date: Option<Date> = text
		.map(|text| text.parse().map_err(|why: String| root.refuse(agreed, why)))
		.transpose()?;
	Ok((id, date.map_or(0, |date| date.0.from)))
}

/// The overarching policy, when it is one that stands here.
fn policy(root: &Node<'_>, version: Version) -> Result<Option<AccessPolicy>, Refused> {
	let (field, code) = match version {
		Version::R4 => match root.concept("policyRule")? {
			Some(Coding { system: POLICY, code }) => ("policyRule", code),
			_ => return Ok(None),
		},
		Version::R5 => {
			let Some(basis) = root.node("policyBasis", &["url"])? else { return Ok(None) };
			let url = basis.required_text("url")?;
			let code = url.strip_prefix(POLICY).and_then(|rest| rest.strip_prefix(':'));
			let other = || basis.refuse("url", "only the four policies of this chain are known");
			("policyBasis", code.ok_or_else(other)?)
		},
	};
	let known = AccessPolicy::ALL.iter().find(|policy| policy.word() == code);
	let known = known.ok_or_else(|| root.refuse(field, format!("`{code}` is no policy here")))?;
	let rules = [
		"provision",
		"decision",
		"period",
		"grantee",
		"regulatoryBasis",
		"extension",
		"identifier",
	];
	if let Some(field) = rules.iter().find(|field| root.has(field)) {
		return Err(
			root.refuse(field, "a policy stands alone: write rules as Consents of their own")
		);
	}
	if root.text("status")? != Some("active") {
		return Err(root.refuse("status", "a policy is active, or replaced by another one"));
	}
	Ok(Some(*known))
}

fn basis(root: &Node<'_>, version: Version) -> Result<Basis, Refused> {
	let read = |path: String, coding: Coding<'_>| {
		let basis = basis_of(coding.code).filter(|_| coding.system == BASIS);
		let why = format!("`{}` of that system is no basis here", coding.code);
		basis.ok_or_else(|| Refused::new(path, why))
	};
	if version == Version::R5 {
		let found = root.list("regulatoryBasis")?;
		return match found.as_slice() {
			[] => Ok(Basis::Consent),
			[(path, value)] => read(path.clone(), concept(path, value)?),
			[_, (path, _), ..] => {
				Err(Refused::new(path.clone(), "a grant rests on one basis: leave one"))
			},
		};
	}
	let scope = root.concept("scope")?;
	let scope = scope.ok_or_else(|| root.refuse("scope", "this element is missing: add it"))?;
	let rule = root.concept("policyRule")?;
	let basis = match rule {
		Some(rule) => read(root.at("policyRule"), rule)?,
		None => match scope.code {
			"treatment" => Basis::TreatmentRelation,
			"research" => Basis::Research,
			_ => Basis::Consent,
		},
	};
	if scope.system != SCOPE || scope.code != scope_code(basis) {
		let why = format!("`{}` does not go with a basis of {}", scope.code, basis_code(basis));
		return Err(root.refuse("scope", why));
	}
	Ok(basis)
}
