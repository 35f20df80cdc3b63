// Links between pages, the list of blocks, events, and readiness.
#include "src/http/members.hpp"
#include "src/http/polite_socket.hpp"
#include "tests/unit/http/http_fixture.hpp"

#include "cairn/http/event_ring.hpp"

using namespace cairn;
using namespace cairn::http;
using namespace cairn::http::test;

namespace {

struct PagingGate : GateFixture {
    std::string get(std::string_view target, const std::string& answer) const {
        return play(decide("GET", target), answer).reply.body;
    }
};

}  // namespace

TEST_CASE_METHOD(PagingGate, "Paging: places become links, both ways", "[http][paging]") {
    CHECK(
        get("/api/v1/chain?from=5&count=2",
            R"({"type":"get_chain","chain":[1,2],"next":7,"previous":5})") ==
        R"({"type":"get_chain","chain":[1,2],)"
        R"("next":"http://localhost:8080/api/v1/chain?from=7&count=2",)"
        R"("previous":"http://localhost:8080/api/v1/chain?before=5&count=2"})"
    );
    CHECK(
        get("/api/v1/chain?before=2", R"({"type":"get_chain","chain":[1],"next":2})") ==
        R"({"type":"get_chain","chain":[1],)"
        R"("next":"http://localhost:8080/api/v1/chain?from=2&count=100","previous":null})"
    );
    CHECK(
        get("/api/v1/mempool?from=3", R"({"type":"mempool","transactions":[],"previous":17})") ==
        R"({"type":"mempool","transactions":[],"next":null,)"
        R"("previous":"http://localhost:8080/api/v1/mempool?before=17&count=1000"})"
    );
    CHECK(get("/api/v1/headers", "{\"a\":1}") == R"({"a":1,"next":null,"previous":null})");
    CHECK(get("/api/v1/peers", "{\"a\":1}") == R"({"a":1,"next":null,"previous":null})");
    CHECK(get("/api/v1/status", "{\"a\":1}") == "{\"a\":1}");
}

TEST_CASE_METHOD(PagingGate, "Paging: links keep what names the list", "[http][paging]") {
    CHECK(
        get("/api/v1/records/s/k?from=1.2&newest_first=true",
            R"({"type":"records","records":[{"body":{"next":1}}],"next":"3.4","previous":"1.2"})"
        ) ==
        R"({"type":"records","records":[{"body":{"next":1}}],)"
        R"("next":"http://localhost:8080/api/v1/records/s/k?newest_first=true&from=3.4&count=100",)"
        R"("previous":)"
        R"("http://localhost:8080/api/v1/records/s/k?newest_first=true&before=1.2&count=100"})"
    );
}

TEST_CASE_METHOD(PagingGate, "Paging: the longest places are found", "[http][paging][limits]") {
    const std::string place = "9007199254740991.4294967295";
    const auto body =
        get("/api/v1/records/s",
            R"({"records":[],"next":")" + place + R"(","previous":")" + place + "\"}");
    const std::string base = R"("http://localhost:8080/api/v1/records/s?)";
    CHECK(member(body, "next") == base + "from=" + place + "&count=100\"");
    CHECK(member(body, "previous") == base + "before=" + place + "&count=100\"");
    REQUIRE(split_members(body).has_value());
    CHECK(split_members(body)->size() == 3);
}

TEST_CASE_METHOD(PagingGate, "Paging: a page may be named in the path", "[http][paging]") {
    const auto next_of = [&](std::string_view target) {
        const auto body = get(target, R"({"type":"x","next":7})");
        return std::string{plain_text(member(body, "next"))};
    };
    const std::string base = "http://localhost:8080/api/v1/";
    CHECK(next_of("/api/v1/chain/5/2") == base + "chain?from=7&count=2");
    CHECK(next_of("/api/v1/chain/5?count=2") == base + "chain?from=7&count=2");
    CHECK(next_of("/api/v1/mempool/20/1") == base + "mempool?from=7&count=20");
    CHECK(
        next_of("/api/v1/history/a%20b/5/2/true") ==
        base + "history/a%20b?newest_first=true&from=7&count=2"
    );
    CHECK(next_of("/api/v1/records/s/") == base + "records/s/?from=7&count=100");
}

