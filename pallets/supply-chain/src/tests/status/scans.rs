// SPDX-License-Identifier: Apache-2.0

//! Many scans at once, single proofs, and where units are.

use super::*;

#[test]
fn many_scans_are_answered_in_their_order() {
	build_and_execute(|| {
		let batch = commissioned();
		force(unit(batch, 1), UnitState::Stolen);
		let scans = vec![
			(label(1, 0), Some(answer(batch, 0))),
			(label(1, 1), Some(answer(batch, 1))),
			(label(1, 2), None),
			(label(1, 0), Some(answer(batch, 0))),
		];
		let verdicts = SupplyChain::api_verify_many(scans.clone()).unwrap();
		let codes: Vec<_> = verdicts.iter().map(|verdict| verdict.code).collect();
		let expected = [
			VerdictCode::Ok,
			VerdictCode::Stolen,
			VerdictCode::DataNotYetUploaded,
			VerdictCode::Ok,
		];
		assert_eq!(codes, expected);
		// What they share does not change what each finds.
		for ((scan, proof), verdict) in scans.into_iter().zip(verdicts) {
			assert_eq!(SupplyChain::api_verify(scan, proof), verdict);
		}
	});
}

#[test]
fn one_question_has_one_to_256_scans() {
	build_and_execute(|| {
		let batch = commissioned();
		let scans = |count: usize| vec![(label(1, 0), Some(answer(batch, 0))); count];
		let refused = Err(QueryError::BadLimit { max: MAX_SCANS });
		assert_eq!(SupplyChain::api_verify_many(scans(0)), refused);
		assert_eq!(SupplyChain::api_verify_many(scans(1)).unwrap().len(), 1);
		assert_eq!(SupplyChain::api_verify_many(scans(256)).unwrap().len(), 256);
		assert_eq!(SupplyChain::api_verify_many(scans(257)), refused);
	});
}

#[test]
fn a_proof_is_checked_alone() {
	build_and_execute(|| {
		let batch = commissioned();
		for index in [0, 255, UNITS - 1] {
			assert!(SupplyChain::api_check_proof(answer(batch, index)), "{index}");
		}
		let good = answer(batch, 9);
		let wrong = [
			ScanProof { unit: unit(batch, 8), ..good.clone() },
			ScanProof { unit: unit(BatchIx(1), 9), ..good.clone() },
			ScanProof { serial: "S1-10".parse().unwrap(), ..good.clone() },
			ScanProof { salt: [1; 16], ..good.clone() },
			ScanProof { path: Vec::new(), ..good },
		];
		for proof in wrong {
			assert!(!SupplyChain::api_check_proof(proof.clone()), "{proof:?}");
		}
		// Where the parcel begins is no part of it.
		assert!(SupplyChain::api_check_proof(ScanProof { parcel_start: Some(5), ..good }));
	});
}

/// The batch in parcels of one unit each, from its first `parcels` on.
fn cut_up(batch: BatchIx, parcels: u32) {
	for at in 1..=parcels {
		assert_ok!(SupplyChain::split_parcel(signed(MAKER), parcel(batch, at - 1), at));
	}
}

#[test]
fn a_unit_is_found_with_a_right_hint_a_wrong_one_and_none() {
	build_and_execute(|| {
		let batch = commissioned();
		cut_up(batch, 20);
		assert_ok!(SupplyChain::split_parcel(signed(MAKER), parcel(batch, 20), 300));
		for (index, start) in [(0, 0), (7, 7), (20, 20), (299, 20), (300, 300), (599, 300)] {
			for hint in [None, Some(start), Some(1), Some(1_000)] {
				let found = SupplyChain::api_locate(unit(batch, index), hint).unwrap();
				assert_eq!(found.parcel_start, start, "{index} {hint:?}");
				assert_eq!(found.holder, Some(id(MAKER)));
				assert!(!found.held && found.containers.is_empty());
			}
		}
		let unknown = Err(QueryError::Unknown);
		assert_eq!(SupplyChain::api_locate(unit(batch, UNITS), None), unknown);
		assert_eq!(SupplyChain::api_locate(unit(BatchIx(1), 0), None), unknown);
	});
}

