#include "src/http/body.hpp"

#include "cairn/http/error_reply.hpp"

namespace cairn::http {

bool is_json_type(const HttpRequest& request) {
    const auto* type = request.find("Content-Type");
    if (type == nullptr || request.count("Content-Type") != 1)
        return false;
    auto name = type->substr(0, type->find(';'));
    while (!name.empty() && name.back() == ' ')
        name.remove_suffix(1);
    return is_same_word(name, "application/json");
}

Result<codec::Json, HttpReply> read_body_object(const HttpRequest& request) {
    if (request.body.empty())
        return codec::Json{};
    if (!is_json_type(request))
        return tl::unexpected{wrong_content_type(request)};
    auto document = codec::parse_json(request.body);
    if (!document)
        return tl::unexpected{bad_json(document.error())};
    if (document->if_object() == nullptr)
        return tl::unexpected{error_reply(
            {.rule = rpc::DoorRule::not_an_object,
             .message = "The body is no JSON object.",
             .expected = "an object with the command's arguments",
             .actual = "another JSON value",
             .hint = "Send the arguments by name, such as {\"count\":1}."}
        )};
    return std::move(*document);
}

bool is_too_large(const codec::JsonError& error) {
    return error.code == codec::DecodeError::too_long ||
           error.code == codec::DecodeError::too_many_values;
}

HttpReply bad_json(const codec::JsonError& error) {
    auto told = rpc::bad_field(error);
    told.code = rpc::ErrorCode::not_json;
    told.message = "The body is no JSON.";
    told.hint = "It is one JSON value of " + at_most(codec::json_depth_max, "levels") + " and " +
                at_most(codec::json_values_max, "values") + ".";
    return HttpReply{.status = is_too_large(error) ? 413U : 400U, .body = rpc::to_json(told, {})};
}

HttpReply wrong_content_type(const HttpRequest& request) {
    const auto* type = request.find("Content-Type");
    const auto count = request.count("Content-Type");
    return error_reply(
        {.rule = rpc::DoorRule::wrong_content_type,
         .message = "The body must be JSON.",
         .expected = "one header Content-Type: application/json",
         .actual = count > 1         ? std::to_string(count) + " of them"
                   : type == nullptr ? "none"
                                     : rpc::printable(*type),
         .hint = "Send the body with the header Content-Type: application/json."}
    );
}

}  // namespace cairn::http
