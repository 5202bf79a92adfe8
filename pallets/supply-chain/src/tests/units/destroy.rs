// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn destroys_before_a_witness() {
	build_and_execute(|| {
		let batch = stocked();
		let units = [held(batch, 3, 0), held(batch, 7, 0)];
		assert_ok!(burn(PHARMACY, &units, WHOLESALER));
		for index in [3, 7] {
			assert_eq!(state(unit(batch, index)), UnitState::Destroyed);
		}
		assert_eq!(counted(batch, UnitState::Destroyed), 2);
		assert_eq!(
			last_event(),
			Event::UnitDestroyed {
				unit: unit(batch, 7),
				certificate: digest(8),
				by: id(PHARMACY),
				witness: id(WHOLESALER),
				told: Told::default(),
			}
		);
		assert_noop!(
			burn(PHARMACY, &[held(batch, 3, 0)], WHOLESALER),
			Error::<Test>::AlreadyInState
		);
	});
}

#[test]
fn a_witness_is_another_licensed_organisation() {
	build_and_execute(|| {
		let batch = stocked();
		let burnt = |witness| burn(PHARMACY, &[held(batch, 7, 0)], witness);
		for witness in [PHARMACY, COLLEAGUE, STRANGER, AUTHORITY] {
			assert_noop!(burnt(witness), Error::<Test>::BadWitness);
		}
		// An account of nobody, and a person with a licence.
		assert_noop!(burnt(Sr25519Keyring::BobStash), Error::<Test>::BadWitness);
		let person = Sr25519Keyring::EveStash;
		Identities::set(account(person), id(person), IdentityKind::Practitioner);
		Accreditations::always(id(person), AccreditationKind::PharmacyLicence);
		assert_noop!(burnt(person), Error::<Test>::BadWitness);
		assert_ok!(burnt(HOSPITAL));
	});
}

#[test]
fn the_witness_signs_holder_units_certificate_and_time() {
	build_and_execute(|| {
		let batch = stocked();
		let until = START + DAY;
		let units = [held(batch, 7, 0)];
		let certificate = digest(8);
		let good = destroy_statement(GENESIS, &id(PHARMACY), &units, &certificate, until);
		let with = |statement: &[u8], until| {
			let signature = sign(WHOLESALER, statement);
			let witness = Witness { account: account(WHOLESALER), until, signature };
			burn_with(PHARMACY, &units, witness)
		};
		let others = [
			destroy_statement([0; 32], &id(PHARMACY), &units, &certificate, until),
			destroy_statement(GENESIS, &id(OTHER_PHARMACY), &units, &certificate, until),
			destroy_statement(GENESIS, &id(PHARMACY), &[held(batch, 8, 0)], &certificate, until),
			destroy_statement(GENESIS, &id(PHARMACY), &units, &digest(9), until),
			destroy_statement(GENESIS, &id(PHARMACY), &units, &certificate, until + 1),
		];
		for other in others {
			assert_noop!(with(&other, until), Error::<Test>::BadWitnessSignature);
		}
		assert_noop!(with(&good, until + 1), Error::<Test>::BadWitnessSignature);

		set_time(until);
		assert_noop!(with(&good, until), Error::<Test>::WitnessExpired);
		set_time(until - 1);
		let [_, wrapped] = signed_forms(good);
		assert_ok!(with(&wrapped, until));
	});
}

#[test]
fn recalled_expired_and_returned_packs_are_destroyed_too() {
	build_and_execute(|| {
		let batch = stocked();
		sold(batch, 7);
		assert_ok!(take_back(PHARMACY, &[(held(batch, 7, 0), None)], false));
		recalled_unit(batch, 9);
		expire();
		let units = [held(batch, 7, 7), held(batch, 8, 8), held(batch, 9, 8)];
		assert_ok!(burn(PHARMACY, &units, WHOLESALER));
		assert_eq!(counted(batch, UnitState::Destroyed), 3);
	});
}

