#include "tests/unit/wire/samples.hpp"

#include "cairn/base/random.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <set>

namespace cairn::wire {

namespace {

/// Why `payload` is refused; fails the test when it is not.
MessageError error_of(ByteView payload) {
    const auto decoded = decode_message(payload);
    REQUIRE_FALSE(decoded);
    return decoded.error();
}

MessageError codec_error(codec::DecodeError cause) {
    return {WireError::bad_codec, cause};
}

/// The payload of `message` although it may break limits: `encode_message` would not write it.
template <class T>
Bytes unchecked_payload(const T& message) {
    Bytes payload;
    append_envelope(payload, {.type = T::type});
    const auto body = codec::encode(message);
    payload.insert(payload.end(), body.begin(), body.end());
    return payload;
}

template <class T>
bool is_accepted(const T& message) {
    return decode_message(unchecked_payload(message)).has_value();
}

template <class T>
MessageError error_of_message(const T& message) {
    return error_of(unchecked_payload(message));
}

std::string name_of(const Message& message) {
    return std::string{to_string(type_of(message))};
}

/// Random flips tried for each type: a million in optimised builds. Under the sanitizers they would
/// take minutes; nightly.sh asks for all of them there, by CAIRN_FLIPS.
std::size_t flips_per_type() {
#ifdef NDEBUG
    constexpr std::size_t default_flips = 1'000'000;
#else
    constexpr std::size_t default_flips = 20'000;
#endif
    const char* const asked = std::getenv("CAIRN_FLIPS");
    return asked == nullptr ? default_flips : std::strtoul(asked, nullptr, 10);
}

}  // namespace

TEST_CASE("Envelope: eight bytes in a fixed layout", "[wire]") {
    const auto frame = encode_message(Ping{0x1122334455667788}, sample_route);
    CHECK(as_text(ByteView{frame}.first(frame_header_bytes)) == "16        ");
    CHECK(
        to_hex(payload_of(frame)) ==
        "0101040104030201"
        "8877665544332211"
    );
    const auto envelope = peek_envelope(payload_of(frame));
    REQUIRE(envelope);
    CHECK(*envelope == Envelope{MessageType::ping, 1, 0x01020304});
}

TEST_CASE("Envelope: each way to be wrong has its error", "[wire]") {
    const auto good = payload_of(Ping{7});
    const auto with = [&](std::size_t index, std::uint8_t byte) {
        auto changed = good;
        changed[index] = byte;
        return error_of(changed).code;
    };
    CHECK(error_of({}).code == WireError::not_binary);
    CHECK(with(0, 0x02) == WireError::not_binary);
    CHECK(with(0, '{') == WireError::not_binary);
    CHECK(with(1, 0) == WireError::unsupported_version);
    CHECK(with(1, 2) == WireError::unsupported_version);
    CHECK(with(2, 0x00) == WireError::unknown_type);
    CHECK(with(2, 0x14) == WireError::unknown_type);
    CHECK(with(2, 0xff) == WireError::unknown_type);
    CHECK(error_of(ByteView{good}.first(7)).code == WireError::truncated_envelope);
    auto longer = good;
    longer.push_back(0);
    CHECK(error_of(longer).code == WireError::too_large);
    CHECK(to_string(WireError::bad_field) == "bad_field");
}

TEST_CASE("Messages: types, names and alternatives belong together", "[wire]") {
    const auto samples = sample_messages();
    REQUIRE(samples.size() == std::variant_size_v<Message>);
    std::set<MessageType> types;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        CHECK(samples[i].index() == i);
        const auto type = type_of(samples[i]);
        types.insert(type);
        CHECK(message_type(static_cast<std::uint8_t>(type)) == type);
        CHECK(message_type(to_string(type)) == type);
        CHECK(payload_max_of_number(static_cast<std::uint8_t>(type)) == payload_max_of(type));
        CHECK(payload_max_of(type) <= payload_bytes_max);
    }
    CHECK(types.size() == samples.size());
    CHECK_FALSE(message_type(std::uint8_t{0x7f}));
    CHECK_FALSE(message_type("nonsense"));
    CHECK(payload_max_of_number(0x7f) == unknown_payload_bytes_max);
}

