// SPDX-License-Identifier: Apache-2.0

//! Deposit and erasure of key shares.

use crate::harness::*;
use reqwest::Method;
use salus_client::wire::{Deposit, Release, SharePart, Stored, path};
use salus_custodian::chain::RecordFacts;
use salus_envelope::{CustodianShare, Secret};
use salus_primitives::RecordStatus;

#[tokio::test]
async fn a_deposit_is_taken_once() {
	let service = Service::start().await;
	let stored: Stored = service.deposit(&author(), &share()).await.json();
	assert!(!stored.existed);
	let again: Stored = service.deposit(&author(), &share()).await.json();
	assert!(again.existed);
}

#[tokio::test]
async fn another_share_does_not_replace_it() {
	let service = Service::start().await;
	service.deposit(&author(), &share()).await.succeeds(201);
	let other = CustodianShare::generate();
	service.deposit(&author(), &other).await.fails(409, "share-differs");
}

#[tokio::test]
async fn only_the_author_deposits() {
	let service = Service::start().await;
	service.deposit(&reader(), &share()).await.fails(403, "not-author");
	service.deposit(&patient(), &share()).await.fails(403, "not-author");
	assert_eq!(service.count("shares"), 0);
}

#[tokio::test]
async fn fields_of_another_record_are_refused() {
	let service = Service::start().await;
	let changes: [fn(&mut Deposit); 4] = [
		|d| d.subject = reader().id,
		|d| d.class = salus_primitives::RecordClass::Imaging,
		|d| d.compartment = 1,
		|d| d.nonce[0] ^= 1,
	];
	for change in changes {
		let mut deposit = deposit_for(1, &share());
		change(&mut deposit);
		let request = service.request(Method::PUT, &path::share(&record(), 1));
		request.by(&author()).json(&deposit).send().await.fails(403, "not-author");
	}
}

#[tokio::test]
async fn the_organisation_deposits_for_an_amendment() {
	let service = Service::start().await;
	let by_colleague = || {
		let request = service.request(Method::PUT, &path::share(&record(), 2));
		request.by(&colleague()).json(&deposit_for(2, &share())).send()
	};
	by_colleague().await.fails(403, "not-author");
	let facts =
		RecordFacts { organisation: Some(colleague().id), ..facts(RecordStatus::Validated) };
	service.chain.state().finalised.records.insert(record(), facts);
	by_colleague().await.fails(403, "not-author");
	service.chain.state().best.records.insert(record(), facts);
	by_colleague().await.succeeds(201);
}

#[tokio::test]
async fn a_share_sealed_for_another_version_is_refused() {
	let service = Service::start().await;
	let request = service.request(Method::PUT, &path::share(&record(), 1));
	request.by(&author()).json(&deposit_for(2, &share())).send().await.fails(422, "share-sealed");
}

#[tokio::test]
async fn nothing_of_a_share_lies_about_in_plain() {
	let service = Service::start().await;
	service.deposit(&author(), &share()).await.succeeds(201);
	let row = service.file(&format!("shares/{}/1", hex::encode(record().0)));
	let row = std::fs::read_to_string(row).unwrap();
	assert!(!row.contains(&hex::encode(share().expose())));
	let key = std::fs::read(service.key_file()).unwrap();
	assert_eq!(key.len(), 40);
}

#[tokio::test]
async fn a_deposit_that_broke_off_is_finished_by_the_next() {
	let service = Service::start().await;
	service.faults.break_writes(Some("shares"));
	service.deposit(&author(), &share()).await.fails(500, "store-failed");
	assert!(service.key_file().exists());
	service.faults.break_writes(None);
	service.deposit(&author(), &share()).await.succeeds(201);
	service.release().await.succeeds(200);
}

#[tokio::test]
async fn a_destroyed_key_is_a_lost_share() {
	let service = Service::start().await;
	service.deposit(&author(), &share()).await.succeeds(201);
	std::fs::remove_file(service.key_file()).unwrap();
	service.release().await.fails(502, "share-damaged");
}

