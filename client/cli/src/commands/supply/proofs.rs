// SPDX-License-Identifier: Apache-2.0

//! Where the proof of a pack comes from: the maker's leaf files, or its proof service.

use super::words::{Pack, Unit};
use anyhow::{Context as _, anyhow, bail};
use salus_client::{
	At, Chain, Keypair,
	custodian::Custodian,
	types::supply::{BatchView, Dispensing, HeldUnit, QueryError, ScanProof, UnitProof},
	wire::ProvenUnit,
};
use salus_primitives::{BatchIx, Digest, UnitRef, blake2_256, dispense_commitment};
use salus_supply::{LeafFile, UnitLeafProof, scan::ScannedLabel};
use std::{fs::File, path::PathBuf};

/// Where proofs come from.
#[derive(clap::Args, Clone, Default, Debug)]
pub(super) struct Sources {
	/// The leaf file of a batch, as its maker has it; several, when given several times.
	#[arg(long, value_name = "FILE")]
	leaf_file: Vec<PathBuf>,
	/// The maker's proof service, which partners with a licence can ask about what a label says.
	#[arg(long, env = "SALUS_PROOFS", value_name = "URL")]
	proofs: Option<String>,
}

impl Sources {
	/// Opens all of them, before anything else happens.
	pub(super) fn open(&self) -> anyhow::Result<Prover> {
		let files = self.leaf_file.iter().map(|path| {
			let file = LeafFile::open(path).with_context(|| path.display().to_string())?;
			Ok(Leaves { path: path.clone(), file, batch: None })
		});
		let (files, url) = (files.collect::<anyhow::Result<_>>()?, self.proofs.clone());
		Ok(Prover { files, url, service: None, start: None })
	}
}

/// A proof service, and who asks it.
struct Service {
	custodian: Custodian,
	signer: Keypair,
}

/// The leaves of one batch.
struct Leaves {
	path: PathBuf,
	file: LeafFile<File>,
	/// Which batch it is, once that was found out.
	batch: Option<BatchIx>,
}

impl Leaves {
	fn prove(&mut self, index: u32) -> anyhow::Result<UnitLeafProof> {
		self.file.prove(index).with_context(|| self.path.display().to_string())
	}
}

/// Proves packs.
pub(super) struct Prover {
	files: Vec<Leaves>,
	/// Where the proof service is, when one is to be asked.
	url: Option<String>,
	service: Option<Service>,
	/// Where the parcel of the pack before began: the next one is likely in it.
	start: Option<u32>,
}

impl Prover {
	/// Connects to the proof service, where one was named. Nothing that it says is believed before
	/// the chain has followed it to a root.
	pub(super) async fn reach(
		&mut self,
		chain: &Chain,
		signer: impl FnOnce() -> anyhow::Result<Keypair>,
	) -> anyhow::Result<()> {
		let Some(url) = &self.url else { return Ok(()) };
		let signer = signer()?;
		let custodian = Custodian::connect(url, chain.genesis()).await;
		let custodian = custodian.context("the proof service cannot be asked")?;
		self.service = Some(Service { custodian, signer });
		Ok(())
	}

	/// Whether no file can say that a serial is in no batch.
	pub(super) fn has_no_files(&self) -> bool {
		self.files.is_empty()
	}

	/// Proves packs, in the order that the chain asks for.
	pub(super) async fn prove_all(
		&mut self,
		at: &At,
		packs: &[Pack],
	) -> anyhow::Result<Vec<UnitProof>> {
		let mut proofs = Vec::with_capacity(packs.len());
		for pack in packs {
			proofs.push(self.prove(at, pack).await?);
		}
		proofs.sort_by_key(|proof: &UnitProof| proof.unit);
		proofs.dedup_by_key(|proof| proof.unit);
		Ok(proofs)
	}

