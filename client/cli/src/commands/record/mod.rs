// SPDX-License-Identifier: Apache-2.0

//! `salus record`: file, read, find, attest, correct, erase.

pub(crate) mod batch;
mod erase;
mod evidence;
mod keys;
mod policy;
mod proof;
mod prove;
mod read;
mod recommend;
mod report;
mod reseal;
mod search;
mod split;
mod submit;
mod tags;
mod upkeep;
mod verdicts;
mod versions;

use crate::{
	context::Context,
	values::{Party, when},
};
use anyhow::anyhow;
use clap::Subcommand;
use salus_client::{At, types::StageView};
use salus_primitives::{IdentityId, RecordId};

pub(crate) use reseal::seal_anew;
pub(crate) use submit::say_filed;

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
	/// Validate a FHIR document, seal it and file it for a patient.
	Submit(Box<submit::Submit>),
	/// The records of a patient, newest first; your own without a name.
	List(read::List),
	/// What stands about a record, and what it waits for.
	Show {
		/// Which record.
		record: RecordId,
	},
	/// Read a record, to stdout or into a file.
	Open(read::Open),
	/// Find records by what they say, in the compartments that you can open.
	Search(Box<search::Search>),
	/// Set the tags that a search finds records by, where their authors could not.
	Index(tags::Index),
	/// Recommend something to a patient, pointing at records.
	Recommend(Box<recommend::Recommend>),
	/// Give a verdict on a record that waits for it, after reading it.
	Attest(verdicts::Attest),
	/// Show what validation found: the evidence behind a verdict that was given or asked for here.
	Evidence(evidence::Show),
	/// Give a record that you filed a new version.
	Amend(Box<versions::Amend>),
	/// Mark a record that you filed as an error, for good.
	Retract(versions::Retract),
	/// Take back an own proposal, or the new version of an own record that waits.
	Withdraw {
		/// Which record.
		record: RecordId,
	},
	/// Have a record validated anew. It counts meanwhile.
	Revalidate(upkeep::Revalidate),
	/// Ask for the erasure of a record, or answer as its keeper; your own goes at once.
	Erase(erase::Erase),
	/// Hold a record back from erasure, or let it go.
	Hold(upkeep::Hold),
	/// Seal a record under new keys, and have the old shares destroyed.
	Reseal(reseal::Reseal),
	/// To whom the key of a version is sealed by name.
	#[command(subcommand)]
	Wraps(keys::Wraps),
	/// Say that the key sealed to you does not open.
	ReportWrap(keys::ReportWrap),
	/// Clear away what lapsed and what erasures left; what was paid goes back.
	Reap {
		/// Which records.
		#[arg(required = true)]
		records: Vec<RecordId>,
	},
	/// Put many documents of many patients under one root.
	Batch(Box<batch::Batch>),
	/// Prove that a record is a leaf of a batch.
	Prove(prove::Prove),
	/// Make a leaf of a batch a record of its own.
	Promote(Box<prove::Promote>),
	/// Check a record, a proof or a batch against the chain, without opening anything.
	Verify(Box<proof::Verify>),
	/// Show or set what it takes to anchor records of a class.
	Policy(policy::Policy),
}

pub(crate) async fn run(context: &Context, command: Command) -> anyhow::Result<()> {
	match command {
		Command::Submit(args) => submit::submit(context, *args).await,
		Command::List(args) => read::list(context, args).await,
		Command::Show { record } => read::show(context, record).await,
		Command::Open(args) => read::open(context, args).await,
		Command::Search(args) => search::search(context, *args).await,
		Command::Index(args) => tags::index(context, args).await,
		Command::Recommend(args) => recommend::recommend(context, *args).await,
		Command::Attest(args) => verdicts::attest(context, args).await,
		Command::Evidence(args) => evidence::show(context, args),
		Command::Amend(args) => versions::amend(context, *args).await,
		Command::Retract(args) => versions::retract(context, args).await,
		Command::Withdraw { record } => upkeep::withdraw(context, record).await,
		Command::Revalidate(args) => upkeep::revalidate(context, args).await,
		Command::Erase(args) => erase::erase(context, args).await,
		Command::Hold(args) => upkeep::hold(context, args).await,
		Command::Reseal(args) => reseal::reseal(context, args).await,
		Command::Wraps(command) => keys::wraps(context, command).await,
		Command::ReportWrap(args) => keys::report_wrap(context, args).await,
		Command::Reap { records } => upkeep::reap(context, records).await,
		Command::Batch(args) => batch::batch(context, *args).await,
		Command::Prove(args) => prove::prove(context, &args),
		Command::Promote(args) => prove::promote(context, *args).await,
		Command::Verify(args) => proof::verify(context, *args).await,
		Command::Policy(args) => policy::policy(context, args).await,
	}
}

/// The patient who was named, or the one whose keystore this is.
pub(crate) async fn subject(
	context: &Context,
	at: &At,
	patient: Option<Party>,
) -> anyhow::Result<IdentityId> {
	match patient {
		Some(party) => context.identity(at, &party).await,
		None => {
			let account = salus_client::keystore::account(&context.keystore_path())?;
			let party: Party = account.parse().map_err(anyhow::Error::msg)?;
			context.identity(at, &party).await.map_err(|_| {
				anyhow!("this account is not registered: name somebody, or run `salus register`")
			})
		},
	}
}

/// What a stage of a version is called, with its time.
fn stage(stage: &StageView) -> String {
	match stage {
		StageView::Open { deadline } => format!("waits for verdicts until {}", when(*deadline)),
		StageView::Lapsed { deadline } => format!("lapsed on {}", when(*deadline)),
		StageView::Anchored { at } => format!("anchored on {}", when(*at)),
		StageView::Failed { at } => format!("failed on {}", when(*at)),
		StageView::Abandoned { at } => format!("given up on {}", when(*at)),
		StageView::Revalidating { anchored, deadline } => format!(
			"anchored on {}, takes verdicts anew until {}",
			when(*anchored),
			when(*deadline)
		),
		StageView::RevalidationFailed { at } => {
			format!("failed when it was validated anew, on {}", when(*at))
		},
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn stages_are_said_with_their_time() {
		let text = stage(&StageView::Open { deadline: 0 });
		assert_eq!(text, "waits for verdicts until 1970-01-01 00:00:00");
		assert_eq!(stage(&StageView::Anchored { at: 0 }), "anchored on 1970-01-01 00:00:00");
	}
}
