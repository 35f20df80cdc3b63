"""Records, histories and receipts through the program's own commands, over crashes and forks."""

import json
import pathlib
import subprocess
import sys
import unittest

from network import BINARY, Network, free_ports

VERIFIER = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "verify_receipt.py"
DOCUMENT = '{ "drug": "ibuprofen", "dose": 2.0 }\n'


def run(*arguments):
    """Status and output of one `cairn` command."""
    done = subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=60)
    return done.returncode, done.stdout, done.stderr


class Records(unittest.TestCase):
    def put(self, node, key, file):
        status, output, errors = run(
            "record", "put", "--node", node.port, "--from", "dev0", "--stream", "rx", "--key", key,
            "--file", file, "--json-output")
        self.assertEqual(status, 0, errors)
        return json.loads(output)["transaction"]

    def list(self, node, *arguments):
        status, output, errors = run("record", "list", "--node", node.port, "--stream", "rx",
                                     "--json-output", *arguments)
        self.assertEqual(status, 0, errors)
        return json.loads(output)

    def told(self, wanted, *arguments, option="--json"):
        """The one JSON object that a command writes, and nothing else."""
        status, output, errors = run(*arguments, option)
        self.assertEqual((status, errors), (wanted, ""), output)
        return json.loads(output)

    def mined_record(self, network):
        """A node with a record in block 1, its id, and the file that it was made from."""
        node = network.node(free_ports(1)[0])
        node.start()
        file = network.folder / "rx.json"
        file.write_text(DOCUMENT)
        record = self.put(node, "patient-17", file)
        node.ask({"type": "mine_block"})
        return node, record, file

    def test_put_list_get_and_history(self):
        with Network() as network:
            node, first, file = self.mined_record(network)
            (network.folder / "scan").write_bytes(b"\x00\xff")
            second = self.put(node, "patient-18", network.folder / "scan")
            node.ask({"type": "mine_block"})
            everything = self.list(node)["records"]
            self.assertEqual([each["transaction"] for each in everything], [first, second])
            self.assertEqual(everything[0]["body"], {"dose": 2, "drug": "ibuprofen"})
            self.assertEqual(everything[1]["body_hex"], "00ff")
            self.assertEqual(len(self.list(node, "--key", "patient-18")["records"]), 1)
            self.assertEqual(len(self.list(node, "--from-height", 2)["records"]), 1)
            page = self.list(node, "--limit", 1)
            self.assertEqual(page["next"], "2.1")
            self.assertEqual(self.list(node, "--from-height", "2.1")["records"][0]["key"],
                             "patient-18")
            status, output, _ = run("record", "get", first, "--node", node.port, "--body")
            self.assertEqual((status, output), (0, '{"dose":2,"drug":"ibuprofen"}'))
            get = ("record", "get", "0" * 64, "--node", node.port)
            self.assertEqual(self.told(65, *get, option="--json-output")["code"], "not_found")
            status, output, errors = run("history", "dev0", "--node", node.port, "--json")
            self.assertEqual(status, 0, errors)
            entries = json.loads(output)["transactions"]
            # Both records, the two blocks that dev0 mined, and its balance from the start.
            self.assertEqual([entry["height"] for entry in entries], [2, 2, 1, 1, 0])
            # A crash at any moment leaves the indexes with the blocks.
            node.kill()
            node.start()
            self.assertEqual(self.list(node)["records"], everything)

    def test_a_reorganisation_takes_records_along(self):
        with Network() as network:
            node, first, _ = self.mined_record(network)
            left = node.status()["tip"]
            node.ask({"type": "invalidate_block", "hash": left})
            self.assertEqual(self.list(node)["records"], [])
            get = ("receipt", "get", first, "--node", node.port)
            self.assertEqual(self.told(75, *get)["code"], "timeout")
            node.ask({"type": "mine_block"})
            again = self.list(node)["records"]
            self.assertEqual([each["transaction"] for each in again], [first])

    def verdicts(self, chain, *arguments):
        """The statuses of both verifiers, which must be one."""
        ours = run("receipt", "verify", *arguments)
        position = next((i for i, each in enumerate(arguments) if str(each).startswith("--")),
                        len(arguments))
        files, options = arguments[:position], arguments[position:]
        document = ["--document", *files[1:]] if len(files) > 1 else []
        theirs = subprocess.run(
            [sys.executable, "-B", VERIFIER, files[0], chain, *document, *map(str, options)],
            capture_output=True, text=True, timeout=60)
        self.assertEqual(ours[0], theirs.returncode, (ours, theirs))
        return ours[0]

    def test_receipts(self):
        with Network() as network:
            node, record, file = self.mined_record(network)
            chain = node.status()["chain_id"]
            receipt = network.folder / "receipt.json"
            get = ("receipt", "get", record, "--node", node.port, "--output", receipt)
            told = self.told(0, *get)
            self.assertEqual((told["receipt"], told["transaction"], told["chain"]),
                             (str(receipt), record, chain))
            self.assertEqual(told["confirmations"], 1)
            self.assertEqual(told["digest"], json.loads(receipt.read_text())["digest"])
            # A file that is there stays as it is.
            self.assertIn("exists already", self.told(64, *get)["message"])
            self.assertEqual(self.verdicts(chain, receipt, file), 0)
            self.assertEqual(self.verdicts(chain, receipt, "--confirmations", 2), 75)
            node.ask({"type": "mine_block", "count": 30})
            receipt.unlink()
            self.assertEqual(run(*get)[0], 0)
            self.assertEqual(self.verdicts(chain, receipt, "--confirmations", 31), 0)
            other = network.folder / "other.json"
            other.write_text("{}")
            self.assertEqual(self.verdicts(chain, receipt, other), 65)
            self.assertEqual(run("receipt", "verify", receipt, "--chain", "lab")[0], 65)
            changed = bytearray(receipt.read_bytes())
            changed[100] ^= 1
            other.write_bytes(changed)
            self.assertEqual(self.verdicts(chain, other), 65)
            self.assertEqual(self.verdicts(chain, network.folder / "none"), 74)
            self.assertEqual(self.verdicts(chain, receipt, network.folder / "none"), 74)
            for number in ("x", "-1", "1.5"):
                self.assertEqual(self.verdicts(chain, receipt, f"--confirmations={number}"), 64)

    def test_a_receipt_from_a_checkpoint(self):
        with Network() as network:
            node, _, file = self.mined_record(network)
            chain = node.status()["chain_id"]
            node.ask({"type": "mine_block", "count": 30})
            late = self.put(node, "patient-19", file)
            node.ask({"type": "mine_block", "count": 2})
            receipt = network.folder / "receipt.json"
            status, output, errors = run("receipt", "get", late, "--node", node.port, "--output",
                                         receipt, "--checkpoint", 25)
            self.assertEqual(status, 0, errors)
            again = self.told(0, "receipt", "get", late, "--node", node.port, "--output",
                              network.folder / "again.json", "--checkpoint", 25)
            self.assertIn(again["checkpoint"], output)
            block = node.ask({"type": "get_block", "height": 25})["block"]["hash"]
            self.assertIn(f"25:{block}", output)
            self.assertEqual(len(json.loads(receipt.read_text())["headers"]), 19)
            self.assertEqual(self.verdicts(chain, receipt, file, "--checkpoint", f"25:{block}"), 0)
            self.assertEqual(self.verdicts(chain, receipt), 65)
            self.assertEqual(
                self.verdicts(chain, receipt, "--checkpoint", f"25:{block[1:]}0"), 65)
            self.assertEqual(
                run("receipt", "get", late, "--node", node.port, "--checkpoint", 60)[0], 65)


if __name__ == "__main__":
    unittest.main()
