// SPDX-License-Identifier: Apache-2.0
//! Every refusal, with its cause and what it says. Nothing is put right in silence.

use salus_gs1::{
	Ai, CodeError, CompanyPrefix, Date, DateFault, DigitalLink, DigitalLinkError, Element,
	ElementString, ElementStringError, EpcError, EpcKey, EpcUri, GivenGtin, Gln, Gtin, HibcDi,
	HibcError, HibcLabel, IccbbaError, IccbbaLabel, LotNo, Ndc, NdcError, Scan, ScanError, Serial,
	ShortDate, ShortTime, Sscc, Udi, UdiError, hibc_check_character,
};

fn gtin(text: &str) -> Result<Gtin, CodeError> {
	text.parse()
}

fn elements(text: &str) -> Result<ElementString, ElementStringError> {
	ElementString::parse(text.as_bytes())
}

fn field(ai: Ai, cause: CodeError) -> Result<ElementString, ElementStringError> {
	Err(ElementStringError::Field { ai, cause })
}

#[test]
fn a_changed_last_digit_is_refused() {
	assert_eq!(gtin("06291041500214"), Err(CodeError::BadCheckDigit { expected: 3, found: 4 }));
	assert_eq!(
		"403000112345678902".parse::<Sscc>(),
		Err(CodeError::BadCheckDigit { expected: 1, found: 2 })
	);
	assert_eq!(
		"303000112345678901".parse::<Sscc>(),
		Err(CodeError::BadCheckDigit { expected: 4, found: 1 }),
		"another extension digit"
	);
	assert_eq!(
		"0300011111117".parse::<Gln>(),
		Err(CodeError::BadCheckDigit { expected: 6, found: 7 })
	);
}

#[test]
fn what_is_no_digit_is_no_number() {
	for (text, at) in [
		("1e0000000000", 1),
		("+629104150021", 0),
		("-62910415002", 0),
		("NaN", 0),
		("inf", 0),
		(" 6291041500213", 0),
		("6291041500213 ", 13),
		("6291041500213\n", 13),
		("62910415002\u{0}3", 11),
		("629104150021\u{ff13}", 12),
		("٦٢٩١٠٤١٥٠٠٢١٣", 0),
		("0x1234567890", 1),
		("1234567.0000", 7),
	] {
		assert_eq!(gtin(text), Err(CodeError::NotDigits { at }), "{text:?}");
	}
	assert_eq!("4030001123456789o1".parse::<Sscc>(), Err(CodeError::NotDigits { at: 16 }));
	assert_eq!("03000 11111116".parse::<Gln>(), Err(CodeError::NotDigits { at: 5 }));
}

#[test]
fn a_code_of_another_length_is_refused() {
	for (text, given) in [("1", 1), ("123456789", 9), ("12345678901", 11), ("123456789012345", 15)]
	{
		assert_eq!(gtin(text), Err(CodeError::GtinLength { given }), "{text}");
	}
	let long = "0".repeat(100);
	assert_eq!(gtin(&long), Err(CodeError::GtinLength { given: 100 }));
	let nines = "9".repeat(100);
	assert_eq!(gtin(&nines), Err(CodeError::GtinLength { given: 100 }));
	assert_eq!(gtin(""), Err(CodeError::EmptyField));
	assert_eq!(
		"30001111111".parse::<Gln>(),
		Err(CodeError::WrongLength { given: 11, expected: 13 })
	);
	assert_eq!("".parse::<Sscc>(), Err(CodeError::EmptyField));
	assert_eq!(Gtin::try_from(100_000_000_000_000), Err(CodeError::TooLong { given: 15, max: 14 }));
	assert_eq!(Gtin::try_from(u64::MAX), Err(CodeError::TooLong { given: 20, max: 14 }));
	assert!(Gtin::from_body(u64::MAX).is_err());
	assert!(Sscc::from_body(100_000_000_000_000_000).is_err());
}

