"""The gateway over real nodes, and every route by a well-known name, asked with curl: good and bad
input, who may change something, nodes that are not there."""

import json
import os
import pathlib
import re
import signal
import subprocess
import unittest

import jsonschema

from gateway import Gateway, curl
from network import BINARY, Network, free_ports, own_address

JSON = ["-H", "Content-Type: application/json"]
NODES_MAX = 64
SPECIFICATION = pathlib.Path(__file__).parents[2] / "proto_spec" / "12-http.md"


def specified_routes():
    """Method and path of each route in the table of spec 12 §9."""
    table = SPECIFICATION.read_text().split("\n## 9. ")[1].split("\n## ")[0]
    routes = set()
    for row in re.findall(r"(?m)^\| (`.*?) \|", table):
        path = ""
        # A method alone has the path of the one behind it.
        for method, own in reversed(re.findall(r"`([A-Z]+) ?([^`?]*)[^`]*`", row)):
            path = own or path
            routes.add(f"{method} {path.replace('<', '{').replace('>', '}')}")
    return routes


class Both(unittest.TestCase):
    """Two nodes with doors of their own, one that needs its cookie, and a gateway before all."""

    @classmethod
    def setUpClass(cls):
        cls.network = Network()
        ports = free_ports(7)
        cls.doors = {}
        cls.nodes = []
        for place in range(3):
            node = cls.network.node(ports[place], "--http", str(ports[place + 3]), "--localnet")
            node.is_open = place < 2
            node.start()
            cls.nodes.append(node)
            cls.doors[node.port] = f"http://127.0.0.1:{ports[place + 3]}"
        cls.dead = ports[6]
        cls.gateway = Gateway(cls.network, [*(node.port for node in cls.nodes), cls.dead])
        cls.open, cls.other, cls.closed = cls.nodes
        cls.open.ask({"type": "mine_block", "count": 3, "data": {"note": "<b>"}})
        cls.block = cls.open.ask({"type": "get_block", "height": 1})["block"]

    @classmethod
    def tearDownClass(cls):
        cls.network.close()

    def bases(self, node):
        """Where the paths of `node` stand: at its own door and behind the gateway."""
        return (self.doors[node.port], f"{self.gateway.base}/node/{node.port}")

    def check(self, document, operation, status, reply):
        """That the document says this of a reply, be it good or an error."""
        told = operation["responses"].get(str(status), operation["responses"]["default"])
        jsonschema.Draft202012Validator(
            {**told["content"]["application/json"]["schema"],
             "components": document["components"]}).validate(reply)


