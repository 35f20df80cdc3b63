// proto_spec/vectors/receipt/receipts.json: UPDATE=1 writes it anew from the cases here.
#include "tests/unit/receipt/receipt_fixture.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace cairn::test {

namespace {

using codec::Json;
using receipt::Expectation;
using receipt::Receipt;

struct Vector {
    std::string name;
    std::string why;
    std::string text;
    Expectation expected;
    /// Empty for a receipt that is valid.
    std::string error;
};

/// A receipt with a checkpoint on a chain that retargets.
Vector checkpoint_vector() {
    ReceiptFixture fixture{ReceiptChain::retargeting};
    fixture.extend(fixture.chain().tip().hash, 13);
    fixture.add_record(prescription, ledger::RecordFormat::json);
    const Expectation expected{
        .chain = fixture.chain().id(), .checkpoint = fixture.checkpoint(Height{13})};
    return {
        "checkpoint",
        "headers begin ten below a block that is trusted",
        receipt::to_text(make_receipt(fixture.chain(), fixture.id, Height{3})),
        expected,
        ""};
}

std::vector<Vector> make_vectors() {
    ReceiptFixture fixture{ReceiptChain::work};
    fixture.add_record(prescription, ledger::RecordFormat::json, 2);
    fixture.extend(fixture.chain().tip().hash, 1);
    const auto good = make_receipt(fixture.chain(), fixture.id);
    const Expectation plain{.chain = fixture.chain().id()};
    std::vector<Vector> vectors;
    const auto add = [&](std::string name,
                         std::string why,
                         const Receipt& receipt,
                         const Expectation& expected,
                         std::string error) {
        vectors.push_back(
            {std::move(name), std::move(why), receipt::to_text(receipt), expected, std::move(error)}
        );
    };
    add("whole", "from genesis to the tip", good, plain, "");
    auto expected = plain;
    expected.document = R"({ "drug": "ibuprofen", "dose": 2.0 })";
    add("document", "a document in another spacing", good, expected, "");
    expected.document = R"({"drug":"ibuprofen","dose":3})";
    add("other document", "one value differs", good, expected, "wrong_document");
    expected = plain;
    expected.confirmations = 3;
    add("too fresh", "two blocks where three are asked for", good, expected, "unconfirmed");
    expected = plain;
    expected.chain.bytes[0] ^= 1;
    add("other chain", "valid on a chain that nobody asked for", good, expected, "wrong_chain");
    auto changed = good;
    changed.index ^= 1;
    add("other place", "the path is that of another leaf", changed, plain, "wrong_path");
    changed = good;
    changed.bytes.back() ^= 1;
    add("unsigned", "one bit of the signature", changed, plain, "bad_signature");
    changed = good;
    changed.headers.erase(changed.headers.begin());
    add("no beginning", "the first header is missing", changed, plain, "unknown_start");
    vectors.push_back(checkpoint_vector());
    return vectors;
}

std::string to_file(const std::vector<Vector>& vectors) {
    auto cases = Json::array();
    for (const auto& vector : vectors) {
        auto entry = Json::object(
            {{"name", Json{vector.name}},
             {"why", Json{vector.why}},
             {"chain", Json{to_hex(vector.expected.chain)}},
             {"confirmations", Json{vector.expected.confirmations}}}
        );
        if (const auto& checkpoint = vector.expected.checkpoint)
            entry.set(
                "checkpoint",
                Json{std::to_string(checkpoint->height.value) + ':' + to_hex(checkpoint->hash)}
            );
        if (vector.expected.document)
            entry.set("document", Json{*vector.expected.document});
        if (!vector.error.empty())
            entry.set("error", Json{vector.error});
        entry.set("text", Json{vector.text});
        cases.push_back(std::move(entry));
    }
    std::string lines = "[\n";
    for (const auto& entry : *cases.if_array())
        lines += codec::to_text(entry) + (&entry == &cases.if_array()->back() ? "\n" : ",\n");
    return lines + "]\n";
}

}  // namespace

TEST_CASE("Receipt: the specification's vectors are what they say", "[receipt]") {
    const auto vectors = make_vectors();
    for (const auto& vector : vectors) {
        INFO(vector.name);
        const auto read = receipt::parse_receipt(vector.text);
        REQUIRE(read.has_value());
        const auto proven = receipt::verify(*read, vector.expected);
        CHECK((proven ? "" : std::string{receipt::to_string(proven.error())}) == vector.error);
    }
    const std::string path = std::string{CAIRN_VECTORS_DIR} + "/receipt/receipts.json";
    const char* update = std::getenv("UPDATE");
    if (update != nullptr && std::string_view{update} == "1")
        std::ofstream{path} << to_file(vectors);
    std::ifstream file{path};
    std::stringstream content;
    content << file.rdbuf();
    CHECK(content.str() == to_file(vectors));
}

}  // namespace cairn::test
