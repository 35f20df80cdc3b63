/// What a service manager is told of a node, one datagram a notice, as sd_notify(3) defines them.
///
/// The socket is the one that NOTIFY_SOCKET names: a path, or after `@` a name without a file. The
/// lines are written here and not by libsystemd, which would load five libraries of compression and
/// cryptography into a program that needs one system call of it.
#pragma once

#include "src/app/status_line.hpp"

#include <string>
#include <string_view>

namespace cairn::app {

/// `height 12 of 40, 3 peers, 0 pending`; the height of the best header only where it differs.
[[nodiscard]] std::string notice_of(const StatusFacts& facts);

/// Speaks to the service manager. A manager that does not listen is no reason to stop a node: what
/// cannot be sent is lost.
class ServiceNotices {
  public:
    /// `address` is the value of NOTIFY_SOCKET; null, or one that names no socket: nobody is told.
    explicit ServiceNotices(const char* address);
    ~ServiceNotices();
    ServiceNotices(const ServiceNotices&) = delete;
    ServiceNotices& operator=(const ServiceNotices&) = delete;

    /// Whether there is someone to tell.
    [[nodiscard]] bool is_wanted() const { return socket_ >= 0; }

    /// The chain is being opened, which may mean to execute blocks again or to build its indexes.
    /// Asks for as much time as that can take.
    void opening();
    /// The node listens and its chain is open.
    void ready(const StatusFacts& facts);
    /// What has changed since the last notice, if anything has.
    void status(const StatusFacts& facts);
    /// The node has said goodbye to its peers and writes what is left.
    void stopping();

  private:
    void send(std::string_view lines, int flags) const;

    std::string address_;
    std::string last_;
    int socket_ = -1;
};

}  // namespace cairn::app
