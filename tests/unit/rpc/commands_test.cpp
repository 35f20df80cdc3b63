#include "tests/unit/rpc/rpc_fixture.hpp"

#include "cairn/rpc/command.hpp"
#include "cairn/rpc/rules.hpp"

#include <set>

namespace cairn::rpc {

TEST_CASE("Commands: names and aliases are different words", "[rpc]") {
    std::set<std::string_view> names;
    for (const auto& command : command_table()) {
        INFO(command.name);
        CHECK(names.insert(command.name).second);
        if (!command.alias.empty())
            CHECK(names.insert(command.alias).second);
        CHECK(command.help.ends_with('.'));
        CHECK(find_command(command.name) == &command);
    }
}

TEST_CASE("Commands: arguments are described from the request itself", "[rpc]") {
    const auto& arguments = find_command("get_chain")->arguments;
    REQUIRE(arguments.size() == 3);
    CHECK(arguments[1].name == "count");
    CHECK(arguments[1].type == "number");
    CHECK_FALSE(arguments[1].is_required);
    CHECK(arguments[1].preset == std::to_string(blocks_default));
    CHECK(arguments[1].max == blocks_max);
    CHECK(find_command("balance")->arguments.front().is_required);
}

TEST_CASE("Commands: counts are taken up to their maximum", "[rpc]") {
    RpcFixture fixture;
    CHECK(fixture.code_of("get_chain count=500") == "get_chain");
    CHECK(fixture.code_of("get_chain count=501") == "bad_field");
    CHECK(fixture.code_of("get_headers count=2000") == "get_headers");
    CHECK(fixture.code_of("get_headers count=2001") == "bad_field");
    CHECK(fixture.code_of("branches count=100") == "branches");
    CHECK(fixture.code_of("branches count=101") == "bad_field");
    CHECK(
        fixture.code_of(fixture.fill_in("balance address=$ADDRESS0 confirmations=9007199254740991")
        ) == "balance"
    );
    CHECK(
        fixture.code_of(fixture.fill_in("balance address=$ADDRESS0 confirmations=9007199254740992")
        ) == "bad_field"
    );
}

TEST_CASE("Commands: a block is told without its transactions beside a page of them", "[rpc]") {
    RpcFixture fixture;
    const auto side =
        fixture.build(fixture.chain().at(Height{1})->hash, {.transactions = {}, .miner = 8});
    REQUIRE(fixture.chain().submit(side, fixture.now()).has_value());
    for (const auto& word :
         {std::string{"height=0"}, std::string{"height=3"}, "hash=" + to_hex(side->hash())}) {
        INFO(word);
        const auto whole = fixture.ask("get_block " + word);
        const auto paged = fixture.ask("block_transactions " + word);
        auto block = *paged.find("block");
        const auto& transactions = *paged.find("transactions");
        CHECK(*paged.find("total")->if_unsigned() == transactions.if_array()->size());
        CHECK(*paged.find("confirmations") == *whole.find("confirmations"));
        CHECK(block.find("data") == nullptr);
        CHECK(block.set("data", transactions) == *whole.find("block"));
    }
    const auto second = fixture.ask("block_transactions height=3 from=1 count=1");
    CHECK(*second.find("total")->if_unsigned() == 2);
    CHECK(
        second.find("transactions")->if_array()->front() ==
        fixture.ask("get_block height=3").find("block")->find("data")->if_array()->at(1)
    );
    const auto neither = fixture.ask("block_transactions");
    CHECK(*neither.find("data")->find("field")->if_text() == "height");
    CHECK(
        fixture.code_of("block_transactions height=3 hash=" + std::string(64, '0')) == "bad_field"
    );
    CHECK(fixture.code_of("block_transactions height=4") == "not_found");
    CHECK(fixture.code_of("block_transactions hash=" + std::string(64, '0')) == "not_found");
}

TEST_CASE("Commands: every branch is listed with the blocks above its fork", "[rpc]") {
    RpcFixture fixture;
    auto parent = fixture.chain().at(Height{1})->hash;
    for (std::uint64_t i = 0; i < 2; ++i) {
        const auto side = fixture.build(parent, {.transactions = {}, .miner = 8});
        REQUIRE(fixture.chain().submit(side, fixture.now()).has_value());
        parent = side->hash();
    }
    const auto ahead = fixture.build(parent, {.transactions = {}, .miner = 8});
    REQUIRE(fixture.chain().add_header(ahead->head(), ahead->hash(), fixture.now()).has_value());
    const auto reply = fixture.ask("branches count=2");
    CHECK(*reply.find("total")->if_unsigned() == 2);
    const auto& list = *reply.find("branches")->if_array();
    REQUIRE(list.size() == 2);
    // Only headers make it the heavier one.
    CHECK(*list[0].find("status")->if_text() == "header_only");
    CHECK(*list[0].find("hash")->if_text() == to_hex(ahead->hash()));
    CHECK(*list[0].find("fork")->if_unsigned() == 1);
    const auto& blocks = *list[0].find("blocks")->if_array();
    REQUIRE(blocks.size() == 2);
    CHECK(*blocks[0].find("index")->if_unsigned() == 3);
    CHECK(*blocks[1].find("hash")->if_text() == to_hex(ahead->hash()));
    CHECK(*list[1].find("status")->if_text() == "active");
    CHECK(*list[1].find("fork")->if_unsigned() == 3);
    CHECK(list[1].find("blocks")->if_array()->size() == 2);
}

TEST_CASE("Commands: status tells how far the chain has come elsewhere", "[rpc]") {
    RpcFixture fixture;
    const auto told = [&](std::string_view name) {
        return *fixture.ask("status").find(name)->if_unsigned();
    };
    const auto height = told("height");
    CHECK(told("best_height") == height);
    const auto ahead = fixture.build(fixture.chain().tip().hash, {.transactions = {}, .miner = 8});
    REQUIRE(fixture.chain().add_header(ahead->head(), ahead->hash(), fixture.now()).has_value());
    CHECK(told("best_height") == height + 1);
    CHECK(told("height") == height);
    fixture.view.peer_list = {
        {.link = {}, .height = Height{height + 7}}, {.link = {}, .height = {}}};
    CHECK(told("best_height") == height + 7);
}

TEST_CASE("Commands: a page of branches has no more of them than the limit", "[rpc]") {
    RpcFixture fixture;
    const auto genesis = fixture.chain().at(Height{0})->hash;
    const auto listed = [&] {
        return fixture.ask("branches").find("branches")->if_array()->size();
    };
    std::uint64_t miner = 20;
    const auto add_branch = [&] {
        const auto side = fixture.build(genesis, {.transactions = {}, .miner = ++miner});
        REQUIRE(fixture.chain().submit(side, fixture.now()).has_value());
    };
    for (std::size_t i = 1; i < branches_max; ++i)
        add_branch();
    CHECK(listed() == branches_max);
    CHECK(fixture.ask("branches").find("next") == nullptr);
    add_branch();
    const auto page = fixture.ask("branches count=1");
    CHECK(listed() == branches_max);
    CHECK(*page.find("total")->if_unsigned() == branches_max + 1);
    CHECK(*page.find("next")->if_unsigned() == branches_max);
    const auto last = fixture.ask("branches count=1 from=" + std::to_string(branches_max));
    REQUIRE(last.find("branches")->if_array()->size() == 1);
    CHECK(last.find("next") == nullptr);
    CHECK(*last.find("total")->if_unsigned() == branches_max + 1);
    CHECK(*last.find("previous")->if_unsigned() == branches_max);
    const auto back = fixture.ask("branches count=1 before=" + std::to_string(branches_max));
    CHECK(*back.find("branches") == *page.find("branches"));
    CHECK(fixture.code_of("branches from=1 before=2") == "bad_field");
}

TEST_CASE("Commands: a balance is exact at every depth", "[rpc]") {
    RpcFixture fixture;
    const auto balance = [&](std::uint64_t confirmations) {
        const auto reply = fixture.ask(fixture.fill_in(
            "balance address=$ADDRESS1 confirmations=" + std::to_string(confirmations)
        ));
        return *reply.find("balance")->if_unsigned();
    };
    CHECK(balance(0) == 1'000'122);
    CHECK(balance(1) == 1'000'092);
    CHECK(balance(2) == 1'000'100);
    CHECK(balance(3) == 1'000'100);
    CHECK(balance(4) == 1'000'000);
    CHECK(balance(5) == 0);
}

TEST_CASE("Commands: data of a mined block is made canonical and bounded", "[rpc]") {
    RpcFixture fixture;
    const auto data_of = [&](const std::string& data) {
        fixture.send(
            fixture.fill_in(R"({"type":"mine_block","auth":"$AUTH","data":)") + data + "}"
        );
        static_cast<void>(fixture.take_replies());
        REQUIRE_FALSE(fixture.commands.empty());
        const auto request = std::get<node::MineBlocks>(fixture.commands.back().request);
        fixture.server.on_link_closed(RpcFixture::link);
        return std::string{as_text(request.body)};
    };
    CHECK(data_of(R"({"b":1,"a":2})") == R"({"a":2,"b":1})");
    CHECK(data_of(R"("hello")") == R"("hello")");
    const auto sized = [](std::size_t bytes) { return '"' + std::string(bytes - 2, 'a') + '"'; };
    CHECK(data_of(sized(ledger::body_bytes_max)).size() == ledger::body_bytes_max);
    const auto mine = fixture.fill_in(R"({"type":"mine_block","auth":"$AUTH","data":)");
    CHECK(fixture.code_of(mine + sized(ledger::body_bytes_max + 1) + "}") == "bad_field");
    const auto deep = ledger::document_depth_max + 1;
    CHECK(
        fixture.code_of(mine + std::string(deep, '[') + std::string(deep, ']') + "}") == "bad_field"
    );
}

TEST_CASE("Commands: from 1 block to the maximum are mined", "[rpc][limits]") {
    RpcFixture fixture;
    const auto mine = fixture.fill_in("mine_block auth=$AUTH count=");
    for (const std::uint64_t count : {std::uint64_t{1}, mined_blocks_max}) {
        fixture.send(mine + std::to_string(count));
        static_cast<void>(fixture.take_replies());
        REQUIRE_FALSE(fixture.commands.empty());
        CHECK(std::get<node::MineBlocks>(fixture.commands.back().request).count == count);
        fixture.server.on_link_closed(RpcFixture::link);
    }
    for (const std::uint64_t count : {std::uint64_t{0}, mined_blocks_max + 1}) {
        const auto refused = fixture.ask(mine + std::to_string(count));
        CHECK(*refused.find("code")->if_text() == "bad_field");
        const auto& data = *refused.find("data");
        CHECK(*data.find("actual")->if_text() == std::to_string(count));
    }
    const auto none = fixture.ask(mine + "0");
    CHECK(*none.find("data")->find("expected")->if_text() == "integer from 1 to 10000");
}

TEST_CASE("Commands: explain tells of a refusal that is remembered", "[rpc]") {
    RpcFixture fixture;
    const auto id = crypto::sha256(as_bytes("refused"));
    CHECK(fixture.code_of("explain transaction=" + to_hex(id)) == "not_found");
    CHECK(fixture.code_of("explain block=" + to_hex(id)) == "not_found");
    fixture.view.refusals[id] = {.code = "rejected", .message = "No.", .rule = "bad_signature"};
    for (const auto* what : {"transaction", "block"}) {
        const auto reply = fixture.ask(std::string{"explain "} + what + "=" + to_hex(id));
        CHECK(*reply.find("status")->if_text() == "refused");
        CHECK(*reply.find("refusal")->find("rule")->if_text() == "bad_signature");
        CHECK_FALSE(reply.find("rules")->if_array()->empty());
        CHECK(reply.find("refusal")->find("hint") == nullptr);
        CHECK(reply.find("refusal")->find("height") == nullptr);
    }
    fixture.view.refusals[id] = {
        .code = "rejected",
        .message = "No.",
        .rule = "consensus.wrong_height",
        .expected = "height 4",
        .actual = "height 7",
        .hint = "Count again.",
        .height = Height{7}};
    const auto reply = fixture.ask("explain block=" + to_hex(id));
    const auto& refusal = *reply.find("refusal");
    CHECK(*refusal.find("expected")->if_text() == "height 4");
    CHECK(*refusal.find("actual")->if_text() == "height 7");
    CHECK(*refusal.find("hint")->if_text() == "Count again.");
    CHECK(*refusal.find("height")->if_unsigned() == 7);
    CHECK(reply.find("rules")->if_array()->size() == 1);
}

TEST_CASE("Commands: explain tells why the pool let a transaction go", "[rpc][explain]") {
    RpcFixture fixture;
    const auto id = crypto::sha256(as_bytes("gone")).as<TxId>();
    fixture.view.told.on_dropped({{.id = id, .reason = mempool::DropReason::expired}});
    const auto reply = fixture.ask("explain transaction=" + to_hex(id));
    CHECK(*reply.find("status")->if_text() == "dropped");
    CHECK(*reply.find("reason")->if_text() == "expired");
    CHECK(reply.find("rules")->if_array()->size() == 1);
}

TEST_CASE("Commands: explain tells side blocks from active ones", "[rpc]") {
    RpcFixture fixture;
    const auto side = fixture.build(fixture.chain().at(Height{1})->hash, {.miner = 5});
    REQUIRE(fixture.chain().submit(side, fixture.now()).has_value());
    const auto reply = fixture.ask("explain block=" + to_hex(side->hash()));
    CHECK(*reply.find("status")->if_text() == "side");
    CHECK(*reply.find("confirmations")->if_unsigned() == 0);
    CHECK(fixture.code_of("get_block hash=" + to_hex(side->hash())) == "get_block");
}

TEST_CASE("Commands: explain takes a height of the active chain", "[rpc][explain]") {
    RpcFixture fixture;
    const auto tip = fixture.chain().tip().height();
    const auto told = fixture.ask("explain height=" + std::to_string(tip.value));
    CHECK(*told.find("block")->if_text() == to_hex(fixture.chain().tip().hash));
    CHECK(*told.find("status")->if_text() == "active");
    CHECK(fixture.code_of("explain height=" + std::to_string(tip.next().value)) == "not_found");
    CHECK(fixture.code_of("explain height=1 code=known") == "bad_field");
    const auto mistaken = fixture.ask("explain block=1");
    CHECK(*mistaken.find("data")->find("expected")->if_text() == "64 lowercase hexadecimal digits");
    CHECK(*mistaken.find("data")->find("actual")->if_text() == "1");
}

TEST_CASE("Commands: bytes that are no transaction are told the limit they break", "[rpc]") {
    RpcFixture fixture;
    ledger::Transaction transaction;
    transaction.payload = ledger::Transfer{.to = {}, .amount = Amount{1}, .memo = "m"};
    const auto told = [&](const Bytes& bytes) {
        const auto reply = fixture.ask("push_transaction hex=" + to_hex(bytes));
        const auto& data = *reply.find("data");
        return *data.find("rule")->if_text() + ": " + *data.find("expected")->if_text() + "; " +
               *data.find("actual")->if_text();
    };
    auto bytes = codec::encode(transaction);
    bytes.push_back(0);
    CHECK(
        told(bytes) == "codec.trailing_bytes: a transaction's bytes; more than one holds in " +
                           std::to_string(bytes.size()) + " bytes"
    );
    bytes.resize(bytes.size() - 2);
    CHECK(
        told(bytes) == "codec.truncated: a transaction's bytes; only the beginning of one in " +
                           std::to_string(bytes.size()) + " bytes"
    );
    transaction.fee = Amount{quantity_max + 1};
    CHECK(
        told(codec::encode(transaction)) ==
        "codec.number_too_large: numbers of at most 9007199254740991; "
        "a larger amount, fee or nonce"
    );
    transaction.fee = {};
    std::get<ledger::Transfer>(transaction.payload).memo = std::string(257, 'm');
    CHECK(
        told(codec::encode(transaction)) ==
        "codec.too_long: a memo or key of at most 256 bytes, a stream of 64, a body of 65536; "
        "a longer one"
    );
}

TEST_CASE("Commands: explain tells the story of a reorganisation", "[rpc][explain]") {
    RpcFixture fixture;
    const auto fork = fixture.chain().at(Height{2})->hash;
    const auto old_tip = fixture.chain().tip().hash;
    const auto follow = [&](const test::BlockPointer& block) {
        const auto change = fixture.chain().submit(block, fixture.now());
        REQUIRE(change.has_value());
        const auto dropped = fixture.pool.on_chain_change(*change, fixture.time);
        fixture.view.told.on_chain_change(*change, fixture.pool, dropped, UnixMillis{0});
        return block->hash();
    };
    const auto first = follow(fixture.build(fork, {.miner = 5}));
    const auto second = follow(fixture.build(first, {.miner = 5}));
    for (const auto& hash : {old_tip, second}) {
        const auto reply = fixture.ask("explain block=" + to_hex(hash));
        const auto* story = reply.find("story")->if_array();
        REQUIRE(story->size() == 1);
        const auto told = *story->front().if_text();
        CHECK(told.starts_with("01/01/1970, 00:00:00: left #3 "));
        CHECK(told.ends_with(": 1 transaction returned"));
    }
}

TEST_CASE("Rules: each has a name and a sentence", "[rpc]") {
    CHECK(rule_table().size() > 60);
    for (const auto& rule : rule_table()) {
        INFO(rule.name);
        CHECK_FALSE(rule.name.empty());
        CHECK(rule.meaning.ends_with('.'));
    }
}

TEST_CASE("Rules: a module before the name means its rule alone", "[rpc][explain]") {
    CHECK(find_rules("wrong_chain").size() == 5);
    CHECK(find_rules("consensus.wrong_chain").size() == 1);
    CHECK(find_rules("wallet.wrong_passphrase").size() == 1);
    CHECK(find_rules("transaction.bad_signature").front().module == "execution");
    CHECK(find_rules("mempool.wrong_chain").empty());
    CHECK(find_rules("").empty());
    CHECK(similar_rule("wallet.wrong_pasphrase") == "wrong_passphrase");
    for (const auto& rule : rule_table()) {
        INFO(rule.module << '.' << rule.name);
        CHECK(find_rules(std::string{rule.module} + '.' + std::string{rule.name}).size() == 1);
    }
}

TEST_CASE("Replies: every reply is printable ASCII on one line", "[rpc][F2]") {
    RpcFixture fixture;
    for (const auto* text :
         {"status",
          "get_chain",
          "help",
          "{\"type\":\"ping\",\"id\":\"\xc3\xa9\"}",
          "{\"type\":\"ping\",\"chain\":\"\xc3\xa9\\u0000\"}"}) {
        fixture.send(text);
        for (const auto& reply : fixture.take_replies())
            for (const auto character : reply)
                REQUIRE((character >= ' ' && character <= '~'));
    }
}

}  // namespace cairn::rpc
