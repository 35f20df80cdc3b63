// The tips of all branches, with the blocks in which they differ.
#include "src/rpc/chain_reading.hpp"
#include "src/rpc/commands.hpp"

#include "cairn/consensus/target.hpp"

#include <algorithm>

namespace cairn::rpc {

namespace {

std::string_view status_of(const chain::BlockEntry& tip) {
    switch (tip.status) {
        case chain::BlockStatus::active:
            return "active";
        case chain::BlockStatus::stored:
            return "stored";
        case chain::BlockStatus::header_only:
            return "header_only";
        case chain::BlockStatus::invalid:
            break;
    }
    return "invalid";
}

/// The highest active ancestor of `tip`, itself included.
const chain::BlockEntry& fork_of(const chain::Blockchain& chain, const chain::BlockEntry& tip) {
    const auto* entry = &tip;
    while (!entry->is_active())
        entry = chain.find(entry->head.header.previous);
    return *entry;
}

void write_branch(
    codec::JsonWriter& reply,
    const chain::Blockchain& chain,
    const chain::BlockEntry& tip,
    std::uint64_t count
) {
    const auto fork = fork_of(chain, tip).height();
    reply.begin_object();
    reply.write_name("status");
    reply.write_text(status_of(tip));
    reply(codec::field("height", tip.height()), codec::field("hash", tip.hash));
    reply.write_name("work");
    reply.write_text(consensus::to_decimal(tip.work));
    reply(codec::field("fork", fork));
    reply.write_name("blocks");
    reply.begin_array();
    const auto length = tip.is_active() ? tip.height().value + 1 : tip.height().value - fork.value;
    for (auto i = std::min(count, length); i > 0; --i)
        reply.write_raw(header_json(chain, *chain.ancestor(tip, Height{tip.height().value + 1 - i}))
        );
    reply.end_array();
    reply.end_object();
}

}  // namespace

Outcome branches(const Call& call, const BranchesRequest& request) {
    const auto& chain = call.view.chain();
    const auto tips = chain.branch_tips();
    auto& reply = call.reply;
    reply.write_name("total");
    reply.write_number(tips.size());
    reply.write_name("branches");
    reply.begin_array();
    for (std::size_t i = 0; i < std::min(tips.size(), branches_max); ++i)
        write_branch(reply, chain, *tips[i], request.count.value);
    reply.end_array();
    return Done{};
}

}  // namespace cairn::rpc
