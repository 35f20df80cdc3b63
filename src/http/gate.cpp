#include "cairn/http/gate.hpp"

#include "src/http/access.hpp"
#include "src/http/refusals.hpp"
#include "src/http/rest.hpp"
#include "src/http/routes.hpp"
#include "src/http/target.hpp"

#include "cairn/codec/json.hpp"
#include "cairn/http/error_reply.hpp"
#include "cairn/http/limits.hpp"

#include <algorithm>
#include <charconv>

namespace cairn::http {

namespace {

constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

constexpr std::size_t method_bytes_max = 16;

bool is_token(std::string_view method) {
    return !method.empty() && method.size() <= method_bytes_max &&
           std::all_of(method.begin(), method.end(), [](char letter) {
               return letter >= 'A' && letter <= 'Z';
           });
}

/// Bytes of the request line, the headers and the trailers as they are counted for the limit.
std::size_t header_bytes(const HttpRequest& request) {
    constexpr std::size_t line_end = 2;
    constexpr std::size_t separators = 2;
    constexpr std::string_view version = " HTTP/1.1";
    auto bytes = request.method.size() + 1 + request.target.size() + version.size() + line_end;
    for (const auto* lines : {&request.headers, &request.trailers})
        for (const auto& line : *lines)
            bytes += line.name.size() + separators + line.value.size() + line_end;
    return bytes + line_end;
}

/// What the parser lets pass, and whoever stands before us may read otherwise (RFC 9112 §6.1).
std::optional<HttpReply> check_framing(const HttpRequest& request) {
    const auto* encoding = request.find("Transfer-Encoding");
    const bool is_known = encoding == nullptr || (is_same_word(*encoding, "chunked") &&
                                                  request.count("Transfer-Encoding") == 1);
    if (is_known)
        return std::nullopt;
    return error_reply(
        {.rule = rpc::DoorRule::bad_request,
         .message = "The body's transfer encoding is not known here.",
         .expected = "no Transfer-Encoding, or chunked, once",
         .actual = rpc::printable(*encoding),
         .hint = "Send the body as it is, with its Content-Length."}
    );
}

/// `reply` as the last one of its connection: what was sent behind a malformed request may be
/// anything.
HttpReply closing(HttpReply reply) {
    reply.closes = true;
    return reply;
}

std::optional<HttpReply> check_sizes(const HttpRequest& request) {
    const auto bytes = header_bytes(request);
    const auto count = request.headers.size() + request.trailers.size();
    if (bytes > header_bytes_max || count > header_fields_max)
        return headers_too_large(
            std::to_string(bytes) + " bytes and " + std::to_string(count) + " headers"
        );
    if (request.body.size() > body_bytes_max)
        return body_too_large(std::to_string(request.body.size()) + " bytes");
    return std::nullopt;
}

/// What the path of a route says of `path`: nothing when it is another, else what stands for `*`.
std::optional<std::string_view> match(std::string_view route, std::string_view path) {
    if (!route.ends_with("/*"))
        return route == path ? std::optional<std::string_view>{""} : std::nullopt;
    route.remove_suffix(1);
    if (!path.starts_with(route) || path.size() == route.size())
        return std::nullopt;
    return path.substr(route.size());
}

}  // namespace

struct Gate::Parts {
    GateOptions options;
    std::vector<Asset> assets;
    std::vector<Route> routes;

