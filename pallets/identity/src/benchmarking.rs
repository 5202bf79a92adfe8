// SPDX-License-Identifier: Apache-2.0

//! Benchmarks: the worst honest case of each call.

use crate::*;
use codec::Encode;
use frame_benchmarking::v2::*;
use frame_support::traits::{Consideration, EnsureOrigin, Get};
use frame_system::RawOrigin;
use salus_primitives::{
	Commitment, IdentityId, IdentityKind, SponsoredRegistration, X25519Key, signed_forms,
};
use salus_traits::identity::{Actor, FeeAllowance, IdentityInspect};
use sp_runtime::{AccountId32, KeyTypeId, MultiSignature, MultiSigner, traits::Convert};

/// The signature schemes of an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scheme {
	/// Ed25519.
	Ed25519,
	/// Schnorr on Ristretto.
	Sr25519,
	/// ECDSA on secp256k1: the public key is recovered.
	Ecdsa,
}

/// Accounts that can sign, for the benchmark of a sponsored registration.
pub trait BenchmarkHelper<AccountId, Signature> {
	/// A fresh account of `scheme`, and its signature over what `message` makes of it.
	fn sign(
		scheme: Scheme,
		message: impl Fn(&AccountId) -> alloc::vec::Vec<u8>,
	) -> (AccountId, Signature);
}

const KEYS: KeyTypeId = KeyTypeId(*b"bnch");

/// Keys of the host's keystore.
impl BenchmarkHelper<AccountId32, MultiSignature> for () {
	fn sign(
		scheme: Scheme,
		message: impl Fn(&AccountId32) -> alloc::vec::Vec<u8>,
	) -> (AccountId32, MultiSignature) {
		use sp_io::crypto::*;
		use sp_runtime::traits::IdentifyAccount;
		match scheme {
			Scheme::Ed25519 => {
				let public = ed25519_generate(KEYS, None);
				let account = MultiSigner::from(public).into_account();
				let signature = ed25519_sign(KEYS, &public, &message(&account));
				(account, signature.expect("the key is in the keystore").into())
			},
			Scheme::Sr25519 => {
				let public = sr25519_generate(KEYS, None);
				let account = MultiSigner::from(public).into_account();
				let signature = sr25519_sign(KEYS, &public, &message(&account));
				(account, signature.expect("the key is in the keystore").into())
			},
			Scheme::Ecdsa => {
				let public = ecdsa_generate(KEYS, None);
				let account = MultiSigner::from(public).into_account();
				let signature = ecdsa_sign(KEYS, &public, &message(&account));
				(account, signature.expect("the key is in the keystore").into())
			},
		}
	}
}

/// The kind of the identity that a benchmark acts as when any will do.
pub struct AsOrganisation;

impl Get<IdentityKind> for AsOrganisation {
	fn get() -> IdentityKind {
		IdentityKind::Organisation
	}
}

/// A sound agreement key, a different one per seed.
pub fn agreement_key(seed: &impl Encode) -> X25519Key {
	let mut key = sp_io::hashing::blake2_256(&(b"benchmark agreement key", seed).encode());
	// Clears bit 255, and with bit 254 the few numbers that are not below 2^255 - 19.
	if let Some(last) = key.last_mut() {
		*last &= 0x3f;
	}
	key
}

const SALT: [u8; 16] = [7; 16];
const PROFILE: Commitment = Commitment([7; 32]);

/// An origin that passes, and who acts by it.
fn acting<T: Config, E>() -> Result<(T::RuntimeOrigin, IdentityId), BenchmarkError>
where
	E: EnsureOrigin<T::RuntimeOrigin, Success = Actor<T::AccountId>>,
{
	let origin = E::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
	let actor = E::ensure_origin(origin.clone()).map_err(|_| BenchmarkError::Weightless)?;
	Ok((origin, actor.id))
}

