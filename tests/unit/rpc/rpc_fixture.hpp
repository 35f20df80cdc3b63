/// A server over a small real chain and pool, with a view that a test can shape.
#pragma once

#include "tests/support/chain_fixture.hpp"

#include "cairn/codec/json.hpp"
#include "cairn/node/node.hpp"
#include "cairn/rpc/limits.hpp"
#include "cairn/rpc/server.hpp"
#include "cairn/wire/messages.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

namespace cairn::rpc {

class FakeView final : public node::NodeView {
  public:
    FakeView(const chain::Blockchain& chain, const mempool::Mempool& pool)
        : chain_{chain}, pool_{pool} {}

    [[nodiscard]] const chain::Blockchain& chain() const override { return chain_; }

    [[nodiscard]] const mempool::Mempool& pool() const override { return pool_; }

    [[nodiscard]] std::vector<node::PeerSummary> peers() const override { return peer_list; }

    [[nodiscard]] std::vector<node::Endpoint> known_nodes() const override { return node_list; }

    [[nodiscard]] bool is_syncing() const override { return false; }

    [[nodiscard]] bool is_catching_up() const override { return false; }

    [[nodiscard]] node::MiningSummary mining() const override {
        return {.is_mining = true, .hashrate = 1234, .blocks_found = 2};
    }

    [[nodiscard]] std::vector<node::QueueSummary> queues() const override { return {}; }

    [[nodiscard]] const node::NodeConfig& config() const override { return node_config; }

    [[nodiscard]] Time now() const override { return {}; }

    [[nodiscard]] Instant started_at() const override { return {}; }

    [[nodiscard]] std::optional<node::CommandError> refusal(const Hash256& id) const override {
        const auto place = refusals.find(id);
        return place == refusals.end() ? std::nullopt : std::optional{place->second};
    }

    [[nodiscard]] const node::Chronicle& chronicle() const override { return told; }

    [[nodiscard]] const node::MessageCounts& received() const override { return came; }

    [[nodiscard]] const node::MessageCounts& sent() const override { return went; }

    [[nodiscard]] const node::ChainCounts& chain_counts() const override { return chain_told; }

    [[nodiscard]] node::RuleCounts refused() const override { return refused_counts; }

    node::NodeConfig node_config;
    node::Chronicle told;
    node::MessageCounts came;
    node::MessageCounts went;
    node::ChainCounts chain_told;
    node::RuleCounts refused_counts;
    std::vector<node::PeerSummary> peer_list;
    std::vector<node::Endpoint> node_list{{"127.0.0.1", 5001}, {"::1", 5002}};
    std::map<Hash256, node::CommandError> refusals;

  private:
    const chain::Blockchain& chain_;
    const mempool::Mempool& pool_;
};

/// Three blocks above genesis: the first pays 100 from account 0 to 1, the last holds a record of
/// account 1. A second payment of account 0 waits.
struct RpcFixture : test::ChainFixture {
    static constexpr node::LinkId link{7};
    static constexpr const char* cookie = "00112233445566778899aabbccddeeff";

    RpcFixture() : pool{chain(), {}, 5}, view{chain(), pool}, server{make_config(), view, 3} {
        view.node_config.listen_port = 5001;
        view.came.add_frames(wire::encode_message(wire::Ping{}));
        view.went.add_frames(wire::encode_message(wire::Pong{}));
        view.went.add_frames(wire::encode_message(wire::GetAddresses{}));
        paid = test::make_transfer(chain().id(), {.amount = 100, .fee = 2});
        waiting = test::make_transfer(chain().id(), {.amount = 30, .fee = 3, .nonce = 1});
        connect({paid});
        connect({});
        connect({test::make_transfer(chain().id(), {.from = 1, .to = 2, .amount = 7})});
        execution::TransactionChecker checker{chain().id(), spec, 1};
        auto checked = checker.check(waiting);
        REQUIRE(checked.has_value());
        const auto added = pool.add(
            std::make_shared<const execution::CheckedTransaction>(std::move(*checked)), time
        );
        REQUIRE(added.has_value());
        view.peer_list.push_back({
            .link = node::LinkId{3},
            .address = {"10.0.0.2", 5001},
            .direction = node::Direction::outbound,
            .user_agent = "cairn/0.1.0",
            .version = 1,
            .height = Height{3},
            .latency = milliseconds{12},
            .bytes_received = 100,
            .bytes_sent = 200,
        });
    }

