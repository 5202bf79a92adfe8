// SPDX-License-Identifier: Apache-2.0

//! What other pallets may ask.

use crate::*;
use salus_traits::records::{RecordFacts, RecordInspect};

impl<T: Config> RecordInspect for Pallet<T> {
	fn facts(record: &RecordId) -> Option<RecordFacts> {
		let Record { subject, author, organisation, class, compartment, created, .. } =
			Records::<T>::get(record)?;
		Some(RecordFacts { subject, author, organisation, class, compartment, created })
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn bench_record(
		subject: &salus_primitives::IdentityId,
		author: &salus_primitives::IdentityId,
		compartment: salus_primitives::CompartmentNo,
	) -> RecordId {
		crate::benchmarking::insert_anchored::<T>(subject, author, compartment)
	}
}
