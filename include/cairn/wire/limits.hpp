/// Every bound on what one frame or message may carry, with unit and reason (spec 01 §5, 04 §6).
#pragma once

#include "cairn/ledger/limits.hpp"

#include <cstddef>
#include <cstdint>

namespace cairn::wire {

/// @name Frames
/// @{
/// Bytes of a payload between READY peers: a block of 2 MB with room for later forms of it.
inline constexpr std::size_t payload_bytes_max = 4'000'000;
/// Bytes of a JSON document or command line: what the JSON reader takes.
inline constexpr std::size_t text_payload_bytes_max = 1'048'576;
/// Bytes of a binary payload before the handshake is complete: one `hello` fits.
inline constexpr std::size_t handshake_payload_bytes_max = 8 * 1024;
/// Bytes of a payload whose form or message type is unknown: enough to skip what a newer peer
/// says, too little to fill memory with it.
inline constexpr std::size_t unknown_payload_bytes_max = 64 * 1024;
/// Bytes that a receive buffer may be larger than what has come.
inline constexpr std::size_t receive_ahead_bytes_max = 256 * 1024;
/// CR and LF bytes that are skipped after a text frame, for `echo | nc`.
inline constexpr std::size_t blanks_max = 2;
/// @}

/// @name Handshake
/// @{
/// Chains of one `hello`; also the largest alias.
inline constexpr std::size_t chains_max = 16;
inline constexpr std::size_t user_agent_bytes_max = 256;
/// Bytes of what versions after ours may add to `hello`.
inline constexpr std::size_t hello_extension_bytes_max = 4096;
inline constexpr std::size_t feature_id_bytes_min = 4;
inline constexpr std::size_t feature_id_bytes_max = 80;
inline constexpr std::size_t feature_content_bytes_max = 512;
/// Bytes of the sentence in an `error`.
inline constexpr std::size_t error_message_bytes_max = 256;
/// @}

/// @name Chain
/// @{
/// Hashes of a locator: 11 dense ones, doubling steps down to genesis, and room.
inline constexpr std::size_t locator_hashes_max = 101;
/// Headers of one `headers` message: fewer mean that the sender has no more.
inline constexpr std::size_t headers_max = 2000;
/// @}

/// @name Relay
/// @{
inline constexpr std::size_t inv_transactions_max = 5000;
inline constexpr std::size_t inv_blocks_max = 8;
inline constexpr std::size_t get_tx_ids_max = 256;
/// Bytes of all transactions of one `txs` message together.
inline constexpr std::size_t txs_bytes_max = 512 * 1024;
/// Blocks of one `not_found`: as many as may be asked for at once.
inline constexpr std::size_t not_found_blocks_max = 16;
inline constexpr std::size_t addresses_max = 1000;
/// Characters of a host: those of a DNS name, though only IP literals are gossiped.
inline constexpr std::size_t host_bytes_max = 255;
/// @}

/// @name Trackers
/// @{
/// Addresses of one `nodes`: enough to find the network, too few to copy the list with one
/// question.
inline constexpr std::size_t nodes_listed_max = 50;
/// @}

static_assert(ledger::block_bytes_max + 1024 < payload_bytes_max);
static_assert(ledger::transaction_bytes_max < txs_bytes_max);
static_assert(handshake_payload_bytes_max < unknown_payload_bytes_max);

}  // namespace cairn::wire
