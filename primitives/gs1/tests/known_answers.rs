// SPDX-License-Identifier: Apache-2.0
//! Codes that their issuers or regulators published, read and written.

use salus_gs1::{
	Ai, CodeError, CompanyPrefix, Date, DigitalLink, ElementString, ElementStringError, EpcKey,
	EpcUri, GivenGtin, Gln, Gtin, GtinForm, HibcLabel, IccbbaLabel, LotNo, Ndc, NdcLayout, Scan,
	Serial, Sscc, Symbology, Udi, UdiDi,
};

fn gtin(text: &str) -> Gtin {
	text.parse().unwrap()
}

fn date(text: &str) -> Date {
	text.parse().unwrap()
}

#[test]
fn published_gtins_are_read() {
	for text in ["6291041500213", "7300011000017", "8904000210037", "80614141123458", "12345670"] {
		let given = GivenGtin::parse(text.as_bytes()).unwrap();
		assert_eq!(given.to_string(), text);
		assert_eq!(usize::from(given.form().digits()), text.len());
	}
}

#[test]
fn the_keys_of_the_pharma_case_are_read() {
	assert_eq!(gtin("00300010123455").indicator(), 0);
	assert_eq!(gtin("10300010123452").indicator(), 1);
	let sscc: Sscc = "403000112345678901".parse().unwrap();
	assert_eq!((sscc.extension(), sscc.check_digit()), (4, 1));
	for gln in ["0300011111116", "0300011111215", "0399999999991", "0399993456780"] {
		assert_eq!(gln.parse::<Gln>().unwrap().to_string(), gln);
	}
}

#[test]
fn a_padded_gtin_is_the_same_product() {
	let of_13 = GivenGtin::parse(b"6291041500213").unwrap();
	let of_14 = GivenGtin::parse(b"06291041500213").unwrap();
	assert_eq!(of_13.gtin(), of_14.gtin());
	assert_eq!((of_13.form(), of_14.form()), (GtinForm::Gtin13, GtinForm::Gtin14));
	assert_ne!(of_13, of_14);

	let of_8 = GivenGtin::parse(b"12345670").unwrap();
	assert_eq!(of_8.gtin().to_string(), "00000012345670");
	for form in GtinForm::ALL {
		let again = of_8.gtin().in_form(*form).unwrap();
		assert_eq!(GivenGtin::parse(again.to_string().as_bytes()), Ok(again));
		assert_eq!(again.gtin(), of_8.gtin());
	}
	assert_eq!(gtin("10300010123452").in_form(GtinForm::Gtin13), None);
}

#[test]
fn a_company_prefix_stands_right_behind_the_first_digit() {
	let pack = gtin("00300010123455");
	let prefix = |text: &str| text.parse::<CompanyPrefix>().unwrap();
	assert!(pack.starts_with(prefix("030001")));
	assert!(gtin("10300010123452").starts_with(prefix("030001")));
	assert!(!pack.starts_with(prefix("30001")), "its digits stand in the code, one place on");
	assert!(!pack.starts_with(prefix("012345")), "its digits stand further behind");
	assert!(!gtin("12345670").starts_with(prefix("0000")), "a GTIN-8 has none");
	assert!("0300011111116".parse::<Gln>().unwrap().starts_with(prefix("030001")));
	assert!("403000112345678901".parse::<Sscc>().unwrap().starts_with(prefix("030001")));
	assert!(prefix("0300").covers(prefix("030001")));
	assert!(!prefix("030001").covers(prefix("0300")));
	assert!(!prefix("300010").covers(prefix("030001")));
}

#[test]
fn the_shorter_prefixes_of_a_prefix_are_its_first_digits() {
	let prefix = |text: &str| text.parse::<CompanyPrefix>().unwrap();
	let whole = prefix("030001");
	assert_eq!(whole.first(4), Some(prefix("0300")));
	assert_eq!(whole.first(5), Some(prefix("03000")));
	assert_eq!(whole.first(6), Some(whole));
	for none in [0, 3, 7, 12, u8::MAX] {
		assert_eq!(whole.first(none), None, "{none}");
	}
	let longest = prefix("629104150021");
	assert!((4..=12).all(|length| longest.first(length).is_some_and(|stem| stem.covers(longest))));
}

