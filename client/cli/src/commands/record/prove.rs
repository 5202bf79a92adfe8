// SPDX-License-Identifier: Apache-2.0

//! `salus record prove` and `promote`: one leaf of a batch, as a proof or as a record.

use super::{submit, submit::say_filed};
use crate::{
	context::Context,
	document,
	filing::{Filing, batches::promotable},
	output::{facts, or_dash},
	reading_room::deliver,
};
use anyhow::{Context as _, bail};
use salus_client::batch::{LeafProof, ProofFile};
use salus_primitives::{LeafIndex, RecordId};
use serde_json::json;
use std::{
	fs::File,
	io::Read,
	path::{Path, PathBuf},
};

/// The most that is read of a file that should be a proof.
const LONGEST_PROOF: u64 = 1 << 17;

#[derive(clap::Args, Debug)]
pub(crate) struct Prove {
	/// The proof file of the batch.
	proofs: PathBuf,
	/// The record to prove.
	#[arg(long, value_name = "ID", required_unless_present = "index", conflicts_with = "index")]
	record: Option<RecordId>,
	/// The leaf to prove, counted from 0.
	#[arg(long, value_name = "NUMBER")]
	index: Option<LeafIndex>,
	/// A file to write the proof to; without it, stdout.
	#[arg(long, short, value_name = "FILE")]
	output: Option<PathBuf>,
	/// Overwrite that file.
	#[arg(long, requires = "output")]
	force: bool,
	/// Leave out what promotion needs: such a proof names no patient, and goes to third parties.
	#[arg(long)]
	bare: bool,
}

pub(super) fn prove(context: &Context, prove: &Prove) -> anyhow::Result<()> {
	let named = || prove.proofs.display().to_string();
	let mut file = ProofFile::open(&prove.proofs).with_context(named)?;
	let index = match (prove.record, prove.index) {
		(Some(record), _) => file.find(&record).with_context(named)?,
		(None, Some(index)) => index,
		(None, None) => bail!("which leaf? Name it with --record or --index"),
	};
	let proof = file.prove(index).with_context(named)?;
	let proof = if prove.bare { proof.without_promotion() } else { proof };
	deliver(proof.to_json().as_bytes(), prove.output.as_deref(), prove.force)?;
	let Some(output) = &prove.output else { return Ok(()) };
	let answer = json!({
		"record": proof.record,
		"batch": proof.batch,
		"leafIndex": proof.leaf_index,
		"treeSize": proof.tree_size,
		"root": proof.root,
		"output": output,
	});
	context.out.say(&answer, || {
		facts(&[
			("record", proof.record.to_string()),
			("batch", or_dash(&proof.batch)),
			("leaf", format!("{} of {}", proof.leaf_index, proof.tree_size)),
			("root", proof.root.to_string()),
			("written to", output.display().to_string()),
		])
	})
}

#[derive(clap::Args, Debug)]
pub(crate) struct Promote {
	/// The proof of the leaf, made without --bare.
	proof: PathBuf,
	/// The document that was sealed: whoever judges it has to see it.
	#[arg(long, value_name = "FILE")]
	document: Option<PathBuf>,
	#[command(flatten)]
	judging: submit::Judging,
}

pub(super) async fn promote(context: &Context, promote: Promote) -> anyhow::Result<()> {
	let proof = read_proof(&promote.proof)?;
	promotable(&proof).with_context(|| promote.proof.display().to_string())?;
	let valid = match &promote.document {
		Some(path) => Some(document::validate(document::read(path)?, document::now())?),
		None => None,
	};
	let secrets = context.secrets()?;
	let attestors = promote.judging.attestors(context)?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let judges = promote.judging.judges(&chain, attestors).await?;
	let filing = Filing { context, chain: &chain, secrets: &secrets, me: &me };
	let filed = filing.promote(&proof, valid.as_ref(), &judges).await?;
	say_filed(context, &filed)
}

/// Reads a proof from a file; what it says is not checked yet.
pub(super) fn read_proof(path: &Path) -> anyhow::Result<LeafProof> {
	let name = path.display();
	let file = File::open(path).with_context(|| format!("{name} cannot be opened"))?;
	let mut text = Vec::new();
	file.take(LONGEST_PROOF)
		.read_to_end(&mut text)
		.with_context(|| format!("{name} cannot be read"))?;
	LeafProof::from_json(&text).with_context(|| name.to_string())
}
