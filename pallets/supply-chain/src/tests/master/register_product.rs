// SPDX-License-Identifier: Apache-2.0

use super::*;
use salus_gs1::{GtinForm, HibcDi, IccbbaDi, Ndc};

/// Registers a product under some other company code.
fn register_under(code: CompanyCode, product: UdiDi, class: ProductClass) -> DispatchResult {
	SupplyChain::register_product(
		signed(MAKER),
		product,
		code,
		class,
		ProductFlags::default(),
		Uniqueness::FraudProof,
		digest(2),
		levels(&[]),
	)
}

fn claim(code: CompanyCode, owner: IdentityId) {
	let root = RuntimeOrigin::root();
	assert_ok!(SupplyChain::claim_company_prefix(root, code, owner, digest(1)));
}

fn hibcc(text: &str) -> UdiDi {
	UdiDi::Hibcc(text.parse::<HibcDi>().unwrap())
}

fn iccbba(text: &str) -> UdiDi {
	UdiDi::Iccbba(text.parse::<IccbbaDi>().unwrap())
}

#[test]
fn a_maker_makes_a_product_known() {
	build_and_execute(|| {
		claimed();
		let flags = ProductFlags::of(&[ProductFlag::Prescription, ProductFlag::ColdChain]);
		let groupings = [level(CASE, 48), level(PALLET, 48 * 40)];
		assert_ok!(register_as(di(DRUG), ProductClass::Drug, flags, &groupings));

		let row = Products::<Test>::get(di(DRUG)).unwrap();
		assert_eq!((row.holder, row.company), (id(MAKER), company(PREFIX)));
		assert_eq!((row.class, row.flags), (ProductClass::Drug, flags));
		assert_eq!((row.master, row.version, row.commissioned), (digest(2), 0, 0));
		assert!(row.is_active() && row.recalls.is_empty());
		for PackLevel { gtin, units } in groupings {
			assert_eq!(PackLevels::<Test>::get(gtin), Some((di(DRUG), units)));
		}
		let event = Event::ProductRegistered {
			product: di(DRUG),
			holder: id(MAKER),
			class: ProductClass::Drug,
			flags,
			uniqueness: Uniqueness::FraudProof,
			master: digest(2),
		};
		assert_eq!(last_event(), event);
	});
}

#[test]
fn holds_rent_for_the_product_and_each_grouping() {
	build_and_execute(|| {
		claimed();
		assert_ok!(register_drug(di(DRUG), &[level(CASE, 48), level(PALLET, 1920)]));
		let with_two = held(MAKER);
		assert_ok!(register_drug(gs1(OTHER_DRUG), &[]));
		let with_none = held(MAKER) - with_two;
		assert_eq!(with_none, rent(SupplyChain::product_footprint(0)));
		// A GTIN, a number of the widest kind with its tag, and a count.
		assert_eq!(with_two - with_none, 2 * (64 + 8 + 25 + 4));
	});
}

#[test]
fn refuses_who_cannot_pay() {
	build_and_execute(|| {
		claimed();
		let all = Balances::free_balance(account(MAKER));
		let to = account(RIVAL);
		assert_ok!(Balances::transfer_allow_death(signed(MAKER), to, all - 10));
		let refused = register_drug(di(DRUG), &[]);
		assert!(refused.is_err());
		assert_noop!(refused, sp_runtime::TokenError::FundsUnavailable);
	});
}

#[test]
fn refuses_who_has_no_makers_licence_or_one_that_lapsed() {
	build_and_execute(|| {
		claimed();
		lapse(MAKER);
		assert_noop!(register_drug(di(DRUG), &[]), Error::<Test>::NotLicensed);

		claim(company("7300011"), id(WHOLESALER));
		assert_noop!(
			SupplyChain::register_product(
				signed(WHOLESALER),
				gs1("0730001100001"),
				company("7300011"),
				ProductClass::Drug,
				ProductFlags::default(),
				Uniqueness::FraudProof,
				digest(2),
				levels(&[]),
			),
			Error::<Test>::NotLicensed
		);
	});
}

#[test]
fn a_licence_holds_to_its_last_millisecond() {
	build_and_execute(|| {
		claimed();
		let kind = AccreditationKind::ManufacturerLicence;
		Accreditations::set(id(MAKER), kind, Window { from: 0, until: START + 1 });
		assert_ok!(register_drug(di(DRUG), &[]));
		set_time(START + 1);
		assert_noop!(register_drug(gs1(OTHER_DRUG), &[]), Error::<Test>::NotLicensed);
	});
}

#[test]
fn refuses_a_company_code_of_somebody_else_or_of_nobody() {
	build_and_execute(|| {
		assert_noop!(register_drug(di(DRUG), &[]), Error::<Test>::PrefixNotOwned);
		claim(company(PREFIX), id(RIVAL));
		assert_noop!(register_drug(di(DRUG), &[]), Error::<Test>::PrefixNotOwned);
	});
}

