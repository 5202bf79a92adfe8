// SPDX-License-Identifier: Apache-2.0

//! The file that keeps a person's secrets: Argon2id over the password, XChaCha20-Poly1305 over them.
//!
//! Inside are the secret of the account and root seeds. Agreement keys, by version, and compartment
//! keys, by number and epoch, derive from a root by HKDF, so that the file changes only when a root
//! is added, and whoever has the recovery phrase has everything that came from the first root.

use crate::password::normalised;
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::{
	KeyInit, XChaCha20Poly1305,
	aead::{Aead, Payload},
};
use hkdf::Hkdf;
use salus_envelope::{
	AgreementSecret, CompartmentPublic, CompartmentSecret, PrivateKey, ReaderShare, Secret,
	vault::{self, Keyring, KeyringError},
};
use salus_primitives::{CompartmentNo, Epoch, KeyVersion, Salt, blake2_256};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::{
	fs,
	io::{self, Write},
	path::{Path, PathBuf},
	str::FromStr,
};
use subxt_signer::{SecretUri, bip39::Mnemonic, sr25519::Keypair};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

const FORMAT: &str = "salus-keystore/1";
/// No honest file asks for more; a forged one could otherwise take all memory there is.
const MAX_MEMORY_KIB: u32 = 1 << 20;
const MAX_PASSES: u32 = 64;

/// Why a keystore cannot be read or written. None of the texts holds a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeystoreError {
	/// There is no such file.
	#[error(
		"there is no keystore at {0}: make one with `salus account new`, open \
		yours with `salus login`, or name another one"
	)]
	NotFound(PathBuf),
	/// There is one already, which is never overwritten.
	#[error("there is a keystore at {0} already: name another file, or move it away")]
	Exists(PathBuf),
	/// The file cannot be read or written.
	#[error("the keystore {path} cannot be {act}: {source}")]
	Io {
		/// Which file.
		path: PathBuf,
		/// What was tried.
		act: &'static str,
		/// What the system says.
		source: io::Error,
	},
	/// It is something else, or was cut.
	#[error("{path} is no keystore of this program: {reason}")]
	Malformed {
		/// Which file.
		path: PathBuf,
		/// What is wrong.
		reason: String,
	},
	/// The password does not open it.
	#[error("wrong password for the keystore {0}")]
	WrongPassword(PathBuf),
	/// The roots do not follow each other.
	#[error(transparent)]
	Roots(#[from] KeyringError),
	/// What a vault held is no keyring of this program.
	#[error("the vault holds accounts that this program does not know how to use: update it")]
	ForeignKeyring,
	/// The text is no secret of an account.
	#[error("that is no recovery phrase, 0x-seed or key URI: {0}")]
	BadSecret(String),
}

/// What a keystore holds. Wiped when dropped; `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Secrets {
	/// Phrase, seed or key URI that the account's sr25519 pair comes from.
	uri: String,
	/// Oldest first, never empty.
	roots: Vec<Root>,
	/// The secret of the account that is to take the place of this one: a rotation has begun.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	next: Option<String>,
}

/// A seed that agreement and compartment keys derive from.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct Root {
	/// The first version of the agreement key that derives from it.
	since: KeyVersion,
	#[serde(with = "crate::wire::hex_bytes")]
	seed: [u8; 32],
}

impl std::fmt::Debug for Secrets {
	fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
		f.write_str("Secrets(..)")
	}
}

impl Secrets {
	/// Draws a new account. The phrase of twelve words is all that is needed to have it again.
	pub fn generate() -> Self {
		Self::from_uri(&phrase()).expect("a phrase is a key URI; qed")
	}

	/// Takes the secret of an account that exists: a phrase, a seed with `0x`, or a key URI as
	/// `//Alice`, with derivations and password as `subkey` writes them.
	pub fn from_uri(uri: &str) -> Result<Self, KeystoreError> {
		let uri = uri.trim();
		let bad = |error: String| KeystoreError::BadSecret(crate::one_line(&error));
		let parsed = SecretUri::from_str(uri).map_err(|error| bad(error.to_string()))?;
		Keypair::from_uri(&parsed).map_err(|error| bad(error.to_string()))?;
		let seed = derive(uri.as_bytes(), &[b"salus/root-seed/1"]);
		Ok(Self { uri: uri.into(), roots: vec![Root { since: 1, seed: *seed }], next: None })
	}