#[tokio::test]
async fn an_anchored_share_is_kept() {
	let service = Service::start().await;
	service.deposit(&author(), &share()).await.succeeds(201);
	let erase = async |by: Person| {
		let request = service.request(Method::DELETE, &path::share(&record(), 1));
		request.by(&by).send().await
	};
	erase(reader()).await.fails(403, "not-entitled");
	erase(patient()).await.fails(403, "not-entitled");
	erase(author()).await.fails(409, "anchored");
	let error = facts(RecordStatus::EnteredInError);
	service.chain.both(|end| {
		end.records.insert(record(), error);
	});
	erase(author()).await.fails(409, "anchored");
	service.release().await.succeeds(200);
}

#[tokio::test]
async fn an_erased_share_is_gone_for_good() {
	let mut service = Service::start().await;
	service.chain.both(|end| {
		end.records.insert(record(), facts(RecordStatus::InProcess));
	});
	service.deposit(&author(), &share()).await.succeeds(201);
	let backup = std::fs::read(service.key_file()).unwrap();
	let erase = service.request(Method::DELETE, &path::share(&record(), 1)).by(&author());
	erase.send().await.succeeds(204);
	assert!(!service.key_file().exists());
	service.release().await.fails(410, "share-erased");
	service.deposit(&author(), &share()).await.fails(410, "share-erased");

	// A restored backup of the keys does not undo it.
	service.stop().await;
	std::fs::create_dir_all(service.key_file().parent().unwrap()).unwrap();
	std::fs::write(service.key_file(), backup).unwrap();
	service.restart().await;
	assert!(!service.key_file().exists());
	service.release().await.fails(410, "share-erased");
}

#[tokio::test]
async fn a_missing_share_is_named_so() {
	let service = Service::start().await;
	service.release().await.fails(404, "share-missing");
	let erase = service.request(Method::DELETE, &path::share(&record(), 1)).by(&author());
	erase.send().await.fails(404, "share-missing");
}

#[tokio::test]
async fn an_author_who_left_the_organisation_deposits_nothing_more() {
	let service = Service::start().await;
	let facts = RecordFacts { organisation: Some(hospital().id), ..facts(RecordStatus::Validated) };
	service.chain.both(|end| {
		end.records.insert(record(), facts);
	});
	let put = async |person: Person, version| {
		let request = service.request(Method::PUT, &path::share(&record(), version));
		request.by(&person).json(&deposit_for(version, &share())).send().await
	};
	put(author(), 2).await.succeeds(201);
	// Who works there now keeps the record as well.
	put(reader(), 3).await.succeeds(201);
	put(colleague(), 4).await.fails(403, "not-author");

	let left = (author().id, hospital().id);
	service.chain.state().best.affiliations.remove(&left);
	// The id still proves who wrote it, and that is not enough: for no version.
	for version in [1, 4] {
		put(author(), version).await.fails(403, "not-author");
	}
	put(hospital(), 4).await.succeeds(201);
}

#[tokio::test]
async fn what_is_under_legal_hold_is_destroyed_for_nobody() {
	let service = Service::start().await;
	service.put_object(OBJECT).await.succeeds(201);
	service.deposit(&author(), &share()).await.succeeds(201);
	let erase = async |path: &str| service.request(Method::DELETE, path).by(&author()).send().await;
	let (share_path, object_path) = (path::share(&record(), 1), path::object(&hash(OBJECT)));
	service.chain.both(|end| {
		// A proposal, which its author may otherwise take back.
		let facts = RecordFacts { legal_hold: true, ..facts(RecordStatus::InProcess) };
		end.records.insert(record(), facts);
		end.contents.insert(hash(OBJECT), record());
	});
	erase(&share_path).await.fails(409, "legal-hold");
	erase(&object_path).await.fails(409, "legal-hold");
	// A hold that is not final yet holds; one that is lifted at the newest block only, too.
	service.chain.state().finalised.records.get_mut(&record()).unwrap().legal_hold = false;
	erase(&share_path).await.fails(409, "legal-hold");
	service.chain.state().finalised.records.get_mut(&record()).unwrap().legal_hold = true;
	service.chain.state().best.records.get_mut(&record()).unwrap().legal_hold = false;
	erase(&share_path).await.fails(409, "legal-hold");
	erase(&object_path).await.fails(409, "legal-hold");
	service.chain.state().finalised.records.get_mut(&record()).unwrap().legal_hold = false;
	erase(&share_path).await.succeeds(204);
	erase(&object_path).await.succeeds(204);
}

