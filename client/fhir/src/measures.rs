// SPDX-License-Identifier: Apache-2.0
//! The measures whose units and physiological limits are checked.
//!
//! A limit is absolute: what has been documented in a living person, with a little air, not what
//! is healthy. The question is whether a value can be true; a wrong unit or a slipped decimal
//! point nearly always falls outside. Each row names what its limits rest on.

/// The LOINC code system.
pub const LOINC: &str = "http://loinc.org";
/// The UCUM code system.
pub const UCUM: &str = "http://unitsofmeasure.org";

/// A unit a measure may be given in: `canonical = (value + offset) * factor`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
	/// The UCUM code.
	pub ucum: &'static str,
	/// Canonical units in one of this unit.
	pub factor: f64,
	/// Added before the factor: only temperatures have one.
	pub offset: f64,
}

impl Unit {
	/// The value in the canonical unit of the measure.
	pub fn to_canonical(&self, value: f64) -> f64 {
		(value + self.offset) * self.factor
	}

	/// The value in this unit of one in the canonical unit.
	pub fn of_canonical(&self, value: f64) -> f64 {
		value / self.factor - self.offset
	}
}

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
	/// What is measured.
	pub name: &'static str,
	/// The LOINC codes of it. The first is the usual one.
	pub loinc: &'static [&'static str],
	/// Units accepted; the first is the canonical one, which the limits are in.
	pub units: &'static [Unit],
	/// The least value possible.
	pub min: f64,
	/// The greatest value possible.
	pub max: f64,
	/// What the limits rest on.
	pub source: &'static str,
}

impl Measure {
	/// The row of a LOINC code.
	pub fn of_loinc(code: &str) -> Option<&'static Measure> {
		MEASURES.iter().find(|measure| measure.loinc.contains(&code))
	}

	/// The accepted unit of this UCUM code.
	pub fn unit(&self, ucum: &str) -> Option<&'static Unit> {
		// UCUM annotations in braces carry no meaning: `{beats}/min` is `/min`. A unit that is
		// only an annotation is a plain number and compared as it is.
		let bare = without_annotations(ucum);
		self.units.iter().find(|unit| {
			unit.ucum == ucum || (!bare.is_empty() && without_annotations(unit.ucum) == bare)
		})
	}

	/// The unit the limits are in.
	pub fn canonical(&self) -> &'static Unit {
		&self.units[0]
	}

	/// Whether a canonical value lies within the limits. Conversions round, so the limits
	/// themselves are met with a relative tolerance far below what any device resolves.
	pub fn contains(&self, canonical: f64) -> bool {
		let slack = 1e-9 * self.max.abs().max(1.0);
		canonical >= self.min - slack && canonical <= self.max + slack
	}

	/// The UCUM codes accepted, for a message.
	pub fn unit_list(&self) -> String {
		self.units.iter().map(|unit| unit.ucum).collect::<Vec<_>>().join(", ")
	}
}

fn without_annotations(ucum: &str) -> String {
	let mut depth = 0_u32;
	let mut bare = String::with_capacity(ucum.len());
	for c in ucum.chars() {
		match c {
			'{' => depth += 1,
			'}' => depth = depth.saturating_sub(1),
			_ if depth == 0 => bare.push(c),
			_ => {},
		}
	}
	// `1/min` and `/min` are the same unit.
	bare.strip_prefix("1/").map(|rest| format!("/{rest}")).unwrap_or(bare)
}

const fn unit(ucum: &'static str, factor: f64) -> Unit {
	Unit { ucum, factor, offset: 0.0 }
}

const fn scale(ucum: &'static str, offset: f64, factor: f64) -> Unit {
	Unit { ucum, factor, offset }
}

/// Grams per mole: C6H12O6; the lactate is reported as the acid, C3H6O3; C4H7N3O; C27H46O.
const GLUCOSE: f64 = 180.156;
const LACTATE: f64 = 90.078;
const CREATININE: f64 = 113.118;
const CHOLESTEROL: f64 = 386.65;

const LENGTH: &[Unit] = &[
	unit("cm", 1.0),
	unit("m", 100.0),
	unit("mm", 0.1),
	unit("[in_i]", 2.54),
	unit("[ft_i]", 30.48),
];
const MASS: &[Unit] = &[
	unit("kg", 1.0),
	unit("g", 0.001),
	unit("[lb_av]", 0.453_592_37),
	unit("[oz_av]", 0.028_349_523_125),
];
const PERCENT: &[Unit] = &[unit("%", 1.0)];
const PER_MINUTE: &[Unit] = &[unit("/min", 1.0)];
const PRESSURE: &[Unit] = &[unit("mm[Hg]", 1.0), unit("kPa", 7.500_616_827)];
const MOLES: &[Unit] =
	&[unit("mmol/L", 1.0), unit("mmol/l", 1.0), unit("umol/L", 0.001), unit("mol/m3", 1.0)];