	/// The secret of the account, for the one time it is shown.
	pub fn uri(&self) -> &str {
		&self.uri
	}

	/// The account's key pair.
	pub fn signer(&self) -> Keypair {
		pair(&self.uri)
	}

	/// The key pair that is to take the account's place, when a rotation has begun.
	pub fn next_signer(&self) -> Option<Keypair> {
		self.next.as_deref().map(pair)
	}

	/// Draws the account that is to take this one's place, unless an earlier run did. Write the
	/// keystore before the chain hears of it.
	pub fn begin_rotation(&mut self) -> Keypair {
		pair(self.next.get_or_insert_with(|| phrase().to_string()))
	}

	/// Puts the new account in the old one's place. The roots stay, so that everything still opens;
	/// the phrase of the first account covers them, and no phrase covers the new account.
	pub fn finish_rotation(&mut self) {
		if let Some(next) = self.next.take() {
			self.uri.zeroize();
			self.uri = next;
		}
	}

	/// Everything, as a vault keeps it: the account, the one that is to take its place, the roots.
	pub fn to_keyring(&self) -> Result<Keyring, KeystoreError> {
		let signer =
			|uri: &String| vault::Signer { account: pair(uri).public_key().0, uri: uri.clone() };
		let ends = self.roots.iter().skip(1).map(|root| Some(root.since)).chain([None]);
		let roots = self.roots.iter().zip(ends);
		let roots =
			roots.map(|(root, until)| vault::Root { from: root.since, until, seed: root.seed });
		let signers = [&self.uri].into_iter().chain(&self.next).map(signer).collect();
		Ok(Keyring::new(signers, roots.collect())?)
	}

	/// Reads what [`Self::to_keyring`] made.
	pub fn from_keyring(keyring: &Keyring) -> Result<Self, KeystoreError> {
		let (uri, next) = match keyring.signers() {
			[signer] => (signer.uri.clone(), None),
			[signer, next] => (signer.uri.clone(), Some(next.uri.clone())),
			_ => return Err(KeystoreError::ForeignKeyring),
		};
		let roots = keyring.roots().iter().map(|root| Root { since: root.from, seed: root.seed });
		let secrets = Self { uri, roots: roots.collect(), next };
		if secrets.is_sound() { Ok(secrets) } else { Err(KeystoreError::ForeignKeyring) }
	}

	fn is_sound(&self) -> bool {
		let is_secret = |uri: &str| Self::from_uri(uri).is_ok();
		!self.roots.is_empty() && is_secret(&self.uri) && self.next.as_deref().is_none_or(is_secret)
	}

	/// The salt of the account's identity: random to everybody else, the same at every try.
	pub fn identity_salt(&self) -> Salt {
		let bytes = derive(&self.first().seed, &[b"salus/identity-salt/1"]);
		let (salt, _) = bytes.split_at(16);
		salt.try_into().expect("the first half of 32 bytes has 16; qed")
	}

	/// The X25519 secret of a version of the agreement key.
	pub fn agreement(&self, version: KeyVersion) -> AgreementSecret {
		let root = self.roots.iter().rev().find(|root| root.since <= version);
		let seed = root.unwrap_or(self.first()).seed;
		AgreementSecret::derive(&derive(&seed, &[b"salus/agreement/1", &version.to_le_bytes()]))
	}

	/// The X25519 secret for a new epoch of a compartment.
	pub fn compartment(&self, no: CompartmentNo, epoch: Epoch) -> CompartmentSecret {
		compartment_of(self.newest(), no, epoch)
	}

	/// The secret of an epoch whose public key the chain shows; `None` when it came from elsewhere.
	pub fn compartment_for(
		&self,
		no: CompartmentNo,
		epoch: Epoch,
		public: &CompartmentPublic,
	) -> Option<CompartmentSecret> {
		let mut secrets = self.roots.iter().rev().map(|root| compartment_of(root, no, epoch));
		secrets.find(|secret| secret.public() == *public)
	}

