/// Questions to a node that is told by its port, and what there is to say when it does not answer
/// (spec 12 §10).
#pragma once

#include "cairn/base/result.hpp"
#include "cairn/http/error_reply.hpp"
#include "cairn/http/exchange.hpp"
#include "cairn/http/gate.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace cairn::http {

/// The answer when nothing listens on `port`.
[[nodiscard]] std::string no_node_answer(std::uint16_t port);
/// The answer when what listens on `port` has not answered; `reason` is what it does, such as
/// "has closed the connection".
[[nodiscard]] std::string no_answer(std::uint16_t port, std::string_view reason);
/// Why a question of `size` bytes is not asked where `size_max` are the most.
[[nodiscard]] DoorError question_too_large(
    std::size_t size, std::size_t size_max, std::string_view hint
);

/// The port that `word` writes. The error is the reply: 400 for what is none at which a node may be
/// asked (`node::is_dialable_port`).
[[nodiscard]] Result<std::uint16_t, HttpReply> parse_node_port(std::string_view word);

/// `decision`, whose questions go to the node at `port`.
[[nodiscard]] Decision ask_at(std::uint16_t port, Decision decision);

}  // namespace cairn::http
