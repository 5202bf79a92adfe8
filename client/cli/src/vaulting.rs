// SPDX-License-Identifier: Apache-2.0

//! What the home keeps of the vault, and changes of it.
//!
//! `vault.json` notes the highest version seen, so that an older state is told from the newest; the
//! drawer `vault` holds the vault's key, sealed with the keystore, so that a slot is added or the
//! keyring sealed anew without asking for a password.

use crate::{context::Context, drawer::Drawer, output};
use anyhow::{Context as _, anyhow, bail};
use salus_client::{
	Call, Chain, calls,
	keystore::{Secrets, write_private},
	login::{
		self, Credentials, LoginError, OpenVault, Profile, Secret, Seen, SlotSecret, VaultKey,
	},
	types::{IdentityView, NewSlot, VaultView},
};
use salus_envelope::{PrivateKey as _, vault::VaultError};
use salus_primitives::{Commitment, IdentityId, SlotId, VaultVersion};
use serde::{Deserialize, Serialize};
use std::{
	fs, io,
	path::{Path, PathBuf},
	time::Duration,
};
use zeroize::Zeroizing;

/// What is noted of the vault.
#[derive(Serialize, Deserialize)]
struct Note {
	identity: IdentityId,
	version: VaultVersion,
}

fn note_path(home: &Path) -> PathBuf {
	home.join("vault.json")
}

/// The highest version that this home has seen.
pub(crate) fn seen(context: &Context) -> anyhow::Result<Option<Seen>> {
	let path = note_path(context.home());
	match fs::read(&path) {
		Ok(text) => {
			let note: Note = serde_json::from_slice(&text).with_context(|| {
				format!("{} is damaged: remove it, when you trust the node", path.display())
			})?;
			Ok(Some(Seen { identity: note.identity, version: note.version }))
		},
		Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
		Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
	}
}

/// Notes a version, and keeps the vault's key.
pub(crate) fn keep(
	context: &Context,
	secrets: &Secrets,
	identity: IdentityId,
	version: VaultVersion,
	key: &VaultKey,
) -> anyhow::Result<()> {
	let drawer = Drawer::new(context.home(), "vault", secrets);
	drawer.put("key", &*Zeroizing::new(hex::encode(key.expose())))?;
	drawer.remove("next", &[]);
	note(context, identity, version)
}

/// Keeps the key of a vault that the chain has not heard of, beside that of the one it has: a fault
/// while it waits loses neither.
fn keep_next(context: &Context, secrets: &Secrets, key: &VaultKey) -> anyhow::Result<()> {
	let drawer = Drawer::new(context.home(), "vault", secrets);
	drawer.put("next", &*Zeroizing::new(hex::encode(key.expose())))
}

/// Notes a version.
fn note(context: &Context, identity: IdentityId, version: VaultVersion) -> anyhow::Result<()> {
	let path = note_path(context.home());
	let text = serde_json::to_vec_pretty(&Note { identity, version })?;
	write_private(&path, &text, true)
		.with_context(|| format!("{} cannot be written", path.display()))
}

/// Takes the vault's key out of the home. The version stays: a later vault counts on.
fn forget(context: &Context, secrets: &Secrets) {
	let drawer = Drawer::new(context.home(), "vault", secrets);
	drawer.remove("key", &[]);
	drawer.remove("next", &[]);
}

/// The keys that may be the vault's: of the one that was there, and of one that a fault left unsure.
fn kept_keys(context: &Context, secrets: &Secrets) -> anyhow::Result<Vec<VaultKey>> {
	let drawer = Drawer::new(context.home(), "vault", secrets);
	let mut keys = Vec::new();
	for name in ["key", "next"] {
		let Some(digits) = drawer.get::<String>(name)?.map(Zeroizing::new) else { continue };
		let mut bytes = Zeroizing::new([0; 32]);
		if hex::decode_to_slice(digits.as_str(), bytes.as_mut()).is_ok() {
			keys.push(VaultKey::from_bytes(*bytes));
		}
	}
	Ok(keys)
}

