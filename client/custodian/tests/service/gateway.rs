// SPDX-License-Identifier: Apache-2.0

//! The validation gateway: who may show what, what is said of it, and what stays of it.

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

// Who may ask.

#[tokio::test]
async fn a_service_without_the_key_validates_nothing() {
	let service = Service::start().await;
	let client = Custodian::connect(&service.url, GENESIS).await.unwrap();
	assert_eq!(client.gateway(), None);
	let error = show(&service, &author(), &showing(&good())).await.unwrap_err();
	assert!(matches!(error, CustodianError::NoGateway { .. }), "{error}");
	let request = by_hand(&service, &salted(), b"{}", |_| ());
	request.send().await.fails(404, "no-gateway");
	let request = service.request(Method::GET, &path::decisions(None, 1)).by(&hospital());
	request.send().await.fails(404, "no-gateway");
}

#[tokio::test]
async fn a_stranger_is_refused() {
	let service = Service::start_gateway(|_| ()).await;
	let document = good();
	for stranger in [reader(), patient()] {
		let (status, word) = refused(&service, &stranger, &showing(&document)).await;
		assert_eq!((status, word.as_str()), (403, "not-affiliated"));
	}
	assert_eq!(service.count("validations"), 0);
}

#[tokio::test]
async fn an_affiliation_that_ended_in_the_newest_block_is_over() {
	let service = Service::start_gateway(|_| ()).await;
	assert!(shown(&service, &good()).await.passes());
	service.chain.state().best.affiliations.clear();
	let (status, word) = refused(&service, &author(), &showing(&good())).await;
	assert_eq!((status, word.as_str()), (403, "not-affiliated"));
	// One that begins there counts at once.
	service.chain.both(|end| end.affiliations.clear());
	service.chain.state().best.affiliations.insert((author().id, hospital().id));
	assert!(shown(&service, &good()).await.passes());
}

#[tokio::test]
async fn an_affiliation_elsewhere_is_none_here() {
	let service = Service::start_gateway(|_| ()).await;
	service.chain.both(|end| {
		end.affiliations = [(author().id, colleague().id)].into();
	});
	let (_, word) = refused(&service, &author(), &showing(&good())).await;
	assert_eq!(word, "not-affiliated");
}

#[tokio::test]
async fn the_organisation_has_its_own_documents_validated() {
	let service = Service::start_gateway(|_| ()).await;
	let document = good();
	let own = RecordId::derive(blake2_256, &hospital().id, &patient().id, CLASS, 0, &NONCE);
	let showing = Showing { record: own, ..showing(&document) };
	let validated = show(&service, &hospital(), &showing).await.unwrap();
	assert!(validated.passes());
}

#[tokio::test]
async fn a_gateway_whose_key_was_taken_away_signs_nothing() {
	let service = Service::start_gateway(|_| ()).await;
	let account = hospital().signer.public_key().0;
	let document = good();
	// The scope, the key, and the key for another organisation.
	service.chain.both(|end| {
		end.scopes.insert(account, CallScopes::of(&[CallScope::RecordRead]));
	});
	let (status, word) = refused(&service, &author(), &showing(&document)).await;
	assert_eq!((status, word.as_str()), (503, "gateway-key"));
	service.chain.both(|end| {
		end.scopes.clear();
		end.accounts.insert(account, colleague().id);
	});
	assert_eq!(refused(&service, &author(), &showing(&document)).await.1, "gateway-key");
	service.chain.both(|end| {
		end.accounts.insert(account, hospital().id);
	});
	assert!(shown(&service, &document).await.passes());
}

#[tokio::test]
async fn a_key_that_may_only_read_shows_nothing() {
	let service = Service::start_gateway(|_| ()).await;
	let account = author().signer.public_key().0;
	service.chain.both(|end| {
		end.scopes.insert(account, CallScopes::of(&[CallScope::RecordRead]));
	});
	let (status, word) = refused(&service, &author(), &showing(&good())).await;
	assert_eq!((status, word.as_str()), (401, "unknown-account"));
}

#[tokio::test]
async fn a_showing_acts_once() {
	let service = Service::start_gateway(|_| ()).await;
	let expires = wire::now() + 30_000;
	let request = || {
		let request = by_hand(&service, &salted(), good().as_bytes(), |_| ());
		request.change(move |s| (s.nonce, s.expires) = ([4; 16], expires))
	};
	request().send().await.succeeds(200);
	request().send().await.fails(401, "nonce-used");
	assert_eq!(service.count("validations"), 1);
}

