/// Threads that do a node's jobs. Jobs and results travel as values through Asio's own queues, so
/// that no lock of ours exists.
#pragma once

#include "src/net/dispatcher.hpp"

#include "cairn/base/time.hpp"
#include "cairn/node/job.hpp"

#include <asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace cairn::net {

class WorkerPool {
  public:
    /// Called on the thread of `home`, with the time that the job ran.
    using Finished = std::function<void(node::JobId, node::JobResult, Duration)>;

    struct Options {
        std::size_t workers = 1;
        /// Seeds the caches of the workers.
        std::uint64_t salt = 0;
    };

    /// Starts the threads. `home` and `chain` must outlive the pool; only what never changes of the
    /// chain (its id, spec and engine) is used by the threads.
    WorkerPool(
        asio::io_context& home, const chain::Blockchain& chain, Options options, Finished finished
    );
    /// Waits for running jobs and forgets the rest.
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// Starts a job, now or when its turn comes. Call it on the thread of `home`.
    void start(node::Job job);

  private:
    struct Worker;

    void assign();
    void on_done(std::size_t worker, node::JobId id, node::JobResult result, Duration elapsed);

    asio::io_context& home_;
    Finished finished_;
    Dispatcher dispatcher_;
    std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace cairn::net
