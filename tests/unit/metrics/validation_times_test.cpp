// The watch beside a node: which inputs it times.
#include "cairn/metrics/validation_times.hpp"

#include "tests/unit/rpc/rpc_fixture.hpp"

#include <catch2/catch.hpp>

namespace cairn::metrics {

namespace {

/// Takes 600 microseconds for each input, and connects as many blocks as it has been given.
struct SlowMachine final : node::Machine {
    SlowMachine(rpc::RpcFixture& its_fixture, Instant& its_clock)
        : fixture{its_fixture}, clock{its_clock} {}

    void handle(Time, node::Input) override {
        clock = clock + Duration{600};
        for (std::size_t i = 0; i < blocks; ++i) {
            const auto block = fixture.build(fixture.chain().tip().hash);
            const auto change = fixture.chain().submit(block, fixture.now());
            REQUIRE(change.has_value());
            fixture.view.chain_told.on_chain_change(fixture.chain(), *change);
        }
    }

    std::vector<node::Output> take_outputs() override { return {}; }

    std::optional<Instant> next_wakeup() const override { return Instant{Duration{7}}; }

    rpc::RpcFixture& fixture;
    Instant& clock;
    std::size_t blocks = 0;
};

}  // namespace

TEST_CASE_METHOD(
    rpc::RpcFixture, "MeasuredNode: an input that connects blocks is shared by them", "[metrics]"
) {
    ValidationTimes times;
    Instant clock;
    SlowMachine slow{*this, clock};
    MeasuredNode measured{slow, view, times, [&clock] { return clock; }};
    measured.handle({}, node::TimerFired{});
    CHECK(times.connect.count() == 0);
    slow.blocks = 1;
    measured.handle({}, node::TimerFired{});
    CHECK(times.connect.count() == 1);
    CHECK(times.connect.sum() == 600);
    slow.blocks = 3;
    measured.handle({}, node::TimerFired{});
    CHECK(times.connect.count() == 4);
    CHECK(times.connect.sum() == 1200);
    CHECK(times.check.count() == 0);
    CHECK(measured.next_wakeup() == Instant{Duration{7}});
    CHECK(measured.take_outputs().empty());
}

}  // namespace cairn::metrics
