// SPDX-License-Identifier: Apache-2.0

//! What holds when no grant speaks.

use crate::{
	commands::record::subject,
	context::Context,
	output::facts,
	values::{Party, when},
};
use clap::Subcommand;
use salus_client::calls;
use salus_primitives::AccessPolicy;
use serde_json::json;

#[derive(Subcommand, Debug)]
pub(crate) enum Policy {
	/// Whose policy is what; your own without a name.
	Show {
		/// Whose.
		patient: Option<Party>,
	},
	/// Set your own.
	Set {
		/// deny (also in emergencies), break-glass-only, permit-treatment or permit-all-authorised.
		policy: AccessPolicy,
	},
}

pub(super) async fn run(context: &Context, command: Policy) -> anyhow::Result<()> {
	match command {
		Policy::Show { patient } => show(context, patient).await,
		Policy::Set { policy } => set(context, policy).await,
	}
}

async fn show(context: &Context, patient: Option<Party>) -> anyhow::Result<()> {
	let at = context.chain().await?.best().await?;
	let patient = subject(context, &at, patient).await?;
	let row = at.policy_of(patient).await?;
	let answer = json!({ "patient": patient, "policy": row.policy, "since": row.since });
	context.out.say(&answer, || {
		let since = if row.since == 0 { "the beginning".into() } else { when(row.since) };
		facts(&[
			("patient", patient.to_string()),
			("policy", row.policy.to_string()),
			("means", meaning(row.policy).into()),
			("since (UTC)", since),
		])
	})
}

async fn set(context: &Context, policy: AccessPolicy) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let me = context.me(&chain.best().await?, &secrets).await?;
	let call = calls::consent::set_policy(me.id, policy);
	context.submit(&chain, &call, &secrets.signer()).await?;
	let answer = json!({ "patient": me.id, "policy": policy });
	context.out.say(&answer, || format!("policy {policy}: {}", meaning(policy)))
}

fn meaning(policy: AccessPolicy) -> &'static str {
	match policy {
		AccessPolicy::Deny => "nobody reads without a grant, also in an emergency",
		AccessPolicy::BreakGlassOnly => {
			"nobody reads without a grant, but who may break the glass, in an emergency"
		},
		AccessPolicy::PermitTreatment => {
			"licensed practitioners at licensed organisations may read to treat; they still need a key, \
			 which a grant or the author hands over"
		},
		AccessPolicy::PermitAllAuthorised => {
			"licensed practitioners at licensed organisations may read for whatever can be granted; they \
			 still need a key, which a grant or the author hands over"
		},
	}
}
