#include "cairn/chain/validation.hpp"

#include "cairn/codec/binary.hpp"
#include "cairn/execution/execute.hpp"

namespace cairn::chain {

Validator::Validator(const Blockchain& chain, Height from, std::uint64_t salt)
    : chain_{chain},
      from_{from},
      salt_{salt},
      checker_{chain.id(), chain.spec(), chain.engine(), salt},
      state_{salt} {
    restart();
}

void Validator::restart() {
    state_ = state::State{salt_};
    state_.apply(execution::genesis_diff(chain_.spec()));
    next_ = Height{1};
    previous_ = chain_.at(Height{0})->hash;
    work_ = chain_.engine().work_of(chain_.at(Height{0})->head.header);
}

std::optional<Validation> Validator::step(std::size_t blocks) {
    const auto* last = chain_.at(Height{next_.value - 1});
    if (last == nullptr || last->hash != previous_)
        restart();
    for (std::size_t i = 0; i < blocks && chain_.at(next_) != nullptr; ++i) {
        const auto broken = check_next();
        if (broken)
            return Validation{
                .valid = false,
                .checked = next_.value,
                .reason = *broken + " at height " + std::to_string(next_.value)};
        previous_ = chain_.at(next_)->hash;
        next_ = next_.next();
    }
    if (chain_.at(next_) != nullptr)
        return std::nullopt;
    return Validation{.valid = true, .checked = next_.value, .reason = {}};
}

std::optional<std::string> Validator::check_links(const BlockEntry& entry) const {
    const auto& parent = *chain_.at(Height{entry.height().value - 1});
    const consensus::HeaderContext context{
        .chain = ledger::chain_tag(chain_.id()),
        .parent = parent.point,
        .parent_median_time = chain_.median_time_past(parent),
        // The block was early once, if at all; on the chain its time is in the past of its
        // children.
        .now = UnixMillis{quantity_max / 2},
    };
    if (entry.head.header.previous != previous_)
        return "wrong_previous";
    const auto header = consensus::check_header(chain_.engine(), context, entry.head, entry.hash);
    if (!header)
        return std::string{consensus::to_string(header.error())};
    if (entry.work != saturating_add(work_, chain_.engine().work_of(entry.head.header)))
        return "wrong_work";
    return std::nullopt;
}

std::optional<std::string> Validator::check_next() {
    const auto& entry = *chain_.at(next_);
    if (auto broken = check_links(entry))
        return broken;
    auto bytes = chain_.read_body(entry.hash);
    if (!bytes || !*bytes)
        return "unreadable";
    const auto block =
        next_ < from_ ? checker_.restore(std::move(**bytes)) : checker_.check(std::move(**bytes));
    if (!block)
        return rule_name(block.error());
    if (block->hash() != entry.hash)
        return "wrong_hash";
    const auto diff =
        execution::execute_block(state_, chain_.spec(), next_, block->block().transactions);
    if (!diff)
        return rule_name({.rule = BlockRule::execution, .execution = diff.error()});
    state_.apply(*diff);
    if (state_.root() != entry.head.header.state_root)
        return "wrong_state_root";
    work_ = entry.work;
    return std::nullopt;
}

}  // namespace cairn::chain
