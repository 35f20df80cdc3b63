#!/usr/bin/env python3
"""Reads of one block over HTTP with wrk, beside RESTinio alone with a body of the same size; and
what they cost a node that syncs from another at the same time. By hand, on a quiet machine.

    tests/bench/http_bench.py [--build build/release] [--seconds 10] [--transfers 400000]

Fails when reads are slower than the goal, or slow a sync down by more than the goal.
"""

import argparse
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "functional"))

GOAL_RATE = 25_000
GOAL_P99_MS = 10
GOAL_SLOWDOWN_PERCENT = 10
CONNECTIONS = 32
PAIRS = 3


def wrk(url, seconds):
    """A running wrk."""
    return subprocess.Popen(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", "--latency", url],
                            stdout=subprocess.PIPE, text=True)


def measure(url, seconds):
    """Requests a second, and the 99th percentile of the latency in milliseconds."""
    with wrk(url, seconds) as running:
        return read(running)


def read(running):
    text = running.communicate()[0]
    if running.returncode != 0 or "Non-2xx" in text:
        raise SystemExit(text)
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", text).groups()
    scale = {"us": 0.001, "ms": 1, "s": 1000}[unit]
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1)), float(number) * scale


def measure_reads(network, options):
    """Rates and latencies of RESTinio alone, of a node and of its metrics, in one run."""
    import network as nodes

    port, http, reference_port = nodes.free_ports(3)
    node = network.node(port, "--http", str(http))
    node.start()
    node.ask({"type": "mine_block", "count": 1000})
    url = f"http://127.0.0.1:{http}/api/v1/block/500"
    size = len(urllib.request.urlopen(url, timeout=10).read())
    reference = subprocess.Popen([pathlib.Path(options.build) / "tests/bench/http_reference",
                                  str(reference_port), str(size)])
    try:
        measure(url, 1)
        bare = measure(f"http://127.0.0.1:{reference_port}/", options.seconds)
        own = measure(url, options.seconds)
        scrapes = measure(f"http://127.0.0.1:{http}/metrics", options.seconds)
    finally:
        reference.kill()
        reference.wait()
    return size, bare, own, scrapes


def sync(network, options, is_loaded):
    """Seconds that a fresh node takes for all blocks of another, and what readers of it got."""
    import network as nodes

    source_port, port, http = nodes.free_ports(3)
    source = network.node(source_port)
    source.directory.mkdir(parents=True)
    maker = pathlib.Path(options.build) / "tests/bench/make_chain"
    height = int(subprocess.run([maker, source.directory / "dev", "transfers",
                                 str(options.transfers)], check=True, capture_output=True).stdout)
    source.start()
    fresh = network.node(port, "--http", str(http))
    fresh.start()
    load = wrk(f"http://127.0.0.1:{http}/api/v1/block/0", 600) if is_loaded else None
    began = time.monotonic()
    fresh.ask({"type": "add_peer", "address": f"127.0.0.1:{source_port}"})
    while not fresh.wait(height=height):
        pass
    seconds = time.monotonic() - began
    rate = 0.0
    if load:
        load.send_signal(2)
        rate = read(load)[0]
    fresh.stop()
    source.stop()
    return seconds, rate


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--transfers", type=int, default=400_000)
    options = parser.parse_args()
    os.environ["CAIRN_BINARY"] = str(pathlib.Path(options.build) / "cairn")
    import network as nodes

    with nodes.Network() as network:
        size, (bare, bare_p99), (rate, p99), (scrapes, scrape_p99) = measure_reads(network, options)
        print(f"restinio   {bare:9.0f} requests/s  p99 {bare_p99:6.2f} ms  ({size} bytes)")
        print(f"block/500  {rate:9.0f} requests/s  p99 {p99:6.2f} ms  ratio {rate / bare:.2f}")
        print(f"metrics    {scrapes:9.0f} requests/s  p99 {scrape_p99:6.2f} ms  "
              f"{1000 / scrapes:.3f} ms a scrape")
        print(f"goal       {GOAL_RATE:9d} requests/s  p99 {GOAL_P99_MS:6.2f} ms")
        slowdowns = []
        for _ in range(PAIRS):
            alone, _ = sync(network, options, is_loaded=False)
            loaded, rate_beside = sync(network, options, is_loaded=True)
            slowdowns.append(100 * (loaded / alone - 1))
            print(f"sync       {alone:.2f} s alone, {loaded:.2f} s beside {rate_beside:.0f} "
                  f"requests/s: {slowdowns[-1]:+.0f} %")
    slowdown = statistics.median(slowdowns)
    print(f"goal       at most {GOAL_SLOWDOWN_PERCENT:+d} %; median {slowdown:+.0f} %")
    if rate < GOAL_RATE or p99 > GOAL_P99_MS or slowdown > GOAL_SLOWDOWN_PERCENT:
        raise SystemExit("a goal is missed")


if __name__ == "__main__":
    main()
