// SPDX-License-Identifier: Apache-2.0

//! What a pharmacist reads after a scan: what it is, what to do, and how sure that is.
//!
//! Nothing here asks anybody. [`ScannedLabel`] is what to ask the chain about, [`Finding`] what it
//! answered, [`Answer`] what is shown.

#[cfg(test)]
mod tests;
mod words;

use salus_gs1::{
	Date, ElementString, EpcKey, LotNo, Scan, ScanError, Serial, Sscc, Udi, UdiDi, UdiError,
};
use salus_primitives::{RecallId, UnitState, VerdictClass, VerdictCode};
use std::fmt;

/// What a label says of one pack, as far as it says it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScannedLabel {
	/// The product.
	pub product: UdiDi,
	/// The serial.
	pub serial: Option<Serial>,
	/// The lot.
	pub lot: Option<LotNo>,
	/// The expiry.
	pub expiry: Option<Date>,
	/// How else the symbol could have been meant, had its reader lost a separator.
	pub other_readings: Vec<ElementString>,
}

/// Why there is nothing to ask about. All of it is the reader's, or the wrong symbol's, fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NoPack {
	/// It cannot be read.
	Unreadable(ScanError),
	/// It is a case or a pallet.
	Logistic(Sscc),
	/// It names no product.
	NoProduct(UdiError),
	/// It names a lot, a place or a company.
	NotOne,
}

impl fmt::Display for NoPack {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Unreadable(error) => error.fmt(f),
			Self::Logistic(sscc) => write!(
				f,
				"this is the logistic unit {sscc}, a case or a pallet; scan a pack, or see what is in it \
				 with `salus supply trace {sscc}`"
			),
			Self::NoProduct(error) => error.fmt(f),
			Self::NotOne => f.write_str(
				"the code names no single pack; scan the symbol that has the serial number",
			),
		}
	}
}

impl std::error::Error for NoPack {}

impl ScannedLabel {
	/// Reads what a scanner sent or a person typed. `this_year` gives dates their century.
	pub fn read(data: &[u8], this_year: u16) -> Result<Self, NoPack> {
		let scan = Scan::parse(data, this_year).map_err(NoPack::Unreadable)?;
		Self::of(&scan, this_year)
	}

	/// What a scan says.
	pub fn of(scan: &Scan, this_year: u16) -> Result<Self, NoPack> {
		let mut other_readings = Vec::new();
		match scan {
			Scan::Epc(uri) => return Self::of_epc(uri.key()),
			Scan::Elements(_, elements) => {
				if let (None, Some(sscc)) = (elements.gtin(), elements.sscc()) {
					return Err(NoPack::Logistic(sscc));
				}
				other_readings = elements.readings_with_a_separator();
			},
			Scan::Link(link) => {
				let elements = link.to_elements();
				if let Some(sscc) = elements.ok().and_then(|elements| elements.sscc()) {
					return Err(NoPack::Logistic(sscc));
				}
			},
			Scan::Gtin(_) | Scan::Hibc(_) | Scan::Iccbba(_) => (),
		}
		let Udi { di, pi } = Udi::of(scan, this_year).map_err(NoPack::NoProduct)?;
		let (serial, lot, expiry) = (pi.serial, pi.lot, pi.expiry);
		Ok(Self { product: di, serial, lot, expiry, other_readings })
	}

	fn of_epc(key: EpcKey) -> Result<Self, NoPack> {
		let (gtin, serial, lot) = match key {
			EpcKey::Sgtin(gtin, serial) => (gtin, Some(serial), None),
			EpcKey::Lgtin(gtin, lot) => (gtin, None, Some(lot)),
			EpcKey::AnySgtin(gtin) => (gtin, None, None),
			EpcKey::Sscc(sscc) => return Err(NoPack::Logistic(sscc)),
			EpcKey::Sgln(..) | EpcKey::Pgln(_) => return Err(NoPack::NotOne),
		};
		let product = UdiDi::Gs1(gtin);
		Ok(Self { product, serial, lot, expiry: None, other_readings: Vec::new() })
	}
}

/// What the chain found, as far as it is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Finding {
	/// What kind of answer it is.
	pub class: VerdictClass,
	/// What exactly.
	pub code: VerdictCode,
	/// The state of the unit itself, when it is known.
	pub state: Option<UnitState>,
	/// The recall that reaches it.
	pub recall: Option<RecallId>,
	/// The expiry of its lot, when that is known.
	pub expiry: Option<Date>,
}

