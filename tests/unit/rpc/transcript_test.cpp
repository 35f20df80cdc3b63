// Conversations as text: a command, `----`, its reply, an empty line. UPDATE=1 writes the replies
// anew; they are reviewed like prose.
#include "tests/unit/rpc/rpc_fixture.hpp"

#include "cairn/rpc/rules.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace cairn::rpc {

namespace {

std::string read_text(const std::filesystem::path& path) {
    std::ifstream file{path};
    std::stringstream content;
    content << file.rdbuf();
    return content.str();
}

/// What the node would answer.
node::CommandReply answer(const node::CommandRequest& request) {
    using Value = node::CommandReply::value_type;
    if (std::holds_alternative<node::MineBlocks>(request)) {
        const node::MinedBlock block{.height = Height{4}};
        return Value{node::MinedBlocks{.blocks = {block}}};
    }
    if (std::holds_alternative<node::PushTransaction>(request))
        return Value{node::PushedTransaction{.id = {}, .was_known = true}};
    return Value{node::Accepted{}};
}

std::string reply_to(RpcFixture& fixture, const std::string& command) {
    fixture.send(fixture.fill_in(command));
    auto replies = fixture.take_replies();
    for (const auto& asked : std::exchange(fixture.commands, {}))
        fixture.server.on_reply(fixture.time, asked.id, answer(asked.request));
    if (const auto wakeup = fixture.server.next_wakeup(); replies.empty() && wakeup)
        fixture.pass(std::max(Duration{}, *wakeup - fixture.time.steady));
    const auto late = fixture.take_replies();
    replies.insert(replies.end(), late.begin(), late.end());
    REQUIRE(replies.size() == 1);
    return replies.front();
}

/// The transcript with every reply as it is now.
std::string play(const std::string& transcript) {
    RpcFixture fixture;
    std::istringstream lines{transcript};
    std::string played;
    std::string line;
    std::string command;
    while (std::getline(lines, line)) {
        if (line.starts_with('#') || line.empty()) {
            played += line + "\n";
        } else if (line == "----") {
            std::getline(lines, line);
            played += command + "\n----\n" + reply_to(fixture, command) + "\n";
        } else {
            command = line;
        }
    }
    return played;
}

}  // namespace

TEST_CASE("Transcripts: every conversation goes as it is written down", "[rpc]") {
    std::size_t played = 0;
    for (const auto& entry : std::filesystem::directory_iterator{CAIRN_TRANSCRIPTS_DIR}) {
        if (entry.path().extension() != ".txt")
            continue;
        INFO(entry.path().filename().string());
        const auto written = read_text(entry.path());
        const auto now = play(written);
        const char* update = std::getenv("UPDATE");
        if (update != nullptr && std::string_view{update} == "1")
            std::ofstream{entry.path()} << now;
        else
            CHECK(now == written);
        ++played;
    }
    CHECK(played > 0);
}

TEST_CASE(
    "Transcripts: every refusal has a known rule, what was expected, what came, a hint", "[rpc]"
) {
    for (const auto* name : {"errors.txt", "control.txt"}) {
        std::istringstream lines{read_text(std::filesystem::path{CAIRN_TRANSCRIPTS_DIR} / name)};
        for (std::string line; std::getline(lines, line);) {
            if (!line.starts_with(R"({"type":"error")"))
                continue;
            INFO(line);
            const auto reply = codec::parse_json(line);
            REQUIRE(reply.has_value());
            const auto& told = *reply->find("data");
            for (const auto* field : {"rule", "expected", "actual", "hint"})
                CHECK(told.find(field) != nullptr);
            REQUIRE(told.find("rule") != nullptr);
            CHECK(find_rules(*told.find("rule")->if_text()).size() == 1);
        }
    }
}

}  // namespace cairn::rpc
