#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second implementation of docs/batches.md, which shares no code or library with the Rust one.

It writes batch.proofs and leaf-3.proof.json beside itself; the Rust tests make and read the same.
Needs Python 3.9. Run it after a change of the page, never to make a failing test pass.
"""

import hashlib
import json
import pathlib
import struct

GENESIS, ORGANISATION, AUTHOR = b"\x11" * 32, b"\x22" * 32, b"\x33" * 32
BATCH, LEAVES = 7, 5
CLASSES = ["clinical", "laboratory", "imaging", "medication", "procedure"]


def blake2_256(data):
    return hashlib.blake2b(data, digest_size=32).digest()


def sha256(data):
    return hashlib.sha256(data).digest()


def text(data):
    return "0x" + data.hex()


class Entry:
    def __init__(self, index):
        def span(first, length):
            return bytes([first + index]) * length

        self.content, self.nonce, self.subject = span(0x40, 32), span(0x50, 16), span(0x60, 32)
        self.class_, self.compartment = index, 2 * index
        self.body, self.padded_len = span(0x70, 32), 512 * (index + 1)
        self.epoch, self.wrap, self.kept = 3 * index, span(0x80, 80), span(0x90, 104)
        place = bytes([self.class_, self.compartment])
        preimage = b"salus/record/1" + AUTHOR + self.subject + place + self.nonce
        self.record = blake2_256(preimage)

    def leaf(self):
        version = struct.pack("<I", 1)
        return sha256(b"\x00" + b"hre1/leaf\x01" + self.record + version + self.content)

    def to_bytes(self, index):
        fields = self.record + self.content + self.nonce + self.subject
        fields += bytes([self.class_, self.compartment]) + self.body
        fields += struct.pack("<QI", self.padded_len, self.epoch) + self.wrap + self.kept
        place = b"salus/batch-entry/1" + GENESIS + AUTHOR + struct.pack("<I", index)
        return fields + blake2_256(place + fields)[:16]


def levels(leaves):
    """All levels of the tree, the leaves first, the root last."""
    all_levels = [leaves]
    while len(all_levels[-1]) > 1:
        below = all_levels[-1]
        above = []
        for left in range(0, len(below), 2):
            pair = below[left : left + 2]
            above.append(sha256(b"\x01" + pair[0] + pair[1]) if len(pair) == 2 else pair[0])
        all_levels.append(above)
    return all_levels


def path(all_levels, place):
    siblings = []
    for level in all_levels[:-1]:
        if place ^ 1 < len(level):
            siblings.append(level[place ^ 1])
        place //= 2
    return siblings


def head(root):
    fields = b"SALUSBAT" + bytes([1, 0, 0, 0]) + struct.pack("<I", LEAVES)
    fields += GENESIS + ORGANISATION + AUTHOR + root + struct.pack("<Q", BATCH)
    return fields + blake2_256(fields)[:16]


def main():
    folder = pathlib.Path(__file__).parent
    entries = [Entry(index) for index in range(LEAVES)]
    tree = levels([entry.leaf() for entry in entries])
    root = tree[-1][0]
    file = head(root)
    file += b"".join(entry.to_bytes(index) for index, entry in enumerate(entries))
    file += b"".join(b"".join(level) for level in tree[1:])
    (folder / "batch.proofs").write_bytes(file)

    entry = entries[3]
    proof = {
        "format": "salus-proof/1",
        "genesis": text(GENESIS),
        "organisation": text(ORGANISATION),
        "batch": BATCH,
        "algorithm": "rfc9162-sha256",
        "root": text(root),
        "treeSize": LEAVES,
        "leafIndex": 3,
        "record": text(entry.record),
        "version": 1,
        "content": text(entry.content),
        "path": [text(node) for node in path(tree, 3)],
        "promotion": {
            "author": text(AUTHOR),
            "subject": text(entry.subject),
            "class": CLASSES[entry.class_],
            "compartment": entry.compartment,
            "nonce": text(entry.nonce),
            "body": text(entry.body),
            "paddedLen": entry.padded_len,
            "epoch": entry.epoch,
            "wrap": text(entry.wrap),
            "kept": text(entry.kept),
        },
    }
    (folder / "leaf-3.proof.json").write_text(json.dumps(proof, indent=2) + "\n")


if __name__ == "__main__":
    main()
