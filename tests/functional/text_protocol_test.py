"""The port as netcat, browsers and hostile clients see it: framing cases of real sockets."""

import json
import os
import pathlib
import socket
import subprocess
import unittest

from network import Client, Network, frame, free_ports, own_address


class TextProtocol(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.network = Network()
        cls.node = cls.network.node(free_ports(1)[0])
        cls.node.start()

    @classmethod
    def tearDownClass(cls):
        cls.network.close()

    def test_ping_by_netcat(self):
        reply = subprocess.run(
            ["nc", "-q1", "127.0.0.1", str(self.node.port)], input=b"4         ping",
            capture_output=True, timeout=30, check=True,
        ).stdout
        self.assertEqual(int(reply[:10]), len(reply) - 10)
        self.assertIs(json.loads(reply[10:])["pong"], True)

    def test_an_unknown_command_leaves_the_connection_usable(self):
        with Client(self.node.port) as client:
            client.send_raw(b"13        Valid message")
            reply = client.receive()
            self.assertEqual(reply["type"], "error")
            self.assertEqual(reply["code"], "unknown_command")
            self.assertTrue(client.ask("ping")["pong"])

    def test_f4_broken_headers_close_at_once(self):
        for header in (b"POST / HTTP/1.1\r\n", b"abcdefghij", b"-1", b"0x10      ", b"+5",
                       b"00000005", b" 5", b"1e3       ", b"5\t", b"5\x00", b"5    5",
                       b"9999999999", b"\xd9\xa5", b"0         "):
            with self.subTest(header=header), Client(self.node.port) as client:
                client.send_raw(header)
                self.assertTrue(client.is_closed())

    def test_f1_bytes_and_bundles_are_answered_alike(self):
        requests = b"".join(frame("ping") for _ in range(50))
        with Client(self.node.port) as client:
            client.send_raw(requests)
            bundled = [client.receive() for _ in range(50)]
        with Client(self.node.port) as client:
            client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for index in range(len(frame("ping")) * 3):
                client.send_raw(requests[index : index + 1])
            single = [client.receive() for _ in range(3)]
        self.assertEqual(single, bundled[:3])
        self.assertTrue(all(reply["pong"] for reply in bundled))

    def test_f2_a_length_in_characters_is_an_error_without_desync(self):
        text = json.dumps({"type": "ping", "id": "h\u00e9\U0001f600"}, ensure_ascii=False)
        with Client(self.node.port) as client:
            reply = client.ask(text)
            self.assertTrue(reply["pong"])
            self.assertEqual(reply["id"], "h\u00e9\U0001f600")
        with Client(self.node.port) as client:
            client.send_raw(b"%-10d" % len(text) + text.encode())
            self.assertIn(client.receive()["code"], ("not_json", "bad_field"))
            # What is left of the text is no header.
            self.assertTrue(client.is_closed())

    def test_f6_one_line_end_is_tolerated_three_are_not(self):
        with Client(self.node.port) as client:
            client.send_raw(frame("ping") + b"\r\n" + frame("ping") + b"\n")
            self.assertTrue(client.receive()["pong"])
            self.assertTrue(client.receive()["pong"])
        with Client(self.node.port) as client:
            client.send_raw(frame("ping") + b"\n\n\n")
            self.assertTrue(client.receive()["pong"])
            self.assertTrue(client.is_closed())

    def test_control_needs_no_cookie_only_where_it_is_open(self):
        reply = self.node.ask({"type": "mine_block", "count": 2, "data": {"note": "hello"}})
        self.assertEqual(len(reply["blocks"]), 2)
        block = self.node.ask({"type": "get_block", "height": reply["blocks"][0]["height"]})
        self.assertEqual(block["block"]["data"][0]["body"], {"note": "hello"})
        self.assertTrue(self.node.ask("validate")["valid"])

    def test_several_requests_are_answered_in_order(self):
        with Client(self.node.port) as client:
            client.send_raw(b"".join(
                frame(json.dumps({"type": name, "id": index}))
                for index, name in enumerate(["status", "validate", "ping", "get_chain", "help"])
            ))
            self.assertEqual([client.receive()["id"] for _ in range(5)], list(range(5)))


class Strangers(unittest.TestCase):
    """Other machines; an address of ours that is not loopback stands for them."""

    def setUp(self):
        self.address = own_address()
        if self.address is None:
            self.skipTest("this machine has no address besides loopback")
        self.network = self.enterContext(Network())

    def start(self, *arguments):
        node = self.network.node(free_ports(1)[0], *arguments)
        node.is_open = False
        node.start()
        return node

    def refusal(self, node, request):
        with Client(node.port, host=self.address) as client:
            reply = client.ask(request)
            self.assertEqual((reply["type"], reply["code"]), ("error", "forbidden"))
            return reply["data"]["actual"]

    def test_a1_the_default_listens_for_this_machine_alone(self):
        node = self.start("--http", "0")
        process = pathlib.Path(f"/proc/{node.process.pid}")
        inodes = {os.readlink(entry) for entry in (process / "fd").iterdir()}
        listening = []
        for table in ("tcp", "tcp6"):
            for line in (process / "net" / table).read_text().splitlines()[1:]:
                words = line.split()
                # State 0A is LISTEN; an address is written as the machine keeps it.
                if words[3] == "0A" and f"socket:[{words[9]}]" in inodes:
                    listening.append(words[1].split(":")[0])
        self.assertEqual(listening, ["0100007F"] * 2)
        with self.assertRaises(ConnectionRefusedError):
            Client(node.port, host=self.address)

    def test_a1_strangers_may_not_ask_and_never_control(self):
        closed = self.start("--bind", "0.0.0.0", "--inbound-per-second", "100")
        for request in ("status", "mine_block", {"type": "shutdown", "auth": "0" * 64}):
            self.assertEqual(self.refusal(closed, request), "one from another machine")
        opened = self.start("--bind", "0.0.0.0", "--inbound-per-second", "100", "--open-probe")
        with Client(opened.port, host=self.address) as client:
            self.assertEqual(client.ask("status")["height"], 0)
        for request in ("mine_block", {"type": "shutdown", "auth": "0" * 64}):
            self.assertEqual(self.refusal(opened, request), "one from another machine")
        for node in (closed, opened):
            self.assertEqual(node.status()["height"], 0)


if __name__ == "__main__":
    unittest.main()
