"""Server-sent events of a real node: each kind with its fields, resumption, the limit."""

import http.client
import json
import subprocess
import unittest

from http_test import HttpNode
from network import BINARY, Network
from refusals import check_refusals

EVENT_STREAMS_MAX = 50


class Events(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.network = Network()
        cls.node = HttpNode(cls.network)
        cls.node.mine(5)

    @classmethod
    def tearDownClass(cls):
        cls.network.close()

    def listen(self, node, last=None):
        """An open stream of events, and its lines."""
        connection = http.client.HTTPConnection("127.0.0.1", node.http, timeout=60)
        connection.request("GET", "/events", headers={} if last is None else {
            "Last-Event-ID": str(last)})
        reply = connection.getresponse()
        self.addCleanup(connection.close)
        self.assertEqual(reply.status, 200)
        self.assertEqual(reply.headers["Content-Type"], "text/event-stream")
        return reply

    def next_event(self, stream):
        """The next event as id, type and data."""
        fields = {}
        while True:
            line = stream.readline().decode().rstrip("\n")
            if not line and "data" in fields:
                return int(fields["id"]), fields["event"], json.loads(fields["data"])
            name, _, value = line.partition(": ")
            fields[name] = value

    def test_blocks_transactions_and_resumption(self):
        stream = self.listen(self.node)
        first = self.node.mine(2)
        events = [self.next_event(stream) for _ in range(2)]
        self.assertEqual([event[1] for event in events], ["block", "block"])
        self.assertEqual([event[2]["hash"] for event in events], first)
        self.assertEqual(events[1][0], events[0][0] + 1)
        again = self.listen(self.node, events[0][0])
        self.assertEqual(self.next_event(again), events[1])
        unknown = self.listen(self.node, 10**9)
        self.assertEqual(self.next_event(unknown)[1], "reset")

    def test_a_transaction_that_waits(self):
        self.node.mine()
        stream = self.listen(self.node)
        sent = subprocess.run(
            [BINARY, "send", "--json", "--from", "dev0", "--to", "dev1", "--amount", "1",
             "--node", str(self.node.node.port)], capture_output=True, check=True, timeout=60)
        _, kind, data = self.next_event(stream)
        waiting = self.node.get("/api/v1/mempool")[2]["transactions"][0]
        self.assertEqual(kind, "transaction")
        self.assertEqual(set(data), {"transaction", "from", "nonce", "fee", "size"})
        self.assertEqual(data["transaction"], json.loads(sent.stdout)["transaction"])
        for name in ("from", "nonce", "fee"):
            self.assertEqual(data[name], waiting[name])

    def test_peers_and_reorganisations(self):
        stream = self.listen(self.node)
        rival = HttpNode(self.network)
        length = self.node.get("/api/v1/status")[2]["height"]
        rival.mine(length + 3)
        rival.post("/api/v1/add_peer", {"address": f"127.0.0.1:{self.node.node.port}"})
        seen = {}
        while not {"peer", "reorganisation"} <= set(seen):
            _, kind, data = self.next_event(stream)
            seen.setdefault(kind, data)
        self.assertEqual(set(seen["peer"]), {"address", "direction", "status"})
        self.assertEqual((seen["peer"]["direction"], seen["peer"]["status"]), ("inbound", "ready"))
        self.assertTrue(seen["peer"]["address"].startswith("127.0.0.1:"))
        self.assertEqual(seen["reorganisation"]["left"], length)

    def test_listeners_have_a_limit(self):
        node = HttpNode(self.network)
        for _ in range(EVENT_STREAMS_MAX):
            self.listen(node)
        status, headers, reply = node.get("/events")
        self.assertEqual((status, check_refusals(reply)), (429, ["http.too_many_listeners"]))
        self.assertEqual(reply["data"]["expected"], f"at most {EVENT_STREAMS_MAX} listeners")
        self.assertIn("Retry-After", headers)
        self.assertEqual(node.get("/api/v1/ping")[0], 200)


if __name__ == "__main__":
    unittest.main()
