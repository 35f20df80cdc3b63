"""The explorer as people see it: headless Chromium looks at real nodes."""

import json
import os
import subprocess
import tempfile
import unittest

from selenium.webdriver.common.keys import Keys

from browser import CONTRAST_MIN, DESKTOP, PHONE, Browser
from network import Network, free_ports

PAGES = ("", "mempool", "peers", "forks", "charts", "wire")
LONG_CHAIN = 100_000
HOSTILE = ('<script>window.stolen = 1</script><img src=x onerror="window.stolen = 1">'
           '<a href="javascript:window.stolen = 1">free coins</a>')
# The blocks of a tree, where they stand in it and on the screen.
TREE = """
return [...document.querySelectorAll('svg.tree a')].map((one) => {
  const { x, y } = one.querySelector('rect');
  const { left, right } = one.getBoundingClientRect();
  return { href: one.getAttribute('href'), class: one.getAttribute('class'), left, right,
    x: x.baseVal.value, y: y.baseVal.value };
});
"""


class Explorer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.network = Network()
        cls.browser = cls.network.enter_context(Browser())

    @classmethod
    def tearDownClass(cls):
        cls.network.close()

    def setUp(self):
        self.network_of_test = self.enterContext(Network())

    def node(self, *arguments):
        """A running node, and the address of its page."""
        port, http = free_ports(2)
        node = self.network_of_test.node(port, "--http", str(http), *arguments)
        node.start()
        return node, f"http://127.0.0.1:{http}/"

    def mine(self, node, count=1, **fields):
        return node.ask({"type": "mine_block", "count": count, **fields})["blocks"]

    def tearDown(self):
        self.assertEqual(self.browser.complaints(), [])

    def show(self, base, place, heading):
        """Opens a page of the explorer and waits until it stands there."""
        self.browser.open(f"{base}#/{place}")
        self.browser.wait_for_text("main h1", heading)

    def tile(self, name):
        """What a tile of the overview tells."""
        return self.browser.run(
            "return [...document.querySelectorAll('.tiles > div')].find((tile) =>"
            " tile.querySelector('dt').textContent === arguments[0])"
            "?.querySelector('dd').textContent ?? ''", name)

    def cairn(self, *arguments):
        binary = os.environ["CAIRN_BINARY"]
        with tempfile.TemporaryDirectory() as wallets:
            run = subprocess.run([binary, *arguments], capture_output=True, text=True, timeout=60,
                                 env={**os.environ, "CAIRN_WALLET_DIR": wallets}, check=False)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout

    def transfer(self, node):
        """The id of a transfer that waits in the node's mempool."""
        return json.loads(self.cairn(
            "send", "--json", "--from", "dev0", "--to", "dev1", "--amount", "1.5",
            "--node", f"127.0.0.1:{node.port}"))["transaction"]


