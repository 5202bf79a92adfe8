// SPDX-License-Identifier: Apache-2.0

//! What is done to a record as a whole: taking back, validating anew, holding, clearing away.

use super::stage;
use crate::{context::Context, filing, output::facts, reading_room::look_up, values::when};
use anyhow::bail;
use clap::ValueEnum;
use futures::future::join_all;
use salus_client::{
	At, Chain, Keypair, calls,
	custodian::Refusal,
	types::{RecordView, StageView},
};
use salus_primitives::{RecordId, RecordVersion};
use serde_json::json;

/// The most records that one `reap` names.
const MOST_REAPED: usize = 64;

#[derive(clap::Args, Debug)]
pub(crate) struct Revalidate {
	/// Which record.
	record: RecordId,
	/// Ask as the council, by a proposal.
	#[arg(long)]
	council: bool,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Hold {
	/// Which record.
	record: RecordId,
	/// Whether it is held back from erasure.
	on: Switch,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum Switch {
	/// It must not be erased.
	On,
	/// It may be.
	Off,
}

/// Takes an own proposal back, or the amendment that waits.
pub(super) async fn withdraw(context: &Context, record: RecordId) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let (view, _) = look_up(&at, record, None).await?;
	let waiting = view.awaiting.unwrap_or(view.newest);
	// An amendment may be somebody else's than the record.
	let author = at.version(record, waiting).await?.map_or(view.author, |version| version.author);
	if author != me.id {
		bail!("only its author takes it back, and that is {author}");
	}
	context.submit(&chain, &calls::records::withdraw(record), &secrets.signer()).await?;
	// Of the version that is gone nobody needs to read back anything.
	filing::forget(context, &secrets, &record, waiting);
	let is_whole = chain.best().await?.record(record).await?.is_none();
	// The chain is done with it, so that a custodian that is away is no failure.
	let share = taken_back(context, &chain, &at, &view, waiting, &secrets.signer()).await;
	let share = share.unwrap_or_else(|error| salus_client::one_line(&format!("{error:#}")));
	let answer = json!({
		"record": record,
		"version": waiting,
		"recordRemoved": is_whole,
		"share": share,
	});
	context.out.say(&answer, || {
		let withdrawn = match is_whole {
			true => "the whole proposal".to_owned(),
			false => format!("version {waiting}; the record stays"),
		};
		facts(&[
			("record", record.to_string()),
			("withdrawn", withdrawn),
			("its key share", share.clone()),
		])
	})
}

/// Has the shares of a version destroyed, and says what became of them.
async fn taken_back(
	context: &Context,
	chain: &Chain,
	at: &At,
	view: &RecordView,
	version: RecordVersion,
	signer: &Keypair,
) -> anyhow::Result<String> {
	let circle = context.circle_of(chain, at, view).await?;
	let asked = circle.seats().iter().map(|seat| async move {
		let custodian = seat.custodian().await?;
		custodian.delete_share(signer, &view.id, version).await
	});
	let ended = join_all(asked).await;
	let left: Vec<_> = circle
		.seats()
		.iter()
		.zip(ended)
		.filter_map(|(seat, ended)| Some(Refusal { custodian: seat.name(), error: ended.err()? }))
		.filter(|refusal| !(refusal.error.is_missing() || refusal.error.is_erased()))
		.map(|refusal| refusal.to_string())
		.collect();
	Ok(if left.is_empty() { "destroyed".into() } else { left.join("; ") })
}

/// Asks for a record to be validated anew.
pub(super) async fn revalidate(context: &Context, revalidate: Revalidate) -> anyhow::Result<()> {
	let Revalidate { record, council } = revalidate;
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	look_up(&chain.best().await?, record, None).await?;
	let call = calls::records::request_revalidation(record);
	let motion = if council {
		Some(context.propose(&chain, call, &secrets.signer()).await?)
	} else {
		context.submit(&chain, &call, &secrets.signer()).await?;
		None
	};
	let (view, version) = look_up(&chain.best().await?, record, None).await?;
	let answer = json!({
		"record": record,
		"status": view.status,
		"stage": version.stage,
		"motion": motion.as_ref().map(|motion| motion.to_json()),
	});
	context.out.say(&answer, || {
		let done = match version.stage {
			StageView::Revalidating { deadline, .. } => format!(
				"record {record} still counts, and takes verdicts anew until {}: `salus record attest`",
				when(deadline)
			),
			other => format!("record {record}: {}", stage(&other)),
		};
		motion.as_ref().map_or_else(|| done.clone(), |motion| motion.tell(&done))
	})
}

/// Holds a record back from erasure, or lets it go.
pub(super) async fn hold(context: &Context, hold: Hold) -> anyhow::Result<()> {
	let (record, on) = (hold.record, hold.on == Switch::On);
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	look_up(&chain.best().await?, record, None).await?;
	let call = calls::records::set_legal_hold(record, on);
	context.submit(&chain, &call, &secrets.signer()).await?;
	context.out.say(&json!({ "record": record, "legalHold": on }), || {
		let now = if on { "is held back from erasure" } else { "is no longer held back" };
		facts(&[("record", record.to_string()), ("legal hold", now.into())])
	})
}

/// Clears away what lapsed and what an erasure left.
pub(super) async fn reap(context: &Context, records: Vec<RecordId>) -> anyhow::Result<()> {
	if records.len() > MOST_REAPED {
		bail!("at most {MOST_REAPED} records at a time: {} were named", records.len());
	}
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let call = calls::records::reap(records.clone());
	context.submit(&chain, &call, &secrets.signer()).await?;
	context.out.say(&json!({ "reaped": records }), || {
		format!("{} cleared away; what was paid for the rows goes back", records.len())
	})
}