#[test]
fn a_company_prefix_has_a_length() {
	let prefix = |text: &str| text.parse::<CompanyPrefix>();
	let wrong = |given| Err(CodeError::PrefixLength { given, min: 4, max: 12 });
	assert_eq!(prefix(""), Err(CodeError::EmptyField));
	assert_eq!(prefix("123"), wrong(3));
	assert_eq!(prefix("1234567890123"), wrong(13));
	assert_eq!(prefix(&"1".repeat(300)), wrong(300));
	assert_eq!(prefix("03000l"), Err(CodeError::NotDigits { at: 5 }));
}

#[test]
fn serials_have_bounds_and_a_character_set() {
	let serial = |text: &str| text.parse::<Serial>();
	assert!(serial("!\"%&'()*+,-./:;<=>?_").is_ok());
	assert_eq!(serial(""), Err(CodeError::EmptyField));
	assert_eq!(serial(&"A".repeat(21)), Err(CodeError::TooLong { given: 21, max: 20 }));
	assert_eq!(serial("A B"), Err(CodeError::BadCharacter { at: 1, byte: b' ' }));
	assert_eq!(serial("AB#"), Err(CodeError::BadCharacter { at: 2, byte: b'#' }));
	assert_eq!(serial("A\u{1d}B"), Err(CodeError::BadCharacter { at: 1, byte: 29 }));
	assert_eq!(serial("Ä"), Err(CodeError::BadCharacter { at: 0, byte: 0xc3 }));
	assert_eq!(
		format!("{}#", "A".repeat(21)).parse::<LotNo>(),
		Err(CodeError::BadCharacter { at: 21, byte: b'#' })
	);
}

#[test]
fn dates_that_do_not_exist_are_refused() {
	let short = |text: &[u8]| ShortDate::parse(text).err();
	let bad = |fault| Some(CodeError::BadDate(fault));
	assert_eq!(short(b"251301"), bad(DateFault::Month { given: 13 }));
	assert_eq!(short(b"250001"), bad(DateFault::Month { given: 0 }));
	assert_eq!(short(b"250431"), bad(DateFault::Day { given: 31 }));
	assert_eq!(short(b"250230"), bad(DateFault::Day { given: 30 }));
	assert_eq!(short(b"250229"), bad(DateFault::NoLeapYear { year: 25 }));
	assert_eq!(short(b"240229"), None);
	assert_eq!(short(b"25010"), Some(CodeError::WrongLength { given: 5, expected: 6 }));
	assert_eq!(short(b"25O101"), Some(CodeError::NotDigits { at: 2 }));
	// 2100 is no leap year, 2000 is one.
	let leap_day = ShortDate::parse(b"000229").unwrap();
	assert_eq!(leap_day.read_in(2060), Err(DateFault::NoLeapYear { year: 2100 }));
	assert_eq!(leap_day.read_in(2025).unwrap().to_string(), "2000-02-29");
	assert_eq!(leap_day.read_in(1066), Err(DateFault::Year { given: 1100 }));
	assert_eq!(leap_day.read_in(u16::MAX), Err(DateFault::Year { given: 65_500 }));

	let time = |text: &[u8]| ShortTime::parse(text).err();
	assert_eq!(time(b"2501012359"), None);
	assert_eq!(time(b"2501012400"), bad(DateFault::Hour { given: 24 }));
	assert_eq!(time(b"2501012360"), bad(DateFault::Minute { given: 60 }));
	assert_eq!(time(b"2501001200"), bad(DateFault::DayMissing));

	let full = |text: &str| text.parse::<Date>().err();
	for text in ["2025", "2025-3-1", "2025-03-00", "2025-03-01-01", "25-03-01", "2025/03/01", ""] {
		assert_eq!(full(text), bad(DateFault::Form), "{text}");
	}
	assert_eq!(full("2025-02-29"), bad(DateFault::NoLeapYear { year: 2025 }));
	assert_eq!(full("1899-12-31"), bad(DateFault::Year { given: 1899 }));
}

#[test]
fn fields_that_ran_together_are_told_from_long_ones() {
	assert_eq!(
		elements("010950600013435210ABCDEFGHIJ211234567890123"),
		Err(ElementStringError::FieldRunTogether { ai: Ai::Lot, given: 25, max: 20 })
	);
	assert_eq!(
		elements("(01)09506000134352(10)ABCDEFGHIJ211234567890123"),
		field(Ai::Lot, CodeError::TooLong { given: 25, max: 20 })
	);
}

