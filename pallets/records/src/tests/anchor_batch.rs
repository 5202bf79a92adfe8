// SPDX-License-Identifier: Apache-2.0

use super::{trees::*, *};
use codec::MaxEncodedLen;
use salus_primitives::{AccreditationKind, BatchId, BatchStatement, IdentityKind, Window};
use salus_test_support::Identities;

const ROOT: Digest = Digest([0x42; 32]);

fn vouched(who: Sr25519Keyring, kind: AttestationKind) -> Signed {
	signed_batch(who, &batch_statement(HOSPITAL, ROOT, 8, kind))
}

#[test]
fn puts_a_root_on_chain() {
	build_and_execute(|| {
		assert_ok!(anchor_batch(HOSPITAL, ROOT, 8, vec![vouched(DOCTOR, Accuracy)]));

		let batch = Batches::<Test>::get(BatchId(0)).unwrap();
		let verdict = Attestation {
			validator: identity(DOCTOR),
			organisations: vec![identity(HOSPITAL)].try_into().unwrap(),
			kind: Accuracy,
			verdict: Verdict::Pass,
			evidence: Digest([7; 32]),
			at: START,
			from_batch: true,
		};
		let expected = BatchView {
			id: BatchId(0),
			organisation: identity(HOSPITAL),
			root: ROOT,
			algorithm: RFC9162,
			tree_size: 8,
			at: START,
			promoted: 0,
			attestations: vec![verdict],
		};
		assert_eq!(HealthRecords::batch(BatchId(0)), Some(expected));
		assert_eq!(batch.deposit.unwrap().depositor, account(HOSPITAL));
		assert_eq!(held(HOSPITAL), 100 + BatchOf::<Test>::max_encoded_len() as u64);
		assert_eq!(HealthRecords::batch_by_root(identity(HOSPITAL), ROOT), Some(BatchId(0)));
		assert_eq!(
			events(),
			[Event::BatchAnchored {
				batch: BatchId(0),
				organisation: identity(HOSPITAL),
				root: ROOT,
				algorithm: RFC9162,
				tree_size: 8,
			}]
		);
	});
}

#[test]
fn needs_no_verdict() {
	build_and_execute(|| {
		assert_ok!(anchor_batch(HOSPITAL, ROOT, 8, vec![]));
		assert!(HealthRecords::batch(BatchId(0)).unwrap().attestations.is_empty());
	});
}

#[test]
fn has_one_to_2_pow_20_leaves() {
	build_and_execute(|| {
		for size in [0, MAX_TREE_SIZE + 1, u32::MAX] {
			assert_noop!(anchor_batch(HOSPITAL, ROOT, size, vec![]), E::BadTreeSize);
		}
		assert_eq!(MAX_TREE_SIZE, 1 << 20);
		assert_ok!(anchor_batch(HOSPITAL, Digest([1; 32]), 1, vec![]));
		assert_ok!(anchor_batch(HOSPITAL, Digest([2; 32]), MAX_TREE_SIZE, vec![]));
	});
}

#[test]
fn a_million_leaves_weigh_what_one_weighs() {
	use frame_support::dispatch::GetDispatchInfo;
	let weight = |tree_size| {
		let attestations = Default::default();
		let call =
			Call::<Test>::anchor_batch { root: ROOT, algorithm: RFC9162, tree_size, attestations };
		call.get_dispatch_info().call_weight
	};
	assert_eq!(weight(1), weight(MAX_TREE_SIZE));
}

#[test]
fn a_root_of_zeros_is_none() {
	build_and_execute(|| {
		assert_noop!(anchor_batch(HOSPITAL, Digest([0; 32]), 8, vec![]), E::BadRoot);
	});
}

#[test]
fn an_organisation_anchors_a_root_once_and_another_may_too() {
	build_and_execute(|| {
		assert_ok!(anchor_batch(HOSPITAL, ROOT, 8, vec![]));
		assert_noop!(anchor_batch(HOSPITAL, ROOT, 8, vec![]), E::DuplicateBatch);
		// A root says how many leaves it has, so another size is another claim about the same tree.
		assert_noop!(anchor_batch(HOSPITAL, ROOT, 9, vec![]), E::DuplicateBatch);
		assert_ok!(anchor_batch(OTHER_HOSPITAL, ROOT, 8, vec![]));
		let of = |who| HealthRecords::batch_by_root(identity(who), ROOT);
		assert_eq!(of(HOSPITAL), Some(BatchId(0)));
		assert_eq!(of(OTHER_HOSPITAL), Some(BatchId(1)));
		assert_eq!(of(LABORATORY), None);
	});
}

