/// `POST /frames`: a request as it goes over TCP, and its reply, frame by frame (spec 12 R30).
#pragma once

#include "cairn/http/gate.hpp"

#include <string_view>

namespace cairn::http {

/// Asks the text that the body names, as it is, and answers both frames. A node's error is such a
/// frame too. Refused: what `read_body_object` refuses, and a text that is no payload of a text
/// request (`http.wrong_parameters`).
[[nodiscard]] Decision decide_frames(const HttpRequest& request, std::string_view rest);

}  // namespace cairn::http