#[tokio::test]
async fn who_has_too_much_validated_is_slowed() {
	let rate = Rate { burst: 1, every: Duration::from_secs(60) };
	let service = Service::start_gateway(|gateway| gateway.validations = rate).await;
	assert!(shown(&service, &good()).await.passes());
	let (status, word) = refused(&service, &author(), &showing(&good())).await;
	assert_eq!((status, word.as_str()), (429, "too-many-validations"));
	// The organisation has a bucket of its own, and reading the log takes nothing out of it.
	let own = RecordId::derive(blake2_256, &hospital().id, &patient().id, CLASS, 0, &NONCE);
	let document = good();
	let showing = Showing { record: own, ..showing(&document) };
	decisions(&service, None, 1).await;
	show(&service, &hospital(), &showing).await.unwrap();
}

// What may be shown.

#[tokio::test]
async fn the_place_of_another_author_is_refused() {
	let service = Service::start_gateway(|_| ()).await;
	let changes: [fn(&mut Showing<'_>); 5] = [
		|s| s.subject = reader().id,
		|s| s.class = salus_primitives::RecordClass::Imaging,
		|s| s.compartment = 1,
		|s| s.nonce[0] ^= 1,
		|s| s.record.0[0] ^= 1,
	];
	let document = good();
	for change in changes {
		let mut other = showing(&document);
		change(&mut other);
		let (status, word) = refused(&service, &author(), &other).await;
		assert_eq!((status, word.as_str()), (403, "not-own-record"));
	}
	// A colleague who works there, too, is no author of it.
	service.chain.state().best.affiliations.insert((colleague().id, hospital().id));
	let (_, word) = refused(&service, &colleague(), &showing(&document)).await;
	assert_eq!(word, "not-own-record");
	assert_eq!((service.count("validations"), service.count("evidence")), (0, 0));
}

#[tokio::test]
async fn a_later_version_is_for_the_keeper_and_the_next_one() {
	let service = Service::start_gateway(|_| ()).await;
	let document = good();
	let version = |version| Showing { version, ..showing(&document) };
	assert!(show(&service, &author(), &version(2)).await.unwrap().passes());
	for (wrong, word) in [(0, "not-own-record"), (3, "other-version"), (9, "other-version")] {
		assert_eq!(refused(&service, &author(), &version(wrong)).await.1, word);
	}
	// The organisation that it was filed for amends it, too; a colleague does not.
	service.chain.state().best.affiliations.insert((colleague().id, hospital().id));
	assert_eq!(refused(&service, &colleague(), &version(2)).await.1, "not-own-record");
	assert_eq!(refused(&service, &hospital(), &version(2)).await.1, "not-own-record");
	service.chain.both(|end| {
		end.records.get_mut(&record()).unwrap().organisation = Some(hospital().id);
	});
	assert!(show(&service, &hospital(), &version(2)).await.unwrap().passes());
	// Of a record that is none there is no later version.
	service.chain.both(|end| end.records.clear());
	assert_eq!(refused(&service, &author(), &version(2)).await.1, "not-own-record");
}

#[tokio::test]
async fn a_document_without_the_salt_of_its_commitment_is_refused() {
	let service = Service::start_gateway(|_| ()).await;
	let request = by_hand(&service, &Metadata::none(), good().as_bytes(), |_| ());
	request.send().await.fails(422, "salt-missing");
	let other =
		serde_json::json!({ "contentType": "application/fhir+json", "schema": "hre-meta/1" });
	let other = Metadata::from_value(&other).unwrap();
	let request = by_hand(&service, &other, good().as_bytes(), |_| ());
	request.send().await.fails(422, "salt-missing");
	assert_eq!((service.count("validations"), service.count("evidence")), (0, 0));
}

#[tokio::test]
async fn another_salt_or_document_makes_another_commitment() {
	let service = Service::start_gateway(|_| ()).await;
	let document = good();
	let answer = by_hand(&service, &salted(), document.as_bytes(), |_| ()).send().await;
	let given: Validation = answer.json();
	let signed = given.attestations[0];
	let holds = |salt: CommitmentSalt, document: &str| {
		let statement = AttestationStatement {
			genesis: GENESIS,
			record: record(),
			version: 1,
			content: hash(OBJECT),
			body: Commitment(salt.commit(document.as_bytes()).0),
			kind: signed.kind,
			verdict: signed.verdict,
			evidence: signed.evidence,
			expires: signed.expires,
		};
		let key = sr25519::PublicKey(signed.account.0);
		sr25519::verify(&sr25519::Signature(signed.signature), statement.to_bytes(), &key)
	};
	assert!(holds(SALT, &document));
	assert!(!holds(CommitmentSalt([7; 32]), &document));
	assert!(!holds(SALT, &document.replace("71", "72")));
}

#[tokio::test]
async fn a_document_that_is_sealed_otherwise_is_refused() {
	let service = Service::start_gateway(|_| ()).await;
	let changes: [fn(&mut ShowingHead); 2] =
		[|head| head.key.0[0] ^= 1, |head| head.content.0[0] ^= 1];
	for change in changes {
		let request = by_hand(&service, &salted(), good().as_bytes(), change);
		request.send().await.fails(422, "document-sealed");
	}
	// What is sealed was altered on the way.
	let request = by_hand(&service, &salted(), good().as_bytes(), |_| ());
	let Request { mut body, .. } = request;
	let last = body.len() - 1;
	body[last] ^= 1;
	let digest = Digest(wire::body_hash(&body)).to_string();
	let request = service.request(Method::POST, path::VALIDATIONS).by(&author());
	request.header(wire::BODY, digest).body(body).send().await.fails(422, "document-sealed");
	// Or there is nothing behind the head, or no head.
	for body in [b"".to_vec(), vec![0; 100]] {
		let digest = Digest(wire::body_hash(&body)).to_string();
		let request = service.request(Method::POST, path::VALIDATIONS).by(&author());
		request.header(wire::BODY, digest).body(body).send().await.fails(400, "malformed");
	}
}

#[tokio::test]
async fn the_body_is_the_one_that_was_signed() {
	let service = Service::start_gateway(|_| ()).await;
	let send = |body: &[u8], claimed: &[u8]| {
		let (body, claimed) = (body.to_vec(), wire::body_hash(claimed));
		let request = service.request(Method::POST, path::VALIDATIONS).by(&author());
		let request = request.header(wire::BODY, Digest(claimed).to_string()).body(body);
		request.change(move |s| s.body = claimed).send()
	};
	send(b"another", b"one").await.fails(422, "body-mismatch");
	let unnamed = service.request(Method::POST, path::VALIDATIONS).by(&author());
	unnamed.body(b"one".to_vec()).send().await.fails(401, "header-missing");
	let garbage = service.request(Method::POST, path::VALIDATIONS).by(&author());
	garbage.header(wire::BODY, "0xzz".into()).send().await.fails(401, "header-malformed");
	// A header that is not what was signed.
	let other = service.request(Method::POST, path::VALIDATIONS).by(&author());
	let other = other.header(wire::BODY, Digest([1; 32]).to_string()).body(b"one".to_vec());
	other.send().await.fails(401, "bad-signature");
}

#[tokio::test]
async fn a_document_above_the_limit_is_refused() {
	let service = Service::start_gateway(|gateway| gateway.max_document = 10_000).await;
	let long = |length: usize| {
		let filler = "x".repeat(length - weight("71", CATEGORY).len());
		good().replace(SECRET, &format!("{SECRET}{filler}"))
	};
	assert!(shown(&service, &long(10_000)).await.passes());
	for length in [10_001, 1_000_000] {
		let (status, word) = refused(&service, &author(), &showing(&long(length))).await;
		assert_eq!((status, word.as_str()), (413, "too-large"), "{length}");
	}
	assert_eq!(service.count("validations"), 1);
}

#[tokio::test]
async fn a_length_that_is_not_declared_is_bounded_too() {
	let service = Service::start_gateway(|gateway| gateway.max_document = 10_000).await;
	let body = vec![1; 100_000];
	let hash = wire::body_hash(&body);
	let (credentials, _) = PEER.sign("POST", path::VALIDATIONS, hash, &author().signer);
	let pieces = body.chunks(1000).map(|piece| Ok::<_, std::io::Error>(piece.to_vec()));
	let pieces = futures::stream::iter(pieces.collect::<Vec<_>>());
	let mut request = reqwest::Client::new()
		.post(format!("{}{}", service.url, path::VALIDATIONS))
		.header(wire::BODY, Digest(hash).to_string())
		.body(reqwest::Body::wrap_stream(pieces));
	for (name, value) in credentials.headers() {
		request = request.header(name, value);
	}
	assert_eq!(request.send().await.unwrap().status(), 413);
}

#[tokio::test]
async fn only_so_many_documents_are_looked_at_at_once() {
	let patience = Duration::from_millis(300);
	let service = Service::start_gateway(|gateway| gateway.patience = patience).await;
	// Four that begin to arrive and do not go on.
	let body = vec![1; 1000];
	let address = service.url.strip_prefix("http://").unwrap();
	let mut held = Vec::new();
	for _ in 0..4 {
		let hash = wire::body_hash(&body);
		let (credentials, _) = PEER.sign("POST", path::VALIDATIONS, hash, &author().signer);
		let mut head = format!(
			"POST {} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n{}: {}\r\n",
			path::VALIDATIONS,
			wire::BODY,
			Digest(hash),
		);
		for (name, value) in credentials.headers() {
			head += &format!("{name}: {value}\r\n");
		}
		let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
		stream.write_all(format!("{head}\r\n").as_bytes()).await.unwrap();
		stream.write_all(&body[..10]).await.unwrap();
		held.push(stream);
	}
	let mut last = (0, String::new());
	for _ in 0..50 {
		last = match show(&service, &author(), &showing(&good())).await {
			Err(CustodianError::Refused { status, code, .. }) => (status, code),
			// They have not all been let in yet.
			_ => (200, String::new()),
		};
		if last.0 != 200 {
			break;
		}
	}
	assert_eq!(last, (503, "gateway-busy".into()));
	// Whoever goes away makes room.
	drop(held);
	for _ in 0..50 {
		if let Ok(validated) = show(&service, &author(), &showing(&good())).await {
			assert!(validated.passes());
			return;
		}
	}
	panic!("nobody got a turn again");
}

// What stays.

#[tokio::test]
async fn a_decision_is_durable_before_it_is_answered() {
	let mut service = Service::start_gateway(|_| ()).await;
	service.faults.break_writes(Some("validations"));
	let answer = by_hand(&service, &salted(), good().as_bytes(), |_| ()).send().await;
	let text = String::from_utf8_lossy(answer.body.as_ref().unwrap()).into_owned();
	assert!(!text.contains("signature"), "{text}");
	answer.fails(500, "store-failed");
	service.faults.break_writes(None);

	let validated = shown(&service, &good()).await;
	assert_eq!(validated.seq, 0, "numbers stay dense");
	service.crash().await;
	service.restart().await;
	let page = decisions(&service, None, 10).await;
	let [ListedDecision { decision, .. }] = &page.decisions[..] else { panic!("one decision") };
	assert_eq!((decision.author, decision.organisation), (author().id, hospital().id));
	assert_eq!((decision.record, decision.version), (record(), 1));
	assert_eq!((decision.evidence, decision.expires), (validated.evidence, validated.expires));
	assert!(decision.verdicts.iter().all(|judged| judged.verdict == Verdict::Pass));
	assert_eq!(decision.account.0, author().signer.public_key().0);
	assert_eq!(shown(&service, &good()).await.seq, 1, "numbers go on");
}

#[tokio::test]
async fn without_durable_evidence_nothing_is_signed() {
	let service = Service::start_gateway(|_| ()).await;
	for folder in ["evidence", "objects", "owners"] {
		service.faults.break_writes(Some(folder));
		let (status, word) = refused(&service, &author(), &showing(&good())).await;
		assert_eq!((status, word.as_str()), (500, "store-failed"), "{folder}");
	}
	service.faults.break_writes(None);
	assert_eq!(service.count("validations"), 0);
}

#[tokio::test]
async fn nothing_of_the_plaintext_is_kept() {
	let mut service = Service::start_gateway(|_| ()).await;
	let document = good();
	shown(&service, &document).await;
	shown(&service, &weight("7100", CATEGORY)).await;
	by_hand(&service, &Metadata::none(), document.as_bytes(), |_| ()).send().await;
	service.stop().await;
	let files = files_under(service.folder());
	assert!(files.len() > 6, "there is something to look through");
	let needles = [SECRET.as_bytes().to_vec(), hex::encode(SECRET).into_bytes(), SALT.0.to_vec()];
	for file in files {
		let bytes = std::fs::read(&file).unwrap();
		for needle in &needles {
			let found = bytes.windows(needle.len()).any(|window| window == &needle[..]);
			assert!(!found, "{}", file.display());
		}
	}
}

#[tokio::test]
async fn the_organisation_opens_the_evidence_from_its_log() {
	let service = Service::start_gateway(|_| ()).await;
	let validated = shown(&service, &good()).await;
	let page = decisions(&service, None, 10).await;
	let key = page.decisions[0].evidence_key.unwrap();
	assert_eq!((key.recipient, key.key_version), (hospital().id, 1));
	let object = service.get_object(&ContentHash(validated.evidence.0)).await;
	let object = object.body.unwrap();
	let ciphertext_hash = CiphertextHash(validated.evidence.0);
	let context =
		RecordContext { genesis: GENESIS, record: record().0, version: 1, ciphertext_hash };
	let to = Addressee::identity(&hospital().id.0, 1);
	let share = Wrap(key.wrap.0).open_share(&context, &to, &hospital().secret).unwrap();
	let key = ContentKey::from_reader_share(share);
	let (outcome, opened) =
		Opener::new(&key).expect_object(ciphertext_hash).open_to_vec(&object).unwrap();
	assert_eq!(outcome.as_slice(), validated.outcome.as_bytes());
	let metadata = opened.metadata.record().unwrap();
	assert_eq!(metadata.author, Some(hospital().id.0));
	assert_eq!(metadata.provenance.unwrap()["resourceType"], "Provenance");
}

#[tokio::test]
async fn decisions_are_paged_and_for_the_organisation_only() {
	let service = Service::start_gateway(|_| ()).await;
	for seq in 0..5 {
		assert_eq!(shown(&service, &good()).await.seq, seq);
	}
	let numbers = |page: &DecisionPage| {
		page.decisions.iter().map(|listed| listed.decision.seq).collect::<Vec<_>>()
	};
	let first = decisions(&service, None, 2).await;
	assert_eq!((numbers(&first), first.next), (vec![0, 1], Some(1)));
	let second = decisions(&service, first.next, 2).await;
	assert_eq!((numbers(&second), second.next), (vec![2, 3], Some(3)));
	let third = decisions(&service, second.next, 2).await;
	assert_eq!((numbers(&third), third.next), (vec![4], None));
	assert_eq!(numbers(&decisions(&service, Some(4), 2).await), Vec::<u64>::new());
	assert_eq!(numbers(&decisions(&service, Some(u64::MAX), 2).await), Vec::<u64>::new());
	assert_eq!(decisions(&service, Some(2), 2).await.next, None, "it ends at the last");

	for stranger in [author(), patient()] {
		let request = service.request(Method::GET, &path::decisions(None, 1)).by(&stranger);
		request.send().await.fails(403, "not-organisation");
	}
	for wrong in ["?limit=0", "?limit=201", "?after=x", "?before=1"] {
		let path = format!("{}{wrong}", path::VALIDATIONS);
		let request = service.request(Method::GET, &path).by(&hospital());
		request.send().await.fails(400, "malformed");
	}
}

#[tokio::test]
async fn evidence_of_an_anchored_record_is_kept() {
	let service = Service::start_gateway(|_| ()).await;
	let validated = shown(&service, &good()).await;
	let evidence = path::object(&ContentHash(validated.evidence.0));
	let delete = || service.request(Method::DELETE, &evidence).by(&hospital()).send();
	delete().await.fails(409, "anchored");
	// That of one that was never anchored goes when the organisation says so.
	service.chain.both(|end| {
		end.records.insert(record(), facts(RecordStatus::Lapsed));
	});
	delete().await.succeeds(204);
}

#[tokio::test]
async fn an_erased_record_takes_its_evidence_along_and_gets_no_more() {
	let mut service = Service::start_gateway(|_| ()).await;
	let validated = shown(&service, &good()).await;
	let evidence = ContentHash(validated.evidence.0);
	service.get_object(&evidence).await.succeeds(200);
	service.faults.break_removals(Some("evidence"));
	service.chain.both(|end| end.tombstones.push(record()));
	eventually(|| service.count("objects") == 0).await;
	service.crash().await;
	service.faults.break_removals(None);
	service.restart().await;

	assert_eq!((service.count("evidence"), service.count("owners")), (0, 0));
	service.get_object(&evidence).await.fails(410, "object-erased");
	let (status, word) = refused(&service, &author(), &showing(&good())).await;
	assert_eq!((status, word.as_str()), (410, "record-erased"));
	// That it was decided stays; nobody opens on what any more.
	let page = decisions(&service, None, 10).await;
	assert_eq!(page.decisions.len(), 1);
	assert_eq!(page.decisions[0].evidence_key, None);
}
