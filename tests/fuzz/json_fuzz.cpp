/// JSON: text is refused, or printing it, plainly or canonically, gives text that reads back as the
/// same document. Messages written as JSON have one binary form.
#include "cairn/base/assert.hpp"
#include "cairn/codec/json_text.hpp"
#include "cairn/wire/messages.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace cairn;
    const auto text = as_text({bytes, size});
    const auto document = codec::parse_json(text);
    if (!document)
        return 0;
    // Printing can lengthen the text (`\u` escapes), which the default limit counts.
    const codec::JsonLimits limits{.bytes = 16 * codec::json_bytes_max};
    const auto plain = codec::parse_json(codec::to_text(*document), limits);
    CAIRN_ASSERT(plain && *plain == *document);
    const auto canonical = codec::canonical_text(*document);
    const auto read = codec::parse_json(canonical, limits);
    CAIRN_ASSERT(read && codec::canonical_text(*read) == canonical);
    const auto message = wire::message_from_json(text);
    if (message) {
        const auto frame = wire::encode_message(message->message);
        const auto payload = ByteView{frame}.subspan(wire::frame_header_bytes);
        CAIRN_ASSERT(wire::decode_message(payload)->message == message->message);
    }
    return 0;
}