#[test]
fn codes_that_others_may_use_too_are_known() {
	assert!(gtin("2000000000008").is_restricted_circulation());
	assert!(gtin("0200000000004").is_restricted_circulation());
	assert!(!gtin("6291041500213").is_restricted_circulation());
	assert!(gtin("90300010123458").is_variable_measure());
	assert!(!gtin("80614141123458").is_variable_measure());
}

#[test]
fn a_drug_label_is_read_as_scanners_send_it() {
	let plain = b"]d20100300010123455172503002110000000000010\x1d10A123";
	let Scan::Elements(symbology, read) = Scan::parse(plain, 2025).unwrap() else { panic!() };
	assert_eq!(symbology, Some(Symbology::DataMatrix));
	assert_eq!(read.gtin(), Some(gtin("00300010123455")));
	assert_eq!(read.serial(), Some("10000000000010".parse().unwrap()));
	assert_eq!(read.lot(), Some("A123".parse().unwrap()));
	let expiry = read.expiry().unwrap().read_in(2025).unwrap();
	assert_eq!(expiry, date("2025-03"));
	assert_eq!(expiry.last_day(), 31);
	assert_eq!(read.check_associations(), Ok(()));
	assert_eq!(read.to_string(), "(01)00300010123455(17)250300(21)10000000000010(10)A123");
	assert_eq!(read.to_plain(), &plain[3..]);
}

#[test]
fn the_plain_text_of_a_published_udi_is_read() {
	let text = "(01)51022222233336(11)141231(17)150707(10)A213B1(21)1234";
	let read: ElementString = text.parse().unwrap();
	assert_eq!(read.to_string(), text);
	let scan = Scan::parse(text.as_bytes(), 2015).unwrap();
	let udi = Udi::of(&scan, 2015).unwrap();
	assert_eq!(udi.di, UdiDi::Gs1(gtin("51022222233336")));
	assert_eq!(udi.pi.lot, Some("A213B1".parse().unwrap()));
	assert_eq!(udi.pi.serial, Some("1234".parse().unwrap()));
	assert_eq!(udi.pi.made, Some(date("2014-12-31")));
	assert_eq!(udi.pi.expiry, Some(date("2015-07-07")));
}

#[test]
fn the_form_of_machines_takes_separators_only_where_lengths_vary() {
	let read: ElementString =
		"(01)09506000134352(21)1234(17)201225(10)ABC(422)276(7003)2012251530".parse().unwrap();
	assert_eq!(
		read.to_plain(),
		b"0109506000134352211234\x1d1720122510ABC\x1d422276\x1d70032012251530"
	);
	assert_eq!(ElementString::parse(&read.to_plain()), Ok(read.clone()));
	assert_eq!(
		read.predefined_first().to_plain(),
		b"010950600013435217201225211234\x1d10ABC\x1d422276\x1d70032012251530"
	);
}

#[test]
fn a_separator_that_is_not_needed_changes_nothing() {
	let read = ElementString::parse(b"010950600013435210ABC").unwrap();
	for with_more in [
		&b"\x1d010950600013435210ABC"[..],
		b"0109506000134352\x1d10ABC",
		b"010950600013435210ABC\x1d",
		b"]C1\x1d0109506000134352\x1d10ABC\x1d",
	] {
		assert_eq!(ElementString::parse(with_more), Ok(read.clone()));
	}
}

#[test]
fn every_symbol_of_gs1_has_its_prefix() {
	for symbology in Symbology::ALL {
		let data = format!("{}0109506000134352", symbology.prefix());
		let scan = Scan::parse(data.as_bytes(), 2025).unwrap();
		assert!(matches!(scan, Scan::Elements(Some(read), _) if read == *symbology), "{scan:?}");
	}
}

