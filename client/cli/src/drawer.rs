// SPDX-License-Identifier: Apache-2.0

//! Small sealed files in the home: unfinished filings, and what an author keeps of finished ones.

use anyhow::Context as _;
use salus_client::keystore::{Secrets, write_private};
use serde::{Serialize, de::DeserializeOwned};
use std::{
	fs, io,
	path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// A folder whose files are sealed with a key of the keystore.
pub(crate) struct Drawer<'a> {
	folder: PathBuf,
	secrets: &'a Secrets,
}

impl<'a> Drawer<'a> {
	/// The folder `name` in the home.
	pub(crate) fn new(home: &Path, name: &str, secrets: &'a Secrets) -> Self {
		Self { folder: home.join(name), secrets }
	}

	/// Where a file of another kind may lie beside the sealed one.
	pub(crate) fn path(&self, name: &str, extension: &str) -> PathBuf {
		self.folder.join(format!("{name}.{extension}"))
	}

	/// Puts a thing in, whole or not at all.
	pub(crate) fn put<T: Serialize>(&self, name: &str, thing: &T) -> anyhow::Result<()> {
		let path = self.path(name, "sealed");
		let sealed = self.secrets.seal_local(name, &Zeroizing::new(serde_json::to_vec(thing)?));
		write_private(&path, &sealed, true)
			.with_context(|| format!("{} cannot be written", path.display()))
	}

	/// Looks a thing up. What another keystore sealed, or a fault cut, is as good as not there.
	pub(crate) fn get<T: DeserializeOwned>(&self, name: &str) -> anyhow::Result<Option<T>> {
		let path = self.path(name, "sealed");
		let sealed = match fs::read(&path) {
			Ok(sealed) => sealed,
			Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
			Err(error) => {
				return Err(error).with_context(|| format!("{} cannot be read", path.display()));
			},
		};
		let opened = self.secrets.open_local(name, &sealed);
		Ok(opened.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
	}

	/// Takes a thing out, with what lies beside it.
	pub(crate) fn remove(&self, name: &str, beside: &[&str]) {
		for extension in ["sealed"].iter().chain(beside) {
			// What stays behind is overwritten by the next one of that name.
			let _ = fs::remove_file(self.path(name, extension));
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn things_come_back_to_their_owner_only() {
		let home = tempfile::tempdir().unwrap();
		let (mine, theirs) = (Secrets::generate(), Secrets::generate());
		let drawer = Drawer::new(home.path(), "pending", &mine);
		assert_eq!(drawer.get::<u32>("a").unwrap(), None);
		drawer.put("a", &7u32).unwrap();
		assert_eq!(drawer.get::<u32>("a").unwrap(), Some(7));
		let other = Drawer::new(home.path(), "pending", &theirs);
		assert_eq!(other.get::<u32>("a").unwrap(), None);
		drawer.remove("a", &["hre1"]);
		assert_eq!(drawer.get::<u32>("a").unwrap(), None);
	}

	#[test]
	fn a_file_under_another_name_or_cut_is_not_there() {
		let home = tempfile::tempdir().unwrap();
		let secrets = Secrets::generate();
		let drawer = Drawer::new(home.path(), "pending", &secrets);
		drawer.put("a", &7u32).unwrap();
		let (a, b) = (drawer.path("a", "sealed"), drawer.path("b", "sealed"));
		fs::copy(&a, &b).unwrap();
		assert_eq!(drawer.get::<u32>("b").unwrap(), None);
		let bytes = fs::read(&a).unwrap();
		fs::write(&a, &bytes[..bytes.len() - 1]).unwrap();
		assert_eq!(drawer.get::<u32>("a").unwrap(), None);
	}
}
