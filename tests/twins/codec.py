#!/usr/bin/env python3
"""A second decoder of transactions, sealed headers and blocks, and the differential test C9.

Written from spec 03 and 05, on slices of bytes, so that it shares no code with the C++ one. Inputs
are the published vectors, the fuzz corpus, and seeded mutations of both. Standard library only.

    codec.py compare DUMP REPOSITORY    fail when the program DUMP accepts, refuses or hashes one
                                        input differently
"""

import hashlib
import json
import pathlib
import random
import subprocess
import sys

QUANTITY_MAX = 2**53 - 1
BLOCK_BYTES_MAX = 2_000_000
TRANSACTION_BYTES_MIN = 36
MUTATIONS_PER_SEED = 600
MUTATION_SEED = 20_261_121


class Refused(Exception):
    """The bytes are not the one form of any value."""


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        if size > len(self.data) - self.at:
            raise Refused("truncated")
        self.at += size
        return self.data[self.at - size : self.at]

    def varint(self):
        number = 0
        for index in range(10):
            byte = self.take(1)[0]
            number |= (byte & 0x7F) << 7 * index
            if byte < 0x80:
                if number >= 2**64:
                    raise Refused("varint_too_long")
                if index > 0 and byte == 0:
                    raise Refused("varint_not_minimal")
                return number
        raise Refused("varint_too_long")

    def quantity(self, number):
        if number > QUANTITY_MAX:
            raise Refused("number_too_large")

    def small(self):
        self.quantity(self.varint())

    def word(self):
        self.quantity(int.from_bytes(self.take(8), "little"))

    def sized(self, maximum):
        size = self.varint()
        if size > maximum:
            raise Refused("too_long")
        return self.take(size)

    def text(self, maximum):
        try:
            self.sized(maximum).decode("utf-8")
        except UnicodeDecodeError:
            raise Refused("bad_text") from None

    def end(self):
        if self.at != len(self.data):
            raise Refused("trailing_bytes")


def sha256(data):
    return hashlib.sha256(data).digest()


def transaction_id(chain, unsigned):
    tag = sha256(b"cairn/tx")
    return sha256(tag + tag + chain + unsigned)


def read_transaction(reader, chain):
    """The id and the whole bytes of the next transaction."""
    began = reader.at
    kind = reader.take(1)[0]
    if kind > 2:
        raise Refused("unknown_tag")
    if kind == 0:
        reader.small()
        reader.take(32)
        reader.small()
        reader.sized(65_536)
    else:
        reader.take(32)
        reader.small()
        reader.small()
    if kind == 1:
        reader.take(32)
        reader.small()
        reader.text(256)
    if kind == 2:
        reader.text(64)
        reader.text(256)
        if reader.take(1)[0] > 1:
            raise Refused("unknown_tag")
        reader.sized(65_536)
    unsigned = reader.data[began : reader.at]
    if kind != 0:
        reader.take(64)
    return transaction_id(chain, unsigned), reader.data[began : reader.at]


def read_head(reader):
    """The block hash that the next sealed header gives."""
    began = reader.at
    reader.take(12)
    reader.word()
    reader.word()
    reader.take(100)
    header = reader.data[began : reader.at]
    return sha256(sha256(header + reader.sized(96)))


