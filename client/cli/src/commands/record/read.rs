// SPDX-License-Identifier: Apache-2.0

//! Reading: what there is, what stands about it, and the document itself.

use super::{erase, stage, subject};
use crate::{
	context::Context,
	output::{facts, or_dash, plain, short, table},
	reading_room::{ReadingRoom, deliver, look_up},
	values::{Party, when},
};
use anyhow::bail;
use salus_client::types::{ErasureState, StageView, VersionView};
use salus_fhir::terms::records;
use salus_primitives::{
	Action, AmendReason, EmergencyId, IdentityId, Purpose, RecordId, RecordVersion,
};
use serde::Serialize;
use serde_json::json;
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub(crate) struct List {
	/// Whose.
	patient: Option<Party>,
	/// How many at most.
	#[arg(long, default_value_t = 50)]
	limit: usize,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Open {
	/// Which record.
	record: RecordId,
	/// Which version; by default the one that counts.
	#[arg(long)]
	version: Option<RecordVersion>,
	/// A file to write it to. It appears only when all of it was checked.
	#[arg(long, short, value_name = "FILE")]
	output: Option<PathBuf>,
	/// Overwrite that file.
	#[arg(long, requires = "output")]
	force: bool,
	/// What for: TREAT by default, PATRQT for your own.
	#[arg(long)]
	purpose: Option<Purpose>,
	/// To do what.
	#[arg(long, default_value = "access")]
	action: Action,
	/// Under an emergency of yours, by its number: for BTG, which the patient sees at once.
	#[arg(long, value_name = "NUMBER", conflicts_with_all = ["purpose", "action"])]
	emergency: Option<u64>,
}

pub(super) async fn list(context: &Context, list: List) -> anyhow::Result<()> {
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let subject = subject(context, &at, list.patient).await?;
	let records = at.all_records_of(subject, list.limit).await?;
	context.out.say(&records, || {
		let rows = records.iter().map(|record| {
			[
				record.id.to_string(),
				record.class.to_string(),
				record.status.to_string(),
				record.compartment.to_string(),
				record.current.to_string(),
				when(record.created),
				short(&record.author),
			]
		});
		table(
			["record", "class", "status", "comp.", "version", "filed (UTC)", "author"],
			rows.collect(),
			"no records",
		)
	})
}

pub(super) async fn show(context: &Context, record: RecordId) -> anyhow::Result<()> {
	let at = context.chain().await?.best().await?;
	let erasure = at.erasure_state(record).await?;
	if let Some(ErasureState::Erased(_)) = &erasure {
		// What is left of it is an answer, not a failure.
		let answer = json!({ "record": record, "erasure": erasure });
		let said = erase::said(erasure.as_ref());
		return context
			.out
			.say(&answer, || facts(&[("record", record.to_string()), ("erasure", said.clone())]));
	}
	let (view, _) = look_up(&at, record, None).await?;
	let versions = at.all_versions(record).await?;
	let missing = at.validation_state(record).await?;
	let tags = at.tags_of(record).await?.len();
	let shown: Vec<_> = versions.iter().map(ShownVersion::from).collect();
	let answer = json!({
		"record": view,
		"versions": shown,
		"validation": missing,
		"tags": tags,
		"erasure": erasure,
	});
	context.out.say(&answer, || {
		let retracted = view
			.retraction
			.as_ref()
			.map(|retraction| format!("{} on {}", retraction.reason, when(retraction.at)));
		let waits_for = missing.as_ref().map(|state| {
			let kinds = state.missing.iter().map(|one| format!("{} on {}", one.count, one.kind));
			format!(
				"{} for version {}, until {}",
				kinds.collect::<Vec<_>>().join(", "),
				state.version,
				when(state.deadline)
			)
		});
		let leaf = view.batch.map(|(batch, leaf)| format!("{leaf} of batch {batch}"));
		let head = facts(&[
			("record", view.id.to_string()),
			("patient", view.subject.to_string()),
			("author", view.author.to_string()),
			("organisation", or_dash(&view.organisation)),
			("class", view.class.to_string()),
			("compartment", view.compartment.to_string()),
			("filed", when(view.created)),
			("status", view.status.to_string()),
			("retracted", or_dash(&retracted)),
			("verdicts needed", or_dash(&waits_for)),
			("search tags", tags.to_string()),
			("leaf of a batch", or_dash(&leaf)),
			("erasure", erase::said(erasure.as_ref())),
			("legal hold", if view.legal_hold { "on" } else { "off" }.into()),
		]);
		let rows = versions.iter().map(|version| {
			let verdicts =
				version.attestations.iter().map(|one| format!("{} {}", one.kind, one.verdict));
			[
				version.number.to_string(),
				stage(&version.stage),
				when(version.filed),
				or_dash(&version.reason),
				verdicts.collect::<Vec<_>>().join(", "),
				version.content.to_string(),
			]
		});
		let versions = table(
			["version", "stage", "filed (UTC)", "reason", "verdicts", "object"],
			rows.collect(),
			"",
		);
		format!("{head}\n\n{versions}")
	})
}

/// A version as programs see it: without the wrap, which is of no use to them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownVersion<'a> {
	number: RecordVersion,
	author: &'a IdentityId,
	reason: &'a Option<AmendReason>,
	filed: u64,
	content: String,
	body: String,
	padded_len: u64,
	key_epoch: Option<u32>,
	stage: &'a StageView,
	attestations: &'a [salus_client::types::Attestation],
}

