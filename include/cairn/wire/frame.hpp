/// Frames (spec 01): how messages and text share one byte stream.
///
/// A frame is ten bytes of ASCII, `[1-9][0-9]{0,6} *`, that write the payload's length in bytes as
/// a decimal padded with spaces; then the payload.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/wire/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cairn::wire {

/// Bytes before each payload.
inline constexpr std::size_t frame_header_bytes = 10;

/// What a payload is, told by its first byte (spec 01 R1.9).
enum class PayloadForm : std::uint8_t {
    json,       ///< `{`: a JSON object
    text_line,  ///< other printable ASCII: a command line for people
    binary,     ///< 0x01: an envelope of spec 04
    encrypted,  ///< 0x02: reserved for encrypted records, refused today
    unknown,    ///< anything else
};
[[nodiscard]] std::string_view to_string(PayloadForm form);

/// The form that a payload starting with `first` has.
[[nodiscard]] PayloadForm payload_form(std::uint8_t first);
/// The form of `payload`; `unknown` when it is empty.
[[nodiscard]] PayloadForm payload_form(ByteView payload);

/// Appends the header of a payload of `size` bytes: at least 1, at most `payload_bytes_max`.
void append_frame_header(Bytes& out, std::size_t size);
/// Appends `payload` as a frame, to send several in one write. The size bound as above.
void append_frame(Bytes& out, ByteView payload);
/// `payload` as a frame. The size bound as above.
[[nodiscard]] Bytes make_frame(ByteView payload);

/// Why the bytes of a link cannot be cut into frames. None can be recovered from: the next frame's
/// start is unknown.
enum class FrameError : std::uint8_t {
    bad_header,  ///< a byte breaks the header's form: also an empty payload, or a third blank
    too_large,   ///< the payload is longer than its form or message type may be
};
[[nodiscard]] std::string_view to_string(FrameError error);

/// How long a payload may be, by its form. The owner of a link sets it by the link's state.
struct PayloadLimits {
    /// For JSON and command lines.
    std::size_t text = text_payload_bytes_max;
    /// For all others; a message type's own maximum applies too.
    std::size_t binary = handshake_payload_bytes_max;

    friend bool operator==(const PayloadLimits&, const PayloadLimits&) = default;
};

/// Between READY peers.
inline constexpr PayloadLimits ready_limits{
    .text = text_payload_bytes_max, .binary = payload_bytes_max};

/// Cuts the bytes of one link into payloads, however they were cut on their way.
///
/// Use: `feed` what has come, take payloads from `next` until there are none, look at `error`. Then
/// the decoder holds at most one incomplete frame.
///
/// Rules, each with its reason:
/// 1. The first byte that breaks a header is an error, before the ten bytes are complete: a
///    browser's `POST / HTT` and a TLS hello die on their first byte.
/// 2. The length is checked against the limits when the header is complete, and against the maximum
///    of the message type when three payload bytes are there: nobody makes us wait for, or hold, a
///    `ping` of 4 MB.
/// 3. The buffer is never more than `receive_ahead_bytes_max` larger than what has come: a claimed
///    length costs the one who claims it as much as us.
/// 4. Up to two CR or LF bytes are skipped after a text frame, for `echo | nc`. After a binary one
///    they are errors like any other byte.
/// 5. Limits are read when a header is met, so a payload that changes the link's state may change
///    them for the next frame of the same chunk.
class FrameDecoder {
  public:
    explicit FrameDecoder(PayloadLimits limits = {}) : limits_{limits} {}

    /// Changes what is accepted from the next check on.
    void set_limits(PayloadLimits limits) { limits_ = limits; }

    /// One maximum for all forms.
    void set_payload_max(std::size_t bytes) { limits_ = {.text = bytes, .binary = bytes}; }

    /// Adds what has come. Does nothing after an error.
    void feed(ByteView chunk);

    /// The next complete payload, never empty, valid until `next` or `feed`; nothing when more
    /// bytes are needed or `error` is set.
    [[nodiscard]] std::optional<ByteView> next();

    /// Why decoding has stopped for good. Payloads before the fault have been given by `next`.
    [[nodiscard]] std::optional<FrameError> error() const { return error_; }

    /// True when a frame has begun and is not complete: the time of spec 01 R1.13 runs.
    [[nodiscard]] bool is_mid_frame() const { return position_ < buffer_.size(); }

    /// Bytes of the incomplete frame, header included, that are here.
    [[nodiscard]] std::size_t bytes_buffered() const { return buffer_.size() - position_; }

    /// Bytes of the incomplete frame, header included, when its header is complete.
    [[nodiscard]] std::optional<std::size_t> bytes_expected() const;

    /// Memory that the decoder holds, in bytes.
    [[nodiscard]] std::size_t capacity() const { return buffer_.capacity(); }

  private:
    void skip_blanks();
    void read_header();
    [[nodiscard]] std::size_t payload_max() const;

    [[nodiscard]] ByteView pending() const { return ByteView{buffer_}.subspan(position_); }

    void drop_given();
    void make_room(std::size_t size);

    PayloadLimits limits_;
    Bytes buffer_;
    /// Where the incomplete frame starts; all before it has been given away.
    std::size_t position_ = 0;
    /// Header bytes that have been checked.
    std::size_t header_read_ = 0;
    /// What the digits among them write.
    std::size_t payload_size_ = 0;
    /// CR and LF bytes that may still be skipped.
    std::size_t blanks_left_ = 0;
    std::optional<FrameError> error_;
};

}  // namespace cairn::wire
