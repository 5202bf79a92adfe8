// SPDX-License-Identifier: Apache-2.0

//! `salus inbox`: what waits for somebody, be it a patient, a practitioner or an organisation.

use super::consent::{emergency, requests, words::grantee_text};
use crate::{
	context::Context,
	output::table,
	values::{Span, when},
};
use salus_client::{
	At,
	types::{
		AccessRequest, EmergencyStanding, EmergencyView, Grantee, IdentityView, ListedGrant,
		Standing,
	},
};
use salus_primitives::{CompartmentNo, IdentityId, IdentityKind, Moment, RequestId, Role};
use serde_json::{Value, json};

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
	/// How far ahead grants that end are shown.
	#[arg(long, value_name = "SPAN", default_value = "7d")]
	ahead: Span,
}

/// What waits.
#[derive(Default)]
struct Inbox {
	/// Who asks for access.
	requests: Vec<(RequestId, AccessRequest)>,
	/// Emergencies that act now.
	open: Vec<EmergencyView>,
	/// Emergencies that the patient can contest still, and has not.
	to_contest: Vec<EmergencyView>,
	/// Grants that end soon: own ones, or those made to whoever looks.
	expiring: Vec<ListedGrant>,
	/// Emergencies to review.
	reviews: Vec<EmergencyView>,
	/// Compartments whose keys should be rotated.
	rotations: Vec<CompartmentNo>,
}

pub(crate) async fn run(context: &Context, args: Args) -> anyhow::Result<()> {
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = super::record::subject(context, &at, None).await?;
	let view = at.identity(me).await?;
	let now = at.now().await?;
	let inbox = look(&at, me, view.as_ref(), now, now.saturating_add(args.ahead.0)).await?;
	context.out.say(&to_json(&inbox), || text(&inbox, me))
}

async fn look(
	at: &At,
	me: IdentityId,
	view: Option<&IdentityView>,
	now: Moment,
	ahead: Moment,
) -> anyhow::Result<Inbox> {
	let mut inbox = Inbox::default();
	// Everybody is the patient of their own records.
	let waiting = at.inbox(me).await?;
	for id in waiting.requests {
		inbox.requests.extend(at.access_request(id).await?.map(|request| (id, request)));
	}
	inbox.rotations = waiting.rotations;
	let over = at.all_emergencies_of(me).await?;
	inbox.to_contest = over.into_iter().filter(|view| may_contest(view, now)).collect();
	// What is not settled, wherever it was: far less than all there ever was.
	let unsettled = at.all_reviews_due(Moment::MAX).await?;
	inbox.open = unsettled.iter().filter(|view| is_open_for(view, me)).copied().collect();
	let offices = offices(at, me).await?;
	inbox.reviews = unsettled.into_iter().filter(|view| is_for(view, me, &offices)).collect();

	let mut grants = at.all_grants_of(me).await?;
	grants.extend(match view.map(|view| view.kind) {
		Some(IdentityKind::Organisation) => at.all_grants_to(Grantee::Organisation(me)).await?,
		_ => at.all_grants_to(Grantee::Identity(me)).await?,
	});
	grants.retain(|listed| {
		listed.standing == Standing::InForce && listed.grant.terms.window.until < ahead
	});
	inbox.expiring = grants;
	Ok(inbox)
}

/// The patient, the claimant and the organisation can each close it.
fn is_open_for(view: &EmergencyView, me: IdentityId) -> bool {
	let emergency = &view.emergency;
	view.standing == EmergencyStanding::Open
		&& [emergency.subject, emergency.claimant, emergency.organisation].contains(&me)
}

/// Once, within the time for it, once it is over, and not where it was found without need.
fn may_contest(view: &EmergencyView, now: Moment) -> bool {
	let is_past =
		!matches!(view.standing, EmergencyStanding::Open | EmergencyStanding::Unjustified);
	view.emergency.contest.is_none() && is_past && now < view.emergency.contest_by
}

/// Where somebody is a privacy officer now.
async fn offices(at: &At, me: IdentityId) -> anyhow::Result<Vec<IdentityId>> {
	let affiliations = at.affiliations_of(me).await?;
	let offices = affiliations
		.into_iter()
		.filter(|affiliation| affiliation.in_force && affiliation.role == Role::PrivacyOfficer);
	Ok(offices.map(|affiliation| affiliation.organisation).collect())
}

/// What a privacy officer has to review: emergencies of one compartment where the officer works, and
/// those of all compartments elsewhere. Never the own ones, nor those about oneself.
fn is_for(view: &EmergencyView, me: IdentityId, offices: &[IdentityId]) -> bool {
	let emergency = &view.emergency;
	let works_there = offices.contains(&emergency.organisation);
	!offices.is_empty()
		&& view.standing == EmergencyStanding::AwaitingReview
		&& emergency.claimant != me
		&& emergency.subject != me
		&& works_there == emergency.compartment.is_some()
}

fn to_json(inbox: &Inbox) -> Value {
	let requests: Vec<_> =
		inbox.requests.iter().map(|(id, request)| requests::to_json(*id, request)).collect();
	json!({
		"requests": requests,
		"openEmergencies": inbox.open,
		"emergenciesToContest": inbox.to_contest,
		"expiringGrants": inbox.expiring,
		"reviewsDue": inbox.reviews,
		"rotationsDue": inbox.rotations,
	})
}

