#include "tests/support/random_branches.hpp"
#include "tests/unit/rpc/rpc_fixture.hpp"

#include "cairn/crypto/merkle.hpp"

#include <algorithm>

namespace cairn::rpc {

namespace {

using codec::Json;

std::uint64_t number(const Json& object, std::string_view name) {
    const auto* field = object.find(name);
    REQUIRE(field != nullptr);
    REQUIRE(field->if_unsigned() != nullptr);
    return *field->if_unsigned();
}

/// All entries that `command` lists as `name`, in pages of `count`.
std::vector<Json> read_pages(
    RpcFixture& fixture, const std::string& command, std::string_view name, std::uint64_t count
) {
    std::vector<Json> entries;
    std::string from;
    while (true) {
        const auto reply =
            fixture.ask(fixture.fill_in(command) + " count=" + std::to_string(count) + from);
        const auto& page = *reply.find(name)->if_array();
        REQUIRE(page.size() <= count);
        entries.insert(entries.end(), page.begin(), page.end());
        const auto* next = reply.find("next");
        if (next == nullptr)
            return entries;
        REQUIRE(page.size() == count);
        from = " from=" + *next->if_text();
    }
}

std::string address_number(const RpcFixture& fixture, std::uint64_t account) {
    return ledger::to_address(test::account_number(account), fixture.spec.prefix);
}

/// Adds blocks at random, branches among them.
void fork_at_random(RpcFixture& fixture, Random& random, int blocks) {
    for (int i = 0; i < blocks; ++i) {
        const auto block = test::random_block(fixture, random);
        const auto change = fixture.chain().submit(block, fixture.now());
        REQUIRE(change.has_value());
        fixture.pool.on_chain_change(*change, fixture.time);
        if (random.chance(1, 4))
            REQUIRE(fixture.chain().commit().has_value());
    }
}

}  // namespace

TEST_CASE("History: received less spent is the balance, on every branch", "[rpc][R1]") {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        INFO("seed " << seed);
        RpcFixture fixture;
        Random random{seed};
        fork_at_random(fixture, random, 40);
        for (std::uint64_t account = 0; account < test::branch_accounts; ++account) {
            const auto command = "history address=" + address_number(fixture, account);
            const auto upwards = read_pages(fixture, command, "transactions", 3);
            std::uint64_t balance = 0;
            for (const auto& entry : upwards)
                balance += number(entry, "received") - number(entry, "spent");
            CHECK(balance == fixture.balance(account));
            auto downwards = read_pages(fixture, command + " newest_first=true", "transactions", 4);
            std::reverse(downwards.begin(), downwards.end());
            CHECK(downwards == upwards);
        }
    }
}

TEST_CASE("Balance: each depth is what a replay of that many blocks gives", "[rpc][R1]") {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        INFO("seed " << seed);
        RpcFixture fixture;
        Random random{seed};
        for (int round = 0; round < 4; ++round) {
            fork_at_random(fixture, random, 10);
            const auto tip = fixture.chain().tip().height().value;
            for (std::uint64_t depth = 1; depth <= tip + 1; ++depth) {
                const auto& entry = *fixture.chain().at(Height{tip - depth + 1});
                const auto state = fixture.replay(entry.hash);
                const auto account = random.below(test::branch_accounts);
                const auto expected = state::read_account(state, test::account_number(account));
                const auto reply = fixture.ask(
                    "balance address=" + address_number(fixture, account) +
                    " confirmations=" + std::to_string(depth)
                );
                CHECK(number(reply, "balance") == expected.balance.value);
                CHECK(number(reply, "nonce") == expected.nonce.value);
            }
            const auto beyond = fixture.ask(
                "balance address=" + address_number(fixture, 0) +
                " confirmations=" + std::to_string(tip + 2)
            );
            CHECK(number(beyond, "balance") == 0);
        }
    }
}

