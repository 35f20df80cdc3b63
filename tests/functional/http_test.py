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
import urllib.parse

import jsonschema

from http_node import JSON, HttpNode
from network import BINARY, Network
from refusals import check_refusals

BATCH_MAX = 1000
CONNECTIONS_MAX = 100
# What a page of another site may send without being asked for leave.
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain")


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

    def check(self, document, operation, status, reply):
        """That the document says this of a reply, be it good or an error."""
        told = operation["responses"].get(str(status), operation["responses"]["default"])
        if isinstance(reply, bytes):
            self.assertTrue("text/plain" in told["content"] if reply else "content" not in told)
            return
        self.validate(document, told["content"]["application/json"]["schema"], reply)

    def validate(self, document, schema, value):
        jsonschema.Draft202012Validator(
            {**schema, "components": document["components"]}).validate(value)

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
                # Events do not end; what changes something by GET is asked by gateway_test.py.
                if method != "get" or path == "/events" or operation.get("x-changes"):
                    continue
                answered = 0
                for target, query in self.targets(path, operation):
                    full = target + ("?" + "&".join(query) if query else "")
                    with self.subTest(target=full):
                        status, _, reply = self.node.get(full)
                        answered += status == 200
                        self.assertIn(status, (200, 400, 404, 503))
                        self.check(document, operation, status, reply)
                        status, _, reply = self.node.get(full + "?&"[bool(query)] + "nothing=1")
                        # Descriptions take any query: they have no arguments.
                        self.assertIn(status, (200, 400))
                        self.check(document, operation, status, reply)
                # `explain` and `wait` need one of several; some example fits each.
                self.assertGreater(answered + (path == "/readiness"), 0, path)
                exercised += 1
        self.assertGreater(exercised, 20)

    def test_p6_events_begin_as_described(self):
        node = HttpNode(self.network)
        document = node.get("/openapi.json")[2]
        operation = document["paths"]["/events"]["get"]
        parameter, = operation["parameters"]
        self.assertEqual((parameter["in"], parameter["required"]), ("header", False))
        for headers, beginning in (
                ({}, [r"retry: \d+", r"id: [0-9a-f]{8}-0", "", r"id: [0-9a-f]{8}-1",
                      "event: block", r"data: {.*}", ""]),
                ({parameter["name"]: "1"}, [r"retry: \d+", "", r"id: [0-9a-f]{8}-1",
                                            "event: reset", r'data: {"first":2}', ""])):
            with self.subTest(headers=headers):
                connection = http.client.HTTPConnection("127.0.0.1", node.http, timeout=60)
                self.addCleanup(connection.close)
                connection.request("GET", "/events", headers=headers)
                reply = connection.getresponse()
                told = operation["responses"][str(reply.status)]["content"]
                self.assertEqual(list(told), [reply.headers["Content-Type"]])
                if not headers:
                    node.mine()
                for line in beginning:
                    text = reply.readline().decode()
                    self.assertRegex(text, f"^{line}\n$")
                    self.validate(document, told["text/event-stream"]["schema"], text)
        status, _, reply = node.get("/events", Host="evil.example")
        self.assertEqual(status, 403)
        self.check(document, operation, status, reply)

    def transaction_of_another_node(self, amount=1):
        """A valid transaction that this node has not seen."""
        other = HttpNode(self.network)
        subprocess.run(
            [BINARY, "send", "--json", "--from", "dev1", "--to", "dev2", "--amount", str(amount),
             "--node", str(other.node.port)], capture_output=True, check=True, timeout=60)
        return other.get("/api/v1/mempool")[2]["transactions"][0]

    def test_p6_transactions_are_taken_and_refused_by_the_schema(self):
        document = self.node.get("/openapi.json")[2]
        operation = document["paths"]["/api/v1/push_transaction"]["post"]
        node = HttpNode(self.network)
        first, second = (self.transaction_of_another_node(amount) for amount in (1, 2))
        # The nonce of the second one is used by then.
        for transaction, expected, word in ((first, 200, "accepted"), (first, 200, "known"),
                                            (second, 422, "rejected")):
            if expected == 422:
                node.mine()
            status, _, reply = node.post("/api/v1/push_transaction", {"transaction": transaction})
            self.assertEqual((status, reply.get("code", reply.get("status"))), (expected, word))
            self.check(document, operation, status, reply)

    def test_p6_blocks_are_described_by_height_and_by_hash(self):
        document = self.node.get("/openapi.json")[2]
        operation = document["paths"]["/api/v1/block/{height}"]["get"]
        schema = operation["parameters"][0]["schema"]
        for word in (2, self.hashes[1], "0" * 64):
            self.validate(document, schema, word)
            status, _, reply = self.node.get(f"/api/v1/block/{word}")
            self.assertEqual(status, 404 if word == "0" * 64 else 200)
            self.check(document, operation, status, reply)
        with self.assertRaises(jsonschema.ValidationError):
            self.validate(document, schema, "x")

    def test_p6_json_rpc_is_described(self):
        document = self.node.get("/openapi.json")[2]
        operation = document["paths"]["/rpc"]["post"]
        asked = operation["requestBody"]["content"]["application/json"]["schema"]
        ping = {"jsonrpc": "2.0", "method": "ping", "id": 1}
        for body, expected in (
                (ping, 200), ([ping] * BATCH_MAX, 200), ({**ping, "id": "a"}, 200),
                ({**ping, "method": "get_block", "params": [1]}, 200),
                ({**ping, "method": "get_block", "params": {"height": 99}}, 200),
                ({**ping, "method": "nothing", "id": None}, 200),
                ({**ping, "method": "rpc.discover"}, 200),
                ({"jsonrpc": "2.0", "method": "ping"}, 204)):
            with self.subTest(body=str(body)[:80]):
                self.validate(document, asked, body)
                status, _, reply = self.node.post("/rpc", body)
                self.assertEqual(status, expected)
                self.check(document, operation, status, reply)
        for body, expected in (([], 200), (1, 200), ([1, ping], 200), ({"id": 1}, 200),
                               ([ping] * (BATCH_MAX + 1), 413), ("{", 400)):
            with self.subTest(body=str(body)[:80]):
                with self.assertRaises(jsonschema.ValidationError):
                    self.validate(document, asked, body)
                status, _, reply = self.node.post("/rpc", body)
                self.assertEqual(status, expected)
                self.check(document, operation, status, reply)
        for headers, expected in (({"Content-Type": "text/plain"}, 415),
                                  ({"Host": "a:b"}, 400), ({"Host": "evil.example"}, 403)):
            status, _, reply = self.node.post("/rpc", ping, **headers)
            self.assertEqual(status, expected)
            self.check(document, operation, status, reply)

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
                ("GET", "/api/v1/chain?from=1&from=2", 400),
                ("GET", "/api/v1/block?nothing=1", 400), ("GET", "/api/v1/block?from=", 400),
                ("GET", "/api/v1/block?chain=lab", 409), ("GET", "/nothing", 404),
                ("GET", "/api/v1/status?chain=cairn", 409), ("GET", "/api/v1/mine_block", 405),
                ("DELETE", "/api/v1/status", 405), ("POST", "/api/v1/status", 405),
                ("GET", "/api/v1/status?auth=x", 400), ("OPTIONS", "/api/v1/status", 405)):
            with self.subTest(method=method, target=target):
                status, headers, reply = self.node.request(method, target)
                self.assertEqual(status, expected)
                self.assertEqual(reply["type"], "error")
                self.assertNotIn("Access-Control-Allow-Origin", headers)
                self.assertEqual("Allow" in headers, expected == 405)

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
        self.cookie = self.read_cookie()

    def read_cookie(self):
        return (pathlib.Path(self.node.node.directory) / "control.cookie").read_text()

    def test_p2_control_needs_the_cookie_a_post_and_a_name_of_ours(self):
        bearer = {"Authorization": "Bearer " + self.cookie}
        form = {"Content-Type": FORMS[0]}
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

    def test_p2_forms_of_other_sites_change_nothing(self):
        """Also where control is open: a browser may send them without asking."""
        opened = HttpNode(self.network)
        bearer = {"Authorization": "Bearer " + self.cookie}
        evil = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
        body = urllib.parse.urlencode({"count": 1})
        call = json.dumps({"jsonrpc": "2.0", "method": "mine_block", "id": 1})
        for node, access in ((self.node, bearer), (opened, {})):
            for kind in (*FORMS, "application/json"):
                typed = {**access, "Content-Type": kind}
                for target, sent in (("/api/v1/mine_block", body), ("/rpc", call),
                                     ("/frames", '{"request":"mine_block"}')):
                    for headers, expected in (({**typed, **evil}, 403),
                                              ({**typed, "Origin": evil["Origin"]}, 403),
                                              ({**typed, "Origin": "null"}, 403), (typed, 415)):
                        if expected == 415 and kind == "application/json":
                            continue
                        with self.subTest(target=target, headers=headers):
                            status, _, reply = node.request("POST", target, sent, headers)
                            self.assertEqual((status, check_refusals(reply)), (expected, [
                                "http.other_site" if expected == 403 else
                                "http.wrong_content_type"]))
            # Links and pictures of other sites ask by GET.
            for headers in ({}, evil):
                for target in ("/api/v1/mine_block", "/api/v1/mine_block?count=1",
                               "/api/v1/shutdown", "/rpc", "/frames"):
                    with self.subTest(target=target, headers=headers):
                        self.assertEqual(node.get(target, **access, **headers)[0], 405)
            self.assertEqual(node.get("/leap", **access, **evil)[0], 403)
            self.assertEqual(node.get("/api/v1/status")[2]["height"], 0)
        own = {"Origin": opened.base}
        self.assertEqual(opened.post("/api/v1/mine_block", {}, **own)[0], 200)

    def test_a2_the_cookie_of_a_process_that_was_killed_is_refused(self):
        self.node.node.kill()
        self.node.node.start()
        new = self.read_cookie()
        self.assertNotEqual(new, self.cookie)
        for cookie, status, code in ((self.cookie, 401, "auth_required"), (new, 200, None)):
            bearer = {"Authorization": "Bearer " + cookie}
            self.assertEqual(self.node.post("/api/v1/mine_block", {}, **bearer)[0], status)
            reply = self.node.post(
                "/rpc", {"jsonrpc": "2.0", "method": "mine_block", "id": 1}, **bearer)[2]
            self.assertEqual(reply.get("error", {}).get("data", {}).get("code"), code)
            reply = self.node.node.ask({"type": "mine_block", "auth": cookie})
            self.assertEqual(reply.get("code"), code)
        self.assertEqual(self.node.get("/api/v1/status")[2]["height"], 3)

    def test_p2_a_cookie_behind_the_body_is_none(self):
        bearer = f"Authorization: Bearer {self.cookie}\r\n"
        for header, trailer, expected in (("", bearer, b" 401 "), (bearer, "", b" 200 ")):
            reply = self.node.raw(
                ("POST /api/v1/mine_block HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                 f"application/json\r\nConnection: close\r\n{header}Transfer-Encoding: chunked"
                 f"\r\n\r\n2\r\n{{}}\r\n0\r\n{trailer}\r\n").encode())
            self.assertIn(expected, reply.partition(b"\r\n")[0])

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


if __name__ == "__main__":
    unittest.main()
