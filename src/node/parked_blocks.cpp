#include "cairn/node/parked_blocks.hpp"

#include "cairn/node/limits.hpp"

#include <utility>

namespace cairn::node {

void ParkedBlocks::park(ParkedBlock block) {
    const Key key{block.head.header.time, block.hash};
    const auto size = block.body ? block.body->size() : 0;
    if (bytes_ + size > parked_bytes_max)
        block.body.reset();
    const auto known = blocks_.find(key);
    if (known != blocks_.end()) {
        if (!known->second.body && block.body) {
            bytes_ += block.body->size();
            known->second.body = std::move(block.body);
        }
        return;
    }
    bytes_ += block.body ? block.body->size() : 0;
    blocks_.emplace(key, std::move(block));
    if (blocks_.size() > parked_blocks_max) {
        const auto last = std::prev(blocks_.end());
        bytes_ -= last->second.body ? last->second.body->size() : 0;
        blocks_.erase(last);
    }
}

std::vector<ParkedBlock> ParkedBlocks::take_due(UnixMillis latest) {
    std::vector<ParkedBlock> due;
    while (!blocks_.empty() && blocks_.begin()->first.first <= latest) {
        auto block = std::move(blocks_.begin()->second);
        bytes_ -= block.body ? block.body->size() : 0;
        blocks_.erase(blocks_.begin());
        due.push_back(std::move(block));
    }
    return due;
}

std::optional<UnixMillis> ParkedBlocks::first_time() const {
    if (blocks_.empty())
        return std::nullopt;
    return blocks_.begin()->first.first;
}

}  // namespace cairn::node
