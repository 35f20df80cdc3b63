/// The commonest request: one question, whose answer becomes the reply.
#pragma once

#include "cairn/http/exchange.hpp"

#include <functional>
#include <memory>
#include <string>

namespace cairn::http {

/// Makes the reply of an answer that is no error.
using FinishReply = std::function<HttpReply(std::string answer)>;

/// Asks `question` alone. An error is the reply as it came, any other answer what `finish` makes
/// of it.
[[nodiscard]] std::unique_ptr<Exchange> ask_once(std::string question, FinishReply finish);
/// The same, and the answer is the reply.
[[nodiscard]] std::unique_ptr<Exchange> ask_once(std::string question);

}  // namespace cairn::http