TEST_CASE("Messages: each survives binary and JSON with identical bytes", "[wire][C6]") {
    for (const auto& message : sample_messages()) {
        INFO(name_of(message));
        const auto payload = payload_of(message, sample_route);
        const auto decoded = decode_message(payload);
        REQUIRE(decoded);
        CHECK(decoded->message == message);
        CHECK(
            decoded->envelope ==
            Envelope{type_of(message), sample_route.chain, sample_route.request}
        );
        const auto text = to_json(message, sample_route);
        const auto read = message_from_json(text);
        REQUIRE(read);
        CHECK(*read == *decoded);
        CHECK(to_json(read->message, sample_route) == text);
        CHECK(payload_of(read->message, sample_route) == payload);
    }
}

TEST_CASE("Messages: every proper prefix is an error", "[wire][C1]") {
    for (const auto& message : sample_messages()) {
        INFO(name_of(message));
        const auto payload = payload_of(message);
        for (std::size_t size = 0; size < payload.size(); ++size)
            REQUIRE_FALSE(decode_message(ByteView{payload}.first(size)));
    }
}

TEST_CASE("Messages: trailing bytes are refused", "[wire][C4]") {
    for (const auto& message : sample_messages()) {
        INFO(name_of(message));
        auto payload = payload_of(message);
        payload.push_back(0);
        const auto error = error_of(payload);
        const bool is_full = payload.size() > payload_max_of(type_of(message));
        CHECK(
            error == (is_full ? MessageError{WireError::too_large, {}}
                              : codec_error(codec::DecodeError::trailing_bytes))
        );
    }
}

TEST_CASE("Messages: second forms of a value are refused", "[wire][C4]") {
    // inv: no transactions, written in two bytes; then no blocks.
    Bytes inventory;
    append_envelope(inventory, {.type = MessageType::inv});
    inventory.insert(inventory.end(), {0x80, 0x00, 0x00});
    CHECK(error_of(inventory) == codec_error(codec::DecodeError::varint_not_minimal));
    // hello: `relay_transactions` is neither 0 nor 1.
    auto hello = payload_of(sample_hello());
    hello[hello.size() - 3] = 2;
    CHECK(error_of(hello) == codec_error(codec::DecodeError::unknown_tag));
    // error and bye: codes without a meaning.
    auto error = payload_of(sample_error());
    error[envelope_bytes] = static_cast<std::uint8_t>(ErrorCode::internal) + 1;
    CHECK(error_of(error) == codec_error(codec::DecodeError::unknown_tag));
    auto bye = payload_of(Bye{});
    bye[envelope_bytes] = static_cast<std::uint8_t>(ByeCode::replaced) + 1;
    CHECK(error_of(bye) == codec_error(codec::DecodeError::unknown_tag));
    // ping takes the eight bytes and nothing else, so every body of eight bytes is a ping.
    CHECK(decode_message(payload_of(Ping{~std::uint64_t{0}})));
}

TEST_CASE("Messages: a count beyond its bytes is refused at once", "[wire][C2]") {
    for (const auto type :
         {MessageType::hello_ack,
          MessageType::get_headers,
          MessageType::headers,
          MessageType::block,
          MessageType::inv,
          MessageType::get_tx,
          MessageType::txs,
          MessageType::not_found,
          MessageType::addr,
          MessageType::feature}) {
        INFO(to_string(type));
        for (const auto* const count : {"ffffffff0f", "ffffffffffffffff7f", "808080808080808001"}) {
            Bytes bomb;
            append_envelope(bomb, {.type = type});
            const auto bytes = from_hex(count).value();
            bomb.insert(bomb.end(), bytes.begin(), bytes.end());
            const auto error = error_of(bomb);
            CHECK(error.code == WireError::bad_codec);
        }
        // A count within the type's maximum, but nothing behind it.
        Bytes stall;
        append_envelope(stall, {.type = type});
        stall.push_back(0x07);
        CHECK(error_of(stall) == codec_error(codec::DecodeError::truncated));
    }
}

TEST_CASE("Messages: flipped bits give an error or the same bytes again", "[wire][C5]") {
    Random random{5};
    std::size_t accepted = 0;
    std::size_t refused = 0;
    for (const auto& message : sample_messages()) {
        INFO(name_of(message));
        const auto good = payload_of(message, sample_route);
        for (std::size_t round = 0; round < flips_per_type(); ++round) {
            auto payload = good;
            for (auto flips = 1 + random.below(4); flips > 0; --flips) {
                const auto mask = static_cast<std::uint8_t>(1U << random.below(8));
                payload[random.below(payload.size())] ^= mask;
            }
            const auto decoded = decode_message(payload);
            ++(decoded ? accepted : refused);
            if (!decoded)
                continue;
            const auto& envelope = decoded->envelope;
            const auto again = payload_of(decoded->message, {envelope.chain, envelope.request});
            if (again != payload)
                FAIL(to_hex(payload) << " became " << to_hex(again));
        }
    }
    // Both happen often: the flips try something.
    CHECK(accepted > flips_per_type());
    CHECK(refused > flips_per_type());
}

