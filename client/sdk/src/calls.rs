// SPDX-License-Identifier: Apache-2.0

//! The calls of Salus' own pallets, one function each, by pallet.
//!
//! A test compares the arguments of every one with the committed metadata.

use crate::Call;

type Account = [u8; 32];

macro_rules! calls {
	($(
		$(#[$doc:meta])*
		$pallet:literal $module:ident {
			$( $(#[$call_doc:meta])* $call:ident($($argument:ident: $type:ty),* $(,)?); )*
		}
	)*) => {
		$(
			$(#[$doc])*
			pub mod $module {
				use super::*;

				$(
					$(#[$call_doc])*
					pub fn $call($($argument: $type),*) -> Call {
						Call::new($pallet, stringify!($call), ($($argument,)*))
					}
				)*
			}
		)*

		/// Names and argument types of every call above.
		#[cfg(test)]
		pub(super) fn signatures() -> Vec<crate::shape::Signature> {
			vec![$($(
				crate::shape::Signature {
					pallet: $pallet,
					name: stringify!($call),
					arguments: vec![
						$((stringify!($argument), scale_info::meta_type::<$type>())),*
					],
				},
			)*)*]
		}
	};
}

mod agreement;
mod goods;
mod health;
mod people;

pub use agreement::consent;
pub use goods::supply;
pub use health::records;
pub use people::{accreditation, identity, vault};

/// Tokens.
pub mod balances {
	use super::*;
	use codec::Compact;

	/// Sends tokens, in the smallest unit, and keeps the sending account alive.
	pub fn transfer_keep_alive(dest: Account, value: u128) -> Call {
		// Variant 0 of `MultiAddress` is an account.
		Call::new("Balances", "transfer_keep_alive", (0u8, dest, Compact(value)))
	}
}

#[cfg(test)]
mod tests {
	#[test]
	fn every_call_has_the_arguments_of_the_metadata() {
		let people = super::people::signatures().into_iter();
		let all = people
			.chain(super::health::signatures())
			.chain(super::agreement::signatures())
			.chain(super::goods::signatures());
		for signature in all {
			signature.check_call();
		}
	}
}
