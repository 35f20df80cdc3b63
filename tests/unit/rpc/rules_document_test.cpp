// The table of rules in the specification is made from the modules' enumerations. UPDATE=1 writes
// it anew; a reviewer reads the difference.
#include "cairn/rpc/rules.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace cairn::rpc {

namespace {

constexpr auto document_path = CAIRN_VECTORS_DIR "/../11-rules.md";
constexpr std::string_view table_head = "| module | rule | meaning |\n| --- | --- | --- |\n";

std::string make_table() {
    std::string table{table_head};
    for (const auto& rule : rule_table())
        table += "| `" + std::string{rule.module} + "` | `" + std::string{rule.name} + "` | " +
                 std::string{rule.meaning} + " |\n";
    return table;
}

std::string read_document() {
    const std::ifstream file{document_path};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("Rules: the specification has the table of the enumerations", "[rpc][explain]") {
    const auto document = read_document();
    const auto start = document.find(table_head);
    REQUIRE(start != std::string::npos);
    if (std::getenv("UPDATE") != nullptr)
        std::ofstream{document_path} << document.substr(0, start) << make_table();
    CHECK(read_document().substr(start) == make_table());
}

}  // namespace cairn::rpc
