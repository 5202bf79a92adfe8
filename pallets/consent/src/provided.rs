// SPDX-License-Identifier: Apache-2.0

//! What other pallets may ask this one.

use crate::{Compartments, Config, Pallet};
use salus_primitives::{CompartmentNo, Epoch, IdentityId};

impl<T: Config> salus_traits::consent::Compartments for Pallet<T> {
	fn current_epoch(subject: &IdentityId, compartment: CompartmentNo) -> Option<Epoch> {
		Compartments::<T>::get(subject, compartment).map(|compartment| compartment.epoch)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_open(subject: &IdentityId, compartment: CompartmentNo) {
		use crate::{Compartment, CompartmentCount};
		use frame_support::traits::Time;

		if Compartments::<T>::contains_key(subject, compartment) {
			return;
		}
		// The u-coordinate of the base point: canonical, and of large order.
		let mut key = [0; 32];
		key[0] = 9;
		let opened_at = T::Time::now();
		let open = Compartment { epoch: 0, key, restricted: false, opened_at, rotation_due: false };
		Compartments::<T>::insert(subject, compartment, open);
		CompartmentCount::<T>::mutate(subject, |count| *count += 1);
	}
}
