"""What waits for a block: over restarts, with a damaged file, with fees that are too low."""

import contextlib
import json
import struct
import subprocess
import time
import unittest

from network import BINARY, SECONDS_MAX, Network, free_ports, moment, wait_until
from peer import Peer, genesis_of

ATTACK_SECONDS = 5
# What one address may have at once, each of them made anew every second.
ATTACKERS = 8
# As many as go into one message.
BAD_ONES = 7
PROCESSOR_SHARE_MAX = 0.2
BLOCK_SECONDS_MAX = 1.0
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
        # Scaled to 20: the pool's own test has 100,000.
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

    def test_m8_checks_in_vain_cost_little_and_delay_no_block(self):
        with Network() as network:
            miner, victim = network.mesh(2)
            self.assertIsNotNone(
                wait_until(lambda: victim.status()["peers"] == 1, 30, lambda: moment(miner))
            )
            raw = self.largest_record(network, miner)
            self.assertTrue(victim.wait(height=miner.status()["height"]))
            genesis = genesis_of(victim)
            began, used, delays = time.monotonic(), victim.processor_seconds(), []
            for second in range(1, ATTACK_SECONDS + 1):
                for attacker in range(ATTACKERS):
                    self.attack(victim, genesis, raw, second * ATTACKERS + attacker)
                    if attacker == ATTACKERS // 2:
                        delays.append(self.delay_of_a_block(miner, victim))
                self.let_pass(miner, began + second)
            share = (victim.processor_seconds() - used) / (time.monotonic() - began)
            self.assertLess(share, PROCESSOR_SHARE_MAX)
            self.assertLess(max(delays), BLOCK_SECONDS_MAX)
            self.assertEqual(victim.status()["mempool"], 0)

    def largest_record(self, network, node):
        """The bytes of a mined record whose document is about as long as one may be."""
        file = network.folder / "long.json"
        file.write_text(json.dumps({"text": "x" * 65_000}))
        done = subprocess.run(
            [BINARY, "record", "put", "--node", str(node.port), "--from", "dev0", "--stream", "s",
             "--key", "k", "--file", str(file), "--json-output"],
            check=True, capture_output=True, timeout=SECONDS_MAX, stdin=subprocess.DEVNULL,
        )
        transaction = json.loads(done.stdout)["transaction"]
        node.ask("mine_block")
        return bytes.fromhex(
            node.ask({"type": "get_proof", "transaction": transaction})["bytes"]
        )

    def attack(self, victim, genesis, raw, number):
        """A peer that hands over bad signatures of long records until it is dropped."""
        offers = [
            [raw[:-8] + struct.pack("<II", number, 16 * turn + i) for i in range(BAD_ONES)]
            for turn in range(2)
        ]
        with Peer(victim.port, genesis) as peer, contextlib.suppress(OSError):
            self.assertTrue(peer.offer(offers[0]))
            # The first ones were enough for a warning; with the second it ends.
            peer.offer(offers[1])
            while peer.receive_payload():
                pass

    def delay_of_a_block(self, miner, victim):
        """The seconds from a block's making to the moment at which the victim has it."""
        height = miner.ask("mine_block")["blocks"][0]["height"]
        began = time.monotonic()
        self.assertTrue(victim.wait(height=height))
        return time.monotonic() - began

    def let_pass(self, node, until):
        """Waits, for a block that nobody makes, until the clock shows `until`."""
        left = until - time.monotonic()
        if left > 0:
            request = {"type": "wait", "height": 1_000_000, "timeout_ms": int(left * 1000)}
            self.assertFalse(node.ask(request)["reached"])

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
            self.assertIn("estimate-fee", words)


if __name__ == "__main__":
    unittest.main()
