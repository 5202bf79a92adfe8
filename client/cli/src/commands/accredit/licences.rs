// SPDX-License-Identifier: Apache-2.0

//! Licences: granted, renewed, suspended, revoked, given up; and what stands about them.

use super::{back, code, country, digest, requests::Opening, sorted, window};
use crate::{
	commands::record::subject,
	context::Context,
	council::outcome,
	document,
	output::{facts, or_dash, short, table},
	values::{Party, Span, when},
};
use anyhow::{anyhow, bail};
use salus_client::{
	At, calls,
	types::{
		AccreditationStanding, AccreditationView, Authority, AuthorityStatus, Change,
		RevocationReason, StatusChange, SuspensionReason,
	},
};
use salus_primitives::{
	AccreditationId, AccreditationKind, Commitment, Digest, IdentityId, Jurisdiction, ScopeCode,
};
use serde_json::json;
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub(crate) struct Grant {
	/// To whom.
	subject: Party,
	/// What it allows.
	#[arg(long)]
	kind: AccreditationKind,
	/// Where: an ISO 3166-1 numeric code, as 276.
	#[arg(long, value_parser = country)]
	country: Jurisdiction,
	/// What exactly: codes of the national register, as 101,102.
	#[arg(long, value_parser = code, value_delimiter = ',')]
	codes: Vec<ScopeCode>,
	/// For how long.
	#[arg(long = "for", value_name = "SPAN", default_value = "1y")]
	length: Span,
	/// The licence itself: stays here, the chain gets a salted commitment. With --opening: what the
	/// subject handed over with its request.
	#[arg(long, value_name = "FILE")]
	document: Option<PathBuf>,
	/// The opening that the subject handed over: checks that the document is what was asked about.
	#[arg(long, value_name = "FILE", requires = "document", conflicts_with = "digest")]
	opening: Option<PathBuf>,
	/// The digest of the subject's request, when you checked the document in another way.
	#[arg(long, value_parser = digest, value_name = "HASH", conflicts_with = "document")]
	digest: Option<Digest>,
}

pub(super) async fn grant(context: &Context, grant: Grant) -> anyhow::Result<()> {
	let document = grant.document.as_deref().map(document::read).transpose()?.unwrap_or_default();
	let given = grant.opening.as_deref().map(Opening::read).transpose()?;
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let subject = context.identity(&at, &grant.subject).await?;
	let digest = given.as_ref().map(|opening| opening.digest(&document)).or(grant.digest);
	let commitment = match digest {
		Some(digest) => {
			let me = context.me(&at, &secrets).await?.id;
			asked(&at, me, subject, grant.kind, digest).await?
		},
		// Without a document it commits to nothing but its own salt.
		None => {
			let opening = Opening::generate();
			let commitment = opening.commitment(&document);
			if grant.document.is_some() {
				opening.keep(context, &commitment)?;
			}
			commitment
		},
	};
	let window = window(&at, grant.length).await?;
	let codes = sorted(grant.codes);
	let call = calls::accreditation::grant_accreditation(
		subject,
		grant.kind,
		grant.country,
		commitment,
		window,
		codes.clone(),
		digest,
	);
	let receipt = context.submit(&chain, &call, &secrets.signer()).await?;
	let id: AccreditationId =
		receipt.first_field("Accreditation", "AccreditationGranted").ok_or_else(|| {
			anyhow!("the chain does not say the number of the accreditation: see `accredit show`")
		})?;
	let answer = json!({
		"accreditation": id,
		"subject": subject,
		"kind": grant.kind,
		"country": grant.country,
		"codes": codes,
		"window": window,
		"commitment": commitment,
		"digest": digest,
	});
	context.out.say(&answer, || {
		facts(&[
			("accreditation", id.to_string()),
			("subject", subject.to_string()),
			("kind", grant.kind.to_string()),
			("until", when(window.until)),
		])
	})
}

/// The commitment of the request with this digest: nobody is granted what changed since it was asked.
async fn asked(
	at: &At,
	issuer: IdentityId,
	subject: IdentityId,
	kind: AccreditationKind,
	digest: Digest,
) -> anyhow::Result<Commitment> {
	let Some(request) = at.request(issuer, subject, kind).await? else {
		bail!("{subject} has not asked you for {kind}: leave --digest and --opening out");
	};
	if !request.is_open {
		bail!("the request of {subject} is too old: have it made again");
	}
	if request.digest != digest {
		bail!(
			"the request of {subject} is about something else than what you looked at (its digest is \
			 {}): look at what it asks about now",
			request.digest
		);
	}
	Ok(request.commitment)
}

