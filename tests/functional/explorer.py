"""What tests of the explorer share: real nodes, a browser before them, and what a page shows."""

import json
import os
import subprocess
import tempfile
import unittest

from browser import Browser
from network import Network, free_ports


class Explorer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.network = Network()
        cls.browser = cls.network.enter_context(Browser())

    @classmethod
    def tearDownClass(cls):
        cls.network.close()

    def setUp(self):
        self.network_of_test = self.enterContext(Network())

    def node(self, *arguments):
        """A running node, and the address of its page."""
        port, http = free_ports(2)
        node = self.network_of_test.node(port, "--http", str(http), *arguments)
        node.start()
        return node, f"http://127.0.0.1:{http}/"

    def mine(self, node, count=1, **fields):
        return node.ask({"type": "mine_block", "count": count, **fields})["blocks"]

    def tearDown(self):
        self.assertEqual(self.browser.complaints(), [])

    def show(self, base, place, heading):
        """Opens a page of the explorer and waits until it stands there."""
        self.browser.open(f"{base}#/{place}")
        self.browser.wait_for_text("main h1", heading)

    def tile(self, name):
        """What a tile of the overview tells."""
        return self.browser.run(
            "return [...document.querySelectorAll('.tiles > div')].find((tile) =>"
            " tile.querySelector('dt').textContent === arguments[0])"
            "?.querySelector('dd').textContent ?? ''", name)

    def cairn(self, *arguments):
        binary = os.environ["CAIRN_BINARY"]
        with tempfile.TemporaryDirectory() as wallets:
            run = subprocess.run([binary, *arguments], capture_output=True, text=True, timeout=60,
                                 env={**os.environ, "CAIRN_WALLET_DIR": wallets}, check=False)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout

    def transfer(self, node):
        """The id of a transfer that waits in the node's mempool."""
        return json.loads(self.cairn(
            "send", "--json", "--from", "dev0", "--to", "dev1", "--amount", "1.5",
            "--node", f"127.0.0.1:{node.port}"))["transaction"]
