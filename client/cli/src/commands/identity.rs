// SPDX-License-Identifier: Apache-2.0

//! `salus identity`: what stands about somebody, and the end of it.

use crate::{
	commands::{did, record::subject},
	context::Context,
	council::outcome,
	output::{facts, or_dash},
	values::{Party, Span, when},
};
use anyhow::bail;
use clap::Subcommand;
use salus_client::{
	calls,
	types::{IdentityStatus, SuspendedBy},
};
use salus_primitives::SuspensionGround;
use serde_json::json;

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
	/// What the chain knows of somebody; of yourself without a name.
	Show {
		/// Who.
		party: Option<Party>,
	},
	/// End your identity for good. Its records and its history stay; nobody acts for it any more.
	Deactivate {
		/// Do not ask.
		#[arg(long)]
		yes: bool,
	},
	/// Suspend somebody: by governance, or as an authority that accredited it. Patients by governance
	/// alone.
	Suspend {
		/// Whom.
		party: Party,
		/// Why: key-compromise, impersonation, duplicate, investigation or legal-order.
		#[arg(long)]
		reason: SuspensionGround,
		/// For how long; until somebody reinstates it without.
		#[arg(long = "for", value_name = "SPAN")]
		length: Option<Span>,
		/// Propose it to the council, as a member.
		#[arg(long)]
		council: bool,
	},
	/// End a suspension.
	Reinstate {
		/// Whose.
		party: Party,
		/// Propose it to the council, as a member.
		#[arg(long)]
		council: bool,
	},
}

pub(crate) async fn run(context: &Context, command: Command) -> anyhow::Result<()> {
	match command {
		Command::Show { party } => show(context, party).await,
		Command::Deactivate { yes } => deactivate(context, yes).await,
		Command::Suspend { party, reason, length, council } => {
			let secrets = context.secrets()?;
			let chain = context.chain().await?;
			let at = chain.best().await?;
			let id = context.identity(&at, &party).await?;
			let now = at.now().await?;
			let until = length.map(|length| now.saturating_add(length.0));
			let call = calls::identity::suspend_identity(id, reason, until);
			let motion =
				context.submit_or_propose(&chain, call, &secrets.signer(), council).await?;
			let answer = json!({
				"identity": id,
				"reason": reason,
				"until": until,
				"motion": motion.as_ref().map(|motion| motion.to_json()),
			});
			context.out.say(&answer, || {
				let end = until.map_or_else(
					|| "until it is reinstated".into(),
					|until| format!("until {} UTC", when(until)),
				);
				outcome(&motion, &format!("{id} is suspended, {end}"))
			})
		},
		Command::Reinstate { party, council } => {
			let secrets = context.secrets()?;
			let chain = context.chain().await?;
			let id = context.identity(&chain.best().await?, &party).await?;
			let call = calls::identity::reinstate_identity(id);
			let motion =
				context.submit_or_propose(&chain, call, &secrets.signer(), council).await?;
			let motion_shown = motion.as_ref().map(|motion| motion.to_json());
			let answer = json!({ "identity": id, "motion": motion_shown });
			context.out.say(&answer, || outcome(&motion, &format!("{id} acts again")))
		},
	}
}

async fn show(context: &Context, party: Option<Party>) -> anyhow::Result<()> {
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let id = subject(context, &at, party).await?;
	let Some(view) = at.identity(id).await? else {
		bail!("there is no identity {id}: check the id");
	};
	let account = subxt::utils::AccountId32(view.account).to_string();
	let did = did::of(&chain, id);
	let answer = json!({ "identity": id, "did": did, "account": account, "registration": view });
	context.out.say(&answer, || {
		let profile = view.profile.as_ref().and_then(|profile| profile.commitment);
		let frozen = if view.frozen { ", all but the primary frozen" } else { "" };
		facts(&[
			("identity", id.to_string()),
			("DID", did.as_str().unwrap_or_default().into()),
			("registered as", view.kind.to_string()),
			("status", status(&view.status)),
			("account", account.clone()),
			("signing keys", format!("{}{frozen}", view.active_keys)),
			("agreement key", format!("version {}", view.agreement.version)),
			("document", format!("version {}", view.doc_version)),
			("profile", or_dash(&profile)),
			("since (UTC)", when(view.registered_at)),
		])
	})
}

fn status(status: &IdentityStatus) -> String {
	match status {
		IdentityStatus::Active => "active".into(),
		IdentityStatus::Suspended { since, until, reason, by } => {
			let end = until.map_or_else(String::new, |until| format!(" until {}", when(until)));
			let by = match by {
				SuspendedBy::Governance => "governance".into(),
				SuspendedBy::Authority(id) => id.to_string(),
			};
			format!("suspended since {}{end} by {by}: {reason}", when(*since))
		},
		IdentityStatus::Deceased => "deceased".into(),
		IdentityStatus::Deactivated { at } => format!("deactivated since {}", when(*at)),
	}
}

async fn deactivate(context: &Context, yes: bool) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let me = context.me(&chain.best().await?, &secrets).await?;
	let question = format!(
		"{} ends for good: nobody can grant, revoke or file in its name again. Go on?",
		me.id
	);
	context.confirm(&question, yes)?;
	let call = calls::identity::deactivate(me.view.doc_version);
	context.submit(&chain, &call, &secrets.signer()).await?;
	let answer = json!({ "identity": me.id, "state": "deactivated" });
	context.out.say(&answer, || format!("{} is deactivated", me.id))
}
