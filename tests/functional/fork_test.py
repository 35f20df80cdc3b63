"""Real networks: split and healed, and a block that reaches everyone."""

import unittest

from network import Network, is_agreed, moment, wait_until

HEAL_SECONDS_MAX = 5.0


class Forks(unittest.TestCase):
    def test_two_halves_agree_on_the_branch_with_the_most_work(self):
        with Network() as network:
            left, right = network.mesh(3), network.mesh(3)
            nodes = left + right
            for half, count in ((left, 50), (right, 55)):
                half[0].ask({"type": "mine_block", "count": count})
                self.assertIsNotNone(
                    wait_until(
                        lambda half=half: is_agreed(half), 30, lambda half=half: moment(half[1])
                    )
                )
            self.assertFalse(is_agreed(nodes))
            right[0].ask({"type": "add_peer", "address": f"127.0.0.1:{left[0].port}"})
            healed = wait_until(
                lambda: is_agreed(nodes), 60, lambda: moment(nodes[1])
            )
            self.assertIsNotNone(healed)
            self.assertLess(healed, HEAL_SECONDS_MAX)
            heights = {node.status()["height"] for node in nodes}
            self.assertEqual(heights, {55})
            for node in nodes:
                self.assertTrue(node.ask("validate")["valid"])

    def test_a_fresh_node_catches_up(self):
        with Network() as network:
            nodes = network.mesh(2)
            nodes[0].ask({"type": "mine_block", "count": 2000})
            fresh = network.mesh(1, "--peer", f"127.0.0.1:{nodes[0].port}")[0]
            self.assertTrue(fresh.wait(height=2000))
            self.assertEqual(fresh.status()["tip"], nodes[0].status()["tip"])


if __name__ == "__main__":
    unittest.main()