/// Registers a fresh account for a sponsor by a wallet's signature, whose plain form fails first.
fn sponsored<T: Config>(
	scheme: Scheme,
) -> Result<(T::RuntimeOrigin, Call<T>, IdentityId), BenchmarkError> {
	let (origin, sponsor) = acting::<T, T::SponsorOrigin>()?;
	let deadline = Pallet::<T>::now().saturating_add(T::MaxConsentAge::get());
	let agreement_key = agreement_key(&0);
	let kind = IdentityKind::Patient;
	let (account, signature) = T::BenchmarkHelper::sign(scheme, |account| {
		let consent = SponsoredRegistration {
			genesis: Pallet::<T>::genesis(),
			sponsor,
			account: account.clone().into(),
			kind,
			salt: SALT,
			agreement_key,
			profile: Some(PROFILE),
			deadline,
		};
		let [_, wrapped] = signed_forms(consent.to_bytes());
		wrapped
	});
	let id = Pallet::<T>::id_of(&account, &SALT);
	let call = Call::<T>::register_for {
		account,
		kind,
		salt: SALT,
		agreement_key,
		profile: Some(PROFILE),
		deadline,
		signature,
	};
	Ok((origin, call, id))
}

#[benchmarks]
mod benchmarks {
	use super::*;
	use frame_support::traits::UnfilteredDispatchable;

	#[benchmark]
	fn register() {
		let who: T::AccountId = account("newcomer", 0, 0);
		T::RegistrationDeposit::ensure_successful(&who, Pallet::<T>::registration_footprint());
		let id = Pallet::<T>::id_of(&who, &SALT);
		let key = agreement_key(&who);

		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()), IdentityKind::Practitioner, SALT, key, Some(PROFILE));

		assert_eq!(KeyOwner::<T>::get(who), Some(id));
		assert!(Identities::<T>::get(id).is_some_and(|identity| identity.deposit.is_some()));
	}

	#[benchmark]
	fn register_for_ed25519() -> Result<(), BenchmarkError> {
		let (origin, call, id) = sponsored::<T>(Scheme::Ed25519)?;

		#[block]
		{
			call.dispatch_bypass_filter(origin)?;
		}

		assert!(Identities::<T>::contains_key(id));
		Ok(())
	}

	#[benchmark]
	fn register_for_sr25519() -> Result<(), BenchmarkError> {
		let (origin, call, id) = sponsored::<T>(Scheme::Sr25519)?;

		#[block]
		{
			call.dispatch_bypass_filter(origin)?;
		}

		assert!(Identities::<T>::contains_key(id));
		Ok(())
	}

	#[benchmark]
	fn register_for_ecdsa() -> Result<(), BenchmarkError> {
		let (origin, call, id) = sponsored::<T>(Scheme::Ecdsa)?;

		#[block]
		{
			call.dispatch_bypass_filter(origin)?;
		}

		assert!(Identities::<T>::contains_key(id));
		Ok(())
	}

	#[benchmark]
	fn set_profile() -> Result<(), BenchmarkError> {
		let (origin, id) = acting::<T, T::IdentityOrigin>()?;
		Profiles::<T>::insert(id, Profile { commitment: Commitment([1; 32]), revision: 1 });

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, PROFILE, 1);

		assert_eq!(Profiles::<T>::get(id), Some(Profile { commitment: PROFILE, revision: 2 }));
		Ok(())
	}

	#[benchmark]
	fn rotate_agreement_key() -> Result<(), BenchmarkError> {
		let (origin, id) = acting::<T, T::IdentityOrigin>()?;
		let key = agreement_key(&1);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, key, 1);

		assert_eq!(AgreementIndex::<T>::get(key), Some((id, 2)));
		assert!(RetiredAgreementKeys::<T>::contains_key(id, 1));
		Ok(())
	}

	/// What taking a fee from the allowance adds to a transaction.
	#[benchmark]
	fn try_spend() {
		let who: T::AccountId = account("patient", 0, 0);
		let id = Pallet::<T>::bench_register(&who, IdentityKind::Patient);
		let day = Pallet::<T>::today();
		Allowances::<T>::insert(id, DaySpending { day, spent: 0 });
		let allowance = T::DailyAllowance::convert(IdentityKind::Patient);
		let spent;

		#[block]
		{
			spent = Pallet::<T>::try_spend(&who, allowance);
		}

		assert!(spent);
		assert_eq!(Allowances::<T>::get(id), DaySpending { day, spent: allowance });
	}

	impl_benchmark_test_suite!(
		Pallet,
		crate::mock::ExtBuilder::default().build(),
		crate::mock::Test
	);
}
