"""What a node's HTTP door refuses: strangers, malformed requests, and loads that are too large."""

import contextlib
import json
import re
import socket
import subprocess
import threading
import time
import unittest

from gateway import curl
from http_node import HttpNode
from network import BINARY, Network, free_ports, own_address
from refusals import check_refusals

HEADER_BYTES_MAX = 8192
HEADER_FIELDS_MAX = 100
BODY_BYTES_MAX = 1 << 20
REQUEST_BYTES_MAX = 2 << 20
BATCH_MAX = 1000
PING = b'{"jsonrpc":"2.0","method":"ping","id":1}'
REPLY_BYTES_MAX = 7_500_000
READS = 10_000
READERS = 50
# Of a chain that fits into one reply, read by several questions.
WHOLE_READS = 500
WHOLE_BLOCKS = 600
# Enough to hold up a node beyond ANSWER_SECONDS_MAX, if it served them all in one go, and few
# enough that a busy machine serves all before they are given up.
WHOLE_READERS = 60
# How long a node may leave others without an answer while its door is overrun.
ANSWER_SECONDS_MAX = 2
BLOCK_SECONDS_MAX = 2 * ANSWER_SECONDS_MAX
REFUSALS = 50
REFUSAL_SECONDS_MAX = 0.01
# Well below the 30 s after which a door closes what is idle.
CLOSED_SECONDS = 10


class Strangers(unittest.TestCase):
    def test_a1_a_door_that_would_refuse_every_command_is_refused_at_start(self):
        network = self.enterContext(Network())
        node = network.node(*free_ports(1))
        for command in (["node", "0", "--datadir", str(node.directory), "--http", "0"],
                        ["gateway", "--http", "0"]):
            for address in ("0.0.0.0", "::", "192.0.2.1"):
                with self.subTest(command=command[0], address=address):
                    done = subprocess.run([BINARY, *command, "--http-bind", address],
                                          capture_output=True, text=True, timeout=60)
                    self.assertEqual((done.returncode, done.stdout), (64, ""))
                    self.assertIn("--http-bind: takes an address of loopback", done.stderr)
                    self.assertIn(f"not '{address}'", done.stderr)
                    self.assertIn("--open-probe", done.stderr)
        self.assertFalse(node.directory.exists())

    def test_a1_strangers_read_where_all_may_and_never_control(self):
        address = own_address()
        if address is None:
            self.skipTest("this machine has no address besides loopback")
        network = self.enterContext(Network())
        json_body = ["-H", "Content-Type: application/json", "-d"]
        call = '{"jsonrpc":"2.0","method":"%s","id":1}'
        node = HttpNode(network, "--http-bind", "0.0.0.0", "--open-probe")
        base = f"http://{address}:{node.http}"
        for path in ("/api/v1/status", "/metrics", "/chain"):
            with self.subTest(path=path):
                self.assertEqual(curl(base + path)[0], 200)
        # A stream does not end: its head tells.
        self.assertEqual(self.status_of_stream(address, node.http), 200)
        status, reply = curl(base + "/rpc", *json_body, call % "status")
        self.assertEqual((status, "result" in reply), (200, True))
        for path, body in (("/api/v1/mine_block", "{}"), ("/api/v1/shutdown", "{}"),
                           ("/discover", '{"address":"127.0.0.1:5001"}')):
            with self.subTest(path=path):
                status, reply = curl(base + path, *json_body, body, "-H",
                                     "Authorization: Bearer " + "0" * 64)
                self.assertEqual((status, reply["code"]), (403, "forbidden"))
        self.assertEqual(curl(base + "/leap")[0], 403)
        status, reply = curl(base + "/rpc", *json_body, call % "mine_block")
        self.assertEqual(reply["error"]["data"]["code"], "forbidden")
        self.assertEqual(node.get("/api/v1/status")[2]["height"], 0)

    def status_of_stream(self, address, port):
        with socket.create_connection((address, port), timeout=60) as connection:
            connection.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            with connection.makefile("rb") as stream:
                return int(stream.readline().split()[1])


