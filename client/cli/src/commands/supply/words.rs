// SPDX-License-Identifier: Apache-2.0

//! How goods are written on the command line.

use crate::{
	document,
	values::{Hash, Span, when},
};
use anyhow::anyhow;
use salus_client::{
	At,
	types::supply::{CompanyCode, HoldTarget, ItemRef, PackLevel, ParcelRef, Site, Told},
};
use salus_gs1::{Date, GivenGtin, Gln, Sscc, UdiDi};
use salus_primitives::{BatchIx, Digest, Jurisdiction, Moment, UnitRef, blake2_256};
use salus_supply::scan::ScannedLabel;
use std::{
	path::PathBuf,
	str::FromStr,
	time::{SystemTime, UNIX_EPOCH},
};

/// A paper that the chain gets the hash of: a file, or that hash.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Paper {
	Hash(Digest),
	File(PathBuf),
}

impl FromStr for Paper {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, String> {
		let hash = text.starts_with("0x").then(|| text.parse::<Hash>().ok()).flatten();
		Ok(hash.map_or_else(|| Self::File(text.into()), |hash| Self::Hash(Digest(hash.0))))
	}
}

impl Paper {
	/// Its BLAKE2b-256.
	pub(super) fn digest(&self) -> anyhow::Result<Digest> {
		match self {
			Self::Hash(hash) => Ok(*hash),
			Self::File(path) => Ok(Digest(blake2_256(&document::read(path)?))),
		}
	}
}

/// The hash of a short text, as a reference of one's own.
pub(super) fn digest_of(text: &str) -> Digest {
	Digest(blake2_256(text.as_bytes()))
}

/// 64 digits.
pub(super) fn digest(text: &str) -> Result<Digest, String> {
	text.parse::<Hash>().map(|hash| Digest(hash.0))
}

/// When something happened, and the document that tells it.
#[derive(clap::Args, Clone, Default, Debug)]
pub(super) struct Event {
	/// How long ago it happened, 30 days at most; just now without it.
	#[arg(long, value_name = "SPAN")]
	ago: Option<Span>,
	/// The hash of the EPCIS event that tells it.
	#[arg(long, value_name = "HASH", value_parser = digest)]
	epcis: Option<Digest>,
}

impl Event {
	pub(super) async fn told(&self, at: &At) -> anyhow::Result<Told> {
		let at = match self.ago {
			Some(span) => Some(at.now().await?.saturating_sub(span.0)),
			None => None,
		};
		Ok(Told { at, epcis: self.epcis })
	}
}

/// Where something happens.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Place {
	/// The country: an ISO 3166-1 numeric code, as 276.
	#[arg(long, value_name = "COUNTRY", value_parser = crate::commands::accredit::country)]
	market: Jurisdiction,
	/// The location: a GLN of 13 digits.
	#[arg(long, value_name = "GLN")]
	location: Gln,
}

impl Place {
	pub(super) fn site(&self) -> Site {
		Site { market: self.market, location: self.location }
	}
}

/// A product by the number on its label.
pub(super) fn product(text: &str) -> Result<UdiDi, String> {
	if let Some(di) = text.strip_prefix("hibcc:") {
		return di.parse().map(UdiDi::Hibcc).map_err(|error| error.to_string());
	}
	if let Some(di) = text.strip_prefix("iccbba:") {
		return di.parse().map(UdiDi::Iccbba).map_err(|error| error.to_string());
	}
	let given = GivenGtin::parse(text.as_bytes());
	given.map(|given| UdiDi::Gs1(given.gtin())).map_err(|error| {
		format!("{error} (a product is a GTIN, or hibcc: or iccbba: and its device identifier)")
	})
}

/// A product as [`product`] reads it.
pub(super) fn product_text(product: &UdiDi) -> String {
	match product {
		UdiDi::Gs1(gtin) => gtin.to_string(),
		UdiDi::Hibcc(di) => format!("hibcc:{di}"),
		UdiDi::Iccbba(di) => format!("iccbba:{di}"),
	}
}