	/// Proves one pack, and finds its parcel.
	pub(super) async fn prove(&mut self, at: &At, pack: &Pack) -> anyhow::Result<UnitProof> {
		if self.files.is_empty() && self.service.is_none() {
			bail!(
				"nothing to prove the pack with: name the maker's leaf file with --leaf-file, or its \
				 proof service with --proofs"
			);
		}
		let (proof, start) = match pack {
			Pack::Unit(unit) => (self.unit(at, unit.unit).await?, unit.start),
			Pack::Label(label) => match self.label(at, label).await? {
				Some(proof) => (proof, None),
				None => bail!(
					"its maker gives no proof of that label: it is a forgery, or of another batch; ask \
					 with `salus supply scan`"
				),
			},
		};
		let unit = Unit { unit: proof.unit, start };
		let start = parcel_start_near(at, unit, self.start).await?;
		self.start = Some(start);
		let ScanProof { unit, serial, salt, path, .. } = proof;
		Ok(UnitProof { unit, parcel_start: start, serial, salt, path })
	}

	/// The proof of a unit by its place: from the file whose tree is the batch's.
	async fn unit(&mut self, at: &At, unit: UnitRef) -> anyhow::Result<ScanProof> {
		for leaves in &mut self.files {
			if unit.index >= leaves.file.head().count
				|| leaves.batch.is_some_and(|batch| batch != unit.batch)
			{
				continue;
			}
			let proof = with_unit(unit.batch, leaves.prove(unit.index)?);
			if leaves.batch.is_some() || at.check_unit(&proof).await? {
				leaves.batch = Some(unit.batch);
				return Ok(proof);
			}
		}
		if self.files.is_empty() {
			bail!(
				"a proof service is asked by what a label says: name the pack by it, not as {unit}"
			);
		}
		Err(anyhow!(
			"no leaf file given is that of batch {}: name the one that was written when it was \
			 commissioned",
			unit.batch
		))
	}

	/// The proof of what a label says: of its serial, or of one that a wrongly set reader takes for
	/// it. None when no file has either.
	pub(super) async fn label(
		&mut self,
		at: &At,
		label: &ScannedLabel,
	) -> anyhow::Result<Option<ScanProof>> {
		let Some(serial) = label.serial else { return Ok(None) };
		let mut batches = None;
		for leaves in &mut self.files {
			if leaves.file.head().product != label.product {
				continue;
			}
			let found = leaves.file.find_alike(&serial);
			let found = found.with_context(|| leaves.path.display().to_string())?;
			let Some(index) = found else { continue };
			let batch = match leaves.batch {
				Some(batch) => batch,
				None => {
					if batches.is_none() {
						batches = Some(batches_of(at, label).await?);
					}
					let root = leaves.file.head().root;
					let known = batches.iter().flatten().find(|batch| batch.root == root);
					let Some(batch) = known else { continue };
					batch.batch
				},
			};
			leaves.batch = Some(batch);
			return Ok(Some(with_unit(batch, leaves.prove(index)?)));
		}
		let Some(Service { custodian, signer }) = &self.service else { return Ok(None) };
		let proven = custodian.unit_proof(signer, label.product, serial).await?;
		Ok(proven.map(|ProvenUnit { batch, proof }| with_unit(batch, proof)))
	}

	/// Whether the files hold every unit of the lot that a label names: then a serial that is in none
	/// of them is no unit's, and this proof of another unit shows it to the chain.
	pub(super) async fn proof_of_absence(
		&mut self,
		at: &At,
		label: &ScannedLabel,
	) -> anyhow::Result<Option<ScanProof>> {
		if label.lot.is_none() || label.serial.is_none() {
			return Ok(None);
		}
		let batches = batches_of(at, label).await?;
		let mut first = None;
		for batch in &batches {
			let leaves = self.files.iter_mut().find(|leaves| leaves.file.head().root == batch.root);
			let Some(leaves) = leaves else { return Ok(None) };
			if first.is_none() {
				first = Some(with_unit(batch.batch, leaves.prove(0)?));
			}
		}
		Ok(first)
	}
}

