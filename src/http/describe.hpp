/// Descriptions for programs, made from the command table: they cannot differ from what is served.
#pragma once

#include "cairn/codec/json_text.hpp"
#include "cairn/rpc/command.hpp"

#include <string>
#include <string_view>

namespace cairn::http {

/// An OpenAPI 3.1 document of all paths.
[[nodiscard]] std::string describe_open_api(std::string_view version);
/// The same for a gateway's own paths; those of each node stand below `/node/{port}`.
[[nodiscard]] std::string describe_gateway_api(std::string_view version);
/// An OpenRPC 1.3 document of all methods.
[[nodiscard]] std::string describe_open_rpc(std::string_view version);

/// The schema of what `argument` takes.
[[nodiscard]] codec::Json argument_schema(const rpc::Argument& argument);
/// The schemas that others refer to.
[[nodiscard]] codec::Json component_schemas();
/// The schema of `command`'s reply.
[[nodiscard]] codec::Json schema_of_reply(const rpc::Command& command);

}  // namespace cairn::http
