// SPDX-License-Identifier: Apache-2.0

//! A recommendation: a record that points at records.

use super::{
	say_filed,
	submit::{Judging, default_organisation},
};
use crate::{
	context::Context,
	document,
	filing::{Filing, Place},
	reading_room::look_up,
	values::Party,
};
use anyhow::{Context as _, bail};
use salus_client::At;
use salus_fhir::note::{self, Parties};
use salus_primitives::{CompartmentNo, IdentityId, RecordClass, RecordId};
use std::{
	io::{self, IsTerminal, Read},
	path::PathBuf,
};
use zeroize::Zeroizing;

/// The system of identifiers that are identities of this chain.
const IDENTITY_SYSTEM: &str = "urn:salus:identity";

/// The most bytes of a text that is typed or piped.
const MOST_BYTES: u64 = 200_000;

#[derive(clap::Args, Debug)]
pub(crate) struct Recommend {
	/// What it points at.
	#[arg(required = true, value_name = "RECORD")]
	records: Vec<RecordId>,
	/// Whom it is for; by default the patient of the records.
	#[arg(long, value_name = "PARTY")]
	patient: Option<Party>,
	/// A FHIR resource that says it, such as a Communication, CarePlan or ServiceRequest. Without it
	/// the text is read from stdin.
	#[arg(long, value_name = "FILE")]
	file: Option<PathBuf>,
	/// The compartment it goes into; by default that of the first record.
	#[arg(long, value_name = "NUMBER")]
	compartment: Option<CompartmentNo>,
	/// Its class, in coarse words, because the class is public.
	#[arg(long, default_value = "clinical")]
	class: RecordClass,
	/// The organisation you file for, as a practitioner.
	#[arg(long, value_name = "PARTY")]
	organisation: Option<Party>,
	#[command(flatten)]
	judging: Judging,
	/// Show the FHIR document and file nothing.
	#[arg(long)]
	dry_run: bool,
}

pub(super) async fn recommend(context: &Context, recommend: Recommend) -> anyhow::Result<()> {
	// Before anything is typed: what cannot be pointed at is said first.
	let secrets = context.secrets()?;
	let attestors = recommend.judging.attestors(context)?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let named = match &recommend.patient {
		Some(party) => Some(context.identity(&at, party).await?),
		None => None,
	};
	let (subject, compartment) = target(&at, &recommend.records, named).await?;
	let pointers: Vec<_> = recommend.records.iter().map(ToString::to_string).collect();
	let text = match &recommend.file {
		Some(path) => note::with_pointers(&document::read(path)?, &pointers)?,
		None => {
			let (patient, sender) = (subject.to_string(), me.id.to_string());
			let parties = Parties {
				patient: (IDENTITY_SYSTEM, &patient),
				sender: (IDENTITY_SYSTEM, &sender),
			};
			note::recommendation(&typed()?, parties, &pointers, document::now())?
		},
	};
	let valid = document::validate(Zeroizing::new(text.into_bytes()), document::now())?;
	if recommend.dry_run {
		println!("{}", String::from_utf8_lossy(&valid.bytes));
		return Ok(());
	}
	let organisation = match &recommend.organisation {
		Some(party) => Some(context.identity(&at, party).await?),
		None => default_organisation(&at, &me).await?,
	};
	let place = Place {
		subject,
		organisation,
		class: recommend.class,
		compartment: recommend.compartment.unwrap_or(compartment),
		amends: None,
	};
	let judges = recommend.judging.judges(&chain, attestors).await?;
	let filing = Filing { context, chain: &chain, secrets: &secrets, me: &me };
	let filed = filing.file(&valid, place, &judges).await?;
	say_filed(context, &filed)
}

/// Whose the records are, all of them, and the compartment of the first.
async fn target(
	at: &At,
	records: &[RecordId],
	named: Option<IdentityId>,
) -> anyhow::Result<(IdentityId, CompartmentNo)> {
	let mut found = None;
	for record in records {
		let (view, _) = look_up(at, *record, None).await?;
		let (subject, _) = *found.get_or_insert((view.subject, view.compartment));
		if named.is_some_and(|named| named != view.subject) {
			bail!("record {record} is not the patient's you named: it is {}'s", view.subject);
		}
		if subject != view.subject {
			bail!(
				"record {record} is another patient's than {}: make a recommendation for each",
				records.first().copied().unwrap_or_default()
			);
		}
	}
	found.context("name a record to point at")
}

/// The words, from stdin to its end. They touch no disk.
fn typed() -> anyhow::Result<Zeroizing<String>> {
	if io::stdin().is_terminal() {
		eprintln!("Write the recommendation, and end it with Ctrl-D on a line of its own:");
	}
	let mut text = Zeroizing::new(String::new());
	io::stdin()
		.take(MOST_BYTES.saturating_add(1))
		.read_to_string(&mut text)
		.context("the text could not be read: it has to be UTF-8")?;
	if text.len() as u64 > MOST_BYTES {
		bail!("the text has more than {MOST_BYTES} bytes: file a document with --file");
	}
	Ok(text)
}
