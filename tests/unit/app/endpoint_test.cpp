#include "src/app/text_client.hpp"

#include <catch2/catch.hpp>

namespace cairn::app {

TEST_CASE("Endpoint: a port alone means this machine", "[app]") {
    CHECK(parse_endpoint("5001") == Endpoint{"127.0.0.1", 5001});
    CHECK(parse_endpoint("example.org:6000") == Endpoint{"example.org", 6000});
    CHECK(parse_endpoint("[::1]:5001") == Endpoint{"::1", 5001});
    CHECK(to_string(Endpoint{"::1", 5001}) == "[::1]:5001");
    CHECK(is_loopback(Endpoint{"::1", 5001}));
    CHECK(is_loopback(Endpoint{"localhost", 5001}));
    CHECK_FALSE(is_loopback(Endpoint{"192.0.2.1", 5001}));
}

TEST_CASE("Endpoint: anything else is a usage error", "[app]") {
    for (const auto* text : {"", "0", "65536", "host", "host:", ":5001", "::1:5001", "5001x"}) {
        INFO(text);
        const auto endpoint = parse_endpoint(text);
        REQUIRE_FALSE(endpoint.has_value());
        CHECK(endpoint.error().code == ExitCode::usage);
    }
}

TEST_CASE("Endpoint: every failure has a status and says what to do", "[app]") {
    struct Row {
        ClientError error;
        ExitCode code;
    };

    for (const auto& row : {
             Row{ClientError::unknown_host, ExitCode::unavailable},
             Row{ClientError::unreachable, ExitCode::unavailable},
             Row{ClientError::closed, ExitCode::unavailable},
             Row{ClientError::timed_out, ExitCode::timeout},
             Row{ClientError::bad_frame, ExitCode::data},
             Row{ClientError::too_long, ExitCode::data},
         }) {
        INFO(to_string(row.error));
        const auto failure = describe(row.error, {});
        CHECK(failure.code == row.code);
        CHECK(failure.message.find(" - ") != std::string::npos);
    }
}

}  // namespace cairn::app
