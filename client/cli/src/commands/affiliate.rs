// SPDX-License-Identifier: Apache-2.0

//! `salus affiliate`: who works where. Both sides agree.

use crate::{
	commands::record::subject,
	context::Context,
	output::{facts, table},
	values::{Party, Span, when},
};
use anyhow::anyhow;
use clap::Subcommand;
use salus_client::{
	calls,
	types::{AffiliationStatus, AffiliationView},
};
use salus_primitives::{AffiliationId, Role, Window};
use serde_json::json;

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
	/// Invite a practitioner, as an organisation.
	Invite {
		/// Whom.
		practitioner: Party,
		/// As what: physician, nurse, pharmacist, laboratory-scientist, radiographer,
		/// privacy-officer or administrator.
		#[arg(long)]
		role: Role,
		/// For how long.
		#[arg(long = "for", value_name = "SPAN", default_value = "1y")]
		length: Span,
		/// How long the invitation stands.
		#[arg(long, value_name = "SPAN", default_value = "7d")]
		answer_within: Span,
	},
	/// Accept an invitation, as the practitioner.
	Accept {
		/// The number of the affiliation.
		affiliation: u64,
	},
	/// Withdraw or decline an invitation, or end an affiliation.
	End {
		/// The number of the affiliation.
		affiliation: u64,
	},
	/// Where a practitioner works; yourself without a name.
	List {
		/// Who.
		practitioner: Option<Party>,
	},
}

pub(crate) async fn run(context: &Context, command: Command) -> anyhow::Result<()> {
	match command {
		Command::Invite { practitioner, role, length, answer_within } => {
			invite(context, practitioner, role, length, answer_within).await
		},
		Command::Accept { affiliation } => {
			let id = AffiliationId(affiliation);
			change(context, id, calls::accreditation::accept_affiliation(id), "accepted").await
		},
		Command::End { affiliation } => {
			let id = AffiliationId(affiliation);
			change(context, id, calls::accreditation::end_affiliation(id), "over").await
		},
		Command::List { practitioner } => list(context, practitioner).await,
	}
}

async fn invite(
	context: &Context,
	practitioner: Party,
	role: Role,
	length: Span,
	answer_within: Span,
) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let practitioner = context.identity(&at, &practitioner).await?;
	let now = at.now().await?;
	let window = Window { from: now, until: now.saturating_add(length.0) };
	let deadline = now.saturating_add(answer_within.0);
	let call = calls::accreditation::invite_affiliation(practitioner, role, window, deadline);
	let receipt = context.submit(&chain, &call, &secrets.signer()).await?;
	let id: AffiliationId = receipt
		.first_field("Accreditation", "AffiliationInvited")
		.ok_or_else(|| anyhow!("the chain does not say the number of the invitation"))?;
	let answer = json!({
		"affiliation": id,
		"practitioner": practitioner,
		"role": role,
		"window": window,
		"deadline": deadline,
	});
	context.out.say(&answer, || {
		facts(&[
			("affiliation", id.to_string()),
			("practitioner", practitioner.to_string()),
			("role", role.to_string()),
			("accept until", when(deadline)),
		])
	})
}

async fn change(
	context: &Context,
	id: AffiliationId,
	call: salus_client::Call,
	done: &str,
) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	context.submit(&chain, &call, &secrets.signer()).await?;
	let view = chain.best().await?.affiliation(id).await?;
	let answer = json!({ "affiliation": id, "state": done, "view": view });
	context.out.say(&answer, || format!("affiliation {id} is {done}"))
}

async fn list(context: &Context, practitioner: Option<Party>) -> anyhow::Result<()> {
	let at = context.chain().await?.best().await?;
	let who = subject(context, &at, practitioner).await?;
	let found = at.affiliations_of(who).await?;
	context.out.say(&found, || {
		let head = ["number", "organisation", "role", "state", "until (UTC)", "in force"];
		table(head, found.iter().map(row).collect(), "no affiliations")
	})
}

fn row(view: &AffiliationView) -> [String; 6] {
	let state = match view.status {
		AffiliationStatus::Invited { deadline } => format!("invited, until {}", when(deadline)),
		AffiliationStatus::Accepted { .. } => "accepted".into(),
	};
	[
		view.id.to_string(),
		view.organisation.to_string(),
		view.role.to_string(),
		state,
		when(view.window.until),
		if view.in_force { "yes" } else { "no" }.into(),
	]
}
