// SPDX-License-Identifier: Apache-2.0

//! What governance decides: proposals to the council.

use crate::context::Context;
use anyhow::bail;
use salus_client::{Call, Chain, Keypair};
use serde_json::{Value, json};

/// What came of a proposal to the council.
pub(crate) struct Motion {
	/// Its number, when others have to vote.
	pub(crate) index: Option<u32>,
	/// How many votes it needs.
	pub(crate) threshold: u32,
	/// How many members there are.
	pub(crate) members: usize,
}

impl Motion {
	/// Whether it was carried out at once.
	pub(crate) fn is_carried_out(&self) -> bool {
		self.threshold == 1
	}

	/// What came of it, for people: `done` when it was carried out.
	pub(crate) fn tell(&self, done: &str) -> String {
		if self.is_carried_out() {
			return done.into();
		}
		let others = self.threshold.saturating_sub(1);
		let number = self.index.map_or_else(String::new, |index| format!(" {index}"));
		format!(
			"proposed to the council as motion{number}: nothing changed yet. {others} more of its {} \
			 members have to vote for it and one has to close it, in polkadot.js apps",
			self.members
		)
	}

	/// The same, for programs.
	pub(crate) fn to_json(&self) -> Value {
		json!({
			"carriedOut": self.is_carried_out(),
			"motion": self.index,
			"threshold": self.threshold,
			"members": self.members,
		})
	}
}

impl Context {
	/// Proposes a call to the council, as a member, with the majority that the runtime asks for.
	pub(crate) async fn propose(
		&self,
		chain: &Chain,
		call: Call,
		signer: &Keypair,
	) -> anyhow::Result<Motion> {
		let council = chain.best().await?.council().await?;
		if !council.contains(&signer.public_key().0) {
			bail!(
				"this account is no member of the council: sign as one of its {}, with --keystore",
				council.len()
			);
		}
		let threshold = majority(council.len());
		let receipt = self.submit(chain, &Call::council_proposal(threshold, call), signer).await?;
		let proposed = receipt.first_field::<([u8; 32], u32)>("Council", "Proposed");
		Ok(Motion { index: proposed.map(|(_, index)| index), threshold, members: council.len() })
	}

	/// Submits a call as oneself, or proposes it to the council when that was asked for.
	pub(crate) async fn submit_or_propose(
		&self,
		chain: &Chain,
		call: Call,
		signer: &Keypair,
		council: bool,
	) -> anyhow::Result<Option<Motion>> {
		if council {
			return self.propose(chain, call, signer).await.map(Some);
		}
		self.submit(chain, &call, signer).await?;
		Ok(None)
	}
}

/// What came of something that may have been proposed.
pub(crate) fn outcome(motion: &Option<Motion>, done: &str) -> String {
	motion.as_ref().map_or_else(|| done.into(), |motion| motion.tell(done))
}

/// More than half of the council: what the runtime asks of it.
fn majority(members: usize) -> u32 {
	u32::try_from(members / 2 + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_majority_is_more_than_half() {
		assert_eq!([1, 2, 3, 4, 5, 32].map(majority), [1, 2, 2, 3, 3, 17]);
	}

	#[test]
	fn a_motion_says_who_still_has_to_vote() {
		let alone = Motion { index: None, threshold: 1, members: 1 };
		assert_eq!(alone.tell("done"), "done");
		let three = Motion { index: Some(7), threshold: 2, members: 3 };
		let text = three.tell("done");
		assert!(
			text.starts_with("proposed to the council as motion 7: nothing changed yet. 1 more")
		);
		assert_eq!(three.to_json()["carriedOut"], false);
	}
}
