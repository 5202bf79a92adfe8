// SPDX-License-Identifier: Apache-2.0
//! From what a person types to what opens a slot, and to the login that finds it.

use super::{Passphrase, RecoveryCode, SecretKey, VaultContext, VaultError, hkdf};
use argon2::{Algorithm, Argon2, Params, Version};
use ed25519_dalek::{Signer as _, SigningKey};
use salus_primitives::{
	IdentityId, Kdf, KdfLimits, LoginClaim, LoginLocator, SlotKind, UnfitKdf, VaultVersion,
	blake2_256,
};
use std::{
	fmt,
	time::{Duration, Instant},
};
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

const SALT_LABEL: &[u8] = b"salus/vault/salt/1";
const LOGIN_LABEL: &[u8] = b"salus/vault/login/1";
const KEK_LABEL: &[u8] = b"salus/vault/kek/1";

/// Why a text cannot be a login name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LoginNameError {
	/// Nothing is left of it.
	#[error("the login name is empty: choose one")]
	Empty,
	/// It is longer than a name.
	#[error("the login name is longer than {} bytes: choose a shorter one", LoginName::MAX)]
	TooLong,
	/// Who knows the person knows it, and it would tell who logs in were it ever found out.
	#[error("the login name looks like an e-mail address or a telephone number: choose another")]
	NamesAPerson,
}

/// A private name that one logs in by. It never leaves the device in clear.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct LoginName(String);

impl LoginName {
	/// How long it may be, in bytes of UTF-8.
	pub const MAX: usize = 128;

	/// Brings a name into its one form: NFKC, lower case, no white space around it.
	pub fn new(text: &str) -> Result<Self, LoginNameError> {
		let folded = bounded(text.nfkc().flat_map(char::to_lowercase).nfkc(), 4 * Self::MAX)
			.ok_or(LoginNameError::TooLong)?;
		let name = folded.trim();
		if name.is_empty() {
			return Err(LoginNameError::Empty);
		}
		if name.len() > Self::MAX {
			return Err(LoginNameError::TooLong);
		}
		if name.contains('@') || is_like_a_number(name) {
			return Err(LoginNameError::NamesAPerson);
		}
		Ok(Self(name.into()))
	}

	/// The name in its one form.
	pub fn as_str(&self) -> &str {
		&self.0
	}
}

impl fmt::Debug for LoginName {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str("LoginName(..)")
	}
}

/// Seven digits or more, and nothing else but what telephone numbers are written with.
fn is_like_a_number(name: &str) -> bool {
	let written_so = |c: char| c.is_numeric() || c.is_whitespace() || "+-./()".contains(c);
	name.chars().all(written_so) && name.chars().filter(|c| c.is_numeric()).count() >= 7
}

/// The text, unless it is longer than `max` bytes. It stops there, however long the rest is.
fn bounded(text: impl Iterator<Item = char>, max: usize) -> Option<Zeroizing<String>> {
	// Reserved in full, so that growing leaves no copy behind.
	let mut kept = Zeroizing::new(String::with_capacity(max));
	for c in text {
		if kept.len() + c.len_utf8() > max {
			return None;
		}
		kept.push(c);
	}
	Some(kept)
}

/// Why a text cannot be a password.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PasswordError {
	/// There is nothing to guess.
	#[error("the password is empty: choose one")]
	Empty,
	/// It is a document rather than a password.
	#[error("the password is longer than {} bytes: choose a shorter one", Password::MAX)]
	TooLong,
}

/// A password as its owner chose it, in the one form that every keyboard leads to.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Password(String);

impl Password {
	/// How long it may be, in bytes of UTF-8 after normalisation.
	pub const MAX: usize = 1024;

	/// Normalises a password by NFKC. How good it is, is for others to judge.
	pub fn new(text: &str) -> Result<Self, PasswordError> {
		let password = bounded(text.nfkc(), Self::MAX).ok_or(PasswordError::TooLong)?;
		if password.is_empty() {
			return Err(PasswordError::Empty);
		}
		Ok(Self(password.as_str().into()))
	}

	/// The password in its one form.
	pub fn expose(&self) -> &str {
		&self.0
	}
}

