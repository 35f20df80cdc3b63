#include "src/net/write_queue.hpp"

#include "cairn/base/assert.hpp"

#include <algorithm>
#include <utility>

namespace cairn::net {

void WriteQueue::push(std::shared_ptr<const Bytes> message) {
    if (message->empty())
        return;
    queued_ += message->size();
    if (message->size() >= small_message_bytes) {
        chunks_.push_back({.shared = std::move(message), .joined = {}, .is_open = false});
        return;
    }
    if (chunks_.empty() || !chunks_.back().is_open ||
        chunks_.back().joined.size() >= joined_bytes_max)
        chunks_.push_back({.shared = nullptr, .joined = {}, .is_open = true});
    Bytes& joined = chunks_.back().joined;
    joined.insert(joined.end(), message->begin(), message->end());
}

std::vector<ByteView> WriteQueue::gather() {
    std::vector<ByteView> buffers;
    buffers.reserve(std::min(chunks_.size(), gather_buffers_max));
    for (Chunk& chunk : chunks_) {
        if (buffers.size() == gather_buffers_max)
            break;
        chunk.is_open = false;
        buffers.push_back(buffers.empty() ? chunk.view().subspan(consumed_) : chunk.view());
    }
    return buffers;
}

void WriteQueue::consume(std::size_t count) {
    CAIRN_ASSERT(count <= queued_);
    queued_ -= count;
    consumed_ += count;
    while (!chunks_.empty() && consumed_ >= chunks_.front().view().size()) {
        consumed_ -= chunks_.front().view().size();
        chunks_.pop_front();
    }
}

}  // namespace cairn::net
