// The pool against a naive twin: a list of transactions, sorted and summed anew at every question.
#include "tests/support/pool_fixture.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <map>

namespace cairn::test {

namespace {

using mempool::MempoolLimits;
using mempool::TransactionPointer;

constexpr std::uint64_t senders = 4;
constexpr std::uint64_t pending_max = 6;
constexpr std::uint64_t future_max = 3;

std::uint64_t nonce_of(const TransactionPointer& transaction) {
    return transaction->transaction().nonce.value;
}

std::uint64_t cost_of(const TransactionPointer& transaction) {
    return execution::cost_of(transaction->transaction())->value;
}

std::uint64_t fee_of(const TransactionPointer& transaction) {
    return transaction->transaction().fee.value;
}

/// One sender's transactions by nonce, on a chain whose state is given.
struct NaiveSender {
    state::AccountState chain;
    std::map<std::uint64_t, TransactionPointer> all;
    /// The hour at which each came.
    std::map<TxId, std::uint64_t> since;

    /// The nonce after the run that starts at the account's own.
    [[nodiscard]] std::uint64_t next() const {
        auto nonce = chain.nonce.value;
        while (all.count(nonce) > 0 && nonce < chain.nonce.value + pending_max)
            ++nonce;
        return nonce;
    }

    [[nodiscard]] std::uint64_t cost(std::uint64_t below) const {
        std::uint64_t sum = 0;
        for (const auto& [nonce, transaction] : all)
            sum += nonce < below ? cost_of(transaction) : 0;
        return sum;
    }

    std::string replace(const TransactionPointer& newer) {
        const auto nonce = nonce_of(newer);
        auto& older = all[nonce];
        const auto rate = [](const TransactionPointer& transaction) {
            return fee_of(transaction) * 1'000 / transaction->size();
        };
        if (fee_of(newer) <= fee_of(older) || fee_of(newer) * 10 < fee_of(older) * 11 ||
            rate(newer) < rate(older))
            return "replacement_fee_too_low";
        if (cost(std::min(nonce, next())) + cost_of(newer) > chain.balance.value)
            return "insufficient_balance";
        if (cost(quantity_max) - cost_of(older) + cost_of(newer) > chain.balance.value)
            return "replacement_breaks_later";
        older = newer;
        return nonce < next() ? "pending" : "future";
    }

    std::string add(const TransactionPointer& transaction) {
        const auto nonce = nonce_of(transaction);
        if (nonce < chain.nonce.value)
            return "nonce_too_low";
        if (nonce >= chain.nonce.value + pending_max + future_max)
            return "nonce_too_far";
        if (fee_of(transaction) == 0)
            return "fee_too_low";
        if (all.count(nonce) > 0)
            return replace(transaction);
        const auto end = next();
        if (nonce > end)
            return add_future(transaction, end);
        if (end == chain.nonce.value + pending_max)
            return "sender_full";
        if (cost(end) + cost_of(transaction) > chain.balance.value)
            return "insufficient_balance";
        while (cost(quantity_max) + cost_of(transaction) > chain.balance.value)
            all.erase(std::prev(all.end()));
        all[nonce] = transaction;
        return "pending";
    }

    std::string add_future(const TransactionPointer& transaction, std::uint64_t end) {
        const auto waiting = std::distance(all.lower_bound(end), all.end());
        if (waiting >= static_cast<std::ptrdiff_t>(future_max))
            return "sender_full";
        if (cost(quantity_max) + cost_of(transaction) > chain.balance.value)
            return "insufficient_balance";
        all[nonce_of(transaction)] = transaction;
        return "future";
    }

    /// Lets go of what has waited too long at `hour`.
    void expire(std::uint64_t hour) {
        const auto is_over = [&](const TransactionPointer& transaction, std::uint64_t hours) {
            return hour - since.at(transaction->id()) >= hours;
        };
        const auto end = next();
        for (auto one = all.lower_bound(end); one != all.end();)
            one = is_over(one->second, 3) ? all.erase(one) : std::next(one);
        for (auto one = all.begin(); one != all.end() && one->first < end; ++one) {
            if (!is_over(one->second, 72))
                continue;
            all.erase(one, all.lower_bound(end));
            return;
        }
    }

    /// Sorts everything again on another state.
    void follow(const state::AccountState& now) {
        chain = now;
        auto before = std::exchange(all, {});
        for (const auto& [nonce, transaction] : before) {
            const bool is_used = nonce < chain.nonce.value;
            if (is_used || cost(quantity_max) + cost_of(transaction) > chain.balance.value)
                continue;
            const auto end = next();
            const auto waiting = std::distance(all.lower_bound(end), all.end());
            const bool is_next = nonce == end && end < chain.nonce.value + pending_max;
            if (is_next || waiting < static_cast<std::ptrdiff_t>(future_max))
                all[nonce] = transaction;
        }
    }
};

struct NaivePool {
    std::map<std::uint64_t, NaiveSender> senders;

