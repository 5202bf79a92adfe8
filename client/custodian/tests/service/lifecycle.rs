// SPDX-License-Identifier: Apache-2.0

//! Starting, stopping, and what operators see.

use crate::harness::*;
use salus_client::{
	custodian::{self, CustodianError, ShareDeposit, ShareRequest},
	wire::{Health, Info},
};
use salus_primitives::{AccessDecision, Action, DenyReason, Purpose};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test]
async fn info_says_who_it_is() {
	let service = Service::start().await;
	let info: Info =
		reqwest::get(format!("{}/info", service.url)).await.unwrap().json().await.unwrap();
	assert_eq!((info.identity, info.genesis.0), (CUSTODIAN, crate::chain::GENESIS));
	assert_eq!(info.key_version, Some(1));
	// A key that the chain does not show has no version.
	service.chain.state().best.keys.insert(CUSTODIAN, (2, [9; 32]));
	let info: Info =
		reqwest::get(format!("{}/info", service.url)).await.unwrap().json().await.unwrap();
	assert_eq!(info.key_version, None);
}

#[tokio::test]
async fn health_follows_the_chain() {
	let service = Service::start().await;
	let ask = async || {
		let response = reqwest::get(format!("{}/health", service.url)).await.unwrap();
		(response.status().as_u16(), response.json::<Health>().await.unwrap())
	};
	let (status, health) = ask().await;
	assert_eq!((status, health.ok, health.chain, health.backlog), (200, true, true, 0));
	service.chain.state().age = 120_000;
	let (status, health) = ask().await;
	assert_eq!((status, health.ok, health.chain), (503, false, true));
	assert!(health.finality_age.unwrap() >= 120_000);
	service.chain.state().is_down = true;
	let (status, health) = ask().await;
	assert_eq!((status, health.chain, health.finality_age), (503, false, None));
}

#[tokio::test]
async fn requests_are_counted_by_route_and_status() {
	let service = Service::start().await;
	service.get_object(&hash(b"none")).await.fails(404, "object-missing");
	let text = service.metrics().await;
	let line =
		r#"salus_custodian_requests_total{method="GET",route="/objects/{hash}",status="404"} 1"#;
	assert!(text.contains(line), "{text}");
	for name in ["denials_total", "log_backlog", "finality_age_seconds", "request_seconds_count"] {
		assert!(text.contains(&format!("salus_custodian_{name}")), "{name}");
	}
}

#[tokio::test]
async fn a_request_that_is_under_way_finishes_when_the_custodian_goes_down() {
	let mut service = Service::start().await;
	let object = b"an object that takes its time".to_vec();
	let path = salus_client::wire::path::object(&hash(&object));
	let (credentials, _) = PEER.sign("PUT", &path, hash(&object).0, &author().signer);
	let mut head =
		format!("PUT {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n", object.len());
	for (name, value) in credentials.headers() {
		head += &format!("{name}: {value}\r\n");
	}
	let address = service.url.strip_prefix("http://").unwrap().to_owned();
	let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
	stream.write_all(format!("{head}\r\n").as_bytes()).await.unwrap();
	stream.write_all(&object[..10]).await.unwrap();
	tokio::time::sleep(Duration::from_millis(300)).await;

	let stopping = service.begin_to_stop();
	tokio::time::sleep(Duration::from_millis(300)).await;
	assert!(tokio::net::TcpStream::connect(&address).await.is_err(), "nobody new is let in");
	assert!(!stopping.is_finished());
	stream.write_all(&object[10..]).await.unwrap();
	let mut answer = String::new();
	stream.read_to_string(&mut answer).await.unwrap();
	assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
	tokio::time::timeout(Duration::from_secs(10), stopping).await.unwrap().unwrap();
	assert_eq!(service.count("objects"), 1);
}

#[tokio::test]
async fn a_client_that_goes_away_leaves_nothing() {
	let service = Service::start().await;
	let path = salus_client::wire::path::object(&hash(&[1; 9_000_000]));
	let (credentials, _) = PEER.sign("PUT", &path, hash(&[1; 9_000_000]).0, &author().signer);
	let mut head = format!("PUT {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 9000000\r\n");
	for (name, value) in credentials.headers() {
		head += &format!("{name}: {value}\r\n");
	}
	let address = service.url.strip_prefix("http://").unwrap();
	let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
	stream.write_all(format!("{head}\r\n").as_bytes()).await.unwrap();
	stream.write_all(&[1; 8_000_000]).await.unwrap();
	drop(stream);
	for _ in 0..100 {
		if service.count("objects") == 0 {
			break;
		}
		tokio::time::sleep(Duration::from_millis(50)).await;
	}
	assert_eq!(service.count("objects"), 0);
	service.get_object(&hash(&[1; 9_000_000])).await.fails(404, "object-missing");
}

#[tokio::test]
async fn the_sdk_speaks_to_it() {
	let service = Service::start().await;
	let genesis = crate::chain::GENESIS;
	let client = custodian::Custodian::connect(&service.url, genesis).await.unwrap();
	let folder = tempfile::tempdir().unwrap();
	let (up, down) = (folder.path().join("up"), folder.path().join("down"));
	let object = vec![8; 3_000_000];
	std::fs::write(&up, &object).unwrap();
	let stored = client.put_object(&author().signer, &hash(&object), &up, |_| ()).await.unwrap();
	assert!(!stored.existed);
	let got = client.get_object(&reader().signer, &hash(&object), &down, |_, _| ()).await.unwrap();
	assert_eq!(got, object.len() as u64);
	assert_eq!(std::fs::read(&down).unwrap(), object);

	let deposit = ShareDeposit {
		record: record(),
		version: 1,
		subject: patient().id,
		class: CLASS,
		compartment: 0,
		nonce: NONCE,
		content: hash(&object),
		share: &share(),
		part: None,
	};
	client.deposit_share(&author().signer, &deposit).await.unwrap();
	let request = ShareRequest {
		record: record(),
		version: 1,
		purpose: Purpose::Treat,
		action: Action::Access,
		key_version: 1,
	};
	let Person { signer, secret, .. } = reader();
	let (got, _) = client.request_share(&signer, &request, &secret).await.unwrap();
	assert_eq!(got, share());

	service.chain.decide(AccessDecision::Deny(DenyReason::NoGrant));
	let denied = client.request_share(&signer, &request, &secret).await.unwrap_err();
	assert!(matches!(denied, CustodianError::Denied { .. }), "{denied}");
	let page = client.audit(&patient().signer, &patient().id, None, 10).await.unwrap();
	assert_eq!(page.entries.len(), 2);
}
