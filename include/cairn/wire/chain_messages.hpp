/// Messages that carry the chain: headers and blocks (spec 04 §4.1).
#pragma once

#include "cairn/ledger/header.hpp"
#include "cairn/wire/envelope.hpp"
#include "cairn/wire/fields.hpp"
#include "cairn/wire/limits.hpp"

#include <vector>

namespace cairn::wire {

/// Asks for the headers after the first block of `locator` that the other side has in its active
/// chain, up to `stop`.
struct GetHeaders {
    static constexpr MessageType type = MessageType::get_headers;

    /// Hashes of the sender's best chain, from its tip down: the last 11, then doubling steps,
    /// genesis last.
    std::vector<BlockHash> locator;
    /// The last block that is wanted; zeros: as many as fit.
    BlockHash stop;

    friend bool operator==(const GetHeaders&, const GetHeaders&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("locator", codec::bounded<locator_hashes_max, BlockHash::size>(locator)),
            codec::field("stop", stop)
        );
    }
};

/// Headers in the order of their heights, each the child of the one before. Fewer than
/// `headers_max` in an answer: the sender has no more.
struct Headers {
    static constexpr MessageType type = MessageType::headers;

    std::vector<ledger::SealedHeader> headers;

    friend bool operator==(const Headers&, const Headers&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field(
            "headers", codec::bounded<headers_max, ledger::sealed_header_bytes_min>(headers)
        ));
    }
};

/// Asks for one block.
struct GetBlock {
    static constexpr MessageType type = MessageType::get_block;

    BlockHash hash;

    friend bool operator==(const GetBlock&, const GetBlock&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("hash", hash));
    }
};

/// One block in its canonical bytes, not looked into: they are decoded and hashed once, where the
/// block is checked.
struct BlockMessage {
    static constexpr MessageType type = MessageType::block;

    Bytes block;

    friend bool operator==(const BlockMessage&, const BlockMessage&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(codec::field("block", codec::bounded<ledger::block_bytes_max>(block)));
    }
};

}  // namespace cairn::wire
