// SPDX-License-Identifier: Apache-2.0
//! The parts against their RFCs: that the crates we stand on are the functions we mean.

use aes_kw::KwAes256;
use blake2::{Blake2b, Blake2b512, Digest, digest::consts::U32};
use chacha20poly1305::{
	ChaCha20Poly1305,
	aead::{AeadInOut, KeyInit},
};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use hpke::{
	Deserializable, Kem, OpModeR, OpModeS, Serializable, aead::ChaCha20Poly1305 as HpkeChaCha,
	kdf::HkdfSha256, kem::X25519HkdfSha256,
};
use salus_envelope::{AgreementSecret, PrivateKey, PublicKey, Secret};
use sha2::Sha256;

mod support;
use support::{Scripted, unhex};

fn bytes(hex: &str) -> Vec<u8> {
	hex::decode(hex).unwrap()
}

#[test]
fn hpke_is_that_of_rfc_9180_appendix_a_2_1() {
	let info = bytes("4f6465206f6e2061204772656369616e2055726e");
	let seed_e = unhex("909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b");
	let seed_r = unhex("1ac01f181fdf9f352797655161c58b75c656a6cc2716dcb66372da835542e1df");

	let recipient = AgreementSecret::derive(&seed_r);
	assert_eq!(
		hex::encode(recipient.expose()),
		"8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb"
	);
	assert_eq!(
		hex::encode(recipient.public().as_bytes()),
		"4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a"
	);

	let public =
		<X25519HkdfSha256 as Kem>::PublicKey::from_bytes(recipient.public().as_bytes()).unwrap();
	let (enc, mut sender) =
		hpke::setup_sender_with_rng::<HpkeChaCha, HkdfSha256, X25519HkdfSha256>(
			&OpModeS::Base,
			&public,
			&info,
			&mut Scripted(seed_e),
		)
		.unwrap();
	assert_eq!(
		hex::encode(enc.to_bytes()),
		"1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a"
	);
	let ciphertext = sender.seal(b"Beauty is truth, truth beauty", b"Count-0").unwrap();
	assert_eq!(
		hex::encode(&ciphertext),
		"1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"
	);

	let secret = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(recipient.expose()).unwrap();
	let plaintext = hpke::single_shot_open::<HpkeChaCha, HkdfSha256, X25519HkdfSha256>(
		&OpModeR::Base,
		&secret,
		&enc,
		&info,
		&ciphertext,
		b"Count-0",
	);
	assert_eq!(plaintext.unwrap(), b"Beauty is truth, truth beauty");
}

#[test]
fn x25519_is_that_of_rfc_7748_sections_5_2_and_6_1() {
	for (scalar, point, product) in [
		(
			"a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
			"e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
			"c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
		),
		(
			"4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
			"e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
			"95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
		),
	] {
		let found = x25519_dalek::x25519(unhex(scalar), unhex(point));
		assert_eq!(found, unhex::<32>(product));
	}

	let alice = AgreementSecret::from_bytes(unhex(
		"77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
	));
	let bob = AgreementSecret::from_bytes(unhex(
		"5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
	));
	assert_eq!(
		hex::encode(alice.public().as_bytes()),
		"8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
	);
	assert_eq!(
		hex::encode(bob.public().as_bytes()),
		"de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
	);
	let shared = unhex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
	assert_eq!(x25519_dalek::x25519(*alice.expose(), *bob.public().as_bytes()), shared);
	assert_eq!(x25519_dalek::x25519(*bob.expose(), *alice.public().as_bytes()), shared);
}

