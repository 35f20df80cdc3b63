#include "src/http/describe.hpp"
#include "src/http/rest.hpp"
#include "src/http/schema.hpp"
#include "src/http/well_known.hpp"

#include "cairn/base/assert.hpp"

#include <algorithm>
#include <array>

namespace cairn::http {

namespace {

using codec::Json;

Json json_content(Json schema) {
    return Json::object({{"application/json", Json::object({{"schema", std::move(schema)}})}});
}

Json responses(Json schema) {
    auto error = Json::object({{"$ref", Json{"#/components/schemas/Error"}}});
    return Json::object(
        {{"200",
          Json::object(
              {{"description", Json{"The answer."}}, {"content", json_content(std::move(schema))}}
          )},
         {"default",
          Json::object(
              {{"description", Json{"Why there is none."}},
               {"content", json_content(std::move(error))}}
          )}}
    );
}

Json parameter(const rpc::Argument& argument, std::string_view place) {
    return Json::object(
        {{"name", Json{argument.name}},
         {"in", Json{place}},
         {"required", Json{place == "path" || argument.is_required}},
         {"schema", argument_schema(argument)}}
    );
}

bool has_pages(const rpc::Command& command) {
    return std::any_of(
               command.arguments.begin(),
               command.arguments.end(),
               [](const auto& one) { return one.name == "from"; }
           ) &&
           command.reply.find("next?") != std::string_view::npos;
}

/// The reply as HTTP gives it: lists have links to their neighbours.
Json http_reply_schema(const rpc::Command& command) {
    auto schema = schema_of_reply(command);
    if (!has_pages(command))
        return schema;
    const auto link = *codec::parse_json(R"({"type":["string","null"],"format":"uri"})");
    auto properties = *schema.find("properties");
    properties.set("next", link).set("previous", link);
    auto required = *schema.find("required");
    required.push_back(Json{"next"});
    required.push_back(Json{"previous"});
    return schema.set("properties", std::move(properties)).set("required", std::move(required));
}

Json get_operation(const rpc::Command& command, std::string_view id, const rpc::Argument* in_path) {
    auto parameters = Json::array();
    for (const auto& argument : command.arguments) {
        const bool is_in_path = in_path != nullptr && argument.name == in_path->name;
        if (is_in_path)
            parameters.push_back(parameter(argument, "path"));
        // A block is named by one of its two arguments alone.
        else if (in_path == nullptr || command.name != "get_block")
            parameters.push_back(parameter(argument, "query"));
    }
    return Json::object(
        {{"operationId", Json{id}},
         {"summary", Json{command.help}},
         {"parameters", std::move(parameters)},
         {"responses", responses(http_reply_schema(command))}}
    );
}

Json post_operation(const rpc::Command& command) {
    auto properties = Json::object();
    auto required = Json::array();
    for (const auto& argument : command.arguments) {
        properties.set(argument.name, argument_schema(argument));
        if (argument.is_required)
            required.push_back(Json{argument.name});
    }
    auto body = Json::object(
        {{"type", Json{"object"}},
         {"properties", std::move(properties)},
         {"required", std::move(required)},
         {"additionalProperties", Json{false}}}
    );
    auto operation = Json::object(
        {{"operationId", Json{command.name}},
         {"summary", Json{command.help}},
         {"requestBody", Json::object({{"content", json_content(std::move(body))}})},
         {"responses", responses(http_reply_schema(command))}}
    );
    if (command.access == rpc::Access::control)
        operation.set("security", *codec::parse_json(R"([{"cookie":[]}])"));
    return operation;
}

void add_command(Json& paths, const rpc::Command& command) {
    const auto path = std::string{api_prefix} + '/' + std::string{path_name(command)};
    if (command.changes) {
        paths.set(path, Json::object({{"post", post_operation(command)}}));
        return;
    }
    // The path for blocks alone lists them.
    const bool is_block = command.name == "get_block";
    if (!is_block)
        paths.set(path, Json::object({{"get", get_operation(command, command.name, nullptr)}}));
    const bool names_one =
        is_block ||
        (!command.arguments.empty() && command.arguments.front().name != "from" &&
         command.arguments.front().name != "count" && command.arguments.front().type != "number");
    if (!names_one)
        return;
    const auto& argument = command.arguments.front();
    const auto id = std::string{command.name} + "_by_" + std::string{argument.name};
    paths.set(
        path + "/{" + std::string{argument.name} + '}',
        Json::object({{"get", get_operation(command, id, &argument)}})
    );
}

struct OtherPath {
    std::string_view path;
    std::string_view method;
    std::string_view summary;
    /// In the notation of shapes.
    std::string_view reply;
    /// A query parameter and its default; empty: none.
    std::string_view first = {};
    std::string_view second = {};
};

constexpr std::array other_paths{
    OtherPath{
        "/api/v1/block",
        "get",
        "The blocks of the chain, page by page.",
        "{count: number, next: text|null, previous: text|null, results: [Block]}",
        "from",
        "count"},
    OtherPath{"/healthz", "get", "The process answers.", "{alive: boolean}"},
    OtherPath{
        "/readiness",
        "get",
        "The node has peers and is near their chain; 503 when not.",
        "{ready: boolean, peers: number, behind: number, failing?: text}",
        "minPeers",
        "maxBlocksBehind"},
    OtherPath{"/openapi.json", "get", "This document.", "{openapi: text, ...}"},
    OtherPath{"/openrpc.json", "get", "What rpc.discover answers.", "{openrpc: text, ...}"},
    OtherPath{"/rpc", "post", "JSON-RPC 2.0, also in batches.", "json"},
    OtherPath{
        "/frames",
        "post",
        "The frames of a text request and its reply; the body is {request: text}.",
        "{request: {header: text, payload: text}, reply: {header: text, payload: text}}"},
};

constexpr std::array gateway_paths{
    OtherPath{
        "/ports",
        "get",
        "The ports of the nodes that are shown.",
        "{version: text, ports: [number]}"},
    OtherPath{"/healthz", "get", "The process answers.", "{alive: boolean}"},
    OtherPath{"/openapi.json", "get", "This document.", "{openapi: text, ...}"},
};

void add_other(Json& paths, const OtherPath& other) {
    auto parameters = Json::array();
    for (const auto name : {other.first, other.second})
        if (!name.empty())
            parameters.push_back(parameter(
                {.name = name, .type = "number", .is_required = false, .preset = {}, .max = {}},
                "query"
            ));
    const auto schema = to_schema(other.reply);
    CAIRN_ASSERT(schema.has_value());
    auto operation = Json::object(
        {{"summary", Json{other.summary}},
         {"parameters", std::move(parameters)},
         {"responses", responses(*codec::parse_json(*schema))}}
    );
    if (other.method == "post")
        operation.set("requestBody", Json::object({{"content", json_content(Json::object())}}));
    paths.set(other.path, Json::object({{other.method, std::move(operation)}}));
}

/// The reply of a well-known route, which may be no object and no JSON.
Json well_known_reply(const WellKnown& row, const rpc::Command& command) {
    if (row.reply.empty())
        return responses(schema_of_reply(command));
    const auto schema = to_schema(row.reply);
    CAIRN_ASSERT(schema.has_value());
    auto described = responses(*codec::parse_json(*schema));
    if (row.kind != WellKnownKind::running)
        return described;
    auto text =
        Json::object({{"text/plain", Json::object({{"schema", *codec::parse_json(*schema)}})}});
    auto good = Json::object({{"description", Json{"The answer."}}, {"content", std::move(text)}});
    return described.set("200", std::move(good));
}

/// Adds `row` to what its path has already.
void add_well_known(Json& paths, const WellKnown& row) {
    const auto& command = *rpc::find_command(row.command);
    auto path = std::string{row.path};
    auto parameters = Json::array();
    if (row.is_of_gateway) {
        path.replace(path.size() - 1, 1, "{port}");
        parameters.push_back(parameter(
            {.name = "port", .type = "number", .is_required = true, .preset = {}, .max = 65'535},
            "path"
        ));
    }
    for (const auto& one : row.parameters) {
        if (one.name.empty())
            continue;
        auto argument = *find_argument(command, one.argument);
        argument.name = one.name;
        argument.is_required = one.is_required;
        parameters.push_back(parameter(argument, "query"));
    }
    auto operation = Json::object(
        {{"summary", Json{row.summary}},
         {"description", Json{"The command " + std::string{row.command} + " by another name."}},
         {"parameters", std::move(parameters)},
         {"responses", well_known_reply(row, command)}}
    );
    if (row.method != "GET")
        operation.set("requestBody", Json::object({{"content", json_content(Json::object())}}));
    if (row.changes_by_get())
        operation.set("x-changes", Json{true});
    std::string method{row.method};
    for (auto& letter : method)
        letter = static_cast<char>(letter - 'A' + 'a');
    const auto* known = paths.find(path);
    auto operations = known == nullptr ? Json::object() : *known;
    operations.set(method, std::move(operation));
    paths.set(path, std::move(operations));
}

void add_all_well_known(Json& paths, bool is_gateway) {
    for (const auto& row : well_known_table())
        if (row.is_of_gateway == is_gateway)
            add_well_known(paths, row);
}

std::string document(std::string_view title, std::string_view version, Json paths) {
    auto security = *codec::parse_json(R"({"cookie":{"type":"http","scheme":"bearer"}})");
    return codec::to_text(Json::object(
        {{"openapi", Json{"3.1.0"}},
         {"info", Json::object({{"title", Json{title}}, {"version", Json{version}}})},
         // Relative: a gateway serves this document below the path of each node.
         {"servers", *codec::parse_json(R"([{"url":"."}])")},
         {"paths", std::move(paths)},
         {"components",
          Json::object({{"schemas", component_schemas()}, {"securitySchemes", std::move(security)}}
          )}}
    ));
}

Json event_path() {
    return *codec::parse_json(
        R"({"get":{"summary":"What happens, as server-sent events.","parameters":[)"
        R"({"name":"Last-Event-ID","in":"header","required":false,"schema":{"type":"string"}}],)"
        R"("responses":{"200":{"description":"A stream.",)"
        R"("content":{"text/event-stream":{"schema":{"type":"string"}}}}}}})"
    );
}

}  // namespace

std::string describe_open_api(std::string_view version) {
    auto paths = Json::object();
    for (const auto& command : rpc::command_table())
        add_command(paths, command);
    for (const auto& other : other_paths)
        add_other(paths, other);
    add_all_well_known(paths, false);
    paths.set("/events", event_path());
    return document("Cairn", version, std::move(paths));
}

std::string describe_gateway_api(std::string_view version) {
    auto paths = Json::object();
    for (const auto& other : gateway_paths)
        add_other(paths, other);
    add_all_well_known(paths, true);
    return document("Cairn gateway; each node's paths stand below /node/{port}", version, paths);
}

}  // namespace cairn::http
