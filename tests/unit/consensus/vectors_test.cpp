#include "cairn/consensus/target.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <string>
#include <vector>

namespace cairn::consensus {

namespace {

nlohmann::json load(const std::string& suite) {
    std::ifstream file{CAIRN_VECTORS_DIR "/consensus/asert.json"};
    REQUIRE(file);
    return nlohmann::json::parse(file).at(suite);
}

std::uint32_t compact_of(const nlohmann::json& vector, const char* field) {
    return static_cast<std::uint32_t>(std::stoul(vector.at(field).get<std::string>(), nullptr, 16));
}

std::string hex(const Uint256& number) {
    return to_hex(ByteView{number.to_big_endian()});
}

AsertParameters parameters_of(const nlohmann::json& vector) {
    const auto interval = vector.at("block_interval_ms").get<std::int64_t>();
    return {
        .block_interval_ms = interval,
        .half_life_ms = half_life_intervals * interval,
        .target_limit = Uint256::from_u64(1),
    };
}

}  // namespace

TEST_CASE("Vectors: compact forms", "[consensus][K4]") {
    for (const auto& vector : load("compact")) {
        INFO(vector.at("name"));
        const auto target = target_from_compact(compact_of(vector, "compact"));
        REQUIRE(target.has_value() == !vector.at("target").is_null());
        if (!target)
            continue;
        CHECK(hex(*target) == vector.at("target"));
        CHECK(to_decimal(work_of_target(*target)) == vector.at("work"));
    }
}

TEST_CASE("Vectors: the capped clock", "[consensus][K9]") {
    for (const auto& vector : load("clock")) {
        INFO(vector.at("name"));
        const auto times = vector.at("times").get<std::vector<std::int64_t>>();
        const auto clocks = vector.at("clocks").get<std::vector<std::int64_t>>();
        REQUIRE(times.size() == clocks.size());
        CHECK(clocks.front() == 0);
        for (std::size_t i = 1; i < times.size(); ++i) {
            const auto elapsed = times[i] - times[i - 1];
            CHECK(advance_clock(parameters_of(vector), clocks[i - 1], elapsed) == clocks[i]);
        }
    }
}

TEST_CASE("Vectors: targets", "[consensus][K9]") {
    for (const auto& vector : load("target")) {
        INFO(vector.at("name"));
        auto parameters = parameters_of(vector);
        parameters.target_limit = target_from_compact(compact_of(vector, "target_limit")).value();
        const Height height{vector.at("height").get<std::uint64_t>()};
        const auto clock = vector.at("clock_ms").get<std::int64_t>();
        const auto target = asert_target(parameters, height, clock);
        CHECK(hex(target) == vector.at("target"));
        CHECK(compact_from_target(target) == compact_of(vector, "compact"));
        CHECK(to_decimal(work_of_target(target)) == vector.at("work"));
    }
}

}  // namespace cairn::consensus
