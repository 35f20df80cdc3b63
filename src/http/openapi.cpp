#include "src/http/describe.hpp"
#include "src/http/rest.hpp"
#include "src/http/schema.hpp"

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
    paths.set("/events", event_path());
    auto security = *codec::parse_json(R"({"cookie":{"type":"http","scheme":"bearer"}})");
    return codec::to_text(Json::object(
        {{"openapi", Json{"3.1.0"}},
         {"info", Json::object({{"title", Json{"Cairn"}}, {"version", Json{version}}})},
         {"paths", std::move(paths)},
         {"components",
          Json::object({{"schemas", component_schemas()}, {"securitySchemes", std::move(security)}}
          )}}
    ));
}

}  // namespace cairn::http
