// SPDX-License-Identifier: Apache-2.0

//! What no single call is to blame for: empty and random input, and what reaches the state.

use super::*;
use codec::{Decode, DecodeLimit, Encode};
use frame_support::{dispatch::GetDispatchInfo, traits::UnfilteredDispatchable};

#[test]
fn empty_lists_are_taken_or_refused_and_nothing_panics() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		let nowhere = AuthorityScope { kinds: AccreditationKinds::ALL, ..scope(&[], &[]) };
		let no_codes = AuthorityScope { codes: Some(codes(&[])), ..wide() };
		let (id, window) = (identity(Bob), days(0, 9));
		let weigh_and_do = |call: Call<Test>, by| {
			assert!(call.get_dispatch_info().call_weight.all_gt(Default::default()));
			call.dispatch_bypass_filter(by).map(drop).map_err(|refused| refused.error)
		};
		let appoint = Call::appoint_regulator { id, scope: nowhere, window };
		let refused = weigh_and_do(appoint, root());
		assert_eq!(refused, Err(Error::<Test>::JurisdictionsNotSound.into()));
		let appoint = Call::appoint_registrar { id, scope: no_codes, window };
		assert_ok!(weigh_and_do(appoint, signed(Alice)));
		let grant = Call::grant_accreditation {
			subject: identity(Dave),
			kind: PractitionerLicence,
			jurisdiction: DENMARK,
			commitment: LICENCE,
			window,
			codes: codes(&[]),
			digest: None,
		};
		assert_ok!(weigh_and_do(grant, signed(Bob)));
		let locator = Locator::new();
		let anchor = Call::set_status_list { list: 0, digest: PAPERS, locator, sequence: 1 };
		let refused = weigh_and_do(anchor, signed(Alice));
		assert_eq!(refused, Err(Error::<Test>::LocatorNotSound.into()));
	});
}

#[test]
fn random_bytes_decode_to_a_call_or_to_none_and_no_call_panics() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		affiliated(Bob, Role::Nurse, days(0, 9));
		let mut done = 0u32;
		for seed in 0..20_000u32 {
			let bytes: Vec<u8> = (0..12u32)
				.flat_map(|part| sp_io::hashing::blake2_256(&(seed, part).encode()))
				.collect();
			let index = [0, 1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 14, 15, 16, 20, 21, 30, 31, 32, 33];
			let mut input = vec![index[seed as usize % index.len()]];
			input.extend(bytes);
			let Ok(call) = Call::<Test>::decode_with_depth_limit(8, &mut &input[..]) else {
				continue;
			};
			let _ = call.get_dispatch_info();
			let by = [root(), signed(Alice), signed(Bob), signed(Dave)][seed as usize % 4].clone();
			let _ = call.dispatch_bypass_filter(by);
			done += 1;
		}
		assert!(done > 1_000, "{done}");
		// A list that says it is longer than allowed is no list.
		assert!(ScopeCodes::decode(&mut &[(MAX_CODES + 1) as u16; 40].encode()[..]).is_err());
	});
}

#[test]
fn no_licence_number_and_no_reason_in_words_reaches_the_state_or_an_event() {
	const NUMBER: &str = "DK-0031-7788";
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		granted(Bob, FacilityLicence, days(0, 50));
		let salted = sp_io::hashing::blake2_256(&(NUMBER, [3u8; 16]).encode());
		let papers = Digest(sp_io::hashing::blake2_256(NUMBER.as_bytes()));
		let (issuer, kind, none) = (identity(Registry), PractitionerLicence, codes(&[]));
		let commitment = Commitment(salted);
		let requested =
			Accreditation::request_accreditation(signed(Dave), issuer, kind, commitment, papers);
		assert_ok!(requested);
		assert_ok!(Accreditation::grant_accreditation(
			signed(Registry),
			identity(Dave),
			kind,
			DENMARK,
			commitment,
			days(0, 50),
			none,
			Some(papers),
		));
		let id = AccreditationId(1);
		assert_ok!(suspend(root(), id, None));
		assert_ok!(revoke(root(), id, START));

		let mut state = System::events().encode();
		let mut key = vec![];
		while let Some(next) = sp_io::storage::next_key(&key) {
			state.extend(&next);
			state.extend(sp_io::storage::get(&next).unwrap());
			key = next;
		}
		let holds = |marker: &[u8]| state.windows(marker.len()).any(|part| part == marker);
		assert!(holds(&salted), "the scan sees what is there");
		for marker in [NUMBER, "DK-0031", "Fraud", "fraud", "UnderInvestigation", "Dave"] {
			assert!(!holds(marker.as_bytes()), "{marker}");
		}
	});
}
