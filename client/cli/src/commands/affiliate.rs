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
use salus_primitives::{
	AffiliationId, AffiliationPermission, AffiliationPermissions, Moment, Role, Window,
};
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
		/// Let the practitioner break the glass in an emergency.
		#[arg(long)]
		emergency: bool,
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
	/// Let an affiliation rest, as the organisation.
	Suspend {
		/// The number of the affiliation.
		affiliation: u64,
		/// For how long; until you resume it without.
		#[arg(long = "for", value_name = "SPAN")]
		length: Option<Span>,
	},
	/// End the rest of an affiliation.
	Resume {
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
		Command::Invite { practitioner, role, length, answer_within, emergency } => {
			invite(context, practitioner, role, length, answer_within, emergency).await
		},
		Command::Accept { affiliation } => {
			let id = AffiliationId(affiliation);
			change(context, id, calls::accreditation::accept_affiliation(id), "accepted").await
		},
		Command::End { affiliation } => {
			let id = AffiliationId(affiliation);
			change(context, id, calls::accreditation::end_affiliation(id), "over").await
		},
		Command::Suspend { affiliation, length } => {
			let id = AffiliationId(affiliation);
			let until = match length {
				Some(length) => {
					let now = context.chain().await?.best().await?.now().await?;
					Some(now.saturating_add(length.0))
				},
				None => None,
			};
			let call = calls::accreditation::suspend_affiliation(id, until);
			change(context, id, call, "suspended").await
		},
		Command::Resume { affiliation } => {
			let id = AffiliationId(affiliation);
			change(context, id, calls::accreditation::resume_affiliation(id), "resumed").await
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
	emergency: bool,
) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let practitioner = context.identity(&at, &practitioner).await?;
	let now = at.now().await?;
	let window = Window { from: now, until: now.saturating_add(length.0) };
	let deadline = now.saturating_add(answer_within.0);
	let permissions = match emergency {
		true => AffiliationPermissions::of(&[AffiliationPermission::EmergencyAccess]),
		false => AffiliationPermissions::default(),
	};
	let call =
		calls::accreditation::invite_affiliation(practitioner, role, window, deadline, permissions);
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
		"emergencyAccess": emergency,
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
	let (found, now) = (at.affiliations_of(who).await?, at.now().await?);
	context.out.say(&found, || {
		let head =
			["number", "organisation", "role", "emergency", "state", "until (UTC)", "in force"];
		table(head, found.iter().map(|view| row(view, now)).collect(), "no affiliations")
	})
}

fn row(view: &AffiliationView, now: Moment) -> [String; 7] {
	let rests = view.suspensions.iter().any(|window| window.is_open_at(now));
	let state = match view.status {
		AffiliationStatus::Accepted { .. } if rests => "suspended".into(),
		AffiliationStatus::Invited { deadline } => format!("invited, until {}", when(deadline)),
		AffiliationStatus::Accepted { .. } => "accepted".into(),
	};
	[
		view.id.to_string(),
		view.organisation.to_string(),
		view.role.to_string(),
		yes(view.permissions.contains(AffiliationPermission::EmergencyAccess)),
		state,
		when(view.window.until),
		yes(view.in_force),
	]
}

fn yes(is_so: bool) -> String {
	if is_so { "yes" } else { "no" }.into()
}
