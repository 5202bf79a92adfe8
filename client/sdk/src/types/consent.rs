// SPDX-License-Identifier: Apache-2.0

//! Consent: compartments, grants, requests, and what a decision looked at.

use super::*;

/// The secrets a grant hands over, sealed to the grantee.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub enum GrantKeys {
	/// None.
	#[codec(index = 0)]
	None,
	/// Secrets of compartments.
	#[codec(index = 1)]
	Compartments(Vec<CompartmentKey>),
	/// The reader share of one record.
	#[codec(index = 2)]
	Record(ReaderKey),
}

data! {
	/// A compartment of a patient.
	pub struct Compartment {
		/// The number of its current key pair.
		pub epoch: Epoch,
		/// The public key that authors seal to.
		#[serde(with = "crate::wire::hex_bytes")]
		pub key: X25519Key,
		/// Whether a permit has to name it.
		pub restricted: bool,
		/// When it was opened.
		pub opened_at: Moment,
		/// Whether its key should be rotated: somebody had it in an emergency.
		pub rotation_due: bool,
	}

	/// What holds for a patient when no grant speaks.
	#[derive(Copy)]
	pub struct PolicyRow {
		/// The policy.
		pub policy: AccessPolicy,
		/// Since when.
		pub since: Moment,
		/// The one before it.
		pub before: AccessPolicy,
	}

	/// To whom a grant speaks.
	#[derive(Copy)]
	pub enum Grantee {
		/// A person or a device.
		Identity(IdentityId),
		/// An organisation and everybody who works there.
		Organisation(IdentityId),
		/// Everybody in a role.
		Role {
			/// Where, or anywhere.
			organisation: Option<IdentityId>,
			/// As what.
			role: Role,
		},
	}

	/// Which way a grant decides.
	#[derive(Copy)]
	pub enum Decision {
		/// Lets in.
		Permit,
		/// Keeps out, whatever else permits.
		Deny {
			/// Whether an open emergency may go past it.
			override_in_emergency: bool,
		},
	}

	/// Which records a grant speaks of.
	#[derive(Copy)]
	pub enum Scope {
		/// One record.
		Record(RecordId),
		/// Every record in one compartment.
		Compartment(CompartmentNo),
		/// Every record of these classes.
		Subject(Classes),
	}

	/// What a grant rests on.
	#[derive(Copy)]
	pub enum Basis {
		/// The patient's explicit consent.
		Consent,
		/// A treatment relation.
		TreatmentRelation,
		/// A duty by law.
		LegalDuty,
		/// Consent to research.
		Research,
	}

	/// How far a revocation reaches.
	#[derive(Copy)]
	pub enum RevocationStrength {
		/// No key share is released any more. What was read stays read.
		Lazy,
		/// The compartments get new keys beside it: what is filed from now on is sealed to those.
		EpochRotated,
		/// What was filed before is sealed anew, too, and the old key shares are destroyed.
		Resealed,
	}

	/// What a grant says.
	#[derive(Copy)]
	pub struct Terms {
		/// Which way it decides.
		pub decision: Decision,
		/// Which records.
		pub scope: Scope,
		/// For which purposes, and those they imply.
		pub purposes: Purposes,
		/// Which actions.
		pub actions: Actions,
		/// Only records filed in this period.
		pub data_period: Option<Window>,
		/// When it acts.
		pub window: Window,
	}

	/// A grant in the shape that decisions read.
	#[derive(Copy)]
	pub struct Rule {
		/// Which grant it is of.
		pub grant: GrantId,
		/// What the grant says.
		pub terms: Terms,
		/// How many uses are left, when they are counted.
		pub uses_left: Option<u32>,
	}

	/// Why a grant does not match.
	#[derive(Copy)]
	pub enum Mismatch {
		/// It speaks of other records.
		Scope,
		/// The record lies in a restricted compartment that it does not name.
		Restricted,
		/// The purpose is neither named nor implied.
		Purpose,
		/// The action is not named.
		Action,
		/// The record was filed outside the data period.
		DataPeriod,
		/// Its window has not begun.
		NotYet,
		/// Its window is over.
		Expired,
		/// No use is left.
		UsedUp,
	}

	/// Whether a grant was taken back.
	#[derive(Copy)]
	pub enum GrantStatus {
		/// Not taken back.
		Live,
		/// Taken back.
		Revoked {
			/// When.
			at: Moment,
			/// By whom.
			by: IdentityId,
			/// How far it reaches.
			strength: RevocationStrength,
		},
	}

	/// A grant.
	pub struct Grant {
		/// Whose records it speaks of.
		pub subject: IdentityId,
		/// To whom it speaks.
		pub grantee: Grantee,
		/// Who made it for the subject.
		pub by: IdentityId,
		/// When.
		pub made_at: Moment,
		/// What it says now.
		pub terms: Terms,
		/// How it was narrowed last.
		pub narrowed: Option<Narrowing>,
		/// How many uses are left, when they are counted.
		pub uses_left: Option<u32>,
		/// What it rests on.
		pub basis: Basis,
		/// Hash of the sealed form.
		pub document: Option<Digest>,
		/// Whether its grantee may pass a part of it on.
		pub delegable: bool,
		/// The grant that it is a part of, when it was passed on.
		pub parent: Option<GrantId>,
		/// The patient's own grant at the top, when it was passed on.
		pub root: Option<GrantId>,
		/// How many grants stand above it.
		pub depth: u8,
		/// Whether it was taken back.
		pub status: GrantStatus,
	}

	/// That a grant was narrowed.
	#[derive(Copy)]
	pub struct Narrowing {
		/// When.
		pub at: Moment,
		/// What it said before.
		pub before: Terms,
	}

	/// What somebody asks a patient for.
	#[derive(Copy)]
	pub struct Asked {
		/// For which records.
		pub scope: Scope,
		/// For which purposes, and those they imply.
		pub purposes: Purposes,
		/// For which actions.
		pub actions: Actions,
		/// Only for records filed in this period.
		pub data_period: Option<Window>,
		/// For how long at most, in milliseconds.
		pub length: Moment,
	}

	/// A request for access that has not been answered.
	#[derive(Copy)]
	pub struct AccessRequest {
		/// Whom it asks.
		pub subject: IdentityId,
		/// To whom the grant would speak.
		pub grantee: Grantee,
		/// Who asks.
		pub requester: IdentityId,
		/// What is asked.
		pub asked: Asked,
		/// Hash of the reason.
		pub reason: Digest,
		/// When it was asked.
		pub asked_at: Moment,
		/// The first moment at which it can no longer be approved.
		pub answer_by: Moment,
		/// Whether it can still be approved.
		pub open: bool,
	}

	/// Where a grant stands.
	#[derive(Copy)]
	pub enum Standing {
		/// Its window has not begun.
		NotYet,
		/// It acts.
		InForce,
		/// Its window is over.
		Expired,
		/// Its last use is spent.
		UsedUp,
		/// It was taken back.
		Revoked,
	}

	/// A grant as lists show it.
	pub struct ListedGrant {
		/// Its number.
		pub id: GrantId,
		/// The grant.
		pub grant: Grant,
		/// Where it stands now.
		pub standing: Standing,
	}

	/// A decision with all that led to it.
	pub struct Explanation {
		/// What was decided.
		pub decision: AccessDecision,
		/// The step of the decision order that decided.
		pub step: Step,
		/// Every rule looked at.
		pub examined: Vec<Examined>,
		/// The open emergency that covers the record, when there is one.
		pub emergency: Option<EmergencyId>,
		/// The patient's policy, when it was looked at.
		pub policy: Option<AccessPolicy>,
	}

	/// One rule that a decision looked at.
	#[derive(Copy)]
	pub struct Examined {
		/// Under whose name it was found.
		pub grantee: Grantee,
		/// The rule.
		pub rule: Rule,
		/// Why it does not match; none when it does.
		pub mismatch: Option<Mismatch>,
	}

	/// The steps of a decision, in their order.
	#[derive(Copy)]
	pub enum Step {
		/// Is there such a record?
		Record,
		/// Is the reader an active identity?
		Reader,
		/// Is the reader the subject?
		Subject,
		/// Did the reader's side write it?
		Author,
		/// Does a grant deny?
		Deny,
		/// Does a grant permit?
		Permit,
		/// Does an emergency of the reader permit?
		Emergency,
		/// Does the patient's policy permit?
		Policy,
		/// Nothing spoke: the default.
		Default,
	}
}

data! {
	/// What waits for a patient.
	pub struct Inbox {
		/// Requests that can be answered.
		pub requests: Vec<RequestId>,
		/// Emergencies that are open.
		pub emergencies: Vec<EmergencyId>,
		/// Grants that end within seven days.
		pub expiring: Vec<GrantId>,
		/// Compartments whose key should be rotated.
		pub rotations: Vec<CompartmentNo>,
	}

	/// What has a time at which it ends, for clearing away.
	#[derive(Copy)]
	pub enum Due {
		/// A grant.
		Grant(GrantId),
		/// A request.
		Request(RequestId),
		/// The review of an emergency.
		Review(EmergencyId),
	}
}
