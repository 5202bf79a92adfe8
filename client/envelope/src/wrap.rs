// SPDX-License-Identifier: Apache-2.0
//! Secrets sealed to public keys by HPKE: record wraps, compartment wraps, epoch links, releases.
//!
//! All have one form, 80 bytes: RFC 9180 base mode with DHKEM(X25519, HKDF-SHA-256), HKDF-SHA-256
//! and ChaCha20-Poly1305, single shot, over 32 bytes. Base mode names no sender; the extrinsic or
//! the answer that carries a wrap does. Each kind has its own label and binds its whole context, so
//! that none can stand in for another.

use crate::{
	AgreementPublic, AgreementSecret, CiphertextHash, CompartmentPublic, CompartmentSecret,
	CustodianShare, PrivateKey, PublicKey, ReaderShare, Secret, os_rng,
};
use blake2::{Blake2b, Digest, digest::consts::U32};
use hpke::{
	Deserializable, Kem, OpModeR, OpModeS, Serializable, aead::ChaCha20Poly1305, inout::InOutBuf,
	kdf::HkdfSha256, kem::X25519HkdfSha256, rand_core::CryptoRng,
};
use std::fmt;
use zeroize::Zeroizing;

mod past;

const LABEL_WRAP: &[u8] = b"hre1/wrap";
const LABEL_COMPARTMENT: &[u8] = b"hre1/cwrap";
const LABEL_LINK: &[u8] = b"hre1/link";
const LABEL_RELEASE: &[u8] = b"hre1/share";

/// A sealed secret: 32 bytes of encapsulated key, 32 of ciphertext, 16 of tag.
///
/// On chain it is opaque and stays for ever; what it holds opens nothing without the other share.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Wrap(pub [u8; 80]);

impl fmt::Debug for Wrap {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "Wrap({})", hex::encode(self.0))
	}
}

/// Why a wrap could not be made or opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum WrapError {
	/// Sealed to another key or for another context (chain, record, version, recipient, epoch), or
	/// altered.
	#[error("the wrap does not open with this key in this context")]
	DoesNotOpen,
	/// It opens, but the secret inside is not the one of the epoch's public key. Whoever made it
	/// erred or cheated: report the wrap.
	#[error("the wrap holds another secret than the public key of its epoch says")]
	DifferentSecret,
	/// The first epoch of a compartment has none before it to link to.
	#[error("epoch 0 has no epoch before it")]
	FirstEpoch,
	/// The key exchange gave nothing secret. Public keys of this crate never lead here.
	#[error("the key exchange with this public key gives no secret")]
	NoSharedSecret,
}

/// What tells recipients apart on chain without naming them: see [`Addressee`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecipientHash(pub [u8; 32]);

impl RecipientHash {
	/// Of a person or an organisation: `blake2_256("hre1/to-identity" ‖ 0x01 ‖ identity)`.
	pub fn of_identity(identity: &[u8; 32]) -> Self {
		Self::of(&[b"hre1/to-identity\x01", identity])
	}

	/// Of a compartment: `blake2_256("hre1/to-compartment" ‖ 0x01 ‖ subject ‖ number)`.
	pub fn of_compartment(subject: &[u8; 32], compartment: u8) -> Self {
		Self::of(&[b"hre1/to-compartment\x01", subject, &[compartment]])
	}

	fn of(parts: &[&[u8]]) -> Self {
		let mut hasher = Blake2b::<U32>::new();
		parts.iter().for_each(|part| hasher.update(part));
		Self(hasher.finalize().into())
	}
}

impl fmt::Debug for RecipientHash {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "RecipientHash({})", hex::encode(self.0))
	}
}

/// To whom a wrap is sealed: the recipient and the version of its key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Addressee {
	/// The recipient.
	pub recipient: RecipientHash,
	/// Version of the agreement key, or epoch of the compartment.
	pub key_version: u32,
}

impl Addressee {
	/// A person or an organisation, by the version of its agreement key.
	pub fn identity(identity: &[u8; 32], key_version: u32) -> Self {
		Self { recipient: RecipientHash::of_identity(identity), key_version }
	}

	/// A compartment of a patient, by its epoch.
	pub fn compartment(subject: &[u8; 32], compartment: u8, epoch: u32) -> Self {
		Self { recipient: RecipientHash::of_compartment(subject, compartment), key_version: epoch }
	}
}

/// The version of a record that a share belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RecordContext {
	/// Genesis hash of the chain.
	pub genesis: [u8; 32],
	/// The record.
	pub record: [u8; 32],
	/// Its version.
	pub version: u32,
	/// Hash of the sealed object.
	pub ciphertext_hash: CiphertextHash,
}

