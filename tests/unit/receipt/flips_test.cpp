// Receipts with every bit flipped, and what is made of them: tests/twins/receipt.py runs this with
// CAIRN_FLIPS naming the output, and compares the verdicts of scripts/verify_receipt.py.
#include "tests/unit/receipt/receipt_fixture.hpp"

#include <array>
#include <cstdlib>
#include <fstream>

namespace cairn::test {

namespace {

constexpr std::size_t receipts = 200;

struct FlipCase {
    std::string text;
    receipt::Expectation expected;
};

/// The `number`th receipt: engines, forms, depths and beginnings in turn.
FlipCase make_case(std::size_t number) {
    constexpr std::array kinds{
        ReceiptChain::work, ReceiptChain::retargeting, ReceiptChain::instant};
    ReceiptFixture fixture{kinds[number % kinds.size()]};
    const bool has_checkpoint = number % 10 == 7;
    if (has_checkpoint)
        fixture.extend(fixture.chain().tip().hash, 11 + number % 3);
    const auto body = R"({"n":)" + std::to_string(number) + "}";
    fixture.add_record(
        body, number % 4 == 3 ? ledger::RecordFormat::bytes : ledger::RecordFormat::json, number % 5
    );
    fixture.extend(fixture.chain().tip().hash, number % 3);
    const auto start = has_checkpoint ? Height{2} : Height{1};
    FlipCase result;
    result.text = receipt::to_text(make_receipt(fixture.chain(), fixture.id, start));
    result.expected.chain = fixture.chain().id();
    result.expected.confirmations = number % 7 == 0 ? 2 : 1;
    if (has_checkpoint)
        result.expected.checkpoint = fixture.checkpoint(Height{12});
    return result;
}

/// 0 valid, 1 invalid, 2 not confirmed yet.
char verdict(const std::string& text, const receipt::Expectation& expected) {
    const auto read = receipt::parse_receipt(text);
    if (!read)
        return '1';
    const auto proven = receipt::verify(*read, expected);
    if (proven)
        return '0';
    return proven.error() == receipt::ReceiptError::unconfirmed ? '2' : '1';
}

/// One line: the case, and the verdicts on it unchanged and with the bits `first`, `first + step`,
/// ... flipped.
void write_case(std::ostream& out, std::size_t number, std::size_t step) {
    auto [text, expected] = make_case(number);
    const auto first = number % step;
    codec::JsonWriter writer;
    writer.begin_object();
    writer.write_name("text");
    writer.write_text(text);
    writer(codec::field("chain", expected.chain));
    writer.write_name("confirmations");
    writer.write_number(expected.confirmations);
    if (expected.checkpoint) {
        writer.write_name("checkpoint");
        writer.write_text(
            std::to_string(expected.checkpoint->height.value) + ':' +
            to_hex(expected.checkpoint->hash)
        );
    }
    writer.write_name("first");
    writer.write_number(first);
    std::string verdicts{verdict(text, expected)};
    for (auto bit = first; bit < 8 * text.size(); bit += step) {
        const auto mask = static_cast<char>(1U << (bit % 8));
        text[bit / 8] = static_cast<char>(text[bit / 8] ^ mask);
        verdicts += verdict(text, expected);
        text[bit / 8] = static_cast<char>(text[bit / 8] ^ mask);
    }
    writer.write_name("verdicts");
    writer.write_text(verdicts);
    writer.end_object();
    out << writer.text() << '\n';
}

}  // namespace

TEST_CASE("Receipt: the verdicts on flipped bits are written down", "[.flips]") {
    const char* path = std::getenv("CAIRN_FLIPS");
    const char* step = std::getenv("CAIRN_FLIPS_STEP");
    REQUIRE(path != nullptr);
    REQUIRE(step != nullptr);
    std::ofstream out{path};
    for (std::size_t number = 0; number < receipts; ++number)
        write_case(out, number, std::strtoul(step, nullptr, 10));
    REQUIRE(out.good());
}

}  // namespace cairn::test
