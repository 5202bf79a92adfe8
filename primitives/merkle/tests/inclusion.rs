// SPDX-License-Identifier: Apache-2.0
//! Roots and proofs: known answers, every kind of bad proof, and random trees.

use proptest::prelude::*;
use salus_merkle::{
	Hash, MerkleTree, ProofError, RootBuilder, empty_root, leaf_hash, node_hash, path_len,
	root_from_path, verify_inclusion,
};

mod support;
use support::{Sha2, reference_leaves};

fn tree(size: usize) -> MerkleTree<Sha2> {
	MerkleTree::from_data(reference_leaves().into_iter().take(size))
}

fn check(tree: &MerkleTree<Sha2>, index: u64, path: &[Hash]) -> Result<(), ProofError> {
	let leaf = tree.leaves()[index as usize];
	verify_inclusion::<Sha2>(&tree.root(), tree.size(), index, &leaf, path)
}

#[test]
fn the_reference_log_has_its_published_roots() {
	let roots = [
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	];
	let mut builder = RootBuilder::<Sha2>::new();
	for (size, root) in roots.iter().enumerate() {
		assert_eq!(hex::encode(tree(size).root()), *root, "tree of {size}");
		assert_eq!(hex::encode(builder.root()), *root, "builder of {size}");
		assert_eq!(builder.size(), size as u64);
		if let Some(leaf) = reference_leaves().get(size) {
			builder.push(leaf);
		}
	}
}

#[test]
fn the_reference_log_has_its_published_paths() {
	let path = |size, index| {
		let path = tree(size).path(index).unwrap();
		path.iter().map(hex::encode).collect::<Vec<_>>()
	};

	assert_eq!(
		path(8, 0),
		[
			"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
			"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
			"6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
		]
	);
	assert_eq!(
		path(8, 5),
		[
			"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
			"ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
			"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		]
	);
	assert_eq!(path(3, 2), ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]);
	assert_eq!(
		path(5, 1),
		[
			"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
			"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
			"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
		]
	);
}

#[test]
fn every_leaf_of_every_small_tree_is_proven() {
	for size in 1..=8 {
		let tree = tree(size);
		for index in 0..size as u64 {
			assert_eq!(check(&tree, index, &tree.path(index).unwrap()), Ok(()));
		}
	}
}

#[test]
fn a_tree_of_one_leaf_needs_no_path() {
	let tree = tree(1);
	assert_eq!(tree.path(0).unwrap(), Vec::<Hash>::new());
	assert_eq!(tree.root(), leaf_hash::<Sha2>(b""));
	assert_eq!(check(&tree, 0, &[]), Ok(()));
	assert_eq!(check(&tree, 0, &[[0; 32]]), Err(ProofError::PathTooLong));
}

#[test]
fn an_empty_tree_contains_nothing() {
	let tree = tree(0);
	assert_eq!(tree.path(0), Err(ProofError::EmptyTree));
	let root = empty_root::<Sha2>();
	assert_eq!(tree.root(), root);
	assert_eq!(verify_inclusion::<Sha2>(&root, 0, 0, &root, &[]), Err(ProofError::EmptyTree));
	assert_eq!(path_len(0, 0), Err(ProofError::EmptyTree));
}

#[test]
fn an_index_at_or_above_the_size_is_refused() {
	let tree = tree(5);
	let (root, leaf, path) = (tree.root(), tree.leaves()[0], tree.path(0).unwrap());
	for index in [5, 6, 8, u64::MAX] {
		assert_eq!(
			verify_inclusion::<Sha2>(&root, 5, index, &leaf, &path),
			Err(ProofError::IndexOutOfRange)
		);
		assert_eq!(tree.path(index), Err(ProofError::IndexOutOfRange));
	}
}

#[test]
fn a_path_of_another_length_is_refused() {
	let tree = tree(8);
	for index in 0..8 {
		let path = tree.path(index).unwrap();
		assert_eq!(check(&tree, index, &path[1..]), Err(ProofError::PathTooShort));
		assert_eq!(check(&tree, index, &path[..2]), Err(ProofError::PathTooShort));
		assert_eq!(check(&tree, index, &[]), Err(ProofError::PathTooShort));

		for padding in [[0; 32], tree.root(), path[2]] {
			let longer: Vec<Hash> = path.iter().copied().chain([padding]).collect();
			assert_eq!(check(&tree, index, &longer), Err(ProofError::PathTooLong));
			let longer: Vec<Hash> = [padding].into_iter().chain(path.iter().copied()).collect();
			assert_eq!(check(&tree, index, &longer), Err(ProofError::PathTooLong));
		}
	}
}

#[test]
fn a_wrong_leaf_index_path_or_root_leads_elsewhere() {
	let tree = tree(8);
	let (root, path) = (tree.root(), tree.path(2).unwrap());
	let leaf = tree.leaves()[2];
	let verify = |root: &Hash, index, leaf: &Hash, path: &[Hash]| {
		verify_inclusion::<Sha2>(root, 8, index, leaf, path)
	};
	assert_eq!(verify(&root, 2, &leaf, &path), Ok(()));

	assert_eq!(verify(&root, 2, &tree.leaves()[3], &path), Err(ProofError::RootMismatch));
	assert_eq!(verify(&root, 3, &leaf, &path), Err(ProofError::RootMismatch));
	assert_eq!(verify(&[0; 32], 2, &leaf, &path), Err(ProofError::RootMismatch));
	let swapped = [path[1], path[0], path[2]];
	assert_eq!(verify(&root, 2, &leaf, &swapped), Err(ProofError::RootMismatch));
	for level in 0..3 {
		let mut flipped = path.clone();
		flipped[level][31] ^= 1;
		assert_eq!(verify(&root, 2, &leaf, &flipped), Err(ProofError::RootMismatch));
	}
}