impl RecordContext {
	fn bind(&self, to: &Addressee) -> Binding {
		Binding::new(
			LABEL_WRAP,
			&self.genesis,
			&[
				&self.record,
				&self.version.to_le_bytes(),
				&self.ciphertext_hash.0,
				&to.recipient.0,
				&to.key_version.to_le_bytes(),
			],
		)
	}
}

/// One epoch of one compartment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EpochContext {
	/// Genesis hash of the chain.
	pub genesis: [u8; 32],
	/// Identity of the patient.
	pub subject: [u8; 32],
	/// Number of the compartment.
	pub compartment: u8,
	/// The epoch; in links the newer one of the two.
	pub epoch: u32,
}

impl EpochContext {
	fn bind_wrap(&self, to: &Addressee) -> Binding {
		Binding::new(
			LABEL_COMPARTMENT,
			&self.genesis,
			&[
				&self.subject,
				&[self.compartment],
				&self.epoch.to_le_bytes(),
				&to.recipient.0,
				&to.key_version.to_le_bytes(),
			],
		)
	}

	fn bind_link(&self) -> Result<Binding, WrapError> {
		let before = self.epoch.checked_sub(1).ok_or(WrapError::FirstEpoch)?;
		Ok(Binding::new(
			LABEL_LINK,
			&self.genesis,
			&[&self.subject, &[self.compartment], &before.to_le_bytes(), &self.epoch.to_le_bytes()],
		))
	}
}

impl ReaderShare {
	/// Wraps `K_r` to a compartment, or to a reader by a grant of this one record.
	pub fn wrap(
		&self,
		record: &RecordContext,
		to: &Addressee,
		key: &impl PublicKey,
	) -> Result<Wrap, WrapError> {
		self.wrap_with_rng(record, to, key, &mut os_rng())
	}

	/// As [`Self::wrap`], with random numbers of the caller's choice: 32 bytes are drawn.
	pub fn wrap_with_rng(
		&self,
		record: &RecordContext,
		to: &Addressee,
		key: &impl PublicKey,
		rng: &mut impl CryptoRng,
	) -> Result<Wrap, WrapError> {
		seal(self, key, &record.bind(to), rng)
	}
}

impl CompartmentSecret {
	/// Wraps the secret of an epoch to the agreement key of a grantee.
	pub fn wrap(
		&self,
		epoch: &EpochContext,
		to: &Addressee,
		key: &AgreementPublic,
	) -> Result<Wrap, WrapError> {
		self.wrap_with_rng(epoch, to, key, &mut os_rng())
	}

	/// As [`Self::wrap`], with random numbers of the caller's choice: 32 bytes are drawn.
	pub fn wrap_with_rng(
		&self,
		epoch: &EpochContext,
		to: &Addressee,
		key: &AgreementPublic,
		rng: &mut impl CryptoRng,
	) -> Result<Wrap, WrapError> {
		seal(self, key, &epoch.bind_wrap(to), rng)
	}

	/// Links an epoch back: seals this secret, the one of epoch `newer.epoch - 1`, to the public key
	/// of the newer epoch. New readers walk back by links; removed ones have no way forward.
	pub fn link(&self, newer: &EpochContext, key: &CompartmentPublic) -> Result<Wrap, WrapError> {
		self.link_with_rng(newer, key, &mut os_rng())
	}

	/// As [`Self::link`], with random numbers of the caller's choice: 32 bytes are drawn.
	pub fn link_with_rng(
		&self,
		newer: &EpochContext,
		key: &CompartmentPublic,
		rng: &mut impl CryptoRng,
	) -> Result<Wrap, WrapError> {
		seal(self, key, &newer.bind_link()?, rng)
	}
}

impl CustodianShare {
	/// Releases `K_s` to the key that a reader named in its signed request.
	///
	/// `request` is the BLAKE2b-256 of the request as it was signed: it binds record, version,
	/// purpose, nonce and audience, so the answer fits that one question.
	pub fn release(
		&self,
		genesis: &[u8; 32],
		request: &[u8; 32],
		key: &AgreementPublic,
	) -> Result<Wrap, WrapError> {
		self.release_with_rng(genesis, request, key, &mut os_rng())
	}

	/// As [`Self::release`], with random numbers of the caller's choice: 32 bytes are drawn.
	pub fn release_with_rng(
		&self,
		genesis: &[u8; 32],
		request: &[u8; 32],
		key: &AgreementPublic,
		rng: &mut impl CryptoRng,
	) -> Result<Wrap, WrapError> {
		seal(self, key, &Binding::new(LABEL_RELEASE, genesis, &[request]), rng)
	}
}

