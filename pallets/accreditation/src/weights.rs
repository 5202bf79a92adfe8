// SPDX-License-Identifier: Apache-2.0

//! Placeholder: not measured yet; replaced by frame-omni-bencher before anything ships.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(missing_docs)]
#![allow(unused_parens)]
#![allow(unused_imports)]

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::{Weight, constants::RocksDbWeight}};

/// Weight functions needed for `pallet_health_accreditation`.
pub trait WeightInfo {
	fn appoint_regulator() -> Weight;
	fn remove_regulator() -> Weight;
	fn grant_accreditation() -> Weight;
	fn revoke_accreditation() -> Weight;
	fn reap_accreditation() -> Weight;
	fn invite_affiliation() -> Weight;
	fn accept_affiliation() -> Weight;
	fn end_affiliation_invited() -> Weight;
	fn end_affiliation_accepted() -> Weight;
	fn reap_affiliation() -> Weight;
	fn is_accredited() -> Weight;
	fn affiliations_at() -> Weight;
}

/// Weights for `pallet_health_accreditation`, of the runtime's database.
pub struct SubstrateWeight<T>(PhantomData<T>);
impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
	fn appoint_regulator() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(2, 1))
	}
	fn remove_regulator() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(1, 1))
	}
	fn grant_accreditation() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(7, 4))
	}
	fn revoke_accreditation() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(5, 2))
	}
	fn reap_accreditation() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(4, 4))
	}
	fn invite_affiliation() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(24, 5))
	}
	fn accept_affiliation() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(22, 6))
	}
	fn end_affiliation_invited() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(5, 4))
	}
	fn end_affiliation_accepted() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(4, 2))
	}
	fn reap_affiliation() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(4, 4))
	}
	fn is_accredited() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(17, 0))
	}
	fn affiliations_at() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(T::DbWeight::get().reads_writes(52, 0))
	}
}

// For tests.
impl WeightInfo for () {
	fn appoint_regulator() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(RocksDbWeight::get().reads_writes(2, 1))
	}
	fn remove_regulator() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(RocksDbWeight::get().reads_writes(1, 1))
	}
	fn grant_accreditation() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(RocksDbWeight::get().reads_writes(7, 4))
	}
	fn revoke_accreditation() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(RocksDbWeight::get().reads_writes(5, 2))
	}
	fn reap_accreditation() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(RocksDbWeight::get().reads_writes(4, 4))
	}
	fn invite_affiliation() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(RocksDbWeight::get().reads_writes(24, 5))
	}
	fn accept_affiliation() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(RocksDbWeight::get().reads_writes(22, 6))
	}
	fn end_affiliation_invited() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(RocksDbWeight::get().reads_writes(5, 4))
	}
	fn end_affiliation_accepted() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(RocksDbWeight::get().reads_writes(4, 2))
	}
	fn reap_affiliation() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(RocksDbWeight::get().reads_writes(4, 4))
	}
	fn is_accredited() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(RocksDbWeight::get().reads_writes(17, 0))
	}
	fn affiliations_at() -> Weight {
		Weight::from_parts(50_000_000, 0)
			.saturating_add(RocksDbWeight::get().reads_writes(52, 0))
	}
}
