// SPDX-License-Identifier: Apache-2.0

//! `salus record evidence`: the outcome of a validation, by the hash that stands with its verdict.

use crate::{
	context::Context,
	filing::Evidence,
	output::{facts, or_dash},
	values::Hash,
};
use anyhow::{Context as _, anyhow, bail};
use salus_primitives::Digest;
use serde_json::json;
use std::{
	io::{self, BufWriter, Write},
	path::{Path, PathBuf},
};

#[derive(clap::Args, Debug)]
pub(crate) struct Show {
	/// The hash, as `record show --json` names it with each verdict.
	evidence: Hash,
	/// A file to write it to; without it, stdout.
	#[arg(long, short, value_name = "FILE")]
	output: Option<PathBuf>,
	/// Overwrite that file.
	#[arg(long, requires = "output")]
	force: bool,
}

pub(super) fn show(context: &Context, show: Show) -> anyhow::Result<()> {
	let digest = Digest(show.evidence.0);
	let secrets = context.secrets()?;
	let home = context.home();
	let found = Evidence::find(home, &secrets, &digest)?.ok_or_else(|| {
		anyhow!(
			"this home keeps no evidence of the hash {digest} for this keystore: ask who gave the \
			 verdict, or look from the home that the document was validated in"
		)
	})?;
	let Some(path) = &show.output else {
		let mut out = BufWriter::new(io::stdout().lock());
		found.write_to(home, &secrets, &digest, &mut out)?;
		return match out.flush() {
			Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
			result => Ok(result?),
		};
	};
	if path.exists() && !show.force {
		bail!("{} exists already: name another file, or add --force", path.display());
	}
	let failed = || format!("{} cannot be written", path.display());
	let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
	let mut file =
		tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).with_context(failed)?;
	let mut out = BufWriter::new(file.as_file_mut());
	found.write_to(home, &secrets, &digest, &mut out)?;
	out.flush().with_context(failed)?;
	drop(out);
	file.as_file().sync_all().with_context(failed)?;
	file.persist(path).with_context(failed)?;
	// With the salt whoever is shown the file can compare it with the chain.
	let answer = json!({ "evidence": digest, "salt": found.salt, "output": path });
	context.out.say(&answer, || {
		facts(&[
			("evidence", digest.to_string()),
			("salt", or_dash(&found.salt)),
			("written to", path.display().to_string()),
		])
	})
}
