#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second implementation of docs/hre1.md, section 4.1, which shares no code with the Rust one.

It writes parts.json beside itself; the Rust tests reproduce every value. Python 3.9 is all it
needs. It multiplies by logarithms and evaluates by powers, where the other does neither. Run it
after a change of the page, never to make a failing test pass.
"""

import hashlib
import itertools
import json
import pathlib

# Logarithms to the base 3, which generates the field of 0x11b.
EXP, LOG = [0] * 255, [0] * 256
power = 1
for exponent in range(255):
    EXP[exponent], LOG[power] = power, exponent
    power ^= (power << 1) ^ (0x11B if power & 0x80 else 0)
assert power == 1 and sorted(EXP) == list(range(1, 256))


def times(a, b):
    return EXP[(LOG[a] + LOG[b]) % 255] if a and b else 0


def over(a, b):
    return EXP[(LOG[a] - LOG[b]) % 255] if a else 0


def raised(a, n):
    return EXP[LOG[a] * n % 255]


def at(x, constant, coefficients):
    value = constant
    for degree, coefficient in enumerate(coefficients, 1):
        value ^= times(coefficient, raised(x, degree))
    return value


def divided(key, threshold, of, drawn):
    """The parts of a key; `drawn` has the coefficients of its first byte, then of its second."""
    step = threshold - 1
    rows = [drawn[step * n : step * (n + 1)] for n in range(len(key))]
    return [bytes(at(x, byte, row) for byte, row in zip(key, rows)) for x in range(1, of + 1)]


def restored(points):
    """The key from its points (x, bytes)."""
    key = bytes(32)
    for x, part in points:
        factor = 1
        for other, _ in points:
            if other != x:
                factor = times(factor, over(other, other ^ x))
        key = bytes(before ^ times(factor, byte) for before, byte in zip(key, part))
    return key


def stream(label, length):
    """Bytes that look random and are the same every time."""
    blocks = (hashlib.sha256(f"{label} {n}".encode()).digest() for n in itertools.count())
    return b"".join(itertools.islice(blocks, length // 32 + 1))[:length]


def case(threshold, of):
    name = f"{threshold} of {of}"
    # The 20 to 3f of the other vectors, and bytes of every kind.
    key = bytes(range(0x20, 0x40)) if threshold == 2 else stream(f"key {name}", 32)
    drawn = stream(f"coefficients {name}", 32 * (threshold - 1))
    parts = divided(key, threshold, of, drawn)
    points = list(enumerate(parts, 1))
    for chosen in itertools.permutations(points, threshold):
        assert restored(chosen) == key, name
    return {
        "threshold": threshold,
        "of": of,
        "custodianShare": key.hex(),
        "coefficients": drawn.hex(),
        "parts": [part.hex() for part in parts],
    }


# Products that FIPS 197 gives, section 4.2.
assert times(0x57, 0x83) == 0xC1 and times(0x57, 0x13) == 0xFE

shapes = [(1, 1), (1, 3), (2, 2), (2, 3), (3, 5), (5, 8), (8, 8)]
vectors = {"divisions": [case(*shape) for shape in shapes]}
path = pathlib.Path(__file__).with_name("parts.json")
path.write_text(json.dumps(vectors, indent="\t") + "\n")
