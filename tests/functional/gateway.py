"""A real `cairn gateway` process, and curl to ask it."""

import json
import subprocess

from network import BINARY


def curl(url, *arguments):
    """The status of a reply, and its body; JSON comes parsed."""
    told = subprocess.run(
        ["curl", "-s", "--max-time", "60", "-w", "\n%{http_code} %{content_type}", *arguments, url],
        capture_output=True, timeout=90, check=True)
    body, _, last = told.stdout.decode().rpartition("\n")
    status, _, kind = last.partition(" ")
    is_json = kind == "application/json" and "-I" not in arguments
    return int(status), json.loads(body) if is_json else body


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
