/// A small chain for tests: accounts with known keys, blocks built by hand on any parent.
#pragma once

#include "tests/support/memory_store.hpp"

#include "cairn/chain/blockchain.hpp"
#include "cairn/chain/checked_block.hpp"
#include "cairn/crypto/sha256.hpp"
#include "cairn/execution/execute.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace cairn::test {

inline crypto::SecretKey key_number(std::uint64_t number) {
    const auto secret = crypto::sha256(as_bytes("test key " + std::to_string(number)));
    return crypto::SecretKey::from_bytes(secret.view()).value();
}

inline ledger::AccountId account_number(std::uint64_t number) {
    // Making a key costs as much as a signature, and large tests ask for the same ones again.
    static std::map<std::uint64_t, ledger::AccountId> made;
    const auto place = made.find(number);
    if (place != made.end())
        return place->second;
    return made[number] = ledger::account_of(key_number(number).public_key());
}

/// Blocks need no work and weigh one each; accounts 0 to 3 own 1,000,000 pebbles.
inline ledger::ChainSpec instant_spec() {
    ledger::ChainSpec spec;
    spec.name = "test";
    spec.prefix = "tst";
    spec.engine.kind = ledger::EngineKind::instant_seal;
    spec.engine.retarget = false;
    spec.engine.target_limit = 0;
    spec.engine.block_interval_ms = 1'000;
    spec.rewards = {.subsidy = Amount{50}, .halving_interval = 0};
    for (std::uint64_t i = 0; i < 4; ++i)
        spec.balances.push_back({.account = account_number(i), .amount = Amount{1'000'000}});
    spec.time = UnixMillis{1'700'000'000'000};
    spec.development = true;
    return spec;
}

/// The same with proof of work at the easiest target: two hashes a block.
inline ledger::ChainSpec easy_work_spec() {
    auto spec = instant_spec();
    spec.name = "work";
    spec.engine.kind = ledger::EngineKind::proof_of_work;
    spec.engine.target_limit = 0x20400000;
    return spec;
}

struct TransferOptions {
    std::uint64_t from = 0;
    std::uint64_t to = 1;
    std::uint64_t amount = 10;
    std::uint64_t fee = 1;
    std::uint64_t nonce = 0;
};

inline ledger::Transaction make_transfer(const ChainId& chain, const TransferOptions& options) {
    ledger::Transaction transaction;
    transaction.nonce = Nonce{options.nonce};
    transaction.fee = Amount{options.fee};
    transaction.payload = ledger::Transfer{account_number(options.to), Amount{options.amount}, {}};
    ledger::sign_transaction(key_number(options.from), chain, transaction);
    return transaction;
}

using BlockPointer = std::shared_ptr<const chain::CheckedBlock>;

/// A chain over a `MemoryStore`, with means to build blocks on any of its blocks.
struct ChainFixture {
    explicit ChainFixture(ledger::ChainSpec chain_spec = instant_spec())
        : spec{std::move(chain_spec)}, engine{consensus::make_engine(spec.engine)} {
        reopen();
    }

    /// Opens the chain again from what the store holds: what a restart after a crash does.
    void reopen() {
        blockchain.reset();
        auto opened = chain::Blockchain::open(spec, *engine, store, 1);
        REQUIRE(opened.has_value());
        blockchain = std::move(*opened);
    }

    chain::Blockchain& chain() { return *blockchain; }

