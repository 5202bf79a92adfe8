// SPDX-License-Identifier: Apache-2.0

//! What a custodian answers, taken apart.

use super::{CustodianError, Result};
use crate::{one_line, wire::Failure};
use reqwest::{Response, StatusCode};
use serde::de::DeserializeOwned;

/// An answer that is a success, or the failure it carries.
pub(super) async fn checked(url: &str, sent: reqwest::Result<Response>) -> Result<Response> {
	let response = sent.map_err(|error| unreachable_at(url, &error))?;
	let status = response.status();
	if status.is_success() {
		return Ok(response);
	}
	let text = response.text().await.unwrap_or_default();
	Err(failure(status, &text))
}

fn failure(status: StatusCode, text: &str) -> CustodianError {
	match serde_json::from_str::<Failure>(text) {
		Ok(Failure { message, decision: Some(decision), .. }) if !decision.is_permit() => {
			CustodianError::Denied { decision, message }
		},
		Ok(Failure { error: code, message, .. }) => {
			CustodianError::Refused { status: status.as_u16(), code, message: one_line(&message) }
		},
		Err(_) => CustodianError::Refused {
			status: status.as_u16(),
			code: "http".into(),
			message: status.to_string(),
		},
	}
}

pub(super) async fn json<T: DeserializeOwned>(url: &str, response: Response) -> Result<T> {
	let bytes = response.bytes().await.map_err(|error| unreachable_at(url, &error))?;
	serde_json::from_slice(&bytes).map_err(|error| CustodianError::Answer {
		url: url.into(),
		reason: one_line(&error.to_string()),
	})
}

/// The innermost cause says most; the outer ones repeat the address.
pub(super) fn unreachable_at(url: &str, error: &reqwest::Error) -> CustodianError {
	let mut cause: &dyn std::error::Error = error;
	while let Some(inner) = cause.source() {
		cause = inner;
	}
	CustodianError::Unreachable { url: url.into(), reason: one_line(&cause.to_string()) }
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::custodian::Custodian;
	use salus_primitives::{AccessDecision, DenyReason};

	#[test]
	fn a_denial_is_told_from_a_refusal() {
		let decision = AccessDecision::Deny(DenyReason::NoGrant);
		let body = Failure {
			error: "denied".into(),
			message: "ask the patient".into(),
			decision: Some(decision),
		};
		let text = serde_json::to_string(&body).unwrap();
		let error = failure(StatusCode::FORBIDDEN, &text);
		assert_eq!(error.to_string(), "access denied: no grant permits it");

		let body =
			Failure { error: "gone".into(), message: "it was\nerased".into(), decision: None };
		let error = failure(StatusCode::GONE, &serde_json::to_string(&body).unwrap());
		assert!(error.is_erased());
		assert_eq!(error.to_string(), "the custodian refused: it was erased");
	}

	#[test]
	fn answers_of_somebody_else_are_named_by_their_status() {
		let error = failure(StatusCode::BAD_GATEWAY, "<html>");
		assert_eq!(error.to_string(), "the custodian refused: 502 Bad Gateway");
	}

	#[tokio::test]
	async fn nobody_there_is_one_line_with_the_address() {
		let error = Custodian::connect("http://127.0.0.1:9/", [0; 32]).await.unwrap_err();
		let text = error.to_string();
		assert!(text.starts_with("no custodian answers at http://127.0.0.1:9:"), "{text}");
		assert!(!text.contains('\n'));
	}
}
