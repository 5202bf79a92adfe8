// SPDX-License-Identifier: Apache-2.0

//! Bytes that nobody meant.

use super::*;
use codec::{Decode, Encode};
use frame_support::traits::UnfilteredDispatchable;
use proptest::prelude::*;

/// The indices of the calls.
const CALLS: [u8; 18] = [0, 1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 21];

#[test]
fn the_calls_have_the_indices_that_clients_know() {
	use frame_support::traits::{GetCallIndex, GetCallName};
	assert_eq!(Call::<Test>::get_call_indices(), CALLS);
	let named = |name: &str| {
		let at = Call::<Test>::get_call_names().iter().position(|known| *known == name);
		CALLS[at.unwrap()]
	};
	assert_eq!((named("register"), named("register_for"), named("set_profile")), (0, 1, 2));
	assert_eq!((named("rotate_agreement_key"), named("freeze_keys")), (10, 17));
	assert_eq!((named("unfreeze_keys"), named("remove_service")), (18, 21));
}

/// Half of them small, so that many are variants of an enum.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
	prop::collection::vec(prop_oneof![0u8..4, any::<u8>()], 0..400)
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(64))]

	/// Whatever decodes as a call is refused or obeyed, never a panic, and breaks no invariant.
	#[test]
	fn random_bytes_are_refused_or_obeyed(
		calls in prop::collection::vec(
			(0usize..CALLS.len(), bytes(), any::<bool>()),
			1..24,
		),
	) {
		ExtBuilder::default().identity(Bob, IdentityKind::Organisation).build_and_execute(|| {
			patient(Alice);
			for (index, mut bytes, patient_signs) in calls {
				bytes.insert(0, CALLS[index]);
				let Ok(call) = Call::<Test>::decode(&mut &bytes[..]) else { continue };
				let weight = frame_support::dispatch::GetDispatchInfo::get_dispatch_info(&call);
				assert!(weight.call_weight.ref_time() > 0);
				assert!(call.encoded_size() <= bytes.len());
				let by = if patient_signs { Alice } else { Bob };
				let _ = call.dispatch_bypass_filter(signed(by));
			}
		});
	}
}
