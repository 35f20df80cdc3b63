/// Writes a chain's commits on a thread of its own, one at a time, while the node goes on.
#pragma once

#include "cairn/node/events.hpp"

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>

#include <functional>
#include <future>
#include <optional>
#include <thread>

namespace cairn::net {

class CommitWriter {
  public:
    using Written = Result<void, chain::StoreError>;

    /// Called on the thread of `home`.
    struct Hooks {
        /// With what the write returned: within `wait`, or before `finished`.
        std::function<void(const Written&)> written;
        /// Once for each `start`, in turn.
        std::function<void()> finished;
    };

    /// Starts the thread. `home` must outlive this.
    CommitWriter(asio::io_context& home, Hooks hooks);
    /// Waits for the write that goes on, and tells nobody.
    ~CommitWriter();
    CommitWriter(const CommitWriter&) = delete;
    CommitWriter& operator=(const CommitWriter&) = delete;

    /// Writes `commit`, if there is one. Not while another is being written.
    void start(std::optional<chain::StartedCommit> commit);
    /// Returns when nothing is being written.
    void wait();

  private:
    void take_result();

    asio::io_context& home_;
    Hooks hooks_;
    /// The result of what is being written.
    std::future<Written> written_;
    asio::io_context context_{1};
    asio::executor_work_guard<asio::io_context::executor_type> guard_;
    std::thread thread_;
};

}  // namespace cairn::net
