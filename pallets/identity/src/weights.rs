// SPDX-License-Identifier: Apache-2.0

//! Placeholder: not measured yet; replaced by frame-omni-bencher before anything ships.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(missing_docs)]
#![allow(unused_parens)]
#![allow(unused_imports)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::{Weight, constants::RocksDbWeight}};

/// Weight functions needed for `pallet_health_identity`.
pub trait WeightInfo {
	fn register() -> Weight;
	fn register_for_ed25519() -> Weight;
	fn register_for_sr25519() -> Weight;
	fn register_for_ecdsa() -> Weight;
	fn set_profile() -> Weight;
	fn rotate_agreement_key() -> Weight;
	fn try_spend() -> Weight;
}

/// Weights for `pallet_health_identity`, of the runtime's database.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	fn register() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(4, 5))
	}
	fn register_for_ed25519() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(5, 6))
	}
	fn register_for_sr25519() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(5, 6))
	}
	fn register_for_ecdsa() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(5, 6))
	}
	fn set_profile() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(3, 1))
	}
	fn rotate_agreement_key() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(3, 3))
	}
	fn try_spend() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(3, 1))
	}
}

// For tests.
impl WeightInfo for () {
	fn register() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(RocksDbWeight::get().reads_writes(4, 5))
	}
	fn register_for_ed25519() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(RocksDbWeight::get().reads_writes(5, 6))
	}
	fn register_for_sr25519() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(RocksDbWeight::get().reads_writes(5, 6))
	}
	fn register_for_ecdsa() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(RocksDbWeight::get().reads_writes(5, 6))
	}
	fn set_profile() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(RocksDbWeight::get().reads_writes(3, 1))
	}
	fn rotate_agreement_key() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(RocksDbWeight::get().reads_writes(3, 3))
	}
	fn try_spend() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(RocksDbWeight::get().reads_writes(3, 1))
	}
}
