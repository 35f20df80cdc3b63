#!/usr/bin/env python3
"""Writes a C++ source with files as constants, for programs that carry what they serve.

    scripts/embed_assets.py OUTPUT FUNCTION PATH=FILE...

PATH is where the file is served; its ending tells the content type. The source defines
`cairn::http::FUNCTION()`, declared in src/http/explorer.hpp.
"""

import sys
from pathlib import Path

CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
COLUMNS = 24


def array_of(name: str, content: bytes) -> str:
    rows = (content[i : i + COLUMNS] for i in range(0, len(content), COLUMNS))
    lines = "\n".join("    " + "".join(f"{byte}," for byte in row) for row in rows)
    return f"constexpr unsigned char {name}[] = {{\n{lines}\n}};\n"


def main() -> None:
    output, function, *pairs = sys.argv[1:]
    arrays, rows = [], []
    for i, pair in enumerate(pairs):
        path, file = pair.split("=", 1)
        kind = CONTENT_TYPES.get("." + file.rpartition(".")[2])
        if kind is None:
            sys.exit(f"embed_assets.py: {file} has an ending without a content type")
        arrays.append(array_of(f"{function}_{i}", Path(file).read_bytes()))
        rows.append(f'        {{"{path}", "{kind}", text({function}_{i})}},')
    Path(output).write_text(
        '#include "src/http/explorer.hpp"\n\n#include <array>\n\nnamespace cairn::http {\n\n'
        "namespace {\n\n" + "\n".join(arrays) + "\n"
        "}  // namespace\n\n"
        f"std::span<const Asset> {function}() {{\n"
        "    const auto text = [](const auto& content) {\n"
        "        const auto* first = reinterpret_cast<const char*>(content);\n"
        "        return std::string_view{first, sizeof(content)};\n"
        "    };\n"
        f"    static const std::array<Asset, {len(rows)}> assets{{{{\n"
        + "\n".join(rows)
        + "\n    }};\n    return assets;\n}\n\n}  // namespace cairn::http\n"
    )


if __name__ == "__main__":
    main()
