#include "cairn/rpc/door_rule.hpp"

#include <array>

namespace cairn::rpc {

namespace {

struct DoorRow {
    DoorRule rule;
    ErrorCode code;
    std::string_view name;
    std::string_view meaning;
};

constexpr std::array door_rows{
    DoorRow{
        DoorRule::bad_request,
        ErrorCode::bad_request,
        "bad_request",
        "The bytes are no well-formed request of HTTP/1.1."},
    DoorRow{
        DoorRule::bad_method,
        ErrorCode::bad_request,
        "bad_method",
        "A method of HTTP is a word in capital letters."},
    DoorRow{
        DoorRule::too_slow,
        ErrorCode::too_slow,
        "too_slow",
        "The request did not come in whole in time."},
    DoorRow{
        DoorRule::slow_answer,
        ErrorCode::no_answer,
        "slow_answer",
        "The answer took longer than a request may wait; what was begun goes on."},
    DoorRow{
        DoorRule::headers_too_large,
        ErrorCode::too_large,
        "headers_too_large",
        "The request line and headers exceed their limit."},
    DoorRow{
        DoorRule::body_too_large,
        ErrorCode::too_large,
        "body_too_large",
        "The body exceeds its limit."},
    DoorRow{
        DoorRule::body_with_get,
        ErrorCode::bad_request,
        "body_with_get",
        "A GET or HEAD has no body."},
    DoorRow{
        DoorRule::wrong_content_type,
        ErrorCode::wrong_content_type,
        "wrong_content_type",
        "The header Content-Type does not say that the body is JSON."},
    DoorRow{
        DoorRule::not_an_object,
        ErrorCode::not_json,
        "not_an_object",
        "The body is JSON, but no object."},
    DoorRow{
        DoorRule::bad_host,
        ErrorCode::bad_request,
        "bad_host",
        "A request names the machine in one well-formed Host header."},
    DoorRow{
        DoorRule::unknown_host,
        ErrorCode::forbidden,
        "unknown_host",
        "The Host header names the machine as it is not called here."},
    DoorRow{
        DoorRule::other_site,
        ErrorCode::forbidden,
        "other_site",
        "A page of another site asks for what only trusted ones may."},
    DoorRow{
        DoorRule::stranger,
        ErrorCode::forbidden,
        "stranger",
        "Another machine asks, and only this one may."},
    DoorRow{
        DoorRule::stranger_control,
        ErrorCode::forbidden,
        "stranger_control",
        "Another machine gives a control command to a gateway."},
    DoorRow{DoorRule::no_path, ErrorCode::bad_field, "no_path", "A target begins with a slash."},
    DoorRow{
        DoorRule::bad_escape,
        ErrorCode::bad_field,
        "bad_escape",
        "In a target, a percent sign stands before two hexadecimal digits."},
    DoorRow{
        DoorRule::bad_character,
        ErrorCode::bad_field,
        "bad_character",
        "A target has a control character, a slash or backslash inside a segment, or no UTF-8."},
    DoorRow{
        DoorRule::dot_segment,
        ErrorCode::bad_field,
        "dot_segment",
        "A segment of a path is not one or two dots."},
    DoorRow{
        DoorRule::too_many_parameters,
        ErrorCode::bad_field,
        "too_many_parameters",
        "The query has more parameters than its limit."},
    DoorRow{
        DoorRule::no_such_path,
        ErrorCode::not_found,
        "no_such_path",
        "Nothing is served at this path."},
    DoorRow{
        DoorRule::wrong_method,
        ErrorCode::wrong_method,
        "wrong_method",
        "The path is served to other methods."},
    DoorRow{
        DoorRule::wrong_query,
        ErrorCode::bad_field,
        "wrong_query",
        "A parameter of the query is missing, repeated, malformed or none of the path's."},
    DoorRow{
        DoorRule::reserved_field,
        ErrorCode::bad_field,
        "reserved_field",
        "The fields type, id and auth are set by the door alone."},
    DoorRow{
        DoorRule::arguments_in_target,
        ErrorCode::bad_field,
        "arguments_in_target",
        "What changes something takes its arguments from the body."},
    DoorRow{
        DoorRule::bad_nodes,
        ErrorCode::bad_field,
        "bad_nodes",
        "The body does not name nodes, or names more than its limit."},
    DoorRow{
        DoorRule::change_by_get,
        ErrorCode::forbidden,
        "change_by_get",
        "A GET changes something only where control is open."},
    DoorRow{
        DoorRule::not_a_call,
        ErrorCode::bad_request,
        "not_a_call",
        "This is no call of JSON-RPC 2.0."},
    DoorRow{
        DoorRule::empty_batch,
        ErrorCode::bad_request,
        "empty_batch",
        "A batch of JSON-RPC has at least one call."},
    DoorRow{
        DoorRule::batch_too_long,
        ErrorCode::too_large,
        "batch_too_long",
        "A batch of JSON-RPC has more calls than its limit."},
    DoorRow{
        DoorRule::no_such_method,
        ErrorCode::unknown_command,
        "no_such_method",
        "No method of JSON-RPC has this name."},
    DoorRow{
        DoorRule::wrong_parameters,
        ErrorCode::bad_field,
        "wrong_parameters",
        "The parameters of a call do not fit its method."},
    DoorRow{
        DoorRule::chain_moves,
        ErrorCode::busy,
        "chain_moves",
        "The chain changed each time that it was read as a whole."},
    DoorRow{
        DoorRule::reply_too_large,
        ErrorCode::too_large,
        "reply_too_large",
        "The reply would exceed a limit; ask for less."},
    DoorRow{
        DoorRule::too_many_listeners,
        ErrorCode::busy,
        "too_many_listeners",
        "As many listen to events as may."},
    DoorRow{DoorRule::stopping, ErrorCode::stopping, "stopping", "The program is stopping."},
    DoorRow{
        DoorRule::bad_port,
        ErrorCode::bad_field,
        "bad_port",
        "The path of a gateway names a port at which no node may be asked."},
    DoorRow{
        DoorRule::node_not_shown,
        ErrorCode::forbidden,
        "node_not_shown",
        "Another machine asks for a node that the gateway does not show."},
    DoorRow{
        DoorRule::question_too_large,
        ErrorCode::too_large,
        "question_too_large",
        "A question to a node exceeds what may be asked through a gateway."},
    DoorRow{
        DoorRule::no_events,
        ErrorCode::not_found,
        "no_events",
        "A gateway has no events; nodes tell them at their own doors."},
    DoorRow{DoorRule::no_node, ErrorCode::no_node, "no_node", "No node answers on this port."},
    DoorRow{
        DoorRule::no_answer,
        ErrorCode::no_answer,
        "no_answer",
        "What listens on this port did not answer as a node does, or not in time."},
};

/// True when each rule has its row, in their order.
constexpr bool has_all_door_rows() {
    for (std::size_t i = 0; i < door_rows.size(); ++i)
        if (door_rows[i].rule != static_cast<DoorRule>(i))
            return false;
    return door_rows.size() == static_cast<std::size_t>(door_rule_last) + 1;
}

static_assert(has_all_door_rows());

const DoorRow& door_row(DoorRule rule) {
    return door_rows[static_cast<std::size_t>(rule)];
}

}  // namespace

std::string_view to_string(DoorRule rule) {
    return door_row(rule).name;
}

std::string_view meaning_of(DoorRule rule) {
    return door_row(rule).meaning;
}

ErrorCode code_of(DoorRule rule) {
    return door_row(rule).code;
}

}  // namespace cairn::rpc
