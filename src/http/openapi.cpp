#include "src/http/describe.hpp"
#include "src/http/request_bodies.hpp"
#include "src/http/rest.hpp"
#include "src/http/schema.hpp"
#include "src/http/well_known.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/http/limits.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace cairn::http {

namespace {

using codec::Json;

Json json_content(Json schema) {
    return Json::object({{"application/json", Json::object({{"schema", std::move(schema)}})}});
}

Json response(std::string_view description, Json schema) {
    return Json::object(
        {{"description", Json{description}}, {"content", json_content(std::move(schema))}}
    );
}

Json component(std::string_view name) {
    return Json::object({{"$ref", Json{"#/components/schemas/" + std::string{name}}}});
}

Json any_of(Json first, Json second) {
    return Json::object({{"anyOf", Json{Json::Array{std::move(first), std::move(second)}}}});
}

Json responses(Json schema) {
    return Json::object(
        {{"200", response("The answer.", std::move(schema))},
         {"default", response("Why there is none.", component("Error"))}}
    );
}

Json own_json(std::string_view text) {
    auto document = codec::parse_json(text);
    CAIRN_ASSERT(document.has_value());
    return std::move(*document);
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
    const auto link = own_json(R"({"type":["string","null"],"format":"uri"})");
    auto properties = *schema.find("properties");
    properties.set("next", link).set("previous", link);
    auto required = *schema.find("required");
    required.push_back(Json{"next"});
    required.push_back(Json{"previous"});
    return schema.set("properties", std::move(properties)).set("required", std::move(required));
}

/// Whether a block is named by one of the first two arguments alone.
bool names_block(const rpc::Command& command) {
    const auto& arguments = command.arguments;
    return arguments.size() > 1 && arguments[0].name == "height" && arguments[1].name == "hash";
}

/// An argument as a word of the path. A block is named by its height or its hash.
Json path_parameter(const rpc::Command& command, const rpc::Argument& argument) {
    auto described = parameter(argument, "path");
    if (!names_block(command))
        return described;
    return described.set("description", Json{"Its height, or the 64 digits of its hash."})
        .set("schema", any_of(argument_schema(argument), own_json(*to_schema("hash"))));
}

Json get_operation(const rpc::Command& command, std::string_view id, const rpc::Argument* in_path) {
    auto parameters = Json::array();
    for (const auto& argument : command.arguments) {
        const bool is_in_path = in_path != nullptr && argument.name == in_path->name;
        if (is_in_path)
            parameters.push_back(path_parameter(command, argument));
        else if (in_path == nullptr || !names_block(command) || argument.name != "hash")
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
    auto operation = Json::object(
        {{"operationId", Json{command.name}},
         {"summary", Json{command.help}},
         {"requestBody", command_body(command)},
         {"responses", responses(http_reply_schema(command))}}
    );
    if (command.access == rpc::Access::control)
        operation.set("security", own_json(R"([{"cookie":[]}])"));
    return operation;
}

void add_command(Json& paths, const rpc::Command& command) {
    const auto path = std::string{api_prefix} + '/' + std::string{path_name(command)};
    if (command.changes) {
        paths.set(path, Json::object({{"post", post_operation(command)}}));
        return;
    }
    // The path for blocks alone lists them.
    if (command.name != "get_block")
        paths.set(path, Json::object({{"get", get_operation(command, command.name, nullptr)}}));
    const bool names_one =
        names_block(command) ||
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
    std::string_view third = {};
    /// It is answered with status 503 too.
    bool is_also_503 = false;
};

constexpr std::array other_paths{
    OtherPath{
        "/api/v1/block",
        "get",
        "The blocks of the chain, page by page.",
        "{count: number, next: text|null, previous: text|null, results: [Block]}",
        "from",
        "count",
        "before"},
    OtherPath{"/healthz", "get", "The process answers.", "{alive: boolean}"},
    OtherPath{
        "/readiness",
        "get",
        "The node has peers and is near their chain; 503 when not.",
        "{ready: boolean, peers: number, behind: number, failing?: text}",
        "minPeers",
        "maxBlocksBehind",
        {},
        true},
    OtherPath{"/openapi.json", "get", "This document.", "{openapi: text, ...}"},
    OtherPath{"/openrpc.json", "get", "What rpc.discover answers.", "{openrpc: text, ...}"},
    OtherPath{
        "/frames",
        "post",
        "The frames of a text request and its reply.",
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
    for (const auto name : {other.first, other.second, other.third}) {
        if (name.empty())
            continue;
        const auto* of_chain = find_argument(*rpc::find_command("get_chain"), name);
        const rpc::Argument plain{
            .name = name, .type = "number", .is_required = false, .preset = {}, .max = {}};
        parameters.push_back(parameter(of_chain == nullptr ? plain : *of_chain, "query"));
    }
    const auto schema = to_schema(other.reply);
    CAIRN_ASSERT(schema.has_value());
    auto described = responses(own_json(*schema));
    if (other.is_also_503)
        described.set(
            "503",
            response(
                "The same, or why there is none.", any_of(own_json(*schema), component("Error"))
            )
        );
    auto operation = Json::object(
        {{"summary", Json{other.summary}},
         {"parameters", std::move(parameters)},
         {"responses", std::move(described)}}
    );
    if (other.method != "get")
        operation.set("requestBody", frames_body());
    paths.set(other.path, Json::object({{other.method, std::move(operation)}}));
}

/// The reply of a well-known route, which may be no object and no JSON.
Json well_known_reply(const WellKnown& row, const rpc::Command& command) {
    if (row.reply.empty())
        return responses(schema_of_reply(command));
    const auto schema = to_schema(row.reply);
    CAIRN_ASSERT(schema.has_value());
    auto described = responses(own_json(*schema));
    if (row.kind != WellKnownKind::running)
        return described;
    auto text = Json::object({{"text/plain", Json::object({{"schema", own_json(*schema)}})}});
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
        // Without a part of them all blocks are meant.
        if (row.kind == WellKnownKind::blocks)
            argument.preset = {};
        parameters.push_back(parameter(argument, "query"));
    }
    auto operation = Json::object(
        {{"summary", Json{row.summary}},
         {"description", Json{"The command " + std::string{row.command} + " by another name."}},
         {"parameters", std::move(parameters)},
         {"responses", well_known_reply(row, command)}}
    );
    if (row.method != "GET") {
        operation.set("requestBody", well_known_body(row));
        if (command.access == rpc::Access::control)
            operation.set("security", own_json(R"([{"cookie":[]}])"));
    }
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

std::string document(std::string_view title, std::string_view version, Json paths, Json schemas) {
    auto security = own_json(R"({"cookie":{"type":"http","scheme":"bearer"}})");
    return codec::to_text(Json::object(
        {{"openapi", Json{"3.1.0"}},
         {"info", Json::object({{"title", Json{title}}, {"version", Json{version}}})},
         // Relative: a gateway serves this document below the path of each node.
         {"servers", own_json(R"([{"url":"."}])")},
         {"paths", std::move(paths)},
         {"components",
          Json::object({{"schemas", std::move(schemas)}, {"securitySchemes", std::move(security)}}
          )}}
    ));
}

Json event_path() {
    return own_json(
        R"({"get":{"summary":"What happens, as server-sent events.","parameters":[)"
        R"({"name":"Last-Event-ID","in":"header","required":false,"schema":{"type":"string"}}],)"
        R"("responses":{"200":{"description":"A stream.",)"
        R"("content":{"text/event-stream":{"schema":{"type":"string"}}}},)"
        R"("default":{"description":"Why there is none.","content":{"application/json":)"
        R"({"schema":{"$ref":"#/components/schemas/Error"}}}}}}})"
    );
}

/// What `/rpc` takes and gives besides the replies of commands.
Json rpc_schemas() {
    return own_json(
        R"({"RpcCall":{"type":"object","required":["jsonrpc","method"],"properties":{)"
        R"("jsonrpc":{"const":"2.0"},"method":{"type":"string"},)"
        R"("params":{"type":["array","object"]},"id":{"type":["string","integer","null"]}}},)"
        R"("RpcError":{"type":"object","required":["code","message","data"],"properties":{)"
        R"("code":{"type":"integer"},"message":{"type":"string"},)"
        R"("data":{"type":"object","required":["code","rule"],"properties":{)"
        R"("code":{"type":"string"},"field":{"type":"string"},"rule":{"type":"string"},)"
        R"("expected":{"type":"string"},"actual":{"type":"string"},"hint":{"type":"string"}},)"
        R"("additionalProperties":false}},"additionalProperties":false},)"
        R"("RpcReply":{"type":"object","required":["jsonrpc","id"],"properties":{)"
        R"("jsonrpc":{"const":"2.0"},"result":{"type":"object"},)"
        R"("error":{"$ref":"#/components/schemas/RpcError"},)"
        R"("id":{"type":["string","integer","null"]}},"additionalProperties":false,)"
        R"("oneOf":[{"required":["result"]},{"required":["error"]}]}})"
    );
}

Json rpc_path() {
    const auto one_or_list = [](std::string_view name, std::optional<std::size_t> most) {
        auto list = Json::object({{"type", Json{"array"}}, {"items", component(name)}});
        list.set("minItems", Json{std::uint64_t{1}});
        if (most)
            list.set("maxItems", Json{std::uint64_t{*most}});
        return any_of(component(name), std::move(list));
    };
    const auto refused = [](std::string_view why) {
        return response(why, any_of(component("RpcReply"), component("Error")));
    };
    auto answers = Json::object(
        {{"200", response("A reply to the call, or to each.", one_or_list("RpcReply", {}))},
         {"204", own_json(R"({"description":"Every call was a notification."})")},
         {"400", refused("The body is no JSON.")},
         {"413", refused("The body, or the batch, is too large.")},
         {"default", response("Why there is none.", component("Error"))}}
    );
    auto operation = Json::object(
        {{"summary", Json{"JSON-RPC 2.0, also in batches; rpc.discover tells the methods."}},
         {"requestBody",
          Json::object(
              {{"required", Json{true}},
               {"content", json_content(one_or_list("RpcCall", batch_max))}}
          )},
         {"responses", std::move(answers)}}
    );
    return Json::object({{"post", std::move(operation)}});
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
    paths.set("/rpc", rpc_path());
    auto schemas = component_schemas();
    const auto of_rpc = rpc_schemas();
    for (const auto& [name, schema] : *of_rpc.if_object())
        schemas.set(name, schema);
    for (const auto& [name, schema] : body_schemas())
        schemas.set(name, schema);
    return document("Cairn", version, std::move(paths), std::move(schemas));
}

std::string describe_gateway_api(std::string_view version) {
    auto paths = Json::object();
    for (const auto& other : gateway_paths)
        add_other(paths, other);
    add_all_well_known(paths, true);
    return document(
        "Cairn gateway; each node's paths stand below /node/{port}",
        version,
        std::move(paths),
        component_schemas()
    );
}

}  // namespace cairn::http
