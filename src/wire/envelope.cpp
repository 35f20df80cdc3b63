#include "cairn/wire/envelope.hpp"

#include "cairn/ledger/header.hpp"
#include "cairn/wire/messages.hpp"

#include <array>
#include <utility>

namespace cairn::wire {

namespace {

/// The largest varint count or length before a list or a byte string of these sizes.
constexpr std::size_t length_bytes = 3;
static_assert(ledger::block_bytes_max < (1U << 21U));

constexpr std::size_t error_payload_bytes_max = 1024;

constexpr std::size_t list_bytes(std::size_t count, std::size_t element_bytes) {
    return length_bytes + count * element_bytes;
}

/// The body of a `hello` with every list full.
constexpr std::size_t hello_body_bytes_max =
    2 + 2 + 4 + 8 + NodeId::size + 2 + 8 + 8 + list_bytes(user_agent_bytes_max, 1) +
    list_bytes(chains_max, chain_offer_bytes) + 1 + list_bytes(hello_extension_bytes_max, 1);
static_assert(envelope_bytes + hello_body_bytes_max <= handshake_payload_bytes_max);

constexpr std::size_t error_body_bytes_max =
    1 + 1 + 4 + list_bytes(error_message_bytes_max, 1) + 5 + 1;
static_assert(envelope_bytes + error_body_bytes_max <= error_payload_bytes_max);

/// The most bytes of a body of this type.
constexpr std::size_t body_max_of(MessageType type) {
    switch (type) {
        case MessageType::hello:
            return handshake_payload_bytes_max - envelope_bytes;
        case MessageType::feature:
            return list_bytes(feature_id_bytes_max, 1) + list_bytes(feature_content_bytes_max, 1);
        case MessageType::hello_ack:
            return list_bytes(chains_max, ChainId::size + 1);
        case MessageType::ping:
        case MessageType::pong:
            return 8;
        case MessageType::error:
            return error_payload_bytes_max - envelope_bytes;
        case MessageType::bye:
            return 1;
        case MessageType::get_headers:
            return list_bytes(locator_hashes_max, BlockHash::size) + BlockHash::size;
        case MessageType::headers:
            return list_bytes(headers_max, ledger::sealed_header_bytes_max);
        case MessageType::get_block:
            return BlockHash::size;
        case MessageType::block:
            return list_bytes(ledger::block_bytes_max, 1);
        case MessageType::inv:
            return list_bytes(inv_transactions_max, RelayId::size + 4) +
                   list_bytes(inv_blocks_max, BlockHash::size);
        case MessageType::get_tx:
            return list_bytes(get_tx_ids_max, RelayId::size);
        case MessageType::txs:
            return list_bytes(get_tx_ids_max, length_bytes) + txs_bytes_max;
        case MessageType::not_found:
            return list_bytes(get_tx_ids_max, RelayId::size) +
                   list_bytes(not_found_blocks_max, BlockHash::size);
        case MessageType::fee_filter:
            return 8;
        case MessageType::get_addr:
            return 0;
        case MessageType::addr:
            return list_bytes(addresses_max, node_address_bytes_max);
        case MessageType::register_node:
            return NodeId::size + 2 + list_bytes(chains_max, ChainId::size) + 8 +
                   TrackerToken::size;
        case MessageType::unregister_node:
            return TrackerToken::size;
        case MessageType::get_nodes:
            return ChainId::size + 1;
        case MessageType::registered:
            return TrackerToken::size + 4 + 4;
        case MessageType::unregistered:
        case MessageType::get_registration:
            return 0;
        case MessageType::nodes:
            return list_bytes(nodes_listed_max, node_address_bytes_max);
        case MessageType::registration:
            return 8;
    }
    return 0;
}

/// The types of the alternatives of `Message`, which are all types.
template <std::size_t... Index>
constexpr auto types_of(std::index_sequence<Index...>) {
    return std::array{std::variant_alternative_t<Index, Message>::type...};
}

constexpr auto all_types = types_of(std::make_index_sequence<std::variant_size_v<Message>>());

}  // namespace

std::string_view to_string(MessageType type) {
    switch (type) {
        case MessageType::hello:
            return "hello";
        case MessageType::feature:
            return "feature";
        case MessageType::hello_ack:
            return "hello_ack";
        case MessageType::ping:
            return "ping";
        case MessageType::pong:
            return "pong";
        case MessageType::error:
            return "error";
        case MessageType::bye:
            return "bye";
        case MessageType::get_headers:
            return "get_headers";
        case MessageType::headers:
            return "headers";
        case MessageType::get_block:
            return "get_block";
        case MessageType::block:
            return "block";
        case MessageType::inv:
            return "inv";
        case MessageType::get_tx:
            return "get_tx";
        case MessageType::txs:
            return "txs";
        case MessageType::not_found:
            return "not_found";
        case MessageType::fee_filter:
            return "fee_filter";
        case MessageType::get_addr:
            return "get_addr";
        case MessageType::addr:
            return "addr";
        case MessageType::register_node:
            return "register";
        case MessageType::unregister_node:
            return "unregister";
        case MessageType::get_nodes:
            return "get_nodes";
        case MessageType::registered:
            return "registered";
        case MessageType::unregistered:
            return "unregistered";
        case MessageType::nodes:
            return "nodes";
        case MessageType::get_registration:
            return "get_registration";
        case MessageType::registration:
            return "registration";
    }
    return "unknown";
}

std::span<const MessageType> all_message_types() {
    return all_types;
}

std::optional<MessageType> message_type(std::uint8_t number) {
    for (const auto type : all_types) {
        if (static_cast<std::uint8_t>(type) == number)
            return type;
    }
    return std::nullopt;
}

std::optional<MessageType> message_type(std::string_view name) {
    for (const auto type : all_types) {
        if (to_string(type) == name)
            return type;
    }
    return std::nullopt;
}

std::size_t payload_max_of(MessageType type) {
    return envelope_bytes + body_max_of(type);
}

std::size_t payload_max_of_number(std::uint8_t number) {
    const auto type = message_type(number);
    return type ? payload_max_of(*type) : unknown_payload_bytes_max;
}

Result<Envelope, WireError> peek_envelope(ByteView payload) {
    if (payload.empty() || payload[0] != binary_marker)
        return tl::unexpected{WireError::not_binary};
    if (payload.size() < envelope_bytes)
        return tl::unexpected{WireError::truncated_envelope};
    if (payload[1] != envelope_version)
        return tl::unexpected{WireError::unsupported_version};
    const auto type = message_type(payload[2]);
    if (!type)
        return tl::unexpected{WireError::unknown_type};
    Envelope envelope{.type = *type, .chain = payload[3]};
    for (std::size_t i = 0; i < 4; ++i)
        envelope.request |= std::uint32_t{payload[4 + i]} << (8 * i);
    return envelope;
}

void append_envelope(Bytes& out, const Envelope& envelope) {
    out.push_back(binary_marker);
    out.push_back(envelope_version);
    out.push_back(static_cast<std::uint8_t>(envelope.type));
    out.push_back(envelope.chain);
    for (std::size_t i = 0; i < 4; ++i)
        out.push_back(static_cast<std::uint8_t>(envelope.request >> (8 * i)));
}

}  // namespace cairn::wire
