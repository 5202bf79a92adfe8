// SPDX-License-Identifier: Apache-2.0

//! The rules of emergencies, and who may break no glass: governance decides.

use super::words::span_text;
use crate::{
	context::Context,
	council::outcome,
	output::facts,
	values::{Party, Span},
};
use clap::Subcommand;
use salus_client::{Call, calls, types::EmergencyPolicy};
use serde_json::json;

#[derive(Subcommand, Debug)]
pub(crate) enum Rules {
	/// What holds.
	Show,
	/// Change them, by a proposal to the council. What is not named stays.
	Set(Change),
}

#[derive(clap::Args, Debug, Default)]
#[group(required = true, multiple = true)]
pub(crate) struct Change {
	/// How long an emergency stays open, at most a day.
	#[arg(long, value_name = "SPAN")]
	open_for: Option<Span>,
	/// How many one person may have in the period, at most 16.
	#[arg(long, value_name = "COUNT")]
	per_claimant: Option<u32>,
	/// How many the people of one organisation may have in the period, at most 256.
	#[arg(long, value_name = "COUNT")]
	per_organisation: Option<u32>,
	/// How long that period is.
	#[arg(long, value_name = "SPAN")]
	quota_period: Option<Span>,
	/// Within what time of its end an emergency is reviewed.
	#[arg(long, value_name = "SPAN")]
	review_within: Option<Span>,
	/// Within what time of its end the patient may contest it.
	#[arg(long, value_name = "SPAN")]
	contest_within: Option<Span>,
	/// How many unjustified ones suspend a person.
	#[arg(long, value_name = "COUNT")]
	strikes: Option<u32>,
}

impl Change {
	fn of(&self, stands: EmergencyPolicy) -> EmergencyPolicy {
		let span = |span: Option<Span>, stands| span.map_or(stands, |span| span.0);
		EmergencyPolicy {
			open_for: span(self.open_for, stands.open_for),
			per_claimant: self.per_claimant.unwrap_or(stands.per_claimant),
			per_organisation: self.per_organisation.unwrap_or(stands.per_organisation),
			quota_period: span(self.quota_period, stands.quota_period),
			review_within: span(self.review_within, stands.review_within),
			contest_within: span(self.contest_within, stands.contest_within),
			strikes: self.strikes.unwrap_or(stands.strikes),
		}
	}
}

pub(super) async fn run(context: &Context, command: Rules) -> anyhow::Result<()> {
	let chain = context.chain().await?;
	let stands = chain.best().await?.btg_policy().await?;
	let Rules::Set(change) = command else {
		return context.out.say(&stands, || text(&stands));
	};
	let secrets = context.secrets()?;
	let rules = change.of(stands);
	let call = calls::consent::set_btg_policy(rules);
	let motion = context.propose(&chain, call, &secrets.signer()).await?;
	let answer = json!({ "rules": rules, "motion": motion.to_json() });
	context.out.say(&answer, || motion.tell(&text(&rules)))
}

fn text(rules: &EmergencyPolicy) -> String {
	facts(&[
		("stays open for", span_text(rules.open_for)),
		("per person", format!("{} in {}", rules.per_claimant, span_text(rules.quota_period))),
		(
			"per organisation",
			format!("{} in {}", rules.per_organisation, span_text(rules.quota_period)),
		),
		("reviewed within", span_text(rules.review_within)),
		("contested within", span_text(rules.contest_within)),
		("strikes", rules.strikes.to_string()),
	])
}

pub(super) async fn suspend(context: &Context, claimant: Party) -> anyhow::Result<()> {
	decide(context, claimant, calls::consent::suspend, "may break no glass any more").await
}

pub(super) async fn reinstate(context: &Context, claimant: Party) -> anyhow::Result<()> {
	decide(context, claimant, calls::consent::reinstate, "may break the glass again").await
}

async fn decide(
	context: &Context,
	claimant: Party,
	call: fn(salus_primitives::IdentityId) -> Call,
	done: &str,
) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let claimant = context.identity(&chain.best().await?, &claimant).await?;
	let motion = context.propose(&chain, call(claimant), &secrets.signer()).await?;
	let answer = json!({ "claimant": claimant, "motion": motion.to_json() });
	context.out.say(&answer, || outcome(&Some(motion), &format!("{claimant} {done}")))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn rules_that_are_not_named_stay() {
		let stands = EmergencyPolicy {
			open_for: 1,
			per_claimant: 2,
			per_organisation: 3,
			quota_period: 4,
			review_within: 5,
			contest_within: 6,
			strikes: 7,
		};
		assert_eq!(Change::default().of(stands), stands);
		let change = Change { open_for: Some(Span(9)), strikes: Some(1), ..Change::default() };
		assert_eq!(change.of(stands), EmergencyPolicy { open_for: 9, strikes: 1, ..stands });
	}
}
