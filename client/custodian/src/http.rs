// SPDX-License-Identifier: Apache-2.0

//! The endpoints, and the server under them.

use crate::{Custodian, Error, auth::Caller, error::Result, objects, shares::Place};
use axum::{
	Json, Router,
	body::Body,
	extract::{MatchedPath, Path, Request, State},
	http::{
		HeaderMap, HeaderValue, StatusCode,
		header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE},
		request::Parts,
	},
	middleware::{self, Next},
	response::{IntoResponse, Response},
	routing::{get, post, put},
};
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper_util::{
	rt::{TokioIo, TokioTimer},
	server::graceful::GracefulShutdown,
	service::TowerToHyperService,
};
use salus_client::wire::{
	Deposit, MAX_AUDIT_PAGE, MAX_DECISION_PAGE, ReleaseRequest, body_hash, path,
};
use salus_primitives::{ContentHash, IdentityId, RecordId, RecordVersion};
use serde::de::DeserializeOwned;
use std::{
	sync::Arc,
	time::{Duration, Instant},
};
use tokio::net::TcpListener;

/// The largest body that is no object.
const MAX_BODY: usize = 64 << 10;
/// How long such a body may take to arrive, and the headers of any request.
const ARRIVAL: Duration = Duration::from_secs(10);
/// How long open connections get to finish when the custodian goes down.
const FAREWELL: Duration = Duration::from_secs(20);

type App = State<Arc<Custodian>>;

/// Every endpoint.
pub fn router(custodian: Arc<Custodian>) -> Router {
	Router::new()
		.route("/objects/{hash}", put(put_object).get(get_object).delete(delete_object))
		.route("/shares/{record}/{version}", put(put_share).get(share_state).delete(delete_share))
		.route("/shares/{record}/{version}/release", post(release))
		.route(path::VALIDATIONS, post(validate).get(decisions))
		.route("/audit", get(audit))
		.route("/info", get(info))
		.route("/health", get(health))
		.route("/metrics", get(metrics))
		.fallback(async || Error::UnknownPath)
		.method_not_allowed_fallback(async || Error::UnknownMethod)
		.layer(middleware::from_fn_with_state(custodian.clone(), measure))
		.with_state(custodian)
}

/// Serves until `stop` resolves, then lets open requests finish.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
	let graceful = GracefulShutdown::new();
	let mut stop = std::pin::pin!(stop);
	loop {
		let stream = tokio::select! {
			() = &mut stop => break,
			accepted = listener.accept() => match accepted {
				Ok((stream, _)) => stream,
				Err(error) => {
					// Out of file descriptors, mostly: some will come back.
					tracing::warn!(%error, "a connection could not be accepted");
					tokio::time::sleep(Duration::from_millis(100)).await;
					continue;
				},
			},
		};
		let connection = hyper::server::conn::http1::Builder::new()
			.timer(TokioTimer::new())
			.header_read_timeout(ARRIVAL)
			.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router.clone()));
		let connection = graceful.watch(connection);
		tokio::spawn(async move {
			if let Err(error) = connection.await {
				tracing::debug!(%error, "a connection broke");
			}
		});
	}
	drop(listener);
	if tokio::time::timeout(FAREWELL, graceful.shutdown()).await.is_err() {
		tracing::warn!("open connections were cut");
	}
}

async fn measure(State(custodian): App, request: Request, next: Next) -> Response {
	let start = Instant::now();
	let method = request.method().clone();
	let route = request.extensions().get::<MatchedPath>().cloned();
	let mut response = next.run(request).await;
	let route = route.as_ref().map_or("none", MatchedPath::as_str);
	// Anything may stand in place of a method; labels are a closed set.
	let method = match method.as_str() {
		known @ ("GET" | "PUT" | "POST" | "DELETE" | "HEAD") => known,
		_ => "other",
	};
	custodian.metrics.request(method, route, response.status().as_u16(), start.elapsed());
	response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
	response
}

