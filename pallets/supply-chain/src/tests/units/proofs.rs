// SPDX-License-Identifier: Apache-2.0

use super::*;

fn refused(proof: UnitProof) {
	assert_noop!(sell(PHARMACY, vec![proof]), Error::<Test>::BadProof);
}

#[test]
fn a_proof_with_another_index_serial_or_salt_is_refused() {
	build_and_execute(|| {
		let batch = stocked();
		let good = pack(batch, 7);
		refused(UnitProof { unit: unit(batch, 6), ..good.clone() });
		refused(UnitProof { serial: serial(1, 6).0, ..good.clone() });
		refused(UnitProof { salt: [0; 16], ..good.clone() });
		refused(UnitProof { salt: serial(1, 6).1, ..good.clone() });
		assert_ok!(sell(PHARMACY, vec![good]));
	});
}

#[test]
fn a_path_that_is_too_long_too_short_or_a_siblings_is_refused() {
	build_and_execute(|| {
		let batch = stocked();
		let good = pack(batch, 6);
		let path = |change: fn(&mut Vec<Digest>)| {
			let mut path = good.path.to_vec();
			change(&mut path);
			UnitProof { path: path.try_into().unwrap(), ..good.clone() }
		};
		refused(path(|path| path.push(digest(0))));
		refused(path(|path| path.truncate(path.len() - 1)));
		refused(path(|path| path.clear()));
		refused(path(|path| path.swap(0, 1)));
		refused(UnitProof { path: pack(batch, 7).path, ..good.clone() });
		assert_ok!(sell(PHARMACY, vec![good]));
	});
}

#[test]
fn an_inner_node_is_no_leaf() {
	build_and_execute(|| {
		let batch = stocked();
		// The path of the node above units 6 and 7, as if that were unit 3 of a smaller tree.
		let good = pack(batch, 6);
		let path = good.path[1..].to_vec().try_into().unwrap();
		refused(UnitProof { unit: unit(batch, 3), path, ..good });
	});
}

#[test]
fn a_unit_that_the_batch_does_not_have_is_refused() {
	build_and_execute(|| {
		let batch = stocked();
		let beyond = UnitProof { unit: unit(batch, UNITS), ..pack(batch, UNITS - 1) };
		assert_noop!(sell(PHARMACY, vec![beyond]), Error::<Test>::IndexOutOfRange);
		let last = UnitProof { unit: unit(batch, u32::MAX), ..pack(batch, UNITS - 1) };
		assert_noop!(sell(PHARMACY, vec![last]), Error::<Test>::IndexOutOfRange);
		let none = UnitProof { unit: unit(BatchIx(9), 0), ..pack(batch, 0) };
		assert_noop!(sell(PHARMACY, vec![none]), Error::<Test>::UnknownBatch);
	});
}

#[test]
fn upper_and_lower_case_are_two_serials() {
	build_and_execute(|| {
		let batch = stocked();
		let good = pack(batch, 7);
		let lower = good.serial.to_string().to_lowercase();
		refused(UnitProof { serial: lower.parse().unwrap(), ..good });
	});
}

#[test]
fn trees_of_every_odd_size_prove_each_unit_and_no_other() {
	build_and_execute(|| {
		registered();
		let lot = lot("L1");
		let sizes = [1, 2, 3, 5, 7, 255, 256, 257];
		for (number, units) in (1u8..).zip(sizes) {
			let batch = commission(lot, number, units);
			handed_over(MAKER, PHARMACY, &[item(batch, 0)]);
			for index in [0, units / 2, units - 1] {
				let good = proof(batch, number, units, index, 0);
				let mut long = good.path.to_vec();
				long.push(digest(0));
				refused(UnitProof { path: long.try_into().unwrap(), ..good.clone() });
				if state(unit(batch, index)) == UnitState::Active {
					assert_ok!(sell(PHARMACY, vec![good]));
				}
			}
		}
		assert_eq!(counted(BatchIx(7), UnitState::Dispensed), 1 + 2 + 6 * 3);
	});
}
