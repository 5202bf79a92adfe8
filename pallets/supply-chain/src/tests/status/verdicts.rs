// SPDX-License-Identifier: Apache-2.0

//! Every code that a scan can find.

use super::*;
use salus_primitives::{DAY, VerdictClass};

#[test]
fn a_genuine_pack_is_ok() {
	build_and_execute(|| {
		let batch = commissioned();
		let verdict = scanned(batch, 300);
		assert_code(&verdict, VerdictCode::Ok);
		assert_eq!(verdict.class, VerdictClass::Ok);
		assert_eq!(verdict.state, Some(UnitState::Active));
		assert_eq!((verdict.effective, verdict.recall), (None, None));
		assert_eq!(verdict.unit, Some(unit(batch, 300)));
		assert_eq!(verdict.parcel_start, Some(0));
		assert_eq!(verdict.expiry, Some(date("2027-12-31")));
		assert_eq!(verdict.lot, Some(Batches::<Test>::get(batch).unwrap().lot));
	});
}

#[test]
fn a_label_without_lot_expiry_and_market_is_enough() {
	build_and_execute(|| {
		let batch = commissioned();
		let bare = ScannedPack { lot: None, expiry: None, market: None, ..label(1, 5) };
		assert_code(&SupplyChain::api_verify(bare, Some(answer(batch, 5))), VerdictCode::Ok);
	});
}

#[test]
fn an_unknown_product_is_suspect() {
	build_and_execute(|| {
		let batch = commissioned();
		let scan = ScannedPack { product: pump(), ..label(1, 5) };
		let verdict = SupplyChain::api_verify(scan, Some(answer(batch, 5)));
		assert_code(&verdict, VerdictCode::UnknownProduct);
		assert_eq!(verdict.class, VerdictClass::Suspect);
		assert_eq!((verdict.unit, verdict.lot), (None, None));
	});
}

#[test]
fn a_pack_has_a_serial_and_a_case_is_no_pack() {
	build_and_execute(|| {
		let batch = commissioned();
		let scan = ScannedPack { serial: None, ..label(1, 5) };
		let verdict = SupplyChain::api_verify(scan, Some(answer(batch, 5)));
		assert_code(&verdict, VerdictCode::BadFormat);
		assert_eq!(verdict.class, VerdictClass::Technical);
		let UdiDi::Gs1(case) = pump() else { unreachable!() };
		PackLevels::<Test>::insert(case, (di(DRUG), 48));
		let scan = ScannedPack { product: pump(), ..label(1, 5) };
		assert_code(&SupplyChain::api_verify(scan, None), VerdictCode::BadFormat);
	});
}

#[test]
fn without_a_proof_the_maker_has_not_said_anything_yet() {
	build_and_execute(|| {
		commissioned();
		for lot in [None, Some(lot_no(LOT))] {
			let scan = ScannedPack { lot, ..label(1, 5) };
			let verdict = SupplyChain::api_verify(scan, None);
			assert_code(&verdict, VerdictCode::DataNotYetUploaded);
			assert_eq!(verdict.class, VerdictClass::Technical);
			assert_eq!(verdict.lot.is_some(), lot.is_some());
		}
	});
}

#[test]
fn a_lot_that_the_product_does_not_have_is_suspect() {
	build_and_execute(|| {
		commissioned();
		// Upper and lower case are two lots: nothing is found that is merely alike.
		for lot in ["L2", "l1"] {
			let scan = ScannedPack { lot: Some(lot_no(lot)), ..label(1, 5) };
			let verdict = SupplyChain::api_verify(scan, None);
			assert_code(&verdict, VerdictCode::UnknownLot);
			assert_eq!(verdict.class, VerdictClass::Suspect);
		}
	});
}

#[test]
fn without_a_proof_what_stands_against_the_lot_is_told() {
	build_and_execute(|| {
		let batch = commissioned();
		let lot = Batches::<Test>::get(batch).unwrap().lot;
		let scan = ScannedPack { expiry: Some(date("2027-11-30")), ..label(1, 5) };
		assert_code(&SupplyChain::api_verify(scan, None), VerdictCode::ExpiryMismatch);
		let recall = recalled(RecallScope::Lot(lot), HERE, 1);
		let verdict = SupplyChain::api_verify(label(1, 5), None);
		assert_code(&verdict, VerdictCode::Recalled);
		assert_eq!((verdict.recall, verdict.unit), (Some(recall), None));
		assert_eq!(verdict.effective, Some(Obstacle::Recalled(recall)));
	});
}

