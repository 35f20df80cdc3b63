#!/usr/bin/env python3
"""A second implementation of the state root (spec 07), from the sorted set of leaves alone.

It shares no code and no idea with the C++ one: no nodes, no changes, only the definition. Without
arguments it prints the vectors; with `--check FILE` it compares FILE with what it would print and
fails on any difference; with `--write FILE` it writes FILE.
"""

import argparse
import hashlib
import json
import sys


def sha256(data):
    return hashlib.sha256(data).digest()


def bit(key_hash, depth):
    return key_hash[depth // 8] >> (7 - depth % 8) & 1


def subtree_root(leaves, depth):
    """The hash of the subtree at `depth` that holds `leaves`, pairs of key hash and value hash."""
    if not leaves:
        return bytes(32)
    if len(leaves) == 1:
        key_hash, value_hash = leaves[0]
        return sha256(b"\x00" + key_hash + value_hash)
    left = [leaf for leaf in leaves if bit(leaf[0], depth) == 0]
    right = [leaf for leaf in leaves if bit(leaf[0], depth) == 1]
    return sha256(b"\x01" + subtree_root(left, depth + 1) + subtree_root(right, depth + 1))


def state_root(contents):
    leaves = sorted((sha256(key), sha256(value)) for key, value in contents.items())
    return subtree_root(leaves, 0)


def account_key(number):
    return b"a" + bytes([number]) * 32


def keys_sharing(bits, count):
    """`count` keys whose hashes begin with the same `bits` bits, found by trying numbers."""
    seen = {}
    for number in range(1 << 24):
        key = b"k%d" % number
        prefix = int.from_bytes(sha256(key)[:4], "big") >> (32 - bits)
        group = seen.setdefault(prefix, [])
        group.append(key)
        if len(group) == count:
            return group
    raise AssertionError("no such keys among the first 2^24")


def cases():
    near = keys_sharing(20, 2)
    trio = keys_sharing(10, 3)
    yield "empty", "no keys: 32 zeros", []
    yield "one_key", "a subtree of one leaf is that leaf", [(b"key", b"value")]
    yield "empty_value", "an empty value is not an absent one", [(b"key", b"")]
    yield "two_keys", "one inner node or a few", [(b"first", b"1"), (b"second", b"2")]
    yield "account", "varints of balance 1,000,000 and nonce 3", [
        (account_key(0x11), bytes.fromhex("c0843d03"))
    ]
    yield "shared_prefix", "two hashes with 20 equal bits: inner nodes with an empty side", [
        (near[0], b"left or right"),
        (near[1], b"the other"),
    ]
    yield "shared_prefix_crowd", "three close hashes and a far one", [
        *((key, b"close") for key in trio),
        (b"far", b"away"),
    ]
    yield "overwritten", "only the last value counts", [(b"key", b"old"), (b"key", b"value")]
    yield "deleted_to_empty", "the last key erased: zeros again", [(b"key", b"v"), (b"key", None)]
    yield "deleted_to_one", "the leaf that is left rises to the top", [
        (near[0], b"stays"),
        (near[1], b"goes"),
        (near[1], None),
    ]
    yield "deleted_from_crowd", "a node with two leaves left stays where it is", [
        *((key, b"close") for key in trio),
        (b"far", b"away"),
        (trio[1], None),
    ]
    yield "hundred_accounts", "as a small chain has them", [
        (account_key(number), bytes([number + 1, number % 7])) for number in range(100)
    ]


def make_vectors():
    vectors = []
    for name, why, steps in cases():
        contents = {}
        for key, value in steps:
            if value is None:
                del contents[key]
            else:
                contents[key] = value
        vectors.append(
            {
                "name": name,
                "why": why,
                "steps": [
                    {"key": key.hex(), "value": None if value is None else value.hex()}
                    for key, value in steps
                ],
                "root": state_root(contents).hex(),
            }
        )
    return json.dumps({"cases": vectors}, indent=1) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", metavar="FILE")
    parser.add_argument("--write", metavar="FILE")
    options = parser.parse_args()
    text = make_vectors()
    if options.write:
        with open(options.write, "w", encoding="ascii") as file:
            file.write(text)
    elif options.check:
        with open(options.check, encoding="ascii") as file:
            if file.read() != text:
                sys.exit(f"{options.check} differs from what the twin computes; see --write")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
