// SPDX-License-Identifier: Apache-2.0

//! `salus supply commission`: a list of serials becomes a leaf file, and its root is anchored.

use super::{
	Desk,
	words::{Event, product_text, unsaid},
};
use crate::{
	context::Context,
	output::{self, facts, plain},
};
use anyhow::{Context as _, anyhow, bail};
use indicatif::ProgressBar;
use salus_client::{
	At, calls,
	custodian::Custodian,
	types::supply::{LotSummary, NewBatch},
};
use salus_gs1::UdiDi;
use salus_primitives::{BatchIx, LotIx};
use salus_supply::{Commissioned, LeafFile, MasterSalt, Stage};
use serde_json::json;
use std::{
	fs::File,
	io::BufReader,
	path::{Path, PathBuf},
};

#[derive(clap::Args, Debug)]
pub(crate) struct Commission {
	/// The serials in the order of packing, one a line, as CSV with the columns serial and, where the
	/// packaging line made one, salt.
	#[arg(required_unless_present = "resume", conflicts_with = "resume")]
	list: Option<PathBuf>,
	/// The lot, by its number on the chain.
	#[arg(long, value_name = "NUMBER")]
	lot: u64,
	/// The leaf file to write, with what proves each unit [default: beside the list, as .leaves].
	#[arg(long, value_name = "FILE", required_unless_present = "list")]
	leaf_file: Option<PathBuf>,
	/// The file of the master salt, which never leaves you; a new one when it is not there [default:
	/// beside the leaf file, as .salt].
	#[arg(long, value_name = "FILE")]
	master_salt: Option<PathBuf>,
	/// Anchor the leaf file that an interrupted command wrote.
	#[arg(long)]
	resume: bool,
	#[command(flatten)]
	event: Event,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Publish {
	/// The leaf file, as it was anchored.
	leaf_file: PathBuf,
	/// Its batch.
	#[arg(long, value_name = "NUMBER")]
	batch: u64,
	/// The proof service.
	#[arg(long, env = "SALUS_PROOFS", value_name = "URL")]
	proofs: String,
}

/// Hands a leaf file over. The service looks whether the final block shows its root for the batch.
pub(super) async fn publish(context: &Context, publish: Publish) -> anyhow::Result<()> {
	let Publish { leaf_file, proofs, .. } = publish;
	let batch = BatchIx(publish.batch);
	let named = || leaf_file.display().to_string();
	let mut file = LeafFile::open(&leaf_file).with_context(named)?;
	let made = file.commissioned().with_context(named)?;
	let desk = Desk::open(context).await?;
	let service = Custodian::connect(&proofs, desk.chain.genesis()).await;
	let service = service.context("the proof service cannot be reached")?;
	let length = leaf_file.metadata().with_context(named)?.len();
	let (bar, hash) = (output::bytes_bar("sending", length), made.leaf_file);
	let moving = bar.clone();
	let signer = desk.secrets.signer();
	let kept = service
		.put_leaf_file(&signer, batch, &hash, &leaf_file, move |sent| moving.set_position(sent))
		.await;
	bar.finish_and_clear();
	let units = kept?.units;
	let answer = json!({ "batch": batch, "units": units, "leafFileHash": hash, "service": proofs });
	context.out.say(&answer, || format!("{units} units of batch {batch} can be proved at {proofs}"))
}

pub(super) async fn commission(context: &Context, command: Commission) -> anyhow::Result<()> {
	let lot = LotIx(command.lot);
	let leaves = match (&command.leaf_file, &command.list) {
		(Some(path), _) => path.clone(),
		(None, Some(list)) => list.with_extension("leaves"),
		(None, None) => bail!("which leaf file? Name it with --leaf-file"),
	};
	let salt = command.master_salt.unwrap_or_else(|| leaves.with_extension("salt"));
	let desk = Desk::open(context).await?;
	let at = desk.chain.best().await?;
	let told = command.event.told(&at).await?;
	let summary = at.lot_summary(lot).await?;
	let summary = summary.ok_or_else(|| anyhow!("there is no lot {lot}: open it first"))?;
	let made = match &command.list {
		Some(list) => write(list, &leaves, &salt, &summary)?,
		None => reread(&leaves)?,
	};
	if made.product != summary.product {
		bail!(
			"{} is of product {}, and lot {lot} of {}: name another lot",
			leaves.display(),
			product_text(&made.product),
			product_text(&summary.product)
		);
	}
	let batch = match anchored(&at, lot, &made).await? {
		Some(batch) => batch,
		None => {
			let Commissioned { count, root, salt, leaf_file, .. } = made;
			let new = NewBatch { root, count, salt, leaf_file };
			let again = || {
				format!(
					"{} is whole, and its root not anchored: run this again with --resume --leaf-file",
					leaves.display()
				)
			};
			let receipt = desk
				.send(&calls::supply::commission_batch(lot, new, told))
				.await
				.with_context(again)?;
			let batch: Option<BatchIx> = receipt.first_field("SupplyChain", "BatchCommissioned");
			batch.ok_or_else(|| unsaid("batch"))?
		},
	};
	say(context, batch, lot, &made, &leaves, &salt)
}

/// The batch of the lot with that root: an earlier command may have been cut behind its last step.
async fn anchored(at: &At, lot: LotIx, made: &Commissioned) -> anyhow::Result<Option<BatchIx>> {
	let batches = at.lot_batches(lot).await?;
	Ok(batches.iter().find(|batch| batch.root == made.root).map(|batch| batch.batch))
}

/// Makes the leaf file, and the master salt where there is none.
fn write(
	list: &Path,
	leaves: &Path,
	salt: &Path,
	summary: &LotSummary,
) -> anyhow::Result<Commissioned> {
	if leaves.symlink_metadata().is_ok() {
		bail!(
			"{} is there already: anchor it with --resume, or name another one with --leaf-file",
			leaves.display()
		);
	}
	let source =
		File::open(list).with_context(|| format!("{} cannot be opened", list.display()))?;
	let master = match salt.symlink_metadata() {
		Ok(_) => MasterSalt::read(salt)?,
		Err(_) => {
			let master = MasterSalt::generate()?;
			master.write_new(salt)?;
			master
		},
	};
	build(source, leaves, summary.product, &master)
		.with_context(|| format!("no leaf file of {} was written", list.display()))
}

fn build(
	source: File,
	leaves: &Path,
	product: UdiDi,
	master: &MasterSalt,
) -> anyhow::Result<Commissioned> {
	let mut shown: Option<(Stage, ProgressBar)> = None;
	let source = BufReader::with_capacity(1 << 16, source);
	let made = salus_supply::commission(source, leaves, product, master, |stage, done, total| {
		if shown.as_ref().is_none_or(|(before, _)| *before != stage) {
			if let Some((_, bar)) = shown.take() {
				bar.finish_and_clear();
			}
			let bar = match total {
				Some(total) => output::count_bar(words(stage), total),
				None => output::spinner(words(stage)),
			};
			shown = Some((stage, bar));
		}
		if let Some((_, bar)) = &shown {
			bar.set_position(done);
		}
	});
	if let Some((_, bar)) = shown {
		bar.finish_and_clear();
	}
	Ok(made?)
}

const fn words(stage: Stage) -> &'static str {
	match stage {
		Stage::Reading => "reading",
		Stage::Sorting => "sorting",
		Stage::Tree => "hashing tree",
		Stage::Hashing => "hashing file",
	}
}

