// SPDX-License-Identifier: Apache-2.0

//! What is stored and shown, and the rules that need no storage.

mod accreditations;
mod affiliations;
mod authorities;
mod held;
mod requests;
mod status;

pub use accreditations::*;
pub use affiliations::*;
pub use authorities::*;
pub use held::*;
pub use requests::*;
pub use status::*;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use salus_primitives::{Moment, Window};
use scale_info::TypeInfo;

/// A ticket, and who gets its deposit back.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Deposit<AccountId, Ticket> {
	/// Whose money is held.
	pub depositor: AccountId,
	/// What it is held for.
	pub ticket: Ticket,
}

/// `window` without the part before `now`, or `None` when nothing is left.
///
/// Nobody can be made licensed, or employed, in the past.
pub fn remainder(window: Window, now: Moment) -> Option<Window> {
	Window::new(window.from.max(now), window.until)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn what_is_left_of_a_window_begins_now_at_the_earliest() {
		let window = Window { from: 10, until: 20 };
		assert_eq!(remainder(window, 5), Some(window));
		assert_eq!(remainder(window, 15), Some(Window { from: 15, until: 20 }));
		assert_eq!(remainder(window, 20), None);
		assert_eq!(remainder(Window { from: 20, until: 10 }, 5), None);
	}
}
