"""The whole way of a payment: two wallets, four nodes that found each other through a tracker, and
every refusal with its own rule."""

import json
import unittest

from network import Network, free_ports
from tracker_test import Tracker
from wallet_test import CHEAP, OTHER, PASSPHRASE, Wallets


class Payments(Wallets):
    def setUp(self):
        super().setUp()
        self.network = self.enterContext(Network())
        tracker = Tracker(self.network)
        self.nodes = [
            self.network.node(port, "--tracker", f"127.0.0.1:{tracker.port}")
            for port in free_ports(4)
        ]
        for node in self.nodes:
            node.start()
        self.alice = self.place("alice", CHEAP)["address"]
        self.bob = self.place("bob", OTHER)["address"]

    def send(self, node, *arguments, status=0, passphrase=None):
        lines = [] if passphrase is None else [passphrase]
        return self.cairn("send", "--node", str(node.port), "--json", *arguments, lines=lines,
                          status=status)

    def spread(self, sent):
        """The id of what was sent, once it waits everywhere."""
        transaction = json.loads(sent)["transaction"]
        for node in self.nodes:
            self.assertTrue(node.wait(transaction=transaction, confirmations=0))
        return transaction

    def mine(self, node):
        """A block that all nodes have."""
        height = node.ask("mine_block")["blocks"][0]["height"]
        for each in self.nodes:
            self.assertTrue(each.wait(height=height))

    def balances(self, account, confirmations):
        """What the four nodes say, each once."""
        request = {"type": "balance", "address": account, "confirmations": confirmations}
        return {node.ask(request)["balance"] for node in self.nodes}

    def check_refusal(self, node, error, rule):
        """The error names its rule, says what to expect, and `explain` knows it."""
        self.assertEqual(error["type"], "error")
        self.assertEqual(error["data"]["rule"], rule)
        for name in ("expected", "actual", "hint"):
            self.assertTrue(error["data"][name], rule)
        told = node.ask({"type": "explain", "code": rule})
        self.assertTrue(told["rules"], rule)

    def check_unsendable(self, node, address, rule):
        """`send` to it is refused before anything is signed."""
        error = self.send(node, "--from", "dev0", "--to", address, "--amount", "1", status=65)
        self.check_refusal(node, json.loads(error), rule)

    def test_two_wallets_four_nodes(self):
        first, *_, last = self.nodes
        self.spread(self.send(first, "--from", "dev0", "--to", self.alice, "--amount", "100"))
        self.mine(last)
        sent = self.spread(self.send(
            first, "--from", "alice", "--to", self.bob, "--amount", "40", "--fee", "1",
            passphrase=CHEAP["passphrase"],
        ))
        self.assertEqual(self.balances(self.bob, 0), {40_000_000})
        self.assertEqual(self.balances(self.bob, 1), {0})
        for depth in (1, 2, 3):
            self.mine(self.nodes[depth])
            self.assertEqual(self.balances(self.bob, depth), {40_000_000})
            self.assertEqual(self.balances(self.bob, depth + 1), {0})
        self.assertEqual(self.balances(self.alice, 1), {59_000_000})
        self.check_refusals(first, sent)
        self.assertEqual(self.balances(self.alice, 1), {59_000_000})
        self.assertEqual(self.balances(self.bob, 0), {40_000_000})

    def signed_elsewhere(self, *payments):
        """Transfers of dev2, signed for this chain on a node that knows nobody, as hexadecimal."""
        alone = self.network.node(free_ports(1)[0])
        alone.start()
        ids = [
            json.loads(self.send(alone, "--from", "dev2", "--to", to, "--amount", amount))
            for to, amount in payments
        ]
        alone.ask("mine_block")
        return [self.bytes_of(alone, one["transaction"]) for one in ids]

    def bytes_of(self, node, transaction):
        return node.ask({"type": "get_proof", "transaction": transaction})["bytes"]

    def check_other_chain(self, error, here, there):
        """A node refuses what was signed for another built-in chain, and names both chains."""
        self.check_refusal(here, error, "transaction.wrong_chain")
        for node, field in ((here, "expected"), (there, "actual")):
            status = node.ask("status")
            named = f"{status['chain']} ({status['chain_id']})"
            self.assertTrue(error["data"][field].endswith(named), error)

    def push(self, node, raw):
        return node.ask({"type": "push_transaction", "hex": raw})

    def check_refusals(self, node, sent):
        self.send(node, "--from", "dev2", "--to", "dev3", "--amount", "999999")
        self.mine(node)
        used, overspent = self.signed_elsewhere(("dev4", "1"), ("dev4", "2"))
        with self.subTest("a nonce that is used"):
            self.check_refusal(node, self.push(node, used), "mempool.nonce_too_low")
        with self.subTest("more than there is"):
            self.check_refusal(node, self.push(node, overspent), "mempool.insufficient_balance")
            error = json.loads(self.send(node, "--from", "bob", "--to", self.alice, "--amount",
                                         "41", passphrase=PASSPHRASE, status=65))
            self.check_refusal(node, error, "mempool.insufficient_balance")
            self.assertEqual(error["data"]["expected"], "a cost of at most 40 CRN")
        with self.subTest("a transaction of another chain"):
            other = self.network.node(free_ports(1)[0], "--chain", "lab")
            other.start()
            error = self.push(other, self.bytes_of(node, sent))
            self.check_other_chain(error, here=other, there=node)
            forged = bytearray.fromhex(overspent)
            forged[-1] ^= 1
            self.check_refusal(node, self.push(node, forged.hex()), "transaction.bad_signature")
            # The other way round, as an object with its id there.
            paid = json.loads(self.send(other, "--from", "dev2", "--to", "dev3", "--amount", "1"))
            found = other.ask({"type": "get_transaction", "transaction": paid["transaction"]})
            request = {"type": "push_transaction", "transaction": found["transaction"]}
            self.check_other_chain(node.ask(request), here=node, there=other)
            lines = self.cairn("probe", str(node.port), json.dumps(request), status=65)
            self.assertIn("transaction.wrong_chain", lines)
            # Its sender knows it by its id there alone.
            story = self.cairn("explain", paid["transaction"], "--node", str(node.port))
            self.assertIn("transaction.wrong_chain", story)
        with self.subTest("an address with a typing error"):
            typo = self.alice[:-1] + ("q" if self.alice[-1] != "q" else "p")
            request = {"type": "balance", "address": typo}
            self.check_refusal(node, node.ask(request), "ledger.mistyped")
            self.check_unsendable(node, typo, "ledger.mistyped")
        with self.subTest("an address of another chain"):
            shown = self.cairn("wallet", "show", "alice", "--chain", "cairn", "--json")
            foreign = json.loads(shown)["address"]
            request = {"type": "balance", "address": foreign}
            self.check_refusal(node, node.ask(request), "ledger.wrong_chain")
            self.check_unsendable(node, foreign, "ledger.wrong_chain")


if __name__ == "__main__":
    unittest.main()