fn text(inbox: &Inbox, me: IdentityId) -> String {
	let mut parts = Vec::new();
	let mut part = |title: &str, table: String, what_to_do: &str| {
		parts.push(format!("{title}\n\n{table}\n\n{what_to_do}"));
	};
	let glasses = |views: &[EmergencyView]| {
		table(emergency::HEAD, views.iter().map(emergency::row).collect(), "")
	};
	if !inbox.open.is_empty() {
		let what = "whoever should not read now: `salus consent close-emergency NUMBER`";
		part("Emergencies that are open", glasses(&inbox.open), what);
	}
	if !inbox.requests.is_empty() {
		let rows = inbox.requests.iter().map(|(id, request)| requests::row(*id, request));
		let what = "answer: `salus consent approve NUMBER`, or decline";
		part("Requests for access", table(requests::HEAD, rows.collect(), ""), what);
	}
	if !inbox.reviews.is_empty() {
		let what = "review: `salus consent review NUMBER --outcome …`";
		part("Emergencies to review", glasses(&inbox.reviews), what);
	}
	if !inbox.to_contest.is_empty() {
		let what = "should one not have been: `salus consent contest NUMBER`";
		part("Emergencies about you that are over", glasses(&inbox.to_contest), what);
	}
	if !inbox.rotations.is_empty() {
		let rows = inbox.rotations.iter().map(|number| [number.to_string()]);
		let what = "an emergency reached them: `salus consent rotate-compartment NUMBER`";
		part("Compartments that need new keys", table(["compartment"], rows.collect(), ""), what);
	}
	if !inbox.expiring.is_empty() {
		let rows = inbox.expiring.iter().map(|listed| {
			let is_mine = listed.grant.subject == me;
			let whom = match is_mine {
				true => format!("to {}", grantee_text(&listed.grant.grantee)),
				false => format!("by {}", listed.grant.subject),
			};
			[listed.id.to_string(), whom, when(listed.grant.terms.window.until)]
		});
		let head = ["grant", "to or by whom", "ends (UTC)"];
		let what = "grant again, or ask for it: `salus consent grant`, `salus consent request`";
		part("Grants that end soon", table(head, rows.collect(), ""), what);
	}
	if parts.is_empty() { "nothing waits".into() } else { parts.join("\n\n\n") }
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_client::types::{Contest, Emergency};
	use salus_primitives::{Digest, EmergencyId, EmergencyReason};

	const PATIENT: IdentityId = IdentityId([1; 32]);
	const DOCTOR: IdentityId = IdentityId([2; 32]);
	const HOSPITAL: IdentityId = IdentityId([3; 32]);
	const OFFICER: IdentityId = IdentityId([4; 32]);

	fn view(compartment: Option<CompartmentNo>, standing: EmergencyStanding) -> EmergencyView {
		let emergency = Emergency {
			subject: PATIENT,
			claimant: DOCTOR,
			organisation: HOSPITAL,
			compartment,
			reason: EmergencyReason::Unconscious,
			justification: Digest([0; 32]),
			opened_at: 100,
			until: 200,
			closed: None,
			review_by: 300,
			contest_by: 400,
			review: None,
			contest: None,
		};
		EmergencyView { id: EmergencyId(7), emergency, standing }
	}

	#[test]
	fn an_officer_reviews_one_compartment_at_home_and_all_of_them_elsewhere() {
		let waiting = EmergencyStanding::AwaitingReview;
		let (one, all) = (view(Some(3), waiting), view(None, waiting));
		let (home, away) = ([HOSPITAL], [IdentityId([9; 32])]);
		assert!(is_for(&one, OFFICER, &home) && !is_for(&one, OFFICER, &away));
		assert!(!is_for(&all, OFFICER, &home) && is_for(&all, OFFICER, &away));
		assert!(!is_for(&one, DOCTOR, &home) && !is_for(&one, PATIENT, &home));
		assert!(!is_for(&view(Some(3), EmergencyStanding::Open), OFFICER, &home));
		assert!(!is_for(&all, OFFICER, &[]), "who has no office reviews nothing");
	}

	#[test]
	fn an_open_emergency_is_shown_to_who_can_close_it() {
		let open = view(None, EmergencyStanding::Open);
		assert!([PATIENT, DOCTOR, HOSPITAL].into_iter().all(|who| is_open_for(&open, who)));
		assert!(!is_open_for(&open, OFFICER));
		assert!(!is_open_for(&view(None, EmergencyStanding::AwaitingReview), PATIENT));
	}

	#[test]
	fn an_emergency_is_contested_once_and_in_time() {
		let over = view(None, EmergencyStanding::Justified);
		assert!(may_contest(&over, 399));
		assert!(!may_contest(&over, 400));
		assert!(!may_contest(&view(None, EmergencyStanding::Open), 150));
		assert!(!may_contest(&view(None, EmergencyStanding::Unjustified), 250));
		let mut contested = over;
		contested.emergency.contest = Some(Contest { at: 250, settled: false });
		assert!(!may_contest(&contested, 260));
	}

	#[test]
	fn an_empty_inbox_says_so_and_a_full_one_says_what_to_do() {
		assert_eq!(text(&Inbox::default(), PATIENT), "nothing waits");
		let full = Inbox {
			open: vec![view(None, EmergencyStanding::Open)],
			to_contest: vec![view(None, EmergencyStanding::Justified)],
			rotations: vec![3],
			..Inbox::default()
		};
		let said = text(&full, PATIENT);
		for command in ["close-emergency", "consent contest", "rotate-compartment"] {
			assert!(said.contains(command), "{command}: {said}");
		}
		assert_eq!(to_json(&full)["rotationsDue"][0], 3);
	}
}
