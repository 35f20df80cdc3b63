"""The explorer as people see it: headless Chromium looks at real nodes."""

import json
import os
import subprocess
import tempfile
import unittest
import urllib.parse

from selenium.webdriver.common.keys import Keys

from browser import CONTRAST_MIN, DESKTOP, PHONE
from explorer import Explorer
from network import free_ports

PAGES = ("", "mempool", "peers", "forks", "charts", "wire")
LONG_CHAIN = 100_000
HOSTILE = ('<script>window.stolen = 1</script><img src=x onerror="window.stolen = 1">'
           '<a href="javascript:window.stolen = 1">free coins</a>')
# Whether what the empty field for searches says is seen whole.
PLACEHOLDER_FITS = """
const field = document.getElementById('query');
const style = getComputedStyle(field);
const pen = document.createElement('canvas').getContext('2d');
pen.font = style.font;
return pen.measureText(field.placeholder).width <=
  field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
"""
# The blocks of a tree, where they stand in it and on the screen.
TREE = """
return [...document.querySelectorAll('svg.tree a')].map((one) => {
  const { x, y } = one.querySelector('rect');
  const { left, right } = one.getBoundingClientRect();
  return { href: one.getAttribute('href'), class: one.getAttribute('class'), left, right,
    x: x.baseVal.value, y: y.baseVal.value };
});
"""


