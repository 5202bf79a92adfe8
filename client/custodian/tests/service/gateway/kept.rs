// SPDX-License-Identifier: Apache-2.0

//! What stays of a validation.

use super::*;

#[tokio::test]
async fn a_decision_is_durable_before_it_is_answered() {
	let mut service = Service::start_gateway(|_| ()).await;
	service.faults.break_writes(Some("validations"));
	let answer = by_hand(&service, &salted(), good().as_bytes(), |_| ()).send().await;
	let text = String::from_utf8_lossy(answer.body.as_ref().unwrap()).into_owned();
	assert!(!text.contains("signature"), "{text}");
	answer.fails(500, "store-failed");
	service.faults.break_writes(None);

	let validated = shown(&service, &good()).await;
	assert_eq!(validated.seq, 0, "numbers stay dense");
	service.crash().await;
	service.restart().await;
	let page = decisions(&service, None, 10).await;
	let [ListedDecision { decision, .. }] = &page.decisions[..] else { panic!("one decision") };
	assert_eq!((decision.author, decision.organisation), (author().id, hospital().id));
	assert_eq!((decision.record, decision.version), (record(), 1));
	assert_eq!((decision.evidence, decision.expires), (validated.evidence, validated.expires));
	assert!(decision.verdicts.iter().all(|judged| judged.verdict == Verdict::Pass));
	assert_eq!(decision.account.0, author().signer.public_key().0);
	assert_eq!(shown(&service, &good()).await.seq, 1, "numbers go on");
}

#[tokio::test]
async fn without_durable_evidence_nothing_is_signed() {
	let service = Service::start_gateway(|_| ()).await;
	for folder in ["evidence", "objects", "owners"] {
		service.faults.break_writes(Some(folder));
		let (status, word) = refused(&service, &author(), &showing(&good())).await;
		assert_eq!((status, word.as_str()), (500, "store-failed"), "{folder}");
	}
	service.faults.break_writes(None);
	assert_eq!(service.count("validations"), 0);
}

#[tokio::test]
async fn nothing_of_the_plaintext_is_kept() {
	let mut service = Service::start_gateway(|_| ()).await;
	let document = good();
	shown(&service, &document).await;
	shown(&service, &weight("7100", CATEGORY)).await;
	by_hand(&service, &Metadata::none(), document.as_bytes(), |_| ()).send().await;
	service.stop().await;
	let files = files_under(service.folder());
	assert!(files.len() > 6, "there is something to look through");
	let needles = [SECRET.as_bytes().to_vec(), hex::encode(SECRET).into_bytes(), SALT.0.to_vec()];
	for file in files {
		let bytes = std::fs::read(&file).unwrap();
		for needle in &needles {
			let found = bytes.windows(needle.len()).any(|window| window == &needle[..]);
			assert!(!found, "{}", file.display());
		}
	}
}

#[tokio::test]
async fn the_organisation_opens_the_evidence_from_its_log() {
	let service = Service::start_gateway(|_| ()).await;
	let validated = shown(&service, &good()).await;
	let page = decisions(&service, None, 10).await;
	let key = page.decisions[0].evidence_key.unwrap();
	assert_eq!((key.recipient, key.key_version), (hospital().id, 1));
	let object = service.get_object(&ContentHash(validated.evidence.0)).await;
	let object = object.body.unwrap();
	let ciphertext_hash = CiphertextHash(validated.evidence.0);
	let context =
		RecordContext { genesis: GENESIS, record: record().0, version: 1, ciphertext_hash };
	let to = Addressee::identity(&hospital().id.0, 1);
	let share = Wrap(key.wrap.0).open_share(&context, &to, &hospital().secret).unwrap();
	let key = ContentKey::from_reader_share(share);
	let (outcome, opened) =
		Opener::new(&key).expect_object(ciphertext_hash).open_to_vec(&object).unwrap();
	assert_eq!(outcome.as_slice(), validated.outcome.as_bytes());
	let metadata = opened.metadata.record().unwrap();
	assert_eq!(metadata.author, Some(hospital().id.0));
	assert_eq!(metadata.provenance.unwrap()["resourceType"], "Provenance");
}

#[tokio::test]
async fn decisions_are_paged_and_for_the_organisation_only() {
	let service = Service::start_gateway(|_| ()).await;
	for seq in 0..5 {
		assert_eq!(shown(&service, &good()).await.seq, seq);
	}
	let numbers = |page: &DecisionPage| {
		page.decisions.iter().map(|listed| listed.decision.seq).collect::<Vec<_>>()
	};
	let first = decisions(&service, None, 2).await;
	assert_eq!((numbers(&first), first.next), (vec![0, 1], Some(1)));
	let second = decisions(&service, first.next, 2).await;
	assert_eq!((numbers(&second), second.next), (vec![2, 3], Some(3)));
	let third = decisions(&service, second.next, 2).await;
	assert_eq!((numbers(&third), third.next), (vec![4], None));
	assert_eq!(numbers(&decisions(&service, Some(4), 2).await), Vec::<u64>::new());
	assert_eq!(numbers(&decisions(&service, Some(u64::MAX), 2).await), Vec::<u64>::new());
	assert_eq!(decisions(&service, Some(2), 2).await.next, None, "it ends at the last");

	for stranger in [author(), patient()] {
		let request = service.request(Method::GET, &path::decisions(None, 1)).by(&stranger);
		request.send().await.fails(403, "not-organisation");
	}
	for wrong in ["?limit=0", "?limit=201", "?after=x", "?before=1"] {
		let path = format!("{}{wrong}", path::VALIDATIONS);
		let request = service.request(Method::GET, &path).by(&hospital());
		request.send().await.fails(400, "malformed");
	}
}

#[tokio::test]
async fn evidence_of_an_anchored_record_is_kept() {
	let service = Service::start_gateway(|_| ()).await;
	let validated = shown(&service, &good()).await;
	let evidence = path::object(&ContentHash(validated.evidence.0));
	let delete = || service.request(Method::DELETE, &evidence).by(&hospital()).send();
	delete().await.fails(409, "anchored");
	// That of one that was never anchored goes when the organisation says so.
	service.chain.both(|end| {
		end.records.insert(record(), facts(RecordStatus::Lapsed));
	});
	delete().await.succeeds(204);
}

#[tokio::test]
async fn an_erased_record_takes_its_evidence_along_and_gets_no_more() {
	let mut service = Service::start_gateway(|_| ()).await;
	let validated = shown(&service, &good()).await;
	let evidence = ContentHash(validated.evidence.0);
	service.get_object(&evidence).await.succeeds(200);
	service.faults.break_removals(Some("evidence"));
	service.chain.both(|end| end.tombstones.push(record()));
	eventually(|| service.count("objects") == 0).await;
	service.crash().await;
	service.faults.break_removals(None);
	service.restart().await;

	assert_eq!((service.count("evidence"), service.count("owners")), (0, 0));
	service.get_object(&evidence).await.fails(410, "object-erased");
	let (status, word) = refused(&service, &author(), &showing(&good())).await;
	assert_eq!((status, word.as_str()), (410, "record-erased"));
	// That it was decided stays; nobody opens on what any more.
	let page = decisions(&service, None, 10).await;
	assert_eq!(page.decisions.len(), 1);
	assert_eq!(page.decisions[0].evidence_key, None);
}
