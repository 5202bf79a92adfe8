// SPDX-License-Identifier: Apache-2.0

use super::*;
use salus_primitives::AccreditationKind;
use sp_core::{Pair, ed25519};

#[test]
fn anchors_with_the_signature_of_the_gateway() {
	build_and_execute(|| {
		let note = note(1);
		assert_ok!(note.anchor(vec![note.vouched(HOSPITAL, Source)]));

		assert_eq!(status(note.id()), RecordStatus::Validated);
		let current = current(note.id());
		assert_eq!(current.stage, Stage::Anchored { at: START });
		let expected = Attestation {
			validator: identity(HOSPITAL),
			organisations: Default::default(),
			kind: Source,
			verdict: Verdict::Pass,
			evidence: Digest([7; 32]),
			at: START,
			from_batch: false,
		};
		assert_eq!(current.attestations.into_inner(), [expected]);
		assert_eq!(
			events(),
			[
				Event::AttestationAdded {
					record: note.id(),
					version: 1,
					validator: identity(HOSPITAL),
					organisations: Default::default(),
					kind: Source,
					verdict: Verdict::Pass,
					evidence: Digest([7; 32]),
				},
				Event::RecordAnchored {
					record: note.id(),
					version: 1,
					subject: identity(PATIENT),
					author: identity(DOCTOR),
					organisation: Some(identity(HOSPITAL)),
					class: RecordClass::Clinical,
					compartment: 0,
					content: note.hash(),
					body: note.body,
					padded_len: 512,
				},
			]
		);
	});
}

#[test]
fn takes_signatures_of_wallets() {
	build_and_execute(|| {
		let note = note(1);
		let mut vouched = note.vouched(HOSPITAL, Source);
		let [_, wrapped] = signed_forms(note.statement(note.id(), 1, Source).to_bytes());
		vouched.signature = sign(HOSPITAL, &wrapped);
		assert_ok!(note.anchor(vec![vouched]));
	});
}

#[test]
fn takes_all_kinds_of_several_validators() {
	build_and_execute(|| {
		add_other_lab();
		let result = result(1);
		assert_ok!(result.anchor(result.fully_vouched()));
		assert_eq!(status(result.id()), RecordStatus::Validated);
		assert_eq!(current(result.id()).attestations.len(), 4);
	});
}

#[test]
fn a_full_bundle_is_taken() {
	build_and_execute(|| {
		let from = LAB.accuracy.from;
		let two = Requirement { count: 2, from };
		let policy = ValidationPolicy {
			accuracy: Requirement { count: 4, from },
			completeness: two,
			source: two,
			distinct_organisations: false,
			..LAB
		};
		let class = RecordClass::Laboratory;
		assert_ok!(HealthRecords::set_validation_policy(RuntimeOrigin::root(), class, policy));
		let result = result(1);
		let mut bundle = Vec::new();
		for who in [DOCTOR, COLLEAGUE, STRANGER, HOSPITAL] {
			bundle.push(result.vouched(who, Accuracy));
		}
		for kind in [Completeness, Source] {
			bundle.extend([DOCTOR, COLLEAGUE].map(|who| result.vouched(who, kind)));
		}
		assert_eq!(bundle.len(), MAX_ATTESTATIONS as usize);
		assert_ok!(result.anchor(bundle.clone()));
		bundle.push(result.vouched(OTHER_HOSPITAL, Source));
		assert!(BundleOf::<Test>::try_from(bundle).is_err());
	});
}

#[test]
fn a_patient_s_own_takes_no_place_and_no_rent() {
	build_and_execute(|| {
		let id = anchored_reading(1);
		assert_eq!(status(id), RecordStatus::Validated);
		assert_eq!(held(PATIENT), 0);
		assert_eq!(places(PATIENT), []);
	});
}

#[test]
fn refuses_bundles_that_leave_something_missing() {
	build_and_execute(|| {
		add_other_lab();
		let result = result(1);
		assert_noop!(result.anchor(vec![]), E::PolicyNotMet);
		for left_out in 0..4 {
			let mut bundle = result.fully_vouched();
			bundle.remove(left_out);
			assert_noop!(result.anchor(bundle), E::PolicyNotMet);
		}
	});
}

