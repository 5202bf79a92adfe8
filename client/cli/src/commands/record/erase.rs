// SPDX-License-Identifier: Apache-2.0

//! Erasure: asked for by the patient, decided by the keeper, followed by the custodian.
//!
//! What the chain erases is gone when the block is final and every custodian has destroyed its share
//! and the object. The command waits for both and says what is still there.

use crate::{
	context::{Context, Me},
	filing,
	output::{facts, table},
	reading_room::look_up,
	values::when,
};
use anyhow::{anyhow, bail};
use futures::future::join_all;
use salus_client::{
	At, Call, Chain, Keypair, calls,
	custodian::{Circle, CustodianError, Held, Seat},
	types::{ErasureState, RecordView, VersionView},
};
use salus_primitives::{ContentHash, ErasureBasis, RecordId, RecordVersion, RefusalBasis};
use serde::Serialize;
use serde_json::json;
use std::time::Duration;

/// How long the custodians are given to follow the chain, asked once a second.
const PATIENCE: u32 = 45;

#[derive(clap::Args, Debug)]
pub(crate) struct Erase {
	/// Which record.
	record: RecordId,
	/// As its keeper: erase it, for the reason named by --basis.
	#[arg(long, requires = "basis", conflicts_with = "refuse")]
	execute: bool,
	/// As its keeper: refuse, for the reason named by --basis.
	#[arg(long, requires = "basis")]
	refuse: bool,
	/// Why. Of an erasure: no-longer-necessary, consent-withdrawn, objection, unlawful-processing,
	/// legal-obligation or child-data. Of a refusal: legal-duty, public-health, archiving or
	/// legal-claims.
	#[arg(long, value_name = "WORD")]
	basis: Option<String>,
	/// Go on without asking.
	#[arg(long)]
	yes: bool,
}

/// What is to be done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Act {
	Request,
	Execute(ErasureBasis),
	Refuse(RefusalBasis),
	/// It is erased already.
	Nothing,
}

/// What is left of one version at one custodian.
#[derive(Serialize, Debug)]
#[serde(rename_all = "camelCase")]
struct Remains {
	version: RecordVersion,
	custodian: String,
	share: String,
	object: String,
	#[serde(skip)]
	is_gone: bool,
}

/// One version as the custodian knows it.
#[derive(Clone, Copy)]
struct Stored {
	version: RecordVersion,
	/// The object, unless the chain kept it itself.
	content: Option<ContentHash>,
}

pub(super) async fn erase(context: &Context, erase: Erase) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let signer = secrets.signer();
	let (act, kept) = plan(&at, &me, &erase).await?;
	match act {
		Act::Request => {
			let call = calls::records::request_erasure(erase.record);
			context.submit(&chain, &call, &signer).await?;
			say_state(context, &chain, erase.record).await
		},
		Act::Refuse(basis) => {
			let call = calls::records::refuse_erasure(erase.record, basis);
			context.submit(&chain, &call, &signer).await?;
			say_state(context, &chain, erase.record).await
		},
		Act::Execute(basis) => {
			let (view, stored) = kept.ok_or_else(|| anyhow!("the record is gone already"))?;
			let circle = context.circle_of(&chain, &at, &view).await?;
			ensure_reached(&circle).await?;
			let question = "Nobody opens the record any more afterwards, and nothing brings it back. \
			                Erase it?";
			context.confirm(question, erase.yes)?;
			let call: Call = calls::records::execute_erasure(erase.record, basis);
			context.submit_finally(&chain, &call, &signer).await?;
			for one in &stored {
				filing::forget(context, &secrets, &erase.record, one.version);
			}
			let remains = follow(&circle, &signer, erase.record, &stored).await;
			say_erased(context, &chain, erase.record, &remains).await
		},
		Act::Nothing => say_state(context, &chain, erase.record).await,
	}
}

/// What the command means for this person and this record.
async fn plan(
	at: &At,
	me: &Me,
	erase: &Erase,
) -> anyhow::Result<(Act, Option<(RecordView, Vec<Stored>)>)> {
	if let Some(ErasureState::Erased(_)) = at.erasure_state(erase.record).await? {
		return Ok((Act::Nothing, None));
	}
	let (view, _) = look_up(at, erase.record, None).await?;
	let act = act(me.id == view.subject, view.author == view.subject, erase)?;
	if view.legal_hold && matches!(act, Act::Execute(_)) {
		bail!(
			"the record is held back from erasure: who ordered that lifts it with `salus record hold \
			 {} off`",
			view.id
		);
	}
	let versions = at.all_versions(view.id).await?;
	Ok((act, Some((view, versions.iter().map(stored).collect()))))
}