#[test]
fn a_bracket_within_a_value_is_escaped() {
	let plain = b"01095060001343521021)(01)(\x1d21A";
	let read = ElementString::parse(plain).unwrap();
	assert_eq!(read.to_string(), r"(01)09506000134352(10)21)\(01)\((21)A");
	assert_eq!(read.to_string().parse(), Ok(read));
}

#[test]
fn a_lost_separator_is_seen_in_the_other_readings() {
	let read = ElementString::parse(b"010950600013435217201225" as &[u8]).unwrap();
	assert_eq!(read.readings_with_a_separator(), []);

	let read = ElementString::parse(b"010950600013435210A12321XYZ").unwrap();
	assert_eq!(read.lot(), Some("A12321XYZ".parse().unwrap()));
	let parted: ElementString = "(01)09506000134352(10)A123(21)XYZ".parse().unwrap();
	assert_eq!(read.readings_with_a_separator(), [parted]);
}

#[test]
fn logistic_units_are_read() {
	let text = "(00)106141412345678908(02)10614141000415(37)25(10)A1";
	let read: ElementString = text.parse().unwrap();
	assert_eq!(read.sscc().unwrap().to_string(), "106141412345678908");
	assert_eq!(read.count(), Some(25));
	assert_eq!(read.check_associations(), Ok(()));
	let link = DigitalLink::of(&read).unwrap();
	assert_eq!(
		link.to_string(),
		"https://id.gs1.org/00/106141412345678908?02=10614141000415&37=25&10=A1"
	);
}

#[test]
fn two_symbols_of_one_pack_are_put_together() {
	let read = |text: &str| text.parse::<ElementString>().unwrap();
	let first = read("(01)09506000134352(17)270300");
	let second = read("(01)09506000134352(21)A");
	let both = first.clone().joined(second).unwrap();
	assert_eq!(both, read("(01)09506000134352(17)270300(21)A"));
	assert_eq!(both.check_associations(), Ok(()));
	assert_eq!(
		first.joined(read("(17)270400")),
		Err(ElementStringError::DuplicateAi { ai: Ai::Expiry })
	);
}

#[test]
fn locations_and_parties_are_read() {
	let read: ElementString = "(414)4226350800008(254)W%7(410)0300011111116".parse().unwrap();
	assert_eq!(read.gln(Ai::Location).unwrap().to_string(), "4226350800008");
	assert_eq!(read.gln(Ai::ShipTo).unwrap().to_string(), "0300011111116");
	let link = DigitalLink::of(&read).unwrap();
	assert_eq!(
		link.to_string(),
		"https://id.gs1.org/414/4226350800008/254/W%257?410=0300011111116"
	);
}

#[test]
fn digital_links_are_read() {
	for (given, canonical) in [
		("https://id.gs1.org/01/9780345418913/21/765tz", "01/09780345418913/21/765tz"),
		("http://id.gs1.org/gtin/9780345418913", "01/09780345418913"),
		(
			"https://id.gs1.org/01/9780345418913/22/344/10/1223/21/765tz",
			"01/09780345418913/22/344/10/1223/21/765tz",
		),
		("https://gs1.test.example.org/01/9780345418913/10/1223", "01/09780345418913/10/1223"),
		("https://example.org/01/9780345418913/21/765tz?abc=211121", "01/09780345418913/21/765tz"),
		(
			"https://example.org/01/9780345418913/21/765tz?11=221109&linkType=gs1:pip#top",
			"01/09780345418913/21/765tz?11=221109",
		),
		(
			"HTTPS://Example.org:8443/some/01/path/lot/01/09780345418913/10/01",
			"01/09780345418913/10/01",
		),
		(
			"https://id.gs1.org/01/04150567890128/21/6789%2f%26%25%22!%3F()",
			"01/04150567890128/21/6789%2F%26%25%22%21%3F%28%29",
		),
		("https://id.gs1.org/414/4280000000002/254/12", "414/4280000000002/254/12"),
		("https://example.co.uk/party/4226350800008", "417/4226350800008"),
		("https://id.gs1.org/8003/03870585000552987", "8003/03870585000552987"),
		("https://id.gs1.org/8004/0180451111ABC987", "8004/0180451111ABC987"),
		("https://id.gs1.org/01/04150567890128/235/A1", "01/04150567890128/235/A1"),
		(
			"https://id.gs1.org/01/04150567890128?00=106141412345678908",
			"01/04150567890128?00=106141412345678908",
		),
	] {
		let link: DigitalLink = given.parse().unwrap_or_else(|error| panic!("{given}: {error}"));
		let canonical = format!("https://id.gs1.org/{canonical}");
		assert_eq!(link.clone().canonical().to_string(), canonical);
		assert_eq!(link.to_string().parse(), Ok(link.clone()), "{given}");
		assert_eq!(DigitalLink::of(&link.to_elements().unwrap()).unwrap().to_string(), canonical);
	}
}

