/// One message of each type with every field set to something that can be told apart.
#pragma once

#include "cairn/wire/messages.hpp"

#include <cstdint>
#include <vector>

namespace cairn::wire {

/// `Fixed` whose bytes count up from `first`.
template <class Fixed>
Fixed counting(std::uint8_t first) {
    Fixed value;
    for (auto& byte : value.bytes)
        byte = first++;
    return value;
}

/// Where the samples are sent.
inline constexpr Route sample_route{.chain = 1, .request = 0x01020304};

inline Hello sample_hello() {
    Hello hello;
    hello.proto_max = 3;
    hello.network_id = 0x01020304;
    hello.nonce = 0xfedcba9876543210;
    hello.node_id = counting<NodeId>(2);
    hello.listen_port = 5001;
    hello.services = service_full_blocks;
    hello.time = UnixMillis{1'700'000'000'000};
    hello.user_agent = "cairn/0.1.0";
    ChainOffer offer;
    offer.genesis = counting<ChainId>(0x40);
    offer.alias = 1;
    offer.tip = counting<BlockHash>(0x80);
    offer.work = Uint256::from_u64(0x1234);
    hello.chains = {offer};
    hello.extension = {0xaa};
    return hello;
}

inline ledger::SealedHeader sample_header() {
    ledger::SealedHeader head;
    head.header.chain = counting<ledger::ChainTag>(1);
    head.header.height = Height{7};
    head.header.time = UnixMillis{1'700'000'000'000};
    head.header.target = 0x207fffff;
    head.header.previous = counting<BlockHash>(0x10);
    head.header.tx_root = counting<ledger::TxRoot>(0x30);
    head.header.state_root = counting<ledger::StateRoot>(0x50);
    head.seal = {1, 2, 3, 4, 5, 6, 7, 8};
    return head;
}

inline ErrorMessage sample_error() {
    ErrorMessage error;
    error.code = ErrorCode::rate_limited;
    error.ref_type = 0x10;
    error.ref_request = 9;
    error.message = "too many requests";
    error.retry_ms = 2000;
    return error;
}

/// In the order of `Message`'s alternatives.
inline std::vector<Message> sample_messages() {
    const auto id = counting<RelayId>(0x20);
    const auto hash = counting<BlockHash>(0x60);
    return {
        sample_hello(),
        Feature{"compact_blocks", {1, 2}},
        HelloAck{{{counting<ChainId>(0x40), 2}}},
        Ping{0x0102030405060708},
        Pong{0x0102030405060708},
        sample_error(),
        Bye{ByeCode::replaced},
        GetHeaders{{hash, counting<BlockHash>(0x61)}, counting<BlockHash>(0x62)},
        Headers{{sample_header(), sample_header()}},
        GetBlock{hash},
        BlockMessage{{9, 8, 7}},
        Inventory{{{id, 250}}, {hash}},
        GetTransactions{{id}},
        Transactions{{{{1, 2, 3}}, {{4}}}},
        NotFound{{id}, {hash}},
        FeeFilter{Amount{1'234}},
        GetAddresses{},
        Addresses{{{UnixMillis{1'700'000'000'000}, service_full_blocks, "192.0.2.7", 5001}}},
        RegisterNode{
            counting<NodeId>(2),
            5001,
            {counting<ChainId>(0x40)},
            0x0102030405060708,
            counting<TrackerToken>(0x70)},
        UnregisterNode{counting<TrackerToken>(0x70)},
        GetNodes{counting<ChainId>(0x40), 50},
        Registered{counting<TrackerToken>(0x70), 180'000, 60'000},
        Unregistered{},
        Nodes{{{UnixMillis{1'700'000'000'000}, service_full_blocks, "192.0.2.7", 5001}}},
        GetRegistration{},
        Registration{0x0102030405060708},
    };
}

/// The payload of a frame.
inline Bytes payload_of(const Bytes& frame) {
    return to_bytes(ByteView{frame}.subspan(frame_header_bytes));
}

inline Bytes payload_of(const Message& message, Route route = {}) {
    return payload_of(encode_message(message, route));
}

}  // namespace cairn::wire
