#!/usr/bin/env python3
"""`cmake --install` gives what the README promises: a program with its texts, and a library that a
project of its own finds."""

import gzip
import os
import pathlib
import subprocess
import tempfile
import unittest

BUILD = os.environ["CAIRN_BUILD"]
SOURCE = pathlib.Path(__file__).resolve().parents[2]
COMPILER = os.environ["CAIRN_COMPILER"]


def run(*command: object) -> str:
    """Its output; a failure shows it."""
    told = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          check=False)
    if told.returncode != 0:
        raise AssertionError(f"{command} ended with {told.returncode}:\n{told.stdout}{told.stderr}")
    return told.stdout


class LibraryTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="cairn-install-"))
        cls.folder = pathlib.Path(folder)
        cls.prefix = cls.folder / "prefix"
        run("cmake", "--install", BUILD, "--prefix", cls.prefix)

    def test_the_program_comes_with_its_texts(self):
        self.assertIn("cairn 0.", run(self.prefix / "bin/cairn", "--version"))
        share = self.prefix / "share"
        manual = gzip.decompress((share / "man/man1/cairn.1.gz").read_bytes())
        self.assertTrue(manual.startswith(b".TH CAIRN 1 "))
        for shell in ("bash-completion/completions/cairn", "zsh/vendor-completions/_cairn",
                      "fish/vendor_completions.d/cairn.fish"):
            self.assertIn("tracker", (share / shell).read_text())
        dashboard = (share / "cairn/grafana/cairn.json").read_text()
        self.assertIn("cairn_chain_height", dashboard)

    def test_a_project_finds_and_uses_the_library(self):
        build = self.folder / "build"
        launcher = os.environ.get("CAIRN_LAUNCHER", "")
        run("cmake", "-S", SOURCE / "tests/packages/consumer", "-B", build, "-G", "Ninja",
            f"-DCMAKE_PREFIX_PATH={self.prefix}", f"-DCMAKE_CXX_COMPILER={COMPILER}",
            f"-DCMAKE_CXX_COMPILER_LAUNCHER={launcher}", "-DCMAKE_BUILD_TYPE=Release")
        run("cmake", "--build", build)
        store = self.folder / "store"
        store.mkdir()
        told = run(build / "consumer", SOURCE / "proto_spec/vectors/receipt/receipts.json", store)
        self.assertIn("is proven", told)
        self.assertIn("two nodes agree", told)

    def test_no_installed_file_knows_where_it_was_built(self):
        for file in (self.prefix / "lib").rglob("*.cmake"):
            self.assertNotIn(str(SOURCE), file.read_text(), file.name)


if __name__ == "__main__":
    unittest.main()
