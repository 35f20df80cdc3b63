/// A gate, and requests to it in one line.
#pragma once

#include "cairn/codec/json_text.hpp"
#include "cairn/http/gate.hpp"
#include "cairn/http/limits.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cairn::http::test {

using Headers = std::vector<HeaderView>;

inline const Headers& host_only() {
    static const Headers headers{{"Host", "localhost:8080"}};
    return headers;
}

inline Headers with(Headers more) {
    more.push_back({"Host", "localhost:8080"});
    return more;
}

/// A request with a JSON body.
inline Headers json(Headers more = {}) {
    more.push_back({"Content-Type", "application/json"});
    return with(std::move(more));
}

/// The rule of an error object, after a look at whether everything else is there.
inline std::string refusal_of(std::string_view text) {
    INFO(text);
    const auto document = codec::parse_json(text);
    REQUIRE(document.has_value());
    // That of JSON-RPC stands one level deeper.
    const auto* call_error = document->find("error");
    const auto& error = call_error == nullptr ? *document : *call_error;
    const auto* data = error.find("data");
    REQUIRE(data != nullptr);
    const auto text_of = [](const codec::Json& object, std::string_view name) {
        const auto* value = object.find(name);
        REQUIRE(value != nullptr);
        REQUIRE(value->if_text() != nullptr);
        CHECK_FALSE(value->if_text()->empty());
        return *value->if_text();
    };
    static_cast<void>(text_of(error, "message"));
    static_cast<void>(text_of(call_error == nullptr ? error : *data, "code"));
    for (const auto* name : {"expected", "actual", "hint"})
        static_cast<void>(text_of(*data, name));
    return text_of(*data, "rule");
}

struct GateFixture {
    Gate gate{GateOptions{.hosts = {"node.example"}, .cors = {}, .version = "0.1.0"}};

    Decision decide(
        std::string_view method,
        std::string_view target,
        Headers headers = host_only(),
        std::string_view body = {}
    ) const {
        return gate.decide(
            {.method = method,
             .target = target,
             .headers = std::move(headers),
             .body = body,
             .is_loopback = true}
        );
    }

    /// The status of a reply that needs no question; 0 when something is asked.
    unsigned status(
        std::string_view method,
        std::string_view target,
        Headers headers = host_only(),
        std::string_view body = {}
    ) const {
        const auto decision = decide(method, target, std::move(headers), body);
        const auto* reply = std::get_if<HttpReply>(&decision);
        return reply == nullptr ? 0 : reply->status;
    }

    /// The questions of a request when each is answered with `answer`, and its reply.
    struct Played {
        std::vector<std::string> questions;
        HttpReply reply;
    };

    Played play(Decision decision, const std::string& answer) const {
        REQUIRE(std::holds_alternative<std::unique_ptr<Exchange>>(decision));
        auto& exchange = *std::get<std::unique_ptr<Exchange>>(decision);
        Played played;
        while (auto question = exchange.next()) {
            played.questions.push_back(question->text);
            exchange.take(answer);
        }
        played.reply = exchange.reply();
        return played;
    }

    /// The one question of a GET.
    std::string question(std::string_view target) const {
        const auto played = play(decide("GET", target), R"({"type":"x"})");
        REQUIRE(played.questions.size() == 1);
        return played.questions.front();
    }
};

}  // namespace cairn::http::test
