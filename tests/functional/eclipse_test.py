"""Who a node finds again after a crash, whatever the addresses that it knows have become."""

import contextlib
import json
import os
import pathlib
import selectors
import socket
import unittest

from network import Client, Network, free_ports, moment, wait_until

PEERS = 10
ANCHORS = 2


def accept(server):
    """A link that `server` takes, and whether the `hello` of who dials wants transactions."""
    link = Client.__new__(Client)
    link.socket, _ = server.accept()
    link.buffer = b""
    hello = link.receive_payload()
    # At its end stand `relay_transactions` and an empty extension.
    return link, hello[-2] == 1


def anchors(node):
    """The anchors in the node's file, as ports."""
    file = node.directory / "peers.json"
    saved = json.loads(file.read_text()) if file.exists() else {"anchors": []}
    return {int(anchor.rsplit(":", 1)[1]) for anchor in saved["anchors"]}


def dialled_ports(node):
    """The ports to which the node has connections, in the order in which it opened them."""
    folder = pathlib.Path(f"/proc/{node.process.pid}/fd")
    sockets = []
    for name in sorted(map(int, os.listdir(folder))):
        with contextlib.suppress(FileNotFoundError):
            sockets.append(os.readlink(folder / str(name)))
    ports = {}
    for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        ports[f"socket:[{fields[9]}]"] = int(fields[2].split(":")[1], 16)
    return [ports[name] for name in sockets if name in ports]


class Eclipse(unittest.TestCase):
    def test_e4_anchors_survive_kill_9_and_are_dialled_first(self):
        network = self.enterContext(Network())
        ports = free_ports(PEERS + 1)
        hub, *others = [network.node(port) for port in ports[:PEERS]]
        hub.start()
        bootstrap = ("--bootstrap", f"127.0.0.1:{hub.port}")
        for other in others:
            other.arguments = bootstrap
            other.start()
        # Not where others look for it: so all links are of its own choice, 8 full ones and then the
        # anchors.
        victim = network.node(ports[PEERS], *bootstrap, "--bind", "127.0.0.2")
        self.assertIsNotNone(
            wait_until(lambda: hub.status()["peers"] == PEERS - 1, 60, lambda: moment(hub))
        )
        victim.start()
        self.assertIsNotNone(
            wait_until(lambda: len(anchors(victim)) == ANCHORS, 60, lambda: moment(hub))
        )
        victim.kill()
        kept = anchors(victim)
        self.assertEqual(len(kept), ANCHORS)
        for node in (hub, *others):
            node.kill()

        wants = {}
        with selectors.DefaultSelector() as selector, contextlib.ExitStack() as links:
            for port in ports[:PEERS]:
                server = links.enter_context(socket.create_server(("127.0.0.1", port)))
                selector.register(server, selectors.EVENT_READ, port)
            victim.start()
            while len(wants) < PEERS:
                ready = selector.select(10)
                self.assertTrue(ready, f"only {len(wants)} were dialled")
                for key, _ in ready:
                    link, wants[key.data] = accept(key.fileobj)
                    links.enter_context(link)
            order = [port for port in dialled_ports(victim) if port in wants]
        self.assertEqual(set(order[:ANCHORS]), kept, order)
        # They are dialled for blocks alone, as they were before.
        self.assertEqual({port for port in kept if not wants[port]}, kept)


if __name__ == "__main__":
    unittest.main()
