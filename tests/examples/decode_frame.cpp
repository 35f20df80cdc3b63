/// Makes the frame of a `ping`, cuts it out of a stream that comes in two pieces, and decodes it:
/// what each side of a link does with every message (spec 01, 04).
#include "cairn/wire/frame.hpp"
#include "cairn/wire/messages.hpp"

#include <iostream>

int main() {
    using namespace cairn;

    const auto frame =
        wire::encode_message(wire::Ping{.nonce = 0x0102030405060708}, {.chain = 0, .request = 7});
    std::cout << "frame:   " << to_hex(frame) << '\n';

    // The decoder does not mind how the bytes were cut on their way.
    const ByteView stream{frame};
    wire::FrameDecoder decoder;
    decoder.feed(stream.first(13));
    decoder.feed(stream.subspan(13));
    const auto payload = decoder.next();
    if (!payload) {
        std::cerr << "no whole frame has come\n";
        return 1;
    }
    std::cout << "form:    " << to_string(wire::payload_form(*payload)) << '\n';

    const auto decoded = wire::decode_message(*payload);
    if (!decoded) {
        std::cerr << "not a message: " << to_string(decoded.error().code) << '\n';
        return 1;
    }
    const wire::Route route{.chain = decoded->envelope.chain, .request = decoded->envelope.request};
    std::cout << "message: " << wire::to_json(decoded->message, route) << '\n';
    return 0;
}
