#include "src/http/well_known.hpp"

#include "src/http/access.hpp"
#include "src/http/body.hpp"
#include "src/http/members.hpp"
#include "src/http/ports.hpp"
#include "src/http/refusals.hpp"
#include "src/http/rest.hpp"
#include "src/http/single_question.hpp"
#include "src/http/target.hpp"
#include "src/http/whole_chain.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/codec/json.hpp"
#include "cairn/http/limits.hpp"

#include <algorithm>
#include <deque>
#include <optional>

namespace cairn::http {

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// The question for `command` with arguments that are JSON.
std::string question_of(std::string_view command, const Fields& fields) {
    codec::JsonWriter writer;
    writer.begin_object();
    writer.write_name("type");
    writer.write_text(command);
    for (const auto& [name, json] : fields)
        writer.write_raw_field(name, json);
    writer.end_object();
    return writer.take();
}

/// One question, and the member of its reply that is asked for.
std::unique_ptr<Exchange> ask_part(std::string question, const WellKnown& row) {
    return ask_once(std::move(question), [&row](std::string answer) {
        if (row.kind == WellKnownKind::running)
            return HttpReply{.content_type = "text/plain; charset=utf-8", .body = "running"};
        return HttpReply{
            .body = row.part.empty() ? std::move(answer) : std::string{member(answer, row.part)}};
    });
}

/// Mines, then asks for the block by its hash.
class MinedExchange final : public Exchange {
  public:
    explicit MinedExchange(std::string question) : question_{std::move(question)} {}

    [[nodiscard]] std::optional<Question> next() override {
        if (question_.empty())
            return std::nullopt;
        return Question{.text = std::exchange(question_, {})};
    }

    void take(std::string answer) override {
        answer_ = std::move(answer);
        const auto mined = split_list(member(answer_, "blocks"));
        // Only the first answer is that of mining, whatever stands in the second.
        if (!mined.empty() && !std::exchange(is_mined_, true))
            question_ =
                question_of("get_block", {{"hash", std::string{member(mined.front(), "hash")}}});
    }

    [[nodiscard]] HttpReply reply() override {
        const auto block = member(answer_, "block");
        if (block.empty())
            return answer_reply(std::move(answer_));
        return HttpReply{.body = std::string{block}};
    }

  private:
    std::string question_;
    std::string answer_;
    bool is_mined_ = false;
};

/// Dials address after address until one is refused.
class PeersExchange final : public Exchange {
  public:
    PeersExchange(std::vector<std::string> addresses, std::deque<std::string> questions)
        : addresses_{std::move(addresses)}, questions_{std::move(questions)} {}

    [[nodiscard]] std::optional<Question> next() override {
        if (questions_.empty() || is_error_text(answer_))
            return std::nullopt;
        Question question{.text = std::move(questions_.front())};
        questions_.pop_front();
        return question;
    }

    void take(std::string answer) override { answer_ = std::move(answer); }

    [[nodiscard]] HttpReply reply() override {
        if (is_error_text(answer_))
            return answer_reply(std::move(answer_));
        codec::JsonWriter writer;
        writer.begin_object();
        writer.write_name("accepted");
        writer.write_bool(true);
        writer.write_name("nodes");
        writer.begin_array();
        for (const auto& address : addresses_)
            writer.write_text(address);
        writer.end_array();
        writer.end_object();
        return HttpReply{.body = writer.take()};
    }

  private:
    std::vector<std::string> addresses_;
    std::deque<std::string> questions_;
    std::string answer_;
};

/// An exchange that has no cookie to show: where one is needed, it says what to use instead.
class OpenControlOnly final : public Exchange {
  public:
    OpenControlOnly(std::unique_ptr<Exchange> inner, std::string instead)
        : inner_{std::move(inner)}, instead_{std::move(instead)} {}

    [[nodiscard]] std::optional<Question> next() override { return inner_->next(); }

