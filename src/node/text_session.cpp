#include "cairn/node/text_session.hpp"

#include "cairn/node/limits.hpp"

#include <utility>

namespace cairn::node {

bool TextSession::push(std::string text) {
    if (waiting_.size() >= text_requests_waiting_max ||
        waiting_bytes_ + text.size() > text_waiting_bytes_max)
        return false;
    waiting_bytes_ += text.size();
    waiting_.push_back(std::move(text));
    return true;
}

std::optional<std::string> TextSession::start_next() {
    if (is_outstanding_ || waiting_.empty())
        return std::nullopt;
    std::string text = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_bytes_ -= text.size();
    is_outstanding_ = true;
    return text;
}

bool TextSession::finish() {
    return std::exchange(is_outstanding_, false);
}

bool TextSession::is_within_rate(Instant now) {
    if (now - second_started_ >= seconds{1}) {
        second_started_ = now;
        requests_in_second_ = 0;
    }
    return ++requests_in_second_ <= text_requests_per_second_max;
}

std::string make_text_error(std::string_view code, std::string_view message) {
    std::string text = R"({"type":"error","code":")";
    text.append(code).append(R"(","message":")").append(message).append(R"(","data":{}})");
    return text;
}

}  // namespace cairn::node
