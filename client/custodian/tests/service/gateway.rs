// SPDX-License-Identifier: Apache-2.0

//! The validation gateway: who may show what, what is said of it, and what stays of it.

mod kept;
mod shown;

use crate::{chain::GENESIS, harness::*};
use reqwest::Method;
use salus_client::{
	custodian::{Custodian, CustodianError, Showing, Validated},
	did::Did,
	types::Signature,
	wire::{self, DecisionPage, ListedDecision, ShowingHead, Validation, path},
};
use salus_custodian::limits::Rate;
use salus_envelope::{
	Addressee, AgreementSecret, CiphertextHash, CommitmentSalt, ContentKey, Metadata, Opener,
	PrivateKey, RecordContext, RecordMetadata, Sealer, Wrap,
};
use salus_primitives::{
	AttestationKind, AttestationStatement, CallScope, CallScopes, Commitment, ContentHash, Digest,
	IdentityId, RecordId, RecordStatus, Verdict, blake2_256,
};
use std::time::Duration;
use subxt_signer::sr25519;
use tokio::io::AsyncWriteExt;

/// Words that only the document holds.
const SECRET: &str = "tells nobody of the bicycle";
const SALT: CommitmentSalt = CommitmentSalt([6; 32]);

/// A weight, with whatever else is asked for.
fn weight(kilograms: &str, more: &str) -> String {
	format!(
		r#"{{"resourceType":"Observation","status":"final",
		"code":{{"coding":[{{"system":"http://loinc.org","code":"29463-7"}}]}},
		"subject":{{"reference":"urn:uuid:5b0ac3f1-8c3e-4e0d-9f5c-2f2b8a1d4c77"}},
		"effectiveDateTime":"2026-01-01T08:00:00Z","note":[{{"text":"{SECRET}"}}],
		"valueQuantity":{{"value":{kilograms},"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}{more}}}"#
	)
}

const CATEGORY: &str = r#","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}]"#;

fn good() -> String {
	weight("71", CATEGORY)
}

fn did(identity: IdentityId) -> String {
	Did::new(&GENESIS, identity).to_string()
}

fn showing(document: &str) -> Showing<'_> {
	Showing {
		record: record(),
		version: 1,
		subject: patient().id,
		class: CLASS,
		compartment: 0,
		nonce: NONCE,
		content: hash(OBJECT),
		salt: SALT,
		document: document.as_bytes(),
		sign_failing: false,
	}
}

async fn show(
	service: &Service,
	by: &Person,
	showing: &Showing<'_>,
) -> Result<Validated, CustodianError> {
	let client = Custodian::connect(&service.url, GENESIS).await.unwrap();
	client.validate(&by.signer, showing, by.id, |_| by.secret.clone()).await
}

async fn shown(service: &Service, document: &str) -> Validated {
	show(service, &author(), &showing(document)).await.unwrap()
}

async fn refused(service: &Service, by: &Person, showing: &Showing<'_>) -> (u16, String) {
	match show(service, by, showing).await {
		Err(CustodianError::Refused { status, code, .. }) => (status, code),
		other => panic!("it was to be refused: {other:?}"),
	}
}

fn verdicts(validated: &Validated) -> [Verdict; 3] {
	validated.verdicts.map(|(_, verdict)| verdict)
}

/// A request made by hand, for what the client would never send.
fn by_hand<'a>(
	service: &'a Service,
	metadata: &Metadata,
	document: &[u8],
	change: impl FnOnce(&mut ShowingHead),
) -> Request<'a> {
	let key = ContentKey::generate_unshared();
	let (object, _) = Sealer::new(&key, metadata).seal_to_vec(document).unwrap();
	let to = AgreementSecret::derive(&CUSTODIAN.0).public();
	let (record, content) = (record(), hash(OBJECT));
	let sealed = PEER.seal_showing(&record, 1, &content, key.reader_share(), &to).unwrap();
	let mut head = ShowingHead {
		record,
		version: 1,
		subject: patient().id,
		class: CLASS,
		compartment: 0,
		nonce: NONCE,
		content,
		key: sealed,
		sign_failing: false,
	};
	change(&mut head);
	let body = head.frame(&object);
	let digest = Digest(wire::body_hash(&body)).to_string();
	service
		.request(Method::POST, path::VALIDATIONS)
		.by(&author())
		.header(wire::BODY, digest)
		.body(body)
}

fn salted() -> Metadata {
	let metadata = RecordMetadata { pt_salt: Some(SALT.0), ..RecordMetadata::binary("text/plain") };
	metadata.to_metadata().unwrap()
}

async fn decisions(service: &Service, after: Option<u64>, limit: u32) -> DecisionPage {
	let request = service.request(Method::GET, &path::decisions(after, limit));
	request.by(&hospital()).send().await.json()
}

// What is said.

