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
mod records;
mod vault;

pub use accreditation::*;
pub use identity::*;
pub use records::*;
pub use vault::*;

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
