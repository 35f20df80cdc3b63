"""The explorer before full blocks and a full pool, and what its charts hold."""

import json
import os
import subprocess
import tempfile
import unittest

from explorer import Explorer
from gateway import Gateway, curl
from network import free_ports

SHOWN, ASKED = 200, 10_000
# Answers on the mempool take longer than events need to follow each other.
SLOW_POOL = """
const real = window.fetch;
window.fetch = async (path, options) => {
  if (path.includes('/mempool')) await new Promise((done) => setTimeout(done, 1500));
  return real(path, options);
};
"""
# The page hears of no events, so that it stays as it was first drawn.
DEAF = "window.EventSource = class { addEventListener() {} };"
# In full blocks, the last one apart, above one that gives their senders coins.
TRANSFERS = 75_000
# The labels and values of the chart whose title begins so; nothing while it is not drawn.
CHART = """
const section = [...document.querySelectorAll('.charts section')].find((one) =>
  one.querySelector('h2').textContent.startsWith(arguments[0]));
const chart = section && Chart.getChart(section.querySelector('canvas'));
return chart ? { labels: chart.data.labels, values: chart.data.datasets[0].data,
  points: chart.data.datasets[0].pointRadius } : null;
"""
# The rows of the last table.
ROWS = """
return [...[...document.querySelectorAll('main tbody')].at(-1)?.rows ?? []].map((row) =>
  [...row.cells].map((cell) => cell.textContent));
"""


