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

std::optional<CommandError> Node::Parts::refusal(const Hash256& id) const {
    if (auto refused = transactions.refusal(id.as<TxId>()))
        return refused;
    if (auto refused = blocks.refusal(id.as<BlockHash>()))
        return refused;
    const auto* entry = blockchain.find(id.as<BlockHash>());
    if (entry == nullptr || entry->status != chain::BlockStatus::invalid)
        return std::nullopt;
    CommandError error;
    error.code = "invalid_block";
    error.message =
        "The block, or one below it, was refused before this node was started, or set "
        "aside by its operator.";
    error.rule = "chain.known_invalid";
    error.expected = "a block that keeps the rules, and that nobody has set aside";
    error.actual = "one that this node will not follow";
    error.hint = "The log of that time tells why.";
    error.height = entry->height();
    return error;
}

}  // namespace cairn::node
