// SPDX-License-Identifier: Apache-2.0

//! Flags, and the files that they name.

use super::{
	secrets::{GATEWAY, secrets},
	*,
};
use clap::Parser;

#[test]
fn a_recorder_has_a_plain_name() {
	assert_eq!(recorder("a1"), Ok("a1".into()));
	for bad in ["", "A", "a/b", "..", "a-b", &"a".repeat(33)] {
		assert!(recorder(bad).is_err(), "{bad}");
	}
}

fn config(directory: &Path) -> Config {
	let keys = directory.join("keys");
	Config::try_parse_from([
		"salus-custodian",
		"--store",
		directory.join("store").to_str().unwrap(),
		"--keys",
		keys.to_str().unwrap(),
		"--key",
		"//Charlie",
	])
	.unwrap()
}

#[test]
fn a_master_key_is_made_once_and_for_its_owner_only() {
	let directory = tempfile::tempdir().unwrap();
	let config = config(directory.path());
	let made = config.master().unwrap();
	assert!(config.master().unwrap() == made);
	#[cfg(unix)]
	{
		use std::os::unix::fs::PermissionsExt;
		let file = std::fs::metadata(directory.path().join("keys/master.key")).unwrap();
		assert_eq!(file.permissions().mode() & 0o777, 0o600);
	}
}

#[test]
fn the_gateway_is_off_unless_a_key_is_named() {
	let directory = tempfile::tempdir().unwrap();
	let plain = config(directory.path());
	assert_eq!(plain.gateway_key, None);
	assert_eq!((plain.gateway_max_document, plain.gateway_lifetime), (16 << 20, 900));

	let with = |arguments: &[&str]| {
		let base = ["salus-custodian", "--store", "s", "--keys", "k", "--key", "//Charlie"];
		Config::try_parse_from(base.iter().chain(arguments))
	};
	assert!(with(&["--gateway-key", "//Dave", "--gateway-lifetime", "60"]).is_ok());
	for wrong in [
		&["--gateway-password-file", "p"][..],
		&["--gateway-key", "//Dave", "--gateway-lifetime", "59"],
		&["--gateway-key", "//Dave", "--gateway-max-document", "0"],
		&["--gateway-key", "//Dave", "--gateway-max-document", "67108865"],
		&["--gateway-key", "//Dave", "--gateway-per-minute", "0"],
	] {
		assert!(with(wrong).is_err(), "{wrong:?}");
	}
}

#[test]
fn a_keystore_without_a_password_says_where_to_put_it() {
	let file = tempfile::NamedTempFile::new().unwrap();
	let path = file.path().to_str().unwrap();
	let error = secrets(path, None, &GATEWAY).unwrap_err().to_string();
	assert!(error.contains("SALUS_GATEWAY_PASSWORD or --gateway-password-file"), "{error}");
}

#[test]
fn a_lost_master_key_is_not_replaced() {
	let directory = tempfile::tempdir().unwrap();
	std::fs::create_dir_all(directory.path().join("keys/keys")).unwrap();
	let error = config(directory.path()).master().unwrap_err();
	assert!(error.to_string().contains("restore it"), "{error}");
}

#[test]
fn a_holder_of_emergency_keys_wants_no_store_of_keys() {
	let base = ["salus-custodian", "--store", "s", "--key", "//Charlie"];
	let with = |arguments: &[&str]| Config::try_parse_from(base.iter().chain(arguments));
	assert!(with(&["--emergency-holder"]).is_ok());
	assert!(with(&["--keys", "k"]).is_ok());
	assert!(with(&[]).is_err(), "a custodian needs one");
	assert!(with(&["--emergency-holder", "--keys", "k"]).is_err());
	assert!(with(&["--emergency-holder", "--gateway-key", "//Dave"]).is_err());
}

#[test]
fn a_certificate_comes_with_its_key() {
	let base = ["salus-custodian", "--store", "s", "--keys", "k", "--key", "//Charlie"];
	let with = |arguments: &[&str]| Config::try_parse_from(base.iter().chain(arguments));
	assert!(with(&["--tls-certificate", "c", "--tls-key", "k"]).is_ok());
	assert!(with(&["--tls-certificate", "c"]).is_err());
	assert!(with(&["--tls-key", "k"]).is_err());
}

#[test]
fn what_others_can_listen_to_is_said_so() {
	let base = ["salus-custodian", "--store", "s", "--keys", "k", "--key", "//Charlie"];
	let with = |arguments: &[&str]| {
		Config::try_parse_from(base.iter().chain(arguments)).unwrap().is_overheard()
	};
	assert!(!with(&[]));
	assert!(!with(&["--listen", "[::1]:1"]));
	assert!(with(&["--listen", "0.0.0.0:1"]));
	assert!(!with(&["--listen", "0.0.0.0:1", "--tls-certificate", "c", "--tls-key", "k"]));
}

#[tokio::test]
async fn keys_at_a_url_want_a_master_key_of_their_own_and_keep_it() {
	let directory = tempfile::tempdir().unwrap();
	let url = format!("file://{}", directory.path().join("keys").display());
	let config = |more: &[&str]| {
		let base = ["salus-custodian", "--store", "s", "--keys", &url, "--key", "//Charlie"];
		Config::try_parse_from(base.iter().chain(more)).unwrap()
	};
	let keys = Store::open(&url).unwrap();
	let error = config(&[]).ensure_master(&keys).await.unwrap_err().to_string();
	assert!(error.contains("--master-key"), "{error}");

	let file = directory.path().join("master");
	let named = config(&["--master-key", file.to_str().unwrap()]);
	named.ensure_master(&keys).await.unwrap();
	let made = named.master().unwrap();
	keys.create("keys/record/1", bytes::Bytes::from_static(b"wrapped")).await.unwrap();
	named.ensure_master(&keys).await.unwrap();
	assert!(named.master().unwrap() == made);
	std::fs::remove_file(&file).unwrap();
	let error = named.ensure_master(&keys).await.unwrap_err().to_string();
	assert!(error.contains("restore it"), "{error}");
}
