#include "src/http/body.hpp"

#include "cairn/http/gate.hpp"
#include "cairn/rpc/error.hpp"

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
        return tl::unexpected{wrong_content_type()};
    auto document = codec::parse_json(request.body);
    if (!document) {
        rpc::Error error = rpc::bad_field(document.error());
        error.code = rpc::ErrorCode::not_json;
        error.message = "The body is no JSON.";
        const auto code = document.error().code;
        const bool is_size =
            code == codec::DecodeError::too_long || code == codec::DecodeError::too_many_values;
        return tl::unexpected{
            HttpReply{.status = is_size ? 413U : 400U, .body = rpc::to_json(error, {})}};
    }
    if (document->if_object() == nullptr)
        return tl::unexpected{error_reply(400, "not_json", "The body is no JSON object.")};
    return std::move(*document);
}

HttpReply wrong_content_type() {
    return error_reply(
        415,
        "wrong_content_type",
        "The body must be JSON.",
        "Send it with the header Content-Type: application/json."
    );
}

}  // namespace cairn::http
