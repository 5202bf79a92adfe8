// SPDX-License-Identifier: Apache-2.0

use super::{trees::*, *};
use codec::MaxEncodedLen;
use salus_merkle::{Hash, leaf_hash, node_hash, root_from_path};
use salus_primitives::{AccreditationKind, BatchId, Window};
use salus_test_support::{Identities, OpenCompartments};

fn withdraw(who: Sr25519Keyring, record: RecordId) -> DispatchResult {
	HealthRecords::withdraw(origin(who), record)
}

#[test]
fn makes_a_record_of_a_leaf() {
	build_and_execute(|| {
		let drafts = notes(1, 5);
		let (batch, tree) = hospital_batch(&drafts, &[(HOSPITAL, Source)]);
		events();
		set_time(START + 5);
		let (draft, id) = (&drafts[2], drafts[2].id());
		assert_ok!(draft.promote(batch, 2, path_of(&tree, 2), vec![]));

		let record = Records::<Test>::get(id).unwrap();
		assert_eq!(record.batch, Some((batch, 2)));
		assert_eq!(record.current.stage, Stage::Anchored { at: START + 5 });
		// The verdict is as old as the batch.
		assert_eq!(record.current.attestations[0].at, START);
		assert_eq!(record.current.deposit.unwrap().depositor, account(DOCTOR));
		assert_eq!(held(DOCTOR), 100 + RecordOf::<Test>::max_encoded_len() as u64);
		assert_eq!(HealthRecords::record(id).unwrap().batch, Some((batch, 2)));
		assert_eq!(HealthRecords::promoted(batch, 2), Some(id));
		assert_eq!(HealthRecords::batch(batch).unwrap().promoted, 1);
		assert_eq!(HealthRecords::by_content(draft.hash()), Some(id));
		assert_eq!(
			events(),
			[
				Event::AttestationAdded {
					record: id,
					version: 1,
					validator: identity(HOSPITAL),
					organisations: Default::default(),
					kind: Source,
					verdict: Verdict::Pass,
					evidence: Digest([7; 32]),
				},
				Event::RecordAnchored {
					record: id,
					version: 1,
					subject: identity(PATIENT),
					author: identity(DOCTOR),
					organisation: Some(identity(HOSPITAL)),
					class: RecordClass::Clinical,
					compartment: 0,
					content: draft.hash(),
					body: draft.body,
					padded_len: 512,
				},
				Event::LeafPromoted { batch, leaf_index: 2, record: id },
			]
		);
	});
}

#[test]
fn waits_as_a_proposal_while_verdicts_are_missing() {
	build_and_execute(|| {
		let drafts = notes(1, 2);
		let (batch, tree) = hospital_batch(&drafts, &[]);
		events();
		let (draft, id) = (&drafts[1], drafts[1].id());
		assert_ok!(draft.promote(batch, 1, path_of(&tree, 1), vec![]));

		let open = Stage::Open { deadline: START + DAY, policy: CLINICAL };
		assert_eq!(current(id).stage, open);
		assert_eq!(
			events(),
			[
				Event::RecordProposed {
					record: id,
					subject: identity(PATIENT),
					author: identity(DOCTOR),
					organisation: Some(identity(HOSPITAL)),
					class: RecordClass::Clinical,
					compartment: 0,
					content: draft.hash(),
					body: draft.body,
					padded_len: 512,
					epoch: EPOCH,
					deadline: START + DAY,
				},
				Event::LeafPromoted { batch, leaf_index: 1, record: id },
			]
		);
		assert_ok!(pass(HOSPITAL, id, 1, Source));
		assert!(matches!(current(id).stage, Stage::Anchored { .. }));
	});
}

