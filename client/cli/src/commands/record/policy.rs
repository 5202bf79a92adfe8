// SPDX-License-Identifier: Apache-2.0

//! The rules of validation, per class.

use crate::{context::Context, output::facts, values::Span};
use salus_client::{
	Call, calls,
	types::{Requirement, ValidationPolicy},
};
use salus_primitives::{AccreditationKind, AccreditationKinds, RecordClass};
use serde_json::json;

#[derive(clap::Args, Debug)]
pub(crate) struct Policy {
	/// Which class.
	class: RecordClass,
	/// Set it, by a proposal of a council of one.
	#[arg(long, requires = "from")]
	council: bool,
	/// How many verdicts on accuracy.
	#[arg(long, default_value_t = 1, requires = "council")]
	accuracy: u8,
	/// How many verdicts on completeness.
	#[arg(long, default_value_t = 0, requires = "council")]
	completeness: u8,
	/// How many verdicts on the source.
	#[arg(long, default_value_t = 0, requires = "council")]
	source: u8,
	/// Which accreditations let somebody give them.
	#[arg(long, value_name = "KIND", value_delimiter = ',', requires = "council")]
	from: Vec<AccreditationKind>,
	/// The verdicts of one kind come from different organisations.
	#[arg(long, requires = "council")]
	distinct_organisations: bool,
	/// The author's own verdict counts.
	#[arg(long, requires = "council")]
	author_may_attest: bool,
	/// How long a record may wait.
	#[arg(long, value_name = "SPAN", default_value = "30d", requires = "council")]
	time_to_live: Span,
}

pub(super) async fn policy(context: &Context, policy: Policy) -> anyhow::Result<()> {
	let chain = context.chain().await?;
	if policy.council {
		let secrets = context.secrets()?;
		let from = AccreditationKinds::of(&policy.from);
		let requirement = |count| match count {
			0 => Requirement::default(),
			count => Requirement { count, from },
		};
		let set = ValidationPolicy {
			accuracy: requirement(policy.accuracy),
			completeness: requirement(policy.completeness),
			source: requirement(policy.source),
			distinct_organisations: policy.distinct_organisations,
			author_may_attest: policy.author_may_attest,
			time_to_live: policy.time_to_live.0,
		};
		let call = calls::records::set_validation_policy(policy.class, set);
		let call = Call::council_proposal(1, call);
		context.submit(&chain, &call, &secrets.signer()).await?;
	}
	let found = chain.best().await?.validation_policy(policy.class).await?;
	let answer = json!({ "class": policy.class, "policy": found });
	context.out.say(&answer, || {
		let Some(found) = found else {
			return format!(
				"class {} has no policy: its records cannot be filed yet",
				policy.class
			);
		};
		let ask = |requirement: &Requirement| {
			let from: Vec<_> = requirement.from.iter().map(|kind| kind.to_string()).collect();
			match requirement.count {
				0 => "none".into(),
				count => format!("{count}, by holders of {}", from.join(" or ")),
			}
		};
		facts(&[
			("class", policy.class.to_string()),
			("on accuracy", ask(&found.accuracy)),
			("on completeness", ask(&found.completeness)),
			("on the source", ask(&found.source)),
			("from different organisations", found.distinct_organisations.to_string()),
			("author may attest", found.author_may_attest.to_string()),
			("time to live", format!("{} h", found.time_to_live / 3_600_000)),
		])
	})
}
