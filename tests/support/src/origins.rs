// SPDX-License-Identifier: Apache-2.0

//! Doubles of the origins, over the double of the identity domain.

use crate::Identities;
use frame_support::traits::{EnsureOrigin, EnsureOriginWithArg};
use frame_system::RawOrigin;
use salus_primitives::{CallScope, IdentityId};
use salus_traits::identity::{Actor, IdentityInspect};
use sp_runtime::AccountId32;

/// Any active identity, by one of its accounts.
pub struct EnsureActor;

impl<O> EnsureOrigin<O> for EnsureActor
where
	O: Into<Result<RawOrigin<AccountId32>, O>> + From<RawOrigin<AccountId32>>,
{
	type Success = Actor<AccountId32>;

	fn try_origin(origin: O) -> Result<Self::Success, O> {
		let raw = origin.into()?;
		let RawOrigin::Signed(payer) = &raw else { return Err(raw.into()) };
		let actor = Identities::acting_identity(payer, CallScope::RecordAnchor).and_then(|id| {
			let kind = Identities::active_kind(&id)?;
			Some(Actor { id, kind, key: 0, payer: payer.clone() })
		});
		actor.ok_or_else(|| raw.into())
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<O, ()> {
		let account = AccountId32::new([1; 32]);
		Identities::bench_register(&account, salus_primitives::IdentityKind::Organisation);
		Ok(RawOrigin::Signed(account).into())
	}
}

/// The identity named, by one of its own accounts.
pub struct EnsureSubject;

impl<O> EnsureOriginWithArg<O, IdentityId> for EnsureSubject
where
	O: Into<Result<RawOrigin<AccountId32>, O>> + From<RawOrigin<AccountId32>>,
{
	type Success = Actor<AccountId32>;

	fn try_origin(origin: O, subject: &IdentityId) -> Result<Self::Success, O> {
		let actor = EnsureActor::try_origin(origin)?;
		if actor.id == *subject { Ok(actor) } else { Err(RawOrigin::Signed(actor.payer).into()) }
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin(_: &IdentityId) -> Result<O, ()> {
		// A subject's account cannot be found from its id: register it, and sign as its account.
		Err(())
	}
}