#[test]
fn bundled_verdicts_add_to_those_of_the_batch() {
	build_and_execute(|| {
		add_other_lab();
		let draft = result(1);
		let tree = tree_of(std::slice::from_ref(&draft));
		let root = root_of(&tree);
		let given = [(DOCTOR, Accuracy), (DOCTOR, Completeness), (OTHER_LAB, Source)]
			.map(|(who, kind)| signed_batch(who, &batch_statement(LABORATORY, root, 1, kind)));
		assert_ok!(anchor_batch(LABORATORY, root, 1, given.to_vec()));
		let promote = |bundle| draft.promote(BatchId(0), 0, vec![], bundle);

		let colleague = draft.vouched(COLLEAGUE, Accuracy);
		assert_noop!(promote(vec![colleague]), E::AttestorsNotIndependent);
		let again = draft.vouched(DOCTOR, Accuracy);
		assert_noop!(promote(vec![again]), E::DuplicateAttestation);
		let beyond = draft.vouched(STRANGER, Completeness);
		assert_noop!(promote(vec![beyond]), E::RequirementMet);
		let mut forged = draft.vouched(STRANGER, Accuracy);
		forged.evidence = Digest([9; 32]);
		assert_noop!(promote(vec![forged]), E::BadAttestationSignature);
		assert_ok!(promote(vec![draft.vouched(STRANGER, Accuracy)]));
		assert_eq!(current(draft.id()).attestations.len(), 4);
		assert!(matches!(current(draft.id()).stage, Stage::Anchored { .. }));
	});
}

#[test]
fn a_verdict_counts_when_its_validator_still_qualifies() {
	let promoted = |change: fn()| {
		new_test_ext().execute_with(|| {
			let drafts = notes(1, 1);
			let (batch, _) = hospital_batch(&drafts, &[(OTHER_HOSPITAL, Source)]);
			change();
			assert_ok!(drafts[0].promote(batch, 0, vec![], vec![]));
			assert_ok!(HealthRecords::do_try_state());
			current(drafts[0].id()).attestations.len()
		})
	};
	assert_eq!(promoted(|| ()), 1);
	// The licence ran out, the identity ended, or it holds another licence than the policy asks for.
	assert_eq!(
		promoted(|| {
			let day = Window::new(START, START + 10).unwrap();
			Accreditations::set(identity(OTHER_HOSPITAL), AccreditationKind::FacilityLicence, day);
			set_time(START + 10);
		}),
		0
	);
	assert_eq!(promoted(|| Identities::end(identity(OTHER_HOSPITAL))), 0);
	assert_eq!(
		promoted(|| {
			use AccreditationKind::*;
			Accreditations::remove(identity(OTHER_HOSPITAL), FacilityLicence);
			Accreditations::always(identity(OTHER_HOSPITAL), LaboratoryAccreditation);
		}),
		0
	);
}

#[test]
fn verdicts_that_the_class_does_not_ask_for_are_left_out() {
	build_and_execute(|| {
		// Nobody is asked for accuracy of a note, and a note's source is for a facility to confirm.
		let drafts = notes(1, 1);
		let (batch, _) = hospital_batch(&drafts, &[(DOCTOR, Accuracy), (DOCTOR, Source)]);
		assert_ok!(drafts[0].promote(batch, 0, vec![], vec![]));
		assert!(current(drafts[0].id()).attestations.is_empty());
	});
}

#[test]
fn the_author_s_own_verdict_counts_where_the_policy_lets_it() {
	build_and_execute(|| {
		let own = result(1);
		let root = root_of(&tree_of(std::slice::from_ref(&own)));
		let statement = batch_statement(LABORATORY, root, 1, Source);
		let vouched = vec![signed_batch(LABORATORY, &statement)];
		assert_ok!(anchor_batch(LABORATORY, root, 1, vouched));
		assert_ok!(own.promote(BatchId(0), 0, vec![], vec![]));
		assert!(current(own.id()).attestations.is_empty());

		let by_hospital = Draft { author: HOSPITAL, ..note(2) };
		let (batch, _) = hospital_batch(std::slice::from_ref(&by_hospital), &[(HOSPITAL, Source)]);
		assert_ok!(by_hospital.promote(batch, 0, vec![], vec![]));
		assert_eq!(current(by_hospital.id()).attestations.len(), 1);
	});
}

#[test]
fn moving_house_does_not_make_an_old_verdict_independent() {
	build_and_execute(|| {
		let draft = result(1);
		let root = root_of(&tree_of(std::slice::from_ref(&draft)));
		let given = [DOCTOR, COLLEAGUE]
			.map(|who| signed_batch(who, &batch_statement(LABORATORY, root, 1, Accuracy)));
		assert_ok!(anchor_batch(LABORATORY, root, 1, given.to_vec()));
		Accreditations::affiliate(identity(COLLEAGUE), &[]);
		assert_ok!(draft.promote(BatchId(0), 0, vec![], vec![]));
		assert_eq!(current(draft.id()).attestations.len(), 1);
	});
}

