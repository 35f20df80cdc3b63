#include "src/app/node_options.hpp"

#include "src/app/failure.hpp"
#include "tests/unit/app/scratch_directory.hpp"

#include "cairn/execution/execute.hpp"

#include <catch2/catch.hpp>

using namespace cairn;
using namespace cairn::app;
using cairn::app_test::ScratchDirectory;
using Catch::Matchers::Contains;

namespace {

/// Why `options` are refused; each refusal says by which rule, what was expected and what came.
Failure refusal(const NodeOptions& options) {
    try {
        static_cast<void>(make_plan(options));
    } catch (const UsageError& error) {
        const auto& failure = error.failure();
        CHECK_FALSE(failure.rule.empty());
        CHECK_FALSE(failure.expected.empty());
        CHECK_FALSE(failure.actual.empty());
        CHECK_FALSE(failure.hint.empty());
        return failure;
    }
    FAIL("the options were accepted");
    return {};
}

}  // namespace

TEST_CASE("NodeOptions: the defaults run a development node for dev0", "[app][options]") {
    const NodePlan plan = make_plan({});

    REQUIRE(plan.port == 5001);
    REQUIRE(plan.bind == "127.0.0.1");
    REQUIRE(plan.spec.name == "dev");
    REQUIRE(plan.node.coinbase == ledger::account_of(ledger::development_key(0).public_key()));
    REQUIRE(plan.node.mining_threads == 0);
    REQUIRE(plan.workers >= 1);
}

TEST_CASE("NodeOptions: a tracker has an address", "[app][options]") {
    CHECK(make_plan({.tracker = {"127.0.0.1:5000"}}).node.trackers.size() == 1);
    const auto error = refusal({.tracker = {""}});
    CHECK(error.code == ExitCode::usage);
    CHECK(error.message == "--tracker: takes host:port, not ''");
    CHECK(make_plan({.bootstrap = {""}}).node.bootstrap.empty());
}

TEST_CASE("NodeOptions: of trackers and seeds there are 8 at most", "[app][options]") {
    const std::vector<std::string> most(8, "seed.example.org:5001");
    CHECK(make_plan({.tracker = most}).node.trackers.size() == node::trackers_max);
    CHECK(make_plan({.dns_seed = most}).node.seeds.size() == node::seeds_max);
    const std::vector<std::string> more(9, "seed.example.org:5001");
    CHECK_THAT(refusal({.tracker = more}).message, Contains("--tracker: takes 8 of them at most"));
    const auto error = refusal({.dns_seed = more});
    CHECK(error.code == ExitCode::usage);
    CHECK_THAT(error.message, Contains("--dns-seed: takes 8 of them at most"));
    CHECK_THAT(refusal({.dns_seed = {"seed.example.org"}}).message, Contains("host:port"));
    CHECK_THAT(refusal({.dns_seed = {"a.example.org:80"}}).message, Contains("from 1024 on"));
}

TEST_CASE("NodeOptions: bootstrap takes endpoints and files of them", "[app][options]") {
    const ScratchDirectory scratch;
    const auto file = scratch.write("nodes", "# ours\n127.0.0.1:5002\r\n\n[::1]:5003\n");

    const auto endpoints = read_endpoints("--bootstrap", {"localhost:5001", "", file});

    REQUIRE(
        endpoints ==
        std::vector<node::Endpoint>{
            {.host = "localhost", .port = 5001},
            {.host = "127.0.0.1", .port = 5002},
            {.host = "::1", .port = 5003}}
    );
}

TEST_CASE("NodeOptions: values that can never be right are usage errors", "[app][options]") {
    REQUIRE(refusal({.port = 65536}).code == ExitCode::usage);
    REQUIRE(refusal({.mine = 1025}).code == ExitCode::usage);
    REQUIRE(make_plan({.min_free_mib = 1048576}).min_free_mib == 1048576);
    REQUIRE(refusal({.min_free_mib = 1048577}).code == ExitCode::usage);
    REQUIRE(refusal({.bootstrap = {"nowhere"}}).code == ExitCode::usage);
    REQUIRE(refusal({.log_level = "loud"}).code == ExitCode::usage);
    REQUIRE(refusal({.log_format = "xml"}).code == ExitCode::usage);
    REQUIRE(refusal({.name = "two words"}).code == ExitCode::usage);
    REQUIRE(refusal({.http_bind = "0.0.0.0"}).code == ExitCode::usage);
    REQUIRE(refusal({.http_host = {"a.example"}}).code == ExitCode::usage);
    REQUIRE(refusal({.cors = {"*"}}).code == ExitCode::usage);
}