#[test]
fn refuses_a_company_code_found_in_the_middle_of_the_number() {
	build_and_execute(|| {
		claimed();
		// Its digits stand in all of these, but not right behind the indicator.
		for body in ["6291041500210", "0162910415002", "0012629104100", "0012346291041"] {
			assert_noop!(register_drug(gs1(body), &[]), Error::<Test>::PrefixNotOwned);
		}
		assert_ok!(register_drug(gs1("0629104199999"), &[]));
	});
}

#[test]
fn a_code_counts_for_numbers_of_its_own_agency_only() {
	build_and_execute(|| {
		claimed();
		claim(CompanyCode::Hibcc(*b"A123"), id(MAKER));
		claim(CompanyCode::Iccbba(*b"A9999"), id(MAKER));
		let device = ProductClass::Device;
		let register = |code, product| register_under(code, product, device);
		let (in_hibcc, in_iccbba) = (hibcc("A123BJC5D6E71"), iccbba("A9999XYZ100T0944"));
		let not_owned = DispatchError::from(Error::<Test>::PrefixNotOwned);
		assert_noop!(register(company(PREFIX), in_hibcc), not_owned);
		assert_noop!(register(CompanyCode::Hibcc(*b"A123"), di(DRUG)), not_owned);
		assert_noop!(register(CompanyCode::Iccbba(*b"A9999"), in_hibcc), not_owned);
		assert_noop!(register(CompanyCode::Hibcc(*b"A123"), hibcc("A124BJC5D6E71")), not_owned);

		assert_ok!(register(CompanyCode::Hibcc(*b"A123"), in_hibcc));
		assert_ok!(register(CompanyCode::Iccbba(*b"A9999"), in_iccbba));
		assert_noop!(
			register(CompanyCode::Hibcc(*b"A123"), in_hibcc),
			Error::<Test>::ProductExists
		);
	});
}

#[test]
fn the_forms_of_a_gtin_are_one_product() {
	build_and_execute(|| {
		claim(company("0614141"), id(MAKER));
		let twelve = gtin("0061414112345").in_form(GtinForm::Gtin12).unwrap().to_string();
		assert_eq!(twelve.len(), 12);
		let register =
			|text: &str| register_under(company("0614141"), di(text), ProductClass::Drug);
		assert_ok!(register(&twelve));
		for form in [format!("0{twelve}"), format!("00{twelve}"), twelve] {
			assert_noop!(register(&form), Error::<Test>::ProductExists);
		}
		assert_eq!(Products::<Test>::iter().count(), 1);
	});
}

#[test]
fn a_gtin_of_eight_digits_has_no_company() {
	build_and_execute(|| {
		claim(company("0000"), id(MAKER));
		assert_noop!(
			register_under(company("0000"), di("12345670"), ProductClass::Drug),
			Error::<Test>::PrefixNotOwned
		);
		assert_noop!(
			register_under(company("0000"), di("00000012345670"), ProductClass::Drug),
			Error::<Test>::PrefixNotOwned
		);
	});
}

#[test]
fn each_layout_of_an_ndc_is_the_product_of_one_gtin() {
	build_and_execute(|| {
		let drugs = [
			("0001-0123-45", "030001", "00300010123455"),
			("50580-488-10", "0350580", "00350580488102"),
			("60575-4112-1", "0360575", "00360575411213"),
		];
		for (label, prefix, number) in drugs {
			claim(company(prefix), id(MAKER));
			let gtin = label.parse::<Ndc>().unwrap().to_gtin(0).unwrap();
			let register = || register_under(company(prefix), UdiDi::Gs1(gtin), ProductClass::Drug);
			assert_ok!(register());
			assert!(Products::<Test>::contains_key(di(number)));
			assert_noop!(register(), Error::<Test>::ProductExists);
		}
		// The eleven digits of bills say no more which zero was put in.
		assert!("00001-0123-45".parse::<Ndc>().is_err());
		assert!("00001012345".parse::<Ndc>().is_err());
	});
}

#[test]
fn a_number_with_a_wrong_digit_never_comes_in() {
	let body = 629_104_150_021u64;
	for last in (0..10).filter(|digit| *digit != 3) {
		let mut call = vec![0u8];
		codec::Encode::encode_to(&(body * 10 + last), &mut call);
		assert!(<UdiDi as codec::Decode>::decode(&mut &call[..]).is_err(), "{last}");
	}
	let mut right = vec![0u8];
	codec::Encode::encode_to(&(body * 10 + 3), &mut right);
	assert_eq!(<UdiDi as codec::Decode>::decode(&mut &right[..]), Ok(di(DRUG)));
}