TEST_CASE("Balance: as deep as the blocks that concern the account allow", "[rpc][limits]") {
    RpcFixture fixture;
    const auto length = fixture.chain().tip().height().value + 1;
    for (std::size_t i = 0; i <= balance_blocks_max; ++i) {
        const auto block =
            fixture.build(fixture.chain().tip().hash, {.transactions = {}, .miner = 8});
        REQUIRE(fixture.chain().submit(block, fixture.now()).has_value());
        if (i % 500 == 0)
            REQUIRE(fixture.chain().commit().has_value());
    }
    const auto ask = [&](std::uint64_t account, std::uint64_t depth) {
        return fixture.ask(
            "balance address=" + address_number(fixture, account) +
            " confirmations=" + std::to_string(depth)
        );
    };
    const auto reward = ledger::subsidy_at(fixture.spec.rewards, Height{length}).value;
    CHECK(number(ask(8, balance_blocks_max + 1), "balance") == reward);
    const auto refused = ask(8, balance_blocks_max + 2);
    CHECK(*refused.find("code")->if_text() == "too_large");
    CHECK(
        *refused.find("data")->find("expected")->if_text() ==
        "at most " + std::to_string(balance_blocks_max + 1) + " confirmations"
    );
    // What they do not concern is found whatever the depth.
    const auto genesis = fixture.chain().at(Height{0})->hash;
    const auto expected = state::read_account(fixture.replay(genesis), test::account_number(0));
    CHECK(number(ask(0, balance_blocks_max + 1 + length), "balance") == expected.balance.value);
}

TEST_CASE("Records: listed by stream and by key, from any height", "[rpc]") {
    RpcFixture fixture;
    const auto record = [&](std::uint64_t nonce, std::string key) {
        return test::make_record(fixture.chain().id(), 2, nonce, "rx", std::move(key));
    };
    fixture.connect({record(0, "a"), record(1, "b"), record(2, "a")});
    fixture.connect({test::make_record(fixture.chain().id(), 2, 3, "other", "a")});
    fixture.connect({record(4, "a")});
    const auto places = [&](const std::string& command) {
        std::vector<std::pair<std::uint64_t, std::uint64_t>> found;
        for (const auto& entry : read_pages(fixture, command, "records", 2))
            found.emplace_back(number(entry, "height"), number(entry, "index"));
        return found;
    };
    using Places = std::vector<std::pair<std::uint64_t, std::uint64_t>>;
    CHECK(places("records stream=rx") == Places{{4, 1}, {4, 2}, {4, 3}, {6, 1}});
    CHECK(places("records stream=rx key=a") == Places{{4, 1}, {4, 3}, {6, 1}});
    CHECK(places("records stream=rx newest_first=true") == Places{{6, 1}, {4, 3}, {4, 2}, {4, 1}});
    CHECK(places("records stream=r").empty());
    const auto from = [&](const std::string& place) {
        const auto reply = fixture.ask("records stream=rx key=a from=" + place);
        return reply.find("records")->if_array()->size();
    };
    CHECK(from("4") == 3);
    CHECK(from("4.2") == 2);
    CHECK(from("5") == 1);
    CHECK(from("7") == 0);
    const auto whole_height = fixture.ask("records stream=rx newest_first=true from=4");
    CHECK(whole_height.find("records")->if_array()->size() == 3);
    const auto reply = fixture.ask("records stream=rx key=b");
    const auto& entry = reply.find("records")->if_array()->front();
    CHECK(number(entry, "confirmations") == 3);
    CHECK(entry.find("received") == nullptr);
    CHECK(number(*entry.find("transaction"), "body") == 1);
}

TEST_CASE("Index commands: counts and names are taken up to their maximum", "[rpc]") {
    RpcFixture fixture;
    const auto history = fixture.fill_in("history address=$ADDRESS1 count=");
    CHECK(fixture.code_of(history + std::to_string(entries_max)) == "history");
    CHECK(fixture.code_of(history + std::to_string(entries_max + 1)) == "bad_field");
    const auto named = [&](std::size_t stream, std::size_t key) {
        return fixture.code_of(
            "records stream=" + std::string(stream, 's') + " key=" + std::string(key, 'k')
        );
    };
    CHECK(named(ledger::stream_bytes_max, ledger::key_bytes_max) == "records");
    CHECK(named(ledger::stream_bytes_max + 1, ledger::key_bytes_max) == "bad_field");
    CHECK(named(ledger::stream_bytes_max, ledger::key_bytes_max + 1) == "bad_field");
    for (const auto* place : {"x", "1.", ".1", "1.-1", "01.1", "1.4294967296", "1.1.1", "true"})
        CHECK(
            fixture.code_of(fixture.fill_in("history address=$ADDRESS1 from=") + place) ==
            "bad_field"
        );
    CHECK(
        fixture.code_of(fixture.fill_in("history address=$ADDRESS1 from=9007199254740991.4294967295"
        )) == "history"
    );
    const auto empty = fixture.ask(fixture.fill_in("history address=$ADDRESS1 count=0"));
    CHECK(empty.find("transactions")->if_array()->empty());
    // Nobody is led to the same page again for ever.
    CHECK(empty.find("next") == nullptr);
}

