// SPDX-License-Identifier: Apache-2.0

//! Finding records by what they say, where the reader can open them.
//!
//! The chain is asked for tags, which it cannot read; what comes back is opened and compared, because
//! tags collide on purpose. `docs/search.md` has the fields.

mod hunt;
mod query;

use super::subject;
use crate::{
	context::Context,
	output,
	reading_room::ReadingRoom,
	values::{Days, Party},
};
use anyhow::bail;
use hunt::Hunt;
use query::Query;
use salus_primitives::{Purpose, RecordClass, RecordId};
use std::collections::BTreeSet;

#[derive(clap::Args, Debug)]
pub(crate) struct Search {
	/// Whose records; your own without it.
	#[arg(long, value_name = "PARTY")]
	patient: Option<Party>,
	/// What they are about: a code such as 718-7, or http://loinc.org|718-7.
	#[arg(long, required_unless_present_any = ["identifier", "about", "from"])]
	code: Option<String>,
	/// A business identifier, such as an accession number.
	#[arg(long, value_name = "VALUE")]
	identifier: Option<String>,
	/// What points at this record, such as a recommendation.
	#[arg(long, value_name = "RECORD")]
	about: Option<RecordId>,
	/// With a clinical date of that day, month or year, or later.
	#[arg(long, value_name = "DAY")]
	from: Option<Days>,
	/// And no later than that day, month or year.
	#[arg(long, value_name = "DAY")]
	to: Option<Days>,
	/// Of these classes only.
	#[arg(long, value_name = "CLASS", value_delimiter = ',')]
	class: Vec<RecordClass>,
	/// Also open every record that has no tags.
	#[arg(long)]
	unindexed: bool,
	/// How many to find at most.
	#[arg(long, default_value_t = usize::MAX, hide_default_value = true)]
	limit: usize,
	/// What you open them for.
	#[arg(long)]
	purpose: Option<Purpose>,
}

pub(super) async fn search(context: &Context, search: Search) -> anyhow::Result<()> {
	let query = Query::of(&search)?;
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let subject = subject(context, &at, search.patient).await?;
	let room = ReadingRoom { context, chain: &chain, secrets: &secrets, me: &me };
	let unlocked = room.unlocked(&at, subject).await?;
	if unlocked.all().next().is_none() {
		bail!(
			"no compartment of the patient is open to you: ask for a grant of the compartment to you \
			 by name"
		);
	}
	let head = ["record", "resource", "date", "status", "what"];
	let mut hunt = Hunt {
		room,
		at,
		subject,
		query,
		search: &search,
		rows: context.out.rows(head, [66, 18, 10, 16, 4]),
		spinner: output::spinner("searching"),
		seen: BTreeSet::new(),
		found: 0,
		opened: 0,
		failed: Vec::new(),
		unlinked: Vec::new(),
		is_over: false,
	};
	// What was found stands already; a file in the making goes away when the search is dropped.
	let ended = tokio::select! {
		ended = hunt.run(&unlocked) => Some(ended),
		_ = tokio::signal::ctrl_c() => None,
	};
	hunt.spinner.finish_and_clear();
	hunt.tell(&unlocked)?;
	match ended {
		Some(ended) => ended,
		None => bail!("stopped: {} found so far", hunt.found),
	}
}
