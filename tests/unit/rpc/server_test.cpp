#include "tests/unit/rpc/rpc_fixture.hpp"

#include "cairn/rpc/limits.hpp"

namespace cairn::rpc {

TEST_CASE("Server: a wait is answered when its height comes", "[rpc]") {
    RpcFixture fixture;
    fixture.send("wait height=4 id=1");
    CHECK(fixture.take_replies().empty());
    REQUIRE(fixture.server.next_wakeup().has_value());
    CHECK(*fixture.server.next_wakeup() == fixture.time.steady + wait_time_default);
    fixture.connect({});
    CHECK(
        fixture.take_replies() ==
        std::vector<std::string>{R"({"type":"wait","reached":true,"height":4,"id":1})"}
    );
    CHECK_FALSE(fixture.server.next_wakeup().has_value());
}

TEST_CASE("Server: a wait's timeout is an answer", "[rpc]") {
    RpcFixture fixture;
    fixture.send("wait height=4 timeout_ms=500");
    fixture.pass(milliseconds{499});
    CHECK(fixture.take_replies().empty());
    fixture.pass(milliseconds{1});
    CHECK(
        fixture.take_replies() ==
        std::vector<std::string>{R"({"type":"wait","reached":false,"height":3})"}
    );
}

TEST_CASE("Server: a wait for a transaction ends at its depth", "[rpc]") {
    RpcFixture fixture;
    fixture.send(fixture.fill_in("wait transaction=$WAITING confirmations=2"));
    fixture.connect({fixture.waiting});
    CHECK(fixture.take_replies().empty());
    fixture.connect({});
    const auto replies = fixture.take_replies();
    REQUIRE(replies.size() == 1);
    CHECK(replies.front().find(R"("reached":true)") != std::string::npos);
    CHECK(replies.front().find(R"("confirmations":2)") != std::string::npos);
}

TEST_CASE("Server: a wait for a transaction nobody has seen ends when it comes", "[rpc]") {
    RpcFixture fixture;
    const auto coming = test::make_transfer(fixture.chain().id(), {.from = 2, .to = 3});
    const auto id = ledger::transaction_id(fixture.chain().id(), coming);
    fixture.send("wait confirmations=0 transaction=" + to_hex(id));
    for (int i = 0; i < 3; ++i) {
        REQUIRE(fixture.server.next_wakeup() == fixture.time.steady + pool_look_interval);
        fixture.pass(pool_look_interval);
        CHECK(fixture.take_replies().empty());
    }
    execution::TransactionChecker checker{fixture.chain().id(), fixture.spec, 1};
    const auto checked =
        std::make_shared<const execution::CheckedTransaction>(*checker.check(coming));
    REQUIRE(fixture.pool.add(checked, fixture.time).has_value());
    fixture.pass(pool_look_interval);
    CHECK(
        fixture.take_replies() ==
        std::vector<std::string>{R"({"type":"wait","reached":true,"height":3,"confirmations":0})"}
    );
}

TEST_CASE("Server: replies of one link come in order, others do not wait", "[rpc]") {
    RpcFixture fixture;
    fixture.send("wait height=4 id=1");
    fixture.send("ping id=2");
    fixture.server.on_text(
        fixture.time, {.link = node::LinkId{8}, .text = "ping id=3", .is_loopback = true}
    );
    auto replies = fixture.take_replies();
    REQUIRE(replies.size() == 1);
    CHECK(replies.front().find(R"("id":3)") != std::string::npos);
    fixture.connect({});
    replies = fixture.take_replies();
    REQUIRE(replies.size() == 2);
    CHECK(replies.front().find(R"("id":1)") != std::string::npos);
    CHECK(replies.back().find(R"("id":2)") != std::string::npos);
}

TEST_CASE("Server: too many requests behind a wait are answered busy", "[rpc]") {
    RpcFixture fixture;
    fixture.send("wait height=4");
    for (std::size_t i = 0; i <= requests_waiting_max; ++i)
        fixture.send("ping");
    fixture.connect({});
    const auto replies = fixture.take_replies();
    REQUIRE(replies.size() == requests_waiting_max + 2);
    CHECK(replies[requests_waiting_max] == R"({"type":"ping","pong":true})");
    CHECK(replies.back().find("busy") != std::string::npos);
}

TEST_CASE("Server: a closed link is forgotten with all that it waited for", "[rpc]") {
    RpcFixture fixture;
    fixture.send(fixture.fill_in("mine_block auth=$AUTH"));
    static_cast<void>(fixture.take_replies());
    REQUIRE(fixture.commands.size() == 1);
    fixture.server.on_link_closed(RpcFixture::link);
    const node::CommandReply accepted{tl::in_place, node::Accepted{}};
    fixture.server.on_reply(fixture.time, fixture.commands.front().id, accepted);
    CHECK(fixture.take_replies().empty());
    CHECK(fixture.code_of("ping") == "ping");
}

TEST_CASE("Server: what the node refuses is told with its rule", "[rpc]") {
    RpcFixture fixture;
    fixture.send(fixture.fill_in("push_transaction hex=$HEX id=9"));
    static_cast<void>(fixture.take_replies());
    REQUIRE(fixture.commands.size() == 1);
    const node::CommandError refusal{
        .code = "rejected",
        .message = "The fee is too low.",
        .rule = "fee_too_low",
        .expected = "5",
        .actual = "3"};
    fixture.server.on_reply(fixture.time, fixture.commands.front().id, tl::unexpected{refusal});
    CHECK(
        fixture.take_replies() ==
        std::vector<std::string>{
            R"({"type":"error","code":"rejected","message":"The fee is too low.",)"
            R"("data":{"rule":"fee_too_low","expected":"5","actual":"3"},"id":9})"}
    );
}

TEST_CASE("Server: pushed transactions are under way together and answered in order", "[rpc]") {
    RpcFixture fixture;
    fixture.send(fixture.fill_in("push_transaction hex=$HEX id=1"));
    fixture.send("push_transaction hex=00 id=2");
    fixture.send(fixture.fill_in(R"({"type": "push_transaction", "transaction":$JSON, "id":3})"));
    fixture.send("ping");
    fixture.send(fixture.fill_in("push_transaction hex=$HEX id=4"));
    CHECK(fixture.take_replies().empty());
    // The last one has to wait for the ping, which waits for the others.
    REQUIRE(fixture.commands.size() == 2);
    const auto accepted = [](std::uint8_t number) {
        TxId id;
        id.bytes[0] = number;
        return node::CommandReply{
            tl::in_place, node::PushedTransaction{.id = id, .was_known = false}};
    };
    fixture.server.on_reply(fixture.time, fixture.commands[1].id, accepted(3));
    CHECK(fixture.take_replies().empty());
    fixture.server.on_reply(fixture.time, fixture.commands[0].id, accepted(1));
    auto replies = fixture.take_replies();
    REQUIRE(replies.size() == 4);
    CHECK(replies[0].find(R"("transaction":"01)") != std::string::npos);
    CHECK(replies[0].find(R"("id":1})") != std::string::npos);
    CHECK(replies[1].find(R"("id":2})") != std::string::npos);
    CHECK(replies[2].find(R"("id":3})") != std::string::npos);
    CHECK(replies[3] == R"({"type":"ping","pong":true})");
    REQUIRE(fixture.commands.size() == 3);
    fixture.server.on_reply(fixture.time, fixture.commands[2].id, accepted(4));
    CHECK(fixture.take_replies().size() == 1);
}

TEST_CASE("Server: a transaction's object may tell its id on a known chain", "[rpc][K1]") {
    RpcFixture fixture;
    const ledger::NamedChain home{.name = "home", .id = ChainId{}};
    const auto transaction = test::make_transfer(home.id, {});
    const auto text = R"({"type":"push_transaction","transaction":)" +
                      ledger::to_json(home.id, transaction) + "}";
    fixture.send(text);
    const auto replies = fixture.take_replies();
    REQUIRE(replies.size() == 1);
    CHECK(replies.front().find(R"("field":"transaction.transaction")") != std::string::npos);
    CHECK(fixture.commands.empty());

    fixture.view.node_config.other_chains = {home};
    fixture.send(text);
    CHECK(fixture.take_replies().empty());
    REQUIRE(fixture.commands.size() == 1);
    const auto& push = std::get<node::PushTransaction>(fixture.commands.front().request);
    CHECK(push.transaction == transaction);
}

TEST_CASE("Server: validation goes in steps and never too often at once", "[rpc]") {
    RpcFixture fixture;
    fixture.extend(fixture.chain().tip().hash, 2 * validation_step_blocks);
    fixture.send("validate");
    for (std::uint64_t i = 1; i <= validations_max; ++i)
        fixture.server.on_text(
            fixture.time, {.link = node::LinkId{20 + i}, .text = "validate", .is_loopback = true}
        );
    const auto refused = fixture.take_replies();
    REQUIRE(refused.size() == 1);
    CHECK(refused.front().find("busy") != std::string::npos);
    CHECK(fixture.server.next_wakeup() == fixture.time.steady);
    fixture.pass({});
    fixture.pass({});
    CHECK(fixture.take_replies().empty());
    fixture.pass({});
    const auto replies = fixture.take_replies();
    REQUIRE(replies.size() == validations_max);
    CHECK(replies.front() == R"({"type":"validate","valid":true,"checked":20})");
    // `checked` counts all blocks: behind the tip there would be none whose signatures are looked
    // at.
    const auto tip = std::to_string(fixture.chain().tip().height().value);
    const auto behind = std::to_string(fixture.chain().tip().height().value + 1);
    fixture.send("validate from=" + behind);
    const auto answers = fixture.take_replies();
    REQUIRE(answers.size() == 1);
    CHECK(answers.front().find("a height of at most " + tip) != std::string::npos);
    fixture.send("validate from=" + tip);
    CHECK(fixture.take_replies().empty());
}

TEST_CASE("Server: an error leaves the session usable", "[rpc]") {
    RpcFixture fixture;
    CHECK(fixture.code_of("Valid message") == "unknown_command");
    CHECK(fixture.code_of("{") == "not_json");
    CHECK(fixture.code_of("ping") == "ping");
}

TEST_CASE("Server: a disk that does not give back a block is the node's fault", "[rpc]") {
    RpcFixture fixture;
    fixture.store.bodies.at(fixture.chain().at(Height{1})->hash).pop_back();
    const auto reply = fixture.ask("get_block height=1");
    CHECK(*reply.find("code")->if_text() == "internal");
    CHECK(*reply.find("data")->find("rule")->if_text() == "chain.unreadable");
    CHECK(reply.find("data")->find("hint") != nullptr);
}

TEST_CASE("Server: a reply that no frame holds is refused with its size", "[rpc]") {
    RpcFixture fixture;
    // In JSON each of these characters takes six.
    const std::string stream(64, '\x01');
    const std::string key(256, '\x02');
    std::vector<ledger::Transaction> records;
    for (std::uint64_t nonce = 0; nonce < 3'500; ++nonce) {
        auto record = test::make_transfer(fixture.chain().id(), {.from = 3, .nonce = nonce});
        record.payload = ledger::Record{stream, key, ledger::RecordFormat::bytes, {}};
        ledger::sign_transaction(test::key_number(3), fixture.chain().id(), record);
        records.push_back(std::move(record));
    }
    fixture.connect(std::move(records));
    fixture.send("get_block height=4");
    const auto replies = fixture.take_replies();
    REQUIRE(replies.size() == 1);
    const auto reply = codec::parse_json(replies.front());
    REQUIRE(reply.has_value());
    CHECK(*reply->find("code")->if_text() == "too_large");
    CHECK(*reply->find("data")->find("expected")->if_text() == "at most 7500000 bytes");
    CHECK(*reply->find("data")->find("rule")->if_text() == "rpc.too_large");
}

TEST_CASE("Server: an id is echoed up to its limit", "[rpc]") {
    RpcFixture fixture;
    const auto ask = [&](std::size_t size) {
        return fixture.code_of(R"({"type":"ping","id":")" + std::string(size, 'a') + R"("})");
    };
    CHECK(ask(id_bytes_max - 2) == "ping");
    CHECK(ask(id_bytes_max - 1) == "bad_field");
}

}  // namespace cairn::rpc
