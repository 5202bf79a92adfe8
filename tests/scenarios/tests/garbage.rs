// SPDX-License-Identifier: Apache-2.0

//! Bytes that nobody meant, sent to the whole runtime.

use codec::{Decode, DecodeAll, DecodeLimit, Encode};
use frame_support::{
	MAX_EXTRINSIC_DEPTH,
	dispatch::GetDispatchInfo,
	traits::{GetCallIndex, InstanceFilter},
};
use pallet_health_accreditation::Call as Accreditation;
use pallet_health_consent::Call as Consent;
use pallet_health_identity::Call as Identity;
use pallet_health_records::Call as Records;
use pallet_health_vault::Call as Vault;
use salus_primitives::{CallScope, blake2_256};
use salus_runtime::{
	Runtime, RuntimeCall, RuntimeOrigin, UncheckedExtrinsic,
	configs::{ProxyType, scope_of},
};
use salus_scenarios::{Chain, DOCTOR, HOSPITAL, PATIENT, REGULATOR, Refused, STRANGER};
use salus_test_support::{agreement_key, identity};
use sp_runtime::{traits::Dispatchable, transaction_validity::InvalidTransaction};

/// How often each call is changed and sent.
const ROUNDS: u32 = 40;

/// Bytes that look random and are the same in every run.
struct Noise {
	seed: u32,
	left: Vec<u8>,
}

impl Noise {
	fn byte(&mut self) -> u8 {
		if self.left.is_empty() {
			self.seed += 1;
			self.left = blake2_256(&self.seed.to_le_bytes()).to_vec();
		}
		self.left.pop().expect("it was filled")
	}

	fn below(&mut self, most: usize) -> usize {
		usize::from(u16::from_le_bytes([self.byte(), self.byte()])) % most
	}

	/// Changes some bytes; half of the new ones are small, so that many are variants of an enum.
	fn spoil(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
		for _ in 0..1 + self.below(2) {
			let at = 2 + self.below(bytes.len().saturating_sub(2).max(1));
			let byte = if self.byte() < 128 { self.byte() % 4 } else { self.byte() };
			match bytes.get_mut(at) {
				Some(old) => *old = byte,
				None => bytes.push(byte),
			}
		}
		// What lists are made of that are longer now.
		bytes.extend((0..512).map(|_| self.byte() % 4));
		bytes
	}
}

/// Every call of ours with the shortest arguments that zeros can be, in bytes.
fn shortest() -> Vec<Vec<u8>> {
	fn of<C: GetCallIndex>(pallet: u8) -> impl Iterator<Item = Vec<u8>> {
		C::get_call_indices().iter().map(move |index| {
			let mut bytes = vec![0; 8_192];
			bytes[..2].copy_from_slice(&[pallet, *index]);
			RuntimeCall::decode(&mut &bytes[..])
				.expect("zeros are arguments of every call")
				.encode()
		})
	}
	of::<Identity<Runtime>>(50)
		.chain(of::<Accreditation<Runtime>>(51))
		.chain(of::<Vault<Runtime>>(52))
		.chain(of::<Records<Runtime>>(53))
		.chain(of::<Consent<Runtime>>(54))
		.collect()
}

/// Puts the identity of somebody who is there in the place of some of the zeros.
fn named(mut bytes: Vec<u8>, noise: &mut Noise) -> Vec<u8> {
	let who = [PATIENT, HOSPITAL, DOCTOR, REGULATOR][noise.below(4)];
	if let Some(first) = bytes.get_mut(2..34) {
		first.copy_from_slice(identity(who).as_bytes());
	}
	bytes
}

