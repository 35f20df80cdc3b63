"""What the checks know about C++ text: comments, strings, includes and function bodies.

This is no parser. It relies on clang-format's layout, which another check enforces.
"""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<raw>R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)")
  | (?P<comment>//[^\n]*|/\*.*?\*/)
  | (?P<string>"(?:\\.|[^"\\\n])*")
  | (?P<character>(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+')
    """,
    re.VERBOSE | re.DOTALL,
)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.MULTILINE)
_ACCESS = re.compile(r"\s*\b(?:public|private|protected)\s*:(?!:)")
_SCOPE = re.compile(r"\b(?:namespace|class|struct|union|enum|extern)\b")
_NAME = re.compile(r"([~\w:]+(?:\s*operator\s*\S+?)?)\s*\(")


def line_of(text: str, position: int) -> int:
    """The number of the line, counted from 1, in which `position` lies."""
    return text.count("\n", 0, position) + 1


def _spaces(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def without_comments(text: str) -> str:
    """`text` with comments overwritten by spaces; every position and line stays."""
    return _TOKEN.sub(lambda m: _spaces(m[0]) if m["comment"] else m[0], text)


def code_only(text: str) -> str:
    """`text` with comments and the contents of literals overwritten by spaces."""

    def replace(match: re.Match[str]) -> str:
        if match["comment"]:
            return _spaces(match[0])
        return match[0][0] + _spaces(match[0][1:-1]) + match[0][-1]

    # An include's quoted path is no string literal, but nobody looks for words in it either.
    return _TOKEN.sub(replace, text)


@dataclass(frozen=True)
class Include:
    """One `#include`: its line, the path, and whether it was quoted (not in angle brackets)."""

    line: int
    path: str
    quoted: bool


def includes(text: str) -> list[Include]:
    """Every `#include` outside comments, in order."""
    visible = without_comments(text)
    return [
        Include(line_of(visible, match.start(1)), match[2], match[1] == '"')
        for match in _INCLUDE.finditer(visible)
    ]


@dataclass(frozen=True)
class Function:
    """An outermost function body; lambdas and blocks inside count as part of it."""

    name: str
    first_line: int
    last_line: int

    @property
    def lines(self) -> int:
        return self.last_line - self.first_line + 1


def _strip_template_heads(head: str) -> str:
    """`head` without attributes and `template <...>`, whose words would look like a class."""
    head = re.sub(r"\[\[.*?\]\]|\balignas\s*\([^)]*\)", " ", head, flags=re.DOTALL)
    match = re.search(r"\btemplate\s*<", head)
    while match:
        depth, end = 1, match.end()
        while end < len(head) and depth > 0:
            depth += {"<": 1, ">": -1}.get(head[end], 0)
            end += 1
        head = head[: match.start()] + head[end:]
        match = re.search(r"\btemplate\s*<", head)
    return head


def _kind_of_brace(head: str) -> str:
    """What the brace after `head` opens: a `scope`, a `function` or an `initialiser`."""
    plain = _strip_template_heads(head)
    if _SCOPE.search(plain) and "(" not in plain:
        return "scope"
    if not plain.strip() or plain.rstrip()[-1] in "=,":
        return "initialiser"
    if re.search(r"[\w>\]]$", plain):  # no space before the brace: `count_{0}`
        return "initialiser"
    return "function" if "(" in plain or plain.rstrip().endswith("]") else "initialiser"


@dataclass
class _Open:
    kind: str
    start: int
    parentheses: int


def functions(text: str) -> list[Function]:
    """The functions that `text` defines, in order."""
    code = _DIRECTIVE.sub(lambda m: _spaces(m[0]), code_only(text))
    found: list[Function] = []
    stack: list[_Open] = []
    start = parentheses = 0
    for position, character in enumerate(code):
        if character in "([":
            parentheses += 1
        elif character in ")]":
            parentheses -= 1
        elif character == ";" and parentheses == 0:
            start = position + 1
        elif character == "{":
            kind = "initialiser" if parentheses else _kind_of_brace(code[start:position])
            stack.append(_Open(kind, start, parentheses))
            start, parentheses = position + 1, 0
        elif character == "}" and stack:
            opened = stack.pop()
            parentheses = opened.parentheses
            start = opened.start if opened.kind == "initialiser" else position + 1
            if opened.kind == "function" and all(o.kind == "scope" for o in stack):
                found.append(_function(code, opened.start, position))
    return found


def _function(code: str, start: int, end: int) -> Function:
    while match := _ACCESS.match(code, start):
        start = match.end()
    start += len(code[start:]) - len(code[start:].lstrip())
    match = _NAME.search(code, start, end)
    name = match[1] if match else "a lambda"
    return Function(name, line_of(code, start), line_of(code, end))
