// SPDX-License-Identifier: Apache-2.0

//! To whom grants speak.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use salus_primitives::{IdentityId, Role};
use scale_info::TypeInfo;

/// To whom a grant speaks.
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
	PartialOrd,
	Ord,
	Debug,
)]
pub enum Grantee {
	/// A person or a device.
	#[codec(index = 0)]
	Identity(IdentityId),
	/// An organisation and everybody who works there.
	#[codec(index = 1)]
	Organisation(IdentityId),
	/// Everybody in a role, at one organisation or anywhere.
	#[codec(index = 2)]
	Role {
		/// Where, or anywhere.
		organisation: Option<IdentityId>,
		/// As what.
		role: Role,
	},
}

impl Grantee {
	/// Whether it names exactly this identity.
	pub fn names(&self, id: &IdentityId) -> bool {
		matches!(self, Self::Identity(named) | Self::Organisation(named) if named == id)
	}

	/// Whose agreement key a grant's keys are sealed to. A role has none: the gateway of the
	/// organisation enforces it.
	pub fn key_holder(&self) -> Option<&IdentityId> {
		match self {
			Self::Identity(id) | Self::Organisation(id) => Some(id),
			Self::Role { .. } => None,
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_role_has_no_key() {
		let id = IdentityId([9; 32]);
		assert_eq!(Grantee::Identity(id).key_holder(), Some(&id));
		assert_eq!(Grantee::Organisation(id).key_holder(), Some(&id));
		let role = Grantee::Role { organisation: Some(id), role: Role::Nurse };
		assert_eq!(role.key_holder(), None);
		assert!(Grantee::Identity(id).names(&id));
		assert!(!role.names(&id));
	}
}
