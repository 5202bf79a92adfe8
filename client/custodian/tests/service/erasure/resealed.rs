// SPDX-License-Identifier: Apache-2.0

//! Reseal: the old share and the old object go, the record stays.

use super::*;

fn resealed(service: &Service) {
	let version = |content: &[u8], has_key, reason| {
		let filed = version(content);
		VersionFacts { key: filed.key.filter(|_| has_key), reason, ..filed }
	};
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
		for stranger in [colleague(), patient()] {
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
		end.versions.get_mut(&(record(), 1)).unwrap().key = version(OBJECT).key;
	});
	delete_first(&service, author()).await.fails(409, "anchored");
	// And those of a record that was retracted.
	service.chain.both(|end| {
		end.records.insert(record(), facts(RecordStatus::EnteredInError));
		end.versions.get_mut(&(record(), 1)).unwrap().key = None;
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
		let third = VersionFacts { reason, ..version(b"third") };
		end.versions.insert((record(), 3), third);
	});
	delete_first(&service, author()).await.succeeds(204);
}
