/// The addresses of names, by the system's resolver.
///
/// 1. Each lookup has a thread of its own, `lookups_max` at a time; the others wait their turn. So
///    a name whose servers are silent holds up no other. (Asio's resolver has one thread for all.)
/// 2. Nobody waits for a lookup at the end: no system lets one be interrupted, and a node that is
///    asked to stop must not take as long as a silent server. The thread is left behind with
///    nothing but what it shares with it, and ends by itself or with the process.
#pragma once

#include <asio/io_context.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace cairn::net {

/// Gets address literals; none when the name is not known.
using Resolved = std::function<void(std::vector<std::string>)>;

class NameService {
  public:
    /// Names that are looked up at one time: a thread each.
    static constexpr std::size_t lookups_max = 4;

    /// Gives the address literals of a host, none when it is not known. Called on other threads,
    /// also after the end of the service.
    using Lookup = std::function<std::vector<std::string>(const std::string& host)>;

    /// Asks the system. `home` must outlive the service.
    explicit NameService(asio::io_context& home);
    NameService(asio::io_context& home, Lookup lookup);
    /// Forgets what is under way.
    ~NameService();
    NameService(const NameService&) = delete;
    NameService& operator=(const NameService&) = delete;

    /// Calls `done` once, later, on the thread of `home`. Call it there too.
    void resolve(std::string host, Resolved done);

  private:
    /// What the service and its threads share.
    struct Desk;

    struct Question {
        std::string host;
        Resolved done;
    };

    void start_next();
    void answer(std::uint64_t number, std::vector<std::string> hosts);

    Lookup lookup_;
    std::shared_ptr<Desk> desk_;
    std::deque<Question> waiting_;
    /// What is being looked up, by number.
    std::map<std::uint64_t, Resolved> running_;
    std::uint64_t last_number_ = 0;
};

}  // namespace cairn::net
