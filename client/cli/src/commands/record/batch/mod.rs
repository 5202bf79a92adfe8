// SPDX-License-Identifier: Apache-2.0

//! `salus record batch`: many documents of many patients under one root.

mod manifest;

use super::submit::default_organisation;
use crate::{
	context::{Context, Me},
	document,
	filing::{
		Place,
		batches::{self, BatchDocument, BatchOrder, Batched, Source, seal_and_anchor},
	},
	output::{self, facts},
	values::Party,
};
use anyhow::{Context as _, anyhow, bail};
use manifest::{Row, csv_field};
use salus_client::{
	At, Chain,
	batch::{MAGIC, ProofFile},
	keystore::write_private,
};
use salus_primitives::{CompartmentNo, IdentityId, IdentityKind, RecordClass};
use std::{
	collections::HashMap,
	fmt::Write as _,
	fs::File,
	io::Read,
	path::{Path, PathBuf},
};

#[derive(clap::Args, Debug)]
pub(crate) struct Batch {
	/// A folder of FHIR documents in JSON; a list of them, in CSV or NDJSON, with file, patient, class
	/// and compartment; or a proof file whose root is not anchored yet.
	input: PathBuf,
	/// Whom all documents are about of which the list does not say it.
	#[arg(long, value_name = "PARTY", conflicts_with = "patient_map")]
	patient: Option<Party>,
	/// A CSV file of two columns: how documents refer to a patient (`Patient/17`), and who it is.
	#[arg(long, value_name = "FILE")]
	patient_map: Option<PathBuf>,
	/// The compartment of documents of which the list does not say it.
	#[arg(long, value_name = "NUMBER", default_value_t = 0)]
	compartment: CompartmentNo,
	/// The class of documents of which the list does not say it.
	#[arg(long, default_value = "clinical")]
	class: RecordClass,
	/// The organisation that the batch is for, when you are a practitioner.
	#[arg(long, value_name = "PARTY")]
	organisation: Option<Party>,
	/// The organisation's keystore or home, when you are a practitioner. Without it the organisation
	/// anchors the proof file by the same command.
	#[arg(long, value_name = "FILE")]
	anchor_with: Option<PathBuf>,
	/// A keystore or home of a validator at this gateway: their verdicts count for every document.
	#[arg(long, value_name = "FILE")]
	attest_with: Vec<PathBuf>,
	/// The proof file. Keep it: without it no record of the batch can be proved or promoted.
	#[arg(long, short, value_name = "FILE", default_value = "batch.proofs")]
	output: PathBuf,
	/// Leave out documents that cannot be filed, and list them in this file with the reason.
	#[arg(long, value_name = "FILE")]
	skip_bad: Option<PathBuf>,
	/// Write which document became which leaf and record: a CSV file.
	#[arg(long, value_name = "FILE")]
	list: Option<PathBuf>,
}

pub(super) async fn batch(context: &Context, batch: Batch) -> anyhow::Result<()> {
	if is_proof_file(&batch.input) {
		return anchor(context, batch).await;
	}
	for path in [Some(&batch.output), batch.list.as_ref(), batch.skip_bad.as_ref()] {
		if let Some(path) = path.filter(|path| path.symlink_metadata().is_ok()) {
			bail!("{} exists already: name another file", path.display());
		}
	}
	// Before the network: bad documents are refused wherever one is.
	let references = batch.patient_map.as_deref().map(manifest::patients).transpose()?;
	let found = looked_at(manifest::rows(&batch.input)?, &batch, references.as_ref());
	let documents = batch.good_ones(found)?;

	let secrets = context.secrets()?;
	let anchor_with = batch.anchor_with.as_deref().map(|path| context.secrets_of(path));
	let anchor_with = anchor_with.transpose()?;
	let attestors: Vec<_> =
		batch.attest_with.iter().map(|path| context.secrets_of(path)).collect::<Result<_, _>>()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let organisation = organisation(context, &at, &me, batch.organisation.as_ref()).await?;
	let by = (organisation != me.id).then_some(organisation);
	let parties = identities(context, &at, &documents).await?;
	let documents = documents.into_iter().map(|document| document.at(&parties, by));
	let documents = documents.collect::<anyhow::Result<Vec<_>>>()?;
	let order = BatchOrder {
		context,
		chain: &chain,
		secrets: &secrets,
		me: &me,
		organisation,
		anchor_with: anchor_with.as_ref(),
		attestors: &attestors,
		output: batch.output,
	};
	let batched = seal_and_anchor(&order, &documents).await?;
	if let Some(path) = &batch.list {
		write_list(path, &documents, &batched)?;
	}
	say_batched(context, &batched)
}

