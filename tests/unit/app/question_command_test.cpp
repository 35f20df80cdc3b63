#include "src/app/question_commands.hpp"
#include "tests/unit/app/fake_node.hpp"

#include <catch2/catch.hpp>

#include <sstream>

namespace cairn::app {

namespace {

using test::FakeNode;

const std::string unknown = R"({"type":"error","code":"not_found","message":"No."})";
const std::string subject_id(64, 'a');
const std::string fees =
    R"({"type":"estimate_fee","estimates":[{"blocks":1,"fee":288,"rate":2000,"chance_percent":95},)"
    R"({"blocks":3,"fee":1,"rate":1,"chance_percent":90}],"minimum":144,"minimum_rate":1000,)"
    R"("transfer_bytes":144})";

struct Told {
    int status = 0;
    std::string out;
    std::string errors;
};

Told explain(const FakeNode& node, const std::string& subject, bool json = false) {
    std::ostringstream out;
    std::ostringstream errors;
    const auto status =
        run_explain({.node = node.address(), .subject = subject, .json = json}, out, errors);
    return {status, out.str(), errors.str()};
}

Told estimate(const std::string& reply, std::uint64_t blocks, bool json = false) {
    const FakeNode node{{reply}};
    std::ostringstream out;
    std::ostringstream errors;
    const auto status =
        run_estimate_fee({.node = node.address(), .blocks = blocks, .json = json}, out, errors);
    return {status, out.str(), errors.str()};
}

}  // namespace

TEST_CASE("Explain: the form of its word tells what is asked", "[app][explain]") {
    const std::string answer = R"({"type":"explain","status":"active"})";
    const std::vector<std::pair<std::string, std::string>> rows{
        {"mempool.known", R"({"type":"explain","code":"mempool.known"})"},
        {"104", R"({"type":"explain","height":104})"},
        {"9007199254740992", R"({"type":"explain","code":"9007199254740992"})"},
        {subject_id, R"({"type":"explain","transaction":")" + subject_id + R"("})"}};
    for (const auto& [subject, request] : rows) {
        FakeNode node{{answer}};
        CHECK(explain(node, subject).out == "status  active\n");
        CHECK(node.requests() == std::vector{request});
    }
}

TEST_CASE("Explain: an id is looked for among transactions and blocks", "[app][explain]") {
    SECTION("a block") {
        FakeNode node{
            {unknown,
             R"({"type":"explain","status":"refused","refusal":{"rule":"node.set_aside"},)"
             R"("rules":[{"rule":"set_aside","module":"node","meaning":"Set aside."}],)"
             R"("story":["left #7"]})"}};
        const auto told = explain(node, subject_id);
        CHECK(told.status == 0);
        CHECK(
            told.out ==
            "status   refused\nrefusal\n  rule: node.set_aside\nrules    1\n"
            "  node.set_aside: Set aside.\nstory    1\n  left #7\n"
        );
        CHECK(node.requests().back() == R"({"type":"explain","block":")" + subject_id + R"("})");
    }
    SECTION("as JSON it stays what the node said") {
        const std::string answer = R"({"type":"explain","rules":[{"rule":"known"}]})";
        const FakeNode node{{answer}};
        CHECK(explain(node, subject_id, true).out == answer + "\n");
    }
    SECTION("neither") {
        const FakeNode node{{unknown, unknown}};
        const auto told = explain(node, subject_id);
        CHECK(told.status == 65);
        CHECK_THAT(told.errors, Catch::Contains("knows nothing of this id (not_found)"));
        CHECK_THAT(told.errors, Catch::Contains("\n  rule: rpc.not_found\n"));
    }
    SECTION("another refusal ends the search") {
        FakeNode node{{R"({"type":"error","code":"busy","message":"No."})"}};
        CHECK(explain(node, subject_id).status == 65);
        CHECK(node.requests().size() == 1);
    }
}

TEST_CASE("Explain: hints of a node are written as commands of the shell", "[app][explain]") {
    const FakeNode node{{R"({"type":"error","code":"bad_field","message":"No.",)"
                         R"("data":{"hint":"help command=explain tells its arguments."}})"}};
    const auto told = explain(node, "x");
    CHECK_THAT(
        told.errors,
        Catch::Contains("hint: cairn probe " + node.address() + " help command=explain tells")
    );
}

TEST_CASE("Estimate fee: a line for each estimate", "[app]") {
    CHECK(
        estimate(fees, 0).out ==
        "1 block      0.000288 CRN, 2000 pebbles per 1000 bytes, enough in 95 of 100 cases\n"
        "3 blocks     0.000001 CRN, 1 pebble per 1000 bytes, enough in 90 of 100 cases\n"
        "the least    0.000144 CRN, 1000 pebbles per 1000 bytes\n"
        "fees are those of a transfer of 144 bytes\n"
    );
    CHECK(estimate(fees, 0, true).out == fees + "\n");
}

TEST_CASE("Estimate fee: so many blocks mean the nearest estimate that keeps to them", "[app]") {
    const std::string one = R"({"blocks":1,"fee":288,"rate":2000,"chance_percent":95})";
    const std::string three = R"({"blocks":3,"fee":1,"rate":1,"chance_percent":90})";
    CHECK(estimate(fees, 1, true).out == one + "\n");
    CHECK(estimate(fees, 2, true).out == one + "\n");
    CHECK(estimate(fees, 3, true).out == three + "\n");
    CHECK(estimate(fees, 50, true).out == three + "\n");
}

TEST_CASE("Estimate fee: an answer of another form is status 65", "[app]") {
    for (const std::string reply :
         {R"({"type":"estimate_fee"})",
          R"({"type":"estimate_fee","estimates":[7]})",
          R"({"type":"estimate_fee","estimates":[{"blocks":1}]})"}) {
        const auto told = estimate(reply, 0);
        CHECK(told.status == 65);
        CHECK(told.out.empty());
    }
}

}  // namespace cairn::app
