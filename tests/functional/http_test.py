"""HTTP over a real node, asked with the standard library and with curl: routes by their own
description, statuses, limits, who may control."""

import http.client
import json
import pathlib
import socket
import subprocess
import threading
import time
import unittest

import jsonschema

from network import Network, free_ports
from refusals import check_refusals

BODY_BYTES_MAX = 1 << 20
BATCH_MAX = 1000
CONNECTIONS_MAX = 100
READS = 10_000
READERS = 50
JSON = {"Content-Type": "application/json"}


class HttpNode:
    """A node with HTTP, and requests to it."""

    def __init__(self, network, *arguments, is_open=True):
        port, self.http = free_ports(2)
        self.node = network.node(port, "--http", str(self.http), *arguments)
        if not is_open:
            self.node.is_open = False
        self.node.start()
        self.base = f"http://127.0.0.1:{self.http}"

    def request(self, method, target, body=None, headers=None):
        """Status, headers and body of a reply; JSON bodies come parsed, their errors checked."""
        connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=60)
        try:
            connection.request(method, target, body, headers or {})
            reply = connection.getresponse()
            data = reply.read()
        finally:
            connection.close()
        if data and reply.headers.get_content_type() == "application/json":
            data = json.loads(data)
            check_refusals(data)
        return reply.status, reply.headers, data

    def get(self, target, **headers):
        return self.request("GET", target, headers=headers)

    def post(self, target, value, **headers):
        body = value if isinstance(value, (bytes, str)) else json.dumps(value)
        return self.request("POST", target, body, {**JSON, **headers})

    def call(self, method, params=None, identity=1):
        request = {"jsonrpc": "2.0", "method": method, "id": identity}
        status, _, reply = self.post("/rpc", {**request, "params": params} if params else request)
        return status, reply

    def raw(self, data):
        """All that comes back for `data` until the node closes, or has answered once."""
        with socket.create_connection(("127.0.0.1", self.http), timeout=60) as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            reply = b""
            while part := connection.recv(1 << 16):
                reply += part
        return reply

    def mine(self, count=1, data=None):
        fields = {"count": count} if data is None else {"count": count, "data": data}
        status, _, reply = self.post("/api/v1/mine_block", fields)
        assert status == 200, reply
        return [block["hash"] for block in reply["blocks"]]


