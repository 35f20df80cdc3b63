"""What waits for a block: over restarts, with a damaged file, with fees that are too low."""

import json
import subprocess
import unittest

from network import BINARY, SECONDS_MAX, Network, free_ports, moment, wait_until

DEV0 = ["--from", "dev0", "--to", "dev1", "--amount", "1", "--json"]


def send(node, *options):
    """One transfer of dev0 by the program itself: its exit status and its words."""
    done = subprocess.run(
        [BINARY, "send", "--node", str(node.port), *DEV0, *options],
        capture_output=True, timeout=SECONDS_MAX, text=True, stdin=subprocess.DEVNULL,
    )
    return done.returncode, done.stdout + done.stderr


def is_restored(node, count):
    return lambda: node.status()["mempool"] == count


class Mempool(unittest.TestCase):
    def test_m7_a_restart_keeps_what_waits(self):
        with Network() as network:
            node = network.node(free_ports(1)[0])
            node.start()
            for _ in range(20):
                status, words = send(node)
                self.assertEqual(status, 0, words)
            before = node.ask("mempool")
            self.assertEqual(before["size"], 20)
            self.assertEqual(node.stop(), 0)
            node.start()
            self.assertIsNotNone(wait_until(is_restored(node, 20), 30, lambda: moment(node)))
            self.assertEqual(node.ask("mempool"), before)
            node.ask("mine_block")
            self.assertEqual(node.status()["mempool"], 0)
            # What was mined does not come back.
            self.assertEqual(node.stop(), 0)
            node.start()
            self.assertEqual(node.status()["mempool"], 0)

    def test_m7_a_damaged_file_is_set_aside(self):
        with Network() as network:
            node = network.node(free_ports(1)[0])
            node.start()
            send(node)
            self.assertEqual(node.stop(), 0)
            saved = node.directory / "dev" / "mempool.dat"
            content = bytearray(saved.read_bytes())
            content[len(content) // 2] ^= 1
            saved.write_bytes(content)
            node.start()
            self.assertEqual(node.status()["mempool"], 0)
            self.assertTrue(saved.with_name("mempool.dat.corrupt").exists())
            self.assertIn("mempool.dat.corrupt", (node.directory / "node.log").read_text())
            self.assertEqual(send(node)[0], 0)

    def test_fees_of_a_fresh_chain_work_and_nothing_is_refused(self):
        with Network() as network:
            node = network.node(free_ports(1)[0])
            node.start()
            estimates = node.ask("estimate_fee")
            self.assertEqual([row["blocks"] for row in estimates["estimates"]], [1, 3, 10])
            for row in estimates["estimates"]:
                self.assertGreaterEqual(row["fee"], estimates["minimum"])
            fee = f"0.{estimates['estimates'][0]['fee']:06}"
            self.assertEqual(send(node, "--fee", fee)[0], 0)
            status, words = send(node, "--fee", "0")
            self.assertNotEqual(status, 0)
            self.assertIn("mempool.fee_too_low", words)
            self.assertIn("estimate_fee", words)


if __name__ == "__main__":
    unittest.main()