class WellKnown(Both):
    """One row a route: how it is asked well and badly, and a check of the good reply."""

    # Those that need more than a row, by the test that asks them.
    OTHERS = {
        "test_leap_mines_and_gives_the_block": {"GET /leap"},
        "test_transactions_are_handed_in_by_three_names": {
            "PUT /pushtx", "POST /pushtx", "POST /inject"},
        "test_discover_dials_by_post": {"POST /discover"},
        "test_the_gateways_own_routes": {
            "POST /mine_block/{port}", "GET /get_chain/{port}", "GET /validate/{port}"},
        "test_shutdown_ends_a_node": {"GET /shutdown/{port}"},
    }

    def rows(self):
        address, transaction = self.block["miner"], self.block["data"][0]["transaction"]
        height = self.open.status()["height"]
        other = f"127.0.0.1:{self.other.port}"
        return [
            ("/running", [], lambda reply: reply == "running", "/running?x=1"),
            ("/nodes", [], lambda reply: isinstance(reply, list), "/nodes?x=1"),
            ("/discover", [], lambda reply: isinstance(reply["nodes"], list), "/discover?x=1"),
            (f"/block?index={height}", [], lambda reply: reply["index"] == height,
             f"/block?index={height + 1}"),
            ("/block?index=1", [], lambda reply: reply == self.block, "/block"),
            ("/blockchain", [], lambda reply: [one["index"] for one in reply] ==
             list(range(height + 1)), "/blockchain?count=501"),
            ("/chain", [], lambda reply: reply["length"] == len(reply["chain"]) == height + 1,
             "/chain?from=x"),
            ("/chain?from=1&count=1", [], lambda reply: reply["chain"] == [self.block],
             "/chain?from=1&from=2"),
            ("/api/v1/block/", [], lambda reply: reply["count"] == height + 1 and
             reply["results"][1] == self.block, "/api/v1/block/?from=x"),
            ("/api/v1/block?from=1&count=1", [], lambda reply: reply["results"] == [self.block],
             "/api/v1/block?count=501"),
            ("/chainlength", [], lambda reply: reply == height + 1, "/chainlength?x=1"),
            ("/unprocessed", [], lambda reply: reply == [], "/unprocessed?count=1"),
            (f"/balance?address={address}", [], lambda reply: reply > 0, "/balance?address=x"),
            (f"/balance?address={address}&confirmations=0", [], lambda reply: reply > 0,
             "/balance"),
            (f"/confirmations?transaction_id={transaction}", [], lambda reply: reply == height,
             "/confirmations?transaction_id=" + "0" * 64),
            (f"/register?url=http://{other}/", [], lambda reply: reply["accepted"],
             "/register?url=x"),
        ]

    def test_every_get_answers_and_refuses(self):
        for base in self.bases(self.open):
            for target, arguments, is_right, wrong in self.rows():
                with self.subTest(target=base + target):
                    status, reply = curl(base + target, *arguments)
                    self.assertEqual(status, 200, reply)
                    self.assertTrue(is_right(reply), reply)
                    status, reply = curl(base + wrong)
                    self.assertIn(status, (400, 404))
                    self.assertEqual(reply["type"], "error")

    def test_every_specified_route_is_served_and_asked(self):
        asked = {"GET " + target.partition("?")[0].rstrip("/") for target, *_ in self.rows()}
        for test, routes in self.OTHERS.items():
            self.assertTrue(hasattr(self, test))
            asked |= routes
        # The one that is no other name of a command.
        served = {"GET /api/v1/block"}
        for base in (self.doors[self.open.port], self.gateway.base):
            for path, operations in curl(base + "/openapi.json")[1]["paths"].items():
                served |= {f"{method.upper()} {path}" for method, operation in operations.items()
                           if "by another name" in operation.get("description", "")}
        self.assertEqual(specified_routes(), served)
        self.assertEqual(asked, served)

    def test_p6_changes_by_get_answer_by_their_schema(self):
        examples = {"url": f"http://127.0.0.1:{self.other.port}/"}
        for base in self.bases(self.open):
            document = curl(base + "/openapi.json")[1]
            changing = [(path, operations["get"]) for path, operations in document["paths"].items()
                        if operations.get("get", {}).get("x-changes")]
            self.assertTrue(changing)
            for path, operation in changing:
                query = "&".join(f"{one['name']}={examples[one['name']]}"
                                 for one in operation["parameters"])
                for target, expected in ((f"{path}?{query}", 200), (f"{path}?nothing=1", 400)):
                    with self.subTest(target=base + target):
                        status, reply = curl(base + target)
                        self.assertEqual(status, expected)
                        self.check(document, operation, status, reply)

    def test_leap_mines_and_gives_the_block(self):
        for base in self.bases(self.open):
            height = self.open.status()["height"]
            status, block = curl(base + "/leap")
            self.assertEqual((status, block["index"]), (200, height + 1))
            self.assertEqual(block["hash"], self.open.status()["tip"])
            self.assertEqual(curl(base + "/leap?count=2")[0], 400)

    def test_transactions_are_handed_in_by_three_names(self):
        sent = subprocess.run(
            [BINARY, "send", "--from", "dev1", "--to", self.block["miner"], "--amount", "1",
             "--node", str(self.open.port), "--json"], capture_output=True, text=True, timeout=60)
        self.assertEqual(sent.returncode, 0, sent.stderr)
        waiting = curl(self.doors[self.open.port] + "/unprocessed")[1]
        self.assertEqual(len(waiting), 1)
        body = json.dumps(waiting[0])
        for base in self.bases(self.open):
            for method, path in (("PUT", "/pushtx"), ("POST", "/pushtx"), ("POST", "/inject")):
                with self.subTest(method=method, path=base + path):
                    status, reply = curl(base + path, "-X", method, *JSON, "-d", body)
                    self.assertEqual((status, reply["status"]), (200, "known"))
                    self.assertEqual(reply["transaction"], waiting[0]["transaction"])
                    for wrong in ("{", "[]", '{"hex":"00"}', '{"kind":"transfer"}', "{}"):
                        status, reply = curl(base + path, "-X", method, *JSON, "-d", wrong)
                        self.assertIn(status, (400, 422))
                    self.assertEqual(curl(base + path, "-X", method, "-d", body)[0], 415)
        self.open.ask("mine_block")

    def test_discover_dials_by_post(self):
        body = json.dumps({"nodes": [f"http://127.0.0.1:{self.other.port}"]})
        for base in self.bases(self.open):
            status, reply = curl(base + "/discover", *JSON, "-d", body)
            self.assertEqual((status, reply["nodes"]), (200, [f"127.0.0.1:{self.other.port}"]))
            for wrong in ('{"nodes":[]}', '{"nodes":["x"]}', '{"nodes":1}', "{}", "["):
                self.assertEqual(curl(base + "/discover", *JSON, "-d", wrong)[0], 400)
        cookie = (pathlib.Path(self.closed.directory) / "control.cookie").read_text()
        for base in self.bases(self.closed):
            self.assertEqual(curl(base + "/discover", *JSON, "-d", body)[0], 401)
            bearer = ["-H", f"Authorization: Bearer {cookie}"]
            self.assertEqual(curl(base + "/discover", *JSON, *bearer, "-d", body)[0], 200)

    def test_changes_by_get_need_open_control_and_this_site(self):
        height = self.open.status()["height"]
        register = f"/register?url=127.0.0.1:{self.other.port}"
        cookie = (pathlib.Path(self.closed.directory) / "control.cookie").read_text()
        targets = [base + path for base in self.bases(self.open) for path in ("/leap", register)]
        targets.append(f"{self.gateway.base}/shutdown/{self.open.port}")
        for target in targets:
            with self.subTest(target=target):
                for header in ("Origin: http://evil.example", "Origin: null",
                               "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site"):
                    self.assertEqual(curl(target, "-H", header)[0], 403)
                self.assertEqual(curl(target, "-I")[0], 405)
                self.assertEqual(curl(target, "-X", "DELETE")[0], 405)
        self.assertEqual(self.open.status()["height"], height)
        targets = [base + path for base in self.bases(self.closed) for path in ("/leap", register)]
        targets.append(f"{self.gateway.base}/shutdown/{self.closed.port}")
        for target in targets:
            with self.subTest(target=target):
                for header in ("X: y", f"Authorization: Bearer {cookie}"):
                    status, reply = curl(target, "-H", header)
                    self.assertEqual(status, 403)
                    self.assertIn("POST", reply["data"]["hint"])
        self.assertEqual(self.closed.status()["height"], 0)

    def test_the_gateways_own_routes(self):
        port = self.other.port
        height = self.other.status()["height"]
        for data in ({"patient": 7}, "text", [1, None], 5, None):
            status, reply = self.gateway.ask(f"/mine_block/{port}", *JSON, "-d", json.dumps(data))
            self.assertEqual(status, 200, reply)
            block = self.other.ask({"type": "get_block", "hash": reply["blocks"][0]["hash"]})
            self.assertEqual(block["block"]["data"][0]["body"], data)
        self.assertEqual(self.gateway.ask(f"/mine_block/{port}", "-X", "POST")[0], 200)
        status, reply = self.gateway.ask(f"/get_chain/{port}")
        self.assertEqual((status, reply["length"]), (200, len(reply["chain"])))
        self.assertGreaterEqual(reply["length"], height + 7)
        status, reply = self.gateway.ask(f"/validate/{port}")
        self.assertEqual((status, reply["valid"]), (200, True))
        for target, arguments, expected in (
                (f"/mine_block/{port}", [*JSON, "-d", "{"], 400),
                (f"/mine_block/{port}", [*JSON, "-d", json.dumps("x" * 65535)], 400),
                (f"/mine_block/{port}", ["-d", "{}"], 415), (f"/mine_block/{port}", [], 405),
                (f"/mine_block/{self.closed.port}", [*JSON, "-d", "1"], 401),
                (f"/mine_block/{self.dead}", [*JSON, "-d", "1"], 404),
                (f"/get_chain/{self.dead}", [], 404), (f"/validate/{self.dead}", [], 404),
                (f"/shutdown/{self.dead}", [], 404), ("/get_chain/x", [], 400),
                ("/validate/80", [], 400), ("/shutdown/65536", [], 400),
                (f"/get_chain/{port}?x=1", [], 400), (f"/validate/{port}", ["-X", "POST"], 405)):
            with self.subTest(target=target, expected=expected):
                status, reply = self.gateway.ask(target, *arguments)
                self.assertEqual(status, expected)
                self.assertEqual(reply["type"], "error")
        cookie = (pathlib.Path(self.closed.directory) / "control.cookie").read_text()
        status, _ = self.gateway.ask(f"/mine_block/{self.closed.port}", *JSON, "-d", "1", "-H",
                                     f"Authorization: Bearer {cookie}")
        self.assertEqual(status, 200)

    def test_shutdown_ends_a_node(self):
        node = self.network.node(*free_ports(1))
        node.start()
        status, reply = self.gateway.ask(f"/shutdown/{node.port}")
        self.assertEqual((status, reply["stopping"]), (200, True))
        self.assertEqual(node.process.wait(60), 0)


