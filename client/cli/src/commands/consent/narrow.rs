// SPDX-License-Identifier: Apache-2.0

//! Making a grant say less.

use super::{
	terms::{Limits, When, Which},
	words::terms_facts,
	wrapping::Wrapping,
};
use crate::{context::Context, output::facts, reading_room::ReadingRoom};
use anyhow::{anyhow, bail};
use salus_client::{
	At, calls,
	types::{ListedGrant, Standing, Terms},
};
use salus_primitives::GrantId;
use serde_json::json;

#[derive(clap::Args, Debug)]
pub(crate) struct Narrow {
	/// The number of the grant.
	grant: u64,
	#[command(flatten)]
	which: Which,
	#[command(flatten)]
	limits: Limits,
	#[command(flatten)]
	when: When,
	/// How often at most from now on.
	#[arg(long)]
	uses: Option<u32>,
}

pub(super) async fn narrow(context: &Context, args: Narrow) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let listed = live(&at, GrantId(args.grant)).await?;
	let before = listed.grant.terms;
	let terms = Terms {
		decision: before.decision,
		scope: args.which.scope().unwrap_or(before.scope),
		purposes: args.limits.purposes(before.purposes),
		actions: args.limits.actions(before.actions),
		data_period: args.limits.data_period(before.data_period)?,
		window: args.when.within(at.now().await?, before.window)?,
	};
	let uses = args.uses.or(listed.grant.uses_left);
	if terms == before && uses == listed.grant.uses_left {
		bail!("the grant says that already: name what it shall no longer say");
	}
	let room = ReadingRoom { context, chain: &chain, secrets: &secrets, me: &me };
	let wrapping = Wrapping { room: &room, at: &at, subject: listed.grant.subject };
	let keys = wrapping.keys(terms.decision, &listed.grant.grantee, &terms.scope).await?;
	let call = calls::consent::narrow(
		listed.id,
		terms.scope,
		terms.purposes,
		terms.actions,
		terms.data_period,
		terms.window,
		uses,
		keys,
	);
	context.submit(&chain, &call, &secrets.signer()).await?;
	let answer = json!({ "grant": listed.id, "terms": terms, "uses": uses, "before": before });
	context.out.say(&answer, || {
		let mut rows = vec![("grant", listed.id.to_string())];
		rows.extend(terms_facts(&terms));
		facts(&rows)
	})
}

/// A grant that has not ended.
pub(super) async fn live(at: &At, id: GrantId) -> anyhow::Result<ListedGrant> {
	let listed = at.grant(id).await?;
	let listed =
		listed.ok_or_else(|| anyhow!("there is no grant {id}: see `salus consent list`"))?;
	match listed.standing {
		Standing::InForce | Standing::NotYet => Ok(listed),
		ended => bail!("grant {id} is {}: make a new one", super::words::standing_text(ended)),
	}
}
