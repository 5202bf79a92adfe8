// SPDX-License-Identifier: Apache-2.0

//! The endpoints of a custodian.

use crate::{
	Custodian, Error,
	audit::{self, AFTER, page_limit},
	error::Result,
	gateway::claimed_hash,
	objects,
	requests::{declared_length, id, json, place_of, queries},
	server,
	shares::Place,
};
use axum::{
	Json, Router,
	body::Body,
	extract::{Path, Request, State},
	http::{
		HeaderValue, StatusCode,
		header::{CONTENT_LENGTH, CONTENT_TYPE},
	},
	middleware,
	response::{IntoResponse, Response},
	routing::{get, post, put},
};
use salus_client::wire::{Deposit, MAX_DECISION_PAGE, ProofRequest, ReleaseRequest, path};
use salus_primitives::{BatchIx, ContentHash};
use std::sync::Arc;

type App = State<Arc<Custodian>>;

/// Every endpoint.
pub fn router(custodian: Arc<Custodian>) -> Router {
	Router::new()
		.route("/objects/{hash}", put(put_object).get(get_object).delete(delete_object))
		.route("/shares/{record}/{version}", put(put_share).get(share_state).delete(delete_share))
		.route("/shares/{record}/{version}/release", post(release))
		.route(path::VALIDATIONS, post(validate).get(decisions))
		.route("/supply/batches/{batch}", put(put_leaves))
		.route(path::UNIT_PROOF, post(prove_unit))
		.route("/audit", get(audit))
		.route("/info", get(info))
		.route("/health", get(health))
		.route("/metrics", get(metrics))
		.fallback(async || Error::UnknownPath)
		.method_not_allowed_fallback(async || Error::UnknownMethod)
		.layer(middleware::from_fn_with_state(custodian.metrics.clone(), server::measure))
		.with_state(custodian)
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
		Ok((hash, custodian.door.authenticate(&parts, hash.0).await?))
	};
	let (hash, caller) = match authenticated.await {
		Ok(known) => known,
		Err(error) => {
			objects::drain(body).await;
			return Err(error);
		},
	};
	let declared = declared_length(&parts.headers);
	let stored = custodian.put_object(&caller, &hash, declared, body).await?;
	let status = if stored.existed { StatusCode::OK } else { StatusCode::CREATED };
	Ok((status, Json(stored)).into_response())
}

async fn get_object(
	State(custodian): App,
	Path(hash): Path<String>,
	request: Request,
) -> Result<Response> {
	let hash = id::<ContentHash>(&hash)?;
	custodian.door.signed(request).await?;
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
	let (_, caller, _) = custodian.door.signed(request).await?;
	custodian.delete_object(&caller, &hash).await?;
	Ok(StatusCode::NO_CONTENT)
}

async fn put_share(
	State(custodian): App,
	Path(place): Path<(String, String)>,
	request: Request,
) -> Result<Response> {
	let (record, version) = place_of(&place)?;
	let (_, caller, body) = custodian.door.signed(request).await?;
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
	custodian.door.signed(request).await?;
	custodian.ensure_kept(Place { record: &record, version }).await?;
	Ok(StatusCode::NO_CONTENT)
}

async fn delete_share(
	State(custodian): App,
	Path(place): Path<(String, String)>,
	request: Request,
) -> Result<StatusCode> {
	let (record, version) = place_of(&place)?;
	let (_, caller, _) = custodian.door.signed(request).await?;
	custodian.erase_share(&caller, Place { record: &record, version }).await?;
	Ok(StatusCode::NO_CONTENT)
}

async fn release(
	State(custodian): App,
	Path(place): Path<(String, String)>,
	request: Request,
) -> Result<Response> {
	let (record, version) = place_of(&place)?;
	let (_, caller, body) = custodian.door.signed(request).await?;
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
	let shown = custodian.receive_showing(&caller, &parts, body).await?;
	// A client that hangs up must not leave a decision half written.
	let validated = tokio::spawn(async move { custodian.validate(&caller, shown).await });
	let validated = validated.await.map_err(|_| Error::ShuttingDown)??;
	Ok(Json(validated).into_response())
}

async fn decisions(State(custodian): App, request: Request) -> Result<Response> {
	let (parts, caller, _) = custodian.door.signed(request).await?;
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

async fn put_leaves(
	State(custodian): App,
	Path(batch): Path<String>,
	request: Request,
) -> Result<Response> {
	let (parts, body) = request.into_parts();
	let authenticated = async {
		let number = batch.parse().map_err(|_| {
			Error::Malformed(format!("`{batch}`: batches of units are numbered from 0 on"))
		})?;
		let hash = claimed_hash(&parts)?;
		Ok((BatchIx(number), hash, custodian.door.authenticate(&parts, hash).await?))
	};
	let (batch, hash, caller) = match authenticated.await {
		Ok(known) => known,
		Err(error) => {
			objects::drain(body).await;
			return Err(error);
		},
	};
	Ok(Json(custodian.keep_leaves(&caller, batch, hash, body).await?).into_response())
}

async fn prove_unit(State(custodian): App, request: Request) -> Result<Response> {
	let (_, caller, body) = custodian.door.signed(request).await?;
	let request: ProofRequest = json(&body)?;
	Ok(Json(custodian.prove_unit(&caller, request).await?).into_response())
}

async fn audit(State(custodian): App, request: Request) -> Result<Response> {
	let (parts, caller, _) = custodian.door.signed(request).await?;
	audit::page(&custodian.log, custodian.settings.identity, &parts, &caller).await
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
	custodian.metrics.response()
}
