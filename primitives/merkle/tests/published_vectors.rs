// SPDX-License-Identifier: Apache-2.0
//! The inclusion vectors of the transparency-dev merkle library, read where they are present.

use base64::{Engine, prelude::BASE64_STANDARD};
use salus_merkle::{Hash, verify_inclusion};
use serde_json::Value;
use std::{
	fs,
	path::{Path, PathBuf},
};

mod support;
use support::Sha2;

#[test]
fn every_published_vector_has_its_outcome() {
	let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/merkle");
	if !folder.is_dir() {
		eprintln!("SKIPPED: the published vectors are not at {}", folder.display());
		return;
	}

	let files = json_files_below(&folder);
	assert_eq!(files.len(), 98);
	for file in files {
		let vector: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
		let refused = vector["wantErr"].as_bool().unwrap();
		assert_eq!(verify(&vector).is_none(), refused, "{}", file.display());
	}
}

/// `None` is a refusal. Some vectors hold hashes of a wrong length, which our types cannot express.
fn verify(vector: &Value) -> Option<()> {
	let path = match &vector["proof"] {
		Value::Null => Vec::new(),
		path => path.as_array().unwrap().iter().map(hash).collect::<Option<Vec<_>>>()?,
	};
	let size = vector["treeSize"].as_u64()?;
	let index = vector["leafIdx"].as_u64()?;
	let (root, leaf) = (hash(&vector["root"])?, hash(&vector["leafHash"])?);
	verify_inclusion::<Sha2>(&root, size, index, &leaf, &path).ok()
}

fn hash(value: &Value) -> Option<Hash> {
	BASE64_STANDARD.decode(value.as_str().unwrap()).unwrap().try_into().ok()
}

fn json_files_below(folder: &Path) -> Vec<PathBuf> {
	let mut files = Vec::new();
	for entry in fs::read_dir(folder).unwrap() {
		let path = entry.unwrap().path();
		if path.is_dir() {
			files.extend(json_files_below(&path));
		} else if path.extension().is_some_and(|extension| extension == "json") {
			files.push(path);
		}
	}
	files
}