/// Says what became of a batch.
pub(crate) fn say_batched(context: &Context, batched: &Batched) -> anyhow::Result<()> {
	context.out.say(batched, || {
		let file = batched.proofs.display();
		let anchored = match batched.batch {
			Some(batch) => batch.to_string(),
			None => {
				format!("not anchored: the organisation does it with `salus record batch {file}`")
			},
		};
		facts(&[
			("batch", anchored),
			("organisation", batched.organisation.to_string()),
			("root", batched.root.to_string()),
			("records", batched.tree_size.to_string()),
			("verdicts on all", batched.verdicts.to_string()),
			("proof file", format!("{file}: keep it, it is the only way to prove a record")),
		])
	})
}

/// Who anchors what this keystore seals.
async fn organisation(
	context: &Context,
	at: &At,
	me: &Me,
	named: Option<&Party>,
) -> anyhow::Result<IdentityId> {
	let named = match named {
		Some(party) => Some(context.identity(at, party).await?),
		None => default_organisation(at, me).await?,
	};
	match (me.view.kind, named) {
		(IdentityKind::Organisation, None) => Ok(me.id),
		(IdentityKind::Organisation, Some(named)) if named == me.id => Ok(me.id),
		(IdentityKind::Organisation, Some(_)) => {
			bail!("an organisation makes batches for itself: leave --organisation out")
		},
		(IdentityKind::Practitioner, Some(named)) => Ok(named),
		_ => bail!(
			"a batch is made by an organisation or one of its practitioners: file single documents \
			 with `salus record submit`"
		),
	}
}

/// Anchors the root of a proof file that is whole.
async fn anchor(context: &Context, batch: Batch) -> anyhow::Result<()> {
	let name = batch.input.display();
	if !batch.attest_with.is_empty() {
		bail!(
			"nobody judges unseen: verdicts are given with the documents, or when one is promoted"
		);
	}
	let mut file = ProofFile::open(&batch.input).with_context(|| name.to_string())?;
	let head = file.head().clone();
	let bar = output::count_bar("checking", head.tree_size.into());
	let mut records = Vec::new();
	let checked = file.check(|_, entry| {
		records.push(entry.record);
		bar.inc(1);
	});
	bar.finish_and_clear();
	checked.with_context(|| name.to_string())?;

	let secrets = context.secrets()?;
	let anchor_with = batch.anchor_with.as_deref().map(|path| context.secrets_of(path));
	let anchor_with = anchor_with.transpose()?;
	let chain = context.chain().await?;
	ensure_of_chain(&chain, &head.genesis)?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let order = BatchOrder {
		context,
		chain: &chain,
		secrets: &secrets,
		me: &me,
		organisation: head.organisation,
		anchor_with: anchor_with.as_ref(),
		attestors: &[],
		output: batch.input.clone(),
	};
	let Some(signer) = order.anchors(&at).await? else {
		bail!("the batch is for {}, which anchors it: use its keystore", head.organisation);
	};
	let anchored = batches::anchor(&order, &file.anchorable(), signer, Vec::new()).await?;
	let batched = Batched {
		batch: Some(anchored),
		organisation: head.organisation,
		root: head.root,
		tree_size: head.tree_size,
		proofs: batch.input.clone(),
		resumed: records.len(),
		verdicts: 0,
		records,
	};
	say_batched(context, &batched)
}

fn ensure_of_chain(chain: &Chain, genesis: &[u8; 32]) -> anyhow::Result<()> {
	if chain.genesis() != *genesis {
		bail!(
			"the batch was sealed for the chain with genesis 0x{}: name a node of that chain with \
			 --node",
			hex::encode(genesis)
		);
	}
	Ok(())
}

/// Whether a file begins as a proof file does.
pub(super) fn is_proof_file(path: &Path) -> bool {
	let mut start = [0; MAGIC.len()];
	let read = File::open(path).and_then(|mut file| file.read_exact(&mut start));
	read.is_ok() && start == *MAGIC
}

/// A document that passed, with what the list and the options say of it.
struct Good {
	file: PathBuf,
	patient: Party,
	class: RecordClass,
	compartment: CompartmentNo,
}

/// A document that cannot be filed, and why.
struct Bad {
	file: PathBuf,
	reason: String,
}

