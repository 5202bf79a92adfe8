// SPDX-License-Identifier: Apache-2.0

//! How long it takes from a request to the share in the reader's hand, when the grant is final.
//!
//! The clock runs over all of it: signing, the questions to the node at both ends of the chain, the
//! nonce and the entry synced to disk, sealing, and opening. No block is waited for: the entry of a
//! plain permit goes to the chain with the next batch.

use crate::{at, millis, scene::Scene};
use salus_e2e::Outcome;
use salus_envelope::{CustodianShare, Secret};
use salus_primitives::{AccessDecision, PermitBasis, RecordId};
use std::{
	collections::{BTreeMap, BTreeSet},
	time::{Duration, Instant},
};

/// How many requests are timed.
const MANY: usize = 1_000;
/// How many go before: the first ones open connections, compile the runtime and fill caches.
const WARM_UP: usize = 50;
/// What one in a hundred may take.
const TARGET: Duration = Duration::from_millis(50);

pub(crate) async fn play(scene: &Scene) -> Outcome {
	let custodian = scene.custodian().await?;
	let mut shares = BTreeMap::new();
	let (mut times, mut entries) = (Vec::with_capacity(MANY), BTreeSet::new());
	let turns = scene.records.iter().flat_map(|record| {
		let readers = scene.grantees.iter();
		readers.map(move |reader| (reader, *record))
	});
	for (round, (reader, record)) in turns.cycle().take(WARM_UP + MANY).enumerate() {
		let wish = reader.wish(record);
		let start = Instant::now();
		let answer = custodian.request_share(&reader.signer, &wish, &reader.secret).await;
		let took = start.elapsed();
		let (share, release) = answer.map_err(|error| format!("request {round}: {error}"))?;
		if !matches!(release.decision, AccessDecision::Permit(PermitBasis::Grant(_))) {
			return Err(format!("request {round} rests on no grant: access {}", release.decision));
		}
		same_share(&mut shares, record, &share)?;
		if !entries.insert(release.seq) {
			return Err(format!("two releases share entry {} of the log", release.seq));
		}
		if round >= WARM_UP {
			times.push(took);
		}
	}
	let differing: BTreeSet<_> = shares.values().collect();
	if differing.len() != scene.records.len() {
		return Err("two records opened with one share".into());
	}
	judge(times)
}

/// Every reader gets the same share of a record, every time.
fn same_share(
	known: &mut BTreeMap<RecordId, [u8; 32]>,
	record: RecordId,
	share: &CustodianShare,
) -> Outcome {
	let first = known.entry(record).or_insert(*share.expose());
	if first == share.expose() { Ok(()) } else { Err(format!("record {record}: another share")) }
}

fn judge(mut times: Vec<Duration>) -> Outcome {
	times.sort_unstable();
	let [p50, p99, most] = [500, 990, 1_000].map(|share| at(&times, share));
	println!(
		"release of a share after a final grant, {} times, no block waited for: p50 {:.1} ms, p99 \
		 {:.1} ms, most {:.1} ms",
		times.len(),
		millis(p50),
		millis(p99),
		millis(most)
	);
	if p99 < TARGET {
		return Ok(());
	}
	Err(format!("the p99 of a release is {:.1} ms, not below {:.0}", millis(p99), millis(TARGET)))
}
