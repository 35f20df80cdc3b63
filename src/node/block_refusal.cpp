#include "cairn/node/block_refusal.hpp"

#include <string>
#include <utility>

namespace cairn::node {

namespace {

using chain::BlockRule;
using consensus::HeaderError;
using execution::ExecutionRule;

std::string hex_of_target(std::uint32_t compact) {
    const auto target = consensus::target_from_compact(compact);
    return target ? to_hex(ByteView{target->to_big_endian()}) : "no target";
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
            break;
        case HeaderError::wrong_height:
            refusal.expected = "height " + std::to_string(parent->height().next().value);
            refusal.actual = "height " + std::to_string(header.height.value);
            break;
        case HeaderError::time_not_later:
            refusal.expected = "after " + std::to_string(chain.median_time_past(*parent).value);
            refusal.actual = std::to_string(header.time.value);
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
            break;
        case HeaderError::malformed_seal:
        case HeaderError::too_early:
            break;
    }
}

void compare_coinbase(
    const chain::Blockchain& chain, const ledger::Block& block, CommandError& refusal
) {
    const auto& transactions = block.transactions;
    if (transactions.empty() || !transactions.front().is_coinbase())
        return;
    auto earned = ledger::subsidy_at(chain.spec().rewards, block.head.header.height);
    for (const auto& transaction : transactions)
        earned = checked_add(earned, transaction.fee).value_or(earned);
    const auto& coinbase = std::get<ledger::Coinbase>(transactions.front().payload);
    refusal.expected = std::to_string(earned.value) + " pebbles";
    refusal.actual = std::to_string(coinbase.amount.value) + " pebbles";
    refusal.hint = "A coinbase takes exactly the subsidy and the fees.";
}

void compare_execution(
    const chain::Blockchain& chain,
    const RefusedBlock& block,
    const execution::ExecutionError& error,
    CommandError& refusal
) {
    const auto bytes = chain.read_body(block.hash);
    if (!bytes || !*bytes)
        return;
    const auto decoded = ledger::decode_block(chain.id(), **bytes);
    if (!decoded)
        return;
    if (error.rule == ExecutionRule::coinbase_amount)
        compare_coinbase(chain, decoded->block, refusal);
    else if (error.index < decoded->ids.size())
        refusal.actual = "transaction " + to_hex(decoded->ids[error.index]);
}

/// Whether the block can never be valid for this reason.
bool is_final(const chain::BlockError& error) {
    if (error.rule == BlockRule::header)
        return error.header != HeaderError::too_early;
    return chain::is_permanent(error) && error.rule != BlockRule::known_invalid;
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

}  // namespace

CommandError make_refusal(
    const chain::Blockchain& chain, const RefusedBlock& block, const chain::BlockError& error
) {
    CommandError refusal;
    refusal.code = "invalid_block";
    refusal.message = "The block breaks a rule of the chain.";
    refusal.rule = chain::rule_name(error);
    refusal.height = block.head.header.height;
    if (error.header)
        compare_header(chain, block, *error.header, refusal);
    if (error.execution)
        compare_execution(chain, block, *error.execution, refusal);
    if (error.rule == BlockRule::too_large)
        refusal.expected = "at most " + std::to_string(chain.spec().limits.block_bytes) + " bytes";
    if (error.rule == BlockRule::wrong_state_root) {
        refusal.expected = "the root that its transactions give";
        refusal.actual = to_hex(block.head.header.state_root);
        refusal.hint = "The miner's software may execute transactions in another way.";
    }
    if (error.rule == BlockRule::invalid_parent) {
        refusal.message = "A block below this one breaks a rule of the chain.";
        refusal.actual = to_hex(block.head.header.previous);
        refusal.hint = "explain block=" + refusal.actual + " tells of its parent.";
    }
    return refusal;
}

void BlockRefusals::remember(
    const chain::Blockchain& chain, const RefusedBlock& block, const chain::BlockError& error
) {
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

void BlockRefusals::keep(
    const chain::Blockchain& chain, const RefusedBlock& block, const chain::BlockError& error
) {
    if (!memory_.find(block.hash))
        memory_.remember(block.hash, make_refusal(chain, block, error));
}

}  // namespace cairn::node
