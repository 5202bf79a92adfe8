// SPDX-License-Identifier: Apache-2.0

//! Passing a part of a grant on, as its grantee.

use super::{
	grant::{granted, said},
	narrow::live,
	terms::{Limits, To, When, Which},
	words::{grantee_text, terms_facts},
	wrapping::Wrapping,
};
use crate::{context::Context, output::facts, reading_room::ReadingRoom};
use anyhow::bail;
use salus_client::{
	calls,
	types::{Decision, Terms},
};
use salus_primitives::GrantId;

#[derive(clap::Args, Debug)]
pub(crate) struct SubGrant {
	/// The number of the grant to you.
	parent: u64,
	#[command(flatten)]
	to: To,
	#[command(flatten)]
	which: Which,
	#[command(flatten)]
	limits: Limits,
	#[command(flatten)]
	when: When,
	/// Let the grantee pass parts of it on, in turn.
	#[arg(long, conflicts_with = "role")]
	delegable: bool,
}

pub(super) async fn sub_grant(context: &Context, args: SubGrant) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let parent = live(&at, GrantId(args.parent)).await?;
	if super::terms::key_holder(&parent.grant.grantee) != Some(me.id) {
		bail!("grant {} is not made to you: only its grantee passes parts of it on", parent.id);
	}
	if !parent.grant.delegable {
		bail!("grant {} cannot be passed on: ask who made it for one with --delegable", parent.id);
	}
	let whole = parent.grant.terms;
	let now = at.now().await?;
	let mut window = args.when.within(now, whole.window)?;
	window.from = window.from.max(now);
	let terms = Terms {
		decision: Decision::Permit,
		scope: args.which.scope().unwrap_or(whole.scope),
		purposes: args.limits.purposes(whole.purposes),
		actions: args.limits.actions(whole.actions),
		data_period: args.limits.data_period(whole.data_period)?,
		window,
	};
	let grantee = args.to.grantee(context, &at).await?;
	let room = ReadingRoom { context, chain: &chain, secrets: &secrets, me: &me };
	let wrapping = Wrapping { room: &room, at: &at, subject: parent.grant.subject };
	let keys = wrapping.keys(terms.decision, &grantee, &terms.scope).await?;
	let call = calls::consent::sub_grant(
		parent.id,
		grantee,
		terms.scope,
		terms.purposes,
		terms.actions,
		terms.data_period,
		terms.window,
		args.delegable,
		keys,
	);
	let receipt = context.submit(&chain, &call, &secrets.signer()).await?;
	let id = granted(&receipt, "SubGranted")?;
	let answer = said(id, &grantee, &terms, None, args.delegable);
	context.out.say(&answer, || {
		let mut rows = vec![
			("grant", id.to_string()),
			("part of", parent.id.to_string()),
			("grantee", grantee_text(&grantee)),
		];
		rows.extend(terms_facts(&terms));
		facts(&rows)
	})
}
