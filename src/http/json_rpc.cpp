#include "src/http/json_rpc.hpp"

#include "src/http/access.hpp"
#include "src/http/body.hpp"
#include "src/http/members.hpp"
#include "src/http/rest.hpp"

#include "cairn/codec/json.hpp"
#include "cairn/http/error_reply.hpp"
#include "cairn/http/limits.hpp"
#include "cairn/rpc/command.hpp"

#include <array>
#include <deque>
#include <optional>

namespace cairn::http {

namespace {

using codec::Json;

/// One call: what it asks, or what is wrong with it.
struct RpcCall {
    /// As JSON; empty for a notification.
    std::string id;
    std::string question;
    /// The reply's object if nothing need be asked.
    std::string reply;
};

std::string error_object(
    int code, std::string_view message, std::string_view data, std::string_view id
) {
    std::string text = R"({"jsonrpc":"2.0","error":{"code":)" + std::to_string(code);
    text += R"(,"message":)";
    codec::append_quoted(text, message);
    if (!data.empty())
        text += R"(,"data":)" + std::string{data};
    text += R"(},"id":)" + std::string{id.empty() ? "null" : id} + '}';
    return text;
}

std::string result_object(std::string_view result, std::string_view id) {
    std::string text = R"({"jsonrpc":"2.0","result":)";
    text += result;
    text += R"(,"id":)";
    text += id;
    text += '}';
    return text;
}

/// The error reply of the command table as one of JSON-RPC: `data` has the code's name and what the
/// error told of itself.
std::string translate_error(int number, std::string_view answer, std::string_view id) {
    const auto code = plain_text(member(answer, "code"));
    auto message = codec::parse_json(member(answer, "message"));
    std::string data = R"({"code":")" + std::string{code} + '"';
    const auto details = member(answer, "data");
    if (details.size() > 2)
        data += ',' + std::string{details.substr(1, details.size() - 2)};
    data += '}';
    const auto* text = message ? message->if_text() : nullptr;
    return error_object(number, text == nullptr ? "" : *text, data, id);
}

std::string translate_error(std::string_view answer, std::string_view id) {
    return translate_error(rpc_code_of(plain_text(member(answer, "code"))), answer, id);
}

RpcCall wrong(DoorError error, std::string_view id) {
    return {
        .id = std::string{id},
        .question = {},
        .reply = translate_error(error_text(std::move(error)), id)};
}

RpcCall not_a_call(std::string_view id) {
    return wrong(
        {.rule = rpc::DoorRule::not_a_call,
         .message = "This is no request of JSON-RPC 2.0.",
         .expected = R"({"jsonrpc":"2.0","method":TEXT,"params":...,"id":...})",
         .actual = "another JSON value",
         .hint = "An id is text, a whole number or null, of " +
                 at_most(rpc::id_bytes_max, "bytes") + '.'},
        id
    );
}

RpcCall no_such_method(std::string_view name, std::string_view id) {
    return wrong(
        {.rule = rpc::DoorRule::no_such_method,
         .message = "There is no such method.",
         .expected = "a command's name",
         .actual = rpc::printable(name),
         .hint = "rpc.discover lists all of them."},
        id
    );
}

RpcCall wrong_parameters(const rpc::Command& command, std::string_view id) {
    std::string names;
    for (const auto& argument : command.arguments)
        names += (names.empty() ? "" : ", ") + std::string{argument.name};
    return wrong(
        {.rule = rpc::DoorRule::wrong_parameters,
         .message = "The parameters do not fit the method.",
         .expected = names.empty() ? "no parameters" : "an array or object of: " + names,
         .actual = "other parameters, or no array or object",
         .hint = "The cookie goes into the header Authorization: Bearer."},
        id
    );
}

/// The question for `command` with `params`; nothing when they do not fit it.
std::optional<Json> make_question(
    const rpc::Command& command, const Json* params, const std::optional<std::string>& token
) {
    auto question = Json::object({{"type", Json{command.name}}});
    if (params != nullptr && params->if_array() != nullptr) {
        const auto& values = *params->if_array();
        if (values.size() > command.arguments.size())
            return std::nullopt;
        // Null stands for an argument that is left out, so that one behind it can be given.
        for (std::size_t i = 0; i < values.size(); ++i)
            if (!values[i].is_null())
                question.set(command.arguments[i].name, values[i]);
    } else if (params != nullptr) {
        if (params->if_object() == nullptr)
            return std::nullopt;
        for (const auto& [name, value] : *params->if_object()) {
            if (name == "type" || name == "id" || name == "auth")
                return std::nullopt;
            question.append_member(name, value);
        }
    }
    if (command.access == rpc::Access::control && token)
        question.append_member("auth", Json{*token});
    return question;
}

RpcCall read_call(
    const Json& call, const std::optional<std::string>& token, const std::string& description
) {
    const auto* version = call.find("jsonrpc");
    const auto* method = call.find("method");
    const auto* id_value = call.find("id");
    const bool is_id = id_value == nullptr || id_value->is_null() ||
                       id_value->if_text() != nullptr || id_value->if_unsigned() != nullptr ||
                       id_value->if_negative() != nullptr;
    std::string id = id_value == nullptr ? "" : codec::to_text(*id_value);
    const bool is_request = version != nullptr && version->if_text() != nullptr &&
                            *version->if_text() == "2.0" && method != nullptr &&
                            method->if_text() != nullptr;
    if (!is_request || !is_id || id.size() > rpc::id_bytes_max)
        return not_a_call(is_id ? id : "");
    if (*method->if_text() == "rpc.discover") {
        if (id.empty())
            return {};
        return {.id = id, .question = {}, .reply = result_object(description, id)};
    }
    const auto* command = find_by_path(*method->if_text());
    if (command == nullptr)
        return id.empty() ? RpcCall{} : no_such_method(*method->if_text(), id);
    const auto question = make_question(*command, call.find("params"), token);
    if (!question)
        return id.empty() ? RpcCall{} : wrong_parameters(*command, id);
    return {.id = std::move(id), .question = codec::to_text(*question), .reply = {}};
}

DoorError replies_too_large() {
    return {
        .rule = rpc::DoorRule::reply_too_large,
        .message = "The batch's replies are too large.",
        .expected = at_most(batch_bytes_max, "bytes"),
        .actual = "more",
        .hint = "Send this call again, in another batch."};
}

class RpcExchange final : public Exchange {
  public:
    RpcExchange(std::deque<RpcCall> calls, bool is_batch)
        : calls_{std::move(calls)}, is_batch_{is_batch} {}

