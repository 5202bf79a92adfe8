// SPDX-License-Identifier: Apache-2.0

//! `salus accredit`: authorities and licences.

use crate::{
	commands::record::subject,
	context::Context,
	document,
	output::{facts, or_dash, short, table},
	values::{Party, Span, when},
};
use anyhow::{Context as _, anyhow, bail};
use clap::Subcommand;
use salus_client::{
	At, Call, Chain, calls,
	keystore::write_private,
	types::{AccreditationView, AuthorityScope, RevocationReason},
};
use salus_envelope::CommitmentSalt;
use salus_primitives::{
	AccreditationId, AccreditationKind, AccreditationKinds, Commitment, Jurisdiction, Window,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
	/// Appoint a regulator, by governance.
	Regulator {
		/// Which organisation.
		organisation: Party,
		/// What it may accredit; everything without a name.
		#[arg(long, value_name = "KIND", value_delimiter = ',')]
		kinds: Vec<AccreditationKind>,
		/// Where: ISO 3166-1 numeric codes, as 276,756.
		#[arg(long, value_parser = country, value_delimiter = ',', required = true)]
		countries: Vec<Jurisdiction>,
		/// For how long.
		#[arg(long = "for", value_name = "SPAN", default_value = "5y")]
		length: Span,
		/// Propose it to the council, as a member. A council of one carries it out at once.
		#[arg(long)]
		council: bool,
	},
	/// Grant a licence or status, as an authority.
	Grant {
		/// To whom.
		subject: Party,
		/// What it allows.
		#[arg(long)]
		kind: AccreditationKind,
		/// Where: an ISO 3166-1 numeric code, as 276.
		#[arg(long, value_parser = country)]
		country: Jurisdiction,
		/// For how long.
		#[arg(long = "for", value_name = "SPAN", default_value = "1y")]
		length: Span,
		/// The licence itself: stays here, the chain gets a salted commitment.
		#[arg(long, value_name = "FILE")]
		document: Option<PathBuf>,
	},
	/// Revoke a licence for good, as the authority that granted it.
	Revoke {
		/// The number of the accreditation.
		accreditation: u64,
		/// Why: cessation-of-practice, superseded, requirements-not-met, disciplinary, fraud or
		/// granted-in-error.
		#[arg(long, value_parser = reason)]
		reason: RevocationReason,
		/// From how long ago on it no longer counts; from now on without it.
		#[arg(long, value_name = "SPAN")]
		since: Option<Span>,
		/// By a proposal to the council instead, as a member.
		#[arg(long)]
		council: bool,
	},
	/// The licences of somebody, and its office when it is an authority; your own without a name.
	Show {
		/// Whose.
		subject: Option<Party>,
	},
}

fn country(text: &str) -> Result<Jurisdiction, String> {
	let code = text.parse().map(Jurisdiction).ok().filter(|code| code.is_sound());
	code.ok_or_else(|| format!("`{text}` is no ISO 3166-1 numeric code: write 276 for Germany"))
}

fn reason(text: &str) -> Result<RevocationReason, String> {
	RevocationReason::deserialize(Value::from(text)).map_err(|_| format!("`{text}` is no reason"))
}

pub(crate) async fn run(context: &Context, command: Command) -> anyhow::Result<()> {
	match command {
		Command::Regulator { organisation, kinds, countries, length, council } => {
			if !council {
				bail!("only governance appoints regulators: add --council, and sign as a member");
			}
			appoint(context, organisation, kinds, countries, length).await
		},
		Command::Grant { subject, kind, country, length, document } => {
			grant(context, subject, kind, country, length, document.as_deref()).await
		},
		Command::Revoke { accreditation, reason, since, council } => {
			revoke(context, AccreditationId(accreditation), reason, since, council).await
		},
		Command::Show { subject } => show(context, subject).await,
	}
}

async fn appoint(
	context: &Context,
	organisation: Party,
	kinds: Vec<AccreditationKind>,
	mut countries: Vec<Jurisdiction>,
	length: Span,
) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let id = context.identity(&at, &organisation).await?;
	countries.sort();
	countries.dedup();
	let kinds = match kinds.as_slice() {
		[] => AccreditationKinds::ALL,
		kinds => AccreditationKinds::of(kinds),
	};
	let window = window(&at, length).await?;
	let scope = AuthorityScope { kinds, jurisdictions: countries };
	let call = calls::accreditation::appoint_regulator(id, scope, window);
	let call = Call::council_proposal(1, call);
	context.submit(&chain, &call, &secrets.signer()).await?;
	let authority = appointed(&chain, id).await?;
	let answer = json!({ "authority": id, "appointment": authority });
	context.out.say(&answer, || {
		facts(&[("regulator", id.to_string()), ("until", when(authority.window.until))])
	})
}

