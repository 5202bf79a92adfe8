// SPDX-License-Identifier: Apache-2.0

//! Sealing a document and filing it: the object and the key share go to the custodians, the wrap and
//! the commitments to the chain.
//!
//! Nothing that is half done is in the way of a second run. Ids, keys and the sealed object are in
//! the home before anything leaves the machine, under a name made of the document and its place; the
//! second run finds them, and every step that was done already changes nothing when done again.

pub(crate) mod batches;
mod deposit;
mod evidence;
mod gateway;
mod ledger;
mod many;
mod patience;
mod reseal;
mod seal;
mod tagging;
mod verdicts;

use crate::{
	context::{Context, Me},
	document::Valid,
	drawer::Drawer,
	output,
};
use anyhow::{anyhow, bail};
use salus_client::{
	At, Call, Chain, calls,
	keystore::Secrets,
	types::{Content, StageView},
};
use salus_primitives::{
	AmendReason, Commitment, CompartmentNo, ContentHash, IdentityId, IdentityKind, RecordClass,
	RecordId, RecordNonce, RecordVersion,
};
use serde::{Deserialize, Serialize};

pub(crate) use evidence::{Evidence, keep_evidence};
pub(crate) use ledger::{FiledPart, Ledger, LeftOut};
pub(crate) use many::Part;
pub(crate) use patience::with_patience;
pub(crate) use reseal::keeps;
pub(crate) use seal::{Named, Pending};
pub(crate) use tagging::tags_of;
pub(crate) use verdicts::{Judges, VERDICT_LIFETIME, chosen, verdict_of, wanted};

/// Where a document goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Place {
	/// Whose record it becomes.
	pub(crate) subject: IdentityId,
	/// For which organisation, when the author acts for one.
	pub(crate) organisation: Option<IdentityId>,
	/// Its class.
	pub(crate) class: RecordClass,
	/// The compartment.
	pub(crate) compartment: CompartmentNo,
	/// The record it is a new version of, the highest version so far, and why.
	pub(crate) amends: Option<(RecordId, RecordVersion, AmendReason)>,
}

/// What a finished filing tells.
#[derive(Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Filed {
	/// The record.
	pub(crate) record: RecordId,
	/// The version filed.
	pub(crate) version: RecordVersion,
	/// Where it stands.
	pub(crate) stage: StageView,
	/// The hash of the sealed object.
	pub(crate) content: ContentHash,
	/// The commitment to the body.
	pub(crate) body: Commitment,
	/// The salt of the commitment: a validator who has the document checks it with this.
	pub(crate) body_salt: String,
	/// The length of the sealed object.
	pub(crate) object_len: u64,
	/// How many tags a search finds it by; none where the author cannot open the compartment.
	pub(crate) tags: Option<usize>,
	/// Whether an earlier run had begun it.
	pub(crate) resumed: bool,
}

/// What an author keeps of a version that it filed: the nonce of the record's id, which a later
/// version needs, and its own way to read back what it wrote.
#[derive(Serialize, Deserialize)]
pub(crate) struct Kept {
	#[serde(with = "salus_client::wire::hex_bytes")]
	pub(crate) nonce: RecordNonce,
	#[serde(with = "salus_client::wire::hex_bytes")]
	pub(crate) reader_share: [u8; 32],
}

/// Looks up what this keystore kept of a version.
pub(crate) fn kept(
	context: &Context,
	secrets: &Secrets,
	record: &RecordId,
	version: RecordVersion,
) -> anyhow::Result<Option<Kept>> {
	Drawer::new(context.home(), "kept", secrets).get(&kept_name(record, version))
}

/// Keeps something of a version.
pub(crate) fn keep(
	context: &Context,
	secrets: &Secrets,
	record: &RecordId,
	version: RecordVersion,
	kept: &Kept,
) -> anyhow::Result<()> {
	Drawer::new(context.home(), "kept", secrets).put(&kept_name(record, version), kept)
}

/// Forgets what was kept of a version: what is left here would open an object that somebody copied.
pub(crate) fn forget(
	context: &Context,
	secrets: &Secrets,
	record: &RecordId,
	version: RecordVersion,
) {
	Drawer::new(context.home(), "kept", secrets).remove(&kept_name(record, version), &[]);
}

/// The nonce of a record that this home filed, from whatever version it kept.
pub(crate) fn kept_nonce(
	context: &Context,
	secrets: &Secrets,
	record: &RecordId,
	newest: RecordVersion,
) -> anyhow::Result<Option<RecordNonce>> {
	let mut versions = (1..=newest).rev();
	let found = versions.find_map(|version| kept(context, secrets, record, version).transpose());
	Ok(found.transpose()?.map(|kept| kept.nonce))
}

fn kept_name(record: &RecordId, version: RecordVersion) -> String {
	format!("{}-{version}", hex::encode(record.0))
}

/// Somebody at work on one filing.
pub(crate) struct Filing<'a> {
	pub(crate) context: &'a Context,
	pub(crate) chain: &'a Chain,
	pub(crate) secrets: &'a Secrets,
	pub(crate) me: &'a Me,
}

