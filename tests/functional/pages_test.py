"""Lists over HTTP in pages: links onwards and back, beyond the ends, and while lists change."""

import itertools
import subprocess
import unittest

from http_node import HttpNode
from network import BINARY, Network, moment, wait_until

COUNT_MAX = {"chain": 500, "headers": 2000, "history": 1000, "records": 1000, "mempool": 10_000,
             "block": 500, "block_transactions": 10_000}
PLACE_MAX = 9007199254740991
SENDERS = ("dev1", "dev2", "dev3")


def run(node, *arguments):
    subprocess.run([BINARY, *arguments, "--node", str(node.node.port)], capture_output=True,
                   check=True, timeout=60, stdin=subprocess.DEVNULL)


def send(node, sender):
    run(node, "send", "--from", sender, "--to", "dev9", "--amount", "1", "--json")


def elements(pages):
    """All that pages list, without what grows with the chain."""
    return [{name: value for name, value in element.items() if name != "confirmations"}
            for page in pages for element in page]


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.network = Network()
        cls.node = HttpNode(cls.network)
        for number in range(5):
            run(cls.node, "record", "put", "--from", "dev0", "--stream", "rx", "--key",
                "ab"[number % 2], "--json", str(number), "--json-output")
            if number != 2:
                cls.node.mine()
        for sender in SENDERS * 2:
            send(cls.node, sender)
        cls.address = cls.node.get("/api/v1/block/1")[2]["block"]["miner"]

    @classmethod
    def tearDownClass(cls):
        cls.network.close()

    def lists(self):
        """The path of each list with its query so far, and the name of the list."""
        return (("/api/v1/chain?", "chain"), ("/api/v1/headers?", "headers"),
                ("/api/v1/block?", "results"),
                (f"/api/v1/history/{self.address}?", "transactions"),
                (f"/api/v1/history?address={self.address}&newest_first=true&", "transactions"),
                ("/api/v1/records/rx?", "records"), ("/api/v1/records/rx/a?", "records"),
                ("/api/v1/records/rx?newest_first=true&", "records"),
                ("/api/v1/mempool?", "transactions"),
                ("/api/v1/block_transactions/3?", "transactions"))

    def get(self, node, target):
        status, _, reply = node.get(target)
        self.assertEqual(status, 200, reply)
        return reply

    def follow(self, node, reply, link, name, between=iter(())):
        """The lists of the pages behind `reply`, by their links; `between` runs before each."""
        pages = []
        while reply[link]:
            self.assertTrue(reply[link].startswith(node.base))
            next(between, None)
            reply = self.get(node, reply[link].removeprefix(node.base))
            pages.append(reply[name])
        return pages, reply

    def walk(self, node, target, name, between=iter(())):
        """What a walk to the end tells, and one from there back to the beginning."""
        first = self.get(node, target)
        self.assertIsNone(first["previous"])
        rest, last = self.follow(node, first, "next", name, between)
        before, first_again = self.follow(node, last, "previous", name, between)
        self.assertIsNone(first_again["previous"])
        return [first[name], *rest], [*reversed(before), last[name]]

    def test_both_ways_they_make_up_the_whole(self):
        for path, name in self.lists():
            command = path.split("/")[3].split("?")[0]
            whole = self.get(self.node, f"{path}count={COUNT_MAX[command]}")
            self.assertEqual((whole["next"], whole["previous"]), (None, None))
            self.assertGreater(len(whole[name]), 2)
            for count in (1, 2, 3):
                with self.subTest(path=path, count=count):
                    onwards, back = self.walk(self.node, f"{path}count={count}", name)
                    self.assertEqual(elements(onwards), elements([whole[name]]))
                    self.assertEqual(elements(back), elements([whole[name]]))
                    for full in (onwards[:-1], back[1:-1]):
                        self.assertEqual([len(page) for page in full], [count] * len(full))

    def test_raw_headers_link_both_ways(self):
        whole = self.get(self.node, "/api/v1/headers?raw=true")["headers"]
        onwards, back = self.walk(self.node, "/api/v1/headers?raw=true&count=2", "headers")
        self.assertEqual(list(itertools.chain(*onwards)), whole)
        self.assertEqual(list(itertools.chain(*back)), whole)

    def test_pages_of_nothing_lead_nowhere_and_those_behind_the_end_back(self):
        for path, name in self.lists():
            with self.subTest(path=path):
                nothing = self.get(self.node, f"{path}count=0")
                self.assertEqual((nothing["next"], nothing["previous"]), (None, None))
                if "newest_first" in path:
                    continue
                size = len(self.get(self.node, path + "count=500")[name])
                behind = self.get(self.node, f"{path}from={PLACE_MAX}&count=2")
                self.assertEqual((behind[name], behind["next"]), ([], None))
                pages, _ = self.follow(self.node, behind, "previous", name)
                self.assertEqual(sum(map(len, pages)), size)
                self.assertNotIn([], pages)

    def test_places_beyond_the_largest_and_two_ends_are_refused(self):
        for path, _ in self.lists():
            with self.subTest(path=path):
                for end in ("from", "before"):
                    for number in (PLACE_MAX + 1, "9" * 20):
                        status, _, reply = self.node.get(f"{path}{end}={number}")
                        self.assertEqual((status, reply["code"]), (400, "bad_field"))
                        self.assertEqual(reply["data"]["field"], end)
                    self.assertEqual(self.node.get(f"{path}{end}={PLACE_MAX}")[0], 200)
                status, _, reply = self.node.get(f"{path}from=1&before=3")
                self.assertEqual((status, reply["data"]["field"]), (400, "before"))
                command = path.split("/")[3].split("?")[0]
                status = self.node.get(f"{path}count={COUNT_MAX[command] + 1}")[0]
                self.assertEqual(status, 400)

    def test_a_page_named_in_the_path_leads_on(self):
        reply = self.get(self.node, "/api/v1/chain/1/2")
        self.assertEqual([block["index"] for block in reply["chain"]], [1, 2])
        pages, last = self.follow(self.node, reply, "next", "chain")
        self.assertEqual([block["index"] for page in pages for block in page], [3, 4])
        pages, _ = self.follow(self.node, last, "previous", "chain")
        self.assertEqual([block["index"] for page in pages for block in page], [1, 2, 0])

    def test_a_walk_goes_on_while_the_mempool_changes(self):
        node, other = HttpNode(self.network), HttpNode(self.network)
        for sender in SENDERS * 3:
            send(other, sender)
        runs = {}
        for transaction in self.get(other, "/api/v1/mempool")["transactions"]:
            runs.setdefault(transaction["from"], []).append(transaction)
        first, second, third = runs.values()

        def push(*transactions):
            for one in transactions:
                status, _, reply = node.post("/api/v1/push_transaction", {"transaction": one})
                self.assertEqual(status, 200, reply)

        # Of each sender one that the next block takes, and one above a gap, which stays.
        for run_of_one in (first, second, third):
            push(run_of_one[0], run_of_one[2])

        def changes():
            node.mine()
            push(first[1])
            yield

        onwards, back = self.walk(node, "/api/v1/mempool?count=2", "transactions", changes())
        self.assertEqual(list(itertools.chain(*onwards)),
                         [first[0], first[2], second[2], third[2], first[1]])
        left = [first[2], second[2], third[2], first[1]]
        self.assertEqual(list(itertools.chain(*back)), left)
        self.assertEqual(self.get(node, "/unprocessed"), left)

    def test_a_walk_goes_on_over_a_restart(self):
        node = HttpNode(self.network)
        for sender in SENDERS * 2:
            send(node, sender)
        before = self.get(node, "/api/v1/mempool?count=4")
        self.assertEqual(node.node.stop(), 0)
        node.node.start()
        self.assertIsNotNone(wait_until(lambda: node.node.status()["mempool"] == 6, 30,
                                        lambda: moment(node.node)))
        # What the node has kept arrives again; nothing is left out.
        pages, _ = self.follow(node, before, "next", "transactions")
        told = [one["transaction"] for page in pages for one in page]
        self.assertEqual(len(told), len(set(told)))
        self.assertEqual(len({*told, *(one["transaction"] for one in before["transactions"])}), 6)


if __name__ == "__main__":
    unittest.main()
