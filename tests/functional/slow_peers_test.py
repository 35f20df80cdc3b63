"""Clients that never read what they asked for."""

import json
import selectors
import socket
import time
import unittest

from network import Client, Network, frame, free_ports

ANSWER_SECONDS_MAX = 1.0
REPLY_BLOCKS = 200
SENDINGS_MAX = 1_000
GROWTH_KIB_MAX = 64 * 1024


def ask_and_time(node):
    """The seconds that a new, honest client waits for its answer."""
    began = time.monotonic()
    with Client(node.port) as client:
        if not client.ask("ping")["pong"]:
            raise AssertionError("no pong")
    return time.monotonic() - began


def fill(client, requests):
    """Sends `requests` over and over, up to a maximum, reading nothing, until the node takes no
    more or has closed the connection. The number of bytes that went out."""
    client.socket.setblocking(False)
    sent = 0
    with selectors.DefaultSelector() as selector:
        selector.register(client.socket, selectors.EVENT_WRITE)
        # While the node reads, this returns at once; the time is for one that has paused.
        while sent < SENDINGS_MAX * len(requests) and selector.select(2):
            try:
                sent += client.socket.send(requests)
            except BlockingIOError:
                continue
            except (BrokenPipeError, ConnectionResetError):
                break
    return sent


class SlowPeers(unittest.TestCase):
    def setUp(self):
        self.network = self.enterContext(Network())
        self.node = self.network.node(free_ports(1)[0])
        self.node.start()

    def test_f9_a_client_that_never_reads_costs_little(self):
        self.node.ask({"type": "mine_block", "count": REPLY_BLOCKS})
        request = frame(json.dumps({"type": "get_chain", "from": 0, "count": REPLY_BLOCKS}))
        reply_bytes = len(json.dumps(self.node.ask("get_chain count=%d" % REPLY_BLOCKS)))
        before = self.node.memory_kib()
        deaf = self.enterContext(Client(self.node.port))
        deaf.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sent = fill(deaf, request * 50)
        # The replies to all that was sent would be far more than the node may hold.
        self.assertGreater(sent // len(request) * reply_bytes, 4 * 1024 * GROWTH_KIB_MAX)
        self.assertLess(ask_and_time(self.node), ANSWER_SECONDS_MAX)
        self.assertLess(self.node.memory_kib() - before, GROWTH_KIB_MAX)


if __name__ == "__main__":
    unittest.main()
