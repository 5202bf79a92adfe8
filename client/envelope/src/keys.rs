// SPDX-License-Identifier: Apache-2.0
//! The secrets of the envelope, one type for each role a key can have.

use aes_kw::{KeyInit, KwAes256};
use getrandom::SysRng;
use hkdf::Hkdf;
use hpke::rand_core::{CryptoRng, Rng, UnwrapErr};
use sha2::Sha256;
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The random numbers of the operating system, for the `_with_rng` functions.
///
/// Panics where the operating system has none to give, as every function here that draws from it:
/// nothing safe can be done then.
pub fn os_rng() -> impl CryptoRng {
	UnwrapErr(SysRng)
}

pub(crate) mod sealed {
	/// Keeps the traits of this crate to its own types.
	pub trait Sealed {}
}

/// A secret of 32 bytes: wiped when dropped, compared in constant time, printed as its name only.
pub trait Secret: sealed::Sealed + Sized {
	/// Takes the bytes as they are. Wipe the original.
	fn from_bytes(bytes: [u8; 32]) -> Self;

	/// The bytes. Whoever copies them out wipes the copy.
	fn expose(&self) -> &[u8; 32];

	/// Draws a fresh secret from the operating system.
	fn generate() -> Self {
		let mut bytes = Zeroizing::new([0; 32]);
		os_rng().fill_bytes(bytes.as_mut());
		Self::from_bytes(*bytes)
	}
}

macro_rules! secrets {
	($($(#[$doc:meta])* $name:ident;)*) => {$(
		$(#[$doc])*
		#[derive(Clone, Zeroize, ZeroizeOnDrop)]
		pub struct $name([u8; 32]);

		impl sealed::Sealed for $name {}

		impl Secret for $name {
			fn from_bytes(bytes: [u8; 32]) -> Self {
				Self(bytes)
			}

			fn expose(&self) -> &[u8; 32] {
				&self.0
			}
		}

		impl PartialEq for $name {
			fn eq(&self, other: &Self) -> bool {
				self.0.ct_eq(&other.0).into()
			}
		}

		impl Eq for $name {}

		impl fmt::Debug for $name {
			fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
				f.write_str(concat!(stringify!($name), "(..)"))
			}
		}
	)*};
}

secrets! {
	/// `K_r`: the share that goes, wrapped, to those who may read. Fresh for every version.
	ReaderShare;
	/// `K_s`: the share that lies with the custodian. Fresh for every version.
	CustodianShare;
	/// X25519 secret of a person or an organisation; the public half stands on chain by version.
	AgreementSecret;
	/// X25519 secret of one epoch of a compartment. These 32 bytes, not clamped, are what is wrapped,
	/// linked and hashed into the [`crate::IndexKey`]; only the curve arithmetic clamps.
	CompartmentSecret;
	/// Wraps other secrets at rest inside one organisation, by AES-256 key wrap (RFC 3394).
	KeyEncryptionKey;
	/// Seals a person's keyring; the slots of a vault seal it in turn. See [`crate::vault`].
	VaultKey;
}

/// What opens one sealed object: the reader's share, and the custodian's where there is one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ContentKey {
	reader: ReaderShare,
	custodian: Option<CustodianShare>,
}

impl ContentKey {
	/// Draws both shares: the normal case. Use it for one version of one record and never again.
	pub fn generate() -> Self {
		Self::from_shares(ReaderShare::generate(), CustodianShare::generate())
	}

	/// Draws a key that opens without a custodian; then a revocation can enforce nothing.
	pub fn generate_unshared() -> Self {
		Self::from_reader_share(ReaderShare::generate())
	}

	/// Joins the two shares of a version.
	pub fn from_shares(reader: ReaderShare, custodian: CustodianShare) -> Self {
		Self { reader, custodian: Some(custodian) }
	}

	/// The key of an object whose header says that no custodian share is needed.
	pub fn from_reader_share(reader: ReaderShare) -> Self {
		Self { reader, custodian: None }
	}

	/// `K_r`, to be wrapped to a compartment or a reader.
	pub fn reader_share(&self) -> &ReaderShare {
		&self.reader
	}

	/// `K_s`, to be deposited with the custodian; `None` for an unshared key.
	pub fn custodian_share(&self) -> Option<&CustodianShare> {
		self.custodian.as_ref()
	}

	/// `K_r ‖ K_s`, or `K_r` alone.
	pub(crate) fn input_keying_material(&self) -> Zeroizing<Vec<u8>> {
		// Reserved in full, so that growing leaves no copy behind.
		let mut material = Zeroizing::new(Vec::with_capacity(64));
		material.extend_from_slice(self.reader.expose());
		if let Some(custodian) = &self.custodian {
			material.extend_from_slice(custodian.expose());
		}
		material
	}
}