TEST_CASE("Messages: a relay id covers the signature", "[wire]") {
    // FIPS 180-4 example: SHA-256("abc").
    CHECK(to_hex(relay_id(as_bytes("abc"))) == "ba7816bf8f01cfea414140de5dae2223");
}

TEST_CASE("Hello: versions in the wrong order are a bad field", "[wire][H3]") {
    auto hello = sample_hello();
    hello.proto_min = 4;
    CHECK(error_of_message(hello).code == WireError::bad_field);
    hello.proto_min = 0;
    CHECK(error_of_message(hello).code == WireError::bad_field);
    hello.proto_min = 3;
    CHECK(is_accepted(hello));
}

TEST_CASE("Hello: what later versions add is carried in the extension", "[wire][H3]") {
    auto hello = sample_hello();
    hello.proto_max = 900;
    hello.extension = Bytes(hello_extension_bytes_max, 0x55);
    CHECK(is_accepted(hello));
    hello.extension.push_back(0);
    CHECK(error_of_message(hello) == codec_error(codec::DecodeError::too_long));
}

TEST_CASE("Hello: a user agent is short printable ASCII", "[wire][H6]") {
    auto hello = sample_hello();
    hello.user_agent = std::string(user_agent_bytes_max, '~');
    CHECK(is_accepted(hello));
    hello.user_agent += "~";
    CHECK(error_of_message(hello) == codec_error(codec::DecodeError::too_long));
    for (const auto* const text : {"\x1b[31m", "a\r\nb", "\xc3\xa9", "\x7f", "tab\t"}) {
        hello.user_agent = text;
        CHECK(error_of_message(hello) == codec_error(codec::DecodeError::bad_text));
    }
    // Harmless where text is data; nothing of ours formats with it.
    hello.user_agent = "%n%s";
    CHECK(is_accepted(hello));
}

TEST_CASE("Hello: sixteen chains with aliases of their own", "[wire][H7]") {
    Hello hello;
    for (std::uint8_t i = 1; i <= chains_max; ++i) {
        ChainOffer offer;
        offer.genesis.bytes[0] = i;
        offer.alias = i;
        hello.chains.push_back(offer);
    }
    CHECK(is_accepted(hello));
    const auto with_last = [&](std::uint8_t genesis, std::uint8_t alias) {
        auto changed = hello;
        changed.chains.back().genesis.bytes[0] = genesis;
        changed.chains.back().alias = alias;
        return error_of_message(changed).code;
    };
    CHECK(with_last(16, 15) == WireError::bad_field);
    CHECK(with_last(16, 0) == WireError::bad_field);
    CHECK(with_last(16, 17) == WireError::bad_field);
    CHECK(with_last(16, 255) == WireError::bad_field);
    CHECK(with_last(15, 16) == WireError::bad_field);
    hello.chains.push_back(hello.chains.back());
    CHECK(error_of_message(hello) == codec_error(codec::DecodeError::too_many));
    HelloAck ack{{{ChainId{}, 1}, {ChainId{}, 2}}};
    CHECK(error_of_message(ack).code == WireError::bad_field);
}

TEST_CASE("Messages: JSON that is no message says why", "[wire]") {
    const auto error_of_json = [](std::string_view text) {
        const auto read = message_from_json(text);
        REQUIRE_FALSE(read);
        return read.error().code;
    };
    CHECK(message_from_json(R"({"type":"ping","nonce":"0000000000000007"})"));
    CHECK(error_of_json(R"({"type":"pang"})") == codec::DecodeError::unknown_tag);
    CHECK(error_of_json(R"({"type":"ping"})") == codec::DecodeError::missing_field);
    CHECK(error_of_json(R"({"type":"ping","nonce":7})") == codec::DecodeError::wrong_type);
    CHECK(error_of_json(R"({"type":"get_addr","more":1})") == codec::DecodeError::unknown_field);
    CHECK(
        error_of_json(R"({"type":"feature","id":"abc","content":""})") ==
        codec::DecodeError::wrong_type
    );
    CHECK(error_of_json(R"({"type":"bye","code":"never"})") == codec::DecodeError::unknown_tag);
}

}  // namespace cairn::wire
