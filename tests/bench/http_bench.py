#!/usr/bin/env python3
"""Reads of one block over HTTP with wrk, beside RESTinio alone with a body of the same size; and
what they cost a node that syncs from another at the same time. By hand, on a quiet machine.

    tests/bench/http_bench.py [--build build/release] [--seconds 10] [--transfers 100000]
                              [--line-kib 512]

Three syncs are measured. One comes over a line of `--line-kib` KiB/s, slower than the machine,
which leaves both reads and sync all they need. The others come as fast as the node can check them.
A node with `--workers` one less than there are cores keeps the last for those who read. One with a
worker a core, as nodes are by default, has none left, so that reads must wait: what its sync would
leave them if the goal's delay were all theirs is told beside what the goal of reads takes, of ours
and of RESTinio alone; where even that is more, no node could do both.

The clients stay on one core. Those of a node elsewhere take none of its cores; here they share
one with the thread that serves them. Left free, they are moved now and then onto the core that
checks the blocks, and what they take there counts as the sync's loss.

Fails when reads are slower than the goal, alone, beside the line or with a core of their own, or
slow a sync down by more than the goal.
"""

import argparse
import dataclasses
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "functional"))

GOAL_RATE = 25_000
GOAL_P99_MS = 10
GOAL_SLOWDOWN_PERCENT = 10
CONNECTIONS = 32
CLIENT_CORE = min(os.sched_getaffinity(0))
PLAIN_BLOCKS = 1_000
READ = "api/v1/block/500"
PAIRS = 9


def wrk(url, seconds):
    """A running wrk, on the clients' core."""
    return subprocess.Popen(["taskset", "-c", str(CLIENT_CORE), "wrk", "-t1", f"-c{CONNECTIONS}",
                             f"-d{seconds}", "--latency", url],
                            stdout=subprocess.PIPE, text=True)


@dataclasses.dataclass
class Reads:
    """Requests a second, the 99th percentile of their latency in milliseconds, and what one takes
    of a core, its client's share included."""

    rate: float
    p99: float
    core_seconds: float


def measure(url, server, seconds):
    """What the process `server` serves to wrk."""
    began = cpu_seconds(server) + cpu_seconds_of_clients()
    with wrk(url, seconds) as running:
        rate, p99 = read(running)
    taken = cpu_seconds(server) + cpu_seconds_of_clients() - began
    return Reads(rate, p99, taken / (rate * seconds))


def read(running):
    text = running.communicate()[0]
    if running.returncode != 0 or "Non-2xx" in text:
        raise SystemExit(text)
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", text).groups()
    scale = {"us": 0.001, "ms": 1, "s": 1000}[unit]
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1)), float(number) * scale


def measure_reads(network, options):
    """The size of a body; reads of RESTinio alone, of a node and of its metrics, in one run."""
    import network as nodes

    port, http, reference_port = nodes.free_ports(3)
    node = network.node(port, "--http", str(http))
    node.start()
    node.ask({"type": "mine_block", "count": PLAIN_BLOCKS})
    url = f"http://127.0.0.1:{http}/{READ}"
    size = len(urllib.request.urlopen(url, timeout=10).read())
    reference = subprocess.Popen([pathlib.Path(options.build) / "tests/bench/http_reference",
                                  str(reference_port), str(size)])
    try:
        measure(url, node.process, 1)
        bare = measure(f"http://127.0.0.1:{reference_port}/", reference, options.seconds)
        own = measure(url, node.process, options.seconds)
        scrapes = measure(f"http://127.0.0.1:{http}/metrics", node.process, options.seconds)
    finally:
        reference.kill()
        reference.wait()
    return size, bare, own, scrapes


def cpu_seconds(process):
    """What a running process has taken of all cores so far."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cpu_seconds_of_clients():
    """The same of all processes that have ended: in turn, each wrk."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


@dataclasses.dataclass
class Sync:
    """What a sync took, of both nodes' cores as well, and what readers beside it got."""

    seconds: float
    cores: float
    rate: float = 0.0
    p99: float = 0.0


class Line:
    """A line to `port` on which answers come at `rate` bytes a second."""

    def __init__(self, port, rate):
        self.port = port
        self.rate = rate
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            near, _ = self.listener.accept()
            far = socket.create_connection(("127.0.0.1", self.port))
            for source, target, rate in (near, far, None), (far, near, self.rate):
                threading.Thread(target=carry, args=(source, target, rate), daemon=True).start()

    @property
    def address(self):
        return f"127.0.0.1:{self.listener.getsockname()[1]}"


def carry(source, target, rate):
    """Hands on what comes, at `rate` bytes a second if that is not None."""
    free_at = time.monotonic()
    while chunk := source.recv(4096):
        if rate:
            free_at = max(free_at, time.monotonic()) + len(chunk) / rate
            time.sleep(max(0, free_at - time.monotonic()))  # style: allow sleep: a line's speed
        target.sendall(chunk)


@dataclasses.dataclass
class Course:
    """A kind of sync: how many transfers, over a line of how many bytes/s if not None, and how
    many threads check them; 0 stands for one a core."""

    name: str
    transfers: int
    line_rate: int | None = None
    workers: int = 0