impl Finding {
	/// A finding of which nothing is known but its code.
	pub fn of(code: VerdictCode) -> Self {
		Self { class: code.class(), code, state: None, recall: None, expiry: None }
	}
}

/// A colour that repeats what the words say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Colour {
	/// May be handed over.
	Green,
	/// Look again.
	Yellow,
	/// Must not be handed over.
	Red,
	/// Must not leave the hand: report it.
	Magenta,
}

impl Colour {
	/// The colour of a class.
	pub const fn of(class: VerdictClass) -> Self {
		match class {
			VerdictClass::Ok => Self::Green,
			VerdictClass::Technical => Self::Yellow,
			VerdictClass::NotSaleable => Self::Red,
			VerdictClass::Suspect => Self::Magenta,
		}
	}

	/// Its number among the colours of a terminal (ECMA-48, SGR 30 to 37).
	pub const fn sgr(self) -> u8 {
		match self {
			Self::Red => 31,
			Self::Green => 32,
			Self::Yellow => 33,
			Self::Magenta => 35,
		}
	}
}

/// The exit code of a class: 0 may be handed over, 3 technical, 4 not saleable, 5 suspect.
pub const fn exit_code(class: VerdictClass) -> u8 {
	match class {
		VerdictClass::Ok => 0,
		VerdictClass::Technical => 3,
		VerdictClass::NotSaleable => 4,
		VerdictClass::Suspect => 5,
	}
}

/// What is shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
	/// The class in capitals and what was found: `OK`, `SCAN AGAIN`, `DO NOT SELL`, `SUSPECT`.
	pub headline: String,
	/// What to do, in whole sentences.
	pub advice: String,
	/// What is known besides, as label and value.
	pub facts: Vec<(&'static str, String)>,
	/// The colour.
	pub colour: Colour,
	/// The exit code.
	pub exit: u8,
}

/// The answer to a scan.
pub fn present(label: &ScannedLabel, finding: &Finding) -> Answer {
	let code = finding.code;
	// The worse of the two, should they ever differ.
	let class = finding.class.max(code.class());
	let mut advice = words::advice(code).to_owned();
	if let Some(hint) = separator_hint(label, code) {
		advice.push(' ');
		advice.push_str(&hint);
	}
	Answer {
		headline: format!("{}: {}", words::banner(class), words::found(code)),
		advice,
		facts: facts(label, finding),
		colour: Colour::of(class),
		exit: exit_code(class),
	}
}

/// The answer where nothing could be asked: a technical one, always.
pub fn present_no_pack(reason: &NoPack) -> Answer {
	let class = VerdictClass::Technical;
	Answer {
		headline: format!("{}: this is no code of a pack", words::banner(class)),
		advice: format!("{}.", capitalised(&reason.to_string())),
		facts: Vec::new(),
		colour: Colour::of(class),
		exit: exit_code(class),
	}
}

/// Where a field may have swallowed the next one, that is the likelier cause.
fn separator_hint(label: &ScannedLabel, code: VerdictCode) -> Option<String> {
	use VerdictCode::*;
	if !matches!(code, UnknownLot | UnknownSerial | LotMismatch | BadFormat | DataNotYetUploaded) {
		return None;
	}
	// A reading that gives the pack both: the one meant, most likely.
	let reading = label.other_readings.iter().find(|reading| {
		reading.gtin().is_some() && reading.lot().is_some() && reading.serial().is_some()
	})?;
	Some(format!(
		"The reader may have lost a group separator: the code could also mean {reading}. Set it to send \
		 group separators (ASCII 29) and scan again before anything else."
	))
}

fn facts(label: &ScannedLabel, finding: &Finding) -> Vec<(&'static str, String)> {
	let expiry = match (label.expiry, finding.expiry) {
		(Some(printed), Some(true_one)) if printed != true_one => {
			Some(format!("{printed} on the label, {true_one} by its maker"))
		},
		(Some(date), _) | (None, Some(date)) => Some(date.to_string()),
		(None, None) => None,
	};
	let state = finding.state.filter(|state| *state != UnitState::Active);
	[
		("product", Some(label.product.to_string())),
		("lot", label.lot.map(|lot| lot.to_string())),
		("serial", label.serial.map(|serial| serial.to_string())),
		("expiry", expiry),
		("state", state.map(|state| state.to_string())),
		("recall", finding.recall.map(|recall| recall.to_string())),
		("code", Some(finding.code.to_string())),
	]
	.into_iter()
	.filter_map(|(name, value)| Some((name, value?)))
	.collect()
}

fn capitalised(text: &str) -> String {
	let mut letters = text.chars();
	letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
