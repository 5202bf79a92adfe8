// SPDX-License-Identifier: Apache-2.0
//! FHIR from plain readings, so that nobody has to write JSON.
//!
//! ```
//! use salus_fhir::reading::{Kind, Patient, Reading, bundle};
//!
//! let readings = [
//!     Reading::parse(Kind::Weight, "71.50kg").unwrap(),
//!     Reading::parse(Kind::BloodPressure, "120/80mmHg").unwrap(),
//! ];
//! let patient = Patient::urn("urn:uuid:5b0ac3f1-8c3e-4e0d-9f5c-2f2b8a1d4c77").unwrap();
//! let taken = 1_790_000_000_000;
//! let document = bundle(&readings, &patient, taken);
//! assert!(salus_fhir::validate(document.as_bytes(), taken).is_ok());
//! ```

use core::fmt;

use fhirkit::Json;
use uuid::Uuid;

use crate::{
	json::{object, one, text},
	measures::{LOINC, Measure, UCUM},
	plausibility::shown,
	time::instant,
};

/// What a reading is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
	/// Body height.
	Height,
	/// Body weight.
	Weight,
	/// Body fat, as a share of the weight.
	BodyFat,
	/// Glucose in the blood.
	Glucose,
	/// Lactate in the blood.
	Lactate,
	/// Systolic and diastolic blood pressure.
	BloodPressure,
	/// Heart rate.
	HeartRate,
	/// Body temperature.
	Temperature,
	/// Oxygen saturation by pulse oximetry.
	OxygenSaturation,
	/// Breaths per minute.
	RespiratoryRate,
	/// What the patient eats, in words.
	Diet,
	/// An illness of a relative.
	FamilyHistory,
}

impl Kind {
	/// All kinds.
	pub const ALL: [Kind; 12] = [
		Self::Height,
		Self::Weight,
		Self::BodyFat,
		Self::Glucose,
		Self::Lactate,
		Self::BloodPressure,
		Self::HeartRate,
		Self::Temperature,
		Self::OxygenSaturation,
		Self::RespiratoryRate,
		Self::Diet,
		Self::FamilyHistory,
	];

