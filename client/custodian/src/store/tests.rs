// SPDX-License-Identifier: Apache-2.0

//! Rows, lists and places of stores in a directory and in memory.

use super::*;

#[tokio::test]
async fn a_row_is_created_once() {
	let directory = tempfile::tempdir().unwrap();
	let store = Store::open(directory.path().to_str().unwrap()).unwrap();
	assert!(store.create("a/b", Bytes::from_static(b"1")).await.unwrap());
	assert!(!store.create("a/b", Bytes::from_static(b"2")).await.unwrap());
	assert_eq!(store.read("a/b").await.unwrap().unwrap(), "1");
	store.remove("a/b").await.unwrap();
	store.remove("a/b").await.unwrap();
	assert_eq!(store.read("a/b").await.unwrap(), None);
}

#[tokio::test]
async fn lists_are_ordered_and_paged() {
	let directory = tempfile::tempdir().unwrap();
	let store = Store::open(directory.path().to_str().unwrap()).unwrap();
	for name in ["l/3", "l/1", "l/2", "m/1"] {
		store.create(name, Bytes::new()).await.unwrap();
	}
	let (names, more) = store.list("l", None, 2).await.unwrap();
	assert_eq!((names, more), (vec!["1".into(), "2".into()], true));
	let (names, more) = store.list("l", Some("2"), 2).await.unwrap();
	assert_eq!((names, more), (vec!["3".into()], false));
}

#[tokio::test]
async fn folders_are_told_from_what_lies_in_them() {
	let directory = tempfile::tempdir().unwrap();
	let local = Store::open(directory.path().to_str().unwrap()).unwrap();
	for store in [local, Store::open("memory:///").unwrap()] {
		assert_eq!(store.folders("f", None).await.unwrap(), [""; 0]);
		for name in ["f/3/a", "f/1/a/b", "f/2/a", "f/2/b", "f/row", "g/4/a"] {
			store.create(name, Bytes::new()).await.unwrap();
		}
		assert_eq!(store.folders("f", None).await.unwrap(), ["1", "2", "3"]);
		assert_eq!(store.folders("f", Some("2")).await.unwrap(), ["2", "3"]);
	}
}

#[tokio::test]
async fn a_walk_meets_everything_once() {
	let store = Store::open("memory:///").unwrap();
	assert_eq!(store.walk("l").count().await, 0);
	for name in ["l/1/a", "l/1/b", "l/2", "m/1"] {
		store.create(name, Bytes::new()).await.unwrap();
	}
	let mut met: Vec<String> = store.walk("l").try_collect().await.unwrap();
	met.sort();
	assert_eq!(met, ["1/a", "1/b", "2"]);
}

#[tokio::test]
async fn the_end_of_a_dense_folder_is_found() {
	let store = Store::open("memory:///").unwrap();
	let path = |seq: u64| format!("d/{seq}");
	for end in 0..20 {
		for from in 0..=end {
			assert_eq!(store.first_missing(from, path).await.unwrap(), end);
		}
		store.create(&path(end), Bytes::new()).await.unwrap();
	}
}

#[tokio::test]
async fn old_folders_are_swept() {
	let directory = tempfile::tempdir().unwrap();
	let local = Store::open(directory.path().join("s").to_str().unwrap()).unwrap();
	let remote = Store::open("memory:///").unwrap();
	for store in [local, remote] {
		for name in ["n/1/a", "n/1/b", "n/2/a"] {
			store.create(name, Bytes::new()).await.unwrap();
		}
		store.sweep("n", |name| name == "1").await.unwrap();
		let (names, _) = store.list("n", None, 10).await.unwrap();
		assert_eq!(names, ["2/a"]);
	}
	assert!(!directory.path().join("s/n/1").exists());
}

#[test]
fn a_place_in_the_same_bucket_is_inside() {
	let bucket = |text: &str| {
		let (bucket, place) = bucket_of(&url::Url::parse(text).unwrap()).unwrap();
		(bucket, place.to_string())
	};
	for same in [
		"s3://clinic/keys/of-shares",
		"s3a://clinic/keys/of-shares/",
		"https://clinic.s3.eu-central-1.amazonaws.com/keys/of-shares",
		"https://s3.eu-central-1.amazonaws.com/clinic/keys/of-shares",
	] {
		assert_eq!(bucket(same), ("clinic".into(), "keys/of-shares".into()), "{same}");
	}

	let at = |location: &str| {
		let url = url::Url::parse(location).unwrap();
		Store { bucket: bucket_of(&url), ..Store::open("memory:///").unwrap() }
	};
	let store = at("s3://clinic/custodian");
	for inside in ["s3://clinic/custodian", "s3a://clinic/custodian/keys"] {
		assert!(store.holds(&at(inside)), "{inside}");
		assert!(at("s3://clinic").holds(&at(inside)), "{inside}");
	}
	for outside in ["s3://clinic/custodian-keys", "s3://clinic", "s3://vault/custodian/keys"] {
		assert!(!store.holds(&at(outside)), "{outside}");
	}
	assert!(!store.holds(&Store::open("memory:///").unwrap()));
}

#[test]
fn what_is_no_store_is_named() {
	let error = Store::open("gopher://x/y").err().unwrap();
	assert!(error.to_string().contains("gopher://x/y"), "{error}");
}
