// SPDX-License-Identifier: Apache-2.0

//! Signed requests, and the forms of what they carry.

use super::*;
use salus_envelope::{AgreementSecret, PrivateKey, ReaderShare, Sha256Hasher};
use salus_merkle::MerkleTree;
use salus_primitives::{AccessQuestion, Action, PermitBasis, Purpose, RecordClass};
use subxt_signer::sr25519::dev;

const PEER: Peer = Peer { genesis: [1; 32], custodian: IdentityId([2; 32]) };
const NOW: Moment = 1_000_000_000;

fn statement() -> Statement<'static> {
	Statement {
		genesis: PEER.genesis,
		method: "PUT",
		path: "/objects/0x00",
		body: body_hash(b"body"),
		audience: PEER.custodian,
		nonce: [3; 16],
		expires: NOW + LIFETIME,
	}
}

fn verified(
	credentials: &Credentials,
	statement: &Statement<'_>,
) -> Result<[u8; 32], CredentialsError> {
	credentials.verify(statement, &PEER.custodian, NOW)
}

#[test]
fn a_signed_request_verifies_to_its_hash() {
	let credentials = Credentials::sign(&statement(), &dev::alice());
	assert_eq!(verified(&credentials, &statement()), Ok(statement().hash()));
}

#[test]
fn the_form_that_wallets_sign_verifies() {
	let mut credentials = Credentials::sign(&statement(), &dev::alice());
	let [_, wrapped] = signed_forms(statement().to_bytes());
	credentials.signature = dev::alice().sign(&wrapped).0;
	assert_eq!(verified(&credentials, &statement()), Ok(statement().hash()));
}

#[test]
fn the_hash_of_a_body_is_the_hash_of_an_object() {
	assert_eq!(body_hash(b"body"), blake2_256(b"body"));
	assert_eq!(body_hash(b""), blake2_256(b""));
}