#[test]
fn a_search_for_a_parcel_ends() {
	build_and_execute(|| {
		registered();
		let batch = commission(lot(LOT), 1, 1_300);
		cut_up(batch, 1_200);
		// The last parcel has many units: neither its own index nor the first one leads to it.
		let lost = unit(batch, 1_299);
		let starts = Parcels::<Test>::iter_key_prefix(batch);
		let at = starts.into_iter().position(|start| start == 1_200).unwrap();
		let found = SupplyChain::api_locate(lost, None);
		if at < 1_024 {
			assert_eq!(found.unwrap().parcel_start, 1_200);
		} else {
			assert_eq!(found, Err(QueryError::ParcelNotFound));
		}
		assert_eq!(SupplyChain::api_locate(lost, Some(1_200)).unwrap().parcel_start, 1_200);
		// A scan looks through fewer, and says when it did not find it.
		let none = SupplyChain::find_parcel(lost, None, at);
		assert_eq!(none, None);
		assert_eq!(SupplyChain::find_parcel(lost, None, at + 1), Some(1_200));
	});
}

#[test]
fn what_is_around_a_unit_is_told() {
	build_and_execute(|| {
		let batch = commissioned();
		force(unit(batch, 1), UnitState::Quarantined);
		assert!(SupplyChain::api_locate(unit(batch, 1), None).unwrap().held);
		assert!(!SupplyChain::api_locate(unit(batch, 2), None).unwrap().held);
		let shipment = shipped(MAKER, WHOLESALER, &[item(batch, 0)]);
		let found = SupplyChain::api_locate(unit(batch, 2), None).unwrap();
		assert_eq!((found.holder, found.shipment), (None, Some(shipment)));
	});
}

#[test]
fn a_stale_hint_is_no_suspicion() {
	build_and_execute(|| {
		let batch = commissioned();
		assert_ok!(SupplyChain::split_parcel(signed(MAKER), parcel(batch, 0), 100));
		let stale = answer_of(proof(batch, 1, UNITS, 300, 0));
		let verdict = SupplyChain::api_verify(label(1, 300), Some(stale));
		assert_code(&verdict, VerdictCode::Ok);
		assert_eq!(verdict.parcel_start, Some(100));
		// And what lies on the right parcel counts.
		let hold = Hold { by: id(MAKER), authority: false, reason: QuarantineReason::Damaged };
		Parcels::<Test>::mutate(batch, 100, |row| row.as_mut().unwrap().hold = Some(hold));
		assert_code(&scanned(batch, 300), VerdictCode::Quarantined);
		assert_code(&scanned(batch, 99), VerdictCode::Ok);
	});
}

#[test]
fn a_unit_status_tells_everything_kept_of_a_unit() {
	build_and_execute(|| {
		let batch = commissioned();
		force(unit(batch, 1), UnitState::Locked);
		let status = SupplyChain::api_unit_status(unit(batch, 1), Some(0), Some(HERE)).unwrap();
		let expected = UnitStatus {
			state: UnitState::Locked,
			hold: Some(put_aside(true)),
			device: None,
			effective: Some(Obstacle::Locked),
			holder: Some(id(MAKER)),
			shipment: None,
		};
		assert_eq!(status, expected);
		let asked = |unit, start| SupplyChain::api_unit_status(unit, start, None);
		assert_eq!(asked(unit(batch, 1), Some(1)), Err(QueryError::WrongParcel));
		assert_eq!(asked(unit(batch, UNITS), None), Err(QueryError::Unknown));
		assert_eq!(asked(unit(BatchIx(4), 0), None), Err(QueryError::Unknown));
		assert_eq!(asked(unit(batch, 1), None).unwrap().holder, None);
	});
}

#[test]
fn only_what_its_holder_can_hand_over_is_dispensable() {
	build_and_execute(|| {
		let batch = commissioned();
		let asked = |index, start| SupplyChain::api_is_dispensable(unit(batch, index), start, HERE);
		assert!(asked(5, 0));
		assert!(!asked(5, 5), "a wrong parcel");
		assert!(!asked(UNITS, 0), "no unit");
		assert!(!SupplyChain::api_is_dispensable(unit(batch, 5), 0, THERE), "another market");
		force(unit(batch, 5), UnitState::PartiallyDispensed);
		assert!(!asked(5, 0), "not whole");
		let prefix = PREFIX.parse().unwrap();
		assert_ok!(SupplyChain::commission_container(signed(MAKER), sscc(1), prefix));
		let items = vec![item(batch, 0)].try_into().unwrap();
		assert_ok!(SupplyChain::pack(signed(MAKER), sscc(1), items, Told::default()));
		assert!(asked(6, 0));
		assert_ok!(SupplyChain::seal(signed(MAKER), sscc(1), digest(1)));
		assert!(!asked(6, 0), "sealed in");
		assert_ok!(SupplyChain::unseal(signed(MAKER), sscc(1)));
		let shipment = shipped(MAKER, WHOLESALER, &[ItemRef::Container(sscc(1))]);
		assert!(!asked(6, 0), "on its way");
		assert_ok!(SupplyChain::void_ship(signed(MAKER), shipment));
		assert!(asked(6, 0));
	});
}