	/// The share that this identity's profile of a revision is sealed with, for itself alone.
	pub fn profile_share(&self, revision: u32) -> ReaderShare {
		let label = [b"salus/profile/1".as_slice(), &revision.to_le_bytes()];
		ReaderShare::from_bytes(*derive(&self.first().seed, &label))
	}

	/// Seals something small that stays on this machine, under a name that it keeps: with the newest
	/// root, which whoever had the keystore before a compromise was noticed does not have.
	pub fn seal_local(&self, name: &str, plain: &[u8]) -> Vec<u8> {
		let mut nonce = [0; 24];
		fill(&mut nonce);
		let sealed = local_cipher(self.newest())
			.encrypt(&nonce.into(), Payload { msg: plain, aad: name.as_bytes() })
			.expect("small things are below the limit of the cipher; qed");
		[nonce.as_slice(), &sealed].concat()
	}

	/// Opens what [`Self::seal_local`] made under that name, with whichever root was the newest then;
	/// `None` when it is anything else.
	pub fn open_local(&self, name: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
		let (nonce, sealed) = sealed.split_first_chunk::<24>()?;
		let open = |root| {
			let payload = Payload { msg: sealed, aad: name.as_bytes() };
			local_cipher(root).decrypt(&(*nonce).into(), payload).ok()
		};
		self.roots.iter().rev().find_map(open).map(Zeroizing::new)
	}

	/// A number that nobody else can tell from random, the same for the same bytes: a name for what
	/// must not be named by a plain hash. It comes from the first root, so that what was named is found
	/// under the same name after a new root.
	pub fn local_name(&self, bytes: &[u8]) -> [u8; 32] {
		*derive(&self.first().seed, &[b"salus/local-name/1", &blake2_256(bytes)])
	}

	/// Draws a new root after a compromise, for agreement keys from `since` and epochs from now on.
	pub fn add_root(&mut self, since: KeyVersion) {
		let mut seed = [0; 32];
		fill(&mut seed);
		self.roots.push(Root { since, seed });
		seed.zeroize();
	}

	/// Whether these were made of `sealed`, or are the same: every root of it is here, and the
	/// newest of its accounts. Otherwise another device changed the keyring meanwhile.
	pub fn follows(&self, sealed: &Self) -> bool {
		let newest = sealed.next.as_ref().unwrap_or(&sealed.uri);
		let has_account = self.uri == *newest || self.next.as_ref() == Some(newest);
		has_account && sealed.roots.iter().all(|root| self.roots.contains(root))
	}

	/// Whether a root begins at that version: an earlier run drew it.
	pub fn has_root_since(&self, since: KeyVersion) -> bool {
		self.roots.iter().any(|root| root.since == since)
	}

	fn first(&self) -> &Root {
		self.roots.first().expect("made with one root and never fewer; qed")
	}

	fn newest(&self) -> &Root {
		self.roots.last().unwrap_or(self.first())
	}
}

/// Twelve words of fresh randomness.
fn phrase() -> Zeroizing<String> {
	let mut entropy = Zeroizing::new([0; 16]);
	fill(entropy.as_mut());
	let phrase =
		Mnemonic::from_entropy(entropy.as_ref()).expect("sixteen bytes make twelve words; qed");
	Zeroizing::new(phrase.to_string())
}

fn pair(uri: &str) -> Keypair {
	let uri = SecretUri::from_str(uri).expect("checked when it was taken; qed");
	Keypair::from_uri(&uri).expect("checked when it was taken; qed")
}

fn compartment_of(root: &Root, no: CompartmentNo, epoch: Epoch) -> CompartmentSecret {
	let label = [b"salus/compartment/1".as_slice(), &[no], &epoch.to_le_bytes()];
	CompartmentSecret::derive(&derive(&root.seed, &label))
}

fn local_cipher(root: &Root) -> XChaCha20Poly1305 {
	let key = derive(&root.seed, &[b"salus/local/1"]);
	XChaCha20Poly1305::new((&*key).into())
}

