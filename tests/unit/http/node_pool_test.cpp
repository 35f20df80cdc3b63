// Questions to nodes over real sockets: connections used again, nodes that fail.
#include "cairn/http/node_pool.hpp"

#include "tests/unit/http/http_fixture.hpp"

#include "cairn/wire/frame.hpp"

#include <asio/buffer.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>
#include <catch2/catch.hpp>

#include <array>
#include <map>
#include <memory>
#include <string>

using namespace cairn;
using namespace cairn::http;

namespace {

using asio::ip::tcp;

std::string framed(std::string_view payload) {
    auto header = std::to_string(payload.size());
    header.resize(wire::frame_header_bytes, ' ');
    return header + std::string{payload};
}

/// A node that says what it is told to; sessions are closed where that is empty.
class FakeNode {
  public:
    explicit FakeNode(asio::io_context& context)
        : acceptor_{context, tcp::endpoint{asio::ip::address_v4::loopback(), 0}} {
        accept();
    }

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    /// The bytes after each request.
    std::string says = framed(R"({"type":"ping","pong":true})");
    /// Nothing is said at all.
    bool is_mute = false;
    std::size_t sessions = 0;
    std::size_t requests = 0;

    void close_sessions() {
        for (const auto& session : open_)
            session->socket.close();
        open_.clear();
    }

  private:
    struct Session {
        explicit Session(tcp::socket peer) : socket{std::move(peer)} {}

        tcp::socket socket;
        wire::FrameDecoder decoder;
        std::array<std::uint8_t, 4096> part{};
    };

    void accept() {
        acceptor_.async_accept([this](std::error_code error, tcp::socket peer) {
            if (error)
                return;
            ++sessions;
            open_.push_back(std::make_shared<Session>(std::move(peer)));
            read(open_.back());
            accept();
        });
    }

    void read(const std::shared_ptr<Session>& session) {
        session->socket.async_read_some(
            asio::buffer(session->part),
            [this, session](std::error_code error, std::size_t size) {
                if (error)
                    return;
                session->decoder.feed(ByteView{session->part}.first(size));
                while (session->decoder.next()) {
                    ++requests;
                    if (says.empty())
                        session->socket.close();
                    else if (!is_mute)
                        write(session);
                }
                if (session->socket.is_open())
                    read(session);
            }
        );
    }

    /// Not in one piece: what reads it runs on this thread.
    void write(const std::shared_ptr<Session>& session) {
        const auto bytes = std::make_shared<std::string>(says);
        asio::async_write(
            session->socket, asio::buffer(*bytes), [session, bytes](std::error_code, std::size_t) {}
        );
    }

    tcp::acceptor acceptor_;
    std::vector<std::shared_ptr<Session>> open_;
};

struct PoolFixture {
    explicit PoolFixture(NodePoolOptions options = {})
        : pool{
              context,
              [this](node::LinkId link, std::string answer) { answers[link] = std::move(answer); },
              options} {}

    void begin(std::string text, std::uint16_t port) {
        last = last.next();
        answers.erase(last);
        pool.ask(last, {.text = std::move(text), .node = port}, true);
    }

    /// The answer to a question.
    std::string ask(std::string text, std::uint16_t port) {
        begin(std::move(text), port);
        while (!answers.contains(last))
            context.run_one();
        return answers[last];
    }

    std::string ping(std::uint16_t port) { return ask(R"({"type":"ping"})", port); }

    asio::io_context context{1};
    std::map<node::LinkId, std::string> answers;
    node::LinkId last;
    NodePool pool;
    FakeNode node{context};
};

bool is_pong(const std::string& answer) {
    return answer == R"({"type":"ping","pong":true})";
}

bool has_code(const std::string& answer, const std::string& code) {
    return answer.starts_with(R"({"type":"error","code":")" + code + '"');
}

}  // namespace

TEST_CASE("NodePool: connections are used again for what changes nothing", "[http][gateway]") {
    PoolFixture fixture;
    CHECK(is_pong(fixture.ping(fixture.node.port())));
    CHECK(is_pong(fixture.ping(fixture.node.port())));
    CHECK(fixture.node.sessions == 1);
    CHECK(fixture.pool.idle() == 1);
    CHECK(is_pong(fixture.ask(R"({"type":"mine_block"})", fixture.node.port())));
    CHECK(fixture.node.sessions == 2);
    CHECK(is_pong(fixture.ask("no JSON", fixture.node.port())));
    CHECK(fixture.node.sessions == 3);
}

