#!/usr/bin/env python3
"""Checks a receipt (proto_spec/09-receipts.md): status 0 valid, 65 invalid, 75 not deep enough."""
import argparse, collections, functools, hashlib, json, re, struct, sys
P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G_X = 0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798
Head = collections.namedtuple("Head", "tag height time target previous root hash name seal")
plain = functools.partial(json.dumps, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
sha = lambda *parts: hashlib.sha256(b"".join(parts)).digest()
tagged = lambda tag, *parts: sha(sha(tag), sha(tag), *parts)
def need(condition, reason="malformed"):
    if not condition: raise ValueError(reason)
def lift(x):
    y = pow(x**3 + 7, (P + 1) // 4, P)
    return need(x < P and (y * y - x**3 - 7) % P == 0) or (x, y if y % 2 == 0 else P - y, 1)
def add(p, q):  # X:Y:Z without exceptions or division (Renes, Costello, Batina 2015, section 4)
    (a, b, c), (d, e, f) = p, q
    xy, xz, yz, xx = a * e + b * d, a * f + c * d, b * f + c * e, 3 * a * d
    more, less = b * e + 21 * c * f, b * e - 21 * c * f
    return ((xy * less - 21 * yz * xz) % P, (more * less + 21 * xx * xz) % P,
            (yz * more + xx * xy) % P)
def multiply(point, factor):
    doubled = lambda total, bit: add(total, total) if bit == "0" else add(add(total, total), point)
    return functools.reduce(doubled, f"{factor:b}", (0, 1, 0))
@functools.lru_cache(65536)
def is_signed(key, message, signature):  # BIP340
    x, r, s = (int.from_bytes(part, "big") for part in (key, signature[:32], signature[32:]))
    e = int.from_bytes(tagged(b"BIP0340/challenge", signature[:32], key, message), "big") % N
    x, y, z = add(multiply(lift(G_X), s), multiply(lift(x), N - e))
    return s < N and z > 0 and y * pow(z, -1, P) % P % 2 == 0 and x * pow(z, -1, P) % P == r
def normal(document):  # as RFC 8785 sees it: all numbers are doubles, -0 is 0, no key comes twice
    numbers = dict.fromkeys(("parse_int", "parse_float"), lambda digits: float(digits) + 0.0)
    return plain(json.loads(document, parse_constant=int, **numbers, object_pairs_hook=lambda pairs:
                            need(len(dict(pairs)) == len(pairs)) or dict(pairs)))
def unhex(text, least, most):
    need(re.fullmatch("(?:[0-9a-f]{2}){%d,%d}" % (least, most), text))
    return bytes.fromhex(text)
def read_head(text):
    data = unhex(text, 128, 224)
    fields, digest = struct.unpack("<8sQQI32s32s", data[4:96]), sha(sha(data))
    need(fields[1] < 2**53 and fields[2] < 2**53)
    return Head(*fields, digest, f"{fields[1]}:{digest.hex()}", data[128:])
def next_target(engine, height, clock):  # spec 06 section 3
    limit, half_life = int(engine["target_limit"], 16), 60 * engine["block_interval_ms"]
    ahead = (clock - engine["block_interval_ms"] * height) * 65536
    if not engine["retarget"] or ahead > -half_life:
        return limit
    shift, f = divmod(-(-ahead // half_life), 65536)
    factor = 65536 + ((195766423245049 * f + 971821376 * f**2 + 5127 * f**3 + 2**47) >> 48)
    target = max(1, (limit & 0x7fffff) * 256**(limit >> 24) * factor >> 40 - shift)
    size = target.bit_length() // 8 + 1
    return size << 24 | target * 256**3 // 256**size
def check_headers(heads, genesis, engine, clock_text, checkpoint):
    is_work, is_whole = engine["kind"] == "proof_of_work", heads[0].height == 1
    clock, has_clock = int(clock_text or "0"), not is_whole and is_work and engine["retarget"]
    need(clock_text == (str(clock) if has_clock else None) and abs(clock) <= 2**62, "wrong clock")
    need(checkpoint in ([None, *(h.name for h in heads)] if is_whole else [heads[10].name]))
    parent, *rest = [genesis] * is_whole + heads
    times = [parent.time]
    for i, head in enumerate(rest):
        target = next_target(engine, parent.height, clock)
        limit = (target & 0x7fffff) * 256**(target >> 24) >> 24 if is_work else 2**256
        need((head.previous, head.height, head.target) == (parent.hash, parent.height + 1, target)
             and head.time > (sorted(times)[len(times) // 2] if is_whole or i >= 10 else 0)
             and len(head.seal) == 8 * is_work and int.from_bytes(head.seal, "little") < 2**53
             and head.tag == genesis.hash[:8] and int.from_bytes(head.hash, "big") <= limit)
        clock += min(head.time - parent.time, 60 * engine["block_interval_ms"])
        clock, parent, times = max(-2**62, min(clock, 2**62)), head, times[-10:] + [head.time]
def parse_record(data):  # kind, from, then nonce, fee, stream, key, format and body, signature
    parts, at = [], 33
    for most, is_text in (2**53 - 1, 0), (2**53 - 1, 0), (64, 1), (256, 1), (1, 0), (65536, 1):
        stop = next(i for i in range(at, len(data)) if data[i] < 128)
        number = sum((byte & 127) << 7 * i for i, byte in enumerate(data[at:stop + 1]))
        need(number <= most and (data[stop] or stop == at))
        at = stop + 1 + number * is_text
        parts.append(data[stop + 1:at] if is_text else number)
    need(data[0] == 2 and len(data) == at + 64, "not a record")
    return parts[2].decode(), parts[3].decode(), parts[4], parts[5]
def root_of(node, index, count, path):  # RFC 6962
    if count < 2 or index >= count:
        return node if (index, count, path) == (0, 1, []) else None
    if index % 2 or index + 1 < count:
        node, path = sha(b"\1", *((path[0], node) if index % 2 else (node, path[0]))), path[1:]
    return root_of(node, index // 2, (count + 1) // 2, path)
def verify(text, chain, checkpoint=None, document=None):
    receipt = json.loads(text.decode().removesuffix("\n"))
    need(plain(receipt).encode() == text.removesuffix(b"\n") and len(text) <= 64_000_000)
    need(len(receipt) == 12 + ("clock" in receipt) and None not in receipt.values())
    need(type(receipt["path"]) is type(receipt["headers"]) is list)
    height, index, count = numbers = [receipt[name] for name in ("height", "index", "count")]
    need(all(type(n) is int and 0 <= n < 2**53 for n in numbers) and len(receipt["headers"]) <= 2e5)
    need(plain(receipt["format"]) == "1" and receipt["chain"] == chain, "another format or chain")
    spec, genesis = plain(receipt["spec"]).encode(), read_head(receipt["genesis"])
    size = [len(spec) >> shift & 127 | 128 for shift in (0, 7, 14)][:2 + (len(spec) >= 2**14)]
    coinbase = bytes(35) + bytes(size[:-1] + [size[-1] - 128]) + spec
    need(genesis.hash.hex() == chain and genesis.root == sha(b"\0", coinbase), "wrong genesis")
    heads, data = list(map(read_head, receipt["headers"])), unhex(receipt["bytes"], 1, 131072)
    check_headers(heads, genesis, receipt["spec"]["engine"], receipt.get("clock"), checkpoint)
    stream, key, form, body = parse_record(data)
    identity = tagged(b"cairn/tx", genesis.hash, data[:-64])
    need(identity.hex() == receipt["transaction"] and sha(body).hex() == receipt["digest"])
    need(is_signed(data[1:33], identity, data[-64:]), "bad signature")
    root = root_of(sha(b"\0", data), index, count, [unhex(p, 32, 32) for p in receipt["path"]])
    need(heads[0].height <= height and heads[height - heads[0].height].root == root, "wrong path")
    need(document is None or (body == document if form else normal(body) == normal(document)))
    return heads[-1].height - height + 1, {"stream": stream, "key": key, "height": height}
if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("receipt", "chain", "--document", "--confirmations", "--checkpoint"):
        parser.add_argument(name, help="HEIGHT:HASH" * (name == "--checkpoint"))
    given = parser.parse_args()
    if not (wanted := given.confirmations or "1").isdecimal():
        parser.exit(64, f"--confirmations takes a whole number, not '{wanted}'\n")
    try:
        text, document = (n and open(n, "rb").read() for n in (given.receipt, given.document))
        depth, facts = verify(text, given.chain, given.checkpoint, document)
    except Exception as problem:
        kind, status = ("cannot read:", 74) if isinstance(problem, OSError) else ("invalid:", 65)
        sys.exit(print(kind, problem) or status)
    sys.exit(print(plain({**facts, "confirmations": depth})) or 75 * (depth < int(wanted)))
