"""`scripts/testnet.sh` as a newcomer uses it: what it prints is there."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest
import urllib.request

from network import Client, free_ports, reserve

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "testnet.sh"
NODES = 4
HTTP_PORT_OFFSET = 3000


def free_base_port():
    """The first of as many neighbouring ports as the network takes, those for HTTP included."""
    while True:
        base = free_ports(1)[0]
        # Right before the first node is a tracker.
        wanted = [base + node for node in range(-1, NODES) if node != 0]
        # Right before the doors of the nodes is that of the gateway.
        wanted += [base + HTTP_PORT_OFFSET + node for node in range(-1, NODES)]
        if all(reserve(port) for port in wanted):
            return base


class Testnet(unittest.TestCase):
    def run_script(self, *arguments, status):
        run = subprocess.run([SCRIPT, *arguments], capture_output=True, text=True, timeout=300,
                             env={**os.environ, "CAIRN_TESTNET_DIR": self.folder}, check=False)
        self.assertEqual(run.returncode, status, run.stdout + run.stderr)
        return run

    def script(self, *arguments):
        return self.run_script(*arguments, status=0).stdout

    def refused(self, *arguments):
        return self.run_script(*arguments, status=1).stderr

    def test_mistakes_are_told_in_a_sentence(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="cairn-testnet-"))
        self.assertEqual(self.refused("up", "-n"), "testnet: -n needs a value\n")
        self.assertEqual(self.refused("up", "--mine", "x"),
                         "testnet: --mine takes a whole number from 0 to 999, not 'x'\n")
        for number in ("x", "0", "-1", "1000", "", "4 5"):
            self.assertEqual(self.refused("up", "-n", number),
                             f"testnet: -n takes a whole number from 1 to 999, not '{number}'\n")
        self.assertIn("--base-port takes", self.refused("up", "--base-port", "65000"))

    def test_up_prints_explorers_that_work(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="cairn-testnet-"))
        self.addCleanup(self.script, "down")
        base_port = free_base_port()
        said = self.script("up", "-n", str(NODES), "--base-port", str(base_port))
        self.assertRegex(said, rf"{NODES}/{NODES} nodes in sync at height \d+")
        self.assertRegex(said, r"transaction [0-9a-f]{64} confirmed on all nodes")
        *explorers, side_by_side = re.findall(r"http://127\.0\.0\.1:\d+/", said)
        self.assertEqual(len(explorers), NODES)
        for link in explorers:
            with urllib.request.urlopen(link, timeout=60) as page:
                self.assertIn(b"<title>Cairn explorer</title>", page.read())
        with urllib.request.urlopen(side_by_side, timeout=60) as page:
            self.assertIn(b"<title>Cairn network</title>", page.read())
        for node in range(NODES):
            status = f"{side_by_side}node/{base_port + node}/api/v1/status"
            with urllib.request.urlopen(status, timeout=60) as reply:
                self.assertGreater(json.load(reply)["height"], 0)
        self.script("kill", "2")
        # Neither the process that was nor one that has its number now.
        self.assertRegex(self.run_script("status", status=1).stdout, r"\nnode2 +\d+ +- +- ")

    def test_up_with_a_tracker(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="cairn-testnet-"))
        self.addCleanup(self.script, "down")
        base_port = free_base_port()
        said = self.script("up", "--tracker", "-n", str(NODES), "--base-port", str(base_port))
        self.assertRegex(said, rf"{NODES}/{NODES} nodes in sync at height \d+")
        self.assertRegex(said, r"transaction [0-9a-f]{64} confirmed on all nodes")
        # They know nobody but the tracker, and it knows them all.
        for arguments in pathlib.Path(self.folder).glob("node*/arguments"):
            self.assertNotIn("--bootstrap", arguments.read_text(encoding="utf-8"))
        with Client(base_port - 1) as client:
            listed = client.ask("nodes")["nodes"]
        self.assertEqual(set(listed), {f"127.0.0.1:{base_port + node}" for node in range(NODES)})


if __name__ == "__main__":
    unittest.main()
