// SPDX-License-Identifier: Apache-2.0

//! A decision with its reasons.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use salus_primitives::{AccessDecision, AccessPolicy, DenyReason, EmergencyId, PermitBasis};
use scale_info::TypeInfo;

use super::{Grantee, Mismatch, Rule};

/// A decision with all that led to it.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct Explanation {
	/// What was decided.
	pub decision: AccessDecision,
	/// The step of the decision order that decided.
	pub step: Step,
	/// Every rule looked at, in the order of looking. None when an earlier step decided.
	pub examined: Vec<Examined>,
	/// The open emergency of the reader that reaches the record, when one was looked for.
	pub emergency: Option<EmergencyId>,
	/// The subject's policy, when it was asked.
	pub policy: Option<AccessPolicy>,
}

/// One rule that a decision looked at.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, Clone, Copy, PartialEq, Eq, Debug)]
pub struct Examined {
	/// Under whose name it was found.
	pub grantee: Grantee,
	/// The rule.
	pub rule: Rule,
	/// Why it does not match; none when it does.
	pub mismatch: Option<Mismatch>,
}

/// The steps of a decision, in their order.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Debug,
)]
pub enum Step {
	/// Is there such a record?
	#[codec(index = 0)]
	Record,
	/// Is the reader an active identity?
	#[codec(index = 1)]
	Reader,
	/// Is the reader the subject?
	#[codec(index = 2)]
	Subject,
	/// Did the reader's side write it?
	#[codec(index = 3)]
	Author,
	/// Does a grant deny?
	#[codec(index = 4)]
	Deny,
	/// Does a grant permit?
	#[codec(index = 5)]
	Permit,
	/// Has the reader broken the glass?
	#[codec(index = 6)]
	Emergency,
	/// Does the subject's policy permit?
	#[codec(index = 7)]
	Policy,
	/// Nothing spoke: the default.
	#[codec(index = 8)]
	Default,
}

impl From<&AccessDecision> for Step {
	fn from(decision: &AccessDecision) -> Self {
		match decision {
			AccessDecision::Deny(DenyReason::UnknownRecord) => Self::Record,
			AccessDecision::Deny(DenyReason::UnknownReader) => Self::Reader,
			AccessDecision::Permit(PermitBasis::Subject) => Self::Subject,
			AccessDecision::Permit(PermitBasis::Author) => Self::Author,
			AccessDecision::Deny(DenyReason::Grant(_) | DenyReason::BreakGlass(Some(_))) => {
				Self::Deny
			},
			AccessDecision::Permit(PermitBasis::Grant(_)) => Self::Permit,
			AccessDecision::Permit(PermitBasis::Emergency(_)) => Self::Emergency,
			AccessDecision::Permit(PermitBasis::Policy) => Self::Policy,
			AccessDecision::Deny(DenyReason::NoGrant | DenyReason::BreakGlass(None)) => {
				Self::Default
			},
		}
	}
}