    static ServerConfig make_config() { return {.cookie = cookie, .version = "0.1.0"}; }

    void connect(std::vector<ledger::Transaction> transactions) {
        const auto block = build(chain().tip().hash, {.transactions = std::move(transactions)});
        const auto change = chain().submit(block, now());
        REQUIRE(change.has_value());
        REQUIRE(chain().commit().has_value());
        pool.on_chain_change(*change, time);
        server.on_chain_event(time);
    }

    /// Adds so many blocks, each with a record in the stream `long` whose body is as long as may
    /// be.
    void connect_long_records(std::uint64_t count) {
        const std::string body = '"' + std::string(ledger::body_bytes_max - 2, 'a') + '"';
        for (std::uint64_t i = 0; i < count; ++i) {
            ledger::Transaction transaction;
            transaction.nonce = Nonce{i};
            transaction.fee = Amount{1};
            transaction.payload =
                ledger::Record{.stream = "long", .key = "", .format = {}, .body = to_bytes(body)};
            ledger::sign_transaction(test::key_number(2), chain().id(), transaction);
            connect({transaction});
        }
    }

    /// Sends `text` on the link without looking for an answer.
    void send(std::string_view text, bool from_loopback = true) {
        server.on_text(
            time, {.link = link, .text = std::string{text}, .is_loopback = from_loopback}
        );
    }

    /// Replies since the last call; commands for the node are kept in `commands`.
    std::vector<std::string> take_replies() {
        std::vector<std::string> replies;
        for (auto& action : server.take_actions()) {
            if (auto* reply = std::get_if<SendText>(&action))
                replies.push_back(std::move(reply->text));
            else
                commands.push_back(std::get<RunCommand>(std::move(action)));
        }
        return replies;
    }

    /// The one reply to `text`, parsed.
    codec::Json ask(std::string_view text, bool from_loopback = true) {
        send(text, from_loopback);
        const auto replies = take_replies();
        REQUIRE(replies.size() == 1);
        const auto document = codec::parse_json(
            replies.front(), {.bytes = std::size_t{1} << 24U, .depth = 32, .values = 1'000'000}
        );
        REQUIRE(document.has_value());
        return *document;
    }

    /// The error code of the reply to `text`, or the reply's type when it is no error.
    std::string code_of(std::string_view text, bool from_loopback = true) {
        const auto reply = ask(text, from_loopback);
        const auto* code = reply.find("code");
        return *(*reply.find("type")->if_text() == "error" ? code : reply.find("type"))->if_text();
    }

    /// `text` with names such as $TIP replaced by what they stand for.
    [[nodiscard]] std::string fill_in(std::string text) const {
        const std::map<std::string, std::string> names{
            {"$TIP", to_hex(blockchain->tip().hash)},
            {"$CHAIN", to_hex(blockchain->id())},
            {"$PAID", to_hex(ledger::transaction_id(blockchain->id(), paid))},
            {"$WAITING", to_hex(ledger::transaction_id(blockchain->id(), waiting))},
            {"$ADDRESS0", ledger::to_address(test::account_number(0), spec.prefix)},
            {"$ADDRESS1", ledger::to_address(test::account_number(1), spec.prefix)},
            {"$JSON", ledger::to_json(blockchain->id(), waiting)},
            {"$HEX", to_hex(codec::encode(waiting))},
            {"$AUTH", cookie},
        };
        for (const auto& [name, value] : names)
            for (auto place = text.find(name); place != std::string::npos; place = text.find(name))
                text.replace(place, name.size(), value);
        return text;
    }

    void pass(Duration span) {
        time.steady = time.steady + span;
        server.on_time(time);
    }

    Time time{.steady = Instant{seconds{5}}, .wall = UnixMillis{1'700'000'100'000}};
    mempool::Mempool pool;
    FakeView view;
    Server server;
    std::vector<RunCommand> commands;
    ledger::Transaction paid;
    ledger::Transaction waiting;
};

}  // namespace cairn::rpc
