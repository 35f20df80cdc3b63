#!/usr/bin/env python3
"""Compares scripts/verify_receipt.py with Cairn's own verifier on flipped bits of 200 receipts.

    receipt.py TEST_RECEIPT STEP VECTORS

TEST_RECEIPT is the test program, which makes the receipts and its verdicts; every STEP-th bit of
each is flipped, beginning with another one for each receipt. STEP 1 takes all bits. VECTORS are
those of the specification, which are checked too. The receipts are shared out among as many
processes as there are processors.
"""

import functools
import json
import multiprocessing
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))

import verify_receipt

VALID, INVALID, UNCONFIRMED = "012"


class Difference(Exception):
    """The verifiers do not agree, or there is nothing to compare."""


def verdict(text, case):
    document = case["document"].encode() if "document" in case else None
    try:
        depth, _ = verify_receipt.verify(text, case["chain"], case.get("checkpoint"), document)
    except Exception:  # whatever is wrong with it, it proves nothing
        return INVALID
    return VALID if depth >= case["confirmations"] else UNCONFIRMED


def compare(line, step):
    """The number of verdicts, and of those that are not `invalid`; raises at a difference."""
    case = json.loads(line)
    text = bytearray(case["text"].encode())
    bits = range(case["first"], 8 * len(text), step)
    expected = case["verdicts"]
    if len(expected) != 1 + len(bits) or expected[0] == INVALID:
        raise Difference(f"the unchanged receipt is refused: {case}")
    if verdict(bytes(text), case) != expected[0]:
        raise Difference(f"the verifiers differ on an unchanged receipt: {case['text']}")
    for bit, own in zip(bits, expected[1:]):
        text[bit // 8] ^= 1 << bit % 8
        found = verdict(bytes(text), case)
        if found != own:
            raise Difference(f"bit {bit}: {found} instead of {own}: {bytes(text)!r} {case}")
        text[bit // 8] ^= 1 << bit % 8
    return len(expected), len(expected) - expected.count(INVALID)


def check_vectors(path):
    for case in json.loads(pathlib.Path(path).read_text()):
        expected = {None: VALID, "unconfirmed": UNCONFIRMED}.get(case.get("error"), INVALID)
        if verdict(case["text"].encode(), case) != expected:
            raise SystemExit(f"the vector {case['name']!r} is not {case.get('error', 'valid')}")


def main():
    program, step = sys.argv[1], int(sys.argv[2])
    check_vectors(sys.argv[3])
    with tempfile.TemporaryDirectory(prefix="cairn-receipts-") as folder:
        path = pathlib.Path(folder) / "verdicts"
        environment = {**os.environ, "CAIRN_FLIPS": str(path), "CAIRN_FLIPS_STEP": str(step)}
        subprocess.run([program, "[.flips]"], check=True, env=environment, capture_output=True)
        with path.open() as lines, multiprocessing.Pool() as processes:
            results = list(processes.imap_unordered(functools.partial(compare, step=step), lines))
    total, others = (sum(column) for column in zip(*results))
    if len(results) != 200 or others <= len(results):
        raise SystemExit(f"{len(results)} receipts, {others} verdicts other than invalid")
    print(f"{len(results)} receipts, {total} verdicts agree, {others} of them not invalid")


if __name__ == "__main__":
    main()
