/// The eight bytes before each binary message (spec 04 §1):
/// `0x01 | version u8 | type u8 | chain u8 | request u32`.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/result.hpp"
#include "cairn/codec/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace cairn::wire {

/// The first byte of a binary payload.
inline constexpr std::uint8_t binary_marker = 0x01;
/// The layout of the envelope, not of the messages: those are agreed in `hello`.
inline constexpr std::uint8_t envelope_version = 1;
inline constexpr std::size_t envelope_bytes = 8;

/// What a message is. The numbers are fixed for good; those that are missing are other messages of
/// spec 04 §5, which this version does not speak.
enum class MessageType : std::uint8_t {
    hello = 0x01,
    feature = 0x02,
    hello_ack = 0x03,
    ping = 0x04,
    pong = 0x05,
    error = 0x06,
    bye = 0x07,
    get_headers = 0x10,
    headers = 0x11,
    get_block = 0x12,
    block = 0x13,
    inv = 0x20,
    get_tx = 0x21,
    txs = 0x22,
    not_found = 0x23,
    fee_filter = 0x24,
    get_addr = 0x30,
    addr = 0x31,
    register_node = 0x40,
    unregister_node = 0x41,
    get_nodes = 0x42,
    registered = 0x43,
    unregistered = 0x44,
    nodes = 0x45,
    get_registration = 0x46,
    registration = 0x47,
};
/// The message's name, as it stands in `proto_spec/` and in JSON.
[[nodiscard]] std::string_view to_string(MessageType type);
/// All types that this version speaks, in the order of their numbers.
[[nodiscard]] std::span<const MessageType> all_message_types();
/// The type whose number is `number`, if this version speaks it.
[[nodiscard]] std::optional<MessageType> message_type(std::uint8_t number);
/// The type whose name is `name`.
[[nodiscard]] std::optional<MessageType> message_type(std::string_view name);

/// The most bytes of a payload of this type, envelope included (spec 04 §6).
[[nodiscard]] std::size_t payload_max_of(MessageType type);
/// The same for any type byte; `unknown_payload_bytes_max` for a type that is not ours.
[[nodiscard]] std::size_t payload_max_of_number(std::uint8_t number);

/// What stands before a message's fields.
struct Envelope {
    MessageType type = MessageType::ping;
    /// The sender's alias for the chain that the message is about; 0: the link as a whole.
    std::uint8_t chain = 0;
    /// Chosen by who asks and echoed in the answer; 0: no answer is linked to it.
    std::uint32_t request = 0;

    friend bool operator==(const Envelope&, const Envelope&) = default;
};

/// Why a payload is not a message.
enum class WireError : std::uint8_t {
    not_binary,           ///< the first byte is not 0x01
    truncated_envelope,   ///< fewer than eight bytes
    unsupported_version,  ///< another envelope version
    unknown_type,         ///< a type that this version does not speak: ignore the message
    too_large,            ///< longer than its type's maximum
    bad_codec,            ///< the body is not the canonical form of the type's fields
    bad_field,            ///< the form is right but a field breaks a rule of its own
};
[[nodiscard]] std::string_view to_string(WireError error);

/// The envelope of `payload`, without a look at the body.
/// Errors: `not_binary`, `truncated_envelope`, `unsupported_version`, `unknown_type`.
[[nodiscard]] Result<Envelope, WireError> peek_envelope(ByteView payload);

/// Appends the eight bytes.
void append_envelope(Bytes& out, const Envelope& envelope);

}  // namespace cairn::wire
