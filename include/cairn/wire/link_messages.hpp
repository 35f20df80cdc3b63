/// Messages about the link itself: the handshake, liveness, errors and the goodbye (spec 04 §3).
#pragma once

#include "cairn/base/time.hpp"
#include "cairn/wire/envelope.hpp"
#include "cairn/wire/fields.hpp"
#include "cairn/wire/limits.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::wire {

/// An identity key (33 bytes, compressed secp256k1), or zeros: none.
using NodeId = FixedBytes<33, struct NodeIdTag>;

/// The version of the peer protocol that this code speaks.
inline constexpr std::uint16_t protocol_version = 1;

/// Bits of `Hello::services`; the others are for later versions and are ignored.
inline constexpr std::uint64_t service_full_blocks = 1;

/// A chain that the sender has. Tip and work are hints for whom to ask first, nothing more: they
/// cost nothing to claim.
struct ChainOffer {
    ChainId genesis;
    /// The number by which the sender's envelopes will name the chain, 1 to `chains_max`.
    std::uint8_t alias = 1;
    BlockHash tip;
    /// Cumulative work of the tip.
    Uint256 work;
    /// Zero today.
    std::uint8_t roles = 0;

    friend bool operator==(const ChainOffer&, const ChainOffer&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("genesis", genesis),
            codec::field("alias", alias),
            codec::field("tip", tip),
            codec::field("work", work),
            codec::field("roles", roles)
        );
    }
};

/// Bytes of one `ChainOffer`.
inline constexpr std::size_t chain_offer_bytes = 32 + 1 + 32 + 32 + 1;

/// The first message each way.
/// Rules of its own (`bad_field`): `proto_min <= proto_max`, `proto_min > 0`; aliases from 1 to
/// `chains_max`; no alias and no genesis twice.
struct Hello {
    static constexpr MessageType type = MessageType::hello;

    std::uint16_t proto_min = protocol_version;
    std::uint16_t proto_max = protocol_version;
    /// Keeps networks apart that share a chain, such as tests.
    std::uint32_t network_id = 0;
    /// Random for each link; a node that meets its own is talking to itself.
    std::uint64_t nonce = 0;
    NodeId node_id;
    /// Where the sender accepts links; 0: nowhere.
    std::uint16_t listen_port = 0;
    std::uint64_t services = 0;
    UnixMillis time;
    std::string user_agent;
    std::vector<ChainOffer> chains;
    /// False asks not to be told of transactions.
    bool relay_transactions = true;
    /// What later versions say here; ours is empty, and theirs is ignored.
    Bytes extension;

    friend bool operator==(const Hello&, const Hello&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("proto_min", proto_min),
            codec::field("proto_max", proto_max),
            codec::field("network_id", network_id),
            codec::field("nonce", codec::hex64(nonce)),
            codec::field("node_id", node_id),
            codec::field("listen_port", listen_port),
            codec::field("services", codec::hex64(services)),
            codec::field("time", time),
            codec::field("user_agent", printable<user_agent_bytes_max>(user_agent)),
            codec::field("chains", codec::bounded<chains_max, chain_offer_bytes>(chains)),
            codec::field("relay_transactions", relay_transactions),
            codec::field("extension", codec::bounded<hello_extension_bytes_max>(extension))
        );
    }
};

/// An optional capability of the sender; unknown ones are ignored.
/// Rule of its own (`bad_field`): the id has at least `feature_id_bytes_min` bytes.
struct Feature {
    static constexpr MessageType type = MessageType::feature;

    std::string id;
    Bytes content;

    friend bool operator==(const Feature&, const Feature&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("id", printable<feature_id_bytes_max>(id)),
            codec::field("content", codec::bounded<feature_content_bytes_max>(content))
        );
    }
};

/// A chain that both sides have, with the alias from the `hello` that is acknowledged.
struct ChainAlias {
    ChainId genesis;
    std::uint8_t alias = 1;

    friend bool operator==(const ChainAlias&, const ChainAlias&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("genesis", genesis), codec::field("alias", alias));
    }
};

/// Ends the sender's part of the handshake. Rules of its own: those of `Hello` for aliases.
struct HelloAck {
    static constexpr MessageType type = MessageType::hello_ack;

    std::vector<ChainAlias> aliases;

    friend bool operator==(const HelloAck&, const HelloAck&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("aliases", codec::bounded<chains_max, 33>(aliases)));
    }
};

/// Asks whether the other side lives.
struct Ping {
    static constexpr MessageType type = MessageType::ping;

    std::uint64_t nonce = 0;

    friend bool operator==(const Ping&, const Ping&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("nonce", codec::hex64(nonce)));
    }
};

/// The answer, with the nonce of the `Ping`.
struct Pong {
    static constexpr MessageType type = MessageType::pong;

    std::uint64_t nonce = 0;

    friend bool operator==(const Pong&, const Pong&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("nonce", codec::hex64(nonce)));
    }
};

/// Why a message was refused (spec 04 §3.5).
enum class ErrorCode : std::uint8_t {
    bad_frame,
    too_large,
    not_json,
    bad_codec,
    bad_field,
    unknown_type,
    not_ready,
    unsupported_version,
    no_common_chain,
    self,
    duplicate,
    busy,
    rate_limited,
    not_found,
    auth_required,
    forbidden,
    internal,
};
[[nodiscard]] std::string_view to_string(ErrorCode code);

/// Tells the other side what it did wrong. Never sent in answer to an `ErrorMessage`, and never
/// carries bytes that the other side wrote.
struct ErrorMessage {
    static constexpr MessageType type = MessageType::error;

    ErrorCode code = ErrorCode::internal;
    /// The type byte and the request of the message at fault; 0: none.
    std::uint8_t ref_type = 0;
    std::uint32_t ref_request = 0;
    std::string message;
    /// When it may be tried again.
    std::optional<std::uint32_t> retry_ms;
    /// True when the sender closes the link.
    bool fatal = false;

    friend bool operator==(const ErrorMessage&, const ErrorMessage&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("code", named<ErrorCode::internal>(code)),
            codec::field("ref_type", ref_type),
            codec::field("ref_request", ref_request),
            codec::field("message", printable<error_message_bytes_max>(message)),
            codec::field("retry_ms", retry_ms),
            codec::field("fatal", fatal)
        );
    }
};

/// Why a link ends without anybody's fault.
enum class ByeCode : std::uint8_t {
    shutting_down,
    too_many_links,
    idle,
    replaced,  ///< another link to the same node, or a better peer, took its place
};
[[nodiscard]] std::string_view to_string(ByeCode code);

/// The last message of a link.
struct Bye {
    static constexpr MessageType type = MessageType::bye;

    ByeCode code = ByeCode::shutting_down;

    friend bool operator==(const Bye&, const Bye&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("code", named<ByeCode::replaced>(code)));
    }
};

}  // namespace cairn::wire