#[test]
fn every_field_is_under_the_signature() {
	let credentials = Credentials::sign(&statement(), &dev::alice());
	let changes: [fn(&mut Statement<'_>); 6] = [
		|s| s.genesis[0] ^= 1,
		|s| s.method = "GET",
		|s| s.path = "/objects/0x01",
		|s| s.body[0] ^= 1,
		|s| s.nonce[0] ^= 1,
		|s| s.expires += 1,
	];
	for change in changes {
		let mut other = statement();
		change(&mut other);
		assert_eq!(verified(&credentials, &other), Err(CredentialsError::BadSignature));
	}
	let other = Credentials { account: dev::bob().public_key().0, ..credentials };
	assert_eq!(verified(&other, &statement()), Err(CredentialsError::BadSignature));
}

#[test]
fn a_request_for_another_custodian_is_refused() {
	let mut other = statement();
	other.audience = IdentityId([9; 32]);
	let credentials = Credentials::sign(&other, &dev::alice());
	assert_eq!(verified(&credentials, &other), Err(CredentialsError::OtherAudience));
}

#[test]
fn expiry_is_bounded_in_both_directions() {
	let at = |expires| {
		let mut timed = statement();
		timed.expires = expires;
		verified(&Credentials::sign(&timed, &dev::alice()), &timed).map(drop)
	};
	assert_eq!(at(NOW), Err(CredentialsError::Expired));
	assert_eq!(at(NOW + 1), Ok(()));
	assert_eq!(at(NOW + MAX_LIFETIME), Ok(()));
	assert_eq!(at(NOW + MAX_LIFETIME + 1), Err(CredentialsError::ExpiresTooLate));
	assert_eq!(at(u64::MAX), Err(CredentialsError::ExpiresTooLate));
}

#[test]
fn headers_are_read_as_they_are_written() {
	let credentials = Credentials::sign(&statement(), &dev::alice());
	let headers = credentials.headers();
	let read = |skip: &str| {
		Credentials::from_headers(|name| {
			let found = headers.iter().find(|(known, _)| *known == name && name != skip);
			found.map(|(_, value)| value.as_str())
		})
	};
	assert_eq!(read(""), Ok(credentials));
	for name in [ACCOUNT, AUDIENCE, NONCE, EXPIRES, SIGNATURE] {
		assert_eq!(read(name), Err(CredentialsError::Missing(name)));
	}
	let garbage = Credentials::from_headers(|_| Some("0xzz"));
	assert_eq!(garbage, Err(CredentialsError::Malformed(ACCOUNT)));
}

#[test]
fn a_deposit_opens_for_its_record_at_its_custodian_only() {
	let (secret, share) = (AgreementSecret::generate(), CustodianShare::generate());
	let record = RecordId([4; 32]);
	let sealed = PEER.seal_deposit(&record, 1, &share, &secret.public()).unwrap();
	assert_eq!(PEER.open_deposit(&record, 1, &sealed, &secret), Ok(share));

	let other = Peer { custodian: IdentityId([5; 32]), ..PEER };
	assert!(other.open_deposit(&record, 1, &sealed, &secret).is_err());
	assert!(PEER.open_deposit(&record, 2, &sealed, &secret).is_err());
	assert!(PEER.open_deposit(&RecordId([5; 32]), 1, &sealed, &secret).is_err());
}

#[test]
fn a_release_opens_for_its_request_only() {
	let (secret, share) = (AgreementSecret::generate(), CustodianShare::generate());
	let sealed = PEER.seal_release(&[6; 32], &share, &secret.public()).unwrap();
	assert_eq!(PEER.open_release(&[6; 32], &sealed, &secret), Ok(share));
	assert!(PEER.open_release(&[7; 32], &sealed, &secret).is_err());
}

#[test]
fn bodies_keep_their_json_form() {
	let deposit = Deposit {
		subject: IdentityId([1; 32]),
		class: RecordClass::Laboratory,
		compartment: 3,
		nonce: [2; 16],
		content: ContentHash([5; 32]),
		share: SealedShare([4; 80]),
		part: None,
	};
	let json = serde_json::to_value(&deposit).unwrap();
	let expected = serde_json::json!({
		"subject": format!("0x{}", "01".repeat(32)),
		"class": "laboratory",
		"compartment": 3,
		"nonce": format!("0x{}", "02".repeat(16)),
		"content": format!("0x{}", "05".repeat(32)),
		"share": format!("0x{}", "04".repeat(80)),
	});
	assert_eq!(json, expected);
	assert_eq!(serde_json::from_value::<Deposit>(json).unwrap(), deposit);
}

#[test]
fn a_part_of_a_share_says_which() {
	let part = SharePart { index: 2, threshold: 2, of: 3 };
	assert!(part.is_sound());
	let json = serde_json::json!({ "index": 2, "threshold": 2, "of": 3 });
	assert_eq!(serde_json::to_value(part).unwrap(), json);
	for (index, threshold, of) in [(0, 1, 2), (3, 1, 2), (1, 0, 2), (1, 3, 2), (1, 1, 9)] {
		assert!(!SharePart { index, threshold, of }.is_sound(), "{index} {threshold} {of}");
	}
}

#[test]
fn an_answer_in_an_emergency_opens_for_its_request_only() {
	let (secret, share) = (AgreementSecret::generate(), ReaderShare::generate());
	let sealed = PEER.seal_emergency(&[6; 32], &share, &secret.public()).unwrap();
	assert_eq!(PEER.open_emergency(&[6; 32], &sealed, &secret), Ok(share));
	assert!(PEER.open_emergency(&[7; 32], &sealed, &secret).is_err());
	assert!(PEER.open_release(&[6; 32], &sealed, &secret).is_err());
}

fn entry(seq: u64) -> AuditEntry {
	AuditEntry {
		recorder: "main".into(),
		seq,
		at: NOW,
		subject: Some(IdentityId([1; 32])),
		organisations: vec![IdentityId([2; 32])],
		question: AccessQuestion {
			reader: IdentityId([3; 32]),
			record: RecordId([4; 32]),
			purpose: Purpose::Treat,
			action: Action::Access,
		},
		version: 1,
		decision: AccessDecision::Permit(PermitBasis::Policy),
		released: Released::CustodianShare,
		counted: false,
		account: Digest([5; 32]),
		request: Digest([6; 32]),
		suppressed: 0,
		salt: [7; 16],
		batch: None,
	}
}

#[test]
fn an_entry_leads_to_the_root_of_its_batch_and_no_other_does() {
	let custodian = PEER.custodian;
	let leaves: Vec<_> = (10..15).map(|seq| entry(seq).leaf(custodian).to_bytes()).collect();
	let tree = MerkleTree::<Sha256Hasher>::from_data(&leaves);
	let path = tree.path(3).unwrap().into_iter().map(Digest).collect();
	let inclusion = AuditInclusion { seq: 2, first: 10, size: 5, path };
	let (root, leaf) = (Digest(tree.root()), entry(13).leaf(custodian));
	assert!(inclusion.leads_to(&root, &leaf));

	// Where it is anchored does not change what it is.
	let listed = AuditEntry { batch: Some(inclusion.clone()), ..entry(13) };
	assert_eq!(listed.event(), entry(13).event());
	let read: AuditEntry = serde_json::from_slice(&serde_json::to_vec(&listed).unwrap()).unwrap();
	assert_eq!((read.leaf(custodian), &read), (leaf, &listed));

	for other in [
		entry(12).leaf(custodian),
		entry(3).leaf(custodian),
		entry(13).leaf(IdentityId([9; 32])),
		AuditEntry { recorder: "other".into(), ..entry(13) }.leaf(custodian),
		AuditEntry { suppressed: 1, ..entry(13) }.leaf(custodian),
	] {
		assert!(!inclusion.leads_to(&root, &other), "{other:?}");
	}
	assert!(!AuditInclusion { size: 4, ..inclusion }.leads_to(&root, &leaf));
}