/// A council of more than one has to vote first; then there is no such authority yet.
async fn appointed(
	chain: &Chain,
	id: salus_primitives::IdentityId,
) -> anyhow::Result<salus_client::types::Authority> {
	chain.best().await?.authority(id).await?.ok_or_else(|| {
		anyhow!(
			"the proposal was made and not carried out: the council has more members, let them vote \
			 in polkadot.js apps"
		)
	})
}

async fn window(at: &At, length: Span) -> anyhow::Result<Window> {
	let from = at.now().await?;
	Ok(Window { from, until: from.saturating_add(length.0) })
}

async fn grant(
	context: &Context,
	party: Party,
	kind: AccreditationKind,
	country: Jurisdiction,
	length: Span,
	document: Option<&Path>,
) -> anyhow::Result<()> {
	let commitment = commit(context, document)?;
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let subject = context.identity(&at, &party).await?;
	let window = window(&at, length).await?;
	let call =
		calls::accreditation::grant_accreditation(subject, kind, country, commitment, window);
	let receipt = context.submit(&chain, &call, &secrets.signer()).await?;
	let id: AccreditationId =
		receipt.first_field("Accreditation", "AccreditationGranted").ok_or_else(|| {
			anyhow!("the chain does not say the number of the accreditation: see `accredit show`")
		})?;
	let answer = json!({
		"accreditation": id,
		"subject": subject,
		"kind": kind,
		"country": country,
		"window": window,
		"commitment": commitment,
	});
	context.out.say(&answer, || {
		facts(&[
			("accreditation", id.to_string()),
			("subject", subject.to_string()),
			("kind", kind.to_string()),
			("until", when(window.until)),
		])
	})
}

/// Commits to the licence data; what opens the commitment stays in the home. Without a document it
/// commits to nothing but its own salt.
fn commit(context: &Context, document: Option<&Path>) -> anyhow::Result<Commitment> {
	let bytes = document.map(document::read).transpose()?.unwrap_or_default();
	let salt = CommitmentSalt::generate();
	let commitment = Commitment(salt.commit(&bytes).0);
	if let Some(document) = document {
		let opening = json!({ "salt": format!("0x{}", hex::encode(salt.0)), "document": document });
		let name = format!("{}.json", hex::encode(commitment.0));
		let path = context.home().join("licences").join(name);
		write_private(&path, opening.to_string().as_bytes(), true)
			.with_context(|| format!("{} cannot be written", path.display()))?;
	}
	Ok(commitment)
}

async fn revoke(
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
	let now = at.now().await?;
	let wished = now.saturating_sub(since.map_or(0, |since| since.0));
	// Not before its window begins; the block's clock is never behind the one asked.
	let from = wished.max(view.window.from);
	let call = calls::accreditation::revoke_accreditation(id, from, reason);
	let call = if council { Call::council_proposal(1, call) } else { call };
	context.submit(&chain, &call, &secrets.signer()).await?;
	let answer = json!({ "accreditation": id, "effectiveFrom": from, "reason": reason });
	context.out.say(&answer, || {
		format!("accreditation {id} is revoked, effective from {} UTC", when(from))
	})
}

async fn show(context: &Context, party: Option<Party>) -> anyhow::Result<()> {
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
			"granted by",
			"from (UTC)",
			"until (UTC)",
			"in force",
			"revoked",
		];
		let held = table(head, rows, "no accreditations");
		let Some(authority) = &authority else { return held };
		let kinds: Vec<_> = authority.scope.kinds.iter().map(|kind| kind.to_string()).collect();
		let countries: Vec<_> =
			authority.scope.jurisdictions.iter().map(|country| country.0.to_string()).collect();
		let office = facts(&[
			("authority for", kinds.join(", ")),
			("in countries", countries.join(", ")),
			("until", when(authority.window.until)),
			("cut off", or_dash(&authority.cutoff.map(when))),
		]);
		format!("{office}\n\n{held}")
	})
}

fn row(view: &AccreditationView) -> [String; 8] {
	let revoked = view.revocation.as_ref().map(|revocation| when(revocation.effective_from));
	[
		view.id.to_string(),
		view.kind.to_string(),
		view.jurisdiction.0.to_string(),
		short(&view.issuer),
		when(view.window.from),
		when(view.window.until),
		if view.in_force { "yes" } else { "no" }.into(),
		or_dash(&revoked),
	]
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
		assert_eq!(reason("granted-in-error"), Ok(RevocationReason::GrantedInError));
		assert!(reason("mood").is_err());
	}
}