impl<'a> From<&'a VersionView> for ShownVersion<'a> {
	fn from(version: &'a VersionView) -> Self {
		Self {
			number: version.number,
			author: &version.author,
			reason: &version.reason,
			filed: version.filed,
			content: version.content.to_string(),
			body: version.body.to_string(),
			padded_len: version.padded_len,
			key_epoch: version.key.map(|key| key.epoch),
			stage: &version.stage,
			attestations: &version.attestations,
		}
	}
}

pub(super) async fn open(context: &Context, open: Open) -> anyhow::Result<()> {
	if let Some(path) = open.output.as_ref().filter(|path| path.exists() && !open.force) {
		bail!("{} exists already: name another file, or add --force", path.display());
	}
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let me = context.me(&chain.best().await?, &secrets).await?;
	let room = ReadingRoom { context, chain: &chain, secrets: &secrets, me: &me };
	let purpose = match open.emergency {
		Some(number) => {
			room.expect_emergency(open.record, EmergencyId(number)).await?;
			Some(Purpose::Btg)
		},
		None => open.purpose,
	};
	let opened = room.open(open.record, open.version, purpose, open.action).await?;
	deliver(&opened.bytes, open.output.as_deref(), open.force)?;
	let points_at = records(&opened.bytes);
	let Some(path) = open.output else {
		// Stdout is the document, whole and nothing else.
		if context.is_interactive() && !points_at.is_empty() {
			eprintln!("\npoints at {}", plain(&points_at.join(", ")));
		}
		return Ok(());
	};
	let answer = json!({
		"record": opened.view.id,
		"version": opened.version.number,
		"status": opened.view.status,
		"output": path,
		"bytes": opened.bytes.len(),
		"pointsAt": points_at,
		"decision": opened.release.decision,
		"logEntry": { "number": opened.release.seq, "event": opened.release.event },
	});
	context.out.say(&answer, || {
		let mut rows = vec![
			("record", opened.view.id.to_string()),
			("version", opened.version.number.to_string()),
			("status", opened.view.status.to_string()),
			("written to", format!("{}, {} bytes", path.display(), opened.bytes.len())),
			("access", opened.release.decision.to_string()),
		];
		rows.extend(points_at.iter().map(|record| ("points at", plain(record))));
		facts(&rows)
	})
}
