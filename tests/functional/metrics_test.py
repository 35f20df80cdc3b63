"""/metrics of real nodes: the text parses, agrees with `status`, and has all that the dashboard of
scripts/grafana asks for."""

import json
import pathlib
import re
import unittest

from http_node import HttpNode
from network import Network, wait_until

DASHBOARD = pathlib.Path(__file__).parents[2] / "scripts/grafana/cairn.json"
NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({NAME})\{{({LABEL}(?:,{LABEL})*)\}} (\S+)")
METADATA = re.compile(rf"# (HELP|TYPE) ({NAME}) (.+)")
SUFFIXES = {"counter": {""}, "gauge": {""}, "histogram": {"_bucket", "_sum", "_count"}}


class Scrape:
    """What the text format 0.0.4 says; `AssertionError` where it is not that format."""

    def __init__(self, text):
        assert text.endswith("\n")
        self.types, self.helps, self.samples = {}, {}, {}
        family = None
        for line in text.splitlines():
            if line.startswith("#"):
                kind, family, words = METADATA.fullmatch(line).groups()
                told = self.helps if kind == "HELP" else self.types
                assert family not in told, line
                told[family] = words
                continue
            name, labels, value = SAMPLE.fullmatch(line).groups()
            assert family in self.helps, line
            assert name.removeprefix(family) in SUFFIXES[self.types[family]], line
            pairs = re.findall(r'(\w+)="([^"]*)"', labels)
            assert len(dict(pairs)) == len(pairs), line
            key = (name, frozenset(pairs))
            assert key not in self.samples, line
            self.samples[key] = float(value)
        self.check_histograms()

    def check_histograms(self):
        """Buckets rise to `+Inf`, which is the count."""
        series = {}
        for (name, labels), value in self.samples.items():
            bound = dict(labels).get("le")
            if bound is not None:
                rest = frozenset(label for label in labels if label[0] != "le")
                family = name.removesuffix("_bucket")
                series.setdefault((family, rest), {})[float(bound)] = value
        for (family, labels), buckets in series.items():
            counts = [buckets[bound] for bound in sorted(buckets)]
            assert counts == sorted(counts), family
            assert buckets[float("inf")] == self.samples[family + "_count", labels], family

    def value(self, name, **labels):
        return self.samples[name, frozenset({"chain": "dev", **labels}.items())]

    def total(self, name, **labels):
        wanted = set(labels.items())
        return sum(value for (found, its), value in self.samples.items()
                   if found == name and wanted <= its)


def dashboard_queries():
    """The expressions of all panels."""
    dashboard = json.loads(DASHBOARD.read_text())
    return [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]


