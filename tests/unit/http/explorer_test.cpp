#include "src/http/explorer.hpp"

#include "tests/unit/http/http_fixture.hpp"

#include "cairn/http/explorer.hpp"

#include <algorithm>
#include <filesystem>
#include <regex>

namespace cairn::http {

namespace {

/// All of both pages; the two of `/` among them.
std::vector<Asset> all_assets() {
    const auto explorer = explorer_assets();
    const auto network = network_assets();
    std::vector<Asset> all{explorer.begin(), explorer.end()};
    all.insert(all.end(), network.begin(), network.end());
    return all;
}

bool is_served(const std::string& path) {
    const auto assets = all_assets();
    return std::any_of(assets.begin(), assets.end(), [&](const Asset& asset) {
        return asset.path == path;
    });
}

/// What `asset` loads by the group of `pattern`, as paths of this server.
std::vector<std::string> loaded_by(const Asset& asset, const char* pattern) {
    const std::string text{asset.content};
    const std::regex expression{pattern};
    const auto folder = std::filesystem::path{asset.path}.parent_path();
    std::vector<std::string> paths;
    for (std::sregex_iterator match{text.begin(), text.end(), expression}, end; match != end;
         ++match)
        paths.push_back((folder / (*match)[1].str()).lexically_normal().string());
    return paths;
}

bool is_ours(const Asset& asset) {
    return asset.path != "/explorer/chart.js";
}

}  // namespace

TEST_CASE("Explorer: what the page loads is served, and by nobody else", "[http][P5]") {
    std::size_t loaded = 0;
    for (const auto& asset : all_assets()) {
        INFO(asset.path);
        auto paths = loaded_by(asset, R"re(from "(\.\.?/[^"]+)")re");
        if (asset.path == "/")
            paths = loaded_by(asset, R"re((?:src|href)="((?:explorer|network)/[^"]+)")re");
        if (!is_ours(asset))
            continue;
        for (const auto& path : paths) {
            INFO(path);
            CHECK(is_served(path));
            ++loaded;
        }
        std::string text{asset.content};
        // A namespace is a name, not a place.
        text = std::regex_replace(text, std::regex{R"(http://www\.w3\.org/2000/svg)"}, "");
        CHECK(text.find("http://") == std::string::npos);
        CHECK(text.find("https://") == std::string::npos);
    }
    CHECK(loaded > 20);
}

TEST_CASE("Explorer: nothing of the chain can become markup", "[http][P5]") {
    for (const auto& asset : all_assets()) {
        if (!is_ours(asset))
            continue;
        INFO(asset.path);
        for (const auto* word :
             {"innerHTML",
              "outerHTML",
              "insertAdjacentHTML",
              "document.write",
              "eval(",
              "onclick="})
            CHECK(asset.content.find(word) == std::string_view::npos);
    }
}

TEST_CASE("Explorer: the page comes with a policy that allows no inline script", "[http][P5]") {
    Gate gate{{}};
    add_explorer(gate);
    const auto decision =
        gate.decide({.method = "GET", .target = "/", .headers = {{"Host", "localhost"}}});
    REQUIRE(std::holds_alternative<HttpReply>(decision));
    const auto reply = gate.finish(std::get<HttpReply>(decision));
    CHECK(reply.status == 200);
    const auto policy =
        std::find_if(reply.headers.begin(), reply.headers.end(), [](const auto& one) {
            return one.first == "Content-Security-Policy";
        });
    REQUIRE(policy != reply.headers.end());
    CHECK(policy->second.find("script-src 'self';") != std::string::npos);
    CHECK(policy->second.find("unsafe-inline") == std::string::npos);
}

}  // namespace cairn::http
