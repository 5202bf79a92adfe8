// SPDX-License-Identifier: Apache-2.0

//! The master salt of a batch, from which every leaf gets a salt of its own.

use codec::Encode;
use hmac::{Hmac, KeyInit, Mac};
use salus_gs1::{Serial, UdiDi};
use salus_primitives::{Digest, LeafSalt, blake2_256};
use sha2::Sha256;
use std::{
	fmt, fs,
	io::{self, Write},
	path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// What the salt of a leaf is derived under.
const SALT_TAG: &[u8] = b"salus/supply/salt";
/// What a commitment to a master salt begins with.
const COMMITMENT_TAG: &[u8] = b"salus/supply/master";

/// 32 random bytes that belong to one batch and stay with its maker.
///
/// Whoever has them knows the salts of all leaves, and can try out serials against the leaves that
/// proofs show. One salt tells nothing about another.
#[derive(Clone)]
pub struct MasterSalt {
	bytes: Zeroizing<[u8; 32]>,
	/// Keyed once: a million salts are made of it.
	keyed: Hmac<Sha256>,
}

/// Why the file of a master salt cannot be used. Says what to do.
#[derive(Debug, thiserror::Error)]
pub enum SaltFileError {
	/// It does not hold what such a file holds.
	#[error(
		"{path} does not hold 64 hexadecimal digits: name the file that was written when the batch was \
		 commissioned, or a name where none is"
	)]
	NotASalt {
		/// Which file.
		path: PathBuf,
	},
	/// Something lies there, which may be the only copy of another batch's salt.
	#[error("{path} is there already: each batch has a master salt of its own, name another file")]
	Exists {
		/// Which file.
		path: PathBuf,
	},
	/// Others can read it.
	#[cfg(unix)]
	#[error(
		"others than its owner can read {path}: it opens what every proof of the batch hides; run \
		 `chmod 600` on it"
	)]
	Readable {
		/// Which file.
		path: PathBuf,
	},
	/// The system has no randomness.
	#[error("the operating system gives no random bytes: {0}")]
	NoRandomness(String),
	/// A file of this machine.
	#[error("{path}: {source}")]
	Io {
		/// Which file.
		path: PathBuf,
		/// What the system says.
		source: io::Error,
	},
}

impl MasterSalt {
	/// A fresh one from the operating system.
	pub fn generate() -> Result<Self, SaltFileError> {
		let mut bytes = Zeroizing::new([0; 32]);
		getrandom::fill(bytes.as_mut())
			.map_err(|error| SaltFileError::NoRandomness(error.to_string()))?;
		Ok(Self::from_bytes(*bytes))
	}

	/// These bytes.
	pub fn from_bytes(bytes: [u8; 32]) -> Self {
		// A key shorter than a block is filled up with zeros (RFC 2104, section 2).
		let mut block = Zeroizing::new([0; 64]);
		block.iter_mut().zip(bytes).for_each(|(slot, byte)| *slot = byte);
		let keyed = Hmac::<Sha256>::new((&*block).into());
		Self { bytes: Zeroizing::new(bytes), keyed }
	}

	/// The bytes, to be kept.
	pub fn expose(&self) -> &[u8; 32] {
		&self.bytes
	}

	/// What the chain keeps of it: BLAKE2b-256 of `"salus/supply/master"` and the bytes. Nobody learns
	/// them from it, and the maker can show later that they were these.
	pub fn commitment(&self) -> Digest {
		Digest(blake2_256(&[COMMITMENT_TAG, self.bytes.as_ref()].concat()))
	}

	/// The salt of a leaf: the first half of HMAC-SHA-256 over `"salus/supply/salt"`, the SCALE
	/// encoding of the product, the index (u32, little-endian), and the characters of the serial.
	pub fn leaf_salt(&self, product: &UdiDi, index: u32, serial: &Serial) -> LeafSalt {
		self.for_product(product).leaf_salt(index, serial)
	}

	/// The salts of one product's leaves: the product is hashed once.
	pub(crate) fn for_product(&self, product: &UdiDi) -> LeafSalts {
		let mut keyed = self.keyed.clone();
		keyed.update(SALT_TAG);
		keyed.update(&product.encode());
		LeafSalts(keyed)
	}

	/// Writes it to a new file that only its owner can read (0600), on disk when this returns.
	pub fn write_new(&self, path: &Path) -> Result<(), SaltFileError> {
		let failed = |source: io::Error| match source.kind() {
			io::ErrorKind::AlreadyExists => SaltFileError::Exists { path: path.into() },
			_ => SaltFileError::Io { path: path.into(), source },
		};
		let folder = folder_of(path);
		// Such files are made with mode 0600.
		let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
		let text = Zeroizing::new(format!("{}\n", hex::encode(self.bytes.as_ref())));
		file.write_all(text.as_bytes()).map_err(failed)?;
		file.as_file().sync_all().map_err(failed)?;
		file.persist_noclobber(path).map_err(|error| failed(error.error))?;
		sync_folder(folder).map_err(failed)
	}

