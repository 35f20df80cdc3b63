#!/usr/bin/env python3
"""The four services of compose.yaml, run as they stand there, without Docker: each gets a network
namespace on one bridge, its name in a hosts file, and the environment of image and service. Needs
root and iproute2; ctest does not run it, scripts/nightly.sh does."""

import contextlib
import json
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import yaml

BINARY = os.path.abspath(os.environ.get("CAIRN_BINARY", "build/release/cairn"))
FOLDER = pathlib.Path(__file__).resolve().parents[2] / "scripts/packages"
SECONDS_MAX = 60
PREFIX = f"cairn{os.getpid()}"


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def image_environment() -> dict[str, str]:
    """What the image's ENV lines set."""
    text = (FOLDER / "Dockerfile").read_text().replace("\\\n", "")
    words = [shlex.split(line)[1:] for line in text.splitlines() if line.startswith("ENV ")]
    return dict(word.split("=", 1) for line in words for word in line)


class Container:
    """One service in a network namespace."""

    def __init__(self, name, service, number, bridge):
        self.service = service
        self.space = f"{PREFIX}-{name}"
        self.address = f"10.231.7.{number + 1}"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"cairn-compose-{name}-"))
        run("ip", "netns", "add", self.space)
        run("ip", "link", "add", f"c{number}-{os.getpid()}", "master", bridge, "up", "type",
            "veth", "peer", "name", "eth0", "netns", self.space)
        run("ip", "-n", self.space, "address", "add", f"{self.address}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            run("ip", "-n", self.space, "link", "set", device, "up")

    def start(self, hosts):
        # `ip netns exec` lays what stands there over /etc.
        etc = pathlib.Path("/etc/netns") / self.space
        etc.mkdir(parents=True)
        (etc / "hosts").write_text(hosts)
        environment = {**image_environment(), **self.service["environment"],
                       "CAIRN_DATADIR": str(self.folder / "data")}
        self.log = (self.folder / "log").open("wb")
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", self.space, BINARY, "node"], stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log, env={"PATH": os.environ["PATH"], **environment})

    def is_healthy(self):
        """What the service's own health check says."""
        check = ["ip", "netns", "exec", self.space, "sh", "-c", self.service["healthcheck"]["test"]]
        return subprocess.run(check, capture_output=True, check=False).returncode == 0

    def status(self):
        return json.loads(run("ip", "netns", "exec", self.space, BINARY, "probe", "--json",
                              "127.0.0.1:5001", "status"))

    def remove(self):
        if hasattr(self, "process"):
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(SECONDS_MAX)
            self.log.close()
        run("ip", "netns", "delete", self.space)
        shutil.rmtree(pathlib.Path("/etc/netns") / self.space, ignore_errors=True)
        with contextlib.suppress(OSError):
            pathlib.Path("/etc/netns").rmdir()
        shutil.rmtree(self.folder, ignore_errors=True)


class ComposeCheck(unittest.TestCase):
    def wait_for(self, condition, pace):
        end = time.monotonic() + SECONDS_MAX
        while not condition():
            self.assertLess(time.monotonic(), end, "the services took too long")
            pace()

    def test_four_services_find_each_other_and_agree(self):
        services = yaml.safe_load((FOLDER / "compose.yaml").read_text())["services"]
        bridge = f"cb{os.getpid()}"
        run("ip", "link", "add", bridge, "up", "type", "bridge")
        self.addCleanup(run, "ip", "link", "delete", bridge)
        containers = []
        for number, (name, service) in enumerate(services.items(), start=1):
            containers.append(Container(name, service, number, bridge))
            self.addCleanup(containers[-1].remove)
        hosts = "127.0.0.1 localhost\n" + "".join(
            f"{each.address} {name}\n" for name, each in zip(services, containers))
        for each in containers:
            each.start(hosts)

        self.wait_for(lambda: all(each.is_healthy() for each in containers), lambda: None)
        last = containers[-1]
        told = run("ip", "netns", "exec", last.space, BINARY, "probe", "--json", "127.0.0.1:5001",
                   "wait", "height=5", f"timeout_ms={SECONDS_MAX * 1000}")
        self.assertTrue(json.loads(told)["reached"])

        def agree():
            return len({each.status()["tip"] for each in containers}) == 1

        self.wait_for(agree, lambda: None)
        for name, each in zip(services, containers):
            self.assertGreaterEqual(each.status()["peers"], 1, name)


if __name__ == "__main__":
    unittest.main()
