"""The gateway's page as people see it: headless Chromium looks at several real nodes."""

import re
import unittest

from browser import CONTRAST_MIN, DESKTOP, PHONE, Browser
from gateway import Gateway
from network import SECONDS_MAX, Network

NODES = 4


class View(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.suite = Network()
        cls.browser = cls.suite.enter_context(Browser())

    @classmethod
    def tearDownClass(cls):
        cls.suite.close()

    def setUp(self):
        self.network = self.enterContext(Network())
        self.nodes = self.network.mesh(NODES)
        self.nodes[0].ask({"type": "mine_block", "count": 5})
        for node in self.nodes:
            self.assertTrue(node.wait(height=5))
        # In the order of the page.
        self.nodes.sort(key=lambda node: node.port)
        gateway = Gateway(self.network, [node.port for node in self.nodes])
        self.base = f"{gateway.base}/"
        self.browser.resize(DESKTOP)
        self.browser.prefer("light")
        self.browser.leave()
        self.browser.open(self.base)

    def tearDown(self):
        self.assertEqual(self.browser.complaints(), [])

    def verdict(self, text):
        self.browser.wait_for_text("#verdict", text)

    def card(self, node):
        return f'article[aria-label="Node {node.port}"]'

    def fact(self, node, name):
        """What the node's card tells of `name`."""
        return self.browser.run(
            "return [...document.querySelectorAll(arguments[0] + ' dt')].find((one) =>"
            " one.textContent === arguments[1])?.nextElementSibling.textContent ?? ''",
            self.card(node), name)

    def click(self, selector, name):
        """Presses the button that is called `name`."""
        self.assertTrue(self.browser.run(
            "const button = [...document.querySelectorAll(arguments[0] + ' button')]"
            ".find((each) => each.innerText === arguments[1] && each.checkVisibility());"
            "button?.click(); return Boolean(button)", selector, name), f"no button {name}")

    def test_it_shows_who_has_which_tip_and_asks_the_gateway_alone(self):
        self.verdict(f"All {NODES} nodes agree on height 5")
        for node in self.nodes:
            self.browser.wait_for_text(self.card(node), "at the tip")
        elsewhere = [url for url in self.browser.requests()
                     if not url.startswith((self.base, "data:", "about:", "chrome:"))]
        self.assertEqual(elsewhere, [])
        self.browser.run("window.loaded_once = true")
        self.click(self.card(self.nodes[2]), "Mine")
        self.verdict(f"All {NODES} nodes agree on height 6")
        self.click(self.card(self.nodes[1]), "Stop")
        self.browser.wait_for_text(self.card(self.nodes[1]), "Stop? Press again")
        self.browser.keep("network-stop")
        self.assertTrue(self.nodes[1].is_running())
        self.assertEqual(self.nodes[1].status()["height"], 6)
        self.click(self.card(self.nodes[1]), "Stop? Press again")
        self.verdict(f"All {NODES - 1} nodes agree on height 6")
        self.browser.wait_for_text(self.card(self.nodes[1]), "stopped")
        self.assertEqual(self.fact(self.nodes[1], "Peers"), "–")
        self.assertEqual(self.nodes[1].process.wait(SECONDS_MAX), 0)
        self.nodes[1].start()
        self.verdict(f"All {NODES} nodes agree on height 6")
        self.assertTrue(self.browser.run("return window.loaded_once"), "the page loaded again")

    def test_it_shows_hash_power_and_messages(self):
        self.verdict(f"All {NODES} nodes agree on height 5")
        miners = self.nodes[:2]
        for node in self.nodes:
            self.assertEqual(self.fact(node, "Hash power"), "not mining")
        for node in miners:
            node.stop()
            node.arguments = (*node.arguments, "--mine=1")
            node.start()
        for node in miners:
            self.browser.wait(lambda node=node: re.fullmatch(
                r"[1-9][\d.,]* [kMG]?H/s, [1-9]\d? %", self.fact(node, "Hash power")),
                "no share of the hash power")
        # Each block is told to all: nobody stays silent.
        for node in self.nodes:
            self.browser.wait(lambda node=node: float(re.match(
                r"[\d.]*", self.fact(node, "Messages"))[0] or 0) > 0, "no messages")
        for node in self.nodes[2:]:
            self.assertEqual(self.fact(node, "Hash power"), "not mining")
        self.browser.keep("network-power")

    def test_a_partition_forks_the_network_and_healing_joins_it(self):
        self.verdict(f"All {NODES} nodes agree on height 5")
        left, right = self.nodes[0], self.nodes[-1]
        # The first half by port is left without anybody's choice.
        for place, node in enumerate(self.nodes):
            side = "left" if place < NODES // 2 else "right"
            self.assertEqual(self.browser.run(
                "return document.querySelector(arguments[0]).value",
                f"{self.card(node)} input:checked"), side)
        self.click("#control", "Partition")
        self.browser.wait_for_text("#live", "Partitioned")
        across = NODES // 2 * (NODES // 2) * 2
        self.assertIn(f"Partitioned: {across} ends of links", self.browser.text("#live"))
        looks = "return performance.getEntriesByType('resource').filter((one) =>" \
                " one.name.endsWith('peers')).length"
        for node in self.nodes:
            self.browser.wait(lambda node=node: self.fact(node, "Peers") == "1", "still linked")
        # Some looks later it still stands there: nothing has come back.
        self.browser.run("performance.clearResourceTimings()")
        self.browser.wait(lambda: self.browser.run(looks) > 2 * NODES, "no further look")
        self.assertIn("Partitioned", self.browser.text("#live"))
        self.click(self.card(left), "Mine")
        self.browser.wait_for_text(self.card(left), "6")
        self.click(self.card(right), "Mine")
        self.verdict("A fork: 2 branches")
        self.click(self.card(right), "Mine")
        for place, node in enumerate(self.nodes):
            self.browser.wait_for_text(
                self.card(node), "fork since #5" if place < NODES // 2 else "at the tip")
        self.assertTrue(self.browser.text("#tree"))
        self.browser.keep("network-fork")
        # A fork that is long past is still in sight.
        right.ask({"type": "mine_block", "count": 30})
        self.browser.wait_for_text("#tree", "#37")
        self.browser.wait_for_text("#tree", "blocks")
        self.verdict("A fork: 2 branches")
        for size, name in ((DESKTOP, "network-fork-far"), (PHONE, "network-fork-far-phone")):
            self.browser.resize(size)
            self.assertEqual(self.browser.run(
                "const seen = document.querySelector('#tree .scroll').getBoundingClientRect();"
                "return [...document.querySelectorAll('#tree a')].map((one) =>"
                " [one.querySelector('text').textContent, one.getBoundingClientRect().right])"
                ".filter(([name, right]) => name === '#6' && right <= seen.right).length"), 2)
            self.browser.run("document.querySelector('#tree').scrollIntoView()")
            self.browser.keep(name)
        self.browser.resize(DESKTOP)
        self.click("#control", "Heal")
        self.verdict(f"All {NODES} nodes agree on height 37")
        self.assertEqual({node.status()["tip"] for node in self.nodes}, {right.status()["tip"]})

    def test_a_node_that_takes_no_control_shows_no_buttons(self):
        closed = self.nodes[0]
        closed.stop()
        closed.is_open = False
        closed.start()
        self.browser.wait_for_text(self.card(closed), "Read only")
        self.assertFalse(self.browser.run(
            "return [...document.querySelectorAll(arguments[0] + ' button')]"
            ".some((each) => each.checkVisibility())", self.card(closed)))

    def test_it_fits_a_phone_and_reads_in_light_and_dark(self):
        self.verdict(f"All {NODES} nodes agree on height 5")
        for size, name in ((PHONE, "phone"), (DESKTOP, "desktop")):
            self.browser.resize(size)
            for scheme in ("light", "dark"):
                self.browser.prefer(scheme)
                self.browser.keep(f"network-{name}-{scheme}")
                self.assertLessEqual(self.browser.run(
                    "return document.documentElement.scrollWidth"), size[0])
                for element in ("h1", ".card dt", ".card dd", ".card button", ".card .quiet",
                                "p.soft"):
                    contrast = self.browser.contrast(element)
                    self.assertIsNotNone(contrast, element)
                    self.assertGreaterEqual(contrast, CONTRAST_MIN, f"{element} in {scheme}")


if __name__ == "__main__":
    unittest.main()