#[test]
fn a_field_of_one_length_misses_its_separator() {
	assert_eq!(
		elements("010950600013435242227610ABC"),
		Err(ElementStringError::MissingSeparator { ai: Ai::Origin })
	);
	assert_eq!(
		elements("0109506000134352700325010112001"),
		Err(ElementStringError::MissingSeparator { ai: Ai::ExpiryTime })
	);
	assert!(elements("0109506000134352422276\u{1d}10ABC").is_ok());
}

#[test]
fn an_unknown_identifier_ends_the_reading() {
	let unknown = |given: &str, at| Err(ElementStringError::UnknownAi { given: given.into(), at });
	assert_eq!(elements("01095060001343523103000189"), unknown("3103", 16));
	assert_eq!(elements("(01)09506000134352(3103)000189"), unknown("3103", 19));
	assert_eq!(elements("0"), unknown("0", 0));
	assert_eq!(elements("ABC"), unknown("ABC", 0));
	// Patients are named by (8018): that is not for a supply chain.
	assert_eq!(elements("8018385888700111111111"), unknown("8018", 0));
	assert_eq!(elements("é"), unknown(r"\xc3\xa9", 0));
}

#[test]
fn elements_are_not_empty_and_not_double() {
	assert_eq!(elements(""), Err(ElementStringError::Empty));
	assert_eq!(elements("]d2"), Err(ElementStringError::Empty));
	assert_eq!(elements("\u{1d}"), Err(ElementStringError::Empty));
	assert_eq!(elements("10\u{1d}21A"), field(Ai::Lot, CodeError::EmptyField));
	assert_eq!(elements("(10)(21)A"), field(Ai::Lot, CodeError::EmptyField));
	assert_eq!(elements("10A\u{1d}\u{1d}21A"), Err(ElementStringError::EmptyElement { at: 4 }));
	assert_eq!(elements("10A\u{1d}10A"), Err(ElementStringError::DuplicateAi { ai: Ai::Lot }));
	assert_eq!(
		elements("(01)09506000134352(01)09506000134352"),
		Err(ElementStringError::DuplicateAi { ai: Ai::Gtin })
	);
}

#[test]
fn a_field_too_short_is_refused() {
	assert_eq!(
		elements("01095060001343"),
		field(Ai::Gtin, CodeError::WrongLength { given: 12, expected: 14 })
	);
	assert_eq!(
		elements("0109506000134\u{1d}10A"),
		field(Ai::Gtin, CodeError::WrongLength { given: 11, expected: 14 })
	);
	assert_eq!(
		elements("(01)9506000134352"),
		field(Ai::Gtin, CodeError::WrongLength { given: 13, expected: 14 }),
		"no zero is added"
	);
	assert_eq!(
		elements("(20)1"),
		field(Ai::Variant, CodeError::WrongLength { given: 1, expected: 2 })
	);
}

#[test]
fn each_field_is_held_to_its_format() {
	for (ai, value, cause) in [
		(Ai::Count, "123456789", CodeError::TooLong { given: 9, max: 8 }),
		(Ai::Count, "1A", CodeError::NotDigits { at: 1 }),
		(Ai::Origin, "000", CodeError::BadCountry),
		(Ai::Origin, "DEU", CodeError::NotDigits { at: 0 }),
		(Ai::Grai, "13870585000552", CodeError::NotZero { found: 1 }),
		(Ai::Grai, "03870585000553", CodeError::BadCheckDigit { expected: 2, found: 3 }),
		(Ai::Grai, "0387058500055", CodeError::WrongLength { given: 13, expected: 14 }),
		(Ai::NhrnGermany, "", CodeError::EmptyField),
		(Ai::Expiry, "250932", CodeError::BadDate(DateFault::Day { given: 32 })),
		(Ai::ProductUrl, "https://x.org/#", CodeError::BadCharacter { at: 14, byte: b'#' }),
	] {
		assert_eq!(Element::parse(ai, value.as_bytes()), Err(cause), "{ai} {value}");
	}
}