    [[nodiscard]] Decision decide_checked(const HttpRequest& request) const;
    [[nodiscard]] Decision decide_target(const HttpRequest& request) const;
    [[nodiscard]] std::optional<Decision> decide_route(
        const HttpRequest& request, const Target& target
    ) const;
    [[nodiscard]] HttpReply preflight(const HttpRequest& request) const;
};

Gate::Gate(GateOptions options) : parts_{new Parts{.options = std::move(options)}} {
    if (parts_->options.has_commands)
        parts_->routes = built_in_routes(parts_->options);
}

Gate::~Gate() = default;

void Gate::add(const Asset& asset) {
    parts_->assets.push_back(asset);
}

void Gate::add(Route route) {
    parts_->routes.push_back(std::move(route));
}

HttpReply Gate::Parts::preflight(const HttpRequest& request) const {
    if (allowed_origin(request, options.cors).empty())
        return other_site(
            "No other site may use this node.",
            request.find("Origin") == nullptr ? "no Origin" : *request.find("Origin")
        );
    HttpReply reply{.status = 204, .content_type = {}};
    reply.headers.emplace_back("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT");
    reply.headers.emplace_back(
        "Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID"
    );
    reply.headers.emplace_back("Access-Control-Max-Age", "600");
    return reply;
}

std::optional<Decision> Gate::Parts::decide_route(const HttpRequest& request, const Target& target)
    const {
    const bool is_get = request.method == "GET" || request.method == "HEAD";
    std::string allowed;
    for (const auto& asset : assets) {
        if (asset.path != target.path)
            continue;
        if (is_get)
            return HttpReply{
                .content_type = std::string{asset.content_type},
                .body = std::string{asset.content}};
        allowed = "GET, HEAD";
    }
    std::string path;
    for (const auto& segment : target.segments)
        path += '/' + segment;
    for (const auto& route : routes) {
        const auto rest = match(route.path, path);
        if (!rest)
            continue;
        if (route.method == request.method || (is_get && route.method == "GET"))
            return route.decide(request, *rest);
        allowed += (allowed.empty() ? "" : ", ") + std::string{route.method};
        if (route.method == "GET" && route.takes_head)
            allowed += ", HEAD";
    }
    if (allowed.empty())
        return std::nullopt;
    return wrong_method(request, allowed);
}

Decision Gate::Parts::decide_checked(const HttpRequest& request) const {
    if (!is_token(request.method))
        return closing(error_reply(
            {.rule = rpc::DoorRule::bad_method,
             .message = "This is no method of HTTP.",
             .expected = at_most(method_bytes_max, "capital letters"),
             .actual = rpc::printable(request.method),
             .hint = "Most paths take GET or POST."}
        ));
    if (auto refused = check_framing(request))
        return closing(std::move(*refused));
    if (auto refused = check_sizes(request))
        return closing(std::move(*refused));
    if (auto refused = check_host(request, options.hosts)) {
        // A name that is not ours is well-formed.
        refused->closes = refused->status == 400;
        return std::move(*refused);
    }
    const bool is_get = request.method == "GET" || request.method == "HEAD";
    if (request.method == "OPTIONS" && !options.cors.empty())
        return preflight(request);
    if (!is_get)
        if (auto refused = check_site(request, options.cors))
            return std::move(*refused);
    if (is_get && !request.body.empty())
        return error_reply(
            {.rule = rpc::DoorRule::body_with_get,
             .message = "A GET has no body.",
             .expected = "no body",
             .actual = std::to_string(request.body.size()) + " bytes",
             .hint = "Arguments of a GET stand in its path and query."}
        );
    return decide_target(request);
}

Decision Gate::Parts::decide_target(const HttpRequest& request) const {
    const auto target = parse_target(request.target);
    if (!target)
        return closing(error_reply(to_door_error(target.error(), request.target)));
    if (auto decided = decide_route(request, *target))
        return std::move(*decided);
    const bool is_command =
        target->segments.size() > 2 && target->segments[0] == "api" && target->segments[1] == "v1";
    if (options.has_commands && is_command)
        return decide_rest(
            request,
            *target,
            "http://" + std::string{*request.find("Host")} + std::string{request.prefix}
        );
    return no_such_path(target->path, options.hint);
}

Decision Gate::decide_inner(const HttpRequest& request) const {
    return parts_->decide_target(request);
}

Decision Gate::decide(const HttpRequest& request) const {
    auto decision = parts_->decide_checked(request);
    const auto origin = allowed_origin(request, parts_->options.cors);
    const bool is_head = request.method == "HEAD";
    const auto add_headers = [&](std::vector<std::pair<std::string, std::string>>& headers) {
        if (origin.empty())
            return;
        headers.emplace_back("Access-Control-Allow-Origin", origin);
        headers.emplace_back("Vary", "Origin");
    };
    if (auto* reply = std::get_if<HttpReply>(&decision)) {
        reply->is_head = is_head;
        add_headers(reply->headers);
    } else if (auto* stream = std::get_if<EventStream>(&decision)) {
        add_headers(stream->headers);
    } else if (is_head || !origin.empty()) {
        auto& exchange = std::get<std::unique_ptr<Exchange>>(decision);
        exchange = wrap(std::move(exchange), {.is_head = is_head, .origin = origin});
    }
    return decision;
}

HttpReply Gate::finish(HttpReply reply) const {
    reply.headers.emplace_back("X-Content-Type-Options", "nosniff");
    reply.headers.emplace_back("Cache-Control", "no-store");
    if (reply.content_type.starts_with("text/html")) {
        reply.headers.emplace_back("Content-Security-Policy", page_policy);
        reply.headers.emplace_back("Referrer-Policy", "no-referrer");
        reply.headers.emplace_back("X-Frame-Options", "DENY");
    }
    return reply;
}

}  // namespace cairn::http
