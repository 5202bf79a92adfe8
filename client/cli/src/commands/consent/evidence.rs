// SPDX-License-Identifier: Apache-2.0

//! Salted hashes of what stays off chain: signed forms, reasons, justifications, notes.
//!
//! Words about a person can be guessed, so that a plain hash of them would confirm the guess. The
//! salt stays in the home, sealed, with the words; who is shown both can check them.

use crate::{context::Context, document, drawer::Drawer, output::facts};
use anyhow::{anyhow, bail};
use salus_client::{
	keystore::Secrets,
	wire::{fresh_nonce, hex_bytes},
};
use salus_primitives::{Digest, blake2_256};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

const LABEL: &[u8] = b"salus/consent-evidence/1";

/// The longest words that are kept; a file is not.
const MAX_WORDS: usize = 4096;

/// What a hash on chain stands for: words, or a file that lies elsewhere.
#[derive(Serialize, Deserialize, Debug)]
pub(super) struct Evidence {
	#[serde(with = "hex_bytes")]
	salt: [u8; 16],
	words: Option<String>,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Show {
	/// The hash on chain.
	digest: Digest,
	/// Check a file that somebody shows you, instead of what this home keeps.
	#[arg(long, value_name = "FILE", requires = "salt")]
	document: Option<PathBuf>,
	/// Check words that somebody shows you.
	#[arg(long, conflicts_with = "document", requires = "salt")]
	words: Option<String>,
	/// The salt that belongs to it.
	#[arg(long, value_name = "HEX", value_parser = salt)]
	salt: Option<[u8; 16]>,
}

fn salt(text: &str) -> Result<[u8; 16], String> {
	let mut salt = [0; 16];
	hex::decode_to_slice(text.strip_prefix("0x").unwrap_or(text), &mut salt)
		.map_err(|_| String::from("expected the 32 hexadecimal digits that `evidence` printed"))?;
	Ok(salt)
}

impl Evidence {
	/// A hash over words, which the home keeps.
	pub(super) fn of_words(
		context: &Context,
		secrets: &Secrets,
		words: &str,
	) -> anyhow::Result<Digest> {
		if words.trim().is_empty() || words.len() > MAX_WORDS {
			bail!(
				"say why, in 1 to {MAX_WORDS} bytes; for more write a file and say where it lies"
			);
		}
		Self { salt: fresh_nonce(), words: Some(words.into()) }.keep(context, secrets, words)
	}

	/// A hash over a file, which stays where it is.
	pub(super) fn of_file(
		context: &Context,
		secrets: &Secrets,
		path: &Path,
	) -> anyhow::Result<Digest> {
		let bytes = document::read(path)?;
		Self { salt: fresh_nonce(), words: None }.keep(context, secrets, &bytes)
	}

	/// As [`Self::of_file`], where there is one.
	pub(super) fn of_optional_file(
		context: &Context,
		secrets: &Secrets,
		path: Option<&Path>,
	) -> anyhow::Result<Option<Digest>> {
		path.map(|path| Self::of_file(context, secrets, path)).transpose()
	}

	/// Keeps it before anything is submitted: without the salt nobody could ever check the hash.
	fn keep(
		&self,
		context: &Context,
		secrets: &Secrets,
		bytes: impl AsRef<[u8]>,
	) -> anyhow::Result<Digest> {
		let digest = digest(&self.salt, bytes.as_ref());
		Drawer::new(context.home(), "reasons", secrets).put(&name(&digest), self)?;
		Ok(digest)
	}
}

fn digest(salt: &[u8; 16], bytes: &[u8]) -> Digest {
	Digest(blake2_256(&Zeroizing::new([LABEL, salt, bytes].concat())))
}

fn name(digest: &Digest) -> String {
	hex::encode(digest.0)
}

pub(super) fn show(context: &Context, args: Show) -> anyhow::Result<()> {
	let shown = match (&args.document, &args.words) {
		(Some(path), _) => Some(document::read(path)?),
		(None, Some(words)) => Some(Zeroizing::new(words.clone().into_bytes())),
		(None, None) => None,
	};
	if let (Some(bytes), Some(salt)) = (shown, args.salt) {
		if digest(&salt, &bytes) != args.digest {
			bail!(
				"that is not what the hash stands for: ask for the very bytes and the salt that belong \
				 to it"
			);
		}
		let answer = json!({ "digest": args.digest, "matches": true });
		return context.out.say(&answer, || "that is what the hash stands for".into());
	}
	let secrets = context.secrets()?;
	let kept = Drawer::new(context.home(), "reasons", &secrets);
	let kept = kept.get::<Evidence>(&name(&args.digest))?.ok_or_else(|| {
		anyhow!(
			"this home keeps nothing of that hash: look in the home that made it, or give --document \
			 or --words with --salt"
		)
	})?;
	let salt = hex::encode(kept.salt);
	let answer = json!({ "digest": args.digest, "salt": salt, "words": kept.words });
	context.out.say(&answer, || {
		let words = kept.words.clone().unwrap_or_else(|| "a file, which is not kept here".into());
		facts(&[("stands for", crate::output::plain(&words)), ("salt", salt.clone())])
	})
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_hash_of_the_same_words_differs_by_its_salt() {
		let (one, other) = (digest(&[1; 16], b"unconscious"), digest(&[2; 16], b"unconscious"));
		assert_ne!(one, other);
		assert_eq!(one, digest(&[1; 16], b"unconscious"));
		assert_ne!(one, digest(&[1; 16], b"conscious"));
	}

	#[test]
	fn salts_are_hexadecimal() {
		assert_eq!(salt(&"ab".repeat(16)), Ok([0xab; 16]));
		assert_eq!(salt(&format!("0x{}", "ab".repeat(16))), Ok([0xab; 16]));
		assert!(salt("ab").is_err());
	}
}
