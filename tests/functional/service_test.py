#!/usr/bin/env python3
"""What a service manager sees of a node: its notices, and a log that it can take away."""

import contextlib
import json
import os
import pathlib
import re
import resource
import signal
import socket
import subprocess
import tempfile
import unittest
import urllib.request

from network import BINARY, SECONDS_MAX, Network, free_ports, moment, wait_until

# Of HTTP, at once (spec 12).
CONNECTIONS_MAX = 100


class Manager:
    """The service manager's end of the socket; `address` is what NOTIFY_SOCKET says."""

    def __init__(self, name):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.settimeout(SECONDS_MAX)
        self.socket.bind(name)
        self.address = name.replace("\0", "@")

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.socket.close()

    def notice(self):
        """The next notice, as a dictionary."""
        lines = self.socket.recv(4096).decode().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def notice_with(self, name):
        while name not in (notice := self.notice()):
            pass
        return notice


class OpenFiles(unittest.TestCase):
    """How many files a node with HTTP may open, and what it does when that is too few."""

    def run_with(self, network, files):
        """A process that may open so many files, and the first words that matter."""
        port, = free_ports(1)
        process = subprocess.Popen(
            [BINARY, "node", str(port), "--http", "0", "--datadir", network.folder / str(files)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files)))
        network.callback(process.stdout.close)
        network.callback(process.kill)
        told = next(line for line in process.stdout if line.startswith(("ready", "cairn:")))
        return process, told

    def test_too_few_are_told_at_the_start(self):
        with Network() as network:
            process, told = self.run_with(network, 100)
            self.assertEqual(process.wait(SECONDS_MAX), 78)
            needed = int(re.search(r"may need (\d+) open files", told).group(1))
            process, told = self.run_with(network, needed - 1)
            self.assertEqual(process.wait(SECONDS_MAX), 78)
            self.assertIn(f"the system allows {needed - 1}", told)
            process, told = self.run_with(network, needed)
            self.assertTrue(told.startswith("ready"), told)
            http = int(re.search(r"http=(\d+)", told).group(1))
            # As many as HTTP takes, and more.
            with contextlib.ExitStack() as clients:
                for _ in range(2 * CONNECTIONS_MAX):
                    clients.enter_context(socket.create_connection(("127.0.0.1", http)))
            with urllib.request.urlopen(f"http://127.0.0.1:{http}/healthz", timeout=60) as reply:
                self.assertEqual(json.load(reply), {"alive": True})
            process.terminate()
            self.assertEqual(process.wait(SECONDS_MAX), 0)


class ServiceTest(unittest.TestCase):
    def setUp(self):
        self.network = self.enterContext(Network())

    def node(self):
        return self.network.node(*free_ports(1))

    def check_notices(self, name):
        manager = self.enterContext(Manager(name))
        node = self.node()
        node.start(NOTIFY_SOCKET=manager.address)
        first = manager.notice()
        self.assertEqual(first["STATUS"], "opening the chain")
        self.assertGreaterEqual(int(first["EXTEND_TIMEOUT_USEC"]), 60_000_000)

        ready = manager.notice()
        self.assertEqual(ready["READY"], "1")
        self.assertEqual(ready["STATUS"], "height 0, 0 peers, 0 pending")
        self.assertEqual(node.status()["height"], 0)

        node.ask({"type": "mine_block", "count": 3})
        while manager.notice()["STATUS"] != "height 3, 0 peers, 0 pending":
            pass
        self.assertEqual(node.stop(), 0)
        self.assertEqual(manager.notice_with("STOPPING")["STOPPING"], "1")

    def test_a_socket_with_a_path_is_told(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="cairn-notify-"))
        self.check_notices(str(pathlib.Path(folder) / "notify"))

    def test_a_socket_without_a_file_is_told(self):
        self.check_notices(f"\0cairn-notify-{os.getpid()}")

    def test_a_node_starts_without_a_listening_manager(self):
        for address in ("/nonexistent/notify", "notify", "@" + "n" * 200, ""):
            node = self.node()
            node.start(NOTIFY_SOCKET=address)
            self.assertEqual(node.stop(), 0)

    def test_hangup_opens_the_log_anew(self):
        node = self.node()
        node.start()
        log = node.directory / "node.log"
        taken = node.directory / "node.log.1"
        log.rename(taken)
        node.process.send_signal(signal.SIGHUP)
        self.assertIsNotNone(wait_until(log.exists, SECONDS_MAX, lambda: moment(node)))
        before = taken.read_bytes()
        self.assertEqual(node.stop(), 0)
        self.assertEqual(taken.read_bytes(), before)
        self.assertIn("stopped", log.read_text())


if __name__ == "__main__":
    unittest.main()
