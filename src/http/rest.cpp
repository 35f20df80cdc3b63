#include "src/http/rest.hpp"

#include "src/http/access.hpp"
#include "src/http/body.hpp"
#include "src/http/members.hpp"
#include "src/http/paging.hpp"
#include "src/http/refusals.hpp"
#include "src/http/single_question.hpp"

#include "cairn/codec/json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace cairn::http {

namespace {

constexpr std::string_view get_word = "get_";
constexpr std::size_t hash_digits = 64;

/// A number that JSON holds here. Any other goes on as text, so that the command says which
/// argument it is and what it takes.
bool is_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc{} && stop == end && (text.size() == 1 || text.front() != '0') &&
           number <= quantity_max;
}

/// The argument that the path's `index`th word after the command's name is. A block's hash is told
/// from its height by its length.
const rpc::Argument* argument_of_path(
    const rpc::Command& command, std::size_t index, std::string_view word
) {
    if (index == 0 && word.size() == hash_digits && command.arguments.size() > 1 &&
        command.arguments[1].name == "hash")
        return &command.arguments[1];
    return index < command.arguments.size() ? &command.arguments[index] : nullptr;
}

/// Fields of a question that are not taken from an address: it stands in logs and histories.
bool is_reserved(std::string_view name) {
    return name == "type" || name == "id" || name == "auth";
}

HttpReply reserved_field(std::string_view name) {
    return error_reply(
        {.rule = rpc::DoorRule::reserved_field,
         .message = "The field " + rpc::printable(name) + " is no argument.",
         .expected = "arguments of the command, and none of type, id and auth",
         .actual = rpc::printable(name),
         .hint = "The cookie goes into the header Authorization: Bearer."}
    );
}

/// Words of a path before the arguments: `api`, `v1` and the command's name.
constexpr std::size_t words_before = 3;

/// Whether a question for a block names none: then it is for the list of them.
bool is_block_list(const rpc::Command& command, const Target& target) {
    const bool has_word =
        target.segments.size() > words_before && !target.segments[words_before].empty();
    return command.name == "get_block" && !has_word &&
           std::none_of(target.query.begin(), target.query.end(), [](const auto& field) {
               return field.first == "height" || field.first == "hash";
           });
}

Decision decide_get(const rpc::Command& named, const Target& target, const std::string& base) {
    const bool lists_blocks = is_block_list(named, target);
    const auto& command = lists_blocks ? *rpc::find_command("get_chain") : named;
    std::vector<std::pair<std::string, std::string>> fields;
    const auto add = [&fields](std::string_view name, std::string json) {
        const bool is_new = std::none_of(fields.begin(), fields.end(), [name](const auto& field) {
            return field.first == name;
        });
        if (is_new)
            fields.emplace_back(std::string{name}, std::move(json));
        return is_new;
    };
    for (std::size_t i = words_before; i < target.segments.size(); ++i) {
        const auto& word = target.segments[i];
        // A slash at the end says nothing.
        if (word.empty() && i + 1 == target.segments.size())
            break;
        const auto* argument = argument_of_path(command, i - words_before, word);
        if (argument == nullptr || !add(argument->name, word_as_json(argument, word)))
            return no_such_path(target.path, "The command takes fewer words in its path.");
    }
    for (const auto& [name, value] : target.query) {
        if (is_reserved(name))
            return reserved_field(name);
        if (name.empty())
            return wrong_query("A parameter has no name.", "name=value", "=" + value);
        if (!add(name, word_as_json(find_argument(command, name), value)))
            return wrong_query("A parameter is given twice.", "each parameter once", name);
    }
    codec::JsonWriter writer;
    writer.begin_object();
    writer.write_name("type");
    writer.write_text(command.name);
    for (const auto& [name, json] : fields)
        writer.write_raw_field(name, json);
    writer.end_object();
    auto links = make_links(command, target, base);
    if (!links)
        return ask_once(writer.take());
    if (lists_blocks)
        return ask_once(writer.take(), [links = std::move(*links)](const std::string& answer) {
            return block_list(answer, links);
        });
    return ask_once(writer.take(), [links = std::move(*links)](std::string answer) {
        return answer_reply(links.with_links(std::move(answer)));
    });
}

}  // namespace

std::string word_as_json(const rpc::Argument* argument, std::string_view word) {
    const auto type = argument == nullptr ? std::string_view{"text"} : argument->type;
    if ((type == "number" || type == "place") && is_number(word))
        return std::string{word};
    if (type == "boolean" && (word == "true" || word == "false" || word.empty()))
        return word.empty() ? "true" : std::string{word};
    if (type == "json") {
        if (const auto value = codec::parse_json(word))
            return codec::to_text(*value);
    }
    std::string quoted;
    codec::append_quoted(quoted, word);
    return quoted;
}

