/// The requests of one text link, answered one after another.
///
/// Rules (spec 02):
/// 1. At most one request is outstanding, so replies come in the order of the requests.
/// 2. Others wait, at most `text_requests_waiting_max` and `text_waiting_bytes_max` of them; more
///    end the link, because who sends so much without reading is not a person.
/// 3. Loopback is not rate limited; others may make `text_requests_per_second_max` a second.
#pragma once

#include "cairn/base/time.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::node {

class TextSession {
  public:
    /// Takes a request in. False when there is no room for it.
    [[nodiscard]] bool push(std::string text);
    /// The next request, which is outstanding from now on; nothing while another one is, or when
    /// none waits.
    [[nodiscard]] std::optional<std::string> start_next();
    /// The outstanding request is answered. False when there is none.
    [[nodiscard]] bool finish();
    /// Counts a request; false when it is one too many in this second.
    [[nodiscard]] bool is_within_rate(Instant now);

    /// True when nothing is outstanding or waiting.
    [[nodiscard]] bool is_idle() const { return !is_outstanding_ && waiting_.empty(); }

  private:
    std::deque<std::string> waiting_;
    std::size_t waiting_bytes_ = 0;
    bool is_outstanding_ = false;
    Instant second_started_;
    std::uint32_t requests_in_second_ = 0;
};

/// An error reply in the text form of spec 02: one line of JSON, not framed.
[[nodiscard]] std::string make_text_error(std::string_view code, std::string_view message);

}  // namespace cairn::node
