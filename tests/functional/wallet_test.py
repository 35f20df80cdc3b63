"""Wallets as people use them: files, passphrases, words, and sending through a real node."""

import array
import fcntl
import json
import os
import pathlib
import pty
import random
import shutil
import signal
import subprocess
import tempfile
import termios
import time
import unittest

from network import BINARY, Network, free_ports

GUESS_SECONDS_MIN = 0.1
KILLS = 8
SENDERS = 4
KEY = "5a" * 32
PASSPHRASE = "correct horse"
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
VECTORS = ROOT / "proto_spec" / "vectors" / "wallet"
# Sealed at next to no cost, so that it opens at once.
CHEAP = json.loads((VECTORS / "keystore.json").read_text())["valid"][0]
# Sealed with PASSPHRASE: the first account of these words.
OTHER = json.loads((VECTORS / "keystore.json").read_text())["valid"][2]
# Whole, but of a version to come.
LATER = next(vector for vector in json.loads((VECTORS / "keystore.json").read_text())["invalid"]
             if vector["why"] == "version 2")
WORDS = json.loads((VECTORS / "accounts.json").read_text())["accounts"][0]["words"]


class Wallets(unittest.TestCase):
    """A wallet folder of its own, and `cairn` run on it."""

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.environment = {**os.environ, "CAIRN_WALLET_DIR": str(self.folder / "wallets")}

    def start(self, *arguments):
        return subprocess.Popen(
            [BINARY, *arguments], env=self.environment, cwd=self.folder, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )

    def cairn(self, *arguments, lines=(), status=0):
        """What a run wrote to stdout, or to stderr where it is a refusal for people."""
        process = self.start(*arguments)
        out, errors = process.communicate("".join(f"{line}\n" for line in lines), timeout=120)
        self.assertEqual(process.returncode, status, errors)
        return out if status == 0 or "--json" in arguments else errors

    def type_at_terminal(self, arguments, answers):
        """Runs `cairn` at a terminal where each prompt gets its line; all that it wrote."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [BINARY, *arguments], env=self.environment, cwd=self.folder,
            stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, start_new_session=True,
        )
        os.close(theirs)
        shown = b""
        for prompt, line in answers:
            while not shown.endswith(prompt):
                shown += os.read(ours, 1024)
            os.write(ours, line.encode() + b"\n")
        out, _ = process.communicate(timeout=120)
        os.close(ours)
        self.assertEqual(process.returncode, 0, shown)
        return shown + out

    def place(self, name, vector):
        """A wallet out of the test vectors: its JSON with name, address and public key."""
        folder = self.folder / "wallets"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.json").write_text(vector["file"])
        return json.loads(self.cairn("wallet", "show", name, "--json"))

    def import_key(self, name):
        return self.cairn("wallet", "import", name, lines=[KEY, PASSPHRASE])

    def export(self, name, passphrase=PASSPHRASE, status=0):
        return self.cairn("wallet", "export", name, lines=[passphrase], status=status)


class Files(Wallets):
    def test_w2_kill_in_a_passphrase_change_leaves_the_old_or_the_new(self):
        seed = 20261121
        chance = random.Random(seed)
        self.import_key("a")
        began = time.monotonic()
        self.cairn("wallet", "passphrase", "a", lines=[PASSPHRASE, PASSPHRASE])
        whole = time.monotonic() - began
        passphrase = PASSPHRASE
        for count in range(KILLS):
            following = f"{PASSPHRASE} {count}"
            process = self.start("wallet", "passphrase", "a")
            process.stdin.write(f"{passphrase}\n{following}\n")
            process.stdin.close()
            try:
                process.wait(timeout=chance.uniform(0.5, 1.1) * whole)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()
            process.stderr.close()
            opened = self.start("wallet", "export", "a")
            out, _ = opened.communicate(following + "\n", timeout=120)
            if opened.returncode == 0:
                passphrase = following
            else:
                out = self.export("a", passphrase)
            self.assertEqual(out, KEY + "\n", f"seed {seed}, kill {count}")

    def test_w3_a_wrong_passphrase_costs_time_and_changes_nothing(self):
        self.import_key("a")
        file = self.folder / "wallets" / "a.json"
        before = file.read_bytes()
        began = time.monotonic()
        self.assertIn("rule: wallet.wrong_passphrase", self.export("a", "tea", status=65))
        self.assertGreater(time.monotonic() - began, GUESS_SECONDS_MIN)
        self.assertEqual(file.read_bytes(), before)
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        self.assertEqual(file.parent.stat().st_mode & 0o777, 0o700)
        for content, error in ((before[:200], "truncated"),
                               (before.replace(b"sealed\":\"", b"sealed\":\"0"), "damaged"),
                               (LATER["file"].encode(), "unsupported_version")):
            file.write_bytes(content)
            self.assertIn(f"rule: wallet.{error}\n", self.export("a", status=65))
            self.assertEqual(file.read_bytes(), content)

    def test_w5_nothing_secret_shows_in_arguments_environment_or_core_dumps(self):
        process = subprocess.Popen(
            ["/bin/sh", "-c", 'ulimit -c unlimited; exec "$0" wallet import a', BINARY],
            env=self.environment, cwd=self.folder, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        # The process takes the key and then waits for the passphrase, the key in its memory.
        process.stdin.write(f"{KEY}\n".encode())
        process.stdin.flush()
        place = pathlib.Path(f"/proc/{process.pid}")
        while "cairn" not in (place / "comm").read_text() or self.has_unread_input(process):
            os.sched_yield()
        for name in ("cmdline", "environ"):
            # A process that cannot be dumped hides its environment from all but root.
            if os.access(place / name, os.R_OK):
                self.assertNotIn(KEY.encode(), (place / name).read_bytes())
        limits = (place / "limits").read_text().splitlines()
        core = next(line for line in limits if line.startswith("Max core file size"))
        self.assertEqual(core.split()[4:6], ["0", "0"])
        os.kill(process.pid, signal.SIGABRT)
        out, _ = process.communicate(timeout=30)
        self.assertEqual(process.returncode, -signal.SIGABRT)
        self.assertNotIn(KEY.encode(), out)
        self.assertEqual([path.name for path in self.folder.iterdir()], [])

    def test_w5_a_secret_in_a_wrong_place_is_not_repeated(self):
        words = WORDS.split()
        rows = [
            (("wallet", KEY), 64), (("wallet", "list", KEY), 64), (("wallet", "import", KEY), 64),
            (("wallet", "import", "a", KEY), 64), (("wallet", "import", "a", "--" + KEY), 64),
            (("wallet", "import", "a", "-" + KEY), 64), (("wallet", "import", "a", "--", KEY), 64),
            (("wallet", "import", "a", "--key=" + KEY), 64),
            (("wallet", "import", "a", "--json=x" + KEY), 64),
            (("wallet", "import", "a", "--key-file", KEY), 74),
            (("wallet", "restore", "a", *words), 64), (("wallet", "restore", WORDS), 64),
            (("wallet", "restore", "a", "--words", *words), 64),
            (("wallet", "restore", "a", "--words", WORDS), 64),
            (("wallet", "restore", "a", "--account", WORDS), 64),
            (("wallet", "restore", "a", "--words-file", WORDS), 74),
            (("wallet", "new", "a", "--password", PASSPHRASE), 64),
            (("wallet", "new", "a", "--password-file", PASSPHRASE), 74),
            (("send", "--from", "a", PASSPHRASE), 64), (("send", "--password", PASSPHRASE), 64),
            (("record", "put", "id", PASSPHRASE), 64),
        ]
        for arguments, status in rows:
            for form in (("--json-output",) if arguments[0] == "record" else ("--json",)), ():
                with self.subTest(arguments=arguments, form=form):
                    process = self.start(arguments[0], *form, *arguments[1:])
                    out, errors = process.communicate("", timeout=60)
                    self.assertEqual(process.returncode, status, out + errors)
                    self.assertEqual((out == "", errors == ""), (not form, bool(form)))
                    if form:
                        told = json.loads(out)["data"]
                        self.assertLessEqual({"rule", "expected", "actual", "hint"}, set(told))
                    for secret in {KEY, PASSPHRASE, *PASSPHRASE.split(), *words}:
                        self.assertNotIn(secret, out + errors)
        self.environment["CAIRN_WORDS"] = WORDS
        said = self.cairn("wallet", "new", "a", status=78)
        self.assertIn("rule: app.bad_value", said)
        self.assertNotIn(words[0], said)
        self.assertFalse((self.folder / "wallets").exists())

    @staticmethod
    def has_unread_input(process):
        """Whether what was written to the process's stdin still stands in the pipe."""
        unread = array.array("i", [0])
        fcntl.ioctl(process.stdin, termios.FIONREAD, unread)
        return unread[0] > 0

    def test_a_terminal_is_asked_twice_and_shows_nothing(self):
        shown = self.type_at_terminal(
            ("wallet", "new", "a"),
            ((b"passphrase of wallet a: ", PASSPHRASE), (b"again: ", PASSPHRASE)))
        self.assertNotIn(PASSPHRASE.encode(), shown)
        self.assertEqual(len(self.export("a")), 65)

    def test_password_files_serve_scripts(self):
        (self.folder / "old").write_text(PASSPHRASE + "\n")
        (self.folder / "new").write_text("tea\n")
        self.cairn("wallet", "new", "a", "--password-file", "old")
        self.cairn("wallet", "passphrase", "a", "--password-file", "old",
                   "--new-password-file", "new")
        self.export("a", status=65)
        self.export("a", "tea")

    def test_development_names_are_taken(self):
        self.assertIn("development account",
                      self.cairn("wallet", "new", "dev3", lines=["x"], status=64))
        self.assertIn("dev3", self.cairn("wallet", "list"))


