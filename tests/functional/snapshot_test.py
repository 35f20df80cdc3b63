"""Each answer over HTTP is one that a single tip gives: clients ask for balances while the chain is
reorganised under them, and every answer is held against a replay of all branches."""

import collections
import json
import os
import socket
import subprocess
import tempfile
import threading
import unittest

from network import Network, free_ports
from replay import Ledger, account_of

CLIENTS = 10
REQUESTS = 100_000
# Beyond them the nodes stop to part and the clients finish alone.
ROUNDS_MAX = 200
PIPELINE = 20
CONFIRMATIONS = (1, 2, 3)


class Asker(threading.Thread):
    """One client with a connection of its own, that asks for one account after the other."""

    def __init__(self, port, addresses, count):
        super().__init__()
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.questions = [(address, depth) for address in addresses for depth in CONFIRMATIONS]
        self.count = count
        # How often each (address, confirmations, balance, nonce, tip) was answered.
        self.answers = collections.Counter()
        self.error = None

    def run(self):
        try:
            with self.socket, self.socket.makefile("rb") as stream:
                for first in range(0, self.count, PIPELINE):
                    asked = [self.questions[number % len(self.questions)]
                             for number in range(first, first + PIPELINE)]
                    self.socket.sendall(b"".join(self.request(*each) for each in asked))
                    for each in asked:
                        reply = self.read(stream)
                        self.answers[(*each, reply["balance"], reply["nonce"], reply["tip"])] += 1
        except (OSError, ValueError, KeyError) as error:
            self.error = error

    @staticmethod
    def request(address, depth):
        return (f"GET /api/v1/balance/{address}?confirmations={depth} HTTP/1.1\r\n"
                "Host: localhost\r\n\r\n").encode()

    @staticmethod
    def read(stream):
        status = stream.readline()
        length = 0
        while (line := stream.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        body = json.loads(stream.read(length))
        if b" 200 " not in status:
            raise ValueError(f"{status} {body}")
        return body


class Snapshots(unittest.TestCase):
    def setUp(self):
        self.network = self.enterContext(Network())
        # Blocks by their hash.
        self.known = {}
        self.wallets = self.enterContext(tempfile.TemporaryDirectory())

    def cairn(self, *arguments):
        run = subprocess.run([os.environ["CAIRN_BINARY"], *arguments], capture_output=True,
                             text=True, timeout=60, check=False,
                             env={**os.environ, "CAIRN_WALLET_DIR": self.wallets})
        self.assertEqual(run.returncode, 0, run.stderr)
        return json.loads(run.stdout)

    def send(self, node, to, pebbles):
        self.cairn("send", "--json", "--from", "dev0", "--to", to, "--amount",
                   f"{pebbles / 1_000_000:.6f}", "--node", f"127.0.0.1:{node.port}")

    def link(self, one, other):
        one.ask({"type": "add_peer", "address": f"127.0.0.1:{other.port}"})

    def part(self, one, other):
        """Each forgets the other; dropped by one alone, the other would come back."""
        for node, peer in ((one, other), (other, one)):
            node.ask({"type": "drop_peer", "address": f"127.0.0.1:{peer.port}"})

    def branch(self, node, tip):
        """The blocks from genesis up to the one called `tip`, on whichever branch it is."""
        chain = []
        while not chain or chain[-1]["index"] > 0:
            if tip not in self.known:
                self.known[tip] = node.ask({"type": "get_block", "hash": tip})["block"]
            chain.append(self.known[tip])
            tip = chain[-1]["prev_hash"]
        return chain[::-1]

    def reorganise(self, node, rival, amount):
        """Two branches with other payments, of which the rival's is longer; then one of them. All
        blocks that were mined, and whether `node` left one of its own."""
        self.send(node, "dev1", amount)
        self.send(rival, "dev2", amount + 1)
        short = 1 + amount % 2
        own = node.ask({"type": "mine_block", "count": short})["blocks"]
        others = rival.ask({"type": "mine_block", "count": short + 1})["blocks"]
        self.link(node, rival)
        self.assertTrue(node.wait(height=others[-1]["height"]))
        self.part(node, rival)
        left = node.ask({"type": "get_block", "hash": own[-1]["hash"]})["confirmations"] == 0
        # A link may come back while the nodes mine: each block tells of its own branch.
        mined = [(node, block["hash"]) for block in own]
        return mined + [(rival, block["hash"]) for block in others], left

    def test_no_answer_mixes_two_tips(self):
        ports = free_ports(3)
        coinbases = [self.cairn("wallet", "show", name, "--chain", "dev", "--json")["address"]
                     for name in ("dev3", "dev4")]
        node = self.network.node(ports[0], "--http", str(ports[2]), "--coinbase", coinbases[0])
        rival = self.network.node(ports[1], "--coinbase", coinbases[1])
        node.start()
        rival.start()
        addresses = coinbases + [
            self.cairn("wallet", "show", name, "--chain", "dev", "--json")["address"]
            for name in ("dev0", "dev1", "dev2")]
        clients = [Asker(ports[2], addresses, REQUESTS // CLIENTS) for _ in range(CLIENTS)]
        mined = [(node, node.status()["tip"])]
        for client in clients:
            client.start()
        rounds = reorganisations = 0
        while rounds < ROUNDS_MAX and any(client.is_alive() for client in clients):
            more, left = self.reorganise(node, rival, 1_000_000 + rounds)
            mined += more
            rounds += 1
            reorganisations += left
        for client in clients:
            client.join()
            self.assertIsNone(client.error)
        self.assertGreater(reorganisations, 3, "the chain was not reorganised meanwhile")

        given = sum((client.answers for client in clients), collections.Counter())
        self.assertEqual(sum(given.values()), REQUESTS)
        names = {account_of(one): one for one in addresses}
        expected = {tip: self.replay(self.branch(source, tip), names) for source, tip in mined}
        wrong = {(address, depth, *state, tip): count
                 for (address, depth, *state, tip), count in given.items()
                 if expected.get(tip, {}).get((address, depth)) != tuple(state)}
        self.assertEqual(wrong, {}, "their tips do not give this")
        tips = {tip for *_, tip in given}
        self.assertGreater(len(tips), 3, "one tip has answered all")
        print(f"{REQUESTS} answers, {len(given)} different ones of {len(tips)} tips, "
              f"{reorganisations} reorganisations")

    def replay(self, chain, names):
        """Balance and nonce by account and depth, where `chain` ends."""
        changes = Ledger(chain).changes
        state = {name: (0, 0) for name in names.values()}
        states = []
        for change in changes:
            state.update({names[account]: now for account, now in change.items()
                          if account in names})
            states.append(dict(state))
        return {(name, depth): states[-depth][name] if depth <= len(states) else (0, 0)
                for name in names.values() for depth in CONFIRMATIONS}


if __name__ == "__main__":
    unittest.main()
