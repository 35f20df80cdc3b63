/// What options take, beyond what the table of options says of them.
#pragma once

#include "src/app/command.hpp"
#include "src/app/failure.hpp"
#include "src/app/log_format.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::app {

/// In words: `a whole number from 1 to 8`.
[[nodiscard]] std::string describe(const NumberRange& range);

/// Why `option` does not take `actual`, by rule `app.bad_value`. Without a `hint` there is a
/// general one.
[[nodiscard]] Failure value_failure(
    const std::string& option, std::string expected, std::string_view actual, std::string hint = {}
);

/// Throws that, as `UsageError` (`usage`).
[[noreturn]] void refuse_value(
    const std::string& option, std::string expected, std::string_view actual, std::string hint = {}
);

/// The same (`data`) of what the file that `option` names has in it.
[[noreturn]] void refuse_file(
    const std::string& option, std::string expected, std::string_view actual
);

/// Throws `UsageError` (`usage`) unless `number` is in `range`.
void check_range(const std::string& option, std::uint64_t number, const NumberRange& range);

/// A port to listen on; 0 stands for any. Throws `UsageError` (`usage`).
[[nodiscard]] std::uint16_t to_port(const std::string& option, std::uint64_t number);

/// The values of `--log-level` and `--log-format`. Throw `UsageError` (`usage`).
[[nodiscard]] LogFilter read_log_filter(const std::string& text);
[[nodiscard]] LogFormat read_log_format(const std::string& text);

}  // namespace cairn::app
