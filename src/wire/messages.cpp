#include "cairn/wire/messages.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/crypto/sha256.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace cairn::wire {

namespace {

template <std::size_t... Index>
Message empty_message(MessageType type, std::index_sequence<Index...>) {
    Message message;
    const auto try_index = [&]<std::size_t Each>(std::integral_constant<std::size_t, Each>) {
        if (std::variant_alternative_t<Each, Message>::type == type)
            message.emplace<Each>();
    };
    (try_index(std::integral_constant<std::size_t, Index>{}), ...);
    return message;
}

/// The alternative that belongs to `type`, with default fields.
Message empty_message(MessageType type) {
    return empty_message(type, std::make_index_sequence<std::variant_size_v<Message>>());
}

/// True when all aliases are in range and neither an alias nor a genesis occurs twice.
template <class Entry>
bool has_good_aliases(const std::vector<Entry>& entries) {
    std::set<std::uint8_t> aliases;
    std::set<ChainId> chains;
    return std::all_of(entries.begin(), entries.end(), [&](const Entry& entry) {
        return entry.alias >= 1 && entry.alias <= chains_max &&
               aliases.insert(entry.alias).second && chains.insert(entry.genesis).second;
    });
}

/// Most messages have no rule beyond the form of their fields.
template <class T>
bool is_good(const T&) {
    return true;
}

bool is_good(const Hello& hello) {
    return hello.proto_min > 0 && hello.proto_min <= hello.proto_max &&
           has_good_aliases(hello.chains);
}

bool is_good(const HelloAck& ack) {
    return has_good_aliases(ack.aliases);
}

bool is_good(const Feature& feature) {
    return feature.id.size() >= feature_id_bytes_min;
}

bool is_good(const Transactions& message) {
    std::size_t total = 0;
    for (const auto& transaction : message.transactions)
        total += transaction.bytes.size();
    return total <= txs_bytes_max;
}

bool are_dialable(const std::vector<NodeAddress>& addresses) {
    return std::all_of(addresses.begin(), addresses.end(), [](const NodeAddress& address) {
        return !address.host.empty() && address.port != 0;
    });
}

bool is_good(const Addresses& message) {
    return are_dialable(message.addresses);
}

bool is_good(const Nodes& message) {
    return are_dialable(message.addresses);
}

bool is_good(const RegisterNode& message) {
    const std::set<ChainId> chains{message.chains.begin(), message.chains.end()};
    return message.port != 0 && !chains.empty() && chains.size() == message.chains.size();
}

bool is_good(const GetNodes& message) {
    return message.count >= 1 && message.count <= nodes_listed_max;
}

/// About how many bytes the body takes, where that is worth knowing before writing.
std::size_t size_hint(const Message& message) {
    return std::visit(
        overloaded{
            [](const BlockMessage& block) { return block.block.size(); },
            [](const Headers& headers) {
                return headers.headers.size() * (ledger::sealed_header_bytes_min + 8);
            },
            [](const Transactions& message_of_many) {
                std::size_t total = 0;
                for (const auto& transaction : message_of_many.transactions)
                    total += transaction.bytes.size() + 3;
                return total;
            },
            [](const Inventory& inventory) {
                return inventory.transactions.size() * (RelayId::size + 4) +
                       inventory.blocks.size() * BlockHash::size;
            },
            [](const auto&) { return std::size_t{0}; }},
        message
    );
}

/// What stands before a message's fields in JSON.
struct JsonEnvelope {
    std::string type;
    Route route;

    template <class Archive>
    void serialize(Archive& archive) {
        constexpr std::size_t type_name_bytes_max = 32;
        archive(
            codec::field("type", codec::bounded<type_name_bytes_max>(type)),
            codec::field("chain", codec::defaulted(route.chain)),
            codec::field("request", codec::defaulted(route.request))
        );
    }
};

/// A message's JSON object.
struct JsonMessage {
    JsonEnvelope envelope;
    Message message;