fn derive(secret: &[u8], label: &[&[u8]]) -> Zeroizing<[u8; 32]> {
	let mut output = Zeroizing::new([0; 32]);
	Hkdf::<Sha256>::new(None, secret)
		.expand_multi_info(label, output.as_mut())
		.expect("HKDF-SHA-256 gives up to 8160 bytes; qed");
	output
}

/// Fills with random bytes of the operating system. Nothing safe can be done without any.
fn fill(bytes: &mut [u8]) {
	getrandom::fill(bytes).expect("the operating system gives random numbers");
}

/// What passwords cost to try, by Argon2id.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cost {
	/// Memory in KiB.
	pub memory_kib: u32,
	/// Passes over it.
	pub passes: u32,
	/// Lanes.
	pub lanes: u32,
}

impl Default for Cost {
	/// The second recommendation of RFC 9106: 64 MiB, three passes, four lanes.
	fn default() -> Self {
		Self { memory_kib: 1 << 16, passes: 3, lanes: 4 }
	}
}

#[derive(Serialize, Deserialize)]
struct File {
	format: String,
	/// The account, in clear: it is no secret, and people look for files by it.
	account: String,
	kdf: Kdf,
	cipher: Cipher,
	#[serde(with = "hex_vec")]
	sealed: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Kdf {
	name: String,
	#[serde(flatten)]
	cost: Cost,
	#[serde(with = "crate::wire::hex_bytes")]
	salt: [u8; 16],
}

#[derive(Serialize, Deserialize)]
struct Cipher {
	name: String,
	#[serde(with = "crate::wire::hex_bytes")]
	nonce: [u8; 24],
}

const KDF: &str = "argon2id";
const CIPHER: &str = "xchacha20poly1305";

/// Writes a new keystore, readable by its owner only. An existing file is never replaced.
pub fn create(path: &Path, secrets: &Secrets, password: &str) -> Result<(), KeystoreError> {
	create_at_cost(path, secrets, password, Cost::default())
}

/// As [`create`], at another cost: a test does not want to wait.
pub fn create_at_cost(
	path: &Path,
	secrets: &Secrets,
	password: &str,
	cost: Cost,
) -> Result<(), KeystoreError> {
	if path.exists() {
		return Err(KeystoreError::Exists(path.into()));
	}
	write(path, secrets, password, cost, false)
}

/// Writes changed secrets, or the same under another password, in place of what was there.
pub fn replace(path: &Path, secrets: &Secrets, password: &str) -> Result<(), KeystoreError> {
	write(path, secrets, password, Cost::default(), true)
}

/// Opens a keystore.
pub fn open(path: &Path, password: &str) -> Result<Secrets, KeystoreError> {
	let file = read(path)?;
	let malformed =
		|reason: &str| KeystoreError::Malformed { path: path.into(), reason: reason.into() };
	let Cost { memory_kib, passes, .. } = file.kdf.cost;
	if file.kdf.name != KDF || file.cipher.name != CIPHER {
		return Err(malformed("its ciphers are not known; update the program"));
	}
	if memory_kib > MAX_MEMORY_KIB || passes > MAX_PASSES {
		return Err(malformed("it asks for more memory or time than any honest one"));
	}
	let unseal = |password: &str| -> Result<Option<Zeroizing<Vec<u8>>>, KeystoreError> {
		let key = stretch(password, &file.kdf).map_err(|error| match error {
			argon2::Error::OutOfMemory => {
				malformed("this device has too little memory free for it")
			},
			_ => malformed("its cost makes no sense"),
		})?;
		let payload = Payload { msg: file.sealed.as_slice(), aad: &bound(&file.account) };
		let plain =
			XChaCha20Poly1305::new((&*key).into()).decrypt(&file.cipher.nonce.into(), payload);
		Ok(plain.ok().map(Zeroizing::new))
	};
	let form = normalised(password);
	let plain = match unseal(&form)? {
		// A file of before passwords had one form.
		None if *form != password => unseal(password)?,
		plain => plain,
	};
	let plain = plain.ok_or_else(|| KeystoreError::WrongPassword(path.into()))?;
	let secrets: Secrets =
		serde_json::from_slice(&plain).map_err(|_| malformed("its contents are not known"))?;
	if !secrets.is_sound() {
		return Err(malformed("its contents are not known"));
	}
	Ok(secrets)
}

/// The account of a keystore, for which no password is needed.
pub fn account(path: &Path) -> Result<String, KeystoreError> {
	read(path).map(|file| file.account)
}

fn read(path: &Path) -> Result<File, KeystoreError> {
	let bytes = fs::read(path).map_err(|source| match source.kind() {
		io::ErrorKind::NotFound => KeystoreError::NotFound(path.into()),
		_ => KeystoreError::Io { path: path.into(), act: "read", source },
	})?;
	let file: File = serde_json::from_slice(&bytes).map_err(|error| KeystoreError::Malformed {
		path: path.into(),
		reason: crate::one_line(&error.to_string()),
	})?;
	if file.format != FORMAT {
		let reason = format!("its format is not {FORMAT}; update the program");
		return Err(KeystoreError::Malformed { path: path.into(), reason });
	}
	Ok(file)
}

fn write(
	path: &Path,
	secrets: &Secrets,
	password: &str,
	cost: Cost,
	overwrite: bool,
) -> Result<(), KeystoreError> {
	let mut kdf = Kdf { name: KDF.into(), cost, salt: [0; 16] };
	let mut cipher = Cipher { name: CIPHER.into(), nonce: [0; 24] };
	fill(&mut kdf.salt);
	fill(&mut cipher.nonce);
	let account =
		subxt_signer::sr25519::Keypair::public_key(&secrets.signer()).to_account_id().to_string();

	let plain = Zeroizing::new(serde_json::to_vec(secrets).expect("plain data; qed"));
	let key = stretch(&normalised(password), &kdf).map_err(|error| KeystoreError::Io {
		path: path.into(),
		act: "written",
		source: io::Error::other(error.to_string()),
	})?;
	let sealed = XChaCha20Poly1305::new((&*key).into())
		.encrypt(&cipher.nonce.into(), Payload { msg: &plain, aad: &bound(&account) })
		.expect("a few hundred bytes are below the limit of the cipher; qed");
	let file = File { format: FORMAT.into(), account, kdf, cipher, sealed };
	let text = serde_json::to_string_pretty(&file).expect("plain data; qed");

	write_private(path, text.as_bytes(), overwrite).map_err(|source| match source.kind() {
		io::ErrorKind::AlreadyExists => KeystoreError::Exists(path.into()),
		_ => KeystoreError::Io { path: path.into(), act: "written", source },
	})
}

/// Writes a file that its owner alone can read; it has its name only once it is whole and on disk.
pub fn write_private(path: &Path, bytes: &[u8], overwrite: bool) -> io::Result<()> {
	let folder = match path.parent() {
		Some(folder) if !folder.as_os_str().is_empty() => folder,
		_ => Path::new("."),
	};
	fs::create_dir_all(folder)?;
	// Such files are made with mode 0600.
	let mut file = tempfile::NamedTempFile::new_in(folder)?;
	file.write_all(bytes)?;
	file.as_file().sync_all()?;
	if overwrite { file.persist(path) } else { file.persist_noclobber(path) }
		.map_err(|error| error.error)?;
	// The name is on disk when the folder is. Not every system lets folders be opened.
	if let Ok(folder) = fs::File::open(folder) {
		folder.sync_all()?;
	}
	Ok(())
}

fn stretch(password: &str, kdf: &Kdf) -> Result<Zeroizing<[u8; 32]>, argon2::Error> {
	let Cost { memory_kib, passes, lanes } = kdf.cost;
	let params = Params::new(memory_kib, passes, lanes, Some(32))?;
	let mut key = Zeroizing::new([0; 32]);
	Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(
		password.as_bytes(),
		&kdf.salt,
		key.as_mut(),
	)?;
	Ok(key)
}

/// What is authenticated with the secrets: nobody swaps the account that the file shows.
fn bound(account: &str) -> Vec<u8> {
	[FORMAT.as_bytes(), b"\n", account.as_bytes()].concat()
}

mod hex_vec {
	use serde::{Deserialize, Deserializer, Serializer, de::Error};

	pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
		serializer.serialize_str(&hex::encode(bytes))
	}

	pub(super) fn deserialize<'de, D: Deserializer<'de>>(
		deserializer: D,
	) -> Result<Vec<u8>, D::Error> {
		hex::decode(String::deserialize(deserializer)?).map_err(D::Error::custom)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const CHEAP: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };

	fn folder() -> tempfile::TempDir {
		tempfile::tempdir().unwrap()
	}

	#[test]
	fn a_password_opens_from_every_keyboard_and_an_older_file_too() {
		let folder = folder();
		let path = folder.path().join("keystore.json");
		let secrets = Secrets::generate();
		create_at_cost(&path, &secrets, "Zo\u{e9} und der Wald", CHEAP).unwrap();
		assert_eq!(open(&path, "Zoe\u{301} und der Wald").unwrap(), secrets);

		// As a file was sealed before passwords had one form.
		let raw = "Zoe\u{301}";
		let mut file = read(&path).unwrap();
		let key = stretch(raw, &file.kdf).unwrap();
		let plain = serde_json::to_vec(&secrets).unwrap();
		let aad = bound(&file.account);
		file.sealed = XChaCha20Poly1305::new((&*key).into())
			.encrypt(&file.cipher.nonce.into(), Payload { msg: &plain, aad: &aad })
			.unwrap();
		fs::write(&path, serde_json::to_vec(&file).unwrap()).unwrap();
		assert_eq!(open(&path, raw).unwrap(), secrets);
		assert!(matches!(open(&path, "Zo\u{e9}"), Err(KeystoreError::WrongPassword(_))));
	}

