// SPDX-License-Identifier: Apache-2.0

//! What is stored and shown, and the rules that need no storage.

mod agreement;
mod allowance;
mod document;
mod genesis;
mod identity;
mod keys;
mod services;

pub use agreement::*;
pub use allowance::*;
pub use document::*;
pub use genesis::*;
pub use identity::*;
pub use keys::*;
pub use services::*;

use codec::{Decode, Encode};
use scale_info::TypeInfo;

/// Why there is no page.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub enum ListError {
	/// Ask for fewer.
	#[codec(index = 0)]
	LimitTooLarge {
		/// The longest page there is.
		max: u32,
	},
	/// There is no such identity.
	#[codec(index = 1)]
	UnknownIdentity,
}
