#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes leaves.bin and leaves.json beside this file: a leaf file after docs/supply-chain.md, section 3.

Shares no code with the Rust crate: hashlib and hmac of the standard library alone.
"""

import hashlib
import hmac
import json
import pathlib
import struct

HERE = pathlib.Path(__file__).parent
GTIN = 6291041500213
MASTER = bytes(range(32))
# Every kind of character, both ends of the length, a pair that differs in case; five leaves make an
# odd level twice.
SERIALS = ["A1", "a1", "1", "!\"%&'()*+,-./:;<=>?_", "Zz09_Zz09_Zz09_Zz09_"]
GIVEN = {2: bytes([0xAA] * 16)}

product = b"\x00" + struct.pack("<Q", GTIN)


def blake(data):
    return hashlib.blake2b(data, digest_size=32).digest()


def salt(index, serial):
    if index in GIVEN:
        return GIVEN[index]
    data = b"salus/supply/salt" + product + struct.pack("<I", index) + serial
    return hmac.new(MASTER, data, hashlib.sha256).digest()[:16]


def leaf(serial, of):
    data = b"SC1" + product + bytes([len(serial) << 2]) + serial + of
    return hashlib.sha256(b"\x00" + data).digest()


def root(leaves):
    """RFC 9162, section 2.1.1, as written there: split at the largest power of two below the size."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + root(leaves[:k]) + root(leaves[k:])).digest()


def path(index, leaves):
    """RFC 9162, section 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if index < k:
        return path(index, leaves[:k]) + [root(leaves[k:])]
    return path(index - k, leaves[k:]) + [root(leaves[:k])]


serials = [serial.encode() for serial in SERIALS]
salts = [salt(index, serial) for index, serial in enumerate(serials)]
leaves = [leaf(serial, of) for serial, of in zip(serials, salts)]

rows = b"".join(bytes([len(s)]) + s.ljust(20, b"\0") + of for s, of in zip(serials, salts))
table = b"".join(struct.pack("<I", i) for i in sorted(range(len(serials)), key=lambda i: serials[i]))
# Level k holds the roots of the runs of 2^k leaves.
nodes, width = b"", 2
while width < 2 * len(leaves):
    nodes += b"".join(root(leaves[at:at + width]) for at in range(0, len(leaves), width))
    width *= 2

commitment = blake(b"salus/supply/master" + MASTER)
head = b"SALUSLVS" + bytes([1, 0, 0, 0]) + struct.pack("<I", len(leaves))
head += product.ljust(32, b"\0") + commitment + root(leaves)
head += blake(head)[:16]
whole = head + rows + table + nodes

(HERE / "leaves.bin").write_bytes(whole)
(HERE / "leaves.json").write_text(
    json.dumps(
        {
            "gtin": f"{GTIN:014}",
            "master": MASTER.hex(),
            "commitment": "0x" + commitment.hex(),
            "root": "0x" + root(leaves).hex(),
            "leafFile": "0x" + blake(whole).hex(),
            "units": [
                {
                    "index": index,
                    "serial": serial,
                    "salt": "0x" + salts[index].hex(),
                    "path": ["0x" + node.hex() for node in path(index, leaves)],
                }
                for index, serial in enumerate(SERIALS)
            ],
        },
        indent=1,
    )
    + "\n"
)