/// What is said when this home is older than the chain's state.
pub(crate) const STALE: &str = "another device changed the keyring, and this home has not what it \
	changed: run `salus login` in an empty --home and go on there";

/// Somebody's vault, on a chain, with what this home knows of it.
pub(crate) struct Keeper<'a> {
	pub(crate) context: &'a Context,
	pub(crate) chain: &'a Chain,
	pub(crate) secrets: &'a Secrets,
	pub(crate) identity: IdentityId,
}

impl Keeper<'_> {
	/// The vault as the newest block shows it, when it is no older than what was seen here.
	pub(crate) async fn vault(&self) -> anyhow::Result<Option<VaultView>> {
		let at = self.chain.best().await?;
		let vault = at.vault(self.identity).await?;
		let version = match &vault {
			Some(vault) => vault.version,
			None => at.vault_version(self.identity).await?,
		};
		self.check(version)?;
		Ok(vault)
	}

	/// The version that the next change replaces.
	async fn version(&self) -> anyhow::Result<VaultVersion> {
		let version = self.chain.best().await?.vault_version(self.identity).await?;
		self.check(version)?;
		Ok(version)
	}

	fn check(&self, found: VaultVersion) -> anyhow::Result<()> {
		if let Some(seen) = seen(self.context)? {
			seen.check(self.identity, found)?;
		}
		Ok(())
	}

	/// The key of the vault that stands there, and what it holds.
	fn key_of(&self, vault: &VaultView) -> anyhow::Result<(VaultKey, Secrets)> {
		let mut refused = None;
		for key in kept_keys(self.context, self.secrets)? {
			match login::unseal(&self.chain.genesis(), vault, &key) {
				Ok(secrets) => return Ok((key, secrets)),
				Err(error) => refused = Some(error),
			}
		}
		match refused {
			None => bail!(
				"this home does not keep the vault's key: log in with `salus login` in an empty \
				 --home, or make the vault anew with `salus vault create --anew`"
			),
			// Another device made it anew, with a key of its own.
			Some(LoginError::Vault(VaultError::WrongCommitment)) => bail!(STALE),
			Some(error) => Err(error.into()),
		}
	}

	/// The version that a vault made anew takes the place of, when nothing in it would be lost.
	pub(crate) async fn standing(&self) -> anyhow::Result<VaultVersion> {
		match self.vault().await? {
			Some(vault) => {
				self.check_follows(&vault).await?;
				Ok(vault.version)
			},
			None => self.version().await,
		}
	}

	/// Refuses to seal over what another device sealed and this home has not: it would be lost.
	async fn check_follows(&self, vault: &VaultView) -> anyhow::Result<()> {
		match self.key_of(vault) {
			Ok((_, sealed)) if !self.secrets.follows(&sealed) => bail!(STALE),
			Ok(_) => {},
			// What stands there cannot be compared: what others seal to now decides.
			Err(_) => {
				let view = self.chain.best().await?.identity(self.identity).await?;
				if !view.is_some_and(|view| has_agreement(self.secrets, &view)) {
					bail!(
						"{STALE}; when none of its logins is left, run `salus vault clear` first"
					);
				}
			},
		}
		Ok(())
	}

	/// The vault and its key.
	pub(crate) async fn opened(&self) -> anyhow::Result<(VaultView, VaultKey)> {
		let vault = self.vault().await?;
		let vault = vault.ok_or_else(|| anyhow!("there is no vault: see `salus vault create`"))?;
		let (key, _) = self.key_of(&vault)?;
		Ok((vault, key))
	}

	/// Puts a vault with a fresh key and these slots in place of whatever stands there.
	pub(crate) async fn create(
		&self,
		slots: &[(SlotId, &SlotSecret)],
	) -> anyhow::Result<VaultVersion> {
		let expected = self.standing().await?;
		let next = login::next_version(expected)?;
		let key = VaultKey::generate();
		let genesis = self.chain.genesis();
		let new_slot = |(id, secret): &(SlotId, &SlotSecret)| {
			login::new_slot(&genesis, &self.identity, *id, next, &key, secret)
		};
		let slots = slots.iter().map(new_slot).collect();
		let call = set_vault(self.chain, &self.identity, expected, &key, self.secrets, slots)?;
		keep_next(self.context, self.secrets, &key)?;
		self.submit(&call).await?;
		keep(self.context, self.secrets, self.identity, next, &key)?;
		Ok(next)
	}

	/// Puts or replaces one slot of the vault that stands there.
	pub(crate) async fn put(
		&self,
		vault: &VaultView,
		key: &VaultKey,
		id: SlotId,
		stretched: &SlotSecret,
	) -> anyhow::Result<VaultVersion> {
		let next = login::next_version(vault.version)?;
		let slot = login::new_slot(&self.chain.genesis(), &self.identity, id, next, key, stretched);
		let is_there = vault.slots.iter().any(|entry| entry.id == id);
		let call = match is_there {
			true => calls::vault::move_login(slot, vault.version),
			false => calls::vault::put_slot(slot, vault.version),
		};
		self.submit(&call).await?;
		keep(self.context, self.secrets, self.identity, next, key)?;
		Ok(next)
	}

	/// Removes one slot.
	pub(crate) async fn remove_slot(&self, id: SlotId) -> anyhow::Result<VaultVersion> {
		let expected = self.version().await?;
		let next = login::next_version(expected)?;
		self.submit(&calls::vault::remove_slot(id, expected)).await?;
		note(self.context, self.identity, next)?;
		Ok(next)
	}

	/// Removes the vault.
	pub(crate) async fn clear(&self) -> anyhow::Result<VaultVersion> {
		let expected = self.version().await?;
		self.submit(&calls::vault::clear_vault(expected)).await?;
		forget(self.context, self.secrets);
		// The version goes on counting, so that nobody serves what was cleared.
		let version = self.version().await?;
		note(self.context, self.identity, version)?;
		Ok(version)
	}

	async fn submit(&self, call: &Call) -> anyhow::Result<()> {
		self.context.submit(self.chain, call, &self.secrets.signer()).await?;
		Ok(())
	}
}

