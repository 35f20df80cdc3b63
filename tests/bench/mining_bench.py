#!/usr/bin/env python3
"""How much of the bare search a mining node keeps, per thread, and how fast it changes tips.

A node mines on a chain whose target nobody meets; its own count of hashes is held against the loop
over the best kernel, measured before and after in the same run. Then two nodes mine against each
other, and each tells how long after a block of the other its workers still searched on the old tip;
more than 100 ms is a failure. Standard library only.

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


RESTARTS = 40
RESTART_MS_MAX = 100


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


def restarts(network, threads):
    """Milliseconds from a new tip to the end of the last search on the old one, for each block."""
    easy = {**SPEC, "name": "easy", "engine": {**SPEC["engine"], "target_limit": "1e01ffff"}}
    with network.Network() as running:
        spec = running.folder / "easy.json"
        spec.write_text(json.dumps(easy))
        nodes = running.mesh(2, "--chain", str(spec), f"--mine={threads}", "--log-format", "json",
                             "--log-level", "debug")
        for node in nodes:
            assert node.wait(height=RESTARTS)
        for node in nodes:
            node.stop()
        lines = [line for node in nodes for line in node.output.read_text().splitlines()]
    events = [json.loads(line) for line in lines if '"search restarted"' in line]
    return sorted(int(event["after_us"]) / 1000 for event in events)


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
    times = restarts(network, options.threads)
    print(f"a new tip restarts the search after {times[len(times) // 2]:.1f} ms in the median, "
          f"{times[-1]:.1f} ms at most, over {len(times)} blocks")
    sys.exit(0 if times[-1] <= RESTART_MS_MAX else 1)


if __name__ == "__main__":
    main()
