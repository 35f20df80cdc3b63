/// What two nodes tell each other first, and what they agree on (spec 04 §2, §3).
#pragma once

#include "cairn/base/result.hpp"
#include "cairn/chain/blockchain.hpp"
#include "cairn/node/context.hpp"
#include "cairn/wire/messages.hpp"

namespace cairn::node {

/// The alias by which our envelopes name the one chain that a node has.
inline constexpr std::uint8_t our_chain_alias = 1;

/// What follows from a `hello` that we can work with.
struct Agreement {
    /// The highest version that both sides speak.
    std::uint16_t version = 0;
    /// The alias by which their envelopes name our chain.
    std::uint8_t their_alias = 0;
    BlockHash claimed_tip;
};

/// Our own `hello`. `nonce` names this node for as long as it runs: it is how a node recognises
/// itself, and a second link to the same peer.
[[nodiscard]] wire::Hello make_hello(
    const Context& context, std::uint64_t nonce, LinkKind kind = LinkKind::full
);

/// Whether `hello` suits us. Errors, ready to be sent: `unsupported_version` when no version is
/// common, `no_common_chain`, which names both chains, when `chain` is not among theirs.
[[nodiscard]] Result<Agreement, wire::ErrorMessage> agree(
    const wire::Hello& hello, const ChainId& chain
);

/// Our acknowledgement of a peer's `hello`, which named `chain` by `their_alias`.
[[nodiscard]] wire::HelloAck make_hello_ack(const ChainId& chain, std::uint8_t their_alias);

/// True when `ack` names our chain by the alias of our own `hello`, and nothing else.
[[nodiscard]] bool is_good_ack(const wire::HelloAck& ack, const ChainId& chain);

}  // namespace cairn::node