	#[test]
	fn what_another_device_changed_is_noticed() {
		let sealed = Secrets::generate();
		let mut mine = sealed.clone();
		assert!(mine.follows(&sealed));
		// Every step of a rotation follows the one before, and none an earlier one.
		mine.begin_rotation();
		assert!(mine.follows(&sealed) && !sealed.follows(&mine));
		let begun = mine.clone();
		mine.finish_rotation();
		assert!(mine.follows(&begun) && !sealed.follows(&mine));
		// The same version of a key, from the root of another device.
		let (mut one, mut two) = (sealed.clone(), sealed.clone());
		one.add_root(2);
		two.add_root(2);
		assert!(one.follows(&sealed) && !two.follows(&one) && !sealed.follows(&one));
		let mut other = sealed;
		other.begin_rotation();
		assert!(!other.follows(&begun), "another device began one as well");
	}

	#[test]
	fn what_is_written_is_read_back() {
		let folder = folder();
		let path = folder.path().join("deep/keystore.json");
		let mut secrets = Secrets::generate();
		secrets.add_root(3);
		create_at_cost(&path, &secrets, "correct horse", CHEAP).unwrap();
		assert_eq!(open(&path, "correct horse").unwrap(), secrets);
		let expected = secrets.signer().public_key().to_account_id().to_string();
		assert_eq!(account(&path).unwrap(), expected);
	}

	#[test]
	fn a_wrong_password_is_said_so_and_nothing_else() {
		let folder = folder();
		let path = folder.path().join("keystore.json");
		create_at_cost(&path, &Secrets::generate(), "right", CHEAP).unwrap();
		let error = open(&path, "wrong").unwrap_err();
		assert!(matches!(error, KeystoreError::WrongPassword(_)));
		assert!(error.to_string().starts_with("wrong password"));
	}

	#[test]
	fn an_existing_file_is_left_alone() {
		let folder = folder();
		let path = folder.path().join("keystore.json");
		let secrets = Secrets::generate();
		create_at_cost(&path, &secrets, "x", CHEAP).unwrap();
		let error = create_at_cost(&path, &Secrets::generate(), "y", CHEAP).unwrap_err();
		assert!(matches!(error, KeystoreError::Exists(_)));
		assert_eq!(open(&path, "x").unwrap(), secrets);
	}

	#[cfg(unix)]
	#[test]
	fn only_the_owner_reads_it() {
		use std::os::unix::fs::PermissionsExt;
		let folder = folder();
		let path = folder.path().join("keystore.json");
		create_at_cost(&path, &Secrets::generate(), "x", CHEAP).unwrap();
		assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
		// Nothing half-written lies beside it.
		assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
	}

