/// A chain, a pool and scripted peers around one sub-machine of a node: what it sends is decoded,
/// and its jobs are run when the test says so.
#pragma once

#include "tests/support/chain_fixture.hpp"

#include "cairn/node/context.hpp"
#include "cairn/node/job.hpp"
#include "cairn/node/node.hpp"
#include "cairn/wire/messages.hpp"

#include <deque>
#include <map>
#include <utility>
#include <vector>

namespace cairn::test {

using node::CommandId;
using node::LinkId;

struct RelayFixture : ChainFixture {
    explicit RelayFixture(
        ledger::ChainSpec chain_spec = instant_spec(), mempool::MempoolLimits limits = {}
    )
        : ChainFixture{std::move(chain_spec)},
          pool{chain(), limits, 5},
          runner{chain().id(), spec, *engine, 6} {
        time = {.steady = Instant{std::chrono::seconds{1000}}, .wall = ChainFixture::now()};
        config.coinbase = account_number(9);
    }

    /// The context of one input.
    node::Context context() {
        return {time, chain(), pool, config, peers, outbox, random, chronicle, received};
    }

    void pass(Duration duration) {
        time.steady = time.steady + duration;
        time.wall.value += static_cast<std::uint64_t>(duration.count() / 1000);
    }

    const node::Peer& add_peer(std::uint64_t link, node::Direction direction) {
        node::Peer peer;
        peer.link = LinkId{link};
        peer.direction = direction;
        return peers.insert_or_assign(peer.link, peer).first->second;
    }

    /// Takes the outputs and sorts them into the members below.
    void collect() {
        for (auto& output : outbox.take_outputs()) {
            if (auto* send = std::get_if<node::SendBytes>(&output)) {
                const auto payload = ByteView{*send->bytes}.subspan(wire::frame_header_bytes);
                sent[send->link].push_back(wire::decode_message(payload).value().message);
            } else if (auto* start = std::get_if<node::StartJob>(&output)) {
                jobs.push_back(std::move(start->job));
            } else if (auto* reply = std::get_if<node::Reply>(&output)) {
                trace.push_back('r');
                replies.push_back(std::move(*reply));
            } else if (std::holds_alternative<node::CommitStore>(output)) {
                trace.push_back('c');
            } else if (auto* line = std::get_if<node::LogEvent>(&output)) {
                logs.push_back(std::move(*line));
            }
        }
        for (const auto& blame : outbox.take_blames())
            blames.push_back(blame);
    }

    /// The messages of type `Message` that went to `link` since the last call; others are dropped.
    template <class Message>
    std::vector<Message> take_sent(std::uint64_t link) {
        collect();
        std::vector<Message> result;
        for (auto& message : std::exchange(sent[LinkId{link}], {}))
            if (auto* wanted = std::get_if<Message>(&message))
                result.push_back(std::move(*wanted));
        return result;
    }

    /// The lines of the log that say `message`.
    [[nodiscard]] std::vector<node::LogEvent> logged(std::string_view message) const {
        std::vector<node::LogEvent> found;
        for (const auto& line : logs)
            if (line.message == message)
                found.push_back(line);
        return found;
    }

    mempool::Mempool pool;
    node::JobRunner runner;
    node::NodeConfig config;
    node::PeerTable peers;
    node::Outbox outbox;
    Random random{11};
    node::Chronicle chronicle;
    node::MessageCounts received;
    Time time;

    std::map<LinkId, std::vector<wire::Message>> sent;
    std::deque<node::Job> jobs;
    std::vector<node::Reply> replies;
    std::vector<node::LogEvent> logs;
    std::vector<std::pair<LinkId, node::Fault>> blames;
    /// The order of commits (`c`) and replies (`r`).
    std::string trace;
};

}  // namespace cairn::test
