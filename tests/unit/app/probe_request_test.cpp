#include "src/app/client_commands.hpp"

#include "cairn/codec/json_text.hpp"

#include <catch2/catch.hpp>

namespace cairn::app {

TEST_CASE("Probe: words become a request", "[app]") {
    struct Row {
        std::vector<std::string> words;
        std::string_view request;
    };

    const std::vector<Row> rows{
        {{"ping"}, R"({"type":"ping"})"},
        {{"GET", "CHAIN", "from=0", "count=10"}, R"({"type":"get_chain","from":0,"count":10})"},
        {{"x", "a=true", "b=false", "c=truth"}, R"({"type":"x","a":true,"b":false,"c":"truth"})"},
        {{"x", "a=007", "b=-1", "c=1.5"}, R"({"type":"x","a":"007","b":"-1","c":"1.5"})"},
        {{"x", "a=9007199254740992"}, R"({"type":"x","a":"9007199254740992"})"},
        {{"x", "a=two words", "b=", "c=p=q"}, R"({"type":"x","a":"two words","b":"","c":"p=q"})"},
        {{"mine_block", R"(data={"n":[1]})"}, R"({"type":"mine_block","data":{"n":[1]}})"},
        {{R"({"type":"ping","id":1})"}, R"({"type":"ping","id":1})"},
    };
    for (const auto& row : rows) {
        INFO(row.request);
        const auto request = make_request(row.words);
        REQUIRE(request.has_value());
        CHECK(codec::to_text(*request) == row.request);
    }
}

TEST_CASE("Probe: a wrong command line is a usage error", "[app]") {
    const std::vector<std::vector<std::string>> rows{
        {},
        {"a=1"},
        {"x", "=1"},
        {"x", "a=1", "a=2"},
        {"x", "type=y"},
        {"x", "a=1", "y"},
        {"x", "a={"},
        {R"({"type":)"},
        {R"({"type":"ping"})", "a=1"},
    };
    for (const auto& words : rows) {
        const auto request = make_request(words);
        REQUIRE_FALSE(request.has_value());
        CHECK(request.error().code == ExitCode::usage);
    }
}

}  // namespace cairn::app