/// Refuses when nobody could follow the chain now. One custodian that is away is no reason to wait: it
/// follows before it serves anything again.
async fn ensure_reached(circle: &Circle) -> anyhow::Result<()> {
	let mut failed = None;
	for seat in circle.seats() {
		match seat.custodian().await {
			Ok(_) => return Ok(()),
			Err(error) => failed = Some(error),
		}
	}
	failed.map_or(Ok(()), |error| Err(error.into()))
}

fn stored(version: &VersionView) -> Stored {
	let content = version.object.is_none().then_some(version.content);
	Stored { version: version.number, content }
}

/// What is to be done, by who asks and whose the record is.
fn act(is_subject: bool, is_own: bool, erase: &Erase) -> anyhow::Result<Act> {
	let word = erase.basis.as_deref();
	if erase.refuse {
		let word = word.unwrap_or_default();
		let basis = word.parse().map_err(|_| {
			anyhow!("`{word}` is no reason to refuse: {}", words(RefusalBasis::ALL))
		})?;
		return Ok(Act::Refuse(basis));
	}
	let basis = match word {
		None => None,
		Some(word) => Some(word.parse::<ErasureBasis>().map_err(|_| {
			anyhow!("`{word}` is no reason to erase: {}", words(ErasureBasis::ALL))
		})?),
	};
	match (erase.execute, is_subject, basis) {
		(true, _, Some(basis)) => Ok(Act::Execute(basis)),
		(true, _, None) => bail!("say why with --basis: {}", words(ErasureBasis::ALL)),
		// What a patient wrote is the patient's to erase, at once.
		(false, true, basis) if is_own => {
			Ok(Act::Execute(basis.unwrap_or(ErasureBasis::ConsentWithdrawn)))
		},
		(false, true, None) => Ok(Act::Request),
		(false, true, Some(_)) => {
			bail!("the keeper names the reason when it erases: ask without --basis")
		},
		(false, false, _) => bail!(
			"only the patient asks for an erasure; as the record's keeper, answer with --execute or \
			 --refuse and a --basis"
		),
	}
}

fn words<T: ToString>(all: &[T]) -> String {
	let words: Vec<_> = all.iter().map(T::to_string).collect();
	format!("use one of {}", words.join(", "))
}

/// Asks the custodians until everything is gone, or patience is.
async fn follow(
	circle: &Circle,
	signer: &Keypair,
	record: RecordId,
	stored: &[Stored],
) -> Vec<Remains> {
	let spinner = crate::output::timer("the custodians destroy shares and object");
	let seats = circle.seats().iter();
	let mut places: Vec<_> =
		seats.flat_map(|seat| stored.iter().map(move |one| (seat, *one))).collect();
	let (mut remains, mut lagging) = (Vec::new(), Vec::new());
	for _ in 0..PATIENCE {
		let looked = places.iter().map(|(seat, one)| look_for(seat, signer, record, *one));
		let (gone, left): (Vec<_>, Vec<_>) =
			places.iter().copied().zip(join_all(looked).await).partition(|(_, one)| one.is_gone);
		remains.extend(gone.into_iter().map(|(_, one)| one));
		// What is gone is not asked about again.
		let (still, last) = left.into_iter().unzip();
		(places, lagging) = (still, last);
		if places.is_empty() {
			break;
		}
		tokio::time::sleep(Duration::from_secs(1)).await;
	}
	spinner.finish_and_clear();
	remains.extend(lagging);
	remains.sort_by(|a, b| (a.version, &a.custodian).cmp(&(b.version, &b.custodian)));
	remains
}

async fn look_for(seat: &Seat, signer: &Keypair, record: RecordId, one: Stored) -> Remains {
	let said = |state: Result<Held, CustodianError>| match state {
		Ok(Held::Kept) => ("still there".to_owned(), false),
		Ok(Held::Missing) => ("not there".to_owned(), true),
		Ok(Held::Erased) => ("erased".to_owned(), true),
		Err(error) => (error.to_string(), false),
	};
	let share = async { seat.custodian().await?.share_state(signer, &record, one.version).await };
	let (share, share_gone) = said(share.await);
	let (object, object_gone) = match &one.content {
		Some(content) => {
			said(async { seat.custodian().await?.object_state(signer, content).await }.await)
		},
		None => ("was on chain, and is gone".to_owned(), true),
	};
	let is_gone = share_gone && object_gone;
	Remains { version: one.version, custodian: seat.name(), share, object, is_gone }
}

