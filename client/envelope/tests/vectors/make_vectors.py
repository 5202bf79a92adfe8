#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second implementation of docs/hre1.md, which shares no code or library with the Rust one.

It writes hre1.json beside itself; the Rust tests reproduce every value. Needs Python 3.9 and the
`cryptography` package. Run it after a change of the page, never to make a failing test pass.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import struct
import unicodedata

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.keywrap import aes_key_wrap


def span(first):
    """32 bytes that count up from `first`."""
    return bytes(range(first, first + 32))


def sha256(data):
    return hashlib.sha256(data).digest()


def blake2_256(data):
    return hashlib.blake2b(data, digest_size=32).digest()


def mac(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


def extract(salt, ikm):
    return mac(salt or bytes(32), ikm)


def expand(prk, info, length):
    out, block, n = b"", b"", 1
    while len(out) < length:
        block = mac(prk, block + info + bytes([n]))
        out += block
        n += 1
    return out[:length]


def u32(n):
    return struct.pack("<I", n)


def u64(n):
    return struct.pack("<Q", n)


# Sealed objects.

CHUNK = 65536
AEADS = {1: ChaCha20Poly1305, 2: AESGCM}


def padme(length):
    exponent = length.bit_length() - 1
    keep = exponent.bit_length()
    step = 1 << (exponent - keep)
    return -(-length // step) * step


def inner(metadata, body):
    text = u32(len(metadata)) + metadata + u64(len(body)) + body
    return text.ljust(padme(max(len(text), 512)), b"\0")


def schedule(suite, k_r, k_s, salt):
    h0 = b"HRE1" + bytes([1, suite, 1 if k_s else 0, 16])
    prk = extract(salt, k_r + (k_s or b""))
    return {
        "h0": h0,
        "prk": prk,
        "payload_key": expand(prk, b"hre1/payload" + h0, 32),
        "commitment": expand(prk, b"hre1/commit" + h0, 32),
    }


def seal(suite, k_r, k_s, salt, metadata, body):
    keys = schedule(suite, k_r, k_s, salt)
    plain = inner(metadata, body)
    aead = AEADS[suite](keys["payload_key"])
    out = keys["h0"] + salt + keys["commitment"]
    starts = range(0, len(plain), CHUNK)
    for n, start in enumerate(starts):
        nonce = n.to_bytes(11, "big") + bytes([n == len(starts) - 1])
        out += aead.encrypt(nonce, plain[start : start + CHUNK], None)
    return out


def cid(ciphertext_hash):
    raw = b"\x01\x55\xa0\xe4\x02\x20" + ciphertext_hash
    return "b" + base64.b32encode(raw).decode().lower().rstrip("=")


# HPKE, RFC 9180: DHKEM(X25519, HKDF-SHA-256), HKDF-SHA-256, ChaCha20-Poly1305.

KEM = b"KEM" + struct.pack(">H", 0x20)
HPKE = b"HPKE" + struct.pack(">HHH", 0x20, 1, 3)


def labeled_extract(suite, salt, label, ikm):
    return extract(salt, b"HPKE-v1" + suite + label + ikm)


def labeled_expand(suite, prk, label, info, length):
    return expand(prk, struct.pack(">H", length) + b"HPKE-v1" + suite + label + info, length)


def derive_key_pair(ikm):
    return labeled_expand(KEM, labeled_extract(KEM, b"", b"dkp_prk", ikm), b"sk", b"", 32)


def public(secret):
    raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes(*raw)


def exchange(secret, peer):
    return X25519PrivateKey.from_private_bytes(secret).exchange(
        X25519PublicKey.from_public_bytes(peer)
    )


def hpke_key_schedule(ephemeral, to, info):
    enc = public(ephemeral)
    prk = labeled_extract(KEM, b"", b"eae_prk", exchange(ephemeral, to))
    shared = labeled_expand(KEM, prk, b"shared_secret", enc + to, 32)
    context = b"\0"
    context += labeled_extract(HPKE, b"", b"psk_id_hash", b"")
    context += labeled_extract(HPKE, b"", b"info_hash", info)
    secret = labeled_extract(HPKE, shared, b"secret", b"")
    key = labeled_expand(HPKE, secret, b"key", context, 32)
    nonce = labeled_expand(HPKE, secret, b"base_nonce", context, 12)
    return enc, key, nonce


def hpke_seal(ephemeral, to, info, aad, plaintext):
    enc, key, nonce = hpke_key_schedule(ephemeral, to, info)
    return enc + ChaCha20Poly1305(key).encrypt(nonce, plaintext, aad)


# Wraps, links, releases.


def info(label, genesis):
    return label + b"\x01" + genesis


def to_identity(identity):
    return blake2_256(b"hre1/to-identity" + b"\x01" + identity)


def to_compartment(subject, number):
    return blake2_256(b"hre1/to-compartment" + b"\x01" + subject + bytes([number]))


def record_wrap(eph, to, genesis, record, version, chash, recipient, key_version, k_r):
    aad = record + u32(version) + chash + recipient + u32(key_version)
    assert len(aad) == 104
    return hpke_seal(eph, to, info(b"hre1/wrap", genesis), aad, k_r)


def compartment_wrap(eph, to, genesis, subject, number, epoch, recipient, key_version, secret):
    aad = subject + bytes([number]) + u32(epoch) + recipient + u32(key_version)
    assert len(aad) == 73
    return hpke_seal(eph, to, info(b"hre1/cwrap", genesis), aad, secret)


def epoch_link(eph, to, genesis, subject, number, newer, secret_before):
    aad = subject + bytes([number]) + u32(newer - 1) + u32(newer)
    assert len(aad) == 41
    return hpke_seal(eph, to, info(b"hre1/link", genesis), aad, secret_before)


def release(eph, to, genesis, request_hash, k_s):
    return hpke_seal(eph, to, info(b"hre1/share", genesis), request_hash, k_s)


# Tags and leaves.


def normal_text(text):
    return unicodedata.normalize("NFC", text).strip()


def normal_code(text):
    text = text.strip()
    if text.endswith("|") and text.count("|") == 2:
        text = text[: text.index("|")]
    return unicodedata.normalize("NFC", normal_text(text).upper())


def index_key(compartment_secret):
    return expand(extract(None, compartment_secret), b"hre1/index", 32)


def tag(key, field, partition, normal):
    return mac(key, bytes([field, partition]) + normal.encode())


def leaf_data(record, version, chash):
    return b"hre1/leaf" + b"\x01" + record + u32(version) + chash


# The values.

K_R, K_S, SALT, KEK = span(0x00), span(0x20), span(0x40), span(0xA0)
METADATA = b'{"contentType":"application/fhir+json","fhirVersion":"4.0.1","schema":"hre-meta/1"}'
BODY = (
    b'{"resourceType":"Observation","status":"final","code":{"coding":'
    b'[{"system":"http://loinc.org","code":"718-7"}]},"valueQuantity":{"value":13.9,"unit":"g/dL"}}'
)
THREE_CHUNKS = bytes(i % 256 for i in range(131_077))
GENESIS, RECORD, RECIPIENT = b"\x11" * 32, b"\x22" * 32, b"\x33" * 32
SUBJECT, READER, REQUEST = b"\x44" * 32, b"\x55" * 32, b"\x66" * 32
PT_SALT = span(0xC0)
EPHEMERAL = derive_key_pair(span(0x60))
AGREEMENT = derive_key_pair(span(0x80))
EPOCH_6 = derive_key_pair(b"\x77" * 32)
EPOCH_7 = derive_key_pair(b"\x88" * 32)
FULL_METADATA = {
    "schema": "hre-meta/1",
    "contentType": "application/fhir+json",
    "fhirVersion": "4.0.1",
    "profile": "http://hl7.org/fhir/StructureDefinition/vitalsigns",
    "author": READER.hex(),
    "subject": SUBJECT.hex(),
    "authored": 1_790_000_000_000,
    "previous": RECORD.hex(),
    "ptSalt": PT_SALT.hex(),
    "provenance": {"resourceType": "Provenance", "recorded": "2026-09-21", "note": "\u00e9\n\""},
}


def objects():
    cases = []
    for suite in (1, 2):
        for name, k_s, metadata, body in (
            ("both shares", K_S, METADATA, BODY),
            ("no custodian share", None, METADATA, BODY),
            ("three chunks", K_S, b"", THREE_CHUNKS),
            ("nothing inside", K_S, b"", b""),
        ):
            keys = schedule(suite, K_R, k_s, SALT)
            sealed = seal(suite, K_R, k_s, SALT, metadata, body)
            cases.append(
                {
                    "name": name,
                    "suite": suite,
                    "custodianShare": k_s and k_s.hex(),
                    "metadata": metadata.decode(),
                    # The body of three chunks is byte i = i mod 256.
                    "body": body.hex() if len(body) < 1000 else None,
                    "bodyLength": len(body),
                    "payloadKey": keys["payload_key"].hex(),
                    "commitment": keys["commitment"].hex(),
                    "innerLength": len(inner(metadata, body)),
                    "innerSha256": sha256(inner(metadata, body)).hex(),
                    "objectLength": len(sealed),
                    "objectSha256": sha256(sealed).hex(),
                    "ciphertextHash": blake2_256(sealed).hex(),
                    "cid": cid(blake2_256(sealed)),
                    "lastTag": sealed[-16:].hex(),
                }
            )
    return cases


def canonical(value):
    # Enough of RFC 8785 for values without fractions and without keys outside the BMP.
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def vectors():
    chash = blake2_256(seal(1, K_R, K_S, SALT, METADATA, BODY))
    public_7, key = public(EPOCH_7), index_key(KEK)
    codes = ["718-7", "  718-7\n", "e11.9", "73211009 |Diabetes mellitus|", "stra\u00dfe", "A\u030a1"]
    return {
        "readerShare": K_R.hex(),
        "salt": SALT.hex(),
        "objects": objects(),
        "metadata": {
            "commitmentSalt": PT_SALT.hex(),
            "value": FULL_METADATA,
            "canonical": canonical(FULL_METADATA),
        },
        "bodyCommitment": mac(PT_SALT, BODY).hex(),
        "leaf": {
            "data": leaf_data(RECORD, 1, chash).hex(),
            "hash": sha256(b"\0" + leaf_data(RECORD, 1, chash)).hex(),
        },
        "keys": {
            "ephemeralSeed": span(0x60).hex(),
            "agreementSeed": span(0x80).hex(),
            "agreementSecret": AGREEMENT.hex(),
            "agreementPublic": public(AGREEMENT).hex(),
            "epoch6Seed": (b"\x77" * 32).hex(),
            "epoch6Secret": EPOCH_6.hex(),
            "epoch6Public": public(EPOCH_6).hex(),
            "epoch7Seed": (b"\x88" * 32).hex(),
            "epoch7Secret": EPOCH_7.hex(),
            "epoch7Public": public_7.hex(),
        },
        "recipients": {
            "identity": to_identity(READER).hex(),
            "compartment": to_compartment(SUBJECT, 9).hex(),
        },
        "wraps": {
            "genesis": GENESIS.hex(),
            "record": RECORD.hex(),
            "subject": SUBJECT.hex(),
            "reader": READER.hex(),
            "compartment": 9,
            "request": REQUEST.hex(),
            "ciphertextHash": chash.hex(),
            "toAnyRecipient": record_wrap(
                EPHEMERAL, public(AGREEMENT), GENESIS, RECORD, 1, chash, RECIPIENT, 1, K_R
            ).hex(),
            "recordToReader": record_wrap(
                EPHEMERAL, public(AGREEMENT), GENESIS, RECORD, 2, chash, to_identity(READER), 3, K_R
            ).hex(),
            "recordToCompartment": record_wrap(
                EPHEMERAL, public_7, GENESIS, RECORD, 2, chash, to_compartment(SUBJECT, 9), 7, K_R
            ).hex(),
            "compartmentToReader": compartment_wrap(
                EPHEMERAL, public(AGREEMENT), GENESIS, SUBJECT, 9, 7, to_identity(READER), 3, EPOCH_7
            ).hex(),
            "link6From7": epoch_link(
                EPHEMERAL, public_7, GENESIS, SUBJECT, 9, 7, EPOCH_6
            ).hex(),
            "release": release(EPHEMERAL, public(AGREEMENT), GENESIS, REQUEST, K_S).hex(),
        },
        "atRest": {"key": KEK.hex(), "readerShare": aes_key_wrap(KEK, K_R).hex()},
        "index": {
            "compartmentSecret": KEK.hex(),
            "key": key.hex(),
            "codes": [
                {
                    "text": text,
                    "normal": normal_code(text),
                    "field": 1,
                    "partition": 0,
                    "tag": tag(key, 1, 0, normal_code(text))[:16].hex(),
                    "shortTag": tag(key, 1, 0, normal_code(text))[:4].hex(),
                }
                for text in codes
            ],
            "texts": [
                {
                    "text": text,
                    "normal": normal_text(text),
                    "field": 7,
                    "partition": 255,
                    "tag": tag(key, 7, 255, normal_text(text))[:16].hex(),
                    "shortTag": tag(key, 7, 255, normal_text(text))[:4].hex(),
                }
                for text in ["2026-09", " Mixed Case ", "e\u0301"]
            ],
        },
    }


if __name__ == "__main__":
    path = pathlib.Path(__file__).with_name("hre1.json")
    path.write_text(json.dumps(vectors(), indent="\t") + "\n")
    print(path.name)
