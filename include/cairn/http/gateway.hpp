/// A gateway: the doors of all nodes of a machine behind one, each below `/node/<port>` (spec 12
/// §10), without sockets.
///
/// Rules:
/// 1. What a node's own door serves is served below `/node/<port>` with the same rules, save for
///    events, which the text protocol has not.
/// 2. Nodes see everything as coming from their own machine. So what they refuse to strangers is
///    refused here: control always, reading unless `open_probe`, and ports that the operator has
///    not named.
#pragma once

#include "cairn/http/gate.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::http {

struct GatewayOptions {
    std::vector<std::string> hosts;
    std::vector<std::string> cors;
    std::string version;
    /// The ports of the nodes that are shown, at most `gateway_nodes_max`.
    std::vector<std::uint16_t> nodes;
    /// Other machines may read from these nodes.
    bool open_probe = false;
};

class Gateway {
  public:
    explicit Gateway(GatewayOptions options);
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    [[nodiscard]] const Gate& gate() const { return gate_; }

    /// The error that answers `question` when it comes from another machine; nothing when it may
    /// be asked.
    [[nodiscard]] std::optional<std::string> refuse_stranger(const Question& question) const;

  private:
    [[nodiscard]] Decision decide_node(const HttpRequest& request, std::string_view rest) const;

    GatewayOptions options_;
    /// What stands below each `/node/<port>`.
    Gate node_;
    Gate gate_;
};

}  // namespace cairn::http