pub(super) async fn renew(
	context: &Context,
	id: AccreditationId,
	length: Span,
) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let until = window(&chain.best().await?, length).await?.until;
	let call = calls::accreditation::renew_accreditation(id, until);
	context.submit(&chain, &call, &secrets.signer()).await?;
	let answer = json!({ "accreditation": id, "until": until });
	context.out.say(&answer, || format!("accreditation {id} counts until {} UTC", when(until)))
}

pub(super) async fn suspend(
	context: &Context,
	id: AccreditationId,
	reason: SuspensionReason,
	length: Option<Span>,
	council: bool,
) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let now = chain.best().await?.now().await?;
	let until = length.map(|length| now.saturating_add(length.0));
	let call = calls::accreditation::suspend_accreditation(id, until, reason);
	let motion = context.submit_or_propose(&chain, call, &secrets.signer(), council).await?;
	let motion_shown = motion.as_ref().map(|motion| motion.to_json());
	let answer =
		json!({ "accreditation": id, "until": until, "reason": reason, "motion": motion_shown });
	context.out.say(&answer, || {
		let end = until.map_or_else(
			|| "until it is lifted".into(),
			|until| format!("until {} UTC", when(until)),
		);
		outcome(&motion, &format!("accreditation {id} is suspended, {end}"))
	})
}

pub(super) async fn lift(
	context: &Context,
	id: AccreditationId,
	council: bool,
) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let call = calls::accreditation::lift_suspension(id);
	let motion = context.submit_or_propose(&chain, call, &secrets.signer(), council).await?;
	let motion_shown = motion.as_ref().map(|motion| motion.to_json());
	let answer = json!({ "accreditation": id, "motion": motion_shown });
	context.out.say(&answer, || {
		outcome(&motion, &format!("the suspension of accreditation {id} is lifted"))
	})
}

pub(super) async fn revoke(
	context: &Context,
	id: AccreditationId,
	reason: RevocationReason,
	since: Option<Span>,
	council: bool,
) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let view = at.accreditation(id).await?;
	let view = view.ok_or_else(|| anyhow!("there is no accreditation {id}: check the number"))?;
	// Not before its window begins; the block's clock is never behind the one asked.
	let from = back(&at, since).await?.max(view.window.from);
	let call = calls::accreditation::revoke_accreditation(id, from, reason);
	let motion = context.submit_or_propose(&chain, call, &secrets.signer(), council).await?;
	let answer = json!({
		"accreditation": id,
		"effectiveFrom": from,
		"reason": reason,
		"motion": motion.as_ref().map(|motion| motion.to_json()),
	});
	context.out.say(&answer, || {
		let done = format!("accreditation {id} is revoked, effective from {} UTC", when(from));
		outcome(&motion, &done)
	})
}

pub(super) async fn surrender(context: &Context, id: AccreditationId) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let call = calls::accreditation::surrender_accreditation(id);
	context.submit(&chain, &call, &secrets.signer()).await?;
	context.out.say(&json!({ "accreditation": id }), || format!("accreditation {id} is given up"))
}

pub(super) async fn log(
	context: &Context,
	id: AccreditationId,
	ago: Option<Span>,
) -> anyhow::Result<()> {
	let at = context.chain().await?.best().await?;
	let moment = back(&at, ago).await?;
	let standing = at.explain_accreditation(id, moment).await?;
	if standing == AccreditationStanding::NotFound {
		bail!("there is no accreditation {id}: check the number");
	}
	let log = at.status_log(id).await?.unwrap_or_default();
	let answer = json!({ "accreditation": id, "at": moment, "standing": standing, "log": log });
	context.out.say(&answer, || {
		let rows = log.iter().map(line).collect();
		let lines = table(["when (UTC)", "what", "by"], rows, "nothing happened to it");
		format!("{lines}\n\nat {} UTC: {}", when(moment), explained(standing))
	})
}

