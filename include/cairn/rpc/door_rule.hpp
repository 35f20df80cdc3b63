/// Why a door in front of the command table refuses a request before any command sees it.
///
/// The door is module `http`, which rpc does not know. The enumeration stands here all the same,
/// because rpc owns what all error replies have in common: their codes (`ErrorCode`) and the table
/// of rules that `explain` tells. There the rules below are those of module `http`.
#pragma once

#include "cairn/rpc/error.hpp"

#include <cstdint>
#include <string_view>

namespace cairn::rpc {

enum class DoorRule : std::uint8_t {
    // How a request is written.
    bad_request,
    bad_method,
    too_slow,
    slow_answer,
    headers_too_large,
    body_too_large,
    body_with_get,
    wrong_content_type,
    not_an_object,
    // Who asks, and by which name.
    bad_host,
    unknown_host,
    other_site,
    stranger,
    stranger_control,
    // What the target names.
    no_path,
    bad_escape,
    bad_character,
    dot_segment,
    too_many_parameters,
    no_such_path,
    wrong_method,
    wrong_query,
    reserved_field,
    arguments_in_target,
    bad_nodes,
    change_by_get,
    // JSON-RPC.
    not_a_call,
    empty_batch,
    batch_too_long,
    no_such_method,
    wrong_parameters,
    // What the door cannot give.
    chain_moves,
    reply_too_large,
    too_many_listeners,
    stopping,
    // A gateway before nodes.
    bad_port,
    node_not_shown,
    question_too_large,
    no_events,
    no_node,
    no_answer,
};
inline constexpr DoorRule door_rule_last = DoorRule::no_answer;

/// The rule's name, without its module.
[[nodiscard]] std::string_view to_string(DoorRule rule);
/// One sentence: what `explain` tells.
[[nodiscard]] std::string_view meaning_of(DoorRule rule);
/// The code of a reply that refuses by `rule` (spec 12 §6).
[[nodiscard]] ErrorCode code_of(DoorRule rule);

}  // namespace cairn::rpc
