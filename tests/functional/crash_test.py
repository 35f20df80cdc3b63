"""Nodes that are killed at random moments, stopped, locked out, or given damaged files."""

import random
import shutil
import subprocess
import unittest

from network import BINARY, Network, free_ports, is_agreed, moment, wait_until

KILLS = 50
RESTART_SECONDS_MAX = 2.0


class Crashes(unittest.TestCase):
    def test_d1_kills_at_random_moments(self):
        seed = 20261121
        chance = random.Random(seed)
        with Network() as network:
            nodes = network.mesh(3, miners=3)
            victim = nodes[2]
            slowest = 0.0
            for _ in range(KILLS):
                # A moment of mining, cut off anywhere in it.
                nodes[0].ask({"type": "mine_block", "count": chance.randint(1, 20)})
                victim.ask({"type": "wait", "height": 1 << 40, "timeout_ms": chance.randint(1, 50)})
                acknowledged = victim.ask({"type": "mine_block"})["blocks"][0]["hash"]
                victim.kill()
                slowest = max(slowest, victim.start())
                self.assertIn("block", victim.ask({"type": "get_block", "hash": acknowledged}))
            self.assertLess(slowest, RESTART_SECONDS_MAX, f"seed {seed}")
            self.assertIsNotNone(
                wait_until(lambda: is_agreed(nodes), 60, lambda: moment(nodes[0]))
            )
            for node in nodes:
                self.assertTrue(node.ask("validate")["valid"])

    def test_a_clean_stop_exits_with_0_and_keeps_everything(self):
        with Network() as network:
            node = network.node(free_ports(1)[0])
            node.start()
            tip = node.ask({"type": "mine_block", "count": 30})["blocks"][-1]["hash"]
            self.assertEqual(node.stop(), 0)
            node.start()
            self.assertEqual(node.status()["tip"], tip)
            self.assertTrue(node.ask("shutdown")["stopping"])
            self.assertEqual(node.process.wait(30), 0)

    def test_d7_a_second_process_is_refused(self):
        with Network() as network:
            ports = free_ports(2)
            first = network.node(ports[0])
            first.start()
            second = subprocess.run(
                [BINARY, "node", str(ports[1]), "--chain", "dev", "--datadir",
                 str(first.directory)],
                capture_output=True, timeout=30, text=True, stdin=subprocess.DEVNULL,
            )
            self.assertNotEqual(second.returncode, 0)
            self.assertIn("another", (second.stderr + second.stdout).lower())
            self.assertTrue(first.ask("ping")["pong"])

    def test_d8_each_file_deleted_or_replaced_at_start(self):
        with Network() as network:
            node = network.node(free_ports(1)[0])
            node.start()
            node.ask({"type": "mine_block", "count": 5})
            self.assertEqual(node.stop(), 0)
            saved = node.directory.with_name("saved")
            shutil.copytree(node.directory, saved)
            files = [path.relative_to(saved) for path in saved.rglob("*") if path.is_file()]
            for name in files:
                for content in (None, b"garbage" * 1000):
                    shutil.rmtree(node.directory)
                    shutil.copytree(saved, node.directory)
                    target = node.directory / name
                    target.unlink()
                    if content is not None:
                        target.write_bytes(content)
                    with self.subTest(file=str(name), replaced=content is not None):
                        try:
                            node.start()
                        except AssertionError as refused:
                            # It says why, and is gone.
                            self.assertNotIn("ready", str(refused).split("ready:")[-1])
                            self.assertGreater(len(str(refused).split("ready:")[-1]), 10)
                            self.assertNotEqual(node.process.wait(30), 0)
                        else:
                            self.assertTrue(node.ask("validate")["valid"])
                            self.assertEqual(node.stop(), 0)


if __name__ == "__main__":
    unittest.main()
