// SPDX-License-Identifier: Apache-2.0

//! `salus sponsor`: registering people who agreed, within a daily quota.

use crate::{
	commands::{record::subject, register},
	context::Context,
	output::facts,
	values::Party,
};
use clap::Subcommand;
use salus_primitives::AccreditationKind;
use serde_json::json;
use std::path::PathBuf;

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
	/// How many more people an organisation can register today; your own without a name.
	Quota {
		/// Which one.
		organisation: Option<Party>,
	},
	/// Register somebody who agreed, from the consent in a file.
	Submit {
		/// The consent, as `salus register consent` prints it.
		file: PathBuf,
	},
}

pub(crate) async fn run(context: &Context, command: Command) -> anyhow::Result<()> {
	match command {
		Command::Quota { organisation } => {
			let at = context.chain().await?.best().await?;
			let id = subject(context, &at, organisation).await?;
			let left = at.sponsor_quota_left(id).await?;
			let kind = AccreditationKind::OnboardingAgent;
			let licensed = at.is_accredited(id, kind, at.now().await?).await?;
			let answer = json!({ "organisation": id, "left": left, "licensed": licensed });
			context.out.say(&answer, || {
				let licence = match licensed {
					true => "in force",
					false => "missing: nobody can be registered until a regulator grants it",
				};
				facts(&[
					("organisation", id.to_string()),
					("left today", left.to_string()),
					("onboarding-agent", licence.into()),
				])
			})
		},
		Command::Submit { file } => register::submit_file(context, &file).await,
	}
}
