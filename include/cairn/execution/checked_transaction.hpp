/// The proof that a transaction is well formed and signed: the only thing that execution accepts.
#pragma once

#include "cairn/base/result.hpp"
#include "cairn/crypto/schnorr.hpp"
#include "cairn/ledger/chain_spec.hpp"
#include "cairn/ledger/transaction.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::execution {

/// Why a transaction is refused (spec 06 §5). The first group needs no chain, the second the state.
enum class TransactionError : std::uint8_t {
    // Semantic: wrong for ever.
    too_large,           ///< more bytes than the chain allows
    body_not_canonical,  ///< a record or coinbase body that is not a document (canonical JSON)
    bad_signature,       ///< not signed by `from`, or for a chain that is not known
    wrong_chain,         ///< signed by `from` for another chain that is known
    amount_overflow,     ///< amount and fee together exceed 2^53-1
    misplaced_coinbase,  ///< a coinbase outside the first place of a block
    // Contextual: wrong on this state.
    nonce_too_low,         ///< the account has used this nonce
    nonce_too_high,        ///< a nonce is missing before this one
    insufficient_balance,  ///< amount and fee exceed the balance
    balance_overflow,      ///< the recipient's balance would exceed 2^53-1
};
[[nodiscard]] std::string_view to_string(TransactionError error);

/// A refusal with the two values that decided, for people: quantities with their unit.
struct TransactionRefusal {
    TransactionError rule = TransactionError::too_large;
    std::string expected;
    std::string actual;
    /// Its id on the chain that it was signed for (`wrong_chain`), by which its sender knows it.
    std::optional<TxId> id_there{};

    friend bool operator==(const TransactionRefusal&, const TransactionRefusal&) = default;

    friend bool operator==(const TransactionRefusal& refusal, TransactionError error) {
        return refusal.rule == error;
    }
};

/// Why a transaction with an amount and a fee whose sum exceeds 2^53-1 is refused.
[[nodiscard]] TransactionRefusal refuse_amounts(const ledger::Transaction& transaction);

/// Why a transaction that was signed for the chain `theirs` is refused on `ours`.
[[nodiscard]] TransactionRefusal refuse_chain(
    const ledger::NamedChain& ours, const ledger::NamedChain& theirs
);

/// What `transaction` takes from its sender: the fee, and a transfer's amount. Nothing where that
/// would exceed 2^53-1.
[[nodiscard]] std::optional<Amount> cost_of(const ledger::Transaction& transaction);

/// A transaction with its id whose semantic rules hold. Made by a `TransactionChecker`, or out of a
/// block that was checked as a whole.
class CheckedTransaction {
  public:
    /// The transaction `id` of a block that a `chain::BlockChecker` accepted: a reorganisation
    /// gives the pool its transactions back without another signature check. By calling it the
    /// caller vouches that `transaction` and `id` stand side by side in such a block. Not for a
    /// coinbase.
    [[nodiscard]] static CheckedTransaction from_checked_block(
        ledger::Transaction transaction, const TxId& id
    );

    [[nodiscard]] const ledger::Transaction& transaction() const { return transaction_; }

    [[nodiscard]] const TxId& id() const { return id_; }

    /// Bytes of the canonical form.
    [[nodiscard]] std::size_t size() const { return size_; }

    /// The hash of its leaf in a block's tree of transactions (spec 05 §4): computed once here, so
    /// that a template of thousands does not encode and hash them again.
    [[nodiscard]] const Hash256& leaf_hash() const { return leaf_hash_; }

  private:
    friend class TransactionChecker;

    /// `unsigned_bytes` is the encoding of `transaction` without its signature.
    CheckedTransaction(ledger::Transaction transaction, const TxId& id, ByteView unsigned_bytes);

    ledger::Transaction transaction_;
    TxId id_;
    std::size_t size_;
    Hash256 leaf_hash_;
};

/// Checks the semantic rules of transactions of one chain. Owned by one thread, because it keeps
/// parsed public keys; `spec` must outlive it.
class TransactionChecker {
  public:
    /// `salt` seeds the hash of the key cache.
    TransactionChecker(const ChainId& chain, const ledger::ChainSpec& spec, std::uint64_t salt);

    /// Checks one that came alone. A coinbase is refused: `misplaced_coinbase`. A signature that
    /// is bad here is tried on each of `others` in turn, which costs as much again for each; where
    /// it fits, the refusal is `wrong_chain`.
    [[nodiscard]] Result<CheckedTransaction, TransactionRefusal> check(
        ledger::Transaction transaction, std::span<const ledger::NamedChain> others = {}
    );

    /// Checks everything but the coinbase's place, for a transaction of a block whose id and size
    /// are known. `is_signature_known` tells that this very signature was checked before.
    [[nodiscard]] Result<void, TransactionRefusal> check_in_block(
        const ledger::Transaction& transaction,
        const TxId& id,
        std::size_t size,
        bool is_signature_known
    );

    [[nodiscard]] const ChainId& chain() const { return chain_; }

    [[nodiscard]] const ledger::ChainSpec& spec() const { return spec_; }

  private:
    /// The id of `transaction` on `chain`, if it is signed for that. `unsigned_bytes` is its
    /// encoding without the signature.
    [[nodiscard]] std::optional<TxId> signed_id(
        const ChainId& chain, const ledger::Transaction& transaction, ByteView unsigned_bytes
    );

    ChainId chain_;
    const ledger::ChainSpec& spec_;
    crypto::SignatureVerifier verifier_;
};

}  // namespace cairn::execution
