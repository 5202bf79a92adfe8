// SPDX-License-Identifier: Apache-2.0

//! Erasure: what the final block says is erased is gone here, for good.

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
	let first = VersionFacts { content: hash(OBJECT), has_key: true, reason: None };
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
		// One below the version that counts, which may have failed.
		(RecordStatus::Validated, 2, Some(AmendReason::Replaces)),
	] {
		let service = Service::start().await;
		let upload = service.request(Method::PUT, &path::object(&hash(OBJECT)));
		upload.by(&reader()).body(OBJECT.to_vec()).send().await.succeeds(201);
		service.deposit(&author(), &share()).await.succeeds(201);
		anchor(&service, current);
		service.chain.both(|end| {
			end.records.get_mut(&record()).unwrap().status = status;
			end.versions.get_mut(&(record(), 1)).unwrap().reason = reason;
		});
		service.release().await.succeeds(200);
		erase(&service);
		eventually(|| service.count("contents") == 0).await;
		service.get_object(&hash(OBJECT)).await.succeeds(200);
	}
}

#[tokio::test]
async fn what_was_anchored_and_superseded_goes() {
	for reason in [None, Some(AmendReason::Resealed)] {
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

// Reseal: the old share and the old object go, the record stays.

fn resealed(service: &Service) {
	let version =
		|content: &[u8], has_key, reason| VersionFacts { content: hash(content), has_key, reason };
	service.chain.both(|end| {
		let facts = end.records.get_mut(&record()).unwrap();
		(facts.current, facts.newest) = (2, 2);
		end.versions.insert((record(), 1), version(OBJECT, false, None));
		let reason = Some(AmendReason::Resealed);
		end.versions.insert((record(), 2), version(b"second", true, reason));
		end.contents.insert(hash(OBJECT), record());
		end.contents.insert(hash(b"second"), record());
	});
}

async fn delete_first(service: &Service, by: Person) -> Answer {
	service.request(Method::DELETE, &path::share(&record(), 1)).by(&by).send().await
}

async fn with_reseal() -> Service {
	let service = with_record().await;
	service.put_object(b"second").await.succeeds(201);
	let second = CustodianShare::generate();
	service.deposit_version(&author(), 2, &hash(b"second"), &second).await.succeeds(201);
	service
}

#[tokio::test]
async fn a_share_that_was_resealed_goes_with_its_object() {
	for by in [author(), hospital()] {
		let service = with_reseal().await;
		resealed(&service);
		service.chain.both(|end| {
			end.records.get_mut(&record()).unwrap().organisation = Some(hospital().id);
		});
		// The subject could reseal to have destroyed what its keeper refused to erase.
		for stranger in [reader(), patient()] {
			delete_first(&service, stranger).await.fails(403, "not-entitled");
		}
		delete_first(&service, by).await.succeeds(204);
		assert!(!service.key_file().exists());
		service.release().await.fails(410, "share-erased");
		service.get_object(&hash(OBJECT)).await.fails(410, "object-erased");
		service.get_object(&hash(b"second")).await.succeeds(200);
		let second = service.request(Method::POST, &path::release(&record(), 2)).json(&wish());
		second.send().await.succeeds(200);
	}
}

#[tokio::test]
async fn a_subject_that_is_the_author_erases_what_it_resealed() {
	let service = with_reseal().await;
	resealed(&service);
	service.chain.both(|end| {
		end.records.get_mut(&record()).unwrap().subject = author().id;
	});
	delete_first(&service, author()).await.succeeds(204);
	service.get_object(&hash(OBJECT)).await.fails(410, "object-erased");
}

#[tokio::test]
async fn a_share_is_kept_until_its_reseal_is_final() {
	let service = with_reseal().await;
	let before = service.chain.state().finalised.clone();
	resealed(&service);
	service.chain.state().finalised = before;
	delete_first(&service, author()).await.fails(409, "anchored");
	service.release().await.succeeds(200);
}

#[tokio::test]
async fn what_stands_beside_a_reseal_is_kept() {
	// The version that counts.
	let service = with_reseal().await;
	resealed(&service);
	let second = service.request(Method::DELETE, &path::share(&record(), 2)).by(&author());
	second.send().await.fails(409, "anchored");
	// One that was amended, not resealed.
	service.chain.both(|end| {
		end.versions.get_mut(&(record(), 2)).unwrap().reason = Some(AmendReason::Replaces);
	});
	delete_first(&service, author()).await.fails(409, "anchored");
	// One whose reader share still stands on chain.
	resealed(&service);
	service.chain.both(|end| {
		end.versions.get_mut(&(record(), 1)).unwrap().has_key = true;
	});
	delete_first(&service, author()).await.fails(409, "anchored");
	// And those of a record that was retracted.
	service.chain.both(|end| {
		end.records.insert(record(), facts(RecordStatus::EnteredInError));
		end.versions.get_mut(&(record(), 1)).unwrap().has_key = false;
	});
	delete_first(&service, author()).await.fails(409, "anchored");
	assert!(service.key_file().exists());
}

#[tokio::test]
async fn a_reseal_below_the_version_that_counts_is_found() {
	let service = with_reseal().await;
	resealed(&service);
	service.chain.both(|end| {
		let facts = end.records.get_mut(&record()).unwrap();
		(facts.current, facts.newest) = (3, 3);
		let reason = Some(AmendReason::Replaces);
		let third = VersionFacts { content: hash(b"third"), has_key: true, reason };
		end.versions.insert((record(), 3), third);
	});
	delete_first(&service, author()).await.succeeds(204);
}

// What erasure is for.

/// Every share that anybody with all files of these folders and the master key can get: each sealed
/// share under each key that is left.
fn shares_in(folders: &[&Path]) -> Vec<CustodianShare> {
	let files: Vec<_> = folders.iter().flat_map(|folder| files_under(folder)).collect();
	let contents: Vec<_> = files.iter().map(|file| std::fs::read(file).unwrap()).collect();
	let wrapped = contents.iter().filter_map(|bytes| <&[u8; 40]>::try_from(&bytes[..]).ok());
	let keys: Vec<KeyEncryptionKey> =
		wrapped.filter_map(|wrapped| master().unwrap(wrapped).ok()).collect();
	let rows = contents.iter().filter_map(|bytes| {
		let row: serde_json::Value = serde_json::from_slice(bytes).ok()?;
		let sealed = row.get("sealed")?.as_str()?.strip_prefix("0x")?.to_owned();
		<[u8; 40]>::try_from(hex::decode(sealed).ok()?).ok()
	});
	rows.flat_map(|row| {
		keys.iter().filter_map(move |key| key.unwrap(&row).ok()).collect::<Vec<_>>()
	})
	.collect()
}

#[tokio::test]
async fn an_archived_block_and_the_readers_key_no_longer_open_the_object() {
	let mut service = Service::start().await;
	// given: a sealed record. What a block body has of it, archives keep for ever: the reader share,
	// sealed to the reader.
	let key = ContentKey::generate();
	let metadata = RecordMetadata::fhir_json("4.0.1").to_metadata().unwrap();
	let (object, sealed) = Sealer::new(&key, &metadata).seal_to_vec(b"a diagnosis").unwrap();
	let content = ContentHash(sealed.ciphertext_hash.0);
	let context = RecordContext {
		genesis: crate::chain::GENESIS,
		record: record().0,
		version: 1,
		ciphertext_hash: sealed.ciphertext_hash,
	};
	let to = Addressee::identity(&reader().id.0, 1);
	let archived = key.reader_share().wrap(&context, &to, &reader().secret.public()).unwrap();
	service.put_object(&object).await.succeeds(201);
	let custodian_share = key.custodian_share().unwrap();
	service.deposit_version(&author(), 1, &content, custodian_share).await.succeeds(201);
	// Another record of the same patient stays.
	let kept = CustodianShare::generate();
	deposit_other(&service, &hash(b"other"), &kept).await;

	let opens = |share: &CustodianShare| {
		let reader_share = archived.open_share(&context, &to, &reader().secret).unwrap();
		let key = ContentKey::from_shares(reader_share, share.clone());
		Opener::new(&key).expect_object(sealed.ciphertext_hash).open_to_vec(&object)
	};
	let answer = service.release().await;
	let request = answer.request;
	let release: Release = answer.json();
	let released = PEER.open_release(&request, &release.share, &reader().secret).unwrap();
	assert_eq!(opens(&released).unwrap().0.as_slice(), b"a diagnosis");
	drop(released);
	service.stop().await;
	let backup = tempfile::tempdir().unwrap();
	copy(&service.folder().join("store"), backup.path());
	let (store, keys) = (service.folder().join("store"), service.folder().join("keys"));
	let open_now = |folders: &[&Path]| shares_in(folders).iter().any(|share| opens(share).is_ok());
	assert!(open_now(&[&store, &keys]), "the search below finds what is there");
	service.restart().await;

	// when
	erase(&service);
	eventually(|| service.count("contents") == 1).await;

	// then: not for who asks,
	service.release().await.fails(410, "share-erased");
	// not without a share,
	let reader_share = archived.open_share(&context, &to, &reader().secret).unwrap();
	let alone = ContentKey::from_reader_share(reader_share);
	let error = Opener::new(&alone).open_to_vec(&object).unwrap_err();
	assert!(matches!(error, OpenError::ShareMissing), "{error}");
	// and not with any share that is left in both stores and in a backup of the objects and shares.
	let left = shares_in(&[&store, &keys, backup.path()]);
	assert!(left.iter().all(|share| *share == kept) && !left.is_empty());
	for share in left {
		let error = opens(&share).unwrap_err();
		assert!(matches!(error, OpenError::WrongKey), "{error}");
	}
	assert!(!object_file(&service, &content).exists());
}