impl Wrap {
	/// Opens a wrap made by [`ReaderShare::wrap`], with the secret of the compartment or reader.
	///
	/// That the share inside is the right one shows when the object opens: see
	/// [`crate::OpenError::WrongKey`].
	pub fn open_share(
		&self,
		record: &RecordContext,
		to: &Addressee,
		secret: &impl PrivateKey,
	) -> Result<ReaderShare, WrapError> {
		self.open(secret, &record.bind(to))
	}

	/// Opens a wrap made by [`CompartmentSecret::wrap`] and compares what is inside with the public
	/// key that the chain shows for the epoch.
	pub fn open_compartment(
		&self,
		epoch: &EpochContext,
		to: &Addressee,
		secret: &AgreementSecret,
		public: &CompartmentPublic,
	) -> Result<CompartmentSecret, WrapError> {
		matching(self.open(secret, &epoch.bind_wrap(to))?, public)
	}

	/// Opens a link made by [`CompartmentSecret::link`] with the secret of the newer epoch, and
	/// compares what is inside with the public key that the chain shows for the epoch before.
	pub fn open_link(
		&self,
		newer: &EpochContext,
		secret: &CompartmentSecret,
		public_before: &CompartmentPublic,
	) -> Result<CompartmentSecret, WrapError> {
		matching(self.open(secret, &newer.bind_link()?)?, public_before)
	}

	/// Opens a release made by [`CustodianShare::release`], with the secret of the key that the
	/// request named.
	pub fn open_release(
		&self,
		genesis: &[u8; 32],
		request: &[u8; 32],
		secret: &AgreementSecret,
	) -> Result<CustodianShare, WrapError> {
		self.open(secret, &Binding::new(LABEL_RELEASE, genesis, &[request]))
	}

	fn open<S: Secret>(&self, secret: &impl PrivateKey, binding: &Binding) -> Result<S, WrapError> {
		let fails = |_| WrapError::DoesNotOpen;
		let (encapsulated, sealed) = self.0.split_at(32);
		let (ciphertext, tag) = sealed.split_at(32);
		let key = <HpkeKem as Kem>::PrivateKey::from_bytes(secret.expose()).map_err(fails)?;
		let encapsulated =
			<HpkeKem as Kem>::EncappedKey::from_bytes(encapsulated).map_err(fails)?;
		let tag = hpke::aead::AeadTag::from_bytes(tag).map_err(fails)?;

		let mut opened = Zeroizing::new([0; 32]);
		opened.copy_from_slice(ciphertext);
		hpke::single_shot_open_inout_detached::<ChaCha20Poly1305, HkdfSha256, HpkeKem>(
			&OpModeR::Base,
			&key,
			&encapsulated,
			&binding.info,
			InOutBuf::from(opened.as_mut_slice()),
			&binding.aad,
			&tag,
		)
		.map_err(fails)?;
		Ok(S::from_bytes(*opened))
	}
}

type HpkeKem = X25519HkdfSha256;

/// What a wrap is tied to.
struct Binding {
	/// `label ‖ 0x01 ‖ genesis hash`.
	info: Vec<u8>,
	aad: Vec<u8>,
}

impl Binding {
	fn new(label: &[u8], genesis: &[u8; 32], aad: &[&[u8]]) -> Self {
		Self { info: [label, &[0x01], genesis].concat(), aad: aad.concat() }
	}
}

fn seal(
	secret: &impl Secret,
	to: &impl PublicKey,
	binding: &Binding,
	rng: &mut impl CryptoRng,
) -> Result<Wrap, WrapError> {
	let fails = |_| WrapError::NoSharedSecret;
	let key = <HpkeKem as Kem>::PublicKey::from_bytes(to.as_bytes()).map_err(fails)?;
	let mut sealed = Zeroizing::new(*secret.expose());
	let (encapsulated, tag) =
		hpke::single_shot_seal_inout_detached_with_rng::<ChaCha20Poly1305, HkdfSha256, HpkeKem>(
			&OpModeS::Base,
			&key,
			&binding.info,
			InOutBuf::from(sealed.as_mut_slice()),
			&binding.aad,
			rng,
		)
		.map_err(fails)?;

	let mut wrap = [0; 80];
	let parts =
		encapsulated.to_bytes().into_iter().chain(sealed.iter().copied()).chain(tag.to_bytes());
	wrap.iter_mut().zip(parts).for_each(|(byte, part)| *byte = part);
	Ok(Wrap(wrap))
}

fn matching(
	secret: CompartmentSecret,
	public: &CompartmentPublic,
) -> Result<CompartmentSecret, WrapError> {
	if secret.public() == *public { Ok(secret) } else { Err(WrapError::DifferentSecret) }
}