class Life(Explorer):
    def test_it_loads_from_the_node_alone_and_follows_the_chain(self):
        node, base = self.node()
        self.browser.requests()
        self.show(base, "", "Chain dev")
        self.assertEqual(self.tile("Height"), "0")
        self.browser.wait(lambda: self.browser.run(
            "return document.getElementById('live').dataset.state") == "live", "not live")
        self.browser.run("window.loaded_once = true")
        self.mine(node, 3)
        self.browser.wait(lambda: self.tile("Height") == "3", "the new blocks do not appear")
        self.assertTrue(self.browser.run("return window.loaded_once"), "the page loaded again")
        for place in PAGES[1:]:
            self.browser.open(f"{base}#/{place}")
            self.browser.wait_for_text("main h1", place.capitalize())
        elsewhere = [url for url in self.browser.requests()
                     if not url.startswith((base, "data:", "about:", "chrome:"))]
        self.assertEqual(elsewhere, [])

    def test_it_says_that_the_node_is_gone_and_comes_back_with_it(self):
        node, base = self.node()
        self.mine(node, 2)
        self.show(base, "", "Chain dev")
        self.browser.wait(lambda: self.tile("Height") == "2", "the page is not complete")
        node.stop()
        self.browser.wait_for_text("#live", "does not answer")
        node.start()
        self.mine(node)
        self.browser.wait(lambda: self.tile("Height") == "3", "the page stays away")

    def test_search_finds_everything(self):
        node, base = self.node()
        block = self.mine(node, 2)[1]
        transfer = self.transfer(node)
        miner = node.ask({"type": "get_block", "height": 1})["block"]["miner"]
        self.show(base, "", "Chain dev")
        for text, heading, also in (
                ("1", "Block 1", "confirmations"), (block["hash"], "Block 2", block["hash"]),
                (block["hash"].upper(), "Block 2", block["hash"]),
                (transfer, "Transaction: transfer", "1.5 CRN"), (miner, "Address", "History"),
                ("99999", "Not found", "99,999"), ("dev1typingerror", "Refused", "address"),
                ("<b>x</b>", "Nothing is called so", "<b>x</b>")):
            with self.subTest(text=text):
                self.browser.type("/")
                self.browser.run("document.activeElement.select()")
                self.browser.type(text, Keys.ENTER)
                self.browser.wait_for_text("main h1", heading)
                if also != "99,999":
                    self.browser.wait_for_text("main", also)
        self.browser.keep("search")

    def test_keys_are_enough(self):
        node, base = self.node()
        self.mine(node, 5)
        self.show(base, "block/3", "Block 3")
        for key, heading in (("j", "Block 2"), ("k", "Block 3"), ("2", "Mempool"), ("3", "Peers"),
                             ("4", "Forks"), ("5", "Charts"), ("6", "Wire"), ("1", "Chain dev")):
            with self.subTest(key=key):
                self.browser.type(key)
                self.browser.wait_for_text("main h1", heading)
        self.show(base, "block/1", "Block 1")
        focused, seen = None, []
        while focused != "#/block/2" and len(seen) < 40:
            self.browser.type(Keys.TAB)
            focused = self.browser.run(
                "return document.activeElement.getAttribute('href') ?? document.activeElement.id")
            seen.append(focused)
        self.assertEqual(focused, "#/block/2", seen)

    def test_p5_what_the_chain_holds_is_text(self):
        node, base = self.node()
        self.mine(node, 1, data={"note": HOSTILE, HOSTILE: [HOSTILE]})
        transaction = node.ask({"type": "get_block", "height": 1})["block"]["data"][0]
        with tempfile.NamedTemporaryFile("w", suffix=".json") as body:
            json.dump({"note": HOSTILE}, body)
            body.flush()
            self.cairn("record", "put", "--from", "dev0", "--stream", "rx", "--key", HOSTILE,
                       "--file", body.name, "--node", f"127.0.0.1:{node.port}")
        self.mine(node)
        records = node.ask({"type": "records", "stream": "rx"})["records"]
        record = records[0]["transaction"]["transaction"]
        for place, heading in ((f"transaction/{transaction['transaction']}", "Transaction"),
                               (f"transaction/{record}", "Transaction: record"),
                               ("block/1", "Block 1"), ("block/2", "Block 2"),
                               (f"wire?ask=transaction/{record}", "Wire"),
                               ("wire?ask=<script>window.stolen=1</script>", "Wire"),
                               ("<script>window.stolen=1</script>", "No such page"),
                               (f"address/{HOSTILE}", "Refused")):
            with self.subTest(place=place):
                self.show(base, place, heading)
                if place.startswith(f"transaction/{record}"):
                    self.browser.wait_for_text("main", "onerror")
                    self.browser.keep("hostile")
                self.assertIsNone(self.browser.run("return window.stolen ?? null"))
                self.assertEqual(self.browser.all(
                    "main script, main img, main [onerror], main a[href^=javascript]"), [])

    def test_the_wire_shows_frames_with_their_headers_marked(self):
        node, base = self.node()
        self.mine(node, 1)
        self.show(base, "wire?ask=block/1", "Wire")
        self.browser.wait(lambda: len(self.browser.all(".frame mark")) == 2, "no two frames")
        frames = self.browser.run(
            "return [...document.querySelectorAll('.frame')].map((one) =>"
            " [one.querySelector('mark').textContent, one.textContent])")
        for header, whole in frames:
            self.assertEqual(len(header), 10)
            self.assertEqual(int(header), len(whole) - len(header))
        self.assertEqual(frames[0][1], "18        get_block height=1")
        self.browser.keep("wire")


