// The tips of all branches, with the blocks in which they differ.
#include "src/rpc/chain_reading.hpp"
#include "src/rpc/commands.hpp"
#include "src/rpc/listed_page.hpp"

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

std::string branch_json(
    const chain::Blockchain& chain, const chain::BlockEntry& tip, std::uint64_t count
) {
    const auto fork = fork_of(chain, tip).height();
    codec::JsonWriter json;
    json.begin_object();
    json.write_name("status");
    json.write_text(status_of(tip));
    json(codec::field("height", tip.height()), codec::field("hash", tip.hash));
    json.write_name("work");
    json.write_text(consensus::to_decimal(tip.work));
    json(codec::field("fork", fork));
    json.write_name("blocks");
    json.begin_array();
    const auto length = tip.is_active() ? tip.height().value + 1 : tip.height().value - fork.value;
    for (auto i = std::min(count, length); i > 0; --i)
        json.write_raw(header_json(chain, *chain.ancestor(tip, Height{tip.height().value + 1 - i}))
        );
    json.end_array();
    json.end_object();
    return json.take();
}

}  // namespace

Outcome branches(const Call& call, const BranchesRequest& request) {
    const auto& chain = call.view.chain();
    const auto tips = chain.branch_tips();
    call.reply.write_name("total");
    call.reply.write_number(tips.size());
    const auto list = counted_list(tips.size(), [&](std::size_t index) {
        return branch_json(chain, *tips[index], request.count.value);
    });
    const NumberedPageRequest page{
        .count = {branches_max}, .from = request.from, .before = request.before};
    return write_listed(call, page, "branches", list);
}

}  // namespace cairn::rpc