#[test]
fn without_a_proof_a_serial_that_the_chain_keeps_is_known() {
	build_and_execute(|| {
		registered_as(Uniqueness::FirstTouch, ProductFlags::default());
		let batch = commission(lot(LOT), 1, UNITS);
		assert_code(&SupplyChain::api_verify(label(1, 5), None), VerdictCode::DataNotYetUploaded);
		SerialIndex::<Test>::insert(di(DRUG), serial(1, 5).0, unit(batch, 5));
		let verdict = SupplyChain::api_verify(label(1, 5), None);
		assert_code(&verdict, VerdictCode::Ok);
		assert_eq!(verdict.unit, Some(unit(batch, 5)));
	});
}

#[test]
fn a_serial_that_no_unit_has_is_suspect() {
	build_and_execute(|| {
		let batch = commissioned();
		let unknown = |scan, answer| {
			let verdict = SupplyChain::api_verify(scan, Some(answer));
			assert_code(&verdict, VerdictCode::UnknownSerial);
			assert_eq!(verdict.class, VerdictClass::Suspect);
			assert_eq!((verdict.unit, verdict.state), (None, None));
		};
		// The proof is good, and of another unit.
		unknown(label(1, 6), answer(batch, 5));
		// The label is good, and the proof is not.
		let good = answer(batch, 5);
		unknown(label(1, 5), ScanProof { salt: [0; 16], ..good.clone() });
		unknown(label(1, 5), ScanProof { unit: unit(batch, 4), ..good.clone() });
		unknown(label(1, 5), ScanProof { unit: unit(batch, UNITS), ..good.clone() });
		unknown(label(1, 5), ScanProof { unit: unit(BatchIx(7), 5), ..good.clone() });
		let short = good.path[1..].to_vec();
		unknown(label(1, 5), ScanProof { path: short, ..good });
		let long = vec![digest(1); MAX_PROOF as usize + 1];
		unknown(label(1, 5), ScanProof { path: long, ..good });
		// A forged proof is never taken for a wrong key of the keyboard.
		let forged = ScanProof { serial: "s1-5".parse().unwrap(), ..good };
		unknown(label(1, 5), forged);
	});
}

#[test]
fn a_proof_of_another_product_is_no_proof() {
	build_and_execute(|| {
		let batch = commissioned();
		pumps();
		let scan = ScannedPack { product: pump(), lot: None, expiry: None, ..label(1, 5) };
		let verdict = SupplyChain::api_verify(scan, Some(answer(batch, 5)));
		assert_code(&verdict, VerdictCode::UnknownSerial);
	});
}

#[test]
fn a_keyboard_is_no_forger() {
	build_and_execute(|| {
		registered();
		let into = lot(LOT);
		let (serial, salt) = ("YaZ-1".parse::<salus_gs1::Serial>().unwrap(), [7; 16]);
		let leaf = salus_primitives::unit_leaf(&di(DRUG), &serial, &salt);
		let root = MerkleTree::<HostSha256>::from_data([&leaf]).root();
		let root = salus_primitives::Digest(root);
		let new = NewBatch { root, count: 1, salt: digest(5), leaf_file: digest(6) };
		assert_ok!(SupplyChain::commission_batch(signed(MAKER), into, new, Told::default()));
		let answer = ScanProof {
			unit: unit(BatchIx(0), 0),
			parcel_start: None,
			serial,
			salt,
			path: Vec::new(),
		};
		let scan = |text: &str| {
			let scan = ScannedPack { serial: Some(text.parse().unwrap()), ..label(1, 0) };
			SupplyChain::api_verify(scan, Some(answer.clone()))
		};
		assert_code(&scan("YaZ-1"), VerdictCode::Ok);
		assert_code(&scan("YAZ-1"), VerdictCode::CaseOnlyMismatch);
		assert_code(&scan("ZaY-1"), VerdictCode::KeyboardMismatch);
		assert_code(&scan("YaZ-2"), VerdictCode::UnknownSerial);
		assert_eq!(scan("YAZ-1").class, VerdictClass::Technical);
		assert_eq!(scan("ZaY-1").class, VerdictClass::Technical);
		// Of a unit that is merely alike nothing is said.
		assert_eq!(scan("YAZ-1").state, None);
	});
}