class Doors(Both):
    def test_a_node_says_the_same_behind_the_gateway(self):
        for target in ("/api/v1/headers?count=2", "/api/v1/block/1", "/api/v1/block/9999",
                       "/api/v1/chain?count=501", "/nothing", "/healthz", "/openrpc.json",
                       "/openapi.json", "/explorer/app.js", "/"):
            with self.subTest(target=target):
                own, behind = (curl(base + target) for base in self.bases(self.open))
                if isinstance(own[1], dict) and own[1].get("next"):
                    own[1]["next"] = own[1]["next"].replace(*self.bases(self.open))
                self.assertEqual(own, behind)

    def test_pages_link_through_the_gateway(self):
        target, pages = f"/node/{self.open.port}/api/v1/block?count=1", 0
        while target:
            status, reply = self.gateway.ask(target)
            self.assertEqual(status, 200)
            target = reply["next"] and reply["next"].removeprefix(self.gateway.base)
            pages += 1
        self.assertEqual(pages, self.open.status()["height"] + 1)

    def test_batches_wait_and_control_work_by_port(self):
        prefix = f"/node/{self.open.port}"
        batch = [{"jsonrpc": "2.0", "method": "ping", "id": one} for one in range(1000)]
        status, reply = self.gateway.ask(prefix + "/rpc", *JSON, "-d", json.dumps(batch))
        self.assertEqual((status, len(reply)), (200, 1000))
        height = self.open.status()["height"]
        waiting = subprocess.Popen(
            ["curl", "-s", f"{self.gateway.base}{prefix}/api/v1/wait?height={height + 1}"],
            stdout=subprocess.PIPE)
        self.assertEqual(self.gateway.ask(prefix + "/api/v1/ping")[0], 200)
        self.gateway.ask(prefix + "/api/v1/mine_block", "-X", "POST")
        self.assertTrue(json.loads(waiting.communicate(timeout=60)[0])["reached"])
        self.assertEqual(self.gateway.ask(f"/node/{self.closed.port}/api/v1/mine_block", "-X",
                                          "POST")[0], 401)

    def test_where_no_node_is_the_reply_says_so(self):
        status, reply = self.gateway.ask(f"/node/{self.dead}/api/v1/status")
        self.assertEqual((status, reply["code"]), (404, "no_node"))
        self.assertIn(f"cairn node {self.dead}", reply["data"]["hint"])
        status, reply = self.gateway.ask(f"/node/{self.gateway.port}/api/v1/status")
        self.assertEqual((status, reply["code"]), (404, "no_node"))
        status, reply = self.gateway.ask("/api/v1/status")
        self.assertEqual(status, 404)
        self.assertIn("/node/", reply["data"]["hint"])
        self.assertEqual(self.gateway.ask(f"/node/{self.open.port}/events")[0], 404)
        self.assertEqual(self.gateway.ask(f"/node/{self.open.port}")[0], 308)

    def test_a_node_that_comes_back_is_found(self):
        node = self.network.node(*free_ports(1))
        for _ in range(2):
            node.start()
            self.assertEqual(self.gateway.ask(f"/node/{node.port}/api/v1/ping")[0], 200)
            node.stop()
            self.assertEqual(self.gateway.ask(f"/node/{node.port}/api/v1/ping")[0], 404)

    def asked_by(self, path, operation):
        """Targets and arguments of curl for an operation: with and without what is optional."""
        targets, bodies = [path], [[]]
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "query":
                self.assertFalse(parameter["required"])
                targets.append(f"{path}?{parameter['name']}=1")
        if body := operation.get("requestBody"):
            # Any JSON value is one, and none as well.
            schema = body["content"]["application/json"]["schema"]
            self.assertEqual((list(schema), body["required"]), (["description"], False))
            bodies += [[*JSON, "-d", json.dumps(value)] for value in ({"a": [1]}, "text", None)]
        return [(target, arguments) for target in targets for arguments in bodies]

    def test_p6_the_gateways_description_is_true(self):
        node = self.network.node(*free_ports(1))
        node.start()
        status, document = self.gateway.ask("/openapi.json")
        self.assertEqual(status, 200)
        described = [(path, method, operation) for path, operations in document["paths"].items()
                     for method, operation in operations.items()]
        # The last one ends the node.
        described.sort(key=lambda row: row[0].startswith("/shutdown"))
        for path, method, operation in described:
            for port, expected in ((self.dead, 404), (node.port, 200)):
                for target, arguments in self.asked_by(path, operation):
                    target = target.replace("{port}", str(port))
                    with self.subTest(method=method, target=target, arguments=arguments):
                        status, reply = self.gateway.ask(target, "-X", method.upper(), *arguments)
                        self.assertEqual(status, expected if "{port}" in path else 200)
                        self.check(document, operation, status, reply)
        self.assertEqual(node.process.wait(60), 0)


