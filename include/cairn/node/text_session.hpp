/// The requests of one text link, answered one after another.
///
/// Rules (spec 02):
/// 1. One request is outstanding, so replies come in the order of the requests and each sees what
///    the one before it did. Requests to push a transaction may be outstanding together, up to
///    `text_pushes_outstanding_max`: their replies are short, the server keeps their order, and
///    their signatures are checked in one go. A session whose rate is counted does without.
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
    /// The next request, which is outstanding from now on; nothing while one is that it has to wait
    /// for, or when none waits.
    [[nodiscard]] std::optional<std::string> start_next();
    /// The first outstanding request is answered. False when there is none.
    [[nodiscard]] bool finish();
    /// Counts a request; false when it is one too many in this second.
    [[nodiscard]] bool is_within_rate(Instant now);

    /// True when a request has not been started.
    [[nodiscard]] bool has_waiting() const { return !waiting_.empty(); }

    /// Bytes of those requests.
    [[nodiscard]] std::size_t waiting_bytes() const { return waiting_bytes_; }

    /// True when nothing is outstanding or waiting.
    [[nodiscard]] bool is_idle() const { return outstanding_ == 0 && waiting_.empty(); }

  private:
    std::deque<std::string> waiting_;
    std::size_t waiting_bytes_ = 0;
    std::size_t outstanding_ = 0;
    /// All outstanding ones push transactions.
    bool has_only_pushes_ = false;
    bool is_counted_ = false;
    Instant second_started_;
    std::uint32_t requests_in_second_ = 0;
};

/// True when `text` can only be a request to push a transaction: a command line of that name, or an
/// object whose first field is that type (a second one of the same name is refused).
[[nodiscard]] bool is_push_request(std::string_view text);

/// Why a text request was not even handed on; plain words that need no escaping.
struct TextError {
    std::string_view code;
    std::string_view message;
    std::string expected;
    std::string actual;
    std::string_view hint;
};

/// An error reply in the text form of spec 02 §5: one line of JSON, not framed. Its rule is
/// `rpc.<code>`.
[[nodiscard]] std::string make_text_error(const TextError& error);

}  // namespace cairn::node
