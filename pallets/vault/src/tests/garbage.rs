// SPDX-License-Identifier: Apache-2.0

//! Bytes that nobody meant.

use super::*;
use codec::{Decode, Encode};
use frame_support::{dispatch::GetDispatchInfo, traits::UnfilteredDispatchable};
use proptest::{prelude::*, test_runner::TestRunner};
use std::cell::RefCell;

/// One call of each kind, as somebody with a vault of version 1 sends it.
fn honest() -> Vec<Call<Test>> {
	let new = |id| slot(Alice, id, Recovery, 3, 2);
	let slots = BoundedVec::truncate_from(vec![new(0), slot(Alice, 1, Passkey, 0, 2)]);
	let (format, key_commitment, body) = (FORMAT, OTHER_KEY, body(2));
	vec![
		Call::set_vault { format, key_commitment, body, slots, expected_version: 1 },
		Call::put_slot { slot: new(2), expected_version: 1 },
		Call::remove_slot { slot: 0, expected_version: 1 },
		Call::move_login { slot: new(0), expected_version: 1 },
		Call::clear_vault { expected_version: 1 },
		Call::reap_vault { identity: identity(Alice) },
	]
}

/// Bytes in the place of a call: random ones, half of them small so that many are variants of an
/// enum, or those of an honest call with some of them changed.
#[derive(Clone, Debug)]
enum Garbage {
	Random(Vec<u8>),
	Changed(Vec<(usize, u8)>),
}

fn garbage() -> impl Strategy<Value = Garbage> {
	let byte = || prop_oneof![0u8..4, any::<u8>()];
	prop_oneof![
		1 => prop::collection::vec(byte(), 0..600).prop_map(Garbage::Random),
		3 => prop::collection::vec((any::<usize>(), byte()), 0..4).prop_map(Garbage::Changed),
	]
}

impl Garbage {
	fn bytes(self, honest: &Call<Test>) -> Vec<u8> {
		let mut bytes = honest.encode();
		match self {
			Self::Random(arguments) => bytes.splice(1.., arguments).for_each(drop),
			Self::Changed(changes) => {
				let length = bytes.len();
				changes.into_iter().for_each(|(at, byte)| bytes[1 + at % (length - 1)] = byte);
			},
		}
		bytes
	}
}

/// Whatever decodes as a call is refused or obeyed, never a panic, and breaks no invariant.
#[test]
fn random_bytes_are_refused_or_obeyed() {
	let honest = honest();
	let tried = RefCell::new(vec![[0u32; 2]; honest.len()]);
	let calls = prop::collection::vec((0..honest.len(), garbage(), 0..3usize), 1..80);
	let mut runner = TestRunner::new(ProptestConfig::with_cases(40));
	let outcome = runner.run(&calls, |calls| {
		ExtBuilder.build_and_execute(|| {
			with_vault(Alice, 1);
			with_vault(Bob, 11);
			for (index, garbage, by) in calls {
				let bytes = garbage.bytes(&honest[index]);
				let Ok(call) = Call::<Test>::decode(&mut &bytes[..]) else { continue };
				assert!(call.get_dispatch_info().call_weight.ref_time() > 0);
				assert!(call.encoded_size() <= bytes.len());
				let done = call.dispatch_bypass_filter(signed([Alice, Bob, Eve][by]));
				tried.borrow_mut()[index][usize::from(done.is_err())] += 1;
			}
		});
		Ok(())
	});
	if let Err(failure) = outcome {
		panic!("{failure}");
	}
	// Each call was obeyed at times and refused at others, but the one that waits for an end.
	let tried = tried.into_inner();
	assert!(tried[..5].iter().all(|[obeyed, refused]| *obeyed > 0 && *refused > 20), "{tried:?}");
	assert!(tried[5][0] == 0 && tried[5][1] > 20, "{tried:?}");
}

#[test]
fn a_call_is_no_longer_than_its_bounds_and_no_shorter_than_its_arguments() {
	let of = |slots: u8| {
		let slots = (0..slots).map(|id| slot(Alice, id, Recovery, id + 1, 1)).collect();
		Call::<Test>::set_vault {
			format: FORMAT,
			key_commitment: KEY,
			body: BoundedVec::truncate_from(vec![1; MAX_BODY as usize]),
			slots: BoundedVec::truncate_from(slots),
			expected_version: 0,
		}
	};
	let longest = of(MAX_SLOTS as u8).encode();
	assert_eq!(Call::<Test>::decode(&mut &longest[..]), Ok(of(MAX_SLOTS as u8)));
	// Cut anywhere, it is no call.
	for length in 0..longest.len() {
		assert!(Call::<Test>::decode(&mut &longest[..length]).is_err(), "{length}");
	}
	// A list that claims to be longer than all there is in the world is not even begun.
	let mut endless = of(0).encode();
	let (format, key, body) = (1, 32, 2 + MAX_BODY as usize);
	let at = 1 + format + key + body;
	assert_eq!(endless[at], 0, "the length of an empty list");
	endless.splice(at..=at, codec::Compact(u32::MAX).encode());
	assert!(Call::<Test>::decode(&mut &endless[..]).is_err());
}