    [[nodiscard]] std::size_t size() const {
        std::size_t sum = 0;
        for (const auto& [number, sender] : senders)
            sum += sender.all.size();
        return sum;
    }
};

state::AccountState on_chain(PoolFixture& fixture, std::uint64_t account) {
    return state::read_account(fixture.chain().state(), account_number(account));
}

TransferOptions any_transfer() {
    return {
        .from = *rc::gen::inRange<std::uint64_t>(0, senders),
        .to = *rc::gen::inRange<std::uint64_t>(0, senders),
        .amount = *rc::gen::inRange<std::uint64_t>(0, 400'000),
        .fee = *rc::gen::inRange<std::uint64_t>(0, 40),
        .nonce = *rc::gen::inRange<std::uint64_t>(0, 14),
    };
}

/// What must hold of a pool at any time, whatever was done to it.
void check_invariants(PoolFixture& fixture, const NaivePool& naive) {
    RC_ASSERT(fixture.pool.size() == naive.size());
    std::map<ledger::AccountId, std::uint64_t> seen;
    const auto selected = fixture.pool.select(1'000'000);
    for (const auto& one : selected) {
        const auto& from = one->transaction().from;
        const auto first = state::read_account(fixture.chain().state(), from).nonce.value;
        RC_ASSERT(nonce_of(one) == first + seen[from]);
        ++seen[from];
    }
    for (const auto& [number, sender] : naive.senders) {
        const auto id = account_number(number);
        RC_ASSERT(fixture.pool.projected(id).nonce == Nonce{sender.next()});
        RC_ASSERT(seen[id] == sender.next() - sender.chain.nonce.value);
        for (const auto& [nonce, transaction] : sender.all)
            RC_ASSERT(fixture.pool.contains(transaction->id()));
    }
}

/// Mines the best of what is selected, up to a random number.
void mine(PoolFixture& fixture, NaivePool& naive) {
    std::vector<ledger::Transaction> transactions;
    const auto wanted = *rc::gen::inRange<std::size_t>(0, 5);
    for (const auto& one : fixture.pool.select(1'000'000))
        if (transactions.size() < wanted)
            transactions.push_back(one->transaction());
    // Signed here, because the block's check looks at signatures and the pool does not.
    for (auto& transaction : transactions)
        for (std::uint64_t number = 0; number < senders; ++number)
            if (account_number(number) == transaction.from)
                ledger::sign_transaction(key_number(number), fixture.chain().id(), transaction);
    const auto block = fixture.build(
        fixture.chain().tip().hash, {.transactions = std::move(transactions), .miner = 9}
    );
    fixture.connect(block);
    for (auto& [number, sender] : naive.senders)
        sender.follow(on_chain(fixture, number));
}

}  // namespace

TEST_CASE("Mempool: it decides as a naive pool does", "[mempool][property]") {
    rc::prop("same answers, same contents, runs without gaps", [] {
        PoolFixture fixture{
            {.pending_per_sender_max = pending_max, .future_per_sender_max = future_max}};
        NaivePool naive;
        for (std::uint64_t number = 0; number < senders; ++number)
            naive.senders[number].chain = on_chain(fixture, number);
        std::uint64_t hour = 0;
        for (int step = *rc::gen::inRange(1, 60); step > 0; --step) {
            const auto kind = *rc::gen::inRange(0, 12);
            if (kind == 0) {
                mine(fixture, naive);
            } else if (kind == 1) {
                hour += *rc::gen::inRange<std::uint64_t>(1, 40);
                const auto before = fixture.pool.size();
                const auto gone = fixture.pool.expire(after(std::chrono::hours{hour})).size();
                for (auto& [number, sender] : naive.senders)
                    sender.expire(hour);
                RC_ASSERT(before - gone == naive.size());
            } else {
                const auto options = any_transfer();
                const auto transaction = fixture.make(options);
                const bool is_known = fixture.pool.contains(transaction->id());
                auto& sender = naive.senders.at(options.from);
                const auto expected = is_known ? "known" : sender.add(transaction);
                RC_ASSERT(fixture.add(transaction, std::chrono::hours{hour}) == expected);
                if (fixture.pool.contains(transaction->id()) && !is_known)
                    sender.since[transaction->id()] = hour;
            }
            check_invariants(fixture, naive);
        }
    });
}

TEST_CASE("Mempool: a small pool stays within its bytes and gapless", "[mempool][property][M6]") {
    rc::prop("bytes, runs and fees of what is refused", [] {
        PoolFixture fixture{{.bytes_max = 12'000}};
        for (int step = *rc::gen::inRange(1, 80); step > 0; --step) {
            auto options = any_transfer();
            options.amount /= 100;
            options.nonce = fixture.pool.projected(account_number(options.from)).nonce.value +
                            *rc::gen::inRange<std::uint64_t>(0, 2);
            const auto before = fixture.pool.size();
            const auto outcome = fixture.add(options);
            const bool is_in = outcome == "pending" || outcome == "future";
            RC_ASSERT(fixture.pool.size() + fixture.dropped.size() == before + (is_in ? 1U : 0U));
            RC_ASSERT(fixture.pool.bytes() <= 12'000U);
            std::map<ledger::AccountId, std::uint64_t> seen;
            for (const auto& one : fixture.pool.select(1'000'000))
                RC_ASSERT(nonce_of(one) == seen[one->transaction().from]++);
        }
    });
}

}  // namespace cairn::test
