/// Times for people.
#pragma once

#include "cairn/base/time.hpp"

#include <string>

namespace cairn::codec {

/// `time` in UTC as `%d/%m/%Y, %H:%M:%S`, for instance `31/12/1999, 23:59:59`; milliseconds are
/// dropped. The year has at least four digits. Plain arithmetic on the proleptic Gregorian
/// calendar: no locale, no time zone data, no end in 2038 or 2106.
[[nodiscard]] std::string to_timestamp(UnixMillis time);

}  // namespace cairn::codec
