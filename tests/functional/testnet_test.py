"""`scripts/testnet.sh` as a newcomer uses it: what it prints is there."""

import os
import pathlib
import re
import socket
import subprocess
import tempfile
import unittest
import urllib.request

from network import free_ports

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "testnet.sh"
NODES = 4
HTTP_PORT_OFFSET = 3000


def free_base_port():
    """The first of as many neighbouring ports as the network takes, those for HTTP included."""
    while True:
        base = free_ports(1)[0]
        if base + HTTP_PORT_OFFSET + NODES > 65535:
            continue
        wanted = [base + offset + node for offset in (0, HTTP_PORT_OFFSET)
                  for node in range(NODES)]
        try:
            for port in wanted:
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return base


class Testnet(unittest.TestCase):
    def script(self, *arguments):
        run = subprocess.run([SCRIPT, *arguments], capture_output=True, text=True, timeout=300,
                             env={**os.environ, "CAIRN_TESTNET_DIR": self.folder}, check=False)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        return run.stdout

    def test_up_prints_explorers_that_work(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="cairn-testnet-"))
        self.addCleanup(self.script, "down")
        said = self.script("up", "-n", str(NODES), "--base-port", str(free_base_port()))
        self.assertRegex(said, rf"{NODES}/{NODES} nodes in sync at height \d+")
        self.assertRegex(said, r"transaction [0-9a-f]{64} confirmed on all nodes")
        links = re.findall(r"http://127\.0\.0\.1:\d+/", said)
        self.assertEqual(len(links), NODES)
        for link in links:
            with urllib.request.urlopen(link, timeout=60) as page:
                self.assertIn(b"<title>Cairn explorer</title>", page.read())


if __name__ == "__main__":
    unittest.main()
