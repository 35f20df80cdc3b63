"""A peer that speaks the binary messages of spec 04 by hand, as far as the tests need."""

import hashlib
import itertools
import struct
import time

from network import Client, frame

HELLO, HELLO_ACK, BLOCK = 0x01, 0x03, 0x13
GET_HEADERS, HEADERS, INVENTORY, GET_TRANSACTIONS, TRANSACTIONS = 0x10, 0x11, 0x20, 0x21, 0x22
OUR_ALIAS = 3
nonces = itertools.count(1)


def envelope(message_type, body=b"", chain=0, request=0):
    """The payload of a message."""
    return struct.pack("<BBBBI", 1, 1, message_type, chain, request) + body


def hello(genesis):
    """A `hello` of a node of its own for the chain `genesis`."""
    body = struct.pack("<HHIQ", 1, 1, 0, next(nonces)) + bytes(33)
    body += struct.pack("<HQQ", 0, 0, int(time.time() * 1000))
    body += b"\x04test" + b"\x01" + genesis + bytes([OUR_ALIAS]) + bytes(64) + b"\x00"
    # It wants no transactions: those who do have half of the places.
    return envelope(HELLO, body + b"\x00\x00")


def varint(number):
    """Seven bits a byte, the lowest first."""
    head = b""
    while number > 127:
        head += bytes([number & 127 | 128])
        number >>= 7
    return head + bytes([number])


class Peer(Client):
    """A link that is READY once it has been made."""

    def __init__(self, port, genesis):
        began = time.monotonic()
        super().__init__(port)
        self.send_raw(frame(hello(genesis)))
        alias = None
        while alias is None:
            payload = self.receive_payload()
            if payload is None:
                raise AssertionError("the node closed the link in its handshake")
            if payload[2] == HELLO_ACK:
                alias = payload[8 + 1 + 32]
        if alias != OUR_ALIAS:
            raise AssertionError(f"the node acknowledges alias {alias}")
        # Every `hello` of ours offers the chain as alias 1: see `our_chain_alias`.
        self.send_raw(frame(envelope(HELLO_ACK, b"\x01" + genesis + b"\x01")))
        self.seconds = time.monotonic() - began

    def offer(self, transactions):
        """Announces `transactions`, given as bytes, and hands them over when the node asks for
        them; whether it did before it closed the link."""
        body = varint(len(transactions))
        for raw in transactions:
            body += hashlib.sha256(raw).digest()[:16] + struct.pack("<I", len(raw))
        self.send_raw(frame(envelope(INVENTORY, body + b"\0", chain=OUR_ALIAS)))
        while payload := self.receive_payload():
            if payload[2] == GET_HEADERS:
                # None that it does not have: until it knows that, it asks for no transactions.
                request = struct.unpack("<I", payload[4:8])[0]
                self.send_raw(frame(envelope(HEADERS, b"\0", chain=OUR_ALIAS, request=request)))
            if payload[2] == GET_TRANSACTIONS:
                body = b"".join(varint(len(raw)) + raw for raw in transactions)
                body = varint(len(transactions)) + body
                self.send_raw(frame(envelope(TRANSACTIONS, body, chain=OUR_ALIAS)))
                return True
        return False


def genesis_of(node):
    """The id of the node's chain."""
    return bytes.fromhex(node.status()["chain_id"])
