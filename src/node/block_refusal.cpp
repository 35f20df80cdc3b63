#include "cairn/node/block_refusal.hpp"

#include "cairn/codec/timestamp.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace cairn::node {

namespace {

using chain::BlockRule;
using consensus::HeaderError;

std::string hex_of_target(std::uint32_t compact) {
    const auto target = consensus::target_from_compact(compact);
    return target ? to_hex(ByteView{target->to_big_endian()}) : "no target";
}

std::string millis_text(std::uint64_t millis) {
    return std::to_string(millis) + " ms";
}

std::string time_text(UnixMillis time) {
    return millis_text(time.value) + " (" + codec::to_timestamp(time) + " UTC)";
}

/// What is known of a header's seal that has not the form of its engine.
void compare_seal(const chain::Blockchain& chain, ByteView seal, CommandError& refusal) {
    const auto nonce = ledger::nonce_of(seal);
    refusal.expected = chain.engine().is_searched()
                           ? "8 bytes with a nonce of at most " + std::to_string(quantity_max)
                           : "no seal";
    refusal.actual = nonce && chain.engine().is_searched() ? "the nonce " + std::to_string(*nonce)
                                                           : std::to_string(seal.size()) + " bytes";
    refusal.hint = "The miner may follow another engine.";
}

void compare_time(const chain::Blockchain& chain, UnixMillis time, CommandError& refusal) {
    using std::chrono::milliseconds;
    const auto interval = std::chrono::duration_cast<milliseconds>(chain.engine().block_interval());
    const auto ahead =
        consensus::future_intervals_max * static_cast<std::uint64_t>(interval.count());
    refusal.message = "The block's time is still to come; it is looked at again then.";
    refusal.expected = "at most " + millis_text(ahead) + " ahead of this node's clock";
    refusal.actual = time_text(time);
    refusal.hint = "The miner's clock may be fast, or this computer's slow.";
}

void compare_header(
    const chain::Blockchain& chain,
    const RefusedBlock& block,
    HeaderError error,
    CommandError& refusal
) {
    const auto& header = block.head.header;
    const auto* parent = chain.find(header.previous);
    if (parent == nullptr)
        return;
    switch (error) {
        case HeaderError::wrong_chain:
            refusal.expected = to_hex(ledger::chain_tag(chain.id()));
            refusal.actual = to_hex(header.chain);
            refusal.hint = "The miner follows another chain.";
            break;
        case HeaderError::wrong_height:
            refusal.expected = "height " + std::to_string(parent->height().next().value);
            refusal.actual = "height " + std::to_string(header.height.value);
            refusal.hint = "The miner's software counts blocks in another way.";
            break;
        case HeaderError::time_not_later:
            refusal.expected = "after " + time_text(chain.median_time_past(*parent));
            refusal.actual = time_text(header.time);
            refusal.hint = "The miner's clock may be slow.";
            break;
        case HeaderError::wrong_target:
            refusal.expected = hex_of_target(chain.engine().next_target(parent->point));
            refusal.actual = hex_of_target(header.target);
            refusal.hint = "The miner may follow another difficulty rule or chain spec.";
            break;
        case HeaderError::not_enough_work:
            refusal.expected = "a hash of at most " + hex_of_target(header.target);
            refusal.actual = to_hex(block.hash);
            refusal.hint = "Nobody did the work that the block claims.";
            break;
        case HeaderError::malformed_seal:
            compare_seal(chain, block.head.seal, refusal);
            break;
        case HeaderError::too_early:
            compare_time(chain, header.time, refusal);
            break;
    }
}

/// The lowest invalid block on the way from `hash` down; null when none is known.
const chain::BlockEntry* find_culprit(const chain::Blockchain& chain, const BlockHash& hash) {
    const chain::BlockEntry* culprit = nullptr;
    const auto* entry = chain.find(hash);
    while (entry != nullptr && entry->status == chain::BlockStatus::invalid) {
        culprit = entry;
        entry = chain.find(entry->head.header.previous);
    }
    return culprit;
}

void compare_parent(
    const chain::Blockchain& chain, const RefusedBlock& block, CommandError& refusal
) {
    const auto& parent = block.head.header.previous;
    const auto* culprit = find_culprit(chain, parent);
    refusal.message = "A block below this one breaks a rule of the chain, or was set aside.";
    refusal.expected = "a parent that this node follows";
    refusal.actual = "the parent " + to_hex(parent);
    refusal.hint =
        "explain block=" + to_hex(culprit == nullptr ? parent : culprit->hash) + " tells why.";
}

/// Message, values and hint for what the rule itself tells; the rest came with the error.
void compare_rule(
    const chain::Blockchain& chain,
    const RefusedBlock& block,
    const chain::BlockError& error,
    CommandError& refusal
) {
    switch (error.rule) {
        case BlockRule::header:
            if (error.header)
                compare_header(chain, block, *error.header, refusal);
            break;
        case BlockRule::malformed:
        case BlockRule::wrong_tx_root:
            refusal.message = "A body that came for this block is not the block's own.";
            refusal.hint = "Its sender is to blame, not the block; others are asked for it.";
            break;
        case BlockRule::too_large:
            refusal.hint = "The miner may follow another chain spec.";
            break;
        case BlockRule::transaction:
        case BlockRule::duplicate_transaction:
        case BlockRule::execution:
            refusal.hint = "The miner's software does not keep this rule.";
            break;
        case BlockRule::wrong_state_root:
            refusal.hint = "The miner's software may execute transactions in another way.";
            break;
        case BlockRule::invalid_parent:
            compare_parent(chain, block, refusal);
            break;
        case BlockRule::unknown_parent:
            refusal.message = "The block below this one is not known.";
            refusal.expected = "a parent that this node knows";
            refusal.actual = "the parent " + to_hex(block.head.header.previous);
            refusal.hint = "Peers are asked for what lies between.";
            break;
        case BlockRule::known:
            refusal.message = "The chain has this block already.";
            refusal.expected = "a new block";
            refusal.actual = to_hex(block.hash);
            refusal.hint = "There is nothing to do.";
            break;
        case BlockRule::known_invalid:
            refusal.message =
                "Before this node was started, a rule refused the block or its operator set it "
                "aside.";
            refusal.expected = "a block that keeps the rules, and that nobody has set aside";
            refusal.actual = "one that this node will not follow";
            refusal.hint = "The log of that time tells which, by the block's hash.";
            break;
        case BlockRule::unreadable:
            refusal.message = "The node cannot read its own disk.";
            refusal.expected = "a store that gives back its blocks";
            refusal.actual = "one that does not";
            refusal.hint = "Look into the node's log.";
            break;
    }
}

/// Whether the block can never be valid for this reason.
bool is_final(const chain::BlockError& error) {
    if (error.rule == BlockRule::header)
        return error.header != HeaderError::too_early;
    return chain::is_permanent(error) && error.rule != BlockRule::known_invalid;
}

/// Whether the reason says something of the block that another body or a later time mends.
bool is_passing(const chain::BlockError& error) {
    return error.header == HeaderError::too_early || error.rule == BlockRule::malformed ||
           error.rule == BlockRule::wrong_tx_root;
}

}  // namespace