impl fmt::Debug for Password {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str("Password(..)")
	}
}

/// The device cannot spare what stretching needs. Nothing was computed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
	"this device cannot spare {mib} MiB of memory for stretching: close other programs, or use \
	 another device"
)]
pub struct NoMemory {
	/// How much it would have taken.
	pub mib: u32,
}

/// What stretching costs: memory for Argon2id, with three passes and one lane.
///
/// There are few, because a login is found only by the one that it was made with: a client with an
/// empty device tries them in the order of [`Self::ALL`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Profile {
	/// 64 MiB.
	Light,
	/// 128 MiB.
	Modest,
	/// 256 MiB.
	Regular,
	/// 512 MiB.
	Strong,
	/// 1024 MiB.
	Heavy,
}

impl Profile {
	/// All, lightest first: to try them in this order costs at most twice what the right one does.
	pub const ALL: [Self; 5] =
		[Self::Light, Self::Modest, Self::Regular, Self::Strong, Self::Heavy];

	/// The word for it.
	pub const fn word(self) -> &'static str {
		match self {
			Self::Light => "light",
			Self::Modest => "modest",
			Self::Regular => "regular",
			Self::Strong => "strong",
			Self::Heavy => "heavy",
		}
	}

	/// How much memory it takes, in MiB.
	pub const fn memory_mib(self) -> u32 {
		64 << self as u32
	}

	/// Its parameters, as the chain stores them.
	pub const fn kdf(self) -> Kdf {
		Kdf::Argon2id { memory_kib: self.memory_mib() * 1024, passes: 3, lanes: 1 }
	}

	/// The profile that a slot declares, before any work is done for it.
	///
	/// A node that lies can declare anything. What is below the floor is refused, or it would learn
	/// a locator that is cheap to guess at; so is everything else that no client ever wrote.
	pub fn of(kdf: &Kdf) -> Result<Self, VaultError> {
		if kdf.check(SlotKind::Password, &KdfLimits::STANDARD) == Err(UnfitKdf::TooWeak) {
			return Err(VaultError::DowngradedParameters);
		}
		Self::ALL
			.into_iter()
			.find(|profile| profile.kdf() == *kdf)
			.ok_or(VaultError::UnknownParameters)
	}

	/// The heaviest that takes about `target` on a machine that takes `light` for the lightest;
	/// the lightest when even that takes longer.
	pub fn for_speed(light: Duration, target: Duration) -> Self {
		// Time grows with memory. Up to a half more is "about".
		let affordable = target + target / 2;
		let fits = |profile: &Self| light * (profile.memory_mib() / 64) <= affordable;
		Self::ALL.into_iter().rev().find(fits).unwrap_or(Self::Light)
	}

	/// Runs the lightest once on this machine, and gives what [`Self::for_speed`] says.
	pub fn calibrate(target: Duration) -> Result<Self, NoMemory> {
		let begin = Instant::now();
		stretch(Self::Light, b"salus", &[0; 32], &[])?;
		Ok(Self::for_speed(begin.elapsed(), target))
	}
}

impl fmt::Display for Profile {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.pad(self.word())
	}
}

/// Argon2id, version 0x13, to 64 bytes.
fn stretch(
	profile: Profile,
	typed: &[u8],
	salt: &[u8; 32],
	secret: &[u8],
) -> Result<Zeroizing<Vec<u8>>, NoMemory> {
	let mut out = Zeroizing::new(vec![0; 64]);
	let params = Params::new(profile.memory_mib() * 1024, 3, 1, Some(out.len()))
		.expect("every profile is within the bounds of Argon2; qed");
	// All lengths are within the bounds of Argon2, so that memory is all that it can lack.
	Argon2::new_with_secret(secret, Algorithm::Argon2id, Version::V0x13, params)
		.and_then(|argon2| argon2.hash_password_into(typed, salt, &mut out))
		.map_err(|_| NoMemory { mib: profile.memory_mib() })?;
	Ok(out)
}