TEST_CASE("NodeOptions: HTTP beyond loopback is for those who open it", "[app][options][A1]") {
    for (const std::string bind : {"0.0.0.0", "::", "192.0.2.1", "fd00::2", "::ffff:192.0.2.1"}) {
        CAPTURE(bind);
        CHECK(refusal({.http = "8001", .http_bind = bind}).code == ExitCode::usage);
        CHECK(make_plan({.open_probe = true, .http = "8001", .http_bind = bind}).http_bind == bind);
    }
    for (const std::string bind : {"127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1"}) {
        CAPTURE(bind);
        CHECK(make_plan({.http = "8001", .http_bind = bind}).http_bind == bind);
    }
}

TEST_CASE("NodeOptions: what others may do has the limits of the network", "[app][options]") {
    const node::NodeConfig node = make_plan({}).node;
    REQUIRE(node.outbound_target == 8);
    REQUIRE(node.allowances.links_inbound == 117);
    REQUIRE(node.allowances.links_per_address == 8);
    REQUIRE(node.allowances.links_per_subnet == 32);
    REQUIRE(node.allowances.links_per_second == 1);
    REQUIRE(node.allowances.upload_bytes_per_second == 10U * 1024 * 1024);
    REQUIRE(node.allowances.relay_transactions_per_second == 20'000);
    REQUIRE(node.allowances.relay_bytes_per_second == 8'000'000);
}

TEST_CASE("NodeOptions: announcements are delayed when told so", "[app][options]") {
    CHECK_FALSE(make_plan({}).node.tx_privacy);
    CHECK(make_plan({.tx_privacy = true}).node.tx_privacy);
}

TEST_CASE("NodeOptions: private networks raise and lower limits", "[app][options]") {
    const node::NodeConfig node = make_plan({.outbound = 1000,
                                             .inbound = 1,
                                             .inbound_per_address = 1000,
                                             .inbound_per_subnet = 1,
                                             .inbound_per_second = 1000,
                                             .upload_kib = 0,
                                             .relay_transactions = 1'000'000,
                                             .relay_kb = 1})
                                      .node;
    REQUIRE(node.outbound_target == 1000);
    REQUIRE(node.allowances.links_inbound == 1);
    REQUIRE(node.allowances.links_per_address == 1000);
    REQUIRE(node.allowances.upload_bytes_per_second == 0);
    REQUIRE(node.allowances.relay_bytes_per_second == 1000);

    REQUIRE(refusal({.outbound = 1001}).code == ExitCode::usage);
    REQUIRE(refusal({.inbound = 0}).code == ExitCode::usage);
    REQUIRE(refusal({.inbound = 1001}).code == ExitCode::usage);
    REQUIRE(refusal({.inbound_per_address = 0}).code == ExitCode::usage);
    REQUIRE(refusal({.inbound_per_subnet = 1001}).code == ExitCode::usage);
    REQUIRE(refusal({.inbound_per_second = 0}).code == ExitCode::usage);
    REQUIRE(refusal({.upload_kib = 1'000'000'001}).code == ExitCode::usage);
    REQUIRE(refusal({.relay_transactions = 0}).code == ExitCode::usage);
    REQUIRE(refusal({.relay_kb = 1'000'001}).code == ExitCode::usage);
}

TEST_CASE("NodeOptions: open control is for development chains only", "[app][options]") {
    const auto error = refusal({.chain = "cairn", .open_control = true});

    REQUIRE(error.code == ExitCode::config);
    REQUIRE(make_plan({.open_control = true}).open_control);
}

TEST_CASE("NodeOptions: mining for nobody is refused", "[app][options]") {
    const auto failure = refusal({.chain = "cairn", .mine = 1});
    CHECK(failure.rule == "app.missing_value");
    CHECK_THAT(failure.message, Contains("--coinbase"));
}

TEST_CASE("NodeOptions: a wrong coinbase says what is wrong with it", "[app][options]") {
    const auto failure = refusal({.coinbase = "crn1typo"});
    CHECK(failure.code == ExitCode::config);
    CHECK(failure.rule == "ledger.mistyped");
}

TEST_CASE("NodeOptions: an unknown chain gets a suggestion", "[app][options]") {
    const auto error = refusal({.chain = "cairm"});

    REQUIRE(error.code == ExitCode::config);
    CHECK(error.hint == "did you mean cairn?");
}

TEST_CASE("NodeOptions: a bad chain file names the field", "[app][options]") {
    const ScratchDirectory scratch;
    const auto error = refusal({.chain = scratch.write("chain.json", "{\"name\":1}")});

    REQUIRE(error.code == ExitCode::data);
    REQUIRE_THAT(error.message, Contains("chain.json"));
}

TEST_CASE("NodeOptions: a chain file is read as the chain that it describes", "[app][options]") {
    const ScratchDirectory scratch;
    const auto lab = ledger::built_in_chain("lab");
    const auto file = scratch.write("lab.json", ledger::canonical_text(*lab));

    REQUIRE(make_plan({.chain = file}).spec == *lab);
}

TEST_CASE("NodeOptions: an AS map is read whole or refused", "[app][options]") {
    CHECK(make_plan({}).node.as_map == nullptr);
    const ScratchDirectory scratch;
    const auto zeros = [&scratch](std::size_t count) {
        return scratch.write("map", std::string(count, '\0'));
    };
    const auto plan = make_plan({.asmap = zeros(3)});
    REQUIRE(plan.node.as_map != nullptr);
    CHECK(plan.node.as_map->system_of("8.8.8.8") == 1);

    const auto error = refusal({.asmap = zeros(4)});
    CHECK(error.code == ExitCode::data);
    CHECK_THAT(error.message, Contains("an AS map in the format"));
    CHECK_THAT(
        refusal({.asmap = zeros(node::AsMap::bytes_max)}).message,
        Contains("an AS map in the format")
    );
    CHECK_THAT(
        refusal({.asmap = zeros(node::AsMap::bytes_max + 1)}).message,
        Contains("a file of 8 MiB at most")
    );
    CHECK_THROWS_WITH(
        make_plan({.asmap = (scratch.path() / "none").string()}), Contains("--asmap: ")
    );
}

TEST_CASE("NodeOptions: a node knows the built-in chains but its own", "[app][options][K1]") {
    const auto names = [](const std::string& chain) {
        std::vector<std::string> others;
        for (const auto& other : make_plan({.chain = chain}).node.other_chains) {
            CHECK(other.id == execution::chain_id_of(*ledger::built_in_chain(other.name)));
            others.push_back(other.name);
        }
        return others;
    };
    CHECK(names("dev") == std::vector<std::string>{"cairn", "lab"});
    CHECK(names("cairn") == std::vector<std::string>{"lab", "dev"});

    const ScratchDirectory scratch;
    auto spec = *ledger::built_in_chain("lab");
    CHECK(
        names(scratch.write("same.json", ledger::canonical_text(spec))) ==
        std::vector<std::string>{"cairn", "dev"}
    );
    // Another chain, although it has the name of a built-in one.
    spec.message = "ours";
    CHECK(names(scratch.write("ours.json", ledger::canonical_text(spec))).size() == 3);
}

TEST_CASE("NodeOptions: origins are those that browsers send", "[app][options]") {
    for (const auto* origin :
         {"*",
          "http://a.b",
          "https://a.b:8443",
          "http://127.0.0.1:8080",
          "http://[::1]:80",
          "http://[::1]"}) {
        INFO(origin);
        REQUIRE(make_plan({.http = "0", .cors = {origin}}).cors.front() == origin);
    }
    for (const auto* origin :
         {"foo",
          "",
          "null",
          "http://",
          "://a.b",
          "http://a.b/",
          "http://a.b/c",
          "http://a.b:",
          "http://:80",
          "http://a.b:x",
          "http://u@a.b",
          "http://a b"}) {
        INFO(origin);
        const auto refused = refusal({.http = "0", .cors = {"https://good.example", origin}});
        REQUIRE(refused.code == ExitCode::usage);
        REQUIRE_THAT(refused.message, Contains("--cors"));
    }
}
