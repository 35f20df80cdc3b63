#include "src/http/health.hpp"

#include "src/http/members.hpp"
#include "src/http/refusals.hpp"
#include "src/http/single_question.hpp"
#include "src/http/target.hpp"

#include "cairn/codec/json.hpp"

#include <algorithm>
#include <charconv>

namespace cairn::http {

namespace {

std::optional<std::uint64_t> health_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc{} && stop == end ? std::optional{number} : std::nullopt;
}

struct ReadinessLimits {
    std::uint64_t peers = 1;
    std::uint64_t behind = 2;
};

/// What `status`, the reply of that command, says of readiness within `limits`.
HttpReply judge(std::string_view status, const ReadinessLimits& limits) {
    const auto number = [status](std::string_view name) {
        return health_number(member(status, name)).value_or(0);
    };
    const auto height = number("height");
    const auto best = std::max(number("best_height"), height);
    const auto peers = number("peers");
    const bool has_peers = peers >= limits.peers;
    const bool is_near = best - height <= limits.behind;
    const bool is_ready = has_peers && is_near;
    codec::JsonWriter writer;
    writer.begin_object();
    writer.write_name("ready");
    writer.write_bool(is_ready);
    writer.write_name("peers");
    writer.write_number(peers);
    writer.write_name("behind");
    writer.write_number(best - height);
    if (!is_ready) {
        writer.write_name("failing");
        writer.write_text(has_peers ? "maxBlocksBehind" : "minPeers");
    }
    writer.end_object();
    return HttpReply{.status = is_ready ? 200U : 503U, .body = writer.take()};
}

}  // namespace

Decision decide_alive(const HttpRequest&, std::string_view) {
    return HttpReply{.body = R"({"alive":true})"};
}

Decision decide_readiness(const HttpRequest& request, std::string_view) {
    ReadinessLimits limits;
    const auto target = parse_target(request.target);
    if (!target)
        return error_reply(to_door_error(target.error(), request.target));
    for (const auto& [name, value] : target->query) {
        const auto number = health_number(value);
        const bool is_known = name == "minPeers" || name == "maxBlocksBehind";
        if (!is_known || !number)
            return wrong_query(
                "Only minPeers and maxBlocksBehind are asked, with numbers.",
                "minPeers=NUMBER, maxBlocksBehind=NUMBER or both",
                name + '=' + value
            );
        (name == "minPeers" ? limits.peers : limits.behind) = *number;
    }
    return ask_once(R"({"type":"status"})", [limits](const std::string& status) {
        return judge(status, limits);
    });
}

}  // namespace cairn::http
