/// Messages between a node and a tracker, which lists the addresses of nodes (spec 10).
#pragma once

#include "cairn/wire/link_messages.hpp"
#include "cairn/wire/relay_messages.hpp"

#include <cstdint>
#include <vector>

namespace cairn::wire {

/// Names one entry of a tracker, and proves who made it. Zeros: none.
using TrackerToken = FixedBytes<16, struct TrackerTokenTag>;

/// Asks a tracker to list the sender at the address that its connection comes from.
/// Rules of its own (`bad_field`): `port` is not 0; at least one chain, none twice.
struct RegisterNode {
    static constexpr MessageType type = MessageType::register_node;

    NodeId node_id;
    /// Where the sender accepts links.
    std::uint16_t port = 0;
    std::vector<ChainId> chains;
    /// What the sender will tell the tracker when that dials it back.
    std::uint64_t nonce = 0;
    /// Of the entry that is to live on; zeros for a new one.
    TrackerToken token;

    friend bool operator==(const RegisterNode&, const RegisterNode&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("node_id", node_id),
            codec::field("port", port),
            codec::field("chains", codec::bounded<chains_max, ChainId::size>(chains)),
            codec::field("nonce", codec::hex64(nonce)),
            codec::field("token", token)
        );
    }
};

/// Takes an entry off the list.
struct UnregisterNode {
    static constexpr MessageType type = MessageType::unregister_node;

    TrackerToken token;

    friend bool operator==(const UnregisterNode&, const UnregisterNode&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("token", token));
    }
};

/// Asks for nodes that have a chain.
/// Rule of its own (`bad_field`): `count` is 1 to `nodes_listed_max`.
struct GetNodes {
    static constexpr MessageType type = MessageType::get_nodes;

    ChainId genesis;
    std::uint8_t count = nodes_listed_max;

    friend bool operator==(const GetNodes&, const GetNodes&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("genesis", genesis), codec::field("count", count));
    }
};

/// The entry stands, or lives on.
struct Registered {
    static constexpr MessageType type = MessageType::registered;

    TrackerToken token;
    /// How long the entry lives without another `register`.
    std::uint32_t lifetime_ms = 0;
    /// After how long the tracker expects it.
    std::uint32_t heartbeat_ms = 0;

    friend bool operator==(const Registered&, const Registered&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("token", token),
            codec::field("lifetime_ms", lifetime_ms),
            codec::field("heartbeat_ms", heartbeat_ms)
        );
    }
};

/// The entry is gone.
struct Unregistered {
    static constexpr MessageType type = MessageType::unregistered;

    friend bool operator==(const Unregistered&, const Unregistered&) = default;

    template <class Archive>
    void serialize(Archive&) {}
};

/// Nodes that a tracker lists, drawn at random.
/// Rule of its own (`bad_field`): no host is empty and no port is 0.
struct Nodes {
    static constexpr MessageType type = MessageType::nodes;

    std::vector<NodeAddress> addresses;

    friend bool operator==(const Nodes&, const Nodes&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field(
            "addresses", codec::bounded<nodes_listed_max, node_address_bytes_min>(addresses)
        ));
    }
};

/// What a tracker says first when it dials back: who has registered from here?
struct GetRegistration {
    static constexpr MessageType type = MessageType::get_registration;

    friend bool operator==(const GetRegistration&, const GetRegistration&) = default;

    template <class Archive>
    void serialize(Archive&) {}
};

/// The answer: the nonce of the sender's own `register`. The tracker never tells it, so nobody who
/// merely repeats what it hears can give it.
struct Registration {
    static constexpr MessageType type = MessageType::registration;

    std::uint64_t nonce = 0;

    friend bool operator==(const Registration&, const Registration&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("nonce", codec::hex64(nonce)));
    }
};

}  // namespace cairn::wire
