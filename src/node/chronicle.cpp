#include "cairn/node/chronicle.hpp"

#include "cairn/node/limits.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace cairn::node {

namespace {

/// Digits of a hash that tell blocks apart to a reader.
constexpr std::size_t shown_digits = 8;

template <class Value>
void keep(std::vector<Value>& list, std::size_t& count, const Value& value) {
    ++count;
    if (list.size() < chronicle_entries_max)
        list.push_back(value);
}

std::string name_of(const BlockPlace& place) {
    return "#" + std::to_string(place.height.value) + " " +
           to_hex(place.hash).substr(0, shown_digits) + "..";
}

/// "#41 a3.. and #42 c1..", or with many "#41 a3.. to #52 c1..".
std::string name_of(const std::vector<BlockPlace>& blocks, std::size_t count) {
    if (count == 1)
        return name_of(blocks.front());
    if (count == 2)
        return name_of(blocks.front()) + " and " + name_of(blocks.back());
    return name_of(blocks.front()) + " to #" +
           std::to_string(blocks.front().height.value + count - 1);
}

std::string_view words_of(mempool::DropReason reason) {
    switch (reason) {
        case mempool::DropReason::replaced:
            return "replaced";
        case mempool::DropReason::evicted:
            return "no room";
        case mempool::DropReason::unpayable:
            return "not payable any more";
        case mempool::DropReason::nonce_used:
            return "nonce used";
        case mempool::DropReason::expired:
            return "waited too long";
    }
    return "dropped";
}

/// The reasons that occur, each once, in the order of the enumeration.
std::string reasons_of(const std::vector<mempool::Dropped>& dropped) {
    std::set<mempool::DropReason> reasons;
    for (const auto& one : dropped)
        reasons.insert(one.reason);
    std::string text;
    for (const auto reason : reasons)
        text += (text.empty() ? "" : ", ") + std::string{words_of(reason)};
    return text;
}

}  // namespace

std::string to_string(const Reorganisation& reorganisation) {
    const auto& told = reorganisation;
    // After `invalidate_block` there may be no other branch.
    const auto instead = told.joined_count == 0 ? ", with nothing instead"
                                                : " for " + name_of(told.joined, told.joined_count);
    std::string text = "left " + name_of(told.left, told.left_count) + instead + ": " +
                       std::to_string(told.returned_count) +
                       (told.returned_count == 1 ? " transaction" : " transactions") + " returned";
    if (told.dropped_count > 0)
        text += ", " + std::to_string(told.dropped_count) + " dropped: " + reasons_of(told.dropped);
    return text;
}

void Chronicle::on_chain_change(
    const chain::ChainChange& change,
    const mempool::Mempool& pool,
    const std::vector<mempool::Dropped>& dropped,
    UnixMillis now
) {
    on_dropped(dropped);
    if (!change.is_reorganisation())
        return;
    Reorganisation told{.at = now};
    std::set<TxId> taken_out;
    std::for_each(change.disconnected.rbegin(), change.disconnected.rend(), [&](const auto& block) {
        keep(told.left, told.left_count, BlockPlace{block->head().header.height, block->hash()});
        for (std::size_t i = 0; i < block->ids().size(); ++i)
            if (!block->block().transactions[i].is_coinbase())
                taken_out.insert(block->ids()[i]);
    });
    for (const auto& block : change.connected)
        keep(
            told.joined, told.joined_count, BlockPlace{block->head().header.height, block->hash()}
        );
    for (const auto& id : taken_out)
        if (pool.contains(id))
            keep(told.returned, told.returned_count, id);
    for (const auto& one : dropped)
        if (taken_out.contains(one.id))
            keep(told.dropped, told.dropped_count, one);
    reorganisations_.push_back(std::move(told));
    if (reorganisations_.size() > reorganisations_remembered_max)
        reorganisations_.pop_front();
}

void Chronicle::on_dropped(const std::vector<mempool::Dropped>& dropped) {
    for (const auto& one : dropped)
        drops_.remember(one.id, one.reason);
}

std::vector<Reorganisation> Chronicle::of_block(const BlockHash& hash) const {
    const auto is_it = [&](const BlockPlace& place) { return place.hash == hash; };
    std::vector<Reorganisation> found;
    for (const auto& told : reorganisations_)
        if (std::any_of(told.left.begin(), told.left.end(), is_it) ||
            std::any_of(told.joined.begin(), told.joined.end(), is_it))
            found.push_back(told);
    return found;
}

std::vector<Reorganisation> Chronicle::of_transaction(const TxId& id) const {
    std::vector<Reorganisation> found;
    for (const auto& told : reorganisations_) {
        const auto is_it = [&](const mempool::Dropped& one) { return one.id == id; };
        if (std::find(told.returned.begin(), told.returned.end(), id) != told.returned.end() ||
            std::any_of(told.dropped.begin(), told.dropped.end(), is_it))
            found.push_back(told);
    }
    return found;
}

std::optional<mempool::DropReason> Chronicle::drop_reason(const TxId& id) const {
    if (const auto reason = drops_.find(id))
        return reason;
    for (auto told = reorganisations_.rbegin(); told != reorganisations_.rend(); ++told)
        for (const auto& one : told->dropped)
            if (one.id == id)
                return one.reason;
    return std::nullopt;
}

}  // namespace cairn::node