#[test]
fn brackets_that_enclose_no_identifier_are_refused() {
	let bad = |at| Err(ElementStringError::BadBracket { at });
	assert_eq!(elements("(01"), bad(0));
	assert_eq!(elements("()"), bad(0));
	assert_eq!(elements("(1)2"), bad(0));
	assert_eq!(elements("(12345)6"), bad(0));
	assert_eq!(elements("(10)A(B"), bad(5));
	assert_eq!(elements("(10)A(2l)B"), bad(5));
	assert_eq!(ElementString::parse_bracketed(b"10A"), bad(0));
	assert_eq!(
		elements(r"(10)A\B"),
		field(Ai::Lot, CodeError::BadCharacter { at: 1, byte: b'\\' })
	);
}

#[test]
fn symbols_without_element_strings_are_refused() {
	let unknown = |given: &str| Err(ElementStringError::UnknownSymbology { given: given.into() });
	assert_eq!(elements("]D20109506000134352"), unknown("]D2"));
	assert_eq!(elements("]"), unknown("]"));
	assert_eq!(
		Scan::parse(b"]d10109506000134352", 2025),
		Err(ScanError::NotGs1),
		"a Data Matrix without FNC1"
	);
	assert_eq!(Scan::parse(b"]E0", 2025), Err(ScanError::NotGs1));
	assert_eq!(Scan::parse(b"", 2025), Err(ScanError::Empty));
	assert_eq!(Scan::parse(b"http\xff", 2025), Err(ScanError::NotText));
	assert_eq!(
		Scan::parse(b"]E09506000134351", 2025),
		Err(ScanError::Gtin(CodeError::BadCheckDigit { expected: 2, found: 1 }))
	);
}

#[test]
fn elements_that_do_not_belong_together_are_told() {
	let check = |text: &str| elements(text).unwrap().check_associations();
	assert_eq!(
		check("(01)09506000134352(02)09506000134352(37)1(00)106141412345678908"),
		Err(ElementStringError::Contradicts { ai: Ai::Gtin, other: Ai::Content })
	);
	assert_eq!(
		check("(21)A"),
		Err(ElementStringError::Lacks { ai: Ai::Serial, one_of: &[Ai::Gtin] })
	);
	assert_eq!(
		check("(02)09506000134352(37)1"),
		Err(ElementStringError::Lacks { ai: Ai::Count, one_of: &[Ai::Sscc] })
	);
	assert_eq!(
		check("(01)09506000134352(21)A(235)B"),
		Err(ElementStringError::Contradicts { ai: Ai::Serial, other: Ai::ThirdPartySerial })
	);
	assert_eq!(check("(01)09506000134352(10)A(7004)12(422)276(8012)1.2"), Ok(()));
}

