// SPDX-License-Identifier: Apache-2.0

//! What subjects ask for, and the status lists that authorities anchor.

use crate::Deposit;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use salus_primitives::{Commitment, Digest, Moment};
use scale_info::TypeInfo;

/// How long the locator of a status list may be, in bytes.
pub const MAX_LOCATOR: u32 = 128;

/// Where something is found: an `https` address.
pub type Locator = BoundedVec<u8, ConstU32<MAX_LOCATOR>>;

/// Whether a locator is an `https` address of printable ASCII that names a host.
pub fn is_locator_sound(locator: &[u8]) -> bool {
	let host = locator.strip_prefix(b"https://").and_then(|rest| rest.first());
	host.is_some_and(u8::is_ascii_alphanumeric) && locator.iter().all(u8::is_ascii_graphic)
}

/// What a subject asks an authority for.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Request<AccountId, Ticket> {
	/// Commitment to the licence data.
	pub commitment: Commitment,
	/// What the authority is to look at: the grant has to name the same.
	pub digest: Digest,
	/// When it was asked, or asked again.
	pub asked_at: Moment,
	/// The deposit for the row.
	pub deposit: Deposit<AccountId, Ticket>,
}

/// A status list of an authority (W3C Bitstring Status List 1.0), which lies off chain.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct StatusList<AccountId, Ticket> {
	/// The hash of the list.
	pub digest: Digest,
	/// Where it is found.
	pub locator: Locator,
	/// Rises with each change.
	pub sequence: u32,
	/// When it was anchored.
	pub anchored_at: Moment,
	/// The deposit for the row.
	pub deposit: Deposit<AccountId, Ticket>,
}

/// What a user sees of a request.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct RequestView {
	/// Commitment to the licence data.
	pub commitment: Commitment,
	/// What the authority is to look at.
	pub digest: Digest,
	/// When it was asked, or asked again.
	pub asked_at: Moment,
	/// Whether it still stands: it is not too old.
	pub is_open: bool,
}

/// What a user sees of a status list.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct StatusListView {
	/// The hash of the list.
	pub digest: Digest,
	/// Where it is found.
	pub locator: Locator,
	/// Rises with each change.
	pub sequence: u32,
	/// When it was anchored.
	pub anchored_at: Moment,
	/// Whether it was anchored before the authority, or its regulator, was cut off.
	pub is_believed: bool,
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_locator_is_an_https_address() {
		for good in ["https://a", "https://status.example/lists/1?x=y#z", "https://9.example:8443/"]
		{
			assert!(is_locator_sound(good.as_bytes()), "{good}");
		}
		let bad = [
			"",
			"https://",
			"https:///x",
			"http://status.example",
			"HTTPS://a",
			"ftp://a",
			"https://a b",
			"https://a\n",
			"https://ä.example",
			" https://a",
			"https://-a",
			"https://a\0",
			"javascript:alert(1)",
			"https",
		];
		for bad in bad {
			assert!(!is_locator_sound(bad.as_bytes()), "{bad:?}");
		}
	}
}
