#!/usr/bin/env python3
"""What the program says of itself works in the real shells and in the real typesetter."""

import os
import subprocess
import unittest

BINARY = os.environ["CAIRN_BINARY"]


def output_of(*arguments: str) -> str:
    return subprocess.run([BINARY, *arguments], check=True, capture_output=True, text=True).stdout


def complete_in_bash(*words: str) -> list[str]:
    """What bash offers for the last of `words` after `cairn`."""
    script = output_of("completions", "bash") + """
        COMP_WORDS=(cairn "$@") COMP_CWORD=$#
        _cairn
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    command = ["bash", "-c", script, "bash", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


class DocumentationTest(unittest.TestCase):
    def test_bash_offers_commands_options_and_choices(self):
        self.assertEqual(complete_in_bash("tr"), ["tracker", "transaction"])
        self.assertEqual(complete_in_bash("help", "wal"), ["wallet"])
        self.assertEqual(complete_in_bash("node", "--open"), ["--open-probe", "--open-control"])
        self.assertEqual(complete_in_bash("wallet", "re"), ["restore"])

    def test_fish_offers_commands_and_options(self):
        def complete(line: str) -> list[str]:
            script = output_of("completions", "fish") + "\ncomplete --do-complete $argv[1]"
            command = ["fish", "--no-config", "-c", script, line]
            told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            return [entry.split("\t")[0] for entry in told.splitlines()]

        self.assertEqual(complete("cairn trac"), ["tracker"])
        self.assertIn("--open-probe", complete("cairn node --open"))
        self.assertEqual(complete("cairn wallet rest"), ["restore"])

    def test_zsh_takes_the_script(self):
        script = output_of("completions", "zsh")
        subprocess.run(["zsh", "-n"], input=script, check=True, text=True)

    def test_the_manual_is_set_without_a_warning(self):
        command = ["groff", "-man", "-Tascii", "-ww", "-P-c"]
        told = subprocess.run(command, input=output_of("manual"), check=True,
                              capture_output=True, text=True)
        self.assertEqual(told.stderr, "")
        self.assertIn("Print a completion script", " ".join(told.stdout.split()))

    def test_another_shell_is_refused(self):
        told = subprocess.run([BINARY, "completions", "dash"], capture_output=True, text=True)
        self.assertEqual(told.returncode, 64)
        self.assertIn("bash, zsh or fish", told.stderr)


if __name__ == "__main__":
    unittest.main()
