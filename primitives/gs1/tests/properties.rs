// SPDX-License-Identifier: Apache-2.0
//! What holds for all codes: what is written is read as the same, and a slip is refused.

use codec::{Decode, Encode, MaxEncodedLen};
use proptest::{collection::vec, prelude::*, sample::Index};
use salus_gs1::{
	Ai, CodeError, CompanyPrefix, Date, DigitalLink, Element, ElementString, EpcKey, EpcUri,
	Format, Gln, GlnExtension, Gtin, GtinForm, HibcDi, HibcError, HibcLabel, LotNo, Ndc, NdcLayout,
	Serial, ShortDate, Sscc, Udi, UdiDi, UdiPi, is_in_set_82,
};
use std::{fmt::Debug, str::FromStr};

mod support;

fn any_gtin() -> impl Strategy<Value = Gtin> {
	(0..10_000_000_000_000u64).prop_map(|body| Gtin::from_body(body).unwrap())
}

fn any_gln() -> impl Strategy<Value = Gln> {
	(0..1_000_000_000_000u64).prop_map(|body| Gln::from_body(body).unwrap())
}

fn any_sscc() -> impl Strategy<Value = Sscc> {
	(0..100_000_000_000_000_000u64).prop_map(|body| Sscc::from_body(body).unwrap())
}

fn set_82(max: usize) -> impl Strategy<Value = String> {
	let set: Vec<char> = (0..128).filter(|byte| is_in_set_82(*byte)).map(char::from).collect();
	vec(proptest::sample::select(set), 1..=max).prop_map(String::from_iter)
}

fn any_lot() -> impl Strategy<Value = LotNo> {
	set_82(20).prop_map(|text| text.parse().unwrap())
}

fn any_serial() -> impl Strategy<Value = Serial> {
	set_82(20).prop_map(|text| text.parse().unwrap())
}

fn any_date() -> impl Strategy<Value = Date> {
	(1900..=9999u16, 1..=12u8, 0..=31u8)
		.prop_filter_map("exists", |(year, month, day)| Date::new(year, month, day).ok())
}

fn digits(min: u16, max: u16) -> BoxedStrategy<String> {
	vec(proptest::char::range('0', '9'), usize::from(min)..=usize::from(max))
		.prop_map(String::from_iter)
		.boxed()
}

fn value_of(ai: Ai) -> BoxedStrategy<String> {
	match ai.format() {
		Format::Sscc => any_sscc().prop_map(|code| code.to_string()).boxed(),
		Format::Gtin => any_gtin().prop_map(|code| code.to_string()).boxed(),
		Format::Gln => any_gln().prop_map(|code| code.to_string()).boxed(),
		Format::Lot | Format::Serial => set_82(20).boxed(),
		Format::Date => any_date().prop_map(|date| ShortDate::of(date).to_string()).boxed(),
		Format::Time => (any_date(), 0..24u8, 0..60u8)
			.prop_filter_map("has a day", |(date, hour, minute)| {
				(date.day() > 0).then(|| format!("{}{hour:02}{minute:02}", ShortDate::of(date)))
			})
			.boxed(),
		Format::Digits(min, max) => digits(min, max),
		Format::Text(max) => set_82(max.into()).boxed(),
		Format::Country => (1..=999u16).prop_map(|country| format!("{country:03}")).boxed(),
		Format::Grai => (any_gln(), prop::option::of(set_82(16)))
			.prop_map(|(key, serial)| format!("0{key}{}", serial.unwrap_or_default()))
			.boxed(),
	}
}

fn element_of(ai: Ai) -> impl Strategy<Value = Element> {
	value_of(ai).prop_map(move |value| Element::parse(ai, value.as_bytes()).unwrap())
}

fn any_elements() -> impl Strategy<Value = ElementString> {
	proptest::sample::subsequence(Ai::ALL, 1..=8)
		.prop_shuffle()
		.prop_flat_map(|ais| ais.into_iter().map(element_of).collect::<Vec<_>>())
		.prop_map(|elements| ElementString::new(elements).unwrap())
}

fn any_di() -> impl Strategy<Value = HibcDi> {
	"[A-Z][A-Z0-9]{3}[A-Z0-9]{1,18}[0-9]".prop_map(|text| text.parse().unwrap())
}

/// Written, read again; encoded, decoded; as JSON and back.
fn survives<T>(value: T)
where
	T: FromStr<Err: Debug + PartialEq> + ToString + Encode + Decode + MaxEncodedLen,
	T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + Debug,
{
	let text = value.to_string();
	assert_eq!(text.parse::<T>().as_ref(), Ok(&value));
	let bytes = value.encode();
	assert!(bytes.len() <= T::max_encoded_len());
	assert_eq!(T::decode(&mut &*bytes).as_ref(), Ok(&value));
	let json = serde_json::to_string(&value).unwrap();
	assert_eq!(serde_json::to_value(&value).unwrap().as_str(), Some(&*text));
	assert_eq!(serde_json::from_str::<T>(&json).unwrap(), value);
}

