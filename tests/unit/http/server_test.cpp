// The server on a real socket: slow clients, silent streams, stopping.
#include "cairn/http/server.hpp"

#include "tests/unit/http/http_fixture.hpp"

#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>

#include <chrono>
#include <functional>
#include <optional>

using namespace cairn;
using namespace cairn::http;

namespace {

using asio::ip::tcp;

/// Answers at once, or never.
struct EchoBackend final : Backend {
    void ask(node::LinkId link, Question, bool) override {
        if (on_ask)
            on_ask();
        if (server != nullptr)
            server->on_answer(link, R"({"type":"ping","pong":true})");
    }

    void forget(node::LinkId) override { ++forgotten; }

    HttpServer* server = nullptr;
    int forgotten = 0;
    std::function<void()> on_ask;
};

/// A server whose patience is short, and one client on the same thread.
struct ServerFixture {
    explicit ServerFixture(ServerOptions options = {}) : server{context, gate, backend, options} {
        backend.server = &server;
        const auto port = server.listen("127.0.0.1", 0);
        REQUIRE(port.has_value());
        client.connect({asio::ip::make_address("127.0.0.1"), *port});
    }

    void send(const std::string& text) { asio::write(client, asio::buffer(text)); }

    /// The same for what the server may not read to its end: the client's side runs with it.
    void send_rest(const std::string& text) {
        const auto kept = std::make_shared<std::string>(text);
        asio::async_write(client, asio::buffer(*kept), [kept](const std::error_code&, std::size_t) {
        });
    }

    /// What comes until `end` does, or the server closes.
    std::string read_until(std::string_view end) {
        bool is_over = false;
        read_more(is_over, end);
        while (!is_over)
            context.run_one();
        return received;
    }

    void read_more(bool& is_over, std::string_view end) {
        client.async_read_some(asio::buffer(part), [&, end](std::error_code error, std::size_t n) {
            received.append(part.data(), n);
            is_over = error || (!end.empty() && received.find(end) != std::string::npos);
            if (!is_over)
                read_more(is_over, end);
        });
    }

    asio::io_context context{1};
    Gate gate{GateOptions{}};
    EchoBackend backend;
    HttpServer server;
    tcp::socket client{context};
    std::array<char, 4096> part{};
    std::string received;
};

ServerOptions impatient() {
    return {.transfer_time = std::chrono::milliseconds{50}};
}

/// The rule of the reply that stands last in `text`.
std::string refusal_in(const std::string& text) {
    const auto body = text.rfind("\r\n\r\n");
    REQUIRE(body != std::string::npos);
    return test::refusal_of(text.substr(body + 4));
}

constexpr const char* ping = "GET /api/v1/ping HTTP/1.1\r\nHost: localhost\r\n\r\n";

}  // namespace