const IONS: &[Unit] = &[unit("mmol/L", 1.0), unit("mmol/l", 1.0), unit("meq/L", 1.0)];
const MASS_PER_VOLUME: &[Unit] = &[
	unit("mg/dL", 1.0),
	unit("mg/dl", 1.0),
	unit("g/L", 100.0),
	unit("g/l", 100.0),
	unit("mg/L", 0.1),
	unit("mg/mL", 100.0),
];
const HAEMOGLOBIN: &[Unit] =
	&[unit("g/dL", 1.0), unit("g/dl", 1.0), unit("g/L", 0.1), unit("g/l", 0.1)];
const CELSIUS: &[Unit] =
	&[unit("Cel", 1.0), scale("[degF]", -32.0, 5.0 / 9.0), scale("K", -273.15, 1.0)];

/// Glucose in the blood, mmol/L. Survived at 147.6 (2656 mg/dL, ketoacidosis, Guinness 2008);
/// at the other end glucometers and laboratories report down to about 0.1.
const GLUCOSE_MIN: f64 = 0.1;
const GLUCOSE_MAX: f64 = 165.0;
/// Lactate in the blood, mmol/L. Survived above 35 (metformin, seizures); sprinters reach 25-30.
const LACTATE_MIN: f64 = 0.05;
const LACTATE_MAX: f64 = 50.0;