/// Seals the keyring anew after it changed, where there is a vault.
pub(crate) async fn refresh(
	context: &Context,
	chain: &Chain,
	secrets: &Secrets,
	identity: IdentityId,
) -> anyhow::Result<()> {
	let keeper = Keeper { context, chain, secrets, identity };
	let Some(vault) = keeper.vault().await? else { return Ok(()) };
	let (key, sealed) = keeper.key_of(&vault)?;
	if !secrets.follows(&sealed) {
		bail!(STALE);
	}
	let call = set_vault(chain, &identity, vault.version, &key, secrets, Vec::new())?;
	keeper.submit(&call).await?;
	keep(context, secrets, identity, login::next_version(vault.version)?, &key)
}

/// Whether a home holds what others seal to now.
pub(crate) fn has_agreement(secrets: &Secrets, view: &IdentityView) -> bool {
	let public = secrets.agreement(view.agreement.version).public();
	*salus_envelope::PublicKey::as_bytes(&public) == view.agreement.key
}

/// The call that seals the keyring, over the vault of version `expected`.
fn set_vault(
	chain: &Chain,
	identity: &IdentityId,
	expected: VaultVersion,
	key: &VaultKey,
	secrets: &Secrets,
	slots: Vec<NewSlot>,
) -> anyhow::Result<Call> {
	let next = login::next_version(expected)?;
	let sealed = login::seal(&chain.genesis(), identity, next, key, secrets)?;
	let commitment = Commitment(sealed.key_commitment);
	Ok(calls::vault::set_vault(sealed.format, commitment, sealed.body, slots, expected))
}

