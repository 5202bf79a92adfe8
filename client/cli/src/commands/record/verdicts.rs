// SPDX-License-Identifier: Apache-2.0

//! Verdicts: reading what waits, and saying what one found.

use super::stage;
use crate::{
	context::{Context, Me},
	document::{self, Valid},
	filing,
	output::facts,
	reading_room::{ReadingRoom, look_up},
	values::{Hash, when},
};
use anyhow::bail;
use salus_client::{Call, Chain, calls, keystore::Secrets};
use salus_envelope::CommitmentSalt;
use salus_primitives::{
	Action, AttestationKind, Commitment, ContentHash, Purpose, RecordId, RecordStatus,
	RecordVersion, Verdict,
};
use serde_json::json;
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub(crate) struct Attest {
	/// Which record.
	record: RecordId,
	/// What the verdict is about; by default everything that is still missing.
	#[arg(long)]
	kind: Vec<AttestationKind>,
	/// The verdict: pass, pass-with-warnings or fail; by default what validation finds.
	#[arg(long)]
	verdict: Option<Verdict>,
	/// The document, when you have it from elsewhere; without it the record is opened.
	#[arg(long, value_name = "FILE", requires = "salt")]
	document: Option<PathBuf>,
	/// The salt that `record submit` printed for that document.
	#[arg(long, value_name = "HEX", requires = "document")]
	salt: Option<Hash>,
	/// What you open it for.
	#[arg(long)]
	purpose: Option<Purpose>,
}

pub(super) async fn attest(context: &Context, attest: Attest) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let (view, _) = look_up(&at, attest.record, None).await?;
	let Some(state) = at.validation_state(view.id).await? else {
		bail!("the record waits for no verdict: its status is {}", view.status);
	};
	if state.lapsed {
		let next = match view.status {
			RecordStatus::ReqRevalid => "its keeper asks anew with `salus record revalidate`",
			_ => "the author files again",
		};
		bail!("the time for verdicts passed on {}: {next}", when(state.deadline));
	}
	let (valid, (content, body)) =
		see(context, &chain, &secrets, &me, &attest, state.version).await?;
	let kinds = if attest.kind.is_empty() {
		state.missing.iter().map(|missing| missing.kind).collect()
	} else {
		attest.kind.clone()
	};
	let verdict = filing::verdict_of(&valid, attest.verdict);
	let evidence = filing::keep_evidence(context, &secrets, &valid)?;
	let calls = kinds.iter().map(|kind| {
		let (record, version) = (view.id, state.version);
		calls::records::attest(record, version, content, body, *kind, verdict, evidence)
	});
	context.submit(&chain, &Call::batch_all(calls.collect()), &secrets.signer()).await?;

	let (view, version) = look_up(&chain.best().await?, view.id, Some(state.version)).await?;
	let answer = json!({
		"record": view.id,
		"version": version.number,
		"kinds": kinds,
		"verdict": verdict,
		"evidence": evidence,
		"status": view.status,
		"stage": version.stage,
	});
	context.out.say(&answer, || {
		let kinds: Vec<_> = kinds.iter().map(ToString::to_string).collect();
		facts(&[
			("record", view.id.to_string()),
			("version", version.number.to_string()),
			("verdict", format!("{verdict} on {}", kinds.join(", "))),
			("stage", stage(&version.stage)),
		])
	})
}

/// The document that a verdict is about, seen and validated, and the object it came as, with the
/// commitment it was compared to: nobody attests unseen, and the verdict is on nothing else.
async fn see(
	context: &Context,
	chain: &Chain,
	secrets: &Secrets,
	me: &Me,
	attest: &Attest,
	version: RecordVersion,
) -> anyhow::Result<(Valid, (ContentHash, Commitment))> {
	let (bytes, seen) = match (&attest.document, attest.salt) {
		(Some(path), Some(salt)) => {
			let bytes = document::read(path)?;
			let (_, filed) = look_up(&chain.best().await?, attest.record, Some(version)).await?;
			if CommitmentSalt(salt.0).commit(&bytes).0 != filed.body.0 {
				bail!(
					"{} with that salt is not what was filed: check both with the author",
					path.display()
				);
			}
			(bytes, (filed.content, filed.body))
		},
		_ => {
			let room = ReadingRoom { context, chain, secrets, me };
			let opened =
				room.open(attest.record, Some(version), attest.purpose, Action::Access).await?;
			(opened.bytes, (opened.version.content, opened.version.body))
		},
	};
	let valid = match attest.verdict {
		// What fails need not pass here.
		Some(Verdict::Fail) => document::unchecked(bytes, document::now())?,
		_ => document::validate(bytes, document::now())?,
	};
	Ok((valid, seen))
}