TEST_CASE_METHOD(PagingGate, "Paging: what records hold is never a link", "[http][paging]") {
    const auto body =
        get("/api/v1/records/s", R"({"type":"records","records":[{"body":[{"a":0,"next":9}]}]})");
    CHECK(body.find(R"({"a":0,"next":9}]}],"next":null)") != std::string::npos);
    const auto other =
        get("/api/v1/records/s", R"({"type":"records","records":[{"a":0,"previous":9}]})");
    CHECK(other.find(R"({"a":0,"previous":9}],"next":null,"previous":null})") != std::string::npos);
}

TEST_CASE_METHOD(PagingGate, "Paging: errors have no links", "[http][paging]") {
    const std::string error = R"({"type":"error","code":"bad_field","message":"m","data":{}})";
    CHECK(get("/api/v1/chain?from=x", error) == error);
    CHECK(get("/api/v1/block?from=x", error) == error);
}

TEST_CASE_METHOD(PagingGate, "Paging: blocks come as a list like others'", "[http][paging]") {
    CHECK(
        get("/api/v1/block/?from=1&count=1",
            R"({"type":"get_chain","length":9,"from":1,"chain":[{"index":1}],"next":2,)"
            R"("previous":1})") ==
        R"({"count":9,"next":"http://localhost:8080/api/v1/block/?from=2&count=1",)"
        R"("previous":"http://localhost:8080/api/v1/block/?before=1&count=1",)"
        R"("results":[{"index":1}]})"
    );
}

TEST_CASE("Members: an object is cut at its own commas", "[http]") {
    const auto members = split_members(R"({"a":[1,{"b":2}],"c\"":"x,}","d":{}})");
    REQUIRE(members.has_value());
    REQUIRE(members->size() == 3);
    CHECK((*members)[0].second == R"([1,{"b":2}])");
    CHECK((*members)[1].first == R"(c\")");
    CHECK((*members)[2].second == "{}");
    CHECK(split_members("{}")->empty());
    for (const char* wrong :
         {"",
          "{",
          "[]",
          "{1:2}",
          R"({"a"})",
          R"({"a":})",
          R"({"a":1,})",
          R"({"a":1}})",
          R"({"a":"})",
          R"({"a":1]})"}) {
        INFO(wrong);
        CHECK_FALSE(split_members(wrong).has_value());
    }
}

TEST_CASE("EventRing: who comes back gets what was missed", "[http][events]") {
    EventRing ring{0xabc};
    CHECK(ring.after(0).text.empty());
    CHECK(ring.push({.type = "block", .data = "{}"}) == 1);
    CHECK(ring.push({.type = "peer", .data = "{\"a\":1}"}) == 2);
    CHECK(ring.after(1).text == "id: 00000abc-2\nevent: peer\ndata: {\"a\":1}\n\n");
    CHECK(ring.after(0).last == 2);
    CHECK(ring.after(2).text.empty());
}