/// What the numbers of a company begin with.
pub(super) fn company(text: &str) -> Result<CompanyCode, String> {
	let capitals =
		|code: &str| code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
	if let Some(code) = text.strip_prefix("hibcc:") {
		let bytes = code.as_bytes().try_into().ok().filter(|_| capitals(code));
		return bytes
			.map(CompanyCode::Hibcc)
			.ok_or_else(|| "a labeler identification code has four capitals or digits".into());
	}
	if let Some(code) = text.strip_prefix("iccbba:") {
		let bytes = code.as_bytes().try_into().ok().filter(|_| capitals(code));
		return bytes
			.map(CompanyCode::Iccbba)
			.ok_or_else(|| "a facility identification number has five capitals or digits".into());
	}
	text.parse().map(CompanyCode::Gs1).map_err(|error| {
		format!("{error} (a company code is a GS1 Company Prefix, or hibcc: or iccbba: and a code)")
	})
}

/// A grouping: `GTIN=UNITS`.
pub(super) fn level(text: &str) -> Result<PackLevel, String> {
	let wrong = || format!("`{text}` is no grouping: write its GTIN, =, and how many units it has");
	let (gtin, units) = text.split_once('=').ok_or_else(wrong)?;
	let gtin = GivenGtin::parse(gtin.as_bytes()).map_err(|error| error.to_string())?.gtin();
	Ok(PackLevel { gtin, units: units.parse().map_err(|_| wrong())? })
}

/// A parcel: `BATCH:START`.
pub(super) fn parcel(text: &str) -> Result<ParcelRef, String> {
	let wrong =
		|| format!("`{text}` is no parcel: write its batch, :, and its first index, as 7:0");
	let (batch, start) = text.split_once(':').ok_or_else(wrong)?;
	let batch = batch.parse().map(BatchIx).map_err(|_| wrong())?;
	Ok(ParcelRef { batch, start: start.parse().map_err(|_| wrong())? })
}

/// A container by its SSCC, with or without `(00)` in front.
pub(super) fn sscc(text: &str) -> Result<Sscc, String> {
	text.strip_prefix("(00)").unwrap_or(text).parse().map_err(|error| format!("{error}"))
}

/// What can be packed or shipped: a parcel, or a container.
pub(super) fn item(text: &str) -> Result<ItemRef, String> {
	if text.contains(':') {
		return parcel(text).map(ItemRef::Parcel);
	}
	sscc(text).map(ItemRef::Container).map_err(|error| {
		format!("{error} (an item is a parcel, as 7:0, or a container by its SSCC)")
	})
}

/// An item as [`item`] reads it.
pub(super) fn item_text(item: &ItemRef) -> String {
	match item {
		ItemRef::Parcel(parcel) => format!("{}:{}", parcel.batch, parcel.start),
		ItemRef::Container(sscc) => sscc.to_string(),
	}
}

/// Items in the order that the chain asks for, each once.
pub(super) fn in_order<T: Ord>(mut items: Vec<T>) -> Vec<T> {
	items.sort();
	items.dedup();
	items
}

/// A unit: `BATCH/INDEX`, and `@START` where the parcel that it is in begins, when that is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Unit {
	pub(super) unit: UnitRef,
	pub(super) start: Option<u32>,
}

impl FromStr for Unit {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, String> {
		let wrong = || {
			format!(
				"`{text}` is no unit: write its batch, /, and its index in it, as 7/12 or 7/12@0"
			)
		};
		let (name, start) = match text.split_once('@') {
			Some((name, start)) => (name, Some(start.parse().map_err(|_| wrong())?)),
			None => (text, None),
		};
		let (batch, index) = name.split_once('/').ok_or_else(wrong)?;
		let batch = batch.parse().map(BatchIx).map_err(|_| wrong())?;
		let index = index.parse().map_err(|_| wrong())?;
		Ok(Self { unit: UnitRef { batch, index }, start })
	}
}

/// One pack or device: by its place in a batch, or by what its label says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Pack {
	Unit(Unit),
	Label(Box<ScannedLabel>),
}

impl FromStr for Pack {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, String> {
		if let Ok(unit) = text.parse() {
			return Ok(Self::Unit(unit));
		}
		let label = ScannedLabel::read(text.as_bytes(), this_year());
		label
			.map(|label| Self::Label(Box::new(label)))
			.map_err(|error| format!("{error} (a pack is a unit, as 7/12, or what its label says)"))
	}
}

/// The year that dates of two digits are read in.
pub(super) fn this_year() -> u16 {
	let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
	Date::at(u64::try_from(now).unwrap_or_default()).map_or(2_026, Date::year)
}

/// Something to put aside: a unit, a parcel or a container; the unit's parcel is looked up later.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Aside {
	Unit(Unit),
	Known(HoldTarget),
}

