// SPDX-License-Identifier: Apache-2.0

//! `salus reading`: what a patient measures, without writing FHIR.

use crate::{
	commands::record,
	context::Context,
	document::{self, Valid},
	filing::{Filing, Judges, Place},
	values::Span,
};
use anyhow::{anyhow, bail};
use clap::Subcommand;
use salus_fhir::reading::{Kind, Patient, Reading, bundle};
use salus_primitives::{CompartmentNo, IdentityKind, RecordClass};
use zeroize::Zeroizing;

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
	/// File readings of your own. They wait for a practitioner's verdict.
	Add(Box<Add>),
}

/// At least one reading.
#[derive(clap::Args, Debug)]
pub(crate) struct Add {
	#[command(flatten)]
	readings: Readings,
	/// How long ago they were taken.
	#[arg(long, value_name = "SPAN")]
	ago: Option<Span>,
	/// The compartment they go into.
	#[arg(long, value_name = "NUMBER", default_value_t = 0)]
	compartment: CompartmentNo,
	/// Show the FHIR document and file nothing.
	#[arg(long)]
	dry_run: bool,
}

#[derive(clap::Args, Debug)]
#[command(next_help_heading = "Readings")]
#[group(required = true, multiple = true)]
pub(crate) struct Readings {
	/// As 180cm.
	#[arg(long, value_parser = reading(Kind::Height))]
	height: Vec<Reading>,
	/// As 71kg.
	#[arg(long, value_parser = reading(Kind::Weight))]
	weight: Vec<Reading>,
	/// As 21.5%.
	#[arg(long, value_parser = reading(Kind::BodyFat))]
	body_fat: Vec<Reading>,
	/// As 5.4mmol/L or 97mg/dL.
	#[arg(long, value_parser = reading(Kind::Glucose))]
	glucose: Vec<Reading>,
	/// As 1.2mmol/L.
	#[arg(long, value_parser = reading(Kind::Lactate))]
	lactate: Vec<Reading>,
	/// As 120/80mmHg.
	#[arg(long, value_parser = reading(Kind::BloodPressure))]
	blood_pressure: Vec<Reading>,
	/// As 64bpm.
	#[arg(long, value_parser = reading(Kind::HeartRate))]
	heart_rate: Vec<Reading>,
	/// As 37.2C.
	#[arg(long, value_parser = reading(Kind::Temperature))]
	temperature: Vec<Reading>,
	/// As 97%.
	#[arg(long, value_parser = reading(Kind::OxygenSaturation))]
	spo2: Vec<Reading>,
	/// As 14/min.
	#[arg(long, value_parser = reading(Kind::RespiratoryRate))]
	respiratory_rate: Vec<Reading>,
	/// In words, as "vegetarian, little salt".
	#[arg(long, value_parser = reading(Kind::Diet))]
	diet: Vec<Reading>,
	/// As "father:type 2 diabetes".
	#[arg(long, value_parser = reading(Kind::FamilyHistory))]
	family_history: Vec<Reading>,
}

fn reading(kind: Kind) -> impl Fn(&str) -> Result<Reading, String> + Clone {
	move |text| Reading::parse(kind, text).map_err(|error| error.to_string())
}

impl Readings {
	fn into_all(self) -> Vec<Reading> {
		[
			self.height,
			self.weight,
			self.body_fat,
			self.glucose,
			self.lactate,
			self.blood_pressure,
			self.heart_rate,
			self.temperature,
			self.spo2,
			self.respiratory_rate,
			self.diet,
			self.family_history,
		]
		.concat()
	}
}

pub(crate) async fn run(context: &Context, command: Command) -> anyhow::Result<()> {
	let Command::Add(add) = command;
	let Add { readings, ago, compartment, dry_run } = *add;
	let readings = readings.into_all();
	let taken = document::now().saturating_sub(ago.map_or(0, |span| span.0));
	if dry_run {
		let patient = patient_of(&[0; 16])?;
		let valid = build(&readings, &patient, taken)?;
		println!("{}", String::from_utf8_lossy(&valid.bytes));
		return Ok(());
	}

	let secrets = context.secrets()?;
	// Before the network: an impossible value is refused wherever one is.
	let patient = patient_of(&secrets.local_name(b"patient"))?;
	let valid = build(&readings, &patient, taken)?;
	let chain = context.chain().await?;
	let me = context.me(&chain.best().await?, &secrets).await?;
	if me.view.kind != IdentityKind::Patient {
		bail!(
			"readings are a patient's own: practitioners file documents with `salus record submit`"
		);
	}
	let place = Place {
		subject: me.id,
		organisation: None,
		class: RecordClass::DeviceData,
		compartment,
		amends: None,
	};
	let filing = Filing { context, chain: &chain, secrets: &secrets, me: &me };
	let filed = filing.file(&valid, place, &Judges::nobody()).await?;
	record::say_filed(context, &filed)
}

/// The patient as the document names it: by a random-looking UUID that tells nothing.
fn patient_of(bytes: &[u8]) -> anyhow::Result<Patient> {
	let mut digits = hex::encode(bytes.get(..16).unwrap_or_default());
	// Version 4 and variant 1 of RFC 9562.
	digits.replace_range(12..13, "4");
	digits.replace_range(16..17, "a");
	let parts = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
	let parts: Vec<_> = parts.iter().filter_map(|(from, to)| digits.get(*from..*to)).collect();
	let urn = format!("urn:uuid:{}", parts.join("-"));
	Patient::urn(&urn).ok_or_else(|| anyhow!("{urn} is no UUID"))
}

fn build(readings: &[Reading], patient: &Patient, taken: u64) -> anyhow::Result<Valid> {
	let document = bundle(readings, patient, taken);
	document::validate(Zeroizing::new(document.into_bytes()), document::now())
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::args::{Args, Command as Top};
	use clap::Parser;

	fn add(line: &[&str]) -> Result<Box<Add>, String> {
		let line = ["salus", "reading", "add"].iter().chain(line);
		match Args::try_parse_from(line).map_err(|error| error.to_string())?.command {
			Top::Reading(Command::Add(add)) => Ok(add),
			_ => unreachable!("that is what was typed"),
		}
	}

	#[test]
	fn every_kind_can_be_typed_and_makes_a_valid_document() {
		let line: Vec<String> = Kind::ALL
			.iter()
			.flat_map(|kind| [format!("--{}", kind.name()), kind.example().to_owned()])
			.collect();
		let line: Vec<_> = line.iter().map(String::as_str).collect();
		let readings = add(&line).unwrap().readings.into_all();
		assert_eq!(readings.len(), Kind::ALL.len());
		let patient = patient_of(&[0xff; 32]).unwrap();
		assert!(build(&readings, &patient, document::now()).is_ok());
	}

	#[test]
	fn nothing_typed_or_nonsense_is_a_usage_error() {
		assert!(add(&[]).is_err());
		let error = add(&["--weight", "heavy"]).unwrap_err();
		assert!(error.contains("71kg"), "{error}");
	}

	#[test]
	fn an_impossible_value_is_refused_with_the_possible_ones() {
		let error = add(&["--weight", "7100kg"]).unwrap_err();
		assert!(error.contains("impossible") && error.contains("700 kg"), "{error}");
	}
}
