// What `explain block=` tells of each rule that a block can break: the two values that decided.
#include "tests/unit/node/sync_network.hpp"

#include "cairn/node/block_refusal.hpp"

#include <functional>

namespace cairn::node::test {

namespace {

using cairn::test::account_number;
using cairn::test::make_transfer;

constexpr LinkId sender{1};

/// One below 2^53-1 for each of two accounts, so that sums overflow.
ledger::ChainSpec rich_spec() {
    auto spec = cairn::test::instant_spec();
    spec.balances = {
        {.account = account_number(0), .amount = Amount{quantity_max}},
        {.account = account_number(1), .amount = Amount{quantity_max - 50}}};
    return spec;
}

/// A node that is sent first blocks which break a rule.
struct Refuser {
    explicit Refuser(ledger::ChainSpec spec = cairn::test::instant_spec())
        : node{spec}, maker{std::move(spec)} {
        node.connect(sender);
    }

    /// A good first block, changed by `change`; the header follows its transactions.
    ledger::Block build(const std::function<void(ledger::Block&)>& change) {
        auto block = maker.build(maker.chain().tip().hash)->block();
        change(block);
        block.head.header.tx_root = ledger::tx_root(block.transactions);
        return block;
    }

    /// The refusal of `block` when it is announced and its body is `body`.
    CommandError refuse(const ledger::Block& block, Bytes body) {
        node.receive(sender, wire::Headers{.headers = {block.head}});
        node.receive(sender, wire::BlockMessage{.block = std::move(body)});
        const auto hash = ledger::block_hash(block.head);
        const auto refusal = node.sync.refusal(node.fixture.chain(), hash);
        REQUIRE(refusal);
        CHECK(refusal->code == "rejected");
        CHECK(refusal->message.ends_with('.'));
        CHECK(refusal->hint.ends_with('.'));
        CHECK(refusal->height == block.head.header.height);
        return *refusal;
    }

    CommandError refuse_transactions(std::vector<ledger::Transaction> others) {
        const auto block = build([&](ledger::Block& made) {
            auto earned = std::get<ledger::Coinbase>(made.transactions[0].payload).amount;
            for (const auto& other : others)
                earned = checked_add(earned, other.fee).value_or(earned);
            std::get<ledger::Coinbase>(made.transactions[0].payload).amount = earned;
            made.transactions.insert(made.transactions.end(), others.begin(), others.end());
        });
        return refuse(block, codec::encode(block));
    }

    CommandError refuse_coinbase(const std::function<void(ledger::Coinbase&)>& change) {
        const auto block = build([&](ledger::Block& made) {
            change(std::get<ledger::Coinbase>(made.transactions[0].payload));
        });
        return refuse(block, codec::encode(block));
    }

    [[nodiscard]] std::string at_place(const ledger::Transaction& transaction, std::size_t place) {
        const auto id = ledger::transaction_id(maker.chain().id(), transaction);
        return " in transaction " + to_hex(id) + " at place " + std::to_string(place);
    }

    [[nodiscard]] ledger::Transaction transfer(const cairn::test::TransferOptions& options = {}) {
        return make_transfer(maker.chain().id(), options);
    }

    SyncNode node;
    ChainFixture maker;
};

struct Told {
    std::string rule;
    std::string expected;
    std::string actual;

    friend bool operator==(const Told&, const Told&) = default;

