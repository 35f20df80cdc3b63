/// Frames: however a stream is cut, the payloads, the error and what is left are the same, and the
/// buffer stays near to what has come. The first byte of the input chooses the cuts.
#include "cairn/base/assert.hpp"
#include "cairn/base/random.hpp"
#include "cairn/wire/frame.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace {

using namespace cairn;

struct Outcome {
    std::vector<Bytes> payloads;
    std::optional<wire::FrameError> error;
    std::size_t left = 0;

    friend bool operator==(const Outcome&, const Outcome&) = default;
};

void drain(wire::FrameDecoder& decoder, Outcome& outcome) {
    while (const auto payload = decoder.next()) {
        CAIRN_ASSERT(!payload->empty());
        outcome.payloads.push_back(to_bytes(*payload));
    }
}

Outcome close(const wire::FrameDecoder& decoder, Outcome outcome) {
    outcome.error = decoder.error();
    // After an error it does not matter how much lies behind the fault.
    outcome.left = outcome.error ? 0 : decoder.bytes_buffered();
    return outcome;
}

Outcome whole(ByteView stream) {
    wire::FrameDecoder decoder{wire::ready_limits};
    Outcome outcome;
    decoder.feed(stream);
    drain(decoder, outcome);
    return close(decoder, std::move(outcome));
}

Outcome in_chunks(ByteView stream, std::uint8_t seed) {
    wire::FrameDecoder decoder{wire::ready_limits};
    Random random{seed};
    Outcome outcome;
    while (!stream.empty()) {
        const auto size = std::min<std::size_t>(1 + random.below(1U + seed), stream.size());
        decoder.feed(stream.first(size));
        stream = stream.subspan(size);
        drain(decoder, outcome);
        CAIRN_ASSERT(
            decoder.capacity() <= decoder.bytes_buffered() + size + wire::receive_ahead_bytes_max ||
            decoder.capacity() <= 2 * wire::receive_ahead_bytes_max
        );
    }
    return close(decoder, std::move(outcome));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size == 0)
        return 0;
    const ByteView stream{bytes + 1, size - 1};
    CAIRN_ASSERT(whole(stream) == in_chunks(stream, bytes[0]));
    return 0;
}
