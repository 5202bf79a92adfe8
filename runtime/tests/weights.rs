// SPDX-License-Identifier: Apache-2.0

//! Every call of ours costs something, and fits a block.

use codec::Decode as _;
use frame_support::{
	dispatch::{DispatchClass, GetDispatchInfo as _, Pays},
	traits::{GetCallIndex, GetCallName},
};
use pallet_health_accreditation::{AuthorityScope, Call as Accreditation};
use pallet_health_consent::{Basis, Call as Consent, Decision, GrantKeys, Grantee, Scope};
use pallet_health_identity::Call as Identity;
use pallet_health_records::{Call as Records, Content, MAX_INLINE, NewRecord};
use pallet_health_vault::{Call as Vault, NewSlot};
use salus_primitives::{
	AccreditationKinds, Action, Actions, AmendReason, AttestationKind, Classes, Commitment,
	CompartmentKey, ContentHash, Digest, IdentityId, Jurisdiction, Kdf, Purpose, Purposes,
	RecordClass, RecordId, RecordKey, SignedAttestation, SlotKind, Verdict, Window,
};
use salus_runtime::{
	AccountId, Runtime, RuntimeCall, Signature, TxExtension, UncheckedExtrinsic,
	configs::RuntimeBlockWeights,
	constants::block::{MAXIMUM_BLOCK_WEIGHT, NORMAL_DISPATCH_RATIO},
};

use sp_runtime::{MultiAddress, generic::Era};

const SOMEBODY: IdentityId = IdentityId([1; 32]);
const RECORD: RecordId = RecordId([2; 32]);
const WINDOW: Window = Window { from: 0, until: 1 };

/// Every call of ours, and the heaviest form of those whose weight depends on what they carry.
fn calls() -> Vec<RuntimeCall> {
	let inline = || Content::Inline(vec![0; MAX_INLINE as usize].try_into().expect("it fits"));
	let body = Commitment([5; 32]);
	let key = RecordKey { epoch: 0, wrap: [0; 80] };
	let attestation = SignedAttestation {
		validator: AccountId::new([3; 32]),
		kind: AttestationKind::Accuracy,
		verdict: Verdict::Pass,
		evidence: Digest([6; 32]),
		expires: 0,
		signature: Signature::Sr25519([0; 64].into()),
	};
	let bundle = || vec![attestation.clone(); 8].try_into().expect("eight fit");
	let wrap = CompartmentKey { compartment: 0, epoch: 0, key_version: 1, wrap: [0; 80] };
	let keys = GrantKeys::Compartments(vec![wrap; 8].try_into().expect("eight fit"));
	let slot = NewSlot {
		id: 0,
		kind: SlotKind::Password,
		kdf: Kdf::Argon2id { memory_kib: 65_536, passes: 3, lanes: 1 },
		salt: vec![0; 32].try_into().expect("it fits"),
		nonce: [0; 24],
		wrapped: vec![0; 48].try_into().expect("it fits"),
		login: None,
	};
	let anchor = |content| Records::<Runtime>::anchor_validated {
		nonce: [0; 16],
		subject: SOMEBODY,
		organisation: None,
		class: RecordClass::Clinical,
		compartment: 0,
		content,
		body,
		padded_len: 512,
		key,
		attestations: bundle(),
	};
	let propose = |content| Records::<Runtime>::propose {
		nonce: [0; 16],
		subject: SOMEBODY,
		organisation: None,
		class: RecordClass::Clinical,
		compartment: 0,
		content,
		body,
		padded_len: 512,
		key,
	};
	let amend = |content| Records::<Runtime>::amend {
		record: RECORD,
		expected_version: 1,
		content,
		body,
		padded_len: 512,
		reason: AmendReason::Replaces,
		key,
		attestations: bundle(),
	};
	let mut heavy: Vec<RuntimeCall> = vec![
		Accreditation::<Runtime>::appoint_regulator {
			id: SOMEBODY,
			scope: AuthorityScope {
				kinds: AccreditationKinds::ALL,
				jurisdictions: (1..=32)
					.map(Jurisdiction)
					.collect::<Vec<_>>()
					.try_into()
					.expect("32 fit"),
				codes: None,
			},
			window: WINDOW,
		}
		.into(),
		Vault::<Runtime>::set_vault {
			format: 1,
			key_commitment: body,
			body: vec![0; 4_096].try_into().expect("it fits"),
			slots: vec![slot; 8].try_into().expect("eight fit"),
			expected_version: 0,
		}
		.into(),
		propose(inline()).into(),
		anchor(inline()).into(),
		amend(inline()).into(),
		Consent::<Runtime>::grant {
			subject: SOMEBODY,
			grantee: Grantee::Identity(SOMEBODY),
			decision: Decision::Permit,
			scope: Scope::Subject(Classes::ALL),
			purposes: Purposes::of(&[Purpose::Treat]),
			actions: Actions::of(&[Action::Access]),
			data_period: None,
			window: WINDOW,
			uses: None,
			basis: Basis::Consent,
			document: None,
			delegable: false,
			keys,
		}
		.into(),
	];
	heavy.extend(of::<Identity<Runtime>>(50));
	heavy.extend(of::<Accreditation<Runtime>>(51));
	heavy.extend(of::<Vault<Runtime>>(52));
	heavy.extend(of::<Records<Runtime>>(53));
	heavy.extend(of::<Consent<Runtime>>(54));
	heavy
}

