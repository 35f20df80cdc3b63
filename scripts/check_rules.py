#!/usr/bin/env python3
"""Fails where no test names a rule of proto_spec/11-rules.md as what came out.

The table has one rule for each enumerator of the enumerations that ENUMERATIONS explain. A rule
counts as produced where a test outside comments names it

- in full, as `chain::BlockRule::known` or "chain.known", anywhere under tests/, or
- shortly, as `BlockRule::known` or "known", among the tests and vectors of its own module.

NOT_PRODUCED names the files that list enumerators to ask something about them. The check sees names
only: whether the code under test or the test itself made the value, which of two rules with one
name in a module is meant, and whether the test runs, is for a reviewer to see.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

import cpp_source

TABLE = "proto_spec/11-rules.md"
ENUMERATIONS = ("src/rpc/rules.cpp", "src/rpc/door_rule.cpp", "src/rpc/usage_rule.cpp")
# Enumerations of rpc whose rules are those of another module.
OTHER_MODULES = {"DoorRule": "http", "UsageRule": "app"}
FOLDERS = ("tests", "proto_spec/vectors")
SUFFIXES = (".cpp", ".hpp", ".py", ".txt", ".json")
# Verdicts on rules that the test itself made up.
NOT_PRODUCED = {"tests/unit/node/penalty_test.cpp", "tests/checks/selftest.py"}
# A loop over all enumerators ends with a cast of the last one.
LOOP_BOUND = re.compile(r"<= static_cast<[\w:]+>\([\w:]+\)")
# What a refusal writes before the point, where it is not the module.
OTHER_PREFIXES = {"execution": "transaction"}
TESTS_ELSEWHERE = {"rpc": ("tests/transcripts/",)}


@dataclass(frozen=True)
class Rule:
    module: str
    name: str


def rules_of(table: str) -> list[Rule]:
    """The rows of the table, in their order."""
    return [Rule(*row) for row in re.findall(r"^\| `(\w+)` \| `(\w+)` \|", table, re.M)]


def enumerations_of(source: str) -> dict[str, list[str]]:
    """The enumerations of each module that have a function with their sentences."""
    found: dict[str, list[str]] = {}
    for module, name in re.findall(r"\bmeaning_of\((?:(\w+)::)?(\w+) rule\)", source):
        found.setdefault(module or OTHER_MODULES.get(name, "rpc"), []).append(name)
    return found


def is_own(path: str, module: str) -> bool:
    """Whether the file at `path` belongs to the tests of `module` alone."""
    homes = (f"tests/unit/{module}/", f"tests/property/{module}_", f"proto_spec/vectors/{module}/")
    return path.startswith(homes + TESTS_ELSEWHERE.get(module, ()))


def is_named(rule: Rule, enumerations: list[str], path: str, text: str) -> bool:
    """Whether `text`, the file at `path`, names the rule in a form that counts there."""
    enumerators = f"(?:{'|'.join(enumerations)})::{rule.name}"
    prefixes = f"(?:{rule.module}|{OTHER_PREFIXES.get(rule.module, rule.module)})"
    forms = [rf"\b{rule.module}::{enumerators}\b", rf"\b{prefixes}\.{rule.name}\b"]
    if is_own(path, rule.module):
        forms += [rf"(?<!::)\b{enumerators}\b", rf'"{rule.name}(?: at \d+)?\\?"']
    return re.search("|".join(forms), text) is not None


def unproduced(
    rules: list[Rule], enumerations: dict[str, list[str]], tests: dict[str, str]
) -> list[Rule]:
    """The rules that none of `tests`, texts by their paths, names."""
    return [
        rule
        for rule in rules
        if not any(
            is_named(rule, enumerations[rule.module], path, text)
            for path, text in tests.items()
            if path not in NOT_PRODUCED
        )
    ]


def read_tests(root: Path) -> dict[str, str]:
    """The files that may name rules; those in C++ without comments and loops over all names."""
    tests = {}
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in SUFFIXES and "corpus" not in path.parts:
                text = path.read_text(encoding="utf-8", errors="replace")
                if path.suffix in (".cpp", ".hpp"):
                    text = LOOP_BOUND.sub("", cpp_source.without_comments(text))
                tests[path.relative_to(root).as_posix()] = text
    return tests


def main() -> int:
    root = Path(__file__).resolve().parents[1]
    rules = rules_of((root / TABLE).read_text(encoding="utf-8"))
    sources = [(root / path).read_text(encoding="utf-8") for path in ENUMERATIONS]
    enumerations = enumerations_of("\n".join(sources))
    missing = unproduced(rules, enumerations, read_tests(root))
    for rule in missing:
        print(f"{TABLE}: {rule.module}.{rule.name}: no test produces it")
    if not rules:
        print(f"{TABLE}: no rules found")
    return 1 if missing or not rules else 0


if __name__ == "__main__":
    sys.exit(main())
