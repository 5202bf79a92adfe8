// SPDX-License-Identifier: Apache-2.0

use super::*;
use proptest::prelude::*;
use salus_gs1::{Scan, Symbology};

fn pack(lot: &str, serial: &str) -> Label {
	let expiry = ShortDate::new(27, 3, 0).unwrap();
	let gtin = "09506000134352".parse().unwrap();
	Label::pack(gtin, expiry, lot.parse().unwrap(), serial.parse().unwrap()).unwrap()
}

/// Reads a symbol back from a picture: no shortcut through what was encoded.
fn read_png(bytes: &[u8], dots: usize) -> Vec<u8> {
	let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
	let mut grey = vec![0; reader.output_buffer_size().unwrap()];
	let info = reader.next_frame(&mut grey).unwrap();
	let (side, quiet) = (info.width as usize, QUIET as usize);
	let modules = side / dots;
	let dark = |x: usize, y: usize| grey[(y * dots + dots / 2) * side + x * dots + dots / 2] < 128;
	let inner = quiet..modules - quiet;
	let around = (0..modules).flat_map(|y| (0..modules).map(move |x| (x, y)));
	for (x, y) in around.filter(|(x, y)| !inner.contains(x) || !inner.contains(y)) {
		assert!(!dark(x, y), "the quiet zone has a dark module");
	}
	let bits: Vec<bool> = inner
		.clone()
		.flat_map(|y| inner.clone().map(move |x| (x, y)))
		.map(|(x, y)| dark(x, y))
		.collect();
	DataMatrix::decode(&bits, modules - 2 * quiet).unwrap()
}

/// The same from an SVG: squares at their places.
fn read_svg(svg: &str) -> Vec<u8> {
	let path = svg.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
	let places: Vec<(usize, usize)> = path
		.split('M')
		.skip(1)
		.map(|square| {
			let (x, rest) = square.split_once(' ').unwrap();
			(x.parse().unwrap(), rest.split('h').next().unwrap().parse().unwrap())
		})
		.collect();
	let quiet = QUIET as usize;
	let width = places.iter().map(|(x, _)| x + 1 - quiet).max().unwrap();
	let mut bits = vec![false; width * width];
	for (x, y) in places {
		bits[(y - quiet) * width + x - quiet] = true;
	}
	DataMatrix::decode(&bits, width).unwrap()
}

#[test]
fn a_pack_is_read_back_from_both_pictures() {
	let label = pack("A123", "x(9)/Y");
	assert_eq!(label.elements().to_string(), "(01)09506000134352(17)270300(10)A123(21)x\\(9)/Y");
	for read in [read_png(&label.png(4).unwrap(), 4), read_svg(&label.svg(0.5).unwrap())] {
		assert_eq!(read, b"01095060001343521727030010A123\x1d21x(9)/Y");
		let scanned = [&b"]d2"[..], &read].concat();
		assert_eq!(scanned, label.as_scanned());
		let Ok(Scan::Elements(symbology, elements)) = Scan::parse(&scanned, 2026) else {
			panic!("an element string")
		};
		assert_eq!(symbology, Some(Symbology::DataMatrix));
		assert_eq!(&elements, label.elements());
	}
}

#[test]
fn the_symbol_begins_with_fnc1() {
	assert_eq!(pack("A123", "1").symbol.data_codewords().first(), Some(&232));
}

#[test]
fn lines_for_people_stand_beside_the_symbol() {
	let label = pack("A<1", "B&2");
	assert_eq!(label.lines(), ["(01) 09506000134352", "(17) 270300", "(10) A<1", "(21) B&2"]);
	let svg = label.svg(0.5).unwrap();
	assert!(svg.contains(">(10) A&lt;1</text>") && svg.contains(">(21) B&amp;2</text>"));
}

#[test]
fn fields_of_predefined_length_come_first_whatever_the_order_given() {
	let given = ElementString::parse(b"(21)7(10)L(01)09506000134352(17)270331").unwrap();
	let label = Label::new(given).unwrap();
	assert_eq!(label.elements().to_string(), "(01)09506000134352(17)270331(21)7(10)L");
}

#[test]
fn a_logistic_unit_has_a_label_too() {
	let label = Label::logistic("403000112345678901".parse().unwrap()).unwrap();
	assert_eq!(read_png(&label.png(1).unwrap(), 1), b"00403000112345678901");
}

#[test]
fn what_marks_no_item_has_no_label() {
	let lonely = ElementString::parse(b"(21)7").unwrap();
	assert!(matches!(Label::new(lonely), Err(LabelError::Elements(_))));
	let label = pack("A", "1");
	assert!(matches!(label.png(0), Err(LabelError::Dots(0))));
	assert!(matches!(label.png(65), Err(LabelError::Dots(65))));
	for bad in [0.2, 2.1, f64::NAN] {
		assert!(matches!(label.svg(bad), Err(LabelError::Millimetres(_))));
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(64))]

	#[test]
	fn whatever_the_lot_and_serial_a_label_says_them(
		lot in "[!\"%-?A-Z_a-z]{1,20}",
		serial in "[!\"%-?A-Z_a-z]{1,20}",
	) {
		let label = pack(&lot, &serial);
		let read = [&b"]d2"[..], &read_png(&label.png(2).unwrap(), 2)].concat();
		let Ok(Scan::Elements(_, elements)) = Scan::parse(&read, 2026) else {
			panic!("an element string")
		};
		prop_assert_eq!(elements.lot().unwrap().to_string(), lot);
		prop_assert_eq!(elements.serial().unwrap().to_string(), serial);
	}
}