	/// The name, as on a command line: `body-fat`.
	pub const fn name(self) -> &'static str {
		match self {
			Self::Height => "height",
			Self::Weight => "weight",
			Self::BodyFat => "body-fat",
			Self::Glucose => "glucose",
			Self::Lactate => "lactate",
			Self::BloodPressure => "blood-pressure",
			Self::HeartRate => "heart-rate",
			Self::Temperature => "temperature",
			Self::OxygenSaturation => "spo2",
			Self::RespiratoryRate => "respiratory-rate",
			Self::Diet => "diet",
			Self::FamilyHistory => "family-history",
		}
	}

	/// The kind of this name.
	pub fn of_name(name: &str) -> Option<Self> {
		Self::ALL.into_iter().find(|kind| kind.name() == name)
	}

	/// How a reading of this kind is written.
	pub const fn example(self) -> &'static str {
		match self {
			Self::Height => "180cm",
			Self::Weight => "71kg",
			Self::BodyFat => "21.5%",
			Self::Glucose => "5.4mmol/L",
			Self::Lactate => "1.2mmol/L",
			Self::BloodPressure => "120/80mmHg",
			Self::HeartRate => "64bpm",
			Self::Temperature => "37.2C",
			Self::OxygenSaturation => "97%",
			Self::RespiratoryRate => "14/min",
			Self::Diet => "vegetarian, little salt",
			Self::FamilyHistory => "father:type 2 diabetes",
		}
	}

	/// The units accepted, as they are written; none for kinds in words.
	pub fn units(self) -> Vec<&'static str> {
		self.forms().iter().map(|form| form.written[0]).collect()
	}

	const fn forms(self) -> &'static [Form] {
		match self {
			Self::Height => {
				const {
					&[
						Form::new(&["cm"], "cm", HEIGHT),
						// The FHIR vital sign is in centimetres or inches, never in metres.
						Form { decimals_up: 2, ..Form::new(&["m"], "cm", HEIGHT) },
						Form::new(&["in", "inch", "inches"], "[in_i]", HEIGHT),
					]
				}
			},
			Self::Weight => {
				const {
					&[
						Form::new(&["kg"], "kg", WEIGHT),
						Form::new(&["g"], "g", WEIGHT),
						Form::new(&["lb", "lbs"], "[lb_av]", WEIGHT),
					]
				}
			},
			Self::BodyFat => const { &[Form::new(&["%"], "%", BODY_FAT)] },
			Self::Glucose => {
				const {
					&[
						Form::new(&["mmol/L"], "mmol/L", GLUCOSE_MOLES),
						Form::new(&["mg/dL"], "mg/dL", GLUCOSE_MASS),
					]
				}
			},
			Self::Lactate => const { &[Form::new(&["mmol/L"], "mmol/L", LACTATE)] },
			Self::BloodPressure => {
				const {
					&[
						Form::new(&["mmHg", "mm[Hg]"], "mm[Hg]", BLOOD_PRESSURE),
						Form::new(&["kPa"], "kPa", BLOOD_PRESSURE),
					]
				}
			},
			Self::HeartRate => const { &[Form::new(&["bpm", "/min"], "/min", HEART_RATE)] },
			Self::Temperature => {
				const {
					&[
						Form::new(&["C", "°C", "Cel"], "Cel", TEMPERATURE),
						Form::new(&["F", "°F"], "[degF]", TEMPERATURE),
					]
				}
			},
			Self::OxygenSaturation => const { &[Form::new(&["%"], "%", SATURATION)] },
			Self::RespiratoryRate => {
				const { &[Form::new(&["/min", "bpm"], "/min", RESPIRATORY_RATE)] }
			},
			Self::Diet | Self::FamilyHistory => &[],
		}
	}

	const fn category(self) -> (&'static str, &'static str) {
		match self {
			Self::Glucose | Self::Lactate => ("laboratory", "Laboratory"),
			Self::Diet => ("social-history", "Social History"),
			_ => ("vital-signs", "Vital Signs"),
		}
	}

	/// The vital signs profile of FHIR R4 that the Observation claims.
	const fn profile(self) -> Option<&'static str> {
		match self {
			Self::Height => Some("bodyheight"),
			Self::Weight => Some("bodyweight"),
			Self::BloodPressure => Some("bp"),
			Self::HeartRate => Some("heartrate"),
			Self::Temperature => Some("bodytemp"),
			Self::OxygenSaturation => Some("oxygensat"),
			Self::RespiratoryRate => Some("resprate"),
			_ => None,
		}
	}
}

/// A LOINC code and its name. The name is LOINC's, so that a reader's display agrees.
type Code = (&'static str, &'static str);

const HEIGHT: &[Code] = &[("8302-2", "Body height")];
const WEIGHT: &[Code] = &[("29463-7", "Body weight")];
const BODY_FAT: &[Code] = &[("41982-0", "Percentage of body fat Measured")];
const GLUCOSE_MOLES: &[Code] = &[("15074-8", "Glucose [Moles/volume] in Blood")];
const GLUCOSE_MASS: &[Code] = &[("2339-0", "Glucose [Mass/volume] in Blood")];
const LACTATE: &[Code] = &[("32693-4", "Lactate [Moles/volume] in Blood")];
const BLOOD_PRESSURE: &[Code] = &[("85354-9", "Blood pressure panel with all children optional")];
const SYSTOLIC: Code = ("8480-6", "Systolic blood pressure");
const DIASTOLIC: Code = ("8462-4", "Diastolic blood pressure");
const HEART_RATE: &[Code] = &[("8867-4", "Heart rate")];
const TEMPERATURE: &[Code] = &[("8310-5", "Body temperature")];
const SATURATION: &[Code] = &[
	("2708-6", "Oxygen saturation in Arterial blood"),
	("59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry"),
];
const RESPIRATORY_RATE: &[Code] = &[("9279-1", "Respiratory rate")];
const DIET: &[Code] = &[("81663-7", "Diet [Type]")];

/// A unit as people write it.
struct Form {
	/// Spellings, compared without case; the first is shown.
	written: &'static [&'static str],
	ucum: &'static str,
	loinc: &'static [Code],
	/// By how many places the decimal point moves right to reach the UCUM unit.
	decimals_up: usize,
}

impl Form {
	const fn new(
		written: &'static [&'static str],
		ucum: &'static str,
		loinc: &'static [Code],
	) -> Self {
		Self { written, ucum, loinc, decimals_up: 0 }
	}
}