impl Good {
	fn at(
		self,
		parties: &HashMap<Party, IdentityId>,
		organisation: Option<IdentityId>,
	) -> anyhow::Result<BatchDocument> {
		let Self { file, patient, class, compartment } = self;
		let subject = parties.get(&patient).copied();
		let subject = subject.ok_or_else(|| anyhow!("a patient was not looked up"))?;
		let place = Place { subject, organisation, class, compartment, amends: None };
		Ok(BatchDocument { source: Source::File(file), place })
	}
}

/// Validates every document, and finds out whom it is about.
fn looked_at(
	rows: Vec<Row>,
	batch: &Batch,
	references: Option<&HashMap<String, Party>>,
) -> Vec<Result<Good, Bad>> {
	let bar = output::count_bar("validating", rows.len() as u64);
	let judge = |row: Row| {
		let result = bar.suspend(|| about(&row, batch.patient, references));
		bar.inc(1);
		match result {
			Ok(patient) => Ok(Good {
				patient,
				class: row.class.unwrap_or(batch.class),
				compartment: row.compartment.unwrap_or(batch.compartment),
				file: row.file,
			}),
			Err(error) => {
				let reason = salus_client::one_line(&format!("{error:#}"));
				Err(Bad { file: row.file, reason })
			},
		}
	};
	let found = rows.into_iter().map(judge).collect();
	bar.finish_and_clear();
	found
}

/// Whom a valid document is about: the list says it, or the map by the document's own reference, or
/// the command.
fn about(
	row: &Row,
	everybody: Option<Party>,
	references: Option<&HashMap<String, Party>>,
) -> anyhow::Result<Party> {
	let valid = document::validate(document::read(&row.file)?, document::now())?;
	if let Some(patient) = row.patient.or(everybody) {
		return Ok(patient);
	}
	let Some(references) = references else {
		bail!("whom is it about? Say it in the list, by --patient-map or --patient");
	};
	let reference = valid.document.subject.as_deref();
	let reference = reference
		.ok_or_else(|| anyhow!("it does not say whom it is about: name the patient in the list"))?;
	references.get(reference).copied().ok_or_else(|| {
		// The reference itself may name a person.
		anyhow!("its reference to the patient is not in the map: add it there")
	})
}

impl Batch {
	/// The good ones; an error when there are bad ones and nobody said to leave them out.
	fn good_ones(&self, found: Vec<Result<Good, Bad>>) -> anyhow::Result<Vec<Good>> {
		let total = found.len();
		let (mut good, mut bad) = (Vec::new(), Vec::new());
		for document in found {
			match document {
				Ok(document) => good.push(document),
				Err(document) => bad.push(document),
			}
		}
		let Some(first) = bad.first() else { return Ok(good) };
		let Some(path) = &self.skip_bad else {
			bail!(
				"{} of {total} documents cannot be filed, and none was: {}: {}. Mend them, or leave \
				 them out with --skip-bad FILE, which lists them all",
				bad.len(),
				first.file.display(),
				first.reason
			);
		};
		let mut text = String::from("file,reason\n");
		for Bad { file, reason } in &bad {
			let file = csv_field(&file.display().to_string());
			// Writing to a string does not fail.
			let _ = writeln!(text, "{file},{}", csv_field(reason));
		}
		write_private(path, text.as_bytes(), false)
			.with_context(|| format!("{} cannot be written", path.display()))?;
		if good.is_empty() {
			bail!("none of {total} documents can be filed: {} says why", path.display());
		}
		Ok(good)
	}
}

/// The identities of everybody who is named, each looked up once.
async fn identities(
	context: &Context,
	at: &At,
	documents: &[Good],
) -> anyhow::Result<HashMap<Party, IdentityId>> {
	let mut known = HashMap::new();
	for Good { patient, .. } in documents {
		if !known.contains_key(patient) {
			known.insert(*patient, context.identity(at, patient).await?);
		}
	}
	Ok(known)
}

/// Which document became which leaf and record.
fn write_list(path: &Path, documents: &[BatchDocument], batched: &Batched) -> anyhow::Result<()> {
	let mut text = String::from("leaf,record,file\n");
	for (index, (document, record)) in documents.iter().zip(&batched.records).enumerate() {
		let file = match &document.source {
			Source::File(file) => csv_field(&file.display().to_string()),
			Source::Bytes(_) => String::new(),
		};
		// Writing to a string does not fail.
		let _ = writeln!(text, "{index},{record},{file}");
	}
	write_private(path, text.as_bytes(), false)
		.with_context(|| format!("{} cannot be written", path.display()))
}
