// SPDX-License-Identifier: Apache-2.0

//! The endpoints of a holder.

use super::Holder;
use crate::{
	audit,
	error::{Error, Result},
	requests::json,
	server,
};
use axum::{
	Json, Router,
	extract::{Path, Request, State},
	http::StatusCode,
	middleware,
	response::{IntoResponse, Response},
	routing::{get, post},
};
use salus_client::wire::EmergencyRequest;
use salus_primitives::EmergencyId;
use std::sync::Arc;

type App = State<Arc<Holder>>;

/// Every endpoint.
pub(super) fn router(holder: Arc<Holder>) -> Router {
	Router::new()
		.route("/emergencies/{id}/release", post(release))
		.route("/audit", get(audit))
		.route("/info", get(info))
		.route("/health", get(health))
		.route("/metrics", get(metrics))
		.fallback(async || Error::UnknownPath)
		.method_not_allowed_fallback(async || Error::UnknownMethod)
		.layer(middleware::from_fn_with_state(holder.metrics.clone(), server::measure))
		.with_state(holder)
}

async fn release(State(holder): App, Path(id): Path<String>, request: Request) -> Result<Response> {
	let number = id
		.parse()
		.map_err(|_| Error::Malformed(format!("`{id}`: an emergency is named by its number")))?;
	let (_, caller, body) = holder.door.signed(request).await?;
	let request: EmergencyRequest = json(&body)?;
	// A client that hangs up must not leave an entry half written.
	let released =
		tokio::spawn(async move { holder.release(&caller, EmergencyId(number), &request).await });
	let released = released.await.map_err(|_| Error::ShuttingDown)??;
	Ok(Json(released).into_response())
}

async fn audit(State(holder): App, request: Request) -> Result<Response> {
	let (parts, caller, _) = holder.door.signed(request).await?;
	audit::page(&holder.journal, holder.settings.identity, &parts, &caller).await
}

async fn info(State(holder): App) -> Result<Response> {
	Ok(Json(holder.info().await?).into_response())
}

async fn health(State(holder): App) -> Response {
	let health = holder.health().await;
	let status = if health.ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
	(status, Json(health)).into_response()
}

async fn metrics(State(holder): App) -> Response {
	holder.metrics.response()
}
