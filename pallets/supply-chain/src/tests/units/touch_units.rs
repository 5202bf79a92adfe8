// SPDX-License-Identifier: Apache-2.0

use super::*;

fn touch(packs: Vec<UnitProof>) -> DispatchResult {
	SupplyChain::touch_units(signed(STRANGER), packs.try_into().unwrap())
}

fn serials_kept() -> BatchIx {
	stocked_as(Uniqueness::FirstTouch, ProductFlags::default())
}

#[test]
fn keeps_serials() {
	build_and_execute(|| {
		let batch = serials_kept();
		assert_ok!(touch(vec![pack(batch, 3), pack(batch, 5)]));
		for index in [3, 5] {
			let kept = SerialIndex::<Test>::get(di(DRUG), serial(1, index).0);
			assert_eq!(kept, Some(unit(batch, index)));
		}
		assert_eq!(last_event(), Event::UnitsTouched { batch, units: 2, by: id(STRANGER) });
		assert_eq!(state(unit(batch, 3)), UnitState::Active);
	});
}

#[test]
fn says_how_many_of_each_batch_are_new() {
	build_and_execute(|| {
		let batch = serials_kept();
		let second = commission(lot_of(batch), 2, 20);
		assert_ok!(touch(vec![pack(batch, 3)]));
		System::reset_events();
		let more = vec![pack(batch, 3), pack(batch, 4), proof(second, 2, 20, 0, 0)];
		assert_ok!(touch(more));
		let by = id(STRANGER);
		System::assert_has_event(Event::UnitsTouched { batch, units: 1, by }.into());
		System::assert_has_event(Event::UnitsTouched { batch: second, units: 1, by }.into());
	});
}

#[test]
fn sixty_four_units_at_most() {
	build_and_execute(|| {
		let batch = serials_kept();
		let packs: Vec<_> = (0..=MAX_TOUCHED).map(|index| pack(batch, index)).collect();
		let bytes = packs.encode();
		let decoded = <BoundedVec<UnitProof, ConstU32<MAX_TOUCHED>> as codec::Decode>::decode(
			&mut &bytes[..],
		);
		assert!(decoded.is_err());
		assert_ok!(touch(packs[..64].to_vec()));
		assert_eq!(SerialIndex::<Test>::iter_key_prefix(di(DRUG)).count(), 64);
	});
}

#[test]
fn refuses_what_changes_nothing() {
	build_and_execute(|| {
		let batch = serials_kept();
		assert_ok!(touch(vec![pack(batch, 3)]));
		assert_noop!(touch(vec![pack(batch, 3)]), Error::<Test>::AlreadyTouched);
	});
}

#[test]
fn refuses_products_that_keep_no_serials() {
	build_and_execute(|| {
		let batch = stocked();
		assert_noop!(touch(vec![pack(batch, 3)]), Error::<Test>::SerialsNotKept);
	});
}

#[test]
fn refuses_a_serial_of_another_unit() {
	build_and_execute(|| {
		let batch = serials_kept();
		assert_ok!(touch(vec![pack(batch, 3)]));
		let twin = twin_batch(batch);
		assert_noop!(touch(vec![twin_proof(twin, 3)]), Error::<Test>::SerialTaken);
	});
}

#[test]
fn refuses_lists_and_proofs_that_are_not_sound() {
	build_and_execute(|| {
		let batch = serials_kept();
		assert_noop!(touch(vec![]), Error::<Test>::NothingNamed);
		let twice = vec![pack(batch, 3), pack(batch, 3)];
		assert_noop!(touch(twice), Error::<Test>::NotSorted);
		let salted = UnitProof { salt: [0; 16], ..pack(batch, 3) };
		assert_noop!(touch(vec![salted]), Error::<Test>::BadProof);
	});
}