def tree_hash(leaves):
    """RFC 6962 §2.1, on the definition."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + tree_hash(leaves[:split]) + tree_hash(leaves[split:]))


def decode_transaction(chain, data):
    reader = Reader(data)
    identity, _ = read_transaction(reader, chain)
    reader.end()
    return [identity]


def decode_header(chain, data):
    reader = Reader(data)
    block_hash = read_head(reader)
    reader.end()
    return [block_hash]


def decode_block(chain, data):
    if len(data) > BLOCK_BYTES_MAX:
        raise Refused("too_long")
    reader = Reader(data)
    block_hash = read_head(reader)
    count = reader.varint()
    if count > BLOCK_BYTES_MAX // TRANSACTION_BYTES_MIN:
        raise Refused("too_many")
    if count > (len(data) - reader.at) // TRANSACTION_BYTES_MIN:
        raise Refused("truncated")
    pairs = [read_transaction(reader, chain) for _ in range(count)]
    reader.end()
    return [block_hash, tree_hash([whole for _, whole in pairs])] + [each for each, _ in pairs]


DECODERS = {"transaction": decode_transaction, "header": decode_header, "block": decode_block}


def verdict(kind, chain, data):
    """The line that DUMP is expected to print."""
    try:
        return " ".join(each.hex() for each in DECODERS[kind](chain, data))
    except Refused:
        return "refused"


def seeds(repository):
    """Pairs of kind and bytes: every vector and every file of the corpus, for every decoder."""
    found = []
    for name in ("transactions", "blocks"):
        vectors = json.loads((repository / f"proto_spec/vectors/ledger/{name}.json").read_text())
        found += [bytes.fromhex(row["hex"]) for row in vectors["valid"] + vectors["invalid"]]
    for vector in json.loads((repository / "proto_spec/vectors/wire/messages.json").read_text()):
        found.append(bytes.fromhex(vector["hex"]))
    corpus = sorted((repository / "tests/fuzz/corpus").glob("*/*"))
    found += [path.read_bytes() for path in corpus]
    # A block begins with a sealed header.
    heads = [data[: 129 + data[128]] for data in found if len(data) > 128 and data[128] <= 96]
    return [(kind, data) for data in sorted(set(found + heads)) for kind in DECODERS]


def mutated(chance, data):
    """`data` with one to three small faults."""
    data = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(data) + 1)
        fault = chance.randrange(5)
        if fault == 0 and at < len(data):
            data[at] ^= 1 << chance.randrange(8)
        elif fault == 1 and at < len(data):
            data[at] = chance.choice((0, 1, 2, 0x7F, 0x80, 0xFF))
        elif fault == 2:
            data[at:at] = bytes([chance.choice((0, 0x80, 0xFF))])
        elif fault == 3:
            del data[at : at + chance.randint(1, 4)]
        else:
            del data[chance.randrange(max(0, len(data) - 70), len(data) + 1) :]
    return bytes(data)


def inputs(repository):
    chance = random.Random(MUTATION_SEED)
    chain = bytes.fromhex(
        json.loads((repository / "proto_spec/vectors/ledger/blocks.json").read_text())["chain"]
    )
    for kind, data in seeds(repository):
        yield kind, chain, data
        # What is refused as it stands is seldom accepted with a fault; its mutants are fewer.
        accepted = verdict(kind, chain, data) != "refused"
        for _ in range(MUTATIONS_PER_SEED if accepted else 10):
            yield kind, chain, mutated(chance, data)


def compare(dump, repository):
    cases = list(inputs(pathlib.Path(repository)))
    text = "".join(f"{kind} {chain.hex()} {data.hex()}\n" for kind, chain, data in cases)
    answer = subprocess.run([dump], input=text, capture_output=True, text=True, check=True).stdout
    theirs = answer.splitlines()
    if len(theirs) != len(cases):
        sys.exit(f"{len(cases)} inputs, {len(theirs)} answers")
    accepted = 0
    for (kind, chain, data), line in zip(cases, theirs):
        ours = verdict(kind, chain, data)
        accepted += ours != "refused"
        if ours != line:
            sys.exit(f"{kind} {data.hex()}\n  twin: {ours}\n  C++:  {line}")
    if accepted < 1000 or len(cases) - accepted < 1000:
        sys.exit(f"the inputs prove little: {accepted} of {len(cases)} are accepted")
    print(f"{len(cases)} inputs, {accepted} accepted, all alike")


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] != "compare":
        sys.exit(__doc__)
    compare(sys.argv[2], sys.argv[3])
