"""What the explorer tells of what was refused, let go, or is not whole here."""

import hashlib
import json
import struct
import tempfile
import unittest

from explorer import Explorer
from peer import HEADERS, OUR_ALIAS, Peer, envelope, genesis_of, varint
from network import frame, moment, wait_until

HEADER_BYTES = 128
BRANCHES_PAGE = 20


def block_hash(raw):
    """The hash of a header and its seal, as hexadecimal."""
    return hashlib.sha256(hashlib.sha256(raw).digest()).hexdigest()


class Told(Explorer):
    def send(self, node, amount):
        """The id of a transfer of dev0 that waits."""
        return json.loads(self.cairn(
            "send", "--json", "--from", "dev0", "--to", "dev1", "--amount", amount,
            "--node", f"127.0.0.1:{node.port}"))["transaction"]

    def fact(self, name):
        """What the page tells under `name`."""
        return self.browser.run(
            "return [...document.querySelectorAll('.facts dt')].find((one) =>"
            " one.textContent === arguments[0])?.nextSibling.textContent ?? ''", name)

    def check_refusal(self, refusal):
        for name, field in (("Rule", "rule"), ("Why", "message"), ("Expected", "expected"),
                            ("Actual", "actual"), ("Hint", "hint")):
            self.assertEqual(self.fact(name), refusal.get(field, ""), name)
        self.assertNotEqual(self.fact("Rule"), "")
        self.assertNotEqual(self.fact("Why"), "")

    def test_a_dropped_transaction_has_a_reason_and_a_refused_one_a_rule(self):
        node, base = self.node()
        rival, _ = self.node()
        lost = self.send(node, "1")
        document = node.ask("mempool")["transactions"][0]
        self.send(rival, "2")
        self.mine(rival)
        node.ask({"type": "add_peer", "address": f"127.0.0.1:{rival.port}"})
        self.assertTrue(node.wait(height=1))
        told = node.ask({"type": "explain", "transaction": lost})
        self.show(base, f"transaction/{lost}", "Transaction")
        self.browser.wait_for_text("main .facts", "dropped")
        self.assertEqual(self.fact("Reason"), "nonce_used")
        self.assertEqual(self.fact("Meaning"), told["rules"][0]["meaning"])
        self.browser.keep("transaction_dropped")
        reply = node.ask({"type": "push_transaction", "transaction": document})
        self.assertEqual(reply["code"], "rejected")
        self.show(base, "", "Chain dev")
        self.show(base, f"transaction/{lost}", "Transaction")
        self.browser.wait_for_text("main .facts", "refused")
        self.check_refusal(node.ask({"type": "explain", "transaction": lost})["refusal"])
        self.assertEqual(self.fact("Rule"), "mempool.nonce_too_low")
        self.browser.keep("transaction_refused")

    def test_a_record_of_bytes_is_seen(self):
        node, base = self.node()
        with tempfile.NamedTemporaryFile(suffix=".bin") as body:
            body.write(b"\x00\xffcairn")
            body.flush()
            told = json.loads(self.cairn(
                "record", "put", "--json-output", "--from", "dev0", "--stream", "s", "--key", "k",
                "--file", body.name, "--node", f"127.0.0.1:{node.port}"))
        self.show(base, f"transaction/{told['transaction']}", "Transaction: record")
        self.browser.wait_for_text("main", "Record of 7 bytes")
        self.assertEqual(self.browser.text("main pre"), b"\x00\xffcairn".hex())

    def test_a_block_that_was_set_aside_says_why(self):
        node, base = self.node()
        block = self.mine(node, 2)[1]["hash"]
        node.ask({"type": "invalidate_block", "hash": block})
        self.show(base, f"block/{block}", "Block 2")
        self.check_refusal(node.ask({"type": "explain", "block": block})["refusal"])
        self.assertEqual(self.fact("Rule"), "node.set_aside")

    def announce(self, node, *branches):
        """A peer that announces the headers of branches, given with their seals, and never gives a
        block."""
        peer = self.network_of_test.enter_context(Peer(node.port, genesis_of(node)))
        for raws in branches:
            sealed = b"".join(
                raw[:HEADER_BYTES] + varint(len(raw) - HEADER_BYTES) + raw[HEADER_BYTES:]
                for raw in raws)
            peer.send_raw(frame(envelope(HEADERS, varint(len(raws)) + sealed, chain=OUR_ALIAS)))

    def wait_for_story(self, node, block):
        """What the node tells of `block` once it knows of it."""
        request = {"type": "explain", "block": block}
        self.assertIsNotNone(wait_until(
            lambda: node.ask(request)["type"] == "explain", 30, lambda: moment(node)))
        return node.ask(request)

    def headers(self, node):
        """The headers above genesis with their seals."""
        reply = node.ask({"type": "get_headers", "from": 1, "raw": True})
        return [bytes.fromhex(one) for one in reply["headers"]]

    def search(self, text):
        self.browser.run("document.getElementById('query').value = arguments[0];"
                         "document.getElementById('search').requestSubmit()", text)

    def test_more_branches_than_a_page_holds_are_seen_page_by_page(self):
        node, base = self.node()
        rival, _ = self.node()
        branches, tips = [], set()
        for number in range(BRANCHES_PAGE + 2):
            block = self.mine(rival, data=number)[0]["hash"]
            branches.append(self.headers(rival))
            tips.add(block)
            rival.ask({"type": "invalidate_block", "hash": block})
        self.announce(node, *branches)
        for tip in tips:
            self.wait_for_story(node, tip)
        self.show(base, "forks", "Forks")
        self.browser.wait_for_text("main", f"{len(tips)} branches.")
        self.assertEqual(len(self.browser.all("svg.tree a.header_only")), BRANCHES_PAGE)
        self.browser.keep("forks_many")
        seen = self.tips_shown()
        self.assertEqual(len(seen), BRANCHES_PAGE)
        self.browser.run("document.querySelector('.pages a').click()")
        self.browser.wait(lambda: len(self.tips_shown()) == 2, "no further page")
        self.assertEqual(self.browser.all("svg.tree"), [])
        self.assertNotIn("dashed", self.browser.text("main"))
        self.assertEqual(seen | self.tips_shown(), tips)
        self.browser.keep("forks_lighter")
        self.browser.run("document.querySelector('.pages a').click()")
        self.browser.wait(lambda: self.tips_shown() == seen, "no way back")

    def tips_shown(self):
        """The hashes of the tips in the table of branches."""
        return set(self.browser.run(
            "return [...document.querySelectorAll('main td a.hash')].map((one) => one.title)"))

    def test_a_block_whose_header_alone_is_here_has_a_page(self):
        node, base = self.node()
        rival, _ = self.node()
        blocks = [one["hash"] for one in self.mine(rival, 2)]
        self.announce(node, self.headers(rival))
        self.assertEqual(self.wait_for_story(node, blocks[1])["status"], "header_only")
        self.show(base, "forks", "Forks")
        # Genesis, which is all of the active chain, and both headers above it.
        self.assertEqual(len(self.browser.all("svg.tree a")), 3)
        self.assertEqual(len(self.browser.all("svg.tree a.active.tip")), 1)
        self.assertIn("Of dashed blocks only the headers are here.", self.browser.text("main"))
        self.browser.wait_for_text("#live", "syncing to 2")
        self.browser.keep("forks_header_only")
        self.browser.run("document.querySelector(`main td a[href$='${arguments[0]}']`).click()",
                         blocks[1])
        self.browser.wait_for_text("main h1", "Block 2")
        self.assertEqual(self.fact("State"), "headers only")
        self.assertEqual(self.fact("Previous"), blocks[0])
        self.browser.keep("block_header_only")
        self.browser.type("j")
        self.browser.wait_for_text("main h1", "Block 1")
        self.search(blocks[1])
        self.browser.wait_for_text("main h1", "Block 2")

    def test_a_refused_block_says_why(self):
        node, base = self.node()
        rival, _ = self.node()
        self.mine(rival)
        raw = self.headers(rival)[0]
        # Three of four nonces are too little work.
        bad = next(one for one in (raw[:HEADER_BYTES] + struct.pack("<Q", nonce)
                                   for nonce in range(1000)) if block_hash(one) > "4" * 64)
        self.announce(node, [bad])
        told = self.wait_for_story(node, block_hash(bad))
        self.assertEqual(told["status"], "refused")
        self.show(base, f"block/{told['block']}", "Block 1")
        self.assertEqual(self.fact("State"), "refused")
        self.check_refusal(told["refusal"])
        self.browser.keep("block_refused")
        self.show(base, f"block/{'e' * 64}", "Not found")


if __name__ == "__main__":
    unittest.main()
