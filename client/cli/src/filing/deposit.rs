// SPDX-License-Identifier: Apache-2.0

//! What goes to the custodians of a record: the object to each, and to each its part of the key.
//!
//! All of them have all of it before anything goes to the chain. The parts are in the home before the
//! first of them leaves the machine, so that a second run brings the same ones.

use super::{Filing, Pending, Place, many::OwnFault, patience::patiently};
use crate::drawer::Drawer;
use anyhow::{anyhow, bail};
use futures::future::join_all;
use indicatif::ProgressBar;
use salus_client::{
	At, Keypair,
	custodian::{Custodian, CustodianError, Refusal, ShareDeposit},
	wire::SharePart,
};
use salus_envelope::{CustodianShare, Division, KeyPart, Secret};
use salus_primitives::IdentityId;
use serde::{Deserialize, Serialize};
use std::{
	path::Path,
	sync::{
		Arc,
		atomic::{AtomicU64, Ordering},
	},
};

/// What lies beside a filing that is pending, by the ends of its names: the object, and the parts of
/// its key.
pub(super) const BESIDE: [&str; 2] = ["hre1", "parts.sealed"];

/// The custodians that a filing goes to, each connected.
pub(crate) struct Depositaries {
	custodians: Vec<Custodian>,
	/// How the key is divided among them; not at all when there is one.
	division: Option<Division>,
}

/// A key divided, as it is kept until the filing is done.
#[derive(Serialize, Deserialize)]
struct Divided {
	threshold: u8,
	/// Who gets which part, in their order.
	custodians: Vec<IdentityId>,
	#[serde(with = "hex_shares")]
	parts: Vec<CustodianShare>,
}

impl Divided {
	/// Whether these are parts of that very key: a document that is sealed anew has another, and parts
	/// of the one before would open nothing.
	fn are_of(&self, whole: &CustodianShare, division: Division) -> bool {
		let parts = (1..).zip(&self.parts);
		let parts: Vec<_> =
			parts.map(|(index, share)| KeyPart { index, share: share.clone() }).collect();
		CustodianShare::restore(division, &parts).is_ok_and(|key| key == *whole)
	}
}

/// What a custodian took in this run.
#[derive(Clone, Copy, Default)]
struct Brought {
	/// Whether the object was not there before.
	object: bool,
}

impl Filing<'_> {
	/// The custodians of what is filed in the name of `home`, by default one's own. One that is not
	/// there stops the filing before anything is sent.
	pub(crate) async fn depositaries(
		&self,
		at: &At,
		home: Option<IdentityId>,
	) -> anyhow::Result<Depositaries> {
		let home = home.unwrap_or(self.me.id);
		let circle = self.context.circle(self.chain, at, home).await?;
		let division = circle.division()?;
		let custodians = circle.depositaries().await.map_err(|refusals| {
			let sum = division.map(|division| {
				format!(
					"{} of {} custodians cannot take their part of the key, and nothing was sent: all of \
					 them are needed to file, fewer to read",
					refusals.len(),
					division.of()
				)
			});
			told(refusals, sum)
		})?;
		Ok(Depositaries { custodians: custodians.into_iter().cloned().collect(), division })
	}

	/// Object first: a share without an object opens nothing, and both wait for the chain. `bar` counts
	/// the bytes of all.
	pub(super) async fn upload(
		&self,
		to: &Depositaries,
		pending: &Pending,
		place: &Place,
		object: &Path,
		bar: ProgressBar,
	) -> anyhow::Result<()> {
		ensure_fits(to, pending)?;
		let Some(name) = object.file_stem().and_then(|name| name.to_str()) else {
			bail!("the sealed document has no name in the home");
		};
		let drawer = Drawer::new(self.context.home(), "pending", self.secrets);
		let shares = shares(&drawer, name, to, pending)?;
		let signer = self.secrets.signer();
		let delivery = Delivery { signer, to, shares, pending, place, object, bar };
		let Err(undelivered) = delivery.run().await else { return Ok(()) };
		if undelivered.is_outdated && pending.version == 1 {
			// Its id is known to those alone who refuse it: the next run takes a new one.
			drawer.remove(name, &BESIDE);
		}
		Err(undelivered.error)
	}
}