    void take(std::string answer) override { inner_->take(std::move(answer)); }

    [[nodiscard]] HttpReply reply() override {
        auto reply = inner_->reply();
        if (reply.status != status_of("auth_required"))
            return reply;
        return error_reply(
            {.rule = rpc::DoorRule::change_by_get,
             .message = "By GET this works on a development chain with --open-control alone.",
             .expected = "a node whose control is open",
             .actual = "one that asks for its cookie",
             .hint = "Use POST " + instead_ +
                     " with Authorization: Bearer and the content of control.cookie."}
        );
    }

  private:
    std::unique_ptr<Exchange> inner_;
    std::string instead_;
};

/// Errors of arguments that the route calls otherwise, by the route's names.
class RenamedErrors final : public Exchange {
  public:
    RenamedErrors(std::unique_ptr<Exchange> inner, const WellKnown& row)
        : inner_{std::move(inner)}, row_{row} {}

    [[nodiscard]] std::optional<Question> next() override { return inner_->next(); }

    void take(std::string answer) override { inner_->take(std::move(answer)); }

    [[nodiscard]] HttpReply reply() override {
        auto reply = inner_->reply();
        if (!is_error_text(reply.body))
            return reply;
        const auto field = plain_text(member(member(reply.body, "data"), "field"));
        const auto place =
            std::find_if(row_.parameters.begin(), row_.parameters.end(), [field](const auto& one) {
                return !field.empty() && one.argument == field;
            });
        auto document = codec::parse_json(reply.body);
        if (place == row_.parameters.end() || !document)
            return reply;
        auto data = *document->find("data");
        data.set("field", codec::Json{place->name});
        data.set("hint", codec::Json{"/openapi.json tells the parameters of this path."});
        document->set(
            "message",
            codec::Json{"The parameter " + std::string{place->name} + " is not what is expected."}
        );
        document->set("data", std::move(data));
        reply.body = codec::to_text(*document);
        return reply;
    }

