/// The envelope of a request: its `id`, its `chain`, and who may call what (spec 02 §2.1, §4).
#pragma once

#include "cairn/chain/blockchain.hpp"
#include "cairn/codec/json.hpp"
#include "cairn/rpc/error.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cairn::rpc {

/// Errors: `wrong_chain`, `bad_field`.
[[nodiscard]] Result<void, Error> check_chain(
    const codec::Json& request, const chain::Blockchain& chain
);

struct ControlRules {
    std::string_view cookie;
    /// No cookie is asked of loopback.
    bool is_open = false;
    /// Where the request comes from.
    bool is_loopback = false;
};

struct ControlRefusal {
    Error error;
    /// A cookie was tried: the answer should take its time.
    bool is_delayed = false;
};

/// Why a control command is refused; nothing when it may run. Errors: `forbidden` from elsewhere
/// than loopback (a cookie must not travel in plain text), or without any cookie;
/// `auth_required` for a missing or wrong `auth`.
[[nodiscard]] std::optional<ControlRefusal> check_control(
    const codec::Json& request, const ControlRules& rules
);

/// Equality in a time that depends on the lengths alone.
[[nodiscard]] bool is_same_secret(std::string_view left, std::string_view right);

[[nodiscard]] Error unknown_command(std::string_view name);
[[nodiscard]] Error closed_to_strangers();

}  // namespace cairn::rpc
