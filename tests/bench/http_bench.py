"""Reads a second of one block over HTTP with wrk, beside those of the smallest reply that the same
server gives: python3 tests/bench/http_bench.py [SECONDS]. By hand, on a quiet machine."""

import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "functional"))

from network import Network, free_ports  # noqa: E402

GOAL_RATE = 25_000
GOAL_P99_MS = 10
CONNECTIONS = 32


def measure(url, seconds):
    """Requests a second, and the 99th percentile of the latency in milliseconds."""
    text = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", "--latency", url],
        capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in text, text
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", text).groups()
    scale = {"us": 0.001, "ms": 1, "s": 1000}[unit]
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1)), float(number) * scale


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with Network() as network:
        port, http = free_ports(2)
        node = network.node(port, "--http", str(http))
        node.start()
        node.ask({"type": "mine_block", "count": 1000})
        base = f"http://127.0.0.1:{http}"
        measure(f"{base}/healthz", 1)
        bare, bare_p99 = measure(f"{base}/healthz", seconds)
        rate, p99 = measure(f"{base}/api/v1/block/500", seconds)
    print(f"healthz    {bare:9.0f} requests/s  p99 {bare_p99:6.2f} ms")
    print(f"block/500  {rate:9.0f} requests/s  p99 {p99:6.2f} ms  ratio {rate / bare:.2f}")
    print(f"goal       {GOAL_RATE:9d} requests/s  p99 {GOAL_P99_MS:6.2f} ms")


if __name__ == "__main__":
    main()