class Sending(Wallets):
    def setUp(self):
        super().setUp()
        self.network = self.enterContext(Network())
        self.node = self.network.node(free_ports(1)[0])
        self.node.start()
        self.wallet = self.place("savings", CHEAP)
        self.pay("savings", "100")

    def send(self, *arguments, status=0, **options):
        return self.cairn("send", "--node", str(self.node.port), "--json", *arguments,
                          status=status, **options)

    def pay(self, to, amount):
        """From dev0, confirmed."""
        self.send("--from", "dev0", "--to", to, "--amount", amount)
        self.node.ask("mine_block")

    def balance(self, account, confirmations):
        reply = json.loads(self.cairn(
            "balance", account, "--node", str(self.node.port), "--json",
            "--confirmations", str(confirmations),
        ))
        return reply["balance"] / 1e6, reply["nonce"]

    def test_a_wallet_receives_sends_and_waits(self):
        self.assertEqual(self.balance("savings", 1), (100, 0))
        self.assertEqual(self.balance(self.wallet["address"], 1), (100, 0))
        self.assertEqual(self.balance("savings", 2), (0, 0))
        sent = json.loads(self.send(
            "--from", "savings", "--to", "dev1", "--amount", "40", "--fee", "1", "--memo", "rent",
            lines=[CHEAP["passphrase"]],
        ))
        self.assertEqual(sent["status"], "pending")
        self.assertEqual(self.balance("savings", 0), (59, 1))
        self.assertEqual(self.balance("savings", 1), (100, 0))
        shown = self.cairn("transaction", sent["transaction"], "--node", str(self.node.port))
        self.assertIn("pending", shown)
        self.assertIn("rent", shown)
        self.node.ask("mine_block")
        self.assertEqual(self.balance("savings", 1), (59, 1))
        shown = json.loads(self.cairn(
            "transaction", sent["transaction"], "--node", str(self.node.port), "--json"))
        self.assertEqual((shown["status"], shown["confirmations"]), ("confirmed", 1))
        self.assertIn("not_found", self.cairn(
            "transaction", "0" * 64, "--node", str(self.node.port), status=65))

    def test_w4_two_programs_with_one_key_leave_no_gap(self):
        # Each pays twice the one before: enough to take its place, had it not come first.
        processes = [
            self.start("send", "--node", str(self.node.port), "--json", "--from", "savings",
                       "--to", "dev1", "--amount", str(index + 1), "--fee", str(0.001 * 2 ** index))
            for index in range(SENDERS)
        ]
        for process in processes:
            process.stdin.write(CHEAP["passphrase"] + "\n")
            process.stdin.flush()
        nonces = []
        for process in processes:
            out, errors = process.communicate(timeout=120)
            self.assertEqual(process.returncode, 0, errors)
            nonces.append(json.loads(out)["nonce"])
        self.assertEqual(sorted(nonces), list(range(SENDERS)))
        self.node.ask("mine_block")
        self.assertEqual(self.balance("savings", 1)[1], SENDERS)
        self.assertEqual(self.node.status()["mempool"], 0)

    def test_w4_nonces_follow_a_reorganisation(self):
        def spend(nonce):
            sent = json.loads(self.send("--from", "savings", "--to", "dev1", "--amount", "1",
                                        lines=[CHEAP["passphrase"]]))
            self.assertEqual(sent["nonce"], nonce)

        spend(0)
        block = self.node.ask("mine_block")["blocks"][0]["hash"]
        spend(1)
        self.node.ask({"type": "invalidate_block", "hash": block})
        self.assertEqual(self.balance("savings", 1)[1], 0)
        self.assertEqual(self.balance("savings", 0)[1], 2)
        spend(2)
        self.node.ask("mine_block")
        self.assertEqual(self.balance("savings", 1)[1], 3)

    def twin(self):
        """Another node with the same blocks, which knows nobody and is known to nobody."""
        self.assertEqual(self.node.stop(), 0)
        twin = self.network.node(free_ports(1)[0])
        shutil.copytree(self.node.directory, twin.directory)
        for name in ("peers.json", "dev/mempool.dat"):
            (twin.directory / name).unlink(missing_ok=True)
        for node in (self.node, twin):
            node.start()
        return twin

    def spend(self, node, amount, fee="0.001"):
        """What `cairn send` says of a payment out of the wallet."""
        return json.loads(self.cairn(
            "send", "--node", str(node.port), "--json", "--from", "savings", "--to", "dev1",
            "--amount", str(amount), "--fee", fee, lines=[CHEAP["passphrase"]],
        ))

    def spends(self, *nonces):
        """Payments of 1 CRN that take these nonces and are mined, so that nothing is left."""
        for nonce in nonces:
            self.assertEqual(self.spend(self.node, 1)["nonce"], nonce)
        self.node.ask("mine_block")
        self.assertEqual(self.balance("savings", 1)[1], nonces[-1] + 1)
        self.assertEqual(self.node.status()["mempool"], 0)

    def test_w4_a_replaced_one_leaves_no_gap(self):
        twin = self.twin()
        replaced = [self.spend(self.node, amount) for amount in (10, 20)]
        self.assertEqual([sent["nonce"] for sent in replaced], [0, 1])
        # Another program with this key, which sees another pool and pays more.
        better = self.spend(twin, 30, fee="0.002")
        self.assertEqual(better["nonce"], 0)
        twin.ask({"type": "add_peer", "address": f"127.0.0.1:{self.node.port}"})
        self.assertTrue(self.node.wait(transaction=better["transaction"], confirmations=0))
        gone = self.node.ask({"type": "get_transaction",
                              "transaction": replaced[0]["transaction"]})
        self.assertEqual(gone["code"], "not_found")
        self.spends(2, 3)
        self.assertAlmostEqual(self.balance("savings", 1)[0], 100 - 30 - 20 - 2 - 0.005)

    def test_w4_what_a_crash_or_a_block_dropped_is_sent_again_with_the_right_nonce(self):
        twin = self.twin()
        with self.subTest("a crash before the pool was saved"):
            self.assertEqual([self.spend(self.node, 1)["nonce"] for _ in range(2)], [0, 1])
            self.node.kill()
            self.node.start()
            self.assertEqual(self.node.status()["mempool"], 0)
        with self.subTest("a block with another payment, after which they cannot be paid"):
            dropped = [self.spend(self.node, amount)["transaction"] for amount in (1, 60)]
            self.assertEqual(self.spend(twin, 70)["nonce"], 0)
            twin.ask("mine_block")
            twin.ask({"type": "add_peer", "address": f"127.0.0.1:{self.node.port}"})
            self.assertTrue(self.node.wait(height=twin.status()["height"]))
            self.assertEqual(self.node.status()["mempool"], 0)
            for transaction in dropped:
                request = {"type": "get_transaction", "transaction": transaction}
                self.assertEqual(self.node.ask(request)["code"], "not_found")
            self.spends(1, 2)

    def test_w5_the_log_holds_no_secret(self):
        self.send("--from", "savings", "--to", "dev1", "--amount", "1", lines=[CHEAP["passphrase"]])
        self.node.ask("mine_block")
        self.node.stop()
        text = self.node.output.read_text() + (self.node.directory / "node.log").read_text()
        self.assertIn("new tip", text)
        for secret in (CHEAP["secret_key"], CHEAP["passphrase"]):
            self.assertNotIn(secret, text)

    def test_w6_typing_errors_and_other_chains_are_told_apart(self):
        address = self.wallet["address"]
        typo = address[:-1] + ("q" if address[-1] != "q" else "p")
        other = json.loads(self.cairn("wallet", "show", "savings", "--chain", "cairn", "--json"))
        for to, rule in ((typo, "mistyped"), (other["address"], "wrong_chain")):
            error = json.loads(
                self.send("--from", "dev0", "--to", to, "--amount", "1", status=65))
            self.assertEqual(error["code"], "rejected")
            self.assertEqual(error["data"]["rule"], f"ledger.{rule}")
            self.assertLess({"expected", "actual", "hint"}, set(error["data"]))
            errors = self.cairn("balance", to, "--node", str(self.node.port), status=65)
            for line in (f"rule: ledger.{rule}", "expected: ", "actual: ", "hint: "):
                self.assertIn(f"\n  {line}", errors)
        self.assertEqual(self.node.status()["mempool"], 0)

    def test_w7_words_and_backups_restore_the_same_balance_elsewhere(self):
        self.place("other", OTHER)
        self.pay("other", "7")
        self.cairn("wallet", "backup", "other", "--out", "copy.json")
        self.environment["CAIRN_WALLET_DIR"] = str(self.folder / "elsewhere")
        self.cairn("wallet", "restore", "words", lines=[WORDS, "tea"])
        self.cairn("wallet", "restore", "copy", "--backup", "copy.json", lines=[PASSPHRASE])
        for name, passphrase in (("words", "tea"), ("copy", PASSPHRASE)):
            self.assertEqual(self.balance(name, 1), (7, 0))
            self.send("--from", name, "--to", "dev1", "--amount", "0.5", lines=[passphrase])

    def test_w7_words_on_two_lines_are_read_to_their_end(self):
        half = "abandon " * 11
        for words in ([half + "about", half + "almost"], [half + "about " + half + "almost"]):
            name = f"lines{len(words)}"
            self.cairn("wallet", "restore", name, lines=[*words, "tea"])
        self.assertEqual(*(json.loads(self.cairn("wallet", "show", name, "--json"))["public_key"]
                           for name in ("lines1", "lines2")))
        # Without their passphrase they are no wallet, though their first half alone is a set.
        told = json.loads(self.cairn("wallet", "restore", "none", "--json", status=64,
                                     lines=[half + "about", half + "almost"]))
        self.assertEqual(told["data"]["rule"], "app.bad_value")
        self.assertIn("--password-file", told["data"]["hint"])
        self.assertNotIn("abandon", json.dumps(told))
        self.cairn("wallet", "show", "none", status=64)
        shown = self.type_at_terminal(
            ("wallet", "restore", "typed"),
            ((b"Recovery words: ", half + "about"), (b"(12 so far; Enter alone ends): ", ""),
             (b"passphrase of wallet typed: ", "tea"), (b"again: ", "tea")))
        self.assertNotIn(b"abandon", shown)
        self.assertNotEqual(*(json.loads(self.cairn("wallet", "show", name, "--json"))["public_key"]
                              for name in ("lines1", "typed")))

    def test_a_record_is_signed_by_a_wallet(self):
        (self.folder / "rx.json").write_text('{"dose": 2}')
        self.cairn("record", "put", "--node", str(self.node.port), "--stream", "rx", "--key", "p",
                   "--file", "rx.json", "--from", "savings", lines=[CHEAP["passphrase"]])
        self.node.ask("mine_block")
        block = self.node.ask({"type": "get_block", "height": self.node.status()["height"]})
        record = block["block"]["data"][1]
        self.assertEqual((record["from"], record["body"]),
                         (self.wallet["public_key"], {"dose": 2}))


if __name__ == "__main__":
    unittest.main()
