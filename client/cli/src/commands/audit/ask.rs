// SPDX-License-Identifier: Apache-2.0

//! Asking every custodian for what it recorded: those that the command names, and those that the chain
//! names for whoever asks. Several addresses may be one custodian, whose entries then come twice.

use super::accounting;
use crate::context::{Context, Me};
use anyhow::bail;
use salus_client::{
	At, Chain,
	custodian::{Account, Custodian},
	keystore::Secrets,
	wire::AuditEntry,
};
use salus_primitives::IdentityId;
use std::collections::{BTreeMap, btree_map::Entry};

/// What those said who answered, and who did not, and why.
pub(super) struct Asked<T> {
	pub(super) told: Vec<(IdentityId, T)>,
	pub(super) silent: Vec<String>,
}

impl<T> Asked<T> {
	/// Fails when somebody did not answer: what is missing has to be known.
	pub(super) fn ensure_complete(&self) -> anyhow::Result<()> {
		if self.silent.is_empty() {
			return Ok(());
		}
		bail!(
			"{} of {} custodians gave no answer, and what they recorded is missing here: {}",
			self.silent.len(),
			self.silent.len().saturating_add(self.told.len()),
			self.silent.join("; ")
		)
	}
}

/// Asks all of them, one after the other. Fails when none answers.
pub(super) async fn ask_all<T>(
	context: &Context,
	chain: &Chain,
	at: &At,
	me: &Me,
	question: impl AsyncFn(&Custodian) -> anyhow::Result<T>,
) -> anyhow::Result<Asked<T>> {
	let circle = context.circle(chain, at, me.id).await?;
	let mut asked = Asked { told: Vec::new(), silent: Vec::new() };
	for seat in circle.seats() {
		let answered = match seat.custodian().await {
			Ok(custodian) => question(custodian).await.map(|told| (custodian.identity(), told)),
			Err(error) => Err(error.into()),
		};
		match answered {
			Ok(told) => asked.told.push(told),
			Err(error) => asked.silent.push(format!("{}: {error}", seat.name())),
		}
	}
	if asked.told.is_empty() {
		bail!("{}", asked.silent.join("; "));
	}
	Ok(asked)
}

/// What all custodians together recorded, each entry once.
#[derive(Default, Debug)]
pub(super) struct Recorded {
	/// By organisation, recorder and number.
	entries: BTreeMap<IdentityId, BTreeMap<(String, u64), AuditEntry>>,
	/// Entries that were told in two ways.
	pub(super) contradictions: Vec<String>,
}

impl Recorded {
	/// Asks all of them for an accounting. Gives also who was asked.
	pub(super) async fn ask(
		context: &Context,
		chain: &Chain,
		at: &At,
		me: &Me,
		secrets: &Secrets,
		account: &Account,
	) -> anyhow::Result<(Self, Asked<()>)> {
		let question = async |custodian: &Custodian| accounting(custodian, secrets, account).await;
		let answers = ask_all(context, chain, at, me, question).await?;
		let mut all = Self::default();
		let mut asked = Asked { told: Vec::new(), silent: answers.silent };
		for (service, entries) in answers.told {
			asked.told.push((service, ()));
			all.add(service, entries);
		}
		Ok((all, asked))
	}

	/// Adds what a service told. What it told before stays, with the proof of either.
	fn add(&mut self, service: IdentityId, entries: Vec<AuditEntry>) {
		// A service without an entry was asked as well.
		let known = self.entries.entry(service).or_default();
		for entry in entries {
			match known.entry((entry.recorder.clone(), entry.seq)) {
				Entry::Vacant(place) => drop(place.insert(entry)),
				Entry::Occupied(mut place) => {
					if place.get().event() != entry.event() {
						let name = format!("{service}/{}/{}", entry.recorder, entry.seq);
						self.contradictions.push(name);
					} else if place.get().batch.is_none() {
						place.insert(entry);
					}
				},
			}
		}
	}

	/// What each service recorded, in the order of its numbers.
	pub(super) fn by_service(&self) -> impl Iterator<Item = (IdentityId, Vec<AuditEntry>)> {
		self.entries
			.iter()
			.map(|(service, entries)| (*service, entries.values().cloned().collect()))
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::commands::audit::verify::tests::{SERVICE, anchored, entry};

	const OTHER: IdentityId = IdentityId([8; 32]);

	fn all(recorded: &Recorded) -> Vec<(IdentityId, Vec<u64>)> {
		let numbers = |entries: Vec<AuditEntry>| entries.iter().map(|entry| entry.seq).collect();
		recorded.by_service().map(|(service, entries)| (service, numbers(entries))).collect()
	}

	#[test]
	fn entries_are_told_apart_by_organisation_recorder_and_number() {
		let mut recorded = Recorded::default();
		recorded.add(SERVICE, vec![entry(0), entry(1)]);
		recorded.add(OTHER, vec![entry(0)]);
		let elsewhere = AuditEntry { recorder: "night".into(), ..entry(1) };
		recorded.add(SERVICE, vec![elsewhere]);
		assert_eq!(all(&recorded), [(SERVICE, vec![0, 1, 1]), (OTHER, vec![0])]);
		assert!(recorded.contradictions.is_empty());
	}

	#[test]
	fn what_two_instances_tell_stands_once_with_its_proof() {
		let (proven, _) = anchored();
		let bare = || proven.iter().map(|one| AuditEntry { batch: None, ..one.clone() });
		for first_is_bare in [true, false] {
			let mut recorded = Recorded::default();
			let mut answers = [bare().collect::<Vec<_>>(), proven.clone()];
			if !first_is_bare {
				answers.reverse();
			}
			for answer in answers {
				recorded.add(SERVICE, answer);
			}
			let (_, entries) = recorded.by_service().next().unwrap();
			assert_eq!(entries, proven);
			assert!(recorded.contradictions.is_empty());
		}
	}

	#[test]
	fn an_entry_that_is_told_in_two_ways_is_named() {
		let mut recorded = Recorded::default();
		recorded.add(SERVICE, vec![entry(4)]);
		recorded.add(SERVICE, vec![AuditEntry { version: 2, ..entry(4) }]);
		assert_eq!(recorded.contradictions, [format!("{SERVICE}/desk/4")]);
	}

	#[test]
	fn a_service_that_recorded_nothing_was_asked_as_well() {
		let mut recorded = Recorded::default();
		recorded.add(SERVICE, Vec::new());
		assert_eq!(all(&recorded), [(SERVICE, vec![])]);
	}

	#[test]
	fn who_gave_no_answer_is_not_passed_over() {
		let asked = |silent: &[&str]| Asked {
			told: vec![(SERVICE, ())],
			silent: silent.iter().copied().map(Into::into).collect(),
		};
		assert!(asked(&[]).ensure_complete().is_ok());
		let said = asked(&["b: it is down"]).ensure_complete().unwrap_err().to_string();
		assert!(said.starts_with("1 of 2 custodians") && said.contains("b: it is down"), "{said}");
	}
}
