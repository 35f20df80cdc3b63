#include "cairn/execution/execute.hpp"
#include "cairn/state/state.hpp"

namespace cairn::execution {

namespace {

/// The state of the genesis block lives only to be hashed, and its keys come from the spec.
constexpr std::uint64_t genesis_salt = 0;

ledger::StateRoot genesis_state_root(const ledger::ChainSpec& spec) {
    state::State state{genesis_salt};
    state.apply(genesis_diff(spec));
    return state.root();
}

ledger::Transaction genesis_coinbase(const ledger::ChainSpec& spec) {
    ledger::Transaction transaction;
    transaction.payload = ledger::Coinbase{
        .height = Height{0},
        .to = {},
        .amount = Amount{0},
        .body = to_bytes(ledger::canonical_text(spec)),
    };
    return transaction;
}

}  // namespace

state::StateDiff genesis_diff(const ledger::ChainSpec& spec) {
    const state::State nothing{genesis_salt};
    state::Overlay overlay{nothing};
    for (const auto& entry : spec.balances)
        overlay.write_account(entry.account, {.balance = entry.amount, .nonce = Nonce{0}});
    return overlay.diff();
}

ledger::Block make_genesis(const ledger::ChainSpec& spec) {
    ledger::Block block;
    block.transactions.push_back(genesis_coinbase(spec));
    auto& header = block.head.header;
    header.time = spec.time;
    header.tx_root = ledger::tx_root(block.transactions);
    header.state_root = genesis_state_root(spec);
    switch (spec.engine.kind) {
        case ledger::EngineKind::proof_of_work:
            header.target = spec.engine.target_limit;
            block.head.seal = ledger::make_nonce_seal(0);
            break;
        case ledger::EngineKind::instant_seal:
            break;
    }
    return block;
}

ChainId chain_id_of(const ledger::Block& genesis) {
    return ledger::block_hash(genesis.head).as<ChainId>();
}

ChainId chain_id_of(const ledger::ChainSpec& spec) {
    return chain_id_of(make_genesis(spec));
}

}  // namespace cairn::execution
