// SPDX-License-Identifier: Apache-2.0

//! Emergencies: breaking the glass, closing it, the review, and what the patient says of it.

use super::{evidence::Evidence, words::emergency_text};
use crate::{
	commands::record::subject,
	context::Context,
	council::outcome,
	output::{facts, short, table},
	values::{Party, when},
};
use anyhow::{anyhow, bail};
use salus_client::{
	At, calls,
	types::{EmergencyStanding, EmergencyView},
};
use salus_primitives::{
	AccessPolicy, CompartmentNo, EmergencyId, EmergencyReason, IdentityId, IdentityKind,
	ReviewOutcome,
};
use serde_json::json;

#[derive(clap::Args, Debug)]
pub(crate) struct BreakGlass {
	/// Whose.
	patient: Party,
	/// Where you work, with the emergency role. Not needed where you work at one place.
	#[arg(long = "at", value_name = "PARTY")]
	organisation: Option<Party>,
	/// One compartment, also a restricted one; without a number all that are not restricted.
	#[arg(long, value_name = "NUMBER")]
	compartment: Option<CompartmentNo>,
	/// unconscious, life-threat, mass-casualty, danger-to-others or system-failure.
	#[arg(long)]
	reason: EmergencyReason,
	/// Why, in words, for the review. They stay here, sealed: the chain gets a salted hash.
	#[arg(long, value_name = "TEXT")]
	justification: String,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Review {
	/// The number of the emergency.
	emergency: u64,
	/// justified, unjustified or escalated.
	#[arg(long)]
	outcome: ReviewOutcome,
	/// Why, in words. They stay here, sealed: the chain gets a salted hash.
	#[arg(long, value_name = "TEXT")]
	note: String,
	/// As governance, by a proposal to the council.
	#[arg(long)]
	council: bool,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Emergencies {
	/// Whose.
	patient: Option<Party>,
	/// Those that the people of an organisation opened instead.
	#[arg(long = "at", value_name = "PARTY", conflicts_with = "patient")]
	organisation: Option<Party>,
	/// Only those that are open or not settled.
	#[arg(long)]
	open: bool,
}

pub(super) async fn break_glass(context: &Context, args: BreakGlass) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let patient = context.identity(&at, &args.patient).await?;
	let organisation = match &args.organisation {
		Some(party) => context.identity(&at, party).await?,
		None => only_one(&at.organisations_of(me.id).await?)?,
	};
	// Said before anything is broken: what could not be opened anyway is no emergency's business.
	let reached = reached(&at, patient, args.compartment).await?;
	let justification = Evidence::of_words(context, &secrets, &args.justification)?;
	let call = calls::consent::break_glass(
		patient,
		organisation,
		args.compartment,
		args.reason,
		justification,
	);
	let receipt = context.submit(&chain, &call, &secrets.signer()).await?;
	let id: EmergencyId = receipt.first_field("Consent", "GlassBroken").ok_or_else(|| {
		anyhow!("the chain does not say the number of the emergency: see `consent emergencies`")
	})?;
	let opened = chain.at(receipt.block).await?.emergency(id).await?;
	let until = opened.map(|view| view.emergency.until);
	let answer = json!({
		"emergency": id,
		"patient": patient,
		"organisation": organisation,
		"compartments": reached,
		"reason": args.reason,
		"justification": justification,
		"until": until,
	});
	context.out.say(&answer, || {
		let reached: Vec<_> = reached.iter().map(|number| number.to_string()).collect();
		let facts = facts(&[
			("emergency", id.to_string()),
			("patient", patient.to_string()),
			("compartments", reached.join(", ")),
			("until (UTC)", until.map_or_else(|| "-".into(), when)),
			("justification", justification.to_string()),
		]);
		format!(
			"{facts}\n\nopen records with `salus record open RECORD --emergency {id}` once it is final; \
			 the patient sees it, and it will be reviewed"
		)
	})
}

fn only_one(organisations: &[IdentityId]) -> anyhow::Result<IdentityId> {
	match organisations {
		[one] => Ok(*one),
		[] => bail!(
			"you work at no organisation: it is the organisation that gives the emergency role"
		),
		_ => bail!("you work at several organisations: say with --at where you act"),
	}
}

/// The compartments that an emergency would open: those whose key somebody holds for it.
async fn reached(
	at: &At,
	patient: IdentityId,
	named: Option<CompartmentNo>,
) -> anyhow::Result<Vec<CompartmentNo>> {
	if at.policy_of(patient).await?.policy == AccessPolicy::Deny {
		bail!("the patient refuses emergencies: without a grant nobody opens anything");
	}
	let mut found = Vec::new();
	for (number, row) in at.compartments(patient).await? {
		let is_meant = named.map_or(!row.restricted, |named| named == number);
		if is_meant && at.emergency_key(patient, number).await?.is_some() {
			found.push(number);
		}
	}
	if found.is_empty() {
		bail!(
			"nobody holds an emergency key for what you would open: the patient did not want it; \
			 without a grant nobody opens it"
		);
	}
	Ok(found)
}

pub(super) async fn close(context: &Context, number: u64) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let call = calls::consent::close_break_glass(EmergencyId(number));
	context.submit(&chain, &call, &secrets.signer()).await?;
	let answer = json!({ "emergency": number, "closed": true });
	context.out.say(&answer, || {
		format!(
			"emergency {number} is closed: nothing is read on it any more. The patient may rotate the \
			 compartments' keys, see `salus inbox`"
		)
	})
}