/// Why a reading was not understood. Displays as one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingError {
	/// What was to be read.
	pub kind: Kind,
	/// What is wrong.
	pub reason: Reason,
}

/// What is wrong with a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
	/// Nothing was given.
	Empty,
	/// It does not start with a plain decimal number.
	NotANumber,
	/// A decimal comma, which elsewhere separates thousands.
	Comma,
	/// More digits than any device measures.
	TooLong,
	/// A number without its unit.
	NoUnit,
	/// A unit that is not one of this kind.
	UnknownUnit {
		/// The unit as given, if it is short and plain.
		unit: Option<String>,
	},
	/// Blood pressure that is not two numbers.
	NotAPair,
	/// Blood pressure whose first number is not the greater one.
	PairReversed,
	/// Outside what is possible, with the limits in the unit given.
	Impossible {
		/// The number.
		value: String,
		/// The UCUM unit.
		unit: &'static str,
		/// The least possible.
		min: String,
		/// The greatest possible.
		max: String,
	},
	/// Family history without a relative and an illness around a colon.
	NoRelative,
	/// A relative not known by this word.
	UnknownRelative,
	/// Text over 500 characters, or with control characters.
	BadText,
}

impl fmt::Display for ReadingError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "{}: ", self.kind.name())?;
		let units = || self.kind.units().join(", ");
		match &self.reason {
			Reason::Empty => f.write_str("nothing is given")?,
			Reason::NotANumber => f.write_str("not a number above zero")?,
			Reason::Comma => f.write_str("use a point for decimals, not a comma")?,
			Reason::TooLong => f.write_str("too many digits")?,
			Reason::NoUnit => write!(f, "the unit is missing; accepted: {}", units())?,
			Reason::UnknownUnit { unit: Some(unit) } => {
				write!(f, "\"{unit}\" is not a unit of it; accepted: {}", units())?;
			},
			Reason::UnknownUnit { unit: None } => {
				write!(f, "not a unit of it; accepted: {}", units())?;
			},
			Reason::NotAPair => f.write_str("needs systolic and diastolic pressure")?,
			Reason::PairReversed => {
				f.write_str("the systolic pressure must exceed the diastolic")?
			},
			Reason::Impossible { value, unit, min, max } => {
				write!(f, "{value} {unit} is impossible; possible is {min} to {max} {unit}")?;
			},
			Reason::NoRelative => f.write_str("name a relative and an illness around a colon")?,
			Reason::UnknownRelative => {
				let words = RELATIVES.iter().map(|(word, _, _)| *word).collect::<Vec<_>>();
				write!(f, "unknown relative; known: {}", words.join(", "))?;
			},
			Reason::BadText => f.write_str("at most 500 characters of plain text")?,
		}
		write!(f, " (as in {})", self.kind.example())
	}
}

impl std::error::Error for ReadingError {}

/// A reading that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
	kind: Kind,
	value: Value,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
	Quantity {
		number: String,
		ucum: &'static str,
		loinc: &'static [Code],
	},
	Pressure {
		systolic: String,
		diastolic: String,
		ucum: &'static str,
	},
	Diet(String),
	Relative {
		word: &'static str,
		code: &'static str,
		display: &'static str,
		conditions: Vec<String>,
	},
}

impl Reading {
	/// Reads what a person wrote: a number and a unit, or words for diet and family history.
	/// Decimals are kept as written: 71.50 says more than 71.5.
	pub fn parse(kind: Kind, written: &str) -> Result<Self, ReadingError> {
		let value = match kind {
			Kind::Diet => plain_text(written).map(Value::Diet),
			Kind::FamilyHistory => relative(written),
			Kind::BloodPressure => pressure(written),
			_ => quantity(kind, written),
		};
		value.map(|value| Self { kind, value }).map_err(|reason| ReadingError { kind, reason })
	}

	/// What it is of.
	pub fn kind(&self) -> Kind {
		self.kind
	}

	/// The reading as one FHIR R4 resource, in JSON: an `Observation`, or a `FamilyMemberHistory`
	/// of an illness of a relative. `taken` is in Unix milliseconds.
	///
	/// Diet is an `Observation` of LOINC 81663-7 in the social history: what a patient reports to
	/// eat is observed. `NutritionOrder` is a request of a clinician that something be eaten.
	pub fn resource(&self, patient: &Patient, taken: u64) -> String {
		self.build(patient, taken, Uuid::new_v4()).to_pretty()
	}

