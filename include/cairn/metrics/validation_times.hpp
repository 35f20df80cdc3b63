/// How long blocks take to be validated: the one thing that the core, which has no clock, cannot
/// count by itself.
#pragma once

#include "cairn/base/histogram.hpp"
#include "cairn/base/time.hpp"
#include "cairn/node/machine.hpp"
#include "cairn/node/view.hpp"

#include <array>
#include <cstdint>
#include <functional>

namespace cairn::metrics {

/// Microseconds: from an empty block to one full of signatures on a slow machine.
inline constexpr std::array<std::uint64_t, 12> validation_bounds_us{
    100, 250, 500, 1'000, 2'500, 5'000, 10'000, 25'000, 50'000, 100'000, 250'000, 1'000'000};

using ValidationHistogram = Histogram<validation_bounds_us.size()>;

/// Microseconds of the two stages of validation.
struct ValidationTimes {
    /// A worker's run over one body: decoding, seal, roots, signatures. Small blocks are checked
    /// where they are connected, and stand there alone.
    ValidationHistogram check{validation_bounds_us};
    /// The node's handling of the input that connected blocks, in equal parts for each of them:
    /// header rules, execution, state root, and what follows from a new tip.
    ValidationHistogram connect{validation_bounds_us};
};

/// A node as its driver sees it, with a watch beside it: each input that connects blocks is timed.
class MeasuredNode final : public node::Machine {
  public:
    using Clock = std::function<Instant()>;

    /// `inner`, whose face `view` is, and `times` must outlive it. `clock` never goes back.
    MeasuredNode(
        node::Machine& inner, const node::NodeView& view, ValidationTimes& times, Clock clock
    );

    void handle(Time now, node::Input input) override;

    [[nodiscard]] std::vector<node::Output> take_outputs() override {
        return inner_.take_outputs();
    }

    [[nodiscard]] std::optional<Instant> next_wakeup() const override {
        return inner_.next_wakeup();
    }

  private:
    node::Machine& inner_;
    const node::NodeView& view_;
    ValidationTimes& times_;
    Clock clock_;
};

}  // namespace cairn::metrics