async fn say_state(context: &Context, chain: &Chain, record: RecordId) -> anyhow::Result<()> {
	let state = chain.best().await?.erasure_state(record).await?;
	let answer = json!({ "record": record, "erasure": state });
	context.out.say(&answer, || {
		facts(&[("record", record.to_string()), ("erasure", said(state.as_ref()))])
	})
}

/// How far an erasure has come, in words.
pub(super) fn said(state: Option<&ErasureState>) -> String {
	match state {
		None => "-".into(),
		Some(ErasureState::Requested { at, due }) => {
			format!("asked for on {}, to be answered by {}", when(*at), when(*due))
		},
		Some(ErasureState::Refused { basis, by, at }) => {
			format!("refused by {by} on {}: {basis}", when(*at))
		},
		Some(ErasureState::Erased(tombstone)) => {
			format!("erased by {} on {}: {}", tombstone.by, when(tombstone.at), tombstone.basis)
		},
	}
}

async fn say_erased(
	context: &Context,
	chain: &Chain,
	record: RecordId,
	remains: &[Remains],
) -> anyhow::Result<()> {
	let state = chain.finalized().await?.erasure_state(record).await?;
	let is_gone = remains.iter().all(|one| one.is_gone);
	let answer = json!({
		"record": record,
		"erasure": state,
		"remains": remains,
		"allGone": is_gone,
	});
	context.out.say(&answer, || {
		let head = facts(&[("record", record.to_string()), ("erasure", said(state.as_ref()))]);
		let rows = remains.iter().map(|one| {
			let version = one.version.to_string();
			[version, one.custodian.clone(), one.share.clone(), one.object.clone()]
		});
		let table = table(["version", "custodian", "key share", "object"], rows.collect(), "");
		format!("{head}\n\n{table}")
	})?;
	if is_gone {
		return Ok(());
	}
	bail!(
		"the chain erased the record, but not every custodian is known to have followed: each follows \
		 within seconds of a final block when it runs, and before it serves anything when it starts. Ask \
		 the operator of one that does not"
	);
}

#[cfg(test)]
mod tests {
	use super::*;

	fn typed(execute: bool, refuse: bool, basis: Option<&str>) -> Erase {
		let basis = basis.map(str::to_owned);
		Erase { record: RecordId([1; 32]), execute, refuse, basis, yes: true }
	}

	#[test]
	fn the_patient_asks_and_the_keeper_answers() {
		assert_eq!(act(true, false, &typed(false, false, None)).unwrap(), Act::Request);
		let erase = act(false, false, &typed(true, false, Some("legal-obligation"))).unwrap();
		assert_eq!(erase, Act::Execute(ErasureBasis::LegalObligation));
		let refuse = act(false, false, &typed(false, true, Some("legal-duty"))).unwrap();
		assert_eq!(refuse, Act::Refuse(RefusalBasis::LegalDuty));
	}

	#[test]
	fn what_a_patient_wrote_is_erased_at_once() {
		let erase = act(true, true, &typed(false, false, None)).unwrap();
		assert_eq!(erase, Act::Execute(ErasureBasis::ConsentWithdrawn));
		let erase = act(true, true, &typed(false, false, Some("objection"))).unwrap();
		assert_eq!(erase, Act::Execute(ErasureBasis::Objection));
	}

	#[test]
	fn what_makes_no_sense_says_what_would() {
		for (is_subject, erase, says) in [
			(false, typed(false, false, None), "--execute or --refuse"),
			(true, typed(false, false, Some("objection")), "without --basis"),
			(false, typed(true, false, None), "no-longer-necessary"),
			(false, typed(true, false, Some("legal-duty")), "no reason to erase"),
			(false, typed(false, true, Some("objection")), "legal-claims"),
		] {
			let error = act(is_subject, false, &erase).unwrap_err().to_string();
			assert!(error.contains(says), "{error}");
		}
	}

	#[test]
	fn every_state_is_said_with_its_time() {
		let requested = ErasureState::Requested { at: 0, due: 30 * 86_400_000 };
		assert!(said(Some(&requested)).ends_with("to be answered by 1970-01-31 00:00:00"));
		assert_eq!(said(None), "-");
	}
}
