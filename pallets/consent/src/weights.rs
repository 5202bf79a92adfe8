// SPDX-License-Identifier: Apache-2.0

//! Placeholder: not measured yet; replaced by frame-omni-bencher before anything ships.

#![allow(missing_docs)]

use core::marker::PhantomData;
use frame_support::{
	traits::Get,
	weights::{Weight, constants::RocksDbWeight},
};

/// Weight functions needed for `pallet_health_consent`.
pub trait WeightInfo {
	fn open_compartment() -> Weight;
	fn grant(k: u32) -> Weight;
	fn revoke() -> Weight;
	fn log_access() -> Weight;
	fn check_access() -> Weight;
}

/// Weights for `pallet_health_consent` using the Salus node and recommended hardware.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	fn open_compartment() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(4, 2))
	}
	fn grant(k: u32) -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(11, 17))
			.saturating_add(T::DbWeight::get().reads(k.into()))
	}
	fn revoke() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(6, 4))
	}
	fn log_access() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(13, 6))
	}
	fn check_access() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(T::DbWeight::get().reads(18))
	}
}

// For backwards compatibility and tests.
impl WeightInfo for () {
	fn open_compartment() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads_writes(4, 2))
	}
	fn grant(k: u32) -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(RocksDbWeight::get().reads_writes(11, 17))
			.saturating_add(RocksDbWeight::get().reads(k.into()))
	}
	fn revoke() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads_writes(6, 4))
	}
	fn log_access() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads_writes(13, 6))
	}
	fn check_access() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads(18))
	}
}