class Looks(Explorer):
    def each_page(self, base, *more):
        headings = {"": "Chain dev"}
        for place in (*PAGES, *more):
            heading = headings.get(place, place.split("/")[0].capitalize())
            self.show(base, place, heading)
            yield place.replace("/", "_") or "overview"

    def check_fits(self, name):
        wide = self.browser.run(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        self.assertLessEqual(wide, 0, f"{name} is {wide} pixels too wide")

    def test_light_and_dark_and_a_phone(self):
        node, base = self.node()
        self.mine(node, 12)
        self.transfer(node)
        miner = node.ask({"type": "get_block", "height": 1})["block"]["miner"]
        grounds = set()
        for scheme in ("light", "dark"):
            self.browser.prefer(scheme)
            for name in self.each_page(base, "block/3", f"address/{miner}"):
                for part in ("main h1", "nav a", "#live", "footer", "main a", "main td",
                             "main dt", "main p", "main button"):
                    contrast = self.browser.contrast(part)
                    if contrast is not None:
                        with self.subTest(scheme=scheme, page=name, part=part):
                            self.assertGreaterEqual(contrast, CONTRAST_MIN)
                self.browser.keep(f"{name}_{scheme}")
            grounds.add(self.browser.run("return getComputedStyle(document.body).backgroundColor"))
        self.assertEqual(len(grounds), 2)
        self.browser.prefer("light")
        self.browser.resize(PHONE)
        self.addCleanup(self.browser.resize, DESKTOP)
        for name in self.each_page(base, "block/3", f"address/{miner}"):
            with self.subTest(page=name):
                self.check_fits(name)
                self.browser.keep(f"{name}_phone")

    def test_an_empty_chain_and_one_block(self):
        node, base = self.node()
        for blocks in (0, 1):
            for name in self.each_page(base, f"block/{blocks}"):
                with self.subTest(blocks=blocks, page=name):
                    self.assertEqual(self.browser.all(".failure"), [])
                    self.assertNotRegex(self.browser.text("main"), r"NaN|undefined|null|Infinity")
                    self.browser.keep(f"{name}_{blocks}_blocks")
            self.show(base, "peers", "Peers")
            self.assertIn("No peers", self.browser.text("main"))
            self.mine(node)

    def test_a_fork_is_a_picture(self):
        _, base, mine, theirs = self.fork(5, 7)
        self.show(base, "forks", "Forks")
        self.browser.wait_for_text("main", "2 branches")
        rows = self.drawn()
        for block in theirs:
            self.assertIn("active", rows[block["hash"]]["class"])
        for block in mine:
            self.assertNotIn("active", rows[block["hash"]]["class"])
            self.assertGreater(rows[block["hash"]]["y"], rows[theirs[0]["hash"]]["y"])
        self.assertEqual(len(rows), 1 + len(theirs) + len(mine))
        self.browser.keep("forks_two")
        self.show(base, f"block/{mine[0]['hash']}", "Block 1")
        self.browser.wait_for_text("main .story", "left")
        self.browser.keep("story")


    def fork(self, mine_count=3, their_count=4):
        """A node that has left a branch of its own for a rival's, the blocks of both, its page."""
        node, base = self.node()
        rival, _ = self.node()
        mine = self.mine(node, mine_count)
        theirs = self.mine(rival, their_count)
        node.ask({"type": "add_peer", "address": f"127.0.0.1:{rival.port}"})
        self.assertTrue(node.wait(height=their_count))
        return node, base, mine, theirs

    def drawn(self):
        """The blocks of the tree, by hash, with their places; and how far each is seen."""
        boxes = self.browser.run(TREE)
        return {box["href"].rsplit("/", 1)[1]: box for box in boxes}

    def test_a_fork_far_below_the_tip_is_seen_whole_and_stays_where_it_is(self):
        node, base, mine, theirs = self.fork()
        self.mine(node, 300)
        for size, name in ((DESKTOP, "forks_far"), (PHONE, "forks_far_phone")):
            self.browser.resize(size)
            self.addCleanup(self.browser.resize, DESKTOP)
            self.browser.open("about:blank")
            self.show(base, "forks", "Forks")
            self.browser.wait_for_text("main .scroll", "blocks")
            drawn = self.drawn()
            self.assertTrue({block["hash"] for block in mine + theirs[:2]} <= set(drawn))
            self.assertLess(len(drawn), 20)
            self.assertLess(self.browser.run("return document.querySelector('svg.tree').width"
                                             ".baseVal.value"), 1200)
            first = drawn[mine[0]["hash"]]
            self.assertTrue(0 <= first["left"] < first["right"] <= size[0], first)
            self.browser.keep(name)
        lines = self.browser.run("return [...document.querySelectorAll('svg.tree line')].map((one)"
                                 " => [one.x2.baseVal.value, one.y2.baseVal.value])")
        self.assertIn([first["x"], first["y"] + 18], lines, "the branch hangs at nothing")
        self.browser.run("document.querySelector('main .scroll').scrollLeft = 57")
        self.browser.run("document.querySelector('svg.tree a').focus({preventScroll: true})")
        focused = "return document.activeElement.getAttribute('href')"
        before = self.browser.run(focused)
        self.mine(node, 1)
        self.browser.wait_for_text("main .scroll", "#305")
        self.assertEqual(self.browser.run(
            "return document.querySelector('main .scroll').scrollLeft"), 57)
        self.assertEqual(self.browser.run(focused), before)

    def test_a_table_stays_scrolled_while_the_chain_grows(self):
        node, base = self.node()
        self.mine(node, 40)
        self.browser.resize(PHONE)
        self.addCleanup(self.browser.resize, DESKTOP)
        self.show(base, "", "Chain dev")
        self.browser.run("document.querySelector('main .scroll').scrollLeft = 130;"
                         "window.scrollTo(0, 300)")
        self.mine(node, 1)
        self.browser.wait(lambda: self.tile("Height") == "41", "the new block does not appear")
        self.assertEqual(self.browser.run(
            "return [document.querySelector('main .scroll').scrollLeft, window.scrollY]"),
            [130, 300])


class LongChain(Explorer):
    def test_a_hundred_thousand_blocks_look_right(self):
        port, http = free_ports(2)
        node = self.network_of_test.node(port, "--http", str(http))
        node.directory.mkdir(parents=True)
        subprocess.run([os.environ["CAIRN_MAKE_CHAIN"], node.directory / "dev", "empty",
                        str(LONG_CHAIN)], check=True, capture_output=True)
        node.start()
        base = f"http://127.0.0.1:{http}/"
        self.show(base, "", "Chain dev")
        self.assertEqual(self.tile("Height"), "100,000")
        self.browser.keep("overview_long")
        for place, heading in (("block/50000", "Block 50,000"), ("charts", "Charts"),
                               ("forks", "Forks"), ("block/100001", "Not found")):
            with self.subTest(place=place):
                self.show(base, place, heading)
                self.assertNotRegex(self.browser.text("main"), r"NaN|undefined|Infinity")
        miner = node.ask({"type": "get_block", "height": 1})["block"]["miner"]
        self.show(base, f"address/{miner}", "Address")
        self.browser.wait_for_text("main .pages", "older")
        self.browser.keep("address_long")


if __name__ == "__main__":
    unittest.main()
