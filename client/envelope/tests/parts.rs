// SPDX-License-Identifier: Apache-2.0
//! `K_s` among several custodians: known answers of a second implementation, what any parts of a
//! number give, and what fewer do not.

use proptest::prelude::*;
use salus_envelope::{
	ContentKey, CustodianShare, Division, Header, KeyPart, MAX_PARTS, Metadata, OpenError,
	PartsError, ReaderShare, Secret, Suite,
	rand_core::{TryCryptoRng, TryRng},
};
use serde_json::Value;
use std::{collections::BTreeSet, convert::Infallible};

mod support;
use support::{BODY, key, open, seal, span, unhex};

/// Gives out the coefficients of a vector, one to a number whose upper bits are noise.
struct Drawn(std::vec::IntoIter<u8>);

impl TryRng for Drawn {
	type Error = Infallible;

	fn try_next_u32(&mut self) -> Result<u32, Infallible> {
		let byte = self.0.next().expect("no more coefficients than the degree says");
		Ok(0xc0ff_ee00 | u32::from(byte))
	}

	fn try_next_u64(&mut self) -> Result<u64, Infallible> {
		unreachable!("a coefficient takes 32 bits")
	}

	fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Infallible> {
		unreachable!("a coefficient takes 32 bits")
	}
}

impl TryCryptoRng for Drawn {}

fn share(first: u8) -> CustodianShare {
	CustodianShare::from_bytes(span(first))
}

fn division(threshold: u8, of: u8) -> Division {
	Division::new(threshold, of).unwrap()
}

/// Every choice of `count` of these parts, in their order.
fn choices(parts: &[KeyPart], count: usize) -> Vec<Vec<KeyPart>> {
	let sets = (0u32..1 << parts.len()).filter(|set| set.count_ones() as usize == count);
	let chosen = sets.map(|set| {
		let picked = parts.iter().enumerate().filter(|(place, _)| set >> place & 1 == 1);
		picked.map(|(_, part)| part.clone()).collect()
	});
	chosen.collect()
}

#[test]
fn every_division_of_the_second_implementation_is_reproduced() {
	let vectors: Value = serde_json::from_str(include_str!("vectors/parts.json")).unwrap();
	let cases = vectors["divisions"].as_array().unwrap();
	assert_eq!(cases.len(), 7);
	for case in cases {
		let number = |name: &str| u8::try_from(case[name].as_u64().unwrap()).unwrap();
		let text = |name: &str| case[name].as_str().unwrap();
		let division = division(number("threshold"), number("of"));
		let whole = CustodianShare::from_bytes(unhex(text("custodianShare")));
		let mut rng = Drawn(hex::decode(text("coefficients")).unwrap().into_iter());
		let parts = whole.divide_with_rng(division, &mut rng);
		assert_eq!(rng.0.len(), 0, "all of them were drawn");

		let expected: Vec<_> = case["parts"].as_array().unwrap().iter().collect();
		assert_eq!(parts.len(), expected.len());
		for ((index, part), expected) in (1..).zip(&parts).zip(expected) {
			assert_eq!(part.index, index);
			assert_eq!(hex::encode(part.share.expose()), expected.as_str().unwrap());
		}
		for chosen in choices(&parts, usize::from(division.threshold())) {
			assert_eq!(CustodianShare::restore(division, &chosen).as_ref(), Ok(&whole));
		}
	}
}

#[test]
fn any_parts_of_the_number_open_the_object_and_any_wrong_one_is_seen_before_it_is_decrypted() {
	let (object, sealed) = seal(&key(), Suite::default(), &Metadata::none(), BODY);
	let header = Header::parse(object.first_chunk().unwrap()).unwrap();
	assert_eq!(header, sealed.header);
	let division = division(3, 5);
	let parts = share(0x20).divide(division);
	let joined = |parts: &[KeyPart]| {
		let custodian = CustodianShare::restore(division, parts).unwrap();
		ContentKey::from_shares(ReaderShare::from_bytes(span(0x00)), custodian)
	};
	for chosen in choices(&parts, 3) {
		assert!(header.is_of(&joined(&chosen)));
		assert_eq!(open(&joined(&chosen), &object).unwrap().body_len, BODY.len() as u64);

		for place in 0..3 {
			let mut wrong = chosen.clone();
			let mut bytes = *wrong[place].share.expose();
			bytes[31] ^= 1;
			wrong[place].share = CustodianShare::from_bytes(bytes);
			assert!(!header.is_of(&joined(&wrong)));
			assert!(matches!(open(&joined(&wrong), &object), Err(OpenError::WrongKey)));
		}
	}
	// Two parts that changed their names are as wrong as two that changed their bytes.
	let mut swapped = [parts[0].clone(), parts[1].clone(), parts[3].clone()];
	swapped[0].index = 2;
	swapped[1].index = 1;
	assert!(!header.is_of(&joined(&swapped)));
	// A key without the custodian's half is not the object's, whatever its reader's half.
	assert!(!header.is_of(&ContentKey::from_reader_share(ReaderShare::from_bytes(span(0x00)))));
}