TEST_CASE(
    "EventRing: ids of another process, and what is none, begin with reset", "[http][events]"
) {
    EventRing ring{0xffff'ffff};
    ring.push({.type = "block", .data = "{}"});
    ring.push({.type = "block", .data = "{}"});
    CHECK(ring.id_of(1) == "ffffffff-1");
    CHECK(ring.number_of(ring.id_of(1)) == 1);
    for (const auto* id :
         {"1",
          "",
          "x",
          "fffffffe-1",
          "ffffffff-",
          "ffffffff-x",
          "ffffffff-1 ",
          "FFFFFFFF-1",
          "ffffffff--1",
          "ffffffff-99999999999999999999"}) {
        INFO(id);
        const auto portion = ring.after(ring.number_of(id));
        CHECK(portion.text == "id: ffffffff-2\nevent: reset\ndata: {\"first\":3}\n\n");
        CHECK(portion.last == 2);
    }
}

TEST_CASE("EventRing: a gap is told", "[http][events][limits]") {
    EventRing ring{1};
    for (std::size_t i = 0; i < events_kept_max; ++i)
        ring.push({.type = "block", .data = "{}"});
    CHECK(ring.after(0).text.starts_with("id: 00000001-1\nevent: block"));
    ring.push({.type = "block", .data = "{}"});
    CHECK(ring.after(0).text.starts_with(
        "id: 00000001-1\nevent: reset\ndata: {\"first\":2}\n\nid: 00000001-2\n"
    ));
    CHECK(ring.after(1).text.starts_with("id: 00000001-2\nevent: block"));
    const auto unknown = ring.after(1'000'000);
    CHECK(unknown.text.find("event: reset") != std::string::npos);
    CHECK(unknown.last == ring.last());
    CHECK(ring.after(unknown.last).text.empty());
}

TEST_CASE("EventRing: bytes are bounded, and so are portions", "[http][events][limits]") {
    EventRing ring{1};
    const std::string large(events_bytes_max / 4, 'x');
    for (int i = 0; i < 3; ++i)
        ring.push({.type = "block", .data = large});
    CHECK(ring.after(0).text.find("reset") == std::string::npos);
    CHECK(ring.after(0).last == 1);
    ring.push({.type = "block", .data = large});
    CHECK(ring.after(0).text.find("reset") != std::string::npos);
}

TEST_CASE_METHOD(PagingGate, "Events: Last-Event-ID says where to go on", "[http][events]") {
    const auto last_of = [this](Headers headers) {
        return std::get<EventStream>(decide("GET", "/events", with(std::move(headers)))).last_id;
    };
    CHECK_FALSE(last_of({}).has_value());
    CHECK(last_of({{"Last-Event-ID", "0000abcd-17"}}) == "0000abcd-17");
    CHECK(last_of({{"Last-Event-ID", "x"}}) == "x");
}

TEST_CASE_METHOD(PagingGate, "Events: HEAD is answered without a stream", "[http][events]") {
    const auto decision = decide("HEAD", "/events");
    const auto* reply = std::get_if<HttpReply>(&decision);
    REQUIRE(reply != nullptr);
    CHECK(reply->status == 200);
    CHECK(reply->is_head);
    CHECK(reply->content_type == "text/event-stream");
}

TEST_CASE("Events: strangers hear them by --open-probe alone", "[http][events][A1]") {
    for (const bool is_open : {false, true}) {
        const Gate gate{GateOptions{.open_probe = is_open}};
        const auto decision =
            gate.decide({.method = "GET", .target = "/events", .headers = host_only()});
        const auto* reply = std::get_if<HttpReply>(&decision);
        REQUIRE((reply == nullptr) == is_open);
        if (reply == nullptr)
            continue;
        CHECK(reply->status == 403);
        CHECK(refusal_of(reply->body) == "http.stranger");
    }
}

TEST_CASE_METHOD(PagingGate, "Readiness: peers and distance decide", "[http]") {
    const auto ask = [this](std::string_view target, int best) {
        auto decision = decide("GET", target);
        auto& exchange = *std::get<std::unique_ptr<Exchange>>(decision);
        REQUIRE(exchange.next().has_value());
        exchange.take(
            R"({"type":"status","height":10,"best_height":)" + std::to_string(best) +
            R"(,"peers":1})"
        );
        // One question alone: two might be answered of two tips.
        REQUIRE_FALSE(exchange.next().has_value());
        return exchange.reply();
    };
    CHECK(ask("/readiness", 12).body == R"({"ready":true,"peers":1,"behind":2})");
    const auto behind = ask("/readiness", 13);
    CHECK(behind.status == 503);
    CHECK(behind.body == R"({"ready":false,"peers":1,"behind":3,"failing":"maxBlocksBehind"})");
    CHECK(ask("/readiness?maxBlocksBehind=3", 13).status == 200);
    CHECK(ask("/readiness?minPeers=2", 10).status == 503);
    CHECK(ask("/readiness?minPeers=2", 10).body.find("minPeers") != std::string::npos);
    CHECK(ask("/readiness?minPeers=0", 10).status == 200);
    CHECK(status("GET", "/readiness?minPeers=x") == 400);
    CHECK(status("GET", "/readiness?other=1") == 400);
    CHECK(status("GET", "/healthz") == 200);
}

TEST_CASE("Refusal: what RESTinio logs becomes a status", "[http][P1]") {
    CHECK(refusal_status("[connection:1] parser error HPE_INVALID_METHOD: x") == 400);
    CHECK(refusal_status("[connection:1] parser error HPE_CB_url: x") == 431);
    CHECK(refusal_status("[connection:1] parser error HPE_CB_header_value: x") == 431);
    CHECK(refusal_status("[connection:1] parser error HPE_CB_headers_complete: x") == 413);
    CHECK(refusal_status("[connection:1] parser error HPE_CB_body: x") == 413);
    CHECK(refusal_status("[connection:1] read socket error: End of file") == 0);
    CHECK(refusal_status("[connection:1] read socket error: Message too long; parsed") == 413);
}
