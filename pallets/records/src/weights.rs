// SPDX-License-Identifier: Apache-2.0

//! Placeholder: not measured yet; replaced by frame-omni-bencher before anything ships.

#![allow(missing_docs)]

use core::marker::PhantomData;
use frame_support::{
	traits::Get,
	weights::{Weight, constants::RocksDbWeight},
};

/// The weights of this pallet's calls.
pub trait WeightInfo {
	fn propose_external() -> Weight;
	fn propose_inline() -> Weight;
	fn attest() -> Weight;
	fn anchor_validated_external(a: u32) -> Weight;
	fn anchor_validated_inline(a: u32) -> Weight;
	fn amend_external(a: u32) -> Weight;
	fn amend_inline(a: u32) -> Weight;
	fn retract() -> Weight;
	fn set_validation_policy() -> Weight;
}

/// Weights with the database of the runtime.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	fn propose_external() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(14, 6))
	}

	fn propose_inline() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(14, 7))
	}

	fn attest() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(8, 4))
	}

	fn anchor_validated_external(a: u32) -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(a.into()))
			.saturating_add(T::DbWeight::get().reads(6_u64.saturating_mul(a.into())))
			.saturating_add(T::DbWeight::get().reads_writes(14, 6))
	}

	fn anchor_validated_inline(a: u32) -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(a.into()))
			.saturating_add(T::DbWeight::get().reads(6_u64.saturating_mul(a.into())))
			.saturating_add(T::DbWeight::get().reads_writes(14, 7))
	}

	fn amend_external(a: u32) -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(a.into()))
			.saturating_add(T::DbWeight::get().reads(6_u64.saturating_mul(a.into())))
			.saturating_add(T::DbWeight::get().reads_writes(14, 8))
	}

	fn amend_inline(a: u32) -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(a.into()))
			.saturating_add(T::DbWeight::get().reads(6_u64.saturating_mul(a.into())))
			.saturating_add(T::DbWeight::get().reads_writes(14, 9))
	}

	fn retract() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(20, 19))
	}

	fn set_validation_policy() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(T::DbWeight::get().reads_writes(0, 1))
	}
}

// For tests.
impl WeightInfo for () {
	fn propose_external() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads_writes(14, 6))
	}

	fn propose_inline() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads_writes(14, 7))
	}

	fn attest() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads_writes(8, 4))
	}

	fn anchor_validated_external(a: u32) -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(a.into()))
			.saturating_add(RocksDbWeight::get().reads(6_u64.saturating_mul(a.into())))
			.saturating_add(RocksDbWeight::get().reads_writes(14, 6))
	}

	fn anchor_validated_inline(a: u32) -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(a.into()))
			.saturating_add(RocksDbWeight::get().reads(6_u64.saturating_mul(a.into())))
			.saturating_add(RocksDbWeight::get().reads_writes(14, 7))
	}

	fn amend_external(a: u32) -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(a.into()))
			.saturating_add(RocksDbWeight::get().reads(6_u64.saturating_mul(a.into())))
			.saturating_add(RocksDbWeight::get().reads_writes(14, 8))
	}

	fn amend_inline(a: u32) -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(Weight::from_parts(100_000_000, 0).saturating_mul(a.into()))
			.saturating_add(RocksDbWeight::get().reads(6_u64.saturating_mul(a.into())))
			.saturating_add(RocksDbWeight::get().reads_writes(14, 9))
	}

	fn retract() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads_writes(20, 19))
	}

	fn set_validation_policy() -> Weight {
		Weight::from_parts(50_000_000, 0).saturating_add(RocksDbWeight::get().reads_writes(0, 1))
	}
}
