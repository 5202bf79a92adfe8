// SPDX-License-Identifier: Apache-2.0

use super::*;
use codec::Decode;

/// A container of the maker that was packed and emptied at [`START`].
fn used() -> Sscc {
	let batch = commissioned();
	let sscc = container(1);
	packed(sscc, &[item(batch, 0)]);
	assert_ok!(try_empty(MAKER, sscc));
	sscc
}

#[test]
fn who_gives_the_number_holds_the_container() {
	build_and_execute(|| {
		claimed();

		assert_ok!(commission_as(MAKER, sscc(1)));

		let new = row(sscc(1));
		assert_eq!((new.issuer, new.place), (id(MAKER), Place::Held(id(MAKER))));
		assert_eq!((new.items, new.height, new.seal, new.emptied), (0, 1, None, None));
		assert_eq!(held_by(MAKER), [boxed(sscc(1))]);
		assert_eq!(rent(MAKER), asked_for(SupplyChain::container_footprint()));
		let by = id(MAKER);
		assert_eq!(last_event(), Event::ContainerCommissioned { sscc: sscc(1), by });
	});
}

#[test]
fn asks_for_a_licence() {
	build_and_execute(|| {
		claimed();
		Accreditations::remove(id(MAKER), AccreditationKind::ManufacturerLicence);

		assert_noop!(commission_as(MAKER, sscc(1)), Error::<Test>::NotLicensed);
	});
}

#[test]
fn every_handler_may() {
	build_and_execute(|| {
		for (number, who) in (1u32..).zip([WHOLESALER, PHARMACY, HOSPITAL]) {
			let prefix = format!("629104{number}");
			let root = RuntimeOrigin::root();
			let claim =
				SupplyChain::claim_company_prefix(root, company(&prefix), id(who), digest(1));
			assert_ok!(claim);
			let prefix: CompanyPrefix = prefix.parse().unwrap();
			let body = 10_000_000_000_000_000 + prefix.to_u64() * 1_000_000_000;
			let sscc = Sscc::from_body(body).unwrap();

			assert_ok!(SupplyChain::commission_container(signed(who), sscc, prefix));
			assert_eq!(row(sscc).issuer, id(who));
		}
	});
}

#[test]
fn refuses_a_prefix_that_is_not_the_partners() {
	build_and_execute(|| {
		claimed();

		assert_noop!(commission_as(RIVAL, sscc(1)), Error::<Test>::PrefixNotOwned);
		let nobodys = "6291042".parse().unwrap();
		let call = SupplyChain::commission_container(signed(MAKER), sscc(1), nobodys);
		assert_noop!(call, Error::<Test>::PrefixNotOwned);
	});
}

#[test]
fn refuses_a_number_that_does_not_begin_with_the_prefix() {
	build_and_execute(|| {
		claimed();

		// The prefix further in, where the extension digit is, and not at all.
		for body in [11_629_104_100_000_000, 62_910_410_000_000_000, 17_300_011_000_000_000] {
			let foreign = Sscc::from_body(body).unwrap();
			assert_noop!(commission_as(MAKER, foreign), Error::<Test>::PrefixNotOwned);
		}
		// The extension digit is free.
		let body = 96_291_041_000_000_000;
		assert_ok!(commission_as(MAKER, Sscc::from_body(body).unwrap()));
	});
}

#[test]
fn a_wrong_check_digit_does_not_decode() {
	let sound = sscc(1);
	let call = |number: u64| {
		let prefix: CompanyPrefix = PREFIX.parse().unwrap();
		let bytes = (10u8, number, prefix).encode();
		Call::<Test>::decode(&mut bytes.as_slice())
	};

	assert!(call(sound.to_u64()).is_ok());
	for wrong in [sound.to_u64() + 1, sound.to_u64() + 100_000_000_000_000_000, u64::MAX] {
		assert!(call(wrong).is_err(), "{wrong}");
	}
}

#[test]
fn refuses_a_number_in_use() {
	build_and_execute(|| {
		claimed();
		container(1);

		assert_noop!(commission_as(MAKER, sscc(1)), Error::<Test>::SsccReused);
	});
}

#[test]
fn a_number_rests_for_a_year_after_the_container_was_emptied() {
	build_and_execute(|| {
		let sscc = used();
		set_time(START + SSCC_REST - 1);
		assert_noop!(commission_as(MAKER, sscc), Error::<Test>::SsccReused);

		set_time(START + SSCC_REST);
		assert_ok!(commission_as(MAKER, sscc));

		assert_eq!((row(sscc).items, row(sscc).emptied), (0, None));
		assert!(held_by(MAKER).contains(&boxed(sscc)));
	});
}

#[test]
fn rent_of_the_old_container_goes_back_to_who_paid_it() {
	build_and_execute(|| {
		let sscc = used();
		let price = asked_for(SupplyChain::container_footprint());
		let before = (rent(MAKER), rent(RIVAL));
		// The registry gave the prefix to another meanwhile.
		Companies::<Test>::insert(company(PREFIX), id(RIVAL));
		set_time(START + SSCC_REST);

		assert_ok!(commission_as(RIVAL, sscc));

		assert_eq!((rent(MAKER), rent(RIVAL)), (before.0 - price, before.1 + price));
		assert!(!held_by(MAKER).contains(&boxed(sscc)));
		assert_eq!(held_by(RIVAL), [boxed(sscc)]);
		Companies::<Test>::insert(company(PREFIX), id(MAKER));
	});
}

#[test]
fn a_number_that_is_used_again_has_no_height_of_its_past() {
	build_and_execute(|| {
		let batch = commissioned();
		let [inner, outer] = containers();
		packed(inner, &[item(batch, 0)]);
		packed(outer, &[boxed(inner)]);
		assert_eq!(row(outer).height, 2);
		assert_ok!(try_empty(MAKER, inner));
		set_time(START + SSCC_REST);

		assert_ok!(commission_as(MAKER, outer));
		assert_eq!(row(outer).height, 1);
	});
}