#[test]
fn is_for_licensed_organisations() {
	build_and_execute(|| {
		for who in [DOCTOR, PATIENT, DEVICE] {
			assert_noop!(anchor_batch(who, ROOT, 8, vec![]), E::NotAnOrganisation);
		}
		assert_noop!(anchor_batch(NOBODY, ROOT, 8, vec![]), sp_runtime::DispatchError::BadOrigin);
		let day = Window::new(START, START + DAY).unwrap();
		Accreditations::set(identity(HOSPITAL), AccreditationKind::FacilityLicence, day);
		set_time(START + DAY);
		assert_noop!(anchor_batch(HOSPITAL, ROOT, 8, vec![]), E::NotAccredited);
		set_time(START + DAY - 1);
		assert_ok!(anchor_batch(HOSPITAL, ROOT, 8, vec![]));
	});
}

#[test]
fn a_signature_for_anything_else_is_refused() {
	build_and_execute(|| {
		let changes: [fn(&mut BatchStatement); 5] = [
			|it| it.genesis = [0x61; 32],
			|it| it.organisation = identity(OTHER_HOSPITAL),
			|it| it.root = Digest([0x43; 32]),
			|it| it.tree_size = 9,
			|it| it.evidence = Digest([8; 32]),
		];
		for (index, change) in changes.into_iter().enumerate() {
			let mut statement = batch_statement(HOSPITAL, ROOT, 8, Source);
			change(&mut statement);
			let forged = Signed { evidence: Digest([7; 32]), ..signed_batch(HOSPITAL, &statement) };
			let refused = anchor_batch(HOSPITAL, ROOT, 8, vec![forged]);
			assert_eq!(refused, Err(E::BadAttestationSignature.into()), "change {index}");
		}
		// What the chain is told beside the signature has to be what was signed.
		let tampered: [fn(&mut Signed); 4] = [
			|it| it.kind = Accuracy,
			|it| it.verdict = Verdict::PassWithWarnings,
			|it| it.expires += 1,
			|it| it.validator = account(OTHER_HOSPITAL),
		];
		for (index, change) in tampered.into_iter().enumerate() {
			let mut forged = vouched(HOSPITAL, Source);
			change(&mut forged);
			let refused = anchor_batch(HOSPITAL, ROOT, 8, vec![forged]);
			assert_eq!(refused, Err(E::BadAttestationSignature.into()), "field {index}");
		}
		assert!(!Batches::<Test>::contains_key(BatchId(0)));
	});
}

#[test]
fn a_record_s_verdict_is_none_on_a_batch() {
	build_and_execute(|| {
		let verdict = note(1).vouched(HOSPITAL, Source);
		assert_noop!(anchor_batch(HOSPITAL, ROOT, 8, vec![verdict]), E::BadAttestationSignature);
	});
}

#[test]
fn takes_a_verdict_that_a_wallet_signed() {
	build_and_execute(|| {
		let statement = batch_statement(HOSPITAL, ROOT, 8, Source);
		let [_, wrapped] = signed_forms(statement.to_bytes());
		let signature = sign(HOSPITAL, &wrapped);
		let verdict = Signed { signature, ..signed_batch(HOSPITAL, &statement) };
		assert_ok!(anchor_batch(HOSPITAL, ROOT, 8, vec![verdict]));
	});
}

#[test]
fn a_verdict_counts_until_it_expires() {
	build_and_execute(|| {
		set_time(START + DAY);
		let refused = anchor_batch(HOSPITAL, ROOT, 8, vec![vouched(HOSPITAL, Source)]);
		assert_eq!(refused, Err(E::AttestationExpired.into()));
		set_time(START + DAY - 1);
		assert_ok!(anchor_batch(HOSPITAL, ROOT, 8, vec![vouched(HOSPITAL, Source)]));
	});
}

