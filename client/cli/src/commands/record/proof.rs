// SPDX-License-Identifier: Apache-2.0

//! `salus record verify`: what is at hand against what stands on chain.

mod checks;
mod object;

use super::{
	batch::is_proof_file,
	prove::read_proof,
	report::{self, BlockLine, Report},
};
use crate::{
	context::Context,
	document,
	exit::Failure,
	filing::batches,
	output::{self, facts, or_dash},
	reading_room::look_up,
	values::Hash,
};
use anyhow::{Context as _, bail};
use checks::Body;
use object::{Found, fetched, hashed};
use salus_client::{
	At, Chain,
	batch::{LeafProof, ProofFile},
};
use salus_envelope::CommitmentSalt;
use salus_primitives::{Commitment, ContentHash, Digest, RecordId, RecordVersion};
use serde_json::{Value, json};
use std::{
	path::{Path, PathBuf},
	str::FromStr,
};

#[derive(clap::Args, Debug)]
pub(crate) struct Verify {
	/// A record; or the file of a proof that `record prove` wrote; or the proof file of a whole batch.
	what: Target,
	/// Which version of the record; by default the one that counts.
	#[arg(long)]
	version: Option<RecordVersion>,
	/// The sealed object, when you have it. Without it a record's is fetched from the custodian.
	#[arg(long, value_name = "FILE")]
	object: Option<PathBuf>,
	/// Leave the object out, which needs no keystore and no custodian.
	#[arg(long, conflicts_with = "object")]
	no_object: bool,
	/// The document, to compare it with what validators signed.
	#[arg(long, value_name = "FILE", requires = "salt")]
	document: Option<PathBuf>,
	/// The salt of its commitment, as its author was told.
	#[arg(long, value_name = "HEX", requires = "document")]
	salt: Option<Hash>,
	/// Compare a proof with the chain, too. Without it no node is asked.
	#[arg(long)]
	online: bool,
	/// Write a report of all that was checked, as .html, .txt or .json.
	#[arg(long, value_name = "FILE")]
	report: Option<PathBuf>,
	/// Overwrite that file.
	#[arg(long, requires = "report")]
	force: bool,
}

/// What is to be verified.
#[derive(Clone, Debug)]
enum Target {
	Record(RecordId),
	File(PathBuf),
}

impl FromStr for Target {
	type Err = std::convert::Infallible;

	fn from_str(text: &str) -> Result<Self, Self::Err> {
		Ok(text.parse().map_or_else(|_| Self::File(text.into()), Self::Record))
	}
}

pub(super) async fn verify(context: &Context, verify: Verify) -> anyhow::Result<()> {
	if let Some(path) = &verify.report {
		report::check_name(path, verify.force)?;
	}
	match verify.what.clone() {
		Target::Record(record) => of_record(context, &verify, record).await,
		Target::File(path) if is_proof_file(&path) => of_batch(context, &verify, &path).await,
		Target::File(path) => {
			let proof = read_proof(&path)?;
			of_proof(context, &verify, &proof).await
		},
	}
}

/// A record on chain, with its object.
async fn of_record(context: &Context, verify: &Verify, record: RecordId) -> anyhow::Result<()> {
	let reader = match verify.object.is_none() && !verify.no_object {
		true => Some(context.secrets()?),
		false => None,
	};
	let body = body_at_hand(verify)?;
	let chain = context.chain().await?;
	let (at, is_final) = block_with(&chain, &record).await?;
	let (view, version) = look_up(&at, record, verify.version).await?;
	let object = match (&verify.object, &version.object, &reader) {
		(Some(path), _, _) => hashed(path)?,
		(None, Some(object), _) if !verify.no_object => {
			let hash = salus_envelope::CiphertextHash::of(object);
			Found::Object(ContentHash(hash.0), object.len() as u64)
		},
		(None, None, Some(secrets)) => {
			fetched(context, &chain, &at, secrets, (&view, &version)).await?
		},
		_ => Found::Unseen,
	};
	let mut report = begun(&chain, record, version.number, &at, is_final);
	checks::record(&mut report, &at, &view, &version).await?;
	checks::object(&mut report, &version.content, version.padded_len, &object);
	checks::body(&mut report, Some(&version.body), body.as_ref());
	checks::verdicts(&mut report, &at, &view, &version).await?;
	checks::origin(&mut report, &at, &view).await?;

	let answer = json!({
		"record": view.id,
		"version": version.number,
		"status": view.status,
		"content": version.content,
		"objectLen": object.length(),
		// Where it is not, the command fails.
		"intact": object.length().map(|_| true),
	});
	finish(context, verify, &report, answer, object.doubt(&view.id))
}