/// Shares and object on their way.
struct Delivery<'a> {
	signer: Keypair,
	to: &'a Depositaries,
	/// What each gets, in their order.
	shares: Vec<(Option<SharePart>, CustodianShare)>,
	pending: &'a Pending,
	place: &'a Place,
	object: &'a Path,
	bar: ProgressBar,
}

/// That not all custodians have all of it.
#[derive(Debug)]
struct Undelivered {
	error: anyhow::Error,
	/// Whether one has another share for this version: that of other custodians than those of now.
	is_outdated: bool,
}

impl Delivery<'_> {
	async fn run(&self) -> Result<(), Undelivered> {
		let Self { to, pending, bar, .. } = self;
		bar.set_length(pending.object_len.saturating_mul(to.custodians.len() as u64));
		let all = to.custodians.iter().zip(&self.shares);
		let brought = join_all(all.map(|(custodian, share)| self.bring(custodian, share))).await;
		bar.finish_and_clear();

		let (mut refusals, mut taken) = (Vec::new(), Vec::new());
		for (custodian, (brought, ended)) in to.custodians.iter().zip(brought) {
			taken.push((custodian, brought));
			if let Err(error) = ended {
				refusals.push(Refusal { custodian: custodian.url().into(), error });
			}
		}
		if refusals.is_empty() {
			return Ok(());
		}
		let is_outdated = refusals.iter().any(|refusal| differs(&refusal.error));
		// What is only late is gone on with by the next run.
		let is_late = refusals.iter().all(|refusal| refusal.error.is_outage());
		let left = match is_late {
			true => "run the command again, and it goes on where it stopped".into(),
			false => self.take_back(&taken).await,
		};
		let sum = match (is_outdated, to.division) {
			(true, _) if pending.version == 1 => Some(
				"the custodians changed since this filing began: run the command again, and it begins \
				 anew"
					.into(),
			),
			(true, _) => Some(
				"the custodians changed since this filing began: name those of before, file it, and \
				 change them then"
					.into(),
			),
			(false, None) => None,
			(false, Some(division)) => Some(format!(
				"{} of {} custodians did not take their part, and nothing was filed: {left}",
				refusals.len(),
				division.of()
			)),
		};
		Err(Undelivered { error: told(refusals, sum), is_outdated })
	}

	/// Brings one custodian the object and its share.
	async fn bring(
		&self,
		custodian: &Custodian,
		(part, share): &(Option<SharePart>, CustodianShare),
	) -> (Brought, Result<(), CustodianError>) {
		let Self { signer, pending, place, object, bar, .. } = self;
		let seen = Arc::new(AtomicU64::new(0));
		let stored = patiently(|| {
			let (shown, seen) = (bar.clone(), seen.clone());
			let progress = move |sent: u64| {
				let before = seen.fetch_max(sent, Ordering::Relaxed);
				shown.inc(sent.saturating_sub(before));
			};
			custodian.put_object(signer, &pending.content, object, progress)
		})
		.await;
		let brought = match stored {
			Ok(stored) => Brought { object: !stored.existed },
			Err(error) => return (Brought::default(), Err(error)),
		};
		let deposit = ShareDeposit {
			record: pending.record,
			version: pending.version,
			subject: place.subject,
			class: place.class,
			compartment: place.compartment,
			nonce: pending.nonce,
			content: pending.content,
			share,
			part: *part,
		};
		let deposited = patiently(|| custodian.deposit_share(signer, &deposit)).await;
		(brought, deposited.map(drop))
	}

	/// Takes the objects back that this run brought to several. The parts stay: without an object they
	/// open nothing, the next run brings the same ones, and one that is erased could never come back.
	async fn take_back(&self, taken: &[(&Custodian, Brought)]) -> String {
		let new = taken.iter().filter(|(_, brought)| brought.object && self.to.division.is_some());
		let deleted = join_all(new.map(|(custodian, _)| async {
			let deleted = custodian.delete_object(&self.signer, &self.pending.content).await;
			(custodian.url(), deleted)
		}))
		.await;
		let left = deleted.into_iter().filter(|(_, deleted)| deleted.is_err());
		let left: Vec<_> = left.map(|(url, _)| url).collect();
		match left.is_empty() {
			true => "the others gave the sealed document back".into(),
			false => format!("the sealed document is still at {}", left.join(" and ")),
		}
	}
}

