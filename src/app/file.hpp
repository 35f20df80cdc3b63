/// Whole files in and out, for the client commands.
#pragma once

#include "src/app/failure.hpp"

#include "cairn/base/bytes.hpp"
#include "cairn/base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace cairn::app {

/// The content of the file `name`, or nothing of it when it is longer than `bytes_max`, which gives
/// `bytes_max + 1` bytes. Errors: a `Failure` with status `io`.
[[nodiscard]] Result<Bytes, Failure> read_file(const std::string& name, std::size_t bytes_max);

/// Whether a file of this name may be made. Errors: a `Failure` with status `usage` where there is
/// one already, which is left as it is.
[[nodiscard]] Result<void, Failure> check_new_file(const std::string& name);

/// Writes `content` to the new file `name` by way of a temporary one beside it, so that `name` is
/// whole at any time; `-` is the standard output. Errors: those of `check_new_file`; a `Failure`
/// with status `io`.
[[nodiscard]] Result<void, Failure> write_new_file(
    const std::string& name, std::string_view content
);

/// What the system says of its call that has just failed.
[[nodiscard]] std::string last_error();

}  // namespace cairn::app
