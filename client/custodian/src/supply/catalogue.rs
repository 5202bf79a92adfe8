// SPDX-License-Identifier: Apache-2.0

//! Which leaf files there are, and what is found in them.

use crate::{
	Error,
	chain::{At, BatchFacts, Chain},
	error::Result,
};
use salus_client::wire::{ProofRequest, ProvenUnit};
use salus_gs1::UdiDi;
use salus_primitives::BatchIx;
use salus_supply::{LeafError, LeafFile, LeafHead};
use std::{
	collections::{BTreeMap, HashMap},
	fs::{self, File},
	io,
	path::{Path, PathBuf},
	sync::{Arc, PoisonError, RwLock},
	time::SystemTime,
};
use tokio::sync::Mutex;

/// The ending of leaf files.
const ENDING: &str = ".leaves";

/// The batches of each product whose leaf files count, in rising order.
type Kept = HashMap<UdiDi, Vec<BatchIx>>;

/// A folder of leaf files.
pub(super) struct Catalogue {
	folder: PathBuf,
	kept: RwLock<Arc<Kept>>,
	/// What was found of each file, and when it was written.
	judged: Mutex<BTreeMap<BatchIx, Judged>>,
}

/// A file that was looked at.
#[derive(Clone, Copy)]
struct Judged {
	stamp: (SystemTime, u64),
	/// Its product, when it is the file of its batch on chain.
	product: Option<UdiDi>,
}

impl Catalogue {
	/// Opens a folder, or makes it.
	pub(super) fn open(folder: PathBuf) -> io::Result<Self> {
		let mut builder = fs::DirBuilder::new();
		builder.recursive(true);
		#[cfg(unix)]
		std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
		builder.create(&folder)?;
		Ok(Self { folder, kept: RwLock::default(), judged: Mutex::default() })
	}

	pub(super) fn folder(&self) -> &Path {
		&self.folder
	}

	pub(super) fn path(&self, batch: BatchIx) -> PathBuf {
		self.folder.join(format!("{batch}{ENDING}"))
	}

	fn kept(&self) -> Arc<Kept> {
		self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
	}

	/// Looks through the folder. A file counts when the final block shows its root for the batch that
	/// it is named by. One that does not is looked at again: its batch may not be final yet.
	pub(super) async fn look(&self, chain: &dyn Chain) {
		let mut judged = self.judged.lock().await;
		let there = match self.files() {
			Ok(there) => there,
			Err(error) => {
				tracing::warn!(%error, "the folder of leaf files cannot be read");
				return;
			},
		};
		judged.retain(|batch, _| there.contains_key(batch));
		for (batch, stamp) in there {
			let before = judged.get(&batch).filter(|before| before.stamp == stamp);
			if before.is_some_and(|before| before.product.is_some()) {
				continue;
			}
			let is_new = before.is_none();
			let product = match self.judge(chain, batch).await {
				Ok(product) => Some(product),
				Err(reason) => {
					if is_new {
						tracing::warn!(%batch, reason, "a leaf file is not used");
					}
					None
				},
			};
			judged.insert(batch, Judged { stamp, product });
		}
		let mut kept = Kept::new();
		for (batch, Judged { product, .. }) in judged.iter() {
			if let Some(product) = product {
				kept.entry(*product).or_default().push(*batch);
			}
		}
		*self.kept.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(kept);
	}

	/// The files that a batch names, and when each was written.
	fn files(&self) -> io::Result<BTreeMap<BatchIx, (SystemTime, u64)>> {
		let mut files = BTreeMap::new();
		for entry in fs::read_dir(&self.folder)? {
			let entry = entry?;
			let name = entry.file_name();
			let number = name.to_str().and_then(|name| name.strip_suffix(ENDING));
			let Some(number) = number.and_then(|number| number.parse().ok()) else { continue };
			let meta = entry.metadata()?;
			files.insert(BatchIx(number), (meta.modified()?, meta.len()));
		}
		Ok(files)
	}

	/// The product of a file, when the chain shows what the file says.
	async fn judge(&self, chain: &dyn Chain, batch: BatchIx) -> Result<UdiDi, String> {
		let file = LeafFile::open(&self.path(batch)).map_err(|error| error.to_string())?;
		let asked = async {
			let finalised = chain.head(At::Finalised).await?;
			chain.unit_batch(batch, finalised).await
		};
		let facts = asked.await.map_err(|error| error.to_string())?;
		let facts = facts.ok_or("the final block shows no batch of that number")?;
		match is_file_of(file.head(), &facts) {
			true => Ok(facts.product),
			false => Err("the chain shows another product, root or number of units".into()),
		}
	}

	/// The proof of a unit. Every file of the product is searched, found or not, and something is
	/// proved in any case, so that a miss costs what a hit does.
	pub(super) fn prove(&self, request: &ProofRequest) -> Result<Option<ProvenUnit>> {
		let kept = self.kept();
		let batches = kept.get(&request.product).map(Vec::as_slice).unwrap_or_default();
		let mut found: Option<(BatchIx, LeafFile<File>, u32)> = None;
		let mut is_exact = false;
		let mut stand_in = None;
		for batch in batches {
			let damaged = |error| damaged(*batch, &error);
			let mut file = LeafFile::open(&self.path(*batch)).map_err(damaged)?;
			let hit = file.find_alike(&request.serial).map_err(damaged)?;
			let Some(index) = hit else {
				stand_in = Some((*batch, file, 0));
				continue;
			};
			let exact = file.row(index).map_err(damaged)?.serial == request.serial;
			if found.is_none() || (exact && !is_exact) {
				(found, is_exact) = (Some((*batch, file, index)), exact);
			}
		}
		let is_hit = found.is_some();
		let Some((batch, mut file, index)) = found.or(stand_in) else { return Ok(None) };
		let proof = file.prove(index).map_err(|error| damaged(batch, &error))?;
		Ok(is_hit.then_some(ProvenUnit { batch, proof }))
	}
}

/// Whether a file is that of a batch.
pub(super) fn is_file_of(head: &LeafHead, facts: &BatchFacts) -> bool {
	(head.product, head.root, head.count) == (facts.product, facts.root, facts.count)
}

/// The operator learns which file; who asked learns that it is no miss.
fn damaged(batch: BatchIx, error: &LeafError) -> Error {
	tracing::error!(%batch, %error, "a leaf file is damaged");
	Error::LeavesDamaged
}
