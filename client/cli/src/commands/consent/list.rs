// SPDX-License-Identifier: Apache-2.0

//! Grants as lists, one by one, and cleared away.

use super::words::{
	basis_text, decision_text, grantee_text, purposes_text, scope_text, standing_text, terms_facts,
};
use crate::{
	commands::record::subject,
	context::Context,
	output::{facts, or_dash, table},
	values::{Party, when},
};
use anyhow::{anyhow, bail};
use salus_client::{
	calls,
	types::{Due, GrantStatus, Grantee, ListedGrant, Standing},
};
use salus_primitives::{EmergencyId, GrantId, RequestId};
use serde_json::json;

/// How many rows one call clears away.
const MOST_REAPED: usize = 32;

#[derive(clap::Args, Debug)]
pub(crate) struct List {
	/// Whose.
	patient: Option<Party>,
	/// Those made to you instead.
	#[arg(long, conflicts_with = "patient")]
	to_me: bool,
	/// Also those that have ended.
	#[arg(long)]
	all: bool,
}

#[derive(clap::Args, Debug)]
#[group(required = true, multiple = true)]
pub(crate) struct Reap {
	/// Grants that have ended.
	#[arg(long, value_name = "NUMBER", value_delimiter = ',')]
	grants: Vec<u64>,
	/// Requests that were not answered in time.
	#[arg(long, value_name = "NUMBER", value_delimiter = ',')]
	requests: Vec<u64>,
	/// Emergencies whose review is overdue: governance gets them.
	#[arg(long, value_name = "NUMBER", value_delimiter = ',')]
	reviews: Vec<u64>,
}

pub(super) async fn list(context: &Context, args: List) -> anyhow::Result<()> {
	let List { patient, to_me, all } = args;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let who = subject(context, &at, patient).await?;
	let mut grants = if to_me {
		let mut found = at.all_grants_to(Grantee::Identity(who)).await?;
		found.extend(at.all_grants_to(Grantee::Organisation(who)).await?);
		found
	} else {
		at.all_grants_of(who).await?
	};
	grants.retain(|listed| all || matches!(listed.standing, Standing::InForce | Standing::NotYet));
	let compartments = if to_me { Vec::new() } else { at.compartments(who).await? };
	let answer = json!({ "grants": grants, "compartments": compartments });
	context.out.say(&answer, || {
		let rows = grants.iter().map(|listed| row(listed, to_me)).collect();
		let whom = if to_me { "patient" } else { "grantee" };
		let head = [
			"grant",
			"decides",
			whom,
			"speaks of",
			"purposes",
			"until (UTC)",
			"uses left",
			"standing",
		];
		let grants = table(head, rows, "no grants");
		if compartments.is_empty() {
			return grants;
		}
		let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
		let rows = compartments.iter().map(|(number, compartment)| {
			[
				number.to_string(),
				compartment.epoch.to_string(),
				yes(compartment.restricted),
				when(compartment.opened_at),
				yes(compartment.rotation_due),
			]
		});
		let head = ["compartment", "epoch", "restricted", "opened (UTC)", "rotation due"];
		format!("{grants}\n\n{}", table(head, rows.collect(), ""))
	})
}

fn row(listed: &ListedGrant, to_me: bool) -> [String; 8] {
	let terms = &listed.grant.terms;
	let whom =
		if to_me { listed.grant.subject.to_string() } else { grantee_text(&listed.grant.grantee) };
	[
		listed.id.to_string(),
		decision_text(terms.decision).into(),
		whom,
		scope_text(&terms.scope),
		purposes_text(terms.purposes),
		when(terms.window.until),
		or_dash(&listed.grant.uses_left),
		standing_text(listed.standing).into(),
	]
}

pub(super) async fn show(context: &Context, number: u64) -> anyhow::Result<()> {
	let at = context.chain().await?.best().await?;
	let id = GrantId(number);
	let listed = at.grant(id).await?;
	let listed = listed.ok_or_else(|| anyhow!("there is no grant {id}: see `consent list`"))?;
	let below = match listed.grant.root {
		None => at.sub_grants(id).await?,
		Some(_) => Vec::new(),
	};
	let answer = json!({ "grant": listed, "passedOn": below });
	context.out.say(&answer, || {
		let head = facts(&all_facts(&listed));
		if below.is_empty() {
			return head;
		}
		let rows = below.iter().map(|one| row(one, false)).collect();
		let columns = [
			"passed on as",
			"decides",
			"grantee",
			"speaks of",
			"purposes",
			"until (UTC)",
			"uses left",
			"standing",
		];
		format!("{head}\n\n{}", table(columns, rows, ""))
	})
}

fn all_facts(listed: &ListedGrant) -> Vec<(&'static str, String)> {
	let grant = &listed.grant;
	let mut rows = vec![
		("grant", listed.id.to_string()),
		("patient", grant.subject.to_string()),
		("grantee", grantee_text(&grant.grantee)),
		("made (UTC)", when(grant.made_at)),
		("made by", grant.by.to_string()),
	];
	rows.extend(terms_facts(&grant.terms));
	rows.extend([
		("uses left", or_dash(&grant.uses_left)),
		("rests on", basis_text(grant.basis).into()),
		("form", or_dash(&grant.document)),
		("may be passed on", if grant.delegable { "yes" } else { "no" }.into()),
	]);
	rows.extend(grant.parent.map(|parent| ("part of grant", parent.to_string())));
	rows.extend(grant.narrowed.map(|narrowed| ("narrowed (UTC)", when(narrowed.at))));
	rows.push(("standing", standing_text(listed.standing).into()));
	if let GrantStatus::Revoked { at, by, .. } = grant.status {
		rows.push(("revoked (UTC)", format!("{} by {by}", when(at))));
	}
	rows
}

pub(super) async fn reap(context: &Context, args: Reap) -> anyhow::Result<()> {
	let grants = args.grants.iter().map(|id| Due::Grant(GrantId(*id)));
	let requests = args.requests.iter().map(|id| Due::Request(RequestId(*id)));
	let reviews = args.reviews.iter().map(|id| Due::Review(EmergencyId(*id)));
	let due: Vec<_> = grants.chain(requests).chain(reviews).collect();
	if due.len() > MOST_REAPED {
		bail!("{MOST_REAPED} at a time at most: name fewer");
	}
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let call = calls::consent::reap(due.clone());
	context.submit(&chain, &call, &secrets.signer()).await?;
	let answer = json!({ "asked": due });
	context.out.say(&answer, || "what was due of it is cleared away".into())
}
