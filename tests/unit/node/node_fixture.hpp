/// Whole nodes without sockets: a host drives one `Node`, plays strangers to it, and a `Network`
/// carries bytes between hosts.
#pragma once

#include "tests/support/chain_fixture.hpp"

#include "cairn/node/limits.hpp"
#include "cairn/node/node.hpp"
#include "cairn/wire/messages.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>
#include <vector>

namespace cairn::node::test {

using cairn::test::ChainFixture;
using cairn::test::instant_spec;

/// A node, and all that it has asked for.
struct Host {
    explicit Host(
        std::uint64_t seed, NodeConfig config = {}, ledger::ChainSpec spec = instant_spec()
    )
        : fixture{std::move(spec)},
          pool{fixture.chain(), {}, 1},
          node{with_coinbase(std::move(config)), fixture.chain(), pool, Random{seed}},
          runner{fixture.chain().id(), fixture.spec, *fixture.engine, 1} {
        now.wall = fixture.now();
    }

    /// Somebody must earn what the tests mine.
    static NodeConfig with_coinbase(NodeConfig config) {
        config.coinbase = cairn::test::account_number(9);
        return config;
    }

    void handle(Input input) {
        node.handle(now, std::move(input));
        for (auto& output : node.take_outputs())
            perform(output);
        if (std::exchange(is_committing, false))
            handle(CommitFinished{});
    }

    void perform(Output& output) {
        std::visit(
            overloaded{
                [&](SendBytes& sent) {
                    auto& bytes = sent_bytes[sent.link];
                    bytes.insert(bytes.end(), sent.bytes->begin(), sent.bytes->end());
                },
                [&](CloseLink& close) {
                    closed.push_back(close.link);
                    if (close.ending == Ending::at_once)
                        cut_off.push_back(close.link);
                },
                [&](Dial& dial) { dials.push_back(dial.endpoint); },
                [&](ResolveName& resolve) { names.push_back(resolve.name); },
                [&](StartJob& start) { jobs.push_back(std::move(start.job)); },
                [&](TextRequest& request) { requests.push_back(std::move(request)); },
                [&](Reply& reply) { replies.push_back(std::move(reply)); },
                [&](CommitStore&) { CHECK(fixture.chain().commit().has_value()); },
                [&](StartCommit&) {
                    CHECK(fixture.chain().commit().has_value());
                    is_committing = true;
                },
                [&](Stopped&) { is_stopped = true; },
                [&](ChainEvent&) {},
                [&](PoolEvent& event) { pool_events.push_back(event.transaction->id()); },
                [&](PeerEvent& event) { peer_events.push_back(std::move(event)); },
                [&](LogEvent& event) {
                    ++log_lines;
                    warnings += event.level == LogEvent::Level::warning ? 1 : 0;
                    for (const auto& [name, value] : event.fields)
                        if (name == "reason")
                            reasons.push_back(value);
                },
                [&](SavePeers& save) { saved_peers = *save.peers; },
            },
            output
        );
        while (!jobs.empty()) {
            Job job = std::move(jobs.front());
            jobs.pop_front();
            const auto id = job.id;
            handle(JobFinished{id, runner.run(std::move(job.work))});
        }
    }

    /// Lets time pass in the steps that the node asks for.
    void wait(Duration time) {
        const Instant end = now.steady + time;
        for (auto next = node.next_wakeup(); next && *next <= end; next = node.next_wakeup()) {
            advance(std::max(*next, now.steady));
            handle(TimerFired{});
        }
        advance(end);
    }

    void advance(Instant to) {
        now.wall.value += static_cast<std::uint64_t>((to - now.steady) / milliseconds{1});
        now.steady = to;
    }

    LinkId open(Direction direction, bool is_loopback = false, std::string host = "10.0.0.9") {
        const LinkId link{++links};
        handle(LinkOpened{link, direction, Endpoint{std::move(host), 5001}, is_loopback});
        return link;
    }

    void receive(LinkId link, Bytes bytes) { handle(BytesReceived{link, std::move(bytes)}); }

    void receive(LinkId link, const wire::Message& message, wire::Route route = {}) {
        receive(link, wire::encode_message(message, route));
    }

    void receive_text(LinkId link, std::string_view text) {
        receive(link, wire::make_frame(as_bytes(text)));
    }

    /// Payloads sent to a link since the last call.
    std::vector<Bytes> take_payloads(LinkId link) {
        wire::FrameDecoder decoder{wire::ready_limits};
        decoder.feed(std::exchange(sent_bytes[link], {}));
        std::vector<Bytes> payloads;
        while (const auto payload = decoder.next())
            payloads.push_back(to_bytes(*payload));
        return payloads;
    }

    std::vector<wire::Message> take_messages(LinkId link) {
        std::vector<wire::Message> messages;
        for (const auto& payload : take_payloads(link)) {
            auto decoded = wire::decode_message(payload);
            REQUIRE(decoded.has_value());
            messages.push_back(std::move(decoded->message));
        }
        return messages;
    }

    [[nodiscard]] bool is_closed(LinkId link) const {
        return std::find(closed.begin(), closed.end(), link) != closed.end();
    }

    /// A `hello` that suits this node, from a node whose nonce is `nonce`.
    [[nodiscard]] wire::Hello make_hello(std::uint64_t nonce = 77) {
        wire::Hello hello;
        hello.nonce = nonce;
        hello.user_agent = "test";
        hello.chains.push_back({.genesis = fixture.chain().id(), .alias = 3});
        return hello;
    }

    [[nodiscard]] wire::HelloAck make_ack() {
        wire::HelloAck ack;
        ack.aliases.push_back({.genesis = fixture.chain().id(), .alias = 1});
        return ack;
    }

