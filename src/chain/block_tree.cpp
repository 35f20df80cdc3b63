#include "src/chain/block_tree.hpp"

#include "cairn/base/assert.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace cairn::chain {

namespace {

/// Whether `left` is the better branch: more work, then the body that came first, then the hash, so
/// that no map's order ever decides.
bool is_better(const BlockEntry& left, const BlockEntry& right) {
    if (left.work != right.work)
        return left.work > right.work;
    if (left.arrival != right.arrival)
        return left.arrival != 0 && (right.arrival == 0 || left.arrival < right.arrival);
    return left.hash < right.hash;
}

}  // namespace

BlockTree::BlockTree(std::uint64_t salt)
    : heights_{0, SaltedHash{salt}}, side_{0, SaltedHash{salt}} {}

BlockEntry& BlockTree::add_side(BlockEntry entry) {
    CAIRN_ASSERT(find(entry.hash) == nullptr);
    const auto hash = entry.hash;
    auto& added = side_[hash];
    added = std::move(entry);
    consider_best(added);
    return added;
}

void BlockTree::push(const BlockHash& hash) {
    auto node = side_.extract(hash);
    CAIRN_ASSERT(!node.empty());
    push_new(std::move(node.mapped()));
}

void BlockTree::push_new(BlockEntry entry) {
    CAIRN_ASSERT(active_.empty() || entry.head.header.previous == tip().hash);
    entry.status = BlockStatus::active;
    heights_.emplace(entry.hash, entry.height());
    active_.push_back(std::move(entry));
    if (!ahead_.empty() && ahead_.front() == tip().hash)
        ahead_.pop_front();
    else if (active_.size() == 1 || tip().work >= best_header().work)
        best_ = tip().hash, ahead_.clear();
    else
        rebuild_ahead();
}

void BlockTree::pop() {
    CAIRN_ASSERT(active_.size() > 1);
    auto entry = std::move(active_.back());
    active_.pop_back();
    heights_.erase(entry.hash);
    entry.status = BlockStatus::stored;
    const auto hash = entry.hash;
    side_.emplace(hash, std::move(entry));
    rebuild_ahead();
}

std::vector<BlockHash> BlockTree::mark_invalid(const BlockHash& hash) {
    // Children are not linked; one pass in order of height finds all descendants.
    std::map<std::pair<Height, BlockHash>, BlockEntry*> by_height;
    for (auto& [key, entry] : side_)
        by_height.emplace(std::pair{entry.height(), key}, &entry);
    std::set<BlockHash> invalid;
    std::vector<BlockHash> marked;
    for (auto& [key, entry] : by_height) {
        if (key.second != hash && !invalid.contains(entry->head.header.previous))
            continue;
        invalid.insert(key.second);
        if (entry->status != BlockStatus::invalid)
            marked.push_back(key.second);
        entry->status = BlockStatus::invalid;
    }
    find_best();
    return marked;
}

void BlockTree::prune() {
    if (side_.size() <= side_headers_max + ahead_.size())
        return;
    // A tenth goes at once, so that a flood pays for one pass per 20,000 headers.
    std::set<BlockHash> kept(ahead_.begin(), ahead_.end());
    std::vector<const BlockEntry*> candidates;
    for (const auto& [hash, entry] : side_)
        if (entry.status == BlockStatus::header_only && !kept.contains(hash))
            candidates.push_back(&entry);
    // Heavier parents leave after their children only if children are heavier: they are, by work.
    std::sort(candidates.begin(), candidates.end(), [](const auto* left, const auto* right) {
        return is_better(*right, *left);
    });
    candidates.resize(std::min(candidates.size(), side_headers_max / 10));
    std::set<BlockHash> removed;
    for (const auto* entry : candidates)
        removed.insert(entry->hash);
    // What stands on a removed header goes with it: rule 2.
    std::map<std::pair<Height, BlockHash>, BlockHash> parents;
    for (const auto& [hash, entry] : side_)
        parents.emplace(std::pair{entry.height(), hash}, entry.head.header.previous);
    for (const auto& [key, previous] : parents)
        if (removed.contains(previous))
            removed.insert(key.second);
    for (const auto& hash : removed)
        side_.erase(hash);
}

const BlockEntry* BlockTree::at(Height height) const {
    return height.value < active_.size() ? &active_[height.value] : nullptr;
}

const BlockEntry* BlockTree::find(const BlockHash& hash) const {
    if (const auto height = heights_.find(hash); height != heights_.end())
        return &active_[height->second.value];
    const auto place = side_.find(hash);
    return place == side_.end() ? nullptr : &place->second;
}

BlockEntry* BlockTree::find_side(const BlockHash& hash) {
    const auto place = side_.find(hash);
    return place == side_.end() ? nullptr : &place->second;
}

const BlockEntry* BlockTree::parent(const BlockEntry& entry) const {
    if (entry.status == BlockStatus::active)
        return entry.height().value == 0 ? nullptr : &active_[entry.height().value - 1];
    return find(entry.head.header.previous);
}

const BlockEntry& BlockTree::best_header() const {
    const auto* entry = find(best_);
    CAIRN_ASSERT(entry != nullptr);
    return *entry;
}

std::vector<const BlockEntry*> BlockTree::tips() const {
    std::set<BlockHash> with_children;
    for (const auto& [hash, entry] : side_)
        if (entry.status != BlockStatus::invalid)
            with_children.insert(entry.head.header.previous);
    std::vector<const BlockEntry*> leaves;
    if (!with_children.contains(tip().hash))
        leaves.push_back(&tip());
    for (const auto& [hash, entry] : side_)
        if (entry.status != BlockStatus::invalid && !with_children.contains(hash))
            leaves.push_back(&entry);
    std::sort(leaves.begin(), leaves.end(), [](const auto* left, const auto* right) {
        return is_better(*left, *right);
    });
    return leaves;
}

const BlockEntry* BlockTree::heaviest_stored() const {
    const BlockEntry* best = nullptr;
    for (const auto& [hash, entry] : side_) {
        if (entry.status != BlockStatus::stored || entry.work <= tip().work)
            continue;
        if (best == nullptr || is_better(entry, *best))
            best = &entry;
    }
    return best;
}

void BlockTree::consider_best(const BlockEntry& entry) {
    if (entry.status == BlockStatus::invalid || entry.work <= best_header().work)
        return;
    const bool extends = entry.head.header.previous == best_;
    best_ = entry.hash;
    if (extends)
        ahead_.push_back(best_);
    else
        rebuild_ahead();
}

void BlockTree::find_best() {
    const BlockEntry* best = &tip();
    for (const auto& [hash, entry] : side_)
        if (entry.status != BlockStatus::invalid && entry.work > tip().work &&
            (best == &tip() || is_better(entry, *best)))
            best = &entry;
    best_ = best->hash;
    rebuild_ahead();
}

void BlockTree::rebuild_ahead() {
    ahead_.clear();
    for (const auto* entry = &best_header(); !entry->is_active(); entry = parent(*entry))
        ahead_.push_front(entry->hash);
}

}  // namespace cairn::chain
