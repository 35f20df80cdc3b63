"""Real `cairn node` processes on loopback, and a client of the text protocol, for functional tests.

Standard library only. Every wait is for an answer or an end of a process; `Deadline` bounds it.
"""

import contextlib
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time

BINARY = os.environ.get("CAIRN_BINARY", "build/release/cairn")
HEADER_BYTES = 10
SECONDS_MAX = 60.0


# None that the system gives to outgoing connections: one could take it while its node is away.
PORTS = range(20_000, 29_000)
_reservations = []


def reserve(port):
    """Whether nothing listens on `port`; it is then ours until this process ends."""
    reservation = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        # Nodes have no use for UDP: whoever holds the number there may use it for TCP.
        reservation.bind(("127.0.0.1", port))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
    except OSError:
        reservation.close()
        return False
    _reservations.append(reservation)
    return True


def free_ports(count):
    """`count` ports that nothing listens on, different from each other and from those that other
    processes have got from here."""
    ports = []
    while len(ports) < count:
        port = random.choice(PORTS)
        if reserve(port):
            ports.append(port)
    return ports


def own_address():
    """An address of this machine besides loopback; None without one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            # Nothing is sent: the system only says from where it would be.
            one.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = one.getsockname()[0]
    return None if address.startswith("127.") else address


def frame(payload):
    """A payload with its header in front."""
    data = payload if isinstance(payload, bytes) else payload.encode()
    return b"%-10d" % len(data) + data


class Client:
    """One connection to a node's port."""

    def __init__(self, port, seconds=SECONDS_MAX, host="127.0.0.1"):
        self.socket = socket.create_connection((host, port), timeout=seconds)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.socket.close()

    def send_raw(self, data):
        self.socket.sendall(data)

    def send(self, request):
        self.send_raw(frame(request if isinstance(request, str) else json.dumps(request)))

    def _fill(self, size):
        while len(self.buffer) < size:
            data = self.socket.recv(1 << 16)
            if not data:
                return False
            self.buffer += data
        return True

    def receive_payload(self):
        """The next payload, or None when the node has closed the connection."""
        if not self._fill(HEADER_BYTES):
            return None
        size = int(self.buffer[:HEADER_BYTES])
        if not self._fill(HEADER_BYTES + size):
            return None
        payload = self.buffer[HEADER_BYTES : HEADER_BYTES + size]
        self.buffer = self.buffer[HEADER_BYTES + size :]
        return payload

    def receive(self):
        """The next reply, or None when the node has closed the connection."""
        payload = self.receive_payload()
        return None if payload is None else json.loads(payload.decode("ascii"))

    def is_closed(self):
        """Waits for the node to close the connection; true when it did without a reply."""
        try:
            return self.receive() is None
        except ConnectionResetError:
            return True

    def ask(self, request):
        self.send(request)
        return self.receive()


class Node:
    """A node process with a data directory of its own."""

    def __init__(self, directory, port, *arguments):
        self.directory = pathlib.Path(directory)
        self.port = port
        self.arguments = arguments
        # Control commands need no cookie.
        self.is_open = True
        self.process = None
        self.output = self.directory.with_suffix(".output")

    def start(self, **environment):
        """Starts the process and waits for its `ready` line; the seconds that took. `environment`
        is added to ours."""
        began = time.monotonic()
        self.directory.parent.mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(
            [BINARY, "node", str(self.port), "--chain", "dev", "--datadir", str(self.directory),
             *(["--open-control"] if self.is_open else []), *self.arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
        )
        lines = []
        for line in self.process.stdout:
            lines.append(line.decode(errors="replace"))
            if lines[-1].startswith("ready"):
                self._drain()
                return time.monotonic() - began
        self.process.stdout.close()
        raise AssertionError(f"node {self.port} did not become ready: {''.join(lines[-10:])}")

    def _drain(self):
        """Lets the rest of the output go to a file, so that the pipe never fills."""
        target = self.output.open("ab")
        self.drain = subprocess.Popen(["cat"], stdin=self.process.stdout, stdout=target)
        self.process.stdout.close()
        target.close()

    def kill(self):
        self.process.kill()
        self.process.wait(SECONDS_MAX)
        self.drain.wait(SECONDS_MAX)

    def stop(self):
        """Ends the process as an operator would; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(SECONDS_MAX)
        self.drain.wait(SECONDS_MAX)
        return status

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def ask(self, request):
        with Client(self.port) as client:
            reply = client.ask(request)
        if reply is None:
            raise AssertionError(f"node {self.port} closed the connection on {request}")
        return reply

    def status(self):
        return self.ask("status")

    def wait(self, **conditions):
        """Whether the conditions came to hold within the time that the node is given."""
        request = {"type": "wait", "timeout_ms": int(SECONDS_MAX * 1000), **conditions}
        return self.ask(request)["reached"]

    def memory_kib(self, field="VmRSS:"):
        """Resident memory, or its peak (`VmHWM:`), from the kernel's own account."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(field):
                return int(line.split()[1])
        raise AssertionError(f"no {field}")

    def processor_seconds(self):
        """What the process has used of all processors."""
        stat = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text()
        user, system = stat.rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def open_files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))


class Network(contextlib.ExitStack):
    """Nodes that are killed, and folders that are removed, when the block ends."""

    def __init__(self):
        super().__init__()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cairn-functional-"))
        self.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.count = 0

    def node(self, port, *arguments):
        """A node that has not been started."""
        self.count += 1
        node = Node(self.folder / f"node{self.count}", port, *arguments)
        self.callback(lambda: node.is_running() and node.kill())
        return node

    def mesh(self, count, *arguments, miners=0):
        """`count` running nodes that know each other, the first `miners` of them mining."""
        ports = free_ports(count)
        nodes = []
        for index, port in enumerate(ports):
            others = [f"127.0.0.1:{other}" for other in ports if other != port]
            peers = ["--bootstrap", ",".join(others)] if others else []
            mining = ["--mine=1"] if index < miners else []
            nodes.append(self.node(port, *peers, *mining, *arguments))
            nodes[-1].start()
        return nodes


def is_agreed(nodes):
    return len({node.status()["tip"] for node in nodes}) == 1


def wait_until(condition, seconds, pace):
    """Waits until `condition()` holds, asking again each time that `pace()` returns; the seconds
    that took, or None. `pace` waits for something that happens, for a moment at most."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > seconds:
            return None
        pace()
    return time.monotonic() - began


def moment(node):
    """Until the node's next block, for at most a tenth of a second."""
    node.ask({"type": "wait", "height": node.status()["height"] + 1, "timeout_ms": 100})
