// SPDX-License-Identifier: Apache-2.0

//! Erasure: what the final block says is erased is gone here, for good.

mod archived;
mod resealed;

use crate::harness::*;
use reqwest::Method;
use salus_client::{
	custodian::{Custodian, Held},
	wire::{AuditPage, Deposit, Release, Stored, path},
};
use salus_custodian::chain::VersionFacts;
use salus_envelope::{
	Addressee, AgreementSecret, ContentKey, CustodianShare, KeyEncryptionKey, OpenError, Opener,
	PrivateKey, RecordContext, RecordMetadata, Sealer, Secret,
};
use salus_primitives::{
	AmendReason, ContentHash, RecordId, RecordStatus, RecordVersion, blake2_256,
};
use std::{
	path::{Path, PathBuf},
	time::Duration,
};

const NEVER: Duration = Duration::from_secs(3600);

/// A custodian with the object and the share of the one record.
async fn with_record() -> Service {
	let service = Service::start().await;
	service.put_object(OBJECT).await.succeeds(201);
	service.deposit(&author(), &share()).await.succeeds(201);
	service
}

/// The chain erases the record: it keeps nothing of it but the tombstone.
fn erase(service: &Service) {
	service.chain.both(|end| {
		end.records.remove(&record());
		end.contents.remove(&hash(OBJECT));
		end.tombstones.push(record());
	});
}

/// The chain names the object for the first version of the record, in which version `current`
/// counts.
fn anchor(service: &Service, current: RecordVersion) {
	let first = version(OBJECT);
	service.chain.both(|end| {
		end.contents.insert(hash(OBJECT), record());
		end.versions.insert((record(), 1), first);
		end.records.get_mut(&record()).unwrap().current = current;
	});
}

/// The author deposits a share of another record of the same patient.
async fn deposit_other(
	service: &Service,
	content: &ContentHash,
	share: &CustodianShare,
) -> RecordId {
	let nonce = [8; 16];
	let other = RecordId::derive(blake2_256, &author().id, &patient().id, CLASS, 0, &nonce);
	let to_custodian = AgreementSecret::derive(&CUSTODIAN.0).public();
	let deposit = Deposit {
		subject: patient().id,
		class: CLASS,
		compartment: 0,
		nonce,
		content: *content,
		share: PEER.seal_deposit(&other, 1, share, &to_custodian).unwrap(),
		part: None,
	};
	let put = service.request(Method::PUT, &path::share(&other, 1)).by(&author());
	put.json(&deposit).send().await.succeeds(201);
	other
}

fn object_file(service: &Service, hash: &ContentHash) -> PathBuf {
	let name = hex::encode(hash.0);
	service.file(&format!("objects/{}/{name}", &name[..2]))
}

fn is_gone(service: &Service) -> bool {
	!service.key_file().exists()
		&& service.count("shares") == 0
		&& service.count("contents") == 0
		&& service.count("owners") == 0
		&& !object_file(service, &hash(OBJECT)).exists()
}

async fn is_refused(service: &Service) {
	service.release().await.fails(410, "share-erased");
	service.deposit(&author(), &share()).await.fails(410, "share-erased");
	service.get_object(&hash(OBJECT)).await.fails(410, "object-erased");
	service.put_object(OBJECT).await.fails(410, "object-erased");
	assert!(is_gone(service), "refusals leave nothing behind");
}

fn copy(from: &Path, to: &Path) {
	std::fs::create_dir_all(to).unwrap();
	for entry in std::fs::read_dir(from).unwrap() {
		let entry = entry.unwrap();
		let target = to.join(entry.file_name());
		if entry.path().is_dir() {
			copy(&entry.path(), &target);
		} else {
			std::fs::copy(entry.path(), target).unwrap();
		}
	}
}

