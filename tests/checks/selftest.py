#!/usr/bin/env python3
"""Shows for each rule of the source checks that it lets good text pass and that it can fail."""

import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import check_layers  # noqa: E402
import check_rules  # noqa: E402
import check_style  # noqa: E402
import cpp_source  # noqa: E402

RULES = check_style.Rules.load(ROOT)
HEADER = "include/cairn/wire/frame.hpp"
CORE = "src/wire/frame.cpp"
SHELL = "src/net/server.cpp"
TEST = "tests/unit/wire/frame_test.cpp"
ALLOW = "// style: " + "allow"
HEADER_TOP = "/// Frames.\n#pragma once\n\nnamespace cairn::wire {\n"


def broken_rules(path: str, text: str) -> list[str]:
    """The names of the rules that `text` breaks, standing at `path`, in the order of the lines."""
    source = check_style.Source(path, text)
    names = check_style.result_names([source.code])
    errors = check_style.check_source(source, RULES, names)
    return [error.split("[", 1)[1].split("]", 1)[0] for error in errors]


def function_of(lines: int) -> str:
    """A C++ function with exactly `lines` lines."""
    return "int f() {\n" + "    g();\n" * (lines - 2) + "}\n"


class StyleTest(unittest.TestCase):
    def expect(self, path: str, text: str, *rules: str) -> None:
        self.assertEqual(broken_rules(path, text), list(rules), text[:200])

    def expect_header(self, body: str, *rules: str) -> None:
        self.expect(HEADER, HEADER_TOP + body + "}\n", *rules)

    def test_file_length(self) -> None:
        self.expect(CORE, "int a;\n" * 500)
        self.expect(CORE, "int a;\n" * 501, "lines")
        self.expect("tests/CMakeLists.txt", "a()\n" * 501, "lines")
        self.expect("README.md", "word\n" * 501)
        self.expect(CORE, f"{ALLOW} lines: one table\n" + "int a;\n" * 500)

    def test_function_length(self) -> None:
        self.expect(CORE, function_of(70))
        self.expect(CORE, function_of(71), "function")
        self.expect(CORE, "namespace a {\n\n" + function_of(71) + "}\n", "function")
        self.expect(CORE, "class A {\n  public:\n" + function_of(71) + "};\n", "function")
        self.expect(CORE, function_of(70) + "\n" + function_of(70))
        self.expect(CORE, f"{ALLOW} function: one switch\n" + function_of(71))
        self.expect(CORE, "enum class A {\n" + "    a,\n" * 80 + "};\n")
        self.expect(CORE, "const int a[] = {\n" + "    1,\n" * 80 + "};\n")

    def test_function_shapes(self) -> None:
        body = " {\n" + "    g();\n" * 70 + "}\n"
        for head in (
            "Node::Node(int a)\n    : a_{a}, b_{}",
            "template <class T>\nauto f(T t) const noexcept -> T",
            'TEST_CASE("A: a { brace", "[a]")',
            "Result<A, B> f(\n    int a, int b\n)",
            "constexpr auto f = [](int a)",
        ):
            self.expect(CORE, head + body, "function")
        lambda_body = "    g([] {\n" + "        h();\n" * 70 + "    });\n"
        self.expect(CORE, "void f() {\n" + lambda_body + "}\n", "function")

    def test_columns(self) -> None:
        self.expect(CORE, "//" + "x" * 98 + "\n")
        self.expect(CORE, "//" + "x" * 99 + "\n", "columns")
        self.expect("scripts/a.sh", "#" + "x" * 100 + "\n", "columns")
        self.expect("README.md", "x" * 200 + "\n")

    def test_space(self) -> None:
        self.expect(CORE, "int a; \n", "space")
        self.expect(CORE, "\tint a;\n", "tab")
        self.expect("README.md", "word \n", "space")
        self.expect(CORE, "int a;", "space")

    def test_header_begins_with_a_sentence(self) -> None:
        self.expect_header("int a;\n")
        self.expect(HEADER, "#pragma once\nnamespace cairn::wire {}\n", "header")
        self.expect(HEADER, "/// A.\nnamespace cairn::wire {}\n", "header")
        self.expect(TEST, "int a;\n")

    def test_namespace_is_the_folder(self) -> None:
        self.expect(HEADER, "/// A.\n#pragma once\nnamespace cairn::wired {}\n", "namespace")
        self.expect(HEADER, "/// A.\n#pragma once\nnamespace cairn {}\n", "namespace")
        self.expect("include/cairn/base/a.hpp", "/// A.\n#pragma once\nnamespace cairn {}\n")

    def test_result_is_nodiscard(self) -> None:
        self.expect_header("[[nodiscard]] Result<int, E> f(int a);\n")
        self.expect_header("Result<int, E> f(int a);\n", "nodiscard")
        self.expect_header("static Result<std::vector<int>, E> f();\n", "nodiscard")
        self.expect_header("virtual cairn::Result<void, E> f() = 0;\n", "nodiscard")
        self.expect_header("template <class A, class B>\nResult<A, B> f();\n", "nodiscard")
        self.expect_header("auto f(int a) -> Result<void, E>;\n", "nodiscard")
        self.expect_header("[[nodiscard]] int a();\nResult<int, E> b();\n", "nodiscard")
        self.expect_header("using Read = Result<int, E>;\nRead f();\n", "nodiscard")
        self.expect_header("using F = std::function<Result<int, E>(int)>;\n")
        self.expect_header("void f(const Result<int, E>& a);\n")
        self.expect_header("void f(Result<int, E> a, std::function<int(int)> b);\n")
        self.expect_header("inline Result<int, E> A::f() {\n    return 1;\n}\n")
        self.expect(CORE, "static Result<int, E> f() {}\n")

    def test_core_words(self) -> None:
        for rule, line in (
            ("clock", "auto t = std::chrono::steady_clock::now();"),
            ("clock", "auto t = time(nullptr);"),
            ("thread", "std::thread t;"),
            ("thread", "#include <thread>"),
            ("mutex", "std::mutex m;"),
            ("mutex", "std::lock_guard guard{m};"),
            ("atomic", "std::atomic<int> a;"),
            ("fstream", "std::ifstream file;"),
            ("fstream", 'auto file = std::fopen("a", "r");'),
            ("iostream", "#include <iostream>"),
            ("iostream", "std::cerr << 1;"),
            ("random", "std::random_device device;"),
            ("random", "std::uniform_int_distribution<int> d;"),
            ("random", "int a = rand();"),
            ("float", "float a = 0;"),
            ("double", "double a = 0;"),
            ("getenv", 'auto a = std::getenv("A");'),
            ("sleep", "sle" + "ep(5);"),
        ):
            for path in (CORE, "src/sim/a.cpp", "src/base/a.cpp", "src/node/a.cpp"):
                self.expect(path, line + "\n", rule)
            self.expect(SHELL, line + "\n")
            self.expect(CORE, "// " + line + "\n")

    def test_words_in_literals_are_text(self) -> None:
        self.expect(CORE, 'auto a = "a float and a double";\n')
        self.expect(CORE, 'auto a = R"(float " double)";\n')
        self.expect(CORE, "auto a = '\"'; float b; auto c = '\"';\n", "float")
        self.expect(CORE, "auto a = 1'000; float b; auto c = 2'000;\n", "float")

    def test_json_numbers_may_be_double(self) -> None:
        self.expect("src/codec/json_numbers.cpp", "double a = 0;\n")
        self.expect("src/codec/binary.cpp", "double a = 0;\n", "double")

    def test_words_banned_everywhere(self) -> None:
        for word in ("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"):
            self.expect(SHELL, f"// {word}: later\n", "unfinished")
            self.expect("README.md", f"{word}\n", "unfinished")
        self.expect("scripts/a.sh", "mktemp -d a.XXXXXX\n")
        for folder in ("wo" + "rk", "ro" + "ot", "ho" + "me"):
            self.expect("scripts/a.sh", f"cd /{folder}/a\n", "path")
            self.expect(SHELL, f'open("/{folder}");\n', "path")
        self.expect("scripts/a.sh", "cd a/" + "work\n")

    def test_no_sleep_in_tests_and_scripts(self) -> None:
        self.expect(TEST, "std::this_thread::sleep_" + "for(a);\n", "sleep")
        self.expect("scripts/a.sh", "while x; do sleep" + " 1; done\n", "sleep")
        self.expect("scripts/a.sh", "sleep" + " 1\n", "sleep")
        self.expect("scripts/a.sh", "# does not sleep here\n")
        self.expect("tests/a.py", "time.sl" + "eep(1)\n", "sleep")

    def test_assert(self) -> None:
        self.expect(SHELL, "assert(a);\n", "assert")
        self.expect(TEST, "#include <cassert>\n", "assert")
        self.expect(CORE, "static_assert(a); CAIRN_ASSERT(a);\n")

    def test_using_namespace_in_headers(self) -> None:
        self.expect_header("using namespace std;\n", "using_namespace")
        self.expect(CORE, "using namespace std::literals;\n")

    def test_allowance(self) -> None:
        self.expect(CORE, f"double a;  {ALLOW} double: a probe\n")
        self.expect(CORE, f"{ALLOW} double: a probe\ndouble a;\n")
        self.expect(CORE, f"{ALLOW} double: a probe\n\ndouble a;\n", "allow", "double")
        self.expect(CORE, f"{ALLOW} float: a probe\ndouble a;\n", "allow", "double")
        self.expect(CORE, f"{ALLOW} double:\ndouble a;\n", "double")
        self.expect(CORE, f"{ALLOW} double: nothing here\n", "allow")


