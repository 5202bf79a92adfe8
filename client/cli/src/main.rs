// SPDX-License-Identifier: Apache-2.0
#![doc = include_str!("../README.md")]

mod args;
mod commands;
mod compartments;
mod context;
mod council;
mod credentials;
mod document;
mod drawer;
mod exit;
mod filing;
mod output;
mod reading_room;
mod values;
mod vaulting;

use args::{Args, Command};
use clap::Parser;
use context::Context;
use std::process::ExitCode;

/// Exit codes: 0 done, 1 not done and why, 2 not understood (by clap); those of [`exit::Unknown`] when
/// it is not known; and those of a verdict on a scan.
fn main() -> ExitCode {
	let Args { global, command } = Args::parse();
	let done = tokio::runtime::Builder::new_multi_thread()
		.worker_threads(2)
		.enable_all()
		.build()
		.map_err(anyhow::Error::from)
		.and_then(|runtime| runtime.block_on(run(Context::new(global)?, command)));
	if let Some(error) = exit::complaint(&done) {
		eprintln!("error: {}", salus_client::one_line(&format!("{error:#}")));
	}
	ExitCode::from(exit::code_of(&done))
}

async fn run(context: Context, command: Command) -> anyhow::Result<()> {
	match command {
		Command::Account(command) => commands::account::run(&context, command).await,
		Command::Register(args) => commands::register::run(&context, *args).await,
		Command::Login(args) => commands::login::run(&context, args).await,
		Command::Vault(command) => commands::vault::run(&context, command).await,
		Command::Key(command) => commands::key::run(&context, command).await,
		Command::Identity(command) => commands::identity::run(&context, command).await,
		Command::Did(command) => commands::did::run(&context, command).await,
		Command::Service(command) => commands::service::run(&context, command).await,
		Command::Sponsor(command) => commands::sponsor::run(&context, command).await,
		Command::Accredit(command) => commands::accredit::run(&context, command).await,
		Command::Affiliate(command) => commands::affiliate::run(&context, command).await,
		Command::Record(command) => commands::record::run(&context, command).await,
		Command::Reading(command) => commands::reading::run(&context, command).await,
		Command::Consent(command) => commands::consent::run(&context, command).await,
		Command::Inbox(args) => commands::inbox::run(&context, args).await,
		Command::Audit(args) => commands::audit::run(&context, args).await,
		Command::Supply(command) => commands::supply::run(&context, *command).await,
		Command::Info => commands::info::run(&context).await,
	}
}