#[tokio::test]
async fn an_erased_record_leaves_neither_share_nor_object() {
	let service = with_record().await;
	// A second version, and an object of nobody's record.
	service.put_object(b"second").await.succeeds(201);
	let second = CustodianShare::generate();
	service.deposit_version(&author(), 2, &hash(b"second"), &second).await.succeeds(201);
	service.put_object(b"unrelated").await.succeeds(201);
	service.release().await.succeeds(200);
	eventually(|| service.count("audit") == 1).await;
	let recorded = (service.count("log"), service.count("audit"));

	erase(&service);
	eventually(|| !service.key_file().exists() && service.count("objects") == 1).await;
	eventually(|| service.count("contents") == 0).await;
	assert_eq!((service.count("shares"), service.count("owners")), (0, 1));
	service.release().await.fails(410, "share-erased");
	service.deposit(&author(), &share()).await.fails(410, "share-erased");
	service.deposit_version(&author(), 3, &hash(b"3"), &share()).await.fails(410, "share-erased");
	for object in [OBJECT, b"second"] {
		service.get_object(&hash(object)).await.fails(410, "object-erased");
		service.put_object(object).await.fails(410, "object-erased");
	}
	service.get_object(&hash(b"unrelated")).await.succeeds(200);
	assert_eq!((service.count("shares"), service.count("contents")), (0, 0));

	// What was recorded about the patient stays, and the patient still sees it.
	assert_eq!((service.count("log"), service.count("audit")), recorded);
	let audit = path::audit(&patient().id, None, 10);
	let page: AuditPage = service.request(Method::GET, &audit).by(&patient()).send().await.json();
	assert_eq!(page.entries.len(), 1);
	assert!(service.metrics().await.contains("salus_custodian_erasures_total 1"));
}

#[tokio::test]
async fn the_sdk_tells_kept_from_erased() {
	let service = with_record().await;
	let client = Custodian::connect(&service.url, crate::chain::GENESIS).await.unwrap();
	let signer = reader().signer;
	let state = async || {
		let share = client.share_state(&signer, &record(), 1).await.unwrap();
		(share, client.object_state(&signer, &hash(OBJECT)).await.unwrap())
	};
	assert_eq!(state().await, (Held::Kept, Held::Kept));
	let missing = client.share_state(&signer, &record(), 2).await.unwrap();
	assert_eq!(missing, Held::Missing);
	let missing = client.object_state(&signer, &hash(b"none")).await.unwrap();
	assert_eq!(missing, Held::Missing);
	erase(&service);
	eventually(|| is_gone(&service)).await;
	assert_eq!(state().await, (Held::Erased, Held::Erased));
}

#[tokio::test]
async fn a_tombstone_that_is_not_final_erases_nothing() {
	let service = with_record().await;
	// In the newest block only: a reorganisation may yet undo it.
	service.chain.state().best.tombstones.push(record());
	tokio::time::sleep(Duration::from_millis(500)).await;
	service.release().await.succeeds(200);
	service.get_object(&hash(OBJECT)).await.succeeds(200);
	service.chain.state().best.tombstones.clear();
	tokio::time::sleep(Duration::from_millis(200)).await;
	service.release().await.succeeds(200);
	assert_eq!(service.count("erased"), 0);

	erase(&service);
	eventually(|| is_gone(&service)).await;
}

#[tokio::test]
async fn an_old_backup_is_erased_before_anything_is_served() {
	let mut service = with_record().await;
	service.stop().await;
	let backup = tempfile::tempdir().unwrap();
	copy(service.folder(), backup.path());
	service.restart().await;
	erase(&service);
	eventually(|| is_gone(&service)).await;
	service.stop().await;

	// Both stores as they were, marks and all.
	for store in ["store", "keys"] {
		std::fs::remove_dir_all(service.folder().join(store)).unwrap();
	}
	copy(backup.path(), service.folder());
	assert!(service.key_file().exists() && !is_gone(&service));
	// No later round does what the start has not done.
	service.set(|settings| settings.erasure_interval = NEVER);
	service.restart().await;
	assert!(is_gone(&service));
	is_refused(&service).await;
}

#[tokio::test]
async fn a_backup_of_one_store_undoes_nothing_either() {
	for store in ["store", "keys"] {
		let mut service = with_record().await;
		let backup = tempfile::tempdir().unwrap();
		service.stop().await;
		copy(&service.folder().join(store), backup.path());
		service.restart().await;
		erase(&service);
		eventually(|| is_gone(&service)).await;
		service.stop().await;
		copy(backup.path(), &service.folder().join(store));
		service.set(|settings| settings.erasure_interval = NEVER);
		service.restart().await;
		assert!(is_gone(&service), "{store}");
		is_refused(&service).await;
	}
}

