/// Every bound of text requests, with unit and reason (spec 02 §2 to §5).
#pragma once

#include "cairn/base/time.hpp"
#include "cairn/node/limits.hpp"
#include "cairn/wire/limits.hpp"

#include <cstddef>
#include <cstdint>

namespace cairn::rpc {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// @name Requests
/// @{
/// Requests of one link that wait for an earlier one's reply; a further one is answered `busy`.
inline constexpr std::size_t requests_waiting_max = 1024;
/// Bytes of an `id` as it is echoed: more would make replies grow with what strangers send.
inline constexpr std::size_t id_bytes_max = 1024;
/// Characters of a stranger's word that an error repeats.
inline constexpr std::size_t echo_max = 32;
/// How often a `wait` for a transaction that nobody has seen yet looks at the mempool.
inline constexpr Duration pool_look_interval = milliseconds{20};
/// Arguments of one command line.
inline constexpr std::size_t line_arguments_max = 32;
/// @}

/// @name Replies
/// @{
/// A list ends after the element with which it exceeds this many bytes; clients ask for the rest.
inline constexpr std::size_t list_bytes_max = 2'000'000;
/// It ends before one with which it would exceed this many, for then no frame would hold the reply.
/// Only a list of one element may be larger.
inline constexpr std::size_t list_bytes_end = 3'900'000;
/// The largest reply, where a door has no frames: below what the link's send queue may hold.
inline constexpr std::size_t reply_bytes_max = 7'500'000;
/// @}

/// @name Arguments
/// @{
inline constexpr std::uint64_t blocks_max = 500;
inline constexpr std::uint64_t blocks_default = 100;
inline constexpr std::uint64_t headers_max = 2000;
inline constexpr std::uint64_t headers_default = 100;
/// Branches of a page of `branches`, and blocks of each.
inline constexpr std::size_t branches_max = 20;
inline constexpr std::uint64_t branch_blocks_max = 100;
inline constexpr std::uint64_t branch_blocks_default = 20;
/// Entries of a page of `history` or `records`.
inline constexpr std::uint64_t entries_max = 1000;
inline constexpr std::uint64_t entries_default = 100;
/// Such a page also ends after the entry for which the blocks read exceed this many bytes: entries
/// may be scattered over large blocks, and ten of these keep the node from other work for 50 ms.
inline constexpr std::size_t page_block_bytes_max = 16'000'000;
/// Elements of a page of `block_transactions`, `mempool`, `peers` or `nodes`.
inline constexpr std::uint64_t listed_max = 10'000;
inline constexpr std::uint64_t listed_default = 1000;
/// @{
/// A balance some blocks deep is found by reading again which of these concern the account. So many
/// blocks and transactions one such question may look through: about a tenth of a second of the
/// node.
inline constexpr std::size_t balance_blocks_max = 5'000;
inline constexpr std::size_t balance_transactions_max = 200'000;
/// @}
inline constexpr std::uint64_t mined_blocks_max = 10'000;
/// Bytes of the transfer whose fee `estimate_fee` tells: one without memo has up to 150.
inline constexpr std::uint64_t typical_transfer_bytes = 150;
/// Below the idle time after which the node closes a link.
inline constexpr Duration wait_time_max = seconds{60};
inline constexpr Duration wait_time_default = seconds{30};
/// Bytes of the texts among the arguments: names, addresses, codes.
inline constexpr std::size_t word_bytes_max = 256;
/// @}

/// @name Long work
/// @{
/// Runs of `validate` at one time: each holds a whole state in memory.
inline constexpr std::size_t validations_max = 2;
/// Blocks that one turn checks before the node does anything else.
inline constexpr std::size_t validation_step_blocks = 8;
/// A wrong cookie is answered this late, so that trying many takes long.
inline constexpr Duration wrong_cookie_delay = milliseconds{250};
/// @}

static_assert(wait_time_default <= wait_time_max && wait_time_max < node::idle_time_max);
static_assert(list_bytes_max < list_bytes_end && list_bytes_end < wire::payload_bytes_max);
static_assert(
    wire::payload_bytes_max < reply_bytes_max && reply_bytes_max < node::send_queue_bytes_max
);

}  // namespace cairn::rpc