const rpc::Argument* find_argument(const rpc::Command& command, std::string_view name) {
    const auto place = std::find_if(
        command.arguments.begin(),
        command.arguments.end(),
        [name](const rpc::Argument& argument) { return argument.name == name; }
    );
    return place == command.arguments.end() ? nullptr : &*place;
}

std::string_view path_name(const rpc::Command& command) {
    return command.name.starts_with(get_word) ? command.name.substr(get_word.size()) : command.name;
}

const rpc::Command* find_by_path(std::string_view name) {
    const auto& table = rpc::command_table();
    const auto place = std::find_if(table.begin(), table.end(), [name](const auto& command) {
        return path_name(command) == name || command.name == name ||
               (!command.alias.empty() && command.alias == name);
    });
    return place == table.end() ? nullptr : &*place;
}

unsigned status_of(std::string_view code) {
    struct Row {
        rpc::ErrorCode code;
        unsigned status;
    };

    constexpr std::array rows{
        Row{rpc::ErrorCode::not_json, 400},
        Row{rpc::ErrorCode::bad_field, 400},
        Row{rpc::ErrorCode::unknown_command, 404},
        Row{rpc::ErrorCode::not_found, 404},
        Row{rpc::ErrorCode::wrong_chain, 409},
        Row{rpc::ErrorCode::auth_required, 401},
        Row{rpc::ErrorCode::forbidden, 403},
        Row{rpc::ErrorCode::rejected, 422},
        Row{rpc::ErrorCode::busy, 429},
        Row{rpc::ErrorCode::too_large, 413},
        Row{rpc::ErrorCode::internal, 500},
        Row{rpc::ErrorCode::bad_request, 400},
        Row{rpc::ErrorCode::wrong_method, 405},
        Row{rpc::ErrorCode::too_slow, 408},
        Row{rpc::ErrorCode::wrong_content_type, 415},
        Row{rpc::ErrorCode::stopping, 503},
        Row{rpc::ErrorCode::no_node, 404},
        Row{rpc::ErrorCode::no_answer, 504},
    };
    static_assert(rows.size() == static_cast<std::size_t>(rpc::error_code_last) + 1);
    for (const auto& row : rows)
        if (code == rpc::to_string(row.code))
            return row.status;
    return 500;
}

HttpReply answer_reply(std::string answer) {
    HttpReply reply;
    if (is_error_text(answer)) {
        reply.status = status_of(plain_text(member(answer, "code")));
        if (reply.status == 401)
            reply.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"cairn\"");
        if (reply.status == 429)
            reply.headers.emplace_back("Retry-After", "1");
    }
    reply.body = std::move(answer);
    return reply;
}

Decision decide_post(const rpc::Command& command, const HttpRequest& request) {
    auto fields = read_body_object(request);
    if (!fields)
        return std::move(fields.error());
    auto question = codec::Json::object({{"type", codec::Json{command.name}}});
    if (const auto* members = fields->if_object()) {
        for (const auto& [name, value] : *members) {
            if (is_reserved(name))
                return reserved_field(name);
            question.append_member(name, value);
        }
    }
    if (command.access == rpc::Access::control)
        if (const auto token = bearer_token(request))
            question.append_member("auth", codec::Json{*token});
    return ask_once(codec::to_text(question));
}

Decision decide_rest(const HttpRequest& request, const Target& target, const std::string& base) {
    constexpr std::size_t name_place = 2;
    const auto* command =
        target.segments.size() > name_place ? find_by_path(target.segments[name_place]) : nullptr;
    if (command == nullptr)
        return no_such_path(target.path, "/openapi.json lists all of them.");
    const bool is_get = request.method == "GET" || request.method == "HEAD";
    if (!command->changes)
        return is_get ? decide_get(*command, target, base) : wrong_method(request, "GET, HEAD");
    if (request.method != "POST")
        return wrong_method(request, "POST");
    if (target.segments.size() > name_place + 1 || !target.query.empty())
        return error_reply(
            {.rule = rpc::DoorRule::arguments_in_target,
             .message = "What changes something takes its arguments in a JSON body.",
             .expected = std::string{api_prefix} + '/' + std::string{path_name(*command)},
             .actual = rpc::printable(request.target),
             .hint = "Send the arguments by name, such as {\"count\":1}."}
        );
    return decide_post(*command, request);
}

}  // namespace cairn::http
