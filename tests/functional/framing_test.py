"""Framing cases that need many real sockets: claims, slow senders, broken connections."""

import socket
import struct
import time
import unittest

from network import Client, Network, frame, free_ports, wait_until
from peer import BLOCK, Peer, envelope, genesis_of

CONNECTIONS = 1_000
KIB_PER_CONNECTION_MAX = 300
READY_PEERS = 100
LOOPS = 10_000
# `closing_links_max` and `handshakes_max` of the node, and some that are on their way.
DESCRIPTORS_ENDED_MAX = 256 + 64 + 32


class Framing(unittest.TestCase):
    def setUp(self):
        self.network = self.enterContext(Network())
        self.node = self.network.node(free_ports(1)[0])
        self.node.start()
        self.node.ask("ping")

    def settle(self, descriptors):
        """Waits until the node holds no more descriptors than that."""
        pause = {"type": "wait", "height": 1 << 40, "timeout_ms": 50}
        return wait_until(
            lambda: self.node.open_files() <= descriptors, 10, lambda: self.node.ask(pause)
        )

    def test_f3_a_thousand_claims_cost_less_than_300_kib_each(self):
        before = self.node.memory_kib()
        claims = (b"9999999999", b"4000001   ", b"3999999   ", b"1048576   ")
        clients = [self.enterContext(Client(self.node.port)) for _ in range(CONNECTIONS)]
        for index, client in enumerate(clients):
            client.send_raw(claims[index % len(claims)])
        # Before a handshake the first three are too long for anything.
        for index, client in enumerate(clients):
            if index % len(claims) != 3:
                self.assertTrue(client.is_closed())
        self.assertTrue(self.node.ask("ping")["pong"])
        grown = self.node.memory_kib("VmHWM:") - before
        self.assertLess(grown, KIB_PER_CONNECTION_MAX * CONNECTIONS)
        # Most of them are not even kept: all together cost less than that of a few.
        self.assertLess(grown, KIB_PER_CONNECTION_MAX * 64)

    def test_f3_ready_peers_that_claim_and_stall_cost_less_than_300_kib_each(self):
        genesis = genesis_of(self.node)
        peers = [self.enterContext(Peer(self.node.port, genesis)) for _ in range(READY_PEERS)]
        self.assertEqual(len(self.node.ask("peers")["peers"]), READY_PEERS)
        before = self.node.memory_kib()
        for index, peer in enumerate(peers):
            start = (b"3999999   ", b"2000000   " + envelope(BLOCK, chain=1), b"4000001   ")
            peer.send_raw(start[index % 3])
        left = READY_PEERS - len(peers[2::3])
        self.assertIsNotNone(
            wait_until(
                lambda: len(self.node.ask("peers")["peers"]) == left, 10,
                lambda: self.node.ask("ping"),
            )
        )
        grown = self.node.memory_kib("VmHWM:") - before
        self.assertLess(grown, KIB_PER_CONNECTION_MAX * READY_PEERS)

    def test_f8_ten_thousand_broken_connections_leak_nothing(self):
        before = self.node.open_files()
        for index in range(LOOPS):
            with Client(self.node.port) as client:
                match index % 5:
                    case 1:
                        client.send_raw(b"100       half a frame")
                    case 2:
                        # Closing with this option sends RST.
                        client.socket.setsockopt(
                            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                        )
                        client.send_raw(b"100       half a frame")
                    case 3:
                        client.send_raw(b"100       half a frame")
                        client.socket.shutdown(socket.SHUT_WR)
                        self.assertTrue(client.is_closed())
                    case 4:
                        client.send_raw(frame("ping") * 2)
                        client.socket.shutdown(socket.SHUT_WR)
                        self.assertTrue(client.receive()["pong"])
                        self.assertTrue(client.receive()["pong"])
                        self.assertIsNone(client.receive())
        self.assertTrue(self.node.ask("ping")["pong"])
        self.assertIsNotNone(self.settle(before), f"{self.node.open_files()} after {before}")

    def test_f8_links_that_the_node_has_ended_hold_few_descriptors(self):
        before = self.node.open_files()
        most = 0
        for _ in range(CONNECTIONS):
            # Refused at its first byte, and kept open on this side.
            self.enterContext(Client(self.node.port)).send_raw(b"x")
            most = max(most, self.node.open_files())
        self.assertLessEqual(most, before + DESCRIPTORS_ENDED_MAX)
        self.assertTrue(self.node.ask("ping")["pong"])
        self.assertIsNotNone(self.settle(before), f"{self.node.open_files()} after {before}")

    def test_f7_what_a_browser_sends_is_not_executed(self):
        posted = b"10        mine_block"
        request = b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(posted) + posted
        for start in (request, b"GET /mine_block HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x00\xc8"):
            with self.subTest(start=start), Client(self.node.port) as client:
                client.send_raw(start)
                self.assertTrue(client.is_closed())
        self.assertEqual(self.node.status()["height"], 0)


class Slowloris(unittest.TestCase):
    """Case F5 with real time: one byte in five seconds, for as long as the node allows."""

    CLIENTS = 500
    SESSIONS = 40
    BYTE_SECONDS = 5
    CLOSED_SECONDS_MAX = 30 + 2
    HANDSHAKE_SECONDS_MAX = 1.0

    def test_f5_slow_senders_end_in_30_s_while_peers_shake_hands(self):
        network = self.enterContext(Network())
        node = network.node(free_ports(1)[0])
        node.start()
        genesis = genesis_of(node)
        # Sessions that have been served stay; strangers give way to newer ones.
        slow = [self.enterContext(Client(node.port)) for _ in range(self.SESSIONS)]
        for client in slow:
            self.assertTrue(client.ask("ping")["pong"])
        slow += [
            self.enterContext(Client(node.port)) for _ in range(self.CLIENTS - self.SESSIONS)
        ]
        began = time.monotonic()
        for index, client in enumerate(slow):
            client.socket.setblocking(False)
            trickle(client, b"1" if index % 2 else b"100       ")
        due = began + self.BYTE_SECONDS
        while slow:
            self.assertLess(time.monotonic() - began, self.CLOSED_SECONDS_MAX, f"{len(slow)} left")
            with Peer(node.port, genesis) as honest:
                self.assertLess(honest.seconds, self.HANDSHAKE_SECONDS_MAX)
            node.ask({"type": "wait", "height": 1 << 40, "timeout_ms": 500})
            is_due = time.monotonic() >= due
            due += self.BYTE_SECONDS if is_due else 0
            slow = [
                client for client in slow
                if not is_ended(client) and (not is_due or trickle(client, b"0"))
            ]
        self.assertGreater(time.monotonic() - began, 25, "the last ones were given their time")


def trickle(client, data):
    """Whether the connection took the bytes."""
    try:
        return client.socket.send(data) == len(data)
    except (BrokenPipeError, ConnectionResetError):
        return False


def is_ended(client):
    """Whether the node has closed the connection."""
    try:
        return client.socket.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


if __name__ == "__main__":
    unittest.main()
