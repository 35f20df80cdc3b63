#include "src/node/node_parts.hpp"

namespace cairn::node {

std::vector<PeerSummary> Node::Parts::peers() const {
    auto result = links.summaries(outbox, time.steady);
    for (auto& summary : result)
        summary.height = blocks.known_height(summary.link);
    return result;
}

std::vector<Endpoint> Node::Parts::known_nodes() const {
    return addresses.reached(time.steady);
}

std::vector<QueueSummary> Node::Parts::queues() const {
    auto all = blocks.queues();
    for (const auto& part : {transactions.queues(), links.queues(outbox)})
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

RuleCounts Node::Parts::refused() const {
    auto counts = transactions.refused();
    for (const auto& [rule, count] : blocks.refused())
        counts[rule] += count;
    return counts;
}

std::optional<CommandError> Node::Parts::refusal(const Hash256& id) const {
    if (auto refused = transactions.refusal(id.as<TxId>()))
        return refused;
    return blocks.refusal(blockchain, id.as<BlockHash>());
}

}  // namespace cairn::node
