// SPDX-License-Identifier: Apache-2.0
//! What a vault holds: the keys that sign, and the seeds that every other key derives from.

use super::hkdf;
use crate::{
	AgreementSecret, CompartmentPublic, CompartmentSecret, PrivateKey, ReaderShare, Secret, os_rng,
};
use codec::{Decode, DecodeAll, Encode};
use hpke::rand_core::Rng;
use salus_primitives::{CompartmentNo, Epoch, KeyVersion, Salt};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// How a keyring is written. The first byte of it.
const LAYOUT: u8 = 1;

/// Why bytes or parts are no keyring.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum KeyringError {
	/// A newer program wrote it.
	#[error("the keyring is written in layout {0}, which this program does not know: update it")]
	UnknownLayout(u8),
	/// It is not what this program writes.
	#[error("the keyring is not written as it ought to be")]
	Malformed,
	/// Its roots leave a version out, or give one to two roots.
	#[error("the roots of the keyring do not cover each version of the agreement key once")]
	Ranges,
	/// A new root has to begin after the last.
	#[error("a root begins at version {last} already: let the new one begin later")]
	NotLater {
		/// Where the last root begins.
		last: KeyVersion,
	},
}

/// An account's secret: a recovery phrase, a seed with `0x`, or a key URI as `//Alice`.
#[derive(Clone, PartialEq, Eq, Encode, Decode, Zeroize, ZeroizeOnDrop)]
pub struct Signer {
	/// The account that it signs for.
	pub account: [u8; 32],
	/// The secret.
	pub uri: String,
}

/// A seed that the agreement keys of a range of versions derive from, and the keys of compartments
/// that were opened while it was the current one.
#[derive(Clone, PartialEq, Eq, Encode, Decode, Zeroize, ZeroizeOnDrop)]
pub struct Root {
	/// The first version.
	pub from: KeyVersion,
	/// The first version that is no longer its own; `None` for the current root.
	pub until: Option<KeyVersion>,
	/// The seed.
	pub seed: [u8; 32],
}

impl Root {
	/// The X25519 secret of a version of the agreement key.
	pub fn agreement(&self, version: KeyVersion) -> AgreementSecret {
		AgreementSecret::derive(&self.expand(&[b"salus/agreement/1", &version.to_le_bytes()]))
	}

	/// The X25519 secret of an epoch of a compartment.
	pub fn compartment(&self, no: CompartmentNo, epoch: Epoch) -> CompartmentSecret {
		let label = [b"salus/compartment/1".as_slice(), &[no], &epoch.to_le_bytes()];
		CompartmentSecret::derive(&self.expand(&label))
	}

	/// The share that a revision of the owner's profile is sealed with.
	pub fn profile_share(&self, revision: u32) -> ReaderShare {
		let share = self.expand(&[b"salus/profile/1", &revision.to_le_bytes()]);
		ReaderShare::from_bytes(*share)
	}

	/// The salt of the identity that the root's owner registers.
	pub fn identity_salt(&self) -> Salt {
		let bytes = self.expand(&[b"salus/identity-salt/1"]);
		std::array::from_fn(|index| bytes[index])
	}

	fn expand(&self, label: &[&[u8]]) -> Zeroizing<[u8; 32]> {
		hkdf(None, &self.seed, label)
	}
}

/// An agreement key that was not derived from a root.
#[derive(Clone, PartialEq, Eq, Encode, Decode, Zeroize, ZeroizeOnDrop)]
pub struct ImportedAgreement {
	/// Which version it is.
	pub version: KeyVersion,
	/// Its secret.
	pub secret: [u8; 32],
}

/// A compartment key that was not derived from a root.
#[derive(Clone, PartialEq, Eq, Encode, Decode, Zeroize, ZeroizeOnDrop)]
pub struct ImportedCompartment {
	/// Which compartment.
	pub compartment: CompartmentNo,
	/// Which epoch.
	pub epoch: Epoch,
	/// Its secret.
	pub secret: [u8; 32],
}

/// All secrets of an identity. Wiped when dropped; `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Encode, Decode, Zeroize, ZeroizeOnDrop)]
pub struct Keyring {
	signers: Vec<Signer>,
	roots: Vec<Root>,
	agreements: Vec<ImportedAgreement>,
	compartments: Vec<ImportedCompartment>,
}

impl Keyring {
	/// A keyring of accounts and roots that exist. The roots begin at version 1, each where the one
	/// before it ends, and the last has no end.
	pub fn new(signers: Vec<Signer>, roots: Vec<Root>) -> Result<Self, KeyringError> {
		let keyring = Self { signers, roots, agreements: Vec::new(), compartments: Vec::new() };
		keyring.check_ranges()?;
		Ok(keyring)
	}

	/// A keyring with a fresh root for every version.
	pub fn generate(signers: Vec<Signer>) -> Self {
		let roots = vec![Root { from: 1, until: None, seed: *fresh_seed() }];
		Self { signers, roots, agreements: Vec::new(), compartments: Vec::new() }
	}

	/// The accounts that it signs for.
	pub fn signers(&self) -> &[Signer] {
		&self.signers
	}

