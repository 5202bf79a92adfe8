// SPDX-License-Identifier: Apache-2.0

//! `salus accredit`: authorities and licences.

mod authorities;
mod licences;
mod lists;
mod requests;

use crate::{
	context::Context,
	values::{Hash, Party, Span},
};
use clap::Subcommand;
use salus_client::{
	At,
	types::{RevocationReason, SuspensionReason},
};
use salus_primitives::{
	AccreditationId, AccreditationKind, Digest, Jurisdiction, Moment, ScopeCode, Window,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
	/// Appoint a regulator, by governance.
	Regulator {
		#[command(flatten)]
		office: Office,
		/// Propose it to the council, as a member. A council of one carries it out at once.
		#[arg(long)]
		council: bool,
	},
	/// Cut a regulator off for good, by governance: what it granted since is void.
	RemoveRegulator {
		#[command(flatten)]
		removal: Removal,
		/// Propose it to the council, as a member.
		#[arg(long)]
		council: bool,
	},
	/// Appoint a registrar within your own scope, as a regulator.
	Registrar {
		#[command(flatten)]
		office: Office,
	},
	/// Cut a registrar off for good, as its regulator: what it granted since is void.
	RemoveRegistrar {
		#[command(flatten)]
		removal: Removal,
	},
	/// Tell an authority not to act for the time being, as its regulator or by governance.
	SuspendAuthority {
		/// Which one.
		organisation: Party,
		/// Propose it to the council, as a member.
		#[arg(long)]
		council: bool,
	},
	/// Let an authority act again.
	ReinstateAuthority {
		/// Which one.
		organisation: Party,
		/// Propose it to the council, as a member.
		#[arg(long)]
		council: bool,
	},
	/// Ask an authority for a licence or status: hand it the document and the opening printed here.
	Request(requests::Request),
	/// Withdraw your request, or decline somebody's as the authority.
	CloseRequest(requests::Close),
	/// Grant a licence or status, as an authority.
	Grant(Box<licences::Grant>),
	/// Make a licence count for longer, as the authority that granted it.
	Renew {
		/// The number of the accreditation.
		accreditation: u64,
		/// For how long from now on.
		#[arg(long = "for", value_name = "SPAN", default_value = "1y")]
		length: Span,
	},
	/// Suspend a licence, as the authority that granted it or its regulator.
	Suspend {
		/// The number of the accreditation.
		accreditation: u64,
		/// Why: under-investigation, disciplinary, requirements-not-met, public-safety or
		/// request-of-subject.
		#[arg(long, value_parser = word::<SuspensionReason>)]
		reason: SuspensionReason,
		/// For how long; until it is lifted without.
		#[arg(long = "for", value_name = "SPAN")]
		length: Option<Span>,
		/// By a proposal to the council instead, as a member.
		#[arg(long)]
		council: bool,
	},
	/// Lift the suspensions of a licence.
	Lift {
		/// The number of the accreditation.
		accreditation: u64,
		/// By a proposal to the council instead, as a member.
		#[arg(long)]
		council: bool,
	},
	/// Revoke a licence for good, as the authority that granted it.
	Revoke {
		/// The number of the accreditation.
		accreditation: u64,
		/// Why: cessation-of-practice, superseded, requirements-not-met, disciplinary, fraud or
		/// granted-in-error.
		#[arg(long, value_parser = word::<RevocationReason>)]
		reason: RevocationReason,
		/// From how long ago on it no longer counts; from now on without it.
		#[arg(long, value_name = "SPAN")]
		since: Option<Span>,
		/// By a proposal to the council instead, as a member.
		#[arg(long)]
		council: bool,
	},
	/// Give your licence up for good.
	Surrender {
		/// The number of the accreditation.
		accreditation: u64,
	},
	/// The status lists of an authority, which lie off chain.
	#[command(subcommand)]
	StatusList(lists::Command),
	/// What happened to a licence, and whether it counted at a moment.
	Log {
		/// The number of the accreditation.
		accreditation: u64,
		/// How long ago the moment was; now without it.
		#[arg(long, value_name = "SPAN")]
		ago: Option<Span>,
	},
	/// The licences of somebody, and its office when it is an authority; your own without a name.
	Show {
		/// Whose.
		subject: Option<Party>,
	},
}

/// What an authority is appointed to.
#[derive(clap::Args, Debug)]
pub(crate) struct Office {
	/// Which organisation.
	organisation: Party,
	/// What it may accredit; everything without a name.
	#[arg(long, value_name = "KIND", value_delimiter = ',')]
	kinds: Vec<AccreditationKind>,
	/// Where: ISO 3166-1 numeric codes, as 276,756.
	#[arg(long, value_parser = country, value_delimiter = ',', required = true)]
	countries: Vec<Jurisdiction>,
	/// Which codes of the national register it may name, as 101,102; any without.
	#[arg(long, value_parser = code, value_delimiter = ',')]
	codes: Vec<ScopeCode>,
	/// For how long.
	#[arg(long = "for", value_name = "SPAN", default_value = "5y")]
	length: Span,
}