class Metrics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.network = Network()
        cls.node = HttpNode(cls.network)
        cls.peer = HttpNode(cls.network, "--bootstrap", f"127.0.0.1:{cls.node.node.port}")
        cls.node.mine(7)
        assert cls.peer.node.wait(height=7)

    @classmethod
    def tearDownClass(cls):
        cls.network.close()

    def scrape(self, node=None):
        status, headers, body = (node or self.node).get("/metrics")
        self.assertEqual(status, 200)
        self.assertEqual(headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        return Scrape(body.decode("ascii"))

    def test_format(self):
        for node in (self.node, self.peer):
            scrape = self.scrape(node)
            self.assertEqual(scrape.types.keys(), scrape.helps.keys())
            for name, labels in scrape.samples:
                self.assertEqual(dict(labels)["chain"], "dev")
                self.assertRegex(name, r"^(cairn|process)_")
            families = {name for name, _ in scrape.samples}
            for family, kind in scrape.types.items():
                self.assertTrue({family + suffix for suffix in SUFFIXES[kind]} <= families)
                self.assertEqual(kind == "counter", family.endswith("_total"))

    def test_agrees_with_status(self):
        def is_equal():
            # Pings may pass between the two questions; then they are asked again.
            scrape, status = self.scrape(), self.node.node.status()
            told = {
                "height": scrape.value("cairn_chain_height"),
                "peers": scrape.total("cairn_peers"),
                "mempool": scrape.value("cairn_mempool_txs"),
                "messages_received": scrape.total("cairn_p2p_messages_total", dir="in"),
                "messages_sent": scrape.total("cairn_p2p_messages_total", dir="out"),
                "bytes_received": scrape.value("cairn_p2p_bytes_total", dir="in"),
                "bytes_sent": scrape.value("cairn_p2p_bytes_total", dir="out"),
            }
            self.assertEqual(scrape.value("cairn_difficulty"), int(status["difficulty"]))
            return all(status[name] == value for name, value in told.items())

        self.assertIsNotNone(wait_until(is_equal, 30, self.scrape))
        scrape = self.scrape()
        self.assertEqual(scrape.value("cairn_peers", direction="inbound"), 1)
        self.assertGreater(scrape.value("cairn_p2p_bytes_total", dir="out"), 0)
        self.assertEqual(scrape.value("cairn_blocks_mined_total"), 7)
        self.assertGreaterEqual(scrape.value("cairn_hashes_total"), 7)

    def test_blocks(self):
        scrape = self.scrape(self.peer)
        height = scrape.value("cairn_chain_height")
        self.assertEqual(scrape.value("cairn_block_interval_seconds_count"), height - 1)
        name = "cairn_block_validation_seconds_"
        self.assertEqual(scrape.value(name + "count", stage="connect"), height)
        self.assertGreater(scrape.value(name + "sum", stage="connect"), 0)

    def test_refusals(self):
        rule = "cairn_rejected_total"
        before = self.scrape()
        # A signature that is none, on a transaction of nobody.
        reply = self.node.post("/api/v1/push_transaction", {"transaction": {
            "kind": "transfer", "from": "00" * 32,
            "to": "11" * 32, "amount": 1, "fee": 1000, "nonce": 0, "memo": "",
            "signature": "22" * 64}})
        after = self.scrape()
        told = reply[2]["data"]["rule"] if reply[0] == 422 else None
        self.assertIsNotNone(told, reply)
        self.assertEqual(after.value(rule, rule=told), before.value(rule, rule=told) + 1)

    def test_reorganisation(self):
        before = self.scrape()
        tip = self.node.node.status()["tip"]
        self.assertEqual(self.node.post("/api/v1/invalidate_block", {"hash": tip})[0], 200)
        after = self.scrape()
        self.assertEqual(after.value("cairn_reorgs_total"), before.value("cairn_reorgs_total") + 1)
        self.assertEqual(
            after.value("cairn_reorg_depth_sum"), before.value("cairn_reorg_depth_sum") + 1)
        self.node.mine(2)
        self.assertTrue(self.peer.node.wait(height=self.node.node.status()["height"]))
        self.assertGreaterEqual(self.scrape(self.peer).value("cairn_reorgs_total"), 1)

    def test_process(self):
        scrape, node = self.scrape(), self.node.node
        self.assertAlmostEqual(
            scrape.value("process_resident_memory_bytes") / 1024, node.memory_kib(), delta=8192)
        self.assertLessEqual(scrape.value("process_cpu_seconds_total"), node.processor_seconds())
        self.assertAlmostEqual(scrape.value("process_open_fds"), node.open_files(), delta=3)

    def test_dashboard(self):
        exposed = {}
        for name, labels in self.scrape().samples:
            exposed.setdefault(name, set()).update(label for label, _ in labels)
        queries = dashboard_queries()
        asked = set()
        for query in queries:
            for name, matchers in re.findall(rf"\b((?:cairn|process)_\w+)\{{([^}}]*)\}}", query):
                asked.add(name)
                self.assertIn(name, exposed, query)
                wanted = set(re.findall(r"(\w+)=~?\"", matchers)) - {"instance"}
                self.assertIn("chain", wanted, query)
                self.assertLessEqual(wanted, exposed[name], query)
            grouped = re.search(r"\bby \(([^)]*)\)", query)
            if grouped:
                labels = set(grouped[1].split(", ")) - {"instance"}
                names = re.findall(r"\b(?:cairn|process)_\w+", query)
                self.assertLessEqual(labels, exposed[names[0]], query)
        self.assertGreater(len(queries), 20)
        # The other way round: what is exposed is shown, or named here with the reason.
        shown = {re.sub("_(bucket|sum|count)$", "", name) for name in asked}
        families = {re.sub("_(bucket|sum|count)$", "", name) for name in exposed}
        self.assertEqual(families - shown, {"process_virtual_memory_bytes"})  # LMDB's map


if __name__ == "__main__":
    unittest.main()
