// SPDX-License-Identifier: Apache-2.0

//! Packs at the counter: shown, handed over whole or in part, taken back.

use super::{
	Desk,
	proofs::{self, Sources},
	words::{self, Event, Pack, Place, Unit},
};
use crate::{
	context::Context,
	output::{plain, table},
	values::Hash,
};
use anyhow::{Context as _, anyhow, bail};
use salus_client::{
	calls,
	keystore::write_private,
	types::supply::{HeldUnit, MAX_TOUCHED, MAX_UNITS, ReturnedUnit, RxLink, UnitProof},
};
use salus_primitives::Digest;
use serde_json::{Value, json};
use std::{path::PathBuf, str::FromStr};

#[derive(clap::Args, Debug)]
pub(crate) struct Touch {
	/// Which packs: units as BATCH/INDEX, or what their labels say; 64 at most.
	#[arg(required = true, value_name = "PACK")]
	packs: Vec<Pack>,
	#[command(flatten)]
	sources: Sources,
}

/// What a dispensing fills.
#[derive(clap::Args, Debug)]
pub(crate) struct Prescription {
	/// The prescription that it fills, by its hash on this chain.
	#[arg(long, value_name = "HASH", value_parser = words::digest)]
	prescription: Option<Digest>,
	/// Which of its lines.
	#[arg(long, requires = "prescription", default_value_t = 0)]
	line: u8,
}

impl Prescription {
	fn link(&self) -> RxLink {
		self.prescription
			.map_or(RxLink::None, |prescription| RxLink::Open { prescription, line: self.line })
	}
}

#[derive(clap::Args, Debug)]
pub(crate) struct Dispense {
	/// Which packs: units as BATCH/INDEX, or what their labels say; 32 at most, all or none.
	#[arg(required = true, value_name = "PACK")]
	packs: Vec<Pack>,
	#[command(flatten)]
	sources: Sources,
	#[command(flatten)]
	place: Place,
	#[command(flatten)]
	prescription: Prescription,
	/// A new file for the secrets that go with the packs; without it they are printed.
	#[arg(long, value_name = "FILE")]
	secrets: Option<PathBuf>,
	#[command(flatten)]
	event: Event,
}

