/// What the bodies of requests are, as JSON Schema: `/openapi.json` tells it of each path that has
/// one.
#pragma once

#include "src/http/well_known.hpp"

#include "cairn/codec/json_text.hpp"
#include "cairn/rpc/command.hpp"

namespace cairn::http {

/// The `requestBody` of `POST /api/v1/<command>`: its arguments by name. Without arguments that
/// must be given, the body may be left out.
[[nodiscard]] codec::Json command_body(const rpc::Command& command);
/// The `requestBody` of a well-known route that is no GET (spec 12 §9).
[[nodiscard]] codec::Json well_known_body(const WellKnown& row);
/// The `requestBody` of `POST /frames` (spec 12 R30).
[[nodiscard]] codec::Json frames_body();
/// The schemas that these refer to, by name.
[[nodiscard]] codec::Json::Object body_schemas();

}  // namespace cairn::http
