/// `cairn explain` and `cairn estimate-fee`: one question to a node each, answered for people.
#pragma once

#include "src/app/client_commands.hpp"
#include "src/app/command.hpp"

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace cairn::app {

[[nodiscard]] std::vector<Command> make_question_commands();

struct ExplainOptions {
    std::string node = "127.0.0.1:5001";
    /// 64 hexadecimal digits are a transaction or a block, decimal digits a height, all else a
    /// rule.
    std::string subject;
    std::uint64_t timeout_seconds = client_timeout_seconds;
    bool json = false;
};

/// What a rule means, or what became of a transaction or block (spec 02 §6).
/// Statuses: 0, 65 where the node knows nothing of it, 69, 75.
[[nodiscard]] int run_explain(
    const ExplainOptions& options, std::ostream& out, std::ostream& errors
);

struct EstimateFeeOptions {
    std::string node = "127.0.0.1:5001";
    /// Only the estimate for so many blocks, or the nearest below; 0: all of them.
    std::uint64_t blocks = 0;
    std::uint64_t timeout_seconds = client_timeout_seconds;
    bool json = false;
};

/// The fees that the node advises. Statuses: 0, 65 for an answer without them, 69, 75.
[[nodiscard]] int run_estimate_fee(
    const EstimateFeeOptions& options, std::ostream& out, std::ostream& errors
);

}  // namespace cairn::app
