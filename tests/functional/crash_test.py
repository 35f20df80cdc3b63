"""Nodes that are killed at random moments, stopped, locked out, or given damaged files."""

import random
import shutil
import signal
import subprocess
import unittest

from network import BINARY, Network, free_ports, is_agreed, moment, wait_until

KILLS = 50
RESTART_SECONDS_MAX = 2.0
EXIT_IO = 74
# See `pass_kill_point` in src/storage.
KILL_POINTS = (
    "commit_begun", "bodies_written", "undos_written", "disconnected_written",
    "connected_written", "state_written", "commit_ready", "commit_done",
)


def ask_the_dying(node, request):
    """The reply, or None when the node dies over it."""
    try:
        return node.ask(request)
    except (AssertionError, OSError):
        return None


def pages(node, request, name):
    """Everything that `request` lists under `name`."""
    found = []
    while True:
        reply = node.ask(request)
        found += reply[name]
        if "next" not in reply:
            return found
        request = {**request, "from": reply["next"]}


def indexed_places(node, height):
    """Where the miner of block `height` has mined up to there, by the node's index."""
    miner = node.ask({"type": "get_block", "height": height})["block"]["miner"]
    entries = pages(node, {"type": "history", "address": miner, "count": 1000}, "transactions")
    places = [(entry["height"], entry["index"]) for entry in entries]
    return [place for place in places if 0 < place[0] <= height]


def scanned_places(node, height):
    """The same by looking at every block."""
    blocks = []
    while True:
        page = node.ask({"type": "get_chain", "from": len(blocks), "count": 500})
        blocks += page["chain"]
        if len(blocks) == page["length"]:
            break
    blocks = blocks[: height + 1]
    miner = blocks[-1]["miner"]
    return [(block["index"], 0) for block in blocks[1:] if block["miner"] == miner]


def check_index(test, node):
    """Both agree, though the node mines on meanwhile."""
    height = node.status()["height"]
    test.assertEqual(indexed_places(node, height), scanned_places(node, height))


