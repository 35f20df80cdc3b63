#include "src/http/ports.hpp"

#include "cairn/http/limits.hpp"
#include "cairn/node/addresses.hpp"

#include <charconv>

namespace cairn::http {

namespace {

class PortExchange final : public Exchange {
  public:
    PortExchange(std::unique_ptr<Exchange> inner, std::uint16_t port)
        : inner_{std::move(inner)}, port_{port} {}

    [[nodiscard]] std::optional<Question> next() override {
        auto question = inner_->next();
        if (question)
            question->node = port_;
        return question;
    }

    void take(std::string answer) override { inner_->take(std::move(answer)); }

    [[nodiscard]] HttpReply reply() override { return inner_->reply(); }

  private:
    std::unique_ptr<Exchange> inner_;
    std::uint16_t port_;
};

}  // namespace

std::string no_node_answer(std::uint16_t port) {
    const auto number = std::to_string(port);
    return error_text(
        {.rule = rpc::DoorRule::no_node,
         .message = "No node answers on port " + number + '.',
         .expected = "a node that listens on port " + number,
         .actual = "nothing, or what is no node",
         .hint = "Start one with: cairn node " + number}
    );
}

std::string no_answer(std::uint16_t port, std::string_view reason) {
    using std::chrono::duration_cast;
    using std::chrono::seconds;
    return error_text(
        {.rule = rpc::DoorRule::no_answer,
         .message =
             "What listens on port " + std::to_string(port) + ' ' + std::string{reason} + '.',
         .expected = "a connection within " +
                     std::to_string(duration_cast<seconds>(node_connect_time_max).count()) +
                     " s and an answer within " +
                     std::to_string(duration_cast<seconds>(node_answer_time_max).count()) + " s",
         .actual = "it " + std::string{reason},
         .hint = "Is it a Cairn node, and does it run?"}
    );
}

DoorError question_too_large(std::size_t size, std::size_t size_max, std::string_view hint) {
    return {
        .rule = rpc::DoorRule::question_too_large,
        .message = "The question is larger than one that may be asked here.",
        .expected = at_most(size_max, "bytes"),
        .actual = std::to_string(size) + " bytes",
        .hint = std::string{hint}};
}

Result<std::uint16_t, HttpReply> parse_node_port(std::string_view word) {
    std::uint16_t port = 0;
    const auto* end = word.data() + word.size();
    const auto [stop, error] = std::from_chars(word.data(), end, port);
    if (error == std::errc{} && stop == end && word.front() != '0' && node::is_dialable_port(port))
        return port;
    return tl::unexpected{error_reply(
        {.rule = rpc::DoorRule::bad_port,
         .message = "The path needs the port of a node.",
         .expected = "a number of 1024 to 65535, not that of a well-known service",
         .actual = rpc::printable(word),
         .hint = "Nodes listen on 5001 and upwards by default; GET /ports lists those shown."}
    )};
}

Decision ask_at(std::uint16_t port, Decision decision) {
    if (auto* exchange = std::get_if<std::unique_ptr<Exchange>>(&decision))
        *exchange = std::make_unique<PortExchange>(std::move(*exchange), port);
    return decision;
}

}  // namespace cairn::http
