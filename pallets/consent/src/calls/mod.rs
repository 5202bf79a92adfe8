// SPDX-License-Identifier: Apache-2.0

//! The work behind each call, a file per topic, each in the order of the calls; here is what they
//! share.

mod audit;
mod compartments;
mod custodians;
mod delegation;
mod emergencies;
mod grants;
mod log;
mod narrowing;
mod policy;
mod requests;
mod revocation;
mod sweep;

#[cfg(feature = "runtime-benchmarks")]
pub(crate) use delegation::MAX_DENIED_RECORDS;

use crate::*;
use frame_support::{
	pallet_prelude::DispatchError,
	traits::{EnsureOrigin, EnsureOriginWithArg, Get},
	weights::Weight,
};
use frame_system::pallet_prelude::OriginFor;
use salus_primitives::IdentityId;

impl<T: Config> Pallet<T> {
	/// Who acts for the subject, or in its own name.
	pub(crate) fn subject_or_party(
		origin: OriginFor<T>,
		subject: &IdentityId,
	) -> Result<IdentityId, DispatchError> {
		match T::SubjectOrigin::try_origin(origin, subject) {
			Ok(actor) => Ok(actor.id),
			Err(origin) => Ok(T::PartyOrigin::ensure_origin(origin)?.id),
		}
	}

	/// What the calls weigh that do the most, each at its most.
	pub(crate) fn dearest_calls() -> [Weight; 8] {
		[
			T::WeightInfo::rotate_compartment(MAX_WRAPS),
			T::WeightInfo::grant(MAX_COMPARTMENT_KEYS, MAX_GRANTS_PER_PAIR),
			T::WeightInfo::narrow(MAX_COMPARTMENT_KEYS, MAX_SUB_GRANTS),
			Self::weight_of_revoking_all(),
			T::WeightInfo::sub_grant(MAX_COMPARTMENT_KEYS, MAX_LAPSED),
			T::WeightInfo::approve_request(MAX_COMPARTMENT_KEYS, MAX_GRANTS_PER_PAIR),
			T::WeightInfo::break_glass(T::MaxCompartments::get()),
			Self::weight_of_row().saturating_mul(MAX_REAPED.into()),
		]
	}
}
