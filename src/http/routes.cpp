#include "src/http/routes.hpp"

#include <charconv>

namespace cairn::http {

namespace {

class WrappedExchange final : public Exchange {
  public:
    WrappedExchange(std::unique_ptr<Exchange> inner, Wrapping wrapping)
        : inner_{std::move(inner)}, wrapping_{std::move(wrapping)} {}

    [[nodiscard]] std::optional<Question> next() override { return inner_->next(); }

    void take(std::string answer) override { inner_->take(std::move(answer)); }

    [[nodiscard]] HttpReply reply() override {
        auto reply = inner_->reply();
        reply.is_head = wrapping_.is_head;
        if (!wrapping_.origin.empty()) {
            reply.headers.emplace_back("Access-Control-Allow-Origin", wrapping_.origin);
            reply.headers.emplace_back("Vary", "Origin");
        }
        return reply;
    }

  private:
    std::unique_ptr<Exchange> inner_;
    Wrapping wrapping_;
};

Decision decide_events(const HttpRequest& request, std::string_view) {
    EventStream stream;
    const auto* last = request.find("Last-Event-ID");
    if (last == nullptr)
        return stream;
    std::uint64_t id = 0;
    const auto* end = last->data() + last->size();
    const auto [stop, error] = std::from_chars(last->data(), end, id);
    // An id that is none of ours is one that we do not have: the stream begins with `reset`.
    stream.last_id = error == std::errc{} && stop == end ? id : ~std::uint64_t{0};
    return stream;
}

}  // namespace

std::unique_ptr<Exchange> wrap(std::unique_ptr<Exchange> exchange, Wrapping wrapping) {
    return std::make_unique<WrappedExchange>(std::move(exchange), std::move(wrapping));
}

std::vector<Route> built_in_routes(const GateOptions&) {
    return {
        {.method = "GET", .path = "/events", .decide = decide_events},
    };
}

}  // namespace cairn::http