class Limits(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.network = Network()
        cls.node = HttpNode(cls.network)
        cls.node.mine(5)

    @classmethod
    def tearDownClass(cls):
        cls.network.close()

    def closing_status(self, data):
        """The status for `data`. The node closes by itself: our side stays open."""
        with socket.create_connection(("127.0.0.1", self.node.http),
                                      timeout=CLOSED_SECONDS) as connection:
            connection.sendall(data)
            reply = b""
            while part := connection.recv(1 << 16):
                reply += part
        status = int(reply.split(b" ", 2)[1])
        head, _, body = reply.partition(b"\r\n\r\n")
        self.assertIn(b"connection: close", head.lower())
        if status >= 400:
            self.assertTrue(check_refusals(json.loads(body)))
        return status

    def test_p1_malformed_requests_are_told_so_and_closed(self):
        host = b"Host: localhost\r\n"
        post = b"POST /rpc HTTP/1.1\r\n" + host
        for data in (b"BLA / HTTP/1.1\r\n" + host + b"\r\n",
                     b"GET /%00 HTTP/1.1\r\n" + host + b"\r\n",
                     b"GET /../x HTTP/1.1\r\n" + host + b"\r\n",
                     b"GET /a/%2e%2e/x HTTP/1.1\r\n" + host + b"\r\n",
                     b"GET /%zz HTTP/1.1\r\n" + host + b"\r\n",
                     b"GET / HTTP/1.1\r\n\r\n",
                     b"GET / HTTP/1.1\r\n" + host + host + b"\r\n",
                     post + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\n{}\n",
                     post + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
                     post + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
                     post + b"Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                     b"\x00\x01\x02\r\n\r\n"):
            with self.subTest(data=data):
                self.assertEqual(self.closing_status(data), 400)
        self.assertEqual(self.node.get("/api/v1/ping")[0], 200)

    def chunked(self, parts, extension=b"", trailers=b""):
        """A call of `ping` whose body comes in these chunks."""
        chunks = b"".join(b"%x%s\r\n%s\r\n" % (len(part), extension, part) for part in parts)
        return (b"POST /rpc HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + chunks +
                b"0%s\r\n%s\r\n" % (extension, trailers))

    def test_p1_bodies_in_chunks_are_taken_and_bounded(self):
        padded = PING + b" " * (BODY_BYTES_MAX - len(PING))
        single = [PING[place:place + 1] for place in range(len(PING))]
        for name, data, expected in (
                ("single bytes", self.chunked(single), 200),
                ("extensions", self.chunked([PING], b';a=b;c="d"'), 200),
                ("the largest body", self.chunked([padded]), 200),
                ("one byte more", self.chunked([padded, b" "]), 413),
                ("a size beyond all bodies", self.chunked([])[:-5] + b"7fffffffffffffff\r\n" +
                 padded + b" ", 413),
                ("a size of 65 bits", self.chunked([])[:-5] + b"10000000000000000\r\n{}", 400),
                ("a negative size", self.chunked([])[:-5] + b"-2\r\n{}", 400),
                ("an endless extension", self.chunked([PING], b";a=" + b"b" * 100_000), 431)):
            with self.subTest(name):
                self.assertEqual(self.closing_status(data), expected)

    def test_p1_what_chunks_add_to_a_body_is_bounded(self):
        """Chunks of a single byte, and in one of them an extension that fills up the rest."""
        head = self.chunked([PING]).removesuffix(b"0\r\n\r\n")
        single, last, end = b"1\r\n \r\n", b"0;", b"\r\n\r\n"
        for size, expected in ((REQUEST_BYTES_MAX, 200), (REQUEST_BYTES_MAX + 1, 413)):
            count, room = divmod(size - len(head + last + end), len(single))
            data = head + single * count + last + b"a" * room + end
            self.assertEqual(len(data), size)
            with self.subTest(size=size):
                self.assertEqual(self.closing_status(data), expected)

    def test_p1_trailers_count_as_headers_and_say_nothing(self):
        head = self.chunked([])
        room = HEADER_BYTES_MAX - (len(head) - len(b"0\r\n\r\n")) - len(b"X: \r\n")
        fields = HEADER_FIELDS_MAX - 4
        for name, trailers, expected in (
                ("what headers say", b"Host: evil.example\r\nContent-Length: 3\r\n", 200),
                ("all room", b"X: " + b"a" * room + b"\r\n", 200),
                ("a byte more", b"X: " + b"a" * (room + 1) + b"\r\n", 431),
                ("much more in several", (b"X: " + b"a" * 4000 + b"\r\n") * 10, 431),
                ("all lines", b"X: y\r\n" * fields, 200),
                ("a line more", b"X: y\r\n" * (fields + 1), 431)):
            with self.subTest(name):
                self.assertEqual(self.closing_status(self.chunked([PING], b"", trailers)), expected)

    def test_p1_nothing_behind_a_malformed_request_is_answered(self):
        good = b"GET /api/v1/ping HTTP/1.1\r\nHost: localhost\r\n\r\n"
        for bad in (good.replace(b"/api/v1/ping", b"/%00"), good.replace(b"localhost", b"a:b"),
                    good.replace(b"GET", b"BLA")):
            with self.subTest(bad=bad):
                reply = self.node.raw(good + bad + good)
                statuses = re.findall(rb"HTTP/1\.1 (\d+) ", reply)
                self.assertEqual(statuses, [b"200", b"400"])

    def test_p1_headers_have_a_limit(self):
        def size_with(padding):
            head = b"GET /api/v1/ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX: "
            return head + b"a" * padding + b"\r\n\r\n"

        room = HEADER_BYTES_MAX - len(size_with(0))
        self.assertEqual(self.closing_status(size_with(room)), 200)
        self.assertEqual(self.closing_status(size_with(room + 1)), 431)
        self.assertEqual(self.closing_status(size_with(100_000)), 431)
        lines = b"".join(b"X%d: 1\r\n" % number for number in range(101))
        request = b"GET /api/v1/ping HTTP/1.1\r\nHost: localhost\r\n" + lines + b"\r\n"
        self.assertEqual(self.closing_status(request), 431)

    def test_p4_bodies_have_limits_of_size_depth_and_calls(self):
        def padded(size):
            return b'{"count":1' + b" " * (size - 11) + b"}"

        self.assertEqual(self.node.post("/api/v1/mine_block", padded(BODY_BYTES_MAX))[0], 200)
        self.assertEqual(self.node.post("/api/v1/mine_block", padded(BODY_BYTES_MAX + 1))[0], 413)
        deep = "[" * 32 + "]" * 32
        self.assertEqual(self.node.post("/rpc", deep)[0], 200)
        self.assertEqual(self.node.post("/rpc", "[" + deep + "]")[0], 400)
        ping = {"jsonrpc": "2.0", "method": "ping", "id": 1}
        status, _, reply = self.node.post("/rpc", [ping] * BATCH_MAX)
        self.assertEqual((status, len(reply)), (200, BATCH_MAX))
        self.assertEqual(self.node.post("/rpc", [ping] * (BATCH_MAX + 1))[0], 413)

    def test_p4_refusals_cost_the_processor_little(self):
        ping = {"jsonrpc": "2.0", "method": "ping", "id": 1}
        for name, body, expected in (
                ("depth", "[" * 33 + "]" * 33, 400),
                ("size", b" " * (BODY_BYTES_MAX + 1), 413),
                ("calls", json.dumps([ping] * (BATCH_MAX + 1)), 413)):
            with self.subTest(limit=name):
                before, statuses = self.node.node.processor_seconds(), []
                for _ in range(REFUSALS):
                    statuses.append(self.node.post("/rpc", body)[0])
                self.assertEqual(set(statuses), {expected})
                used = self.node.node.processor_seconds() - before
                self.assertLess(used / REFUSALS, REFUSAL_SECONDS_MAX)

    def test_p1_pipelined_requests_are_answered_in_order(self):
        one = b"GET /api/v1/block/%d HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
        data = b"".join(one % (height, b"Connection: close\r\n" if height == 5 else b"")
                        for height in range(1, 6))
        reply = self.node.raw(data)
        heights = [int(one) for one in re.findall(rb'"block":\{"index":(\d+)', reply)]
        self.assertEqual(heights, [1, 2, 3, 4, 5])


class Load(unittest.TestCase):
    def setUp(self):
        self.network = self.enterContext(Network())
        self.node = HttpNode(self.network)

    @contextlib.contextmanager
    def peer_that_mines(self):
        """A peer that mines meanwhile, a block when the node has got the one before."""
        peer = self.network.node(free_ports(1)[0], "--peer", f"127.0.0.1:{self.node.node.port}")
        peer.start()
        self.assertTrue(peer.wait(height=self.node.node.status()["height"]))
        ended, followed = threading.Event(), []

        def follow():
            while not ended.is_set():
                height = peer.ask("mine_block")["blocks"][0]["height"]
                began = time.monotonic()
                reached = self.node.node.wait(height=height)
                followed.append(time.monotonic() - began if reached else None)

        following = threading.Thread(target=follow)
        following.start()
        try:
            yield
        finally:
            ended.set()
            following.join()
        self.assertGreater(len(followed), 2)
        self.assertNotIn(None, followed)
        self.assertLess(max(followed), BLOCK_SECONDS_MAX)

    def overrun(self, path, readers, reads, is_right):
        """Asks for `path` from many connections at once, and the node otherwise meanwhile: others
        get their `ping` answered, and blocks of a peer come in."""
        request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        failures, answered, delays = [], [], []

        def read_all():
            with socket.create_connection(("127.0.0.1", self.node.http), timeout=120) as one, \
                    one.makefile("rb") as stream:
                for _ in range(reads // readers):
                    one.sendall(request)
                    head = stream.readline()
                    length = 0
                    while (line := stream.readline().lower()) != b"\r\n":
                        if line.startswith(b"content-length:"):
                            length = int(line.split(b":")[1])
                    body = stream.read(length)
                    if not is_right(head, body):
                        failures.append(head)
                    answered.append(1)

        threads = [threading.Thread(target=read_all) for _ in range(readers)]
        with self.peer_that_mines():
            for thread in threads:
                thread.start()
            while any(thread.is_alive() for thread in threads):
                began = time.monotonic()
                self.assertTrue(self.node.node.ask("ping")["pong"])
                delays.append(time.monotonic() - began)
            for thread in threads:
                thread.join()
        self.assertEqual((failures, len(answered)), ([], reads))
        self.assertLess(max(delays), ANSWER_SECONDS_MAX)

    def test_p3_ten_thousand_readers_of_the_chain_get_pages(self):
        self.node.mine(1000)
        # One page, whatever the length of the chain.
        self.overrun("/api/v1/chain", READERS, READS, lambda head, body:
                     b" 200 " in head and body.count(b'"prev_hash"') == 100)

    def test_p3_readers_of_the_whole_chain_get_one_chain(self):
        self.node.mine(WHOLE_BLOCKS)

        def is_whole(head, body):
            reply = json.loads(body)
            hashes = [block["hash"] for block in reply["chain"]]
            return (b" 200 " in head and reply["length"] == len(hashes) > WHOLE_BLOCKS and
                    hashes[:-1] == [block["prev_hash"] for block in reply["chain"][1:]])

        self.overrun("/chain", READERS, WHOLE_READS, is_whole)

    def test_p3_readers_of_a_chain_too_long_for_one_reply_are_refused(self):
        data, blocks = "x" * 60_000, REPLY_BYTES_MAX // 60_000 + 1
        for _ in range(blocks):
            self.node.mine(1, data)
        self.overrun("/chain", WHOLE_READERS, WHOLE_READERS, lambda head, body:
                     b" 413 " in head and b"too_large" in body)


if __name__ == "__main__":
    unittest.main()
