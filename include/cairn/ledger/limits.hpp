/// The sizes that bound ledger values in every chain. A chain spec may set lower ones, never
/// higher.
#pragma once

#include <cstddef>

namespace cairn::ledger {

/// Bytes of one transaction in binary, signature included (128 KiB): what one relay message
/// carries.
inline constexpr std::size_t transaction_bytes_max = 128 * 1024;
/// Bytes of one block in binary (2 MB): fits a peer frame of 4,000,000 bytes with room to spare.
inline constexpr std::size_t block_bytes_max = 2'000'000;
/// Bytes of the smallest transaction, a coinbase without a body; bounds a count before it is
/// believed.
inline constexpr std::size_t transaction_bytes_min = 36;
/// Transactions of one block, the coinbase included.
inline constexpr std::size_t block_transactions_max = block_bytes_max / transaction_bytes_min;
/// Bytes of a transfer's note, UTF-8.
inline constexpr std::size_t memo_bytes_max = 256;
/// Bytes of the name of a record's stream, UTF-8.
inline constexpr std::size_t stream_bytes_max = 64;
/// Bytes of a record's key, UTF-8.
inline constexpr std::size_t key_bytes_max = 256;
/// Bytes of a record's body, and of a coinbase's (64 KiB).
inline constexpr std::size_t body_bytes_max = 64 * 1024;
/// Nesting of a body that is JSON: leaves 8 of the 32 levels that JSON text may have to the
/// transaction, block and reply around it.
inline constexpr std::size_t document_depth_max = 24;
/// Bytes of a seal: the longest is proof of authority's key and signature.
inline constexpr std::size_t seal_bytes_max = 96;
/// Bytes of a chain spec as canonical JSON; it stands in the genesis coinbase's body.
inline constexpr std::size_t chain_spec_bytes_max = body_bytes_max;

static_assert(body_bytes_max + key_bytes_max + stream_bytes_max + 256 < transaction_bytes_max);

}  // namespace cairn::ledger
