// Makes a store with a long chain for `sync_bench.py`, and measures the signature limit that
// syncing it is held against: a bare loop of BIP340 verifications on as many threads as there are
// cores.
//
//     make_chain STORE empty BLOCKS        empty blocks on the dev chain
//     make_chain STORE transfers COUNT     transfers between 1,000 accounts, in full blocks
//     make_chain - verify SECONDS          prints verifications a second, all cores together
#include "cairn/chain/blockchain.hpp"
#include "cairn/crypto/sha256.hpp"
#include "cairn/miner/search.hpp"
#include "cairn/storage/lmdb_store.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace cairn {

namespace {

constexpr std::size_t accounts = 1'000;

[[noreturn]] void stop(const std::string& reason) {
    std::fprintf(stderr, "make_chain: %s\n", reason.c_str());
    std::exit(1);
}

crypto::SecretKey account_key(std::size_t index) {
    const auto secret = crypto::sha256(as_bytes("bench account " + std::to_string(index)));
    return crypto::SecretKey::from_bytes(secret.view()).value();
}

/// A chain that grows by blocks made here.
class Builder {
  public:
    Builder(const std::filesystem::path& directory)
        : spec_{ledger::built_in_chain("dev").value()},
          engine_{consensus::make_engine(spec_.engine)} {
        std::string detail;
        auto store = storage::LmdbStore::open(directory, &detail);
        if (!store)
            stop("cannot open the store: " + detail);
        store_ = std::move(*store);
        auto chain = chain::Blockchain::open(spec_, *engine_, *store_, 1);
        if (!chain)
            stop("cannot open the chain: " + std::string{chain::to_string(chain.error())});
        chain_ = std::move(*chain);
    }

    const chain::Blockchain& chain() const { return *chain_; }

    void add_block(std::vector<ledger::Transaction> transactions) {
        const auto& tip = chain_->tip();
        const auto height = tip.height().next();
        std::uint64_t earned = ledger::subsidy_at(spec_.rewards, height).value;
        for (const auto& transaction : transactions)
            earned += transaction.fee.value;
        ledger::Transaction coinbase;
        coinbase.payload = ledger::Coinbase{
            .height = height,
            .to = ledger::account_of(account_key(0).public_key()),
            .amount = Amount{earned},
            .body = {}};
        transactions.insert(transactions.begin(), coinbase);
        const auto diff = execution::execute_block(chain_->state(), spec_, height, transactions);
        if (!diff)
            stop("a block cannot be executed");
        ledger::Block block;
        block.head.header = {
            .chain = ledger::chain_tag(chain_->id()),
            .height = height,
            .time = UnixMillis{tip.point.time.value + 1},
            .target = engine_->next_target(tip.point),
            .previous = tip.hash,
            .tx_root = ledger::tx_root(transactions),
            .state_root = chain_->root_after(*diff),
        };
        block.transactions = std::move(transactions);
        seal(block);
        submit(block);
    }

    void finish() {
        if (!chain_->flush())
            stop("the store cannot be written");
    }

  private:
    static void seal(ledger::Block& block) {
        const auto found = miner::search(
            {.header = ledger::encode_header(block.head.header),
             .target = consensus::target_from_compact(block.head.header.target).value(),
             .first = 0,
             .count = 1U << 20U}
        );
        if (!found.nonce)
            stop("no nonce found");
        block.head.seal = ledger::make_nonce_seal(*found.nonce);
    }

    void submit(const ledger::Block& block) {
        std::vector<chain::KnownSignature> known;
        for (const auto& transaction : block.transactions)
            known.push_back(
                {ledger::transaction_id(chain_->id(), transaction), transaction.signature}
            );
        std::sort(known.begin(), known.end(), [](const auto& left, const auto& right) {
            return left.id < right.id;
        });
        chain::BlockChecker checker{chain_->id(), spec_, *engine_, 1};
        auto checked = checker.check(codec::encode(block), known);
        if (!checked)
            stop("a block is refused: " + chain::rule_name(checked.error()));
        const auto now = UnixMillis{block.head.header.time.value + 1};
        const auto change =
            chain_->submit(std::make_shared<const chain::CheckedBlock>(std::move(*checked)), now);
        if (!change)
            stop("a block is refused: " + std::string{chain::rule_name(change.error())});
        if (chain_->uncommitted_bytes() > 16'000'000 && !chain_->commit())
            stop("the store cannot be written");
    }

    ledger::ChainSpec spec_;
    std::unique_ptr<consensus::Engine> engine_;
    std::unique_ptr<storage::LmdbStore> store_;
    std::unique_ptr<chain::Blockchain> chain_;
};

ledger::Transaction transfer(
    const ChainId& chain, const crypto::SecretKey& key, Nonce nonce, std::size_t to, Amount amount
) {
    ledger::Transaction transaction;
    transaction.nonce = nonce;
    transaction.fee = Amount{1};
    transaction.payload =
        ledger::Transfer{ledger::account_of(account_key(to).public_key()), amount, {}};
    ledger::sign_transaction(key, chain, transaction);
    return transaction;
}

void make_transfers(Builder& builder, std::size_t count) {
    // What a transfer with short numbers takes, with room for growing nonces.
    constexpr std::size_t per_block = 1'990'000 / 140;
    const auto& id = builder.chain().id();
    std::vector<ledger::Transaction> block;
    const auto dev = ledger::development_key(0);
    for (std::size_t i = 0; i < accounts; ++i)
        block.push_back(transfer(id, dev, Nonce{i}, i, Amount{100'000'000}));
    builder.add_block(std::move(block));
    block.clear();
    std::vector<crypto::SecretKey> keys;
    for (std::size_t i = 0; i < accounts; ++i)
        keys.push_back(account_key(i));
    for (std::size_t i = 0; i < count; ++i) {
        const auto to = (i * 7 + 3) % accounts;
        block.push_back(transfer(id, keys[i % accounts], Nonce{i / accounts}, to, Amount{1}));
        if (block.size() == per_block || i + 1 == count)
            builder.add_block(std::exchange(block, {}));
    }
}

/// Verifications a second of one signature after the other, on all cores.
void measure_verification(long seconds) {
    std::atomic<std::uint64_t> total{0};
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{seconds};
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
        threads.emplace_back([&total, end, i] {
            const auto key = account_key(i);
            const auto message = crypto::sha256(as_bytes("message"));
            const auto signature = key.sign(message);
            crypto::SignatureVerifier verifier{1};
            std::uint64_t count = 0;
            while (std::chrono::steady_clock::now() < end) {
                if (!verifier.verify(key.public_key(), message, signature))
                    stop("a good signature is refused");
                ++count;
            }
            total += count;
        });
    for (auto& thread : threads)
        thread.join();
    std::printf(
        "%llu\n", static_cast<unsigned long long>(total / static_cast<std::uint64_t>(seconds))
    );
}

}  // namespace

}  // namespace cairn

int main(int count, char** arguments) {
    if (count != 4)
        cairn::stop("usage: make_chain STORE empty|transfers|verify COUNT");
    const std::string what = arguments[2];
    const auto number = std::strtoul(arguments[3], nullptr, 10);
    if (what == "verify") {
        cairn::measure_verification(static_cast<long>(number));
        return 0;
    }
    std::filesystem::create_directories(arguments[1]);
    cairn::Builder builder{arguments[1]};
    if (what == "empty") {
        for (unsigned long i = 0; i < number; ++i)
            builder.add_block({});
    } else {
        cairn::make_transfers(builder, number);
    }
    builder.finish();
    std::printf("%llu\n", static_cast<unsigned long long>(builder.chain().tip().height().value));
    return 0;
}