    [[nodiscard]] std::optional<Question> next() override {
        while (!calls_.empty()) {
            auto& call = calls_.front();
            if (!call.question.empty() && body_.size() <= batch_bytes_max)
                return Question{.text = std::move(call.question)};
            if (!call.question.empty() && !call.id.empty())
                call.reply = translate_error(error_text(replies_too_large()), call.id);
            append(call.reply);
            calls_.pop_front();
        }
        return std::nullopt;
    }

    void take(std::string answer) override {
        const auto id = std::move(calls_.front().id);
        calls_.pop_front();
        if (id.empty())
            return;
        append(is_error_text(answer) ? translate_error(answer, id) : result_object(answer, id));
    }

    [[nodiscard]] HttpReply reply() override {
        if (body_.empty())
            return HttpReply{.status = 204, .content_type = {}};
        if (is_batch_)
            body_ = '[' + std::move(body_) + ']';
        return HttpReply{.body = std::move(body_)};
    }

  private:
    void append(std::string_view reply) {
        if (reply.empty())
            return;
        if (!body_.empty())
            body_ += ',';
        body_ += reply;
    }

    std::deque<RpcCall> calls_;
    bool is_batch_;
    std::string body_;
};

/// `refused` as an error of JSON-RPC with this `number`.
HttpReply transport_error(int number, HttpReply refused) {
    refused.body = translate_error(number, refused.body, {});
    return refused;
}

RpcCall empty_batch() {
    return wrong(
        {.rule = rpc::DoorRule::empty_batch,
         .message = "An empty batch asks nothing.",
         .expected = "at least one call",
         .actual = "none",
         .hint = "Send one call, or an array of them."},
        {}
    );
}

HttpReply batch_too_long(std::size_t count) {
    return error_reply(
        {.rule = rpc::DoorRule::batch_too_long,
         .message = "A batch has " + at_most(batch_max, "calls") + '.',
         .expected = at_most(batch_max, "calls"),
         .actual = std::to_string(count),
         .hint = "Send several batches."}
    );
}

}  // namespace

int rpc_code_of(std::string_view code) {
    struct Row {
        rpc::ErrorCode code;
        int number;
    };

    constexpr std::array rows{
        Row{rpc::ErrorCode::not_json, rpc_invalid_params},
        Row{rpc::ErrorCode::bad_field, rpc_invalid_params},
        Row{rpc::ErrorCode::unknown_command, rpc_method_not_found},
        Row{rpc::ErrorCode::not_found, -32001},
        Row{rpc::ErrorCode::busy, -32002},
        Row{rpc::ErrorCode::rejected, -32003},
        Row{rpc::ErrorCode::forbidden, -32004},
        Row{rpc::ErrorCode::too_large, -32005},
        Row{rpc::ErrorCode::wrong_chain, -32006},
        Row{rpc::ErrorCode::auth_required, -32007},
        Row{rpc::ErrorCode::internal, rpc_internal_error},
        Row{rpc::ErrorCode::bad_request, rpc_invalid_request},
        Row{rpc::ErrorCode::wrong_method, rpc_invalid_request},
        Row{rpc::ErrorCode::too_slow, rpc_invalid_request},
        Row{rpc::ErrorCode::wrong_content_type, rpc_invalid_request},
        Row{rpc::ErrorCode::stopping, rpc_internal_error},
        Row{rpc::ErrorCode::no_node, rpc_no_node},
        Row{rpc::ErrorCode::no_answer, rpc_no_answer},
    };
    static_assert(rows.size() == static_cast<std::size_t>(rpc::error_code_last) + 1);
    for (const auto& row : rows)
        if (code == rpc::to_string(row.code))
            return row.number;
    return rpc_internal_error;
}

Decision decide_json_rpc(const HttpRequest& request, const std::string& description) {
    if (!is_json_type(request))
        return wrong_content_type(request);
    const auto document = codec::parse_json(request.body);
    if (!document)
        return transport_error(rpc_parse_error, bad_json(document.error()));
    const auto token = bearer_token(request);
    const auto* batch = document->if_array();
    std::deque<RpcCall> calls;
    if (batch == nullptr) {
        calls.push_back(read_call(*document, token, description));
    } else if (batch->empty()) {
        // One error stands for all, in no list (JSON-RPC 2.0 §6).
        calls.push_back(empty_batch());
    } else if (batch->size() > batch_max) {
        return transport_error(
            rpc_code_of(rpc::to_string(rpc::ErrorCode::too_large)), batch_too_long(batch->size())
        );
    } else {
        for (const auto& call : *batch)
            calls.push_back(read_call(call, token, description));
    }
    return std::make_unique<RpcExchange>(std::move(calls), batch != nullptr && !batch->empty());
}

}  // namespace cairn::http
