// SPDX-License-Identifier: Apache-2.0

//! What it takes to anchor a record.

use crate::*;
use frame_support::{ensure, pallet_prelude::DispatchResult};
use salus_primitives::RecordClass;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_validation_policy(
		class: RecordClass,
		policy: ValidationPolicy,
	) -> DispatchResult {
		ensure!(policy.is_sound(), Error::<T>::UnsoundPolicy);
		ValidationPolicies::<T>::insert(class, policy);
		Self::deposit_event(Event::ValidationPolicySet { class, policy });
		Ok(())
	}
}
