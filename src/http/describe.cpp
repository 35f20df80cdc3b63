#include "src/http/describe.hpp"

#include "src/http/schema.hpp"

#include "cairn/base/assert.hpp"
#include "cairn/rpc/shapes.hpp"

namespace cairn::http {

namespace {

/// A schema that we have written ourselves.
codec::Json own_schema(const std::optional<std::string>& text) {
    CAIRN_ASSERT(text.has_value());
    auto document = codec::parse_json(*text);
    CAIRN_ASSERT(document.has_value());
    return std::move(*document);
}

}  // namespace

codec::Json argument_schema(const rpc::Argument& argument) {
    using codec::Json;
    auto schema = Json::object();
    if (argument.type == "number") {
        schema.set("type", Json{"integer"}).set("minimum", Json{argument.min});
        if (argument.max)
            schema.set("maximum", Json{*argument.max});
    } else if (argument.type == "boolean") {
        schema.set("type", Json{"boolean"});
    } else if (argument.type == "text") {
        schema.set("type", Json{"string"});
        if (argument.max)
            schema.set("maxLength", Json{*argument.max});
    } else if (argument.type == "hex") {
        schema.set("type", Json{"string"}).set("pattern", Json{"^([0-9a-f]{2})*$"});
        if (argument.max)
            schema.set("maxLength", Json{*argument.max * 2});
    } else if (argument.type == "place") {
        schema.set(
            "anyOf",
            own_schema(R"([{"type":"integer","minimum":0},)"
                       R"({"type":"string","pattern":"^[0-9]+\\.[0-9]+$"}])")
        );
    }
    if (!argument.preset.empty())
        schema.set("default", own_schema(argument.preset));
    return schema;
}

codec::Json component_schemas() {
    auto schemas = codec::Json::object();
    for (const auto& [name, shape] : rpc::named_shapes())
        schemas.set(name, own_schema(to_schema(shape)));
    return schemas;
}

codec::Json schema_of_reply(const rpc::Command& command) {
    return own_schema(reply_schema(command.name, command.reply));
}

}  // namespace cairn::http
