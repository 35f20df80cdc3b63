#!/usr/bin/env python3
"""Fails where the sources leave the house style in a way that a program can see.

Sizes (500 lines a file, 70 a function, 100 columns), tabs and spaces at line ends, the beginning
and the namespace of headers, `[[nodiscard]]` on functions that return a Result, and the words of
scripts/style.toml. A comment `style: allow <word>: <reason>` lifts the rule <word> for its own
line and the next; inside a function it also lifts `function`, anywhere in a file `lines`,
`namespace` and `header`. An allowance that nothing needs is an error too.
"""

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cpp_source

LINES_MAX = 500
FUNCTION_LINES_MAX = 70
COLUMNS_MAX = 100
END_OF_FILE = 10**9

CODE_SUFFIXES = {".cpp", ".hpp", ".py", ".sh", ".cmake"}
TEXT_SUFFIXES = CODE_SUFFIXES | {".md", ".toml", ".yml", ".yaml"}
FOLDERS = (".ci", "include", "proto_spec", "scripts", "src", "tests")
DATA_FOLDERS = ("proto_spec/vectors/", "tests/fuzz/corpus/", "tests/transcripts/")

_ALLOWANCE = re.compile(r"(?://|#)\s*style: allow (\w+): \S")
_ALIAS = re.compile(r"\busing\s+(\w+)\s*=\s*(?:cairn::)?Result\s*<")


@dataclass(frozen=True)
class Finding:
    """A broken rule; an allowance from the line before `first` to `last` lifts it."""

    word: str
    first: int
    last: int
    message: str


@dataclass(frozen=True)
class Source:
    """A file of the tree: its path relative to the root, with slashes, and its text."""

    path: str
    text: str

    @property
    def is_header(self) -> bool:
        return self.path.endswith(".hpp")

    @property
    def is_cpp(self) -> bool:
        return self.path.endswith((".cpp", ".hpp"))

    @property
    def is_code(self) -> bool:
        name = self.path.rsplit("/", 1)[-1]
        return Path(name).suffix in CODE_SUFFIXES or name == "CMakeLists.txt" or "." not in name

    @property
    def module(self) -> str | None:
        """The module in whose folder the file stands."""
        match = re.match(r"(?:src|include/cairn)/(\w+)/", self.path)
        return match[1] if match else None

    @cached_property
    def code(self) -> str:
        """The text without comments and literals; other languages stay as they are."""
        return cpp_source.code_only(self.text) if self.is_cpp else self.text


class Rules:
    """The word table, compiled, and the set of core modules, read from layers.toml."""

    def __init__(self, style: str, layers: str) -> None:
        table = tomllib.loads(style)
        self.words = [(entry, re.compile(entry["pattern"])) for entry in table["word"]]
        self.exceptions = [(entry["word"], entry["path"]) for entry in table["exception"]]
        order = list(tomllib.loads(layers))
        self.core = {*order[: order.index("node") + 1], "sim"}

    @staticmethod
    def load(root: Path) -> "Rules":
        return Rules(
            (root / "scripts/style.toml").read_text(encoding="utf-8"),
            (root / "scripts/layers.toml").read_text(encoding="utf-8"),
        )

    def reaches(self, scope: str, source: Source) -> bool:
        """Whether words of `scope` are searched in `source`."""
        return {
            "core": source.is_cpp and source.module in self.core,
            "headers": source.is_header,
            "cpp": source.is_cpp,
            "tests_and_scripts": source.path.startswith(("tests/", "scripts/", ".ci/")),
            "all": True,
        }[scope]

    def is_exempt(self, word: str, path: str) -> bool:
        return any(word == w and path.startswith(prefix) for w, prefix in self.exceptions)


def check_sizes(source: Source) -> Iterator[Finding]:
    lines = source.text.split("\n")
    count = len(lines) - (lines[-1] == "")
    if not source.is_code:
        return
    if count > LINES_MAX:
        message = f"{count} lines; a file has at most {LINES_MAX}"
        yield Finding("lines", 1, END_OF_FILE, message)
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS_MAX:
            yield Finding("columns", number, number, f"{len(line)} columns; at most {COLUMNS_MAX}")
    if not source.is_cpp:
        return
    for function in cpp_source.functions(source.text):
        if function.lines > FUNCTION_LINES_MAX:
            message = f"{function.name} has {function.lines} lines; at most {FUNCTION_LINES_MAX}"
            yield Finding("function", function.first_line, function.last_line, message)


def check_space(source: Source) -> Iterator[Finding]:
    for number, line in enumerate(source.text.split("\n"), 1):
        if "\t" in line:
            yield Finding("tab", number, number, "a tab")
        if line != line.rstrip():
            yield Finding("space", number, number, "space at the end of the line")
    if source.text and not source.text.endswith("\n"):
        number = source.text.count("\n") + 1
        yield Finding("space", number, number, "the last line has no end")


