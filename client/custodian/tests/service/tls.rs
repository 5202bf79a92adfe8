// SPDX-License-Identifier: Apache-2.0

//! Encrypted connections.

use crate::harness::*;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use reqwest::{Certificate, Client, Method};
use salus_client::wire::path;
use salus_custodian::Tls;
use std::{path::PathBuf, sync::Arc, time::Duration};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;

/// A certificate of its own, in two files.
struct Files {
	directory: TempDir,
	certificate: Certificate,
}

impl Files {
	fn new() -> Self {
		let directory = tempfile::tempdir().unwrap();
		let certificate = write(&directory);
		Self { directory, certificate }
	}

	fn path(&self, name: &str) -> PathBuf {
		self.directory.path().join(name)
	}

	fn open(&self) -> Arc<Tls> {
		Arc::new(Tls::open(&self.path("certificate"), &self.path("key")).unwrap())
	}
}

fn write(directory: &TempDir) -> Certificate {
	let names = vec!["localhost".into(), "127.0.0.1".into()];
	let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names).unwrap();
	std::fs::write(directory.path().join("certificate"), cert.pem()).unwrap();
	std::fs::write(directory.path().join("key"), signing_key.serialize_pem()).unwrap();
	Certificate::from_pem(cert.pem().as_bytes()).unwrap()
}

/// A client that trusts this certificate alone, by a connection of its own.
fn client(certificate: &Certificate) -> Client {
	Client::builder().tls_certs_only([certificate.clone()]).build().unwrap()
}

async fn encrypted(tls: Arc<Tls>) -> Service {
	let mut service = Service::start().await;
	service.stop().await;
	service.tls = Some(tls);
	service.restart().await;
	service
}

async fn asked(service: &Service, certificate: &Certificate) -> reqwest::Result<u16> {
	let object = path::object(&hash(b"none"));
	let place = (service.url.as_str(), CUSTODIAN);
	let answer =
		ask(&client(certificate), place, &reader(), (Method::GET, &object), Vec::new()).await?;
	Ok(answer.status.as_u16())
}

#[tokio::test]
async fn requests_go_over_tls_when_there_is_a_certificate() {
	let files = Files::new();
	let service = encrypted(files.open()).await;
	assert!(service.url.starts_with("https://"));
	assert_eq!(asked(&service, &files.certificate).await.unwrap(), 404);
	// Another certificate is not its own.
	let other = Files::new();
	assert!(asked(&service, &other.certificate).await.is_err());
	// What is not encrypted is not understood.
	let plain = service.url.replace("https", "http");
	assert!(reqwest::get(format!("{plain}/info")).await.is_err());
}

#[tokio::test]
async fn a_handshake_that_stands_still_stops_nobody() {
	let files = Files::new();
	let service = encrypted(files.open()).await;
	let address = service.url.strip_prefix("https://").unwrap();
	let mut held = Vec::new();
	for _ in 0..50 {
		let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
		stream.write_all(&[0x16, 3, 1]).await.unwrap();
		held.push(stream);
	}
	let asking = tokio::time::timeout(Duration::from_secs(5), asked(&service, &files.certificate));
	assert_eq!(asking.await.unwrap().unwrap(), 404);
}

#[tokio::test]
async fn a_new_certificate_counts_from_the_next_connection_on() {
	let files = Files::new();
	let tls = files.open();
	let service = encrypted(tls.clone()).await;
	let fresh = write(&files.directory);
	tls.reload().unwrap();
	assert!(asked(&service, &files.certificate).await.is_err());
	assert_eq!(asked(&service, &fresh).await.unwrap(), 404);
	// One that cannot be used changes nothing.
	std::fs::write(files.path("key"), "no key").unwrap();
	let error = tls.reload().unwrap_err().to_string();
	assert!(error.contains("no private key in PEM"), "{error}");
	assert_eq!(asked(&service, &fresh).await.unwrap(), 404);
}

#[test]
fn files_that_do_not_serve_are_named() {
	let (files, other) = (Files::new(), Files::new());
	let open = |certificate: PathBuf, key: PathBuf| {
		Tls::open(&certificate, &key).err().unwrap().to_string()
	};
	let missing = open(files.path("none"), files.path("key"));
	assert!(missing.contains("none cannot be used for TLS"), "{missing}");
	let swapped = open(files.path("key"), files.path("certificate"));
	assert!(swapped.contains("holds no certificate"), "{swapped}");
	let foreign = open(files.path("certificate"), other.path("key"));
	assert!(foreign.contains("does not fit the key"), "{foreign}");
}
