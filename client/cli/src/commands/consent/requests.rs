// SPDX-License-Identifier: Apache-2.0

//! Asking a patient for a grant, and the requests that wait.

use super::{
	evidence::Evidence,
	grant::USUAL_LENGTH,
	terms::{Limits, READING, TREATMENT, Which},
	words::{actions_text, grantee_text, period_text, purposes_text, scope_text, span_text},
};
use crate::{
	commands::record::subject,
	context::Context,
	output::{facts, table},
	values::{Party, Span, when},
};
use anyhow::{anyhow, bail};
use salus_client::{
	calls,
	types::{AccessRequest, Scope},
};
use salus_primitives::RequestId;
use serde_json::{Value, json};

#[derive(clap::Args, Debug)]
pub(crate) struct Ask {
	/// Which patient.
	patient: Party,
	#[command(flatten)]
	which: Which,
	#[command(flatten)]
	limits: Limits,
	/// For how long.
	#[arg(long = "for", value_name = "SPAN")]
	length: Option<Span>,
	/// Why, in words. They stay here, sealed: the chain gets a salted hash. Show the patient both.
	#[arg(long, value_name = "TEXT")]
	reason: String,
	/// Ask for an organisation where you work, instead of for yourself.
	#[arg(long, value_name = "PARTY")]
	on_behalf: Option<Party>,
	/// How long the patient may take to answer.
	#[arg(long, value_name = "SPAN", default_value = "7d")]
	answer_within: Span,
}

pub(super) async fn ask(context: &Context, args: Ask) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let patient = context.identity(&at, &args.patient).await?;
	let on_behalf = match &args.on_behalf {
		Some(party) => Some(context.identity(&at, party).await?),
		None => None,
	};
	let purposes = args.limits.purposes(TREATMENT);
	if purposes.has_ungrantable() {
		bail!("BTG and ETREAT cannot be granted: in an emergency, `salus consent break-glass`");
	}
	let reason = Evidence::of_words(context, &secrets, &args.reason)?;
	let answer_by = at.now().await?.saturating_add(args.answer_within.0);
	let call = calls::consent::request_access(
		patient,
		on_behalf,
		args.which.scope().unwrap_or(Scope::Compartment(0)),
		purposes,
		args.limits.actions(READING),
		args.limits.data_period(None)?,
		args.length.map_or(USUAL_LENGTH, |span| span.0),
		reason,
		answer_by,
	);
	let receipt = context.submit(&chain, &call, &secrets.signer()).await?;
	let id: RequestId = receipt.first_field("Consent", "AccessRequested").ok_or_else(|| {
		anyhow!("the chain does not say the number of the request: see `salus consent requests`")
	})?;
	let answer =
		json!({ "request": id, "patient": patient, "reason": reason, "answerBy": answer_by });
	context.out.say(&answer, || {
		facts(&[
			("request", id.to_string()),
			("patient", patient.to_string()),
			("reason", format!("{reason}: show it with `salus consent evidence`")),
			("answer by (UTC)", when(answer_by)),
		])
	})
}

/// A request, for programs.
pub(crate) fn to_json(id: RequestId, request: &AccessRequest) -> Value {
	json!({ "request": id, "asks": request })
}

/// A request, as a row.
pub(crate) fn row(id: RequestId, request: &AccessRequest) -> [String; 8] {
	let asked = &request.asked;
	[
		id.to_string(),
		grantee_text(&request.grantee),
		scope_text(&asked.scope),
		purposes_text(asked.purposes),
		actions_text(asked.actions),
		period_text(&asked.data_period),
		span_text(asked.length),
		if request.open { when(request.answer_by) } else { "too late".into() },
	]
}

pub(crate) const HEAD: [&str; 8] = [
	"request",
	"for",
	"speaks of",
	"purposes",
	"actions",
	"records filed",
	"for",
	"answer by (UTC)",
];

pub(super) async fn list(context: &Context, patient: Option<Party>) -> anyhow::Result<()> {
	let at = context.chain().await?.best().await?;
	let patient = subject(context, &at, patient).await?;
	let requests = at.all_requests_for(patient).await?;
	let answer: Vec<_> = requests.iter().map(|(id, request)| to_json(*id, request)).collect();
	context.out.say(&answer, || {
		let rows = requests.iter().map(|(id, request)| row(*id, request)).collect();
		table(HEAD, rows, "nobody asks for anything")
	})
}

pub(super) async fn decline(context: &Context, request: u64) -> anyhow::Result<()> {
	let call = calls::consent::decline_request(RequestId(request));
	close(context, &call, request, "declined").await
}

pub(super) async fn cancel(context: &Context, request: u64) -> anyhow::Result<()> {
	let call = calls::consent::cancel_request(RequestId(request));
	close(context, &call, request, "taken back").await
}

async fn close(
	context: &Context,
	call: &salus_client::Call,
	request: u64,
	done: &str,
) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	context.submit(&chain, call, &secrets.signer()).await?;
	let answer = json!({ "request": request, "state": done });
	context.out.say(&answer, || format!("request {request} is {done}"))
}
