#include "cairn/wire/frame.hpp"

#include "cairn/base/random.hpp"
#include "cairn/wire/envelope.hpp"

#include <catch2/catch.hpp>

#include <numeric>
#include <string>
#include <vector>

namespace cairn::wire {

namespace {

using Texts = std::vector<std::string>;

/// Takes all payloads that are complete.
void drain(FrameDecoder& decoder, Texts& payloads) {
    while (const auto payload = decoder.next())
        payloads.emplace_back(as_text(*payload));
}

/// What `stream` holds when it comes in chunks of these sizes, the last repeated.
Texts payloads_of(FrameDecoder& decoder, ByteView stream, const std::vector<std::size_t>& sizes) {
    Texts payloads;
    for (std::size_t i = 0, at = 0; at < stream.size(); ++i) {
        const auto size = std::min(sizes[std::min(i, sizes.size() - 1)], stream.size() - at);
        decoder.feed(stream.subspan(at, size));
        at += size;
        drain(decoder, payloads);
    }
    return payloads;
}

/// The error after `bytes`, in one chunk.
std::optional<FrameError> error_after(ByteView bytes, PayloadLimits limits = ready_limits) {
    FrameDecoder decoder{limits};
    decoder.feed(bytes);
    while (decoder.next()) {
    }
    return decoder.error();
}

std::optional<FrameError> error_after(std::string_view text, PayloadLimits limits = ready_limits) {
    return error_after(as_bytes(text), limits);
}

/// Texts and envelopes of several lengths, in one stream.
struct Stream {
    Texts payloads;
    Bytes bytes;