    [[nodiscard]] UnixMillis now() const { return UnixMillis{spec.time.value + 1'000'000'000}; }

    struct BlockOptions {
        std::vector<ledger::Transaction> transactions;
        std::uint64_t miner = 9;
        /// Added to the parent's time, in milliseconds.
        std::uint64_t interval_ms = 1'000;
        /// Added to the amount that the coinbase may take.
        std::uint64_t reward_error = 0;
        bool wrong_state_root = false;
    };

    /// The state after the branch that ends in `parent`, by replay from genesis.
    state::State replay(const BlockHash& parent) {
        std::vector<BlockHash> way;
        for (const auto* entry = chain().find(parent); entry->height().value > 0;
             entry = chain().find(entry->head.header.previous))
            way.push_back(entry->hash);
        state::State state{7};
        state.apply(execution::genesis_diff(spec));
        for (auto hash = way.rbegin(); hash != way.rend(); ++hash) {
            const auto bytes = chain().read_body(*hash).value().value();
            const auto block = ledger::decode_block(chain().id(), bytes).value().block;
            const auto height = block.head.header.height;
            const auto diff = execution::execute_block(state, spec, height, block.transactions);
            if (diff)
                state.apply(*diff);
        }
        return state;
    }

    /// The root after a block with `transactions` on `parent`; that of the parent if they fail.
    ledger::StateRoot root_after(
        const BlockHash& parent, Height height, const std::vector<ledger::Transaction>& transactions
    ) {
        if (parent == chain().tip().hash) {
            const auto diff = execution::execute_block(chain().state(), spec, height, transactions);
            return chain().root_after(diff ? *diff : state::StateDiff{});
        }
        auto state = replay(parent);
        if (const auto diff = execution::execute_block(state, spec, height, transactions))
            state.apply(*diff);
        return state.root();
    }

    /// A block on `parent` whose every rule holds, unless the options say otherwise.
    BlockPointer build(const BlockHash& parent, const BlockOptions& options) {
        const auto& entry = *chain().find(parent);
        const auto height = entry.height().next();
        std::uint64_t earned = ledger::subsidy_at(spec.rewards, height).value;
        for (const auto& transaction : options.transactions)
            earned += transaction.fee.value;
        ledger::Transaction coinbase;
        coinbase.payload = ledger::Coinbase{
            .height = height,
            .to = account_number(options.miner),
            .amount = Amount{earned + options.reward_error},
            .body = {}};
        ledger::Block block;
        block.transactions = {coinbase};
        block.transactions.insert(
            block.transactions.end(), options.transactions.begin(), options.transactions.end()
        );
        const auto root = root_after(parent, height, block.transactions);
        auto& header = block.head.header;
        header.chain = ledger::chain_tag(chain().id());
        header.height = height;
        header.time = UnixMillis{entry.head.header.time.value + options.interval_ms};
        header.target = engine->next_target(entry.point);
        header.previous = parent;
        header.tx_root = ledger::tx_root(block.transactions);
        header.state_root = root;
        if (options.wrong_state_root)
            header.state_root.bytes[0] ^= 1;
        return seal(std::move(block));
    }

    BlockPointer build(const BlockHash& parent) { return build(parent, BlockOptions{}); }

    /// Searches a seal and checks the block.
    BlockPointer seal(ledger::Block block) {
        chain::BlockChecker checker{chain().id(), spec, *engine, 3};
        for (std::uint64_t nonce = 0;; ++nonce) {
            if (engine->is_searched())
                block.head.seal = ledger::make_nonce_seal(nonce);
            auto checked = checker.check(codec::encode(block));
            if (checked)
                return std::make_shared<const chain::CheckedBlock>(std::move(*checked));
            REQUIRE(checked.error().header == consensus::HeaderError::not_enough_work);
        }
    }

    /// Builds `count` empty blocks on `parent` and submits each; the last one's hash.
    BlockHash extend(BlockHash parent, std::size_t count, std::uint64_t miner = 9) {
        for (std::size_t i = 0; i < count; ++i) {
            const auto block = build(parent, {.transactions = {}, .miner = miner});
            REQUIRE(chain().submit(block, now()).has_value());
            parent = block->hash();
        }
        return parent;
    }

    [[nodiscard]] std::uint64_t balance(std::uint64_t account) const {
        return state::read_account(blockchain->state(), account_number(account)).balance.value;
    }

    ledger::ChainSpec spec;
    std::unique_ptr<consensus::Engine> engine;
    MemoryStore store;
    std::unique_ptr<chain::Blockchain> blockchain;
};

}  // namespace cairn::test
