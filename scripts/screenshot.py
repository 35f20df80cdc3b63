#!/usr/bin/python3
"""Makes the picture of the explorer that README shows, from a network that it starts itself.

    scripts/screenshot.py [OUTPUT]       default: scripts/images/explorer.png

Needs the release build, and what scripts/setup.sh --dev installs.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
OUTPUT = ROOT / "scripts" / "images" / "explorer.png"
BLOCKS = 12
TRANSFERS = 5

os.environ.setdefault("CAIRN_BINARY", str(ROOT / "build" / "release" / "cairn"))
sys.path.insert(0, str(ROOT / "tests" / "functional"))

from browser import Browser  # noqa: E402
from network import BINARY, Network, free_ports  # noqa: E402


def send(node, amount):
    """A transfer between two development accounts."""
    with tempfile.TemporaryDirectory() as wallets:
        subprocess.run([BINARY, "send", "--from", "dev0", "--to", "dev1", "--amount", str(amount),
                        "--node", f"127.0.0.1:{node.port}"], check=True, capture_output=True,
                       env={**os.environ, "CAIRN_WALLET_DIR": wallets})


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", nargs="?", type=pathlib.Path, default=OUTPUT)
    output = parser.parse_args().output
    with Network() as network, Browser() as browser:
        ports = free_ports(3)
        http = free_ports(1)[0]
        first = network.node(ports[0], "--http", str(http))
        first.start()
        for port in ports[1:]:
            network.node(port, "--peer", f"127.0.0.1:{ports[0]}").start()
        first.ask({"type": "mine_block", "count": BLOCKS})
        for number in range(TRANSFERS):
            send(first, 1.5 + number)
            if number % 2:
                first.ask({"type": "mine_block"})
        height = first.status()["height"]
        browser.prefer("light")
        browser.open(f"http://127.0.0.1:{http}/")
        browser.wait_for_text("#live", f"Height {height}, ")
        browser.wait_for_text("#live", "2 peers")
        browser.wait_for_text("main .tiles", str(height))
        output.parent.mkdir(parents=True, exist_ok=True)
        browser.picture(output)
    print(f"wrote {output}")


if __name__ == "__main__":
    main()