#[test]
fn addresses_that_are_no_digital_links_are_refused() {
	let link = |text: &str| text.parse::<DigitalLink>().err();
	use DigitalLinkError::*;
	assert_eq!(link("ftp://id.gs1.org/01/09506000134352"), Some(NotHttp));
	assert_eq!(link("id.gs1.org/01/09506000134352"), Some(NotHttp));
	for host in ["", "a..b", "user@x.org", "x.org:99999", "x.org:", "x_y", "[::1]", "x:+80"] {
		let text = format!("https://{host}/01/09506000134352");
		assert_eq!(link(&text), Some(BadHost { given: host.into() }), "{host}");
	}
	assert_eq!(link("https://id.gs1.org"), Some(NoKey));
	assert_eq!(link("https://id.gs1.org/"), Some(NoKey));
	assert_eq!(link("https://id.gs1.org/01"), Some(NoKey));
	assert_eq!(link("https://id.gs1.org/abc/9780345418913"), Some(NoKey));
	assert_eq!(link("https://id.gs1.org/10/ABC"), Some(NoKey));
	assert_eq!(link("https://id.gs1.org/01/09506000134352/"), Some(TrailingSlash));
	assert_eq!(
		link("https://id.gs1.org/01/0950 6000134352"),
		Some(BadCharacter { at: 26, byte: b' ' })
	);
	assert_eq!(
		link("https://id.gs1.org/01/09506000134352/98765/A"),
		Some(UnknownAi { given: "98765".into() })
	);
	assert_eq!(
		link("https://id.gs1.org/01/09506000134352?3103=000189"),
		Some(UnknownAi { given: "3103".into() })
	);
	assert_eq!(
		link("https://id.gs1.org/01/09506000134351"),
		Some(Field { ai: Ai::Gtin, cause: CodeError::BadCheckDigit { expected: 2, found: 1 } })
	);
	assert_eq!(
		link("https://id.gs1.org/01/97803"),
		Some(Field { ai: Ai::Gtin, cause: CodeError::GtinLength { given: 5 } })
	);
	assert_eq!(
		link("https://id.gs1.org/01/09506000134352/10/A%2"),
		Some(BadPercentEncoding { ai: Ai::Lot, at: 1 })
	);
	assert_eq!(
		link("https://id.gs1.org/01/09506000134352/10/A%20B"),
		Some(Field { ai: Ai::Lot, cause: CodeError::BadCharacter { at: 1, byte: b' ' } })
	);
	assert_eq!(
		link("https://id.gs1.org/01/09506000134352?17="),
		Some(Field { ai: Ai::Expiry, cause: CodeError::EmptyField })
	);
	assert_eq!(
		link("https://id.gs1.org/01/09506000134352/17/250101"),
		Some(NotAQualifier { key: Ai::Gtin, ai: Ai::Expiry })
	);
	assert_eq!(
		link("https://id.gs1.org/01/09506000134352/10/A/235/B"),
		Some(NotAQualifier { key: Ai::Gtin, ai: Ai::ThirdPartySerial })
	);
	assert_eq!(
		link("https://id.gs1.org/01/09506000134352/21/A/10/B"),
		Some(QualifierOrder { ai: Ai::Lot })
	);
	assert_eq!(
		link("https://id.gs1.org/01/09506000134352?10=B"),
		Some(NotAnAttribute { ai: Ai::Lot })
	);
	assert_eq!(
		link("https://id.gs1.org/414/4226350800008?21=A"),
		Some(NotAnAttribute { ai: Ai::Serial })
	);
	assert_eq!(
		link("https://id.gs1.org/414/4226350800008?01=9506000134352"),
		Some(Field { ai: Ai::Gtin, cause: CodeError::WrongLength { given: 13, expected: 14 } })
	);
	assert_eq!(
		link("https://id.gs1.org/01/09506000134352?17=250101&17=250102"),
		Some(DuplicateAi { ai: Ai::Expiry })
	);
	let lot_only = elements("(10)A").unwrap();
	assert_eq!(DigitalLink::of(&lot_only), Err(NoKey));
	let link: DigitalLink = "https://id.gs1.org/01/09506000134352".parse().unwrap();
	for resolver in ["https://x.org/", "https://x.org?a", "https://x.org#a"] {
		assert_eq!(link.clone().at(resolver), Err(BadHost { given: resolver.into() }));
	}
	assert_eq!(link.clone().at("https://"), Err(BadHost { given: "https://".into() }));
	assert_eq!(link.clone().at("x.org"), Err(NotHttp));
	assert_eq!(link.at("https://x org"), Err(BadCharacter { at: 9, byte: b' ' }));
}

