// SPDX-License-Identifier: Apache-2.0

//! Whether a call finds room in a block.

use crate::{At, Call, Error};
use codec::{Decode, Encode, Output};

/// What signature and extensions add to the length of a call, with air.
const OVERHEAD: usize = 256;

/// Time and proof that a call takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Encode, Decode)]
struct Weight {
	#[codec(compact)]
	ref_time: u64,
	#[codec(compact)]
	proof_size: u64,
}

impl Weight {
	fn fits_into(&self, limit: &Self) -> bool {
		self.ref_time <= limit.ref_time && self.proof_size <= limit.proof_size
	}
}

/// What a call weighs and costs, as the runtime says it.
#[derive(Decode)]
struct DispatchInfo {
	weight: Weight,
	#[allow(dead_code)]
	class: u8,
	#[allow(dead_code)]
	partial_fee: u128,
}

/// The first fields of FRAME's `BlockWeights`, up to the largest normal extrinsic.
type Limits = (Weight, Weight, Weight, Option<Weight>);

/// Bytes that are encoded already.
struct Raw<'a>(&'a [u8]);

impl Encode for Raw<'_> {
	fn encode_to<T: Output + ?Sized>(&self, to: &mut T) {
		to.write(self.0);
	}
}

impl At {
	/// Whether a block takes a call at all, by its weight and by its length.
	pub async fn has_room_for(&self, call: &Call) -> Result<bool, Error> {
		let bytes = call.encode(self.block.metadata_ref())?;
		let length = u32::try_from(bytes.len().saturating_add(OVERHEAD)).unwrap_or(u32::MAX);
		// The first field of `BlockLength` is that of normal extrinsics.
		if length > self.system_constant::<u32>("BlockLength")? {
			return Ok(false);
		}
		let (_, _, _, largest): Limits = self.system_constant("BlockWeights")?;
		let Some(largest) = largest else { return Ok(true) };
		let question = (Raw(&bytes), length);
		let info: DispatchInfo =
			self.api("TransactionPaymentCallApi", "query_call_info", &question).await?;
		Ok(info.weight.fits_into(&largest))
	}

	/// The beginning of a constant of the system pallet.
	fn system_constant<T: Decode>(&self, name: &str) -> Result<T, Error> {
		let pallet = self.block.metadata_ref().pallet_by_name("System");
		let constant = pallet.and_then(|pallet| pallet.constant_by_name(name));
		let value = constant.and_then(|constant| T::decode(&mut constant.value()).ok());
		value.ok_or_else(|| Error::OtherRuntime { what: format!("System.{name}") })
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::committed_metadata;

	fn constant<T: Decode>(name: &str) -> T {
		let pallet = committed_metadata().pallet_by_name("System").unwrap();
		T::decode(&mut pallet.constant_by_name(name).unwrap().value()).unwrap()
	}

	#[test]
	fn the_limits_of_a_block_are_read_from_the_metadata() {
		let (_, block, _, largest): Limits = constant("BlockWeights");
		let largest = largest.expect("normal extrinsics have a limit");
		assert!(largest.fits_into(&block) && !block.fits_into(&largest));
		let length: u32 = constant("BlockLength");
		assert!((1 << 20..=64 << 20).contains(&length), "{length}");
	}

	#[test]
	fn what_is_encoded_already_stands_as_it_is() {
		assert_eq!((Raw(&[1, 2]), 3u32).encode(), [1, 2, 3, 0, 0, 0]);
	}
}
