/// Every bound of the node on what strangers can make it hold or do, with unit and reason. Sources
/// of the numbers: spec 04 §9.
#pragma once

#include "cairn/base/time.hpp"

#include <cstddef>
#include <cstdint>

namespace cairn::node {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// @name Connections
/// @{
/// Outbound links for everything that the node keeps by itself, unless told otherwise.
inline constexpr std::size_t peers_outbound_max = 8;
/// Outbound links for blocks alone, kept once the others are complete.
inline constexpr std::size_t peers_block_only_max = 2;
/// Links that others opened to us, peers and text sessions together.
inline constexpr std::size_t links_inbound_max = 117;
/// Links whose handshake is not complete.
inline constexpr std::size_t handshakes_max = 64;
/// Inbound links from one address; loopback is exempt, or a demo on one machine would refuse
/// itself.
inline constexpr std::size_t links_per_address_max = 8;
/// Inbound links from one /24 of IPv4, or /48 of IPv6: more than any honest neighbourhood, a
/// quarter of the places.
inline constexpr std::size_t links_per_subnet_max = 32;
/// New inbound links of one address in one second: an honest node needs one.
inline constexpr std::uint64_t links_per_second_max = 1;
/// Addresses whose new links are counted; the oldest makes room. About half a megabyte.
inline constexpr std::size_t throttled_addresses_max = 4096;
/// Of the inbound places, what peers that want transactions may take: they cost more than those for
/// blocks alone, which always find room.
inline constexpr std::size_t relaying_inbound_percent = 50;
/// Time from the start of a link to READY.
inline constexpr Duration handshake_time_max = seconds{10};
/// A started frame must be complete within this time plus one second per 16 KiB.
inline constexpr Duration frame_time_max = seconds{30};
inline constexpr std::size_t frame_bytes_per_second_min = 16 * 1024;
/// @}

/// @name Liveness
/// @{
inline constexpr Duration ping_interval = seconds{30};
inline constexpr Duration pong_time_max = seconds{60};
inline constexpr Duration idle_time_max = seconds{90};
/// @}

/// @name Queues
/// @{
/// Bytes waiting to be sent to one link: above the first, requests are not served; above the second
/// the link is dropped, because its other side does not read.
inline constexpr std::size_t send_queue_pause_bytes = 1'000'000;
inline constexpr std::size_t send_queue_bytes_max = 8'000'000;
/// Bytes that all links together make us hold, in receive buffers, waiting requests and send
/// queues: above it the link that holds the most is dropped. A quarter of what a small machine has.
inline constexpr std::size_t links_bytes_max = 256U * 1024 * 1024;
/// Bytes of the transactions of one answer: when it has so many, the rest counts as not found. It
/// may exceed this by one transaction.
inline constexpr std::size_t answer_bytes_max = 2U * 1024 * 1024;
/// Entries of one answer; headers alone have a maximum of their own.
inline constexpr std::size_t answer_entries_max = 1024;
/// Requests of one peer that wait until its send queue has drained: more than an honest peer has
/// outstanding, which is 128 small blocks, one list of headers and some lists of transactions.
inline constexpr std::size_t requests_waiting_max = 256;
/// @}

/// @name Upload
/// @{
/// Bytes a second to other machines than our own: above it requests wait, announcements do not.
inline constexpr std::uint64_t upload_bytes_per_second_max = 10U * 1024 * 1024;
/// So many seconds' worth may leave at once after a quiet time.
inline constexpr std::uint64_t upload_burst_seconds = 3;
/// Of that, what old blocks may take: who catches up must not keep a new block from others.
inline constexpr std::uint64_t upload_history_percent = 50;
/// A block is old when so many others rest on it, or when it is off the active chain.
inline constexpr std::uint64_t upload_history_depth = 144;
/// Requests that wait for the budget go on when so many bytes are free again: 6 ms at the default,
/// so that a trickle does not wake us for each byte.
inline constexpr std::uint64_t upload_portion_bytes = 64U * 1024;
/// @}

/// @name Sync
/// @{
/// Blocks in flight: this far above the tip, and so many from one peer.
inline constexpr std::size_t download_window = 1024;
inline constexpr std::size_t blocks_in_flight_per_peer_max = 16;
/// Small blocks load a link by their bytes, not by their number: more of them may be in flight as
/// long as they are expected to stay below the second number together. Without this, a chain of
/// empty blocks over 200 ms would come at 80 blocks a second.
inline constexpr std::size_t small_blocks_in_flight_per_peer_max = 128;
inline constexpr std::size_t small_blocks_in_flight_bytes = 512U * 1024;
/// A body of at most this many bytes holds a transfer or two: checking it at once costs less than
/// a job's way to a worker and back.
inline constexpr std::size_t inline_check_bytes_max = 512;
/// Served blocks are sent together up to this many bytes.
inline constexpr std::size_t served_batch_bytes = 256U * 1024;
/// Headers or hashes of blocks in one announcement.
inline constexpr std::size_t announced_blocks_max = 8;
/// Questions to one peer after blocks that do not connect: at most one in this time.
inline constexpr Duration unknown_parent_interval = seconds{1};
/// While syncing, blocks become durable together: after this time or this many bytes. Where
/// as many wait while others are written, all wait for the disk.
inline constexpr Duration sync_commit_interval = milliseconds{200};
inline constexpr std::size_t sync_commit_bytes = 16U * 1024 * 1024;
inline constexpr Duration sync_log_interval = seconds{10};
/// A tip that did not move for max(20 block intervals, this) is suspected to be stale.
inline constexpr Duration stale_tip_time_min = minutes{5};
inline constexpr int stale_tip_intervals = 20;
/// Off the active chain, only blocks of the last month are served, so that nobody can tell nodes
/// apart by old forks.
inline constexpr Duration side_blocks_served_time = std::chrono::hours{30 * 24};
/// A clock that jumps must not let a parked block wait for long.
inline constexpr Duration parked_check_interval = seconds{10};
/// Bytes of checked or unchecked bodies that wait for an earlier block.
inline constexpr std::size_t download_buffer_bytes_max = 64U * 1024 * 1024;
inline constexpr Duration headers_time_max = minutes{2};
/// The peer that holds up the window's first block gets this long, doubling with each kick.
inline constexpr Duration stall_time_min = seconds{2};
inline constexpr Duration stall_time_max = seconds{64};
inline constexpr Duration block_time_max = seconds{30};
inline constexpr Duration block_time_per_peer = seconds{15};
/// A peer that has a second's worth of bodies in flight must deliver this much a second, over
/// `download_rate_time`; else another is asked, if there is one.
inline constexpr std::size_t download_bytes_per_second_min = 128U * 1024;
inline constexpr Duration download_rate_time = seconds{10};
/// Blocks whose time has not come, kept until it does.
inline constexpr std::size_t parked_blocks_max = 64;
/// Bytes of their bodies together; beyond it only headers are kept.
inline constexpr std::size_t parked_bytes_max = 16U * 1024 * 1024;
/// @}

/// @name Outbound peers
/// @{
/// How often they are looked at.
inline constexpr Duration outbound_watch_interval = seconds{45};
/// One that shows less work than ours for so long is asked, and after the second time replaced.
inline constexpr Duration behind_time_max = minutes{20};
inline constexpr Duration behind_answer_time_max = minutes{2};
/// So many that have shown our work are spared that.
inline constexpr std::ptrdiff_t spared_outbound_max = 4;
/// One link more than usual has this long to show what it is good for.
inline constexpr Duration extra_time_min = seconds{30};
/// A median clock so many block intervals, or so long, from ours is worth a warning.
inline constexpr int clock_offset_intervals = 10;
inline constexpr Duration clock_offset_max = minutes{10};
inline constexpr Duration clock_warning_interval = std::chrono::hours{1};
/// @}

/// @name Gossip
/// @{
inline constexpr Duration announce_interval = milliseconds{50};
/// With random times of announcements, their mean gap: to a peer that we chose, and to all that
/// came to us together. Both as in Bitcoin Core.
inline constexpr Duration outbound_delay_mean = seconds{2};
inline constexpr Duration inbound_delay_mean = seconds{5};
/// Announcements that wait for such times: 5 s of the highest rate. With so many it is everybody's.
inline constexpr std::size_t announcements_delayed_max = 100'000;
/// What was pushed here and no peer has asked for is announced again after a random time between.
inline constexpr Duration repeat_time_min = minutes{10};
inline constexpr Duration repeat_time_max = minutes{15};
/// Transactions of one `inv`.
inline constexpr std::size_t announce_transactions_max = 1000;
inline constexpr std::size_t announcements_per_peer_max = 5000;
/// Announcements to all peers that wait for their batch: three for each transaction that fits into
/// a pool of the usual size. Beyond it, those of transactions that have left the pool go.
inline constexpr std::size_t announcements_waiting_max = 3'000'000;
inline constexpr std::size_t transactions_in_flight_per_peer_max = 100;
inline constexpr Duration transaction_time_max = seconds{10};
inline constexpr std::size_t seen_per_peer_max = 50'000;
inline constexpr std::size_t refused_transactions_max = 50'000;
/// Transactions, and bytes of them, that are announced in a second: what a flood of transactions
/// can make us send to each peer.
inline constexpr std::uint64_t relay_transactions_per_second_max = 20'000;
inline constexpr std::uint64_t relay_bytes_per_second_max = 8'000'000;
/// What may be announced at once after a quiet time: this many parts of a second's worth, which is
/// two intervals.
inline constexpr std::uint64_t relay_bursts_per_second = 10;
/// A peer that came to us is asked for a transaction this much later than one that we chose: who
/// surrounds us with links cannot be first everywhere.
inline constexpr Duration inbound_request_delay = seconds{2};
/// Transactions whose signatures are being checked, those of peers and of commands: no more are
/// asked for above it.
inline constexpr std::size_t transactions_checking_max = 4096;
/// Pushed transactions whose signatures are checked in one go: two milliseconds of a worker.
inline constexpr std::size_t pushes_per_check_max = 64;
/// Chains on which a pushed transaction is tried whose signature is bad: each costs another check
/// of a signature, and whoever may push can ask for them. The built-in chains have room, and some
/// of an operator's own.
inline constexpr std::size_t other_chains_max = 8;
/// Refusals that `explain` can still tell of.
inline constexpr std::size_t refusals_remembered_max = 1000;
/// Reorganisations that `explain` can still tell of, and the blocks and transactions of each by
/// name: together a few megabytes.
inline constexpr std::size_t reorganisations_remembered_max = 100;
inline constexpr std::size_t chronicle_entries_max = 1000;
/// What the pool held before a restart is checked again in portions of this many transactions, one
/// after the other: the workers have room for what comes meanwhile.
inline constexpr std::size_t restored_portion = 256;
/// The longest that it may have waited: longer than the pool keeps anything.
inline constexpr Duration pool_waited_max = std::chrono::hours{24 * 365};
/// How often the pool lets go of what has waited too long, and peers may hear of a new least fee.
inline constexpr Duration pool_expiry_interval = minutes{1};
/// @}

/// @name Mining
/// @{
/// Blocks of one `mine_block`: their list must fit one reply.
inline constexpr std::uint64_t mine_blocks_max = 10'000;
/// `mine_block` commands that wait for their turn.
inline constexpr std::size_t mine_orders_max = 64;
/// What one search job should take: a miner changes to a new tip within about twice that.
inline constexpr Duration search_time = milliseconds{20};
/// Nonces of one search job, whatever the speed is measured to be.
inline constexpr std::uint64_t search_nonces_min = 4096;
inline constexpr std::uint64_t search_nonces_max = std::uint64_t{1} << 24U;
/// A template takes up new transactions at most this often, and new time at least that often.
inline constexpr Duration template_refresh_interval = seconds{1};
inline constexpr Duration template_age_max = seconds{10};
/// How long a miner waits after its own block was refused, which a wrong clock or a bug can cause.
inline constexpr Duration mining_retry_delay = seconds{10};
/// Over how many seconds the hash rate is measured.
inline constexpr std::size_t hashrate_seconds = 10;
/// @}

/// @name Addresses
/// @{
/// Addresses that are linked, dialled, or rest: configured ones, and what the book gave lately.
inline constexpr std::size_t known_addresses_max = 4096;
/// A book of up to so many is looked through; of a larger one so many are drawn.
inline constexpr std::size_t book_draws_max = 64;
/// How soon to draw again when no draw was of use.
inline constexpr Duration book_redraw_interval = seconds{1};
/// How often a new address, or a contested old one, is dialled to see who answers.
inline constexpr Duration feeler_interval = minutes{2};
/// How often the book is saved, and how soon after the anchors have changed.
inline constexpr Duration save_peers_interval = minutes{5};
inline constexpr Duration save_anchors_delay = seconds{5};
/// A link for blocks alone that is missed as a full one ends after this long.
inline constexpr Duration block_only_patience = seconds{30};
/// An answer to `get_addr` is the same for all who ask in so many hours, a random time between.
inline constexpr Duration told_addresses_time_min = std::chrono::hours{21};
inline constexpr Duration told_addresses_time_max = std::chrono::hours{27};
inline constexpr std::size_t discouraged_max = 50'000;
inline constexpr Duration discourage_time = std::chrono::hours{24};
inline constexpr Duration redial_time_min = milliseconds{500};
inline constexpr Duration redial_time_max = seconds{30};
inline constexpr Duration redial_gossiped_time_max = minutes{2};
/// A gossiped address is forgotten after so many dials in vain.
inline constexpr std::uint32_t dial_failures_max = 10;
/// A node counts as alive this long after we were linked to it.
inline constexpr Duration reached_time_max = std::chrono::hours{3};
/// Addresses that one peer may tell us unasked: a burst, then one in ten seconds.
inline constexpr std::uint64_t address_burst = 10;
inline constexpr Duration address_interval = seconds{10};
/// Lists up to this length are news, and go on to `address_relay_peers` random peers.
inline constexpr std::size_t address_news_max = 10;
inline constexpr std::size_t address_relay_peers = 2;
/// Below this many addresses all are told to who asks; above it `addresses_told_percent`, so that
/// nobody copies the whole book.
inline constexpr std::size_t addresses_told_freely = 100;
inline constexpr std::size_t addresses_told_percent = 23;
/// @}

/// @name Trackers
/// @{
/// Trackers that a node speaks with.
inline constexpr std::size_t trackers_max = 8;
/// Of the outbound links of one kind, one in so many may come from any one tracker or seed.
inline constexpr std::size_t list_share = 4;
/// How often a tracker is asked when it does not say; and the bounds of what it may say.
inline constexpr Duration tracker_interval = seconds{60};
inline constexpr Duration tracker_interval_min = seconds{1};
inline constexpr Duration tracker_interval_max = minutes{10};
/// An answer takes a dial back.
inline constexpr Duration tracker_answer_time_max = seconds{20};
inline constexpr Duration tracker_redial_time_min = seconds{1};
inline constexpr Duration tracker_redial_time_max = minutes{5};
/// @}

/// @name Seeds
/// @{
/// Names that a node may ask for addresses.
inline constexpr std::size_t seeds_max = 8;
/// With fewer full links of its own, for so long, a node asks one.
inline constexpr std::size_t seed_peers_min = 2;
inline constexpr Duration seed_patience = seconds{11};
/// A name is asked once in this time.
inline constexpr Duration seed_rest = minutes{10};
/// Addresses that count of one answer.
inline constexpr std::size_t seed_addresses_max = 32;
/// @}

/// @name Penalties
/// @{
/// Annoyance points at which a link is dropped; they halve every ten minutes.
inline constexpr std::uint32_t annoyance_max = 100;
inline constexpr Duration annoyance_half_life = minutes{10};
/// @}

/// @name Logs
/// @{
/// Lines about refused links in one minute: a flood of links must not fill the disk.
inline constexpr std::uint32_t refusal_lines_per_minute_max = 60;
/// @}

/// @name Text
/// @{
inline constexpr std::size_t text_request_bytes_max = 1024U * 1024;
/// Requests of one text session that wait for their turn.
inline constexpr std::size_t text_requests_waiting_max = 1024;
/// Requests to push a transaction of one text session that may be outstanding together.
inline constexpr std::size_t text_pushes_outstanding_max = 256;
/// Bytes of the requests of one text session that wait.
inline constexpr std::size_t text_waiting_bytes_max = 4U * 1024 * 1024;
/// Bytes of one text request from another host.
inline constexpr std::size_t foreign_text_request_bytes_max = 64U * 1024;
/// Requests in one second of one text session from another host.
inline constexpr std::uint32_t text_requests_per_second_max = 100;
/// A text session on loopback may be a person who thinks.
inline constexpr Duration text_idle_time_max = minutes{15};
/// @}

static_assert(blocks_in_flight_per_peer_max < small_blocks_in_flight_per_peer_max);
static_assert(small_blocks_in_flight_per_peer_max < download_window);
static_assert(send_queue_pause_bytes + answer_bytes_max < send_queue_bytes_max);
static_assert(send_queue_bytes_max < links_bytes_max);
static_assert(links_per_address_max <= links_per_subnet_max);
static_assert(links_per_subnet_max < links_inbound_max);
static_assert(ping_interval < pong_time_max && pong_time_max < idle_time_max);

}  // namespace cairn::node
