// SPDX-License-Identifier: Apache-2.0

//! Reading requests: bodies, ids, queries.

use crate::{
	Error,
	auth::{Caller, Door},
	error::Result,
	objects,
};
use axum::{
	extract::Request,
	http::{HeaderMap, header::CONTENT_LENGTH, request::Parts},
};
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use salus_client::wire::body_hash;
use salus_primitives::{ParseIdError, RecordId, RecordVersion};
use serde::de::DeserializeOwned;
use std::{str::FromStr, time::Duration};

/// The largest body that is no object.
const MAX_BODY: usize = 64 << 10;
/// How long such a body may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(10);

impl Door {
	/// Reads a request with a small body and checks who signed it.
	pub(crate) async fn signed(&self, request: Request) -> Result<(Parts, Caller, Bytes)> {
		let (parts, body) = request.into_parts();
		let too_large = || Error::TooLarge(MAX_BODY as u64);
		if declared_length(&parts.headers).is_some_and(|length| length > MAX_BODY as u64) {
			objects::drain(body).await;
			return Err(too_large());
		}
		let collected = Limited::new(body, MAX_BODY).collect();
		let body = tokio::time::timeout(ARRIVAL, collected)
			.await
			.map_err(|_| Error::BodyTimeout)?
			.map_err(|error| {
				if error.is::<http_body_util::LengthLimitError>() {
					too_large()
				} else {
					Error::BodyBroken
				}
			})?
			.to_bytes();
		let caller = self.authenticate(&parts, body_hash(&body)).await?;
		Ok((parts, caller, body))
	}
}

pub(crate) fn declared_length(headers: &HeaderMap) -> Option<u64> {
	headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

pub(crate) fn id<I: FromStr<Err = ParseIdError>>(text: &str) -> Result<I> {
	text.parse().map_err(|error| Error::Malformed(format!("`{text}`: {error}")))
}

pub(crate) fn place_of((record, version): &(String, String)) -> Result<(RecordId, RecordVersion)> {
	let number = version.parse().ok().filter(|number| *number > 0);
	let number = number.ok_or_else(|| {
		Error::Malformed(format!("`{version}`: the version of a record is a number from 1 on"))
	})?;
	Ok((id(record)?, number))
}

pub(crate) fn queries(parts: &Parts) -> url::form_urlencoded::Parse<'_> {
	url::form_urlencoded::parse(parts.uri.query().unwrap_or("").as_bytes())
}

pub(crate) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
	serde_json::from_slice(body)
		.map_err(|error| Error::Malformed(format!("the body is not what is taken here: {error}")))
}