#[test]
fn a_label_names_the_lot_of_its_unit() {
	build_and_execute(|| {
		let batch = commissioned();
		let scan = |lot: &str| {
			let scan = ScannedPack { lot: Some(lot_no(lot)), ..label(1, 5) };
			SupplyChain::api_verify(scan, Some(answer(batch, 5)))
		};
		assert_code(&scan("L1"), VerdictCode::Ok);
		assert_code(&scan("l1"), VerdictCode::CaseOnlyMismatch);
		assert_code(&scan("L2"), VerdictCode::LotMismatch);
		assert_eq!(scan("L2").class, VerdictClass::Suspect);
		// What stands against the unit is worse than a slip of the keyboard, not than another lot.
		force(unit(batch, 5), UnitState::Quarantined);
		assert_code(&scan("l1"), VerdictCode::Quarantined);
		assert_code(&scan("L2"), VerdictCode::LotMismatch);
	});
}

#[test]
fn a_label_ends_with_its_lot_and_day_00_is_the_last() {
	build_and_execute(|| {
		let batch = commissioned();
		let scan = |expiry: &str| {
			let scan = ScannedPack { expiry: Some(date(expiry)), ..label(1, 5) };
			SupplyChain::api_verify(scan, Some(answer(batch, 5)))
		};
		assert_code(&scan("2027-12-31"), VerdictCode::Ok);
		assert_code(&scan("2027-12"), VerdictCode::Ok);
		assert_code(&scan("2027-12-30"), VerdictCode::ExpiryMismatch);
		assert_code(&scan("2028-12-31"), VerdictCode::ExpiryMismatch);
		assert_eq!(scan("2028-12-31").class, VerdictClass::Suspect);
	});
}

#[test]
fn the_states_of_units_are_told() {
	build_and_execute(|| {
		let batch = commissioned();
		let of = [
			(UnitState::Dispensed, VerdictCode::AlreadyDispensedElsewhere),
			(UnitState::PartiallyDispensed, VerdictCode::PartiallyDispensed),
			(UnitState::Destroyed, VerdictCode::Destroyed),
			(UnitState::Exported, VerdictCode::Decommissioned),
			(UnitState::Sample, VerdictCode::Decommissioned),
			(UnitState::FreeSample, VerdictCode::Decommissioned),
			(UnitState::Stolen, VerdictCode::Stolen),
			(UnitState::Quarantined, VerdictCode::Quarantined),
			(UnitState::Returned, VerdictCode::Returned),
			(UnitState::Missing, VerdictCode::Missing),
			(UnitState::Locked, VerdictCode::Locked),
			(UnitState::Illegitimate, VerdictCode::Illegitimate),
		];
		for (index, (state, code)) in (0..).zip(of) {
			force(unit(batch, index), state);
			let verdict = scanned(batch, index);
			assert_code(&verdict, code);
			assert_eq!(verdict.state, Some(state));
		}
	});
}

#[test]
fn what_stands_against_lot_and_product_is_told() {
	build_and_execute(|| {
		let batch = commissioned();
		let lot = Batches::<Test>::get(batch).unwrap().lot;
		let there = ScannedPack { market: Some(THERE), ..label(1, 5) };
		let there = SupplyChain::api_verify(there, Some(answer(batch, 5)));
		assert_code(&there, VerdictCode::NotApproved);
		let release = Lots::<Test>::get(lot).unwrap().release;
		Lots::<Test>::mutate(lot, |lot| lot.as_mut().unwrap().release = None);
		assert_code(&scanned(batch, 5), VerdictCode::NotReleased);
		Lots::<Test>::mutate(lot, |lot| lot.as_mut().unwrap().release = release);
		let shipment = shipped(MAKER, WHOLESALER, &[item(batch, 0)]);
		assert_code(&scanned(batch, 5), VerdictCode::InTransit);
		assert_ok!(SupplyChain::void_ship(signed(MAKER), shipment));
		set_time(date("2027-12-31").ends_at().unwrap());
		assert_code(&scanned(batch, 5), VerdictCode::Expired);
		assert_ok!(SupplyChain::withdraw_product(signed(MAKER), di(DRUG), None, digest(9)));
		assert_code(&scanned(batch, 5), VerdictCode::Withdrawn);
		recalled_by(MAKER, RecallScope::Lot(lot), &[], RecallClass::I, 1);
		assert_code(&scanned(batch, 5), VerdictCode::Recalled);
	});
}

