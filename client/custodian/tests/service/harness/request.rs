// SPDX-License-Identifier: Apache-2.0

//! Requests before they are sent, and what comes back.

use super::*;

/// Sends a signed request to any service.
pub(crate) async fn ask(
	http: &reqwest::Client,
	(url, service): (&str, IdentityId),
	by: &Person,
	(method, path): (Method, &str),
	body: Vec<u8>,
) -> Result<Answer, reqwest::Error> {
	let peer = Peer { genesis: GENESIS, custodian: service };
	let (credentials, request) = peer.sign(method.as_str(), path, body_hash(&body), &by.signer);
	send(http.request(method, format!("{url}{path}")).body(body), &credentials, request).await
}

/// Sends a request with these headers.
pub(crate) async fn send(
	request: reqwest::RequestBuilder,
	credentials: &Credentials,
	hash: [u8; 32],
) -> Result<Answer, reqwest::Error> {
	let headers = credentials.headers().into_iter();
	let request = headers.fold(request, |request, (name, value)| request.header(name, value));
	let response = request.send().await?;
	let status = response.status();
	let retry = response.headers().contains_key("retry-after");
	Ok(Answer { status, retry, body: response.bytes().await, request: hash })
}

type Change = Box<dyn Fn(&mut Statement<'_>) + Send>;
type Forge = Box<dyn Fn(&mut Credentials) + Send>;

/// A request before it is sent.
pub(crate) struct Request<'a> {
	service: &'a Service,
	method: Method,
	path: String,
	pub(crate) body: Vec<u8>,
	headers: Vec<(&'static str, String)>,
	signer: Keypair,
	change: Option<Change>,
	forge: Option<Forge>,
}

impl<'a> Request<'a> {
	/// By the reader, with nothing in it.
	pub(super) fn new(service: &'a Service, method: Method, path: &str) -> Self {
		Self {
			service,
			method,
			path: path.into(),
			body: Vec::new(),
			headers: Vec::new(),
			signer: reader().signer,
			change: None,
			forge: None,
		}
	}

	pub(crate) fn by(mut self, person: &Person) -> Self {
		self.signer = person.signer.clone();
		self
	}

	pub(crate) fn signer(mut self, signer: Keypair) -> Self {
		self.signer = signer;
		self
	}

	pub(crate) fn body(mut self, body: Vec<u8>) -> Self {
		self.body = body;
		self
	}

	pub(crate) fn json(self, body: &impl Serialize) -> Self {
		self.body(serde_json::to_vec(body).unwrap())
	}

	pub(crate) fn header(mut self, name: &'static str, value: String) -> Self {
		self.headers.push((name, value));
		self
	}

	/// Changes what is signed, before it is signed.
	pub(crate) fn change(mut self, change: impl Fn(&mut Statement<'_>) + Send + 'static) -> Self {
		self.change = Some(Box::new(change));
		self
	}

	/// Changes the headers after signing.
	pub(crate) fn forge(mut self, forge: impl Fn(&mut Credentials) + Send + 'static) -> Self {
		self.forge = Some(Box::new(forge));
		self
	}

	pub(crate) async fn send(self) -> Answer {
		let mut statement = Statement {
			genesis: GENESIS,
			method: self.method.as_str(),
			path: &self.path,
			body: body_hash(&self.body),
			audience: CUSTODIAN,
			nonce: wire::fresh_nonce(),
			expires: wire::now() + wire::LIFETIME,
		};
		if let Some(change) = &self.change {
			change(&mut statement);
		}
		let mut credentials = Credentials::sign(&statement, &self.signer);
		if let Some(forge) = &self.forge {
			forge(&mut credentials);
		}
		let url = format!("{}{}", self.service.url, self.path);
		let mut request = reqwest::Client::new().request(self.method.clone(), url);
		for (name, value) in credentials.headers().into_iter().chain(self.headers) {
			request = request.header(name, value);
		}
		let response = request.body(self.body).send().await.unwrap();
		let status = response.status();
		let retry = response.headers().contains_key("retry-after");
		Answer { status, retry, body: response.bytes().await, request: statement.hash() }
	}
}

/// What came back.
pub(crate) struct Answer {
	pub(crate) status: StatusCode,
	pub(crate) retry: bool,
	pub(crate) body: reqwest::Result<bytes::Bytes>,
	/// The hash of the request.
	pub(crate) request: [u8; 32],
}

impl Answer {
	#[track_caller]
	pub(crate) fn json<T: DeserializeOwned>(self) -> T {
		let body = self.body.unwrap();
		let text = String::from_utf8_lossy(&body).into_owned();
		assert!(self.status.is_success(), "{} {text}", self.status);
		serde_json::from_slice(&body).unwrap()
	}

	/// Checks that it is this failure.
	#[track_caller]
	pub(crate) fn fails(self, status: u16, word: &str) -> Failure {
		let body = self.body.unwrap();
		let text = String::from_utf8_lossy(&body).into_owned();
		assert_eq!(self.status.as_u16(), status, "{text}");
		let failure: Failure = serde_json::from_slice(&body).unwrap();
		assert_eq!(failure.error, word, "{text}");
		assert!(!failure.message.contains('\n'));
		failure
	}

	#[track_caller]
	pub(crate) fn succeeds(self, status: u16) {
		let text = self.body.map(|body| String::from_utf8_lossy(&body).into_owned());
		assert_eq!(self.status.as_u16(), status, "{text:?}");
	}
}
