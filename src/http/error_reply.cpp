#include "cairn/http/error_reply.hpp"

#include "src/http/rest.hpp"

namespace cairn::http {

rpc::Error to_error(DoorError error) {
    return {
        .code = rpc::code_of(error.rule),
        .message = std::move(error.message),
        .field = {},
        .rule = "http." + std::string{rpc::to_string(error.rule)},
        .expected = std::move(error.expected),
        .actual = std::move(error.actual),
        .hint = std::move(error.hint)};
}

std::string error_text(DoorError error) {
    return rpc::to_json(to_error(std::move(error)), {});
}

HttpReply error_reply(DoorError error) {
    const bool is_head_too_large = error.rule == rpc::DoorRule::headers_too_large;
    auto reply = answer_reply(error_text(std::move(error)));
    if (is_head_too_large)
        reply.status = 431;
    return reply;
}

DoorError stranger(std::string_view message, std::string_view hint) {
    return {
        .rule = rpc::DoorRule::stranger,
        .message = std::string{message},
        .expected = "a request from this machine",
        .actual = "one from another machine",
        .hint = std::string{hint}};
}

std::string at_most(std::size_t count, std::string_view things) {
    return "at most " + std::to_string(count) + ' ' + std::string{things};
}

}  // namespace cairn::http