class LayersTest(unittest.TestCase):
    LAYERS = {"base": [], "codec": ["base"], "wire": ["base", "codec"]}

    def errors(self, path: str, line: str) -> list[str]:
        return check_layers.check_file(path, line + "\n", self.LAYERS)

    def test_allowed(self) -> None:
        for line in (
            '#include "cairn/wire/frame.hpp"',
            '#include "cairn/base/bytes.hpp"',
            '#include "src/wire/private.hpp"',
            "#include <vector>",
            '// #include "cairn/node/node.hpp"',
        ):
            self.assertEqual(self.errors("src/wire/a.cpp", line), [], line)
        self.assertEqual(self.errors("tests/unit/a.cpp", '#include "cairn/wire/a.hpp"'), [])

    def test_forbidden(self) -> None:
        for path, line in (
            ("src/codec/a.cpp", '#include "cairn/wire/frame.hpp"'),
            ("include/cairn/base/a.hpp", '  #  include "cairn/codec/a.hpp"'),
            ("src/wire/a.cpp", '#include "cairn/nowhere/a.hpp"'),
            ("src/wire/a.cpp", '#include "frame.hpp"'),
            ("src/wire/a.cpp", '#include "../codec/a.hpp"'),
            ("src/wire/a.cpp", '#include "src/codec/a.hpp"'),
            ("src/wire/a.cpp", '#include "cairn/wire/../node/a.hpp"'),
            ("src/wire/a.cpp", "#include <cairn/wire/a.hpp>"),
            ("src/unknown/a.cpp", "int a;"),
        ):
            self.assertEqual(len(self.errors(path, line)), 1, line)

    def test_graph(self) -> None:
        self.assertEqual(check_layers.check_graph(self.LAYERS), [])
        for graph in ({"a": ["b"], "b": ["a"]}, {"a": ["a"]}, {"a": ["nowhere"]}):
            self.assertEqual(len(check_layers.check_graph(graph)), 1, graph)

    def test_ring_of_headers(self) -> None:
        a, b = "cairn/a/a.hpp", "cairn/a/b.hpp"
        texts = {a: f'#include "{b}"\n', b: "#include <vector>\n"}
        self.assertEqual(check_layers.find_ring(texts), [])
        texts[b] = f'#include "{a}"\n'
        self.assertEqual(check_layers.find_ring(texts), [a, b, a])