/// The table.
pub const MEASURES: &[Measure] = &[
	Measure {
		name: "body height",
		loinc: &["8302-2", "3137-7", "3138-5", "8301-4", "8306-3", "8308-9"],
		units: LENGTH,
		min: 20.0,
		max: 280.0,
		source: "tallest documented 272 cm (R. Wadlow); preterm of 21 weeks about 25 cm",
	},
	Measure {
		name: "body weight",
		loinc: &["29463-7", "3141-9", "3142-7", "8335-2", "8339-4", "8341-0"],
		units: MASS,
		min: 0.2,
		max: 700.0,
		source: "smallest surviving newborn 212 g (Singapore, 2020); heaviest 635 kg (J. Minnoch)",
	},
	Measure {
		name: "body mass index",
		loinc: &["39156-5"],
		units: &[unit("kg/m2", 1.0), unit("kg/m^2", 1.0)],
		min: 3.0,
		max: 250.0,
		source: "preterm newborns about 4; highest documented 204 (K. Shaari)",
	},
	Measure {
		name: "body fat",
		loinc: &["41982-0"],
		units: PERCENT,
		min: 1.0,
		max: 85.0,
		source: "essential fat 2-3 % in men, generalised lipodystrophy below; extreme obesity 70 %",
	},
	Measure {
		name: "head circumference",
		loinc: &["9843-4", "8287-5", "8289-1"],
		units: LENGTH,
		min: 12.0,
		max: 110.0,
		source: "preterm of 21 weeks about 17 cm; hydrocephalus beyond 90 cm is documented",
	},
	Measure {
		name: "waist circumference",
		loinc: &["8280-0", "56086-2", "8281-8"],
		units: LENGTH,
		min: 15.0,
		max: 350.0,
		source: "largest documented 302 cm (W. Hudson)",
	},
	Measure {
		name: "glucose (mass)",
		loinc: &["2339-0", "2345-7", "41653-7", "1558-6", "2340-8", "1521-4", "1518-0"],
		units: MASS_PER_VOLUME,
		min: GLUCOSE_MIN * GLUCOSE / 10.0,
		max: GLUCOSE_MAX * GLUCOSE / 10.0,
		source: "as glucose (moles), at 180.156 g/mol",
	},
	Measure {
		name: "glucose (moles)",
		loinc: &["15074-8", "14749-6", "14743-9", "14771-0", "39481-7"],
		units: MOLES,
		min: GLUCOSE_MIN,
		max: GLUCOSE_MAX,
		source: "survived at 147.6 mmol/L; laboratories report down to 0.1",
	},
	Measure {
		name: "lactate (moles)",
		loinc: &["2524-7", "32693-4", "2518-9", "2519-7"],
		units: MOLES,
		min: LACTATE_MIN,
		max: LACTATE_MAX,
		source: "survived above 35 mmol/L; sprinters reach 25-30",
	},
	Measure {
		name: "lactate (mass)",
		loinc: &["14118-4"],
		units: MASS_PER_VOLUME,
		min: LACTATE_MIN * LACTATE / 10.0,
		max: LACTATE_MAX * LACTATE / 10.0,
		source: "as lactate (moles), at 90.078 g/mol",
	},
	Measure {
		name: "systolic blood pressure",
		loinc: &["8480-6", "8459-0", "8460-8", "8461-6"],
		units: PRESSURE,
		min: 0.0,
		max: 500.0,
		source: "480 mmHg arterial at maximal leg press (MacDougall 1985); 0 in arrest",
	},
	Measure {
		name: "diastolic blood pressure",
		loinc: &["8462-4", "8453-3", "8454-1", "8455-8"],
		units: PRESSURE,
		min: 0.0,
		max: 400.0,
		source: "350 mmHg arterial at maximal leg press (MacDougall 1985); 0 in arrest",
	},
	Measure {
		name: "mean blood pressure",
		loinc: &["8478-0"],
		units: PRESSURE,
		min: 0.0,
		max: 450.0,
		source: "between the limits of systolic and diastolic",
	},
	Measure {
		name: "heart rate",
		loinc: &["8867-4", "8893-0", "40443-4", "8889-8"],
		units: PER_MINUTE,
		min: 0.0,
		max: 600.0,
		source: "600/min conducted to the ventricles (Chhabra 2012); 0 in arrest",
	},
	Measure {
		name: "respiratory rate",
		loinc: &["9279-1"],
		units: PER_MINUTE,
		min: 0.0,
		max: 150.0,
		source: "newborns in distress reach 120/min; 0 in apnoea",
	},
	Measure {
		name: "body temperature",
		loinc: &["8310-5", "8331-1", "8332-9", "8333-7", "8328-7", "8329-5", "8334-5"],
		units: CELSIUS,
		min: 9.0,
		max: 47.0,
		source: "survived at 9 Cel (induced, Niazi 1958) and 46.5 Cel (heatstroke, Slovis 1982)",
	},
	Measure {
		name: "oxygen saturation",
		loinc: &["2708-6", "59408-5", "20564-1"],
		units: PERCENT,
		min: 0.0,
		max: 100.0,
		source: "a fraction of haemoglobin, by definition",
	},
	Measure {
		name: "haemoglobin A1c (NGSP)",
		loinc: &["4548-4", "17856-6", "4549-2"],
		units: PERCENT,
		min: 2.0,
		max: 25.0,
		source: "haemolysis lowers it to about 2-3 %; above 20 % is documented in new diabetes",
	},
	Measure {
		name: "haemoglobin A1c (IFCC)",
		loinc: &["59261-8"],
		units: &[unit("mmol/mol", 1.0)],
		min: 1.0,
		max: 250.0,
		source: "the NGSP limits by the master equation, NGSP = 0.09148 * IFCC + 2.152",
	},
	Measure {
		name: "haemoglobin (mass)",
		loinc: &["718-7", "30313-1", "30350-3", "20509-6"],
		units: HAEMOGLOBIN,
		min: 0.5,
		max: 30.0,
		source: "survived at 0.6-0.7 g/dL; polycythaemia up to about 28 g/dL",
	},
	Measure {
		name: "haematocrit",
		loinc: &["4544-3", "20570-8", "71833-8"],
		units: PERCENT,
		min: 1.5,
		max: 90.0,
		source: "three times the haemoglobin; polycythaemia beyond 80 % is documented",
	},
	Measure {
		name: "potassium",
		loinc: &["2823-3", "6298-4", "75940-7"],
		units: IONS,
		min: 0.5,
		max: 20.0,
		source: "survived at 1.0 and 14 mmol/L; haemolysed samples read higher",
	},
	Measure {
		name: "sodium",
		loinc: &["2951-2", "2947-0"],
		units: IONS,
		min: 70.0,
		max: 260.0,
		source: "survived below 100 and above 200 mmol/L; 255 in salt poisoning",
	},
	Measure {
		name: "creatinine (mass)",
		loinc: &["2160-0", "38483-4"],
		units: MASS_PER_VOLUME,
		min: 0.02,
		max: 90.0,
		source: "73.8 mg/dL in untreated kidney failure is documented",
	},
	Measure {
		name: "creatinine (moles)",
		loinc: &["14682-9", "59826-8"],
		units: &[unit("umol/L", 1.0), unit("umol/l", 1.0), unit("mmol/L", 1000.0)],
		min: 0.02 * 10_000.0 / CREATININE,
		max: 90.0 * 10_000.0 / CREATININE,
		source: "as creatinine (mass), at 113.118 g/mol",
	},
	Measure {
		name: "total cholesterol (mass)",
		loinc: &["2093-3"],
		units: MASS_PER_VOLUME,
		min: 1.0,
		max: 3500.0,
		source: "nearly none in abetalipoproteinaemia; above 2000 mg/dL in severe cholestasis",
	},
	Measure {
		name: "total cholesterol (moles)",
		loinc: &["14647-2"],
		units: MOLES,
		min: 10.0 / CHOLESTEROL,
		max: 35_000.0 / CHOLESTEROL,
		source: "as total cholesterol (mass), at 386.65 g/mol",
	},
	Measure {
		name: "pain score",
		loinc: &["72514-3"],
		units: &[unit("{score}", 1.0)],
		min: 0.0,
		max: 10.0,
		source: "a scale of 0-10, by definition",
	},
];

