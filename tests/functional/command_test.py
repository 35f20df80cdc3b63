"""The commands as a new user types them: what is mistyped is told before anything happens."""

import json
import os
import pathlib
import subprocess
import unittest

from network import BINARY, Network, free_ports, moment, wait_until
from refusals import check_refusals, errors_in
from wallet_test import CHEAP, Wallets


class Commands(Wallets):
    def setUp(self):
        super().setUp()
        self.network = self.enterContext(Network())
        self.node = self.network.node(free_ports(1)[0])
        self.node.start()

    def ask(self, command, *arguments, status=0):
        return self.cairn(command, "--node", str(self.node.port), *arguments, status=status)

    def pay(self, *arguments, status=0):
        return self.ask("send", "--from", "dev0", "--to", "dev1", "--amount", "1.5", "--json",
                        *arguments, status=status)

    def refused(self, *arguments):
        """What is said on standard error of a command line that is wrong."""
        done = subprocess.run([BINARY, *arguments], capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL, timeout=60)
        self.assertEqual(done.returncode, 64, done.stdout + done.stderr)
        return done.stderr

    def test_numbers_are_checked_before_anything_is_sent(self):
        port = str(self.node.port)
        pay = ("send", "--node", port, "--from", "dev0", "--to", "dev1", "--amount", "1.5")
        for command, option in [
            (pay, "--wait"),
            (("balance", "dev0", "--node", port), "--confirmations"),
            (("history", "dev0", "--node", port), "--limit"),
            (("record", "list", "--stream", "s", "--node", port), "--limit"),
            (("receipt", "verify", "none"), "--confirmations"),
            (("node",), "--mine"),
            (("tracker",), "--lifetime"),
            (("gateway",), "--http"),
            (("probe", port, "ping"), "--timeout"),
        ]:
            for number in ("-1", "9007199254740992", "x"):
                with self.subTest(command=command, number=number):
                    said = self.refused(*command, f"{option}={number}")
                    self.assertIn(f"{option}: takes a whole number from ", said)
                    self.assertIn(f", not '{number}'", said)
        self.assertIn("from 1 to", self.refused("history", "dev0", "--limit", "0"))
        self.assertEqual(self.node.ask("mempool")["size"], 0)

    def test_a_wait_that_ends_early_tells_the_place(self):
        command = [BINARY, "send", "--node", str(self.node.port), "--from", "dev0", "--to", "dev1",
                   "--amount", "1.5", "--wait", "100", "--timeout", "3", "--json"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              stdin=subprocess.DEVNULL, text=True) as sending:
            came = wait_until(lambda: self.node.ask("mempool")["size"] == 1, 60,
                              lambda: moment(self.node))
            self.assertIsNotNone(came)
            self.node.ask({"type": "mine_block", "count": 2})
            output, errors = sending.communicate(timeout=60)
        self.assertEqual(sending.returncode, 75, errors)
        told = json.loads(output)
        self.assertEqual((told["status"], told["height"]), ("confirmed", 1))
        self.assertEqual((told["confirmations"], told["confirmations_wanted"]), (2, 100))
        self.assertIn("confirmed in block 1, but with 2 of 100 confirmations in time", errors)

    def test_history_knows_wallets_by_name(self):
        account = self.place("alice", CHEAP)["address"]
        self.ask("send", "--from", "dev0", "--to", "alice", "--amount", "2")
        self.node.ask("mine_block")
        by_name = self.ask("history", "alice", "--json")
        self.assertEqual(by_name, self.ask("history", account, "--json"))
        self.assertEqual(json.loads(by_name)["transactions"][0]["received"], 2_000_000)

    def test_explain_by_what_its_word_looks_like(self):
        sent = json.loads(self.pay())["transaction"]
        self.assertIn("status       pending", self.ask("explain", sent))
        block = self.node.ask("mine_block")["blocks"][0]["hash"]
        self.assertIn("status         confirmed", self.ask("explain", sent))
        by_height = self.ask("explain", "1", "--json")
        self.assertEqual(json.loads(by_height)["block"], block)
        self.assertEqual(by_height, self.ask("explain", block, "--json"))
        self.assertIn("\n  mempool.known: ", self.ask("explain", "mempool.known"))
        self.node.ask({"type": "invalidate_block", "hash": block})
        told = json.loads(self.ask("explain", block, "--json"))
        self.assertEqual(told["refusal"]["code"], "rejected")
        self.assertEqual(told["refusal"]["rule"], "node.set_aside")
        for unknown in ("0" * 64, "7", "no.rule"):
            error = json.loads(self.ask("explain", unknown, "--json", status=65))
            self.assertEqual(error["data"]["rule"], "rpc.not_found")

    def test_an_advised_fee_is_enough(self):
        told = json.loads(self.ask("estimate-fee", "--blocks", "3", "--json"))
        self.assertEqual(told["blocks"], 3)
        fee = f"{told['fee'] / 1_000_000:.6f}"
        self.assertEqual(json.loads(self.pay("--fee", fee))["status"], "pending")
        self.assertIn("\n3 blocks     ", self.ask("estimate-fee"))

    def test_each_refusal_of_the_line_has_its_rule(self):
        for rule, words in (
                ("unknown_command", ("sned",)),
                ("unknown_option", ("send", "--form", "dev0")), ("unknown_option", ("send", "-x")),
                ("unknown_option", ("balance", "dev0", "dev1")), ("unknown_option", ("--frob",)),
                ("unknown_option", ("-x",)), ("missing_value", ("probe",)),
                ("missing_value", ("send", "--to")), ("missing_value", ("balance",)),
                ("missing_value", ("probe", "5001")), ("missing_value", ("wallet", "new")),
                ("bad_value", ("history", "dev0", "--limit", "0")),
                ("bad_value", ("version", "--json=maybe")), ("bad_value", ("wallet", "frob")),
                ("bad_value", ("transaction", "1")), ("bad_value", ("probe", "x", "ping")),
                ("bad_value", ("receipt", "get", "1")), ("bad_value", ("record", "get", "1"))):
            with self.subTest(words=words):
                said = self.refused(*words)
                for detail in (f"rule: app.{rule}", "expected: ", "actual: ", "hint: "):
                    self.assertIn(f"\n  {detail}", said)
                flag = "--json-output" if words[0] == "record" else "--json"
                done = subprocess.run([BINARY, words[0], flag, *words[1:]], check=False,
                                      capture_output=True, text=True, timeout=60)
                self.assertEqual((done.returncode, done.stderr), (64, ""))
                (error,) = errors_in(json.loads(done.stdout))
                self.assertEqual(check_refusals(error), [f"app.{rule}"])
                self.assertEqual(error["code"], "rejected")
            told = json.loads(self.ask("explain", f"app.{rule}", "--json"))
            self.assertEqual([one["module"] for one in told["rules"]], ["app"])

    def test_missing_words_are_named(self):
        for words in (("record",), ("record", "frob")):
            said = self.refused(*words)
            for action in ("record put", "record list", "record get"):
                self.assertIn(action, said)
        self.assertIn("--stream NAME, --key KEY and --from ACCOUNT", self.refused("record", "put"))
        self.assertIn("cairn transaction ID", self.refused("transaction"))
        self.assertIn("cairn explain mempool.fee_too_low", self.refused("explain"))
        said = self.refused("node", "--dev", "--tracker", "", "--datadir",
                            os.fspath(pathlib.Path(self.network.folder) / "none"))
        self.assertIn("--tracker", said)



if __name__ == "__main__":
    unittest.main()
