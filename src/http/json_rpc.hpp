/// JSON-RPC 2.0 over the command table, at `POST /rpc` (spec 12 §5).
#pragma once

#include "cairn/http/gate.hpp"

#include <string>
#include <string_view>

namespace cairn::http {

/// @name Error codes of the standard
/// @{
inline constexpr int rpc_parse_error = -32700;
inline constexpr int rpc_invalid_request = -32600;
inline constexpr int rpc_method_not_found = -32601;
inline constexpr int rpc_invalid_params = -32602;
inline constexpr int rpc_internal_error = -32603;
/// @}

/// @name Error codes of a gateway
/// @{
inline constexpr int rpc_no_node = -32008;
inline constexpr int rpc_no_answer = -32009;
/// @}

/// The code of JSON-RPC for an error code of spec 02 §5 or spec 12 §6.
[[nodiscard]] int rpc_code_of(std::string_view code);

/// Decides a request to `/rpc`. `description` is what `rpc.discover` answers.
[[nodiscard]] Decision decide_json_rpc(const HttpRequest& request, const std::string& description);

}  // namespace cairn::http