	#[test]
	fn no_secret_stands_in_the_file() {
		let folder = folder();
		let path = folder.path().join("keystore.json");
		let secrets = Secrets::generate();
		create_at_cost(&path, &secrets, "x", CHEAP).unwrap();
		let text = fs::read_to_string(&path).unwrap();
		// Two words together, because "account" is one and stands there anyway.
		let words: Vec<_> = secrets.uri().split(' ').collect();
		assert!(words.windows(2).all(|pair| !text.contains(&pair.join(" "))));
		assert!(!text.contains(&hex::encode(secrets.first().seed)));
	}

	#[test]
	fn another_account_in_the_file_does_not_open() {
		let folder = folder();
		let path = folder.path().join("keystore.json");
		create_at_cost(&path, &Secrets::generate(), "x", CHEAP).unwrap();
		let mut file: serde_json::Value =
			serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
		file["account"] = "5Forged".into();
		fs::write(&path, file.to_string()).unwrap();
		assert!(matches!(open(&path, "x"), Err(KeystoreError::WrongPassword(_))));
	}

	#[test]
	fn forged_costs_are_refused_before_they_cost() {
		let folder = folder();
		let path = folder.path().join("keystore.json");
		create_at_cost(&path, &Secrets::generate(), "x", CHEAP).unwrap();
		let text = fs::read_to_string(&path).unwrap();
		fs::write(&path, text.replace("\"memoryKib\": 64", "\"memoryKib\": 4294967295")).unwrap();
		assert!(matches!(open(&path, "x"), Err(KeystoreError::Malformed { .. })));
	}

	#[test]
	fn other_files_are_told_from_keystores() {
		let folder = folder();
		let path = folder.path().join("keystore.json");
		assert!(matches!(open(&path, "x"), Err(KeystoreError::NotFound(_))));
		for text in ["", "{}", "not json", r#"{"format":"salus-keystore/9"}"#] {
			fs::write(&path, text).unwrap();
			assert!(matches!(open(&path, "x"), Err(KeystoreError::Malformed { .. })), "{text}");
		}
	}

	#[test]
	fn keys_come_back_from_the_secret_alone() {
		let (one, two) = (Secrets::generate(), Secrets::generate());
		let again = Secrets::from_uri(one.uri()).unwrap();
		assert_eq!(again, one);
		assert_eq!(again.agreement(7), one.agreement(7));
		assert_eq!(again.compartment(2, 5), one.compartment(2, 5));
		assert_eq!(again.identity_salt(), one.identity_salt());
		assert_ne!(two.agreement(1), one.agreement(1));
		assert_ne!(one.agreement(1), one.agreement(2));
		assert_ne!(one.compartment(0, 1), one.compartment(1, 0));
	}

	#[test]
	fn a_new_root_leaves_old_keys_reachable() {
		let mut secrets = Secrets::generate();
		let (agreement, old) = (secrets.agreement(1), secrets.compartment(0, 0));
		secrets.add_root(2);
		assert_eq!(secrets.agreement(1), agreement);
		assert_ne!(secrets.compartment(0, 0), old);
		assert_eq!(secrets.compartment_for(0, 0, &old.public()), Some(old));
		let foreign = Secrets::generate().compartment(0, 0);
		assert_eq!(secrets.compartment_for(0, 0, &foreign.public()), None);
	}

	#[test]
	fn a_keyring_brings_everything_to_another_device() {
		let mut secrets = Secrets::generate();
		assert_eq!(Secrets::from_keyring(&secrets.to_keyring().unwrap()).unwrap(), secrets);
		secrets.add_root(4);
		secrets.add_root(9);
		secrets.begin_rotation();
		let keyring = secrets.to_keyring().unwrap();
		let bytes = keyring.to_bytes();
		let again = Secrets::from_keyring(&Keyring::from_bytes(&bytes).unwrap()).unwrap();
		assert_eq!(again, secrets);
		// The keyring derives the same keys by itself.
		for version in [1, 3, 4, 8, 9, 100] {
			assert_eq!(keyring.agreement(version), Some(secrets.agreement(version)), "{version}");
		}
		assert_eq!(keyring.new_compartment(2, 3), Some(secrets.compartment(2, 3)));
	}

