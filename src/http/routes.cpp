#include "src/http/routes.hpp"

#include "src/http/describe.hpp"
#include "src/http/frames.hpp"
#include "src/http/health.hpp"
#include "src/http/json_rpc.hpp"
#include "src/http/well_known.hpp"

#include "cairn/http/error_reply.hpp"

#include <algorithm>
#include <iterator>

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

Decision decide_events(const HttpRequest& request, bool open_probe) {
    if (!request.is_loopback && !open_probe)
        return error_reply(stranger(
            "Events are told to this machine alone.",
            "Start the node with --open-probe to let others listen."
        ));
    if (request.method == "HEAD")
        return HttpReply{.content_type = "text/event-stream"};
    EventStream stream;
    if (const auto* last = request.find("Last-Event-ID"))
        stream.last_id = std::string{*last};
    return stream;
}

/// A description that never changes.
std::function<Decision(const HttpRequest&, std::string_view)> serve(std::string text) {
    return [body = std::move(text)](const HttpRequest&, std::string_view) {
        return Decision{HttpReply{.body = body}};
    };
}

}  // namespace

std::unique_ptr<Exchange> wrap(std::unique_ptr<Exchange> exchange, Wrapping wrapping) {
    return std::make_unique<WrappedExchange>(std::move(exchange), std::move(wrapping));
}

std::vector<Route> built_in_routes(const GateOptions& options) {
    const auto description = describe_open_rpc(options.version);
    std::vector<Route> routes{
        {.method = "GET",
         .path = "/openapi.json",
         .decide = serve(describe_open_api(options.version))},
        {.method = "GET", .path = "/openrpc.json", .decide = serve(description)},
        {.method = "POST",
         .path = "/rpc",
         .decide = [description](
                       const HttpRequest& request, std::string_view
                   ) { return decide_json_rpc(request, description); }},
        {.method = "POST", .path = "/frames", .decide = decide_frames},
        {.method = "GET", .path = "/healthz", .decide = decide_alive},
        {.method = "GET", .path = "/readiness", .decide = decide_readiness},
        {.method = "GET",
         .path = "/events",
         .decide = [open_probe = options.open_probe](
                       const HttpRequest& request, std::string_view
                   ) { return decide_events(request, open_probe); }},
    };
    auto well_known = well_known_routes(options.cors, false);
    std::move(well_known.begin(), well_known.end(), std::back_inserter(routes));
    return routes;
}

}  // namespace cairn::http