TEST_CASE("NodePool: questions at one time have connections of their own", "[http][gateway]") {
    PoolFixture fixture;
    fixture.begin(R"({"type":"ping"})", fixture.node.port());
    fixture.begin(R"({"type":"ping"})", fixture.node.port());
    while (fixture.answers.size() < 2)
        fixture.context.run_one();
    CHECK(fixture.node.sessions == 2);
    CHECK(fixture.pool.idle() == 2);
}

TEST_CASE("NodePool: a node that closed an old connection is asked again", "[http][gateway]") {
    PoolFixture fixture;
    CHECK(is_pong(fixture.ping(fixture.node.port())));
    fixture.node.close_sessions();
    // The closing is not noticed yet: the question goes out on the old connection.
    CHECK(is_pong(fixture.ping(fixture.node.port())));
    CHECK(fixture.node.sessions == 2);
    fixture.node.close_sessions();
    while (fixture.pool.idle() > 0)
        fixture.context.run_one();
    CHECK(is_pong(fixture.ping(fixture.node.port())));
}

TEST_CASE("NodePool: what changes something is asked once", "[http][gateway]") {
    PoolFixture fixture;
    fixture.node.says.clear();
    const auto answer = fixture.ask(R"({"type":"mine_block"})", fixture.node.port());
    CHECK(has_code(answer, "no_answer"));
    CHECK(test::refusal_of(answer) == "http.no_answer");
    CHECK(fixture.node.requests == 1);
    CHECK(has_code(fixture.ping(fixture.node.port()), "no_answer"));
    CHECK(fixture.node.requests == 2);
}

TEST_CASE("NodePool: where no node is, that is the answer", "[http][gateway]") {
    PoolFixture fixture;
    const auto free_port = [&] {
        const tcp::acceptor taken{
            fixture.context, tcp::endpoint{asio::ip::address_v4::loopback(), 0}};
        return taken.local_endpoint().port();
    }();
    const auto answer = fixture.ping(free_port);
    CHECK(has_code(answer, "no_node"));
    CHECK(test::refusal_of(answer) == "http.no_node");
    for (const char* words :
         {"HTTP/1.1 400 Bad Request\r\n\r\n", "5         hello", "0         "}) {
        fixture.node.says = words;
        CHECK(has_code(fixture.ping(fixture.node.port()), "no_node"));
    }
}

TEST_CASE("NodePool: an answer and a question have limits", "[http][gateway][limits]") {
    PoolFixture fixture;
    const auto answer = [](std::size_t size) {
        return framed('{' + std::string(size - 2, ' ') + '}');
    };
    fixture.node.says = answer(node_answer_bytes_max);
    CHECK(fixture.ping(fixture.node.port()).size() == node_answer_bytes_max);
    fixture.node.says = answer(node_answer_bytes_max + 1).substr(0, 100);
    CHECK(has_code(fixture.ping(fixture.node.port()), "no_node"));
    fixture.node.says = framed("{}");
    std::string question(wire::text_payload_bytes_max, ' ');
    CHECK(fixture.ask(question, fixture.node.port()) == "{}");
    const auto refused = fixture.ask(question + ' ', fixture.node.port());
    CHECK(has_code(refused, "too_large"));
    CHECK(test::refusal_of(refused) == "http.question_too_large");
}

TEST_CASE("NodePool: a silent node is not waited for without end", "[http][gateway]") {
    PoolFixture fixture{{.answer_time = std::chrono::milliseconds{20}}};
    CHECK(is_pong(fixture.ping(fixture.node.port())));
    fixture.node.is_mute = true;
    CHECK(has_code(fixture.ping(fixture.node.port()), "no_answer"));
    CHECK(fixture.node.requests == 2);
    CHECK(fixture.pool.idle() == 0);
}

TEST_CASE("NodePool: idle connections have a limit", "[http][gateway][limits]") {
    PoolFixture fixture{{.idle_links = 2}};
    for (int i = 0; i < 3; ++i)
        fixture.begin(R"({"type":"ping"})", fixture.node.port());
    while (fixture.answers.size() < 3)
        fixture.context.run_one();
    CHECK(fixture.pool.idle() == 2);
}

TEST_CASE("NodePool: two answers at once end the connection", "[http][gateway]") {
    PoolFixture fixture;
    fixture.node.says = framed("{}") + framed("{}");
    CHECK(fixture.ping(fixture.node.port()) == "{}");
    CHECK(fixture.pool.idle() == 0);
}

TEST_CASE("NodePool: a question that is forgotten is not answered", "[http][gateway]") {
    PoolFixture fixture;
    fixture.begin(R"({"type":"ping"})", fixture.node.port());
    fixture.pool.forget(fixture.last);
    CHECK(is_pong(fixture.ping(fixture.node.port())));
    CHECK(fixture.answers.size() == 1);
}
