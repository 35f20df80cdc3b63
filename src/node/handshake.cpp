#include "cairn/node/handshake.hpp"

#include "cairn/node/node.hpp"

#include <algorithm>

namespace cairn::node {

wire::Hello make_hello(const Context& context, std::uint64_t nonce, LinkKind kind) {
    const auto& tip = context.chain.tip();
    wire::Hello hello;
    hello.nonce = nonce;
    hello.listen_port = context.config.listen_port;
    hello.services = wire::service_full_blocks;
    hello.time = context.now.wall;
    hello.relay_transactions = kind == LinkKind::full;
    hello.user_agent = context.config.user_agent.substr(0, wire::user_agent_bytes_max);
    hello.chains.push_back(
        {.genesis = context.chain.id(),
         .alias = our_chain_alias,
         .tip = tip.hash,
         .work = tip.work,
         .roles = 0}
    );
    return hello;
}

Result<Agreement, wire::ErrorMessage> agree(const wire::Hello& hello, const ChainId& chain) {
    wire::ErrorMessage error;
    error.ref_type = static_cast<std::uint8_t>(wire::MessageType::hello);
    error.fatal = true;
    const auto version = std::min(hello.proto_max, wire::protocol_version);
    if (version < hello.proto_min) {
        error.code = wire::ErrorCode::unsupported_version;
        error.message = "we speak version " + std::to_string(wire::protocol_version);
        return tl::unexpected{error};
    }
    const auto offer = std::find_if(hello.chains.begin(), hello.chains.end(), [&](const auto& one) {
        return one.genesis == chain;
    });
    if (hello.network_id != 0 || offer == hello.chains.end()) {
        error.code = wire::ErrorCode::no_common_chain;
        // Hexadecimal written by us, so nothing of theirs is echoed as it came.
        error.message = "our chain is " + to_hex(chain);
        if (!hello.chains.empty())
            error.message += ", yours is " + to_hex(hello.chains.front().genesis);
        return tl::unexpected{error};
    }
    return Agreement{.version = version, .their_alias = offer->alias, .claimed_tip = offer->tip};
}

wire::HelloAck make_hello_ack(const ChainId& chain, std::uint8_t their_alias) {
    wire::HelloAck ack;
    ack.aliases.push_back({.genesis = chain, .alias = their_alias});
    return ack;
}

bool is_good_ack(const wire::HelloAck& ack, const ChainId& chain) {
    return ack.aliases.size() == 1 && ack.aliases.front().genesis == chain &&
           ack.aliases.front().alias == our_chain_alias;
}

}  // namespace cairn::node
