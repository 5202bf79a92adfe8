// SPDX-License-Identifier: Apache-2.0

//! A patient seals anew what somebody else filed.

use crate::harness::*;
use reqwest::Method;
use salus_client::wire::{Deposit, path};
use salus_custodian::chain::{RecordFacts, VersionFacts};
use salus_envelope::{AgreementSecret, CustodianShare, PrivateKey, Secret};
use salus_primitives::{AmendReason, ContentHash, RecordClass, RecordStatus, RecordVersion};

const RESEALED: &[u8] = b"the same body under new keys";
const AMENDED: &[u8] = b"what its keeper filed instead";

/// What a patient brings: it does not know the nonce of the record's id.
fn brought(version: RecordVersion, object: &[u8]) -> Deposit {
	let key = AgreementSecret::derive(&CUSTODIAN.0).public();
	let share = CustodianShare::generate();
	Deposit {
		subject: patient().id,
		class: CLASS,
		compartment: 0,
		nonce: [0; 16],
		content: hash(object),
		share: PEER.seal_deposit(&record(), version, &share, &key).unwrap(),
		part: None,
	}
}

/// A custodian with the share of the first version, and a record that counts.
async fn service() -> Service {
	let service = Service::start().await;
	service.deposit(&author(), &share()).await.succeeds(201);
	service
}

async fn deposit(
	service: &Service,
	by: &Person,
	version: RecordVersion,
	deposit: &Deposit,
) -> Answer {
	let request = service.request(Method::PUT, &path::share(&record(), version));
	request.by(by).json(deposit).send().await
}

fn laid(service: &Service, version: RecordVersion) -> Laid {
	let row = service.file(&format!("shares/{}/{version}", hex::encode(record().0)));
	serde_json::from_slice(&std::fs::read(row).unwrap()).unwrap()
}

/// What a row says of a share.
#[derive(serde::Deserialize)]
struct Laid {
	nonce: String,
	content: ContentHash,
}

#[tokio::test]
async fn the_subject_brings_the_share_of_the_next_version_without_knowing_the_nonce() {
	let service = service().await;
	deposit(&service, &patient(), 2, &brought(2, RESEALED)).await.succeeds(201);
	let row = laid(&service, 2);
	assert_eq!(row.nonce.trim_start_matches("0x"), hex::encode(NONCE));
	assert_eq!(row.content, hash(RESEALED));
}

#[tokio::test]
async fn the_subject_brings_no_other_share() {
	let service = service().await;
	let refused = async |by: &Person, version, share: &Deposit| {
		deposit(&service, by, version, share).await.fails(403, "not-author");
	};
	// The first version is its author's, a later one than the next is nobody's.
	for version in [1, 3] {
		refused(&patient(), version, &brought(version, RESEALED)).await;
	}
	refused(&reader(), 2, &brought(2, RESEALED)).await;
	let mut elsewhere = brought(2, RESEALED);
	elsewhere.class = RecordClass::Imaging;
	refused(&patient(), 2, &elsewhere).await;
	let mut elsewhere = brought(2, RESEALED);
	elsewhere.compartment = 1;
	refused(&patient(), 2, &elsewhere).await;
	let mut of_another = brought(2, RESEALED);
	of_another.subject = reader().id;
	refused(&patient(), 2, &of_another).await;

	for status in [RecordStatus::InProcess, RecordStatus::EnteredInError] {
		service.chain.state().finalised.records.insert(record(), facts(status));
		refused(&patient(), 2, &brought(2, RESEALED)).await;
	}
	let held = RecordFacts { legal_hold: true, ..facts(RecordStatus::Validated) };
	service.chain.both(|end| {
		end.records.insert(record(), held);
	});
	refused(&patient(), 2, &brought(2, RESEALED)).await;
	// A hold keeps nobody from amending: what was filed before stays as it is.
	let amended = Deposit { nonce: NONCE, ..brought(2, AMENDED) };
	deposit(&service, &author(), 2, &amended).await.succeeds(201);
	assert_eq!(service.count("shares"), 2, "the first version's, and the amendment's");
}

#[tokio::test]
async fn without_the_share_that_counts_nobody_knows_the_record_here() {
	let service = Service::start().await;
	let answer = deposit(&service, &patient(), 2, &brought(2, RESEALED)).await;
	answer.fails(403, "not-author");
}

#[tokio::test]
async fn a_patient_does_not_hold_up_the_keepers_amendment() {
	let service = service().await;
	let amended = Deposit { nonce: NONCE, ..brought(2, AMENDED) };
	let resealed = brought(2, RESEALED);
	deposit(&service, &patient(), 2, &resealed).await.succeeds(201);
	deposit(&service, &author(), 2, &amended).await.succeeds(201);
	assert_eq!(laid(&service, 2).content, hash(AMENDED));
	// Not the other way round, while the chain has taken neither.
	deposit(&service, &patient(), 2, &resealed).await.fails(409, "share-differs");

	// The chain takes the reseal: its share comes back, and stays.
	let reason = Some(AmendReason::Resealed);
	let filed = VersionFacts { reason, ..version(RESEALED) };
	let newest = RecordFacts { newest: 2, current: 2, ..facts(RecordStatus::Validated) };
	{
		let best = &mut service.chain.state().best;
		best.records.insert(record(), newest);
		best.versions.insert((record(), 2), filed);
	}
	deposit(&service, &patient(), 2, &resealed).await.fails(409, "share-differs");
	assert_eq!(laid(&service, 2).content, hash(AMENDED), "until that block is final");
	{
		let finalised = &mut service.chain.state().finalised;
		finalised.records.insert(record(), newest);
		finalised.versions.insert((record(), 2), filed);
	}
	deposit(&service, &patient(), 2, &resealed).await;
	assert_eq!(laid(&service, 2).content, hash(RESEALED));
	deposit(&service, &author(), 2, &amended).await.fails(409, "share-differs");
	assert_eq!(laid(&service, 2).content, hash(RESEALED));
}