#[derive(clap::Args, Debug)]
pub(crate) struct DispensePart {
	/// Which pack: a unit as BATCH/INDEX, or what its label says.
	pack: Pack,
	/// How much of it, in ten-thousandths: 2500 is a quarter.
	#[arg(long, value_parser = clap::value_parser!(u16).range(1..=10_000))]
	fraction: u16,
	#[command(flatten)]
	sources: Sources,
	#[command(flatten)]
	place: Place,
	#[command(flatten)]
	prescription: Prescription,
	/// A new file for the secret that goes with the part; without it it is printed.
	#[arg(long, value_name = "FILE")]
	secrets: Option<PathBuf>,
	#[command(flatten)]
	event: Event,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Undo {
	/// The unit, as BATCH/INDEX.
	unit: Unit,
	#[command(flatten)]
	place: Place,
	/// State that the pack never left: without it nothing is undone.
	#[arg(long)]
	not_handed_over: bool,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Return {
	/// Which units, as BATCH/INDEX; of another's dispensing with =SECRET behind it; 32 at most.
	#[arg(required = true, value_name = "UNIT[=SECRET]")]
	units: Vec<Returned>,
	/// They may be sold again.
	#[arg(long)]
	saleable: bool,
	#[command(flatten)]
	event: Event,
}

/// A unit that comes back, with the secret that went with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Returned {
	unit: Unit,
	opening: Option<Digest>,
}

impl FromStr for Returned {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, String> {
		let (unit, opening) = match text.split_once('=') {
			Some((unit, secret)) => (unit, Some(Digest(secret.parse::<Hash>()?.0))),
			None => (text, None),
		};
		Ok(Self { unit: unit.parse()?, opening })
	}
}

pub(super) async fn touch(context: &Context, touch: Touch) -> anyhow::Result<()> {
	at_most(touch.packs.len(), MAX_TOUCHED)?;
	let mut prover = touch.sources.open()?;
	let desk = Desk::open(context).await?;
	desk.reach(&mut prover).await?;
	let units = prover.prove_all(&desk.chain.best().await?, &touch.packs).await?;
	desk.send(&calls::supply::touch_units(units.clone())).await?;
	let answer = json!({ "units": named(&units) });
	context.out.say(&answer, || {
		format!("the serials of {} units stand on the chain from now on", units.len())
	})
}

pub(super) async fn dispense(context: &Context, dispense: Dispense) -> anyhow::Result<()> {
	at_most(dispense.packs.len(), MAX_UNITS)?;
	let mut prover = dispense.sources.open()?;
	let desk = Desk::open(context).await?;
	let at = desk.chain.best().await?;
	let told = dispense.event.told(&at).await?;
	desk.reach(&mut prover).await?;
	let proofs = prover.prove_all(&at, &dispense.packs).await?;
	let secrets = secrets_for(&proofs)?;
	let paired = proofs.iter().cloned().zip(&secrets);
	let units = paired.map(|(proof, secret)| proofs::dispensing(proof, secret)).collect();
	// On disk before the chain has the commitments: they cannot be opened without.
	keep(dispense.secrets.as_deref(), &proofs, &secrets)?;
	let (site, link) = (dispense.place.site(), dispense.prescription.link());
	desk.send(&calls::supply::dispense(units, site, link, told)).await?;
	let answer = json!({ "units": receipts(&proofs, &secrets), "site": site, "told": told });
	context.out.say(&answer, || handed_over(&proofs, &secrets, dispense.secrets.is_some()))
}

pub(super) async fn dispense_part(context: &Context, part: DispensePart) -> anyhow::Result<()> {
	let mut prover = part.sources.open()?;
	let desk = Desk::open(context).await?;
	let at = desk.chain.best().await?;
	let told = part.event.told(&at).await?;
	desk.reach(&mut prover).await?;
	let proof = prover.prove(&at, &part.pack).await?;
	let proofs = [proof.clone()];
	let secrets = secrets_for(&proofs)?;
	let secret = secrets.first().copied().unwrap_or_default();
	keep(part.secrets.as_deref(), &proofs, &secrets)?;
	let (site, link) = (part.place.site(), part.prescription.link());
	let unit = proofs::dispensing(proof, &secret);
	desk.send(&calls::supply::dispense_partial(unit, part.fraction, site, link, told)).await?;
	let answer = json!({
		"units": receipts(&proofs, &secrets),
		"fraction": part.fraction,
		"site": site,
		"told": told,
	});
	context.out.say(&answer, || handed_over(&proofs, &secrets, part.secrets.is_some()))
}

pub(super) async fn undo(context: &Context, undo: Undo) -> anyhow::Result<()> {
	if !undo.not_handed_over {
		bail!(
			"nothing was undone: only what never left is active again; state it with --not-handed-over"
		);
	}
	let desk = Desk::open(context).await?;
	let at = desk.chain.best().await?;
	let parcel_start = proofs::parcel_start(&at, undo.unit).await?;
	let unit = HeldUnit { unit: undo.unit.unit, parcel_start };
	let site = undo.place.site();
	desk.send(&calls::supply::undo_decommission(unit, site, true)).await?;
	let answer = json!({ "unit": unit.unit.to_string(), "site": site });
	context.out.say(&answer, || format!("unit {} is active again", unit.unit))
}

pub(super) async fn take_back(context: &Context, back: Return) -> anyhow::Result<()> {
	at_most(back.units.len(), MAX_UNITS)?;
	let desk = Desk::open(context).await?;
	let at = desk.chain.best().await?;
	let told = back.event.told(&at).await?;
	let mut units = Vec::with_capacity(back.units.len());
	for Returned { unit, opening } in &back.units {
		let parcel_start = proofs::parcel_start(&at, *unit).await?;
		let unit = HeldUnit { unit: unit.unit, parcel_start };
		units.push(ReturnedUnit { unit, opening: *opening });
	}
	units.sort_by_key(|returned| returned.unit);
	let names: Vec<_> = units.iter().map(|returned| returned.unit.unit.to_string()).collect();
	desk.send(&calls::supply::return_units(units, back.saleable, told)).await?;
	let answer = json!({ "units": names, "saleable": back.saleable, "told": told });
	context.out.say(&answer, || {
		let sale = if back.saleable { "may be sold again" } else { "are not for sale" };
		format!("{} units came back and {sale}: {}", names.len(), names.join(", "))
	})
}

pub(super) fn at_most(given: usize, most: usize) -> anyhow::Result<()> {
	if given > most {
		bail!("one call takes {most} of them, and {given} are named: do it in several");
	}
	Ok(())
}

/// Units as they are named on the command line.
pub(super) fn named(units: &[UnitProof]) -> Vec<String> {
	units.iter().map(|proof| proof.unit.to_string()).collect()
}

fn secrets_for(proofs: &[UnitProof]) -> anyhow::Result<Vec<Digest>> {
	let fresh = |_| {
		let mut secret = [0; 32];
		getrandom::fill(&mut secret).map_err(|_| anyhow!("the system gives no random bytes"))?;
		Ok(Digest(secret))
	};
	proofs.iter().map(fresh).collect()
}

fn receipts(proofs: &[UnitProof], secrets: &[Digest]) -> Value {
	let pairs = proofs.iter().zip(secrets);
	pairs
		.map(|(proof, secret)| {
			json!({ "unit": proof.unit.to_string(), "serial": proof.serial, "secret": secret })
		})
		.collect()
}

/// Writes the secrets to a new file that only its owner can read.
fn keep(
	path: Option<&std::path::Path>,
	proofs: &[UnitProof],
	secrets: &[Digest],
) -> anyhow::Result<()> {
	let Some(path) = path else { return Ok(()) };
	let text = serde_json::to_vec_pretty(&receipts(proofs, secrets))?;
	write_private(path, &text, false)
		.with_context(|| format!("{} cannot be written, and nothing was done", path.display()))
}

fn handed_over(proofs: &[UnitProof], secrets: &[Digest], kept: bool) -> String {
	let rows = proofs.iter().zip(secrets).map(|(proof, secret)| {
		let secret = if kept { "in the file".into() } else { secret.to_string() };
		[proof.unit.to_string(), plain(proof.serial.as_str()), secret]
	});
	let table = table(["unit", "serial", "secret"], rows.collect(), "nothing");
	format!(
		"{table}\n\nhanded over. The secret goes with the pack: whoever has it can bring it back"
	)
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_primitives::{BatchIx, UnitRef};

	#[test]
	fn what_comes_back_may_name_its_secret() {
		let unit = Unit { unit: UnitRef { batch: BatchIx(7), index: 12 }, start: None };
		assert_eq!("7/12".parse(), Ok(Returned { unit, opening: None }));
		let secret = format!("7/12=0x{}", "ab".repeat(32));
		assert_eq!(secret.parse(), Ok(Returned { unit, opening: Some(Digest([0xab; 32])) }));
		for wrong in ["7/12=", "7/12=0xab", "=0x", "7"] {
			assert!(wrong.parse::<Returned>().is_err(), "{wrong}");
		}
	}

	#[test]
	fn secrets_are_kept_from_others_and_never_overwritten() {
		let unit = UnitRef { batch: BatchIx(7), index: 12 };
		let serial = "S1".parse().unwrap();
		let proofs = [UnitProof { unit, parcel_start: 0, serial, salt: [1; 16], path: Vec::new() }];
		let secrets = secrets_for(&proofs).unwrap();
		assert_ne!(secrets, secrets_for(&proofs).unwrap());
		let folder = tempfile::tempdir().unwrap();
		let path = folder.path().join("secrets.json");
		keep(Some(&path), &proofs, &secrets).unwrap();
		let text = std::fs::read_to_string(&path).unwrap();
		assert!(text.contains(&secrets[0].to_string()) && text.contains("7/12"), "{text}");
		assert!(keep(Some(&path), &proofs, &secrets).is_err());
		assert!(!handed_over(&proofs, &secrets, true).contains(&secrets[0].to_string()));
		assert!(handed_over(&proofs, &secrets, false).contains(&secrets[0].to_string()));
	}

	#[test]
	fn more_than_a_call_takes_is_refused_before_anything_happens() {
		assert!(at_most(32, MAX_UNITS).is_ok());
		assert!(at_most(33, MAX_UNITS).unwrap_err().to_string().contains("32"));
	}
}
