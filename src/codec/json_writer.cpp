#include "cairn/codec/json_writer.hpp"

#include "cairn/codec/json_text.hpp"

namespace cairn::codec {

void JsonWriter::write_name(std::string_view name) {
    separate();
    append_quoted(text_, name);
    text_ += ':';
    needs_comma_ = false;
}

void JsonWriter::write_bool(bool flag) {
    write_raw(flag ? "true" : "false");
}

void JsonWriter::write_number(std::uint64_t number) {
    write_raw(std::to_string(number));
}

void JsonWriter::write_text(std::string_view text) {
    separate();
    append_quoted(text_, text);
}

void JsonWriter::write_hex(ByteView bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    separate();
    text_ += '"';
    for (const auto byte : bytes) {
        text_ += digits[byte >> 4U];
        text_ += digits[byte & 0xfU];
    }
    text_ += '"';
}

void JsonWriter::write_raw(std::string_view json) {
    separate();
    text_ += json;
}

void JsonWriter::begin(char bracket) {
    separate();
    text_ += bracket;
    needs_comma_ = false;
}

void JsonWriter::end(char bracket) {
    text_ += bracket;
    needs_comma_ = true;
}

void JsonWriter::separate() {
    if (std::exchange(needs_comma_, true))
        text_ += ',';
}

}  // namespace cairn::codec