#[test]
fn a_digital_link_keeps_its_address() {
	let text = "https://example.org/some/path/01/09780345418913/21/A?17=250300&linkType=all&x#y";
	let link: DigitalLink = text.parse().unwrap();
	assert_eq!(link.resolver(), "https://example.org/some/path");
	assert_eq!(link.others(), ["linkType=all", "x"]);
	assert_eq!(link.to_string(), text);
	let moved = link.at("http://localhost:8080").unwrap();
	assert_eq!(
		moved.to_string(),
		"http://localhost:8080/01/09780345418913/21/A?17=250300&linkType=all&x#y"
	);
}

#[test]
fn epc_uris_are_read_and_written() {
	for (uri, key, prefix) in [
		(
			"urn:epc:id:sgtin:030001.0012345.11",
			EpcKey::Sgtin(gtin("00300010123455"), "11".parse().unwrap()),
			"030001",
		),
		(
			"urn:epc:id:sgtin:0614141.812345.6789%2F%26%25%22!%3F()",
			EpcKey::Sgtin(gtin("80614141123458"), r#"6789/&%"!?()"#.parse().unwrap()),
			"0614141",
		),
		(
			"urn:epc:id:sgtin:415056789012.0.98.7",
			EpcKey::Sgtin(gtin("04150567890128"), "98.7".parse().unwrap()),
			"415056789012",
		),
		(
			"urn:epc:idpat:sgtin:030001.1012345.*",
			EpcKey::AnySgtin(gtin("10300010123452")),
			"030001",
		),
		(
			"urn:epc:class:lgtin:4012345.012345.Lot987",
			EpcKey::Lgtin(gtin("04012345123456"), "Lot987".parse().unwrap()),
			"4012345",
		),
		(
			"urn:epc:id:sscc:030001.41234567890",
			EpcKey::Sscc("403000112345678901".parse().unwrap()),
			"030001",
		),
		(
			"urn:epc:id:sscc:4012345.0000000333",
			EpcKey::Sscc("040123450000003338".parse().unwrap()),
			"4012345",
		),
		(
			"urn:epc:id:sgln:030001.111121.0",
			EpcKey::Sgln("0300011111215".parse().unwrap(), None),
			"030001",
		),
		(
			"urn:epc:id:sgln:4012345.00005.122",
			EpcKey::Sgln("4012345000054".parse().unwrap(), Some("122".parse().unwrap())),
			"4012345",
		),
		(
			"urn:epc:id:pgln:4000001.00000",
			EpcKey::Pgln("4000001000005".parse().unwrap()),
			"4000001",
		),
		(
			"urn:epc:id:pgln:999999999999.",
			EpcKey::Pgln("9999999999994".parse().unwrap()),
			"999999999999",
		),
	] {
		let read = EpcUri::parse(uri).unwrap_or_else(|error| panic!("{uri}: {error}"));
		assert_eq!(read.key(), key);
		assert_eq!(read.company_prefix().to_string(), prefix);
		assert_eq!(read.to_string(), uri);
		assert_eq!(EpcUri::new(key, prefix.len() as u8), Ok(read));
	}
}

#[test]
fn every_layout_of_an_ndc_has_one_gtin() {
	let pack = gtin("00300010123455");
	for (text, layout) in [
		("0001-0123-45", NdcLayout::FourFourTwo),
		("00010-123-45", NdcLayout::FiveThreeTwo),
		("00010-1234-5", NdcLayout::FiveFourOne),
	] {
		let ndc: Ndc = text.parse().unwrap();
		assert_eq!((ndc.layout(), ndc.to_string()), (layout, text.into()));
		assert_eq!(ndc.to_gtin(0), Ok(pack));
		assert_eq!(ndc.to_gtin(1), Ok(gtin("10300010123452")));
		assert_eq!(Ndc::in_gtin(pack, layout), Ok(ndc));
		assert_eq!(ndc.to_digits(), "0001012345");
	}
}

#[test]
fn published_hibc_labels_are_read() {
	let label = HibcLabel::parse(b"+A123BJC5D6E71G", 2020).unwrap();
	let di = label.di.unwrap();
	assert_eq!((di.labeler(), di.product(), di.unit_of_measure()), ("A123", "BJC5D6E7", 1));
	assert_eq!(di.to_label(), "+A123BJC5D6E71G");

	let joined = b"+A99912345/$$52001510X3/16D20111212/S77DE1G45-";
	let label = HibcLabel::parse(joined, 2020).unwrap();
	assert_eq!(label.di, Some("A99912345".parse().unwrap()));
	assert_eq!(label.lot, Some("10X3".parse().unwrap()));
	assert_eq!(label.expiry, Some(date("2020-01-15")));
	assert_eq!(label.made, Some(date("2011-12-12")));
	assert_eq!(label.serial, Some("77DE1G45".parse().unwrap()));
	let udi = Udi::of(&Scan::Hibc(label), 2020).unwrap();
	assert_eq!(udi.di, UdiDi::Hibcc("A99912345".parse().unwrap()));
	assert_eq!((udi.pi.lot, udi.pi.made), (label.lot, label.made));
	assert_eq!((udi.di.agency(), udi.di.to_string()), ("HIBCC", "A99912345".into()));
}

#[test]
fn every_date_of_a_hibc_label_is_read() {
	for (part, expiry, hour) in [
		("$$0925LOT", "2025-09", None),
		("$$2092825LOT", "2025-09-28", None),
		("$$3250928LOT", "2025-09-28", None),
		("$$425092822LOT", "2025-09-28", Some(22)),
		("$$525271LOT", "2025-09-28", None),
		("$$62527122LOT", "2025-09-28", Some(22)),
		("25271LOT", "2025-09-28", None),
		("$$8240925LOT", "2025-09", None),
		("$$9001003250928LOT", "2025-09-28", None),
		("$$7LOT/14D20250928", "2025-09-28", None),
	] {
		let text = with_check(&format!("+Z9991/{part}").replace("+Z9991", "+Z999A1"));
		let label =
			HibcLabel::parse(text.as_bytes(), 2025).unwrap_or_else(|e| panic!("{text}: {e}"));
		assert_eq!(label.expiry, Some(date(expiry)), "{text}");
		assert_eq!(label.expiry_hour, hour, "{text}");
		assert_eq!(label.lot, Some("LOT".parse().unwrap()), "{text}");
	}
	let of = |part: &str| HibcLabel::parse(with_check(&format!("+Z999A1/{part}")).as_bytes(), 2025);
	assert_eq!(of("$$824").unwrap().quantity, Some(24));
	assert_eq!(of("$LOT/Q500").unwrap().quantity, Some(500));
	assert_eq!(of("$+SER").unwrap().serial, Some("SER".parse().unwrap()));
	assert_eq!(of("$$+7SER").unwrap().serial, Some("SER".parse().unwrap()));
	assert_eq!(of("$$+3250928SER").unwrap().expiry, Some(date("2025-09-28")));
}

#[test]
fn a_secondary_hibc_label_joins_its_own_primary_only() {
	let primary = HibcLabel::parse(b"+A123BJC5D6E71G", 2020).unwrap();
	let secondary = HibcLabel::parse(with_check("+$$52001510X3G").as_bytes(), 2020).unwrap();
	assert_eq!((secondary.di, secondary.link), (None, Some('G')));
	let joined = HibcLabel::joined(&primary, &secondary).unwrap();
	assert_eq!((joined.di, joined.lot, joined.link), (primary.di, secondary.lot, None));
	let stranger = HibcLabel::parse(with_check("+$$52001510X3H").as_bytes(), 2020).unwrap();
	assert_eq!(HibcLabel::joined(&primary, &stranger), None);
	assert_eq!(HibcLabel::joined(&secondary, &primary), None);
}

#[test]
fn published_iccbba_labels_are_read() {
	let text = b"=/A9999XYZ100T0944=,000025=A99971312345600=>014032=}013032&,1000000000000XYZ123";
	let label = IccbbaLabel::parse(text).unwrap();
	assert_eq!(label.di, Some("A9999XYZ100T0944".parse().unwrap()));
	assert_eq!(label.serial, Some("000025".parse().unwrap()));
	assert_eq!(label.donation, Some("A99971312345600".parse().unwrap()));
	assert_eq!(label.expiry, Some(date("2014-02-01")));
	assert_eq!(label.made, Some(date("2013-02-01")));
	assert_eq!(label.lot, Some("000000000000XYZ123".parse().unwrap()));
	let announced = [b"=+06000", &text[..]].concat();
	assert_eq!(IccbbaLabel::parse(&announced), Ok(label));
	let udi = Udi::of(&Scan::parse(text, 2020).unwrap(), 2020).unwrap();
	assert_eq!(udi.di, UdiDi::Iccbba("A9999XYZ100T0944".parse().unwrap()));

	let of = |text: &[u8]| IccbbaLabel::parse(text).unwrap().expiry;
	assert_eq!(of(b"=>999001"), Some(date("1999-01-01")), "9 is the twentieth century");
	assert_eq!(of(b"=>104060"), Some(date("2104-02-29")), "1 is the twenty-second");

	let bag = IccbbaLabel::parse(b"=)1TE123456A&)RZ12345678").unwrap();
	assert_eq!(bag.di, Some("1TE123456A".parse().unwrap()));
	assert_eq!(bag.lot, Some("RZ12345678".parse().unwrap()));
}

#[test]
fn a_scan_is_known_by_its_beginning() {
	let scan = |text: &str| Scan::parse(text.as_bytes(), 2025).unwrap();
	assert!(matches!(scan("(01)09506000134352"), Scan::Elements(None, _)));
	assert!(matches!(scan("0109506000134352"), Scan::Elements(None, _)));
	assert!(matches!(scan("]E09506000134352"), Scan::Gtin(_)));
	assert!(matches!(scan("9506000134352"), Scan::Gtin(_)));
	assert!(matches!(scan("https://id.gs1.org/01/09506000134352"), Scan::Link(_)));
	assert!(matches!(scan("]Q1HTTPS://id.gs1.org/01/09506000134352"), Scan::Link(_)));
	assert!(matches!(scan("urn:epc:id:sscc:030001.41234567890"), Scan::Epc(_)));
	assert!(matches!(scan("+A123BJC5D6E71G"), Scan::Hibc(_)));
	assert!(matches!(scan("]C0+A123BJC5D6E71G"), Scan::Hibc(_)));
	assert!(matches!(scan("=)1TE123456A&)RZ12345678"), Scan::Iccbba(_)));
}

#[test]
fn the_century_is_the_nearest() {
	let read = |text: &[u8], this_year| {
		let Ok(date) = salus_gs1::ShortDate::parse(text) else { panic!("{text:?}") };
		date.read_in(this_year).unwrap().year()
	};
	// 51 and more ahead is the century before, 50 and more back the one after.
	assert_eq!(read(b"750101", 2025), 2075);
	assert_eq!(read(b"760101", 2025), 1976);
	assert_eq!(read(b"000101", 2049), 2000);
	assert_eq!(read(b"000101", 2050), 2100);
	assert_eq!(read(b"490101", 2099), 2149);
	assert_eq!(read(b"500101", 2099), 2050);
	assert_eq!(read(b"990101", 2000), 1999);
}

#[test]
fn a_date_ends_after_its_last_day() {
	const DAY: u64 = 24 * 60 * 60 * 1000;
	let day = date("2025-03-27");
	assert_eq!(day.begins_at(), Some(20_174 * DAY));
	assert_eq!(day.ends_at(), Some(20_175 * DAY));
	assert_eq!(date("2024-02").begins_at(), date("2024-02-01").begins_at());
	assert_eq!(date("2024-02").ends_at(), date("2024-02-29").ends_at());
	assert_eq!(date("2023-02").last_day(), 28);
	assert_eq!(date("1900-02").last_day(), 28);
	assert_eq!(date("2000-02").last_day(), 29);
	assert_eq!(date("1969-12-31").begins_at(), None);
	assert_eq!(date("1969-12-31").ends_at(), Some(0));
	assert_eq!(Date::at(0), Some(date("1970-01-01")));
	assert_eq!(Date::at(20_175 * DAY - 1), Some(day));
	assert_eq!(Date::at(20_175 * DAY), Some(date("2025-03-28")));
	assert_eq!(Date::at(date("9999-12-31").ends_at().unwrap() - 1), Some(date("9999-12-31")));
	assert_eq!(Date::at(date("9999-12-31").ends_at().unwrap()), None);
	assert_eq!(Date::at(u64::MAX), None);
	assert!(date("2025-03").is_wholly_before(date("2025-04")));
	assert!(!date("2025-03").is_wholly_before(date("2025-03-31")));
	assert!(!date("2025-03").is_wholly_before(date("2025-03")));
	assert!(date("2025-03-26").is_wholly_before(day));
}

#[test]
fn lots_and_serials_keep_their_case() {
	let lot = |text: &str| text.parse::<LotNo>().unwrap();
	use salus_gs1::Likeness::*;
	assert_ne!(lot("abc"), lot("ABC"));
	assert_eq!(lot("ABC").likeness(&lot("ABC")), Same);
	assert_eq!(lot("aBC").likeness(&lot("AbC")), CaseOnly);
	assert_eq!(lot("XYZ1y").likeness(&lot("XZY1z")), OtherKeyboard);
	assert_eq!(lot("QW1").likeness(&lot("AZ1")), OtherKeyboard);
	assert_eq!(lot("ABC").likeness(&lot("ABD")), Different);
	assert_eq!(lot("ABC").likeness(&lot("ABCD")), Different);
	let serial: Serial = "0012".parse().unwrap();
	assert_eq!(serial.likeness(&"12".parse().unwrap()), Different);
	let marks = r#"!"%&'()*+,-./:;<=>?_"#;
	assert_eq!(marks.parse::<Serial>().unwrap().as_str(), marks);
}

#[test]
fn the_published_example_with_a_wrong_check_character_is_refused() {
	// FDA and FHIR print this label; the check of the string itself is H.
	let text =
		b"+H123PARTNO1234567890120/$$420020216LOT123456789012345/SXYZ456789012345678/16D20130202C";
	assert_eq!(
		HibcLabel::parse(text, 2020),
		Err(salus_gs1::HibcError::BadCheckCharacter { expected: 'H', found: 'C' })
	);
	let mut right = text.to_vec();
	right.pop();
	right.push(b'H');
	let label = HibcLabel::parse(&right, 2020).unwrap();
	assert_eq!(label.expiry, Some(date("2020-02-02")));
	assert_eq!(label.expiry_hour, Some(16));
	assert_eq!(label.serial, Some("XYZ456789012345678".parse().unwrap()));
}

#[test]
fn published_codes_with_wrong_digits_are_refused() {
	let wrong = |expected, found| Err(CodeError::BadCheckDigit { expected, found });
	assert_eq!("04064074123453".parse::<Gtin>(), wrong(0, 3));
	assert_eq!("97803111".parse::<Gtin>(), wrong(9, 1));
}

fn with_check(text: &str) -> String {
	let check = salus_gs1::hibc_check_character(text.as_bytes()).unwrap();
	format!("{text}{check}")
}