    /// An inbound link whose handshake a stranger has completed.
    LinkId make_ready(bool is_loopback = false, std::uint64_t nonce = 77) {
        const LinkId link = open(Direction::inbound, is_loopback);
        receive(link, make_hello(nonce));
        receive(link, make_ack());
        return link;
    }

    ChainFixture fixture;
    mempool::Mempool pool;
    Node node;
    JobRunner runner;
    Time now{Instant{seconds{100}}, {}};
    std::uint64_t links = 0;
    std::map<LinkId, Bytes> sent_bytes;
    std::vector<LinkId> closed;
    /// Of those, the ones that were not let finish.
    std::vector<LinkId> cut_off;
    std::vector<PeerEvent> peer_events;
    std::vector<TxId> pool_events;
    std::vector<Endpoint> dials;
    std::vector<Endpoint> names;
    std::deque<Job> jobs;
    std::vector<TextRequest> requests;
    std::vector<Reply> replies;
    std::size_t log_lines = 0;
    std::size_t warnings = 0;
    /// Why links were refused, as the log says it.
    std::vector<std::string> reasons;
    std::optional<SavedPeers> saved_peers;
    bool is_stopped = false;
    /// A commit has been started that the node believes to go on.
    bool is_committing = false;
};

/// `bytes` with one byte changed: `value` at `offset` behind the first place where `pattern`
/// stands. For messages that our own encoder refuses to write.
[[nodiscard]] inline Bytes patched(
    Bytes bytes, ByteView pattern, std::size_t offset, std::uint8_t value
) {
    const auto found = std::search(bytes.begin(), bytes.end(), pattern.begin(), pattern.end());
    REQUIRE(found != bytes.end());
    *(found + static_cast<std::ptrdiff_t>(offset)) = value;
    return bytes;
}

template <class T>
[[nodiscard]] const T* find_message(const std::vector<wire::Message>& messages) {
    for (const auto& message : messages) {
        if (const auto* found = std::get_if<T>(&message))
            return found;
    }
    return nullptr;
}

/// Hosts that reach each other at 10.0.0.<place>:5001; dials and bytes take no time but each step
/// of `run` carries one thing, in order.
struct Network {
    struct End {
        std::size_t host = 0;
        LinkId link;

        friend auto operator<=>(const End&, const End&) = default;
    };

    Host& add(std::uint64_t seed, std::vector<Endpoint> bootstrap) {
        NodeConfig config;
        config.listen_port = 5001;
        config.bootstrap = std::move(bootstrap);
        hosts.push_back(std::make_unique<Host>(seed, config));
        return *hosts.back();
    }

    [[nodiscard]] static Endpoint endpoint(std::size_t place) {
        return {"10.0.0." + std::to_string(place), 5001};
    }

    /// Opens what was dialled and carries bytes until nothing moves.
    void run() {
        for (bool moved = true; moved;) {
            moved = false;
            // All dials first, so that crossing ones do cross.
            for (std::size_t i = 0; i < hosts.size(); ++i) {
                for (const auto& target : std::exchange(hosts[i]->dials, {}))
                    moved = connect(i, target) || moved;
            }
            for (const auto& [from, to] : std::map{pairs}) {
                Bytes bytes = std::exchange(hosts[from.host]->sent_bytes[from.link], {});
                if (bytes.empty())
                    continue;
                moved = true;
                hosts[from.host]->handle(BytesSent{from.link, 0});
                hosts[to.host]->receive(to.link, std::move(bytes));
            }
            for (std::size_t i = 0; i < hosts.size(); ++i) {
                for (const LinkId link : std::exchange(hosts[i]->closed, {}))
                    moved = disconnect({i, link}) || moved;
            }
        }
    }

    bool connect(std::size_t from, const Endpoint& target) {
        for (std::size_t to = 0; to < hosts.size(); ++to) {
            const auto other_name = other_names.find(target);
            const bool is_here = endpoint(to) == target ||
                                 (other_name != other_names.end() && other_name->second == to);
            if (!is_here)
                continue;
            const End dialler{from, LinkId{++hosts[from]->links}};
            const End listener{to, LinkId{++hosts[to]->links}};
            pairs[dialler] = listener;
            pairs[listener] = dialler;
            ++opened;
            hosts[from]->handle(LinkOpened{dialler.link, Direction::outbound, target, false});
            // Who dials an address of its own comes from there.
            const std::string source = from == to ? target.host : endpoint(from).host;
            hosts[to]->handle(LinkOpened{listener.link, Direction::inbound, {source, 40'000}, false}
            );
            return true;
        }
        hosts[from]->handle(DialFailed{target});
        return true;
    }

    bool disconnect(const End& end) {
        const auto found = pairs.find(end);
        if (found == pairs.end())
            return false;
        const End other = found->second;
        // What was sent before the closing arrives.
        Bytes bytes = std::exchange(hosts[end.host]->sent_bytes[end.link], {});
        pairs.erase(end);
        pairs.erase(other);
        hosts[other.host]->receive(other.link, std::move(bytes));
        hosts[other.host]->handle(LinkClosed{other.link});
        hosts[end.host]->handle(LinkClosed{end.link});
        return true;
    }

    /// Lets all hosts live for `time`, a second at a time.
    void wait(seconds time) {
        for (seconds passed{0}; passed < time; ++passed) {
            for (auto& host : hosts)
                host->wait(seconds{1});
            run();
        }
    }

    std::vector<std::unique_ptr<Host>> hosts;
    /// More endpoints under which a host is reached.
    std::map<Endpoint, std::size_t> other_names;
    std::map<End, End> pairs;
    std::size_t opened = 0;
};

}  // namespace cairn::node::test
