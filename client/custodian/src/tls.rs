// SPDX-License-Identifier: Apache-2.0

//! TLS by rustls over ring, from a certificate and a key in PEM.

use rustls::{
	ServerConfig,
	pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use std::{
	io,
	path::{Path, PathBuf},
	sync::{Arc, PoisonError, RwLock},
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// A certificate that connections are encrypted with.
pub struct Tls {
	certificate: PathBuf,
	key: PathBuf,
	config: RwLock<Arc<ServerConfig>>,
}

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
#[error("{path} cannot be used for TLS: {reason}")]
pub struct TlsError {
	path: PathBuf,
	reason: String,
}

impl Tls {
	/// Reads the chain of certificates, the own one first, and the key of it.
	pub fn open(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
		let config = RwLock::new(read(certificate, key)?);
		Ok(Self { certificate: certificate.into(), key: key.into(), config })
	}

	/// Reads both files again, for connections from now on. What is open stays as it is, and so does
	/// everything when a file is wrong.
	pub fn reload(&self) -> Result<(), TlsError> {
		let fresh = read(&self.certificate, &self.key)?;
		*self.config.write().unwrap_or_else(PoisonError::into_inner) = fresh;
		Ok(())
	}

	pub(crate) async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
		let config = self.config.read().unwrap_or_else(PoisonError::into_inner).clone();
		TlsAcceptor::from(config).accept(stream).await
	}
}

fn read(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
	let unusable = |path: &Path, reason: String| TlsError { path: path.into(), reason };
	let no_certificate = |reason| unusable(certificate, reason);
	let chain = CertificateDer::pem_file_iter(certificate)
		.and_then(Iterator::collect::<Result<Vec<_>, _>>)
		.map_err(|error| no_certificate(error.to_string()))?;
	if chain.is_empty() {
		return Err(no_certificate("it holds no certificate in PEM".into()));
	}
	let secret = PrivateKeyDer::from_pem_file(key)
		.map_err(|error| unusable(key, format!("it holds no private key in PEM ({error})")))?;
	let provider = Arc::new(rustls::crypto::ring::default_provider());
	let mut config = ServerConfig::builder_with_provider(provider)
		.with_safe_default_protocol_versions()
		.map_err(|error| no_certificate(error.to_string()))?
		.with_no_client_auth()
		.with_single_cert(chain, secret)
		.map_err(|error| no_certificate(format!("it does not fit the key ({error})")))?;
	config.alpn_protocols = vec![b"http/1.1".to_vec()];
	Ok(Arc::new(config))
}
