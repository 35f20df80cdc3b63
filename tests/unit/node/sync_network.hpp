/// Block synchronisation between fake nodes: each has a chain, a pool and a `BlockSync`; messages
/// go through their real encoding; jobs run at once or when the test says so.
#pragma once

#include "tests/support/chain_fixture.hpp"

#include "cairn/node/block_sync.hpp"
#include "cairn/node/limits.hpp"
#include "cairn/node/node.hpp"
#include "cairn/sim/delayed_commit.hpp"

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace cairn::node::test {

using cairn::test::BlockPointer;
using cairn::test::ChainFixture;
using cairn::test::instant_spec;

/// The links of a node to its first two peers.
inline constexpr LinkId first{1};
inline constexpr LinkId second{2};

inline std::vector<wire::Decoded> decode_frames(ByteView bytes) {
    wire::FrameDecoder decoder{wire::ready_limits};
    decoder.feed(bytes);
    std::vector<wire::Decoded> messages;
    while (const auto payload = decoder.next()) {
        auto decoded = wire::decode_message(*payload);
        REQUIRE(decoded.has_value());
        messages.push_back(std::move(*decoded));
    }
    return messages;
}

struct SyncNode {
    explicit SyncNode(ledger::ChainSpec spec = instant_spec())
        : fixture{std::move(spec)},
          pool{fixture.chain(), {}, 1},
          sync{fixture.chain(), 1},
          runner{fixture.chain().id(), fixture.spec, *fixture.engine, 1} {
        now.wall = fixture.now();
    }

    Context context() {
        return {now, fixture.chain(), pool, config, peers, outbox, random, chronicle, received};
    }

    void connect(LinkId link) {
        peers[link].link = link;
        auto current = context();
        sync.on_peer_ready(current, peers[link]);
        settle(current);
    }

    void disconnect(LinkId link) {
        peers.erase(link);
        auto current = context();
        sync.on_peer_gone(current, link);
        settle(current);
    }

    /// Hands over one message, as `Node` would.
    void receive(LinkId link, const wire::Message& message, std::uint32_t request = 0) {
        auto current = context();
        const auto& peer = peers.at(link);
        std::visit(
            [&](const auto& body) {
                if constexpr (requires { sync.on_message(current, peer, body, request); })
                    sync.on_message(current, peer, body, request);
            },
            message
        );
        settle(current);
    }

    void wait(Duration time) {
        now.steady = now.steady + time;
        now.wall.value += static_cast<std::uint64_t>(time / milliseconds{1});
        auto current = context();
        sync.on_time(current);
        settle(current);
    }

    /// Takes what the input has led to. Messages go to `sent`, the rest is performed.
    void settle(Context& current) {
        sync.finish(current);
        std::vector<Job> jobs;
        for (auto& output : outbox.take_outputs()) {
            if (const auto* bytes = std::get_if<SendBytes>(&output)) {
                for (auto& message : decode_frames(*bytes->bytes))
                    sent.emplace_back(bytes->link, std::move(message));
                outbox.set_queued_bytes(bytes->link, 0);
            } else if (auto* job = std::get_if<StartJob>(&output)) {
                jobs.push_back(std::move(job->job));
            } else if (std::holds_alternative<CommitStore>(output)) {
                ++commits;
                order += 'c';
                REQUIRE(writer.commit(fixture.chain()).has_value());
            } else if (std::holds_alternative<StartCommit>(output)) {
                ++commits;
                order += 's';
                is_committing = true;
                REQUIRE(writer.start(fixture.chain()).has_value());
            } else if (std::holds_alternative<ChainEvent>(output)) {
                order += 'e';
            }
        }
        for (auto& blame : outbox.take_blames())
            blames.push_back(blame);
        for (const auto& change : sync.take_changes())
            moves += change.connected.size();
        for (auto& job : jobs) {
            auto result = runner.run(std::move(job.work));
            CHECK(sync.on_job(current, job.id, result));
        }
        if (!jobs.empty())
            settle(current);
        if (!has_slow_disk && is_committing)
            finish_commit();
    }

    void finish_commit() {
        is_committing = false;
        REQUIRE(writer.finish(fixture.chain()).has_value());
        auto current = context();
        sync.on_commit_finished(current);
        settle(current);
    }

    /// Takes the messages of type `Body` sent over `link`, with their request numbers.
    template <class Body>
    std::vector<std::pair<Body, std::uint32_t>> take(LinkId link) {
        std::vector<std::pair<Body, std::uint32_t>> taken;
        std::erase_if(sent, [&](const auto& entry) {
            const auto* body = std::get_if<Body>(&entry.second.message);
            if (entry.first != link || body == nullptr)
                return false;
            taken.emplace_back(*body, entry.second.envelope.request);
            return true;
        });
        return taken;
    }

    /// Answers the outstanding request of `link` with the headers of `blocks`.
    void answer_headers(LinkId link, const std::vector<BlockPointer>& blocks) {
        wire::Headers headers;
        for (const auto& block : blocks)
            headers.headers.push_back(block->head());
        const auto asked = take<wire::GetHeaders>(link);
        receive(link, headers, asked.empty() ? 0 : asked.back().second);
    }

    void send_block(LinkId link, const BlockPointer& block) {
        receive(link, wire::BlockMessage{.block = block->bytes()});
    }

    [[nodiscard]] std::size_t blamed(Fault fault) const {
        std::size_t count = 0;
        for (const auto& blame : blames)
            count += blame.second == fault ? 1U : 0U;
        return count;
    }

    [[nodiscard]] std::uint64_t height() const { return fixture.blockchain->tip().height().value; }

    ChainFixture fixture;
    mempool::Mempool pool;
    BlockSync sync;
    JobRunner runner;
    NodeConfig config;
    PeerTable peers;
    Outbox outbox;
    Random random{1};
    Chronicle chronicle;
    MessageCounts received;
    Time now;
    std::vector<std::pair<LinkId, wire::Decoded>> sent;
    std::vector<std::pair<LinkId, Fault>> blames;
    sim::DelayedCommit writer;
    bool is_committing = false;
    /// What is started is written when the test says so.
    bool has_slow_disk = false;
    std::size_t commits = 0;
    /// Of commits: those at once (c), those that were started (s), and moves that were told (e).
    std::string order;
    std::size_t moves = 0;
};

/// Two nodes joined by link 1 of each.
struct SyncPair {
    SyncNode left;
    SyncNode right;
    std::size_t messages = 0;
    std::size_t bodies = 0;

    static constexpr LinkId link{1};

    void connect() {
        left.connect(link);
        right.connect(link);
        run();
    }

    void move(SyncNode& from, SyncNode& to) {
        const auto batch = std::exchange(from.sent, {});
        for (const auto& [id, message] : batch) {
            ++messages;
            bodies += std::holds_alternative<wire::BlockMessage>(message.message) ? 1U : 0U;
            to.receive(id, message.message, message.envelope.request);
        }
    }

    /// Delivers until nobody has anything to say.
    void run() {
        while (!left.sent.empty() || !right.sent.empty()) {
            move(left, right);
            move(right, left);
        }
    }
};

/// `count` blocks on `parent`, built on `maker`, whose chain takes them.
inline std::vector<BlockPointer> build_branch(
    ChainFixture& maker, BlockHash parent, std::size_t count, std::uint64_t miner = 9
) {
    std::vector<BlockPointer> blocks;
    for (std::size_t i = 0; i < count; ++i) {
        blocks.push_back(maker.build(parent, {.transactions = {}, .miner = miner}));
        REQUIRE(maker.chain().submit(blocks.back(), maker.now()).has_value());
        parent = blocks.back()->hash();
    }
    return blocks;
}

}  // namespace cairn::node::test
