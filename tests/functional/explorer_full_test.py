"""The explorer before full blocks and a full pool, and what its charts hold."""

import os
import subprocess
import unittest

from explorer import Explorer
from gateway import curl
from network import free_ports

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
ROWS = """
return [...document.querySelectorAll('main tbody tr')].map((row) =>
  [...row.cells].map((cell) => cell.textContent));
"""


class Full(Explorer):
    def chart(self, title):
        return self.browser.wait(lambda: self.browser.run(CHART, title), f"no chart {title}")

    def long_node(self):
        """A node with full blocks, its page, and the height of its chain."""
        port, http = free_ports(2)
        node = self.network_of_test.node(port, "--http", str(http))
        node.directory.mkdir(parents=True)
        told = subprocess.run(
            [os.environ["CAIRN_MAKE_CHAIN"], node.directory / "dev", "transfers", str(TRANSFERS)],
            check=True, capture_output=True, text=True)
        node.start()
        return node, f"http://127.0.0.1:{http}/", int(told.stdout)

    def counts(self, base, height):
        """How many transactions the blocks from the first on hold. Frames hold no full ones."""
        return [len(curl(f"{base}api/v1/block/{one}")[1]["block"]["data"])
                for one in range(1, height + 1)]

    def test_the_newest_of_full_blocks_are_seen(self):
        node, base, height = self.long_node()
        counts = self.counts(base, height)
        self.show(base, "charts", "Charts")
        chart = self.chart("Transactions a block")
        self.assertEqual(chart["labels"], [str(one) for one in range(1, height + 1)])
        # The lowest are still to be asked for.
        self.assertIsNone(chart["values"][0])
        self.assertEqual(chart["values"][-3:], counts[-3:])
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


if __name__ == "__main__":
    unittest.main()