	fn build(&self, patient: &Patient, taken: u64, id: Uuid) -> Json {
		match &self.value {
			Value::Quantity { number, ucum, loinc } => {
				let value = amount(number, ucum);
				self.observation(patient, taken, id, loinc, ("valueQuantity", value))
			},
			Value::Pressure { systolic, diastolic, ucum } => {
				let component = |code, number| {
					object([("code", concept(&[code])), ("valueQuantity", amount(number, ucum))])
				};
				let both = vec![component(SYSTOLIC, systolic), component(DIASTOLIC, diastolic)];
				let value = ("component", Json::Array(both));
				self.observation(patient, taken, id, BLOOD_PRESSURE, value)
			},
			Value::Diet(words) => {
				let value = object([("text", text(&**words))]);
				self.observation(patient, taken, id, DIET, ("valueCodeableConcept", value))
			},
			Value::Relative { word, code, display, conditions } => {
				let role = object([
					("system", text("http://terminology.hl7.org/CodeSystem/v3-RoleCode")),
					("code", text(*code)),
					("display", text(*display)),
				]);
				let relationship = object([("coding", one(role)), ("text", text(*word))]);
				let conditions = conditions
					.iter()
					.map(|words| object([("code", object([("text", text(&**words))]))]))
					.collect();
				object([
					("resourceType", text("FamilyMemberHistory")),
					("id", text(id.to_string())),
					("status", text("completed")),
					("patient", patient.reference()),
					("date", text(instant(taken))),
					("relationship", relationship),
					("condition", Json::Array(conditions)),
				])
			},
		}
	}

	fn observation(
		&self,
		patient: &Patient,
		taken: u64,
		id: Uuid,
		loinc: &[Code],
		value: (&str, Json),
	) -> Json {
		let (category, display) = self.kind.category();
		let category = object([
			("system", text("http://terminology.hl7.org/CodeSystem/observation-category")),
			("code", text(category)),
			("display", text(display)),
		]);
		let mut members = vec![("resourceType", text("Observation")), ("id", text(id.to_string()))];
		if let Some(profile) = self.kind.profile() {
			let url = format!("http://hl7.org/fhir/StructureDefinition/{profile}");
			members.push(("meta", object([("profile", one(text(url)))])));
		}
		members.extend([
			("status", text("final")),
			("category", one(object([("coding", one(category))]))),
			("code", concept(loinc)),
			("subject", patient.reference()),
			("effectiveDateTime", text(instant(taken))),
			("performer", one(patient.reference())),
			value,
		]);
		Json::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
	}
}

/// How the patient is referred to: by pseudonym, never by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patient(Named);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Named {
	Urn(String),
	Identifier { system: String, value: String },
}

impl Patient {
	/// By a `urn:uuid:…`, in lower case. `None` if it is not one.
	pub fn urn(urn: &str) -> Option<Self> {
		fhirkit::Kind::Uuid.check(urn).ok()?;
		Some(Self(Named::Urn(urn.to_owned())))
	}

	/// By an identifier: the URI of its system, and a value that is unique there. `None` if
	/// either is empty, or the system is no URI.
	pub fn identifier(system: &str, value: &str) -> Option<Self> {
		fhirkit::Kind::Uri.check(system).ok()?;
		if !system.contains(':') || value.trim().is_empty() || value.chars().any(char::is_control) {
			return None;
		}
		Some(Self(Named::Identifier { system: system.to_owned(), value: value.to_owned() }))
	}

	fn reference(&self) -> Json {
		match &self.0 {
			Named::Urn(urn) => object([("reference", text(&**urn))]),
			Named::Identifier { .. } => {
				object([("type", text("Patient")), ("identifier", self.as_identifier())])
			},
		}
	}

	fn as_identifier(&self) -> Json {
		let (system, value) = match &self.0 {
			Named::Urn(urn) => ("urn:ietf:rfc:3986", urn),
			Named::Identifier { system, value } => (&**system, value),
		};
		object([("system", text(system)), ("value", text(&**value))])
	}

	/// The entry a `urn:uuid` leads to: a Patient of nothing but that identifier.
	fn entry(&self) -> Option<Json> {
		let Named::Urn(urn) = &self.0 else { return None };
		let resource = object([
			("resourceType", text("Patient")),
			("id", text(urn.trim_start_matches("urn:uuid:"))),
			("identifier", one(self.as_identifier())),
		]);
		Some(object([("fullUrl", text(&**urn)), ("resource", resource)]))
	}
}