class Page(unittest.TestCase):
    """What the gateway's page does, by the requests that it sends."""

    def test_it_is_served_with_its_policy(self):
        with Network() as network:
            gateway = Gateway(network, [5001])
            head = curl(gateway.base + "/", "-I")[1]
            self.assertIn("script-src 'self';", head)
            self.assertIn("text/html", head)
            page = curl(gateway.base + "/")[1]
            for place in ("network/app.js", "network/style.css", "explorer/style.css"):
                self.assertIn(place, page)
                self.assertEqual(curl(f"{gateway.base}/{place}")[0], 200)
            self.assertEqual(curl(gateway.base + "/explorer/dom.js")[0], 200)

    def test_links_are_dropped_and_dialled_again(self):
        with Network() as network:
            left, right = network.mesh(2)
            gateway = Gateway(network, [left.port, right.port])

            def command(node, name, **fields):
                status, reply = gateway.ask(f"/node/{node.port}/api/v1/{name}", *JSON, "-d",
                                            json.dumps(fields))
                self.assertIn(status, (200, 404) if name == "drop_peer" else (200,))
                return reply

            def is_linked():
                return bool(left.status()["peers"] or right.status()["peers"])

            command(left, "mine_block", count=2)
            self.assertTrue(right.wait(height=2))
            # A dial may be on its way: dropped again until nothing is linked.
            while is_linked():
                command(left, "drop_peer", address=f"127.0.0.1:{right.port}")
                command(right, "drop_peer", address=f"127.0.0.1:{left.port}")
            command(left, "mine_block")
            command(right, "mine_block", count=2)
            self.assertNotEqual(left.status()["tip"], right.status()["tip"])
            self.assertFalse(is_linked())
            command(left, "add_peer", address=f"127.0.0.1:{right.port}")
            self.assertTrue(left.wait(height=4))
            self.assertEqual(left.status()["tip"], right.status()["tip"])

    def test_whether_control_is_open_is_asked_without_effect(self):
        with Network() as network:
            nodes = [network.node(port) for port in free_ports(2)]
            nodes[1].is_open = False
            for node in nodes:
                node.start()
            gateway = Gateway(network, [node.port for node in nodes])
            for node, expected in zip(nodes, (400, 401)):
                status, _ = gateway.ask(f"/node/{node.port}/api/v1/drop_peer", *JSON, "-d",
                                        '{"address":""}')
                self.assertEqual(status, expected)


