"""A real `cairn gateway` process, and curl to ask it."""

import json
import subprocess

from network import BINARY
from refusals import check_refusals


def curl(url, *arguments):
    """The status of a reply, and its body; JSON comes parsed, its errors checked."""
    told = subprocess.run(
        ["curl", "-s", "--max-time", "60", "-w", "\n%{http_code} %{content_type}", *arguments, url],
        capture_output=True, timeout=90, check=True)
    body, _, last = told.stdout.decode().rpartition("\n")
    status, _, kind = last.partition(" ")
    is_json = kind == "application/json" and "-I" not in arguments
    reply = json.loads(body) if is_json and body else body
    check_refusals(reply)
    return int(status), reply


class Gateway:
    """A gateway process before `ports`."""

    def __init__(self, network, ports, *arguments):
        self.process = subprocess.Popen(
            [BINARY, "gateway", "--http", "0", "--nodes", ",".join(map(str, ports)), *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        network.callback(self.end)
        self.ready = self.process.stdout.readline().decode()
        assert self.ready.startswith("ready role=gateway"), self.ready
        self.port = int(self.ready.split("http=")[1].split()[0])
        self.base = f"http://127.0.0.1:{self.port}"

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(60)
        self.process.stdout.close()

    def ask(self, target, *arguments):
        return curl(self.base + target, *arguments)
