#include "src/http/access.hpp"

#include "cairn/http/error_reply.hpp"
#include "cairn/node/addresses.hpp"

#include <algorithm>

namespace cairn::http {

namespace {

/// A `Host` without its port; empty when it is none.
std::string_view host_name(std::string_view host) {
    std::string_view name = host;
    std::string_view port;
    if (!host.empty() && host.front() == '[') {
        const auto end = host.find(']');
        if (end == std::string_view::npos)
            return {};
        name = host.substr(1, end - 1);
        port = host.substr(end + 1);
        if (!port.empty() && port.front() != ':')
            return {};
    } else if (const auto colon = host.rfind(':'); colon != std::string_view::npos) {
        name = host.substr(0, colon);
        port = host.substr(colon);
    }
    const bool is_port = std::all_of(port.begin(), port.end(), [](char letter) {
        return letter == ':' || (letter >= '0' && letter <= '9');
    });
    return is_port ? name : std::string_view{};
}

bool is_listed(std::string_view origin, const std::vector<std::string>& cors) {
    return std::any_of(cors.begin(), cors.end(), [origin](const std::string& one) {
        return one == "*" || is_same_word(one, origin);
    });
}

}  // namespace

std::optional<HttpReply> check_host(
    const HttpRequest& request, const std::vector<std::string>& hosts
) {
    const auto* host = request.find("Host");
    const auto name = host == nullptr ? std::string_view{} : host_name(*host);
    if (name.empty() || request.count("Host") != 1)
        return error_reply(
            {.rule = rpc::DoorRule::bad_host,
             .message = "A request needs one Host header.",
             .expected = "one header Host, a name or address with or without a port",
             .actual = request.count("Host") > 1
                           ? std::to_string(request.count("Host")) + " of them"
                       : host == nullptr ? "none"
                                         : rpc::printable(*host),
             .hint = "Send the header that browsers send, such as Host: localhost."}
        );
    const bool is_ours = is_same_word(name, "localhost") || node::is_address_literal(name) ||
                         std::any_of(hosts.begin(), hosts.end(), [name](const auto& one) {
                             return is_same_word(one, name);
                         });
    if (is_ours)
        return std::nullopt;
    return error_reply(
        {.rule = rpc::DoorRule::unknown_host,
         .message = "This machine is not called so here.",
         .expected = "localhost, an IP address or a name of --http-host",
         .actual = rpc::printable(name),
         .hint = "Ask by localhost or by address, or start the node with --http-host NAME."}
    );
}

std::optional<HttpReply> check_site(
    const HttpRequest& request, const std::vector<std::string>& cors
) {
    const auto* origin = request.find("Origin");
    const auto* site = request.find("Sec-Fetch-Site");
    if (origin != nullptr) {
        const auto* host = request.find("Host");
        const bool is_own =
            host != nullptr && (is_same_word(*origin, "http://" + std::string{*host}) ||
                                is_same_word(*origin, "https://" + std::string{*host}));
        if (is_own || is_listed(*origin, cors))
            return std::nullopt;
    } else {
        if (site == nullptr || *site == "same-origin" || *site == "none")
            return std::nullopt;
    }
    return other_site(
        "A page of another site may not do this.",
        origin != nullptr ? *origin : "Sec-Fetch-Site: " + std::string{*site}
    );
}

HttpReply other_site(std::string_view message, std::string_view from) {
    return error_reply(
        {.rule = rpc::DoorRule::other_site,
         .message = std::string{message},
         .expected = "a page of this door, or of an origin of --cors",
         .actual = rpc::printable(from),
         .hint = "Start the node with --cors ORIGIN to trust one."}
    );
}

std::string allowed_origin(const HttpRequest& request, const std::vector<std::string>& cors) {
    const auto* origin = request.find("Origin");
    return origin != nullptr && is_listed(*origin, cors) ? std::string{*origin} : std::string{};
}

std::optional<std::string> bearer_token(const HttpRequest& request) {
    constexpr std::string_view scheme = "Bearer ";
    const auto* value = request.find("Authorization");
    if (value == nullptr || value->size() <= scheme.size() ||
        !is_same_word(value->substr(0, scheme.size()), scheme))
        return std::nullopt;
    return std::string{value->substr(scheme.size())};
}

}  // namespace cairn::http