#[test]
fn spoilt_calls_of_every_kind_are_refused_or_obeyed_and_break_nothing() {
	let mut chain = Chain::start("development");
	chain.staff();
	chain.admit(PATIENT);
	chain.open(PATIENT, 0);
	let mut noise = Noise { seed: 0, left: Vec::new() };
	for bytes in shortest() {
		let mut sent = 0;
		for round in 0..ROUNDS {
			let start = if round.is_multiple_of(2) {
				bytes.clone()
			} else {
				named(bytes.clone(), &mut noise)
			};
			let spoilt = noise.spoil(start);
			let by = [PATIENT, HOSPITAL, DOCTOR, REGULATOR, STRANGER][noise.below(5)];
			let Ok(call) =
				RuntimeCall::decode_with_depth_limit(MAX_EXTRINSIC_DEPTH, &mut &spoilt[..])
			else {
				continue;
			};
			let declared = call.get_dispatch_info().call_weight;
			let outcome =
				chain.look(|| call.clone().dispatch(RuntimeOrigin::signed(by.to_account_id())));
			let info = outcome.unwrap_or_else(|refused| refused.post_info);
			let used = info.actual_weight.unwrap_or(declared);
			assert!(used.all_lte(declared), "{call:?} takes more than it declares");
			sent += 1;
		}
		assert!(sent > 0, "{bytes:?} was never read in {ROUNDS} rounds");
	}
	// With the feature `try-runtime` this checks every invariant.
	chain.skip(0);
}

fn consents() -> RuntimeCall {
	Consent::<Runtime>::open_compartment {
		subject: identity(HOSPITAL),
		compartment: 7,
		key: agreement_key(7),
		restricted: false,
	}
	.into()
}

/// A call in a batch in a batch, and so on.
fn nested(depth: u32) -> RuntimeCall {
	(0..depth).fold(consents(), |call, _| {
		pallet_utility::Call::<Runtime>::batch { calls: vec![call] }.into()
	})
}

/// Runs a test with room for what recurses, of which a debug build needs much.
fn with_a_deep_stack(test: fn()) {
	let thread = std::thread::Builder::new().stack_size(512 * 1024 * 1024);
	let ended = thread.spawn(test).expect("a thread starts").join();
	if let Err(panic) = ended {
		std::panic::resume_unwind(panic);
	}
}

#[test]
fn a_call_nested_too_deep_is_no_transaction() {
	with_a_deep_stack(nests_so_far_and_no_further);
}

fn nests_so_far_and_no_further() {
	let mut chain = Chain::start("development");
	chain.staff();
	let deep = nested(MAX_EXTRINSIC_DEPTH + 1);
	let bytes = deep.encode();
	assert!(
		RuntimeCall::decode_all_with_depth_limit(MAX_EXTRINSIC_DEPTH, &mut &bytes[..]).is_err()
	);
	let extrinsic = chain.signed(HOSPITAL, deep);
	let refused = Refused::Invalid(InvalidTransaction::Call.into());
	assert_eq!(chain.submit(extrinsic.clone()), Err(refused.clone()));
	assert_eq!(chain.put_together(&[extrinsic]), [Err(refused)]);

	// One that is only deep is one, it belongs to the scope of what is in it, and it is carried out.
	let shallow = nested(16);
	assert_eq!(scope_of(&shallow), Some(CallScope::ConsentManage));
	assert!(ProxyType::Consent.filter(&shallow));
	let compartment = |chain: &mut Chain| {
		chain.look(|| salus_runtime::Consent::compartment(identity(HOSPITAL), 7))
	};
	assert_eq!(compartment(&mut chain), None);
	chain.send(HOSPITAL, shallow).expect("it is carried out");
	assert!(compartment(&mut chain).is_some());
}

#[test]
fn a_transaction_that_is_cut_or_has_something_behind_it_is_none() {
	let mut chain = Chain::start("development");
	chain.staff();
	let whole = chain.signed(HOSPITAL, consents()).encode();
	assert!(UncheckedExtrinsic::decode_all(&mut &whole[..]).is_ok());
	for length in 0..whole.len() {
		let cut = UncheckedExtrinsic::decode_all(&mut &whole[..length]);
		assert!(cut.is_err(), "the first {length} of {} bytes", whole.len());
	}
	let longer = [&whole[..], &[0]].concat();
	assert!(UncheckedExtrinsic::decode_all(&mut &longer[..]).is_err());
}