fn line(line: &StatusChange) -> [String; 3] {
	let what = match &line.change {
		Change::Renewed { until } => format!("renewed until {}", when(*until)),
		Change::Suspended { until, reason } => {
			let end = until.map_or_else(String::new, |until| format!(" until {}", when(until)));
			format!("suspended{end}: {}", word(reason))
		},
		Change::Lifted => "suspension lifted".into(),
		Change::Revoked { effective_from, reason } => {
			format!("revoked from {}: {}", when(*effective_from), word(reason))
		},
		Change::Surrendered => "given up".into(),
	};
	let by = line.by.map_or_else(|| "governance".into(), |by| by.to_string());
	[when(line.at), what, by]
}

/// The word of a code.
fn word(code: &impl serde::Serialize) -> String {
	let value = serde_json::to_value(code).unwrap_or_default();
	value.as_str().unwrap_or_default().into()
}

fn explained(standing: AccreditationStanding) -> &'static str {
	match standing {
		AccreditationStanding::NotFound => "there is none",
		AccreditationStanding::IssuerCutOff => "void: its issuer was cut off before it was granted",
		AccreditationStanding::ParentCutOff => {
			"void: the regulator of its issuer was cut off before it was granted"
		},
		AccreditationStanding::Revoked => "revoked",
		AccreditationStanding::Surrendered => "given up",
		AccreditationStanding::NotBegun => "not begun",
		AccreditationStanding::Expired => "expired",
		AccreditationStanding::Suspended => "suspended",
		AccreditationStanding::InForce => "in force",
	}
}

pub(super) async fn show(context: &Context, party: Option<Party>) -> anyhow::Result<()> {
	let at = context.chain().await?.best().await?;
	let who = subject(context, &at, party).await?;
	let (authority, held) = (at.authority(who).await?, at.accreditations_of(who).await?);
	let answer = json!({ "subject": who, "authority": authority, "accreditations": held });
	context.out.say(&answer, || {
		let rows = held.iter().map(row).collect();
		let head = [
			"number",
			"kind",
			"country",
			"codes",
			"granted by",
			"from (UTC)",
			"until (UTC)",
			"state",
		];
		let held = table(head, rows, "no accreditations");
		authority
			.as_ref()
			.map_or_else(|| held.clone(), |office| format!("{}\n\n{held}", shown(office)))
	})
}

fn shown(authority: &Authority) -> String {
	let kinds: Vec<_> = authority.scope.kinds.iter().map(|kind| kind.to_string()).collect();
	let countries: Vec<_> =
		authority.scope.jurisdictions.iter().map(|country| country.0.to_string()).collect();
	let codes = authority.scope.codes.as_deref().map_or_else(|| "any".into(), numbers);
	let state = match authority.status {
		AuthorityStatus::Active => "in office".into(),
		AuthorityStatus::Suspended { by: None } => "suspended by governance".into(),
		AuthorityStatus::Suspended { by: Some(by) } => format!("suspended by {by}"),
	};
	let parent = authority.parent.map_or_else(|| "governance".into(), |parent| parent.to_string());
	facts(&[
		("authority for", kinds.join(", ")),
		("in countries", countries.join(", ")),
		("codes", codes),
		("appointed by", parent),
		("until", when(authority.window.until)),
		("state", state),
		("cut off", or_dash(&authority.cutoff.map(when))),
	])
}

fn row(view: &AccreditationView) -> [String; 8] {
	[
		view.id.to_string(),
		view.kind.to_string(),
		view.jurisdiction.0.to_string(),
		if view.codes.is_empty() { "-".into() } else { numbers(&view.codes) },
		short(&view.issuer),
		when(view.window.from),
		when(view.until),
		explained(view.standing).into(),
	]
}

fn numbers(codes: &[ScopeCode]) -> String {
	let numbers: Vec<_> = codes.iter().map(|code| code.0.to_string()).collect();
	numbers.join(",")
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_log_reads_as_sentences() {
		let by = Some(IdentityId([7; 32]));
		let told = |change, by| line(&StatusChange { at: 0, change, by });
		let reason = SuspensionReason::PublicSafety;
		let [at, what, who] = told(Change::Suspended { until: None, reason }, None);
		assert_eq!(
			(at.as_str(), what.as_str()),
			("1970-01-01 00:00:00", "suspended: public-safety")
		);
		assert_eq!(who, "governance");
		let reason = RevocationReason::Fraud;
		let [_, what, who] = told(Change::Revoked { effective_from: 0, reason }, by);
		assert_eq!(what, "revoked from 1970-01-01 00:00:00: fraud");
		assert!(who.starts_with("0x0707"));
	}
}