/// Every call of a pallet, with arguments of zeros.
fn of<C: GetCallIndex + GetCallName>(pallet: u8) -> impl Iterator<Item = RuntimeCall> {
	C::get_call_indices().iter().map(move |index| {
		let mut bytes = vec![0; 8_192];
		bytes[..2].copy_from_slice(&[pallet, *index]);
		RuntimeCall::decode(&mut &bytes[..]).expect("zeros are arguments of every call")
	})
}

/// The pallet and the name of a call.
fn name_of(call: &RuntimeCall) -> (&'static str, &'static str) {
	use frame_support::traits::GetCallMetadata as _;
	let metadata = call.get_call_metadata();
	(metadata.pallet_name, metadata.function_name)
}

#[test]
fn every_call_has_a_weight_and_pays() {
	for call in calls() {
		let info = call.get_dispatch_info();
		let name = name_of(&call);
		// A database read alone takes some microseconds.
		assert!(info.call_weight.ref_time() > 5_000_000, "{name:?} {info:?}");
		assert_eq!(info.class, DispatchClass::Normal, "{name:?}");
		assert_eq!(info.pays_fee, Pays::Yes, "{name:?}");
	}
}

#[test]
fn many_of_every_call_fit_a_block() {
	let share = NORMAL_DISPATCH_RATIO * MAXIMUM_BLOCK_WEIGHT;
	let limits = RuntimeBlockWeights::get();
	let normal = limits.get(DispatchClass::Normal);
	assert_eq!(normal.max_total, Some(share));
	for call in calls() {
		let weight = call.get_dispatch_info().call_weight.saturating_add(normal.base_extrinsic);
		let most = normal.max_extrinsic.expect("the class has a limit");
		assert!(weight.all_lte(most), "{:?} {weight:?}", name_of(&call));
		// Below a fiftieth of the share, so that no single call can crowd out the others: what erases
		// a record takes most.
		assert!(weight.ref_time() < share.ref_time() / 50, "{:?} {weight:?}", name_of(&call));
	}
}

