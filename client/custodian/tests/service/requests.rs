// SPDX-License-Identifier: Apache-2.0

//! Who may ask at all.

use crate::harness::*;
use reqwest::Method;
use salus_client::wire::{self, MAX_LIFETIME, path};
use salus_custodian::limits::Rate;
use salus_primitives::{CallScope, CallScopes, IdentityId};
use std::time::Duration;
use subxt_signer::sr25519::dev;

async fn ask(change: impl Fn(&mut wire::Statement<'_>) + Send + 'static) -> Answer {
	let service = Service::start().await;
	service.put_object(b"object").await.succeeds(201);
	let request = service.request(Method::GET, &path::object(&hash(b"object")));
	request.change(change).send().await
}

#[tokio::test]
async fn a_signed_request_is_served() {
	ask(|_| ()).await.succeeds(200);
}

#[tokio::test]
async fn another_audience_is_refused() {
	ask(|s| s.audience = IdentityId([8; 32])).await.fails(401, "other-audience");
}

#[tokio::test]
async fn another_genesis_is_refused() {
	ask(|s| s.genesis = [8; 32]).await.fails(401, "bad-signature");
}

#[tokio::test]
async fn another_method_path_or_body_is_refused() {
	ask(|s| s.method = "DELETE").await.fails(401, "bad-signature");
	ask(|s| s.path = "/objects/0x00").await.fails(401, "bad-signature");
	ask(|s| s.body = [0; 32]).await.fails(401, "bad-signature");
}

#[tokio::test]
async fn an_expired_request_is_refused() {
	ask(|s| s.expires = wire::now() - 1).await.fails(401, "expired");
	ask(|s| s.expires = 0).await.fails(401, "expired");
}

#[tokio::test]
async fn an_expiry_in_the_far_future_is_refused() {
	ask(|s| s.expires = wire::now() + MAX_LIFETIME + 5000).await.fails(401, "expires-too-late");
	ask(|s| s.expires = u64::MAX).await.fails(401, "expires-too-late");
}

#[tokio::test]
async fn a_forged_header_is_refused() {
	let service = Service::start().await;
	let path = path::object(&hash(b"object"));
	let ask = || service.request(Method::GET, &path);
	let signature = ask().forge(|c| c.signature[0] ^= 1).send().await;
	signature.fails(401, "bad-signature");
	let nonce = ask().forge(|c| c.nonce[0] ^= 1).send().await;
	nonce.fails(401, "bad-signature");
	let account = ask().forge(|c| c.account = author().signer.public_key().0).send().await;
	account.fails(401, "bad-signature");
}

#[tokio::test]
async fn unsigned_requests_are_refused() {
	let service = Service::start().await;
	let object = path::object(&hash(b"object"));
	for path in [&object, "/audit?subject=0x00"] {
		let response = reqwest::get(format!("{}{path}", service.url)).await.unwrap();
		assert_eq!(response.status(), 401);
		assert!(response.text().await.unwrap().contains("header-missing"));
	}
}

#[tokio::test]
async fn a_request_acts_once() {
	let service = Service::start().await;
	service.put_object(b"object").await.succeeds(201);
	let expires = wire::now() + 30_000;
	let ask = || {
		let request = service.request(Method::GET, &path::object(&hash(b"object")));
		request.change(move |s| (s.nonce, s.expires) = ([4; 16], expires)).send()
	};
	ask().await.succeeds(200);
	ask().await.fails(401, "nonce-used");
	// Another account has its own nonces.
	let other = service.request(Method::GET, &path::object(&hash(b"object")));
	let other = other.by(&patient()).change(move |s| (s.nonce, s.expires) = ([4; 16], expires));
	other.send().await.succeeds(200);
}

#[tokio::test]
async fn a_replay_is_refused_after_a_restart() {
	let mut service = Service::start().await;
	let expires = wire::now() + 30_000;
	for word in ["object-missing", "nonce-used"] {
		let request = service.request(Method::GET, &path::object(&hash(b"none")));
		let answer =
			request.change(move |s| (s.nonce, s.expires) = ([4; 16], expires)).send().await;
		answer.fails(if word == "nonce-used" { 401 } else { 404 }, word);
		service.stop().await;
		service.restart().await;
	}
}

#[tokio::test]
async fn an_unknown_account_is_refused() {
	let service = Service::start().await;
	let request = service.request(Method::GET, &path::object(&hash(b"object")));
	request.signer(dev::ferdie()).send().await.fails(401, "unknown-account");
}

#[tokio::test]
async fn an_account_counts_from_finality_to_its_removal() {
	let service = Service::start().await;
	let account = reader().signer.public_key().0;
	let ask = || service.request(Method::GET, &path::object(&hash(b"none"))).send();
	ask().await.fails(404, "object-missing");
	service.chain.state().best.accounts.remove(&account);
	ask().await.fails(401, "unknown-account");
	service.chain.state().best.accounts.insert(account, reader().id);
	service.chain.state().finalised.accounts.remove(&account);
	ask().await.fails(401, "unknown-account");
}

#[tokio::test]
async fn a_key_does_what_its_scopes_allow_and_no_more() {
	let service = Service::start().await;
	let object = path::object(&hash(b"none"));
	let account = reader().signer.public_key().0;
	let may = |scopes: &[CallScope]| {
		let scopes = CallScopes::of(scopes);
		service.chain.both(|end| {
			end.scopes.insert(account, scopes);
		});
	};
	let read = || service.request(Method::GET, &object).by(&reader()).send();
	let erase = || service.request(Method::DELETE, &object).by(&reader()).send();

	may(&[CallScope::RecordRead]);
	read().await.fails(404, "object-missing");
	erase().await.fails(401, "unknown-account");

	may(&[CallScope::RecordAnchor]);
	read().await.fails(401, "unknown-account");
	assert_ne!(erase().await.status, 401, "an author gets as far as the object");

	may(&[]);
	read().await.fails(401, "unknown-account");
	erase().await.fails(401, "unknown-account");

	// A scope that the newest block takes away no longer counts.
	may(&[CallScope::RecordRead]);
	service.chain.state().best.scopes.insert(account, CallScopes::default());
	read().await.fails(401, "unknown-account");
}

#[tokio::test]
async fn an_account_that_asks_too_often_is_slowed() {
	let rate = Rate { burst: 2, every: Duration::from_secs(60) };
	let service = Service::start_with(|settings| settings.requests.account = rate).await;
	let ask = async |person: Person| {
		let request = service.request(Method::GET, &path::object(&hash(b"none")));
		request.by(&person).send().await
	};
	ask(reader()).await.fails(404, "object-missing");
	ask(reader()).await.fails(404, "object-missing");
	let answer = ask(reader()).await;
	assert!(answer.retry);
	answer.fails(429, "too-many-requests");
	ask(patient()).await.fails(404, "object-missing");
}

#[tokio::test]
async fn a_silent_node_is_said_so() {
	let service = Service::start().await;
	service.chain.state().is_down = true;
	service.get_object(&hash(b"object")).await.fails(503, "chain-unreachable");
}

#[tokio::test]
async fn what_is_no_endpoint_is_named_so() {
	let service = Service::start().await;
	service.request(Method::GET, "/nothing").send().await.fails(404, "unknown-path");
	let post = service.request(Method::POST, &path::object(&hash(b""))).send().await;
	post.fails(405, "unknown-method");
	service.request(Method::GET, "/objects/zz").send().await.fails(400, "malformed");
	let version = format!("/shares/{}/0/release", record());
	service.request(Method::POST, &version).send().await.fails(400, "malformed");
	let release = service.request(Method::POST, &path::release(&record(), 1));
	release.body(b"not json".to_vec()).send().await.fails(400, "malformed");
}

#[tokio::test]
async fn a_long_body_is_refused() {
	let service = Service::start().await;
	let request = service.request(Method::POST, &path::release(&record(), 1));
	request.body(vec![b' '; (64 << 10) + 1]).send().await.fails(413, "too-large");
}

#[tokio::test]
async fn an_organisation_that_asks_too_often_is_slowed() {
	let rate = Rate { burst: 3, every: Duration::from_secs(60) };
	let service = Service::start_with(|settings| settings.requests.organisation = rate).await;
	let ask = async |person: Person| {
		let request = service.request(Method::GET, &path::object(&hash(b"none")));
		request.by(&person).send().await
	};
	// Its people and itself share one rate, whichever account they use.
	ask(reader()).await.fails(404, "object-missing");
	ask(author()).await.fails(404, "object-missing");
	ask(hospital()).await.fails(404, "object-missing");
	ask(reader()).await.fails(429, "too-many-requests");
	ask(hospital()).await.fails(429, "too-many-requests");
	// Who works elsewhere is not hit, and has a rate of its own.
	for _ in 0..3 {
		ask(patient()).await.fails(404, "object-missing");
	}
	ask(patient()).await.fails(429, "too-many-requests");
}

/// A request that always bears the same nonce.
async fn ask_again(service: &Service, expires: u64) -> Answer {
	let request = service.request(Method::GET, &path::object(&hash(b"none")));
	request.change(move |s| (s.nonce, s.expires) = ([4; 16], expires)).send().await
}

#[tokio::test]
async fn a_copied_request_costs_its_signer_nothing() {
	let rate = Rate { burst: 3, every: Duration::from_secs(600) };
	for of_account in [true, false] {
		let service = Service::start_with(|settings| {
			let limited = if of_account {
				&mut settings.requests.account
			} else {
				&mut settings.requests.organisation
			};
			*limited = rate;
		})
		.await;
		let expires = wire::now() + 30_000;
		ask_again(&service, expires).await.fails(404, "object-missing");
		for _ in 0..10 {
			ask_again(&service, expires).await.fails(401, "nonce-used");
		}
		// Nor does one that somebody made up in the signer's name.
		for _ in 0..10 {
			let request = service.request(Method::GET, &path::object(&hash(b"none")));
			let forged = request.forge(|c| c.signature[0] ^= 1);
			forged.send().await.fails(401, "bad-signature");
		}
		let ask = || service.request(Method::GET, &path::object(&hash(b"none"))).send();
		ask().await.fails(404, "object-missing");
		ask().await.fails(404, "object-missing");
		ask().await.fails(429, "too-many-requests");
	}
}

#[tokio::test]
async fn copies_that_come_all_at_once_act_once_and_are_charged_once() {
	let rate = Rate { burst: 2, every: Duration::from_secs(600) };
	let service = Service::start_with(|settings| settings.requests.account = rate).await;
	let expires = wire::now() + 30_000;
	let answers = futures::future::join_all((0..20).map(|_| ask_again(&service, expires))).await;
	let (served, refused): (Vec<_>, Vec<_>) =
		answers.into_iter().partition(|answer| answer.status == 404);
	assert_eq!(served.len(), 1);
	for answer in refused {
		answer.fails(401, "nonce-used");
	}
	let ask = || service.request(Method::GET, &path::object(&hash(b"none"))).send();
	ask().await.fails(404, "object-missing");
	ask().await.fails(429, "too-many-requests");
}
