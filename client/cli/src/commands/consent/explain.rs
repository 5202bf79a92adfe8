// SPDX-License-Identifier: Apache-2.0

//! What the chain would answer, and why.

use super::words::{decision_text, grantee_text, scope_text};
use crate::{
	commands::record::subject,
	context::Context,
	document,
	output::{facts, table},
	values::Party,
};
use salus_client::types::{Mismatch, Step};
use salus_primitives::{AccessQuestion, Action, Purpose, RecordId};
use serde_json::json;

#[derive(clap::Args, Debug)]
pub(crate) struct Explain {
	/// For which record.
	record: RecordId,
	/// Who would ask; yourself without a name.
	#[arg(long, value_name = "PARTY")]
	reader: Option<Party>,
	/// What for.
	#[arg(long, default_value = "TREAT")]
	purpose: Purpose,
	/// To do what.
	#[arg(long, default_value = "access")]
	action: Action,
}

pub(super) async fn explain(context: &Context, args: Explain) -> anyhow::Result<()> {
	let Explain { record, purpose, action, .. } = args;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let reader = subject(context, &at, args.reader).await?;
	let question = AccessQuestion { reader, record, purpose, action };
	let (best, finalised) = (
		at.explain_access(question).await?,
		chain.finalized().await?.check_access(question).await?,
	);
	let answer = json!({
		"question": question,
		"explanation": best,
		"atFinalisedBlock": finalised,
		"at": document::now(),
	});
	context.out.say(&answer, || {
		let mut head = vec![
			("answer", best.decision.to_string()),
			("decided by", step_text(best.step).into()),
		];
		head.extend(best.emergency.map(|id| ("open emergency", id.to_string())));
		head.extend(best.policy.map(|policy| ("patient's policy", policy.to_string())));
		if finalised != best.decision {
			head.push((
				"final block",
				format!("{finalised}: the custodian follows the stricter one"),
			));
		}
		let rows = best.examined.iter().map(|examined| {
			[
				examined.rule.grant.to_string(),
				decision_text(examined.rule.terms.decision).into(),
				grantee_text(&examined.grantee),
				scope_text(&examined.rule.terms.scope),
				examined.mismatch.map_or("matches", mismatch_text).into(),
			]
		});
		let rows: Vec<_> = rows.collect();
		let looked_at = table(
			["grant", "decides", "grantee", "speaks of", "result"],
			rows,
			"no grants looked at",
		);
		format!("{}\n\n{looked_at}", facts(&head))
	})
}

fn step_text(step: Step) -> &'static str {
	match step {
		Step::Record => "whether there is such a record",
		Step::Reader => "whether the reader is an active identity",
		Step::Subject => "whether the record is the reader's own",
		Step::Author => "whether the reader's side wrote it",
		Step::Deny => "a grant that denies",
		Step::Permit => "a grant that permits",
		Step::Emergency => "an open emergency of the reader",
		Step::Policy => "the patient's policy, because no grant spoke",
		Step::Default => "the default, because nothing spoke",
	}
}

fn mismatch_text(mismatch: Mismatch) -> &'static str {
	match mismatch {
		Mismatch::Scope => "speaks of other records",
		Mismatch::Restricted => "does not name the restricted compartment",
		Mismatch::Purpose => "is for other purposes",
		Mismatch::Action => "is for other actions",
		Mismatch::DataPeriod => "is for another period of records",
		Mismatch::NotYet => "has not begun",
		Mismatch::Expired => "has expired",
		Mismatch::UsedUp => "is used up",
	}
}
