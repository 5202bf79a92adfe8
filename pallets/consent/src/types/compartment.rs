// SPDX-License-Identifier: Apache-2.0

//! Compartments, and the secrets that are handed over.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use salus_primitives::{
	CompartmentKey, Epoch, GrantWrap, KeyVersion, Moment, ReaderKey, Wrap, X25519Key,
};
use scale_info::TypeInfo;

/// How many compartment secrets one grant can carry.
pub const MAX_COMPARTMENT_KEYS: u32 = 8;

/// How many grants one call hands a new compartment secret.
pub const MAX_WRAPS: u32 = 32;

/// The new secret of a compartment, sealed to the grantees of so many grants.
pub type GrantWraps = BoundedVec<GrantWrap, ConstU32<MAX_WRAPS>>;

/// A compartment of a patient.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
)]
pub struct Compartment {
	/// The number of its current key pair.
	pub epoch: Epoch,
	/// The public key that authors seal to in this epoch.
	pub key: X25519Key,
	/// Whether a permit has to name it, or a record in it, to reach it.
	pub restricted: bool,
	/// When it was opened.
	pub opened_at: Moment,
	/// Whether an emergency reached it since its last rotation: who broke the glass may know its
	/// secret, so that a new epoch is due.
	pub rotation_due: bool,
}

/// The secrets a grant hands over, sealed to the grantee's agreement key.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub enum GrantKeys {
	/// Nothing: denials and grants to roles.
	#[codec(index = 0)]
	None,
	/// Secrets of compartments: permits of compartment or wider scope.
	#[codec(index = 1)]
	Compartments(BoundedVec<CompartmentKey, ConstU32<MAX_COMPARTMENT_KEYS>>),
	/// The reader share of one record: permits of one record.
	#[codec(index = 2)]
	Record(ReaderKey),
}

impl GrantKeys {
	/// How many sealed secrets there are.
	pub fn count(&self) -> u32 {
		match self {
			Self::None => 0,
			Self::Compartments(keys) => keys.len() as u32,
			Self::Record(_) => 1,
		}
	}

	/// Puts a compartment's secret in the place of the one before, or beside the others. `false`
	/// when there is no room, or the keys are of another sort.
	pub fn put(&mut self, key: CompartmentKey) -> bool {
		let Self::Compartments(keys) = self else { return false };
		match keys.iter_mut().find(|held| held.compartment == key.compartment) {
			Some(held) => {
				*held = key;
				true
			},
			None => keys.try_push(key).is_ok(),
		}
	}
}

/// What a rotation brings: the next key pair of a compartment, and to whom its secret goes.
pub(crate) struct NextEpoch {
	/// The epoch that ends.
	pub(crate) expected_epoch: Epoch,
	/// The next public key.
	pub(crate) key: X25519Key,
	/// The secret of the epoch that ends, sealed to it.
	pub(crate) link: Wrap,
	/// The next secret, sealed to grantees.
	pub(crate) wraps: GrantWraps,
	/// The next secret, sealed to who holds it for emergencies.
	pub(crate) emergency: Option<(KeyVersion, Wrap)>,
}
