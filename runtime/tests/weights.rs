// SPDX-License-Identifier: Apache-2.0

//! Every call of ours costs something, and fits a block.

use codec::{Decode as _, Encode as _};
use frame_support::{
	dispatch::{DispatchClass, GetDispatchInfo as _, Pays},
	traits::{GetCallIndex, GetCallName},
};
use pallet_health_accreditation::{AuthorityScope, Call as Accreditation};
use pallet_health_consent::{Basis, Call as Consent, Decision, GrantKeys, Grantee, Scope};
use pallet_health_identity::Call as Identity;
use pallet_health_records::{Call as Records, Content, MAX_INLINE, NewRecord};
use pallet_health_supply_chain::{
	Call as SupplyChain, Dispensing, MAX_BATCH, NewBatch, RxLink, Site, Told, UnitProof,
};
use pallet_health_vault::{Call as Vault, NewSlot};
use salus_primitives::{
	AccreditationKinds, Action, Actions, AmendReason, AttestationKind, BatchIx, Classes,
	Commitment, CompartmentKey, ContentHash, Digest, IdentityId, Jurisdiction, Kdf, LotIx, Purpose,
	Purposes, RecordClass, RecordId, RecordKey, SignedAttestation, SlotKind, UnitRef, Verdict,
	Window,
};
use salus_runtime::{
	AccountId, Runtime, RuntimeCall, Signature, TxExtension, UncheckedExtrinsic,
	configs::RuntimeBlockWeights,
	constants::block::{MAXIMUM_BLOCK_WEIGHT, NORMAL_DISPATCH_RATIO},
};

use salus_test_support::first_arguments;
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
	heavy.extend(of::<SupplyChain<Runtime>>(55));
	heavy
}

/// Every call of a pallet, with arguments of zeros.
fn of<C: GetCallIndex + GetCallName>(pallet: u8) -> impl Iterator<Item = RuntimeCall> {
	C::get_call_names().iter().zip(C::get_call_indices()).map(move |(name, index)| {
		let mut bytes = vec![0; 8_192];
		bytes[..2].copy_from_slice(&[pallet, *index]);
		let first = first_arguments(name);
		bytes[2..2 + first.len()].copy_from_slice(&first);
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
		// Below a twentieth of the share, so that no single call can crowd out the others: what takes
		// 256 items out of a container takes most.
		assert!(weight.ref_time() < share.ref_time() / 20, "{:?} {weight:?}", name_of(&call));
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

/// Packs of one shelf with the longest proofs, handed over at once.
fn dispensing(units: u32) -> RuntimeCall {
	let pack = |index| Dispensing {
		proof: UnitProof {
			unit: UnitRef { batch: BatchIx(0), index },
			parcel_start: 0,
			serial: "A2B3C4D5E6F7G8H9J1K2".parse().expect("a serial"),
			salt: [7; 16],
			path: vec![Digest([8; 32]); 24].try_into().expect("24 fit"),
		},
		commitment: Digest([9; 32]),
	};
	let units = (0..units).map(pack).collect::<Vec<_>>();
	SupplyChain::<Runtime>::dispense {
		units: units.try_into().expect("32 fit"),
		site: Site {
			market: Jurisdiction(208),
			location: "0300011111116".parse().expect("a location"),
		},
		prescription: RxLink::None,
		told: Told::default(),
	}
	.into()
}

#[test]
fn sixteen_million_packs_are_commissioned_in_a_millisecond_and_a_kilobyte() {
	let call: RuntimeCall = SupplyChain::<Runtime>::commission_batch {
		lot: LotIx(0),
		batch: NewBatch {
			root: Digest([1; 32]),
			count: MAX_BATCH,
			salt: Digest([2; 32]),
			leaf_file: Digest([3; 32]),
		},
		told: Told { at: Some(u64::MAX), epcis: Some(Digest([4; 32])) },
	}
	.into();
	let weight = call.get_dispatch_info().call_weight.ref_time();
	println!("commission_batch: {} µs, {} bytes", weight / 1_000_000, call.encoded_size());
	assert!(weight < 1_000_000_000, "{weight} is a millisecond");
	// Signature, address and extensions are not 256 bytes together.
	assert!(call.encoded_size() < 1024 - 256, "{} bytes", call.encoded_size());
}

#[test]
fn a_pack_among_thirty_two_costs_less_than_a_quarter_of_one_alone() {
	let (one, each) = (whole(dispensing(1)), whole(dispensing(32)) / 32);
	println!("dispense(32): {:.2} of a pack alone", ratio(each, one));
	use pallet_nfts::WeightInfo as _;
	let mint = pallet_nfts::weights::SubstrateWeight::<Runtime>::mint();
	let mark = pallet_nfts::weights::SubstrateWeight::<Runtime>::set_attribute();
	for (name, weight) in [("mint", mint), ("set_attribute", mark)] {
		println!("pallet-nfts {name}: {} µs", weight.ref_time() / 1_000_000);
	}
	assert!(ratio(each, one) < 0.25, "{each} is not below a quarter of {one}");
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
	for call in calls().into_iter().chain([dispensing(1)]) {
		let (pallet, name) = name_of(&call);
		let ratio = whole(call) as f64 / transfer as f64;
		println!("| {pallet} | `{name}` | {ratio:.2} |");
		// To take whatever is in a container, 256 items, is the dearest thing there is.
		assert!((0.5..100.0).contains(&ratio), "{pallet} {name}: {ratio}");
	}
}