/// The weight of a whole extrinsic: base, extensions and call.
fn whole(call: RuntimeCall) -> u64 {
	let extension: TxExtension = (
		frame_system::CheckNonZeroSender::<Runtime>::new(),
		frame_system::CheckSpecVersion::new(),
		frame_system::CheckTxVersion::new(),
		frame_system::CheckGenesis::new(),
		frame_system::CheckMortality::from(Era::Immortal),
		frame_system::CheckNonce::from(0),
		frame_system::CheckWeight::new(),
		pallet_transaction_payment::ChargeTransactionPayment::from(0),
		frame_metadata_hash_extension::CheckMetadataHash::new(false),
		frame_system::WeightReclaim::new(),
	);
	let signer = MultiAddress::Id(AccountId::new([3; 32]));
	let signature = Signature::Sr25519([0; 64].into());
	let info = UncheckedExtrinsic::new_signed(call, signer, signature, extension);
	let base = RuntimeBlockWeights::get().get(DispatchClass::Normal).base_extrinsic;
	base.saturating_add(info.get_dispatch_info().total_weight()).ref_time()
}

/// Records filed at once, external and each with as many verdicts by one validator.
fn many(records: usize, verdicts: usize) -> RuntimeCall {
	let verdict = |kind: &AttestationKind| SignedAttestation {
		validator: AccountId::new([3; 32]),
		kind: *kind,
		verdict: Verdict::Pass,
		evidence: Digest([6; 32]),
		expires: 0,
		signature: Signature::Sr25519([0; 64].into()),
	};
	let record = NewRecord {
		nonce: [0; 16],
		subject: SOMEBODY,
		class: RecordClass::Clinical,
		compartment: 0,
		content: Content::External { hash: ContentHash([4; 32]) },
		body: Commitment([5; 32]),
		padded_len: 512,
		key: RecordKey { epoch: 0, wrap: [0; 80] },
		attestations: AttestationKind::ALL
			.iter()
			.take(verdicts)
			.map(verdict)
			.collect::<Vec<_>>()
			.try_into()
			.expect("three fit"),
	};
	let records = vec![record; records].try_into().expect("a hundred fit");
	Records::<Runtime>::anchor_many { organisation: None, records }.into()
}

#[test]
fn a_hundred_records_with_their_verdicts_fit_a_block() {
	let limits = RuntimeBlockWeights::get();
	let most = limits.get(DispatchClass::Normal).max_extrinsic.expect("the class has a limit");
	let weight = many(100, 3).get_dispatch_info().call_weight;
	assert!(weight.all_lte(most), "{weight:?} is more than {most:?}");
}

#[test]
fn a_record_among_a_hundred_costs_less_than_half_of_one_alone() {
	let one = whole(of::<Records<Runtime>>(53).nth(2).expect("anchor_validated is the third"));
	// With one verdict each, because a bundle of none is no bundle of what is anchored.
	let each = whole(many(100, 1)) / 100;
	println!("anchor_many(100), one signed verdict each: {:.2} of an anchor", ratio(each, one));
	let more = whole(many(100, 3)) / 100;
	println!("anchor_many(100), three signed verdicts each: {:.2} of an anchor", ratio(more, one));
	assert!(ratio(each, one) < 0.4, "{each} is not below 0.4 of {one}");
}

fn ratio(part: u64, whole: u64) -> f64 {
	part as f64 / whole as f64
}

/// `cargo test -p salus-runtime --test weights -- --nocapture transfers` prints the list.
#[test]
fn whole_extrinsics_are_priced_in_transfers() {
	let transfer = whole(
		pallet_balances::Call::<Runtime>::transfer_keep_alive {
			dest: MultiAddress::Id(AccountId::new([4; 32])),
			value: 1,
		}
		.into(),
	);
	println!("a transfer: {} µs", transfer / 1_000_000);
	for call in calls() {
		let (pallet, name) = name_of(&call);
		let ratio = whole(call) as f64 / transfer as f64;
		println!("| {pallet} | `{name}` | {ratio:.2} |");
		// To erase a record with all that hangs on it is the dearest thing there is.
		assert!((0.5..30.0).contains(&ratio), "{pallet} {name}: {ratio}");
	}
}
