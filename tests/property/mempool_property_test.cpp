// The pool against a naive twin, on random walks that fill it, move its chain and let time pass.
#include "tests/property/naive_pool.hpp"
#include "tests/support/pool_fixture.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

namespace cairn::test {

namespace {

using mempool::MempoolLimits;
using std::chrono::hours;
using std::chrono::milliseconds;

constexpr std::uint64_t senders = 4;
/// More than any pool of these tests holds.
constexpr std::size_t everything = 1'000'000;

/// A number in [`least`, `above`), from all of it in short walks too.
std::uint64_t any(std::uint64_t least, std::uint64_t above) {
    return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(least, above));
}

/// Fees that differ by a little, by a tenth and by a lot, and are often equal.
std::uint64_t any_fee() {
    return (any(0, 4) + (std::uint64_t{10} << any(0, 10))) * 10 / any(9, 12);
}

TransferOptions options_of(const ledger::Transaction& transaction) {
    const auto& transfer = std::get<ledger::Transfer>(transaction.payload);
    const auto number_of = [](const ledger::AccountId& id) {
        std::uint64_t number = 0;
        while (account_number(number) != id)
            ++number;
        return number;
    };
    return {
        .from = number_of(transaction.from),
        .to = number_of(transfer.to),
        .amount = transfer.amount.value,
        .fee = transaction.fee.value,
        .nonce = transaction.nonce.value,
    };
}

NaivePool::Left sorted(NaivePool::Left left) {
    std::sort(left.begin(), left.end());
    return left;
}

NaivePool::Left sorted(const std::vector<mempool::Dropped>& dropped) {
    NaivePool::Left left;
    for (const auto& one : dropped)
        left.emplace_back(one.id, one.reason);
    return sorted(std::move(left));
}

/// Both pools on one chain, and what can happen to them.
struct Walk {
    explicit Walk(const MempoolLimits& limits) : fixture{limits}, naive{fixture.chain(), limits} {}

    /// Adds a transfer to both.
    void add(const TransferOptions& options) {
        const std::string memo(any(0, 2) * any(0, 200), 'm');
        const auto transaction = unsigned_transfer(fixture.chain().id(), options, memo);
        // What was restored after a restart has waited before.
        const Duration waited = hours{any(0, 4) == 0 ? any(0, 80) : 0};
        const auto expected = naive.add(transaction, now, waited);
        const auto added = fixture.pool.add(transaction, now, {.waited = waited});
        if (!added) {
            RC_ASSERT(std::string{to_string(added.error().rule)} == expected.what);
            RC_ASSERT(expected.left.empty());
            return;
        }
        RC_ASSERT((added->pending ? "pending" : "future") == expected.what);
        RC_ASSERT(sorted(added->dropped) == sorted(expected.left));
    }

    void add_any() {
        const auto from = any(0, senders);
        const auto next = fixture.pool.projected(account_number(from)).nonce.value;
        const auto floor = naive.floor_fee(now);
        // Mostly what comes next, so that runs grow; else a used nonce, or one above a gap.
        const auto offset = any(0, 3) == 0 ? any(0, 12) : 2;
        add({
            .from = from,
            .to = any(0, senders + 1),
            .amount = any(0, 3) == 0 ? any(0, 500'000) : any(0, 2'000),
            .fee = any(0, 2) == 0 ? any_fee() : floor * any(130, 170) / 1'000 + any(0, 4),
            .nonce = std::max<std::uint64_t>(next + offset, 2) - 2,
        });
    }