#[test]
fn uris_that_are_no_epcs_are_refused() {
	let epc = |text: &str| EpcUri::parse(text).err();
	let part = |part, cause| Some(EpcError::Part { part, cause });
	assert_eq!(epc("urn:uuid:1"), Some(EpcError::NotEpc));
	for scheme in ["id:giai", "class:sgtin", "id"] {
		let error = epc(&format!("urn:epc:{scheme}:4012345.ABC"));
		assert!(matches!(error, Some(EpcError::UnknownScheme { .. })), "{scheme}: {error:?}");
	}
	assert_eq!(epc("urn:epc:id:sgtin:030001.0012345"), Some(EpcError::Parts { expected: 3 }));
	assert_eq!(epc("urn:epc:id:sscc:030001"), Some(EpcError::Parts { expected: 2 }));
	assert_eq!(
		epc("urn:epc:id:sgtin:030001.012345.1"),
		Some(EpcError::Digits { given: 12, expected: 13 })
	);
	assert_eq!(
		epc("urn:epc:id:sgtin:03000.10012345.1"),
		part("company prefix", CodeError::PrefixLength { given: 5, min: 6, max: 12 })
	);
	assert_eq!(
		epc("urn:epc:id:sgtin:0300010012345..1"),
		part("company prefix", CodeError::PrefixLength { given: 13, min: 6, max: 12 })
	);
	assert_eq!(
		epc("urn:epc:id:sgtin:030001.001234x.1"),
		part("reference", CodeError::NotDigits { at: 6 })
	);
	assert_eq!(epc("urn:epc:id:sgtin:030001.0012345."), part("serial", CodeError::EmptyField));
	assert_eq!(
		epc("urn:epc:class:lgtin:030001.0012345.A B"),
		part("lot", CodeError::BadCharacter { at: 1, byte: b' ' })
	);
	assert_eq!(epc("urn:epc:id:sgtin:030001.0012345.A/B"), Some(EpcError::BadEscape { at: 1 }));
	assert_eq!(epc("urn:epc:id:sgtin:030001.0012345.A%2"), Some(EpcError::BadEscape { at: 1 }));
	assert_eq!(epc("urn:epc:idpat:sgtin:030001.0012345.1"), Some(EpcError::NoPattern));

	let gln = "0300011111116".parse().unwrap();
	let zero = EpcKey::Sgln(gln, Some("0".parse().unwrap()));
	assert_eq!(EpcUri::new(zero, 6), Err(EpcError::ZeroExtension));
	assert_eq!(epc("urn:epc:id:sgln:030001.111111.%30"), Some(EpcError::ZeroExtension));
	for length in [0, 5, 13, 255] {
		assert!(EpcUri::new(EpcKey::Pgln(gln), length).is_err());
	}
}

#[test]
fn an_ndc_without_its_layout_is_refused() {
	let ndc = |text: &str| text.parse::<Ndc>().err();
	assert_eq!(ndc("0001012345"), Some(NdcError::NoHyphens));
	assert_eq!(ndc("00001012345"), Some(NdcError::AmbiguousBilling));
	assert_eq!(ndc("00001-0123-45"), Some(NdcError::AmbiguousBilling));
	assert_eq!(ndc("0001-0123-4"), Some(NdcError::Layout));
	assert_eq!(ndc("0001-0123-45-"), Some(NdcError::Layout));
	assert_eq!(ndc("000-10123-45"), Some(NdcError::Layout));
	assert_eq!(ndc("--"), Some(NdcError::Layout));
	assert_eq!(ndc(""), Some(NdcError::Part(CodeError::EmptyField)));
	assert_eq!(ndc("0001-0123-4x"), Some(NdcError::Part(CodeError::NotDigits { at: 11 })));
	let pack: Ndc = "0001-0123-45".parse().unwrap();
	assert_eq!(pack.to_gtin(9), Err(NdcError::Indicator { given: 9 }));
	for other in ["6291041500213", "0200000000004"] {
		let other = gtin(other).unwrap();
		assert_eq!(Ndc::in_gtin(other, pack.layout()), Err(NdcError::NotInGtin));
	}
}

