// 100,000 random transactions against a naive ledger: an ordered map and signed arithmetic.
#include "tests/unit/execution/samples.hpp"

#include "cairn/base/random.hpp"

#include <catch2/catch.hpp>

#include <map>

namespace cairn::execution {

namespace {

constexpr std::uint64_t accounts = 40;
constexpr std::uint64_t blocks = 200;
constexpr std::uint64_t transactions_a_block = 500;
constexpr std::uint64_t genesis_supply = 3'000;
constexpr std::uint64_t subsidy = 50;

/// An account's number in the tests, its balance and its nonce, signed so that a mistake shows.
struct NaiveAccount {
    std::int64_t balance = 0;
    std::int64_t nonce = 0;
};

struct NaiveLedger {
    std::map<std::uint64_t, NaiveAccount> accounts;
    std::int64_t fees = 0;

    bool execute(const TransferOptions& transfer) {
        auto& from = accounts[transfer.from];
        const auto amount = static_cast<std::int64_t>(transfer.amount);
        const auto fee = static_cast<std::int64_t>(transfer.fee);
        if (static_cast<std::int64_t>(transfer.nonce) != from.nonce || from.balance < amount + fee)
            return false;
        from.balance -= amount + fee;
        from.nonce += 1;
        accounts[transfer.to].balance += amount;
        fees += fee;
        return true;
    }
};

/// The accounts' ids, computed once: deriving a key takes longer than executing a transfer.
const std::vector<ledger::AccountId>& ids() {
    static const auto made = [] {
        std::vector<ledger::AccountId> all;
        for (std::uint64_t i = 0; i < accounts; ++i)
            all.push_back(account_number(i));
        return all;
    }();
    return made;
}

ledger::Transaction transaction_of(const TransferOptions& options) {
    ledger::Transaction transaction;
    transaction.from = ids()[options.from];
    transaction.nonce = Nonce{options.nonce};
    transaction.fee = Amount{options.fee};
    transaction.payload = ledger::Transfer{ids()[options.to], Amount{options.amount}, {}};
    return transaction;
}

/// Mostly sensible, sometimes with a wrong nonce or more than the sender has.
TransferOptions random_transfer(Random& random, NaiveLedger& naive) {
    TransferOptions transfer;
    transfer.from = random.below(accounts);
    transfer.to = random.below(accounts);
    const auto& sender = naive.accounts[transfer.from];
    transfer.amount = random.below(static_cast<std::uint64_t>(sender.balance) + 3);
    transfer.fee = random.below(3);
    transfer.nonce = static_cast<std::uint64_t>(sender.nonce) + (random.chance(1, 50) ? 1 : 0);
    if (sender.nonce > 0 && random.chance(1, 50))
        transfer.nonce = static_cast<std::uint64_t>(sender.nonce) - 1;
    return transfer;
}

/// A block of the transactions that both ledgers accept; they must agree on each.
std::vector<ledger::Transaction> random_block(
    Random& random, std::uint64_t height, const state::State& state, NaiveLedger& naive
) {
    state::Overlay overlay{state};
    naive.fees = 0;
    std::vector<ledger::Transaction> block{{}};
    for (std::uint64_t i = 0; i < transactions_a_block; ++i) {
        const auto transfer = random_transfer(random, naive);
        auto transaction = transaction_of(transfer);
        const auto is_executed = execute_transaction(overlay, transaction).has_value();
        REQUIRE(is_executed == naive.execute(transfer));
        if (is_executed)
            block.push_back(std::move(transaction));
    }
    const auto reward = static_cast<std::uint64_t>(naive.fees) + subsidy;
    block[0].payload =
        ledger::Coinbase{Height{height}, ids()[height % accounts], Amount{reward}, {}};
    naive.accounts[height % accounts].balance += static_cast<std::int64_t>(reward);
    return block;
}

void compare(const state::State& state, const NaiveLedger& naive, std::uint64_t height) {
    std::uint64_t supply = 0;
    for (const auto& [number, expected] : naive.accounts) {
        const auto actual = read_account(state, ids()[number]);
        REQUIRE(expected.balance >= 0);
        REQUIRE(actual.balance.value == static_cast<std::uint64_t>(expected.balance));
        REQUIRE(actual.nonce.value == static_cast<std::uint64_t>(expected.nonce));
        supply += actual.balance.value;
    }
    REQUIRE(supply == genesis_supply + height * subsidy);
}

state::State genesis_state() {
    state::State state{1};
    state.apply(genesis_diff(sample_spec()));
    return state;
}

}  // namespace

TEST_CASE("execute_block: 100,000 random transactions create no coin", "[execution][K2][K10]") {
    const auto spec = sample_spec();
    auto state = genesis_state();
    NaiveLedger naive;
    for (std::uint64_t i = 0; i < 3; ++i)
        naive.accounts[i].balance = 1'000;
    Random random{53};
    std::vector<std::vector<ledger::Transaction>> chain;
    std::vector<Bytes> undo;
    std::vector<ledger::StateRoot> roots{state.root()};
    for (std::uint64_t height = 1; height <= blocks; ++height) {
        chain.push_back(random_block(random, height, state, naive));
        const auto diff = execute_block(state, spec, Height{height}, chain.back());
        REQUIRE(diff.has_value());
        state.apply(*diff);
        undo.push_back(state::encode_undo(*diff));
        roots.push_back(state.root());
        compare(state, naive, height);
    }

    // The same on every compiler and at every level of optimisation.
    CHECK(
        to_hex(roots.back()) == "9f37609354faa0383d9e9d486b3ce7bb8c7fbbb9c1becfb96f397320b14840dd"
    );

    // Undone block by block, the state passes every earlier root.
    for (std::uint64_t height = blocks; height > blocks / 2; --height) {
        state.apply(state::decode_undo(undo[height - 1]).value());
        REQUIRE(state.root() == roots[height - 1]);
    }
    auto replayed = genesis_state();
    for (std::uint64_t height = 1; height <= blocks / 2; ++height)
        replayed.apply(execute_block(replayed, spec, Height{height}, chain[height - 1]).value());
    CHECK(replayed.root() == state.root());
    CHECK(replayed.size() == state.size());
}

}  // namespace cairn::execution
