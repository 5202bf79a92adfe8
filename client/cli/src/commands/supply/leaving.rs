// SPDX-License-Identifier: Apache-2.0

//! How units end: taken from the market, put into use, retired, destroyed before a witness.

use super::{
	Desk,
	dispensing::{at_most, named},
	proofs::{self, Sources},
	words::{self, Event, Pack, Paper, Place, Unit},
};
use crate::{
	context::Context,
	output::{facts, plain},
	values::{Party, Span, when},
};
use anyhow::{Context as _, bail};
use salus_client::{
	calls,
	keystore::write_private,
	types::{
		Signature,
		supply::{HeldUnit, MAX_UNITS, Witness, destroy_statement},
	},
};
use salus_gs1::Sscc;
use salus_primitives::{DecommissionReason, Digest, IdentityId, Moment};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{fs, path::PathBuf};

#[derive(clap::Args, Debug)]
pub(crate) struct Decommission {
	/// Why: export, sample, free-sample, missing or stolen.
	#[arg(long)]
	reason: DecommissionReason,
	#[command(flatten)]
	devices: Devices,
}

/// Packs or devices with their proofs, and where they are.
#[derive(clap::Args, Debug)]
pub(crate) struct Devices {
	/// Which ones: units as BATCH/INDEX, or what their labels say; 32 at most.
	#[arg(required = true, value_name = "PACK")]
	packs: Vec<Pack>,
	#[command(flatten)]
	sources: Sources,
	#[command(flatten)]
	place: Place,
	#[command(flatten)]
	event: Event,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Attest {
	/// Which units are destroyed, as BATCH/INDEX; 32 at most.
	#[arg(required = true, value_name = "UNIT")]
	units: Vec<Unit>,
	/// Who destroys them.
	#[arg(long)]
	holder: Party,
	/// The protocol of the destruction: a file, or its hash.
	#[arg(long, value_name = "FILE|HASH")]
	certificate: Paper,
	/// For how long the statement can be used.
	#[arg(long = "for", value_name = "SPAN", default_value = "1d")]
	length: Span,
	/// A new file for the statement, which goes to the holder.
	#[arg(long, short, value_name = "FILE")]
	output: PathBuf,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Destroy {
	/// The statement that a witness signed with `salus supply witness`. It names units and protocol.
	#[arg(long, value_name = "FILE")]
	witness: PathBuf,
	#[command(flatten)]
	event: Event,
	/// Do it without asking: there is no way back.
	#[arg(long, short)]
	yes: bool,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Reap {
	/// Containers whose number has rested for a year.
	#[arg(long, value_parser = words::sscc, value_delimiter = ',', value_name = "SSCC")]
	containers: Vec<Sscc>,
	/// Units whose leaving can no longer be undone.
	#[arg(long, value_delimiter = ',', value_name = "UNIT")]
	units: Vec<Unit>,
}

/// What a witness of a destruction hands to who destroys.
#[derive(Serialize, Deserialize, Debug)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Statement {
	holder: IdentityId,
	units: Vec<HeldUnit>,
	certificate: Digest,
	#[serde(with = "salus_client::wire::hex_bytes")]
	account: [u8; 32],
	until: Moment,
	#[serde(with = "salus_client::wire::hex_bytes")]
	signature: [u8; 64],
}

pub(super) async fn decommission(context: &Context, command: Decommission) -> anyhow::Result<()> {
	leave(context, command.devices, command.reason).await
}

/// Takes units out with their proofs.
pub(super) async fn leave(
	context: &Context,
	devices: Devices,
	reason: DecommissionReason,
) -> anyhow::Result<()> {
	at_most(devices.packs.len(), MAX_UNITS)?;
	let mut prover = devices.sources.open()?;
	let desk = Desk::open(context).await?;
	let at = desk.chain.best().await?;
	let told = devices.event.told(&at).await?;
	desk.reach(&mut prover).await?;
	let units = prover.prove_all(&at, &devices.packs).await?;
	let (names, site) = (named(&units), devices.place.site());
	desk.send(&calls::supply::decommission(units, reason, site, told)).await?;
	let answer = json!({ "units": names, "reason": reason, "site": site, "told": told });
	context.out.say(&answer, || {
		let what = match reason {
			DecommissionReason::InUse => "in use",
			DecommissionReason::Retired => "retired",
			other => {
				return format!(
					"{} left the market ({other}): {}",
					count(&names),
					names.join(", ")
				);
			},
		};
		format!("{} {what}: {}", count(&names), names.join(", "))
	})
}

fn count(names: &[String]) -> String {
	match names.len() {
		1 => "1 unit".into(),
		many => format!("{many} units"),
	}
}

pub(super) async fn witness(context: &Context, attest: Attest) -> anyhow::Result<()> {
	at_most(attest.units.len(), MAX_UNITS)?;
	let certificate = attest.certificate.digest()?;
	let desk = Desk::open(context).await?;
	let at = desk.chain.best().await?;
	let holder = context.identity(&at, &attest.holder).await?;
	let me = context.me(&at, &desk.secrets).await?;
	if me.id == holder {
		bail!("nobody is one's own witness: another licensed organisation signs this");
	}
	let units = proofs::held(&at, &attest.units).await?;
	let until = at.now().await?.saturating_add(attest.length.0);
	let words = destroy_statement(desk.chain.genesis(), &holder, &units, &certificate, until);
	let signer = desk.secrets.signer();
	let statement = Statement {
		holder,
		units,
		certificate,
		account: signer.public_key().0,
		until,
		signature: signer.sign(&words).0,
	};
	write_private(&attest.output, &serde_json::to_vec_pretty(&statement)?, false)
		.with_context(|| format!("{} cannot be written", attest.output.display()))?;
	let answer = json!({
		"holder": holder,
		"units": unit_names(&statement.units),
		"certificate": certificate,
		"until": until,
		"output": attest.output,
	});
	context.out.say(&answer, || {
		facts(&[
			("holder", holder.to_string()),
			("units", unit_names(&statement.units).join(", ")),
			("protocol", certificate.to_string()),
			("usable until", format!("{} UTC", when(until))),
			("written to", plain(&attest.output.display().to_string())),
		])
	})
}

fn unit_names(units: &[HeldUnit]) -> Vec<String> {
	units.iter().map(|held| held.unit.to_string()).collect()
}

pub(super) async fn destroy(context: &Context, destroy: Destroy) -> anyhow::Result<()> {
	let name = destroy.witness.display();
	let text = fs::read(&destroy.witness).with_context(|| format!("{name} cannot be read"))?;
	let statement: Statement = serde_json::from_slice(&text)
		.with_context(|| format!("{name} is no statement of a witness: have it signed anew"))?;
	let names = unit_names(&statement.units);
	context
		.confirm(&format!("{} are destroyed for good. Go on?", names.join(", ")), destroy.yes)?;
	let desk = Desk::open(context).await?;
	let at = desk.chain.best().await?;
	if statement.until <= at.now().await? {
		bail!("the statement was usable until {} UTC: have it signed anew", when(statement.until));
	}
	if context.me(&at, &desk.secrets).await?.id != statement.holder {
		bail!("the witness saw {} destroy them, and not you", statement.holder);
	}
	let told = destroy.event.told(&at).await?;
	let Statement { units, certificate, account, until, signature, .. } = statement;
	let witness = Witness { account, until, signature: Signature::Sr25519(signature) };
	desk.send(&calls::supply::destroy(units, certificate, witness, told)).await?;
	let answer = json!({ "units": names, "certificate": certificate, "told": told });
	context.out.say(&answer, || format!("{} destroyed: {}", count(&names), names.join(", ")))
}

pub(super) async fn reap(context: &Context, reap: Reap) -> anyhow::Result<()> {
	if reap.containers.is_empty() && reap.units.is_empty() {
		bail!("name what is over, with --containers or --units");
	}
	let units: Vec<_> = reap.units.iter().map(|unit| unit.unit).collect();
	let names: Vec<_> = units.iter().map(ToString::to_string).collect();
	let desk = Desk::open(context).await?;
	desk.send(&calls::supply::reap(reap.containers.clone(), units)).await?;
	let answer = json!({ "containers": reap.containers, "units": names });
	context.out.say(&answer, || "what was over of it is cleared away".into())
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_primitives::{BatchIx, UnitRef};

	#[test]
	fn a_statement_is_read_as_it_was_written_and_nothing_else() {
		let unit = UnitRef { batch: BatchIx(7), index: 12 };
		let statement = Statement {
			holder: IdentityId([1; 32]),
			units: vec![HeldUnit { unit, parcel_start: 0 }],
			certificate: Digest([2; 32]),
			account: [3; 32],
			until: 4,
			signature: [5; 64],
		};
		let text = serde_json::to_string(&statement).unwrap();
		let read: Statement = serde_json::from_str(&text).unwrap();
		assert_eq!((read.units, read.signature), (statement.units, statement.signature));
		assert_eq!((read.account, read.until), (statement.account, statement.until));
		assert!(serde_json::from_str::<Statement>(&text.replace("until", "till")).is_err());
	}
}
