// SPDX-License-Identifier: Apache-2.0

//! Many documents under one root: sealed and deposited like any other, and proved by a file instead
//! of a transaction each. A leaf becomes a record of its own when it is promoted.

mod leaf;
mod promote;

use super::{
	Filing, Place, VERDICT_LIFETIME, chosen, deposit::BESIDE, evidence::Lines, verdicts::Signed,
	wanted,
};
use crate::{
	context::{Context, Me},
	document::{self, Valid},
	drawer::Drawer,
	output,
};
use anyhow::{Context as _, anyhow, bail};
use futures::{StreamExt, TryStreamExt, stream};
use leaf::Compartments;
use salus_client::{
	At, Chain,
	batch::{Anchorable, BatchBuilder, MAX_LEAVES, ProofFile},
	calls,
	keystore::Secrets,
	types::Signature,
};
use salus_primitives::{
	AttestationKind, BatchId, BatchStatement, Digest, IdentityId, IdentityKind, RecordClass,
	RecordId, SignedAttestation, Verdict,
};
use serde::Serialize;
use std::{
	collections::{BTreeMap, BTreeSet},
	fmt,
	path::PathBuf,
};
use zeroize::Zeroizing;

pub(crate) use leaf::sealed_len;
pub(crate) use promote::{anchored, promotable};

/// How many documents are on their way to the custodian at a time.
const AT_A_TIME: usize = 8;

/// The most verdicts that one call carries.
const MOST_VERDICTS: usize = 8;

/// Who gives which verdict on all of a batch.
type Bench<'a> = BTreeMap<(AttestationKind, IdentityId), &'a Secrets>;

/// Where a document of a batch comes from.
pub(crate) enum Source {
	/// A file, read when its turn comes.
	File(PathBuf),
	/// It is in memory.
	Bytes(Zeroizing<Vec<u8>>),
}

impl Source {
	/// Reads and validates it.
	pub(crate) fn valid(&self) -> anyhow::Result<Valid> {
		match self {
			Self::File(path) => document::validate(document::read(path)?, document::now())
				.with_context(|| self.to_string()),
			Self::Bytes(bytes) => document::validate(bytes.clone(), document::now()),
		}
	}
}

/// What a person knows it by.
impl fmt::Display for Source {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::File(path) => path.display().fmt(f),
			Self::Bytes(_) => f.write_str("a document"),
		}
	}
}

/// A document, and where it goes.
pub(crate) struct BatchDocument {
	/// The document.
	pub(crate) source: Source,
	/// Where it goes. It amends nothing.
	pub(crate) place: Place,
}

/// What a batch is made with.
pub(crate) struct BatchOrder<'a> {
	pub(crate) context: &'a Context,
	pub(crate) chain: &'a Chain,
	/// Who seals, and promotes leaves later.
	pub(crate) secrets: &'a Secrets,
	pub(crate) me: &'a Me,
	/// The organisation that anchors the root.
	pub(crate) organisation: IdentityId,
	/// Its keystore, when it is not the author's.
	pub(crate) anchor_with: Option<&'a Secrets>,
	/// Whose verdicts are given on the whole batch.
	pub(crate) attestors: &'a [Secrets],
	/// The proof file to be.
	pub(crate) output: PathBuf,
}

/// What became of a batch.
#[derive(Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Batched {
	/// Its number; none when somebody else anchors it.
	pub(crate) batch: Option<BatchId>,
	/// Whose it is.
	pub(crate) organisation: IdentityId,
	/// The root.
	pub(crate) root: Digest,
	/// How many leaves it has.
	pub(crate) tree_size: u32,
	/// The proof file.
	pub(crate) proofs: PathBuf,
	/// How many documents an earlier run had sealed.
	pub(crate) resumed: usize,
	/// How many verdicts were given on all of it.
	pub(crate) verdicts: usize,
	/// The records, by leaf.
	#[serde(skip)]
	pub(crate) records: Vec<RecordId>,
}

