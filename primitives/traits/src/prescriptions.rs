// SPDX-License-Identifier: Apache-2.0

//! What the prescriptions domain answers.

use salus_gs1::UdiDi;
use salus_primitives::{Digest, IdentityId, Moment};

/// Which prescription a dispensing fills.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RxClaim {
	/// A line of a prescription, named openly.
	Open {
		/// Which prescription.
		prescription: Digest,
		/// Which of its lines.
		line: u8,
	},
	/// Two commitments under one secret.
	Sealed {
		/// To the units.
		units: Digest,
		/// To the prescription.
		prescription: Digest,
	},
}

/// Whether a prescription covers what is handed over.
pub trait PrescriptionCheck {
	/// Whether `dispenser` may hand `units` of `product` over at `at` by this claim.
	fn covers(
		claim: &RxClaim,
		dispenser: &IdentityId,
		product: &UdiDi,
		units: u32,
		at: Moment,
	) -> bool;
}

impl PrescriptionCheck for () {
	fn covers(_: &RxClaim, _: &IdentityId, _: &UdiDi, _: u32, _: Moment) -> bool {
		false
	}
}
