// SPDX-License-Identifier: Apache-2.0

//! The command line as it is typed.

use crate::{commands, values::Hash};
use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Seal, file, share and read health records on a Salus chain.
#[derive(Parser, Debug)]
#[command(name = "salus", version, max_term_width = 100)]
pub(crate) struct Args {
	#[command(flatten)]
	pub(crate) global: GlobalArgs,
	#[command(subcommand)]
	pub(crate) command: Command,
}

/// What every command takes.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Common options")]
pub(crate) struct GlobalArgs {
	/// The node to talk to.
	#[arg(
		long,
		global = true,
		env = "SALUS_NODE",
		value_name = "URL",
		default_value = "ws://127.0.0.1:9944"
	)]
	pub(crate) node: String,
	/// A custodian that keeps objects and key shares; several, when given several times. Those that
	/// the chain names for a record come first, and these where it names none [default:
	/// http://127.0.0.1:9955].
	#[arg(long, global = true, env = "SALUS_CUSTODIAN", value_name = "URL", value_delimiter = ',')]
	pub(crate) custodian: Vec<String>,
	/// How many of several custodians open a record, where the chain does not say it.
	#[arg(
		long,
		global = true,
		env = "SALUS_THRESHOLD",
		value_name = "COUNT",
		value_parser = clap::value_parser!(u8).range(1..=8)
	)]
	pub(crate) threshold: Option<u8>,
	/// The service that hands out keys in an emergency, in place of the one that its holder lists.
	#[arg(long, global = true, env = "SALUS_EMERGENCY_KEYS", value_name = "URL")]
	pub(crate) emergency_keys: Option<String>,
	/// The folder of keystore and unfinished work [default: ~/.salus].
	#[arg(long, global = true, env = "SALUS_HOME", value_name = "DIR")]
	pub(crate) home: Option<PathBuf>,
	/// The keystore [default: keystore.json in the home].
	#[arg(long, global = true, env = "SALUS_KEYSTORE", value_name = "FILE")]
	pub(crate) keystore: Option<PathBuf>,
	/// Refuse a node of another chain than the one with this genesis hash. Registering notes the
	/// chain's in the home, so that later commands refuse another one without this option.
	#[arg(long, global = true, env = "SALUS_GENESIS", value_name = "HASH")]
	pub(crate) genesis: Option<Hash>,
	/// A file whose first line is the password. Without it SALUS_PASSWORD is read, then the terminal.
	#[arg(long, global = true, env = "SALUS_PASSWORD_FILE", value_name = "FILE")]
	pub(crate) password_file: Option<PathBuf>,
	/// What to wait for after a transaction: a block, or a final block.
	#[arg(
		long,
		global = true,
		env = "SALUS_WAIT",
		value_name = "WHAT",
		default_value = "finalised"
	)]
	pub(crate) wait: WaitFor,
	/// Print one JSON document instead of text.
	#[arg(long, global = true)]
	pub(crate) json: bool,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum WaitFor {
	/// A block of the best chain.
	Best,
	/// A final block.
	#[value(alias = "finalized")]
	Finalised,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
	/// The account that signs, and its keystore.
	#[command(subcommand)]
	Account(commands::account::Command),
	/// Register an identity: your own, or a person's who agreed.
	Register(Box<commands::register::Args>),
	/// Open your keyring on a new device.
	Login(commands::login::Args),
	/// The sealed keyring that a login opens.
	#[command(subcommand)]
	Vault(commands::vault::Command),
	/// The keys that sign for you, and the one that others seal to.
	#[command(subcommand)]
	Key(commands::key::Command),
	/// What stands about an identity, and the end of it.
	#[command(subcommand)]
	Identity(commands::identity::Command),
	/// Identities in the words of the W3C.
	#[command(subcommand)]
	Did(commands::did::Command),
	/// Where an organisation or a practitioner can be reached.
	#[command(subcommand)]
	Service(commands::service::Command),
	/// Registering people who agreed.
	#[command(subcommand)]
	Sponsor(commands::sponsor::Command),
	/// Authorities and licences.
	#[command(subcommand)]
	Accredit(commands::accredit::Command),
	/// Who works where.
	#[command(subcommand)]
	Affiliate(commands::affiliate::Command),
	/// File, read, attest and correct records.
	#[command(subcommand)]
	Record(commands::record::Command),
	/// Your own readings, without writing FHIR.
	#[command(subcommand)]
	Reading(commands::reading::Command),
	/// Who may read what.
	#[command(subcommand)]
	Consent(commands::consent::Command),
	/// What waits for you: requests, emergencies, reviews, grants that end, keys to rotate.
	Inbox(commands::inbox::Args),
	/// Who asked for your records, and what was answered.
	Audit(commands::audit::Args),
	/// Products and goods: from the maker to the patient, and back by recall.
	#[command(subcommand)]
	Supply(Box<commands::supply::Command>),
	/// The chain, the node and the custodian.
	Info,
}

#[cfg(test)]
mod tests {
	use super::*;
	use clap::CommandFactory;

	#[test]
	fn the_command_line_is_well_formed() {
		Args::command().debug_assert();
	}

	#[test]
	fn several_custodians_are_named_one_by_one_or_in_a_row() {
		let expected = ["http://a", "http://b"];
		for words in [
			&["--custodian", "http://a", "--custodian", "http://b"][..],
			&["--custodian", "http://a,http://b"],
		] {
			let line = [&["salus", "info", "--threshold", "2"], words].concat();
			let args = Args::try_parse_from(line).unwrap();
			assert_eq!(args.global.custodian, expected);
			assert_eq!(args.global.threshold, Some(2));
		}
		for count in ["0", "9", "two"] {
			assert!(Args::try_parse_from(["salus", "info", "--threshold", count]).is_err());
		}
	}

	#[test]
	fn common_options_may_stand_anywhere() {
		for line in [
			["salus", "--json", "--wait", "best", "info"],
			["salus", "info", "--json", "--wait", "best"],
		] {
			let args = Args::try_parse_from(line).unwrap();
			assert!(args.global.json);
			assert_eq!(args.global.wait, WaitFor::Best);
		}
	}
}