	#[test]
	fn a_keyring_without_a_usable_account_is_refused() {
		let signer = |uri: &str| vault::Signer { account: [1; 32], uri: uri.into() };
		let nobody = Keyring::generate(vec![]);
		let nonsense = Keyring::generate(vec![signer("twelve wrong words")]);
		let crowd = Keyring::generate(["//A", "//B", "//C"].map(signer).to_vec());
		for keyring in [nobody, nonsense, crowd] {
			let refused = Secrets::from_keyring(&keyring);
			assert!(matches!(refused, Err(KeystoreError::ForeignKeyring)));
		}
	}

	#[test]
	fn a_rotation_that_was_interrupted_goes_on_with_the_same_key() {
		let folder = folder();
		let path = folder.path().join("keystore.json");
		let mut secrets = Secrets::generate();
		let (old, compartment) = (secrets.signer().public_key(), secrets.compartment(0, 0));
		assert!(secrets.next_signer().is_none());
		let next = secrets.begin_rotation().public_key();
		create_at_cost(&path, &secrets, "x", CHEAP).unwrap();

		let mut again = open(&path, "x").unwrap();
		assert_eq!(again.signer().public_key().0, old.0);
		assert_eq!(again.begin_rotation().public_key().0, next.0);
		again.finish_rotation();
		assert_eq!(again.signer().public_key().0, next.0);
		assert!(again.next_signer().is_none());
		assert_eq!(again.compartment(0, 0), compartment, "what was sealed still opens");
		assert_eq!(again.identity_salt(), secrets.identity_salt());
	}

	#[test]
	fn what_is_sealed_locally_opens_under_its_name() {
		let (one, two) = (Secrets::generate(), Secrets::generate());
		let sealed = one.seal_local("a", b"note");
		assert_eq!(one.open_local("a", &sealed).as_deref().map(Vec::as_slice), Some(&b"note"[..]));
		assert_eq!(one.open_local("b", &sealed), None);
		assert_eq!(two.open_local("a", &sealed), None);
		assert_eq!(one.open_local("a", b"short"), None);
		assert_eq!(one.local_name(b"x"), one.local_name(b"x"));
		assert_ne!(one.local_name(b"x"), two.local_name(b"x"));
	}

	#[test]
	fn what_is_sealed_locally_after_a_compromise_is_closed_to_the_old_roots() {
		let before = Secrets::generate();
		let mut after = before.clone();
		after.add_root(2);
		let plain = |opened: Option<Zeroizing<Vec<u8>>>| opened.map(|bytes| bytes.to_vec());
		let (old, new) = (before.seal_local("a", b"old"), after.seal_local("a", b"new"));
		assert_eq!(plain(after.open_local("a", &old)), Some(b"old".to_vec()), "nothing is lost");
		assert_eq!(plain(after.open_local("a", &new)), Some(b"new".to_vec()));
		assert_eq!(before.open_local("a", &new), None);
		// The newest of several seals, and each opens what it sealed.
		let mut later = after.clone();
		later.add_root(7);
		let newest = later.seal_local("a", b"newest");
		assert_eq!(after.open_local("a", &newest), None);
		for (sealed, said) in [(&old, &b"old"[..]), (&new, b"new"), (&newest, b"newest")] {
			assert_eq!(plain(later.open_local("a", sealed)), Some(said.to_vec()));
			assert_eq!(later.open_local("b", sealed), None, "the name is bound with every root");
		}
		// Names stay, so that unfinished work is found again.
		assert_eq!(later.local_name(b"x"), before.local_name(b"x"));
	}

	#[test]
	fn development_keys_can_be_taken() {
		let alice = Secrets::from_uri("//Alice").unwrap();
		let known = subxt_signer::sr25519::dev::alice().public_key().0;
		assert_eq!(alice.signer().public_key().0, known);
		assert!(matches!(
			Secrets::from_uri("twelve wrong words"),
			Err(KeystoreError::BadSecret(_))
		));
	}
}
