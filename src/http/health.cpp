#include "src/http/health.hpp"

#include "src/http/members.hpp"
#include "src/http/refusals.hpp"
#include "src/http/rest.hpp"
#include "src/http/target.hpp"

#include "cairn/codec/json.hpp"
#include "cairn/rpc/limits.hpp"

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

/// Asks for the status, then for the peers, whose heights tell how far the chain has come.
class Readiness final : public Exchange {
  public:
    explicit Readiness(ReadinessLimits limits) : limits_{limits} {}

    [[nodiscard]] std::optional<Question> next() override {
        if (status_.empty())
            return Question{.text = R"({"type":"status"})"};
        if (peers_.empty() && !is_error_text(status_))
            return Question{
                .text = R"({"type":"peers","count":)" + std::to_string(rpc::listed_max) + '}'};
        return std::nullopt;
    }

    void take(std::string answer) override {
        (status_.empty() ? status_ : peers_) = std::move(answer);
    }

    [[nodiscard]] HttpReply reply() override {
        if (is_error_text(status_) || is_error_text(peers_))
            return answer_reply(std::move(is_error_text(status_) ? status_ : peers_));
        const auto height = health_number(member(status_, "height")).value_or(0);
        const auto count = health_number(member(status_, "peers")).value_or(0);
        const auto best = best_height();
        const auto behind = best > height ? best - height : 0;
        const bool has_peers = count >= limits_.peers;
        const bool is_near = behind <= limits_.behind;
        codec::JsonWriter writer;
        writer.begin_object();
        writer.write_name("ready");
        writer.write_bool(has_peers && is_near);
        writer.write_name("peers");
        writer.write_number(count);
        writer.write_name("behind");
        writer.write_number(behind);
        if (!has_peers || !is_near) {
            writer.write_name("failing");
            writer.write_text(has_peers ? "maxBlocksBehind" : "minPeers");
        }
        writer.end_object();
        return HttpReply{.status = has_peers && is_near ? 200U : 503U, .body = writer.take()};
    }

  private:
    [[nodiscard]] std::uint64_t best_height() const {
        std::uint64_t best = 0;
        const auto document = codec::parse_json(peers_);
        const auto* list = document ? document->find("peers") : nullptr;
        if (list == nullptr || list->if_array() == nullptr)
            return best;
        for (const auto& peer : *list->if_array()) {
            const auto* height = peer.find("height");
            if (height != nullptr && height->if_unsigned() != nullptr)
                best = std::max(best, *height->if_unsigned());
        }
        return best;
    }

    ReadinessLimits limits_;
    std::string status_;
    std::string peers_;
};

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
    return std::make_unique<Readiness>(limits);
}

}  // namespace cairn::http