#[test]
fn refuses_what_attest_refuses() {
	build_and_execute(|| {
		let result = result(1);
		let refusals = [
			(vec![(LABORATORY, Source)], E::AttestorIsAuthor),
			(vec![(DOCTOR, Source)], E::AttestorNotQualified),
			(vec![(DOCTOR, Accuracy), (COLLEAGUE, Accuracy)], E::AttestorsNotIndependent),
			(vec![(DOCTOR, Accuracy), (DOCTOR, Accuracy)], E::DuplicateAttestation),
			(vec![(DOCTOR, Completeness), (STRANGER, Completeness)], E::RequirementMet),
			(vec![(NOBODY, Accuracy)], E::UnknownAttestor),
		];
		for (validators, error) in refusals {
			let bundle = validators.iter().map(|(who, kind)| result.vouched(*who, *kind)).collect();
			assert_noop!(result.anchor(bundle), error);
		}
	});
}

#[test]
fn refuses_a_licence_that_lapsed_after_signing() {
	build_and_execute(|| {
		let note = note(1);
		let vouched = note.vouched(HOSPITAL, Source);
		Accreditations::remove(identity(HOSPITAL), AccreditationKind::FacilityLicence);
		assert_noop!(note.anchor(vec![vouched]), E::AttestorNotQualified);
	});
}

#[test]
fn refuses_verdicts_from_their_expiry_on() {
	build_and_execute(|| {
		let vouched = |number| note(number).vouched(HOSPITAL, Source);
		set_time(START + DAY - 1);
		assert_ok!(note(1).anchor(vec![vouched(1)]));
		set_time(START + DAY);
		assert_noop!(note(2).anchor(vec![vouched(2)]), E::AttestationExpired);
	});
}

#[test]
fn refuses_a_bundled_fail() {
	build_and_execute(|| {
		let note = note(1);
		let mut statement = note.statement(note.id(), 1, Source);
		statement.verdict = Verdict::Fail;
		assert_noop!(note.anchor(vec![signed(HOSPITAL, &statement)]), E::FailingVerdict);
	});
}

#[test]
fn refuses_signatures_over_anything_else() {
	build_and_execute(|| {
		let note = note(1);
		let changes: [fn(&mut AttestationStatement); 9] = [
			|s| s.genesis = [1; 32],
			|s| s.record = RecordId([1; 32]),
			|s| s.version = 2,
			|s| s.content = ContentHash([99; 32]),
			|s| s.body = Commitment([99; 32]),
			|s| s.kind = Completeness,
			|s| s.verdict = Verdict::PassWithWarnings,
			|s| s.evidence = Digest([99; 32]),
			|s| s.expires += 1,
		];
		for (index, change) in changes.into_iter().enumerate() {
			let mut statement = note.statement(note.id(), 1, Source);
			change(&mut statement);
			let mut vouched = note.vouched(HOSPITAL, Source);
			vouched.signature = sign(HOSPITAL, &statement.to_bytes());
			assert_noop!(note.anchor(vec![vouched]), E::BadAttestationSignature);
			assert!(index < 9);
		}
	});
}

#[test]
fn refuses_signatures_of_others_other_schemes_and_changed_ones() {
	build_and_execute(|| {
		let note = note(1);
		let bytes = note.statement(note.id(), 1, Source).to_bytes();
		let MultiSignature::Sr25519(right) = sign(HOSPITAL, &bytes) else {
			panic!("development keys are sr25519");
		};
		let mut flipped = right;
		flipped.0[0] ^= 1;
		let mut high_bit = right;
		high_bit.0[63] ^= 0x80;
		let edwards: ed25519::Pair = Pair::from_seed(&[1; 32]);
		let bad: [MultiSignature; 6] = [
			sign(OTHER_HOSPITAL, &bytes),
			MultiSignature::Ed25519(edwards.sign(&bytes)),
			MultiSignature::Ed25519(ed25519::Signature::from_raw(right.0)),
			flipped.into(),
			high_bit.into(),
			MultiSignature::Sr25519(Default::default()),
		];
		for signature in bad {
			let vouched = Signed { signature, ..note.vouched(HOSPITAL, Source) };
			assert_noop!(note.anchor(vec![vouched]), E::BadAttestationSignature);
		}
	});
}

#[test]
fn checks_the_place_as_propose_does() {
	build_and_execute(|| {
		let elsewhere = Draft { organisation: Some(identity(OTHER_HOSPITAL)), ..note(1) };
		let bundle = vec![elsewhere.vouched(HOSPITAL, Source)];
		assert_noop!(elsewhere.anchor(bundle), E::NotAffiliated);
		// Verdicts for one place do not fit another: the id is made again.
		let moved = Draft { subject: identity(OTHER_PATIENT), ..note(1) };
		let bundle = vec![note(1).vouched(HOSPITAL, Source)];
		assert_noop!(moved.anchor(bundle), E::BadAttestationSignature);
		let nobody = Draft { author: NOBODY, ..note(1) };
		assert_noop!(nobody.anchor(vec![]), sp_runtime::DispatchError::BadOrigin);
	});
}
