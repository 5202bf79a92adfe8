// SPDX-License-Identifier: Apache-2.0

//! Unique device identification, whichever agency issued it (21 CFR 830; EU 2017/745, Article 27).

use crate::{
	Ai, Date, DateFault, DonationId, ElementString, Gtin, HibcDi, HibcLabel, IccbbaDi, IccbbaLabel,
	LotNo, Scan, Serial, ShortDate, Value, Version,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;

/// A device identifier: which device of which maker, in which packaging.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Hash,
	Debug,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum UdiDi {
	/// Of GS1.
	#[codec(index = 0)]
	Gs1(Gtin),
	/// Of HIBCC.
	#[codec(index = 1)]
	Hibcc(HibcDi),
	/// Of ICCBBA.
	#[codec(index = 2)]
	Iccbba(IccbbaDi),
}

impl UdiDi {
	/// The agency that issued it.
	pub const fn agency(&self) -> &'static str {
		match self {
			Self::Gs1(_) => "GS1",
			Self::Hibcc(_) => "HIBCC",
			Self::Iccbba(_) => "ICCBBA",
		}
	}
}

impl fmt::Display for UdiDi {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Gs1(gtin) => gtin.fmt(f),
			Self::Hibcc(di) => di.fmt(f),
			Self::Iccbba(di) => di.fmt(f),
		}
	}
}

/// Production identifiers: which of them it is.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Default,
	Debug,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct UdiPi {
	/// The lot.
	pub lot: Option<LotNo>,
	/// The serial number.
	pub serial: Option<Serial>,
	/// Until when it may be used.
	pub expiry: Option<Date>,
	/// When it was made.
	pub made: Option<Date>,
	/// The version of a software.
	pub version: Option<Version>,
	/// The donation that a device of human origin comes from. It stands for a donor: keep it off
	/// chain.
	pub donation: Option<DonationId>,
}

/// A device identifier with its production identifiers.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Udi {
	/// Which device.
	pub di: UdiDi,
	/// Which of them.
	pub pi: UdiPi,
}

/// Why a scan is no device.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UdiError {
	/// Nothing in it says which device. Scan the other symbol of the label too.
	NoDeviceIdentifier,
	/// A date of it does not exist in the century that it falls in.
	BadDate(DateFault),
}

impl fmt::Display for UdiError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::NoDeviceIdentifier => f.write_str(
				"nothing in it says which device; scan the other symbol of the label too",
			),
			Self::BadDate(fault) => fault.fmt(f),
		}
	}
}

impl core::error::Error for UdiError {}

impl Udi {
	/// The device that a scan names; `this_year` gives its dates their century.
	pub fn of(scan: &Scan, this_year: u16) -> Result<Self, UdiError> {
		match scan {
			Scan::Elements(_, elements) => Self::of_elements(elements, this_year),
			Scan::Link(link) => match link.to_elements() {
				Ok(elements) => Self::of_elements(&elements, this_year),
				Err(_) => Err(UdiError::NoDeviceIdentifier),
			},
			Scan::Gtin(given) => Ok(Self { di: UdiDi::Gs1(given.gtin()), pi: UdiPi::default() }),
			Scan::Hibc(label) => Self::of_hibc(label),
			Scan::Iccbba(label) => Self::of_iccbba(label),
			Scan::Epc(_) => Err(UdiError::NoDeviceIdentifier),
		}
	}

	fn of_elements(elements: &ElementString, this_year: u16) -> Result<Self, UdiError> {
		let gtin = elements.gtin().ok_or(UdiError::NoDeviceIdentifier)?;
		let date = |ai| {
			let read = |date: ShortDate| date.read_in(this_year).map_err(UdiError::BadDate);
			elements.date(ai).map(read).transpose()
		};
		let version = match elements.get(Ai::Version) {
			Some(Value::Text(text)) => text.parse().ok(),
			_ => None,
		};
		let pi = UdiPi {
			lot: elements.lot(),
			serial: elements.serial(),
			expiry: date(Ai::Expiry)?,
			made: date(Ai::ProductionDate)?,
			version,
			donation: None,
		};
		Ok(Self { di: UdiDi::Gs1(gtin), pi })
	}

	fn of_hibc(label: &HibcLabel) -> Result<Self, UdiError> {
		let di = UdiDi::Hibcc(label.di.ok_or(UdiError::NoDeviceIdentifier)?);
		let HibcLabel { lot, serial, expiry, made, .. } = *label;
		Ok(Self { di, pi: UdiPi { lot, serial, expiry, made, ..UdiPi::default() } })
	}

	fn of_iccbba(label: &IccbbaLabel) -> Result<Self, UdiError> {
		let di = UdiDi::Iccbba(label.di.ok_or(UdiError::NoDeviceIdentifier)?);
		let IccbbaLabel { lot, serial, expiry, made, donation, .. } = *label;
		Ok(Self { di, pi: UdiPi { lot, serial, expiry, made, donation, version: None } })
	}
}
