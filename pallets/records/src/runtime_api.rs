// SPDX-License-Identifier: Apache-2.0

//! What an author asks a node before sealing: an answer that spans records, consent and identity.

use codec::{Decode, Encode};
use salus_primitives::{CompartmentNo, Epoch, IdentityId, KeyVersion, X25519Key};
use scale_info::TypeInfo;

/// The public keys that a record is sealed to.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct WrapTargets {
	/// The key of the compartment's current epoch: `key` of every filing is sealed to it.
	pub compartment_key: X25519Key,
	/// That epoch.
	pub epoch: Epoch,
	/// The author's own agreement key, for a wrap by `add_wraps`. None when the author has none.
	pub author_key: Option<(KeyVersion, X25519Key)>,
}

sp_api::decl_runtime_apis! {
	/// What it takes to file a record, at the time of the block asked.
	pub trait RecordsApi {
		/// What does `author` seal a record of `subject` to? None when the subject has not opened the
		/// compartment.
		fn wrap_targets(
			subject: IdentityId,
			compartment: CompartmentNo,
			author: IdentityId,
		) -> Option<WrapTargets>;
	}
}