/// Every change of one digit is refused, with the digit that belongs there when the last is changed.
fn refuses_each_changed_digit<T>(code: T)
where
	T: FromStr<Err = CodeError> + ToString + Debug + PartialEq,
{
	let text = code.to_string();
	for at in 0..text.len() {
		for digit in b'0'..=b'9' {
			let mut changed = text.clone().into_bytes();
			if std::mem::replace(&mut changed[at], digit) == digit {
				continue;
			}
			let refused = String::from_utf8(changed).unwrap().parse::<T>();
			let refused_so = matches!(
				refused,
				Err(CodeError::BadCheckDigit { expected, found }) if expected != found
			);
			assert!(refused_so, "{} with {} at {}: {:?}", text, digit as char, at, refused);
		}
	}
}

proptest! {
	#[test]
	fn codes_survive(
		gtin in any_gtin(),
		gln in any_gln(),
		sscc in any_sscc(),
		lot in any_lot(),
		serial in any_serial(),
		date in any_date(),
		di in any_di(),
		prefix in "[0-9]{4,12}",
	) {
		survives(gtin);
		survives(gln);
		survives(sscc);
		survives(lot);
		survives(serial);
		survives(date);
		survives(di);
		survives(prefix.parse::<CompanyPrefix>().unwrap());
	}

	#[test]
	fn a_text_encodes_as_bytes_do(lot in any_lot()) {
		assert_eq!(lot.encode(), lot.as_bytes().to_vec().encode());
		assert_eq!(lot.encoded_size(), 1 + lot.as_bytes().len());
	}

	#[test]
	fn a_changed_digit_is_refused(gtin in any_gtin(), gln in any_gln(), sscc in any_sscc()) {
		refuses_each_changed_digit(gtin);
		refuses_each_changed_digit(gln);
		refuses_each_changed_digit(sscc);
	}

	/// The check digit of GS1 does not see a swap of neighbours that differ by five.
	#[test]
	fn swapped_neighbours_are_refused_unless_they_differ_by_five(gtin in any_gtin()) {
		let digits = gtin.to_string().into_bytes();
		for at in 0..digits.len() - 1 {
			let mut swapped = digits.clone();
			swapped.swap(at, at + 1);
			let apart = digits[at].abs_diff(digits[at + 1]);
			let accepted = Gtin::parse(&swapped).is_ok();
			assert_eq!(accepted, apart == 0 || apart == 5, "{:?} at {}", gtin, at);
		}
	}

	#[test]
	fn a_gtin_is_the_same_in_every_form_that_it_has(gtin in prop_oneof![
		any_gtin(),
		(0..10_000_000u64).prop_map(|body| Gtin::from_body(body).unwrap()),
		(0..100_000_000_000u64).prop_map(|body| Gtin::from_body(body).unwrap()),
	]) {
		for form in GtinForm::ALL {
			let Some(given) = gtin.in_form(*form) else { continue };
			let text = given.to_string();
			assert_eq!(text.len(), usize::from(form.digits()));
			assert_eq!(text.parse(), Ok(gtin));
		}
		assert!(gtin.in_form(GtinForm::Gtin14).is_some());
	}

	#[test]
	fn elements_survive_as_people_and_as_machines_write_them(elements in any_elements()) {
		assert_eq!(ElementString::parse_plain(&elements.to_plain()).as_ref(), Ok(&elements));
		assert_eq!(elements.to_string().parse().as_ref(), Ok(&elements));
		let json = serde_json::to_string(&elements).unwrap();
		assert_eq!(serde_json::from_str::<ElementString>(&json).unwrap(), elements);
	}

	#[test]
	fn a_lost_separator_leaves_the_true_reading_among_the_others(
		gtin in any_gtin(),
		lot in "[A-Z0-9]{1,8}",
		serial in "[A-Z0-9]{1,8}",
	) {
		let with = format!("01{gtin}10{lot}\u{1d}21{serial}");
		let without = format!("01{gtin}10{lot}21{serial}");
		let meant = ElementString::parse(with.as_bytes()).unwrap();
		let read = ElementString::parse(without.as_bytes()).unwrap();
		assert_eq!(read.serial(), None);
		assert!(read.readings_with_a_separator().contains(&meant));
	}

	#[test]
	fn a_digital_link_survives(
		gtin in any_gtin(),
		lot in prop::option::of(element_of(Ai::Lot)),
		serial in prop::option::of(element_of(Ai::Serial)),
		expiry in prop::option::of(element_of(Ai::Expiry)),
		url in prop::option::of(element_of(Ai::ProductUrl)),
		stem in prop::sample::select(&["", "/shop", "/01/x", "/a//b"][..]),
		host in "[a-z]{1,9}(\\.[a-z]{2,5}){0,2}(:[1-9][0-9]{0,3})?",
	) {
		let parts = [Some(gtin.into()), serial, expiry, lot, url];
		let elements = ElementString::new(parts.into_iter().flatten().collect()).unwrap();
		let link = DigitalLink::of(&elements).unwrap();
		assert_eq!(link.to_string().parse().as_ref(), Ok(&link));
		let moved = link.clone().at(&format!("http://{host}{stem}")).unwrap();
		let again: DigitalLink = moved.to_string().parse().unwrap();
		assert_eq!(&again, &moved);
		assert_eq!(again.canonical(), link);
	}

	#[test]
	fn an_epc_uri_survives(
		gtin in any_gtin(),
		gln in any_gln(),
		sscc in any_sscc(),
		lot in any_lot(),
		serial in any_serial(),
		extension in prop::option::of(set_82(20)),
		length in 6..=12u8,
	) {
		let extension: Option<GlnExtension> =
			extension.filter(|text| text != "0").map(|text| text.parse().unwrap());
		for key in [
			EpcKey::Sgtin(gtin, serial),
			EpcKey::AnySgtin(gtin),
			EpcKey::Lgtin(gtin, lot),
			EpcKey::Sscc(sscc),
			EpcKey::Sgln(gln, extension),
			EpcKey::Pgln(gln),
		] {
			let uri = EpcUri::new(key, length).unwrap();
			assert_eq!(uri.to_string().parse().as_ref(), Ok(&uri));
			let prefix = uri.company_prefix();
			assert_eq!(prefix.length(), length);
			assert!(match key {
				EpcKey::Sgtin(gtin, _) | EpcKey::AnySgtin(gtin) | EpcKey::Lgtin(gtin, _) => {
					gtin.starts_with(prefix) || gtin.is_gtin8()
				},
				EpcKey::Sscc(sscc) => sscc.starts_with(prefix),
				EpcKey::Sgln(gln, _) | EpcKey::Pgln(gln) => gln.starts_with(prefix),
			});
		}
	}

	#[test]
	fn an_ndc_survives_its_gtin(
		number in "[0-9]{10}",
		layout in prop::sample::select(NdcLayout::ALL),
		indicator in 0..=8u8,
	) {
		let [labeler, product, _] = layout.parts().map(usize::from);
		let (labeler, rest) = number.split_at(labeler);
		let (product, package) = rest.split_at(product);
		let ndc: Ndc = format!("{labeler}-{product}-{package}").parse().unwrap();
		survives(ndc);
		let gtin = ndc.to_gtin(indicator).unwrap();
		assert_eq!(gtin.indicator(), indicator);
		assert_eq!(Ndc::in_gtin(gtin, layout), Ok(ndc));
		assert_eq!(ndc.to_digits(), number);
	}

	#[test]
	fn a_short_date_finds_its_century(date in any_date(), away in -49..=50i32) {
		let this_year = i32::from(date.year()) - away;
		if let Ok(this_year @ 1900..=9999) = u16::try_from(this_year) {
			assert_eq!(ShortDate::of(date).read_in(this_year), Ok(date));
		}
	}

	#[test]
	fn a_moment_falls_on_the_date_that_holds_it(date in any_date()) {
		if let (Some(begins), Some(ends)) = (date.begins_at(), date.ends_at()) {
			let (first, last) = (Date::at(begins).unwrap(), Date::at(ends - 1).unwrap());
			assert_eq!((first.year(), first.month()), (date.year(), date.month()));
			assert_eq!((first.day(), last.day()), (date.day().max(1), date.last_day()));
			assert!(date.is_wholly_before(Date::at(ends).unwrap_or(date)) || date.year() == 9999);
		}
	}

	/// One character of 43 values decides a sum modulo 43, so each change of one is seen.
	#[test]
	fn a_changed_character_of_a_hibc_label_is_refused(
		di in any_di(),
		at in any::<Index>(),
		character in prop::sample::select(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%".to_vec()),
	) {
		let label = di.to_label();
		assert_eq!(HibcLabel::parse(label.as_bytes(), 2026).unwrap().di, Some(di));
		let mut changed = label.into_bytes();
		let at = 1 + at.index(changed.len() - 1);
		if std::mem::replace(&mut changed[at], character) != character {
			let refused = HibcLabel::parse(&changed, 2026);
			let refused_so = matches!(refused, Err(HibcError::BadCheckCharacter { .. }));
			assert!(refused_so, "{:?}", refused);
		}
	}

	#[test]
	fn a_udi_survives(
		di in prop_oneof![
			any_gtin().prop_map(UdiDi::Gs1),
			any_di().prop_map(UdiDi::Hibcc),
			"[A-Z0-9]{16}|[A-Z0-9]{10}".prop_map(|text| UdiDi::Iccbba(text.parse().unwrap())),
		],
		lot in prop::option::of(any_lot()),
		serial in prop::option::of(any_serial()),
		expiry in prop::option::of(any_date()),
		made in prop::option::of(any_date()),
		version in prop::option::of(set_82(20)),
		donation in prop::option::of("[A-NP-Z1-9][A-Z0-9]{14}"),
	) {
		let version = version.map(|text| text.parse().unwrap());
		let donation = donation.map(|text| text.parse().unwrap());
		let udi = Udi { di, pi: UdiPi { lot, serial, expiry, made, version, donation } };
		let bytes = udi.encode();
		assert!(bytes.len() <= Udi::max_encoded_len());
		assert_eq!(Udi::decode(&mut &*bytes), Ok(udi));
		let json = serde_json::to_string(&udi).unwrap();
		assert_eq!(serde_json::from_str::<Udi>(&json).unwrap(), udi);
	}

	#[test]
	fn random_bytes_are_read_or_refused(data in vec(any::<u8>(), 0..200)) {
		support::exercise(&data);
	}
}

#[test]
fn what_is_not_sound_does_not_decode() {
	assert!(Gtin::decode(&mut &300_010_123_455u64.encode()[..]).is_ok());
	assert!(Gtin::decode(&mut &300_010_123_456u64.encode()[..]).is_err(), "check digit");
	assert!(Gtin::decode(&mut &u64::MAX.encode()[..]).is_err(), "too long");
	assert!(LotNo::decode(&mut &b"A1".to_vec().encode()[..]).is_ok());
	assert!(LotNo::decode(&mut &b"A 1".to_vec().encode()[..]).is_err(), "character");
	assert!(LotNo::decode(&mut &b"".to_vec().encode()[..]).is_err(), "empty");
	assert!(LotNo::decode(&mut &vec![b'A'; 21].encode()[..]).is_err(), "too long");
	assert!(LotNo::decode(&mut &[8, b'A'][..]).is_err(), "cut off");
	assert!(LotNo::decode(&mut &(u32::MAX - 1).encode()[..]).is_err(), "a huge length");
	assert!(Date::decode(&mut &(2025u16, 2u8, 29u8).encode()[..]).is_err(), "no such day");
	assert!(CompanyPrefix::decode(&mut &(3u8, 1u64).encode()[..]).is_err(), "too short");
	assert!(
		CompanyPrefix::decode(&mut &(4u8, 10_000u64).encode()[..]).is_err(),
		"longer than said"
	);
	assert!(Ndc::decode(&mut &(0u8, 10_000_000_000u64).encode()[..]).is_err(), "eleven digits");
	assert!(serde_json::from_str::<Gtin>("\"00300010123456\"").is_err());
	assert!(serde_json::from_str::<Gtin>("300010123455").is_err(), "a number has no form");
}

/// What a wallet sees in the metadata: a number for a key, bytes for a text.
#[test]
fn types_are_plain_in_metadata() {
	use scale_info::{MetaType, TypeDef, TypeInfo, meta_type};
	let only_field = |info: scale_info::Type| -> MetaType {
		let TypeDef::Composite(composite) = info.type_def else { panic!("{info:?}") };
		let [field] = &composite.fields[..] else { panic!("{composite:?}") };
		field.ty
	};
	assert_eq!(only_field(Gtin::type_info()), meta_type::<u64>());
	assert_eq!(only_field(LotNo::type_info()), meta_type::<Vec<u8>>());
	assert_eq!(Serial::type_info().path.segments, ["salus_gs1", "texts", "Serial"]);
}

/// No identifier is the start of another, and each is found by its digits.
#[test]
fn identifiers_are_told_apart_by_their_first_digits() {
	for ai in Ai::ALL {
		assert_eq!(Ai::from_code(ai.code().as_bytes()), Some(*ai));
		let data = format!("{}99999", ai.code());
		assert_eq!(Ai::leading(data.as_bytes()), Some(*ai));
		assert!(!ai.is_predefined() || ai.format().is_of_one_length(), "{ai}");
		let begins = |other: &&Ai| *other != ai && other.code().starts_with(ai.code());
		assert_eq!(Ai::ALL.iter().find(begins), None);
		for other in ai.needs().iter().flat_map(|group| group.iter()) {
			assert!(!ai.excludes().contains(other), "{ai} needs and excludes {other}");
		}
	}
}
