/// The published vectors in proto_spec/vectors/wire. `UPDATE=1` writes them anew; a change of the
/// golden bytes is a change of the protocol.
#include "tests/unit/wire/samples.hpp"

#include "cairn/codec/json_text.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace cairn::wire {

namespace {

using codec::Json;

struct ValidCase {
    std::string name;
    std::string why;
    Message message;
};

struct InvalidCase {
    std::string name;
    std::string why;
    std::string hex;
    std::string error;
};

std::string path_of(std::string_view name) {
    return std::string{CAIRN_VECTORS_DIR "/wire/"}.append(name);
}

Json load(std::string_view name) {
    std::ifstream file{path_of(name)};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    const auto document = codec::parse_json(text);
    REQUIRE(document);
    return *document;
}

/// Writes one case a line when UPDATE=1.
void update(std::string_view name, const Json::Array& cases) {
    const char* const asked = std::getenv("UPDATE");
    if (asked == nullptr || std::string_view{asked} != "1")
        return;
    std::ofstream file{path_of(name)};
    file << "[\n";
    for (std::size_t i = 0; i < cases.size(); ++i)
        file << codec::to_text(cases[i]) << (i + 1 < cases.size() ? ",\n" : "\n");
    file << "]\n";
}

/// What the sample of each type is for.
std::string why_of(const Message& message) {
    return "every field of " + std::string{to_string(type_of(message))} + " set";
}

std::vector<ValidCase> valid_cases() {
    std::vector<ValidCase> cases;
    for (const auto& message : sample_messages())
        cases.push_back({std::string{to_string(type_of(message))}, why_of(message), message});
    cases.push_back({"hello_empty", "the least hello: no chain, no text", Hello{}});
    auto error = sample_error();
    error.retry_ms.reset();
    error.fatal = true;
    cases.push_back({"error_fatal", "an absent optional field is one zero byte", error});
    cases.push_back({"get_headers_empty", "an empty locator asks from genesis", GetHeaders{}});
    cases.push_back({"headers_empty", "the sender has nothing to add", Headers{}});
    ledger::SealedHeader unsealed = sample_header();
    unsealed.seal.clear();
    cases.push_back({"headers_unsealed", "a header under instant seal", Headers{{unsealed}}});
    return cases;
}

std::vector<InvalidCase> invalid_cases() {
    const std::string ping = "0101040000000000";
    return {
        {"no_envelope", "shorter than the envelope", "01010400000000", "truncated_envelope"},
        {"encrypted", "0x02 is reserved", "0201040000000000", "not_binary"},
        {"envelope_version", "envelope version 2", "0102040000000000", "unsupported_version"},
        {"unknown_type", "type 0x7f is not assigned", "01017f0000000000", "unknown_type"},
        {"ping_short", "a nonce of seven bytes", ping + "01020304050607", "truncated"},
        {"ping_long", "a byte after the nonce", ping + "010203040506070800", "too_large"},
        {"bye_code", "code 4 has no meaning", "010107000000000004", "unknown_tag"},
        {"inv_varint", "a count of 0 in two bytes", "0101200000000000800000", "varint_not_minimal"},
        {"get_tx_count",
         "257 ids",
         "0101210000000000"
         "8102",
         "too_many"},
        {"get_tx_bomb",
         "2^63 ids",
         "0101210000000000"
         "80808080808080808001",
         "too_many"},
        {"headers_bomb",
         "2000 headers without bytes",
         "0101110000000000"
         "d00f",
         "truncated"},
        {"feature_id_text",
         "a control character",
         "0101020000000000"
         "04611b5b6d"
         "00",
         "bad_text"},
        {"feature_id_short",
         "an id of three bytes",
         "0101020000000000"
         "03616263"
         "00",
         "bad_field"},
        {"get_addr_body", "get_addr has no body", "010130000000000000", "too_large"},
    };
}

/// The word of the spec for a refusal: the codec's where there is one.
std::string_view word_of(const MessageError& error) {
    return error.cause ? codec::to_string(*error.cause) : to_string(error.code);
}

std::string text_at(const Json& row, std::string_view key) {
    const auto* const value = row.find(key);
    REQUIRE(value != nullptr);
    REQUIRE(value->if_text() != nullptr);
    return *value->if_text();
}

}  // namespace

TEST_CASE("Vectors: the golden messages are what the code writes", "[wire][C6]") {
    Json::Array expected;
    for (const auto& entry : valid_cases())
        expected.push_back(Json::object(
            {{"name", Json{entry.name}},
             {"why", Json{entry.why}},
             {"json", codec::parse_json(to_json(entry.message, sample_route)).value()},
             {"hex", Json{to_hex(encode_message(entry.message, sample_route))}}}
        ));
    update("messages.json", expected);
    const auto file = load("messages.json");
    REQUIRE(file.if_array());
    CHECK(*file.if_array() == expected);
}

TEST_CASE("Vectors: the golden messages read back from both forms", "[wire][C6]") {
    const auto file = load("messages.json");
    for (const auto& row : *file.if_array()) {
        INFO(text_at(row, "name"));
        const auto frame = from_hex(text_at(row, "hex")).value();
        FrameDecoder decoder{ready_limits};
        decoder.feed(frame);
        const auto payload = decoder.next();
        REQUIRE(payload);
        const auto from_bytes = decode_message(*payload);
        const auto from_text = message_from_json(codec::to_text(*row.find("json")));
        REQUIRE(from_bytes);
        REQUIRE(from_text);
        CHECK(*from_bytes == *from_text);
    }
}

TEST_CASE("Vectors: the invalid payloads are refused with their error", "[wire][C4]") {
    Json::Array expected;
    for (const auto& entry : invalid_cases())
        expected.push_back(Json::object(
            {{"name", Json{entry.name}},
             {"why", Json{entry.why}},
             {"hex", Json{entry.hex}},
             {"error", Json{entry.error}}}
        ));
    update("invalid.json", expected);
    const auto file = load("invalid.json");
    REQUIRE(file.if_array());
    CHECK(*file.if_array() == expected);
    for (const auto& row : *file.if_array()) {
        INFO(text_at(row, "name"));
        const auto decoded = decode_message(from_hex(text_at(row, "hex")).value());
        REQUIRE_FALSE(decoded);
        CHECK(word_of(decoded.error()) == text_at(row, "error"));
    }
}

}  // namespace cairn::wire