#[cfg(test)]
mod tests {
	use std::collections::HashSet;

	use proptest::prelude::*;

	use super::*;

	#[test]
	fn rows_do_not_overlap_and_are_in_order() {
		let mut seen = HashSet::new();
		for measure in MEASURES {
			assert!(measure.min < measure.max, "{}", measure.name);
			assert!(!measure.source.is_empty(), "{}", measure.name);
			assert_eq!((measure.canonical().factor, measure.canonical().offset), (1.0, 0.0));
			for code in measure.loinc {
				assert!(seen.insert(code), "{code} stands twice");
				assert!(has_check_digit(code), "{code} is no LOINC code");
			}
		}
	}

	/// LOINC codes end in a Luhn digit.
	fn has_check_digit(code: &str) -> bool {
		let (number, check) = code.split_once('-').unwrap();
		let sum: u32 = number
			.bytes()
			.rev()
			.enumerate()
			.map(|(at, byte)| {
				let digit = u32::from(byte - b'0');
				let doubled = digit * 2;
				if at % 2 == 0 { doubled / 10 + doubled % 10 } else { digit }
			})
			.sum();
		(10 - sum % 10) % 10 == check.parse().unwrap()
	}

	#[test]
	fn the_two_glucose_rows_agree() {
		let mass = Measure::of_loinc("2339-0").unwrap();
		let moles = Measure::of_loinc("15074-8").unwrap();
		assert!((mass.max * 10.0 / GLUCOSE - moles.max).abs() < 1e-9);
		assert!((98.0 * 10.0 / GLUCOSE - 5.44).abs() < 0.01);
	}

	#[test]
	fn annotations_carry_no_meaning() {
		let rate = Measure::of_loinc("8867-4").unwrap();
		for ucum in ["/min", "{beats}/min", "{Beats}/min", "1/min"] {
			assert!(rate.unit(ucum).is_some(), "{ucum}");
		}
		for ucum in ["min", "/s", "{beats}", "", "bpm"] {
			assert!(rate.unit(ucum).is_none(), "{ucum}");
		}
		assert!(Measure::of_loinc("72514-3").unwrap().unit("{points}").is_none());
	}

	proptest! {
		/// There and back again, for every unit of every measure, all over its range.
		#[test]
		fn conversions_are_inverses(
			row in 0..MEASURES.len(),
			which in 0..8_usize,
			at in 0.0..=1.0_f64,
		) {
			let measure = &MEASURES[row];
			let unit = &measure.units[which % measure.units.len()];
			let canonical = measure.min + (measure.max - measure.min) * at;
			let back = unit.to_canonical(unit.of_canonical(canonical));
			prop_assert!((back - canonical).abs() <= 1e-9 * canonical.abs().max(1.0));
			prop_assert!(measure.contains(back));
		}

		/// A greater value in a unit is a greater value in the canonical one.
		#[test]
		fn conversions_keep_order(
			row in 0..MEASURES.len(),
			which in 0..8_usize,
			a in 0.1..1e4_f64,
			b in 0.1..1e4_f64,
		) {
			let measure = &MEASURES[row];
			let unit = &measure.units[which % measure.units.len()];
			prop_assert_eq!(a < b, unit.to_canonical(a) < unit.to_canonical(b));
		}
	}
}
