"""Real networks: split and healed, and a block that reaches everyone."""

import json
import subprocess
import unittest

from network import BINARY, Network, is_agreed, moment, wait_until
from replay import Ledger, account_of, blocks

HEAL_SECONDS_MAX = 5.0


def mine_in_turn(nodes, count):
    """`count` blocks on one chain, by each of `nodes` in turn, each knowing the one before."""
    for index in range(count):
        miner = nodes[index % len(nodes)]
        height = miner.ask("mine_block")["blocks"][0]["height"]
        for node in nodes:
            assert node.wait(height=height)


def addresses():
    """Of the development accounts, by name."""
    listed = subprocess.run(
        [BINARY, "wallet", "list"], check=True, capture_output=True, text=True
    ).stdout
    return dict(line.split()[:2] for line in listed.splitlines() if line.startswith("dev"))


def send(node, amount, sender="dev2"):
    """The id of a transfer that `node` has taken."""
    reply = subprocess.run(
        [BINARY, "send", "--from", sender, "--to", addresses()["dev3"], "--amount", str(amount),
         "--node", f"127.0.0.1:{node.port}", "--json"],
        check=True, capture_output=True, text=True,
    ).stdout
    return json.loads(reply)["transaction"]


class Forks(unittest.TestCase):
    def test_two_halves_agree_on_the_branch_with_the_most_work(self):
        with Network() as network:
            left, right = network.mesh(3), network.mesh(3)
            nodes = left + right
            lost = [send(left[0], amount) for amount in (1, 2, 3)]
            lost_too = send(left[1], 4, sender="dev4")
            kept = send(right[0], 5, sender="dev5")
            mine_in_turn(left, 50)
            mine_in_turn(right, 52)
            for half, ids in ((left, [*lost, lost_too]), (right, [kept])):
                for node in half:
                    self.assertLessEqual(set(ids), set(Ledger(blocks(node)).confirmed))
            self.assertFalse(is_agreed(nodes))
            right[0].ask({"type": "add_peer", "address": f"127.0.0.1:{left[0].port}"})
            healed = wait_until(lambda: is_agreed(nodes), 60, lambda: moment(nodes[1]))
            self.assertIsNotNone(healed)
            self.assertLess(healed, HEAL_SECONDS_MAX)
            self.assertEqual({node.status()["height"] for node in nodes}, {52})
            self.check_that_nothing_is_lost(nodes, [*lost, lost_too, kept])

    def check_that_nothing_is_lost(self, nodes, ids):
        """The loser's transactions are mined again, and every node's balances equal a replay."""
        loser, winner = nodes[0], nodes[-1]
        for transaction in ids:
            self.assertIn(
                loser.ask({"type": "get_transaction", "transaction": transaction})["status"],
                ("pending", "confirmed"),
            )
        mined = loser.ask("mine_block")["blocks"][0]
        for node in nodes:
            self.assertTrue(node.wait(height=mined["height"]))
            for transaction in ids:
                self.assertTrue(node.wait(transaction=transaction, confirmations=1))
        ledger = Ledger(blocks(winner))
        self.assertEqual({ledger.confirmed[transaction] for transaction in ids[:-1]}, {53})
        for node in nodes:
            self.assertTrue(node.ask("validate")["valid"])
            for address in addresses().values():
                account = account_of(address)
                told = node.ask({"type": "balance", "address": address})
                self.assertEqual(told["balance"], ledger.balances[account])
                self.assertEqual(told["nonce"], ledger.nonces[account])

    def test_explain_tells_what_a_reorganisation_did(self):
        with Network() as network:
            loser, winner = network.mesh(1) + network.mesh(1)
            lost = send(loser, 1)
            back = [send(loser, 2, sender="dev4"), send(loser, 3, sender="dev5")]
            left = loser.ask("mine_block")["blocks"][0]["hash"]
            send(winner, 9)
            joined = [one["hash"] for one in winner.ask("mine_block count=2")["blocks"]]
            loser.ask({"type": "add_peer", "address": f"127.0.0.1:{winner.port}"})
            self.assertTrue(loser.wait(height=2))
            sentence = (f"left #1 {left[:8]}.. for #1 {joined[0][:8]}.. and #2 {joined[1][:8]}..: "
                        "2 transactions returned, 1 dropped: nonce used")
            told = [loser.ask({"type": "explain", "block": hash}) for hash in (left, *joined)]
            told += [loser.ask({"type": "explain", "transaction": id}) for id in (lost, *back)]
            self.assertEqual(
                [one["status"] for one in told],
                ["side", "active", "active", "dropped", "pending", "pending"],
            )
            for one in told:
                self.assertEqual([text.split(": ", 1)[1] for text in one["story"]], [sentence])
            self.assertEqual(told[3]["reason"], "nonce_used")

    def test_a_fresh_node_catches_up(self):
        with Network() as network:
            nodes = network.mesh(2)
            nodes[0].ask({"type": "mine_block", "count": 2000})
            fresh = network.mesh(1, "--peer", f"127.0.0.1:{nodes[0].port}")[0]
            self.assertTrue(fresh.wait(height=2000))
            self.assertEqual(fresh.status()["tip"], nodes[0].status()["tip"])


if __name__ == "__main__":
    unittest.main()
