"""The explorer's wire page and `POST /frames`, held against the node's own port."""

import json
import subprocess
import unittest

from explorer import Explorer
from gateway import Gateway, curl
from network import Client, frame


class Wire(Explorer):
    """The frames that the page shows are those of the node's own port."""

    def ask(self, text):
        """Types a request and presses the button; both frames as they are shown."""
        self.browser.run("const input = document.querySelector('main form input');"
                         "input.value = arguments[0];"
                         "document.querySelector('main form button').click()", text)
        self.browser.wait(lambda: self.browser.run(
            "return document.querySelector('.frame bdi')?.textContent") == text, "no answer")
        return self.browser.run(
            "return [...document.querySelectorAll('.frame')].map((one) =>"
            " [one.querySelector('mark').textContent, one.textContent])")

    def post(self, base, text, **headers):
        """The status and reply of `POST frames`."""
        arguments = [word for name, value in headers.items()
                     for word in ("-H", f"{name.replace('_', '-')}: {value}")]
        return curl(f"{base}frames", "-H", "Content-Type: application/json", *arguments,
                    "-d", json.dumps({"request": text}))

    def test_its_frames_are_those_of_the_port(self):
        node, base = self.node()
        self.mine(node, 2)
        gateway = Gateway(self.network_of_test, [node.port])
        below = f"{gateway.base}/node/{node.port}/"
        self.show(base, "wire", "Wire")
        for text in ("get_headers from=0 count=1", "get_block height=1", "nonsense", "help",
                     '{"type":"get_block","height":2,"id":"a b"}', "{", "explain code=it's",
                     "get_block height=\u00e9\u202e"):
            with self.subTest(text=text), Client(node.port) as client:
                client.send(text)
                payload = client.receive_payload()
                sent, came = frame(text), frame(payload)
                for door in (base, below):
                    status, reply = self.post(door, text)
                    self.assertEqual(status, 200)
                    self.assertEqual("".join(reply["request"].values()).encode(), sent)
                    self.assertEqual("".join(reply["reply"].values()).encode(), came)
                    self.assertEqual(len(reply["reply"]["header"]), 10)
                shown = self.ask(text)
                self.assertEqual(shown[0], [sent[:10].decode(), sent.decode()])
                self.assertEqual(shown[1][0], came[:10].decode())
                self.assertTrue(came.decode().startswith(shown[1][1][:4000]))
                by_hand, _, rest = self.browser.text("#by-hand").rpartition(" | nc ")
                self.assertEqual(rest, f"-q1 127.0.0.1 {node.port}")
                self.assertEqual(subprocess.run(["sh", "-c", by_hand], capture_output=True,
                                                check=True).stdout, sent)
        # The line as a whole, as a reader would copy it.
        self.ask("ping")
        told = subprocess.run(["sh", "-c", self.browser.text("#by-hand")], capture_output=True,
                              timeout=60, check=True).stdout
        self.assertEqual(told, frame('{"type":"ping","pong":true}'))
        self.browser.keep("wire")
        self.show(below, "wire", "Wire")
        self.browser.wait_for_text("#by-hand", f"127.0.0.1 {node.port}")
        self.browser.keep("wire_gateway")

    def test_an_address_alone_asks_nothing_that_changes_something(self):
        node, base = self.node()
        self.show(base, "wire?ask=mine_block", "Wire")
        self.browser.wait_for_text("main", "Press Ask")
        self.assertEqual(node.status()["height"], 0)
        self.browser.keep("wire_unasked")
        self.assertIn('"height":1', self.ask("mine_block")[1][1])
        self.assertEqual(node.status()["height"], 1)

    def test_the_access_is_that_of_the_command(self):
        node, base = self.node()
        node.stop()
        node.is_open = False
        node.start()
        self.assertIn("auth_required", self.post(base, "mine_block")[1]["reply"]["payload"])
        cookie = next(node.directory.rglob("control.cookie")).read_text().strip()
        told = self.post(base, "mine_block", Authorization=f"Bearer {cookie}")[1]
        self.assertIn("auth_required", told["reply"]["payload"])
        told = self.post(base, f"mine_block auth={cookie}")[1]
        self.assertIn('"blocks"', told["reply"]["payload"])
        self.assertEqual(self.post(base, "status", Origin="http://evil.example")[0], 403)
        self.assertEqual(self.post(base, "status", Sec_Fetch_Site="cross-site")[0], 403)
        self.assertEqual(self.post(base, "status", Host="evil.example")[0], 403)
        self.assertEqual(curl(f"{base}frames", "-d", '{"request":"status"}')[0], 415)
        self.assertEqual(curl(f"{base}frames")[0], 405)
        for text in ("", "\u0001\u0001", "\u00e9"):
            self.assertEqual(self.post(base, text)[0], 400)
        self.assertEqual(self.post(base, 7)[0], 400)


if __name__ == "__main__":
    unittest.main()