pub(super) async fn review(context: &Context, args: Review) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let id = EmergencyId(args.emergency);
	let at = chain.best().await?;
	let view = at.emergency(id).await?;
	let view = view.ok_or_else(|| anyhow!("there is no emergency {id}: check the number"))?;
	if view.standing == EmergencyStanding::Open {
		bail!("emergency {id} is open still: it is reviewed once it is over");
	}
	let note = Evidence::of_words(context, &secrets, &args.note)?;
	let call = calls::consent::review_break_glass(id, args.outcome, note);
	let motion = context.submit_or_propose(&chain, call, &secrets.signer(), args.council).await?;
	let answer = json!({
		"emergency": id,
		"outcome": args.outcome,
		"note": note,
		"motion": motion.as_ref().map(|motion| motion.to_json()),
	});
	context.out.say(&answer, || {
		outcome(&motion, &format!("emergency {id} was found {}; note {note}", args.outcome))
	})
}

pub(super) async fn contest(context: &Context, number: u64) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let call = calls::consent::contest(EmergencyId(number));
	context.submit(&chain, &call, &secrets.signer()).await?;
	let answer = json!({ "emergency": number, "contested": true });
	context.out.say(&answer, || format!("emergency {number} goes to governance"))
}

pub(super) async fn list(context: &Context, args: Emergencies) -> anyhow::Result<()> {
	let at = context.chain().await?.best().await?;
	let mut found = match &args.organisation {
		Some(party) => {
			let organisation = context.identity(&at, party).await?;
			at.all_emergencies_at(organisation).await?
		},
		None => {
			let who = subject(context, &at, args.patient).await?;
			let view = at.identity(who).await?;
			match view.map(|view| view.kind) {
				Some(IdentityKind::Organisation) => at.all_emergencies_at(who).await?,
				_ => at.all_emergencies_of(who).await?,
			}
		},
	};
	found.retain(|view| !args.open || !is_settled(view.standing));
	context.out.say(&found, || table(HEAD, found.iter().map(row).collect(), "no emergencies"))
}

fn is_settled(standing: EmergencyStanding) -> bool {
	matches!(standing, EmergencyStanding::Justified | EmergencyStanding::Unjustified)
}

pub(crate) const HEAD: [&str; 8] = [
	"emergency",
	"patient",
	"claimant",
	"at",
	"compartments",
	"reason",
	"opened (UTC)",
	"standing",
];

/// An emergency, as a row.
pub(crate) fn row(view: &EmergencyView) -> [String; 8] {
	let emergency = &view.emergency;
	let until = match view.standing {
		EmergencyStanding::Open => format!(" until {}", when(emergency.until)),
		EmergencyStanding::AwaitingReview => format!(" by {}", when(emergency.review_by)),
		_ => String::new(),
	};
	[
		view.id.to_string(),
		short(&emergency.subject),
		short(&emergency.claimant),
		short(&emergency.organisation),
		emergency.compartment.map_or_else(|| "unrestricted".into(), |number| number.to_string()),
		emergency.reason.to_string(),
		when(emergency.opened_at),
		format!("{}{until}", emergency_text(view.standing)),
	]
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn where_one_works_at_one_place_it_need_not_be_named() {
		let (one, two) = (IdentityId([1; 32]), IdentityId([2; 32]));
		assert_eq!(only_one(&[one]).unwrap(), one);
		assert!(only_one(&[]).unwrap_err().to_string().contains("emergency role"));
		assert!(only_one(&[one, two]).unwrap_err().to_string().contains("--at"));
	}

	#[test]
	fn what_governance_has_to_decide_is_not_settled() {
		use EmergencyStanding::*;
		assert!([Justified, Unjustified].into_iter().all(is_settled));
		let open = [Open, AwaitingReview, Escalated, Overdue, Contested];
		assert!(!open.into_iter().any(is_settled));
	}
}