	/// Reads it back.
	pub fn read(path: &Path) -> Result<Self, SaltFileError> {
		let failed = |source| SaltFileError::Io { path: path.into(), source };
		ensure_private(path)?;
		let text = Zeroizing::new(fs::read(path).map_err(failed)?);
		let mut bytes = Zeroizing::new([0; 32]);
		hex::decode_to_slice(text.trim_ascii_end(), bytes.as_mut())
			.map_err(|_| SaltFileError::NotASalt { path: path.into() })?;
		Ok(Self::from_bytes(*bytes))
	}
}

impl fmt::Debug for MasterSalt {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str("MasterSalt(…)")
	}
}

/// The salts of one product's leaves.
pub(crate) struct LeafSalts(Hmac<Sha256>);

impl LeafSalts {
	pub(crate) fn leaf_salt(&self, index: u32, serial: &Serial) -> LeafSalt {
		let mut keyed = self.0.clone();
		keyed.update(&index.to_le_bytes());
		keyed.update(serial.as_bytes());
		let code: [u8; 32] = keyed.finalize().into_bytes().into();
		let mut salt = LeafSalt::default();
		salt.iter_mut().zip(code).for_each(|(slot, byte)| *slot = byte);
		salt
	}
}

#[cfg(unix)]
fn ensure_private(path: &Path) -> Result<(), SaltFileError> {
	use std::os::unix::fs::PermissionsExt;
	let found = fs::metadata(path);
	let found = found.map_err(|source| SaltFileError::Io { path: path.into(), source })?;
	if found.permissions().mode() & 0o077 == 0 {
		Ok(())
	} else {
		Err(SaltFileError::Readable { path: path.into() })
	}
}

#[cfg(not(unix))]
fn ensure_private(_: &Path) -> Result<(), SaltFileError> {
	Ok(())
}

pub(crate) fn folder_of(path: &Path) -> &Path {
	match path.parent() {
		Some(folder) if !folder.as_os_str().is_empty() => folder,
		_ => Path::new("."),
	}
}

/// A name is on disk when its folder is. Not every system lets folders be opened.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
	fs::File::open(folder).map_or(Ok(()), |folder| folder.sync_all())
}

#[cfg(test)]
mod tests {
	use super::*;

	fn product() -> UdiDi {
		UdiDi::Gs1("06291041500213".parse().unwrap())
	}

	#[test]
	fn salts_differ_by_master_product_index_and_serial() {
		let (master, serial) = (MasterSalt::from_bytes([1; 32]), "A1".parse().unwrap());
		let salt = master.leaf_salt(&product(), 0, &serial);
		let other = UdiDi::Gs1("07300011000017".parse().unwrap());
		let differing = [
			MasterSalt::from_bytes([2; 32]).leaf_salt(&product(), 0, &serial),
			master.leaf_salt(&other, 0, &serial),
			master.leaf_salt(&product(), 1, &serial),
			master.leaf_salt(&product(), 0, &"a1".parse().unwrap()),
		];
		assert!(differing.iter().all(|differing| *differing != salt));
		assert_eq!(master.leaf_salt(&product(), 0, &serial), salt);
	}

	#[test]
	fn a_master_salt_is_kept_from_others_and_never_overwritten() {
		let folder = tempfile::tempdir().unwrap();
		let path = folder.path().join("lot.salt");
		let master = MasterSalt::generate().unwrap();
		master.write_new(&path).unwrap();
		assert_eq!(MasterSalt::read(&path).unwrap().expose(), master.expose());
		let again = MasterSalt::generate().unwrap().write_new(&path);
		assert!(matches!(again, Err(SaltFileError::Exists { .. })));
		assert_eq!(MasterSalt::read(&path).unwrap().expose(), master.expose());
		assert_eq!(format!("{master:?}"), "MasterSalt(…)");
	}

	#[cfg(unix)]
	#[test]
	fn a_master_salt_that_others_can_read_is_refused() {
		use std::os::unix::fs::PermissionsExt;
		let folder = tempfile::tempdir().unwrap();
		let path = folder.path().join("lot.salt");
		MasterSalt::from_bytes([1; 32]).write_new(&path).unwrap();
		let mode = fs::metadata(&path).unwrap().permissions().mode();
		assert_eq!(mode & 0o777, 0o600);
		fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
		assert!(matches!(MasterSalt::read(&path), Err(SaltFileError::Readable { .. })));
	}

	#[test]
	fn what_is_no_master_salt_is_refused() {
		let folder = tempfile::tempdir().unwrap();
		let path = folder.path().join("lot.salt");
		assert!(matches!(MasterSalt::read(&path), Err(SaltFileError::Io { .. })));
		let mut file = tempfile::NamedTempFile::new_in(folder.path()).unwrap();
		file.write_all(b"01").unwrap();
		assert!(matches!(MasterSalt::read(file.path()), Err(SaltFileError::NotASalt { .. })));
	}
}
