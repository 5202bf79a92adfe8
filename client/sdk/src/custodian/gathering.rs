// SPDX-License-Identifier: Apache-2.0

//! `K_s` out of the parts that come in first.
//!
//! As many custodians are asked at a time as parts are missing: each that is asked writes a line into
//! the patient's log, and a grant with counted uses counts it. Where one refuses, fails or is slow,
//! the next one is asked. A part carries no proof, so that the key that parts give is only a
//! candidate: whoever finds that it does not open the object asks for the next one.

use super::{Circle, CustodianError, Seat, ShareRequest};
use crate::wire::{Release, SharePart};
use futures::{StreamExt, future::BoxFuture, stream::FuturesUnordered};
use salus_envelope::{AgreementSecret, CustodianShare, Division, KeyPart};
use salus_primitives::{AccessDecision, IdentityId};
use std::{collections::BTreeSet, fmt, time::Duration};
use subxt_signer::sr25519::Keypair;

/// How long one may be silent before another is asked as well.
const SILENCE: Duration = Duration::from_secs(5);

/// A custodian that did not do what it was asked, and why.
#[derive(Debug)]
pub struct Refusal {
	/// Which one.
	pub custodian: String,
	/// What it said, or what is wrong with it.
	pub error: CustodianError,
}

impl fmt::Display for Refusal {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "{}: {}", self.custodian, self.error)
	}
}

/// Why there is no further candidate.
#[derive(Debug)]
pub enum GatherError {
	/// A custodian says that access is denied. It was logged; whoever knows better asks on, and it is
	/// among the refusals then.
	Denied {
		/// Which one.
		custodian: String,
		/// Why.
		decision: AccessDecision,
	},
	/// All were asked.
	Short {
		/// How many parts came.
		found: usize,
		/// How many it takes.
		needed: usize,
		/// Who gave none, and why.
		refusals: Vec<Refusal>,
	},
}

/// A share as it came.
struct Came {
	from: IdentityId,
	part: Option<SharePart>,
	share: CustodianShare,
	release: Release,
}

/// A custodian that is being asked: what it is called, and what came.
type Asked<'a> = BoxFuture<'a, (String, Result<Came, CustodianError>)>;

/// Parts that come in, and the keys that they give.
pub struct Gathering<'a> {
	/// How many parts it should take.
	threshold: usize,
	/// Those that were not asked yet: nothing is sent before somebody waits for the answer.
	waiting: std::vec::IntoIter<Asked<'a>>,
	running: FuturesUnordered<Asked<'a>>,
	came: Vec<Came>,
	/// The sets of what came that were given out, as bits.
	tried: BTreeSet<u32>,
	refusals: Vec<Refusal>,
}

impl Circle {
	/// Begins to ask for the key share of a version.
	pub fn gather<'a>(
		&'a self,
		signer: &'a Keypair,
		request: ShareRequest,
		secret: &'a AgreementSecret,
	) -> Gathering<'a> {
		let asked = self.seats().iter().map(|seat| -> Asked<'a> {
			Box::pin(async move {
				let answer = ask(seat, signer, request, secret).await;
				(seat.name(), answer)
			})
		});
		Gathering::new(self.threshold().map_or(1, usize::from), asked.collect())
	}
}

/// Asks one custodian.
async fn ask(
	seat: &Seat,
	signer: &Keypair,
	request: ShareRequest,
	secret: &AgreementSecret,
) -> Result<Came, CustodianError> {
	let custodian = seat.custodian().await?;
	let (share, release) = custodian.request_share(signer, &request, secret).await?;
	let (from, part) = (custodian.identity(), release.part);
	if part.is_some_and(|part| !part.is_sound()) {
		let (url, reason) = (custodian.url().into(), "there can be no such part of a key".into());
		return Err(CustodianError::Answer { url, reason });
	}
	Ok(Came { from, part, share, release })
}

impl<'a> Gathering<'a> {
	fn new(threshold: usize, asked: Vec<Asked<'a>>) -> Self {
		Self {
			threshold,
			waiting: asked.into_iter(),
			running: FuturesUnordered::new(),
			came: Vec::new(),
			tried: BTreeSet::new(),
			refusals: Vec::new(),
		}
	}

	/// The next key that parts give, with one of the releases it is made of.
	pub async fn next(&mut self) -> Result<(CustodianShare, Release), GatherError> {
		loop {
			if let Some(found) = candidate(&self.came, &mut self.tried) {
				return Ok(found);
			}
			let needed = self.needed();
			let missing = needed.saturating_sub(self.came.len()).max(1);
			while self.running.len() < missing && self.ask_another() {}
			match self.answer().await {
				Some((_, Ok(came))) => self.take(came),
				Some((custodian, Err(error @ CustodianError::Denied { decision, .. }))) => {
					let denied = GatherError::Denied { custodian: custodian.clone(), decision };
					self.refusals.push(Refusal { custodian, error });
					return Err(denied);
				},
				Some((custodian, Err(error))) => self.refusals.push(Refusal { custodian, error }),
				None => {
					let (found, refusals) = (self.came.len(), std::mem::take(&mut self.refusals));
					return Err(GatherError::Short { found, needed, refusals });
				},
			}
		}
	}

	/// How many parts it takes, by what the parts say of themselves or else by what is known before.
	fn needed(&self) -> usize {
		let said = self.came.iter().map(|came| came.part.map_or(1, |part| part.threshold));
		said.max().map_or(self.threshold, usize::from)
	}

	/// Who was named twice counts once.
	fn take(&mut self, came: Came) {
		if self.came.iter().all(|before| before.from != came.from) {
			self.came.push(came);
		}
	}

	/// Asks the next custodian, when there is one.
	fn ask_another(&mut self) -> bool {
		let next = self.waiting.next();
		next.map(|asked| self.running.push(asked)).is_some()
	}

	/// The next answer; none when nobody is left to give one.
	async fn answer(&mut self) -> Option<(String, Result<Came, CustodianError>)> {
		while !self.running.is_empty() {
			match tokio::time::timeout(SILENCE, self.running.next()).await {
				Ok(answer) => return answer,
				Err(_) if self.ask_another() => (),
				Err(_) => return self.running.next().await,
			}
		}
		None
	}
}

/// A key that what came gives and that was not given out before.
fn candidate(came: &[Came], tried: &mut BTreeSet<u32>) -> Option<(CustodianShare, Release)> {
	let sets = 1u32..1 << came.len().min(16);
	sets.filter_map(|set| {
		let chosen: Vec<_> = (0..)
			.zip(came)
			.filter(|(place, _)| set >> place & 1 == 1)
			.map(|(_, one)| one)
			.collect();
		let key = joined(&chosen).filter(|_| tried.insert(set))?;
		let release = chosen.first()?.release;
		Some((key, release))
	})
	.next()
}

/// The key of exactly these, when they are as many as it takes and of one division.
fn joined(chosen: &[&Came]) -> Option<CustodianShare> {
	let first = chosen.first()?;
	let Some(SharePart { threshold, of, .. }) = first.part else {
		// All of a key, by itself.
		return (chosen.len() == 1).then(|| first.share.clone());
	};
	let division = Division::new(threshold, of).ok()?;
	if chosen.len() != usize::from(threshold) {
		return None;
	}
	let parts: Option<Vec<_>> = chosen
		.iter()
		.map(|came| {
			let part = came.part.filter(|part| (part.threshold, part.of) == (threshold, of))?;
			Some(KeyPart { index: part.index, share: came.share.clone() })
		})
		.collect();
	CustodianShare::restore(division, &parts?).ok()
}

#[cfg(test)]
mod tests;
