// SPDX-License-Identifier: Apache-2.0

//! The secrets that a flag names.

use super::StartError;
use salus_client::keystore::{self, Secrets};
use std::path::Path;
use zeroize::Zeroizing;

/// Where the password of a keystore may stand.
pub(super) struct Password {
	variable: &'static str,
	option: &'static str,
}

pub(super) const OWN: Password = Password { variable: "SALUS_PASSWORD", option: "--password-file" };
pub(super) const GATEWAY: Password =
	Password { variable: "SALUS_GATEWAY_PASSWORD", option: "--gateway-password-file" };

/// The secrets of a keystore file, or of a key URI.
pub(super) fn secrets(
	key: &str,
	file: Option<&Path>,
	password: &Password,
) -> Result<Secrets, StartError> {
	let path = Path::new(key);
	if !path.is_file() {
		return Ok(Secrets::from_uri(key)?);
	}
	let Password { variable, option } = *password;
	let password = match file {
		Some(file) => std::fs::read_to_string(file)
			.map(Zeroizing::new)
			.map_err(|error| StartError::File { path: file.into(), reason: error.to_string() })?,
		None => std::env::var(variable)
			.map(Zeroizing::new)
			.map_err(|_| StartError::NoPassword { variable, option })?,
	};
	Ok(keystore::open(path, password.trim_end_matches(['\r', '\n']))?)
}