/// Stretches what is typed, on a thread of its own, with the time that it takes on a terminal.
pub(crate) async fn stretch(
	chain: &Chain,
	credentials: &Credentials,
	profile: Profile,
) -> anyhow::Result<SlotSecret> {
	let title = format!("stretching what was typed, {} MiB", profile.memory_mib());
	let (genesis, credentials) = (chain.genesis(), credentials.clone());
	Ok(timed(title, move || credentials.stretch(&genesis, profile)).await??)
}

/// The profile whose guess takes about a second on this machine.
pub(crate) async fn calibrated() -> anyhow::Result<Profile> {
	let second = Duration::from_secs(1);
	Ok(timed("measuring this machine".into(), move || Profile::calibrate(second)).await??)
}

async fn timed<T: Send + 'static>(
	title: String,
	work: impl FnOnce() -> T + Send + 'static,
) -> anyhow::Result<T> {
	let timer = output::timer(title);
	let done = tokio::task::spawn_blocking(work).await;
	timer.finish_and_clear();
	done.map_err(|_| anyhow!("this machine could not stretch the password: free some memory"))
}

/// Opens the vault that credentials lead to, at the newest final block.
///
/// What a name and a password lead to depends on how they were stretched, so the profiles are tried
/// one after the other, cheapest first.
pub(crate) async fn open(
	context: &Context,
	chain: &Chain,
	credentials: &Credentials,
) -> anyhow::Result<OpenVault> {
	let at = chain.finalized().await?;
	let seen = seen(context)?;
	let genesis = chain.genesis();
	for profile in credentials.profiles() {
		let secret = stretch(chain, credentials, *profile).await.with_context(|| {
			format!("nothing was found by ways that take less than {} MiB", profile.memory_mib())
		})?;
		let Some(locator) = login::locator(&genesis, &secret) else { continue };
		if let Some(found) = at.find_vault(locator).await? {
			return Ok(login::open(&genesis, &found, &secret, seen)?);
		}
	}
	bail!(LoginError::NotFound)
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::args::Args;
	use clap::Parser;

	fn context(home: &Path) -> Context {
		let args = Args::parse_from(["salus", "--home", &home.display().to_string(), "info"]);
		Context::new(args.global).unwrap()
	}

	#[test]
	fn the_highest_version_and_the_key_are_kept() {
		let home = tempfile::tempdir().unwrap();
		let (context, secrets) = (context(home.path()), Secrets::generate());
		assert_eq!(seen(&context).unwrap(), None);
		assert!(kept_keys(&context, &secrets).unwrap().is_empty());

		let (identity, key) = (IdentityId([1; 32]), VaultKey::generate());
		keep(&context, &secrets, identity, 7, &key).unwrap();
		assert_eq!(seen(&context).unwrap(), Some(Seen { identity, version: 7 }));
		assert!(kept_keys(&context, &secrets).unwrap() == [key.clone()]);
		assert!(kept_keys(&context, &Secrets::generate()).unwrap().is_empty(), "sealed");
		let text = fs::read_to_string(note_path(home.path())).unwrap();
		assert!(!text.contains(&hex::encode(key.expose())));

		// Until the chain has the next vault, both keys stay.
		let next = VaultKey::generate();
		keep_next(&context, &secrets, &next).unwrap();
		assert!(kept_keys(&context, &secrets).unwrap() == [key, next.clone()]);
		keep(&context, &secrets, identity, 8, &next).unwrap();
		assert!(kept_keys(&context, &secrets).unwrap() == [next]);
		keep(&context, &secrets, identity, 7, &VaultKey::generate()).unwrap();

		forget(&context, &secrets);
		assert!(kept_keys(&context, &secrets).unwrap().is_empty());
		assert_eq!(seen(&context).unwrap(), Some(Seen { identity, version: 7 }));
	}

	#[test]
	fn a_damaged_note_is_not_taken_for_none() {
		let home = tempfile::tempdir().unwrap();
		fs::write(note_path(home.path()), "{}").unwrap();
		let refused = seen(&context(home.path())).unwrap_err();
		assert!(refused.to_string().contains("is damaged"), "{refused}");
	}
}
