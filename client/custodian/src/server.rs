// SPDX-License-Identifier: Apache-2.0

//! The server under the endpoints: connections, TLS, the end of it all.

use crate::{metrics::Metrics, pace::Paced, tls::Tls};
use axum::{
	Router,
	extract::{MatchedPath, Request, State},
	http::{HeaderValue, header::CACHE_CONTROL},
	middleware::Next,
	response::Response,
};
use hyper_util::{
	rt::{TokioIo, TokioTimer},
	server::graceful::{GracefulShutdown, Watcher},
	service::TowerToHyperService,
};
use std::{
	sync::Arc,
	time::{Duration, Instant},
};
use tokio::{
	io::{AsyncRead, AsyncWrite},
	net::{TcpListener, TcpStream},
	sync::Semaphore,
};

/// How long the headers of a request may take to arrive, and a TLS handshake.
const ARRIVAL: Duration = Duration::from_secs(10);
/// How long open connections get to finish when the service goes down.
const FAREWELL: Duration = Duration::from_secs(20);
/// How many connections are open at once: the others wait with the operating system.
const CONNECTIONS: usize = 4096;

/// Serves until `stop` resolves, then lets open requests finish.
pub(crate) async fn serve(
	listener: TcpListener,
	tls: Option<Arc<Tls>>,
	router: Router,
	stop: impl Future<Output = ()>,
) {
	let (graceful, room) = (GracefulShutdown::new(), Arc::new(Semaphore::new(CONNECTIONS)));
	let mut stop = std::pin::pin!(stop);
	loop {
		let accepting = async {
			let place = room.clone().acquire_owned().await;
			(listener.accept().await, place)
		};
		let (stream, place) = tokio::select! {
			() = &mut stop => break,
			(accepted, place) = accepting => match accepted {
				Ok((stream, _)) => (stream, place),
				Err(error) => {
					// Out of file descriptors, mostly: some will come back.
					tracing::warn!(%error, "a connection could not be accepted");
					tokio::time::sleep(Duration::from_millis(100)).await;
					continue;
				},
			},
		};
		let (tls, router, watcher) = (tls.clone(), router.clone(), graceful.watcher());
		tokio::spawn(async move {
			let _place = place;
			match tls {
				Some(tls) => encrypted(&tls, stream, router, watcher).await,
				None => connection(stream, router, watcher).await,
			}
		});
	}
	drop(listener);
	if tokio::time::timeout(FAREWELL, graceful.shutdown()).await.is_err() {
		tracing::warn!("open connections were cut");
	}
}

async fn encrypted(tls: &Tls, stream: TcpStream, router: Router, watcher: Watcher) {
	match tokio::time::timeout(ARRIVAL, tls.accept(stream)).await {
		Ok(Ok(stream)) => connection(stream, router, watcher).await,
		Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
		Err(_) => tracing::debug!("a TLS handshake took too long"),
	}
}

async fn connection(
	stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
	router: Router,
	watcher: Watcher,
) {
	let connection = hyper::server::conn::http1::Builder::new()
		.timer(TokioTimer::new())
		.header_read_timeout(ARRIVAL)
		.serve_connection(TokioIo::new(Paced::new(stream)), TowerToHyperService::new(router));
	if let Err(error) = watcher.watch(connection).await {
		tracing::debug!(%error, "a connection broke");
	}
}

/// Counts requests, and keeps answers out of caches.
pub(crate) async fn measure(
	State(metrics): State<Arc<Metrics>>,
	request: Request,
	next: Next,
) -> Response {
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
	metrics.request(method, route, response.status().as_u16(), start.elapsed());
	response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
	response
}
