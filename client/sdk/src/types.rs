// SPDX-License-Identifier: Apache-2.0

//! What calls take and the chain answers beside the types of `salus-primitives`.
//!
//! The chain's own types live in pallets, which no client depends on. A test compares each of these
//! with the committed metadata, name by name.

use codec::{Decode, Encode};
use salus_primitives::*;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

macro_rules! data {
	($( $(#[$meta:meta])* $vis:vis $kind:ident $name:ident $(<$param:ident>)? { $($body:tt)* } )*) => {$(
		$(#[$meta])*
		#[derive(Encode, Decode, TypeInfo, Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
		#[serde(rename_all = "kebab-case")]
		$vis $kind $name $(<$param>)? { $($body)* }
	)*};
}

/// A signature of one of the schemes that accounts use.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub enum Signature {
	/// Ed25519.
	#[codec(index = 0)]
	Ed25519([u8; 64]),
	/// Sr25519, as every key of this client.
	#[codec(index = 1)]
	Sr25519([u8; 64]),
	/// ECDSA on secp256k1.
	#[codec(index = 2)]
	Ecdsa([u8; 65]),
	/// ECDSA on secp256k1 over Keccak, as Ethereum's.
	#[codec(index = 3)]
	Eth([u8; 65]),
}

/// A sealed object, as a call names it.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub enum Content {
	/// It lies in an object store.
	#[codec(index = 0)]
	External {
		/// The hash it lies under.
		hash: ContentHash,
	},
	/// The chain keeps it.
	#[codec(index = 1)]
	Inline(Vec<u8>),
}

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

mod accreditation;
mod identity;
mod vault;

pub use accreditation::*;
pub use identity::*;
pub use vault::*;

data! {
	/// How many passing verdicts of one kind, and who may give them.
	#[derive(Copy, Default)]
	pub struct Requirement {
		/// How many.
		pub count: u8,
		/// A validator holds one of these.
		pub from: AccreditationKinds,
	}

	/// What it takes to anchor a record of a class.
	#[derive(Copy)]
	pub struct ValidationPolicy {
		/// Verdicts on accuracy.
		pub accuracy: Requirement,
		/// Verdicts on completeness.
		pub completeness: Requirement,
		/// Verdicts on the source.
		pub source: Requirement,
		/// Whether they come from different organisations.
		pub distinct_organisations: bool,
		/// Whether the author's own verdict counts.
		pub author_may_attest: bool,
		/// How long a version may wait, in milliseconds.
		pub time_to_live: Moment,
	}

	/// A verdict as it stands beside a version.
	pub struct Attestation {
		/// Who gave it.
		pub validator: IdentityId,
		/// Where the validator worked then.
		pub organisations: Vec<IdentityId>,
		/// What it is about.
		pub kind: AttestationKind,
		/// How it came out.
		pub verdict: Verdict,
		/// Hash of the sealed evidence.
		pub evidence: Digest,
		/// When the chain took it.
		pub at: Moment,
	}

	/// That a record is an error, and why.
	pub struct Retraction {
		/// Why.
		pub reason: RetractReason,
		/// Who said so.
		pub by: IdentityId,
		/// When.
		pub at: Moment,
	}

	/// What stands about a record.
	pub struct RecordView {
		/// Its id.
		pub id: RecordId,
		/// Whose it is.
		pub subject: IdentityId,
		/// Who filed it.
		pub author: IdentityId,
		/// For which organisation.
		pub organisation: Option<IdentityId>,
		/// Its class.
		pub class: RecordClass,
		/// The compartment it lies in.
		pub compartment: CompartmentNo,
		/// When it was filed.
		pub created: Moment,
		/// Its place in the list of the subject's records.
		pub seq: u32,
		/// Where it stands.
		pub status: RecordStatus,
		/// Why and when it was retracted.
		pub retraction: Option<Retraction>,
		/// The version that counts.
		pub current: RecordVersion,
		/// The highest version number given out.
		pub newest: RecordVersion,
		/// The version that waits for verdicts.
		pub awaiting: Option<RecordVersion>,
	}

	/// How far a version has come.
	#[derive(Copy)]
	pub enum StageView {
		/// It waits for verdicts.
		Open {
			/// Until when.
			deadline: Moment,
		},
		/// It waited in vain.
		Lapsed {
			/// Since when.
			deadline: Moment,
		},
		/// Its policy was met.
		Anchored {
			/// When.
			at: Moment,
		},
		/// A verdict was `Fail`.
		Failed {
			/// When.
			at: Moment,
		},
		/// Given up without an end.
		Abandoned {
			/// When.
			at: Moment,
		},
	}

	/// What one kind of verdict still lacks.
	pub struct Missing {
		/// The kind.
		pub kind: AttestationKind,
		/// How many.
		pub count: u8,
		/// A validator holds one of these.
		pub from: AccreditationKinds,
	}

	/// What the version under validation still lacks.
	pub struct ValidationState {
		/// Which version.
		pub version: RecordVersion,
		/// Until when it takes verdicts.
		pub deadline: Moment,
		/// Whether that has passed.
		pub lapsed: bool,
		/// What is missing.
		pub missing: Vec<Missing>,
	}

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
		/// What it says.
		pub terms: Terms,
		/// How many uses are left, when they are counted.
		pub uses_left: Option<u32>,
		/// What it rests on.
		pub basis: Basis,
		/// Hash of the sealed form.
		pub document: Option<Digest>,
		/// Whether it was taken back.
		pub status: GrantStatus,
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
		/// Nothing spoke: the default.
		Default,
	}
}

/// What stands about one version of a record.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct VersionView {
	/// Its number.
	pub number: RecordVersion,
	/// Who wrote it.
	pub author: IdentityId,
	/// Why, for all but the first.
	pub reason: Option<AmendReason>,
	/// When it was filed.
	pub filed: Moment,
	/// The hash of the sealed object.
	pub content: ContentHash,
	/// The object, when the chain keeps it.
	pub object: Option<Vec<u8>>,
	/// The commitment to the body.
	pub body: Commitment,
	/// How long the padded plaintext is.
	pub padded_len: u64,
	/// The reader share. None once the record is retracted.
	pub key: Option<RecordKey>,
	/// How far it has come.
	pub stage: StageView,
	/// The verdicts on it.
	pub attestations: Vec<Attestation>,
}

/// One page of a list. `Cursor` is the number that the next page starts at.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct Page<Item, Cursor> {
	/// What is on it.
	pub items: Vec<Item>,
	/// Where the next page starts, when there is more.
	pub next: Option<Cursor>,
}

/// More was asked for than a page holds.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct PageTooLarge {
	/// The largest limit that is answered.
	pub max: u32,
}
