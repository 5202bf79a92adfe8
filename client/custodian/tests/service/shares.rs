// SPDX-License-Identifier: Apache-2.0

//! Deposit and erasure of key shares.

use crate::harness::*;
use reqwest::Method;
use salus_client::wire::{Deposit, Stored, path};
use salus_custodian::chain::RecordFacts;
use salus_envelope::{AgreementSecret, CustodianShare, PrivateKey, Secret};
use salus_primitives::{RecordStatus, RecordVersion};

fn deposit_for(version: RecordVersion) -> Deposit {
	let key = AgreementSecret::derive(&CUSTODIAN.0).public();
	Deposit {
		subject: patient().id,
		class: CLASS,
		compartment: 0,
		nonce: NONCE,
		content: hash(OBJECT),
		share: PEER.seal_deposit(&record(), version, &share(), &key).unwrap(),
	}
}

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
		let mut deposit = deposit_for(1);
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
		request.by(&colleague()).json(&deposit_for(2)).send()
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
	request.by(&author()).json(&deposit_for(2)).send().await.fails(422, "share-sealed");
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
