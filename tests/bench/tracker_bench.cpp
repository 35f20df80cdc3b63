/// How long a full tracker takes to answer.
#include "cairn/tracker/tracker.hpp"

#include <benchmark/benchmark.h>

#include <string>

namespace {

using namespace cairn;

node::Endpoint address(std::size_t i) {
    return {
        "198." + std::to_string(i / 65536) + "." + std::to_string(i / 256 % 256) + "." +
            std::to_string(i % 256),
        5001};
}

/// A tracker whose list is full; the clock stands still.
void fill(tracker::Tracker& tracker) {
    std::uint64_t links = 0;
    for (std::size_t i = 0; i < tracker::entries_max; ++i) {
        const node::LinkId asker{++links};
        const node::LinkId back{++links};
        wire::RegisterNode message;
        message.port = 5001;
        message.chains = {ChainId{}};
        message.nonce = i;
        const Time now{Instant{}, UnixMillis{1}};
        tracker.handle(now, node::LinkOpened{asker, node::Direction::inbound, address(i), false});
        tracker.handle(now, node::BytesReceived{asker, wire::encode_message(message)});
        tracker.handle(now, node::LinkOpened{back, node::Direction::outbound, address(i), false});
        tracker.handle(now, node::BytesReceived{back, wire::encode_message(wire::Registration{i})});
        static_cast<void>(tracker.take_outputs());
    }
}

void answer_nodes(benchmark::State& state, const Bytes& question) {
    tracker::Tracker tracker{{.version = "bench"}, Random{1}};
    fill(tracker);
    const node::LinkId link{1'000'000};
    const Time now{Instant{}, UnixMillis{1}};
    tracker.handle(
        now, node::LinkOpened{link, node::Direction::inbound, {"127.0.0.1", 40'000}, true}
    );
    for (auto _ : state) {
        tracker.handle(now, node::BytesReceived{link, question});
        tracker.handle(now, node::BytesSent{link, 0});
        benchmark::DoNotOptimize(tracker.take_outputs());
    }
    state.counters["entries"] = static_cast<double>(tracker.registry().size());
}

void text_nodes(benchmark::State& state) {
    answer_nodes(state, wire::make_frame(as_bytes("nodes")));
}

BENCHMARK(text_nodes)->Unit(benchmark::kMicrosecond);

void heartbeat(benchmark::State& state) {
    tracker::Tracker tracker{{.version = "bench"}, Random{1}};
    fill(tracker);
    const Time now{Instant{}, UnixMillis{1}};
    for (auto _ : state) {
        tracker.handle(now, node::TimerFired{});
        benchmark::DoNotOptimize(tracker.next_wakeup());
    }
}

BENCHMARK(heartbeat)->Unit(benchmark::kMicrosecond);

}  // namespace
