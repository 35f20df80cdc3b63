#include "src/http/describe.hpp"

namespace cairn::http {

namespace {

codec::Json open_rpc_method(const rpc::Command& command) {
    using codec::Json;
    auto params = Json::array();
    for (const auto& argument : command.arguments)
        params.push_back(Json::object(
            {{"name", Json{argument.name}},
             {"required", Json{argument.is_required}},
             {"schema", argument_schema(argument)}}
        ));
    return Json::object(
        {{"name", Json{command.name}},
         {"summary", Json{command.help}},
         {"paramStructure", Json{"either"}},
         {"params", std::move(params)},
         {"result", Json::object({{"name", Json{"reply"}}, {"schema", schema_of_reply(command)}})}}
    );
}

}  // namespace

std::string describe_open_rpc(std::string_view version) {
    using codec::Json;
    auto methods = Json::array();
    for (const auto& command : rpc::command_table())
        methods.push_back(open_rpc_method(command));
    return codec::to_text(Json::object(
        {{"openrpc", Json{"1.3.2"}},
         {"info", Json::object({{"title", Json{"Cairn"}}, {"version", Json{version}}})},
         {"methods", std::move(methods)},
         {"components", Json::object({{"schemas", component_schemas()}})}}
    ));
}

}  // namespace cairn::http