#[test]
fn a_proof_for_another_size_is_refused() {
	let (five, eight) = (tree(5), tree(8));
	let (leaf, path) = (five.leaves()[4], five.path(4).unwrap());
	assert_eq!(
		verify_inclusion::<Sha2>(&eight.root(), 8, 4, &leaf, &path),
		Err(ProofError::PathTooShort)
	);
	// Same length of path, different tree: only the root tells.
	let (leaf, path) = (five.leaves()[0], five.path(0).unwrap());
	assert_eq!(
		verify_inclusion::<Sha2>(&eight.root(), 8, 0, &leaf, &path),
		Err(ProofError::RootMismatch)
	);
}

#[test]
fn an_inner_node_does_not_pass_for_a_leaf() {
	// Trees that hash leaves and nodes alike, and check no length, accept the root itself, or any
	// inner node with the upper part of a path, as a leaf.
	let tree = tree(8);
	let root = tree.root();
	assert_eq!(verify_inclusion::<Sha2>(&root, 8, 0, &root, &[]), Err(ProofError::PathTooShort));

	let inner = node_hash::<Sha2>(&tree.leaves()[0], &tree.leaves()[1]);
	let path = tree.path(0).unwrap();
	assert_eq!(
		verify_inclusion::<Sha2>(&root, 8, 0, &inner, &path[1..]),
		Err(ProofError::PathTooShort)
	);

	// With a size the forger chose, the data of the two children still gives another leaf.
	let data = [tree.leaves()[0], tree.leaves()[1]].concat();
	assert_eq!(
		verify_inclusion::<Sha2>(&root, 4, 0, &leaf_hash::<Sha2>(&data), &path[1..]),
		Err(ProofError::RootMismatch)
	);
}

#[test]
fn a_million_leaves_are_proven_by_twenty_hashes() {
	let size = if cfg!(debug_assertions) { 1u64 << 12 } else { 1 << 20 };
	let tree = MerkleTree::<Sha2>::from_data((0..size).map(|leaf| leaf.to_le_bytes()));
	let depth = size.trailing_zeros() as usize;
	for index in [0, 1, size / 2 - 1, size / 2, size - 1] {
		let path = tree.path(index).unwrap();
		assert_eq!(path.len(), depth);
		assert_eq!(check(&tree, index, &path), Ok(()));
	}
	assert_eq!(path_len(1 << 20, 0), Ok(20));
	assert_eq!(path_len((1 << 20) + 1, 1 << 20), Ok(1));
	assert_eq!(path_len((1 << 20) + 1, 0), Ok(21));
}

#[test]
fn the_largest_sizes_do_not_overflow() {
	assert_eq!(path_len(u64::MAX, 0), Ok(64));
	assert_eq!(path_len(u64::MAX, u64::MAX - 1), Ok(63));
	assert_eq!(path_len(u64::MAX, u64::MAX), Err(ProofError::IndexOutOfRange));
	assert_eq!(path_len(1 << 63, (1 << 63) - 1), Ok(63));
	assert!(root_from_path::<Sha2>(u64::MAX, 0, &[0; 32], &[[0; 32]; 64]).is_ok());
}

/// The definition of RFC 9162 section 2.1.1, word for word: split at the largest power of two
/// below the size.
fn root_by_definition(leaves: &[Hash]) -> Hash {
	match leaves {
		[] => empty_root::<Sha2>(),
		[leaf] => *leaf,
		_ => {
			let split = (leaves.len().div_ceil(2)).next_power_of_two();
			let (left, right) = leaves.split_at(split);
			node_hash::<Sha2>(&root_by_definition(left), &root_by_definition(right))
		},
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(64))]

	#[test]
	fn builders_agree_with_the_definition(leaves in prop::collection::vec(any::<Hash>(), 0..300)) {
		let expected = root_by_definition(&leaves);
		let mut builder = RootBuilder::<Sha2>::new();
		leaves.iter().for_each(|leaf| builder.push_leaf(*leaf));
		prop_assert_eq!(builder.root(), expected);
		prop_assert_eq!(MerkleTree::<Sha2>::from_leaves(leaves).root(), expected);
	}

	#[test]
	fn proofs_hold_for_their_own_leaf_only(
		size in 1u64..400,
		index in any::<prop::sample::Index>(),
		other in any::<prop::sample::Index>(),
	) {
		let tree = MerkleTree::<Sha2>::from_data((0..size).map(|leaf| leaf.to_le_bytes()));
		let index = index.index(size as usize) as u64;
		let other = other.index(size as usize) as u64;
		let path = tree.path(index).unwrap();

		prop_assert_eq!(path.len(), path_len(size, index).unwrap());
		prop_assert_eq!(check(&tree, index, &path), Ok(()));
		if other != index {
			prop_assert!(check(&tree, other, &path).is_err());
			let leaf = tree.leaves()[other as usize];
			prop_assert!(
				verify_inclusion::<Sha2>(&tree.root(), size, index, &leaf, &path).is_err()
			);
		}
	}
}
