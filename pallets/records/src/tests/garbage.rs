// SPDX-License-Identifier: Apache-2.0

//! Bytes that nobody meant.

use super::*;
use codec::{Decode, DecodeLimit, Encode};
use frame_support::{
	dispatch::GetDispatchInfo,
	traits::{GetCallIndex, GetCallName, UnfilteredDispatchable},
};
use proptest::prelude::*;

/// The indices of the calls.
const CALLS: [u8; 21] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 17, 18, 19, 20, 21, 22];

#[test]
fn the_calls_have_the_indices_that_clients_know() {
	assert_eq!(Call::<Test>::get_call_indices(), CALLS);
	let names = [
		"propose",
		"attest",
		"anchor_validated",
		"anchor_many",
		"withdraw",
		"amend",
		"retract",
		"request_revalidation",
		"add_wraps",
		"drop_wraps",
		"report_bad_wrap",
		"reseal",
		"set_tags",
		"anchor_batch",
		"promote",
		"request_erasure",
		"execute_erasure",
		"refuse_erasure",
		"set_validation_policy",
		"set_legal_hold",
		"reap",
	];
	assert_eq!(Call::<Test>::get_call_names(), names);
}

/// Half of them small, so that many are variants of an enum.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
	prop::collection::vec(prop_oneof![0u8..4, any::<u8>()], 0..700)
}

/// Decodes the call and does it as each of the actors.
fn obey(call: u8, mut bytes: Vec<u8>) -> bool {
	bytes.insert(0, call);
	let Ok(call) = Call::<Test>::decode_with_depth_limit(8, &mut &bytes[..]) else { return false };
	assert!(call.encoded_size() <= bytes.len());
	assert!(call.get_dispatch_info().call_weight.ref_time() > 0);
	for by in [origin(DOCTOR), origin(PATIENT), origin(HOSPITAL), RuntimeOrigin::root()] {
		let _ = call.clone().dispatch_bypass_filter(by);
	}
	true
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(64))]

	/// Whatever decodes as a call is refused or obeyed, never a panic, and breaks no invariant.
	#[test]
	fn random_bytes_are_refused_or_obeyed(
		calls in prop::collection::vec((proptest::sample::select(&CALLS[..]), bytes()), 1..40),
	) {
		build_and_execute(|| {
			for (call, bytes) in calls {
				obey(call, bytes);
			}
		});
	}
}

#[test]
fn every_call_decodes_from_some_random_bytes() {
	build_and_execute(|| {
		for call in CALLS {
			let mut done = 0;
			for seed in 0..400u32 {
				let part = |part: u32| sp_io::hashing::blake2_256(&(call, seed, part).encode());
				let mut bytes: Vec<u8> = (0..24).flat_map(part).collect();
				// Enums and lengths begin with small bytes: some seeds are all small, some mixed.
				if seed % 3 > 0 {
					let keep = |(at, byte): (usize, &mut u8)| {
						let mixed = seed % 3 == 1 && at % 2 == 0;
						*byte = if mixed { *byte } else { *byte % 2 };
					};
					bytes.iter_mut().enumerate().for_each(keep);
				}
				done += u32::from(obey(call, bytes));
			}
			assert!(done > 0, "no bytes made call {call}");
		}
	});
}

#[test]
fn a_list_longer_than_its_bound_is_no_call() {
	// The longest compact length, with too few bytes behind it.
	let endless = [0b0000_0011, 0xff, 0xff, 0xff, 0xff];
	let with = |index: u8, head: Vec<u8>| [vec![index], head, endless.to_vec()].concat();
	let lists = [
		with(3, vec![0]),
		with(8, vec![0; 36]),
		with(9, vec![0; 36]),
		with(12, vec![0; 32]),
		with(13, vec![0; 32 + 1 + 4]),
		with(14, vec![0; 12]),
		with(22, vec![]),
	];
	for bytes in lists {
		assert!(Call::<Test>::decode(&mut &bytes[..]).is_err(), "call {}", bytes[0]);
	}
	let one_too_many = vec![RecordId([1; 32]); MAX_REAPED as usize + 1];
	let bytes = [vec![22], one_too_many.encode()].concat();
	assert!(Call::<Test>::decode(&mut &bytes[..]).is_err());
}

#[test]
fn codes_that_do_not_exist_make_no_call() {
	new_test_ext().execute_with(|| {
		let note = note(1);
		let call = Call::<Test>::propose {
			nonce: note.nonce,
			subject: note.subject,
			organisation: None,
			class: note.class,
			compartment: note.compartment,
			content: note.content.clone(),
			body: note.body,
			padded_len: note.padded_len,
			key: note.key,
		};
		// The call, its nonce, the subject and no organisation come before the class.
		let (class, content) = (1 + 16 + 32 + 1, 1 + 16 + 32 + 1 + 2);
		for place in [class, content] {
			let mut bytes = call.encode();
			assert!(Call::<Test>::decode(&mut &bytes[..]).is_ok());
			bytes[place] = 200;
			assert!(Call::<Test>::decode(&mut &bytes[..]).is_err(), "byte {place}");
		}
	});
}

#[test]
fn a_call_cut_short_is_no_call() {
	new_test_ext().execute_with(|| {
		let note = note(1);
		let call = Call::<Test>::anchor_many {
			organisation: note.organisation,
			records: vec![note.one_of_many(vec![note.vouched(HOSPITAL, Source)])]
				.try_into()
				.unwrap(),
		};
		let bytes = call.encode();
		assert_eq!(Call::<Test>::decode(&mut &bytes[..]), Ok(call));
		for len in 0..bytes.len() {
			assert!(Call::<Test>::decode(&mut &bytes[..len]).is_err(), "{len} bytes");
		}
	});
}
