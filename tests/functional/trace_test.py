"""The way of a transaction and of a block over three nodes, from gossip to block, by one id in
their logs."""

import json
import unittest

from network import Network, free_ports, wait_until
from wallet_test import Wallets

TRACING = ["--log-level", "info,transaction=debug,block=debug"]


def lines_of(node):
    """The lines of a node's log as objects."""
    return [json.loads(line) for line in (node.directory / "node.log").read_text().splitlines()]


def steps_of(node, key, identity):
    """What happened to the transaction or block, in order."""
    return [(line["cat"], line["msg"]) for line in lines_of(node) if line.get(key) == identity]


class Trace(Wallets):
    def line(self, *arguments):
        """Three nodes in a line: the first and the last know each other not."""
        network = self.enterContext(Network())
        nodes = [network.node(port, "--outbound", "0", *arguments) for port in free_ports(3)]
        for node in nodes:
            node.start()
        for node, other in zip(nodes[1:], nodes):
            node.ask({"type": "add_peer", "address": f"127.0.0.1:{other.port}"})
        for node, count in zip(nodes, (1, 2, 1)):
            self.assertIsNotNone(wait_until(
                lambda: node.status()["peers"] == count, 60, node.status))
        return nodes

    def pay(self, nodes):
        """A payment that the first node is given and the last one mines; its id and its block's."""
        sent = self.cairn("send", "--node", str(nodes[0].port), "--json", "--from", "dev0", "--to",
                          "dev1", "--amount", "3")
        identity = json.loads(sent)["transaction"]
        for node in nodes:
            self.assertTrue(node.wait(transaction=identity, confirmations=0))
        block = nodes[-1].ask("mine_block")["blocks"][0]["hash"]
        for node in nodes:
            self.assertTrue(node.wait(transaction=identity, confirmations=1))
        return identity, block

    def test_from_gossip_to_block(self):
        first, middle, last = nodes = self.line("--log-format", "json", *TRACING)
        identity, block = self.pay(nodes)

        def way(*steps):
            return [("transaction", step) for step in steps]

        self.assertEqual(
            steps_of(first, "transaction", identity),
            way("received", "accepted", "told", "sent", "connected"))
        self.assertEqual(
            steps_of(middle, "transaction", identity),
            way("received", "accepted", "told", "sent", "connected"))
        self.assertEqual(
            steps_of(last, "transaction", identity), way("received", "accepted", "connected"))
        for node in nodes:
            found = [line for line in lines_of(node) if line.get("transaction") == identity]
            self.assertEqual(found[-1]["block"], block)
            # Who was told of it, or told us, is named.
            relay = found[0]["relay"]
            gossip = steps_of(node, "relay", relay)
            if node is first:
                self.assertEqual(gossip, way("received"))
            else:
                self.assertEqual(gossip, way("announced", "requested", "received"))
                self.assertEqual(found[0]["peer"], f"127.0.0.1:{nodes[nodes.index(node) - 1].port}")
        self.assertEqual(steps_of(last, "block", block)[0], ("block", "connected"))
        for node in (first, middle):
            steps = [step for area, step in steps_of(node, "block", block) if area == "block"]
            self.assertEqual(steps, ["announced", "requested", "received", "connected"])
        for node in nodes:
            self.assertIn(("chain", "new tip"), steps_of(node, "block", block))

    def test_back_from_a_block(self):
        nodes = self.line("--log-format", "json", *TRACING)
        identity, block = self.pay(nodes)
        nodes[1].ask({"type": "invalidate_block", "hash": block})
        self.assertEqual(
            steps_of(nodes[1], "transaction", identity)[-2:],
            [("transaction", "connected"), ("transaction", "disconnected")])
        self.assertIn(("block", "disconnected"), steps_of(nodes[1], "block", block))

    def test_text_has_the_same_fields(self):
        nodes = self.line(*TRACING)
        identity, block = self.pay(nodes)
        for node in nodes:
            found = [line for line in (node.directory / "node.log").read_text().splitlines()
                     if f" transaction={identity}" in line]
            self.assertIn(" debug transaction received ", found[0])
            self.assertIn(" debug transaction connected ", found[-1])
            self.assertIn(f" block={block}", found[-1])

    def test_nothing_of_it_without_debug(self):
        nodes = self.line("--log-format", "json")
        identity, block = self.pay(nodes)
        for node in nodes:
            self.assertEqual(steps_of(node, "transaction", identity), [])
            self.assertEqual(steps_of(node, "block", block), [("chain", "new tip")])


if __name__ == "__main__":
    unittest.main()
