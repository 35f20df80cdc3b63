#!/usr/bin/env python3
"""Runs clang-tidy 14 on every source of the core (modules up to `node`) and fails on a finding.

A file that passed is not checked again while its key is the same: a hash of its preprocessed text
(with comments, for the sake of NOLINT), the compiler's options, .clang-tidy and the tool's
version. Keys are kept in build/tidy/passed, or in the folder that CAIRN_TIDY_CACHE names.
"""

import argparse
import hashlib
import json
import os
import shlex
import subprocess
import sys
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build/tidy"
TIDY = "clang-tidy-14"


def output_of(command: list[str], **options: object) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def compiler_command(entry: dict[str, str]) -> list[str]:
    """The compiler and its options, without a launcher such as ccache, output and input."""
    words = shlex.split(entry["command"])
    first = next(i for i, word in enumerate(words) if Path(word).name.startswith("clang++"))
    return words[first : words.index("-o")]


def key_of(entry: dict[str, str], fixed: str) -> str:
    """What the verdict on a file depends on; `fixed` is the part common to all files."""
    command = compiler_command(entry)
    # Without line markers the checkout's path stays out, so that checkouts can share verdicts.
    preprocess = [*command, "-E", "-C", "-P", entry["file"]]
    text = output_of(preprocess, cwd=entry["directory"])
    options = " ".join(command).replace(str(ROOT), "")
    return hashlib.sha256("\0".join([fixed, options, text]).encode()).hexdigest()


class Checker:
    """Checks one file after another, remembering those that passed."""

    def __init__(self) -> None:
        self.passed = Path(os.environ.get("CAIRN_TIDY_CACHE", BUILD / "passed"))
        self.passed.mkdir(parents=True, exist_ok=True)
        self.fixed = output_of([TIDY, "--version"]) + (ROOT / ".clang-tidy").read_text()

    def check(self, entry: dict[str, str]) -> bool:
        """Whether the file is clean. Prints the findings otherwise."""
        name = Path(entry["file"]).relative_to(ROOT)
        start = time.monotonic()
        try:
            mark = self.passed / key_of(entry, self.fixed)
        except subprocess.CalledProcessError as error:
            print(f"{name}: does not compile\n{error.stderr}", flush=True)
            return False
        if mark.exists():
            return True
        command = [TIDY, "-p", str(BUILD), "--quiet", "--use-color=0", entry["file"]]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        seconds = time.monotonic() - start
        if result.returncode != 0:
            print(f"{name}: findings\n{result.stdout}{result.stderr}", flush=True)
            return False
        print(f"{name}: clean, {seconds:.0f} s", flush=True)
        mark.touch()
        return True


def core_sources(patterns: list[str]) -> list[dict[str, str]]:
    """Compile commands of the core's sources, largest first, so that no long one comes last."""
    order = list(tomllib.loads((ROOT / "scripts/layers.toml").read_text(encoding="utf-8")))
    core = set(order[: order.index("node") + 1])
    entries = []
    for entry in json.loads((BUILD / "compile_commands.json").read_text(encoding="utf-8")):
        file = Path(entry["file"])
        parts = file.relative_to(ROOT).parts if file.is_relative_to(ROOT) else ()
        chosen = not patterns or any(pattern in entry["file"] for pattern in patterns)
        if parts[:1] == ("src",) and parts[1] in core and chosen:
            entries.append(entry)
    return sorted(entries, key=lambda entry: -Path(entry["file"]).stat().st_size)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("patterns", nargs="*", help="only files whose path contains one of these")
    arguments = parser.parse_args()
    output_of(["cmake", "--preset", "tidy"], cwd=ROOT)
    entries = core_sources(arguments.patterns)
    checker = Checker()
    with ThreadPoolExecutor(arguments.jobs) as pool:
        clean = list(pool.map(checker.check, entries))
    print(f"tidy: {len(entries)} files, {clean.count(False)} with findings")
    return 0 if all(clean) else 1


if __name__ == "__main__":
    sys.exit(main())
