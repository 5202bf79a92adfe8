// SPDX-License-Identifier: Apache-2.0

//! Sealed objects.

use crate::harness::*;
use reqwest::Method;
use salus_client::wire::{Stored, path};
use salus_primitives::{ContentHash, RecordStatus};
use std::path::PathBuf;

fn file_of(service: &Service, hash: &ContentHash) -> PathBuf {
	let name = hex::encode(hash.0);
	service.file(&format!("objects/{}/{name}", &name[..2]))
}

/// Long enough to be staged in parts.
fn long() -> Vec<u8> {
	(0..6_000_000u32).map(|i| (i % 251) as u8).collect()
}

#[tokio::test]
async fn an_object_comes_back_as_it_went() {
	let service = Service::start().await;
	for object in [vec![], b"short".to_vec(), long()] {
		let stored: Stored = service.put_object(&object).await.json();
		assert!(!stored.existed);
		let answer = service.get_object(&hash(&object)).await;
		assert_eq!(answer.status, 200);
		assert_eq!(answer.body.unwrap(), object);
		let again: Stored = service.put_object(&object).await.json();
		assert!(again.existed);
	}
}

#[tokio::test]
async fn bytes_of_another_hash_are_not_stored() {
	let service = Service::start().await;
	for object in [b"short".to_vec(), long()] {
		let claimed = hash(b"something else");
		let request = service.request(Method::PUT, &path::object(&claimed)).by(&author());
		// A liar signs the hash that it claims.
		let answer = request.body(object).change(move |s| s.body = claimed.0).send().await;
		answer.fails(422, "hash-mismatch");
		service.get_object(&claimed).await.fails(404, "object-missing");
		assert_eq!(service.count("objects"), 0);
		assert_eq!(service.count("owners"), 0);
	}
}

#[tokio::test]
async fn a_flipped_byte_is_never_served_whole() {
	let service = Service::start().await;
	for object in [b"short".to_vec(), long()] {
		service.put_object(&object).await.succeeds(201);
		let file = file_of(&service, &hash(&object));
		let mut bytes = std::fs::read(&file).unwrap();
		let middle = bytes.len() / 2;
		bytes[middle] ^= 1;
		std::fs::write(&file, bytes).unwrap();
		let failure = service.get_object(&hash(&object)).await.fails(502, "object-damaged");
		assert!(failure.message.starts_with("object damaged"));

		// Uploading it again heals it.
		service.put_object(&object).await.succeeds(200);
		assert_eq!(service.get_object(&hash(&object)).await.body.unwrap(), object);
	}
	assert!(service.metrics().await.contains("salus_custodian_objects_damaged_total 2"));
}

#[tokio::test]
async fn a_shortened_object_is_never_served_whole() {
	let service = Service::start().await;
	service.put_object(b"object").await.succeeds(201);
	std::fs::write(file_of(&service, &hash(b"object")), b"objec").unwrap();
	service.get_object(&hash(b"object")).await.fails(502, "object-damaged");
}

#[tokio::test]
async fn damage_to_a_very_long_object_cuts_the_connection() {
	let service = Service::start_with(|settings| settings.hash_first = 1 << 20).await;
	let object = vec![3; (1 << 20) + 1];
	service.put_object(&object).await.succeeds(201);
	let sound = service.get_object(&hash(&object)).await;
	assert_eq!(sound.body.unwrap().len(), object.len());

	let file = file_of(&service, &hash(&object));
	let mut bytes = object.clone();
	bytes[1000] ^= 1;
	std::fs::write(&file, bytes).unwrap();
	assert!(service.get_object(&hash(&object)).await.body.is_err());
}

#[tokio::test]
async fn an_object_above_the_limit_is_refused() {
	let service = Service::start_with(|settings| settings.max_object = 1000).await;
	service.put_object(&[1; 1000]).await.succeeds(201);
	service.put_object(&[1; 1001]).await.fails(413, "too-large");
	assert_eq!(service.count("objects"), 1);
}

#[tokio::test]
async fn a_length_that_is_not_declared_is_bounded_too() {
	let service = Service::start_with(|settings| settings.max_object = 1000).await;
	let body = vec![1; 4000];
	let (credentials, _) =
		PEER.sign("PUT", &path::object(&hash(&body)), hash(&body).0, &author().signer);
	let pieces = body.chunks(100).map(|piece| Ok::<_, std::io::Error>(piece.to_vec()));
	let pieces = futures::stream::iter(pieces.collect::<Vec<_>>());
	let url = format!("{}{}", service.url, path::object(&hash(&body)));
	let mut request = reqwest::Client::new().put(url).body(reqwest::Body::wrap_stream(pieces));
	for (name, value) in credentials.headers() {
		request = request.header(name, value);
	}
	assert_eq!(request.send().await.unwrap().status(), 413);
	assert_eq!(service.count("objects"), 0);
}

#[tokio::test]
async fn a_missing_object_is_named_so() {
	let service = Service::start().await;
	service.get_object(&hash(b"none")).await.fails(404, "object-missing");
	let delete = service.request(Method::DELETE, &path::object(&hash(b"none"))).send().await;
	delete.fails(404, "object-missing");
}

#[tokio::test]
async fn only_who_uploaded_an_object_deletes_it() {
	let service = Service::start().await;
	service.put_object(b"object").await.succeeds(201);
	let delete = || service.request(Method::DELETE, &path::object(&hash(b"object")));
	delete().by(&reader()).send().await.fails(403, "not-owner");
	delete().by(&author()).send().await.succeeds(204);
	service.get_object(&hash(b"object")).await.fails(404, "object-missing");
	assert_eq!(service.count("owners"), 0);
}

#[tokio::test]
async fn an_anchored_object_is_kept() {
	let service = Service::start().await;
	service.put_object(b"object").await.succeeds(201);
	service.chain.state().best.contents.insert(hash(b"object"), record());
	let delete = || service.request(Method::DELETE, &path::object(&hash(b"object")));
	delete().by(&author()).send().await.fails(409, "anchored");
	service.chain.both(|end| {
		end.contents.insert(hash(b"object"), record());
		end.records.insert(record(), facts(RecordStatus::InProcess));
	});
	delete().by(&author()).send().await.succeeds(204);
}

#[tokio::test]
async fn a_store_that_fails_is_said_so() {
	let service = Service::start().await;
	service.faults.break_writes(Some("objects"));
	service.put_object(b"object").await.fails(500, "store-failed");
	service.put_object(&long()).await.fails(500, "store-failed");
	service.faults.break_writes(None);
	service.get_object(&hash(b"object")).await.fails(404, "object-missing");
}
