/// The Asio shell: sockets, timers, signals and worker threads around one machine: a node
/// with its text server, or a tracker.
///
/// Rules:
/// 1. One thread, the caller of `run`, owns the node, the server, the chain and all sockets. Worker
///    threads get jobs as values and give results back as values. One more writes the commits that
///    the node does not wait for.
/// 2. The node's outputs are performed in their order. What was sent before a commit leaves before
///    it, so that relay never waits for the disk.
/// 3. A link whose own jobs hold more than `link_backlog_bytes_max` bytes is not read from until
///    they have shrunk: its sender waits, nobody else does.
/// 4. A client that has shut down its sending side gets all its replies before the link closes.
/// 5. SIGINT and SIGTERM ask the node to shut down, and a second one ends the process at once;
///    SIGHUP and SIGUSR1 are handed to the hooks.
/// 6. A link that the node has ended gets `close_time_max` to take what was sent to it, together
///    with at most `closing_links_max` others: who opens links that are refused costs few
///    descriptors.
#pragma once

#include "cairn/base/result.hpp"
#include "cairn/base/time.hpp"
#include "cairn/net/door.hpp"
#include "cairn/node/events.hpp"
#include "cairn/node/machine.hpp"
#include "cairn/rpc/server.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace asio {
class io_context;
}

namespace cairn::net {

/// Bytes of one link's blocks that wait for a worker; above it the link is not read from.
inline constexpr std::size_t link_backlog_bytes_max = 5'000'000;
/// Bytes taken from a socket at once.
inline constexpr std::size_t read_bytes_max = 256U * 1024;
/// How long a closing link may take to send what it was given.
inline constexpr Duration close_time_max = std::chrono::seconds{1};
/// Links that may close at once: each holds a descriptor for up to `close_time_max`. Beyond it the
/// one that was opened first is closed without waiting.
inline constexpr std::size_t closing_links_max = 256;
/// How long resolving and connecting may take together.
inline constexpr Duration dial_time_max = std::chrono::seconds{5};
/// How long the node may take to say goodbye before the shell stops without it.
inline constexpr Duration stop_time_max = std::chrono::seconds{5};

/// Why the shell cannot listen.
enum class ListenError : std::uint8_t {
    bad_address,        ///< not an IP address, or not one of this machine
    port_in_use,        ///< another program listens there
    permission_denied,  ///< ports below 1024 need rights
    system,             ///< the operating system refused for another reason
};
[[nodiscard]] std::string_view to_string(ListenError error);
/// What the operating system's refusal to bind or listen means.
[[nodiscard]] ListenError listen_error(const std::error_code& error);

/// What the shell tells the program around it, on the thread that runs it. Any may be empty.
struct ShellHooks {
    std::function<void(const node::LogEvent&)> log;
    /// The node asks to keep this for its next start.
    std::function<void(const node::SavedPeers&)> save_peers;
    /// Called once, when links are accepted and signals are handled: before that a signal ends the
    /// process.
    std::function<void()> started;
    /// A worker has run a job for so long; the node gets the result after this.
    std::function<void(const node::JobResult&, Duration)> job_done;
    /// SIGHUP came.
    std::function<void()> reopen_log;
    /// SIGUSR1 came.
    std::function<void()> dump_status;
    /// Called every `tick_interval`.
    std::function<void()> tick;
    Duration tick_interval = std::chrono::milliseconds{500};
    /// Called every `health_interval`; a sentence as answer stops the node cleanly.
    std::function<std::optional<std::string>()> check_health;
    Duration health_interval = std::chrono::seconds{1};
};

/// What a shell drives. Everything must outlive `Shell::run`.
struct Driven {
    node::Machine& machine;
    /// Answers `TextRequest`; null for a machine that answers text by itself.
    rpc::Server* server = nullptr;
    /// What jobs check and the node commits; null for a machine that asks for neither.
    chain::Blockchain* chain = nullptr;
    /// Further ways in to `server`, which must then be there.
    std::vector<Door*> doors;
};

/// Why `run` came back.
enum class StopReason : std::uint8_t {
    clean,         ///< the node stopped on command or by signal
    forced,        ///< a second signal came, or the node took too long to say goodbye
    unhealthy,     ///< `check_health` asked for it, and the node stopped cleanly
    store_failed,  ///< a commit failed; nothing after the last good one was acknowledged
};

struct RunEnd {
    StopReason reason = StopReason::clean;
    /// Of `store_failed` and `unhealthy`: why.
    std::string message;
};

class Shell {
  public:
    Shell();
    ~Shell();
    Shell(const Shell&) = delete;
    Shell& operator=(const Shell&) = delete;

    /// Listens on `address`, an IP literal, and `port`; 0 takes a free one. Returns the port. From
    /// then on connections wait in the backlog until `run` accepts them. Call it at most once.
    /// Errors: each `ListenError`.
    [[nodiscard]] Result<std::uint16_t, ListenError> listen(
        const std::string& address, std::uint16_t port
    );

    /// Where doors put their sockets. Valid as long as the shell.
    [[nodiscard]] asio::io_context& context();

    /// Drives until the node has stopped. `workers`, at least 1, is the number of threads for jobs;
    /// `salt` seeds their caches. Call it once.
    [[nodiscard]] RunEnd run(
        Driven driven, ShellHooks hooks, std::size_t workers, std::uint64_t salt
    );

    /// Private to the module.
    struct Parts;

  private:
    std::unique_ptr<Parts> parts_;
};

}  // namespace cairn::net