#[test]
fn spoilt_hibc_labels_are_refused() {
	let read = |text: &str| HibcLabel::parse(text.as_bytes(), 2025).err();
	let checked = |text: &str| {
		let check = hibc_check_character(text.as_bytes()).unwrap();
		read(&format!("{text}{check}"))
	};
	let part = |part, cause| Some(HibcError::Part { part, cause });
	assert_eq!(read("*+A123BJC5D6E71G*"), Some(HibcError::NotHibc));
	assert_eq!(read("+"), Some(HibcError::TooShort));
	assert_eq!(checked("+"), Some(HibcError::TooShort));
	assert_eq!(read("+a123BJC5D6E71G"), Some(HibcError::BadCharacter { at: 1, byte: b'a' }));
	assert_eq!(
		read("+A123BJC5D6E71H"),
		Some(HibcError::BadCheckCharacter { expected: 'G', found: 'H' })
	);
	assert_eq!(
		checked("+A1231"),
		part("device identifier", CodeError::WrongLength { given: 5, expected: 6 })
	);
	assert_eq!(checked("+A123BCX"), part("device identifier", CodeError::NotDigits { at: 6 }));
	assert_eq!("1123B1".parse::<HibcDi>(), Err(CodeError::BadCharacter { at: 0, byte: b'1' }));
	assert_eq!(
		checked("+A123B1/$$2130125X"),
		part("expiry date", CodeError::BadDate(DateFault::Month { given: 13 }))
	);
	assert_eq!(
		checked("+A123B1/$$3250900X"),
		part("expiry date", CodeError::BadDate(DateFault::DayMissing))
	);
	assert_eq!(
		checked("+A123B1/$$525366X"),
		part("expiry date", CodeError::BadDate(DateFault::DayOfYear { given: 366 }))
	);
	assert_eq!(
		checked("+A123B1/$$425010124X"),
		part("expiry date", CodeError::BadDate(DateFault::Hour { given: 24 }))
	);
	assert_eq!(checked("+A123B1/$"), part("lot", CodeError::EmptyField));
	assert_eq!(
		checked("+A123B1/$1234567890123456789"),
		part("lot", CodeError::TooLong { given: 19, max: 18 })
	);
	assert_eq!(
		checked("+A123B1/$L/SA/SB"),
		Some(HibcError::DuplicatePart { part: "serial number" })
	);
	assert_eq!(
		checked("+A123B1/$L/Q123456"),
		part("quantity", CodeError::TooLong { given: 6, max: 5 })
	);
	assert_eq!(checked("+A123B1/$L/XYZ"), Some(HibcError::UnknownPart { given: "XYZ".into() }));
	assert_eq!(checked("+A123B1/$$X"), Some(HibcError::UnknownPart { given: "X".into() }));
}

#[test]
fn spoilt_iccbba_labels_are_refused() {
	let read = |text: &str| IccbbaLabel::parse(text.as_bytes()).err();
	let wrong = |structure, cause| Some(IccbbaError::Structure { structure, cause });
	assert_eq!(read(""), Some(IccbbaError::Empty));
	assert_eq!(read("=<1"), Some(IccbbaError::UnknownStructure { given: "=<1".into(), at: 0 }));
	assert_eq!(read("=,000025#"), Some(IccbbaError::UnknownStructure { given: "#".into(), at: 8 }));
	assert_eq!(
		read("=/A9999XYZ100T094"),
		wrong("device identifier", CodeError::WrongLength { given: 15, expected: 16 })
	);
	assert_eq!(
		read("=/a9999XYZ100T0944"),
		wrong("device identifier", CodeError::BadCharacter { at: 0, byte: b'a' })
	);
	assert_eq!(
		read("=>014367"),
		wrong("expiry date", CodeError::BadDate(DateFault::DayOfYear { given: 367 }))
	);
	assert_eq!(
		read("=,000025=,000025"),
		Some(IccbbaError::Duplicate { structure: "serial number" })
	);
	assert_eq!(read("=+02000=,000025"), Some(IccbbaError::Count { announced: 2, found: 1 }));
	assert_eq!(
		read("=099971312345600"),
		wrong("donation", CodeError::BadCharacter { at: 0, byte: b'0' })
	);
}

#[test]
fn what_names_no_device_is_told() {
	let udi = |text: &str| Udi::of(&Scan::parse(text.as_bytes(), 2025).unwrap(), 2025);
	for text in [
		"(10)A",
		"urn:epc:id:sscc:030001.41234567890",
		"https://id.gs1.org/414/4226350800008",
		"=,000025",
		"+$$52001510X3GD",
	] {
		assert_eq!(udi(text), Err(UdiError::NoDeviceIdentifier), "{text}");
	}
	let leap_day = Scan::parse(b"(01)09506000134352(17)000229", 2025).unwrap();
	assert_eq!(
		Udi::of(&leap_day, 2060),
		Err(UdiError::BadDate(DateFault::NoLeapYear { year: 2100 }))
	);
}

