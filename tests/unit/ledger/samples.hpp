/// Ledger values that several tests share, and that the vectors in proto_spec/vectors/ledger hold.
#pragma once

#include "cairn/ledger/block.hpp"
#include "cairn/ledger/chain_spec.hpp"

#include <string>
#include <vector>

namespace cairn::ledger {

/// A transaction with a name and the reason why it is worth a case.
struct TransactionSample {
    std::string name;
    std::string why;
    Transaction transaction;
};

/// Bytes or text that are no value, and the `DecodeError` that says so.
struct InvalidSample {
    std::string name;
    std::string why;
    /// Hexadecimal for bytes; the text itself for JSON.
    std::string input;
    codec::DecodeError error;
};

/// SHA-256("cairn vectors"): the chain of all samples.
[[nodiscard]] ChainId sample_chain();

/// Signed by `dev0` for the sample chain.
[[nodiscard]] Transaction sample_transfer();
[[nodiscard]] Transaction sample_record(RecordFormat format, std::string_view body);
[[nodiscard]] Transaction sample_coinbase(std::string_view body);

[[nodiscard]] std::vector<TransactionSample> valid_transactions();
[[nodiscard]] std::vector<InvalidSample> invalid_transactions();
[[nodiscard]] std::vector<InvalidSample> invalid_transactions_json();

/// A block at height 7 with a coinbase, a transfer and a record, sealed with a nonce.
[[nodiscard]] Block sample_block();
[[nodiscard]] std::vector<InvalidSample> invalid_blocks();

}  // namespace cairn::ledger
