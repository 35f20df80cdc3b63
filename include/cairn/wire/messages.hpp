/// All messages between peers as one type, to bytes and back, to JSON and back (spec 04).
#pragma once

#include "cairn/base/result.hpp"
#include "cairn/wire/chain_messages.hpp"
#include "cairn/wire/envelope.hpp"
#include "cairn/wire/frame.hpp"
#include "cairn/wire/link_messages.hpp"
#include "cairn/wire/relay_messages.hpp"
#include "cairn/wire/tracker_messages.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace cairn::wire {

/// Any message, in the order of the type numbers.
using Message = std::variant<
    Hello,
    Feature,
    HelloAck,
    Ping,
    Pong,
    ErrorMessage,
    Bye,
    GetHeaders,
    Headers,
    GetBlock,
    BlockMessage,
    Inventory,
    GetTransactions,
    Transactions,
    NotFound,
    FeeFilter,
    GetAddresses,
    Addresses,
    RegisterNode,
    UnregisterNode,
    GetNodes,
    Registered,
    Unregistered,
    Nodes,
    GetRegistration,
    Registration>;

/// The type of the message that `message` holds.
[[nodiscard]] MessageType type_of(const Message& message);

/// What an envelope says beside the type.
struct Route {
    /// The sender's alias of the chain; 0: the link as a whole.
    std::uint8_t chain = 0;
    /// The number that links an answer to its request; 0: none.
    std::uint32_t request = 0;
};

/// A message with its envelope.
struct Decoded {
    Envelope envelope;
    Message message;

    friend bool operator==(const Decoded&, const Decoded&) = default;
};

/// Why a payload is not a message, and with `bad_codec` what is wrong with its body.
struct MessageError {
    WireError code = WireError::bad_codec;
    std::optional<codec::DecodeError> cause;

    friend bool operator==(const MessageError&, const MessageError&) = default;
};

/// `message` as a whole frame, ready to send. It must keep the limits and the rules of its type.
[[nodiscard]] Bytes encode_message(const Message& message, Route route = {});

/// The message that `payload` is. Errors: any `WireError`. After `unknown_type` the link goes on.
[[nodiscard]] Result<Decoded, MessageError> decode_message(ByteView payload);

/// True when the rules hold that a message's type has beyond the form of its fields: `bad_field`
/// otherwise. Checked by `decode_message` and `message_from_json`.
[[nodiscard]] bool has_good_fields(const Message& message);

/// The message as one line of ASCII JSON: `type`, `chain`, `request`, then its fields.
[[nodiscard]] std::string to_json(const Message& message, Route route = {});

/// The message whose JSON form is `text`; `chain` and `request` may be left out and are 0 then.
/// Errors: those of `codec::from_json_text`; `unknown_tag` at `type` for an unknown type.
/// A broken rule of `has_good_fields` is `wrong_type` at the whole message.
[[nodiscard]] Result<Decoded, codec::JsonError> message_from_json(std::string_view text);

}  // namespace cairn::wire