/// A leaf of a batch, by its proof.
async fn of_proof(context: &Context, verify: &Verify, proof: &LeafProof) -> anyhow::Result<()> {
	let body = body_at_hand(verify)?;
	let object = verify.object.as_deref().map_or(Ok(Found::Unseen), hashed)?;
	let chain = match verify.online {
		true => Some(context.chain().await?),
		false => None,
	};
	let mut report = Report {
		record: proof.record,
		version: proof.version,
		genesis: Digest(proof.genesis),
		made: document::now(),
		block: None,
		facts: vec![
			("organisation", proof.organisation.to_string()),
			("batch", or_dash(&proof.batch)),
			("leaf", format!("{} of {}", proof.leaf_index, proof.tree_size)),
			("root", proof.root.to_string()),
		],
		checks: Vec::new(),
		verdicts: Vec::new(),
		// The name of the file may hold a person's.
		again: "salus record verify PROOF --online, with the file of the proof".into(),
	};
	let expected = match &chain {
		Some(chain) => Some(chain.genesis()),
		None => context.expected_genesis()?,
	};
	checks::chain_of(&mut report, proof, expected.as_ref());
	checks::inclusion(&mut report, proof);
	// The leaf does not say what the object holds: only a record on chain commits to a body.
	let committed = match &chain {
		Some(chain) => on_chain(&mut report, chain, proof).await?,
		None => {
			checks::offline(&mut report);
			None
		},
	};
	let padded_len = proof.promotion.as_ref().map_or(0, |promotion| promotion.padded_len);
	checks::object(&mut report, &proof.content, padded_len, &object);
	checks::body(&mut report, committed.as_ref(), body.as_ref());
	let answer = json!({
		"record": proof.record,
		"version": proof.version,
		"content": proof.content,
		"batch": proof.batch,
		"leafIndex": proof.leaf_index,
		"treeSize": proof.tree_size,
		"root": proof.root,
		"online": verify.online,
	});
	finish(context, verify, &report, answer, None)
}

/// Compares a proof with the chain: its batch, and the record where there is one already, whose
/// commitment to the body is the answer.
async fn on_chain(
	report: &mut Report,
	chain: &Chain,
	proof: &LeafProof,
) -> anyhow::Result<Option<Commitment>> {
	let mut at = chain.finalized().await?;
	let mut is_final = true;
	let is_known = match proof.batch {
		Some(batch) => at.batch(batch).await?.is_some(),
		None => at.batch_by_root(proof.organisation, proof.root).await?.is_some(),
	};
	if !is_known {
		(at, is_final) = (chain.best().await?, false);
	}
	report.block = Some(block_line(&at, is_final));
	let (batch, view) = match batches::anchored(&at, proof).await {
		Ok(found) => found,
		Err(error) => {
			report.note_result("anchored root", Err(format!("{error:#}")));
			return Ok(None);
		},
	};
	checks::anchored(report, &at, proof, batch, &view).await?;
	let Some(record) = at.promoted(batch, proof.leaf_index).await? else { return Ok(None) };
	let (view, version) = look_up(&at, record, Some(proof.version)).await?;
	checks::record(report, &at, &view, &version).await?;
	checks::verdicts(report, &at, &view, &version).await?;
	Ok(Some(version.body))
}

