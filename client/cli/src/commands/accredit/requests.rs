// SPDX-License-Identifier: Apache-2.0

//! What a subject asks an authority for. The digest binds the verdict to what was looked at.

use crate::{context::Context, document, output::facts, values::Party};
use anyhow::{Context as _, bail};
use salus_client::{calls, keystore::write_private, wire::hex_bytes};
use salus_envelope::CommitmentSalt;
use salus_primitives::{AccreditationKind, Commitment, Digest, blake2_256};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(clap::Args, Debug)]
pub(crate) struct Request {
	/// Which authority.
	#[arg(long, value_name = "PARTY")]
	issuer: Party,
	/// What it would allow.
	#[arg(long)]
	kind: AccreditationKind,
	/// What the authority is to look at. Stays here: the chain gets salted hashes.
	#[arg(long, value_name = "FILE")]
	document: PathBuf,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Close {
	/// The authority that you asked.
	#[arg(long, value_name = "PARTY", conflicts_with = "subject")]
	issuer: Option<Party>,
	/// Whose request you decline, as the authority.
	#[arg(long, value_name = "PARTY", required_unless_present = "issuer")]
	subject: Option<Party>,
	/// What it would have allowed.
	#[arg(long)]
	kind: AccreditationKind,
}

/// What opens the hashes that a request, or a grant, leaves on chain.
#[derive(Serialize, Deserialize)]
pub(super) struct Opening {
	#[serde(with = "hex_bytes")]
	salt: [u8; 32],
}

const DIGEST_LABEL: &[u8] = b"salus/accreditation-request/1";

impl Opening {
	pub(super) fn generate() -> Self {
		Self { salt: CommitmentSalt::generate().0 }
	}

	pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
		serde_json::from_slice(&document::read(path)?)
			.with_context(|| format!("{} is no opening of a request", path.display()))
	}

	pub(super) fn commitment(&self, document: &[u8]) -> Commitment {
		Commitment(CommitmentSalt(self.salt).commit(document).0)
	}

	/// Salted, since a licence document can be guessed.
	pub(super) fn digest(&self, document: &[u8]) -> Digest {
		Digest(blake2_256(&[DIGEST_LABEL, &self.salt, document].concat()))
	}

	/// Keeps it in the home, under the name of the commitment.
	pub(super) fn keep(
		&self,
		context: &Context,
		commitment: &Commitment,
	) -> anyhow::Result<PathBuf> {
		let name = format!("{}.json", hex::encode(commitment.0));
		let path = context.home().join("licences").join(name);
		write_private(&path, &serde_json::to_vec_pretty(self)?, true)
			.with_context(|| format!("{} cannot be written", path.display()))?;
		Ok(path)
	}
}

pub(super) async fn request(context: &Context, request: Request) -> anyhow::Result<()> {
	let document = document::read(&request.document)?;
	let opening = Opening::generate();
	let (commitment, digest) = (opening.commitment(&document), opening.digest(&document));
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let issuer = context.identity(&at, &request.issuer).await?;
	// Without it nobody could ever check what was asked.
	let kept = opening.keep(context, &commitment)?;
	let call =
		calls::accreditation::request_accreditation(issuer, request.kind, commitment, digest);
	context.submit(&chain, &call, &secrets.signer()).await?;
	let answer = json!({
		"issuer": issuer,
		"kind": request.kind,
		"commitment": commitment,
		"digest": digest,
		"opening": kept,
	});
	context.out.say(&answer, || {
		let kept = kept.display().to_string();
		let facts = facts(&[
			("asked", issuer.to_string()),
			("digest", digest.to_string()),
			("opening", kept),
		]);
		format!("{facts}\n\nhand the document and the opening to the authority")
	})
}

pub(super) async fn close(context: &Context, close: Close) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?.id;
	let (issuer, subject) = match (&close.issuer, &close.subject) {
		(Some(issuer), _) => (context.identity(&at, issuer).await?, me),
		(None, Some(subject)) => (me, context.identity(&at, subject).await?),
		(None, None) => bail!("name the authority you asked, or whose request you decline"),
	};
	let call = calls::accreditation::close_request(issuer, subject, close.kind);
	context.submit(&chain, &call, &secrets.signer()).await?;
	let answer = json!({ "issuer": issuer, "subject": subject, "kind": close.kind });
	context.out.say(&answer, || {
		let done = if issuer == me { "declined" } else { "withdrawn" };
		format!("the request for {} is {done}", close.kind)
	})
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_digest_says_nothing_without_its_salt() {
		let (one, two) = (Opening::generate(), Opening::generate());
		assert_eq!(one.digest(b"licence 7"), one.digest(b"licence 7"));
		assert_ne!(one.digest(b"licence 7"), two.digest(b"licence 7"));
		assert_ne!(one.digest(b"licence 7"), one.digest(b"licence 8"));
		assert_ne!(one.digest(b"licence 7").0, one.commitment(b"licence 7").0);
	}

	#[test]
	fn an_opening_is_read_as_it_was_written() {
		let opening = Opening::generate();
		let text = serde_json::to_string(&opening).unwrap();
		let again: Opening = serde_json::from_str(&text).unwrap();
		assert_eq!(again.commitment(b"x"), opening.commitment(b"x"));
	}
}
