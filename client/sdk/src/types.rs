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

mod accreditation;
mod audit;
mod consent;
mod emergency;
mod identity;
mod records;
pub mod supply;
mod vault;

pub use accreditation::*;
pub use audit::*;
pub use consent::*;
pub use emergency::*;
pub use identity::*;
pub use records::*;
pub use vault::*;

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