/// Readings taken at one time as a FHIR R4 `Bundle` of type `collection`, in JSON. `taken` is in
/// Unix milliseconds.
pub fn bundle(readings: &[Reading], patient: &Patient, taken: u64) -> String {
	let urn = |id: Uuid| text(format!("urn:uuid:{id}"));
	let readings = readings.iter().map(|reading| {
		let id = Uuid::new_v4();
		object([("fullUrl", urn(id)), ("resource", reading.build(patient, taken, id))])
	});
	let entries = patient.entry().into_iter().chain(readings).collect();
	let identifier =
		object([("system", text("urn:ietf:rfc:3986")), ("value", urn(Uuid::new_v4()))]);
	object([
		("resourceType", text("Bundle")),
		("identifier", identifier),
		("type", text("collection")),
		("timestamp", text(instant(taken))),
		("entry", Json::Array(entries)),
	])
	.to_pretty()
}

fn concept(codes: &[Code]) -> Json {
	let codings = codes
		.iter()
		.map(|(code, display)| {
			object([("system", text(LOINC)), ("code", text(*code)), ("display", text(*display))])
		})
		.collect();
	object([("coding", Json::Array(codings))])
}

fn amount(number: &str, ucum: &str) -> Json {
	// The human unit: UCUM's brackets are for machines.
	let unit = match ucum {
		"mm[Hg]" => "mmHg",
		"[in_i]" => "in",
		"[lb_av]" => "lb",
		"Cel" => "°C",
		"[degF]" => "°F",
		other => other,
	};
	object([
		("value", Json::Number(number.to_owned())),
		("unit", text(unit)),
		("system", text(UCUM)),
		("code", text(ucum)),
	])
}

/// Splits a number from what follows it.
fn split_number(written: &str) -> Result<(String, &str), Reason> {
	const MOST_DIGITS: usize = 12;
	let written = written.trim();
	if written.is_empty() {
		return Err(Reason::Empty);
	}
	let end = written.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(written.len());
	let (number, rest) = written.split_at(end);
	if rest.starts_with(',') {
		return Err(Reason::Comma);
	}
	let (whole, fraction) = match number.split_once('.') {
		Some((whole, fraction)) => (whole, Some(fraction)),
		None => (number, None),
	};
	if whole.is_empty() || fraction.is_some_and(|digits| digits.is_empty() || digits.contains('.'))
	{
		return Err(Reason::NotANumber);
	}
	if number.len() > MOST_DIGITS {
		return Err(Reason::TooLong);
	}
	if number.chars().all(|c| matches!(c, '0' | '.')) {
		return Err(Reason::NotANumber);
	}
	Ok((canonical_number(whole, fraction), rest.trim_start()))
}

/// A FHIR decimal has no leading zeros but the one before a point.
fn canonical_number(whole: &str, fraction: Option<&str>) -> String {
	let whole = whole.trim_start_matches('0');
	let whole = if whole.is_empty() { "0" } else { whole };
	match fraction {
		Some(fraction) if !fraction.is_empty() => format!("{whole}.{fraction}"),
		_ => whole.to_owned(),
	}
}

/// Moves the decimal point to the right, without rounding.
fn shift_point(number: &str, places: usize) -> String {
	let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
	let digits = format!("{fraction:0<places$}");
	let (moved, rest) = digits.split_at(places);
	canonical_number(&format!("{whole}{moved}"), (!rest.is_empty()).then_some(rest))
}

fn form_of(kind: Kind, unit: &str) -> Result<&'static Form, Reason> {
	if unit.is_empty() {
		return Err(Reason::NoUnit);
	}
	let same = |word: &&&str| word.to_lowercase() == unit.to_lowercase();
	kind.forms().iter().find(|form| form.written.iter().find(same).is_some()).ok_or_else(|| {
		let plain = unit.len() <= 16 && unit.chars().all(|c| c.is_ascii_graphic());
		Reason::UnknownUnit { unit: plain.then(|| unit.to_owned()) }
	})
}

