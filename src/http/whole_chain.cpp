#include "src/http/whole_chain.hpp"

#include "src/http/members.hpp"
#include "src/http/rest.hpp"

#include "cairn/http/error_reply.hpp"
#include "cairn/http/limits.hpp"

namespace cairn::http {

std::optional<Question> WholeChain::next() {
    if (is_done_)
        return std::nullopt;
    return Question{
        .text = R"({"type":"get_chain","from":)" + std::to_string(from_) + R"(,"count":)" +
                std::to_string(rpc::blocks_max) + '}'};
}

void WholeChain::begin_again() {
    from_ = 0;
    count_ = 0;
    blocks_.clear();
    last_hash_.clear();
    if (readings_++ < chain_readings_max)
        return;
    is_done_ = true;
    failure_ = error_reply(
        {.rule = rpc::DoorRule::chain_moves,
         .message = "The chain changes too fast to be read.",
         .expected = "a tip that stays above what has been read",
         .actual = "one that moved below it " + std::to_string(chain_readings_max) + " times",
         .hint = "Try again, or ask for parts of it: ?from=0&count=100."}
    );
}

void WholeChain::take(std::string answer) {
    const auto list = member(answer, "chain");
    const auto part = split_list(list);
    if (is_error_text(answer) || list.empty()) {
        failure_ = answer_reply(std::move(answer));
        is_done_ = true;
        return;
    }
    if (from_ > 0 && (part.empty() || member(part.front(), "prev_hash") != last_hash_))
        return begin_again();
    if (blocks_.size() + list.size() > batch_bytes_max) {
        failure_ = error_reply(
            {.rule = rpc::DoorRule::reply_too_large,
             .message = "The whole chain is larger than a reply may be.",
             .expected = at_most(batch_bytes_max, "bytes"),
             .actual = "more",
             .hint = "Ask for parts of it: ?from=0&count=100."}
        );
        is_done_ = true;
        return;
    }
    if (!blocks_.empty() && !part.empty())
        blocks_ += ',';
    blocks_ += list.substr(1, list.size() - 2);
    count_ += part.size();
    if (!part.empty())
        last_hash_ = member(part.back(), "hash");
    from_ += part.size();
    // What stands behind a port may say that more follows for ever.
    is_done_ = part.empty() || member(answer, "next").empty();
}

HttpReply WholeChain::reply() {
    if (failure_)
        return std::move(*failure_);
    HttpReply reply;
    if (!is_list_)
        reply.body =
            R"({"type":"get_chain","length":)" + std::to_string(count_) + R"(,"from":0,"chain":)";
    reply.body += '[' + blocks_ + ']';
    if (!is_list_)
        reply.body += '}';
    return reply;
}

}  // namespace cairn::http
