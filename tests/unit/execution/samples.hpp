/// What the tests of execution share: keys, a spec, transactions and states.
#pragma once

#include "cairn/crypto/schnorr.hpp"
#include "cairn/crypto/sha256.hpp"
#include "cairn/execution/execute.hpp"
#include "cairn/state/state.hpp"

#include <string>
#include <utility>
#include <vector>

namespace cairn::execution {

inline crypto::SecretKey key_number(std::uint64_t number) {
    const auto secret = crypto::sha256(as_bytes("test key " + std::to_string(number)));
    return crypto::SecretKey::from_bytes(secret.view()).value();
}

inline ledger::AccountId account_number(std::uint64_t number) {
    return ledger::account_of(key_number(number).public_key());
}

inline ChainId chain_number(std::uint64_t number) {
    return crypto::sha256(as_bytes("test chain " + std::to_string(number))).as<ChainId>();
}

/// A subsidy of 50, small limits, and 1,000 for each of the accounts 0 to 2.
inline ledger::ChainSpec sample_spec() {
    ledger::ChainSpec spec;
    spec.name = "test";
    spec.prefix = "tst";
    spec.engine.kind = ledger::EngineKind::instant_seal;
    spec.engine.retarget = false;
    spec.rewards = {.subsidy = Amount{50}, .halving_interval = 0};
    spec.limits = {.block_bytes = 10'000, .transaction_bytes = 2'000};
    for (std::uint64_t i = 0; i < 3; ++i)
        spec.balances.push_back({.account = account_number(i), .amount = Amount{1'000}});
    spec.time = UnixMillis{1'700'000'000'000};
    return spec;
}

struct TransferOptions {
    std::uint64_t from = 0;
    std::uint64_t to = 1;
    std::uint64_t amount = 10;
    std::uint64_t fee = 1;
    std::uint64_t nonce = 0;
};

/// A transfer between numbered accounts, unsigned.
inline ledger::Transaction make_transfer(const TransferOptions& options) {
    ledger::Transaction transaction;
    transaction.from = account_number(options.from);
    transaction.nonce = Nonce{options.nonce};
    transaction.fee = Amount{options.fee};
    transaction.payload = ledger::Transfer{account_number(options.to), Amount{options.amount}, {}};
    return transaction;
}

/// The same, signed for the chain with number 0.
inline ledger::Transaction make_signed_transfer(const TransferOptions& options) {
    auto transaction = make_transfer(options);
    ledger::sign_transaction(key_number(options.from), chain_number(0), transaction);
    return transaction;
}

/// A coinbase that pays account 9.
inline ledger::Transaction make_coinbase(std::uint64_t height, std::uint64_t amount) {
    ledger::Transaction transaction;
    transaction.payload = ledger::Coinbase{Height{height}, account_number(9), Amount{amount}, {}};
    return transaction;
}

/// A state that holds exactly these accounts.
inline state::State state_of(
    const std::vector<std::pair<std::uint64_t, state::AccountState>>& accounts
) {
    state::State state{1};
    state::Overlay overlay{state};
    for (const auto& [number, value] : accounts)
        overlay.write_account(account_number(number), value);
    const auto diff = overlay.diff();
    state.apply(diff);
    return state;
}

}  // namespace cairn::execution
