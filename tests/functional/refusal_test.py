"""Refusals by the doors of a node and of a gateway: each tells its rule, and explain knows it."""

import json
import unittest

import jsonschema

from gateway import Gateway, curl
from network import Network, free_ports
from refusals import check_refusals

JSON = ["-H", "Content-Type: application/json"]
EVIL = "http://evil.example"


def call(method, params=None):
    return json.dumps({"jsonrpc": "2.0", "method": method, "params": params or [], "id": 1})


class Refusals(unittest.TestCase):
    def setUp(self):
        network = self.enterContext(Network())
        port, http, self.dead = free_ports(3)
        self.node = network.node(port, "--http", str(http))
        self.node.is_open = False
        self.node.start()
        self.door = f"http://127.0.0.1:{http}"
        self.gateway = Gateway(network, [port])

    def at_the_door(self):
        post = ["-d", "{}", *JSON]
        return [
            ("/nothing", [], 404, "no_such_path"),
            ("/%zz", [], 400, "bad_escape"),
            ("/a%2fb", [], 400, "bad_character"),
            ("/%2e%2e/x", [], 400, "dot_segment"),
            ("/?" + "&".join(f"a{number}=" for number in range(33)), [], 400,
             "too_many_parameters"),
            ("/api/v1/ping", ["-X", "DELETE"], 405, "wrong_method"),
            ("/api/v1/ping", ["-X", "get"], 400, "bad_request"),
            ("/api/v1/ping", ["-X", "GET", "-d", "x"], 400, "body_with_get"),
            ("/api/v1/ping", ["-H", "Host: evil.example"], 403, "unknown_host"),
            ("/api/v1/ping", ["-H", "Host: a:b"], 400, "bad_host"),
            ("/api/v1/ping", ["-H", "X: " + "x" * 8192], 431, "headers_too_large"),
            ("/api/v1/chain?from=1&from=1", [], 400, "wrong_query"),
            ("/balance", [], 400, "wrong_query"),
            ("/api/v1/status?auth=1", [], 400, "reserved_field"),
            ("/api/v1/mine_block?count=1", post, 400, "arguments_in_target"),
            ("/api/v1/mine_block", ["-d", "{}"], 415, "wrong_content_type"),
            ("/api/v1/mine_block", [*JSON, "-d", "[]"], 400, "not_an_object"),
            ("/api/v1/mine_block", [*post, "-H", f"Origin: {EVIL}"], 403, "other_site"),
            ("/discover", post, 400, "bad_nodes"),
            ("/leap", [], 403, "change_by_get"),
            ("/rpc", [*JSON, "-d", "1"], 200, "not_a_call"),
            ("/rpc", [*JSON, "-d", "[]"], 200, "empty_batch"),
            ("/api/v1/ping?=", [], 400, "wrong_query"),
            ("/rpc", [*JSON, "-d", "[" + ",".join(["1"] * 1001) + "]"], 413, "batch_too_long"),
            ("/rpc", [*JSON, "-d", call("nothing")], 200, "no_such_method"),
            ("/rpc", [*JSON, "-d", call("ping", [1])], 200, "wrong_parameters"),
        ]

    def at_the_gateway(self):
        return [
            ("/nothing", [], 404, "no_such_path"),
            ("/node/80/running", [], 400, "bad_port"),
            (f"/node/{self.node.port}/events", [], 404, "no_events"),
            (f"/node/{self.dead}/running", [], 404, "no_node"),
        ]

    def test_each_tells_a_rule_that_explain_knows(self):
        schema = curl(self.door + "/openapi.json")[1]["components"]["schemas"]["Error"]
        rows = [(self.door, *row) for row in self.at_the_door()]
        rows += [(self.gateway.base, *row) for row in self.at_the_gateway()]
        for base, target, arguments, expected, name in rows:
            with self.subTest(target=target[:60], rule=name):
                status, reply = curl(base + target, "-g", "--path-as-is", *arguments)
                self.assertEqual((status, check_refusals(reply)), (expected, [f"http.{name}"]))
                if "jsonrpc" not in reply:
                    jsonschema.Draft202012Validator(schema).validate(reply)
                told = self.node.ask({"type": "explain", "code": f"http.{name}"})
                self.assertEqual([rule["module"] for rule in told["rules"]], ["http"])


if __name__ == "__main__":
    unittest.main()