#[test]
fn a_leaf_is_promoted_once() {
	build_and_execute(|| {
		let drafts = notes(1, 2);
		let (batch, tree) = hospital_batch(&drafts, &[(HOSPITAL, Source)]);
		assert_ok!(drafts[0].promote(batch, 0, path_of(&tree, 0), vec![]));
		let again = || drafts[0].promote(batch, 0, path_of(&tree, 0), vec![]);
		assert_noop!(again(), E::LeafAlreadyPromoted);
		assert_eq!(HealthRecords::batch(batch).unwrap().promoted, 1);
	});
}

#[test]
fn the_same_record_at_two_leaves_is_one_record() {
	build_and_execute(|| {
		let drafts = [note(1), note(1)];
		let (batch, tree) = hospital_batch(&drafts, &[(HOSPITAL, Source)]);
		assert_ok!(drafts[0].promote(batch, 0, path_of(&tree, 0), vec![]));
		let second = || drafts[1].promote(batch, 1, path_of(&tree, 1), vec![]);
		assert_noop!(second(), E::ContentAlreadyAnchored);
	});
}

#[test]
fn a_leaf_taken_back_can_be_promoted_again() {
	build_and_execute(|| {
		let drafts = notes(1, 2);
		let (batch, tree) = hospital_batch(&drafts, &[]);
		let promote = || drafts[0].promote(batch, 0, path_of(&tree, 0), vec![]);
		assert_ok!(promote());
		assert_ok!(withdraw(DOCTOR, drafts[0].id()));
		assert_eq!(HealthRecords::promoted(batch, 0), None);
		assert_eq!(HealthRecords::batch(batch).unwrap().promoted, 0);
		assert_ok!(promote());
	});
}

#[test]
fn what_is_filed_is_what_the_leaf_says() {
	build_and_execute(|| {
		let drafts = notes(1, 3);
		let (batch, tree) = hospital_batch(&drafts, &[(HOSPITAL, Source)]);
		OpenCompartments::set(identity(PATIENT), 1, EPOCH);
		let changes: [fn(&mut Draft); 6] = [
			|it| it.nonce[0] ^= 1,
			|it| it.subject = identity(OTHER_PATIENT),
			|it| it.class = RecordClass::DeviceData,
			|it| it.compartment = 1,
			|it| it.content = Content::External { hash: ContentHash([0x77; 32]) },
			|it| it.author = COLLEAGUE,
		];
		for (index, change) in changes.into_iter().enumerate() {
			let mut other = drafts[1].clone();
			change(&mut other);
			let refused = other.promote(batch, 1, path_of(&tree, 1), vec![]);
			assert_eq!(refused, Err(E::BadProof.into()), "change {index}");
		}
		assert_ok!(drafts[1].promote(batch, 1, path_of(&tree, 1), vec![]));
	});
}

#[test]
fn is_for_who_files_for_the_batch_s_organisation() {
	build_and_execute(|| {
		// The same leaf in batches of two hospitals: each promotes its own only.
		let mine = note(1);
		let theirs =
			Draft { author: STRANGER, organisation: Some(identity(OTHER_HOSPITAL)), ..note(2) };
		let own = reading(3);
		let drafts = [mine.clone(), theirs.clone(), own.clone()];
		let (batch, tree) = hospital_batch(&drafts, &[]);
		assert_ok!(anchor_batch(OTHER_HOSPITAL, root_of(&tree), 3, vec![]));
		let other = BatchId(batch.0 + 1);

		for (index, draft) in [&theirs, &own].into_iter().enumerate() {
			let index = index as u32 + 1;
			let foreign = || draft.promote(batch, index, path_of(&tree, index), vec![]);
			assert_noop!(foreign(), E::NotYourBatch);
		}
		assert_noop!(mine.promote(other, 0, path_of(&tree, 0), vec![]), E::NotYourBatch);
		assert_ok!(mine.promote(batch, 0, path_of(&tree, 0), vec![]));
		assert_ok!(theirs.promote(other, 1, path_of(&tree, 1), vec![]));
	});
}

#[test]
fn there_has_to_be_such_a_batch_and_leaf() {
	build_and_execute(|| {
		let drafts = notes(1, 5);
		let (batch, tree) = hospital_batch(&drafts, &[]);
		let path = || path_of(&tree, 4);
		assert_noop!(drafts[4].promote(BatchId(9), 4, path(), vec![]), E::BatchNotFound);
		for index in [5, 6, 8, u32::MAX] {
			assert_noop!(drafts[4].promote(batch, index, path(), vec![]), E::LeafOutOfRange);
		}
		assert_ok!(drafts[4].promote(batch, 4, path(), vec![]));
	});
}