class Http(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.network = Network()
        cls.node = HttpNode(cls.network)
        cls.hashes = cls.node.mine(5, {"note": "<script>alert(1)</script>"})
        block = cls.node.get("/api/v1/block/1")[2]["block"]
        cls.address = block["miner"]
        cls.transaction = block["data"][0]["transaction"]

    @classmethod
    def tearDownClass(cls):
        cls.network.close()


class Routes(Http):
    def examples(self):
        return {"height": 1, "hash": self.hashes[0], "transaction": self.transaction,
                "address": self.address, "stream": "none", "command": "ping", "code": "not_found",
                "block": self.hashes[0], "index": 1, "transaction_id": self.transaction}

    def check(self, document, operation, reply):
        if isinstance(reply, bytes):
            self.assertIn("text/plain", operation["responses"]["200"]["content"])
            return
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.Draft202012Validator(
            {**schema, "components": document["components"]}).validate(reply)

    def targets(self, path, operation):
        """The path with its required parameters, and ways to fill in the others one at a time."""
        examples = self.examples()
        required, optional = [], []
        for parameter in operation.get("parameters", []):
            name = parameter["name"]
            if parameter["in"] == "path":
                path = path.replace("{" + name + "}", str(examples[name]))
            elif parameter["in"] == "query" and parameter["required"]:
                required.append(f"{name}={examples[name]}")
            elif name in examples:
                optional.append(f"{name}={examples[name]}")
            elif parameter["schema"].get("type") == "integer":
                optional.append(f"{name}=1")
        yield path, required
        for one in optional:
            yield path, [*required, one]

    def test_p6_every_documented_route_answers_by_its_schema(self):
        status, _, document = self.node.get("/openapi.json")
        self.assertEqual(status, 200)
        exercised = 0
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                # Routes that change something by GET have a test of their own (gateway_test.py).
                if method != "get" or path == "/events" or operation.get("x-changes"):
                    continue
                answered = 0
                for target, query in self.targets(path, operation):
                    full = target + ("?" + "&".join(query) if query else "")
                    with self.subTest(target=full):
                        status, _, reply = self.node.get(full)
                        if status == 200:
                            answered += 1
                            self.check(document, operation, reply)
                        else:
                            self.assertIn(status, (400, 404, 503))
                # `explain` and `wait` need one of several; some example fits each.
                self.assertGreater(answered + (path == "/readiness"), 0, path)
                exercised += 1
        self.assertGreater(exercised, 20)

    def test_p6_what_changes_something_answers_by_its_schema(self):
        document = self.node.get("/openapi.json")[2]
        other = free_ports(1)[0]
        node = HttpNode(self.network)
        tip = node.mine(2)[-1]
        bodies = {"mine_block": {}, "add_peer": {"address": f"127.0.0.1:{other}"},
                  "drop_peer": {"address": f"127.0.0.1:{other}"},
                  "invalidate_block": {"hash": tip}, "push_transaction": {"hex": "00"},
                  "shutdown": {}}
        posts = {path.rsplit("/", 1)[1]: operations["post"]
                 for path, operations in document["paths"].items()
                 if path.startswith("/api/") and "post" in operations}
        self.assertEqual(set(posts), set(bodies))
        for name, body in bodies.items():
            with self.subTest(command=name):
                status, _, reply = node.post(f"/api/v1/{name}", body)
                if status == 200:
                    self.check(document, posts[name], reply)
                else:
                    self.assertIn(name, ("push_transaction", "drop_peer"))
                    self.assertIn(status, (400, 404, 422))
        self.assertEqual(node.node.process.wait(60), 0)

    def test_pages_link_to_each_other(self):
        for start in ("/api/v1/chain?from=0&count=2", "/api/v1/headers?count=2",
                      f"/api/v1/history/{self.address}?count=2", "/api/v1/block?count=2"):
            with self.subTest(start=start):
                target, pages, previous = start, 0, []
                while target:
                    status, _, reply = self.node.get(target)
                    self.assertEqual(status, 200)
                    previous.append(reply["previous"])
                    target = reply["next"] and reply["next"].removeprefix(self.node.base)
                    pages += 1
                self.assertGreaterEqual(pages, 3)
                self.assertIsNone(previous[0])

    def test_blocks_are_named_by_height_and_by_hash(self):
        by_height = self.node.get("/api/v1/block/2")[2]
        by_hash = self.node.get(f"/api/v1/block/{self.hashes[1]}")[2]
        self.assertEqual(by_height, by_hash)
        self.assertEqual(self.node.get("/api/v1/block/")[2]["count"], 6)

    def test_curl_reads_what_the_text_protocol_says(self):
        def curl(*arguments):
            return subprocess.run(["curl", "-s", *arguments], capture_output=True, timeout=60,
                                  check=True).stdout

        status = json.loads(curl(f"{self.node.base}/api/v1/status"))
        self.assertEqual(status["tip"], self.node.node.status()["tip"])
        head = curl("-I", f"{self.node.base}/api/v1/block/1")
        self.assertIn(b"200 OK", head)
        self.assertIn(b"X-Content-Type-Options: nosniff", head)
        reply = json.loads(curl("-H", "Content-Type: application/json", "-d",
                                '{"jsonrpc":"2.0","method":"get_block","params":[1],"id":7}',
                                f"{self.node.base}/rpc"))
        self.assertEqual((reply["id"], reply["result"]["block"]["index"]), (7, 1))


class Statuses(Http):
    def test_each_fault_has_its_status(self):
        zeros = "0" * 64
        for method, target, expected in (
                ("GET", f"/api/v1/transaction/{zeros}", 404), ("GET", "/api/v1/block/99", 404),
                ("GET", "/api/v1/chain?count=501", 400), ("GET", "/api/v1/chain?form=1", 400),
                ("GET", "/api/v1/chain?from=1&from=2", 400), ("GET", "/nothing", 404),
                ("GET", "/api/v1/status?chain=cairn", 409), ("GET", "/api/v1/mine_block", 405),
                ("DELETE", "/api/v1/status", 405), ("POST", "/api/v1/status", 405),
                ("GET", "/api/v1/status?auth=x", 400), ("OPTIONS", "/api/v1/status", 405)):
            with self.subTest(method=method, target=target):
                status, headers, reply = self.node.request(method, target)
                self.assertEqual(status, expected)
                self.assertEqual(reply["type"], "error")
                self.assertNotIn("Access-Control-Allow-Origin", headers)
                self.assertEqual("Allow" in headers, expected == 405)

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

    def test_p5_replies_are_never_html(self):
        _, headers, _ = self.node.get("/api/v1/block/1")
        self.assertEqual(headers["Content-Type"], "application/json")
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")

    def test_connections_beyond_the_limit_are_closed(self):
        node = HttpNode(self.network)
        request = b"GET /api/v1/ping HTTP/1.1\r\nHost: localhost\r\n\r\n"
        held = []
        try:
            for _ in range(CONNECTIONS_MAX):
                held.append(socket.create_connection(("127.0.0.1", node.http), timeout=60))
                held[-1].sendall(request)
                self.assertTrue(held[-1].recv(100).startswith(b"HTTP/1.1 200"))
            with socket.create_connection(("127.0.0.1", node.http), timeout=60) as further:
                try:
                    further.sendall(request)
                    self.assertEqual(further.recv(100), b"")
                except ConnectionError:
                    pass
        finally:
            for one in held:
                one.close()


class Control(unittest.TestCase):
    def setUp(self):
        self.network = self.enterContext(Network())
        self.node = HttpNode(self.network, is_open=False)
        self.cookie = (pathlib.Path(self.node.node.directory) / "control.cookie").read_text()

    def test_p2_control_needs_the_cookie_a_post_and_a_name_of_ours(self):
        bearer = {"Authorization": "Bearer " + self.cookie}
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        for method, headers, expected in (
                ("POST", {}, 401), ("POST", {"Authorization": "Bearer " + "0" * 64}, 401),
                ("POST", {"Authorization": "Basic " + self.cookie}, 401), ("GET", bearer, 405),
                ("POST", {**bearer, "Origin": "http://evil.example"}, 403),
                ("POST", {**bearer, "Sec-Fetch-Site": "cross-site"}, 403),
                ("POST", {**bearer, "Origin": "null"}, 403),
                ("POST", {**bearer, "Host": "evil.example"}, 403),
                ("POST", {**bearer, "Host": f"evil.example:{self.node.http}"}, 403),
                ("POST", {**bearer, **form}, 415)):
            with self.subTest(method=method, headers=headers):
                body = "{}" if method == "POST" else None
                status, reply_headers, _ = self.node.request(
                    method, "/api/v1/mine_block", body, {**JSON, **headers})
                self.assertEqual(status, expected)
                self.assertEqual("WWW-Authenticate" in reply_headers, expected == 401)
        self.assertEqual(self.node.get("/api/v1/status")[2]["height"], 0)
        own = {**bearer, "Origin": f"http://127.0.0.1:{self.node.http}"}
        self.assertEqual(self.node.post("/api/v1/mine_block", {}, **own)[0], 200)
        request = {"jsonrpc": "2.0", "method": "mine_block", "id": 1}
        self.assertEqual(self.node.post("/rpc", request)[2]["error"]["code"], -32007)
        self.assertIn("result", self.node.post("/rpc", request, **bearer)[2])
        self.assertEqual(self.node.get("/api/v1/status")[2]["height"], 2)

    def test_p2_a_page_may_not_read_by_another_name(self):
        self.assertEqual(self.node.get("/api/v1/status", Host="evil.example")[0], 403)
        for name in ("localhost", "127.0.0.1", f"[::1]:{self.node.http}", "LOCALHOST:80"):
            self.assertEqual(self.node.get("/api/v1/status", Host=name)[0], 200)


class JsonRpc(Http):
    def test_batches_notifications_and_errors(self):
        status, _, replies = self.node.post("/rpc", [
            {"jsonrpc": "2.0", "method": "get_block", "params": {"height": 1}, "id": "a"},
            {"jsonrpc": "2.0", "method": "ping"},
            {"jsonrpc": "2.0", "method": "nothing", "id": 2},
            {"jsonrpc": "2.0", "method": "get_chain", "params": [1, 2], "id": None},
            {"jsonrpc": "2.0", "method": "get_block", "params": ["x"], "id": 4},
            {"jsonrpc": "2.0", "method": "get_block", "params": [99], "id": 5},
            1,
        ])
        self.assertEqual(status, 200)
        codes = [reply.get("error", {}).get("code") for reply in replies]
        self.assertEqual(codes, [None, -32601, None, -32602, -32001, -32600])
        self.assertEqual([reply["id"] for reply in replies], ["a", 2, None, 4, 5, None])
        self.assertEqual(replies[4]["error"]["data"]["code"], "not_found")
        only = {"jsonrpc": "2.0", "method": "ping"}
        self.assertEqual(self.node.post("/rpc", only)[0], 204)
        self.assertEqual(self.node.post("/rpc", "{")[2]["error"]["code"], -32700)
        self.assertEqual(self.node.post("/rpc", "[]")[2]["error"]["code"], -32600)

    def test_discovery_lists_every_command(self):
        _, reply = self.node.call("rpc.discover")
        methods = {method["name"] for method in reply["result"]["methods"]}
        commands = self.node.get("/api/v1/help")[2]["commands"]
        self.assertEqual(methods, {command["name"] for command in commands})


class Consistency(Http):
    def test_a_slow_wait_holds_up_nobody(self):
        answers = []
        height = self.node.get("/api/v1/status")[2]["height"] + 1
        waiting = threading.Thread(
            target=lambda: answers.append(self.node.get(f"/api/v1/wait?height={height}")[2]))
        waiting.start()
        began = time.monotonic()
        self.assertEqual(self.node.get("/api/v1/ping")[0], 200)
        self.assertLess(time.monotonic() - began, 10)
        self.node.mine()
        waiting.join(60)
        self.assertTrue(answers[0]["reached"])


class Load(unittest.TestCase):
    def test_p3_ten_thousand_readers_of_the_chain_do_not_hold_up_its_peers(self):
        network = self.enterContext(Network())
        node = HttpNode(network)
        node.mine(1000)
        peer = network.node(free_ports(1)[0], "--peer", f"127.0.0.1:{node.node.port}")
        peer.start()
        self.assertTrue(peer.wait(height=1000))
        request = b"GET /api/v1/chain HTTP/1.1\r\nHost: localhost\r\n\r\n"
        failures, answered = [], []

        def read_all():
            with socket.create_connection(("127.0.0.1", node.http), timeout=60) as connection, \
                    connection.makefile("rb") as stream:
                for _ in range(READS // READERS):
                    connection.sendall(request)
                    head = stream.readline()
                    length = 0
                    while (line := stream.readline().lower()) != b"\r\n":
                        if line.startswith(b"content-length:"):
                            length = int(line.split(b":")[1])
                    body = stream.read(length)
                    # One page, whatever the length of the chain.
                    if b" 200 " not in head or body.count(b'"prev_hash"') != 100:
                        failures.append(head)
                    answered.append(1)

        readers = [threading.Thread(target=read_all) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        followed = 0
        while any(reader.is_alive() for reader in readers):
            height = peer.ask("mine_block")["blocks"][0]["height"]
            self.assertTrue(node.node.wait(height=height))
            followed += 1
        for reader in readers:
            reader.join()
        self.assertEqual((failures, len(answered)), ([], READS))
        self.assertGreater(followed, 10)


if __name__ == "__main__":
    unittest.main()