/// All of a batch's proof file.
async fn of_batch(context: &Context, verify: &Verify, path: &Path) -> anyhow::Result<()> {
	let name = path.display();
	if verify.object.is_some() || verify.document.is_some() || verify.report.is_some() {
		bail!("{name} is the file of a whole batch: cut one proof out with `salus record prove`");
	}
	let mut file = ProofFile::open(path).with_context(|| name.to_string())?;
	let head = file.head().clone();
	let bar = output::count_bar("checking", head.tree_size.into());
	let checked = file.check(|_, _| bar.inc(1));
	bar.finish_and_clear();
	checked.with_context(|| name.to_string())?;
	// Any leaf's proof names the batch as a whole.
	let proof = file.prove(0).with_context(|| name.to_string())?;
	if let Some(expected) = context.expected_genesis()? {
		proof.check_genesis(&expected)?;
	}
	let mut batch = head.batch;
	if verify.online {
		let chain = context.chain().await?;
		proof.check_genesis(&chain.genesis())?;
		let (found, _) = batches::anchored(&chain.best().await?, &proof).await?;
		batch = Some(found);
	}
	let answer = json!({
		"batch": batch,
		"organisation": head.organisation,
		"root": head.root,
		"treeSize": head.tree_size,
		"online": verify.online,
		"intact": true,
	});
	context.out.say(&answer, || {
		let said = match verify.online {
			true => "every leaf and node holds, and the chain has the root",
			false => "every leaf and node holds; the chain was not asked (--online)",
		};
		facts(&[
			("batch", or_dash(&batch)),
			("organisation", head.organisation.to_string()),
			("root", head.root.to_string()),
			("records", head.tree_size.to_string()),
			("checked", said.into()),
		])
	})
}

/// Writes the report that was asked for, and answers; an error when something does not hold, or when
/// nothing is known of the object, for the reason in `doubt`.
fn finish(
	context: &Context,
	verify: &Verify,
	report: &Report,
	mut answer: Value,
	doubt: Option<Failure>,
) -> anyhow::Result<()> {
	if let Some(path) = &verify.report {
		report.write(path, verify.force)?;
	}
	if let Some(doubt) = doubt.filter(|_| report.failed().all(|one| one.what == checks::OBJECT)) {
		return Err(doubt.into());
	}
	report.verdict()?;
	if let Some(answer) = answer.as_object_mut() {
		answer.insert("checks".into(), json!(report.checks));
		answer.insert("verdicts".into(), json!(report.verdicts));
		answer.insert("block".into(), json!(report.block));
		answer.insert("report".into(), json!(verify.report));
	}
	context.out.say(&answer, || {
		let written = verify.report.as_ref().map(|path| path.display());
		let written = written.map(|path| format!("\n\nreport written to {path}"));
		report.to_lines() + &written.unwrap_or_default()
	})
}

fn begun(
	chain: &Chain,
	record: RecordId,
	version: RecordVersion,
	at: &At,
	is_final: bool,
) -> Report {
	Report {
		record,
		version,
		genesis: Digest(chain.genesis()),
		made: document::now(),
		block: Some(block_line(at, is_final)),
		facts: Vec::new(),
		checks: Vec::new(),
		verdicts: Vec::new(),
		again: format!("salus record verify {record} --version {version}"),
	}
}

fn block_line(at: &At, is_final: bool) -> BlockLine {
	BlockLine { number: at.number(), hash: Digest(at.hash()), is_final }
}

/// The final block when it has the record, else the newest one.
async fn block_with(chain: &Chain, record: &RecordId) -> anyhow::Result<(At, bool)> {
	let at = chain.finalized().await?;
	if at.record(*record).await?.is_some() {
		return Ok((at, true));
	}
	Ok((chain.best().await?, false))
}

/// The document that was named, committed to under the salt that was named.
fn body_at_hand(verify: &Verify) -> anyhow::Result<Option<Body>> {
	let (Some(path), Some(salt)) = (&verify.document, verify.salt) else { return Ok(None) };
	let bytes = document::read(path)?;
	Ok(Some(Body(Commitment(CommitmentSalt(salt.0).commit(&bytes).0))))
}
