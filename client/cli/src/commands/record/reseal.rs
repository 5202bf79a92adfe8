// SPDX-License-Identifier: Apache-2.0

//! Sealing a record anew, and what becomes of the shares that opened it before.

use crate::{
	context::Context,
	filing::{Filing, keeps, with_patience},
	output::table,
	reading_room::ReadingRoom,
	values::when,
};
use anyhow::bail;
use salus_client::{
	Chain, Keypair,
	custodian::{Circle, Custodian, CustodianError, Held},
	types::StageView,
};
use salus_primitives::{Action, Moment, Purpose, RecordId, RecordVersion};
use serde::Serialize;
use serde_json::json;

/// How often the custodian is asked again until it has seen the new version, a second apart, for all
/// old shares together.
const PATIENCE: u32 = 20;

#[derive(clap::Args, Debug)]
pub(crate) struct Reseal {
	/// Which record.
	record: RecordId,
	/// What you open it for.
	#[arg(long)]
	purpose: Option<Purpose>,
}

/// What became of the share of an earlier version.
#[derive(Serialize, Debug)]
struct Destroyed {
	version: RecordVersion,
	/// What the custodian says of it, or why it says nothing.
	share: String,
	#[serde(skip)]
	is_left: bool,
}

/// What became of a share, or of one part of it, at one custodian.
#[derive(PartialEq, Eq, Debug)]
enum Fate {
	/// It is gone.
	Gone,
	/// It is there, and its destruction is the keeper's to order.
	Keepers,
	/// It is not known to be gone, for this reason.
	Left(String),
}

impl Destroyed {
	/// Of all its parts together, each at the custodian of that name.
	fn of(version: RecordVersion, fates: Vec<(String, Fate)>) -> Self {
		let is_keepers = fates.iter().any(|(_, fate)| *fate == Fate::Keepers);
		let left = fates.into_iter().filter_map(|(name, fate)| match fate {
			Fate::Left(reason) => Some(format!("{name}: {reason}")),
			Fate::Gone | Fate::Keepers => None,
		});
		let left: Vec<_> = left.collect();
		let share = match (left.is_empty(), is_keepers) {
			(false, _) => left.join("; "),
			// The custodian takes that order from who may have to keep what it filed.
			(true, true) => "kept until the record's keeper seals it anew as well".into(),
			(true, false) => "destroyed".into(),
		};
		Self { version, share, is_left: !left.is_empty() }
	}
}

/// Seals a record under new keys, and has the old shares destroyed.
pub(super) async fn reseal(context: &Context, reseal: Reseal) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let filing = Filing { context, chain: &chain, secrets: &secrets, me: &me };
	let (version, destroyed) = anew(&filing, reseal.record, reseal.purpose).await?;
	let filed = chain.best().await?.version(reseal.record, version).await?;
	let waits_until = filed.and_then(|filed| waits_until(&filed.stage));
	let left: Vec<_> = destroyed.iter().filter(|one| one.is_left).collect();
	let answer = json!({
		"record": reseal.record,
		"version": version,
		"waitsForVerdictsUntil": waits_until,
		"oldShares": destroyed,
	});
	context.out.say(&answer, || {
		let rows = destroyed.iter().map(|one| [one.version.to_string(), one.share.clone()]);
		let shares = table(["old version", "its key share"], rows.collect(), "");
		let waits = waits_until.map(waiting_text).unwrap_or_default();
		format!("record {} is sealed anew as version {version}{waits}\n\n{shares}", reseal.record)
	})?;
	match left.first() {
		None => Ok(()),
		Some(first) => bail!(
			"the key share of version {} is not known to be gone ({}): run the command again, or ask \
			 the custodian's operator",
			first.version,
			first.share
		),
	}
}

/// Until when a version that was sealed anew takes verdicts, when those it brought along do not meet
/// the policy of now: it counts, and is to be validated again.
fn waits_until(stage: &StageView) -> Option<Moment> {
	match stage {
		StageView::Open { deadline } | StageView::Revalidating { deadline, .. } => Some(*deadline),
		StageView::Lapsed { .. }
		| StageView::Anchored { .. }
		| StageView::Failed { .. }
		| StageView::Abandoned { .. }
		| StageView::RevalidationFailed { .. } => None,
	}
}

fn waiting_text(until: Moment) -> String {
	format!(
		"\nIt counts, and waits for verdicts until {} UTC: the verdicts that it brought along do not meet \
		 the policy of now. `salus record attest` gives one.",
		when(until)
	)
}

/// Seals a record under new keys. Gives the new version, and what became of the shares of the others.
async fn anew(
	filing: &Filing<'_>,
	record: RecordId,
	purpose: Option<Purpose>,
) -> anyhow::Result<(RecordVersion, Vec<Destroyed>)> {
	let Filing { context, chain, secrets, me } = *filing;
	let room = ReadingRoom { context, chain, secrets, me };
	let opened = room.open(record, None, purpose, Action::Access).await?;
	let version = filing.reseal(&opened).await?;
	let circle = context.circle_of(chain, &chain.best().await?, &opened.view).await?;
	let old = old_versions(chain, record, version).await?;
	let is_keeper = keeps(&chain.best().await?, me.id, &opened.view).await?;
	let order = Order { signer: secrets.signer(), record, is_keeper };
	let (mut destroyed, mut patience) = (Vec::new(), PATIENCE);
	for old in old {
		destroyed.push(order.carry_out(&circle, old, &mut patience).await);
	}
	Ok((version, destroyed))
}

