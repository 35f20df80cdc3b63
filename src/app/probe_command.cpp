#include "src/app/answer.hpp"
#include "src/app/client_commands.hpp"
#include "src/app/cookie.hpp"
#include "src/app/data_directory.hpp"
#include "src/app/node_session.hpp"

#include "cairn/base/quantity.hpp"
#include "cairn/codec/json_text.hpp"

#include <algorithm>
#include <charconv>
#include <ostream>

namespace cairn::app {

namespace {

using codec::Json;
using std::chrono::milliseconds;
using std::chrono::seconds;

tl::unexpected<Failure> wrong_words(std::string message, std::string_view word) {
    return tl::unexpected{bad_value(
        std::move(message),
        "COMMAND [KEY=VALUE...], or a JSON object",
        word,
        "cairn probe 5001 help lists the commands"
    )};
}

tl::unexpected<Failure> bad_json(const codec::JsonError& error, const std::string& source) {
    auto failure = describe_json(error, source);
    failure.code = ExitCode::usage;
    return tl::unexpected{std::move(failure)};
}

/// The value of a pair: decimal digits up to 2^53-1 without a leading zero are a number.
Result<Json, Failure> parse_value(std::string_view text) {
    if (text == "true" || text == "false")
        return Json{text == "true"};
    if (!text.empty() && (text.front() == '{' || text.front() == '[')) {
        auto value = codec::parse_json(text);
        if (!value)
            return bad_json(value.error(), "the value '" + std::string{text} + "'");
        return std::move(*value);
    }
    std::uint64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    const bool is_plain = text == "0" || !text.starts_with('0');
    if (error == std::errc{} && stop == end && is_plain && number <= quantity_max)
        return Json{number};
    return Json{text};
}

/// Bytes as they were sent, the header in brackets, what is not printable as `\xNN`.
void write_raw(std::ostream& out, std::string_view arrow, std::string_view payload) {
    out << arrow << " [" << frame_header(payload.size()) << "]";
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char character : payload) {
        const auto byte = static_cast<std::uint8_t>(character);
        if (byte >= 0x20 && byte <= 0x7e)
            out << character;
        else
            out << "\\x" << digits[byte >> 4U] << digits[byte & 0x0fU];
    }
    out << '\n';
}

/// The content of the control cookie that belongs to the node; nothing when it is not found.
std::optional<std::string> find_cookie(
    const ProbeOptions& options, const Endpoint& endpoint, TextClient& client
) {
    if (!options.datadir.empty())
        return read_cookie(options.datadir);
    const auto text = client.exchange(R"({"type":"status"})", seconds{options.timeout_seconds});
    const auto status = text ? parse_reply(*text) : tl::unexpected{codec::JsonError{}};
    const auto chain = status ? text_field(*status, "chain") : std::nullopt;
    // The name becomes part of a path.
    if (!chain || chain->find_first_of("/.") != std::string::npos)
        return std::nullopt;
    try {
        return read_cookie(default_data_directory(*chain, endpoint.port));
    } catch (const StartError&) {
        return std::nullopt;
    }
}

/// How long the node may take: a `wait` says so itself.
milliseconds patience_for(const ProbeOptions& options, const Json& request) {
    const auto waiting = number_field(request, "timeout_ms").value_or(0);
    return seconds{options.timeout_seconds} +
           milliseconds{std::min<std::uint64_t>(waiting, 3'600'000)};
}

/// Sends `request` and shows both frames where that is asked for.
Result<std::string, Failure> exchange(
    const ProbeOptions& options,
    const Endpoint& endpoint,
    TextClient& client,
    const Json& request,
    std::ostream& out
) {
    const auto text = codec::to_text(request);
    if (options.raw)
        write_raw(out, "->", text);
    auto reply = client.exchange(text, patience_for(options, request));
    if (!reply)
        return tl::unexpected{describe(reply.error(), endpoint)};
    if (options.raw)
        write_raw(out, "<-", *reply);
    return std::move(*reply);
}

}  // namespace

Result<Json, Failure> make_request(const std::vector<std::string>& words) {
    if (words.empty())
        return tl::unexpected{
            missing_value("which command? see: cairn probe 5001 help", "COMMAND [KEY=VALUE...]")};
    if (words.front().starts_with('{')) {
        auto request = codec::parse_json(words.front());
        if (words.size() > 1)
            return wrong_words("a request in JSON is one object and the last argument", words[1]);
        if (!request)
            return bad_json(request.error(), "the request");
        return std::move(*request);
    }
    auto request = Json::object({{"type", Json{""}}});
    std::string command;
    for (const auto& word : words) {
        const auto equals = word.find('=');
        if (equals == std::string::npos) {
            if (request.if_object()->size() > 1)
                return wrong_words(
                    "'" + word + "' comes after key=value: the command's name comes first", word
                );
            command += (command.empty() ? "" : "_") + word;
            continue;
        }
        const auto name = word.substr(0, equals);
        if (name.empty() || name == "type" || request.find(name) != nullptr)
            return wrong_words("'" + word + "' is not key=value, or its key is there twice", word);
        auto value = parse_value(std::string_view{word}.substr(equals + 1));
        if (!value)
            return tl::unexpected{value.error()};
        request.append_member(name, std::move(*value));
    }
    if (command.empty())
        return wrong_words(
            "the command's name comes before key=value; see: cairn probe 5001 help", words.front()
        );
    for (auto& character : command)
        if (character >= 'A' && character <= 'Z')
            character = static_cast<char>(character - 'A' + 'a');
    request.set("type", Json{command});
    return request;
}

int run_probe(const ProbeOptions& options, std::ostream& out, std::ostream& errors) {
    const auto fail = [&](const Failure& failure) {
        return report(failure, options.json, out, errors);
    };
    const auto endpoint = parse_endpoint(options.node);
    if (!endpoint)
        return fail(endpoint.error());
    auto request = make_request(options.words);
    if (!request)
        return fail(request.error());
    auto client = TextClient::connect(*endpoint, seconds{options.timeout_seconds});
    if (!client)
        return fail(describe(client.error(), *endpoint));
    auto text = exchange(options, *endpoint, *client, *request, out);
    if (!text)
        return fail(text.error());
    auto reply = parse_reply(*text);
    // Only a node that asks for it is shown the cookie, and only on this machine.
    if (reply && text_field(*reply, "code") == "auth_required" && is_loopback(*endpoint) &&
        request->find("auth") == nullptr) {
        if (auto cookie = find_cookie(options, *endpoint, *client)) {
            request->set("auth", Json{std::move(*cookie)});
            text = exchange(options, *endpoint, *client, *request, out);
            if (!text)
                return fail(text.error());
            reply = parse_reply(*text);
        } else {
            errors << "cairn: no control cookie found - say where it is with --datadir\n";
        }
    }
    if (!reply || reply->if_object() == nullptr)
        return fail(data_failure(
            rpc::UsageRule::bad_answer,
            to_string(*endpoint) + " did not answer with a JSON object",
            "a JSON object",
            "something else",
            "it is no Cairn node: look at its address and port"
        ));
    const bool is_refused = is_error(*reply);
    if (options.json)
        out << codec::to_text(*reply) << '\n';
    else if (is_refused)
        errors << "cairn: " << to_text(failure_of(*reply)) << '\n';
    else if (!options.raw)
        write_answer(out, *reply);
    return status_of(is_refused ? ExitCode::data : ExitCode::ok);
}

}  // namespace cairn::app