/// `blake2b-256("salus/vault/salt/1" ‖ genesis ‖ login name)`.
fn salt_of(genesis: &[u8; 32], name: &LoginName) -> [u8; 32] {
	blake2_256(&Zeroizing::new([SALT_LABEL, genesis, name.as_str().as_bytes()].concat()))
}

/// What opens the slots of one kind: random bytes, or what stretching made of what was typed.
#[derive(Clone)]
pub struct SlotSecret {
	kind: SlotKind,
	kdf: Kdf,
	material: Zeroizing<Vec<u8>>,
}

impl SlotSecret {
	/// Stretches a password together with the secret key. Takes as long as the profile says.
	pub fn from_password(
		genesis: &[u8; 32],
		name: &LoginName,
		password: &Password,
		secret_key: &SecretKey,
		profile: Profile,
	) -> Result<Self, NoMemory> {
		let salt = salt_of(genesis, name);
		let material = stretch(profile, password.0.as_bytes(), &salt, secret_key.expose())?;
		Ok(Self { kind: SlotKind::Password, kdf: profile.kdf(), material })
	}

	/// Stretches a generated passphrase. Takes as long as the profile says.
	pub fn from_passphrase(
		genesis: &[u8; 32],
		name: &LoginName,
		passphrase: &Passphrase,
		profile: Profile,
	) -> Result<Self, NoMemory> {
		let salt = salt_of(genesis, name);
		let material = stretch(profile, passphrase.expose().as_bytes(), &salt, &[])?;
		Ok(Self { kind: SlotKind::Passphrase, kdf: profile.kdf(), material })
	}

	/// Takes a recovery code, which is random and is not stretched.
	pub fn from_recovery_code(code: &RecoveryCode) -> Self {
		Self::random(SlotKind::Recovery, code.expose())
	}

	/// Takes what a passkey gave for this vault (the output of its PRF extension).
	pub fn from_passkey(output: &[u8; 32]) -> Self {
		Self::random(SlotKind::Passkey, output)
	}

	/// Takes the secret that the shares of guardians make together.
	pub fn from_guardians(secret: &[u8; 32]) -> Self {
		Self::random(SlotKind::Guardian, secret)
	}

	fn random(kind: SlotKind, material: &[u8]) -> Self {
		Self { kind, kdf: Kdf::None, material: Zeroizing::new(material.to_vec()) }
	}

	/// Which slots it opens.
	pub fn kind(&self) -> SlotKind {
		self.kind
	}

	/// How it was stretched.
	pub fn kdf(&self) -> Kdf {
		self.kdf
	}

	/// The login that finds the vault, for the kinds that have one.
	pub fn login(&self, genesis: &[u8; 32]) -> Option<Login> {
		let seed = || hkdf(None, &self.material, &[LOGIN_LABEL, genesis, &[self.kind as u8]]);
		self.kind.has_login().then(|| Login(SigningKey::from_bytes(&seed())))
	}

	/// The key that seals the vault key in a slot with this salt.
	pub(super) fn kek(&self, context: &VaultContext, salt: &[u8]) -> Zeroizing<[u8; 32]> {
		let VaultContext { genesis, identity } = context;
		hkdf(Some(salt), &self.material, &[KEK_LABEL, genesis, identity, &[self.kind as u8]])
	}
}

impl fmt::Debug for SlotSecret {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "SlotSecret({}, ..)", self.kind)
	}
}

/// An Ed25519 key pair that only finds vaults: it signs claims and nothing else.
pub struct Login(SigningKey);

/// A login, and its word that an identity may be found by it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LoginProof {
	/// The public key.
	pub key: [u8; 32],
	/// Its signature over a [`LoginClaim`].
	pub claim: [u8; 64],
}

impl Login {
	/// Where the chain keeps the vault.
	pub fn locator(&self) -> LoginLocator {
		LoginLocator::derive(blake2_256, &self.public())
	}

	/// The public key.
	pub fn public(&self) -> [u8; 32] {
		self.0.verifying_key().to_bytes()
	}

	/// Signs that it leads to this identity, in the change that makes `version` of its vault.
	pub fn prove(&self, context: &VaultContext, version: VaultVersion) -> LoginProof {
		let claim = LoginClaim {
			genesis: context.genesis,
			identity: IdentityId(context.identity),
			locator: self.locator(),
			version,
		};
		LoginProof { key: self.public(), claim: self.0.sign(&claim.to_bytes()).to_bytes() }
	}
}

