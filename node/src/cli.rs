// SPDX-License-Identifier: Apache-2.0
//! The command line.

use clap::{Command, CommandFactory, FromArgMatches};
use sc_cli::SubstrateCli;
use sc_storage_monitor::StorageMonitorParams;
use std::ffi::OsString;

/// The command line of the node. Without a subcommand the node runs.
#[derive(Debug, clap::Parser)]
pub(crate) struct Cli {
	/// What to do instead of running.
	#[command(subcommand)]
	pub(crate) subcommand: Option<Subcommand>,

	/// How to run.
	#[command(flatten)]
	pub(crate) run: sc_cli::RunCmd,

	/// Do not measure processor, memory and disk at start.
	///
	/// The measurement takes about a second. Its result is logged, and sent to the telemetry
	/// server if there is one; it never keeps the node from starting.
	#[arg(long)]
	pub(crate) no_hardware_benchmarks: bool,

	/// When to stop for want of disk space.
	#[command(flatten)]
	pub(crate) storage_monitor: StorageMonitorParams,
}

impl Cli {
	/// Reads the arguments of the process; leaves it for `--help`, `--version` and mistakes.
	pub(crate) fn from_process() -> Self {
		Self::try_from_arguments(std::env::args_os()).unwrap_or_else(|error| error.exit())
	}

	fn try_from_arguments<I, A>(arguments: I) -> clap::error::Result<Self>
	where
		I: IntoIterator<Item = A>,
		A: Into<OsString> + Clone,
	{
		Self::from_arg_matches(&Self::full_command().try_get_matches_from(arguments)?)
	}

	fn full_command() -> Command {
		prefer_paritydb(Self::setup_command(Self::command()))
	}
}

/// Makes ParityDB the default of every `--database`.
///
/// Left to itself the SDK takes RocksDB as soon as it is compiled in, and a subcommand of such a
/// build would miss the database that the node has made.
fn prefer_paritydb(command: Command) -> Command {
	command
		.mut_args(|argument| {
			if argument.get_id() == "database" {
				argument.default_value("paritydb")
			} else {
				argument
			}
		})
		.mut_subcommands(prefer_paritydb)
}

/// What the node does beside running.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Subcommand {
	/// Make, show and insert keys.
	#[command(subcommand)]
	Key(sc_cli::KeySubcommand),

	/// Write a chain specification, plain or raw.
	ExportChainSpec(sc_cli::ExportChainSpecCmd),

	/// Execute a block again and check it.
	CheckBlock(sc_cli::CheckBlockCmd),

	/// Write blocks to a file.
	ExportBlocks(sc_cli::ExportBlocksCmd),

	/// Write the state of a block as a chain specification.
	ExportState(sc_cli::ExportStateCmd),

	/// Read blocks from a file.
	ImportBlocks(sc_cli::ImportBlocksCmd),

	/// Remove the whole chain.
	PurgeChain(sc_cli::PurgeChainCmd),

	/// Take back blocks that are not final.
	Revert(sc_cli::RevertCmd),

	/// Show what the database holds.
	ChainInfo(sc_cli::ChainInfoCmd),
}

#[cfg(test)]
mod tests {
	use super::*;
	use sc_cli::{CliConfiguration, Database};

	fn parse(arguments: &str) -> Cli {
		Cli::try_from_arguments(arguments.split(' ')).unwrap()
	}

	#[test]
	fn is_well_formed() {
		Cli::full_command().debug_assert();
	}

	#[test]
	fn runs_on_paritydb_by_default() {
		let cli = parse("salus-node --dev --tmp");

		assert_eq!(cli.run.database().unwrap(), Some(Database::ParityDb));
	}

	#[test]
	fn opens_paritydb_in_every_subcommand_by_default() {
		let with_database = Cli::full_command()
			.get_subcommands()
			.flat_map(|subcommand| subcommand.get_arguments())
			.filter(|argument| argument.get_id() == "database")
			.map(|argument| argument.get_default_values().to_vec())
			.collect::<Vec<_>>();

		assert_eq!(with_database, vec![vec!["paritydb"]; 7]);

		let Some(Subcommand::Revert(revert)) = parse("salus-node revert 10").subcommand else {
			panic!("`revert` is not read as a subcommand");
		};
		assert_eq!(revert.database().unwrap(), Some(Database::ParityDb));
	}

	#[test]
	fn obeys_an_explicit_database() {
		let cli = parse("salus-node --dev --database auto");

		assert_eq!(cli.run.database().unwrap(), Some(Database::Auto));
	}
}
