#include "cairn/wire/frame.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/wire/envelope.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace cairn::wire {

namespace {

/// Digits of the longest header; at least three spaces follow.
constexpr std::size_t digits_max = 7;

constexpr bool is_digit(std::uint8_t byte) {
    return byte >= '0' && byte <= '9';
}

constexpr bool is_text(PayloadForm form) {
    return form == PayloadForm::json || form == PayloadForm::text_line;
}

/// True when `byte` may stand at `index` of a header whose bytes before it are `before`.
bool fits_header(ByteView before, std::uint8_t byte) {
    if (before.empty())
        return is_digit(byte) && byte != '0';
    if (byte == ' ')
        return true;
    return is_digit(byte) && before.size() < digits_max && before.back() != ' ';
}

}  // namespace

PayloadForm payload_form(std::uint8_t first) {
    if (first == '{')
        return PayloadForm::json;
    if (first == binary_marker)
        return PayloadForm::binary;
    if (first == 0x02)
        return PayloadForm::encrypted;
    return first >= 0x20 && first <= 0x7e ? PayloadForm::text_line : PayloadForm::unknown;
}

PayloadForm payload_form(ByteView payload) {
    return payload.empty() ? PayloadForm::unknown : payload_form(payload.front());
}

void append_frame_header(Bytes& out, std::size_t size) {
    CAIRN_ASSERT(size > 0 && size <= payload_bytes_max);
    std::array<char, frame_header_bytes> header{};
    header.fill(' ');
    std::to_chars(header.data(), header.data() + header.size(), size);
    out.insert(out.end(), header.begin(), header.end());
}

void append_frame(Bytes& out, ByteView payload) {
    append_frame_header(out, payload.size());
    out.insert(out.end(), payload.begin(), payload.end());
}

Bytes make_frame(ByteView payload) {
    Bytes frame;
    frame.reserve(frame_header_bytes + payload.size());
    append_frame(frame, payload);
    return frame;
}

void FrameDecoder::feed(ByteView chunk) {
    if (error_ || chunk.empty())
        return;
    drop_given();
    make_room(buffer_.size() + chunk.size());
    buffer_.insert(buffer_.end(), chunk.begin(), chunk.end());
}

std::optional<ByteView> FrameDecoder::next() {
    if (error_)
        return std::nullopt;
    if (position_ == buffer_.size())
        drop_given();
    skip_blanks();
    read_header();
    if (error_ || header_read_ < frame_header_bytes)
        return std::nullopt;
    if (payload_size_ > payload_max()) {
        error_ = FrameError::too_large;
        return std::nullopt;
    }
    const auto begun = pending().subspan(frame_header_bytes);
    if (begun.size() < payload_size_)
        return std::nullopt;
    const auto payload = begun.first(payload_size_);
    position_ += frame_header_bytes + payload_size_;
    header_read_ = 0;
    payload_size_ = 0;
    blanks_left_ = is_text(payload_form(payload)) ? blanks_max : 0;
    return payload;
}

std::optional<std::size_t> FrameDecoder::bytes_expected() const {
    if (header_read_ < frame_header_bytes)
        return std::nullopt;
    return frame_header_bytes + payload_size_;
}

void FrameDecoder::skip_blanks() {
    if (header_read_ > 0)
        return;
    while (blanks_left_ > 0 && position_ < buffer_.size()) {
        const auto byte = buffer_[position_];
        if (byte != '\r' && byte != '\n')
            return;
        ++position_;
        --blanks_left_;
    }
}

void FrameDecoder::read_header() {
    const auto bytes = pending();
    while (header_read_ < frame_header_bytes && header_read_ < bytes.size()) {
        const auto byte = bytes[header_read_];
        if (!fits_header(bytes.first(header_read_), byte)) {
            error_ = FrameError::bad_header;
            return;
        }
        if (byte != ' ')
            payload_size_ = 10 * payload_size_ + (byte - std::size_t{'0'});
        ++header_read_;
    }
}

std::size_t FrameDecoder::payload_max() const {
    const auto payload = pending().subspan(frame_header_bytes);
    if (payload.empty())
        return std::max(limits_.text, limits_.binary);
    const auto form = payload_form(payload);
    if (is_text(form))
        return limits_.text;
    if (form != PayloadForm::binary)
        return std::min(limits_.binary, unknown_payload_bytes_max);
    // The third byte of an envelope is the type.
    if (payload.size() < 3)
        return limits_.binary;
    return std::min(limits_.binary, payload_max_of_number(payload[2]));
}

void FrameDecoder::drop_given() {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(position_));
    position_ = 0;
    // A link that once received a block must not hold its memory while it is idle.
    if (buffer_.capacity() > buffer_.size() + receive_ahead_bytes_max)
        buffer_.shrink_to_fit();
}

void FrameDecoder::make_room(std::size_t size) {
    if (size <= buffer_.capacity())
        return;
    const auto wanted = std::max(size, bytes_expected().value_or(size));
    buffer_.reserve(std::min(wanted, size + receive_ahead_bytes_max));
}

}  // namespace cairn::wire
