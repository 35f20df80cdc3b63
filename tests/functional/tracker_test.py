"""A real tracker: nodes that know nothing else find each other, and leave its list."""

import subprocess
import time
import unittest

from network import BINARY, Client, Network, SECONDS_MAX, free_ports, moment, wait_until

LIFETIME_SECONDS = 3


class Tracker:
    """A tracker process whose entries live for a few seconds."""

    def __init__(self, network):
        self.port = free_ports(1)[0]
        self.process = subprocess.Popen(
            [BINARY, "tracker", str(self.port), "--lifetime", str(LIFETIME_SECONDS)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )
        network.callback(self.stop)
        if not self.process.stdout.readline().startswith(b"ready"):
            raise AssertionError("the tracker did not become ready")

    def stop(self):
        self.process.kill()
        self.process.wait(SECONDS_MAX)
        self.process.stdout.close()

    def nodes(self):
        with Client(self.port) as client:
            return set(client.ask("nodes")["nodes"])


class Trackers(unittest.TestCase):
    def network(self):
        network = self.enterContext(Network())
        return network, Tracker(network)

    def start(self, network, tracker, count):
        nodes = [
            network.node(port, "--tracker", f"127.0.0.1:{tracker.port}")
            for port in free_ports(count)
        ]
        for node in nodes:
            node.start()
        return nodes

    def wait_for_list(self, tracker, nodes, pace):
        wanted = {f"127.0.0.1:{node.port}" for node in nodes}
        return wait_until(lambda: tracker.nodes() == wanted, 30, lambda: moment(pace))

    def test_nodes_find_each_other_through_it_and_leave_its_list(self):
        network, tracker = self.network()
        nodes = self.start(network, tracker, 4)
        self.assertIsNotNone(self.wait_for_list(tracker, nodes, nodes[0]))
        nodes[0].ask({"type": "mine_block", "count": 3})
        for node in nodes:
            self.assertTrue(node.wait(height=3))
        with self.subTest("who lives stays, however often entries would have ended"):
            began = time.monotonic()
            while time.monotonic() - began < 3 * LIFETIME_SECONDS:
                self.assertEqual(len(tracker.nodes()), 4)
                moment(nodes[0])
        with self.subTest("a stopped node leaves at once"):
            self.assertEqual(nodes[1].stop(), 0)
            self.assertNotIn(f"127.0.0.1:{nodes[1].port}", tracker.nodes())
        with self.subTest("a dead node leaves within its lifetime"):
            nodes[2].kill()
            left = self.wait_for_list(tracker, [nodes[0], nodes[3]], nodes[0])
            self.assertIsNotNone(left)
            self.assertLess(left, LIFETIME_SECONDS + 1)

    def test_nodes_work_on_without_it(self):
        network, tracker = self.network()
        nodes = self.start(network, tracker, 2)
        self.assertIsNotNone(
            wait_until(lambda: nodes[0].status()["peers"] > 0, 30, lambda: moment(nodes[0]))
        )
        tracker.stop()
        nodes[0].ask({"type": "mine_block", "count": 2})
        self.assertTrue(nodes[1].wait(height=2))


if __name__ == "__main__":
    unittest.main()