#[test]
fn parts_that_cannot_be_are_told_from_parts_that_lack() {
	for (threshold, of) in [(0, 1), (2, 1), (0, 0), (1, MAX_PARTS + 1), (9, 9)] {
		let refused = Division::new(threshold, of);
		assert_eq!(refused, Err(PartsError::NoDivision { threshold, of }));
	}
	let division = division(2, 3);
	let parts = share(0x20).divide(division);
	let restore = |parts: &[KeyPart]| CustodianShare::restore(division, parts);
	let named = |part: &KeyPart, index| KeyPart { index, ..part.clone() };
	assert_eq!(restore(&[]), Err(PartsError::TooFew { found: 0, needed: 2 }));
	assert_eq!(restore(&parts[1..2]), Err(PartsError::TooFew { found: 1, needed: 2 }));
	for index in [0, 4, 255] {
		let wrong = [parts[0].clone(), named(&parts[1], index)];
		assert_eq!(restore(&wrong), Err(PartsError::NoSuchPart(index)));
	}
	let twice = [parts[0].clone(), named(&parts[1], 1)];
	assert_eq!(restore(&twice), Err(PartsError::Repeated(1)));
	// More than it takes: the first ones count, and the rest may be anything.
	let more = [parts[2].clone(), parts[0].clone(), named(&parts[0], 1)];
	assert_eq!(restore(&more), Ok(share(0x20)));
}

#[test]
fn one_part_too_few_leaves_every_key_possible() {
	// For each byte that the missing part may have there is one byte of the key, and no two have the
	// same: whoever holds the other parts knows as much as before.
	for (threshold, of) in [(2, 2), (3, 4), (8, 8)] {
		let division = division(threshold, of);
		let parts = share(0x20).divide(division);
		let known = &parts[..usize::from(threshold) - 1];
		let possible: BTreeSet<_> = (0..=u8::MAX)
			.map(|guess| {
				let missing =
					KeyPart { index: threshold, share: CustodianShare::from_bytes([guess; 32]) };
				let all = [known, &[missing]].concat();
				*CustodianShare::restore(division, &all).unwrap().expose()
			})
			.collect();
		for place in 0..32 {
			let bytes: BTreeSet<_> = possible.iter().map(|key| key[place]).collect();
			assert_eq!(bytes.len(), 256, "{threshold} of {of}, byte {place}");
		}
	}
}

#[test]
fn a_coefficient_may_be_zero_and_no_value_is_preferred() {
	// Of two parts the first differs from the key by its one coefficient. A scheme that never draws
	// zero there tells, to whoever sees many divisions of one key, what the key is not.
	let (whole, division) = (share(0x20), division(2, 2));
	let mut seen = [0u32; 256];
	for _ in 0..2_000 {
		let [first, _] = whole.divide(division).try_into().unwrap();
		for (part, byte) in first.share.expose().iter().zip(whole.expose()) {
			seen[usize::from(part ^ byte)] += 1;
		}
	}
	// 250 are expected of each, with a deviation of 16.
	let [least, most] = [seen.iter().min(), seen.iter().max()].map(|count| *count.unwrap());
	assert!(least > 150 && most < 350, "{least} to {most}, {} zeros", seen[0]);
}

#[test]
fn parts_are_fresh_and_print_nothing() {
	let (whole, division) = (share(0x20), division(2, 3));
	let (one, two) = (whole.divide(division), whole.divide(division));
	assert!(one.iter().zip(&two).all(|(one, two)| one.share != two.share));
	let printed = format!("{:?}", one[0]);
	assert_eq!(printed, "KeyPart { index: 1, share: CustodianShare(..) }");
}

/// A key, a division of it, an order of its parts, and which bit of which part is flipped.
fn divided() -> impl Strategy<Value = ([u8; 32], Division, Vec<u8>, usize, usize)> {
	(any::<[u8; 32]>(), 1..=MAX_PARTS).prop_flat_map(|(whole, of)| {
		let order = Just((1..=of).collect::<Vec<_>>()).prop_shuffle();
		(Just(whole), 1..=of, order, 0..8usize, 0..256usize).prop_map(
			move |(whole, threshold, order, part, bit)| {
				(whole, Division::new(threshold, of).unwrap(), order, part, bit)
			},
		)
	})
}

proptest! {
	#[test]
	fn parts_give_the_key_in_any_order_and_one_too_few_does_not(
		(whole, division, order, part, bit) in divided()
	) {
		let whole = CustodianShare::from_bytes(whole);
		let parts = whole.divide(division);
		let needed = usize::from(division.threshold());
		let mut chosen: Vec<_> =
			order[..needed].iter().map(|index| parts[usize::from(*index) - 1].clone()).collect();
		prop_assert_eq!(CustodianShare::restore(division, &chosen), Ok(whole.clone()));

		let few = CustodianShare::restore(division, &chosen[..needed - 1]);
		let expected = PartsError::TooFew { found: needed - 1, needed: division.threshold() };
		prop_assert_eq!(few, Err(expected));
		// Nor when it is taken for a division that it would be enough for.
		if needed > 1 {
			let lower = Division::new(division.threshold() - 1, division.of()).unwrap();
			let guessed = CustodianShare::restore(lower, &chosen[..needed - 1]).unwrap();
			prop_assert_ne!(&guessed, &whole);
		}

		let flipped = &mut chosen[part % needed].share;
		let mut bytes = *flipped.expose();
		bytes[bit / 8] ^= 1 << (bit % 8);
		*flipped = CustodianShare::from_bytes(bytes);
		prop_assert_ne!(CustodianShare::restore(division, &chosen).unwrap(), whole);
	}
}