#[test]
fn a_device_in_use_or_retired_is_told() {
	build_and_execute(|| {
		claimed();
		let device = unit(pumps(), 0);
		in_use(device);
		let code = |obstacle| match obstacle {
			Some(Obstacle::InUse) => VerdictCode::InUse,
			Some(Obstacle::Retired) => VerdictCode::Retired,
			other => unreachable!("{other:?}"),
		};
		// The units of this batch have leaves of their own: the chain knows them by their serials.
		Products::<Test>::mutate(pump(), |row| {
			row.as_mut().unwrap().uniqueness = Uniqueness::FirstTouch;
		});
		SerialIndex::<Test>::insert(pump(), serial(1, 0).0, device);
		let scan = || {
			let scan = ScannedPack { product: pump(), lot: None, expiry: None, ..label(1, 0) };
			SupplyChain::api_verify(ScannedPack { market: None, ..scan }, None)
		};
		assert_code(&scan(), VerdictCode::InUse);
		let retired = DeviceLife::Retired { by: id(HOSPITAL), at: START };
		Devices::<Test>::insert(device, retired);
		assert_code(&scan(), VerdictCode::Retired);
		assert_eq!(code(scan().effective), VerdictCode::Retired);
	});
}

#[test]
fn who_holds_it_not_is_told_when_nothing_is_worse() {
	build_and_execute(|| {
		let batch = commissioned();
		let asks = |who| {
			let scan = ScannedPack { asker: Some(id(who)), ..label(1, 5) };
			SupplyChain::api_verify(scan, Some(answer(batch, 5)))
		};
		assert_code(&asks(MAKER), VerdictCode::Ok);
		assert_code(&asks(PHARMACY), VerdictCode::OtherHolder);
		assert_eq!(asks(PHARMACY).class, VerdictClass::Technical);
		force(unit(batch, 5), UnitState::Returned);
		assert_code(&asks(PHARMACY), VerdictCode::Returned);
	});
}

#[test]
fn a_second_scan_at_the_counter_is_no_copy() {
	build_and_execute(|| {
		let batch = commissioned();
		force(unit(batch, 5), UnitState::Dispensed);
		let leaving = Leaving {
			at: START,
			by: id(PHARMACY),
			account: [1; 16],
			site: site(),
			commitment: Some(digest(1)),
			part: false,
		};
		Leavings::<Test>::insert(unit(batch, 5), leaving);
		let asks = |who, location| {
			let asker = Some(id(who));
			let scan = ScannedPack { asker, location, ..label(1, 5) };
			SupplyChain::api_verify(scan, Some(answer(batch, 5)))
		};
		let (here, elsewhere) = (Some(site().location), "0300011111215".parse().ok());
		assert_code(&asks(PHARMACY, here), VerdictCode::AlreadyDispensedHere);
		assert_eq!(asks(PHARMACY, here).class, VerdictClass::Technical);
		assert_code(&asks(PHARMACY, elsewhere), VerdictCode::AlreadyDispensedElsewhere);
		assert_code(&asks(PHARMACY, None), VerdictCode::AlreadyDispensedElsewhere);
		assert_code(&asks(OTHER_PHARMACY, here), VerdictCode::AlreadyDispensedElsewhere);
		assert_eq!(asks(OTHER_PHARMACY, here).class, VerdictClass::Suspect);
		// After ten days a second scan is one too late, whether the row was swept or not.
		set_time(START + 10 * DAY - 1);
		assert_code(&asks(PHARMACY, here), VerdictCode::AlreadyDispensedHere);
		set_time(START + 10 * DAY);
		assert_code(&asks(PHARMACY, here), VerdictCode::AlreadyDispensedElsewhere);
	});
}

#[test]
fn every_code_has_the_class_that_a_pharmacist_expects() {
	use VerdictClass::*;
	let expected = |code: VerdictCode| match code.word() {
		"ok" => Ok,
		"case-only-mismatch"
		| "keyboard-mismatch"
		| "bad-format"
		| "data-not-yet-uploaded"
		| "already-dispensed-here"
		| "in-transit"
		| "other-holder" => Technical,
		"expired"
		| "recalled"
		| "withdrawn"
		| "quarantined"
		| "not-released"
		| "not-approved"
		| "partially-dispensed"
		| "returned"
		| "locked"
		| "missing"
		| "in-use"
		| "retired" => NotSaleable,
		_ => Suspect,
	};
	for code in VerdictCode::ALL {
		assert_eq!(code.class(), expected(*code), "{code}");
	}
	assert_eq!(VerdictCode::ALL.len(), 30);
}
