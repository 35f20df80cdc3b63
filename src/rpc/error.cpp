#include "cairn/rpc/error.hpp"

#include "cairn/rpc/limits.hpp"

namespace cairn::rpc {

std::string_view to_string(ErrorCode code) {
    switch (code) {
        case ErrorCode::not_json:
            return "not_json";
        case ErrorCode::bad_field:
            return "bad_field";
        case ErrorCode::unknown_command:
            return "unknown_command";
        case ErrorCode::not_found:
            return "not_found";
        case ErrorCode::wrong_chain:
            return "wrong_chain";
        case ErrorCode::auth_required:
            return "auth_required";
        case ErrorCode::forbidden:
            return "forbidden";
        case ErrorCode::rejected:
            return "rejected";
        case ErrorCode::busy:
            return "busy";
        case ErrorCode::too_large:
            return "too_large";
        case ErrorCode::internal:
            return "internal";
        case ErrorCode::bad_request:
            return "bad_request";
        case ErrorCode::wrong_method:
            return "wrong_method";
        case ErrorCode::too_slow:
            return "too_slow";
        case ErrorCode::wrong_content_type:
            return "wrong_content_type";
        case ErrorCode::stopping:
            return "stopping";
        case ErrorCode::no_node:
            return "no_node";
        case ErrorCode::no_answer:
            return "no_answer";
    }
    return "internal";
}

Error bad_field(const codec::JsonError& error) {
    Error result{.code = ErrorCode::bad_field};
    result.field = error.where;
    result.rule = "codec." + std::string{codec::to_string(error.code)};
    result.expected = error.expected;
    result.actual = error.actual;
    switch (error.code) {
        case codec::DecodeError::missing_field:
            result.message = "The field " + error.where + " is missing.";
            result.actual = "no such field";
            break;
        case codec::DecodeError::unknown_field:
            result.message = "There is no field " + error.where + " here.";
            break;
        case codec::DecodeError::truncated:
        case codec::DecodeError::trailing_bytes:
        case codec::DecodeError::varint_too_long:
        case codec::DecodeError::varint_not_minimal:
        case codec::DecodeError::number_too_large:
        case codec::DecodeError::too_many:
        case codec::DecodeError::too_long:
        case codec::DecodeError::unknown_tag:
        case codec::DecodeError::bad_text:
        case codec::DecodeError::bad_json:
        case codec::DecodeError::too_deep:
        case codec::DecodeError::too_many_values:
        case codec::DecodeError::duplicate_key:
        case codec::DecodeError::wrong_type:
        case codec::DecodeError::bad_hex:
        case codec::DecodeError::not_canonical:
            result.message = "The field " + error.where + " is not what is expected.";
            break;
    }
    return result;
}

Error bad_field(std::string_view field, std::string_view expected, std::string_view actual) {
    Error result{.code = ErrorCode::bad_field};
    result.message = "The field " + std::string{field} + " is not what is expected.";
    result.field = field;
    result.expected = expected;
    result.actual = actual;
    return result;
}

Error refused_command(const node::CommandError& error) {
    Error result{
        .code = ErrorCode::rejected,
        .message = error.message,
        .rule = error.rule,
        .expected = error.expected,
        .actual = error.actual,
        .hint = error.hint,
    };
    for (std::uint8_t i = 0; i <= static_cast<std::uint8_t>(command_error_last); ++i)
        if (error.code == to_string(ErrorCode{i}))
            result.code = ErrorCode{i};
    return result;
}

std::string printable(std::string_view word) {
    std::string quoted;
    codec::append_quoted(quoted, word.substr(0, echo_max));
    return quoted.substr(1, quoted.size() - 2);
}

std::string rule_of(const Error& error) {
    return error.rule.empty() ? "rpc." + std::string{to_string(error.code)} : error.rule;
}

std::string to_json(const Error& error, std::string_view id) {
    codec::JsonWriter writer;
    const auto write_text = [&writer](std::string_view name, std::string_view text) {
        if (text.empty())
            return;
        writer.write_name(name);
        writer.write_text(text);
    };
    writer.begin_object();
    write_text("type", "error");
    write_text("code", to_string(error.code));
    write_text("message", error.message);
    writer.write_name("data");
    writer.begin_object();
    write_text("field", error.field);
    write_text("rule", rule_of(error));
    write_text("expected", error.expected);
    // Somebody gave an empty word where something was expected.
    const bool is_bare = error.actual.empty() && !error.expected.empty();
    write_text("actual", is_bare ? "nothing" : error.actual);
    write_text("hint", error.hint);
    writer.end_object();
    if (!id.empty())
        writer.write_raw_field("id", id);
    writer.end_object();
    return writer.take();
}

}  // namespace cairn::rpc