#[test]
fn nothing_is_kept_of_what_is_destroyed() {
	build_and_execute(|| {
		let batch = stocked();
		sold(batch, 1);
		assert_ok!(sell_part(PHARMACY, pack(batch, 2), 2_500));
		assert_ok!(sell_part(PHARMACY, pack(batch, 3), 2_500));
		assert_ok!(put_aside(PHARMACY, on(batch, 3)));
		let units = [held(batch, 1, 0), held(batch, 2, 0), held(batch, 3, 3)];
		assert_ok!(burn(PHARMACY, &units, WHOLESALER));
		assert_eq!(Leavings::<Test>::iter().count(), 0);
		assert_eq!(Partials::<Test>::iter().count(), 0);
		assert_eq!(UnitHolds::<Test>::iter().count(), 0);
	});
}

#[test]
fn what_an_authority_locked_is_destroyed_before_its_eyes_only() {
	build_and_execute(|| {
		let batch = stocked();
		assert_ok!(lock(on(batch, 7)));
		let locked = [held(batch, 7, 0)];
		assert_noop!(burn(PHARMACY, &locked, WHOLESALER), Error::<Test>::BadWitness);
		// The authority trades nothing: it watches what it locked, and nothing beside.
		let both = [held(batch, 7, 0), held(batch, 8, 0)];
		assert_noop!(burn(PHARMACY, &both, AUTHORITY), Error::<Test>::BadWitness);
		assert_ok!(burn(PHARMACY, &locked, AUTHORITY));
		assert_eq!(UnitHolds::<Test>::get(unit(batch, 7)), None);
	});
}

#[test]
fn what_left_the_market_is_not_destroyed_here() {
	build_and_execute(|| {
		let batch = stocked();
		assert_ok!(leave(PHARMACY, vec![pack(batch, 7)], DecommissionReason::Export));
		assert_noop!(
			burn(PHARMACY, &[held(batch, 7, 0)], WHOLESALER),
			Error::<Test>::BadTransition
		);
	});
}

#[test]
fn refuses_who_may_not_and_what_is_not_sound() {
	build_and_execute(|| {
		let batch = stocked();
		let seven = [held(batch, 7, 0)];
		assert_noop!(burn(STRANGER, &seven, WHOLESALER), Error::<Test>::NotLicensed);
		assert_noop!(burn(OTHER_PHARMACY, &seven, WHOLESALER), Error::<Test>::NotCustodian);
		assert_noop!(burn(PHARMACY, &[], WHOLESALER), Error::<Test>::NothingNamed);
		let twice = [held(batch, 7, 0), held(batch, 7, 0)];
		assert_noop!(burn(PHARMACY, &twice, WHOLESALER), Error::<Test>::NotSorted);
		let hinted = [held(batch, 7, 5)];
		assert_noop!(burn(PHARMACY, &hinted, WHOLESALER), Error::<Test>::UnknownParcel);
		let beyond = [held(batch, UNITS, 0)];
		assert_noop!(burn(PHARMACY, &beyond, WHOLESALER), Error::<Test>::RangeOutsideParcel);
		let until = START + DAY;
		let statement = destroy_statement(GENESIS, &id(PHARMACY), &seven, &digest(8), until);
		let signature = sign(WHOLESALER, &statement);
		let witness = Witness { account: account(WHOLESALER), until, signature };
		assert_noop!(
			SupplyChain::destroy(
				signed(PHARMACY),
				seven.to_vec().try_into().unwrap(),
				digest(8),
				witness,
				told(START + MAX_EARLINESS + 1),
			),
			Error::<Test>::ClockSkew
		);
		shipped(PHARMACY, OTHER_PHARMACY, &[item(batch, 0)]);
		assert_noop!(burn(PHARMACY, &seven, WHOLESALER), Error::<Test>::InTransit);
	});
}
