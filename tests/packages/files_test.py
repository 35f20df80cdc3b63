#!/usr/bin/env python3
"""What is shipped beside the program names only options that the program has, and agrees with
itself."""

import os
import pathlib
import re
import subprocess
import tempfile
import tomllib
import unittest

import yaml

BINARY = os.environ["CAIRN_BINARY"]
FOLDER = pathlib.Path(__file__).resolve().parents[2] / "scripts/packages"


def output_of(*arguments: str) -> str:
    return subprocess.run([BINARY, *arguments], check=True, capture_output=True, text=True).stdout


def environment_names() -> set[str]:
    """The variables that set options of `cairn node`, as its manual tells them."""
    section = output_of("manual").split(".SS cairn node\n")[1].split("\n.SS")[0]
    return set(re.findall(r"^Environment: (\w+)\.$", section, re.MULTILINE))


def dockerfile() -> str:
    """The Dockerfile with its continued lines joined."""
    return (FOLDER / "Dockerfile").read_text().replace("\\\n", "")


def unit_lines(key: str) -> list[str]:
    lines = (FOLDER / "cairn.service").read_text().splitlines()
    return [line.split("=", 1)[1] for line in lines if line.startswith(f"{key}=")]


class FilesTest(unittest.TestCase):
    def test_the_unit_and_its_configuration_name_real_options(self):
        self.assertEqual(unit_lines("Type"), ["notify"])
        text = (FOLDER / "node.toml").read_text()
        options = set(re.findall(r"--([a-z-]+)", "\n".join(unit_lines("ExecStart"))))
        # Lines that are there to be uncommented count too.
        settings = tomllib.loads(re.sub(r"^#(?=[a-z])", "", text, flags=re.MULTILINE))
        options |= set(settings)
        self.assertGreater(len(options), 6)
        known = set(re.findall(r"--([a-z-]+)", output_of("help", "node")))
        self.assertEqual(options - known, set())

    def test_the_program_reads_the_configuration(self):
        with tempfile.TemporaryDirectory(prefix="cairn-files-") as folder:
            told = subprocess.run(
                [BINARY, "node", "--config", str(FOLDER / "node.toml"), "--datadir", folder,
                 "--mine"], capture_output=True, text=True, check=False, timeout=60)
        # It comes to the question who earns on the chain that the file names.
        self.assertEqual(told.returncode, 64)
        self.assertIn("on chain cairn", told.stderr)

    def test_the_image_and_the_services_set_real_options(self):
        compose = yaml.safe_load((FOLDER / "compose.yaml").read_text())
        names = set(re.findall(r"\b(CAIRN_\w+)=", dockerfile()))
        for service in compose["services"].values():
            names |= set(service["environment"])
        self.assertGreater(len(names), 8)
        self.assertEqual(names - environment_names(), set())

    def test_four_services_differ_where_they_must(self):
        compose = yaml.safe_load((FOLDER / "compose.yaml").read_text())
        services = compose["services"]
        self.assertEqual(len(services), 4)
        ports = [port for service in services.values() for port in service["ports"]]
        self.assertEqual(len(set(ports)), 8)
        exposed = set(re.search(r"^EXPOSE (.*)$", dockerfile(), re.MULTILINE)[1].split())
        self.assertEqual({port.rsplit(":", 1)[1] for port in ports}, exposed)
        volumes = [volume for service in services.values() for volume in service["volumes"]]
        self.assertEqual({volume.split(":")[0] for volume in volumes}, set(compose["volumes"]))
        bootstrap = services["node4"]["environment"]["CAIRN_BOOTSTRAP"].split(",")
        self.assertEqual({entry.split(":")[0] for entry in bootstrap} - set(services), set())

    def test_the_image_does_not_run_as_the_superuser(self):
        lines = dockerfile().splitlines()
        self.assertIn("USER cairn", lines)
        self.assertLess(lines.index("USER cairn"), lines.index('ENTRYPOINT ["cairn"]'))
        self.assertIn("--uid 1000", dockerfile())


if __name__ == "__main__":
    unittest.main()
