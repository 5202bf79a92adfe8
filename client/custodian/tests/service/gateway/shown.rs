// SPDX-License-Identifier: Apache-2.0

//! Who may show a document, and which.

use super::*;

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
	for stranger in [colleague(), patient()] {
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
async fn who_sends_slowly_is_in_nobodys_way_but_its_own() {
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
	// Others of the organisation are looked at: this one shows a record that is not its own.
	let (status, word) = refused(&service, &reader(), &showing(&good())).await;
	assert_eq!((status, word.as_str()), (403, "not-own-record"));
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
