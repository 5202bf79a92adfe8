// SPDX-License-Identifier: Apache-2.0

//! Starts a custodian and stops it on a signal.

use clap::Parser;
use salus_custodian::{
	Custodian,
	config::{Config, Opened, StartError},
};
use std::{process::ExitCode, sync::Arc};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
	let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
	tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
	match run(Config::parse()).await {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			eprintln!("salus-custodian: {error}");
			ExitCode::FAILURE
		},
	}
}

async fn run(config: Config) -> Result<(), StartError> {
	// Only TLS to an object store asks for it; that one is set already is no failure.
	let _ = rustls::crypto::ring::default_provider().install_default();
	let unusable = |source| StartError::Listen { address: config.listen, source };
	// Taken first: a second instance fails before it touches a store.
	let listener = TcpListener::bind(config.listen).await.map_err(unusable)?;
	let address = listener.local_addr().map_err(unusable)?;
	let stop = stop_signal().map_err(unusable)?;

	let Opened { settings, chain, store, shares } = config.open().await?;
	let identity = settings.identity;
	let custodian = Custodian::start(settings, Arc::new(chain), store, shares).await?;
	tracing::info!(%identity, "listening at http://{address}");
	custodian.run(listener, stop).await;
	tracing::info!("stopped");
	Ok(())
}

#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
	use tokio::signal::unix::{SignalKind, signal};
	let (mut interrupt, mut terminate) =
		(signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
	Ok(async move {
		tokio::select! {
			_ = interrupt.recv() => (),
			_ = terminate.recv() => (),
		}
		tracing::info!("going down");
	})
}

#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
	Ok(async {
		// Without signals there is nothing to wait for.
		if tokio::signal::ctrl_c().await.is_err() {
			std::future::pending::<()>().await;
		}
	})
}
