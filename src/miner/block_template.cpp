#include "cairn/miner/block_template.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/consensus/engine.hpp"
#include "cairn/crypto/merkle.hpp"
#include "cairn/execution/execute.hpp"
#include "cairn/ledger/body.hpp"
#include "cairn/state/overlay.hpp"

#include <algorithm>
#include <utility>

namespace cairn::miner {

namespace {

/// Bytes of the longest count of transactions, a varint.
constexpr std::size_t count_bytes_max = 3;
static_assert(ledger::block_transactions_max < (std::size_t{1} << (7 * count_bytes_max)));

/// Transactions between the one that is copied and the one that is fetched: they lie all over the
/// memory of a large pool, and each would else be waited for.
constexpr std::size_t read_ahead = 8;

/// Brings `transaction` into the processor's cache.
void prefetch(const execution::CheckedTransaction& transaction) {
    constexpr std::size_t cache_line = 64;
    const auto* const start = reinterpret_cast<const char*>(&transaction);
    for (std::size_t place = 0; place < sizeof(transaction); place += cache_line)
        __builtin_prefetch(start + place);
}

ledger::Transaction make_coinbase(const TemplateOptions& options, Height height, Amount amount) {
    ledger::Transaction transaction;
    transaction.payload = ledger::Coinbase{
        .height = height, .to = options.coinbase, .amount = amount, .body = options.body};
    return transaction;
}

/// A coinbase whose numbers have their longest form.
ledger::Transaction longest_coinbase(const TemplateOptions& options) {
    return make_coinbase(options, Height{quantity_max}, Amount{quantity_max});
}

/// Bytes of a block of `spec` that are left for what the pool has.
std::size_t room_for_transactions(const ledger::ChainSpec& spec, const TemplateOptions& options) {
    const auto reserved = ledger::sealed_header_bytes_max + count_bytes_max +
                          codec::encode(longest_coinbase(options)).size();
    const auto total = static_cast<std::size_t>(spec.limits.block_bytes);
    return total > reserved ? total - reserved : 0;
}

/// Those of `transactions`, which start with a place for the coinbase, that execute one after
/// another, with it. A reward too large to be written is kept out as well.
std::vector<ledger::Transaction> keep_executable(
    const state::StateView& parent, std::vector<ledger::Transaction> transactions, Amount subsidy
) {
    state::Overlay overlay{parent};
    auto reward = subsidy;
    const auto fails = [&](const ledger::Transaction& transaction) {
        const auto sum = checked_add(reward, transaction.fee);
        if (!sum || !execution::execute_transaction(overlay, transaction))
            return true;
        reward = *sum;
        return false;
    };
    transactions.erase(
        std::remove_if(transactions.begin() + 1, transactions.end(), fails), transactions.end()
    );
    return transactions;
}

/// Subsidy and fees of `transactions`, the first of which does not count; nothing on overflow.
std::optional<Amount> reward_of(
    const std::vector<ledger::Transaction>& transactions, Amount subsidy
) {
    std::optional<Amount> reward = subsidy;
    for (std::size_t i = 1; reward && i < transactions.size(); ++i)
        reward = checked_add(*reward, transactions[i].fee);
    return reward;
}

/// Puts the coinbase first in `transactions` and executes the block on the tip of `chain`: the
/// state's root after it. Nothing when a transaction fails.
std::optional<ledger::StateRoot> finish(
    chain::Blockchain& chain,
    const TemplateOptions& options,
    std::vector<ledger::Transaction>& transactions
) {
    const auto height = chain.tip().height().next();
    const auto subsidy = ledger::subsidy_at(chain.spec().rewards, height);
    const auto reward = reward_of(transactions, subsidy);
    if (!reward)
        return std::nullopt;
    transactions.front() = make_coinbase(options, height, *reward);
    state::Overlay overlay{chain.state()};
    if (!execution::apply_block(overlay, chain.spec(), height, transactions))
        return std::nullopt;
    return chain.root_after(overlay);
}

}  // namespace

bool is_body_allowed(const ledger::ChainSpec& spec, ByteView body) {
    if (body.size() > ledger::body_bytes_max)
        return false;
    if (!body.empty() && !ledger::is_document(body))
        return false;
    const TemplateOptions options{.coinbase = {}, .body = to_bytes(body)};
    return codec::encode(longest_coinbase(options)).size() <= spec.limits.transaction_bytes;
}

ledger::Block make_template(
    chain::Blockchain& chain,
    const mempool::Mempool& pool,
    const TemplateOptions& options,
    UnixMillis now
) {
    const auto& spec = chain.spec();
    CAIRN_ASSERT(is_body_allowed(spec, options.body));
    const auto& tip = chain.tip();
    ledger::Block block;
    block.transactions.emplace_back();
    std::vector<Hash256> leaves(1);
    const auto selected = pool.select(room_for_transactions(spec, options));
    block.transactions.reserve(1 + selected.size());
    leaves.reserve(1 + selected.size());
    for (std::size_t i = 0; i < selected.size(); ++i) {
        if (i + read_ahead < selected.size())
            prefetch(*selected[i + read_ahead]);
        block.transactions.push_back(selected[i]->transaction());
        leaves.push_back(selected[i]->leaf_hash());
    }
    // What the pool has is payable, so as a rule all of it executes and one pass is enough.
    auto state_root = finish(chain, options, block.transactions);
    if (!state_root) {
        const auto subsidy = ledger::subsidy_at(spec.rewards, tip.height().next());
        block.transactions = keep_executable(chain.state(), std::move(block.transactions), subsidy);
        state_root = finish(chain, options, block.transactions);
        leaves = ledger::leaf_hashes(block.transactions);
    }
    // Only a coinbase whose account is richer than any number could fail now, and the supply of a
    // chain is bounded below that.
    CAIRN_ASSERT(state_root.has_value());

    auto& header = block.head.header;
    header.chain = ledger::chain_tag(chain.id());
    header.height = tip.height().next();
    header.time = std::max(now, UnixMillis{chain.median_time_past(tip).value + 1});
    header.target = chain.engine().next_target(tip.point);
    header.previous = tip.hash;
    leaves.front() = crypto::leaf_hash(codec::encode(block.transactions.front()));
    header.tx_root = crypto::merkle_root(leaves).as<ledger::TxRoot>();
    header.state_root = *state_root;
    return block;
}

}  // namespace cairn::miner
