#include "src/http/refusals.hpp"

#include "cairn/http/limits.hpp"

namespace cairn::http {

HttpReply headers_too_large(std::string actual) {
    return error_reply(
        {.rule = rpc::DoorRule::headers_too_large,
         .message = "The request line and headers are too large.",
         .expected = at_most(header_bytes_max, "bytes") + " and " +
                     std::to_string(header_fields_max) + " headers",
         .actual = std::move(actual),
         .hint = "Send arguments in the body, and fewer headers."}
    );
}

HttpReply body_too_large(std::string actual) {
    return error_reply(
        {.rule = rpc::DoorRule::body_too_large,
         .message = "The body is too large.",
         .expected = at_most(body_bytes_max, "bytes"),
         .actual = std::move(actual),
         .hint = "Ask in several requests."}
    );
}

HttpReply wrong_method(const HttpRequest& request, std::string_view allowed) {
    auto reply = error_reply(
        {.rule = rpc::DoorRule::wrong_method,
         .message = "This path does not take that method.",
         .expected = std::string{allowed},
         .actual = rpc::printable(request.method),
         .hint = "/openapi.json tells the methods of each path."}
    );
    reply.headers.emplace_back("Allow", allowed);
    return reply;
}

HttpReply no_such_path(std::string_view path, std::string_view hint) {
    return error_reply(
        {.rule = rpc::DoorRule::no_such_path,
         .message = "There is no such path.",
         .expected = "a path of this door",
         .actual = rpc::printable(path),
         .hint = std::string{hint}}
    );
}

HttpReply wrong_query(std::string_view message, std::string expected, std::string_view actual) {
    return error_reply(
        {.rule = rpc::DoorRule::wrong_query,
         .message = std::string{message},
         .expected = std::move(expected),
         .actual = rpc::printable(actual),
         .hint = "/openapi.json tells the parameters of each path."}
    );
}

}  // namespace cairn::http
