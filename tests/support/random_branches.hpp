/// Chains that fork at random, with transfers and records, for tests of what must follow the
/// active chain through every reorganisation.
#pragma once

#include "tests/support/chain_fixture.hpp"

#include "cairn/base/random.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace cairn::test {

inline constexpr std::uint64_t branch_accounts = 6;

inline ledger::Transaction make_record(
    const ChainId& chain,
    std::uint64_t from,
    std::uint64_t nonce,
    std::string stream,
    std::string key
) {
    ledger::Transaction transaction;
    transaction.nonce = Nonce{nonce};
    transaction.fee = Amount{1};
    const auto body = std::to_string(nonce);
    transaction.payload = ledger::Record{
        .stream = std::move(stream), .key = std::move(key), .format = {}, .body = to_bytes(body)};
    ledger::sign_transaction(key_number(from), chain, transaction);
    return transaction;
}

/// Up to five transactions that can be executed on `parent`.
inline std::vector<ledger::Transaction> random_transactions(
    ChainFixture& fixture, const BlockHash& parent, Random& random
) {
    const auto state = fixture.replay(parent);
    std::map<std::uint64_t, std::uint64_t> nonces;
    for (std::uint64_t account = 0; account < 4; ++account)
        nonces[account] = state::read_account(state, account_number(account)).nonce.value;
    std::vector<ledger::Transaction> transactions;
    for (auto left = random.below(6); left > 0; --left) {
        const auto from = random.below(4);
        const auto nonce = nonces[from]++;
        const auto& chain = fixture.chain().id();
        if (random.chance(1, 2)) {
            // A stream's name that ends where another's key begins must not be mistaken for it.
            const std::string stream(random.below(3), 's');
            transactions.push_back(
                make_record(chain, from, nonce, stream, std::string(random.below(3), 's'))
            );
        } else {
            transactions.push_back(make_transfer(
                chain,
                {.from = from,
                 .to = random.below(branch_accounts),
                 .amount = random.below(20),
                 .nonce = nonce}
            ));
        }
    }
    return transactions;
}

/// A block on the heaviest branch, or on one that comes near it and may overtake it; now and then
/// a new branch begins some blocks below.
inline BlockPointer random_block(ChainFixture& fixture, Random& random) {
    const auto tips = fixture.chain().branch_tips();
    const auto* parent = tips[random.below(std::min<std::size_t>(tips.size(), 3))];
    if (random.chance(1, 6))
        for (auto back = random.below(6); back > 0 && parent->height().value > 0; --back)
            parent = fixture.chain().find(parent->head.header.previous);
    const auto hash = parent->hash;
    return fixture.build(
        hash,
        {.transactions = random_transactions(fixture, hash, random),
         .miner = random.below(branch_accounts),
         .interval_ms = 1'000 + random.below(1'000)}
    );
}

}  // namespace cairn::test
