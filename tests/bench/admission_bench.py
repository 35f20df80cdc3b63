#!/usr/bin/env python3
"""How fast a node admits transactions from one client that pipelines, against the signature limit.

Two real processes over loopback; the limit is a bare loop of verifications on one core, measured
before and after in the same run. Prints the memory that the pending ones take as well.

    tests/bench/admission_bench.py [--build build/release] [--transfers 100000]
"""

import argparse
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "functional"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--transfers", type=int, default=100_000)
    options = parser.parse_args()
    os.environ["CAIRN_BINARY"] = str(pathlib.Path(options.build) / "cairn")
    import network

    programs = pathlib.Path(options.build) / "tests/bench"
    with network.Network() as running:
        node = running.node(network.free_ports(1)[0])
        node.directory.mkdir(parents=True)
        subprocess.run([programs / "make_chain", node.directory / "dev", "transfers", "0"],
                       check=True, capture_output=True)
        node.start()
        before = node.memory_kib()
        output = subprocess.run([programs / "push_transactions", str(node.port),
                                 str(options.transfers)],
                                check=True, stdout=subprocess.PIPE).stdout
        rate, limit = (int(word) for word in output.split())
        print(f"admission: {rate} transactions/s, {100 * rate / limit:.0f} % of the limit of "
              f"{limit} verifications/s on one core")
        pool = node.ask("mempool count=0")
        grown = (node.memory_kib() - before) / 1024
        print(f"memory: {pool['size']} pending count {pool['bytes'] / 1e6:.0f} MB; "
              f"the process grew by {grown * 1.048576:.0f} MB")


if __name__ == "__main__":
    main()