/// The batches of the lot on a label.
async fn batches_of(at: &At, label: &ScannedLabel) -> anyhow::Result<Vec<BatchView>> {
	let Some(number) = label.lot else {
		bail!("the label names no lot, so its batch is not known: name the unit, as 7/12");
	};
	match at.lot_by_number(label.product, number).await? {
		Some(lot) => Ok(at.lot_batches(lot).await?),
		None => Ok(Vec::new()),
	}
}

fn with_unit(batch: BatchIx, proof: UnitLeafProof) -> ScanProof {
	let UnitLeafProof { index, serial, salt, path } = proof;
	ScanProof { unit: UnitRef { batch, index }, parcel_start: None, serial, salt, path }
}

/// Where the parcel of a unit begins: as was said, or as the chain has it.
pub(super) async fn parcel_start(at: &At, unit: Unit) -> anyhow::Result<u32> {
	parcel_start_near(at, unit, None).await
}

async fn parcel_start_near(at: &At, unit: Unit, hint: Option<u32>) -> anyhow::Result<u32> {
	let Unit { unit, start } = unit;
	if let Some(start) = start {
		return Ok(start);
	}
	match at.locate_unit(unit, hint).await? {
		Ok(found) => Ok(found.parcel_start),
		Err(QueryError::Unknown) => bail!("there is no unit {unit}: check its batch and index"),
		Err(QueryError::WrongParcel) if hint.is_some() => match at.locate_unit(unit, None).await? {
			Ok(found) => Ok(found.parcel_start),
			Err(_) => Err(unfound(unit)),
		},
		Err(_) => Err(unfound(unit)),
	}
}

fn unfound(unit: UnitRef) -> anyhow::Error {
	anyhow!(
		"batch {} is in too many parcels to look through: write where the unit's begins, as {unit}@0",
		unit.batch
	)
}

/// Units with where their parcels begin, in the order that the chain asks for.
pub(super) async fn held(at: &At, units: &[Unit]) -> anyhow::Result<Vec<HeldUnit>> {
	let mut held = Vec::with_capacity(units.len());
	let mut hint = None;
	for unit in units {
		let parcel_start = parcel_start_near(at, *unit, hint).await?;
		hint = Some(parcel_start);
		held.push(HeldUnit { unit: unit.unit, parcel_start });
	}
	held.sort();
	held.dedup_by_key(|held| held.unit);
	Ok(held)
}

/// What is handed over with a commitment to a secret, which goes with the pack.
pub(super) fn dispensing(proof: UnitProof, secret: &Digest) -> Dispensing {
	let commitment = Digest(blake2_256(&dispense_commitment(proof.unit, secret)));
	Dispensing { proof, commitment }
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_commitment_is_opened_by_its_secret_and_its_unit_alone() {
		let unit = UnitRef { batch: BatchIx(7), index: 12 };
		let serial = "S1".parse().unwrap();
		let proof = UnitProof { unit, parcel_start: 0, serial, salt: [1; 16], path: Vec::new() };
		let secret = Digest([9; 32]);
		let made = dispensing(proof.clone(), &secret).commitment;
		assert_eq!(made, Digest(blake2_256(&dispense_commitment(unit, &secret))));
		assert_ne!(made, dispensing(proof.clone(), &Digest([8; 32])).commitment);
		let other = UnitProof { unit: UnitRef { index: 13, ..unit }, ..proof };
		assert_ne!(made, dispensing(other, &secret).commitment);
	}

	#[test]
	fn a_leaf_file_that_is_none_is_named() {
		let file = tempfile::NamedTempFile::new().unwrap();
		let sources = Sources { leaf_file: vec![file.path().into()], proofs: None };
		let said = format!("{:#}", sources.open().err().unwrap());
		assert!(said.contains(&file.path().display().to_string()), "{said}");
		assert!(Sources::default().open().unwrap().has_no_files());
	}
}