    void save(codec::JsonWriter& archive) const {
        archive.begin_object();
        archive(codec::flat(envelope));
        std::visit([&](const auto& body) { archive(codec::flat(body)); }, message);
        archive.end_object();
    }

    void load(codec::JsonReader& archive) {
        archive.begin_object();
        archive(codec::flat(envelope));
        if (archive.failed())
            return;
        const auto type = message_type(envelope.type);
        if (!type)
            return archive.fail(codec::DecodeError::unknown_tag, "a message type");
        message = empty_message(*type);
        std::visit([&](auto& body) { archive(codec::flat(body)); }, message);
        archive.end_object();
    }
};

}  // namespace

RelayId relay_id(ByteView transaction_bytes) {
    const auto hash = crypto::sha256(transaction_bytes);
    return *RelayId::from_view(hash.view().first(RelayId::size));
}

MessageType type_of(const Message& message) {
    return std::visit([](const auto& body) { return body.type; }, message);
}

bool has_good_fields(const Message& message) {
    return std::visit([](const auto& body) { return is_good(body); }, message);
}

Bytes encode_message(const Message& message, Route route) {
    const auto type = type_of(message);
    codec::BinaryWriter writer;
    constexpr std::size_t small_message_bytes = 64;
    writer.reserve(frame_header_bytes + envelope_bytes + small_message_bytes + size_hint(message));
    // The length is known when the body is written; until then zeros keep its place.
    constexpr std::array<std::uint8_t, frame_header_bytes> place{};
    writer.write(place);
    Bytes envelope;
    append_envelope(envelope, {.type = type, .chain = route.chain, .request = route.request});
    writer.write(envelope);
    std::visit([&](const auto& body) { writer(body); }, message);
    auto frame = writer.take();
    const auto payload_size = frame.size() - frame_header_bytes;
    CAIRN_ASSERT(payload_size <= payload_max_of(type) && has_good_fields(message));
    Bytes header;
    append_frame_header(header, payload_size);
    std::copy(header.begin(), header.end(), frame.begin());
    return frame;
}

Result<Decoded, MessageError> decode_message(ByteView payload) {
    const auto envelope = peek_envelope(payload);
    if (!envelope)
        return tl::unexpected{MessageError{envelope.error(), std::nullopt}};
    if (payload.size() > payload_max_of(envelope->type))
        return tl::unexpected{MessageError{WireError::too_large, std::nullopt}};
    Decoded decoded{*envelope, empty_message(envelope->type)};
    codec::BinaryReader reader{payload.subspan(envelope_bytes)};
    std::visit([&](auto& body) { reader(body); }, decoded.message);
    if (!reader.failed() && reader.bytes_left() > 0)
        reader.fail(codec::DecodeError::trailing_bytes);
    if (reader.failed())
        return tl::unexpected{MessageError{WireError::bad_codec, reader.error()}};
    if (!has_good_fields(decoded.message))
        return tl::unexpected{MessageError{WireError::bad_field, std::nullopt}};
    return decoded;
}

std::string to_json(const Message& message, Route route) {
    return codec::to_json(JsonMessage{{std::string{to_string(type_of(message))}, route}, message});
}

Result<Decoded, codec::JsonError> message_from_json(std::string_view text) {
    auto read = codec::from_json_text<JsonMessage>(text);
    if (!read)
        return tl::unexpected{std::move(read.error())};
    if (!has_good_fields(read->message))
        return tl::unexpected{codec::JsonError{
            .code = codec::DecodeError::wrong_type,
            .where = {},
            .expected = "fields that keep the rules of their message",
            .actual = {}}};
    const Envelope envelope{
        .type = type_of(read->message),
        .chain = read->envelope.route.chain,
        .request = read->envelope.route.request};
    return Decoded{envelope, std::move(read->message)};
}

}  // namespace cairn::wire
