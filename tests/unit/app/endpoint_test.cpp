#include "src/app/client_commands.hpp"
#include "src/app/text_client.hpp"
#include "tests/unit/app/fake_node.hpp"

#include <catch2/catch.hpp>

#include <sstream>

namespace cairn::app {

TEST_CASE("Endpoint: a port alone means this machine", "[app]") {
    CHECK(parse_endpoint("5001") == Endpoint{"127.0.0.1", 5001});
    CHECK(parse_endpoint("example.org:6000") == Endpoint{"example.org", 6000});
    CHECK(parse_endpoint("[::1]:5001") == Endpoint{"::1", 5001});
    CHECK(to_string(Endpoint{"::1", 5001}) == "[::1]:5001");
    CHECK(is_loopback(Endpoint{"::1", 5001}));
    CHECK(is_loopback(Endpoint{"localhost", 5001}));
    CHECK(is_loopback(Endpoint{"::ffff:127.0.0.1", 5001}));
    CHECK_FALSE(is_loopback(Endpoint{"::ffff:192.0.2.1", 5001}));
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
        CHECK((failure.message.find(" - ") != std::string::npos || !failure.hint.empty()));
    }
}

TEST_CASE("Probe: an answer that is no JSON object is refused by a rule", "[app]") {
    for (const auto* reply : {"7", "{", "[]"}) {
        test::FakeNode node{{reply}};
        std::ostringstream out;
        std::ostringstream errors;
        CHECK(run_probe({.node = node.address(), .words = {"ping"}}, out, errors) == 65);
        CHECK_THAT(errors.str(), Catch::Contains("\n  rule: app.bad_answer\n  expected: a JSON"));
    }
}

TEST_CASE("Endpoint: a request is as long as a node accepts, and no longer", "[app]") {
    const auto fault_of = [](std::size_t size) {
        test::FakeNode node{{"{}"}};
        auto client = *TextClient::connect({.port = node.port()}, std::chrono::seconds{30});
        const auto reply = client.exchange(std::string(size, 'x'), std::chrono::seconds{30});
        return reply ? std::optional<ClientError>{} : reply.error();
    };
    CHECK_FALSE(fault_of(wire::text_payload_bytes_max));
    CHECK(fault_of(wire::text_payload_bytes_max + 1) == ClientError::too_long);
    CHECK(describe(ClientError::too_long, {}).rule == "codec.too_long");
}

}  // namespace cairn::app