const PART: SharePart = SharePart { index: 2, threshold: 2, of: 3 };

#[tokio::test]
async fn a_part_is_released_as_it_was_deposited() {
	let service = Service::start().await;
	let deposit = Deposit { part: Some(PART), ..deposit_for(1, &share()) };
	let put = async |deposit: &Deposit| {
		let request = service.request(Method::PUT, &path::share(&record(), 1));
		request.by(&author()).json(deposit).send().await
	};
	put(&deposit).await.succeeds(201);
	put(&deposit).await.succeeds(200);
	// Another number would make another key of it.
	let other = SharePart { index: 1, ..PART };
	put(&Deposit { part: Some(other), ..deposit.clone() }).await.fails(409, "share-differs");
	put(&Deposit { part: None, ..deposit }).await.fails(409, "share-differs");

	let answer = service.release().await;
	let request = answer.request;
	let release: Release = answer.json();
	assert_eq!(release.part, Some(PART));
	let opened = PEER.open_release(&request, &release.share, &reader().secret);
	assert_eq!(opened.unwrap(), share());
}

#[tokio::test]
async fn a_part_that_no_division_has_is_refused() {
	let service = Service::start().await;
	for (index, threshold, of) in [(0, 1, 1), (2, 1, 1), (1, 2, 1), (1, 0, 1), (1, 1, 9)] {
		let part = Some(SharePart { index, threshold, of });
		let request = service.request(Method::PUT, &path::share(&record(), 1)).by(&author());
		let request = request.json(&Deposit { part, ..deposit_for(1, &share()) });
		request.send().await.fails(422, "part-unsound");
	}
	assert_eq!(service.count("shares"), 0);
}

#[tokio::test]
async fn a_share_that_was_taken_back_leaves_its_number_free() {
	let mut service = Service::start().await;
	let erase = async |service: &Service, version| {
		let request = service.request(Method::DELETE, &path::share(&record(), version));
		request.by(&author()).send().await
	};
	service.deposit(&author(), &share()).await.succeeds(201);
	// An amendment that comes to nothing, of a record that counts; and another one instead.
	let (content, other) = (hash(b"amended"), CustodianShare::from_bytes([8; 32]));
	service.deposit_version(&author(), 2, &content, &share()).await.succeeds(201);
	let by_other = service.request(Method::DELETE, &path::share(&record(), 2)).by(&reader());
	by_other.send().await.fails(403, "not-entitled");
	erase(&service, 2).await.succeeds(204);
	assert_eq!((service.count("shares"), service.count("tombstones")), (1, 0));
	service.stop().await;
	service.restart().await;
	let again = hash(b"amended otherwise");
	service.deposit_version(&author(), 2, &again, &other).await.succeeds(201);

	// From the moment that either end of the chain has given out the number, it is gone for good.
	let amended = RecordFacts { newest: 2, ..facts(RecordStatus::InProcess) };
	service.chain.state().best.records.insert(record(), amended);
	service.chain.state().finalised.records.insert(record(), facts(RecordStatus::InProcess));
	erase(&service, 2).await.succeeds(204);
	assert_eq!(service.count("tombstones"), 1);
	service.deposit_version(&author(), 2, &again, &other).await.fails(410, "share-erased");
}

#[tokio::test]
async fn a_first_share_that_was_taken_back_can_come_again() {
	let service = Service::start().await;
	service.chain.both(|end| {
		end.records.clear();
		end.versions.clear();
	});
	service.deposit(&author(), &share()).await.succeeds(201);
	let erase = service.request(Method::DELETE, &path::share(&record(), 1)).by(&author());
	erase.send().await.succeeds(204);
	let state = service.request(Method::GET, &path::share(&record(), 1)).by(&author());
	state.send().await.fails(404, "share-missing");
	let other = CustodianShare::from_bytes([8; 32]);
	service.deposit(&author(), &other).await.succeeds(201);
}