def check_header(source: Source) -> Iterator[Finding]:
    if not source.is_header:
        return
    if not source.text.startswith("/// "):
        message = "the first line is no `///` sentence on what the file is for"
        yield Finding("header", 1, END_OF_FILE, message)
    if not re.search(r"^#pragma once$", source.text, re.MULTILINE):
        yield Finding("header", 1, END_OF_FILE, "no `#pragma once`")
    if source.path.startswith("include/cairn/") and source.module:
        own = rf"^(?:inline )?namespace cairn::{source.module}\b"
        if source.module == "base":  # the vocabulary of every module lives in `cairn` itself
            own = r"^namespace cairn\b"
        if not re.search(own, source.code, re.MULTILINE):
            message = f"no `namespace cairn::{source.module}`: a namespace is named as its folder"
            yield Finding("namespace", 1, END_OF_FILE, message)


def result_names(texts: list[str]) -> set[str]:
    """`Result` and every alias of it that `texts` declare."""
    return {"Result"} | {match[1] for text in texts for match in _ALIAS.finditer(text)}


def check_nodiscard(source: Source, names: set[str]) -> Iterator[Finding]:
    if not source.is_header:
        return
    code = source.code
    for match in re.finditer(rf"(?<![\w:])(?:cairn::)?(?:{'|'.join(sorted(names))})\b", code):
        end = _end_of_arguments(code, match.end())
        # A qualified name is the definition of something declared, and marked, elsewhere.
        declared = re.match(r"\s+(\w+|operator\s*\W+?)\s*\(", code[end : end + COLUMNS_MAX * 2])
        begin = max(code.rfind(mark, 0, match.start()) for mark in ";{}") + 1
        before = code[begin : match.start()]
        trailing = before.rstrip().endswith("->") and re.search(r"\bauto\s+\w+\s*\(", before)
        inside = not trailing and re.search(r"[=(,]|\breturn\b", _without_attributes(before))
        if not (declared or trailing) or inside or re.search(r"\bfriend\b", before):
            continue
        if "[[nodiscard]]" not in before:
            number = cpp_source.line_of(code, match.start())
            message = "a function that returns a Result is marked [[nodiscard]]"
            yield Finding("nodiscard", number, number, message)


def _end_of_arguments(code: str, position: int) -> int:
    """The position after the template arguments that begin at `position`, if any do."""
    if not code.startswith("<", position):
        return position
    depth = 0
    for end in range(position, len(code)):
        depth += {"<": 1, ">": -1}.get(code[end], 0)
        if depth == 0:
            return end + 1
    return len(code)


def _without_attributes(code: str) -> str:
    """`code` without attributes and template heads, whose commas mean nothing here."""
    code = re.sub(r"\[\[.*?\]\]|\brequires\s*\(.*\)", "", code, flags=re.DOTALL)
    return re.sub(r"\btemplate\s*<.*>", "", code, flags=re.DOTALL)


def check_words(source: Source, rules: Rules) -> Iterator[Finding]:
    code_lines, text_lines = source.code.split("\n"), source.text.split("\n")
    for entry, pattern in rules.words:
        word = entry["word"]
        if not rules.reaches(entry["scope"], source) or rules.is_exempt(word, source.path):
            continue
        lines = text_lines if entry.get("comments") else code_lines
        for number, line in enumerate(lines, 1):
            if match := pattern.search(line):
                message = f"`{match[0].strip()}`: {entry['instead']}"
                yield Finding(word, number, number, message)


def check_source(source: Source, rules: Rules, names: set[str]) -> list[str]:
    """What is wrong with `source`, sorted by line, one message each."""
    findings = [
        *check_sizes(source),
        *check_space(source),
        *check_header(source),
        *check_nodiscard(source, names),
        *check_words(source, rules),
    ]
    allowances = [
        (number, match[1])
        for number, line in enumerate(source.text.split("\n"), 1)
        if (match := _ALLOWANCE.search(line))
    ]
    used = set()
    errors = []
    for finding in findings:
        lifting = {
            (number, word)
            for number, word in allowances
            if word == finding.word and finding.first - 1 <= number <= finding.last
        }
        used |= lifting
        if not lifting:
            errors.append((finding.first, f"[{finding.word}] {finding.message}"))
    for number, word in sorted(set(allowances) - used):
        errors.append((number, f"[allow] nothing here needs an allowance for `{word}`"))
    return [f"{source.path}:{number}: {message}" for number, message in sorted(errors)]


def read_tree(root: Path) -> list[Source]:
    """Every text file of the project, in the order of its path; test data is left out."""
    files = [file for file in root.iterdir() if file.is_file()]
    for folder in FOLDERS:
        files += [file for file in (root / folder).rglob("*") if file.is_file()]
    sources = []
    for file in sorted(files):
        path = file.relative_to(root).as_posix()
        is_text = file.suffix in TEXT_SUFFIXES or file.name == "CMakeLists.txt"
        is_script = path.startswith((".ci/", "scripts/")) and file.suffix == ""
        if (is_text or is_script) and not path.startswith(DATA_FOLDERS):
            sources.append(Source(path, file.read_text(encoding="utf-8")))
    return sources


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", nargs="?", type=Path, default=Path(__file__).parent.parent)
    root = parser.parse_args().root
    rules = Rules.load(root)
    sources = read_tree(root)
    names = result_names([source.code for source in sources if source.is_header])
    errors = [error for source in sources for error in check_source(source, rules, names)]
    print("\n".join(errors + [f"check_style: {len(sources)} files, {len(errors)} errors"]))
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