impl FromStr for Aside {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, String> {
		if text.contains('/') {
			return text.parse().map(Self::Unit);
		}
		Ok(Self::Known(match item(text)? {
			ItemRef::Parcel(parcel) => HoldTarget::Parcel(parcel),
			ItemRef::Container(sscc) => HoldTarget::Container(sscc),
		}))
	}
}

/// Markets as people read them.
pub(super) fn markets(markets: &[Jurisdiction]) -> String {
	if markets.is_empty() {
		return "everywhere".into();
	}
	markets.iter().map(|market| market.0.to_string()).collect::<Vec<_>>().join(", ")
}

/// A moment, or a dash.
pub(super) fn moment(moment: Option<Moment>) -> String {
	moment.map_or_else(|| "-".into(), when)
}

/// What the chain should have said and did not.
pub(super) fn unsaid(what: &str) -> anyhow::Error {
	anyhow!("it is done, and the chain does not say the number of the {what}: look at its events")
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn items_are_parcels_or_containers() {
		let parcel = ParcelRef { batch: BatchIx(7), start: 48 };
		assert_eq!(item("7:48"), Ok(ItemRef::Parcel(parcel)));
		let pallet = item("(00)106141412345678908").unwrap();
		assert_eq!(item("106141412345678908"), Ok(pallet));
		for text in ["7:48", "106141412345678908"] {
			assert_eq!(item_text(&item(text).unwrap()), text);
		}
		for wrong in ["", "7", "7:", ":0", "7:-1", "106141412345678907", "7/48"] {
			assert!(item(wrong).is_err(), "{wrong}");
		}
	}

	#[test]
	fn units_name_their_batch_and_maybe_their_parcel() {
		let unit = UnitRef { batch: BatchIx(7), index: 12 };
		assert_eq!("7/12".parse(), Ok(Unit { unit, start: None }));
		assert_eq!("7/12@0".parse(), Ok(Unit { unit, start: Some(0) }));
		for wrong in ["", "7", "7/", "/12", "7/x", "7/12@", "7/12@x", "7/4294967296"] {
			assert!(wrong.parse::<Unit>().is_err(), "{wrong}");
		}
	}

	#[test]
	fn packs_are_units_or_labels() {
		assert!(matches!("7/12".parse(), Ok(Pack::Unit(_))));
		let text = "(01)06291041500213(17)271231(10)L1(21)S1";
		let Ok(Pack::Label(label)) = text.parse() else { panic!("a label is a pack") };
		assert_eq!(label.serial, Some("S1".parse().unwrap()));
		assert_eq!(label.lot, Some("L1".parse().unwrap()));
		assert!("(21)S1".parse::<Pack>().is_err());
	}

	#[test]
	fn products_are_written_as_they_are_read() {
		for text in ["06291041500213", "hibcc:A123BJC5D6E71", "iccbba:A9999XYZ100T0944"] {
			assert_eq!(product_text(&product(text).unwrap()), text);
		}
		assert!(product("06291041500213").is_ok());
		assert!(product("06291041500214").unwrap_err().contains("GTIN"));
	}

	#[test]
	fn company_codes_are_of_three_agencies() {
		assert!(matches!(company("6291041"), Ok(CompanyCode::Gs1(_))));
		assert_eq!(company("hibcc:B123"), Ok(CompanyCode::Hibcc(*b"B123")));
		assert_eq!(company("iccbba:A9999"), Ok(CompanyCode::Iccbba(*b"A9999")));
		for wrong in ["", "B123", "hibcc:b123", "hibcc:B12", "iccbba:A999"] {
			assert!(company(wrong).is_err(), "{wrong}");
		}
	}

	#[test]
	fn groupings_say_how_many_units_they_have() {
		let case = level("16291041500210=48").unwrap();
		assert_eq!(case.units, 48);
		for wrong in ["16291041500210", "16291041500210=", "1=48", "16291041500210=x"] {
			assert!(level(wrong).is_err(), "{wrong}");
		}
	}

	#[test]
	fn papers_are_files_or_hashes() {
		let hash = format!("0x{}", "ab".repeat(32));
		assert_eq!(hash.parse(), Ok(Paper::Hash(Digest([0xab; 32]))));
		assert_eq!("approval.pdf".parse(), Ok(Paper::File("approval.pdf".into())));
	}
}