impl fmt::Debug for Login {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str("Login(..)")
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_name_has_one_form() {
		let name = |text| LoginName::new(text).unwrap();
		assert_eq!(name("  Maria.Muster ").as_str(), "maria.muster");
		assert_eq!(name("ＭＡＲＩＡ"), name("maria"));
		assert_eq!(name("Zo\u{e9}"), name("ZOE\u{301}"));
		assert_eq!(name("İpek").as_str(), name("i\u{307}pek").as_str());
	}

	#[test]
	fn a_name_that_tells_who_it_is_is_refused() {
		for text in
			["maria@example.org", "ｍ＠ｎ", "+49 30 1234567", "0301234567", "(030) 123-4567"]
		{
			assert_eq!(LoginName::new(text), Err(LoginNameError::NamesAPerson), "{text}");
		}
		for text in ["maria1234567", "123456", "ward-7"] {
			assert!(LoginName::new(text).is_ok(), "{text}");
		}
	}

	#[test]
	fn a_name_has_bounds() {
		assert_eq!(LoginName::new(" \u{3000} "), Err(LoginNameError::Empty));
		assert!(LoginName::new(&"n".repeat(128)).is_ok());
		assert_eq!(LoginName::new(&"n".repeat(129)), Err(LoginNameError::TooLong));
		assert_eq!(LoginName::new(&"n".repeat(1 << 20)), Err(LoginNameError::TooLong));
	}

	#[test]
	fn a_password_has_bounds() {
		let new = |text: &str| Password::new(text).map(|password| password.0.len());
		assert_eq!(new(""), Err(PasswordError::Empty));
		assert_eq!(new(&"p".repeat(1024)), Ok(1024));
		assert_eq!(new(&"p".repeat(1025)), Err(PasswordError::TooLong));
		assert_eq!(new(&"p".repeat(1 << 20)), Err(PasswordError::TooLong));
		// What counts is what is left: full-width letters become narrow ones.
		assert_eq!(new(&"ｐ".repeat(1024)), Ok(1024));
	}

	#[test]
	fn parameters_are_judged_before_any_work() {
		let argon2id = |memory_kib, passes, lanes| Kdf::Argon2id { memory_kib, passes, lanes };
		for profile in Profile::ALL {
			assert_eq!(Profile::of(&profile.kdf()), Ok(profile));
			assert_eq!(profile.kdf().check(SlotKind::Password, &KdfLimits::STANDARD), Ok(()));
		}
		for weak in [argon2id(65_535, 3, 1), argon2id(1 << 20, 2, 1), argon2id(8, 1, 1)] {
			assert_eq!(Profile::of(&weak), Err(VaultError::DowngradedParameters));
		}
		let strange =
			[argon2id(65_537, 3, 1), argon2id(65_536, 3, 2), argon2id(u32::MAX, 3, 1), Kdf::None];
		for strange in strange {
			assert_eq!(Profile::of(&strange), Err(VaultError::UnknownParameters));
		}
	}

	#[test]
	fn a_machine_gets_the_profile_that_takes_about_a_second() {
		let second = Duration::from_secs(1);
		let profile = |millis| Profile::for_speed(Duration::from_millis(millis), second);
		assert_eq!(profile(10), Profile::Heavy);
		assert_eq!(profile(150), Profile::Strong);
		assert_eq!(profile(250), Profile::Regular);
		assert_eq!(profile(376), Profile::Modest);
		assert_eq!(profile(750), Profile::Modest);
		assert_eq!(profile(1_400), Profile::Light);
		assert_eq!(profile(60_000), Profile::Light);
	}

	#[test]
	fn trying_all_profiles_in_order_costs_at_most_twice_the_right_one() {
		for (index, right) in Profile::ALL.iter().enumerate() {
			let tried: u32 = Profile::ALL[..=index].iter().map(|one| one.memory_mib()).sum();
			assert!(tried <= 2 * right.memory_mib());
		}
	}
}
