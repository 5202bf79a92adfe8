// SPDX-License-Identifier: Apache-2.0

//! What erasure is for: nothing that was kept elsewhere opens the object any more.

use super::*;

/// Every share that anybody with all files of these folders and the master key can get: each sealed
/// share under each key that is left.
fn shares_in(folders: &[&Path]) -> Vec<CustodianShare> {
	let files: Vec<_> = folders.iter().flat_map(|folder| files_under(folder)).collect();
	let contents: Vec<_> = files.iter().map(|file| std::fs::read(file).unwrap()).collect();
	let wrapped = contents.iter().filter_map(|bytes| <&[u8; 40]>::try_from(&bytes[..]).ok());
	let keys: Vec<KeyEncryptionKey> =
		wrapped.filter_map(|wrapped| master().unwrap(wrapped).ok()).collect();
	let rows = contents.iter().filter_map(|bytes| {
		let row: serde_json::Value = serde_json::from_slice(bytes).ok()?;
		let sealed = row.get("sealed")?.as_str()?.strip_prefix("0x")?.to_owned();
		<[u8; 40]>::try_from(hex::decode(sealed).ok()?).ok()
	});
	rows.flat_map(|row| {
		keys.iter().filter_map(move |key| key.unwrap(&row).ok()).collect::<Vec<_>>()
	})
	.collect()
}

#[tokio::test]
async fn an_archived_block_and_the_readers_key_no_longer_open_the_object() {
	let mut service = Service::start().await;
	// given: a sealed record. What a block body has of it, archives keep for ever: the reader share,
	// sealed to the reader.
	let key = ContentKey::generate();
	let metadata = RecordMetadata::fhir_json("4.0.1").to_metadata().unwrap();
	let (object, sealed) = Sealer::new(&key, &metadata).seal_to_vec(b"a diagnosis").unwrap();
	let content = ContentHash(sealed.ciphertext_hash.0);
	let context = RecordContext {
		genesis: crate::chain::GENESIS,
		record: record().0,
		version: 1,
		ciphertext_hash: sealed.ciphertext_hash,
	};
	let to = Addressee::identity(&reader().id.0, 1);
	let archived = key.reader_share().wrap(&context, &to, &reader().secret.public()).unwrap();
	service.put_object(&object).await.succeeds(201);
	let custodian_share = key.custodian_share().unwrap();
	service.deposit_version(&author(), 1, &content, custodian_share).await.succeeds(201);
	// Another record of the same patient stays.
	let kept = CustodianShare::generate();
	deposit_other(&service, &hash(b"other"), &kept).await;

	let opens = |share: &CustodianShare| {
		let reader_share = archived.open_share(&context, &to, &reader().secret).unwrap();
		let key = ContentKey::from_shares(reader_share, share.clone());
		Opener::new(&key).expect_object(sealed.ciphertext_hash).open_to_vec(&object)
	};
	let answer = service.release().await;
	let request = answer.request;
	let release: Release = answer.json();
	let released = PEER.open_release(&request, &release.share, &reader().secret).unwrap();
	assert_eq!(opens(&released).unwrap().0.as_slice(), b"a diagnosis");
	drop(released);
	service.stop().await;
	let backup = tempfile::tempdir().unwrap();
	copy(&service.folder().join("store"), backup.path());
	let (store, keys) = (service.folder().join("store"), service.folder().join("keys"));
	let open_now = |folders: &[&Path]| shares_in(folders).iter().any(|share| opens(share).is_ok());
	assert!(open_now(&[&store, &keys]), "the search below finds what is there");
	service.restart().await;

	// when
	erase(&service);
	eventually(|| service.count("contents") == 1).await;

	// then: not for who asks,
	service.release().await.fails(410, "share-erased");
	// not without a share,
	let reader_share = archived.open_share(&context, &to, &reader().secret).unwrap();
	let alone = ContentKey::from_reader_share(reader_share);
	let error = Opener::new(&alone).open_to_vec(&object).unwrap_err();
	assert!(matches!(error, OpenError::ShareMissing), "{error}");
	// and not with any share that is left in both stores and in a backup of the objects and shares.
	let left = shares_in(&[&store, &keys, backup.path()]);
	assert!(left.iter().all(|share| *share == kept) && !left.is_empty());
	for share in left {
		let error = opens(&share).unwrap_err();
		assert!(matches!(error, OpenError::WrongKey), "{error}");
	}
	assert!(!object_file(&service, &content).exists());
}
