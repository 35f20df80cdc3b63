"""Every request body that /openapi.json describes, made from its schema and sent."""

import itertools
import json
import subprocess
import unittest

import jsonschema

from http_node import JSON, HttpNode
from network import BINARY, Network, free_ports

NODES_MAX = 16
# Sent last, in this order: what is handed in must not be on the chain yet.
LAST = ("/api/v1/mine_block", "/api/v1/invalidate_block", "/api/v1/shutdown")


class Bodies(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.network = Network()
        cls.transactions, bytes_of_one = cls.transactions_of_another_node()
        cls.node = HttpNode(cls.network)
        cls.document = cls.node.get("/openapi.json")[2]
        address = f"127.0.0.1:{free_ports(1)[0]}"
        # What stands for a member of this name, where its schema leaves a choice.
        cls.values = {
            "address": address, "url": f"http://{address}/", "nodes": address, "request": "ping",
            "method": "ping", "hash": cls.node.mine(2)[-1], "hex": bytes_of_one,
            "transaction": bytes_of_one}

    @classmethod
    def tearDownClass(cls):
        cls.network.close()

    @classmethod
    def transactions_of_another_node(cls):
        """Valid transactions that the tested node has not seen, and the bytes of the first."""
        other = HttpNode(cls.network)
        put = ["record", "put", "--stream", "s", "--key", "k"]
        for arguments in (["send", "--from", "dev1", "--to", "dev2", "--amount", "1"],
                          [*put, "--from", "dev2", "--json", '{"a":[1]}'],
                          [*put, "--from", "dev3", "--file", __file__]):
            subprocess.run([BINARY, *arguments, "--node", str(other.node.port)],
                           capture_output=True, check=True, timeout=60)
        waiting = other.get("/api/v1/mempool")[2]["transactions"]
        waiting.sort(key=lambda one: (one["kind"] != "transfer", one.get("format")))
        other.mine()
        return waiting, other.get(f"/api/v1/proof/{waiting[0]['transaction']}")[2]["bytes"]

    def forms(self, schema):
        """The alternatives of a schema, references followed."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self.forms(self.document["components"]["schemas"][name])
        if "anyOf" in schema:
            return [form for one in schema["anyOf"] for form in self.forms(one)]
        return [schema]

    def real_transaction(self, form):
        """The transaction whose members have the constants of `form`, if it has any."""
        constants = {name: one["const"] for name, one in form["properties"].items()
                     if name in ("kind", "format") and "const" in one}
        return next((one for one in self.transactions
                     if constants and constants.items() <= one.items()), None)

    def made(self, schema, name=None):
        """Values by each form of `schema`, with its required members alone."""
        for form in self.forms(schema):
            kind = form.get("type")
            if kind == "object":
                names = form.get("required", [])
                if transaction := self.real_transaction(form):
                    yield {one: transaction[one] for one in names}
                    continue
                choices = [list(self.made(form["properties"][one], one)) for one in names]
                yield from (dict(zip(names, values)) for values in itertools.product(*choices))
            elif kind == "array":
                yield [next(self.made(form["items"], name))] * form["minItems"]
            elif "const" in form:
                yield form["const"]
            else:
                self.assertIn(kind, ("string", "integer"), f"no schema of {name}: {form}")
                yield self.values[name]

    def is_valid(self, schema, value):
        return jsonschema.Draft202012Validator(
            {**schema, "components": self.document["components"]}).is_valid(value)

    def check(self, operation, status, reply):
        told = operation["responses"].get(str(status), operation["responses"]["default"])
        schema = told["content"]["application/json"]["schema"]
        self.assertTrue(self.is_valid(schema, reply), reply)

    def described(self):
        """Each operation with a body: path, method, operation, the body's schema."""
        found = [(path, method.upper(), operation)
                 for path, operations in self.document["paths"].items()
                 for method, operation in operations.items() if method != "get"]
        found.sort(key=lambda row: LAST.index(row[0]) + 1 if row[0] in LAST else 0)
        return [(*row, row[2]["requestBody"]["content"]["application/json"]["schema"])
                for row in found]

    def send(self, method, path, body):
        return self.node.request(method, path, json.dumps(body), JSON)

    def test_p6_every_described_body_is_taken(self):
        for path, method, operation, schema in self.described():
            with self.subTest(path=path, method=method):
                self.refuse_others(path, method, operation, schema)
                bodies = list(self.made(schema))
                self.assertTrue(bodies)
                for body in bodies:
                    self.assertTrue(self.is_valid(schema, body), body)
                    status, _, reply = self.send(method, path, body)
                    # The link that is to be dropped may be closed before; a call without an id is
                    # not answered.
                    also = {"/api/v1/drop_peer": 404, "/rpc": 204}.get(path)
                    self.assertIn(status, (200, also), reply)
                    if status != 204:
                        self.check(operation, status, reply)
        self.assertEqual(self.node.node.process.wait(60), 0)

    def refuse_others(self, path, method, operation, schema):
        """What the schema does not allow is refused."""
        long_list = {"nodes": [self.values["nodes"]] * (NODES_MAX + 1)}
        for wrong in ({"nothing": 1}, [], 1, {"request": ""}, {"request": "\u0001"},
                      {"nodes": []}, long_list, {"kind": "coinbase"}, {"transaction": "0"}):
            self.assertFalse(self.is_valid(schema, wrong), wrong)
            if path != "/rpc":
                status, _, reply = self.send(method, path, wrong)
                self.assertEqual(status, 400, wrong)
                self.check(operation, status, reply)
        if operation["requestBody"]["required"]:
            self.assertIn(self.node.request(method, path)[0], (400, 415))


if __name__ == "__main__":
    unittest.main()
