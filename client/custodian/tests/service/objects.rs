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

/// What a small object counts for.
const LEAST: u64 = 64 << 10;

#[tokio::test]
async fn what_belongs_to_nothing_on_chain_is_bounded() {
	let mut service = Service::start_with(|settings| settings.max_unfiled = 3 * LEAST).await;
	let put = async |service: &Service, by: &Person, bytes: &[u8]| {
		let request = service.request(Method::PUT, &path::object(&hash(bytes)));
		request.by(by).body(bytes.to_vec()).send().await
	};
	for object in [b"1", b"2", b"3"] {
		put(&service, &author(), object).await.succeeds(201);
	}
	let failure = put(&service, &author(), b"4").await.fails(507, "quota-full");
	assert!(failure.message.contains("196608 bytes"), "{}", failure.message);
	service.get_object(&hash(b"4")).await.fails(404, "object-missing");
	// What is there can be brought again, and others have room of their own.
	put(&service, &author(), b"1").await.succeeds(200);
	put(&service, &patient(), b"5").await.succeeds(201);

	// A restart forgets nothing.
	service.stop().await;
	service.restart().await;
	put(&service, &author(), b"4").await.fails(507, "quota-full");

	// What is filed counts no more; that counts from finality on.
	service.chain.state().best.contents.insert(hash(b"1"), record());
	put(&service, &author(), b"4").await.fails(507, "quota-full");
	service.chain.state().finalised.contents.insert(hash(b"1"), record());
	put(&service, &author(), b"4").await.succeeds(201);
	put(&service, &author(), b"6").await.fails(507, "quota-full");

	// Nor does what was deleted.
	let delete = service.request(Method::DELETE, &path::object(&hash(b"2"))).by(&author());
	delete.send().await.succeeds(204);
	put(&service, &author(), b"6").await.succeeds(201);
	put(&service, &author(), b"7").await.fails(507, "quota-full");
	assert_eq!(service.count("unfiled"), 4);
}

#[tokio::test]
async fn an_upload_without_room_is_refused_before_it_is_read() {
	let service = Service::start_with(|settings| settings.max_unfiled = 1 << 20).await;
	let bytes = long();
	service.put_object(&bytes).await.fails(507, "quota-full");
	assert_eq!((service.count("objects"), service.count("unfiled")), (0, 0));
	// One that does not say how long it is, is refused when it has come.
	let chunks = bytes.chunks(1 << 20).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec()));
	let body = reqwest::Body::wrap_stream(futures::stream::iter(chunks.collect::<Vec<_>>()));
	let place = path::object(&hash(&bytes));
	let (credentials, request) = PEER.sign("PUT", &place, hash(&bytes).0, &author().signer);
	let put = reqwest::Client::new().put(format!("{}{place}", service.url)).body(body);
	send(put, &credentials, request).await.unwrap().fails(507, "quota-full");
	assert_eq!((service.count("objects"), service.count("unfiled")), (0, 0));
}

#[tokio::test]
async fn who_has_the_bytes_from_elsewhere_takes_nobodys_object_away() {
	let service = Service::start().await;
	let put = async |by: Person| {
		let request = service.request(Method::PUT, &path::object(&hash(b"object")));
		request.by(&by).body(b"object".to_vec()).send().await
	};
	let delete = async |by: Person| {
		service.request(Method::DELETE, &path::object(&hash(b"object"))).by(&by).send().await
	};
	// Another custodian of the record, which has the object, is quicker than its author.
	put(colleague()).await.succeeds(201);
	put(author()).await.succeeds(200);
	put(author()).await.succeeds(200);
	delete(colleague()).await.succeeds(204);
	service.get_object(&hash(b"object")).await.succeeds(200);
	delete(colleague()).await.fails(403, "not-owner");

	// Once it is filed, it is for those who filed it, at either end of the chain.
	put(colleague()).await.succeeds(200);
	let proposed = facts(RecordStatus::InProcess);
	service.chain.both(|end| {
		end.records.insert(record(), proposed);
	});
	service.chain.state().best.contents.insert(hash(b"object"), record());
	delete(colleague()).await.fails(403, "not-owner");
	service.chain.state().finalised.contents.insert(hash(b"object"), record());
	delete(colleague()).await.fails(403, "not-owner");
	service.get_object(&hash(b"object")).await.succeeds(200);
	delete(author()).await.succeeds(204);
	service.get_object(&hash(b"object")).await.fails(404, "object-missing");
	assert_eq!((service.count("owners"), service.count("claims")), (0, 0));
}

#[tokio::test]
async fn an_object_goes_with_the_last_who_brought_it() {
	let service = Service::start().await;
	let place = path::object(&hash(b"object"));
	let people = [author(), reader(), patient()];
	for by in &people {
		let put = service.request(Method::PUT, &place).by(by).body(b"object".to_vec());
		assert!(put.send().await.status.is_success());
	}
	assert_eq!((service.count("owners"), service.count("claims")), (1, 2));
	for (left, by) in people.iter().enumerate() {
		service.get_object(&hash(b"object")).await.succeeds(200);
		service.request(Method::DELETE, &place).by(by).send().await.succeeds(204);
		assert_eq!(service.count("owners"), usize::from(left < 2));
	}
	service.get_object(&hash(b"object")).await.fails(404, "object-missing");
	assert_eq!((service.count("objects"), service.count("claims")), (0, 0));
}
