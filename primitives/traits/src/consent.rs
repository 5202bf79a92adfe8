// SPDX-License-Identifier: Apache-2.0

//! What the consent domain answers.

use salus_primitives::{CompartmentNo, Epoch, IdentityId};

/// The compartments of patients.
pub trait Compartments {
	/// The current epoch of a compartment, when it was opened.
	fn current_epoch(subject: &IdentityId, compartment: CompartmentNo) -> Option<Epoch>;

	/// Makes sure that the compartment is open, for benchmarks.
	#[cfg(feature = "runtime-benchmarks")]
	fn bench_open(subject: &IdentityId, compartment: CompartmentNo);
}

impl Compartments for () {
	fn current_epoch(_: &IdentityId, _: CompartmentNo) -> Option<Epoch> {
		None
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_open(_: &IdentityId, _: CompartmentNo) {}
}
