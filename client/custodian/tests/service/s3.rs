// SPDX-License-Identifier: Apache-2.0

//! An S3 server in this process: `s3s-fs` over a directory.
//!
//! It checks signatures and honours `If-None-Match: *`, but looks whether an object is there some time
//! before it writes it. S3 does both in one step, and custodians rely on that, so here such requests
//! are let through one at a time.

use futures::future::BoxFuture;
use hyper::{Request, body::Incoming, service::Service as HttpService};
use hyper_util::rt::TokioIo;
use s3s::{
	auth::SimpleAuth,
	service::{S3Service, S3ServiceBuilder},
};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::Mutex, task::JoinHandle};

const KEY: &str = "custodian";
const SECRET: &str = "not a secret";
const BUCKET: &str = "salus";

/// A server that listens.
pub(crate) struct S3 {
	address: String,
	directory: TempDir,
	serving: JoinHandle<()>,
}

impl S3 {
	pub(crate) async fn start() -> Self {
		let directory = tempfile::tempdir().unwrap();
		std::fs::create_dir(directory.path().join(BUCKET)).unwrap();
		let files = s3s_fs::FileSystem::new(directory.path()).unwrap();
		let mut builder = S3ServiceBuilder::new(files);
		builder.set_auth(SimpleAuth::from_single(KEY, SECRET));
		let service = Atomic { inner: builder.build(), turn: Arc::default() };
		let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
		let address = listener.local_addr().unwrap().to_string();
		let serving = tokio::spawn(async move {
			while let Ok((stream, _)) = listener.accept().await {
				let service = service.clone();
				tokio::spawn(
					hyper::server::conn::http1::Builder::new()
						.serve_connection(TokioIo::new(stream), service),
				);
			}
		});
		Self { address, directory, serving }
	}

	/// The location of a store in it.
	pub(crate) fn location(&self, prefix: &str) -> String {
		format!("s3://{BUCKET}/{prefix}")
	}

	/// What a client has to be told of it.
	pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
		vec![
			("AWS_ENDPOINT", format!("http://{}", self.address)),
			("AWS_ALLOW_HTTP", "true".into()),
			("AWS_ACCESS_KEY_ID", KEY.into()),
			("AWS_SECRET_ACCESS_KEY", SECRET.into()),
			("AWS_REGION", "us-east-1".into()),
		]
	}

	/// Where the objects of a prefix lie.
	pub(crate) fn folder(&self, prefix: &str) -> std::path::PathBuf {
		self.directory.path().join(BUCKET).join(prefix)
	}
}

impl Drop for S3 {
	fn drop(&mut self) {
		self.serving.abort();
	}
}

#[derive(Clone)]
struct Atomic {
	inner: S3Service,
	turn: Arc<Mutex<()>>,
}

impl HttpService<Request<Incoming>> for Atomic {
	type Response = <S3Service as HttpService<Request<Incoming>>>::Response;
	type Error = <S3Service as HttpService<Request<Incoming>>>::Error;
	type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

	fn call(&self, request: Request<Incoming>) -> Self::Future {
		let (inner, turn) = (self.inner.clone(), self.turn.clone());
		Box::pin(async move {
			let is_conditional = request.headers().contains_key("if-none-match");
			let _turn = if is_conditional { Some(turn.lock().await) } else { None };
			HttpService::call(&inner, request).await
		})
	}
}
