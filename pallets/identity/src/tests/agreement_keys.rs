// SPDX-License-Identifier: Apache-2.0

//! What no call takes for an agreement key, whichever brings it.

use super::*;
use salus_primitives::SponsoredRegistration;

/// A number, the first byte lowest, as RFC 7748 writes it.
fn number(first: u8, others: u8, last: u8) -> X25519Key {
	let mut key = [others; 32];
	(key[0], key[31]) = (first, last);
	key
}

/// The two points of order eight.
fn of_order_eight() -> [X25519Key; 2] {
	[
		"0xe0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
		"0x5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
	]
	.map(|digits| sp_core::bytes::from_hex(digits).unwrap().try_into().unwrap())
}

/// Zero, one, minus one, and the points of order eight: all that a key of small order can be.
fn of_small_order() -> Vec<X25519Key> {
	let few = [number(0, 0, 0), number(1, 0, 0), number(0xec, 0xff, 0x7f)];
	[&few[..], &of_order_eight()].concat()
}

/// The prime 2^255 - 19 and all above it, and every one of the others with the bit set that X25519
/// does not look at.
fn not_canonical() -> Vec<X25519Key> {
	let with_bit = |mut key: X25519Key| {
		key[31] |= 0x80;
		key
	};
	let masked = of_small_order().into_iter().chain([agreement_key(77)]).map(with_bit);
	let above = (0xed..=0xff).map(|first| number(first, 0xff, 0x7f));
	above.chain(masked).chain([[0xff; 32]]).collect()
}

/// Brings a key by each call that takes one: Alice rotates, Charlie registers, and Bob registers
/// Dave, who agreed.
fn brought([first, second, key]: [X25519Key; 3]) -> [DispatchResult; 3] {
	let (kind, deadline) = (IdentityKind::Patient, START + 1);
	let consent = SponsoredRegistration {
		genesis: Identity::genesis(),
		sponsor: identity(Bob),
		account: account(Dave).into(),
		public: public(Dave),
		kind,
		salt: SALT,
		agreement_key: key,
		profile: None,
		deadline,
	};
	let signature = sign(Dave, &consent.to_bytes());
	let (bob, dave) = (signed(Bob), account(Dave));
	[
		rotate(Alice, first, row(Alice).agreement.version),
		register(Charlie, kind, second),
		Identity::register_for(bob, dave, kind, SALT, key, None, public(Dave), deadline, signature),
	]
}

/// Expects that no call takes any of the keys, that nothing changes, and that it was for the key.
fn refused_by_all(keys: Vec<X25519Key>, error: Error<Test>) {
	let expected = DispatchError::from(error);
	let before = sp_io::storage::root(Default::default());
	for key in keys {
		assert_eq!(brought([key; 3]), [Err(expected); 3], "{key:02x?}");
	}
	assert_eq!(sp_io::storage::root(Default::default()), before);
	let sound = [88, 89, 90].map(agreement_key);
	frame_support::hypothetically!(assert_eq!(brought(sound), [Ok(()); 3]));
}

/// Bob is a sponsor, Alice a patient who rotated once.
fn execute(test: impl FnOnce()) {
	ExtBuilder::default().identity(Bob, IdentityKind::Organisation).build_and_execute(|| {
		patient(Alice);
		assert_ok!(rotate(Alice, agreement_key(50), 1));
		test();
	});
}

#[test]
fn keys_of_small_order_are_refused_by_every_call() {
	execute(|| refused_by_all(of_small_order(), Error::AgreementKeySmallOrder));
}

#[test]
fn keys_with_a_bit_or_a_prime_too_much_are_refused_by_every_call() {
	execute(|| refused_by_all(not_canonical(), Error::AgreementKeyNotCanonical));
}

#[test]
fn a_key_that_anybody_has_or_had_is_refused_by_every_call() {
	execute(|| {
		let [old, current] = [agreement_key(Alice as u8), agreement_key(50)];
		let another = agreement_key(200);
		assert_eq!(row(Bob).agreement.key, another);
		refused_by_all(vec![old, current, another], Error::AgreementKeyInUse);
	});
}

#[test]
fn a_key_that_somebody_signs_with_is_refused_by_every_call() {
	execute(|| {
		assert_ok!(add_key(Alice, Eve, ANCHORS));
		assert_ok!(Identity::retire_key(signed(Alice), 1));
		let accounts = [Alice, Bob, Eve].map(Sr25519Keyring::to_raw_public);
		refused_by_all(accounts.to_vec(), Error::AgreementKeyIsAccount);
	});
}
