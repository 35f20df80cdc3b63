/// A `TransactionRelay` among scripted peers.
#pragma once

#include "tests/unit/node/relay_fixture.hpp"

#include "cairn/node/limits.hpp"
#include "cairn/node/transaction_relay.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace cairn::node {

using test::make_transfer;
using test::TransferOptions;

inline wire::RelayId relay_id(const ledger::Transaction& transaction) {
    return wire::relay_id(codec::encode(transaction));
}

struct TransactionRelayFixture : test::RelayFixture {
    explicit TransactionRelayFixture(mempool::MempoolLimits limits = {})
        : RelayFixture{test::instant_spec(), limits} {}

    TransactionRelay relay{7};

    /// An outbound peer unless said otherwise.
    const Peer& join(std::uint64_t link, Direction direction = Direction::outbound) {
        const auto& peer = add_peer(link, direction);
        auto now = context();
        relay.on_peer_ready(now, peer);
        return peer;
    }

    template <class Message>
    void receive(std::uint64_t link, const Message& message) {
        auto now = context();
        relay.on_message(now, peers.at(LinkId{link}), message, 0);
        collect();
    }

    void announce(std::uint64_t link, const ledger::Transaction& transaction) {
        const auto size = static_cast<std::uint32_t>(codec::encode(transaction).size());
        receive(link, wire::Inventory{{{relay_id(transaction), size}}, {}});
    }

    void give(std::uint64_t link, const ledger::Transaction& transaction) {
        receive(link, wire::Transactions{{{codec::encode(transaction)}}});
    }

    /// Runs all jobs that have been started.
    void run_jobs() {
        collect();
        while (!jobs.empty()) {
            auto job = std::move(jobs.front());
            jobs.pop_front();
            auto result = runner.run(std::move(job.work));
            auto now = context();
            REQUIRE(relay.on_job(now, job.id, result));
            collect();
        }
    }

    void push(const ledger::Transaction& transaction, bool may_replace = true) {
        auto now = context();
        relay.on_command(now, CommandId{1}, {transaction, may_replace});
        run_jobs();
    }

    void wake() {
        auto now = context();
        relay.on_time(now);
        collect();
    }

    /// Adds a block with `transactions` to the tip, for pool and relay.
    void mine(const std::vector<ledger::Transaction>& transactions) {
        const auto block =
            build(chain().tip().hash, {.transactions = transactions, .interval_ms = 1});
        auto change = chain().submit(block, time.wall);
        REQUIRE(change.has_value());
        pool.on_chain_change(*change, time);
        auto now = context();
        relay.on_chain_change(now, {*change});
        collect();
    }

    /// The ids announced to `link` since the last look.
    std::vector<wire::RelayId> told(std::uint64_t link) {
        std::vector<wire::RelayId> ids;
        for (const auto& inventory : take_sent<wire::Inventory>(link))
            for (const auto& notice : inventory.transactions)
                ids.push_back(notice.id);
        return ids;
    }

    /// The ids asked of `link` since the last look.
    std::vector<wire::RelayId> asked(std::uint64_t link) {
        std::vector<wire::RelayId> ids;
        for (const auto& request : take_sent<wire::GetTransactions>(link))
            ids.insert(ids.end(), request.ids.begin(), request.ids.end());
        return ids;
    }

    ledger::Transaction transfer(const TransferOptions& options = {}) {
        return make_transfer(chain().id(), options);
    }

    const PushedTransaction& pushed() {
        return std::get<PushedTransaction>(replies.back().reply.value());
    }

    const CommandError& refused() { return replies.back().reply.error(); }
};

using Ids = std::vector<wire::RelayId>;

}  // namespace cairn::node