    void add(std::string payload, std::string_view blanks = "") {
        append_frame(bytes, as_bytes(payload));
        bytes.insert(bytes.end(), blanks.begin(), blanks.end());
        payloads.push_back(std::move(payload));
    }
};

Stream mixed_stream() {
    Stream stream;
    stream.add("Valid message");
    stream.add(R"({"type":"ping"})", "\r\n");
    stream.add(std::string{"\x01\x01\x04\x00\x00\x00\x00\x00", 8});
    stream.add("get_chain from=0 count=10", "\n\n");
    stream.add("x", "\n");
    stream.add(std::string{"\x01\x01\x7f", 3} + std::string(300, '\n'));
    return stream;
}

}  // namespace

TEST_CASE("Frame: the header is the length in bytes, padded with spaces", "[wire]") {
    CHECK(as_text(make_frame(as_bytes("Valid message"))) == "13        Valid message");
    Bytes out;
    append_frame(out, as_bytes("a"));
    append_frame(out, as_bytes("bc"));
    CHECK(as_text(out) == "1         a2         bc");
    Bytes header;
    append_frame_header(header, payload_bytes_max);
    CHECK(as_text(header) == "4000000   ");
}

TEST_CASE("Frame: the first byte of a payload tells its form", "[wire]") {
    CHECK(payload_form(as_bytes("{}")) == PayloadForm::json);
    CHECK(payload_form(as_bytes("status")) == PayloadForm::text_line);
    CHECK(payload_form(as_bytes(" ~")) == PayloadForm::text_line);
    CHECK(payload_form(0x01) == PayloadForm::binary);
    CHECK(payload_form(0x02) == PayloadForm::encrypted);
    for (const std::uint8_t first : Bytes{0x00, 0x03, 0x0a, 0x1f, 0x7f, 0xc3, 0xff})
        CHECK(payload_form(first) == PayloadForm::unknown);
    CHECK(payload_form(ByteView{}) == PayloadForm::unknown);
}

TEST_CASE("Frame: cut anywhere in two or three, a stream gives the same payloads", "[wire][F1]") {
    const auto stream = mixed_stream();
    const auto size = stream.bytes.size();
    for (std::size_t first = 1; first < size; ++first) {
        FrameDecoder decoder{ready_limits};
        REQUIRE(payloads_of(decoder, stream.bytes, {first, size}) == stream.payloads);
        REQUIRE_FALSE(decoder.error());
    }
    for (std::size_t first = 1; first < size; first += 3) {
        for (std::size_t second = 1; second < size - first; second += 7) {
            FrameDecoder decoder{ready_limits};
            REQUIRE(payloads_of(decoder, stream.bytes, {first, second, size}) == stream.payloads);
        }
    }
}

TEST_CASE(
    "Frame: chunks of every size, 1 to 50 frames each, give the same payloads", "[wire][F1]"
) {
    Stream stream;
    for (int i = 0; i < 100; ++i)
        stream.add("line " + std::to_string(i), i % 3 == 0 ? "\n" : "");
    const auto frame_bytes = stream.bytes.size() / stream.payloads.size();
    for (std::size_t size = 1; size <= 50 * frame_bytes; size += size < 40 ? 1 : 13) {
        FrameDecoder decoder;
        REQUIRE(payloads_of(decoder, stream.bytes, {size}) == stream.payloads);
        REQUIRE_FALSE(decoder.is_mid_frame());
    }
}

TEST_CASE("Frame: random cuts give the same payloads", "[wire][F1]") {
    Random random{1};
    for (int round = 0; round < 300; ++round) {
        Stream stream;
        std::vector<std::size_t> sizes;
        for (int i = 0; i < 20; ++i) {
            const std::string_view blanks = random.chance(1, 3) ? "\r\n" : "";
            stream.add(std::string(1 + random.below(500), 'a'), blanks);
            sizes.push_back(1 + random.below(700));
        }
        FrameDecoder decoder;
        REQUIRE(payloads_of(decoder, stream.bytes, sizes) == stream.payloads);
    }
}

TEST_CASE("Frame: a claimed length allocates nothing ahead of data", "[wire][F3]") {
    CHECK(error_after("9999999999") == FrameError::bad_header);
    CHECK(error_after("4000001   ") == FrameError::too_large);
    FrameDecoder decoder{ready_limits};
    decoder.feed(as_bytes("3999999   "));
    CHECK_FALSE(decoder.next());
    CHECK_FALSE(decoder.error());
    CHECK(decoder.is_mid_frame());
    CHECK(decoder.bytes_expected() == 3'999'999 + frame_header_bytes);
    CHECK(decoder.capacity() <= frame_header_bytes);

    // A block, the largest message: room is made as it comes.
    const Bytes start{0x01, envelope_version, 0x13};
    FrameDecoder blocks{ready_limits};
    blocks.feed(as_bytes("2000000   "));
    blocks.feed(start);
    std::size_t fed = frame_header_bytes + start.size();
    const Bytes part(10'000);
    while (fed + part.size() < 2'000'000) {
        REQUIRE_FALSE(blocks.next());
        blocks.feed(part);
        fed += part.size();
        REQUIRE(blocks.bytes_buffered() == fed);
        REQUIRE(blocks.capacity() <= fed + receive_ahead_bytes_max);
    }
}

TEST_CASE("Frame: an idle link does not keep the memory of a large frame", "[wire][F3]") {
    FrameDecoder decoder{ready_limits};
    Bytes block(1'500'000);
    block[0] = 0x01;
    block[2] = 0x13;
    decoder.feed(make_frame(block));
    REQUIRE(decoder.next()->size() == block.size());
    REQUIRE_FALSE(decoder.next());
    CHECK(decoder.capacity() <= receive_ahead_bytes_max);
}

TEST_CASE("Frame: a header has one form, and the first wrong byte ends the link", "[wire][F4]") {
    struct Row {
        std::string_view header;
        /// Bytes that may stand before the error.
        std::size_t good;
    };

    const std::vector<Row> rows{
        {"-1        ", 0},
        {"+5        ", 0},
        {"0         ", 0},
        {"0x10      ", 0},
        {"1e3       ", 1},
        {"00000005  ", 0},
        {"05        ", 0},
        {" 5        ", 0},
        {"          ", 0},
        {"\t5        ", 0},
        {"5\t        ", 1},
        {"5        \t", 9},
        {std::string_view{"\0         ", 10}, 0},
        {std::string_view{"5\0        ", 10}, 1},
        {"5    x    ", 5},
        {"5 5       ", 2},
        {"5        5", 9},
        {"12345678  ", 7},
        {"9999999999", 7},
        {"1,000     ", 1},
        {"1.5       ", 1},
        {"5\n        ", 1},
        {"\n5        ", 0},
        {"\xd9\xa5         ", 0},
        {"5\xd9\xa5        ", 1},
        {"abcdefghij", 0},
        {"POST / HTT", 0},
        {"GET / HTTP", 0},
    };
    for (const auto& row : rows) {
        INFO("header " << to_hex(as_bytes(row.header)));
        FrameDecoder decoder{ready_limits};
        for (std::size_t i = 0; i <= row.good; ++i) {
            REQUIRE_FALSE(decoder.error());
            decoder.feed(as_bytes(row.header.substr(i, 1)));
            REQUIRE_FALSE(decoder.next());
        }
        CHECK(decoder.error() == FrameError::bad_header);
        CHECK(error_after(row.header) == FrameError::bad_header);
    }
}

TEST_CASE("Frame: every byte of a header is judged as the pattern says", "[wire][F4]") {
    for (unsigned byte = 0; byte < 256; ++byte) {
        const bool digit = byte >= '0' && byte <= '9';
        const auto character = static_cast<char>(byte);
        CHECK(error_after(std::string{character}).has_value() == (!digit || byte == '0'));
        CHECK(error_after(std::string{"1"} + character).has_value() == (!digit && byte != ' '));
        CHECK(error_after(std::string{"1 "} + character).has_value() == (byte != ' '));
        CHECK(error_after(std::string{"1234567"} + character).has_value() == (byte != ' '));
    }
}

TEST_CASE("Frame: HTTP and TLS die on their first byte, nothing is given", "[wire][F7]") {
    const Bytes tls{0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03};
    CHECK(error_after(tls) == FrameError::bad_header);
    CHECK(
        error_after("GET /mine_block HTTP/1.1\r\nHost: x\r\n\r\n1         x") ==
        FrameError::bad_header
    );
}

TEST_CASE("Frame: an error stays, and payloads before it are given", "[wire][F4]") {
    FrameDecoder decoder;
    decoder.feed(as_bytes("1         a1         bX"));
    Texts payloads;
    drain(decoder, payloads);
    CHECK(payloads == Texts{"a", "b"});
    CHECK(decoder.error() == FrameError::bad_header);
    decoder.feed(make_frame(as_bytes("c")));
    CHECK_FALSE(decoder.next());
    CHECK(decoder.error() == FrameError::bad_header);
}

TEST_CASE("Frame: two blanks after a text frame are skipped, a third is an error", "[wire][F6]") {
    for (const std::string_view blanks : {"", "\n", "\r\n", "\n\n", "\r\r", "\n\r"}) {
        FrameDecoder decoder;
        const auto stream = "1         a" + std::string{blanks} + "1         b";
        CHECK(payloads_of(decoder, as_bytes(stream), {stream.size()}) == Texts{"a", "b"});
        CHECK_FALSE(decoder.error());
    }
    CHECK(error_after("1         a\n\n\n") == FrameError::bad_header);
    CHECK(error_after("1         a\r\n\r\n1         b") == FrameError::bad_header);
    CHECK(error_after("1         a\n 1         b") == FrameError::bad_header);
    CHECK(error_after("\n1         a") == FrameError::bad_header);
}

TEST_CASE("Frame: no blank is skipped after a binary frame", "[wire][F6]") {
    CHECK(error_after(std::string{"1         \x01\n"}) == FrameError::bad_header);
    CHECK(error_after(std::string{"1         \x07\n"}) == FrameError::bad_header);
}

TEST_CASE("Frame: blanks alone do not start a frame", "[wire][F6]") {
    FrameDecoder decoder;
    decoder.feed(as_bytes("1         a\r\n"));
    REQUIRE(decoder.next());
    CHECK_FALSE(decoder.next());
    CHECK_FALSE(decoder.is_mid_frame());
    decoder.feed(as_bytes("7"));
    CHECK_FALSE(decoder.next());
    CHECK(decoder.is_mid_frame());
    CHECK(decoder.bytes_buffered() == 1);
    CHECK_FALSE(decoder.bytes_expected());
}

TEST_CASE("Frame: a payload of its maximum is taken, one byte more is not", "[wire][F10]") {
    const auto frame_of = [](std::string_view first, std::size_t size) {
        auto payload = to_bytes(first);
        payload.resize(size);
        return make_frame(payload);
    };

    struct Row {
        std::string_view first;
        PayloadLimits limits;
        std::size_t max;
    };

    const std::vector<Row> rows{
        {"{", {}, text_payload_bytes_max},
        {"s", {}, text_payload_bytes_max},
        {"{", ready_limits, text_payload_bytes_max},
        {std::string_view{"\x01\x01\x01", 3}, {}, handshake_payload_bytes_max},
        {std::string_view{"\x01\x01\x13", 3}, {}, handshake_payload_bytes_max},
        {std::string_view{"\x01\x01\x13", 3}, ready_limits, payload_max_of(MessageType::block)},
        {std::string_view{"\x01\x01\x04", 3}, ready_limits, 16},
        {std::string_view{"\x01\x01\x7f", 3}, ready_limits, unknown_payload_bytes_max},
        {"\x02", ready_limits, unknown_payload_bytes_max},
        {"\xff", ready_limits, unknown_payload_bytes_max},
    };
    for (const auto& row : rows) {
        INFO("first " << to_hex(as_bytes(row.first)) << " max " << row.max);
        FrameDecoder decoder{row.limits};
        decoder.feed(frame_of(row.first, row.max));
        REQUIRE(decoder.next());
        CHECK_FALSE(decoder.error());
        // One more is refused before its body has come.
        const auto frame = frame_of(row.first, row.max + 1);
        const auto seen = ByteView{frame}.first(frame_header_bytes + row.first.size());
        CHECK(error_after(seen, row.limits) == FrameError::too_large);
    }
    FrameDecoder decoder;
    decoder.set_payload_max(5);
    decoder.feed(
        as_bytes("5         12345"
                 "6         ")
    );
    CHECK(decoder.next());
    CHECK_FALSE(decoder.next());
    CHECK(decoder.error() == FrameError::too_large);
}

TEST_CASE("Frame: limits may change between two frames of one chunk", "[wire][F10]") {
    Bytes large(20'000);
    large[0] = 0x01;
    large[2] = static_cast<std::uint8_t>(MessageType::headers);
    Bytes stream = make_frame(Bytes{0x01, 0x01, 0x01});
    append_frame(stream, large);
    CHECK(error_after(stream, PayloadLimits{}) == FrameError::too_large);
    FrameDecoder decoder;
    decoder.feed(stream);
    REQUIRE(decoder.next());
    decoder.set_limits(ready_limits);
    CHECK(decoder.next()->size() == large.size());
}

TEST_CASE("Frame: every error and form has its name", "[wire]") {
    CHECK(to_string(FrameError::bad_header) == "bad_header");
    CHECK(to_string(FrameError::too_large) == "too_large");
    CHECK(to_string(PayloadForm::encrypted) == "encrypted");
}

}  // namespace cairn::wire