class RulesTest(unittest.TestCase):
    TABLE = "| module | rule | meaning |\n| --- | --- | --- |\n| `chain` | `known` | It is. |\n"
    SOURCE = "std::string_view meaning_of(chain::BlockRule rule) {"

    def is_produced(self, path: str, text: str) -> bool:
        rules = check_rules.rules_of(self.TABLE)
        self.assertEqual(rules, [check_rules.Rule("chain", "known")])
        enumerations = check_rules.enumerations_of(self.SOURCE)
        return not check_rules.unproduced(rules, enumerations, {path: text})

    def test_enumerations_belong_to_modules(self) -> None:
        source = "meaning_of(ErrorCode rule) meaning_of(DoorRule rule) meaning_of(chain::A rule)"
        found = {"rpc": ["ErrorCode"], "http": ["DoorRule"], "chain": ["A"]}
        self.assertEqual(check_rules.enumerations_of(source), found)

    def test_full_names_count_everywhere(self) -> None:
        for text in ("chain::BlockRule::known", "cairn::chain::BlockRule::known", '"chain.known"'):
            self.assertTrue(self.is_produced("tests/functional/a.py", text), text)
        for text in ("wire::BlockRule::known", "BlockRule::known", '"known"', "chain.known_"):
            self.assertFalse(self.is_produced("tests/functional/a.py", text), text)

    def test_short_names_count_at_home(self) -> None:
        for text in ("BlockRule::known", '"known"', '"known at 2"', r'\"known\"'):
            self.assertTrue(self.is_produced("tests/unit/chain/a.cpp", text), text)
        for text in ("other::BlockRule::known", "known", '"known_invalid"', "BlockRule::known_"):
            self.assertFalse(self.is_produced("tests/unit/chain/a.cpp", text), text)

    def test_lists_do_not_count(self) -> None:
        judged = "tests/unit/node/penalty_test.cpp"
        self.assertFalse(self.is_produced(judged, "chain::BlockRule::known"))
        loop = "i <= static_cast<std::uint8_t>(BlockRule::known)"
        self.assertEqual(check_rules.LOOP_BOUND.sub("", loop), "i ")


class SourceTest(unittest.TestCase):
    def test_functions(self) -> None:
        text = (
            "namespace a {\n"
            "struct B {\n"
            "    int c() const { return c_; }\n"
            "    int c_{0};\n"
            "};\n"
            "\n"
            "B::B(int c)\n"
            "    : c_{c} {\n"
            "    f([] { return 1; });\n"
            "}\n"
            "}  // namespace a\n"
        )
        found = [(f.name, f.first_line, f.last_line) for f in cpp_source.functions(text)]
        self.assertEqual(found, [("c", 3, 3), ("B::B", 7, 10)])

    def test_positions_stay(self) -> None:
        text = '/* a\n */ "b\\"" // c\n\'d\' R"x(\n)x"\n'
        for change in (cpp_source.code_only, cpp_source.without_comments):
            self.assertEqual(len(change(text)), len(text))
            self.assertEqual(change(text).count("\n"), text.count("\n"))


if __name__ == "__main__":
    unittest.main()