CommandError make_refusal(
    const chain::Blockchain& chain, const RefusedBlock& block, const chain::BlockError& error
) {
    CommandError refusal;
    refusal.code = "rejected";
    refusal.message = "The block breaks a rule of the chain.";
    refusal.rule = chain::rule_name(error);
    refusal.expected = error.expected;
    refusal.actual = error.actual;
    refusal.height = block.head.header.height;
    compare_rule(chain, block, error, refusal);
    return refusal;
}

void BlockRefusals::remember(
    const chain::Blockchain& chain, const RefusedBlock& block, const chain::BlockError& error
) {
    ++counts_[chain::rule_name(error)];
    if (is_passing(error))
        passing_.remember(block.hash, make_refusal(chain, block, error));
    if (!is_final(error))
        return;
    const auto* culprit = find_culprit(chain, block.hash);
    if (culprit == nullptr || culprit->hash == block.hash) {
        keep(chain, block, error);
        return;
    }
    keep(chain, {.head = culprit->head, .hash = culprit->hash}, error);
    keep(chain, block, {.rule = BlockRule::invalid_parent});
}

void BlockRefusals::remember_set_aside(const RefusedBlock& block) {
    if (final_.find(block.hash))
        return;
    CommandError refusal;
    refusal.code = "rejected";
    refusal.message = "The operator of this node has set the block aside.";
    refusal.rule = "node." + std::string{to_string(OperatorRule::set_aside)};
    refusal.expected = "a block that nobody has set aside";
    refusal.actual = "one that invalidate_block named";
    refusal.hint = "No rule refuses it: other nodes may follow it.";
    refusal.height = block.head.header.height;
    final_.remember(block.hash, std::move(refusal));
}

std::optional<CommandError> BlockRefusals::find(
    const chain::Blockchain& chain, const BlockHash& hash
) const {
    if (auto refusal = final_.find(hash))
        return refusal;
    const auto* entry = chain.find(hash);
    if (entry == nullptr && chain.is_invalid(hash)) {
        const ledger::SealedHeader unknown;
        auto refusal = make_refusal(
            chain, {.head = unknown, .hash = hash}, {.rule = BlockRule::known_invalid}
        );
        refusal.height.reset();
        return refusal;
    }
    if (entry == nullptr || entry->status == chain::BlockStatus::header_only)
        return passing_.find(hash);
    if (entry->status != chain::BlockStatus::invalid)
        return std::nullopt;
    const bool is_culprit = find_culprit(chain, hash) == entry;
    return make_refusal(
        chain,
        {.head = entry->head, .hash = hash},
        {.rule = is_culprit ? BlockRule::known_invalid : BlockRule::invalid_parent}
    );
}

void BlockRefusals::keep(
    const chain::Blockchain& chain, const RefusedBlock& block, const chain::BlockError& error
) {
    if (!final_.find(block.hash))
        final_.remember(block.hash, make_refusal(chain, block, error));
}

}  // namespace cairn::node
