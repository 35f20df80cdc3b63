/// Block headers (spec 05 §2): 128 bytes that a miner hashes as two whole SHA-256 blocks, and a
/// seal.
#pragma once

#include "cairn/base/bytes.hpp"
#include "cairn/base/quantity.hpp"
#include "cairn/base/time.hpp"
#include "cairn/codec/binary.hpp"
#include "cairn/ledger/limits.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace cairn::ledger {

/// Bytes of a header without its seal.
inline constexpr std::size_t header_bytes = 128;
/// The header version that this code writes. Others are valid, with a warning (spec 06).
inline constexpr std::uint32_t header_version = 1;

/// The first eight bytes of a chain's id.
using ChainTag = FixedBytes<8, struct ChainTagTag>;
using TxRoot = TaggedHash<struct TxRootTag>;
using StateRoot = TaggedHash<struct StateRootTag>;

struct Header {
    std::uint32_t version = header_version;
    ChainTag chain;
    Height height;
    UnixMillis time;
    /// The proof-of-work target in compact form (spec 06 §2); 0 under engines without work.
    std::uint32_t target = 0;
    BlockHash previous;
    TxRoot tx_root;
    StateRoot state_root;

    friend bool operator==(const Header&, const Header&) = default;

    /// Fixed-width fields, little-endian, in this order: 128 bytes.
    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("version", version),
            codec::field("chain", chain),
            codec::field("height", height),
            codec::field("time", time),
            codec::field("target", target),
            codec::field("previous", previous),
            codec::field("tx_root", tx_root),
            codec::field("state_root", state_root)
        );
    }
};

/// A header with what its engine adds: a nonce of 8 bytes (little-endian) for proof of work,
/// nothing for instant seal.
struct SealedHeader {
    Header header;
    Bytes seal;

    friend bool operator==(const SealedHeader&, const SealedHeader&) = default;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(
            codec::field("header", header),
            codec::field("seal", codec::bounded<seal_bytes_max>(seal))
        );
    }
};

/// The least number of bytes of a sealed header in binary.
inline constexpr std::size_t sealed_header_bytes_min = header_bytes + 1;
inline constexpr std::size_t sealed_header_bytes_max = header_bytes + 1 + seal_bytes_max;

/// The header's 128 bytes.
[[nodiscard]] std::array<std::uint8_t, header_bytes> encode_header(const Header& header);

/// SHA-256(SHA-256(header || seal)).
[[nodiscard]] BlockHash block_hash(const SealedHeader& head);

/// The header field that names `chain`.
[[nodiscard]] ChainTag chain_tag(const ChainId& chain);

/// The nonce in a proof-of-work seal, or nothing when the seal is not 8 bytes.
[[nodiscard]] std::optional<std::uint64_t> nonce_of(ByteView seal);
/// The seal that carries `nonce`.
[[nodiscard]] Bytes make_nonce_seal(std::uint64_t nonce);

}  // namespace cairn::ledger