class Process(unittest.TestCase):
    def setUp(self):
        self.network = self.enterContext(Network())

    def test_it_stops_on_a_signal(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            gateway = Gateway(self.network, [5001])
            self.assertEqual(gateway.ask("/healthz")[1], {"alive": True})
            gateway.process.send_signal(number)
            self.assertEqual(gateway.process.wait(60), 0)

    def test_wrong_options_are_told(self):
        def status_of(*arguments):
            return subprocess.run([BINARY, "gateway", *arguments], capture_output=True,
                                  timeout=60).returncode

        many = f"6001-{6000 + NODES_MAX + 1}"
        for value in ("x", "5001-", "5002-5001", "80", "65536", "6000", "", many):
            with self.subTest(value=value):
                self.assertEqual(status_of("--nodes", value), 64)
        self.assertEqual(status_of("--http", "65536"), 64)
        for origin in ("foo", "http://a.b/", "null"):
            self.assertEqual(status_of("--cors", origin), 64)
        self.assertEqual(status_of("--http-bind", "nonsense"), 78)
        gateway = Gateway(self.network, [f"7001-{7000 + NODES_MAX}"])
        self.assertEqual(len(gateway.ask("/ports")[1]["ports"]), NODES_MAX)
        self.assertEqual(status_of("--http", str(gateway.port)), 78)

    def test_a1_strangers_read_where_all_may_and_never_control(self):
        address = own_address()
        if address is None:
            self.skipTest("this machine has no address besides loopback")
        node = self.network.node(*free_ports(1))
        node.start()
        prefix = f"/node/{node.port}"
        gateway = Gateway(self.network, [node.port], "--http-bind", "0.0.0.0", "--open-probe")
        base = f"http://{address}:{gateway.port}"
        self.assertEqual(curl(base + prefix + "/api/v1/status")[0], 200)
        self.assertEqual(curl(base + f"/get_chain/{node.port}")[0], 200)
        for text, expected in (("status", 200), ("GET CHAIN from=0 count=1", 200),
                               ('{"type":"status"}', 200), ("mine_block", 403),
                               ('{"type":"shutdown"}', 403)):
            self.assertEqual(curl(f"{base}{prefix}/frames", *JSON, "-d",
                                  json.dumps({"request": text}))[0], expected)
        self.assertEqual(curl(base + "/node/5999/api/v1/status")[0], 403)
        for target, method in ((prefix + "/api/v1/mine_block", "POST"),
                               (prefix + "/leap", "GET"),
                               (f"/mine_block/{node.port}", "POST"),
                               (f"/shutdown/{node.port}", "GET")):
            self.assertEqual(curl(base + target, "-X", method, "-H",
                                  "Authorization: Bearer " + "0" * 64)[0], 403)
        self.assertEqual(node.status()["height"], 0)


if __name__ == "__main__":
    os.environ.setdefault("NO_PROXY", "*")
    unittest.main()
