// SPDX-License-Identifier: Apache-2.0

use super::*;
use salus_client::{
	keystore::Secrets,
	wire::{Info, Stored},
};
use salus_envelope::{AgreementSecret, PrivateKey, PublicKey};
use salus_primitives::{Commitment, ContentHash, Digest, RecordClass, RecordId, blake2_256};
use std::sync::Mutex;
use tokio::{
	io::{AsyncReadExt, AsyncWriteExt},
	net::{TcpListener, TcpStream},
};

const GENESIS: [u8; 32] = [1; 32];
const OBJECT: &[u8] = b"sealed";

/// A custodian that takes everything but shares, which it answers as it was told to.
struct Double {
	url: String,
	/// What it was asked: method and path.
	asked: Arc<Mutex<Vec<String>>>,
}

impl Double {
	async fn start(number: u8, share: (u16, &'static str)) -> Self {
		let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
		let url = format!("http://{}", listener.local_addr().unwrap());
		let asked = Arc::new(Mutex::new(Vec::new()));
		let seen = asked.clone();
		tokio::spawn(async move {
			while let Ok((stream, _)) = listener.accept().await {
				tokio::spawn(serve(stream, number, share, seen.clone()));
			}
		});
		Self { url, asked }
	}

	/// How often it was asked something that begins like this.
	fn was_asked(&self, what: &str) -> usize {
		self.asked.lock().unwrap().iter().filter(|line| line.starts_with(what)).count()
	}
}

/// Answers one request, and closes.
async fn serve(
	mut stream: TcpStream,
	number: u8,
	(status, code): (u16, &'static str),
	asked: Arc<Mutex<Vec<String>>>,
) {
	let (mut bytes, mut piece) = (Vec::new(), [0; 4096]);
	let head = loop {
		if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
			break String::from_utf8_lossy(&bytes[..end]).into_owned();
		}
		let count = stream.read(&mut piece).await.unwrap();
		bytes.extend_from_slice(&piece[..count]);
	};
	let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
	let whole = head.len() + 4 + length.map_or(0, |digits| digits.parse().unwrap());
	while bytes.len() < whole {
		let count = stream.read(&mut piece).await.unwrap();
		bytes.extend_from_slice(&piece[..count]);
	}
	let line = head.lines().next().unwrap().to_owned();
	let stored = serde_json::to_string(&Stored { existed: false }).unwrap();
	let (status, body) = match &line {
		line if line.starts_with("GET /info") => {
			(200, serde_json::to_string(&info(number)).unwrap())
		},
		line if line.starts_with("PUT /shares") && status != 200 => {
			(status, format!(r#"{{"error":"{code}","message":"it said {code}"}}"#))
		},
		_ => (200, stored),
	};
	asked.lock().unwrap().push(line);
	let answer = format!(
		"HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
		body.len()
	);
	stream.write_all(answer.as_bytes()).await.unwrap();
}

fn info(number: u8) -> Info {
	let key = AgreementSecret::derive(&[number; 32]).public();
	Info {
		identity: IdentityId([number; 32]),
		agreement_key: Digest(*key.as_bytes()),
		key_version: Some(1),
		genesis: Digest(GENESIS),
		max_object: 1 << 20,
		emergency_holder: false,
		gateway: None,
		version: "0".into(),
	}
}

/// Brings an object to doubles that answer shares like this, two of which would open it; with the
/// doubles, and what came of it.
async fn deliver(answers: &[(u16, &'static str)]) -> (Vec<Double>, Result<(), Undelivered>) {
	let (mut doubles, mut custodians) = (Vec::new(), Vec::new());
	for (number, answer) in (1..).zip(answers) {
		let double = Double::start(number, *answer).await;
		custodians.push(Custodian::connect(&double.url, GENESIS).await.unwrap());
		doubles.push(double);
	}
	let division = match answers.len() {
		1 => None,
		of => Some(Division::new(2, of as u8).unwrap()),
	};
	let to = Depositaries { custodians, division };
	let (home, secrets) = (tempfile::tempdir().unwrap(), Secrets::generate());
	let object = home.path().join("a.hre1");
	std::fs::write(&object, OBJECT).unwrap();
	let pending = pending();
	let drawer = Drawer::new(home.path(), "pending", &secrets);
	let delivery = Delivery {
		signer: secrets.signer(),
		shares: shares(&drawer, "a", &to, &pending).unwrap(),
		to: &to,
		pending: &pending,
		place: &place(),
		object: &object,
		bar: ProgressBar::hidden(),
	};
	let ended = delivery.run().await;
	(doubles, ended)
}

fn pending() -> Pending {
	Pending {
		record: RecordId([3; 32]),
		version: 1,
		nonce: [4; 16],
		reader_share: [5; 32],
		custodian_share: [6; 32],
		body_salt: [7; 32],
		content: ContentHash(blake2_256(OBJECT)),
		body: Commitment([8; 32]),
		padded_len: 512,
		object_len: OBJECT.len() as u64,
	}
}

fn place() -> Place {
	let subject = IdentityId([2; 32]);
	let (class, compartment) = (RecordClass::Clinical, 0);
	Place { subject, organisation: None, class, compartment, amends: None }
}

const TAKES: (u16, &str) = (200, "");

#[tokio::test]
async fn each_custodian_gets_the_object_and_then_its_share() {
	let (doubles, ended) = deliver(&[TAKES, TAKES, TAKES]).await;
	ended.unwrap();
	for double in &doubles {
		let asked = double.asked.lock().unwrap().clone();
		assert!(asked[1].starts_with("PUT /objects/") && asked[2].starts_with("PUT /shares/"));
		assert_eq!(asked.len(), 3, "{asked:?}");
	}
}

#[tokio::test]
async fn where_one_refuses_for_good_the_others_give_the_object_back() {
	let (doubles, ended) = deliver(&[TAKES, (403, "not-author"), TAKES]).await;
	let said = format!("{:#}", ended.unwrap_err().error);
	assert!(said.starts_with("1 of 3 custodians did not take their part"), "{said}");
	assert!(said.contains("gave the sealed document back"), "{said}");
	assert!(said.contains(&doubles[1].url) && said.ends_with("it said not-author"), "{said}");
	for double in &doubles {
		assert_eq!(double.was_asked("DELETE /objects/"), 1);
		assert_eq!(double.was_asked("DELETE /shares/"), 0, "an erased share never comes back");
	}
}

#[tokio::test]
async fn where_one_is_only_away_everything_waits_for_the_next_run() {
	let (doubles, ended) = deliver(&[TAKES, TAKES, (503, "starting")]).await;
	let Undelivered { error, is_outdated } = ended.unwrap_err();
	assert!(!is_outdated);
	assert!(format!("{error:#}").contains("goes on where it stopped"), "{error:#}");
	assert!(doubles.iter().all(|double| double.was_asked("DELETE") == 0));
}

#[tokio::test]
async fn a_share_of_other_custodians_than_those_of_now_is_begun_anew() {
	let (_, ended) = deliver(&[TAKES, (409, "share-differs")]).await;
	let Undelivered { error, is_outdated } = ended.unwrap_err();
	assert!(is_outdated && error.to_string().contains("it begins anew"), "{error}");
}

#[tokio::test]
async fn a_single_custodian_keeps_what_it_took_and_speaks_for_itself() {
	let (doubles, ended) = deliver(&[(403, "not-author")]).await;
	let error = ended.unwrap_err().error;
	assert_eq!(error.to_string(), "the custodian refused: it said not-author");
	assert_eq!(doubles[0].was_asked("DELETE"), 0);
}

fn refusal(custodian: &str, status: u16) -> Refusal {
	let (code, message) = ("busy".to_owned(), "not now".to_owned());
	let error = CustodianError::Refused { status, code, message };
	Refusal { custodian: custodian.into(), error }
}

#[test]
fn a_single_custodian_is_told_as_itself_and_of_several_each_is_named() {
	let alone = told(vec![refusal("a", 503)], None);
	assert_eq!(alone.to_string(), "the custodian refused: not now");

	let several = told(vec![refusal("a", 503), refusal("b", 403)], Some("nothing".into()));
	let text = format!("{several:#}");
	let expected = "nothing; b: the custodian refused: not now; a: the custodian refused: not now";
	assert_eq!(text, expected);
	let kind = several.downcast_ref::<CustodianError>();
	assert!(matches!(kind, Some(CustodianError::Refused { status: 503, .. })));
}

#[test]
fn the_parts_of_an_earlier_run_are_brought_again_and_to_nobody_else() {
	let (home, secrets) = (tempfile::tempdir().unwrap(), Secrets::generate());
	let drawer = Drawer::new(home.path(), "pending", &secrets);
	let whole = CustodianShare::generate();
	let all: Vec<_> = (1..=3).map(|number| IdentityId([number; 32])).collect();
	let two_of_three = Division::new(2, 3).unwrap();
	let first = kept_parts(&drawer, "a.parts", &all, two_of_three, &whole).unwrap();
	let again = kept_parts(&drawer, "a.parts", &all, two_of_three, &whole).unwrap();
	assert_eq!(first, again);
	let parts: Vec<_> = (1..)
		.zip(&first)
		.map(|(index, share)| salus_envelope::KeyPart { index, share: share.clone() })
		.collect();
	assert_eq!(CustodianShare::restore(two_of_three, &parts[1..]), Ok(whole.clone()));

	// Other custodians, another order of them, another number that opens: other parts.
	let mut turned = all.clone();
	turned.reverse();
	let turned = kept_parts(&drawer, "a.parts", &turned, two_of_three, &whole).unwrap();
	assert_ne!(first, turned);
	let three_of_three = Division::new(3, 3).unwrap();
	let more = kept_parts(&drawer, "a.parts", &all, three_of_three, &whole).unwrap();
	assert_ne!(first, more);

	// On the disk they are sealed, and go with the rest of the filing.
	let path = drawer.path("a", BESIDE[1]);
	let bytes = std::fs::read(&path).unwrap();
	let digits = hex::encode(more[0].expose());
	assert!(!String::from_utf8_lossy(&bytes).contains(&digits));
	drawer.remove("a", &BESIDE);
	assert!(!path.exists());
}

#[test]
fn a_document_that_is_sealed_anew_gets_parts_of_its_own_key() {
	let (home, secrets) = (tempfile::tempdir().unwrap(), Secrets::generate());
	let drawer = Drawer::new(home.path(), "pending", &secrets);
	let all: Vec<_> = (1..=3).map(|number| IdentityId([number; 32])).collect();
	for division in [Division::new(1, 3).unwrap(), Division::new(2, 3).unwrap()] {
		// The file of the parts outlives a filing whose object was cut, or that takes a new id.
		for key in [CustodianShare::generate(), CustodianShare::generate()] {
			let parts = kept_parts(&drawer, "a.parts", &all, division, &key).unwrap();
			let parts: Vec<_> =
				(1..).zip(parts).map(|(index, share)| KeyPart { index, share }).collect();
			assert_eq!(CustodianShare::restore(division, &parts), Ok(key));
		}
	}
}