class Crashes(unittest.TestCase):
    def test_d1_kills_at_random_moments(self):
        seed = 20261121
        chance = random.Random(seed)
        with Network() as network:
            nodes = network.mesh(3, miners=3)
            victim = nodes[2]
            slowest = 0.0
            for _ in range(KILLS):
                # A moment of mining, cut off anywhere in it.
                nodes[0].ask({"type": "mine_block", "count": chance.randint(1, 20)})
                victim.ask({"type": "wait", "height": 1 << 40, "timeout_ms": chance.randint(1, 50)})
                acknowledged = victim.ask({"type": "mine_block"})["blocks"][0]["hash"]
                victim.kill()
                slowest = max(slowest, victim.start())
                self.assertIn("block", victim.ask({"type": "get_block", "hash": acknowledged}))
                self.assertTrue(victim.ask("validate")["valid"], f"seed {seed}")
            self.assertLess(slowest, RESTART_SECONDS_MAX, f"seed {seed}")
            self.assertIsNotNone(
                wait_until(lambda: is_agreed(nodes), 60, lambda: moment(nodes[0]))
            )
            for node in nodes:
                self.assertTrue(node.ask("validate")["valid"])
                check_index(self, node)

    def test_d1_kills_at_each_named_point_while_connecting(self):
        for point in KILL_POINTS:
            with self.subTest(point=point), Network() as network:
                victim = network.node(free_ports(1)[0])
                # The state is written at the first start and at a stop, all else with a block too.
                count = 2 if point == "state_written" else 3
                victim.start(CAIRN_KILL_POINT=f"{point}:{count}")
                acknowledged = []
                while victim.is_running() and len(acknowledged) < 5:
                    reply = ask_the_dying(victim, "mine_block")
                    acknowledged += [block["hash"] for block in reply["blocks"]] if reply else []
                if point == "state_written":
                    ask_the_dying(victim, "shutdown")
                self.assertEqual(victim.process.wait(30), -signal.SIGKILL)
                victim.drain.wait(30)
                self.assertLess(victim.start(), RESTART_SECONDS_MAX)
                chain = [block["hash"] for block in victim.ask("get_chain")["chain"]]
                # Nothing acknowledged is lost; one block more may have been on its way.
                self.assertEqual(chain[1 : len(acknowledged) + 1], acknowledged)
                self.assertLessEqual(len(chain), len(acknowledged) + 2)
                self.assertTrue(victim.ask("validate")["valid"])

    def test_d1_kills_at_each_named_point_while_reorganising(self):
        with Network() as network:
            ports = free_ports(2)
            other = network.node(ports[0])
            other.start()
            reference = [b["hash"] for b in other.ask({"type": "mine_block", "count": 8})["blocks"]]
            losing = network.node(ports[1])
            losing.start()
            old = [b["hash"] for b in losing.ask({"type": "mine_block", "count": 5})["blocks"]]
            self.assertEqual(losing.stop(), 0)
            saved = losing.directory.with_name("losing")
            shutil.copytree(losing.directory, saved)
            for point in KILL_POINTS:
                kills = 0
                # Side blocks come first, alone or together: the commit in which blocks are
                # disconnected is one of the first three.
                for count in (1, 2, 3):
                    with self.subTest(point=point, count=count):
                        kills += self.reorganise(losing, other, f"{point}:{count}")
                        self.check_boundary(losing, old, reference)
                    shutil.rmtree(losing.directory)
                    shutil.copytree(saved, losing.directory)
                self.assertGreater(kills, 0, point)

    def reorganise(self, losing, other, kill_point):
        """Lets `losing` meet a better chain; 1 if that killed it, which is done here if not."""
        losing.start(CAIRN_KILL_POINT=kill_point)
        # The other may have dialled it first: it knows the address from the time before.
        ask_the_dying(losing, {"type": "add_peer", "address": f"127.0.0.1:{other.port}"})
        height = other.status()["height"]
        reply = ask_the_dying(losing, {"type": "wait", "height": height, "timeout_ms": 20_000})
        if reply is not None and ask_the_dying(losing, "ping"):
            losing.kill()
            return 0
        self.assertEqual(losing.process.wait(30), -signal.SIGKILL)
        losing.drain.wait(30)
        return 1

    def check_boundary(self, losing, old, new):
        """After a restart: the blocks of one branch up to some height, never a mixture."""
        self.assertLess(losing.start(), RESTART_SECONDS_MAX)
        hashes = [block["hash"] for block in losing.ask("get_chain")["chain"]][1:]
        self.assertIn(hashes, [old] + [new[:size] for size in range(len(old), len(new) + 1)])
        self.assertTrue(losing.ask("validate")["valid"])
        self.assertEqual(losing.stop(), 0)

    def test_a_clean_stop_exits_with_0_and_keeps_everything(self):
        with Network() as network:
            node = network.node(free_ports(1)[0])
            node.start()
            tip = node.ask({"type": "mine_block", "count": 30})["blocks"][-1]["hash"]
            self.assertEqual(node.stop(), 0)
            node.start()
            self.assertEqual(node.status()["tip"], tip)
            self.assertTrue(node.ask("shutdown")["stopping"])
            self.assertEqual(node.process.wait(30), 0)

    def test_d7_a_second_process_is_refused(self):
        with Network() as network:
            ports = free_ports(2)
            first = network.node(ports[0])
            first.start()
            second = subprocess.run(
                [BINARY, "node", str(ports[1]), "--chain", "dev", "--datadir",
                 str(first.directory)],
                capture_output=True, timeout=30, text=True, stdin=subprocess.DEVNULL,
            )
            self.assertNotEqual(second.returncode, 0)
            self.assertIn("another", (second.stderr + second.stdout).lower())
            self.assertTrue(first.ask("ping")["pong"])

    def test_d8_each_file_deleted_or_replaced_at_start(self):
        with Network() as network:
            node = network.node(free_ports(1)[0])
            node.start()
            node.ask({"type": "mine_block", "count": 5})
            self.assertEqual(node.stop(), 0)
            saved = node.directory.with_name("saved")
            shutil.copytree(node.directory, saved)
            files = [path.relative_to(saved) for path in saved.rglob("*") if path.is_file()]
            tip = 5
            for name in files:
                for content in (None, b"", b"garbage" * 1000):
                    shutil.rmtree(node.directory)
                    shutil.copytree(saved, node.directory)
                    target = node.directory / name
                    target.unlink()
                    if content is not None:
                        target.write_bytes(content)
                    with self.subTest(file=str(name), content=content and content[:7]):
                        self.start_or_be_told(node, name, tip)

    def start_or_be_told(self, node, name, tip):
        """The node runs with all its blocks, or begins anew without the store, or says why not."""
        try:
            node.start()
        except AssertionError as refused:
            self.assertEqual(node.process.wait(30), EXIT_IO)
            said = str(refused).split("ready: ")[-1]
            self.assertRegex(said, r"^cairn: cannot open the chain in \S+: \w+: \S+")
            self.assertEqual(name.name, "data.mdb")
            return
        # A store that is gone or empty is a new one; every other file is made again.
        height = node.status()["height"]
        self.assertIn(height, (0, tip) if name.name == "data.mdb" else (tip,))
        self.assertTrue(node.ask("validate")["valid"])
        node.ask("mine_block")
        self.assertEqual(node.stop(), 0)


if __name__ == "__main__":
    unittest.main()