/// Seals documents, hands objects and shares to the custodian, writes the proof file and anchors the
/// root. Nothing is anchored when one document fails; the same command goes on where it stopped.
pub(crate) async fn seal_and_anchor(
	order: &BatchOrder<'_>,
	documents: &[BatchDocument],
) -> anyhow::Result<Batched> {
	if documents.len() > MAX_LEAVES as usize {
		bail!("a batch holds {MAX_LEAVES} documents at most: split them into several batches");
	}
	let filing = order.filing();
	let at = order.chain.best().await?;
	let anchored_by = at.identity(order.organisation).await?.map(|known| known.kind);
	if anchored_by != Some(IdentityKind::Organisation) {
		bail!(
			"a batch is anchored by an organisation, and {} is none: file documents one by one, \
			 with `salus record submit`",
			order.organisation
		);
	}
	let compartments = order.ready(&at, documents).await?;
	let classes = documents.iter().map(|document| document.place.class).collect();
	let bench = order.bench(&at, &classes).await?;
	let anchors = order.anchors(&at).await?;
	let to = filing.depositaries(&at, Some(order.organisation)).await?;
	let (genesis, author) = (order.chain.genesis(), order.me.id);
	let mut builder = BatchBuilder::create(&order.output, genesis, order.organisation, author)
		.with_context(|| order.output.display().to_string())?;

	let bar = output::count_bar("sealing", documents.len() as u64);
	let mut outcomes = order.outcomes()?;
	let (mut records, mut clutter, mut resumed) = (Vec::new(), Vec::new(), 0);
	let mut verdict = Verdict::Pass;
	let leaves = stream::iter(documents)
		.map(|document| filing.leaf(document, &compartments, &to, &bar))
		.buffered(AT_A_TIME);
	let mut leaves = std::pin::pin!(leaves);
	let mut sources = documents.iter().map(|document| &document.source);
	while let Some(sealed) = leaves.try_next().await? {
		let source = sources.next();
		builder
			.push(&sealed.entry)
			.with_context(|| source.map(Source::to_string).unwrap_or_default())?;
		if let Some(outcomes) = &mut outcomes {
			let outcome = sealed.valid.document.report.to_operation_outcome();
			outcomes.add(&sealed.entry.record, &outcome)?;
		}
		if sealed.valid.verdict() != Verdict::Pass {
			verdict = Verdict::PassWithWarnings;
		}
		records.push(sealed.entry.record);
		resumed += usize::from(sealed.prepared.resumed);
		clutter.push(sealed.prepared.name);
		bar.inc(1);
	}
	bar.finish_and_clear();
	let evidence = outcomes.map(Lines::finish).transpose()?;
	let anchorable = builder.finish().with_context(|| order.output.display().to_string())?;
	// All of it is at the custodian, and the file has what leads to it.
	let drawer = Drawer::new(order.context.home(), "pending", order.secrets);
	clutter.iter().for_each(|name| drawer.remove(name, &BESIDE));

	let mut batched = Batched {
		batch: None,
		organisation: order.organisation,
		root: anchorable.root,
		tree_size: anchorable.tree_size,
		proofs: order.output.clone(),
		resumed,
		verdicts: 0,
		records,
	};
	if let Some(signer) = anchors {
		let anchored = order.anchor(&anchorable, signer, &bench, verdict, evidence).await;
		batched.batch = Some(anchored.with_context(|| order.still_to_do())?);
		batched.verdicts = bench.len();
	}
	Ok(batched)
}

/// Anchors the root of a proof file, unless that was done. Notes the batch's number in the file.
pub(crate) async fn anchor(
	order: &BatchOrder<'_>,
	anchorable: &Anchorable,
	signer: &Secrets,
	verdicts: Vec<Signed>,
) -> anyhow::Result<BatchId> {
	let Anchorable { root, algorithm, tree_size } = *anchorable;
	let known = order.chain.best().await?.batch_by_root(order.organisation, root).await?;
	let batch = match known {
		Some(batch) => batch,
		None => {
			let call = calls::records::anchor_batch(root, algorithm, tree_size, verdicts);
			let receipt = order.context.submit(order.chain, &call, &signer.signer()).await?;
			let batch = receipt.first_field("Records", "BatchAnchored");
			batch.ok_or_else(|| anyhow!("the chain did not say which number the batch has"))?
		},
	};
	ProofFile::note_batch(&order.output, batch)
		.with_context(|| order.output.display().to_string())?;
	Ok(batch)
}

