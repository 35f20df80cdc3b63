#!/usr/bin/env python3
"""What the program says of itself works in the real shells and in the real typesetter."""

import io
import os
import pathlib
import pty
import re
import subprocess
import tempfile
import threading
import unittest

BINARY = os.environ["CAIRN_BINARY"]
SECONDS_MAX = 60


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


def complete_in_zsh(line: str) -> str:
    """What a person's line has become in zsh after a tab. It completes on a terminal alone."""
    setup = """
        PS1='ready>' fpath=($ZDOTDIR $fpath)
        autoload -Uz compinit; compinit -u -D
        show() { print -r -- "<<$BUFFER>>"; exit }
        zle -N show; bindkey '^X' show
    """
    near, far = pty.openpty()
    with tempfile.TemporaryDirectory() as folder, os.fdopen(near, "r+b", buffering=0) as terminal:
        pathlib.Path(folder, "_cairn").write_text(output_of("completions", "zsh"))
        pathlib.Path(folder, ".zshrc").write_text(setup)
        environment = {**os.environ, "ZDOTDIR": folder, "TERM": "xterm"}
        with subprocess.Popen(["zsh", "-d", "-i"], stdin=far, stdout=far, stderr=far,
                              start_new_session=True, env=environment) as shell:
            os.close(far)
            # A shell that hangs ends, and the terminal with it.
            watch = threading.Timer(SECONDS_MAX, shell.kill)
            watch.start()
            read_until(terminal, rb"ready>")
            terminal.write(line.encode() + b"\t\x18")
            became = read_until(terminal, rb"<<(.*)>>")
            watch.cancel()
        return became[1].decode()


def read_until(terminal: io.RawIOBase, pattern: bytes) -> re.Match:
    """The first match in what the terminal shows from now on."""
    shown = b""
    while not (found := re.search(pattern, shown)):
        try:
            shown += terminal.read(4096)
        except OSError as error:
            raise AssertionError(f"no {pattern} in {shown}") from error
    return found


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

    def test_zsh_offers_commands_and_options(self):
        self.assertEqual(complete_in_zsh("cairn trac"), "cairn tracker ")
        self.assertEqual(complete_in_zsh("cairn help wal"), "cairn help wallet ")
        self.assertEqual(complete_in_zsh("cairn node --open-p"), "cairn node --open-probe ")
        self.assertEqual(complete_in_zsh("cairn wallet rest"), "cairn wallet restore ")

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