#[tokio::test]
async fn a_good_document_gets_three_verdicts_that_the_chain_takes() {
	let service = Service::start_gateway(|_| ()).await;
	let document = good();
	let validated = shown(&service, &document).await;
	assert_eq!(verdicts(&validated), [Verdict::Pass; 3]);
	assert!(validated.passes());
	assert_eq!(validated.organisation, hospital().id);
	assert!(validated.outcome.contains("\"OperationOutcome\""));
	assert!(validated.expires.unwrap() > wire::now() + 890_000);
	let kinds: Vec<_> = validated.attestations.iter().map(|signed| signed.kind).collect();
	assert_eq!(kinds, AttestationKind::ALL);

	// As the chain makes the statement, field by field.
	let body = Commitment(SALT.commit(document.as_bytes()).0);
	for signed in &validated.attestations {
		let statement = AttestationStatement {
			genesis: GENESIS,
			record: record(),
			version: 1,
			content: hash(OBJECT),
			body,
			kind: signed.kind,
			verdict: signed.verdict,
			evidence: signed.evidence,
			expires: signed.expires,
		};
		assert_eq!(signed.validator, hospital().signer.public_key().0);
		let Signature::Sr25519(signature) = signed.signature else { panic!("sr25519") };
		let key = sr25519::PublicKey(signed.validator);
		assert!(sr25519::verify(&sr25519::Signature(signature), statement.to_bytes(), &key));
	}
	let metrics = service.metrics().await;
	assert!(metrics.contains(r#"salus_custodian_validations_total{verdict="pass"} 1"#));
}

#[tokio::test]
async fn warnings_pass_and_are_named() {
	let service = Service::start_gateway(|_| ()).await;
	let validated = shown(&service, &weight("71", "")).await;
	assert_eq!(verdicts(&validated)[1], Verdict::PassWithWarnings);
	assert!(validated.passes());
	assert_eq!(validated.attestations.len(), 3);
	assert!(validated.outcome.contains("\"warning\""), "{}", validated.outcome);
}

#[tokio::test]
async fn a_document_that_fails_gets_the_outcome_and_no_signature() {
	let service = Service::start_gateway(|_| ()).await;
	let document = weight("7100", CATEGORY);
	let validated = shown(&service, &document).await;
	assert_eq!(verdicts(&validated)[0], Verdict::Fail);
	assert_eq!(validated.failed().collect::<Vec<_>>(), [AttestationKind::Accuracy]);
	assert!(validated.attestations.is_empty());
	assert_eq!(validated.expires, None);
	assert!(validated.outcome.contains("\"error\""));
	let decided = &decisions(&service, None, 10).await.decisions[0].decision;
	assert_eq!((decided.expires, decided.verdicts[0].verdict), (None, Verdict::Fail));

	// Who wants the refusal on paper gets it.
	let asked = Showing { sign_failing: true, ..showing(&document) };
	let validated = show(&service, &author(), &asked).await.unwrap();
	assert_eq!(validated.attestations.len(), 3);
	assert_eq!(validated.attestations[0].verdict, Verdict::Fail);
}

#[tokio::test]
async fn what_is_no_document_fails_in_all() {
	let service = Service::start_gateway(|_| ()).await;
	for nothing in ["", "{", "no JSON at all", r#"{"resourceType":"Rumour"}"#, "\u{1}"] {
		let validated = shown(&service, nothing).await;
		let failed = verdicts(&validated).into_iter().filter(|verdict| !verdict.passes());
		assert!(failed.count() >= 2 && validated.attestations.is_empty(), "{nothing}");
	}
}

#[tokio::test]
async fn a_document_that_names_other_authors_contradicts_its_source() {
	let service = Service::start_gateway(|_| ()).await;
	let performed = |by: IdentityId| {
		let performer = format!(r#"{CATEGORY},"performer":[{{"reference":"{}"}}]"#, did(by));
		weight("71", &performer)
	};
	for known in [author().id, hospital().id, patient().id] {
		assert_eq!(verdicts(&shown(&service, &performed(known)).await), [Verdict::Pass; 3]);
	}
	let validated = shown(&service, &performed(colleague().id)).await;
	assert_eq!(validated.failed().collect::<Vec<_>>(), [AttestationKind::Source]);
	assert!(validated.outcome.contains("Observation.performer"), "{}", validated.outcome);
	// Who works there, too, is no contradiction.
	service.chain.state().best.affiliations.insert((colleague().id, hospital().id));
	assert!(shown(&service, &performed(colleague().id)).await.passes());
}

#[tokio::test]
async fn a_document_about_another_patient_contradicts_its_place() {
	let service = Service::start_gateway(|_| ()).await;
	let about = |patient: IdentityId| {
		good().replace("urn:uuid:5b0ac3f1-8c3e-4e0d-9f5c-2f2b8a1d4c77", &did(patient))
	};
	assert!(shown(&service, &about(patient().id)).await.passes());
	let validated = shown(&service, &about(reader().id)).await;
	assert_eq!(validated.failed().collect::<Vec<_>>(), [AttestationKind::Source]);
}
