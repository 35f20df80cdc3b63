#include "src/state/level_hasher.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/crypto/merkle.hpp"

namespace cairn::state {

LevelHasher::Level& LevelHasher::level(std::size_t depth) {
    if (depth >= levels_.size())
        levels_.resize(depth + 1);
    return levels_[depth];
}

void LevelHasher::add_child(std::size_t depth, const Hash256* hash) {
    const auto place = level(depth).children.size();
    if (hash == nullptr)
        level(depth + 1).places.push_back(static_cast<std::uint32_t>(place));
    levels_[depth].children.push_back(hash == nullptr ? Hash256{} : *hash);
}

void LevelHasher::add(
    std::size_t depth, const Hash256* left, const Hash256* right, Hash256* result
) {
    add_child(depth, left);
    add_child(depth, right);
    level(depth).results.push_back(result);
}

Hash256 LevelHasher::finish() {
    CAIRN_ASSERT(!levels_.empty() && levels_.front().results.size() == 1);
    for (std::size_t depth = levels_.size(); depth-- > 0;) {
        auto& [children, places, results] = levels_[depth];
        CAIRN_ASSERT(depth == 0 || places.size() == results.size());
        crypto::hash_node_pairs(children);
        for (std::size_t i = 0; i < results.size(); ++i) {
            if (results[i] != nullptr)
                *results[i] = children[i];
            if (depth > 0)
                levels_[depth - 1].children[places[i]] = children[i];
        }
    }
    const auto root = levels_.front().children.front();
    for (auto& level : levels_) {
        level.children.clear();
        level.places.clear();
        level.results.clear();
    }
    return root;
}

}  // namespace cairn::state
