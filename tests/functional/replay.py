"""The naive ledger: what every account must hold, by the blocks that a node tells of."""

import collections

PAGE = 500
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
CHECKSUM_LETTERS = 6


def account_of(address):
    """The account (hex) that a bech32m address names; its checksum is not looked at."""
    letters = address[address.rindex("1") + 1 : -CHECKSUM_LETTERS]
    bits = "".join(f"{BECH32.index(letter):05b}" for letter in letters)
    kind_and_account = bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits) - 7, 8))
    return kind_and_account[1:].hex()


def blocks(node):
    """All blocks from genesis on, each in its JSON form."""
    read, length = [], 1
    while len(read) < length:
        page = node.ask({"type": "get_chain", "from": len(read), "count": PAGE})
        length = page["length"]
        read += page["chain"]
    return read


class Ledger:
    """Balances and nonces by account (hex) after every block of `chain`."""

    def __init__(self, chain):
        genesis = chain[0]["data"][0]["body"]
        self.balances = collections.Counter()
        self.nonces = collections.Counter()
        self.confirmed = {}
        self.issued = 0
        self._touched = set()
        for entry in genesis["balances"]:
            self._pay(entry["account"], entry["amount"])
            self.issued += entry["amount"]
        # What stands after each block; only what differs from the block before.
        self.changes = [self._all()]
        for block in chain[1:]:
            self._touched = set()
            self._connect(block)
            self.changes.append({each: (self.balances[each], self.nonces[each])
                                 for each in self._touched})

    def _all(self):
        return {each: (self.balances[each], 0) for each in self.balances}

    def _connect(self, block):
        coinbase, *rest = block["data"]
        for transaction in rest:
            sender = transaction["from"]
            assert transaction["nonce"] == self.nonces[sender], "nonces are consecutive"
            self.nonces[sender] += 1
            self._pay(sender, -transaction["fee"])
            if transaction["kind"] == "transfer":
                self._pay(sender, -transaction["amount"])
                self._pay(transaction["to"], transaction["amount"])
            self.confirmed[transaction["transaction"]] = block["index"]
        fees = sum(transaction["fee"] for transaction in rest)
        self._pay(coinbase["to"], coinbase["amount"])
        self.issued += coinbase["amount"] - fees
        assert sum(self.balances.values()) == self.issued, "no coins appear or vanish"

    def _pay(self, account, amount):
        self.balances[account] += amount
        self._touched.add(account)
        assert self.balances[account] >= 0, "a balance is never negative"
