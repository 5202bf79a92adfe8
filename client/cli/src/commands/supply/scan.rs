// SPDX-License-Identifier: Apache-2.0

//! `salus supply scan`: a verdict on a pack that somebody at a counter understands.

use super::{proofs::Sources, words};
use crate::{
	commands::{accredit::country, record::subject},
	context::Context,
	exit::Answered,
	output::{facts, plain},
	values::Party,
};
use salus_client::{
	At, keystore,
	types::supply::{ScanProof, ScannedPack, Verdict},
};
use salus_gs1::Gln;
use salus_primitives::{IdentityId, Jurisdiction};
use salus_supply::scan::{Answer, Finding, ScannedLabel, present, present_no_pack};
use serde_json::{Value, json};
use std::{
	env,
	io::{self, IsTerminal},
};

#[derive(clap::Args, Debug)]
pub(crate) struct Verify {
	/// What the scanner sent: an element string, a Digital Link, a label of HIBCC or ICCBBA.
	scan: String,
	/// The country that it is to be handed over in; without it approvals are left out.
	#[arg(long, value_parser = country, value_name = "COUNTRY")]
	market: Option<Jurisdiction>,
	/// Your location, to tell a second scan of a pack from a copy of it: a GLN.
	#[arg(long, value_name = "GLN")]
	location: Option<Gln>,
	/// Who asks; without it the account of the keystore, when there is one.
	#[arg(long, value_name = "PARTY")]
	asker: Option<Party>,
	#[command(flatten)]
	sources: Sources,
}

/// Asks the chain about a scan. The exit code says the class: 0 may be handed over, 3 technical, 4 not
/// saleable, 5 suspect.
pub(super) async fn verify(context: &Context, verify: Verify) -> anyhow::Result<()> {
	let label = match ScannedLabel::read(verify.scan.as_bytes(), words::this_year()) {
		Ok(label) => label,
		Err(reason) => {
			let answer = present_no_pack(&reason);
			return say(context, &answer, json!({ "code": "bad-format" }));
		},
	};
	let mut prover = verify.sources.open()?;
	let chain = context.chain().await?;
	prover.reach(&chain, || Ok(context.secrets()?.signer())).await?;
	let at = chain.best().await?;
	let mut proof = prover.label(&at, &label).await?;
	if proof.is_none() && !prover.has_no_files() {
		proof = prover.proof_of_absence(&at, &label).await?;
	}
	let asker = who_asks(context, &at, verify.asker).await?;
	let (market, proof) = (verify.market, located(&at, proof).await?);
	let scan = ScannedPack {
		product: label.product,
		serial: label.serial,
		lot: label.lot,
		expiry: label.expiry,
		market,
		asker,
		location: verify.location,
	};
	let verdict = at.verify(scan, proof).await?;
	let Verdict { code, state, recall, expiry, .. } = verdict;
	let answer = present(&label, &Finding { state, recall, expiry, ..Finding::of(code) });
	say(context, &answer, json!(verdict))
}

/// The proof with where the parcel of its unit begins, so that what lies on the parcel counts.
async fn located(at: &At, proof: Option<ScanProof>) -> anyhow::Result<Option<ScanProof>> {
	let Some(proof) = proof else { return Ok(None) };
	let found = at.locate_unit(proof.unit, proof.parcel_start).await?;
	// What is not found is no reason to give no verdict: the chain looks without it.
	let parcel_start = found.ok().map(|found| found.parcel_start);
	Ok(Some(ScanProof { parcel_start, ..proof }))
}

/// Who asks: whom was named, or whose the keystore is.
async fn who_asks(
	context: &Context,
	at: &At,
	asker: Option<Party>,
) -> anyhow::Result<Option<IdentityId>> {
	match asker {
		Some(party) => context.identity(at, &party).await.map(Some),
		// An account that nobody registered may ask too, and so may who has none.
		None if keystore::account(&context.keystore_path()).is_ok() => {
			Ok(subject(context, at, None).await.ok())
		},
		None => Ok(None),
	}
}

fn say(context: &Context, answer: &Answer, verdict: Value) -> anyhow::Result<()> {
	let coloured = io::stdout().is_terminal() && env::var_os("NO_COLOR").is_none();
	let shown = json!({
		"headline": answer.headline,
		"advice": answer.advice,
		"exit": answer.exit,
		"verdict": verdict,
	});
	context.out.say(&shown, || text(answer, coloured))?;
	if answer.exit == 0 { Ok(()) } else { Err(Answered(answer.exit).into()) }
}

fn text(answer: &Answer, coloured: bool) -> String {
	let headline = plain(&answer.headline);
	let headline = match coloured {
		true => format!("\u{1b}[1;{}m{headline}\u{1b}[0m", answer.colour.sgr()),
		false => headline,
	};
	let known: Vec<_> = answer.facts.iter().map(|(name, value)| (*name, plain(value))).collect();
	format!("{headline}\n{}\n\n{}", plain(&answer.advice), facts(&known))
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_primitives::{RecallId, VerdictCode};

	#[test]
	fn a_verdict_is_words_first_and_colour_besides() {
		let scan = b"(01)06291041500213(17)271231(10)L1(21)S1";
		let label = ScannedLabel::read(scan, 2026).unwrap();
		let mut finding = Finding::of(VerdictCode::Recalled);
		finding.recall = Some(RecallId(9));
		let answer = present(&label, &finding);
		assert_eq!(answer.exit, 4);
		let (bare, coloured) = (text(&answer, false), text(&answer, true));
		assert!(bare.starts_with(&answer.headline) && bare.contains("06291041500213"), "{bare}");
		assert!(coloured.starts_with("\u{1b}[1;31m"), "{coloured}");
		assert!(!bare.contains('\u{1b}'));
	}

	#[test]
	fn what_is_no_pack_is_technical() {
		let reason = ScannedLabel::read(b"(00)106141412345678908", 2026).unwrap_err();
		let answer = present_no_pack(&reason);
		assert_eq!(answer.exit, 3);
		assert!(text(&answer, false).contains("106141412345678908"));
	}
}