#[test]
fn refuses_numbers_for_variable_measures_and_for_use_within_a_company() {
	build_and_execute(|| {
		claimed();
		let restricted = DispatchError::from(Error::<Test>::RestrictedNumber);
		assert_noop!(register_drug(gs1("9629104150021"), &[]), restricted);
		for prefix in ["0212345", "0412345", "2012345", "2912345"] {
			claim(company(prefix), id(MAKER));
			let body = format!("0{prefix}00001");
			assert_noop!(
				register_under(company(prefix), gs1(&body), ProductClass::Drug),
				restricted
			);
			assert_noop!(
				register_under(company(prefix), gs1(&body), ProductClass::Device),
				restricted
			);
		}
		assert_noop!(register_drug(di(DRUG), &[level("9629104150021", 48)]), restricted);
		assert_ok!(register_drug(gs1("8629104150021"), &[]));
	});
}

#[test]
fn a_drug_has_a_gtin_and_is_no_implant() {
	build_and_execute(|| {
		claimed();
		claim(CompanyCode::Hibcc(*b"A123"), id(MAKER));
		let bad = DispatchError::from(Error::<Test>::BadProductClass);
		let code = CompanyCode::Hibcc(*b"A123");
		assert_noop!(register_under(code, hibcc("A123X1"), ProductClass::Drug), bad);
		let implant = ProductFlags::of(&[ProductFlag::Implantable]);
		assert_noop!(register_as(di(DRUG), ProductClass::Drug, implant, &[]), bad);
		let unknown = ProductFlags(0x10);
		assert_noop!(register_as(di(DRUG), ProductClass::Device, unknown, &[]), bad);
		assert_ok!(register_as(di(DRUG), ProductClass::Device, ProductFlags::ALL, &[]));
		assert_ok!(register_under(code, hibcc("A123X1"), ProductClass::Device));
	});
}

#[test]
fn products_and_groupings_share_one_space_of_numbers() {
	build_and_execute(|| {
		claimed();
		let taken = DispatchError::from(Error::<Test>::ProductExists);
		assert_ok!(register_drug(di(DRUG), &[level(CASE, 48)]));
		// The number of a product, also as a grouping of another or of itself.
		assert_noop!(register_drug(di(DRUG), &[]), taken);
		let drug = PackLevel { gtin: DRUG.parse().unwrap(), units: 2 };
		assert_noop!(register_drug(gs1(OTHER_DRUG), &[drug]), taken);
		assert_noop!(register_drug(gs1(OTHER_DRUG), &[level(OTHER_DRUG, 2)]), taken);
		// The number of a grouping, also as a product.
		assert_noop!(register_drug(gs1(CASE), &[]), taken);
		assert_noop!(register_drug(gs1(OTHER_DRUG), &[level(CASE, 48)]), taken);
		assert_ok!(register_drug(gs1(OTHER_DRUG), &[level(PALLET, 48)]));
	});
}

#[test]
fn a_grouping_holds_two_units_at_least_and_is_the_companys() {
	build_and_execute(|| {
		claimed();
		claim(company("7300011"), id(MAKER));
		let bad = DispatchError::from(Error::<Test>::BadPackLevel);
		for units in [0, 1] {
			assert_noop!(register_drug(di(DRUG), &[level(CASE, units)]), bad);
		}
		assert_noop!(register_drug(di(DRUG), &[level("1730001100001", 48)]), bad);
		assert_ok!(register_drug(di(DRUG), &[level(CASE, 2)]));
	});
}

#[test]
fn groupings_stand_in_rising_order_and_once() {
	build_and_execute(|| {
		claimed();
		let (case, pallet) = (level(CASE, 48), level(PALLET, 1920));
		for groupings in [[pallet, case], [case, case], [case, level(CASE, 24)]] {
			assert_noop!(register_drug(di(DRUG), &groupings), Error::<Test>::NotSorted);
		}
		let all = (1..=8).map(|digit| level(&format!("{digit}629104150021"), 2 + digit));
		assert_ok!(register_drug(di(DRUG), &all.collect::<Vec<_>>()));
		assert_eq!(PackLevels::<Test>::iter().count(), MAX_LEVELS as usize);
	});
}

#[test]
fn more_groupings_than_eight_never_come_in() {
	let nine = vec![level(CASE, 48); 9];
	let encoded = codec::Encode::encode(&nine);
	type Levels = BoundedVec<PackLevel, ConstU32<MAX_LEVELS>>;
	assert!(<Levels as codec::Decode>::decode(&mut &encoded[..]).is_err());
	let encoded = codec::Encode::encode(&nine[..8].to_vec());
	assert!(<Levels as codec::Decode>::decode(&mut &encoded[..]).is_ok());
}