  private:
    std::unique_ptr<Exchange> inner_;
    const WellKnown& row_;
};

/// Whether a parameter of the route is called otherwise than the command's argument.
bool renames(const WellKnown& row) {
    return std::any_of(row.parameters.begin(), row.parameters.end(), [](const auto& one) {
        return !one.name.empty() && one.name != one.argument;
    });
}

/// `http://host:port/` without what makes it a URL.
std::string address_of(std::string_view url) {
    constexpr std::string_view scheme = "http://";
    if (url.starts_with(scheme))
        url.remove_prefix(scheme.size());
    if (url.ends_with('/'))
        url.remove_suffix(1);
    return std::string{url};
}

HttpReply bad_query(const WellKnown& row, const HttpRequest& request) {
    std::string names;
    for (const auto& parameter : row.parameters)
        if (!parameter.name.empty())
            names += (names.empty() ? "" : ", ") + std::string{parameter.name};
    const auto query = request.target.find('?');
    return wrong_query(
        "The query does not fit this path.",
        names.empty() ? "no parameters" : "once each: " + names,
        query == std::string_view::npos ? "no parameters" : request.target.substr(query)
    );
}

/// The arguments of the command from the query; nothing when the query does not fit.
std::optional<Fields> read_query_fields(const WellKnown& row, const Target& target) {
    Fields fields;
    for (const auto& [name, value] : target.query) {
        const auto place = std::find_if(
            row.parameters.begin(),
            row.parameters.end(),
            [&name = name](const auto& one) { return !one.name.empty() && one.name == name; }
        );
        if (place == row.parameters.end())
            return std::nullopt;
        const bool is_new = std::none_of(fields.begin(), fields.end(), [&](const auto& field) {
            return field.first == place->argument;
        });
        if (!is_new)
            return std::nullopt;
        const std::string word = place->name == "url" ? address_of(value) : value;
        const auto* argument = find_argument(*rpc::find_command(row.command), place->argument);
        fields.emplace_back(place->argument, word_as_json(argument, word));
    }
    for (const auto& parameter : row.parameters) {
        const bool is_given = std::any_of(fields.begin(), fields.end(), [&](const auto& field) {
            return field.first == parameter.argument;
        });
        if (parameter.is_required && !is_given)
            return std::nullopt;
    }
    return fields;
}

/// Adds the cookie, where the client has given one.
void add_cookie(const HttpRequest& request, Fields& fields) {
    const auto token = bearer_token(request);
    if (!token)
        return;
    std::string quoted;
    codec::append_quoted(quoted, *token);
    fields.emplace_back("auth", std::move(quoted));
}

/// Asks `question`, which has the request's body inside: a level deeper than the body alone.
Decision ask_with_body(std::string question, const WellKnown& row) {
    const auto document = codec::parse_json(question);
    if (document)
        return ask_part(std::move(question), row);
    auto told = rpc::bad_field(document.error());
    told.code =
        is_too_large(document.error()) ? rpc::ErrorCode::too_large : rpc::ErrorCode::bad_field;
    told.message = "The body is too large, or nested too deeply.";
    told.hint = "The command that it becomes a part of takes a level and some values more.";
    return answer_reply(rpc::to_json(told, {}));
}

/// A transaction as it is shown elsewhere, or the arguments of `push_transaction`.
Decision decide_push(const WellKnown& row, const HttpRequest& request) {
    const auto body = read_body_object(request);
    if (body && body->find("kind") != nullptr)
        return ask_with_body(
            question_of(row.command, {{"transaction", codec::to_text(*body)}}), row
        );
    return decide_post(*rpc::find_command(row.command), request);
}

/// Mines a block whose data is any JSON.
Decision decide_data(const WellKnown& row, const HttpRequest& request) {
    Fields fields{{"count", "1"}};
    if (!request.body.empty()) {
        if (!is_json_type(request))
            return wrong_content_type(request);
        const auto data = codec::parse_json(request.body);
        if (!data)
            return bad_json(data.error());
        fields.emplace_back("data", codec::to_text(*data));
    }
    add_cookie(request, fields);
    return ask_with_body(question_of(row.command, fields), row);
}

/// The addresses of `{"nodes":[...]}`, `{"address":...}` or `{"url":...}`; empty when there are
/// none, or more than `discovered_nodes_max`.
std::vector<std::string> read_addresses(const codec::Json& body) {
    std::vector<std::string> addresses;
    const auto* members = body.if_object();
    if (members == nullptr || members->size() != 1)
        return addresses;
    const auto& [name, value] = *members->begin();
    if (name == "nodes" && value.if_array() != nullptr) {
        for (const auto& one : *value.if_array()) {
            if (one.if_text() == nullptr || addresses.size() == discovered_nodes_max)
                return {};
            addresses.push_back(address_of(*one.if_text()));
        }
    } else if ((name == "address" || name == "url") && value.if_text() != nullptr) {
        addresses.push_back(address_of(*value.if_text()));
    }
    return addresses;
}

Decision decide_peers(const WellKnown& row, const HttpRequest& request) {
    const auto body = read_body_object(request);
    if (!body)
        return body.error();
    auto addresses = read_addresses(*body);
    if (addresses.empty())
        return error_reply(
            {.rule = rpc::DoorRule::bad_nodes,
             .message = "The body names no nodes, or too many.",
             .expected = "1 to " + std::to_string(discovered_nodes_max) + " nodes",
             .actual = "none, more, or other members",
             .hint = R"(Send {"nodes":["host:port"]}, {"address":...} or {"url":...}.)"}
        );
    std::deque<std::string> questions;
    for (const auto& address : addresses) {
        Fields fields{{"address", word_as_json(nullptr, address)}};
        add_cookie(request, fields);
        questions.push_back(question_of(row.command, fields));
    }
    return std::make_unique<PeersExchange>(std::move(addresses), std::move(questions));
}

Decision decide_query(const WellKnown& row, const HttpRequest& request) {
    const auto target = parse_target(request.target);
    auto fields = target ? read_query_fields(row, *target) : std::nullopt;
    if (!fields)
        return bad_query(row, request);
    const bool is_page = !fields->empty();
    if (row.part == "length")
        fields->emplace_back("count", "1");
    if (row.command == "mempool" || row.command == "nodes")
        fields->emplace_back("count", std::to_string(rpc::listed_max));
    auto question = question_of(row.command, *fields);
    switch (row.kind) {
        case WellKnownKind::chain:
        case WellKnownKind::blocks:
            if (!is_page)
                return std::make_unique<WholeChain>(row.kind == WellKnownKind::blocks);
            break;
        case WellKnownKind::mined:
            return std::make_unique<MinedExchange>(std::move(question));
        case WellKnownKind::question:
        case WellKnownKind::running:
        case WellKnownKind::block_of:
        case WellKnownKind::body:
        case WellKnownKind::peers:
            break;
    }
    return ask_part(std::move(question), row);
}

Decision decide_well_known(const WellKnown& row, const HttpRequest& request) {
    const bool has_query = request.target.find('?') != std::string_view::npos;
    switch (row.kind) {
        case WellKnownKind::body:
            return has_query ? bad_query(row, request) : decide_push(row, request);
        case WellKnownKind::block_of:
            return has_query ? bad_query(row, request) : decide_data(row, request);
        case WellKnownKind::peers:
            return has_query ? bad_query(row, request) : decide_peers(row, request);
        case WellKnownKind::question:
        case WellKnownKind::running:
        case WellKnownKind::chain:
        case WellKnownKind::blocks:
        case WellKnownKind::mined:
            return decide_query(row, request);
    }
    return bad_query(row, request);
}

/// What a change by GET must pass before it is asked.
std::optional<HttpReply> check_change(
    const HttpRequest& request, const std::vector<std::string>& cors
) {
    if (request.method != "GET")
        return wrong_method(request, "GET");
    return check_site(request, cors);
}

Decision decide_row(
    const WellKnown& row,
    const HttpRequest& request,
    std::string_view rest,
    const std::vector<std::string>& cors
) {
    if (row.changes_by_get())
        if (auto refused = check_change(request, cors))
            return std::move(*refused);
    std::string prefix{request.prefix};
    std::uint16_t port = 0;
    if (row.is_of_gateway) {
        const auto parsed = parse_node_port(rest);
        if (!parsed)
            return parsed.error();
        port = *parsed;
        prefix = "/node/" + std::string{rest};
    }
    auto decision = decide_well_known(row, request);
    auto* exchange = std::get_if<std::unique_ptr<Exchange>>(&decision);
    if (exchange != nullptr && renames(row))
        *exchange = std::make_unique<RenamedErrors>(std::move(*exchange), row);
    if (exchange != nullptr && row.changes_by_get())
        *exchange = std::make_unique<OpenControlOnly>(
            std::move(*exchange), prefix + std::string{api_prefix} + '/' + std::string{row.command}
        );
    return row.is_of_gateway ? ask_at(port, std::move(decision)) : std::move(decision);
}

}  // namespace

std::vector<Route> well_known_routes(const std::vector<std::string>& cors, bool is_gateway) {
    std::vector<Route> routes;
    for (const auto& row : well_known_table()) {
        if (row.is_of_gateway != is_gateway)
            continue;
        CAIRN_ASSERT(rpc::find_command(row.command) != nullptr);
        routes.push_back(
            {.method = row.method,
             .path = row.path,
             .decide = [&row, cors](
                           const HttpRequest& request, std::string_view rest
                       ) { return decide_row(row, request, rest, cors); },
             .takes_head = !row.changes_by_get()}
        );
    }
    return routes;
}

}  // namespace cairn::http
