// SPDX-License-Identifier: Apache-2.0

//! What anybody reads in state and events.

use super::*;
use codec::Encode;

const NAME: &[u8] = b"maria.muster";
const PASSWORD: &[u8] = b"correct horse battery";

/// Every key and every value of the state, one behind the other.
fn state() -> Vec<u8> {
	let mut all = Vec::new();
	let mut key = Vec::new();
	while let Some(next) = sp_io::storage::next_key(&key) {
		all.extend_from_slice(&next);
		all.extend_from_slice(&sp_io::storage::get(&next).unwrap());
		key = next;
	}
	all
}

fn holds(bytes: &[u8], marker: &[u8]) -> bool {
	bytes.windows(marker.len()).any(|window| window == marker)
}

/// A login as a client derives it, and what of that must not be seen.
fn planted() -> (ed25519::Pair, Vec<(&'static str, Vec<u8>)>) {
	let seed = blake2_256(&[NAME, PASSWORD].concat());
	let pair = ed25519::Pair::from_seed(&seed);
	let markers = vec![
		("the name", NAME.to_vec()),
		("the password", PASSWORD.to_vec()),
		("a hash of the name", blake2_256(NAME).to_vec()),
		("a hash of the password", blake2_256(PASSWORD).to_vec()),
		("the login's seed", seed.to_vec()),
		("the login's public key", pair.public().0.to_vec()),
	];
	(pair, markers)
}

#[test]
fn neither_names_nor_passwords_nor_logins_stand_anywhere() {
	ExtBuilder.build_and_execute(|| {
		let (pair, mut markers) = planted();
		let locator = LoginLocator::derive(blake2_256, &pair.public().0);
		let slot_at = |version| {
			let claim =
				LoginClaim { genesis: GENESIS, identity: identity(Alice), locator, version };
			let mut slot = slot(Alice, 0, Password, 0, version);
			let login = LoginProof { key: pair.public().0, claim: pair.sign(&claim.to_bytes()).0 };
			slot.login = Some(login);
			slot
		};
		for version in [1, 2] {
			let claim = slot_at(version).login.unwrap().claim;
			markers.push(("a claim", claim.to_vec()));
		}

		assert_ok!(set(Alice, vec![slot_at(1)], 0));
		assert_ok!(move_login(Alice, slot_at(2), 1));
		let state = state();
		let events = System::events().encode();
		assert!(holds(&state, &locator.0), "the scan sees what is there");
		assert!(holds(&events, &identity(Alice).0), "the scan sees what is there");
		for (what, marker) in &markers {
			assert!(!holds(&state, marker), "{what} stands in the state");
			assert!(!holds(&events, marker), "{what} stands in an event");
		}
		// A locator belongs to the state, for logins to be found; nobody needs it in an event.
		let own: Vec<_> = System::events()
			.into_iter()
			.filter(|record| matches!(record.event, RuntimeEvent::Vaulting(_)))
			.collect();
		assert_eq!(own.len(), 2);
		assert!(!holds(&own.encode(), &locator.0));
	});
}

#[test]
fn of_a_cleared_vault_only_its_version_stays() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		assert_ok!(clear(Alice, 1));
		System::reset_events();
		let state = state();
		for gone in [locator(1).0.to_vec(), locator(2).0.to_vec(), KEY.0.to_vec(), vec![1; 300]] {
			assert!(!holds(&state, &gone));
		}
		assert!(holds(&state, &identity(Alice).0));
	});
}
