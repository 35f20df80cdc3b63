// What a scrape says, held against the view that it shows.
#include "cairn/metrics/exposition.hpp"

#include "tests/unit/rpc/rpc_fixture.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string>

namespace cairn::metrics {

namespace {

struct ExpositionFixture : rpc::RpcFixture {
    /// The samples of a scrape by everything that stands before their value.
    std::map<std::string, std::string> scrape() const {
        std::istringstream text{exposition.text()};
        std::map<std::string, std::string> samples;
        for (std::string line; std::getline(text, line);) {
            if (line.starts_with('#'))
                continue;
            const auto space = line.rfind(' ');
            REQUIRE(space != std::string::npos);
            CHECK(samples.emplace(line.substr(0, space), line.substr(space + 1)).second);
        }
        return samples;
    }

    ValidationTimes times;
    Exposition exposition{view, times, {.version = "0.1.0", .commit = "abc"}};
};

}  // namespace

TEST_CASE_METHOD(ExpositionFixture, "Exposition: tells what the node's view shows", "[metrics]") {
    view.refused_counts["mempool.fee_too_low"] = 4;
    auto samples = scrape();
    CHECK(samples[R"(cairn_chain_height{chain="test"})"] == "3");
    CHECK(samples[R"(cairn_chain_header_height{chain="test"})"] == "3");
    CHECK(samples[R"(cairn_difficulty{chain="test"})"] == "1");
    CHECK(samples[R"(cairn_syncing{chain="test"})"] == "0");
    CHECK(samples[R"(cairn_mempool_txs{chain="test"})"] == "1");
    CHECK(samples[R"(cairn_mempool_bytes{chain="test"})"] == std::to_string(pool.bytes()));
    CHECK(samples[R"(cairn_peers{chain="test",direction="outbound"})"] == "1");
    CHECK(samples[R"(cairn_peers{chain="test",direction="inbound"})"] == "0");
    CHECK(samples[R"(cairn_p2p_messages_total{chain="test",type="ping",dir="in"})"] == "1");
    CHECK(samples[R"(cairn_p2p_messages_total{chain="test",type="pong",dir="out"})"] == "1");
    CHECK(samples[R"(cairn_p2p_messages_total{chain="test",type="unknown",dir="in"})"] == "0");
    CHECK(samples[R"(cairn_p2p_bytes_total{chain="test",dir="out"})"] == "44");
    CHECK(samples[R"(cairn_rejected_total{chain="test",rule="mempool.fee_too_low"})"] == "4");
    CHECK(samples[R"(cairn_rejected_total{chain="test",rule="chain.wrong_state_root"})"] == "0");
    CHECK(samples[R"(cairn_build_info{chain="test",version="0.1.0",commit="abc"})"] == "1");
}

TEST_CASE_METHOD(
    ExpositionFixture, "Exposition: histograms are cumulative and in base units", "[metrics]"
) {
    times.connect.add(100);
    times.connect.add(101);
    times.connect.add(2'000'000);
    auto samples = scrape();
    const std::string name = "cairn_block_validation_seconds";
    const auto bucket = [&](const std::string& bound) {
        return samples[name + R"(_bucket{chain="test",stage="connect",le=")" + bound + R"("})"];
    };
    CHECK(bucket("0.0001") == "1");
    CHECK(bucket("0.00025") == "2");
    CHECK(bucket("1") == "2");
    CHECK(bucket("+Inf") == "3");
    CHECK(samples[name + R"(_count{chain="test",stage="connect"})"] == "3");
    CHECK(samples[name + R"(_sum{chain="test",stage="connect"})"] == "2.000201");
    CHECK(samples[name + R"(_count{chain="test",stage="check"})"] == "0");
}

TEST_CASE_METHOD(
    ExpositionFixture, "Exposition: each family has help, type and chain", "[metrics]"
) {
    std::istringstream text{exposition.text()};
    std::set<std::string> families;
    std::string helped;
    std::string typed;
    for (std::string line; std::getline(text, line);) {
        std::istringstream words{line};
        std::string mark;
        std::string kind;
        std::string name;
        words >> mark >> kind >> name;
        if (kind == "HELP") {
            CHECK(families.insert(name).second);
            helped = name;
        } else if (kind == "TYPE") {
            CHECK(helped == name);
            typed = name;
        } else {
            CHECK(line.starts_with(typed));
            CHECK(line.find(R"({chain="test")") != std::string::npos);
        }
    }
    CHECK(families.size() == 23);
    for (const auto& name : families)
        CHECK((name.starts_with("cairn_") || name.starts_with("process_")));
}

TEST_CASE_METHOD(ExpositionFixture, "Exposition: the process is this one", "[metrics]") {
    const auto samples = scrape();
    const auto value = [&](const std::string& name) {
        return std::stod(samples.at("process_" + name + R"({chain="test"})"));
    };
    CHECK(value("resident_memory_bytes") > 1e6);
    CHECK(value("virtual_memory_bytes") > value("resident_memory_bytes"));
    CHECK(value("open_fds") >= 3);
    CHECK(value("max_fds") > value("open_fds"));
    CHECK(value("start_time_seconds") > 1.6e9);
    CHECK(value("cpu_seconds_total") >= 0);
}

TEST_CASE_METHOD(
    ExpositionFixture, "Exposition: other machines read it with --open-probe alone", "[metrics]"
) {
    const auto status = [&](bool is_open, bool is_loopback) {
        http::Gate gate{{.hosts = {}, .cors = {}, .version = "0.1.0"}};
        gate.add(make_route(exposition, is_open));
        const auto decision = gate.decide(
            {.method = "GET",
             .target = "/metrics",
             .headers = {{"Host", "localhost"}},
             .body = {},
             .is_loopback = is_loopback}
        );
        const auto& reply = std::get<http::HttpReply>(decision);
        if (reply.status == 200)
            CHECK(reply.content_type == content_type);
        return reply.status;
    };
    CHECK(status(false, true) == 200);
    CHECK(status(true, false) == 200);
    CHECK(status(false, false) == 403);
}

}  // namespace cairn::metrics