#[test]
fn a_path_is_as_long_as_place_and_size_make_it() {
	build_and_execute(|| {
		let drafts = notes(1, 5);
		let (batch, tree) = hospital_batch(&drafts, &[]);
		for index in 0..5 {
			let path = path_of(&tree, index);
			let last = path[path.len() - 1];
			let longer = |node| path.iter().copied().chain([node]).collect::<Vec<_>>();
			let wrong = [
				path[1..].to_vec(),
				path[..path.len() - 1].to_vec(),
				longer(last),
				longer(Digest([0; 32])),
				longer(root_of(&tree)),
				vec![Digest([0; 32]); MAX_PATH as usize],
			];
			for (number, path) in wrong.into_iter().enumerate() {
				let refused = drafts[index as usize].promote(batch, index, path, vec![]);
				assert_eq!(refused, Err(E::ProofWrongLength.into()), "leaf {index}, {number}");
			}
		}
	});
}

#[test]
fn a_path_leads_from_the_leaf_to_the_root() {
	build_and_execute(|| {
		let drafts = notes(1, 8);
		let (batch, tree) = hospital_batch(&drafts, &[]);
		let path = path_of(&tree, 3);
		let mut swapped = path.clone();
		swapped.swap(0, 1);
		let mut flipped = path.clone();
		flipped[2].0[31] ^= 1;
		for wrong in [swapped, flipped, path_of(&tree, 2), vec![Digest([0; 32]); 3]] {
			assert_noop!(drafts[3].promote(batch, 3, wrong, vec![]), E::BadProof);
		}
		// Another place with the right path.
		assert_noop!(drafts[3].promote(batch, 2, path.clone(), vec![]), E::BadProof);
		assert_ok!(drafts[3].promote(batch, 3, path, vec![]));
	});
}

#[test]
fn the_same_root_with_another_size_proves_nothing_more() {
	build_and_execute(|| {
		let drafts = notes(1, 8);
		let tree = tree_of(&drafts);
		// The hospital says that the tree of eight has seven, and that it has nine leaves.
		for (who, size) in [(HOSPITAL, 7), (OTHER_HOSPITAL, 9)] {
			assert_ok!(anchor_batch(who, root_of(&tree), size, vec![]));
		}
		let promote = |index: u32| {
			drafts[index as usize].promote(BatchId(0), index, path_of(&tree, index), vec![])
		};
		assert_noop!(promote(7), E::LeafOutOfRange);
		assert_noop!(promote(6), E::ProofWrongLength);
		let beyond = HealthRecords::verify_inclusion(
			BatchId(1),
			leaf_data(&drafts[7]),
			8,
			path_of(&tree, 7),
		);
		assert!(!beyond);
	});
}

#[test]
fn a_leaf_alone_needs_no_path() {
	build_and_execute(|| {
		let drafts = notes(1, 1);
		let (batch, tree) = hospital_batch(&drafts, &[]);
		let padded = vec![root_of(&tree)];
		assert_noop!(drafts[0].promote(batch, 0, padded, vec![]), E::ProofWrongLength);
		assert_ok!(drafts[0].promote(batch, 0, vec![], vec![]));
	});
}

#[test]
fn every_leaf_of_every_small_tree_is_promoted() {
	build_and_execute(|| {
		let mut first = 1;
		for size in 1..=8u8 {
			let drafts = notes(first, size);
			first += size;
			let (batch, tree) = hospital_batch(&drafts, &[(HOSPITAL, Source)]);
			for (index, draft) in drafts.iter().enumerate() {
				let index = index as u32;
				assert_ok!(draft.promote(batch, index, path_of(&tree, index), vec![]));
			}
			assert_eq!(HealthRecords::batch(batch).unwrap().promoted, u32::from(size));
		}
	});
}

/// The root of a tree of 2^20 leaves in which the path of this leaf is `path`.
fn deep_root(draft: &Draft, index: u32, path: &[Digest]) -> Digest {
	let leaf = leaf_hash::<Sha256>(&leaf_data(draft));
	let path: Vec<Hash> = path.iter().map(|node| node.0).collect();
	let size = u64::from(MAX_TREE_SIZE);
	Digest(root_from_path::<Sha256>(size, index.into(), &leaf, &path).unwrap())
}