class Life(Explorer):
    def test_it_loads_from_the_node_alone_and_follows_the_chain(self):
        node, base = self.node()
        self.browser.leave()
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
        # So does a page that follows no events.
        node.stop()
        self.browser.run("location.hash = '#/wire'")
        self.browser.wait_for_text("main h1", "No answer")
        node.start()
        self.browser.wait_for_text("main h1", "Wire")

    def search(self, text, heading):
        self.browser.type("/")
        self.browser.run("document.activeElement.select()")
        self.browser.type(text, Keys.ENTER)
        self.browser.wait_for_text("main h1", heading)

    def test_search_finds_everything(self):
        node, base = self.node()
        other, _ = self.node()
        block = self.mine(node, 2)[1]
        transfer = self.transfer(node)
        with tempfile.NamedTemporaryFile("w", suffix=".json") as body:
            body.write("{}")
            body.flush()
            self.cairn("record", "put", "--from", "dev0", "--stream", "rx", "--key", "1",
                       "--file", body.name, "--node", f"127.0.0.1:{node.port}")
        self.mine(node)
        node.ask({"type": "add_peer", "address": f"127.0.0.1:{other.port}"})
        self.assertTrue(other.wait(height=3))
        miner = node.ask({"type": "get_block", "height": 1})["block"]["miner"]
        self.show(base, "", "Chain dev")
        for text, heading, also in (
                ("1", "Block 1", "confirmations"), ("#1", "Block 1", "confirmations"),
                (block["hash"], "Block 2", block["hash"]),
                (block["hash"].upper(), "Block 2", block["hash"]),
                (block["hash"][:16], "Block 2", block["hash"]),
                (transfer, "Transaction: transfer", "1.5 CRN"),
                (transfer[:16], "Transaction: transfer", "1.5 CRN"),
                (miner, "Address", "History"), ("99999", "Not found", "99999"),
                ("dev1typingerror", "Refused", "address"), ("rx", "Stream rx", "Key"),
                ("mempool.fee_too_low", "Rule mempool.fee_too_low", "below what the pool asks"),
                (f"127.0.0.1:{other.port}", "Peers", "linked with this node"),
                ("127.0.0.1:1", "Peers", "not known to this node"),
                ("0123456789abcdef", "Nothing is called so", "64 digits"),
                ("f" * 64, "Nothing is called so", "this node knows"),
                ("ry", "Nothing is called so", "stream"),
                ("<b>x</b>", "Nothing is called so", "<b>x</b>")):
            with self.subTest(text=text):
                self.search(text, heading)
                self.browser.wait_for_text("main", also)
        self.browser.keep("search")
        self.browser.run("history.back()")
        self.browser.wait_for_text("main", "ry")

    def shared_beginning(self, node):
        """Four digits with which several hashes on the chain begin, and those hashes."""
        hashes = set()
        while True:
            for mined in self.mine(node, 100):
                block = node.ask({"type": "get_block", "hash": mined["hash"]})["block"]
                hashes |= {block["hash"], block["data"][0]["transaction"]}
            for digits in sorted({one[:4] for one in hashes}):
                several = {one for one in hashes if one.startswith(digits)}
                # Decimal ones alone are a height.
                if len(several) > 1 and not digits[:3].isdecimal():
                    return digits, several

    def test_a_beginning_of_several_hashes_lists_them(self):
        node, base = self.node()
        digits, several = self.shared_beginning(node)
        self.show(base, "", "Chain dev")
        for text in (digits, digits.upper()):
            self.search(text, "Several begin so")
            self.browser.wait_for_text("main", f"{len(several)} begin with {digits}.")
            listed = self.browser.run(
                "return [...document.querySelectorAll('.found a')].map((one) => one.hash)")
            self.assertEqual({one.rpartition("/")[2] for one in listed}, several)
        # A digit less is too short for a beginning.
        self.search(digits[:3], "Nothing is called so")
        self.search(digits, "Several begin so")
        self.browser.keep("search_several")
        self.browser.run("document.querySelector('.found a').click()")
        self.browser.wait_for_text("main", listed[0].rpartition("/")[2])

    def test_that_nothing_was_found_stays_while_blocks_come(self):
        node, base = self.node()
        self.show(base, "", "Chain dev")
        self.search("nonsense", "Nothing is called so")
        for height in ("1", "2"):
            self.mine(node)
            self.browser.wait_for_text("#live", f"Height {height}")
        self.assertEqual(self.browser.text("main h1"), "Nothing is called so")

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
        hostile = urllib.parse.quote(HOSTILE, safe="")
        for place, heading in ((f"transaction/{transaction['transaction']}", "Transaction"),
                               (f"transaction/{record}", "Transaction: record"),
                               ("block/1", "Block 1"), ("block/2", "Block 2"),
                               ("stream/rx", "Stream rx"), ("wire?ask=" + hostile, "Wire"),
                               (hostile, "There is no such page"),
                               (f"search/{hostile}", "Nothing is called so"),
                               (f"address/{hostile}", "Refused")):
            with self.subTest(place=place):
                self.show(base, place, heading)
                if place.startswith(f"transaction/{record}"):
                    self.browser.wait_for_text("main", "onerror")
                    self.browser.keep("hostile")
                self.assertIsNone(self.browser.run("return window.stolen ?? null"))
                self.assertEqual(self.browser.all(
                    "main script, main img, main [onerror], main a[href^=javascript]"), [])

    def test_what_is_no_page_says_so(self):
        _, base = self.node()
        for place in ("constructor", "toString/x", "__proto__", "block", "block/", "block/%zz",
                      "transaction", "address", "block/1/2", "mempool/1", "<script>x</script>"):
            with self.subTest(place=place):
                self.show(base, "mempool", "Mempool")
                self.show(base, place, "There is no such page")
                self.browser.run("document.querySelector('main a').click()")
                self.browser.wait_for_text("main h1", "Chain dev")

    def test_text_of_the_chain_reorders_nothing_around_it(self):
        node, base = self.node()
        self.mine(node, 1, data={"note": "a\u202eb"})
        block = node.ask({"type": "get_block", "height": 1})["block"]
        coinbase = block["data"][0]
        self.show(base, f"transaction/{coinbase['transaction']}", "Transaction: coinbase")
        self.browser.wait_for_text("main pre", "a\\u202eb")
        self.assertNotIn("\u202e", self.browser.text("body"))
        self.browser.keep("bidi")
        # Who earned it stands there by digits, and the miner by the address of the same account.
        self.assertNotIn(coinbase["to"], self.browser.text("main"))
        self.assertIn(block["miner"], self.browser.text("main"))


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
        self.show(base, "", "Chain dev")
        for part in (".tiles a.hash", "#live .whole"):
            self.assertEqual(self.browser.run(
                "return document.querySelector(arguments[0]).getClientRects().length", part), 1)
        self.assertTrue(self.browser.run(PLACEHOLDER_FITS))
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
        self.assertNotIn("dashed", self.browser.text("main"))
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

    def test_a_long_branch_hangs_where_it_left(self):
        _, base, mine, _ = self.fork(26, 30)
        self.show(base, "forks", "Forks")
        self.browser.wait_for_text("main .scroll", "… 6 blocks")
        drawn = self.drawn()
        self.assertNotIn(mine[0]["hash"], drawn)
        first = drawn[mine[6]["hash"]]
        ends = self.browser.run("return [...document.querySelectorAll('svg.tree polyline')].map("
                                "(one) => one.getAttribute('points').split(' ').at(-1))")
        self.assertIn(f"{first['x']},{first['y'] + 18}", ends)
        self.browser.keep("forks_long")

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
