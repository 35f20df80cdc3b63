/// Every bound of a tracker on what strangers can make it hold or do (spec 10 §2, §3).
#pragma once

#include "cairn/base/time.hpp"

#include <cstddef>
#include <cstdint>

namespace cairn::tracker {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// Nodes that are listed.
inline constexpr std::size_t entries_max = 10'000;
/// Nodes listed at one address; several run behind one router, but nobody owns the list.
inline constexpr std::size_t entries_per_host_max = 8;
/// How long an entry lives without a heartbeat, unless configured otherwise.
inline constexpr Duration entry_lifetime = seconds{180};
/// Heartbeats in one lifetime: two may be lost.
inline constexpr int heartbeats_per_lifetime = 3;
/// The longest time from one heartbeat to the next: a link must not seem idle.
inline constexpr Duration heartbeat_max = seconds{60};
/// Requests of one address in one minute, besides heartbeats at their time.
inline constexpr std::uint32_t requests_per_minute_max = 10;
/// Dials to one address in one minute: nobody can make us bother a third party more than that.
inline constexpr std::uint32_t dial_backs_per_minute_max = 1;
/// Dials under way.
inline constexpr std::size_t dial_backs_max = 256;
/// From the request to the proof.
inline constexpr Duration dial_back_time_max = seconds{10};
/// Addresses whose requests are counted; the oldest makes room.
inline constexpr std::size_t counted_hosts_max = 20'000;
/// Connections: one for each entry, and some to ask.
inline constexpr std::size_t links_max = entries_max + 1000;
/// Connections from one address; loopback is exempt.
inline constexpr std::size_t links_per_host_max = 16;
/// A connection that says nothing for so long ends. Nodes speak every minute.
inline constexpr Duration idle_time_max = seconds{90};
/// How often links are looked at for silence: no timer for each of thousands.
inline constexpr Duration sweep_interval = seconds{5};
/// A started frame must be complete within this time.
inline constexpr Duration frame_time_max = seconds{30};
/// Bytes of one text request.
inline constexpr std::size_t text_bytes_max = 8 * 1024;

static_assert(heartbeat_max < idle_time_max);

}  // namespace cairn::tracker
