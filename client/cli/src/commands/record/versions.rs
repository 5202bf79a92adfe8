// SPDX-License-Identifier: Apache-2.0

//! Corrections: new versions, and marking a record as an error.

use super::{say_filed, submit::Judging};
use crate::{
	context::Context,
	document,
	filing::{Filing, Place},
	reading_room::look_up,
};
use salus_client::calls;
use salus_primitives::{AmendReason, RecordId, RetractReason};
use serde_json::json;
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub(crate) struct Amend {
	/// Which record.
	record: RecordId,
	/// The new document.
	file: PathBuf,
	/// Why: replaces, appends, transforms, signs or patient-requested.
	#[arg(long, default_value = "replaces")]
	reason: AmendReason,
	#[command(flatten)]
	judging: Judging,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Retract {
	/// Which record.
	record: RecordId,
	/// Why: wrong-patient, wrong-content, duplicate or source-withdrew.
	#[arg(long)]
	reason: RetractReason,
}

pub(super) async fn amend(context: &Context, amend: Amend) -> anyhow::Result<()> {
	let valid = document::validate(document::read(&amend.file)?, document::now())?;
	let secrets = context.secrets()?;
	let attestors = amend.judging.attestors(context)?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let (view, _) = look_up(&at, amend.record, None).await?;
	let place = Place {
		subject: view.subject,
		organisation: view.organisation,
		class: view.class,
		compartment: view.compartment,
		amends: Some((view.id, view.newest, amend.reason)),
	};
	let judges = amend.judging.judges(&chain, attestors).await?;
	let filing = Filing { context, chain: &chain, secrets: &secrets, me: &me };
	let filed = filing.file(&valid, place, &judges).await?;
	say_filed(context, &filed)
}

pub(super) async fn retract(context: &Context, retract: Retract) -> anyhow::Result<()> {
	let Retract { record, reason } = retract;
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let call = calls::records::retract(record, reason);
	context.submit(&chain, &call, &secrets.signer()).await?;
	let answer = json!({ "record": record, "status": "entered-in-error", "reason": reason });
	context.out.say(&answer, || format!("record {record} is entered in error: {reason}"))
}