async fn put_object(
	State(custodian): App,
	Path(hash): Path<String>,
	request: Request,
) -> Result<Response> {
	let (parts, body) = request.into_parts();
	let limit = custodian.settings.max_object;
	if declared_length(&parts.headers).is_some_and(|length| length > limit) {
		objects::drain(body).await;
		return Err(Error::TooLarge(limit));
	}
	// The hash of the body is the one in the path: it is signed before and checked after.
	let authenticated = async {
		let hash = id::<ContentHash>(&hash)?;
		Ok((hash, custodian.authenticate(&parts, hash.0).await?))
	};
	let (hash, caller) = match authenticated.await {
		Ok(known) => known,
		Err(error) => {
			objects::drain(body).await;
			return Err(error);
		},
	};
	let stored = custodian.put_object(&caller, &hash, body).await?;
	let status = if stored.existed { StatusCode::OK } else { StatusCode::CREATED };
	Ok((status, Json(stored)).into_response())
}

async fn get_object(
	State(custodian): App,
	Path(hash): Path<String>,
	request: Request,
) -> Result<Response> {
	let hash = id::<ContentHash>(&hash)?;
	custodian.signed(request).await?;
	let object = custodian.get_object(&hash).await?;
	let headers = [
		(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
		(CONTENT_LENGTH, HeaderValue::from(object.length)),
	];
	Ok((headers, Body::from_stream(object.bytes)).into_response())
}

async fn delete_object(
	State(custodian): App,
	Path(hash): Path<String>,
	request: Request,
) -> Result<StatusCode> {
	let hash = id::<ContentHash>(&hash)?;
	let (_, caller, _) = custodian.signed(request).await?;
	custodian.delete_object(&caller, &hash).await?;
	Ok(StatusCode::NO_CONTENT)
}

async fn put_share(
	State(custodian): App,
	Path(place): Path<(String, String)>,
	request: Request,
) -> Result<Response> {
	let (record, version) = place_of(&place)?;
	let (_, caller, body) = custodian.signed(request).await?;
	let deposit: Deposit = json(&body)?;
	let place = Place { record: &record, version };
	let stored = custodian.deposit(&caller, place, &deposit).await?;
	let status = if stored.existed { StatusCode::OK } else { StatusCode::CREATED };
	Ok((status, Json(stored)).into_response())
}

async fn share_state(
	State(custodian): App,
	Path(place): Path<(String, String)>,
	request: Request,
) -> Result<StatusCode> {
	let (record, version) = place_of(&place)?;
	custodian.signed(request).await?;
	custodian.ensure_kept(Place { record: &record, version }).await?;
	Ok(StatusCode::NO_CONTENT)
}

async fn delete_share(
	State(custodian): App,
	Path(place): Path<(String, String)>,
	request: Request,
) -> Result<StatusCode> {
	let (record, version) = place_of(&place)?;
	let (_, caller, _) = custodian.signed(request).await?;
	custodian.erase_share(&caller, Place { record: &record, version }).await?;
	Ok(StatusCode::NO_CONTENT)
}

async fn release(
	State(custodian): App,
	Path(place): Path<(String, String)>,
	request: Request,
) -> Result<Response> {
	let (record, version) = place_of(&place)?;
	let (_, caller, body) = custodian.signed(request).await?;
	let request: ReleaseRequest = json(&body)?;
	// A client that hangs up must not leave an entry half written.
	let released = tokio::spawn(async move {
		custodian.release(&caller, Place { record: &record, version }, &request).await
	});
	let released = released.await.map_err(|_| Error::ShuttingDown)??;
	Ok(Json(released).into_response())
}

async fn validate(State(custodian): App, request: Request) -> Result<Response> {
	let (parts, body) = request.into_parts();
	let caller = match custodian.may_show(&parts, declared_length(&parts.headers)).await {
		Ok(caller) => caller,
		Err(error) => {
			objects::drain(body).await;
			return Err(error);
		},
	};
	let shown = custodian.receive_showing(&parts, body).await?;
	// A client that hangs up must not leave a decision half written.
	let validated = tokio::spawn(async move { custodian.validate(&caller, shown).await });
	let validated = validated.await.map_err(|_| Error::ShuttingDown)??;
	Ok(Json(validated).into_response())
}

async fn decisions(State(custodian): App, request: Request) -> Result<Response> {
	let (parts, caller, _) = custodian.signed(request).await?;
	let (mut after, mut limit) = (None, MAX_DECISION_PAGE);
	for (name, value) in queries(&parts) {
		match &*name {
			"after" => {
				let number = value.parse().map_err(|_| Error::Malformed(AFTER.into()))?;
				after = Some(number);
			},
			"limit" => limit = page_limit(&value, MAX_DECISION_PAGE)?,
			other => return Err(Error::Malformed(format!("`{other}` is not asked for here"))),
		}
	}
	Ok(Json(custodian.decisions(&caller, after, limit).await?).into_response())
}

async fn audit(State(custodian): App, request: Request) -> Result<Response> {
	let (parts, caller, _) = custodian.signed(request).await?;
	let (mut subject, mut after, mut limit) = (None, None, MAX_AUDIT_PAGE);
	for (name, value) in queries(&parts) {
		match &*name {
			"subject" => subject = Some(id::<IdentityId>(&value)?),
			"after" => after = Some(cursor(&value)?),
			"limit" => limit = page_limit(&value, MAX_AUDIT_PAGE)?,
			other => return Err(Error::Malformed(format!("`{other}` is not asked for here"))),
		}
	}
	let subject = subject.ok_or_else(|| Error::Malformed("name the `subject`".into()))?;
	if subject != caller.identity {
		return Err(Error::NotSubject);
	}
	let page = custodian.log.about(&subject, after.as_deref(), limit as usize).await?;
	Ok(Json(page).into_response())
}

async fn info(State(custodian): App) -> Result<Response> {
	Ok(Json(custodian.info().await?).into_response())
}

async fn health(State(custodian): App) -> Response {
	let health = custodian.health().await;
	let status = if health.ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
	(status, Json(health)).into_response()
}

async fn metrics(State(custodian): App) -> Response {
	match custodian.metrics.text() {
		Ok(text) => ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response(),
		Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
	}
}

impl Custodian {
	/// Reads a request with a small body and checks who signed it.
	async fn signed(&self, request: Request) -> Result<(Parts, Caller, Bytes)> {
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

fn declared_length(headers: &HeaderMap) -> Option<u64> {
	headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn id<I: std::str::FromStr<Err = salus_primitives::ParseIdError>>(text: &str) -> Result<I> {
	text.parse().map_err(|error| Error::Malformed(format!("`{text}`: {error}")))
}

fn place_of((record, version): &(String, String)) -> Result<(RecordId, RecordVersion)> {
	let number = version.parse().ok().filter(|number| *number > 0);
	let number = number.ok_or_else(|| {
		Error::Malformed(format!("`{version}`: the version of a record is a number from 1 on"))
	})?;
	Ok((id(record)?, number))
}

fn queries(parts: &Parts) -> url::form_urlencoded::Parse<'_> {
	url::form_urlencoded::parse(parts.uri.query().unwrap_or("").as_bytes())
}

fn page_limit(text: &str, most: u32) -> Result<u32> {
	let limit = text.parse().ok().filter(|limit| (1..=most).contains(limit));
	limit.ok_or_else(|| Error::Malformed(format!("`limit` is a number from 1 to {most}")))
}

const AFTER: &str = "`after` is what the page before gave as `next`";

/// Only what [`crate::log`] itself puts into names.
fn cursor(text: &str) -> Result<String> {
	let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
	if text.len() <= 128 && !text.is_empty() && text.chars().all(is_plain) {
		Ok(text.into())
	} else {
		Err(Error::Malformed(AFTER.into()))
	}
}

fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
	serde_json::from_slice(body)
		.map_err(|error| Error::Malformed(format!("the body is not what is taken here: {error}")))
}