#[test]
fn a_leaf_of_a_million_is_promoted_by_twenty_hashes() {
	build_and_execute(|| {
		let path: Vec<_> = (0..20).map(|number| Digest([number; 32])).collect();
		for (batch, index) in [0, 0b1010_1010_1010_1010_1010, MAX_TREE_SIZE - 1].iter().enumerate()
		{
			let draft = note(batch as u8 + 1);
			let root = deep_root(&draft, *index, &path);
			assert_ok!(anchor_batch(HOSPITAL, root, MAX_TREE_SIZE, vec![]));
			let batch = BatchId(batch as u64);
			let promote =
				|index, path: &[Digest]| draft.promote(batch, index, path.to_vec(), vec![]);
			assert_noop!(promote(*index, &path[..19]), E::ProofWrongLength);
			assert_noop!(promote(MAX_TREE_SIZE, &path), E::LeafOutOfRange);
			assert_ok!(promote(*index, &path));
		}
	});
}

#[test]
fn an_inner_node_is_no_leaf() {
	build_and_execute(|| {
		let drafts = notes(1, 4);
		let (batch, tree) = hospital_batch(&drafts, &[]);
		let leaves = tree.leaves();
		let left = node_hash::<Sha256>(&leaves[0], &leaves[1]);
		let right = node_hash::<Sha256>(&leaves[2], &leaves[3]);
		assert_eq!(node_hash::<Sha256>(&left, &right), tree.root());
		let sides = [left, right].concat();
		let prefixed = [&[1], &sides[..]].concat();
		// With the tree as it is, and as a forger would have it: one leaf, or two.
		let (root, one, two) = (root_of(&tree), BatchId(1), BatchId(2));
		assert_ok!(anchor_batch(OTHER_HOSPITAL, root, 1, vec![]));
		assert_ok!(anchor_batch(LABORATORY, root, 2, vec![]));
		let includes = HealthRecords::verify_inclusion;
		for data in [sides, prefixed, left.to_vec(), tree.root().to_vec()] {
			for number in [batch, one, two] {
				assert!(!includes(number, data.clone(), 0, vec![]));
				assert!(!includes(number, data.clone(), 0, vec![Digest(right)]));
			}
		}
		// A whole record cannot be passed off as one either.
		assert_noop!(drafts[0].promote(batch, 0, vec![], vec![]), E::ProofWrongLength);
		let stranger =
			Draft { author: STRANGER, organisation: Some(identity(OTHER_HOSPITAL)), ..note(9) };
		assert_noop!(stranger.promote(one, 0, vec![], vec![]), E::BadProof);
		assert_noop!(result(10).promote(two, 0, vec![Digest(right)], vec![]), E::BadProof);
	});
}

#[test]
fn inclusion_is_verified_for_anybody() {
	build_and_execute(|| {
		let drafts = notes(1, 7);
		let (batch, tree) = hospital_batch(&drafts, &[]);
		let includes = HealthRecords::verify_inclusion;
		for (index, draft) in drafts.iter().enumerate() {
			let (index, data) = (index as u32, leaf_data(draft));
			let path = path_of(&tree, index);
			assert!(includes(batch, data.clone(), index, path.clone()));
			assert!(!includes(batch, data.clone(), (index + 1) % 7, path.clone()));
			assert!(!includes(batch, data[1..].to_vec(), index, path.clone()));
			assert!(!includes(BatchId(9), data, index, path));
		}
		let endless = vec![Digest([0; 32]); 100];
		assert!(!includes(batch, leaf_data(&drafts[0]), 0, endless));
	});
}

