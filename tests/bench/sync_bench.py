#!/usr/bin/env python3
"""How fast a fresh node syncs from one peer over loopback, against the signature limit.

Two real processes; the chains are made first, the limit is measured in the same run by a bare loop
of verifications on all cores. Prints one line a figure. Standard library only.

    tests/bench/sync_bench.py [--build build/release] [--transfers 300000] [--blocks 20000]
"""

import argparse
import os
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "functional"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--transfers", type=int, default=300_000)
    parser.add_argument("--blocks", type=int, default=20_000)
    options = parser.parse_args()
    os.environ["CAIRN_BINARY"] = str(pathlib.Path(options.build) / "cairn")
    import network

    maker = str(pathlib.Path(options.build) / "tests/bench/make_chain")

    def make(*arguments):
        return int(subprocess.run([maker, *map(str, arguments)], check=True, capture_output=True)
                   .stdout)

    def sync(kind, count):
        """Seconds from the fresh node's ready line to its last block, and its peak memory in MB."""
        with network.Network() as running:
            ports = network.free_ports(2)
            source = running.node(ports[0])
            source.directory.mkdir(parents=True)
            height = make(source.directory / "dev", kind, count)
            source.start()
            fresh = running.node(ports[1], "--peer", f"127.0.0.1:{ports[0]}")
            fresh.start()
            began = time.monotonic()
            while not fresh.wait(height=height):
                pass
            seconds = time.monotonic() - began
            if fresh.status()["tip"] != source.status()["tip"]:
                raise SystemExit("the nodes do not agree")
            return seconds, fresh.memory_kib("VmHWM:") / 1024

    seconds, memory = sync("empty", options.blocks)
    print(f"sync_empty_blocks: {options.blocks / seconds:.0f} blocks/s "
          f"({options.blocks} blocks in {seconds:.2f} s, peak {memory:.0f} MB)")
    before = make("-", "verify", 3)
    seconds, memory = sync("transfers", options.transfers)
    after = make("-", "verify", 3)
    limit = (before + after) / 2
    rate = options.transfers / seconds
    print(f"sync_transfers: {rate:.0f} transfers/s, {100 * rate / limit:.0f} % of the limit of "
          f"{limit:.0f} verifications/s "
          f"({options.transfers} in {seconds:.2f} s, peak {memory:.0f} MB)")


if __name__ == "__main__":
    main()