	/// Adds the secret of an account; one of the same account gives way.
	pub fn add_signer(&mut self, signer: Signer) {
		self.signers.retain(|other| other.account != signer.account);
		self.signers.push(signer);
	}

	/// Its roots, oldest first.
	pub fn roots(&self) -> &[Root] {
		&self.roots
	}

	/// Begins a fresh root after a compromise, for the agreement keys from version `from` on and
	/// for compartments from now on.
	pub fn add_root(&mut self, from: KeyVersion) -> Result<(), KeyringError> {
		let Some(last) = self.roots.last_mut() else { return Err(KeyringError::Ranges) };
		if from <= last.from {
			return Err(KeyringError::NotLater { last: last.from });
		}
		last.until = Some(from);
		self.roots.push(Root { from, until: None, seed: *fresh_seed() });
		Ok(())
	}

	/// Keeps an agreement key that did not come from a root; one of the same version gives way.
	pub fn import_agreement(&mut self, version: KeyVersion, secret: &AgreementSecret) {
		self.agreements.retain(|other| other.version != version);
		self.agreements.push(ImportedAgreement { version, secret: *secret.expose() });
	}

	/// Keeps a compartment key that did not come from a root; one of the same epoch gives way.
	pub fn import_compartment(
		&mut self,
		compartment: CompartmentNo,
		epoch: Epoch,
		secret: &CompartmentSecret,
	) {
		self.compartments.retain(|other| (other.compartment, other.epoch) != (compartment, epoch));
		let secret = *secret.expose();
		self.compartments.push(ImportedCompartment { compartment, epoch, secret });
	}

	/// The X25519 secret of a version of the agreement key; `None` for version 0, which is nobody's.
	pub fn agreement(&self, version: KeyVersion) -> Option<AgreementSecret> {
		let imported = self.agreements.iter().find(|imported| imported.version == version);
		imported.map(|imported| AgreementSecret::from_bytes(imported.secret)).or_else(|| {
			let in_range = |root: &&Root| {
				root.from <= version && root.until.is_none_or(|until| version < until)
			};
			self.roots.iter().find(in_range).map(|root| root.agreement(version))
		})
	}

	/// The X25519 secret for a new epoch of a compartment, from the current root.
	pub fn new_compartment(&self, no: CompartmentNo, epoch: Epoch) -> Option<CompartmentSecret> {
		self.roots.last().map(|root| root.compartment(no, epoch))
	}

	/// The secret of an epoch whose public key the chain shows; `None` when it came from elsewhere.
	pub fn compartment_for(
		&self,
		no: CompartmentNo,
		epoch: Epoch,
		public: &CompartmentPublic,
	) -> Option<CompartmentSecret> {
		let imported = self
			.compartments
			.iter()
			.filter(|imported| (imported.compartment, imported.epoch) == (no, epoch))
			.map(|imported| CompartmentSecret::from_bytes(imported.secret));
		let derived = self.roots.iter().rev().map(|root| root.compartment(no, epoch));
		imported.chain(derived).find(|secret| secret.public() == *public)
	}

	/// Writes it down.
	pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
		// Reserved in full, so that growing leaves no copy behind.
		let mut bytes = Zeroizing::new(Vec::with_capacity(1 + self.encoded_size()));
		bytes.push(LAYOUT);
		self.encode_to(&mut *bytes);
		bytes
	}

	/// Reads what [`Self::to_bytes`] wrote.
	pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyringError> {
		let Some((layout, mut rest)) = bytes.split_first() else {
			return Err(KeyringError::Malformed);
		};
		if *layout != LAYOUT {
			return Err(KeyringError::UnknownLayout(*layout));
		}
		let keyring = Self::decode_all(&mut rest).map_err(|_| KeyringError::Malformed)?;
		keyring.check_ranges()?;
		Ok(keyring)
	}

	fn check_ranges(&self) -> Result<(), KeyringError> {
		let mut next = Some(1);
		for root in &self.roots {
			let empty = root.until.is_some_and(|until| until <= root.from);
			if next != Some(root.from) || empty {
				return Err(KeyringError::Ranges);
			}
			next = root.until;
		}
		if self.roots.is_empty() || next.is_some() { Err(KeyringError::Ranges) } else { Ok(()) }
	}
}

impl fmt::Debug for Keyring {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "Keyring({} accounts, {} roots, ..)", self.signers.len(), self.roots.len())
	}
}

macro_rules! debug_by_name {
	($($name:ident),*) => {$(
		impl fmt::Debug for $name {
			fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
				f.write_str(concat!(stringify!($name), "(..)"))
			}
		}
	)*};
}

debug_by_name!(Signer, Root, ImportedAgreement, ImportedCompartment);

fn fresh_seed() -> Zeroizing<[u8; 32]> {
	let mut seed = Zeroizing::new([0; 32]);
	os_rng().fill_bytes(seed.as_mut());
	seed
}

#[cfg(test)]
mod tests {
	use super::*;

	fn root(from: KeyVersion, until: Option<KeyVersion>) -> Root {
		Root { from, until, seed: [from as u8; 32] }
	}

