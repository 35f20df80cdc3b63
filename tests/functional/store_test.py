"""Disks that are full, and stores that do not give back what they hold."""

import os
import pathlib
import shutil
import tempfile
import unittest

from network import Network, free_ports

EXIT_IO = 74
EXIT_CONFIG = 78
MEBIBYTE = 1024 * 1024
MEMORY_DISK = pathlib.Path("/dev/shm")


def replace_bytes(path, old, new):
    """Writes `new` wherever `old` stands in a file; how often."""
    content = path.read_bytes()
    path.write_bytes(content.replace(old, new))
    return content.count(old)


class Store(unittest.TestCase):
    def setUp(self):
        self.network = self.enterContext(Network())
        self.ports = free_ports(2)
        self.node = self.network.node(self.ports[0])

    def start_refused(self):
        """What the node says when it does not start; it must be gone then."""
        with self.assertRaises(AssertionError) as refused:
            self.node.start()
        return str(refused.exception), self.node.process.wait(30)

    def test_an_unreadable_block_stops_the_node_with_a_reason(self):
        self.node.start()
        self.node.ask({"type": "mine_block", "count": 3, "data": {"mark": "lighthouse"}})
        self.assertEqual(self.node.stop(), 0)
        data = self.node.directory / "dev" / "data.mdb"
        self.assertGreaterEqual(replace_bytes(data, b"lighthouse", b"lightsouse"), 3)
        # Nothing needs the bodies until a better branch comes.
        self.node.start()
        other = self.network.node(self.ports[1])
        other.start()
        other.ask({"type": "mine_block", "count": 6})
        other.ask({"type": "add_peer", "address": f"127.0.0.1:{self.node.port}"})
        self.assertEqual(self.node.process.wait(30), EXIT_IO)
        self.node.drain.wait(30)
        said = self.node.output.read_text()
        self.assertIn("the store failed", said)
        self.assertIn("checksum of block", said)

    def test_d9_another_format_is_refused_up_and_down(self):
        self.node.start()
        self.node.ask("mine_block")
        self.assertEqual(self.node.stop(), 0)
        data = self.node.directory / "dev" / "data.mdb"
        version = b"format\x02\x00\x00\x00"
        for other in (0, 3):
            changed = b"format%c\x00\x00\x00" % other
            self.assertGreater(replace_bytes(data, version, changed), 0)
            said, status = self.start_refused()
            self.assertEqual(status, EXIT_CONFIG)
            self.assertIn(f"the store has format {other}, this program writes format 2", said)
            replace_bytes(data, changed, version)
        self.node.start()
        self.assertEqual(self.node.status()["height"], 1)

    @unittest.skipUnless(MEMORY_DISK.is_dir(), "there is no file system of its own to fill")
    def test_d4_a_disk_that_fills_up_stops_the_node_cleanly(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="cairn-disk-", dir=MEMORY_DISK))
        self.addCleanup(shutil.rmtree, folder)
        facts = os.statvfs(folder)
        free_mib = facts.f_bavail * facts.f_frsize // MEBIBYTE
        self.node.directory = folder / "node"
        self.node.arguments = ("--min-free", str(free_mib - 32))
        self.node.start()
        tip = self.node.ask({"type": "mine_block", "count": 5})["blocks"][-1]["hash"]
        with (folder / "ballast").open("wb") as ballast:
            os.posix_fallocate(ballast.fileno(), 0, 48 * MEBIBYTE)
        self.assertEqual(self.node.process.wait(30), EXIT_IO)
        self.node.drain.wait(30)
        said = self.node.output.read_text()
        self.assertRegex(said, r"only \d+ MiB are free")
        self.assertIn("stopped", said.splitlines()[-1])
        said, status = self.start_refused()
        self.assertEqual(status, EXIT_IO)
        self.assertRegex(said, r"only \d+ MiB are free")
        (folder / "ballast").unlink()
        self.node.start()
        self.assertEqual(self.node.status()["tip"], tip)
        self.assertTrue(self.node.ask("validate")["valid"])
        self.assertEqual(self.node.stop(), 0)


if __name__ == "__main__":
    unittest.main()
