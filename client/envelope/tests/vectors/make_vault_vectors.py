#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second implementation of docs/vault.md, which shares no code or library with the Rust one.

It writes vault.json beside itself; the Rust tests reproduce every value. Needs Python 3.9 and the
`cryptography` package, 44 or later with OpenSSL 3.2 (for Argon2id). Run it after a change of the
page, never to make a failing test pass.
"""

import hashlib
import hmac
import json
import pathlib
import struct
import unicodedata

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

GENESIS = b"\x11" * 32
IDENTITY = b"\x22" * 32
BOUND = GENESIS + IDENTITY
VERSION = 7
FORMAT = 1
NAME = "  Zoe\u0301.Mu\u0308ller "
PASSWORD = "Blu\u0308tenstaub \u2460"
PASSPHRASE = "abacus  Zoom yo-yo unengaged drone swab"


def count(first, length=32):
    """Bytes that count up from `first`."""
    return bytes(range(first, first + length))


def u32(n):
    return struct.pack("<I", n)


def blake2_256(data):
    return hashlib.blake2b(data, digest_size=32).digest()


def mac(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


def hkdf(salt, ikm, info):
    """32 bytes: one block of HKDF-Expand."""
    return mac(mac(salt or bytes(32), ikm), info + b"\x01")


# XChaCha20-Poly1305, draft-irtf-cfrg-xchacha-03.


def rotate(word, bits):
    return (word << bits | word >> (32 - bits)) & 0xFFFFFFFF


def quarter_round(s, a, b, c, d):
    s[a] = (s[a] + s[b]) & 0xFFFFFFFF
    s[d] = rotate(s[d] ^ s[a], 16)
    s[c] = (s[c] + s[d]) & 0xFFFFFFFF
    s[b] = rotate(s[b] ^ s[c], 12)
    s[a] = (s[a] + s[b]) & 0xFFFFFFFF
    s[d] = rotate(s[d] ^ s[a], 8)
    s[c] = (s[c] + s[d]) & 0xFFFFFFFF
    s[b] = rotate(s[b] ^ s[c], 7)


def hchacha20(key, nonce):
    state = list(struct.unpack("<16I", b"expand 32-byte k" + key + nonce))
    for _ in range(10):
        for column in range(4):
            quarter_round(state, column, 4 + column, 8 + column, 12 + column)
        for n in range(4):
            quarter_round(state, n, 4 + (n + 1) % 4, 8 + (n + 2) % 4, 12 + (n + 3) % 4)
    return struct.pack("<8I", *(state[:4] + state[12:]))


def xchacha(key, nonce, plaintext, aad):
    inner = ChaCha20Poly1305(hchacha20(key, nonce[:16]))
    return inner.encrypt(bytes(4) + nonce[16:], plaintext, aad)


# Section 2.2.1 of the draft.
assert hchacha20(count(0), bytes.fromhex("000000090000004a0000000031415927")) == bytes.fromhex(
    "82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc"
)


# What a person has.


def fold_name(text):
    text = unicodedata.normalize("NFKC", text).lower()
    return unicodedata.normalize("NFKC", text).strip()


def fold_password(text):
    return unicodedata.normalize("NFKC", text)


def fold_passphrase(text):
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


MEMORY_KIB = 65536


def stretch(typed, secret):
    salt = blake2_256(b"salus/vault/salt/1" + GENESIS + fold_name(NAME).encode())
    argon2 = Argon2id(
        salt=salt, length=64, iterations=3, lanes=1, memory_cost=MEMORY_KIB, secret=secret
    )
    return argon2.derive(typed.encode())


NONE = b"\x00"
ARGON2ID = b"\x01" + u32(MEMORY_KIB) + u32(3) + u32(1)

SECRET_KEY = count(0x00, 16)
RECOVERY_CODE = count(0x10, 16)
VAULT_KEY = count(0x60)
SLOT_SALT = count(0x80)
NONCE = count(0xC0, 24)

# (kind, material, kdf, has a login)
SLOTS = [
    (0, stretch(fold_password(PASSWORD), SECRET_KEY), ARGON2ID, True),
    (1, stretch(fold_passphrase(PASSPHRASE), None), ARGON2ID, True),
    (2, RECOVERY_CODE, NONE, True),
    (3, count(0x20), NONE, False),
    (4, count(0x40), NONE, False),
]


def login_of(kind, material):
    seed = hkdf(None, material, b"salus/vault/login/1" + GENESIS + bytes([kind]))
    pair = Ed25519PrivateKey.from_private_bytes(seed)
    raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
    public = pair.public_key().public_bytes(*raw)
    locator = blake2_256(b"salus/login/1" + public)
    claim = pair.sign(b"salus/login-claim/1" + BOUND + locator + u32(VERSION))
    return {"public": public, "locator": locator, "claim": claim}


def slot(kind, material, kdf, has_login):
    number = 200 + kind
    kek = hkdf(SLOT_SALT, material, b"salus/vault/kek/1" + BOUND + bytes([kind]))
    aad = b"salus/vault/slot/1" + BOUND + bytes([number, kind]) + kdf
    made = {
        "id": number,
        "kind": kind,
        "kdf": kdf,
        "material": material,
        "kek": kek,
        "wrapped": xchacha(kek, NONCE, VAULT_KEY, aad),
    }
    if has_login:
        made["login"] = login_of(kind, material)
    return made


# The keyring and its body.


def compact(n):
    assert n < 64
    return bytes([n << 2])


def vector(items):
    return compact(len(items)) + b"".join(items)


SEEDS = [b"\xa1" * 32, b"\xa2" * 32]
SIGNERS = [(b"\x33" * 32, "//Alice"), (b"\x44" * 32, "0x" + "55" * 16)]
KEYRING = b"\x01" + b"".join(
    [
        vector([account + compact(len(uri)) + uri.encode() for account, uri in SIGNERS]),
        vector([u32(1) + b"\x01" + u32(5) + SEEDS[0], u32(5) + b"\x00" + SEEDS[1]]),
        vector([u32(2) + b"\x66" * 32]),
        vector([bytes([3]) + u32(4) + b"\x77" * 32]),
    ]
)


def body():
    key = hkdf(None, VAULT_KEY, b"salus/vault/body/1")
    plain = u32(len(KEYRING)) + KEYRING
    plain += bytes(-len(plain) % 256)
    aad = b"salus/vault/body/1" + BOUND + u32(VERSION) + bytes([FORMAT])
    return NONCE + xchacha(key, NONCE, plain, aad)


# DeriveKeyPair of RFC 9180, section 7.1.3, for DHKEM(X25519, HKDF-SHA-256).


def derive_key_pair(ikm):
    suite = b"HPKE-v1KEM\x00\x20"
    prk = mac(bytes(32), suite + b"dkp_prk" + ikm)
    return mac(prk, b"\x00\x20" + suite + b"sk" + b"\x01")


def agreement(seed, version):
    return derive_key_pair(hkdf(None, seed, b"salus/agreement/1" + u32(version)))


def compartment(seed, number, epoch):
    return derive_key_pair(
        hkdf(None, seed, b"salus/compartment/1" + bytes([number]) + u32(epoch))
    )


VECTORS = {
    "genesis": GENESIS,
    "identity": IDENTITY,
    "version": VERSION,
    "format": FORMAT,
    "name": NAME,
    "nameFolded": fold_name(NAME),
    "password": PASSWORD,
    "passphrase": PASSPHRASE,
    "passphraseFolded": fold_passphrase(PASSPHRASE),
    "slots": [slot(*each) for each in SLOTS],
    "commitment": hkdf(None, VAULT_KEY, b"salus/vault/commit/1" + BOUND),
    "keyring": KEYRING,
    "body": body(),
    "derived": {
        "agreement1": agreement(SEEDS[0], 1),
        "agreement4": agreement(SEEDS[0], 4),
        "agreement5": agreement(SEEDS[1], 5),
        "newCompartment": compartment(SEEDS[1], 2, 0),
        "profileShare": hkdf(None, SEEDS[0], b"salus/profile/1" + u32(1)),
        "identitySalt": hkdf(None, SEEDS[0], b"salus/identity-salt/1")[:16],
    },
}


def as_text(value):
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {name: as_text(each) for name, each in value.items()}
    if isinstance(value, list):
        return [as_text(each) for each in value]
    return value


if __name__ == "__main__":
    path = pathlib.Path(__file__).with_name("vault.json")
    path.write_text(json.dumps(as_text(VECTORS), indent="\t") + "\n")
