#include "cairn/sim/invariants.hpp"

#include "cairn/chain/validation.hpp"
#include "cairn/state/view.hpp"

namespace cairn::sim {

std::optional<std::string> check_supply(const chain::Blockchain& chain) {
    std::uint64_t held = 0;
    chain.state().for_each([&](ByteView key, ByteView value) {
        if (key.empty() || key.front() != state::account_key_prefix)
            return;
        const auto account = codec::decode<state::AccountState>(value);
        held += account ? account->balance.value : 0;
    });
    std::uint64_t issued = 0;
    for (const auto& balance : chain.spec().balances)
        issued += balance.amount.value;
    for (Height height{1}; height <= chain.tip().height(); height = height.next())
        issued += ledger::subsidy_at(chain.spec().rewards, height).value;
    if (held == issued)
        return std::nullopt;
    return "supply: accounts hold " + std::to_string(held) + ", issued were " +
           std::to_string(issued);
}

std::optional<std::string> check_disjoint(const node::NodeView& view) {
    const auto& chain = view.chain();
    const auto body = chain.read_body(chain.tip().hash);
    if (!body || !*body)
        return "disjoint: the tip's body cannot be read";
    const auto block = ledger::decode_block(chain.id(), **body);
    if (!block)
        return "disjoint: the tip's body is not a block";
    for (const auto& id : block->ids)
        if (view.pool().contains(id))
            return "disjoint: " + to_hex(id) + " is mined and still waits";
    return std::nullopt;
}

std::optional<std::string> check_heaviest(const chain::Blockchain& chain) {
    for (const auto* tip : chain.branch_tips())
        if (tip->status == chain::BlockStatus::stored && tip->work > chain.tip().work)
            return "heaviest: " + to_hex(tip->hash) + " has more work than the tip";
    return std::nullopt;
}

std::optional<std::string> check_bounds(const node::NodeView& view) {
    for (const auto& queue : view.queues())
        if (queue.size > queue.size_max)
            return "bounds: " + std::string{queue.name} + " holds " + std::to_string(queue.size) +
                   ", at most " + std::to_string(queue.size_max);
    return std::nullopt;
}

namespace {

/// What `store` must hold as the index of each block of `chain`, made from the bodies anew.
std::optional<std::string> check_indexes(const chain::Blockchain& chain, const MemoryStore& store) {
    if (store.indexes.size() != chain.tip().height().value + 1)
        return "disk: there are indexes of " + std::to_string(store.indexes.size()) + " blocks";
    for (const auto& [height, index] : store.indexes) {
        const auto body = chain.read_body(chain.at(height)->hash);
        if (!body || !*body)
            return "disk: the body at " + std::to_string(height.value) + " cannot be read";
        const auto block = ledger::decode_block(chain.id(), **body);
        if (!block || chain::make_block_index(block->block, block->ids) != index)
            return "disk: the index of block " + std::to_string(height.value) + " is not its own";
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> check_disk(const chain::Blockchain& chain, const MemoryStore& store) {
    auto copy = store;
    const auto reopened = chain::Blockchain::open(chain.spec(), chain.engine(), copy, 1);
    if (!reopened)
        return "disk: cannot be opened: " + std::string{chain::to_string(reopened.error())};
    if (auto problem = check_indexes(**reopened, copy))
        return problem;
    chain::Validator validator{**reopened, Height{0}, 1};
    while (true) {
        const auto result = validator.step(1'000);
        if (!result)
            continue;
        if (!result->valid)
            return "disk: " + result->reason;
        return std::nullopt;
    }
}

}  // namespace cairn::sim
