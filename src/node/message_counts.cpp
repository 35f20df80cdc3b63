#include "cairn/node/message_counts.hpp"

#include "cairn/wire/frame.hpp"

namespace cairn::node {

namespace {

/// Where an envelope names its type (spec 04 §1).
constexpr std::size_t type_position = 2;

}  // namespace

void MessageCounts::add(ByteView payload) {
    if (payload.size() <= type_position || payload.front() != wire::binary_marker)
        return;
    auto& count = by_number_[payload[type_position]];
    ++count.messages;
    count.bytes += wire::frame_header_bytes + payload.size();
}

void MessageCounts::add_frames(ByteView frames) {
    while (frames.size() > wire::frame_header_bytes) {
        std::size_t size = 0;
        for (std::size_t i = 0; i < wire::frame_header_bytes && frames[i] != ' '; ++i)
            size = size * 10 + (frames[i] - '0');
        frames = frames.subspan(wire::frame_header_bytes);
        if (size > frames.size())
            return;
        add(frames.first(size));
        frames = frames.subspan(size);
    }
}

MessageCount MessageCounts::total() const {
    MessageCount sum;
    for (const auto& count : by_number_) {
        sum.messages += count.messages;
        sum.bytes += count.bytes;
    }
    return sum;
}

MessageCount MessageCounts::unknown() const {
    MessageCount left = total();
    for (const auto type : wire::all_message_types()) {
        left.messages -= of(type).messages;
        left.bytes -= of(type).bytes;
    }
    return left;
}

}  // namespace cairn::node
