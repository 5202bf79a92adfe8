// SPDX-License-Identifier: Apache-2.0

//! Benchmarks: the worst honest case of each call.

use crate::*;
use alloc::vec::Vec;
use codec::Encode;
use frame_benchmarking::v2::*;
use frame_support::traits::{Consideration, EnsureOrigin, EnsureOriginWithArg, Get, OriginTrait};
use frame_system::RawOrigin;
use salus_primitives::{
	CallScope, CallScopes, Commitment, IdentityId, IdentityKind, KeyAddition, KeyId, KeyPurposes,
	PrimaryRotation, PublicKey, SponsoredRegistration, SuspensionGround, X25519Key, signed_forms,
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

/// Accounts that can sign, for benchmarks of what they agree to.
pub trait BenchmarkHelper<AccountId, Signature> {
	/// A fresh account of `scheme`, the key behind it, and its signature over what `message` makes
	/// of the two.
	fn sign(
		scheme: Scheme,
		message: impl Fn(&AccountId, PublicKey) -> Vec<u8>,
	) -> (AccountId, PublicKey, Signature);
}

const KEYS: KeyTypeId = KeyTypeId(*b"bnch");

/// Keys of the host's keystore.
impl BenchmarkHelper<AccountId32, MultiSignature> for () {
	fn sign(
		scheme: Scheme,
		message: impl Fn(&AccountId32, PublicKey) -> Vec<u8>,
	) -> (AccountId32, PublicKey, MultiSignature) {
		use sp_io::crypto::*;
		use sp_runtime::traits::IdentifyAccount;
		match scheme {
			Scheme::Ed25519 => {
				let key = ed25519_generate(KEYS, None);
				let account = MultiSigner::from(key).into_account();
				let public = PublicKey::Ed25519(key.0);
				let signature = ed25519_sign(KEYS, &key, &message(&account, public));
				(account, public, signature.expect("the key is in the keystore").into())
			},
			Scheme::Sr25519 => {
				let key = sr25519_generate(KEYS, None);
				let account = MultiSigner::from(key).into_account();
				let public = PublicKey::Sr25519(key.0);
				let signature = sr25519_sign(KEYS, &key, &message(&account, public));
				(account, public, signature.expect("the key is in the keystore").into())
			},
			Scheme::Ecdsa => {
				let key = ecdsa_generate(KEYS, None);
				let account = MultiSigner::from(key).into_account();
				let public = PublicKey::Ecdsa(key.0);
				let signature = ecdsa_sign(KEYS, &key, &message(&account, public));
				(account, public, signature.expect("the key is in the keystore").into())
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

/// An origin that passes by a primary key, and who acts by it.
fn acting<T: Config, E>() -> Result<(T::RuntimeOrigin, IdentityId), BenchmarkError>
where
	E: EnsureOrigin<T::RuntimeOrigin, Success = Actor<T::AccountId>>,
{
	let origin = E::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
	let actor = E::ensure_origin(origin.clone()).map_err(|_| BenchmarkError::Weightless)?;
	Ok((origin, actor.id))
}

/// An origin that passes by a further key, and who acts by it. It is the dearer one: that the key
/// ends has to be held against the clock.
fn acting_further<T: Config, E>() -> Result<(T::RuntimeOrigin, Actor<T::AccountId>), BenchmarkError>
where
	E: EnsureOrigin<T::RuntimeOrigin, Success = Actor<T::AccountId>>,
{
	let (_, id) = acting::<T, E>()?;
	let who: T::AccountId = account("further", 0, 0);
	further_key::<T>(&id, &who, CallScopes::ALL);
	let origin = T::RuntimeOrigin::signed(who);
	let actor = E::ensure_origin(origin.clone()).map_err(|_| BenchmarkError::Weightless)?;
	Ok((origin, actor))
}

/// The latest deadline that what an account signs may have.
fn latest_deadline<T: Config>() -> Moment {
	Pallet::<T>::now().saturating_add(T::MaxConsentAge::get())
}

/// As a wallet wraps it, so that the plain form is tried first and fails.
fn wrapped(statement: Vec<u8>) -> Vec<u8> {
	let [_, wrapped] = signed_forms(statement);
	wrapped
}

/// Registers a fresh account for a sponsor.
fn sponsored<T: Config>(
	scheme: Scheme,
) -> Result<(T::RuntimeOrigin, Call<T>, IdentityId), BenchmarkError> {
	let (origin, sponsor) = acting_further::<T, T::SponsorOrigin>()?;
	let deadline = latest_deadline::<T>();
	let agreement_key = agreement_key(&0);
	let kind = IdentityKind::Patient;
	let (account, public, signature) = T::BenchmarkHelper::sign(scheme, |account, public| {
		let consent = SponsoredRegistration {
			genesis: Pallet::<T>::genesis(),
			sponsor: sponsor.id,
			account: account.clone().into(),
			public,
			kind,
			salt: SALT,
			agreement_key,
			profile: Some(PROFILE),
			deadline,
		};
		wrapped(consent.to_bytes())
	});
	let id = Pallet::<T>::id_of(&account, &SALT);
	let call = Call::<T>::register_for {
		account,
		kind,
		salt: SALT,
		agreement_key,
		profile: Some(PROFILE),
		public,
		deadline,
		signature,
	};
	Ok((origin, call, id))
}

const ANCHORING: CallScopes = CallScopes::of(&[CallScope::RecordAnchor]);

/// Adds a fresh account as a key, where a version of the document has to go for the new one.
fn addition<T: Config>(
	scheme: Scheme,
) -> Result<(T::RuntimeOrigin, Call<T>, IdentityId), BenchmarkError> {
	let (origin, Actor { id, .. }) = acting_further::<T, T::KeyAdminOrigin>()?;
	fill_document_versions::<T>(&id);
	let deadline = latest_deadline::<T>();
	let (purposes, scopes, valid_until) = (KeyPurposes::ALL, ANCHORING, Some(Moment::MAX));
	let (account, public, proof) = T::BenchmarkHelper::sign(scheme, |account, _| {
		let statement = KeyAddition {
			genesis: Pallet::<T>::genesis(),
			identity: id,
			account: account.clone().into(),
			purposes,
			scopes,
			valid_until,
			deadline,
		};
		wrapped(statement.to_bytes())
	});
	let call =
		Call::<T>::add_key { account, public, purposes, scopes, valid_until, deadline, proof };
	Ok((origin, call, id))
}

/// Rotates the primary key to a fresh account.
fn rotation<T: Config>(
	scheme: Scheme,
) -> Result<(T::RuntimeOrigin, Call<T>, IdentityId), BenchmarkError> {
	let (origin, id) = acting::<T, T::KeyAdminOrigin>()?;
	fill_document_versions::<T>(&id);
	let deadline = latest_deadline::<T>();
	let (new_account, public, proof) = T::BenchmarkHelper::sign(scheme, |account, _| {
		let statement = PrimaryRotation {
			genesis: Pallet::<T>::genesis(),
			identity: id,
			account: account.clone().into(),
			epoch: 0,
			deadline,
		};
		wrapped(statement.to_bytes())
	});
	let call =
		Call::<T>::rotate_primary { new_account, public, deadline, expected_epoch: 0, proof };
	Ok((origin, call, id))
}

/// Lets an identity have as many versions of its document as are remembered.
fn fill_document_versions<T: Config>(id: &IdentityId) {
	let (most, at) = (T::MaxDocVersions::get(), Pallet::<T>::now());
	let block = frame_system::Pallet::<T>::block_number();
	for version in 1..=most {
		DocVersions::<T>::insert(id, version, DocStamp { at, block });
	}
	change::<T>(id, |identity| {
		identity.doc_version = most;
		identity.updated_at = at;
	});
}

/// Changes the row of an identity.
fn change<T: Config>(id: &IdentityId, change: impl FnOnce(&mut IdentityOf<T>)) {
	Identities::<T>::mutate(id, |identity| {
		if let Some(identity) = identity {
			change(identity);
		}
	});
}

/// Gives an identity a further key, which ends, and says which.
fn further_key<T: Config>(id: &IdentityId, account: &T::AccountId, scopes: CallScopes) -> KeyId {
	let key = Identities::<T>::get(id).map_or(0, |identity| identity.next_key);
	let record = KeyRecord {
		identity: *id,
		key,
		public: PublicKey::Derived,
		purposes: KeyPurposes::ALL,
		scopes,
		valid_from: Pallet::<T>::now(),
		valid_until: Some(Moment::MAX),
		status: KeyStatus::Active,
		added_in: 1,
		ended_in: None,
	};
	Pallet::<T>::bind_key(account, record);
	change::<T>(id, |identity| {
		identity.next_key = identity.next_key.saturating_add(1);
		identity.active_keys = identity.active_keys.saturating_add(1);
	});
	key
}

/// Gives an identity a further key that signs nothing.
fn idle_key<T: Config>(id: &IdentityId) -> KeyId {
	further_key::<T>(id, &account("idle", 0, 0), CallScopes::default())
}

/// What became of a key.
fn status_of<T: Config>(id: IdentityId, key: KeyId) -> Option<KeyStatus> {
	Pallet::<T>::view_key(&id, key).map(|key| key.status)
}

/// The largest service there is, a different one per number.
fn service(number: u8) -> Service {
	let mut id = alloc::vec![b'a'; 32];
	id.iter_mut().take(1).for_each(|first| *first = b'a'.saturating_add(number));
	let mut url = b"https://".to_vec();
	url.resize(256, b'a');
	Service {
		id: id.try_into().expect("it is as long as it may be"),
		kind: alloc::vec![b'a'; 64].try_into().expect("it is as long as it may be"),
		url: url.try_into().expect("it is as long as it may be"),
	}
}

/// Lets whoever passes `E` list `number` services.
fn list_services<T: Config, E>(number: u32) -> Result<IdentityId, BenchmarkError>
where
	E: EnsureOrigin<T::RuntimeOrigin, Success = Actor<T::AccountId>>,
{
	let origin = E::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
	let actor = E::ensure_origin(origin).map_err(|_| BenchmarkError::Weightless)?;
	for number in 0..number {
		let service = service(number as u8);
		let footprint = Pallet::<T>::service_footprint(&service);
		T::ServiceDeposit::ensure_successful(&actor.payer, footprint);
		Pallet::<T>::do_add_service(actor.clone(), service)?;
	}
	Ok(actor.id)
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
		let public = PublicKey::Sr25519(who.clone().into());
		let kind = IdentityKind::Practitioner;

		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()), kind, SALT, key, Some(PROFILE), public);

		assert_eq!(KeyOwner::<T>::get(who).map(|key| key.identity), Some(id));
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
		let (origin, Actor { id, .. }) = acting_further::<T, T::ProfileOrigin>()?;
		let first = Some(Commitment([1; 32]));
		Profiles::<T>::insert(id, Profile { commitment: first, revision: 1 });

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, PROFILE, 1);

		let expected = Profile { commitment: Some(PROFILE), revision: 2 };
		assert_eq!(Profiles::<T>::get(id), Some(expected));
		Ok(())
	}

	#[benchmark]
	fn clear_profile() -> Result<(), BenchmarkError> {
		let (origin, Actor { id, .. }) = acting_further::<T, T::ProfileOrigin>()?;
		Profiles::<T>::insert(id, Profile { commitment: Some(PROFILE), revision: 1 });

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, 1);

		assert_eq!(Profiles::<T>::get(id), Some(Profile { commitment: None, revision: 2 }));
		Ok(())
	}

	#[benchmark]
	fn deactivate(s: Linear<0, { T::MaxServices::get() }>) -> Result<(), BenchmarkError> {
		let (origin, id) = acting::<T, T::KeyAdminOrigin>()?;
		list_services::<T, T::KeyAdminOrigin>(s)?;
		fill_document_versions::<T>(&id);
		Profiles::<T>::insert(id, Profile { commitment: Some(PROFILE), revision: 1 });
		let depositor: T::AccountId = account("depositor", 0, 0);
		let footprint = Pallet::<T>::registration_footprint();
		T::RegistrationDeposit::ensure_successful(&depositor, footprint);
		let ticket = T::RegistrationDeposit::new(&depositor, footprint)?;
		change::<T>(&id, |identity| identity.deposit = Some(Deposit { depositor, ticket }));

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, T::MaxDocVersions::get());

		let identity = Identities::<T>::get(id);
		assert!(identity.is_some_and(|identity| identity.status.deactivated_at().is_some()));
		assert_eq!(Services::<T>::iter_prefix(id).count(), 0);
		assert!(!Profiles::<T>::contains_key(id));
		Ok(())
	}

	/// By the dearer of the origins: an authority has to show that it is over the subject.
	#[benchmark]
	fn suspend_identity() -> Result<(), BenchmarkError> {
		let kind = IdentityKind::Organisation;
		let id = Pallet::<T>::bench_register(&account("subject", 0, 0), kind);
		let origin = T::SuspensionOrigin::try_successful_origin(&id)
			.map_err(|()| BenchmarkError::Weightless)?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id, SuspensionGround::LegalOrder, Some(Moment::MAX));

		assert_eq!(Pallet::<T>::active_kind(&id), None);
		Ok(())
	}

	#[benchmark]
	fn reinstate_identity() -> Result<(), BenchmarkError> {
		let kind = IdentityKind::Organisation;
		let id = Pallet::<T>::bench_register(&account("subject", 0, 0), kind);
		let origin = T::SuspensionOrigin::try_successful_origin(&id)
			.map_err(|()| BenchmarkError::Weightless)?;
		let by = T::SuspensionOrigin::ensure_origin(origin.clone(), &id)
			.map_err(|_| BenchmarkError::Weightless)?;
		let (since, until) = (Pallet::<T>::now(), Some(Moment::MAX));
		let reason = SuspensionGround::LegalOrder;
		change::<T>(&id, |identity| {
			identity.status = IdentityStatus::Suspended { since, until, reason, by }
		});

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, id);

		assert_eq!(Pallet::<T>::active_kind(&id), Some(kind));
		Ok(())
	}

	#[benchmark]
	fn rotate_agreement_key() -> Result<(), BenchmarkError> {
		let (origin, Actor { id, .. }) = acting_further::<T, T::KeyAdminOrigin>()?;
		fill_document_versions::<T>(&id);
		let key = agreement_key(&1);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, key, 1);

		assert_eq!(AgreementIndex::<T>::get(key), Some((id, 2)));
		assert!(RetiredAgreementKeys::<T>::contains_key(id, 1));
		Ok(())
	}

	#[benchmark]
	fn revoke_agreement_key() -> Result<(), BenchmarkError> {
		let (origin, actor) = acting_further::<T, T::KeyAdminOrigin>()?;
		Pallet::<T>::do_rotate_agreement_key(&actor, agreement_key(&1), 1)?;
		let since = Some(Pallet::<T>::now());

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, 1, since);

		let revoked =
			RetiredAgreementKeys::<T>::get(actor.id, 1).and_then(|retired| retired.revoked);
		assert_eq!(revoked.map(|revocation| revocation.compromised_since), Some(since));
		Ok(())
	}

	#[benchmark]
	fn add_key_ed25519() -> Result<(), BenchmarkError> {
		let (origin, call, id) = addition::<T>(Scheme::Ed25519)?;

		#[block]
		{
			call.dispatch_bypass_filter(origin)?;
		}

		let record = Pallet::<T>::view_key(&id, 2);
		assert!(record.is_some_and(|record| record.scopes == ANCHORING));
		Ok(())
	}

	#[benchmark]
	fn add_key_sr25519() -> Result<(), BenchmarkError> {
		let (origin, call, id) = addition::<T>(Scheme::Sr25519)?;

		#[block]
		{
			call.dispatch_bypass_filter(origin)?;
		}

		let record = Pallet::<T>::view_key(&id, 2);
		assert!(record.is_some_and(|record| record.scopes == ANCHORING));
		Ok(())
	}

	#[benchmark]
	fn add_key_ecdsa() -> Result<(), BenchmarkError> {
		let (origin, call, id) = addition::<T>(Scheme::Ecdsa)?;

		#[block]
		{
			call.dispatch_bypass_filter(origin)?;
		}

		let record = Pallet::<T>::view_key(&id, 2);
		assert!(record.is_some_and(|record| record.scopes == ANCHORING));
		Ok(())
	}

	#[benchmark]
	fn set_key_scopes() -> Result<(), BenchmarkError> {
		let (origin, id) = acting::<T, T::KeyAdminOrigin>()?;
		let key = idle_key::<T>(&id);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, key, ANCHORING);

		let record = Pallet::<T>::view_key(&id, key);
		assert!(record.is_some_and(|record| record.scopes == ANCHORING));
		Ok(())
	}

	#[benchmark]
	fn rotate_primary_ed25519() -> Result<(), BenchmarkError> {
		let (origin, call, id) = rotation::<T>(Scheme::Ed25519)?;

		#[block]
		{
			call.dispatch_bypass_filter(origin)?;
		}

		let identity = Identities::<T>::get(id);
		assert!(identity.is_some_and(|identity| identity.primary == 1 && identity.epoch == 1));
		Ok(())
	}

	#[benchmark]
	fn rotate_primary_sr25519() -> Result<(), BenchmarkError> {
		let (origin, call, id) = rotation::<T>(Scheme::Sr25519)?;

		#[block]
		{
			call.dispatch_bypass_filter(origin)?;
		}

		let identity = Identities::<T>::get(id);
		assert!(identity.is_some_and(|identity| identity.primary == 1 && identity.epoch == 1));
		Ok(())
	}

	#[benchmark]
	fn rotate_primary_ecdsa() -> Result<(), BenchmarkError> {
		let (origin, call, id) = rotation::<T>(Scheme::Ecdsa)?;

		#[block]
		{
			call.dispatch_bypass_filter(origin)?;
		}

		let identity = Identities::<T>::get(id);
		assert!(identity.is_some_and(|identity| identity.primary == 1 && identity.epoch == 1));
		Ok(())
	}

	#[benchmark]
	fn retire_key() -> Result<(), BenchmarkError> {
		let (origin, Actor { id, .. }) = acting_further::<T, T::KeyAdminOrigin>()?;
		fill_document_versions::<T>(&id);
		let key = idle_key::<T>(&id);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, key);

		let at = Pallet::<T>::now();
		assert_eq!(status_of::<T>(id, key), Some(KeyStatus::Retired { at }));
		Ok(())
	}

	#[benchmark]
	fn revoke_key() -> Result<(), BenchmarkError> {
		let (origin, Actor { id, .. }) = acting_further::<T, T::KeyAdminOrigin>()?;
		fill_document_versions::<T>(&id);
		let key = idle_key::<T>(&id);
		let at = Pallet::<T>::now();

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, key, Some(at));

		let revoked = KeyStatus::Revoked { at, compromised_since: Some(at) };
		assert_eq!(status_of::<T>(id, key), Some(revoked));
		Ok(())
	}

	#[benchmark]
	fn freeze_keys() -> Result<(), BenchmarkError> {
		let (origin, Actor { id, .. }) = acting_further::<T, T::AnyKeyOrigin>()?;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin);

		assert!(Identities::<T>::get(id).is_some_and(|identity| identity.frozen));
		Ok(())
	}

	#[benchmark]
	fn unfreeze_keys() -> Result<(), BenchmarkError> {
		let (origin, id) = acting::<T, T::KeyAdminOrigin>()?;
		change::<T>(&id, |identity| identity.frozen = true);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin);

		assert!(Identities::<T>::get(id).is_some_and(|identity| !identity.frozen));
		Ok(())
	}

	#[benchmark]
	fn add_service() -> Result<(), BenchmarkError> {
		let (origin, Actor { id, .. }) = acting_further::<T, T::ProfileOrigin>()?;
		let others = T::MaxServices::get().saturating_sub(1);
		list_services::<T, T::ProfileOrigin>(others)?;
		fill_document_versions::<T>(&id);
		let last = service(others as u8);
		if let Some(payer) = origin.as_signer() {
			let footprint = Pallet::<T>::service_footprint(&last);
			T::ServiceDeposit::ensure_successful(payer, footprint);
		}

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, last.clone());

		assert!(Services::<T>::contains_key(id, last.id));
		Ok(())
	}

	#[benchmark]
	fn remove_service() -> Result<(), BenchmarkError> {
		let (origin, Actor { id, .. }) = acting_further::<T, T::ProfileOrigin>()?;
		list_services::<T, T::ProfileOrigin>(T::MaxServices::get())?;
		fill_document_versions::<T>(&id);
		let first = service(0).id;

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, first.clone());

		assert!(!Services::<T>::contains_key(id, first));
		Ok(())
	}

	/// What taking a fee from the allowance adds to a transaction, by a further key.
	#[benchmark]
	fn try_spend() {
		let id = Pallet::<T>::bench_register(&account("patient", 0, 0), IdentityKind::Patient);
		let who: T::AccountId = account("further", 0, 0);
		further_key::<T>(&id, &who, CallScopes::ALL);
		let day = Pallet::<T>::today();
		Allowances::<T>::insert(id, DaySpending { day, spent: 0 });
		let allowance = T::DailyAllowance::convert(IdentityKind::Patient);
		let fee = allowance.saturating_sub(kept_for_primary(allowance));
		let spent;

		#[block]
		{
			spent = Pallet::<T>::try_spend(&who, Some(CallScope::RecordAnchor), fee);
		}

		assert!(spent);
		assert_eq!(Allowances::<T>::get(id), DaySpending { day, spent: fee });
	}

	impl_benchmark_test_suite!(
		Pallet,
		crate::mock::ExtBuilder::default().build(),
		crate::mock::Test
	);
}
