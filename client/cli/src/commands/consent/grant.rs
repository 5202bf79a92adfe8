// SPDX-License-Identifier: Apache-2.0

//! Letting somebody read, or keeping somebody out.

use super::{
	evidence::Evidence,
	terms::{Basis, Limits, READING, TREATMENT, To, When, Which},
	words::{grantee_text, terms_facts},
	wrapping::Wrapping,
};
use crate::{context::Context, output::facts, reading_room::ReadingRoom};
use anyhow::{anyhow, bail};
use salus_client::{
	Receipt, calls,
	types::{Decision, Grantee, Scope, Terms},
};
use salus_primitives::{GrantId, Moment};
use serde_json::{Value, json};
use std::path::PathBuf;

/// How long a grant acts when nothing is said: 30 days.
pub(super) const USUAL_LENGTH: Moment = 30 * 24 * 60 * 60 * 1000;

#[derive(clap::Args, Debug)]
pub(crate) struct Grant {
	#[command(flatten)]
	to: To,
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
	#[arg(long, conflicts_with_all = ["uses", "deny", "role"])]
	delegable: bool,
	/// What it rests on.
	#[arg(long, value_enum, default_value = "consent")]
	basis: Basis,
	/// The signed form. Stays here: the chain gets a salted hash.
	#[arg(long, value_name = "FILE")]
	document: Option<PathBuf>,
	/// Keep out instead, whatever else permits.
	#[arg(long, conflicts_with = "uses")]
	deny: bool,
	/// Keep out, but let who breaks the glass go past it.
	#[arg(long, requires = "deny")]
	override_in_emergency: bool,
}

pub(super) async fn grant(context: &Context, args: Grant) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let grantee = args.to.grantee(context, &at).await?;
	let decision = match (args.deny, args.override_in_emergency) {
		(false, _) => Decision::Permit,
		(true, override_in_emergency) => Decision::Deny { override_in_emergency },
	};
	let terms = Terms {
		decision,
		scope: args.which.scope().unwrap_or(Scope::Compartment(0)),
		purposes: args.limits.purposes(TREATMENT),
		actions: args.limits.actions(READING),
		data_period: args.limits.data_period(None)?,
		window: args.when.window(at.now().await?, USUAL_LENGTH)?,
	};
	if terms.purposes.has_ungrantable() {
		bail!("BTG and ETREAT cannot be granted: they are for emergencies, which are reviewed");
	}
	let room = ReadingRoom { context, chain: &chain, secrets: &secrets, me: &me };
	let wrapping = Wrapping { room: &room, at: &at, subject: me.id };
	let keys = wrapping.keys(decision, &grantee, &terms.scope).await?;
	let document = Evidence::of_optional_file(context, &secrets, args.document.as_deref())?;
	let call = calls::consent::grant(
		me.id,
		grantee,
		terms.decision,
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
	let answer = said(id, &grantee, &terms, args.uses, args.delegable);
	context.out.say(&answer, || {
		let mut rows = vec![("grant", id.to_string()), ("grantee", grantee_text(&grantee))];
		rows.extend(terms_facts(&terms));
		rows.extend(document.map(|digest| ("form", digest.to_string())));
		facts(&rows)
	})
}

/// The number that the chain gave a grant.
pub(super) fn granted(receipt: &Receipt, event: &str) -> anyhow::Result<GrantId> {
	receipt.first_field("Consent", event).ok_or_else(|| {
		anyhow!("the chain does not say the number of the grant: see `salus consent list`")
	})
}

/// A grant that was made, for programs.
pub(super) fn said(
	id: GrantId,
	grantee: &Grantee,
	terms: &Terms,
	uses: Option<u32>,
	delegable: bool,
) -> Value {
	json!({
		"grant": id,
		"grantee": grantee,
		"decision": terms.decision,
		"scope": terms.scope,
		"purposes": terms.purposes,
		"actions": terms.actions,
		"dataPeriod": terms.data_period,
		"window": terms.window,
		"uses": uses,
		"delegable": delegable,
	})
}