TEST_CASE("Index commands: a page ends when it has grown long", "[rpc]") {
    RpcFixture fixture;
    constexpr std::uint64_t records = 40;
    fixture.connect_long_records(records);
    const auto reply = fixture.ask("records stream=long count=100");
    const auto size = reply.find("records")->if_array()->size();
    CHECK(size > list_bytes_max / ledger::body_bytes_max - 1);
    CHECK(size < records);
    const auto rest =
        fixture.ask("records stream=long count=100 from=" + *reply.find("next")->if_text());
    CHECK(rest.find("records")->if_array()->size() == records - size);
    CHECK(rest.find("next") == nullptr);
}

TEST_CASE("Index commands: a page ends when many large blocks were read", "[rpc]") {
    RpcFixture fixture;
    constexpr std::uint64_t records = 30;
    constexpr std::uint64_t blocks = 10;
    const Bytes body(ledger::body_bytes_max, 'a');
    for (std::uint64_t block = 0; block < blocks; ++block) {
        std::vector<ledger::Transaction> transactions{test::make_transfer(
            fixture.chain().id(), {.from = 3, .to = 5, .amount = 1, .nonce = block}
        )};
        for (std::uint64_t i = 0; i < records; ++i) {
            auto& transaction = transactions.emplace_back();
            transaction.nonce = Nonce{block * records + i};
            transaction.fee = Amount{1};
            transaction.payload = ledger::Record{
                .stream = "long", .key = "", .format = ledger::RecordFormat::bytes, .body = body};
            ledger::sign_transaction(test::key_number(2), fixture.chain().id(), transaction);
        }
        fixture.connect(std::move(transactions));
    }
    const auto command = "history address=" + address_number(fixture, 5);
    const auto first = fixture.ask(command);
    const auto size = first.find("transactions")->if_array()->size();
    // The page goes on until the sum is beyond the bound: not at eight of these blocks, at nine.
    CHECK(size == page_block_bytes_max / (records * ledger::body_bytes_max) + 1);
    const auto rest = fixture.ask(command + " from=" + *first.find("next")->if_text());
    CHECK(rest.find("transactions")->if_array()->size() == blocks - size);
    CHECK(rest.find("next") == nullptr);
}

TEST_CASE("Proof: the path leads from the bytes to the block's root", "[rpc]") {
    RpcFixture fixture;
    std::vector<ledger::Transaction> transactions;
    for (std::uint64_t i = 0; i < 6; ++i)
        transactions.push_back(
            test::make_record(fixture.chain().id(), 2, i, "rx", std::to_string(i))
        );
    fixture.connect(transactions);
    for (const auto& transaction : transactions) {
        const auto id = ledger::transaction_id(fixture.chain().id(), transaction);
        const auto reply = fixture.ask("get_proof transaction=" + to_hex(id));
        std::vector<Hash256> path;
        for (const auto& hash : *reply.find("path")->if_array())
            path.push_back(fixed_from_hex<Hash256>(*hash.if_text()).value());
        const auto bytes = from_hex(*reply.find("bytes")->if_text()).value();
        CHECK(bytes == codec::encode(transaction));
        const auto& entry = *fixture.chain().at(Height{number(reply, "height")});
        CHECK(*reply.find("block")->if_text() == to_hex(entry.hash));
        CHECK(crypto::verify_merkle_path(
            crypto::leaf_hash(bytes),
            number(reply, "index"),
            number(reply, "count"),
            path,
            entry.head.header.tx_root.as<Hash256>()
        ));
    }
    CHECK(fixture.code_of("get_proof transaction=" + std::string(64, '0')) == "not_found");
}

TEST_CASE("Headers: raw ones hash to the block's hash", "[rpc]") {
    RpcFixture fixture;
    const auto reply = fixture.ask("get_headers from=1 count=2 raw=true");
    const auto& headers = *reply.find("headers")->if_array();
    REQUIRE(headers.size() == 2);
    const auto bytes = from_hex(*headers[1].if_text()).value();
    CHECK(crypto::sha256d(bytes).as<BlockHash>() == fixture.chain().at(Height{2})->hash);
    CHECK(fixture.ask("get_headers from=9 raw=true").find("clock") == nullptr);
}

}  // namespace cairn::rpc
