#include "src/http/ports.hpp"

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
    return error_reply(
               404,
               no_node_code,
               "No node answers on port " + number + '.',
               "Start one with: cairn node " + number
    )
        .body;
}

std::string no_answer(std::uint16_t port, std::string_view reason) {
    return error_reply(
               504,
               no_answer_code,
               "What listens on port " + std::to_string(port) + ' ' + std::string{reason},
               "Is it a Cairn node, and does it run?"
    )
        .body;
}

Result<std::uint16_t, HttpReply> parse_node_port(std::string_view word) {
    std::uint16_t port = 0;
    const auto* end = word.data() + word.size();
    const auto [stop, error] = std::from_chars(word.data(), end, port);
    if (error == std::errc{} && stop == end && word.front() != '0' && node::is_dialable_port(port))
        return port;
    return tl::unexpected{error_reply(
        400,
        "bad_field",
        "The path needs the port of a node.",
        "1024 to 65535, and not that of a well-known service."
    )};
}

Decision ask_at(std::uint16_t port, Decision decision) {
    if (auto* exchange = std::get_if<std::unique_ptr<Exchange>>(&decision))
        *exchange = std::make_unique<PortExchange>(std::move(*exchange), port);
    return decision;
}

}  // namespace cairn::http
