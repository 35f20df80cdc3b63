/// How much one place in the program may write to the log: whoever makes a node complain must not
/// be able to fill its disk (CVE-2025-54604).
#pragma once

#include "cairn/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace cairn::app {

/// Bytes of one call site's lines in one hour; Bitcoin Core's number.
inline constexpr std::size_t log_site_bytes_max = 1024U * 1024;
inline constexpr Duration log_site_period = std::chrono::hours{1};
/// Call sites that are told apart; all further ones share one budget.
inline constexpr std::size_t log_sites_max = 1024;

class LogBudget {
  public:
    enum class Ruling : std::uint8_t {
        write,
        last,  ///< not to be written, and the first such line of this hour
        drop,
    };

    /// Counts a line of `bytes` bytes of `site`, which begins an hour of its own with its first
    /// line.
    [[nodiscard]] Ruling admit(std::string_view site, std::size_t bytes, Instant now);

  private:
    struct Site {
        Instant since;
        std::size_t bytes = 0;
        bool is_over = false;
    };

    std::map<std::string, Site, std::less<>> sites_;
};

}  // namespace cairn::app