TEST_CASE("HttpServer: a question is answered and its link forgotten", "[http]") {
    ServerFixture fixture;
    fixture.send(ping);
    CHECK(fixture.read_until("true}").starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(fixture.backend.forgotten == 1);
}

TEST_CASE("HttpServer: slow headers and slow bodies end with 408", "[http][P1]") {
    const std::string begin = GENERATE(
        "GET / HT",
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: ",
        "POST /rpc HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{"
    );
    ServerFixture fixture{impatient()};
    fixture.send(begin);
    const auto reply = fixture.read_until("");
    CHECK(reply.starts_with("HTTP/1.1 408 "));
    CHECK(refusal_in(reply) == "http.too_slow");
}

TEST_CASE("HttpServer: an answer that takes too long is 504, never the client's fault", "[http]") {
    ServerFixture fixture{
        {.transfer_time = std::chrono::hours{1}, .answer_time = std::chrono::milliseconds{50}}};
    SECTION("the first") {}
    SECTION("a later one") {
        fixture.send(ping);
        CHECK(fixture.read_until("true}").starts_with("HTTP/1.1 200 OK\r\n"));
        fixture.received.clear();
    }
    fixture.backend.server = nullptr;
    fixture.send(ping);
    const auto reply = fixture.read_until("");
    CHECK(reply.starts_with("HTTP/1.1 504 "));
    CHECK(reply.find("Connection: close\r\n") != std::string::npos);
    CHECK(refusal_in(reply) == "http.slow_answer");
}

TEST_CASE("HttpServer: what the parser refuses is told by a rule", "[http][refusal][P1]") {
    const std::string header(header_bytes_max + 1, 'x');
    const std::vector<std::pair<std::string, std::string>> rows{
        {"BLA / HTTP/1.1\r\n\r\n", "http.bad_request"},
        {"GET / HTTP/1.1\r\nX: " + header + "\r\n\r\n", "http.headers_too_large"},
        {"POST /rpc HTTP/1.1\r\nContent-Length: " + std::to_string(body_bytes_max + 1) +
             "\r\n\r\n" + std::string(body_bytes_max + 1, ' '),
         "http.body_too_large"}};
    for (const auto& [request, rule] : rows) {
        ServerFixture fixture;
        fixture.send_rest(request);
        CHECK(refusal_in(fixture.read_until("}}")) == rule);
    }
}

TEST_CASE("HttpServer: a connection without a request is closed without a word", "[http][P1]") {
    ServerFixture fixture{impatient()};
    CHECK(fixture.read_until("").empty());
}

TEST_CASE("HttpServer: a silent stream says that it is alive", "[http][events]") {
    ServerFixture fixture{{.alive_interval = std::chrono::milliseconds{10}}};
    fixture.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(fixture.read_until(": alive").find("text/event-stream") != std::string::npos);
    fixture.server.on_event({.type = "block", .data = "{}"});
    const auto text = fixture.read_until("event: block");
    // Where it began is told too, so that who is cut off before the first event can go on.
    CHECK(text.find("retry: 1000\nid: 00000000-0\n\n") != std::string::npos);
    CHECK(text.find("id: 00000000-1\n") != std::string::npos);
}

TEST_CASE("HttpServer: ids of another process are answered by reset", "[http][events]") {
    ServerFixture fixture{{.process = 2}};
    fixture.server.on_event({.type = "block", .data = "{}"});
    fixture.send("GET /events HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: 00000001-1\r\n\r\n");
    const auto text = fixture.read_until("event: reset");
    CHECK(text.find("id: 00000002-1\n") != std::string::npos);
}

TEST_CASE("HttpServer: what is malformed is told so and closed", "[http][refusal][P1]") {
    const std::string host = "Host: localhost\r\n";
    for (const auto& request : {
             "GET /%00 HTTP/1.1\r\n" + host + "\r\n",
             "GET /../x HTTP/1.1\r\n" + host + "\r\n",
             "GET / HTTP/1.1\r\n" + host + host + "\r\n",
             "POST /rpc HTTP/1.1\r\n" + host +
                 "Transfer-Encoding: gzip, chunked\r\n\r\n1\r\n1\r\n0\r\n\r\n",
         }) {
        INFO(request);
        ServerFixture fixture;
        fixture.send(request);
        // It ends although the client keeps its side open.
        const auto reply = fixture.read_until("");
        CHECK(reply.starts_with("HTTP/1.1 400 "));
        CHECK(reply.find("Connection: close\r\n") != std::string::npos);
        CHECK(refusal_in(reply).starts_with("http."));
    }
}

TEST_CASE("HttpServer: connections beyond the limit are closed", "[http][limits]") {
    ServerFixture fixture{{.connections = 1}};
    fixture.send(ping);
    static_cast<void>(fixture.read_until("true}"));
    tcp::socket further{fixture.context};
    further.connect(fixture.client.remote_endpoint());
    bool is_closed = false;
    std::array<char, 1> byte{};
    further.async_read_some(asio::buffer(byte), [&](std::error_code error, std::size_t) {
        is_closed = static_cast<bool>(error);
    });
    while (!is_closed)
        fixture.context.run_one();
    fixture.received.clear();
    fixture.send(ping);
    CHECK(fixture.read_until("true}").starts_with("HTTP/1.1 200"));
}

TEST_CASE("HttpServer: streams beyond the limit are refused", "[http][limits]") {
    ServerFixture fixture{{.event_streams = 0}};
    fixture.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const auto reply = fixture.read_until("}}");
    CHECK(reply.starts_with("HTTP/1.1 429 "));
    CHECK(refusal_in(reply) == "http.too_many_listeners");
}

TEST_CASE("HttpServer: who asks while it stops is told so", "[http]") {
    bool is_told = false;
    ServerFixture fixture{{.on_idle = [&] { is_told = true; }}};
    fixture.send(ping);
    static_cast<void>(fixture.read_until("true}"));
    fixture.server.stop();
    CHECK(fixture.server.is_idle());
    fixture.send(ping);
    const auto reply = fixture.read_until("}}");
    CHECK(reply.find("HTTP/1.1 503 ") != std::string::npos);
    CHECK(refusal_in(reply) == "http.stopping");
    while (!is_told)
        fixture.context.run_one();
}

TEST_CASE("HttpServer: others get the thread between long questions", "[http][P3][limits]") {
    ServerFixture fixture;
    std::string order;
    fixture.backend.on_ask = [&] {
        order += 'q';
        const auto began = std::chrono::steady_clock::now();
        while (std::chrono::steady_clock::now() - began < turn_time_max) {
        }
        asio::post(fixture.context, [&order] { order += 'o'; });
    };
    const std::string call = R"({"jsonrpc":"2.0","method":"ping","id":1})";
    const std::string batch = '[' + call + ',' + call + ',' + call + ']';
    fixture.send(
        "POST /rpc HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Content-Length: " +
        std::to_string(batch.size()) + "\r\n\r\n" + batch
    );
    static_cast<void>(fixture.read_until("}]"));
    CHECK(order == "qoqoqo");
}

TEST_CASE("HttpServer: requests leave the thread to what is more urgent", "[http]") {
    bool is_busy = true;
    ServerFixture fixture{{.gives_way = [&is_busy] { return is_busy; }}};
    const std::string pong = R"("pong":true})";
    for (int i = 0; i < 3; ++i) {
        fixture.received.clear();
        fixture.send(ping);
        CHECK(fixture.read_until(pong).find("200 OK") != std::string::npos);
    }
    // The third reply has gone and the rest after it lasts; stopping ends it.
    fixture.received.clear();
    fixture.send(ping);
    fixture.server.stop();
    CHECK_FALSE(fixture.read_until("").find("200 OK") != std::string::npos);
    is_busy = false;
}

TEST_CASE("HttpServer: the reason why it cannot listen is told", "[http]") {
    ServerFixture fixture;
    HttpServer second{fixture.context, fixture.gate, fixture.backend};
    const auto taken = second.listen("127.0.0.1", fixture.client.remote_endpoint().port());
    REQUIRE_FALSE(taken.has_value());
    CHECK(taken.error() == net::ListenError::port_in_use);
    HttpServer third{fixture.context, fixture.gate, fixture.backend};
    CHECK(third.listen("nonsense", 0).error() == net::ListenError::bad_address);
}
