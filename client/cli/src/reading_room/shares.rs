// SPDX-License-Identifier: Apache-2.0

//! The custodians' share of a key, and why there is none.

use anyhow::{anyhow, bail};
use salus_client::{
	Chain,
	custodian::{CustodianError, GatherError, Gathering, Refusal},
	wire::Release,
};
use salus_envelope::CustodianShare;
use salus_primitives::{AccessDecision, AccessQuestion, DenyReason};

/// What the custodians of a record give for one question.
pub(super) struct Shares<'a> {
	pub(super) chain: &'a Chain,
	pub(super) question: AccessQuestion,
	pub(super) gathering: Gathering<'a>,
}

impl Shares<'_> {
	/// The first share that parts give, or why there is none.
	pub(super) async fn next(&mut self) -> anyhow::Result<(CustodianShare, Release)> {
		loop {
			match self.gathering.next().await {
				Ok(found) => return Ok(found),
				Err(GatherError::Denied { decision, .. }) => self.ensure_mistaken(decision).await?,
				Err(GatherError::Short { needed, found, refusals }) => {
					return Err(short(needed, found, refusals));
				},
			}
		}
	}

	/// Another share, when the one before does not open the object.
	pub(super) async fn instead(&mut self) -> anyhow::Result<(CustodianShare, Release)> {
		self.next().await.map_err(|error| {
			let text =
				"the key shares do not fit the object: a wrap or a share is wrong, tell the author";
			match error.is::<NothingElse>() {
				true => anyhow!(text),
				false => error.context(text),
			}
		})
	}

	/// Goes on only where the chain permits what a custodian denied: each attempt is recorded for the
	/// patient, and the others decide by the same chain.
	async fn ensure_mistaken(&self, decision: AccessDecision) -> anyhow::Result<()> {
		if decision == AccessDecision::Deny(DenyReason::UnknownRecord) {
			bail!("the record is not final yet: try again in some seconds");
		}
		let newest = self.chain.best().await?.check_access(self.question).await?;
		if !newest.is_permit() {
			let advice = match decision {
				AccessDecision::Deny(DenyReason::BreakGlass(_)) => {
					"Ask the patient for a grant; in an emergency, break the glass with `salus consent \
					 break-glass`"
				},
				_ => "Ask the patient for a grant",
			};
			bail!("access {decision}; the attempt is recorded. {advice}");
		}
		let finalised = self.chain.finalized().await?.check_access(self.question).await?;
		if !finalised.is_permit() {
			bail!(
				"access is not permitted at the final block yet ({decision}), but {newest} at the newest \
				 one: try again in some seconds"
			);
		}
		Ok(())
	}
}

/// Every custodian was asked, and none refused.
#[derive(Debug)]
struct NothingElse;

impl std::fmt::Display for NothingElse {
	fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
		f.write_str("no custodian has a part that was not tried: tell the author")
	}
}

impl std::error::Error for NothingElse {}

/// Why too few parts came.
fn short(needed: usize, found: usize, mut refusals: Vec<Refusal>) -> anyhow::Error {
	if refusals.is_empty() {
		return NothingElse.into();
	}
	let all = |is: fn(&Refusal) -> bool| refusals.iter().all(is) && found == 0;
	if all(|refusal| refusal.error.is_missing()) {
		return anyhow!(
			"the custodian has no key share of this version: its operator restores it, or the author \
			 files the document again as a new version"
		);
	}
	if all(|refusal| refusal.error.is_erased()) {
		return anyhow!("the key share was erased for good: nobody opens this version any more");
	}
	let is_denial = |refusal: &Refusal| matches!(refusal.error, CustodianError::Denied { .. });
	if let Some(denial) = refusals.iter().find(|refusal| is_denial(refusal)) {
		return anyhow!(
			"the chain permits it, and {denial}: its node is behind, try again in some seconds, and tell \
			 its operator if that does not help"
		);
	}
	if needed == 1
		&& let Some(only) = refusals.pop()
	{
		let others: String = refusals.iter().map(|other| format!("{other}; ")).collect();
		return match others.is_empty() {
			true => only.error.into(),
			false => anyhow!(only.error).context(format!("{others}{}", only.custodian)),
		};
	}
	let said: Vec<_> = refusals.iter().map(Refusal::to_string).collect();
	anyhow!(
		"the record opens with the parts of {needed} custodians, and {found} gave one: {}",
		said.join("; ")
	)
}

#[cfg(test)]
mod tests {
	use super::*;

	fn refusal(custodian: &str, status: u16, message: &str) -> Refusal {
		let (code, message) = ("no".to_owned(), message.to_owned());
		let error = CustodianError::Refused { status, code, message };
		Refusal { custodian: custodian.into(), error }
	}

	#[test]
	fn too_few_parts_are_told_with_who_gave_none_and_why() {
		let refusals = vec![refusal("a", 503, "starting"), refusal("b", 404, "no share")];
		assert_eq!(
			short(2, 1, refusals).to_string(),
			"the record opens with the parts of 2 custodians, and 1 gave one: a: the custodian refused: \
			 starting; b: the custodian refused: no share"
		);
	}

	#[test]
	fn what_is_nowhere_and_what_was_erased_are_told_as_such() {
		let all = |status| ["a", "b", "c"].map(|name| refusal(name, status, "no")).into();
		assert!(short(2, 0, all(404)).to_string().contains("has no key share of this version"));
		assert!(short(2, 0, all(410)).to_string().contains("erased for good"));
		// One who lost its part beside one who gave it is no loss of the record.
		let lost = short(2, 1, vec![refusal("a", 404, "no share")]).to_string();
		assert!(lost.contains("1 gave one: a: "), "{lost}");
	}

	#[test]
	fn a_denial_that_the_chain_does_not_share_is_told_as_the_custodians_own() {
		let (decision, message) = (AccessDecision::Deny(DenyReason::NoGrant), "no".to_owned());
		let error = CustodianError::Denied { decision, message };
		let denial = Refusal { custodian: "b".into(), error };
		let said = short(2, 1, vec![refusal("a", 503, "starting"), denial]).to_string();
		let expected = "the chain permits it, and b: access denied: no grant permits it: its node";
		assert!(said.starts_with(expected), "{said}");
	}

	#[test]
	fn a_single_custodian_speaks_for_itself() {
		let error = short(1, 0, vec![refusal("a", 503, "starting")]);
		assert_eq!(error.to_string(), "the custodian refused: starting");
		assert!(error.downcast_ref::<CustodianError>().is_some());
	}

	#[test]
	fn parts_that_were_all_tried_are_no_refusal() {
		assert!(short(2, 3, Vec::new()).is::<NothingElse>());
	}
}
