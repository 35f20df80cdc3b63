#include "cairn/metrics/validation_times.hpp"

#include <utility>

namespace cairn::metrics {

MeasuredNode::MeasuredNode(
    node::Machine& inner, const node::NodeView& view, ValidationTimes& times, Clock clock
)
    : inner_{inner}, view_{view}, times_{times}, clock_{std::move(clock)} {}

void MeasuredNode::handle(Time now, node::Input input) {
    const auto connected = view_.chain_counts().connected();
    const auto began = clock_();
    inner_.handle(now, std::move(input));
    const auto blocks = view_.chain_counts().connected() - connected;
    if (blocks == 0)
        return;
    const auto elapsed = static_cast<std::uint64_t>((clock_() - began).count());
    times_.connect.add(elapsed / blocks, blocks);
}

}  // namespace cairn::metrics
