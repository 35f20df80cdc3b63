/// Questions to a node that is told by its port, and what there is to say when it does not answer
/// (spec 12 §10).
#pragma once

#include "cairn/base/result.hpp"
#include "cairn/http/exchange.hpp"
#include "cairn/http/gate.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace cairn::http {

/// @name Codes of errors in answers that no node gave
/// @{
/// Nothing listens on the port, or something that is no node: 404.
inline constexpr std::string_view no_node_code = "no_node";
/// What listens there has not answered as a node does, or not in time: 504.
inline constexpr std::string_view no_answer_code = "no_answer";
/// @}

/// The answer when nothing listens on `port`.
[[nodiscard]] std::string no_node_answer(std::uint16_t port);
/// The answer when what listens on `port` has not answered; `reason` is a sentence.
[[nodiscard]] std::string no_answer(std::uint16_t port, std::string_view reason);

/// The port that `word` writes. The error is the reply: 400 for what is none at which a node may be
/// asked (`node::is_dialable_port`).
[[nodiscard]] Result<std::uint16_t, HttpReply> parse_node_port(std::string_view word);

/// `decision`, whose questions go to the node at `port`.
[[nodiscard]] Decision ask_at(std::uint16_t port, Decision decision);

}  // namespace cairn::http