    /// Offers something in the place of what waits.
    void outbid_any() {
        if (naive.all().empty())
            return;
        auto options =
            options_of(naive.all()[any(0, naive.all().size())].transaction->transaction());
        options.fee = options.fee * (11 + any(0, 2) * any(0, 10)) / 10 + any(0, 2);
        options.amount = any(0, 4) == 0 ? any(0, 900'000) : options.amount;
        add(options);
    }

    void pass_time() {
        const hours most{std::uint64_t{1} << any(0, 8)};
        now.steady = now.steady + milliseconds{any(0, most / milliseconds{1})};
    }

    void expire() { RC_ASSERT(sorted(fixture.pool.expire(now)) == sorted(naive.expire(now))); }

    void restore_floor() {
        const auto rate = any(0, 10'000);
        const Duration age = std::chrono::seconds{any(0, 200'000)};
        fixture.pool.restore_floor(rate, age, now);
        naive.restore_floor(rate, age, now);
    }

    void follow(const chain::ChainChange& change) {
        const auto dropped = fixture.pool.on_chain_change(change, now);
        RC_ASSERT(sorted(dropped) == sorted(naive.follow(change, now)));
    }

    /// Submits a block on `parent` with what of `wanted` its state can pay.
    BlockHash submit(const BlockHash& parent, const std::vector<TransferOptions>& wanted) {
        const auto state = fixture.replay(parent);
        std::map<std::uint64_t, state::AccountState> accounts;
        std::vector<ledger::Transaction> transactions;
        for (auto options : wanted) {
            auto& account =
                accounts
                    .try_emplace(options.from, read_account(state, account_number(options.from)))
                    .first->second;
            const auto cost = options.amount + options.fee;
            if (options.nonce != account.nonce.value || cost > account.balance.value)
                continue;
            account.nonce = account.nonce.next();
            account.balance.value -= cost;
            transactions.push_back(make_transfer(fixture.chain().id(), options));
        }
        // No block comes twice, because one that was set aside stays so.
        const auto block = fixture.build(
            parent,
            {.transactions = std::move(transactions),
             .miner = any(0, senders + 1),
             .interval_ms = 1'000 + ++blocks}
        );
        const auto change = fixture.chain().submit(block, fixture.now());
        RC_ASSERT(change.has_value());
        follow(*change);
        return block->hash();
    }

    /// Some of what waits, in an order in which a block can take it.
    std::vector<TransferOptions> some_pending() {
        std::vector<TransferOptions> chosen;
        for (const auto* one : fixture.pool.select(everything))
            chosen.push_back(options_of(one->transaction()));
        chosen.resize(std::min<std::size_t>(chosen.size(), any(0, 6)));
        // Another miner may have got another transaction with the same nonce.
        for (auto& options : chosen)
            options.amount = any(0, 5) == 0 ? any(0, 800'000) : options.amount;
        return chosen;
    }

    void mine() { submit(fixture.chain().tip().hash, some_pending()); }

    /// A heavier branch takes the place of the last blocks, with some of what they held.
    void reorganise() {
        const auto tip = fixture.chain().tip().height().value;
        const auto depth = std::min<std::uint64_t>(any(1, 4), tip);
        auto parent = fixture.chain().at(Height{tip - depth})->hash;
        for (std::uint64_t i = 0; i <= depth; ++i)
            parent = submit(parent, some_pending());
    }

    /// The operator sets the tip aside, so the chain gets shorter.
    void step_back() {
        if (fixture.chain().tip().height().value == 0)
            return;
        const auto change = fixture.chain().invalidate(fixture.chain().tip().hash);
        RC_ASSERT(change.has_value());
        follow(*change);
    }

    /// What must be the same in both.
    void compare() {
        const auto& pool = fixture.pool;
        RC_ASSERT(pool.size() == naive.all().size());
        RC_ASSERT(pool.bytes() == naive.bytes());
        RC_ASSERT(pool.bytes() <= pool.limits().bytes_max);
        for (const auto& entry : naive.all())
            RC_ASSERT(pool.contains(entry.transaction->id()));
        for (const Duration later : {Duration{}, Duration{hours{5}}, Duration{hours{31}}}) {
            const Time then{.steady = now.steady + later, .wall = now.wall};
            RC_ASSERT(pool.floor_fee(then) == naive.floor_fee(then));
        }
        std::map<ledger::AccountId, std::vector<TxId>> runs;
        std::map<ledger::AccountId, std::uint64_t> paid;
        for (const auto* one : pool.select(everything)) {
            runs[one->transaction().from].push_back(one->id());
            const auto& transfer = std::get<ledger::Transfer>(one->transaction().payload);
            paid[transfer.to] += transfer.amount.value;
        }
        for (std::uint64_t number = 0; number < senders; ++number)
            compare(account_number(number), runs, paid);
    }

    void compare(
        const ledger::AccountId& sender,
        std::map<ledger::AccountId, std::vector<TxId>>& runs,
        std::map<ledger::AccountId, std::uint64_t>& paid
    ) {
        const auto projected = fixture.pool.projected(sender);
        auto account = naive.account(sender);
        std::vector<TxId> run;
        for (const auto& entry : naive.pending(sender)) {
            run.push_back(entry.transaction->id());
            account.nonce = account.nonce.next();
            account.balance.value -= entry.cost();
        }
        account.balance.value += paid[sender];
        RC_ASSERT(runs[sender] == run);
        RC_ASSERT(projected.nonce == account.nonce);
        RC_ASSERT(projected.balance == account.balance);
    }

    void step() {
        const auto kind = any(0, 60);
        if (kind < 40)
            add_any();
        else if (kind < 46)
            outbid_any();
        else if (kind < 49)
            mine();
        else if (kind < 51)
            reorganise();
        else if (kind < 53)
            step_back();
        else if (kind < 54)
            restore_floor();
        else if (kind < 57)
            expire();
        else
            pass_time();
    }

    PoolFixture fixture;
    NaivePool naive;
    Time now = after(hours{1'000});
    std::uint64_t blocks = 0;
};

void walk(const MempoolLimits& limits, int steps_max) {
    Walk both{limits};
    for (int step = *rc::gen::inRange(1, steps_max); step > 0; --step) {
        both.step();
        both.compare();
    }
}

}  // namespace

TEST_CASE("Mempool: it decides as a naive pool does", "[mempool][property]") {
    rc::prop("a roomy pool of small senders", [] {
        walk({.pending_per_sender_max = 6, .future_per_sender_max = 3}, 500);
    });
}

TEST_CASE("Mempool: a full pool decides as a naive one does", "[mempool][property][M6]") {
    rc::prop("a pool of about seven", [] {
        walk(
            {.bytes_max = 8'000,
             .fee_rate_min = 50,
             .pending_guaranteed = 2,
             .pending_per_sender_max = 6,
             .future_per_sender_max = 3,
             .future_total_max = 4,
             .future_bytes_max = 3'500},
            600
        );
    });
}

}  // namespace cairn::test
