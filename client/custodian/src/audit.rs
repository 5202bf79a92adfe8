// SPDX-License-Identifier: Apache-2.0

//! What was recorded, for those whom it is about: the patient, and the organisation whose people
//! asked.

pub mod fhir;

use crate::{
	Error,
	auth::Caller,
	error::Result,
	log::{About, AccessLog},
};
use axum::{
	Json,
	http::{
		HeaderValue,
		header::{ACCEPT, CONTENT_TYPE},
		request::Parts,
	},
	response::{IntoResponse, Response},
};
use salus_client::wire::{FHIR_JSON, MAX_AUDIT_PAGE};
use salus_primitives::IdentityId;

/// The query of `GET /audit`, read.
struct Query {
	subject: Option<IdentityId>,
	organisation: Option<IdentityId>,
	after: Option<String>,
	limit: u32,
	fhir: bool,
}

/// Answers `GET /audit`.
pub(crate) async fn page(
	log: &AccessLog,
	service: IdentityId,
	parts: &Parts,
	caller: &Caller,
) -> Result<Response> {
	let query = Query::read(parts)?;
	let whom = match (&query.subject, &query.organisation) {
		(Some(subject), None) if *subject == caller.identity => About::Subject(subject),
		(Some(_), None) => return Err(Error::NotSubject),
		// An organisation is known by working at itself.
		(None, Some(organisation)) if *organisation == caller.identity => {
			About::Readers(organisation)
		},
		(None, Some(_)) => return Err(Error::NotReaders),
		_ => {
			let text = "name either the `subject` or the `organisation`";
			return Err(Error::Malformed(text.into()));
		},
	};
	let page = log.about(whom, query.after.as_deref(), query.limit as usize).await?;
	if !query.fhir {
		return Ok(Json(page).into_response());
	}
	let bundle = fhir::bundle(service, &page);
	let headers = [(CONTENT_TYPE, HeaderValue::from_static(FHIR_JSON))];
	Ok((headers, bundle.to_string()).into_response())
}

impl Query {
	fn read(parts: &Parts) -> Result<Self> {
		let accepted = parts.headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
		let mut query = Self {
			subject: None,
			organisation: None,
			after: None,
			limit: MAX_AUDIT_PAGE,
			fhir: accepted.is_some_and(|accepted| accepted.contains(FHIR_JSON)),
		};
		let text = parts.uri.query().unwrap_or("");
		for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
			let id = || {
				let parsed = value.parse::<IdentityId>();
				parsed.map_err(|error| Error::Malformed(format!("`{value}`: {error}")))
			};
			match &*name {
				"subject" => query.subject = Some(id()?),
				"organisation" => query.organisation = Some(id()?),
				"after" => query.after = Some(cursor(&value)?),
				"limit" => query.limit = page_limit(&value, MAX_AUDIT_PAGE)?,
				"format" if value == "fhir" => query.fhir = true,
				"format" if value == "json" => query.fhir = false,
				"format" => return Err(Error::Malformed("`format` is json or fhir".into())),
				other => return Err(Error::Malformed(format!("`{other}` is not asked for here"))),
			}
		}
		Ok(query)
	}
}

/// What is wrong with a cursor that no page gave.
pub(crate) const AFTER: &str = "`after` is what the page before gave as `next`";

pub(crate) fn page_limit(text: &str, most: u32) -> Result<u32> {
	let limit = text.parse().ok().filter(|limit| (1..=most).contains(limit));
	limit.ok_or_else(|| Error::Malformed(format!("`limit` is a number from 1 to {most}")))
}

/// Only what [`crate::log`] itself puts into names.
fn cursor(text: &str) -> Result<String> {
	let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
	if text.len() <= 128 && !text.is_empty() && text.chars().all(is_plain) {
		Ok(text.into())
	} else {
		Err(Error::Malformed(AFTER.into()))
	}
}