impl Filing<'_> {
	/// Seals a valid document and files it. With somebody to judge it, it is anchored at once.
	pub(crate) async fn file(
		&self,
		valid: &Valid,
		place: Place,
		judges: &Judges,
	) -> anyhow::Result<Filed> {
		let at = self.chain.best().await?;
		// What would be refused at the end is asked first, before anything is sealed or sent.
		self.ready(&at, &place).await?;
		let to = self.depositaries(&at, self.home(&at, &place).await?).await?;
		let bar = output::bytes_bar("sealing", valid.bytes.len() as u64);
		let prepared = self.prepare(valid, &place, None, &bar)?;
		let pending = &prepared.pending;
		if !self.is_on_chain(&at, pending).await? {
			let bar = output::bytes_bar("uploading", pending.object_len);
			self.upload(&to, pending, &place, &prepared.object, bar).await?;
			let call = self.call(pending, &place, valid, judges).await?;
			self.context.submit(self.chain, &call, &self.secrets.signer()).await?;
		}
		let tags = self.tag(pending.record, &place, valid).await;
		self.finish(&prepared)?;

		let version = self.chain.best().await?.version(pending.record, pending.version).await?;
		let version = version.ok_or_else(|| {
			anyhow!("the node does not show the record yet: look with `salus record show`")
		})?;
		Ok(Filed {
			record: pending.record,
			version: pending.version,
			stage: version.stage,
			content: pending.content,
			body: pending.body,
			body_salt: format!("0x{}", hex::encode(pending.body_salt)),
			object_len: pending.object_len,
			tags,
			resumed: prepared.resumed,
		})
	}

	/// In whose name a record is kept: its organisation's, or else its first author's.
	async fn home(&self, at: &At, place: &Place) -> anyhow::Result<Option<IdentityId>> {
		match (place.organisation, place.amends) {
			(None, Some((record, ..))) => Ok(at.record(record).await?.map(|view| view.author)),
			(organisation, _) => Ok(organisation),
		}
	}

	/// Refuses what the chain would refuse, in words that say what to do.
	pub(crate) async fn ready(&self, at: &At, place: &Place) -> anyhow::Result<()> {
		let Place { subject, organisation, class, compartment, .. } = *place;
		let Some(patient) = at.identity(subject).await? else {
			bail!("there is no patient {subject}: check the id");
		};
		if patient.kind != IdentityKind::Patient {
			bail!("{subject} is registered as {}, not as a patient: check the id", patient.kind);
		}
		if at.compartment(subject, compartment).await?.is_none() {
			let hint = if subject == self.me.id {
				format!("open it with `salus consent open-compartment {compartment}`")
			} else {
				"ask the patient to open it, or name another with --compartment".into()
			};
			bail!("the patient has no compartment {compartment}: {hint}");
		}
		if self.me.view.kind == IdentityKind::Practitioner && organisation.is_none() {
			bail!("a practitioner files for an organisation: name it with --organisation");
		}
		if at.validation_policy(class).await?.is_none() {
			bail!(
				"records of class {class} cannot be filed yet: governance sets a policy first \
				 (`salus record policy {class} --council …`)"
			);
		}
		Ok(())
	}

	/// Whether the transaction of an earlier run arrived although its answer did not.
	async fn is_on_chain(&self, at: &At, pending: &Pending) -> anyhow::Result<bool> {
		let version = at.version(pending.record, pending.version).await?;
		match version {
			Some(version) if version.content == pending.content => Ok(true),
			Some(_) => bail!(
				"another version {} of the record was filed meanwhile: run the command again",
				pending.version
			),
			None => Ok(false),
		}
	}

	/// The call that files it. The wrap is made now: the epoch may have changed since the sealing.
	async fn call(
		&self,
		pending: &Pending,
		place: &Place,
		valid: &Valid,
		judges: &Judges,
	) -> anyhow::Result<Call> {
		let Place { subject, organisation, class, compartment, amends } = *place;
		let at = self.chain.best().await?;
		let current = at.compartment(subject, compartment).await?;
		let current = current.ok_or_else(|| anyhow!("the compartment is no longer open"))?;
		let key = self.wrap(pending, place, &current)?;
		let content = Content::External { hash: pending.content };
		let Pending { nonce, body, padded_len, .. } = *pending;
		let bench = self.bench(&at, class, judges).await?;
		let attestations = self.judged(&bench, pending, place, valid).await?;
		Ok(match amends {
			Some((record, newest, reason)) => calls::records::amend(
				record,
				newest,
				content,
				body,
				padded_len,
				reason,
				key,
				attestations,
			),
			None if attestations.is_empty() => calls::records::propose(
				nonce,
				subject,
				organisation,
				class,
				compartment,
				content,
				body,
				padded_len,
				key,
			),
			None => calls::records::anchor_validated(
				nonce,
				subject,
				organisation,
				class,
				compartment,
				content,
				body,
				padded_len,
				key,
				attestations,
			),
		})
	}
}