	fn keyring(roots: Vec<Root>) -> Result<Keyring, KeyringError> {
		Keyring::new(vec![], roots)
	}

	#[test]
	fn roots_cover_every_version_once() {
		assert!(keyring(vec![root(1, None)]).is_ok());
		assert!(keyring(vec![root(1, Some(4)), root(4, None)]).is_ok());
		let unsound = [
			vec![],
			vec![root(0, None)],
			vec![root(2, None)],
			vec![root(1, Some(4))],
			vec![root(1, Some(1)), root(1, None)],
			vec![root(1, Some(4)), root(5, None)],
			vec![root(1, Some(4)), root(3, None)],
			vec![root(1, None), root(2, None)],
		];
		for roots in unsound {
			assert_eq!(keyring(roots.clone()), Err(KeyringError::Ranges), "{}", roots.len());
		}
	}

	#[test]
	fn each_version_derives_from_its_own_root() {
		let keyring = keyring(vec![root(1, Some(3)), root(3, None)]).unwrap();
		assert_eq!(keyring.agreement(0), None);
		for (version, of) in [(1, 0), (2, 0), (3, 1), (KeyVersion::MAX, 1)] {
			let derived = keyring.roots()[of].agreement(version);
			assert_eq!(keyring.agreement(version), Some(derived), "{version}");
		}
	}

	#[test]
	fn a_new_root_leaves_old_keys_reachable() {
		let mut keyring = Keyring::generate(vec![]);
		let agreement = keyring.agreement(1);
		let compartment = keyring.new_compartment(0, 0).unwrap();
		keyring.add_root(2).unwrap();
		assert_eq!(keyring.agreement(1), agreement);
		assert_ne!(keyring.new_compartment(0, 0), Some(compartment.clone()));
		assert_eq!(keyring.compartment_for(0, 0, &compartment.public()), Some(compartment));
		assert_eq!(keyring.add_root(2), Err(KeyringError::NotLater { last: 2 }));
		assert_eq!(keyring.add_root(1), Err(KeyringError::NotLater { last: 2 }));
		assert_eq!(keyring.roots().len(), 2);
	}

	#[test]
	fn imported_keys_come_before_derived_ones() {
		let mut keyring = Keyring::generate(vec![]);
		let (old, agreement) = (AgreementSecret::generate(), AgreementSecret::generate());
		keyring.import_agreement(1, &old);
		keyring.import_agreement(1, &agreement);
		assert_eq!(keyring.agreement(1), Some(agreement));
		assert_ne!(keyring.agreement(2), None);

		let compartment = CompartmentSecret::generate();
		assert_eq!(keyring.compartment_for(3, 4, &compartment.public()), None);
		keyring.import_compartment(3, 4, &compartment);
		assert_eq!(keyring.compartment_for(3, 5, &compartment.public()), None);
		assert_eq!(keyring.compartment_for(3, 4, &compartment.public()), Some(compartment));
	}

	#[test]
	fn what_is_written_is_read_back() {
		let signer = Signer { account: [1; 32], uri: "//Alice".into() };
		let mut keyring = Keyring::generate(vec![signer.clone()]);
		keyring.add_root(9).unwrap();
		keyring.add_signer(Signer { account: [2; 32], uri: "//Bob".into() });
		keyring.add_signer(signer);
		keyring.import_agreement(1, &AgreementSecret::generate());
		keyring.import_compartment(1, 2, &CompartmentSecret::generate());
		assert_eq!(keyring.signers().len(), 2);
		assert_eq!(Keyring::from_bytes(&keyring.to_bytes()), Ok(keyring));
	}

	#[test]
	fn other_bytes_are_no_keyring() {
		let bytes = Keyring::generate(vec![]).to_bytes();
		assert_eq!(Keyring::from_bytes(&[]), Err(KeyringError::Malformed));
		assert_eq!(Keyring::from_bytes(&bytes[..9]), Err(KeyringError::Malformed));
		let longer = [bytes.as_slice(), &[0]].concat();
		assert_eq!(Keyring::from_bytes(&longer), Err(KeyringError::Malformed));
		let newer = [&[2], &bytes[1..]].concat();
		assert_eq!(Keyring::from_bytes(&newer), Err(KeyringError::UnknownLayout(2)));
		assert_eq!(Keyring::from_bytes(&[1, 0, 0, 0, 0]), Err(KeyringError::Ranges));
		// A length that no input can have takes no memory.
		let long = [1, 0xfe, 0xff, 0xff, 0xff];
		assert_eq!(Keyring::from_bytes(&long), Err(KeyringError::Malformed));
	}

	#[test]
	fn no_secret_is_printed() {
		let keyring = Keyring::generate(vec![Signer { account: [1; 32], uri: "//Hush".into() }]);
		assert_eq!(format!("{keyring:?}"), "Keyring(1 accounts, 1 roots, ..)");
		assert_eq!(format!("{:?}", keyring.signers()), "[Signer(..)]");
		assert_eq!(format!("{:?}", keyring.roots()), "[Root(..)]");
	}
}
