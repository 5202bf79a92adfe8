// SPDX-License-Identifier: Apache-2.0

//! Accounts that benchmarks can sign with.

use alloc::vec::Vec;
use sp_runtime::{MultiSignature, MultiSigner, traits::IdentifyAccount};

/// Accounts with keys, by number.
pub trait Signers<AccountId, Signature> {
	/// The account with this number.
	fn account(number: u32) -> AccountId;
	/// Its signature over `message`.
	fn sign(number: u32, message: &[u8]) -> Signature;
}

/// Signers in the keystore of the benchmarking host.
pub struct KeystoreSigners;

impl KeystoreSigners {
	const KEYS: sp_runtime::KeyTypeId = sp_runtime::KeyTypeId(*b"bnch");

	/// A seed and no phrase, which would take long to stretch for each signature.
	fn seed(number: u32) -> Option<Vec<u8>> {
		Some(alloc::format!("0x{:064x}", number.saturating_add(1)).into_bytes())
	}
}

impl<AccountId> Signers<AccountId, MultiSignature> for KeystoreSigners
where
	MultiSigner: IdentifyAccount<AccountId = AccountId>,
{
	fn account(number: u32) -> AccountId {
		let public = sp_io::crypto::sr25519_generate(Self::KEYS, Self::seed(number));
		MultiSigner::from(public).into_account()
	}

	fn sign(number: u32, message: &[u8]) -> MultiSignature {
		let public = sp_io::crypto::sr25519_generate(Self::KEYS, Self::seed(number));
		let signature = sp_io::crypto::sr25519_sign(Self::KEYS, &public, message);
		signature.expect("the key was generated above; qed").into()
	}
}