/// What is to be anchored of a leaf file that is there, after all of it was checked.
fn reread(leaves: &Path) -> anyhow::Result<Commissioned> {
	let named = || leaves.display().to_string();
	let mut file = LeafFile::open(leaves).with_context(named)?;
	let bar = output::count_bar("checking", file.head().count.into());
	let checked = file.check(|index, _| {
		if index % 8_192 == 0 {
			bar.set_position(index.into());
		}
	});
	bar.finish_and_clear();
	checked.with_context(named)?;
	file.commissioned().with_context(named)
}

fn say(
	context: &Context,
	batch: BatchIx,
	lot: LotIx,
	made: &Commissioned,
	leaves: &Path,
	salt: &Path,
) -> anyhow::Result<()> {
	let answer = json!({
		"batch": batch,
		"lot": lot,
		"product": product_text(&made.product),
		"units": made.count,
		"root": made.root,
		"leafFile": leaves,
		"leafFileHash": made.leaf_file,
		"masterSalt": salt,
		"saltCommitment": made.salt,
	});
	context.out.say(&answer, || {
		facts(&[
			("batch", batch.to_string()),
			("lot", lot.to_string()),
			("product", product_text(&made.product)),
			("units", made.count.to_string()),
			("root", made.root.to_string()),
			("leaf file", plain(&leaves.display().to_string())),
			("its hash", made.leaf_file.to_string()),
			("master salt", format!("{}, for nobody else", plain(&salt.display().to_string()))),
		])
	})
}