/// The same for somebody who is not there to read a table. Gives the new version, and which old
/// shares are not known to be gone.
pub(crate) async fn seal_anew(
	filing: &Filing<'_>,
	record: RecordId,
	purpose: Option<Purpose>,
) -> anyhow::Result<(RecordVersion, Vec<String>)> {
	let (version, destroyed) = anew(filing, record, purpose).await?;
	let left = destroyed.into_iter().filter(|one| one.is_left);
	Ok((version, left.map(|one| format!("version {}: {}", one.version, one.share)).collect()))
}

/// The versions before one that the chain still knows.
async fn old_versions(
	chain: &Chain,
	record: RecordId,
	version: RecordVersion,
) -> anyhow::Result<Vec<RecordVersion>> {
	let all = chain.best().await?.all_versions(record).await?;
	Ok(all.iter().map(|one| one.number).filter(|number| *number < version).collect())
}

/// Old shares of a record that are to be destroyed.
struct Order {
	signer: Keypair,
	record: RecordId,
	/// Whether it is the keeper's order, and so one that is taken.
	is_keeper: bool,
}

impl Order {
	/// Has the share of a version destroyed wherever a part of it may lie.
	async fn carry_out(
		&self,
		circle: &Circle,
		version: RecordVersion,
		patience: &mut u32,
	) -> Destroyed {
		let mut fates = Vec::new();
		for seat in circle.seats() {
			let fate = match seat.custodian().await {
				Ok(custodian) => self.carry_out_at(custodian, version, patience).await,
				Err(error) => Fate::Left(error.to_string()),
			};
			fates.push((seat.name(), fate));
		}
		Destroyed::of(version, fates)
	}

	/// Has it destroyed at one custodian, and asks whether it is gone.
	async fn carry_out_at(
		&self,
		custodian: &Custodian,
		version: RecordVersion,
		patience: &mut u32,
	) -> Fate {
		let Self { signer, record, is_keeper } = self;
		let mut reason = String::new();
		if *is_keeper {
			let ask = || custodian.delete_share(signer, record, version);
			let asked = with_patience(patience, may_pass, ask).await;
			reason = asked.err().map(|error| error.to_string()).unwrap_or_default();
		}
		match custodian.share_state(signer, record, version).await {
			Ok(Held::Missing | Held::Erased) => Fate::Gone,
			Ok(Held::Kept) if !is_keeper => Fate::Keepers,
			Ok(Held::Kept) => Fate::Left(format!("kept: {reason}")),
			Err(error) => Fate::Left(error.to_string()),
		}
	}
}

/// Whether waiting may change why a keeper's share is not destroyed. The custodian follows the final
/// block of its own node, and until it has seen the new version there, the old one is anchored and
/// belongs to whoever deposited it. Everything else that is refused stays refused.
fn may_pass(error: &CustodianError) -> bool {
	match error {
		CustodianError::Unreachable { .. } => true,
		CustodianError::Refused { status, code, .. } => match code.as_str() {
			"anchored" | "not-entitled" => true,
			_ => matches!(status, 408 | 429 | 503),
		},
		_ => false,
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn only_what_waiting_may_change_is_waited_for() {
		let refused = |status, code: &str| CustodianError::Refused {
			status,
			code: code.into(),
			message: "no".into(),
		};
		let (url, reason) = ("http://127.0.0.1:9".to_owned(), "refused".to_owned());
		assert!(may_pass(&CustodianError::Unreachable { url, reason }));
		for (status, code) in [
			(409, "anchored"),
			(403, "not-entitled"),
			(429, "too-many-requests"),
			(503, "stale-finality"),
			(503, "shutting-down"),
		] {
			assert!(may_pass(&refused(status, code)), "{code}");
		}
		for (status, code) in [
			(400, "malformed"),
			(401, "unknown-account"),
			(403, "not-author"),
			(403, "access-denied"),
			(404, "share-missing"),
			(410, "share-erased"),
			(500, "store-failed"),
			(502, "share-damaged"),
		] {
			assert!(!may_pass(&refused(status, code)), "{code}");
		}
	}

	#[test]
	fn what_waits_for_verdicts_says_until_when() {
		let revalidating = StageView::Revalidating { anchored: 1, deadline: 1_767_225_600_000 };
		let until = waits_until(&revalidating).unwrap();
		assert_eq!(until, 1_767_225_600_000);
		assert_eq!(waits_until(&StageView::Open { deadline: 7 }), Some(7));
		let text = waiting_text(until);
		assert!(text.contains("2026-01-01") && text.contains("salus record attest"), "{text}");
		// What counts by the verdicts that it brought along waits for none.
		for settled in [StageView::Anchored { at: 1 }, StageView::RevalidationFailed { at: 1 }] {
			assert_eq!(waits_until(&settled), None);
		}
	}

	#[test]
	fn a_share_is_destroyed_when_no_custodian_has_a_part_of_it() {
		let told = |fates: Vec<Fate>| {
			let named = ["a", "b", "c"].map(String::from).into_iter().zip(fates).collect();
			let Destroyed { share, is_left, .. } = Destroyed::of(3, named);
			(share, is_left)
		};
		assert_eq!(told(vec![Fate::Gone, Fate::Gone]), ("destroyed".into(), false));
		let (share, is_left) = told(vec![Fate::Gone, Fate::Keepers]);
		assert!(share.contains("keeper") && !is_left, "what is not one's to order fails nothing");
		let down = Fate::Left("kept: the custodian is down".into());
		let (share, is_left) = told(vec![Fate::Gone, Fate::Keepers, down]);
		assert!(share.contains("c: kept") && is_left, "{share}");
	}
}
