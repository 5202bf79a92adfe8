// SPDX-License-Identifier: Apache-2.0

//! `salus audit`: who asked for a patient's records, and whether the list is complete.

mod ask;
mod export;
mod show;
mod verify;

use crate::context::Context;
use clap::Subcommand;
use salus_client::{
	custodian::{Account, Custodian},
	keystore::Secrets,
	wire::{AuditEntry, MAX_AUDIT_PAGE},
};

#[derive(clap::Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
	#[command(subcommand)]
	command: Option<Command>,
	#[command(flatten)]
	show: show::Show,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
	/// The log that the chain keeps, with its hash over all of it.
	Show(show::Show),
	/// Check what the custodians recorded against the batches and the log on chain.
	Verify(verify::Verify),
	/// What the custodians recorded, as one FHIR Bundle of AuditEvents.
	Export(export::Export),
}

pub(crate) async fn run(context: &Context, args: Args) -> anyhow::Result<()> {
	match args.command.unwrap_or(Command::Show(args.show)) {
		Command::Show(args) => show::show(context, args).await,
		Command::Verify(args) => verify::verify(context, args).await,
		Command::Export(args) => export::export(context, args).await,
	}
}

/// All that a custodian recorded of an accounting.
async fn accounting(
	custodian: &Custodian,
	secrets: &Secrets,
	account: &Account,
) -> anyhow::Result<Vec<AuditEntry>> {
	let (mut all, mut after) = (Vec::new(), None::<String>);
	loop {
		let page = custodian
			.accounting(&secrets.signer(), account, after.as_deref(), MAX_AUDIT_PAGE)
			.await?;
		all.extend(page.entries);
		after = page.next;
		if after.is_none() {
			return Ok(all);
		}
	}
}

#[cfg(test)]
mod tests {
	use crate::args::Args;
	use clap::Parser;

	#[test]
	fn the_log_is_shown_without_another_word() {
		for line in [&["salus", "audit"][..], &["salus", "audit", "show", "--custodian-log"]] {
			assert!(Args::try_parse_from(line).is_ok(), "{line:?}");
		}
		assert!(Args::try_parse_from(["salus", "audit", "export"]).is_err());
	}
}
