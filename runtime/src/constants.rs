// SPDX-License-Identifier: Apache-2.0

//! Time, money, block limits and bounds: every number with its reason.

use crate::{Balance, BlockNumber};
use frame_support::weights::{
	Weight,
	constants::{ExtrinsicBaseWeight, WEIGHT_REF_TIME_PER_SECOND},
};
use salus_primitives::Moment;
use sp_runtime::Perbill;

/// Time, in blocks and milliseconds.
pub mod time {
	use super::*;

	/// One slot: finality of a revocation is felt, so it is short.
	pub const MILLISECS_PER_BLOCK: Moment = 3_000;
	/// Aura's word for it.
	pub const SLOT_DURATION: Moment = MILLISECS_PER_BLOCK;
	/// One minute in blocks.
	pub const MINUTES: BlockNumber = 60_000 / (MILLISECS_PER_BLOCK as BlockNumber);
	/// One hour in blocks.
	pub const HOURS: BlockNumber = MINUTES * 60;
	/// One day in blocks.
	pub const DAYS: BlockNumber = HOURS * 24;
	/// A session. Each change of the set costs a light client one more step of its warp proof, so
	/// sessions are no shorter than an hour.
	pub const SESSION: BlockNumber = HOURS;
	/// Sessions for which key ownership can be proved: a week to report an equivocation.
	pub const HISTORY_SESSIONS: u32 = 7 * 24;
	/// One day in milliseconds.
	pub const MILLIS_PER_DAY: Moment = salus_primitives::DAY;
}

/// Money, in the smallest unit.
pub mod currency {
	use super::*;

	/// One SAL: 12 decimals, as `tokenDecimals` says.
	pub const SAL: Balance = 1_000_000_000_000;
	/// A thousandth.
	pub const MILLI: Balance = SAL / 1_000;
	/// A millionth.
	pub const MICRO: Balance = MILLI / 1_000;
	/// What an account needs to exist with a balance. Identities exist without.
	pub const EXISTENTIAL_DEPOSIT: Balance = MILLI;

	/// The rent of `items` storage items with `bytes` bytes: 10 mSAL an item for the trie nodes it
	/// touches, 10 µSAL a byte.
	pub const fn deposit(items: u32, bytes: u32) -> Balance {
		items as Balance * 10 * MILLI + bytes as Balance * 10 * MICRO
	}
}

/// Fees.
pub mod fees {
	use super::{currency::*, *};

	/// What an empty extrinsic costs. With 108 µs for it, a full second of block time costs about
	/// 9 SAL: dear enough that filling blocks empties an account, cheap enough for a hospital.
	pub const BASE_EXTRINSIC_FEE: Balance = MILLI;
	/// What one byte costs.
	pub const BYTE_FEE: Balance = MICRO;

	/// The fee units a patient may spend a day without holding a token: some hundred grants.
	pub const PATIENT_DAILY_ALLOWANCE: Balance = SAL;

	/// The weight that [`BASE_EXTRINSIC_FEE`] pays.
	pub fn base_weight() -> u64 {
		ExtrinsicBaseWeight::get().ref_time()
	}
}

/// Limits of a block.
pub mod block {
	use super::*;

	/// Execution may take a second of the three-second slot, until measurements allow more.
	pub const MAXIMUM_BLOCK_WEIGHT: Weight =
		Weight::from_parts(WEIGHT_REF_TIME_PER_SECOND, u64::MAX);
	/// What is left for operational calls and inherents stays free of user load.
	pub const NORMAL_DISPATCH_RATIO: Perbill = Perbill::from_percent(75);
	/// Initialisation hooks never take more than this share.
	pub const AVERAGE_ON_INITIALIZE_RATIO: Perbill = Perbill::from_percent(10);
	/// Bytes of a block.
	pub const MAXIMUM_BLOCK_LENGTH: u32 = 5 * 1024 * 1024;
	/// How many block hashes are kept: two hours of mortal transactions.
	pub const BLOCK_HASH_COUNT: BlockNumber = 2_400;
}