#[test]
fn the_published_trees_verify() {
	build_and_execute(|| {
		let hex = |text: &str| Digest(sp_core::bytes::from_hex(text).unwrap().try_into().unwrap());
		let roots = [
			"0x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
			"0xfac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
			"0xaeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
			"0xd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
			"0x4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
			"0x76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
			"0xddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
			"0x5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
		];
		for (batch, root) in roots.iter().enumerate() {
			assert_ok!(anchor_batch(HOSPITAL, hex(root), batch as u32 + 1, vec![]));
		}
		let leaves = ["0x", "0x00", "0x10", "0x2021", "0x3031", "0x40414243"];
		let data = |index: usize| sp_core::bytes::from_hex(leaves[index]).unwrap();
		let empty_leaf = hex(roots[0]);
		let known = [
			// Size, leaf, path.
			(1, 0, vec![]),
			(3, 2, vec![hex(roots[1])]),
			(
				5,
				1,
				vec![
					empty_leaf,
					hex("0x5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"),
					hex("0xbc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"),
				],
			),
			(
				8,
				5,
				vec![
					hex("0xbc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"),
					hex("0xca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"),
					hex(roots[3]),
				],
			),
		];
		for (size, index, path) in known {
			let batch = BatchId(size - 1);
			let includes = |index: usize| {
				HealthRecords::verify_inclusion(batch, data(index), index as u32, path.clone())
			};
			assert!(includes(index), "leaf {index} of {size}");
			for other in (0..leaves.len()).filter(|other| *other != index) {
				assert!(!includes(other), "leaf {other} of {size}");
			}
		}
	});
}

#[test]
fn an_object_is_kept_on_chain_when_it_is_small() {
	build_and_execute(|| {
		let draft = Draft { content: inline(object(512, 1)), ..note(1) };
		let drafts = [draft.clone(), note(2)];
		let (batch, tree) = hospital_batch(&drafts, &[(HOSPITAL, Source)]);
		assert_ok!(draft.promote(batch, 0, path_of(&tree, 0), vec![]));
		let version = HealthRecords::version(draft.id(), 1).unwrap();
		assert_eq!(version.object, Some(object(512, 1)));
	});
}

#[test]
fn verdicts_that_the_batch_lacks_are_not_paid_for() {
	use frame_support::{dispatch::GetDispatchInfo, traits::UnfilteredDispatchable};
	build_and_execute(|| {
		let drafts = notes(1, 2);
		let (batch, tree) = hospital_batch(&drafts, &[(HOSPITAL, Source)]);
		let call = drafts[0].promotion(batch, 0, path_of(&tree, 0), vec![]);
		let expected = <() as WeightInfo>::promote_external(0, MAX_ATTESTATIONS);
		assert_eq!(call.get_dispatch_info().call_weight, expected);
		let info = call.dispatch_bypass_filter(origin(DOCTOR)).unwrap();
		let actual = <() as WeightInfo>::promote_external(0, 1);
		assert_eq!(info.actual_weight, Some(actual));
		assert!(actual.ref_time() < expected.ref_time());
	});
}

#[test]
fn checks_what_filing_checks() {
	build_and_execute(|| {
		let drafts = notes(1, 2);
		let (batch, tree) = hospital_batch(&drafts, &[(HOSPITAL, Source)]);
		let promote = |draft: &Draft| draft.promote(batch, 0, path_of(&tree, 0), vec![]);
		let refused = |change: fn(&mut Draft)| {
			let mut draft = note(1);
			change(&mut draft);
			promote(&draft).unwrap_err()
		};
		assert_eq!(refused(|it| it.class = RecordClass::Genomic), E::NoPolicy.into());
		assert_eq!(refused(|it| it.organisation = None), E::OrganisationMissing.into());
		assert_eq!(
			refused(|it| it.organisation = Some(identity(OTHER_HOSPITAL))),
			E::NotAffiliated.into()
		);
		assert_eq!(refused(|it| it.subject = identity(DOCTOR)), E::UnknownSubject.into());
		assert_eq!(refused(|it| it.compartment = 9), E::CompartmentNotOpen.into());
		assert_eq!(refused(|it| it.key.epoch = EPOCH - 1), E::StaleEpoch.into());
		assert_eq!(refused(|it| it.padded_len = 513), E::BadPaddedLength.into());
		assert_eq!(refused(|it| it.author = NOBODY), sp_runtime::DispatchError::BadOrigin);
		// Its object is a record already, filed without the batch.
		let same = Draft { nonce: [9; 16], ..note(1) };
		assert_ok!(same.anchor(vec![same.vouched(HOSPITAL, Source)]));
		assert_noop!(promote(&note(1)), E::ContentAlreadyAnchored);
		// The record itself was filed without the batch, with another object.
		assert_ok!(Draft { content: note(9).content, ..note(2) }.propose());
		let second = || note(2).promote(batch, 1, path_of(&tree, 1), vec![]);
		assert_noop!(second(), E::RecordExists);
	});
}
