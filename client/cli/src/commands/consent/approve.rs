// SPDX-License-Identifier: Apache-2.0

//! Granting what was asked for, or less.

use super::{
	evidence::Evidence,
	grant::{granted, said},
	terms::{Basis, Limits, When, Which},
	words::{grantee_text, terms_facts},
	wrapping::Wrapping,
};
use crate::{context::Context, output::facts, reading_room::ReadingRoom, values::when};
use anyhow::{anyhow, bail};
use salus_client::{
	calls,
	types::{Decision, Terms},
};
use salus_primitives::RequestId;
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub(crate) struct Approve {
	/// The number of the request.
	request: u64,
	#[command(flatten)]
	which: Which,
	#[command(flatten)]
	limits: Limits,
	#[command(flatten)]
	when: When,
	/// How often at most.
	#[arg(long)]
	uses: Option<u32>,
	/// Let the grantee pass parts of it on.
	#[arg(long, conflicts_with = "uses")]
	delegable: bool,
	/// What it rests on.
	#[arg(long, value_enum, default_value = "consent")]
	basis: Basis,
	/// The signed form. Stays here: the chain gets a salted hash.
	#[arg(long, value_name = "FILE")]
	document: Option<PathBuf>,
}

pub(super) async fn approve(context: &Context, args: Approve) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let number = RequestId(args.request);
	let request = at.access_request(number).await?;
	let request = request
		.ok_or_else(|| anyhow!("request {number} waits no more: see `salus consent requests`"))?;
	if request.subject != me.id {
		bail!("request {number} is to another patient: see `salus consent requests` for yours");
	}
	if !request.open {
		bail!(
			"request {number} was to be answered by {}: ask for a new one, or grant it yourself",
			when(request.answer_by)
		);
	}
	let asked = request.asked;
	let terms = Terms {
		decision: Decision::Permit,
		scope: args.which.scope().unwrap_or(asked.scope),
		purposes: args.limits.purposes(asked.purposes),
		actions: args.limits.actions(asked.actions),
		data_period: args.limits.data_period(asked.data_period)?,
		window: args.when.window(at.now().await?, asked.length)?,
	};
	let room = ReadingRoom { context, chain: &chain, secrets: &secrets, me: &me };
	let wrapping = Wrapping { room: &room, at: &at, subject: me.id };
	let keys = wrapping.keys(terms.decision, &request.grantee, &terms.scope).await?;
	let document = Evidence::of_optional_file(context, &secrets, args.document.as_deref())?;
	let call = calls::consent::approve_request(
		number,
		terms.scope,
		terms.purposes,
		terms.actions,
		terms.data_period,
		terms.window,
		args.uses,
		args.basis.into(),
		document,
		args.delegable,
		keys,
	);
	let receipt = context.submit(&chain, &call, &secrets.signer()).await?;
	let id = granted(&receipt, "Granted")?;
	let mut answer = said(id, &request.grantee, &terms, args.uses, args.delegable);
	answer["request"] = args.request.into();
	context.out.say(&answer, || {
		let mut rows = vec![
			("grant", id.to_string()),
			("on request", number.to_string()),
			("grantee", grantee_text(&request.grantee)),
		];
		rows.extend(terms_facts(&terms));
		facts(&rows)
	})
}