impl<'a> BatchOrder<'a> {
	fn filing(&self) -> Filing<'a> {
		let Self { context, chain, secrets, me, .. } = *self;
		Filing { context, chain, secrets, me }
	}

	/// Refuses what could not be promoted later, and looks up the compartments.
	async fn ready(&self, at: &At, documents: &[BatchDocument]) -> anyhow::Result<Compartments> {
		let mut compartments = Compartments::new();
		let mut classes = BTreeSet::new();
		let filing = self.filing();
		for BatchDocument { place, .. } in documents {
			let key = (place.subject, place.compartment);
			if classes.contains(&place.class) && compartments.contains_key(&key) {
				continue;
			}
			filing.ready(at, place).await?;
			classes.insert(place.class);
			if let Some(current) = at.compartment(place.subject, place.compartment).await? {
				compartments.insert(key, current);
			}
		}
		Ok(compartments)
	}

	/// What validation finds in every document: the evidence of verdicts on a batch. Nothing is kept
	/// where nobody judges.
	fn outcomes(&self) -> anyhow::Result<Option<Lines<'a>>> {
		match self.attestors.is_empty() {
			true => Ok(None),
			false => Lines::begin(self.context.home(), self.secrets).map(Some),
		}
	}

	/// Whose key anchors the root; none when that is left to the organisation.
	pub(crate) async fn anchors(&self, at: &At) -> anyhow::Result<Option<&'a Secrets>> {
		let signer = match self.anchor_with {
			Some(secrets) => secrets,
			None if self.me.id == self.organisation => self.secrets,
			None => return Ok(None),
		};
		let who = self.context.me(at, signer).await.context("who anchors")?;
		if who.id != self.organisation {
			bail!(
				"that keystore is {}'s, and the batch is for {}: name the organisation's own with \
				 --anchor-with",
				who.id,
				self.organisation
			);
		}
		Ok(Some(signer))
	}

	/// What to do when the file is there and the root is not on chain.
	fn still_to_do(&self) -> String {
		let file = self.output.display();
		format!(
			"the batch is sealed and {file} is whole, but its root is not anchored; do that with \
			 `salus record batch {file}`"
		)
	}

	/// Who gives which verdict on all of the batch: every kind that a class in it asks for. Nobody
	/// where nobody was named.
	async fn bench(&self, at: &At, classes: &BTreeSet<RecordClass>) -> anyhow::Result<Bench<'a>> {
		let mut bench = Bench::new();
		if self.attestors.is_empty() {
			return Ok(bench);
		}
		let validators = self.filing().validators(at, self.attestors).await?;
		for class in classes {
			let policy = at.validation_policy(*class).await?;
			let policy = policy.ok_or_else(|| anyhow!("class {class} has no policy any more"))?;
			for (kind, requirement) in wanted(&policy) {
				let judges =
					chosen(requirement, policy.author_may_attest, &self.me.id, &validators);
				if judges.len() < usize::from(requirement.count) {
					let from: Vec<_> =
						requirement.from.iter().map(|kind| kind.to_string()).collect();
					bail!(
						"class {class} asks for {} verdicts on {kind} by holders of {}, and {} of \
						 those named may give one: name more with --attest-with, or leave it out and \
						 promote each leaf with verdicts of its own",
						requirement.count,
						from.join(" or "),
						judges.len()
					);
				}
				bench.extend(judges.into_iter().map(|judge| ((kind, judge.id), judge.secrets)));
			}
		}
		if bench.len() > MOST_VERDICTS {
			bail!(
				"{} verdicts would be given, and a batch carries {MOST_VERDICTS}: make one batch for \
				 each class",
				bench.len()
			);
		}
		Ok(bench)
	}

	/// Signs the verdicts, and anchors the root.
	async fn anchor(
		&self,
		anchorable: &Anchorable,
		signer: &Secrets,
		bench: &Bench<'_>,
		verdict: Verdict,
		evidence: Option<Digest>,
	) -> anyhow::Result<BatchId> {
		let Anchorable { root, algorithm, tree_size } = *anchorable;
		let now = self.chain.best().await?.now().await?;
		let sign = |evidence: Digest, kind: AttestationKind, judge: &Secrets| {
			let statement = BatchStatement {
				genesis: self.chain.genesis(),
				organisation: self.organisation,
				root,
				algorithm,
				tree_size,
				kind,
				verdict,
				evidence,
				expires: now.saturating_add(VERDICT_LIFETIME),
			};
			signed(&statement, judge)
		};
		let verdicts = match evidence {
			Some(evidence) => {
				bench.iter().map(|((kind, _), judge)| sign(evidence, *kind, judge)).collect()
			},
			None => Vec::new(),
		};
		anchor(self, anchorable, signer, verdicts).await
	}
}

fn signed(statement: &BatchStatement, attestor: &Secrets) -> Signed {
	let signer = attestor.signer();
	let BatchStatement { kind, verdict, evidence, expires, .. } = *statement;
	SignedAttestation {
		validator: signer.public_key().0,
		kind,
		verdict,
		evidence,
		expires,
		signature: Signature::Sr25519(signer.sign(&statement.to_bytes()).0),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_client::subxt_signer::sr25519;
	use salus_primitives::TreeAlgorithm;

	#[test]
	fn a_verdict_on_a_batch_is_signed_over_its_statement() {
		let attestor = Secrets::generate();
		let statement = BatchStatement {
			genesis: [1; 32],
			organisation: IdentityId([2; 32]),
			root: Digest([3; 32]),
			algorithm: TreeAlgorithm::Rfc9162Sha256,
			tree_size: 4,
			kind: AttestationKind::Source,
			verdict: Verdict::Pass,
			evidence: Digest([5; 32]),
			expires: 6,
		};
		let verdict = signed(&statement, &attestor);
		let Signature::Sr25519(signature) = verdict.signature else { panic!("sr25519") };
		assert!(sr25519::verify(
			&sr25519::Signature(signature),
			statement.to_bytes(),
			&sr25519::PublicKey(verdict.validator),
		));
	}
}
