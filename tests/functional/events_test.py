"""Server-sent events of a real node: each kind with its fields, resumption, the limit."""

import http.client
import json
import subprocess
import unittest

from http_node import HttpNode
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
                return fields["id"], fields["event"], json.loads(fields["data"])
            name, _, value = line.partition(": ")
            fields[name] = value

    def test_blocks_transactions_and_resumption(self):
        stream = self.listen(self.node)
        first = self.node.mine(2)
        events = [self.next_event(stream) for _ in range(2)]
        self.assertEqual([event[1] for event in events], ["block", "block"])
        self.assertEqual([event[2]["hash"] for event in events], first)
        (process, first_number), (other, number) = (event[0].split("-") for event in events)
        self.assertRegex(process, "^[0-9a-f]{8}$")
        self.assertEqual((other, int(number)), (process, int(first_number) + 1))
        again = self.listen(self.node, events[0][0])
        self.assertEqual(self.next_event(again), events[1])
        for unknown in (f"{process}-{10**9}", "1", "x", f"{int(process, 16) ^ 1:08x}-1"):
            with self.subTest(unknown=unknown):
                self.assertEqual(self.next_event(self.listen(self.node, unknown))[1], "reset")

    def test_who_was_cut_off_before_the_first_event_goes_on_where_it_began(self):
        stream = self.listen(self.node)
        begin = None
        while begin is None:
            name, _, value = stream.readline().decode().rstrip("\n").partition(": ")
            begin = value if name == "id" else None
        mined = self.node.mine()
        again = self.next_event(self.listen(self.node, begin))
        self.assertEqual((again[1], again[2]["hash"]), ("block", mined[0]))

    def test_a_node_that_was_started_again_says_that_events_are_lost(self):
        node = HttpNode(self.network)
        stream = self.listen(node)
        node.mine(3)
        seen = [self.next_event(stream) for _ in range(3)]
        stream.close()
        node.node.stop()
        node.node.start()
        node.mine(5)
        # The new process has an event of that number too.
        resumed = self.listen(node, seen[-1][0])
        self.assertEqual(self.next_event(resumed)[1], "reset")

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

    def test_head_ends(self):
        status, headers, body = self.node.request("HEAD", "/events")
        self.assertEqual((status, headers["Content-Type"], body), (200, "text/event-stream", b""))

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
