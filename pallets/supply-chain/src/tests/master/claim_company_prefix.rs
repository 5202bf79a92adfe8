// SPDX-License-Identifier: Apache-2.0

use super::*;
use frame_system::RawOrigin;
use proptest::prelude::*;
use salus_gs1::CompanyPrefix;

fn claim(code: CompanyCode) -> DispatchResult {
	SupplyChain::claim_company_prefix(RawOrigin::Root.into(), code, id(MAKER), digest(1))
}

#[test]
fn the_registry_says_whose_a_code_is() {
	build_and_execute(|| {
		assert_ok!(claim(company(PREFIX)));
		assert_eq!(Companies::<Test>::get(company(PREFIX)), Some(id(MAKER)));
		let event =
			Event::CompanyClaimed { code: company(PREFIX), owner: id(MAKER), evidence: digest(1) };
		assert_eq!(last_event(), event);
		// Three shorter prefixes could be claimed, and are not any more.
		for (stem, below) in [("6291", 1), ("62910", 1), ("629104", 1), ("6291041", 0)] {
			assert_eq!(PrefixStems::<Test>::get(stem.parse::<CompanyPrefix>().unwrap()), below);
		}
	});
}

#[test]
fn refuses_anybody_but_the_registry() {
	build_and_execute(|| {
		let code = company(PREFIX);
		assert_noop!(
			SupplyChain::claim_company_prefix(signed(MAKER), code, id(MAKER), digest(1)),
			DispatchError::BadOrigin
		);
	});
}

#[test]
fn refuses_a_code_that_has_an_owner() {
	build_and_execute(|| {
		for code in [company(PREFIX), CompanyCode::Hibcc(*b"A123"), CompanyCode::Iccbba(*b"A9999")]
		{
			assert_ok!(claim(code));
			assert_noop!(claim(code), Error::<Test>::PrefixTaken);
			assert_noop!(
				SupplyChain::claim_company_prefix(
					RawOrigin::Root.into(),
					code,
					id(RIVAL),
					digest(2)
				),
				Error::<Test>::PrefixTaken
			);
		}
	});
}

#[test]
fn refuses_a_prefix_of_a_claimed_prefix_and_one_that_a_claimed_one_begins() {
	build_and_execute(|| {
		assert_ok!(claim(company("6291041")));
		for taken in ["6291", "629104", "62910415", "629104150021"] {
			assert_noop!(claim(company(taken)), Error::<Test>::PrefixTaken);
		}
		// The same digits elsewhere, and the next number, are others' codes.
		for free in ["6291042", "0629", "62920"] {
			assert_ok!(claim(company(free)));
		}
		assert_noop!(claim(company("6292")), Error::<Test>::PrefixTaken);
	});
}

#[test]
fn leading_zeros_are_digits_too() {
	build_and_execute(|| {
		assert_ok!(claim(company("0614141")));
		assert_ok!(claim(company("614141")));
		assert_noop!(claim(company("0614")), Error::<Test>::PrefixTaken);
		assert_noop!(claim(company("6141")), Error::<Test>::PrefixTaken);
		assert_ok!(claim(company("0000")));
	});
}

#[test]
fn a_prefix_has_four_to_twelve_digits() {
	for text in ["", "629", "6291041500213", "629104x", "62910 41"] {
		assert!(text.parse::<CompanyPrefix>().is_err(), "{text}");
	}
	// Nor does one come in with a call.
	for (length, number) in [(0u8, 0u64), (3, 629), (13, 1), (4, 10_000)] {
		let mut call = vec![0u8];
		codec::Encode::encode_to(&(length, number), &mut call);
		assert!(<CompanyCode as codec::Decode>::decode(&mut &call[..]).is_err(), "{length}");
	}
}

#[test]
fn refuses_codes_with_characters_that_none_has() {
	build_and_execute(|| {
		let bad = [
			CompanyCode::Hibcc(*b"a123"),
			CompanyCode::Hibcc(*b"1ABC"),
			CompanyCode::Hibcc(*b"A12 "),
			CompanyCode::Hibcc([0; 4]),
			CompanyCode::Iccbba(*b"a9999"),
			CompanyCode::Iccbba(*b"A99-9"),
			CompanyCode::Iccbba([0xff; 5]),
		];
		for code in bad {
			assert_noop!(claim(code), Error::<Test>::BadCompanyCode);
		}
	});
}

proptest! {
	/// Codes of few different digits, so that many begin with each other.
	#[test]
	fn no_two_claimed_prefixes_ever_begin_with_each_other(
		codes in prop::collection::vec("[01]{4,12}", 1..60)
	) {
		build_and_execute(|| {
			let mut claimed: Vec<String> = Vec::new();
			for code in codes {
				let clash = |other: &String| other.starts_with(&code) || code.starts_with(other);
				let free = !claimed.iter().any(clash);
				assert_eq!(claim(company(&code)).is_ok(), free, "{code} after {claimed:?}");
				if free {
					claimed.push(code);
				}
			}
			for (stem, below) in PrefixStems::<Test>::iter() {
				let stem = stem.to_string();
				let longer = |code: &&String| code.starts_with(&stem) && **code != stem;
				assert_eq!(claimed.iter().filter(longer).count() as u32, below);
			}
		});
	}
}