class Full(Explorer):
    def chart(self, title):
        return self.browser.wait(lambda: self.browser.run(CHART, title), f"no chart {title}")

    def node_with(self, transfers):
        """A node with so many transfers on its chain, its page, and the height of its chain."""
        port, http = free_ports(2)
        node = self.network_of_test.node(port, "--http", str(http))
        node.directory.mkdir(parents=True)
        told = subprocess.run(
            [os.environ["CAIRN_MAKE_CHAIN"], node.directory / "dev", "transfers", str(transfers)],
            check=True, capture_output=True, text=True)
        node.start()
        return node, f"http://127.0.0.1:{http}/", int(told.stdout)

    def counts(self, base, height):
        """How many transactions the blocks from the first on hold."""
        return [len(curl(f"{base}api/v1/block/{one}")[1]["block"]["data"])
                for one in range(1, height + 1)]

    def test_the_newest_of_full_blocks_are_seen(self):
        node, base, height = self.node_with(TRANSFERS)
        counts = self.counts(base, height)
        with self.browser.prepared(DEAF):
            self.show(base, "charts", "Charts")
            chart = self.chart("Transactions a block")
            self.assertEqual(chart["labels"], [str(one) for one in range(1, height + 1)])
            # The lowest is still to be asked for.
            self.assertEqual(chart["values"], [None, *counts[1:]])
            self.browser.wait_for_text("main", "Large blocks")
            self.browser.keep("charts_full")
        self.show(base, "", "Chain dev")
        rows = self.browser.run(ROWS)
        self.assertEqual([row[0] for row in rows], [str(one) for one in range(height, -1, -1)])
        self.assertEqual([row[3] for row in rows[:3]],
                         [f"{one:,}" for one in counts[:-4:-1]])
        self.browser.keep("overview_full")
        self.mine(node)
        self.browser.wait(lambda: self.browser.run(ROWS)[0][0] == str(height + 1), "no new block")
        self.assertNotIn("Large blocks", self.browser.text("main"))
        self.assertEqual(self.browser.run(ROWS)[-2][3], f"{counts[0]:,}")

    def test_a_full_block_is_read_in_pages_through_a_gateway_too(self):
        node, base, height = self.node_with(TRANSFERS)
        gateway = Gateway(self.network_of_test, [node.port])
        block = curl(f"{base}api/v1/block/{height - 1}")[1]["block"]
        shown = [[f"{one['transaction'][:16]}\u2026" for one in block["data"][start:start + 100]]
                 for start in (0, 100)]
        # No frame holds it whole.
        status, refusal = gateway.ask(f"/node/{node.port}/api/v1/block/{height - 1}")
        self.assertEqual((status, refusal["code"]), (413, "too_large"))
        for door in base, f"{gateway.base}/node/{node.port}/":
            self.show(door, "", "Chain dev")
            self.assertEqual([row[3] for row in self.browser.run(ROWS)[:3]],
                             [f"{one:,}" for one in self.counts(base, height)[:-4:-1]])
            self.show(door, f"block/{height - 1}", f"Block {height - 1}")
            self.browser.wait_for_text("main .facts", f"{len(block['data']):,}")
            self.assertEqual([row[0] for row in self.browser.run(ROWS)], shown[0])
            self.browser.run("[...document.querySelectorAll('main .pages a')].at(-1).click()")
            self.browser.wait(lambda: [row[0] for row in self.browser.run(ROWS)] == shown[1],
                              "no second page")
            self.browser.wait_for_text("main", f"Transactions 101 to 200 of {len(block['data']):,}")
        self.browser.keep("block_full")
        found = block["data"][12_345]["transaction"]
        self.show(f"{gateway.base}/node/{node.port}/", f"search/{found[:20]}",
                  "Transaction: transfer")
        self.browser.wait_for_text("main", found)
        for word in height - 1, block["hash"]:
            _, page = gateway.ask(f"/node/{node.port}/api/v1/block_transactions/{word}?count=2")
            self.assertEqual(page["transactions"], block["data"][:2])
            self.assertEqual(curl(page["next"])[1]["transactions"], block["data"][2:4])

    def test_charts_hold_data_at_once_and_go_on(self):
        node, base = self.node()
        self.show(base, "charts", "Charts")
        self.assertEqual(self.chart("Waiting")["values"][-1], 0)
        self.assertGreater(self.chart("Waiting")["points"], 0)
        self.mine(node, 3)
        for height in range(4, 8):
            self.transfer(node)
            self.browser.wait(lambda: self.chart("Waiting")["values"][-1] == 1, "nothing waits")
            self.mine(node)
            self.browser.wait(lambda: self.chart("Waiting")["values"][-1] == 0, "it still waits")
            chart = self.chart("Transactions a block")
            self.assertEqual(chart["labels"], [str(one) for one in range(1, height + 1)])
            self.assertEqual(chart["values"], [1, 1, 1] + [2] * (height - 3))
            self.assertGreater(chart["points"], 0)
        for title in ("Seconds", "Difficulty", "Hashes"):
            self.assertEqual(len(self.chart(title)["values"]), 6)
        # Charts that were drawn before are not kept.
        self.assertEqual(self.browser.run("return Object.keys(Chart.instances).length"), 5)
        self.browser.keep("charts_few")

    def test_a_block_follows_its_confirmations(self):
        node, base = self.node()
        block = self.mine(node)[0]["hash"]
        for word in ("1", block):
            confirmations = node.status()["height"]
            self.show(base, f"block/{word}", "Block 1")
            self.browser.wait_for_text("main .good", f"{confirmations} confirmation")
            self.mine(node)
            self.browser.wait_for_text("main .good", f"{confirmations + 1} confirmations")
            self.browser.wait_for_text("main .pages", "higher")
        node.ask({"type": "invalidate_block", "hash": block})
        self.browser.wait_for_text("main .facts", "node.set_aside")

    def node_with_pool(self, transfers):
        """A node where so many transfers wait, those of a block set aside; and its page."""
        node, base, height = self.node_with(transfers)
        self.assertEqual(height, 2)
        tip = node.status()["tip"]
        node.ask({"type": "invalidate_block", "hash": tip})
        self.assertEqual(node.status()["mempool"], transfers)
        return node, base

    def rate_of(self, node, transaction):
        """The fee for 1000 bytes of a transaction on the chain, as it is shown."""
        request = {"type": "get_transaction", "transaction": transaction}
        fee = node.ask(request)["transaction"]["fee"]
        raw = node.ask({"type": "get_proof", "transaction": transaction})["bytes"]
        return f"{round(fee * 1000 / (len(raw) // 2)) / 1_000_000:.6f}".rstrip("0") + " CRN"

    def test_the_dearest_of_many_stands_first(self):
        node, base = self.node_with_pool(SHOWN + 50)
        with tempfile.NamedTemporaryFile("w", suffix=".json") as body:
            json.dump({"\u00e9": [1.5, "x" * 40_000]}, body)
            body.flush()
            to = ["--node", f"127.0.0.1:{node.port}", "--from", "dev0"]
            # It pays more than all others, but little for its bytes.
            record = json.loads(self.cairn(
                "record", "put", "--json-output", *to, "--stream", "s", "--key", "k", "--file",
                body.name, "--fee", "0.001"))["transaction"]
        dearest = json.loads(self.cairn(
            "send", "--json", *to, "--to", "dev1", "--amount", "300", "--memo", "\u00fc",
            "--fee", "0.0009"))["transaction"]
        self.show(base, "mempool", "Mempool")
        rows = self.browser.run(ROWS)
        self.assertEqual(len(rows), SHOWN)
        self.assertEqual(rows[0][0], f"{dearest[:16]}\u2026")
        self.assertEqual(rows[1][0], f"{record[:16]}\u2026")
        self.browser.wait_for_text("main", "52 more are not shown.")
        self.browser.keep("mempool_many")
        self.mine(node)
        self.assertEqual([row[-1] for row in rows[:2]],
                         [self.rate_of(node, one) for one in (dearest, record)])

    def test_a_pool_of_more_than_is_asked_for_says_so(self):
        _, base = self.node_with_pool(ASKED + 1)
        self.show(base, "mempool", "Mempool")
        self.assertEqual(len(self.browser.run(ROWS)), SHOWN)
        self.browser.wait_for_text("main", "9,801 more are not shown. Only the 10,000 that wait")
        self.browser.keep("mempool_more")

    def test_a_page_comes_while_events_flood_in(self):
        node, base = self.node()
        self.show(base, "", "Chain dev")
        self.browser.run(SLOW_POOL)
        self.browser.run("location.hash = '#/mempool'")
        self.browser.wait(lambda: self.mine(node) and self.browser.text("main h1") == "Mempool",
                          "no mempool")


if __name__ == "__main__":
    unittest.main()