def sync(network, options, course, is_loaded):
    """A node that has the plain blocks alone takes the rest of another."""
    import network as nodes

    def make(node, *what):
        maker = pathlib.Path(options.build) / "tests/bench/make_chain"
        made = subprocess.run([maker, node.directory / "dev", *map(str, what)], check=True,
                              capture_output=True)
        return int(made.stdout)

    source_port, port, http = nodes.free_ports(3)
    source = network.node(source_port)
    fresh = network.node(port, "--http", str(http), "--workers", str(course.workers))
    for node in source, fresh:
        node.directory.mkdir(parents=True)
        make(node, "empty", PLAIN_BLOCKS)
    height = make(source, "transfers", course.transfers)
    source.start()
    fresh.start()
    load = wrk(f"http://127.0.0.1:{http}/{READ}", 600) if is_loaded else None
    processes = source.process, fresh.process
    began, taken = time.monotonic(), sum(map(cpu_seconds, processes))
    address = f"127.0.0.1:{source_port}"
    if course.line_rate:
        address = Line(source_port, course.line_rate).address
    fresh.ask({"type": "add_peer", "address": address})
    while not fresh.wait(height=height):
        pass
    seconds = time.monotonic() - began
    done = Sync(seconds, (sum(map(cpu_seconds, processes)) - taken) / seconds)
    if load:
        load.send_signal(signal.SIGINT)
        done.rate, done.p99 = read(load)
    fresh.stop()
    source.stop()
    return done


@dataclasses.dataclass
class Beside:
    """Medians of pairs of syncs, alone and beside readers: by how many percent they differ, what
    a sync alone takes of the cores, and what readers get."""

    slowed: float
    cores: float
    rate: float
    p99: float


def measure_syncs(network, options, course):
    name, pairs = course.name, []
    for _ in range(PAIRS):
        alone, loaded = (sync(network, options, course, is_loaded) for is_loaded in (False, True))
        pairs.append((alone, loaded))
        print(f"{name:10} {alone.seconds:6.2f} s and {alone.cores:.2f} cores alone, "
              f"{loaded.seconds:6.2f} s beside {loaded.rate:.0f} requests/s, "
              f"p99 {loaded.p99:.2f} ms")
    alone, loaded = zip(*pairs)

    def median(syncs, field):
        return statistics.median(getattr(one, field) for one in syncs)

    before, after = median(alone, "seconds"), median(loaded, "seconds")
    beside = Beside(100 * (after / before - 1), median(alone, "cores"), median(loaded, "rate"),
                    median(loaded, "p99"))
    print(f"{name:10} medians {before:6.2f} s and {after:6.2f} s: {beside.slowed:+.0f} %; goal at "
          f"most {GOAL_SLOWDOWN_PERCENT:+d} %; "
          f"{beside.rate:.0f} requests/s, p99 {beside.p99:.2f} ms")
    return beside


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--transfers", type=int, default=100_000)
    parser.add_argument("--line-kib", type=int, default=512)
    options = parser.parse_args()
    os.environ["CAIRN_BINARY"] = str(pathlib.Path(options.build) / "cairn")
    import network as nodes

    if not shutil.which("wrk"):
        raise SystemExit("wrk is not installed: scripts/setup.sh --dev installs it")
    with nodes.Network() as network:
        size, bare, own, scrapes = measure_reads(network, options)
        for name, reads, more in (
                ("restinio", bare, f"{size} bytes"),
                ("block/500", own, f"ratio {own.rate / bare.rate:.2f}"),
                ("metrics", scrapes, f"{1000 / scrapes.rate:.3f} ms a scrape")):
            print(f"{name:10} {reads.rate:9.0f} requests/s  p99 {reads.p99:6.2f} ms  "
                  f"{1e6 * reads.core_seconds:5.1f} us of a core with the client's  {more}")
        print(f"{'goal':10} {GOAL_RATE:9d} requests/s  p99 {GOAL_P99_MS:6.2f} ms")
        line, spared, full = (measure_syncs(network, options, course) for course in (
            Course("line", options.transfers // 5, line_rate=options.line_kib * 1024),
            Course("own core", options.transfers, workers=max(1, os.cpu_count() - 1)),
            Course("all cores", options.transfers)))
    left = os.cpu_count() - full.cores / (1 + GOAL_SLOWDOWN_PERCENT / 100)
    print(f"Of {os.cpu_count()} cores a sync on all of them takes {full.cores:.2f}, would leave "
          f"{left:.2f} if it were slowed by {GOAL_SLOWDOWN_PERCENT} %. The goal of reads takes "
          f"{GOAL_RATE * own.core_seconds:.2f} with its clients, and of RESTinio alone "
          f"{GOAL_RATE * bare.core_seconds:.2f}")
    if min(one.rate for one in (own, line, spared)) < GOAL_RATE or \
            max(one.p99 for one in (own, line, spared)) > GOAL_P99_MS or \
            max(one.slowed for one in (line, spared, full)) > GOAL_SLOWDOWN_PERCENT:
        raise SystemExit("a goal is missed")


if __name__ == "__main__":
    main()