    friend std::ostream& operator<<(std::ostream& out, const Told& told) {
        return out << told.rule << " expected [" << told.expected << "] actual [" << told.actual
                   << ']';
    }
};

Told told(const CommandError& refusal) {
    return {refusal.rule, refusal.expected, refusal.actual};
}

const auto most = std::to_string(quantity_max);

}  // namespace

TEST_CASE("Block rules: a transaction's own fault is told with its place", "[node][explain]") {
    Refuser refuser;
    const auto good = refuser.transfer();
    SECTION("a signature") {
        auto forged = refuser.transfer({.nonce = 1});
        forged.signature.bytes[3] ^= 1;
        CHECK(
            told(refuser.refuse_transactions({good, forged})) ==
            Told{
                "execution.bad_signature",
                "the sender's BIP340 signature for the chain test",
                "a signature that does not verify" + refuser.at_place(forged, 2)}
        );
    }
    SECTION("a body") {
        ledger::Transaction record;
        record.payload =
            ledger::Record{"s", "k", ledger::RecordFormat::json, to_bytes("{\"a\": 1}")};
        ledger::sign_transaction(cairn::test::key_number(0), refuser.maker.chain().id(), record);
        CHECK(
            told(refuser.refuse_transactions({record})) ==
            Told{
                "execution.body_not_canonical",
                "a JSON document as RFC 8785 writes it",
                "8 bytes of JSON that differ from its canonical form at byte 5" +
                    refuser.at_place(record, 1)}
        );
    }
    SECTION("a sum") {
        const auto large = refuser.transfer({.amount = quantity_max, .fee = 1});
        CHECK(
            told(refuser.refuse_transactions({large})) ==
            Told{
                "execution.amount_overflow",
                "amount and fee of at most " + most + " pebbles together",
                "an amount of " + most + " and a fee of 1 pebble" + refuser.at_place(large, 1)}
        );
    }
    SECTION("twice the same") {
        const auto id = to_hex(ledger::transaction_id(refuser.maker.chain().id(), good));
        CHECK(
            told(refuser.refuse_transactions({good, refuser.transfer({.nonce = 1}), good})) ==
            Told{
                "chain.duplicate_transaction",
                "each transaction once",
                "transaction " + id + " again at place 3"}
        );
    }
}

TEST_CASE("Block rules: sizes are told in bytes", "[node][explain]") {
    auto spec = cairn::test::instant_spec();
    SECTION("of a transaction") {
        spec.limits.transaction_bytes = 120;
        Refuser refuser{spec};
        const auto transfer = refuser.transfer();
        const auto size = codec::encode(transfer).size();
        REQUIRE(size > 120);
        CHECK(
            told(refuser.refuse_transactions({transfer})) ==
            Told{
                "execution.too_large",
                "at most 120 bytes, signed",
                std::to_string(size) + " bytes" + refuser.at_place(transfer, 1)}
        );
    }
    SECTION("of a block") {
        spec.limits.block_bytes = 300;
        Refuser refuser{spec};
        const auto block = refuser.build([&](ledger::Block& made) {
            made.transactions.push_back(refuser.transfer());
            made.transactions.push_back(refuser.transfer({.nonce = 1}));
        });
        const auto bytes = codec::encode(block);
        REQUIRE(bytes.size() > 300);
        CHECK(
            told(refuser.refuse(block, bytes)) ==
            Told{"chain.too_large", "at most 300 bytes", std::to_string(bytes.size()) + " bytes"}
        );
    }
}

TEST_CASE("Block rules: what execution refuses is told with both numbers", "[node][explain]") {
    Refuser refuser;
    const auto check = [&](const ledger::Transaction& bad, const Told& expected) {
        auto wanted = expected;
        wanted.actual += refuser.at_place(bad, 2);
        CHECK(told(refuser.refuse_transactions({refuser.transfer(), bad})) == wanted);
    };
    SECTION("a nonce that is used") {
        check(refuser.transfer({.amount = 11}), {"execution.nonce_too_low", "nonce 1", "nonce 0"});
    }
    SECTION("a nonce that is ahead") {
        check(refuser.transfer({.nonce = 4}), {"execution.nonce_too_high", "nonce 1", "nonce 4"});
    }
    SECTION("a balance") {
        check(
            refuser.transfer({.from = 7, .amount = 5}),
            {"execution.insufficient_balance", "a cost of at most 0 pebbles", "a cost of 6 pebbles"}
        );
    }
    SECTION("a second coinbase") {
        ledger::Transaction coinbase;
        coinbase.payload = ledger::Coinbase{
            .height = Height{1}, .to = account_number(3), .amount = Amount{1}, .body = {}};
        check(
            coinbase,
            {"execution.coinbase_misplaced",
             "a coinbase in the first place alone",
             "a further coinbase"}
        );
    }
    SECTION("no coinbase") {
        const auto alone = refuser.transfer();
        const auto block = refuser.build([&](ledger::Block& made) { made.transactions = {alone}; });
        CHECK(
            told(refuser.refuse(block, codec::encode(block))) ==
            Told{
                "execution.coinbase_missing",
                "a coinbase in the first place",
                "another transaction" + refuser.at_place(alone, 0)}
        );
        const auto empty = refuser.build([](ledger::Block& made) { made.transactions.clear(); });
        CHECK(
            told(refuser.refuse(empty, codec::encode(empty))) ==
            Told{"execution.coinbase_missing", "a coinbase in the first place", "no transaction"}
        );
    }
    SECTION("a coinbase of another height") {
        CHECK(told(refuser.refuse_coinbase([](auto& coinbase) {
                  coinbase.height = Height{2};
              })) == Told{"execution.coinbase_height", "height 1", "height 2"});
    }
    SECTION("a coinbase that takes too little") {
        CHECK(told(refuser.refuse_coinbase([](auto& coinbase) {
                  coinbase.amount = Amount{49};
              })) == Told{"execution.coinbase_amount", "50 pebbles", "49 pebbles"});
    }
}

TEST_CASE("Block rules: sums beyond 2^53-1 are told with their parts", "[node][explain]") {
    Refuser refuser{rich_spec()};
    SECTION("a balance") {
        const auto bad = refuser.transfer({.amount = 60});
        CHECK(
            told(refuser.refuse_transactions({bad})) ==
            Told{
                "execution.balance_overflow",
                "a balance of at most " + most + " pebbles",
                "60 pebbles more than " + std::to_string(quantity_max - 50) + " pebbles" +
                    refuser.at_place(bad, 1)}
        );
    }
    SECTION("the fees") {
        const auto bad = refuser.transfer({.from = 1, .to = 2, .amount = 0, .fee = 100});
        const auto all = refuser.transfer({.amount = 0, .fee = quantity_max});
        CHECK(
            told(refuser.refuse_transactions({all, bad})) ==
            Told{
                "execution.fee_overflow",
                "fees of at most " + most + " pebbles together",
                "100 pebbles more than " + most + " pebbles" + refuser.at_place(bad, 2)}
        );
    }
    SECTION("subsidy and fees") {
        const auto all = refuser.transfer({.amount = 0, .fee = quantity_max});
        CHECK(
            told(refuser.refuse_transactions({all})) ==
            Told{
                "execution.coinbase_amount",
                "subsidy and fees of at most " + most + " pebbles",
                "50 pebbles"}
        );
    }
}

TEST_CASE("Block rules: a seal of another form is told by size or nonce", "[node][explain]") {
    const auto refusal_of = [](Refuser& refuser, Bytes seal) {
        auto block = refuser.build([](ledger::Block&) {});
        block.head.seal = std::move(seal);
        return told(refuser.refuse(block, codec::encode(block)));
    };
    Refuser instant;
    CHECK(
        refusal_of(instant, Bytes(8, 0)) == Told{"consensus.malformed_seal", "no seal", "8 bytes"}
    );
    Refuser work{cairn::test::easy_work_spec()};
    const auto wanted = "8 bytes with a nonce of at most " + most;
    CHECK(refusal_of(work, {}) == Told{"consensus.malformed_seal", wanted, "0 bytes"});
    CHECK(
        refusal_of(work, ledger::make_nonce_seal(quantity_max + 1)) ==
        Told{"consensus.malformed_seal", wanted, "the nonce " + std::to_string(quantity_max + 1)}
    );
}

TEST_CASE("Block rules: a body that is not the block's own passes", "[node][explain][K6]") {
    Refuser refuser;
    const auto block = refuser.build([](ledger::Block&) {});
    auto other = block;
    std::get<ledger::Coinbase>(other.transactions[0].payload).amount = Amount{51};
    CHECK(
        told(refuser.refuse(block, codec::encode(other))) ==
        Told{
            "chain.wrong_tx_root",
            to_hex(block.head.header.tx_root),
            to_hex(ledger::tx_root(other.transactions))}
    );
    // Its own comes from another peer: what was said of it is over.
    refuser.node.connect(LinkId{2});
    refuser.node.receive(LinkId{2}, wire::Headers{.headers = {block.head}});
    refuser.node.receive(LinkId{2}, wire::BlockMessage{.block = codec::encode(block)});
    CHECK(refuser.node.height() == 1);
    const auto hash = ledger::block_hash(block.head);
    CHECK_FALSE(refuser.node.sync.refusal(refuser.node.fixture.chain(), hash));
}

TEST_CASE("Block rules: bytes behind a block are told", "[node][explain]") {
    Refuser refuser;
    const auto block = refuser.build([](ledger::Block&) {});
    auto bytes = codec::encode(block);
    bytes.push_back(0);
    CHECK(
        told(refuser.refuse(block, bytes)) ==
        Told{
            "codec.trailing_bytes",
            "the canonical bytes of a block",
            std::to_string(bytes.size()) + " bytes that are none"}
    );
}

TEST_CASE("Block rules: what the chain finds in its own books has words too", "[node][explain]") {
    ChainFixture fixture;
    const auto block = fixture.build(fixture.chain().tip().hash);
    using chain::BlockRule;
    const auto rule = GENERATE(
        BlockRule::unknown_parent, BlockRule::known, BlockRule::known_invalid, BlockRule::unreadable
    );
    const auto refusal = make_refusal(
        fixture.chain(), {.head = block->head(), .hash = block->hash()}, {.rule = rule}
    );
    CHECK(refusal.rule == "chain." + std::string{to_string(rule)});
    CHECK_FALSE(refusal.expected.empty());
    CHECK_FALSE(refusal.actual.empty());
    CHECK(refusal.hint.ends_with('.'));
}

}  // namespace cairn::node::test