/// From when on an authority is no longer believed.
#[derive(clap::Args, Debug)]
pub(crate) struct Removal {
	/// Which organisation.
	organisation: Party,
	/// From how long ago on it is no longer believed; from now on without it.
	#[arg(long, value_name = "SPAN")]
	since: Option<Span>,
}

pub(crate) async fn run(context: &Context, command: Command) -> anyhow::Result<()> {
	use authorities::Act;
	match command {
		Command::Regulator { office, council } => {
			authorities::appoint(context, office, Some(council)).await
		},
		Command::Registrar { office } => authorities::appoint(context, office, None).await,
		Command::RemoveRegulator { removal, council } => {
			authorities::remove(context, removal, Some(council)).await
		},
		Command::RemoveRegistrar { removal } => authorities::remove(context, removal, None).await,
		Command::SuspendAuthority { organisation, council } => {
			authorities::change(context, organisation, Act::Suspend, council).await
		},
		Command::ReinstateAuthority { organisation, council } => {
			authorities::change(context, organisation, Act::Reinstate, council).await
		},
		Command::Request(request) => requests::request(context, request).await,
		Command::CloseRequest(close) => requests::close(context, close).await,
		Command::Grant(grant) => licences::grant(context, *grant).await,
		Command::Renew { accreditation, length } => {
			licences::renew(context, AccreditationId(accreditation), length).await
		},
		Command::Suspend { accreditation, reason, length, council } => {
			let id = AccreditationId(accreditation);
			licences::suspend(context, id, reason, length, council).await
		},
		Command::Lift { accreditation, council } => {
			licences::lift(context, AccreditationId(accreditation), council).await
		},
		Command::Revoke { accreditation, reason, since, council } => {
			licences::revoke(context, AccreditationId(accreditation), reason, since, council).await
		},
		Command::Surrender { accreditation } => {
			licences::surrender(context, AccreditationId(accreditation)).await
		},
		Command::StatusList(command) => lists::run(context, command).await,
		Command::Log { accreditation, ago } => {
			licences::log(context, AccreditationId(accreditation), ago).await
		},
		Command::Show { subject } => licences::show(context, subject).await,
	}
}

pub(crate) fn country(text: &str) -> Result<Jurisdiction, String> {
	let code = text.parse().map(Jurisdiction).ok().filter(|code| code.is_sound());
	code.ok_or_else(|| format!("`{text}` is no ISO 3166-1 numeric code: write 276 for Germany"))
}

fn code(text: &str) -> Result<ScopeCode, String> {
	let code = text.parse().map(ScopeCode);
	code.map_err(|_| format!("`{text}` is no code: write a number from 0 to 65535"))
}

fn digest(text: &str) -> Result<Digest, String> {
	text.parse::<Hash>().map(|hash| Digest(hash.0))
}

/// A code that is read by its word.
pub(crate) fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
	T::deserialize(Value::from(text)).map_err(|error| error.to_string())
}

/// Codes in the order that the chain asks for.
fn sorted(mut codes: Vec<ScopeCode>) -> Vec<ScopeCode> {
	codes.sort();
	codes.dedup();
	codes
}

async fn window(at: &At, length: Span) -> anyhow::Result<Window> {
	let from = at.now().await?;
	Ok(Window { from, until: from.saturating_add(length.0) })
}

/// The moment that lies a span back; now without one.
async fn back(at: &At, span: Option<Span>) -> anyhow::Result<Moment> {
	Ok(at.now().await?.saturating_sub(span.map_or(0, |span| span.0)))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn countries_are_iso_numbers() {
		assert_eq!(country("276"), Ok(Jurisdiction(276)));
		for wrong in ["0", "1000", "DE", ""] {
			assert!(country(wrong).is_err(), "{wrong}");
		}
	}

	#[test]
	fn reasons_are_read_by_their_words() {
		let revocation = word::<RevocationReason>("granted-in-error");
		assert_eq!(revocation, Ok(RevocationReason::GrantedInError));
		assert_eq!(word::<SuspensionReason>("public-safety"), Ok(SuspensionReason::PublicSafety));
		assert!(word::<RevocationReason>("mood").unwrap_err().contains("granted-in-error"));
	}

	#[test]
	fn codes_rise_and_stand_once() {
		assert_eq!(code("7"), Ok(ScopeCode(7)));
		for wrong in ["", "-1", "65536", "x"] {
			assert!(code(wrong).is_err(), "{wrong}");
		}
		let codes = [3, 1, 3].map(ScopeCode).to_vec();
		assert_eq!(sorted(codes), [ScopeCode(1), ScopeCode(3)]);
	}
}
