// SPDX-License-Identifier: Apache-2.0

//! Benchmarks: the worst honest case of each call.

use crate::*;
use alloc::vec;
use frame_benchmarking::v2::*;
use frame_support::{
	assert_ok,
	traits::{Consideration, EnsureOrigin, Get, UnfilteredDispatchable},
};
use frame_system::RawOrigin;
use salus_primitives::{
	Commitment, IdentityId, Kdf, LoginClaim, LoginLocator, SlotId, SlotKind, VaultVersion,
};
use salus_traits::identity::IdentityInspect;
use sp_runtime::KeyTypeId;

const KEYS: KeyTypeId = KeyTypeId(*b"bnch");
const KEY: Commitment = Commitment([7; 32]);
const OTHER_KEY: Commitment = Commitment([8; 32]);

/// An origin that passes and can pay, and the identity that acts by it.
fn acting<T: Config>() -> Result<(T::RuntimeOrigin, IdentityId), BenchmarkError> {
	let origin =
		T::VaultOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
	let actor =
		T::VaultOrigin::ensure_origin(origin.clone()).map_err(|_| BenchmarkError::Weightless)?;
	T::VaultDeposit::ensure_successful(&actor.payer, Pallet::<T>::footprint());
	Ok((origin, actor.id))
}

/// The longest slot there is, with a fresh login of the host's keystore that claims `version`.
fn slot<T: Config>(identity: IdentityId, id: SlotId, version: VaultVersion) -> NewSlot {
	let key = sp_io::crypto::ed25519_generate(KEYS, None);
	let locator = LoginLocator::derive(sp_io::hashing::blake2_256, &key.0);
	let genesis = T::GenesisHash::get();
	let claim = LoginClaim { genesis, identity, locator, version };
	let signature = sp_io::crypto::ed25519_sign(KEYS, &key, &claim.to_bytes())
		.expect("the key is in the keystore");
	let limits = T::KdfLimits::get();
	NewSlot {
		id,
		kind: SlotKind::Password,
		kdf: Kdf::Argon2id {
			memory_kib: limits.max_memory_kib,
			passes: limits.max_passes,
			lanes: limits.max_lanes,
		},
		salt: BoundedVec::truncate_from(vec![1; MAX_SALT as usize]),
		nonce: [2; 24],
		wrapped: BoundedVec::truncate_from(vec![3; MAX_WRAP as usize]),
		login: Some(LoginProof { key: key.0, claim: signature.0 }),
	}
}

/// A call that sets the longest vault there is, with the `count` first slots.
fn set<T: Config>(
	identity: IdentityId,
	key: Commitment,
	count: u32,
	from: VaultVersion,
) -> Call<T> {
	let slots = (0..count).map(|id| slot::<T>(identity, id as SlotId, from.saturating_add(1)));
	Call::set_vault {
		format: 1,
		key_commitment: key,
		body: BoundedVec::truncate_from(vec![4; T::MaxBody::get() as usize]),
		slots: BoundedVec::truncate_from(slots.collect()),
		expected_version: from,
	}
}

/// An identity whose vault, version 1, has `count` slots.
fn with_vault<T: Config>(count: u32) -> Result<(T::RuntimeOrigin, IdentityId), BenchmarkError> {
	let (origin, id) = acting::<T>()?;
	assert_ok!(set::<T>(id, KEY, count, 0).dispatch_bypass_filter(origin.clone()));
	Ok((origin, id))
}

fn vault<T: Config>(id: IdentityId) -> VaultOf<T> {
	Vaults::<T>::get(id).expect("the vault is set")
}

#[benchmarks]
mod benchmarks {
	use super::*;

	/// Every slot that may be gives way to new ones under a new key.
	#[benchmark]
	fn set_vault(n: Linear<1, { T::MaxSlots::get() }>) -> Result<(), BenchmarkError> {
		let (origin, id) = with_vault::<T>(T::MaxSlots::get())?;
		let call = set::<T>(id, OTHER_KEY, n, 1);

		#[block]
		{
			call.dispatch_bypass_filter(origin)?;
		}

		assert_eq!((vault::<T>(id).version, vault::<T>(id).slots.count()), (2, n));
		assert_eq!(vault::<T>(id).key_commitment, OTHER_KEY);
		Ok(())
	}

	#[benchmark]
	fn set_vault_keeping_slots() -> Result<(), BenchmarkError> {
		let (origin, id) = with_vault::<T>(T::MaxSlots::get())?;
		let call = set::<T>(id, KEY, 0, 1);

		#[block]
		{
			call.dispatch_bypass_filter(origin)?;
		}

		assert_eq!(vault::<T>(id).slots.count(), T::MaxSlots::get());
		assert_eq!((vault::<T>(id).version, vault::<T>(id).body_version), (2, 2));
		Ok(())
	}

	#[benchmark]
	fn put_slot() -> Result<(), BenchmarkError> {
		let before = T::MaxSlots::get().saturating_sub(1);
		let (origin, id) = with_vault::<T>(before)?;
		let slot = slot::<T>(id, before as SlotId, 2);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, slot, 1);

		assert_eq!(vault::<T>(id).slots.count(), T::MaxSlots::get());
		assert!(Slots::<T>::contains_key(id, before as SlotId));
		Ok(())
	}

	#[benchmark]
	fn remove_slot() -> Result<(), BenchmarkError> {
		let (origin, id) = with_vault::<T>(T::MaxSlots::get())?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, 0, 1);

		assert_eq!(vault::<T>(id).slots.kind_of(0), None);
		assert!(!Slots::<T>::contains_key(id, 0));
		Ok(())
	}

	#[benchmark]
	fn move_login() -> Result<(), BenchmarkError> {
		let (origin, id) = with_vault::<T>(T::MaxSlots::get())?;
		let before = Slots::<T>::get(id, 0).and_then(|slot| slot.locator);
		let slot = slot::<T>(id, 0, 2);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, slot, 1);

		let after = Slots::<T>::get(id, 0).and_then(|slot| slot.locator);
		assert!(after.is_some() && after != before);
		assert_eq!(after.and_then(Locators::<T>::get), Some((id, 0)));
		assert_eq!(before.and_then(Locators::<T>::get), None);
		Ok(())
	}

	#[benchmark]
	fn clear_vault(n: Linear<1, { T::MaxSlots::get() }>) -> Result<(), BenchmarkError> {
		let (origin, id) = with_vault::<T>(n)?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, 1);

		assert!(!Vaults::<T>::contains_key(id) && !Slots::<T>::contains_key(id, 0));
		assert_eq!(ClearedAt::<T>::get(id), Some(2));
		Ok(())
	}

	#[benchmark]
	fn reap_vault(n: Linear<1, { T::MaxSlots::get() }>) -> Result<(), BenchmarkError> {
		let (_, id) = with_vault::<T>(n)?;
		T::Identities::bench_end(&id);
		let anybody: T::AccountId = account("anybody", 0, 0);

		#[extrinsic_call]
		_(RawOrigin::Signed(anybody), id);

		assert!(!Vaults::<T>::contains_key(id) && !Slots::<T>::contains_key(id, 0));
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::ExtBuilder.build(), crate::mock::Test);
}