/// Why 32 bytes are not a usable public key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PublicKeyError {
	/// The point has a small order, so that every exchange with it gives the same, known secret
	/// (RFC 7748 section 6.1). No honest key pair has such a public key.
	#[error("the X25519 point has a small order; ask for a real public key")]
	LowOrder,
}

/// An X25519 public key to which something can be wrapped.
pub trait PublicKey: sealed::Sealed {
	/// The u-coordinate, little-endian.
	fn as_bytes(&self) -> &[u8; 32];
}

/// An X25519 secret that opens what was wrapped to its public half.
pub trait PrivateKey: Secret {
	/// The type of the public half.
	type Public: PublicKey;

	/// The public half.
	fn public(&self) -> Self::Public;

	/// Derives the secret of a key pair from a seed: DeriveKeyPair of RFC 9180 section 7.1.3.
	fn derive(seed: &[u8; 32]) -> Self {
		Self::from_bytes(*derive_x25519_secret(seed))
	}
}

macro_rules! public_keys {
	($($(#[$doc:meta])* $name:ident of $secret:ident;)*) => {$(
		$(#[$doc])*
		#[derive(Clone, Copy, PartialEq, Eq, Hash)]
		pub struct $name([u8; 32]);

		impl $name {
			/// Takes the 32 bytes of a u-coordinate. Points of small order, all zeros among them,
			/// are refused.
			pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, PublicKeyError> {
				refuse_low_order(&bytes)?;
				Ok(Self(bytes))
			}
		}

		impl sealed::Sealed for $name {}

		impl PublicKey for $name {
			fn as_bytes(&self) -> &[u8; 32] {
				&self.0
			}
		}

		impl PrivateKey for $secret {
			type Public = $name;

			fn public(&self) -> $name {
				// A clamped scalar times the base point never has a small order.
				let secret = x25519_dalek::StaticSecret::from(self.0);
				$name(x25519_dalek::PublicKey::from(&secret).to_bytes())
			}
		}

		impl fmt::Debug for $name {
			fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
				write!(f, concat!(stringify!($name), "({})"), hex::encode(self.0))
			}
		}
	)*};
}

public_keys! {
	/// X25519 public key of a person or an organisation.
	AgreementPublic of AgreementSecret;
	/// X25519 public key of one epoch of a compartment: authors seal to it and cannot read it.
	CompartmentPublic of CompartmentSecret;
}

fn refuse_low_order(point: &[u8; 32]) -> Result<(), PublicKeyError> {
	// Clamping makes every scalar a multiple of the cofactor, so any one of them sends the points
	// of small order, in all their encodings, to zero, and no other point.
	let secret = x25519_dalek::StaticSecret::from([1; 32]);
	if secret.diffie_hellman(&x25519_dalek::PublicKey::from(*point)).was_contributory() {
		Ok(())
	} else {
		Err(PublicKeyError::LowOrder)
	}
}

fn derive_x25519_secret(seed: &[u8; 32]) -> Zeroizing<[u8; 32]> {
	/// `"HPKE-v1" ‖ "KEM" ‖ I2OSP(0x0020, 2)`: version and suite of DHKEM(X25519, HKDF-SHA-256).
	const LABEL: &[u8] = b"HPKE-v1KEM\x00\x20";

	let labeled = Zeroizing::new([LABEL, b"dkp_prk", seed].concat());
	let (_, prk) = Hkdf::<Sha256>::extract(None, &labeled);
	expand(&prk, &[b"\x00\x20", LABEL, b"sk"])
}

/// HKDF-Expand to 32 bytes.
pub(crate) fn expand(prk: &Hkdf<Sha256>, info: &[&[u8]]) -> Zeroizing<[u8; 32]> {
	let mut okm = Zeroizing::new([0; 32]);
	prk.expand_multi_info(info, okm.as_mut()).expect("HKDF-SHA-256 gives up to 8160 bytes; qed");
	okm
}

/// Why a secret wrapped at rest does not open: another key wrapped it, or it was altered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the wrapped secret does not open with this key-encryption key")]
pub struct AtRestError;

impl KeyEncryptionKey {
	/// Wraps a secret for storage: 40 bytes (RFC 3394). The same input gives the same output, and
	/// nothing says which secret it is: store it under a name that does.
	pub fn wrap(&self, secret: &impl Secret) -> [u8; 40] {
		let mut wrapped = [0; 40];
		self.cipher().wrap_key(secret.expose(), &mut wrapped).expect("32 bytes wrap into 40; qed");
		wrapped
	}

	/// Opens what [`Self::wrap`] made. The caller names the kind of secret; only the store knows it.
	pub fn unwrap<S: Secret>(&self, wrapped: &[u8; 40]) -> Result<S, AtRestError> {
		let mut secret = Zeroizing::new([0; 32]);
		self.cipher().unwrap_key(wrapped, secret.as_mut()).map_err(|_| AtRestError)?;
		Ok(S::from_bytes(*secret))
	}

	fn cipher(&self) -> KwAes256 {
		KwAes256::new(&self.0.into())
	}
}
