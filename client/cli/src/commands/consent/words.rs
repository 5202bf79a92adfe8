// SPDX-License-Identifier: Apache-2.0

//! What consent is called in text.

use crate::{output::short, values::when};
use salus_client::types::{Basis, Decision, EmergencyStanding, Grantee, Scope, Standing, Terms};
use salus_primitives::{Actions, Classes, Moment, Purposes, RecordClass, Window};

pub(crate) fn grantee_text(grantee: &Grantee) -> String {
	match grantee {
		Grantee::Identity(id) => id.to_string(),
		Grantee::Organisation(id) => format!("organisation {id}"),
		Grantee::Role { organisation: Some(id), role } => format!("every {role} of {}", short(id)),
		Grantee::Role { organisation: None, role } => format!("every {role}"),
	}
}

pub(crate) fn scope_text(scope: &Scope) -> String {
	match scope {
		Scope::Record(record) => format!("record {}", short(record)),
		Scope::Compartment(number) => format!("compartment {number}"),
		Scope::Subject(classes) if *classes == Classes::ALL => "all records".into(),
		Scope::Subject(classes) => {
			let known = RecordClass::ALL.iter().filter(|class| classes.contains(**class));
			known.map(|class| class.to_string()).collect::<Vec<_>>().join(" ")
		},
	}
}

pub(crate) fn purposes_text(purposes: Purposes) -> String {
	let words: Vec<_> = purposes.iter().map(|purpose| purpose.to_string()).collect();
	words.join(" ")
}

pub(crate) fn actions_text(actions: Actions) -> String {
	let words: Vec<_> = actions.iter().map(|action| action.to_string()).collect();
	words.join(" ")
}

pub(crate) fn decision_text(decision: Decision) -> &'static str {
	match decision {
		Decision::Permit => "permit",
		Decision::Deny { override_in_emergency: false } => "deny",
		Decision::Deny { override_in_emergency: true } => "deny, but in emergencies",
	}
}

pub(crate) fn basis_text(basis: Basis) -> &'static str {
	match basis {
		Basis::Consent => "consent",
		Basis::TreatmentRelation => "treatment relation",
		Basis::LegalDuty => "legal duty",
		Basis::Research => "research",
	}
}

pub(crate) fn standing_text(standing: Standing) -> &'static str {
	match standing {
		Standing::NotYet => "not yet",
		Standing::InForce => "in force",
		Standing::Expired => "expired",
		Standing::UsedUp => "used up",
		Standing::Revoked => "revoked",
	}
}

pub(crate) fn emergency_text(standing: EmergencyStanding) -> &'static str {
	match standing {
		EmergencyStanding::Open => "open",
		EmergencyStanding::AwaitingReview => "waits for its review",
		EmergencyStanding::Justified => "justified",
		EmergencyStanding::Unjustified => "unjustified",
		EmergencyStanding::Escalated => "escalated: governance decides",
		EmergencyStanding::Overdue => "review overdue: governance decides",
		EmergencyStanding::Contested => "contested: governance decides",
	}
}

pub(super) fn window_text(window: &Window) -> String {
	format!("{} to {}", when(window.from), when(window.until))
}

pub(super) fn period_text(period: &Option<Window>) -> String {
	period.as_ref().map_or_else(|| "any time".into(), window_text)
}

/// All of some terms, as facts.
pub(super) fn terms_facts(terms: &Terms) -> Vec<(&'static str, String)> {
	vec![
		("decides", decision_text(terms.decision).into()),
		("speaks of", scope_text(&terms.scope)),
		("purposes", purposes_text(terms.purposes)),
		("actions", actions_text(terms.actions)),
		("records filed", period_text(&terms.data_period)),
		("acts (UTC)", window_text(&terms.window)),
	]
}

/// A span as the command line reads it, in the largest unit that divides it.
pub(super) fn span_text(span: Moment) -> String {
	let seconds = span / 1000;
	for (unit, word) in [(86_400, "d"), (3_600, "h"), (60, "m")] {
		if seconds >= unit && seconds.is_multiple_of(unit) {
			return format!("{}{word}", seconds / unit);
		}
	}
	format!("{seconds}s")
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::values::Span;

	#[test]
	fn spans_are_written_as_they_are_read() {
		for (span, text) in [
			(14_400_000, "4h"),
			(259_200_000, "3d"),
			(90_000, "90s"),
			(120_000, "2m"),
			(90_000_000, "25h"),
		] {
			assert_eq!(span_text(span), text);
			assert_eq!(text.parse(), Ok(Span(span)));
		}
	}

	#[test]
	fn scopes_are_said_in_words() {
		let classes = Classes(0b100_0001);
		assert_eq!(scope_text(&Scope::Subject(classes)), "clinical device-data");
		assert_eq!(scope_text(&Scope::Subject(Classes::ALL)), "all records");
		assert_eq!(scope_text(&Scope::Compartment(4)), "compartment 4");
	}
}