#[test]
fn a_verdict_passes_or_the_batch_is_mended_first() {
	build_and_execute(|| {
		let mut statement = batch_statement(HOSPITAL, ROOT, 8, Source);
		statement.verdict = Verdict::Fail;
		let failing = signed_batch(HOSPITAL, &statement);
		assert_noop!(anchor_batch(HOSPITAL, ROOT, 8, vec![failing]), E::FailingVerdict);
		statement.verdict = Verdict::PassWithWarnings;
		assert_ok!(anchor_batch(HOSPITAL, ROOT, 8, vec![signed_batch(HOSPITAL, &statement)]));
	});
}

#[test]
fn validators_are_known_and_hold_some_licence() {
	build_and_execute(|| {
		let by = |who| anchor_batch(HOSPITAL, ROOT, 8, vec![vouched(who, Accuracy)]);
		assert_eq!(by(NOBODY), Err(E::UnknownAttestor.into()));
		assert_eq!(by(PATIENT), Err(E::AttestorNotQualified.into()));
		// An organisation without any licence.
		let bare = Sr25519Keyring::DaveStash;
		Identities::set(account(bare), identity(bare), IdentityKind::Organisation);
		assert_eq!(by(bare), Err(E::AttestorNotQualified.into()));
		Accreditations::always(identity(bare), AccreditationKind::LaboratoryAccreditation);
		assert_ok!(by(bare));
	});
}

#[test]
fn a_validator_speaks_once_on_a_kind() {
	build_and_execute(|| {
		let twice = vec![vouched(DOCTOR, Accuracy), vouched(DOCTOR, Accuracy)];
		assert_noop!(anchor_batch(HOSPITAL, ROOT, 8, twice), E::DuplicateAttestation);
		let kinds = vec![vouched(DOCTOR, Accuracy), vouched(DOCTOR, Completeness)];
		assert_ok!(anchor_batch(HOSPITAL, ROOT, 8, kinds));
	});
}

#[test]
fn needs_the_rent() {
	build_and_execute(|| {
		let rich = Balances::free_balance(account(HOSPITAL));
		assert_ok!(Balances::transfer_allow_death(origin(HOSPITAL), account(DOCTOR), rich - 100));
		assert_eq!(
			anchor_batch(HOSPITAL, ROOT, 8, vec![]),
			Err(sp_runtime::TokenError::FundsUnavailable.into())
		);
	});
}

#[test]
fn the_statement_is_what_the_chain_checks() {
	build_and_execute(|| {
		let statement = batch_statement(HOSPITAL, ROOT, 8, Source);
		let bytes = HealthRecords::batch_statement_to_sign(
			identity(HOSPITAL),
			ROOT,
			RFC9162,
			8,
			Source,
			Verdict::Pass,
			Digest([7; 32]),
			START + DAY,
		);
		assert_eq!(bytes, statement.to_bytes());
	});
}

#[test]
fn batches_are_paged() {
	build_and_execute(|| {
		for number in 1..=6 {
			assert_ok!(anchor_batch(HOSPITAL, Digest([number; 32]), 8, vec![]));
		}
		let page = |start, limit| {
			let page = HealthRecords::batches(BatchId(start), limit).unwrap();
			let ids: Vec<_> = page.items.iter().map(|batch| batch.id.0).collect();
			(ids, page.next.map(|next| next.0))
		};
		assert_eq!(page(0, MAX_PAGE), (vec![0, 1, 2, 3], Some(4)));
		assert_eq!(page(4, MAX_PAGE), (vec![4, 5], None));
		assert_eq!(page(2, MAX_PAGE), (vec![2, 3, 4, 5], None));
		assert_eq!(page(6, MAX_PAGE), (vec![], None));
		assert_eq!(page(u64::MAX, MAX_PAGE), (vec![], None));
		assert_eq!(page(1, 0), (vec![], Some(1)));
		let too_large = HealthRecords::batches(BatchId(0), MAX_PAGE + 1);
		assert_eq!(too_large, Err(PageTooLarge { max: MAX_PAGE }));
		assert_eq!(HealthRecords::batch(BatchId(6)), None);
	});
}
