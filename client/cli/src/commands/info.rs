// SPDX-License-Identifier: Apache-2.0

//! `salus info`: where one is, and whether everything answers.

use crate::{
	context::Context,
	document,
	output::facts,
	values::{Hash, when},
};
use serde_json::json;

/// How old a final block may be before something is wrong, in milliseconds.
const STALE: u64 = 60_000;

pub(crate) async fn run(context: &Context) -> anyhow::Result<()> {
	let chain = context.chain().await?;
	let (node, best, finalised) =
		(chain.node_info().await?, chain.best().await?, chain.finalized().await?);
	let made = finalised.now().await?;
	let age = document::now().saturating_sub(made);
	let is_known = chain.is_runtime_known().await?;
	let custodian = context.unchecked_custodian(&chain).await;

	let answer = json!({
		"url": chain.url(),
		"node": node,
		"genesis": Hash(chain.genesis()).to_string(),
		"best": { "number": best.number(), "hash": Hash(best.hash()).to_string() },
		"finalised": {
			"number": finalised.number(),
			"hash": Hash(finalised.hash()).to_string(),
			"made": made,
			"ageMillis": age,
		},
		"runtimeKnown": is_known,
		"custodian": custodian.as_ref().ok().map(|custodian| custodian.info()),
		"custodianError": custodian.as_ref().err().map(|error| format!("{error:#}")),
	});
	context.out.say(&answer, || {
		let finality = match made {
			0 => "none: nothing became final yet".into(),
			made => format!(
				"{}, {} s old ({} UTC){}",
				finalised.number(),
				age / 1000,
				when(made),
				if age > STALE { ": stalled" } else { "" }
			),
		};
		let runtime = format!(
			"version {}{}",
			node.spec_version,
			if is_known { "" } else { ", not the one this program was built for" }
		);
		let custodian = match &custodian {
			Ok(custodian) => format!("{} at {}", custodian.identity(), custodian.url()),
			Err(error) => format!("{error:#}"),
		};
		facts(&[
			("chain", node.chain.clone()),
			("genesis", Hash(chain.genesis()).to_string()),
			("node", format!("{} at {}", node.node, chain.url())),
			("peers", node.peers.to_string()),
			("runtime", runtime),
			("best block", best.number().to_string()),
			("final block", finality),
			("custodian", custodian),
		])
	})
}