#[cfg(test)]
mod tests {
	use super::*;
	use std::fs;

	fn summary() -> LotSummary {
		LotSummary {
			lot: LotIx(3),
			product: UdiDi::Gs1("06291041500213".parse().unwrap()),
			number: "L1".parse().unwrap(),
			expiry: "2027-12".parse().unwrap(),
			released: false,
			closed: false,
			planned: 10,
			counters: [0; 16],
			recalls: Vec::new(),
			holds: Vec::new(),
		}
	}

	#[test]
	fn a_leaf_file_is_made_once_and_reread_for_what_was_not_anchored() {
		let folder = tempfile::tempdir().unwrap();
		let path = |name: &str| folder.path().join(name);
		fs::write(path("serials.csv"), "serial\nS1\nS2\nS3\n").unwrap();
		let (list, leaves, salt) = (path("serials.csv"), path("a.leaves"), path("a.salt"));
		let made = write(&list, &leaves, &salt, &summary()).unwrap();
		assert_eq!((made.count, made.product), (3, summary().product));
		assert_eq!(reread(&leaves).unwrap(), made);
		let again = write(&list, &leaves, &salt, &summary()).unwrap_err().to_string();
		assert!(again.contains("--resume"), "{again}");

		// The same master salt and list give the same tree.
		fs::remove_file(&leaves).unwrap();
		assert_eq!(write(&list, &leaves, &salt, &summary()).unwrap().root, made.root);
	}

	#[test]
	fn a_bad_list_leaves_no_leaf_file() {
		let folder = tempfile::tempdir().unwrap();
		let path = |name: &str| folder.path().join(name);
		fs::write(path("serials.csv"), "serial\nS1\nS1\n").unwrap();
		let failed = write(&path("serials.csv"), &path("a.leaves"), &path("a.salt"), &summary());
		let said = format!("{:#}", failed.unwrap_err());
		assert!(said.contains("S1") && said.contains("lines 2 and 3"), "{said}");
		assert!(!path("a.leaves").exists());
	}

	#[test]
	fn a_damaged_leaf_file_is_not_anchored() {
		let folder = tempfile::tempdir().unwrap();
		let path = |name: &str| folder.path().join(name);
		fs::write(path("serials.csv"), "S1\nS2\nS3\n").unwrap();
		let leaves = path("a.leaves");
		write(&path("serials.csv"), &leaves, &path("a.salt"), &summary()).unwrap();
		let mut bytes = fs::read(&leaves).unwrap();
		let last = bytes.len() - 1;
		bytes[last] ^= 1;
		fs::write(&leaves, bytes).unwrap();
		assert!(reread(&leaves).is_err());
	}
}
