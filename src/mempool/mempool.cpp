#include "cairn/mempool/mempool.hpp"

#include "src/mempool/parts.hpp"

#include "cairn/mempool/saved_pool.hpp"

#include <algorithm>
#include <utility>

namespace cairn::mempool {

namespace {

/// A sender's next transaction while a selection is made.
struct Candidate {
    Rank rank;
    std::size_t index = 0;
};

/// Orders a heap whose front is the best.
bool is_worse(const Candidate& left, const Candidate& right) {
    return BestFirst{}(right.rank, left.rank);
}

}  // namespace

std::string_view to_string(MempoolError error) {
    switch (error) {
        case MempoolError::known:
            return "known";
        case MempoolError::nonce_too_low:
            return "nonce_too_low";
        case MempoolError::nonce_too_far:
            return "nonce_too_far";
        case MempoolError::insufficient_balance:
            return "insufficient_balance";
        case MempoolError::fee_too_low:
            return "fee_too_low";
        case MempoolError::nonce_taken:
            return "nonce_taken";
        case MempoolError::replacement_fee_too_low:
            return "replacement_fee_too_low";
        case MempoolError::replacement_breaks_later:
            return "replacement_breaks_later";
        case MempoolError::sender_full:
            return "sender_full";
        case MempoolError::pool_full:
            return "pool_full";
    }
    return "unknown";
}

std::string_view to_string(DropReason reason) {
    switch (reason) {
        case DropReason::replaced:
            return "replaced";
        case DropReason::evicted:
            return "evicted";
        case DropReason::unpayable:
            return "unpayable";
        case DropReason::nonce_used:
            return "nonce_used";
        case DropReason::expired:
            return "expired";
    }
    return "unknown";
}

Mempool::Mempool(const chain::Blockchain& chain, MempoolLimits limits, std::uint64_t salt)
    : parts_{std::make_unique<Parts>(chain, limits, salt)} {}

Mempool::~Mempool() = default;

Result<Mempool::Added, Refusal> Mempool::add(
    TransactionPointer transaction, Time now, AddOptions options
) {
    return parts_->add(std::move(transaction), now, options);
}

std::vector<Dropped> Mempool::on_chain_change(const chain::ChainChange& change, Time now) {
    return parts_->on_chain_change(change, now);
}

std::vector<Dropped> Mempool::expire(Time now) {
    return parts_->expire(now);
}

bool Mempool::contains(const TxId& id) const {
    return parts_->known.contains(id);
}

TransactionPointer Mempool::find(const TxId& id) const {
    const auto* entry = parts_->find_entry(id);
    return entry == nullptr ? nullptr : entry->transaction;
}

std::size_t Mempool::size() const {
    return parts_->known.size();
}

std::size_t Mempool::bytes() const {
    return parts_->bytes;
}

const MempoolLimits& Mempool::limits() const {
    return parts_->limits;
}

std::uint64_t Mempool::floor_fee(Time now) const {
    return parts_->floor_fee(now);
}

std::vector<const execution::CheckedTransaction*> Mempool::select(std::size_t bytes_max) const {
    std::vector<const execution::CheckedTransaction*> selected;
    // The heads in order, merged with a heap of what follows those taken: senders far down the
    // order cost nothing.
    auto head = parts_->heads.begin();
    std::vector<Candidate> followers;
    std::size_t bytes_left = bytes_max;
    for (std::size_t misses = 0; misses < selection_misses_max;) {
        const bool has_head = head != parts_->heads.end();
        if (!has_head && followers.empty())
            break;
        Candidate best;
        if (has_head && (followers.empty() || BestFirst{}(*head, followers.front().rank))) {
            best.rank = *head++;
        } else {
            std::pop_heap(followers.begin(), followers.end(), is_worse);
            best = followers.back();
            followers.pop_back();
        }
        const auto& pending = best.rank.account->pending;
        const auto& chosen = pending[best.index];
        // The sender's later ones need this one, so all of them are passed over.
        if (chosen.size > bytes_left) {
            ++misses;
            continue;
        }
        misses = 0;
        bytes_left -= chosen.size;
        selected.push_back(chosen.transaction.get());
        if (const auto index = best.index + 1; index < pending.size()) {
            const Rank rank{pending[index].rate, pending[index].arrival, best.rank.account};
            followers.push_back({.rank = rank, .index = index});
            std::push_heap(followers.begin(), followers.end(), is_worse);
        }
    }
    return selected;
}

std::vector<TransactionPointer> Mempool::list(std::size_t count) const {
    std::vector<TransactionPointer> listed;
    for (const auto* entry : parts_->by_arrival({.count = count}))
        listed.push_back(entry->transaction);
    return listed;
}

std::vector<Arrival> Mempool::list(const ArrivalRange& range) const {
    std::vector<Arrival> listed;
    for (const auto* entry : parts_->by_arrival(range))
        listed.push_back({.number = entry->arrival, .transaction = entry->transaction});
    return listed;
}

void Mempool::restore_floor(std::uint64_t rate, Duration age, Time now) {
    parts_->restore_floor(rate, age, now);
}

Bytes Mempool::save(Time now) const {
    SavedPool saved{.saved = now.wall, .floor_fee = floor_fee(now), .transactions = {}};
    for (const auto* entry : parts_->by_arrival({.count = saved_transactions_max})) {
        const auto waited =
            std::chrono::duration_cast<std::chrono::milliseconds>(now.steady - entry->since);
        const auto age = static_cast<std::uint64_t>(std::max<std::int64_t>(waited.count(), 0));
        saved.transactions.push_back(
            {.arrived = UnixMillis{now.wall.value - std::min(age, now.wall.value)},
             .transaction = entry->transaction->transaction()}
        );
    }
    return encode_saved_pool(parts_->chain.id(), saved);
}

FeeEstimate Mempool::estimate_fee(std::uint64_t blocks, Time now) const {
    const auto& fees = parts_->fees;
    auto rate = fees.is_long_enough() ? fees.rate(blocks) : fee_rate_usual;
    rate = std::max(rate, floor_fee(now));
    // When more waits than these blocks take, the least of what they would take must be outbid.
    const auto room = blocks * parts_->chain.spec().limits.block_bytes;
    if (parts_->bytes - size() * transaction_overhead_bytes > room) {
        auto least = std::numeric_limits<std::uint64_t>::max();
        for (const auto* transaction : select(room))
            least = std::min(least, fee_rate_of(*transaction));
        if (least != std::numeric_limits<std::uint64_t>::max())
            rate = std::max(rate, least + 1);
    }
    return {
        .blocks = blocks,
        .rate = rate,
        .chance_percent = fees.is_long_enough() ? fees.chance_percent(blocks, rate) : 100};
}

state::AccountState Mempool::projected(const ledger::AccountId& account) const {
    auto projected = state::read_account(parts_->chain.state(), account);
    if (const auto* sender = parts_->find_account(account)) {
        projected.balance.value = sender->chain.balance.value - sender->pending_cost;
        projected.nonce = sender->next();
    }
    if (const auto paid = parts_->incoming.find(account); paid != parts_->incoming.end())
        projected.balance.value += paid->second;
    return projected;
}

}  // namespace cairn::mempool
