// SPDX-License-Identifier: Apache-2.0
//! What any bytes at all have to survive. The fuzz target includes this file as well.

use codec::{Decode, Encode, MaxEncodedLen};
use salus_gs1::{
	CompanyPrefix, Date, DigitalLink, ElementString, EpcUri, GivenGtin, Gln, GlnExtension, Gtin,
	HibcLabel, IccbbaLabel, LotNo, Ndc, Scan, Serial, ShortDate, ShortTime, Sscc, Udi, Version,
};
use std::{fmt::Debug, str::FromStr};

/// The year that dates are read in.
pub(crate) const THIS_YEAR: u16 = 2026;

/// Reads `data` in every way there is. What is read has to be written and read again as the same.
/// Returns whether it was some scan.
pub(crate) fn exercise(data: &[u8]) -> bool {
	decode::<Gtin>(data);
	decode::<Gln>(data);
	decode::<Sscc>(data);
	decode::<CompanyPrefix>(data);
	decode::<LotNo>(data);
	decode::<Serial>(data);
	decode::<Date>(data);
	decode::<Ndc>(data);
	if let Ok(udi) = Udi::decode(&mut &*data) {
		assert!(udi.encoded_size() <= Udi::max_encoded_len());
	}
	if let Ok(text) = core::str::from_utf8(data) {
		reread::<Gtin>(text);
		reread::<Gln>(text);
		reread::<Sscc>(text);
		reread::<CompanyPrefix>(text);
		reread::<LotNo>(text);
		reread::<Serial>(text);
		reread::<GlnExtension>(text);
		reread::<Version>(text);
		reread::<Date>(text);
		reread::<Ndc>(text);
		reread::<EpcUri>(text);
		reread::<DigitalLink>(text);
		reread::<ElementString>(text);
	}
	if let Ok(given) = GivenGtin::parse(data) {
		assert_eq!(given.to_string().as_bytes(), data);
	}
	if let Ok(date) = ShortDate::parse(data) {
		assert_eq!(date.to_string().as_bytes(), data);
		if let Ok(date) = date.read_in(THIS_YEAR) {
			assert_eq!(ShortDate::of(date).to_string().as_bytes(), data);
			assert!(date.begins_at() < date.ends_at() || date.year() < 1970);
		}
	}
	if let Ok(time) = ShortTime::parse(data) {
		assert_eq!(time.to_string().as_bytes(), data);
	}
	let _ = HibcLabel::parse(data, THIS_YEAR);
	let _ = IccbbaLabel::parse(data);
	match Scan::parse(data, THIS_YEAR) {
		Ok(scan) => {
			rewrite(&scan);
			let _ = Udi::of(&scan, THIS_YEAR);
			true
		},
		Err(error) => {
			assert!(!error.to_string().is_empty());
			false
		},
	}
}

fn rewrite(scan: &Scan) {
	match scan {
		Scan::Elements(_, elements) => rewrite_elements(elements),
		Scan::Link(link) => {
			assert_eq!(link.to_string().parse().as_ref(), Ok(link));
			rewrite_elements(&link.to_elements().unwrap());
		},
		Scan::Gtin(given) => {
			assert_eq!(GivenGtin::parse(given.to_string().as_bytes()), Ok(*given));
		},
		Scan::Epc(uri) => {
			assert_eq!(EpcUri::new(uri.key(), uri.company_prefix().length()), Ok(*uri))
		},
		Scan::Hibc(label) => {
			if let Some(di) = label.di {
				let primary = HibcLabel::parse(di.to_label().as_bytes(), THIS_YEAR).unwrap();
				assert_eq!(primary.di, Some(di));
			}
		},
		Scan::Iccbba(_) => {},
	}
}

fn rewrite_elements(elements: &ElementString) {
	assert_eq!(ElementString::parse_plain(&elements.to_plain()).as_ref(), Ok(elements));
	assert_eq!(ElementString::from_str(&elements.to_string()).as_ref(), Ok(elements));
	let _ = elements.check_associations();
	for reading in elements.readings_with_a_separator() {
		assert_eq!(ElementString::parse_plain(&reading.to_plain()), Ok(reading));
	}
	if let Ok(link) = DigitalLink::of(elements) {
		assert_eq!(link.to_string().parse(), Ok(link));
	}
}

fn reread<T: FromStr<Err: Debug + PartialEq> + ToString + PartialEq + Debug>(text: &str) {
	if let Ok(value) = text.parse::<T>() {
		assert_eq!(value.to_string().parse(), Ok(value));
	}
}

fn decode<T>(data: &[u8])
where
	T: Decode + Encode + MaxEncodedLen + ToString + FromStr<Err: Debug> + PartialEq + Debug,
{
	let rest = &mut &*data;
	if let Ok(value) = T::decode(rest) {
		let taken = &data[..data.len() - rest.len()];
		assert_eq!(value.encode(), taken);
		assert!(taken.len() <= T::max_encoded_len());
		assert_eq!(value.to_string().parse::<T>().unwrap(), value);
	}
}
