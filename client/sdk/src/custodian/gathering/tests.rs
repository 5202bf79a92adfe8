// SPDX-License-Identifier: Apache-2.0

use super::*;
use crate::wire::SealedShare;
use salus_envelope::Secret;
use salus_primitives::{DenyReason, Digest, PermitBasis, RecordId};
use std::sync::{
	Arc,
	atomic::{AtomicUsize, Ordering},
};

const KEY: [u8; 32] = [7; 32];

fn came(from: u8, part: Option<SharePart>, share: CustodianShare) -> Came {
	let release = Release {
		record: RecordId([1; 32]),
		version: 1,
		share: SealedShare([0; 80]),
		part,
		key_version: 0,
		decision: AccessDecision::Permit(PermitBasis::Subject),
		seq: u64::from(from),
		event: Digest([0; 32]),
	};
	Came { from: IdentityId([from; 32]), part, share, release }
}

/// What the custodians of a division give, by their numbers.
fn parts(threshold: u8, of: u8) -> Vec<Came> {
	let division = Division::new(threshold, of).unwrap();
	let parts = CustodianShare::from_bytes(KEY).divide(division);
	let label = |index| Some(SharePart { index, threshold, of });
	parts.into_iter().map(|part| came(part.index, label(part.index), part.share)).collect()
}

/// A custodian that answers, and counts that it was asked.
fn gives<'a>(asked: &'a Arc<AtomicUsize>, came: Came) -> Asked<'a> {
	answers(asked, Ok(came))
}

fn answers<'a>(asked: &'a Arc<AtomicUsize>, answer: Result<Came, CustodianError>) -> Asked<'a> {
	Box::pin(async move {
		let number = asked.fetch_add(1, Ordering::Relaxed);
		(format!("asked as {number}"), answer)
	})
}

fn unreachable() -> Result<Came, CustodianError> {
	let (url, reason) = ("http://127.0.0.1:9".into(), "refused".into());
	Err(CustodianError::Unreachable { url, reason })
}

fn denied() -> Result<Came, CustodianError> {
	let (decision, message) = (AccessDecision::Deny(DenyReason::NoGrant), "no".into());
	Err(CustodianError::Denied { decision, message })
}

fn is_key(found: Result<(CustodianShare, Release), GatherError>) -> bool {
	found.is_ok_and(|(key, _)| *key.expose() == KEY)
}

#[tokio::test]
async fn no_more_are_asked_than_it_takes() {
	let asked = Arc::default();
	let all = parts(2, 5).into_iter().map(|came| gives(&asked, came)).collect();
	assert!(is_key(Gathering::new(2, all).next().await));
	assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn one_that_is_gone_is_replaced_by_the_next() {
	let asked = Arc::default();
	let [_, two, three] = parts(2, 3).try_into().ok().unwrap();
	let all = vec![answers(&asked, unreachable()), gives(&asked, two), gives(&asked, three)];
	assert!(is_key(Gathering::new(2, all).next().await));
	assert_eq!(asked.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn too_few_parts_name_who_gave_none_and_why() {
	let asked = Arc::default();
	let one = parts(2, 3).remove(0);
	let all =
		vec![answers(&asked, unreachable()), gives(&asked, one), answers(&asked, unreachable())];
	let ended = Gathering::new(2, all).next().await;
	let Err(GatherError::Short { found: 1, needed: 2, refusals }) = ended else {
		panic!("one part of two is no key")
	};
	let said: Vec<_> = refusals.iter().map(Refusal::to_string).collect();
	assert_eq!(said.len(), 2);
	assert!(said.iter().all(|one| one.contains("no custodian answers at")), "{said:?}");
}

#[tokio::test]
async fn a_part_says_how_many_it_takes_when_nothing_else_does() {
	let asked = Arc::default();
	let all = parts(3, 3).into_iter().map(|came| gives(&asked, came)).collect();
	assert!(is_key(Gathering::new(1, all).next().await));
	assert_eq!(asked.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn a_wrong_part_is_got_round() {
	let asked = Arc::default();
	let [mut one, two, three] = parts(2, 3).try_into().ok().unwrap();
	one.share = CustodianShare::from_bytes([9; 32]);
	let all = vec![gives(&asked, one), gives(&asked, two), gives(&asked, three)];
	let mut gathering = Gathering::new(2, all);
	let mut keys = Vec::new();
	while let Ok((key, _)) = gathering.next().await {
		keys.push(*key.expose());
	}
	// Each pair gives a key once, and the pair of the honest ones gives the right one.
	assert_eq!(keys.len(), 3);
	assert_eq!(keys.iter().filter(|key| **key == KEY).count(), 1);
	assert_ne!(keys[0], KEY);
}

#[tokio::test]
async fn a_denial_asks_nobody_else_until_somebody_knows_better() {
	let asked = Arc::default();
	let [one, two] = parts(2, 2).try_into().ok().unwrap();
	let mut all = vec![answers(&asked, denied())];
	all.extend([gives(&asked, one), gives(&asked, two)]);
	let mut gathering = Gathering::new(1, all);
	let ended = gathering.next().await;
	assert!(matches!(ended, Err(GatherError::Denied { .. })));
	assert_eq!(asked.load(Ordering::Relaxed), 1);
	assert!(is_key(gathering.next().await));

	let mut alone = Gathering::new(1, vec![answers(&asked, denied())]);
	assert!(matches!(alone.next().await, Err(GatherError::Denied { .. })));
	let Err(GatherError::Short { refusals, .. }) = alone.next().await else { panic!("it was all") };
	assert!(matches!(refusals[..], [Refusal { error: CustodianError::Denied { .. }, .. }]));
}

#[tokio::test]
async fn a_whole_key_needs_nothing_beside_it() {
	let asked = Arc::default();
	let whole = came(1, None, CustodianShare::from_bytes(KEY));
	let all = vec![gives(&asked, whole), answers(&asked, unreachable())];
	assert!(is_key(Gathering::new(1, all).next().await));
	assert_eq!(asked.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn parts_of_two_divisions_are_not_mixed() {
	let asked = Arc::default();
	let one = parts(2, 3).remove(0);
	let other = parts(2, 2).remove(1);
	let other = Came { from: IdentityId([9; 32]), ..other };
	let all = vec![gives(&asked, one), gives(&asked, other)];
	let ended = Gathering::new(2, all).next().await;
	assert!(matches!(ended, Err(GatherError::Short { found: 2, needed: 2, .. })));
}

#[tokio::test]
async fn who_is_named_twice_gives_one_part() {
	let asked = Arc::default();
	let [one, _] = parts(2, 2).try_into().ok().unwrap();
	let same = came(1, one.part, one.share.clone());
	let ended = Gathering::new(2, vec![gives(&asked, one), gives(&asked, same)]).next().await;
	assert!(matches!(ended, Err(GatherError::Short { found: 1, needed: 2, .. })));
}

#[tokio::test(start_paused = true)]
async fn one_that_is_silent_does_not_hold_the_others_up() {
	let asked = Arc::default();
	let [_, two, three] = parts(2, 3).try_into().ok().unwrap();
	let silent: Asked<'_> = Box::pin(std::future::pending());
	let all = vec![silent, gives(&asked, two), gives(&asked, three)];
	let begun = tokio::time::Instant::now();
	assert!(is_key(Gathering::new(2, all).next().await));
	assert_eq!(begun.elapsed(), SILENCE);
}
