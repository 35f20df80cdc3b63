/// Messages: a payload is refused, or it is the one form of its message, and the JSON form says the
/// same. The type byte of the envelope reaches every message.
#include "cairn/base/assert.hpp"
#include "cairn/wire/messages.hpp"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace cairn;
    const ByteView payload{bytes, size};
    const auto decoded = wire::decode_message(payload);
    if (!decoded)
        return 0;
    const auto& [envelope, message] = *decoded;
    const wire::Route route{envelope.chain, envelope.request};
    const auto frame = wire::encode_message(message, route);
    const auto again = ByteView{frame}.subspan(wire::frame_header_bytes);
    CAIRN_ASSERT(std::equal(again.begin(), again.end(), payload.begin(), payload.end()));
    const auto read = wire::message_from_json(wire::to_json(message, route));
    CAIRN_ASSERT(read && *read == *decoded);
    return 0;
}
