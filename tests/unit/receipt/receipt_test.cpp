#include "tests/unit/receipt/receipt_fixture.hpp"

#include <set>

namespace cairn::test {

using receipt::Expectation;
using receipt::Receipt;
using receipt::ReceiptError;

namespace {

struct Sample {
    explicit Sample(ReceiptChain kind = ReceiptChain::work, std::size_t above = 2) : fixture{kind} {
        fixture.add_record(prescription, ledger::RecordFormat::json, 3);
        fixture.extend(fixture.chain().tip().hash, above);
        receipt = make_receipt(fixture.chain(), fixture.id);
        expected.chain = fixture.chain().id();
    }

    [[nodiscard]] ReceiptError error() const {
        const auto proven = receipt::verify(receipt, expected);
        REQUIRE_FALSE(proven.has_value());
        return proven.error();
    }

    ReceiptFixture fixture;
    Receipt receipt;
    Expectation expected;
};

}  // namespace

TEST_CASE("Receipt: it proves a record with its depth, and survives its text", "[receipt]") {
    for (const auto kind : {ReceiptChain::instant, ReceiptChain::work, ReceiptChain::retargeting}) {
        const Sample sample{kind};
        const auto text = receipt::to_text(sample.receipt);
        const auto read = receipt::parse_receipt(text);
        REQUIRE(read.has_value());
        CHECK(*read == sample.receipt);
        const auto proven = receipt::verify(*read, sample.expected);
        REQUIRE(proven.has_value());
        CHECK(proven->transaction == sample.fixture.id);
        CHECK(proven->from == account_number(0));
        CHECK(proven->record.stream == "rx");
        CHECK(proven->height == Height{1});
        CHECK(proven->confirmations == 3);
        CHECK(proven->tip == sample.fixture.blockchain->tip().hash);
        CHECK(proven->block == sample.fixture.blockchain->at(Height{1})->hash);
    }
}

TEST_CASE("Receipt: a document in any spacing is the one recorded", "[receipt]") {
    Sample sample;
    sample.expected.document = R"({ "drug": "ibuprofen", "dose": 2.0 })";
    CHECK(receipt::verify(sample.receipt, sample.expected).has_value());
    for (const auto* other : {R"({"drug":"ibuprofen","dose":3})", "", "{", "[]"}) {
        sample.expected.document = other;
        CHECK(sample.error() == ReceiptError::wrong_document);
    }
}

TEST_CASE("Receipt: plain bytes are compared as they are", "[receipt]") {
    ReceiptFixture fixture;
    fixture.add_record("{ }", ledger::RecordFormat::bytes);
    const auto receipt = make_receipt(fixture.chain(), fixture.id);
    Expectation expected{.chain = fixture.chain().id(), .document = "{ }"};
    CHECK(receipt::verify(receipt, expected).has_value());
    expected.document = "{}";
    CHECK(receipt::verify(receipt, expected).error() == ReceiptError::wrong_document);
}

TEST_CASE("Receipt: too few blocks on it are no fault, but not enough", "[receipt]") {
    Sample sample;
    sample.expected.confirmations = 3;
    CHECK(receipt::verify(sample.receipt, sample.expected).has_value());
    sample.expected.confirmations = 4;
    CHECK(sample.error() == ReceiptError::unconfirmed);
}

TEST_CASE("Receipt: each part is checked", "[receipt]") {
    Sample sample;
    auto& receipt = sample.receipt;
    SECTION("another chain") {
        receipt.chain.bytes[0] ^= 1;
        CHECK(sample.error() == ReceiptError::wrong_chain);
    }
    SECTION("a genesis with another hash") {
        receipt.genesis.bytes[20] ^= 1;
        CHECK(sample.error() == ReceiptError::wrong_genesis);
    }
    SECTION("a spec that genesis does not carry") {
        receipt.spec.value.set("message", codec::Json{"other"});
        CHECK(sample.error() == ReceiptError::wrong_genesis);
    }
    SECTION("a header that is missing") {
        receipt.headers.erase(receipt.headers.begin() + 1);
        CHECK(sample.error() == ReceiptError::wrong_header);
    }
    SECTION("a header that is too short") {
        receipt.headers.back().bytes.resize(100);
        CHECK(sample.error() == ReceiptError::wrong_header);
    }
    SECTION("a clock that nothing asks for") {
        receipt.clock = "0";
        CHECK(sample.error() == ReceiptError::wrong_header);
    }
    SECTION("bytes that are another record") {
        receipt.transaction.bytes[0] ^= 1;
        CHECK(sample.error() == ReceiptError::wrong_transaction);
    }
    SECTION("bytes that are a transfer") {
        const auto transfer = make_transfer(receipt.chain, {});
        receipt.bytes = codec::encode(transfer);
        receipt.transaction = ledger::transaction_id(receipt.chain, transfer);
        CHECK(sample.error() == ReceiptError::wrong_transaction);
    }
    SECTION("a signature of nobody") {
        receipt.bytes.back() ^= 1;
        CHECK(sample.error() == ReceiptError::bad_signature);
    }
    SECTION("another place in the block") {
        receipt.index ^= 1;
        CHECK(sample.error() == ReceiptError::wrong_path);
    }
    SECTION("a block outside the headers") {
        for (const std::uint64_t height : {0U, 4U}) {
            receipt.height = Height{height};
            CHECK(sample.error() == ReceiptError::wrong_path);
        }
    }
    SECTION("another block") {
        receipt.height = Height{2};
        CHECK(sample.error() == ReceiptError::wrong_path);
    }
    SECTION("another digest") {
        receipt.digest.bytes[5] ^= 1;
        CHECK(sample.error() == ReceiptError::wrong_digest);
    }
}

TEST_CASE("Receipt: it may begin at a block that the reader trusts", "[receipt]") {
    for (const auto kind : {ReceiptChain::instant, ReceiptChain::work, ReceiptChain::retargeting}) {
        ReceiptFixture fixture{kind};
        fixture.extend(fixture.chain().tip().hash, 20);
        fixture.add_record(prescription, ledger::RecordFormat::json);
        fixture.extend(fixture.chain().tip().hash, 5);
        auto receipt = make_receipt(fixture.chain(), fixture.id, Height{8});
        Expectation expected{.chain = fixture.chain().id()};
        CHECK(receipt::verify(receipt, expected).error() == ReceiptError::unknown_start);
        expected.checkpoint = fixture.checkpoint(Height{18});
        CHECK(receipt::verify(receipt, expected).has_value());
        expected.checkpoint = fixture.checkpoint(Height{17});
        CHECK(receipt::verify(receipt, expected).error() == ReceiptError::wrong_checkpoint);
        expected.checkpoint = fixture.checkpoint(Height{18});
        const bool has_clock = kind == ReceiptChain::retargeting;
        CHECK(receipt.clock.has_value() == has_clock);
        for (const auto* clock : {"-0", "01", "x", "", "9223372036854775807", " 1"}) {
            receipt.clock = clock;
            CHECK(receipt::verify(receipt, expected).error() == ReceiptError::wrong_header);
        }
        receipt.clock.reset();
        CHECK(receipt::verify(receipt, expected).has_value() == !has_clock);
        receipt.headers.resize(receipt::checkpoint_headers - 1);
        CHECK(receipt::verify(receipt, expected).error() == ReceiptError::wrong_checkpoint);
    }
}

TEST_CASE("Receipt: from genesis, a trusted block must be on the way", "[receipt]") {
    Sample sample;
    sample.expected.checkpoint = sample.fixture.checkpoint(Height{2});
    CHECK(receipt::verify(sample.receipt, sample.expected).has_value());
    sample.expected.checkpoint->hash.bytes[0] ^= 1;
    CHECK(sample.error() == ReceiptError::wrong_checkpoint);
    sample.expected.checkpoint = sample.fixture.checkpoint(Height{0});
    CHECK(sample.error() == ReceiptError::wrong_checkpoint);
}

TEST_CASE("Receipt: a text in any other form is malformed", "[receipt]") {
    const Sample sample;
    const auto text = receipt::to_text(sample.receipt);
    const auto is_malformed = [](const std::string& changed) {
        const auto read = receipt::parse_receipt(changed);
        return !read && read.error() == ReceiptError::malformed;
    };
    CHECK(receipt::parse_receipt(text.substr(0, text.size() - 1)).has_value());
    CHECK(is_malformed(text + "\n"));
    CHECK(is_malformed(" " + text));
    CHECK(is_malformed(""));
    CHECK(is_malformed("{}"));
    CHECK(is_malformed("null"));
    auto upper = text;
    upper[upper.find("\"chain\":\"") + 9] = 'A';
    CHECK(is_malformed(upper));
    auto other_format = sample.receipt;
    other_format.format = 2;
    CHECK(is_malformed(receipt::to_text(other_format)));
    auto without_headers = sample.receipt;
    without_headers.headers.clear();
    CHECK(is_malformed(receipt::to_text(without_headers)));
}

TEST_CASE("Receipt: lists end at their limits", "[receipt]") {
    const Sample sample;
    const auto parses = [](const Receipt& receipt) {
        return receipt::parse_receipt(receipt::to_text(receipt)).has_value();
    };
    auto receipt = sample.receipt;
    receipt.path.resize(receipt::path_max);
    CHECK(parses(receipt));
    receipt.path.resize(receipt::path_max + 1);
    CHECK_FALSE(parses(receipt));
    receipt = sample.receipt;
    receipt.headers.assign(receipt::headers_max, {Bytes(1)});
    CHECK(parses(receipt));
    receipt.headers.assign(receipt::headers_max + 1, {Bytes(1)});
    CHECK_FALSE(parses(receipt));
}

TEST_CASE("Receipt: every error has a name of its own", "[receipt]") {
    std::set<std::string_view> names;
    for (unsigned i = 0; i <= static_cast<unsigned>(receipt::receipt_error_last); ++i)
        CHECK(names.insert(receipt::to_string(static_cast<ReceiptError>(i))).second);
}

}  // namespace cairn::test
