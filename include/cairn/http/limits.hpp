/// Every bound of HTTP, with unit and reason (spec 12 §2).
#pragma once

#include "cairn/base/time.hpp"
#include "cairn/codec/json_text.hpp"
#include "cairn/rpc/limits.hpp"

#include <cstddef>

namespace cairn::http {

/// @name Requests
/// @{
/// Request line and headers together, each line with its end: what browsers send is below 2 KiB.
inline constexpr std::size_t header_bytes_max = 8U * 1024;
inline constexpr std::size_t header_fields_max = 100;
/// A request of the text protocol may be as large.
inline constexpr std::size_t body_bytes_max = 1024U * 1024;
/// A request as it comes, with what chunks add to its body: the parser keeps 16 bytes of each
/// chunk, so a body in chunks of a single byte would take twenty times its size.
inline constexpr std::size_t request_bytes_max = 2U * body_bytes_max;
/// Elements of a JSON-RPC batch. They wait on one link, which must take them.
inline constexpr std::size_t batch_max = 1000;
/// All replies of a batch together; what comes after is answered `too_large`.
inline constexpr std::size_t batch_bytes_max = rpc::reply_bytes_max;
/// Parameters of one query string.
inline constexpr std::size_t query_parameters_max = 32;
/// Nodes that one `POST /discover` may name: those of a table in a classroom.
inline constexpr std::size_t discovered_nodes_max = 16;
/// How often the whole chain is read from its start when the tip moves meanwhile.
inline constexpr std::size_t chain_readings_max = 3;
/// @}

/// @name Connections
/// @{
inline constexpr std::size_t connections_max = 100;
/// Of these, listeners to events; others must still get in.
inline constexpr std::size_t event_streams_max = 50;
/// Refused connections that wait for their clients to have read why; further ones are closed at
/// once.
inline constexpr std::size_t lingering_max = 32;
/// How long a request may take to come in whole, an idle connection may stay open, and a client
/// may take nothing of its reply.
inline constexpr Duration transfer_time_max = std::chrono::seconds{30};
/// How long a reply may be waited for: longer than the longest `wait`.
inline constexpr Duration answer_time_max = rpc::wait_time_max + std::chrono::seconds{15};
/// How long requests keep the thread before peers and other doors get their turn. A single
/// question, such as a long page, may take longer; a second one does not follow at once then.
inline constexpr Duration turn_time_max = std::chrono::milliseconds{2};
/// The part of the thread's time that requests get while the node catches up. What the kernel and
/// the parser need for them comes on top and is about as much.
inline constexpr int busy_share_percent = 2;
/// The longest pause after one of them, and how soon it is noticed that none is needed any more.
inline constexpr Duration pause_time_max = std::chrono::seconds{10};
inline constexpr Duration pause_look_interval = std::chrono::milliseconds{100};
/// @}

/// @name Gateway
/// @{
/// Ports that a gateway shows side by side.
inline constexpr std::size_t gateway_nodes_max = 64;
/// Connections to nodes that wait for the next question; the oldest gives way. Those that work are
/// bounded by `connections_max`: a request asks one question at a time.
inline constexpr std::size_t idle_node_links_max = 32;
/// How long a port of this machine may take to accept: what listens accepts at once.
inline constexpr Duration node_connect_time_max = std::chrono::seconds{3};
/// How long a node may take for one answer: longer than the longest `wait`, and short enough to be
/// told before `answer_time_max`.
inline constexpr Duration node_answer_time_max = rpc::wait_time_max + std::chrono::seconds{10};
/// Bytes of a node's answer.
inline constexpr std::size_t node_answer_bytes_max = rpc::reply_bytes_max;
/// @}

/// @name Events
/// @{
/// Events kept for those that come back with `Last-Event-ID`.
inline constexpr std::size_t events_kept_max = 4096;
/// Bytes of the events kept.
inline constexpr std::size_t events_bytes_max = 4U * 1024 * 1024;
/// Bytes of events handed to a connection at once; the next follow when these have left.
inline constexpr std::size_t events_write_bytes_max = 64U * 1024;
/// How often a silent stream says that it is alive: proxies close what is silent for a minute.
inline constexpr Duration events_alive_interval = std::chrono::seconds{15};
/// @}

static_assert(body_bytes_max <= codec::json_bytes_max);
static_assert(header_bytes_max + body_bytes_max < request_bytes_max);
static_assert(batch_max < rpc::requests_waiting_max);
static_assert(100 % busy_share_percent == 0);
static_assert(event_streams_max < connections_max);
static_assert(node_connect_time_max + node_answer_time_max < answer_time_max);
static_assert(events_alive_interval < transfer_time_max);

}  // namespace cairn::http
