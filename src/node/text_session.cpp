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
    if (waiting_.empty())
        return std::nullopt;
    const bool is_push = is_push_request(waiting_.front());
    const bool may_join =
        is_push && has_only_pushes_ && !is_counted_ && outstanding_ < text_pushes_outstanding_max;
    if (outstanding_ > 0 && !may_join)
        return std::nullopt;
    has_only_pushes_ = is_push;
    std::string text = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_bytes_ -= text.size();
    ++outstanding_;
    return text;
}

bool TextSession::finish() {
    if (outstanding_ == 0)
        return false;
    --outstanding_;
    return true;
}

bool TextSession::is_within_rate(Instant now) {
    is_counted_ = true;
    if (now - second_started_ >= seconds{1}) {
        second_started_ = now;
        requests_in_second_ = 0;
    }
    return ++requests_in_second_ <= text_requests_per_second_max;
}

bool is_push_request(std::string_view text) {
    constexpr std::string_view command = "push_transaction";
    if (text.starts_with(command))
        return text.size() > command.size() && text[command.size()] == ' ';
    const auto skip = [&text](std::string_view word) {
        while (text.starts_with(' '))
            text.remove_prefix(1);
        const bool is_next = text.starts_with(word);
        if (is_next)
            text.remove_prefix(word.size());
        return is_next;
    };
    return skip("{") && skip("\"type\"") && skip(":") && skip("\"push_transaction\"");
}

std::string make_text_error(const TextError& error) {
    std::string text = R"({"type":"error","code":")";
    text.append(error.code).append(R"(","message":")").append(error.message);
    text.append(R"(","data":{"rule":"rpc.)").append(error.code);
    text.append(R"(","expected":")").append(error.expected);
    text.append(R"(","actual":")").append(error.actual);
    text.append(R"(","hint":")").append(error.hint).append(R"("}})");
    return text;
}

}  // namespace cairn::node