/// Whether a custodian has another share for the version.
fn differs(error: &CustodianError) -> bool {
	matches!(error, CustodianError::Refused { code, .. } if code == "share-differs")
}

/// The share of each custodian, in their order: all of the key, or the part that was drawn for it.
fn shares(
	drawer: &Drawer<'_>,
	name: &str,
	to: &Depositaries,
	pending: &Pending,
) -> anyhow::Result<Vec<(Option<SharePart>, CustodianShare)>> {
	let whole = CustodianShare::from_bytes(pending.custodian_share);
	let Some(division) = to.division else { return Ok(vec![(None, whole)]) };
	let to: Vec<_> = to.custodians.iter().map(Custodian::identity).collect();
	let parts = kept_parts(drawer, &format!("{name}.parts"), &to, division, &whole)?;
	let (threshold, of) = (division.threshold(), division.of());
	let label = |index| Some(SharePart { index, threshold, of });
	Ok((1..=of).map(label).zip(parts).collect())
}

/// The parts of an earlier run, when it drew them of the same key for the same custodians, or fresh
/// ones.
fn kept_parts(
	drawer: &Drawer<'_>,
	name: &str,
	to: &[IdentityId],
	division: Division,
	whole: &CustodianShare,
) -> anyhow::Result<Vec<CustodianShare>> {
	let is_same = |kept: &Divided| {
		kept.threshold == division.threshold()
			&& kept.custodians == to
			&& kept.parts.len() == to.len()
			&& kept.are_of(whole, division)
	};
	if let Some(kept) = drawer.get::<Divided>(name)?.filter(is_same) {
		return Ok(kept.parts);
	}
	let parts: Vec<_> = whole.divide(division).into_iter().map(|part| part.share).collect();
	let divided = Divided { threshold: division.threshold(), custodians: to.into(), parts };
	drawer.put(name, &divided)?;
	Ok(divided.parts)
}

fn ensure_fits(to: &Depositaries, pending: &Pending) -> anyhow::Result<()> {
	let most = to.custodians.iter().map(|custodian| custodian.info().max_object).min();
	match most {
		Some(most) if pending.object_len > most => Err(anyhow!(OwnFault(format!(
			"the sealed document has {} bytes and the custodian takes {most} at most",
			pending.object_len
		)))),
		_ => Ok(()),
	}
}

/// One error of several, under what they come to: programs find the kind of the first in it, people
/// read all of them.
fn told(refusals: Vec<Refusal>, sum: Option<String>) -> anyhow::Error {
	let mut refusals = refusals.into_iter();
	let Some(first) = refusals.next() else { return anyhow!("nobody refused") };
	let Some(sum) = sum else { return first.error.into() };
	let others: String = refusals.map(|other| format!("{other}; ")).collect();
	anyhow!(first.error).context(format!("{sum}; {others}{}", first.custodian))
}

/// Shares as hexadecimal text, wiped on the way.
mod hex_shares {
	use salus_client::wire::hex_bytes;
	use salus_envelope::{CustodianShare, Secret};
	use serde::{Deserialize, Deserializer, Serialize, Serializer};
	use zeroize::Zeroize;

	#[derive(Serialize, Deserialize)]
	struct One(#[serde(with = "hex_bytes")] [u8; 32]);

	impl Drop for One {
		fn drop(&mut self) {
			self.0.zeroize();
		}
	}

	pub(super) fn serialize<S: Serializer>(
		shares: &[CustodianShare],
		serializer: S,
	) -> Result<S::Ok, S::Error> {
		serializer.collect_seq(shares.iter().map(|share| One(*share.expose())))
	}

	pub(super) fn deserialize<'de, D: Deserializer<'de>>(
		deserializer: D,
	) -> Result<Vec<CustodianShare>, D::Error> {
		let all = Vec::<One>::deserialize(deserializer)?;
		Ok(all.iter().map(|one| CustodianShare::from_bytes(one.0)).collect())
	}
}

#[cfg(test)]
mod tests;
