"""A real node that knows nothing but a name of the name service."""

import unittest

from network import Network, free_ports


class Seed(unittest.TestCase):
    def test_a_node_alone_asks_for_others_and_joins_them(self):
        network = self.enterContext(Network())
        ports = free_ports(2)
        first = network.node(ports[0])
        first.start()
        first.ask({"type": "mine_block", "count": 3})
        # A name that is in /etc/hosts everywhere.
        second = network.node(ports[1], "--dns-seed", f"localhost:{ports[0]}")
        second.start()
        self.assertEqual(second.status()["peers"], 0)
        self.assertTrue(second.wait(height=3))
        self.assertEqual(second.status()["tip"], first.status()["tip"])


if __name__ == "__main__":
    unittest.main()