#[test]
fn chacha20_poly1305_is_that_of_rfc_8439() {
	// Section 2.8.2.
	let key = unhex::<32>("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
	let nonce = unhex::<12>("070000004041424344454647").into();
	let mut text = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip \
		for the future, sunscreen would be it."
		.to_vec();
	let tag = ChaCha20Poly1305::new(&key.into())
		.encrypt_inout_detached(
			&nonce,
			&bytes("50515253c0c1c2c3c4c5c6c7"),
			text.as_mut_slice().into(),
		)
		.unwrap();
	assert_eq!(
		hex::encode(&text),
		"d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6\
		 3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36\
		 92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc\
		 3ff4def08e4b7a9de576d26586cec64b6116"
	);
	assert_eq!(hex::encode(tag), "1ae10b594f09e26a7e902ecbd0600691");

	// Appendix A.5.
	let key = unhex::<32>("1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0");
	let nonce = unhex::<12>("000000000102030405060708").into();
	let mut text = bytes(
		"64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb2\
		 4c6cfc18755d43eea09ee94e382d26b0bdb7b73c321b0100d4f03b7f355894cf\
		 332f830e710b97ce98c8a84abd0b948114ad176e008d33bd60f982b1ff37c855\
		 9797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b53c867e4\
		 b9166c767b804d46a59b5216cde7a4e99040c5a40433225ee282a1b0a06c523e\
		 af4534d7f83fa1155b0047718cbc546a0d072b04b3564eea1b422273f548271a\
		 0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073a6727627097a10\
		 49e617d91d361094fa68f0ff77987130305beaba2eda04df997b714d6c6f2c29\
		 a6ad5cb4022b02709b",
	);
	let tag = unhex::<16>("eead9d67890cbb22392336fea1851f38").into();
	ChaCha20Poly1305::new(&key.into())
		.decrypt_inout_detached(
			&nonce,
			&bytes("f33388860000000000004e91"),
			text.as_mut_slice().into(),
			&tag,
		)
		.unwrap();
	assert!(text.starts_with(b"Internet-Drafts are draft documents valid for a maximum of six"));
}

#[test]
fn hkdf_is_that_of_rfc_5869_appendix_a() {
	let check = |ikm: &[u8], salt: Option<&[u8]>, info: &[u8], prk: &str, okm: &str| {
		let (found, kdf) = Hkdf::<Sha256>::extract(salt, ikm);
		assert_eq!(hex::encode(found), prk);
		let mut found = vec![0; okm.len() / 2];
		kdf.expand(info, &mut found).unwrap();
		assert_eq!(hex::encode(found), okm);
	};
	check(
		&[0x0b; 22],
		Some(&bytes("000102030405060708090a0b0c")),
		&bytes("f0f1f2f3f4f5f6f7f8f9"),
		"077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
		"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
	);
	check(
		&[0x0b; 22],
		None,
		b"",
		"19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
		"8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
	);
}

#[test]
fn hmac_is_that_of_rfc_4231() {
	for (key, data, tag) in [
		(
			&[0x0b; 20][..],
			&b"Hi There"[..],
			"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
		),
		(
			b"Jefe",
			b"what do ya want for nothing?",
			"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
		),
		(
			&[0xaa; 20],
			&[0xdd; 50],
			"773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
		),
		(
			&[0xaa; 131],
			b"Test Using Larger Than Block-Size Key - Hash Key First",
			"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
		),
	] {
		let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).unwrap();
		mac.update(data);
		assert_eq!(hex::encode(mac.finalize().into_bytes()), tag);
	}
}

#[test]
fn blake2b_is_that_of_rfc_7693() {
	// Appendix A.
	assert_eq!(
		hex::encode(Blake2b512::digest(b"abc")),
		"ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1\
		 7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"
	);
	// The output length in use here; a value of the reference implementation.
	assert_eq!(
		hex::encode(Blake2b::<U32>::digest(b"abc")),
		"bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"
	);
}

#[test]
fn aes_key_wrap_is_that_of_rfc_3394_section_4_6() {
	let kek = unhex::<32>("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
	let data = bytes("00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f");
	let mut wrapped = [0; 40];
	KwAes256::new(&kek.into()).wrap_key(&data, &mut wrapped).unwrap();
	assert_eq!(
		hex::encode(wrapped),
		"28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21"
	);
}
