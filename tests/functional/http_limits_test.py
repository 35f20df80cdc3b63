"""What a node's HTTP door refuses: strangers, malformed requests, and loads that are too large."""

import json
import re
import socket
import unittest

from gateway import curl
from http_test import HttpNode
from network import Network, own_address
from refusals import check_refusals

HEADER_BYTES_MAX = 8192
# Well below the 30 s after which a door closes what is idle.
CLOSED_SECONDS = 10


class Strangers(unittest.TestCase):
    def test_a1_strangers_may_not_ask(self):
        address = own_address()
        if address is None:
            self.skipTest("this machine has no address besides loopback")
        network = self.enterContext(Network())
        json_body = ["-H", "Content-Type: application/json", "-d"]
        call = '{"jsonrpc":"2.0","method":"%s","id":1}'
        for arguments, read in (([], 403), (["--open-probe"], 200)):
            node = HttpNode(network, "--http-bind", "0.0.0.0", *arguments)
            base = f"http://{address}:{node.http}"
            for path in ("/api/v1/status", "/metrics", "/chain"):
                with self.subTest(path=path, open_probe=bool(arguments)):
                    self.assertEqual(curl(base + path)[0], read)
            # A stream does not end: its head tells.
            status = self.status_of_stream(address, node.http)
            self.assertEqual(status, read)
            status, reply = curl(base + "/rpc", *json_body, call % "status")
            self.assertEqual((status, "result" in reply), (200, read == 200))
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
                status = int(stream.readline().split()[1])
                if status != 200:
                    while stream.readline() != b"\r\n":
                        pass
                    reply = json.loads(stream.read1())
                    self.assertEqual(check_refusals(reply), ["http.stranger"])
                return status


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

    def test_p1_pipelined_requests_are_answered_in_order(self):
        one = b"GET /api/v1/block/%d HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
        data = b"".join(one % (height, b"Connection: close\r\n" if height == 5 else b"")
                        for height in range(1, 6))
        reply = self.node.raw(data)
        heights = [int(one) for one in re.findall(rb'"block":\{"index":(\d+)', reply)]
        self.assertEqual(heights, [1, 2, 3, 4, 5])


if __name__ == "__main__":
    unittest.main()
