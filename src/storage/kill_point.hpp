/// Places where a test may end the process as `kill -9` would: between the writes of a commit.
///
/// `CAIRN_KILL_POINT=NAME:COUNT` in the environment raises SIGKILL when the point NAME is passed
/// for the COUNTth time. Without it, or with one that is not of this form, passing a point does
/// nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::storage {

/// Which point ends the process, and how many passes are left.
struct KillPoint {
    std::string name;
    std::uint64_t passes_left = 0;

    /// Reads `NAME:COUNT`; COUNT is positive. Nothing when `text` is not of this form.
    [[nodiscard]] static std::optional<KillPoint> parse(std::string_view text);
    /// Counts a pass of `point`; true when it is the last.
    [[nodiscard]] bool is_reached(std::string_view point);
};

/// Passes the point `name`; may not return.
void pass_kill_point(std::string_view name);

}  // namespace cairn::storage