#[tokio::test]
async fn objects_that_come_back_alone_are_removed_at_the_start() {
	let mut service = with_record().await;
	erase(&service);
	eventually(|| is_gone(&service)).await;
	let file = object_file(&service, &hash(OBJECT));
	std::fs::write(&file, OBJECT).unwrap();
	// Nor is it served before that.
	service.get_object(&hash(OBJECT)).await.fails(410, "object-erased");
	service.stop().await;
	service.restart().await;
	assert!(!file.exists());
}

#[tokio::test]
async fn without_the_chains_tombstones_nothing_is_served() {
	let mut service = with_record().await;
	service.stop().await;
	service.chain.state().hides_tombstones = true;
	let error = service.try_restart().await.unwrap_err().to_string();
	assert!(error.contains("nothing is served"), "{error}");
	service.chain.state().hides_tombstones = false;
	service.restart().await;
	service.release().await.succeeds(200);
}

#[derive(Clone, Copy, Debug)]
enum Step {
	Write(&'static str),
	Remove(&'static str),
	RemoveKey,
}

#[tokio::test]
async fn a_crash_between_any_two_steps_is_made_good() {
	use Step::{Remove, RemoveKey, Write};
	for step in [
		Write("erased"),
		RemoveKey,
		Remove("shares"),
		Write("erased-objects"),
		Remove("objects"),
		Remove("owners"),
		Remove("contents"),
	] {
		let mut service = with_record().await;
		match step {
			Write(folder) => service.faults.break_writes(Some(folder)),
			Remove(folder) => service.faults.break_removals(Some(folder)),
			RemoveKey => service.key_faults.break_removals(Some("keys")),
		}
		erase(&service);
		let failed = "salus_custodian_erasures_failed_total ";
		let mut rounds = 0;
		for _ in 0..200 {
			let text = service.metrics().await;
			let line = text.lines().find(|line| line.starts_with(failed)).unwrap();
			rounds = line[failed.len()..].parse().unwrap();
			if rounds > 0 {
				break;
			}
			tokio::time::sleep(Duration::from_millis(20)).await;
		}
		assert!(rounds > 0, "{step:?} was not reached");
		assert!(!is_gone(&service), "{step:?}");
		if !matches!(step, Write("erased")) {
			service.release().await.fails(410, "share-erased");
		}

		service.crash().await;
		service.faults.break_writes(None);
		service.faults.break_removals(None);
		service.key_faults.break_removals(None);
		service.set(|settings| settings.erasure_interval = NEVER);
		service.restart().await;
		assert!(is_gone(&service), "{step:?}");
		is_refused(&service).await;
		// Once more changes nothing.
		service.stop().await;
		service.restart().await;
		is_refused(&service).await;
	}
}

#[tokio::test]
async fn a_round_that_failed_is_tried_again() {
	let service = with_record().await;
	service.faults.break_removals(Some("objects"));
	erase(&service);
	eventually(|| service.count("shares") == 0).await;
	service.faults.break_removals(None);
	eventually(|| is_gone(&service)).await;
}

#[tokio::test]
async fn many_erasures_are_followed_page_by_page() {
	let service = with_record().await;
	let others = (0..120u8).map(|number| RecordId(blake2_256(&[number])));
	service.chain.both(|end| end.tombstones.extend(others.clone()));
	erase(&service);
	eventually(|| is_gone(&service)).await;
	eventually(|| service.count("erased") == 121).await;

	// A page that ends exactly at the last one is the last one.
	let more = (0..29u8).map(|number| RecordId(blake2_256(&[number, 1])));
	service.chain.both(|end| end.tombstones.extend(more.clone()));
	eventually(|| service.count("erased") == 150).await;
}

#[tokio::test]
async fn what_somebody_else_uploaded_is_not_erased_by_a_claim() {
	let service = Service::start().await;
	let upload = service.request(Method::PUT, &path::object(&hash(OBJECT)));
	upload.by(&reader()).body(OBJECT.to_vec()).send().await.succeeds(201);
	service.deposit(&author(), &share()).await.succeeds(201);
	erase(&service);
	eventually(|| service.count("contents") == 0).await;
	assert!(!service.key_file().exists());
	service.get_object(&hash(OBJECT)).await.succeeds(200);
	assert!(service.metrics().await.contains("salus_custodian_objects_left_total 1"));
}

#[tokio::test]
async fn what_the_chain_named_for_the_record_goes_whoever_uploaded_it() {
	let service = Service::start().await;
	let upload = service.request(Method::PUT, &path::object(&hash(OBJECT)));
	upload.by(&reader()).body(OBJECT.to_vec()).send().await.succeeds(201);
	service.deposit(&author(), &share()).await.succeeds(201);
	anchor(&service, 1);
	// The custodian hears of it when it has to ask the chain about the record anyway.
	service.release().await.succeeds(200);
	erase(&service);
	eventually(|| is_gone(&service)).await;
	service.get_object(&hash(OBJECT)).await.fails(410, "object-erased");
}

#[tokio::test]
async fn what_the_chain_names_for_another_record_stays_with_it() {
	let service = with_record().await;
	anchor(&service, 1);
	// The same author names the object for a second record.
	let other = deposit_other(&service, &hash(OBJECT), &share()).await;
	service.chain.both(|end| end.tombstones.push(other));
	eventually(|| service.count("shares") == 1 && service.count("contents") == 1).await;
	service.get_object(&hash(OBJECT)).await.succeeds(200);
	service.release().await.succeeds(200);
	assert!(service.metrics().await.contains("salus_custodian_objects_left_total 1"));
	erase(&service);
	eventually(|| is_gone(&service)).await;
}

#[tokio::test]
async fn what_was_only_proposed_for_the_record_stays() {
	for (status, current, reason) in [
		// A record that waits, failed, or was given up.
		(RecordStatus::InProcess, 1, None),
		(RecordStatus::ValFail, 1, None),
		(RecordStatus::Lapsed, 1, None),
		(RecordStatus::EnteredInError, 1, None),
		// An amendment that waits.
		(RecordStatus::Validated, 0, Some(AmendReason::Replaces)),
		// One below the version that counts, which failed.
		(RecordStatus::Validated, 2, Some(AmendReason::Replaces)),
	] {
		let service = Service::start().await;
		let upload = service.request(Method::PUT, &path::object(&hash(OBJECT)));
		upload.by(&reader()).body(OBJECT.to_vec()).send().await.succeeds(201);
		service.deposit(&author(), &share()).await.succeeds(201);
		anchor(&service, current);
		service.chain.both(|end| {
			end.records.get_mut(&record()).unwrap().status = status;
			let version = end.versions.get_mut(&(record(), 1)).unwrap();
			(version.reason, version.was_anchored) = (reason, false);
		});
		service.release().await.succeeds(200);
		erase(&service);
		eventually(|| service.count("contents") == 0).await;
		service.get_object(&hash(OBJECT)).await.succeeds(200);
	}
}

#[tokio::test]
async fn what_was_anchored_and_superseded_goes() {
	for reason in [None, Some(AmendReason::Resealed), Some(AmendReason::Replaces)] {
		let service = Service::start().await;
		let upload = service.request(Method::PUT, &path::object(&hash(OBJECT)));
		upload.by(&reader()).body(OBJECT.to_vec()).send().await.succeeds(201);
		service.deposit(&author(), &share()).await.succeeds(201);
		anchor(&service, 2);
		service.chain.both(|end| {
			end.versions.get_mut(&(record(), 1)).unwrap().reason = reason;
		});
		service.release().await.succeeds(200);
		erase(&service);
		eventually(|| is_gone(&service)).await;
	}
}

#[tokio::test]
async fn a_damaged_row_stops_no_erasure() {
	let mut service = with_record().await;
	service.stop().await;
	for row in files_under(&service.file("contents")) {
		std::fs::write(row, b"{").unwrap();
	}
	let other = RecordId([7; 32]);
	service.chain.both(|end| end.tombstones.push(other));
	erase(&service);
	service.restart().await;
	assert!(!service.key_file().exists());
	assert_eq!((service.count("shares"), service.count("contents")), (0, 0));
	assert_eq!(service.count("erased"), 2);
	// Whose the object was can no longer be told: it stays, sealed, and that is counted.
	service.get_object(&hash(OBJECT)).await.succeeds(200);
	assert!(service.metrics().await.contains("salus_custodian_objects_left_total 1"));
}

#[tokio::test]
async fn a_share_is_deposited_with_one_object_only() {
	let service = with_record().await;
	let other = service.deposit_version(&author(), 1, &hash(b"other"), &share()).await;
	other.fails(409, "share-differs");
	assert_eq!(service.count("contents"), 1);
	let again: Stored = service.deposit(&author(), &share()).await.json();
	assert!(again.existed);
}
