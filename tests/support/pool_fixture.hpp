/// A pool on a small chain, with means to sign, add and mine.
#pragma once

#include "tests/support/chain_fixture.hpp"

#include "cairn/mempool/mempool.hpp"

#include <string>
#include <vector>

namespace cairn::test {

/// A transfer that is taken for checked: the pool looks at no signature.
inline mempool::TransactionPointer unsigned_transfer(
    const ChainId& chain, const TransferOptions& options, std::string memo = {}
) {
    ledger::Transaction transaction;
    transaction.from = account_number(options.from);
    transaction.nonce = Nonce{options.nonce};
    transaction.fee = Amount{options.fee};
    transaction.payload =
        ledger::Transfer{account_number(options.to), Amount{options.amount}, std::move(memo)};
    const auto id = ledger::transaction_id(chain, transaction);
    return std::make_shared<const execution::CheckedTransaction>(
        execution::CheckedTransaction::from_checked_block(std::move(transaction), id)
    );
}

/// The steady clock at `duration` after the start.
inline Time after(Duration duration) {
    return {.steady = Instant{duration}, .wall = UnixMillis{1'800'000'000'000}};
}

struct PoolFixture : ChainFixture {
    explicit PoolFixture(
        mempool::MempoolLimits limits = {}, ledger::ChainSpec chain_spec = instant_spec()
    )
        : ChainFixture{std::move(chain_spec)}, pool{chain(), limits, 5} {}

    [[nodiscard]] mempool::TransactionPointer make(const TransferOptions& options) {
        return unsigned_transfer(chain().id(), options);
    }

    /// Adds a transfer and tells what came of it: "pending", "future" or the error's name.
    std::string add(const TransferOptions& options, Duration when = {}) {
        return add(make(options), when);
    }

    std::string add(const mempool::TransactionPointer& transaction, Duration when = {}) {
        const auto added = pool.add(transaction, after(when));
        dropped.clear();
        if (!added) {
            refusal = added.error();
            return std::string{to_string(refusal.rule)};
        }
        dropped = added->dropped;
        return added->pending ? "pending" : "future";
    }

    /// Submits `block` and lets the pool follow.
    void connect(const BlockPointer& block) {
        const auto change = chain().submit(block, now());
        REQUIRE(change.has_value());
        dropped = pool.on_chain_change(*change, after({}));
    }

    /// A block on `parent` with these transfers, signed.
    BlockPointer block_of(
        const BlockHash& parent,
        const std::vector<TransferOptions>& transfers,
        std::uint64_t miner = 9
    ) {
        std::vector<ledger::Transaction> transactions;
        for (const auto& transfer : transfers)
            transactions.push_back(make_transfer(chain().id(), transfer));
        return build(parent, {.transactions = std::move(transactions), .miner = miner});
    }

    /// "<sender>.<nonce>" of each selected transaction, in order, with the fee after a colon.
    std::string selection(std::size_t bytes_max = 1'000'000) {
        std::string text;
        for (const auto* selected : pool.select(bytes_max)) {
            const auto& transaction = selected->transaction();
            std::uint64_t sender = 0;
            while (account_number(sender) != transaction.from)
                ++sender;
            text += (text.empty() ? "" : " ") + std::to_string(sender) + "." +
                    std::to_string(transaction.nonce.value) + ":" +
                    std::to_string(transaction.fee.value);
        }
        return text;
    }

    mempool::Mempool pool;
    /// The last refusal.
    mempool::Refusal refusal;
    /// What the last command dropped.
    std::vector<mempool::Dropped> dropped;
};

/// The reasons in `dropped`, in order, as text.
inline std::string reasons(const std::vector<mempool::Dropped>& dropped) {
    std::string text;
    for (const auto& one : dropped)
        text += (text.empty() ? "" : " ") + std::string{to_string(one.reason)};
    return text;
}

}  // namespace cairn::test
