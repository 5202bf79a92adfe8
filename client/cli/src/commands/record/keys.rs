// SPDX-License-Identifier: Apache-2.0

//! Who holds the key of a version: wraps for people by name.

use crate::{
	context::Context,
	output::table,
	reading_room::{ReadingRoom, look_up},
	values::Party,
};
use anyhow::{anyhow, bail};
use clap::Subcommand;
use salus_client::{At, calls};
use salus_envelope::{Addressee, AgreementPublic, CiphertextHash, ReaderShare, RecordContext};
use salus_primitives::{Action, IdentityId, RecipientKey, RecordId, RecordVersion};
use serde_json::json;
use std::collections::BTreeSet;

/// The most people of one call.
const MOST: usize = 32;

#[derive(Subcommand, Debug)]
pub(crate) enum Wraps {
	/// Seal the key of a version to people by name. They still need the patient's grant.
	Add {
		/// Which record.
		record: RecordId,
		/// To whom.
		#[arg(long, required = true, value_name = "PARTY")]
		to: Vec<Party>,
		/// Of which version; by default the one that counts.
		#[arg(long)]
		version: Option<RecordVersion>,
	},
	/// Drop what was sealed to people.
	Drop {
		/// Which record.
		record: RecordId,
		/// To whom it was.
		#[arg(long, required = true, value_name = "PARTY")]
		to: Vec<Party>,
		/// Of which version; by default the one that counts.
		#[arg(long)]
		version: Option<RecordVersion>,
	},
	/// To whom the key of a version is sealed beside the compartment.
	List {
		/// Which record.
		record: RecordId,
		/// Of which version; by default the one that counts.
		#[arg(long)]
		version: Option<RecordVersion>,
	},
}

#[derive(clap::Args, Debug)]
pub(crate) struct ReportWrap {
	/// Which record.
	record: RecordId,
	/// Which version; by default the one that counts.
	#[arg(long)]
	version: Option<RecordVersion>,
	/// Report it also when it opens and the record does not.
	#[arg(long)]
	yes: bool,
}

pub(super) async fn wraps(context: &Context, command: Wraps) -> anyhow::Result<()> {
	match command {
		Wraps::Add { record, to, version } => add(context, record, version, &to).await,
		Wraps::Drop { record, to, version } => drop_wraps(context, record, version, &to).await,
		Wraps::List { record, version } => list(context, record, version).await,
	}
}

async fn add(
	context: &Context,
	record: RecordId,
	version: Option<RecordVersion>,
	to: &[Party],
) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let recipients = recipients(context, &at, to).await?;
	let (view, version) = look_up(&at, record, version).await?;
	let room = ReadingRoom { context, chain: &chain, secrets: &secrets, me: &me };
	let share = room.reader_share(&at, &view, &version).await?;
	let place = RecordContext {
		genesis: chain.genesis(),
		record: record.0,
		version: version.number,
		ciphertext_hash: CiphertextHash(version.content.0),
	};
	let mut keys = Vec::new();
	for recipient in recipients {
		keys.push(wrap_to(&at, &share, &place, recipient).await?);
	}
	for some in keys.chunks(MOST) {
		let call = calls::records::add_wraps(record, version.number, some.to_vec());
		context.submit(&chain, &call, &secrets.signer()).await?;
	}
	list(context, record, Some(version.number)).await
}

/// The share sealed to the current agreement key of somebody.
async fn wrap_to(
	at: &At,
	share: &ReaderShare,
	record: &RecordContext,
	recipient: IdentityId,
) -> anyhow::Result<RecipientKey> {
	let view = at.identity(recipient).await?;
	let view = view.ok_or_else(|| anyhow!("there is no identity {recipient}: check the id"))?;
	let to = Addressee::identity(&recipient.0, view.agreement.version);
	let key = AgreementPublic::from_bytes(view.agreement.key)?;
	let wrap = share.wrap(record, &to, &key)?;
	Ok(RecipientKey { recipient, key_version: view.agreement.version, wrap: wrap.0 })
}

async fn drop_wraps(
	context: &Context,
	record: RecordId,
	version: Option<RecordVersion>,
	to: &[Party],
) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let recipients = recipients(context, &at, to).await?;
	let (_, version) = look_up(&at, record, version).await?;
	for some in recipients.chunks(MOST) {
		let call = calls::records::drop_wraps(record, version.number, some.to_vec());
		context.submit(&chain, &call, &secrets.signer()).await?;
	}
	list(context, record, Some(version.number)).await
}

/// Those who were named, each once.
async fn recipients(
	context: &Context,
	at: &At,
	parties: &[Party],
) -> anyhow::Result<Vec<IdentityId>> {
	let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
	for party in parties {
		let id = context.identity(at, party).await?;
		if seen.insert(id) {
			found.push(id);
		}
	}
	Ok(found)
}

async fn list(
	context: &Context,
	record: RecordId,
	version: Option<RecordVersion>,
) -> anyhow::Result<()> {
	let at = context.chain().await?.best().await?;
	let (_, version) = look_up(&at, record, version).await?;
	let wraps = at.all_wraps(record, version.number).await?;
	let reports = at.bad_wrap_reports(record, version.number).await?;
	let rows: Vec<_> = wraps
		.iter()
		.map(|key| json!({ "recipient": key.recipient, "keyVersion": key.key_version }))
		.collect();
	let answer = json!({
		"record": record,
		"version": version.number,
		"wraps": rows,
		"badWrapReports": reports,
	});
	context.out.say(&answer, || {
		let rows = wraps.iter().map(|key| [key.recipient.to_string(), key.key_version.to_string()]);
		let text = table(["recipient", "key version"], rows.collect(), "sealed to nobody by name");
		match reports {
			0 => text,
			count => format!("{text}\n\nreported as not opening {count} times"),
		}
	})
}

/// Says that a wrap does not open, after trying it: no report is made of one that does.
pub(super) async fn report_wrap(context: &Context, report: ReportWrap) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let (view, version) = look_up(&at, report.record, report.version).await?;
	let room = ReadingRoom { context, chain: &chain, secrets: &secrets, me: &me };
	if room.wrap_opens(&at, &view, &version).await? {
		match room.open(view.id, Some(version.number), None, Action::Access).await {
			Ok(_) => {
				bail!("the wrap for you opens, and so does the record: there is nothing to report")
			},
			Err(error) => context.confirm(
				&format!("The wrap opens, but the record does not ({error:#}). Report the wrap?"),
				report.yes,
			)?,
		}
	}
	let call = calls::records::report_bad_wrap(view.id, version.number);
	context.submit(&chain, &call, &secrets.signer()).await?;
	let answer = json!({ "record": view.id, "version": version.number, "reported": true });
	context.out.say(&answer, || {
		format!(
			"reported: the key of version {} of record {} does not open. {} seals it anew",
			version.number, view.id, version.author
		)
	})
}
