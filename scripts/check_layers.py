#!/usr/bin/env python3
"""Fails when a module includes what scripts/layers.toml does not allow.

Also fails on a relative include, on a module missing from the table, on a table that is not
ordered lowest first (so it cannot hold a cycle), and on headers that include each other in a ring.
"""

import argparse
import sys
import tomllib
from pathlib import Path

import cpp_source

Graph = dict[str, list[str]]


def check_graph(layers: Graph) -> list[str]:
    """Complaints about the table itself: each module may name only modules above its own line."""
    errors = []
    seen: set[str] = set()
    for module, allowed in layers.items():
        for name in allowed:
            if name not in layers:
                errors.append(f"layers.toml: {module} names {name}, which is no module")
            elif name not in seen:
                errors.append(f"layers.toml: {module} names {name}, which is not below it: a cycle")
        seen.add(module)
    return errors


def module_of(path: str) -> str | None:
    """The module to which the file `path` (relative, with slashes) belongs, if any."""
    parts = path.split("/")
    if parts[0] == "src" and len(parts) > 2:
        return parts[1]
    if parts[:2] == ["include", "cairn"] and len(parts) > 3:
        return parts[2]
    return None


def check_file(path: str, text: str, layers: Graph) -> list[str]:
    """Complaints about the includes of one file of a module."""
    module = module_of(path)
    if module is None:
        return []
    if module not in layers:
        return [f"{path}: module {module} is not in scripts/layers.toml"]
    errors = []
    for include in cpp_source.includes(text):
        where = f"{path}:{include.line}: "
        parts = include.path.split("/")
        if not include.quoted:
            if parts[0] == "cairn":
                errors.append(where + f"write <{include.path}> with quotes")
            continue
        if parts[0] == "cairn" and len(parts) > 2 and ".." not in parts:
            if parts[1] != module and parts[1] not in layers[module]:
                errors.append(where + f"{module} must not include {parts[1]} ({include.path})")
        elif parts[:2] != ["src", module] or ".." in parts:
            errors.append(where + f'relative include "{include.path}"; write "cairn/{module}/..."')
    return errors


def find_ring(headers: dict[str, str]) -> list[str]:
    """A ring of headers that include each other, first and last equal; empty where there is none.

    `headers` maps the path as written in an include to the header's text.
    """
    edges = {
        path: [i.path for i in cpp_source.includes(text) if i.quoted and i.path in headers]
        for path, text in headers.items()
    }
    finished: set[str] = set()

    def visit(path: str, trail: list[str]) -> list[str]:
        if path in trail:
            return trail[trail.index(path) :] + [path]
        if path not in finished:
            for target in edges[path]:
                if ring := visit(target, [*trail, path]):
                    return ring
            finished.add(path)
        return []

    return next((ring for path in sorted(edges) if (ring := visit(path, []))), [])


def check_tree(root: Path) -> tuple[list[str], int]:
    """Complaints about the source tree at `root`, and the number of files read."""
    layers = tomllib.loads((root / "scripts/layers.toml").read_text(encoding="utf-8"))
    errors = check_graph(layers)
    headers = {}
    count = 0
    for folder in ("include/cairn", "src"):
        for file in sorted((root / folder).rglob("*.[ch]pp")):
            path = file.relative_to(root).as_posix()
            text = file.read_text(encoding="utf-8")
            errors += check_file(path, text, layers)
            count += 1
            if file.suffix == ".hpp":
                headers[path.removeprefix("include/")] = text
    if ring := find_ring(headers):
        errors.append("headers include each other: " + " -> ".join(ring))
    return errors, count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", nargs="?", type=Path, default=Path(__file__).parent.parent)
    errors, count = check_tree(parser.parse_args().root)
    print("\n".join(errors + [f"check_layers: {count} files, {len(errors)} errors"]))
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