/// Work does not grow faster than the data, however many elements they seem to hold.
#[test]
fn long_data_are_refused_without_long_work() {
	let start = std::time::Instant::now();
	assert_eq!(
		elements(&"10A\u{1d}".repeat(500_000)),
		Err(ElementStringError::DuplicateAi { ai: Ai::Lot })
	);
	assert_eq!(
		elements(&"(10)A".repeat(500_000)),
		Err(ElementStringError::DuplicateAi { ai: Ai::Lot })
	);
	let link = format!("https://x.org/01/09506000134352{}", "/10/A".repeat(500_000));
	assert_eq!(link.parse::<DigitalLink>(), Err(DigitalLinkError::DuplicateAi { ai: Ai::Lot }));
	let link = format!("https://x.org/01/09506000134352?{}", "17=250101&".repeat(500_000));
	assert_eq!(link.parse::<DigitalLink>(), Err(DigitalLinkError::DuplicateAi { ai: Ai::Expiry }));
	let link = format!("https://{}_/01/09506000134352", "x".repeat(2_000_000));
	assert_eq!(
		link.parse::<DigitalLink>(),
		Err(DigitalLinkError::BadHost { given: "x".repeat(64) })
	);
	let long = "A".repeat(2_000_000);
	assert!(Scan::parse(format!("10{long}").as_bytes(), 2025).is_err());
	assert!(Scan::parse(format!("(10){long}").as_bytes(), 2025).is_err());
	assert!(Scan::parse(format!("+{long}").as_bytes(), 2025).is_err());
	assert!(Scan::parse(format!("=A{long}").as_bytes(), 2025).is_err());
	assert!(Scan::parse(format!("urn:epc:id:sgtin:{long}").as_bytes(), 2025).is_err());
	assert!(Scan::parse("9".repeat(2_000_000).as_bytes(), 2025).is_err());
	// Were it quadratic, one of these would take minutes.
	assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

#[test]
fn a_form_is_not_guessed() {
	assert!(GivenGtin::parse(b"0629104150021").is_err(), "the last digit is cut off");
	assert!(GivenGtin::parse(b"6291 0415 00213").is_err());
	assert!(GivenGtin::parse(b"6291-0415-00213").is_err());
}

/// A message names the fault and ends with what to do, in one sentence without a full stop.
#[test]
fn errors_say_what_to_do() {
	let said = [
		gtin("06291041500214").unwrap_err().to_string(),
		gtin("629").unwrap_err().to_string(),
		gtin("6291041500213 ").unwrap_err().to_string(),
		"A B".parse::<Serial>().unwrap_err().to_string(),
		"A\u{1d}".parse::<Serial>().unwrap_err().to_string(),
		elements("010950600013435210ABCDEFGHIJ211234567890123").unwrap_err().to_string(),
		elements("010950600013435242227610ABC").unwrap_err().to_string(),
		elements("]D201").unwrap_err().to_string(),
		elements("(21)A").unwrap().check_associations().unwrap_err().to_string(),
		elements("(37)1").unwrap().check_associations().unwrap_err().to_string(),
		elements("(10)A").unwrap().check_associations().unwrap_err().to_string(),
		"00001-0123-45".parse::<Ndc>().unwrap_err().to_string(),
		Scan::parse(b"]d101", 2025).unwrap_err().to_string(),
	];
	assert_eq!(
		said,
		[
			"the check digit is 4 and the other digits demand 3; read the code again",
			"a GTIN has 8, 12, 13 or 14 digits and 3 characters are given; leading zeros belong to it",
			"the character at 13 is no digit; only 0 to 9 count",
			"the byte 0x20 at 1 is not allowed here; scan again, or type it as printed",
			"the byte 0x1d at 1 is not allowed here; scan again, or type it as printed",
			"(10) BATCH/LOT has 25 characters and 20 fit: fields ran together; set the reader to send \
			 group separators (ASCII 29)",
			"a group separator (ASCII 29) is missing behind (422) ORIGIN; set the reader to send it",
			"a symbol `]D2` carries no element string; known are ]C1 ]d2 ]Q3 ]e0 ]J1, and if only the \
			 case differs, switch Caps Lock off",
			"(21) SERIAL needs (01); scan the other symbol of the item too",
			"(37) COUNT needs (00); scan the other symbol of the item too",
			"(10) BATCH/LOT needs (01) or (02); scan the other symbol of the item too",
			"eleven digits (5-4-2) are the padded form of bills, and which zero was put in is lost; \
			 write the ten digits of the label",
			"the symbol is no GS1 symbol and holds neither a GTIN nor a Digital Link; scan the other \
			 symbol of the pack",
		]
	);
}
