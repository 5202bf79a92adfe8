// SPDX-License-Identifier: Apache-2.0

//! What the database takes for a storage item. `cargo xtask bench database` writes this file.

use frame_support::{
	parameter_types,
	weights::{RuntimeDbWeight, constants::WEIGHT_REF_TIME_PER_NANOS},
};

parameter_types! {
	/// The SDK's figures for ParityDB, until ours are measured.
	pub const OwnDbWeight: RuntimeDbWeight = RuntimeDbWeight {
		read: 8_000 * WEIGHT_REF_TIME_PER_NANOS,
		write: 50_000 * WEIGHT_REF_TIME_PER_NANOS,
	};
}
