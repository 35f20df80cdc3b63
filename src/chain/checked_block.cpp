#include "cairn/chain/checked_block.hpp"

#include "src/chain/refused.hpp"

#include <algorithm>

namespace cairn::chain {

namespace {

/// Where `ids` names one a second time; the end where it does not.
std::vector<TxId>::const_iterator find_repeated(const std::vector<TxId>& ids) {
    auto sorted = ids;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice == sorted.end())
        return ids.end();
    return std::find(std::find(ids.begin(), ids.end(), *twice) + 1, ids.end(), *twice);
}

std::string bytes_text(std::size_t count) {
    return std::to_string(count) + " bytes";
}

bool is_known(
    const std::vector<KnownSignature>& known, const TxId& id, const crypto::Signature& signature
) {
    const auto place = std::lower_bound(
        known.begin(),
        known.end(),
        id,
        [](const KnownSignature& entry, const TxId& wanted) { return entry.id < wanted; }
    );
    return place != known.end() && place->id == id && place->signature == signature;
}

}  // namespace

std::string_view to_string(BlockRule rule) {
    switch (rule) {
        case BlockRule::malformed:
            return "malformed";
        case BlockRule::header:
            return "header";
        case BlockRule::too_large:
            return "too_large";
        case BlockRule::wrong_tx_root:
            return "wrong_tx_root";
        case BlockRule::transaction:
            return "transaction";
        case BlockRule::duplicate_transaction:
            return "duplicate_transaction";
        case BlockRule::unknown_parent:
            return "unknown_parent";
        case BlockRule::invalid_parent:
            return "invalid_parent";
        case BlockRule::execution:
            return "execution";
        case BlockRule::wrong_state_root:
            return "wrong_state_root";
        case BlockRule::known:
            return "known";
        case BlockRule::known_invalid:
            return "known_invalid";
        case BlockRule::unreadable:
            return "unreadable";
    }
    return "unknown";
}

std::string rule_name(const BlockError& error) {
    const auto named = [](std::string_view module, std::string_view rule) {
        return std::string{module} + '.' + std::string{rule};
    };
    if (error.decode)
        return named("codec", codec::to_string(*error.decode));
    if (error.header)
        return named("consensus", consensus::to_string(*error.header));
    if (error.transaction)
        return named("execution", execution::to_string(*error.transaction));
    if (error.execution && error.execution->transaction)
        return named("execution", execution::to_string(*error.execution->transaction));
    if (error.execution)
        return named("execution", execution::to_string(error.execution->rule));
    return named("chain", to_string(error.rule));
}

bool is_permanent(const BlockError& error) {
    switch (error.rule) {
        case BlockRule::too_large:
        case BlockRule::transaction:
        case BlockRule::duplicate_transaction:
        case BlockRule::execution:
        case BlockRule::wrong_state_root:
        case BlockRule::invalid_parent:
        case BlockRule::known_invalid:
            return true;
        case BlockRule::malformed:
        case BlockRule::header:
        case BlockRule::wrong_tx_root:
        case BlockRule::unknown_parent:
        case BlockRule::known:
        case BlockRule::unreadable:
            return false;
    }
    return false;
}

BlockChecker::BlockChecker(
    const ChainId& chain,
    const ledger::ChainSpec& spec,
    const consensus::Engine& engine,
    std::uint64_t salt
)
    : transactions_{chain, spec, salt}, engine_{engine} {}

Result<CheckedBlock, BlockError> BlockChecker::check(
    Bytes bytes, const std::vector<KnownSignature>& known
) {
    auto decoded = decode_committed(bytes);
    if (!decoded)
        return tl::unexpected{decoded.error()};
    if (const auto sealed = engine_.check_seal(decoded->block.head, decoded->hash); !sealed)
        return tl::unexpected{BlockError{.rule = BlockRule::header, .header = sealed.error()}};
    const auto bytes_max = transactions_.spec().limits.block_bytes;
    if (bytes.size() > bytes_max)
        return refused(
            BlockRule::too_large, "at most " + bytes_text(bytes_max), bytes_text(bytes.size())
        );
    const auto& ids = decoded->ids;
    if (const auto repeated = find_repeated(ids); repeated != ids.end())
        return refused(
            BlockRule::duplicate_transaction,
            "each transaction once",
            "transaction " + to_hex(*repeated) + " again at place " +
                std::to_string(repeated - ids.begin())
        );

    for (std::size_t i = 0; i < decoded->ids.size(); ++i) {
        const auto& transaction = decoded->block.transactions[i];
        const auto& id = decoded->ids[i];
        const bool known_signature = is_known(known, id, transaction.signature);
        auto checked =
            transactions_.check_in_block(transaction, id, decoded->sizes[i], known_signature);
        if (checked)
            continue;
        auto& refusal = checked.error();
        auto error = refused(
            BlockRule::transaction,
            std::move(refusal.expected),
            with_transaction(std::move(refusal.actual), ids, i)
        );
        error.value().transaction = refusal.rule;
        return error;
    }
    return CheckedBlock{
        std::move(decoded->block), decoded->hash, std::move(decoded->ids), std::move(bytes)};
}

Result<CheckedBlock, BlockError> BlockChecker::restore(Bytes bytes) const {
    auto decoded = decode_committed(bytes);
    if (!decoded)
        return tl::unexpected{decoded.error()};
    return CheckedBlock{
        std::move(decoded->block), decoded->hash, std::move(decoded->ids), std::move(bytes)};
}

Result<ledger::DecodedBlock, BlockError> BlockChecker::decode_committed(ByteView bytes) const {
    auto decoded = ledger::decode_block(transactions_.chain(), bytes);
    if (!decoded)
        return tl::unexpected{BlockError{
            .rule = BlockRule::malformed,
            .decode = decoded.error(),
            .expected = "the canonical bytes of a block",
            .actual = bytes_text(bytes.size()) + " that are none"}};
    const auto& committed = decoded->block.head.header.tx_root;
    if (committed != decoded->tx_root)
        return refused(BlockRule::wrong_tx_root, to_hex(committed), to_hex(decoded->tx_root));
    return std::move(*decoded);
}

}  // namespace cairn::chain
