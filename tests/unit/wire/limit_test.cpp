#include "tests/unit/wire/samples.hpp"

#include <catch2/catch.hpp>

#include <utility>
#include <vector>

namespace cairn::wire {

namespace {

/// The error of a message that may break limits; nothing when it is accepted.
template <class T>
std::optional<MessageError> error_of(const T& message) {
    Bytes payload;
    append_envelope(payload, {.type = T::type});
    const auto body = codec::encode(message);
    payload.insert(payload.end(), body.begin(), body.end());
    const auto decoded = decode_message(payload);
    return decoded ? std::nullopt : std::optional{decoded.error()};
}

/// True when the message is refused for its length, by its type's maximum or by the field's own.
template <class T>
bool is_too_much(const T& message) {
    const auto error = error_of(message);
    return error &&
           (error->code == WireError::too_large || error->cause == codec::DecodeError::too_many ||
            error->cause == codec::DecodeError::too_long);
}

/// Checks that `make(max)` is accepted and `make(max + 1)` is not.
template <class Make>
void check_limit(std::size_t max, Make make) {
    CHECK_FALSE(error_of(make(max)));
    CHECK(is_too_much(make(max + 1)));
}

template <class T>
std::vector<T> many(std::size_t count) {
    return std::vector<T>(count);
}

ledger::SealedHeader longest_header() {
    ledger::SealedHeader head;
    head.seal = Bytes(ledger::seal_bytes_max);
    return head;
}

}  // namespace

TEST_CASE("Limits: the longest payload of each type is what spec 04 section 6 says", "[wire]") {
    const std::vector<std::pair<MessageType, std::size_t>> rows{
        {MessageType::hello, 8'192},
        {MessageType::feature, 606},
        {MessageType::hello_ack, 539},
        {MessageType::ping, 16},
        {MessageType::pong, 16},
        {MessageType::error, 1'024},
        {MessageType::bye, 9},
        {MessageType::get_headers, 3'275},
        {MessageType::headers, 450'011},
        {MessageType::get_block, 40},
        {MessageType::block, 2'000'011},
        {MessageType::inv, 100'270},
        {MessageType::get_tx, 4'107},
        {MessageType::txs, 525'067},
        {MessageType::not_found, 4'622},
        {MessageType::fee_filter, 16},
        {MessageType::get_addr, 8},
        {MessageType::addr, 275'011},
        {MessageType::register_node, 582},
        {MessageType::unregister_node, 24},
        {MessageType::get_nodes, 41},
        {MessageType::registered, 32},
        {MessageType::unregistered, 8},
        {MessageType::nodes, 13'761},
        {MessageType::get_registration, 8},
        {MessageType::registration, 16},
    };
    CHECK(rows.size() == std::variant_size_v<Message>);
    for (const auto& [type, max] : rows)
        CHECK(payload_max_of(type) == max);
}

TEST_CASE("Limits: lists of hashes and ids end at their maxima", "[wire][F10]") {
    check_limit(locator_hashes_max, [](std::size_t count) {
        return GetHeaders{many<BlockHash>(count), {}};
    });
    check_limit(inv_transactions_max, [](std::size_t count) {
        return Inventory{many<TransactionNotice>(count), {}};
    });
    check_limit(inv_blocks_max, [](std::size_t count) {
        return Inventory{{}, many<BlockHash>(count)};
    });
    check_limit(get_tx_ids_max, [](std::size_t count) {
        return GetTransactions{many<RelayId>(count)};
    });
    check_limit(get_tx_ids_max, [](std::size_t count) {
        return NotFound{many<RelayId>(count), {}};
    });
    check_limit(not_found_blocks_max, [](std::size_t count) {
        return NotFound{{}, many<BlockHash>(count)};
    });
}

TEST_CASE("Limits: headers and blocks end at their maxima", "[wire][F10]") {
    check_limit(headers_max, [](std::size_t count) {
        return Headers{std::vector(count, longest_header())};
    });
    check_limit(ledger::seal_bytes_max, [](std::size_t size) {
        auto head = longest_header();
        head.seal.resize(size);
        return Headers{{head}};
    });
    check_limit(ledger::block_bytes_max, [](std::size_t size) {
        return BlockMessage{Bytes(size)};
    });
}

TEST_CASE("Limits: transactions are bounded singly, by number and together", "[wire][F10]") {
    check_limit(get_tx_ids_max, [](std::size_t count) {
        return Transactions{many<RawTransaction>(count)};
    });
    check_limit(ledger::transaction_bytes_max, [](std::size_t size) {
        return Transactions{{RawTransaction{Bytes(size)}}};
    });
    const RawTransaction longest{Bytes(ledger::transaction_bytes_max)};
    Transactions full{std::vector(txs_bytes_max / ledger::transaction_bytes_max, longest)};
    CHECK_FALSE(error_of(full));
    full.transactions.push_back(RawTransaction{{1}});
    CHECK(error_of(full)->code == WireError::bad_field);
}

TEST_CASE("Limits: addresses end at their maxima and can be dialled", "[wire][F10]") {
    NodeAddress address;
    address.host = std::string(host_bytes_max, 'a');
    address.port = 1;
    check_limit(addresses_max, [&](std::size_t count) {
        return Addresses{std::vector(count, address)};
    });
    check_limit(host_bytes_max, [&](std::size_t size) {
        auto other = address;
        other.host.assign(size, 'a');
        return Addresses{{other}};
    });
    address.host = "a\nb";
    CHECK(error_of(Addresses{{address}})->cause == codec::DecodeError::bad_text);
    address.host.clear();
    CHECK(error_of(Addresses{{address}})->code == WireError::bad_field);
    address.host = "192.0.2.1";
    address.port = 0;
    CHECK(error_of(Addresses{{address}})->code == WireError::bad_field);
}

TEST_CASE("Limits: what trackers are told and tell ends at its maxima", "[wire][tracker]") {
    const auto registration = [](std::size_t count) {
        RegisterNode message;
        message.port = 5001;
        for (std::size_t i = 0; i < count; ++i)
            message.chains.push_back(counting<ChainId>(static_cast<std::uint8_t>(i)));
        return message;
    };
    check_limit(chains_max, registration);
    CHECK(error_of(registration(0))->code == WireError::bad_field);
    auto twice = registration(1);
    twice.chains.push_back(twice.chains.front());
    CHECK(error_of(twice)->code == WireError::bad_field);
    auto nowhere = registration(1);
    nowhere.port = 0;
    CHECK(error_of(nowhere)->code == WireError::bad_field);
    CHECK_FALSE(error_of(GetNodes{{}, 1}));
    CHECK_FALSE(error_of(GetNodes{{}, nodes_listed_max}));
    CHECK(error_of(GetNodes{{}, 0})->code == WireError::bad_field);
    CHECK(error_of(GetNodes{{}, nodes_listed_max + 1})->code == WireError::bad_field);
    check_limit(nodes_listed_max, [](std::size_t count) {
        NodeAddress address;
        address.host = std::string(host_bytes_max, 'a');
        address.port = 1;
        return Nodes{std::vector(count, address)};
    });
    CHECK(error_of(Nodes{{NodeAddress{{}, 0, "192.0.2.1", 0}}})->code == WireError::bad_field);
}

TEST_CASE("Limits: features and errors end at their maxima", "[wire][F10]") {
    check_limit(feature_id_bytes_max, [](std::size_t size) {
        return Feature{std::string(size, 'a'), Bytes(feature_content_bytes_max)};
    });
    check_limit(feature_content_bytes_max, [](std::size_t size) {
        return Feature{"name", Bytes(size)};
    });
    CHECK_FALSE(error_of(Feature{std::string(feature_id_bytes_min, 'a'), {}}));
    CHECK(
        error_of(Feature{std::string(feature_id_bytes_min - 1, 'a'), {}})->code ==
        WireError::bad_field
    );
    check_limit(error_message_bytes_max, [](std::size_t size) {
        auto error = sample_error();
        error.message.assign(size, 'a');
        return error;
    });
    auto error = sample_error();
    error.message = "\x1b[2J";
    CHECK(error_of(error)->cause == codec::DecodeError::bad_text);
}

TEST_CASE("Limits: handshake lists end at their maxima", "[wire][F10]") {
    check_limit(chains_max, [](std::size_t count) {
        HelloAck ack;
        for (std::size_t i = 1; i <= count; ++i) {
            ChainAlias entry;
            entry.alias = static_cast<std::uint8_t>(i);
            entry.genesis.bytes[0] = entry.alias;
            ack.aliases.push_back(entry);
        }
        return ack;
    });
}

}  // namespace cairn::wire
