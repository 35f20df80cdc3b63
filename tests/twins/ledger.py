#!/usr/bin/env python3
"""Holds the balances of four simulated nodes against the most naive ledger there is.

    ledger.py LEDGER_EXPORT TRANSFERS SEED      CAIRN_SEED goes before SEED

LEDGER_EXPORT is the program that makes the transfers, with forks, and tells the chain on which the
nodes agreed and what they think everybody has.
"""

import collections
import json
import os
import subprocess
import sys


class Ledger:
    """A dictionary of balances and one of nonces."""

    def __init__(self, genesis):
        self.balances = collections.Counter(genesis["balances"])
        self.nonces = collections.Counter()
        self.subsidy = genesis["subsidy"]
        self.issued = sum(self.balances.values())
        # By sender.
        self.transfers = collections.Counter()
        # How often an account came to have nothing.
        self.emptied = 0

    def connect(self, block):
        coinbase, *transfers = block["transfers"]
        for sender, recipient, amount, fee, nonce in transfers:
            assert nonce == self.nonces[sender], f"nonce {nonce} of {sender}"
            self.nonces[sender] += 1
            self.pay(sender, -amount - fee)
            self.pay(recipient, amount)
            self.transfers[sender] += 1
            self.emptied += self.balances[sender] == 0
        fees = sum(fee for _, _, _, fee, _ in transfers)
        assert coinbase[2] == self.subsidy + fees, f"the reward of block {block['height']}"
        self.pay(coinbase[1], coinbase[2])
        self.issued += self.subsidy
        assert sum(self.balances.values()) == self.issued, f"the sum at block {block['height']}"

    def pay(self, account, amount):
        self.balances[account] += amount
        assert self.balances[account] >= 0, f"{account} is below zero"


def main():
    program, transfers, seed = sys.argv[1:]
    seed = os.environ.get("CAIRN_SEED", seed)
    run = subprocess.run([program, transfers, seed], stdout=subprocess.PIPE, text=True, check=True)
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    blocks = [line for line in lines if "height" in line]
    nodes = [line for line in lines if "node" in line]
    ledger = Ledger(blocks[0])
    for block in blocks[1:]:
        ledger.connect(block)
    assert len(nodes) == 4
    spenders = list(nodes[0]["accounts"])[-nodes[0]["spenders"]:]
    spent = sum(ledger.transfers[account] for account in spenders)
    saved = ledger.transfers.total() - spent
    # What an account spent on a branch that lost may be more than it has on the other.
    assert 0 < spent <= nodes[0]["spent"], f"{spent} of {nodes[0]['spent']} spendings are mined"
    assert nodes[0]["overspent"] > 0, "nobody tried to pay more than there was"
    assert ledger.emptied > 0, "nobody spent all"
    for node in nodes:
        assert node["sent"] == saved, f"{saved} of {node['sent']} are mined"
        for account, (balance, nonce) in node["accounts"].items():
            assert balance == ledger.balances[account], f"the balance of {account}"
            assert nonce == ledger.nonces[account], f"the nonce of {account}"
    forks = sum(node["forks"] for node in nodes)
    assert forks > 0, "there was no fork"
    print(f"seed {seed}: {saved} transfers in {len(blocks)} blocks, {spent} more of all that "
          f"somebody had, {nodes[0]['overspent']} of more refused, {forks} dead branches on four "
          f"nodes: every balance and nonce is right")


if __name__ == "__main__":
    main()
