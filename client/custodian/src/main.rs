// SPDX-License-Identifier: Apache-2.0

//! Starts a custodian, or a holder of emergency keys, and stops it on a signal.

use clap::Parser;
use salus_custodian::{
	Custodian, Tls,
	config::{Config, Opened, StartError},
	holder::Holder,
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

	let tls = config.tls()?;
	if config.is_overheard() {
		tracing::warn!(
			"LISTENING AT {address} WITHOUT TLS: others can see who asks for which record, and cut or \
			 change answers; give --tls-certificate and --tls-key unless TLS ends in front of this service"
		);
	}
	if let Some(tls) = &tls {
		reload_on_signal(tls.clone()).map_err(unusable)?;
	}
	let scheme = if tls.is_some() { "https" } else { "http" };

	if config.emergency_holder {
		let (settings, chain, store) = config.open_holder().await?;
		let identity = settings.identity;
		let holder = Holder::start(settings, Arc::new(chain), store).await?;
		tracing::info!(%identity, "holding emergency keys at {scheme}://{address}");
		holder.run(listener, tls, stop).await;
	} else {
		let Opened { settings, chain, store, shares } = config.open().await?;
		let identity = settings.identity;
		let custodian = Custodian::start(settings, Arc::new(chain), store, shares).await?;
		tracing::info!(%identity, "listening at {scheme}://{address}");
		custodian.run(listener, tls, stop).await;
	}
	tracing::info!("stopped");
	Ok(())
}

/// Reads the certificate again on SIGHUP.
#[cfg(unix)]
fn reload_on_signal(tls: Arc<Tls>) -> std::io::Result<()> {
	use tokio::signal::unix::{SignalKind, signal};
	let mut hangup = signal(SignalKind::hangup())?;
	tokio::spawn(async move {
		while hangup.recv().await.is_some() {
			match tls.reload() {
				Ok(()) => tracing::info!("the certificate was read again"),
				Err(error) => tracing::error!(%error, "the certificate stays as it was"),
			}
		}
	});
	Ok(())
}

#[cfg(not(unix))]
fn reload_on_signal(_: Arc<Tls>) -> std::io::Result<()> {
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
