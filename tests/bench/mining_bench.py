#!/usr/bin/env python3
"""How much of the bare search a mining node keeps, per thread.

A node mines on a chain whose target nobody meets; its own count of hashes is held against the loop
over the best kernel, measured before and after in the same run. Standard library only.

    tests/bench/mining_bench.py [--build build/release] [--threads 1]
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "functional"))

SPEC = {
    "name": "hard", "prefix": "hrd",
    "engine": {"kind": "proof_of_work", "block_interval_ms": 15000, "retarget": True,
               "target_limit": "0f00ffff"},
    "rewards": {"subsidy": 0, "halving_interval": 0},
    "limits": {"block_bytes": 2000000, "transaction_bytes": 131072},
    "balances": [], "time": 1793491200000, "message": "", "development": True,
}


def bare_rate(build):
    """Hashes a second of the best kernel in a loop."""
    output = subprocess.run(
        [str(pathlib.Path(build) / "tests/bench/bench_search"), "--benchmark_format=json",
         "--benchmark_min_time=1"],
        check=True, capture_output=True,
    ).stdout
    rates = [run["hashes"] for run in json.loads(output)["benchmarks"]
             if "hashes" in run]
    return max(rates)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    os.environ["CAIRN_BINARY"] = str(pathlib.Path(options.build) / "cairn")
    import network

    before = bare_rate(options.build)
    with network.Network() as running:
        spec = running.folder / "hard.json"
        spec.write_text(json.dumps(SPEC))
        node = running.node(network.free_ports(1)[0], "--chain", str(spec),
                            f"--mine={options.threads}")
        node.start()
        node.ask({"type": "wait", "height": 1, "timeout_ms": 12_000})
        rate = node.status()["hashrate"] / options.threads
    bare = (before + bare_rate(options.build)) / 2
    print(f"mining: {rate / 1e6:.1f} MH/s a thread, {100 * rate / bare:.0f} % of the bare loop's "
          f"{bare / 1e6:.1f} MH/s ({options.threads} threads)")


if __name__ == "__main__":
    main()
