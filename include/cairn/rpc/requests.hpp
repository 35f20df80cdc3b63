/// The arguments of every command, with their defaults and limits (spec 02 §4). A command without
/// arguments takes `NoArguments`.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/quantity.hpp"
#include "cairn/chain/block_index.hpp"
#include "cairn/codec/json.hpp"
#include "cairn/ledger/limits.hpp"
#include "cairn/rpc/describe.hpp"
#include "cairn/rpc/limits.hpp"

#include <optional>
#include <string>

namespace cairn::rpc {

/// Any JSON value, taken as it is.
struct JsonArgument {
    static constexpr std::string_view argument_type = "json";
    codec::Json value;

    void load(codec::JsonReader& archive) { value = archive.current(); }
};

struct NoArguments {};

struct HelpRequest {
    std::optional<std::string> command;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("command", codec::bounded<word_bytes_max>(command)));
    }
};

/// A page from height `from` on; with `before`, in place of `from`, the last blocks below it.
struct ChainRequest {
    Height from;
    UpTo<blocks_max> count{blocks_default};
    std::optional<Height> before;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("from", codec::defaulted(from)),
            codec::field("count", codec::defaulted(count)),
            codec::field("before", before)
        );
    }
};

struct HeadersRequest {
    Height from;
    UpTo<headers_max> count{headers_default};
    /// Headers in hexadecimal instead of objects, for who checks hashes.
    std::optional<bool> raw;
    /// In place of `from`, as in `ChainRequest`.
    std::optional<Height> before;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("from", codec::defaulted(from)),
            codec::field("count", codec::defaulted(count)),
            codec::field("raw", raw),
            codec::field("before", before)
        );
    }
};

struct BranchesRequest {
    /// Blocks of each branch.
    UpTo<branch_blocks_max> count{branch_blocks_default};
    /// @{
    /// A page begins with the one, or ends in front of the other.
    std::optional<UpTo<quantity_max>> from;
    std::optional<UpTo<quantity_max>> before;

    /// @}

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("count", codec::defaulted(count)),
            codec::field("from", from),
            codec::field("before", before)
        );
    }
};

/// Where a page begins or ends: a height, or `height.index` as `next` and `previous` of another
/// page give it.
struct PlaceArgument {
    static constexpr std::string_view argument_type = "place";
    chain::TransactionPlace value;
    /// Only a height was given: the whole block is meant.
    bool is_height = false;

    /// Errors: `wrong_type`, `number_too_large`, `bad_text` for other text.
    void load(codec::JsonReader& archive);
};

/// `place` as it stands in `next`.
[[nodiscard]] std::string to_text(const chain::TransactionPlace& place);

struct HistoryRequest {
    std::string address;
    std::optional<PlaceArgument> from;
    UpTo<entries_max> count{entries_default};
    /// From the tip downwards.
    std::optional<bool> newest_first;
    /// In place of `from`: the last entries in front of this place.
    std::optional<PlaceArgument> before;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("address", codec::bounded<word_bytes_max>(address)),
            codec::field("from", from),
            codec::field("count", codec::defaulted(count)),
            codec::field("newest_first", newest_first),
            codec::field("before", before)
        );
    }
};

struct RecordsRequest {
    std::string stream;
    std::optional<std::string> key;
    std::optional<PlaceArgument> from;
    UpTo<entries_max> count{entries_default};
    /// From the tip downwards.
    std::optional<bool> newest_first;
    /// In place of `from`: the last entries in front of this place.
    std::optional<PlaceArgument> before;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("stream", codec::bounded<ledger::stream_bytes_max>(stream)),
            codec::field("key", codec::bounded<ledger::key_bytes_max>(key)),
            codec::field("from", from),
            codec::field("count", codec::defaulted(count)),
            codec::field("newest_first", newest_first),
            codec::field("before", before)
        );
    }
};

/// Exactly one of the two.
struct BlockRequest {
    std::optional<Height> height;
    std::optional<BlockHash> hash;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("height", height), codec::field("hash", hash));
    }
};

struct TransactionRequest {
    TxId transaction;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("transaction", transaction));
    }
};

struct BalanceRequest {
    std::string address;
    UpTo<quantity_max> confirmations{1};

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("address", codec::bounded<word_bytes_max>(address)),
            codec::field("confirmations", codec::defaulted(confirmations))
        );
    }
};

/// A page of a list whose elements have numbers.
struct NumberedPageRequest {
    UpTo<listed_max> count{listed_default};
    /// @{
    /// A page begins with the one, or ends in front of the other.
    std::optional<UpTo<quantity_max>> from;
    std::optional<UpTo<quantity_max>> before;

    /// @}

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("count", codec::defaulted(count)),
            codec::field("from", from),
            codec::field("before", before)
        );
    }
};

/// A page of a block's transactions.
struct BlockTransactionsRequest {
    BlockRequest block;
    NumberedPageRequest page;

    template <class Archive>
    void serialize(Archive& archive) {
        block.serialize(archive);
        page.serialize(archive);
    }
};

/// Exactly one of the two; `transaction` is an object, or hexadecimal like `hex`.
struct PushRequest {
    std::optional<JsonArgument> transaction;
    std::optional<Bytes> hex;
    /// False: not in place of one that waits with the same sender and nonce.
    std::optional<bool> replace;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("transaction", transaction),
            codec::field("hex", codec::bounded<ledger::transaction_bytes_max>(hex)),
            codec::field("replace", replace)
        );
    }
};

struct ValidateRequest {
    Height from;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("from", codec::defaulted(from)));
    }
};

/// At least one of `height` and `transaction`; with both, both must come true.
struct WaitRequest {
    static constexpr std::uint64_t timeout_max =
        std::chrono::duration_cast<milliseconds>(wait_time_max).count();
    static constexpr std::uint64_t timeout_default =
        std::chrono::duration_cast<milliseconds>(wait_time_default).count();

    std::optional<Height> height;
    std::optional<TxId> transaction;
    UpTo<quantity_max> confirmations{1};
    UpTo<timeout_max> timeout_ms{timeout_default};

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("height", height),
            codec::field("transaction", transaction),
            codec::field("confirmations", codec::defaulted(confirmations)),
            codec::field("timeout_ms", codec::defaulted(timeout_ms))
        );
    }
};

/// Exactly one of the four.
struct ExplainRequest {
    std::optional<std::string> code;
    std::optional<TxId> transaction;
    std::optional<BlockHash> block;
    /// Of a block of the active chain.
    std::optional<Height> height;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("code", codec::bounded<word_bytes_max>(code)),
            codec::field("transaction", transaction),
            codec::field("block", block),
            codec::field("height", height)
        );
    }
};

struct MineRequest {
    UpTo<mined_blocks_max, 1> count;
    std::optional<JsonArgument> data;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("count", codec::defaulted(count)), codec::field("data", data));
    }
};

/// `host:port`.
struct AddressRequest {
    std::string address;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("address", codec::bounded<word_bytes_max>(address)));
    }
};

struct InvalidateRequest {
    BlockHash hash;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("hash", hash));
    }
};

}  // namespace cairn::rpc