/// Checks a number against the limits of its measure.
fn possible(number: &str, ucum: &'static str, loinc: &str) -> Result<f64, Reason> {
	let value: f64 = number.parse().map_err(|_| Reason::NotANumber)?;
	let known = Measure::of_loinc(loinc).and_then(|measure| Some((measure, measure.unit(ucum)?)));
	let Some((measure, unit)) = known else { return Ok(value) };
	let canonical = unit.to_canonical(value);
	if measure.contains(canonical) {
		return Ok(canonical);
	}
	Err(Reason::Impossible {
		value: number.to_owned(),
		unit: ucum,
		min: shown(unit.of_canonical(measure.min)),
		max: shown(unit.of_canonical(measure.max)),
	})
}

fn quantity(kind: Kind, written: &str) -> Result<Value, Reason> {
	let (number, unit) = split_number(written)?;
	let form = form_of(kind, unit)?;
	let number = shift_point(&number, form.decimals_up);
	possible(&number, form.ucum, form.loinc[0].0)?;
	Ok(Value::Quantity { number, ucum: form.ucum, loinc: form.loinc })
}

fn pressure(written: &str) -> Result<Value, Reason> {
	let (systolic, rest) = split_number(written)?;
	let second = rest.strip_prefix('/').ok_or(Reason::NotAPair)?;
	let (diastolic, unit) = split_number(second).map_err(|reason| match reason {
		Reason::Empty | Reason::NotANumber => Reason::NotAPair,
		other => other,
	})?;
	let ucum = form_of(Kind::BloodPressure, unit)?.ucum;
	let upper = possible(&systolic, ucum, SYSTOLIC.0)?;
	let lower = possible(&diastolic, ucum, DIASTOLIC.0)?;
	if upper <= lower {
		return Err(Reason::PairReversed);
	}
	Ok(Value::Pressure { systolic, diastolic, ucum })
}

fn plain_text(written: &str) -> Result<String, Reason> {
	const LONGEST: usize = 500;
	let words = written.trim();
	if words.is_empty() {
		return Err(Reason::Empty);
	}
	if words.chars().count() > LONGEST || words.chars().any(char::is_control) {
		return Err(Reason::BadText);
	}
	Ok(words.to_owned())
}

/// Relatives by the word for them, in HL7's v3 RoleCode.
const RELATIVES: &[(&str, &str, &str)] = &[
	("mother", "MTH", "mother"),
	("father", "FTH", "father"),
	("sister", "SIS", "sister"),
	("brother", "BRO", "brother"),
	("half-sister", "HSIS", "half-sister"),
	("half-brother", "HBRO", "half-brother"),
	("twin sister", "TWINSIS", "twin sister"),
	("twin brother", "TWINBRO", "twin brother"),
	("daughter", "DAU", "natural daughter"),
	("son", "SON", "natural son"),
	("grandmother", "GRMTH", "grandmother"),
	("grandfather", "GRFTH", "grandfather"),
	("maternal grandmother", "MGRMTH", "maternal grandmother"),
	("maternal grandfather", "MGRFTH", "maternal grandfather"),
	("paternal grandmother", "PGRMTH", "paternal grandmother"),
	("paternal grandfather", "PGRFTH", "paternal grandfather"),
	("aunt", "AUNT", "aunt"),
	("maternal aunt", "MAUNT", "maternal aunt"),
	("paternal aunt", "PAUNT", "paternal aunt"),
	("uncle", "UNCLE", "uncle"),
	("maternal uncle", "MUNCLE", "maternal uncle"),
	("paternal uncle", "PUNCLE", "paternal uncle"),
	("cousin", "COUSN", "cousin"),
	("niece", "NIECE", "niece"),
	("nephew", "NEPHEW", "nephew"),
];

/// `relative:illness`, more illnesses after semicolons.
fn relative(written: &str) -> Result<Value, Reason> {
	let all = plain_text(written)?;
	let (who, what) = all.split_once(':').ok_or(Reason::NoRelative)?;
	let who = who.trim().to_lowercase();
	let (word, code, display) =
		RELATIVES.iter().find(|(word, _, _)| *word == who).ok_or(Reason::UnknownRelative)?;
	let conditions: Vec<_> = what
		.split(';')
		.map(str::trim)
		.filter(|words| !words.is_empty())
		.map(str::to_owned)
		.collect();
	if conditions.is_empty() {
		return Err(Reason::NoRelative);
	}
	Ok(Value::Relative { word, code, display, conditions })
}
